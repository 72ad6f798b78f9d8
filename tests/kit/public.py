"""The public screens on the real diagrams and handlers: a point with desks, one device of each
kind, an adviser who goes on."""

import datetime as dt
import functools
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

import app as door
from engine.clock import GivenClock
from engine.commands import Engine
from engine.jobs.inprocess import InProcessJobs
from engine.reads.items import of_case as items_of_case
from engine.spiff.release import Release
from engine.types import SYSTEM, Actor, Completed, Data, Value, WorkItem
from handlers.documentos.carpeta import Carpeta
from records.base.actos import Acto
from records.lugares.dispositivos import NuevoDispositivo, registrar_dispositivo
from records.lugares.tablas import Puesto
from records.visita.tablas import Turno
from records.visita.turnos import registrar_llamado
from tests.kit import tables
from tests.kit.cast import ASESOR_DE_PUNTO, PUNTO, SESSION_KEY
from tests.kit.clock import NOW
from tests.kit.web import BASE_URL, WebKit, hidden, seed
from webforms import web
from webforms.base.ajustes import Ajustes
from webforms.base.security import GALLETA_DISPOSITIVO
from webforms.documentos.archivos import Almacen

BPMN = Path(__file__).resolve().parents[2] / "bpmn" / "m5_1_02"
DEVICES = (
    ("quiosco-1", "quiosco", PUNTO, None),
    ("quiosco-2", "quiosco", PUNTO, None),
    ("quiosco-pasto", "quiosco", "PAS", None),
    ("tablero-1", "tablero", PUNTO, None),
    ("tablero-pasto", "tablero", "PAS", None),
    ("tableta-3", "tableta", PUNTO, "3"),
    ("tableta-7", "tableta", PUNTO, "7"),
)


@dataclass
class Point:
    """What happens at one service point."""

    web: WebKit
    tokens: dict[str, str]

    @property
    def clock(self) -> GivenClock:
        return self.web.clock

    def device(self, codigo: str) -> FlaskClient:
        """A browser that is this registered device."""
        browser = self.web.app.test_client()
        browser.set_cookie(GALLETA_DISPOSITIVO, self.tokens[codigo])
        return browser

    def take_turn(
        self,
        browser: FlaskClient,
        motivo: str = "servicio_adquirido",
        condicion: str = "ninguna",
        **mas: str,
    ) -> TestResponse:
        """Both steps of the kiosk."""
        step = browser.get(f"/quiosco/condicion/{motivo}").text
        data = {
            "csrf_token": hidden(step, "csrf_token"),
            "llave": hidden(step, "llave"),
            "motivo_visita": motivo,
        }
        return browser.post("/quiosco/turno", data={**data, "condicion": condicion, **mas})

    def turnos(self) -> list[Turno]:
        with self.web.session() as s:
            return list(s.scalars(sa.select(Turno).order_by(Turno.id)))

    def call_turn(self, turno: Turno, modulo: str, actor: Actor = ASESOR_DE_PUNTO) -> Completed:
        """ "Llamar siguiente" at a desk, as the console does it: message, record and claim in one
        commit."""
        return self.web.engine.messages.correlate(
            "TurnoLlamado",
            str(turno.id),
            {},
            actor=actor,
            now=self.clock.now(),
            claim="act_5_2_2",
            records=lambda w: (
                registrar_llamado(w.session, turno.id, modulo, Acto(actor.id, w.now)) and None
            ),
        )

    def call_again(self, turno: Turno, modulo: str) -> None:
        """Absent, two minutes, and called again at the same desk."""
        self.complete(
            turno, "act_5_2_2", {"modulo": modulo, "resultado_llamado": "ausente"}, "asesor.llamar"
        )
        self.wait(minutes=2)
        self.call_turn(turno, modulo)

    def open_item(self, turno: Turno, elemento: str) -> WorkItem:
        return next(i for i in self.open_items(turno) if i.element == elemento)

    def open_items(self, turno: Turno) -> Sequence[WorkItem]:
        with self.web.session() as s:
            return items_of_case(s, str(turno.case_key), only_open=True)

    def complete(
        self,
        turno: Turno,
        elemento: str,
        valores: Data,
        formulario: str,
        actor: Actor = ASESOR_DE_PUNTO,
    ) -> Completed:
        item = self.open_item(turno, elemento)
        records = self.web.app.extensions["ventanilla"].forms[formulario].records
        return self.web.engine.items.complete(
            item.id, values=valores, actor=actor, now=self.clock.now(), records=records
        )

    def until_rating(self, turno: Turno, modulo: str = "3", medio: str = "tableta") -> WorkItem:
        """The shortest visit with a rating: documents to file by somebody whom the CRM did not
        know, filed, then the rating."""
        self.call_turn(turno, modulo)
        self.complete(
            turno, "act_5_2_2", {"modulo": modulo, "resultado_llamado": "atendido"}, "asesor.llamar"
        )
        motivo: Data = {
            "motivo": "Trae papeles para radicar",
            "motivo_visita": "radicar_documentos",
            "requiere_radicar": True,
            "resoluble": False,
        }
        self.complete(turno, "act_5_2_3", motivo, "asesor.motivo")
        nueva: Data = {
            "tipo_doc": "CC",
            "num_doc": f"99{turno.id:06}",
            "nombre_nuevo": "Ana Rojas",
            "camino": "potencial",
        }
        self.complete(
            turno, "act_5_2_4", {**nueva, "calidad": "cliente_potencial"}, "asesor.titularidad"
        )
        datos: Data = {
            "nombre": "Ana Rojas",
            "direccion": "Calle 1",
            "municipio": "11001",
            "telefono_fijo": "",
            "celular": "3001234567",
        }
        datos |= {
            "correo": "ana@ciudadana.example",
            "autoriza_tratamiento": True,
            "medio_notificacion": "correo",
        }
        self.complete(turno, "act_5_2_7", datos, "asesor.datos_basicos")
        self.wait(seconds=0)
        self.complete(
            turno, "act_5_2_12", {"medio_calificacion": medio}, "asesor.solicitar_calificacion"
        )
        return self.open_item(turno, "act_5_2_13")

    def with_power(self) -> str:
        """The case of a visit of somebody who speaks for the holder: the adviser wrote a document
        in 5.2.4."""
        self.take_turn(self.device("quiosco-1"))
        turno = self.turnos()[0]
        self.until_power(turno)
        return str(turno.case_key)

    def until_power(self, turno: Turno) -> None:
        """Somebody who speaks for the holder without a power, and comes back today with it
        (5.2.5)."""
        self.call_turn(turno, "3")
        self.complete(
            turno, "act_5_2_2", {"modulo": "3", "resultado_llamado": "atendido"}, "asesor.llamar"
        )
        motivo: Data = {
            "motivo": "El saldo de su crédito",
            "motivo_visita": "servicio_adquirido",
            "requiere_radicar": False,
            "resoluble": True,
        }
        self.complete(turno, "act_5_2_3", motivo, "asesor.motivo")
        holder: Data = {
            "tipo_doc": "CC",
            "num_doc": "52123456",
            "documento_exhibido": True,
            "calidad": "apoderado",
            "camino": "poder",
        }
        self.complete(turno, "act_5_2_4", holder, "asesor.titularidad")
        sin_poder: dict[str, Value] = {
            "poder_presentado": False,
            "vuelve_hoy": True,
            "volver_a_titularidad": False,
        }
        sin_poder |= {"apoderado_tipo_doc": "CC", "apoderado_num_doc": "52123456"}
        self.complete(turno, "act_5_2_5", sin_poder, "asesor.poder")

    def wait(self, **cuanto: int) -> None:
        """Time passes, and the worker does what is due."""
        self.clock.advance(dt.timedelta(**cuanto))
        while self.web.engine.pump(self.clock.now()):
            pass


def build(tmp_path: Path, url: str) -> Point:
    """A point on a database of its own; an SQLite file is copied from one that was made once: the
    diagrams are compiled only there."""
    content, release = _mould()
    file = make_url(url).database
    assert file is not None
    if url.startswith("sqlite"):
        Path(file).write_bytes(content)
    app = Flask("ventanilla", static_folder=None)
    app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
    db = sa.create_engine(url)
    engine = _engine(tmp_path, url, db)
    if not url.startswith("sqlite"):
        _fill(engine, db)
    engine.catalog._keep(1, release)  # noqa: SLF001 - the same files, compiled once for all tests
    clock = GivenClock(NOW)
    web.register(
        app,
        Ajustes(instance=tmp_path, database_url=url, secret_key=SESSION_KEY, base_url=BASE_URL),
        engine=engine,
        clock=clock,
        archivos=Almacen(Carpeta(tmp_path / "archivos"), vistas=Carpeta(tmp_path / "vistas")),
    )
    return Point(WebKit(app, engine, clock), {codigo: _token(codigo) for codigo, *_ in DEVICES})


def _engine(tmp_path: Path, url: str, db: sa.Engine) -> Engine:
    config = door.Config(
        instance=tmp_path, database_url=url, secret_key=SESSION_KEY, jobs=InProcessJobs()
    )
    return door.build_engine(config, db)


def _token(codigo: str) -> str:
    return f"token-de-{codigo}"


@functools.cache
def _mould() -> tuple[bytes, Release]:
    """A seeded database with the product's diagrams in force, and their compiled release."""
    with tempfile.TemporaryDirectory() as folder:
        tmp_path = Path(folder)
        url = f"sqlite:///{tmp_path / 'molde.db'}"
        db = sa.create_engine(url)
        engine = _engine(tmp_path, url, db)
        _fill(engine, db)
        with engine.uow.reading() as session:
            release = engine.catalog.release(session, 1)
        with db.connect() as c:
            c.exec_driver_sql("COMMIT")
            c.exec_driver_sql(f"VACUUM INTO '{tmp_path / 'copia.db'}'")
        db.dispose()
        return (tmp_path / "copia.db").read_bytes(), release


def _fill(engine: Engine, db: sa.Engine) -> None:
    tables.make(db)
    with Session(db) as session:
        seed(session)
        _devices(session)
    files = {
        ruta.name: ruta.read_bytes() for ruta in BPMN.rglob("*") if ruta.suffix in (".bpmn", ".dmn")
    }
    engine.releases.deploy(files, actor=SYSTEM, now=NOW)


def _devices(session: Session) -> None:
    for modulo in ("3", "7"):
        session.add(Puesto(punto_id=PUNTO, modulo=modulo))
    for codigo, tipo, punto_id, modulo in DEVICES:
        registrar_dispositivo(
            session,
            NuevoDispositivo(
                codigo=codigo, tipo=tipo, punto_id=punto_id, modulo=modulo, token=_token(codigo)
            ),
            Acto("admin", NOW),
        )
    session.commit()
