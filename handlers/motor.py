"""What the engine is given of this agency: who may do what to instances, and the named functions of
its expressions."""

import datetime as dt
from zoneinfo import ZoneInfo

from engine.types import Authority, Calendar, Functions, When
from records.cuentas.reglas.roles import Facultad, con_facultad
from records.plazos.reglas.calendario import descansa, festivos, vencimiento


def autoridad() -> Authority:
    """Who may do what to instances, by the table of roles."""
    return Authority(
        supervise=con_facultad(Facultad.SUPERVISAR),
        steer=con_facultad(Facultad.OPERAR),
        cancel=con_facultad(Facultad.CANCELAR),
        migrate=con_facultad(Facultad.MIGRAR),
        repair=con_facultad(Facultad.REPARAR),
        correct=con_facultad(Facultad.CORREGIR),
    )


def calendario(zona: ZoneInfo) -> Calendar:
    return Calendar(zona, lambda dia: festivos(dia.year).get(dia), descansa)


def funciones() -> Functions:
    """Named functions of the expression language. `now` is given by the engine."""

    def dias_habiles(dias: int, desde: When | None = None, *, now: dt.datetime) -> When:
        start = now if desde in (None, "") else dt.datetime.fromisoformat(desde)
        return When(vencimiento(start, dias).astimezone(dt.UTC).isoformat())

    return {"dias_habiles": dias_habiles}
