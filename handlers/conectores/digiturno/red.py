"""A turn system over HTTP: it sends us its events signed; it is asked for those that we missed;
what is done here is sent to it, signed.

`GET {url}/eventos?desde=…&tope=…` answers `{"eventos": […], "hasta": "…", "mas": false}`; `POST
{url}/avisos` takes one act.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import urllib3

from common import tls
from common.language import kept
from handlers.conectores import certificados
from handlers.conectores.digiturno.firma import Firmante
from handlers.conectores.proteccion import con_limite
from records.base import toml
from records.sistemas.puertos import Causa, FallaDeSistema
from records.visita.digiturno import Salida
from records.visita.puertos import EventosLeidos
from records.visita.reglas.digiturno import EventoInvalido, leer_evento

TOPE: Final = 4 * 1024 * 1024  #: bytes of an answer
PAGINA: Final = 500  #: events of a page
LARGO_CURSOR: Final = 500
BIEN: Final = range(200, 300)
SIN_PERMISO, PROHIBIDO, SIN_TIEMPO, YA_LO_SABE, TEMPRANO, DESPACIO, SERVIDOR = (
    401,
    403,
    408,
    409,
    425,
    429,
    500,
)


@dataclass(slots=True)
class Red:
    """Thread safe. Without `url` it is only listened to; without `firmante` it is told nothing."""

    url: str = ""
    ficha: str = field(default="", repr=False)  #: with which we ask
    firmante: Firmante | None = None
    autoridades: str | None = None
    certificado: str | None = None  #: ours
    archivo: Path | None = None  #: in which `ficha` stands, and may be renewed
    espera: float = 3.0
    _http: urllib3.PoolManager = field(init=False)

    def __post_init__(self) -> None:
        confianza = tls.client(self.autoridades, self.certificado)
        self._http = urllib3.PoolManager(
            maxsize=2, retries=False, ssl_context=confianza, headers={"User-Agent": "Ventanilla"}
        )

    @property
    def medio(self) -> str:
        return "consulta"

    @property
    def pregunta(self) -> bool:
        return bool(self.url)

    @property
    def avisa(self) -> bool:
        return bool(self.url) and self.firmante is not None

    def eventos(self, desde: str, _now: dt.datetime) -> EventosLeidos:
        return self._eventos(desde, PAGINA)

    def _eventos(self, desde: str, tope: int) -> EventosLeidos:
        leido = self._pedir("GET", "/eventos?" + urlencode({"desde": desde, "tope": tope}))
        dichos, hasta, mas = leido.get("eventos"), leido.get("hasta"), leido.get("mas", False)
        if (
            not isinstance(dichos, list)
            or not isinstance(hasta, str)
            or len(hasta) > LARGO_CURSOR
            or not isinstance(mas, bool)
        ):
            raise _ilegible(kept("se esperan eventos, hasta y mas"))
        eventos, ilegibles = [], []
        for dicho in dichos:
            try:
                eventos.append(leer_evento(dicho))
            except EventoInvalido as error:
                ilegibles.append(str(error))
        return EventosLeidos(eventos, hasta, mas=mas and hasta != desde, ilegibles=ilegibles)

    def avisar(self, salida: Salida, now: dt.datetime) -> None:
        """Under the same name each time: who heard it already knows it."""
        if self.firmante is None:
            raise FallaDeSistema(
                kept("no hay secreto para firmar lo que se le avisa"),
                causa=Causa.NO_PERMITIDO,
                pasajera=False,
            )
        dicho = {
            "punto": salida.punto,
            "ticket": salida.ticket,
            "numero": salida.numero,
            "clase": salida.clase,
            "cuando": salida.cuando.astimezone(dt.UTC).isoformat(),
            "modulo": salida.modulo,
        }
        texto = json.dumps(dicho, ensure_ascii=False)
        firma = self.firmante.firmar(f"ventanilla-{salida.id}", texto, now)
        self._pedir(
            "POST", "/avisos", texto.encode(), {"Content-Type": "application/json", **firma}
        )

    def probar(self) -> None:
        """Without an address it is heard or not; that is told by how long it is silent."""
        if self.url:
            self._eventos("", 0)

    def _pedir(
        self,
        metodo: str,
        ruta: str,
        cuerpo: bytes | None = None,
        mas: Mapping[str, str] | None = None,
    ) -> Mapping[str, Any]:
        """One request, whole within the limit even if its answer drips."""
        encabezados = {"Accept": "application/json", **(mas or {})}
        if ficha := toml.de_ahora(self.archivo, self.ficha):
            encabezados["Authorization"] = f"Bearer {ficha}"
        abiertas: list[urllib3.BaseHTTPResponse] = []

        def hacer() -> tuple[int, bytes]:
            respuesta = self._http.request(
                metodo,
                f"{self.url}{ruta}",
                headers=encabezados,
                body=cuerpo,
                timeout=urllib3.Timeout(connect=self.espera, read=self.espera),
                redirect=False,
                preload_content=False,
            )
            abiertas.append(respuesta)
            try:
                leido = respuesta.read(TOPE + 1, decode_content=True)
            finally:
                respuesta.release_conn()
            return respuesta.status, leido

        def soltar() -> None:
            for respuesta in abiertas:
                respuesta.close()

        try:
            estado, leido = con_limite(hacer, self.espera * 2, cancelar=soltar)
        except (
            urllib3.exceptions.NewConnectionError
        ) as error:  # of the family of time limits, but nobody is there
            raise FallaDeSistema(
                kept("nadie responde en esa dirección"), causa=Causa.SIN_CONEXION, pasajera=True
            ) from error
        except urllib3.exceptions.TimeoutError as error:
            raise FallaDeSistema(
                kept("sin respuesta en %(e)s s", e=f"{self.espera:g}"),
                causa=Causa.SIN_RESPUESTA,
                pasajera=True,
            ) from error
        except urllib3.exceptions.HTTPError as error:
            if certificados.anotar(f"the turn system at {self.url}", error):
                raise FallaDeSistema(
                    kept("su certificado no es de confianza"),
                    causa=Causa.SIN_CONEXION,
                    pasajera=True,
                ) from error
            raise FallaDeSistema(
                type(error).__name__, causa=Causa.SIN_CONEXION, pasajera=True
            ) from error
        if metodo == "POST" and (estado in BIEN or estado == YA_LO_SABE):
            return {}
        if estado not in BIEN:
            raise _por_estado(estado)
        if len(leido) > TOPE:
            raise _ilegible(kept("la respuesta pasa de %(t)s bytes", t=TOPE))
        try:
            dicho = json.loads(leido)
        except (ValueError, RecursionError) as error:
            raise _ilegible(kept("la respuesta no es JSON")) from error
        if not isinstance(dicho, dict):
            raise _ilegible(kept("la respuesta no es un objeto"))
        return dicho


def _por_estado(estado: int) -> FallaDeSistema:
    if estado in (SIN_PERMISO, PROHIBIDO):
        return FallaDeSistema(
            kept("no nos aceptó (%(e)s)", e=estado), causa=Causa.NO_PERMITIDO, pasajera=True
        )
    if estado in (SIN_TIEMPO, TEMPRANO, DESPACIO):
        return FallaDeSistema(
            kept("pide volver más tarde (%(e)s)", e=estado), causa=Causa.OCUPADO, pasajera=True
        )
    if estado >= SERVIDOR:
        return FallaDeSistema(kept("respondió %(e)s", e=estado), causa=Causa.OTRA, pasajera=True)
    return FallaDeSistema(
        kept("no lo recibe (%(e)s)", e=estado), causa=Causa.RECHAZADO, pasajera=False
    )


def _ilegible(que: str) -> FallaDeSistema:
    return FallaDeSistema(que, causa=Causa.ILEGIBLE, pasajera=True)
