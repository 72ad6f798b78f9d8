"""Two hundred archives that somebody made or changed: each is refused, or is as it was; nothing is
written outside of its folder."""

from pathlib import Path

import pytest

from tests.attack.archives import probar
from tests.kit.chance import dice

VECES = 200


@pytest.mark.slow
def test_two_hundred_hostile_archives_are_refused_or_are_what_was_signed(tmp_path: Path) -> None:
    rehusados, fallas = probar(dice(190), tmp_path, VECES)
    assert fallas == []
    assert all(rehusados.values()), rehusados
    assert sum(rehusados.values()) > 0.85 * VECES, rehusados
