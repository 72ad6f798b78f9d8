"""The crash experiment at a size for CI; `make crash` runs 200 visits."""

from pathlib import Path

import pytest

from tests.crash.harness import correr


@pytest.mark.slow
def test_killing_web_and_worker_at_random_loses_doubles_and_strands_nothing(tmp_path: Path) -> None:
    resultado = correr(tmp_path, visitas=12, muertes=10, semilla=7)
    assert resultado.faltas == []
    assert sum(resultado.muertes.values()) >= 5
    assert resultado.envios >= 12 * 9
