"""The public screens on the real diagrams and handlers: a point with desks, one device of each kind, an adviser who goes on."""

import datetime as dt
import functools
import tempfile
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
from engine.store.tables import Base as EngineBase
from engine.types import SYSTEM
from engine.types import Completed
from engine.types import Data
from engine.types import WorkItem
from records.actos import Acto
from records.dispositivos import NuevoDispositivo
from records.dispositivos import registrar_dispositivo
from records.tables import Base as RecordsBase
from records.tables import Puesto
from records.tables import Turno
from records.turnos import registrar_llamado
from tests.kit.cast import ASESOR_DE_PUNTO
from tests.kit.cast import PUNTO
from tests.kit.cast import SESSION_KEY
from tests.kit.clock import NOW
from tests.kit.web import WebKit
from tests.kit.web import oculto
from tests.kit.web import sembrar
from webforms import web
from webforms.base.security import GALLETA_DISPOSITIVO

BPMN = Path(__file__).resolve().parents[2] / "bpmn"
EQUIPOS = (
    ("quiosco-1", "quiosco", PUNTO, None),
    ("quiosco-2", "quiosco", PUNTO, None),
    ("quiosco-pasto", "quiosco", "PAS", None),
    ("tablero-1", "tablero", PUNTO, None),
    ("tablero-pasto", "tablero", "PAS", None),
    ("tableta-3", "tableta", PUNTO, "3"),
    ("tableta-7", "tableta", PUNTO, "7"),
)


@dataclass
class Punto:
    """What happens at one service point."""

    web: WebKit
    tokens: dict[str, str]

    @property
    def clock(self) -> GivenClock:
        return self.web.clock

    def equipo(self, codigo: str) -> FlaskClient:
        """A browser that is this registered device."""
        cliente = self.web.app.test_client()
        cliente.set_cookie(GALLETA_DISPOSITIVO, self.tokens[codigo])
        return cliente

    def tomar(self, cliente: FlaskClient, motivo: str = "servicio_adquirido", condicion: str = "ninguna", **mas: str) -> TestResponse:
        """Both steps of the kiosk."""
        paso = cliente.get(f"/quiosco/condicion/{motivo}").text
        datos = {"csrf_token": oculto(paso, "csrf_token"), "llave": oculto(paso, "llave"), "motivo_visita": motivo}
        return cliente.post("/quiosco/turno", data={**datos, "condicion": condicion, **mas})

    def turnos(self) -> list[Turno]:
        with self.web.sesion() as s:
            return list(s.scalars(sa.select(Turno).order_by(Turno.id)))

    def llamar(self, turno: Turno, modulo: str) -> Completed:
        """ "Llamar siguiente" at a desk, as the console does it: message, record and claim in one commit."""
        return self.web.engine.messages.correlate(
            "TurnoLlamado",
            str(turno.id),
            {},
            actor=ASESOR_DE_PUNTO,
            now=self.clock.now(),
            claim="act_5_2_2",
            records=lambda w: registrar_llamado(w.session, turno.id, modulo, Acto("asesor", w.now)) and None,
        )

    def volver_a_llamar(self, turno: Turno, modulo: str) -> None:
        """Absent, two minutes, and called again at the same desk."""
        self.completar(turno, "act_5_2_2", {"modulo": modulo, "resultado_llamado": "ausente"}, "asesor.llamar")
        self.avanzar(minutes=2)
        with self.web.sesion() as s:
            registrar_llamado(s, turno.id, modulo, Acto("asesor", self.clock.now()))
            s.commit()

    def abierta(self, turno: Turno, elemento: str) -> WorkItem:
        with self.web.sesion() as s:
            abiertas = items_of_case(s, str(turno.case_key), only_open=True)
        return next(i for i in abiertas if i.element == elemento)

    def completar(self, turno: Turno, elemento: str, valores: Data, formulario: str) -> Completed:
        item = self.abierta(turno, elemento)
        registros = self.web.app.extensions["ventanilla"].forms[formulario].records
        return self.web.engine.items.complete(item.id, values=valores, actor=ASESOR_DE_PUNTO, now=self.clock.now(), records=registros)

    def hasta_calificar(self, turno: Turno, modulo: str = "3", medio: str = "tableta") -> WorkItem:
        """The shortest visit: documents to file, handed over to M5-1-04, then the rating is asked for."""
        self.llamar(turno, modulo)
        self.completar(turno, "act_5_2_2", {"modulo": modulo, "resultado_llamado": "atendido"}, "asesor.llamar")
        motivo: Data = {"motivo": "Trae papeles", "motivo_visita": "radicar_documentos", "requiere_radicar": True, "resoluble": False}
        self.completar(turno, "act_5_2_3", motivo, "asesor.motivo")
        self.completar(turno, "act_5_2_12", {"medio_calificacion": medio}, "asesor.solicitar_calificacion")
        return self.abierta(turno, "act_5_2_13")

    def hasta_poder(self, turno: Turno) -> None:
        """Somebody who speaks for the holder without a power, and comes back today with it (5.2.5)."""
        self.llamar(turno, "3")
        self.completar(turno, "act_5_2_2", {"modulo": "3", "resultado_llamado": "atendido"}, "asesor.llamar")
        motivo: Data = {"motivo": "Saldo", "motivo_visita": "servicio_adquirido", "requiere_radicar": False, "resoluble": True}
        self.completar(turno, "act_5_2_3", motivo, "asesor.motivo")
        quien: Data = {"tipo_doc": "CC", "num_doc": "52123456", "documento_exhibido": True, "calidad": "apoderado", "coincide_crm": False}
        self.completar(turno, "act_5_2_4", quien, "asesor.titularidad")
        self.completar(turno, "act_5_2_5", {"poder_presentado": False, "vuelve_hoy": True}, "asesor.poder")

    def avanzar(self, **cuanto: int) -> None:
        """Time passes, and the worker does what is due."""
        self.clock.advance(dt.timedelta(**cuanto))
        while self.web.engine.pump(self.clock.now()):
            pass


def crear(tmp_path: Path, url: str) -> Punto:
    """A point on an SQLite file of its own, copied from one that was made once: the diagrams are compiled only there."""
    contenido, release = _molde()
    archivo = make_url(url).database
    assert archivo is not None
    Path(archivo).write_bytes(contenido)
    aplicacion = Flask("ventanilla", static_folder=None)
    aplicacion.config.update(SECRET_KEY=SESSION_KEY, TESTING=True, PROPAGATE_EXCEPTIONS=False)
    db = sa.create_engine(url)
    motor = _motor(tmp_path, url, db)
    motor.catalog._keep(1, release)  # noqa: SLF001 - the same files, compiled once for all tests
    reloj = GivenClock(NOW)
    web.register(aplicacion, engine=motor, clock=reloj, archivos=tmp_path / "archivos")
    return Punto(WebKit(aplicacion, motor, reloj), {codigo: _token(codigo) for codigo, *_ in EQUIPOS})


def _motor(tmp_path: Path, url: str, db: sa.Engine) -> Engine:
    config = door.Config(instance=tmp_path, database_url=url, secret_key=SESSION_KEY, jobs=InProcessJobs())
    return door.build_engine(config, db)


def _token(codigo: str) -> str:
    return f"token-de-{codigo}"


@functools.cache
def _molde() -> tuple[bytes, Release]:
    """A seeded database with the product's diagrams in force, and their compiled release."""
    with tempfile.TemporaryDirectory() as carpeta:
        tmp_path = Path(carpeta)
        url = f"sqlite:///{tmp_path / 'molde.db'}"
        db = sa.create_engine(url)
        motor = _motor(tmp_path, url, db)
        RecordsBase.metadata.create_all(db)
        EngineBase.metadata.create_all(db)
        with Session(db) as sesion:
            sembrar(sesion)
            _equipar(sesion)
        archivos = {ruta.name: ruta.read_bytes() for ruta in BPMN.rglob("*") if ruta.suffix in (".bpmn", ".dmn")}
        motor.releases.deploy(archivos, actor=SYSTEM, now=NOW)
        with motor.uow.reading() as sesion:
            release = motor.catalog.release(sesion, 1)
        with db.connect() as c:
            c.exec_driver_sql("COMMIT")
            c.exec_driver_sql(f"VACUUM INTO '{tmp_path / 'copia.db'}'")
        db.dispose()
        return (tmp_path / "copia.db").read_bytes(), release


def _equipar(sesion: Session) -> None:
    for modulo in ("3", "7"):
        sesion.add(Puesto(punto_id=PUNTO, modulo=modulo))
    for codigo, tipo, punto_id, modulo in EQUIPOS:
        registrar_dispositivo(
            sesion, NuevoDispositivo(codigo=codigo, tipo=tipo, punto_id=punto_id, modulo=modulo, token=_token(codigo)), Acto("admin", NOW)
        )
    sesion.commit()
