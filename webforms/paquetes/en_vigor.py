"""/procesos: what is in force, with its versions and who runs on them."""

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from engine import reads
from engine.reads.releases import VersionView
from records.base.reglas.nombres import plano
from webforms.base.entrada import entero_o
from webforms.base.guias import ANALISTA, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.quienes import LEE_MODELOS, PERSONA
from webforms.base.rotulos import rotulo
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.navegador.cabeceras import permitir_estilos_en_linea
from webforms.paquetes import lectura, tablas
from webforms.paquetes.celdas import VERDADES
from webforms.paquetes.comparacion import en_palabras, lo_que_dice
from webforms.paquetes.edicion import (
    edita_modelos,
    exigir_vigente,
    migra_casos,
    modelo_de,
    nombre_pedido,
)
from webforms.paquetes.lectura import Vigente
from webforms.paquetes.prueba import probar
from webforms.paquetes.tablas import leer_tablas, problema_de_celda

rutas = Rutas()


@rutas.get(
    "/procesos/",
    para=LEE_MODELOS,
    ayuda=Ayuda(_l("Los diagramas y las tablas que rigen, y sus borradores."), ANALISTA),
    menu=Entrada(Grupo.AJUSTES, _l("Procesos"), 5, primera=True),
)
def lista() -> ResponseReturnValue:
    busca = request.args.get("q", "").strip()
    with servicios().uow.reading() as session:
        hoy = lectura.vigente(session)
        mios = {d.file: d.saved_at for d in lectura.borradores(session, actor_actual().id)}
        procesos = lectura.procesos(session, hoy, mios) if hoy else []
        reglas = lectura.tablas(hoy, mios) if hoy else []
    conocidos = set(hoy.archivos) if hoy else set()
    return render_template(
        "paquetes/lista.html",
        procesos=[p for p in procesos if _coincide(busca, p.nombre, p.proceso, p.archivo, hoy)],
        tablas=[t for t in reglas if plano(busca) in plano(f"{t.nombre} {t.tabla} {t.archivo}")],
        sueltos=sorted(
            (archivo, cuando) for archivo, cuando in mios.items() if archivo not in conocidos
        ),
        busca=busca,
        edita=edita_modelos(),
        release=hoy.numero if hoy else 0,
    )


def _coincide(busca: str, nombre: str, proceso: str, archivo: str, hoy: Vigente | None) -> bool:
    """By name, and by activity or element of the process: 5.2.17, titularidad."""
    if not busca or hoy is None:
        return True
    elementos = hoy.procesos[proceso].elements.values()
    textos = [
        nombre,
        hoy.procesos[proceso].name,
        proceso,
        archivo,
        *(
            f"{e.id} {e.id.removeprefix('act_').replace('_', '.')} {e.name} {rotulo(e.name)}"
            for e in elementos
        ),
    ]
    return any(plano(busca) in plano(texto) for texto in textos)


@rutas.get(
    "/procesos/<archivo>",
    para=LEE_MODELOS,
    ayuda=Ayuda(_l("Un diagrama o una tabla en vigor, con sus versiones."), ANALISTA),
)
def ver(archivo: str) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        hoy = exigir_vigente(session)
        contenido = hoy.archivos.get(nombre_pedido(archivo)) or abort(404)
        versiones = lectura.versiones_de(session, hoy, archivo)
        personas = lectura.nombres_de_personas(session, (v.by for v in versiones))
        guardado = lectura.borrador(session, actor_actual().id, archivo)
        de_tabla = (
            reads.releases.file_versions(session, [archivo]) if archivo.endswith(".dmn") else []
        )
    permitir_estilos_en_linea()
    modelo = modelo_de(archivo, contenido)
    leidas = leer_tablas(contenido, None) if archivo.endswith(".dmn") else []
    return render_template(
        "paquetes/ver_tabla.html" if archivo.endswith(".dmn") else "paquetes/ver.html",
        archivo=archivo,
        modelo=modelo,
        dice=lo_que_dice(contenido) if archivo.endswith(".bpmn") else {},
        en_palabras=en_palabras,
        tablas=leidas,
        pruebas={t.rejilla.id: probar(t, contenido, request.args) for t in leidas},
        verdades=VERDADES,
        problema_de_celda=problema_de_celda,
        politicas=dict(tablas.POLITICAS),
        usan=[(p, rotulo(hoy.procesos[p].name)) for p in hoy.usan(archivo)],
        versiones=versiones,
        versiones_de_tabla=de_tabla,
        personas=personas,
        borrador=guardado,
        release=hoy.numero,
        edita=edita_modelos(),
        atras=_casos_atras(versiones) if migra_casos() else 0,
    )


@rutas.get(
    "/procesos/<archivo>/version/<int:release>",
    para=LEE_MODELOS,
    ayuda=Ayuda(_l("Una tabla como era en otra versión."), ANALISTA),
)
def tabla_de_entonces(archivo: str, release: int) -> ResponseReturnValue:
    """A file as it was in this release, to be read: the diagram with its elements, or the tables;
    `?tabla=&regla=`: rules that decided something, marked."""
    if nombre_pedido(archivo).endswith(".bpmn"):
        return _diagrama_de_entonces(archivo, release)
    with servicios().uow.reading() as session:
        versiones = reads.releases.file_versions(session, [nombre_pedido(archivo)])
        suyas = [v for v in versiones if v.first_release <= release]
        if not suyas:
            abort(404)
        version = suyas[-1]
        contenido = reads.releases.contents(session, [version.sha256])[version.sha256]
    hasta = next((v.since for v in versiones if v.version == version.version + 1), None)
    marcadas = {n for texto in request.args.getlist("regla") if (n := entero_o(texto, 0))}
    return render_template(
        "paquetes/tabla_de_entonces.html",
        archivo=archivo,
        modelo=modelo_de(archivo, contenido),
        tablas=leer_tablas(contenido, None),
        version=version,
        hasta=hasta,
        ultima=versiones[-1].version,
        marcada=request.args.get("tabla", ""),
        marcadas=marcadas,
        problema_de_celda=problema_de_celda,
        politicas=dict(tablas.POLITICAS),
    )


def _diagrama_de_entonces(archivo: str, release: int) -> ResponseReturnValue:
    """By the versions of its first process: they rise, too, when a table changes that it uses."""
    with servicios().uow.reading() as session:
        hoy = exigir_vigente(session)
        if release > hoy.numero:
            abort(404)
        contenido = reads.releases.files(session, servicios().engine.catalog, release).get(
            archivo
        ) or abort(404)
        versiones = lectura.versiones_de(session, hoy, archivo)
    modelo = modelo_de(archivo, contenido)
    suyas = [v for v in versiones if v.process in dict(modelo.procesos)]
    primero = suyas[0].process if suyas else ""
    de_uno = sorted((v for v in suyas if v.process == primero), key=lambda v: v.version)
    version = next((v for v in reversed(de_uno) if v.first_release <= release), None) or abort(404)
    permitir_estilos_en_linea()
    return render_template(
        "paquetes/diagrama_de_entonces.html",
        archivo=archivo,
        release=release,
        modelo=modelo,
        hoy_se_llama=modelo_de(archivo, hoy.archivos[archivo]).titulo
        if archivo in hoy.archivos
        else archivo,
        version=version,
        hasta=next((v.since for v in de_uno if v.version == version.version + 1), None),
        ultima=de_uno[-1].version,
        dice=lo_que_dice(contenido),
        en_palabras=en_palabras,
    )


def _casos_atras(versiones: list[VersionView]) -> int:
    """Running cases of versions that are no longer in force."""
    nueva = {v.process: v.version for v in sorted(versiones, key=lambda v: v.version)}
    return sum(v.running for v in versiones if v.version < nueva[v.process])


@rutas.get("/procesos/<archivo>/archivo", para=LEE_MODELOS)
def bajar(archivo: str) -> ResponseReturnValue:
    """The file in force, or the analyst's draft with `?borrador=1`."""
    with servicios().uow.reading() as session:
        hoy = exigir_vigente(session)
        if request.args.get("borrador"):
            guardado = lectura.borrador(
                session, actor_actual().id, nombre_pedido(archivo)
            ) or abort(404)
            contenido = guardado.content
        else:
            contenido = hoy.archivos.get(nombre_pedido(archivo)) or abort(404)
    return Response(
        contenido,
        mimetype="application/xml",
        headers={"Content-Disposition": f'attachment; filename="{archivo}"'},
    )


@rutas.get("/diagramas/<int:release>/<archivo>", para=PERSONA)
def diagrama(release: int, archivo: str) -> ResponseReturnValue:
    """A file of a release for the viewers: it never changes, and holds no data of any person."""
    with servicios().uow.reading() as session:
        contenido = reads.releases.files(session, servicios().engine.catalog, release).get(
            nombre_pedido(archivo)
        ) or abort(404)
    respuesta = Response(contenido, mimetype="application/xml")
    respuesta.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    respuesta.headers["Content-Disposition"] = "inline"
    return respuesta
