"""The two statements with which C&CTEX is read: those of the demo, and the check of those that a
place gives."""

import re
from dataclasses import dataclass

from sqlalchemy import text

PARAMETROS = {"tipo_doc", "num_doc", "servicio"}

#: `servicio` is the number of the obligation or NULL for all of them.
FILAS_DEMO = """
SELECT c.obligacion, c.linea, c.estado, c.saldo, c.dias_mora, c.fecha_giro, d.calidad,
       (SELECT MIN(p.fecha) FROM plan_pagos p WHERE p.obligacion = c.obligacion AND p.pagada = 0) AS proxima_cuota,
       (SELECT MIN(p.valor) FROM plan_pagos p WHERE p.obligacion = c.obligacion AND p.pagada = 0) AS valor_cuota,
       (SELECT MAX(g.fecha) FROM pagos g WHERE g.obligacion = c.obligacion) AS ultimo_pago
FROM deudores d JOIN creditos c ON c.obligacion = d.obligacion
WHERE d.tipo_doc = :tipo_doc AND d.num_doc = :num_doc AND c.obligacion = COALESCE(:servicio, c.obligacion)
ORDER BY c.fecha_giro DESC, c.obligacion
"""
CORTE_DEMO = "SELECT MAX(fecha_corte) FROM creditos"


class SentenciaInsegura(ValueError):
    """A configured statement must be one SELECT (or WITH) that binds :tipo_doc and :num_doc and
    nothing unknown."""


@dataclass(frozen=True, slots=True)
class Sentencias:
    """Column names of `filas` are what screens show; `corte` gives one date, how old the data
    are."""

    filas: str = FILAS_DEMO
    corte: str = CORTE_DEMO

    def __post_init__(self) -> None:
        for nombre, sql, obligatorios in (
            ("filas", self.filas, {"tipo_doc", "num_doc"}),
            ("corte", self.corte, set()),
        ):
            ligados = set(text(sql).compile().params)
            if not re.match(r"\s*(SELECT|WITH)\b", sql, re.IGNORECASE) or ";" in sql:
                raise SentenciaInsegura(f"{nombre}: {SentenciaInsegura.__doc__}")
            if not obligatorios <= ligados or not ligados <= PARAMETROS:
                raise SentenciaInsegura(f"{nombre}: parámetros {sorted(ligados)}")
