"""`make editor`: diagrams on the canvas, moved, inserted into, removed from and undone by chance;
what changed that nobody asked for? Where nothing on the sheet collided before, does anything
now?"""

import argparse
import os
import random
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from lxml import etree
from playwright.sync_api import Browser, sync_playwright

from tests.kit.browser import CHROMIUM, FLAGS
from tests.kit.canvas import Canvas, Facts, differences, facts
from tests.kit.chance import dice
from tools.layout import check
from webforms.paquetes.plantilla import diagrama_vacio

ROOT: Final = Path(__file__).resolve().parents[2]
KIT: Final = Path(os.environ.get("CONFORMANCE_KIT", ROOT.parent / "shared" / "conformance"))
MOVABLE: Final = (
    "bpmn:FlowNode",
    "bpmn:Artifact",
    "bpmn:Lane",
    "bpmn:Participant",
    "bpmn:DataObjectReference",
    "bpmn:DataStoreReference",
)
KINDS: Final = ("bpmn:UserTask", "bpmn:ServiceTask", "bpmn:ExclusiveGateway", "bpmn:CallActivity")
STEP: Final = 12
ASSOCIATION: Final = re.compile(
    r"association .*sourceRef=(?P<source>[^ >]+) targetRef=(?P<target>[^ >]+)"
)


class Trial:
    """One diagram on the canvas."""

    def __init__(self, canvas: Canvas, name: str, content: bytes) -> None:
        self.canvas, self.name, self.content = canvas, name, content
        self.before = facts(content)
        canvas.open(text(content))
        self.movable = sorted({id_ for kind in MOVABLE for id_ in canvas.ids(kind)})
        self.flows = sorted(canvas.ids("bpmn:SequenceFlow"))
        self.nodes = sorted(canvas.ids("bpmn:FlowNode"))
        self.artifacts = sorted({*canvas.ids("bpmn:Group"), *canvas.ids("bpmn:TextAnnotation")})
        self.tidy = not collisions(content)

    def opened(self) -> Iterator[str]:
        yield from self._told("opened and saved", self._now(), frozenset())

    def moved(self, id_: str, dx: int = STEP, dy: int = 0) -> Iterator[str]:
        self.canvas.move(id_, dx, dy)
        now = self._now()
        if now.keys() != self.before.keys():
            yield f"{self.name}: {id_} moved: {sorted(now.keys() ^ self.before.keys())} came or went"
        yield from self._told(f"{id_} moved", now, frozenset())
        yield from self._undone(f"{id_} moved")

    def inserted(self, flow: str, kind: str) -> Iterator[str]:
        """The flow ends at what is new, and what it ended at begins with a new flow; nothing
        else."""
        if not self.canvas.press(flow, "insertar", kind):
            return
        yield from self._collided(f"{kind} into {flow}")
        now = self._now()
        if len(now.keys() - self.before.keys()) != 2 or self.before.keys() - now.keys():
            yield f"{self.name}: into {flow}: {sorted(now.keys() ^ self.before.keys())} came or went"
        yield from self._told(f"{kind} into {flow}", now, frozenset({flow}))
        yield from self._undone(f"{kind} into {flow}")

    def appended(self, node: str, kind: str) -> Iterator[str]:
        """What it led to follows what is new; a gateway leads to both."""
        if not self.canvas.press(node, "agregar-despues", kind):
            return
        after = frozenset(
            flow
            for flow in self.flows
            if f"sourceRef={node} " in " ".join(self.before.get(flow, ()))
        )
        yield from self._told(f"{kind} after {node}", self._now(), after)
        yield from self._undone(f"{kind} after {node}")

    def removed(self, node: str) -> Iterator[str]:
        """What led to it leads on, or goes with it; an activity that compensated because of it is
        one like others."""
        around = frozenset(
            flow for flow in self.flows if f"={node}" in " ".join(self.before.get(flow, ()))
        )
        if node in self.artifacts:
            self.canvas.remove(node)
        elif not self.canvas.press(node, "Quitar del diagrama"):
            return
        yield from self._collided(f"{node} removed")
        now = self._now()
        ends = (ASSOCIATION.search(lines[0]) for lines in self.before.values())
        freed = (
            found["target"]
            for found in ends
            if found and found["source"] in self.before.keys() - now.keys()
        )
        yield from self._told(f"{node} removed", now, around.union(freed))
        yield from self._undone(f"{node} removed")

    def by_chance(self, chance: random.Random) -> Iterator[str]:
        act = chance.randrange(6)
        if act in (0, 1) or not self.flows or not self.nodes:
            yield from self.moved(
                chance.choice(self.movable), *chance.choice([(STEP, 0), (-STEP, 0), (0, 4)])
            )
        elif act in (2, 3):
            yield from self.inserted(chance.choice(self.flows), chance.choice(KINDS))
        elif act == 4:
            yield from self.appended(chance.choice(self.nodes), chance.choice(KINDS))
        else:
            yield from self.removed(chance.choice([*self.nodes, *self.artifacts]))

    def _now(self) -> Facts:
        return facts(self.canvas.text())

    def _collided(self, what: str) -> Iterator[str]:
        if self.tidy:
            yield from (
                f"{self.name}: {what}: {problem}"
                for problem in collisions(self.canvas.text().encode())
            )

    def _undone(self, what: str) -> Iterator[str]:
        self.canvas.undo_all()
        now = self._now()
        found = [f"{id_} {lines}" for id_, lines in differences(self.before, now).items()]
        if found or now.keys() != self.before.keys():
            yield f"{self.name}: {what} and undone: {'; '.join(found)[:600]} {sorted(now.keys() ^ self.before.keys())}"
            self.canvas.open(text(self.content))

    def _told(self, what: str, now: Facts, asked: frozenset[str]) -> Iterator[str]:
        gone = self.before.keys() - now.keys()
        for id_, (was, is_) in differences(self.before, now).items():
            lost, won = (
                [
                    _bare(line, gone, ends=id_ not in asked)
                    for line in lines
                    if not _names_a_flow(line)
                ]
                for lines in (was, is_)
            )
            if lost != won:
                yield f"{self.name}: {what}: {id_} said {str(lost)[:300]}, says {str(won)[:300]}"


def collisions(content: bytes) -> list[str]:
    """By the rules of the committed drawings."""
    return check.read(etree.fromstring(content)).problems()


def _names_a_flow(line: str) -> bool:
    return line.startswith(("incoming:#", "outgoing:#"))


def _bare(line: str, gone: Iterable[str], *, ends: bool) -> str:
    """Without a default flow that is gone, and where it was asked for without the ends of a
    flow."""
    left_out = ("sourceRef=", "targetRef=", "isForCompensation=") if not ends else ()
    lost = {f"default={id_}" for id_ in gone}
    return " ".join(
        part for part in line.split(" ") if part not in lost and not part.startswith(left_out)
    )


@contextmanager
def a_canvas(browser: Browser) -> Iterator[Canvas]:
    """On a page of its own; what went wrong on it fails whoever used it."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    canvas = Canvas(page, blank())
    yield canvas
    page.close()
    assert canvas.errors == [], canvas.errors


def text(content: bytes) -> str:
    return content.decode("latin-1" if b"ISO-8859-1" in content[:100] else "utf-8-sig")


def blank() -> str:
    return diagrama_vacio("vacio", "Vacío").decode()


def diagrams() -> list[Path]:
    """Ours, and those of the conformance kit where it is."""
    return [*sorted((ROOT / "bpmn").rglob("*.bpmn")), *sorted((KIT / "miwg").glob("*.bpmn"))]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.kit.edits", description=__doc__)
    parser.add_argument("--edits", type=int, default=200, help="of each diagram")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="a part of the name of the file")
    given = parser.parse_args()
    faults: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with a_canvas(browser) as canvas:
            for path in (path for path in diagrams() if given.only in path.name):
                chance = dice(f"{given.seed} {path.name}")
                trial = Trial(canvas, path.name, path.read_bytes())
                found = [
                    *trial.opened(),
                    *(fault for _ in range(given.edits) for fault in trial.by_chance(chance)),
                ]
                sys.stdout.write(
                    "\n".join(
                        [*found, f"{path.name}: {given.edits} edits, {len(found)} faults", ""]
                    )
                )
                sys.stdout.flush()
                faults += found
        browser.close()
    sys.stdout.write(f"{len(faults)} faults\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
