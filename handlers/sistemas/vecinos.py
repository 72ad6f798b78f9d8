"""The systems around the desk: which of them this place has connected, and how each is looked at."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from common.language import joined, kept
from engine.types import Transactions
from handlers.ajustes import Alrededor
from handlers.conectores.cctex import Cctex
from handlers.conectores.foxpro import FoxPro
from handlers.conectores.guarda import Guarda, vecino
from handlers.conectores.servicios.cliente import Cliente
from handlers.conectores.suitecrm import Sincronia
from handlers.conectores.tipos import Conector
from records.casos import archivos
from records.casos.archivos import POR_REVISAR
from records.sistemas.puertos import Causa, Correo, FallaDeSistema, Vecino
from records.sistemas.reglas.sistemas import OTROS


def conectores(ajustes: Alrededor) -> Iterator[Conector]:
    """The systems of records.sistemas.reglas.sistemas that this place has connected: a line for each."""
    if ajustes.cctex_url:
        yield Cctex(ajustes.cctex_url, ajustes.cctex_queries)
    if ajustes.foxpro:
        yield FoxPro(ajustes.foxpro, ajustes.instance / "foxpro-copia")
    if ajustes.cobol:
        yield ajustes.cobol


@dataclass(frozen=True, slots=True)
class Vecinos:
    """All around, to be looked at: those behind guards, those that may be embedded, mail, and what
    documents need. `responde`: nothing, or what is wrong with our own database."""

    ajustes: Alrededor
    uow: Transactions
    responde: Callable[[], str]
    correo: Correo
    guardas: Mapping[str, Guarda]
    crm: Sincronia | None = None

    def todos(self) -> Iterator[Vecino]:
        ajustes = self.ajustes
        yield from (guarda.vecino for guarda in self.guardas.values())
        yield (
            self.crm.vecino()
            if self.crm is not None
            else vecino("crm", OTROS["crm"], self._embebido)
        )
        yield vecino("digiturno", OTROS["digiturno"], self._turnos)
        yield vecino("correo", OTROS["correo"], self.correo.probar)
        clientes = [(servicio.nombre, Cliente(servicio).probar) for servicio in ajustes.servicios]
        yield vecino(
            "servicios", OTROS["servicios"], (lambda: _probar(clientes)) if clientes else None
        )
        yield vecino("documentos", OTROS["documentos"], ajustes.deposito.probar)
        yield vecino(
            "antivirus", OTROS["antivirus"], self._antivirus if ajustes.antivirus else None
        )

    def _embebido(self) -> None:
        if codigo := self.responde():
            raise FallaDeSistema(codigo, causa=Causa.SIN_CONEXION, pasajera=True)

    def _turnos(self) -> None:
        self._embebido()
        _probar((sistema.nombre, sistema.probar) for sistema in self.ajustes.turnos)

    def _antivirus(self) -> str:
        if self.ajustes.antivirus is not None:
            self.ajustes.antivirus.probar()
        self._embebido()
        with self.uow.reading() as session:
            esperan = archivos.cuantos_por_revisar(session, POR_REVISAR)
        return kept("%(n)s documentos esperan su revisión", n=esperan) if esperan else ""


def _probar(sistemas: Iterable[tuple[str, Callable[[], object]]]) -> None:
    """The first that fails is named."""
    for nombre, probar in sistemas:
        try:
            probar()
        except FallaDeSistema as falla:
            raise FallaDeSistema(
                joined(": ", (nombre, falla.detalle)), causa=falla.causa, pasajera=falla.pasajera
            ) from falla
