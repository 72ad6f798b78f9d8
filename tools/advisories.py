"""What is known against the libraries that we build on. `python -m tools.advisories` asks OSV (Open Source Vulnerabilities) about each;
with `--copy`, where OSV cannot be reached, copies of its records are read instead: a folder or a zip of the OSV format
(https://ossf.github.io/osv-schema/), JSON or YAML, as OSV exports an ecosystem (`all.zip`) and PyPA and GitHub keep theirs.

Fails when one has an advisory, when OSV is not reached or does not answer for every one, and when a copy says nothing of an ecosystem
or nothing new: silence is no good news."""

import argparse
import datetime as dt
import json
import re
import sys
import zipfile
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from http import HTTPStatus
from pathlib import Path
from pathlib import PurePath
from typing import Any
from typing import ClassVar
from typing import Final

import urllib3
import yaml
from packaging.utils import canonicalize_name
from packaging.version import Version

from engine.clock import SystemClock
from tools.libraries import PYPI
from tools.libraries import Library
from tools.libraries import listed

OSV: Final = "https://api.osv.dev"
PATIENCE: Final = urllib3.Timeout(connect=10, read=60)
#: The gravest advisories are to be acted on within a week (docs/libraries.md): a copy that is older says nothing of them.
FRESH: Final = dt.timedelta(days=7)
#: At the same version: what was mended and came back is there, what is affected up to it no longer above it.
EVENTS: Final = {"fixed": 0, "introduced": 1, "last_affected": 2}


class NotAnswered(Exception):
    """It is not known of every library."""


# --- asked ------------------------------------------------------------------------------------------------------------------------
def asked(libraries: Sequence[Library], url: str = OSV) -> dict[Library, list[str]]:
    """Library → its advisories. Raises NotAnswered."""
    queries = [{"package": {"name": each.name, "ecosystem": each.ecosystem}, "version": each.version} for each in libraries]
    try:
        answer = urllib3.request("POST", f"{url}/v1/querybatch", json={"queries": queries}, timeout=PATIENCE, retries=2)
        told = answer.json()["results"] if answer.status == HTTPStatus.OK else None
    except (urllib3.exceptions.HTTPError, ValueError, KeyError, TypeError) as error:
        raise NotAnswered(f"{url}: {type(error).__name__}") from error
    if not isinstance(told, list) or len(told) != len(libraries):
        raise NotAnswered(f"{url}: asked about {len(libraries)}, told of {len(told) if isinstance(told, list) else 0} ({answer.status})")
    found: dict[Library, list[str]] = {}
    for library, known in zip(libraries, told, strict=True):
        if not isinstance(known, dict) or known.get("next_page_token"):
            raise NotAnswered(f"{url}: no whole answer about {library.name}")
        if known.get("vulns"):
            found[library] = [str(each["id"]) for each in known["vulns"]]
    return found


# --- read -------------------------------------------------------------------------------------------------------------------------
class Texts(yaml.CSafeLoader):
    """No version becomes a number, no moment a date."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


READ: Final[Mapping[str, Callable[[str], Any]]] = {".json": json.loads, ".yaml": lambda text: Texts(text).get_single_data()}


@dataclass
class Told:
    """What the copies hold."""

    of: dict[tuple[str, str], list[Any]] = field(default_factory=lambda: defaultdict(list))  #: ecosystem, name → records in force
    newest: dict[str, dt.datetime] = field(default_factory=dict)  #: by ecosystem
    records: int = 0

    def add(self, record: Any) -> None:
        modified = dt.datetime.fromisoformat(record["modified"])
        self.records += 1
        for ecosystem, name in {_package(affected) for affected in record.get("affected") or ()}:
            self.newest[ecosystem] = max(self.newest.get(ecosystem, modified), modified)
            if record.get("withdrawn") in (None, "", "null"):
                self.of[ecosystem, name].append(record)


def read(copies: Iterable[Path]) -> Told:
    """Raises NotAnswered: there is no such copy, or something in it is no record of OSV."""
    told = Told()
    for copy in copies:
        place = str(copy)
        try:
            for file, text in _texts(copy):
                place = f"{copy}/{file}"
                told.add(READ[file.suffix](text.decode("utf-8")))
        except (OSError, ValueError, LookupError, TypeError, AttributeError, yaml.YAMLError, zipfile.BadZipFile) as error:
            raise NotAnswered(f"{place}: {type(error).__name__}: {error}") from error
    return told


def _texts(copy: Path) -> Iterator[tuple[PurePath, bytes]]:
    if copy.is_dir():
        for file in sorted(copy.rglob("*")):
            if file.suffix in READ and file.is_file():
                yield file.relative_to(copy), file.read_bytes()
        return
    with zipfile.ZipFile(copy) as archive:
        for name in archive.namelist():
            if PurePath(name).suffix in READ:
                yield PurePath(name), archive.read(name)


def found_in(told: Told, libraries: Sequence[Library]) -> dict[Library, list[str]]:
    """Library → its advisories."""
    found = {}
    for each in libraries:
        known = [record for record in told.of.get(_key(each), ()) if any(_hit(each, affected) for affected in record["affected"])]
        found[each] = sorted({str(record["id"]) for record in known})
    return {each: ids for each, ids in found.items() if ids}


def left_open(told: Told, libraries: Sequence[Library], now: dt.datetime) -> Iterator[str]:
    """What the copies do not tell."""
    for ecosystem in sorted({each.ecosystem for each in libraries}):
        newest = told.newest.get(ecosystem)
        if newest is None:
            yield f"no record of {ecosystem}"
        elif now - newest > FRESH:
            yield f"the newest record of {ecosystem} is of {newest:%Y-%m-%d}, {(now - newest).days} days ago"


def _package(affected: Any) -> tuple[str, str]:
    ecosystem, name = affected["package"]["ecosystem"], affected["package"]["name"]
    return ecosystem, canonicalize_name(name) if ecosystem == PYPI else name


def _key(library: Library) -> tuple[str, str]:
    return _package({"package": {"ecosystem": library.ecosystem, "name": library.name}})


def _hit(library: Library, affected: Any) -> bool:
    """Whether this version is listed or in a range ("Evaluation" of the format). What cannot be compared is one: somebody has to look."""
    if _package(affected) != _key(library):
        return False
    versions, ranges = affected.get("versions") or (), [each for each in affected.get("ranges") or () if each["type"] != "GIT"]
    try:
        return library.version in versions or any(_within(library, each["events"]) for each in ranges) or not (versions or ranges)
    except ValueError:
        return True


def _within(library: Library, events: Sequence[Mapping[str, str]]) -> bool:
    order = Version if library.ecosystem == PYPI else _semver
    ours, inside = order(library.version), False
    told = [(kind, at) for each in events for kind, at in each.items() if kind in EVENTS]
    beginning = [kind for kind, at in told if at == "0"]
    if "introduced" in beginning:
        inside = True
    for at, _n, kind in sorted((order(at), EVENTS[kind], kind) for kind, at in told if at != "0"):
        if kind == "introduced" and ours >= at:
            inside = True
        elif (kind == "fixed" and ours >= at) or (kind == "last_affected" and ours > at):
            inside = False
    return inside


def _semver(version: str) -> tuple[Any, ...]:
    """Ordered as Semantic Versioning 2.0.0, 11, says. Raises ValueError: no such version."""
    match = re.fullmatch(r"(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?", version, re.ASCII)
    if match is None:
        raise ValueError(version)
    *numbers, before = match.groups()
    parts = [(0, int(each), "") if each.isdigit() else (1, 0, each) for each in before.split(".")] if before else []
    return (*map(int, numbers), not before, parts)


def main(words: Sequence[str] | None = None) -> int:
    given = argparse.ArgumentParser(prog="python -m tools.advisories", description=__doc__)
    given.add_argument("--url", default=OSV, help="of OSV, or of a mirror of it")
    given.add_argument(
        "--copy", type=Path, action="append", default=[], help="a folder or zip of records, instead of asking; more than once"
    )
    wanted, libraries, gaps = given.parse_args(words), listed(), list[str]()
    try:
        if wanted.copy:
            told = read(wanted.copy)
            found, gaps = found_in(told, libraries), list(left_open(told, libraries, SystemClock().now()))
            sys.stdout.write(f"{told.records} records read.\n")
        else:
            found = asked(libraries, wanted.url)
    except NotAnswered as error:
        sys.stderr.write(f"Not audited: {error}\n")
        return 2
    for library, advisories in found.items():
        sys.stdout.write(f"{library.name} {library.version} ({library.part}): {', '.join(advisories)}\n")
    sys.stdout.write(f"{len(libraries)} libraries, {len(found)} with advisories.\n")
    if gaps:
        sys.stderr.write(f"Not audited: {'; '.join(gaps)}\n")
    return 1 if found else 2 if gaps else 0


if __name__ == "__main__":
    sys.exit(main())
