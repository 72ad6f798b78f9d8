"""The form of a repair: what is offered for some incidents that are alike, and what somebody typed
into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from engine.reads.incidents import IncidentView
from engine.states import RepairAction
from engine.types import MAX_REASON, MIN_REASON, Data, Value
from webforms.campos import limpiar
from webforms.operacion.incidentes_valores import Campo, cambios, obligatorios

#: What is offered, in words: (title, what it does).
ACCIONES: Mapping[str, tuple[Any, Any]] = {
    RepairAction.RETRY: (
        _l("Reintentar"),
        _l("Se intenta otra vez con los mismos datos: sirve cuando la causa ya se arregló afuera."),
    ),
    RepairAction.EDIT: (
        _l("Editar y reintentar"),
        _l(
            "Corrija los datos que lee el paso; después se intenta otra vez. Lo que había y lo que queda se guardan en la historia."
        ),
    ),
    RepairAction.SKIP: (
        _l("Omitir con motivo"),
        _l("El paso no se hace y el caso sigue. Escriba los resultados que habría dado."),
    ),
    RepairAction.BACK: (
        _l("Devolver a una actividad anterior"),
        _l("Quien hizo la actividad la recibe de nuevo. Lo que ya se hizo afuera no se deshace."),
    ),
    RepairAction.CLOSE: (
        _l("Cerrar sin más"),
        _l("Solo quita el incidente de la lista; el caso no cambia."),
    ),
}
#: "edit" where parallel branches wrote different values.
ELEGIR = (
    _l("Elegir los valores y seguir"),
    _l("El valor que elija queda en el caso; el otro se guarda en la historia."),
)


@dataclass(frozen=True, slots=True)
class Eleccion:
    """One variable that parallel branches wrote differently: (writer's element, who wrote it in
    words, the values it wrote)."""

    nombre: str
    opciones: tuple[tuple[str, str, str], ...]
    elegida: str = ""
    rotulo: str = ""

    @property
    def clave(self) -> str:
        return f"elegir.{self.nombre}"


@dataclass(frozen=True, slots=True)
class Formulario:
    """`acciones` in the order in which they are offered; the rest is what these need."""

    incidentes: tuple[int, ...]
    acciones: tuple[str, ...]
    entradas: tuple[Campo, ...] = ()  #: for edit
    elecciones: tuple[Eleccion, ...] = ()  #: for edit of a conflict
    resultados: tuple[Campo, ...] = ()  #: for skip
    #: for skip of a gateway: (way, name of what it leads to)
    salidas: tuple[tuple[str, str], ...] = ()
    anteriores: tuple[tuple[str, str], ...] = ()  #: for back: (element, its name)
    imposibles: tuple[tuple[str, str], ...] = ()  #: for back: (name, why not)
    accion: str = ""
    motivo: str = ""
    salida: str = ""
    destino: str = ""
    sin_valor: frozenset[str] = frozenset()
    valores: Data = field(default_factory=dict)
    errores: tuple[tuple[str, str], ...] = ()  #: (id on the page, sentence)

    def dicha(self, accion: str) -> tuple[Any, Any]:
        """Title and explanation of what is offered."""
        return ELEGIR if accion == RepairAction.EDIT and self.elecciones else ACCIONES[accion]

    @property
    def usadas(self) -> tuple[Campo, ...]:
        return tuple(c for c in self.entradas if c.usada)

    @property
    def otras(self) -> tuple[Campo, ...]:
        return tuple(c for c in self.entradas if not c.usada)

    def error_de(self, identificador: str) -> str:
        return next((frase for clave, frase in self.errores if clave == identificador), "")


def leer(form: Formulario, enviado: "MultiDict[str, str]") -> Formulario:
    """The form with what was typed, its values, or its errors."""
    accion = enviado.get("accion", "")
    if accion not in form.acciones:
        return replace(form, errores=(("contenido", _("Elija qué hacer")),))
    lleno = replace(
        form,
        accion=accion,
        motivo=limpiar(enviado.get("motivo", "")),
        salida=enviado.get("salida", ""),
        destino=enviado.get("destino", ""),
        sin_valor=frozenset(enviado.getlist("sin_valor")),
        entradas=_escritas(form.entradas, enviado, presentes=accion == RepairAction.EDIT),
        resultados=_escritas(form.resultados, enviado, presentes=accion == RepairAction.SKIP),
        elecciones=tuple(replace(e, elegida=enviado.get(e.clave, "")) for e in form.elecciones),
    )
    errores: list[tuple[str, str]] = []
    valores: Data = {}
    if accion == RepairAction.EDIT:
        valores, errores = _edicion(lleno)
    elif accion == RepairAction.SKIP:
        valores, errores = _omision(lleno)
    elif accion == RepairAction.BACK and lleno.destino not in {e for e, _nombre in form.anteriores}:
        errores.append(("back-destino", _("Elija a qué actividad vuelve el caso")))
    errores += _motivo(lleno)
    return replace(
        lleno,
        valores=valores,
        errores=tuple((_identificador(accion, clave), frase) for clave, frase in errores),
    )


def _identificador(accion: str, clave: str) -> str:
    return clave if clave.startswith(f"{accion}-") or clave == "contenido" else f"{accion}-{clave}"


def _escritas(
    campos: Sequence[Campo],
    enviado: "MultiDict[str, str]",
    *,
    presentes: bool,
) -> tuple[Campo, ...]:
    return (
        tuple(replace(c, texto=enviado.get(c.clave, c.texto).replace("\r\n", "\n")) for c in campos)
        if presentes
        else tuple(campos)
    )


def _motivo(form: Formulario) -> list[tuple[str, str]]:
    if not MIN_REASON <= len(form.motivo) <= MAX_REASON:
        return [
            ("motivo", _("Escriba el motivo, entre %(a)s y %(b)s letras", a=MIN_REASON, b="2.000"))
        ]
    return []


def _edicion(form: Formulario) -> tuple[Data, list[tuple[str, str]]]:
    valores, errores = cambios(form.entradas)
    errores += [
        (e.clave, _("Elija cuál valor de «%(n)s» vale", n=e.rotulo))
        for e in form.elecciones
        if e.elegida not in {elemento for elemento, _n, _v in e.opciones}
        and e.nombre not in valores
    ]
    if not valores and not errores and not form.elecciones:
        errores.append(("entradas", _("Cambie al menos un dato, o use «Reintentar»")))
    return valores, errores


def _omision(form: Formulario) -> tuple[Data, list[tuple[str, str]]]:
    valores, errores = obligatorios(form.resultados, set(form.sin_valor))
    if form.salidas and form.salida not in {clave for clave, _nombre in form.salidas}:
        errores.append(("salida", _("Elija por dónde sigue el caso")))
    return valores, errores


def autor_de(escrito: Mapping[str, Any]) -> str:
    """Who wrote one of the values of a conflict: an element, or one of the items of a repeated
    one."""
    return (
        f"{escrito['element']} {escrito['item']}" if "item" in escrito else str(escrito["element"])
    )


def valores_de(form: Formulario, incidente: IncidentView) -> dict[str, Value]:
    """What this incident gets: the values typed, and of a conflict those that the chosen element
    wrote in its case."""
    valores = dict(form.valores)
    elegidos = {
        e.nombre: e.elegida for e in form.elecciones if e.elegida and e.nombre not in valores
    }
    hechos: Mapping[str, Any] = incidente.facts
    for conflicto in hechos.get("conflicts", ()) if form.accion == RepairAction.EDIT else ():
        for escrito in conflicto["values"]:
            if elegidos.get(conflicto["name"]) == autor_de(escrito):
                valores[conflicto["name"]] = escrito["value"]
    return valores
