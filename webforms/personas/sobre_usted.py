"""Five questions about oneself, after the number was told: nobody must answer, nothing of it is
joined to the case, and it is taken back by the address that only who answered has."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from records.base.errores import DatoInvalido
from records.cuentas.reglas.frenos import UNA_HORA, Cupo
from records.personas import caracterizacion
from webforms.base import llevados
from webforms.base.formatos import dia_local
from webforms.base.quienes import PUBLICO
from webforms.base.rutas import Rutas
from webforms.base.servicios import servicios
from webforms.base.tardios import MOSTRAR, lo_escrito, solo_mostrar
from webforms.personas.caracterizacion import PREGUNTAS, RESPUESTAS, leer_permiso, secreto_de

rutas = Rutas()


@rutas.get("/sobre-usted/<firma>", para=PUBLICO)
def preguntar(firma: str) -> ResponseReturnValue:
    """Who answered already and kept the address takes it back from here, however long ago it
    was."""
    permiso = llevados.leer(llevados.SOBRE_USTED, firma)
    if (ya := _ya_dicho(firma, permiso)) is not None:
        return ya
    return (
        _pagina(firma, {}, [])
        if leer_permiso(permiso) is not None
        else (render_template("personas/sobre_usted_tarde.html"), 404)
    )


def _ya_dicho(nombre: str, permiso: str) -> ResponseReturnValue | None:
    """A second press leads to the only page that takes it back."""
    return redirect(url_for("tramites.respondido", firma=nombre), 303) if _esta(permiso) else None


def _esta(firma: str) -> bool:
    secreto = secreto_de(firma)
    with servicios().uow.reading() as session:
        return secreto is not None and caracterizacion.esta(session, secreto)


def _pagina(
    firma: str, dichas: dict[str, str], errores: list[tuple[str, str]]
) -> ResponseReturnValue:
    valores = {
        "firma": firma,
        "preguntas": PREGUNTAS,
        "respuestas": RESPUESTAS,
        "dichas": dichas,
        "errores": errores,
    }
    repetible = lo_escrito() if request.method == "POST" else None
    return render_template(
        "personas/sobre_usted.html", **valores, repetible=repetible
    ), 422 if errores else 200


@rutas.post("/sobre-usted/<firma>", para=PUBLICO, se_muestra=MOSTRAR, cupo=Cupo(60, UNA_HORA))
def responder(firma: str) -> ResponseReturnValue:
    suyo = llevados.leer(llevados.SOBRE_USTED, firma)
    permiso = leer_permiso(suyo)
    if permiso is None:
        abort(404)
    # of a form of before, whose address has the secret
    firma = llevados.guardar(llevados.SOBRE_USTED, suyo)
    if (ya := _ya_dicho(firma, suyo)) is not None:
        return ya
    dichas = {pregunta: request.form.get(pregunta, "")[:40] for pregunta in PREGUNTAS}
    if solo_mostrar():
        return _pagina(firma, dichas, [])
    if not request.form.get("autorizo"):
        return _pagina(
            firma,
            dichas,
            [("autorizo", str(_("Marque que autoriza usar estas respuestas, o cierre la página")))],
        )
    procedimiento, secreto = permiso
    hoy = dia_local(servicios().clock.now())
    try:
        servicios().uow.run(lambda s: caracterizacion.decir(s, secreto, procedimiento, dichas, hoy))
    except DatoInvalido as falla:
        return _pagina(firma, dichas, [("edad", str(falla))])
    return redirect(url_for("tramites.respondido", firma=firma), 303)


@rutas.get("/sobre-usted/<firma>/retirar", para=PUBLICO)
def respondido(firma: str) -> ResponseReturnValue:
    """Kept by who answered: what was told is taken back here, whenever it is."""
    permiso = llevados.leer(llevados.SOBRE_USTED, firma)
    esta, vuelve = _esta(permiso), llevados.enlace(llevados.SOBRE_USTED, permiso)
    return render_template(
        "personas/sobre_usted_retirar.html", firma=firma, esta=esta, vuelve=vuelve
    ), 200 if esta else 404


@rutas.post("/sobre-usted/<firma>/retirar", para=PUBLICO, cupo=Cupo(60, UNA_HORA))
def retirar_respuestas(firma: str) -> ResponseReturnValue:
    secreto = secreto_de(llevados.leer(llevados.SOBRE_USTED, firma))
    if secreto is None or not servicios().uow.run(lambda s: caracterizacion.retirar(s, secreto)):
        return render_template("personas/sobre_usted_retirar.html", firma=firma, esta=False), 404
    return render_template(
        "personas/sobre_usted_retirar.html", firma=firma, esta=False, retirado=True
    )
