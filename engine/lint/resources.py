"""Resources (8.4.12 and 10.3.1 of BPMN 2.0.2): who is asked for by parameters is asked for by the
parameters of that resource."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from engine.errors import Finding, Rule
from engine.lint.references import plain
from engine.model import xml
from engine.model.vocabulary import Diagram

RESOURCE_PARAMETER: Final = Rule("resource_parameter", "BPMN 8.4.12", ("reference",))
RESOURCE_PARAMETER_MISSING: Final = Rule(
    "resource_parameter_missing", "BPMN 8.4.12", ("reference",)
)


def check(diagram: Diagram) -> Iterator[Finding]:
    for reference in diagram.root.iter(xml.BPMN + "resourceRef"):
        resource, role = diagram.ids.get(plain(xml.text(reference))), reference.getparent()
        if resource is not None and role is not None and xml.local(resource) == "resource":
            yield from _parameters(diagram, role, resource)


def _parameters(
    diagram: Diagram, role: etree._Element, resource: etree._Element
) -> Iterator[Finding]:
    declared = {each.get("id", ""): each for each in xml.children(resource, "resourceParameter")}
    bound = [
        plain(each.get("parameterRef", ""))
        for each in xml.children(role, "resourceParameterBinding")
    ]
    for name in bound:
        if name in diagram.ids and name not in declared:
            yield RESOURCE_PARAMETER.at(diagram.file, xml.where(role), reference=name)
    for name, parameter in declared.items():
        if xml.is_true(parameter, "isRequired") and name not in bound:
            yield RESOURCE_PARAMETER_MISSING.at(
                diagram.file, xml.where(role), reference=parameter.get("name") or name
            )
