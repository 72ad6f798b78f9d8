"""What a file is, told by its content, and what of it is kept: a file that somebody chose, and the
sentence that they read."""

import io
import re
from collections.abc import Iterator

import pytest
from PIL import Image

from tests.kit import files
from tests.kit.web import speaking
from webforms.base import idioma
from webforms.base.adjuntos import nombrado
from webforms.campos.adjuntado import MOTIVOS, por_que_no
from webforms.documentos import contenido
from webforms.documentos.archivos import nombre_limpio
from webforms.documentos.contenido import PDF, ArchivoRechazado


@pytest.fixture
def en_pagina() -> Iterator[None]:
    app = speaking(__name__)
    idioma.register(app)
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("crudo", "nombre", "motivo", "dice"),
    [
        (b"", "vacio.pdf", "vacio", "está vacío"),
        (files.pdf() + b" " * contenido.LIMITE, "grande.pdf", "grande", "más de 10 MB"),
        (b"hola, esto es texto", "nota.pdf", "tipo", "debe ser PDF, JPG o PNG"),
        (files.HTML, "recibo.pdf", "web", "una página web o un dibujo con código"),
        (files.SVG, "logo.png", "web", "una página web o un dibujo con código"),
        (files.GIF_AND_SCRIPT, "foto.png", "tipo", "debe ser PDF, JPG o PNG"),
        (
            b"MZ\x90\0 This program cannot be run in DOS mode",
            "factura.pdf",
            "programa",
            "este es un programa",
        ),
        (files.zipped(), "papeles.pdf", "comprimido", "una carpeta comprimida"),
        (
            b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 64,
            "IMG_1.HEIC",
            "heic",
            "Guárdela como JPG",
        ),
        (files.pdf(), "foto.png", "nombre", "por dentro es un PDF. Cámbiele el nombre"),
        (files.picture(), "poder.pdf", "nombre", "por dentro es una foto. Cámbiele el nombre"),
        (files.pdf() + files.zipped(), "poder.pdf", "mixto", "lleva otro archivo escondido"),
        (
            files.pdf() + b"<html>" + b"<b>x</b>" * 400,
            "poder.pdf",
            "mixto",
            "lleva otro archivo escondido",
        ),
        (b"<!-- " + files.pdf(), "poder.pdf", "web", "una página web"),
        (b"basura " + files.pdf(), "poder.pdf", "mixto", "lleva otro archivo escondido"),
        (files.locked("secreta"), "poder.pdf", "protegido", "sin contraseña"),
        (files.pdf()[:60], "poder.pdf", "danado", "dañado o incompleto"),
        (b"%PDF-1.7\n%%EOF\n", "poder.pdf", "danado", "dañado o incompleto"),
        (files.picture()[:-400], "foto.jpg", "danado", "dañado o incompleto"),
        (files.picture("PNG")[:200], "foto.png", "danado", "dañado o incompleto"),
        (files.huge_picture(), "foto.png", "pixeles", "más de 50 millones de puntos"),
        (files.huge_picture(60_000, 1_000), "foto.png", "pixeles", "más de 50 millones de puntos"),
    ],
    ids=lambda x: x if isinstance(x, str) and len(x) < 12 else "",
)
@pytest.mark.usefixtures("en_pagina")
def test_what_is_not_taken_is_said_in_words(
    crudo: bytes, nombre: str, motivo: str, dice: str
) -> None:
    with pytest.raises(ArchivoRechazado) as no:
        contenido.leer(crudo, nombre)
    assert no.value.motivo == motivo
    assert dice in por_que_no(no.value)


@pytest.mark.usefixtures("en_pagina")
def test_a_pdf_of_too_many_pages_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contenido, "PAGINAS", 3)
    with pytest.raises(ArchivoRechazado) as no:
        contenido.leer(files.pdf(pages=4), "libro.pdf")
    assert no.value.motivo == "paginas"
    assert "Divídalo en varios" in por_que_no(no.value)


def test_a_file_that_cannot_be_looked_at_in_time_is_not_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(contenido, "SEGUNDOS", 0.001)
    with pytest.raises(ArchivoRechazado) as no:
        contenido.leer(files.pdf(), "libro.pdf")
    assert no.value.motivo == "pesado"


@pytest.mark.usefixtures("en_pagina")
def test_every_reason_has_a_sentence_that_an_attacker_does_not_write() -> None:
    for motivo in MOTIVOS:
        assert re.fullmatch(r"[^<>]{10,140}", por_que_no(ArchivoRechazado(motivo, "10"))), motivo
    assert "Eicar" not in por_que_no(ArchivoRechazado("virus", "<Eicar>"))


# --- what a PDF brings ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("crudo", "trae"),
    [
        (files.pdf(), ()),
        (files.pdf(pages=3), ()),
        (files.without_table(), ()),
        (files.with_script(), ("javascript",)),
        (files.with_action("Launch"), ("programas",)),
        (files.with_action("SubmitForm"), ("envia",)),
        (files.with_action("GoTo"), ()),
        (files.with_file(), ("archivos",)),
    ],
)
def test_what_a_pdf_brings_besides_its_pages_is_told_and_its_bytes_stay(
    crudo: bytes, trae: tuple[str, ...]
) -> None:
    leido = contenido.leer(crudo, "poder.pdf")
    assert (leido.tipo, leido.trae, leido.otra_vez) == (PDF, trae, False)
    assert leido.contenido == crudo, "a signature in it stays good"


def test_a_pdf_that_asks_no_password_to_be_read_is_taken() -> None:
    assert contenido.leer(files.locked(""), "extracto.pdf").paginas == 1


@pytest.mark.parametrize(
    "crudo", [files.with_script(), files.with_action("Launch"), files.with_file()]
)
def test_the_copy_of_a_pdf_brings_nothing_active(crudo: bytes) -> None:
    copia = contenido.copia(crudo)
    leida = contenido.leer(copia, "copia.pdf")
    assert (leida.paginas, leida.trae) == (1, ())
    for huella in (b"/JS", b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/OpenAction"):
        assert huella not in copia


def test_a_page_is_drawn_and_read_and_turned() -> None:
    dos = files.written(files.pdf("Primera"), files.pdf("Segunda"))
    vista = contenido.pagina(dos, PDF, 2, 300, texto=True)
    assert "Segunda" in vista.texto
    ancho, alto = Image.open(io.BytesIO(vista.imagen)).size
    girada = Image.open(io.BytesIO(contenido.pagina(dos, PDF, 2, 300, 90).imagen)).size
    assert ancho < alto
    assert girada[0] > girada[1]


# --- pictures -------------------------------------------------------------------------------------
def test_a_picture_is_kept_without_the_place_where_it_was_taken() -> None:
    crudo = files.picture(place=True)
    assert Image.open(io.BytesIO(crudo)).getexif().get_ifd(0x8825), "the test begins with a place"
    leido = contenido.leer(crudo, "cedula.jpg")
    assert leido.otra_vez
    kept = Image.open(io.BytesIO(leido.contenido))
    assert not kept.getexif()
    assert b"Luz" not in leido.contenido
    assert kept.size == (200, 320), "it stands as the telephone was held"


@pytest.mark.parametrize("tipo", ["JPEG", "PNG"])
def test_what_is_hidden_behind_a_picture_stays_behind(tipo: str) -> None:
    crudo = files.picture(tipo) + b"<script>alert(1)</script>" + files.zipped()
    leido = contenido.leer(crudo, "foto.png")
    assert b"script" not in leido.contenido
    assert b"PK\x03\x04" not in leido.contenido
    assert Image.open(io.BytesIO(leido.contenido)).size == (320, 200)


@pytest.mark.parametrize("modo", ["1", "L", "LA", "P", "RGBA", "I;16", "RGB"])
def test_every_kind_of_png_is_taken(modo: str) -> None:
    salida = io.BytesIO()
    Image.new(modo, (30, 20)).save(salida, "PNG")
    leido = contenido.leer(salida.getvalue(), "hoja.png")
    assert Image.open(io.BytesIO(leido.contenido)).size == (30, 20)
    assert contenido.pagina(leido.contenido, leido.tipo, 1, 20).imagen.startswith(b"\xff\xd8")


@pytest.mark.parametrize("modo", ["L", "RGB", "CMYK"])
def test_every_kind_of_jpeg_is_taken(modo: str) -> None:
    salida = io.BytesIO()
    Image.new(modo, (30, 20)).save(salida, "JPEG")
    assert Image.open(
        io.BytesIO(contenido.leer(salida.getvalue(), "hoja.jpeg").contenido)
    ).mode in ("L", "RGB")


# --- names ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("nombre", "tipo", "limpio"),
    [
        ("poder\u202efdp.exe", PDF, "poderfdp.exe.pdf"),
        ("dos\r\nlineas.pdf", PDF, "doslineas.pdf"),
        ("con\0nulo.pdf", PDF, "connulo.pdf"),
        ("a" * 300 + ".pdf", PDF, "a" * 120 + ".pdf"),
        ("../../etc/passwd", PDF, "passwd.pdf"),
        ("foto.png", "image/jpeg", "foto.jpg"),
        ("foto.JPEG", "image/jpeg", "foto.JPEG"),
        ("foto.jpg", "image/png", "foto.png"),
    ],
)
def test_a_name_is_what_a_person_reads(nombre: str, tipo: str, limpio: str) -> None:
    assert nombre_limpio(nombre, tipo) == limpio


def test_a_name_in_a_sentence_is_short_and_turns_no_letters_around() -> None:
    assert nombrado("poder\u202efdp.exe") == "poderfdp.exe"
    assert len(nombrado("a" * 300 + ".pdf")) == 80
