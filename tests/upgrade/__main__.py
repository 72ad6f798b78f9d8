"""`make upgrade`: the previous release serves people; it is replaced by this one while they work,
and no answer is lost or doubled.

The release of before is taken out of the repository (`--since`, the commit before the newest
migration unless said otherwise) into a folder of its own, with its own people at browsers
(tests/upgrade/people.py runs on its code). Ends with 1 when there was a fault.
"""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

from tests.kit.processes import run

ROOT = Path(__file__).resolve().parents[2]


def git(*order: str) -> str:
    return str(
        run(["git", *order], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    ).strip()


def before() -> str:
    """The last commit without the newest migration, which a merge may have brought."""
    newest = max((ROOT / "migrations" / "versions").glob("[0-9]*.py")).relative_to(ROOT).as_posix()
    made = git(
        "log",
        "--first-parent",
        "--diff-merges=first-parent",
        "--no-patch",
        "--diff-filter=A",
        "--format=%H",
        "-1",
        "--",
        newest,
    )
    if not made:
        sys.exit(f"{newest} is in no commit yet: say with --since which release is replaced")
    return git("rev-parse", f"{made}^")


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.upgrade", description=__doc__)
    options.add_argument("--since", help="commit or tag of the release that is replaced")
    options.add_argument("--visits", type=int, default=40)
    options.add_argument("--database", choices=("postgresql", "sqlite"), default="postgresql")
    given = options.parse_args()
    commit = given.since or before()
    with tempfile.TemporaryDirectory(prefix="ventanilla-upgrade-") as name:
        old, work = Path(name) / "before", Path(name) / "work"
        work.mkdir()
        git("worktree", "add", "--detach", str(old), commit)
        try:
            shutil.copytree(
                ROOT / "webforms" / "static" / "dist",
                old / "webforms" / "static" / "dist",
                dirs_exist_ok=True,
            )
            sys.stdout.write(
                f"{git('log', '--format=%h %s', '-1', commit)}\n  → {git('log', '--format=%h %s', '-1', 'HEAD')}"
                "\n"
            )
            env = {**os.environ, "PYTHONPATH": str(old), "PYTHONDONTWRITEBYTECODE": "1"}
            people = [
                sys.executable,
                str(Path(__file__).with_name("people.py")),
                str(old),
                str(ROOT),
                str(work),
            ]
            return int(
                run([*people, given.database, str(given.visits)], cwd=old, env=env).returncode
            )
        finally:
            git("worktree", "remove", "--force", str(old))


if __name__ == "__main__":
    sys.exit(main())
