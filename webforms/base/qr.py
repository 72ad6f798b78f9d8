"""QR codes as pictures in a page."""

import io

import segno
from markupsafe import Markup


def codigo_qr(enlace: str) -> Markup:
    """An inline SVG, without declarations of its own size: the style sheet gives it."""
    salida = io.BytesIO()
    segno.make(enlace, error="l", micro=False).save(
        salida, kind="svg", xmldecl=False, svgns=True, nl=False, omitsize=True, border=2
    )
    return Markup(salida.getvalue().decode())  # noqa: S704 - drawn by segno from an address of ours; it holds no text
