"""Notices with their proof of sending (control 6-3), and deadlines that were not met (4.2, 6-4)."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, and_, case, func, or_, select, update
from sqlalchemy.orm import Session

from common.language import SPANISH, marked, speaking
from records.base.actos import Acto
from records.base.datos import iso
from records.base.errores import NoExiste
from records.casos import restringidos
from records.casos.tablas import Caso, CasoRegistrado, Incumplimiento
from records.correo import avisos_sql as sql, direcciones
from records.correo.reglas import cartas
from records.correo.reglas.cartas import en_una_linea, limpio
from records.correo.reglas.correos import PRESTADO
from records.correo.tablas import Aviso, CartaDevuelta
from records.cuentas.tablas import Cuenta, RolAsignado
from records.lugares.tablas import Area
from records.personas.tablas import Persona

ENVIAR = "correo.enviar"  #: the job that sends what was noted
#: Stands in a stored text for the address of this site (BASE_URL), which only the job that sends
#: the mail knows.
SITIO = "{sitio}"
SIN_CORREO = marked("sin correo: avisar por otro medio")
#: Why a notice to the person is no mail: they chose to read it on paper (5.2.14), and somebody must
#: print and deliver it.
EN_PAPEL = {
    "direccion": marked("en papel, a su dirección física"),
    "punto": marked("en papel, en el punto"),
}
CORREO_DUDOSO = marked("en papel: su correo devolvió un mensaje")
#: errors that no server wrote: they name nobody
EN_PALABRAS_PROPIAS = frozenset({SIN_CORREO, CORREO_DUDOSO, *EN_PAPEL.values()})
RESPUESTA, ESCALADO, RADICADO, CONFIRMACION = "respuesta", "escalado", "radicado", "confirmacion"
SOLICITUD = "solicitud"  # what somebody began online was received
# of a package: to the person of the case · to who has a role
CARTA, CARTA_EQUIPO = "carta", "carta_equipo"
#: letters that may ask to confirm the address
CON_ENLACE = frozenset({ESCALADO, RADICADO, CONFIRMACION, SOLICITUD})
#: Kinds of notices that are letters to the person.
AL_USUARIO = frozenset(
    {"radicado", "termino", "requerimiento", "prorroga", "desistimiento", RESPUESTA, CARTA}
)
#: Everything that goes to the person of a case; the others but AL_USUARIO repeat what they were
#: told, or ask something.
A_LA_PERSONA = AL_USUARIO | CON_ENLACE | {"calificacion"}
ACUSE = "acuse"  # of receipt, handed over on paper
#: What tells the person in writing that the entity has their case.
ACUSES = (A_LA_PERSONA | {ACUSE}) - {CONFIRMACION, "calificacion"}
#: Stands in a stored text for the link that confirms the address: its token is a secret and only
#: the mail carries it.
ENLACE_DE_CORREO = "{enlace_de_correo}"


@dataclass(frozen=True, slots=True)
class NuevoAviso:
    """A mail that somebody must get. Who has the same `clave` has been told."""

    clave: str
    tipo: str
    para: str  # "": nobody has an address, it stays as a duty
    asunto: str
    texto: str
    caso_id: int | None = None
    idioma: str = SPANISH
    adjuntos: tuple[str, ...] = ()  # SHA-256 of documents of the case


def pide_confirmar(
    session: Session, direccion: str, *, now: dt.datetime, otra_vez: bool = False
) -> str:
    """The part of a letter with the link that confirms the address; "" where nobody needs to ask.
    `otra_vez`: somebody asked to. In the language that is spoken."""
    vence = direcciones.preguntar(session, direccion, now=now, otra_vez=otra_vez)
    if vence is None:
        return ""
    return f"\n\n{cartas.parrafos('confirme_su_correo', vence=cartas.dia(vence), enlace=ENLACE_DE_CORREO)}"


def escalado(session: Session, caso_id: int, *, now: dt.datetime) -> NuevoAviso | None:
    """5.2.14: until when the person is answered, in writing, to the address that they gave; with a
    link that confirms it, unless it is confirmed. None: they chose no mail."""
    datos = datos_aviso(session, caso_id)
    if datos.medio_respuesta != "correo" or not datos.correo_usuario:
        return None
    with speaking(datos.idioma):
        pide = pide_confirmar(session, datos.correo_usuario, now=now)
        dichos = {
            "radicado": datos.radicado,
            "tema": datos.tema,
            "respuesta": cartas.dia(datos.limite_respuesta),
        }
        carta, lengua = (
            cartas.carta("escalado", **dichos, consulta=f"{SITIO}/consulta", confirme=pide),
            cartas.lengua_de("escalado"),
        )
    return NuevoAviso(
        f"escalado:{caso_id}:{huella(datos.correo_usuario)}",
        ESCALADO,
        datos.correo_usuario,
        *carta,
        caso_id,
        lengua,
    )


def confirmacion(session: Session, caso_id: int, *, now: dt.datetime) -> NuevoAviso | None:
    """Once more the link that confirms the address; an earlier one ends. None: it is confirmed, or
    there is none."""
    datos = datos_aviso(session, caso_id)
    if (
        not datos.correo_usuario
        or direcciones.estado(session, datos.correo_usuario).estado == direcciones.CONFIRMADA
    ):
        return None
    with speaking(datos.idioma):
        pide = pide_confirmar(session, datos.correo_usuario, now=now, otra_vez=True)
        carta, lengua = (
            cartas.carta("confirmacion", radicado=datos.radicado, confirme=pide),
            cartas.lengua_de("confirmacion"),
        )
    clave = f"confirmacion:{caso_id}:{now:%Y%m%dT%H%M}"
    return NuevoAviso(clave, CONFIRMACION, datos.correo_usuario, *carta, caso_id, lengua)


def con_sitio(texto: str, sitio: str) -> str:
    """A stored text as it is read: with the address of this site."""
    return texto.replace(SITIO, sitio)


def por_salir() -> ColumnElement[bool]:
    """A mail that has neither left nor come back, and that nobody dropped. A try, and whatever is
    asked for one, changes no other; and such a one has its next time, or an error that somebody
    reads: none waits for a job alone, which may get lost."""
    return (
        Aviso.enviado.is_(None)
        & Aviso.devuelto.is_(None)
        & Aviso.descartado.is_(None)
        & (Aviso.para != "")
    )


def crear_aviso(
    session: Session,
    nuevo: NuevoAviso,
    *,
    now: dt.datetime,
    case_key: str = "",
    proximo: dt.datetime | None = None,
) -> bool:
    """Keep a notice to be sent. False: this `clave` exists already, nobody is told twice.
    `proximo`: when the worker's round takes it; None: when the job that goes with it has had its
    time."""
    fila = {
        "clave": nuevo.clave,
        "caso_id": nuevo.caso_id,
        "case_key": case_key or None,
        "tipo": nuevo.tipo,
        "para": nuevo.para,
        "asunto": en_una_linea(nuevo.asunto),
        "texto": limpio(nuevo.texto),
        "creado": now,
        "idioma": nuevo.idioma,
        "adjuntos": list(nuevo.adjuntos) or None,
        "proximo": (proximo or now + PRESTADO) if nuevo.para else None,
    }
    return sql.ALTA[session.get_bind().dialect.name].scalar(session, fila) is not None


class Encolar(Protocol):
    """Puts a job into the transaction of the command: what the engine gives."""

    def __call__(self, job: str, key: str, args: Mapping[str, Any], *, queue: str) -> None: ...


@dataclass(frozen=True, slots=True)
class DesdeOrden:
    """The command of which a notice is part."""

    session: Session
    now: dt.datetime
    encolar: Encolar
    case_key: str
    instance_id: str = ""


def avisar(orden: DesdeOrden, nuevo: NuevoAviso, sin_correo: str = SIN_CORREO) -> bool:
    """A notice = a row of evidence plus a job that sends it, both in the transaction of the
    command; never twice for one key.

    False: this key was told before. Without an address the row stays, with its error, as a duty on
    the case page: `sin_correo` says why.
    """
    if not crear_aviso(orden.session, nuevo, now=orden.now, case_key=orden.case_key):
        return False
    clave = nuevo.clave
    if not nuevo.para:
        marcar_fallido(orden.session, clave, sin_correo)
        return True
    orden.encolar(
        ENVIAR,
        *trabajo(clave, orden.now + PRESTADO, orden.case_key, orden.instance_id),
        queue="mail",
    )
    return True


def trabajo(
    clave: str, turno: dt.datetime, case_key: str = "", instance_id: str = ""
) -> tuple[str, Mapping[str, str]]:
    """Key and arguments of the job that sends it; should it fail for good, its incident says of
    which case. `turno`: until when the mail is this job's; once another one has taken it, this one
    leaves it."""
    args = {
        "clave": clave,
        "key": clave,
        "turno": iso(turno),
        "instance_id": instance_id,
        "case_key": case_key,
    }
    return f"correo:{clave}:{iso(turno)}", args


def huella(para: str) -> str:
    """Keys end up in the tables of the job library: they name nobody."""
    return hashlib.sha256(para.encode()).hexdigest()[:12]


def aviso(session: Session, clave: str) -> Aviso | None:
    return session.scalar(select(Aviso).where(Aviso.clave == clave))


def marcar_enviado(session: Session, clave: str, *, now: dt.datetime) -> None:
    sql.ENVIADO.run(session, {"b_clave": clave, "b_enviado": now})


def por_consulta(session: Session, case_key: str) -> Sequence[Aviso]:
    """Letters of a case without a name and without an address: the person reads them where the case
    is followed."""
    suyas = select(Aviso).where(
        Aviso.case_key == case_key,
        Aviso.tipo == CARTA,
        Aviso.para == "",
        Aviso.enviado.is_not(None),
    )
    return session.scalars(suyas.order_by(Aviso.id)).all()


def marcar_fallido(session: Session, clave: str, error: str) -> None:
    """Nobody tries it by itself: it stays as a duty, with why."""
    queda = Aviso.enviado.is_(None) & Aviso.devuelto.is_(None) & Aviso.descartado.is_(None)
    session.execute(
        update(Aviso).where(Aviso.clave == clave, queda).values(error=error, proximo=None)
    )


def es_carta(aviso: Aviso) -> bool:
    """To the person, and no mail, or one that came back: it is delivered on paper."""
    return aviso.tipo in AL_USUARIO and (
        aviso.devuelto is not None or aviso.error in (SIN_CORREO, CORREO_DUDOSO, *EN_PAPEL.values())
    )


def es_deber(aviso: Aviso) -> bool:
    """It did not leave, or came back, and nobody has done anything about it."""
    return (
        bool(aviso.error)
        and aviso.descartado is None
        and (aviso.enviado is None or aviso.devuelto is not None)
    )


def _por_enviar() -> ColumnElement[bool]:
    """Letters to an address that nobody has sent yet. Of another procedure than M5-1-02 also those
    that have none, or that came back: no adviser has the case in hand."""
    en_papel = and_(
        Aviso.enviado.is_(None),
        Aviso.error.in_((EN_PAPEL["direccion"], CORREO_DUDOSO)),
        Aviso.tipo.in_(AL_USUARIO),
    )
    sin_correo = and_(Aviso.enviado.is_(None), Aviso.error == SIN_CORREO, Aviso.tipo == CARTA)
    volvio = and_(Aviso.devuelto.is_not(None), Aviso.error.is_not(None), Aviso.tipo == CARTA)
    return or_(en_papel, sin_correo, volvio)


def cuantas_cartas(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Aviso).where(_por_enviar())) or 0


@dataclass(frozen=True, slots=True)
class CartaPorEnviar:
    """A letter that document management has to send to an address."""

    aviso_id: int
    asunto: str
    creado: dt.datetime
    case_key: str
    radicado: str
    nombre: str


def del_registro() -> ColumnElement[bool]:
    """Joins a notice to the case of another procedure that it is of."""
    return and_(
        Aviso.caso_id.is_(None),
        CasoRegistrado.case_key == Aviso.case_key,
        CasoRegistrado.caso_id.is_(None),
    )


def esta_cerrado() -> ColumnElement[bool]:
    """Of a notice with its case, of either kind, where it has one: its person asked that nobody
    sees it."""
    de_visita = and_(
        Caso.id.is_(None), CasoRegistrado.id.is_(None), restringidos.vigente(Aviso.case_key)
    )
    return or_(restringidos.CASO, restringidos.REGISTRADO, de_visita)


def cartas_por_enviar(session: Session, limite: int) -> list[CartaPorEnviar]:
    """The oldest first; of a case that its person asked to keep closed, its number alone."""
    filas = session.execute(
        select(
            Aviso.id,
            Aviso.asunto,
            Aviso.creado,
            func.coalesce(Caso.case_key, Aviso.case_key),
            func.coalesce(Caso.radicado, CasoRegistrado.numero, ""),
            case(
                (esta_cerrado(), ""), else_=func.coalesce(Persona.nombre, CasoRegistrado.nombre, "")
            ),
        )
        .outerjoin(Caso, Caso.id == Aviso.caso_id)
        .outerjoin(Persona, Persona.id == Caso.persona_id)
        .outerjoin(CasoRegistrado, del_registro())
        .where(_por_enviar(), func.coalesce(Caso.case_key, Aviso.case_key).is_not(None))
        .order_by(Aviso.creado, Aviso.id)
        .limit(limite)
    )
    return [CartaPorEnviar(*f) for f in filas]


def entregar_carta(session: Session, aviso_id: int, *, now: dt.datetime) -> None:
    """It was printed and sent or handed over: the duty is done. NoExiste: somebody was faster."""
    por_hacer = (Aviso.enviado.is_(None) & (Aviso.para == "")) | (
        Aviso.devuelto.is_not(None) & Aviso.error.is_not(None)
    )
    hecho = (
        update(Aviso)
        .where(Aviso.id == aviso_id, por_hacer)
        .values(enviado=now, error=None)
        .returning(Aviso.id)
    )
    if session.scalar(hecho) is None:
        raise NoExiste("La carta ya se entregó.")


def entregada_en_papel(aviso: Aviso) -> bool:
    """A letter to the person that somebody printed and sent or handed over: it may still come
    back."""
    return (
        aviso.tipo in AL_USUARIO
        and aviso.enviado is not None
        and not aviso.error
        and (not aviso.para or aviso.devuelto is not None)
    )


def acusado(del_caso: Sequence[Aviso]) -> bool:
    """Whether anything told the person that the entity has their case."""
    return any(a.tipo in ACUSES and a.enviado is not None and not a.error for a in del_caso)


def acusar_en_papel(
    session: Session, case_key: str, caso_id: int | None, como: str, *, now: dt.datetime
) -> None:
    """The acknowledgement of receipt was handed over. NoExiste: there is one."""
    nuevo = NuevoAviso(
        f"acuse:{case_key}", ACUSE, "", "Acuse de recibo, entregado en papel", como, caso_id
    )
    if not crear_aviso(session, nuevo, now=now, case_key=case_key):
        raise NoExiste("Ya se registró el acuse.")
    marcar_enviado(session, nuevo.clave, now=now)


def devolver_carta(session: Session, aviso_id: int, causa: str, nota: str, acto: Acto) -> None:
    """It came back: why is kept, and it is to be delivered again. NoExiste: it was not out, or
    somebody was faster."""
    carta = session.get(Aviso, aviso_id, with_for_update=True)
    if carta is None or not entregada_en_papel(carta):
        raise NoExiste("La carta no está entregada.")
    session.add(
        CartaDevuelta(
            aviso_id=aviso_id,
            causa=causa,
            nota=nota,
            entregada=carta.enviado,
            cuando=acto.now,
            por=acto.quien,
        )
    )
    carta.enviado, carta.error = None, EN_PAPEL["direccion"]
    session.flush()


def devoluciones(session: Session, avisos_ids: Sequence[int]) -> dict[int, list[CartaDevuelta]]:
    """Letter → each time that it came back, in order."""
    halladas: dict[int, list[CartaDevuelta]] = {}
    if avisos_ids:
        for d in session.scalars(
            select(CartaDevuelta)
            .where(CartaDevuelta.aviso_id.in_(avisos_ids))
            .order_by(CartaDevuelta.id)
        ):
            halladas.setdefault(d.aviso_id, []).append(d)
    return halladas


def devueltas_por_causa(session: Session, desde: dt.datetime) -> list[tuple[str, int]]:
    """How often letters came back since then, by cause, the most frequent first."""
    cuantas = func.count(CartaDevuelta.id)
    filas = (
        select(CartaDevuelta.causa, cuantas)
        .where(CartaDevuelta.cuando >= desde)
        .group_by(CartaDevuelta.causa)
    )
    return [
        (str(causa), int(n))
        for causa, n in session.execute(filas.order_by(cuantas.desc(), CartaDevuelta.causa))
    ]


def avisos_del_caso(session: Session, case_key: str, caso_id: int | None = None) -> Sequence[Aviso]:
    """`caso_id`: of one of M5-1-02."""
    suyo = (
        Aviso.caso_id.is_(None) & (Aviso.case_key == case_key)
        if caso_id is None
        else Aviso.caso_id == caso_id
    )
    return session.scalars(select(Aviso).where(suyo).order_by(Aviso.creado, Aviso.id)).all()


def registrar_incumplimiento(
    session: Session, caso_id: int, *, condicion: str, vencia: dt.datetime, now: dt.datetime
) -> None:
    """The limit of 4.2 (to escalate), 6-4 (internal term) or "legal" passed; each once per date."""
    existe = select(Incumplimiento.id).where(
        Incumplimiento.caso_id == caso_id,
        Incumplimiento.condicion == condicion,
        Incumplimiento.vencia == vencia,
    )
    if session.scalar(existe) is None:
        session.add(
            Incumplimiento(caso_id=caso_id, condicion=condicion, vencia=vencia, detectado=now)
        )
        session.flush()


def incumplimientos(session: Session, caso_id: int) -> Sequence[Incumplimiento]:
    return session.scalars(
        select(Incumplimiento)
        .where(Incumplimiento.caso_id == caso_id)
        .order_by(Incumplimiento.vencia)
    ).all()


# --- what a notice says and to whom ---------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class DatosAviso:
    """What the mails about a case need, read in one statement. Area and levels are those of the
    last escalation."""

    radicado: str
    tema: str
    asesor_id: str
    limite_escalar: dt.datetime | None
    limite_interno: dt.datetime | None
    limite_respuesta: dt.datetime | None
    medio_respuesta: str | None
    correo_usuario: str  # the one confirmed at 5.2.14, else the one in force; "" when there is none
    n: int  # of the escalation; 0 before it
    area: str
    correo_area: str
    correo_funcionario: str  # of whoever has taken it; "" before
    nivel2: str
    nivel3: str
    idioma: str = SPANISH  # what the person chose at the kiosk
    persona: str = ""

    @property
    def del_caso(self) -> cartas.DelCaso:
        return cartas.DelCaso(self.persona, self.radicado, self.tema)


def datos_aviso(session: Session, caso_id: int) -> DatosAviso:
    fila = sql.DATOS.first(session, {"b_caso": caso_id})
    if fila is None:
        raise NoExiste("No existe el caso %(n)s.", n=caso_id)
    return DatosAviso(*fila)


def correos_de_rol(
    session: Session, rol: str, now: dt.datetime, lugar: str | None = None
) -> list[str]:
    """Addresses of the active accounts that hold a role now, in order; with `lugar` those who hold
    it there or everywhere."""
    vigente = (RolAsignado.vigente_desde <= now) & (
        RolAsignado.vigente_hasta.is_(None) | (RolAsignado.vigente_hasta > now)
    )
    aqui = [] if lugar is None else [RolAsignado.ambito.is_(None) | (RolAsignado.ambito == lugar)]
    return list(
        session.scalars(
            select(Cuenta.correo)
            .join(RolAsignado, RolAsignado.cuenta_id == Cuenta.id)
            .where(RolAsignado.rol == rol, vigente, Cuenta.activo, *aqui)
            .distinct()
            .order_by(Cuenta.correo)
        )
    )


def hablandole(session: Session, correo: str) -> AbstractContextManager[None]:
    """What is written within is in the language that the account with this address keeps; a mailbox
    of an area hears that of the agency."""
    return speaking(sql.IDIOMA.scalar(session, {"b_correo": correo}) if correo else None)


def idioma_del_caso(session: Session, case_key: str) -> str:
    """Which language the citizen used who began it online and was told its number; Spanish of every
    other."""
    return (
        session.scalar(select(Aviso.idioma).where(Aviso.clave == f"{SOLICITUD}:{case_key}"))
        or SPANISH
    )


def nombre_de_area(session: Session, area_id: str) -> str:
    return session.scalar(select(Area.nombre).where(Area.codigo == area_id)) or area_id


def correos_de_area(session: Session, area_id: str) -> list[str]:
    return list(session.scalars(select(Area.correo).where(Area.codigo == area_id)))
