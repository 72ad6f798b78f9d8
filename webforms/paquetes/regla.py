"""One rule of a decision table as a form: what is chosen and typed in each cell, and what is wrong
with it, at its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from engine.reads import models
from engine.reads.models import Row
from webforms.paquetes import celdas
from webforms.paquetes.celdas import Condicion, Resultado
from webforms.paquetes.columnas import Columna
from webforms.paquetes.problemas import de_problema

LARGO: Final = 1000
#: Between two numbers, and which of them count.
ENTRE: Final[Mapping[str, tuple[str, bool, bool]]] = {
    "[]": (_l("Desde … hasta …"), True, True),
    "[)": (_l("Desde … y menos de …"), True, False),
    "(]": (_l("Más de … y hasta …"), False, True),
    "()": (_l("Más de … y menos de …"), False, False),
}
MODOS_DE_NUMERO: Final = (
    ("cualquiera", _l("Cualquiera")),
    *((modo, _l(nombre, n="…")) for modo, nombre in celdas.COMPARACIONES.items()),
    *((modo, nombre) for modo, (nombre, _a, _c) in ENTRE.items()),
)


@dataclass(frozen=True, slots=True)
class Celda:
    """A cell of the open rule: its column, and what stands in its controls."""

    columna: Columna
    modo: str = celdas.ES
    marcados: tuple[str, ...] = ()
    uno: str = ""  #: the first number, the result, another value
    otro: str = ""  #: the second number
    #: a condition or result that no control shows: edited as it is written
    texto: str | None = None
    error: str = ""

    @property
    def id(self) -> str:
        return f"celda-{self.columna.n}"

    @property
    def feel(self) -> str:
        """What the file says for it. Only of a cell without error."""
        tipo = self.columna.tipo
        if self.columna.resultado:
            return celdas.escribir_resultado(
                Resultado(
                    self.uno if self.texto is None else self.texto, escrita=self.texto is not None
                ),
                tipo,
            )
        return celdas.escribir_condicion(_condicion(self), tipo)


@dataclass(frozen=True, slots=True)
class Regla:
    """The rule that is open. `fila`: its id in the file, "" for a new one; `n`: its place."""

    tabla: str
    n: int
    fila: str
    celdas: tuple[Celda, ...]
    nota: str = ""

    @property
    def errores(self) -> list[tuple[str, str]]:
        return [(c.id, f"{c.columna.rotulo}: {c.error}") for c in self.celdas if c.error]

    def como_fila(self, vieja: Row | None) -> Row:
        """A cell that says the same as before stays as it was written."""
        viejas = vieja.cells if vieja is not None else ()
        nuevas = (
            viejas[c.columna.n]
            if c.columna.n < len(viejas) and c.columna.igual(viejas[c.columna.n], c.feel)
            else c.feel
            for c in self.celdas
        )
        return Row(self.fila, tuple(nuevas), self.nota)


def abrir(tabla: str, n: int, fila: Row | None, columnas: Sequence[Columna]) -> Regla:
    """A rule as it is in the file; a new one is empty."""
    if fila is None:
        return Regla(
            tabla,
            n,
            "",
            tuple(
                Celda(c, modo="cualquiera" if c.es_numero and not c.resultado else celdas.ES)
                for c in columnas
            ),
        )
    return Regla(
        tabla,
        n,
        fila.id,
        tuple(_celda(c, fila.cells[c.n] if c.n < len(fila.cells) else "") for c in columnas),
        fila.note,
    )


def _celda(columna: Columna, texto: str) -> Celda:
    if columna.resultado:
        resultado = celdas.leer_resultado(texto, columna.tipo)
        return (
            Celda(columna, texto=resultado.valor)
            if resultado.escrita
            else Celda(columna, uno=resultado.valor)
        )
    c = celdas.leer_condicion(texto, columna.tipo)
    if c.modo == celdas.CUALQUIERA:
        return Celda(columna, modo="cualquiera" if columna.es_numero else celdas.ES)
    de_textos = c.modo in (celdas.ES, celdas.NO_ES)
    if c.modo == celdas.ESCRITA or de_textos == columna.es_numero:
        return Celda(columna, texto=texto)
    if c.modo == celdas.ENTRE:
        modo = next(
            m for m, (_n, abre, cierra) in ENTRE.items() if (abre, cierra) == (c.abre, c.cierra)
        )
        return Celda(columna, modo, uno=c.valores[0], otro=c.valores[1])
    if columna.es_numero:
        return Celda(columna, c.modo, uno=c.valores[0])
    return Celda(columna, c.modo, marcados=c.valores)


def _condicion(celda: Celda) -> Condicion:
    if celda.texto is not None:
        return Condicion(celdas.ESCRITA, texto=celda.texto) if celda.texto else Condicion()
    if celda.modo in ENTRE:
        _nombre, abre, cierra = ENTRE[celda.modo]
        return Condicion(celdas.ENTRE, (celda.uno, celda.otro), abre=abre, cierra=cierra)
    if celda.modo in celdas.COMPARACIONES:
        return Condicion(celda.modo, (celda.uno,))
    valores = (*celda.marcados, celda.uno) if celda.uno else celda.marcados
    return (
        Condicion(celda.modo, valores)
        if valores and celda.modo in (celdas.ES, celdas.NO_ES)
        else Condicion()
    )


# --- what was sent --------------------------------------------------------------------------------
def enviada(tabla: str, n: int, columnas: Sequence[Columna], datos: "MultiDict[str, str]") -> Regla:
    """The rule as it was typed, each cell looked at."""
    leidas = tuple(_mirar(_enviada(columna, datos)) for columna in columnas)
    return Regla(
        tabla,
        n,
        datos.get("fila", "")[:200],
        leidas,
        " ".join(datos.get("nota", "").split())[:LARGO],
    )


def _enviada(columna: Columna, datos: "MultiDict[str, str]") -> Celda:
    def campo(nombre: str) -> str:
        return datos.get(f"c{columna.n}.{nombre}", "")[:LARGO].strip()

    texto = campo("texto") if f"c{columna.n}.texto" in datos else None
    numero = columna.es_numero
    return Celda(
        columna,
        campo("modo") or celdas.ES,
        tuple(v[:LARGO] for v in datos.getlist(f"c{columna.n}.v")),
        campo("uno").replace(",", ".") if numero else campo("uno"),
        campo("otro").replace(",", ".") if numero else campo("otro"),
        texto,
    )


def _mirar(celda: Celda) -> Celda:
    error = (
        _problema_escrito(celda)
        if celda.texto is not None
        else _de_resultado(celda)
        if celda.columna.resultado
        else _de_condicion(celda)
    )
    return replace(celda, error=error)


def _problema_escrito(celda: Celda) -> str:
    problema = models.cell_problem(celda.texto or "", result=celda.columna.resultado)
    return _("No se entiende: %(p)s.", p=de_problema(problema)) if problema is not None else ""


def _de_resultado(celda: Celda) -> str:
    columna = celda.columna
    if not celda.uno:
        return str(
            _("Elija uno.") if columna.cerrada or columna.es_verdad else _("Escriba qué resulta.")
        )
    if columna.es_numero:
        return _de_numero(celda.uno)
    if columna.es_verdad:
        return "" if celda.uno in dict(celdas.VERDADES) else _("Elija uno.")
    if columna.cerrada and celda.uno not in columna.nombres:
        return str(_("Elija uno de la lista."))
    return _con_comillas(celda.uno)


def _de_condicion(celda: Celda) -> str:
    columna = celda.columna
    if columna.es_verdad:
        return ""
    if not columna.es_numero:
        if columna.cerrada and set(celda.marcados) - set(columna.nombres):
            return str(_("Elija solo de la lista."))
        return next(filter(None, map(_con_comillas, (*celda.marcados, celda.uno))), "")
    if celda.modo in celdas.COMPARACIONES:
        return _de_numero(celda.uno)
    if celda.modo in ENTRE:
        return _de_numero(celda.uno) or _de_numero(celda.otro) or _al_reves(celda)
    return (
        _("Escribió un número y dejó «Cualquiera»: elija cómo se compara, o bórrelo.")
        if celda.uno or celda.otro
        else ""
    )


def _de_numero(texto: str) -> str:
    if not texto:
        return str(_("Escriba un número."))
    leido = celdas.leer_resultado(texto, "number")
    return (
        _("«%(t)s» no es un número. Escríbalo en cifras, por ejemplo 5.", t=texto)
        if leido.escrita
        else ""
    )


def _al_reves(celda: Celda) -> str:
    return (
        _("El primer número es mayor que el segundo.")
        if float(celda.uno) > float(celda.otro)
        else ""
    )


def _con_comillas(texto: str) -> str:
    return _("Escríbalo sin comillas.") if '"' in texto else ""
