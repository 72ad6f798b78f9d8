"""What the areas did with a case, in words: round by round, and the answer of the one that gave it
with its arguments."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from records.casos.expediente import Expediente, investigaciones
from records.casos.reglas import estados
from records.casos.tablas import Escalonamiento, Investigacion, Respuesta
from records.escritos.escritos import CANAL
from webforms.base import palabras
from webforms.base.personas import nombres_de


@dataclass(frozen=True, slots=True)
class DelArea:
    """The technical answer (5.2.18) and what it stands on (5.2.17)."""

    area: str
    quien: str
    respuesta: Respuesta
    investigacion: Investigacion | None


@dataclass(frozen=True, slots=True)
class Vuelta:
    """One area's time with the case."""

    n: int
    area: str
    desde: dt.datetime
    hasta: dt.datetime | None
    motivo: str  #: why the case came to it from another area
    #: moment, what happened, the words with it; oldest first
    hechos: tuple[tuple[dt.datetime, str, str], ...]


def del_area(session: Session, e: Expediente) -> DelArea | None:
    """The latest answer of an area; None while there is none."""
    tecnicas = [r for r in e.respuestas if r.tipo == "tecnica"]
    if not tecnicas or not e.escalonamientos:
        return None
    ultima, halladas = tecnicas[-1], investigaciones(session, e.caso.id)
    nombre = nombres_de(session, {ultima.autor}).get(ultima.autor, ultima.autor)
    return DelArea(
        palabras.area(e.escalonamientos[-1].area_id),
        nombre,
        ultima,
        halladas[-1] if halladas else None,
    )


def vueltas(session: Session, e: Expediente) -> list[Vuelta]:
    """The latest first."""
    gente = {x.funcionario_id for x in e.escalonamientos if x.funcionario_id} | {
        r.autor for r in e.respuestas
    }
    gente |= {e.prorroga.aprobador} if e.prorroga is not None else set()
    nombres, ultimas = nombres_de(session, gente), len(e.escalonamientos) - 1
    hechas = []
    for i, x in enumerate(e.escalonamientos):
        hasta = x.terminado if i < ultimas or x.respondido is not None else None
        limite = e.escalonamientos[i + 1].escalado if i < ultimas else None
        hechos = sorted(
            h
            for h in _hechos(e, x, nombres)
            if h[0] >= x.escalado and (limite is None or h[0] < limite)
        )
        hechas.append(
            Vuelta(x.n, palabras.area(x.area_id), x.escalado, hasta, x.motivo, tuple(hechos))
        )
    return hechas[::-1]


def _hechos(
    e: Expediente, x: Escalonamiento, nombres: dict[str, str]
) -> Iterator[tuple[dt.datetime, str, str]]:
    """Whatever happened to the case; the caller keeps what fell into the time of the area."""
    if x.recibido is not None and x.funcionario_id:
        yield (
            x.recibido,
            str(_("Lo recibió %(n)s", n=nombres.get(x.funcionario_id, x.funcionario_id))),
            "",
        )
    for s in e.suspensiones:
        yield s.desde, str(_("Pidió información a la persona")), s.informacion
        if s.hasta is not None:
            yield s.hasta, str(_("Terminó la espera")), s.complemento or ""
    if e.prorroga is not None:
        p = e.prorroga
        yield (
            p.aviso,
            str(
                _(
                    "%(n)s prorrogó el término %(d)s días hábiles",
                    n=nombres.get(p.aprobador, p.aprobador),
                    d=p.dias,
                )
            ),
            p.motivo,
        )
    for r in e.respuestas:
        if r.tipo == "tecnica":
            yield r.registrada, str(_("Respondió %(n)s", n=nombres.get(r.autor, r.autor))), ""
    for paso in e.estados:
        if paso.estado == estados.EN_ANALISIS and paso.motivo:
            escrito = e.caso.canal == CANAL
            yield (
                paso.desde,
                str(
                    _("Quien firma devolvió la respuesta")
                    if escrito
                    else _("El asesor devolvió la respuesta")
                ),
                paso.motivo,
            )
