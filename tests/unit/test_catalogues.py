"""Every sentence of the product in every language of `webforms/idiomas`: none missing, none that
nobody says, each with its values."""

import pytest

from common.language import SPANISH
from tests.kit.web import on_routes
from tools import mensajes
from webforms.base.catalogos import IDIOMAS, catalogo
from webforms.paquetes import cartas, faltas, problemas
from webforms.paquetes.frases import FRASES

OTHERS = [language for language in IDIOMAS if language != SPANISH]
AGAIN = "run `python -m tools.mensajes`"


def _texts(said: mensajes.Said) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else said


def _of(message: object) -> tuple[str, ...]:
    text = getattr(message, "string", "")
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_has_what_is_said_and_nothing_else(language: str) -> None:
    written = mensajes.catalogue(language)
    assert sorted(map(str, mensajes.spoken().keys() - written.keys())) == [], AGAIN
    assert sorted(map(str, written.keys() - mensajes.spoken().keys())) == [], AGAIN
    assert [said for said, message in written.items() if not all(_of(message))] == [], (
        "without a translation"
    )


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_values_and_the_edges_of_its_sentence(language: str) -> None:
    """Edges: a sentence that begins or ends with a space is set beside another."""
    for said, message in mensajes.catalogue(language).items():
        if not all(_of(message)):
            continue  # what is not translated yet fails once, above
        texts, values = (
            _of(message),
            {mark for text in _texts(said) for mark in mensajes.PLACEHOLDER.findall(text)},
        )
        for text in texts:
            found = mensajes.PLACEHOLDER.findall(text)
            assert set(found) <= values, said
            assert len(texts) > 1 or sorted(found) == sorted(
                mensajes.PLACEHOLDER.findall(str(said))
            ), said
            assert len(texts) > 1 or (text[:1].isspace(), text[-1:].isspace()) == (
                str(said)[:1].isspace(),
                str(said)[-1:].isspace(),
            ), said


@pytest.mark.parametrize("language", OTHERS)
def test_what_scripts_say_stands_where_pages_look_for_it(language: str) -> None:
    """Which other file a sentence stands in changes nothing for who reads it."""
    scripts = mensajes.read(mensajes.FOLDER / language / f"{mensajes.SCRIPTS}.po", language)
    said = {
        said
        for said, places in mensajes.spoken().items()
        if any(place.room == mensajes.SCRIPTS for place in places)
    }
    assert said == set(scripts), AGAIN


class _Awkward(float):
    """A number that is written as a hard name: what every kind of value may be."""

    def __str__(self) -> str:
        return '100 % de {nadie} «%(n)s» <b>"O\'Neil"</b>'


class _Values(dict[str, _Awkward]):
    def __missing__(self, name: str) -> _Awkward:
        if name.isidentifier():
            return _Awkward(1)
        raise KeyError(name)


@pytest.mark.parametrize("language", IDIOMAS)
def test_every_sentence_can_be_filled_with_its_values(language: str) -> None:
    """Templates fill each of theirs, also one without a value; code only those that have one, and
    there "%%" is shown as it is."""
    broken = []
    for said, places in mensajes.spoken().items():
        filled = "%(" in "".join(_texts(said)) or any(
            place.file.endswith(".html") for place in places
        )
        for text in (
            _texts(said) if language == SPANISH else _of(mensajes.catalogue(language)[said])
        ):
            left = mensajes.PLACEHOLDER.sub("", text)
            if filled and ("%" in left or not text % _Values()):
                broken.append(f"{text!r} ({places[0].file}): a sign that is read as a format")
            elif not filled and "%%" in text:
                broken.append(f"{text!r} ({places[0].file}): is shown with both signs")
    assert broken == []


#: What is filled with braces: by name, or with the one fact of a fault.
BY_NAME = {"lint": FRASES, "problemas": problemas.PROBLEMAS, "haria": on_routes("haria")}
BY_PLACE = {"faltas": faltas.FRASES, "cartas": cartas.FRASES}


@pytest.mark.parametrize("language", IDIOMAS)
@pytest.mark.parametrize("table", [*BY_NAME, *BY_PLACE])
def test_every_sentence_with_braces_can_be_filled(table: str, language: str) -> None:
    broken = []
    for code, said in {**BY_NAME, **BY_PLACE}[table].items():
        text = catalogo(language).gettext(str(said))
        try:
            filled = text.format(_Awkward(1)) if table in BY_PLACE else text.format_map(_Values())
        except (ValueError, LookupError) as error:
            broken.append(f"{code}: {text!r}: {error!r}")
            continue
        assert "{{" not in filled, code
    assert broken == []
