"""How many models of other engines are taken as they are: `python -m bench.field PLACE [--under
PATH]`.

PLACE is a folder, or the git directory of a repository without a work tree.

Each file alone is read and judged as a deployment judges it. What only the house can say (who does
it, what does it, what it is called by, which variables there are) is written in words of ours and
stands in no file of another engine: a file in which nothing but that is missing is taken as it is.
Any other error refuses it, and is counted. `--list RULE` names the files of one rule;
`--translated` judges what `flask procedure import` would write of each, before anybody decided
anything.
"""

import argparse
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lxml import etree

from engine.compile import compile_release
from tests.kit import processes
from webforms.paquetes.ajeno import Ajeno

ENDINGS: Final = (".bpmn", ".bpmn20.xml")
#: rules that ask for words of the house, and what they ask for
OF_THE_HOUSE: Final = {
    "lane_missing": "who does it",
    "handler_missing": "what does it",
    "script_refused": "what does it: a script is written anew as an action",
    "mime_type": "of a script, which is not run",
    "message_missing": "which message is waited for",
    "message_key_missing": "by what a message finds its case",
    "called_missing": "which process is called",
    "called_unknown": "a process of another file",
    "variable_unknown": "which variables there are",
}


class Everything:
    """Any handler, form or table is registered."""

    def __contains__(self, _: object) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Judged:
    file: str
    errors: frozenset[str]  # rules that it breaks

    @property
    def beyond_the_house(self) -> frozenset[str]:
        return self.errors - OF_THE_HOUSE.keys()


def judge(file: str, content: bytes) -> Judged:
    _, found = compile_release(
        {"m.bpmn": content}, handlers=Everything(), forms=Everything(), functions={}
    )
    return Judged(file, frozenset(finding.rule for finding in found if finding.severity == "error"))


def translated(content: bytes) -> bytes:
    """In our words; what is no diagram stays what it is."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return content
    return Ajeno(root, {}).traducir()


def models(place: Path, under: str) -> Iterator[tuple[str, bytes]]:
    """Files of a folder, or of the newest commit of a repository without a work tree."""
    if (place / "HEAD").is_file():
        yield from _of_repository(place, under)
        return
    for path in sorted((place / under).rglob("*")):
        if path.name.endswith(ENDINGS):
            yield path.relative_to(place / under).as_posix(), path.read_bytes()


def _of_repository(place: Path, under: str) -> Iterator[tuple[str, bytes]]:
    git = [shutil.which("git") or "git", "-C", str(place)]
    listed = processes.run(
        [*git, "ls-tree", "-r", "--name-only", "-z", "HEAD", under or "."],
        check=True,
        capture_output=True,
    )
    names = [name for name in listed.stdout.decode().split("\0") if name.endswith(ENDINGS)]
    asked = "".join(f"HEAD:{name}\n" for name in names).encode()
    answer = processes.run(
        [*git, "cat-file", "--batch"], input=asked, check=True, capture_output=True
    ).stdout
    for name in names:
        head, _, answer = answer.partition(b"\n")
        size = int(head.rsplit(b" ", 1)[1])
        yield name.removeprefix(under).lstrip("/"), answer[:size]
        answer = answer[size + 1 :]


def report(judged: Sequence[Judged]) -> Iterator[str]:
    bare = sum(not each.errors for each in judged)
    taken = sum(not each.beyond_the_house for each in judged)
    counts = f"nothing to add: {bare} | as they are (words of the house apart): {taken} | refused: {len(judged) - taken}"
    yield f"models: {len(judged)} | {counts}"
    every = Counter(rule for each in judged for rule in each.beyond_the_house)
    alone = Counter(
        next(iter(each.beyond_the_house)) for each in judged if len(each.beyond_the_house) == 1
    )
    yield from (
        f"{number:5} files, {alone[rule]:4} by it alone: {rule}"
        for rule, number in every.most_common()
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("place", type=Path, help="a folder, or a git directory")
    parser.add_argument("--under", default="", help="a folder inside it")
    parser.add_argument(
        "--list", dest="rule", default="", help="name the files that this rule refuses"
    )
    parser.add_argument(
        "--translated", action="store_true", help="as `flask procedure import` writes them"
    )
    given = parser.parse_args(arguments)
    found = models(given.place, given.under)
    judged = [
        judge(file, translated(content) if given.translated else content) for file, content in found
    ]
    if not judged:
        sys.exit(f"there are no models in {given.place}/{given.under}")
    lines = (
        (each.file for each in judged if given.rule in each.errors)
        if given.rule
        else report(judged)
    )
    print("\n".join(lines))


if __name__ == "__main__":
    main()
