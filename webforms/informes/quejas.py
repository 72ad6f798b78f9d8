"""What the «Informe mensual de quejas, reclamos o sugerencias» counts, added up: by class, theme
and point (section 7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from records.informes import meses, reportes
from records.informes.tablas import InformeMensual
from records.lugares.puntos import puntos, tipificaciones
from webforms.base import formatos
from webforms.base.palabras import de_catalogo

CLASES: Mapping[str, Any] = {
    "solicitud": _l("Solicitudes"),
    "queja": _l("Quejas"),
    "reclamo": _l("Reclamos"),
}
Suma = tuple[str, int, int, int]  #: what it is, received, answered, answered in time


@dataclass(frozen=True, slots=True)
class Quejas:
    """Each list with the most first."""

    clases: Sequence[Suma]
    por_tema: Sequence[tuple[str, Sequence[Suma]]]
    por_punto: Sequence[Suma]  #: of complaints and claims


def sumadas(session: Session, informe: InformeMensual) -> Quejas:
    hechas: list[dict[str, Any]] = reportes.contenido(informe)["filas"]
    temas = {
        t.codigo: de_catalogo(t.subtema)
        for t in tipificaciones(
            session, formatos.dia_local(meses.de_id(session, informe.mes_id).cerrado)
        )
    }
    lugares = {p.codigo: p.nombre for p in puntos(session)}
    return Quejas(
        clases=_sumas(hechas, "clase", CLASES),
        por_tema=[
            (str(nombre), _sumas([f for f in hechas if f["clase"] == clase], "tema", temas))
            for clase, nombre in CLASES.items()
        ],
        por_punto=_sumas([f for f in hechas if f["clase"] != "solicitud"], "punto", lugares),
    )


def _sumas(hechas: Sequence[dict[str, Any]], por: str, nombres: Mapping[str, Any]) -> list[Suma]:
    sumas: dict[str, list[int]] = {}
    for f in hechas:
        suma = sumas.setdefault(f[por], [0, 0, 0])
        for n, columna in enumerate(("recibidos", "respondidos", "a_tiempo")):
            suma[n] += f[columna]
    return sorted(
        ((str(nombres.get(c, c)), r, d, t) for c, (r, d, t) in sumas.items()),
        key=lambda fila: (-fila[1], fila[0]),
    )
