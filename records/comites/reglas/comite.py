"""The quality committee as a body (5.2.31): how many make a quorum, and what its votes decide. Both
are SUPUESTO Q19."""

from collections.abc import Collection

ACEPTA, NO_ACEPTA, SE_ABSTIENE = "acepta", "no_acepta", "se_abstiene"
VOTOS = (ACEPTA, NO_ACEPTA, SE_ABSTIENE)


def quorum(miembros: int) -> int:
    """Half of the members, and one more."""
    return miembros // 2 + 1


def se_acepta(votos: Collection[str]) -> bool:
    """More for than against; a tie does not accept, and neither does nobody."""
    return sum(v == ACEPTA for v in votos) > sum(v == NO_ACEPTA for v in votos)
