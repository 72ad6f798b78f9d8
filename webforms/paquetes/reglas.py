"""The editor of decision tables, without JavaScript: the rules are read in words, one at a time is
open with its choices."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l

from engine import reads
from engine.reads.models import Row, Unreadable
from engine.reads.releases import ModelDraftView
from webforms.base.entrada import entero_o
from webforms.base.quienes import MODELA
from webforms.base.rutas import Rutas
from webforms.base.servicios import servicios
from webforms.paquetes import celdas, lectura, regla as formulario, tablas
from webforms.paquetes.edicion import (
    OtroBorrador,
    guardar_borrador,
    modelo_de,
    nombre_pedido,
    revisar,
    sello,
    texto_o_borrador,
    version_en_vigor,
)
from webforms.paquetes.prueba import probar
from webforms.paquetes.regla import Regla
from webforms.paquetes.tablas import Tabla, leer_tablas, problema_de_celda

rutas = Rutas()
NUEVA = "nueva"


@dataclass(frozen=True, slots=True)
class Pagina:
    """What the page of a table needs beside its rules."""

    archivo: str
    contenido: bytes
    guardado: ModelDraftView | None
    version: int
    vigente: bytes | None


def leer_pagina(archivo: str) -> Pagina:
    with servicios().uow.reading() as session:
        hoy = lectura.vigente(session)
        contenido, guardado = texto_o_borrador(session, hoy, archivo)
        return Pagina(
            archivo,
            contenido,
            guardado,
            version_en_vigor(session, hoy, archivo),
            hoy.archivos.get(archivo) if hoy else None,
        )


def pagina_tabla(
    pagina: Pagina, *, abierta: Regla | None = None, aviso: str = "", codigo: int = 200
) -> ResponseReturnValue:
    try:
        leidas = leer_tablas(pagina.contenido, pagina.vigente)
    except Unreadable:
        return redirect(url_for("procesos.vista_xml", archivo=pagina.archivo))
    return (
        render_template(
            "paquetes/editar_tabla.html",
            archivo=pagina.archivo,
            modelo=modelo_de(pagina.archivo, pagina.contenido),
            tablas=leidas,
            abierta=abierta or _pedida(leidas, request.args.get("regla", "")),
            politicas=tablas.POLITICAS,
            modos_de_numero=formulario.MODOS_DE_NUMERO,
            verdades=celdas.VERDADES,
            pruebas={t.rejilla.id: probar(t, pagina.contenido, request.args) for t in leidas},
            problema_de_celda=problema_de_celda,
            borrador=pagina.guardado,
            visto=sello(pagina.guardado),
            version=pagina.version,
            nueva=pagina.vigente is None,
            hallazgos=revisar(pagina.archivo, pagina.contenido),
            aviso=aviso,
        ),
        codigo,
    )


def _pedida(leidas: Sequence[Tabla], cual: str) -> Regla | None:
    """The rule that the address opens: "tabla:3", "tabla:nueva"."""
    id_, _separador, lugar = cual.rpartition(":")
    tabla = next((t for t in leidas if t.rejilla.id == id_), None)
    if tabla is None:
        return None
    filas = tabla.rejilla.rows
    if lugar == NUEVA:
        return formulario.abrir(id_, len(filas), None, tabla.columnas)
    n = entero_o(lugar, -1)
    return formulario.abrir(id_, n, filas[n], tabla.columnas) if 0 <= n < len(filas) else None


@rutas.post("/procesos/<archivo>/editar", para=MODELA, haria=_l("Guardar la tabla en su borrador"))
def editar_tabla(archivo: str) -> ResponseReturnValue:
    """Keeps the open rule in the draft, then does what the button said: open another, add, remove
    or move one, put in force."""
    if not nombre_pedido(archivo).endswith(".dmn"):
        abort(405)
    pagina = leer_pagina(archivo)
    try:
        leidas = leer_tablas(pagina.contenido, pagina.vigente)
    except Unreadable:
        return redirect(url_for("procesos.vista_xml", archivo=archivo))
    orden, _separador, resto = request.form.get("accion", "").partition(":")
    if orden == "deshacer":
        return redirect(url_for("procesos.editar", archivo=archivo))
    abierta = _enviada(leidas)
    quita_la_abierta = (
        abierta is not None and orden == "quitar" and resto == f"{abierta.tabla}:{abierta.n}"
    )
    if abierta is not None and abierta.errores and not quita_la_abierta:
        return pagina_tabla(pagina, abierta=abierta, codigo=422)
    nuevo = pagina.contenido
    for tabla in leidas:
        filas = _con_la_abierta(tabla, abierta if not quita_la_abierta else None)
        politica = request.form.get(f"{tabla.rejilla.id}:politica", tabla.rejilla.policy)
        filas = _mover(filas, orden, resto, tabla.rejilla.id)
        if filas != list(tabla.rejilla.rows) or politica != tabla.rejilla.policy:
            nuevo = reads.models.with_rows(
                nuevo,
                tabla.rejilla.id,
                politica if politica in dict(tablas.POLITICAS) else tabla.rejilla.policy,
                filas[: tablas.MAXIMO],
            )
    try:
        if nuevo != pagina.contenido or (pagina.guardado is None and orden != "probar"):
            guardar_borrador(archivo, nuevo, request.form.get("visto", ""))
    except OtroBorrador:
        aviso = _(
            "Usted guardó este borrador en otra pestaña. Abajo está la tabla como quedó allá, y abierta la regla con lo que escribió "
            "aquí: si la guarda otra vez, se suma a lo otro."
        )
        return pagina_tabla(pagina, abierta=abierta, aviso=aviso, codigo=409)
    if orden == "poner":
        return redirect(url_for("procesos.poner", archivo=archivo))
    return redirect(_adonde(archivo, orden, resto, abierta))


def _enviada(leidas: Sequence[Tabla]) -> Regla | None:
    id_, _separador, lugar = request.form.get("abierta", "").rpartition(":")
    tabla = next((t for t in leidas if t.rejilla.id == id_), None)
    return (
        formulario.enviada(id_, max(0, entero_o(lugar, 0)), tabla.columnas, request.form)
        if tabla is not None
        else None
    )


def _con_la_abierta(tabla: Tabla, abierta: Regla | None) -> list[Row]:
    """The rules with the open one as it was typed; one that is gone meanwhile, or new, comes
    last."""
    filas = list(tabla.rejilla.rows)
    if abierta is None or abierta.tabla != tabla.rejilla.id:
        return filas
    lugar = next(
        (n for n, fila in enumerate(filas) if abierta.fila and fila.id == abierta.fila), None
    )
    if lugar is None:
        return [*filas, abierta.como_fila(None)]
    filas[lugar] = abierta.como_fila(filas[lugar])
    return filas


def _mover(filas: list[Row], orden: str, resto: str, id_: str) -> list[Row]:
    tabla, _separador, lugar = resto.rpartition(":")
    n = entero_o(lugar, -1)
    if tabla != id_ or not 0 <= n < len(filas):
        return filas
    if orden == "quitar":
        return [*filas[:n], *filas[n + 1 :]]
    if orden == "duplicar":
        return [*filas[: n + 1], Row("", filas[n].cells, filas[n].note), *filas[n + 1 :]]
    otro = {"subir": n - 1, "bajar": n + 1}.get(orden, n)
    if 0 <= otro < len(filas):
        filas[n], filas[otro] = filas[otro], filas[n]
    return filas


def _adonde(archivo: str, orden: str, resto: str, abierta: Regla | None) -> str:
    """Where the next page stands: at the rule that is opened, or was worked on."""
    tabla, _separador, lugar = resto.rpartition(":")
    n = entero_o(lugar, 0)
    if orden == "agregar":
        return url_for(
            "procesos.editar", archivo=archivo, regla=f"{resto}:{NUEVA}", _anchor="regla"
        )
    if orden == "probar":
        caso: dict[str, Any] = {
            nombre: valor
            for nombre, valor in request.form.items()
            if nombre.startswith(f"prueba:{resto}:")
        }
        return url_for(
            "procesos.editar", archivo=archivo, probar=resto, _anchor=f"prueba-{resto}", **caso
        )
    if orden == "editar":
        return url_for("procesos.editar", archivo=archivo, regla=resto, _anchor="regla")
    if orden == "duplicar":
        return url_for(
            "procesos.editar", archivo=archivo, regla=f"{tabla}:{n + 1}", _anchor="regla"
        )
    if orden in ("subir", "bajar"):
        return url_for(
            "procesos.editar",
            archivo=archivo,
            regla=f"{tabla}:{max(0, n + (1 if orden == 'bajar' else -1))}",
            _anchor="regla",
        )
    ancla = (
        f"fila-{abierta.tabla}-{abierta.n + 1}"
        if abierta is not None and orden != "quitar"
        else None
    )
    return url_for("procesos.editar", archivo=archivo, _anchor=ancla)
