"""A service of the list over HTTP: behind a breaker, tried again while that may help, whole within
a limit, never to another address.

A request that changes something and was left unanswered is repeated only to a service that tells
repeated ones by their key.
"""

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import urllib3

from common import tls
from common.language import kept
from common.metrics import BREAKER, CONNECTOR_CALLS
from handlers.conectores import certificados
from handlers.conectores.guarda import MEDIDA
from handlers.conectores.proteccion import Circuito, Politica, con_limite, con_reintentos
from handlers.conectores.servicios import BEARER, Servicio
from records.base import toml
from records.sistemas.puertos import Causa, EstadoCircuito, FallaDeSistema

SISTEMA: Final = "servicios"  #: how pages about the systems around call all of them together
TOPE: Final = 1024 * 1024  #: bytes of an answer
CUBIERTO: Final = "••••••"
BIEN, APARTE = range(200, 300), range(300, 400)
SIN_PERMISO, PROHIBIDO, SIN_TIEMPO, TEMPRANO, DESPACIO, SERVIDOR = 401, 403, 408, 425, 429, 500
CAMBIAN: Final = frozenset({"POST", "PATCH"})  #: done twice they are two


class DijoNo(FallaDeSistema):
    """It answered, and it was no: of this there is nothing to mend here."""

    def __init__(self, estado: int) -> None:
        super().__init__(kept("respondió %(e)s", e=estado), causa=Causa.RECHAZADO, pasajera=False)
        self.estado = estado


class SinSaber(FallaDeSistema):
    """It may have done it, and it may not."""


@dataclass(frozen=True, slots=True)
class Pedido:
    """`ruta`: below the address of the service, with its query, as it goes over the wire."""

    metodo: str
    ruta: str
    cuerpo: bytes | None = None
    llave: str = ""


@dataclass(slots=True)
class Cliente:
    """Thread safe. `suceso`: keeps that the breaker opened or closed; without it the client only
    looks, and its breaker is not measured."""

    servicio: Servicio
    suceso: Callable[[str, EstadoCircuito, dt.datetime, str], None] | None = None
    politica: Politica = field(default_factory=Politica)
    _circuito: Circuito = field(init=False)
    _http: urllib3.PoolManager = field(init=False)

    def __post_init__(self) -> None:
        confianza = tls.client(self.servicio.autoridades, self.servicio.certificado)
        self._http = urllib3.PoolManager(
            maxsize=4, retries=False, ssl_context=confianza, headers={"User-Agent": "Ventanilla"}
        )
        self._circuito = self.politica.circuito()
        if self.suceso is not None:
            BREAKER.labels(f"servicio_{self.servicio.codigo}").set_function(
                lambda: MEDIDA[self._circuito.estado]
            )

    def direccion(self, pedido: Pedido) -> str:
        return f"{self.servicio.url}/{pedido.ruta}" if pedido.ruta else self.servicio.url

    def encabezados(self, pedido: Pedido, *, cubierto: bool = False) -> dict[str, str]:
        """`cubierto`: as people may see them."""
        van = {"Accept": "application/json"}
        if pedido.cuerpo is not None:
            van["Content-Type"] = "application/json"
        if pedido.llave:
            van["Idempotency-Key"] = pedido.llave
        secreto = toml.de_ahora(self.servicio.archivo, self.servicio.secreto)
        if secreto or self.servicio.cerrado:
            dicho = CUBIERTO if cubierto else secreto
            van[self.servicio.encabezado] = (
                f"Bearer {dicho}" if self.servicio.encabezado == BEARER else dicho
            )
        return van

    def pedir(self, pedido: Pedido, now: dt.datetime) -> bytes:
        """What it answered. DijoNo, SinSaber or another FallaDeSistema."""
        if not self._circuito.permite():
            raise FallaDeSistema(
                kept("no responde; se vuelve a intentar en unos segundos"),
                causa=Causa.PROTEGIDO,
                pasajera=True,
            )
        desde, como = time.perf_counter(), "no_disponible"
        try:
            leido = con_reintentos(
                lambda: self._intento(pedido), self.politica.reintentos, self.politica.pausa
            )
            como = "ok"
        except DijoNo:
            como = "sin_datos"
            self._anotar(now)
            raise
        except BaseException as error:
            self._anotar(now, error)
            raise
        finally:
            CONNECTOR_CALLS.labels(SISTEMA, como).observe(time.perf_counter() - desde)
        self._anotar(now)
        return leido

    def probar(self) -> None:
        """Returns when it is there. Without a `prueba` whatever it answers will do: its address may
        hold nothing of its own."""
        pedido = Pedido("GET", self.servicio.prueba.lstrip("/"))
        self._exigir_secreto()
        try:
            self._intento(pedido)
        except FallaDeSistema as falla:
            if self.servicio.prueba or falla.causa not in (Causa.RECHAZADO, Causa.NO_PERMITIDO):
                raise

    def _exigir_secreto(self) -> None:
        if self.servicio.cerrado:
            raise FallaDeSistema(
                kept("este proceso no puede leer su secreto"),
                causa=Causa.NO_PERMITIDO,
                pasajera=False,
            )

    def _anotar(self, now: dt.datetime, error: BaseException | None = None) -> None:
        cambio = self._circuito.anotar(exito=error is None)
        if cambio and self.suceso is not None:
            detalle = error.detalle if isinstance(error, FallaDeSistema) else ""
            self.suceso(
                SISTEMA,
                cambio,
                now,
                f"{self.servicio.nombre}: {detalle}" if detalle else self.servicio.nombre,
            )

    def _intento(self, pedido: Pedido) -> bytes:
        """One request. What it did not take it has not done; of what it took and left unanswered
        nobody knows."""
        self._exigir_secreto()
        try:
            estado, leido = self._enviar(pedido)
        except (
            urllib3.exceptions.NewConnectionError,
            urllib3.exceptions.NameResolutionError,
        ) as error:
            raise FallaDeSistema(
                kept("nadie responde en esa dirección"), causa=Causa.SIN_CONEXION, pasajera=True
            ) from error
        except urllib3.exceptions.ConnectTimeoutError as error:
            raise FallaDeSistema(
                kept("sin respuesta en %(e)s s", e=self.servicio.espera),
                causa=Causa.SIN_RESPUESTA,
                pasajera=True,
            ) from error
        except urllib3.exceptions.SSLError as error:
            # broken off, perhaps after it was sent
            if not certificados.anotar(f"the service {self.servicio.codigo}", error):
                raise self._sin_saber(
                    pedido, kept("se cortó la conexión segura"), Causa.SIN_CONEXION
                ) from error
            raise FallaDeSistema(
                kept("su certificado no es de confianza"), causa=Causa.SIN_CONEXION, pasajera=False
            ) from error
        except urllib3.exceptions.TimeoutError as error:
            raise self._sin_saber(
                pedido,
                kept("sin respuesta en %(e)s s", e=self.servicio.espera),
                Causa.SIN_RESPUESTA,
            ) from error
        except urllib3.exceptions.HTTPError as error:
            raise self._sin_saber(pedido, type(error).__name__, Causa.SIN_CONEXION) from error
        except FallaDeSistema as error:  # the limit of the whole
            raise self._sin_saber(pedido, error.detalle, error.causa) from error
        if estado in BIEN:
            if len(leido) > TOPE:
                raise FallaDeSistema(
                    kept("la respuesta pasa de %(t)s bytes", t=TOPE),
                    causa=Causa.ILEGIBLE,
                    pasajera=False,
                )
            return leido
        if estado in APARTE:
            raise FallaDeSistema(
                kept("envía a otra dirección (%(e)s), y no se sigue", e=estado),
                causa=Causa.RECHAZADO,
                pasajera=False,
            )
        if estado in (SIN_PERMISO, PROHIBIDO):
            raise FallaDeSistema(
                kept("no nos aceptó (%(e)s)", e=estado), causa=Causa.NO_PERMITIDO, pasajera=False
            )
        if estado in (SIN_TIEMPO, TEMPRANO, DESPACIO):
            raise FallaDeSistema(
                kept("pide volver más tarde (%(e)s)", e=estado), causa=Causa.OCUPADO, pasajera=True
            )
        if estado >= SERVIDOR:
            raise self._sin_saber(pedido, kept("respondió %(e)s", e=estado), Causa.OTRA)
        raise DijoNo(estado)

    def una_sola_vez(self, pedido: Pedido) -> bool:
        """It changes something, and asked for twice it would be done twice."""
        return pedido.metodo in CAMBIAN and not self.servicio.reconoce_llave

    def _sin_saber(self, pedido: Pedido, detalle: str, causa: Causa) -> FallaDeSistema:
        if self.una_sola_vez(pedido):
            return SinSaber(detalle, causa=causa, pasajera=False)
        return FallaDeSistema(detalle, causa=causa, pasajera=True)

    def _enviar(self, pedido: Pedido) -> tuple[int, bytes]:
        """Whole within the limit even if its answer drips."""
        abiertas: list[urllib3.BaseHTTPResponse] = []
        espera = float(self.servicio.espera)

        def hacer() -> tuple[int, bytes]:
            respuesta = self._http.request(
                pedido.metodo,
                self.direccion(pedido),
                headers=self.encabezados(pedido),
                body=pedido.cuerpo,
                timeout=urllib3.Timeout(connect=espera, read=espera),
                redirect=False,
                preload_content=False,
            )
            abiertas.append(respuesta)
            entera = False
            try:
                leido = respuesta.read(TOPE + 1, decode_content=True)
                entera = len(leido) <= TOPE
            finally:
                if entera:
                    respuesta.release_conn()
                else:  # what is left of it is nobody's answer
                    respuesta.close()
            return respuesta.status, leido

        def soltar() -> None:
            for respuesta in abiertas:
                respuesta.close()

        return con_limite(hacer, espera * 2, cancelar=soltar)
