"""Statements of records.casos.numeracion."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from common.prepared import Prepared
from records.base.tablas import tabla_de
from records.casos.tablas import Contador

_CONTADOR = tabla_de(Contador)


def _siguiente(alta: Any) -> Prepared:
    return Prepared(
        alta.on_conflict_do_update(
            index_elements=[_CONTADOR.c.serie], set_={"ultimo": _CONTADOR.c.ultimo + 1}
        ).returning(_CONTADOR.c.ultimo)
    )


SIGUIENTE = {
    "postgresql": _siguiente(postgresql.insert(_CONTADOR)),
    "sqlite": _siguiente(sqlite.insert(_CONTADOR)),
}
