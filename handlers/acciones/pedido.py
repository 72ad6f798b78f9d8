"""`http.pedir`: asks a service of the administrator's list for something that the case needs, or
tells it something."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, quote, unquote, urlencode

from common.language import joined, kept, marked
from engine.errors import BusinessError, CauseCode, GiveUp, OutsideFailure
from engine.types import ActionSpec, Data, InputRule, RemoteCall, Value
from handlers.conectores.servicios import METODOS
from handlers.conectores.servicios.cliente import Cliente, DijoNo, Pedido, SinSaber
from records.sistemas.puertos import Causa, FallaDeSistema

ERR_SERVICIO: Final = "ERR_SERVICIO"
#: how a service fails → as the engine keeps it
CAUSAS: Final[Mapping[Causa, CauseCode]] = {
    Causa.SIN_CONEXION: "unreachable",
    Causa.PROTEGIDO: "unreachable",
    Causa.SIN_RESPUESTA: "timed_out",
    Causa.NO_PERMITIDO: "not_allowed",
    Causa.OCUPADO: "busy",
    Causa.RECHAZADO: "refused",
    Causa.ILEGIBLE: "unexpected_data",
    Causa.REGISTRO: "unexpected_data",
    Causa.OTRA: "failing",
}
_HUECO: Final = re.compile(r"\{(\w+)(\??)\}")
_RUTA: Final = re.compile(r"[A-Za-z0-9._~:@!$'()*,;=+/%-]*")
_DE_DONDE: Final = re.compile(r"\s*(\w+)(\??)\s*=\s*((?:/[^,\s]*)?)\s*")
CON_CUERPO: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def accion(servicios: Iterable[Cliente]) -> ActionSpec:
    """What the panel asks: the services are those of this installation."""
    lista = tuple((c.servicio.codigo, c.servicio.nombre) for c in servicios)
    return ActionSpec(
        marked("Pedir algo a un servicio web de la lista"),
        (
            InputRule(
                "servicio",
                marked("Servicio"),
                "choice",
                options=lista,
                hint=""
                if lista
                else marked("El administrador todavía no registró ninguno (SERVICES_CONFIG)."),
            ),
            InputRule(
                "metodo",
                marked("Método"),
                "choice",
                required=False,
                options=tuple((m, m) for m in METODOS),
                hint=marked("Si falta, el primero suyo."),
            ),
            InputRule(
                "ruta",
                marked("Ruta"),
                "path",
                required=False,
                hint=marked(
                    "Después de su dirección: predios/{chip}. {campo} es un dato del caso."
                ),
            ),
            InputRule(
                "consulta",
                marked("Consulta"),
                "places",
                required=False,
                hint=marked("Lo que va después de ?: tipo={tipo_doc}&hasta={hasta?}"),
            ),
            InputRule(
                "cuerpo",
                marked("Cuerpo"),
                "json",
                required=False,
                hint=marked('Un JSON: {"documento": "{documento}", "valor": "{valor}"}'),
            ),
            InputRule(
                *("respuesta", marked("De dónde sale cada variable"), "pointers"),
                required=False,
                hint=marked(
                    "Variable = lugar en la respuesta: saldo = /datos/saldo, estado = /estado. Con ? puede faltar."
                ),
            ),
        ),
        typed=True,
    )


@dataclass(frozen=True, slots=True)
class Pidiendo:
    """What is asked of whom, before it leaves."""

    cliente: Cliente
    pedido: Pedido


@dataclass(frozen=True, slots=True)
class Mensajero:
    """The remote handler. `servicios`: by code."""

    servicios: Mapping[str, Cliente]

    def pedir(self, call: RemoteCall) -> Data:
        """A no of the service (4xx) is ERR_SERVICIO, to be caught on the border of the task;
        everything else is an incident."""
        quiere = de_donde(str(call.inputs.get("respuesta") or ""))
        va = self.armar(call.inputs, {**call.written(), **call.data}, call.key)
        delicado = va.cliente.una_sola_vez(va.pedido)
        if delicado and not call.begin():
            raise GiveUp(
                kept(
                    "%(a)s: se le pidió antes, y no se sabe qué respondió",
                    a=va.cliente.servicio.nombre,
                ),
                "maybe_done",
            )
        try:
            leido = va.cliente.pedir(va.pedido, call.now)
        except FallaDeSistema as falla:
            if delicado and not isinstance(falla, SinSaber) and falla.causa is not Causa.ILEGIBLE:
                call.undone()
            raise self._falla(va, falla) from falla
        return leer(leido, quiere) if quiere else {}

    @staticmethod
    def _falla(va: Pidiendo, falla: FallaDeSistema) -> Exception:
        nombre = va.cliente.servicio.nombre
        if isinstance(falla, DijoNo):
            return BusinessError(ERR_SERVICIO, joined(" ", (nombre, falla.detalle)))
        causa: CauseCode = "maybe_done" if isinstance(falla, SinSaber) else CAUSAS[falla.causa]
        dicho = joined(": ", (nombre, falla.detalle))
        return OutsideFailure(causa, dicho) if falla.pasajera else GiveUp(dicho, causa)

    def armar(self, inputs: Data, sabido: Mapping[str, Value], tarea: str) -> Pidiendo:
        """GiveUp for what cannot be asked. The key is that of the task and of what is asked:
        corrected, it is another request."""
        cliente = self.servicios.get(str(inputs.get("servicio") or ""))
        if cliente is None:
            raise GiveUp(
                kept(
                    "«%(a)s» no está en la lista de servicios (SERVICES_CONFIG)",
                    a=inputs.get("servicio"),
                ),
                "not_listed",
            )
        metodo = str(inputs.get("metodo") or cliente.servicio.metodos[0])
        if metodo not in cliente.servicio.metodos:
            raise GiveUp(
                kept(
                    "%(a)s no está en la lista con %(b)s (SERVICES_CONFIG)",
                    a=cliente.servicio.nombre,
                    b=metodo,
                ),
                "not_listed",
            )
        ruta = _ruta(str(inputs.get("ruta") or ""), sabido)
        if consulta := _consulta(str(inputs.get("consulta") or ""), sabido):
            ruta = f"{ruta}?{consulta}"
        cuerpo = _cuerpo(inputs.get("cuerpo"), sabido)
        if cuerpo is not None and metodo not in CON_CUERPO:
            raise GiveUp(kept("un %(a)s no lleva cuerpo", a=metodo), "unexpected_data")
        partes = b"\0".join((tarea.encode(), metodo.encode(), ruta.encode(), cuerpo or b""))
        return Pidiendo(
            cliente, Pedido(metodo, ruta, cuerpo, hashlib.sha256(partes).hexdigest()[:32])
        )


# --- what is asked --------------------------------------------------------------------------------
def llenar(molde: str, sabido: Mapping[str, Value], como: Callable[[str], str]) -> str:
    """`{name}` by its value, `{name?}` by nothing where there is none."""

    def valor(hueco: re.Match[str]) -> str:
        return como(_texto(_dato(hueco, sabido), hueco[1]))

    return _HUECO.sub(valor, molde)


def _dato(hueco: re.Match[str], sabido: Mapping[str, Value]) -> Value:
    valor = sabido.get(hueco[1])
    if valor in (None, "") and not hueco[2]:
        raise GiveUp(kept("falta «%(a)s»", a=hueco[1]), "unexpected_data")
    return valor


def _texto(valor: Value, nombre: str) -> str:
    """As a program reads it: no thousands, no words."""
    if valor is None or isinstance(valor, str):
        return valor or ""
    if isinstance(valor, bool):
        return "true" if valor else "false"
    if isinstance(valor, int | float):
        return json.dumps(valor)
    raise GiveUp(
        kept("«%(a)s» es una lista o un archivo, y no cabe en un texto", a=nombre),
        "unexpected_data",
    )


def _ruta(molde: str, sabido: Mapping[str, Value]) -> str:
    """Below the address of the service, whatever the values are: some servers read %2F as the slash
    that it was."""
    ruta = llenar(molde.strip(), sabido, lambda texto: quote(texto, safe="")).lstrip("/")
    if _RUTA.fullmatch(ruta) is None or any(
        parte in (".", "..") for parte in re.split(r"[/\\]", unquote(ruta))
    ):
        raise GiveUp(kept("la ruta lleva a otro lado, o no es una ruta"), "unexpected_data")
    return ruta


def _consulta(molde: str, sabido: Mapping[str, Value]) -> str:
    """What may be missing is not asked with."""
    pares = [
        (nombre, llenar(valor, sabido, str))
        for nombre, valor in parse_qsl(molde.strip().lstrip("?"), keep_blank_values=True)
    ]
    return urlencode([(nombre, valor) for nombre, valor in pares if valor], quote_via=quote)


def _cuerpo(dado: Value, sabido: Mapping[str, Value]) -> bytes | None:
    if dado in (None, ""):
        return None
    try:
        molde = json.loads(dado) if isinstance(dado, str) else dado
    except (ValueError, RecursionError) as error:
        raise GiveUp(kept("el cuerpo no es JSON"), "unexpected_data") from error
    return json.dumps(_lleno(molde, sabido), ensure_ascii=False, allow_nan=False).encode()


def _lleno(molde: Any, sabido: Mapping[str, Value]) -> Any:
    """A text that is one place becomes the value itself, a number a number."""
    match molde:
        case dict():
            return {nombre: _lleno(cada, sabido) for nombre, cada in molde.items()}
        case list():
            return [_lleno(cada, sabido) for cada in molde]
        case str() if (solo := _HUECO.fullmatch(molde)) is not None:
            return _dato(solo, sabido)
        case str():
            return llenar(molde, sabido, str)
    return molde


# --- what it answers ------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class DeDonde:
    variable: str
    lugar: str  #: a JSON pointer (RFC 6901)
    puede_faltar: bool


def de_donde(dicho: str) -> list[DeDonde]:
    """ "saldo = /datos/saldo, nota? = /nota"."""
    halladas = [_DE_DONDE.fullmatch(parte) for parte in dicho.split(",") if parte.strip()]
    if not all(halladas):
        raise GiveUp(
            kept("«%(a)s» no dice de dónde sale cada variable", a=dicho), "unexpected_data"
        )
    return [DeDonde(h[1], h[3], bool(h[2])) for h in halladas if h is not None]


def leer(leido: bytes, quiere: Iterable[DeDonde]) -> Data:
    try:
        dicho = json.loads(leido, parse_constant=_ninguno)
    except (ValueError, RecursionError) as error:
        raise GiveUp(kept("la respuesta no es JSON"), "unexpected_data") from error
    if b"\\u0000" in leido:
        raise GiveUp(kept("la respuesta tiene un signo que ningún texto guarda"), "unexpected_data")
    return {cada.variable: _sacar(dicho, cada) for cada in quiere}


def _ninguno(constante: str) -> None:
    raise ValueError(constante)


def _sacar(dicho: Any, cada: DeDonde) -> Value:
    actual = dicho
    for parte in cada.lugar.split("/")[1:]:
        clave = parte.replace("~1", "/").replace("~0", "~")
        if isinstance(actual, dict) and clave in actual:
            actual = actual[clave]
        elif (
            isinstance(actual, list)
            and re.fullmatch("0|[1-9][0-9]{0,8}", clave)
            and int(clave) < len(actual)
        ):
            actual = actual[int(clave)]
        elif cada.puede_faltar:
            return None
        else:
            raise GiveUp(
                kept("la respuesta no tiene nada en %(a)s", a=cada.lugar), "unexpected_data"
            )
    valor: Value = actual
    return valor
