"""Roles that lanes of diagrams name, beside those of the product, and the lists of places for which
roles are held."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from common.language import marked
from records.catalogos.tablas import Lista, ListaValor
from records.cuentas.reglas.roles import (
    DE_CARRIL,
    PAPEL,
    ROLES,
    USUARIO,
    Alcance,
    Rol,
)
from records.cuentas.tablas import RolDeCarril
from records.lugares.tablas import Area, Punto

#: The two lists that are more than names: they have pages and rules of their own.
PUNTOS, AREAS = marked("Puntos de atención"), marked("Áreas")
#: What comes with other roles and is not given by itself.
_NO_SE_DAN = frozenset({DE_CARRIL, USUARIO, PAPEL})


def alcances(session: Session) -> dict[str, str]:
    """Variable → name of the list, points and areas first."""
    listas = session.execute(
        select(Lista.variable, Lista.nombre).where(Lista.activa).order_by(Lista.nombre)
    )
    return {
        Alcance.PUNTO.value: PUNTOS,
        Alcance.AREA.value: AREAS,
        **{fila.variable: fila.nombre for fila in listas},
    }


def valores(session: Session) -> dict[str, list[tuple[str, str]]]:
    """Variable → code and name of each place for which a role may be given, by name."""
    puntos = session.execute(
        select(Punto.codigo, Punto.nombre).where(Punto.activo).order_by(Punto.nombre)
    )
    areas = session.execute(
        select(Area.codigo, Area.nombre).where(Area.activa).order_by(Area.nombre)
    )
    dados: dict[str, list[tuple[str, str]]] = {
        Alcance.PUNTO.value: [(f.codigo, f.nombre) for f in puntos],
        Alcance.AREA.value: [(f.codigo, f.nombre) for f in areas],
    }
    de_listas = (
        select(Lista.variable, ListaValor.codigo, ListaValor.nombre)
        .join(Lista, Lista.codigo == ListaValor.lista)
        .where(Lista.activa, ListaValor.activo)
        .order_by(ListaValor.nombre)
    )
    for variable, codigo, nombre in session.execute(de_listas):
        dados.setdefault(variable, []).append((codigo, nombre))
    return dados


def roles(session: Session) -> dict[str, Rol]:
    """Every role that there is, those of the product first, each kind by name. What only diagrams
    know reads as a Rol, too."""
    propios = sorted(ROLES.values(), key=lambda r: r.nombre)
    return {r.codigo: r for r in propios} | {r.codigo: r for r in de_diagramas(session)}


def de_diagramas(session: Session) -> list[Rol]:
    filas = session.scalars(select(RolDeCarril).order_by(RolDeCarril.nombre))
    return [Rol(f.codigo, f.nombre, f.alcance, en_carriles=True) for f in filas]


def que_se_dan(session: Session) -> dict[str, Rol]:
    """The roles that a person may be given."""
    return {codigo: rol for codigo, rol in roles(session).items() if codigo not in _NO_SE_DAN}
