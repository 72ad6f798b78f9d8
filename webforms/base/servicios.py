"""What the views get from app.py: one value, wired once, found through the application of the
request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

import sqlalchemy as sa
from flask import current_app

from common.witness import Witness
from engine.clock import Clock
from engine.commands import Engine
from engine.types import Transactions
from records.sistemas.puertos import CrmAfuera, SistemaQueAvisa, Vecino
from records.visita.puertos import TurnosAfuera
from webforms.base.en_curso import EnCurso
from webforms.base.items_mostrados import ItemsMostrados
from webforms.campos.formulario import FormSpec
from webforms.documentos.archivos import Almacen

EXTENSION = "ventanilla"


@dataclass(frozen=True, slots=True)
class Servicios:
    db: sa.Engine
    #: reading() for pages; run() for rows that no command of the engine writes (accounts, devices)
    uow: Transactions
    engine: Engine
    clock: Clock
    archivos: Almacen
    forms: Mapping[str, FormSpec]
    vecinos: tuple[Vecino, ...] = ()  #: the systems around the desk
    crm: CrmAfuera | None = None  #: None: the CRM is ours alone
    turnos_afuera: tuple[TurnosAfuera, ...] = ()  #: turn systems of other vendors
    mensajes: tuple[SistemaQueAvisa, ...] = ()  #: systems that deliver messages of diagrams
    testigos: tuple[Witness, ...] = ()  #: who keeps what was signed, outside of the database
    en_curso: EnCurso = field(default_factory=EnCurso)  #: guesses that are being looked at
    mostrados: ItemsMostrados = field(default_factory=ItemsMostrados)


def servicios() -> Servicios:
    return cast(Servicios, current_app.extensions[EXTENSION])
