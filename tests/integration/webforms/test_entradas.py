"""Every route and every parameter with what no person types: never a fault of ours, on either
database, and no line of the log is forged.

`FUZZ=20` (`make fuzz`) tries twenty times as many values; `make attack` goes on with others each
time.
"""

import logging
import os
import random
from pathlib import Path

import pytest

from tests.attack.siege import MARCA, asediada, todo

VECES = int(os.environ.get("FUZZ", "1"))


def test_nothing_that_is_sent_anywhere_is_a_fault_of_ours_nor_forges_a_line_of_the_log(
    db_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with asediada(tmp_path, db_url, random.Random(10), VECES) as asedio:
        todo(asedio)
    causas = {
        f"{type(r.exc_info[1]).__name__}: {str(r.exc_info[1])[:300]}"
        for r in caplog.records
        if r.exc_info and r.exc_info[1]
    }
    assert not asedio.fallas, "\n".join(
        [*sorted(causas), "", *asedio.fallas[:60], f"{len(asedio.fallas)} of {asedio.pedidos}"]
    )
    lineas = [
        linea
        for r in caplog.records
        for linea in r.getMessage().splitlines()
        if linea.startswith(MARCA)
    ]
    assert not lineas
