"""Loads the demo: catalogue, people, accounts, C&CTEX, FOX PRO, then its history by running the
engine on a moving clock."""

import datetime as dt
import gc
import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from demo import (
    agenda,
    auditoria,
    calidad,
    cctex,
    cobol,
    comite,
    cuentas,
    foxpro,
    guion,
    permisos,
    personas,
    plantillas,
)
from demo.atencion import Visitante
from demo.azar import sembrado
from demo.lugar import CCTEX, COBOL, FOXPRO, Fabrica, Lugar
from demo.mundo import Historia, Mundo
from demo.sitio_web import SitioDemo
from engine import reads
from engine.clock import GivenClock
from engine.commands import Engine
from engine.types import SYSTEM, Transactions
from handlers.documentos.carpeta import Carpeta
from records.catalogos.catalogo import cargar_catalogo
from records.informes import meses
from records.paquetes.reglas.paquete import archivos_de
from records.personas.tablas import Persona
from records.plazos.reglas.calendario import dia_local, instante
from records.sistemas.puertos import Mensaje
from webforms.documentos.archivos import Almacen
from webforms.informes.diario import resumir_lo_que_falta
from webforms.salas import FORMS

SEMILLA = 20110603
M5_1_02 = "m5_1_02"
PAQUETES = (M5_1_02, permisos.PAQUETE)  # of `make run`
SENTENCIAS = 512  # kept ready by SQLite: a visit needs more than its usual 128
LOTE = 500  # commands that share a commit
ANTES = dt.timedelta(days=1)  # people, accounts and diagrams are there before the first visit
MESES = 2  # whole months that the calendar has closed, beside the current one
# no password of the demo is older than the review of accesses allows
LO_MAS = dt.timedelta(days=88)
# on its first day, after what the calendar begins early: there is no month before
EMPIEZA = dt.time(7, 10)
Avance = Callable[[int, int], None]  # done, of how many


class SinCorreo:
    """History needs no mail server: messages of last month are taken and dropped."""

    def enviar(self, mensaje: Mensaje, now: dt.datetime) -> None:
        """Nothing is sent."""

    def probar(self) -> None:
        """Nobody looks."""


@contextmanager
def base_rapida(url: str) -> Iterator[sa.Engine]:
    """A database that does not wait for the disk at each commit; what was loaded is safe once this
    ends."""
    lite = url.startswith("sqlite")
    db = sa.create_engine(
        url,
        connect_args={"cached_statements": SENTENCIAS}
        if lite
        else {"options": "-c synchronous_commit=off"},
    )
    try:
        yield db
    finally:
        db.dispose()
    if lite:
        _al_disco(url)


def _al_disco(url: str) -> None:
    """Wait once for the disk: all that was loaded leaves the log for the file."""
    db = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with db.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.dispose()


@contextmanager
def poca_basura() -> Iterator[None]:
    """A tenth of the time went into looking for garbage among workflows that live: look for it less
    often."""
    antes, ya = gc.get_threshold(), gc.get_freeze_count()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*antes)
        if not ya:  # else what whoever called us froze stays so
            gc.unfreeze()


def sin_sincronizar(db: sa.Engine) -> None:
    """After the engine has set the database up: SQLite commits without waiting for the disk."""
    if db.dialect.name != "sqlite":
        return

    @sa.event.listens_for(db, "connect")
    def _off(connection: sa.engine.interfaces.DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in ("synchronous=OFF", "cache_size=-65536"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


def esta_vacia(db: sa.Engine) -> bool:
    with Session(db) as session:
        return session.scalar(sa.select(Persona.id).limit(1)) is None


def principio(now: dt.datetime, dias: int | None) -> tuple[dt.datetime, dt.date]:
    """When the history begins, and its first day of visits. None: whole months; else so many days
    before now."""
    if dias is not None:
        return now - dt.timedelta(days=dias) - ANTES, dia_local(now) - dt.timedelta(days=dias)
    primero = dia_local(now).replace(day=1)
    for _mes in range(MESES):
        primero = meses.anterior(primero)
    primero = max(primero, dia_local(now - LO_MAS))
    return instante(primero, EMPIEZA), primero


def escribir_sistemas(lugar: Lugar, corte: dt.date) -> list[personas.PersonaDato]:
    """Everybody, and what the old systems hold of them."""
    gente = personas.generar()
    cctex.construir(lugar.instance / CCTEX, personas.creditos(gente, "cctex"), corte=corte)
    viejos = {
        sistema: [*personas.creditos(gente, sistema), *personas.duplicados(gente, sistema)]
        for sistema in (COBOL, FOXPRO)
    }
    cobol.construir(lugar.instance / COBOL, viejos[COBOL], corte=corte)
    foxpro.construir(lugar.instance / FOXPRO, viejos[FOXPRO], corte=foxpro.cierre(corte))
    return gente


def fechar_sistemas(lugar: Lugar, hoy: dt.date) -> None:
    """The old systems as up to date as they would be on this day: no answer is younger than its
    question."""
    cctex.fechar(lugar.instance / CCTEX, hoy)
    cobol.fechar(lugar.instance / COBOL, hoy)
    foxpro.fechar(lugar.instance / FOXPRO, foxpro.cierre(hoy))


def escribir_base(
    uow: Transactions,
    lugar: Lugar,
    now: dt.datetime,
    desde: dt.datetime | None = None,
    gente: list[personas.PersonaDato] | None = None,
) -> list[personas.PersonaDato]:
    """Catalogue, people with products, accounts and devices, old systems: what is there before
    anybody comes, since `desde`."""
    desde = desde or now - agenda.RECIENTE - ANTES
    gente = gente or escribir_sistemas(lugar, dia_local(now))
    with uow.session() as session, session.begin():
        cargar_catalogo(session)
        personas.cargar(session, gente, desde)
        cuentas.cargar(session, desde)
        plantillas.cargar(session, desde)
    return gente


def desplegar(
    engine: Engine, carpeta: Path, now: dt.datetime, paquetes: Sequence[str] = (M5_1_02,)
) -> int | None:
    """Put the pieces of these packages in force that never were: what an analyst changed later
    stays. The new release, or None."""
    archivos = {
        nombre: contenido
        for paquete in paquetes
        for nombre, contenido in archivos_de(carpeta / paquete).items()
    }
    with engine.uow.reading() as session:
        conocidos = reads.releases.ever_deployed(session)
    nuevos = {
        n: c for n, c in archivos.items() if (n, hashlib.sha256(c).hexdigest()) not in conocidos
    }
    if not nuevos:
        return None
    return engine.releases.deploy(
        nuevos, actor=SYSTEM, now=now, note="Carga de la demostración"
    ).release


def historia(
    mundo: Mundo, lugar: Lugar, guiones: list[guion.Guion], now: dt.datetime, avance: Avance
) -> None:
    """What comes of these visits, and what the calendar begins meanwhile, up to `now`; the engine
    runs all of it."""
    hechas = 0

    def contar() -> None:
        nonlocal hechas
        hechas += 1
        avance(hechas, len(guiones))

    for g in guiones:
        mundo.contar(g.visita.llegada, _contada(Visitante(mundo, g).historia(), contar))
    for cierre in (cierres := calidad.cierres(mundo.now, now)):
        ultimo = cierre == cierres[-1]
        de_quien_escribe = sembrado(SEMILLA if ultimo else f"{SEMILLA} {cierre:%Y-%m}")
        mundo.contar(cierre, calidad.reportes_del_mes(mundo, de_quien_escribe, malo=not ultimo))
    lunes = calidad.lunes(mundo.now, now)
    sin_decidir = max(1, len(lunes) - calidad.SIN_DECIDIR)
    for semana, primero in enumerate(lunes):
        mundo.contar(primero, calidad.revision_de_accesos(mundo, decide=semana != sin_decidir))
    for dia in agenda.dias_habiles(dia_local(mundo.now), dia_local(now)):
        mundo.contar(
            instante(dia, calidad.ENTRAN), calidad.entradas(mundo, now - calidad.DEJA_DE_ENTRAR)
        )
        mundo.contar(
            instante(dia, calidad.ENTRAN), calidad.vigilancia(mundo, de_hoy=dia == dia_local(now))
        )
        mundo.contar(instante(dia, calidad.ENTRAN), _dia_de_los_sistemas(mundo, lugar))
    if len(lunes) > 1:
        mundo.contar(
            instante(dia_local(lunes[-1]) - dt.timedelta(days=4), calidad.NO_RESPONDE),
            calidad.caida_del_crm(mundo),
        )
        mundo.contar(lunes[-1] - dt.timedelta(days=3), calidad.intentos(mundo))
    de_la_coordinacion = sembrado(SEMILLA)
    for manana in calidad.mananas(mundo.now, now):
        mundo.contar(manana, calidad.reporte_de_fallas(mundo, de_la_coordinacion))
    for toma in (tomas := auditoria.lunes(mundo.now, now)):
        suerte = sembrado(f"{SEMILLA} {toma:%Y-%m-%d}")
        mundo.contar(
            toma, auditoria.auditoria_de_la_semana(mundo, suerte, en_curso=toma == tomas[-1])
        )
    for toma in tomas[-2:-1]:
        mundo.contar(toma + auditoria.SE_CALIBRA, auditoria.calibracion(mundo, sembrado(SEMILLA)))
    for octavo in comite.octavos(mundo.now, now):
        mundo.contar(octavo, comite.comite_del_mes(mundo, sembrado(SEMILLA)))
    mundo.correr(now)


def _dia_de_los_sistemas(mundo: Mundo, lugar: Lugar) -> Historia:
    """Once a day: the old systems are of this day."""
    fechar_sistemas(lugar, dia_local(mundo.now))
    yield from ()


def _contada(historia: Historia, contar: Callable[[], None]) -> Historia:
    yield from historia
    contar()


def _guiones(
    gente: list[personas.PersonaDato], casos: int, now: dt.datetime, primer_dia: dt.date
) -> list[guion.Guion]:
    """So many visits of the time up to `now`, each with what it will be about."""
    azar = sembrado(SEMILLA)
    visitas = agenda.muestra(agenda.hasta_hoy(now, azar, primer_dia), casos, azar)
    return guion.dejar_pendientes(guion.escribir(visitas, gente, azar), now)


def cargar(
    fabrica: Fabrica,
    lugar: Lugar,
    casos: int,
    now: dt.datetime,
    avance: Avance,
    dias: int | None = None,
    paquetes: Sequence[str] = (M5_1_02,),
) -> Mundo:
    """Everything, into an empty database. `dias`: how long a history; None: two months that are
    closed, and the current one."""
    desde, primer_dia = principio(now, dias)
    with base_rapida(lugar.url) as db:
        clock = GivenClock(desde)
        # before the engine: a connector is made of what is there
        gente = escribir_sistemas(lugar, dia_local(now))
        engine, cola = fabrica(
            db, clock=clock, correo=SinCorreo(), cctex_url=lugar.cctex_url, paginas=SitioDemo()
        )
        sin_sincronizar(db)
        escribir_base(engine.uow, lugar, now, desde, gente)
        desplegar(engine, lugar.bpmn, clock.now(), paquetes)
        mundo = Mundo(
            engine,
            clock=clock,
            cola=cola,
            forms=FORMS,
            archivos=Almacen(Carpeta(lugar.instance / "archivos")),
        )
        permisos.cargar(engine.uow, clock.now(), paquetes)
        permisos.historias(mundo, now, paquetes)
        with poca_basura(), engine.batch(LOTE):
            historia(mundo, lugar, _guiones(gente, casos, now, primer_dia), now, avance)
            resumir_lo_que_falta(engine.uow, now)
        fechar_sistemas(lugar, dia_local(now))
        return mundo
