"""«Probar» of a step that an action does: example values in, what it would do out. Nothing is kept
and nothing leaves."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from common.language import said
from engine import reads
from engine.errors import BusinessError, ExpressionError, GiveUp
from engine.reads.models import Model, Unreadable
from engine.types import (
    ActionSpec,
    Data,
    ElementSpec,
    FieldSpec,
    InputRule,
    InputSpec,
    Shown,
    Trial,
    Value,
)
from records.base.reglas.entidad import Entidad
from records.correo.reglas.cartas import SinValor
from webforms.base.guias import ANALISTA, Ayuda
from webforms.base.quienes import MODELA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.documentos.pdf import PDFSinHacer
from webforms.paquetes import celdas, lectura
from webforms.paquetes.edicion import nombre_pedido, texto_o_borrador
from webforms.paquetes.lectura import Vigente
from webforms.paquetes.problemas import problema
from webforms.tareas.declarado import en_su_lengua
from webforms.tareas.envios import texto_de

rutas = Rutas()
LARGO: Final = 2_000
_HUECO: Final = re.compile(r"\{(\w+)\??\}")
_ENTERO: Final = re.compile(r"-?[0-9]{1,15}")
_NUMERO: Final = re.compile(r"-?[0-9]{1,15}(?:[.,][0-9]{1,10})?")
#: What no letter needs to be told.
SABIDO: Final = frozenset({"hoy", "consulta", *Entidad().valores()})


@dataclass(frozen=True, slots=True)
class Dato:
    """Something that the step reads, and what was typed for it."""

    nombre: str
    rotulo: str
    tipo: str
    opciones: tuple[tuple[str, str], ...] = ()
    escrito: str = ""
    error: str = ""

    @property
    def control(self) -> str:
        return f"dato-{self.nombre}"


@dataclass(frozen=True, slots=True)
class Paso:
    """A drawn step with its action, and where the texts that it names are read."""

    archivo: str
    elemento: ElementSpec
    accion: ActionSpec
    modelo: Model
    parte: Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Resultado:
    hecho: Shown = field(default_factory=Shown)
    problema: str = ""

    @property
    def entrega(self) -> list[tuple[str, str]]:
        return [(nombre, texto_de(valor)) for nombre, valor in self.hecho.gives.items()]


@rutas.get(
    "/procesos/<archivo>/probar/<elemento>",
    para=MODELA,
    ayuda=Ayuda(
        _l("Aquí se ve qué haría un paso con valores de ejemplo, antes de ponerlo en vigor."),
        ANALISTA,
    ),
)
@rutas.post(
    "/procesos/<archivo>/probar/<elemento>",
    para=MODELA,
    haria=_l("Probar un paso con valores de ejemplo"),
)
def ensayar(archivo: str, elemento: str) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        hoy = lectura.vigente(session)
        contenido, _guardado = texto_o_borrador(session, hoy, nombre_pedido(archivo))
        try:
            paso = _paso(session, hoy, archivo, contenido, elemento)
        except Unreadable:
            return redirect(url_for("procesos.vista_xml", archivo=archivo))
        datos = [_escrito(dato) for dato in _datos(paso)]
        if request.method == "GET" or any(dato.error for dato in datos):
            return _pagina(paso, datos, None, 200 if request.method == "GET" else 422)
        resultado = _probado(session, paso, datos)
        if resultado.hecho.pdf is not None and request.form.get("ver") == "pdf":
            try:
                return Response(
                    resultado.hecho.pdf(),
                    mimetype="application/pdf",
                    headers={"Cache-Control": "no-store"},
                )
            except PDFSinHacer:
                resultado = Resultado(
                    problema=_("El documento no se pudo poner en papel: es demasiado largo.")
                )
        return _pagina(paso, datos, resultado, 200)


def _pagina(
    paso: Paso, datos: list[Dato], resultado: Resultado | None, codigo: int
) -> ResponseReturnValue:
    errores = [(dato.control, f"{dato.rotulo}: {dato.error}") for dato in datos if dato.error]
    cuerpo = render_template(
        "paquetes/ensayo.html",
        paso=paso,
        datos=datos,
        resultado=resultado,
        errores=errores,
        verdades=celdas.VERDADES,
    )
    return cuerpo, codigo


def _paso(session: Session, hoy: Vigente | None, archivo: str, contenido: bytes, cual: str) -> Paso:
    """404: there is no such step, or what it does is no action. Raises Unreadable."""
    modelo = reads.models.read(archivo, contenido)
    acciones, autor = servicios().engine.core.handlers.actions, actor_actual().id
    elemento = next(
        (e for proceso in modelo.processes for e in proceso.elements if e.id == cual), None
    )
    if elemento is None or elemento.handler not in acciones:
        abort(404)

    def parte(nombre: str) -> str | None:
        """The analyst's own draft of a text, else what is in force."""
        borrador = lectura.borrador(session, autor, nombre)
        dicho = (
            borrador.content
            if borrador is not None
            else hoy.archivos.get(nombre)
            if hoy is not None
            else None
        )
        return dicho.decode("utf-8", "replace") if dicho is not None else None

    return Paso(archivo, elemento, acciones[elemento.handler], modelo, parte)


# --- what it reads --------------------------------------------------------------------------------
def _datos(paso: Paso) -> list[Dato]:
    """In the order in which the step names them."""
    reglas = {regla.name: regla for regla in paso.accion.inputs}
    nombres = [
        nombre
        for dada in paso.elemento.inputs
        for nombre in _nombrados(paso, dada, reglas.get(dada.name))
    ]
    campos = {
        campo.name: campo
        for proceso in paso.modelo.processes
        for e in proceso.elements
        for campo in e.fields
    }
    salidas = {
        salida.name: salida.type
        for proceso in paso.modelo.processes
        for e in proceso.elements
        for salida in e.outputs
    }
    return [
        _dato(nombre, campos.get(nombre), salidas.get(nombre, ""))
        for nombre in dict.fromkeys(nombres)
    ]


def _nombrados(paso: Paso, dada: InputSpec, regla: InputRule | None) -> Iterator[str]:
    if dada.expr is not None:
        yield from sorted(reads.models.named(dada.expr))
    elif regla is None or dada.value is None:
        return
    elif regla.kind == "letter":
        texto = paso.parte(f"{dada.value}{regla.ending}") or ""
        yield from (nombre for nombre in _HUECO.findall(texto) if nombre not in SABIDO)
    elif regla.kind in ("places", "path", "json"):
        yield from (nombre for nombre in _HUECO.findall(dada.value) if nombre not in SABIDO)
    elif regla.kind == "name" and regla.name != "adjunto":
        yield dada.value


def _dato(nombre: str, campo: FieldSpec | None, tipo: str) -> Dato:
    if campo is None:
        return Dato(nombre, nombre, tipo)
    dicho = en_su_lengua(campo)
    return Dato(nombre, dicho.label or nombre, dicho.type, dicho.options)


# --- what was typed -------------------------------------------------------------------------------
def _escrito(dato: Dato) -> Dato:
    escrito = str(limpiar(request.form.get(dato.control, "")))[:LARGO].strip()
    return Dato(dato.nombre, dato.rotulo, dato.tipo, dato.opciones, escrito, _falta(dato, escrito))


def _falta(dato: Dato, escrito: str) -> str:
    if not escrito:
        return ""
    if dato.tipo == "integer" and not _ENTERO.fullmatch(escrito):
        return str(_("Escriba un número entero, por ejemplo 15."))
    if dato.tipo == "number" and not _NUMERO.fullmatch(escrito):
        return str(_("Escriba un número, por ejemplo 15."))
    if dato.tipo in ("date", "instant") and _dia(escrito) is None:
        return str(_("Escriba una fecha como 2026-12-14."))
    return ""


def _dia(escrito: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(escrito)
    except ValueError:
        return None


def _valor(dato: Dato) -> Value:
    escrito = dato.escrito
    match dato.tipo:
        case _ if not escrito:
            return None
        case "integer":
            return int(escrito)
        case "number":
            return float(escrito.replace(",", "."))
        case "boolean":
            return escrito == "true"
        case "list":
            return [parte.strip() for parte in escrito.split(",")]
        case "instant":
            dia = _dia(escrito) or servicios().clock.now()
            return (dia if dia.tzinfo is not None else dia.replace(tzinfo=dt.UTC)).isoformat()
    return escrito


# --- what it would do -----------------------------------------------------------------------------
def _probado(session: Session, paso: Paso, datos: list[Dato]) -> Resultado:
    motor, now = servicios().engine, servicios().clock.now()
    valores: Data = {dato.nombre: _valor(dato) for dato in datos}
    en_palabras = {
        d.nombre: dict(d.opciones)[d.escrito] for d in datos if d.escrito in dict(d.opciones)
    }
    conocidos: Mapping[str, Value] = {
        nombre: valor for nombre, valor in valores.items() if valor is not None
    }
    try:
        dadas = motor.releases.given(paso.elemento, valores, now)
        ensayo = Trial(
            session, now, conocidos, dadas, paso.parte, lambda: {**conocidos, **en_palabras}
        )
        hecho = motor.core.handlers.trials[paso.elemento.handler or ""](ensayo)
    except ExpressionError as error:
        return Resultado(problema=_("No se puede calcular: %(p)s.", p=problema(error.facts)))
    except BusinessError as error:
        return Resultado(
            problema=_("Terminaría con el error %(c)s: %(d)s.", c=error.code, d=said(error.args[0]))
        )
    except SinValor as faltan:
        return Resultado(problema=_("Sería un incidente: falta saber %(f)s.", f=str(faltan)))
    except GiveUp as error:
        return Resultado(problema=_("Sería un incidente: %(d)s.", d=said(error.args[0])))
    except (LookupError, TypeError, ValueError):
        return Resultado(
            problema=_(
                "Sería un incidente: algo de lo que recibe no es lo que espera. Revise «Con qué» en el panel."
            )
        )
    declaradas = {salida.name for salida in paso.elemento.outputs}
    entrega = {nombre: valor for nombre, valor in hecho.gives.items() if nombre in declaradas}
    return Resultado(Shown(hecho.said, entrega, hecho.pdf))
