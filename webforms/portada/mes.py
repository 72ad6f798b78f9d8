"""The month of a person as a table of business days, and where each date comes from: schedules of
the diagrams in force, terms, records."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from common.locales import days
from engine import reads
from engine.reads.schedules import ScheduleView
from engine.states import ScheduleState
from engine.types import Data, Occurrence, Processes
from records.auditorias import muestras
from records.cuentas.reglas.roles import Facultad
from records.informes.reportes import mes_de
from records.plazos.reglas import obligaciones as reglas
from records.plazos.reglas.calendario import dia_local, festivos
from records.plazos.reglas.obligaciones import Clase, Hechos, Obligacion
from webforms.base import formatos
from webforms.base.security import Usuario
from webforms.base.servicios import servicios
from webforms.paquetes import programacion_palabras as programacion
from webforms.plazos import terminos


@dataclass(frozen=True, slots=True)
class Tema:
    """Duties of one kind: of whom has a lane in these processes, and of whom may see what becomes
    of them."""

    inicia: Clase  #: what the calendar starts
    clases: tuple[Clase, ...]
    procesos: tuple[str, ...]  #: the first is the one that the calendar starts
    carriles: bool = True  #: who has a lane in them
    facultad: Facultad | None = None


#: Who is audited does not see how an audit goes before its copy has left.
TEMAS: Final = (
    Tema(
        Clase.CIERRE,
        (Clase.CIERRE, Clase.REPORTES),
        ("M5_1_02_reporte_mensual", "M5_1_02_reporte_punto"),
    ),
    Tema(
        Clase.MUESTRA,
        (Clase.MUESTRA, Clase.AUDITORIA),
        ("M5_1_02_auditoria",),
        carriles=False,
        facultad=Facultad.AUDITAR,
    ),
    Tema(
        Clase.COMITE,
        (Clase.COMITE, Clase.RESPUESTAS, Clase.SESION, Clase.ACCION),
        ("M5_1_02_comite_calidad", "M5_1_02_hallazgo"),
        facultad=Facultad.VER_COMITES,
    ),
    Tema(
        Clase.REMITIR,
        (Clase.REMITIR, Clase.ACUSE),
        ("M5_1_02_comite_interventor", "M5_1_02_entrega_interventor", "M5_1_02_acuse_interventor"),
        facultad=Facultad.VER_ENTREGAS,
    ),
    Tema(Clase.ACCESOS, (Clase.ACCESOS,), ("CTRL_6_1_accesos",)),
    Tema(Clase.FALLAS, (Clase.FALLAS,), ("CTRL_6_5_reporte_fallas",)),
)


def en_vigor(session: Session) -> Processes:
    catalogo = servicios().engine.catalog
    numero = reads.releases.current(session, catalogo)
    return reads.releases.processes(session, catalogo, numero) if numero else {}


def temas_de(usuario: Usuario, procesos: Processes) -> list[Tema]:
    """As the lanes of the diagrams in force and the faculties of the roles say."""
    return [
        t
        for t in TEMAS
        if (t.facultad is not None and usuario.puede(t.facultad))
        or (t.carriles and usuario.tiene(*_roles(t.procesos, procesos)))
    ]


def _roles(nombres: Collection[str], procesos: Processes) -> set[str]:
    elementos = (e for n in nombres if n in procesos for e in procesos[n].elements.values())
    return {e.lane.role for e in elementos if e.lane is not None and e.lane.role}


# --- the calendar of the product ------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Inicios:
    """When the calendar starts what these themes need, by which rule, and why on that day."""

    fechas: Mapping[Clase, Sequence[dt.datetime]]
    reglas: Mapping[Clase, ScheduleView]
    ocurrencias: Mapping[tuple[Clase, dt.datetime], Occurrence]


def inicios(session: Session, temas: Sequence[Tema], mes: dt.date) -> Inicios:
    """A paused start is told as one; what the diagrams no longer have starts nothing."""
    desde, hasta = reglas.ventana(mes)
    vigentes = {
        v.process: v
        for v in reads.schedules.listed(session)
        if v.state in (ScheduleState.ACTIVE, ScheduleState.PAUSED)
    }
    suyas = {t.inicia: vigentes[t.procesos[0]] for t in temas if t.procesos[0] in vigentes}
    dadas = {
        clase: reads.schedules.within(v, desde, hasta, servicios().engine.calendar)
        for clase, v in suyas.items()
    }
    return Inicios(
        {clase: [o.at for o in todas] for clase, todas in dadas.items()},
        suyas,
        {(clase, o.at): o for clase, todas in dadas.items() for o in todas},
    )


#: Activity → the duty whose day is the due date of its task.
DE_TAREA: Final[Mapping[str, Clase]] = {
    "act_5_2_23": Clase.REPORTES,
    "act_5_2_24": Clase.REPORTES,
    "act_5_2_25": Clase.REPORTES,
    "us_sortear": Clase.AUDITORIA,
    "act_5_2_27": Clase.AUDITORIA,
    "act_5_2_28": Clase.AUDITORIA,
    "act_5_2_30": Clase.RESPUESTAS,
    "act_5_2_31": Clase.SESION,
    "act_5_2_32": Clase.REMITIR,
}


# --- as a table -----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Evento:
    texto: str
    estado: str
    fuera: dt.date | None  #: its own day, when that is a day of rest and it stands under another


@dataclass(slots=True)
class Dia:
    fecha: dt.date
    festivo: str
    de_otro_mes: bool
    eventos: list[Evento] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Fecha:
    """A line of the table that says where each date comes from. `cuando` empty: it has none yet;
    `estado` ABIERTA: it has begun."""

    nombre: str
    cuando: str
    estado: str
    porque: str


@dataclass(frozen=True, slots=True)
class Mes:
    """`razones`: (kind, month or week) → its day, and why on that day."""

    nombre: str
    columnas: Sequence[str]  #: what the days of its weeks are called
    semanas: Sequence[Sequence[Dia]]
    fechas: Sequence[Fecha]
    razones: Mapping[tuple[Clase, str], tuple[dt.date | None, str]]

    def razon(self, elemento: str, datos: Data, vence: dt.datetime | None) -> str:
        """Of the due date of a task; empty where its term is not of this month, or where it falls
        on another day: what is sent again has a term of its own."""
        clase = DE_TAREA.get(elemento)
        de = datos.get("semana" if clase is Clase.AUDITORIA else "mes")
        if clase is None or not isinstance(de, str) or vence is None:
            return ""
        dia, porque_ese = self.razones.get((clase, de), (None, ""))
        return porque_ese if dia == dia_local(vence) else ""


def armar(
    mes: dt.date, temas: Sequence[Tema], dados: Inicios, hechos: Hechos, now: dt.datetime
) -> Mes | None:
    """None: this person owes nothing that has a day."""
    clases = {c for t in temas for c in t.clases}
    todas = [o for o in reglas.obligaciones(dados.fechas, hechos, now) if o.clase in clases]
    if not todas:
        return None
    filas = reglas.semanas(mes)
    dias = {
        d: Dia(d, festivos(d.year).get(d, ""), d.month != mes.month) for fila in filas for d in fila
    }
    for o in todas:
        if o.dia is not None and (casilla := reglas.casilla(o.dia, filas)) in dias:
            dias[casilla].eventos.append(
                Evento(corto(o), o.estado, o.dia if o.dia != casilla else None)
            )
    hoy = dia_local(now)
    razones = {
        (o.clase, o.de): (o.dia, razon_corta(o, hoy)) for o in todas if o.clase in DE_TAREA.values()
    }
    columnas = [formatos.nombre_de_dia(d.weekday()) for d in filas[0]]
    return Mes(
        formatos.mes(mes),
        columnas,
        [[dias[d] for d in fila] for fila in filas],
        _fechas(todas, dados, now),
        razones,
    )


ABIERTA: Final = "abierta"
ATRASADAS: Final = 5  #: of one kind; the lists of findings and deliveries have all of them


def _fechas(todas: Sequence[Obligacion], dados: Inicios, now: dt.datetime) -> list[Fecha]:
    """Of each kind what is late and what comes next; where nothing is left, the last that was done.
    Actions stand each by itself."""
    dichas: list[Obligacion] = []
    for clase in dict.fromkeys(o.clase for o in todas):
        suyas = [o for o in todas if o.clase == clase]
        tarde, faltan = (
            [o for o in suyas if o.estado == e] for e in (reglas.VENCIDA, reglas.PENDIENTE)
        )
        dichas += [
            *tarde[:ATRASADAS],
            *faltan[: ATRASADAS if clase is Clase.ACCION else 1],
        ] or suyas[-1:]
    dichas.sort(
        key=lambda o: (o.cuando is None, o.cuando or dt.datetime.max.replace(tzinfo=dt.UTC))
    )
    hoy = dia_local(now)
    return [
        Fecha(largo(o), _cuando(o, hoy), _estado(o, now), porque(o, dados, hoy)) for o in dichas
    ]


def _estado(o: Obligacion, now: dt.datetime) -> str:
    """A review that began on its day and whose term is not over is open, not still to come."""
    return (
        ABIERTA
        if o.estado == reglas.PENDIENTE and o.cuando is not None and o.cuando < now
        else o.estado
    )


def _cuando(o: Obligacion, hoy: dt.date) -> str:
    if o.cuando is None or o.dia is None:
        return ""
    hora = formatos.hora(o.cuando)
    return formatos.fecha(o.dia, hoy) if hora == FIN else f"{formatos.fecha(o.dia, hoy)}, {hora}"


FIN: Final = "23:59"  # a term that ends with the day needs no hour


# --- words ----------------------------------------------------------------------------------------
CORTOS: Final[Mapping[Clase, Any]] = {
    Clase.CIERRE: _l("Se congela %(de)s"),
    Clase.REPORTES: _l("Reportes de %(de)s"),
    Clase.MUESTRA: _l("Muestra, semana %(de)s"),
    Clase.AUDITORIA: _l("Cierra la auditoría %(de)s"),
    Clase.COMITE: _l("El comité reúne hallazgos"),
    Clase.RESPUESTAS: _l("Respuestas al comité"),
    Clase.SESION: _l("Sesión del comité"),
    Clase.ACCION: _l("Cierre de %(de)s"),
    Clase.REMITIR: _l("Remitir %(de)s"),
    Clase.ACUSE: _l("Acuses de %(de)s"),
    Clase.ACCESOS: _l("Revisión de accesos"),
    Clase.FALLAS: _l("Reporte de fallas"),
}
LARGOS: Final[Mapping[Clase, Any]] = {
    Clase.CIERRE: _l("Congelar %(de)s"),
    Clase.REPORTES: _l("5.2.23 a 5.2.25 Reportes de los puntos"),
    Clase.MUESTRA: _l("5.2.27 Muestra de la semana %(de)s"),
    Clase.AUDITORIA: _l("5.2.27 y 5.2.28 F189 e informe de la semana %(de)s"),
    Clase.COMITE: _l("5.2.30 Reunir los hallazgos"),
    Clase.RESPUESTAS: _l("5.2.30 Respuestas a los hallazgos"),
    Clase.SESION: _l("5.2.31 Sesión del Comité de Calidad"),
    Clase.ACCION: _l("Cierre de la acción de %(de)s"),
    Clase.REMITIR: _l("5.2.32 Remitir el informe de %(de)s"),
    Clase.ACUSE: _l("5.2.32 Acuse de recibo del informe de %(de)s"),
    Clase.ACCESOS: _l("6-1 Revisión de accesos"),
    Clase.FALLAS: _l("6-5 Reporte de fallas"),
}


def _de(o: Obligacion) -> str:
    """The month by its name, the week that is audited by its days, the finding by its code."""
    if "-W" in o.de:
        return days(*muestras.semana_auditada(o.de), "MMMd")
    return (
        formatos.nombre_de_mes(mes_de(o.de).month)
        if o.de[:1].isdigit() and o.clase is not Clase.FALLAS
        else o.de
    )


def corto(o: Obligacion) -> str:
    dicho = str(CORTOS[o.clase]) % {"de": _de(o)}
    if o.estado == reglas.NO_CONSTA:
        return str(_("%(q)s: no consta", q=dicho))
    return f"{dicho} ({_contada(o)})" if o.total else dicho


def largo(o: Obligacion) -> str:
    dicho = str(LARGOS[o.clase]) % {"de": _de(o)}
    return f"{dicho} ({_contada(o)})" if o.total else dicho


def _contada(o: Obligacion) -> str:
    return str(_("%(h)s de %(t)s", h=o.hechos, t=o.total))


def porque(o: Obligacion, dados: Inicios, hoy: dt.date) -> str:
    """Why that day: the rule of the diagram with the holidays that moved it, or the term in
    business days."""
    if o.cuando is not None and (o.clase, o.cuando) in dados.ocurrencias:
        return _de_la_programacion(o, dados)
    if o.clase is Clase.REPORTES and o.porque is not None:
        return f"{razon_corta(o, hoy)}. " + str(_("Ninguno se aprueba solo."))
    if o.clase is Clase.AUDITORIA:
        return str(_("Mismo cierre para los F189 y el informe; después se avisa al Jefe OCM."))
    if o.clase is Clase.ACCION:
        return str(_("La fijó la respuesta al hallazgo."))
    if o.clase is Clase.SESION and o.cuando is None:
        return str(
            _(
                "Se convoca cuando cada hallazgo tiene respuesta; %(n)s días hábiles después.",
                n=reglas.DIAS_SESION,
            )
        )
    if o.clase is Clase.REMITIR and o.cuando is None:
        return str(
            _(
                "Al consolidar (5.2.26), que espera todos los reportes; %(n)s días hábiles después.",
                n=reglas.DIAS_REMITIR,
            )
        )
    return _con_plazo(o, hoy)


def razon_corta(o: Obligacion, hoy: dt.date) -> str:
    """Beside a task, which says by itself what it is."""
    if o.clase is Clase.REPORTES and o.porque is not None:
        return str(_("%(n)s.º día hábil después del mes", n=o.porque.dias)) + terminos.saltados(
            o.porque
        )
    return str(_("Cierre de la semana")) if o.clase is Clase.AUDITORIA else _con_plazo(o, hoy)


#: From when a term runs.
DESDE: Final[Mapping[Clase, Any]] = {
    Clase.RESPUESTAS: _l("desde que el comité reúne los hallazgos"),
    Clase.SESION: _l("desde la convocatoria"),
    Clase.REMITIR: _l("desde que el informe está listo"),
    Clase.ACUSE: _l("desde que se remitió; después se recuerda"),
}


def _con_plazo(o: Obligacion, hoy: dt.date) -> str:
    if o.porque is None:
        return ""
    partes = {
        "n": o.porque.dias,
        "d": str(DESDE[o.clase]),
        "f": formatos.fecha(o.porque.desde, hoy),
    }
    return str(_("%(n)s días hábiles %(d)s, el %(f)s", **partes)) + terminos.saltados(o.porque)


def _de_la_programacion(o: Obligacion, dados: Inicios) -> str:
    vista = dados.reglas[o.clase]
    regla = programacion.regla(vista.rule)
    movida = (
        programacion.porque(dados.ocurrencias[o.clase, o.cuando]) if o.cuando is not None else ""
    )
    partes = [regla[:1].upper() + regla[1:], *([movida] if movida else [])]
    if vista.state == ScheduleState.PAUSED:
        partes.append(str(_("está en pausa: no empieza sola")))
    if o.clase is Clase.CIERRE:
        partes.append(str(_("lo que entre después es tardío")))
    if o.clase is Clase.ACCESOS:
        partes.append(str(_("la que nadie termina da paso a la siguiente")))
    return "; ".join(partes)
