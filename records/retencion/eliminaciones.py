"""Disposal of case files under their retention series: an inventory that one person proposes,
another approves with the minutes of the committee, is published for observations, and is then
carried out case by case. The act, its inventory and what became of it stay for ever.

The law behind each step: docs/archive.md.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    Date,
    and_,
    cast,
    exists,
    false,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from common.language import marked, said
from common.prepared import Prepared
from common.settings import Setting, number
from records.base.actos import Acto
from records.base.cambios import exigir_motivo
from records.base.comprobaciones import Verificados, cada_una
from records.base.consultas import obtener
from records.base.errores import DatoInvalido, EnUnCampo, Separado
from records.base.reglas.huellas import canonico, sha256
from records.casos import registro
from records.casos.numeracion import siguiente_numero
from records.casos.reglas import estados
from records.casos.tablas import (
    Aporte,
    Archivo,
    Caso,
    CasoEstado,
    CasoRegistrado,
    Escalonamiento,
    Investigacion,
    Prorroga,
    ProrrogaPedida,
    Respuesta,
    Suspension,
)
from records.correo import correos
from records.correo.avisos import EN_PALABRAS_PROPIAS
from records.correo.tablas import Aviso
from records.cuentas.separacion import ELIMINACION_PROPIA
from records.derechos.tablas import SolicitudDatos
from records.escritos.tablas import Archivado, Envio, Escrito, EscritoDocumento
from records.expedientes import indices, series
from records.expedientes.indices import ELIMINADO_POR_ACTA, EXCLUIDO, PENDIENTE
from records.expedientes.series import Serie
from records.expedientes.tablas import IndiceExpediente
from records.plazos.reglas.calendario import ZONA, dia_local, sumar_habiles
from records.retencion import reservas
from records.retencion.tablas import ActaEliminacion, ExpedienteEnActa, ObjecionEliminacion
from records.visita.tablas import Calificacion

PROPUESTA, DEVUELTA, RETIRADA, APROBADA = "propuesta", "devuelta", "retirada", "aprobada"
PUBLICADA, ORDENADA, EJECUTADA = "publicada", "ordenada", "ejecutada"
RESERVA, OBJECION, ABIERTO, PLAZO, DE_LA_SERIE, SIN_ACTA = (
    "reserva",
    "objecion",
    "abierto",
    "plazo",
    "serie",
    "retirada",
)
DIAS_DE_PUBLICACION: Final = 60  #: business days: Acuerdo AGN 001 de 2024, art. 4.5.4
AJUSTE_DIAS: Final = Setting(
    "DISPOSAL_DAYS",
    number(1, 400),
    DIAS_DE_PUBLICACION,
    unset="`60`",
    means=(
        "business days for which the inventory of an act of disposal is published before it "
        "may be carried out (docs/archive.md); the law of Colombia asks for 60"
    ),
)
YA_NO: Final = marked(
    "El acta ya no está en ese paso: cambió mientras tanto. Abajo está como quedó."
)
MAX_EXPEDIENTES: Final = 2_000  #: of one act
MAX_TEXTO: Final = 4_000
MAX_NOMBRE: Final = 160
MAX_DIRECCION: Final = 500
_DIRECCION: Final = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)  #: that anybody can open
SIN_NOMBRE: Final = "eliminado"
_M5: Final = "m5_1_02"
_COLUMNAS: Final = ("n", "expediente", "procedimiento", "serie", "subserie", "abierto", "cerrado", "cumple", "documentos", "paginas",
                    "bytes", "indice_sha256")  # fmt: skip


# --- what has reached its term --------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Vencido:
    """A closed file whose term is over. `indice`: the hash of its closed index."""

    case_key: str
    numero: str
    procedimiento: str
    abierto: dt.datetime
    cerrado: dt.datetime
    cumple: dt.date
    documentos: int
    paginas: int
    bytes: int
    indice: str


@dataclass(frozen=True, slots=True)
class Propuesta:
    """What could be disposed of today of one series. `sin_indice`: files that wait for their index
    to be closed; `reservados`: held."""

    serie: Serie
    casos: Sequence[Vencido]
    sin_indice: int
    reservados: int

    @property
    def documentos(self) -> int:
        return sum(c.documentos for c in self.casos)

    @property
    def bytes(self) -> int:
        return sum(c.bytes for c in self.casos)


def propuestas(session: Session, hoy: dt.date) -> list[Propuesta]:
    """Of each series in force that disposes of files, and of each with which files of M5-1-04 were
    archived to be disposed of."""
    vigentes = series.vigentes(session, hoy)
    suyas: dict[tuple[str, str, int], tuple[Serie, list[Any]]] = {}

    def con(serie: Serie, fuentes: Sequence[Any]) -> None:
        """What is called the same is one proposal, whoever says so: its name is that of the series
        in force."""
        suyas.setdefault((serie.codigo, serie.subserie, serie.anios), (serie, []))[1].extend(
            fuentes
        )

    for tramite, serie in sorted(vigentes.items(), key=lambda par: par[1].codigo):
        if serie.se_elimina:
            con(serie, _de_procedimiento(tramite, [p for p in vigentes if p]))
    for serie in _de_archivados(session):
        con(serie, _archivados(serie))
    halladas = [_de(session, serie, hoy, fuentes) for serie, fuentes in suyas.values()]
    return [p for p in halladas if p.casos or p.sin_indice or p.reservados]


def una_propuesta(
    session: Session, codigo: str, subserie: str, anios: int, hoy: dt.date
) -> Propuesta:
    """DatoInvalido: today nothing of it may go."""
    hallada = next(
        (
            p
            for p in propuestas(session, hoy)
            if (p.serie.codigo, p.serie.subserie, p.serie.anios) == (codigo, subserie, anios)
        ),
        None,
    )
    if hallada is None or not hallada.casos:
        raise DatoInvalido("De esa serie no hay hoy expedientes que eliminar.")
    return hallada


def _de_archivados(session: Session) -> list[Serie]:
    filas = session.execute(
        select(
            Archivado.serie, Archivado.subserie, Archivado.anios_gestion, Archivado.anios_central
        )
        .where(Archivado.disposicion == "eliminacion")
        .distinct()
        .order_by(Archivado.serie, Archivado.subserie)
    )
    return list(
        dict.fromkeys(
            Serie(f.serie, f.serie, f.subserie, f.anios_gestion + f.anios_central, series.ELIMINAR)
            for f in filas
        )
    )


_FILAS_OTROS = select(
    CasoRegistrado.case_key.label("clave"),
    CasoRegistrado.numero.label("numero"),
    CasoRegistrado.procedimiento.label("procedimiento"),
    CasoRegistrado.abierto.label("abierto"),
    CasoRegistrado.cerrado.label("cerrado"),
).where(
    CasoRegistrado.caso_id.is_(None),
    CasoRegistrado.estado != "abierto",
    CasoRegistrado.cerrado.is_not(None),
)
_FILAS_M5 = select(
    Caso.case_key.label("clave"),
    Caso.radicado.label("numero"),
    literal(_M5).label("procedimiento"),
    Caso.recepcion.label("abierto"),
    Caso.cerrado.label("cerrado"),
).where(
    Caso.case_key.is_not(None),
    Caso.radicado.is_not(None),
    Caso.estado.in_(estados.FINALES),
    Caso.cerrado.is_not(None),
)


def _de_procedimiento(tramite: str, con_nombre: Sequence[str]) -> list[Any]:
    """Files of this procedure, or of every one that no series names; those that were archived under
    a series of their own are not."""
    sin_archivar = _FILAS_M5.where(Caso.id.not_in(select(Archivado.caso_id)))
    if tramite:
        return (
            [sin_archivar]
            if tramite == _M5
            else [_FILAS_OTROS.where(CasoRegistrado.procedimiento == tramite)]
        )
    otros = _FILAS_OTROS.where(CasoRegistrado.procedimiento.not_in(con_nombre))
    return [otros] if _M5 in con_nombre else [otros, sin_archivar]


def _archivados(serie: Serie) -> list[Any]:
    suyos = select(Archivado.caso_id).where(
        Archivado.serie == serie.codigo,
        Archivado.subserie == serie.subserie,
        Archivado.anios_gestion + Archivado.anios_central == serie.anios,
        Archivado.disposicion == "eliminacion",
    )
    return [_FILAS_M5.where(Caso.id.in_(suyos))]


def _de(session: Session, serie: Serie, hoy: dt.date, fuentes: Sequence[Any]) -> Propuesta:
    """The oldest first, as many as an act may have."""
    ya = select(ExpedienteEnActa.case_key).where(
        ExpedienteEnActa.estado.in_((PENDIENTE, ELIMINADO_POR_ACTA))
    )
    f = union_all(*fuentes).subquery()
    antes = f.c.cerrado < series.cumplidos_antes_de(hoy, serie.anios)
    guardado = f.c.clave.in_(reservas.vigentes())
    nueva = (
        select(func.max(IndiceExpediente.version))
        .where(IndiceExpediente.case_key == f.c.clave)
        .correlate(f)
        .scalar_subquery()
    )
    con_indice = (IndiceExpediente.case_key == f.c.clave) & (IndiceExpediente.version == nueva)
    vencidas = (antes, f.c.clave.not_in(ya))
    consulta = (
        select(f.c.clave, f.c.numero, f.c.procedimiento, f.c.abierto, f.c.cerrado, IndiceExpediente)
        .join(IndiceExpediente, con_indice)
        .where(*vencidas, ~guardado)
        .order_by(f.c.cerrado, f.c.numero)
        .limit(MAX_EXPEDIENTES)
    )
    casos = [
        Vencido(
            clave,
            numero,
            tramite,
            abierto,
            cerrado,
            series.cumple(cerrado, serie.anios),
            i.documentos,
            i.paginas,
            i.bytes,
            i.huella,
        )
        for clave, numero, tramite, abierto, cerrado, i in session.execute(consulta)
    ]
    sin_indice = select(func.count()).select_from(f).where(*vencidas, ~guardado, nueva.is_(None))
    reservados = select(func.count()).select_from(f).where(*vencidas, guardado)
    return Propuesta(serie, casos, session.scalar(sin_indice) or 0, session.scalar(reservados) or 0)


# --- the act --------------------------------------------------------------------------------------
def proponer(
    session: Session, codigo: str, subserie: str, anios: int, motivo: str, acto: Acto
) -> ActaEliminacion:
    """The inventory as it is today. DatoInvalido: nothing of this series may go, or without a
    reason."""
    dicho = exigir_motivo(motivo)
    hoy = dia_local(acto.now)
    hallada = una_propuesta(session, codigo, subserie, anios, hoy)
    numero = siguiente_numero(session, f"acta_eliminacion:{hoy.year}")
    acta = ActaEliminacion(
        numero=f"AE-{hoy.year}-{numero:04}",
        serie=hallada.serie.codigo,
        serie_nombre=hallada.serie.nombre,
        subserie=hallada.serie.subserie,
        anios=hallada.serie.anios,
        estado=PROPUESTA,
        motivo=dicho,
        inventario=b"",
        huella="",
        propuesta=acto.now,
        propuesta_por=acto.quien,
    )
    session.add(acta)
    session.flush()
    lineas = [
        ExpedienteEnActa(
            acta_id=acta.id,
            n=n,
            case_key=c.case_key,
            numero=c.numero,
            procedimiento=c.procedimiento,
            abierto=c.abierto,
            cerrado=c.cerrado,
            cumple=c.cumple,
            documentos=c.documentos,
            paginas=c.paginas,
            bytes=c.bytes,
            indice=c.indice,
            estado=PENDIENTE,
        )
        for n, c in enumerate(hallada.casos, start=1)
    ]
    try:
        with session.begin_nested():
            session.add_all(lineas)
    except IntegrityError:
        raise DatoInvalido(
            "Otra persona propuso a la vez expedientes de esa serie: mire su acta."
        ) from None
    acta.inventario = inventario(acta, lineas)
    acta.huella = sha256(acta.inventario)
    session.flush()
    return acta


def _con_motivo(campo: str, escrito: str) -> str:
    try:
        return exigir_motivo(escrito)
    except DatoInvalido as falta:
        raise EnUnCampo(campo, falta.mensaje, **falta.valores) from None


def inventario(acta: ActaEliminacion, lineas: Sequence[ExpedienteEnActa]) -> bytes:
    """As it is published: no person is named in it."""
    salida = io.StringIO()
    escribir = csv.writer(salida, lineterminator="\r\n")
    escribir.writerow(_COLUMNAS)
    for x in lineas:
        escribir.writerow((x.n, x.numero, x.procedimiento, acta.serie, acta.subserie, *(m.astimezone(ZONA).date().isoformat()
                          for m in (x.abierto, x.cerrado)), x.cumple.isoformat(), x.documentos, x.paginas, x.bytes, x.indice))  # fmt: skip
    return salida.getvalue().encode("utf-8")


def actas(session: Session) -> Sequence[ActaEliminacion]:
    """The latest first."""
    return session.scalars(select(ActaEliminacion).order_by(ActaEliminacion.id.desc())).all()


#: Acts that are open, for every page of whoever has a step in them, and requests of persons about
#: their data, which the same people decide (records/derechos/derechos.py): one statement by itself.
ABIERTAS: Final = Prepared(
    union_all(
        select(
            ActaEliminacion.estado,
            ActaEliminacion.propuesta_por,
            ActaEliminacion.hasta,
            exists()
            .where(
                ObjecionEliminacion.acta_id == ActaEliminacion.id,
                ObjecionEliminacion.decidida.is_(None),
            )
            .label("objetada"),
        ).where(or_(*[ActaEliminacion.estado == e for e in (PROPUESTA, APROBADA, PUBLICADA)])),
        select(
            literal_column("'propuesta'").label("estado"),
            SolicitudDatos.pedida_por.label("propuesta_por"),
            cast(null(), Date).label("hasta"),
            false().label("objetada"),
        ).where(SolicitudDatos.estado == "pedida"),
    )
)


def esperan_a(
    abiertas: Iterable[Any], quien: str, hoy: dt.date, *, aprueba: bool, elimina: bool
) -> int:
    """Of ABIERTAS those in which this person's step is the next one: to approve what another
    proposed, to publish, to order what nobody objects to."""

    def espera(a: Any) -> bool:
        if a.estado == PROPUESTA:
            return aprueba and a.propuesta_por != quien
        return elimina and (
            a.estado == APROBADA or (a.hasta is not None and hoy > a.hasta and not a.objetada)
        )

    return sum(map(espera, abiertas))


def una(session: Session, acta_id: int) -> ActaEliminacion:
    return obtener(session, ActaEliminacion, acta_id)


def _tomada(session: Session, acta_id: int) -> ActaEliminacion:
    """As it stands now, and until the commit: what is said against an act, answered and ordered
    comes one after the other."""
    return session.get_one(ActaEliminacion, acta_id, with_for_update=True, populate_existing=True)


def lineas(session: Session, acta_id: int) -> Sequence[ExpedienteEnActa]:
    return session.scalars(
        select(ExpedienteEnActa)
        .where(ExpedienteEnActa.acta_id == acta_id)
        .order_by(ExpedienteEnActa.n)
    ).all()


def objeciones(session: Session, acta_id: int) -> Sequence[ObjecionEliminacion]:
    suyas = select(ObjecionEliminacion).where(ObjecionEliminacion.acta_id == acta_id)
    return session.scalars(suyas.order_by(ObjecionEliminacion.id)).all()


def crudo(session: Session, acta_id: int) -> bytes:
    """Its inventory, byte for byte."""
    return session.scalars(
        select(ActaEliminacion.inventario).where(ActaEliminacion.id == acta_id)
    ).one()


def cuentas(session: Session) -> dict[int, tuple[int, int, int]]:
    """Act → its files, their documents, and how many files were disposed of."""
    filas = session.execute(
        select(
            ExpedienteEnActa.acta_id,
            func.count(),
            func.sum(ExpedienteEnActa.documentos),
            func.count().filter(ExpedienteEnActa.estado == ELIMINADO_POR_ACTA),
        ).group_by(ExpedienteEnActa.acta_id)
    )
    return {
        acta: (casos, int(documentos or 0), hechos) for acta, casos, documentos, hechos in filas
    }


def _pasar(
    session: Session, acta_id: int, de: Sequence[str], dicho: dict[str, Any]
) -> ActaEliminacion:
    """In one UPDATE: of two who do it at once, one does."""
    hecha = (
        update(ActaEliminacion)
        .where(ActaEliminacion.id == acta_id, ActaEliminacion.estado.in_(de))
        .values(dicho)
    )
    if (
        session.execute(
            hecha.returning(ActaEliminacion.id).execution_options(synchronize_session=False)
        ).first()
        is None
    ):
        raise DatoInvalido(YA_NO)
    session.expire_all()
    return una(session, acta_id)


def decidir(
    session: Session,
    acta_id: int,
    respuesta: str,
    acto: Acto,
    *,
    aprueba: bool,
    comite_acta: str = "",
    comite_fecha: dt.date | None = None,
) -> ActaEliminacion:
    """Separado: they proposed it. DatoInvalido: it waits no more, goes back without a word, or is
    approved without the minutes."""
    if una(session, acta_id).propuesta_por == acto.quien:
        raise Separado(ELIMINACION_PROPIA, "Usted la propuso: la aprueba otra persona.")
    if not aprueba:
        respuesta = _con_motivo("respuesta", respuesta)
    elif not comite_acta.strip() or comite_fecha is None or comite_fecha > dia_local(acto.now):
        cual = "comite_fecha" if comite_acta.strip() else "comite_acta"
        raise EnUnCampo(
            cual,
            "Escriba el número y la fecha del acta del comité que la aprobó, que no puede ser posterior a hoy.",
        )
    dicho = {
        "estado": APROBADA if aprueba else DEVUELTA,
        "decidida": acto.now,
        "decidida_por": acto.quien,
        "respuesta": respuesta.strip()[:MAX_TEXTO],
        "comite_acta": comite_acta.strip()[:MAX_NOMBRE] if aprueba else "",
        "comite_fecha": comite_fecha if aprueba else None,
    }
    acta = _pasar(session, acta_id, (PROPUESTA,), dicho)
    if not aprueba:
        _soltar(session, acta_id, acto.now)
    return acta


def publicar(
    session: Session, acta_id: int, dia: dt.date, donde: str, habiles: int, acto: Acto
) -> ActaEliminacion:
    """The inventory stands on the web site since this day; observations are taken for so many
    business days from the next one on."""
    acta = una(session, acta_id)
    if acta.estado != APROBADA:
        raise DatoInvalido(YA_NO)
    if acta.decidida is None or not dia_local(acta.decidida) <= dia <= dia_local(acto.now):
        raise EnUnCampo(
            "publicada", "El día de la publicación va del día en que se aprobó hasta hoy."
        )
    if not _DIRECCION.fullmatch(donde.strip()):
        raise EnUnCampo(
            "donde",
            "Escriba la dirección de la página en que se publicó el inventario, completa: empieza por https:// o http://.",
        )
    dicho = {
        "estado": PUBLICADA,
        "publicada": dia,
        "publicada_en": donde.strip()[:MAX_DIRECCION],
        "publicada_por": acto.quien,
        "hasta": sumar_habiles(dia, habiles),
    }
    return _pasar(session, acta_id, (APROBADA,), dicho)


def objetar(
    session: Session,
    acta_id: int,
    de_quien: str,
    texto: str,
    linea: int | None,
    recibida: dt.date,
    acto: Acto,
) -> None:
    """What somebody said against it, of one of its files or of all; it is taken until the act is
    ordered, late ones too."""
    acta = _tomada(session, acta_id)
    if acta.estado != PUBLICADA or acta.publicada is None:
        raise DatoInvalido("Solo se registran observaciones mientras el inventario está publicado.")
    if not de_quien.strip() or not texto.strip():
        raise EnUnCampo(
            "texto" if de_quien.strip() else "de_quien", "Escriba quién la hizo y qué dice."
        )
    if not acta.publicada <= recibida <= dia_local(acto.now):
        raise EnUnCampo("recibida", "El día en que llegó va del día de la publicación hasta hoy.")
    if linea is not None and linea not in {x.n for x in lineas(session, acta_id)}:
        raise EnUnCampo("linea", "El inventario no tiene ese número de línea.")
    session.add(
        ObjecionEliminacion(
            acta_id=acta_id,
            de_quien=de_quien.strip()[:MAX_NOMBRE],
            texto=texto.strip()[:MAX_TEXTO],
            linea=linea,
            recibida=recibida,
            registrada=acto.now,
            registrada_por=acto.quien,
        )
    )
    session.flush()


def responder(
    session: Session, acta_id: int, objecion_id: int, respuesta: str, acto: Acto, *, acepta: bool
) -> None:
    """Accepted, its file leaves the act, or all of it does. DatoInvalido: it was answered before,
    without a word, or too late: an act that is carried out is not changed."""
    if _tomada(session, acta_id).estado != PUBLICADA:
        raise DatoInvalido("Solo se responden observaciones mientras el inventario está publicado.")
    dicho = {
        "aceptada": acepta,
        "respuesta": _con_motivo("respuesta", respuesta),
        "decidida": acto.now,
        "decidida_por": acto.quien,
    }
    espera = (
        ObjecionEliminacion.id == objecion_id,
        ObjecionEliminacion.acta_id == acta_id,
        ObjecionEliminacion.decidida.is_(None),
    )
    hecha = (
        update(ObjecionEliminacion)
        .where(*espera)
        .values(dicho)
        .returning(ObjecionEliminacion.linea)
    )
    fila = session.execute(hecha.execution_options(synchronize_session=False)).first()
    if fila is None:
        raise DatoInvalido("Esa observación ya tiene respuesta.")
    session.expire_all()
    if not acepta:
        return
    if fila.linea is None:
        retirar(session, acta_id, acto)
    else:
        _excluir(
            session, [x for x in lineas(session, acta_id) if x.n == fila.linea], OBJECION, acto.now
        )


def retirar(session: Session, acta_id: int, acto: Acto) -> ActaEliminacion:
    """Nothing of it is disposed of; its files may be proposed again. Not once it was ordered."""
    acta = _pasar(
        session,
        acta_id,
        (PROPUESTA, APROBADA, PUBLICADA),
        {"estado": RETIRADA, "retirada_por": acto.quien},
    )
    _soltar(session, acta_id, acto.now)
    return acta


def falta_para_ordenar(
    acta: ActaEliminacion, pendientes: Sequence[ObjecionEliminacion], hoy: dt.date
) -> str:
    """Why it may not be carried out today; "": it may."""
    if acta.estado in (PROPUESTA, APROBADA):
        return said("Falta publicar el inventario.")
    if acta.estado != PUBLICADA or acta.hasta is None:
        return said(YA_NO)
    if hoy <= acta.hasta:
        return said("El plazo de la publicación no ha pasado.")
    return (
        said("Falta responder observaciones.")
        if any(o.decidida is None for o in pendientes)
        else ""
    )


def ordenar(session: Session, acta_id: int, acto: Acto) -> ActaEliminacion:
    """From here on the worker carries it out. DatoInvalido: its term has not passed, or
    observations wait for an answer."""
    acta = _tomada(session, acta_id)
    if falta := falta_para_ordenar(acta, objeciones(session, acta_id), dia_local(acto.now)):
        raise DatoInvalido(falta)
    return _pasar(
        session,
        acta_id,
        (PUBLICADA,),
        {"estado": ORDENADA, "ordenada": acto.now, "ordenada_por": acto.quien},
    )


def _soltar(session: Session, acta_id: int, now: dt.datetime) -> None:
    _excluir(session, lineas(session, acta_id), SIN_ACTA, now)


def _excluir(
    session: Session, suyas: Sequence[ExpedienteEnActa], causa: str, now: dt.datetime
) -> None:
    for x in suyas:
        if x.estado == PENDIENTE:  # what is gone, or was left out before, stays as it was told
            x.estado, x.causa, x.cuando = EXCLUIDO, causa, now
    session.flush()


# --- it is carried out ----------------------------------------------------------------------------
def ordenadas(session: Session) -> list[int]:
    return list(
        session.scalars(
            select(ActaEliminacion.id)
            .where(ActaEliminacion.estado == ORDENADA)
            .order_by(ActaEliminacion.id)
        )
    )


def por_hacer(session: Session, acta_id: int) -> list[int]:
    """Lines that wait, or of which the forms do."""
    sin_forma = and_(
        ExpedienteEnActa.estado == ELIMINADO_POR_ACTA, ExpedienteEnActa.formularios.is_(None)
    )
    suyas = select(ExpedienteEnActa.id).where(
        ExpedienteEnActa.acta_id == acta_id, or_(ExpedienteEnActa.estado == PENDIENTE, sin_forma)
    )
    return list(session.scalars(suyas.order_by(ExpedienteEnActa.n)))


def impedimento(session: Session, x: ExpedienteEnActa, acta: ActaEliminacion, hoy: dt.date) -> str:
    """Why this file may not go after all: what was so when it was proposed may be otherwise now.
    "": it may."""
    if reservas.esta(session, x.case_key):
        return RESERVA
    carpeta = indices.carpetas(session, [x.case_key], hoy).get(x.case_key)
    if carpeta is None or carpeta.cerrado is None:
        return ABIERTO
    serie = series.de_casos(session, {x.case_key: carpeta.procedimiento}, hoy).get(x.case_key)
    if (
        serie is None
        or not serie.se_elimina
        or (serie.codigo, serie.subserie) != (acta.serie, acta.subserie)
    ):
        return DE_LA_SERIE
    return PLAZO if series.cumple(carpeta.cerrado, serie.anios) > hoy else ""


def excluir_si_debe(session: Session, linea_id: int, now: dt.datetime, *, en_curso: bool) -> str:
    """Why this file stays after all; "": it may go. `en_curso`: a process of it runs."""
    x = session.get_one(ExpedienteEnActa, linea_id)
    if x.estado != PENDIENTE:
        return ""
    causa = (
        ABIERTO if en_curso else impedimento(session, x, una(session, x.acta_id), dia_local(now))
    )
    if causa:
        _excluir(session, [x], causa, now)
    return causa


def puede_seguir(session: Session, linea_id: int, now: dt.datetime) -> bool:
    """Of a file whose records went and whose forms did not yet: nobody put it on hold since, nor
    opened it again. Whoever puts a hold takes the same row."""
    x = session.get_one(ExpedienteEnActa, linea_id, with_for_update=True, populate_existing=True)
    carpeta = indices.carpetas(session, [x.case_key], dia_local(now)).get(x.case_key)
    return (
        not reservas.esta(session, x.case_key)
        and carpeta is not None
        and carpeta.cerrado is not None
    )


@dataclass(frozen=True, slots=True)
class Dispuesto:
    """What went of a file. `contenidos`: hashes of files that no row may name any more."""

    hecho: bool = False
    archivos: int = 0
    contenidos: frozenset[str] = frozenset()


def disponer(session: Session, linea_id: int, now: dt.datetime) -> Dispuesto:
    """The records of one file, in one transaction with the check that it may go; its forms are the
    engine's. Again, or when it may not: nothing."""
    x = session.get_one(ExpedienteEnActa, linea_id, with_for_update=True, populate_existing=True)
    if x.estado != PENDIENTE:
        return Dispuesto()
    if impedimento(session, x, una(session, x.acta_id), dia_local(now)):
        return Dispuesto()
    suyos = session.scalars(
        select(Archivo).where(
            Archivo.case_key == x.case_key,
            Archivo.persona_id.is_(None),
            Archivo.eliminado.is_(None),
        )
    ).all()
    for archivo in suyos:
        archivo.eliminado, archivo.nombre = now, SIN_NOMBRE
    _vaciar(session, x.case_key, now)
    registro.olvidar(session, [x.case_key])
    x.estado, x.cuando, x.archivos = ELIMINADO_POR_ACTA, now, len(suyos)
    session.flush()
    return Dispuesto(hecho=True, archivos=len(suyos), contenidos=frozenset(a.sha256 for a in suyos))


#: What people wrote of a case of M5-1-02, by table: what it is emptied to.
_TEXTOS: Final[Sequence[tuple[Any, dict[str, str | None]]]] = (
    (CasoEstado, {"motivo": ""}),
    (Respuesta, {"texto": "", "fuente": "", "acuse": None}),
    (Investigacion, {"hallazgos": "", "fuentes": "", "accion_correctiva": ""}),
    (Escalonamiento, {"resumen": "", "motivo": ""}),
    (Suspension, {"informacion": "", "complemento": None}),
    (Aporte, {"texto": ""}),
    (Prorroga, {"motivo": ""}),
    (ProrrogaPedida, {"motivo": "", "respuesta": None}),
    (Envio, {"direccion": "", "recibe": None, "aviso_lugar": None}),
    (Calificacion, {"comentario": None}),
)


def _vaciar(session: Session, case_key: str, now: dt.datetime) -> None:
    casos = select(Caso.id).where(Caso.case_key == case_key)
    escritos = select(Escrito.id).where(Escrito.case_key == case_key)

    def dejar(modelo: Any, condicion: Any, **vacio: str | None) -> None:
        session.execute(
            update(modelo)
            .where(condicion)
            .values(vacio)
            .execution_options(synchronize_session=False)
        )

    for modelo, vacio in _TEXTOS:
        dejar(modelo, modelo.caso_id.in_(casos), **vacio)
    dejar(EscritoDocumento, EscritoDocumento.escrito_id.in_(escritos), nombre="")
    dejar(Escrito, Escrito.case_key == case_key, asunto="", novedad=None)
    suyos = or_(Aviso.case_key == case_key, Aviso.caso_id.in_(casos))
    dejar(Aviso, suyos, para="", asunto="", texto="", descartado_porque=None)
    # a server says to whom it was
    dejar(Aviso, suyos & Aviso.error.not_in(EN_PALABRAS_PROPIAS), error=SIN_NOMBRE)
    correos.descartar_borrados(session, suyos, now=now)
    dejar(Caso, Caso.case_key == case_key, descripcion="", resumen=None, correo_respuesta=None)


def anotar_formularios(session: Session, linea_id: int, cuantos: int) -> None:
    x = session.get_one(ExpedienteEnActa, linea_id)
    x.formularios = cuantos
    session.flush()


def terminar(session: Session, acta_id: int, now: dt.datetime) -> str:
    """The act as a document: what was disposed of, what was left out and why, who answers for it.
    Its hash; "": it is not over."""
    acta = una(session, acta_id)
    if acta.estado != ORDENADA or por_hacer(session, acta_id):
        return ""
    dicho = canonico(_documento(acta, lineas(session, acta_id), objeciones(session, acta_id), now))
    _pasar(
        session,
        acta_id,
        (ORDENADA,),
        {"estado": EJECUTADA, "ejecutada": now, "contenido": dicho, "huella_acta": sha256(dicho)},
    )
    return sha256(dicho)


def _documento(
    a: ActaEliminacion,
    todas: Sequence[ExpedienteEnActa],
    dichas: Sequence[ObjecionEliminacion],
    ejecutada: dt.datetime,
) -> dict[str, Any]:
    return {
        "acta": a.numero,
        "serie": {
            "codigo": a.serie,
            "nombre": a.serie_nombre,
            "subserie": a.subserie,
            "anios": a.anios,
            "disposicion": series.ELIMINAR,
        },
        "inventario": {"sha256": a.huella, "expedientes": len(todas)},
        "propuesta": {"cuando": a.propuesta, "por": a.propuesta_por, "motivo": a.motivo},
        "aprobada": {"cuando": a.decidida, "por": a.decidida_por},
        "comite": {
            "acta": a.comite_acta,
            "fecha": a.comite_fecha.isoformat() if a.comite_fecha else None,
        },
        "publicada": {
            "desde": a.publicada.isoformat() if a.publicada else None,
            "hasta": a.hasta.isoformat() if a.hasta else None,
            "donde": a.publicada_en,
            "por": a.publicada_por,
        },
        "observaciones": [
            {"linea": o.linea, "recibida": o.recibida.isoformat(), "aceptada": o.aceptada}
            for o in dichas
        ],
        "ordenada": {"cuando": a.ordenada, "por": a.ordenada_por},
        "ejecutada": ejecutada,
        "expedientes": [
            {
                "n": x.n,
                "numero": x.numero,
                "indice": x.indice,
                "estado": x.estado,
                "causa": x.causa,
                "cuando": x.cuando,
                "formularios": x.formularios,
                "archivos": x.archivos,
            }
            for x in todas
        ],
    }


def verificar(session: Session) -> Verificados:
    """Every inventory and every act that was carried out, against its hash and against what the
    rows say now."""
    return cada_una(session, ActaEliminacion, lambda acta: _faltas(session, acta))


def _faltas(session: Session, a: ActaEliminacion) -> Iterator[str]:
    todas = lineas(session, a.id)
    if sha256(a.inventario) != a.huella or a.inventario != inventario(a, todas):
        yield said("inventario del acta de eliminación %(n)s", n=a.numero)
    if a.estado != EJECUTADA:
        return
    dicho = (
        canonico(_documento(a, todas, objeciones(session, a.id), a.ejecutada))
        if a.ejecutada is not None
        else b""
    )
    if sha256(a.contenido or b"") != a.huella_acta or a.contenido != dicho:
        yield said("acta de eliminación %(n)s", n=a.numero)
