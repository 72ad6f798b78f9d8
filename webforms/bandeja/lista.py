"""The inbox: tasks of the person's lanes, the most urgent first; filters stand in the address and
may be saved and shared."""

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.items import InboxFilter
from engine.types import Actor, Role, WorkItem
from records.casos import bandeja as casos, registro
from records.casos.bandeja import QUIETA, Asunto, Esperas, FiltroBandeja
from records.casos.expediente import llegadas
from records.casos.registro import Ficha
from records.casos.reglas import estados
from records.casos.reglas.quietud import dias_quieta
from records.casos.tablas import TareaQuieta
from records.contingencia import papel as continuidad
from records.correo import correos
from records.cuentas.ausencias import ausencias_hoy
from records.cuentas.cuentas import Puesto, filtros, gente_con
from records.cuentas.marcas import de_seguimiento, marcas
from records.cuentas.reglas.roles import (
    FUNCIONARIO,
    LIDER,
    ROLES,
    USUARIO,
    Facultad,
    que_incluyen,
    repartidos,
)
from records.cuentas.tablas import Ausencia, FiltroGuardado, MarcaTarea
from records.lugares.puntos import areas, puntos, tipificaciones
from records.plazos.reglas.calendario import habiles_entre
from webforms.bandeja import consulta
from webforms.bandeja.consulta import PARTES, Consulta
from webforms.bandeja.de_que import de_que_son
from webforms.bandeja.espera import de_que_se_busca, esperas
from webforms.bandeja.menciones import mencionado_en
from webforms.bandeja.quietas import las_quietas
from webforms.base import formatos, guias
from webforms.base.guias import Ayuda
from webforms.base.hojas import Hoja
from webforms.base.menu import Entrada, Grupo
from webforms.base.palabras import de_catalogo
from webforms.base.personas import nombres_de
from webforms.base.quienes import PERSONA
from webforms.base.rotulos import rotulo
from webforms.base.rutas import Rutas
from webforms.base.security import Usuario, actor_actual, donde_puede, usuario_actual
from webforms.base.servicios import servicios
from webforms.casos import a_cargo, documento_buscado
from webforms.plazos.vencimientos import Vencimiento, vencimiento
from webforms.tareas import dejada, juntas
from webforms.tareas.prorrogas import por_decidir

rutas = Rutas()

EXPORTABLES = 5_000  #: tasks that one file or one printed list takes
PAGINA = "bandeja"  #: under which saved filters stand
#: urgency → its name and what it means
GRUPOS: Mapping[str, tuple[Any, Any]] = {
    "critica": (
        _l("Pasó el término legal"),
        _l("Ya debía tener respuesta la persona; la más antigua primero"),
    ),
    "quieta": (
        _l("Sin movimiento"),
        _l("Nadie las toca hace varios días hábiles: tómelas o reasígnelas"),
    ),
    "vencida": (_l("Pasó el plazo interno"), _l("El término legal con la persona sigue abierto")),
    "por-vencer": (_l("Vence hoy o el próximo día hábil"), _l("Plazo de la tarea")),
    "tranquila": (_l("Sin urgencia"), ""),
    "pausa": (_l("El plazo está suspendido"), _l("Espera información de la persona; no cuenta")),
}
CLASES = (("solicitud", _l("Solicitud")), ("queja", _l("Queja")), ("reclamo", _l("Reclamo")))
ACCIONES = (
    ("tomar", _l("Tomar")),
    ("devolver", _l("Devolver a la bandeja")),
    ("leer", _l("Marcar como leídas")),
    ("no_leer", _l("Marcar sin leer")),
)
ORDENES = (
    ("urgente", _l("Más urgente")),
    ("prioridad", _l("Prioridad")),
    ("antigua", _l("Más antigua")),
    ("reciente", _l("Más reciente")),
)


@dataclass(frozen=True, slots=True)
class Fila:
    """A line of the inbox."""

    item: WorkItem
    urgencia: str
    asunto: Asunto | None
    vence: Vencimiento | None
    marca: MarcaTarea | None
    ausente: Ausencia | None
    aparte: bool = False  #: this person did an activity from which it is kept apart
    #: business days since anybody touched it, when that is why it rose to this person
    quieta: int | None = None
    trajo: dt.datetime | None = None  #: when the person last brought something for the case

    @property
    def trae_nuevo(self) -> bool:
        """It came back, or something came for it, and this person has not read it since."""
        leida = self.marca.leida if self.marca is not None else None
        desde = max(self.item.opened_at, leida) if leida else self.item.opened_at
        return self.trajo is not None and self.trajo >= desde

    @property
    def sin_leer(self) -> bool:
        """New for this person: theirs or nobody's, and not opened from here."""
        propia = self.item.claimed_by in (None, actor_actual().id)
        return propia and (self.marca is None or self.marca.leida is None)


def de_todos(actor: Actor) -> Actor:
    """The same person with the lanes whose tasks they hand out."""
    mas = {Role(rol, papel.scope) for papel in actor.roles for rol in repartidos(papel.name)}
    return Actor(actor.kind, actor.id, actor.roles | mas, actor.stands_for)


@dataclass(frozen=True, slots=True)
class Pedido:
    """A list that is asked for, ready for the reads."""

    actor: Actor
    filtro: InboxFilter
    del_caso: FiltroBandeja


def pedido(session: Session, c: Consulta, quietas: Collection[str] = ()) -> Pedido:
    s, actor = servicios(), actor_actual()
    holder = {"mias": actor.id, "libres": ""}.get(
        c.vista, "" if c.quien == consulta.LIBRE else c.quien or None
    )
    quien = de_todos(actor) if c.vista == "areas" else actor
    ids = None
    if c.vista == "seguimiento":
        ids = tuple(de_seguimiento(session, actor.id, formatos.dia_local(s.clock.now())))
    filtro = InboxFilter(
        holder=holder, element=c.actividad or None, roles=_roles(quien), scope=c.area or None
    )
    del_caso = FiltroBandeja(
        clase=c.clase or None,
        tema=c.tema or None,
        punto_id=c.punto or None,
        estado=c.estado or None,
        urgencia=c.termino or None,
        orden=c.orden,
        ids=ids,
        quietas=tuple(quietas),
        claves=documento_buscado.leer(c.de).claves,
        **de_que_se_busca(session, c),
    )
    return Pedido(quien, filtro, del_caso)


def _roles(actor: Actor) -> tuple[str, ...]:
    return tuple(sorted({r.name for r in actor.roles} - {USUARIO}))


def contar(session: Session, c: Consulta, quietas: Collection[str] = ()) -> Mapping[str, int]:
    """Urgency → how many."""
    p = pedido(session, c, quietas)
    tareas = reads.items.open_of(p.actor, p.filtro).subquery()
    return casos.por_urgencia(session, tareas, p.del_caso, ahora=servicios().clock.now())


def elegir(
    session: Session, c: Consulta, quietas: Collection[str] = (), limite: int = 0
) -> list[tuple[str, str]]:
    """Task id and urgency of the lines of the page, in their order; as many as the page has, or
    `limite`."""
    p = pedido(session, c, quietas)
    tareas = reads.items.open_of(p.actor, p.filtro).subquery()
    return casos.en_orden(
        session, tareas, p.del_caso, ahora=servicios().clock.now(), limite=limite or c.limite
    )


def filas(
    session: Session, c: Consulta, quietas: Mapping[str, TareaQuieta], limite: int = 0
) -> list[Fila]:
    elegidas = dict(elegir(session, c, quietas, limite))
    items = reads.items.by_ids(session, list(elegidas))
    de_caso = {i.id: i.data["caso_id"] for i in items if isinstance(i.data.get("caso_id"), int)}
    de_que = casos.asuntos(session, sorted({int(str(n)) for n in de_caso.values()}))
    otros = registro.fichas(session, sorted({i.case_key for i in items if i.id not in de_caso}))
    ahora, actor = servicios().clock.now(), actor_actual()
    notadas = marcas(session, actor.id, list(elegidas))
    fuera = ausencias_hoy(session, {i.claimed_by for i in items if i.claimed_by}, ahora)
    aparte = reads.items.kept_apart(session, servicios().engine.catalog, items, actor.id)
    trajeron = llegadas(session, {i.case_key for i in items if i.id in de_caso})
    lineas = []
    for i in items:
        asunto = de_que.get(int(str(de_caso.get(i.id, 0)))) or _de_otro(otros.get(i.case_key))
        vence = plazo(i, elegidas[i.id], asunto, ahora)
        quieta = dias_quieta(quietas[i.id].desde, ahora) if i.id in quietas else None
        lineas.append(
            Fila(
                i,
                elegidas[i.id],
                asunto,
                vence,
                notadas.get(i.id),
                fuera.get(i.claimed_by or ""),
                i.id in aparte,
                quieta,
                trajeron.get(i.case_key),
            )
        )
    return lineas


def _de_otro(ficha: Ficha | None) -> Asunto | None:
    """A case of another procedure than M5-1-02, as a line says it."""
    if ficha is None:
        return None
    estado = str(_(registro.ESTADOS[ficha.estado]))
    que = (ficha.numero, ficha.clase, ficha.de_que, ficha.nombre, rotulo(ficha.en_lugar), estado)
    return Asunto(*que, ficha.abierto, None, ficha.vence, None, None)


def plazo(
    item: WorkItem, urgencia: str, asunto: Asunto | None, ahora: dt.datetime
) -> Vencimiento | None:
    """The term that makes the line urgent, and why it ends on that day. Pure."""
    hoy = formatos.dia_local(ahora)
    if asunto is not None and urgencia == "critica":
        desde = formatos.fecha(asunto.recepcion, hoy)
        porque = (
            _("Legal: %(n)s días hábiles desde el %(dia)s", n=asunto.dias_termino, dia=desde)
            if asunto.dias_termino
            else ""
        )
        return vencimiento(asunto.limite_respuesta, ahora, porque=porque)
    # of another procedure: its term is the case's
    if item.due_at is None and asunto is not None and asunto.dias_termino is None:
        return vencimiento(asunto.limite_respuesta, ahora, porque=_("Plazo para responder el caso"))
    porque = ""
    if (
        asunto is not None
        and asunto.escalado is not None
        and item.due_at is not None
        and item.due_at == asunto.limite_interno
    ):
        dias = habiles_entre(formatos.dia_local(asunto.escalado), formatos.dia_local(item.due_at))
        porque = _(
            "Interno: %(n)s días hábiles desde el %(dia)s",
            n=dias,
            dia=formatos.fecha(asunto.escalado, hoy),
        )
    return vencimiento(item.due_at, ahora, porque=porque)


@dataclass(frozen=True, slots=True)
class Vista:
    """A tab above the list."""

    nombre: str
    enlace: str
    cuantas: int
    actual: bool
    filtro: FiltroGuardado | None = None


def _vistas(session: Session, c: Consulta, quietas: Collection[str]) -> tuple[list[Vista], int]:
    """The tabs, and how many filters of others have none."""
    actor, usuario = actor_actual(), usuario_actual()
    tally = reads.items.tally(session, actor, InboxFilter(roles=_roles(actor)))
    partes = [
        ("mias", _("Mías"), tally.mine),
        ("todas", _("Toda mi bandeja"), tally.all),
        ("libres", _("Sin asignar"), tally.free),
    ]
    if tiene_areas(actor):
        quien = de_todos(actor)
        partes.append(
            (
                "areas",
                _("Todas las áreas"),
                reads.items.inbox_count(session, quien, InboxFilter(roles=_roles(quien))),
            )
        )
    pendientes = de_seguimiento(session, actor.id, formatos.dia_local(servicios().clock.now()))
    if pendientes or c.vista == "seguimiento":
        partes.append(
            (
                "seguimiento",
                _("Seguimiento hoy"),
                sum(contar(session, Consulta(vista="seguimiento")).values()),
            )
        )
    sin_filtro = not c.puestos
    vistas = [
        Vista(n, Consulta(vista=v, orden=c.orden).enlace(), cuantas, sin_filtro and v == c.vista)
        for v, n, cuantas in partes
    ]
    lugares = [] if usuario is None else [p.scope for p in usuario.papeles if p.scope]
    guardados, sin_mostrar = filtros(session, actor.id, PAGINA, lugares)
    for f in guardados:
        guardada = consulta.de_texto(f.consulta)
        cuantas = sum(contar(session, guardada, quietas).values())
        vistas.append(Vista(f.nombre, guardada.enlace(), cuantas, guardada == c, f))
    return vistas, sin_mostrar


def tiene_areas(actor: Actor) -> bool:
    """Hands out tasks of lanes that are not already in their own inbox."""
    return de_todos(actor).roles != actor.roles and any(
        repartidos(p.name) and p.scope is None for p in actor.roles
    )


def gente(session: Session, actor: Actor) -> list[Puesto]:
    """Those of the lanes that this person sees or hands out: for the filter and to hand on."""
    now = servicios().clock.now()
    por_lugar: dict[str | None, set[str]] = {}
    for papel in de_todos(actor).roles:
        if papel.name != USUARIO:
            por_lugar.setdefault(papel.scope, set()).update({papel.name, *que_incluyen(papel.name)})
    todos: dict[str, Puesto] = {}
    for lugar, roles in por_lugar.items():
        for p in gente_con(session, roles, None if lugar is None else [lugar], now):
            todos.setdefault(p.usuario, p)
    return sorted(todos.values(), key=lambda p: p.nombre)


def opciones(
    session: Session, c: Consulta, gente_: Sequence[Puesto], *, con_quietas: bool
) -> Mapping[str, list[tuple[str, str]]]:
    """Filter → its choices."""
    s, actor = servicios(), actor_actual()
    quien = de_todos(actor) if c.vista == "areas" else actor
    usadas = reads.items.inbox_elements(session, quien, InboxFilter(roles=_roles(quien)))
    actividades = {
        element: rotulo(reads.releases.element_name(session, s.engine.catalog, release, element))
        for release, element in usadas
    }
    hay = de_que_son(session, usadas)
    # What only cases of M5-1-02 have is offered where they are; of an empty inbox nothing is known,
    # and what was asked for stays.
    propios = hay.visitas or not usadas
    temas = tipificaciones(session, formatos.dia_local(s.clock.now())) if propios or c.tema else []
    return {
        "clase": [*((codigo, str(nombre)) for codigo, nombre in CLASES if propios), *hay.clases],
        "tema": [
            (t.codigo, de_catalogo(t.subtema)) for t in temas if not c.clase or t.clase == c.clase
        ],
        "punto": [*((p.codigo, p.nombre) for p in puntos(session) if propios), *hay.lugares],
        "area": _areas(session, quien),
        "quien": [
            (consulta.LIBRE, str(_("Sin asignar"))),
            *((p.usuario, p.nombre) for p in gente_),
        ],
        "estado": [
            (e, str(_(nombre)))
            for e, nombre in estados.NOMBRES.items()
            if propios and e not in estados.FINALES
        ],
        "termino": [
            (u, str(nombre)) for u, (nombre, _n) in GRUPOS.items() if u != QUIETA or con_quietas
        ],
        "actividad": sorted(actividades.items(), key=lambda par: par[1]),
        "orden": [(o, str(nombre)) for o, nombre in ORDENES],
        "de": [(c.de, documento_buscado.leer(c.de).cubierto or _("de otra cuenta"))],
    }


def _areas(session: Session, quien: Actor) -> list[tuple[str, str]]:
    """The areas whose tasks the view shows."""
    lugares = {r.scope for r in quien.roles if r.name in (FUNCIONARIO, LIDER)}
    return [(a.codigo, a.nombre) for a in areas(session) if None in lugares or a.codigo in lugares]


@dataclass(frozen=True, slots=True)
class Lote:
    """What somebody chose to do with several tasks, as the form shows it again."""

    elegidas: Collection[str] = ()
    accion: str = ""
    motivo: str = ""
    errores: Sequence[tuple[str, str]] = ()


def que_esperan(session: Session, c: Consulta, limite: int = 0) -> Esperas:
    """The cases of the list that wait for the citizen."""
    actor = actor_actual()
    quien = de_todos(actor) if c.vista == "areas" else actor
    return esperas(session, c, actor, quien, limite or c.limite)


def hoja(session: Session, c: Consulta, lote: Lote | None = None) -> Hoja:
    lote = lote or Lote()
    s, actor = servicios(), actor_actual()
    quietas = las_quietas(session, actor)
    lineas = filas(session, c, quietas)
    cuantas = contar(session, c, quietas)
    grupos = [
        (u, *GRUPOS[u], cuantas[u], [f for f in lineas if f.urgencia == u])
        for u in casos.URGENCIAS
        if cuantas.get(u)
    ]
    gente_ = gente(session, actor)
    esperan = que_esperan(session, c)
    de_quien = (
        {f.item.claimed_by for f in lineas if f.item.claimed_by}
        | set(actor.stands_for)
        | {e.pedido_por for e in esperan.filas}
    )
    vistas, sin_mostrar = _vistas(session, c, quietas)
    elecciones = opciones(session, c, gente_, con_quietas=bool(quietas) or c.termino == QUIETA)
    return Hoja(
        "bandeja/lista.html",
        {
            "c": c,
            "grupos": grupos,
            "esperan": esperan,
            "huella_esperan": huella_de(esperan, formatos.dia_local(s.clock.now())),
            "exportables": EXPORTABLES,
            "total": sum(cuantas.values()),
            "casos": a_cargo.cifras(session)
            if donde_puede(actor, Facultad.SUPERVISAR) != ()
            else None,
            "vistas": vistas,
            "sin_mostrar": sin_mostrar,
            "opciones": elecciones,
            "fichas": fichas(c, elecciones),
            "nombres": nombres_de(session, de_quien),
            "reemplaza": sorted(reads.items.number_held(session, actor.stands_for).items()),
            "cargas": reads.items.number_held(session, [p.usuario for p in gente_]),
            "menciones": mencionado_en(session, actor.id),
            "prorrogas": por_decidir(session, s.clock.now()),
            "devueltos": correos.devueltos_de(session, actor.id),
            "en_papel": continuidad.de_casos(session, {f.item.case_key for f in lineas}),
            "suspendidas": reads.instances.suspended_among(
                session, {f.item.instance_id for f in lineas}
            ),
            "juntas": juntas.paginas(session, [f.item for f in lineas]),
            "lote": lote,
            "acciones": ACCIONES,
            "clases": dict(CLASES),
            "desde": s.clock.now(),
        },
        422 if lote.errores else 200,
    )


NOMBRES: Mapping[str, Any] = {
    "q": _l("Texto"),
    "de": _l("Documento"),
    "actividad": _l("Actividad"),
    "clase": _l("Clase"),
    "tema": _l("Tema"),
    "punto": _l("Lugar"),
    "area": _l("Área"),
    "quien": _l("Responsable"),
    "estado": _l("Estado"),
    "termino": _l("Término"),
}


def fichas(
    c: Consulta, elecciones: Mapping[str, list[tuple[str, str]]]
) -> list[tuple[str, str, str]]:
    """Name, value and the address without it, of each filter that is set."""
    return [
        (
            str(NOMBRES[nombre]),
            dict(elecciones.get(nombre, [])).get(valor, valor),
            c.enlace(**{nombre: ""}),
        )
        for nombre, valor in c.puestos.items()
    ]


def empieza_por_lo_suyo(usuario: Usuario | None) -> bool:
    """An officer; whoever hands out tasks begins with all of them."""
    return (
        usuario is not None
        and usuario.tiene(FUNCIONARIO)
        and not usuario.puede(Facultad.SUPERVISAR)
    )


def tiene_carriles(usuario: Usuario) -> bool:
    """Tasks of lanes come to this person; a role that only a diagram knows is one of a lane."""
    return any(p.name not in ROLES or ROLES[p.name].en_carriles for p in usuario.papeles)


@rutas.get(
    "/bandeja",
    para=PERSONA,
    ayuda=Ayuda(
        _l("Aquí llegan las tareas que usted puede hacer; las que vencen primero van arriba."),
        guias.FUNCIONARIO,
    ),
    menu=Entrada(Grupo.HOY, _l("Bandeja"), 5, hay=tiene_carriles, primera=True),
)
def bandeja() -> ResponseReturnValue:
    c = consulta.leer(request.args)
    if not PARTES.keys() & request.args.keys() and empieza_por_lo_suyo(usuario_actual()):
        c = Consulta(vista="mias")
    anotar_documento(c)
    dejada.recordar(c.texto)
    with servicios().uow.reading() as session:
        vista = hoja(session, c)
    return vista.mostrar()


@rutas.post("/bandeja/buscar", para=PERSONA, haria=_l("Buscar en la bandeja"))
def pedir() -> ResponseReturnValue:
    """The filter as it was sent; the number of a document stays out of the address that answers
    it."""
    with servicios().uow.reading() as session:
        pedidos = documento_buscado.argumentos(session)
    return redirect(consulta.leer(pedidos).enlace())


def anotar_documento(c: Consulta) -> None:
    """Each page that shows whom a document led to is recorded; what it asks while it is open is the
    same page."""
    personas = documento_buscado.leer(c.de).personas
    if personas:
        documento_buscado.anotar(personas)


@rutas.get("/bandeja/novedades", para=PERSONA)
def novedades() -> ResponseReturnValue:
    """What the page asks while it is open: the tasks of the same list now, and who holds each; it
    moves no line by itself."""
    with servicios().uow.reading() as session:
        c = consulta.leer(request.args)
        quietas = las_quietas(session, actor_actual())
        items = reads.items.by_ids(session, [id_ for id_, _u in elegir(session, c, quietas)])
        nombres = nombres_de(session, {i.claimed_by for i in items if i.claimed_by})
        total = sum(contar(session, c, quietas).values())
        esperan = _esperan_ahora(session, c)
    tienen = {i.id: nombres.get(i.claimed_by, i.claimed_by) if i.claimed_by else "" for i in items}
    respuesta = jsonify(total=total, tareas=tienen, esperan=esperan)
    respuesta.headers["Cache-Control"] = "no-store"
    return respuesta


def huella_de(esperan: Esperas, hoy: dt.date) -> str:
    """A mark of what the lines of the waiting cases tell."""
    return hashlib.sha256(repr((esperan, hoy)).encode()).hexdigest()[:16]


def _esperan_ahora(session: Session, c: Consulta) -> Mapping[str, Any]:
    """Their lines, only when they are others than those that the browser shows."""
    esperan = que_esperan(session, c)
    huella = huella_de(esperan, formatos.dia_local(servicios().clock.now()))
    if huella == request.args.get("esperan"):
        return {"huella": huella}
    nombres = nombres_de(session, {e.pedido_por for e in esperan.filas})
    html = render_template(
        "bandeja/_esperan.html", c=c, esperan=esperan, nombres=nombres, clases=dict(CLASES)
    )
    return {"huella": huella, "total": esperan.total, "html": html}
