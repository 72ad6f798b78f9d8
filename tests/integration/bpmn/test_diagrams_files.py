"""The committed diagrams and tables are valid files of their standards and a release without any
finding."""

from pathlib import Path

import pytest
import SpiffWorkflow
from lxml import etree

from engine.compile import compile_release
from tests.kit.procedure import BPMN
from webforms.salas import FORMS

SCHEMAS = Path(SpiffWorkflow.__file__).parent
BPMN_SCHEMA = SCHEMAS / "bpmn/parser/schema/BPMN20.xsd"
DMN_SCHEMA = SCHEMAS / "dmn/parser/schema/DMN13.xsd"
FILES = {str(path.relative_to(BPMN)): path for path in sorted(BPMN.rglob("*.*mn"))}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_valid_against_the_schema_of_its_standard(name: str) -> None:
    schema = etree.XMLSchema(etree.parse(BPMN_SCHEMA if name.endswith(".bpmn") else DMN_SCHEMA))
    schema.assertValid(etree.parse(FILES[name]))


def test_the_release_has_no_finding_not_even_a_warning() -> None:
    contents = {name: path.read_bytes() for name, path in FILES.items()}
    handlers = {
        mark.get("name", "")
        for path in FILES.values()
        for mark in etree.parse(path).iter("{urn:ventanilla:bpmn:1}handler")
    }
    release, findings = compile_release(contents, handlers=handlers, forms=FORMS, functions={})
    assert findings == []
    assert release is not None
    assert {spec.version_tag for id_, spec in release.processes.items() if not spec.assumption} == {
        "M5-1-02 V3"
    }
    assert [
        id_
        for id_, spec in release.processes.items()
        if spec.assumption != spec.file.startswith("supuestos/")
    ] == []
