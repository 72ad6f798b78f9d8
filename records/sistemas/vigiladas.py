"""Business tables whose rows have their digest in the signed log (engine/store/rows.py,
docs/evidence.md): all on which somebody relies, and all from which a right follows: whoever writes
there becomes somebody, or stays somebody, without an act of ours."""

from collections.abc import Mapping
from typing import Final

from records.base.tablas import todas

#: Nobody relies on these later, and why; no right follows from any of them.
SIN_HUELLA: Final[Mapping[str, str]] = {
    "borrador_de_inicio": "what one person is typing; it counts once they have sent it, and then stands elsewhere",
    "filtro_guardado": "which list somebody likes to see; the list itself shows what its reader may see",
    "freno": "how long one waits after wrong passwords; whoever shortens that has no password yet",
    "latido": "which processes run now",
    "persona_palabra": "words to search by, worked out from persona",
    "registro_palabra": "words to search by, worked out from registro_caso",
    "sesion_abierta": "a list of logins for their person to look at; what opens is the signed cookie, and sesion_cerrada ends it",
    "sistema_estado": "whether a system answers now, asked anew every minute",
    "vista_de_proceso": "what each worker found at its last look, asked anew every minute",
}
VIGILADAS: Final = tuple(
    tabla for nombre, tabla in sorted(todas().tables.items()) if nombre not in SIN_HUELLA
)
