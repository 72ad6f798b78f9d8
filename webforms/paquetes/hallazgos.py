"""Findings of the deployer in words: what happens on which element, and how it is mended."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import gettext as _

from common.language import marked, said
from engine.errors import Finding, Problem
from engine.reads.models import OTHER
from webforms.paquetes.frases import FRASES
from webforms.paquetes.frases.palabras import CLASES, DEL_PANEL, ELEMENTOS, PROPIEDADES
from webforms.paquetes.problemas import de_problema

#: Facts that are ids of the diagram: shown by the name that the analyst sees.
TIPOS: Final = frozenset({"element", "found", "wanted", "given"})
IDENTIFICADORES: Final = frozenset(
    {"process", "reference", "flow", "gateway", "other", "elements", "lanes"}
)
#: Where a time is written as people say it.
DE_TIEMPO: Final = frozenset({"timer_value", "schedule_rule"})
LAPSO_DICHO: Final = re.compile(
    r"(?P<n>\d{1,4})\s*(?P<unidad>años?|mes(?:es)?|semanas?|d[ií]as?|horas?|minutos?|min)(?P<habiles>\s+h[aá]bil(?:es)?)?"
)
UNIDADES: Final = (
    ("a", "P{}Y"),
    ("me", "P{}M"),
    ("s", "P{}W"),
    ("d", "P{}D"),
    ("h", "PT{}H"),
    ("mi", "PT{}M"),
)


_VACIO: Final = marked("(vacío)")  # a name or code that is not there


@dataclass(frozen=True, slots=True)
class Hallazgo:
    """A finding as a person reads it."""

    archivo: str
    elemento: str | None
    nombre: str
    regla: str
    gravedad: str  # "error" impide poner en vigor; "aviso" no
    frase: str
    #: the name as the diagram has it, for what is kept; `nombre` is in the language of who reads
    dibujado: str = ""

    @property
    def linea(self) -> str:
        """One line for the command line and for lists: file, element, sentence, rule."""
        donde = f"{self.archivo}, {_('«%(x)s»', x=self.nombre)}" if self.elemento else self.archivo
        return f"{donde}: {self.frase} [{self.regla}]"


def _dicho(valor: str | Problem, conocidos: Mapping[str, str]) -> str:
    if isinstance(valor, Problem):
        return _caso(valor.facts, conocidos) if valor.code == "case" else de_problema(valor)
    return valor or str(_(_VACIO))


def _caso(entradas: Mapping[str, Any], conocidos: Mapping[str, str]) -> str:
    """ "Tema: otro valor; Edad: 5": what a table is asked, in the words of its columns."""
    return "; ".join(
        f"{conocidos.get(columna(e), e)}: {_entrada(e, valor, conocidos)}"
        for e, valor in entradas.items()
    )


def _entrada(expresion: str, valor: object, conocidos: Mapping[str, str]) -> str:
    if isinstance(valor, bool):
        return str(_("sí") if valor else _("no"))
    if valor is None:
        return str(_("sin dato"))
    if isinstance(valor, float) and valor.is_integer():
        return str(int(valor))
    return (
        str(_("otro valor"))
        if valor == OTHER
        else conocidos.get(columna(expresion, str(valor)), str(valor))
    )


def columna(expresion: str, valor: str | None = None) -> str:
    """Under which key the names hold the words of a column of a table, and of one of its values."""
    return f"?{expresion}" if valor is None else f"?{expresion}={valor}"


def regla_de(id_: str) -> str:
    """Under which key the names hold the number that a rule of a table is read by."""
    return f"?regla {id_}"


def _tiempo_en_palabras(finding: Finding) -> str:
    """Of "3 días", where a time has to stand, how it is written; "" of anything else."""
    problema = finding.params.get("problem")
    escrito = str(
        finding.params.get("expression")
        or (problema.facts.get("text", "") if isinstance(problema, Problem) else "")
    )
    dicho = LAPSO_DICHO.fullmatch(escrito.strip().lower()) if finding.rule in DE_TIEMPO else None
    if dicho is None:
        return ""
    forma = (
        "dias_habiles({})"
        if dicho["habiles"]
        else next(f for comienzo, f in UNIDADES if dicho["unidad"].startswith(comienzo))
    )
    return str(
        _("El tiempo «%(t)s» se escribe aquí «%(f)s».", t=escrito, f=forma.format(dicho["n"]))
    )


def frase(finding: Finding, nombres: Mapping[str, str] | None = None) -> str:
    conocidos = nombres or {}
    texto = FRASES.get(finding.rule)
    if texto is None:
        hechos = ", ".join(f"{clave}: {valor}" for clave, valor in finding.params.items())
        regla = f"{finding.rule} ({hechos})" if hechos else finding.rule
        return str(_("No cumple la regla %(r)s. Consulte la guía de modelado.", r=regla))
    if tiempo := _tiempo_en_palabras(finding):
        return tiempo
    datos = {clave: _dicho(valor, conocidos) for clave, valor in finding.params.items()}
    if finding.rule.startswith("dmn_"):
        datos |= {
            clave: conocidos.get(datos[clave], datos[clave]) for clave in {"table"} & datos.keys()
        }
        for clave in {"rule", "rules"} & datos.keys():
            datos[clave] = str(_(" y ")).join(
                conocidos.get(regla_de(parte), parte) for parte in datos[clave].split(", ")
            )
    for clave in ("kind", "kinds"):
        if clave in datos:
            datos[clave] = ", ".join(_clase(parte) for parte in datos[clave].split())
    for clave in TIPOS & datos.keys():
        datos[clave] = ", ".join(
            _elemento(parte) or conocidos.get(parte) or parte for parte in datos[clave].split(" ")
        )
    for clave in IDENTIFICADORES & datos.keys():
        datos[clave] = ", ".join(conocidos.get(parte) or parte for parte in datos[clave].split())
    for clave in {"input", "allowed"} & datos.keys() if finding.rule.startswith("input_") else ():
        datos[clave] = ", ".join(said(parte) for parte in datos[clave].split(", "))
    if finding.rule.startswith("v_"):
        datos |= _como_el_panel({clave: str(valor) for clave, valor in finding.params.items()})
    return str(_(texto)).format_map(datos)


def _clase(parte: str) -> str:
    nombre = CLASES.get(parte) or CLASES.get(f"{parte}EventDefinition")
    return str(_(nombre)) if nombre else parte


def _elemento(parte: str) -> str:
    return str(_(ELEMENTOS[parte])) if parte in ELEMENTOS else ""


def _como_el_panel(datos: Mapping[str, str]) -> dict[str, str]:
    """Our own vocabulary by the words of the panel; what the panel does not have, as the XML writes
    it."""
    elemento, atributo = datos.get("element", ""), datos.get("attribute", "")
    donde = ", ".join(_elemento(parte) or parte for parte in datos.get("on", "").split())
    nuestro = (
        str(_(DEL_PANEL[elemento]))
        if elemento in DEL_PANEL
        else str(_("«%(x)s»", x=f"v:{elemento}"))
    )
    dichos = {"on": donde} | {"element": nuestro} if elemento else {}
    propiedad = PROPIEDADES.get(f"{elemento} {atributo}") or PROPIEDADES.get(atributo, "")
    return dichos | (
        {"attribute": str(_(propiedad)) if propiedad else atributo} if atributo else {}
    )


def hallazgo(finding: Finding, nombres: Mapping[str, str] | None = None) -> Hallazgo:
    """`nombres`: element id → the name on the diagram."""
    nombre = (
        (nombres or {}).get(finding.element or "") or finding.element or str(_("Todo el archivo"))
    )
    gravedad = "error" if finding.severity == "error" else "aviso"
    return Hallazgo(
        finding.file, finding.element, nombre, finding.rule, gravedad, frase(finding, nombres)
    )


def hallazgos(
    findings: Iterable[Finding], nombres: Mapping[str, str] | None = None
) -> list[Hallazgo]:
    """Errors first; each sentence once per element."""
    vistos = dict.fromkeys(hallazgo(finding, nombres) for finding in findings)
    return sorted(vistos, key=lambda h: (h.gravedad != "error", h.archivo))
