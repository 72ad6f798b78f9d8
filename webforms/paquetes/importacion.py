"""A package that comes as a ZIP: read, compared piece by piece with what is here, kept as drafts.
Nothing of it is in force before.

The ZIP travels in the page of the comparison: nothing is stored for somebody who only looks.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l

from records.paquetes.reglas import paquete as reglas, paquete_zip
from records.paquetes.reglas.paquete import Diferencia, Falta, Paquete
from webforms.base.formatos import numero
from webforms.base.guias import ANALISTA, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.quienes import MODELA
from webforms.base.rutas import Rutas
from webforms.base.servicios import servicios
from webforms.paquetes import lectura
from webforms.paquetes.cambios_de_tabla import comparacion_de_tablas
from webforms.paquetes.edicion import comparacion_de, guardar_borrador, modelo_de, nombres_en
from webforms.paquetes.faltas import frases
from webforms.paquetes.hallazgos import Hallazgo, hallazgos
from webforms.paquetes.paquetes import mis_borradores
from webforms.paquetes.titulares import enumerar

rutas = Rutas()

AQUI, LLEGA = "aqui", "llega"


@dataclass(frozen=True, slots=True)
class Pieza:
    """One piece that differs, and in words how."""

    nombre: str
    titulo: str
    estado: str
    cambia: str
    con_borrador: bool  #: whoever imports has an own draft of it: it would be replaced


@rutas.get(
    "/procedimientos/importar",
    para=MODELA,
    ayuda=Ayuda(
        _l("Aquí trae el procedimiento de otra entidad; se compara antes de guardar."), ANALISTA
    ),
    menu=Entrada(Grupo.AJUSTES, _l("Importar un procedimiento")),
)
def importar() -> ResponseReturnValue:
    return render_template("paquetes/paquete_importar.html", error="", faltas=[])


@rutas.post(
    "/procedimientos/importar",
    para=MODELA,
    haria=_l("Comparar un paquete con lo que está en vigor"),
)
def comparar_paquete() -> ResponseReturnValue:
    """What the package brings. Writes nothing."""
    enviado = request.files.get("archivo")
    contenido = (
        enviado.stream.read(paquete_zip.MAX_ZIP + 1)
        if enviado is not None and enviado.filename
        else b""
    )
    if enviado is not None:
        enviado.close()
    if not contenido:
        return render_template(
            "paquetes/paquete_importar.html",
            error=_("Elija el archivo .zip de un paquete."),
            faltas=[],
        ), 422
    return _comparacion(contenido)


def leido(contenido: bytes) -> tuple[str, dict[str, bytes], Paquete | None, list[Falta]]:
    codigo, piezas, faltas = paquete_zip.leer(contenido)
    if faltas:
        return codigo, piezas, None, faltas
    paquete, faltas = reglas.leer_entero(codigo, piezas)
    return codigo, piezas, paquete, faltas


def _comparacion(
    contenido: bytes,
    *,
    aviso: str = "",
    motivo: str = "",
    elegidas: Mapping[str, str] | None = None,
) -> ResponseReturnValue:
    codigo, piezas, paquete, faltas = leido(contenido)
    if paquete is None:
        return render_template(
            "paquetes/paquete_importar.html",
            error=_("Este archivo no se puede importar."),
            faltas=frases(faltas),
        ), 422
    with servicios().uow.reading() as session:
        hoy = lectura.vigente(session)
        mios = mis_borradores(session)
    en_vigor = hoy.archivos if hoy else {}
    actual = reglas.leer(codigo, en_vigor)[0]
    suyas = {
        nombre: en_vigor[nombre]
        for nombre in {*(actual.piezas if actual else ()), *paquete.piezas}
        if nombre in en_vigor
    }
    diferencias = reglas.comparar(suyas, piezas)
    return render_template(
        "paquetes/paquete_comparar.html",
        codigo=codigo,
        paquete=paquete,
        es_nuevo=actual is None,
        cuantas={
            estado: sum(d.estado == estado for d in diferencias)
            for estado in ("nueva", "cambiada", "solo_aqui", "igual")
        },
        piezas=[_pieza(d, suyas, piezas, mios) for d in diferencias if d.estado != "igual"],
        total=len(piezas),
        elegidas=elegidas or {},
        hallazgos=revisar_juntos(piezas),
        contenido=base64.b64encode(contenido).decode(),
        aviso=aviso,
        motivo=motivo,
    ), (422 if aviso else 200)


def revisar_juntos(piezas: Mapping[str, bytes]) -> list[Hallazgo]:
    """What a deployment of all of them at once would say."""
    encontrados = servicios().engine.releases.check(piezas)
    nombres: dict[str, str] = {}
    for archivo, contenido in piezas.items():
        if archivo.endswith(reglas.MODELOS):
            nombres |= nombres_en(archivo, contenido)
    return hallazgos([f for f in encontrados if f.file in piezas or f.severity == "error"], nombres)


def _pieza(
    d: Diferencia, aqui: Mapping[str, bytes], llega: Mapping[str, bytes], mios: Mapping[str, bytes]
) -> Pieza:
    return Pieza(
        d.nombre,
        titulo(d.nombre, llega.get(d.nombre, aqui.get(d.nombre, b""))),
        d.estado,
        _cambia(d, aqui, llega),
        d.nombre in mios,
    )


def titulo(nombre: str, contenido: bytes) -> str:
    if nombre.endswith(reglas.MODELOS):
        return modelo_de(nombre, contenido).titulo
    return (
        str(_("Texto del procedimiento"))
        if nombre.endswith("/" + reglas.MANIFIESTO)
        else nombre.partition("/")[2]
    )


def _cambia(d: Diferencia, aqui: Mapping[str, bytes], llega: Mapping[str, bytes]) -> str:
    """How many changes with effect a diagram or table has; of a text how many lines."""
    if d.estado != "cambiada":
        return ""
    antes, despues = aqui[d.nombre], llega[d.nombre]
    if d.nombre.endswith(reglas.MODELOS):
        dichos = (comparacion_de if d.nombre.endswith(".bpmn") else comparacion_de_tablas)(
            antes, despues
        ).dichos
        if not dichos:
            return str(_("Solo el dibujo o las explicaciones: hace lo mismo."))
        return enumerar([x.nombre for x in dichos])
    de_antes, de_despues = set(antes.splitlines()), set(despues.splitlines())
    return str(
        _(
            "%(n)s líneas nuevas, %(m)s quitadas",
            n=numero(len(de_despues - de_antes)),
            m=numero(len(de_antes - de_despues)),
        )
    )


@rutas.post(
    "/procedimientos/importar/guardar",
    para=MODELA,
    haria=_l("Guardar las piezas de un paquete como borrador"),
    pesa=paquete_zip.MAX_ZIP * 3 // 2,
)
def guardar_paquete() -> ResponseReturnValue:
    """The pieces that arrive become drafts of whoever imports, but those for which what is here was
    chosen."""
    try:
        contenido = base64.b64decode(request.form.get("contenido", ""), validate=True)
    except (binascii.Error, ValueError):
        contenido = b""
    if not contenido:
        return render_template(
            "paquetes/paquete_importar.html",
            error=_("El paquete no llegó completo. Elíjalo otra vez."),
            faltas=[],
        ), 422
    codigo, piezas, paquete, _faltas = leido(contenido)
    motivo = " ".join(request.form.get("motivo", "").split())[:500]
    elegidas = {nombre: request.form.get(f"pieza-{nombre}", LLEGA) for nombre in piezas}
    if paquete is None:
        return _comparacion(contenido)
    if not motivo:
        return _comparacion(
            contenido,
            aviso=_("Escriba el motivo: queda propuesto como nota de la versión."),
            elegidas=elegidas,
        )
    with servicios().uow.reading() as session:
        hoy = lectura.vigente(session)
    en_vigor = hoy.archivos if hoy else {}
    guardadas = [
        n for n, dicho in piezas.items() if elegidas[n] != AQUI and en_vigor.get(n) != dicho
    ]
    for nombre in guardadas:
        guardar_borrador(nombre, piezas[nombre], None)
    if not guardadas:
        flash(_("Todo lo que trae el paquete ya está en vigor: no hay nada que guardar."), "ambar")
        return redirect(url_for("procesos.paquete", codigo=codigo))
    flash(
        _(
            "%(n)s piezas quedaron como borrador suyo. Revíselas y póngalas en vigor juntas.",
            n=len(guardadas),
        ),
        "verde",
    )
    return redirect(url_for("procesos.poner_paquete", codigo=codigo, nota=motivo))
