"""The monthly report and the contract supervisors (5.2.32), also behind a link of one use."""

from webforms.base.rutas import Plano, Sala
from webforms.interventoria import interventoria

SALA = Sala(
    (
        Plano("calidad", (interventoria.rutas,)),
        Plano("entrega", (interventoria.enlaces,), "/entrega"),
    )
)
