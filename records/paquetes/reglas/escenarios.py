"""A scenario of a package: who does what, what arrives and how much time passes, and what is
expected in the end. Pure.

`<codigo>/escenarios/<name>.toml`, read with all that is wrong with it at once (docs/packages.md).
"""

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from records.paquetes.reglas.paquete import Falta

CARPETA: Final = "escenarios/"
#: A Tuesday at eight in the morning in Colombia, without a holiday near: when a scenario begins
#: that says nothing else.
EMPIEZA: Final = dt.datetime(2026, 11, 24, 13, tzinfo=dt.UTC)
MAX_PASOS: Final = 200
MAX_DIAS: Final = 3_700
MAX_ANIOS: Final = 100  # after 2000
_AHORA: Final = re.compile(r"ahora(?:\+(\d{1,4})([dhm]))?")
_LAPSOS: Final = {"d": "days", "h": "hours", "m": "minutes"}
_UNIDADES: Final = {"dias": "days", "horas": "hours", "minutos": "minutes"}

Valores = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Paso:
    """One of: a task is done (`hace`), what an element waits for is handed over (`llega`), a
    message comes by its key (`mensaje`, `clave`), time passes (`pasa`)."""

    hace: str = ""
    llega: str = ""
    mensaje: str = ""
    clave: str = ""
    pasa: dt.timedelta | None = None
    quien: str = ""  #: who does it; empty: somebody of the lane, always the same
    datos: Valores = field(default_factory=dict)
    #: variables that a form of the agency's own gives beside its fields
    entrega: Valores = field(default_factory=dict)
    abiertas: tuple[str, ...] | None = None  #: the tasks that wait afterwards


@dataclass(frozen=True, slots=True)
class Esperado:
    """None: not asked."""

    camino: tuple[str, ...] = ()  #: elements in this order; others may stand between
    no_pasa: tuple[str, ...] = ()
    abiertas: tuple[str, ...] | None = None
    termina: bool | None = None
    cartas: tuple[str, ...] | None = None  #: parts of the subjects of all letters, in their order
    numero: str | None = None
    asunto: str | None = None


@dataclass(frozen=True, slots=True)
class Escenario:
    archivo: str
    nombre: str
    proceso: str
    empieza: dt.datetime = EMPIEZA
    inicio: Valores = field(default_factory=dict)  #: of the start form
    datos: Valores = field(default_factory=dict)  #: variables with which it starts otherwise
    #: handler or element → what it gives, or the code of its error
    sistemas: Mapping[str, Any] = field(default_factory=dict)
    pasos: tuple[Paso, ...] = ()
    espera: Esperado = field(default_factory=Esperado)


def de_un_paquete(codigo: str, archivos: Mapping[str, bytes]) -> list[str]:
    """Its files with scenarios."""
    return sorted(
        n for n in archivos if n.startswith(f"{codigo}/{CARPETA}") and n.endswith(".toml")
    )


def leer(archivo: str, contenido: bytes) -> tuple[Escenario | None, list[Falta]]:
    """The scenario, or all that is wrong with its file."""
    try:
        dicho = tomllib.loads(contenido.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        return None, [Falta("", "escenario_ilegible", str(error)[:200])]
    lector = _Lector()
    escenario = lector.escenario(archivo, dicho)
    return (None if lector.faltas else escenario), lector.faltas


def con_ahora(valor: Any, ahora: dt.datetime) -> Any:
    """ "ahora", "ahora+6d", "ahora+90m" are instants; everything else is what it is."""
    if isinstance(valor, str) and (hallado := _AHORA.fullmatch(valor)) is not None:
        lapso = (
            dt.timedelta(**{_LAPSOS[hallado[2]]: int(hallado[1])}) if hallado[1] else dt.timedelta()
        )
        return (ahora + lapso).isoformat()
    return valor


class _Lector:
    def __init__(self) -> None:
        self.faltas: list[Falta] = []

    def escenario(self, archivo: str, dicho: dict[str, Any]) -> Escenario:
        self._solo(
            dicho,
            "",
            ("nombre", "proceso", "empieza", "inicio", "datos", "sistemas", "paso", "espera"),
        )
        nombre, proceso = self._texto(dicho, "nombre", ""), self._texto(dicho, "proceso", "")
        self.faltas += [
            Falta(clave, "vacio")
            for clave, valor in (("nombre", nombre), ("proceso", proceso))
            if not valor
        ]
        filas = dicho.get("paso", [])
        if not isinstance(filas, list) or not all(isinstance(fila, dict) for fila in filas):
            self.faltas.append(Falta("paso", "no_son_filas"))
            filas = []
        if len(filas) > MAX_PASOS:
            self.faltas.append(Falta("paso", "muchas", str(MAX_PASOS)))
            filas = []
        return Escenario(
            archivo,
            nombre,
            proceso,
            self._empieza(dicho),
            self._tabla(dicho, "inicio", ""),
            self._tabla(dicho, "datos", ""),
            self._sistemas(dicho),
            tuple(self._paso(f"paso {n}", fila) for n, fila in enumerate(filas, 1)),
            self._esperado(self._tabla(dicho, "espera", "")),
        )

    def _solo(self, de: Mapping[str, Any], donde: str, conocidas: tuple[str, ...]) -> None:
        self.faltas += [
            Falta(_en(donde, clave), "desconocido") for clave in de if clave not in conocidas
        ]

    def _texto(self, de: Mapping[str, Any], clave: str, donde: str) -> str:
        valor = de.get(clave, "")
        if not isinstance(valor, str):
            self.faltas.append(Falta(_en(donde, clave), "no_es_texto"))
            return ""
        return valor.strip()

    def _tabla(self, de: Mapping[str, Any], clave: str, donde: str) -> dict[str, Any]:
        valor = de.get(clave, {})
        if not isinstance(valor, dict):
            self.faltas.append(Falta(_en(donde, clave), "no_es_tabla"))
            return {}
        return {nombre: _de_json(cada) for nombre, cada in valor.items()}

    def _textos(self, de: Mapping[str, Any], clave: str, donde: str) -> tuple[str, ...] | None:
        if clave not in de:
            return None
        valor = de[clave]
        if not isinstance(valor, list) or not all(isinstance(cada, str) for cada in valor):
            self.faltas.append(Falta(_en(donde, clave), "no_es_lista"))
            return ()
        return tuple(valor)

    def _empieza(self, dicho: Mapping[str, Any]) -> dt.datetime:
        valor = dicho.get("empieza", EMPIEZA)
        if (
            not isinstance(valor, dt.datetime)
            or valor.tzinfo is None
            or not 1 < valor.year - 2000 < MAX_ANIOS
        ):
            self.faltas.append(Falta("empieza", "no_es_instante"))
            return EMPIEZA
        return valor.astimezone(dt.UTC)

    def _sistemas(self, dicho: Mapping[str, Any]) -> dict[str, Any]:
        dichos = self._tabla(dicho, "sistemas", "")
        self.faltas += [
            Falta(f"sistemas.{n}", "sistema")
            for n, valor in dichos.items()
            if not isinstance(valor, str | dict)
        ]
        return dichos

    def _paso(self, donde: str, fila: Mapping[str, Any]) -> Paso:
        self._solo(
            fila,
            donde,
            ("hace", "llega", "mensaje", "clave", "pasa", "quien", "datos", "entrega", "abiertas"),
        )
        if sum(clave in fila for clave in ("hace", "llega", "mensaje", "pasa")) != 1:
            self.faltas.append(Falta(donde, "paso"))
        textos = {
            clave: self._texto(fila, clave, donde)
            for clave in ("hace", "llega", "mensaje", "clave", "quien")
        }
        return Paso(
            **textos,
            pasa=self._lapso(fila, donde) if "pasa" in fila else None,
            datos=self._tabla(fila, "datos", donde),
            entrega=self._tabla(fila, "entrega", donde),
            abiertas=self._textos(fila, "abiertas", donde),
        )

    def _lapso(self, fila: Mapping[str, Any], donde: str) -> dt.timedelta:
        dicho = self._tabla(fila, "pasa", donde)
        bien = dicho and all(
            u in _UNIDADES and type(n) is int and 0 <= n <= MAX_DIAS * 1_440
            for u, n in dicho.items()
        )
        lapso = (
            dt.timedelta(**{_UNIDADES[u]: n for u, n in dicho.items()}) if bien else dt.timedelta()
        )
        if not bien or lapso > dt.timedelta(days=MAX_DIAS):
            self.faltas.append(Falta(f"{donde}.pasa", "lapso"))
        return min(lapso, dt.timedelta(days=MAX_DIAS))

    def _esperado(self, dicho: Mapping[str, Any]) -> Esperado:
        self._solo(
            dicho,
            "espera",
            ("camino", "no_pasa", "abiertas", "termina", "cartas", "numero", "asunto"),
        )
        termina = dicho.get("termina")
        if termina is not None and not isinstance(termina, bool):
            self.faltas.append(Falta("espera.termina", "no_es_verdad"))
        return Esperado(
            self._textos(dicho, "camino", "espera") or (),
            self._textos(dicho, "no_pasa", "espera") or (),
            self._textos(dicho, "abiertas", "espera"),
            termina if isinstance(termina, bool) else None,
            self._textos(dicho, "cartas", "espera"),
            self._texto(dicho, "numero", "espera") or None,
            self._texto(dicho, "asunto", "espera") or None,
        )


def _en(donde: str, clave: str) -> str:
    return f"{donde}.{clave}" if donde else clave


def _de_json(valor: Any) -> Any:
    """TOML has days and hours; process data have their texts."""
    return valor.isoformat() if isinstance(valor, dt.date | dt.time) else valor
