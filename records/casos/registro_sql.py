"""Statements of records.casos.registro that run in the commands of every case."""

from typing import Any

from sqlalchemy import bindparam, func, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from common.prepared import Prepared
from records.base.tablas import tabla_de
from records.casos.tablas import Caso, CasoRegistrado, DatoRegistrado, PalabraRegistrada

_CASO = tabla_de(Caso)
_REGISTRO = tabla_de(CasoRegistrado)
_DATO = tabla_de(DatoRegistrado)
_PALABRA = tabla_de(PalabraRegistrada)
M5_1_02 = "m5_1_02"

ALTA = Prepared(insert(_REGISTRO).returning(_REGISTRO.c.id))
DATO = Prepared(insert(_DATO))
PALABRA = Prepared(insert(_PALABRA))
_COLUMNAS = [
    columna.name
    for columna in _REGISTRO.c
    if columna.name not in ("id", "vence", "cerrado", "anonima")
]
#: A case of M5-1-02 as it was filed; without a key it belongs to no run of a process.
_RADICADO = select(
    _CASO.c.case_key,
    literal(M5_1_02),
    _CASO.c.radicado,
    _CASO.c.id,
    _CASO.c.clase,
    *[literal("")] * 5,
    _CASO.c.punto_id,
    literal(""),
    _CASO.c.canal,
    literal("abierto"),
    _CASO.c.recepcion,
).where(_CASO.c.id == bindparam("b_caso"), _CASO.c.case_key.is_not(None))


def _de_un_caso(alta: Any) -> Prepared:
    """Its number is given by law: where the register has one like it, the case is filed without
    being entered."""
    return Prepared(
        alta.from_select(_COLUMNAS, _RADICADO, include_defaults=False).on_conflict_do_nothing()
    )


DE_UN_CASO = {
    "postgresql": _de_un_caso(postgresql.insert(_REGISTRO)),
    "sqlite": _de_un_caso(sqlite.insert(_REGISTRO)),
}
#: A number that was annulled stays so, whatever becomes of its process.
ESTADO = Prepared(
    update(_REGISTRO)
    .where(
        _REGISTRO.c.case_key == bindparam("b_clave"),
        _REGISTRO.c.caso_id.is_(None),
        _REGISTRO.c.estado.not_in([bindparam("b_estado"), literal("numero_anulado")]),
    )
    .values(estado=bindparam("b_estado"), cerrado=bindparam("b_cerrado"))
)
ANULAR_NUMERO = Prepared(
    update(_REGISTRO)
    .where(_REGISTRO.c.case_key == bindparam("b_clave"), _REGISTRO.c.caso_id.is_(None))
    .values(
        estado="numero_anulado",
        cerrado=func.coalesce(
            _REGISTRO.c.cerrado, bindparam("b_cerrado", type_=_REGISTRO.c.cerrado.type)
        ),
    )
)
