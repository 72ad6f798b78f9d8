"""The sentence of every rule of the deployer, by family: what happens, and what to do. `{name}` is
a fact of the finding."""

from collections.abc import Mapping
from typing import Final

from webforms.paquetes.frases import (
    actividades,
    archivo,
    datos,
    eventos,
    flujos,
    participantes,
    tablas,
)

#: rule code → sentence
FRASES: Final[Mapping[str, str]] = {
    **archivo.FRASES,
    **flujos.FRASES,
    **eventos.FRASES,
    **participantes.FRASES,
    **datos.FRASES,
    **actividades.FRASES,
    **tablas.FRASES,
}
