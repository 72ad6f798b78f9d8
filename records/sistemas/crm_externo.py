"""The CRM outside beside our rows: what is to be written there, which record is whose, where the
two differ and what was decided."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from common.language import marked
from records.base.actos import Acto
from records.base.consultas import tomar_fila
from records.base.errores import DatoInvalido, NoExiste
from records.base.reglas.documentos import (
    validar_celular,
    validar_correo,
    validar_documento,
    validar_fijo,
)
from records.casos.tablas import Caso, Respuesta, Tipificacion
from records.lugares import divipola
from records.personas import personas
from records.personas.tablas import Contacto, Persona
from records.plazos.calendario import UNO_TRAS_OTRO
from records.plazos.reglas.calendario import dia_local
from records.sistemas.reglas.crm import (
    CASO,
    CASOS,
    DOCUMENTO,
    PERSONA,
    PERSONAS,
    SITUACIONES,
    Campo,
    Decision,
    Momentos,
    Paso,
    decidir,
    huella,
)
from records.sistemas.tablas import CrmConciliacion, CrmDiferencia, CrmEnlace, CrmSalida

CONCILIAR: Final = "crm.conciliar"  #: the job that compares every record
#: Who writes here what came from the CRM.
DEL_CRM: Final = "crm"
LARGO_DATO: Final = 200  #: characters of a datum of a person (`contacto`)
SE_DETUVO: Final = marked("se detuvo el trabajador")
DEJADA: Final = dt.timedelta(hours=12)  #: a comparison takes no longer
TOMA: Final = dt.timedelta(minutes=2)  #: for so long nobody else sends what a worker has taken
PAUSAS: Final = (5, 15, 60, 300, 900)  #: seconds before the next try, the last one again and again
CAMPOS: Final[Mapping[str, tuple[Campo, ...]]] = {PERSONA: PERSONAS, CASO: CASOS}


# --- what is to be written there ------------------------------------------------------------------
def anotar(session: Session, tipo: str, local_id: int, causa: str, now: dt.datetime) -> None:
    """In the transaction of the change itself: it is lost with it or kept with it."""
    session.add(
        CrmSalida(
            tipo=tipo,
            local_id=local_id,
            causa=causa[:40],
            pedida=now,
            intentos=0,
            error="",
            error_causa="",
        )
    )


@dataclass(frozen=True, slots=True)
class Pendiente:
    """A person or a case with something to be sent; many changes are one write. `hasta`: the last
    of them that this one covers."""

    tipo: str
    local_id: int
    hasta: int
    desde: dt.datetime


def tomar(session: Session, now: dt.datetime) -> Pendiente | None:
    """The one that waits longest and may be tried now; nobody else gets it for a while. People
    before their cases."""
    libre = or_(CrmSalida.tomada_hasta.is_(None), CrmSalida.tomada_hasta < now)
    toca = or_(CrmSalida.siguiente.is_(None), CrmSalida.siguiente <= now)
    fila = session.scalar(
        select(CrmSalida)
        .where(CrmSalida.enviada.is_(None), libre, toca)
        .order_by(CrmSalida.id)
        .limit(1)
    )
    if fila is None:
        return None
    suyas = (
        CrmSalida.enviada.is_(None),
        CrmSalida.tipo == fila.tipo,
        CrmSalida.local_id == fila.local_id,
    )
    tomadas = (
        update(CrmSalida)
        .where(*suyas, libre)
        .values(tomada_hasta=now + TOMA)
        .execution_options(synchronize_session=False)
    )
    if not session.connection().execute(tomadas).rowcount:
        return None  # another worker was quicker
    hasta = session.scalar(select(func.max(CrmSalida.id)).where(*suyas))
    return Pendiente(fila.tipo, fila.local_id, hasta or fila.id, fila.pedida)


def _de(pendiente: Pendiente) -> tuple[Any, ...]:
    return (
        CrmSalida.enviada.is_(None),
        CrmSalida.tipo == pendiente.tipo,
        CrmSalida.local_id == pendiente.local_id,
        CrmSalida.id <= pendiente.hasta,
    )


def enviada(session: Session, pendiente: Pendiente, now: dt.datetime) -> None:
    hecho = (
        update(CrmSalida)
        .where(*_de(pendiente))
        .values(enviada=now, tomada_hasta=None, error="", error_causa="")
    )
    session.connection().execute(hecho)


def no_enviada(
    session: Session,
    pendiente: Pendiente,
    detalle: str,
    causa: str,
    now: dt.datetime,
    espera: float | None = None,
) -> None:
    """It stays to be sent, later each time. `espera`: seconds that the CRM itself asked for."""
    intentos = session.scalar(select(func.max(CrmSalida.intentos)).where(*_de(pendiente))) or 0
    pausa = espera if espera is not None else PAUSAS[min(intentos, len(PAUSAS) - 1)]
    fallo = update(CrmSalida).where(*_de(pendiente))
    session.connection().execute(
        fallo.values(
            intentos=intentos + 1,
            siguiente=now + dt.timedelta(seconds=pausa),
            tomada_hasta=None,
            error=detalle[:300],
            error_causa=causa,
        )
    )


def soltar(session: Session, pendiente: Pendiente) -> None:
    """Not tried: the CRM was found silent by another one."""
    session.connection().execute(update(CrmSalida).where(*_de(pendiente)).values(tomada_hasta=None))


def ya(session: Session) -> int:
    """What waits for its next try is tried now; how many rows."""
    espera = (
        update(CrmSalida)
        .where(CrmSalida.enviada.is_(None), CrmSalida.siguiente.is_not(None))
        .values(siguiente=None)
    )
    return session.connection().execute(espera).rowcount


@dataclass(frozen=True, slots=True)
class Cola:
    """What the CRM has not heard of yet."""

    cuantos: int  #: people and cases
    desde: dt.datetime | None  #: since when the oldest waits
    con_falla: Sequence[CrmSalida]  #: the last failure of each that was tried, the oldest first


def cola(session: Session, limite: int = 20) -> Cola:
    pendientes = (
        select(CrmSalida.tipo, CrmSalida.local_id)
        .where(CrmSalida.enviada.is_(None))
        .distinct()
        .subquery()
    )
    fallidas = select(func.max(CrmSalida.id)).where(
        CrmSalida.enviada.is_(None), CrmSalida.error != ""
    )
    ultimas = fallidas.group_by(CrmSalida.tipo, CrmSalida.local_id)
    return Cola(
        session.scalar(select(func.count()).select_from(pendientes)) or 0,
        session.scalar(select(func.min(CrmSalida.pedida)).where(CrmSalida.enviada.is_(None))),
        session.scalars(
            select(CrmSalida)
            .where(CrmSalida.id.in_(ultimas))
            .order_by(CrmSalida.pedida)
            .limit(limite)
        ).all(),
    )


# --- which record is whose ------------------------------------------------------------------------
def enlace(session: Session, tipo: str, local_id: int) -> CrmEnlace | None:
    return session.scalar(
        select(CrmEnlace).where(CrmEnlace.tipo == tipo, CrmEnlace.local_id == local_id)
    )


def enlazado(session: Session, tipo: str, externo_id: str) -> CrmEnlace | None:
    return session.scalar(
        select(CrmEnlace).where(CrmEnlace.tipo == tipo, CrmEnlace.externo_id == externo_id)
    )


def enlazar(
    session: Session, tipo: str, local_id: int, externo_id: str, numero: str = ""
) -> CrmEnlace:
    """The record there is this row here, from now on."""
    fila = enlace(session, tipo, local_id)
    if fila is None:
        fila = CrmEnlace(
            tipo=tipo, local_id=local_id, externo_id=externo_id, numero=numero, acordado={}
        )
        session.add(fila)
    fila.externo_id, fila.numero = externo_id, numero or fila.numero
    session.flush()
    return fila


def acordar(fila: CrmEnlace, valores: Mapping[str, str]) -> None:
    """Both sides hold these values now."""
    fila.acordado = {**fila.acordado, **{campo: huella(valor) for campo, valor in valores.items()}}


# --- what we hold ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Nuestro:
    """A row of ours as the CRM would hold it: field → value, and when we wrote what can be written
    on both sides."""

    tipo: str
    local_id: int
    valores: Mapping[str, str]
    escritos: Mapping[str, dt.datetime]
    persona_id: int = 0  #: of a case


def persona(session: Session, persona_id: int) -> Nuestro:
    fila = session.get(Persona, persona_id)
    if fila is None:
        raise NoExiste("No existe la persona %(n)s.", n=persona_id)
    vigentes = session.scalars(
        select(Contacto).where(Contacto.persona_id == persona_id, Contacto.vigente_hasta.is_(None))
    )
    datos = {c.tipo: c for c in vigentes}
    valores = {
        campo.nuestro: (datos[campo.nuestro].valor if campo.nuestro in datos else "")
        for campo in PERSONAS
    }
    valores |= {"tipo_doc": fila.tipo_doc, "num_doc": fila.num_doc, "nombre": fila.nombre}
    valores["municipio"] = divipola.nombre(valores["municipio"]) if valores["municipio"] else ""
    escritos = {tipo: contacto.vigente_desde for tipo, contacto in datos.items()}
    return Nuestro(PERSONA, persona_id, valores, {"nombre": fila.creada, **escritos})


def caso(session: Session, caso_id: int) -> Nuestro | None:
    """None: it has no number yet, so there is no case to speak of."""
    fila = session.execute(
        select(Caso, Tipificacion)
        .join(Tipificacion, Tipificacion.codigo == Caso.tema)
        .where(Caso.id == caso_id)
    ).first()
    if fila is None:
        raise NoExiste("No existe el caso %(n)s.", n=caso_id)
    c, tipo = fila
    if c.radicado is None:
        return None
    dichas = select(Respuesta.texto).where(
        Respuesta.caso_id == caso_id, Respuesta.tipo.in_(("punto", "enviada"))
    )
    estado, situacion = SITUACIONES[c.estado]
    valores = {
        "radicado": c.radicado,
        "asunto": f"{c.clase.capitalize()} {c.radicado}: {tipo.tema}, {tipo.subtema}"[:255],
        "descripcion": c.descripcion,
        "estado": estado,
        "situacion": situacion,
        "respuesta": session.scalar(dichas.order_by(Respuesta.id.desc()).limit(1)) or "",
    }
    return Nuestro(CASO, caso_id, valores, {}, c.persona_id)


def nuestro(session: Session, tipo: str, local_id: int) -> Nuestro | None:
    return persona(session, local_id) if tipo == PERSONA else caso(session, local_id)


def caso_con(session: Session, radicado: str) -> int | None:
    return session.scalar(select(Caso.id).where(Caso.radicado == radicado))


# --- where the two differ -------------------------------------------------------------------------
def comparar(
    aqui: Nuestro,
    alla: Mapping[str, str],
    fila: CrmEnlace,
    suyo: dt.datetime | None,
    campos: Sequence[Campo],
) -> list[Decision]:
    """Field by field; `alla`: our names → what the CRM holds, since `suyo`. A field that the CRM
    does not have is not compared, nor is any other while the document is another one's."""
    decisiones = [
        decidir(
            campo,
            fila.acordado.get(campo.nuestro),
            aqui.valores[campo.nuestro],
            alla[campo.nuestro],
            Momentos(aqui.escritos.get(campo.nuestro), suyo),
        )
        for campo in campos
        if campo.nuestro in alla
    ]
    ajeno = any(d.campo.nuestro in DOCUMENTO and d.paso is Paso.PREGUNTAR for d in decisiones)
    return [d for d in decisiones if d.campo.nuestro in DOCUMENTO] if ajeno else decisiones


VALEN: Final[Mapping[str, Callable[[str], str]]] = {
    "municipio": lambda dicho: divipola.codigo(dicho) or "",
    "correo": validar_correo,
    "celular": validar_celular,
    "telefono_fijo": validar_fijo,
}


def _como_aqui(campo: str, valor: str) -> str:
    """As 5.2.7 would keep it; "" for what it would refuse: an answer would go nowhere."""
    try:
        leido = VALEN.get(campo, str)(valor.strip())
    except DatoInvalido:
        return ""
    return leido if len(leido) <= LARGO_DATO else ""


def traer(
    session: Session, persona_id: int, decisiones: Sequence[Decision], now: dt.datetime
) -> Mapping[str, str]:
    """What the CRM has of newer is kept here with its history, as from 5.2.7; what makes no sense
    here is left. What was kept."""
    datos: dict[str, str] = {}
    for decision in decisiones:
        if valor := _como_aqui(decision.campo.nuestro, decision.suyo):
            datos[decision.campo.nuestro] = valor
    if datos:
        personas.actualizar_datos(session, persona_id, datos, Acto(DEL_CRM, now))
    return datos


def nueva(session: Session, alla: Mapping[str, str], now: dt.datetime) -> int | None:
    """Somebody whom only the CRM knows. None: the document has not the form of its type, or there
    is no name."""
    tipo, nombre = alla.get("tipo_doc", ""), alla.get("nombre", "").strip()[:160]
    try:
        numero = validar_documento(tipo, alla.get("num_doc", ""))
    except DatoInvalido:
        return None
    if not nombre:
        return None
    return personas.crear_persona(
        session, personas.NuevaPersona(tipo, numero, nombre, "cliente_potencial"), now=now
    ).id


def diferir(
    session: Session,
    aqui: Nuestro,
    decision: Decision,
    now: dt.datetime,
    conciliacion_id: int | None = None,
) -> None:
    """Keeps that the two differed. What somebody must decide is open once, with the values of
    today."""
    abierta = decision.paso is Paso.PREGUNTAR
    if abierta:
        fila = _abierta(session, aqui.tipo, aqui.local_id, decision.campo.nuestro)
        if fila is not None:
            fila.nuestro, fila.suyo, fila.porque = decision.nuestro, decision.suyo, decision.porque
            return
    session.add(
        CrmDiferencia(
            conciliacion_id=conciliacion_id,
            tipo=aqui.tipo,
            local_id=aqui.local_id,
            campo=decision.campo.nuestro,
            nuestro=decision.nuestro,
            suyo=decision.suyo,
            paso=decision.paso.value,
            porque=decision.porque,
            hallada=now,
            decidida=None if abierta else now,
            decidida_por=None if abierta else "motor",
            queda=None if abierta else ("ventanilla" if decision.paso is Paso.ENVIAR else "crm"),
        )
    )
    session.flush()


def coinciden(session: Session, aqui: Nuestro, campos: Sequence[str], now: dt.datetime) -> None:
    """They are the same by now: nothing is left to be decided about these fields."""
    for campo in campos:
        fila = _abierta(session, aqui.tipo, aqui.local_id, campo)
        if fila is not None:
            fila.decidida, fila.decidida_por, fila.queda = now, "motor", "iguales"


def _abierta(session: Session, tipo: str, local_id: int, campo: str) -> CrmDiferencia | None:
    return session.scalar(
        select(CrmDiferencia).where(
            CrmDiferencia.tipo == tipo,
            CrmDiferencia.local_id == local_id,
            CrmDiferencia.campo == campo,
            CrmDiferencia.decidida.is_(None),
        )
    )


def abiertas(session: Session) -> Sequence[CrmDiferencia]:
    """What waits for the administrator of the CRM."""
    return session.scalars(
        select(CrmDiferencia).where(CrmDiferencia.decidida.is_(None)).order_by(CrmDiferencia.id)
    ).all()


def decididas(session: Session, conciliacion_id: int, limite: int) -> Sequence[CrmDiferencia]:
    """What of this comparison is decided, by rules or by a person."""
    de = CrmDiferencia.conciliacion_id == conciliacion_id, CrmDiferencia.decidida.is_not(None)
    return session.scalars(
        select(CrmDiferencia).where(*de).order_by(CrmDiferencia.id).limit(limite)
    ).all()


def cuantas_decididas(session: Session, conciliacion_id: int) -> int:
    de = CrmDiferencia.conciliacion_id == conciliacion_id, CrmDiferencia.decidida.is_not(None)
    return session.scalar(select(func.count()).select_from(CrmDiferencia).where(*de)) or 0


def resolver(session: Session, diferencia_id: int, queda: str, acto: Acto) -> CrmDiferencia:
    """Somebody decided which value stays: theirs is kept here now, ours is sent with the next
    round. DatoInvalido."""
    fila = tomar_fila(session, CrmDiferencia, diferencia_id)
    if fila.decidida is not None:
        raise DatoInvalido("Otra persona ya decidió esta diferencia.")
    campo = next(c for c in CAMPOS[fila.tipo] if c.nuestro == fila.campo)
    liga = enlace(session, fila.tipo, fila.local_id)
    if queda == "crm":
        if not campo.trae:
            raise DatoInvalido("Este dato solo se cambia en Ventanilla.")
        traidos = traer(
            session, fila.local_id, [Decision(campo, Paso.TRAER, fila.nuestro, fila.suyo)], acto.now
        )
        if not traidos:
            raise DatoInvalido(
                "El valor del CRM no sirve aquí: no tiene la forma de ese dato, o es demasiado largo."
            )
        if liga is not None:
            acordar(liga, {campo.nuestro: fila.suyo})
    elif queda == "ventanilla":
        if fila.porque == "no_cabe":
            raise DatoInvalido(
                "El valor de Ventanilla no cabe en el CRM: admite %(n)s caracteres.", n=campo.largo
            )
        if liga is not None:
            acordar(liga, {campo.nuestro: fila.suyo})  # what changed since then is ours
        anotar(session, fila.tipo, fila.local_id, "decidida", acto.now)
    else:
        raise DatoInvalido("Elija cuál de los dos queda.")
    fila.decidida, fila.decidida_por, fila.queda = acto.now, acto.quien, queda
    session.flush()
    return fila


# --- comparisons of everything --------------------------------------------------------------------
def comenzar(session: Session, quien: str, now: dt.datetime) -> CrmConciliacion:
    """One that somebody cut off long ago ends with it."""
    dejadas = update(CrmConciliacion).where(
        CrmConciliacion.termino.is_(None), CrmConciliacion.comenzo < now - DEJADA
    )
    session.execute(
        dejadas.values(termino=now, error=SE_DETUVO).execution_options(synchronize_session=False)
    )
    ceros = dict.fromkeys(
        (
            "personas",
            "casos",
            "iguales",
            "enviados",
            "traidos",
            "por_decidir",
            "faltaban",
            "ajenos",
        ),
        0,
    )
    fila = CrmConciliacion(comenzo=now, pedida_por=quien, error="", **ceros)
    session.add(fila)
    session.flush()
    return fila


def ultima(session: Session) -> CrmConciliacion | None:
    return session.scalar(select(CrmConciliacion).order_by(CrmConciliacion.id.desc()).limit(1))


def falta_hoy(session: Session, now: dt.datetime) -> bool:
    """No comparison has begun today. Of two workers that ask at once the second waits, and sees
    that of the first."""
    session.execute(UNO_TRAS_OTRO)
    antes = ultima(session)
    return antes is None or dia_local(antes.comenzo) < dia_local(now)


def faltan(
    session: Session, tipo: str, conciliacion_id: int, despues: int, limite: int
) -> Sequence[int]:
    """Rows of ours that this comparison has not met in the CRM: cases with a number, and the people
    who have one."""
    vistos = select(CrmEnlace.local_id).where(
        CrmEnlace.tipo == tipo, CrmEnlace.conciliacion_id == conciliacion_id
    )
    if tipo == CASO:
        propios = (
            select(Caso.id)
            .where(Caso.radicado.is_not(None), Caso.id > despues, Caso.id.not_in(vistos))
            .order_by(Caso.id)
        )
        return session.scalars(propios.limit(limite)).all()
    con_caso = select(Caso.persona_id).where(Caso.radicado.is_not(None))
    suyos = (
        select(Persona.id)
        .where(Persona.id.in_(con_caso), Persona.id > despues, Persona.id.not_in(vistos))
        .order_by(Persona.id)
    )
    return session.scalars(suyos.limit(limite)).all()
