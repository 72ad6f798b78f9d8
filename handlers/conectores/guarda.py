"""The guard around every connector: verified holder, read log, breaker, retries, time limit, hash, health.

The order of a question: holder → log → breaker → tries → answer with its hash. Nothing is asked that is not logged.
"""

import datetime as dt
import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from typing import TypeVar

from engine.types import Data
from handlers.conectores.proteccion import Circuito
from handlers.conectores.proteccion import EstadoCircuito
from handlers.conectores.proteccion import Politica
from handlers.conectores.proteccion import con_limite
from handlers.conectores.proteccion import con_reintentos
from handlers.conectores.tipos import Conector
from handlers.conectores.tipos import Documento
from handlers.conectores.tipos import Fila
from handlers.conectores.tipos import Plazo
from handlers.conectores.tipos import Pregunta
from handlers.conectores.tipos import RegistroIlegible
from handlers.conectores.tipos import Respuesta
from handlers.conectores.tipos import TitularidadNoVerificada
from records.puertos import Causa
from records.puertos import FallaDeSistema
from records.rules.sistemas import Sistema

T = TypeVar("T")
Estado = Literal["ok", "sin_datos", "no_disponible", "no_configurado"]
#: Is this document that of the holder verified in this visit? Reads what was persisted at 5.2.4 or 5.2.5.
Verificada = Callable[[Documento], bool]
#: Puts one line into the access chain: kind, subject, instant, detail (ids only).
Bitacora = Callable[[str, str, dt.datetime, Data], None]


@dataclass(frozen=True, slots=True)
class Resultado:
    """What a system said. `hash` is over source, cut-off and rows: the evidence of what the adviser could read."""

    estado: Estado
    filas: tuple[Fila, ...]
    fecha_corte: dt.date | None
    fuente: str
    hash: str
    ms: int
    detalle: str = ""  # why it is not available
    causa: Causa | None = None


@dataclass(frozen=True, slots=True)
class Salud:
    sistema: str
    disponible: bool
    circuito: EstadoCircuito
    ms: int
    detalle: str = ""  # why it is not available, or what is to be known although it is


class Guarda:
    """One for each system and process: it holds the breaker. Thread safe. Without a connector it answers "no_configurado"."""

    def __init__(
        self, sistema: Sistema, conector: Conector | None, *, verificada: Verificada, bitacora: Bitacora, politica: Politica | None = None
    ) -> None:
        self.sistema = sistema
        self._conector = conector
        self._verificada = verificada
        self._bitacora = bitacora
        self._politica = politica or Politica()
        self._circuito = Circuito(self._politica.fallas_para_abrir, self._politica.abierto)

    @property
    def conectada(self) -> bool:
        return self._conector is not None

    def consultar(self, pregunta: Pregunta) -> Resultado:
        """Raises one thing only, TitularidadNoVerificada, before anything is asked; a failing system is a state."""
        doc = pregunta.doc
        if not doc.numero or not self._verificada(doc):
            self._bitacora("legado_negado", f"turno:{doc.turno_id}", pregunta.now, {})
            raise TitularidadNoVerificada(doc.turno_id)
        detalle: Data = {"turno_id": doc.turno_id, "sistemas": [self.sistema.codigo], "asesor_id": pregunta.asesor_id}
        self._bitacora("consulta_legado", f"persona:{pregunta.persona_id}", pregunta.now, detalle)

        desde = time.perf_counter()
        conector = self._conector
        if conector is None:
            return self._resultado("no_configurado", _NADA, desde)
        try:
            leido = self._protegida(lambda plazo: conector.preguntar(doc, pregunta.servicio, plazo))
        except FallaDeSistema as falla:
            return self._resultado("no_disponible", _NADA, desde, falla)
        return self._resultado("ok" if leido.filas else "sin_datos", leido, desde)

    def salud(self) -> Salud:
        """Asks whether the system is there, once and past the breaker, so that a recovery shows at once."""
        desde, detalle, disponible = time.perf_counter(), "no configurado", False
        try:
            if self._conector is not None:
                detalle = self._intento(self._conector.probar) or ""
                disponible = True
        except FallaDeSistema as falla:
            detalle = falla.detalle
        return Salud(self.sistema.codigo, disponible, self._circuito.estado, _ms(desde), detalle)

    def _protegida(self, hacer: Callable[[Plazo], T]) -> T:
        if not self._circuito.permite():
            raise FallaDeSistema("no responde; se vuelve a intentar en unos segundos", causa=Causa.PROTEGIDO, pasajera=False)
        exito = False
        try:
            leido = con_reintentos(lambda: self._intento(hacer), self._politica.pausas)
            exito = True
        except RegistroIlegible:
            exito = True  # one bad record is no reason to spare the system: it answers everybody else
            raise
        finally:
            self._circuito.anotar(exito=exito)
        return leido

    def _intento(self, hacer: Callable[[Plazo], T]) -> T:
        plazo = Plazo(self._politica.espera)
        return con_limite(lambda: hacer(plazo), plazo.segundos, cancelar=plazo.vencer)

    def _resultado(self, estado: Estado, leido: Respuesta, desde: float, falla: FallaDeSistema | None = None) -> Resultado:
        fuente = self.sistema.nombre
        hash_ = huella(fuente, leido.fecha_corte, leido.filas)
        detalle, causa = (falla.detalle, falla.causa) if falla else ("", None)
        return Resultado(estado, leido.filas, leido.fecha_corte, fuente, hash_, _ms(desde), detalle, causa)


_NADA = Respuesta((), None)


def huella(fuente: str, fecha_corte: dt.date | None, filas: tuple[Fila, ...]) -> str:
    """SHA-256 over canonical JSON: two readers of the same answer get the same text."""
    contenido = {"fuente": fuente, "fecha_corte": fecha_corte.isoformat() if fecha_corte else None, "filas": filas}
    texto = json.dumps(contenido, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(texto.encode()).hexdigest()


def _ms(desde: float) -> int:
    return round((time.perf_counter() - desde) * 1000)
