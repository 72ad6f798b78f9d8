"""The visit with every system around the desk real, and again with each of them slow, wrong and
gone; then it is back.

Adapter by adapter the same is shown in tests/integration/handlers/test_handlers_alrededor.py. Here
an adviser goes from the ticket to the rating, cites a page and adds a document: nothing stops, what
failed is told in words, and nothing is lost when it is back.
"""

import datetime as dt
import io
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from unittest.mock import patch

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import app as door
import handlers.sistemas.legado
from demo import personas
from demo.personas import PersonaDato
from engine.clock import GivenClock
from engine.jobs.inprocess import InProcessJobs
from engine.types import Data, Failed
from handlers.conectores.digiturno.firma import Firmante
from handlers.conectores.digiturno.sistema import Nombres, SistemaDeTurnos
from records.lugares.dispositivos import activar, pedir_activacion
from records.sistemas.reglas.paginas import PAGINA_WEB
from tests.kit import around, files, visit
from tests.kit.around import IMPATIENT, IN_THE_VISIT, SYSTEMS, Neighbour
from tests.kit.cast import PUNTO, SESSION_KEY
from tests.kit.clock import MINUTE, NOW
from tests.kit.gate import DOWN, SLOW, WRONG
from tests.kit.turnero import IN, signed
from tests.kit.web import browser_of, csrf, followed, hidden
from webforms.base.security import GALLETA_DISPOSITIVO
from webforms.base.servicios import EXTENSION, Servicios
from webforms.correo.cola import repasar
from webforms.documentos.barrido import Turno
from webforms.sistemas.crm_afuera import vuelta
from webforms.sistemas.sondeo import Sondeo
from webforms.visita import turnos_afuera

ADVISER, KIOSK = "asesor.bog01", f"quiosco.{PUNTO.lower()}"
AT_THE_DESK = """
SELECT id, element FROM work_item WHERE case_key = :c AND state = 'open' AND role IN ('asesor', 'usuario') ORDER BY opened_at, id
"""
# seconds that a page may take with a system that says nothing: its own limit, and the machine's
PATIENCE = 12.0
LEGACY = {"cctex": "cctex", "foxpro": "foxpro", "cobol_files": "cobol"}
#: System → its code among those that are looked at; a citation has no look of its own, it says
#: itself why it has no copy.
CODES = {
    **LEGACY,
    "crm": "crm",
    "mail": "correo",
    "store_s3": "documentos",
    "antivirus": "antivirus",
    **dict.fromkeys(("digiturno_http", "digiturno_view", "digiturno_files"), "digiturno"),
}
#: those that are told or asked something in each visit
GETS = ("crm", "mail", "digiturno_http", "antivirus", "web_page")
#: system → its code, and its point
BESIDE = {"digiturno_view": ("vista", "CAL"), "digiturno_files": ("noche", "MED")}


@dataclass
class House:
    """The product with everything around it, its worker, one adviser and whoever comes to the
    desk."""

    app: Flask
    clock: GivenClock
    jobs: InProcessJobs
    people: list[PersonaDato]
    around: Mapping[str, Neighbour]
    kiosk: FlaskClient
    adviser: FlaskClient
    came: int = 0
    documents: Turno = field(init=False)

    def __post_init__(self) -> None:
        self.documents = Turno(self.services.archivos, self.services.uow)

    @property
    def services(self) -> Servicios:
        services: Servicios = self.app.extensions[EXTENSION]
        return services

    def rows(self, text: str, **bound: object) -> list[tuple[object, ...]]:
        with self.services.engine.db.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(text), bound)]

    def one(self, text: str, **bound: object) -> object:
        return self.rows(text, **bound)[0][0]

    # --- the worker
    def run(self, job: str, args: Data) -> None:
        self.services.engine.jobs.run_at(job, args, self.clock.now())

    def failed(self, job: str, args: Data, failure: Failed) -> None:
        self.services.engine.jobs.failed(job, args, failure)

    def works(self) -> None:
        """Jobs, timers and messages, until there is nothing left to do."""
        while self.jobs.run_all(self) or self.services.engine.pump(self.clock.now()):
            pass

    def rounds(self, minutes: float = 0) -> None:
        """What the worker's threads look after."""
        self.clock.advance(dt.timedelta(minutes=minutes))
        for neighbour in self.around.values():
            neighbour.tick(self.clock.now())
        now, s = self.clock.now(), self.services
        self.works()
        with self.app.app_context():
            turnos_afuera.vuelta(now)
        if s.crm is not None:
            vuelta(s.crm, s.uow, now, seguir=lambda: True)
        repasar(s.engine, now)
        self.documents.ronda(now)
        self.works()

    # --- people
    def asks(
        self, who: FlaskClient, path: str, values: Mapping[str, object] | None = None
    ) -> TestResponse:
        """A page in time and in words, whatever is away."""
        before = time.monotonic()
        answer = (
            who.get(path)
            if values is None
            else who.post(path, data=values, content_type="multipart/form-data")
        )
        assert time.monotonic() - before < PATIENCE, path
        assert answer.status_code < 400 or answer.status_code == 422, (
            f"{path}: {answer.status_code} {answer.text[:800]}"
        )
        return answer

    def arrives(self) -> None:
        page = self.asks(self.kiosk, "/quiosco/condicion/servicio_adquirido").text
        values = {name: hidden(page, name) for name in ("csrf_token", "llave", "motivo_visita")}
        self.asks(
            self.kiosk,
            "/quiosco/turno",
            {**values, "condicion": "ninguna", "tipo_doc": "", "num_doc": ""},
        )

    def calls(self) -> str:
        page = self.asks(self.adviser, "/atencion").text
        self.asks(self.adviser, "/atencion/llamar", {"csrf_token": csrf(page)})
        task = visit.task_in(self.asks(self.adviser, "/atencion").text)
        assert task is not None, "nobody came to the desk"
        return str(self.one("SELECT case_key FROM work_item WHERE id = :t", t=task[1]))

    def attends(self, case: str, person: PersonaDato, mark: str, *, escalates: bool) -> list[str]:
        """To the rating; the activities in their order."""
        known, done = (
            {
                element: dict(values)
                for element, values in visit.answers(person, mark, escala=escalates).items()
            },
            list[str](),
        )
        if not escalates:
            known["act_5_2_10"] |= {"fuente": PAGINA_WEB, "pagina": around.PAGE}
        product = "SELECT min(s.id) FROM servicio_adquirido s JOIN persona p ON p.id = s.persona_id WHERE p.num_doc = :n"
        known["act_5_2_8"]["servicio_id"] = str(self.one(product, n=person.num_doc))
        while True:
            self.works()
            open_ = self.rows(AT_THE_DESK, c=case)
            if not open_:
                return done
            task, element = map(str, open_[0])
            page = self.asks(self.adviser, f"/tarea/{task}").text
            given = {**known[element], "csrf_token": csrf(page)}
            answer = self.asks(self.adviser, f"/tarea/{task}", given)
            if (
                element == "act_5_2_4" and answer.status_code == 200
            ):  # the person was looked for: what the adviser compares is what the page shows
                answer = self.asks(
                    self.adviser, f"/tarea/{task}", {**given, "visto": hidden(answer.text, "visto")}
                )
            assert answer.status_code == 302, f"{element}: {followed(answer.text)[-3000:]}"
            done.append(element)

    def adds(self, case: str, name: str) -> TestResponse:
        values = {"csrf_token": csrf(self.asks(self.adviser, f"/caso/{case}").text), "de": "caso"}
        return self.asks(
            self.adviser,
            f"/caso/{case}/documentos",
            {**values, "archivos": [(io.BytesIO(files.pdf()), name)]},
        )

    def copies_again(self, case: str) -> None:
        """A citation whose site did not answer says why, and is asked for again by whoever may note
        on the case."""
        where = "SELECT p.id, p.estado, p.falla FROM pagina_citada p JOIN turno t ON t.id = p.turno_id WHERE t.case_key = :c"
        ((number, state, why),) = self.rows(where, c=case)
        assert (state, bool(why)) == ("fallida", True)
        page = self.asks(self.adviser, f"/caso/{case}").text
        self.asks(self.adviser, f"/caso/{case}/paginas/{number}", {"csrf_token": csrf(page)})
        self.works()
        assert self.rows(where, c=case)[0][1] == "copiada"

    def ticket(self, number: str) -> None:
        """Of the other machine, signed."""
        event = {
            "punto": "SUC-01",
            "ticket": number,
            "clase": "emitido",
            "cuando": self.clock.now().isoformat(),
            "numero": number,
        }
        body = json.dumps(event).encode()
        headers = {"Content-Type": "application/json", **signed(IN, number, self.clock.now(), body)}
        assert (
            self.app.test_client()
            .post("/digiturno/turnero/eventos", data=body, headers=headers)
            .status_code
            == 202
        )
        with self.app.app_context():
            turnos_afuera.vuelta(self.clock.now())

    def answers(self, name: str) -> bool:
        """What «Sistemas» and `flask systems check` would say of it."""
        return next(v for v in self.services.vecinos if v.codigo == CODES[name]).mirar().disponible


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("around")
    url, clock, jobs = f"sqlite:///{folder / 'ventanilla.db'}", GivenClock(NOW), InProcessJobs()
    people = visit.seed(folder, url, NOW)
    with ExitStack() as stack:
        real: dict[str, Neighbour] = {}
        for name in ("cctex", "foxpro", "cobol_files"):
            (folder / name).mkdir()
            real[name] = stack.enter_context(
                SYSTEMS[name](folder / name, tuple(personas.creditos(people, LEGACY[name])))
            )
        for name in set(IN_THE_VISIT) - set(LEGACY):
            (folder / name).mkdir()
            real[name] = stack.enter_context(SYSTEMS[name](folder / name))
        settings = {k: v for n in real.values() for k, v in n.settings.items() if k != "adapter"}
        systems = [
            SistemaDeTurnos(
                "turnero",
                "Turnero",
                real["digiturno_http"].settings["adapter"],
                Nombres({"SUC-01": PUNTO}),
                Firmante([IN]),
            )
        ]
        systems += [
            SistemaDeTurnos(
                code,
                code.title(),
                real[name].settings["adapter"],
                Nombres({"SUC-01": point}),
                cada=MINUTE,
            )
            for name, (code, point) in BESIDE.items()
        ]
        config = door.Config(
            instance=folder,
            database_url=url,
            secret_key=SESSION_KEY,
            clock=clock,
            jobs=jobs,
            turnos=tuple(systems),
            **settings,
        )
        with patch.object(
            handlers.sistemas.legado,
            "guardar",
            partial(handlers.sistemas.legado.guardar, politica=replace(IMPATIENT, abierto=0.1)),
        ):
            app = door.create_app(config)
        app.config["TESTING"] = True
        db = app.extensions[EXTENSION].engine.db
        sa.event.listen(
            db, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF")
        )
        db.dispose()
        kiosk = app.test_client()
        with sa.orm.Session(db) as session, session.begin():
            pedir_activacion(session, KIOSK, "a" * 32, now=NOW)
            activar(session, "a" * 32, "t" * 32, now=NOW)
        kiosk.set_cookie(GALLETA_DISPOSITIVO, "t" * 32)
        made = House(app, clock, jobs, people, real, kiosk, browser_of(app, db, ADVISER))
        made.asks(
            made.adviser,
            "/atencion/modulo",
            {"csrf_token": csrf(made.adviser.get("/atencion").text), "modulo": "1"},
        )
        yield made
        db.dispose()


COPIED = ("foxpro", "cobol_files")  #: the last copy may answer in their place
LEFT_FOR_LATER = (
    ("digiturno_files", SLOW),
    ("digiturno_files", WRONG),
)  #: a file of the night is read when it holds still, or told line by line


def one_visit(house: House, name: str, state: str = "") -> None:
    """From the ticket to the rating, with `name` in `state`; then it is well, and everything is
    where it belongs."""
    neighbour, house.came = house.around[name], house.came + 1
    mark, person = (
        f"marca{house.came:03d}",
        visit.holder(house.people, house.came, LEGACY.get(name, "cctex")),
    )
    if state:
        neighbour.fails[state]()
    if name == "digiturno_http":
        house.ticket(f"T{house.came:03d}")
    else:
        house.arrives()
    case, seen = house.calls(), neighbour.seen()
    done = house.attends(case, person, mark, escalates=name == "mail")
    assert done[-1] == "act_5_2_13"
    if name not in COPIED:
        assert ("us_consulta_manual" in done) == (state != "" and name in LEGACY)
    added = house.adds(case, f"{mark}.pdf")
    refused = state != "" and name == "store_s3"
    assert (added.status_code == 422) == refused
    assert ("El lugar de los archivos no responde. No se guardó nada" in added.text) == refused
    house.rounds()
    if state and name in CODES and name not in COPIED and (name, state) not in LEFT_FOR_LATER:
        assert not house.answers(name)

    neighbour.heal()
    if refused:
        assert house.adds(case, f"{mark}.pdf").status_code == 302
    if name == "web_page" and state:
        house.copies_again(case)
    house.rounds(minutes=20)
    house.rounds(minutes=20)
    assert name not in CODES or house.answers(name)
    alive = house.one(
        "SELECT count(*) FROM instance WHERE case_key = :c AND status <> 'finished'", c=case
    )
    assert (alive != 0) == (name == "mail")  # an escalated case goes on
    assert house.one("SELECT count(*) FROM incident WHERE state = 'open'") == 0
    assert house.rows("SELECT antivirus FROM archivo WHERE case_key = :c", c=case) == [("limpio",)]
    assert neighbour.seen() > seen or name not in GETS


def test_the_visit_with_every_system_there(house: House) -> None:
    one_visit(house, "cctex")


@pytest.mark.parametrize("state", [pytest.param(SLOW, marks=pytest.mark.long), WRONG, DOWN])
@pytest.mark.parametrize(
    "name",
    [
        "cctex",
        "foxpro",
        "cobol_files",
        "crm",
        "digiturno_http",
        "digiturno_view",
        "digiturno_files",
        "mail",
        "web_page",
        "store_s3",
        "antivirus",
    ],
)
def test_a_system_that_fails_stops_no_visit_and_loses_nothing(
    house: House, name: str, state: str
) -> None:
    one_visit(house, name, state)


def test_who_attends_reads_what_to_do_meanwhile_and_who_administers_since_when(
    house: House,
) -> None:
    gone = ("cctex", "crm", "digiturno_http", "mail", "store_s3", "antivirus")
    look = Sondeo(house.services.engine, house.services.vecinos, MINUTE)
    for name in gone:
        house.around[name].fails[DOWN]()
    try:
        look.ronda(house.clock.now())
        house.clock.advance(2 * MINUTE)
        look.ronda(house.clock.now())
    finally:
        for name in gone:
            house.around[name].heal()
    short = followed(house.adviser.get("/sistemas").text)
    for said in (
        "Consulte por otro medio o escale el caso",
        "llega al CRM cuando responda",
        "Siga llamando desde «Atención»",
    ):
        assert said in short
    for said in (
        "sale cuando responda; nada se pierde",
        "no se adjuntan ni se ven documentos",
        "espera su revisión",
    ):
        assert said in short
    assert "Pasó su límite de 10 minutos" not in short, "it has been two"
    whole = followed(
        browser_of(house.app, house.services.engine.db, "administrador").get("/sistemas").text
    )
    assert whole.count("Dejó de responder.") >= len(gone)
    assert "incorporado" not in whole, "neither CRM nor Digiturno are ours alone here"
