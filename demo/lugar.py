"""What app.py tells the demo: where it lives, and how an engine is wired."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from engine.clock import Clock
from engine.commands import Engine
from engine.jobs.port import Jobs
from records.puertos import Correo

CCTEX = "cctex.db"


@dataclass(frozen=True, slots=True)
class Lugar:
    """Database, folder of files, folder of diagrams, and the address that people open."""

    url: str
    instance: Path
    bpmn: Path
    base_url: str

    @property
    def cctex_url(self) -> str:
        return f"sqlite:///{self.instance / CCTEX}"


class Fabrica(Protocol):
    """app.py's way to wire an engine; the demo gives another database connection, clock, jobs and mail."""

    def __call__(self, db: sa.Engine, *, clock: Clock, jobs: Jobs, correo: Correo, cctex_url: str) -> Engine: ...
