"""Hours of Bogotá for the tests."""

import datetime as dt
from zoneinfo import ZoneInfo


def bogota(*partes: int) -> dt.datetime:
    """A local hour, in UTC."""
    anio, mes, dia, *hora = partes
    return dt.datetime(anio, mes, dia, *hora, tzinfo=ZoneInfo("America/Bogota")).astimezone(dt.UTC)
