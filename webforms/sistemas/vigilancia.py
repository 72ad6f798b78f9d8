"""Control 6-6: does the CRM answer? It is embedded: what is looked at is whether its database
answers a question about its cases.

While it does not, nothing can be kept in it: whoever notices notes it in a file beside the
database, the worker with its look of each minute and the pages with every call that fails. When it
answers again the worker makes the outage of it, with its true hours.

A CRM outside is looked at, too. Ours answers meanwhile: its outage begins at the second look in a
row that fails, and people are told then.
"""

import datetime as dt
import logging
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from common.faults import code_of, is_outage
from engine.commands import Engine
from engine.errors import NotFound, NotWaiting
from engine.types import SYSTEM, Writing
from records.base.datos import iso
from records.casos.tablas import Caso
from records.contingencia import contingencia
from records.correo import avisos
from records.informes import disponibilidad
from records.informes.disponibilidad import AFUERA, LLAMADAS, REVISION
from records.informes.tablas import CaidaCrm
from records.sistemas import sistemas, vistas
from records.sistemas.puertos import CrmAfuera
from webforms.sistemas.latido import nombre_del_proceso

log = logging.getLogger(__name__)

PROCESO, RESTABLECIDO = "CTRL_6_6_crm", "CRMRestablecido"
CADA = 60  # seconds between two looks
# what was noticed longer apart is not one outage: meanwhile nobody knows
SEGUIDAS = dt.timedelta(minutes=5)
# calls that failed make an outage although no look of the worker failed; one or two are a hiccup
MINIMO = 3


@dataclass(frozen=True, slots=True)
class Anotada:
    """What was noted without a break: from the first to the last time that somebody noticed."""

    desde: dt.datetime
    hasta: dt.datetime
    causa: str
    veces: int
    #: who noticed: a look of the worker at ours, at the one outside, calls of pages
    origenes: frozenset[str]

    @property
    def es_caida(self) -> bool:
        return self.origenes != {LLAMADAS} or self.veces >= MINIMO

    @property
    def origen(self) -> str:
        """Of ours, if ours was away for a part of it."""
        return next(o for o in (REVISION, LLAMADAS, AFUERA) if o in self.origenes)


class Marca:
    """The file: a line for each time that somebody noticed. Short lines are appended whole, also by
    several processes."""

    def __init__(self, carpeta: Path) -> None:
        self._ruta = carpeta / "crm-no-responde"

    def anotar(self, now: dt.datetime, causa: str, origen: str) -> None:
        try:
            with self._ruta.open("a", encoding="utf-8") as archivo:
                archivo.write(f"{iso(now)} {origen} {causa}\n")
        except OSError as error:  # the disk may be what fails: the page of the error comes first
            log.warning("an outage of the CRM could not be noted: %s", error)

    def leer(self) -> list[Anotada]:
        try:
            lineas = sorted(
                linea.split(" ", 2)
                for linea in self._ruta.read_text("utf-8").splitlines()
                if linea.count(" ") > 1
            )
        except OSError:
            return []
        juntas: list[Anotada] = []
        for cuando, origen, causa in lineas:
            momento = dt.datetime.fromisoformat(cuando)
            if juntas and momento - juntas[-1].hasta <= SEGUIDAS:
                antes = juntas.pop()
                juntas.append(
                    Anotada(
                        antes.desde,
                        momento,
                        antes.causa,
                        antes.veces + 1,
                        antes.origenes | {origen},
                    )
                )
            else:
                juntas.append(Anotada(momento, momento, causa, 1, frozenset({origen})))
        return juntas

    def quitar(self) -> None:
        self._ruta.unlink(missing_ok=True)


def responde(engine: Engine) -> str:
    """Nothing, or the database's own name of what is wrong."""
    try:
        with engine.uow.reading() as session:
            session.execute(sa.select(Caso.id).limit(1)).first()
    except Exception as error:
        if not is_outage(error):
            raise
        return code_of(error)
    return ""


@dataclass(frozen=True, slots=True)
class Vigia:
    """One look: what the worker does each minute."""

    engine: Engine
    marca: Marca
    afuera: CrmAfuera | None = None
    proceso: str = field(default_factory=nombre_del_proceso)

    def mirar(self, now: dt.datetime) -> None:
        if causa := responde(self.engine):
            self.marca.anotar(now, causa, REVISION)
            return
        with self.engine.uow.reading() as session:
            abierta = disponibilidad.abierta(session)
        causa = self.afuera.caida() if self.afuera is not None else ""
        callado = self._callado_para_alguno(causa, now)
        if causa:
            if abierta is None:
                self._sigue_afuera(causa, now)
            self.engine.uow.run(lambda s: disponibilidad.mirada(s, now))
            return
        if callado and (abierta is None or abierta.origen == AFUERA):
            self.engine.uow.run(lambda s: disponibilidad.mirada(s, now))
            return
        if abierta is not None:
            self._restablecer(abierta, now, now)
        for anotada in self.marca.leer():
            if abierta is not None and anotada.desde >= abierta.desde:
                continue  # of the same time
            # one that somebody saw a moment ago ends now; of an older one the end is the last that
            # was seen
            if anotada.es_caida:
                self._contar(
                    anotada, now if now - anotada.hasta <= SEGUIDAS else anotada.hasta, now
                )
        self.marca.quitar()
        self.engine.uow.run(lambda s: disponibilidad.latido(s, now))

    def _callado_para_alguno(self, causa: str, now: dt.datetime) -> bool:
        """Whether the one outside is silent for any worker: whoever reaches it does not end the
        outage of who does not."""
        if self.afuera is None:
            return False
        estado = sistemas.NO_RESPONDE if causa else sistemas.RESPONDE
        return sistemas.NO_RESPONDE in self.engine.uow.run(
            lambda s: vistas.ver(s, "crm_afuera", self.proceso, estado, now)
        )

    def _sigue_afuera(self, causa: str, now: dt.datetime) -> None:
        """The one outside is silent. Once may be a hiccup, and is counted when it is back; twice in
        a row people are told at once."""
        self.marca.anotar(now, causa, AFUERA)
        *antes, ultima = self.marca.leer()
        if ultima.desde == now:
            return
        for anotada in antes:
            if anotada.es_caida:
                self._contar(anotada, anotada.hasta, now)
        if self._empezar(ultima, None, now):
            self.marca.quitar()

    def _contar(self, anotada: Anotada, hasta: dt.datetime, now: dt.datetime) -> None:
        """A crash between these steps leaves the file: the next look finds the same instance by its
        key, and goes on."""
        if not self._empezar(anotada, hasta, now):
            return
        with self.engine.uow.reading() as session:
            caida = disponibilidad.abierta(session)
        if caida is not None:
            self._restablecer(caida, hasta, now)

    def _empezar(self, anotada: Anotada, hasta: dt.datetime | None, now: dt.datetime) -> bool:
        desde = iso(anotada.desde)
        datos = {"caida_desde": desde, "caida_causa": anotada.causa, "caida_origen": anotada.origen}
        if hasta is not None:
            datos["caida_hasta"] = iso(hasta)
        try:
            self.engine.instances.start(
                PROCESO, actor=SYSTEM, now=now, key=f"crm:{desde}", data=datos
            )
        except NotFound:
            log.warning(
                "the CRM did not answer since %s, and no process of control 6-6 is in force", desde
            )
            return False
        return True

    def _restablecer(self, caida: CaidaCrm, hasta: dt.datetime, now: dt.datetime) -> None:
        """Whoever was told while it was away is told that it is back; who is told afterwards reads
        it in the first letter."""

        def anotar(w: Writing) -> None:
            disponibilidad.restablecer(w.session, caida.id, hasta)
            orden = avisos.DesdeOrden(w.session, w.now, w.enqueue, w.case_key, w.instance_id)
            if "caida_hasta" not in w.data:
                contingencia.avisar_que_volvio(orden, caida.id, hasta)

        try:
            self.engine.messages.correlate(
                RESTABLECIDO, str(caida.id), {}, actor=SYSTEM, now=now, records=anotar
            )
        except NotWaiting:
            log.warning("nobody waits for the end of outage %s", caida.id)
