"""Scenarios of a package, run by the engine in a world of their own that is thrown away: nothing of
it stays, nobody hears of it.

Actions of packages are carried out (docs/actions.md); the agency's own code, and every system,
answers what the scenario says.
"""

import datetime as dt
import hashlib
import logging
import math
import shutil
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from common.faults import is_outage
from common.language import SPANISH, joined, kept, language, marked, said, speaking
from engine import reads
from engine.clock import GivenClock
from engine.commands import Engine
from engine.errors import (
    BusinessError,
    Conflict,
    DeployRefused,
    EngineError,
    InvalidValues,
    NotAllowed,
)
from engine.states import ActorKind, StepState
from engine.types import (
    SYSTEM,
    Actor,
    Call,
    Data,
    ElementSpec,
    Handlers,
    LocalHandler,
    Role,
    StartForm,
    Value,
)
from records.base.errores import Rechazo
from records.base.tablas import todas
from records.casos import registro
from records.correo.tablas import Aviso
from records.paquetes.reglas import escenarios as reglas
from records.paquetes.reglas.escenarios import Escenario, Paso, Valores
from records.paquetes.reglas.paquete import Falta, Paquete
from webforms.paquetes.faltas import frases
from webforms.tareas.rechazos import lo_que_no_se_acepta

log = logging.getLogger(__name__)

RECORDADOS: Final = 16
PLAZO: Final = 20.0  # seconds for all the scenarios of a package: a page waits for them
ESPERA: Final = 1.0  # seconds for another trial to end
MAX_ESCENARIOS: Final = 50
VUELTAS: Final = 1_000  # of timers and messages, in the whole scenario
CIUDADANO: Final = "ciudadano"
NO_PUEDE: Final = {
    "same_person": marked(": ya hizo una tarea que debe hacer otra persona"),
    "lane": marked(": no es de ese carril"),
    "delivery": marked(": el diagrama no deja que lo entregue"),
}


@dataclass(frozen=True, slots=True)
class Resultado:
    """What became of a scenario: nothing in `diferencias` is well."""

    archivo: str
    nombre: str
    diferencias: Sequence[str]
    tarde: bool = False  #: it was not run to its end: another time it may be

    @property
    def bien(self) -> bool:
        return not self.diferencias


class Distinto(Exception):
    """The case did not go as the scenario says; the sentence says where."""


class Tarde(Distinto):
    """The time that all scenarios have together is over."""


class OtroEnsayo(Exception):
    """Scenarios are being run for somebody else: one at a time, so that the rest of the site goes
    on."""


_hechos: OrderedDict[str, list[Resultado]] = OrderedDict()
PUERTA: Final = threading.Lock()


def probar(
    engine: Engine, paquete: Paquete, archivos: Mapping[str, bytes], *, plazo: float = PLAZO
) -> list[Resultado]:
    """Each scenario of the package among these files, in a world of its own. The same files say the
    same: they are run once, unless the time was over. Raises OtroEnsayo."""
    if not PUERTA.acquire(timeout=ESPERA):
        raise OtroEnsayo
    try:
        sabidos = recordados(engine, paquete, archivos)
        if sabidos is None or any(r.tarde for r in sabidos):
            sabidos = _hechos[_clave(engine, paquete, archivos)] = _probar_todos(
                engine, paquete, archivos, time.monotonic() + plazo
            )
            while len(_hechos) > RECORDADOS:
                _hechos.popitem(last=False)
        return sabidos
    finally:
        PUERTA.release()


def recordados(
    engine: Engine, paquete: Paquete, archivos: Mapping[str, bytes]
) -> list[Resultado] | None:
    """What came out when these files were run; None when they were not, here and lately."""
    return _hechos.get(_clave(engine, paquete, archivos))


def _clave(engine: Engine, paquete: Paquete, archivos: Mapping[str, bytes]) -> str:
    return f"{id(engine)} {language()} {paquete.codigo} {hashlib.sha256(repr(sorted(archivos.items())).encode()).hexdigest()}"


def _probar_todos(
    engine: Engine, paquete: Paquete, archivos: Mapping[str, bytes], fin: float
) -> list[Resultado]:
    leidos = [
        (nombre, *reglas.leer(nombre, archivos[nombre]))
        for nombre in reglas.de_un_paquete(paquete.codigo, archivos)
    ]
    if not leidos:
        return []
    suyas = {nombre: archivos[nombre] for nombre in paquete.piezas if nombre in archivos}
    with tempfile.TemporaryDirectory(prefix="ensayo-", ignore_cleanup_errors=True) as carpeta:
        vacio = Path(carpeta) / "vacio.db"
        # with the package alone, or, when it needs diagrams of others, with all that is there
        bien = _fundar(engine, vacio, suyas) or _fundar(engine, vacio, archivos)
        lector = language()
        with speaking(None):  # letters are as the agency writes them, whoever tries
            ensayados = [
                _probar(engine, vacio if bien else None, fin, lector, *leido)
                for leido in leidos[:MAX_ESCENARIOS]
            ]
    ensayados = [replace(r, diferencias=[said(d) for d in r.diferencias]) for r in ensayados]
    de_mas = said(
        "No se prueba: se prueban los primeros %(n)s escenarios de un procedimiento.",
        n=MAX_ESCENARIOS,
    )
    return ensayados + [
        Resultado(nombre, _llamado(nombre, escenario), [de_mas])
        for nombre, escenario, _f in leidos[MAX_ESCENARIOS:]
    ]


def _llamado(archivo: str, escenario: Escenario | None) -> str:
    return escenario.nombre if escenario is not None else archivo.rpartition("/")[2]


def _fundar(engine: Engine, ruta: Path, archivos: Mapping[str, bytes]) -> bool:
    """A database in which these files are in force and nothing else is: every scenario begins with
    a copy of it."""
    ruta.unlink(missing_ok=True)
    nadie = Escenario("", "", "")
    with _mundo(engine, ruta, nadie) as mundo:
        todas().create_all(mundo.engine.db)
        try:
            mundo.engine.releases.deploy(archivos, actor=SYSTEM, now=nadie.empieza)
        except DeployRefused:
            return False
    return True


def _probar(
    engine: Engine,
    vacio: Path | None,
    fin: float,
    lector: str,
    nombre: str,
    escenario: Escenario | None,
    faltas: Sequence[Falta],
) -> Resultado:
    """`lector`: the language of who tries."""
    if escenario is None:
        with speaking(lector):
            return Resultado(nombre, _llamado(nombre, escenario), frases(faltas))
    if vacio is None:
        return Resultado(
            nombre,
            escenario.nombre,
            [kept("Los diagramas y tablas tienen errores: vea la revisión.")],
        )
    ruta = vacio.with_name("caso.db")
    shutil.copyfile(vacio, ruta)
    try:
        with _mundo(engine, ruta, escenario, fin, lector) as mundo:
            return Resultado(nombre, escenario.nombre, mundo.correr())
    except Tarde as tarde:
        return Resultado(nombre, escenario.nombre, [str(tarde)], tarde=True)
    except (
        Exception
    ) as error:  # of what somebody wrote there: the other scenarios, and the page, go on
        if is_outage(error):
            raise
        log.exception("the scenario %s broke", nombre)
        return Resultado(
            nombre, escenario.nombre, [kept("No se pudo seguir: %(e)s", e=_dicho(error, lector))]
        )


@contextmanager
def _mundo(
    engine: Engine, ruta: Path, escenario: Escenario, fin: float = math.inf, lector: str = SPANISH
) -> Iterator["Mundo"]:
    db = sa.create_engine(f"sqlite:///{ruta}")
    sa.event.listen(
        db, "connect", lambda conexion, _registro: conexion.execute("PRAGMA synchronous=OFF")
    )
    reloj = GivenClock(escenario.empieza)
    try:
        yield Mundo(
            engine.elsewhere(
                db, clock=reloj, handlers=manejadores(engine.core.handlers, escenario)
            ),
            reloj,
            escenario,
            fin,
            lector,
        )
    finally:
        db.dispose()


def manejadores(conocidos: Handlers, escenario: Escenario) -> Handlers:
    """Actions as they are; for all others what the scenario says, by the element or by the name of
    the handler."""

    def responder(nombre: str, call: Call) -> Data:
        dicho = escenario.sistemas.get(call.element, escenario.sistemas.get(nombre, {}))
        if isinstance(dicho, str):
            raise BusinessError(dicho, dicho)
        return {clave: reglas.con_ahora(valor, call.now) for clave, valor in dicho.items()}

    acciones = {
        nombre: hace for nombre, hace in conocidos.local.items() if nombre in conocidos.actions
    }
    otros: dict[str, LocalHandler] = {
        n: partial(responder, n) for n in conocidos.names if n not in acciones
    }
    return Handlers(local={**acciones, **otros}, actions=dict(conocidos.actions))


class Mundo:
    """One case, as the scenario moves it, until `fin` of the monotonic clock; what it refuses is
    told in the language `lector`."""

    def __init__(
        self, engine: Engine, reloj: GivenClock, escenario: Escenario, fin: float, lector: str
    ) -> None:
        self.engine, self.reloj, self.escenario, self.fin, self.lector = (
            engine,
            reloj,
            escenario,
            fin,
            lector,
        )
        self.caso, self.vueltas = "", 0

    def correr(self) -> list[str]:
        """What differed from what is expected; a step that cannot be done ends it. Raises Tarde."""
        try:
            self._a_tiempo(kept("El inicio"))
            self._empezar()
            for n, paso in enumerate(self.escenario.pasos, 1):
                self._dar(kept("Paso %(n)s", n=n), paso)
        except Tarde:
            raise
        except Distinto as distinto:
            return [str(distinto)]
        return list(self._al_final())

    # --- moving -----------------------------------------------------------------------------------
    def _a_tiempo(self, donde: str) -> None:
        if time.monotonic() > self.fin:
            raise Tarde(kept("%(donde)s: el ensayo tarda demasiado y se dejó aquí.", donde=donde))

    def _valores(self, dichos: Valores) -> dict[str, Value]:
        return {clave: reglas.con_ahora(valor, self.reloj.now()) for clave, valor in dichos.items()}

    def _empezar(self) -> None:
        e, ahora = self.escenario, self.reloj.now()
        with self.engine.uow.reading() as session:
            numero = reads.releases.current(session, self.engine.catalog) or 0
            proceso = reads.releases.processes(session, self.engine.catalog, numero).get(e.proceso)
        if proceso is None:
            raise Distinto(kept("Ningún proceso se llama «%(p)s».", p=e.proceso))
        inicio = proceso.opening
        try:
            if inicio is None or inicio.start is None:
                empezado = self.engine.instances.start(
                    e.proceso, actor=SYSTEM, now=ahora, data=self._valores(e.datos)
                )
            else:
                roles = frozenset(Role(rol) for rol in inicio.start.roles)
                quien = Actor(
                    ActorKind.PERSON, CIUDADANO if inicio.start.public else "inicio", roles
                )
                self._conocidos(kept("El inicio"), inicio, e.inicio)
                form = StartForm(self._valores(e.inicio))
                empezado = self.engine.instances.start(
                    e.proceso, actor=quien, now=ahora, data=self._valores(e.datos), form=form
                )
        except EngineError as error:
            raise Distinto(
                kept("El caso no empieza: %(e)s", e=_dicho(error, self.lector))
            ) from error
        self.caso = empezado.case_key
        self._asentar(kept("El inicio"))

    def _dar(self, donde: str, paso: Paso) -> None:
        self._a_tiempo(donde)
        try:
            if paso.hace:
                self._hacer(donde, paso)
            elif paso.llega:
                self._llegar(donde, paso)
            elif paso.mensaje:
                datos = self._valores(paso.datos)
                self.engine.messages.correlate(
                    paso.mensaje, paso.clave, datos, actor=SYSTEM, now=self.reloj.now()
                )
            elif paso.pasa is not None:
                self._pasar(donde, paso)
        except NotAllowed as error:
            por_que = kept(NO_PUEDE[error.reason]) if error.reason in NO_PUEDE else ""
            quien = paso.quien or kept("quien lo hace")
            raise Distinto(
                kept(
                    "%(donde)s: a %(quien)s no se le permite%(por_que)s.",
                    donde=donde,
                    quien=quien,
                    por_que=por_que,
                )
            ) from error
        except Conflict as error:
            mensaje = paso.mensaje or paso.llega
            nada = kept(
                "%(donde)s: nada espera el mensaje «%(mensaje)s» con esa clave.",
                donde=donde,
                mensaje=mensaje,
            )
            raise Distinto(joined(" ", (nada, self._donde_esta()))) from error
        except EngineError as error:
            raise Distinto(_en(donde, _dicho(error, self.lector))) from error
        self._asentar(donde)
        if paso.abiertas is not None and sorted(paso.abiertas) != self._abiertas():
            esperadas = _lista(sorted(paso.abiertas)) or kept("ninguna")
            raise Distinto(
                _en(donde, kept("se esperaban abiertas %(l)s.", l=esperadas), self._donde_esta())
            )

    def _hacer(self, donde: str, paso: Paso) -> None:
        with self.engine.uow.reading() as session:
            tareas = [
                t
                for t in reads.items.of_case(session, self.caso, only_open=True)
                if t.element == paso.hace
            ]
            elementos = (
                reads.releases.elements(session, self.engine.catalog, tareas[0].release)
                if tareas
                else {}
            )
        if not tareas:
            raise Distinto(
                _en(
                    donde,
                    kept("la tarea «%(t)s» no está abierta.", t=paso.hace),
                    self._donde_esta(),
                )
            )
        tarea, elemento = tareas[0], elementos[paso.hace]
        self._conocidos(donde, elemento, paso.datos)
        roles = frozenset({Role(tarea.role, tarea.scope)}) if tarea.role else frozenset()
        entrega = self._valores(paso.entrega)
        self.engine.items.complete(
            tarea.id,
            values=self._valores(paso.datos),
            actor=Actor(ActorKind.PERSON, paso.quien or f"alguien de {tarea.role}", roles),
            now=self.reloj.now(),
            records=(lambda _w: entrega) if entrega else None,
        )

    def _llegar(self, donde: str, paso: Paso) -> None:
        with self.engine.uow.reading() as session:
            esperas = reads.operation.awaited(session, case_key=self.caso, elements=[paso.llega])
            elementos = (
                reads.releases.elements(session, self.engine.catalog, esperas[0].release)
                if esperas
                else {}
            )
        if not esperas:
            raise Distinto(
                _en(donde, kept("nada espera en «%(t)s».", t=paso.llega), self._donde_esta())
            )
        elemento = elementos[paso.llega]
        self._conocidos(donde, elemento, paso.datos)
        entrega = elemento.delivery
        roles = frozenset(Role(rol) for rol in (entrega.roles if entrega is not None else ()))
        quien = Actor(ActorKind.PERSON, paso.quien or "quien entrega", roles)
        values = self._valores(paso.datos)
        self.engine.messages.hand_over(
            esperas[0].task_id, values, actor=quien, now=self.reloj.now(), by_call=not roles
        )

    def _conocidos(self, donde: str, elemento: ElementSpec, datos: Valores) -> None:
        """What a scenario writes into fields that are not there would pass unseen."""
        campos = {campo.name for campo in elemento.fields}
        sobran = (
            sorted(nombre for nombre in datos if nombre not in campos)
            if elemento.form is None
            else []
        )
        if sobran:
            raise Distinto(
                _en(
                    donde,
                    kept(
                        "el formulario de «%(t)s» no tiene %(l)s.", t=elemento.id, l=_lista(sobran)
                    ),
                )
            )

    def _pasar(self, donde: str, paso: Paso) -> None:
        """Each timer at its own moment, as a worker would find it."""
        hasta = self.reloj.now() + (paso.pasa or dt.timedelta())
        while True:
            with self.engine.uow.reading() as session:
                vence = next(
                    (
                        cuando
                        for _i, _e, cuando in reads.instances.timers(session, self.caso)
                        if cuando <= hasta
                    ),
                    None,
                )
            if vence is None:
                self.reloj.move_to(hasta)
                return
            self.reloj.move_to(max(vence, self.reloj.now()))
            self._asentar(donde)

    def _asentar(self, donde: str) -> None:
        """What goes by itself now: messages between processes, timers that are due."""
        while True:
            self.vueltas += 1
            if self.vueltas > VUELTAS:
                vueltas = kept(
                    "pasan más de %(n)s cosas solas; quizás el diagrama da vueltas sobre sí mismo.",
                    n=VUELTAS,
                )
                raise Distinto(_en(donde, vueltas))
            if not self.engine.pump(self.reloj.now(), between=lambda: self._a_tiempo(donde)):
                break
        with self.engine.uow.reading() as session:
            rotos = reads.incidents.open_ones(session)
        if rotos:
            raise Distinto(
                _en(
                    donde,
                    kept(
                        "el caso se detuvo en «%(t)s»: %(e)s",
                        t=rotos[0].element,
                        e=rotos[0].error[:300],
                    ),
                )
            )

    # --- looking ----------------------------------------------------------------------------------
    def _abiertas(self) -> list[str]:
        with self.engine.uow.reading() as session:
            return sorted(
                t.element for t in reads.items.of_case(session, self.caso, only_open=True)
            )

    def _donde_esta(self) -> str:
        return kept("Abiertas: %(l)s.", l=_lista(self._abiertas()) or kept("ninguna"))

    def _al_final(self) -> Iterator[str]:
        esperado = self.escenario.espera
        with self.engine.uow.reading() as session:
            instancias = reads.instances.of_case(session, self.caso)
            dados = [
                (p.at, n, p)
                for i in instancias
                for n, p in enumerate(reads.history.steps(session, i.id))
            ]
            ficha = registro.ficha(session, self.caso)
            asuntos = list(session.scalars(sa.select(Aviso.asunto).order_by(Aviso.id)))
        camino = [
            p.element
            for _cuando, _n, p in sorted(dados, key=lambda dado: dado[:2])
            if p.state == StepState.DONE
        ]
        yield from _del_camino(camino, esperado.camino, esperado.no_pasa)
        termina = all(i.ended_at is not None for i in instancias)
        if esperado.termina is not None and termina != esperado.termina:
            que = (
                kept("Se esperaba que el caso terminara.")
                if esperado.termina
                else kept("Se esperaba que el caso siguiera abierto.")
            )
            yield joined(" ", (que, self._donde_esta()))
        if esperado.abiertas is not None and sorted(esperado.abiertas) != self._abiertas():
            esperadas = _lista(sorted(esperado.abiertas)) or kept("ninguna")
            yield joined(
                " ", (kept("Se esperaban abiertas %(l)s.", l=esperadas), self._donde_esta())
            )
        if esperado.cartas is not None:
            yield from _de_las_cartas(asuntos, esperado.cartas)
        numero, asunto = (ficha.numero, ficha.asunto) if ficha else ("", "")
        if esperado.numero not in (None, numero):
            yield kept(
                "El número es «%(hay)s» y se esperaba «%(dicho)s».",
                hay=numero,
                dicho=esperado.numero,
            )
        if esperado.asunto not in (None, asunto):
            yield kept(
                "El asunto es «%(hay)s» y se esperaba «%(dicho)s».",
                hay=asunto,
                dicho=esperado.asunto,
            )


def _del_camino(
    camino: Sequence[str], esperado: Sequence[str], no_pasa: Sequence[str]
) -> Iterator[str]:
    quedan = iter(camino)
    falta = next((elemento for elemento in esperado if elemento not in quedan), None)
    if falta is not None:
        if falta in camino:
            yield kept(
                "El camino no llega a «%(t)s»: pasó por él antes de lo que se esperaba: %(l)s.",
                t=falta,
                l=_lista(camino),
            )
        else:
            yield kept("El camino no llega a «%(t)s»: no pasó por él.", t=falta)
    yield from (
        kept("Pasó por «%(t)s» y no debía.", t=elemento)
        for elemento in no_pasa
        if elemento in camino
    )


def _de_las_cartas(asuntos: Sequence[str], esperadas: Sequence[str]) -> Iterator[str]:
    bien = len(asuntos) == len(esperadas) and all(
        parte in asunto for parte, asunto in zip(esperadas, asuntos, strict=True)
    )
    if not bien:
        dichas = (_lista(cartas) or kept("ninguna") for cartas in (esperadas, asuntos))
        yield kept(
            "Se esperaban las cartas %(e)s; se enviaron %(a)s.",
            **dict(zip("ea", dichas, strict=True)),
        )


def _en(donde: str, *dichos: str) -> str:
    """ "Paso 2: nada espera en «ep_pago». Abiertas: ninguna." """
    return joined(": ", (donde, joined(" ", dichos)))


def _lista(nombres: Sequence[str]) -> str:
    return ", ".join(f"«{nombre}»" for nombre in nombres)


def _dicho(error: Exception, lector: str) -> str:
    """In the words of the pages where they have some."""
    if isinstance(error, InvalidValues | Rechazo):
        with speaking(lector):
            return lo_que_no_se_acepta(error)[:300]
    return f"{type(error).__name__} {error}"[:300]
