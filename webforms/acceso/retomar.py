"""What was being sent when a session ended: shown again after the login, sent by nobody but the
person.

The form of a task shows itself with what was typed. Every other route has its POST only, so a page
says what was about to be done and with what, and offers to send it.
"""

import re
from collections.abc import Mapping
from typing import Any

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.exceptions import HTTPException

from records.casos import registro
from records.cuentas.reglas.roles import Facultad
from records.cuentas.tablas import RolAsignado
from webforms.base import palabras
from webforms.base.envios import texto_de_campo
from webforms.base.personas import nombre_de
from webforms.base.security import usuario_actual
from webforms.base.servicios import servicios
from webforms.base.texto_llevado import Llevado, del_formulario, retomado

#: Know `_retomar` themselves: they show their form with what was typed and do nothing.
SE_MUESTRAN = frozenset({"tareas.completar"})
#: Endpoint of a POST → what it would have done; `{}` are the parts of its address.
QUE_HARIA: Mapping[str, Any] = {
    "ayuda.cerrar_recorrido": _l("Cerrar el recorrido de su rol"),
    "cuenta.cambiar_clave": _l("Cambiar su contraseña"),
    "cuenta.cambiar_idioma": _l("Cambiar el idioma de las páginas"),
    "cuenta.cerrar_sesiones": _l("Cerrar sesiones suyas"),
    "llaves.poner": _l("Guardar una llave de acceso"),
    "llaves.quitar": _l("Quitar una llave de acceso"),
    "segundo.poner": _l("Activar su segundo factor"),
    "segundo.otros_codigos": _l("Hacer otros códigos de recuperación"),
    "segundo.quitar": _l("Quitar su segundo factor"),
    "personas.quitar_segundo": _l("Quitar el segundo factor de una persona"),
    "aprobaciones.decidir": _l("Decidir un cambio que pidió otra persona"),
    "aprobaciones.retirar": _l("Retirar un cambio que pidió"),
    "calendario.agregar": _l("Agregar una excepción al calendario"),
    "calendario.quitar": _l("Quitar una excepción del calendario"),
    "calendario.descanso": _l("Cambiar los días de descanso de cada semana"),
    "calendario.quitar_descanso": _l("Quitar un cambio del descanso semanal"),
    "entidad.datos": _l("Cambiar el nombre y los datos de la entidad"),
    "entidad.crear": _l("Agregar a un catálogo"),
    "entidad.poner_modulos": _l("Cambiar los módulos de un punto"),
    "entidad.cambiar": _l("Cambiar algo de un catálogo"),
    "personas.nueva": _l("Agregar una persona"),
    "personas.corregir": _l("Corregir los datos de una persona"),
    "personas.dar_rol": _l("Dar un rol"),
    "personas.quitar_rol": _l("Quitar un rol"),
    "personas.cambiar_acceso": _l("Activar o desactivar una cuenta"),
    "personas.cerrar_sesiones": _l("Cerrar sesiones de una persona"),
    "personas.dar_enlace": _l("Dar un enlace para poner la contraseña"),
    "personas.retirar": _l("Retirar a una persona"),
    "personas.ensayar": _l("Ensayar una lista de personas"),
    "personas.aplicar": _l("Importar una lista de personas"),
    "cumplimiento.reservar": _l("Reservar un caso para que no se elimine"),
    "cumplimiento.levantar_reserva": _l("Levantar la reserva de un caso"),
    "cumplimiento.pedir_datos": _l("Pedir que se supriman o restrinjan datos de una persona"),
    "cumplimiento.decidir_sobre_datos": _l("Decidir sobre una solicitud de datos"),
    "cumplimiento.retirar_solicitud": _l("Retirar una solicitud de datos"),
    "cumplimiento.levantar_restriccion": _l("Levantar la restricción de un caso"),
    "cumplimiento.exportar_persona": _l("Bajar todo lo que se guarda de una persona"),
    "cumplimiento.pedir_accesos": _l("Consultar quién ha visto los datos de una persona"),
    "papel.digitar": _l("Digitar un formato en papel"),
    "papel.imprimir": _l("Numerar formatos en blanco"),
    "papel.anular": _l("Anular un lote de formatos"),
    "papel.declarar": _l("Declarar que un punto trabaja en papel"),
    "papel.terminar": _l("Decir cuándo volvió el sistema de un punto"),
    "papel.explicar": _l("Explicar un formato que falta"),
    "casos.copiar_pagina": _l("Copiar lo que dice hoy la página citada"),
    "digiturno.cambiar_modo": _l("Cambiar quién da los números en un punto"),
    "digiturno.resolver": _l("Resolver un aviso del sistema de turnos"),
    "crm.conciliar": _l("Comparar los dos CRM"),
    "crm.enviar": _l("Volver a intentar lo que espera por el CRM"),
    "crm.decidir": _l("Decidir cuál dato queda"),
    "sistemas.probar": _l("Probar las conexiones de los sistemas"),
    "tareas.tomar": _l("Tomar la tarea"),
    "tareas.devolver": _l("Devolver la tarea a su grupo"),
    "tareas.reasignar": _l("Pasar la tarea a otra persona"),
    "tareas.elegir_borrador": _l("Elegir con qué borrador seguir"),
    "tareas.anotar": _l("Dejar su texto como nota del caso"),
    "procesos.editar_tabla": _l("Guardar la tabla en su borrador"),
    "procesos.ensayar": _l("Probar un paso con valores de ejemplo"),
    "procesos.descartar": _l("Descartar su borrador"),
    "procesos.vista_xml": _l("Guardar el XML en su borrador"),
    "procesos.subir": _l("Subir un archivo como borrador"),
    "procesos.nuevo": _l("Crear un proceso"),
    "procesos.desplegar": _l("Poner en vigor una versión"),
    "procesos.nuevo_procedimiento": _l("Crear un procedimiento"),
    "procesos.comparar_paquete": _l("Comparar un paquete con lo que está en vigor"),
    "procesos.guardar_paquete": _l("Guardar las piezas de un paquete como borrador"),
    "procesos.desplegar_paquete": _l("Poner en vigor un procedimiento"),
    "procesos.probar_escenarios": _l("Probar los escenarios de un procedimiento"),
    "procesos.guardar_textos": _l("Guardar los textos de un procedimiento en su borrador"),
    "procesos.crear_pieza": _l("Agregar un texto a un procedimiento"),
    "procesos.guardar_pieza": _l("Guardar un texto de un procedimiento en su borrador"),
    "procesos.descartar_pieza": _l("Descartar su borrador de un texto"),
    "procesos.crear_tabla": _l("Crear una tabla de decisión"),
    "procesos.quitar": _l("Quitar un archivo de lo que está en vigor"),
    "procesos.guardar_carta": _l("Guardar una carta en su borrador"),
    "procesos.guardar_carta_en": _l("Guardar una carta en su borrador"),
    "procesos.migrar_casos": _l("Pasar casos a otra versión"),
    "calidad.acusar": _l("Acusar recibo del informe mensual"),
    "calidad.descargos": _l("Responder a la Interventoría"),
    "incidentes.reparar": _l("Reparar incidentes"),
    "correos.buscar": _l("Buscar entre los correos"),
    "correos.enviar": _l("Intentar ahora un correo"),
    "correos.descartar": _l("Descartar un correo"),
    "instancias.operar": _l("Cambiar el curso de un proceso: {acto}"),
    "programaciones.pausar": _l("Pausar una programación"),
    "programaciones.reanudar": _l("Reanudar una programación"),
    "dispositivos.registrar": _l("Registrar un equipo"),
    "dispositivos.otro_enlace": _l("Pedir otro enlace para un equipo"),
    "dispositivos.revocar": _l("Revocar un equipo"),
    "asesor.elegir_modulo": _l("Elegir su módulo"),
    "asesor.llamar": _l("Llamar al siguiente turno"),
    "asesor.llamar_turno": _l("Llamar un turno fuera de su orden"),
    "asesor.rellamar": _l("Volver a llamar un turno"),
    "asesor.repetir": _l("Repetir el llamado en el tablero"),
    "asesor.devolver": _l("Devolver el turno a la fila"),
    "asesor.trasladar": _l("Trasladar el turno"),
    "asesor.recibir": _l("Recibir a una persona sin tiquete"),
    "asesor.reingresar": _l("Recibir otra vez a quien no se presentó"),
    "asesor.volvio": _l("Recibir otra vez a quien volvió con el poder"),
    "asesor.continuar": _l("Seguir la atención en su módulo"),
    "asesor.pausar": _l("Pausar o seguir la atención"),
    "radicacion.proponer_eliminacion": _l("Proponer que se eliminen expedientes"),
    "radicacion.decidir_eliminacion": _l("Decidir sobre un acta de eliminación"),
    "radicacion.publicar_inventario": _l("Registrar la publicación de un inventario"),
    "radicacion.registrar_observacion": _l("Registrar una observación a un inventario"),
    "radicacion.responder_observacion": _l("Responder una observación a un inventario"),
    "radicacion.ordenar_eliminacion": _l("Ordenar que se ejecute un acta de eliminación"),
    "radicacion.retirar_eliminacion": _l("Retirar un acta de eliminación"),
    "radicacion.completar": _l("Radicar un documento"),
    "radicacion.recibir_sueltos": _l("Recibir documentos que no son de un caso todavía"),
    "radicacion.pasar_suelto": _l("Pasar un documento a su caso"),
    "radicacion.pedir_vuelta": _l("Pedir que un documento salga de un caso que no es el suyo"),
    "radicacion.decidir_vuelta": _l("Decidir si un documento sale de un caso"),
    "radicacion.apartar_suelto": _l("Apartar un documento que no es de ningún caso"),
    "bandeja.tomar": _l("Tomar la tarea"),
    "bandeja.hacer": _l("Tomar, devolver o pasar las tareas marcadas"),
    "bandeja.seguir": _l("Cambiar el día en que vuelve a mirar la tarea"),
    "bandeja.guardar": _l("Guardar un filtro"),
    "bandeja.borrar": _l("Borrar un filtro"),
    "bandeja.recordar": _l("Enviar un recordatorio"),
    "bandeja.pedir": _l("Buscar en la bandeja"),
    "bandeja.registrar": _l("Registrar una ausencia"),
    "bandeja.terminar": _l("Terminar una ausencia"),
    "bandeja.agregar_plantilla": _l("Agregar una plantilla"),
    "bandeja.cambiar_plantilla": _l("Cambiar una plantilla"),
    "bandeja.recuperar_plantilla": _l("Ofrecer otra vez una plantilla"),
    "bandeja.retirar_plantilla": _l("Retirar una plantilla"),
    "iniciar.iniciar": _l("Iniciar un caso"),
    "iniciar.entregar": _l("Entregar lo que un caso espera"),
    "iniciar.entregar_varios": _l("Entregar lo que varios casos esperan"),
    "iniciar.iniciar_varios": _l("Iniciar muchos casos desde un archivo"),
    "casos.pedir": _l("Buscar un caso"),
    "casos.por_numero": _l("Buscar un caso por su número"),
    "casos.abrir_con_motivo": _l("Abrir con un motivo un caso que no es de su trabajo"),
    "casos.datos": _l("Descubrir o cubrir los datos personales"),
    "casos.pedir_confirmacion": _l("Enviar a la persona el enlace para confirmar su correo"),
    "casos.adjuntar": _l("Adjuntar documentos al caso"),
    "casos.descargar": _l("Descargar un documento del caso"),
    "casos.devolver_carta": _l("Registrar que una carta volvió"),
    "casos.acusar_recibo": _l("Registrar que se entregó el acuse de recibo"),
    "casos.entregar_carta": _l("Registrar la entrega de una carta"),
    "casos.anotar": _l("Agregar una nota al caso"),
    "casos.pedir_anulacion": _l("Pedir que se anule el número de un caso"),
    "iniciar.botar_borrador": _l("Botar un borrador sin enviar"),
    "casos.retirar_anulacion": _l("Retirar la petición de anular el número de un caso"),
    "casos.decidir_anulacion": _l("Decidir si se anula el número de un caso"),
    "casos.mover": _l("Mover las fechas de un caso"),
    "casos.corregir": _l("Corregir los datos del caso"),
    "casos.vincular": _l("Vincular dos casos"),
    "casos.desvincular": _l("Quitar el vínculo de dos casos"),
    "casos.prorrogar": _l("Ampliar el plazo de la respuesta"),
    "casos.complemento": _l("Recibir lo que faltaba"),
    "calidad.asistir": _l("Registrar su asistencia al comité"),
    "calidad.votar": _l("Votar un hallazgo en el comité"),
    "calidad.cerrar_accion": _l("Cerrar la acción de un hallazgo"),
    "calidad.empezar_calibracion": _l("Empezar una calibración"),
    "calidad.acusar_f189": _l("Acusar recibo de un F189"),
    "calidad.tomar_visita": _l("Tomar las observaciones de una visita"),
    "calidad.recibir": _l("Enviar un F189 desde un equipo sin red"),
    "calidad.cerrar": _l("Cerrar un mes, o corregirlo con otra versión"),
    "calidad.cancelar_cierre": _l("Cancelar el cierre de un mes"),
    "calidad.hacer_documentos_del_mes": _l("Hacer todos los documentos de un mes"),
    "calidad.cancelar_documentos": _l("Dejar de hacer los documentos de un mes"),
    "cumplimiento.pedir": _l("Buscar un caso"),
    "cumplimiento.observar": _l("Dejar una observación"),
}
#: Fields of forms that are written by hand, as their pages call them: a variable of a process may
#: be called the same and be another thing.
ROTULOS: Mapping[str, Any] = {
    "acuse": _l("Acuse"),
    "archivo": _l("Archivo"),
    "area": _l("Área"),
    "asesor": _l("Asesor"),
    "asunto": _l("Asunto"),
    "canal": _l("Canal"),
    "caso": _l("Caso"),
    "causa": _l("Causa"),
    "codigo": _l("Código"),
    "comite_acta": _l("Número del acta del comité"),
    "comite_fecha": _l("Fecha del acta del comité"),
    "condicion": _l("Condición"),
    "confirmo": _l("Quién más lo confirmó"),
    "constancia": _l("Constancia"),
    "contenido": _l("Contenido"),
    "correo": _l("Correo"),
    "de_quien": _l("Quién la hizo"),
    "decide": _l("Decisión"),
    "descargos": _l("Descargos"),
    "desde": _l("Desde"),
    "dia": _l("Día"),
    "dias": _l("Días"),
    "donde": _l("Dirección de la página"),
    "dueno": _l("Dueño"),
    "escrito": _l("Procedimiento escrito"),
    "estado": _l("Estado"),
    "evidencia": _l("Evidencia"),
    "fundamento": _l("Fundamento"),
    "hasta": _l("Hasta"),
    "linea": _l("Línea del inventario"),
    "llego": _l("Llegó"),
    "mensaje": _l("Mensaje"),
    "modulos": _l("Módulos"),
    "motivo": _l("Motivo"),
    "motivo_restriccion": _l("Por qué se levanta"),
    "nombre": _l("Nombre"),
    "nota": _l("Nota"),
    "numero": _l("Número"),
    "objetivo": _l("Objetivo"),
    "persona": _l("Persona"),
    "por_que": _l("Por qué"),
    "procedimiento": _l("Procedimiento"),
    "proceso": _l("Proceso"),
    "publicada": _l("Día en que se publicó"),
    "punto": _l("Punto"),
    "radicado": _l("Radicado"),
    "razon": _l("Razón"),
    "recibida": _l("Día en que llegó"),
    "remitente": _l("Remitente"),
    "respuesta": _l("Respuesta"),
    "rige": _l("Desde cuándo rige"),
    "serie": _l("Serie"),
    "solicitud": _l("Número de la solicitud"),
    "subserie": _l("Subserie"),
    "anios": _l("Años de retención"),
    "texto": _l("Texto"),
    "ultimo_dia": _l("Último día"),
    "usuario": _l("Usuario"),
    "voto": _l("Voto"),
}
CLAVE_INTERNA = re.compile(r"[0-9a-f-]{20,}")  # which task, which version: nothing to a reader


def _de_que(partes: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Of whom or of what, where the address says it and the form did not; of people to whom they
    are shown still."""
    usuario, clave, asignado = (
        partes.get(parte) for parte in ("usuario", "case_key", "asignado_id")
    )
    quien = usuario_actual()
    if quien is None or not quien.puede(Facultad.GOBERNAR):
        usuario = asignado = None
    dichos: list[tuple[Any, str]] = []
    with servicios().uow.reading() as session:
        if usuario and (suyo := nombre_de(session, str(usuario))):
            dichos.append((_("Persona"), f"{suyo} ({usuario})" if suyo != usuario else suyo))
        if asignado and (rol := session.get(RolAsignado, asignado)) is not None:
            donde = f" · {palabras.lugar(rol.ambito)}" if rol.ambito else ""
            dichos.append((_("Rol"), f"{palabras.rol(rol.rol)}{donde}"))
        if clave:
            dichos += [
                (_("Caso"), numero) for _clave, numero in registro.numeros(session, [str(clave)])
            ]
    numeradas = (("aprobacion_id", _("Cambio que se pidió")), ("acta_id", _("Acta de eliminación")))
    dichos += [(dicho, str(partes[parte])) for parte, dicho in numeradas if parte in partes]
    return [(str(dicho), texto) for dicho, texto in dichos]


def retomar(llevado: Llevado) -> ResponseReturnValue:
    """After the login. Only a form that shows itself is sent back to, by itself or by its one
    button where scripts are off."""
    endpoint, partes = _ruta(llevado.ruta, "POST")
    if endpoint in SE_MUESTRAN:
        return render_template("acceso/retomar.html", ruta=llevado.ruta, valores=llevado.valores)
    accion = str(QUE_HARIA.get(endpoint, "")).format(**partes)
    visibles = [
        (str(ROTULOS.get(nombre) or palabras.variable(nombre)), texto_de_campo(nombre, valor))
        for nombre, valor in llevado.valores
        if valor and not nombre.startswith("_") and not CLAVE_INTERNA.fullmatch(valor)
    ]
    return render_template(
        "acceso/sin_enviar.html",
        accion=accion,
        ruta=llevado.ruta,
        pagina=pagina_de(llevado.ruta),
        valores=llevado.valores,
        visibles=[*_de_que(partes), *visibles],
    )


def no_ejecutar() -> ResponseReturnValue | None:
    """Before every view: what comes back from a login is shown on whatever route it arrives."""
    if (
        request.method in ("GET", "HEAD", "OPTIONS")
        or not retomado()
        or request.endpoint in SE_MUESTRAN
    ):
        return None
    llevado, usuario = del_formulario(), usuario_actual()
    es_suyo = llevado is not None and usuario is not None and llevado.usuario == usuario.usuario
    return retomar(llevado if llevado is not None and es_suyo else Llevado("", request.path, ()))


def _ruta(direccion: str, metodo: str) -> tuple[str, Mapping[str, Any]]:
    try:
        endpoint, partes = current_app.url_map.bind("").match(direccion, method=metodo)
    except HTTPException:
        return "", {}
    return str(endpoint), partes


def pagina_de(direccion: str) -> str:
    """The nearest address that shows a page: that of the form, or of what the form lay in."""
    while direccion and not _ruta(direccion, "GET")[0]:
        direccion = direccion.rpartition("/")[0]
    return direccion or "/"
