"""The terms of a case in words: both in business days, in one style of date, with their reason.
Pure.

While information of the citizen is missing the clock stands still (art. 17): the days count up to
the request, and no term is late.
"""

import datetime as dt
from dataclasses import dataclass

from flask_babel import gettext as _, ngettext

from records.casos.expediente import Expediente
from records.casos.tablas import Plazo
from records.plazos.reglas.calendario import Explicacion, habiles_entre, sumar_habiles
from records.plazos.reglas.plazos import Pausa, dias_detenidos, reactivar, se_detiene
from webforms.base.formatos import dia_local, fecha, fecha_larga
from webforms.plazos import terminos
from webforms.plazos.vencimientos import frase_del_plazo


@dataclass(frozen=True, slots=True)
class PlazoVisto:
    """One term. `estado` is a class of `.estado`."""

    tipo: str  #: of the deadline: "escalar", "interno", "respuesta"
    nombre: str
    estado: str
    palabra: str
    frase: str  #: "Quedan 3 días hábiles"
    fecha: str  #: "vie 27 nov"
    iso: str
    cuenta: str  #: "van 2 de 5 días hábiles", "respondido en 4 de 2 días hábiles, 2 tarde"
    parte: int  #: of the term that has passed, in per cent, for the bar
    porque: str
    parado: bool
    cumplido: bool  #: answered, in time or not


def plazos_vistos(
    e: Expediente, ahora: dt.datetime, *, con_escalar: bool = False
) -> tuple[PlazoVisto, ...]:
    """The internal term, then the legal one; nothing for a term that the case has not.
    `con_escalar`: first the one to pass it on."""
    area = e.escalonamientos[-1] if e.escalonamientos else None
    vistos = []
    escalar = e.plazo_vigente("escalar")
    if con_escalar and escalar is not None and e.caso.escalado is not None:
        vistos.append(
            _visto(
                e,
                escalar,
                _Cuenta(str(_("Escalar al área")), e.caso.recepcion, e.caso.escalado, ahora),
            )
        )
    interno, legal = e.plazo_vigente("interno"), e.plazo_vigente("respuesta")
    if interno is not None and e.caso.escalado is not None and area is not None:
        vistos.append(
            _visto(
                e,
                interno,
                _Cuenta(str(_("Plazo interno")), e.caso.escalado, area.respondido, ahora),
            )
        )
    if legal is not None:
        vistos.append(
            _visto(
                e, legal, _Cuenta(str(_("Término legal")), e.caso.recepcion, e.caso.enviado, ahora)
            )
        )
    return tuple(vistos)


def plazo_de_la_tarea(
    vistos: tuple[PlazoVisto, ...], vence: dt.datetime | None
) -> PlazoVisto | None:
    """The term by which a task is due: the area's, or for who answers the person the legal one;
    else the first that still counts."""
    corren = [p for p in vistos if not p.cumplido]
    dia = dia_local(vence).isoformat() if vence is not None else ""
    return next((p for p in corren if p.iso == dia), corren[0] if corren else None)


@dataclass(frozen=True, slots=True)
class _Cuenta:
    nombre: str
    desde: dt.datetime
    cumplido: dt.datetime | None
    ahora: dt.datetime


def _visto(e: Expediente, plazo: Plazo, cuenta: _Cuenta) -> PlazoVisto:
    abierta = e.suspension_que_detiene(plazo.vence) if cuenta.cumplido is None else None
    corte = cuenta.cumplido or (abierta.desde if abierta is not None else cuenta.ahora)
    pausas = [
        Pausa(s.desde, s.hasta)
        for s in e.suspensiones
        if s.hasta is not None and se_detiene(plazo.vence, s.desde)
    ]
    van = habiles_entre(dia_local(cuenta.desde), dia_local(corte)) - dias_detenidos(
        pausas, cuenta.desde, corte
    )
    faltan = habiles_entre(dia_local(corte), dia_local(plazo.vence))
    total = max(1, van + faltan)
    estado, palabra = _estado(plazo, cuenta, faltan, parado=abierta is not None)
    hoy = dia_local(cuenta.ahora)
    return PlazoVisto(
        tipo=plazo.tipo,
        nombre=cuenta.nombre,
        estado=estado,
        palabra=palabra,
        frase=palabra
        if cuenta.cumplido is not None or abierta is not None
        else frase_del_plazo(plazo.vence, cuenta.ahora),
        fecha=fecha(plazo.vence, hoy),
        iso=dia_local(plazo.vence).isoformat(),
        cuenta=_cuantos(plazo, max(0, van), total, cuenta, parado=abierta is not None),
        parte=min(100, max(0, round(100 * van / total))),
        porque=_porque(plazo),
        parado=abierta is not None,
        cumplido=cuenta.cumplido is not None,
    )


def _cuantos(plazo: Plazo, van: int, total: int, cuenta: _Cuenta, *, parado: bool) -> str:
    """Business days that passed of those of the term: what is over is told as over, and what is
    late by how much."""
    if cuenta.cumplido is None:
        # since when, in the words of the inbox and of the task
        if plazo.vence < cuenta.ahora and not parado:
            vencio = frase_del_plazo(plazo.vence, cuenta.ahora)
            return str(_("%(v)s (término de %(m)s)", v=vencio[:1].lower() + vencio[1:], m=total))
        return str(_("van %(n)s de %(m)s días hábiles", n=van, m=total))
    que, tarde = str(_("escalado") if plazo.tipo == "escalar" else _("respondido")), van - total
    if tarde > 0:
        return str(
            _(
                "%(que)s en %(n)s de %(m)s días hábiles, %(t)s tarde",
                que=que,
                n=van,
                m=total,
                t=tarde,
            )
        )
    if van == 0:
        return str(_("%(que)s el mismo día", que=que))
    return str(_("%(que)s en %(n)s de %(m)s días hábiles", que=que, n=van, m=total))


def _estado(plazo: Plazo, cuenta: _Cuenta, faltan: int, *, parado: bool) -> tuple[str, str]:
    if cuenta.cumplido is not None:
        return (
            ("hecha", str(_("Cumplido")))
            if cuenta.cumplido <= plazo.vence
            else ("vencida", str(_("Incumplido")))
        )
    if parado:
        return "pausa", str(_("Plazo suspendido"))
    if plazo.vence < cuenta.ahora:
        return "vencida", str(_("Vencido"))
    return ("por-vencer", str(_("Por vencer"))) if faltan <= 1 else ("tranquila", str(_("Vigente")))


def _porque(plazo: Plazo) -> str:
    porque = terminos.porque(Explicacion.de_datos(plazo.explicacion))
    # counted whole again, from the escalation
    if plazo.tipo == "interno" and plazo.causa in ("prorroga", "reanudado"):
        return str(_("%(p)s, con los días que sumó una prórroga o una suspensión", p=porque))
    if plazo.causa == "reanudado":
        return str(_("quedaban %(p)s, cuando la persona entregó lo que faltaba", p=porque))
    return str(_("con prórroga de %(p)s", p=porque)) if plazo.causa == "prorroga" else porque


def si_entrega_hoy(e: Expediente, ahora: dt.datetime) -> dt.datetime | None:
    """While the clock stands still: when the legal term would end if the information came now."""
    abierta = e.suspension_que_detiene(e.caso.limite_respuesta)
    if abierta is None or e.caso.limite_respuesta is None:
        return None
    return reactivar(e.caso.limite_respuesta, Pausa(abierta.desde, ahora))


def dias_que_quedan(e: Expediente) -> int | None:
    """While the clock stands still: the business days that the entity has from the day after the
    information comes. None: it runs."""
    abierta = e.suspension_abierta
    if abierta is None or e.caso.limite_respuesta is None:
        return None
    return habiles_entre(dia_local(abierta.desde), dia_local(e.caso.limite_respuesta))


def no_prorroga(e: Expediente, ahora: dt.datetime) -> str:
    """Why the norm forbids an extension now; "" while it may be given."""
    hoy = dia_local(ahora)
    if e.prorroga is not None:
        return str(
            _(
                "Ya se prorrogó una vez, el %(d)s: la ley no permite otra.",
                d=fecha(e.prorroga.aviso, hoy),
            )
        )
    if e.caso.limite_respuesta is not None and e.caso.limite_respuesta < ahora:
        vencio = fecha(e.caso.limite_respuesta, hoy)
        norma = _(
            "la prórroga se informa antes del vencimiento (Ley 1755 de 2015, art. 14, parágrafo)"
        )
        return str(
            _("No se puede prorrogar: el término venció el %(d)s y %(n)s.", d=vencio, n=norma)
        )
    return ""


def fechas_de_prorroga(e: Expediente) -> list[tuple[str, str]]:
    """Each number of business days that the norm allows, with the day on which the term would
    end."""
    limite = e.caso.limite_respuesta
    return [
        (
            str(n),
            ngettext(
                "%(num)s día hábil: hasta el %(f)s",
                "%(num)s días hábiles: hasta el %(f)s",
                n,
                f=fecha_larga(sumar_habiles(dia_local(limite), n)),
            ),
        )
        for n in range(1, (e.caso.prorroga_max or 0) + 1)
        if limite is not None
    ]
