"""A diagram of another engine in our words: what its extensions say of people, forms, tables and
times. Pure.

Nothing that its vendor's words say is guessed: what has the same meaning here is written, what has
none is named as left out, and what somebody must decide is asked. The extensions themselves stay in
the file; here they have no effect.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from lxml import etree

from common.language import said

BPMN: Final = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
NUESTRO: Final = "urn:ventanilla:bpmn:1"
V: Final = f"{{{NUESTRO}}}"
ZEEBE: Final = "{http://camunda.org/schema/zeebe/1.0}"
#: name spaces whose attributes and elements say the same
AJENOS: Final = tuple(
    f"{{{espacio}}}"
    for espacio in (
        "http://camunda.org/schema/1.0/bpmn",
        "http://operaton.org/schema/1.0/bpmn",
        "http://activiti.org/bpmn",
        "http://flowable.org/bpmn",
    )
)
PERSONAS: Final = ("userTask", "manualTask")
TIPOS: Final = {
    "string": "text",
    "long": "integer",
    "boolean": "boolean",
    "date": "date",
    "enum": "choice",
    "double": "number",
}
#: of a form of its own file (`.form`)
COMPONENTES: Final = {
    **dict.fromkeys(("textfield", "expression"), "text"),
    **dict.fromkeys(("select", "radio"), "choice"),
    "textarea": "longtext",
    "number": "number",
    "checkbox": "boolean",
    "datetime": "date",
    "filepicker": "file",
}
SIN_DECISION: Final = frozenset({"longtext", "file"})
#: what is written here in other words, so that its own word says nothing more
DICHOS: Final = frozenset({
    "candidateGroups", "assignee", "formData", "formField", "formDefinition", "assignmentDefinition", "decisionRef", "calledDecision",
    "calledElement", "subscription", "collection", "elementVariable", "dueDate", "priority", "userTask", "loopCharacteristics",
})  # fmt: skip
NOMBRE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
VARIABLE: Final = re.compile(r"(?:[$#]\{\s*|=\s*)?([A-Za-z][A-Za-z0-9_]*)\s*\}?")
ROL: Final = 40  #: letters of a role
POR_DECIDIR: Final = "por_decidir"

Clase = Literal["traducido", "omitido", "decidir"]


@dataclass(frozen=True, slots=True)
class Nota:
    """One line of what the import did, or could not do, at an element."""

    clase: Clase
    elemento: str
    frase: str


@dataclass(slots=True)
class Ajeno:
    """A diagram that is being put into our words. `formularios`: id of a form → its components."""

    raiz: etree._Element
    formularios: Mapping[str, list[Any]]
    notas: list[Nota] = field(default_factory=list)

    def nota(self, clase: Clase, nodo: etree._Element, frase: str) -> None:
        self.notas.append(Nota(clase, nodo.get("id") or nodo.get("name") or _local(nodo), frase))

    def traducir(self) -> bytes:
        for proceso in self.raiz.iter(BPMN + "process"):
            self._personas(proceso)
        for nodo in list(self.raiz.iter(BPMN + "*")):
            self._elemento(nodo)
        self._omitidos()
        etree.cleanup_namespaces(
            self.raiz, top_nsmap={"v": NUESTRO}, keep_ns_prefixes=[p for p in self.raiz.nsmap if p]
        )
        return bytes(etree.tostring(self.raiz, encoding="UTF-8", xml_declaration=True))

    # --- people
    def _personas(self, proceso: etree._Element) -> None:
        """A lane for each group of people: a drawn one that says no role, else one that is put
        in."""
        tareas = {n.get("id", ""): n for n in proceso.iter(*(BPMN + tipo for tipo in PERSONAS))}
        en_carril: dict[str, etree._Element] = {}
        for carril in proceso.iter(BPMN + "lane"):
            suyas = [
                t
                for r in carril.findall(BPMN + "flowNodeRef")
                if (t := (r.text or "").strip()) in tareas
            ]
            en_carril |= dict.fromkeys(suyas, carril)
            if suyas and not _nuestros(carril, "lane"):
                grupos = {g for t in suyas if (g := self._grupo(tareas[t]))}
                nombre = (
                    grupos.pop()
                    if len(grupos) == 1
                    else carril.get("name") or carril.get("id") or ""
                )
                self._rol(carril, nombre)
        sueltas: dict[str, list[str]] = {}
        for id_, tarea in tareas.items():
            if id_ and id_ not in en_carril:
                sueltas.setdefault(self._grupo(tarea) or self._alguien(tarea), []).append(id_)
        if sueltas:
            self._carriles(proceso, sueltas)

    def _carriles(self, proceso: etree._Element, sueltas: Mapping[str, list[str]]) -> None:
        conjunto = etree.Element(BPMN + "laneSet", id=f"{proceso.get('id')}_carriles_ajenos")
        for numero, (grupo, ids) in enumerate(sueltas.items(), 1):
            carril = etree.SubElement(
                conjunto,
                BPMN + "lane",
                id=f"{conjunto.get('id')}_{numero}",
                name=grupo or said("Por decidir"),
            )
            for id_ in ids:
                etree.SubElement(carril, BPMN + "flowNodeRef").text = id_
            self._rol(carril, grupo)
        delante = (
            "documentation",
            "extensionElements",
            "auditing",
            "monitoring",
            "property",
            "laneSet",
        )
        lugar = next(
            (i for i, hijo in enumerate(proceso) if _local(hijo) not in delante), len(proceso)
        )
        proceso.insert(lugar, conjunto)

    def _rol(self, carril: etree._Element, grupo: str) -> None:
        rol = codigo(grupo)
        poner(carril, "lane", role=rol)
        cuales = ", ".join((r.text or "").strip() for r in carril.findall(BPMN + "flowNodeRef"))
        if rol == POR_DECIDIR:
            self.nota(
                "decidir",
                carril,
                said(
                    "Quién hace %(t)s: el archivo no dice ningún grupo. Escriba su rol en el carril.",
                    t=cuales,
                ),
            )
        else:
            self.nota(
                "traducido",
                carril,
                said("«%(g)s» es el rol %(r)s, para %(t)s.", g=grupo, r=rol, t=cuales),
            )

    def _grupo(self, tarea: etree._Element) -> str:
        """The first group of those who may take it; one that is computed is nobody's name."""
        grupos = _ajeno(tarea, "candidateGroups") or _de_zeebe(
            tarea, "assignmentDefinition", "candidateGroups"
        )
        uno, *otros = [parte.strip() for parte in grupos.split(",") if parte.strip()] or [""]
        if otros:
            self.nota(
                "decidir",
                tarea,
                said(
                    "La pueden tomar también %(g)s; un carril es de un solo rol.",
                    g=", ".join(otros),
                ),
            )
        if uno and not re.fullmatch(r"[\w .:/-]+", uno):
            self.nota(
                "decidir",
                tarea,
                said("Su grupo se calcula (%(g)s); un carril es de un rol escrito.", g=uno),
            )
            return ""
        return uno

    def _alguien(self, tarea: etree._Element) -> str:
        """Somebody by name stands for a lane; who is computed is told apart (`_encargado`)."""
        quien = _ajeno(tarea, "assignee") or _de_zeebe(tarea, "assignmentDefinition", "assignee")
        if not re.fullmatch(r"[\w .@-]+", quien):
            return ""
        self.nota(
            "decidir",
            tarea,
            said(
                "Era de una persona, «%(q)s»: queda un rol con ese nombre. Elija quiénes lo tienen.",
                q=quien,
            ),
        )
        return quien

    # --- elements
    def _elemento(self, nodo: etree._Element) -> None:
        tipo = _local(nodo)
        if tipo in PERSONAS:
            self._encargado(nodo)
            self._tiempos(nodo)
            self._formulario(nodo)
        elif _empieza(nodo):
            self._formulario(nodo)
        elif tipo == "businessRuleTask" and not _nuestros(nodo, "decision"):
            if tabla := _ajeno(nodo, "decisionRef") or _de_zeebe(
                nodo, "calledDecision", "decisionId"
            ):
                poner(nodo, "decision", table=tabla)
                self.nota("traducido", nodo, said("Pregunta a la tabla «%(t)s».", t=tabla))
        elif tipo == "callActivity" and not nodo.get("calledElement"):
            if proceso := _de_zeebe(nodo, "calledElement", "processId"):
                nodo.set("calledElement", proceso)
                self.nota("traducido", nodo, said("Llama al proceso «%(p)s».", p=proceso))
        elif tipo == "multiInstanceLoopCharacteristics":
            self._repeticion(nodo)
        elif tipo in ("receiveTask", "startEvent", "intermediateCatchEvent", "boundaryEvent"):
            self._mensaje(nodo)

    def _encargado(self, tarea: etree._Element) -> None:
        quien = _ajeno(tarea, "assignee") or _de_zeebe(tarea, "assignmentDefinition", "assignee")
        variable = VARIABLE.fullmatch(quien)
        if quien[:1] in ("$", "#", "=") and variable and not _nuestros(tarea, "holder"):
            poner(tarea, "holder", variable=variable[1])
            self.nota(
                "traducido", tarea, said("La hace la persona que nombra %(v)s.", v=variable[1])
            )
        elif quien[:1] in ("$", "#", "="):
            self.nota(
                "decidir",
                tarea,
                said("Su persona se calcula (%(q)s). Escriba la variable que la nombra.", q=quien),
            )

    def _tiempos(self, tarea: etree._Element) -> None:
        for palabra, nuestra in (("dueDate", "due"), ("priority", "priority")):
            escrito = _ajeno(tarea, palabra)
            variable = VARIABLE.fullmatch(escrito)
            fijo = re.fullmatch(
                r"\d+" if nuestra == "priority" else r"P\w+|\d{4}-\d\d-\d\d[\dT:Z+.-]*", escrito
            )
            if escrito and not _nuestros(tarea, nuestra) and (variable or fijo):
                poner(tarea, nuestra, expr=escrito if fijo or variable is None else variable[1])
                self.nota("traducido", tarea, said("%(p)s: %(e)s.", p=palabra, e=escrito))
            elif escrito and not _nuestros(tarea, nuestra):
                self.nota(
                    "decidir",
                    tarea,
                    said("%(p)s se calcula (%(e)s). Escríbalo en el panel.", p=palabra, e=escrito),
                )

    def _repeticion(self, ciclo: etree._Element) -> None:
        coleccion, item = (
            VARIABLE.fullmatch(_ajeno(ciclo, "collection")),
            _ajeno(ciclo, "elementVariable"),
        )
        if coleccion is None:
            coleccion = VARIABLE.fullmatch(
                _de_zeebe(ciclo, "loopCharacteristics", "inputCollection")
            )
            item = _de_zeebe(ciclo, "loopCharacteristics", "inputElement")
        if coleccion is None or any(
            ciclo.find(BPMN + hijo) is not None for hijo in ("loopDataInputRef", "loopCardinality")
        ):
            return
        actividad = ciclo.getparent()
        item = item if NOMBRE.fullmatch(item) else f"{coleccion[1]}_uno"
        datos = etree.Element(
            BPMN + "inputDataItem",
            id=f"{'' if actividad is None else actividad.get('id')}_{item}",
            name=item,
        )
        referencia = etree.Element(BPMN + "loopDataInputRef")
        referencia.text = coleccion[1]
        lugar = next(
            (
                i
                for i, h in enumerate(ciclo)
                if _local(h) not in ("documentation", "extensionElements")
            ),
            len(ciclo),
        )
        ciclo[lugar:lugar] = [referencia, datos]
        self.nota(
            "traducido",
            ciclo if actividad is None else actividad,
            said("Se repite por cada %(i)s de la lista %(l)s.", i=item, l=coleccion[1]),
        )

    def _mensaje(self, nodo: etree._Element) -> None:
        """By what its message finds the case, when the file says it as a plain name."""
        definicion = nodo.find(BPMN + "messageEventDefinition")
        referencia = (
            (nodo if definicion is None else definicion).get("messageRef", "").rpartition(":")[2]
        )
        mensaje = next(
            (
                m
                for m in self.raiz.findall(BPMN + "message")
                if referencia and m.get("id") == referencia
            ),
            None,
        )
        llave = VARIABLE.fullmatch(
            "" if mensaje is None else _de_zeebe(mensaje, "subscription", "correlationKey")
        )
        if llave and not _nuestros(nodo, "message"):
            poner(nodo, "message", key=llave[1])
            self.nota(
                "traducido", nodo, said("Su mensaje encuentra el caso por %(v)s.", v=llave[1])
            )

    # --- forms
    def _formulario(self, nodo: etree._Element) -> None:
        if _nuestros(nodo, "field") or _nuestros(nodo, "form"):
            return
        campos = list(self._campos(nodo))
        for uno in campos:
            poner(nodo, "field", **uno)
        if campos:
            self.nota(
                "traducido",
                nodo,
                said("Su formulario: %(c)s.", c=", ".join(uno["name"] for uno in campos)),
            )
            if _local(nodo) == "startEvent" and not _nuestros(nodo, "start"):
                poner(nodo, "start", roles=POR_DECIDIR)
                self.nota(
                    "decidir",
                    nodo,
                    said(
                        "Quién lo empieza: el archivo no lo dice. Escriba sus roles en el inicio."
                    ),
                )
        elif clave := _ajeno(nodo, "formKey") or _ajeno(nodo, "formRef") or _form_de_zeebe(nodo):
            self.nota(
                "decidir",
                nodo,
                said(
                    "Su formulario (%(f)s) no está aquí: escriba sus campos, o traiga el archivo .form.",
                    f=clave,
                ),
            )

    def _campos(self, nodo: etree._Element) -> Iterator[dict[str, str]]:
        dichos: set[str] = set()
        ajenos = (
            c
            for espacio in AJENOS
            for f in _extensiones(nodo, espacio + "formData")
            for c in f.iter(espacio + "formField")
        )
        de_archivo = self.formularios.get(_ajeno(nodo, "formRef") or _form_de_zeebe(nodo), [])
        for uno in (*map(_de_formdata, ajenos), *map(_de_componente, _hojas(de_archivo))):
            if uno is None:
                continue
            if not NOMBRE.fullmatch(uno["name"]) or uno["name"] in dichos:
                self.nota(
                    "decidir",
                    nodo,
                    said(
                        "El campo «%(c)s» no tiene un nombre que se pueda usar, o está dos veces.",
                        c=uno["name"],
                    ),
                )
                continue
            dichos.add(uno["name"])
            yield uno

    # --- what is left
    def _omitidos(self) -> None:
        """Vendors' words that nothing above reads, each once an element."""
        for nodo in self.raiz.iter(BPMN + "*"):
            palabras = {_local_de(a) for a in nodo.attrib if str(a).startswith((*AJENOS, ZEEBE))}
            palabras |= {
                _local(hijo) for hijo in _todas(nodo) if str(hijo.tag).startswith((*AJENOS, ZEEBE))
            }
            if palabras - DICHOS:
                self.nota("omitido", nodo, ", ".join(sorted(palabras - DICHOS)))


# --- forms of others ------------------------------------------------------------------------------
def formularios_de(archivos: Iterable[bytes]) -> dict[str, list[Any]]:
    """Files `.form`: id → components. ValueError for what is none."""
    hallados: dict[str, list[Any]] = {}
    for contenido in archivos:
        match json.loads(contenido):
            case {"components": list(componentes), **resto}:
                hallados[str(resto.get("id", ""))] = componentes
            case _:
                raise ValueError("components")
    return hallados


def _hojas(componentes: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for uno in componentes:
        if isinstance(uno, dict):
            yield from (
                _hojas(uno["components"]) if isinstance(uno.get("components"), list) else (uno,)
            )


def _de_formdata(campo: etree._Element) -> dict[str, str]:
    """`formField` of a task or start; an enumeration has its values."""
    tipo = TIPOS.get(campo.get("type", ""), "text")
    opciones = [
        (v.get("id", ""), v.get("name") or v.get("id", "")) for v in campo if _local(v) == "value"
    ]
    exige = any(_local(r) == "constraint" and r.get("name") == "required" for r in campo.iter())
    return _campo(campo.get("id", ""), campo.get("label", ""), tipo, opciones, exige=exige)


def _de_componente(uno: dict[str, Any]) -> dict[str, str] | None:
    """A component of a form file; one that asks nothing (a text, a button) is no field."""
    tipo = COMPONENTES.get(str(uno.get("type", "")))
    if tipo is None or not uno.get("key"):
        return None
    valores = uno.get("values")
    opciones = (
        [(str(v.get("value", "")), str(v.get("label", ""))) for v in valores if isinstance(v, dict)]
        if isinstance(valores, list)
        else []
    )
    reglas = uno.get("validate")
    exige = bool(reglas.get("required")) if isinstance(reglas, dict) else False
    return _campo(str(uno["key"]), str(uno.get("label") or ""), tipo, opciones, exige=exige)


def _campo(
    nombre: str, rotulo: str, tipo: str, opciones: list[tuple[str, str]], *, exige: bool
) -> dict[str, str]:
    tipo = tipo if opciones or tipo != "choice" else "text"
    uno = {
        "name": nombre,
        "label": rotulo.strip() or nombre,
        "type": tipo,
        "required": "true" if exige else "false",
    }
    if tipo == "choice":
        uno["options"] = "|".join(f"{_plano(clave)}:{_plano(texto)}" for clave, texto in opciones)
    return uno if tipo in SIN_DECISION else {**uno, "decision": "true"}


def _plano(texto: str) -> str:
    return re.sub(r"[|:]", " ", texto).strip()


# --- XML ------------------------------------------------------------------------------------------
def codigo(nombre: str) -> str:
    """A role of this name: letters without accents, digits and `_`."""
    llano = unicodedata.normalize("NFKD", nombre).encode("ascii", "ignore").decode().lower()
    hecho = re.sub(r"[^a-z0-9]+", "_", llano).strip("_")
    return (hecho if hecho[:1].isalpha() else f"rol_{hecho}" if hecho else POR_DECIDIR)[:ROL].strip(
        "_"
    )


def _local(nodo: etree._Element) -> str:
    return _local_de(nodo.tag)


def _local_de(nombre: object) -> str:
    return str(nombre).rpartition("}")[2]


def _empieza(nodo: etree._Element) -> bool:
    """A start of a process that waits for nothing: somebody begins it, by its form."""
    alrededor = nodo.getparent()
    espera = any(_local(hijo).endswith(("EventDefinition", "eventDefinitionRef")) for hijo in nodo)
    return (
        _local(nodo) == "startEvent"
        and alrededor is not None
        and _local(alrededor) == "process"
        and not espera
    )


def _extensiones(nodo: etree._Element, etiqueta: str) -> list[etree._Element]:
    extensiones = nodo.find(BPMN + "extensionElements")
    return [] if extensiones is None else extensiones.findall(etiqueta)


def _todas(nodo: etree._Element) -> Iterator[etree._Element]:
    extensiones = nodo.find(BPMN + "extensionElements")
    return (
        hijo for hijo in (() if extensiones is None else extensiones) if isinstance(hijo.tag, str)
    )


def _nuestros(nodo: etree._Element, palabra: str) -> list[etree._Element]:
    return _extensiones(nodo, V + palabra)


def _ajeno(nodo: etree._Element, atributo: str) -> str:
    return next(
        (valor.strip() for espacio in AJENOS if (valor := nodo.get(espacio + atributo))), ""
    )


def _de_zeebe(nodo: etree._Element, elemento: str, atributo: str) -> str:
    return next(
        (
            valor.strip()
            for uno in _extensiones(nodo, ZEEBE + elemento)
            if (valor := uno.get(atributo))
        ),
        "",
    )


def _form_de_zeebe(nodo: etree._Element) -> str:
    return (
        _de_zeebe(nodo, "formDefinition", "formId")
        or _de_zeebe(nodo, "formDefinition", "formKey").rpartition(":")[2]
    )


def poner(nodo: etree._Element, palabra: str, **atributos: str) -> None:
    extensiones = nodo.find(BPMN + "extensionElements")
    if extensiones is None:
        extensiones = etree.Element(BPMN + "extensionElements")
        lugar = next(
            (i for i, hijo in enumerate(nodo) if _local(hijo) != "documentation"), len(nodo)
        )
        nodo.insert(lugar, extensiones)
    etree.SubElement(extensiones, V + palabra, atributos)
