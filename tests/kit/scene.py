"""A small cast on real tables: a point, an adviser, a citizen with a product, a visit and its case
(M5-1-02)."""

import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.store.uow import prepare
from records.base.actos import Acto
from records.base.tablas import Base
from records.casos import casos, escalonamientos
from records.catalogos.catalogo import cargar_catalogo
from records.cuentas.tablas import Cuenta, RolAsignado
from records.personas import personas
from records.personas.tablas import Persona, ServicioAdquirido
from records.visita import atenciones, turnos
from tests.kit import tables
from tests.kit.cast import ASESORA, PUNTO
from tests.kit.clock import NOW
from tests.kit.handlers import Requests


@contextmanager
def database_at(path: Path) -> Iterator[sa.Engine]:
    db = sa.create_engine(f"sqlite:///{path}")
    prepare(db)
    yield db
    db.dispose()


def template(path: Path) -> "Scene":
    """A prepared database to be copied: making the tables and the catalogue takes longer than most
    tests."""
    with database_at(path) as db:
        return Scene(db).prepare()


@contextmanager
def copy_of(de: "Scene", path: Path) -> Iterator["Scene"]:
    shutil.copyfile(str(de.db.url.database), path)
    with database_at(path) as db:
        yield Scene(db, persona_id=de.persona_id, servicio_id=de.servicio_id)


@dataclass
class Scene:
    db: sa.Engine
    now: dt.datetime = NOW
    requests: Requests = field(default_factory=Requests)
    turno_id: int = 0
    persona_id: int = 0
    servicio_id: int = 0
    caso_id: int = 0

    def sessions(self) -> Session:
        """As app.py gives them to handlers: what writes takes the lock at once (SQLite)."""
        return Session(self.db.execution_options(ventanilla_write=True), expire_on_commit=False)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with self.sessions() as session, session.begin():
            yield session

    def prepare(self) -> "Scene":
        tables.make(self.db, Base)
        with self.writing() as session:
            cargar_catalogo(session)
            persona = Persona(
                tipo_doc="CC",
                num_doc="9900000001",
                nombre="Ana Rojas",
                calidad="beneficiario",
                creada=self.now,
            )
            session.add(persona)
            session.flush()
            servicio = ServicioAdquirido(
                persona_id=persona.id,
                linea="PREG",
                obligacion="2011000001",
                sistema_origen="cctex",
                anio_giro=2011,
                estado="vigente",
            )
            session.add(servicio)
            session.flush()
            self.persona_id, self.servicio_id = persona.id, servicio.id
        return self

    def account(self, usuario: str, rol: str, ambito: str | None = None) -> None:
        with self.writing() as session:
            cuenta = Cuenta(
                usuario=usuario,
                nombre=usuario,
                correo=f"{usuario}@icetex.example",
                clave_hash="-",
                activo=True,
                fs_uniquifier=usuario,
                creada=self.now,
                intentos_fallidos=0,
            )
            session.add(cuenta)
            session.flush()
            session.add(
                RolAsignado(
                    cuenta_id=cuenta.id,
                    rol=rol,
                    ambito=ambito,
                    vigente_desde=self.now - dt.timedelta(days=1),
                    asignado_por="prueba",
                )
            )

    def take_turn(self) -> int:
        with self.writing() as session:
            turno = turnos.crear_turno(
                session,
                turnos.NuevoTurno(
                    punto_id=PUNTO,
                    motivo_visita="servicio_adquirido",
                    condicion="ninguna",
                    origen="quiosco",
                ),
                Acto("prueba", self.now),
            )
            self.turno_id = turno.id
        return self.turno_id

    def attend(self) -> int:
        """A turn that was called, and its attention begun."""
        self.take_turn()
        with self.writing() as session:
            turnos.encolar(
                session,
                self.turno_id,
                turnos.Prioridad(peso=1, envejecimiento_min=20, letra="A"),
                now=self.now,
            )
            turnos.registrar_llamado(session, self.turno_id, "1", Acto(ASESORA.id, self.now))
            turnos.registrar_resultado(
                session, self.turno_id, "1", Acto(ASESORA.id, self.now), atendido=True
            )
        return self.turno_id

    def verify_holder(self, titularidad: str = "verificada") -> None:
        with self.writing() as session:
            atenciones.anotar_titularidad(
                session,
                self.turno_id,
                atenciones.TitularidadAnotada(
                    persona_id=self.persona_id,
                    calidad="beneficiario",
                    titularidad=titularidad,
                    documento_exhibido=True,
                    coincide_crm=titularidad == "verificada",
                ),
            )

    def set_mail(self, correo: str) -> None:
        data = dict.fromkeys(personas.DATOS, "") | {"correo": correo}
        with self.writing() as session:
            personas.actualizar_datos(session, self.persona_id, data, Acto(ASESORA.id, self.now))

    def open_case(self, tema: str = "R01", clase: str = "reclamo") -> int:
        """A case that was attended, verified and filed."""
        if not self.turno_id:
            self.attend()
            self.verify_holder()
        with self.writing() as session:
            self.caso_id = casos.crear_caso(
                session,
                casos.NuevoCaso(
                    turno_id=self.turno_id,
                    punto_id=PUNTO,
                    persona_id=self.persona_id,
                    clase=clase,
                    tema=tema,
                    descripcion="Pagué la cuota de octubre y no aparece.",
                    servicio_id=self.servicio_id,
                ),
                Acto(ASESORA.id, self.now),
            ).caso_id
            casos.radicar(
                session, self.caso_id, Acto(ASESORA.id, self.now), dias_termino=15, prorroga_max=15
            )
        return self.caso_id

    def escalate(
        self, *, area_id: str = "VCC", plazo: int = 5, correo: str | None = "ana@ciudadana.example"
    ) -> int:
        self.open_case()
        with self.writing() as session:
            escalonamientos.anotar_informe(
                session,
                self.caso_id,
                medio="correo" if correo else "direccion",
                correo=correo,
                resumen="Pago de octubre sin aplicar.",
            )
            escalonamientos.escalar(
                session,
                self.caso_id,
                escalonamientos.NuevoEscalonamiento(
                    area_id=area_id,
                    grupo="Cartera",
                    plazo_interno=plazo,
                    nivel2="Coordinador de Cartera",
                    nivel3="Vicepresidente",
                ),
                Acto(ASESORA.id, self.now),
            )
        return self.caso_id

    def count(self, modelo: type[Base]) -> int:
        with self.sessions() as session:
            return session.scalar(sa.select(sa.func.count()).select_from(modelo)) or 0
