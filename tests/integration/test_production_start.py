"""A production start has neither the demo nor its libraries, nor anything that only tests need."""

import json
import os
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: Rooms that a production machine need not have.
ASIDE = frozenset({"demo", "tests", "bench", "tools"})
START = """
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ABSENT:
            raise ModuleNotFoundError(name)

import json, sys
sys.meta_path.insert(0, Absent())
from app import create_app

app = create_app()
answer = app.test_client().get("/ingresar").status_code
print(json.dumps({"modules": sorted(sys.modules), "commands": sorted(app.cli.commands), "answer": answer}))
"""


def unpinned() -> set[str]:
    """What can be imported here and does not come from requirements.txt."""
    pinned = set(
        re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.txt").read_text("utf-8"), re.MULTILINE)
    )
    owners = {
        name: {re.sub(r"[-_.]+", "-", each).lower() for each in found}
        for name, found in packages_distributions().items()
    }
    return {name for name, found in owners.items() if not found & pinned}


def start(instance: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    """As on a machine on which only requirements.txt is installed and only the product's folders
    lie."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DEMO", "DATABASE_URL", "CCTEX_URL")
    }
    given = {**kept, "INSTANCE": str(instance), **env}
    script = f"ABSENT = {ASIDE | unpinned()!r}\n{START}"
    return subprocess.run(
        [sys.executable, "-"],
        input=script,
        cwd=ROOT,
        env=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    done = start(tmp_path_factory.mktemp("production"))
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_a_production_start_loads_nothing_of_the_demo(started: dict[str, Any]) -> None:
    rooms = {name.partition(".")[0] for name in started["modules"]}
    assert rooms & ASIDE == set()
    assert rooms >= {"app", "webforms", "handlers", "engine", "records", "common"}
    assert "demo" not in started["commands"]
    assert "worker" in started["commands"]
    assert started["answer"] == 200


def test_the_libraries_of_a_production_start_are_those_of_its_requirements(
    started: dict[str, Any],
) -> None:
    assert unpinned() >= {"aiosmtpd", "faker", "pytest"}  # they are here, and could not be imported
    assert {name.partition(".")[0] for name in started["modules"]} >= {
        "flask",
        "sqlalchemy",
        "dbos",
        "SpiffWorkflow",
    }


def test_the_demo_is_asked_for_by_its_setting_and_by_nothing_else(tmp_path: Path) -> None:
    done = start(tmp_path, DEMO="1")
    assert done.returncode != 0
    assert "ModuleNotFoundError: demo" in done.stderr
