"""The list of cases: of every procedure together, the latest first."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import reads
from records.base.consultas import Pagina, juntar
from records.casos import registro
from records.casos.busqueda import TOPE_CONTEO, FilaCaso, FiltroCasos, filas_de, hallados
from records.casos.registro import Ficha, FiltroRegistro
from webforms.base.servicios import servicios


@dataclass(frozen=True, slots=True)
class Linea:
    """A case: of M5-1-02 as its own records hold it, of another procedure as the register does."""

    caso: FilaCaso | None
    ficha: Ficha | None

    @property
    def clave(self) -> str | None:
        return self.caso.case_key if self.caso else self.ficha.case_key if self.ficha else None

    @property
    def numero(self) -> str | None:
        return self.caso.radicado if self.caso else self.ficha.numero if self.ficha else None


def columnas(lineas: Sequence[Linea]) -> frozenset[str]:
    """The columns in which some line has something to say: what no case of the page has is no
    column of it."""
    dice = {
        "persona": any(
            x.caso or (x.ficha and (x.ficha.nombre or x.ficha.documento)) for x in lineas
        ),
        "lugar": any(x.caso or (x.ficha and x.ficha.en_lugar) for x in lineas),
        "vence": any(
            (x.caso and x.caso.limite_respuesta) or (x.ficha and x.ficha.vence) for x in lineas
        ),
    }
    return frozenset(columna for columna, algo in dice.items() if algo)


def procedimientos(session: Session) -> dict[str, str]:
    """Processes in force that open cases, with their names: what the list is narrowed by."""
    catalogo = servicios().engine.catalog
    version = reads.releases.current(session, catalogo)
    procesos = reads.releases.processes(session, catalogo, version) if version is not None else {}
    abren = [p for p in procesos.values() if p.case is not None or p.id == registro.PROCESO_DE_CASO]
    return {p.id: " ".join(p.name.split()) for p in sorted(abren, key=lambda p: p.name)}


def buscar(
    session: Session,
    filtro: FiltroCasos,
    otros: FiltroRegistro,
    *,
    now: dt.datetime,
    pagina: int,
    tamano: int = 25,
) -> Pagina[Linea]:
    """`otros`: the same filter for the register; its procedure narrows both. `total` stops at
    TOPE_CONTEO."""
    fuentes: list[sa.Select[*tuple[Any, ...]]] = []
    if otros.procedimiento in (None, registro.PROCESO_DE_CASO):
        fuentes.append(hallados(session, filtro, now=now))
    if otros.procedimiento != registro.PROCESO_DE_CASO:
        registradas = registro.halladas(otros, now=now)
        clave, cuando = registradas.selected_columns
        fuentes.append(registradas.with_only_columns(sa.cast(sa.null(), sa.Integer), clave, cuando))
    juntas = juntar(session, fuentes, pagina=pagina, tamano=tamano, tope=TOPE_CONTEO)
    casos = filas_de(
        session, [numero for numero, _clave, _cuando in juntas.filas if numero], now=now
    )
    fichas: Mapping[str, Ficha] = registro.fichas(
        session, [clave for numero, clave, _cuando in juntas.filas if clave and not numero]
    )
    lineas = [
        Linea(casos.get(numero or 0), None if numero else fichas.get(clave or ""))
        for numero, clave, _cuando in juntas.filas
    ]
    return Pagina(
        [linea for linea in lineas if linea.caso or linea.ficha],
        juntas.total,
        juntas.numero,
        tamano,
    )
