"""A file that is sent with a form and remembered until the form is accepted."""

from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from itsdangerous import BadData
from itsdangerous import URLSafeSerializer
from werkzeug.datastructures import FileStorage
from wtforms import Field
from wtforms.validators import StopValidation
from wtforms.widgets import FileInput

from engine.types import Value
from webforms.base.archivos import Archivo
from webforms.base.archivos import ArchivoRechazado


class ArchivoField(Field):
    """A file: checked and stored while the form is validated, and remembered when another field has an error."""

    widget = FileInput()
    MOTIVOS = {  # noqa: RUF012 - a constant of the class
        "vacio": _l("El archivo está vacío"),
        "grande": _l("El archivo pesa más de 10 MB"),
        "tipo": _l("El archivo debe ser PDF, JPG o PNG"),
    }

    def __init__(self, *args: Any, obligatorio: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.obligatorio = obligatorio
        self.flags.required = obligatorio
        self.archivo: Archivo | None = None
        self.data: FileStorage | None = None

    def process_data(self, value: Any) -> None:
        self.data = None
        self.archivo = Archivo(**value) if isinstance(value, dict) else None

    def process_formdata(self, valuelist: list[Any]) -> None:
        subidos = [dato for dato in valuelist if isinstance(dato, FileStorage) and dato.filename]
        tokens = [dato for dato in valuelist if isinstance(dato, str)]
        self.data = subidos[0] if subidos else None
        self.archivo = leer_guardado(tokens[0]) if tokens else None

    def pre_validate(self, form: Any) -> None:
        if self.data is not None:
            try:
                self.archivo = form.contexto.archivos.guardar(self.data.stream, self.data.filename)
            except ArchivoRechazado as rechazo:
                raise StopValidation(str(self.MOTIVOS[rechazo.motivo])) from None
        if self.obligatorio and self.archivo is None:
            raise StopValidation(_("Adjunte el archivo"))

    def _value(self) -> str:
        return ""

    @property
    def guardado(self) -> str:
        """What the page carries in a hidden field, so that the file need not be chosen again."""
        return firmar_guardado(self.archivo) if self.archivo else ""

    def valor(self) -> Value:
        return dict(self.archivo.valor()) if self.archivo else None


def _firmante() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="archivo")


def firmar_guardado(archivo: Archivo) -> str:
    return _firmante().dumps([archivo.sha256, archivo.nombre, archivo.tipo, archivo.bytes])


def leer_guardado(token: str) -> Archivo | None:
    """A stored file from its token; only a page of ours can have made one, so nobody reads a file by its digest."""
    try:
        return Archivo(*_firmante().loads(token))
    except (BadData, TypeError):
        return None
