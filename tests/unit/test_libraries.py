"""Libraries: the page is what the lock files pin, none has a licence that is not for us, and the audit is no false comfort."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from http.server import HTTPServer

import pytest

from tools import libraries
from tools.libraries import NotAnswered

FREE = {"MIT", "MIT-0", "MIT-CMU", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "ISC", "PSF-2.0", "Unlicense", "ZPL-2.1", "Zlib"}
#: Used as they are: files (MPL), libraries that are linked to and may be replaced (LGPL), fonts, the mark on each diagram.
AS_IT_IS = {"MPL-2.0", "LGPL-3.0-only", "LGPL-3.0-or-later", "OFL-1.1", "bpmn.io (MIT, its mark stays visible)"}
FOR_TOOLS = {"GPL-3.0-or-later", "CNRI-Python", "CC0-1.0"}


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


def test_the_page_is_what_the_lock_files_pin() -> None:
    assert libraries.PAGE.read_text("utf-8") == libraries.page(), "python -m tools.libraries"


def test_no_library_has_a_licence_that_is_not_for_us() -> None:
    for each in libraries.listed():
        allowed = FREE | AS_IT_IS | (FOR_TOOLS if each.part == libraries.TOOL else set())
        ways = [each.licence] if each.licence in allowed else re.sub(r"[()]", "", each.licence).split(" OR ")
        assert any(set(way.split(" AND ")) <= allowed for way in ways), each


def test_an_advisory_is_named_with_its_library(capsys: pytest.CaptureFixture[str]) -> None:
    known = libraries.listed()
    bad = next(n for n, each in enumerate(known) if each.name == "flask")
    with osv({"results": [{"vulns": [{"id": "GHSA-x", "modified": "y"}]} if n == bad else {} for n in range(len(known))]}) as (url, asked):
        assert libraries.main(["--audit", "--url", url]) == 1
    assert f"flask {known[bad].version} (product): GHSA-x" in capsys.readouterr().out
    (queries,) = asked
    assert isinstance(queries, dict)
    assert {"package": {"name": "flask", "ecosystem": "PyPI"}, "version": known[bad].version} in queries["queries"]
    assert {each["package"]["ecosystem"] for each in queries["queries"]} == {"PyPI", "npm"}


def test_nothing_known_of_any_is_said_with_their_number(capsys: pytest.CaptureFixture[str]) -> None:
    with osv({"results": [{} for _each in libraries.listed()]}) as (url, _asked):
        assert libraries.main(["--audit", "--url", url]) == 0
    assert f"{len(libraries.listed())} libraries, 0 with advisories." in capsys.readouterr().out


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
        assert libraries.main(["--audit", "--url", url]) == 2


def test_a_library_about_which_more_is_known_than_was_said_is_no_good_news() -> None:
    known = libraries.listed()
    with osv({"results": [{}] * (len(known) - 1) + [{"next_page_token": "x"}]}) as (url, _asked), pytest.raises(NotAnswered):
        libraries.audit(known, url)


def test_nobody_there_is_no_good_news() -> None:
    with osv({}) as (url, _asked):
        pass
    assert libraries.main(["--audit", "--url", url]) == 2
