"""What app.py gives the demo: its database, folders and address, and how an engine is wired."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from engine.clock import Clock
from engine.commands import Engine
from engine.types import Data, Failed
from records.sistemas.puertos import Correo, PaginasWeb

CCTEX = "cctex.db"
COBOL, FOXPRO = "cobol", "foxpro"  # as records.sistemas.reglas.sistemas calls them; folders here


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


class Corredor(Protocol):
    """Runs a job, and is told of one for which no try is left."""

    def run(self, job: str, args: Data) -> None: ...

    def failed(self, job: str, args: Data, failure: Failed) -> None: ...


class Cola(Protocol):
    """Jobs that wait in this process until somebody asks for them."""

    def run_all(self, runner: Corredor) -> int:
        """Run what waits, and what that enqueues; gives how many were done or given up."""


class SinCola:
    """Where a worker does the jobs."""

    def run_all(self, runner: Corredor) -> int:  # noqa: ARG002 - the shape of a queue
        return 0


class Fabrica(Protocol):
    """app.py's way to wire an engine with its queue in this process; the demo gives another
    connection, clock, mail and web site."""

    def __call__(
        self, db: sa.Engine, *, clock: Clock, correo: Correo, cctex_url: str, paginas: PaginasWeb
    ) -> tuple[Engine, Cola]: ...

    def migrate(self) -> None:
        """The tables of the job library."""
