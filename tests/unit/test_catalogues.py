"""Every sentence of the product in every language of `webforms/idiomas`: none missing, none that nobody says, each with its values."""

import pytest

from common.language import SPANISH
from tools import mensajes
from webforms.base.catalogos import IDIOMAS

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
    assert [said for said, message in written.items() if not all(_of(message))] == [], "without a translation"


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_values_and_the_edges_of_its_sentence(language: str) -> None:
    """Edges: a sentence that begins or ends with a space is set beside another."""
    for said, message in mensajes.catalogue(language).items():
        texts, values = _of(message), {mark for text in _texts(said) for mark in mensajes.PLACEHOLDER.findall(text)}
        for text in texts:
            found = mensajes.PLACEHOLDER.findall(text)
            assert set(found) <= values, said
            assert len(texts) > 1 or sorted(found) == sorted(mensajes.PLACEHOLDER.findall(str(said))), said
            assert len(texts) > 1 or (text[:1].isspace(), text[-1:].isspace()) == (str(said)[:1].isspace(), str(said)[-1:].isspace()), said


@pytest.mark.parametrize("language", OTHERS)
def test_a_sentence_stands_in_the_file_of_its_room(language: str) -> None:
    for file in (mensajes.FOLDER / language).glob("*.po"):
        assert {mensajes.file_of(mensajes.spoken()[said]) for said in mensajes.read(file, language)} <= {file.stem}, AGAIN
