"""Several files of one form field: all are looked at before any is stored, and what is wrong is
said of each by its name."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, cast

from flask import Request, request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from webforms.base.apartados import apartar
from webforms.base.rutas import dicho_de
from webforms.base.servicios import servicios
from webforms.campos.adjuntado import por_que_no
from webforms.documentos.archivos import Archivo, Revisado
from webforms.documentos.contenido import MEGA, ArchivoRechazado

LARGO = 80  #: letters of the name of a file, in a sentence
MAXIMO = 10  #: files in one sending
ENTRE_TODOS = 25  #: megabytes of one sending
#: Read, though no more than ENTRE_TODOS is kept: who sends too much gets the page back with what
#: was typed.
LEIDOS = 2 * ENTRE_TODOS * MEGA


def dejar_leer(pedido: Request) -> None:
    """The pages that take several files read more than the others."""
    if (
        dicho_de(pedido.endpoint, pedido.method).get("varios")
        and pedido.mimetype == "multipart/form-data"
    ):
        pedido.max_content_length = LEIDOS


@dataclass(frozen=True, slots=True)
class Elegidos:
    """The files that came in a field, none of them stored yet; `faltas`: what is wrong with them, a
    sentence each."""

    subidos: Sequence[FileStorage]
    revisados: Sequence[Revisado]  #: those that may be kept
    faltas: Sequence[str]

    @property
    def nombres(self) -> list[str]:
        return [nombrado(subido.filename) for subido in self.subidos]

    @property
    def archivos(self) -> list[Archivo]:
        """As what each would be kept."""
        return [revisado.archivo for revisado in self.revisados]

    def guardar(self) -> None:
        """Last of what the command writes: once everything else is accepted, too."""
        for revisado in self.revisados:
            apartar(revisado)


def elegidos(campo: str) -> Elegidos:
    subidos = [f for f in request.files.getlist(campo) if f.filename]
    revisados: list[Revisado] = []
    faltas = []
    if len(subidos) > MAXIMO:
        faltas.append(
            str(
                _(
                    "Eligió %(n)s archivos. Envíe como máximo %(m)s a la vez",
                    n=len(subidos),
                    m=MAXIMO,
                )
            )
        )
    for subido in subidos[:MAXIMO]:
        subido.stream.seek(0)
        try:
            revisados.append(
                servicios().archivos.revisar(cast("BinaryIO", subido.stream), subido.filename or "")
            )
        except ArchivoRechazado as rechazo:
            faltas.append(f"{nombrado(subido.filename)}: {por_que_no(rechazo)}")
    if sum(_pesa(subido) for subido in subidos) > ENTRE_TODOS * MEGA:
        faltas.append(
            str(
                _(
                    "Los archivos pesan más de %(n)s MB entre todos. Envíe menos, o más livianos",
                    n=ENTRE_TODOS,
                )
            )
        )
    return Elegidos(subidos, revisados, faltas)


def _pesa(subido: FileStorage) -> int:
    return subido.stream.seek(0, os.SEEK_END)


def nombrado(nombre: str | None) -> str:
    """The name of a file that was sent, as a page can say it: short, and without what turns letters
    around."""
    visible = "".join(c for c in nombre or "" if c.isprintable())
    return visible if len(visible) <= LARGO else f"{visible[: LARGO - 1]}…"
