"""What people say and write in the demo."""

from demo.sitio_web import CONVOCATORIAS, CREDITOS
from records.sistemas.reglas.paginas import PAGINA_WEB

PEDIDOS = {
    "S01": "Pide saldo y extracto del crédito para presentarlo en su trabajo",
    "S02": "Pide el paz y salvo porque ya terminó de pagar",
    "S03": "No le ha llegado el recibo de pago de este mes",
    "S04": "Quiere conocer el plan de pagos después del último abono",
    "S05": "Pregunta cómo renovar el crédito para el próximo semestre",
    "S06": "Pregunta en qué va la solicitud de crédito que presentó",
    "S07": "Pregunta los requisitos para un crédito de posgrado en el país",
    "S08": "Solicita cambiar al deudor solidario del crédito",
    "S09": "Solicita aplazar el próximo giro porque suspendió el semestre",
    "S10": "Pide el certificado para la declaración de renta",
    "S11": "Propone un acuerdo de pago por las cuotas atrasadas",
    "S12": "Pregunta por becas y cupos para estudiar en el exterior",
    "S13": "Solicita la condonación del crédito del fondo",
    "S14": "Pide copia del pagaré y de la carta de instrucciones",
    "S15": "Solicita actualizar la dirección y el correo de notificación",
    "R01": "El pago del mes pasado no aparece aplicado al crédito",
    "R02": "El recibo cobra un valor distinto del que dice el plan de pagos",
    "R03": "Sigue reportado en centrales de riesgo aunque está al día",
    "R04": "La universidad informa que no recibió el giro del semestre",
    "R05": "No está de acuerdo con la negación de la condonación",
    "R06": "Pagó de más y solicita la devolución",
    "Q01": "Se queja de la forma en que lo atendieron por teléfono",
    "Q02": "Se queja porque hace un mes no le responden un derecho de petición",
    "Q03": "Se queja porque la página web no le deja descargar el recibo",
}
DETALLES = (
    "Dice que lo necesita esta semana.",
    "Viene por segunda vez por el mismo asunto.",
    "Trae copia de la cédula y del último recibo.",
    "Llamó antes a la línea de atención y lo remitieron al punto.",
    "Prefiere que le respondan por correo electrónico.",
    "Explica que el plazo que le dieron ya pasó.",
    "La universidad le exige el documento para la matrícula.",
)
RESPUESTAS = (
    "Se le informa el estado de su obligación según el sistema y se le entrega la constancia impresa.",
    "Se le explica el procedimiento, los requisitos y los plazos; manifiesta que queda conforme.",
    "Se genera el documento solicitado y se le entrega en el punto.",
    "Se le indica la ruta en la página web y se descarga con la persona el documento.",
    "Se verifica el movimiento en el sistema y se le muestra el detalle de los pagos aplicados.",
)
FUENTES = ("C&CTEX", "Reglamento de crédito", PAGINA_WEB, "CRM")
RESUMENES = (
    "El sistema no muestra la información que permita responder; el área debe verificar el expediente y el movimiento contable.",
    "La persona aporta soportes que no coinciden con el sistema; se solicita revisión y respuesta de fondo.",
    "El asunto excede la competencia del punto de atención; se remite con los datos de la obligación y los soportes.",
)
HALLAZGOS = (
    "Se revisó el expediente digital y el movimiento de la obligación. Se confirma lo que la persona manifiesta.",
    "Se contrastó el sistema con los soportes. La diferencia se explica por la fecha de aplicación del pago.",
    "No se encontró registro de la novedad. Se pidió soporte a la entidad recaudadora y ya fue recibido.",
    "Se verificó con la institución educativa; el giro fue devuelto por inconsistencia en la cuenta.",
)
ACCIONES = (
    "Se ajusta el registro y se programa la verificación en el próximo corte.",
    "Se solicita al proveedor corregir la causa en el cargue de pagos.",
    "",
    "",
)
TECNICAS = (
    "Verificada la obligación, se aplicó la corrección solicitada; el nuevo estado se ve en el sistema desde hoy.",
    "La solicitud cumple los requisitos del reglamento. El trámite queda registrado y se notificará el resultado.",
    "Revisado el caso, no procede lo solicitado porque la obligación no cumple la condición del reglamento vigente.",
    "Procede en parte: se corrige el periodo reclamado; los periodos anteriores están liquidados conforme al plan.",
)
FALTANTES = (
    "Copia legible del comprobante de pago con sello del banco",
    "Certificado de matrícula del semestre expedido por la institución",
    "Carta firmada por el deudor solidario con copia de su documento",
)
COMPLEMENTOS = (
    "Entregó en el punto la copia pedida.",
    "Envió por correo el documento y se anexó al caso.",
)
PRORROGAS = (
    "La entidad recaudadora no ha certificado el pago; se necesita más tiempo para responder de fondo.",
    "La institución educativa no ha respondido la verificación del giro.",
)
CARTAS = "Señor usuario: reciba respuesta a su solicitud. {tecnica} Cordialmente, Grupo de Atención al Usuario."
COMENTARIOS = {
    5: ("Muy amables y rápidos.", "Excelente atención.", "Me resolvieron todo.", "", "", ""),
    4: ("Buena atención.", "Todo bien, algo de espera.", "", "", ""),
    3: ("Podría ser más rápido.", "", ""),
    2: ("Mucho tiempo de espera.", "No entendí la explicación.", ""),
    1: ("Es la tercera vez que vengo y no resuelven.", "Pésima espera.", ""),
}
PREGUNTAS = {
    "servicio": (
        "¿Cuándo abre la convocatoria de pregrado?",
        "¿Qué tasa tiene el crédito de posgrado?",
        "¿Cómo elijo el plazo de pago?",
    ),
    "estudios_exterior": (
        "¿Qué becas hay para maestría?",
        "¿Cómo se legaliza un crédito para el exterior?",
        "¿Piden certificado de idioma?",
    ),
}
#: What was told, and the page that says so.
INFORMADO = (
    ("Se muestra en la página la convocatoria vigente con sus fechas y requisitos.", CONVOCATORIAS),
    (
        "Se explica la tabla de líneas de crédito publicada y cuánto se paga durante los estudios.",
        CREDITOS,
    ),
)
PAISES = (
    "España",
    "Estados Unidos",
    "Alemania",
    "Francia",
    "Brasil",
    "México",
    "Canadá",
    "Argentina",
)
ENTREGADOS = (
    "Formulario de condonación",
    "Acta de grado",
    "Certificado de notas",
    "Certificación de residencia",
    "Comprobante de pago",
    "Carta de solicitud",
)
DIRECCION_DE_CARTA = "Calle 45 # 13-20, apartamento 302"
LUGAR_DEL_AVISO = "www.icetex.gov.co/avisos y cartelera del punto de atención"
ASUNTOS = (
    "Documentos de renovación",
    "Soportes de condonación",
    "Derecho de petición",
    "Recurso de reposición",
    "Pagaré y carta de instrucciones",
)


# --- monthly reports ------------------------------------------------------------------------------
COMENTARIOS_DEL_MES = (
    "El mes fue parecido al anterior. La mayor parte de las personas llega entre las ocho y las once de la mañana.",
    "Las consultas de renovación ocuparon buena parte de las mañanas; las tardes estuvieron tranquilas.",
    "Hubo una incapacidad de tres días y el punto atendió con un asesor menos; se nota en la espera de esa semana.",
    "Sin novedades de personal. Los casos que se escalaron salieron del punto el mismo día.",
)
PORQUES = (
    "Se concentra en la primera semana, la del cierre de renovaciones; en las otras se cumple.",
    "Faltó un asesor tres días por incapacidad; sin esos días se cumple.",
    "Varias personas volvieron con la misma solicitud porque el aplicativo no respondía.",
)
LLEGO_TARDE = "La agente estuvo incapacitada la última semana y nadie más tenía el rol."
OBSERVACION = (
    "Diga en qué horas se va la gente: así se sabe si hace falta un asesor más en la mañana."
)
CAMBIO = "Se agregó en qué horas se retiran las personas"
AGREGADO = "Las personas que se retiran lo hacen entre las nueve y las once."
RESPUESTA_A_LA_OBSERVACION = "Entre las nueve y las once, cuando llega la mitad de las personas."
CONCLUSIONES = (
    "Los puntos sostienen la espera y el abandono dentro de la meta. La satisfacción queda por debajo: el plan es llamar a quienes "
    "calificaron con uno o dos y revisar sus casos con el asesor. Se pide a la Interventoría revisar el horario de la mañana en los puntos "
    "con un solo asesor."
)
ACTA = (
    "Se presentó el informe del mes y se analizó en conjunto. La espera y el abandono cumplen; la satisfacción, no. Se acordó revisar en "
    "la próxima reunión el plan de llamadas a quienes calificaron con uno o dos."
)
VERIFICACION = "La espera, el abandono y los casos escalados cumplen la meta; la satisfacción no, y el contratista ya tiene un plan con fechas."
DADA_POR_CUMPLIDA = "El contratista tiene un plan con fechas, y en la última semana ya se cumple."
INFORME_DE_SUPERVISION = "El contratista prestó el servicio en los puntos durante todo el mes y entregó el informe a tiempo. No hay descuentos."
CERTIFICADO = "El informe de supervisión no tiene salvedades."
#: Criterion → cause and action that the Gerente answers with.
RESPUESTAS_A_HALLAZGOS = {
    "fatal": (
        "El asesor respondió con un dato que ya no estaba vigente y no lo consultó antes de darlo.",
        "Antes de dar un valor o una fecha se consulta en C&CTEX y se lee en pantalla. Se revisa en los turnos de la semana siguiente.",
    ),
    "4": (
        "En la franja de la mañana hubo un módulo menos por una ausencia que no se reemplazó.",
        "Reemplazo en el mismo día desde el punto más cercano, y citas entre las ocho y las diez.",
    ),
    "7": (
        "La respuesta se dio con el corte del mes anterior y no se avisó desde qué día aplica.",
        "Aviso de corte dentro de la respuesta, y repaso de 5.2.10 con el personal del punto.",
    ),
    "10": (
        "El registro se hizo después de llamar el turno siguiente y quedaron campos sin llenar.",
        "El registro se cierra antes de llamar otro turno. El agente de calidad revisa cada viernes los incompletos.",
    ),
    "11": (
        "El tema no tiene un área clara en la matriz y el asesor escogió la del caso anterior.",
        "Fila nueva en la matriz de escalonamiento para ese tema, y repaso con el punto.",
    ),
}
RESPUESTA_A_UN_HALLAZGO = (
    "El asesor no siguió ese paso del protocolo; en el punto no se había repasado desde hacía tres meses.",
    "Repaso del protocolo con todo el punto y acompañamiento en módulo durante una semana.",
)
DESARROLLO_DEL_COMITE = "Se revisó el seguimiento de las acciones anteriores y se pidió al Gerente traer las fechas por punto."
DISENTIMIENTO = "La acción no dice cómo se va a comprobar que sirvió."
PLAN_DE_MEJORA = (
    "Formación de dos horas por punto en respuesta efectiva y registro en CRM, con caso práctico. El agente de calidad revisa cinco "
    "atenciones por asesor cada semana durante un mes; si el hallazgo se repite, acompaña el supervisor en el módulo."
)
EVIDENCIA_DE_CIERRE = "Lista de asistencia al repaso y cinco atenciones revisadas de la semana siguiente, sin el hallazgo."
NOTAS_A_LOS_LIDERES = (
    "",
    "",
    "Los del término legal se responden hoy; si falta algo, díganlo antes de mediodía.",
    "Por favor revisen si alguno espera a otra área y no se ha pasado.",
)
NOTA_DE_LA_ATACADA = "Confirmó por teléfono que olvidó su clave el jueves; ya entró."
PREGUNTA_POR_LA_CUENTA = "No ha ingresado: ¿sigue en el equipo y necesita la cuenta?"

# --- the weekly audit -----------------------------------------------------------------------------
EXPEDIENTE_ILEGIBLE = "El soporte adjunto no se puede leer y el caso no tiene más con qué juzgarlo."
VISITA_SIN_NADIE = "Durante la visita no llegó nadie al punto."
FALTA_REGISTRO = "El caso quedó sin la respuesta que se le dio a la persona."
MAL_ESCALADO = {
    "tarde": "Se escaló después del quinto día hábil; la nota del caso no dice por qué.",
    "area_errada": "El primer escalamiento fue a un área que no era; el tema estaba bien tipificado.",
}
FALTO_BIENVENIDA = "Saludó y se presentó; no preguntó en qué podía servir."
PORQUES_F189 = {
    "oportunidad": (
        "La persona esperó en el módulo mientras se consultaban datos que ya estaban en pantalla.",
    ),
    "coherencia": (
        "La respuesta habla del recibo de pago y la persona preguntó por el plan de pagos.",
    ),
    "pertinencia": ("Se explicó el trámite completo; bastaba con la fecha y la dirección.",),
    "solucion": (
        "Debe volver por un documento que se le podía entregar.",
        "Se escaló un caso que se resolvía en el punto con la consulta de C&CTEX.",
    ),
}
INFORMACION_FALSA = "Le dijo que el crédito estaba condonado; el caso y C&CTEX dicen que no."
CONCLUSIONES_DE_AUDITORIA = (
    "El servicio de la semana se prestó según el protocolo. Lo que más puntos pierde es la solución en la primera visita.",
    "Los registros en el CRM están casi completos. Las inconsistencias se concentran en la respuesta efectiva; van una por una.",
)
RESPUESTAS_F189 = (
    "La consulta a C&CTEX no respondía a esa hora; por eso pedí que volviera y dejé la nota en el caso.",
    "La persona pidió esperar el concepto del área antes de recibir la respuesta.",
)
DIGITARON = "Los asesores de Bogotá Aguas y Cali, cada uno los suyos"
NOTA_DEL_PAPEL = "Tres consultas de saldo y una actualización de datos; las cuatro quedaron en el CRM antes del cierre."
ACUERDO_DE_CALIBRACION = (
    "«Solución» es sí cuando la persona se va con la respuesta, o con su radicado y la fecha en que la tendrá. "
    "Si debe volver por algo que el asesor podía entregar, es no."
)
