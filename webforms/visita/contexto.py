"""What stands beside the form in the adviser's console: turn, person, products, open cases, legacy
answers, what follows."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from common.language import SPANISH, speaking
from common.locales import own_name
from engine import reads
from engine.reads.instances import Mark
from engine.types import Data
from records.casos import casos, plantillas
from records.casos.expediente import casos_abiertos
from records.casos.tablas import Caso, Tipificacion
from records.correo import direcciones
from records.escritos.escritos import Entregada, entregadas_por
from records.personas import personas
from records.personas.tablas import Persona, ServicioAdquirido
from records.plazos.reglas.calendario import dia_local, instante
from records.sistemas import paginas
from records.sistemas.legado import A_MANO
from records.sistemas.tablas import ConsultaLegado
from records.visita import atenciones, filas, turnos
from records.visita.reglas.turnos import MOTIVOS_PAUSA
from records.visita.tablas import Atencion, Turno
from webforms import tareas
from webforms.ayuda.atajos import DE_PLANTILLAS
from webforms.base import palabras
from webforms.base.catalogos import IDIOMAS
from webforms.base.palabras import NOMBRES_DE_SISTEMAS
from webforms.base.personas import nombres_de
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos.comunes import FACULTADES, MOTIVOS_VISITA
from webforms.sistemas.cotejo import cifras, cotejar
from webforms.tareas.elementos import numero_de_actividad
from webforms.visita import llamados, pasos
from webforms.visita.puesto import puesto_actual

Leido = tuple[Mapping[str, ConsultaLegado], Sequence[ServicioAdquirido], str, dt.date, str | None]

TERMINADOS = ("cerrado", "desistido", "anulado", "trasladado")
MAX_PLANTILLAS = 8
DIAS_REPETIDA = 30  # of the repeated-visit alert, as records.visita.atenciones counts them
RUTINA_MIN = (6, 15)  # I2, usual minutes of an attention


@dataclass(frozen=True, slots=True)
class Plantilla:
    """A template of an answer as the console offers it."""

    nombre: str
    texto: str
    tecla: str
    fuente: str = ""  #: the system whose figures it tells
    falta: str = ""  #: why it cannot be used


@dataclass(frozen=True, slots=True)
class Momento:
    """Where a visit stands: at a task of the adviser, or at a system that is being asked."""

    clave: str  #: of the task or job
    elemento: str
    release: int
    instancia_id: str
    case_key: str
    datos: Data


def contexto(session: Session, tarea: tareas.Tarea) -> dict[str, Any]:
    """What stands beside the form of a task."""
    i = tarea.item
    momento = Momento(i.id, i.element, i.release, i.instance_id, i.case_key, i.data)
    con_respuestas = i.element in ("act_5_2_10", "us_consulta_manual")
    visto = del_momento(session, momento)
    se_va = i.element in llamados.EMPEZADA
    llega = i.element in (llamados.LLAMADA, *llamados.EMPEZADA)
    leido = _leido(session, visto) if con_respuestas else None
    return {
        **visto,
        "cotejo": cotejar(*leido) if leido is not None else None,
        "a_mano": _a_mano(session, visto["turno"]) if con_respuestas else (),
        "nombres_de_sistemas": NOMBRES_DE_SISTEMAS,
        "se_va": se_va,
        "puede_irse": i.element in llamados.SIN_RADICAR,
        "salida": llamados.Salida(),
        "destinos": llamados.destinos(session, visto["puesto"]) if llega else llamados.Destinos(),
        "vuelta": _vuelta(session, visto["turno"]) if llega else None,
        "plantillas": _plantillas(session, visto, leido) if i.element == "act_5_2_10" else [],
    }


def _vuelta(session: Session, turno: Turno | None) -> tuple[turnos.Vuelta, str] | None:
    """Why a desk gave this turn back before, and who: nobody tells it twice."""
    vuelta = turnos.ultima_vuelta(session, turno.id) if turno is not None else None
    if vuelta is None:
        return None
    return vuelta, nombres_de(session, {vuelta.asesor_id}).get(
        vuelta.asesor_id, ""
    ) if vuelta.asesor_id else ""


def _plantillas(session: Session, visto: Mapping[str, Any], leido: Leido | None) -> list[Plantilla]:
    """The texts of the case's theme in the person's language, or where there is none in any, filled
    in for this person; the first ones that may be used have a key."""
    if visto["caso"] is None:
        return []
    caso, nombre = visto["caso"][0], visto["persona"]["fila"].nombre if visto["persona"] else ""
    lengua = visto["turno"].idioma if visto["turno"] is not None else SPANISH
    todas = plantillas.vigentes(session, caso.tema)
    propias = [p for p in todas if p.idioma == lengua] or todas
    suyos = {
        "nombre": nombre,
        "radicado": caso.radicado or "",
        "punto": visto["puesto"].punto.nombre,
    }
    teclas, hechas = iter(DE_PLANTILLAS), []
    for p in propias[:MAX_PLANTILLAS]:
        with speaking(p.idioma):
            dichas = cifras(cotejar(*leido) if leido is not None else None)
            texto = plantillas.rellenar(p.texto, {**suyos, **dichas.valores})
        pedidas = plantillas.cifras_de(p.texto)
        sin = [c for c in pedidas if not dichas.valores.get(c)]
        falta = _falta(sin[0], dichas.porque) if sin else ""
        tecla = "" if falta else next(teclas, "")
        hechas.append(Plantilla(p.nombre, texto, tecla, dichas.fuente if pedidas else "", falta))
    return hechas


def _falta(campo: str, porque: str) -> str:
    return str(_("falta «%(c)s»: %(p)s", c=campo.replace("_", " "), p=porque))


def del_momento(session: Session, momento: Momento) -> dict[str, Any]:
    """Turn, person, products, open cases, history, what follows."""
    puesto = puesto_actual(session)
    turno_id = momento.datos.get("turno_id")
    turno = session.get(Turno, turno_id) if isinstance(turno_id, int) else None
    recorrido = reads.instances.path(session, momento.instancia_id)
    return {
        "momento": momento,
        "puesto": puesto,
        "turno": turno,
        **_de_la_atencion(session, turno),
        "rutina": RUTINA_MIN,
        "motivos_pausa": MOTIVOS_PAUSA,
        "pasos": pasos.barra(momento.datos, recorrido, momento.elemento),
        "persona": _persona(session, momento),
        "cola": filas.resumen(session, puesto.punto.codigo, servicios().clock.now()),
        "caso": _caso(session, momento),
        "citadas": paginas.del_caso(session, momento.case_key),
        "facultades": dict(FACULTADES),
        "idiomas": list(IDIOMAS),
        "nombre_de_idioma": own_name,
        "sigue": _sigue(session, momento, recorrido),
        "entregas": [e for e in entregas_de_hoy(session) if e.turno_id == turno_id]
        if pasos.ruta_de(momento.datos) == "escrita"
        else [],
    }


def entregas_de_hoy(session: Session) -> list[Entregada]:
    """What this adviser passed on to document management today."""
    hoy = instante(dia_local(servicios().clock.now()), dt.time(0))
    return entregadas_por(session, actor_actual().id, hoy)


def _de_la_atencion(session: Session, turno: Turno | None) -> dict[str, Any]:
    """Since when somebody is attended, and what they came for: while nobody is identified it is all
    that is known."""
    fila = None
    if turno is not None:
        fila = session.execute(
            sa.select(Atencion.inicio, Atencion.motivo).where(Atencion.turno_id == turno.id)
        ).first()
    inicio, dijo = fila or (None, "")
    return {
        "inicio": inicio,
        "dijo": dijo,
        "motivo_del_turno": dict(MOTIVOS_VISITA).get(turno.motivo_visita, "") if turno else "",
    }


def _apoderado(session: Session, momento: Momento) -> atenciones.Apoderado | None:
    turno_id = momento.datos.get("turno_id")
    return (
        atenciones.apoderado(session, turno_id, momento.case_key)
        if isinstance(turno_id, int)
        else None
    )


def _persona(session: Session, momento: Momento) -> dict[str, Any] | None:
    """The person's panel. Account data only for a verified holder (reserva bancaria); every look is
    recorded first."""
    persona_id = momento.datos.get("persona_id")
    persona = (
        session.get(Persona, persona_id) if isinstance(persona_id, int) and persona_id else None
    )
    if persona is None:
        return None
    s = servicios()
    s.engine.log_access(
        actor_actual(),
        "consulta_persona",
        momento.case_key,
        now=s.clock.now(),
        detail={"persona": persona.id},
    )
    verificada = momento.datos.get("titularidad") == "verificada"
    historia, datos = (
        personas.historia_persona(session, persona.id, 6),
        personas.datos_vigentes(session, persona.id),
    )
    return {
        "fila": persona,
        "datos": datos,
        "correo": direcciones.estado(session, datos.get("correo", "")),
        "titularidad": momento.datos.get("titularidad"),
        "calidad": momento.datos.get("calidad"),
        "apoderado": _apoderado(session, momento),
        "productos": personas.servicios(session, persona.id) if verificada else [],
        "abiertos": [
            c
            for c in historia.casos
            if c.estado not in TERMINADOS and c.case_key != momento.case_key
        ],
        "esperan": {c.caso_id: c.pedido for c in casos_abiertos(session, persona.id) if c.pedido},
        "motivos": dict(MOTIVOS_VISITA),
        "resultados": palabras.RESULTADOS,
        "visitas": [v for v in historia.visitas if v.turno_id != momento.datos.get("turno_id")],
        "repetidas": atenciones.visitas_recientes(session, persona.id, s.clock.now()),
        "anterior": _anterior(session, momento, persona.id) if verificada else None,
    }


def _anterior(session: Session, momento: Momento, persona_id: int) -> casos.CasoAnterior | None:
    """What this person was told last time: only for a verified holder, an answer holds account
    data."""
    caso_id = momento.datos.get("caso_id")
    desde = servicios().clock.now() - dt.timedelta(days=DIAS_REPETIDA)
    return casos.caso_anterior(
        session, persona_id, desde, caso_id if isinstance(caso_id, int) else 0
    )


def leidas(session: Session, turno_id: int) -> dict[str, ConsultaLegado]:
    """What each system last answered in this visit, by code."""
    propias = ConsultaLegado.turno_id == turno_id, ConsultaLegado.modo == "automatica"
    return {
        c.sistema: c
        for c in session.scalars(
            sa.select(ConsultaLegado).where(*propias).order_by(ConsultaLegado.id)
        )
    }


def _a_mano(session: Session, turno: Turno | None) -> Sequence[ConsultaLegado]:
    """What this visit found out by another way."""
    if turno is None:
        return ()
    propias = ConsultaLegado.turno_id == turno.id, ConsultaLegado.estado == A_MANO
    return session.scalars(
        sa.select(ConsultaLegado).where(*propias).order_by(ConsultaLegado.id)
    ).all()


def _leido(session: Session, visto: Mapping[str, Any]) -> Leido:
    """What each system said, to be put side by side; the obligation of the case comes first."""
    turno, persona, servicio_id = (
        visto["turno"],
        visto["persona"],
        visto["momento"].datos.get("servicio_id"),
    )
    leido = leidas(session, turno.id) if turno is not None else {}
    productos = persona["productos"] if persona is not None else []
    del_caso = next((p.obligacion for p in productos if p.id == servicio_id), "")
    hoy = dia_local(servicios().clock.now())
    return leido, productos, del_caso, hoy, turno.idioma if turno is not None else None


def _caso(session: Session, momento: Momento) -> tuple[Caso, Tipificacion | None] | None:
    caso_id = momento.datos.get("caso_id")
    caso = session.get(Caso, caso_id) if isinstance(caso_id, int) else None
    return (caso, session.get(Tipificacion, caso.tema)) if caso is not None else None


def _sigue(
    session: Session, momento: Momento, recorrido: Mapping[str, Mark]
) -> list[tuple[str, str, str]]:
    """The next steps after this one: (number, name, who)."""
    procesos = reads.releases.processes(
        session, servicios().engine.catalog, momento.release
    ).values()
    elementos = {clave: e for proceso in procesos for clave, e in proceso.elements.items()}
    siguientes = [
        e for e in pasos.siguientes(momento.datos, recorrido, momento.elemento) if e in elementos
    ]
    return [
        (
            numero_de_actividad(e),
            elementos[e].name,
            "" if elementos[e].type == "userTask" else _("Automático"),
        )
        for e in siguientes
    ]
