"""How long each task of a case waited for somebody, and how long somebody had it: a page of the
case, and a file."""

import datetime as dt
from collections.abc import Iterator

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.times import TaskTime
from engine.states import ItemState
from records.plazos.reglas.calendario import ZONA
from webforms.base import formatos, palabras
from webforms.base.guias import FUNCIONARIO, Ayuda
from webforms.base.personas import nombres_de
from webforms.base.quienes import PERSONA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.casos.cabecera import abrir, exigir
from webforms.documentos.planillas import BOM, linea
from webforms.tareas.elementos import titulo_de_elemento
from webforms.tareas.nombres import nombres_de_casos

rutas = Rutas()

COLUMNAS = ("caso", "tarea", "persona", "lugar", "estado", "llego", "tomada", "terminada", "en_espera_min", "en_trabajo_min",
            "suspendida_min", "expediente", "actividad", "llego_iso", "tomada_iso", "terminada_iso")  # fmt: skip


@rutas.get(
    "/caso/<case_key>/tiempos",
    para=PERSONA,
    ayuda=Ayuda(
        _l("Cuánto esperó cada tarea del caso y cuánto tiempo la tuvo alguien."), FUNCIONARIO
    ),
)
def tiempos(case_key: str) -> ResponseReturnValue:
    now = servicios().clock.now()
    with servicios().uow.reading() as session:
        cab = abrir(session, case_key)
        filas = reads.times.of_cases(session, [case_key], now)
        nombres = nombres_de(session, {quien for f in filas if (quien := _quien(f))})
    suma = [
        sum((getattr(f, parte) for f in filas), dt.timedelta())
        for parte in ("waiting", "working", "suspended")
    ]
    valores = {
        "filas": filas,
        "nombres": nombres,
        "suma": suma,
        "estado_de": estado_de,
        "quien": _quien,
    }
    return render_template("casos/tiempos.html", pestana="tiempos", **cab.en_plantilla(), **valores)


@rutas.get("/caso/<case_key>/tiempos.csv", para=PERSONA)
def tiempos_csv(case_key: str) -> ResponseReturnValue:
    s = servicios()
    with s.uow.reading() as session:
        exigir(session, case_key)
        lineas = list(en_lineas(session, [case_key], s.clock.now()))
    s.engine.log_access(
        actor_actual(),
        "exportacion",
        case_key,
        now=s.clock.now(),
        detail={"archivo": "tiempos.csv"},
    )
    cabecera = {"Content-Disposition": "attachment; filename=tiempos.csv"}
    return Response(BOM + linea(COLUMNAS) + "".join(lineas), mimetype="text/csv", headers=cabecera)


def en_lineas(session: Session, claves: list[str], now: dt.datetime) -> Iterator[str]:
    """In the order of the cases as they are given."""
    filas = reads.times.of_cases(session, claves, now)
    nombres = nombres_de(session, {quien for f in filas if (quien := _quien(f))})
    numeros, orden = nombres_de_casos(session, claves), {clave: n for n, clave in enumerate(claves)}
    for f in sorted(filas, key=lambda f: orden[f.item.case_key]):
        i, quien = f.item, _quien(f)
        momentos = (i.opened_at, f.taken_at, i.closed_at)
        yield linea(
            (
                numeros.get(i.case_key, ""),
                titulo_de_elemento(i.element, i.name),
                nombres.get(quien, quien),
                palabras.lugar(i.scope) if i.scope else "",
                estado_de(f),
                *(formatos.momento(m) if m else "" for m in momentos),
                *(
                    str(round(parte.total_seconds() / 60))
                    for parte in (f.waiting, f.working, f.suspended)
                ),
                i.case_key,
                i.element,
                *(m.astimezone(ZONA).isoformat(timespec="seconds") if m else "" for m in momentos),
            )
        )


def _quien(f: TaskTime) -> str:
    """Who did it, or has it."""
    return (
        f.item.closed_by
        if f.item.state == ItemState.DONE and f.item.closed_by
        else f.item.claimed_by or ""
    )


def estado_de(f: TaskTime) -> str:
    if f.item.state == ItemState.OPEN:
        return str(_("En trabajo") if f.item.claimed_by else _("En espera"))
    return str(_("Hecha") if f.item.state == ItemState.DONE else _("Retirada"))
