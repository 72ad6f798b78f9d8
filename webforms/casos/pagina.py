"""The page of a case: all that an officer needs to understand it and to act on it, on one page with
its forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.history import Entry
from engine.reads.instances import InstanceView
from records.casos import archivos, casos, devueltos, plazos_registrados, registro
from records.casos.expediente import Expediente, OtroCaso, otros_casos
from records.casos.reglas.estados import RESUELTOS
from records.correo import avisos, direcciones
from records.cuentas.reglas.roles import Facultad
from records.sistemas import paginas
from webforms.base.hojas import Hoja
from webforms.base.personas import nombres_de
from webforms.base.security import actor_actual, usuario_actual
from webforms.base.servicios import servicios
from webforms.casos import menciones
from webforms.casos.cabecera import Cabecera, cabecera, puede_ver
from webforms.casos.decisiones import Decididas, decididas_en
from webforms.casos.documentos import otros_de_la_persona
from webforms.casos.enlaces import vinculados
from webforms.casos.esperas import esperas
from webforms.casos.prorroga import prorroga_a_la_vista, puede_prorrogar
from webforms.casos.subidas import ademas
from webforms.correo.sin_salir import dicho as rechazo_dicho
from webforms.personas.cubierto import cubre
from webforms.plazos.palabras import no_prorroga, plazos_vistos, si_entrega_hoy
from webforms.plazos.vencimientos import PLAZOS
from webforms.sistemas import cotejo
from webforms.tareas.areas import del_area, vueltas
from webforms.tareas.asientos import es_del_caso, motivo
from webforms.tareas.nombres import historia_en_palabras
from webforms.tareas.notas import notas_de
from webforms.tareas.registrado import Dicho, dicho_en

#: How an answer got to the person.
MEDIOS_DE_ENTREGA: Mapping[str, Any] = {
    "correo": _l("por correo electrónico"),
    "direccion": _l("por correo físico"),
    "punto": _l("en el punto"),
    "telefono": _l("leída por teléfono"),
}
#: What happened last stands open on the page; what came before is folded.
RECIENTES = 6


@dataclass(frozen=True, slots=True)
class Intento:
    """What one of the forms of the page sent and got back; the fields of the others are empty."""

    errores: Sequence[tuple[str, str]] = ()  #: (id of the field, what is wrong)
    nota: str = ""
    marcadas: Sequence[str] = ()  #: user names of colleagues whom the note tells
    entregado: str = ""  #: what the person brought
    adjuntos: Sequence[str] = ()  #: names of files that were to be attached
    de_la_persona: bool = False  #: they were said to be of the person
    traidos: Sequence[str] = ()  #: names of files that the person brought


def hoja_del_caso(session: Session, case_key: str, intento: Intento | None = None) -> Hoja:
    """For whoever may open the case."""
    cab, ahora, intento = cabecera(session, case_key), servicios().clock.now(), intento or Intento()
    e = cab.expediente
    abiertas = reads.items.of_case(session, case_key, only_open=True)
    citadas = paginas.del_caso(session, case_key)
    unidos = vinculados(session, case_key)
    documentos, notas = archivos.a_la_vista(session, case_key), notas_de(session, case_key)
    enviada = (
        next((r for r in reversed(e.respuestas) if r.tipo in ("enviada", "punto")), None)
        if e
        else None
    )
    paso, escrito, decididas = linea_del_tiempo(session, case_key, cab.instancias)
    anota = _tiene(Facultad.ANOTAR)
    quienes = (
        {i.claimed_by for i in abiertas if i.claimed_by}
        | {d.subido_por for d in documentos}
        | {n.actor_id for n in notas}
    )
    quienes |= {c.pagina.citada_por for c in citadas} | {v.enlace.puesto_por for v in unidos}
    quienes |= {x.actor_id for x in paso} | ({enviada.autor} if enviada else set())
    quienes |= {e.salida.firma.por} if e is not None and e.salida.firma is not None else set()
    salieron, pueden_salir = devueltos.del_caso(session, case_key)
    quienes |= {quien for d in salieron for quien in (d.pedido_por, d.decidido_por) if quien}
    valores = {
        "pestana": "ver",
        "intento": intento,
        "adjuntos": intento.adjuntos,
        "errores": intento.errores,
        "enviada": enviada,
        "anexos": casos.adjuntos_de(session, enviada.id) if enviada is not None else (),
        "medios": MEDIOS_DE_ENTREGA,
        "abiertas": abiertas,
        "mias": {i.id for i in abiertas if i.role and actor_actual().has(i.role, i.scope)},
        "esperas": esperas(session, cab.instancias),
        "nombres": nombres_de(session, quienes),
        "documentos": documentos,
        "salieron": salieron,
        "registrados": plazos_registrados.del_caso(session, case_key)
        if cab.registrado is not None
        else (),
        "pueden_salir": pueden_salir
        if _tiene(Facultad.RADICAR) or _tiene(Facultad.CANCELAR)
        else {},
        "hay_persona": archivos.persona_del_caso(session, case_key) is not None,
        "de_la_persona": otros_de_la_persona(session, case_key),
        "citadas": citadas,
        "vinculados": unidos,
        "notas": notas,
        "anota": anota,
        "colegas": menciones.quienes_ven(session, case_key, ahora) if anota else [],
        "complementa": _tiene(Facultad.COMPLEMENTAR),
        "paso": [x for x in paso if es_del_caso(x)],
        "recientes": RECIENTES,
        "escrito": escrito,
        "decididas": decididas,
        "plazos": PLAZOS,
        "anulable": cab.registrado is not None and anota and cab.anulacion is None,
        "movible": cab.registrado is not None
        and cab.registrado.estado == registro.ABIERTO
        and _tiene(Facultad.OPERAR),
        "reabrible": _reabrible(cab),
        "corregible": cab.registrado is not None
        and not registro.es_anulado(cab.registrado)
        and _tiene(Facultad.CORREGIR),
        **(_del_expediente(session, e) if e is not None else {}),
        **_por_salir(session, case_key, e, abierto=_con_numero_y_abierto(cab)),
    }
    return Hoja(
        "casos/caso.html", {**cab.en_plantilla(), **valores}, 422 if intento.errores else 200
    )


def _tiene(facultad: Facultad) -> bool:
    """In whatever place: that the case is theirs to see was asked before."""
    usuario = usuario_actual()
    return usuario is not None and usuario.puede(facultad)


def _reabrible(cab: Cabecera) -> bool:
    """It ended, and its number stands."""
    f = cab.registrado
    return (
        f is not None
        and f.estado in (registro.TERMINADO, registro.ANULADO)
        and _tiene(Facultad.OPERAR)
    )


def _del_expediente(session: Session, e: Expediente) -> Mapping[str, Any]:
    ahora = servicios().clock.now()
    return {
        "suspension": e.suspension_abierta,
        # the figures of an account are as private as its holder's telephone
        "respondieron": None if cubre(e.caso.case_key) else cotejo.del_caso(session, e.caso),
        "si_hoy": si_entrega_hoy(e, ahora),
        "vistos": plazos_vistos(e, ahora, con_escalar=True),
        "vueltas": vueltas(session, e),
        "del_area": del_area(session, e),
        "otros": _otros_casos(session, e),
        "prorrogable": puede_prorrogar(e),
        "no_prorroga": no_prorroga(e, servicios().clock.now()) if prorroga_a_la_vista(e) else "",
    }


def _con_numero_y_abierto(cab: Cabecera) -> bool:
    """A case that the person may ask for, and to whom nobody has answered."""
    if cab.expediente is not None:
        caso = cab.expediente.caso
        return bool(caso.radicado) and caso.enviado is None and caso.estado not in RESUELTOS
    return cab.registrado is not None and cab.registrado.estado == "abierto"


def _por_salir(
    session: Session, case_key: str, e: Expediente | None, *, abierto: bool
) -> Mapping[str, Any]:
    """Letters that somebody must send, and mails that did not leave, with the incident from which
    each is sent again."""
    todos = avisos.avisos_del_caso(session, case_key, e.caso.id if e else None)
    sin_salir = [a for a in todos if avisos.es_deber(a)]
    cartas = [a for a in sin_salir if avisos.es_carta(a)]
    entregadas = [a for a in todos if avisos.entregada_en_papel(a)]
    fallidos = [a for a in sin_salir if not avisos.es_carta(a)]
    abiertos = reads.incidents.open_of_case(session, case_key) if fallidos else ()
    direccion = (
        avisos.datos_aviso(session, e.caso.id).correo_usuario
        if e and e.caso.medio_respuesta == "correo"
        else ""
    )
    return {
        "de_respuesta": direccion,
        "de_respuesta_es": direcciones.estado(session, direccion),
        "cartas": cartas,
        "cartas_entregadas": entregadas,
        "devoluciones": avisos.devoluciones(session, [a.id for a in (*cartas, *entregadas)]),
        "sin_acuse": abierto and not avisos.acusado(todos),
        "avisos_fallidos": fallidos,
        "rechazo_dicho": rechazo_dicho,
        "incidentes_de_aviso": {str(i.input.get("clave")): i.id for i in abiertos},
    }


def linea_del_tiempo(
    session: Session, case_key: str, instancias: Sequence[InstanceView]
) -> tuple[list[Entry], Mapping[tuple[str, int], Dicho], Decididas]:
    """What happened, the latest first, what people wrote and what tables decided; personal data
    covered as in the head of the page.

    One list for the history of a case and for its review: compliance reads nothing less than
    whoever works on the case.
    """
    todo, cubierto = (
        reads.history.of_case(session, servicios().engine.catalog, case_key),
        cubre(case_key),
    )
    entradas = historia_en_palabras(session, todo, instancias, cubierto=cubierto)
    escrito = dicho_en(session, (x for x in entradas if not motivo(x)), case_key)
    todas = sorted([*entradas, *ademas(session, case_key)], key=lambda x: x.at)[::-1]
    return todas, escrito, decididas_en(session, entradas, cubierto=cubierto)


def _otros_casos(session: Session, e: Expediente) -> list[tuple[OtroCaso, bool]]:
    """Other cases of the person, and whether whoever asks may open each."""
    actor = actor_actual()
    return [
        (otro, otro.case_key is not None and puede_ver(session, actor, otro.case_key))
        for otro in otros_casos(session, e.caso)
    ]
