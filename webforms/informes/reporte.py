"""The monthly report of a point as pages and forms show it: its figures, what is said of each, its
versions and reviews."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from records.informes import meses, reportes
from records.informes.reglas.indicadores import INDICADORES, PORCENTAJE
from records.informes.tablas import MesCerrado, ReportePunto, ReporteRevision
from records.lugares.puntos import puntos
from webforms.base.personas import nombres_de
from webforms.informes.cifras import Corte, Fila, en_palabras, filas, sin_nadie

#: Where a report stands → how it is said, and its shape (`macros/piezas.html`).
ESTADOS: Mapping[str, tuple[Any, str]] = {
    reportes.POR_GENERAR: (_l("Por generar"), "tranquila"),
    reportes.POR_REVISAR: (_l("Por revisar"), "activa"),
    reportes.POR_AJUSTAR: (_l("Por ajustar"), "por-vencer"),
    reportes.APROBADO: (_l("Aprobado"), "hecha"),
}


@dataclass(frozen=True, slots=True)
class Ronda:
    """A version of the report, what was said in it, and its review."""

    reporte: ReportePunto
    datos: MesCerrado
    comentarios: Mapping[str, str]
    respuestas: Mapping[str, str]
    observaciones: Mapping[str, str]
    revision: ReporteRevision | None
    tarde: str = ""  #: why it came after its day


@dataclass(frozen=True, slots=True)
class Hoja:
    """The report of a point. `rondas`: the latest first; none: it is still to be written."""

    mes: dt.date
    punto_id: str
    punto: str
    vigente: MesCerrado  #: the latest version of the month; `corte` says of which the figures are
    corte: Corte
    filas: Sequence[Fila]
    frases: Sequence[str]
    rondas: Sequence[Ronda]
    personas: Mapping[str, str]

    @property
    def ultima(self) -> Ronda | None:
        return self.rondas[0] if self.rondas else None

    @property
    def anterior(self) -> Ronda | None:
        return self.rondas[1] if len(self.rondas) > 1 else None

    @property
    def tarde(self) -> str:
        """Why the report came after its day; empty: it did not."""
        return self.rondas[-1].tarde if self.rondas else ""

    @property
    def incumplidas(self) -> list[Fila]:
        return [f for f in self.filas if f.cumple is False]

    @property
    def por_explicar(self) -> list[Fila]:
        """Those of which its author says why."""
        return [f for f in self.incumplidas if not f.indicador.de_la_entidad]

    @property
    def requisitos(self) -> list[tuple[bool, str]]:
        """What a reviewer would tick, as it is: whether it is met, in words."""
        ultima = self.ultima
        if ultima is None:
            return []
        mudas = [
            str(_(f.indicador.nombre))
            for f in self.por_explicar
            if f.indicador.id not in ultima.comentarios
        ]
        pedidas = self.anterior.observaciones if self.anterior is not None else {}
        calladas = [_nombre(i) for i in pedidas if i not in ultima.respuestas]
        v = ultima.datos.version
        dichos = [
            _requisito(
                ultima.datos.id == self.vigente.id,
                _("Sus cifras son de la versión %(v)s del mes, la última.", v=v),
            )
            or (False, _("Sus cifras son de la versión %(v)s del mes; ya hay otra.", v=v)),
            _requisito(not mudas, _("Cada meta que no se cumple tiene su comentario."))
            or (False, _("Metas que no se cumplen, sin comentario: %(c)s.", c=", ".join(mudas))),
        ]
        if pedidas:
            dichos.append(
                _requisito(
                    not calladas, _("Cada observación de la ronda anterior tiene su respuesta.")
                )
                or (False, _("Observaciones sin respuesta: %(c)s.", c=", ".join(calladas)))
            )
        if self.tarde:
            dichos.append((False, f"{_('Llegó tarde:')} {self.tarde}"))
        if sin_nadie(self.filas):
            dichos.append((False, _("El punto no tuvo turnos ni casos en el mes.")))
        return dichos


def _requisito(cumple: object, dicho: str) -> tuple[bool, str] | None:
    return (True, dicho) if cumple else None


def _nombre(indicador: str) -> str:
    return (
        str(_(INDICADORES[indicador].nombre))
        if indicador in INDICADORES
        else str(_("todo el reporte"))
    )


def hoja(
    session: Session,
    mes: dt.date,
    punto_id: str,
    version: int | None = None,
    *,
    por_escribir: bool = False,
) -> Hoja | None:
    """With the figures that its latest version, or `version`, was made of; `por_escribir`: those
    that the next one will be made of.

    None: there is no such month, point or version.
    """
    todas, vigente = reportes.versiones(session, mes, punto_id), meses.vigente(session, mes)
    nombres = {p.codigo: p.nombre for p in puntos(session)}
    if (
        vigente is None
        or (punto_id not in nombres and not todas)
        or (version is not None and version not in {r.version for r in todas})
    ):
        return None
    rondas = [_ronda(session, r) for r in todas if version is None or r.version <= version]
    corte = Corte(vigente if por_escribir or not rondas else rondas[0].datos, "punto", punto_id)
    nombre = nombres.get(punto_id, punto_id)
    dichas = filas(session, corte)
    quienes = {r.reporte.autor for r in rondas} | {
        r.revision.por for r in rondas if r.revision is not None
    }
    return Hoja(
        mes,
        punto_id,
        nombre,
        vigente,
        corte,
        dichas,
        en_palabras(nombre, dichas),
        rondas,
        nombres_de(session, quienes),
    )


def _ronda(session: Session, r: ReportePunto) -> Ronda:
    datos = meses.de_id(session, r.mes_id)
    comentarios, respuestas, observaciones, tarde = (
        reportes.notas(session, r.id, tipo)
        for tipo in (reportes.COMENTARIO, reportes.RESPUESTA, reportes.OBSERVACION, reportes.TARDE)
    )
    return Ronda(
        r,
        datos,
        comentarios,
        respuestas,
        observaciones,
        reportes.revision(session, r.id),
        tarde.get("", ""),
    )


@dataclass(frozen=True, slots=True)
class Cambio:
    """What a version says otherwise than the one before."""

    que: str
    antes: str
    ahora: str


def cambios(session: Session, antes: Ronda, ahora: Ronda, punto_id: str) -> list[Cambio]:
    """Data, figures, comments: only what differs."""
    dichos = []
    if antes.datos.id != ahora.datos.id:
        que = _("Datos del mes")
        dichos.append(
            Cambio(
                que,
                _("Versión %(v)s", v=antes.datos.version),
                _("Versión %(v)s", v=ahora.datos.version),
            )
        )
        viejas, nuevas = (
            {f.indicador.id: f for f in filas(session, Corte(r.datos, "punto", punto_id))}
            for r in (antes, ahora)
        )
        for id_ in INDICADORES:
            de, a = (_valor(d.get(id_)) for d in (viejas, nuevas))
            if de != a:
                dichos.append(Cambio(_nombre(id_), de, a))
    if antes.reporte.comentarios != ahora.reporte.comentarios:
        dichos.append(
            Cambio(_("Comentarios"), antes.reporte.comentarios, ahora.reporte.comentarios)
        )
    for id_ in sorted({*antes.comentarios, *ahora.comentarios}):
        de, a = antes.comentarios.get(id_, "—"), ahora.comentarios.get(id_, "—")
        if de != a:
            dichos.append(Cambio(_("Comentario de %(i)s", i=_nombre(id_)), de, a))
    return dichos


def _valor(f: Fila | None) -> str:
    if f is None or f.oculta:
        return "—"
    return f"{f.valor} ({f.de_cuantos})" if f.indicador.unidad is PORCENTAJE else f.valor
