"""Findings of the deployer in Spanish: what happens on which element, and how it is mended. Pure."""

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from engine.errors import Finding
from engine.errors import Problem
from webforms.analista.frases import FRASES
from webforms.analista.frases.palabras import CLASES
from webforms.analista.frases.palabras import ELEMENTOS
from webforms.base.problemas import de_problema

#: Facts that are ids of the diagram: shown by the name that the analyst sees.
TIPOS: Final = frozenset({"element", "found", "wanted", "given"})
IDENTIFICADORES: Final = frozenset({"process", "reference", "flow", "gateway", "other", "elements", "lanes"})


_VACIO: Final = "(vacío)"  # a name or code that is not there


@dataclass(frozen=True, slots=True)
class Hallazgo:
    """A finding as a person reads it."""

    archivo: str
    elemento: str | None
    nombre: str
    regla: str
    gravedad: str  # "error" impide poner en vigor; "aviso" no
    frase: str

    @property
    def linea(self) -> str:
        """One line for the command line and for lists: file, element, sentence, rule."""
        donde = f"{self.archivo}, «{self.nombre}»" if self.elemento else self.archivo
        return f"{donde}: {self.frase} [{self.regla}]"


def _dicho(valor: str | Problem) -> str:
    return de_problema(valor) if isinstance(valor, Problem) else valor or _VACIO


def frase(finding: Finding, nombres: Mapping[str, str] | None = None) -> str:
    conocidos = nombres or {}
    texto = FRASES.get(finding.rule)
    if texto is None:
        hechos = ", ".join(f"{clave}: {valor}" for clave, valor in finding.params.items())
        return f"No cumple la regla {finding.rule}{f' ({hechos})' if hechos else ''}. Consulte la guía de modelado."
    datos = {clave: _dicho(valor) for clave, valor in finding.params.items()}
    for clave in ("kind", "kinds"):
        if clave in datos:
            datos[clave] = ", ".join(CLASES.get(parte, CLASES.get(f"{parte}EventDefinition", parte)) for parte in datos[clave].split())
    for clave in TIPOS & datos.keys():
        datos[clave] = ", ".join(ELEMENTOS.get(parte) or conocidos.get(parte) or parte for parte in datos[clave].split(" "))
    for clave in IDENTIFICADORES & datos.keys():
        datos[clave] = ", ".join(conocidos.get(parte) or parte for parte in datos[clave].split())
    return texto.format_map(datos)


def hallazgo(finding: Finding, nombres: Mapping[str, str] | None = None) -> Hallazgo:
    """`nombres`: element id → the name on the diagram."""
    nombre = (nombres or {}).get(finding.element or "") or finding.element or "Todo el archivo"
    gravedad = "error" if finding.severity == "error" else "aviso"
    return Hallazgo(finding.file, finding.element, nombre, finding.rule, gravedad, frase(finding, nombres))


def hallazgos(findings: Iterable[Finding], nombres: Mapping[str, str] | None = None) -> list[Hallazgo]:
    """Errors first; each sentence once per element."""
    vistos = dict.fromkeys(hallazgo(finding, nombres) for finding in findings)
    return sorted(vistos, key=lambda h: (h.gravedad != "error", h.archivo))
