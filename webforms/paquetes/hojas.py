"""A package as an analyst edits it: its files with their own drafts, what its diagrams have, its
pieces that are texts."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from common.language import SPANISH
from engine.reads import models
from engine.reads.models import Unreadable
from engine.reads.releases import ModelDraftView
from engine.types import ElementSpec, FieldSpec
from records.correo.reglas import moldes
from records.paquetes.reglas import escenarios, paquete as reglas, traducciones
from records.paquetes.reglas.paquete import Paquete
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.paquetes import lectura
from webforms.paquetes.faltas import frases
from webforms.paquetes.hallazgos import Hallazgo, hallazgos
from webforms.paquetes.paquetes import con_borradores, paquete_pedido

#: Parts of a diagram beside its elements whose names people read.
CON_NOMBRE: Final = frozenset(
    {"sequenceFlow", "linkEventDefinition", "participant", "error", "escalation"}
)
#: Values of a table that are words for people and no codes.
DICHOS: Final = re.compile(r'"([^" ]+ [^"]*|[A-ZÁÉÍÓÚÑ][a-záéíóúñ]+)"')


@dataclass(frozen=True, slots=True)
class Hoja:
    paquete: Paquete
    archivos: Mapping[str, bytes]  #: in force, with the drafts of the person over them
    borradores: Mapping[str, ModelDraftView]
    en_vigor: Mapping[str, bytes]

    @property
    def codigo(self) -> str:
        return self.paquete.codigo

    def texto(self, pieza: str) -> str | None:
        dicho = self.archivos.get(pieza)
        return None if dicho is None else dicho.decode("utf-8", "replace")

    @property
    def sueltos(self) -> list[str]:
        """Diagrams and tables of no package, which may be taken into this one."""
        de_otros = {nombre for p in reglas.paquetes(self.archivos) for nombre in p.modelos}
        return sorted(
            n
            for n in self.archivos
            if n.endswith(reglas.MODELOS) and n not in de_otros and n not in self.paquete.modelos
        )


def abrir(session: Session, codigo: str) -> Hoja:
    """404 when there is no such package."""
    hoy = lectura.vigente(session)
    suyos = {d.file: d for d in lectura.borradores(session, actor_actual().id)}
    archivos = con_borradores(hoy, {nombre: d.content for nombre, d in suyos.items()})
    leido = reglas.leer_lo_que_se_pueda(codigo, archivos)[0]
    return Hoja(
        leido or paquete_pedido(codigo, archivos), archivos, suyos, hoy.archivos if hoy else {}
    )


def elementos(hoja: Hoja) -> dict[str, ElementSpec]:
    """Of its diagrams as they would be; of one that cannot be read, none."""
    return {e.id: e for e in _elementos(hoja)}


def _elementos(hoja: Hoja) -> Iterator[ElementSpec]:
    for nombre in hoja.paquete.diagramas:
        try:
            leido = models.read(nombre, hoja.archivos.get(nombre, b""))
        except Unreadable:
            continue
        for proceso in leido.processes:
            yield from proceso.elements


def campos(hoja: Hoja) -> dict[str, FieldSpec]:
    """What people write in the forms of its diagrams: field → the first that is called so."""
    hallados: dict[str, FieldSpec] = {}
    for e in _elementos(hoja):
        for campo in e.fields:
            hallados.setdefault(campo.name, campo)
    return hallados


def rotulos(paquete: Paquete, archivos: Mapping[str, bytes]) -> list[str]:
    """All that its diagrams, tables, scenarios and texts say to people, which a translation says in
    another language."""
    hallados = [*_del_manifiesto(paquete)]
    for nombre in paquete.modelos:
        try:
            leido = models.read(nombre, archivos.get(nombre, b""))
            rejillas = models.grids(archivos.get(nombre, b"")) if nombre.endswith(".dmn") else []
        except Unreadable:
            continue
        hallados.append(leido.documentation)
        hallados += [parte.name for parte in leido.parts if parte.tag in CON_NOMBRE]
        hallados += [tabla.name for tabla in leido.tables]
        for rejilla in rejillas:
            hallados += [rotulo for rotulo, _dice in (*rejilla.inputs, *rejilla.outputs)]
            hallados += [fila.note for fila in rejilla.rows]
            hallados += [
                dicho
                for fila in rejilla.rows
                for celda in fila.cells
                for dicho in DICHOS.findall(celda)
            ]
        for proceso in leido.processes:
            hallados.append(proceso.name)
            for e in proceso.elements:
                hallados += _de_elemento(e)
    leidos = (
        escenarios.leer(nombre, archivos[nombre])[0]
        for nombre in escenarios.de_un_paquete(paquete.codigo, archivos)
    )
    hallados += [escenario.nombre for escenario in leidos if escenario is not None]
    return [rotulo for rotulo in hallados if rotulo]


def _del_manifiesto(paquete: Paquete) -> Iterator[str]:
    yield from (paquete.nombre, paquete.escrito, paquete.dueno, paquete.objetivo, paquete.alcance)
    for d in paquete.definiciones:
        yield from (d.termino, d.texto)
    for a in (*paquete.condiciones, *paquete.actividades, *paquete.controles):
        yield from (a.texto, a.quien)
    for lista in paquete.listas:
        yield from (lista.nombre, *(valor for _codigo, valor in lista.valores))


def avisos_de_traducciones(paquete: Paquete, archivos: Mapping[str, bytes]) -> Iterator[str]:
    """What is wrong, missing or left over in the other languages of the package: a warning, which
    forbids nothing."""
    for archivo in sorted(
        n
        for n in archivos
        if n.startswith(f"{paquete.codigo}/{traducciones.CARPETA}") and n.endswith(".toml")
    ):
        textos, faltas = traducciones.leer(archivos[archivo])
        sin, sobran = traducciones.comparar(rotulos(paquete, archivos), textos)
        yield from (f"{archivo}: {frase}" for frase in frases(faltas))
        yield from (
            str(_("%(archivo)s: falta «%(rotulo)s»", archivo=archivo, rotulo=rotulo))
            for rotulo in sin
        )
        yield from (
            str(
                _(
                    "%(archivo)s: sobra «%(rotulo)s»: ningún diagrama lo dice",
                    archivo=archivo,
                    rotulo=rotulo,
                )
            )
            for rotulo in sobran
        )
    yield from avisos_de_cartas(paquete, archivos)


def avisos_de_cartas(paquete: Paquete, archivos: Mapping[str, bytes]) -> Iterator[str]:
    """Letters that a language of the package has not, or has without the Spanish one; what only one
    of two texts takes from the case."""
    suyas = {
        (h["nombre"], h["lengua"]): n
        for n in sorted(archivos)
        if (h := moldes.ARCHIVO.fullmatch(n)) and h["codigo"] == paquete.codigo
    }
    de_rotulos = {
        n.rpartition("/")[2].removesuffix(".toml")
        for n in archivos
        if n.startswith(f"{paquete.codigo}/{traducciones.CARPETA}")
    }
    lenguas = sorted((de_rotulos | {lengua for _nombre, lengua in suyas}) - {SPANISH})
    for nombre, lengua in (
        (nombre, lengua)
        for nombre in sorted({nombre for nombre, _l in suyas})
        for lengua in lenguas
    ):
        falta = f"{paquete.codigo}/cartas/{nombre}"
        otra, esta = suyas.get((nombre, SPANISH)), suyas.get((nombre, lengua))
        if esta is None:
            yield str(
                _(
                    "%(archivo)s: falta; la carta se envía en español",
                    archivo=f"{falta}.{lengua}.txt",
                )
            )
        elif otra is None:
            yield str(
                _(
                    "%(archivo)s: falta; sin ella la carta no se puede usar",
                    archivo=f"{falta}{moldes.TERMINA}",
                )
            )
        else:
            yield from _de_una_a_otra(otra, esta, archivos)
            yield from _de_una_a_otra(esta, otra, archivos)


def _de_una_a_otra(una: str, otra: str, archivos: Mapping[str, bytes]) -> Iterator[str]:
    solos = moldes.solo_en(
        archivos[una].decode("utf-8", "replace"), archivos[otra].decode("utf-8", "replace")
    )
    for dato in solos:
        yield str(
            _(
                "%(archivo)s: no nombra «%(dato)s», que %(otra)s nombra",
                archivo=otra,
                dato=f"{{{dato}}}",
                otra=una.rpartition("/")[2],
            )
        )


def _de_elemento(e: ElementSpec) -> Iterator[str]:
    if e.name != e.id:
        yield e.name
    yield e.documentation
    if e.lane is not None:
        yield from (e.lane.name, e.lane.called)
    if e.start is not None:
        yield e.start.after
    for campo in e.fields:
        yield from (campo.label, campo.hint, *(palabras for _valor, palabras in campo.options))


def entregadas(hoja: Hoja) -> set[str]:
    """Process variables that its automatic tasks give."""
    return {salida.name for e in _elementos(hoja) for salida in e.outputs}


def revisar_pieza(hoja: Hoja, nombre: str, contenido: bytes) -> list[Hallazgo]:
    """What a deployment of the drafts of this package would say of this piece."""
    juntas = {
        pieza: hoja.archivos[pieza] for pieza in hoja.paquete.piezas if pieza in hoja.borradores
    }
    encontrados = servicios().engine.releases.check({**juntas, nombre: contenido})
    return hallazgos([f for f in encontrados if f.file == nombre], {})
