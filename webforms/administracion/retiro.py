"""The end of an employment: what the person holds is shown first, and handed on or given back by the same act."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine.errors import EngineError
from engine.types import WorkItem
from records import cambios as registro
from records import personal
from records.ausencias import ausencias_hoy
from records.cuentas import cuentas_con_rol
from records.tables import Ausencia
from webforms.administracion import cambios
from webforms.administracion.personas import exigir_cuenta
from webforms.administracion.personas import lo_que_tiene
from webforms.base.campos import limpiar
from webforms.base.personas import nombres_de
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios

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
    for (rol, ambito), suyas in sorted(juntas.items(), key=lambda par: (par[0][0], par[0][1] or "")):
        pueden = _quienes(session, rol, ambito, usuario)
        clave = f"tareas/{rol}/{ambito or ''}"  # not its position: meanwhile another lane may have come or gone
        grupos.append(Grupo(clave, rol, ambito, sorted(suyas, key=lambda t: (t.due_at is None, t.due_at, t.id)), pueden))
    return grupos


def _quienes(session: Session, rol: str, ambito: str | None, sin: str) -> list[tuple[str, str]]:
    now = servicios().clock.now()
    gente = [c for c in cuentas_con_rol(session, rol, ambito, now) if c.usuario != sin]
    fuera = ausencias_hoy(session, [c.usuario for c in gente], now)
    return [(c.usuario, c.nombre) for c in sorted(gente, key=lambda c: (c.usuario in fuera, c.nombre))]


def _relevos(session: Session, usuario: str, ausencias: Sequence[Ausencia]) -> list[tuple[Ausencia, list[tuple[str, str]]]]:
    """Absences of others that this person covers, and who could cover them: whoever does the same work, but who retires her."""
    now, relevos = servicios().clock.now(), []
    for a in ausencias:
        if a.sustituto == usuario:
            posibles = personal.reemplazos_posibles(session, a.usuario, now).items()
            relevos.append((a, [par for par in posibles if par[0] not in (usuario, actor_actual().id)]))
    return relevos


@rutas.get("/personas/<usuario>/retiro")
def retiro(usuario: str) -> ResponseReturnValue:
    return _pagina(usuario, "", {})


def _pagina(usuario: str, error: str, escrito: Mapping[str, str]) -> ResponseReturnValue:
    s = servicios()
    with s.uow.reading() as session:
        suya = exigir_cuenta(session, usuario)
        tiene = lo_que_tiene(session, usuario, s.clock.now())
        valores = {
            "tiene": tiene,
            "grupos": _grupos(session, usuario, tiene.tareas),
            "relevos": _relevos(session, usuario, tiene.ausencias),
            "suyos": personal.roles_de(session, usuario, s.clock.now()),
            "nombres": nombres_de(session, {n for a in tiene.ausencias for n in (a.usuario, a.sustituto)}),
        }
    return (
        render_template(
            "administracion/retiro.html",
            suya=suya,
            error=error,
            escrito=escrito,
            dicho=cambios.rol_dicho,
            maximo=registro.MAX_MOTIVO,
            **valores,
        ),
        422 if error else 200,
    )


@rutas.post("/personas/<usuario>/retiro")
def retirar(usuario: str) -> ResponseReturnValue:
    """First nobody can enter with the account any more; then its tasks go on, each a command. What a stop leaves, the page shows again."""
    escrito = {k: limpiar(v)[:600] for k, v in request.form.items()}
    motivo, s = escrito.get("motivo", ""), servicios()
    with s.uow.reading() as session:
        exigir_cuenta(session, usuario)
        tiene = lo_que_tiene(session, usuario, s.clock.now())
        grupos, relevos = _grupos(session, usuario, tiene.tareas), _relevos(session, usuario, tiene.ausencias)
    elegidos = {a.id: escrito.get(f"ausencia-{a.id}", "") for a, _pueden in relevos}
    error = cambios.intentar(lambda session, acto: personal.retirar(session, usuario, elegidos, motivo, acto))
    if error:
        return _pagina(usuario, error, escrito)
    pasadas = devueltas = quedan = 0
    for grupo in grupos:
        elegida = escrito.get(grupo.clave, "")
        for tarea in grupo.tareas:
            a_quien = elegida if elegida in dict(grupo.pueden) else None
            if a_quien is not None and _pasar(tarea, a_quien, motivo):
                pasadas += 1
            elif _pasar(tarea, None, motivo):
                devueltas += 1
            else:
                quedan += 1
    flash(
        _(
            "Retirada. Tareas que pasaron a otra persona: %(p)s; que volvieron a su bandeja: %(d)s.",
            p=pasadas,
            d=devueltas,
        ),
        "verde",
    )
    if quedan:
        flash(
            _("No se movieron %(n)s tareas: su caso está detenido o alguien las cambió. Mírelas y repita.", n=quedan),
            "ambar",
        )
    return redirect(url_for("personas.ver", usuario=usuario))


def _pasar(tarea: WorkItem, a_quien: str | None, motivo: str) -> bool:
    s = servicios()
    try:
        if a_quien is None:
            s.engine.items.release(tarea.id, actor=actor_actual(), now=s.clock.now(), reason=motivo)
        else:
            s.engine.items.reassign(tarea.id, to=a_quien, actor=actor_actual(), now=s.clock.now(), reason=motivo)
    except EngineError:  # kept apart from what that person did, suspended, completed meanwhile
        return False
    return True
