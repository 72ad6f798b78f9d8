"""SuiteCRM 8 over HTTP: `/Api/access_token` and JSON:API under `/Api/V8`, in the shape that its own
server takes and gives.

One try of each request, within a limit; what fails is a `FallaDeSistema` whose cause is told by the
status or the driver's type. A token is asked for once and kept until shortly before its end; one
that is refused is asked for again, once.
"""

import datetime as dt
import json
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

import urllib3

from common import tls
from common.language import kept
from handlers.conectores import certificados
from handlers.conectores.proteccion import con_limite
from handlers.conectores.suitecrm.configuracion import MODULOS, Instalacion
from records.base import toml
from records.sistemas.puertos import Causa, FallaDeSistema
from records.sistemas.reglas.crm import CASO, PERSONA

TIPO: Final = "application/vnd.api+json"
PAGINA: Final = 100  #: records of a page
TOPE: Final = 8 * 1024 * 1024  #: bytes of an answer
ANTES: Final = 30  #: seconds before its end a token is as good as none
PAGINAS_MAX: Final = 100_000
SIN_PERMISO, PROHIBIDO, NO_HAY, DESPACIO, SERVIDOR = 401, 403, 404, 429, 500
BIEN: Final = range(200, 300)


class MasDespacio(FallaDeSistema):
    """The CRM asked to come again after so many seconds."""

    def __init__(self, segundos: float) -> None:
        super().__init__(
            kept("pide esperar %(s)s s", s=f"{segundos:g}"), causa=Causa.OCUPADO, pasajera=True
        )
        self.segundos = segundos


@dataclass(frozen=True, slots=True)
class Registro:
    """A contact or a case of the CRM. `campos`: its names → values as texts."""

    id: str
    campos: Mapping[str, str]
    modificado: dt.datetime | None = None


@dataclass(slots=True)
class SuiteCRM:
    """Thread safe."""

    instalacion: Instalacion
    espera: float = 3.0
    _ficha: str = field(default="", repr=False)
    _hasta: float = 0.0
    _cerrojo: threading.Lock = field(default_factory=threading.Lock)
    _http: urllib3.PoolManager = field(init=False)

    def __post_init__(self) -> None:
        confianza = tls.client(self.instalacion.autoridades, self.instalacion.certificado)
        self._http = urllib3.PoolManager(
            maxsize=4, retries=False, ssl_context=confianza, headers={"User-Agent": "Ventanilla"}
        )

    # --- what is asked ----------------------------------------------------------------------------
    def probar(self) -> None:
        """Returns when it is there and takes us; reads nobody's data."""
        self._pedir(
            "GET",
            f"/V8/module/{MODULOS[CASO]}?"
            + _consulta({f"fields[{MODULOS[CASO]}]": "id", "page[size]": "1"}),
        )

    def buscar(self, tipo: str, filtro: Mapping[str, str]) -> list[Registro]:
        """Those that have all these values (our names), at most two: one is the one, two are a
        question."""
        nombres = {c.nuestro: c.suyo for c in self.instalacion.campos[tipo]}
        dicho = {f"filter[{nombres[campo]}][eq]": valor for campo, valor in filtro.items()}
        return self._pagina(
            tipo, {**dicho, "filter[operator]": "and", "page[size]": "2", "page[number]": "1"}
        )[0]

    def todos(self, tipo: str) -> Iterator[list[Registro]]:
        """Page by page, in the order in which they were made."""
        for numero in range(1, PAGINAS_MAX):
            dicho = {"page[size]": str(PAGINA), "page[number]": str(numero), "sort": "date_entered"}
            registros, paginas = self._pagina(tipo, dicho)
            if registros:
                yield registros
            if numero >= paginas:
                return

    def leer(self, tipo: str, externo_id: str) -> Registro | None:
        """None: it is no longer there."""
        try:
            dicho = self._pedir("GET", f"/V8/module/{MODULOS[tipo]}/{externo_id}")
        except _Respondio as no:
            if (
                no.estado == NO_HAY
                or "not found" in no.detalle.lower()
                or "does not exist" in no.detalle.lower()
            ):
                return None
            raise
        return self._registro(tipo, _objeto(dicho, "data"))

    # --- what is written --------------------------------------------------------------------------
    def crear(self, tipo: str, externo_id: str, valores: Mapping[str, str]) -> str:
        """Under an identifier of ours: done twice, the second time is told that it exists, which is
        as good. Its identifier."""
        atributos = self._atributos(tipo, valores)
        if tipo == CASO:
            atributos["account_id"] = self.instalacion.cuenta
        cuerpo = {"data": {"type": MODULOS[tipo], "id": externo_id, "attributes": atributos}}
        try:
            dicho = self._pedir("POST", "/V8/module", cuerpo)
        except _Respondio as no:
            if "already exist" not in no.detalle:
                raise
            self.cambiar(tipo, externo_id, valores)
            return externo_id
        return _texto(_objeto(dicho, "data"), "id")

    def cambiar(self, tipo: str, externo_id: str, valores: Mapping[str, str]) -> None:
        cuerpo = {
            "data": {
                "type": MODULOS[tipo],
                "id": externo_id,
                "attributes": self._atributos(tipo, valores),
            }
        }
        self._pedir("PATCH", "/V8/module", cuerpo)

    def unir(self, caso_id: str, persona_id: str) -> None:
        """The case is this person's; done twice it is the same."""
        cuerpo = {"data": {"type": MODULOS[PERSONA], "id": persona_id}}
        self._pedir("POST", f"/V8/module/{MODULOS[CASO]}/{caso_id}/relationships", cuerpo)

    # --- shapes -----------------------------------------------------------------------------------
    def _atributos(self, tipo: str, valores: Mapping[str, str]) -> dict[str, str]:
        return {
            c.suyo: valores[c.nuestro]
            for c in self.instalacion.campos[tipo]
            if c.nuestro in valores
        }

    def _pagina(self, tipo: str, dicho: Mapping[str, str]) -> tuple[list[Registro], int]:
        modulo = MODULOS[tipo]
        campos = ",".join(
            [
                *(c.suyo for c in self.instalacion.campos[tipo]),
                "date_modified",
                *(["case_number"] if tipo == CASO else []),
            ]
        )
        leido = self._pedir(
            "GET", f"/V8/module/{modulo}?" + _consulta({f"fields[{modulo}]": campos, **dicho})
        )
        datos = leido.get("data")
        if not isinstance(datos, list):
            raise _ilegible(kept("no es una lista de registros"))
        meta = leido.get("meta")
        paginas = meta.get("total-pages", 1) if isinstance(meta, Mapping) else 1
        return [self._registro(tipo, uno) for uno in datos], int(paginas)

    def _registro(self, tipo: str, uno: object) -> Registro:
        if not isinstance(uno, Mapping):
            raise _ilegible(kept("un registro no es un objeto"))
        atributos = uno.get("attributes")
        if not isinstance(atributos, Mapping):
            raise _ilegible(kept("un registro no tiene atributos"))
        campos = {
            c.nuestro: _plano(atributos[c.suyo])
            for c in self.instalacion.campos[tipo]
            if c.suyo in atributos
        }
        if tipo == CASO and "case_number" in atributos:
            campos["numero"] = _plano(atributos["case_number"])
        return Registro(_texto(uno, "id"), campos, _cuando(atributos.get("date_modified")))

    # --- the wire ---------------------------------------------------------------------------------
    def _pedir(
        self, metodo: str, ruta: str, cuerpo: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        ficha = self._token()
        try:
            return self._uno(metodo, ruta, cuerpo, ficha)
        except _Respondio as no:
            if no.estado != SIN_PERMISO:
                raise
        self._olvidar(ficha)  # it ended before its time, or was withdrawn
        return self._uno(metodo, ruta, cuerpo, self._token())

    def _uno(
        self, metodo: str, ruta: str, cuerpo: Mapping[str, Any] | None, ficha: str
    ) -> Mapping[str, Any]:
        encabezados = {"Authorization": f"Bearer {ficha}", "Accept": TIPO}
        if cuerpo is not None:
            encabezados["Content-Type"] = TIPO
        return self._enviar(
            metodo, ruta, encabezados, json.dumps(cuerpo).encode() if cuerpo is not None else None
        )

    def _token(self) -> str:
        with self._cerrojo:
            if self._ficha and time.monotonic() < self._hasta - ANTES:
                return self._ficha
            dicho = {
                "grant_type": "client_credentials",
                "client_id": self.instalacion.client_id,
                "client_secret": self._secreto(),
            }
            encabezados = {"Content-Type": "application/json", "Accept": TIPO}
            leido = self._enviar(
                "POST", "/access_token", encabezados, json.dumps(dicho).encode(), cuenta=True
            )
            self._ficha = _texto(leido, "access_token")
            dura = leido.get("expires_in")
            self._hasta = time.monotonic() + (float(dura) if isinstance(dura, int) else 0.0)
            return self._ficha

    def _secreto(self) -> str:
        return toml.de_ahora(self.instalacion.archivo, self.instalacion.client_secret)

    def _olvidar(self, ficha: str) -> None:
        with self._cerrojo:
            if self._ficha == ficha:
                self._ficha, self._hasta = "", 0.0

    def _enviar(
        self,
        metodo: str,
        ruta: str,
        encabezados: Mapping[str, str],
        cuerpo: bytes | None,
        *,
        cuenta: bool = False,
    ) -> Mapping[str, Any]:
        """One request, whole within the limit even if its answer drips."""
        abiertas: list[urllib3.BaseHTTPResponse] = []

        def hacer() -> tuple[int, str, str, bytes]:
            limite = urllib3.Timeout(connect=self.espera, read=self.espera)
            respuesta = self._http.request(
                metodo,
                f"{self.instalacion.url}/Api{ruta}",
                headers=dict(encabezados),
                body=cuerpo,
                timeout=limite,
                redirect=False,
                preload_content=False,
            )
            abiertas.append(respuesta)
            try:
                leido = respuesta.read(TOPE + 1, decode_content=True)
            finally:
                respuesta.release_conn()
            return (
                respuesta.status,
                respuesta.headers.get("Content-Type", ""),
                respuesta.headers.get("Retry-After", ""),
                leido,
            )

        def soltar() -> None:
            for respuesta in abiertas:
                respuesta.close()

        try:
            estado, tipo, despues, leido = con_limite(hacer, self.espera * 2, cancelar=soltar)
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
            if certificados.anotar(f"the CRM at {self.instalacion.url}", error):
                raise FallaDeSistema(
                    kept("su certificado no es de confianza"),
                    causa=Causa.SIN_CONEXION,
                    pasajera=True,
                ) from error
            raise FallaDeSistema(
                type(error).__name__, causa=Causa.SIN_CONEXION, pasajera=True
            ) from error
        if estado == DESPACIO:
            raise MasDespacio(float(despues) if despues.isdigit() else 60.0)
        if estado >= SERVIDOR:
            dicho = self._sin_secretos(_detalle(leido), encabezados)
            raise FallaDeSistema(
                kept("respondió %(e)s: %(d)s", e=estado, d=dicho[:280]),
                causa=Causa.OTRA,
                pasajera=True,
            )
        if len(leido) > TOPE:
            raise _ilegible(kept("la respuesta pasa de %(t)s bytes", t=TOPE))
        if estado not in BIEN:
            if cuenta:
                raise FallaDeSistema(
                    kept("no aceptó la cuenta (%(e)s)", e=estado),
                    causa=Causa.NO_PERMITIDO,
                    pasajera=False,
                )
            raise _Respondio(estado, self._sin_secretos(_detalle(leido), encabezados))
        return _json(tipo, leido)

    def _sin_secretos(self, dicho: str, encabezados: Mapping[str, str]) -> str:
        """What went out with a request and a gateway says back stays here: people read why it
        failed."""
        ficha = encabezados.get("Authorization", "").removeprefix("Bearer ")
        for secreto in filter(None, (ficha, self.instalacion.client_secret, self._secreto())):
            dicho = dicho.replace(secreto, "…")
        return dicho


class _Respondio(FallaDeSistema):
    """It answered, and it was no."""

    def __init__(self, estado: int, detalle: str) -> None:
        permiso = estado in (SIN_PERMISO, PROHIBIDO)
        super().__init__(
            f"{estado}: {detalle}"[:300],
            causa=Causa.NO_PERMITIDO if permiso else Causa.RECHAZADO,
            pasajera=False,
        )
        self.estado = estado


def _ilegible(que: str) -> FallaDeSistema:
    return FallaDeSistema(que, causa=Causa.ILEGIBLE, pasajera=False)


def _json(tipo: str, leido: bytes) -> Mapping[str, Any]:
    if "json" not in tipo.lower():
        raise _ilegible(
            kept(
                "respondió %(t)s en vez de JSON",
                t=tipo.split(";", maxsplit=1)[0].strip() or "sin tipo",
            )
        )
    try:
        dicho = json.loads(leido)
    except (ValueError, RecursionError) as error:
        raise _ilegible(kept("la respuesta no es JSON")) from error
    if not isinstance(dicho, dict):
        raise _ilegible(kept("la respuesta no es un objeto"))
    return dicho


def _detalle(leido: bytes) -> str:
    """Why it said no, as it says it; JSON:API of this CRM has one error, others a list of them."""
    try:
        errores = json.loads(leido).get("errors")
        uno = errores[0] if isinstance(errores, list) else errores
        return str(uno.get("detail") or uno.get("title") or "").strip()
    except (ValueError, RecursionError, AttributeError, IndexError, TypeError):
        return kept("sin explicación")


def _consulta(dicho: Mapping[str, str]) -> str:
    return urlencode(dicho)


def _objeto(dicho: Mapping[str, Any], clave: str) -> Mapping[str, Any]:
    leido = dicho.get(clave)
    if not isinstance(leido, Mapping):
        raise _ilegible(kept("falta %(c)s en la respuesta", c=clave))
    return leido


def _texto(dicho: Mapping[str, Any], clave: str) -> str:
    leido = dicho.get(clave)
    if not isinstance(leido, str) or not leido:
        raise _ilegible(kept("falta %(c)s en la respuesta", c=clave))
    return leido


def _plano(valor: object) -> str:
    """The database of the CRM keeps no NUL, and neither do we."""
    return "" if valor is None else str(valor).replace("\0", "").encode("utf-8", "replace").decode()


def _cuando(valor: object) -> dt.datetime | None:
    try:
        leido = dt.datetime.fromisoformat(str(valor))
    except ValueError:
        return None
    return leido if leido.tzinfo is not None else leido.replace(tzinfo=dt.UTC)
