"""The seven general conditions of section 4 of M5-1-02, in its words, and the elements of the
diagrams that keep them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Condicion:
    """A dash of section 4, numbered in its order."""

    id: str
    texto: str
    elementos: tuple[str, ...]


_CONDICIONES = (
    Condicion(
        "4.1",
        "Existen 23 Puntos de Atención; los de Bogotá, Cali, Medellín, Barranquilla y Bucaramanga disponen de Digiturno.",
        ("act_5_2_1", "us_fila_manual"),
    ),
    Condicion(
        "4.2",
        "El escalonamiento se debe efectuar dentro de los cinco primeros días a la recepción.",
        ("act_5_2_15", "svc_incumple_4_2"),
    ),
    Condicion(
        "4.3",
        "La calificación del servicio se realiza en los 23 puntos de atención.",
        ("act_5_2_12", "act_5_2_13"),
    ),
    Condicion(
        "4.4",
        "Los casos de los diferentes canales se escalan según la Matriz de Escalonamiento.",
        ("br_matriz",),
    ),
    Condicion(
        "4.5",
        "El seguimiento, control y presentación de informes está a cargo del Grupo de Atención al Usuario.",
        ("svc_vencidos", "us_revisar_fallas"),
    ),
    Condicion(
        "4.6",
        "El informe que evalúa el Comité es independiente del que el Outsourcing entrega a la Interventoría.",
        ("act_5_2_28", "act_5_2_31", "act_5_2_32"),
    ),
    Condicion(
        "4.7",
        "La auditoría de calidad es semanal, por canal, en las instalaciones.",
        ("svc_muestra", "us_sortear", "act_5_2_27"),
    ),
)
CONDICIONES: Final[Mapping[str, Condicion]] = {c.id: c for c in _CONDICIONES}
