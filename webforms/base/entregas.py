"""A stored file that leaves: compared with its hash, and without whatever it brings that could
run."""

import io
from collections.abc import Sequence
from typing import Final, NoReturn

from flask import Response, abort, send_file
from flask_babel import gettext as _

from engine.types import Data
from records.casos.archivos import INFECTADO, POR_REVISAR
from records.casos.tablas import Archivo
from records.sistemas.puertos import DepositoFallido
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.documentos import contenido
from webforms.documentos.archivos import ArchivoDistinto
from webforms.documentos.contenido import PDF, ArchivoRechazado, NoSePuedeVer

#: Whoever opens it in a browser all the same gets a page that may do nothing.
ENCERRADO: Final = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox"
FIRMA: Final = "firma"  #: among what a PDF brings: the one part that nobody need fear


def guardado(archivo: Archivo) -> bytes:
    """Its content. What is not as it was stored is recorded and stays: 410; a store that is away:
    503."""
    try:
        return servicios().archivos.leer(archivo.sha256)
    except ArchivoDistinto as falla:
        _distinto(archivo, falla)
    except DepositoFallido:
        abort(503)


def paginas_y_trae(archivo: Archivo, crudo: bytes) -> tuple[int, Sequence[str]]:
    """Of one that came before anybody looked: it is looked at now. No pages: it does not open."""
    if archivo.paginas:
        return archivo.paginas, archivo.trae
    try:
        leido = contenido.leer(crudo, "")
    except ArchivoRechazado:
        return 0, ("no_se_supo",)
    return leido.paginas, leido.trae


def se_entrega(archivo: Archivo, trae: Sequence[str]) -> bool:
    """As it was kept, to whoever may see it: nothing of it can run, and no virus is feared."""
    return archivo.antivirus not in (POR_REVISAR, INFECTADO) and not set(trae) - {FIRMA}


def entregar(archivo: Archivo, *, original: bool = False) -> Response:
    """As an attachment: as it was kept, or, when that could do something, as a PDF of the pictures
    of its pages. `original`: as it was kept all the same. One with a virus leaves for nobody."""
    if archivo.antivirus == INFECTADO:
        abort(403)
    crudo = guardado(archivo)
    if original or se_entrega(archivo, paginas_y_trae(archivo, crudo)[1]):
        return adjunto(crudo, archivo.nombre, archivo.tipo)
    if archivo.tipo != PDF:  # a picture that waits for the antivirus was written again when it came
        return adjunto(crudo, archivo.nombre, archivo.tipo)
    try:
        return adjunto(contenido.copia(crudo), str(_("copia de %(n)s", n=archivo.nombre)), PDF)
    except NoSePuedeVer:
        abort(404)


def adjunto(crudo: bytes, nombre: str, tipo: str) -> Response:
    """A file to be kept, under its name; signs that none has are blanks."""
    nombre = "".join(signo if signo.isprintable() else " " for signo in nombre)
    salida = send_file(io.BytesIO(crudo), mimetype=tipo, download_name=nombre, as_attachment=True)
    salida.headers["Cache-Control"] = "no-store"  # Flask says no-cache: that browsers may keep it
    salida.headers["Content-Security-Policy"] = ENCERRADO
    return salida


def _distinto(archivo: Archivo, falla: ArchivoDistinto) -> NoReturn:
    s = servicios()
    detalle: Data = {"sha256": archivo.sha256, "falta": falla.falta}
    s.engine.log_access(
        actor_actual(), "archivo_distinto", archivo.nombre[-80:], now=s.clock.now(), detail=detalle
    )
    abort(410)
