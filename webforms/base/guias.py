"""The guides by name, and what a route says of its page: what it is for, in one sentence, and the
guide that says more. A test fails for a page of people that has none."""

from dataclasses import dataclass
from typing import Any

#: Names of the guides: `docs/guides/<language>/<name>.md`.
(
    ASESOR,
    FUNCIONARIO,
    COORDINADOR,
    DOCUMENTAL,
    CALIDAD,
    CUMPLIMIENTO,
    ANALISTA,
    ADMINISTRADOR,
    EQUIPOS,
) = (
    *("asesor", "funcionario", "coordinador", "documental", "calidad"),
    *("cumplimiento", "analista", "administracion", "equipos"),
)


@dataclass(frozen=True, slots=True)
class Ayuda:
    frase: Any
    guia: str
