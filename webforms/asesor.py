"""The adviser's console: one screen per attention (M5-1-02 5.2.2 to 5.2.12), the queue of the point between two attentions."""

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Blueprint
from flask import abort
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import session as galleta
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import queries
from engine.errors import Conflict
from engine.errors import InstanceNotActive
from engine.queries import InboxFilter
from engine.types import WorkItem
from engine.types import Writing
from records import atenciones
from records import filas
from records import personas
from records import puntos
from records import turnos
from records.catalogo import LINEAS
from records.errores import Rechazo
from records.errores import TurnoNoDisponible
from records.rules import turnos as reglas
from records.tables import Atencion
from records.tables import Caso
from records.tables import ConsultaLegado
from records.tables import Persona
from records.tables import Punto
from records.tables import Tipificacion
from records.tables import Turno
from webforms import formatos
from webforms import tareas
from webforms import visitas
from webforms.forms.comunes import MOTIVOS_VISITA
from webforms.security import actor_actual
from webforms.security import usuario_actual
from webforms.servicios import servicios

bp = Blueprint("asesor", __name__)

MOTIVOS = dict(MOTIVOS_VISITA)
#: Steps of the bar: element → (number of the procedure, word).
PASOS = (
    ("act_5_2_2", "2", _l("Llamar")),
    ("act_5_2_3", "3", _l("Motivo")),
    ("act_5_2_4", "4", _l("Titularidad")),
    ("act_5_2_6", "6", _l("CRM")),
    ("act_5_2_7", "7", _l("Datos")),
    ("act_5_2_8", "8", _l("Tipificar")),
    ("act_5_2_9", "9", _l("Aplicativos")),
    ("act_5_2_10", "10", _l("Responder")),
    ("act_5_2_12", "12", _l("Calificar")),
)
#: Tasks of the lane Usuario that the citizen does alone, on a device.
DEL_CIUDADANO = ("act_5_2_1", "act_5_2_13")
SISTEMAS = (("cctex", "C&CTEX", "F2"), ("cobol", "COBOL", "F4"), ("foxpro", "FOX PRO", "F8"))
RUTINA_MIN = (6, 15)  # I2, usual minutes of an attention
REINTENTOS = 8


@dataclass(frozen=True, slots=True)
class Puesto:
    """Where this adviser sits today."""

    punto: Punto
    modulo: str | None


def puesto_actual(session: Session) -> Puesto:
    usuario = usuario_actual()
    codigos = usuario.ambitos("asesor") if usuario else ()
    elegido = galleta.get("punto") if galleta.get("punto") in codigos else (codigos[0] if codigos else None)
    punto = session.get(Punto, elegido) if elegido else None
    if punto is None:
        abort(403)
    modulo = galleta.get("modulo")
    return Puesto(punto, modulo if modulo in puntos.modulos(session, punto.codigo) else None)


# --- what is going on -------------------------------------------------------------------------------------------------
def tarea_en_curso(session: Session, punto_id: str) -> WorkItem | None:
    """What this adviser does now: the call that he made, else the next activity of the visit that he attends."""
    actor = actor_actual()
    tomadas = [i for i in queries.items_held_by(session, actor.id) if i.process == visitas.PROCESO]
    if tomadas:
        return tomadas[-1]
    turno = atenciones.en_curso(session, actor.id)
    if turno is None or turno.case_key is None or turno.punto_id != punto_id:
        return None
    mias = [
        i
        for i in queries.items_of_case(session, turno.case_key, only_open=True)
        if i.instance_id == turno.instancia_id and _es_mia(i) and i.role is not None and actor.has(i.role, i.scope)
    ]
    return mias[0] if mias else None


def _es_mia(item: WorkItem) -> bool:
    return not _del_ciudadano(item) and item.claimed_by in (None, actor_actual().id)


def _del_ciudadano(item: WorkItem) -> bool:
    """A rating said aloud is recorded by the adviser, who asked for it that way (5.2.12)."""
    return item.element in DEL_CIUDADANO and item.data.get("medio_calificacion") != "verbal"


def otras_tareas(session: Session, actual: WorkItem | None) -> list[WorkItem]:
    """Open tasks of the lane at this point outside the visit in course: talks, questions, answers of the areas to send."""
    abiertas = queries.inbox(session, actor_actual(), limit=100)
    return [
        i
        for i in abiertas
        if _es_mia(i) and i.element != "act_5_2_2" and (actual is None or i.case_key != actual.case_key) and not _de_otro(session, i)
    ]


def _de_otro(session: Session, item: WorkItem) -> bool:
    """A visit is attended by one adviser: its activities are not offered to the colleagues."""
    turno_id = item.data.get("turno_id")
    if item.process != visitas.PROCESO or not isinstance(turno_id, int):
        return False
    duena = session.scalar(sa.select(Atencion.asesor_id).where(Atencion.turno_id == turno_id))
    return duena is not None and duena != actor_actual().id


@bp.get("/atencion")
def consola() -> ResponseReturnValue:
    s = servicios()
    with s.uow.reading() as session:
        puesto = puesto_actual(session)
        item = tarea_en_curso(session, puesto.punto.codigo)
        if item is None:
            return _entre_turnos(session, puesto)
        tarea = tareas.construir(session, item, None)
    request.args = request.args.copy()  # the frame of the task page is this console
    request.args["volver"] = "consola"
    return tareas.pagina(tarea)


def _entre_turnos(session: Session, puesto: Puesto) -> ResponseReturnValue:
    s = servicios()
    now = s.clock.now()
    turno = atenciones.en_curso(session, actor_actual().id)
    buscando = turno is not None and turno.case_key is not None and tareas.espera_un_sistema(session, turno.case_key)
    return render_template(
        "asesor/fila.html",
        puesto=puesto,
        modulos=puntos.modulos(session, puesto.punto.codigo),
        resumen=filas.resumen(session, puesto.punto.codigo, now),
        fila=filas.fila(session, puesto.punto.codigo, now),
        ausentes=_por_rellamar(session, puesto.punto.codigo),
        reingresos=_reingresos(session, puesto.punto.codigo, now),
        vuelven=_vuelven(session),
        otras=otras_tareas(session, None),
        motivos=MOTIVOS,
        abierto=puntos.esta_abierto(puesto.punto, now),
        turno=turno,
        buscando=buscando,
        llave=secrets.token_urlsafe(12),
    )


def _por_rellamar(session: Session, punto_id: str) -> list[WorkItem]:
    """Turns that did not come and may be called again: at most three calls, two minutes apart."""
    filtro = InboxFilter(process=visitas.PROCESO, element="act_5_2_2", holder="")
    return [i for i in queries.inbox(session, actor_actual(), filtro) if i.scope == punto_id]


def _reingresos(session: Session, punto_id: str, now: dt.datetime) -> list[Turno]:
    """Closed as absent in the last 30 minutes: they may come back and keep their arrival (Q3)."""
    desde = now - reglas.REINGRESO
    consulta = sa.select(Turno).where(Turno.punto_id == punto_id, Turno.resultado == "ausente", Turno.cerrado >= desde)
    return list(session.scalars(consulta.order_by(Turno.cerrado.desc()).limit(10)))


def _vuelven(session: Session) -> list[tuple[WorkItem, str]]:
    """Visits that wait for their power of attorney today (Q6), with the ticket that they had."""
    abiertas = queries.inbox(session, actor_actual(), InboxFilter(process=visitas.PROCESO, element=visitas.PRIMERA))
    return [(i, str(i.data.get("ficha") or "")) for i in abiertas]


# --- calling ----------------------------------------------------------------------------------------------------------
@bp.post("/atencion/modulo")
def elegir_modulo() -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        puesto = puesto_actual(session)
        modulo = request.form.get("modulo", "")
        if modulo not in puntos.modulos(session, puesto.punto.codigo):
            flash(_("Elija su módulo."), "ambar")
            return redirect(url_for("asesor.consola"))
    galleta["modulo"] = modulo
    return redirect(url_for("asesor.consola"))


@bp.post("/atencion/llamar")
def llamar() -> ResponseReturnValue:
    """Call the next turn: chosen by the rule, taken by the engine. Who loses the race gets the next candidate."""
    s, now = servicios(), servicios().clock.now()
    with s.uow.reading() as session:
        puesto = puesto_actual(session)
        if puesto.modulo is None:
            flash(_("Elija su módulo antes de llamar."), "ambar")
            return redirect(url_for("asesor.consola"))
        if tarea_en_curso(session, puesto.punto.codigo) is not None:
            return redirect(url_for("asesor.consola"))
    for _intento in range(REINTENTOS):
        with s.uow.reading() as session:
            eleccion = reglas.siguiente(turnos.turnos_en_espera(session, puesto.punto.codigo), now)
        if eleccion is None:
            flash(_("No hay turnos en espera."), "ambar")
            break
        if _llamar(eleccion.turno.id, puesto, eleccion.razon):
            break
    return redirect(url_for("asesor.consola"))


@bp.post("/atencion/llamar/<int:turno_id>")
def llamar_turno(turno_id: int) -> ResponseReturnValue:
    """Call one turn out of its order: points without Digiturno, or somebody who must go first; the reason is kept."""
    with servicios().uow.reading() as session:
        puesto = puesto_actual(session)
        turno = session.get(Turno, turno_id)
        if turno is None or turno.punto_id != puesto.punto.codigo:
            abort(404)
        if puesto.modulo is None:
            flash(_("Elija su módulo antes de llamar."), "ambar")
            return redirect(url_for("asesor.consola"))
    if not _llamar(turno_id, puesto, _("Elegido por el asesor")):
        flash(_("Ese turno ya lo llamó otra persona o ya no espera."), "ambar")
    return redirect(url_for("asesor.consola"))


def _llamar(turno_id: int, puesto: Puesto, razon: str) -> bool:
    """`TurnoLlamado` and the call's row in one commit, 5.2.2 taken for this adviser. False: the turn no longer waits."""
    s = servicios()

    def anotar(w: Writing) -> None:
        turnos.registrar_llamado(w.session, turno_id, asesor_id=w.actor.id, modulo=puesto.modulo or "", now=w.now, razon=razon[:200])

    try:
        s.engine.correlate("TurnoLlamado", str(turno_id), {}, actor=actor_actual(), now=s.clock.now(), claim="act_5_2_2", records=anotar)
    except (Conflict, InstanceNotActive, TurnoNoDisponible):
        return False
    return True


@bp.post("/atencion/rellamar/<item_id>")
def rellamar(item_id: str) -> ResponseReturnValue:
    """Call an absent person again: the item is taken first, then the call is noted."""
    s = servicios()
    with s.uow.reading() as session:
        puesto = puesto_actual(session)
        item = tareas.leer_item(session, item_id)
    turno_id = item.data.get("turno_id")
    if item.element != "act_5_2_2" or not isinstance(turno_id, int):
        abort(404)
    if puesto.modulo is None:
        flash(_("Elija su módulo antes de llamar."), "ambar")
        return redirect(url_for("asesor.consola"))
    actor, now, modulo = actor_actual(), s.clock.now(), puesto.modulo
    try:
        s.engine.claim(item_id, actor=actor, now=now)
        s.uow.run(lambda session: turnos.registrar_llamado(session, turno_id, asesor_id=actor.id, modulo=modulo, now=now))
    except (Conflict, InstanceNotActive, TurnoNoDisponible):
        flash(_("Ese turno ya lo llamó otra persona."), "ambar")
    return redirect(url_for("asesor.consola"))


# --- people who come to the desk --------------------------------------------------------------------------------------
@bp.post("/atencion/recibir")
def recibir() -> ResponseReturnValue:
    """A person in line without a ticket (points without Digiturno, quick attention): turn, call and desk in three clicks."""
    s, now = servicios(), servicios().clock.now()
    with s.uow.reading() as session:
        puesto = puesto_actual(session)
    motivo = request.form.get("motivo_visita", "servicio_adquirido")
    condicion = request.form.get("condicion", "ninguna")
    if motivo not in MOTIVOS or condicion not in ("ninguna", "preferente"):
        abort(422)
    valores = {"motivo_visita": motivo, "condicion": condicion, "tipo_doc": "", "num_doc": ""}
    hecho = visitas.iniciar(puesto.punto, valores, actor=actor_actual(), now=now, llave=request.form.get("llave", ""))
    with s.uow.reading() as session:
        turno_id = visitas.turno_de(session, hecho.instance_id).id
        ocupado = tarea_en_curso(session, puesto.punto.codigo) is not None
    if request.form.get("atender") and not ocupado and puesto.modulo and _llamar(turno_id, puesto, _("Atención rápida en el módulo")):
        return redirect(url_for("asesor.consola"))
    flash(_("La persona quedó en la fila."), "verde")
    return redirect(url_for("asesor.consola"))


@bp.post("/atencion/reingresar/<int:turno_id>")
def reingresar(turno_id: int) -> ResponseReturnValue:
    """A no-show is back within 30 minutes: a new visit that keeps the arrival (Q3)."""
    s, now = servicios(), servicios().clock.now()
    with s.uow.reading() as session:
        puesto = puesto_actual(session)
        turno = session.get(Turno, turno_id)
        if turno is None or turno not in _reingresos(session, puesto.punto.codigo, now):
            abort(404)
        valores = {
            "motivo_visita": turno.motivo_visita,
            "condicion": turno.condicion,
            "tipo_doc": turno.tipo_doc or "",
            "num_doc": turno.num_doc or "",
        }
    visitas.iniciar(puesto.punto, valores, actor=actor_actual(), now=now, llave=f"reingreso-{turno_id}", anterior=turno_id)
    flash(_("El turno volvió a la fila con su hora de llegada."), "verde")
    return redirect(url_for("asesor.consola"))


@bp.post("/atencion/volvio/<item_id>")
def volvio(item_id: str) -> ResponseReturnValue:
    """The person is back with the power (5.2.5 → 5.2.1): a new turn in the same visit."""
    s = servicios()
    with s.uow.reading() as session:
        item = tareas.leer_item(session, item_id)
        turno_id = item.data.get("turno_id")
        turno = session.get(Turno, turno_id) if isinstance(turno_id, int) else None
    if item.element != visitas.PRIMERA or turno is None:
        abort(404)
    valores = {
        "motivo_visita": turno.motivo_visita,
        "condicion": turno.condicion,
        "tipo_doc": turno.tipo_doc or "",
        "num_doc": turno.num_doc or "",
    }
    try:
        s.engine.complete(item_id, values=valores, actor=actor_actual(), now=s.clock.now(), records=s.forms[visitas.FORMULARIO].records)
    except (Conflict, InstanceNotActive, Rechazo):
        flash(_("Esa visita ya siguió o se cerró."), "ambar")
    else:
        flash(_("La persona quedó en la fila con un turno nuevo."), "verde")
    return redirect(url_for("asesor.consola"))


@bp.post("/atencion/pausar/<int:turno_id>")
def pausar(turno_id: int) -> ResponseReturnValue:
    """Stop or restart the clock of the attention: pauses do not count as attention time."""
    s = servicios()
    actor, now = actor_actual(), s.clock.now()
    with s.uow.reading() as session:
        turno = atenciones.en_curso(session, actor.id)
        if turno is None or turno.id != turno_id:
            abort(404)
        cambiar = turnos.reanudar_reloj if turno.estado == turnos.PAUSA else turnos.detener_reloj
        modulo = puesto_actual(session).modulo
    s.uow.run(lambda session: cambiar(session, turno_id, asesor_id=actor.id, modulo=modulo, now=now))
    return redirect(url_for("asesor.consola"))


@bp.post("/atencion/datos")
def datos() -> ResponseReturnValue:
    """Show the personal data of the person at the desk; looking is recorded."""
    galleta["datos_de"] = request.form.get("item", "")
    return redirect(url_for("asesor.consola"))


# --- the frame of an activity -----------------------------------------------------------------------------------------
#: Columns of a legacy answer in the order in which they are read, with their words; others are not shown.
ROTULOS = {
    "obligacion": _l("Obligación"),
    "linea": _l("Línea"),
    "estado": _l("Estado"),
    "saldo": _l("Saldo"),
    "dias_mora": _l("Mora"),
    "ultimo_pago": _l("Último pago"),
    "proxima_cuota": _l("Próxima cuota"),
    "valor_cuota": _l("Valor de la cuota"),
}


def celda(columna: str, valor: Any) -> str:
    """A value of a legacy system as people read it."""
    if columna in ("saldo", "valor_cuota"):
        return formatos.dinero(float(valor))
    if columna == "dias_mora":
        return str(_("%(n)s días", n=valor))
    if columna in ("ultimo_pago", "proxima_cuota"):
        return formatos.fecha(str(valor)[:10])
    if columna == "linea":
        return LINEAS.get(str(valor), str(valor))
    return str(valor).replace("_", " ").capitalize() if columna == "estado" else str(valor)


@dataclass(frozen=True, slots=True)
class Legado:
    nombre: str
    tecla: str
    estado: str
    segundos: float | None
    corte: str
    filas: list[dict[str, Any]]

    @property
    def obligaciones(self) -> list[list[tuple[str, str]]]:
        """(word, text) of each row."""
        return [[(str(palabra), celda(c, f[c])) for c, palabra in ROTULOS.items() if f.get(c) not in (None, "")] for f in self.filas[:4]]

    @property
    def texto(self) -> str:
        """What the button inserts into the answer."""
        partes = ["; ".join(f"{palabra.lower()} {texto}" for palabra, texto in pares) for pares in self.obligaciones]
        return f"Según {self.nombre} (corte {self.corte or 'sin fecha'}): " + " | ".join(partes) + ". "


def contexto(session: Session, tarea: tareas.Tarea) -> dict[str, Any]:
    """What stands beside the form: turn, person, products, open cases, history, legacy answers, what follows."""
    s = servicios()
    now, item = s.clock.now(), tarea.item
    puesto = puesto_actual(session)
    turno_id = item.data.get("turno_id")
    turno = session.get(Turno, turno_id) if isinstance(turno_id, int) else None
    persona = _persona(session, item)
    recorrido = queries.path(session, item.instance_id)
    return {
        "puesto": puesto,
        "turno": turno,
        "inicio": _inicio(session, turno),
        "rutina": RUTINA_MIN,
        "pasos": _pasos(item, recorrido),
        "persona": persona,
        "cola": filas.resumen(session, puesto.punto.codigo, now),
        "legado": _legado(session, turno) if item.element in ("act_5_2_10", "us_consulta_manual") else [],
        "caso": _caso(session, item),
        "sigue": _sigue(tarea, session),
    }


def _inicio(session: Session, turno: Turno | None) -> dt.datetime | None:
    if turno is None:
        return None
    return session.scalar(sa.select(Atencion.inicio).where(Atencion.turno_id == turno.id))


def _pasos(item: WorkItem, recorrido: dict[str, queries.Mark]) -> list[tuple[str, str, str]]:
    """(number, word, state) of the steps of the bar."""
    pasos = []
    for elemento, numero, palabra in PASOS:
        hecho = elemento in recorrido and recorrido[elemento].state == "done"
        estado = "actual" if elemento == item.element else "hecho" if hecho else ""
        pasos.append((numero, str(palabra), estado))
    return pasos


def _persona(session: Session, item: WorkItem) -> dict[str, Any] | None:
    """The person's panel. Account data only for a verified holder (reserva bancaria); every look is recorded first."""
    persona_id = item.data.get("persona_id")
    persona = session.get(Persona, persona_id) if isinstance(persona_id, int) and persona_id else None
    if persona is None:
        return None
    s = servicios()
    completos = galleta.get("datos_de") == item.id
    kind = "datos_completos" if completos else "consulta_persona"
    s.engine.log_access(actor_actual(), kind, item.case_key, now=s.clock.now(), detail={"persona": persona.id})
    verificada = item.data.get("titularidad") == "verificada"
    historia = personas.historia_persona(session, persona.id, 6)
    return {
        "fila": persona,
        "completos": completos,
        "datos": personas.datos_vigentes(session, persona.id),
        "titularidad": item.data.get("titularidad"),
        "calidad": item.data.get("calidad"),
        "productos": personas.servicios(session, persona.id) if verificada else [],
        "abiertos": [
            c for c in historia.casos if c.estado not in ("cerrado", "desistido", "anulado", "trasladado") and c.case_key != item.case_key
        ],
        "visitas": [v for v in historia.visitas if v.turno_id != item.data.get("turno_id")],
        "repetidas": atenciones.visitas_recientes(session, persona.id, s.clock.now()),
    }


def _legado(session: Session, turno: Turno | None) -> list[Legado]:
    leidas = {}
    if turno is not None:
        consulta = sa.select(ConsultaLegado).where(ConsultaLegado.turno_id == turno.id).order_by(ConsultaLegado.id)
        leidas = {c.sistema: c for c in session.scalars(consulta)}
    vistos = []
    for sistema, nombre, tecla in SISTEMAS:
        c = leidas.get(sistema)
        if c is not None:
            corte = c.fecha_corte.date().strftime("%d/%m/%Y") if c.fecha_corte else ""
            vistos.append(Legado(nombre, tecla, c.estado, c.ms / 1000 if c.ms is not None else None, corte, c.filas or []))
    return vistos


def _caso(session: Session, item: WorkItem) -> tuple[Caso, Tipificacion | None] | None:
    caso_id = item.data.get("caso_id")
    caso = session.get(Caso, caso_id) if isinstance(caso_id, int) else None
    return (caso, session.get(Tipificacion, caso.tema)) if caso is not None else None


def _sigue(tarea: tareas.Tarea, session: Session) -> list[tuple[str, str, str]]:
    """The next steps after this one: (number, name, who)."""
    release = servicios().engine.catalog.release(session, tarea.item.release)
    elementos = release.processes[tarea.item.process].elements
    orden = [elemento for elemento, _n, _p in PASOS] + ["act_5_2_11"]
    orden = sorted(set(orden), key=lambda e: int(e.rpartition("_")[2]))
    if tarea.item.element not in orden:
        return []
    siguientes = orden[orden.index(tarea.item.element) + 1 :][:3]
    nombres = []
    for clave in siguientes:
        if clave in elementos:
            automatico = elementos[clave].type != "userTask"
            nombres.append((f"5.2.{clave.rpartition('_')[2]}", elementos[clave].name, _("Automático") if automatico else ""))
    return nombres


tareas.MARCOS["consola"] = ("asesor/consola.html", contexto)


@bp.get("/atencion/constancia/<int:caso_id>")
def constancia(caso_id: int) -> ResponseReturnValue:
    """The proof of reception that each filed case prints (Ley 1755 art. 15, Decreto 1166/2016)."""
    s = servicios()
    with s.uow.reading() as session:
        caso = session.get(Caso, caso_id)
        puesto = puesto_actual(session)
        if caso is None or caso.radicado is None or caso.punto_id != puesto.punto.codigo:
            abort(404)
        s.engine.log_access(actor_actual(), "constancia", caso.case_key or caso.radicado, now=s.clock.now(), detail={"caso": caso_id})
        return render_template(
            "asesor/constancia.html",
            caso=caso,
            tipo=session.get(Tipificacion, caso.tema),
            persona=session.get(Persona, caso.persona_id),
            punto=puesto.punto,
        )
