"""One process P in one lane, its instances and their tasks: for tests of what is done to a running case."""

import re

from engine import reads
from engine.reads.verification import verify
from engine.types import Actor
from engine.types import Role
from engine.types import WorkItem
from tests.kit import models as m
from tests.kit.enginekit import ASESOR
from tests.kit.enginekit import Kit

ADMIN = Actor("person", "admin", frozenset({Role("administrador")}))
COORD = Actor("person", "coordinadora", frozenset({Role("coordinador_gau")}))
ANALISTA = Actor("person", "analista", frozenset({Role("analista_procesos")}))
WHY = "Lo pidió la supervisora del contrato"
START, END = '<startEvent id="ini"/>', '<endEvent id="fin"/>'


def drawn(nodes: str, *paths: str, id_: str = "P", variables: str = "punto", role: str = "asesor", scope: str = "punto") -> str:
    """A process in one lane with all its nodes; "ini" starts and "fin" ends it, more ends are drawn as they are named."""
    body = START + nodes + END
    flows = "".join(m.flows(path) for path in paths)
    ends = {name.strip() for path in paths for name in path.split(">") if name.strip().startswith("fin") and name.strip() != "fin"}
    body += "".join(f'<endEvent id="{name}"/>' for name in sorted(ends))
    if id_ != "P":  # ids are unique in a release
        body, flows = (re.sub(r'"(ini|fin\w*)"', rf'"{id_}\1"', text) for text in (body, flows))
    members = re.findall(r'<(?!sequenceFlow|association|multiInstance|standardLoop)\w+ id="([^"]+)"', body)
    return m.process(id_, body + flows, m.lane(f"L{id_}", role, scope, *members), variables)


def model(nodes: str, *paths: str, extra: str = "", **more: str) -> bytes:
    return m.document(drawn(nodes, *paths, **more), extra=extra)


def timer(id_: str, host: str, duration: str, *, interrupts: bool = False) -> str:
    return (
        f'<boundaryEvent id="{id_}" attachedToRef="{host}" cancelActivity="{str(interrupts).lower()}">'
        f"<timerEventDefinition><timeDuration>{duration}</timeDuration></timerEventDefinition></boundaryEvent>"
    )


def call(id_: str, called: str) -> str:
    return f'<callActivity id="{id_}" name="{id_}" calledElement="{called}"/>'


def begin(kit: Kit, **data: object) -> str:
    return kit.engine.start("P", actor=ASESOR, now=kit.now, data={"punto": "P1", **data}).instance_id  # type: ignore[dict-item]


def opened(kit: Kit, instance: str) -> dict[str, WorkItem]:
    with kit.engine.uow.reading() as session:
        return {i.element: i for i in reads.items.of_case(session, instance, only_open=True)}


def do(kit: Kit, instance: str, element: str, **values: object) -> None:
    kit.engine.complete(opened(kit, instance)[element].id, values=values, actor=ASESOR, now=kit.later(minutes=1))  # type: ignore[arg-type]


def entries(kit: Kit, instance: str) -> list[reads.history.Entry]:
    with kit.engine.uow.reading() as session:
        return reads.history.of_case(session, kit.engine.catalog, instance)


def earlier(kit: Kit, instance: str) -> dict[str, str]:
    """Element → why the case cannot go back to it."""
    with kit.engine.uow.reading() as session:
        return {e.element: e.refusal for e in kit.engine.earlier(session, instance, kit.now)}


def sound(kit: Kit) -> None:
    """The chains hold, and another process that has nothing in memory can go on."""
    with kit.engine.uow.reading() as session:
        assert verify(session).faults == ()
    kit.engine.cache.clear()
