"""Global tasks (10.3.7 of BPMN 2.0.2): a call of one becomes that task, in the place and with the
id of the call."""

from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import Final

from lxml import etree

from engine.model import xml

KINDS: Final = {
    "globalTask": "task",
    "globalUserTask": "userTask",
    "globalManualTask": "manualTask",
    "globalBusinessRuleTask": "businessRuleTask",
    "globalScriptTask": "scriptTask",
}


def find(roots: Iterable[tuple[str, etree._Element]]) -> dict[str, tuple[str, etree._Element]]:
    """Id -> file and element, over all files of a release."""
    return {
        node.get("id", ""): (file, node)
        for file, root in roots
        for node in xml.children(root, *KINDS)
    }


def put_in_place(
    root: etree._Element, tasks: dict[str, tuple[str, etree._Element]]
) -> Iterator[tuple[str, str]]:
    """Changes the tree; yields the id of each call and the file of its task."""
    for call in list(root.iter(xml.BPMN + "callActivity")):
        found = tasks.get(call.get("calledElement", ""))
        if found is None:
            continue
        file, task = found
        del call.attrib["calledElement"]
        call.tag = xml.BPMN + _kind(task)
        _add_extensions(call, task)
        if (script := xml.child(task, "script")) is not None:
            call.append(deepcopy(script))
        yield call.get("id", ""), file


def _kind(task: etree._Element) -> str:
    """A global task with a handler is carried out by the system."""
    handled = any(True for _ in task.iter(xml.OURS + "handler"))
    return "serviceTask" if handled else KINDS[xml.local(task)]


def _add_extensions(call: etree._Element, task: etree._Element) -> None:
    given = xml.child(task, "extensionElements")
    if given is None:
        return
    own = xml.child(call, "extensionElements")
    if own is None:
        own = etree.Element(xml.BPMN + "extensionElements")
        call.insert(sum(1 for _ in xml.children(call, "documentation")), own)
    for each in given:
        own.append(deepcopy(each))
