"""The editor of decision tables: a plain form, one row a rule, without JavaScript."""

from flask import abort
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import reads
from engine.reads.models import Grid
from engine.reads.models import Row
from engine.reads.models import Unreadable
from engine.reads.releases import ModelDraftView
from webforms.analista import lectura
from webforms.analista import tablas
from webforms.analista.edicion import OtroBorrador
from webforms.analista.edicion import guardar_borrador
from webforms.analista.edicion import modelo_de
from webforms.analista.edicion import nombre_pedido
from webforms.analista.edicion import revisar
from webforms.analista.edicion import sello
from webforms.analista.edicion import texto_o_borrador
from webforms.analista.edicion import version_en_vigor
from webforms.base.entrada import entero_o
from webforms.base.rutas import Rutas
from webforms.base.servicios import servicios

rutas = Rutas()


def pagina_tabla(
    archivo: str, contenido: bytes, guardado: ModelDraftView | None, version: int, *, aviso: str = "", codigo: int = 200
) -> ResponseReturnValue:
    try:
        rejillas = reads.models.grids(contenido)
    except Unreadable:
        return redirect(url_for("procesos.vista_xml", archivo=archivo))
    return (
        render_template(
            "analista/editar_tabla.html",
            archivo=archivo,
            modelo=modelo_de(archivo, contenido),
            rejillas=rejillas,
            politicas=tablas.POLITICAS,
            borrador=guardado,
            visto=sello(guardado),
            version=version,
            hallazgos=revisar(archivo, contenido),
            aviso=aviso,
        ),
        codigo,
    )


@rutas.post("/procesos/<archivo>/editar")
def editar_tabla(archivo: str) -> ResponseReturnValue:
    """Saves the grid as the draft and does what the button said: nothing more, add a rule, remove or move one."""
    if not nombre_pedido(archivo).endswith(".dmn"):
        abort(405)
    with servicios().uow.reading() as session:
        hoy = lectura.vigente(session)
        contenido, anterior = texto_o_borrador(session, hoy, archivo)
        version = version_en_vigor(session, hoy, archivo)
    try:
        nuevo = _aplicar_rejilla(contenido)
    except Unreadable:
        return redirect(url_for("procesos.vista_xml", archivo=archivo))
    try:
        guardado = guardar_borrador(archivo, nuevo, request.form.get("visto", ""))
    except OtroBorrador:
        aviso = _("Usted guardó este borrador en otra pestaña. Aquí sigue lo que escribió: si guarda otra vez, reemplaza al otro.")
        return pagina_tabla(archivo, nuevo, anterior, version, aviso=aviso, codigo=409)
    if request.form.get("accion") == "poner":
        return redirect(url_for("procesos.poner", archivo=archivo))
    return pagina_tabla(archivo, nuevo, guardado, version)


def _aplicar_rejilla(contenido: bytes) -> bytes:
    for rejilla in reads.models.grids(contenido):
        filas = _filas(rejilla)
        politica = request.form.get(f"{rejilla.id}:politica", rejilla.policy)
        if politica not in dict(tablas.POLITICAS):
            politica = rejilla.policy
        contenido = reads.models.with_rows(contenido, rejilla.id, politica, filas)
    return contenido


def _filas(rejilla: Grid) -> list[Row]:
    ancho = len(rejilla.inputs) + len(rejilla.outputs)
    ids = request.form.getlist(f"{rejilla.id}:fila")[: tablas.MAXIMO]
    filas = [
        Row(
            id_,
            tuple(request.form.get(f"{rejilla.id}:{n}:{c}", "")[:1000] for c in range(ancho)),
            request.form.get(f"{rejilla.id}:{n}:nota", "")[:1000].strip(),
        )
        for n, id_ in enumerate(ids)
    ]
    orden, _separador, resto = request.form.get("accion", "").partition(":")
    tabla, _separador, numero = resto.partition(":")
    if tabla != rejilla.id:
        return filas
    if orden == "agregar":
        return [*filas, Row("", ("-",) * len(rejilla.inputs) + ("",) * len(rejilla.outputs))]
    n = entero_o(numero, len(filas))
    if orden == "quitar":
        return [fila for i, fila in enumerate(filas) if i != n]
    if orden == "subir" and 0 < n < len(filas):
        filas[n - 1], filas[n] = filas[n], filas[n - 1]
    return filas
