"""One suite for every system around the desk: there, slow, wrong, gone and back, each told in time
and in the same way."""

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from records.sistemas.puertos import Causa, FallaDeSistema, PaginaNoTraida
from records.sistemas.reglas.paginas import Falla
from tests.kit import around
from tests.kit.around import IN_THE_VISIT, SYSTEMS, Neighbour
from tests.kit.gate import DOWN, SLOW, WRONG
from tests.kit.processes import run

ROOT = Path(__file__).resolve().parents[3]
CONSULTA = Path(__file__).parent / "cobol" / "consulta.cob"
# seconds: the adapters here have half a second for a try, those of PostgreSQL two; S3 tries twice,
# with a pause
IN_TIME = 6.0
NEXT_ROUND = "left for the next round"
#: System → how it is told that it is slow, wrong, gone.
TOLD: dict[str, dict[str, str]] = {
    "cctex": {SLOW: Causa.SIN_RESPUESTA, WRONG: Causa.ILEGIBLE, DOWN: Causa.SIN_CONEXION},
    "cctex_by_function": {
        SLOW: Causa.SIN_RESPUESTA,
        WRONG: Causa.SIN_CONEXION,
        DOWN: Causa.SIN_CONEXION,
    },
    "foxpro": {SLOW: Causa.SIN_RESPUESTA, WRONG: Causa.ILEGIBLE, DOWN: Causa.SIN_CONEXION},
    "cobol_files": {SLOW: Causa.OCUPADO, WRONG: Causa.ILEGIBLE, DOWN: Causa.SIN_CONEXION},
    "cobol_program": {SLOW: Causa.SIN_RESPUESTA, WRONG: Causa.ILEGIBLE, DOWN: Causa.SIN_CONEXION},
    "crm": {SLOW: Causa.SIN_RESPUESTA, WRONG: Causa.SIN_CONEXION, DOWN: Causa.SIN_CONEXION},
    "digiturno_http": {
        SLOW: Causa.SIN_RESPUESTA,
        WRONG: Causa.SIN_CONEXION,
        DOWN: Causa.SIN_CONEXION,
    },
    "digiturno_view": {SLOW: Causa.SIN_RESPUESTA, WRONG: Causa.ILEGIBLE, DOWN: Causa.SIN_CONEXION},
    "digiturno_view_of_postgres": {
        SLOW: Causa.SIN_RESPUESTA,
        WRONG: Causa.SIN_CONEXION,
        DOWN: Causa.SIN_CONEXION,
    },
    "digiturno_files": {SLOW: NEXT_ROUND, WRONG: Causa.ILEGIBLE, DOWN: Causa.SIN_CONEXION},
    "mail": {SLOW: Causa.SIN_RESPUESTA, WRONG: Causa.ILEGIBLE, DOWN: Causa.SIN_CONEXION},
    "web_page": {SLOW: Falla.LENTA, WRONG: Falla.SIN_CONEXION, DOWN: Falla.SIN_CONEXION},
    "store_s3": {SLOW: Causa.SIN_RESPUESTA, WRONG: Causa.SIN_CONEXION, DOWN: Causa.SIN_CONEXION},
    "store_folder": {DOWN: Causa.SIN_CONEXION},
    "antivirus": {SLOW: Causa.SIN_RESPUESTA, WRONG: Causa.ILEGIBLE, DOWN: Causa.SIN_CONEXION},
}
ON_POSTGRESQL = ("cctex_by_function", "digiturno_view_of_postgres")


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    def compile_() -> Path:
        if shutil.which("cobc") is None:
            if os.environ.get("CI"):
                pytest.fail("GnuCOBOL is not here (cobc)")
            pytest.skip("GnuCOBOL is not on this machine (cobc)")
        made = tmp_path_factory.mktemp("cobc") / "consulta"
        run(["cobc", "-x", "-free", "-o", str(made), str(CONSULTA)], check=True)
        return made

    return compile_


@pytest.fixture
def system(
    request: pytest.FixtureRequest, tmp_path: Path, compiled: Callable[[], Path]
) -> Iterator[tuple[str, Neighbour]]:
    name = str(request.param)
    more = (
        [compiled()]
        if name == "cobol_program"
        else [request.getfixturevalue("postgres_url")]
        if name in ON_POSTGRESQL
        else []
    )
    with SYSTEMS[name](tmp_path, *more) as neighbour:
        yield name, neighbour


def everybody(*states: str) -> pytest.MarkDecorator:
    """Each system, with each state that it can be in."""
    cases = [
        pytest.param(name, state, marks=[pytest.mark.postgres] if name in ON_POSTGRESQL else [])
        for name, told in TOLD.items()
        for state in states
        if state in told
    ]
    return pytest.mark.parametrize(("system", "state"), cases, indirect=["system"])


def told(neighbour: Neighbour) -> str:
    """What the adapter says of its system: in words that name nobody."""
    try:
        return "there" if neighbour.act() else NEXT_ROUND
    except PaginaNoTraida as failure:
        return failure.falla
    except FallaDeSistema as failure:
        return (
            failure.causa
            if failure.detalle and around.HOLDER.numero not in failure.detalle
            else f"without words: {failure.causa}"
        )


@everybody(SLOW, WRONG, DOWN)
def test_a_system_that_fails_is_told_in_time_by_its_cause_and_works_at_once_when_it_is_back(
    system: tuple[str, Neighbour], state: str
) -> None:
    name, neighbour = system
    assert told(neighbour) == "there"
    neighbour.fails[state]()
    before = time.monotonic()
    assert told(neighbour) == TOLD[name][state]
    assert time.monotonic() - before < IN_TIME
    neighbour.heal()
    assert told(neighbour) == "there"


def test_the_documents_have_what_is_told_of_whom_and_where_the_rest_is_shown() -> None:
    document = (ROOT / "docs" / "systems.md").read_text("utf-8")
    row = re.compile(
        r"^\| `(\w+)` \| (.+?) \| (.+?) \| (.+?) \| `(\w+\.py)(?:::(\w+))?` \| (.+?) \|$",
        re.MULTILINE,
    )
    table = {found[1]: found for found in row.finditer(document)}
    assert {name: found.group(2, 3, 4) for name, found in table.items()} == {
        name: tuple(str(causes.get(state, "–")) for state in (SLOW, WRONG, DOWN))
        for name, causes in TOLD.items()
    }
    for found in table.values():
        (suite,) = (ROOT / "tests").rglob(found[5])
        assert found[6] is None or f"class {found[6]}(ConnectorContract)" in suite.read_text(
            "utf-8"
        )
    assert {name for name, found in table.items() if found[7].startswith("yes")} == set(
        IN_THE_VISIT
    )
    assert {
        found[7].removeprefix("as ").strip("`")
        for found in table.values()
        if found[7].startswith("as ")
    } <= set(IN_THE_VISIT)
