"""A folder with everything that an experiment needs: database, people, devices, C&CTEX, diagrams in
force, a mail server."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from demo import cuentas
from demo.correo_local import CorreoLocal
from demo.personas import PersonaDato
from engine.clock import SystemClock
from engine.jobs.durable import migrate
from engine.store.uow import prepare
from records.lugares.dispositivos import activar, pedir_activacion
from records.lugares.tablas import Punto
from tests.crash.clients import World, new_token
from tests.crash.ledger import Ledger
from tests.kit import visit as visita

# accounts and diagrams are in force that long before now, points stay open that long after: clocks
# may jump by a day
DAYS = 3


@dataclass(frozen=True, slots=True)
class Place:
    folder: Path
    url: str
    people: list[PersonaDato]
    devices: dict[str, str]
    smtp_port: int

    @property
    def env(self) -> dict[str, str]:
        where = {
            "DATABASE_URL": self.url,
            "INSTANCE": str(self.folder),
            "SMTP_PORT": str(self.smtp_port),
            "PORT": "8000",
        }
        # the people here have passwords only
        return {**where, "SECOND_FACTOR": "no", "NEW_BROWSER": "password"}

    def roles(self) -> list[str]:
        """SQLite: one web process and one worker; PostgreSQL: two of each."""
        number = 1 if self.url.startswith("sqlite") else 2
        return [f"{kind}-{n}" for kind in ("web", "worker") for n in range(number)]

    def world(self, port: int) -> World:
        db = sa.create_engine(self.url, pool_pre_ping=True)
        return World(
            db, port, self.people, self.devices, Ledger(self.folder / "ledger.jsonl", sync=True)
        )


@contextmanager
def place(folder: Path, url: str) -> Iterator[Place]:
    folder.mkdir(parents=True, exist_ok=True)
    now = SystemClock().now()
    people = visita.seed(folder, url, now - dt.timedelta(days=DAYS))
    devices = _devices(url, now)
    migrate(url)
    with CorreoLocal(folder / "correo") as mail:
        yield Place(folder, url, people, devices, mail.port)


def _devices(url: str, now: dt.datetime) -> dict[str, str]:
    db = sa.create_engine(url)
    prepare(db)
    tokens = {device.codigo: new_token() for device in cuentas.equipos()}
    with Session(db.execution_options(ventanilla_write=True)) as session, session.begin():
        for code, token in tokens.items():
            activation = new_token()
            pedir_activacion(session, code, activation, now=now)
            activar(session, activation, token, now=now)
        session.execute(sa.update(Punto).values(abierto_hasta=now + dt.timedelta(days=DAYS)))
    db.dispose()
    return tokens
