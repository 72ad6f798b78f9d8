"""A stored file that leaves: its content is compared with its hash first."""

import io

from flask import Response
from flask import abort
from flask import send_file

from engine.types import Data
from webforms.base.archivos import ArchivoDistinto
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios


def entregar(sha256: str, nombre: str, tipo: str) -> Response:
    """As an attachment; what is not as it was stored is recorded and stays."""
    s = servicios()
    try:
        contenido = s.archivos.leer(sha256)
    except ArchivoDistinto as distinto:
        detalle: Data = {"sha256": sha256, "falta": distinto.falta}
        s.engine.log_access(actor_actual(), "archivo_distinto", nombre[-80:], now=s.clock.now(), detail=detalle)
        abort(410)
    salida = send_file(io.BytesIO(contenido), mimetype=tipo, download_name=nombre, as_attachment=True)
    salida.headers["Cache-Control"] = "no-store"  # Flask says no-cache: that browsers may keep it
    return salida
