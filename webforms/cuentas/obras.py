"""Every kind of change that may wait for a second person, by its code."""

from collections.abc import Mapping
from typing import Any, Final

from flask import url_for
from flask_babel import gettext as _

from records.cuentas.tablas import Aprobacion
from webforms.base import dos_personas
from webforms.base.cambios import Obra, pedido_en_palabras
from webforms.base.personas import nombre_de
from webforms.base.security import Usuario
from webforms.base.servicios import servicios
from webforms.catalogos import catalogos
from webforms.cuentas import importacion, personal
from webforms.paquetes import por_aprobar
from webforms.plazos import calendario

#: Of the agency; putting in force what diagrams and tables say is its own kind
#: (webforms/paquetes/por_aprobar.py).
OBRAS: Final[Mapping[str, Obra]] = {
    obra.codigo: obra
    for obra in (
        *(calendario.AGREGAR, calendario.QUITAR, calendario.DESCANSO, calendario.QUITAR_DESCANSO),
        *(personal.DAR_ROL, personal.CORREGIR, personal.ACTIVAR, personal.QUITAR_SEGUNDO),
        *(importacion.IMPORTAR, catalogos.CATALOGO),
    )
}


def nombre(fila: Aprobacion) -> Any:
    """What it is, as people call it; told when it is read, so that a mail is in the language of its
    reader."""
    return por_aprobar.NOMBRE if fila.obra == por_aprobar.VERSION else OBRAS[fila.obra].nombre


def de_que(fila: Aprobacion) -> str:
    """Of what: the name of a person, of a process, of a list."""
    if fila.obra == por_aprobar.VERSION:
        return str(fila.pedido["llamado"])
    if fila.obra in (
        personal.DAR_ROL.codigo,
        personal.CORREGIR.codigo,
        personal.ACTIVAR.codigo,
        personal.QUITAR_SEGUNDO.codigo,
    ):
        with servicios().uow.reading() as session:
            return nombre_de(session, fila.sujeto)
    if fila.obra == catalogos.CATALOGO.codigo:
        return fila.sujeto.rstrip("/")
    return fila.sujeto if fila.obra == importacion.IMPORTAR.codigo else ""


def pedido(fila: Aprobacion) -> list[tuple[str, str]]:
    """What was asked for, as it was written: (label, text). Once it is decided nothing else on its
    page says it."""
    if fila.obra != por_aprobar.VERSION:
        with servicios().uow.reading() as session:
            return pedido_en_palabras(session, fila.pedido)
    archivos = (("son", _("Archivos")), ("quitar", _("Archivos que se quitan")))
    return [
        (str(dicho), ", ".join(fila.pedido[cuales]))
        for cuales, dicho in archivos
        if fila.pedido.get(cuales)
    ]


def pagina(fila: Aprobacion) -> str:
    """Where its subject is seen."""
    if fila.obra != por_aprobar.VERSION:
        return OBRAS[fila.obra].pagina(fila.sujeto)
    return (
        url_for("procesos.ver", archivo=fila.sujeto)
        if "." in fila.sujeto
        else url_for("procesos.paquete", codigo=fila.sujeto)
    )


def puede(usuario: Usuario, obra: str) -> bool:
    """Whether this person may see it and, if they did not ask for it, decide it. What another room
    has people decide on its own page (closed months) is nobody's here."""
    return obra in (*OBRAS, por_aprobar.VERSION) and usuario.tiene(
        *(dos_personas.DE_MODELOS if obra == por_aprobar.VERSION else dos_personas.DE_LA_ENTIDAD)
    )
