"""What the checks of the evidence found last: a file where the keys that sign are made, which the
owner of the database does not write.

The place that signs also checks, by itself: behind each signature what is new since the check
before, at night everything, and the chains with all that stands on them. What was found stays until
a check of the same kind finds nothing. Only how much: the sentences name rows, and whoever reads
this file need not know whose they are.
"""

import datetime as dt
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from engine.reads.evidence import ALL, Checked
from records.plazos.reglas.calendario import ZONA
from webforms.evidencia import llave

HORA_DE_TODO = 2  #: at night, hour of the place


class Clase(StrEnum):
    NUEVO = "nuevo"  #: what was done since the check before
    TODO = "todo"  #: the log, and everything that it saw
    CADENAS = "cadenas"  #: `flask audit verify`


@dataclass(frozen=True, slots=True)
class Hallado:
    cuando: dt.datetime
    fallas: int


@dataclass(frozen=True, slots=True)
class Comprobado:
    hasta: Checked = ALL  #: from where the next check of what is new goes on
    hallados: Mapping[Clase, Hallado] = field(default_factory=dict)

    def falta_todo(self, now: dt.datetime) -> bool:
        """Whether the night has come since everything was checked, or it never was."""
        hora = dt.time(HORA_DE_TODO, tzinfo=ZONA)
        hoy = dt.datetime.combine(now.astimezone(ZONA).date(), hora)
        ultima = hoy if now >= hoy else hoy - dt.timedelta(days=1)
        return any(
            clase not in self.hallados or self.hallados[clase].cuando < ultima
            for clase in (Clase.TODO, Clase.CADENAS)
        )


def archivo() -> Path:
    return llave.propio().with_name("evidence.checked")


def leer() -> Comprobado:
    """Nothing yet where there is no file, or none that we wrote. OSError of the disk."""
    try:
        dicho: dict[str, Any] = json.loads(archivo().read_text("utf-8"))
        hallados = {
            Clase(clase): Hallado(dt.datetime.fromisoformat(h["cuando"]), int(h["fallas"]))
            for clase, h in dicho["hallados"].items()
        }
        return Comprobado(
            Checked(int(dicho["hasta"]["size"]), bytes.fromhex(dicho["hasta"]["edge"])), hallados
        )
    except (FileNotFoundError, ValueError, TypeError, KeyError, AttributeError):
        return Comprobado()


def anotar(clase: Clase, fallas: int, now: dt.datetime, hasta: Checked | None = None) -> None:
    """`hasta`: where the next check of what is new begins, if this one found nothing."""
    antes = leer()
    sitio = hasta if hasta is not None and not fallas else antes.hasta
    hallados = {**antes.hallados, clase: Hallado(now, fallas)}
    dicho = {
        "hasta": {"size": sitio.size, "edge": sitio.edge.hex()},
        "hallados": {
            c: {"cuando": h.cuando.isoformat(), "fallas": h.fallas} for c, h in hallados.items()
        },
    }
    aparte = archivo().with_name(f".{archivo().name}.{os.getpid()}")
    abierto = os.open(aparte, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(abierto, "w", encoding="utf-8") as destino:
        json.dump(dicho, destino)
    aparte.replace(archivo())
