"""The due dates of what runs in a case, moved with a reason: its legal term, its open tasks, the
times that it waits for."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.errors import Conflict, InstanceNotActive, InvalidValues
from engine.states import RUNNING
from engine.types import MIN_REASON, CaseDue
from records.casos import registro
from records.plazos.reglas.calendario import ZONA, dia_local, es_habil, instante
from webforms.base.guias import COORDINADOR, Ayuda
from webforms.base.quienes import OPERA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos import dia_escrito, limpiar
from webforms.casos.cabecera import exigir, nombre_del_caso
from webforms.casos.enlaces import motivo_malo
from webforms.casos.operacion import elementos, titulo

rutas = Rutas()

TERMINO = "termino"
ANIOS = dt.timedelta(days=5 * 366)  #: further away nothing is moved: a year was mistyped


@dataclass(frozen=True, slots=True)
class Fecha:
    """What may be moved, under the name of its field."""

    clave: str
    que: str
    vence: dt.datetime

    @property
    def del_termino(self) -> bool:
        return self.clave == TERMINO


def _fechas(session: Session, case_key: str, instance_id: str) -> list[Fecha]:
    """404 for a case of M5-1-02, whose terms the law moves, and for an instance that does not
    run."""
    s = servicios()
    exigir(session, case_key)
    suya = registro.ficha(session, case_key)
    instancia = next(
        (
            i
            for i in reads.instances.of_case(session, case_key)
            if i.id == instance_id and i.status in RUNNING
        ),
        None,
    )
    if suya is None or instancia is None:
        abort(404)
    conocidos = elementos(session, instancia)
    fechas = (
        [Fecha(TERMINO, str(_("Término legal del caso")), suya.vence)]
        if suya.vence and instance_id == case_key
        else []
    )
    abiertas = [
        i
        for i in reads.items.of_case(session, case_key, only_open=True)
        if i.instance_id == instance_id
    ]
    fechas += [
        Fecha(i.id, titulo(conocidos, i.element), i.due_at)
        for i in abiertas
        if i.due_at is not None
    ]
    corren = s.engine.deadlines.running(session, instance_id, s.clock.now())
    return fechas + [Fecha(t.task_id, titulo(conocidos, t.element), t.due) for t in corren]


@rutas.get(
    "/caso/<case_key>/fechas/<instance_id>",
    para=OPERA,
    ayuda=Ayuda(_l("Aquí mueve las fechas que corren en el caso, con el motivo."), COORDINADOR),
)
def por_mover(case_key: str, instance_id: str) -> ResponseReturnValue:
    return _pagina(case_key, instance_id, "", [])


def _pagina(
    case_key: str, instance_id: str, motivo: str, errores: list[tuple[str, str]]
) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        fechas, nombre = _fechas(session, case_key, instance_id), nombre_del_caso(session, case_key)
    valores = {
        "fechas": fechas,
        "escrito": request.form,
        "motivo": motivo,
        "minimo": MIN_REASON,
        "errores": errores,
    }
    return render_template(
        "casos/mover_fechas.html", case_key=case_key, nombre=nombre, **valores
    ), 422 if errores else 200


@rutas.post(
    "/caso/<case_key>/fechas/<instance_id>", para=OPERA, haria=_l("Mover las fechas de un caso")
)
def mover(case_key: str, instance_id: str) -> ResponseReturnValue:
    """What was left empty stays; each goes to its new day at the hour that it had."""
    s, motivo = servicios(), limpiar(request.form.get("motivo", ""))
    with s.uow.reading() as session:
        fechas = _fechas(session, case_key, instance_id)
    nuevas, errores = _leidas(fechas)
    errores += motivo_malo(motivo)
    termino = next((f for f in fechas if f.del_termino and f.clave in nuevas), None)
    if termino is not None and request.form.get("vio.termino", "") != termino.vence.isoformat():
        errores.append(
            (
                "contenido",
                _(
                    "Alguien movió el término del caso mientras usted lo hacía. No se cambió nada: mírelo otra vez."
                ),
            )
        )
    if not errores:
        legal = CaseDue(termino.vence, nuevas[TERMINO]) if termino else None
        movidas = {clave: a for clave, a in nuevas.items() if clave != TERMINO}
        try:
            s.engine.deadlines.move(
                instance_id,
                movidas,
                reason=motivo,
                actor=actor_actual(),
                now=s.clock.now(),
                case_due=legal,
            )
        except InvalidValues:
            errores.append(("contenido", _("Escriba el nuevo día de al menos una fecha.")))
        except (Conflict, InstanceNotActive):
            errores.append(
                (
                    "contenido",
                    _(
                        "Algo se hizo o se cumplió mientras usted lo movía. No se cambió nada: mírelo otra vez."
                    ),
                )
            )
    if errores:
        return _pagina(case_key, instance_id, motivo, errores)
    flash(_("Las fechas quedaron movidas. Las de antes están en la historia."), "verde")
    return redirect(url_for("casos.ver", case_key=case_key))


def _leidas(fechas: list[Fecha]) -> tuple[Mapping[str, dt.datetime], list[tuple[str, str]]]:
    """Key → new due date of those that somebody wrote, and what is wrong with them."""
    now = servicios().clock.now()
    hoy = dia_local(now)
    nuevas: dict[str, dt.datetime] = {}
    errores: list[tuple[str, str]] = []
    for f in fechas:
        escrito = limpiar(request.form.get(f"f.{f.clave}", ""))
        if not escrito:
            continue
        dia = dia_escrito(escrito)
        if dia is None:
            errores.append(
                (
                    f"f.{f.clave}",
                    _("%(q)s: escriba la fecha como día/mes/año, por ejemplo 14/10/2026", q=f.que),
                )
            )
        elif not hoy <= dia <= hoy + ANIOS:
            errores.append(
                (
                    f"f.{f.clave}",
                    _("%(q)s: elija un día de hoy en adelante, y de menos de cinco años", q=f.que),
                )
            )
        elif f.del_termino and not es_habil(dia):
            errores.append((f"f.{f.clave}", _("%(q)s: ese día no es hábil", q=f.que)))
        elif (nueva := instante(dia, f.vence.astimezone(ZONA).time())) <= now:
            errores.append(
                (
                    f"f.{f.clave}",
                    _("%(q)s: hoy a esa hora ya pasó; elija un día de mañana en adelante", q=f.que),
                )
            )
        else:
            nuevas[f.clave] = nueva
    return nuevas, errores
