"""What a task form is: its fields, what it needs to know, how it becomes values, what it writes."""

import datetime as dt
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from engine.types import Actor
from engine.types import Data
from engine.types import ElementSpec
from engine.types import Records
from engine.types import Value
from engine.types import WorkItem
from webforms.base.archivos import Almacen
from webforms.base.campos import ArchivoField
from webforms.base.campos import limpiar
from webforms.base.formatos import BOGOTA


@dataclass(frozen=True, slots=True)
class Contexto:
    """What a form may look at while it is built: the case, never the request."""

    session: Session  #: reading only
    item: WorkItem
    elemento: ElementSpec
    actor: Actor
    now: dt.datetime
    archivos: Almacen

    @property
    def hoy(self) -> dt.date:
        return self.now.astimezone(BOGOTA).date()

    @property
    def datos(self) -> Data:
        """The process variables, to be read with `records.datos`."""
        return self.item.data


class TareaForm(FlaskForm):
    """A form of a user task. Subclasses declare fields; names are those of docs/process-contract.md."""

    class Meta(FlaskForm.Meta):
        locales = ("es",)

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            filtros = [limpiar, *unbound_field.kwargs.get("filters", [])]
            return unbound_field.bind(form=form, **{**options, "filters": filtros})

    def __init__(self, contexto: Contexto, *args: Any, **kwargs: Any) -> None:
        self.contexto = contexto
        super().__init__(*args, **kwargs)
        self.preparar(contexto)

    def preparar(self, contexto: Contexto) -> None:
        """Choices, and fields removed, that depend on the case; before showing and before validating."""

    @property
    def visibles(self) -> list[Any]:
        return [campo for campo in self if campo.name != "csrf_token"]

    def valores(self) -> dict[str, Value]:
        return {campo.name: campo.valor() for campo in self.visibles}

    def archivos(self) -> dict[str, ArchivoField]:
        return {campo.name: campo for campo in self.visibles if isinstance(campo, ArchivoField) and campo.archivo}

    def errores(self) -> list[tuple[str, str]]:
        """(id of the field, message), in the order of the page."""
        return [(campo.id, str(mensaje)) for campo in self.visibles for mensaje in campo.errors[:1]]

    @classmethod
    def nombres(cls, valores: Data) -> dict[str, Any]:
        """Values keyed as WTForms wants its `data`."""
        return dict(valores)

    def exigir(self, nombre: str, mensaje: Any) -> bool:
        """For a form's own `validate`: the field must have a value; False and its error when not."""
        campo = self[nombre]
        if campo.valor() not in (None, "", []):
            return True
        campo.errors = [*campo.errors, str(mensaje)]
        return False


@dataclass(frozen=True, slots=True)
class FormSpec:
    """A registered form. `records` writes its business rows inside the engine's command and returns its outputs."""

    form: type[TareaForm]
    records: Records | None = None
    prefill: Callable[[Contexto], Data] | None = None
    template: str = "tareas/tarea.html"
    boton: Any = None  #: text of the button; None: "Completar y seguir"
    ayuda: Callable[[Contexto], Sequence[tuple[str, str]]] | None = None  #: (label, text) shown above the fields
