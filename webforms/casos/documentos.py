"""A document of a case: shown in the product from pictures of its pages, so that a browser runs
nothing of it; taken out with a reason.

Whoever may open the case may see it. Who looked, and who took it out and why, stands in the access
chain.
"""

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Response, abort, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.errors import NotFound
from engine.reads.history import AccessView
from engine.states import AccessKind
from engine.types import Data
from records.casos import archivos
from records.casos.archivos import INFECTADO, LIMPIO, POR_REVISAR
from records.casos.tablas import Archivo
from records.cuentas.reglas.roles import Facultad
from records.sistemas.puertos import DepositoFallido
from records.visita.tablas import Turno
from webforms.base import formatos
from webforms.base.entrada import entero
from webforms.base.entregas import ENCERRADO, FIRMA, entregar, guardado, paginas_y_trae, se_entrega
from webforms.base.guias import FUNCIONARIO, Ayuda
from webforms.base.hojas import Hoja
from webforms.base.palabras import lugar
from webforms.base.personas import nombres_de
from webforms.base.quienes import PERSONA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual, puede
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.casos.cabecera import cabecera, exigir, puede_ver
from webforms.documentos import contenido
from webforms.documentos.archivos import ArchivoDistinto
from webforms.documentos.contenido import PDF, NoSePuedeVer

rutas = Rutas()

VISTO, DESCARGADO = "documento_visto", "documento_descargado"
#: How large a page is shown, of the width of its place → how many points wide it is drawn.
TAMANOS: Final[Mapping[int, int]] = {100: 1000, 150: 1500, 200: 2000}
GIROS: Final = (0, 90, 180, 270)
MOTIVO: Final = (10, 200)  #: letters
#: What a PDF brings besides its pages, in words.
TRAE: Final[Mapping[str, Any]] = {
    "javascript": _l("programas que se ejecutan al abrirlo"),
    "programas": _l("órdenes de abrir otros programas"),
    "archivos": _l("otros archivos adentro"),
    "envia": _l("formularios que envían datos por internet"),
    "multimedia": _l("video, sonido u otros contenidos activos"),
    "xfa": _l("un formulario programado"),
    "no_se_supo": _l("partes que no se pudieron revisar"),
}
VIRUS: Final[Mapping[str, Any]] = {
    LIMPIO: _l("Revisado, limpio"),
    POR_REVISAR: _l("Espera al antivirus: se ve, y todavía no se descarga como llegó"),
    INFECTADO: _l("Tiene un virus: no se muestra ni se descarga"),
    "": _l("No hay antivirus conectado"),
}
FORMATOS: Final[Mapping[str, str]] = {PDF: "PDF", "image/jpeg": "JPG", "image/png": "PNG"}


@dataclass(frozen=True, slots=True)
class Mirada:
    """What one person did with the document on one day, and when last."""

    quien: str
    ultima: dt.datetime
    hecho: str


@dataclass(frozen=True, slots=True)
class Pedida:
    """Which page, how large and how turned."""

    pagina: int
    tamano: int
    giro: int

    def con(self, **otra: int) -> dict[str, int]:
        """The address of another page, size or turn; what is as always is left out."""
        dicha = {"pagina": self.pagina, "tamano": self.tamano, "giro": self.giro} | otra
        return {k: v for k, v in dicha.items() if v != {"pagina": 1, "tamano": 100, "giro": 0}[k]}


def pedida(paginas: int) -> Pedida:
    pagina = request.args.get("pagina", 1, type=entero)
    tamano, giro = (
        request.args.get("tamano", 100, type=entero),
        request.args.get("giro", 0, type=entero),
    )
    return Pedida(
        pagina if 1 <= pagina <= max(paginas, 1) else 1,
        tamano if tamano in TAMANOS else 100,
        giro if giro in GIROS else 0,
    )


def _del_caso(session: Session, case_key: str, sha256: str) -> tuple[Sequence[Archivo], Archivo]:
    """The documents of a case that this person may open, and the one asked for; a look at it is not
    recorded yet."""
    s, actor = servicios(), actor_actual()
    if not reads.instances.of_case(session, case_key):
        raise NotFound(case_key)
    if not puede_ver(session, actor, case_key):
        s.engine.log_access(
            actor, AccessKind.REFUSAL, case_key, now=s.clock.now(), detail={"reason": "case"}
        )
        raise NotFound(case_key)
    todos: dict[str, Archivo] = {}  # the same content twice has one page
    for a in archivos.a_la_vista(session, case_key):
        todos.setdefault(a.sha256, a)
    return list(todos.values()), todos.get(sha256) or abort(404)


# --- the page -------------------------------------------------------------------------------------
@rutas.get(
    "/caso/<case_key>/documentos/<sha256>",
    para=PERSONA,
    ayuda=Ayuda(_l("Un documento del caso; mirarlo queda anotado."), FUNCIONARIO),
)
def documento(case_key: str, sha256: str) -> ResponseReturnValue:
    return _hoja(case_key, sha256).mostrar()


def _hoja(
    case_key: str, sha256: str, errores: Sequence[tuple[str, str]] = (), escrito: str = ""
) -> Hoja:
    s, now = servicios(), servicios().clock.now()
    with s.uow.reading() as session:
        todos, archivo = _del_caso(session, case_key, sha256)
    crudo = guardado(archivo)
    paginas, trae = paginas_y_trae(archivo, crudo)
    ve = pedida(paginas)
    infectado = archivo.antivirus == INFECTADO
    texto, se_ve = "", bool(paginas) and not infectado
    if se_ve and archivo.tipo == PDF:
        try:
            texto = contenido.pagina(crudo, archivo.tipo, ve.pagina, 10, texto=True).texto
        except NoSePuedeVer:
            se_ve = False
    if not errores:
        s.engine.log_access(actor_actual(), VISTO, case_key, now=now, detail={"sha256": sha256})
    with s.uow.reading() as session:
        miradas = _miradas(
            [
                a
                for a in reads.history.access_of(session, [case_key])
                if a.detail.get("sha256") == sha256
            ]
        )
        lugar_de = todos.index(archivo)
        valores = {
            "pestana": "",
            "d": archivo,
            "formato": FORMATOS.get(archivo.tipo, archivo.tipo),
            "paginas": paginas,
            "se_ve": se_ve,
            "infectado": infectado,
            "ve": ve,
            "tamanos": sorted(TAMANOS),
            "texto": texto.strip(),
            "activo": [TRAE[t] for t in trae if t in TRAE],
            "firmado": FIRMA in trae,
            "virus": VIRUS.get(archivo.antivirus, ""),
            "folio": lugar_de + 1,
            "de_la_persona": archivo.persona_id is not None,
            "anterior": todos[lugar_de - 1] if lugar_de else None,
            "siguiente": todos[lugar_de + 1] if lugar_de + 1 < len(todos) else None,
            "visita": _visita(session, archivo),
            "miradas": miradas,
            "nombres": nombres_de(session, {m.quien for m in miradas} | {archivo.subido_por}),
            "comprobada": now,
            "entrega": se_entrega(archivo, trae),
            "copia": archivo.tipo == PDF and se_ve and not se_entrega(archivo, trae),
            "revisa": puede(actor_actual(), Facultad.REVISAR) and not infectado,
            "errores": errores,
            "escrito": escrito,
        }
        return Hoja(
            "casos/documento.html",
            {**cabecera(session, case_key).en_plantilla(), **valores},
            422 if errores else 200,
        )


def _visita(session: Session, archivo: Archivo) -> str:
    """The turn in which it came."""
    turno = session.get(Turno, archivo.turno_id) if archivo.turno_id is not None else None
    if turno is None:
        return ""
    return str(
        _(
            "Turno %(f)s, %(p)s, %(d)s",
            f=turno.ficha or turno.id,
            p=lugar(turno.punto_id),
            d=formatos.fecha_larga(turno.fecha),
        )
    )


def _miradas(entradas: Sequence[AccessView]) -> list[Mirada]:
    """By day and person, the latest first."""
    juntas: dict[tuple[dt.date, str], tuple[dt.datetime, set[str]]] = {}
    for a in entradas:
        if a.kind in (VISTO, DESCARGADO):
            clave = (formatos.dia_local(a.at), a.actor_id)
            ultima, hechos = juntas.get(clave, (a.at, set()))
            juntas[clave] = (max(ultima, a.at), hechos | {a.kind})
    dichas = {VISTO: str(_("Lo vio")), DESCARGADO: str(_("Lo descargó"))}
    todas = [
        Mirada(
            quien,
            ultima,
            str(_("Lo vio y lo descargó")) if len(hechos) > 1 else dichas[next(iter(hechos))],
        )
        for (_dia, quien), (ultima, hechos) in juntas.items()
    ]
    return sorted(todas, key=lambda m: (m.ultima, m.quien), reverse=True)


# --- its pictures ---------------------------------------------------------------------------------
@rutas.get("/caso/<case_key>/documentos/<sha256>/imagen", para=PERSONA)
def imagen_de_documento(case_key: str, sha256: str) -> ResponseReturnValue:
    """One page, drawn here."""
    with servicios().uow.reading() as session:
        archivo = _del_caso(session, case_key, sha256)[1]
    if archivo.antivirus == INFECTADO:
        abort(404)
    crudo = guardado(archivo)
    ve = pedida(archivo.paginas or contenido.PAGINAS)
    try:
        return _imagen(
            contenido.pagina(crudo, archivo.tipo, ve.pagina, TAMANOS[ve.tamano], ve.giro).imagen
        )
    except NoSePuedeVer:
        abort(404)


@rutas.get("/caso/<case_key>/documentos/<sha256>/miniatura", para=PERSONA)
def miniatura(case_key: str, sha256: str) -> ResponseReturnValue:
    """Its first page, small: what it says cannot be read from it."""
    with servicios().uow.reading() as session:
        archivo = _del_caso(session, case_key, sha256)[1]
    if archivo.antivirus == INFECTADO:
        abort(404)
    try:
        return _imagen(servicios().archivos.miniatura(archivo.sha256, archivo.tipo))
    except (ArchivoDistinto, DepositoFallido, NoSePuedeVer):
        abort(404)


def _imagen(hecha: bytes) -> Response:
    salida = send_file(io.BytesIO(hecha), mimetype="image/jpeg")
    salida.headers["Cache-Control"] = "no-store"
    salida.headers["Content-Security-Policy"] = ENCERRADO
    return salida


# --- it leaves ------------------------------------------------------------------------------------
@rutas.post(
    "/caso/<case_key>/documentos/<sha256>",
    para=PERSONA,
    haria=_l("Descargar un documento del caso"),
)
def descargar(case_key: str, sha256: str) -> ResponseReturnValue:
    """With a reason, which is recorded before it leaves. One that brings something active leaves as
    pictures of its pages; as it came it leaves for compliance only."""
    s, motivo, original = (
        servicios(),
        str(limpiar(request.form.get("motivo", ""))),
        request.form.get("que") != "copia",
    )
    with s.uow.reading() as session:
        exigir(session, case_key)
        archivo = _del_caso(session, case_key, sha256)[1]
    if not MOTIVO[0] <= len(motivo) <= MOTIVO[1]:
        return _hoja(
            case_key,
            sha256,
            [("motivo", _("Escriba para qué lo descarga, entre 10 y 200 letras"))],
            motivo,
        ).mostrar()
    if original and not puede(actor_actual(), Facultad.REVISAR):
        trae = paginas_y_trae(archivo, guardado(archivo))[1]
        if not se_entrega(archivo, trae):
            abort(403)
    sale = entregar(archivo, original=original)
    detalle: Data = {"sha256": sha256, "motivo": motivo, "que": "original" if original else "copia"}
    s.engine.log_access(actor_actual(), DESCARGADO, case_key, now=s.clock.now(), detail=detalle)
    return sale


def otros_de_la_persona(
    session: Session, case_key: str, limite: int = 10
) -> list[tuple[Archivo, str]]:
    """Documents that came with other cases and visits of the person, of those that this person may
    open, with the address of each."""
    persona_id = archivos.persona_del_caso(session, case_key)
    if persona_id is None:
        return []
    actor = actor_actual()
    hallados = archivos.de_la_persona(session, persona_id, menos=case_key, limite=limite)
    suyos = {
        clave
        for clave in {a.case_key for a in hallados}
        if clave is not None and puede_ver(session, actor, clave)
    }
    vistos = [a for a in hallados if a.case_key in suyos]
    return [(a, url_for("casos.documento", case_key=a.case_key, sha256=a.sha256)) for a in vistos]
