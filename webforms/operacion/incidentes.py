"""Incidents for the administrator: by cause, one by one, and what is done about them; what others
see of a case that waits."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l

from engine import reads
from engine.errors import NotFound
from webforms.base.entrada import entero
from webforms.base.guias import ADMINISTRADOR, FUNCIONARIO, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.quienes import PERSONA, REPARA
from webforms.base.rutas import Rutas
from webforms.base.security import Usuario
from webforms.base.servicios import servicios
from webforms.casos.cabecera import exigir
from webforms.casos.detenidos import detenidos
from webforms.navegador import cabeceras
from webforms.operacion.incidentes_fichas import (
    Causa,
    Ficha,
    causas,
    comunes,
    con_recorrido,
    ficha,
    fichas,
    formulario,
    reparaciones,
)
from webforms.operacion.incidentes_formulario import Formulario, leer
from webforms.operacion.incidentes_reparar import LOTE, Resultado, reparar_uno, ya_resuelto

rutas = Rutas()

MAXIMO = 500  # incidents repaired by one form
RESUELTOS = 100  # shown, those that are alike in one line
NADA = Formulario((), ())


def abiertos(_usuario: Usuario) -> int:
    with servicios().uow.reading() as session:
        return reads.incidents.open_number(session)


@rutas.get(
    "/administracion/incidentes",
    para=REPARA,
    ayuda=Ayuda(_l("Casos que una falla detuvo, juntos por causa, y cómo seguir."), ADMINISTRADOR),
    menu=Entrada(Grupo.HOY, _l("Incidentes"), 4, cuenta=abiertos, primera=True),
)
def lista() -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        por_causa = causas(session)
        resueltos = reparaciones(session, reads.incidents.resolved(session, limit=RESUELTOS))
    return render_template("operacion/incidentes/lista.html", causas=por_causa, resueltos=resueltos)


@rutas.get(
    "/administracion/incidentes/causa/<causa>",
    para=REPARA,
    ayuda=Ayuda(_l("Los casos que detuvo una misma causa; se reparan juntos."), ADMINISTRADOR),
)
def de_causa(causa: str) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        iguales = reads.incidents.of_cause(session, causa, limit=MAXIMO)
        if not iguales:
            flash(_("Ya no hay incidentes abiertos de esa causa."))
            return redirect(url_for("incidentes.lista"))
        vistas = fichas(session, iguales)
        form = formulario(session, iguales)
    return _pagina_de_causa(Causa.de(vistas), vistas, form)


def _pagina_de_causa(causa: Causa, vistas: list[Ficha], form: Formulario) -> ResponseReturnValue:
    codigo = 422 if form.errores else 200
    return render_template(
        "operacion/incidentes/causa.html",
        causa=causa,
        vistas=vistas,
        comunes=comunes(vistas),
        form=form,
        lote=LOTE,
    ), codigo


@rutas.get(
    "/administracion/incidentes/<int:numero>",
    para=REPARA,
    ayuda=Ayuda(_l("Una falla: qué pasó, qué tenía el caso y cómo seguir."), ADMINISTRADOR),
)
def ver(numero: int) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        incidente = reads.incidents.incident(session, numero)
        vista = con_recorrido(session, ficha(session, incidente))
        form = formulario(session, [incidente]) if incidente.is_open else None
        iguales = len(reads.incidents.of_cause(session, incidente.cause)) if form is not None else 0
    return _pagina(vista, form, iguales)


def _pagina(vista: Ficha, form: Formulario | None, iguales: int = 0) -> ResponseReturnValue:
    cabeceras.permitir_estilos_en_linea()
    codigo = 422 if form is not None and form.errores else 200
    return render_template(
        "operacion/incidentes/ver.html", vista=vista, form=form, iguales=iguales
    ), codigo


# --- repairing ------------------------------------------------------------------------------------
@rutas.post("/administracion/incidentes/reparar", para=REPARA, haria=_l("Reparar incidentes"))
def reparar() -> ResponseReturnValue:
    """One incident, or all of a list, each by a command of its own. At most `LOTE` a request; the
    answer offers the rest."""
    numeros = request.form.getlist("incidente", type=entero)[:MAXIMO]
    with servicios().uow.reading() as session:
        pedidos = reads.incidents.named(session, numeros)
        if not pedidos:
            raise NotFound("incident")
        abiertos = [i for i in pedidos if i.is_open]
        form = leer(formulario(session, abiertos), request.form) if abiertos else NADA
        if form.errores:
            vistas = fichas(session, abiertos)
            return (
                _pagina_de_causa(Causa.de(vistas), vistas, form)
                if len(vistas) > 1
                else _pagina(con_recorrido(session, vistas[0]), form)
            )
    hechos = [reparar_uno(i, form) if i in abiertos else ya_resuelto(i) for i in pedidos[:LOTE]]
    if len(pedidos) == 1 and not request.form.get("total"):
        return _uno(hechos[0])
    return _varios(hechos, [i.id for i in pedidos[LOTE:]], form)


def _uno(hecho: Resultado) -> ResponseReturnValue:
    flash(hecho.frase, "verde" if hecho.bien else "ambar")
    destino = (
        url_for("incidentes.lista")
        if hecho.cerrado
        else url_for("incidentes.ver", numero=hecho.numero)
    )
    return redirect(destino)


def _varios(hechos: list[Resultado], faltan: list[int], form: Formulario) -> ResponseReturnValue:
    total = request.form.get("total", type=entero) or len(hechos) + len(faltan)
    buenos = sum(h.bien for h in hechos) + (request.form.get("buenos", type=entero) or 0)
    return render_template(
        "operacion/incidentes/resultado.html",
        hechos=hechos,
        faltan=faltan,
        total=total,
        listos=total - len(faltan),
        buenos=buenos,
        enviado=[
            (n, v)
            for n, v in request.form.items(multi=True)
            if n not in ("incidente", "csrf_token", "_firma", "total", "buenos")
        ],
        accion=form.accion,
    )


# --- for everybody who may see the case -----------------------------------------------------------
@rutas.get(
    "/caso/<case_key>/reparacion",
    para=PERSONA,
    ayuda=Ayuda(
        _l("El caso está detenido por una falla; aquí se ve quién la repara."), FUNCIONARIO
    ),
)
def en_reparacion(case_key: str) -> ResponseReturnValue:
    """After a click that met a failure: what was sent is saved, somebody else repairs it."""
    with servicios().uow.reading() as session:
        exigir(session, case_key)
        esperan = detenidos(session, case_key)
    return render_template("operacion/incidentes/espera.html", case_key=case_key, esperan=esperan)
