"""The diagrams of the product, changed as an analyst changes them: from every stop a visit moves
and ends, or is refused with a reason."""

import re
from collections.abc import Callable

import pytest
from lxml import etree

from engine.compile import compile_release
from engine.errors import Problem
from engine.spiff import Release
from tests.integration.bpmn.test_diagrams_visita import HANDLERS, START, TIPIFICADO
from tests.kit.clock import BOGOTA, MINUTE
from tests.kit.procedure import BPMN, Play, instant

PROCESS, FILE = "M5_1_02_atencion", "atencion_personalizada.bpmn"
MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
Move = Callable[[Play], None]


def do(element: str, **values: object) -> Move:
    return lambda play: play.do(element, **values)


def hear(message: str, key: str) -> Move:
    return lambda play: play.hear(message, key)


TO_THE_DESK: list[Move] = [
    do("act_5_2_1", motivo_visita="servicio_adquirido", condicion="ninguna", turno_id=7),
    hear("TurnoLlamado", "7"),
    do("act_5_2_2", modulo="4", resultado_llamado="ausente", n_llamados=1),
    hear("TurnoLlamado", "7"),
    do("act_5_2_2", modulo="4", resultado_llamado="atendido", n_llamados=2),
    do("act_5_2_3", motivo_visita="servicio_adquirido", requiere_radicar=False, resoluble=False),
]
TYPIFY: list[Move] = [do("act_5_2_7"), do("act_5_2_8", **TIPIFICADO)]
RATE: list[Move] = [
    do("act_5_2_12", medio_calificacion="tableta"),
    do("act_5_2_13", calificacion=5, calificacion_id=1),
]
HOLDER = do("act_5_2_4", calidad="beneficiario", persona_id=11, titularidad="verificada")
NO_HOLDER = do("act_5_2_4", calidad="apoderado", persona_id=11, titularidad="no_titular")
POWER = do("act_5_2_5", poder_valido=True, persona_id=12, titularidad="verificada")
PATHS: dict[str, list[Move]] = {
    "solved at the desk": [*TO_THE_DESK, HOLDER, *TYPIFY, do("act_5_2_10", dispone=True), *RATE],
    "by power, escalated": [
        *TO_THE_DESK, NO_HOLDER, POWER, *TYPIFY, do("act_5_2_10", dispone=False), do("act_5_2_14", medio_respuesta="correo"), *RATE
    ],
}  # fmt: skip


# --- what an analyst does -------------------------------------------------------------------------
def read() -> etree._Element:
    """The diagram without its picture and without the lists of flows at each element, which the
    flows say again."""
    root = etree.fromstring((BPMN / FILE).read_bytes())
    for node in [*root.iter(f"{MODEL}incoming", f"{MODEL}outgoing"), *root.iter("{*}BPMNDiagram")]:
        node.getparent().remove(node)
    return root


def find(root: etree._Element, id_: str) -> etree._Element:
    return next(node for node in root.iter() if node.get("id") == id_)


def beside(node: etree._Element, tag: str, **attributes: str) -> etree._Element:
    """A new element right before another one."""
    new = etree.Element(f"{MODEL}{tag}", attributes)
    node.addprevious(new)
    return new


def in_lane_of(root: etree._Element, known: str, new: str) -> None:
    for reference in list(root.iter(f"{MODEL}flowNodeRef")):
        if (reference.text or "").strip() == known:
            etree.SubElement(reference.getparent(), f"{MODEL}flowNodeRef").text = new


def add_task(root: etree._Element) -> etree._Element:
    """A task behind 5.2.7."""
    flow = find(root, "f_act_5_2_7__x_escrita")
    beside(flow, "userTask", id="revisar_datos", name="Revisar los datos")
    beside(flow, "sequenceFlow", id="f_revisar", sourceRef="revisar_datos", targetRef="x_escrita")
    flow.set("targetRef", "revisar_datos")
    in_lane_of(root, "act_5_2_7", "revisar_datos")
    return root


def remove_task(root: etree._Element) -> etree._Element:
    """Without 5.2.7, and without who leaves during it."""
    for flow in root.iter(f"{MODEL}sequenceFlow"):
        if flow.get("targetRef") == "act_5_2_7":
            flow.set("targetRef", "x_escrita")
    gone = {"act_5_2_7", "msg_se_fue_datos", "fin_se_fue_datos"}
    for name in (*gone, "f_act_5_2_7__x_escrita", "f_msg_se_fue_datos__fin_se_fue_datos"):
        node = find(root, name)
        node.getparent().remove(node)
    for reference in list(root.iter(f"{MODEL}flowNodeRef")):
        if (reference.text or "").strip() in gone:
            reference.getparent().remove(reference)
    return root


def add_border(root: etree._Element) -> etree._Element:
    """A reminder beside 5.2.4, 5.2.8 and 5.2.13, which has a timer already."""
    for number, host in enumerate(("act_5_2_4", "act_5_2_8", "act_5_2_13")):
        here = find(root, host)
        event = beside(
            here,
            "boundaryEvent",
            id=f"aviso_{number}",
            name="Una hora",
            attachedToRef=host,
            cancelActivity="false",
        )
        timer = etree.SubElement(event, f"{MODEL}timerEventDefinition")
        etree.SubElement(timer, f"{MODEL}timeDuration").text = "PT1H"
        beside(here, "endEvent", id=f"fin_aviso_{number}", name="Avisado")
        beside(
            here,
            "sequenceFlow",
            id=f"f_aviso_{number}",
            sourceRef=f"aviso_{number}",
            targetRef=f"fin_aviso_{number}",
        )
        in_lane_of(root, host, f"aviso_{number}")
        in_lane_of(root, host, f"fin_aviso_{number}")
    return root


def rename_task(root: etree._Element) -> etree._Element:
    """5.2.10 with another id."""
    text = re.sub(rb"\bact_5_2_10\b", b"act_5_2_10_bis", etree.tostring(root))
    return etree.fromstring(text)


CHANGES = {
    "a task more": add_task,
    "a task less": remove_task,
    "reminders": add_border,
    "another id": rename_task,
}
REFUSED = {
    "a task less": {"act_5_2_7": [Problem("removed", {"element": "act_5_2_7"})]},
    "another id": {"act_5_2_10": [Problem("removed", {"element": "act_5_2_10"})]},
}


def compiled(content: bytes) -> Release:
    files = {str(path.relative_to(BPMN)): path.read_bytes() for path in BPMN.rglob("*.*mn")} | {
        FILE: content
    }
    names = {
        kind: set(
            re.findall(rf'<v:{kind} (?:name|key)="([^"]+)"', b"".join(files.values()).decode())
        )
        for kind in ("handler", "form")
    }
    made, findings = compile_release(
        files, handlers=names["handler"], forms=names["form"], functions={}, zone=BOGOTA
    )
    assert made is not None, [f for f in findings if f.severity == "error"]
    return made


@pytest.fixture(scope="module")
def before() -> Release:
    return compiled(etree.tostring(read()))


@pytest.fixture(scope="module")
def after() -> dict[str, Release]:
    return {name: compiled(etree.tostring(change(read()))) for name, change in CHANGES.items()}


# --- the test -------------------------------------------------------------------------------------
def reached(made: Release, moves: list[Move]) -> Play:
    play = Play(made, PROCESS, START, HANDLERS)
    for move in moves:
        move(play)
    return play


def go_on(play: Play, moves: list[Move], *, renamed: bool) -> None:
    """The rest of the path on the new release: a task that was added is done on the way, one that
    is gone is passed over."""
    for move in moves:
        if "revisar_datos" in play.open:
            play.do("revisar_datos")
        if play.open == ["act_5_2_8"] and move is TYPIFY[0]:
            continue
        if renamed and play.open == ["act_5_2_10_bis"]:
            play.do("act_5_2_10_bis", dispone=move is PATHS["solved at the desk"][9])
            continue
        move(play)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("path", PATHS)
def test_from_every_stop_a_visit_moves_and_ends_or_is_refused(
    before: Release, after: dict[str, Release], path: str, change: str
) -> None:
    moves, target = PATHS[path], after[change]
    answers = {}
    for stop in range(len(moves)):
        play = reached(before, moves[:stop])
        where, timers, waits = play.open, play.timers(), play.waits_for()
        live, moved = target.receive(play.live, PROCESS, {}, play.now)
        if live is None:
            answers[where[0]] = moved.problems
            mapping = (
                {"act_5_2_10": "act_5_2_10_bis"}
                if change == "another id"
                else {"act_5_2_7": "act_5_2_8"}
            )
            play = reached(before, moves[:stop])
            live, moved = target.receive(play.live, PROCESS, mapping, play.now)
        assert live is not None
        assert moved.problems == []
        play.live, play.spec = live, target.processes
        assert {
            element: due for element, due in play.timers().items() if element in timers
        } == timers
        # 5.2.8, where they go on that were at 5.2.7, waits for its own word that somebody has left
        left = {"msg_se_fue_tipificar"} & set(moved.armed) if change == "a task less" else set()
        assert set(play.timers()) - set(timers) == set(moved.armed) - left
        assert waits <= play.waits_for()
        go_on(play, moves[stop:], renamed=change == "another id")
        assert play.live.finished, (stop, play.open)
    assert answers == REFUSED.get(change, {})


def test_a_timer_that_was_added_to_a_task_that_has_one_fires_beside_it(
    before: Release, after: dict[str, Release]
) -> None:
    """5.2.13 waits three minutes for a rating; the reminder of the new version starts at the
    move."""
    moves = PATHS["solved at the desk"]
    play = reached(before, moves[:-1])
    (rating,) = play.timers().items()
    live, moved = after["reminders"].receive(play.live, PROCESS, {}, play.now)
    assert live is not None
    play.live, play.spec = live, after["reminders"].processes
    assert moved.armed == ["aviso_2"]
    assert play.timers() == dict([rating]) | {"aviso_2": play.now + 60 * MINUTE}
    play.wait(4 * MINUTE)
    assert play.live.finished
    assert instant(play.now, 0) > rating[1].isoformat()
