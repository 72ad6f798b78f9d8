"""Business tables whose rows have their digest in the signed log (engine/store/rows.py, docs/evidence.md): all on which somebody relies."""

from typing import Final

from records.tables import Base

#: Nobody relies on them later: who runs, who is logged in, what is being typed, words to search by, what is worked out again from others.
SIN_HUELLA: Final = frozenset(
    {
        "borrador_de_inicio",
        "enlace_de_clave",
        "filtro_guardado",
        "freno",
        "latido",
        "persona_palabra",
        "recorrido_cerrado",
        "registro_palabra",
        "sesion_abierta",
        "sesion_cerrada",
        "sistema_estado",
        "vista_de_proceso",
    }
)
VIGILADAS: Final = tuple(tabla for nombre, tabla in sorted(Base.metadata.tables.items()) if nombre not in SIN_HUELLA)
