"""The six controls of section 6 in words: how each is exercised, of what its figure is, what a row
says and how it is judged."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import url_for
from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from sqlalchemy.orm import Session

from records.controles import controles
from records.controles.controles import Fila, Periodo, Resumen
from records.controles.reglas.controles import Control
from records.cuentas.cuentas import gente_con
from records.cuentas.reglas.roles import Facultad
from webforms.base import formatos, palabras
from webforms.base.personas import nombres_de
from webforms.base.security import usuario_actual

#: How each is exercised here, in a line; and of what its figure is.
COMO: Final[Mapping[str, Any]] = {
    "6-1": _l(
        "Cada lunes se toma la lista de las cuentas y se decide sobre las que tienen un motivo"
    ),
    "6-2": _l(
        "El conector de los aplicativos no responde sin titular verificado en 5.2.4 o poder válido en 5.2.5"
    ),
    "6-3": _l(
        "El caso pasa al área al completar 5.2.15, con aviso; tarde es después del quinto día hábil (4.2)"
    ),
    "6-4": _l(
        "Los plazos corren de 5.2.16 a 5.2.18, con avisos; tarde es después del plazo interno del área"
    ),
    "6-5": _l(
        "Cada día hábil a las 07:30 se buscan los escalados sin resolver, y se remiten a los líderes"
    ),
    "6-6": _l(
        "Cada minuto se comprueba que la base del CRM responde; si no, se sigue en papel y después se sincroniza"
    ),
}


#: The query in words: what is a row, and what makes one an exception (`records/controles/controles.py`).
CONSULTA: Final[Mapping[str, Any]] = {
    "6-1": _l(
        "Cada lista semanal de cuentas. Es excepción la que nadie terminó antes de la siguiente, y la semana en que no se tomó."
    ),
    "6-2": _l(
        "Cada atención en la que se comparó al titular. Es excepción la que consultó un aplicativo sin que la titularidad quedara "
        "verificada."
    ),
    "6-3": _l(
        "Cada caso escalado, y el que debía escalarse y no lo fue. Es excepción si pasó el quinto día hábil; en rojo siempre."
    ),
    "6-4": _l(
        "Cada respuesta de un área, y la que se debía y no llegó; no la que espera a la persona. Es excepción después del plazo del área; "
        "en rojo si también pasó el término legal."
    ),
    "6-5": _l(
        "Cada reporte de casos vencidos. Es excepción el que tenía casos y nadie revisó, y el día hábil sin reporte."
    ),
    "6-6": _l(
        "Cada día en que se vigiló el CRM. Es excepción aquel en que dejó de responder, y el día hábil sin vigilancia."
    ),
}


def de_cuantas(control: str, n: int) -> str:
    frases = {
        "6-1": lambda: ngettext(
            "en %(num)s revisión semanal", "en %(num)s revisiones semanales", n
        ),
        "6-2": lambda: ngettext(
            "en %(num)s titularidad revisada", "en %(num)s titularidades revisadas", n
        ),
        "6-3": lambda: ngettext("en %(num)s caso escalado", "en %(num)s casos escalados", n),
        "6-4": lambda: ngettext(
            "en %(num)s respuesta de un área", "en %(num)s respuestas de las áreas", n
        ),
        "6-5": lambda: ngettext("en %(num)s reporte", "en %(num)s reportes", n),
        "6-6": lambda: ngettext("en %(num)s día vigilado", "en %(num)s días vigilados", n),
    }
    return str(frases[control]())


def estado(r: Resumen) -> tuple[str, str]:
    """Nothing is told as kept that was not exercised."""
    if r.graves:
        return "vencida", str(
            ngettext("%(num)s afectó a una persona", "%(num)s afectaron a una persona", r.graves)
        )
    if r.excepciones:
        return "por-vencer", str(
            ngettext("%(num)s excepción", "%(num)s excepciones", r.excepciones)
        )
    if r.abiertas:
        return "activa", str(_("Una por terminar"))
    if not r.veces:
        return "tranquila", str(_("Todavía no se ha ejercido"))
    return "hecha", str(_("Sin excepciones"))


@dataclass(frozen=True, slots=True)
class Tabla:
    columnas: tuple[Any, ...]
    celdas: Callable[
        [Fila, Mapping[str, str], Callable[[dt.datetime | None], str]], tuple[str, ...]
    ]


def _quien(f: Fila, personas: Mapping[str, str]) -> str:
    return personas.get(f.quien, f.quien) or "—"


def _si_no(valor: object) -> str:
    return "—" if valor is None else str(_("Sí") if valor else _("No"))


TABLAS: Final[Mapping[str, Tabla]] = {
    "6-1": Tabla(
        (_l("Lista del"), _l("Cuentas"), _l("Con motivo"), _l("Revisó"), _l("Cuándo")),
        lambda f, personas, m: (
            m(f.cuando),
            str(f.hechos["cuentas"]),
            str(f.hechos["con_motivo"]),
            _quien(f, personas),
            m(f.hechos["revisada"]),
        ),
    ),
    "6-2": Tabla(
        (
            _l("Atención"),
            _l("Asesor"),
            _l("Titularidad"),
            _l("Documento exhibido"),
            _l("Coincide con el CRM"),
            _l("Consultas a aplicativos"),
        ),
        lambda f, personas, m: (
            m(f.cuando),
            _quien(f, personas),
            palabras.en_palabras(f.hechos["titularidad"]).capitalize()
            + (f", {_('con poder')}" if f.hechos["apoderado_id"] else ""),
            _si_no(f.hechos["documento_exhibido"]),
            _si_no(f.hechos["coincide_crm"]),
            str(f.hechos["consultas"]),
        ),
    ),
    "6-3": Tabla(
        (
            _l("Radicado"),
            _l("Asesor"),
            _l("Área"),
            _l("Recibido"),
            _l("Escalado"),
            _l("Aviso al área"),
            _l("A más tardar"),
        ),
        lambda f, personas, m: (
            f.hechos["radicado"] or str(_("Sin radicado")),
            _quien(f, personas),
            palabras.area(f.hechos["area_id"]) or "—",
            m(f.hechos["recepcion"]),
            m(f.hechos["escalado"]),
            m(f.hechos["avisado"]),
            m(f.hechos["limite_escalar"]),
        ),
    ),
    "6-4": Tabla(
        (
            _l("Radicado"),
            _l("Área"),
            _l("Funcionario"),
            _l("Plazo del área"),
            _l("Respondió"),
            _l("Término legal"),
            _l("Enviado"),
        ),
        lambda f, personas, m: (
            f.hechos["radicado"] or str(_("Sin radicado")),
            palabras.area(f.hechos["area_id"]) or "—",
            _quien(f, personas),
            m(f.hechos["vence"]),
            m(f.hechos["respondido"]),
            m(f.hechos["limite_respuesta"]),
            m(f.hechos["enviado"]),
        ),
    ),
    "6-5": Tabla(
        (
            _l("Reporte del"),
            _l("Casos vencidos"),
            _l("Revisó"),
            _l("Cuándo"),
            _l("Remitido a los líderes"),
        ),
        lambda f, personas, m: (
            m(f.cuando),
            str(f.hechos["cuantos"]),
            _quien(f, personas),
            m(f.hechos["revisado"]),
            m(f.hechos["remitido"]),
        ),
    ),
    "6-6": Tabla(
        (
            *(_l("Día"), _l("Comprobaciones"), _l("Primera"), _l("Última")),
            *(_l("Veces que no respondió"), _l("Cuánto"), _l("Sin sincronizar")),
        ),
        lambda f, _personas, m: (
            formatos.fecha(f.hechos["dia"]),
            str(f.hechos["comprobaciones"]),
            m(f.hechos["primera"]),
            m(f.cuando),
            str(f.hechos["caidas"]),
            formatos.duracion(f.hechos["segundos"]) if f.hechos["segundos"] else "—",
            str(f.hechos["por_sincronizar"]),
        ),
    ),
}


def veredicto(control: str, f: Fila) -> tuple[str, str]:
    """Class and words of the pill of a row."""
    if f.abierta:
        return "activa", str(_("Por terminar"))
    if not f.excepcion:
        return "hecha", str(_("Cumple"))
    dichos = {
        "6-1": _l("Nadie la terminó"),
        "6-2": _l("Consulta sin titular"),
        "6-3": _l("Escalado tarde") if f.hechos.get("escalado") else _l("Sin escalar"),
        "6-4": _l("Respondió tarde") if f.hechos.get("respondido") else _l("Sin respuesta"),
        "6-5": _l("Nadie lo revisó"),
        "6-6": _l("No respondió"),
    }
    return ("critica" if f.grave else "vencida"), str(dichos.get(control, _l("Excepción")))


@dataclass(frozen=True, slots=True)
class Ficha:
    """A control on the panel. `estado`: class and words of its pill."""

    control: Control
    resumen: Resumen
    responsables: Sequence[str]
    de_cuantas: str
    estado: tuple[str, str]

    @property
    def como(self) -> str:
        return str(COMO[self.control.id])

    @property
    def consulta(self) -> str:
        return str(CONSULTA[self.control.id])


def ficha(session: Session, control: Control, p: Periodo) -> Ficha:
    r = controles.resumen(session, control.id, p)
    de_este_rol = (
        gente_con(session, [control.rol], None, p.now) if control.id in ("6-1", "6-5") else []
    )
    return Ficha(
        control,
        r,
        list(dict.fromkeys(g.nombre for g in de_este_rol)),
        de_cuantas(control.id, r.veces),
        estado(r),
    )


@dataclass(frozen=True, slots=True)
class Renglon:
    """One row in words: its first cell leads to what proves it."""

    celdas: tuple[str, ...]
    enlace: str
    fila: Fila


def _enlace(control: str, f: Fila) -> str:
    """Whoever may not see every case reads the row, and is not led to a page that refuses them."""
    if control == "6-1":
        return url_for("calidad.revision_de_accesos", revision_id=f.ref)
    if control == "6-6":
        return url_for("calidad.disponibilidad_del_crm", mes=f"{f.hechos['dia']:%Y-%m}")
    if not ve_casos():
        return ""
    if control == "6-5":
        return url_for("calidad.fallas_de_un_dia", reporte_id=f.ref)
    return url_for("casos.ver", case_key=f.case_key) if f.case_key else ""


def renglones(
    session: Session,
    control: str,
    filas: Sequence[Fila],
    momento: Callable[[dt.datetime | None], str],
) -> list[Renglon]:
    personas = nombres_de(session, {f.quien for f in filas if f.quien})
    return [
        Renglon(TABLAS[control].celdas(f, personas, momento), _enlace(control, f), f) for f in filas
    ]


def ve_casos() -> bool:
    usuario = usuario_actual()
    return usuario is not None and usuario.puede(Facultad.VER_TODO)
