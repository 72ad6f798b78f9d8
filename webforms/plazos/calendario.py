"""The calendar by which terms are counted and points open: holidays of the law, exceptions by hand,
the days of the week that rest, and a term counted to try."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from records.base import cambios as registro
from records.base.actos import Acto
from records.base.cambios import Anotado
from records.base.errores import DatoInvalido, Rechazo
from records.lugares import puntos
from records.plazos import calendario as dias_del_calendario
from records.plazos.calendario import NuevaExcepcion
from records.plazos.reglas.calendario import (
    MANANA,
    TARDE,
    Descanso,
    Explicacion,
    de_ley,
    descanso_en,
    es_habil,
    excepcion,
    explicar,
    instante,
)
from webforms.base import cambios
from webforms.base.cambios import Datos, Obra
from webforms.base.entrada import entero
from webforms.base.formatos import dia_local
from webforms.base.guias import ADMINISTRADOR, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.personas import nombres_de
from webforms.base.quienes import GOBIERNA
from webforms.base.rutas import Rutas
from webforms.base.servicios import servicios
from webforms.campos import dia_escrito, limpiar
from webforms.plazos import dias

rutas = Rutas()

MESES, MAX_HABILES = 3, 500
QUE = {
    "cierra": _l("Cierra"),
    "abre": _l("Abre"),
    MANANA: _l("Abre solo en la mañana"),
    TARDE: _l("Abre solo en la tarde"),
}
CAMPOS = ("desde", "hasta", "punto", "que", "nombre", "motivo")
SEMANA = range(7)


@rutas.get(
    "/calendario",
    para=GOBIERNA,
    ayuda=Ayuda(_l("Qué días se trabaja: de ellos dependen todos los plazos."), ADMINISTRADOR),
    menu=Entrada(Grupo.AJUSTES, _l("Calendario")),
)
def ver() -> ResponseReturnValue:
    return _pagina("", "", {})


def _pagina(error: str, de: str, escrito: Mapping[str, Any]) -> ResponseReturnValue:
    """`de`: the form that was not done."""
    s = servicios()
    hoy = dia_local(s.clock.now())
    primero = _mes_pedido(hoy)
    with s.uow.reading() as session:
        filas = dias_del_calendario.excepciones(session, hoy)
        historia = cambios.historia(
            session, registro.de(session, dias_del_calendario.CLASE, dias_del_calendario.SUJETO)
        )
        descansos = dias_del_calendario.descansos(session)
        quienes = {f.registrada_por for f in filas} | {f.registrado_por for f in descansos}
        valores: dict[str, Any] = {
            "filas": filas,
            "historia": historia,
            "descansa": sorted(descanso_en(hoy, map(dias_del_calendario.descanso, descansos))),
            "por_venir": [
                (f, dias_del_calendario.descanso(f).dias)
                for f in reversed(descansos)
                if f.desde > hoy
            ],
            "puntos": puntos.puntos(session),
            "nombres": nombres_de(session, quienes),
        }
    meses = [_mes(_sumar(primero, n)) for n in range(MESES)]
    fin = _sumar(primero, MESES)
    festivos = [
        (d, n)
        for a in range(primero.year, fin.year + 1)
        for d, n in sorted(de_ley(a).items())
        if primero <= d < fin
    ]
    suyas = {
        "",
        "nueva",
        "descanso",
        *(f"quitar-{f.id}" for f in filas),
        *(f"descanso-{f.id}" for f, _cuales in valores["por_venir"]),
    }
    de = de if de in suyas else "otra"  # what is no longer on the page
    valores |= {
        "meses": meses,
        "festivos": festivos,
        "antes": _sumar(primero, -MESES),
        "despues": fin,
    }
    mas = {"contado": _contado(), "que": QUE, "maximo": registro.MAX_MOTIVO, "semana": SEMANA}
    return (
        render_template(
            "plazos/calendario.html", error=error, de=de, escrito=escrito, **mas, **valores
        ),
        422 if error else 200,
    )


def _sumar(primero: dt.date, meses: int) -> dt.date:
    cuenta = primero.year * 12 + primero.month - 1 + meses
    return dt.date(cuenta // 12, cuenta % 12 + 1, 1)


def _mes_pedido(hoy: dt.date) -> dt.date:
    """`?mes=2026-11`; this month without it, and for what is none or far away."""
    try:
        pedido = dt.date.fromisoformat(f"{request.args.get('mes', '')}-01")
    except ValueError:
        return hoy.replace(day=1)
    return pedido if abs(pedido.year - hoy.year) <= MESES else hoy.replace(day=1)


def _mes(primero: dt.date) -> tuple[dt.date, list[list[tuple[dt.date, str, str] | None]]]:
    """Its weeks from Monday: day, what kind of day it is, and its name."""
    celdas: list[tuple[dt.date, str, str] | None] = [None] * primero.weekday()
    dia = primero
    while dia.month == primero.month:
        suya = excepcion(dia)
        nombre = suya.nombre if suya is not None else de_ley(dia.year).get(dia, "")
        clase = (
            "excepcion"
            if suya is not None
            else "festivo"
            if nombre
            else ""
            if es_habil(dia)
            else "finde"
        )
        celdas.append((dia, clase, nombre))
        dia += dt.timedelta(days=1)
    celdas += [None] * (-len(celdas) % 7)
    return primero, [celdas[i : i + 7] for i in range(0, len(celdas), 7)]


def _contado() -> Explicacion | None:
    """`?desde=24/11/2026&dias=10`: when a term would end."""
    desde, n = dia_escrito(request.args.get("desde", "")), request.args.get("dias", type=entero)
    if desde is None or n is None or not 0 <= n <= MAX_HABILES:
        return None
    return explicar(instante(desde, dt.time(12)), n)


def _agregar(session: Session, _sujeto: str, e: Datos, acto: Acto) -> list[Anotado]:
    desde, hasta = dia_escrito(e["desde"]), dia_escrito(e["hasta"] or e["desde"])
    if desde is None or hasta is None:
        raise DatoInvalido(_("Escriba el día como 27/11/2026."))
    if e["que"] not in QUE:
        raise DatoInvalido(_("Diga si ese día abre o cierra."))
    parte = e["que"] if e["que"] in (MANANA, TARDE) else ""
    nueva = NuevaExcepcion(
        desde, hasta, e["punto"] or None, e["que"] != "cierra", e["nombre"], parte
    )
    return dias_del_calendario.agregar(session, nueva, e["motivo"], acto)


def _descansar(session: Session, _sujeto: str, e: Datos, acto: Acto) -> list[Anotado]:
    if (desde := dia_escrito(e["rige"])) is None:
        raise DatoInvalido(_("Escriba el día como 27/11/2026."))
    return dias_del_calendario.poner_descanso(
        session, Descanso(desde, frozenset(e["dias"])), e["motivo"], acto
    )


def _quitar(session: Session, cual: str, e: Datos, acto: Acto) -> list[Anotado]:
    return dias_del_calendario.anular(session, int(cual), e["motivo"], acto)


def _quitar_descanso(session: Session, cual: str, e: Datos, acto: Acto) -> list[Anotado]:
    return dias_del_calendario.anular_descanso(session, int(cual), e["motivo"], acto)


def _alli(_sujeto: str) -> str:
    return url_for("calendario.ver")


def _olvidar(_hechos: Sequence[Anotado]) -> None:
    dias.olvidar()


AGREGAR = Obra("dia", _l("Excepción del calendario"), _agregar, _alli, _olvidar)
QUITAR = Obra("quitar_dia", _l("Quitar una excepción del calendario"), _quitar, _alli, _olvidar)
DESCANSO = Obra("descanso", _l("Descanso semanal"), _descansar, _alli, _olvidar)
QUITAR_DESCANSO = Obra(
    "quitar_descanso",
    _l("Quitar un cambio del descanso semanal"),
    _quitar_descanso,
    _alli,
    _olvidar,
)


def _hecho(obra: Obra, cual: str, e: dict[str, Any], de: str, dice: str) -> ResponseReturnValue:
    try:
        hecho = cambios.hacer_o_pedir(obra, cual, e)
    except Rechazo as rechazo:
        return _pagina(str(rechazo), de, e)
    if hecho:
        flash(dice, "verde")
    return redirect(url_for("calendario.ver"))


@rutas.post(
    "/calendario", para=GOBIERNA, haria=_l("Agregar una excepción al calendario"), de_peso=True
)
def agregar() -> ResponseReturnValue:
    e = {k: limpiar(request.form.get(k, ""))[:600] for k in CAMPOS}
    dice = _(
        "Guardado. Los plazos que empiecen desde ahora cuentan así ese día; los que ya se contaron no cambian."
    )
    return _hecho(AGREGAR, dias_del_calendario.SUJETO, e, "nueva", dice)


@rutas.post(
    "/calendario/descanso",
    para=GOBIERNA,
    haria=_l("Cambiar los días de descanso de cada semana"),
    de_peso=True,
)
def descanso() -> ResponseReturnValue:
    e: dict[str, Any] = {k: limpiar(request.form.get(k, ""))[:600] for k in ("rige", "motivo")}
    e["dias"] = [n for n in SEMANA if str(n) in request.form.getlist("dias")]
    dice = _(
        "Guardado. Los plazos que empiecen desde ahora cuentan así las semanas; los que ya se contaron no cambian."
    )
    return _hecho(DESCANSO, dias_del_calendario.SUJETO, e, "descanso", dice)


@rutas.post(
    "/calendario/descanso/<int:descanso_id>/quitar",
    para=GOBIERNA,
    haria=_l("Quitar un cambio del descanso semanal"),
    de_peso=True,
)
def quitar_descanso(descanso_id: int) -> ResponseReturnValue:
    e = {"motivo": limpiar(request.form.get("motivo", ""))[:600]}
    dice = _("Quitado: el descanso semanal sigue como estaba.")
    return _hecho(QUITAR_DESCANSO, str(descanso_id), e, f"descanso-{descanso_id}", dice)


@rutas.post(
    "/calendario/<int:excepcion_id>/quitar",
    para=GOBIERNA,
    haria=_l("Quitar una excepción del calendario"),
    de_peso=True,
)
def quitar(excepcion_id: int) -> ResponseReturnValue:
    e = {"motivo": limpiar(request.form.get("motivo", ""))[:600]}
    return _hecho(
        QUITAR,
        str(excepcion_id),
        e,
        f"quitar-{excepcion_id}",
        _("Quitada: ese día vuelve a ser como dice el calendario."),
    )
