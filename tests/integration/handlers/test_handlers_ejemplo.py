"""The example of docs/systems.md, as it stands there, owes what every connector owes."""

import datetime as dt
import importlib.util
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from handlers.conectores.tipos import Documento
from tests.kit.connectors import ConnectorContract, Place

DOCUMENTO = Path(__file__).parents[3] / "docs" / "systems.md"
FILAS = """tipo,numero,obligacion,saldo,corte
CC,9900000001,1995000001,1250000.50,2026-11-20
CC,9900000001,1997000004,0.00,2026-11-20
CC,9900000003,1996000002,88000.00,2026-11-20
"""


def ejemplo(carpeta: Path) -> Any:
    """The class that the document's only block of Python defines."""
    (codigo,) = re.findall(
        r"^```python\n(.*?)^```", DOCUMENTO.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    (carpeta / "planilla.py").write_text(codigo, "utf-8")
    hallado = importlib.util.spec_from_file_location("planilla", carpeta / "planilla.py")
    assert hallado is not None
    assert hallado.loader is not None
    modulo = importlib.util.module_from_spec(hallado)
    hallado.loader.exec_module(modulo)
    return modulo.Planilla


class TestPlanilla(ConnectorContract):
    @pytest.fixture
    def place(self, tmp_path: Path) -> Place:
        ruta, conector = tmp_path / "planilla.csv", ejemplo(tmp_path)
        ruta.write_text(FILAS, "utf-8")

        @contextmanager
        def hung() -> Iterator[None]:
            """Whoever opens a pipe to read waits until somebody writes."""
            ruta.unlink()
            os.mkfifo(ruta)
            yield
            # not only for who waits by now: also for who comes to wait until it is gone
            writer = os.open(ruta, os.O_RDWR)
            ruta.unlink()
            os.close(writer)
            ruta.write_text(FILAS, "utf-8")

        return Place(
            connect=lambda: conector(ruta),
            holder=Documento("CC", "9900000001", 7),
            obligations=("1995000001", "1997000004"),
            other=Documento("CC", "9900000003", 7),
            other_obligation="1996000002",
            cutoff=dt.date(2026, 11, 20),
            remove=ruta.unlink,
            restore=lambda: ruta.write_text(FILAS, "utf-8"),
            hang=hung,
        )
