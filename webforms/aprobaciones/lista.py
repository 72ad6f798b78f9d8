"""What waits for this person's decision, what they asked for, and what was decided."""

from flask import render_template
from flask.typing import ResponseReturnValue

from records import aprobaciones
from webforms.aprobaciones import obras
from webforms.base.personas import nombres_de
from webforms.base.rutas import Rutas
from webforms.base.security import Usuario
from webforms.base.security import usuario_actual
from webforms.base.servicios import servicios

rutas = Rutas()


def por_decidir(usuario: Usuario) -> int:
    with servicios().uow.reading() as session:
        return sum(f.pedida_por != usuario.usuario and obras.puede(usuario, f) for f in aprobaciones.pendientes(session))


@rutas.get("/aprobaciones")
def lista() -> ResponseReturnValue:
    usuario = usuario_actual()
    with servicios().uow.reading() as session:
        vistas = [f for f in aprobaciones.pendientes(session) if usuario is not None and obras.puede(usuario, f)]
        hechas = [f for f in aprobaciones.decididas(session) if usuario is not None and obras.puede(usuario, f)]
        nombres = nombres_de(session, {n for f in (*vistas, *hechas) for n in (f.pedida_por, f.decidida_por) if n})
    yo = usuario.usuario if usuario is not None else ""
    valores = {
        "esperan": [f for f in vistas if f.pedida_por != yo],
        "suyas": [f for f in vistas if f.pedida_por == yo],
        "hechas": hechas,
        "nombres": nombres,
    }
    return render_template("aprobaciones/lista.html", nombre=obras.nombre, de_que=obras.de_que, **valores)
