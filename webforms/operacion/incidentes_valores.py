"""Process variables as an administrator edits them: text of a value by its declared type, and the
value of a text. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson
from flask_babel import gettext as _

from engine.types import Data, Value
from records.plazos.reglas.calendario import ZONA

INFERIDOS = (
    (bool, "boolean"),
    (int, "integer"),
    (float, "number"),
    (str, "text"),
    (list, "list"),
    (dict, "json"),
)
SI, NO = "si", "no"
EXTREMO = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Campo:
    """One variable on the page; `texto` is what stands there until somebody changes it."""

    nombre: str
    tipo: str
    texto: str = ""
    opciones: tuple[tuple[str, str], ...] = ()
    usada: bool = False  #: the failed element reads it
    varios: bool = False  #: the incidents that are edited together have different values
    antes: str = ""  #: the text before somebody typed
    etiqueta: str = ""  #: what a form calls it, when that is not its name

    @property
    def rotulo(self) -> str:
        return self.etiqueta or self.nombre

    @property
    def clave(self) -> str:
        return f"v.{self.nombre}"

    @property
    def cambiado(self) -> bool:
        return self.texto != self.antes


def tipo_de(valor: Value) -> str:
    """For a variable that no diagram declares."""
    return next((tipo for clase, tipo in INFERIDOS if isinstance(valor, clase)), "text")


def a_texto(tipo: str, valor: Value) -> str:
    """Empty when there is no value. A value that is not of its declared type is shown as JSON."""
    if valor is None:
        return ""
    if tipo == "boolean" and isinstance(valor, bool):
        return SI if valor else NO
    if tipo == "list" and isinstance(valor, list):
        return "\n".join(_parte(parte) for parte in valor)
    if tipo == "instant" and isinstance(valor, str):
        return _hora_local(valor)
    if (
        tipo in ("integer", "number")
        and isinstance(valor, (int, float))
        and not isinstance(valor, bool)
    ):
        return str(
            int(valor) if isinstance(valor, float) and valor.is_integer() else valor
        ).replace(".", ",")
    return valor if isinstance(valor, str) else orjson.dumps(valor).decode()


def _parte(valor: Value) -> str:
    """An item of a list, on a line of its own: texts as they are, unless they would be read as
    something else."""
    if isinstance(valor, str) and "\n" not in valor and _leida(valor) == valor:
        return valor
    return orjson.dumps(valor).decode()


def _leida(linea: str) -> Value:
    try:
        leida: Value = orjson.loads(linea)
    except orjson.JSONDecodeError:
        return linea
    return leida


def _hora_local(valor: str) -> str:
    try:
        momento = dt.datetime.fromisoformat(valor)
    except ValueError:
        return valor
    return momento.astimezone(ZONA).strftime("%Y-%m-%d %H:%M") if momento.tzinfo else valor


def leer(tipo: str, texto: str, opciones: Sequence[tuple[str, str]] = ()) -> Value:
    """The value of a text. ValueError with the sentence that says how it is written."""
    texto = texto.replace("\r\n", "\n")
    if not texto.strip():
        return [] if tipo == "list" else None
    if tipo == "list":
        return [_leida(linea.strip()) for linea in texto.split("\n") if linea.strip()]
    lector = LECTORES.get(tipo)
    if lector is not None:
        return lector(texto.strip())
    if opciones and texto not in {valor for valor, _texto in opciones}:
        raise ValueError(_("Elija una de las opciones"))
    return texto


def _entero(texto: str) -> Value:
    try:
        valor = int(texto.replace(".", "").replace(" ", ""))
    except ValueError:
        raise ValueError(_("Escriba un número entero, por ejemplo 12")) from None
    if abs(valor) > EXTREMO:
        raise ValueError(_("El número es demasiado grande"))
    return valor


def _numero(texto: str) -> Value:
    limpio = texto.replace(" ", "")
    if "," in limpio:
        limpio = limpio.replace(".", "").replace(",", ".")
    try:
        valor = float(limpio)
    except ValueError:
        raise ValueError(_("Escriba un número, por ejemplo 2,5")) from None
    if abs(valor) > EXTREMO:
        raise ValueError(_("El número es demasiado grande"))
    return valor


def _si_no(texto: str) -> Value:
    if texto not in (SI, NO):
        raise ValueError(_("Elija sí o no"))
    return texto == SI


def _fecha(texto: str) -> Value:
    try:
        return dt.date.fromisoformat(texto).isoformat()
    except ValueError:
        raise ValueError(_("Escriba la fecha así: 2026-11-24")) from None


def _instante(texto: str) -> Value:
    try:
        momento = dt.datetime.fromisoformat(texto)
    except ValueError:
        raise ValueError(_("Escriba fecha y hora de la entidad así: 2026-11-24 15:30")) from None
    return (
        (momento if momento.tzinfo else momento.replace(tzinfo=ZONA)).astimezone(dt.UTC).isoformat()
    )


def _json(texto: str) -> Value:
    try:
        valor: Value = orjson.loads(texto)
    except orjson.JSONDecodeError:
        raise ValueError(_("No tiene la forma de antes: revise comillas, comas y llaves")) from None
    return valor


LECTORES = {
    "integer": _entero,
    "number": _numero,
    "boolean": _si_no,
    "date": _fecha,
    "instant": _instante,
    "json": _json,
    "file": _json,
}


def campo(
    nombre: str,
    valores: Sequence[Value],
    tipo: str | None,
    opciones: Mapping[str, Sequence[tuple[str, str]]],
    *,
    usada: bool,
    etiqueta: str,
) -> Campo:
    """The field of a variable that has these values in the incidents that are edited together."""
    clase = tipo or tipo_de(next((valor for valor in valores if valor is not None), None))
    textos = {a_texto(clase, valor) for valor in valores}
    texto = textos.pop() if len(textos) == 1 else ""
    propias = tuple(opciones.get(nombre, ()))
    if clase == "boolean":
        propias = ((SI, _("Sí")), (NO, _("No")))
    return Campo(
        nombre,
        clase,
        texto,
        propias,
        usada=usada,
        varios=bool(textos),
        antes=texto,
        etiqueta=etiqueta,
    )


def cambios(campos: Sequence[Campo]) -> tuple[dict[str, Value], list[tuple[str, str]]]:
    """Values of the fields that were changed, and (field, sentence) of those that cannot be
    read."""
    valores: dict[str, Value] = {}
    errores: list[tuple[str, str]] = []
    for uno in campos:
        if uno.cambiado:
            try:
                valores[uno.nombre] = leer(uno.tipo, uno.texto, uno.opciones)
            except ValueError as error:
                errores.append((uno.clave, f"{uno.rotulo}: {error}"))
    return valores, errores


def obligatorios(
    campos: Sequence[Campo], sin_valor: set[str]
) -> tuple[Data, list[tuple[str, str]]]:
    """Every field has a value, or was marked to have none."""
    valores: dict[str, Value] = {}
    errores: list[tuple[str, str]] = []
    for uno in campos:
        if uno.nombre in sin_valor:
            valores[uno.nombre] = None
            continue
        try:
            valor = leer(uno.tipo, uno.texto, uno.opciones)
        except ValueError as error:
            errores.append((uno.clave, f"{uno.rotulo}: {error}"))
            continue
        if valor is None:
            errores.append(
                (uno.clave, _("%(n)s: escriba el resultado o marque «Sin valor»", n=uno.rotulo))
            )
        valores[uno.nombre] = valor
    return valores, errores
