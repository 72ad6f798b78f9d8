"""The end of an employment, now or when a day is over: what the person holds is shown first, and
handed on or given back by it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from common.rounds import attempt
from engine.errors import EngineError
from engine.types import SYSTEM, Actor, WorkItem
from records.base import cambios as registro
from records.cuentas import personal, retiros
from records.cuentas.ausencias import ausencias_hoy
from records.cuentas.cuentas import cuentas_con_rol
from records.cuentas.tablas import Ausencia, RetiroPrevisto
from records.plazos.reglas.calendario import al_terminar
from webforms.base import cambios
from webforms.base.formatos import dia_local, fecha
from webforms.base.guias import ADMINISTRADOR, Ayuda
from webforms.base.personas import nombres_de
from webforms.base.quienes import GOBIERNA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos import dia_escrito, limpiar
from webforms.cuentas.personal import exigir_cuenta, lo_que_tiene

rutas = Rutas()

Carril = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Grupo:
    """Tasks of one lane in one place, and who else could do them; who is away today comes last."""

    clave: str
    rol: str
    ambito: str | None
    tareas: Sequence[WorkItem]
    pueden: Sequence[tuple[str, str]]


def _grupos(session: Session, usuario: str, tareas: Sequence[WorkItem]) -> list[Grupo]:
    juntas: dict[Carril, list[WorkItem]] = {}
    for t in tareas:
        juntas.setdefault((t.role or "", t.scope), []).append(t)
    grupos = []
    for (rol, ambito), suyas in sorted(
        juntas.items(), key=lambda par: (par[0][0], par[0][1] or "")
    ):
        pueden = _quienes(session, rol, ambito, usuario)
        # not its position: meanwhile another lane may have come or gone
        clave = f"tareas/{rol}/{ambito or ''}"
        grupos.append(
            Grupo(
                clave,
                rol,
                ambito,
                sorted(suyas, key=lambda t: (t.due_at is None, t.due_at, t.id)),
                pueden,
            )
        )
    return grupos


def _quienes(session: Session, rol: str, ambito: str | None, sin: str) -> list[tuple[str, str]]:
    now = servicios().clock.now()
    gente = [c for c in cuentas_con_rol(session, rol, ambito, now) if c.usuario != sin]
    fuera = ausencias_hoy(session, [c.usuario for c in gente], now)
    return [
        (c.usuario, c.nombre) for c in sorted(gente, key=lambda c: (c.usuario in fuera, c.nombre))
    ]


def _relevos(
    session: Session, usuario: str, ausencias: Sequence[Ausencia]
) -> list[tuple[Ausencia, list[tuple[str, str]]]]:
    """Absences of others that this person covers, and who could cover them: whoever does the same
    work, but who retires her."""
    now, relevos = servicios().clock.now(), []
    for a in ausencias:
        if a.sustituto == usuario:
            posibles = personal.reemplazos_posibles(session, a.usuario, now).items()
            relevos.append(
                (a, [par for par in posibles if par[0] not in (usuario, actor_actual().id)])
            )
    return relevos


@rutas.get(
    "/personas/<usuario>/retiro",
    para=GOBIERNA,
    ayuda=Ayuda(_l("Lo que la persona tiene, y a quién pasa cuando se va."), ADMINISTRADOR),
)
def retiro(usuario: str) -> ResponseReturnValue:
    """`?dia=27/12/2026`: as that day will find it."""
    return _pagina(usuario, "", {"ultimo_dia": limpiar(request.args.get("dia", ""))[:20]})


def _pagina(usuario: str, error: str, escrito: Mapping[str, str]) -> ResponseReturnValue:
    s = servicios()
    now = s.clock.now()
    dia = dia_escrito(escrito.get("ultimo_dia", ""))
    dia = dia if dia is not None and dia >= dia_local(now) else None
    fin = now if dia is None else al_terminar(dia)
    with s.uow.reading() as session:
        suya = exigir_cuenta(session, usuario)
        tiene = lo_que_tiene(session, usuario, now)
        siguen = [a for a in tiene.ausencias if dia is None or a.hasta > dia]
        previsto = retiros.previsto(session, usuario)
        gente = {n for a in tiene.ausencias for n in (a.usuario, a.sustituto)}
        gente |= (
            {previsto.registrado_por, *previsto.reparto.values()} if previsto is not None else set()
        )
        valores = {
            "tiene": tiene,
            "siguen": siguen,
            "grupos": _grupos(session, usuario, tiene.tareas),
            "relevos": _relevos(session, usuario, siguen),
            "suyos": [
                r
                for r in personal.roles_de(session, usuario, now)
                if r.vigente_hasta is None or r.vigente_hasta > fin
            ],
            "previsto": previsto,
            "reparto": _dicho(previsto.reparto if previsto is not None else {}),
            "a_su_nombre": retiros.a_su_nombre(session, usuario),
            "nombres": nombres_de(session, gente),
        }
    return (
        render_template(
            "cuentas/retiro.html",
            suya=suya,
            dia=dia,
            error=error,
            escrito=escrito,
            dicho=cambios.rol_dicho,
            maximo=registro.MAX_MOTIVO,
            **valores,
        ),
        422 if error else 200,
    )


def _dicho(reparto: Mapping[str, str]) -> list[tuple[str, str]]:
    """The tasks of which lane → who gets them; what is said of absences stands with them."""
    partes = [
        (clave.split("/"), quien) for clave, quien in reparto.items() if clave.startswith("tareas/")
    ]
    return [
        (cambios.rol_dicho(rol, ambito or None), quien) for (_tareas, rol, ambito), quien in partes
    ]


@rutas.post(
    "/personas/<usuario>/retiro", para=GOBIERNA, haria=_l("Retirar a una persona"), de_peso=True
)
def retirar(usuario: str) -> ResponseReturnValue:
    """`accion`: "previsto" keeps it for its day, "desistir" takes that back; without, it is done
    now.

    First nobody can enter with the account any more; then its tasks go on, each a command. What a
    stop leaves, the page shows again.
    """
    escrito = {k: limpiar(v)[:600] for k, v in request.form.items()}
    motivo, accion = escrito.get("motivo", ""), escrito.get("accion", "")
    if accion == "desistir":
        return _desistir(usuario, motivo, escrito)
    with servicios().uow.reading() as session:
        exigir_cuenta(session, usuario)
        tiene = lo_que_tiene(session, usuario, servicios().clock.now())
        relevos = {a.id: dict(pueden) for a, pueden in _relevos(session, usuario, tiene.ausencias)}
        reparto = {
            g.clave: escrito.get(g.clave, "") for g in _grupos(session, usuario, tiene.tareas)
        }
    cubre = {numero: escrito.get(f"{retiros.DE_AUSENCIA}{numero}", "") for numero in relevos}
    if accion == "previsto":
        validos = {
            f"{retiros.DE_AUSENCIA}{n}": quien for n, quien in cubre.items() if quien in relevos[n]
        }
        return _planear(
            usuario,
            {**{k: quien for k, quien in reparto.items() if quien}, **validos},
            motivo,
            escrito,
        )
    error = cambios.intentar(
        lambda session, acto: retiros.retirar_ya(session, usuario, cubre, motivo, acto)
    )
    if error:
        return _pagina(usuario, error, escrito)
    movidas = _repartir(usuario, reparto, motivo, actor_actual())
    flash(
        _(
            "Retirada. Tareas que pasaron a otra persona: %(p)s; que volvieron a su bandeja: %(d)s.",
            p=movidas.pasadas,
            d=movidas.devueltas,
        ),
        "verde",
    )
    if movidas.quedan:
        flash(
            _(
                "No se movieron %(n)s tareas: su caso está detenido o alguien las cambió. Mírelas y repita.",
                n=movidas.quedan,
            ),
            "ambar",
        )
    return redirect(url_for("personas.ver", usuario=usuario))


def _planear(
    usuario: str, reparto: Mapping[str, str], motivo: str, escrito: Mapping[str, str]
) -> ResponseReturnValue:
    dia = dia_escrito(escrito.get("ultimo_dia", ""))
    if dia is None:
        return _pagina(
            usuario, _("Escriba el último día como 27/11/2026, o retírela ahora."), escrito
        )
    if error := cambios.intentar(
        lambda session, acto: retiros.planear(session, usuario, dia, reparto, motivo, acto)
    ):
        return _pagina(usuario, error, escrito)
    flash(
        _("Queda previsto: entra hasta el %(d)s. Hasta ese día se puede desistir.", d=fecha(dia)),
        "verde",
    )
    return redirect(url_for("personas.retiro", usuario=usuario))


def _desistir(usuario: str, motivo: str, escrito: Mapping[str, str]) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        exigir_cuenta(session, usuario)
    if error := cambios.intentar(
        lambda session, acto: retiros.desistir(session, usuario, motivo, acto)
    ):
        return _pagina(usuario, error, escrito)
    flash(_("Sigue como estaba: ya no tiene último día."), "verde")
    return redirect(url_for("personas.ver", usuario=usuario))


# --- what becomes of the tasks --------------------------------------------------------------------
@dataclass(slots=True)
class Movidas:
    pasadas: int = 0
    devueltas: int = 0
    quedan: int = 0  #: suspended, kept apart, or somebody else changed them meanwhile


def _repartir(usuario: str, reparto: Mapping[str, str], motivo: str, actor: Actor) -> Movidas:
    """Each to who was chosen for its lane, if they may have it now, else back to the lane."""
    s, hechas = servicios(), Movidas()
    with s.uow.reading() as session:
        grupos = _grupos(session, usuario, lo_que_tiene(session, usuario, s.clock.now()).tareas)
    for grupo in grupos:
        elegida = reparto.get(grupo.clave, "")
        for tarea in grupo.tareas:
            if elegida in dict(grupo.pueden) and _pasar(tarea, elegida, motivo, actor):
                hechas.pasadas += 1
            elif _pasar(tarea, None, motivo, actor):
                hechas.devueltas += 1
            else:
                hechas.quedan += 1
    return hechas


def _pasar(tarea: WorkItem, a_quien: str | None, motivo: str, actor: Actor) -> bool:
    s = servicios()
    try:
        if a_quien is None:
            s.engine.items.release(tarea.id, actor=actor, now=s.clock.now(), reason=motivo)
        else:
            s.engine.items.reassign(
                tarea.id, to=a_quien, actor=actor, now=s.clock.now(), reason=motivo
            )
    except EngineError:  # kept apart from what that person did, suspended, completed meanwhile
        return False
    return True


# --- when the day has come ------------------------------------------------------------------------
def cumplir_los_llegados(now: dt.datetime) -> int:
    """How many were done whole. In an application's context, by the worker; what could not be moved
    is tried again the next time."""
    with servicios().uow.reading() as session:
        llegados = retiros.llegados(session, now)
    hechos = 0
    for fila in llegados:
        hechos += bool(
            attempt("the planned end of an employment", fila.id, partial(_cumplir, fila, now))
        )
    return hechos


def _cumplir(fila: RetiroPrevisto, now: dt.datetime) -> bool:
    s = servicios()
    cambios.hacer(lambda session, acto: retiros.cumplir(session, fila.id, acto), SYSTEM)
    with s.uow.reading() as session:
        # and works again: their tasks are theirs
        volvio = exigir_cuenta(session, fila.usuario).activo
    if not volvio and _repartir(fila.usuario, fila.reparto, fila.motivo, SYSTEM).quedan:
        return False
    s.uow.run(lambda session: retiros.terminar(session, fila.id, now))
    return True
