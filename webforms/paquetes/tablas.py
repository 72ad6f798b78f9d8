"""Decision tables as their pages read them: columns with their choices, rules beside those in
force, words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from common.language import marked
from engine import reads
from engine.reads.models import Grid, Row, Unreadable
from webforms.base.servicios import servicios
from webforms.paquetes.columnas import Columna, columnas
from webforms.paquetes.hallazgos import columna, regla_de
from webforms.paquetes.problemas import de_problema

POLITICAS: Final = (
    ("UNIQUE", marked("Solo una regla puede coincidir")),
    ("FIRST", marked("Vale la primera que coincide")),
    ("ANY", marked("Pueden coincidir varias si dicen lo mismo")),
    ("PRIORITY", marked("Vale la de mayor prioridad entre sus valores de salida")),
    ("COLLECT", marked("Se juntan todas las que coinciden")),
    ("RULE ORDER", marked("Se juntan todas, en el orden de las reglas")),
    ("OUTPUT ORDER", marked("Se juntan todas, por la prioridad de sus valores de salida")),
    ("COLLECT SUM", marked("Se suman todas las que coinciden")),
    ("COLLECT MIN", marked("Vale el resultado menor")),
    ("COLLECT MAX", marked("Vale el resultado mayor")),
    ("COLLECT COUNT", marked("Se cuenta cuántas coinciden")),
)
#: a last rule of dashes decides what no other does
CON_OTRO_CASO: Final = frozenset({"UNIQUE", "FIRST"})
MAXIMO: Final = 500  #: rows that a form of a table may send


@dataclass(frozen=True, slots=True)
class Tabla:
    """A table of the file, its columns with their choices, and its rules in force by id."""

    rejilla: Grid
    columnas: Sequence[Columna]
    en_vigor: dict[str, Row]

    @property
    def calladas(self) -> list[Columna]:
        """Columns that ask nothing in any rule: said once instead of in every row."""
        return [
            c for c in self.columnas if self.rejilla.rows and c.siempre_cualquiera(self.rejilla)
        ]

    def en_otro_caso(self, fila: Row) -> bool:
        """The last rule of dashes, which counts only when no other does
        (engine.model.decision_tables)."""
        ultima = (
            len(self.rejilla.rows) > 1
            and fila is self.rejilla.rows[-1]
            and self.rejilla.policy in CON_OTRO_CASO
        )
        return ultima and all(c.cualquiera(fila) for c in self.columnas if not c.resultado)

    def cambiada(self, fila: Row) -> bool:
        if not self.en_vigor:
            return False
        vieja = self.en_vigor.get(fila.id)
        return (
            vieja is None
            or vieja.note != fila.note
            or not all(c.igual(vieja.cells[c.n], fila.cells[c.n]) for c in self.columnas)
        )

    def nueva(self, fila: Row) -> bool:
        return bool(self.en_vigor) and fila.id not in self.en_vigor

    def antes(self, fila: Row, columna: Columna) -> str:
        """What a changed cell said in force, in words; "" for one that is as it was."""
        vieja = self.en_vigor.get(fila.id)
        if vieja is None or columna.igual(vieja.cells[columna.n], fila.cells[columna.n]):
            return ""
        return columna.decir(vieja.cells[columna.n])


def leer_tablas(contenido: bytes, vigente: bytes | None) -> list[Tabla]:
    """Raises Unreadable."""
    rejillas = reads.models.grids(contenido)
    antes = {r.id: r for r in _rejillas_o_nada(vigente)}
    with servicios().uow.reading() as session:
        return [Tabla(r, columnas(session, r), _en_vigor(antes.get(r.id), r)) for r in rejillas]


def palabras_de(contenido: bytes) -> dict[str, str]:
    """For findings on a table: the words of its columns and of their values, the number of each
    rule. Nothing of what cannot be read."""
    try:
        leidas = leer_tablas(contenido, None)
    except Unreadable:
        return {}
    dichas: dict[str, str] = {}
    for tabla in leidas:
        dichas |= {regla_de(fila.id): str(n) for n, fila in enumerate(tabla.rejilla.rows, 1)}
        for c in tabla.columnas:
            dichas |= {columna(c.variable): c.rotulo} | {
                columna(c.variable, codigo): c.decir_valor(codigo) for codigo in c.nombres
            }
    return dichas


def _rejillas_o_nada(contenido: bytes | None) -> list[Grid]:
    try:
        return reads.models.grids(contenido) if contenido is not None else []
    except Unreadable:
        return []


def _en_vigor(antes: Grid | None, ahora: Grid) -> dict[str, Row]:
    """Rules in force; none when the columns are others, so that cells cannot be compared."""
    if antes is None or (antes.inputs, antes.outputs) != (ahora.inputs, ahora.outputs):
        return {}
    ancho = len(ahora.inputs) + len(ahora.outputs)
    return {fila.id: fila for fila in antes.rows if len(fila.cells) == ancho}


def problema_de_celda(columna: Columna, texto: str) -> str:
    """What the deployer would not understand in a cell that is read; "" for none."""
    problema = reads.models.cell_problem(texto, result=columna.resultado)
    return de_problema(problema) if problema is not None else ""
