"""The pages on a small Flask application: real engine and database, given clock, jobs in process, a
cast of accounts."""

import datetime as dt
import html
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import Babel
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.routing import IntegerConverter, Rule
from werkzeug.test import TestResponse

import handlers.acciones
from common.language import SPANISH
from engine.clock import GivenClock
from engine.commands import Engine
from engine.jobs.inprocess import InProcessJobs
from engine.states import ActorKind
from engine.store import rows
from engine.store.tables import Item, SubmissionRow
from engine.store.uow import prepare
from engine.types import SYSTEM, Actor, Data, Functions, Handlers
from handlers.casos import Registro
from handlers.conectores.guarda import Guarda
from handlers.conectores.servicios.cliente import Cliente
from handlers.documentos.carpeta import Carpeta
from records.correo.correos import sin_quien_los_envie
from records.cuentas.tablas import Cuenta, RolAsignado
from records.lugares.tablas import Punto
from records.paquetes.carriles import Carriles
from records.sistemas.puertos import SistemaQueAvisa
from records.sistemas.vigiladas import VIGILADAS
from tests.kit import tables
from tests.kit.cast import AUTHORITY, CLAVE, ELENCO, SESSION_KEY, WHY
from tests.kit.clock import CALENDAR, NOW
from tests.kit.remembered import CHEAP
from webforms import web
from webforms.base import sesiones
from webforms.base.ajustes import EXTENSION, Ajustes
from webforms.campos.formulario import FormSpec
from webforms.documentos.archivos import Almacen
from webforms.documentos.documentos_hechos import DocumentosHechos
from webforms.salas import DICHO, FORMS

BASE_URL = "https://ventanilla.test"
HASH = CHEAP.hash(CLAVE)


def on_routes(what: str) -> dict[str, Any]:
    """Endpoint → what its route says of this (`webforms.base.rutas.Dicho`), where it says it."""
    return {endpoint: of[what] for (endpoint, _method), of in DICHO.items() if what in of}


def signed_in(key: str) -> dict[str, object]:
    """The cookie of an account that has logged in; it lasts however far the test turns its
    clock."""
    return {
        "_user_id": key,
        "_fresh": True,
        "_permanent": True,
        **sesiones.valores(NOW + dt.timedelta(days=4_000)),
    }


def browser_of(app: Flask, db: sa.Engine, usuario: str) -> FlaskClient:
    """A browser in which this account of the database is logged in."""
    with Session(db) as session:
        key = session.scalars(
            sa.select(Cuenta.fs_uniquifier).where(Cuenta.usuario == usuario)
        ).one()
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie.update(signed_in(key))
    return browser


@dataclass
class WebKit:
    app: Flask
    engine: Engine
    clock: GivenClock

    def session(self) -> Session:
        return Session(self.engine.db, expire_on_commit=False)

    def browser(self, usuario: str | None = None) -> FlaskClient:
        """A browser in which this person is logged in; the way through the login page is tested
        once, in test_web_ingreso."""
        browser = self.app.test_client()
        if usuario is not None:
            with browser.session_transaction() as session:
                session.update(signed_in(f"fs-{usuario}"))
        return browser

    def deploy(self, archivos: Mapping[str, bytes]) -> None:
        self.engine.releases.deploy(archivos, actor=SYSTEM, now=self.clock.now())

    def begin(self, process: str, data: Data) -> str:
        """Start an instance; the id of the task that it opened."""
        return (
            self.engine.instances.start(process, actor=SYSTEM, now=self.clock.now(), data=data)
            .opened[0]
            .id
        )

    def submitted(self, tarea: str) -> dict[str, Any]:
        """The values of the form that completed a task."""
        with self.session() as s:
            return dict(
                s.scalars(sa.select(SubmissionRow).where(SubmissionRow.item_id == tarea))
                .one()
                .form_values
            )

    def claimed_by(self, tarea: str) -> str | None:
        with self.session() as s:
            return s.scalars(sa.select(Item.claimed_by).where(Item.id == tarea)).one()

    def open_with_reason(self, usuario: str, caso: str) -> None:
        """As the page of a case that is not theirs asks of an administrator (test_con_motivo)."""
        quien = Actor(ActorKind.PERSON, usuario)
        self.engine.log_access(
            quien, "caso_con_motivo", caso, now=self.clock.now(), detail={"motivo": WHY}
        )

    def accesses(self) -> list[tuple[str, str, str]]:
        """(kind, actor, subject) of the access chain."""
        with self.engine.db.connect() as c:
            rows = c.exec_driver_sql(
                "SELECT kind, actor_id, subject FROM access ORDER BY day, n"
            ).all()
        return [tuple(row) for row in rows]


def address_of(app: Flask, rule: Rule, given: Mapping[str, str] | None = None) -> str:
    """A URL of the route; ids that do not exist are enough where permission comes first."""
    parts: dict[str, object] = {}
    for name, converter in rule._converters.items():  # noqa: SLF001 - the only place that knows the kind of each part
        parts[name] = 1 if isinstance(converter, IntegerConverter) else (given or {}).get(name, "x")
    with app.test_request_context():
        return str(
            app.url_map.bind("localhost").build(
                rule.endpoint, parts, method=None, append_unknown=False
            )
        )


def followed(page: str) -> str:
    """The page with each run of white space as one space, as a browser shows it: templates break
    their lines."""
    return " ".join(page.split())


def csrf(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page) or re.search(
        r'value="([^"]+)"[^>]*name="csrf_token"', page
    )
    assert found, page
    return found[1]


def task_form(page: str) -> str:
    """From the form of the task on, if the page has one: who holds the task stands above it, with
    forms of its own."""
    return page.partition("data-tarea=")[2] or page


def hidden(page: str, nombre: str) -> str:
    found = re.search(rf'name="{nombre}" value="([^"]*)"', page)
    assert found, page
    return (
        found[1]
        .replace("&#34;", '"')
        .replace("&amp;", "&")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
    )


def log_in(browser: FlaskClient, usuario: str, clave: str = CLAVE, **mas: str) -> TestResponse:
    page = browser.get("/ingresar").text
    return browser.post(
        "/ingresar", data={"csrf_token": csrf(page), "usuario": usuario, "clave": clave, **mas}
    )


#: What a test built: when it is over, no mail of it may wait for nobody
#: (tests/integration/webforms/conftest.py).
BUILT: list[sa.Engine] = []


def forgotten_mails() -> list[str]:
    """Of what was built since the last look: mails that no round takes and of which no error
    tells."""
    found: list[str] = []
    for db in BUILT:
        # a database that is gone holds none
        with suppress(OperationalError), Session(db) as session:
            found += sin_quien_los_envie(session)
        db.dispose()
    BUILT.clear()
    return found


def build(
    tmp_path: Path,
    url: str,
    *,
    forms: Mapping[str, FormSpec] = FORMS,
    handlers: Handlers | None = None,
    functions: Functions | None = None,
    mensajes: Sequence[SistemaQueAvisa] = (),
    idioma: str = SPANISH,
    keys: Sequence[str] = (SESSION_KEY,),
    again: bool = False,
) -> WebKit:
    """`keys`: the secret of the place, and those of before that it still reads. `again`: the place
    is there already."""
    app = Flask("ventanilla", static_folder=None)
    app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
    db = sa.create_engine(url)
    prepare(db)
    BUILT.append(db)
    if db.dialect.name == "sqlite":
        sa.event.listen(
            db, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF")
        )
    tables.make(db)
    rows.watch(db, VIGILADAS, keys[0], keys[1:])
    clock = GivenClock(NOW)
    engine = Engine(
        db,
        handlers=handlers or Handlers(),
        jobs=InProcessJobs(),
        functions=functions or {},
        forms=forms,
        clock=clock,
        calendar=CALENDAR,
        authority=AUTHORITY,
        lanes=Carriles(),
        cases=Registro(),
    )
    almacen = Almacen(Carpeta(tmp_path / "archivos"), vistas=Carpeta(tmp_path / "vistas"))
    ajustes = Ajustes(
        instance=tmp_path,
        database_url=url,
        secret_key=keys[0],
        older_keys=tuple(keys[1:]),
        base_url=BASE_URL,
        idioma=idioma,
        programa=tmp_path,
        archivo=tmp_path / "ventanilla.toml",
    )
    web.register(
        app, ajustes, engine=engine, clock=clock, archivos=almacen, forms=forms, mensajes=mensajes
    )
    kit = WebKit(app, engine, clock)
    if not again:
        with kit.session() as session:
            seed(session)
    return kit


def speaking(name: str) -> Flask:
    """An application that has settings and speaks Spanish, for words that need nothing else."""
    app = Flask(name)
    app.secret_key = SESSION_KEY
    app.extensions[EXTENSION] = Ajustes(instance=Path(), database_url="", secret_key=SESSION_KEY)
    Babel(app, default_locale=SPANISH)
    return app


def put(app: Flask, **changed: Any) -> None:
    """Settings of this place from now on."""
    app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], **changed)


def with_actions(
    kit: WebKit,
    registry: Handlers,
    servicios: Sequence[Cliente] = (),
    guardas: Sequence[Guarda] = (),
) -> WebKit:
    """The actions that analysts choose, on the same store of documents as the pages."""
    store = kit.app.extensions["ventanilla"].archivos

    def begin(proceso: str, clave: str, datos: Data, now: dt.datetime) -> str:
        return kit.engine.instances.start(
            proceso, actor=SYSTEM, now=now, key=clave, data=datos
        ).case_key

    handlers.acciones.register(
        registry,
        sesiones=kit.session,
        hacer=DocumentosHechos(store),
        empezar=begin,
        sitio=BASE_URL,
        servicios=servicios,
        guardas=guardas,
    )
    return kit


def seed(session: Session) -> None:
    for codigo, nombre in (("BOG-AGU", "Bogotá Aguas"), ("PAS", "Pasto")):
        hours = {"hora_apertura": dt.time(8), "hora_cierre": dt.time(17)}
        session.add(
            Punto(
                codigo=codigo,
                nombre=nombre,
                ciudad=nombre.split()[0],
                dane="11001",
                modo_fila="digiturno",
                **hours,
            )
        )
    cuentas = [
        Cuenta(
            usuario=usuario,
            nombre=nombre,
            correo=f"{usuario}@ejemplo.test",
            clave_hash=HASH,
            fs_uniquifier=f"fs-{usuario}",
            creada=NOW,
        )
        for usuario, (nombre, _) in ELENCO.items()
    ]
    session.add_all(cuentas)
    session.flush()
    session.add_all(
        RolAsignado(
            cuenta_id=suya.id, rol=rol, ambito=ambito, vigente_desde=NOW, asignado_por="admin"
        )
        for suya, (_, roles) in zip(cuentas, ELENCO.values(), strict=True)
        for rol, ambito in roles
    )
    session.commit()


def opened(client: FlaskClient, link: str) -> str:
    """The address to which a link leads this browser, as its script or who copies the code goes
    there: what stands behind the `#` is in a form, and in no address."""
    door, _, secret = urlsplit(link)._replace(scheme="", netloc="").geturl().partition("#")
    answer = client.post(door, data={"csrf_token": csrf(client.get(door).text), "secreto": secret})
    assert answer.status_code == 303, answer.text
    assert secret not in answer.location
    return answer.location


def again(client: FlaskClient, answer: TestResponse, button: str) -> TestResponse:
    """What answered a form, by a button that shows it anew, in the other language or in larger
    letters: the same answer."""
    form = next(f for f in re.findall(r"<form.*?</form>", answer.text, re.DOTALL) if button in f)
    sent = {
        name: html.unescape(value)
        for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form)
    }
    action = re.search(r'action="([^"]+)"', form)
    assert action
    shown = client.post(html.unescape(action[1]), data=sent)
    assert shown.status_code == answer.status_code
    return shown
