"""What every template can use: formats, the bar, signatures of forms, due dates, deterministic
ids."""

import re
from typing import Any

from flask import Flask, request
from flask_babel import gettext as _
from markupsafe import Markup, escape

from engine.types import WorkItem
from records.base.reglas.entidad import aqui
from records.casos import registro
from records.comites.comites import codigo
from records.cuentas.reglas.roles import Facultad
from records.informes.reportes import mes_de
from webforms.auditorias import calibracion_palabras
from webforms.base import auditoria, formatos, palabras
from webforms.base.adjuntos import ENTRE_TODOS, MAXIMO
from webforms.base.rotulos import rotulo
from webforms.base.rutas import enlace_publico
from webforms.base.security import puede, usuario_actual
from webforms.base.servicios import servicios
from webforms.base.tardios import archivos_perdidos, llego_tarde
from webforms.base.texto_llevado import firmar
from webforms.casos import escritos
from webforms.comites import palabras as comite
from webforms.controles import accesos_palabras
from webforms.correo import direcciones
from webforms.cuentas.retomar import pagina_de
from webforms.documentos.contenido import LIMITE, MEGA
from webforms.navegacion import cargo, grupo_aqui, grupos
from webforms.personas.cubierto import Personales
from webforms.plazos import terminos
from webforms.plazos.vencimientos import vencimiento
from webforms.sistemas import paginas
from webforms.tareas import asientos
from webforms.tareas.dejada import bandeja_dejada
from webforms.tareas.elementos import numero_de_actividad, titulo_de_elemento
from webforms.tareas.envios import texto_de, texto_de_campo


def firma(ruta: str | None = None) -> str:
    """For the hidden field of a form: who saw it and where it goes; empty for devices and the
    public."""
    usuario = usuario_actual()
    return firmar(usuario.usuario, ruta or request.path) if usuario else ""


def ahora() -> Any:
    return servicios().clock.now()


def hoy() -> Any:
    return formatos.dia_local(ahora())


def puede_repartir(item: WorkItem) -> bool:
    """Who holds the task, replaces its holder or supervises its place may hand it on."""
    usuario = usuario_actual()
    if usuario is None:
        return False
    tiene = item.claimed_by in {usuario.usuario, *usuario.reemplaza}
    return tiene or puede(usuario.actor, Facultad.SUPERVISAR, item.scope)


def titulo_de_tarea(item: WorkItem) -> str:
    """A task of a monthly report is told apart by its month and point or who gets it, one of an
    audit by its attention or its week, an answer by its finding.
    """
    titulo, de = titulo_de_elemento(item.element, item.name), item.data
    if isinstance(hallado := de.get("inconsistencia_id"), int):
        return f"{titulo}: {codigo(hallado)}"
    if isinstance(mes := de.get("mes"), str) and mes:
        nombre = formatos.mes(mes_de(mes))
        if isinstance(entrega := de.get("entrega"), str) and entrega:  # "2026-10:interventor01"
            return f"{titulo}: {palabras.interventor(entrega.partition(':')[2])}, {nombre}"
        return (
            f"{titulo}: {palabras.lugar(item.scope)}, {nombre}"
            if item.scope
            else f"{titulo}: {nombre}"
        )
    if isinstance(evalua := de.get("evalua"), str) and evalua:
        return f"{titulo}: {palabras.lugar(str(de.get('punto_id') or ''))}, {evalua}"
    if isinstance(semana := de.get("semana"), str) and semana:
        return f"{titulo}: {_('semana %(s)s', s=auditoria.semana(semana))}"
    return titulo


def partible(texto: str | None) -> Markup:
    """A long mail address may be broken after "@" and ".", and not in the middle of a word."""
    return Markup("<wbr>").join(
        escape(parte) for parte in re.split(r"(?<=[@._])(?=\S)", texto or "")
    )


def parrafos(texto: str | None) -> Markup:
    """Free text with its line breaks."""
    return Markup("<br>").join(escape(linea) for linea in (texto or "").split("\n"))


def register(app: Flask) -> None:
    entorno = app.jinja_env
    entorno.trim_blocks = True
    entorno.lstrip_blocks = True
    entorno.filters.update(formatos.FILTROS)
    entorno.filters.update(palabras.FILTROS)
    entorno.filters.update(auditoria.FILTROS)
    entorno.filters.update(calibracion_palabras.FILTROS)
    entorno.filters.update(comite.FILTROS)
    entorno.filters.update(accesos_palabras.FILTROS)
    entorno.filters.update(escritos.FILTROS)
    entorno.filters.update(paginas.FILTROS)
    entorno.filters.update(terminos.FILTROS)
    entorno.filters["direccion_dicha"] = direcciones.dicho
    entorno.filters["clase_de_direccion"] = lambda e: direcciones.CLASES[e.estado]
    entorno.tests["huella"] = palabras.es_huella
    entorno.filters["parrafos"] = parrafos
    entorno.filters["partible"] = partible
    entorno.filters["valor"] = texto_de
    entorno.filters["valor_de"] = lambda valor, campo: texto_de_campo(campo, valor)
    entorno.globals.update(
        ahora=ahora,
        archivos_perdidos=archivos_perdidos,
        asientos=asientos,
        bandeja_dejada=bandeja_dejada,
        cargo=cargo,
        correo_cubierto=formatos.correo,
        documento_cubierto=formatos.documento,
        enlace_publico=enlace_publico,
        entidad=aqui,
        grupo_aqui=grupo_aqui,
        grupos_de_la_barra=grupos,
        estados_registrados=registro.ESTADOS,
        firma=firma,
        hoy=hoy,
        llego_tarde=llego_tarde,
        limites_de_archivos={
            "cuantos": MAXIMO,
            "cada_uno": LIMITE // MEGA,
            "entre_todos": ENTRE_TODOS,
        },
        numero_de_actividad=numero_de_actividad,
        puede_repartir=puede_repartir,
        rotulo=rotulo,
        pagina_de=pagina_de,
        personales=Personales,
        titulo_de_elemento=titulo_de_elemento,
        titulo_de_tarea=titulo_de_tarea,
        usuario_actual=usuario_actual,
        vencimiento=vencimiento,
    )
