"""The whole product for a browser: real app, diagrams, people, old systems and mail server, on a
given clock shared by web and worker."""

import datetime as dt
import os
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy.orm import Session

import app as door
from demo import carga
from demo.correo_local import CorreoLocal, list_messages
from demo.cuentas import CLAVE
from demo.lugar import CCTEX, FOXPRO, Lugar
from engine.clock import GivenClock
from engine.commands import Engine
from engine.jobs.inprocess import InProcessJobs
from engine.store.tables import Base as EngineBase
from engine.store.uow import prepare
from engine.types import Data, Failed
from handlers.conectores import ajustes as conectados
from handlers.conectores.digiturno import SistemaDeTurnos
from handlers.conectores.foxpro.mapeo import de_la_demostracion
from handlers.conectores.suitecrm import Instalacion
from handlers.correo.smtp import ServidorSMTP
from records.base.tablas import todas
from records.lugares.dispositivos import activar, pedir_activacion
from records.personas.tablas import Persona, ServicioAdquirido
from tests.kit.clock import NOW
from tests.kit.entity import Answer, Entity, entity
from tests.kit.served import served
from tests.kit.web import browser_of
from webforms.base.security import GALLETA_DISPOSITIVO
from webforms.base.servicios import EXTENSION

# seconds after which the worker looks although nobody wrote: a test may have moved the clock
REPASO = 0.5
DEL_CALENDARIO = (
    *(
        "M5_1_02_sin_movimiento",
        "M5_1_02_reporte_mensual",
        "M5_1_02_auditoria",
        "M5_1_02_comite_interventor",
    ),
    "M5_1_02_comite_calidad",
    *("CTRL_6_5_reporte_fallas", "CTRL_6_1_accesos", "CTRL_6_6_crm"),
)
LLAVE = "llave de las pruebas de aceptación"
ROOT = Path(__file__).resolve().parents[2]
FALLO = pytest.StashKey[bool]()
ARTEFACTOS = ROOT / "test-artifacts"


def sembrar(carpeta: Path) -> None:
    """Catalogue, 5,000 people, accounts, devices, C&CTEX, FOX PRO and the diagrams in force: made
    once a run, copied for each test."""
    url = f"sqlite:///{carpeta / 'ventanilla.db'}"
    db = sa.create_engine(url)
    prepare(db)
    todas().create_all(db)
    EngineBase.metadata.create_all(db)
    lugar = Lugar(url, carpeta, ROOT / "bpmn", "http://127.0.0.1")
    config = door.Config(
        instance=carpeta,
        database_url=url,
        secret_key=LLAVE,
        jobs=InProcessJobs(),
        clock=GivenClock(NOW),
    )
    engine = door.build_engine(config, db)
    # each login pays it
    with patch(
        "demo.cuentas.PasswordHasher",
        partial(PasswordHasher, time_cost=1, memory_cost=64, parallelism=1),
    ):
        carga.escribir_base(engine.uow, lugar, NOW)
    carga.desplegar(engine, ROOT / "bpmn", NOW - dt.timedelta(days=30))
    with db.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.dispose()


class Trabajador(threading.Thread):
    """What `flask worker` does, on the given clock: jobs, timers, messages. It looks into the
    database when somebody wrote there."""

    def __init__(self, engine: Engine, jobs: InProcessJobs, clock: GivenClock) -> None:
        super().__init__(name="trabajador", daemon=True)
        self.engine, self._jobs, self.clock = engine, jobs, clock
        self._alto, self._aviso, self._vuelta = (
            threading.Event(),
            threading.Event(),
            threading.Condition(),
        )
        self.fallas: list[str] = []
        self._vueltas, self._repaso = 0, 0.0
        sa.event.listen(engine.db, "commit", self._escribieron)

    def _escribieron(self, _: sa.Connection) -> None:
        if threading.current_thread() is not self:
            self._aviso.set()

    def run(self) -> None:
        while not self._alto.is_set():
            hechos = self._jobs.run_all(self._corredor)
            if hechos or self._aviso.is_set() or time.monotonic() > self._repaso:
                self._aviso.clear()
                hechos += self.engine.pump(self.clock.now())
                self._repaso = time.monotonic() + REPASO
                if hechos:
                    self._aviso.set()  # what it did may have led to more
                else:
                    with self._vuelta:
                        self._vueltas += 1
                        self._vuelta.notify_all()
            if not hechos:
                self._alto.wait(0.02)

    @property
    def _corredor(self) -> "Corredor":
        return Corredor(self)

    def quieto(self) -> None:
        """Wait until there was nothing left to do, twice: what was asked before is done."""
        with self._vuelta:
            meta, fin = self._vueltas + 2, time.monotonic() + 60
            while self._vueltas < meta:
                assert time.monotonic() < fin, "the worker did not come to rest"
                self._aviso.set()
                self._vuelta.wait(0.05)

    def parar(self) -> None:
        self._alto.set()
        self.join(5)


@dataclass
class Corredor:
    trabajador: Trabajador

    def run(self, job: str, args: Data) -> None:
        t = self.trabajador
        t.engine.jobs.run_at(job, args, t.clock.now())

    def failed(self, job: str, args: Data, failure: Failed) -> None:
        self.trabajador.fallas.append(f"{job}: {failure.text}")
        self.trabajador.engine.jobs.failed(job, args, failure)


@dataclass
class Mundo:
    app: Flask
    url: str
    clock: GivenClock
    jobs: InProcessJobs
    trabajador: Trabajador
    carpeta: Path
    browser: Browser
    entidad: Entity
    contextos: list[BrowserContext] = field(default_factory=list)
    al_abrir: Callable[[BrowserContext], None] | None = None  # what a test puts into each browser
    # the browsers do not heed the policy of contents: what would run, runs
    sin_politica: bool = False

    @property
    def engine(self) -> Engine:
        engine: Engine = self.app.extensions[EXTENSION].engine
        return engine

    def sesion(self, *, escribe: bool = False) -> Session:
        """`escribe`: it takes the database at once, as the product does, instead of failing where
        somebody else writes meanwhile."""
        return Session(
            self.engine.db.execution_options(ventanilla_write=True) if escribe else self.engine.db,
            expire_on_commit=False,
        )

    def filas(self, texto: str, **ligados: object) -> list[tuple[object, ...]]:
        with self.engine.db.connect() as connection:
            return [tuple(fila) for fila in connection.execute(sa.text(texto), ligados)]

    def casos(self, columna: str) -> list[tuple[object, ...]]:
        """Of the instances that people began, not of what the calendar starts each morning."""
        instancia = sa.table(
            "instance", sa.column(columna), sa.column("process"), sa.column("started_at")
        )
        empezadas = (
            sa.select(instancia.c[columna])
            .where(instancia.c.process.not_in(DEL_CALENDARIO))
            .order_by(instancia.c.started_at)
        )
        with self.engine.db.connect() as connection:
            return [tuple(fila) for fila in connection.execute(empezadas)]

    def abiertas(self, *columnas: str) -> list[tuple[object, ...]]:
        """Of the open tasks, but not of those that the calendar opens."""
        tarea = sa.table(
            "work_item", sa.column("state"), sa.column("process"), *(sa.column(c) for c in columnas)
        )
        suyas = sa.select(*(tarea.c[c] for c in columnas)).where(
            tarea.c.state == "open", tarea.c.process.not_in(DEL_CALENDARIO)
        )
        with self.engine.db.connect() as connection:
            return [tuple(fila) for fila in connection.execute(suyas)]

    def cuantas(self, tabla: str) -> int:
        with self.engine.db.connect() as connection:
            return int(
                connection.execute(
                    sa.select(sa.func.count()).select_from(sa.table(tabla))
                ).scalar_one()
            )

    def pasan(self, **lapso: float) -> None:
        """Time goes by, and the worker does what became due; whoever sits before a browser stays
        logged in."""
        self.clock.advance(dt.timedelta(**lapso))
        self.trabajador.quieto()

    def correos(self) -> list[str]:
        """Subjects of the mails that reached the server, newest first."""
        return [m.asunto for m in list_messages(self.carpeta / "correo")]

    # --- who sits before which browser
    def _pagina(self, ancho: int, alto: int) -> Page:
        contexto = self.browser.new_context(
            base_url=self.url,
            locale="es-CO",
            timezone_id="America/Bogota",
            viewport={"width": ancho, "height": alto},
            bypass_csp=self.sin_politica,
        )
        if self.al_abrir is not None:
            self.al_abrir(contexto)
        contexto.set_default_timeout(60_000)
        self.contextos.append(contexto)
        return contexto.new_page()

    def persona(self, usuario: str, ancho: int = 1280) -> Page:
        """Logged in, on the first page of their role. `identificar` goes through the page that asks
        who it is."""
        pagina = self._pagina(ancho, 900)
        galleta = browser_of(self.app, self.engine.db, usuario).get_cookie("ventanilla")
        assert galleta is not None
        pagina.context.add_cookies(
            [{"name": "ventanilla", "value": galleta.value, "url": self.url}]
        )
        pagina.goto("/")
        return pagina

    def identificar_sin_entrar(self, pagina: Page, usuario: str) -> None:
        pagina.get_by_label("Usuario").fill(usuario)
        pagina.get_by_label("Contraseña", exact=True).fill(CLAVE)
        pagina.get_by_role("button", name="Ingresar").click()

    def identificar(self, pagina: Page, usuario: str) -> None:
        """On the page that asks who it is, however one came there."""
        self.identificar_sin_entrar(pagina, usuario)
        expect(pagina.get_by_role("button", name="Salir")).to_be_visible()

    def equipo(self, codigo: str, ancho: int = 1280) -> Page:
        pagina = self._pagina(ancho, 900)
        token, activacion = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
        with self.sesion(escribe=True) as s:
            pedir_activacion(s, codigo, activacion, now=self.clock.now())
            activar(s, activacion, token, now=self.clock.now())
            s.commit()
        galleta = {"name": GALLETA_DISPOSITIVO, "value": token, "url": self.url}
        pagina.context.add_cookies([galleta])
        return pagina

    def publico(self, ancho: int = 1280) -> Page:
        return self._pagina(ancho, 900)

    # --- people of the demo
    def titular(self, sistema: str = "cctex", n: int = 0) -> tuple[str, str]:
        """(type, number) of the n-th person with a product in this system."""
        with self.sesion() as s:
            fila = s.execute(
                sa.select(Persona.tipo_doc, Persona.num_doc)
                .join(ServicioAdquirido, ServicioAdquirido.persona_id == Persona.id)
                .where(ServicioAdquirido.sistema_origen == sistema, Persona.tipo_doc == "CC")
                .order_by(Persona.id)
                .offset(n)
                .limit(1)
            ).one()
        return fila.tipo_doc, fila.num_doc


def fotos_si_fallo(request: pytest.FixtureRequest, contextos: Sequence[BrowserContext]) -> None:
    """Of every page, in test-artifacts/."""
    if request.node.stash.get(FALLO, False):
        ARTEFACTOS.mkdir(exist_ok=True)
        for n, contexto in enumerate(contextos):
            for pagina in contexto.pages:
                pagina.screenshot(path=ARTEFACTOS / f"{request.node.name}-{n}.png", full_page=True)


@contextmanager
def abrir(
    semilla: Path,
    carpeta: Path,
    browser: Browser,
    crm: Instalacion | None = None,
    turnos: tuple[SistemaDeTurnos, ...] = (),
) -> Iterator[Mundo]:
    shutil.copytree(semilla, carpeta, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.cache"))
    clock, jobs = GivenClock(NOW), InProcessJobs()
    with CorreoLocal(carpeta / "correo") as correo, entity() as entidad:
        entidad.pages["/creditos"] = Answer(
            "<title>Créditos</title><p>La tasa es la del IPC del año anterior.".encode()
        )
        config = door.Config(
            instance=carpeta,
            database_url=os.environ.get(
                "ACCEPTANCE_DATABASE_URL", f"sqlite:///{carpeta / 'ventanilla.db'}"
            ),
            secret_key=LLAVE,
            demo=True,
            smtp=ServidorSMTP(port=correo.port),
            cctex_url=f"sqlite:///{carpeta / CCTEX}",
            foxpro=de_la_demostracion(carpeta / FOXPRO / "CREDITOS.DBF"),
            cobol=conectados.cobol_de_la_demostracion(carpeta),
            crm=crm,
            turnos=turnos,
            clock=clock,
            jobs=jobs,
            paginas=entidad.downloader(),
        )
        flask_app = door.create_app(config)
        # compiled once a run, not once a test
        flask_app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(semilla))
        engine: Engine = flask_app.extensions[EXTENSION].engine
        trabajador = Trabajador(engine, jobs, clock)
        trabajador.start()
        try:
            with served(flask_app) as url:
                mundo = Mundo(flask_app, url, clock, jobs, trabajador, carpeta, browser, entidad)
                try:
                    yield mundo
                finally:
                    for contexto in mundo.contextos:
                        contexto.close()
        finally:
            trabajador.parar()
            engine.db.dispose()
