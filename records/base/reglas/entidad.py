"""What the agency calls itself on paper, in letters, on public pages: as this process knows it
(`records/lugares/entidad.py` keeps it). Pure."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Entidad:
    nombre: str = ""
    nit: str = ""  #: its tax number, as it is written: "899.999.035-7"
    ciudad: str = ""
    dependencia: str = ""  #: who answers people: "Grupo de Atención al Usuario"

    @property
    def firma(self) -> str:
        """As a letter is signed: the office, and the agency below it."""
        return "\n".join(parte for parte in (self.dependencia, self.nombre) if parte)

    def valores(self) -> dict[str, str]:
        """What any letter may name: `{entidad}`, `{entidad_nit}`, `{entidad_ciudad}`,
        `{entidad_dependencia}`, `{entidad_firma}`."""
        suyos = {
            "nit": self.nit,
            "ciudad": self.ciudad,
            "dependencia": self.dependencia,
            "firma": self.firma,
        }
        return {"entidad": self.nombre, **{f"entidad_{k}": v for k, v in suyos.items()}}


#: One place for the whole process; webforms/plazos/dias.py reads it again.
_AQUI: Final = [Entidad()]


def aqui() -> Entidad:
    return _AQUI[0]


def saber(entidad: Entidad) -> None:
    _AQUI[0] = entidad
