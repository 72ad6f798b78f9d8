"""Several files of one form field: all are looked at before any is stored, and what is wrong is said of each by its name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO
from typing import cast

from flask import Request
from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from webforms.base.archivos import Archivo
from webforms.base.archivos import ArchivoRechazado
from webforms.base.campos import ArchivoField
from webforms.base.servicios import servicios

MAXIMO = 10  #: files in one sending
ENTRE_TODOS = 25  #: megabytes of one sending
MEGA = 1024 * 1024
#: Read, though no more than ENTRE_TODOS is kept: who sends too much gets the page back with what was typed.
LEIDOS = 2 * ENTRE_TODOS * MEGA
CON_VARIOS = frozenset({"consulta.complemento", "casos.adjuntar", "casos.complemento"})


def dejar_leer(pedido: Request) -> None:
    """The pages that take several files read more than the others."""
    if pedido.endpoint in CON_VARIOS and pedido.mimetype == "multipart/form-data":
        pedido.max_content_length = LEIDOS


@dataclass(frozen=True, slots=True)
class Elegidos:
    """The files that came in a field, none of them stored yet; `faltas`: what is wrong with them, a sentence each."""

    subidos: Sequence[FileStorage]
    archivos: Sequence[Archivo]  #: as what each would be kept
    faltas: Sequence[str]

    @property
    def nombres(self) -> list[str]:
        return [subido.filename or "" for subido in self.subidos]

    def guardar(self) -> None:
        """Last of what the command writes: once everything else is accepted, too."""
        for subido in self.subidos:
            servicios().archivos.guardar(_desde_el_comienzo(subido), subido.filename or "")


def elegidos(campo: str) -> Elegidos:
    subidos = [f for f in request.files.getlist(campo) if f.filename]
    archivos, faltas = [], []
    if len(subidos) > MAXIMO:
        faltas.append(str(_("Eligió %(n)s archivos. Envíe como máximo %(m)s a la vez", n=len(subidos), m=MAXIMO)))
    for subido in subidos:
        try:
            archivos.append(servicios().archivos.revisar(_desde_el_comienzo(subido), subido.filename or ""))
        except ArchivoRechazado as rechazo:
            faltas.append(f"{subido.filename}: {ArchivoField.MOTIVOS[rechazo.motivo]}")
    if sum(archivo.bytes for archivo in archivos) > ENTRE_TODOS * MEGA:
        faltas.append(str(_("Los archivos pesan más de %(n)s MB entre todos. Envíe menos, o más livianos", n=ENTRE_TODOS)))
    return Elegidos(subidos, archivos, faltas)


def _desde_el_comienzo(subido: FileStorage) -> BinaryIO:
    subido.stream.seek(0)
    return cast("BinaryIO", subido.stream)
