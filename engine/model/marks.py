"""Names and marks of what the normaliser puts into a diagram."""

from typing import Final

from lxml import etree

from engine.model import xml
from engine.model.graph import Scope

IMPLICIT: Final = ".split"  # how the id of something that nobody drew ends
STANDS_FOR: Final = xml.OURS + "drawn"  # the drawn element for which it waits or throws
HIDDEN: Final = xml.OURS + "hidden"  # "true": its end is not part of the path
# on a boundary event: ids of those that are awaited together with it
AWAITED_WITH: Final = xml.OURS + "together"
UNDONE_BY: Final = xml.OURS + "undo"  # on an activity: the activity that compensates it


def undrawn_id(id_: str, role: str) -> str:
    return f"{id_}.{role}{IMPLICIT}"


def add_flow(scope: Scope, id_: str, source: str, target: str) -> etree._Element:
    return etree.SubElement(
        scope.node, xml.BPMN + "sequenceFlow", id=id_, sourceRef=source, targetRef=target
    )
