"""What changes between two texts of a decision table, in the words in which its rules are read."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from flask_babel import gettext as _

from common.language import marked
from engine import reads
from engine.reads.models import Grid, Row, Unreadable
from webforms.base.rotulos import rotulo
from webforms.paquetes import tablas
from webforms.paquetes.columnas import Columna
from webforms.paquetes.comparacion import Comparacion, Dicho, Linea
from webforms.paquetes.tablas import Tabla, leer_tablas

#: With these the order of the rules decides nothing, but for a last rule of dashes.
SIN_ORDEN: Final = frozenset(
    {"UNIQUE", "ANY", "COLLECT SUM", "COLLECT MIN", "COLLECT MAX", "COLLECT COUNT"}
)


def comparacion_de_tablas(antes: bytes | None, despues: bytes) -> Comparacion:
    """Rule by rule; of a file that cannot be read, nothing."""
    try:
        viejas = {r.id: r for r in reads.models.grids(antes)} if antes is not None else {}
        dichos = [
            dicho
            for tabla in leer_tablas(despues, antes)
            for dicho in _de_tabla(viejas.get(tabla.rejilla.id), tabla)
        ]
    except Unreadable:
        return Comparacion()
    return Comparacion(tuple(replace(dicho, numero=n) for n, dicho in enumerate(dichos, 1)))


def _de_tabla(vieja: Grid | None, tabla: Tabla) -> Iterator[Dicho]:
    nueva = tabla.rejilla
    if vieja is not None:
        lineas = list(_de_la_tabla(vieja, nueva))
        if lineas:
            yield Dicho(0, nueva.id, rotulo(nueva.name), str(_("Tabla")), "cambiado", tuple(lineas))
    for n, fila in enumerate(nueva.rows, 1):
        if fila.id not in tabla.en_vigor:
            yield _dicho(
                fila, _("Regla %(n)s", n=n), "nuevo", tuple(_entera(tabla, fila, nueva_=True))
            )
        elif lineas := list(_diferencias(tabla, tabla.en_vigor[fila.id], fila)):
            yield _dicho(fila, _("Regla %(n)s", n=n), "cambiado", tuple(lineas))
    ahora = {fila.id for fila in nueva.rows}
    for n, fila in enumerate(tabla.en_vigor.values(), 1):
        if fila.id not in ahora:
            yield _dicho(
                fila,
                _("Regla %(n)s de antes", n=n),
                "quitado",
                tuple(_entera(tabla, fila, nueva_=False)),
            )


def _dicho(fila: Row, nombre: str, clase: str, lineas: tuple[Linea, ...]) -> Dicho:
    return Dicho(
        0,
        fila.id,
        f"{nombre}: {rotulo(fila.note)}" if fila.note else nombre,
        str(_("Regla")),
        clase,
        lineas,
    )


def _de_la_tabla(vieja: Grid, nueva: Grid) -> Iterator[Linea]:
    politicas = dict(tablas.POLITICAS)
    if vieja.name != nueva.name:
        yield Linea(marked("Se llama"), vieja.name, nueva.name)
    if vieja.policy != nueva.policy:
        yield Linea(
            marked("Cuando coinciden varias"),
            *(str(_(politicas.get(p, p))) for p in (vieja.policy, nueva.policy)),
        )
    unas, otras = ([r for r, _v in (*g.inputs, *g.outputs)] for g in (vieja, nueva))
    if (vieja.inputs, vieja.outputs, vieja.types, vieja.allowed) != (
        nueva.inputs,
        nueva.outputs,
        nueva.types,
        nueva.allowed,
    ):
        yield Linea(marked("Columnas"), ", ".join(unas), ", ".join(otras))
    orden = _orden(vieja, nueva)
    if orden is not None:
        yield orden


def _orden(vieja: Grid, nueva: Grid) -> Linea | None:
    """The order, when it decides: which rule comes first, or which is the last of dashes."""
    comunes = {f.id for f in vieja.rows} & {f.id for f in nueva.rows}
    unas, otras = ([f.id for f in g.rows if f.id in comunes] for g in (vieja, nueva))
    if unas == otras or (nueva.policy in SIN_ORDEN and unas[-1:] == otras[-1:]):
        return None
    lugares = {id_: n for n, id_ in enumerate(unas, 1)}
    return Linea(
        marked("Orden de las reglas"),
        ", ".join(str(n) for n in range(1, len(unas) + 1)),
        ", ".join(str(lugares[i]) for i in otras),
    )


def _entera(tabla: Tabla, fila: Row, *, nueva_: bool) -> Iterator[Linea]:
    for columna in tabla.columnas:
        dicho = columna.decir(fila.cells[columna.n]) or str(_("falta"))
        if columna not in tabla.calladas:
            yield Linea(columna.rotulo, "" if nueva_ else dicho, dicho if nueva_ else "")


def _diferencias(tabla: Tabla, vieja: Row, nueva: Row) -> Iterator[Linea]:
    yield from (
        _linea(c, vieja, nueva)
        for c in tabla.columnas
        if not c.igual(vieja.cells[c.n], nueva.cells[c.n])
    )
    if vieja.note != nueva.note:
        yield Linea(marked("Por qué"), vieja.note or "—", nueva.note or "—")


def _linea(columna: Columna, vieja: Row, nueva: Row) -> Linea:
    return Linea(
        columna.rotulo,
        *(columna.decir(f.cells[columna.n]) or str(_("falta")) for f in (vieja, nueva)),
    )
