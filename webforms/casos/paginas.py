"""What a page of the entity said when an adviser cited it (5.2.21): a copy to be read, text
only."""

import datetime as dt

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine.types import Data
from records.sistemas import paginas
from webforms.base.guias import ASESOR, Ayuda
from webforms.base.hojas import Hoja
from webforms.base.personas import nombre_de
from webforms.base.quienes import ANOTA, PERSONA
from webforms.base.rutas import Rutas
from webforms.base.servicios import servicios
from webforms.casos.cabecera import abrir, exigir

rutas = Rutas()

A_TIEMPO = dt.timedelta(minutes=10)  #: after the citation; a later copy says that it is one


@rutas.get(
    "/caso/<case_key>/paginas/<int:citada_id>",
    para=PERSONA,
    ayuda=Ayuda(_l("Lo que decía la página de la entidad cuando se citó."), ASESOR),
)
def pagina_citada(case_key: str, citada_id: int) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        cab = abrir(session, case_key)
        citada = paginas.una_del_caso(session, case_key, citada_id)
        if citada is None or citada.copia is None:
            abort(404)
        valores = {
            "pestana": "",
            "citada": citada,
            "texto": paginas.texto_de(session, citada.copia),
            "comparten": paginas.cuantas_la_usan(session, citada.copia) - 1,
            "tarde": citada.copia.traida - citada.pagina.citada > A_TIEMPO,
            "quien": nombre_de(session, citada.pagina.citada_por),
        }
        hoja = Hoja("casos/pagina_citada.html", {**cab.en_plantilla(), **valores})
    return hoja.mostrar()


@rutas.post(
    "/caso/<case_key>/paginas/<int:citada_id>",
    para=ANOTA,
    haria=_l("Copiar lo que dice hoy la página citada"),
)
def copiar_pagina(case_key: str, citada_id: int) -> ResponseReturnValue:
    """The copy failed; the page is asked once more. What it says then is said to be of then."""
    s = servicios()
    with s.uow.reading() as session:
        exigir(session, case_key)
        citada = paginas.una_del_caso(session, case_key, citada_id)
    if citada is None:
        abort(404)
    if citada.pagina.estado == paginas.FALLIDA:  # else somebody was faster

        def pedir(session: Session) -> tuple[str, Data]:
            _trabajo, clave, args = paginas.trabajo(
                paginas.otra_vez(session, citada_id), s.clock.now()
            )
            return clave, args

        s.engine.jobs.ask(paginas.COPIAR, pedir, queue="web")
    flash(_("Se está copiando la página. Vuelva a mirar en un momento."), "verde")
    return redirect(url_for("casos.ver", case_key=case_key, _anchor="paginas"))
