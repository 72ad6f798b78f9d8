"""What is known against libraries: an advisory is named, and silence is no good news, neither of
OSV nor of copies of its records."""

import datetime as dt
import json
import pickle
import re
import threading
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from engine.clock import SystemClock
from tools import advisories
from tools.advisories import NotAnswered
from tools.libraries import Library, listed


@contextmanager
def osv(answer: object, status: int = 200) -> Iterator[tuple[str, list[object]]]:
    """Answers everything so; what it was asked."""
    asked: list[object] = []

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            said = json.dumps(answer).encode() if not isinstance(answer, bytes) else answer
            self.send_response(status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_an_advisory_is_named_with_its_library(capsys: pytest.CaptureFixture[str]) -> None:
    known = listed()
    bad = next(n for n, each in enumerate(known) if each.name == "flask")
    with osv(
        {
            "results": [
                {"vulns": [{"id": "GHSA-x", "modified": "y"}]} if n == bad else {}
                for n in range(len(known))
            ]
        }
    ) as (url, asked):
        assert advisories.main(["--url", url]) == 1
    assert f"flask {known[bad].version} (product): GHSA-x" in capsys.readouterr().out
    (queries,) = asked
    assert isinstance(queries, dict)
    assert {
        "package": {"name": "flask", "ecosystem": "PyPI"},
        "version": known[bad].version,
    } in queries["queries"]
    assert {each["package"]["ecosystem"] for each in queries["queries"]} == {"PyPI", "npm"}


def test_nothing_known_of_any_is_said_with_their_number(capsys: pytest.CaptureFixture[str]) -> None:
    with osv({"results": [{} for _each in listed()]}) as (url, _asked):
        assert advisories.main(["--url", url]) == 0
    assert f"{len(listed())} libraries, 0 with advisories." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({"results": [{}]}, 200),
        ({"results": "none"}, 200),
        ({}, 200),
        ([], 200),
        (b"<html>", 200),
        ({"code": 3, "message": "Invalid query."}, 400),
        ({"results": []}, 503),
    ],
    ids=["fewer", "no list", "nothing", "another", "no JSON", "refused", "away"],
)
def test_an_answer_that_is_not_of_each_library_is_none(answer: object, status: int) -> None:
    with osv(answer, status) as (url, _asked):
        assert advisories.main(["--url", url]) == 2


def test_a_library_about_which_more_is_known_than_was_said_is_no_good_news() -> None:
    known = listed()
    with (
        osv({"results": [{}] * (len(known) - 1) + [{"next_page_token": "x"}]}) as (url, _asked),
        pytest.raises(NotAnswered),
    ):
        advisories.asked(known, url)


def test_nobody_there_is_no_good_news() -> None:
    with osv({}) as (url, _asked):
        pass
    assert advisories.main(["--url", url]) == 2


# --- copies of its records ------------------------------------------------------------------------
def record(
    library: Library,
    *events: dict[str, str],
    versions: Sequence[str] = (),
    kind: str = "ECOSYSTEM",
    **more: object,
) -> dict[str, Any]:
    """As OSV exports it, of today."""
    ranges = [{"type": kind, "events": list(events)}] if events else []
    affected = {
        "package": {"ecosystem": library.ecosystem, "name": library.name},
        "ranges": ranges,
        "versions": list(versions),
    }
    return {
        "id": "X-1",
        "modified": SystemClock().now().isoformat(),
        "affected": [affected],
        **more,
    }


def copy(folder: Path, *records: object) -> Path:
    file = folder / "all.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for n, each in enumerate(records):
            archive.writestr(f"X-{n}.json", json.dumps(each) if not isinstance(each, str) else each)
    return file


def named(held: Path, libraries: Sequence[Library]) -> dict[Library, list[str]]:
    return {each: sorted(ids) for each, ids in advisories.read([held], libraries).found.items()}


def pinned(name: str) -> Library:
    return next(each for each in listed() if each.name == name)


def python(version: str) -> Library:
    return Library("flask-login", version, "PyPI", "product", "MIT")


def script(version: str) -> Library:
    return Library("bpmn-js", version, "npm", "browser", "MIT")


OF_FLASK = {"ecosystem": "PyPI", "name": "flask"}
FROM_1_TO_2 = ({"introduced": "1.0.0"}, {"fixed": "2.0.0"})
UP_TO_2 = ({"introduced": "0"}, {"last_affected": "2.0.0"})
TWICE = ({"introduced": "0"}, {"fixed": "1.0.0"}, {"introduced": "2.0.0"}, {"fixed": "2.0.3"})


@pytest.mark.parametrize("of", [python, script])
@pytest.mark.parametrize(
    ("events", "version", "hit"),
    [
        (FROM_1_TO_2, "0.9.9", False),
        (FROM_1_TO_2, "1.0.0", True),
        (FROM_1_TO_2, "1.10.0", True),
        (FROM_1_TO_2, "2.0.0", False),
        (tuple(reversed(FROM_1_TO_2)), "2.0.1", False),
        (UP_TO_2, "0.0.1", True),
        (UP_TO_2, "2.0.0", True),
        (UP_TO_2, "2.0.1", False),
        (TWICE, "0.5.0", True),
        (TWICE, "1.5.0", False),
        (TWICE, "2.0.2", True),
        (TWICE, "10.0.0", False),
        (({"introduced": "0"},), "10.0.0", True),
    ],
)
def test_a_version_in_a_range_is_affected(
    of: Callable[[str], Library],
    events: Sequence[dict[str, str]],
    version: str,
    *,
    hit: bool,
    tmp_path: Path,
) -> None:
    library = of(version)
    assert named(copy(tmp_path, record(library, *events)), [library]) == (
        {library: ["X-1"]} if hit else {}
    )


@pytest.mark.parametrize(
    ("library", "told", "hit"),
    [
        (python("1.10"), {"versions": ["1.1", "1.2"]}, False),
        (python("1.10"), {"versions": ["1.1", "1.10"]}, True),
        (python("2.0rc1"), {"events": FROM_1_TO_2}, True),
        (script("2.0.0-beta.2"), {"events": FROM_1_TO_2}, True),
        (
            script("2.0.0-beta.10"),
            {"events": ({"introduced": "2.0.0-beta.2"}, {"fixed": "2.0.0-beta.11"})},
            True,
        ),
        (script("2.0.0"), {"events": ({"introduced": "0"}, {"fixed": "2.0.0-beta.11"})}, False),
        (script("1.5.0"), {"events": FROM_1_TO_2, "withdrawn": "2026-01-01T00:00:00Z"}, False),
        (script("1.5.0"), {"events": ({"introduced": "one"},)}, True),
        (python("1.5"), {"events": ({"introduced": "0"},), "kind": "GIT"}, True),
        (python("1.5"), {"versions": ["2004-a-b", "1.5.0"]}, True),
        (python("1.5"), {"versions": ["2004-a-b", "1.6"]}, False),
        (script("1.5.0"), {"events": ({"introduced": "0"}, {"limit": "1.5.0"})}, False),
        (script("1.4.9"), {"events": ({"introduced": "0"}, {"limit": "1.5.0"})}, True),
        (script("1.5.0"), {"events": ({"introduced": "0"}, {"limit": "*"})}, True),
        (python("1.5"), {"events": ({"introduced": "0"}, {"last_affected": "0"})}, False),
    ],
    ids=[
        "no number",
        "listed",
        "before Python's",
        "before",
        "before by number",
        "after",
        "withdrawn",
        "not to be compared",
        "commits alone",
        "listed as the same",
        "listed as none",
        "at the limit",
        "before the limit",
        "without limit",
        "up to nothing",
    ],
)
def test_what_is_said_of_one_version(
    library: Library, told: dict[str, Any], *, hit: bool, tmp_path: Path
) -> None:
    """What cannot be compared is named: somebody has to look."""
    assert named(copy(tmp_path, record(library, *told.pop("events", ()), **told)), [library]) == (
        {library: ["X-1"]} if hit else {}
    )


def test_a_record_of_several_libraries_places_and_commits_is_read_whole(tmp_path: Path) -> None:
    """One that speaks of commits alone names no library; the same one at another place is looked
    at."""
    of_all = record(python("1.5"), {"introduced": "1"}, {"fixed": "1.2"})
    commits = {
        "ranges": [
            {"type": "GIT", "repo": "https://code.example/x", "events": [{"introduced": "0"}]}
        ],
        "versions": ["v1"],
    }
    elsewhere = record(
        Library("Flask_Login", "", "PyPI:https://packages.example/simple", "", ""),
        {"introduced": "1.4"},
    )["affected"][0]
    of_all["affected"] += [
        commits,
        record(script("1.5.0"), {"introduced": "2.0.0"})["affected"][0],
        elsewhere,
    ]
    asked = [python("1.1"), python("1.3"), python("1.5"), script("1.5.0")]
    assert named(copy(tmp_path, of_all), asked) == {python("1.1"): ["X-1"], python("1.5"): ["X-1"]}
    assert named(copy(tmp_path, {**of_all, "affected": None}), asked) == {}


def test_a_copy_keeps_nothing_of_what_others_use(tmp_path: Path) -> None:
    """A copy of npm holds some hundred thousand records."""
    held = copy(
        tmp_path,
        *[
            record(Library(f"of-others-{n}", "1.0.0", "npm", "", ""), {"introduced": "0"})
            for n in range(2000)
        ],
    )
    told = advisories.read([held], [script("1.0.0")])
    assert (told.records, len(pickle.dumps(told)) < 2000) == (2000, True)


def test_a_copy_is_a_folder_of_yaml_too_and_a_name_is_one_however_it_is_written(
    tmp_path: Path,
) -> None:
    """As PyPA keeps its own: nothing in it is a number or a moment."""
    (tmp_path / "vulns" / "flask-login").mkdir(parents=True)
    package = "affected:\n- package:\n    name: Flask_Login\n    ecosystem: PyPI\n"
    text = f"id: PYSEC-1\nmodified: 2026-11-29T10:00:00.5Z\n{package}  versions:\n  - 1.10\n"
    (tmp_path / "vulns" / "flask-login" / "PYSEC-1.yaml").write_text(text, "utf-8")
    (tmp_path / "README.md").write_text("no record", "utf-8")
    assert named(tmp_path, [python("1.1"), python("1.10")]) == {python("1.10"): ["PYSEC-1"]}


def test_copies_that_tell_of_all_and_lately_are_an_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flask, canvas = pinned("flask"), pinned("bpmn-js")
    held = copy(
        tmp_path,
        record(flask, {"introduced": "0"}, {"fixed": flask.version}),
        record(canvas, {"introduced": "999.0.0"}),
    )
    assert advisories.main(["--copy", str(held)]) == 0
    assert (
        capsys.readouterr().out
        == f"2 records read.\n{len(listed())} libraries, 0 with advisories.\n"
    )
    held = copy(
        tmp_path, record(flask, versions=[flask.version]), record(canvas, {"introduced": "999.0.0"})
    )
    assert advisories.main(["--copy", str(held)]) == 1
    assert f"flask {flask.version} (product): X-1\n" in capsys.readouterr().out


def test_copies_that_are_old_or_silent_of_an_ecosystem_are_no_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flask, canvas = pinned("flask"), pinned("bpmn-js")
    held = copy(tmp_path, record(flask, {"introduced": "999"}))
    assert advisories.main(["--copy", str(held)]) == 2
    assert capsys.readouterr().err == "Not audited: no record of npm\n"
    old = SystemClock().now() - dt.timedelta(days=8)
    held = copy(
        tmp_path,
        record(flask, {"introduced": "999"}, modified=old.isoformat()),
        record(canvas, {"introduced": "999.0.0"}),
    )
    assert advisories.main(["--copy", str(held)]) == 2
    assert (
        capsys.readouterr().err
        == f"Not audited: the newest record of PyPI is of {old:%Y-%m-%d}, 8 days ago\n"
    )


@pytest.mark.parametrize(
    "told",
    [
        "<html>",
        "[]",
        "{}",
        '{"id": "X", "modified": "yesterday"}',
        '{"id": "X", "modified": "2026-11-29T10:00:00Z", "affected": [{}]}',
        "[" * 100_000,
        json.dumps(
            {
                "id": "X",
                "modified": "2026-11-29T10:00:00Z",
                "affected": [{"package": OF_FLASK, "ranges": [{"events": []}]}],
            }
        ),
        json.dumps(
            {
                "modified": "2026-11-29T10:00:00Z",
                "affected": [{"package": OF_FLASK, "versions": [pinned("flask").version]}],
            }
        ),
    ],
    ids=["page", "list", "nothing", "when", "of what", "folded", "which range", "without name"],
)
def test_what_is_no_record_is_told_with_its_place(
    told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert advisories.main(["--copy", str(copy(tmp_path, told))]) == 2
    assert re.match(r"Not audited: .*all\.zip/X-0\.json: ", capsys.readouterr().err)


@pytest.mark.parametrize("there", [None, b"", b"no zip"], ids=["none", "empty", "another"])
def test_a_copy_that_cannot_be_read_is_told(
    there: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "all.zip"
    if there is not None:
        file.write_bytes(there)
    assert advisories.main(["--copy", str(file)]) == 2
    assert str(file) in capsys.readouterr().err


def test_a_zip_that_is_damaged_or_grows_beyond_a_record_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "all.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("X-0.json", " " * (advisories.LARGEST + 1))
    assert advisories.main(["--copy", str(file)]) == 2
    assert "X-0.json: ValueError: 16777217 bytes" in capsys.readouterr().err
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("X-0.json", json.dumps(record(script("1.0.0"), {"introduced": "0"})))
    held = bytearray(file.read_bytes())
    held[30 + len("X-0.json")] |= 6  # a kind of block that there is not
    file.write_bytes(held)
    assert advisories.main(["--copy", str(file)]) == 2
    assert "all.zip" in capsys.readouterr().err


def test_a_record_that_does_not_say_in_which_zone_it_was_changed_is_one(tmp_path: Path) -> None:
    naive = SystemClock().now().replace(tzinfo=None).isoformat()
    told = advisories.read(
        [copy(tmp_path, record(python("1.0"), {"introduced": "0"}, modified=naive))],
        [python("1.0")],
    )
    assert list(advisories.left_open(told, SystemClock().now())) == []


@pytest.mark.parametrize(
    "vulns", [[{}], ["GHSA-x"], 3], ids=["without name", "no record", "no list"]
)
def test_an_answer_that_does_not_name_what_is_known_is_none(
    vulns: object, capsys: pytest.CaptureFixture[str]
) -> None:
    with osv({"results": [{"vulns": vulns}] * len(listed())}) as (url, _asked):
        assert advisories.main(["--url", url]) == 2
    assert "no name of what is known" in capsys.readouterr().err
