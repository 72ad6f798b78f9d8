"""The two halves of the suite, `make test` and `make rest`: nothing is in both, nothing in none."""

import ast
import re
import sys
from itertools import product
from pathlib import Path

import pytest
from _pytest.mark.expression import Expression

from demo.cuentas import todas
from tests.kit.processes import run
from tests.kit.rest import STORIES, SUITES, WEB_ON_POSTGRES

TESTS = Path(__file__).resolve().parents[1]
ROOT = TESTS.parent
#: What each of these targets asks of the marks of a test.
ASKED = dict(
    re.findall(
        r'^(test|rest|long):.*\n\t@exec \$\(PYTEST\) -m "?([\w ]+)"?$',
        (ROOT / "Makefile").read_text(),
        re.MULTILINE,
    )
)
#: A file of each kind: of a suite, of the browser with one story, of the pages on PostgreSQL.
FILES = (
    "races/test_numbers_of_cases.py",
    "acceptance/test_visita_sin_red.py",
    "integration/webforms/test_corregir_caso.py",
    "integration/webforms/test_mover_fechas.py",
)


@pytest.mark.parametrize(("rest", "long"), [*product((False, True), repeat=2)])
def test_whatever_marks_a_test_has_one_target_runs_it(*, rest: bool, long: bool) -> None:
    marks = {"rest": rest, "long": long}
    runs = [
        target
        for target, asked in ASKED.items()
        if Expression.compile(asked).evaluate(lambda name, **_: marks[name])
    ]
    assert runs == ["long" if long else "rest" if rest else "test"]


#: Collects them once for each expression, in one process, and prints the ids.
COLLECT = """
import sys, pytest
class Seen:
    def pytest_collection_finish(self, session):
        for item in session.items:
            print("seen", asked, item.nodeid, sep="\\t")
for asked in sys.argv[1].split(","):
    pytest.main(["--collect-only", "-qqq", "-n", "0", "-m", asked, *sys.argv[2:]], [Seen()])
"""


def test_what_pytest_collects_for_both_is_disjoint_and_everything() -> None:
    files = [f"tests/{file}" for file in FILES]
    everything = "not long"
    asked = ",".join((ASKED["test"], ASKED["rest"], everything))
    answer = run(
        [sys.executable, "-c", COLLECT, asked, *files], cwd=ROOT, capture_output=True, text=True
    )
    seen: dict[str, set[str]] = {}
    for expression, test in re.findall(r"^seen\t(.*)\t(.*)$", answer.stdout, re.MULTILINE):
        seen.setdefault(expression, set()).add(test)
    test, rest = seen[ASKED["test"]], seen[ASKED["rest"]]
    assert not test & rest
    assert test | rest == seen[everything]
    assert {each.partition("::")[0] for each in rest} == set(files[:-1])
    assert {each.partition("::")[0] for each in test} == set(files[1:])


def test_what_the_rule_names_is_there() -> None:
    assert [name for name in SUITES if not (TESTS / name).exists()] == []
    web = TESTS / "integration" / "webforms"
    assert [name for name in WEB_ON_POSTGRES.values() if not (web / name).exists()] == []
    for file, story in STORIES.items():
        tree = ast.parse((TESTS / "acceptance" / file).read_text())
        told = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert "long" not in " ".join(map(ast.unparse, told[story].decorator_list)), story


def test_a_story_of_the_product_shows_each_lane_of_its_procedure() -> None:
    roles = {account.usuario: {rol for rol, _ in account.roles} for account in todas()}
    told = [(TESTS / "acceptance" / file).read_text() for file in STORIES]
    shown = {
        rol
        for text in told
        for name in re.findall(r'persona\("([\w.]+)"', text)
        for rol in roles[name]
    }
    lanes = {
        rol
        for file in (ROOT / "bpmn" / "m5_1_02").rglob("*.bpmn")
        for rol in re.findall(r'<v:lane role="(\w+)"', file.read_text())
    }
    assert len(STORIES) == 14
    # the two that no account holds have pages of their own: the citizen, and a point on paper
    assert lanes - shown == {"usuario", "papel"}
    assert all(any(page in text for text in told) for page in ("/tableta", "/papel"))
