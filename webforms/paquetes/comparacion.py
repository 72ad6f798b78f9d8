"""What changes between two texts of a diagram, in words: what means the same (where it is drawn, a
flow drawn anew) is no change."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from flask_babel import gettext as _, ngettext

from common.language import marked
from engine.reads import models
from engine.reads.models import FOREIGN, Drawing, Part
from records.cuentas.reglas.roles import ROLES
from webforms.base.rotulos import rotulo
from webforms.paquetes.expresiones import decir, rotulos_de
from webforms.paquetes.modelo import distintos, faceta, nombres_de_partes, tipo_dicho
from webforms.paquetes.programacion_palabras import regla

DECLARA: Final = re.compile(r"extensionElements/(field|input|output|variable)\[(.*)\]@(\w+)")
DECLARADOS: Final[Mapping[str, str]] = {
    "field": marked("Campo"),
    "input": marked("Con qué"),
    "output": marked("Dato que entrega"),
    "variable": marked("Dato con el que empieza"),
}
TIPOS_DE_DATO: Final[Mapping[str, str]] = {
    "text": marked("texto"),
    "integer": marked("número entero"),
    "number": marked("número"),
    "boolean": marked("sí o no"),
    "instant": marked("fecha y hora"),
    "list": marked("lista"),
}
PROGRAMA: Final = "extensionElements/schedule"
#: Where it stands in a part → how the line begins; the first that fits counts.
ROTULOS: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(patron), como)
    for patron, como in (
        ("lane", marked("Carril")),
        ("type", marked("Tipo")),
        ("@name", marked("Se llama")),
        ("@calledElement", marked("Llama al proceso")),
        ("@attachedToRef", marked("Está en el borde de")),
        ("@cancelActivity", marked("Cuando llega")),
        ("@isInterrupting", marked("Cuando llega")),
        ("@isExecutable", marked("Se ejecuta")),
        ("extensionElements/lane@role", marked("La hace")),
        ("extensionElements/lane@scope", marked("De dónde es quien la hace")),
        ("extensionElements/due@expr", marked("Vence")),
        ("extensionElements/priority@expr", marked("Prioridad")),
        ("extensionElements/form@key", marked("Formulario")),
        (r"extensionElements/field", marked("Orden de los campos")),
        (r"extensionElements/separate\[.*", marked("No puede ser quien hizo")),
        ("extensionElements/holder@variable", marked("La recibe quien dice el dato")),
        ("extensionElements/handler@name", marked("Acción automática")),
        ("extensionElements/decision@table", marked("Tabla de decisión")),
        ("extensionElements/start@roles", marked("La puede iniciar quien tiene el rol")),
        ("extensionElements/start@public", marked("La inicia cualquier persona, en línea")),
        ("extensionElements/start@after", marked("Quien la inicia lee después")),
        ("extensionElements/delivery@roles", marked("Lo entrega quien tiene el rol")),
        ("extensionElements/delivery@webhook", marked("Lo entrega un sistema, con firma")),
        ("extensionElements/case@number", marked("Número de los casos")),
        ("extensionElements/case@class", marked("Clase de los casos")),
        ("extensionElements/case@due", marked("Plazo del caso")),
        ("extensionElements/case@.*", marked("Qué dice de cada caso")),
        ("extensionElements/message@key", marked("El mensaje busca el caso por")),
        ("extensionElements/message@payload", marked("El mensaje lleva")),
        ("extensionElements/message@obligatory", marked("El mensaje es obligatorio")),
        (PROGRAMA, marked("Programación")),
        ("extensionElements/process@assumption", marked("Es un supuesto")),
        ("extensionElements/process@version_tag", marked("Etiqueta de la versión")),
        ("conditionExpression.*", marked("Condición")),
        ("conditionalEventDefinition.*", marked("Ocurre cuando")),
        ("linkEventDefinition@name", marked("Enlace")),
        ("timerEventDefinition/timeDuration.*", marked("Espera")),
        ("timerEventDefinition/timeDate.*", marked("Llega el día")),
        ("timerEventDefinition/timeCycle.*", marked("Se repite")),
        ("messageEventDefinition@messageRef|@messageRef", marked("Mensaje")),
        ("signalEventDefinition@signalRef", marked("Señal")),
        ("errorEventDefinition@errorRef", marked("Error")),
        ("escalationEventDefinition@escalationRef", marked("Escalamiento")),
        ("multiInstanceLoopCharacteristics.*|standardLoopCharacteristics.*", marked("Repetición")),
        ("@processRef", marked("Proceso")),
        ("categoryValueRef.*", marked("No lo dice el procedimiento")),
    )
)
#: An attribute that is not written says this, on elements of this kind.
SIN_ESCRIBIR: Final[Mapping[str, tuple[str, str]]] = {
    "@cancelActivity": ("boundaryEvent", "true"), "@isInterrupting": ("startEvent", "true"),
}  # fmt: skip
VERDAD: Final[Mapping[str, str]] = {"true": marked("sí"), "false": marked("no")}
INTERRUMPE: Final[Mapping[str, str]] = {
    "true": marked("interrumpe lo que se hacía"),
    "false": marked("lo que se hacía sigue abierto"),
}
TIPOS_DE_CAMPO: Final[Mapping[str, str]] = {
    "text": marked("texto"),
    "longtext": marked("texto largo"),
    "choice": marked("se elige"),
    "date": marked("fecha"),
    "number": marked("número"),
    "integer": marked("número entero"),
    "boolean": marked("sí o no"),
    "email": marked("correo"),
    "file": marked("archivo"),
}
#: Read in words, whatever stands around them.
CONDICIONES: Final = re.compile(
    r"conditionExpression|conditionalEventDefinition/condition|(?:.*/)?(?:completionCondition|loopCondition)"
)
#: What is told of an element that comes or goes in its own line, not among what it says.
CALLADOS: Final = frozenset(
    {"type", "@name", "@sourceRef", "@targetRef", "@default", "@isExecutable", "@processRef"}
)
ENTRE_QUE: Final = frozenset({"@sourceRef", "@targetRef"})
AJENA: Final = marked("Propiedad de otra herramienta, sin efecto aquí")
ORDEN: Final = "extensionElements/field"
#: They explain and run nothing: told with what was moved.
SOLO_EXPLICA: Final = ("documentation", "description")
HABILES: Final = re.compile(r"dias_habiles\(\s*(\d+)\s*\)")
LAPSO: Final = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


@dataclass(frozen=True, slots=True)
class Linea:
    """ "Vence: 10 días hábiles → 8 días hábiles"; of what is new only the second, of what is gone
    the first."""

    rotulo: str
    antes: str = ""
    despues: str = ""


@dataclass(frozen=True, slots=True)
class Dicho:
    """One change as it is read; `numero` stands on the drawing too."""

    numero: int
    id: str
    nombre: str
    tipo: str
    clase: str  #: "nuevo", "cambiado", "quitado"
    lineas: tuple[Linea, ...]
    viejo: str = ""  #: of a flow drawn anew, its id on the drawing in force


@dataclass(frozen=True, slots=True)
class Ajena:
    """What only another tool reads of an element: nothing here runs by it."""

    nombre: str  #: of the element
    que: str  #: "camunda:assignee"
    antes: str
    despues: str


@dataclass(frozen=True, slots=True)
class Comparacion:
    dichos: tuple[Dicho, ...] = ()
    #: id → class of its mark on the drawing in force
    antes: Mapping[str, str] = field(default_factory=dict)
    despues: Mapping[str, str] = field(default_factory=dict)
    figuras: tuple[str, ...] = ()  #: only moved
    lineas: tuple[str, ...] = ()
    explicaciones: tuple[str, ...] = ()  #: notes and descriptions that changed
    ajenas: tuple[Ajena, ...] = ()  #: properties of other tools that come, change or go

    @property
    def insignias(self) -> Mapping[str, tuple[int, str]]:
        """Id → the number that stands on it, and in which shape."""
        return {
            id_: (dicho.numero, dicho.clase)
            for dicho in self.dichos
            for id_ in (dicho.viejo, dicho.id)
            if id_
        }


def comparar_diagramas(antes: bytes | None, despues: bytes) -> Comparacion:
    """Raises Unreadable."""
    return _Dos(_Hoja(antes) if antes is not None else None, _Hoja(despues)).comparacion()


#: What stands in columns of its own, or is told by the elements beside it.
CON_COLUMNA: Final = frozenset({
    "Carril", "Vence", "Formulario", "Acción automática", "Tabla de decisión", "Llama al proceso", "Mensaje", "Después de", "Antes de",
})  # fmt: skip


def lo_que_dice(contenido: bytes) -> Mapping[str, tuple[Linea, ...]]:
    """Element → what it says, in the words of a comparison, and where one goes on from it when that
    is decided there; properties of other tools last. Raises Unreadable."""
    hoja = _Hoja(contenido)
    dos = _Dos(None, hoja)
    dicho = {
        d.id: [linea for linea in d.lineas if linea.rotulo not in CON_COLUMNA]
        for d in dos.comparacion().dichos
    }
    for id_ in hoja.partes:
        siguen = hoja.siguen(id_)
        if any(hoja.cuando(flujo) for flujo in siguen):
            dicho[id_] += [Linea(marked("Sigue a"), despues=hoja.salida(flujo)) for flujo in siguen]
    for id_, parte in hoja.partes.items():
        dicho[id_] += [
            Linea(AJENA, despues=f"{_de_otra(que)}: {texto}")
            for que, texto in _ajenas(parte).items()
        ]
    return {id_: tuple(lineas) for id_, lineas in dicho.items()}


class _Hoja:
    """One text of a diagram: its parts, their names, its flows by their ends."""

    def __init__(self, contenido: bytes) -> None:
        partes = models.parts(contenido)
        self.dibujo: Drawing = models.drawing(contenido)
        self.nombres = nombres_de_partes(partes)
        todas = {p.id: p for p in partes if p.facets}
        self.flujos = {id_: p for id_, p in todas.items() if p.tag == "sequenceFlow"}
        self.partes = {id_: p for id_, p in todas.items() if p.tag != "sequenceFlow"}
        self.rotulos = rotulos_de(
            campo
            for p in self.partes.values()
            for campo in _declarados(p).get("field", {}).values()
        )

    def nombre(self, id_: str) -> str:
        parte = self.partes.get(id_)
        return self.nombres.get(id_) or (tipo_dicho(parte.tag) if parte else id_)

    def siguen(self, id_: str) -> list[Part]:
        return [f for f in self.flujos.values() if f.source == id_]

    def cuando(self, flujo: Part) -> str:
        """ "si «Ruta» es «escrita»"; of the default "si ninguna otra condición se cumple"."""
        if condicion := flujo.facets.get("conditionExpression"):
            return str(_("si %(x)s", x=decir(condicion, self.rotulos)))
        origen = self.partes.get(flujo.source)
        es_la_otra = origen is not None and origen.facets.get("@default") == flujo.id
        return str(_("si ninguna otra condición se cumple")) if es_la_otra else ""

    def salida(self, flujo: Part) -> str:
        return _con_nota(
            self.nombre(flujo.target),
            [_("«%(x)s»", x=rotulo(flujo.name)) if flujo.name else "", self.cuando(flujo)],
        )

    def llegada(self, flujo: Part) -> str:
        return _con_nota(self.nombre(flujo.source), [self.cuando(flujo)])

    def destino(self, flujo: str) -> str:
        return self.flujos[flujo].target if flujo in self.flujos else flujo

    def llega(self, desde: str, hasta: str, por: frozenset[str]) -> bool:
        """Whether one gets from one element to the other through these only."""
        vistos, quedan = {desde}, [desde]
        while quedan:
            for flujo in self.siguen(quedan.pop()):
                if flujo.target == hasta:
                    return True
                if flujo.target in por and flujo.target not in vistos:
                    vistos.add(flujo.target)
                    quedan.append(flujo.target)
        return False


class _Dos:
    """The comparison; without an earlier text everything is new."""

    def __init__(self, antes: _Hoja | None, despues: _Hoja) -> None:
        self.a, self.b = antes or _Hoja(b"<nada/>"), despues
        self.nuevos = frozenset(self.b.partes.keys() - self.a.partes.keys())
        self.quitados = frozenset(self.a.partes.keys() - self.b.partes.keys())
        self.idos, self.venidos, self.redibujados = self._flujos()

    def comparacion(self) -> Comparacion:
        dichos = self._en_orden([*self._partes(), *self._flujos_cambiados()])
        numerados = tuple(replace(dicho, numero=n) for n, dicho in enumerate(dichos, 1))
        return Comparacion(
            numerados,
            {
                **dict.fromkeys((f.id for f in self.idos), "quitado"),
                **{d.viejo or d.id: d.clase for d in numerados if d.clase != "nuevo"},
            },
            {
                **dict.fromkeys((f.id for f in self.venidos), "nuevo"),
                **{d.id: d.clase for d in numerados if d.clase != "quitado"},
            },
            tuple(self._movidas(self.a.dibujo.shapes, self.b.dibujo.shapes)),
            tuple(self._movidas(self.a.dibujo.lines, self.b.dibujo.lines)),
            tuple(self._explicaciones()),
            tuple(self._de_otras_herramientas()),
        )

    def _en_orden(self, dichos: Iterable[Dicho]) -> list[Dicho]:
        """As they are read on the sheet, from left to right; what is not drawn first."""
        lugares = {**self.a.dibujo.places, **self.b.dibujo.places}
        return sorted(
            dichos, key=lambda d: lugares.get(d.id, lugares.get(self.b.destino(d.id), (-1.0, -1.0)))
        )

    # --- elements
    def _partes(self) -> Iterator[Dicho]:
        for id_, parte in {**self.a.partes, **self.b.partes}.items():
            hoja = self.b if id_ in self.b.partes else self.a
            lineas = tuple(self._lineas(id_))
            clase = (
                "nuevo" if id_ in self.nuevos else "quitado" if id_ in self.quitados else "cambiado"
            )
            if lineas or clase != "cambiado":
                yield Dicho(0, id_, hoja.nombre(id_), tipo_dicho(parte.tag), clase, lineas)

    def _lineas(self, id_: str) -> Iterator[Linea]:
        vieja, nueva = self.a.partes.get(id_), self.b.partes.get(id_)
        uno, otro = _hechos(vieja), _hechos(nueva)
        solo = vieja is None or nueva is None
        for que in distintos(uno, otro):
            if (que in CALLADOS and (solo or que == "@default")) or que.startswith(SOLO_EXPLICA):
                continue
            if que == ORDEN and set(uno.get(que, "").split(", ")) != set(
                otro.get(que, "").split(", ")
            ):
                continue  # told by the fields that come and go
            linea = self._linea(
                que,
                uno.get(que) or _sin_escribir(que, vieja),
                otro.get(que) or _sin_escribir(que, nueva),
            )
            if linea.antes != linea.despues:
                yield linea
        if solo:
            yield from self._vecinos(id_)
        else:
            yield from self._lo_que_sigue(id_)

    def _linea(self, que: str, uno: str, otro: str) -> Linea:
        """In words; where those of both are the same, a condition as it is written, a field with
        its name."""
        antes, despues = self._valor(self.a, que, uno), self._valor(self.b, que, otro)
        return Linea(
            _rotulo(que),
            *((uno, otro) if antes == despues and CONDICIONES.fullmatch(que) else (antes, despues)),
        )

    def _valor(self, hoja: _Hoja, que: str, texto: str) -> str:
        if not texto:
            return ""
        if que in SIN_ESCRIBIR:
            return _de(INTERRUMPE, texto)
        if que == "type":
            return tipo_dicho(texto)
        if (
            que in ("lane", "@attachedToRef")
            or que.partition("#")[0].endswith("Ref")
            or "separate[" in que
        ):
            return hoja.nombre(texto)
        if que.endswith("lane@role") and texto in ROLES:
            return str(_(ROLES[texto].nombre))
        if texto in VERDAD:
            return _de(VERDAD, texto)
        return (
            decir(texto, hoja.rotulos) if CONDICIONES.fullmatch(que) else en_palabras(rotulo(texto))
        )

    # --- flows
    def _flujos(self) -> tuple[list[Part], list[Part], list[tuple[Part, Part]]]:
        """Those gone, those that come, and those drawn anew between the same ends that say
        something else now."""
        idos = [
            f
            for i, f in self.a.flujos.items()
            if i not in self.b.flujos or _ends(f) != _ends(self.b.flujos[i])
        ]
        venidos = [
            f
            for i, f in self.b.flujos.items()
            if i not in self.a.flujos or _ends(f) != _ends(self.a.flujos[i])
        ]
        redibujados = []
        for iguales in (True, False):
            for ido in list(idos):
                suyos = [
                    v
                    for v in venidos
                    if _ends(v) == _ends(ido) and not (iguales and _dicen_otra_cosa(ido, v))
                ]
                if suyos:
                    idos.remove(ido)
                    venidos.remove(suyos[0])
                    redibujados += [] if iguales else [(ido, suyos[0])]
        return idos, venidos, redibujados

    def _vecinos(self, id_: str) -> Iterator[Linea]:
        """Where a new element was put, or a gone one stood."""
        hoja, nuevo = (self.b, True) if id_ in self.nuevos else (self.a, False)
        for como, otros in (
            (
                marked("Después de"),
                [hoja.llegada(f) for f in hoja.flujos.values() if f.target == id_],
            ),
            (marked("Antes de"), [hoja.salida(f) for f in hoja.siguen(id_)]),
        ):
            if otros:
                texto = _lista(otros)
                yield Linea(como, "" if nuevo else texto, texto if nuevo else "")

    def _lo_que_sigue(self, id_: str) -> Iterator[Linea]:
        """Where one goes on from an element, when it is not told by what was put between or taken
        away."""
        sin_contar = [
            f
            for f in self.idos
            if f.source == id_ and not self._explicado(f, self.b, self.nuevos, self.quitados)
        ]
        sin_decir = [
            f
            for f in self.venidos
            if f.source == id_ and not self._explicado(f, self.a, self.quitados, self.nuevos)
        ]
        if sin_contar or sin_decir or self._cambia_cuando(id_):
            antes, despues = ([h.salida(f) for f in h.siguen(id_)] for h in (self.a, self.b))
            yield Linea(
                marked("Sigue a"),
                _lista(antes) or str(_("termina")),
                _lista(despues) or str(_("termina")),
            )
        uno, otro = (h.partes[id_].facets.get("@default", "") for h in (self.a, self.b))
        if self.a.destino(uno) != self.b.destino(otro):
            yield Linea(
                marked("Si ninguna condición se cumple"),
                *(h.nombre(h.destino(d)) if d else "" for h, d in ((self.a, uno), (self.b, otro))),
            )

    def _explicado(
        self, flujo: Part, hoja: _Hoja, por: frozenset[str], sus: frozenset[str]
    ) -> bool:
        """Its other end comes or goes itself, or elements that come (or go) stand between its ends
        now (or did)."""
        return flujo.target in sus or hoja.llega(flujo.source, flujo.target, por)

    def _cambia_cuando(self, id_: str) -> bool:
        """Whether a condition comes or goes with a flow that nobody tells, for elements were put
        between or taken away."""
        antes, despues = (
            {
                f.facets.get("conditionExpression", "")
                for f in flujos
                if f.source == id_ and (f.id in self.a.flujos) != (f.id in self.b.flujos)
            }
            for flujos in (self.idos, self.venidos)
        )
        return antes != despues and bool(antes and despues)

    def _flujos_cambiados(self) -> Iterator[Dicho]:
        """Flows that say something else than they did: a condition, a name."""
        mismos = (
            (self.a.flujos[id_], nuevo)
            for id_, nuevo in self.b.flujos.items()
            if id_ in self.a.flujos
        )
        for viejo, nuevo in (*mismos, *self.redibujados):
            lineas = tuple(
                self._linea(q, viejo.facets.get(q, ""), nuevo.facets.get(q, ""))
                for q in _dicen_otra_cosa(viejo, nuevo)
            )
            if lineas:
                nombre, otro_id = (
                    self.b.nombres.get(nuevo.id, nuevo.id),
                    viejo.id if viejo.id != nuevo.id else "",
                )
                yield Dicho(
                    0, nuevo.id, nombre, tipo_dicho("sequenceFlow"), "cambiado", lineas, otro_id
                )

    # --- what means the same
    def _movidas(
        self, unas: Mapping[str, tuple[str, ...]], otras: Mapping[str, tuple[str, ...]]
    ) -> Iterator[str]:
        for id_ in unas.keys() & otras.keys():
            if unas[id_] != otras[id_]:
                yield self.b.nombres.get(id_) or self.b.nombre(id_)

    def _explicaciones(self) -> Iterator[str]:
        for id_ in self.a.partes.keys() & self.b.partes.keys():
            if any(
                que.startswith(SOLO_EXPLICA)
                for que in distintos(self.a.partes[id_].facets, self.b.partes[id_].facets)
            ):
                yield self.b.nombre(id_)
        yield from (
            texto
            for id_, texto in self.b.dibujo.notes.items()
            if self.a.partes and self.a.dibujo.notes.get(id_) != texto
        )
        yield from (
            texto for id_, texto in self.a.dibujo.notes.items() if id_ not in self.b.dibujo.notes
        )
        unos, otros = self.a.dibujo.groups, self.b.dibujo.groups
        yield from (
            str(_("marco «%(x)s», nuevo", x=texto))
            for id_, texto in otros.items()
            if self.a.partes and id_ not in unos
        )
        yield from (
            str(_("marco «%(x)s», quitado", x=texto))
            for id_, texto in unos.items()
            if id_ not in otros
        )

    # --- what only other tools read
    def _de_otras_herramientas(self) -> Iterator[Ajena]:
        """Of what stays or is new; what goes takes its own along."""
        for hoja_a, hoja_b in ((self.a.partes, self.b.partes), (self.a.flujos, self.b.flujos)):
            for id_, parte in hoja_b.items():
                uno, otro = _ajenas(hoja_a.get(id_)), _ajenas(parte)
                for que in (q for q in {**uno, **otro} if uno.get(q) != otro.get(q)):
                    yield Ajena(
                        self.b.nombres.get(id_) or self.b.nombre(id_),
                        _de_otra(que),
                        uno.get(que, ""),
                        otro.get(que, ""),
                    )


# --- words ----------------------------------------------------------------------------------------
def _ends(flujo: Part) -> tuple[str, str]:
    return flujo.source, flujo.target


def _dicen_otra_cosa(viejo: Part, nuevo: Part) -> list[str]:
    """In what two flows differ that runs; where they lead is told by the elements."""
    return [
        q
        for q in distintos(viejo.facets, nuevo.facets)
        if q not in ENTRE_QUE and not q.startswith((*SOLO_EXPLICA, FOREIGN))
    ]


def _con_nota(nombre: str, notas: Iterable[str]) -> str:
    dichas = ": ".join(filter(None, notas))
    return f"{_('«%(x)s»', x=nombre)} ({dichas})" if dichas else str(_("«%(x)s»", x=nombre))


def _declarados(parte: Part | None) -> dict[str, dict[str, dict[str, str]]]:
    """Field, output or variable → name → what it declares."""
    declarados: dict[str, dict[str, dict[str, str]]] = {}
    for que, texto in (parte.facets if parte else {}).items():
        if encontrado := DECLARA.fullmatch(que):
            declarados.setdefault(encontrado[1], {}).setdefault(encontrado[2], {})[
                encontrado[3]
            ] = texto
    return declarados


def _hechos(parte: Part | None) -> dict[str, str]:
    """What a part says that runs, each declared field or datum as one text."""
    hechos = {
        q: texto
        for q, texto in (parte.facets if parte else {}).items()
        if not q.startswith((FOREIGN, PROGRAMA)) and not DECLARA.fullmatch(q)
    }
    if programa := _programa(parte):
        hechos[PROGRAMA] = programa
    dichos = {
        clase: {n: _declarado(clase, dice) for n, dice in suyos.items()}
        for clase, suyos in _declarados(parte).items()
    }
    return hechos | {
        f"{clase} {nombre}": texto
        for clase, suyos in dichos.items()
        for nombre, texto in suyos.items()
    }


def _programa(parte: Part | None) -> str:
    """ "El día 1 de cada mes a las 6:00; la fecha programada queda en «cierre»"; as it is written,
    when it is no rule yet."""
    donde = f"{PROGRAMA}@"
    marca = {
        q.removeprefix(donde): texto
        for q, texto in (parte.facets if parte else {}).items()
        if q.startswith(donde)
    }
    rule = models.schedule(marca)
    if rule is None:
        return " ".join(f'{nombre}="{texto}"' for nombre, texto in marca.items())
    partes = [regla(rule)]
    partes += [str(_("después de una caída, solo la última"))] if rule.missed == "last" else []
    partes += (
        [str(_("la fecha programada queda en «%(v)s»", v=rule.variable))] if rule.variable else []
    )
    dicho = "; ".join(partes)
    return dicho[:1].upper() + dicho[1:]


def _sin_escribir(que: str, parte: Part | None) -> str:
    """What it says without its attribute; of an element that is not there, nothing."""
    clase, valor = SIN_ESCRIBIR.get(que, ("", ""))
    return valor if parte is not None and parte.tag == clase else ""


def _ajenas(parte: Part | None) -> dict[str, str]:
    return {
        que: texto
        for que, texto in (parte.facets if parte else {}).items()
        if que.startswith(FOREIGN)
    }


def _de_otra(que: str) -> str:
    """ "camunda:assignee", wherever it stands in the element."""
    return re.split(r"[/@]", que.removeprefix(FOREIGN))[-1].partition("#")[0]


def _declarado(clase: str, dice: Mapping[str, str]) -> str:
    """ "fecha_limite: fecha y hora"; of a field, what the form shows."""
    if clase == "field":
        return _campo(dice)
    if clase == "input":
        return f"{dice.get('name', '')} = {dice.get('expr') or dice.get('value', '')}"
    valor = _(", vale %(v)s", v=dice["value"]) if dice.get("value") else ""
    return f"{dice.get('name', '')}: {_de(TIPOS_DE_DATO, dice.get('type', 'text'))}{valor}"


def _campo(dice: Mapping[str, str]) -> str:
    """ "Teléfono de contacto: texto, obligatorio"."""
    partes = [_de(TIPOS_DE_CAMPO, dice.get("type", "text"))]
    partes += [str(_("obligatorio"))] if dice.get("required") == "true" else []
    partes += [str(_("decide el camino"))] if dice.get("decision") == "true" else []
    opciones = [
        _con_clave(o.partition(":")[2].strip() or o.strip(), o.partition(":")[0].strip())
        for o in dice.get("options", "").split("|")
    ]
    partes += [str(_("opciones %(o)s", o=", ".join(opciones)))] if dice.get("options") else []
    for clave, palabra in (
        ("min", _("mínimo")),
        ("max", _("máximo")),
        ("pattern", _("con la forma")),
        ("hint", _("ayuda")),
    ):
        partes += [f"{palabra} {rotulo(dice[clave])}"] if dice.get(clave) else []
    nombre = dice.get("name", "")
    return f"{_con_clave(dice.get('label', nombre), nombre)}: {', '.join(partes)}"


def _con_clave(texto: str, clave: str) -> str:
    """ "«Sí»"; where conditions call it otherwise than its words do, "«Sí» (s)"."""
    sin_tildes = "".join(
        letra for letra in unicodedata.normalize("NFKD", texto) if not unicodedata.combining(letra)
    ).lower()
    dicho = str(_("«%(x)s»", x=rotulo(texto)))
    return (
        dicho
        if clave == re.sub(r"[^a-z0-9]+", "_", sin_tildes).strip("_")
        else f"{dicho} ({clave})"
    )


def _rotulo(que: str) -> str:
    if (clase := que.partition(" ")[0]) in DECLARADOS and " " in que:
        return DECLARADOS[clase]
    dicho = next((como for patron, como in ROTULOS if patron.fullmatch(que)), "")
    return dicho or faceta(que).capitalize()


def _lista(dichos: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(dichos))


def en_palabras(texto: str) -> str:
    """ "dias_habiles(8)" is «8 días hábiles», "PT90M" «90 minutos»; an expression stays as it is
    written."""
    if habiles := HABILES.fullmatch(texto):
        return str(ngettext("%(num)s día hábil", "%(num)s días hábiles", int(habiles[1])))
    lapso = LAPSO.fullmatch(texto)
    if lapso is None or not any(lapso.groups()):
        return texto
    dias, horas, minutos, segundos = (int(n) if n else 0 for n in lapso.groups())
    partes = [
        ngettext("%(num)s día", "%(num)s días", dias) if dias else "",
        ngettext("%(num)s hora", "%(num)s horas", horas) if horas else "",
        ngettext("%(num)s minuto", "%(num)s minutos", minutos) if minutos else "",
        ngettext("%(num)s segundo", "%(num)s segundos", segundos) if segundos else "",
    ]
    return str(_(" y ")).join(filter(None, partes)) or texto


def _de(palabras: Mapping[str, str], clave: str) -> str:
    return str(_(palabras[clave])) if clave in palabras else clave
