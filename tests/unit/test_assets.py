"""The front-end build: a lock file without a registry, and a manifest that knows when to build
again."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def assets(tmp_path: Path) -> ModuleType:
    """tools/assets.py on a small tree of its own."""
    spec = importlib.util.spec_from_file_location("assets", ROOT / "tools" / "assets.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in module.SOURCES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")
    plantilla = tmp_path / "webforms" / "asesor" / "templates" / "a.html"
    plantilla.parent.mkdir(parents=True)
    plantilla.write_text("icono('check2')")
    dist = tmp_path / "webforms" / "static" / "dist"
    dist.mkdir(parents=True)
    (dist / "viewer.js").write_text("1")
    module.ROOT, module.DIST, module.MANIFEST = tmp_path, dist, dist / "manifest.json"
    return module


def manifest(assets: ModuleType) -> None:
    assets.MANIFEST.write_text(
        json.dumps({"sources": assets.digest(), "files": assets.built_files()})
    )


def test_the_lock_file_names_no_registry_and_pins_every_package() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert not [name for name, package in packages.items() if "resolved" in package]
    assert not [name for name, package in packages.items() if name and "integrity" not in package]


def test_nothing_is_built_again_while_sources_and_files_are_the_same(assets: ModuleType) -> None:
    manifest(assets)
    assert assets.main(["--check"]) == 0


def test_a_changed_template_asks_for_a_build_because_it_may_name_an_icon(
    assets: ModuleType,
) -> None:
    manifest(assets)
    (assets.ROOT / "webforms" / "asesor" / "templates" / "a.html").write_text("icono('eye')")
    assert assets.main(["--check"]) == 1


@pytest.mark.parametrize("damage", ["changed", "missing", "no manifest"])
def test_a_damaged_bundle_asks_for_a_build(assets: ModuleType, damage: str) -> None:
    manifest(assets)
    bundle = assets.DIST / "viewer.js"
    if damage == "changed":
        bundle.write_text("2")
    elif damage == "missing":
        bundle.unlink()
    else:
        assets.MANIFEST.unlink()
    assert assets.main(["--check"]) == 1


def test_an_old_node_is_not_used(
    assets: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, answer in (("node", "v18.19.0"), ("npm", "9.2.0")):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\necho {answer}\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert assets.node_of_the_machine() is None
    (tmp_path / "node").write_text("#!/bin/sh\necho v20.20.2\n")
    assert assets.node_of_the_machine() == tmp_path / "node"
