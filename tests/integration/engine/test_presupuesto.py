"""What one accepted form costs (docs/decisions/one-command.md): the statements from POST to
redirect, line by line, and one commit."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

import app as door
from engine.clock import GivenClock
from engine.commands import Engine
from engine.jobs.inprocess import InProcessJobs
from engine.store.tables import Item
from engine.types import Data, Failed
from tests.kit import visit as visita
from tests.kit.cast import SESSION_KEY
from tests.kit.clock import NOW
from tests.kit.statements import Cost, counting
from tests.kit.web import browser_of
from webforms.base.servicios import EXTENSION


@dataclass
class Sala:
    """The whole product on real diagrams, a given clock and jobs in process."""

    app: Flask
    jobs: InProcessJobs
    clock: GivenClock
    respuestas: dict[str, dict[str, str]]

    @property
    def engine(self) -> Engine:
        engine: Engine = self.app.extensions[EXTENSION].engine
        return engine

    def entrar(self, usuario: str) -> FlaskClient:
        return browser_of(self.app, self.engine.db, usuario)

    def abierta(self, elemento: str) -> Item:
        with Session(self.engine.db, expire_on_commit=False) as s:
            return s.scalars(
                sa.select(Item).where(Item.element == elemento, Item.state == "open").limit(1)
            ).one()

    def completar(self, cliente: FlaskClient, elemento: str, **otros: str) -> Cost:
        """POST the form of the open task, and count from there to the redirect."""
        ruta = f"/tarea/{self.abierta(elemento).id}"
        datos = {
            **self.respuestas[elemento],
            **otros,
            "csrf_token": visita.hidden(cliente.get(ruta).text, "csrf_token"),
        }
        with counting(self.engine.db) as cuenta:
            respuesta = cliente.post(ruta, data=datos)
        assert respuesta.status_code == 302, respuesta.text
        self.trabajar()
        return cuenta

    def trabajar(self) -> None:
        while self.jobs.run_all(Corredor(self)) + self.engine.pump(self.clock.now()):
            pass

    def hasta(self, cliente: FlaskClient, *elementos: str) -> None:
        for elemento in elementos:
            self.completar(cliente, elemento)


@dataclass
class Corredor:
    sala: Sala

    def run(self, job: str, args: Data) -> None:
        self.sala.engine.jobs.run_at(job, args, self.sala.clock.now())

    def failed(self, job: str, args: Data, failure: Failed) -> None:
        self.sala.engine.jobs.failed(job, args, failure)


@pytest.fixture(scope="module")
def sala(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sala]:
    carpeta = tmp_path_factory.mktemp("sala")
    url = f"sqlite:///{carpeta / 'ventanilla.db'}"
    gente = visita.seed(carpeta, url, NOW)
    jobs, clock = InProcessJobs(), GivenClock(NOW)
    config = door.Config(
        instance=carpeta, database_url=url, secret_key=SESSION_KEY, jobs=jobs, clock=clock
    )
    respuestas = {
        n: dict(v) for n, v in visita.answers(visita.holder(gente, 0), "m0", escala=True).items()
    }
    sala = Sala(door.create_app(config), jobs, clock, respuestas)
    yield sala
    sala.engine.db.dispose()


def llega(sala: Sala, usuario: str) -> FlaskClient:
    """An adviser with a person at the desk, the reason of the visit written down."""
    asesor = sala.entrar(usuario)
    csrf = visita.hidden(asesor.get("/atencion").text, "csrf_token")
    asesor.post("/atencion/modulo", data={"csrf_token": csrf, "modulo": "1"})
    asesor.post(
        "/atencion/recibir",
        data={
            "csrf_token": csrf,
            "llave": usuario,
            "atender": "1",
            "motivo_visita": "servicio_adquirido",
        },
    )
    sala.hasta(asesor, "act_5_2_3")
    return asesor


#: What every accepted form takes, before and after what its records write.
ANTES = ["SELECT cuenta", "UPDATE instance"]  # which gives the item too
#: What a transaction that writes business rows takes for their digests
#: (docs/decisions/rows-in-the-log.md); on PostgreSQL a part of the last statement (test_rows.py).
CONSTANCIA = ["INSERT row_entry"]
DESPUES = [
    "UPDATE work_item",
    "INSERT work_item",
    "INSERT submission",
    "INSERT journal",
    "UPDATE instance",
]

#: Of 5.2.4, which waits for the turn being given back or handed on, too; what comes after it waits
#: for the word that the person has left.
DE_5_2_4 = ["DELETE subscription", "INSERT subscription", *DESPUES]


@pytest.mark.slow
def test_adviser_from_5_2_4_to_5_2_5_and_to_5_2_6_and_officer_from_5_2_17_to_5_2_18(
    sala: Sala,
) -> None:
    """User 1, take and item 1, records 2 at most, messages no longer waited for 1 and waited
    for now 1, items 2, submission 1, journal and head 2: eleven. And one for the digests of business rows."""
    apoderado = sala.completar(llega(sala, "asesor.bog01"), "act_5_2_4", calidad="apoderado")
    assert apoderado.statements == [
        *ANTES,
        "SELECT persona",
        "UPDATE atencion",
        *DE_5_2_4,
        *CONSTANCIA,
    ]
    assert len(apoderado.statements) <= 11 + 1
    assert apoderado.written == 1
    assert sala.abierta("act_5_2_5").state == "open"

    asesor = llega(sala, "asesor.bog02")
    titular = sala.completar(asesor, "act_5_2_4")
    assert titular.statements == [
        *ANTES,
        "SELECT persona",
        "UPDATE atencion",
        *DE_5_2_4,
        *CONSTANCIA,
    ]
    assert len(titular.statements) <= 11 + 1
    assert titular.written == 1

    sala.hasta(asesor, "act_5_2_7", "act_5_2_8", "act_5_2_10", "act_5_2_14")
    oficial = sala.entrar(f"funcionario.{str(sala.abierta('act_5_2_16').scope).lower()}01")
    sala.hasta(oficial, "act_5_2_16")
    investigado = sala.completar(oficial, "act_5_2_17")
    assert investigado.statements == [*ANTES, "INSERT investigacion", *DESPUES, *CONSTANCIA]
    assert len(investigado.statements) <= 10 + 1
    assert investigado.written == 1


def test_a_draft_of_the_sender_is_compared_and_removed_by_one_statement_each(sala: Sala) -> None:
    asesor = llega(sala, "asesor.bog03")
    tarea = sala.abierta("act_5_2_4")
    csrf = visita.hidden(asesor.get(f"/tarea/{tarea.id}").text, "csrf_token")
    guardado = asesor.put(
        f"/tarea/{tarea.id}/borrador", json={"num_doc": ["99"]}, headers={"X-CSRFToken": csrf}
    )
    assert guardado.status_code == 200
    cuenta = sala.completar(asesor, "act_5_2_4", calidad="apoderado")
    assert cuenta.statements == [
        *ANTES,
        "SELECT draft",
        "SELECT persona",
        "UPDATE atencion",
        *DE_5_2_4,
        *CONSTANCIA,
        "DELETE draft",
    ]
    assert cuenta.written == 1
