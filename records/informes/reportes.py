"""Monthly reports: each point's, versions and review of it, and what is made of all of them
(5.2.23–5.2.26, section 7).

A report says of which version of its closed month its figures are; what is adjusted is another
version, the old one stays. Nobody reviews what they wrote. A report is never accepted by time: it
is approved, or it waits.
"""

import datetime as dt
import json
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from common.language import said
from records.base.actos import Acto
from records.base.comprobaciones import Verificados, cada_una, cruda
from records.base.errores import DatoInvalido, NoExiste
from records.base.reglas.huellas import canonico, sha256
from records.informes import meses
from records.informes.reglas.indicadores import CasoMes
from records.informes.tablas import (
    InformeMensual,
    MesCerrado,
    ReporteNota,
    ReportePedido,
    ReportePunto,
    ReporteRevision,
)
from records.lugares.puntos import puntos
from records.lugares.tablas import Punto
from records.plazos.reglas.obligaciones import limite_de_reportes

COMENTARIO, OBSERVACION, RESPUESTA = "comentario", "observacion", "respuesta"
TARDE: Final = "tarde"  #: why it came after its day
INTERVENTORIA, QUEJAS = "interventoria", "quejas"
TURNOS: Final = "I4"  # of all turns of the month
#: Where the report of a point stands, in the order of its life.
POR_GENERAR, POR_REVISAR, POR_AJUSTAR, APROBADO = (
    "por_generar",
    "por_revisar",
    "por_ajustar",
    "aprobado",
)

Notas = Mapping[str, str]  #: indicator → text; "": of the whole report


def mes_de(texto: str) -> dt.date:
    """ "2026-11" → its first day. DatoInvalido: it is no month."""
    try:
        return dt.date.fromisoformat(f"{texto}-01")
    except ValueError:
        raise DatoInvalido(
            "«%(texto)s» no es un mes: se escribe como 2026-11.", texto=texto
        ) from None


def pedir(session: Session, mes: dt.date, cerrado: MesCerrado, acto: Acto) -> list[str]:
    """The points that owe a report of a month that was closed, by code: those that work now. None
    where nobody came in it."""
    if not any(c.n for c in meses.cifras(session, cerrado.id) if c.indicador == TURNOS):
        return []
    ya = set(session.scalars(select(ReportePedido.punto_id).where(ReportePedido.mes == mes)))
    for p in puntos(session):
        if p.codigo not in ya:
            session.add(
                ReportePedido(
                    mes=mes,
                    punto_id=p.codigo,
                    pedido=acto.now,
                    instancia_id=acto.instancia_id or "",
                )
            )
    session.flush()
    return sorted(session.scalars(select(ReportePedido.punto_id).where(ReportePedido.mes == mes)))


# --- the report of a point ------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class NuevoReporte:
    """What its author writes: comments on it and on single figures; of an adjusted one also what
    changed and what is answered; of one that comes late, why."""

    comentarios: str
    de_cifras: Notas
    cambio: str = ""
    respuestas: Notas | None = None
    tarde: str = ""


def generar(
    session: Session, mes: dt.date, punto_id: str, nuevo: NuevoReporte, acto: Acto
) -> ReportePunto:
    """The next version, over the latest version of its month. DatoInvalido: the month is not
    closed, the report is approved, or it is late and does not say why."""
    cerrado = meses.vigente(session, mes)
    if cerrado is None:
        raise DatoInvalido("El mes no está cerrado: todavía no tiene cifras.")
    antes = ultimo(session, mes, punto_id)
    if (
        antes is not None
        and (revisado := revision(session, antes.id)) is not None
        and revisado.cumple
    ):
        raise DatoInvalido("Ese reporte ya está aprobado.")
    if antes is None and llega_tarde(mes, acto.now) and not nuevo.tarde.strip():
        raise DatoInvalido("Escriba por qué el reporte llega después de su fecha.")
    return _version(session, cerrado, punto_id, antes, nuevo, acto)


def llega_tarde(mes: dt.date, cuando: dt.datetime) -> bool:
    """A first version of this moment is past the day of the reports."""
    return cuando > limite_de_reportes(mes)


def _version(
    session: Session,
    cerrado: MesCerrado,
    punto_id: str,
    antes: ReportePunto | None,
    nuevo: NuevoReporte,
    acto: Acto,
) -> ReportePunto:
    reporte = ReportePunto(
        mes=cerrado.mes,
        punto_id=punto_id,
        version=antes.version + 1 if antes is not None else 1,
        mes_id=cerrado.id,
        instancia_id=acto.instancia_id or "",
        autor=acto.quien,
        hecho=acto.now,
        comentarios=nuevo.comentarios.strip(),
        cambio=nuevo.cambio.strip(),
        huella="",
    )
    escritas = {(COMENTARIO, i): t for i, t in nuevo.de_cifras.items()} | {
        (RESPUESTA, i): t for i, t in (nuevo.respuestas or {}).items()
    }
    escritas[TARDE, ""] = nuevo.tarde
    notas = {par: t.strip() for par, t in escritas.items() if t.strip()}
    reporte.huella = sha256(_lo_del_reporte(reporte, cerrado, notas))
    session.add(reporte)
    session.flush()
    _anotar(session, reporte.id, notas)
    return reporte


def revisar(
    session: Session, reporte_id: int, *, cumple: bool, observaciones: Notas, acto: Acto
) -> int:
    """The review of the latest version (5.2.24); how often the report has come back by now.

    DatoInvalido: it is reviewed, it is not the latest, its author reviews it, or it is sent back
    without an observation.
    """
    reporte = _reporte(session, reporte_id)
    vigente = ultimo(session, reporte.mes, reporte.punto_id)
    if vigente is None or vigente.id != reporte_id or revision(session, reporte_id) is not None:
        raise DatoInvalido("Ese reporte ya se revisó, o tiene una versión más nueva.")
    if acto.quien in {v.autor for v in versiones(session, reporte.mes, reporte.punto_id)}:
        raise DatoInvalido("Quien hizo un reporte no lo revisa.")
    dichas = {(OBSERVACION, i): t.strip() for i, t in observaciones.items() if t.strip()}
    if not cumple and not dichas:
        raise DatoInvalido(
            "Escriba qué falta: un reporte se devuelve con al menos una observación."
        )
    session.add(
        ReporteRevision(reporte_id=reporte_id, cumple=cumple, por=acto.quien, cuando=acto.now)
    )
    _anotar(session, reporte_id, dichas)
    session.flush()
    return devoluciones(session, reporte.mes, reporte.punto_id)


def _anotar(session: Session, reporte_id: int, notas: Mapping[tuple[str, str], str]) -> None:
    session.add_all(
        ReporteNota(reporte_id=reporte_id, tipo=tipo, indicador=i, texto=t)
        for (tipo, i), t in sorted(notas.items())
    )
    session.flush()


def _reporte(session: Session, reporte_id: int) -> ReportePunto:
    reporte = session.get(ReportePunto, reporte_id)
    if reporte is None:
        raise NoExiste("No existe el reporte %(n)s.", n=reporte_id)
    return reporte


def versiones(session: Session, mes: dt.date, punto_id: str) -> Sequence[ReportePunto]:
    """The latest first."""
    consulta = select(ReportePunto).where(
        ReportePunto.mes == mes, ReportePunto.punto_id == punto_id
    )
    return session.scalars(consulta.order_by(ReportePunto.version.desc())).all()


def ultimo(session: Session, mes: dt.date, punto_id: str) -> ReportePunto | None:
    return next(iter(versiones(session, mes, punto_id)), None)


def revision(session: Session, reporte_id: int) -> ReporteRevision | None:
    return session.scalar(select(ReporteRevision).where(ReporteRevision.reporte_id == reporte_id))


def notas(session: Session, reporte_id: int, tipo: str) -> dict[str, str]:
    """Indicator → what was said of it; "" first."""
    consulta = select(ReporteNota.indicador, ReporteNota.texto).where(
        ReporteNota.reporte_id == reporte_id, ReporteNota.tipo == tipo
    )
    return {
        fila.indicador: fila.texto
        for fila in session.execute(consulta.order_by(ReporteNota.indicador))
    }


def devoluciones(session: Session, mes: dt.date, punto_id: str) -> int:
    """How often a review sent it back."""
    devueltos = (
        select(func.count())
        .select_from(ReporteRevision)
        .join(ReportePunto, ReportePunto.id == ReporteRevision.reporte_id)
    )
    suyos = (
        ReportePunto.mes == mes,
        ReportePunto.punto_id == punto_id,
        ReporteRevision.cumple.is_(False),
    )
    return session.scalar(devueltos.where(*suyos)) or 0


@dataclass(frozen=True, slots=True)
class Situacion:
    """Where the report of a point stands."""

    punto_id: str
    nombre: str
    estado: str
    reporte: ReportePunto | None
    revision: ReporteRevision | None
    devoluciones: int


def situaciones(session: Session, mes: dt.date) -> list[Situacion]:
    """Of each point that owes a report of the month, by name; nobody was asked: none."""
    todos = session.scalars(
        select(ReportePunto).where(ReportePunto.mes == mes).order_by(ReportePunto.version)
    ).all()
    ultimos = {r.punto_id: r for r in todos}
    revisadas = {
        r.reporte_id: r
        for r in session.scalars(
            select(ReporteRevision).where(ReporteRevision.reporte_id.in_([r.id for r in todos]))
        )
    }
    devueltos = Counter(
        r.punto_id for r in todos if r.id in revisadas and not revisadas[r.id].cumple
    )
    pedidos = set(session.scalars(select(ReportePedido.punto_id).where(ReportePedido.mes == mes)))
    nombres = {
        p.codigo: p.nombre for p in session.scalars(select(Punto).where(Punto.codigo.in_(pedidos)))
    }
    dichas = []
    for codigo in sorted(pedidos | ultimos.keys(), key=lambda c: nombres.get(c, c)):
        reporte = ultimos.get(codigo)
        vista = revisadas.get(reporte.id) if reporte is not None else None
        dichas.append(
            Situacion(
                codigo,
                nombres.get(codigo, codigo),
                _estado(reporte, vista),
                reporte,
                vista,
                devueltos[codigo],
            )
        )
    return dichas


def tardes(session: Session, mes: dt.date) -> dict[str, str]:
    """Point → why its report came late."""
    consulta = (
        select(ReportePunto.punto_id, ReporteNota.texto)
        .join(ReporteNota, ReporteNota.reporte_id == ReportePunto.id)
        .where(ReportePunto.mes == mes, ReporteNota.tipo == TARDE)
    )
    return {fila.punto_id: fila.texto for fila in session.execute(consulta)}


@dataclass(frozen=True, slots=True)
class DeAntes:
    """What was made of a version of the month that has been corrected since. `situacion`: of a
    point; else a report of the entity."""

    de: MesCerrado
    situacion: Situacion | None = None
    informe: InformeMensual | None = None


def de_antes(
    session: Session, mes: dt.date, todas: Sequence[Situacion] | None = None
) -> list[DeAntes]:
    """The latest reports that do not stand on the latest version of their month: the entity's
    first."""
    vigente = meses.vigente(session, mes)
    if vigente is None or vigente.version == 1:
        return []
    por_id = {v.id: v for v in meses.versiones(session, mes)}
    informes = [
        i
        for i in (informe(session, mes, tipo) for tipo in (INTERVENTORIA, QUEJAS))
        if i is not None and i.mes_id != vigente.id
    ]
    suyas = situaciones(session, mes) if todas is None else todas
    return [
        *(DeAntes(por_id[i.mes_id], informe=i) for i in informes),
        *(
            DeAntes(por_id[s.reporte.mes_id], situacion=s)
            for s in suyas
            if s.reporte is not None and s.reporte.mes_id != vigente.id
        ),
    ]


def _estado(reporte: ReportePunto | None, vista: ReporteRevision | None) -> str:
    if reporte is None:
        return POR_GENERAR
    if vista is None:
        return POR_REVISAR
    return APROBADO if vista.cumple else POR_AJUSTAR


# --- a month that was corrected -------------------------------------------------------------------
def reexpedir(session: Session, corregido: MesCerrado, aprobo: str) -> None:
    """What was joined of a month is made again of its other version: the reports of points with
    what their authors said, then those of the entity; all that there was stays. `aprobo`: who
    approved the correction, having seen its figures; for the new versions that is the review. A
    report that they wrote themselves stays as it was: nobody reviews their own."""
    mes, acto = corregido.mes, Acto(corregido.por, corregido.cerrado)
    de_quejas, antes = (informe(session, mes, tipo) for tipo in (QUEJAS, INTERVENTORIA))
    if de_quejas is not None and de_quejas.mes_id != corregido.id:
        informe_de_quejas(session, mes, acto)
    if antes is None or antes.mes_id == corregido.id:
        return  # whoever joins it does so of the new version
    for s in situaciones(session, mes):
        if s.reporte is None or s.estado != APROBADO or s.reporte.mes_id == corregido.id:
            continue
        if aprobo in {v.autor for v in versiones(session, mes, s.punto_id)}:
            continue
        cambio = said("Se corrigieron los datos del mes: %(m)s", m=corregido.motivo)
        dicho = NuevoReporte(
            s.reporte.comentarios, notas(session, s.reporte.id, COMENTARIO), cambio
        )
        nuevo = _version(session, corregido, s.punto_id, s.reporte, dicho, acto)
        session.add(ReporteRevision(reporte_id=nuevo.id, cumple=True, por=aprobo, cuando=acto.now))
        session.flush()
    consolidar(session, mes, antes.conclusiones, acto)


# --- of the whole entity --------------------------------------------------------------------------
def consolidar(session: Session, mes: dt.date, conclusiones: str, acto: Acto) -> InformeMensual:
    """The report to the contract supervisors (5.2.26): which version of which report it joins, and
    its conclusions.

    DatoInvalido: the month is not closed, or the report of a point that owes one is not approved.
    """
    cerrado = meses.vigente(session, mes)
    if cerrado is None:
        raise DatoInvalido("El mes no está cerrado: todavía no tiene cifras.")
    todas = situaciones(session, mes)
    faltan = [s.nombre for s in todas if s.estado != APROBADO]
    if faltan:
        raise DatoInvalido(
            "Falta aprobar el reporte de %(n)s: %(faltan)s.",
            n=len(faltan),
            faltan=", ".join(faltan[:5]),
        )
    contenido = {
        "reportes": [
            {
                "punto": s.punto_id,
                "version": s.reporte.version,
                "huella": s.reporte.huella,
                "datos": s.reporte.mes_id,
                "aprobado_por": s.revision.por,
            }
            for s in todas
            if s.reporte is not None and s.revision is not None
        ],
        "cifras": [
            [c.indicador, c.clave, c.numerador, c.n, None if c.valor is None else str(c.valor)]
            for dimension in ("total", "punto")
            for c in meses.cifras(session, cerrado.id, dimension, None)
        ],
    }
    return _informe(session, mes, INTERVENTORIA, cerrado, contenido, acto, conclusiones)


def informe_de_quejas(session: Session, mes: dt.date, acto: Acto) -> InformeMensual:
    """The «Informe mensual de quejas, reclamos o sugerencias» of section 7, out of the cases of the
    closed month."""
    cerrado = meses.vigente(session, mes)
    if cerrado is None:
        raise DatoInvalido("El mes no está cerrado: todavía no tiene cifras.")
    congelado = meses.leer(session, cerrado).mes
    recibidos = [c for c in congelado.casos if congelado.paso(c.recepcion)]
    filas = [
        {
            "clase": clase,
            "tema": tema,
            "punto": punto,
            "recibidos": len(casos),
            "respondidos": sum(c.enviado is not None for c in casos),
            "a_tiempo": sum(_a_tiempo(c) for c in casos),
        }
        for (clase, tema, punto), casos in sorted(_agrupados(recibidos).items())
    ]
    return _informe(session, mes, QUEJAS, cerrado, {"filas": filas}, acto)


def _agrupados(casos: Sequence[CasoMes]) -> dict[tuple[str, str, str], list[CasoMes]]:
    grupos: dict[tuple[str, str, str], list[CasoMes]] = {}
    for c in casos:
        grupos.setdefault((c.clase, c.tema, c.punto), []).append(c)
    return grupos


def _a_tiempo(c: CasoMes) -> bool:
    return c.enviado is not None and (c.limite_respuesta is None or c.enviado <= c.limite_respuesta)


def _informe(
    session: Session,
    mes: dt.date,
    tipo: str,
    cerrado: MesCerrado,
    contenido: dict[str, Any],
    acto: Acto,
    conclusiones: str = "",
) -> InformeMensual:
    antes = informe(session, mes, tipo)
    hecho = InformeMensual(
        mes=mes,
        tipo=tipo,
        version=antes.version + 1 if antes is not None else 1,
        mes_id=cerrado.id,
        instancia_id=acto.instancia_id or "",
        por=acto.quien,
        hecho=acto.now,
        conclusiones=conclusiones.strip(),
        contenido=zlib.compress(canonico(contenido), 6),
        huella="",
    )
    hecho.huella = sha256(_lo_del_informe(hecho, cerrado))
    session.add(hecho)
    session.flush()
    return hecho


def informe(
    session: Session, mes: dt.date, tipo: str, version: int | None = None
) -> InformeMensual | None:
    """The latest, or the one asked for."""
    consulta = select(InformeMensual).where(InformeMensual.mes == mes, InformeMensual.tipo == tipo)
    if version is not None:
        consulta = consulta.where(InformeMensual.version == version)
    return session.scalar(consulta.order_by(InformeMensual.version.desc()).limit(1))


@dataclass(frozen=True, slots=True)
class Ultimo:
    """A report of the whole entity, without what it says. `motivo`: why its data were corrected;
    empty: they are the first version."""

    mes: dt.date
    tipo: str
    hecho: dt.datetime
    mes_id: int
    version_del_mes: int
    motivo: str


def ultimos(session: Session, cuantos_meses: int) -> list[Ultimo]:
    """The latest of each kind, of so many months; the last month first."""
    consulta = (
        select(
            InformeMensual.mes,
            InformeMensual.tipo,
            InformeMensual.hecho,
            InformeMensual.mes_id,
            MesCerrado.version,
            MesCerrado.motivo,
        )
        .join(MesCerrado, MesCerrado.id == InformeMensual.mes_id)
        .order_by(InformeMensual.mes.desc(), InformeMensual.tipo, InformeMensual.version.desc())
    )
    hechos: dict[tuple[dt.date, str], Ultimo] = {}
    for f in session.execute(consulta):
        hechos.setdefault(
            (f.mes, f.tipo), Ultimo(f.mes, f.tipo, f.hecho, f.mes_id, f.version, f.motivo or "")
        )
    de = sorted({mes for mes, _tipo in hechos}, reverse=True)[:cuantos_meses]
    return [u for u in hechos.values() if u.mes in de]


def contenido(hecho: InformeMensual) -> dict[str, Any]:
    """What it says, as it was made."""
    leido: dict[str, Any] = json.loads(zlib.decompress(hecho.contenido))
    return leido


# --- hashes ---------------------------------------------------------------------------------------
def _lo_del_reporte(
    r: ReportePunto, cerrado: MesCerrado, dichas: Mapping[tuple[str, str], str]
) -> bytes:
    return canonico(
        {
            "mes": r.mes.isoformat(),
            "punto": r.punto_id,
            "version": r.version,
            "datos": cerrado.huella,
            "autor": r.autor,
            "hecho": r.hecho.astimezone(dt.UTC).isoformat(),
            "comentarios": r.comentarios,
            "cambio": r.cambio,
            "notas": [[tipo, i, t] for (tipo, i), t in sorted(dichas.items())],
        }
    )


def _lo_del_informe(h: InformeMensual, cerrado: MesCerrado) -> bytes:
    cabeza = {
        "mes": h.mes.isoformat(),
        "tipo": h.tipo,
        "version": h.version,
        "datos": cerrado.huella,
        "por": h.por,
        "hecho": h.hecho.astimezone(dt.UTC).isoformat(),
        "conclusiones": h.conclusiones,
    }
    return canonico(cabeza) + b"\n" + zlib.decompress(h.contenido)


def verificar(session: Session) -> Verificados:
    """Reports of points and of the entity against their hashes, and the month that they are made
    of."""
    dichas: dict[object, dict[tuple[str, str], str]] = {}
    suyas = select(
        *map(
            cruda,
            (ReporteNota.reporte_id, ReporteNota.tipo, ReporteNota.indicador, ReporteNota.texto),
        )
    )
    for n in session.execute(suyas.where(ReporteNota.tipo.in_((COMENTARIO, RESPUESTA, TARDE)))):
        dichas.setdefault(n.reporte_id, {})[n.tipo, n.indicador] = n.texto
    de_puntos = cada_una(
        session, ReportePunto, lambda r: _faltas_de_reporte(session, r, dichas.get(r.id, {}))
    )
    de_todos = cada_una(session, InformeMensual, lambda h: _faltas_de_informe(session, h))
    return Verificados(de_puntos.cuantos + de_todos.cuantos, (*de_puntos.faltas, *de_todos.faltas))


def _faltas_de_reporte(
    session: Session, r: ReportePunto, dichas: Mapping[tuple[str, str], str]
) -> Iterator[str]:
    cerrado = session.get(MesCerrado, r.mes_id)
    if cerrado is None or sha256(_lo_del_reporte(r, cerrado, dichas)) != r.huella:
        yield said(
            "reporte de %(p)s, %(m)s, versión %(v)s", p=r.punto_id, m=f"{r.mes:%Y-%m}", v=r.version
        )


def _faltas_de_informe(session: Session, h: InformeMensual) -> Iterator[str]:
    cerrado = session.get(MesCerrado, h.mes_id)
    if cerrado is None or not _como_se_hizo(h, cerrado):
        yield said(
            "informe %(t)s de %(m)s, versión %(v)s", t=h.tipo, m=f"{h.mes:%Y-%m}", v=h.version
        )


def _como_se_hizo(h: InformeMensual, cerrado: MesCerrado) -> bool:
    try:
        return sha256(_lo_del_informe(h, cerrado)) == h.huella
    except zlib.error:
        return False
