"""When a task stands still (SUPUESTO Q27): pure."""

import datetime as dt

from records.plazos.reglas.calendario import dia_local, habiles_entre, instante


def quieta_desde(tocada: dt.datetime, seguimiento: dt.date | None) -> dt.datetime:
    """The last touch, or the day on which its holder wanted to look at it again: until then it
    rests on purpose."""
    return tocada if seguimiento is None else max(tocada, instante(seguimiento, dt.time(0)))


def dias_quieta(desde: dt.datetime, ahora: dt.datetime) -> int:
    """In business days; 0 or less: it moved today, or rests until a later day."""
    return habiles_entre(dia_local(desde), dia_local(ahora))
