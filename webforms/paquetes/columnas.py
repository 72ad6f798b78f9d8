"""What the columns of a decision table may hold, by the variable that they ask or give: areas,
themes, norms, days. With their names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engine.reads.models import Grid, Row
from records.casos.tablas import Tipificacion
from records.lugares.tablas import Area
from webforms.base import rotulos
from webforms.base.palabras import de_catalogo
from webforms.casos.codigos import Opciones, opciones_de
from webforms.paquetes import celdas

SIN_DATO: Final = _l("(sin dato)")


@dataclass(frozen=True, slots=True)
class Columna:
    """`cerrada`: only what is offered is chosen; else what the table uses already is offered, and
    anything may be typed."""

    n: int
    rotulo: str
    variable: str
    tipo: str
    resultado: bool
    opciones: Opciones = ()
    cerrada: bool = False
    nombres: Mapping[str, str] = field(default_factory=dict)

    @property
    def es_numero(self) -> bool:
        return self.tipo in celdas.NUMEROS

    @property
    def es_verdad(self) -> bool:
        return self.tipo == "boolean"

    def decir_valor(self, codigo: str) -> str:
        return rotulos.rotulo(self.nombres.get(codigo) or codigo) or str(SIN_DATO)

    def decir(self, texto: str) -> str:
        """A cell of this column as it is read."""
        if self.resultado:
            return celdas.decir_resultado(texto, self.tipo, self.decir_valor)
        return celdas.decir_condicion(texto, self.tipo, self.decir_valor)

    def igual(self, una: str, otra: str) -> bool:
        if self.resultado:
            return celdas.leer_resultado(una, self.tipo) == celdas.leer_resultado(otra, self.tipo)
        return celdas.misma_condicion(una, otra, self.tipo)

    def siempre_cualquiera(self, rejilla: Grid) -> bool:
        return not self.resultado and all(self.cualquiera(fila) for fila in rejilla.rows)

    def cualquiera(self, fila: Row) -> bool:
        """Whether this rule asks nothing of the column."""
        return celdas.leer_condicion(fila.cells[self.n], self.tipo).modo == celdas.CUALQUIERA


def columnas(session: Session, rejilla: Grid) -> list[Columna]:
    todas = [
        *((r, v, False) for r, v in rejilla.inputs),
        *((r, v, True) for r, v in rejilla.outputs),
    ]
    return [
        _columna(session, rejilla, n, rotulo, variable, resultado=resultado)
        for n, (rotulo, variable, resultado) in enumerate(todas)
    ]


def _columna(
    session: Session, rejilla: Grid, n: int, rotulo: str, variable: str, *, resultado: bool
) -> Columna:
    tipo, rotulo = rejilla.types[n], rotulos.rotulo(rotulo)
    if tipo == "boolean" or tipo in celdas.NUMEROS:
        return Columna(n, rotulo, variable, tipo, resultado)
    declaradas = [(v, v) for v in celdas.leer_condicion(rejilla.allowed[n]).valores]
    conocidas = list(_conocidas(session, variable)) or declaradas
    usadas = [
        (v, v)
        for v in dict.fromkeys(_usados(rejilla, n, tipo, resultado=resultado))
        if v not in dict(conocidas)
    ]
    opciones = [*conocidas, *((v, v or str(SIN_DATO)) for v, _nombre in usadas)]
    if not resultado and "" not in dict(opciones):
        opciones.append(("", str(SIN_DATO)))
    return Columna(
        n,
        rotulo,
        variable,
        tipo,
        resultado,
        opciones,
        bool(conocidas),
        {k: str(v) for k, v in opciones},
    )


def _usados(rejilla: Grid, n: int, tipo: str, *, resultado: bool) -> list[str]:
    if resultado:
        leidos = [
            celdas.leer_resultado(fila.cells[n], tipo)
            for fila in rejilla.rows
            if n < len(fila.cells)
        ]
        return [r.valor for r in leidos if r.valor and not r.escrita]
    condiciones = [
        celdas.leer_condicion(fila.cells[n], tipo) for fila in rejilla.rows if n < len(fila.cells)
    ]
    return [
        valor for c in condiciones if c.modo in (celdas.ES, celdas.NO_ES) for valor in c.valores
    ]


def _conocidas(session: Session, variable: str) -> Opciones:
    """The declared choices of a variable; empty for one that nobody lists."""
    if variable == "area_id":
        return list(session.execute(sa.select(Area.codigo, Area.nombre).order_by(Area.nombre)))
    if variable == "tema":
        filas = session.execute(
            sa.select(Tipificacion.codigo, Tipificacion.tema, Tipificacion.subtema).order_by(
                Tipificacion.tema, Tipificacion.subtema
            )
        )
        return [
            (codigo, f"{de_catalogo(tema)} › {de_catalogo(subtema)}")
            for codigo, tema, subtema in filas
        ]
    return opciones_de(variable)
