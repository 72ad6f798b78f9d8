"""The words of the quality committee, and a committee as its page and its task show it."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from records.comites import comites
from records.comites.comites import Tratado
from records.comites.reglas import comite as reglas
from records.comites.tablas import Comite, ComiteAsistencia, ComiteSesion, ComiteVoto
from records.lugares.puntos import puntos
from webforms.base import formatos
from webforms.base.personas import nombres_de

ESTADOS: Mapping[str, Any] = {
    comites.SIN_RESPUESTA: _l("Sin respuesta"),
    comites.EN_CURSO: _l("En curso"),
    comites.VENCIDA: _l("Vencida"),
    comites.CERRADA: _l("Cerrada"),
}
#: How the label of a state looks (`data-e` of macros/piezas).
ESTADO_E: Mapping[str, str] = {
    comites.SIN_RESPUESTA: "por-vencer",
    comites.EN_CURSO: "activa",
    comites.VENCIDA: "vencida",
    comites.CERRADA: "hecha",
}
VOTOS: Mapping[str, Any] = {
    reglas.ACEPTA: _l("Acepta la respuesta"),
    reglas.NO_ACEPTA: _l("No la acepta"),
    reglas.SE_ABSTIENE: _l("Se abstiene"),
}
NO_VOTA: Mapping[str, Any] = {
    "asesor": _l("el hallazgo es sobre su atención"),
    "accion": _l("la acción es suya"),
}


def mes_de_comite(mes: str) -> str:
    """ "2026-11" → "noviembre de 2026"."""
    return formatos.mes(dt.date.fromisoformat(f"{mes}-01"))


@dataclass(frozen=True, slots=True)
class Sala:
    """A committee with its latest session, of which the votes are."""

    comite: Comite
    sesiones: Sequence[ComiteSesion]
    asistencias: Mapping[int, Sequence[ComiteAsistencia]]
    tratados: Sequence[Tratado]
    votos: Mapping[int, Sequence[ComiteVoto]]
    personas: Mapping[str, str]
    puntos: Mapping[str, str]

    @property
    def sesion(self) -> ComiteSesion | None:
        return self.sesiones[-1] if self.sesiones else None

    @property
    def abierta(self) -> bool:
        return self.sesion is not None and self.sesion.cerrada is None

    @property
    def estan(self) -> list[str]:
        return (
            [a.miembro for a in self.asistencias[self.sesion.id]] if self.sesion is not None else []
        )

    @property
    def necesita(self) -> int:
        return reglas.quorum(len(self.sesion.miembros)) if self.sesion is not None else 0

    @property
    def hay_quorum(self) -> bool:
        return self.sesion is not None and len(self.estan) >= self.necesita

    def mis_votos(self, quien: str) -> dict[int, ComiteVoto]:
        return {i: v for i, suyos in self.votos.items() for v in suyos if v.miembro == quien}

    def por_que_no(self, t: Tratado, quien: str) -> str:
        """In words; "" where they have a vote."""
        return str(NO_VOTA.get(comites.por_que_no_vota(t, quien), ""))


def sala(session: Session, comite: Comite) -> Sala:
    sesiones = comites.sesiones(session, comite.id)
    tratados = comites.tratados(session, comite.id)
    de: dict[int, list[ComiteVoto]] = {}
    for v in comites.votos(session, sesiones[-1].id) if sesiones else ():
        de.setdefault(v.inconsistencia_id, []).append(v)
    quienes = {m for s in sesiones for m in s.miembros} | {
        t.inconsistencia.asesor_id for t in tratados
    }
    quienes |= {
        q for t in tratados if t.accion is not None for q in (t.accion.por, t.accion.responsable)
    }
    return Sala(
        comite=comite,
        sesiones=sesiones,
        asistencias={s.id: comites.asistencia(session, s.id) for s in sesiones},
        tratados=tratados,
        votos=de,
        personas=nombres_de(session, quienes),
        puntos={p.codigo: p.nombre for p in puntos(session)},
    )


def estado_de_comite(session: Session, s: Sala) -> str:
    """Where it stands, in words."""
    if comites.acta(session, s.comite.id) is not None:
        return str(_("Con acta"))
    if s.abierta:
        return str(_("En sesión"))
    if s.sesion is not None:
        return str(_("Sin quórum: se convoca otra vez"))
    return str(_("Esperando respuestas"))


FILTROS: Mapping[str, Callable[[str], Any]] = {
    "mes_de_comite": mes_de_comite,
    "estado_accion": lambda codigo: ESTADOS[codigo],
    "estado_accion_e": lambda codigo: ESTADO_E[codigo],
    "voto": lambda codigo: VOTOS[codigo],
}
