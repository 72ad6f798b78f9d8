"""A diagram or table as an analyst reads it: its elements, and what changed between two texts of
it."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _, ngettext

from common.language import marked
from engine.reads import models
from engine.reads.models import Part
from engine.types import ElementSpec
from webforms.base.rotulos import rotulo

NOMBRE_DE_ARCHIVO: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,70}\.(?:bpmn|dmn)")
TIPOS: Final[Mapping[str, str]] = {
    "startEvent": marked("Evento de inicio"),
    "endEvent": marked("Fin"),
    "intermediateCatchEvent": marked("Espera"),
    "intermediateThrowEvent": marked("Envío"),
    "boundaryEvent": marked("Evento de borde"),
    "task": marked("Tarea sin tipo"),
    "userTask": marked("Tarea de usuario"),
    "manualTask": marked("Tarea manual"),
    "serviceTask": marked("Tarea automática"),
    "sendTask": marked("Tarea de envío"),
    "receiveTask": marked("Tarea de espera"),
    "businessRuleTask": marked("Tarea de tabla de decisión"),
    "scriptTask": marked("Tarea de código"),
    "subProcess": marked("Subproceso"),
    "transaction": marked("Transacción"),
    "adHocSubProcess": marked("Subproceso ad hoc"),
    "callActivity": marked("Llamada a otro proceso"),
    "exclusiveGateway": marked("Compuerta exclusiva"),
    "parallelGateway": marked("Compuerta paralela"),
    "inclusiveGateway": marked("Compuerta inclusiva"),
    "eventBasedGateway": marked("Compuerta de eventos"),
    "complexGateway": marked("Compuerta compleja"),
    "sequenceFlow": marked("Flujo"),
    "lane": marked("Carril"),
    "participant": marked("Participante"),
    "process": marked("Proceso"),
    "decision": marked("Tabla"),
    "rule": marked("Regla"),
}
#: Where in a part a facet stands (engine.reads.models.Part) → what changed.
FACETAS: Final[Mapping[str, str]] = {
    "type": marked("el tipo"),
    "lane": marked("el carril"),
    "name": marked("el nombre"),
    "sourceRef": marked("de dónde sale"),
    "targetRef": marked("a dónde llega"),
    "default": marked("la salida por defecto"),
    "documentation": marked("la documentación"),
    "description": marked("la descripción"),
    "extensionElements": marked("las propiedades"),
    "conditionExpression": marked("la condición"),
    "inputEntry": marked("las condiciones"),
    "outputEntry": marked("los resultados"),
    "timerEventDefinition": marked("el tiempo"),
    "messageEventDefinition": marked("el mensaje"),
    "columns": marked("las columnas"),
    "policy": marked("la política"),
}
OTROS: Final = marked("otros datos")
#: Facets that are expressions: written in another way they say the same.
EXPRESIONES: Final = re.compile(
    r".*(?:@expr|conditionExpression|completionCondition|loopCondition)$"
)


@dataclass(frozen=True, slots=True)
class Elemento:
    """A row of the table that says what the picture says."""

    id: str
    nombre: str
    tipo: str
    proceso: str
    carril: str
    hace: str
    vence: str
    documentacion: str


@dataclass(frozen=True, slots=True)
class Modelo:
    titulo: str
    procesos: tuple[tuple[str, str], ...]  # (id, name), in the order of the file
    elementos: tuple[Elemento, ...]
    nombres: Mapping[str, str]  # of everything that a finding may name
    documentacion: str
    tablas: tuple[models.Rules, ...] = ()


def tipo_dicho(clase: str) -> str:
    """ "Tarea de usuario" of "userTask"."""
    return str(_(TIPOS[clase])) if clase in TIPOS else clase


def nombre_valido(archivo: str) -> bool:
    return NOMBRE_DE_ARCHIVO.fullmatch(archivo) is not None


def nombre_limpio(archivo: str) -> str:
    """The name under which an uploaded file is kept: «Proceso de atención 1.2.bpmn» is
    Proceso_de_atencion_1_2.bpmn."""
    base, punto, clase = archivo.rpartition(".")
    sin_tildes = "".join(
        letra for letra in unicodedata.normalize("NFKD", base) if not unicodedata.combining(letra)
    )
    return re.sub(r"[^A-Za-z0-9_-]+", "_", sin_tildes).strip("_-")[:70] + punto + clase.lower()


def leer(archivo: str, contenido: bytes) -> Modelo:
    """Reads what can be read, of a file that the deployer would refuse too. Raises Unreadable when
    it is not XML."""
    leido = models.read(archivo, contenido)
    return Modelo(
        titulo=rotulo(leido.title) or archivo,
        procesos=tuple((p.id, rotulo(p.name)) for p in leido.processes),
        elementos=tuple(_elemento(spec) for p in leido.processes for spec in p.elements),
        nombres=nombres_de_partes(leido.parts),
        documentacion=rotulo(leido.documentation),
        tablas=leido.tables,
    )


def _elemento(spec: ElementSpec) -> Elemento:
    return Elemento(
        id=spec.id,
        nombre=tipo_dicho(spec.type) if spec.name == spec.id else rotulo(spec.name),
        tipo=tipo_dicho(spec.type),
        proceso=spec.process,
        carril=rotulo(spec.lane.name) if spec.lane else "",
        hace=_hace(spec),
        vence=spec.due or "",
        documentacion=rotulo(spec.documentation),
    )


def _hace(spec: ElementSpec) -> str:
    """The form, handler, table, process or message behind an element."""
    if spec.form:
        return str(_("Formulario %(f)s", f=spec.form))
    if spec.type in ("userTask", "manualTask"):
        if not spec.fields:
            return str(_("Sin campos: un botón para completarla"))
        return str(
            ngettext("%(num)s campo declarado", "%(num)s campos declarados", len(spec.fields))
        )
    if spec.message is not None and spec.message.name:
        return str(_("Mensaje %(m)s", m=spec.message.name))
    for etiqueta, valor in (
        (_("Acción"), spec.handler),
        (_("Tabla"), spec.table),
        (_("Proceso"), spec.called),
    ):
        if valor:
            return f"{etiqueta} {valor}"
    return ""


def nombres_de_partes(partes: Iterable[Part]) -> dict[str, str]:
    """Id → what the analyst sees; an unnamed flow is told by its ends, an unnamed event or gateway
    by its kind."""
    todas = list(partes)
    hallados = {
        p.id: rotulo(p.name) or str(_("%(tipo)s sin nombre", tipo=tipo_dicho(p.tag)))
        for p in todas
        if p.name or p.tag in models.FLOW_NODES
    }
    for flujo in (p for p in todas if p.tag == "sequenceFlow"):
        desde, hasta = (hallados.get(fin, fin) for fin in (flujo.source, flujo.target))
        nombrado = (
            _("Flujo «%(f)s» de %(d)s", f=rotulo(flujo.name), d=desde)
            if flujo.name
            else _("Flujo de %(d)s a %(h)s", d=desde, h=hasta)
        )
        hallados[flujo.id] = str(nombrado)
    return hallados


# --- what changed ---------------------------------------------------------------------------------
def distintos(unos: Mapping[str, str], otros: Mapping[str, str]) -> list[str]:
    """The facets in which two texts of a part do not say the same."""
    return [
        que
        for que in {**unos, **otros}
        if not _dice_lo_mismo(que, unos.get(que, ""), otros.get(que, ""))
    ]


def _dice_lo_mismo(que: str, uno: str, otro: str) -> bool:
    return uno == otro or (
        EXPRESIONES.fullmatch(que) is not None and models.same_expression(uno, otro)
    )


def faceta(que: str) -> str:
    """ "extensionElements/due@expr" → "las propiedades"."""
    return str(_(FACETAS.get(re.split(r"[/\[#@]", que.removeprefix("@"))[0], OTROS)))
