"""A file that is sent with a form: looked at while the form is, stored only when the form is accepted."""

from typing import Any
from typing import BinaryIO
from typing import cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms import Field
from wtforms.validators import StopValidation
from wtforms.widgets import FileInput

from engine.types import Value
from webforms.base.archivos import Almacen
from webforms.base.archivos import Archivo
from webforms.base.archivos import ArchivoRechazado


class ArchivoField(Field):
    """A file. When the form comes back for another field, the page names it to be chosen again: none was kept."""

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
        self.data = subidos[0] if subidos else None
        self.archivo = None

    def pre_validate(self, form: Any) -> None:
        if self.data is not None:
            try:
                self.archivo = form.contexto.archivos.revisar(self._contenido(self.data), self.data.filename)
            except ArchivoRechazado as rechazo:
                raise StopValidation(str(self.MOTIVOS[rechazo.motivo])) from None
        if self.obligatorio and self.archivo is None:
            raise StopValidation(_("Adjunte el archivo"))

    def guardar(self, almacen: Almacen) -> None:
        """When the form is accepted."""
        if self.data is not None:
            almacen.guardar(self._contenido(self.data), self.data.filename or "")

    @staticmethod
    def _contenido(subido: FileStorage) -> BinaryIO:
        subido.stream.seek(0)
        return cast("BinaryIO", subido.stream)

    def _value(self) -> str:
        return ""

    @property
    def elegido(self) -> str:
        """The name of the file that came with a form that was not accepted: it was not kept."""
        return self.data.filename or "" if self.data is not None else ""

    def valor(self) -> Value:
        return dict(self.archivo.valor()) if self.archivo else None
