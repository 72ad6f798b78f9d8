"""Who was served, as counts of quarters that are over; what would show somebody is not told."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from engine import reads
from records.personas import caracterizacion
from records.personas.reglas.caracterizacion import MINIMO
from webforms.base.formatos import dia_local
from webforms.base.guias import CALIDAD, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.quienes import REVISA, VE_INDICADORES
from webforms.base.rutas import Rutas
from webforms.base.servicios import servicios
from webforms.personas.caracterizacion import PREGUNTAS, RESPUESTAS

rutas = Rutas()


@rutas.get(
    "/calidad/a-quien-atendemos",
    para=VE_INDICADORES | REVISA,
    ayuda=Ayuda(
        _l("A quién atendemos, por lo que las personas quisieron decir; solo cuentas."), CALIDAD
    ),
    menu=Entrada(Grupo.MES, _l("A quién atendemos")),
)
def a_quien_atendemos() -> ResponseReturnValue:
    s = servicios()
    with s.uow.reading() as session:
        trimestres = caracterizacion.trimestres(session, dia_local(s.clock.now()))
        pedido = request.args.get("trimestre", "")
        cual = pedido if pedido in trimestres else next(iter(trimestres), "")
        suyos = caracterizacion.procedimientos(session, cual) if cual else []
        cuadros = [(p, caracterizacion.contar(session, cual, p)) for p in suyos]
        numero = reads.releases.current(session, s.engine.catalog)
        procesos = (
            reads.releases.processes(session, s.engine.catalog, numero)
            if numero is not None
            else {}
        )
    nombres = {p: procesos[p].name if p in procesos else p for p in suyos}
    valores = {
        "trimestres": trimestres,
        "cual": cual,
        "cuadros": cuadros,
        "nombres": nombres,
        "minimo": MINIMO,
    }
    return render_template(
        "personas/a_quien_atendemos.html", **valores, preguntas=PREGUNTAS, respuestas=RESPUESTAS
    )
