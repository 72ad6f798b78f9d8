"""What stands beside the form in the adviser's console: turn, person, products, open cases, legacy answers, what follows."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import session as galleta
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.states import MarkState
from engine.types import WorkItem
from records import atenciones
from records import filas
from records import personas
from records.catalogo import LINEAS
from records.rules.sistemas import SISTEMAS
from records.tables import Atencion
from records.tables import Caso
from records.tables import ConsultaLegado
from records.tables import Persona
from records.tables import Tipificacion
from records.tables import Turno
from webforms import tareas
from webforms.asesor.puesto import puesto_actual
from webforms.base import formatos
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios

#: Steps of the bar: element → (number of the procedure, word).
PASOS = (
    ("act_5_2_2", "2", _l("Llamar")),
    ("act_5_2_3", "3", _l("Motivo")),
    ("act_5_2_4", "4", _l("Titularidad")),
    ("act_5_2_6", "6", _l("CRM")),
    ("act_5_2_7", "7", _l("Datos")),
    ("act_5_2_8", "8", _l("Tipificar")),
    ("act_5_2_9", "9", _l("Aplicativos")),
    ("act_5_2_10", "10", _l("Responder")),
    ("act_5_2_12", "12", _l("Calificar")),
)
RUTINA_MIN = (6, 15)  # I2, usual minutes of an attention


# --- the frame of an activity -----------------------------------------------------------------------------------------
#: Columns of a legacy answer in the order in which they are read, with their words; others are not shown.
ROTULOS = {
    "obligacion": _l("Obligación"),
    "linea": _l("Línea"),
    "estado": _l("Estado"),
    "saldo": _l("Saldo"),
    "dias_mora": _l("Mora"),
    "ultimo_pago": _l("Último pago"),
    "proxima_cuota": _l("Próxima cuota"),
    "valor_cuota": _l("Valor de la cuota"),
}


def celda(columna: str, valor: Any) -> str:
    """A value of a legacy system as people read it."""
    if columna in ("saldo", "valor_cuota"):
        return formatos.dinero(float(valor))
    if columna == "dias_mora":
        return str(_("%(n)s días", n=valor))
    if columna in ("ultimo_pago", "proxima_cuota"):
        return formatos.fecha(str(valor)[:10])
    if columna == "linea":
        return LINEAS.get(str(valor), str(valor))
    return str(valor).replace("_", " ").capitalize() if columna == "estado" else str(valor)


@dataclass(frozen=True, slots=True)
class Legado:
    nombre: str
    tecla: str
    estado: str
    segundos: float | None
    corte: str
    filas: list[dict[str, Any]]

    @property
    def obligaciones(self) -> list[list[tuple[str, str]]]:
        """(word, text) of each row."""
        return [[(str(palabra), celda(c, f[c])) for c, palabra in ROTULOS.items() if f.get(c) not in (None, "")] for f in self.filas[:4]]

    @property
    def texto(self) -> str:
        """What the button inserts into the answer."""
        partes = ["; ".join(f"{palabra.lower()} {texto}" for palabra, texto in pares) for pares in self.obligaciones]
        return f"Según {self.nombre} (corte {self.corte or 'sin fecha'}): " + " | ".join(partes) + ". "


def contexto(session: Session, tarea: tareas.Tarea) -> dict[str, Any]:
    """What stands beside the form: turn, person, products, open cases, history, legacy answers, what follows."""
    s = servicios()
    now, item = s.clock.now(), tarea.item
    puesto = puesto_actual(session)
    turno_id = item.data.get("turno_id")
    turno = session.get(Turno, turno_id) if isinstance(turno_id, int) else None
    persona = _persona(session, item)
    recorrido = reads.instances.path(session, item.instance_id)
    return {
        "puesto": puesto,
        "turno": turno,
        "inicio": _inicio(session, turno),
        "rutina": RUTINA_MIN,
        "pasos": _pasos(item, recorrido),
        "persona": persona,
        "cola": filas.resumen(session, puesto.punto.codigo, now),
        "legado": _legado(session, turno) if item.element in ("act_5_2_10", "us_consulta_manual") else [],
        "caso": _caso(session, item),
        "sigue": _sigue(tarea, session),
    }


def _inicio(session: Session, turno: Turno | None) -> dt.datetime | None:
    if turno is None:
        return None
    return session.scalar(sa.select(Atencion.inicio).where(Atencion.turno_id == turno.id))


def _pasos(item: WorkItem, recorrido: dict[str, reads.instances.Mark]) -> list[tuple[str, str, str]]:
    """(number, word, state) of the steps of the bar."""
    pasos = []
    for elemento, numero, palabra in PASOS:
        hecho = elemento in recorrido and recorrido[elemento].state == MarkState.DONE
        estado = "actual" if elemento == item.element else "hecho" if hecho else ""
        pasos.append((numero, str(palabra), estado))
    return pasos


def _persona(session: Session, item: WorkItem) -> dict[str, Any] | None:
    """The person's panel. Account data only for a verified holder (reserva bancaria); every look is recorded first."""
    persona_id = item.data.get("persona_id")
    persona = session.get(Persona, persona_id) if isinstance(persona_id, int) and persona_id else None
    if persona is None:
        return None
    s = servicios()
    completos = galleta.get("datos_de") == item.id
    kind = "datos_completos" if completos else "consulta_persona"
    s.engine.log_access(actor_actual(), kind, item.case_key, now=s.clock.now(), detail={"persona": persona.id})
    verificada = item.data.get("titularidad") == "verificada"
    historia = personas.historia_persona(session, persona.id, 6)
    return {
        "fila": persona,
        "completos": completos,
        "datos": personas.datos_vigentes(session, persona.id),
        "titularidad": item.data.get("titularidad"),
        "calidad": item.data.get("calidad"),
        "productos": personas.servicios(session, persona.id) if verificada else [],
        "abiertos": [
            c for c in historia.casos if c.estado not in ("cerrado", "desistido", "anulado", "trasladado") and c.case_key != item.case_key
        ],
        "visitas": [v for v in historia.visitas if v.turno_id != item.data.get("turno_id")],
        "repetidas": atenciones.visitas_recientes(session, persona.id, s.clock.now()),
    }


def _legado(session: Session, turno: Turno | None) -> list[Legado]:
    leidas = {}
    if turno is not None:
        consulta = sa.select(ConsultaLegado).where(ConsultaLegado.turno_id == turno.id).order_by(ConsultaLegado.id)
        leidas = {c.sistema: c for c in session.scalars(consulta)}
    vistos = []
    for sistema in SISTEMAS:
        c = leidas.get(sistema.codigo)
        if c is not None:
            corte = c.fecha_corte.date().strftime("%d/%m/%Y") if c.fecha_corte else ""
            vistos.append(Legado(sistema.nombre, sistema.tecla, c.estado, c.ms / 1000 if c.ms is not None else None, corte, c.filas or []))
    return vistos


def _caso(session: Session, item: WorkItem) -> tuple[Caso, Tipificacion | None] | None:
    caso_id = item.data.get("caso_id")
    caso = session.get(Caso, caso_id) if isinstance(caso_id, int) else None
    return (caso, session.get(Tipificacion, caso.tema)) if caso is not None else None


def _sigue(tarea: tareas.Tarea, session: Session) -> list[tuple[str, str, str]]:
    """The next steps after this one: (number, name, who)."""
    elementos = reads.releases.processes(session, servicios().engine.catalog, tarea.item.release)[tarea.item.process].elements
    orden = [elemento for elemento, _n, _p in PASOS] + ["act_5_2_11"]
    orden = sorted(set(orden), key=lambda e: int(e.rpartition("_")[2]))
    if tarea.item.element not in orden:
        return []
    siguientes = orden[orden.index(tarea.item.element) + 1 :][:3]
    nombres = []
    for clave in siguientes:
        if clave in elementos:
            automatico = elementos[clave].type != "userTask"
            nombres.append((f"5.2.{clave.rpartition('_')[2]}", elementos[clave].name, _("Automático") if automatico else ""))
    return nombres
