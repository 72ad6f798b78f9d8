"""The electronic index of a case file: made of the records and of the forms of the engine, closed
with the case, compared again later."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from lxml import etree
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from common.language import marked, said
from common.rounds import Round
from engine import reads
from engine.reads.history import Entry
from engine.types import SYSTEM, Actor, Data
from records.base.comprobaciones import Verificados, legible
from records.base.reglas.huellas import canonico, sha256
from records.expedientes import indices
from records.expedientes.reglas import indice
from records.expedientes.reglas.indice import Carpeta, Documento, Renglon
from records.expedientes.tablas import IndiceExpediente
from records.plazos.reglas.calendario import dia_local
from records.sistemas.puertos import DepositoFallido
from webforms.base.servicios import servicios
from webforms.documentos import contenido
from webforms.documentos.archivos import ArchivoDistinto
from webforms.tareas.elementos import numero_de_actividad

CERRADO: Final = "indice_cerrado"  #: kind of the access chain: names the hash of a version
FORMULARIO: Final = marked("Formulario enviado")
POR_RONDA: Final = 200  #: files that a round of the worker closes
#: how far back a sweep looks behind the one before: for what commits late
DE_VUELTA: Final = indices.AL_LADO
#: after so long what was committed beside an index is in another version of it
OTRA_VEZ: Final = dt.timedelta(minutes=2)
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_NUESTRO: Final = "urn:ventanilla:indice-electronico:1"
_NO_XML: Final = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DEL_EXPEDIENTE, _ELIMINADO = f"{{{_NUESTRO}}}Expediente", f"{{{_NUESTRO}}}Eliminado"
#: Of the head of an index: what another version may say otherwise although nothing changed.
_DE_LA_VERSION: Final = frozenset({"Version", "Fecha_Indice", "Huella_Version_Anterior"})
#: What of a document is the same for ever; its place moves when one comes in before it.
_FIJOS: Final = ("Valor_Huella", "Funcion_Resumen", "Formato", "Tamano", "Origen", "Tipologia_Documental", "Nombre_Documento",
                 "Fecha_Declaracion_Documento_Archivo", "Fecha_Incorporacion_Expediente")  # fmt: skip
#: of these an erased document keeps nothing
_AL_ELIMINAR: Final = frozenset({"Tamano", "Tipologia_Documental", "Nombre_Documento"})


@dataclass(frozen=True, slots=True)
class Leido:
    """An index as it was stored: its head, and each document as its fields, with the act that
    erased it."""

    cabeza: Mapping[str, str]
    documentos: Sequence[Mapping[str, str]]
    eliminados: Sequence[str]


# --- what is in the file --------------------------------------------------------------------------
def renglones(session: Session, case_key: str) -> list[Renglon]:
    """Every document of a case, as it stands now. What was erased is told with what the last closed
    index knew of it."""
    suyos = [_con_paginas(d) for d in indices.documentos(session, [case_key]).get(case_key, [])]
    actas = indices.por_acto(session, [case_key])
    entradas = reads.history.of_case(session, servicios().engine.catalog, case_key)
    suyos += [_formulario(x, actas.get(case_key, "")) for x in entradas if x.digest]
    if any(d.por_acto for d in suyos):
        antes = _antes(session, case_key)
        suyos = [_completado(d, antes[d.id]) if d.por_acto and d.id in antes else d for d in suyos]
    return indice.foliar(suyos)


def _formulario(x: Entry, acta: str) -> Documento:
    crudo = canonico(x.values) if x.values is not None else None
    nombre = f"{numero_de_actividad(x.element or '')} {x.name}".strip() or FORMULARIO
    return Documento(
        id=f"formulario-{x.instance_id}-{x.rev}",
        nombre=nombre,
        tipologia=FORMULARIO,
        declarado=x.at,
        incorporado=x.at,
        huella=x.digest,
        funcion=indice.CON_SAL,
        paginas=1,
        formato=indice.DATOS,
        tamano=len(crudo) if crudo is not None else None,
        origen=indice.ELECTRONICO,
        por_acto="" if crudo is not None else acta or str(x.erased_by or ""),
    )


def _con_paginas(d: Documento) -> Documento:
    """A PDF that came before pages were counted is counted now, while it is there."""
    if d.paginas or d.por_acto or d.formato != "PDF":
        return d
    try:
        return replace(d, paginas=contenido.leer(servicios().archivos.leer(d.huella), "").paginas)
    except (ArchivoDistinto, DepositoFallido, contenido.ArchivoRechazado):
        return d


def _antes(session: Session, case_key: str) -> dict[str, Mapping[str, str]]:
    """Document → its fields in the newest version of which the content is still there."""
    for fila in indices.versiones(session, case_key):
        if (crudo := indices.contenido(session, fila)) is not None:
            return {d["Id"]: d for d in leer(crudo).documentos}
    return {}


def _completado(d: Documento, antes: Mapping[str, str]) -> Documento:
    folios = int(antes["Pagina_Fin"]) - int(antes["Pagina_Inicio"]) + 1
    tamano = int(antes["Tamano"]) if antes["Tamano"] else d.tamano
    return replace(
        d,
        huella=d.huella or antes["Valor_Huella"],
        tamano=tamano if d.tamano is None else d.tamano,
        paginas=folios,
    )


def carpeta(session: Session, case_key: str, now: dt.datetime) -> Carpeta | None:
    """None: a visit that became no case."""
    return indices.carpetas(session, [case_key], dia_local(now)).get(case_key)


# --- as XML ---------------------------------------------------------------------------------------
def en_xml(
    c: Carpeta, hojas: Sequence[Renglon], *, version: int, anterior: str, now: dt.datetime
) -> bytes:
    """In the shape that receivers read (docs/archive.md); what only we say stands in a namespace of
    our own. `version` 0: not closed."""
    raiz = etree.Element("TipoDocumentoFoliado", nsmap={"xsi": _XSI, "v": _NUESTRO})
    cabeza = etree.SubElement(raiz, _DEL_EXPEDIENTE)
    for nombre, valor in _cabeza(c, hojas, version=version, anterior=anterior, now=now).items():
        etree.SubElement(cabeza, f"{{{_NUESTRO}}}{nombre}").text = _escribible(valor)
    for r in hojas:
        suyo = etree.SubElement(raiz, "DocumentoIndizado")
        for nombre, valor in indice.campos(r).items():
            etree.SubElement(suyo, nombre).text = _escribible(valor)
        if r.documento.por_acto:
            etree.SubElement(suyo, _ELIMINADO).text = _escribible(r.documento.por_acto)
    return bytes(etree.tostring(raiz, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _cabeza(
    c: Carpeta, hojas: Sequence[Renglon], *, version: int, anterior: str, now: dt.datetime
) -> dict[str, str]:
    return {
        "Expediente": c.numero,
        "Procedimiento": c.procedimiento,
        "Codigo_Serie": c.serie,
        "Serie": c.serie_nombre,
        "Subserie": c.subserie,
        "Fecha_Apertura": indice.momento(c.abierto),
        "Fecha_Cierre": indice.momento(c.cerrado),
        "Documentos": str(len(hojas)),
        "Paginas": str(indice.paginas(hojas)),
        "Version": str(version),
        "Fecha_Indice": indice.momento(now),
        "Huella_Version_Anterior": anterior,
    }


def _escribible(texto: str) -> str:
    """Without the signs that XML cannot hold."""
    return _NO_XML.sub("", texto)


def leer(crudo: bytes) -> Leido:
    """ValueError: it is no index."""
    try:
        raiz = etree.fromstring(
            crudo, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        )
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from error
    cabeza = raiz.find(_DEL_EXPEDIENTE)
    suyos = raiz.findall("DocumentoIndizado")
    if cabeza is None:
        raise ValueError("head")
    return Leido(
        {str(etree.QName(e).localname): e.text or "" for e in cabeza},
        [{str(e.tag): e.text or "" for e in d if not str(e.tag).startswith("{")} for d in suyos],
        [d.findtext(_ELIMINADO) or "" for d in suyos],
    )


# --- it is closed ---------------------------------------------------------------------------------
def cerrar(case_key: str, now: dt.datetime, actor: Actor = SYSTEM) -> str:
    """Its hash; "": it is open, it is none, or nothing changed since its last version."""
    s = servicios()
    with s.uow.reading_one_state() as session:
        c = carpeta(session, case_key, now)
        if c is None or c.cerrado is None:
            return ""
        hojas, previa = renglones(session, case_key), indices.ultima(session, case_key)
        if previa is not None and _dice_lo_mismo(indices.contenido(session, previa), c, hojas, now):
            return ""
    version, anterior = (previa.version + 1, previa.huella) if previa is not None else (1, "")
    crudo = en_xml(c, hojas, version=version, anterior=anterior, now=now)

    def guardar(session: Session) -> str:
        huella = indices.guardar(
            session, case_key, version, crudo, hojas, anterior=anterior, now=now
        )
        dicho: Data = {"version": version, "documentos": len(hojas), "huella": huella}
        s.engine.log_access_in(session, actor, CERRADO, case_key, now=now, detail=dicho)
        return huella

    try:
        return s.uow.run(guardar)
    except IntegrityError:  # two first entries of a day in the access chain, or another worker closed it at the same time
        with suppress(IntegrityError):
            return s.uow.run(guardar)
    return ""


def _dice_lo_mismo(
    crudo: bytes | None, c: Carpeta, hojas: Sequence[Renglon], now: dt.datetime
) -> bool:
    if crudo is None:
        return False
    antes, ahora = leer(crudo), leer(en_xml(c, hojas, version=0, anterior="", now=now))
    cabezas = [
        {k: v for k, v in x.cabeza.items() if k not in _DE_LA_VERSION} for x in (antes, ahora)
    ]
    return cabezas[0] == cabezas[1] and (antes.documentos, antes.eliminados) == (
        ahora.documentos,
        ahora.eliminados,
    )


def renovar(claves: Sequence[str], now: dt.datetime, actor: Actor = SYSTEM) -> int:
    """Of files that had an index when something of them was erased: how many have another
    version."""
    with servicios().uow.reading() as session:
        con_indice = [
            clave for clave in dict.fromkeys(claves) if indices.ultima(session, clave) is not None
        ]
    return sum(bool(cerrar(clave, now, actor)) for clave in con_indice)


class Turno:
    """Of the worker: each round closes the indexes that are due. The first sweep looks at
    everything, the others at what changed since."""

    def __init__(self) -> None:
        self._desde: dt.datetime | None = None  #: of this sweep
        self._comenzo: dt.datetime | None = None
        self._tras = ""  #: the key up to which this sweep has come
        #: what failed is tried again, wherever the sweep has come to by then
        self._vuelta = Round("the index of a case file")

    def ronda(self, now: dt.datetime, seguir: Callable[[], bool] = lambda: True) -> int:
        self._comenzo = self._comenzo or now
        with servicios().uow.reading() as session:
            claves = indices.por_cerrar(
                session, self._desde, self._tras, POR_RONDA, self._comenzo - OTRA_VEZ
            )
        hechos = 0
        for clave in dict.fromkeys([*self._vuelta.failing.again(now)[:POR_RONDA], *claves]):
            if not seguir():
                return hechos
            hechos += bool(self._vuelta.go(clave, now, partial(cerrar, clave, now)))
            self._tras = max(self._tras, clave) if clave in claves else self._tras
        if len(claves) < POR_RONDA:
            self._desde, self._comenzo, self._tras = self._comenzo - DE_VUELTA, None, ""
        return hechos


# --- and compared ---------------------------------------------------------------------------------
def verificar(session: Session, case_key: str | None = None) -> Verificados:
    """Each version against its hash, the next and the access chain; the newest against what the
    file holds now: the first difference. What acts since then made otherwise is no fault: it waits
    for the next version."""
    faltas: list[str] = []
    esperan: list[str] = []
    for clave in indices.con_indice(session, case_key):
        faltas += legible("indice_expediente", clave, partial(_faltas, session, clave, esperan))
    return Verificados(indices.cuantas(session, case_key), tuple(faltas), tuple(esperan))


def _faltas(session: Session, clave: str, esperan: list[str]) -> Iterator[str]:
    """`esperan`: gets what waits for the next version."""
    filas = indices.versiones(session, clave)[::-1]
    falta, espera = _cadena(session, clave, filas), ""
    if not falta:
        falta, espera = _contra_lo_guardado(session, clave, filas[-1])
    if falta or espera:
        dicho = said(
            "índice del expediente %(c)s: %(f)s", c=_numero(session, clave), f=falta or espera
        )
        if not falta:
            esperan.append(dicho)
            return
        yield dicho


def _numero(session: Session, clave: str) -> str:
    c = indices.carpetas(session, [clave], dia_local(servicios().clock.now())).get(clave)
    return c.numero if c is not None else clave


def _cadena(session: Session, clave: str, filas: Sequence[IndiceExpediente]) -> str:
    dichas = {
        a.detail.get("version"): a.detail.get("huella")
        for a in reads.history.access_of(session, [clave])
        if a.kind == CERRADO
    }
    eliminado, anterior = clave in indices.por_acto(session, [clave]), ""
    for n, fila in enumerate(filas, start=1):
        crudo = indices.contenido(session, fila)
        if fila.version != n or fila.anterior != anterior:
            return said("falta la versión %(v)s, o no sigue a la anterior", v=n)
        if crudo is None and not (eliminado and n < len(filas)):
            return said("la versión %(v)s está vacía", v=n)
        if crudo is not None and sha256(crudo) != fila.huella:
            return said("la versión %(v)s no tiene la huella con que se cerró", v=n)
        if n not in dichas:
            return said("la versión %(v)s no está en la cadena de accesos", v=n)
        if dichas[n] != fila.huella:
            return said("la versión %(v)s no es la que nombra la cadena de accesos", v=n)
        anterior = fila.huella
    return ""


def _contra_lo_guardado(session: Session, clave: str, fila: IndiceExpediente) -> tuple[str, str]:
    """The first difference that nothing explains, and the first one that an act since then does."""
    crudo = indices.contenido(session, fila)
    try:
        leido = leer(crudo or b"")
    except ValueError:
        return said("la versión %(v)s no se puede leer", v=fila.version), ""
    hay = {r.documento.id: r for r in renglones(session, clave)}
    explicados: Mapping[str, AbstractSet[str]] | None = None
    espera = ""
    for suyo in leido.documentos:
        distintos = _distintos(suyo, hay.get(suyo["Id"]))
        if not distintos:
            continue
        if explicados is None:
            explicados = indices.cambiados(session, clave, fila.hecho)
        explicado = explicados.get(suyo["Id"], frozenset())
        if falta := next((k for k in distintos if k not in explicado), None):
            return _en_palabras(suyo, falta), ""
        espera = espera or _en_palabras(suyo, distintos[0])
    return "", espera


def _distintos(suyo: Mapping[str, str], vivo: Renglon | None) -> list[str]:
    """Fields of a document that are otherwise now."""
    if vivo is None:
        return [indices.AUSENTE]
    ahora = {k: _escribible(v) for k, v in indice.campos(vivo).items()}
    campos = [k for k in _FIJOS if not (vivo.documento.por_acto and k in _AL_ELIMINAR)]
    distintos = [k for k in campos if ahora[k] != suyo[k]]
    return [*distintos, "Pagina_Fin"] if _folios(ahora) != _folios(suyo) else distintos


def _en_palabras(suyo: Mapping[str, str], campo: str) -> str:
    orden, nombre = suyo["Orden_Documento_Expediente"], suyo["Nombre_Documento"]
    if campo == indices.AUSENTE:
        return said("el documento %(o)s, «%(n)s», ya no está", o=orden, n=nombre)
    return said(
        "el documento %(o)s, «%(n)s», tiene otro valor en %(k)s", o=orden, n=nombre, k=campo
    )


def _folios(d: Mapping[str, str]) -> int:
    return int(d["Pagina_Fin"]) - int(d["Pagina_Inicio"])
