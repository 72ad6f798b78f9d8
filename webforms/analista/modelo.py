"""A diagram or table as an analyst reads it: its elements, and what changed between two texts of it. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from engine.reads import models
from engine.reads.models import Part
from engine.types import ElementSpec

NOMBRE_DE_ARCHIVO: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,70}\.(?:bpmn|dmn)")
TIPOS: Final[Mapping[str, str]] = {
    "startEvent": "Inicio",
    "endEvent": "Fin",
    "intermediateCatchEvent": "Espera",
    "intermediateThrowEvent": "Envío",
    "boundaryEvent": "Evento de borde",
    "task": "Tarea sin tipo",
    "userTask": "Tarea de usuario",
    "manualTask": "Tarea manual",
    "serviceTask": "Tarea automática",
    "sendTask": "Tarea de envío",
    "receiveTask": "Tarea de espera",
    "businessRuleTask": "Tarea de tabla de decisión",
    "scriptTask": "Tarea de código",
    "subProcess": "Subproceso",
    "transaction": "Transacción",
    "adHocSubProcess": "Subproceso ad hoc",
    "callActivity": "Llamada a otro proceso",
    "exclusiveGateway": "Compuerta exclusiva",
    "parallelGateway": "Compuerta paralela",
    "inclusiveGateway": "Compuerta inclusiva",
    "eventBasedGateway": "Compuerta de eventos",
    "complexGateway": "Compuerta compleja",
    "sequenceFlow": "Flujo",
    "lane": "Carril",
    "participant": "Participante",
    "process": "Proceso",
    "decision": "Tabla",
    "rule": "Regla",
}
#: Where in a part a facet stands (engine.reads.models.Part) → what changed.
FACETAS: Final[Mapping[str, str]] = {
    "type": "el tipo",
    "lane": "el carril",
    "name": "el nombre",
    "sourceRef": "de dónde sale",
    "targetRef": "a dónde llega",
    "default": "la salida por defecto",
    "documentation": "la documentación",
    "description": "la descripción",
    "extensionElements": "las propiedades",
    "conditionExpression": "la condición",
    "inputEntry": "las condiciones",
    "outputEntry": "los resultados",
    "timerEventDefinition": "el tiempo",
    "messageEventDefinition": "el mensaje",
    "columns": "las columnas",
    "policy": "la política",
}
OTROS: Final = "otros datos"
#: Facets that are expressions: written in another way they say the same.
EXPRESIONES: Final = re.compile(r".*(?:@expr|conditionExpression|completionCondition|loopCondition)$")


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


def nombre_valido(archivo: str) -> bool:
    return NOMBRE_DE_ARCHIVO.fullmatch(archivo) is not None


def nombre_limpio(archivo: str) -> str:
    """The name under which an uploaded file is kept: «Proceso de atención 1.2.bpmn» is Proceso_de_atencion_1_2.bpmn."""
    base, punto, clase = archivo.rpartition(".")
    sin_tildes = "".join(letra for letra in unicodedata.normalize("NFKD", base) if not unicodedata.combining(letra))
    return re.sub(r"[^A-Za-z0-9_-]+", "_", sin_tildes).strip("_-")[:70] + punto + clase.lower()


def leer(archivo: str, contenido: bytes) -> Modelo:
    """Reads what can be read, of a file that the deployer would refuse too. Raises Unreadable when it is not XML."""
    leido = models.read(archivo, contenido)
    return Modelo(
        titulo=leido.title or archivo,
        procesos=tuple((p.id, p.name) for p in leido.processes),
        elementos=tuple(_elemento(spec) for p in leido.processes for spec in p.elements),
        nombres=nombres_de_partes(leido.parts),
        documentacion=leido.documentation,
        tablas=leido.tables,
    )


def _elemento(spec: ElementSpec) -> Elemento:
    return Elemento(
        id=spec.id,
        nombre=TIPOS.get(spec.type, spec.type) if spec.name == spec.id else spec.name,
        tipo=TIPOS.get(spec.type, spec.type),
        proceso=spec.process,
        carril=spec.lane.name if spec.lane else "",
        hace=_hace(spec),
        vence=spec.due or "",
        documentacion=spec.documentation,
    )


def _hace(spec: ElementSpec) -> str:
    """The form, handler, table, process or message behind an element."""
    if spec.form:
        return f"Formulario {spec.form}"
    if spec.type in ("userTask", "manualTask"):
        if not spec.fields:
            return "Sin campos: un botón para completarla"
        return f"{len(spec.fields)} campos declarados" if len(spec.fields) != 1 else "1 campo declarado"
    if spec.message is not None and spec.message.name:
        return f"Mensaje {spec.message.name}"
    for etiqueta, valor in (("Acción", spec.handler), ("Tabla", spec.table), ("Proceso", spec.called)):
        if valor:
            return f"{etiqueta} {valor}"
    return ""


def nombres_de_partes(partes: Iterable[Part]) -> dict[str, str]:
    """Id → what the analyst sees; an unnamed flow is told by its ends, an unnamed event or gateway by its kind."""
    todas = list(partes)
    hallados = {p.id: p.name or f"{TIPOS[p.tag]} sin nombre" for p in todas if p.name or p.tag in models.FLOW_NODES}
    for flujo in (p for p in todas if p.tag == "sequenceFlow"):
        desde, hasta = (hallados.get(fin, fin) for fin in (flujo.source, flujo.target))
        hallados[flujo.id] = f"Flujo «{flujo.name}» de {desde}" if flujo.name else f"Flujo de {desde} a {hasta}"
    return hallados


# --- what changed -----------------------------------------------------------------------------------------------------
def distintos(unos: Mapping[str, str], otros: Mapping[str, str]) -> list[str]:
    """The facets in which two texts of a part do not say the same."""
    return [que for que in {**unos, **otros} if not _dice_lo_mismo(que, unos.get(que, ""), otros.get(que, ""))]


def _dice_lo_mismo(que: str, uno: str, otro: str) -> bool:
    return uno == otro or (EXPRESIONES.fullmatch(que) is not None and models.same_expression(uno, otro))


def faceta(que: str) -> str:
    """ "extensionElements/due@expr" → "las propiedades"."""
    return FACETAS.get(re.split(r"[/\[#@]", que.removeprefix("@"))[0], OTROS)
