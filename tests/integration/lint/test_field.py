"""The counting of other engines' models: what only the house can say is set aside, everything else
refuses."""

import shutil
from pathlib import Path

import pytest

from bench import field
from tests.kit import processes
from tests.kit.diagrams import end, model, process, start, user

GOOD = model(process("P", start() + user("A") + end(), "S>A>E"))
NOBODY = model(process("P", start() + user("A") + end(), "S>A>E", lanes=""))
BROKEN = model(process("P", start() + user("A") + end(), "S>A>Z"))


def test_words_of_the_house_refuse_nothing_and_a_broken_flow_does() -> None:
    good, nobody, broken = (
        field.judge(f"{n}.bpmn", content) for n, content in enumerate((GOOD, NOBODY, BROKEN))
    )
    assert not good.errors
    assert (nobody.errors, nobody.beyond_the_house) == ({"lane_missing"}, frozenset())
    assert "flow_dangling" in broken.beyond_the_house
    assert next(field.report([good, nobody, broken])) == (
        "models: 3 | nothing to add: 1 | as they are (words of the house apart): 2 | refused: 1"
    )


def test_a_folder_and_a_repository_without_a_work_tree_are_read_alike(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "work"
    (folder / "models").mkdir(parents=True)
    (folder / "models" / "good.bpmn").write_bytes(GOOD)
    (folder / "models" / "broken.bpmn20.xml").write_bytes(BROKEN)
    (folder / "models" / "other.xml").write_bytes(BROKEN)
    git = shutil.which("git") or "git"
    identity = ("-c", "user.name=n", "-c", "user.email=n@example.org")
    for command in (("init", "-q"), ("add", "."), (*identity, "commit", "-qm", "models")):
        processes.run([git, *command], cwd=folder, check=True)
    processes.run([git, "clone", "-q", "--bare", str(folder), str(tmp_path / "bare")], check=True)
    assert dict(field.models(folder, "models")) == dict(field.models(tmp_path / "bare", "models"))
    field.main([str(folder), "--under", "models", "--list", "flow_dangling"])
    assert capsys.readouterr().out.split() == ["broken.bpmn20.xml"]
