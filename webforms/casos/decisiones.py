"""What decision tables decided in a case, in words: which rule of which version, from what, to
what; and where that was not recorded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.history import Entry
from engine.reads.models import Grid, Unreadable
from engine.reads.releases import FileVersion
from engine.types import Data, Decision, Value
from records.cuentas.reglas.roles import Facultad
from webforms.base import palabras
from webforms.base.rotulos import rotulo
from webforms.base.security import actor_actual, puede
from webforms.base.servicios import servicios
from webforms.casos.codigos import opciones_de
from webforms.personas.cubierto import cubrir
from webforms.tareas.elementos import titulo_de_elemento
from webforms.tareas.envios import texto_de_campo

Pares = Sequence[tuple[str, str]]
#: (instance, revision) → what was decided in this entry of the history.
Decididas = Mapping[tuple[str, int], Sequence["Decidida"]]


@dataclass(frozen=True, slots=True)
class Decidida:
    """A decision of a table; `direccion`: its table, with the rules marked, for whoever may read
    tables."""

    frase: str
    tabla: str = ""
    version: int = 0  #: 0: no release has the file
    reglas: Sequence[int] = ()
    porque: str = ""  #: what the author of the table says of these rules
    con: Pares = ()
    resulto: Pares = ()
    archivo: str = ""
    huella: str = ""
    direccion: str = ""


def decididas_en(session: Session, entradas: Iterable[Entry], *, cubierto: bool) -> Decididas:
    """Of those entries that have any; `cubierto`: personal data stand covered, as in the rest of
    the page."""
    con = [x for x in entradas if x.decisions or x.undecided]
    if not con:
        return {}
    archivos = {d.file for x in con for d in x.decisions}
    versiones = reads.releases.file_versions(session, archivos) if archivos else []
    textos = (
        reads.releases.contents(session, {d.sha256 for x in con for d in x.decisions})
        if archivos
        else {}
    )
    enlaza = puede(actor_actual(), Facultad.LEER_MODELOS)
    halladas: dict[tuple[str, int], list[Decidida]] = {}
    for x in con:
        dichas = halladas.setdefault((x.instance_id, x.rev), [])
        for d in x.decisions:
            version = _version(versiones, d, x.release)
            rejilla = _rejilla(textos.get(d.sha256, b""), d.table)
            dichas.append(en_palabras(d, version, rejilla, cubre_=cubierto, enlaza=enlaza))
        dichas += [_sin_registro(session, x, elemento) for elemento in x.undecided]
    return halladas


def _version(versiones: Iterable[FileVersion], d: Decision, release: int) -> FileVersion | None:
    """The last version of the file with this content that had come by then."""
    suyas = [
        v
        for v in versiones
        if v.name == d.file and v.sha256 == d.sha256 and v.first_release <= release
    ]
    return suyas[-1] if suyas else None


@lru_cache(maxsize=64)
def _rejilla(contenido: bytes, tabla: str) -> Grid | None:
    try:
        return (
            next((r for r in reads.models.grids(contenido) if r.id == tabla), None)
            if contenido
            else None
        )
    except Unreadable:
        return None


def _sin_registro(session: Session, x: Entry, elemento: str) -> Decidida:
    nombre = reads.releases.element_name(session, servicios().engine.catalog, x.release, elemento)
    paso = titulo_de_elemento(elemento, nombre)
    return Decidida(
        str(
            _(
                "«%(p)s»: no quedó registrado qué regla decidió; entonces el registro todavía no lo guardaba.",
                p=paso,
            )
        )
    )


def en_palabras(
    d: Decision, version: FileVersion | None, rejilla: Grid | None, *, cubre_: bool, enlaza: bool
) -> Decidida:
    rotulos = (
        {variable: rotulo(dicho) for dicho, variable in (*rejilla.inputs, *rejilla.outputs)}
        if rejilla
        else {}
    )
    nombre = rotulo(rejilla.name) if rejilla else d.table
    cual = (
        _("la tabla «%(t)s», versión %(v)s", t=nombre, v=version.version)
        if version
        else _("la tabla «%(t)s»", t=nombre)
    )
    de_tabla = rejilla is not None or version is None
    if version is not None and not de_tabla:  # what an expression of a decision graph gives
        cual = _("la decisión «%(t)s», versión %(v)s", t=nombre, v=version.version)
    numeros = [numero for numero, _dicho in d.rules]
    direccion = ""
    if enlaza and version is not None:
        ancla = f"fila-{d.table}-{numeros[0]}" if numeros else None
        direccion = url_for(
            "procesos.tabla_de_entonces",
            archivo=d.file,
            release=version.first_release,
            tabla=d.table,
            regla=numeros,
            _anchor=ancla,
        )
    porque = "; ".join(
        dict.fromkeys(rotulo(dicho).rstrip(".") for _numero, dicho in d.rules if dicho)
    )
    return Decidida(
        _frase(d, str(cual), numeros, porque, de_tabla=de_tabla),
        nombre,
        version.version if version else 0,
        numeros,
        porque,
        _pares(d.inputs, rotulos, cubre_=cubre_),
        _pares(d.result or {}, rotulos, cubre_=cubre_),
        d.file,
        d.sha256,
        direccion,
    )


def _frase(d: Decision, cual: str, numeros: Sequence[int], porque: str, *, de_tabla: bool) -> str:
    """ "Decidió la regla 17 de la tabla «Matriz de escalonamiento», versión 1: Pago no aplicado.":
    in the words of its author."""
    juntos = ", ".join(map(str, numeros))
    if d.problem == "many":
        return str(
            _(
                "En %(t)s coincidieron varias reglas (%(n)s), y solo puede una: no decidió.",
                t=cual,
                n=juntos,
            )
        )
    if d.problem == "no_rule":
        return str(_("En %(t)s no coincidió ninguna regla: no decidió.", t=cual))
    if d.problem:
        return str(
            _(
                "%(t)s no se pudo aplicar con estos datos: no decidió.",
                t=cual[:1].upper() + cual[1:],
            )
        )
    if not numeros and not de_tabla and d.result is not None:
        return str(_("Decidió %(t)s.", t=cual))
    if not numeros:
        return str(_("En %(t)s no coincidió ninguna regla.", t=cual))
    una = _("Decidió la regla %(n)s de %(t)s", n=juntos, t=cual)
    varias = _("Decidieron las reglas %(n)s de %(t)s", n=juntos, t=cual)
    dicho = str(una if len(numeros) == 1 else varias)
    return f"{dicho}: {porque}." if porque else f"{dicho}."


def _pares(valores: Data, rotulos: Mapping[str, str], *, cubre_: bool) -> Pares:
    dichos = []
    for nombre, valor in valores.items():
        texto = _texto(nombre, valor)
        dichos.append(
            (
                rotulos.get(nombre) or palabras.variable(nombre),
                cubrir(nombre, texto) if cubre_ else texto,
            )
        )
    return dichos


def _texto(nombre: str, valor: Value) -> str:
    palabras_de_la_lista = dict(opciones_de(nombre))
    return texto_de_campo(nombre, valor, palabras_de_la_lista)
