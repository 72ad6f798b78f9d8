"""`python -m tools.mensajes`: it changes nothing twice, and what two branches translated is there
after they met."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import mensajes

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    shutil.copytree(mensajes.FOLDER / "en", tmp_path / "en")
    monkeypatch.setattr(mensajes, "FOLDER", tmp_path)
    mensajes.catalogue.cache_clear()
    yield tmp_path / "en"
    mensajes.catalogue.cache_clear()


def write() -> int:
    mensajes.catalogue.cache_clear()
    return mensajes.write("en")


def texts(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text("utf-8") for file in folder.glob("*.po")}


def test_written_again_it_is_the_same_with_its_comments(folder: Path) -> None:
    assert write() == 0
    once = texts(folder)
    assert "#: js/bandeja.js" in once["guiones.po"]
    assert "#, python-format" in once["records.po"]
    assert write() == 0
    assert texts(folder) == once


def test_both_sides_of_a_merge_are_kept_whichever_stands_first(folder: Path) -> None:
    """One side moved a sentence to another room and another translated it; both added theirs at one
    place."""
    write()
    before = texts(folder)
    here = (folder / "casos.po").read_text("utf-8")
    first, second = [
        block
        for block in here.split("\n\n")
        if block.startswith("msgid ") and 'msgstr ""' not in block
    ][:2]
    empty = "\n".join(
        line if line.startswith("msgid ") else 'msgstr ""' for line in first.splitlines()
    )
    (folder / "casos.po").write_text(
        here.replace(first, f"{empty}\n\n# Said to citizens, too.\n{first}").replace(second, ""),
        "utf-8",
    )
    (folder / "aparte.po").write_text(
        f'{HEAD}{second}\n\nmsgid "Nadie lo dice"\nmsgstr "Nobody says so"\n', "utf-8"
    )

    assert write() == 0
    after = texts(folder)
    assert after["casos.po"] == before["casos.po"].replace(
        first, f"# Said to citizens, too.\n{first}"
    )
    assert {**after, "casos.po": ""} == {**before, "casos.po": ""}, (
        "a file of no room is gone, and what nobody says"
    )
    assert write() == 0
    assert texts(folder) == after


@pytest.mark.parametrize(
    "word", ["--help", "--nada", "-h", "../en", "en/x", "", "es", "EN", "a" * 13]
)
def test_a_word_that_is_no_language_makes_no_folder(
    word: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(folder.parent.rglob("*"))
    with pytest.raises(SystemExit) as ended:
        mensajes.main(["pt-BR", word])
    assert ended.value.code == (0 if word in ("--help", "-h") else 2)
    assert "usage: python -m tools.mensajes" in "".join(capsys.readouterr())
    assert sorted(folder.parent.rglob("*")) == before


def test_a_language_that_is_not_there_yet_begins(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mensajes.main(["pt-BR"])
    assert (folder.parent / "pt-BR" / "records.po").exists()
    assert (
        capsys.readouterr().out
        == f"pt-BR: {len(mensajes.spoken())} sentences, {len(mensajes.spoken())} without translation\n"
    )
    mensajes.main([])
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == ["en", "pt-BR"]
