"""Files of the request: put aside within its command, kept or dropped when it ends, by what the
database then says."""

import logging

from flask import Flask, g
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError

from records.base.errores import ArchivoSinGuardar
from records.casos.reglas import claves
from records.sistemas.puertos import DepositoFallido
from webforms.base.servicios import servicios
from webforms.documentos.archivos import Revisado, necesarios

log = logging.getLogger(__name__)


def apartar(revisado: Revisado) -> None:
    """Within the command, after everything else was accepted; a command that is refused later still
    leaves nothing. ArchivoSinGuardar."""
    try:
        clave = servicios().archivos.apartar(revisado)
    except DepositoFallido as falla:
        log.warning("a document could not be put aside: %s", falla)
        raise ArchivoSinGuardar(
            _(
                "El lugar de los archivos no responde. No se guardó nada: intente otra vez en unos minutos."
            )
        ) from falla
    g.setdefault("apartados", []).append(clave)


def resolver(_error: BaseException | None = None) -> None:
    """What cannot be resolved now is found by the sweep of documents, and read from where it lies
    till then."""
    llegadas = g.pop("apartados", [])
    if not llegadas:
        return
    s = servicios()
    try:
        with s.uow.reading() as session:
            nombrados = necesarios(session, [claves.sha256_de(clave) or "" for clave in llegadas])
        s.archivos.resolver(llegadas, nombrados)
    except (DepositoFallido, SQLAlchemyError):
        log.exception("documents stay aside: %s", ", ".join(llegadas))


def register(app: Flask) -> None:
    app.teardown_request(resolver)
