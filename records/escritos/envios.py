"""How a written case is answered (M5-1-04 act. 5–7): signed, sent with its guide, followed until it
arrives, archived under its series."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from common.language import said
from records.base.actos import Acto
from records.base.comprobaciones import Verificados, cada_una, cruda
from records.base.consultas import obtener
from records.base.errores import DatoInvalido, NoExiste
from records.base.reglas.huellas import canonico, sha256
from records.casos import casos
from records.casos.archivos import archivos_del_caso
from records.casos.casos import NuevaRespuesta
from records.casos.tablas import Archivo, Caso, Respuesta
from records.cuentas import cuentas
from records.cuentas.ausencias import ausencias_hoy
from records.cuentas.reglas.roles import COORDINADOR, LIDER
from records.cuentas.tablas import Cuenta
from records.escritos.reglas import guias
from records.escritos.tablas import (
    Archivado,
    DocumentoDevuelto,
    DocumentoSuelto,
    Envio,
    Escrito,
    EscritoDocumento,
    Firma,
)
from records.expedientes.indices import ELIMINADO_POR_ACTA
from records.plazos.reglas.calendario import dia_local, fin_del_dia, habiles_entre, vencimiento
from records.retencion.tablas import ExpedienteEnActa

CERTIFICADO, PUNTO = "certificado", "punto"
ENTREGADO, DEVUELTO = "entregado", "devuelto"
DE_LIDER, DE_COORDINACION = "lider", "coordinacion"
DIAS_SEGUIMIENTO = 10  # business days, then whoever sent it asks the operator (SUPUESTO Q4)
DIAS_AVISO = 5  # that the notice stands (CPACA art. 69)


# --- act. 5: who signs, and the signed letter -----------------------------------------------------
@dataclass(frozen=True, slots=True)
class Firmantes:
    de: str  # lider | coordinacion
    cuentas: Sequence[Cuenta]


def firmantes(session: Session, caso_id: int, area_id: str, now: dt.datetime) -> Firmantes:
    """Whoever leads the area, is here and did not write the answer; where there is nobody, the
    coordination, whoever wrote it."""
    escrita = casos.ultima_respuesta(session, caso_id, "tecnica")
    autor = escrita.autor if escrita is not None else ""
    lideres = [
        c for c in cuentas.cuentas_con_rol(session, LIDER, area_id, now) if c.usuario != autor
    ]
    fuera = ausencias_hoy(session, [c.usuario for c in lideres], now)
    if lideres := [c for c in lideres if c.usuario not in fuera]:
        return Firmantes(DE_LIDER, lideres)
    return Firmantes(DE_COORDINACION, cuentas.cuentas_con_rol(session, COORDINADOR, None, now))


def firmar(session: Session, caso_id: int, carta: str, calidad: str, acto: Acto) -> Firma:
    """The letter as it leaves is the answer of the case; its hash says what was signed."""
    respuesta_id = casos.guardar_respuesta(session, caso_id, NuevaRespuesta("enviada", carta), acto)
    firma = Firma(
        caso_id=caso_id,
        respuesta_id=respuesta_id,
        por=acto.quien,
        calidad=calidad,
        cuando=acto.now,
        huella=sha256(carta.encode()),
    )
    session.add(firma)
    session.flush()
    return firma


def ultima_firma(session: Session, caso_id: int) -> Firma | None:
    return session.scalar(
        select(Firma).where(Firma.caso_id == caso_id).order_by(Firma.id.desc()).limit(1)
    )


# --- act. 6: on its way, and what became of it ----------------------------------------------------
@dataclass(frozen=True, slots=True)
class NuevoEnvio:
    medio: str  # certificado | punto
    fecha: dt.date
    operador: str = ""
    guia: str = ""
    direccion: str = ""
    municipio: str = ""
    recibe: str = ""  # at the point


def enviar(session: Session, caso_id: int, nuevo: NuevoEnvio, acto: Acto) -> Envio:
    """The day on which it left stops the term of the answer, also when it is written down later."""
    ya = envio(session, caso_id)
    if ya is not None:
        return ya
    firma = ultima_firma(session, caso_id)
    if firma is None:
        raise NoExiste("La respuesta no está firmada.")
    hoy, firmada = dia_local(acto.now), dia_local(firma.cuando)
    if not firmada <= nuevo.fecha <= hoy:
        raise DatoInvalido("La fecha de envío va del día en que se firmó hasta hoy.")
    guia = guias.limpia(nuevo.guia)
    if nuevo.medio == CERTIFICADO and (
        not guias.valida(nuevo.operador, guia) or guia_de_otro(session, guia, caso_id)
    ):
        raise DatoInvalido("La guía no es válida o es de otro caso.")
    caso = obtener(session, Caso, caso_id)
    salida = (
        acto.now
        if nuevo.fecha == hoy
        else max(firma.cuando, fin_del_dia(nuevo.fecha) - dt.timedelta(seconds=1))
    )
    con_guia = nuevo.medio == CERTIFICADO
    fila = Envio(
        caso_id=caso_id,
        respuesta_id=firma.respuesta_id,
        medio=nuevo.medio,
        operador=nuevo.operador if con_guia else None,
        guia=guia if con_guia else None,
        direccion=nuevo.direccion if con_guia else "",
        municipio=nuevo.municipio if con_guia else "",
        fecha=nuevo.fecha,
        limite=caso.limite_respuesta,
        registrado=acto.now,
        por=acto.quien,
    )
    if not con_guia:
        fila.resultado, fila.resultado_fecha, fila.recibe = ENTREGADO, nuevo.fecha, nuevo.recibe
        fila.resultado_por, fila.resultado_registrado = acto.quien, acto.now
    session.add(fila)
    session.flush()
    medio, acuse = ("direccion", guia) if con_guia else ("punto", nuevo.recibe)
    casos.marcar_enviada(session, caso_id, acto, medio=medio, acuse=acuse, salida=salida)
    return fila


def guia_de_otro(session: Session, guia: str, caso_id: int) -> bool:
    return (
        session.scalar(select(Envio.id).where(Envio.guia == guia, Envio.caso_id != caso_id))
        is not None
    )


def envio(session: Session, caso_id: int) -> Envio | None:
    return session.scalar(select(Envio).where(Envio.caso_id == caso_id))


def seguimiento(now: dt.datetime) -> dt.datetime:
    """When the operator is asked what became of it."""
    return vencimiento(now, DIAS_SEGUIMIENTO)


def registrar_resultado(
    session: Session, caso_id: int, resultado: str, fecha: dt.date, acto: Acto, *, dicho: str
) -> Envio:
    """It arrived, or came back; `dicho`: who got it, or why it came back."""
    fila = _enviado(session, caso_id)
    if not fila.fecha <= fecha <= dia_local(acto.now):
        raise DatoInvalido("La fecha va del día del envío hasta hoy.")
    fila.resultado, fila.resultado_fecha = resultado, fecha
    fila.resultado_por, fila.resultado_registrado = acto.quien, acto.now
    fila.recibe, fila.causa = (dicho, None) if resultado == ENTREGADO else (None, dicho)
    # of what was said before
    fila.aviso_lugar = fila.aviso_desde = fila.aviso_hasta = fila.aviso_por = None
    session.flush()
    return fila


def aviso_basta(desde: dt.date, hasta: dt.date) -> bool:
    """It stood the business days of the law, both ends counted."""
    return desde <= hasta and habiles_entre(desde - dt.timedelta(days=1), hasta) >= DIAS_AVISO


def registrar_aviso(
    session: Session, caso_id: int, lugar: str, desde: dt.date, hasta: dt.date, acto: Acto
) -> Envio:
    """Notice of a letter that came back (CPACA art. 69), once it was taken down."""
    fila = _enviado(session, caso_id)
    if fila.aviso_desde is not None:
        raise DatoInvalido("El aviso de esta devolución ya está registrado.")
    if (
        fila.resultado_fecha is None
        or desde < fila.resultado_fecha
        or not aviso_basta(desde, hasta)
        or hasta > dia_local(acto.now)
    ):
        raise DatoInvalido(
            "El aviso se publica después de la devolución y está cinco días hábiles."
        )
    fila.aviso_lugar, fila.aviso_desde, fila.aviso_hasta, fila.aviso_por = (
        lugar,
        desde,
        hasta,
        acto.quien,
    )
    session.flush()
    return fila


def _enviado(session: Session, caso_id: int) -> Envio:
    fila = envio(session, caso_id)
    if fila is None:
        raise NoExiste("La respuesta no ha salido.")
    return fila


# --- act. 7: under its series ---------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Serie:
    """What the table `serie_documental` says of a case."""

    serie: str
    subserie: str
    anios_gestion: int
    anios_central: int
    disposicion: str


def archivar(session: Session, caso_id: int, serie: Serie, acto: Acto) -> Archivado:
    """Closes the file of the case; again gives the same."""
    ya = archivado(session, caso_id)
    if ya is not None:
        return ya
    contenido = canonico(_contenido(session, caso_id, serie))
    escrito = _escrito(session, caso_id)
    fila = Archivado(
        caso_id=caso_id,
        serie=serie.serie,
        subserie=serie.subserie,
        anios_gestion=serie.anios_gestion,
        anios_central=serie.anios_central,
        disposicion=serie.disposicion,
        folio_desde=1,
        folio_hasta=escrito.folios if escrito is not None else 0,
        cuando=acto.now,
        contenido=contenido,
        huella=sha256(contenido),
    )
    session.add(fila)
    session.flush()
    return fila


def archivado(session: Session, caso_id: int) -> Archivado | None:
    return session.scalar(select(Archivado).where(Archivado.caso_id == caso_id))


def _escrito(session: Session, caso_id: int) -> Escrito | None:
    return session.scalar(select(Escrito).where(Escrito.caso_id == caso_id))


def _contenido(session: Session, caso_id: int, serie: Serie) -> dict[str, Any]:
    """What is archived, in the order of the folios; files by the hash of their content. Nobody's
    name is in it."""
    caso, firma, salida = (
        obtener(session, Caso, caso_id),
        ultima_firma(session, caso_id),
        envio(session, caso_id),
    )
    documentos = _foliados(session, caso_id)
    suyas = {d["sha256"] for d in documentos}
    return {
        "radicado": caso.radicado,
        "serie": serie.serie,
        "subserie": serie.subserie,
        "documentos": documentos,
        "anexos": sorted(
            {a.sha256 for a in archivos_del_caso(session, caso.case_key or "")} - suyas
        ),
        **(
            _firmada(firma, session.get_one(Respuesta, firma.respuesta_id))
            if firma is not None
            else {"respuesta": None, "firma": None}
        ),
        "envio": _salida(salida) if salida is not None else None,
    }


def _foliados(session: Session, caso_id: int) -> list[dict[str, Any]]:
    filas = session.execute(
        select(EscritoDocumento, Archivo.sha256)
        .join(Escrito, Escrito.id == EscritoDocumento.escrito_id)
        .outerjoin(Archivo, Archivo.id == EscritoDocumento.archivo_id)
        .where(Escrito.caso_id == caso_id)
        .order_by(EscritoDocumento.n)
    )
    return [
        {
            "nombre": d.nombre,
            "folios": [d.folio_desde, d.folio_hasta],
            "soporte": d.soporte,
            "paginas": d.paginas,
            "sha256": huella,
        }
        for d, huella in filas
    ]


def _firmada(firma: Firma, carta: Respuesta) -> dict[str, Any]:
    return {
        "respuesta": sha256(carta.texto.encode()),
        "firma": {"por": firma.por, "calidad": firma.calidad, "cuando": firma.cuando},
    }


#: What is never said anew of a letter that left.
_DE_LA_SALIDA: Final = ("medio", "operador", "guia", "fecha")


def _salida(e: Envio) -> Mapping[str, Any]:
    dias = {
        "fecha": e.fecha,
        "resultado_fecha": e.resultado_fecha,
        "aviso_desde": e.aviso_desde,
        "aviso_hasta": e.aviso_hasta,
    }
    dicho = {
        "medio": e.medio,
        "operador": e.operador,
        "guia": e.guia,
        "resultado": e.resultado,
        "causa": e.causa,
    }
    return dicho | {
        nombre: dia.isoformat() if dia is not None else None for nombre, dia in dias.items()
    }


def verificar(session: Session) -> Verificados:
    """Signed letters against their hash, archived files against theirs and against what the records
    say now; of what an act disposed of only the hash is left."""
    eliminados = set(
        session.scalars(
            select(Caso.id)
            .join(ExpedienteEnActa, ExpedienteEnActa.case_key == Caso.case_key)
            .where(ExpedienteEnActa.estado == ELIMINADO_POR_ACTA)
        )
    )
    firmadas = session.execute(
        select(*map(cruda, (Firma.huella, Firma.caso_id, Respuesta.texto, Caso.radicado)))
        .outerjoin(Respuesta, Respuesta.id == Firma.respuesta_id)
        .outerjoin(Caso, Caso.id == Firma.caso_id)
        .order_by(Firma.id)
    ).all()
    faltas = [
        said("carta firmada del caso %(c)s", c=f.radicado)
        for f in firmadas
        if not (isinstance(f.texto, str) and sha256(f.texto.encode()) == f.huella)
        and not (f.caso_id in eliminados and not f.texto)
    ]
    archivados = cada_una(
        session,
        Archivado,
        lambda fila: _faltas_de_archivado(session, fila, eliminado=fila.caso_id in eliminados),
    )
    return Verificados(len(firmadas) + archivados.cuantos, (*faltas, *archivados.faltas))


def _faltas_de_archivado(session: Session, fila: Archivado, *, eliminado: bool) -> Iterator[str]:
    if sha256(fila.contenido) != fila.huella or not (eliminado or _sigue(session, fila)):
        yield said(
            "expediente archivado del caso %(c)s", c=obtener(session, Caso, fila.caso_id).radicado
        )


def _sigue(session: Session, fila: Archivado) -> bool:
    """Whether each thing that was archived is what the records say of it. What joined the file
    since then was not: it is not asked for."""
    try:
        dicho = json.loads(fila.contenido)
        caso, salida = obtener(session, Caso, fila.caso_id), envio(session, fila.caso_id)
        return (
            (dicho["radicado"], dicho["serie"], dicho["subserie"])
            == (caso.radicado, fila.serie, fila.subserie)
            and dicho["documentos"] == _foliados(session, fila.caso_id)
            and set(dicho["anexos"]) <= _estuvieron(session, caso.case_key or "")
            and {"respuesta": dicho["respuesta"], "firma": dicho["firma"]}
            in _firmadas(session, fila.caso_id)
            and _es_su_salida(dicho["envio"], salida, fila.cuando)
        )
    except (ValueError, KeyError, TypeError):
        return False


def _estuvieron(session: Session, case_key: str) -> set[str]:
    """Hashes of the files that are in a case, and of those that left it because somebody decided
    so."""
    devueltos = (
        select(Archivo.sha256)
        .join(DocumentoSuelto, DocumentoSuelto.archivo_id == Archivo.id)
        .join(DocumentoDevuelto, DocumentoDevuelto.suelto_id == DocumentoSuelto.id)
        .where(DocumentoDevuelto.case_key == case_key, DocumentoDevuelto.aprobado.is_(True))
    )
    return {a.sha256 for a in archivos_del_caso(session, case_key)} | set(
        session.scalars(devueltos)
    )


def _firmadas(session: Session, caso_id: int) -> list[dict[str, Any]]:
    """Each letter of a case, as an archived file says it; a case that was opened again may have
    several. None: it was archived unsigned."""
    filas = session.execute(
        select(Firma, Respuesta)
        .join(Respuesta, Respuesta.id == Firma.respuesta_id)
        .where(Firma.caso_id == caso_id)
    )
    dichas = [_firmada(firma, carta) for firma, carta in filas]
    return [{"respuesta": None, "firma": None}, *(json.loads(canonico(dicha)) for dicha in dichas)]


def _es_su_salida(
    dicha: Mapping[str, Any] | None, salida: Envio | None, cuando: dt.datetime
) -> bool:
    if dicha is None or salida is None:
        return dicha is None
    ahora: dict[str, Any] = json.loads(canonico(_salida(salida)))
    # the case was opened again for it
    if salida.resultado_registrado is not None and salida.resultado_registrado > cuando:
        return all(dicha[campo] == ahora[campo] for campo in _DE_LA_SALIDA)
    return dicha == ahora
