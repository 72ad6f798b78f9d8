"""A release after this one: our migrations and one more, in a folder of its own."""

import shutil
from pathlib import Path

from flask import Flask

OURS = Path(__file__).parents[2] / "migrations"
NEWEST = max(f.name[:4] for f in (OURS / "versions").glob("0*.py"))
NEXT = """import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9000", {newest!r}, None, None


def upgrade():
    op.execute(sa.text({statement!r}))
"""


def comes_next(app: Flask, folder: Path, statement: str) -> None:
    """From now on the application's newest migration is one that runs this statement."""
    there = folder / "migrations"
    shutil.copytree(OURS, there, ignore=shutil.ignore_patterns("__pycache__"))
    text = NEXT.format(statement=statement, newest=NEWEST)
    (there / "versions" / "9000_next.py").write_text(text, "utf-8")
    known = app.extensions["migrate"]
    known.directory = known.migrate.directory = str(there)
