"""What putting files in force would mean: for whom, on whose work, and which lanes would stay
without anybody."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.releases import ModelDraftView
from engine.types import Data
from webforms.base import palabras
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.paquetes import lectura
from webforms.paquetes.edicion import ahora, modelo_de
from webforms.paquetes.hallazgos import Hallazgo
from webforms.paquetes.lectura import Vigente

NADIE_AQUI = _l(
    "Hay carriles en los que hoy nadie puede hacer las tareas. Dé antes el rol a alguien, o escriba por qué se pone en vigor así."
)
#: kind of the access chain: put in force although nobody could do the tasks of a lane
SIN_NADIE = "carril_sin_quien"

#: What became of an element → (class of the badge, word).
MARCAS = {
    "nuevo": ("hecha", _l("Nuevo")),
    "cambiado": ("por-vencer", _l("Cambiado")),
    "quitado": ("vencida", _l("Quitado")),
}


def cambio_ajeno(
    session: Session, archivo: str, guardado: ModelDraftView, hoy: Vigente | None
) -> bool:
    """Whether somebody put another text of this file in force after the draft was begun."""
    if hoy is None or guardado.base_release in (0, hoy.numero):
        return False
    return reads.releases.files(session, servicios().engine.catalog, guardado.base_release).get(
        archivo
    ) != hoy.archivos.get(archivo)


def efectos(
    session: Session, archivo: str, contenido: bytes, hoy: Vigente | None
) -> list[dict[str, Any]]:
    """Which processes get a new version, and how many open cases stay on the one they began
    with."""
    filas = {f.proceso: f for f in lectura.procesos(session, hoy, {})} if hoy else {}
    de_antes = [
        {
            "nombre": filas[p].nombre,
            "de": filas[p].version,
            "a": filas[p].version + 1,
            "abiertos": filas[p].abiertos,
        }
        for p in (hoy.usan(archivo) if hoy else ())
        if p in filas
    ]
    nuevos = [
        (id_, nombre) for id_, nombre in modelo_de(archivo, contenido).procesos if id_ not in filas
    ]
    return [
        *de_antes,
        *({"nombre": nombre, "de": 0, "a": 1, "abiertos": 0} for _id, nombre in nuevos),
    ]


def nota_con_vacios(nota: str, vacios: list[Hallazgo], sin_nadie: str) -> str:
    """The note of a version that came into force although nobody could do the tasks of some lane
    says so, and why; it is kept."""
    sin_quien = (
        f"Sin quien haga las tareas de {', '.join(v.dibujado for v in vacios)}: {sin_nadie}"
        if vacios
        else ""
    )
    return " · ".join(filter(None, (nota, sin_quien)))


def anotar_vacios(release: int, vacios: list[Hallazgo], sin_nadie: str) -> None:
    """After a deployment: lanes without anybody stand in the access chain, and a role that is new
    has its name now."""
    if vacios:
        detalle: Data = {"lanes": [v.elemento or "" for v in vacios], "reason": sin_nadie}
        servicios().engine.log_access(
            actor_actual(), SIN_NADIE, f"release/{release}", now=ahora(), detail=detalle
        )
    palabras.olvidar()
