"""The mails that wait, that failed and that came back: what the page of the queue shows, and what
its acts and the worker do."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update
from sqlalchemy.orm import Session

from common.language import speaking
from records.base.actos import Acto
from records.base.errores import NoExiste
from records.casos import registro
from records.casos.reglas.estados import RESUELTOS
from records.casos.tablas import Caso, CasoRegistrado
from records.correo import direcciones
from records.correo.avisos import (
    A_LA_PERSONA,
    AL_USUARIO,
    CORREO_DUDOSO,
    EN_PALABRAS_PROPIAS,
    EN_PAPEL,
    SIN_CORREO,
    SITIO,
    NuevoAviso,
    crear_aviso,
    datos_aviso,
    del_registro,
    esta_cerrado,
    por_salir,
)
from records.correo.reglas import cartas
from records.correo.reglas.correos import HORA, MOMENTO, PRESTADO, motivo, siguiente
from records.correo.tablas import Aviso, Rebote
from records.cuentas.tablas import Cuenta

#: views of the queue
ESPERAN, FALLARON, VOLVIERON, DESCARTADOS = "esperan", "fallaron", "volvieron", "descartados"
#: what a returned mail was taken for
PERMANENTE, TEMPORAL, AJENO, ILEGIBLE = "permanente", "temporal", "ajeno", "ilegible"
CUANTOS: Final = 100  # rows of a view
BORRADO: Final = "los datos de su caso se eliminaron antes de que saliera"
DE_CUENTA: Final = "cuenta"  #: kind of the notice of what was done to an account
DE_PAPEL: Final = (SIN_CORREO, CORREO_DUDOSO, *EN_PAPEL.values())


# --- before and after a try -----------------------------------------------------------------------
def cabe(session: Session, para: str, por_hora: int, now: dt.datetime) -> dt.datetime | None:
    """When the next mail to this address may leave; None: now. 0 an hour is no limit."""
    if not por_hora:
        return None
    enviados = session.scalars(
        select(Aviso.enviado)
        .where(Aviso.para == para, Aviso.enviado > now - HORA)
        .order_by(Aviso.enviado.desc())
        .limit(por_hora)
    ).all()
    ultimo = enviados[-1] if len(enviados) == por_hora else None
    return ultimo + HORA if ultimo is not None else None


def avisar_a_su_cuenta(
    session: Session, cuenta: Cuenta, clave: str, carta: str, now: dt.datetime, **dichos: object
) -> None:
    """To the address that the account has now, of what was done to it; the worker's round sends it,
    in whatever command this is."""
    with speaking(cuenta.idioma):
        cuando, lengua = cartas.dia_y_hora(now), cartas.lengua_de(carta)
        dicho = cartas.carta(
            carta,
            nombre=cuenta.nombre,
            usuario=cuenta.usuario,
            sitio=SITIO,
            cuando=cuando,
            **dichos,
        )
    crear_aviso(
        session,
        NuevoAviso(clave, DE_CUENTA, cuenta.correo, *dicho, idioma=lengua),
        now=now,
        proximo=now,
    )


def _suya(session: Session, *cual: ColumnElement[bool]) -> Aviso | None:
    """Taken, so that nobody else changes it meanwhile; None: it has left, came back or was
    dropped."""
    return session.scalar(
        select(Aviso)
        .where(*cual, por_salir())
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def tomar(
    session: Session, clave: str, turno: dt.datetime | None, now: dt.datetime
) -> Aviso | None:
    """For the try of a job that begins. None: nothing is to be sent, or another job has the mail by
    now. `turno`: until when it was this job's; None: of a job of before 0094, which does not
    know."""
    fila = _suya(session, Aviso.clave == clave)
    if fila is None or (turno is not None and fila.proximo not in (None, turno)):
        return None
    # else it is its own for long enough
    if turno is None or fila.proximo is None or turno - now < PRESTADO / 2:
        fila.proximo = now + PRESTADO
        session.flush()
    return fila


def esperar(session: Session, clave: str, hasta: dt.datetime) -> None:
    """Too many to one address: it waits, and no try is counted."""
    session.execute(update(Aviso).where(Aviso.clave == clave, por_salir()).values(proximo=hasta))


def fallo(session: Session, clave: str, error: str, *, pasajera: bool, now: dt.datetime) -> bool:
    """Whether it is tried no more: it failed for good, or for a day."""
    fila = _suya(session, Aviso.clave == clave)
    if fila is None:
        return False
    fila.error, fila.intentos = error, fila.intentos + 1
    fila.proximo = siguiente(fila.intentos, now) if pasajera else None
    if not pasajera:
        direcciones.rechazada(session, fila.para, error, now=now)
    session.flush()
    return fila.proximo is None


def rechazado(session: Session, aviso_id: int, dicho: str, *, now: dt.datetime) -> None:
    """The server said that there is no such address of the person: as if the mail had come back,
    without having left. NoExiste: somebody said so before."""
    fila = _suya(session, Aviso.id == aviso_id)
    if fila is None:
        raise NoExiste
    fila.intentos += 1
    _volvio(session, fila, direcciones.codigo_de(dicho), now)


def _volvio(session: Session, aviso: Aviso, codigo: str, now: dt.datetime) -> None:
    """The address is doubtful, and a letter that the person must have is to be delivered by another
    medium."""
    direcciones.dudar(session, aviso.para, codigo, now=now)
    aviso.devuelto, aviso.proximo = now, None
    aviso.error = f"el correo volvió: {motivo(codigo)}" if aviso.tipo in AL_USUARIO else None
    session.flush()


def descartar_solo(session: Session, clave: str, porque: str, *, now: dt.datetime) -> None:
    """Nobody wants it any more."""
    _descartar(session, (Aviso.clave == clave) & por_salir(), porque, now)


def descartar_borrados(session: Session, cuales: ColumnElement[bool], *, now: dt.datetime) -> None:
    """Of what was erased no mail leaves that still waits: whoever erases takes its address and its
    words. Letters on paper stay told."""
    esperan = (
        Aviso.enviado.is_(None)
        & Aviso.devuelto.is_(None)
        & (Aviso.proximo.is_not(None) | Aviso.error.is_(None))
    )
    _descartar(session, cuales & esperan, BORRADO, now)


def _descartar(
    session: Session, cuales: ColumnElement[bool], porque: str, now: dt.datetime
) -> None:
    session.execute(
        update(Aviso)
        .where(cuales, Aviso.descartado.is_(None))
        .values(descartado=now, descartado_porque=porque, proximo=None, error=None)
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True, slots=True)
class PorEnviar:
    """`turno`: until when it is its job's."""

    clave: str
    case_key: str
    turno: dt.datetime


def _vencidos(now: dt.datetime) -> ColumnElement[bool]:
    return (Aviso.proximo <= now) & por_salir()


def sin_quien_los_envie(session: Session) -> Sequence[str]:
    """Keys of mails that no round takes and of which no error tells: there are none (see
    `records.correo.avisos.por_salir`)."""
    return session.scalars(
        select(Aviso.clave)
        .where(por_salir(), Aviso.proximo.is_(None), Aviso.error.is_(None))
        .order_by(Aviso.id)
    ).all()


def hay_vencidos(session: Session, now: dt.datetime) -> bool:
    return session.scalar(select(Aviso.id).where(_vencidos(now)).limit(1)) is not None


def tomar_vencido(session: Session, now: dt.datetime) -> PorEnviar | None:
    """Of those whose time has come the one that waits longest, lent for a while, so that no other
    worker takes it too."""
    primero = select(Aviso).where(_vencidos(now)).order_by(Aviso.proximo, Aviso.id).limit(1)
    fila = session.scalar(primero.with_for_update(skip_locked=True))
    return _prestar(session, fila, now) if fila is not None else None


def _prestar(session: Session, fila: Aviso, now: dt.datetime) -> PorEnviar:
    """Lent a moment ago it stays lent as it was: two clicks are one job."""
    hasta = now + PRESTADO
    turno = (
        fila.proximo
        if fila.proximo is not None and hasta - MOMENTO < fila.proximo <= hasta
        else hasta
    )
    fila.proximo = turno
    caso = session.get(Caso, fila.caso_id) if fila.caso_id is not None else None
    session.flush()
    return PorEnviar(
        fila.clave, (caso.case_key if caso is not None else fila.case_key) or "", turno
    )


# --- the page -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class EnCola:
    id: int
    asunto: str
    tipo: str
    para: str
    creado: dt.datetime
    intentos: int
    proximo: dt.datetime | None
    error: str
    descartado: dt.datetime | None
    descartado_por: str
    descartado_porque: str
    devuelto: dt.datetime | None
    radicado: str
    case_key: str

    @property
    def en_la_fila(self) -> bool:
        """Its first job has not begun."""
        return self.proximo is None or (
            not self.intentos and self.proximo <= self.creado + PRESTADO
        )


def _de_la_vista(vista: str) -> ColumnElement[bool]:
    es_papel = func.coalesce(Aviso.error, "").in_(DE_PAPEL)
    match vista:
        case "fallaron":
            return por_salir() & Aviso.proximo.is_(None) & ~es_papel
        case "volvieron":
            return Aviso.devuelto.is_not(None)
        case "descartados":
            return Aviso.enviado.is_(None) & Aviso.descartado.is_not(None)
    return por_salir() & Aviso.proximo.is_not(None)


def _busca(que: str) -> ColumnElement[bool]:
    """By the number of a case, or by a whole address: beginnings of addresses are nobody's
    business."""
    numero = que.strip().upper()
    a_esa = (func.lower(Aviso.para) == que.strip().lower()) & ~esta_cerrado()
    return or_(Caso.radicado == numero, CasoRegistrado.numero == numero, a_esa)


def _con_su_caso(consulta: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return consulta.outerjoin(Caso, Caso.id == Aviso.caso_id).outerjoin(
        CasoRegistrado, del_registro()
    )


def cuantos(session: Session, que: str = "") -> dict[str, int]:
    contados = {}
    for vista in (ESPERAN, FALLARON, VOLVIERON, DESCARTADOS):
        consulta = _con_su_caso(select(func.count()).select_from(Aviso)).where(_de_la_vista(vista))
        contados[vista] = session.scalar(consulta.where(_busca(que)) if que else consulta) or 0
    return contados


def en_cola(session: Session, vista: str, que: str = "", limite: int = CUANTOS) -> list[EnCola]:
    """What is tried next stands first; of the others the latest. Of a case that its person asked to
    keep closed: its number alone."""
    numero, clave = (
        func.coalesce(Caso.radicado, CasoRegistrado.numero, ""),
        func.coalesce(Caso.case_key, Aviso.case_key, ""),
    )
    consulta = _con_su_caso(select(Aviso, numero, clave, esta_cerrado())).where(_de_la_vista(vista))
    if que:
        consulta = consulta.where(_busca(que))
    orden = (Aviso.proximo, Aviso.id) if vista == ESPERAN else (Aviso.id.desc(),)
    return [_fila(*fila) for fila in session.execute(consulta.order_by(*orden).limit(limite))]


def clave_de(session: Session, aviso_id: int) -> str:
    """ "" when there is no such mail."""
    return session.scalar(select(Aviso.clave).where(Aviso.id == aviso_id)) or ""


def _fila(a: Aviso, radicado: str, case_key: str, cerrado: object) -> EnCola:
    return EnCola(
        a.id,
        "" if cerrado else a.asunto,
        a.tipo,
        "" if cerrado else a.para,
        a.creado,
        a.intentos,
        a.proximo,
        a.error or "" if not cerrado or a.error in EN_PALABRAS_PROPIAS else "",
        a.descartado,
        a.descartado_por or "",
        "" if cerrado else a.descartado_porque or "",
        a.devuelto,
        radicado,
        case_key,
    )


def de_nuevo(session: Session, aviso_id: int, acto: Acto) -> PorEnviar:
    """It is tried now. NoExiste: it has left or come back, or nobody wants it."""
    fila = _suya(session, Aviso.id == aviso_id)
    if fila is None:
        raise NoExiste("Ese correo ya salió, ya volvió o ya se descartó.")
    return _prestar(session, fila, acto.now)


def descartar(session: Session, aviso_id: int, porque: str, acto: Acto) -> None:
    """An administrator says that it is not to be sent."""
    hecho = (
        update(Aviso)
        .where(Aviso.id == aviso_id, por_salir())
        .values(
            descartado=acto.now, descartado_por=acto.quien, descartado_porque=porque, proximo=None
        )
        .returning(Aviso.id)
    )
    if session.scalar(hecho) is None:
        raise NoExiste("Ese correo ya salió, ya volvió o ya se descartó.")


# --- what comes back ------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Leido:
    """What a message from the mailbox of returned mails was taken for, before anybody asked whether
    it is one of ours.

    `aviso_id`: whose seal it bears; None: it bears none. `permanentes`, `temporales`: addresses, in
    small letters.
    """

    huella: str
    aviso_id: int | None = None
    permanentes: frozenset[str] = frozenset()
    temporales: frozenset[str] = frozenset()
    codigo: str = ""
    ilegible: bool = False


@dataclass(frozen=True, slots=True)
class Devuelto:
    """A mail of ours that came back for good."""

    aviso_id: int
    clave: str
    asunto: str
    tipo: str
    para: str
    caso_id: int | None
    case_key: str
    radicado: str
    asesor_id: str
    codigo: str


def clase_de(session: Session, leido: Leido) -> tuple[str, Aviso | None]:
    """By what it says and by what we sent: an address counts only if the mail whose seal it bears
    went there."""
    if leido.ilegible:
        return ILEGIBLE, None
    aviso = session.get(Aviso, leido.aviso_id) if leido.aviso_id is not None else None
    if aviso is None or not aviso.para:
        return AJENO, None
    para = aviso.para.strip().lower()
    if para in leido.permanentes:
        return PERMANENTE, aviso
    return (TEMPORAL, aviso) if para in leido.temporales else (AJENO, None)


def ya_leido(session: Session, leido: Leido) -> bool:
    return session.scalar(select(Rebote.id).where(Rebote.huella == leido.huella)) is not None


def devuelto(session: Session, leido: Leido) -> Devuelto | None:
    """Of which mail it is, and of which case; None: nothing is to be done about it."""
    clase, aviso = clase_de(session, leido)
    return (
        _devuelto(session, aviso, leido.codigo)
        if clase == PERMANENTE and aviso is not None
        else None
    )


def devuelto_por(session: Session, aviso_id: int, dicho: str) -> Devuelto:
    """The mail whose address a server refused."""
    return _devuelto(session, session.get_one(Aviso, aviso_id), direcciones.codigo_de(dicho))


def _devuelto(session: Session, aviso: Aviso, codigo: str) -> Devuelto:
    caso = session.get(Caso, aviso.caso_id) if aviso.caso_id is not None else None
    otro = registro.ficha(session, aviso.case_key) if caso is None and aviso.case_key else None
    return Devuelto(
        aviso.id,
        aviso.clave,
        aviso.asunto,
        aviso.tipo,
        aviso.para,
        aviso.caso_id,
        (caso.case_key if caso else aviso.case_key) or "",
        (caso.radicado or "") if caso else otro.numero if otro else "",
        caso.asesor_id if caso else "",
        codigo,
    )


def anotar(session: Session, leido: Leido, *, now: dt.datetime) -> str:
    """Keeps that it was read and what it was taken for, and what follows from it."""
    clase, aviso = clase_de(session, leido)
    session.add(
        Rebote(
            huella=leido.huella,
            leido=now,
            clase=clase,
            codigo=leido.codigo,
            aviso_id=aviso.id if aviso else None,
        )
    )
    if clase == PERMANENTE and aviso is not None:
        _volvio(session, aviso, leido.codigo, now)
    session.flush()
    return clase


def rebotes(session: Session, limite: int = CUANTOS) -> Sequence[Rebote]:
    """The latest first."""
    return session.scalars(select(Rebote).order_by(Rebote.id.desc()).limit(limite)).all()


@dataclass(frozen=True, slots=True)
class CasoDevuelto:
    """A case whose mail came back, for its adviser. `deber`: a letter that is to be delivered by
    another medium; else the address does not receive, and the answer would not either."""

    radicado: str
    case_key: str
    asunto: str
    devuelto: dt.datetime
    deber: bool


def devueltos_de(session: Session, asesor_id: str) -> list[CasoDevuelto]:
    """Letters that nobody has delivered by another medium; of a case that is open and has none, the
    address that still does not receive."""
    deber = and_(Aviso.error.is_not(None), Aviso.tipo.in_(AL_USUARIO))
    filas = session.execute(
        select(
            Caso.id,
            Caso.radicado,
            Caso.case_key,
            Aviso.asunto,
            Aviso.devuelto,
            deber.label("deber"),
        )
        .join(Caso, Caso.id == Aviso.caso_id)
        .where(
            Aviso.devuelto.is_not(None), Aviso.tipo.in_(A_LA_PERSONA), Caso.asesor_id == asesor_id
        )
        .where(or_(deber, Caso.estado.not_in(RESUELTOS)))
        .order_by(Aviso.devuelto, Aviso.id)
    ).all()
    dichos = [
        CasoDevuelto(f.radicado or "", f.case_key or "", f.asunto, f.devuelto, deber=True)
        for f in filas
        if f.deber
    ]
    de_casos = {f.id for f in filas if f.deber}
    for f in filas:
        if f.id not in de_casos and _no_recibe(session, f.id):
            dichos.append(
                CasoDevuelto(f.radicado or "", f.case_key or "", f.asunto, f.devuelto, deber=False)
            )
        de_casos.add(f.id)
    return dichos


def _no_recibe(session: Session, caso_id: int) -> bool:
    datos = datos_aviso(session, caso_id)
    return (
        datos.medio_respuesta == "correo"
        and direcciones.estado(session, datos.correo_usuario).dudosa
    )
