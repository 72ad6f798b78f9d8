"""The guard around every connector: verified holder, read log, breaker, retries, time limit, hash,
health.

The order of a question: holder → log → breaker → tries → answer with its hash. Nothing is asked
that is not logged.
"""

import datetime as dt
import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from common import spans
from common.language import kept
from common.metrics import BREAKER, CONNECTOR_CALLS
from engine.types import Data
from handlers.conectores.proteccion import Politica, con_limite, con_reintentos
from handlers.conectores.tipos import (
    Conector,
    Documento,
    Fila,
    Plazo,
    Pregunta,
    PreguntaDeCaso,
    RegistroIlegible,
    Respuesta,
    TitularidadNoVerificada,
)
from records.plazos.reglas.calendario import ZONA
from records.sistemas.puertos import (
    Causa,
    EstadoCircuito,
    FallaDeSistema,
    Lectura,
    OtraVez,
    Salud,
    Vecino,
)
from records.sistemas.reglas.sistemas import Sistema

T = TypeVar("T")
Estado = Literal["ok", "sin_datos", "no_disponible", "no_configurado"]
#: Is this document that of the holder verified in this visit? Reads what was persisted at 5.2.4 or
#: 5.2.5.
Verificada = Callable[[Documento], bool]
#: Puts one line into the access chain: kind, subject, instant, detail (ids only).
Bitacora = Callable[[str, str, dt.datetime, Data], None]
#: Keeps that the breaker of a system opened or closed: code, what it is now, instant, why.
Suceso = Callable[[str, EstadoCircuito, dt.datetime, str], None]


@dataclass(frozen=True, slots=True)
class Resultado:
    """What a system said. `hash` is over source, cut-off and rows: the evidence of what the adviser
    could read."""

    estado: Estado
    filas: tuple[Fila, ...]
    fecha_corte: dt.date | None
    fuente: str
    hash: str
    ms: int
    detalle: str = ""  # why it is not available
    causa: Causa | None = None

    def lectura(self, sistema: str) -> Lectura:
        """As it is kept."""
        if self.estado == "no_configurado":
            return Lectura(sistema, self.estado)
        corte = dt.datetime.combine(self.fecha_corte, dt.time(), ZONA) if self.fecha_corte else None
        return Lectura(
            sistema,
            self.estado,
            self.filas,
            corte,
            self.fuente,
            self.hash,
            self.ms,
            self.causa or "",
            self.detalle,
        )


#: State of a breaker → what is measured of it (common/metrics.py).
MEDIDA: Mapping[EstadoCircuito, int] = {"cerrado": 0, "prueba": 1, "abierto": 2}


class Guarda:
    """One for each system and process: it holds the breaker. Thread safe. Without a connector it
    answers "no_configurado"."""

    def __init__(
        self,
        sistema: Sistema,
        conector: Conector | None,
        *,
        verificada: Verificada,
        bitacora: Bitacora,
        suceso: Suceso,
        politica: Politica | None = None,
    ) -> None:
        self.sistema = sistema
        self._conector = conector
        self._verificada = verificada
        self._bitacora = bitacora
        self._suceso = suceso
        self._politica = politica or Politica()
        self._circuito = self._politica.circuito()
        if conector is not None:
            BREAKER.labels(sistema.codigo).set_function(lambda: MEDIDA[self._circuito.estado])

    @property
    def conectada(self) -> bool:
        return self._conector is not None

    def consultar(self, pregunta: Pregunta) -> Resultado:
        """Raises one thing only, TitularidadNoVerificada, before anything is asked; a failing
        system is a state."""
        doc = pregunta.doc
        if not doc.numero or not self._verificada(doc):
            self._bitacora("legado_negado", f"turno:{doc.turno_id}", pregunta.now, {})
            raise TitularidadNoVerificada(doc.turno_id)
        detalle: Data = {
            "turno_id": doc.turno_id,
            "sistemas": [self.sistema.codigo],
            "asesor_id": pregunta.asesor_id,
        }
        self._bitacora("consulta_legado", f"persona:{pregunta.persona_id}", pregunta.now, detalle)
        return self._preguntar(doc, pregunta.servicio, pregunta.now)

    def consultar_en_caso(self, pregunta: PreguntaDeCaso) -> Resultado:
        """The same for a step of a diagram: who confirmed in its case who the person is stands
        where the holder of a visit does."""
        if not pregunta.doc.numero or not pregunta.quien:
            self._bitacora("legado_negado", pregunta.case_key, pregunta.now, {})
            raise TitularidadNoVerificada(pregunta.doc.turno_id)
        de_quien = (
            f"persona:{pregunta.persona_id}"
            if pregunta.persona_id is not None
            else pregunta.case_key
        )
        detalle: Data = {
            "caso": pregunta.case_key,
            "sistemas": [self.sistema.codigo],
            "asesor_id": pregunta.quien,
        }
        self._bitacora("consulta_legado", de_quien, pregunta.now, detalle)
        return self._preguntar(pregunta.doc, pregunta.servicio, pregunta.now)

    def _preguntar(self, doc: Documento, servicio: str | None, now: dt.datetime) -> Resultado:
        desde = time.perf_counter()
        conector = self._conector
        if conector is None:
            return self._resultado("no_configurado", _NADA, desde)
        try:
            leido = self._protegida(lambda plazo: conector.preguntar(doc, servicio, plazo), now)
        except FallaDeSistema as falla:
            return self._resultado("no_disponible", _NADA, desde, falla)
        return self._resultado("ok" if leido.filas else "sin_datos", leido, desde)

    def salud(self) -> Salud:
        """Asks whether the system is there, once and past the breaker, so that a recovery shows at
        once."""
        codigo, desde = self.sistema.codigo, time.perf_counter()
        if self._conector is None:
            return Salud(codigo, "no_conectado", "cerrado", 0)
        try:
            probado = self._intento(self._conector.probar)
        except FallaDeSistema as falla:
            return Salud(
                codigo, "no_responde", self._circuito.estado, _ms(desde), falla.detalle, falla.causa
            )
        return Salud(
            codigo, "responde", self._circuito.estado, _ms(desde), probado.nota, corte=probado.corte
        )

    @property
    def vecino(self) -> Vecino:
        otra_vez = self.otra_vez if self.conectada else None
        return Vecino(self.sistema.codigo, self.sistema.nombre, self.salud, otra_vez)

    def otra_vez(self, p: OtraVez) -> Lectura:
        doc = Documento(p.tipo_doc, p.num_doc, p.turno_id)
        pregunta = PreguntaDeCaso(doc, p.case_key, p.quien, p.now, p.persona_id, p.obligacion)
        return self.consultar_en_caso(pregunta).lectura(self.sistema.codigo)

    def _protegida(self, hacer: Callable[[Plazo], T], now: dt.datetime) -> T:
        if not self._circuito.permite():
            raise FallaDeSistema(
                kept("no responde; se vuelve a intentar en unos segundos"),
                causa=Causa.PROTEGIDO,
                pasajera=False,
            )
        try:
            leido = con_reintentos(
                lambda: self._intento(hacer), self._politica.reintentos, self._politica.pausa
            )
        except BaseException as error:
            self._anotar(now, error)
            raise
        self._anotar(now)
        return leido

    def _anotar(self, now: dt.datetime, error: BaseException | None = None) -> None:
        # one bad record: it answers everybody else
        exito = error is None or isinstance(error, RegistroIlegible)
        if cambio := self._circuito.anotar(exito=exito):
            self._suceso(
                self.sistema.codigo,
                cambio,
                now,
                error.detalle if isinstance(error, FallaDeSistema) else "",
            )

    def _intento(self, hacer: Callable[[Plazo], T]) -> T:
        plazo = Plazo(self._politica.espera)
        with spans.span(f"ask {self.sistema.codigo}", kind="CLIENT"):
            return con_limite(lambda: hacer(plazo), plazo.segundos, cancelar=plazo.vencer)

    def _resultado(
        self, estado: Estado, leido: Respuesta, desde: float, falla: FallaDeSistema | None = None
    ) -> Resultado:
        fuente = self.sistema.nombre
        CONNECTOR_CALLS.labels(self.sistema.codigo, estado).observe(time.perf_counter() - desde)
        hash_ = huella(fuente, leido.fecha_corte, leido.filas)
        detalle, causa = (falla.detalle, falla.causa) if falla else ("", None)
        return Resultado(
            estado, leido.filas, leido.fecha_corte, fuente, hash_, _ms(desde), detalle, causa
        )


_NADA = Respuesta((), None)


def vecino(
    codigo: str, nombre: str, probar: Callable[[], str | None] | None, espera: float = 3.0
) -> Vecino:
    """A system that no visit asks through a guard: it can be looked at all the same, within the
    same time. `probar` gives what is to be known although it answers; None: none is connected."""

    def mirar() -> Salud:
        if probar is None:
            return Salud(codigo, "no_conectado", "cerrado", 0)
        desde = time.perf_counter()
        try:
            nota = con_limite(probar, espera, cancelar=lambda: None)
        except FallaDeSistema as falla:
            return Salud(codigo, "no_responde", "cerrado", _ms(desde), falla.detalle, falla.causa)
        return Salud(codigo, "responde", "cerrado", _ms(desde), nota or "")

    return Vecino(codigo, nombre, mirar)


def huella(fuente: str, fecha_corte: dt.date | None, filas: tuple[Fila, ...]) -> str:
    """SHA-256 over canonical JSON: two readers of the same answer get the same text."""
    contenido = {
        "fuente": fuente,
        "fecha_corte": fecha_corte.isoformat() if fecha_corte else None,
        "filas": filas,
    }
    texto = json.dumps(contenido, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(texto.encode()).hexdigest()


def _ms(desde: float) -> int:
    return round((time.perf_counter() - desde) * 1000)
