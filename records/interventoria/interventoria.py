"""Delivery of the monthly report to the contract supervisors, and what follows from it (5.2.32,
A4-2-02 from activity 10).

Each supervisor gets it on paper and in digital form, each medium with its own number and its own
receipt. A receipt is given by the supervisor or not at all: reminders and sending again never stand
for one.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import distinct, func, select, update
from sqlalchemy.orm import Session

from common.language import said, speaking
from records.base import pedidos
from records.base.actos import Acto
from records.base.comprobaciones import Verificados, cada_una
from records.base.errores import DatoInvalido, EnlaceInvalido, NoExiste
from records.base.reglas.huellas import canonico, sha256
from records.base.tablas import DocumentosPedido
from records.correo.correos import avisar_a_su_cuenta
from records.correo.reglas.cartas import mes_y_ano
from records.cuentas.cuentas import cuentas_con_rol
from records.cuentas.reglas.roles import INTERVENTOR
from records.cuentas.tablas import Cuenta
from records.informes import reportes
from records.informes.tablas import InformeMensual, MesCerrado, ReportePunto, ReporteRevision
from records.interventoria.tablas import (
    ActaInterventor,
    AcuseInterventor,
    EntregaInterventor,
    PaqueteInterventoria,
    PasoSupervision,
    RecordatorioAcuse,
)
from records.plazos.reglas.calendario import vencimiento
from records.plazos.reglas.obligaciones import DIAS_ENLACE
from records.sistemas.puertos import PaqueteHecho

FISICO, DIGITAL = "fisico", "digital"
MEDIOS: Final = (FISICO, DIGITAL)
IMPRESO, ENLACE, MEMORIA = "impreso", "enlace", "memoria"
RECORDATORIOS: Final = 3  #: after so many the manager is told, and sends it again
#: A4-2-02 from activity 10, in its order.
VERIFICACION, REQUERIMIENTO, DESCARGOS, INFORME, CERTIFICADO, ARCHIVO = (
    "verificacion", "requerimiento", "descargos", "informe", "certificado", "archivo",
)  # fmt: skip
PASOS: Final = (VERIFICACION, REQUERIMIENTO, DESCARGOS, INFORME, CERTIFICADO, ARCHIVO)


# --- the package ----------------------------------------------------------------------------------
def guardar_paquete(
    session: Session, mes: dt.date, hecho: PaqueteHecho, acto: Acto
) -> PaqueteInterventoria:
    """Of the report of the month; the same report has one package, whoever asks again."""
    informe = reportes.informe(session, mes, reportes.INTERVENTORIA)
    if informe is None:
        raise DatoInvalido("El informe del mes no está consolidado.")
    ya = session.scalar(
        select(PaqueteInterventoria).where(PaqueteInterventoria.informe_id == informe.id)
    )
    if ya is not None:
        return ya
    paquete = PaqueteInterventoria(
        informe_id=informe.id,
        mes=mes,
        instancia_id=acto.instancia_id or "",
        preparado=acto.now,
        paginas=sum(a.paginas for a in hecho.archivos),
        archivos=[
            {"nombre": a.nombre, "sha256": a.sha256, "bytes": a.bytes, "paginas": a.paginas}
            for a in hecho.archivos
        ],
        contenido=hecho.contenido,
        huella=sha256(hecho.contenido),
    )
    session.add(paquete)
    session.flush()
    return paquete


def paquete(session: Session, paquete_id: int) -> PaqueteInterventoria:
    hallado = session.get(PaqueteInterventoria, paquete_id)
    if hallado is None:
        raise NoExiste("No existe el paquete %(n)s.", n=paquete_id)
    return hallado


def paquetes(session: Session) -> Sequence[PaqueteInterventoria]:
    """The latest month first."""
    return session.scalars(
        select(PaqueteInterventoria).order_by(
            PaqueteInterventoria.mes.desc(), PaqueteInterventoria.id.desc()
        )
    ).all()


def del_mes(session: Session, mes: dt.date) -> PaqueteInterventoria | None:
    return next((p for p in paquetes(session) if p.mes == mes), None)


def interventores(session: Session, now: dt.datetime) -> list[str]:
    """User names of those who get it, in the order of their user names."""
    return sorted(c.usuario for c in cuentas_con_rol(session, INTERVENTOR, None, now))


def clave(mes: dt.date, interventor: str) -> str:
    """What a receipt is about: "2026-10:interventor01"."""
    return f"{mes:%Y-%m}:{interventor}"


def de_clave(texto: str) -> tuple[dt.date, str]:
    mes, _separador, interventor = texto.partition(":")
    if not interventor:
        raise DatoInvalido("«%(texto)s» no es una entrega.", texto=texto)
    return reportes.mes_de(mes), interventor


# --- sending --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class NuevoEnvio:
    """How each medium left; a medium that is acknowledged is not sent again. `forma_digital`: a
    link by mail, or on a memory stick."""

    radicado_fisico: str
    forma_digital: str
    radicado_digital: str


def remitir(
    session: Session, paquete_id: int, interventor: str, nuevo: NuevoEnvio, acto: Acto
) -> list[EntregaInterventor]:
    """5.2.32 for one supervisor: on paper and in digital form, whatever of both is not acknowledged
    yet; nothing where both are."""
    faltan = sin_acuse(session, paquete_id, interventor)
    envio = ultimo_envio(session, paquete_id, interventor) + 1
    p = paquete(session, paquete_id)
    hechas = []
    for medio in faltan:
        forma = IMPRESO if medio == FISICO else nuevo.forma_digital
        radicado = nuevo.radicado_fisico if medio == FISICO else nuevo.radicado_digital
        if not radicado.strip() and forma != ENLACE:
            raise DatoInvalido("Escriba el radicado o la guía de cada medio.")
        hechas.append(
            EntregaInterventor(
                paquete_id=paquete_id, interventor=interventor, medio=medio, envio=envio, forma=forma, radicado=radicado.strip(),
                remitido=acto.now, por=acto.quien, vence=vencimiento(acto.now, DIAS_ENLACE) if forma == ENLACE else None,
            )
        )  # fmt: skip
    session.add_all(hechas)
    session.flush()
    for e in hechas:
        # a link has no guide: its number is its own, of one supervisor and one sending
        if not e.radicado:
            e.radicado = f"ENLACE-{p.mes:%Y-%m}-{e.id:04d}"
    session.flush()
    return hechas


def ultimo_envio(session: Session, paquete_id: int, interventor: str) -> int:
    suyos = (
        EntregaInterventor.paquete_id == paquete_id,
        EntregaInterventor.interventor == interventor,
    )
    return session.scalar(select(func.max(EntregaInterventor.envio)).where(*suyos)) or 0


def entregas(
    session: Session, paquete_id: int, interventor: str | None = None
) -> Sequence[EntregaInterventor]:
    consulta = select(EntregaInterventor).where(EntregaInterventor.paquete_id == paquete_id)
    if interventor is not None:
        consulta = consulta.where(EntregaInterventor.interventor == interventor)
    return session.scalars(
        consulta.order_by(
            EntregaInterventor.interventor, EntregaInterventor.envio, EntregaInterventor.id
        )
    ).all()


def recibieron(session: Session, mes: dt.date) -> list[str]:
    """User names of those who have something that was made of a month: supervisors to whom it was
    sent, who wrote, reviewed or joined its reports, who asked for its documents."""
    e, p = EntregaInterventor, PaqueteInterventoria
    suyas = (
        select(e.interventor).join(p, p.id == e.paquete_id).where(p.mes == mes),
        select(ReportePunto.autor).where(ReportePunto.mes == mes),
        select(ReporteRevision.por)
        .join(ReportePunto, ReportePunto.id == ReporteRevision.reporte_id)
        .where(ReportePunto.mes == mes),
        select(InformeMensual.por).where(InformeMensual.mes == mes),
        select(DocumentosPedido.por).where(
            DocumentosPedido.mes == mes, DocumentosPedido.estado == pedidos.HECHO
        ),
    )
    return sorted({usuario for cuales in suyas for usuario in session.scalars(cuales)})


def avisar_correccion(session: Session, corregido: MesCerrado) -> None:
    """Each of them by mail, in the commit of the other version: what they have was made of the one
    before."""
    suyas = select(Cuenta).where(Cuenta.activo).order_by(Cuenta.usuario)
    tienen = set(recibieron(session, corregido.mes)) - {corregido.por}
    suyo = select(Cuenta.nombre).where(Cuenta.usuario == corregido.por)
    quien = session.scalar(suyo) or corregido.por
    for c in session.scalars(suyas):
        if c.usuario in tienen:
            with speaking(c.idioma):
                mes = mes_y_ano(corregido.mes)
            avisar_a_su_cuenta(
                session,
                c,
                f"mes_corregido:{corregido.id}:{c.id}",
                "mes_corregido",
                corregido.cerrado,
                mes=mes,
                quien=quien,
                version=corregido.version,
                antes=corregido.version - 1,
                motivo=corregido.motivo,
            )


def con_enlace(session: Session, entrega_id: int, token_hash: str) -> EntregaInterventor:
    """Note of which link is in the mail; only its hash is kept."""
    entrega = session.get(EntregaInterventor, entrega_id)
    if entrega is None:
        raise NoExiste("No existe la entrega %(n)s.", n=entrega_id)
    entrega.token_hash = token_hash
    session.flush()
    return entrega


def del_enlace(session: Session, token_hash: str) -> EntregaInterventor | None:
    return session.scalar(
        select(EntregaInterventor).where(EntregaInterventor.token_hash == token_hash)
    )


def usar_enlace(session: Session, token_hash: str, now: dt.datetime) -> PaqueteInterventoria:
    """Used up in one UPDATE: of two who press at once, one gets it. EnlaceInvalido: it was, or its
    time is over."""
    vive = (
        EntregaInterventor.token_hash == token_hash,
        EntregaInterventor.descargado.is_(None),
        EntregaInterventor.vence >= now,
    )
    usado = (
        update(EntregaInterventor)
        .where(*vive)
        .values(descargado=now)
        .returning(EntregaInterventor.paquete_id)
    )
    paquete_id = session.scalar(usado.execution_options(synchronize_session=False))
    if paquete_id is None:
        raise EnlaceInvalido
    return paquete(session, paquete_id)


# --- receipts -------------------------------------------------------------------------------------
def sin_acuse(session: Session, paquete_id: int, interventor: str) -> list[str]:
    """The media that this supervisor has not acknowledged."""
    suyos = (AcuseInterventor.paquete_id == paquete_id, AcuseInterventor.interventor == interventor)
    dados = set(session.scalars(select(AcuseInterventor.medio).where(*suyos)))
    return [m for m in MEDIOS if m not in dados]


def acusar(session: Session, paquete_id: int, medio: str, nota: str, acto: Acto) -> None:
    """By the supervisor, of what was sent to them. DatoInvalido: nothing of it was sent, or it is
    acknowledged."""
    if medio not in sin_acuse(session, paquete_id, acto.quien):
        raise DatoInvalido("Ya acusó recibo de ese medio.")
    if all(e.medio != medio for e in entregas(session, paquete_id, acto.quien)):
        raise DatoInvalido("Ese medio todavía no se le ha remitido.")
    session.add(
        AcuseInterventor(
            paquete_id=paquete_id,
            interventor=acto.quien,
            medio=medio,
            cuando=acto.now,
            nota=nota.strip(),
        )
    )
    session.flush()


def acuses(session: Session, paquete_id: int) -> dict[tuple[str, str], AcuseInterventor]:
    """(supervisor, medium) → their receipt."""
    return {
        (a.interventor, a.medio): a
        for a in session.scalars(
            select(AcuseInterventor).where(AcuseInterventor.paquete_id == paquete_id)
        )
    }


def acusados(session: Session) -> dict[dt.date, tuple[int, int]]:
    """Month → receipts that were given, of how many media that were sent; one statement."""
    e, a = EntregaInterventor, AcuseInterventor
    suya = (a.paquete_id == e.paquete_id) & (a.interventor == e.interventor) & (a.medio == e.medio)
    consulta = (
        select(
            PaqueteInterventoria.mes,
            func.count(distinct(a.id)),
            func.count(distinct(e.interventor + ":" + e.medio)),
        )
        .join(e, e.paquete_id == PaqueteInterventoria.id)
        .outerjoin(a, suya)
        .group_by(PaqueteInterventoria.id, PaqueteInterventoria.mes)
        .order_by(PaqueteInterventoria.id)
    )
    return {mes: (dados, remitidos) for mes, dados, remitidos in session.execute(consulta)}


def recordar(session: Session, paquete_id: int, interventor: str, acto: Acto) -> tuple[int, int]:
    """Another reminder: which one in all, and how many since it was last sent."""
    todos = recordatorios(session, paquete_id, interventor)
    envio = ultimo_envio(session, paquete_id, interventor)
    n = len(todos) + 1
    session.add(
        RecordatorioAcuse(
            paquete_id=paquete_id, interventor=interventor, n=n, envio=envio, cuando=acto.now
        )
    )
    session.flush()
    return n, 1 + sum(r.envio == envio for r in todos)


def recordatorios(
    session: Session, paquete_id: int, interventor: str
) -> Sequence[RecordatorioAcuse]:
    suyos = (
        RecordatorioAcuse.paquete_id == paquete_id,
        RecordatorioAcuse.interventor == interventor,
    )
    return session.scalars(
        select(RecordatorioAcuse).where(*suyos).order_by(RecordatorioAcuse.n)
    ).all()


def por_acusar(session: Session, interventor: str) -> set[tuple[int, str]]:
    """(package, medium) of what was sent to this supervisor and is not acknowledged."""
    enviados = select(EntregaInterventor.paquete_id, EntregaInterventor.medio).where(
        EntregaInterventor.interventor == interventor
    )
    dados = select(AcuseInterventor.paquete_id, AcuseInterventor.medio).where(
        AcuseInterventor.interventor == interventor
    )
    return {(f.paquete_id, f.medio) for f in session.execute(enviados)} - {
        (f.paquete_id, f.medio) for f in session.execute(dados)
    }


def pendientes(session: Session, interventor: str) -> list[tuple[PaqueteInterventoria, list[str]]]:
    """The same by month, with the media in their order."""
    faltan = por_acusar(session, interventor)
    dichos = [(p, [m for m in MEDIOS if (p.id, m) in faltan]) for p in paquetes(session)]
    return [(p, medios) for p, medios in dichos if medios]


# --- the committee --------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class NuevaActa:
    fecha: dt.date
    asistieron: Sequence[str]
    texto: str


def presentar(session: Session, paquete_id: int, nueva: NuevaActa, acto: Acto) -> ActaInterventor:
    """5.2.32: the report was presented in the committee. Who had not acknowledged everything by
    then stands in the minutes."""
    if acta(session, paquete_id) is not None:
        raise DatoInvalido("El informe de ese mes ya se presentó.")
    a_quienes = sorted({e.interventor for e in entregas(session, paquete_id)})
    hecha = ActaInterventor(
        paquete_id=paquete_id,
        fecha=nueva.fecha,
        asistieron=sorted(nueva.asistieron),
        sin_acuse=[i for i in a_quienes if sin_acuse(session, paquete_id, i)],
        texto=nueva.texto.strip(),
        por=acto.quien,
        cuando=acto.now,
        huella="",
    )
    hecha.huella = sha256(_del_acta(hecha, paquete(session, paquete_id)))
    session.add(hecha)
    session.flush()
    return hecha


def acta(session: Session, paquete_id: int) -> ActaInterventor | None:
    return session.scalar(select(ActaInterventor).where(ActaInterventor.paquete_id == paquete_id))


# --- supervision of the contract (A4-2-02 from activity 10) ---------------------------------------
def dar_paso(
    session: Session,
    paquete_id: int,
    paso: str,
    texto: str,
    acto: Acto,
    *,
    decision: bool | None = None,
    descuento: int | None = None,
    por_obligacion: Mapping[str, str | int] | None = None,
) -> PasoSupervision:
    """Another step of the month; its hash is over it and the step before. `por_obligacion`: what is
    said of each, by the code of its indicator."""
    antes = pasos(session, paquete_id)
    if any(p.paso == paso for p in antes):
        raise DatoInvalido("Ese paso de la supervisión ya se dio.")
    if paso == CERTIFICADO and any(p.paso == VERIFICACION and p.por == acto.quien for p in antes):
        raise DatoInvalido("Quien verificó las obligaciones del mes no las certifica.")
    nuevo = PasoSupervision(
        paquete_id=paquete_id, paso=paso, decision=decision, descuento=descuento, por_obligacion=dict(por_obligacion or {}) or None,
        texto=texto.strip(), por=acto.quien, cuando=acto.now, huella="",
    )  # fmt: skip
    nuevo.huella = sha256(
        _del_paso(nuevo, antes[-1].huella if antes else paquete(session, paquete_id).huella)
    )
    session.add(nuevo)
    session.flush()
    return nuevo


def pasos(session: Session, paquete_id: int) -> Sequence[PasoSupervision]:
    """In the order in which they were done."""
    return session.scalars(
        select(PasoSupervision)
        .where(PasoSupervision.paquete_id == paquete_id)
        .order_by(PasoSupervision.id)
    ).all()


# --- hashes ---------------------------------------------------------------------------------------
def _del_acta(a: ActaInterventor, p: PaqueteInterventoria) -> bytes:
    return canonico(
        {
            "paquete": p.huella, "fecha": a.fecha.isoformat(), "asistieron": a.asistieron, "sin_acuse": a.sin_acuse, "texto": a.texto,
            "por": a.por, "cuando": _iso(a.cuando),
        }
    )  # fmt: skip


def _del_paso(p: PasoSupervision, antes: str) -> bytes:
    dicho = {
        "paso": p.paso,
        "decision": p.decision,
        "descuento": p.descuento,
        "texto": p.texto,
        "por": p.por,
        "cuando": _iso(p.cuando),
    }
    # steps of before this was written have none, and keep their hash
    suyas = {"por_obligacion": p.por_obligacion} if p.por_obligacion else {}
    return canonico({"antes": antes, **dicho, **suyas})


def _iso(cuando: dt.datetime) -> str:
    return cuando.astimezone(dt.UTC).isoformat()


def verificar(session: Session) -> Verificados:
    """How many packages, minutes and steps were compared with their hashes, and those that are not
    as they were made."""
    partes = (
        cada_una(session, PaqueteInterventoria, _faltas_de_paquete),
        cada_una(session, ActaInterventor, lambda a: _faltas_de_acta(session, a)),
        cada_una(session, PasoSupervision, lambda paso: _faltas_de_paso(session, paso)),
    )
    return Verificados(
        sum(parte.cuantos for parte in partes),
        tuple(falta for parte in partes for falta in parte.faltas),
    )


def _faltas_de_paquete(p: PaqueteInterventoria) -> Iterator[str]:
    if sha256(p.contenido) != p.huella:
        yield said("paquete de %(m)s", m=f"{p.mes:%Y-%m}")


def _faltas_de_acta(session: Session, a: ActaInterventor) -> Iterator[str]:
    p = paquete(session, a.paquete_id)
    if sha256(_del_acta(a, p)) != a.huella:
        yield said("acta de %(m)s", m=f"{p.mes:%Y-%m}")


def _faltas_de_paso(session: Session, paso: PasoSupervision) -> Iterator[str]:
    p = paquete(session, paso.paquete_id)
    suyos = (PasoSupervision.paquete_id == paso.paquete_id, PasoSupervision.id < paso.id)
    antes = session.scalar(
        select(PasoSupervision.huella).where(*suyos).order_by(PasoSupervision.id.desc()).limit(1)
    )
    if sha256(_del_paso(paso, antes or p.huella)) != paso.huella:
        yield said("%(p)s de %(m)s", p=paso.paso, m=f"{p.mes:%Y-%m}")
