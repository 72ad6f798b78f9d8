"""How the demo loads its history: the same engine on another connection, a moving clock, no mail, no
systems but its own."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import sqlalchemy as sa

from demo.lugar import Cola
from engine.clock import Clock
from engine.commands import Engine
from handlers.ajustes import Alrededor
from handlers.conectores import ajustes as conectados
from records.sistemas.puertos import Correo, PaginasWeb

A = TypeVar("A", bound=Alrededor)


@dataclass(frozen=True, slots=True)
class Motor(Generic[A]):
    """A `demo.lugar.Fabrica`. `armar`: an engine of these settings, on this connection, with this
    clock; `migrar`: the tables of the job library in the database at this address."""

    ajustes: A
    armar: Callable[[A, sa.Engine, Clock], tuple[Engine, Cola]]
    migrar: Callable[[str], None]

    def __call__(
        self, db: sa.Engine, *, clock: Clock, correo: Correo, cctex_url: str, paginas: PaginasWeb
    ) -> tuple[Engine, Cola]:
        instancia = self.ajustes.instance
        dados = replace(
            self.ajustes,
            correo=correo,
            cctex_url=cctex_url,
            foxpro=conectados.foxpro_de_la_demostracion(instancia),
            # the demo has written its files since
            cobol=self.ajustes.cobol or conectados.cobol_de_la_demostracion(instancia),
            at_once=False,
            mail_per_hour=0,  # a history of months in one hour
            paginas=paginas,
        )
        return self.armar(dados, db, clock)

    def migrate(self) -> None:
        self.migrar(self.ajustes.database_url)
