"""What is known against the libraries that we build on. `python -m tools.advisories` asks OSV (Open
Source Vulnerabilities) about each; with `--copy`, where OSV cannot be reached, copies of its
records are read instead: a folder or a zip of the OSV format (https://ossf.github.io/osv-schema/),
JSON or YAML, as OSV exports an ecosystem (`all.zip`) and PyPA and GitHub keep theirs.

Fails when one has an advisory, when OSV is not reached or does not answer for every one, and when a
copy says nothing of an ecosystem or nothing new: silence is no good news."""

import argparse
import datetime as dt
import json
import re
import sys
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from pathlib import Path, PurePath
from typing import Any, ClassVar, Final

import urllib3
import yaml
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from engine.clock import SystemClock
from tools.libraries import PYPI, Library, listed

OSV: Final = "https://api.osv.dev"
PATIENCE: Final = urllib3.Timeout(connect=10, read=60)
#: The gravest advisories are to be acted on within a week (docs/security.md): a copy that is older
#: says nothing of them.
FRESH: Final = dt.timedelta(days=7)
#: Of one record, which has some kilobytes: a copy with more is none, and is not read into memory.
LARGEST: Final = 16 * 1024 * 1024
#: At the same version: what was mended and came back is there, what is affected up to it no longer
#: above it.
EVENTS: Final = {"fixed": 0, "introduced": 1, "last_affected": 2}


class NotAnswered(Exception):
    """It is not known of every library."""


# --- asked ----------------------------------------------------------------------------------------
def asked(libraries: Sequence[Library], url: str = OSV) -> dict[Library, list[str]]:
    """Library → its advisories. Raises NotAnswered."""
    queries = [
        {"package": {"name": each.name, "ecosystem": each.ecosystem}, "version": each.version}
        for each in libraries
    ]
    try:
        answer = urllib3.request(
            "POST", f"{url}/v1/querybatch", json={"queries": queries}, timeout=PATIENCE, retries=2
        )
        told = answer.json()["results"] if answer.status == HTTPStatus.OK else None
    except (urllib3.exceptions.HTTPError, ValueError, KeyError, TypeError) as error:
        raise NotAnswered(f"{url}: {type(error).__name__}") from error
    if not isinstance(told, list) or len(told) != len(libraries):
        raise NotAnswered(
            f"{url}: asked about {len(libraries)}, told of {len(told) if isinstance(told, list) else 0} ({answer.status})"
        )
    found: dict[Library, list[str]] = {}
    for library, known in zip(libraries, told, strict=True):
        if not isinstance(known, dict) or known.get("next_page_token"):
            raise NotAnswered(f"{url}: no whole answer about {library.name}")
        try:
            ids = [str(each["id"]) for each in known.get("vulns") or ()]
        except (KeyError, TypeError) as error:
            raise NotAnswered(f"{url}: no name of what is known about {library.name}") from error
        if ids:
            found[library] = ids
    return found


# --- read -----------------------------------------------------------------------------------------
class Texts(yaml.CSafeLoader):
    """No version becomes a number, no moment a date."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


#: As YAML writes that there is nothing, where no scalar becomes anything.
NOTHING: Final = ("", "null", "~")
#: A page instead of a record, a zip that is cut off, closed by a password, packed in another way,
#: folded into itself.
UNREADABLE: Final = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RuntimeError,
    EOFError,
    yaml.YAMLError,
    zipfile.BadZipFile,
    zlib.error,
)
READ: Final[Mapping[str, Callable[[str], Any]]] = {
    ".json": json.loads,
    ".yaml": lambda text: Texts(text).get_single_data(),
}


#: Ecosystem and name, as they are compared.
Package = tuple[str, str]


@dataclass
class Told:
    """What the copies hold of these libraries: the records of npm are more than a memory takes."""

    libraries: Sequence[Library]
    #: advisories in force
    found: dict[Library, set[str]] = field(default_factory=lambda: defaultdict(set))
    newest: dict[str, dt.datetime] = field(default_factory=dict)  #: by ecosystem
    records: int = 0
    ours: dict[Package, list[Library]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for each in self.libraries:
            self.ours[_named(each.ecosystem, each.name)].append(each)

    def add(self, record: Any) -> None:
        modified = dt.datetime.fromisoformat(record["modified"])
        modified = modified if modified.tzinfo is not None else modified.replace(tzinfo=dt.UTC)
        self.records += 1
        told = [
            (package, affected)
            for affected in _given(record, "affected")
            if (package := _package(affected)) is not None
        ]
        for package, affected in told:
            self.newest[package[0]] = max(self.newest.get(package[0], modified), modified)
            if (record.get("withdrawn") or "") in NOTHING:
                for each in self.ours.get(package, ()):
                    if _hit(each, affected):
                        self.found[each].add(str(record["id"]))


def read(copies: Iterable[Path], libraries: Sequence[Library]) -> Told:
    """Raises NotAnswered: there is no such copy, or something in it is no record of OSV."""
    told = Told(libraries)
    for copy in copies:
        place = str(copy)
        try:
            for file, text in _texts(copy):
                place = f"{copy}/{file}"
                told.add(READ[file.suffix](text().decode("utf-8")))
        except UNREADABLE as error:
            raise NotAnswered(f"{place}: {type(error).__name__}: {error}") from error
    return told


def _texts(copy: Path) -> Iterator[tuple[PurePath, Callable[[], bytes]]]:
    if copy.is_dir():
        for file in sorted(copy.rglob("*")):
            if file.suffix in READ and file.is_file():
                yield file.relative_to(copy), partial(_small, file.stat().st_size, file.read_bytes)
        return
    with zipfile.ZipFile(copy) as archive:
        for each in archive.infolist():
            if PurePath(each.filename).suffix in READ:
                yield (
                    PurePath(each.filename),
                    partial(_small, each.file_size, partial(archive.read, each)),
                )


def _small(size: int, content: Callable[[], bytes]) -> bytes:
    if size > LARGEST:
        raise ValueError(f"{size} bytes, which no record has")
    return content()


def left_open(told: Told, now: dt.datetime) -> Iterator[str]:
    """What the copies do not tell."""
    for ecosystem in sorted({each.ecosystem for each in told.libraries}):
        newest = told.newest.get(ecosystem)
        if newest is None:
            yield f"no record of {ecosystem}"
        elif now - newest > FRESH:
            yield f"the newest record of {ecosystem} is of {newest:%Y-%m-%d}, {(now - newest).days} days ago"


def _given(record: Any, name: str) -> list[Any]:
    """A list of the record, which may be left out."""
    given = record.get(name)
    if given is None or given in NOTHING:
        return []
    if not isinstance(given, list):
        raise TypeError(f"{name} is no list")
    return given


def _named(ecosystem: str, name: str) -> Package:
    """`PyPI:https://…` is the same library at another place: somebody has to look."""
    whose = ecosystem.partition(":")[0]
    return whose, canonicalize_name(name) if whose == PYPI else name


def _package(affected: Any) -> Package | None:
    """None: it speaks of commits, which are no library of an ecosystem."""
    if "package" not in affected and _given(affected, "ranges"):
        return None
    return _named(affected["package"]["ecosystem"], affected["package"]["name"])


def _hit(library: Library, affected: Any) -> bool:
    """Whether this version is listed or in a range ("Evaluation" of the format). What cannot be
    compared is one: somebody has to look."""
    versions, ranges = (
        _given(affected, "versions"),
        [each for each in _given(affected, "ranges") if each["type"] != "GIT"],
    )
    return (
        _listed(library, versions)
        or any(_within(library, each["events"]) for each in ranges)
        or not (versions or ranges)
    )


def _listed(library: Library, versions: Sequence[str]) -> bool:
    """1.0 and 1.0.0 are one version of Python's."""
    if library.version in versions or library.ecosystem != PYPI:
        return library.version in versions
    ours = Version(library.version)
    for each in versions:
        try:
            if Version(each) == ours:
                return True
        except InvalidVersion:
            continue  # of a time before there was an order: we have none such
    return False


def _within(library: Library, events: Sequence[Mapping[str, str]]) -> bool:
    order = Version if library.ecosystem == PYPI else _semver
    told = [(kind, at) for each in events for kind, at in each.items()]
    try:
        ours = order(library.version)
        limits = [at for kind, at in told if kind == "limit"]
        if limits and "*" not in limits and not any(ours < order(at) for at in limits):
            return False
        inside = ("introduced", "0") in told  # before all others
        for at, _n, kind in sorted(
            (order(at), EVENTS[kind], kind)
            for kind, at in told
            if kind in EVENTS and (kind, at) != ("introduced", "0")
        ):
            if kind == "introduced" and ours >= at:
                inside = True
            elif (kind == "fixed" and ours >= at) or (kind == "last_affected" and ours > at):
                inside = False
    except ValueError:
        return True
    return inside


def _semver(version: str) -> tuple[Any, ...]:
    """Ordered as Semantic Versioning 2.0.0, 11, says. Raises ValueError: no such version."""
    match = re.fullmatch(
        r"(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?", version, re.ASCII
    )
    if match is None:
        raise ValueError(version)
    *numbers, before = match.groups()
    parts = (
        [(0, int(each), "") if each.isdigit() else (1, 0, each) for each in before.split(".")]
        if before
        else []
    )
    return (*map(int, numbers), not before, parts)


def main(words: Sequence[str] | None = None) -> int:
    given = argparse.ArgumentParser(prog="python -m tools.advisories", description=__doc__)
    given.add_argument("--url", default=OSV, help="of OSV, or of a mirror of it")
    given.add_argument(
        "--copy",
        type=Path,
        action="append",
        default=[],
        help="a folder or zip of records, instead of asking; more than once",
    )
    wanted, libraries, gaps = given.parse_args(words), listed(), list[str]()
    try:
        if wanted.copy:
            told = read(wanted.copy, libraries)
            found = {each: sorted(told.found[each]) for each in libraries if each in told.found}
            gaps = list(left_open(told, SystemClock().now()))
            sys.stdout.write(f"{told.records} records read.\n")
        else:
            found = asked(libraries, wanted.url)
    except NotAnswered as error:
        sys.stderr.write(f"Not audited: {error}\n")
        return 2
    for library, advisories in found.items():
        sys.stdout.write(
            f"{library.name} {library.version} ({library.part}): {', '.join(advisories)}\n"
        )
    sys.stdout.write(f"{len(libraries)} libraries, {len(found)} with advisories.\n")
    if gaps:
        sys.stderr.write(f"Not audited: {'; '.join(gaps)}\n")
    return 1 if found else 2 if gaps else 0


if __name__ == "__main__":
    sys.exit(main())
