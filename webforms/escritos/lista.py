"""Deliveries that wait to be received, who hands in what and where; what was filed, found by
number, ticket, document and name."""

import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.items import InboxFilter
from engine.types import WorkItem
from records.base.datos import entero
from records.casos.busqueda import personas_con_documento
from records.casos.reglas import radicado
from records.correo import avisos
from records.correo.avisos import CartaPorEnviar
from records.escritos import escritos, sueltos
from records.escritos.escritos import Entrega, FilaRadicada, FiltroRadicadas
from records.escritos.reglas import guias
from records.plazos.reglas.calendario import dia_local, instante
from webforms.base import formatos
from webforms.base.en_la_direccion import abierto, cerrado
from webforms.base.guias import DOCUMENTAL, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.personas import nombres_de
from webforms.base.quienes import RADICA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.casos import documento_buscado
from webforms.navegador.firmas import firmante

rutas = Rutas()

PROCESO, RECIBIR = "M5_1_04", "act_1"
LIMITE = 200  #: lines of each list of the page; one that has more says so
DE_RECIBIR = InboxFilter(process=PROCESO, element=RECIBIR)
RECIENTES = dt.timedelta(days=90)
GUIA = r"[A-Z]{2}\d{9}CO"  #: only those of 4-72 are told apart from a document
FICHA = re.compile(r"([A-Za-z]{1,2})-?(\d{1,4})", re.ASCII)
VISTAS = (
    ("por_recibir", _l("Por recibir")),
    ("mias", _l("Mías")),
    ("hoy", _l("Radicadas hoy")),
    ("devueltas", _l("Devueltas para completar")),
    ("tramite", _l("En trámite")),
    ("cartas", _l("Cartas por enviar")),
)


@dataclass(frozen=True, slots=True)
class Fila:
    item: WorkItem
    entrega: Entrega

    @property
    def huella(self) -> str:
        """A mark of what its row tells; its link and its buttons follow from that."""
        return _huella((self.item.id, self.item.claimed_by, self.entrega))


@dataclass(frozen=True, slots=True)
class Pendiente:
    """A filed delivery whose next step is of document management: images, subject, sending, what
    became of it."""

    item: WorkItem
    radicado: str
    nombre: str


@dataclass(frozen=True, slots=True)
class Buscado:
    """What was typed, as number, ticket, document or name. `texto` names it on the page; a document
    is covered."""

    texto: str
    filtro: FiltroRadicadas
    escrito: str = ""  #: what the field shows again


def entender(texto: str) -> Buscado:
    """Pure."""
    posibles = radicado.posibles(texto)
    if len(posibles) == 1:  # whole, or with its year
        return Buscado(texto, FiltroRadicadas(radicados=posibles))
    ficha = FICHA.fullmatch(texto)
    if ficha is not None:
        return Buscado(texto, FiltroRadicadas(ficha=f"{ficha[1].upper()}{int(ficha[2]):03d}"))
    if re.fullmatch(GUIA, guia := guias.limpia(texto)):
        return Buscado(texto, FiltroRadicadas(guia=guia))
    numero = re.sub(r"[.\s]", "", texto)
    if re.search(r"\d", numero):
        return Buscado(texto, FiltroRadicadas(radicados=posibles, num_doc=numero.upper()))
    return Buscado(texto, FiltroRadicadas(persona=texto))


@dataclass(frozen=True, slots=True)
class Vista:
    """What the page shows, and what of it changes by itself."""

    clave: str
    conteos: Mapping[str, int]
    esperan: Sequence[Fila]
    anteriores: Sequence[Fila]
    hechas: Sequence[FilaRadicada]
    cartas: Sequence[CartaPorEnviar]
    pendientes: Sequence[Pendiente]
    nombres: Mapping[str, str]
    devueltas: Sequence[tuple[str, int]] = ()  #: why letters came back lately, and how often
    buscado: str = ""
    escrito: str = ""
    cortada: bool = False  #: there is more than is shown

    @property
    def vacia(self) -> bool:
        return not (
            self.esperan or self.anteriores or self.hechas or self.cartas or self.pendientes
        )

    @property
    def huellas(self) -> Mapping[str, str]:
        """A mark of each part: a browser that has it keeps what it shows, with the focus where it
        is."""
        partes = {
            "vistas": self.conteos,
            "esperan": [f.huella for f in self.esperan],
            "anteriores": [f.huella for f in self.anteriores],
            "hechas": self.hechas,
            "cartas": (self.cartas, self.devueltas),
            "pendientes": [(p.item.id, p.item.claimed_by, p.radicado) for p in self.pendientes],
            "vacia": (self.vacia, self.cortada),
        }
        return {parte: _huella(datos) for parte, datos in partes.items()}

    @property
    def etiqueta(self) -> str:
        return "-".join(huella for _parte, huella in sorted(self.huellas.items()))

    def en_plantilla(self) -> dict[str, Any]:
        return {"v": self, "vistas": VISTAS, "quien": actor_actual().id}


def _huella(datos: object) -> str:
    return hashlib.sha256(repr(datos).encode()).hexdigest()[:16]


@rutas.get(
    "/radicacion",
    para=RADICA,
    ayuda=Ayuda(_l("Lo que está por recibir y radicar, y las cartas por enviar."), DOCUMENTAL),
    menu=Entrada(Grupo.HOY, _l("Documentos por recibir"), 3, primera=True),
)
def lista() -> ResponseReturnValue:
    return render_template("escritos/lista.html", **_pedida().en_plantilla())


@rutas.get(
    "/radicacion/viva",
    para=RADICA,
    ayuda=Ayuda(_l("Lo que está por recibir y radicar, y las cartas por enviar."), DOCUMENTAL),
)
def viva() -> ResponseReturnValue:
    """What changes of the page, as the queue of a point asks for it: an empty 304 while nothing
    did."""
    vista = _pedida()
    respuesta = make_response(render_template("escritos/_viva.html", **vista.en_plantilla()))
    # of what is told, not of the page: its forms carry a token of their own each time
    respuesta.set_etag(vista.etiqueta)
    respuesta.headers["Cache-Control"] = "no-store"
    return respuesta.make_conditional(request)


@rutas.post("/radicacion/buscar", para=RADICA)
def buscar() -> ResponseReturnValue:
    """By POST: a document number never comes into an address. Answered by one to which «Atrás»
    comes back: it holds whom the number led to, signed for the account that asked."""
    texto = str(limpiar(request.form.get("q", "")))[:80]
    filtro = entender(texto).filtro if texto else FiltroRadicadas()
    if filtro.num_doc is None:
        documento_buscado.anotar_textos({"q": texto} if texto else {})
        return redirect(url_for("radicacion.lista", q=cerrado(texto) or None))
    with servicios().uow.reading() as session:
        personas = personas_con_documento(session, filtro.num_doc)
    if filtro.radicados and not personas:  # nobody's document
        return redirect(url_for("radicacion.lista", q=cerrado(texto)))
    hallado = [personas, list(filtro.radicados), formatos.documento(None, filtro.num_doc)]
    return redirect(url_for("radicacion.lista", de=_firmante().dumps(hallado)))


def _firmante() -> URLSafeSerializer:
    return firmante(f"entrega:{actor_actual().id}")


def _buscado() -> Buscado | None:
    if texto := str(limpiar(abierto(request.args.get("q", ""))))[:80]:
        return replace(entender(texto), escrito=texto)
    try:
        personas, radicados, cubierto = _firmante().loads(request.args.get("de", ""))
    except (BadData, ValueError):
        return None
    return Buscado(cubierto, FiltroRadicadas(radicados=radicados, personas=personas))


def _pedida() -> Vista:
    clave = request.args.get("vista", VISTAS[0][0])
    with servicios().uow.reading() as session:
        return _vista(session, clave if clave in dict(VISTAS) else VISTAS[0][0], _buscado())


def _vista(session: Session, clave: str, buscado: Buscado | None) -> Vista:
    actor, hoy = actor_actual(), instante(dia_local(servicios().clock.now()), dt.time(0))
    en_tramite = reads.items.open_of(
        actor, InboxFilter(process=PROCESO, without=(RECIBIR,))
    ).subquery()
    conteos = {
        "por_recibir": reads.items.inbox_count(session, actor, DE_RECIBIR),
        "mias": reads.items.inbox_count(session, actor, replace(DE_RECIBIR, holder=actor.id)),
        "hoy": escritos.cuantas_radicadas(session, hoy),
        "devueltas": escritos.cuantas_incompletas(session),
        "tramite": escritos.cuantas_en_tramite(session, en_tramite),
        "cartas": avisos.cuantas_cartas(session),
        "sueltos": sueltos.cuantos(session),
    }
    filas: Sequence[Fila] = []
    hechas: Sequence[FilaRadicada] = []
    cartas: Sequence[CartaPorEnviar] = []
    pendientes: Sequence[Pendiente] = []
    if buscado is not None:
        filas = _por_recibir(session, DE_RECIBIR, buscado.filtro)
        hechas = escritos.radicadas(session, buscado.filtro, LIMITE + 1)
    elif clave == "mias":
        filas = _por_recibir(session, replace(DE_RECIBIR, holder=actor.id))
    elif clave == "hoy":
        hechas = escritos.radicadas(session, FiltroRadicadas(desde=hoy), LIMITE + 1)
    elif clave == "devueltas":
        hechas = escritos.radicadas(session, FiltroRadicadas(incompletas=True), LIMITE + 1)
    elif clave == "tramite":
        pendientes = _pendientes(session, escritos.en_tramite(session, en_tramite, LIMITE + 1))
    elif clave == "cartas":
        cartas = avisos.cartas_por_enviar(session, LIMITE + 1)
    else:
        filas = _por_recibir(session, DE_RECIBIR)
    cortada = max(len(filas), len(hechas), len(cartas), len(pendientes)) > LIMITE
    filas, hechas, cartas, pendientes = (
        filas[:LIMITE],
        hechas[:LIMITE],
        cartas[:LIMITE],
        pendientes[:LIMITE],
    )
    return Vista(
        clave=clave,
        conteos=conteos,
        esperan=[f for f in filas if f.item.opened_at >= hoy],
        anteriores=[f for f in filas if f.item.opened_at < hoy],
        hechas=hechas,
        cartas=cartas,
        devueltas=avisos.devueltas_por_causa(session, hoy - RECIENTES)
        if clave == "cartas" and buscado is None
        else (),
        pendientes=pendientes,
        nombres=nombres_de(
            session,
            {
                i.claimed_by
                for i in [f.item for f in filas] + [p.item for p in pendientes]
                if i.claimed_by
            },
        ),
        buscado=buscado.texto if buscado is not None else "",
        escrito=buscado.escrito if buscado is not None else "",
        cortada=cortada,
    )


def _pendientes(session: Session, ids: Sequence[str]) -> list[Pendiente]:
    items = reads.items.by_ids(session, ids)
    de_quien = escritos.de_quien(session, {i.case_key for i in items})
    return [Pendiente(i, *de_quien[i.case_key]) for i in items]


def _por_recibir(
    session: Session, de: InboxFilter, buscado: FiltroRadicadas | None = None
) -> list[Fila]:
    """The longest waiting first."""
    tareas = reads.items.open_of(actor_actual(), de).subquery()
    items = reads.items.by_ids(session, escritos.por_recibir(session, tareas, buscado, LIMITE + 1))
    turnos = {i.id: entero(i.data, "turno_id") for i in items}
    halladas = escritos.entregas(session, set(turnos.values()))
    return [Fila(i, halladas[turnos[i.id]]) for i in items if turnos[i.id] in halladas]
