"""Several files of one form field, checked and stored; what is wrong with one of them is said with its name."""

from typing import BinaryIO
from typing import cast

from flask import request
from flask_babel import gettext as _

from webforms.base.archivos import Archivo
from webforms.base.archivos import ArchivoRechazado
from webforms.base.campos import ArchivoField
from webforms.base.servicios import servicios

MAXIMO = 10  #: files in one sending


def adjuntos(campo: str) -> tuple[list[Archivo], str]:
    """The files of a field and, when one of them is refused, why: then none is to be kept."""
    subidos = [f for f in request.files.getlist(campo) if f.filename]
    if len(subidos) > MAXIMO:
        return [], str(_("Envíe como máximo %(n)s archivos a la vez", n=MAXIMO))
    guardados = []
    for subido in subidos:
        try:
            guardados.append(servicios().archivos.guardar(cast("BinaryIO", subido.stream), subido.filename or ""))
        except ArchivoRechazado as rechazo:
            return [], f"{subido.filename}: {ArchivoField.MOTIVOS[rechazo.motivo]}"
    return guardados, ""
