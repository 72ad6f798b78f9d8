"""Every document of the reports of a month, in one file: asked for, with how far it is; then to be
taken, while it is the last one."""

import contextlib
from typing import Any, Final

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine.types import Data
from records.base import pedidos
from records.base.actos import Acto
from records.base.errores import DatoInvalido, NoExiste
from records.base.tablas import DocumentosPedido
from records.informes import documentos_del_mes
from webforms.base import formatos
from webforms.base.guias import CALIDAD, Ayuda
from webforms.base.personas import nombre_de
from webforms.base.quienes import VE_INDICADORES
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.informes.avance import EN_ESPERA, como_va
from webforms.informes.periodo import mes_de_la_ruta

rutas = Rutas()

HACIENDO: Final[dict[str, Any]] = {
    "": _l("Espera su turno"),
    documentos_del_mes.LEER: _l("Lee los reportes de los puntos"),
    documentos_del_mes.COMPONER: _l("Compone los documentos"),
}


class _YaSeHacen(Exception):
    """This person asked for them before."""


@rutas.post(
    "/reportes/<mes>/documentos",
    para=VE_INDICADORES,
    haria=_l("Hacer todos los documentos de un mes"),
)
def hacer_documentos_del_mes(mes: str) -> ResponseReturnValue:
    """Who asks twice, also at once, is led to what is being made."""
    s, acto, ids = servicios(), Acto(actor_actual().id, servicios().clock.now()), list[int]()
    primero = mes_de_la_ruta(mes)

    def pedir(session: Session) -> tuple[str, Data]:
        ya = documentos_del_mes.en_curso(session, primero, acto.quien)
        if ya is not None:
            ids[:] = [ya.id]
            raise _YaSeHacen
        ids[:] = [documentos_del_mes.pedir(session, primero, acto).id]
        return f"documentos-{ids[0]}", {"pedido_id": ids[0]}

    try:
        with contextlib.suppress(_YaSeHacen):
            s.engine.jobs.ask(documentos_del_mes.HACER, pedir)
    except DatoInvalido:
        abort(404)  # no page of that month has the button
    return redirect(url_for("calidad.ver_documentos", mes=mes, pedido_id=ids[0]))


@rutas.get(
    "/reportes/<mes>/documentos/<int:pedido_id>",
    para=VE_INDICADORES,
    ayuda=Ayuda(_l("Los documentos de un mes que alguien pidió, todos juntos."), CALIDAD),
)
def ver_documentos(mes: str, pedido_id: int) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        pedido = _pedido(session, mes, pedido_id)
        pagina = render_template(
            "informes/documentos_del_mes.html",
            hecho=pedido.estado == pedidos.HECHO,
            hay=pedido.contenido is not None,
            tamano=formatos.tamano(len(pedido.contenido or b"")),
            cancela=pedido.por == actor_actual().id,
            quien=nombre_de(session, pedido.por),
            **como_va(pedido, documentos_del_mes.PASOS, HACIENDO),
        )
        return pagina, EN_ESPERA if pedido.estado in pedidos.ABIERTOS else 200


@rutas.get("/reportes/<mes>/documentos/<int:pedido_id>/avance", para=VE_INDICADORES)
def avance_de_documentos(mes: str, pedido_id: int) -> ResponseReturnValue:
    """The part of the page that changes."""
    with servicios().uow.reading() as session:
        pedido = _pedido(session, mes, pedido_id)
        parte = render_template(
            "informes/_avance.html", **como_va(pedido, documentos_del_mes.PASOS, HACIENDO)
        )
        return parte, EN_ESPERA if pedido.estado in pedidos.ABIERTOS else 200


# each what they asked for
@rutas.post(
    "/reportes/<mes>/documentos/<int:pedido_id>/cancelar",
    para=VE_INDICADORES,
    haria=_l("Dejar de hacer los documentos de un mes"),
)
def cancelar_documentos(mes: str, pedido_id: int) -> ResponseReturnValue:
    """By who asked for them."""
    with servicios().uow.reading() as session:
        if _pedido(session, mes, pedido_id).por != actor_actual().id:
            abort(404)
    if not servicios().uow.run(
        lambda session: pedidos.cancelar(session, DocumentosPedido, pedido_id)
    ):
        flash(_("Ya había terminado: no se canceló."), "ambar")
    return redirect(url_for("calidad.ver_documentos", mes=mes, pedido_id=pedido_id))


@rutas.get("/reportes/<mes>/documentos/<int:pedido_id>/documentos.zip", para=VE_INDICADORES)
def bajar_documentos(mes: str, pedido_id: int) -> ResponseReturnValue:
    """As they were made; recorded before they leave."""
    s = servicios()
    with s.uow.reading() as session:
        pedido = _pedido(session, mes, pedido_id)
        contenido, huella = pedido.contenido or abort(404), pedido.huella
    s.engine.log_access(
        actor_actual(),
        "exportacion",
        "documentos.zip",
        now=s.clock.now(),
        detail={"mes": mes, "sha256": huella},
    )
    cabecera = {
        "Content-Disposition": f"attachment; filename=documentos-{pedido.mes:%Y-%m}.zip",
        "Cache-Control": "no-store",
    }
    return Response(contenido, mimetype="application/zip", headers=cabecera)


def _pedido(session: Session, mes: str, pedido_id: int) -> DocumentosPedido:
    try:
        pedido = pedidos.uno(session, DocumentosPedido, pedido_id)
    except NoExiste:
        abort(404)
    return pedido if pedido.mes == mes_de_la_ruta(mes) else abort(404)
