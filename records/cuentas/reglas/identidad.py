"""How somebody was identified who lost what they enter with, before it is taken away. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from common.language import marked

EN_PERSONA, POR_VIDEO, POR_SU_JEFE = "en_persona", "por_video", "por_su_jefe"
#: As an account is given: whoever administers has seen who it is, or somebody of the agency who
#: knows them answers for it.
COMO: Final[Mapping[str, str]] = {
    EN_PERSONA: marked("En persona, con su documento"),
    POR_VIDEO: marked("Por video, con su documento a la vista"),
    POR_SU_JEFE: marked(
        "Quien dirige su trabajo lo confirmó, en persona o al teléfono que ya se le conocía"
    ),
}


@dataclass(frozen=True, slots=True)
class Identificado:
    """`como`: of COMO; `confirmo`: the account of whoever else confirmed it, "" nobody."""

    como: str
    confirmo: str = ""

    @property
    def falta_quien(self) -> bool:
        """Of this kind nobody answers alone."""
        return self.como == POR_SU_JEFE and not self.confirmo
