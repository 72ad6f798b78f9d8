"""The HTML twin of a letter: its own text, in paragraphs, lists and links, inside
`records/correo/cartas/marco.html`. Pure.

One text makes both parts, so that they cannot say different things. Inline style and nothing from
elsewhere: mail programs agree on little more, and no picture tells anybody that a mail was read.
"""

import html
import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from common.language import SPANISH, marked, said, speaking
from records.correo.reglas import cartas

ENLACE = re.compile(r"https?://[^\s<>\"']+")
PUNTO: Final = re.compile(r"- (.*)")
NUMERO: Final = re.compile(r"[0-9]{1,3}\. (.*)")
P: Final = "margin:0 0 16px"
LISTA: Final = "margin:0 0 16px;padding-left:24px"
A: Final = "color:#2a57b4;text-decoration:underline"
BOTON: Final = "display:inline-block;padding:12px 20px;background:#3366cc;color:#ffffff;border-radius:6px;text-decoration:none;font-weight:600"
#: What a button does, by where on this site it leads.
ABRIR: Final = {
    "/correo/confirmar/": marked("Confirmar mi correo"),
    "/calificar/": marked("Calificar la respuesta"),
    "/entrega/": marked("Descargar el paquete"),
    "": marked("Abrir el enlace"),
}
#: The number of a case is read aloud and copied: it stays in one line.
RADICADO: Final = re.compile(r"\b[0-9]{4}-[0-9]{7}\b")
JUNTO: Final = r'<span style="white-space:nowrap">\g<0></span>'


@cache
def _marco() -> str:
    return cartas.MARCO.read_text("utf-8")


def en_html(
    asunto: str,
    texto: str,
    idioma: str = SPANISH,
    *,
    quien: str = "",
    sitio: str = "",
    baja: str = "",
) -> str:
    """`quien` sends it, as its header says; `sitio`: a link there that stands alone becomes a
    button; `baja`: where voluntary mails end."""
    with speaking(idioma):
        pie = html.escape(cartas.parrafos("pie", quien=quien))
        if baja:
            pie += f'<br><a style="{A}" href="{html.escape(baja)}">{html.escape(cartas.parrafos("baja"))}</a>'
        cuerpo = "\n".join(_bloque(b, sitio) for b in texto.strip("\n").split("\n\n") if b.strip())
    valores = {
        "idioma": idioma,
        "asunto": html.escape(asunto),
        "titulo": _dicho(asunto),
        "quien": html.escape(quien),
    }
    valores |= {"cuerpo": cuerpo, "pie": pie}
    return cartas.HUECO.sub(lambda hueco: valores[hueco[1]], _marco())


def _bloque(bloque: str, sitio: str) -> str:
    """A paragraph, a list, or both one after the other."""
    if sitio and bloque.startswith(sitio) and ENLACE.fullmatch(bloque):
        entero = f'<span style="font-size:14px">{_enlaces(bloque)}</span>'
        hace = next(dicho for ruta, dicho in ABRIR.items() if bloque.startswith(sitio + ruta))
        return f'<p style="{P}"><a style="{BOTON}" href="{html.escape(bloque)}">{html.escape(said(hace))}</a><br>{entero}</p>'
    return "".join(_partes(bloque.split("\n")))


def _partes(lineas: list[str]) -> Iterator[str]:
    seguidas: list[str] = []
    for n, linea in enumerate(lineas):
        clase = _clase(linea)
        seguidas.append(linea)
        if n + 1 == len(lineas) or _clase(lineas[n + 1]) is not clase:
            if clase is None:
                yield f'<p style="{P}">{"<br>".join(_enlaces(s) for s in seguidas)}</p>'
            else:
                etiqueta = "ul" if clase is PUNTO else "ol"
                puntos = "".join(
                    f"<li>{_enlaces(clase.sub(lambda hallado: hallado[1], s))}</li>"
                    for s in seguidas
                )
                yield f'<{etiqueta} style="{LISTA}">{puntos}</{etiqueta}>'
            seguidas = []


def _clase(linea: str) -> "re.Pattern[str] | None":
    return PUNTO if PUNTO.fullmatch(linea) else NUMERO if NUMERO.fullmatch(linea) else None


def _enlaces(linea: str) -> str:
    """Escaped, with what looks like an address of the web as a link; a sign of the sentence after
    it is none of it."""
    dicho, desde = "", 0
    for hallado in ENLACE.finditer(linea):
        url = hallado[0].rstrip(".,;:)»")
        seguro = html.escape(url)
        dicho += (
            _dicho(linea[desde : hallado.start()]) + f'<a style="{A}" href="{seguro}">{seguro}</a>'
        )
        desde = hallado.start() + len(url)
    return dicho + _dicho(linea[desde:])


def _dicho(texto: str) -> str:
    return RADICADO.sub(JUNTO, html.escape(texto))
