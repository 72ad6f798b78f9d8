"""What a task form is: its fields, what it needs to know, how it becomes values, what it writes."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine.types import Actor, Data, ElementSpec, Records, Value, WorkItem
from records.plazos.reglas.calendario import ZONA
from webforms.campos import (
    ArchivoField,
    BotonField,
    Cuando,
    Derivado,
    con_su_nombre,
    limpiar,
    se_pide,
)
from webforms.documentos.archivos import Almacen, Revisado
from webforms.navegador.ficha import ConFicha


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
        return self.now.astimezone(ZONA).date()

    @property
    def datos(self) -> Data:
        """The process variables, to be read with `records.base.datos`."""
        return self.item.data


@dataclass(frozen=True, slots=True)
class Tramo:
    """Fields that stand together on the page: always there, or because of one answer above them."""

    campos: list[Any]
    cuando: Cuando | None = None
    frase: str = ""  #: the condition in words, for whom no script hides the fields
    pregunta: str = ""  #: what the field that decides is called on the page

    @property
    def escrito(self) -> bool:
        """Something stands in it: it may not be folded away."""
        return any(c.data or c.errors or not getattr(c, "sin_archivo", True) for c in self.campos)


def _es_derivado(campo: Any) -> bool:
    return any(isinstance(validador, Derivado) for validador in campo.validators)


class TareaForm(ConFicha):
    """A form of a user task. Subclasses declare fields; names are those of
    docs/process-contract.md."""

    #: names of the fields of the task that follows, where the same person does both on one page
    segunda: ClassVar[Sequence[str]] = ()

    class Meta(ConFicha.Meta):
        locales = ("es",)

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            filtros = [limpiar, *unbound_field.kwargs.get("filters", [])]
            return unbound_field.bind(form=form, **{**options, "filters": filtros})

    def __init__(self, contexto: Contexto, *args: Any, **kwargs: Any) -> None:
        self.contexto = contexto
        super().__init__(*args, **kwargs)
        self.preparar(contexto)

    def preparar(self, contexto: Contexto) -> None:
        """Choices, and fields removed, that depend on the case; before showing and before
        validating."""

    def leer(self) -> None:
        """What only the page shows (a record to compare with); a form that is accepted does without
        it."""

    def vuelve_a_preguntar(self) -> bool:
        """Only asks, with the button of a search: the page is shown again with what it found,
        nothing is sent."""
        return False

    def continua(self) -> bool:
        """The task that follows is sent with this one."""
        return False

    def ajenos(self) -> Sequence[str]:
        """Names of the fields that do not go with this task."""
        return self.segunda

    def principal(self) -> tuple[Any, str, str] | None:
        """(text, name, value) of the button that goes on, where it depends on what the page
        shows."""
        return None

    @property
    def salidas(self) -> Sequence[tuple[str, Any]]:
        """(answer of `resultado_analisis`, words of the button) of the ways for who cannot
        finish."""
        return ()

    @property
    def visibles(self) -> list[Any]:
        return [campo for campo in self if campo.short_name != "csrf_token"]

    @property
    def tramos(self) -> list[Tramo]:
        """The fields in the order of the page; neighbours with the same condition are one group."""
        tramos: list[Tramo] = []
        for campo in self.visibles:
            if isinstance(campo, BotonField) or _es_derivado(campo):
                continue  # a button stands where its template puts it; the other is computed
            cuando = campo.flags.cuando
            if cuando is not None and cuando.campo not in self:
                continue
            if tramos and cuando is not None and _misma(tramos[-1].cuando, cuando):
                tramos[-1].campos.append(campo)
            else:
                dicha = (self._frase(cuando), self[cuando.campo].name) if cuando else ()
                tramos.append(Tramo([campo], cuando, *dicha))
        return tramos

    def _frase(self, cuando: Cuando) -> str:
        otro = self[cuando.campo]
        opciones = {str(valor): str(texto) for valor, texto in otro.choices}
        elegidas = _(" o ").join(
            f"«{opciones[valor]}»" for valor in cuando.valores if valor in opciones
        )
        return str(
            _(
                "Solo si en «%(pregunta)s» elige %(respuesta)s",
                pregunta=otro.label.text,
                respuesta=elegidas,
            )
        )

    def valores(self) -> dict[str, Value]:
        return {
            campo.short_name: campo.valor() if se_pide(self, campo) else _vacio(campo)
            for campo in self.visibles
        }

    @property
    def de_archivo(self) -> list[ArchivoField]:
        return [campo for campo in self if isinstance(campo, ArchivoField)]

    def archivos(self) -> dict[str, Revisado]:
        """What was sent with it and is to be kept: field → file."""
        campos = [c for c in self.de_archivo if se_pide(self, c)]
        return {c.name: c.revisado for c in campos if c.revisado is not None}

    def errores(self) -> list[tuple[str, str]]:
        """(id of the field, message), in the order of the page."""
        return con_su_nombre(self.visibles)

    @classmethod
    def nombres(cls, valores: Data) -> dict[str, Any]:
        """Values keyed as WTForms wants its `data`."""
        return dict(valores)

    def solo(self, *nombres: str) -> bool:
        """For a form's own `validate`: only these fields are asked for on the way taken; True: none
        of them has an error."""
        for campo in self.visibles:
            if campo.name not in nombres:
                campo.errors = []
        return not any(campo.errors for campo in self.visibles)

    def exigir(self, nombre: str, mensaje: Any) -> bool:
        """For a form's own `validate`: the field must have a value; False and its error when
        not."""
        campo = self[nombre]
        if campo.valor() not in (None, "", []):
            return True
        campo.errors = [*campo.errors, str(mensaje)]
        return False


def _misma(una: Cuando | None, otra: Cuando) -> bool:
    return una is not None and (una.campo, una.valores) == (otra.campo, otra.valores)


def _vacio(campo: Any) -> Value:
    valor: Value = getattr(campo, "sin_valor", None)
    return valor


@dataclass(frozen=True, slots=True)
class Despues:
    """What follows a form, by what is chosen in one of its fields: the page shows the line of the
    choice made."""

    campo: str
    #: value → (the choice in words, for whom no script follows it; what follows)
    dichos: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Carta:
    """What a form is about to send, as whoever gets it will read it."""

    para: str
    asunto: str
    texto: str


@dataclass(frozen=True, slots=True)
class FormSpec:
    """A registered form. `records` writes its business rows inside the engine's command and returns
    its outputs."""

    form: type[TareaForm]
    records: Records | None = None
    prefill: Callable[[Contexto], Data] | None = None
    template: str = "tareas/tarea.html"
    cuerpo: str = "tareas/_campos.html"  #: the fields, in whatever frame the page has
    boton: Any = None  #: text of the button; None: "Completar y seguir"
    #: what follows and who does it, said under the form; a `Despues` where it depends on an answer
    despues: Any = None
    #: (label, text) shown above the fields
    ayuda: Callable[[Contexto], Sequence[tuple[str, str]]] | None = None
    #: what sending it sends: a button shows it before
    carta: Callable[[Contexto, Data], Carta] | None = None
    #: what was done, said to whoever hands the case on with it; None: its title
    hecho: Callable[[Contexto, Data], str] | None = None
    #: the page of the case that says what came of it; None: the person's next task
    confirmacion: str | None = None
    #: out of the variables of a task, the address of the page that does all like it together
    juntas: Callable[[Data], str] | None = None
    #: the form of the task that whoever sends this one does next, asked on the same page (`segunda`)
    sigue: str | None = None
