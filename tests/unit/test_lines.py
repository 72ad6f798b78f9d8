"""The log as lines of JSON: one a happening, which request and whose, a file for a trace, and never
a value of a row."""

import datetime as dt
import io
import json
import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from common import trail
from common.lines import TRACES, JsonLines, hide_values, without_values

#: As psycopg says it of a row that is there already.
UNIQUE = 'duplicate key value violates unique constraint "uq_cuenta_correo"\nDETAIL:  Key (correo)=(ana@ciudadana.example) already exists.\n'
FAILING = 'null value in column "x"\nDETAIL:  Failing row contains (7, Ana Rojas, 1032456789).\n[SQL: INSERT INTO persona VALUES (…)]'


@pytest.fixture(autouse=True)
def _nobody() -> Iterator[None]:
    trail.begin()
    yield
    trail.begin()


def line(
    formatter: JsonLines,
    message: str = "hecho",
    error: BaseException | None = None,
    **extra: object,
) -> dict[str, object]:
    info = (type(error), error, error.__traceback__) if error is not None else None
    record = logging.getLogger("x").makeRecord(
        "x", logging.ERROR, "f", 1, message, (), info, extra=extra
    )
    written = formatter.format(record)
    assert "\n" not in written
    return dict(json.loads(written))


def test_a_line_says_when_whose_request_and_which_case(tmp_path: Path) -> None:
    trail.begin("peticion-0001")
    trail.by("marta.hoyos")
    trail.about("caso-7")
    said = line(
        JsonLines(tmp_path),
        "a\r\nb\u2028c",
        route="bandeja.bandeja",
        status=200,
        ms=3.2,
        clave="secreta",
    )
    assert dt.datetime.fromisoformat(str(said["time"])).utcoffset() == dt.timedelta(), (
        "the time of the world, whatever that of the machine"
    )
    assert {**said, "time": ""} == {
        "time": "",
        "level": "error",
        "logger": "x",
        "message": "a\r\nb\u2028c",
        "request": "peticion-0001",
        "user": "marta.hoyos",
        "case": "caso-7",
        "route": "bandeja.bandeja",
        "status": 200,
        "ms": 3.2,
    }


def test_a_failure_is_one_line_and_its_trace_a_file_of_its_owner(tmp_path: Path) -> None:
    folder = tmp_path / "trazas"
    with pytest.raises(ValueError, match="uq_cuenta_correo") as caught:
        raise ValueError(UNIQUE)
    said = line(JsonLines(folder), error=caught.value)
    kept = folder / str(said["trace"])
    assert (
        said["error"],
        stat.S_IMODE(kept.stat().st_mode),
        stat.S_IMODE(folder.stat().st_mode),
    ) == ("ValueError", 0o600, 0o700)
    text = kept.read_text("utf-8")
    assert "Traceback" in text
    assert "uq_cuenta_correo" in text
    assert "ana@ciudadana.example" not in text


@pytest.mark.parametrize(
    ("text", "hidden"), [(UNIQUE, "ana@"), (FAILING, "Rojas"), (FAILING, "1032456789")]
)
def test_what_the_database_says_of_a_row_stands_nowhere(text: str, hidden: str) -> None:
    assert hidden in text
    assert hidden not in without_values(text)


@pytest.fixture
def text() -> Iterator[io.StringIO]:
    """What a logger with a handler and a format of its own writes, as those of libraries have
    them."""
    before, written = logging.getLogRecordFactory(), io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.Formatter("%(asctime)s [%(levelname)s] %(message)s"))
    logger = logging.getLogger("tests.as_text")
    logger.addHandler(handler)
    hide_values()
    yield written
    logging.setLogRecordFactory(before)
    logger.removeHandler(handler)


def test_a_log_as_text_says_nothing_of_a_row_either(text: io.StringIO) -> None:
    logger = logging.getLogger("tests.as_text")
    with pytest.raises(ValueError, match="uq_cuenta_correo") as caught:
        raise ValueError(UNIQUE) from KeyError(7)
    logger.error("failed: %s", FAILING, exc_info=caught.value)
    logger.error(caught.value)
    logger.error("of %(row)s", {"row": caught.value})
    logger.warning("plain %s, %d", "words", 7)

    said = text.getvalue()
    assert "plain words, 7" in said
    assert "KeyError: 7" in said
    assert said.count("uq_cuenta_correo") == 3
    assert said.count("(values hidden)") == 4
    assert not [each for each in ("ana@", "Rojas", "1032456789") if each in said]


def test_old_traces_go(tmp_path: Path) -> None:
    for n in range(TRACES + 5):
        (tmp_path / f"20200101T000000-{n:05}.txt").write_text("x")
    line(JsonLines(tmp_path), error=ValueError("x"))
    assert len(list(tmp_path.glob("*.txt"))) == TRACES


def test_a_folder_that_cannot_be_written_costs_the_trace_and_not_the_line(tmp_path: Path) -> None:
    (tmp_path / "trazas").write_text("no es una carpeta")
    assert line(JsonLines(tmp_path / "trazas"), error=ValueError("x"))["trace"] == ""


def test_a_job_bears_the_request_that_asked_for_it() -> None:
    trail.begin("peticion-0002")
    args = trail.packed({"clave": "k"})
    trail.begin("otra-peticion")
    with trail.of_job("job mail", args):
        assert (trail.current().request, args) == ("peticion-0002", {"clave": "k"})
    assert trail.current().request == "otra-peticion"


def test_an_access_is_a_line_of_ids_and_what_somebody_typed_stands_in_the_chain_only(
    tmp_path: Path,
) -> None:
    entry = {
        "kind": "consulta_caso",
        "actor": "marta.hoyos",
        "subject": "caso-7",
        "day": "2026-11-30",
        "n": 3,
        "hash": "ab" * 32,
    }
    formatter = JsonLines(tmp_path, frozenset({"exportacion"}))
    assert (
        entry.items()
        <= line(formatter, "access", **entry, detail={"motivo": "lo que escribió"}).items()
    )
    assert "detail" not in line(formatter, "access", **entry, detail={"motivo": "lo que escribió"})
    typed = line(
        formatter,
        "access",
        **{**entry, "kind": "exportacion", "subject": "cédula de Ana Rojas.pdf"},
    )
    assert ("subject" in typed, typed["hash"]) == (False, "ab" * 32)


def test_of_two_accounts_of_one_group_each_keeps_its_traces(tmp_path: Path) -> None:
    place = tmp_path / "instancia"
    place.mkdir()
    place.chmod(0o2770)
    before = os.umask(0o007)  # as the units have it
    said = line(JsonLines(place / "trazas"), error=ValueError("x"))
    os.umask(before)
    modes = [
        stat.S_IMODE(each.stat().st_mode) & 0o777
        for each in (place / "trazas", place / "trazas" / str(said["trace"]))
    ]
    assert modes == [0o770, 0o600]
