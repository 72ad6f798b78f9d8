"""The name, tax number, city and office of the agency: one row, changed with a reason."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from common.language import marked, said
from common.prepared import Prepared
from records.base import cambios
from records.base.actos import Acto
from records.base.cambios import Anotado, De
from records.base.errores import DatoInvalido
from records.base.reglas.entidad import Entidad
from records.correo.reglas.cartas import en_una_linea
from records.lugares.tablas import DatosDeEntidad

CLASE, SUJETO = "entidad", "entidad"
MAXIMO: Final = 160
ROTULOS: Final[Mapping[str, str]] = {
    "nombre": marked("Nombre de la entidad"),
    "nit": marked("NIT o número de registro"),
    "ciudad": marked("Ciudad"),
    "dependencia": marked("Dependencia que responde"),
}
LEER: Final = Prepared(
    select(
        DatosDeEntidad.nombre, DatosDeEntidad.nit, DatosDeEntidad.ciudad, DatosDeEntidad.dependencia
    )
)


def leer(session: Session) -> Entidad:
    """Without a name, when nobody has said it yet."""
    fila = session.get(DatosDeEntidad, SUJETO)
    return (
        Entidad() if fila is None else Entidad(fila.nombre, fila.nit, fila.ciudad, fila.dependencia)
    )


def revisar(dicha: Entidad) -> Entidad:
    """As it is kept: each in one line, without signs that are none. DatoInvalido."""
    limpia = Entidad(*(en_una_linea(texto, MAXIMO + 1) for texto in asdict(dicha).values()))
    if not limpia.nombre:
        raise DatoInvalido(
            "Escriba el nombre de la entidad: sale en papeles, correos y páginas públicas."
        )
    for campo, texto in asdict(limpia).items():
        if len(texto) > MAXIMO:
            raise DatoInvalido("%(c)s: máximo %(n)s letras.", c=said(ROTULOS[campo]), n=MAXIMO)
    return limpia


def poner(session: Session, dicha: Entidad, motivo: str, acto: Acto) -> list[Anotado]:
    """DatoInvalido: no name, too long, or as before."""
    nueva = revisar(dicha)
    fila = session.get(DatosDeEntidad, SUJETO, with_for_update={"key_share": True})
    antes = leer(session)
    if nueva == antes:
        raise DatoInvalido("No cambió nada.")
    if fila is None:
        session.add(DatosDeEntidad(codigo=SUJETO, **asdict(nueva)))
    else:
        fila.nombre, fila.nit, fila.ciudad, fila.dependencia = (
            nueva.nombre,
            nueva.nit,
            nueva.ciudad,
            nueva.dependencia,
        )
    session.flush()
    viejos, nuevos = asdict(antes), asdict(nueva)
    cambian = [k for k in nuevos if nuevos[k] != viejos[k]]
    antes_dicho = {k: viejos[k] for k in cambian} if fila is not None else {}
    # under names of their own: a `nombre` is of a person, and the access chain keeps a digest of
    # those only
    que = De(CLASE, SUJETO, "datos")
    return [
        cambios.anotar(
            session,
            que,
            _propios(antes_dicho),
            _propios({k: nuevos[k] for k in cambian}),
            motivo,
            acto,
        )
    ]


def _propios(datos: Mapping[str, str]) -> dict[str, str]:
    return {"entidad" if k == "nombre" else k: v for k, v in datos.items()}
