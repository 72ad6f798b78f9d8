"""What stands beside the tasks, for whom it matters: the operation, the audit of the week, the
committee, accesses, what protects them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.items import InboxFilter
from engine.types import ElementSpec, Processes
from records.auditorias import auditorias
from records.auditorias.tablas import Auditoria
from records.casos import abiertos
from records.casos.abiertos import CasoAbierto
from records.comites import comites
from records.comites.reglas import comite as reglas_de_comite
from records.comites.tablas import Comite, ComiteSesion
from records.controles import accesos as registro_de_accesos
from records.cuentas.reglas.roles import EXCLUSIONES, Facultad
from records.informes import ahora, disponibilidad, meses, reportes
from records.informes.reglas.indicadores import INDICADORES, POCOS
from records.informes.tablas import CaidaCrm, MesCerrado
from records.interventoria import interventoria
from records.lugares.puntos import areas, puntos
from records.plazos.reglas.calendario import dia_local
from webforms.bandeja.lista import de_todos
from webforms.base import auditoria as palabras_de_auditoria, formatos
from webforms.base.personas import nombres_de
from webforms.base.security import Usuario, actor_actual, donde_puede
from webforms.casos.a_cargo import areas_a_cargo
from webforms.informes.cifras import decir, decir_meta
from webforms.plazos.vencimientos import Vencimiento, vencimiento
from webforms.tareas.elementos import titulo_de_elemento

TIEMPO_EN_LA_FILA = "I3"
VENCIDOS = 5  #: cases over their legal term that the page tells of


# --- the operation --------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Operacion:
    """`mayor_min`: how long who waits longest has waited, and `donde`."""

    esperan: int
    mayor_min: int | None
    donde: str


def operacion(session: Session, now: dt.datetime) -> Operacion:
    suyos = donde_puede(actor_actual(), Facultad.VER_OPERACION)
    horas = [h for h in ahora.horas_de_hoy(session, now) if suyos is None or h.punto_id in suyos]
    primera = min(((h.primera, h.punto_id) for h in horas if h.primera is not None), default=None)
    return Operacion(
        sum(h.esperan for h in horas),
        int((now - primera[0]).total_seconds() // 60) if primera is not None else None,
        _nombres(session).get(primera[1], "") if primera is not None else "",
    )


# --- the open cases that somebody answers for -----------------------------------------------------
@dataclass(frozen=True, slots=True)
class Vencido:
    """A case over its legal term. `tiene` None: nobody has its task."""

    caso: CasoAbierto
    area: str
    tiene: str | None
    vence: Vencimiento | None


def vencidos(session: Session, now: dt.datetime) -> list[Vencido]:
    """Those that were due first."""
    suyas = areas_a_cargo(actor_actual())
    casos = abiertos.lista(
        session, now, areas=suyas, terminos=(abiertos.FUERA,), pagina=1, tamano=VENCIDOS
    ).filas
    tareas = reads.items.open_of(de_todos(actor_actual()), InboxFilter()).subquery()
    claves = {c.case_key for c in casos}
    tienen = dict(
        session.execute(
            select(tareas.c.case_key, tareas.c.claimed_by).where(tareas.c.case_key.in_(claves))
        ).all()
    )
    nombres = nombres_de(session, {t for t in tienen.values() if t})
    de_area = {a.codigo: a.nombre for a in areas(session)}
    return [
        Vencido(
            c,
            de_area.get(c.area_id, c.area_id),
            nombres.get(tienen.get(c.case_key) or ""),
            vencimiento(c.limite_respuesta, now, termino_legal=c.limite_respuesta),
        )
        for c in casos
    ]


@dataclass(frozen=True, slots=True)
class NoCumple:
    punto: str
    nombre: str
    valor: str
    antes: str


def no_cumplen(session: Session, versiones: Sequence[MesCerrado]) -> list[NoCumple]:
    """Points of the last closed month below the target of I3; few are not judged."""
    if not versiones:
        return []
    version, i, nombres = versiones[0], INDICADORES[TIEMPO_EN_LA_FILA], _nombres(session)
    anterior = meses.vigente(session, meses.anterior(version.mes))
    antes = (
        {
            c.clave: c
            for c in meses.cifras(session, anterior.id, "punto", None)
            if c.indicador == i.id
        }
        if anterior is not None
        else {}
    )
    suyas = [
        c
        for c in meses.cifras(session, version.id, "punto", None)
        if c.indicador == i.id and c.n >= POCOS
    ]
    malas = sorted(
        (c for c in suyas if i.cumple(c.valor) is False),
        key=lambda c: (c.valor or 0, nombres.get(c.clave, "")),
    )
    return [
        NoCumple(c.clave, nombres.get(c.clave, c.clave), decir(i, c), decir(i, antes.get(c.clave)))
        for c in malas
    ]


def _nombres(session: Session) -> Mapping[str, str]:
    return {p.codigo: p.nombre for p in puntos(session)}


# --- audits and committee -------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class DeLaSemana:
    """The last audit. Its estimate is told when every F189 is there: what is half done would be
    told wrong."""

    auditoria: Auditoria
    resumen: auditorias.Resumen
    suyos: int
    meta: int = auditorias.META


def auditoria(session: Session, yo: str) -> DeLaSemana | None:
    ultima = next(iter(auditorias.ultimas(session, 1)), None)
    if ultima is None:
        return None
    r = auditorias.resumen(session, ultima)
    return DeLaSemana(ultima, r, r.por_auditor.get(yo, 0))


@dataclass(frozen=True, slots=True)
class Proximo:
    """The last committee, its open session with who is there; `faltan`: findings without an
    answer."""

    comite: Comite
    sesion: ComiteSesion | None
    estan: int
    quorum: int
    faltan: int
    con_acta: bool


def comite(session: Session, now: dt.datetime) -> Proximo | None:
    """None before the first."""
    ultimo = next((k for k in comites.todos(session) if k.reunido <= now), None)
    if ultimo is None:
        return None
    sesion = comites.sesion_abierta(session, ultimo.id)
    estan = len(comites.asistencia(session, sesion.id)) if sesion is not None else 0
    quorum = reglas_de_comite.quorum(len(sesion.miembros)) if sesion is not None else 0
    con_acta = comites.acta(session, ultimo.id) is not None
    return Proximo(
        ultimo, sesion, estan, quorum, comites.sin_responder(session, ultimo.id), con_acta
    )


# --- the last documents ---------------------------------------------------------------------------
MESES_DE_INFORMES, AUDITORIAS_DE_INFORMES = 2, 3


@dataclass(frozen=True, slots=True)
class Documento:
    """A report that was made, with the data that it names. `motivo`: why these were corrected.
    `cual`: e of a state, and its word."""

    nombre: str
    pagina: str
    periodo: str
    datos: str
    motivo: str
    resultado: str
    cual: tuple[str, str]
    archivos: Sequence[tuple[str, str]]  #: word → address


def documentos(session: Session, usuario: Usuario, hoy: dt.date) -> list[Documento]:
    """Of the entity for who reads indicators, of audits for who makes them."""
    hechos = _informes(session, usuario, hoy) if usuario.puede(Facultad.VER_INDICADORES) else []
    return [*hechos, *(_de_auditoria(session, hoy) if usuario.puede(Facultad.AUDITAR) else [])]


def _informes(session: Session, usuario: Usuario, hoy: dt.date) -> list[Documento]:
    acusados = interventoria.acusados(session) if usuario.puede(Facultad.VER_ENTREGAS) else {}
    cifras: dict[int, Mapping[str, meses.Cifra]] = {}
    hechos = []
    for u in reportes.ultimos(session, MESES_DE_INFORMES):
        if u.mes_id not in cifras:
            cifras[u.mes_id] = {c.indicador: c for c in meses.cifras(session, u.mes_id)}
        hechos.append(_informe(u, cifras[u.mes_id], acusados.get(u.mes), hoy))
    return hechos


def _informe(
    u: reportes.Ultimo, de: Mapping[str, meses.Cifra], acuses: tuple[int, int] | None, hoy: dt.date
) -> Documento:
    mes = f"{u.mes:%Y-%m}"
    if u.tipo == reportes.QUEJAS:
        nombre, pagina = _("Quejas, reclamos o sugerencias"), url_for("calidad.quejas", mes=mes)
        archivos = [("PDF", url_for("calidad.quejas_en_pdf", mes=mes))]
        quejas, reclamos, por_mil = (de.get(i) for i in ("I15.queja", "I15.reclamo", "I15.mil"))
        partes = {
            "q": quejas.numerador if quejas else 0,
            "r": reclamos.numerador if reclamos else 0,
        }
        resultado = str(_("%(q)s quejas, %(r)s reclamos", **partes))
        if por_mil is not None and por_mil.n >= POCOS:
            resultado += "; " + str(
                _("%(m)s quejas por mil atenciones", m=decir(INDICADORES["I15.mil"], por_mil))
            )
    else:
        nombre, pagina = _("Informe mensual"), url_for("calidad.del_mes", mes=mes)
        archivos = [
            ("PDF", url_for("calidad.informe_en_pdf", mes=mes)),
            ("XLSX", url_for("calidad.exportar_informe", mes=mes)),
        ]
        i = INDICADORES[TIEMPO_EN_LA_FILA]
        resultado = str(
            _("%(i)s %(v)s; meta: %(m)s", i=_(i.nombre), v=decir(i, de.get(i.id)), m=decir_meta(i))
        )
    if acuses is None:
        cual = ("hecha", str(_("Hecho %(c)s", c=formatos.fecha(dia_local(u.hecho), hoy))))
    elif acuses[0] == acuses[1]:
        cual = ("hecha", str(_("Con %(n)s acuses", n=acuses[0])))
    else:
        cual = ("por-vencer", str(_("%(a)s acuses de %(n)s", a=acuses[0], n=acuses[1])))
    datos = str(_("versión %(v)s", v=u.version_del_mes))
    return Documento(
        str(nombre), pagina, formatos.mes(u.mes), datos, u.motivo, resultado, cual, archivos
    )


def _de_auditoria(session: Session, hoy: dt.date) -> list[Documento]:
    hechos = []
    for semana, informe, cuando in auditorias.informes_remitidos(session, AUDITORIAS_DE_INFORMES):
        dice = auditorias.contenido(informe)
        media, desde, hasta = (
            None if dice[k] is None else formatos.numero(dice[k], 1)
            for k in ("media", "desde", "hasta")
        )
        entre = (
            str(_("%(m)s, entre %(a)s y %(b)s", m=media, a=desde, b=hasta))
            if desde is not None
            else media or str(_("sin puntaje"))
        )
        if "planeadas" in dice:  # reports of before did not say
            en_sitio = palabras_de_auditoria.en_los_puntos(dice["visitas"], dice["planeadas"])
            entre += "; " + str(_("en los puntos: %(c)s", c=en_sitio[:1].lower() + en_sitio[1:]))
        hechos.append(
            Documento(
                str(_("Informe de auditoría")),
                url_for("calidad.auditoria", semana=semana),
                str(_("semana %(s)s", s=palabras_de_auditoria.semana(semana))),
                str(
                    _(
                        "N %(n)s, muestra %(m)s",
                        n=formatos.numero(dice["poblacion"]),
                        m=dice["muestra"],
                    )
                ),
                "",
                entre,
                ("hecha", str(_("Remitido %(c)s", c=formatos.fecha(dia_local(cuando), hoy)))),
                [("CSV", url_for("calidad.exportar_muestra", semana=semana))],
            )
        )
    return hechos


# --- accesses and the CRM -------------------------------------------------------------------------
def accesos(session: Session) -> registro_de_accesos.Resumen | None:
    """The last review."""
    return next(iter(registro_de_accesos.ultimas(session, 1)), None)


@dataclass(frozen=True, slots=True)
class Disponibilidad:
    """Of this month so far; `porcentaje` None: too little was watched to say so."""

    porcentaje: float | None
    caidas: int
    abierta: CaidaCrm | None
    por_sincronizar: int


def disponibilidad_del_mes(session: Session, hoy: dt.date) -> Disponibilidad:
    desde = meses.del_mes(hoy)
    caidas = disponibilidad.caidas(session, desde, hoy)
    return Disponibilidad(
        disponibilidad.porcentaje(disponibilidad.dias(session, desde, hoy), caidas, desde, hoy),
        len(caidas),
        next((c for c in caidas if c.hasta is None), None),
        sum(c.sincronizada is None for c in caidas),
    )


def _titulo(e: ElementSpec) -> str:
    return titulo_de_elemento(e.id, e.name)


# --- what protects them ---------------------------------------------------------------------------
def reglas(usuario: Usuario, procesos: Processes) -> list[str]:
    """Duties that the diagrams in force keep apart in the lanes of this person, roles that exclude
    theirs, what a body may not do."""
    elementos = {id_: e for p in procesos.values() for id_, e in p.elements.items()}
    dichas = [
        str(_("Quien hace «%(o)s» no hace «%(e)s».", o=_titulo(elementos[otro]), e=_titulo(e)))
        for e in elementos.values()
        if e.lane is not None and e.lane.role and usuario.tiene(e.lane.role)
        for otro in e.not_same_person_as
        if otro in elementos
    ]
    dichas += [f"{_(x.nombre)}." for x in EXCLUSIONES if usuario.tiene(*x.unos)]
    if usuario.puede(Facultad.SESIONAR):
        dichas.append(str(_("Nadie vota sobre un hallazgo propio ni sobre una acción suya.")))
    if usuario.puede(Facultad.AUDITAR):
        dichas.append(
            str(
                _(
                    "Nadie escoge la muestra: sale de una semilla publicada, y cualquiera puede volver a sacarla."
                )
            )
        )
    if usuario.puede(Facultad.VER_ACCESOS):
        dichas.append(str(_("Nadie decide sobre su propia cuenta.")))
    if usuario.puede(Facultad.ACUSAR):
        dichas.append(str(_("Nada se da por recibido solo: el acuse lo da usted, o no lo hay.")))
    return dichas
