"""Route → who may use it, and the pages of the bar.

What is not listed is refused; tests/integration/webforms/test_permisos.py fails on a route without
a row.

A role here opens the page; the engine decides again, with the scope, on each work item.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Flask, abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from engine.reads.incidents import open_number
from engine.states import AccessKind
from records.cuentas.reglas import roles
from records.cuentas.reglas.roles import Facultad, Menu, con_facultad, con_menu
from records.interventoria import interventoria
from records.plazos.reglas.calendario import dia_local
from records.retencion import eliminaciones
from webforms.acceso.ingreso import pedir_ingreso, pedir_otra_vez
from webforms.aprobaciones.lista import por_decidir
from webforms.base import sesiones
from webforms.base.security import Usuario, equipo_actual, falta_segundo, usuario_actual
from webforms.base.servicios import servicios
from webforms.tareas import tramites

PUBLICO = frozenset({"publico"})
PERSONA = frozenset({"persona"})  # anybody who is logged in
QUIOSCO = frozenset({f"dispositivo:{roles.QUIOSCO}"})
TABLERO = frozenset({f"dispositivo:{roles.TABLERO}"})
VISITA = frozenset({roles.PROFESIONAL})
TABLETA = frozenset({f"dispositivo:{roles.TABLETA}"})
VE_PAPEL, DIGITA_PAPEL = con_facultad(Facultad.VER_PAPEL), con_facultad(Facultad.DIGITAR_PAPEL)
PREPARA_PAPEL = con_facultad(Facultad.PREPARAR_PAPEL)
REVISA, ATIENDE, ADMINISTRA = (
    con_facultad(Facultad.REVISAR),
    con_facultad(Facultad.ATENDER),
    con_facultad(Facultad.ADMINISTRAR),
)
GOBIERNA = con_facultad(Facultad.GOBERNAR)
# suspend, resume, send back; the engine lets only one of them cancel
OPERA = con_facultad(Facultad.OPERAR)
CORRIGE, CANCELA = con_facultad(Facultad.CORREGIR), con_facultad(Facultad.CANCELAR)
SUPERVISA = con_facultad(Facultad.SUPERVISAR)
REPARA, MIGRA, MODELA = (
    con_facultad(Facultad.REPARAR),
    con_facultad(Facultad.MIGRAR),
    con_facultad(Facultad.MODELAR),
)
LEE_MODELOS = con_facultad(Facultad.LEER_MODELOS)
ABRE = con_facultad(Facultad.ABRIR_CON_MOTIVO)
BUSCA_CASOS, ANOTA = con_facultad(Facultad.BUSCAR_CASOS), con_facultad(Facultad.ANOTAR)
CONCILIA = con_facultad(Facultad.CONCILIAR)
COORDINA_TURNOS = con_facultad(Facultad.COORDINAR_TURNOS)
REDACTA = con_facultad(Facultad.REDACTAR)
RADICA = con_facultad(Facultad.RADICAR)
VE_ELIMINACION, ELIMINA = con_facultad(Facultad.VER_ELIMINACION), con_facultad(Facultad.ELIMINAR)
APRUEBA_ELIMINACION = con_facultad(Facultad.APROBAR_ELIMINACION)
VE_DERECHOS = REVISA | APRUEBA_ELIMINACION  # compliance asks, who approves disposal decides
VE_INDICADORES, CIERRA_MES = (
    con_facultad(Facultad.VER_INDICADORES),
    con_facultad(Facultad.CERRAR_MES),
)
VE_OPERACION = con_facultad(Facultad.VER_OPERACION)
VE_ENTREGAS, ACUSA = con_facultad(Facultad.VER_ENTREGAS), con_facultad(Facultad.ACUSAR)
RESPONDE = con_facultad(Facultad.RESPONDER_REQUERIMIENTO)
VE_FALLAS = VE_INDICADORES & con_facultad(Facultad.VER_TODO)
VE_AUDITORIAS = con_facultad(Facultad.VER_AUDITORIAS)
AUDITA, CALIBRA = con_facultad(Facultad.AUDITAR), con_facultad(Facultad.CALIBRAR)
VE_COMITES, SESIONA = con_facultad(Facultad.VER_COMITES), con_facultad(Facultad.SESIONAR)
CIERRA_ACCIONES = con_facultad(Facultad.CERRAR_ACCIONES)
VE_ACCESOS, VE_CONTROLES = con_facultad(Facultad.VER_ACCESOS), con_facultad(Facultad.VER_CONTROLES)
COMPLEMENTA, PRORROGA = con_facultad(Facultad.COMPLEMENTAR), con_facultad(Facultad.PRORROGAR)

PERMISOS: Mapping[str, frozenset[str]] = {
    "static": PUBLICO,
    "inicio.inicio": PERSONA,
    "ingreso.ingresar": PUBLICO,
    "ingreso.salir": PUBLICO,
    "ingreso.sesion": PUBLICO,  # says who asks to whoever asks
    "ingreso.segundo": PUBLICO,
    "ingreso.con_equipo": PUBLICO,
    "ingreso.opciones_de_llave": PUBLICO,
    "ingreso.con_llave": PUBLICO,
    "ingreso.recuperar": PUBLICO,
    "ingreso.pedir_enlace": PUBLICO,
    "ayuda.indice": PERSONA,
    "ayuda.guia": PERSONA,
    "ayuda.teclas": PERSONA,
    "ayuda.imagen": PERSONA,
    "ayuda.cerrar_recorrido": PERSONA,
    "cuenta.ver": PERSONA,
    "cuenta.de_vuelta": PERSONA,
    "cuenta.cambiar_clave": PERSONA,
    "cuenta.cambiar_idioma": PERSONA,
    "cuenta.cerrar_sesiones": PERSONA,
    "llaves.ver": PERSONA,
    "llaves.opciones": PERSONA,
    "llaves.poner": PERSONA,
    "llaves.quitar": PERSONA,
    "segundo.ver": PERSONA,
    "segundo.poner": PERSONA,
    "segundo.otros_codigos": PERSONA,
    "segundo.quitar": PERSONA,
    "puesta.pagina": ADMINISTRA,
    "estado.pagina": ADMINISTRA,
    "estado.ahora": ADMINISTRA,
    "estado.informe": ADMINISTRA,
    "vigia.vive": PUBLICO,
    "vigia.listo": PUBLICO,  # and answers only to addresses that are set
    "vigia.medidas": PUBLICO,
    "ingreso.elegir_clave": PUBLICO,
    "ingreso.poner_clave": PUBLICO,
    "puerta.abrir": PUBLICO,
    "puerta.llevar": PUBLICO,
    # A lane that an analyst adds has a role of its own, so any person may ask; the lane of the item
    # decides.
    "tareas.mostrar": PERSONA,
    "tareas.completar": PERSONA,
    "tareas.seguir": PERSONA,
    "tareas.borrador": PERSONA,
    "tareas.elegir_borrador": PERSONA,
    "tareas.borradores": PERSONA,
    "tareas.tomar": PERSONA,
    "tareas.devolver": PERSONA,
    "tareas.elegir_persona": PERSONA,
    "tareas.reasignar": PERSONA,
    "tareas.anotar": PERSONA,
    "crm.conciliacion": CONCILIA,
    "crm.conciliar": CONCILIA,
    "crm.enviar": CONCILIA,
    "crm.decidir": CONCILIA,
    "digiturno.estado": COORDINA_TURNOS,
    "digiturno.cambiar_modo": COORDINA_TURNOS,
    "digiturno.resolver": COORDINA_TURNOS,
    "digiturno_entrada.recibir": PUBLICO,  # a machine: its signature is looked at there
    "dispositivos.lista": ADMINISTRA,
    "dispositivos.registrar": ADMINISTRA,
    "dispositivos.otro_enlace": ADMINISTRA,
    "dispositivos.revocar": ADMINISTRA,
    "dispositivos.activar": PUBLICO,
    "dispositivos.confirmar": PUBLICO,
    "asesor.consola": ATIENDE,
    "asesor.llegadas": ATIENDE,
    "asesor.parte_viva": ATIENDE,
    "asesor.continuar": ATIENDE,
    "asesor.elegir_modulo": ATIENDE,
    "asesor.llamar": ATIENDE,
    "asesor.llamar_turno": ATIENDE,
    "asesor.rellamar": ATIENDE,
    "asesor.repetir": ATIENDE,
    "asesor.devolver": ATIENDE,
    "asesor.trasladar": ATIENDE,
    "asesor.recibir": ATIENDE,
    "asesor.reingresar": ATIENDE,
    "asesor.volvio": ATIENDE,
    "asesor.pausar": ATIENDE,
    "asesor.constancia": ATIENDE,
    # The number and its proof: whoever may see the case (document management, the desk that
    # attended).
    "radicacion.eliminaciones_lista": VE_ELIMINACION,
    "radicacion.acta_de_eliminacion": VE_ELIMINACION,
    "radicacion.inventario_de_eliminacion": VE_ELIMINACION,
    "radicacion.acta_como_archivo": VE_ELIMINACION,
    "radicacion.acta_en_pdf": VE_ELIMINACION,
    "radicacion.proponer_eliminacion": ELIMINA,
    "radicacion.decidir_eliminacion": APRUEBA_ELIMINACION,
    "radicacion.publicar_inventario": ELIMINA,
    "radicacion.registrar_observacion": ELIMINA,
    "radicacion.responder_observacion": ELIMINA,
    "radicacion.ordenar_eliminacion": ELIMINA,
    "radicacion.retirar_eliminacion": ELIMINA,
    "radicacion.lista": RADICA,
    "radicacion.viva": RADICA,
    "radicacion.buscar": RADICA,
    "radicacion.sueltos": RADICA,
    "radicacion.recibir_sueltos": RADICA,
    "radicacion.suelto": RADICA,
    "radicacion.imagen_de_suelto": RADICA,
    "radicacion.pasar_suelto": RADICA,
    "radicacion.apartar_suelto": RADICA,
    "radicacion.vuelta": RADICA | CANCELA,
    "radicacion.pedir_vuelta": RADICA | CANCELA,
    "radicacion.decidir_vuelta": RADICA | CANCELA,
    "radicacion.completar": RADICA,
    "radicacion.radicada": PERSONA,
    "radicacion.prueba": PERSONA,
    "radicacion.tiquete": PERSONA,
    "bandeja.bandeja": PERSONA,
    "bandeja.novedades": PERSONA,
    "bandeja.pedir": PERSONA,
    "bandeja.exportar": PERSONA,
    "bandeja.imprimir": PERSONA,
    "bandeja.tomar": PERSONA,
    "bandeja.hacer": PERSONA,
    "bandeja.seguir": PERSONA,
    "bandeja.guardar": PERSONA,
    "bandeja.borrar": PERSONA,
    "bandeja.tablero": SUPERVISA,
    "bandeja.recordar": SUPERVISA,
    "bandeja.de_la_atencion": REVISA | REDACTA,
    "bandeja.exportar_calificaciones": REVISA | REDACTA,
    "bandeja.ausencias_lista": PERSONA,
    "bandeja.registrar": PERSONA,
    "bandeja.terminar": PERSONA,
    "bandeja.plantillas_lista": REDACTA,
    "bandeja.plantilla": REDACTA,
    "bandeja.agregar_plantilla": REDACTA,
    "bandeja.cambiar_plantilla": REDACTA,
    "bandeja.retirar_plantilla": REDACTA,
    "bandeja.recuperar_plantilla": REDACTA,
    # What each may begin is decided there, process by process.
    "iniciar.lista": PERSONA,
    "iniciar.formulario": PERSONA,
    "iniciar.iniciar": PERSONA,
    "iniciar.hecho": PERSONA,
    "iniciar.guardar_borrador": PERSONA,
    "iniciar.botar_borrador": PERSONA,
    "iniciar.desde_csv": PERSONA,
    "iniciar.plantilla": PERSONA,
    "iniciar.iniciar_varios": PERSONA,
    "iniciar.por_entregar": PERSONA,
    "iniciar.entrega": PERSONA,
    "iniciar.entregar": PERSONA,
    "iniciar.entregar_csv": PERSONA,
    "iniciar.entregar_varios": PERSONA,
    "mensajes_entrada.recibir": PUBLICO,  # a machine: its signature is looked at there
    # Who sees a case is decided case by case (webforms/casos/caso.py); a foreign one is a 404 that
    # is recorded.
    "casos.buscar": BUSCA_CASOS,
    "casos.pedir": BUSCA_CASOS,
    "casos.por_numero": ABRE,
    "casos.pedir_apertura": ABRE | REVISA,  # compliance: one that is restricted
    "casos.abrir_con_motivo": ABRE | REVISA,
    "casos.ver": PERSONA,
    "casos.historia": PERSONA,
    "casos.diagrama": PERSONA,
    "casos.modelo": PERSONA,
    "casos.documentos": PERSONA,
    "casos.documento": PERSONA,
    "casos.imagen_de_documento": PERSONA,
    "casos.miniatura": PERSONA,
    "casos.descargar": PERSONA,
    "casos.datos": PERSONA,
    "casos.pedir_datos": PERSONA,
    "casos.pagina_citada": PERSONA,
    "casos.copiar_pagina": ANOTA,
    "casos.notas": PERSONA,
    "casos.anotar": ANOTA,
    "casos.adjuntar": ANOTA,
    "casos.por_anular": ANOTA,
    "casos.pedir_anulacion": ANOTA,
    "casos.retirar_anulacion": ANOTA,
    "casos.anulaciones": CANCELA,
    "casos.por_decidir_anulacion": CANCELA,
    "casos.decidir_anulacion": CANCELA,
    "casos.tiempos": PERSONA,
    "casos.tiempos_csv": PERSONA,
    "casos.indice": PERSONA,
    "casos.indice_xml": PERSONA,
    "casos.indice_en_pdf": PERSONA,
    "casos.version_de_indice": PERSONA,
    "casos.por_mover": OPERA,
    "casos.mover": OPERA,
    "casos.por_corregir": CORRIGE,
    "casos.corregir": CORRIGE,
    "casos.pedir_vinculo": ANOTA,
    "casos.vincular": ANOTA,
    "casos.por_desvincular": ANOTA,
    "casos.desvincular": ANOTA,
    "casos.pedir_confirmacion": ANOTA,
    "casos.complemento": COMPLEMENTA,
    # Letters on paper: whoever may see the case, and document management.
    "casos.carta": PERSONA,
    "casos.carta_respuesta": PERSONA,
    "casos.entregar_carta": PERSONA,
    "casos.devolver_carta": ANOTA,
    "casos.acusar_recibo": ANOTA,
    "casos.pedir_prorroga": PRORROGA,
    "casos.prorrogar": PRORROGA,
    "instancias.ver": OPERA,
    "instancias.suspendidos": OPERA,
    "instancias.confirmar": OPERA,
    "instancias.operar": OPERA,
    "cumplimiento.buscar": REVISA,
    "cumplimiento.pedir": REVISA,
    "cumplimiento.exportar": REVISA,
    "cumplimiento.exportar_decisiones": REVISA,
    "cumplimiento.exportar_tiempos": REVISA,
    "cumplimiento.caso": REVISA,
    "cumplimiento.accesos": REVISA,
    "cumplimiento.pedir_accesos": REVISA,
    "cumplimiento.exportar_persona": REVISA,
    "cumplimiento.observar": REVISA,
    "cumplimiento.reservar": REVISA,
    "cumplimiento.levantar_reserva": REVISA,
    "cumplimiento.solicitudes_de_datos": VE_DERECHOS,
    "cumplimiento.solicitud_de_datos": VE_DERECHOS,
    "cumplimiento.acta_de_datos": VE_DERECHOS,
    "cumplimiento.pedir_sobre_datos": REVISA,
    "cumplimiento.pedir_datos": REVISA,
    "cumplimiento.retirar_solicitud": REVISA,
    "cumplimiento.decidir_sobre_datos": APRUEBA_ELIMINACION,
    "cumplimiento.levantar_restriccion": REVISA,
    # What waits for oneself.
    "portada.inicio": con_menu(Menu.INICIO) | VE_OPERACION,
    # For some points only: the others are a 404 (webforms/gerencia/panel.py).
    # Paper continuity: of which points, and what, is decided in webforms/papel/inicio.py.
    "papel.lista": VE_PAPEL,
    "papel.buscar": DIGITA_PAPEL,
    "papel.digitar": DIGITA_PAPEL,
    "papel.imprimir": PREPARA_PAPEL,
    "papel.lote_en_pdf": PREPARA_PAPEL,
    "papel.anular": PREPARA_PAPEL,
    "papel.declarar": PREPARA_PAPEL,
    "papel.terminar": PREPARA_PAPEL,
    "papel.explicar": PREPARA_PAPEL,
    "gerencia.vivo": VE_OPERACION,
    "gerencia.parte_viva": VE_OPERACION,
    "gerencia.muro": VE_OPERACION,
    "gerencia.parte_del_muro": VE_OPERACION,
    "gerencia.punto": VE_OPERACION,
    "gerencia.turnos": VE_OPERACION,
    "gerencia.casos": VE_OPERACION,
    "calidad.lista": VE_INDICADORES,
    "calidad.detras": VE_INDICADORES,
    "calidad.exportar": VE_INDICADORES,
    "calidad.a_quien_atendemos": VE_INDICADORES | REVISA,
    "calidad.cerrar": CIERRA_MES,
    "calidad.ver_cierre": VE_INDICADORES,
    "calidad.avance_de_cierre": VE_INDICADORES,
    "calidad.cancelar_cierre": CIERRA_MES,
    "calidad.ultimo_mes": VE_INDICADORES,
    "calidad.del_mes": VE_INDICADORES,
    "calidad.de_un_punto": VE_INDICADORES,
    "calidad.quejas": VE_INDICADORES,
    "calidad.exportar_informe": VE_INDICADORES,
    "calidad.informe_en_pdf": VE_INDICADORES,
    "calidad.punto_en_pdf": VE_INDICADORES,
    "calidad.hacer_documentos_del_mes": VE_INDICADORES,
    "calidad.ver_documentos": VE_INDICADORES,
    "calidad.avance_de_documentos": VE_INDICADORES,
    "calidad.cancelar_documentos": VE_INDICADORES,  # each what they asked for
    "calidad.bajar_documentos": VE_INDICADORES,
    "calidad.exportar_punto": VE_INDICADORES,
    "calidad.quejas_en_pdf": VE_INDICADORES,
    "calidad.entregas": VE_ENTREGAS,
    "calidad.entrega_del_mes": VE_ENTREGAS,
    "calidad.bajar_paquete": VE_ENTREGAS,
    "calidad.archivo_entregado": VE_ENTREGAS,
    "calidad.acusar": ACUSA,
    "calidad.descargos": RESPONDE,
    "entrega.con_enlace": PUBLICO,
    # The cases of the whole entity: who may see every case.
    "calidad.reportes_de_fallas": VE_FALLAS,
    "calidad.fallas_de_un_dia": VE_FALLAS,
    # An audit whose copy has not left is a 404 for the outsourcing
    # (webforms/calidad/auditorias.py).
    "calidad.lista_de_auditorias": VE_AUDITORIAS,
    "calidad.auditoria": VE_AUDITORIAS,
    "calidad.muestra_de_auditoria": VE_AUDITORIAS,
    "calidad.exportar_muestra": VE_AUDITORIAS,
    "calidad.f189": VE_AUDITORIAS,
    "calidad.soporte_de_f189": VE_AUDITORIAS,
    # What nobody may see yet is not on the page (records/auditorias/calibraciones.py).
    "calidad.lista_de_calibraciones": AUDITA,
    "calidad.empezar_calibracion": CALIBRA,
    "calidad.calibracion": AUDITA,
    "calidad.exportar_calibracion": AUDITA,
    # The tablet of a visit: only what the lane of the task allows; the worker is a script like
    # those of /static.
    "calidad.visita": VISITA,
    "calidad.tomar_visita": VISITA,
    "calidad.formato": VISITA,
    "calidad.recibir": VISITA,
    "calidad.llave": VISITA,
    "calidad.trabajador": PUBLICO,
    # Each member for themselves; who is convened is decided there.
    "calidad.lista_de_comites": VE_COMITES,
    "calidad.comite": VE_COMITES,
    "calidad.asistir": SESIONA,
    "calidad.votar": SESIONA,
    "calidad.acta_de_comite": VE_COMITES,
    "calidad.acta_en_pdf": VE_COMITES,
    "calidad.lista_de_hallazgos": VE_COMITES,
    "calidad.exportar_hallazgos": VE_COMITES,
    "calidad.hallazgo": VE_COMITES,
    "calidad.cerrar_accion": CIERRA_ACCIONES,
    "calidad.evidencia_de_cierre": VE_COMITES,
    # Their own, and nobody else's.
    "calidad.mi_calidad": ATIENDE,
    "calidad.mi_f189": ATIENDE,
    "calidad.soporte_propio": ATIENDE,
    "calidad.acusar_f189": ATIENDE,
    "calidad.revisiones_de_accesos": VE_ACCESOS,
    "calidad.revision_de_accesos": VE_ACCESOS,
    "calidad.exportar_accesos": VE_ACCESOS,
    "calidad.panel_de_controles": VE_CONTROLES,
    "calidad.filas_de_un_control": VE_CONTROLES,
    "calidad.una_regla_de_separacion": VE_CONTROLES,
    "calidad.expediente_de_controles": VE_CONTROLES,
    "calidad.expediente_en_pdf": VE_CONTROLES,
    # Who is told of an outage is led there.
    "calidad.disponibilidad_del_crm": VE_CONTROLES | VE_ACCESOS | CIERRA_MES,
    "incidentes.lista": REPARA,
    "incidentes.de_causa": REPARA,
    "incidentes.ver": REPARA,
    "incidentes.reparar": REPARA,
    "incidentes.en_reparacion": PERSONA,
    "correos.lista": REPARA,
    "correos.buscar": REPARA,
    "correos.enviar": REPARA,
    "correos.descartar": REPARA,
    # Everybody sees whether they answer; with the rest, who may (webforms/operacion/sistemas.py).
    "sistemas.estado": PERSONA,
    "sistemas.ahora": PERSONA,
    "sistemas.probar": con_facultad(Facultad.VER_SISTEMAS),
    "programaciones.lista": LEE_MODELOS,
    "programaciones.ver": LEE_MODELOS,
    "programaciones.pausar": ADMINISTRA,
    "programaciones.reanudar": ADMINISTRA,
    "correo_demo.lista": PERSONA,
    "correo_demo.mensaje": PERSONA,
    "quiosco.inicio": QUIOSCO,
    "quiosco.condicion": QUIOSCO,
    "quiosco.tomar": QUIOSCO,
    "quiosco.tiquete": QUIOSCO,
    "tablero.pagina": TABLERO,
    "tablero.llamados": TABLERO,
    "tableta.espera": TABLETA,
    "tableta.preguntar": TABLETA,
    "tableta.calificar": TABLETA,
    "tableta.vigente": TABLETA,
    "tableta.responder": TABLETA,
    "calificacion.enlace": PUBLICO,
    "correo.confirmar": PUBLICO,
    "correo.baja": PUBLICO,
    "seguimiento.turno": PUBLICO,
    "seguimiento.retirar": PUBLICO,
    "seguimiento.volvi": PUBLICO,
    "consulta.consulta": PUBLICO,
    "consulta.complemento": PUBLICO,
    "tramites.lista": PUBLICO,
    "tramites.solicitar": PUBLICO,
    "tramites.enviar": PUBLICO,
    "tramites.recibida": PUBLICO,
    "tramites.preguntar": PUBLICO,
    "tramites.responder": PUBLICO,
    "tramites.respondido": PUBLICO,
    "tramites.retirar_respuestas": PUBLICO,
    "calendario.ver": GOBIERNA,
    "calendario.agregar": GOBIERNA,
    "calendario.quitar": GOBIERNA,
    "calendario.descanso": GOBIERNA,
    "calendario.quitar_descanso": GOBIERNA,
    "entidad.indice": GOBIERNA,
    "entidad.datos": GOBIERNA,
    "entidad.lista": GOBIERNA,
    "entidad.crear": GOBIERNA,
    "entidad.ver": GOBIERNA,
    "entidad.cambiar": GOBIERNA,
    "entidad.poner_modulos": GOBIERNA,
    # Nobody for themselves (records/cuentas/personal.py).
    "personas.lista": GOBIERNA,
    "personas.nueva": GOBIERNA,
    "personas.ver": GOBIERNA,
    "personas.corregir": GOBIERNA,
    "personas.dar_rol": GOBIERNA,
    "personas.quitar_rol": GOBIERNA,
    "personas.cambiar_acceso": GOBIERNA,
    "personas.cerrar_sesiones": GOBIERNA,
    "personas.quitar_segundo": GOBIERNA,
    "personas.dar_enlace": GOBIERNA,
    "personas.retiro": GOBIERNA,
    "personas.retirar": GOBIERNA,
    "personas.importar": GOBIERNA,
    "personas.ensayar": GOBIERNA,
    "personas.aplicar": GOBIERNA,
    "personas.exportar": GOBIERNA,
    # Which of them, is decided there: of models analysts, too (webforms/aprobaciones/obras.py).
    "aprobaciones.lista": MODELA | GOBIERNA,
    "aprobaciones.ver": MODELA | GOBIERNA,
    "aprobaciones.archivo": MODELA | GOBIERNA,
    "aprobaciones.decidir": MODELA | GOBIERNA,
    "aprobaciones.retirar": MODELA | GOBIERNA,
    "procesos.lista": LEE_MODELOS,
    "procesos.ver": LEE_MODELOS,
    "procesos.bajar": LEE_MODELOS,
    "procesos.tabla_de_entonces": LEE_MODELOS,
    "procesos.diagrama": PERSONA,
    "procesos.migrar": MIGRA,
    "procesos.migrar_casos": MIGRA,
    "procesos.editar": MODELA,
    "procesos.editar_tabla": MODELA,
    "procesos.vista_xml": MODELA,
    "procesos.guardar": MODELA,
    "procesos.ver_borrador": MODELA,
    "procesos.descartar": MODELA,
    "procesos.lint": MODELA,
    "procesos.ensayar": MODELA,
    "procesos.subir": MODELA,
    "procesos.nuevo": MODELA,
    "procesos.nueva_tabla": MODELA,
    "procesos.crear_tabla": MODELA,
    "procesos.por_quitar": MODELA,
    "procesos.quitar": MODELA,
    "procesos.poner": MODELA,
    "procesos.desplegar": MODELA,
    "procesos.procedimientos": LEE_MODELOS,
    "procesos.paquete": LEE_MODELOS,
    "procesos.exportar_paquete": LEE_MODELOS,
    "procesos.nuevo_procedimiento": MODELA,
    "procesos.importar": MODELA,
    "procesos.comparar_paquete": MODELA,
    "procesos.guardar_paquete": MODELA,
    "procesos.poner_paquete": MODELA,
    "procesos.desplegar_paquete": MODELA,
    "procesos.probar_escenarios": MODELA,
    "procesos.textos": MODELA,
    "procesos.guardar_textos": MODELA,
    "procesos.nueva_pieza": MODELA,
    "procesos.crear_pieza": MODELA,
    "procesos.pieza": MODELA,
    "procesos.guardar_pieza": MODELA,
    "procesos.descartar_pieza": MODELA,
    "procesos.carta": MODELA,
    "procesos.guardar_carta": MODELA,
    "procesos.carta_en": MODELA,
    "procesos.guardar_carta_en": MODELA,
}


@dataclass(frozen=True, slots=True)
class Enlace:
    menu: Menu
    endpoint: str
    texto: str
    cuenta: Callable[[], int] | None = None  #: how many wait there
    hay: Callable[[Usuario], bool] | None = None  #: whether there is anything there for this person


def incidentes_abiertos() -> int:
    with servicios().uow.reading() as session:
        return open_number(session)


def acuses_por_dar() -> int:
    """Of the supervisor who looks; nobody else owes one."""
    usuario = usuario_actual()
    if usuario is None or not {p.name for p in usuario.papeles} & ACUSA:
        return 0
    with servicios().uow.reading() as session:
        return len(interventoria.por_acusar(session, usuario.usuario))


def eliminaciones_por_seguir() -> int:
    usuario = usuario_actual()
    suyos = {p.name for p in usuario.papeles} if usuario is not None else set()
    aprueba, elimina = bool(suyos & APRUEBA_ELIMINACION), bool(suyos & ELIMINA)
    if usuario is None or not (aprueba or elimina):
        return 0
    s = servicios()
    abiertas = s.uow.lookup(eliminaciones.ABIERTAS, {})
    return eliminaciones.esperan_a(
        abiertas, usuario.usuario, dia_local(s.clock.now()), aprueba=aprueba, elimina=elimina
    )


def aprobaciones_por_decidir() -> int:
    usuario = usuario_actual()
    return por_decidir(usuario) if usuario is not None and usuario.tiene(*MODELA, *GOBIERNA) else 0


def hay_que_iniciar(usuario: Usuario) -> bool:
    """A process in force may be begun, or a message be handed over, by a role of theirs."""
    return usuario.version is not None and tramites.hay_para(usuario.version, usuario.actor)


#: In the order of the bar; who has each stands in `records/cuentas/reglas/roles.py`. The first that a person
#: has is their first page.
BARRA: tuple[Enlace, ...] = (
    Enlace(Menu.INICIO, "portada.inicio", _l("Inicio")),
    Enlace(Menu.ATENCION, "asesor.consola", _l("Atención")),
    Enlace(Menu.RADICACION, "radicacion.lista", _l("Documentos por recibir")),
    Enlace(Menu.BANDEJA, "bandeja.bandeja", _l("Bandeja")),
    Enlace(Menu.INICIAR, "iniciar.lista", _l("Iniciar"), hay=hay_que_iniciar),
    Enlace(Menu.OPERACION, "gerencia.vivo", _l("Hoy")),
    Enlace(Menu.CARGA, "bandeja.tablero", _l("Tablero de carga")),
    Enlace(Menu.REVISION, "cumplimiento.buscar", _l("Revisión de casos")),
    Enlace(Menu.PROCESOS, "procesos.lista", _l("Procesos")),
    Enlace(Menu.PROCEDIMIENTOS, "procesos.procedimientos", _l("Procedimientos")),
    Enlace(Menu.INCIDENTES, "incidentes.lista", _l("Incidentes"), incidentes_abiertos),
    Enlace(Menu.ESTADO, "estado.pagina", _l("Estado")),
    Enlace(Menu.CORREOS, "correos.lista", _l("Correos")),
    Enlace(Menu.SISTEMAS, "sistemas.estado", _l("Sistemas")),
    Enlace(Menu.PERSONAS, "personas.lista", _l("Personas")),
    Enlace(Menu.ENTIDAD, "entidad.indice", _l("Entidad")),
    Enlace(Menu.APROBACIONES, "aprobaciones.lista", _l("Aprobaciones"), aprobaciones_por_decidir),
    Enlace(Menu.CASOS, "casos.buscar", _l("Casos")),
    Enlace(Menu.PLANTILLAS, "bandeja.plantillas_lista", _l("Plantillas")),
    Enlace(Menu.CALIFICACIONES, "bandeja.de_la_atencion", _l("Calificaciones")),
    Enlace(Menu.REPORTES, "calidad.ultimo_mes", _l("Reportes")),
    Enlace(Menu.INTERVENTORIA, "calidad.entregas", _l("Interventoría"), acuses_por_dar),
    Enlace(Menu.INDICADORES, "calidad.lista", _l("Indicadores")),
    Enlace(Menu.FALLAS, "calidad.reportes_de_fallas", _l("Reportes de fallas")),
    Enlace(Menu.AUDITORIAS, "calidad.lista_de_auditorias", _l("Auditorías")),
    Enlace(Menu.VISITA, "calidad.visita", _l("Visita")),
    Enlace(Menu.COMITES, "calidad.lista_de_comites", _l("Comités")),
    Enlace(Menu.HALLAZGOS, "calidad.lista_de_hallazgos", _l("Hallazgos")),
    Enlace(Menu.MI_CALIDAD, "calidad.mi_calidad", _l("Mi calidad")),
    Enlace(Menu.AUSENCIAS, "bandeja.ausencias_lista", _l("Ausencias")),
    Enlace(Menu.PAPEL, "papel.lista", _l("Papel")),
    Enlace(
        Menu.ELIMINACION,
        "radicacion.eliminaciones_lista",
        _l("Eliminación documental"),
        eliminaciones_por_seguir,
    ),
    Enlace(Menu.ACCESOS, "calidad.revisiones_de_accesos", _l("Revisión de accesos")),
    Enlace(Menu.CONTROLES, "calidad.panel_de_controles", _l("Controles")),
    Enlace(Menu.PROGRAMACIONES, "programaciones.lista", _l("Programaciones")),
    Enlace(Menu.SUSPENDIDOS, "instancias.suspendidos", _l("Procesos detenidos")),
    Enlace(Menu.EQUIPOS, "dispositivos.lista", _l("Equipos")),
    Enlace(Menu.CRM, "crm.conciliacion", _l("CRM")),
    Enlace(Menu.DIGITURNO, "digiturno.estado", _l("Digiturno")),
)


def decidir(
    permitidos: frozenset[str], roles: frozenset[str], tipo_equipo: str | None, *, con_sesion: bool
) -> str:
    """Who acts: "publico", "persona" or "dispositivo"; or why nobody may: "prohibido" (logged in)
    or "anonimo". Pure."""
    if "publico" in permitidos:
        return "publico"
    if con_sesion and ("persona" in permitidos or roles & permitidos):
        return "persona"
    if tipo_equipo is not None and f"dispositivo:{tipo_equipo}" in permitidos:
        return "dispositivo"
    if con_sesion or all(nombre.startswith("dispositivo:") for nombre in permitidos):
        return "prohibido"
    return "anonimo"


#: Acts of weight: powers, who may enter, what is in force, days that count, lists that leave with
#: many people. Whoever does one has shown the password lately (`sesiones.SE_CONFIRMA`): nobody does
#: it at a desk that its person has left.
DE_PESO = frozenset({
    *(f"personas.{acto}" for acto in ("corregir", "dar_rol", "quitar_rol", "cambiar_acceso", "quitar_segundo", "dar_enlace")),
    *("personas.cerrar_sesiones", "personas.retirar", "personas.aplicar", "personas.exportar", "cuenta.cerrar_sesiones"),
    *("segundo.poner", "llaves.poner", "llaves.quitar"),
    *("radicacion.decidir_eliminacion", "radicacion.ordenar_eliminacion", "cumplimiento.decidir_sobre_datos"),
    *("aprobaciones.decidir", "procesos.desplegar", "procesos.desplegar_paquete", "procesos.quitar", "procesos.migrar_casos"),
    *(f"calendario.{acto}" for acto in ("agregar", "quitar", "descanso", "quitar_descanso")),
    *("cumplimiento.exportar", "cumplimiento.exportar_decisiones", "cumplimiento.exportar_tiempos", "cumplimiento.exportar_persona"),
    "calidad.exportar_accesos",
})  # fmt: skip
#: What whoever has no second factor yet, or one of before, may do although it is asked of them: put
#: it, look for help, change the password.
SIN_SEGUNDO = frozenset({"segundo", "llaves", "cuenta", "ayuda", "inicio"})


def exigir() -> ResponseReturnValue | None:
    """Before every view: default deny. Sets `g.actor`; refusals of people go to the access
    chain."""
    if request.endpoint is None:
        return None
    permitidos = PERMISOS.get(request.endpoint, frozenset())
    if "publico" in permitidos:
        return None
    usuario = usuario_actual()
    roles = frozenset(papel.name for papel in usuario.papeles) if usuario else frozenset()
    usa_equipo = any(nombre.startswith("dispositivo:") for nombre in permitidos)
    equipo = equipo_actual() if usa_equipo else None
    quien = decidir(
        permitidos, roles, equipo.tipo if equipo else None, con_sesion=usuario is not None
    )
    if quien == "persona" and usuario is not None:
        g.actor = usuario.actor
        if falta_segundo(usuario) and request.endpoint.partition(".")[0] not in SIN_SEGUNDO:
            return redirect(url_for("segundo.ver", falta=1))
        if (
            request.endpoint in DE_PESO
            and request.method != "OPTIONS"
            and not sesiones.confirmada(servicios().clock.now())
        ):
            return pedir_otra_vez(usuario)
    elif quien == "dispositivo" and equipo is not None:
        g.actor = equipo.actor
    elif quien == "anonimo":
        return pedir_ingreso()
    else:
        if usuario is not None:
            detalle = {"reason": "route"}
            servicios().engine.log_access(
                usuario.actor,
                AccessKind.REFUSAL,
                f"ruta/{request.endpoint}",
                now=servicios().clock.now(),
                detail=detalle,
            )
        abort(403)
    return None


def register(app: Flask) -> None:
    app.before_request(exigir)
