"""How far work is that somebody asked for, in words and parts of a hundred."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from records.base import pedidos
from records.base.tablas import Pedido

EN_ESPERA: Final = 202  # espera.js asks until it is something else


def como_va(pedido: Pedido, pasos: Sequence[str], haciendo: Mapping[str, Any]) -> dict[str, Any]:
    """`haciendo`: what a step is called; "": before the first one."""
    paso = pasos.index(pedido.paso) if pedido.paso in pasos else 0
    parte = pedido.hechos / pedido.de if pedido.de else 0
    return {
        "pedido": pedido,
        "sigue": pedido.estado in pedidos.ABIERTOS,
        "haciendo": haciendo[pedido.paso],
        "porcentaje": round(100 * (paso + parte) / len(pasos)),
    }
