"""The refusing side of the conformance kit, and of twins of its models. The kit stays outside:
without it, nothing here runs."""

import json
import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from lxml import etree

from engine.compile import compile_release
from engine.errors import Finding
from engine.lint.rules import RULES
from engine.store.tables import ModelDraft
from engine.types import SYSTEM, Functions
from tests.kit import web as web_kit
from tests.kit.play import Everything
from tests.kit.twins import twin
from tests.kit.web import csrf
from webforms.paquetes.hallazgos import hallazgos
from webforms.paquetes.modelo import leer
from webforms.paquetes.plantilla import diagrama_vacio

KIT = Path(os.environ.get("CONFORMANCE_KIT", Path(__file__).parents[4] / "shared" / "conformance"))
pytestmark = pytest.mark.skipif(
    not KIT.is_dir(), reason="the conformance kit is not here (CONFORMANCE_KIT)"
)

NO_FUNCTIONS: Functions = {}


@pytest.fixture(scope="module")
def translate() -> Any:
    return pytest.importorskip("bench.conformance_adapter").Dialect()


@pytest.fixture(scope="module")
def lenient() -> Any:
    return pytest.importorskip("bench.conformance").lenient


def manifest(suite: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((KIT / suite / "manifest.json").read_text("utf-8"))
    return rows


def errors(content: bytes) -> list[Finding]:
    _, found = compile_release(
        {"m.bpmn": content}, handlers=Everything(), forms=Everything(), functions=NO_FUNCTIONS
    )
    return [finding for finding in found if finding.severity == "error"]


def broken(content: bytes) -> set[tuple[str, str | None]]:
    """Rules with their elements; what has no id in the file is named by its place there, and counts
    as nameless."""
    ids = {node.get("id") for node in etree.fromstring(content).iter("*")}
    return {(f.rule, f.element if f.element in ids else None) for f in errors(content)}


def drawings() -> Iterator[Path]:
    for suite in "miwg", "drawings":
        yield from sorted((KIT / suite).glob("*.bpmn"))


def test_the_invalid_models_of_the_kit_are_refused_but_those_taken_on_purpose(
    translate: Any, lenient: Any
) -> None:
    accepted = {
        row["file"]
        for row in manifest("invalid")
        if not errors(translate((KIT / "invalid" / row["file"]).read_bytes()))
    }
    assert accepted == {row["file"] for row in manifest("invalid") if lenient(row["file"])}


@pytest.mark.parametrize("seed", [1, 2])
def test_twins_of_the_invalid_models_are_refused_by_the_same_rules(
    translate: Any, seed: int
) -> None:
    for row in manifest("invalid"):
        content = translate((KIT / "invalid" / row["file"]).read_bytes())
        other, names = twin(content, seed)
        before = {(rule, names.get(element or "", element)) for rule, element in broken(content)}
        after = broken(other)
        # which of the two is meant depends on their order
        if "id_duplicate" in {rule for rule, _ in before}:
            before, after = (
                {row for row in found if row[0] == "id_duplicate"} for found in (before, after)
            )
        assert before == after, row["file"]


@pytest.mark.parametrize("seed", [0, 1])
def test_no_valid_model_of_the_kit_breaks_a_rule_of_the_standard(translate: Any, seed: int) -> None:
    """What we do not execute may be refused, but never in the name of BPMN. Seed 0 is the model
    itself."""
    for row in manifest("betsy"):
        if any("ERROR" in token for case in row["cases"] for token in case["expect"]):
            continue
        content = translate((KIT / "betsy" / row["file"]).read_bytes())
        broken = {f.rule for f in errors(twin(content, seed)[0] if seed else content)}
        assert not {rule for rule in broken if RULES[rule].source.startswith("BPMN")}, row["file"]


def test_every_drawing_of_the_kit_opens_and_each_problem_names_an_element_a_rule_and_a_remedy() -> (
    None
):
    for path in drawings():
        content = path.read_bytes()
        names = leer(path.name, content).nombres
        ids = {node.get("id") for node in etree.fromstring(content).iter("*")}
        for said in hallazgos(errors(content), names):
            assert said.elemento is None or said.elemento in ids, (path.name, said)
            assert said.frase.endswith("."), (path.name, said)
            assert "…" not in said.frase, (path.name, said)
            assert said.linea.endswith(f"[{said.regla}]")


@pytest.mark.slow
def test_every_drawing_of_the_kit_is_uploaded_kept_byte_for_byte_and_explained(
    tmp_path: Path, sqlite_url: str
) -> None:
    """Through the analysts' pages, as a person does it."""
    web = web_kit.build(tmp_path, sqlite_url)
    web.engine.releases.deploy(
        {"visita.bpmn": diagrama_vacio("visita", "La visita")},
        actor=SYSTEM,
        now=web.clock.now(),
        note="",
    )
    client = web.browser("analista")
    for path in drawings():
        token = csrf(client.get("/procesos/subir").text)
        body = {"csrf_token": token, "archivo": (BytesIO(path.read_bytes()), path.name)}
        page = client.post("/procesos/subir", data=body, follow_redirects=True)
        if b'encoding="ISO-8859-1"' in path.read_bytes():
            assert "Expórtelo otra vez en UTF-8" in page.text, path.name
            continue
        assert page.status_code == 200, path.name
        assert "quedó como borrador suyo" in page.text, path.name
        with web.engine.uow.reading() as session:
            kept = [bytes(content) for content in session.scalars(sa.select(ModelDraft.content))]
        assert path.read_bytes() in kept, path.name
    web.engine.db.dispose()
