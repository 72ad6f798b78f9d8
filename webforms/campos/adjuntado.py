"""A file of a form: looked at while the form is. What the draft of a task keeps of it stands for it
until another comes."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, BinaryIO, Final, cast

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from wtforms import Field
from wtforms.validators import StopValidation
from wtforms.widgets import FileInput

from engine.types import Value
from records.sistemas.puertos import DepositoFallido
from webforms.documentos.archivos import Almacen, Archivo, ArchivoDistinto, Revisado
from webforms.documentos.contenido import LIMITE, MEGA, PAGINAS, PDF, PIXELES, ArchivoRechazado

#: Why a file is not taken → the sentence for whoever chose it: what is wrong, and what to do.
MOTIVOS: Final[Mapping[str, Callable[[str], str]]] = {
    "vacio": lambda _d: _("El archivo está vacío"),
    "grande": lambda mb: _("El archivo pesa más de %(n)s MB", n=mb),
    "tipo": lambda _d: _("El archivo debe ser PDF, JPG o PNG"),
    "oficina": lambda _d: _(
        "El archivo debe ser PDF, JPG o PNG, y este es de Word o de Excel. Guárdelo como PDF y elíjalo otra vez"
    ),
    "comprimido": lambda _d: _(
        "El archivo debe ser PDF, JPG o PNG, y este es una carpeta comprimida. Envíe cada archivo por aparte"
    ),
    "heic": lambda _d: _(
        "La foto está en un formato que no todos pueden abrir. Guárdela como JPG y elíjala otra vez"
    ),
    "programa": lambda _d: _(
        "El archivo debe ser PDF, JPG o PNG, y este es un programa. No se recibe"
    ),
    "web": lambda _d: _(
        "El archivo debe ser PDF, JPG o PNG, y por dentro este es una página web o un dibujo con código. No se recibe"
    ),
    "nombre": lambda tipo: (
        _(
            "Por su nombre parece una foto, y por dentro es un PDF. Cámbiele el nombre para que termine en .pdf y elíjalo otra vez"
        )
        if tipo == PDF
        else _(
            "Por su nombre parece un PDF, y por dentro es una foto. Cámbiele el nombre para que termine en .jpg y elíjalo otra vez"
        )
    ),
    "mixto": lambda _d: _(
        "Este PDF lleva otro archivo escondido. Imprímalo como PDF, o tómele una foto, y elija ese"
    ),
    "danado": lambda _d: _(
        "El archivo está dañado o incompleto: no se puede abrir. Ábralo usted, guárdelo otra vez y elíjalo de nuevo"
    ),
    "protegido": lambda _d: _(
        "El PDF pide contraseña y nadie podría leerlo aquí. Guárdelo sin contraseña y elíjalo otra vez"
    ),
    "paginas": lambda _d: _("El PDF tiene más de %(n)s páginas. Divídalo en varios", n=PAGINAS),
    "pixeles": lambda _d: _(
        "La foto tiene más de %(n)s millones de puntos. Tómela con menos calidad",
        n=PIXELES // 10**6,
    ),
    "pesado": lambda _d: _(
        "No pudimos abrir el archivo en el tiempo que hay para revisarlo. Guárdelo más liviano, o tómele una foto"
    ),
    "virus": lambda _v: _(
        "El archivo tiene un virus y no se recibe. Revise su equipo antes de enviarlo otra vez"
    ),
}


def por_que_no(rechazo: ArchivoRechazado) -> str:
    return MOTIVOS[rechazo.motivo](rechazo.detalle)


class ArchivoField(Field):
    """A file. Where a form that comes back has no draft to keep it in, the page names it to be
    chosen again."""

    widget = FileInput()

    def __init__(self, *args: Any, obligatorio: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.obligatorio = obligatorio
        self.flags.required = obligatorio
        self.archivo: Archivo | None = None
        self.revisado: Revisado | None = None  #: what was sent with the form, and may be kept
        self.conservado: Archivo | None = None  #: what the draft of the task has for this field
        self.quitado = False  #: the person takes that away
        self.data: FileStorage | None = None

    def process_data(self, value: Any) -> None:
        self.data = None
        self.archivo = Archivo(**value) if isinstance(value, dict) else None

    def process_formdata(self, valuelist: list[Any]) -> None:
        subidos = [dato for dato in valuelist if isinstance(dato, FileStorage) and dato.filename]
        self.data = subidos[0] if subidos else None
        self.archivo = None

    def conservar(self, valor: Value, *, quitado: bool) -> None:
        """`valor`: of the draft, never of what a page sent."""
        self.quitado = quitado
        if isinstance(valor, Mapping) and not quitado:
            self.conservado = Archivo(**valor)
            self.archivo = self.archivo or (self.conservado if self.data is None else None)

    def pre_validate(self, form: Any) -> None:
        if self.data is not None:
            self.data.stream.seek(0)
            try:
                self.revisado = form.contexto.archivos.revisar(
                    cast("BinaryIO", self.data.stream), self.data.filename
                )
            except ArchivoRechazado as rechazo:
                raise StopValidation(por_que_no(rechazo)) from None
            self.archivo = self.revisado.archivo
        elif self.conservado is not None:
            self._sigue_ahi(form.contexto.archivos)
        if self.obligatorio and self.archivo is None:
            raise StopValidation(_("Adjunte el archivo"))

    def _sigue_ahi(self, almacen: Almacen) -> None:
        """A store that does not answer is no reason to ask for the file again."""
        try:
            almacen.leer(self.conservado.sha256 if self.conservado else "")
        except DepositoFallido:
            return
        except ArchivoDistinto:
            self.conservado = self.archivo = None
            self.quitado = True
            raise StopValidation(
                _("El archivo que se conservaba ya no está. Elíjalo otra vez")
            ) from None

    def seguir(self, otro: "ArchivoField", almacen: Almacen) -> None:
        """Of the task that was sent with this one, whose draft is gone: its content is brought along."""
        if self.data is None and otro.conservado is not None:
            self.archivo = otro.archivo
            with suppress(DepositoFallido):
                contenido = almacen.leer(otro.conservado.sha256)
                self.revisado = Revisado(otro.conservado, contenido)

    def quedo(self) -> None:
        """What came with the form is in the draft now."""
        if self.revisado is not None:
            self.conservado, self.data = self.revisado.archivo, None

    @property
    def sin_archivo(self) -> bool:
        """Nobody said anything of a file."""
        return self.archivo is None and not self.quitado

    @property
    def megas(self) -> int:
        return LIMITE // MEGA

    def _value(self) -> str:
        return ""

    @property
    def elegido(self) -> str:
        """The name of the file that came with a form that was not accepted: it was not kept."""
        return self.data.filename or "" if self.data is not None else ""

    def valor(self) -> Value:
        return dict(self.archivo.valor()) if self.archivo else None
