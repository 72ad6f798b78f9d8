"""The sentence of every rule of the deployer, by family: what happens, and what to do. `{name}` is a fact of the finding."""

from collections.abc import Mapping
from typing import Final

from webforms.frases import actividades
from webforms.frases import archivo
from webforms.frases import datos
from webforms.frases import eventos
from webforms.frases import flujos
from webforms.frases import participantes
from webforms.frases import tablas

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
