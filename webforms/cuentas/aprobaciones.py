"""What waits for this person's decision, what they asked for, and what was decided."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from common.prepared import Prepared
from records.cuentas import aprobaciones
from records.cuentas.tablas import Aprobacion
from webforms.base.ajustes import ajustes
from webforms.base.guias import ADMINISTRADOR, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.personas import nombres_de
from webforms.base.quienes import GOBIERNA, MODELA
from webforms.base.rutas import Rutas
from webforms.base.security import Usuario, usuario_actual
from webforms.base.servicios import servicios
from webforms.cuentas import obras

rutas = Rutas()


#: For the bar of each page: no session of its own.
_PENDIENTES = Prepared(
    select(Aprobacion.obra, Aprobacion.pedida_por).where(Aprobacion.decidida.is_(None))
)


def por_decidir(usuario: Usuario) -> int:
    """How many wait for this person; where one is enough nobody looks."""
    if not ajustes().two_persons:
        return 0
    return sum(
        f.pedida_por != usuario.usuario and obras.puede(usuario, f.obra)
        for f in servicios().uow.lookup(_PENDIENTES, {})
    )


# Which of them, is decided there: of models analysts, too (webforms/cuentas/obras.py).
@rutas.get(
    "/aprobaciones",
    para=MODELA | GOBIERNA,
    ayuda=Ayuda(
        _l("Cambios a las reglas de la entidad que pide una persona y decide otra."), ADMINISTRADOR
    ),
    menu=Entrada(Grupo.HOY, _l("Aprobaciones"), 9, cuenta=por_decidir),
)
def lista() -> ResponseReturnValue:
    usuario = usuario_actual()
    with servicios().uow.reading() as session:
        vistas = [
            f
            for f in aprobaciones.pendientes(session)
            if usuario is not None and obras.puede(usuario, f.obra)
        ]
        hechas = [
            f
            for f in aprobaciones.decididas(session)
            if usuario is not None and obras.puede(usuario, f.obra)
        ]
        nombres = nombres_de(
            session, {n for f in (*vistas, *hechas) for n in (f.pedida_por, f.decidida_por) if n}
        )
    yo = usuario.usuario if usuario is not None else ""
    valores = {
        "esperan": [f for f in vistas if f.pedida_por != yo],
        "suyas": [f for f in vistas if f.pedida_por == yo],
        "hechas": hechas,
        "nombres": nombres,
    }
    return render_template(
        "cuentas/aprobaciones.html",
        nombre=obras.nombre,
        de_que=obras.de_que,
        pedido=obras.pedido,
        **valores,
    )
