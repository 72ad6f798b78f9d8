"""Every form that somebody is shown, sent twice at the same moment on PostgreSQL: no fault, and
what comes of it is what comes of the same two one after the other. Which routes there are is asked
of the table of routes."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final

import lxml.html
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from engine.store.tables import Base as EngineBase
from records.base.tablas import todas
from records.sistemas.vigiladas import SIN_HUELLA
from tests.attack.findings import Attack
from tests.attack.siege import Asedio, Formulario, paginas
from tests.kit.cast import CLAVE
from tests.kit.rivals import side_by_side
from tests.kit.tables import SERVERS
from webforms.salas import PERMISOS

FAULT: Final = 500
SOME: Final = 0.1  #: part of the forms that writes rows when it is filled in
BUTTONS: Final = 3  #: of a form
#: What tells of requests, not of what came of them.
_OF_REQUESTS = SIN_HUELLA.keys() | {
    "access",
    "access_head",
    "log_checkpoint",
    "log_entry",
    "log_witness",
    "row_entry",
    "snapshot",
}
RECORDS: Final = sorted(todas().tables.keys() - SIN_HUELLA.keys())
COUNTED: Final = sorted((todas().tables.keys() | EngineBase.metadata.tables.keys()) - _OF_REQUESTS)
#: It ends the login that the others need; it is for machines, which sign what they send.
NOT_SENT: Final = frozenset({"ingreso.salir"})
WRITTEN: Final[tuple[tuple[tuple[str, ...], str], ...]] = (
    (("fecha", "desde", "hasta", "dia", "ultimo", "llego", "recibida", "limite"), "27/11/2026"),
    (("hora", "empezo", "termino"), "10:00"),
    (("correo", "mail"), "una@entidad.gov.co"),
    (("celular", "telefono"), "3001234567"),
    (("num_doc", "documento"), "1020304050"),
    (("codigo", "clave", "usuario", "modulo"), "zz9"),
    (("n_", "cuantos", "folios", "dias", "numero"), "2"),
)
TYPED: Final = {"number": "2", "date": "2026-11-27", "time": "10:00"}
WORDS: Final = "Lo pidió la persona por escrito, con su firma."


@dataclass(frozen=True)
class Sent:
    form: Formulario
    endpoint: str
    values: Mapping[str, str]


def twice(asedio: Asedio, rng: random.Random, seconds: float, most: int = 1_000_000) -> Attack:
    """One form of each kind, as it is shown and filled in; so many, or until the time is over."""
    attack = Attack(
        "twice at once",
        "each form sent twice at the same moment (PostgreSQL): no fault, as much as of one after the other",
    )
    db, end = asedio.punto.web.engine.db, time.monotonic() + seconds
    forms, effects = list(_sent(asedio)), 0
    rng.shuffle(forms)
    with _kept(asedio) as back:
        before = _counts(db)
        for sent in forms[:most]:
            if time.monotonic() > end:
                break
            apart = [_post(asedio, sent) for _ in range(2)]
            by_turns = _counts(db) - before
            if by_turns:
                effects += 1
                back()
            together = side_by_side(
                db,
                [name for name in by_turns if name in RECORDS] or RECORDS,
                [partial(_post, asedio, sent)] * 2,
            )
            at_once = _counts(db) - before
            if at_once:
                back()
            told = f"POST {sent.form.accion} as {sent.form.quien} ({sent.endpoint})"
            attack.expect(
                max(*apart, *together) < FAULT, f"{told}: {apart} apart, {together} together"
            )
            attack.expect(
                at_once == by_turns,
                f"{told}: rows {dict(at_once)} at once, {dict(by_turns)} one after the other",
            )
    attack.expect(
        effects > SOME * attack.tried,
        f"of {attack.tried // 2} forms only {effects} did anything: they say nothing",
    )
    return attack


# --- what is sent ---------------------------------------------------------------------------------
def _sent(asedio: Asedio) -> Iterator[Sent]:
    _pages, forms = paginas(asedio)
    routes = asedio.punto.web.app.url_map.bind("localhost")
    for form in forms:
        if form.metodo != "POST":
            continue
        try:
            endpoint = str(routes.match(form.accion.partition("?")[0], "POST")[0])
        except HTTPException:
            continue
        if endpoint in PERMISOS and endpoint not in NOT_SENT:
            yield from (Sent(form, endpoint, values) for values in _filled(form.html))


def _filled(form: lxml.html.HtmlElement) -> Iterator[Mapping[str, str]]:
    """As a person in a hurry fills it in, by each of its buttons."""
    values = dict[str, str]()
    for field in form.xpath(".//*[self::input or self::textarea or self::select][@name]"):
        kind, name = field.get("type", field.tag), field.get("name")
        if kind in ("radio", "checkbox"):
            values.setdefault(name, field.get("value", "on"))
        elif kind == "select":
            offered = [o.get("value", "") for o in field.iter("option")]
            values[name] = field.value or next((o for o in offered if o), "")
        elif kind == "password":
            values[name] = CLAVE
        elif kind not in ("file", "submit"):
            shown = field.get("value") if field.tag == "input" else field.text
            values[name] = shown or TYPED.get(kind) or ("" if kind == "hidden" else _words(name))
    buttons = [{b.get("name"): b.get("value", "")} for b in form.xpath(".//button[@name]")]
    yield from ({**values, **button} for button in buttons[:BUTTONS] or [{}])


def _words(name: str) -> str:
    return next((word for parts, word in WRITTEN if any(part in name for part in parts)), WORDS)


def _post(asedio: Asedio, sent: Sent) -> int:
    """In a browser of its own, that has what the page gave to the other."""
    browser = _again(asedio, sent.form.cliente)
    with browser.post(sent.form.accion, data=dict(sent.values)) as answer:
        return answer.status_code


def _again(asedio: Asedio, client: FlaskClient) -> FlaskClient:
    made = asedio.punto.web.app.test_client()
    made._cookies = dict(client._cookies or {})  # noqa: SLF001 - werkzeug has no door to what a browser keeps
    return made


# --- what stood before ----------------------------------------------------------------------------
def _counts(db: sa.Engine) -> Counter[str]:
    each = (
        sa.select(sa.literal(name), sa.func.count()).select_from(sa.table(name)) for name in COUNTED
    )
    with db.connect() as connection:
        return Counter(dict(tuple(row) for row in connection.execute(sa.union_all(*each))))


@contextmanager
def _kept(asedio: Asedio) -> Iterator[Callable[[], None]]:
    """What leads back to how everything stands now."""
    engine = asedio.punto.web.engine
    name, kept = engine.db.url.database, f"{engine.db.url.database}_kept"
    admin = sa.create_engine(engine.db.url.set(database=SERVERS), isolation_level="AUTOCOMMIT")

    def run(*statements: str) -> None:
        engine.db.dispose()
        with admin.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def back() -> None:
        run(f'DROP DATABASE "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}" TEMPLATE "{kept}"')
        engine.core.cache.clear()

    run(f'CREATE DATABASE "{kept}" TEMPLATE "{name}"')
    try:
        yield back
    finally:
        run(f'DROP DATABASE "{kept}" WITH (FORCE)')
        admin.dispose()
