"""Small diagrams, a line a node, so that a test shows what it draws: `model(process("P", start() +
user("A") + end(), "S>A A>E"))`.

Wires are written "A>B", a path "A>B>C", a condition "G>B?n~==~1" (~ is a space), the default flow
of a gateway "G>C*". Names with types ("n:integer") are texts where no type stands, and any text,
times too, with "n:?".
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:v="urn:ventanilla:bpmn:1" '
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'id="defs" targetNamespace="t">'
)


# --- files, processes and what lies in them -------------------------------------------------------
def model(*processes: str, defs: str = "") -> bytes:
    """A file; `defs` are messages, errors and whatever else stands beside processes."""
    return f"{HEAD}{defs}{''.join(processes)}</definitions>".encode()


def process(
    id_: str, nodes: str, wires: str = "", variables: str = "", *, lanes: str | None = None
) -> str:
    """One executable process; its people's tasks lie in one lane of advisers unless lanes are
    given."""
    if lanes is None:
        people = re.findall(r'<(?:userTask|manualTask) id="([^"]+)"', nodes)
        lanes = lane(f"ln_{id_}", "asesor", "", *people) if people else ""
    lane_set = f'<laneSet id="ls_{id_}">{lanes}</laneSet>' if lanes else ""
    declared = extension(typed("variable", variables))
    return f'<process id="{id_}" name="{id_}" isExecutable="true">{declared}{lane_set}{content(nodes, wires)}</process>'


def lane(id_: str, role: str, scope: str, *nodes: str, called: str = "") -> str:
    refs = "".join(f"<flowNodeRef>{node}</flowNodeRef>" for node in nodes)
    scoped = f' scope="{scope}"' if scope else ""
    named = f" name={quoteattr(called)}" if called else ""
    return f'<lane id="{id_}" name="{id_}">{extension(f"""<v:lane role="{role}"{scoped}{named}/>""")}{refs}</lane>'


def content(nodes: str, wires: str) -> str:
    """What lies in a process or sub-process."""
    for source, target in re.findall(r"(\w+)>(\w+)\*", wires):
        nodes = re.sub(
            f'id="{source}"', f'id="{source}" default="f_{source}_{target}"', nodes, count=1
        )
    return nodes + flows(wires)


def flows(wires: str) -> str:
    drawn, seen = "", Counter[tuple[str, str]]()
    for part in re.sub(r"\s*>\s*", ">", wires).split():
        path, _, condition = part.partition("?")
        for source, target in pairwise(path.rstrip("*").split(">")):
            seen[source, target] += 1
            drawn += flow(
                source, target, condition.replace("~", " "), again=seen[source, target] - 1
            )
    return drawn


def flow(source: str, target: str, condition: str = "", *, again: int = 0) -> str:
    """`again`: how often the same two are joined already."""
    body = f"<conditionExpression>{escape(condition)}</conditionExpression>" if condition else ""
    id_ = f"f_{source}_{target}" + (f"_{again}" if again else "")
    return (
        f'<sequenceFlow id="{id_}" sourceRef="{source}" targetRef="{target}">{body}</sequenceFlow>'
    )


def extension(inner: str) -> str:
    return f"<extensionElements>{inner}</extensionElements>" if inner else ""


def typed(tag: str, names: str) -> str:
    """ "a b:integer" as declarations."""
    split = (name.partition(":") for name in names.split())
    return "".join(
        f'<v:{tag} name="{name}" type="{kind or "text"}"/>' for name, _, kind in split
    ).replace(' type="?"', "")


# --- nodes ----------------------------------------------------------------------------------------
def start(id_: str = "S") -> str:
    return f'<startEvent id="{id_}"/>'


def end(*ids: str) -> str:
    return "".join(f'<endEvent id="{id_}"/>' for id_ in ids or ("E",))


def user(
    *ids: str, fields: str | Sequence[str] = "", out: str = "", form: str = "", extra: str = ""
) -> str:
    """User tasks; a field is a decision variable unless it ends in "!"; `extra` stands among their
    extensions."""
    inner = f"<v:form key={quoteattr(form)}/>" if form else ""
    for text in fields.split() if isinstance(fields, str) else fields:
        name, _, kind = text.rstrip("!").partition(":")
        decision = str(not text.endswith("!")).lower()
        inner += (
            f'<v:field name="{name}" label="{name}" type="{kind or "text"}" decision="{decision}"/>'
        )
    inner += typed("output", out) + extra
    return "".join(
        f'<userTask id="{id_}" name="{id_}">{extension(inner)}</userTask>' for id_ in ids
    )


def service(*ids: str, handler: str = "h", out: str = "") -> str:
    inner = extension(f'<v:handler name="{handler}"/>{typed("output", out)}')
    return "".join(f'<serviceTask id="{id_}" name="{id_}">{inner}</serviceTask>' for id_ in ids)


def call(id_: str, called: str) -> str:
    return f'<callActivity id="{id_}" name="{id_}" calledElement="{called}"/>'


def sub(id_: str, nodes: str, wires: str) -> str:
    return f'<subProcess id="{id_}">{content(nodes, wires)}</subProcess>'


def gate(kind: str, *ids: str) -> str:
    return "".join(f'<{kind}Gateway id="{id_}"/>' for id_ in ids)


# --- events ---------------------------------------------------------------------------------------
def timer(text: str, kind: str = "timeDuration") -> str:
    return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"


def message(name: str, key: str = "k", payload: str = "") -> tuple[str, str]:
    """What marks an event as ours, and its definition."""
    return extension(
        f'<v:message key="{key}" payload="{payload}"/>'
    ), f'<messageEventDefinition messageRef="{name}"/>'


def event(tag: str, id_: str, inner: str, mark: str = "", attributes: str = "") -> str:
    return f'<{tag} id="{id_}" {attributes}>{mark}{inner}</{tag}>'


def catch(id_: str, inner: str, mark: str = "") -> str:
    return event("intermediateCatchEvent", id_, inner, mark)


def throw(id_: str, inner: str, mark: str = "") -> str:
    return event("intermediateThrowEvent", id_, inner, mark)


def boundary(id_: str, host: str, inner: str, mark: str = "", *, interrupts: bool = True) -> str:
    return event(
        "boundaryEvent",
        id_,
        inner,
        mark,
        f'attachedToRef="{host}" cancelActivity="{str(interrupts).lower()}"',
    )


def alarm(id_: str, host: str, duration: str, *, interrupts: bool = False) -> str:
    """A timer on the border of an activity."""
    return boundary(id_, host, timer(duration), interrupts=interrupts)


# --- a process in one lane ------------------------------------------------------------------------
def drawn(
    nodes: str,
    *paths: str,
    id_: str = "P",
    variables: str = "punto",
    role: str = "asesor",
    scope: str = "punto",
) -> str:
    """All its nodes lie in one lane; "ini" starts and "fin" ends it, more ends are drawn as they
    are named."""
    ends = {name for path in paths for name in re.findall(r"\bfin\w*", path)} | {"fin"}
    body = start("ini") + nodes + end(*sorted(ends)) + "".join(map(flows, paths))
    if id_ != "P":  # ids are unique in a release
        body = re.sub(r'"(ini|fin\w*)"', rf'"{id_}\1"', body)
    members = re.findall(
        r'<(?!sequenceFlow|association|multiInstance|standardLoop|inputDataItem)\w+ id="([^"]+)"',
        body,
    )
    return process(id_, body, variables=variables, lanes=lane(f"L{id_}", role, scope, *members))


def in_one_lane(nodes: str, *paths: str, defs: str = "", **more: str) -> bytes:
    return model(drawn(nodes, *paths, **more), defs=defs)
