"""Opens one file that somebody sent, and ends: run by `webforms.documentos.contenido` as a process of its
own.

It gets an order as one line of JSON and the file, and gives the length of its answer (four bytes),
the answer as JSON, and a picture or a document where one was asked for. PDFium is built without an
interpreter of scripts: nothing of a file runs here either.
"""

import contextlib
import importlib
import io
import json
import struct
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pypdf
import pypdfium2 as pdfium
from PIL import Image, ImageOps
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

SEGUNDOS, MEMORIA = 40, 3 << 30
FORMATOS = {"image/jpeg": "JPEG", "image/png": "PNG"}
OBJETOS = 60_000  #: of a PDF; one that has more is not looked through
LETRAS = 20_000  #: of the text of a page
HONDO = 40  #: no honest file nests more
#: What an action of a PDF is called → what we say it brings.
ACCIONES = {
    "/JavaScript": "javascript",
    "/Launch": "programas",
    "/SubmitForm": "envia",
    "/ImportData": "envia",
    "/GoToE": "archivos",
    "/Rendition": "multimedia",
    "/Movie": "multimedia",
    "/Sound": "multimedia",
    "/RichMediaExecute": "multimedia",
}
CLAVES = {
    "/JS": "javascript",
    "/EF": "archivos",
    "/XFA": "xfa",
    "/RichMediaContent": "multimedia",
    "/ByteRange": "firma",
}
Respuesta = tuple[dict[str, Any], bytes]


class No(Exception):
    """Why this file is not taken."""


def limitar() -> None:
    """Of this process; where the system has no such limits the caller's clock is the only one."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        resource = importlib.import_module("resource")
        resource.setrlimit(resource.RLIMIT_CPU, (SEGUNDOS, SEGUNDOS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORIA, MEMORIA))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes no file


# --- PDF ------------------------------------------------------------------------------------------
def abrir(contenido: bytes) -> Any:
    try:
        documento = pdfium.PdfDocument(contenido)
    except pdfium.PdfiumError as error:
        raise No("protegido" if "password" in str(error).lower() else "danado") from error
    if not len(documento):
        raise No("danado")
    return documento


def mirar_pdf(orden: dict[str, Any], contenido: bytes) -> Respuesta:
    """How many pages, and what it brings besides them. The first page is drawn: a document that
    cannot be seen is none."""
    documento = abrir(contenido)
    if len(documento) > orden["paginas"]:
        raise No("paginas")
    dibujar(documento, 1, 200, 0)
    return {"paginas": len(documento), "trae": sorted(lo_que_trae(contenido))}, b""


def lo_que_trae(contenido: bytes) -> set[str]:
    """Active parts by name, from every object, also those in compressed streams; "no_se_supo" where
    they could not all be read."""
    hallado = {"no_se_supo"}
    # whatever a broken file makes the reader raise: it was not read to its end
    with contextlib.suppress(Exception):
        lector = pypdf.PdfReader(io.BytesIO(contenido))
        if lector.is_encrypted and not lector.decrypt(""):
            return hallado
        numeros = {n for generacion in lector.xref.values() for n in generacion} | set(
            lector.xref_objStm
        )
        if len(numeros) > OBJETOS:
            return hallado
        for numero in sorted(numeros):
            hallado |= set(_nombrado(lector.get_object(IndirectObject(numero, 0, lector)), 0))
        hallado.discard("no_se_supo")
    return hallado


def _nombrado(valor: Any, hondo: int) -> Iterator[str]:
    """Of an object and of what lies in it; what it refers to is an object of its own."""
    if hondo > HONDO:
        raise RecursionError
    if isinstance(valor, DictionaryObject):
        if (accion := ACCIONES.get(str(valor.get("/S")))) is not None:
            yield accion
        if valor.get("/Type") == "/EmbeddedFile":
            yield "archivos"
        for clave, dentro in valor.items():
            if clave in CLAVES:
                yield CLAVES[clave]
            yield from _nombrado(dentro, hondo + 1)
    elif isinstance(valor, ArrayObject):
        for dentro in valor:
            yield from _nombrado(dentro, hondo + 1)


def dibujar(documento: Any, numero: int, ancho: int, giro: int) -> Image.Image:
    pagina = documento[numero - 1]
    w, h = pagina.get_size()
    if w <= 0 or h <= 0:
        raise No("danado")
    # As wide as it is asked for; of a page that is a long strip no more than eight times that.
    imagen: Image.Image = pagina.render(
        scale=min(ancho / w, 8 * ancho / h), rotation=giro, may_draw_forms=True
    ).to_pil()
    return imagen.convert("RGB")


def pagina_pdf(orden: dict[str, Any], contenido: bytes) -> Respuesta:
    documento = abrir(contenido)
    with contextlib.suppress(pdfium.PdfiumError):
        documento.init_forms()  # what people filled in is drawn too
    imagen = dibujar(documento, orden["pagina"], orden["ancho"], orden["giro"])
    texto = (
        documento[orden["pagina"] - 1].get_textpage().get_text_bounded()[:LETRAS]
        if orden["texto"]
        else ""
    )
    return {"texto": texto}, jpeg(imagen)


def copia_pdf(orden: dict[str, Any], contenido: bytes) -> Respuesta:
    """The same pages as pictures: nothing that could run is left, nor a signature."""
    documento = abrir(contenido)
    with contextlib.suppress(pdfium.PdfiumError):
        documento.init_forms()
    hojas = (dibujar(documento, n + 1, orden["ancho"], 0) for n in range(len(documento)))
    salida = io.BytesIO()
    next(hojas).save(
        salida,
        "PDF",
        save_all=True,
        append_images=hojas,
        resolution=orden["ancho"] / 8.5,
        quality=85,
    )
    return {}, salida.getvalue()


# --- pictures -------------------------------------------------------------------------------------
def imagen(orden: dict[str, Any], contenido: bytes) -> Image.Image:
    """Decoded to its last line. Its size is asked before one of its points is."""
    try:
        abierta = Image.open(io.BytesIO(contenido), formats=[FORMATOS[orden["tipo"]]])
    except Image.DecompressionBombError as error:
        raise No("pixeles") from error
    except Exception as error:
        raise No("danado") from error
    if abierta.width * abierta.height > orden["pixeles"]:
        raise No("pixeles")
    try:
        abierta.load()
        return ImageOps.exif_transpose(abierta)
    except Exception as error:
        raise No("danado") from error


def mirar_imagen(orden: dict[str, Any], contenido: bytes) -> Respuesta:
    """Written again from its points alone: where it was taken, with what, and whatever was hidden
    in it stays behind."""
    vista = imagen(orden, contenido)
    if orden["tipo"] == "image/png":
        salida = io.BytesIO()
        modo = (
            vista.mode
            if vista.mode in ("1", "L", "LA", "RGB", "RGBA")
            else "RGBA"
            if vista.has_transparency_data
            else "RGB"
        )
        solo_puntos(vista, modo).save(salida, "PNG")
        return {"paginas": 1, "trae": []}, salida.getvalue()
    return {"paginas": 1, "trae": []}, jpeg(
        solo_puntos(vista, "L" if vista.mode == "L" else "RGB"), 92
    )


def solo_puntos(vista: Image.Image, modo: str) -> Image.Image:
    limpia = vista.convert(modo)
    limpia.info.clear()
    return limpia


def pagina_imagen(orden: dict[str, Any], contenido: bytes) -> Respuesta:
    vista = imagen(orden, contenido)
    if vista.has_transparency_data:
        fondo = Image.new("RGBA", vista.size, "white")
        fondo.alpha_composite(vista.convert("RGBA"))
        vista = fondo
    vista = solo_puntos(vista, "RGB").rotate(-orden["giro"], expand=True)
    vista.thumbnail((orden["ancho"], 8 * orden["ancho"]))
    return {"texto": ""}, jpeg(vista)


def jpeg(vista: Image.Image, calidad: int = 88) -> bytes:
    salida = io.BytesIO()
    vista.save(salida, "JPEG", quality=calidad, subsampling=0)
    return salida.getvalue()


QUE: dict[tuple[str, bool], Callable[[dict[str, Any], bytes], Respuesta]] = {
    ("mirar", True): mirar_pdf,
    ("mirar", False): mirar_imagen,
    ("pagina", True): pagina_pdf,
    ("pagina", False): pagina_imagen,
    ("copia", True): copia_pdf,
}


def main() -> None:
    entrada = sys.stdin.buffer
    orden = json.loads(entrada.readline())
    contenido = entrada.read()
    limitar()
    Image.MAX_IMAGE_PIXELS = orden["pixeles"]
    try:
        dicho, cuerpo = QUE[orden["que"], orden["tipo"] == "application/pdf"](orden, contenido)
    except No as porque:
        dicho, cuerpo = {"no": str(porque)}, b""
    except MemoryError:
        dicho, cuerpo = {"no": "pesado"}, b""
    texto = json.dumps(dicho).encode()
    sys.stdout.buffer.write(struct.pack(">I", len(texto)) + texto + cuerpo)


if __name__ == "__main__":
    main()
