"""What the store of documents holds and nobody needs: files of acts that were not done, contents
that no row names any more."""

import datetime as dt
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeVar

from sqlalchemy.orm import Session

from common.rounds import Failing
from engine.types import Transactions
from records.casos import archivos
from records.casos.archivos import INFECTADO, LIMPIO, POR_REVISAR
from records.casos.reglas import claves
from records.sistemas.puertos import AntivirusCallado, DepositoFallido, Guardado
from webforms.documentos.archivos import Almacen, ArchivoDistinto, necesarios

log = logging.getLogger(__name__)
#: No command takes so long: what is younger may still get its row.
ESPERA: Final = dt.timedelta(hours=24)
CADA: Final = dt.timedelta(hours=24)
LOTE: Final = 500
T = TypeVar("T")
MUCHOS: Final = 20


@dataclass(slots=True)
class Barrido:
    """How many of each."""

    vistos: int = 0
    #: of acts that were done: the machine stopped before they reached their place
    rescatados: int = 0
    sin_dueno: int = 0  #: taken away, or to be taken away
    bytes: int = 0


def barrer(almacen: Almacen, uow: Transactions, now: dt.datetime, *, quitar: bool) -> Barrido:
    """`quitar`: False only counts. DepositoFallido."""
    hecho = Barrido()
    for lote in _de_a(almacen.deposito.listar()):
        nuestros = [g for g in lote if claves.sha256_de(g.clave) is not None]
        hecho.vistos += len(nuestros)
        with uow.reading() as session:
            nombrados = necesarios(session, [claves.sha256_de(g.clave) or "" for g in nuestros])
        viejos = [g for g in nuestros if g.desde < now - ESPERA]
        _llegadas(
            almacen,
            [g for g in viejos if g.clave.startswith(claves.LLEGADAS)],
            nombrados,
            hecho,
            quitar=quitar,
        )
        sobran = [
            g
            for g in viejos
            if not g.clave.startswith(claves.LLEGADAS)
            and claves.sha256_de(g.clave) not in nombrados
        ]
        _contar(hecho, sobran)
        if quitar:  # asked anew, one by one: much may have been handed in since these were listed
            almacen.quitar(
                [claves.sha256_de(g.clave) or "" for g in sobran],
                lambda sha256: _nombrado(uow, sha256),
            )
    if quitar:
        olvidar_vistas(almacen, uow)
    return hecho


def _nombrado(uow: Transactions, sha256: str) -> bool:
    with uow.reading() as session:
        return bool(necesarios(session, [sha256]))


def olvidar_vistas(almacen: Almacen, uow: Transactions) -> int:
    """A small picture goes with its document: also where the machine stopped in between, or another
    took the document away. The pictures are of this place alone, and made again when they are asked
    for."""
    quitadas = 0
    for lote in _de_a(almacen.vistas()):
        with uow.reading() as session:
            nombrados = necesarios(session, [sha256 for _clave, sha256 in lote])
        for clave in (clave for clave, sha256 in lote if sha256 not in nombrados):
            almacen.olvidar_vista(clave)
            quitadas += 1
    return quitadas


def _llegadas(
    almacen: Almacen,
    viejas: list[Guardado],
    nombrados: frozenset[str],
    hecho: Barrido,
    *,
    quitar: bool,
) -> None:
    hecho.rescatados += sum(claves.sha256_de(g.clave) in nombrados for g in viejas)
    _contar(hecho, [g for g in viejas if claves.sha256_de(g.clave) not in nombrados])
    if quitar:
        almacen.resolver([g.clave for g in viejas], nombrados)


def _contar(hecho: Barrido, sobran: list[Guardado]) -> None:
    hecho.sin_dueno += len(sobran)
    hecho.bytes += sum(g.bytes for g in sobran)


def _de_a(todos: Iterable[T]) -> Iterable[list[T]]:
    seguidos = iter(todos)
    while lote := list(islice(seguidos, LOTE)):
        yield lote


@dataclass(frozen=True, slots=True)
class Revisados:
    """What the antivirus said of those that waited for it; `quedan`: it did not answer, or they are
    not as they were stored."""

    limpios: int = 0
    infectados: int = 0
    quedan: int = 0


def revisar_los_que_esperan(
    almacen: Almacen, uow: Transactions, now: dt.datetime, fallan: Failing | None = None
) -> Revisados:
    """A round: it ends with the first that the antivirus does not answer for a cause that passes.
    `fallan`: those that no look mends; they rest, and what is behind them has its turn."""
    if almacen.antivirus is None:
        return Revisados()
    fallan = fallan if fallan is not None else Failing()
    with uow.reading() as session:
        todos = dict.fromkeys(
            a.sha256 for a in archivos.por_revisar(session, POR_REVISAR, LOTE + len(fallan))
        )
    esperan = [sha256 for sha256 in todos if not fallan.rests(sha256, now)][:LOTE]
    fallan.forget_what_is_gone(now)
    limpios = infectados = 0
    for sha256 in esperan:
        try:
            virus = almacen.antivirus.revisar(almacen.leer(sha256)).virus
        except ArchivoDistinto:
            fallan.add(sha256, now)
            continue
        except AntivirusCallado as callado:
            if callado.pasajera:
                break
            fallan.add(sha256, now)
            continue
        except DepositoFallido:
            break
        uow.run(_anotar(sha256, INFECTADO if virus else LIMPIO, virus, now))
        fallan.forget(sha256)
        limpios, infectados = limpios + (not virus), infectados + bool(virus)
    return Revisados(limpios, infectados, len(todos) - limpios - infectados)


def _anotar(sha256: str, estado: str, virus: str, now: dt.datetime) -> Callable[[Session], int]:
    return lambda session: archivos.anotar_revision(
        session, sha256, POR_REVISAR, estado, virus, now
    )


class Turno:
    """Of the worker: those that wait each minute, the sweep once a day and when it starts."""

    def __init__(self, almacen: Almacen, uow: Transactions) -> None:
        self._almacen, self._uow = almacen, uow
        self._ultimo: dt.datetime | None = None
        self._fallan = Failing()

    def ronda(self, now: dt.datetime) -> None:
        hallados = revisar_los_que_esperan(self._almacen, self._uow, now, self._fallan)
        if hallados.infectados:
            log.warning(
                "%s documents that waited for the antivirus carry a virus: their pages say so",
                hallados.infectados,
            )
        if self._ultimo is None or now - self._ultimo >= CADA:
            self._ultimo = now
            self._barrer(now)

    def _barrer(self, now: dt.datetime) -> None:
        """By itself only what refused acts leave: much more than that is another database beside
        this store, and a person's to decide."""
        olvidar_vistas(self._almacen, self._uow)
        visto = barrer(self._almacen, self._uow, now, quitar=False)
        if visto.sin_dueno > max(MUCHOS, visto.vistos // 10):
            log.warning(
                "documents: %s of %s have no row and stay; see `flask documents sweep`",
                visto.sin_dueno,
                visto.vistos,
            )
        elif visto.sin_dueno or visto.rescatados:
            barrer(self._almacen, self._uow, now, quitar=True)
            log.info(
                "documents: %s without an owner taken away, %s rescued",
                visto.sin_dueno,
                visto.rescatados,
            )
