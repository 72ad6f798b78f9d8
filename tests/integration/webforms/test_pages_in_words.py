"""Every page of every role over a month of the demo: words, never the codes, dates and terms of the
machine."""

from collections.abc import Iterator

import pytest

from tests.kit.left import Data, Left
from tests.kit.month import NOT_WALKED, World, everything, in_language, month
from tests.kit.walk import Seen, addresses
from tests.kit.words import unspoken
from webforms.base.quienes import PUBLICO, QUIOSCO, TABLERO, TABLETA
from webforms.salas import PERMISOS

pytestmark = [pytest.mark.slow, pytest.mark.long]

#: What an analyst draws is read as it is written: names of variables, of messages, of tables; a
#: lane is called a lane there.
QUOTES_MODELS = frozenset(
    {
        "a name of a variable",
        "a name of a message",
        "a code of a theme",
        "a stored code",
        "a word of the engine",
    }
)

OF_DEVICES = QUIOSCO | TABLERO | TABLETA
TWO_TONGUED = frozenset({"tablero.pagina", "tablero.llamados"})


def of_an_analyst(seen: Seen) -> bool:
    return seen.endpoint.startswith("procesos.") or seen.path == "/ayuda/analista"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with month(tmp_path_factory.mktemp("palabras")) as made:
        yield made


@pytest.fixture(scope="module")
def seen(world: World) -> list[Seen]:
    return everything(world)


def test_no_page_of_any_role_shows_a_code_an_engine_word_or_a_date_of_the_machine(
    world: World, seen: list[Seen]
) -> None:
    found = [
        f"{s.who} {s.endpoint} {s.path}: {what}"
        for s in seen
        for what in unspoken(
            s.page, world.codes, allowed=QUOTES_MODELS if of_an_analyst(s) else frozenset()
        )
    ]
    assert not found, "\n".join(found)


def test_the_walk_comes_to_every_page_of_the_url_map(world: World, seen: list[Seen]) -> None:
    shown = {s.endpoint for s in seen if s.status < 300}
    missing = set(addresses(world.app)) - shown - set(NOT_WALKED)
    assert not missing, "\n".join(sorted(missing))


#: Parts of a page that change by themselves.
PARTS = frozenset(
    {
        "asesor.llegadas",
        "asesor.parte_viva",
        "gerencia.parte_del_muro",
        "gerencia.parte_viva",
        "radicacion.viva",
        "sistemas.ahora",
    }
)


def test_each_page_of_people_lets_them_leave(seen: list[Seen]) -> None:
    of_people = [
        s
        for s in seen
        if s.status < 300
        and s.endpoint not in PARTS
        and not PERMISOS[s.endpoint] & (PUBLICO | OF_DEVICES)
    ]
    assert len({s.endpoint for s in of_people}) > 100
    assert sorted({s.endpoint for s in of_people if 'action="/salir"' not in s.html}) == []


@pytest.mark.long
def test_no_page_that_a_link_leads_to_is_missing_or_broken(seen: list[Seen]) -> None:
    assert [
        f"{s.who} {s.path}: {s.status}"
        for s in seen
        if s.status >= 500 or (s.status == 404 and s.linked)
    ] == []


def test_no_page_in_english_has_spanish_left_that_is_no_data(world: World) -> None:
    """`TWO_TONGUED`: what a whole room looks at says both at once."""
    data, seen = Data.of(world.engine.db), in_language(world, "en")
    left, of_models = Left(data.but_labels("en"), "en"), Left(data, "en")
    told = {
        text: f"{s.who} {s.endpoint} {s.path}: {text}"
        for s in seen
        if s.endpoint not in TWO_TONGUED
        for text in (of_models if of_an_analyst(s) else left).on(s.html)
    }
    assert not told, "\n".join(told.values())
