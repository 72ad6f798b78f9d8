"""«Ayuda»: the guide of one's role first, with its first steps, the others, the keys."""

from typing import cast

from flask import abort, redirect, render_template, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from webforms.ayuda import guias
from webforms.ayuda.atajos import ATAJOS, NOMBRES
from webforms.ayuda.de_quien import DE_QUIEN, guias_de
from webforms.ayuda.recorridos import RECORRIDOS
from webforms.base.assets import SIEMPRE
from webforms.base.guias import FUNCIONARIO, Ayuda
from webforms.base.idioma import idioma
from webforms.base.menu import Entrada, Grupo
from webforms.base.quienes import PERSONA
from webforms.base.rutas import Rutas
from webforms.base.security import Usuario, usuario_actual

rutas = Rutas()


def _yo() -> Usuario:
    """There is one: the permission of these routes asks for it."""
    return cast(Usuario, usuario_actual())


def _mias() -> list[str]:
    return guias_de({papel.name for papel in _yo().papeles})


def _al_lado() -> dict[str, list[guias.Guia]]:
    """The list beside each page: one's own, and the others."""
    mias, todas = _mias(), guias.todas(idioma())
    return {
        "mias": [g for g in todas if g.nombre in mias],
        "otras": [g for g in todas if g.nombre not in mias],
    }


@rutas.get(
    "/ayuda",
    para=PERSONA,
    ayuda=Ayuda(
        _l("Aquí están las guías, los primeros pasos de su rol y los atajos de teclado."),
        FUNCIONARIO,
    ),
    menu=Entrada(Grupo.AJUSTES, _l("Ayuda")),
)
def indice() -> ResponseReturnValue:
    return redirect(url_for("ayuda.guia", guia=_mias()[0]))


@rutas.get(
    "/ayuda/<guia>",
    para=PERSONA,
    ayuda=Ayuda(_l("Una guía corta de su trabajo en Ventanilla."), FUNCIONARIO),
)
def guia(guia: str) -> ResponseReturnValue:
    if guia not in DE_QUIEN:
        abort(404)
    return render_template(
        "ayuda/guia.html",
        esta=guias.guia(guia, idioma()),
        pasos=RECORRIDOS.get(guia, ()) if guia in _mias() else (),
        **_al_lado(),
    )


@rutas.get("/ayuda/imagen/<lengua>/<nombre>", para=PERSONA)
def imagen(lengua: str, nombre: str) -> ResponseReturnValue:
    """What a guide shows. It is kept for ever by its address, because another content has another
    one."""
    try:
        actual = guias.version(lengua, nombre)
    except KeyError:
        abort(404)
    respuesta = send_from_directory(
        guias.IMAGENES / lengua, nombre, mimetype="image/webp", conditional=True
    )
    fija = request.args.get("v") == actual
    respuesta.headers["Cache-Control"] = (
        f"private, max-age={SIEMPRE}, immutable" if fija else "no-cache"
    )
    return respuesta


@rutas.get(
    "/ayuda/atajos",
    para=PERSONA,
    ayuda=Ayuda(_l("Todas las teclas que ahorran tiempo, página por página."), FUNCIONARIO),
    menu=Entrada(Grupo.AJUSTES, _l("Atajos de teclado")),
)
def teclas() -> ResponseReturnValue:
    return render_template(
        "ayuda/atajos.html",
        paginas=[(NOMBRES[pagina], suyos) for pagina, suyos in ATAJOS.items()],
        **_al_lado(),
    )
