"""A stored file that leaves: its content is compared with its hash first."""

import io
from typing import NoReturn

from flask import Response
from flask import abort
from flask import send_file

from engine.types import Data
from records.puertos import DepositoFallido
from webforms.base.archivos import ArchivoDistinto
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios

#: Whoever opens it in a browser all the same gets a page that may do nothing.
ENCERRADO = "default-src 'none'; sandbox"


def entregar(sha256: str, nombre: str, tipo: str, copia: bytes | None = None) -> Response:
    """As an attachment; what is not as it was stored is recorded and stays. `copia`: made of it, to leave instead."""
    if copia is None:
        try:
            copia = servicios().archivos.leer(sha256)
        except ArchivoDistinto as falla:
            distinto(sha256, nombre, falla)
        except DepositoFallido:
            abort(503)
    salida = send_file(io.BytesIO(copia), mimetype=tipo, download_name=nombre, as_attachment=True)
    salida.headers["Cache-Control"] = "no-store"  # Flask says no-cache: that browsers may keep it
    salida.headers["Content-Security-Policy"] = ENCERRADO
    return salida


def distinto(sha256: str, nombre: str, falla: ArchivoDistinto) -> NoReturn:
    """It is not as it was stored, which is recorded; 410."""
    s = servicios()
    detalle: Data = {"sha256": sha256, "falta": falla.falta}
    s.engine.log_access(actor_actual(), "archivo_distinto", nombre[-80:], now=s.clock.now(), detail=detalle)
    abort(410)
