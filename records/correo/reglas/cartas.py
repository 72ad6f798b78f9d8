"""The mails as they are written: a file each in `records/correo/cartas`, for whoever wants to read them.
Pure.

`{name}` stands for a value, put in once: what a person wrote cannot name another one. The first
line is the subject. A letter is in the language that is spoken where it is written
(`common.language`), if it has a text in it; else in Spanish.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from babel.dates import format_date

from common.language import SPANISH, counted, language, said
from common.locales import locale_of
from records.base.reglas.entidad import aqui
from records.plazos.reglas.calendario import ZONA, dia_local, fecha_larga, nombre_del_mes

CARPETA: Final = Path(__file__).parents[1] / "cartas"
MARCO: Final = CARPETA / "marco.html"  #: what a letter stands in when it is shown as HTML
MAX_ASUNTO: Final = 300  # what the column keeps
HUECO = re.compile(r"\{(\w+)\}")
# one that may be empty: nothing stands there when nobody knows it
QUIZA = re.compile(r"\{(\w+)\?\}")
#: Turn what follows around or hide it: nobody's name needs them, a forged subject does.
DIRECCION_DE_TEXTO: Final = frozenset(
    "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u2028\u2029"
)


def limpio(texto: str) -> str:
    """What may stand in a mail: no signs that are none, but lines and tabs."""
    unido = texto.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        s
        for s in unido
        if s in "\n\t"
        or (unicodedata.category(s) not in {"Cc", "Cs"} and s not in DIRECCION_DE_TEXTO)
    )


def en_una_linea(texto: str, maximo: int = MAX_ASUNTO) -> str:
    """A subject: without line ends a header is one header."""
    return " ".join(limpio(texto).split())[:maximo]


@cache
def _molde(nombre: str, idioma: str) -> str | None:
    archivo = CARPETA / f"{nombre}.{idioma}.txt"
    return archivo.read_text("utf-8") if archivo.is_file() else None


def lengua_de(nombre: str) -> str:
    """In which a letter of ours is written now."""
    return language() if _molde(nombre, language()) is not None else SPANISH


def _escrito(nombre: str) -> str:
    return _molde(nombre, language()) or (CARPETA / f"{nombre}.{SPANISH}.txt").read_text("utf-8")


def parrafos(nombre: str, /, **valores: object) -> str:
    """A file without a subject: a part of others."""
    todos = {**aqui().valores(), **valores}
    return HUECO.sub(lambda hueco: limpio(str(todos[hueco[1]])), _escrito(nombre)).rstrip("\n")


def carta(nombre: str, /, **valores: object) -> tuple[str, str]:
    """Subject and text of a letter of ours."""
    return llenar(_escrito(nombre), {clave: str(valor) for clave, valor in valores.items()})


def duracion(lapso: dt.timedelta) -> str:
    """ "1 minuto", "45 minutos", "3 horas", "26 horas y 5 minutos"."""
    horas, minutos = divmod(max(1, round(lapso.total_seconds() / 60)), 60)
    de_horas, de_minutos = (
        counted("%(num)s hora", "%(num)s horas", horas),
        counted("%(num)s minuto", "%(num)s minutos", minutos),
    )
    if horas and minutos:
        return said("%(a)s y %(b)s", a=de_horas, b=de_minutos)
    return de_horas if horas else de_minutos


@dataclass(frozen=True, slots=True)
class Bloque:
    """A part of a document; a list has a text for each point."""

    clase: Literal["titulo", "parrafo", "lista"]
    textos: tuple[str, ...]


class SinValor(LookupError):
    """A letter names something that is not known; its only argument says what."""


def llenar(molde: str, valores: Mapping[str, str]) -> tuple[str, str]:
    """Subject and text of a letter that somebody else wrote; what the agency is called is always
    known. Raises SinValor."""
    molde = molde.replace("\r\n", "\n")
    quiza = set(QUIZA.findall(molde))
    valores = {**dict.fromkeys(quiza, ""), **aqui().valores(), **valores}
    molde = QUIZA.sub(r"{\1}", molde)
    asunto, _vacia, texto = molde.partition("\n\n")
    faltan = sorted({nombre for nombre in HUECO.findall(molde) if nombre not in valores})
    if faltan:
        raise SinValor(", ".join(faltan))
    dichos = {clave: limpio(valor) for clave, valor in valores.items()}
    escrito = [
        HUECO.sub(lambda hueco: dichos[hueco[1]], parte)
        for parte in (asunto.removeprefix("Asunto: "), texto)
    ]
    return en_una_linea(escrito[0]), escrito[1].rstrip("\n")


def llenar_bloques(molde: str, valores: Mapping[str, str]) -> tuple[str, list[Bloque]]:
    """The same letter as a document: its subject, and its parts. A line `# …` is a heading and
    lines `- …` are a list, as whoever wrote the letter wrote them: no value makes one. Raises
    SinValor."""
    titulo, _todo = llenar(molde, valores)
    bloques: list[Bloque] = []
    for parte in molde.replace("\r\n", "\n").partition("\n\n")[2].split("\n\n"):
        lineas = [linea for linea in parte.split("\n") if linea.strip()]
        if not lineas:
            continue
        if lineas[0].startswith("# ") and len(lineas) == 1:
            bloques.append(Bloque("titulo", (_parte(lineas[0][2:], valores),)))
        elif all(linea.startswith("- ") for linea in lineas):
            bloques.append(Bloque("lista", tuple(_parte(linea[2:], valores) for linea in lineas)))
        else:
            bloques.append(Bloque("parrafo", (_parte("\n".join(lineas), valores),)))
    return titulo, bloques


def llenar_nombre(molde: str, valores: Mapping[str, str], maximo: int = 100) -> str:
    """A name of a file, or a reason, as somebody wrote it, in one line. Raises SinValor."""
    return en_una_linea(_parte(molde, valores), maximo)


def _parte(molde: str, valores: Mapping[str, str]) -> str:
    return llenar(f"\n\n{molde}", valores)[1]


def dia(instante: dt.datetime | None) -> str:
    """ "lunes 14 de diciembre de 2026", "Monday 14 December 2026"; in Colombia."""
    return said("sin fecha") if instante is None else dia_del_calendario(dia_local(instante))


def dia_y_hora(instante: dt.datetime) -> str:
    """ "lunes 30 de noviembre de 2026 a las 10:00"."""
    return said("%(d)s a las %(h)s", d=dia(instante), h=f"{instante.astimezone(ZONA):%H:%M}")


def dia_del_calendario(fecha: dt.date) -> str:
    return (
        fecha_larga(fecha)
        if language() == SPANISH
        else format_date(fecha, "EEEE d MMMM y", locale=locale_of(language()))
    )


def mes_y_ano(mes: dt.date) -> str:
    """ "octubre de 2026", "October 2026"."""
    return (
        nombre_del_mes(mes)
        if language() == SPANISH
        else format_date(mes, "MMMM y", locale=locale_of(language()))
    )


@dataclass(frozen=True, slots=True)
class DelCaso:
    """What a letter to a person says of their case."""

    persona: str
    radicado: str
    tema: str


def recursos(radicado: str) -> str:
    """What somebody may do who does not agree with the answer (CPACA art. 74 to 76)."""
    return parrafos("recursos", radicado=radicado)


def respuesta(caso: DelCaso, texto: str, anexos: Sequence[str] = ()) -> tuple[str, str]:
    """The letter with the answer (M5-1-01 act. 14), as the person gets it and as the page shows it
    before it leaves."""
    van = (
        f"\n\n{said('Anexos:')}\n" + "\n".join(f"- {nombre}" for nombre in anexos) if anexos else ""
    )
    return carta(
        "respuesta",
        persona=caso.persona or said("ciudadana o ciudadano"),
        radicado=caso.radicado,
        tema=caso.tema,
        texto=texto,
        anexos=van,
        recursos=recursos(caso.radicado),
    )
