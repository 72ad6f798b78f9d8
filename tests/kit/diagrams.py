"""Small diagrams for the tests of the engine, in one line a node, so that a scenario shows its diagram."""

import re
from itertools import pairwise
from xml.sax.saxutils import quoteattr

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:v="urn:ventanilla:bpmn:1" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="defs" targetNamespace="urn:test">'
)


def extension(inner: str) -> str:
    return f"<extensionElements>{inner}</extensionElements>" if inner else ""


def user(id_: str, *fields: str, form: str = "", extra: str = "") -> str:
    """A user task; a field is written "name:type" and is a decision variable unless it ends in "!"."""
    inner = f"<v:form key={quoteattr(form)}/>" if form else ""
    for text in fields:
        name, _, type_ = text.rstrip("!").partition(":")
        decision = "false" if text.endswith("!") else "true"
        inner += f'<v:field name="{name}" label="{name}" type="{type_ or "text"}" decision="{decision}"/>'
    return f'<userTask id="{id_}" name="{id_}">{extension(inner + extra)}</userTask>'


def service(id_: str, handler: str, *outputs: str) -> str:
    inner = f'<v:handler name="{handler}"/>'
    for text in outputs:
        name, _, type_ = text.partition(":")
        inner += f'<v:output name="{name}" type="{type_ or "text"}"/>'
    return f'<serviceTask id="{id_}" name="{id_}">{extension(inner)}</serviceTask>'


def flow(source: str, target: str, condition: str = "") -> str:
    body = f'<conditionExpression xsi:type="tFormalExpression">{condition}</conditionExpression>' if condition else ""
    return f'<sequenceFlow id="f_{source}_{target}" sourceRef="{source}" targetRef="{target}">{body}</sequenceFlow>'


def flows(path: str) -> str:
    """ "a > b > c" as sequence flows."""
    names = [name.strip() for name in path.split(">")]
    return "".join(flow(a, b) for a, b in pairwise(names))


def lane(id_: str, role: str, scope: str, *nodes: str) -> str:
    refs = "".join(f"<flowNodeRef>{node}</flowNodeRef>" for node in nodes)
    scoped = f' scope="{scope}"' if scope else ""
    return f'<lane id="{id_}" name="{id_}">{extension(f"""<v:lane role="{role}"{scoped}/>""")}{refs}</lane>'


def process(id_: str, body: str, lanes: str = "", variables: str = "") -> str:
    """One executable process in a file; `variables` is "name:type name:type"."""
    declared = ""
    for text in variables.split():
        name, _, type_ = text.partition(":")
        declared += f'<v:variable name="{name}" type="{type_ or "text"}"/>'
    lane_set = f'<laneSet id="{id_}_lanes">{lanes}</laneSet>' if lanes else ""
    return f'<process id="{id_}" name="{id_}" isExecutable="true">{extension(declared)}{lane_set}{body}</process>'


def document(*processes: str, extra: str = "") -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>{HEAD}{extra}{"".join(processes)}</definitions>'.encode()


START, END = '<startEvent id="ini"/>', '<endEvent id="fin"/>'


def drawn(nodes: str, *paths: str, id_: str = "P", variables: str = "punto", role: str = "asesor", scope: str = "punto") -> str:
    """A process in one lane with all its nodes; "ini" starts and "fin" ends it, more ends are drawn as they are named."""
    body = START + nodes + END
    wires = "".join(flows(path) for path in paths)
    ends = {name.strip() for path in paths for name in path.split(">") if name.strip().startswith("fin") and name.strip() != "fin"}
    body += "".join(f'<endEvent id="{name}"/>' for name in sorted(ends))
    if id_ != "P":  # ids are unique in a release
        body, wires = (re.sub(r'"(ini|fin\w*)"', rf'"{id_}\1"', text) for text in (body, wires))
    members = re.findall(r'<(?!sequenceFlow|association|multiInstance|standardLoop)\w+ id="([^"]+)"', body)
    return process(id_, body + wires, lane(f"L{id_}", role, scope, *members), variables)


def in_one_lane(nodes: str, *paths: str, extra: str = "", **more: str) -> bytes:
    return document(drawn(nodes, *paths, **more), extra=extra)


def alarm(id_: str, host: str, duration: str, *, interrupts: bool = False) -> str:
    return (
        f'<boundaryEvent id="{id_}" attachedToRef="{host}" cancelActivity="{str(interrupts).lower()}">'
        f"<timerEventDefinition><timeDuration>{duration}</timeDuration></timerEventDefinition></boundaryEvent>"
    )


def call(id_: str, called: str) -> str:
    return f'<callActivity id="{id_}" name="{id_}" calledElement="{called}"/>'
