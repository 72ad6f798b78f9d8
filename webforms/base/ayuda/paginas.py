"""Page → what it is for, in one sentence, and the guide that says more. A test fails for a page of
people that has none."""

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import lazy_gettext as _l

#: Names of the guides: `docs/guides/<language>/<name>.md`.
(
    ASESOR,
    FUNCIONARIO,
    COORDINADOR,
    DOCUMENTAL,
    CALIDAD,
    CUMPLIMIENTO,
    ANALISTA,
    ADMINISTRADOR,
    EQUIPOS,
) = (
    *("asesor", "funcionario", "coordinador", "documental", "calidad"),
    *("cumplimiento", "analista", "administracion", "equipos"),
)
PAGINAS: Final[Mapping[str, tuple[Any, str]]] = {
    # --- everybody
    "segundo.ver": (
        _l("Aquí activa el código de su teléfono que se le pide al entrar, o lo quita."),
        FUNCIONARIO,
    ),
    "llaves.ver": (
        _l(
            "Aquí guarda una llave de su equipo o teléfono, con la que entra sin contraseña, o la quita."
        ),
        FUNCIONARIO,
    ),
    "cuenta.ver": (_l("Aquí ve sus roles y cambia su contraseña."), FUNCIONARIO),
    "ayuda.indice": (
        _l("Aquí están las guías, el recorrido de su rol y los atajos de teclado."),
        FUNCIONARIO,
    ),
    "ayuda.guia": (_l("Una guía corta de su trabajo en Ventanilla."), FUNCIONARIO),
    "ayuda.teclas": (_l("Todas las teclas que ahorran tiempo, página por página."), FUNCIONARIO),
    "bandeja.bandeja": (
        _l("Aquí llegan las tareas que usted puede hacer; las que vencen primero van arriba."),
        FUNCIONARIO,
    ),
    "bandeja.imprimir": (_l("La lista de la bandeja como se imprime."), FUNCIONARIO),
    "bandeja.ausencias_lista": (
        _l("Aquí se anota quién falta, qué días y quién hace su trabajo."),
        FUNCIONARIO,
    ),
    "tareas.mostrar": (
        _l("Aquí hace una tarea: lea el caso, llene el formulario y envíelo. Se guarda solo."),
        FUNCIONARIO,
    ),
    "tareas.borradores": (_l("Formularios que empezó y todavía no ha enviado."), FUNCIONARIO),
    "tareas.elegir_persona": (
        _l("Aquí pasa una tarea a otra persona, con el motivo."),
        COORDINADOR,
    ),
    "iniciar.lista": (
        _l("Aquí empieza un caso de los trámites que su rol puede iniciar."),
        FUNCIONARIO,
    ),
    "iniciar.formulario": (
        _l("Llene el formulario para que empiece un caso; recibirá su número."),
        FUNCIONARIO,
    ),
    "iniciar.hecho": (_l("El caso empezó: este es su número y lo que sigue."), FUNCIONARIO),
    "iniciar.desde_csv": (
        _l("Aquí empieza muchos casos desde un archivo; cada línea se revisa antes."),
        FUNCIONARIO,
    ),
    "iniciar.por_entregar": (
        _l("Lo que los casos esperan y usted puede entregar, por ejemplo un pago."),
        FUNCIONARIO,
    ),
    "iniciar.entrega": (_l("Aquí entrega lo que este caso espera."), FUNCIONARIO),
    "iniciar.entregar_csv": (
        _l("Aquí entrega lo que esperan muchos casos, desde un archivo."),
        FUNCIONARIO,
    ),
    "casos.buscar": (
        _l("Aquí encuentra un caso por su número, por la persona o por lo que trata."),
        FUNCIONARIO,
    ),
    "casos.ver": (
        _l("Todo lo que hay de un caso: en qué va, qué se respondió, documentos y notas."),
        FUNCIONARIO,
    ),
    "casos.pedir_apertura": (
        _l("Aquí abre, con un motivo, un caso que no es de su trabajo."),
        ADMINISTRADOR,
    ),
    "casos.pedir_datos": (
        _l("Aquí escribe para qué necesita ver los datos personales de un caso."),
        CUMPLIMIENTO,
    ),
    "casos.historia": (_l("Lo que pasó en el caso, en orden, con quién lo hizo."), FUNCIONARIO),
    "casos.diagrama": (_l("Dónde está el caso en el diagrama de su procedimiento."), FUNCIONARIO),
    "casos.documento": (_l("Un documento del caso; mirarlo queda anotado."), FUNCIONARIO),
    "casos.pagina_citada": (_l("Lo que decía la página de la entidad cuando se citó."), ASESOR),
    "casos.carta": (_l("Una carta del caso, lista para imprimir y entregar."), DOCUMENTAL),
    "casos.carta_respuesta": (
        _l("La respuesta del caso en papel, lista para imprimir y entregar."),
        DOCUMENTAL,
    ),
    "casos.pedir_prorroga": (
        _l("Aquí amplía, una sola vez, el plazo de ley de la respuesta."),
        COORDINADOR,
    ),
    "casos.tiempos": (
        _l("Cuánto esperó cada tarea del caso y cuánto tiempo la tuvo alguien."),
        FUNCIONARIO,
    ),
    "casos.indice": (
        _l(
            "Qué documentos tiene el expediente, en su orden y con su huella, y si siguen como se cerraron."
        ),
        FUNCIONARIO,
    ),
    "casos.pedir_vinculo": (
        _l("Aquí vincula el caso con otro, por su número y con un motivo."),
        FUNCIONARIO,
    ),
    "casos.por_desvincular": (
        _l("Aquí quita el vínculo de dos casos, con el motivo."),
        FUNCIONARIO,
    ),
    "casos.por_corregir": (
        _l("Aquí corrige un dato del caso que quedó mal; lo que decía antes se conserva."),
        COORDINADOR,
    ),
    "casos.por_mover": (
        _l("Aquí mueve las fechas que corren en el caso, con el motivo."),
        COORDINADOR,
    ),
    "casos.por_anular": (
        _l("Aquí pide que se anule un número que no debió darse; lo decide otra persona."),
        FUNCIONARIO,
    ),
    "casos.anulaciones": (
        _l("Números que alguien pidió anular y esperan que otra persona decida."),
        ADMINISTRADOR,
    ),
    "casos.por_decidir_anulacion": (
        _l("Aquí decide si se anula un número que otra persona pidió anular."),
        ADMINISTRADOR,
    ),
    "incidentes.en_reparacion": (
        _l("El caso está detenido por una falla; aquí se ve quién la repara."),
        FUNCIONARIO,
    ),
    "sistemas.estado": (
        _l("Si cada sistema de alrededor responde, y qué hacer mientras no."),
        ADMINISTRADOR,
    ),
    "sistemas.ahora": (
        _l("Si cada sistema de alrededor responde, y qué hacer mientras no."),
        ADMINISTRADOR,
    ),
    "correo_demo.lista": (_l("Los correos que la demostración habría enviado."), ADMINISTRADOR),
    "correo_demo.mensaje": (_l("Un correo que la demostración habría enviado."), ADMINISTRADOR),
    "calidad.a_quien_atendemos": (
        _l("A quién atendemos, por lo que las personas quisieron decir; solo cuentas."),
        CALIDAD,
    ),
    # --- the desk
    "asesor.consola": (
        _l("Aquí llama el siguiente turno y hace toda la visita sin cambiar de página."),
        ASESOR,
    ),
    "asesor.parte_viva": (_l("La fila de su punto, ahora."), ASESOR),
    "asesor.constancia": (_l("La constancia de una visita, para imprimir."), ASESOR),
    "asesor.llegadas": (_l("Lo que los aplicativos dicen de la persona que atiende."), ASESOR),
    "calidad.mi_calidad": (
        _l("Sus evaluaciones y sus calificaciones; nadie más las ve por aquí."),
        ASESOR,
    ),
    "calidad.mi_f189": (_l("Una evaluación suya, con lo que se observó y su acuse."), ASESOR),
    # --- documents
    "radicacion.eliminaciones_lista": (
        _l("Expedientes que cumplieron su retención, y las actas con que se eliminan."),
        DOCUMENTAL,
    ),
    "radicacion.acta_de_eliminacion": (
        _l(
            "Un acta de eliminación: quién la propuso y aprobó, su publicación, las observaciones y qué pasó con cada expediente."
        ),
        DOCUMENTAL,
    ),
    "radicacion.lista": (
        _l("Lo que está por recibir y radicar, y las cartas por enviar."),
        DOCUMENTAL,
    ),
    "radicacion.viva": (
        _l("Lo que está por recibir y radicar, y las cartas por enviar."),
        DOCUMENTAL,
    ),
    "radicacion.sueltos": (
        _l("Documentos que llegaron y todavía no son de ningún caso."),
        DOCUMENTAL,
    ),
    "radicacion.vuelta": (
        _l("Un documento pasado a un caso que no era: se pide que salga y lo decide otra persona."),
        DOCUMENTAL,
    ),
    "radicacion.suelto": (
        _l("Mire el documento y páselo a su caso, o apártelo, con el motivo."),
        DOCUMENTAL,
    ),
    "radicacion.completar": (_l("Aquí recibe los documentos y les da su número."), DOCUMENTAL),
    "radicacion.radicada": (
        _l("El número que recibió el caso, y lo que se entrega a la persona."),
        DOCUMENTAL,
    ),
    "radicacion.prueba": (_l("La prueba de que se recibió, para imprimir o enviar."), DOCUMENTAL),
    "radicacion.tiquete": (_l("El número del caso en un tiquete, para la persona."), DOCUMENTAL),
    "papel.lista": (
        _l("Formatos en blanco, puntos que trabajan en papel y números que faltan por digitar."),
        DOCUMENTAL,
    ),
    "papel.digitar": (_l("Aquí pasa al sistema lo que se escribió en papel."), DOCUMENTAL),
    # --- who leads
    "bandeja.tablero": (
        _l("Cuánto tiene cada persona, qué vence y qué nadie ha tomado."),
        COORDINADOR,
    ),
    "bandeja.de_la_atencion": (
        _l("Cómo calificaron las personas la atención y las respuestas."),
        COORDINADOR,
    ),
    "bandeja.plantillas_lista": (
        _l("Los textos desde los que el asesor empieza una respuesta."),
        COORDINADOR,
    ),
    "bandeja.plantilla": (_l("Aquí cambia o retira un texto de respuesta."), COORDINADOR),
    "gerencia.vivo": (_l("Cómo va hoy cada punto, al lado de lo usual."), COORDINADOR),
    "gerencia.parte_viva": (_l("Cómo va hoy cada punto, al lado de lo usual."), COORDINADOR),
    "gerencia.muro": (_l("Lo mismo de «Hoy», para una pantalla de pared."), COORDINADOR),
    "gerencia.parte_del_muro": (_l("Lo mismo de «Hoy», para una pantalla de pared."), COORDINADOR),
    "gerencia.punto": (
        _l("Un punto, ahora: quién espera, quién atiende, qué se demora."),
        COORDINADOR,
    ),
    "gerencia.turnos": (_l("Los turnos que hay detrás de una cifra."), COORDINADOR),
    "gerencia.casos": (_l("Los casos que hay detrás de una cifra."), COORDINADOR),
    "digiturno.estado": (
        _l("Quién da los números en cada punto, y lo que el otro sistema dijo y hay que mirar."),
        COORDINADOR,
    ),
    "instancias.suspendidos": (
        _l("Casos detenidos a propósito, con quién y por qué."),
        COORDINADOR,
    ),
    "instancias.ver": (_l("Aquí detiene, reanuda o devuelve un caso, con un motivo."), COORDINADOR),
    "instancias.confirmar": (_l("Lo que va a pasar con el caso si confirma."), COORDINADOR),
    # --- quality
    "portada.inicio": (_l("Lo que le espera: sus tareas y las fechas del mes."), CALIDAD),
    "calidad.lista": (_l("Los indicadores de cada mes cerrado; cada cifra se abre."), CALIDAD),
    "calidad.detras": (_l("Los turnos y casos que hay detrás de un indicador."), CALIDAD),
    "calidad.ver_cierre": (_l("Cómo va el cierre de un mes que alguien pidió."), CALIDAD),
    "calidad.ultimo_mes": (_l("El reporte del último mes cerrado."), CALIDAD),
    "calidad.del_mes": (
        _l("El reporte de un mes: qué puntos entregaron el suyo y qué falta."),
        CALIDAD,
    ),
    "calidad.de_un_punto": (_l("El reporte mensual de un punto."), CALIDAD),
    "calidad.quejas": (_l("Las quejas y los reclamos del mes."), CALIDAD),
    "calidad.ver_documentos": (
        _l("Los documentos de un mes que alguien pidió, todos juntos."),
        CALIDAD,
    ),
    "calidad.entregas": (_l("Lo que se envió cada mes a la Interventoría, y sus acuses."), CALIDAD),
    "calidad.entrega_del_mes": (
        _l("Lo que se envió en un mes a la Interventoría, y quién acusó recibo."),
        CALIDAD,
    ),
    "calidad.reportes_de_fallas": (_l("Los casos vencidos de cada día."), CALIDAD),
    "calidad.fallas_de_un_dia": (_l("Los casos vencidos de un día, con su motivo."), CALIDAD),
    "calidad.lista_de_auditorias": (_l("Las auditorías de cada semana."), CALIDAD),
    "calidad.auditoria": (
        _l("La auditoría de una semana: su muestra, sus F189 y su informe."),
        CALIDAD,
    ),
    "calidad.muestra_de_auditoria": (
        _l("Las atenciones que se sortearon, y cómo se sortearon."),
        CALIDAD,
    ),
    "calidad.f189": (_l("Una evaluación F189, con lo que se observó."), CALIDAD),
    "calidad.lista_de_calibraciones": (
        _l("Dónde dos auditores califican lo mismo, para ver si miden igual."),
        CALIDAD,
    ),
    "calidad.calibracion": (
        _l("Una calibración: qué calificó cada auditor y qué se acordó."),
        CALIDAD,
    ),
    "calidad.visita": (
        _l("Las observaciones de hoy, que se llenan sin red en una tableta."),
        CALIDAD,
    ),
    "calidad.formato": (_l("El F189 de una observación, sin red."), CALIDAD),
    "calidad.lista_de_comites": (_l("Los comités de calidad, sus actas y sus votos."), CALIDAD),
    "calidad.comite": (_l("Una sesión del comité: asistencia, votos y lo que se decide."), CALIDAD),
    "calidad.acta_de_comite": (_l("El acta de un comité."), CALIDAD),
    "calidad.lista_de_hallazgos": (_l("Los hallazgos y en qué va la acción de cada uno."), CALIDAD),
    "calidad.hallazgo": (
        _l("Un hallazgo, lo que se respondió y la acción que lo cierra."),
        CALIDAD,
    ),
    "calidad.revisiones_de_accesos": (
        _l("La revisión semanal de las cuentas (control 6-1)."),
        CALIDAD,
    ),
    "calidad.revision_de_accesos": (
        _l("Las cuentas que hay que mirar esta semana, y por qué."),
        CALIDAD,
    ),
    "calidad.panel_de_controles": (
        _l("Si los seis controles del procedimiento se ejercieron."),
        CUMPLIMIENTO,
    ),
    "calidad.filas_de_un_control": (_l("Las filas que hay detrás de un control."), CUMPLIMIENTO),
    "calidad.una_regla_de_separacion": (
        _l("En qué casos una regla separó a quien hace de quien revisa."),
        CUMPLIMIENTO,
    ),
    "calidad.disponibilidad_del_crm": (
        _l("Cuándo no respondió el CRM, y qué se hizo (control 6-6)."),
        CALIDAD,
    ),
    "crm.conciliacion": (
        _l("Lo que los dos CRM dicen distinto de una persona, y cuál dato queda."),
        CALIDAD,
    ),
    # --- compliance
    "cumplimiento.buscar": (_l("Aquí busca los casos que va a revisar."), CUMPLIMIENTO),
    "cumplimiento.caso": (
        _l("Un caso con su evidencia, sobre el diagrama que regía entonces."),
        CUMPLIMIENTO,
    ),
    "cumplimiento.solicitudes_de_datos": (
        _l("Lo que personas pidieron suprimir o restringir, y qué se decidió."),
        CUMPLIMIENTO,
    ),
    "cumplimiento.solicitud_de_datos": (
        _l("Una solicitud de datos: qué se pidió, quién la decidió y qué pasó con cada parte."),
        CUMPLIMIENTO,
    ),
    "cumplimiento.pedir_sobre_datos": (
        _l("Qué hay de una persona, y qué se suprime o se restringe si otra persona lo aprueba."),
        CUMPLIMIENTO,
    ),
    "cumplimiento.accesos": (
        _l("Quién ha visto los datos de una persona o de un caso."),
        CUMPLIMIENTO,
    ),
    # --- who models
    "procesos.textos": (
        _l(
            "Los textos del procedimiento escrito: objetivo, alcance, definiciones, actividades, controles."
        ),
        ANALISTA,
    ),
    "procesos.carta": (
        _l(
            "Una carta del procedimiento, con los datos que puede nombrar y cómo se lee con un ejemplo."
        ),
        ANALISTA,
    ),
    "procesos.carta_en": (
        _l(
            "Una carta en otro idioma, al lado de la española, y qué dato nombra solo una de las dos."
        ),
        ANALISTA,
    ),
    "procesos.nueva_pieza": (
        _l("Aquí agrega otro texto del procedimiento: un escenario o una traducción."),
        ANALISTA,
    ),
    "procesos.pieza": (_l("Un texto del procedimiento, como quedó y como lo cambia."), ANALISTA),
    "procesos.lista": (_l("Los diagramas y las tablas que rigen, y sus borradores."), ANALISTA),
    "procesos.ver": (_l("Un diagrama o una tabla en vigor, con sus versiones."), ANALISTA),
    "procesos.tabla_de_entonces": (_l("Una tabla como era en otra versión."), ANALISTA),
    "procesos.editar": (_l("Aquí dibuja o cambia; nada rige hasta ponerlo en vigor."), ANALISTA),
    "procesos.vista_xml": (_l("El mismo borrador, como texto."), ANALISTA),
    "procesos.ensayar": (
        _l("Aquí se ve qué haría un paso con valores de ejemplo, antes de ponerlo en vigor."),
        ANALISTA,
    ),
    "procesos.migrar": (
        _l("Aquí pasa casos abiertos a otra versión, y ve antes qué cambia."),
        ANALISTA,
    ),
    "procesos.nuevo": (_l("Aquí empieza un diagrama."), ANALISTA),
    "procesos.nueva_tabla": (
        _l("Aquí empieza una tabla de decisión; sus reglas se escriben después."),
        ANALISTA,
    ),
    "procesos.por_quitar": (
        _l("Qué pasaría si un diagrama o una tabla deja de regir, y si se puede quitar."),
        ANALISTA,
    ),
    "procesos.subir": (_l("Aquí trae un diagrama o una tabla de un archivo."), ANALISTA),
    "procesos.poner": (
        _l("Lo que cambia si este borrador entra en vigor, y a quién afecta."),
        ANALISTA,
    ),
    "procesos.poner_paquete": (
        _l("Lo que cambia si el procedimiento entra en vigor, y a quién afecta."),
        ANALISTA,
    ),
    "procesos.procedimientos": (
        _l("Cada procedimiento con sus diagramas, sus roles y lo que cubre."),
        ANALISTA,
    ),
    "procesos.paquete": (
        _l("Un procedimiento: qué cubre de lo escrito, quién hace cada cosa y su historia."),
        ANALISTA,
    ),
    "procesos.nuevo_procedimiento": (
        _l("Aquí empieza un procedimiento en blanco, con una tarea."),
        ANALISTA,
    ),
    "procesos.importar": (
        _l("Aquí trae el procedimiento de otra entidad; se compara antes de guardar."),
        ANALISTA,
    ),
    "programaciones.lista": (_l("Los procesos que empiezan solos, y cuándo."), ANALISTA),
    "programaciones.ver": (_l("Cuándo empieza solo este proceso, y qué pasó cada vez."), ANALISTA),
    # --- who administers
    "personas.lista": (_l("Quién entra, con qué roles y dónde."), ADMINISTRADOR),
    "personas.nueva": (_l("Aquí crea la cuenta de una persona, con su primer rol."), ADMINISTRADOR),
    "personas.ver": (
        _l("Una persona: sus roles, lo que tiene a cargo y su acceso."),
        ADMINISTRADOR,
    ),
    "personas.retiro": (_l("Lo que la persona tiene, y a quién pasa cuando se va."), ADMINISTRADOR),
    "personas.importar": (
        _l("Aquí trae muchas personas de un archivo; se ensaya antes de guardar."),
        ADMINISTRADOR,
    ),
    "aprobaciones.lista": (
        _l("Cambios a las reglas de la entidad que pide una persona y decide otra."),
        ADMINISTRADOR,
    ),
    "aprobaciones.ver": (
        _l("Mire qué cambiaría, y decida: se hace, o se devuelve con una observación."),
        ADMINISTRADOR,
    ),
    "entidad.indice": (
        _l("Lo que la entidad mantiene: puntos, áreas, listas, temas, normas."),
        ADMINISTRADOR,
    ),
    "entidad.datos": (
        _l("Cómo se llama la entidad en papeles, correos y páginas públicas."),
        ADMINISTRADOR,
    ),
    "entidad.lista": (
        _l("Una lista de la entidad; nada se borra, todo termina con fecha."),
        ADMINISTRADOR,
    ),
    "entidad.crear": (_l("Aquí agrega algo a una lista de la entidad."), ADMINISTRADOR),
    "entidad.ver": (
        _l("Aquí cambia algo de una lista, con un motivo, y ve quién lo usa."),
        ADMINISTRADOR,
    ),
    "calendario.ver": (
        _l("Qué días se trabaja: de ellos dependen todos los plazos."),
        ADMINISTRADOR,
    ),
    "dispositivos.lista": (_l("Los quioscos, tableros y tabletas, y cómo activar otro."), EQUIPOS),
    "puesta.pagina": (
        _l("Lo que falta para que la entidad trabaje, y dónde se hace."),
        ADMINISTRADOR,
    ),
    "estado.pagina": (_l("Cómo está esta instalación y qué le pide."), ADMINISTRADOR),
    "incidentes.lista": (
        _l("Casos que una falla detuvo, juntos por causa, y cómo seguir."),
        ADMINISTRADOR,
    ),
    "incidentes.de_causa": (
        _l("Los casos que detuvo una misma causa; se reparan juntos."),
        ADMINISTRADOR,
    ),
    "incidentes.ver": (_l("Una falla: qué pasó, qué tenía el caso y cómo seguir."), ADMINISTRADOR),
    "correos.lista": (_l("Correos que esperan, que fallaron o que volvieron."), ADMINISTRADOR),
}
