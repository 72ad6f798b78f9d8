"""«Everything that can be brought in» of docs/documents.md: its sizes are those of the code, and no
taker is missing."""

import re
from pathlib import Path

import pytest

from engine.model import xml
from handlers.conectores.cobol import copybook
from handlers.conectores.digiturno import archivo as turnos
from handlers.conectores.foxpro import mapeo
from handlers.sistemas.paginas.descarga import Limites
from records.base.reglas import tabla_csv
from records.correo.reglas import correos
from records.cuentas import personal_csv
from records.paquetes.reglas import paquete_zip
from tests.kit.pages import rows
from webforms import servidor
from webforms.base import adjuntos
from webforms.comandos import ajustes
from webforms.documentos import contenido, lector
from webforms.iniciar import lotes
from webforms.paquetes import borradores
from webforms.publico import mensajes_entrada
from webforms.respaldo import paquete as respaldo
from webforms.visita import digiturno_entrada

ROOT = Path(__file__).resolve().parents[2]
MB, KB = 1024 * 1024, 1024
SECTION = (
    (ROOT / "docs" / "documents.md")
    .read_text("utf-8")
    .partition("## Everything that can be brought in")[2]
)
ROWS = [row for row in rows(SECTION) if row[0] != "what"]
#: Where a file leaves the request, or a field for one is made. `request.files` beside: the forms of
#: tasks, which hold such fields.
TAKES = re.compile(
    r'request\.files\.get\(|\belegidos\("|\bArchivoField\(|ArchivoField, \[|request\.stream\.read\('
)
#: They hold the field, and no page.
KITS = {"webforms/base/adjuntos.py", "webforms/campos/adjuntado.py"}


def row(what: str) -> list[str]:
    (found,) = [each for each in ROWS if each[0].startswith(what)]
    return found


def thousands(number: int) -> str:
    return f"{number:,}"


@pytest.mark.parametrize(
    ("what", "largest"),
    [
        (
            "documents, several",
            f"{contenido.LIMITE // MB} MB each, {adjuntos.MAXIMO} files, {adjuntos.ENTRE_TODOS} MB together",
        ),
        ("documents, one", f"{contenido.LIMITE // MB} MB each"),
        (
            "list of people",
            f"{tabla_csv.MAX_BYTES // 10**6} MB, {personal_csv.MAX_PERSONAS} people, {tabla_csv.MAX_LINEAS} lines",
        ),
        ("list of cases", f"{lotes.LETRAS // 1000} kB, {lotes.FILAS} lines"),
        ("diagram", f"{xml.MAX_BYTES // MB} MB"),
        ("package", f"{paquete_zip.MAX_ZIP // MB} MB"),
        (
            "signed call of a turn",
            f"{digiturno_entrada.TOPE // KB} kB, {digiturno_entrada.EVENTOS} events",
        ),
        ("signed call with", f"{mensajes_entrada.TOPE // KB} kB"),
        ("file of a turn", f"{turnos.TOPE // MB} MB"),
        ("page of the entity", f"{Limites().bytes // MB} MB"),
        ("mail that came back", f"{correos.MAX_REBOTE // 10**6} MB"),
        ("table of FOX PRO", f"{mapeo.TOPE_MB} MB, `tope_mb` up to {mapeo.MAS_NO_MB}"),
        ("copybook", f"{copybook.MAX_BYTES // 10**6} MB"),
        ("answers", f"{ajustes.TOPE // 1000} kB"),
        ("backup", f"what fits on the disk, of which {respaldo.MARGEN // MB} MB stay free"),
    ],
)
def test_the_largest_of_each_is_what_the_code_takes(what: str, largest: str) -> None:
    assert row(what)[3] == largest


def test_every_row_was_compared_and_says_kinds_size_and_what_a_hostile_one_does() -> None:
    assert len(ROWS) == 15
    assert all(len(each) == 6 and all(each) for each in ROWS)


def test_what_each_may_become_is_what_the_code_lets_it() -> None:
    documents = row("documents, several")[4]
    assert f"{contenido.PAGINAS} pages" in documents
    assert f"{contenido.PIXELES // 10**6} million points" in documents
    assert f"{contenido.SEGUNDOS:.0f} s and {lector.MEMORIA >> 30} GB of memory" in documents
    package = f"{thousands(paquete_zip.MAX_PIEZAS)} files of {paquete_zip.MAX_PIEZA // MB} MB, {paquete_zip.MAX_TODO // MB} MB together"
    assert row("package")[4].startswith(package)
    assert row("page of the entity")[4].startswith(f"{Limites().bytes // MB} MB")
    assert f"one header {respaldo.MAXIMO_DE_CABECERA // MB} MB" in row("backup")[4]
    assert borradores.MAX_BYTES == xml.MAX_BYTES
    assert f"{thousands(xml.MAX_ELEMENTS)} elements, {xml.MAX_DEPTH} levels" in row("diagram")[4]
    assert f"A request is {servidor.CUERPO // 10**6} MB at most" in SECTION


def test_the_kinds_and_endings_of_documents_are_those_of_the_code_and_of_the_pages() -> None:
    endings = set(re.findall(r"`(\.\w+)`", row("documents, several")[2]))
    assert endings == set(contenido.DICEN)
    for macro in ("campo", "archivos"):
        page = (ROOT / "webforms/base/templates/macros" / f"{macro}.html").read_text("utf-8")
        assert [set(said.split(",")) for said in re.findall(r'accept="(\.pdf[^"]*)"', page)] == [
            endings
        ]
    assert set(contenido.LIMITES) == {contenido.PDF, "image/jpeg", "image/png"}
    assert set(contenido.LIMITES.values()) == {contenido.LIMITE}


def test_every_place_that_takes_a_file_has_its_row() -> None:
    named = {
        name
        for each in ROWS
        for name in re.findall(r"`((?:webforms|handlers)/[\w/]+\.py)`", each[1])
    }
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []
    takers = {
        str(file.relative_to(ROOT))
        for file in (ROOT / "webforms").rglob("*.py")
        if TAKES.search(file.read_text("utf-8"))
    } - KITS
    assert len(takers) > 12
    assert sorted(takers - named) == []
