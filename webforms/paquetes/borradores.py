"""Drafts: the canvas, the XML view, uploads, new processes; and the review while drawing."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from common.language import said
from engine.errors import Finding
from engine.reads.models import MAX_BYTES, Unreadable, brought
from engine.types import ActionSpec, InputRule
from records.cuentas import carriles
from records.paquetes.reglas import paquete
from webforms.base import formatos
from webforms.base.guias import ANALISTA, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.quienes import MODELA
from webforms.base.rotulos import rotulo
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.navegador.cabeceras import permitir_estilos_en_linea
from webforms.navegador.ficha import ficha
from webforms.paquetes import lectura
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
from webforms.paquetes.hallazgos import frase
from webforms.paquetes.lectura import Vigente
from webforms.paquetes.modelo import nombre_limpio, nombre_valido
from webforms.paquetes.paquetes import (
    con_borradores,
    mis_borradores,
    paquete_de,
    tomar_en,
    van_juntos,
)
from webforms.paquetes.plantilla import diagrama_vacio
from webforms.paquetes.reglas import leer_pagina, pagina_tabla

rutas = Rutas()
PASO = "PASO"  #: stands for the id of a step in the address where it is tried


def catalogo(session: Session, hoy: Vigente | None) -> Mapping[str, Any]:
    """What the properties panel offers."""
    motor = servicios().engine
    piezas = {
        *(hoy.archivos if hoy else ()),
        *(d.file for d in lectura.borradores(session, actor_actual().id)),
    }
    procesos = sorted(hoy.procesos.values(), key=lambda p: p.name) if hoy else []
    tareas = {
        e.form: " ".join(e.name.split()) for p in procesos for e in p.elements.values() if e.form
    }
    return {
        "roles": [
            (rol.codigo, _(rol.nombre))
            for rol in carriles.roles(session).values()
            if rol.en_carriles
        ],
        "alcances": [("", _("En toda la entidad")), *_lugares(session, hoy).items()],
        "forms": [
            (clave, f"{tareas[clave]} ({clave})" if clave in tareas else clave)
            for clave in sorted(servicios().forms)
        ],
        "handlers": sorted(motor.core.handlers.names),
        "acciones": {
            nombre: asdict(en_lo_suyo(accion))
            for nombre, accion in sorted(motor.core.handlers.actions.items())
        },
        "se_prueban": sorted(motor.core.handlers.trials),
        "cartas": sorted(p.removesuffix(".es.txt") for p in piezas if p.endswith(".es.txt")),
        "listas": sorted(p.removesuffix(".csv") for p in piezas if p.endswith(".csv")),
        "tables": _tablas(session, hoy),
        "abren_casos": {p.id: sorted(p.variables) for p in procesos if p.case is not None},
        "processes": [(p.id, f"{' '.join(p.name.split())} ({p.id})") for p in procesos],
    }


def en_lo_suyo(accion: ActionSpec) -> ActionSpec:
    """As the analyst reads it. The names of services and systems are the agency's."""

    def regla(una: InputRule) -> InputRule:
        opciones = tuple((codigo, said(dicho)) for codigo, dicho in una.options)
        return replace(una, label=said(una.label), hint=said(una.hint), options=opciones)

    return replace(accion, label=said(accion.label), inputs=tuple(map(regla, accion.inputs)))


def _tablas(session: Session, hoy: Vigente | None) -> list[tuple[str, str]]:
    """Those in force and those that the analyst is still writing, as they are called there."""
    archivos = con_borradores(hoy, mis_borradores(session))
    leidas = (
        modelo_de(nombre, contenido).tablas
        for nombre, contenido in archivos.items()
        if nombre.endswith(".dmn")
    )
    return sorted(
        {t.id: rotulo(t.name) for tablas in leidas for t in tablas}.items(), key=lambda t: t[1]
    )


def _lugares(session: Session, hoy: Vigente | None) -> dict[str, str]:
    """Variables that name a place: those that the agency keeps, and those of the lists that drafts
    of packages bring."""
    archivos = con_borradores(hoy, mis_borradores(session))
    traidas = (
        lista
        for codigo in paquete.codigos(archivos)
        for lista in paquete.listas_de(codigo, archivos)
    )
    return {**carriles.alcances(session), **{lista.variable: lista.nombre for lista in traidas}}


@rutas.get(
    "/procesos/<archivo>/editar",
    para=MODELA,
    ayuda=Ayuda(_l("Aquí dibuja o cambia; nada rige hasta ponerlo en vigor."), ANALISTA),
)
def editar(archivo: str) -> ResponseReturnValue:
    if nombre_pedido(archivo).endswith(".dmn"):
        return pagina_tabla(leer_pagina(archivo))
    with servicios().uow.reading() as session:
        hoy = lectura.vigente(session)
        contenido, guardado = texto_o_borrador(session, hoy, archivo)
        version = version_en_vigor(session, hoy, archivo)
        ofrecido = catalogo(session, hoy)
        mios = mis_borradores(session)
        suyo, juntos = (
            paquete_de(archivo, con_borradores(hoy, mios)),
            van_juntos(archivo, hoy, mios),
        )
    permitir_estilos_en_linea()
    datos = {
        "xml": contenido.decode("utf-8", "replace"),
        "archivo": archivo,
        "base": hoy.numero if hoy else 0,
        "visto": sello(guardado),
        "csrf": ficha(),
        "guardar": url_for("procesos.guardar", archivo=archivo),
        "revisar": url_for("procesos.lint"),
        "probar": url_for("procesos.ensayar", archivo=archivo, elemento=PASO),
        "catalogo": ofrecido,
    }
    return render_template(
        "paquetes/editar.html",
        archivo=archivo,
        modelo=modelo_de(archivo, contenido),
        datos=datos,
        borrador=guardado,
        version=version,
        suyo=suyo,
        juntos=juntos,
    )


@rutas.post("/procesos/<archivo>/borrador", para=MODELA)
def guardar(archivo: str) -> ResponseReturnValue:
    """The canvas saves here (JSON)."""
    cuerpo = request.get_json(silent=True)
    texto = cuerpo.get("contenido") if isinstance(cuerpo, dict) else None
    visto = cuerpo.get("visto") if isinstance(cuerpo, dict) else None
    if not isinstance(texto, str) or not isinstance(visto, str):
        return jsonify(frase=_("No entendimos lo enviado. No se guardó nada.")), 400
    contenido = texto.encode("utf-8", "replace")
    if len(contenido) > MAX_BYTES:
        return jsonify(frase=frase(Finding(archivo, None, "xml_too_large"))), 413
    try:
        guardado = guardar_borrador(nombre_pedido(archivo), contenido, visto)
    except OtroBorrador as otro:
        frase_ = (
            _(
                "Usted guardó este borrador en otra pestaña. Lo que cambió aquí sigue en esta página."
            )
            if otro.guardado is not None
            else _(
                "Usted puso en vigor o descartó este borrador en otra pestaña. Lo que cambió aquí sigue en esta página."
            )
        )
        return jsonify(frase=frase_, otro=sello(otro.guardado)), 409
    return jsonify(guardado=formatos.hora(guardado.saved_at), visto=sello(guardado))


@rutas.post("/procesos/lint", para=MODELA)
def lint() -> ResponseReturnValue:
    cuerpo = request.get_json(silent=True)
    archivo, texto = (
        (cuerpo.get("archivo"), cuerpo.get("contenido"))
        if isinstance(cuerpo, dict)
        else (None, None)
    )
    if not isinstance(archivo, str) or not isinstance(texto, str) or not nombre_valido(archivo):
        return jsonify(frase=_("No entendimos lo enviado.")), 400
    with servicios().uow.reading() as session:
        junto = {
            n: c
            for n, c in mis_borradores(session).items()
            if n.endswith((*paquete.TEXTOS, ".dmn")) and n != archivo
        }
    encontrados = revisar(archivo, texto.encode("utf-8", "replace"), junto)
    return jsonify(hallazgos=[asdict(h) for h in encontrados])


@rutas.post("/procesos/<archivo>/descartar", para=MODELA, haria=_l("Descartar su borrador"))
def descartar(archivo: str) -> ResponseReturnValue:
    servicios().engine.releases.drop_draft(nombre_pedido(archivo), actor=actor_actual())
    flash(_("Se descartó su borrador de %(archivo)s.", archivo=archivo), "verde")
    with servicios().uow.reading() as session:
        hoy = lectura.vigente(session)
    existe = hoy is not None and archivo in hoy.archivos
    return redirect(
        url_for("procesos.ver", archivo=archivo) if existe else url_for("procesos.lista")
    )


@rutas.get(
    "/procesos/<archivo>/xml",
    para=MODELA,
    ayuda=Ayuda(_l("El mismo borrador, como texto."), ANALISTA),
)
@rutas.post("/procesos/<archivo>/xml", para=MODELA, haria=_l("Guardar el XML en su borrador"))
def vista_xml(archivo: str) -> ResponseReturnValue:
    """For whoever cannot draw, and for what the canvas does not show."""
    with servicios().uow.reading() as session:
        hoy = lectura.vigente(session)
        contenido, guardado = texto_o_borrador(session, hoy, nombre_pedido(archivo))
    codigo, aviso = 200, ""
    if request.method == "POST":
        contenido = (
            request.form.get("contenido", "").replace("\r\n", "\n").encode("utf-8", "replace")
        )
        try:
            guardado = guardar_borrador(archivo, contenido, request.form.get("visto", ""))
        except OtroBorrador:
            codigo = 409
            aviso = _(
                "Usted guardó este borrador en otra pestaña. Aquí sigue lo que escribió: si guarda otra vez, reemplaza al otro."
            )
        if not aviso and request.form.get("accion") == "poner":
            return redirect(url_for("procesos.poner", archivo=archivo))
    return (
        render_template(
            "paquetes/xml.html",
            archivo=archivo,
            modelo=modelo_de(archivo, contenido),
            texto=contenido.decode("utf-8", "replace"),
            borrador=guardado,
            visto=sello(guardado),
            hallazgos=revisar(archivo, contenido),
            aviso=aviso,
        ),
        codigo,
    )


@rutas.get(
    "/procesos/subir",
    para=MODELA,
    ayuda=Ayuda(_l("Aquí trae un diagrama o una tabla de un archivo."), ANALISTA),
    menu=Entrada(Grupo.AJUSTES, _l("Subir diagramas y tablas")),
)
@rutas.post("/procesos/subir", para=MODELA, haria=_l("Subir un archivo como borrador"))
def subir() -> ResponseReturnValue:
    """A .bpmn or .dmn file becomes the analyst's draft; it is in force nowhere until the next
    page."""
    if request.method == "GET":
        return render_template("paquetes/subir.html", error="")
    enviado = request.files.get("archivo")
    ruta = (enviado.filename or "").replace("\\", "/").rpartition("/")[2] if enviado else ""
    nombre = nombre_limpio(ruta)
    if enviado is None or not ruta:
        return render_template(
            "paquetes/subir.html", error=_("Elija un archivo .bpmn o .dmn.")
        ), 422
    if not nombre_valido(nombre):
        error = _(
            "El nombre debe terminar en .bpmn o .dmn y llevar al menos una letra o un número."
        )
        return render_template("paquetes/subir.html", error=error), 422
    contenido = enviado.stream.read(MAX_BYTES + 1)
    enviado.close()
    try:
        brought(contenido)
    except Unreadable as ilegible:
        return render_template(
            "paquetes/subir.html", error=frase(Finding(nombre, None, ilegible.rule))
        ), 422
    guardar_borrador(nombre, contenido, None)
    flash(
        _(
            "%(archivo)s quedó como borrador suyo. Revíselo antes de ponerlo en vigor.",
            archivo=nombre,
        ),
        "verde",
    )
    return redirect(url_for("procesos.poner", archivo=nombre))


@rutas.get(
    "/procesos/nuevo",
    para=MODELA,
    ayuda=Ayuda(_l("Aquí empieza un diagrama."), ANALISTA),
    menu=Entrada(Grupo.AJUSTES, _l("Proceso nuevo")),
)
@rutas.post("/procesos/nuevo", para=MODELA, haria=_l("Crear un proceso"))
def nuevo() -> ResponseReturnValue:
    de_paquete = request.values.get("paquete", "")
    if request.method == "GET":
        return render_template(
            "paquetes/nuevo.html", error="", nombre="", archivo="", de_paquete=de_paquete
        )
    nombre = " ".join(request.form.get("nombre", "").split())[:120]
    clave = request.form.get("archivo", "").strip().removesuffix(".bpmn")
    archivo = f"{clave}.bpmn"
    with servicios().uow.reading() as session:
        hoy = lectura.vigente(session)
        ocupado = (hoy is not None and archivo in hoy.archivos) or lectura.borrador(
            session, actor_actual().id, archivo
        ) is not None
    error = ""
    if not nombre:
        error = _("Escriba el nombre del proceso.")
    elif not nombre_valido(archivo) or not clave.isidentifier():
        error = _("La clave lleva letras sin tilde, números y guion bajo, y empieza por una letra.")
    elif ocupado:
        error = _("Ya hay un proceso con esa clave. Elija otra.")
    elif de_paquete and not tomar_en(de_paquete, archivo):
        error = _(
            "Los textos del procedimiento tienen errores y escribirlos perdería algo. Primero corríjalos en «Textos»."
        )
    if error:
        return render_template(
            "paquetes/nuevo.html", error=error, nombre=nombre, archivo=clave, de_paquete=de_paquete
        ), 422
    guardar_borrador(archivo, diagrama_vacio(clave, nombre), None)
    return redirect(url_for("procesos.editar", archivo=archivo))
