"""On time or not, in words: the verdict of a case and of each of its deadlines."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l, ngettext

from engine.states import ItemState
from engine.types import WorkItem
from records.casos import registro
from records.casos.expediente import Expediente
from records.casos.reglas import estados
from records.casos.reglas.veredictos import (
    CUMPLIDO,
    INCUMPLIDO,
    NOMBRES,
    SIN_EFECTO,
    SUSPENDIDO,
    VIGENTE,
    Momento,
    Veredicto,
    veredicto,
)
from records.casos.tablas import Plazo, PlazoRegistrado
from webforms.base.formatos import dia_local, fecha
from webforms.plazos import terminos
from webforms.plazos.vencimientos import frase_del_plazo
from webforms.tareas.elementos import titulo_de_elemento

#: verdict → class of `.estado`
CLASES = {
    CUMPLIDO: "hecha",
    INCUMPLIDO: "vencida",
    VIGENTE: "tranquila",
    SUSPENDIDO: "pausa",
    SIN_EFECTO: "tranquila",
}
PLAZOS: Mapping[str, Any] = {
    "respuesta": _l("Responder a la persona (término legal)"),
    "escalar": _l("Escalar (condición 4.2)"),
    "interno": _l("Respuesta del área (control 6-4)"),
    "complemento": _l("Información que debe la persona"),
}
CAUSAS: Mapping[str, Any] = {
    "radicado": _l("al radicar"),
    "tipificado": _l("al tipificar los documentos"),
    "escalado": _l("al escalar"),
    "reasignado": _l("al reasignar"),
    "reanudado": _l("al reanudar después de la suspensión"),
    "prorroga": _l("por la prórroga"),
    "requerido": _l("al pedir información"),
}


@dataclass(frozen=True, slots=True)
class Juzgado:
    """A deadline with its verdict; `reemplazado`: since when another one counts in its place."""

    nombre: str
    veredicto: Veredicto
    detalle: str
    porque: str = ""
    causa: str = ""
    reemplazado: dt.datetime | None = None

    @property
    def clase(self) -> str:
        return CLASES[self.veredicto.cual]

    @property
    def palabra(self) -> str:
        sin_mas = self.reemplazado is not None and self.veredicto.cual == SIN_EFECTO
        return str(_("Reemplazado")) if sin_mas else str(_(NOMBRES[self.veredicto.cual]))


def del_termino(
    limite: dt.datetime | None, enviado: dt.datetime | None, momento: Momento
) -> tuple[str, str] | None:
    """Class and words for the legal term of a case, as a list shows it; None: it has none."""
    if limite is None:
        return None
    dado = veredicto(limite, enviado, momento)
    return CLASES[dado.cual], _frase(dado, momento)


def de_otro(ficha: registro.Ficha, ahora: dt.datetime) -> tuple[str, str] | None:
    """The same for a case of another procedure than M5-1-02: its term is met when it ends, whatever
    ends it."""
    dado = registro.veredicto(ficha, ahora)
    if dado is None:
        return None
    if dado.cual == CUMPLIDO:
        return CLASES[dado.cual], str(_("Terminó a tiempo"))
    if dado.cual == INCUMPLIDO:
        dicho = (
            _("Terminó %(v)s", v=_cuanto_tarde(dado))
            if ficha.cerrado
            else _("Sin terminar: %(v)s", v=_cuanto_tarde(dado))
        )
        return CLASES[dado.cual], str(dicho)
    return CLASES[dado.cual], _frase(dado, registro.momento(ficha, ahora))


def de_sus_plazos(
    ficha: registro.Ficha, registrados: Iterable[PlazoRegistrado], ahora: dt.datetime
) -> list[Juzgado]:
    """The term of the case, and the deadlines that its diagram registered (latest first), each
    judged until another took its place."""
    juzgados: list[Juzgado] = []
    reemplazado: dt.datetime | None = None
    for plazo in registrados:
        if reemplazado is None and plazo.vence != ficha.vence:
            reemplazado = plazo.registrado  # the term was moved by hand, or told by a variable
        if reemplazado is None:
            juzgados += _del_registro(ficha, plazo.nombre, _dias(plazo), ahora)
        else:
            tarde = plazo.vence < reemplazado
            dado = Veredicto(INCUMPLIDO if tarde else SIN_EFECTO, plazo.vence, None)
            juzgados.append(Juzgado(plazo.nombre, dado, "", _dias(plazo), "", reemplazado))
        reemplazado = plazo.registrado
    sin_nombre = all(j.reemplazado is not None for j in juzgados)
    return [
        *(_del_registro(ficha, str(_("Término del caso")), "", ahora) if sin_nombre else ()),
        *juzgados,
    ]


def _del_registro(
    ficha: registro.Ficha, nombre: str, porque: str, ahora: dt.datetime
) -> list[Juzgado]:
    dado = registro.veredicto(ficha, ahora)
    return [Juzgado(nombre, dado, _detalle(dado, ahora), porque)] if dado is not None else []


def _dias(plazo: PlazoRegistrado) -> str:
    if plazo.dias is None:
        return ""
    return str(
        ngettext(
            "%(num)s día hábil desde el %(d)s",
            "%(num)s días hábiles desde el %(d)s",
            plazo.dias,
            d=fecha(plazo.desde),
        )
    )


def _frase(dado: Veredicto, momento: Momento) -> str:
    if dado.cual == CUMPLIDO:
        return str(_("Respondido a tiempo"))
    if dado.cual == SUSPENDIDO:
        return str(_("Plazo suspendido"))
    if dado.cual == SIN_EFECTO:
        return str(_("Terminó dentro del plazo"))
    if dado.cual == VIGENTE:
        return frase_del_plazo(dado.vence, momento.ahora)
    if dado.hecho is None:
        return str(_("Sin respuesta: %(v)s", v=_cuanto_tarde(dado)))
    return str(_("Respondido %(v)s", v=_cuanto_tarde(dado)))


def _cuanto_tarde(dado: Veredicto) -> str:
    if dado.tarde == 0:
        return str(_("fuera del plazo"))  # the next business day has not come
    return str(
        _("1 día hábil tarde") if dado.tarde == 1 else _("%(n)s días hábiles tarde", n=dado.tarde)
    )


def del_caso(e: Expediente, ahora: dt.datetime) -> tuple[tuple[str, str] | None, list[Juzgado]]:
    """What the head of the page says, and every deadline: those that count first, then those that
    others replaced."""
    juzgados = [_juzgado(e, p, ahora) for p in e.plazos]
    orden = list(PLAZOS)
    juzgados.sort(
        key=lambda par: (
            par[1].reemplazado is not None,
            orden.index(par[0]) if par[0] in orden else len(orden),
        )
    )
    legal = _momento(e, e.caso.limite_respuesta, ahora)
    return del_termino(e.caso.limite_respuesta, e.caso.enviado, legal), [j for _tipo, j in juzgados]


def _momento(e: Expediente, vence: dt.datetime | None, ahora: dt.datetime) -> Momento:
    return Momento(
        e.caso.estado, e.caso.cerrado, ahora, e.suspension_que_detiene(vence) is not None
    )


def _juzgado(e: Expediente, plazo: Plazo, ahora: dt.datetime) -> tuple[str, Juzgado]:
    """A deadline that was replaced is judged on the day on which it was: whoever replaced it in
    time met it."""
    hecho, en_vez = _hecho(e, plazo)
    momento = _momento(e, plazo.vence, ahora)
    if plazo.tipo == "complemento":  # the one clock that runs while the case waits
        momento = replace(momento, detenido=False)
    dado = veredicto(plazo.vence, hecho, momento)
    if plazo.vigente_hasta is not None:
        a_tiempo = plazo.vigente_hasta <= plazo.vence
        dado = Veredicto(
            SIN_EFECTO if a_tiempo else INCUMPLIDO, plazo.vence, None, 0 if a_tiempo else dado.tarde
        )
    return plazo.tipo, Juzgado(
        str(PLAZOS.get(plazo.tipo, plazo.tipo)),
        dado,
        en_vez or (_suspendido(e, ahora) if dado.cual == SUSPENDIDO else _detalle(dado, ahora)),
        terminos.cuenta(plazo.explicacion),
        str(CAUSAS.get(plazo.causa, plazo.causa)),
        plazo.vigente_hasta,
    )


def _detalle(dado: Veredicto, ahora: dt.datetime) -> str:
    if dado.cual == INCUMPLIDO:
        return _cuanto_tarde(dado) if dado.hecho else frase_del_plazo(dado.vence, ahora)
    return frase_del_plazo(dado.vence, ahora) if dado.cual == VIGENTE else ""


def _suspendido(e: Expediente, ahora: dt.datetime) -> str:
    """Since when the clock stands still, and until when the person may answer; the date of the
    limit moves by that much."""
    abierta = e.suspension_abierta
    if abierta is None:
        return ""
    desde, hasta = (fecha(cuando, dia_local(ahora)) for cuando in (abierta.desde, abierta.vence))
    return str(
        _(
            "Desde el %(d)s, cuando se pidió información; la persona tiene hasta el %(h)s. La fecha se corre.",
            d=desde,
            h=hasta,
        )
    )


def _hecho(e: Expediente, plazo: Plazo) -> tuple[dt.datetime | None, str]:
    """When what the deadline asks was done, and what to say when something else made it
    superfluous."""
    caso = e.caso
    if plazo.tipo == "escalar":
        en_el_punto = caso.escalado is None and caso.enviado is not None
        return caso.escalado or caso.enviado, _(
            "No hizo falta: se respondió en el punto"
        ) if en_el_punto else ""
    if plazo.tipo == "interno":
        return caso.respondido, ""
    if plazo.tipo == "complemento":
        return next(
            (
                s.hasta
                for s in e.suspensiones
                if s.vence == plazo.vence and s.complemento is not None
            ),
            None,
        ), ""
    return caso.enviado, ""


def de_las_tareas(items: Iterable[WorkItem], ahora: dt.datetime) -> list[Juzgado]:
    """Tasks with a due date of a case that the records know nothing of: any process that an analyst
    draws."""
    juzgados = []
    for item in items:
        if item.due_at is None:
            continue
        momento = Momento(
            estados.ANULADO if item.state == ItemState.CANCELLED else estados.EN_ANALISIS,
            item.closed_at,
            ahora,
        )
        dado = veredicto(
            item.due_at, item.closed_at if item.state == ItemState.DONE else None, momento
        )
        juzgados.append(
            Juzgado(titulo_de_elemento(item.element, item.name), dado, _detalle(dado, ahora))
        )
    return juzgados


def de_otras_tareas(
    items: Iterable[WorkItem], plazos: Iterable[Juzgado], ahora: dt.datetime
) -> list[Juzgado]:
    """Tasks of a case whose due date is none of its terms: those that an analyst gave a date of
    their own."""
    conocidos = {p.veredicto.vence for p in plazos}
    return [j for j in de_las_tareas(items, ahora) if j.veredicto.vence not in conocidos]


def de_todas(juzgados: Iterable[Juzgado]) -> tuple[str, str] | None:
    """The one verdict over several deadlines: the worst."""
    cuales = {j.veredicto.cual for j in juzgados}
    if INCUMPLIDO in cuales:
        return CLASES[INCUMPLIDO], _("Fuera de plazo")
    if VIGENTE in cuales:
        return CLASES[VIGENTE], _("En plazo")
    return (CLASES[CUMPLIDO], _("A tiempo")) if CUMPLIDO in cuales else None
