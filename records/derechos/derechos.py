"""What a person may ask to be done with what is held about them: erased where nobody has to keep
it, restricted where somebody has.

docs/decisions/rights-of-a-person.md. One person asks, another decides, the worker carries it out
part by part; the act stays for ever.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence, Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import and_, delete, func, null, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from common.language import marked, said
from records.base.actos import Acto
from records.base.cambios import exigir_motivo
from records.base.comprobaciones import Verificados, cada_una
from records.base.consultas import obtener, tandas
from records.base.errores import DatoInvalido, EnUnCampo, Separado
from records.base.reglas.huellas import canonico, sha256
from records.casos import registro, restringidos
from records.casos.numeracion import siguiente_numero
from records.casos.tablas import Archivo, Caso, CasoRestringido
from records.cuentas.separacion import SOLICITUD_PROPIA
from records.derechos import miradas, visitas_sin_caso
from records.derechos.tablas import ParteDeSolicitud, SolicitudDatos
from records.derechos.visitas_sin_caso import Olvidado
from records.personas.tablas import Contacto, Persona, PersonaPalabra, Poder, ServicioAdquirido
from records.plazos.reglas.calendario import dia_local, sumar_habiles
from records.retencion import reservas
from records.retencion.retencion import SIN_NOMBRE as ARCHIVO_ELIMINADO
from records.sistemas.reglas.crm import PERSONA
from records.sistemas.reglas.sistemas import DATO_PERSONAL
from records.sistemas.tablas import ConsultaLegado, CrmDiferencia, CrmEnlace, CrmSalida
from records.visita.tablas import Atencion, DigiturnoEvento, Turno

PEDIDA, DEVUELTA, RETIRADA, CUMPLIDA = "pedida", "devuelta", "retirada", "cumplida"
CONTACTOS, LEGADO, DOCUMENTOS = "contactos", "legado", "documentos"
VISITA, CASO, NOMBRE = "visita", "caso", "nombre"
SUPRIMIR, RESTRINGIR, CONSERVAR = "suprimir", "restringir", "conservar"
PENDIENTE, HECHA, NO_HECHA = "pendiente", "hecha", "no"
#: Why something is not done today.
RESERVA, EN_CURSO, CON_CASOS, YA_RESTRINGIDO = "reserva", "en_curso", "con_casos", "ya_restringido"
#: Why the name stays when its turn comes: they came once more, or another part stayed.
VINO_OTRA_VEZ, QUEDA_ALGO = "vino_otra_vez", "queda_algo"
#: a visit or case that is not what it was when they asked: a case came of it, or it is of somebody
#: else
CAMBIO: Final = "cambio"
DIAS_PARA_RESPONDER: Final = 15  #: business days: Ley 1581 de 2012, art. 15
SIN_NOMBRE: Final = "Persona suprimida"  #: of whom nothing is left but their acts
MAX_SOLICITUD, MAX_TEXTO = 60, 2_000
YA_NO: Final = marked(
    "La solicitud ya no está en ese paso: cambió mientras tanto. Abajo está como quedó."
)
Firmar = Callable[[bytes], str]


# --- what there is --------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Parte:
    """A part of what is held about somebody. `pueden`: what may be done with it today besides
    keeping it; `causa`: why no more."""

    que: str
    case_key: str | None
    numero: str
    datos: int
    pueden: tuple[str, ...]
    causa: str = ""


@dataclass(frozen=True, slots=True)
class Suyos:
    """Cases and visits of one person, as holder; and those of others in which they stood for
    them."""

    casos: Mapping[str, str]  #: case key → number
    visitas: frozenset[str]
    por_otros: frozenset[str] = frozenset()

    @property
    def claves(self) -> frozenset[str]:
        return self.visitas | self.casos.keys()

    @property
    def por_mirar(self) -> frozenset[str]:
        """While one of these goes on, nothing of theirs is erased."""
        return self.claves | self.por_otros


def suyos(session: Session, persona_id: int) -> Suyos:
    """Visits in which somebody else was attended, or somebody else's case was handled, are not
    theirs."""
    persona = session.get_one(Persona, persona_id)
    filas = session.execute(
        select(Caso.case_key, Caso.radicado).where(
            Caso.persona_id == persona_id, Caso.case_key.is_not(None)
        )
    )
    casos = {str(clave): radicado or "" for clave, radicado in filas}
    casos |= dict(registro.numeros(session, registro.claves_de_persona(session, persona)))
    ajenas = select(Caso.case_key).where(Caso.persona_id != persona_id, Caso.case_key.is_not(None))
    visitas = session.scalars(
        select(Turno.case_key)
        .join_from(Turno, Atencion, Atencion.turno_id == Turno.id, isouter=True)
        .where(
            miradas.de_quien_es(persona), Turno.case_key.is_not(None), Turno.case_key.not_in(ajenas)
        )
    )
    por_otros = session.scalars(
        select(Turno.case_key)
        .join(Atencion, Atencion.turno_id == Turno.id)
        .where(Atencion.apoderado_id == persona_id, Turno.case_key.is_not(None))
    )
    suyas = frozenset(str(clave) for clave in visitas) - casos.keys()
    return Suyos(casos, suyas, frozenset(str(clave) for clave in por_otros) - suyas - casos.keys())


def que_hay(session: Session, persona_id: int, en_curso: AbstractSet[str]) -> list[Parte]:
    """`en_curso`: cases and visits whose processes go on."""
    todos = suyos(session, persona_id)
    reservado = bool(todos.claves & set(reservas.claves(session)))
    abierto = bool(todos.por_mirar & en_curso)
    causa = RESERVA if reservado else EN_CURSO if abierto else ""
    sin_casos = causa or (CON_CASOS if todos.casos else "")
    representa = bool(
        set(todos.por_otros) - set(visitas_sin_caso.sin_caso(session, sorted(todos.por_otros)))
    )
    ya = restringidos.entre(session, todos.claves)
    partes = [
        _de_la_persona(CONTACTOS, _cuantos(session, _contactos(persona_id)), causa),
        _de_la_persona(LEGADO, _cuantos(session, _consultas(persona_id)), causa),
        _de_la_persona(DOCUMENTOS, _cuantos(session, _documentos(persona_id)), sin_casos),
    ]
    for clave, numero in sorted(todos.casos.items(), key=lambda par: par[1]):
        partes.append(
            _de_un_caso(
                CASO,
                clave,
                numero,
                (),
                EN_CURSO if clave in en_curso else "",
                restringido=clave in ya,
            )
        )
    for clave in sorted(todos.visitas):
        suya = EN_CURSO if clave in en_curso else RESERVA if reservado else ""
        partes.append(
            _de_un_caso(
                VISITA, clave, "", () if suya else (SUPRIMIR,), suya, restringido=clave in ya
            )
        )
    if con_nombre(session.get_one(Persona, persona_id)):
        partes.append(_de_la_persona(NOMBRE, 1, sin_casos or (CON_CASOS if representa else "")))
    return [p for p in partes if p.datos]


def con_nombre(persona: Persona) -> bool:
    """Their name was not erased."""
    return persona.num_doc != _sin_documento(persona)


def _sin_documento(persona: Persona) -> str:
    """No document has an asterisk: nobody else's number, in no list of cases, is this one."""
    return f"*{persona.id}"


def _de_la_persona(que: str, datos: int, causa: str) -> Parte:
    return Parte(que, None, "", datos, () if causa else (SUPRIMIR,), causa)


def _de_un_caso(
    que: str, clave: str, numero: str, borrar: tuple[str, ...], causa: str, *, restringido: bool
) -> Parte:
    if causa == EN_CURSO:
        return Parte(que, clave, numero, 1, (), causa)
    pueden = (*borrar, *(() if restringido else (RESTRINGIR,)))
    return Parte(que, clave, numero, 1, pueden, causa or (YA_RESTRINGIDO if restringido else ""))


def _contactos(persona_id: int) -> Any:
    return (
        select(Contacto)
        .where(Contacto.persona_id == persona_id, Contacto.valor != "")
        .order_by(Contacto.id)
    )


def _consultas(persona_id: int) -> Any:
    propias = (ConsultaLegado.persona_id == persona_id, ConsultaLegado.filas.is_not(None))
    return select(ConsultaLegado).where(*propias).order_by(ConsultaLegado.id)


def _documentos(persona_id: int) -> Any:
    """Of the person, with whatever visit they came; those of a case alone are of its file."""
    return (
        select(Archivo)
        .where(Archivo.persona_id == persona_id, Archivo.eliminado.is_(None))
        .order_by(Archivo.id)
    )


def _cuantos(session: Session, filas: Any) -> int:
    return session.scalar(select(func.count()).select_from(filas.order_by(None).subquery())) or 0


# --- asked for and decided ------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Pedido:
    """`hacer`: what of each part, by its place in `que_hay`."""

    persona_id: int
    solicitud: str
    recibida: dt.date | None
    fundamento: str
    hacer: Sequence[tuple[Parte, str]]


def pedir(session: Session, pedido: Pedido, acto: Acto) -> SolicitudDatos:
    """EnUnCampo: something is missing. DatoInvalido: nothing would change, a part may not be
    treated so, another request is in course."""
    hoy = dia_local(acto.now)
    solicitud = pedido.solicitud.strip()
    if not solicitud:
        raise EnUnCampo("solicitud", "Escriba el número con que la persona lo pidió.")
    if pedido.recibida is None or pedido.recibida > hoy:
        raise EnUnCampo(
            "recibida",
            "Escriba el día en que llegó la solicitud como día/mes/año; no puede ser posterior a hoy.",
        )
    try:
        fundamento = exigir_motivo(pedido.fundamento)
    except DatoInvalido as falta:
        raise EnUnCampo("fundamento", falta.mensaje, **falta.valores) from None
    if any(hacer != CONSERVAR and hacer not in parte.pueden for parte, hacer in pedido.hacer):
        raise DatoInvalido("Algo de lo que eligió ya no se puede hacer hoy: mire otra vez qué hay.")
    if not any(hacer != CONSERVAR for _parte, hacer in pedido.hacer):
        raise DatoInvalido("Elija qué se suprime o se restringe: así como está no cambiaría nada.")
    sin_nombre = any(hacer == SUPRIMIR and parte.que == NOMBRE for parte, hacer in pedido.hacer)
    if sin_nombre and any(hacer != SUPRIMIR for _parte, hacer in pedido.hacer):
        raise DatoInvalido(
            "El nombre y el documento se suprimen con todo lo demás: elija «Suprimir» en cada línea, o consérvelos."
        )
    nueva = SolicitudDatos(
        numero=f"SD-{hoy.year}-{siguiente_numero(session, f'solicitud_datos:{hoy.year}'):04}",
        persona_id=pedido.persona_id,
        solicitud=solicitud[:MAX_SOLICITUD],
        recibida=pedido.recibida,
        responder=sumar_habiles(pedido.recibida, DIAS_PARA_RESPONDER),
        fundamento=fundamento,
        estado=PEDIDA,
        pedida=acto.now,
        pedida_por=acto.quien,
    )
    try:
        with session.begin_nested():
            session.add(nueva)
    except IntegrityError:
        raise DatoInvalido("De esta persona ya hay una solicitud en curso.") from None
    session.add_all(
        ParteDeSolicitud(
            solicitud_id=nueva.id,
            n=n,
            que=parte.que,
            case_key=parte.case_key,
            hacer=hacer,
            estado=PENDIENTE,
        )
        for n, (parte, hacer) in enumerate(pedido.hacer, 1)
    )
    session.flush()
    return nueva


def una(session: Session, solicitud_id: int) -> SolicitudDatos:
    return obtener(session, SolicitudDatos, solicitud_id)


def partes(session: Session, solicitud_id: int) -> Sequence[ParteDeSolicitud]:
    suyas = select(ParteDeSolicitud).where(ParteDeSolicitud.solicitud_id == solicitud_id)
    return session.scalars(suyas.order_by(ParteDeSolicitud.n)).all()


def todas(session: Session) -> Sequence[SolicitudDatos]:
    """The latest first."""
    return session.scalars(select(SolicitudDatos).order_by(SolicitudDatos.id.desc())).all()


def de_persona(session: Session, persona_id: int) -> Sequence[SolicitudDatos]:
    return session.scalars(
        select(SolicitudDatos)
        .where(SolicitudDatos.persona_id == persona_id)
        .order_by(SolicitudDatos.id.desc())
    ).all()


def _pasar(session: Session, solicitud_id: int, de: str, dicho: dict[str, Any]) -> SolicitudDatos:
    """In one UPDATE: of two who do it at once, one does."""
    hecha = (
        update(SolicitudDatos)
        .where(SolicitudDatos.id == solicitud_id, SolicitudDatos.estado == de)
        .values(dicho)
    )
    if (
        session.execute(
            hecha.returning(SolicitudDatos.id).execution_options(synchronize_session=False)
        ).first()
        is None
    ):
        raise DatoInvalido(YA_NO)
    session.expire_all()
    return una(session, solicitud_id)


def decidir(
    session: Session, solicitud_id: int, respuesta: str, acto: Acto, *, aprueba: bool
) -> SolicitudDatos:
    """Separado: they asked for it. EnUnCampo: it goes back without a word. DatoInvalido: it waits
    no more."""
    if una(session, solicitud_id).pedida_por == acto.quien:
        raise Separado(SOLICITUD_PROPIA, "Usted la pidió: la decide otra persona.")
    if not aprueba:
        try:
            respuesta = exigir_motivo(respuesta)
        except DatoInvalido as falta:
            raise EnUnCampo("respuesta", falta.mensaje, **falta.valores) from None
    dicho = {
        "estado": reservas.APROBADA if aprueba else DEVUELTA,
        "decidida": acto.now,
        "decidida_por": acto.quien,
    }
    return _pasar(
        session, solicitud_id, PEDIDA, {**dicho, "respuesta": respuesta.strip()[:MAX_TEXTO]}
    )


def retirar(session: Session, solicitud_id: int, motivo: str, acto: Acto) -> SolicitudDatos:
    """By whoever asked, or another of theirs, before anybody decided."""
    dicho = {
        "estado": RETIRADA,
        "decidida": acto.now,
        "decidida_por": acto.quien,
        "respuesta": exigir_motivo(motivo),
    }
    return _pasar(session, solicitud_id, PEDIDA, dicho)


# --- carried out ----------------------------------------------------------------------------------
def por_cumplir(session: Session) -> Sequence[int]:
    return session.scalars(
        select(SolicitudDatos.id)
        .where(SolicitudDatos.estado == reservas.APROBADA)
        .order_by(SolicitudDatos.id)
    ).all()


def parte(session: Session, parte_id: int) -> ParteDeSolicitud:
    return obtener(session, ParteDeSolicitud, parte_id)


def anotar_cadenas(
    session: Session, solicitud_id: int, cadenas: Mapping[str, Any]
) -> dict[str, Any]:
    """What verifying said before anything was done: what was kept first stays, whoever looks
    later."""
    solicitud = session.get_one(
        SolicitudDatos, solicitud_id, with_for_update=True, populate_existing=True
    )
    if solicitud.cadenas is None:
        solicitud.cadenas = dict(cadenas)
        session.flush()
    return solicitud.cadenas


def tomar(session: Session, parte_id: int) -> bool:
    """Whether it is still to be done. Its request is held until the transaction ends: of two
    workers, one does it."""
    suya = (
        select(ParteDeSolicitud.solicitud_id)
        .where(ParteDeSolicitud.id == parte_id)
        .scalar_subquery()
    )
    session.execute(select(SolicitudDatos.id).where(SolicitudDatos.id == suya).with_for_update())
    return session.get_one(ParteDeSolicitud, parte_id, populate_existing=True).estado == PENDIENTE


def pendientes(session: Session, solicitud_id: int) -> Sequence[ParteDeSolicitud]:
    return [p for p in partes(session, solicitud_id) if p.estado == PENDIENTE]


def impide(
    session: Session, parte_id: int, en_curso: Callable[[AbstractSet[str]], AbstractSet[str]]
) -> str:
    """Why it may not be done now, although it might be when it was asked for; "": it may, or there
    is nothing left of a part of the person. Holds the request until the transaction ends: whoever
    puts a legal hold waits for it. `en_curso`: which of these cases go on."""
    pedida = parte(session, parte_id)
    if pedida.hacer == CONSERVAR:
        return ""
    solicitud = session.get_one(
        SolicitudDatos, pedida.solicitud_id, with_for_update=True, populate_existing=True
    )
    hay = que_hay(
        session, solicitud.persona_id, en_curso(suyos(session, solicitud.persona_id).por_mirar)
    )
    hoy = next((p for p in hay if (p.que, p.case_key) == (pedida.que, pedida.case_key)), None)
    if hoy is None and pedida.case_key is not None:
        return CAMBIO
    if hoy is not None and pedida.hacer not in hoy.pueden:
        return hoy.causa
    if pedida.que != NOMBRE:
        return ""
    otras = partes(session, solicitud.id)
    if any(p.estado == NO_HECHA for p in otras):
        return QUEDA_ALGO
    conocidas = {(p.que, p.case_key) for p in otras}
    return VINO_OTRA_VEZ if any((p.que, p.case_key) not in conocidas for p in hay) else ""


@dataclass(frozen=True, slots=True)
class Hecho:
    """`contenidos`: hashes of files that no row of theirs names any more."""

    datos: int
    contenidos: frozenset[str] = frozenset()


def hacer(
    session: Session, parte_id: int, firmar: Firmar, now: dt.datetime, *, formularios: int = 0
) -> Hecho:
    """What of a part lies in the records; `formularios`: of a visit, that the engine erased."""
    pedida = parte(session, parte_id)
    solicitud = una(session, pedida.solicitud_id)
    hecho = Olvidado()
    if pedida.hacer == SUPRIMIR and pedida.case_key is not None:
        hecho = visitas_sin_caso.olvidar(session, pedida.case_key, now)
    elif pedida.hacer == SUPRIMIR:
        hecho = _BORRAR[pedida.que](session, solicitud.persona_id, now)
    elif pedida.hacer == RESTRINGIR and pedida.case_key is not None:
        session.add(
            CasoRestringido(case_key=pedida.case_key, solicitud_id=solicitud.id, puesta=now)
        )
    pedida.estado, pedida.cuando, pedida.datos = HECHA, now, len(hecho.datos) + formularios
    pedida.huella = firmar(canonico(hecho.datos)) if hecho.datos else ""
    session.flush()
    return Hecho(pedida.datos, hecho.contenidos)


def no_hacer(
    session: Session, parte_id: int, causa: str, now: dt.datetime, *, formularios: int = 0
) -> None:
    """`formularios`: of a visit, that were gone when what keeps the rest came."""
    pedida = parte(session, parte_id)
    pedida.estado, pedida.causa, pedida.cuando, pedida.datos = NO_HECHA, causa, now, formularios
    session.flush()


def _borrar_documentos(session: Session, persona_id: int, now: dt.datetime) -> Olvidado:
    suyos = session.scalars(_documentos(persona_id)).all()
    contenidos = frozenset(a.sha256 for a in suyos)
    datos = [["archivo", a.sha256, a.nombre] for a in suyos]
    for archivo in suyos:
        archivo.eliminado, archivo.nombre = now, ARCHIVO_ELIMINADO
    return Olvidado(datos, contenidos)


def _borrar_contactos(session: Session, persona_id: int, now: dt.datetime) -> Olvidado:
    """With what this CRM and the other one said otherwise of them."""
    filas = session.scalars(_contactos(persona_id)).all()
    datos: list[Any] = [[f.tipo, f.valor, f.vigente_desde] for f in filas]
    for fila in filas:
        fila.valor, fila.vigente_hasta = "", fila.vigente_hasta or now
    suyas = (CrmDiferencia.tipo == PERSONA, CrmDiferencia.local_id == persona_id)
    for d in session.scalars(
        select(CrmDiferencia).where(
            *suyas, or_(CrmDiferencia.nuestro != "", CrmDiferencia.suyo != "")
        )
    ):
        datos.append([d.campo, d.nuestro, d.suyo])
        d.nuestro = d.suyo = ""
    # a hash without a key: there are few telephone numbers
    for enlace in session.scalars(_enlace(persona_id)):
        enlace.acordado = {
            campo: huella for campo, huella in enlace.acordado.items() if campo in _DE_SU_NOMBRE
        }
    return Olvidado(datos)


_DE_SU_NOMBRE: Final = ("tipo_doc", "num_doc", "nombre")


def _enlace(persona_id: int) -> Any:
    return select(CrmEnlace).where(CrmEnlace.tipo == PERSONA, CrmEnlace.local_id == persona_id)


def _borrar_consultas(session: Session, persona_id: int, _now: dt.datetime) -> Olvidado:
    filas = session.scalars(_consultas(persona_id)).all()
    datos = [[f.sistema, f.consultada, f.filas] for f in filas]
    for ids in tandas([f.id for f in filas]):
        session.execute(
            update(ConsultaLegado).where(ConsultaLegado.id.in_(ids)).values(filas=null())
        )
    return Olvidado(datos + _borrar_respuestas(session, persona_id))


def _borrar_respuestas(session: Session, persona_id: int) -> list[Any]:
    """What systems outside said when they did not do what they were asked: they may repeat whom it
    was about."""
    datos: list[Any] = []
    suyas = (ConsultaLegado.persona_id == persona_id, ConsultaLegado.detalle != "")
    for consulta in session.scalars(
        select(ConsultaLegado).where(*suyas).order_by(ConsultaLegado.id)
    ):
        datos.append([consulta.sistema, consulta.detalle])
        consulta.detalle = ""
    dichas = (CrmSalida.tipo == PERSONA, CrmSalida.local_id == persona_id, CrmSalida.error != "")
    for salida in session.scalars(select(CrmSalida).where(*dichas).order_by(CrmSalida.id)):
        datos.append(["crm", salida.error])
        salida.error = ""
    return datos


def _borrar_avisos_de_turnos(session: Session, persona: Persona) -> list[Any]:
    """What a turn system said of a ticket that became no turn, with their document."""
    dicho = DigiturnoEvento.datos
    suyo = and_(
        dicho["tipo_doc"].as_string() == persona.tipo_doc,
        dicho["num_doc"].as_string() == persona.num_doc,
    )
    datos: list[Any] = []
    for evento in session.scalars(
        select(DigiturnoEvento)
        .where(DigiturnoEvento.turno_id.is_(None), suyo)
        .order_by(DigiturnoEvento.id)
    ):
        datos.append([evento.sistema, evento.ticket, evento.datos])
        evento.datos = {
            nombre: valor for nombre, valor in evento.datos.items() if nombre not in DATO_PERSONAL
        }
    return datos


def _borrar_nombre(session: Session, persona_id: int, now: dt.datetime) -> Olvidado:
    """With their products and the powers that they gave: nothing is left to say whose they are. A
    CRM outside hears nothing of it, and which record there was theirs is not known any more."""
    persona = session.get_one(Persona, persona_id)
    nacio = persona.fecha_nac.isoformat() if persona.fecha_nac else None
    datos: list[Any] = [[persona.tipo_doc, persona.num_doc, persona.nombre, nacio]]
    datos += _borrar_avisos_de_turnos(session, persona) + _borrar_respuestas(session, persona_id)
    session.execute(
        delete(CrmEnlace).where(CrmEnlace.tipo == PERSONA, CrmEnlace.local_id == persona_id)
    )
    por_decir = (
        CrmSalida.tipo == PERSONA,
        CrmSalida.local_id == persona_id,
        CrmSalida.enviada.is_(None),
    )
    session.execute(update(CrmSalida).where(*por_decir).values(enviada=now, tomada_hasta=None))
    persona.nombre, persona.num_doc, persona.fecha_nac = SIN_NOMBRE, _sin_documento(persona), None
    session.execute(delete(PersonaPalabra).where(PersonaPalabra.persona_id == persona_id))
    for poder in session.scalars(select(Poder).where(Poder.titular_id == persona_id)):
        datos.append([poder.notaria, poder.numero, poder.motivo])
        poder.notaria = poder.numero = poder.motivo = ""
    suyos = select(ServicioAdquirido.id).where(ServicioAdquirido.persona_id == persona_id)
    session.execute(
        update(ConsultaLegado).where(ConsultaLegado.servicio_id.in_(suyos)).values(servicio_id=None)
    )
    for servicio in session.scalars(
        select(ServicioAdquirido).where(ServicioAdquirido.persona_id == persona_id)
    ):
        datos.append([servicio.linea, servicio.obligacion, servicio.estado])
        session.delete(servicio)
    return Olvidado(datos)


_BORRAR: Final[Mapping[str, Callable[[Session, int, dt.datetime], Olvidado]]] = {
    CONTACTOS: _borrar_contactos,
    LEGADO: _borrar_consultas,
    DOCUMENTOS: _borrar_documentos,
    NOMBRE: _borrar_nombre,
}


def terminar(
    session: Session, solicitud_id: int, cadenas: Mapping[str, Any], now: dt.datetime
) -> str:
    """The act as a document. `cadenas`: what verifying the chains of their cases said before and
    after. Its hash; "": it is not over."""
    solicitud = session.get_one(
        SolicitudDatos, solicitud_id, with_for_update=True, populate_existing=True
    )
    if solicitud.estado != reservas.APROBADA or pendientes(session, solicitud_id):
        return ""
    solicitud.cadenas, solicitud.cumplida = dict(cadenas), now
    dicho = canonico(_documento(solicitud, partes(session, solicitud_id)))
    hecha = {
        "estado": CUMPLIDA,
        "cumplida": now,
        "cadenas": dict(cadenas),
        "contenido": dicho,
        "huella": sha256(dicho),
    }
    _pasar(session, solicitud_id, reservas.APROBADA, hecha)
    return sha256(dicho)


def _documento(s: SolicitudDatos, suyas: Sequence[ParteDeSolicitud]) -> dict[str, Any]:
    return {
        "acta": s.numero,
        "solicitud": {
            "numero": s.solicitud,
            "recibida": s.recibida.isoformat(),
            "responder": s.responder.isoformat(),
        },
        "persona": s.persona_id,
        "fundamento": s.fundamento,
        "pedida": {"cuando": s.pedida, "por": s.pedida_por},
        "aprobada": {"cuando": s.decidida, "por": s.decidida_por, "respuesta": s.respuesta},
        "cumplida": s.cumplida,
        "cadenas": s.cadenas,
        "partes": [
            {
                "n": p.n,
                "que": p.que,
                "caso": p.case_key,
                "hacer": p.hacer,
                "estado": p.estado,
                "causa": p.causa,
                "datos": p.datos,
                "huella": p.huella,
                "cuando": p.cuando,
            }
            for p in suyas
        ],
    }


# --- looked at again ------------------------------------------------------------------------------
def verificar(session: Session) -> Verificados:
    """Every act that was carried out, against its hash."""
    return cada_una(
        session, SolicitudDatos, lambda s: _faltas(session, s), SolicitudDatos.estado == CUMPLIDA
    )


def _faltas(session: Session, s: SolicitudDatos) -> Iterator[str]:
    dicho = canonico(_documento(s, partes(session, s.id)))
    if sha256(s.contenido or b"") != s.huella or s.contenido != dicho:
        yield said("acta de la solicitud de datos %(n)s", n=s.numero)
