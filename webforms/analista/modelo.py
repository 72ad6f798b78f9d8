"""A diagram or table as an analyst reads it: its elements, and what changed between two texts of it. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from engine.model import decision_tables
from engine.model import vocabulary
from engine.model import xml
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
    "businessRuleTask": "Tabla de decisión",
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
_NOMBRADOS: Final = ("sequenceFlow", "lane", "participant", "process")


class ModeloIlegible(ValueError):
    """The bytes are not XML that we read; `regla` is the deployer's rule code."""

    def __init__(self, regla: str) -> None:
        super().__init__(regla)
        self.regla = regla


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
    tablas: tuple[decision_tables.Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Cambio:
    id: str
    nombre: str
    tipo: str
    clase: str  # "nuevo", "cambiado", "quitado"
    que: tuple[str, ...] = ()


def nombre_valido(archivo: str) -> bool:
    return NOMBRE_DE_ARCHIVO.fullmatch(archivo) is not None


def nombre_limpio(archivo: str) -> str:
    """The name under which an uploaded file is kept: «Proceso de atención 1.2.bpmn» is Proceso_de_atencion_1_2.bpmn."""
    base, punto, clase = archivo.rpartition(".")
    sin_tildes = "".join(letra for letra in unicodedata.normalize("NFKD", base) if not unicodedata.combining(letra))
    return re.sub(r"[^A-Za-z0-9_-]+", "_", sin_tildes).strip("_-")[:70] + punto + clase.lower()


def raiz(contenido: bytes) -> etree._Element:
    try:
        return xml.parse(contenido)
    except xml.XmlRefusedError as error:
        raise ModeloIlegible(str(error)) from error


def leer(archivo: str, contenido: bytes) -> Modelo:
    """Reads what can be read, of a file that the deployer would refuse too. Raises ModeloIlegible when it is not XML."""
    arbol = raiz(contenido)
    return _leer_tabla(archivo, arbol) if archivo.endswith(".dmn") else _leer_diagrama(archivo, arbol)


# --- diagrams ---------------------------------------------------------------------------------------------------------
def _leer_diagrama(archivo: str, arbol: etree._Element) -> Modelo:
    diagrama = vocabulary.read(archivo, arbol)
    lugares = _lugares(arbol)
    elementos = [
        _elemento(spec)
        for proceso in diagrama.processes
        for spec in sorted(proceso.elements.values(), key=lambda s: lugares.get(s.id, (1e9, 1e9)))
    ]
    primero = diagrama.processes[0] if diagrama.processes else None
    return Modelo(
        titulo=_sin_saltos(primero.name) if primero else archivo,
        procesos=tuple((p.id, _sin_saltos(p.name)) for p in diagrama.processes),
        elementos=tuple(elementos),
        nombres=nombres(arbol),
        documentacion=xml.text(xml.child(primero.node, "documentation")) if primero else "",
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
        return f"{len(spec.fields)} campos declarados" if len(spec.fields) != 1 else "1 campo declarado"
    if spec.message is not None and spec.message.name:
        return f"Mensaje {spec.message.name}"
    for etiqueta, valor in (("Acción", spec.handler), ("Tabla", spec.table), ("Proceso", spec.called)):
        if valor:
            return f"{etiqueta} {valor}"
    return ""


def _lugares(arbol: etree._Element) -> dict[str, tuple[float, float]]:
    """Element id → where it is drawn; the table goes from left to right."""
    halladas: dict[str, tuple[float, float]] = {}
    for forma in arbol.iter(xml.BPMN_DI + "BPMNShape"):
        caja = next((hijo for hijo in forma if isinstance(hijo.tag, str) and xml.local(hijo) == "Bounds"), None)
        if caja is not None:
            try:
                halladas[forma.get("bpmnElement", "")] = (float(caja.get("x", "0")), float(caja.get("y", "0")))
            except ValueError:
                continue
    return halladas


def nombres(arbol: etree._Element) -> dict[str, str]:
    """Id → what the analyst sees; an unnamed flow is told by its ends, an unnamed event or gateway by its kind."""
    hallados: dict[str, str] = {}
    for nodo in arbol.iter():
        if not isinstance(nodo.tag, str) or not nodo.get("id"):
            continue
        if nombre := _sin_saltos(nodo.get("name", "")):
            hallados[nodo.get("id", "")] = nombre
        elif xml.local(nodo) in vocabulary.FLOW_NODES:
            hallados[nodo.get("id", "")] = f"{TIPOS[xml.local(nodo)]} sin nombre"
    for flujo in arbol.iter(xml.BPMN + "sequenceFlow"):
        desde, hasta = (hallados.get(flujo.get(fin, ""), flujo.get(fin, "")) for fin in ("sourceRef", "targetRef"))
        propio = hallados.get(flujo.get("id", ""))
        hallados[flujo.get("id", "")] = f"Flujo «{propio}» de {desde}" if propio else f"Flujo de {desde} a {hasta}"
    return hallados


def _sin_saltos(texto: str) -> str:
    return " ".join(texto.split())


# --- decision tables --------------------------------------------------------------------------------------------------
def _leer_tabla(archivo: str, arbol: etree._Element) -> Modelo:
    tablas, _ = decision_tables.read(archivo, arbol)
    decisiones = [nodo for nodo in arbol.iter() if isinstance(nodo.tag, str) and xml.local(nodo) == "decision"]
    titulo = _sin_saltos(decisiones[0].get("name") or decisiones[0].get("id", archivo)) if decisiones else archivo
    texto = next((hijo.text or "" for nodo in decisiones for hijo in nodo if xml.local(hijo) == "description"), "")
    return Modelo(titulo, (), (), nombres(arbol), texto.strip(), tuple(tablas))


# --- what changed -----------------------------------------------------------------------------------------------------
def comparar(antes: bytes | None, despues: bytes) -> list[Cambio]:
    """Elements by id: new, changed (and in what), removed. Where they are drawn does not count."""
    viejas = _unidades(raiz(antes)) if antes is not None else {}
    nuevas = _unidades(raiz(despues))
    return [*_nuevos_y_cambiados(viejas, nuevas), *(u.cambio("quitado") for i, u in viejas.items() if i not in nuevas)]


def _nuevos_y_cambiados(viejas: Mapping[str, "_Unidad"], nuevas: Mapping[str, "_Unidad"]) -> Iterator[Cambio]:
    for id_, unidad in nuevas.items():
        if id_ not in viejas:
            yield unidad.cambio("nuevo")
            continue
        otras = viejas[id_].facetas
        distintas = [que for que in {**otras, **unidad.facetas} if otras.get(que) != unidad.facetas.get(que)]
        if distintas:
            yield unidad.cambio("cambiado", distintas)


@dataclass(frozen=True, slots=True)
class _Unidad:
    id: str
    nombre: str
    tipo: str
    facetas: Mapping[str, str]

    def cambio(self, clase: str, que: Iterable[str] = ()) -> Cambio:
        return Cambio(self.id, self.nombre, self.tipo, clase, tuple(que))


_CON_CUERPO: Final = (*vocabulary.FLOW_NODES, *_NOMBRADOS, "decision", "rule")
#: What editors write or leave out as they like: it says the same.
_DE_FABRICA: Final = frozenset(
    {("cancelActivity", "true"), ("isInterrupting", "true"), ("parallelMultiple", "false"), ("isForCompensation", "false")}
)
_TIPO: Final = "{http://www.w3.org/2001/XMLSchema-instance}type"
_AJENAS: Final = ("incoming", "outgoing", "flowNodeRef", "laneSet", "decisionTable", *_CON_CUERPO)
_FACETAS: Final[Mapping[str, str]] = {
    "documentation": "la documentación",
    "description": "la descripción",
    "extensionElements": "las propiedades",
    "conditionExpression": "la condición",
    "inputEntry": "las condiciones",
    "outputEntry": "los resultados",
    "timerEventDefinition": "el tiempo",
    "messageEventDefinition": "el mensaje",
}


def _unidades(arbol: etree._Element) -> dict[str, _Unidad]:
    conocidos = nombres(arbol)
    carriles = {xml.text(ref): lane.get("id", "") for lane in arbol.iter(xml.BPMN + "lane") for ref in xml.children(lane, "flowNodeRef")}
    halladas: dict[str, _Unidad] = {}
    reglas = 0
    for nodo in arbol.iter():
        if not isinstance(nodo.tag, str) or xml.local(nodo) not in _CON_CUERPO or not nodo.get("id"):
            continue
        id_, tipo = nodo.get("id", ""), xml.local(nodo)
        reglas += tipo == "rule"
        nombre = f"Regla {reglas}" if tipo == "rule" else conocidos.get(id_, TIPOS.get(tipo, tipo))
        halladas[id_] = _Unidad(id_, nombre, TIPOS.get(tipo, tipo), _facetas(nodo, carriles.get(id_, "")))
    return halladas


def _facetas(nodo: etree._Element, carril: str) -> dict[str, str]:
    facetas: dict[str, str] = {"el tipo": xml.local(nodo), "el carril": carril}
    for atributo, valor in sorted(nodo.attrib.items()):
        if (str(atributo), valor) in _DE_FABRICA or str(atributo).startswith("{"):
            continue
        que = {
            "name": "el nombre",
            "id": "",
            "sourceRef": "de dónde sale",
            "targetRef": "a dónde llega",
            "default": "la salida por defecto",
        }
        if etiqueta := que.get(str(atributo), "otros datos"):
            facetas[etiqueta] = facetas.get(etiqueta, "") + f"{atributo}={' '.join(str(valor).split())};"
    for hijo in nodo:
        if isinstance(hijo.tag, str) and xml.local(hijo) not in _AJENAS:
            que_hijo = _FACETAS.get(xml.local(hijo), "otros datos")
            facetas[que_hijo] = facetas.get(que_hijo, "") + _canonico(hijo)
    if (tabla := next((h for h in nodo if isinstance(h.tag, str) and xml.local(h) == "decisionTable"), None)) is not None:
        columnas = "".join(_canonico(h) for h in tabla if isinstance(h.tag, str) and xml.local(h) in ("input", "output"))
        facetas["las columnas o la política"] = f"{tabla.get('hitPolicy', 'UNIQUE')};{columnas}"
    return facetas


def _canonico(nodo: etree._Element) -> str:
    """Without spaces, ids of parts and name space prefixes: what the element says."""
    if not isinstance(nodo.tag, str):
        return ""
    atributos = ",".join(f"{n}={' '.join(str(v).split())}" for n, v in sorted(nodo.attrib.items()) if n not in ("id", _TIPO))
    hijos = "".join(map(_canonico, nodo))
    return f"<{nodo.tag} {atributos}>{' '.join((nodo.text or '').split())}{hijos}"
