"""Which sequence flows of its diagram an instance has taken, as far as its history can tell.

The history records what ended, in which order, and what waits now; not by which line it was
reached. So the tokens are played again over the drawing, in every way in which they can have moved,
and a flow counts as often as it was taken in all of them: what cannot be told is left out.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from engine import reads
from engine.states import Act, StepState
from engine.types import ElementSpec, Processes

#: More explanations than this are put together into one that allows all that any of them did.
MUCHOS = 200
EXCLUYENTES = ("exclusiveGateway", "eventBasedGateway")
POR_ALGUNO = ("inclusiveGateway", "complexGateway")
REPETICIONES = ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics")


class Flujo(NamedTuple):
    id: str  #: "": no line of the drawing; an act put the case there
    de: str
    a: str


class Ficha(NamedTuple):
    """A token that left an element and was not seen since. Of a sure one the flow was counted when
    it left."""

    segura: bool
    por: tuple[Flujo, ...]


class Mundo(NamedTuple):
    """One way in which it may stand."""

    fichas: tuple[Ficha, ...] = ()
    sueltas: frozenset[Ficha] = frozenset()  #: there may be none of these, or as many as are needed


@dataclass(frozen=True, slots=True)
class Dibujo:
    """One version of the diagram, as its tokens move."""

    elementos: Mapping[str, ElementSpec]
    flujos: Mapping[str, Flujo]
    entran: Mapping[str, list[Flujo]]
    salen: Mapping[str, list[Flujo]]
    condicionados: frozenset[str]  #: flows that are not always taken
    #: activities of which each item is told, and not when the whole is over
    repetidos: frozenset[str]
    multiplican: frozenset[str]  #: one token in, several out
    enlaces: Mapping[str, str]  #: event that throws a link → where it is caught, which nobody tells
    #: element of a called process → activities from which it is reached
    llamadas: Mapping[str, frozenset[str]]
    #: names that mean two elements, or what passes untold: the order of the history says nothing
    confuso: bool


def dibujo(contenido: bytes, procesos: Processes, cual: str) -> Dibujo:
    """The drawing of a process, with what it calls."""
    elementos = procesos[cual].elements
    partes = {parte.id: parte for parte in reads.models.parts(contenido)}
    flujos = {
        p.id: Flujo(p.id, p.source, p.target)
        for p in partes.values()
        if p.tag == "sequenceFlow" and p.source in elementos and p.target in elementos
    }
    entran, salen = defaultdict(list), defaultdict(list)
    for flujo in flujos.values():
        entran[flujo.a].append(flujo)
        salen[flujo.de].append(flujo)
    dice = {clave: partes[clave].facets for clave in elementos if clave in partes}
    por_defecto = {str(facetas.get("@default")) for facetas in dice.values()}
    atrapan = {
        f["linkEventDefinition@name"]: c
        for c, f in dice.items()
        if _es_enlace(elementos[c], f, "intermediateCatchEvent")
    }
    callan = {
        c
        for c, f in dice.items()
        if elementos[c].type == "intermediateCatchEvent"
        and not any("ventDefinition" in k for k in f)
    }
    llamadas = _llamadas(procesos, cual)
    return Dibujo(
        elementos=elementos,
        flujos=flujos,
        entran=entran,
        salen=salen,
        condicionados=frozenset(
            f for f in flujos if "conditionExpression" in partes[f].facets or f in por_defecto
        ),
        repetidos=frozenset(
            c for c, f in dice.items() if any(k.startswith(REPETICIONES) for k in f)
        ),
        multiplican=frozenset(c for c, f in dice.items() if "@completionQuantity" in f),
        enlaces={
            c: atrapan[f["linkEventDefinition@name"]]
            for c, f in dice.items()
            if _es_enlace(elementos[c], f, "intermediateThrowEvent")
            and f["linkEventDefinition@name"] in atrapan
        },
        llamadas=llamadas,
        confuso=bool(llamadas.keys() & elementos.keys() or callan & entran.keys()),
    )


def _es_enlace(elemento: ElementSpec, facetas: Mapping[str, str], tipo: str) -> bool:
    return elemento.type == tipo and "linkEventDefinition@name" in facetas


def _llamadas(procesos: Processes, cual: str) -> dict[str, frozenset[str]]:
    """Element of a process that this one calls, also through others → the activities of this one
    that lead there."""
    halladas: dict[str, set[str]] = defaultdict(set)
    for llamada in procesos[cual].elements.values():
        pendientes, vistos = [llamada.called], set[str]()
        while pendientes:
            llamado = pendientes.pop()
            if llamado is None or llamado in vistos or llamado not in procesos:
                continue
            vistos.add(llamado)
            for elemento in procesos[llamado].elements.values():
                halladas[elemento.id].add(llamada.id)
                pendientes.append(elemento.called)
    return {clave: frozenset(desde) for clave, desde in halladas.items()}


def tomados(
    dibujos: Mapping[int, Dibujo],
    primera: int,
    historia: Iterable[reads.history.Command],
    esperan: Iterable[str],
) -> dict[str, int]:
    """Flow of the drawing of now → times that it was surely taken. `dibujos` by release, `primera`
    the one with which it began."""
    if any(cada.confuso for cada in dibujos.values()):
        return {}
    relato = Relato(dibujos[primera])
    for orden in historia:
        if orden.kind == Act.MIGRATE:
            mapa = orden.detail.get("mapping")
            relato.pasar_a(
                dibujos[int(str(orden.detail["to"]))], mapa if isinstance(mapa, dict) else {}
            )
        quedan = iter(orden.steps)
        if orden.kind == Act.BACK and orden.element:
            for clave, estado in quedan:
                if estado != StepState.CANCELLED:  # what followed the activity has gone
                    quedan = iter([(clave, estado), *quedan])
                    break
                relato.paso(clave, estado)
            relato.devolver(orden.element)
        for clave, estado in quedan:
            relato.paso(clave, estado)
    relato.esperan(esperan)
    return relato.en_todos()


class Relato:
    """The history as it is told again."""

    def __init__(self, dibujo: Dibujo) -> None:
        self._dibujo = dibujo
        self._mundos: dict[Mundo, Counter[Flujo]] = {Mundo(): Counter()}
        self._abiertos: set[str] = set()  # what something runs inside of; its arrival is told
        self._vistos: set[str] = set()

    def en_todos(self) -> dict[str, int]:
        suyos = self._dibujo.flujos
        return {
            f.id: veces
            for f, veces in _comun(self._mundos.values()).items()
            if suyos.get(f.id) == f
        }

    # --- what the history tells -------------------------------------------------------------------
    def paso(self, clave: str, estado: StepState) -> None:
        hecho = estado != StepState.CANCELLED
        if hecho:  # what is taken away inside is told after what it was in
            self._abrir_lo_de_afuera(clave)
        if clave not in self._dibujo.elementos:
            return
        if clave in self._abiertos:
            self._abiertos.discard(clave)
        else:
            self._llegar(clave)
        if hecho:
            self._salir(clave)

    def esperan(self, claves: Iterable[str]) -> None:
        """An event at the edge waits because of its activity; of those behind a gateway for events
        none was taken yet."""
        aqui = self._dibujo.elementos
        for clave in {(aqui[c].attached_to if c in aqui else None) or c for c in claves}:
            self._abrir_lo_de_afuera(clave)
            sin_decidir = any(
                aqui[f.de].type == "eventBasedGateway" for f in self._dibujo.entran.get(clave, ())
            )
            if clave in aqui and clave not in self._abiertos and not sin_decidir:
                self._llegar(clave)

    def devolver(self, clave: str) -> None:
        """An act sent the case back there; what it lies in may have been opened again for that."""
        nueva = Ficha(segura=True, por=(Flujo("", "", clave),))
        rodean = {
            Ficha(segura=True, por=(Flujo("", "", c),))
            for c in (*self._ambitos(clave), *self._dibujo.llamadas.get(clave, ()))
        }
        propia = (nueva,) if clave in self._dibujo.elementos else ()
        self._mundos = {
            Mundo(_orden(*m.fichas, *propia), m.sueltas | rodean): cuenta
            for m, cuenta in self._mundos.items()
        }

    def pasar_a(self, nuevo: Dibujo, mapa: Mapping[str, str]) -> None:
        """Another version: a token stays on a line that both have, and stands where the case was
        moved to when that is elsewhere."""

        def movida(ficha: Ficha) -> Ficha:
            return Ficha(ficha.segura, tuple(sorted(_movido(nuevo, f, mapa) for f in ficha.por)))

        mundos: dict[Mundo, Counter[Flujo]] = {}
        for m, cuenta in self._mundos.items():
            _sumar(
                mundos,
                Mundo(_orden(*map(movida, m.fichas)), frozenset(map(movida, m.sueltas))),
                cuenta,
            )
        self._mundos, self._dibujo = mundos, nuevo
        self._abiertos = {mapa.get(c, c) for c in self._abiertos}
        self._vistos = {mapa.get(c, c) for c in self._vistos}

    # --- tokens -----------------------------------------------------------------------------------
    def _ambitos(self, clave: str) -> Iterator[str]:
        """The sub-processes around an element, the nearest first."""
        aqui = self._dibujo.elementos
        while clave in aqui and (rodea := aqui[clave].scope):
            yield rodea
            clave = rodea

    def _abrir_lo_de_afuera(self, clave: str) -> None:
        llamadas = self._dibujo.llamadas.get(clave, frozenset())
        if len(llamadas) == 1:  # of several nobody can tell
            (llamada,) = llamadas
            self._abrir(llamada)
        for rodea in reversed(list(self._ambitos(clave))):
            self._abrir(rodea)

    def _abrir(self, clave: str) -> None:
        if clave not in self._abiertos:
            self._abrir_lo_de_afuera(clave)
            self._llegar(clave)
            self._abiertos.add(clave)

    def _llegar(self, clave: str) -> None:
        entran = self._dibujo.entran.get(clave, [])
        tipo = self._dibujo.elementos[clave].type
        # the next item of what was reached before
        quizas = clave in self._dibujo.repetidos and clave in self._vistos
        self._vistos.add(clave)
        if tipo == "parallelGateway":
            for cada in entran:
                self._tomar([cada], clave)
        elif tipo in POR_ALGUNO and len(entran) > 1:
            for cada in entran:
                self._tomar([cada], clave, quizas=True)
        elif entran:
            self._tomar(entran, clave, quizas=quizas)

    def _tomar(self, flujos: list[Flujo], clave: str, *, quizas: bool = False) -> None:
        """A token that came by one of these flows, or that an act put there; when none is known it
        came from nowhere that is told."""
        mundos: dict[Mundo, Counter[Flujo]] = {}
        for mundo, cuenta in self._mundos.items():
            nada = True
            for ficha in {*mundo.fichas, *mundo.sueltas}:
                for flujo in ficha.por:
                    if flujo not in flujos and not (flujo.a == clave and not flujo.id):
                        continue
                    nada = False
                    quedan = list(mundo.fichas)
                    if ficha not in mundo.sueltas:
                        quedan.remove(ficha)
                    _sumar(
                        mundos,
                        Mundo(tuple(quedan), mundo.sueltas),
                        cuenta if ficha.segura else cuenta + Counter({flujo: 1}),
                    )
            if nada or quizas:
                _sumar(mundos, mundo, cuenta)
        self._mundos = mundos if len(mundos) <= MUCHOS else _juntos(mundos)

    def _salir(self, clave: str) -> None:
        salen, tipo = self._dibujo.salen.get(clave, []), self._dibujo.elementos[clave].type
        if atrapa := self._dibujo.enlaces.get(clave):
            self._salir(atrapa)
        elif tipo in EXCLUYENTES and len(salen) > 1:
            self._poner([Ficha(segura=False, por=tuple(sorted(salen)))])
        elif (tipo in POR_ALGUNO and len(salen) > 1) or clave in self._dibujo.repetidos:
            self._soltar(salen)
        elif tipo == "intermediateThrowEvent":  # what it throws may have taken it away
            self._poner([Ficha(segura=False, por=(cada,)) for cada in salen])
        else:
            siempre = [cada for cada in salen if cada.id not in self._dibujo.condicionados]
            self._soltar([cada for cada in salen if cada not in siempre])
            self._poner([Ficha(segura=True, por=(cada,)) for cada in siempre])
            if clave in self._dibujo.multiplican:
                self._soltar(siempre, segura=True)

    def _poner(self, fichas: list[Ficha]) -> None:
        seguros = Counter(ficha.por[0] for ficha in fichas if ficha.segura)
        self._mundos = {
            Mundo(_orden(*m.fichas, *fichas), m.sueltas): cuenta + seguros
            for m, cuenta in self._mundos.items()
        }

    def _soltar(self, flujos: Iterable[Flujo], *, segura: bool = False) -> None:
        sueltas = {Ficha(segura, (cada,)) for cada in flujos}
        mundos: dict[Mundo, Counter[Flujo]] = {}
        for mundo, cuenta in self._mundos.items():
            _sumar(mundos, Mundo(mundo.fichas, mundo.sueltas | sueltas), cuenta)
        self._mundos = mundos


def _orden(*fichas: Ficha) -> tuple[Ficha, ...]:
    return tuple(sorted(fichas))


def _movido(nuevo: Dibujo, flujo: Flujo, mapa: Mapping[str, str]) -> Flujo:
    a = mapa.get(flujo.a, flujo.a)
    return flujo if a == flujo.a and nuevo.flujos.get(flujo.id) == flujo else Flujo("", "", a)


def _sumar(mundos: dict[Mundo, Counter[Flujo]], mundo: Mundo, cuenta: Counter[Flujo]) -> None:
    """Of two ways that led to the same only what both have counts."""
    mundos[mundo] = mundos[mundo] & cuenta if mundo in mundos else cuenta


def _comun(cuentas: Iterable[Counter[Flujo]]) -> Counter[Flujo]:
    primera, *otras = cuentas
    for cada in otras:
        primera = primera & cada
    return primera


def _juntos(mundos: Mapping[Mundo, Counter[Flujo]]) -> dict[Mundo, Counter[Flujo]]:
    sueltas = frozenset(f for m in mundos for f in (*m.fichas, *m.sueltas))
    return {Mundo((), sueltas): _comun(mundos.values())}
