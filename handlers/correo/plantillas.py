"""The mails in Spanish: pure functions that give a subject and a plain text. People outside never see another person's data."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.correo import ingles
from records.avisos import SITIO
from records.avisos import NuevoAviso
from records.rules import cartas
from records.rules.calendario import BOGOTA
from records.rules.calendario import dia_local
from records.rules.calendario import fecha_larga
from records.rules.calendario import nombre_del_mes
from records.rules.cartas import FIRMA

#: What a medium of 5.2.32 is called.
MEDIOS = {"fisico": "Medio físico", "digital": "Medio magnético"}
#: Stands in the stored text for the rating link: its token is a secret and only the mail carries it.
ENLACE = "{enlace_calificacion}"
ENLACE_DE_ENTREGA = "{enlace_de_entrega}"  #: the same for the link to the report (5.2.32)
CONSULTA = f"{SITIO}/consulta"  #: the page where a citizen asks how it goes, and sends what is missing


@dataclass(frozen=True, slots=True)
class Carta:
    asunto: str
    texto: str

    def aviso(self, clave: str, tipo: str, para: str, caso_id: int | None) -> NuevoAviso:
        """This letter as a notice; `clave` says to whom and about what, so that nobody gets it twice."""
        return NuevoAviso(clave, tipo, para, self.asunto, self.texto, caso_id)


@dataclass(frozen=True, slots=True)
class Caso:
    """What a mail says of a case."""

    radicado: str
    tema: str
    limite_respuesta: dt.datetime | None = None
    limite_escalar: dt.datetime | None = None
    limite_interno: dt.datetime | None = None
    en_ingles: bool = False


def dia(instante: dt.datetime | None) -> str:
    """ "lunes 14 de diciembre de 2026", in Colombia."""
    if instante is None:
        return "sin fecha"
    fecha = dia_local(instante)
    return fecha_larga(fecha)


# --- inside the entity ------------------------------------------------------------------------------------------------
def por_escalar(caso: Caso) -> Carta:
    return Carta(
        f"Caso {caso.radicado} sin escalar: vence el {dia(caso.limite_escalar)}",
        f"El caso {caso.radicado} ({caso.tema}) sigue en el punto y no se ha escalado.\n\n"
        f"El plazo de cinco días hábiles para escalar (condición 4.2) vence el {dia(caso.limite_escalar)}.\n\n"
        "Por favor verifique con el asesor que el caso se escale a tiempo.",
    )


def recordatorio(caso: Caso, etapa: str, area: str) -> Carta:
    motivo = {
        "sin_tomar": "ningún funcionario lo ha tomado todavía",
        "50": "ya pasó la mitad del plazo interno",
        "80": "ya pasó el 80 % del plazo interno",
    }[etapa]
    return Carta(
        f"Recordatorio: caso {caso.radicado}, vence el {dia(caso.limite_interno)}",
        f"El caso {caso.radicado} ({caso.tema}) está a cargo de {area} y {motivo}.\n\n"
        f"Plazo interno: {dia(caso.limite_interno)}.\nRespuesta al usuario: {dia(caso.limite_respuesta)}.",
    )


def vencido_nivel2(caso: Caso, area: str, cargo: str) -> Carta:
    return Carta(
        f"Plazo interno vencido: caso {caso.radicado}",
        f"Para: {cargo}\n\nEl plazo interno del caso {caso.radicado} ({caso.tema}), a cargo de {area}, venció el "
        f"{dia(caso.limite_interno)} (control 6-4).\n\nLa respuesta al usuario vence el {dia(caso.limite_respuesta)}. "
        "El caso sigue abierto y se puede responder.",
    )


def vencido_nivel3(caso: Caso, area: str, cargo: str) -> Carta:
    return Carta(
        f"Término legal vencido: caso {caso.radicado}",
        f"Para: {cargo}\n\nEl término legal para responder el caso {caso.radicado} ({caso.tema}), a cargo de {area}, venció el "
        f"{dia(caso.limite_respuesta)}.\n\nEl caso entra en el reporte de fallas (control 6-5). Sigue abierto y se puede responder.",
    )


def caso_asignado(caso: Caso, area: str) -> Carta:
    return Carta(
        f"Nuevo caso {caso.radicado} para su área",
        f"El caso {caso.radicado} ({caso.tema}) se escaló a {area}.\n\nRespuesta al usuario: {dia(caso.limite_respuesta)}.",
    )


def respuesta_del_area(caso: Caso, area: str, quien: str) -> Carta:
    """`quien`: the adviser who escalated, when the answer comes to their point because they are away."""
    motivo = f"Lo escaló {quien}, que no está: lo revisa quien lo tome en el punto." if quien else "Usted lo escaló: queda en sus tareas."
    return Carta(
        f"{area} respondió el caso {caso.radicado}",
        f"{area} respondió el caso {caso.radicado} ({caso.tema}).\n\n{motivo}\n\nRespuesta al usuario: {dia(caso.limite_respuesta)}.",
    )


MAX_QUIETAS = 40  # lines of a mail; the inbox has them all


@dataclass(frozen=True, slots=True)
class Quieta:
    """What a mail says of a task that nobody touches."""

    radicado: str
    tema: str
    tarea: str
    tiene: str  # a name; "" when nobody has it
    desde: dt.datetime
    dias: int


def sin_movimiento(area: str, tareas: Sequence[Quieta]) -> Carta:
    """To who leads the area: all that rose today in one mail, the longest still first."""
    cuantas = "1 tarea" if len(tareas) == 1 else f"{len(tareas)} tareas"
    lineas = [f"- {_linea(t)}" for t in tareas[:MAX_QUIETAS]]
    if len(tareas) > MAX_QUIETAS:
        lineas.append(f"- y {len(tareas) - MAX_QUIETAS} más.")
    return Carta(
        f"{cuantas} sin movimiento en {area}",
        f"Nadie ha tocado {'esta tarea' if len(tareas) == 1 else 'estas tareas'} de {area}:\n\n" + "\n".join(lineas) + "\n\n"
        "En su bandeja de Ventanilla están primero, en «Sin movimiento»: allí puede tomarlas o reasignarlas. "
        "Cuando alguien toca una, sale de esa lista.",
    )


def _linea(t: Quieta) -> str:
    dias = "1 día hábil" if t.dias == 1 else f"{t.dias} días hábiles"
    quien = f"la tiene {t.tiene}" if t.tiene else "nadie la ha tomado"
    caso = f"Caso {t.radicado} ({t.tema}), {t.tarea}" if t.radicado else t.tarea
    return f"{caso}: {dias} sin movimiento, desde el {dia(t.desde)}; {quien}."


@dataclass(frozen=True, slots=True)
class Vencida:
    """An escalated case that is past its term (control 6-5)."""

    radicado: str
    tema: str
    estado: str
    tiene: str
    legal: bool
    vencia: dt.datetime
    dias: int


def reporte_fallas(area: str, casos: Sequence[Vencida], nota: str) -> Carta:
    """To who leads the area, after the coordination reviewed it."""
    cuantos = "1 caso vencido" if len(casos) == 1 else f"{len(casos)} casos vencidos"
    lineas = "\n".join(f"- {_linea_vencida(c)}" for c in casos)
    de_la_coordinacion = f"\n\nNota de la coordinación:\n{nota}" if nota else ""
    return Carta(
        f"Reporte de fallas de {area}: {cuantos}",
        f"Casos escalados a {area} que no se han resuelto en su tiempo (control 6-5):\n\n{lineas}{de_la_coordinacion}",
    )


def _linea_vencida(c: Vencida) -> str:
    hace = "1 día hábil" if c.dias == 1 else f"{c.dias} días hábiles"
    termino = "término legal" if c.legal else "plazo interno"
    quien = f"lo tiene {c.tiene}" if c.tiene else "nadie lo ha tomado"
    return f"Caso {c.radicado} ({c.tema}), {c.estado.lower()}: su {termino} venció hace {hace}, el {dia(c.vencia)}; {quien}."


def sistema_caido(nombre: str, desde: dt.datetime) -> Carta:
    """To who coordinates and who administers, when a system passed its limit without an answer."""
    hora = desde.astimezone(BOGOTA).strftime("%H:%M")
    return Carta(
        f"{nombre} no responde desde las {hora}",
        f"{nombre} no responde desde las {hora} del {dia(desde)}. La fila sigue: los asesores consultan por otro medio o escalan.\n\n"
        f"Cómo está ahora, el último error y a quién afectó:\n{SITIO}/sistemas",
    )


def cuentas_por_confirmar(dichas: Sequence[tuple[str, str, str]]) -> Carta:
    """`dichas`: name, user name and what the administrator of the CRM wants to know of each account (control 6-1)."""
    cuantas = "1 cuenta" if len(dichas) == 1 else f"{len(dichas)} cuentas"
    lineas = "\n".join(f"- {nombre} ({usuario}): {nota}" for nombre, usuario, nota in dichas)
    return Carta(
        f"{cuantas} del CRM por confirmar",
        f"En la revisión semanal de accesos (control 6-1) el Administrador del CRM pregunta si estas personas de su equipo "
        f"siguen necesitando su cuenta. Respóndale antes del próximo lunes:\n\n{lineas}",
    )


def contingencia(desde: dt.datetime, hasta: dt.datetime | None) -> Carta:
    """Control 6-6. While it is away nobody can be told by it: most letters say that it is back."""
    cuando = f"el {dia(desde)} a las {desde.astimezone(BOGOTA):%H:%M}"
    if hasta is None:
        return Carta(
            "El CRM no responde: se atiende en contingencia",
            f"El CRM no responde desde {cuando}. Mientras tanto se atiende en papel; al volver se digita lo que quedó anotado.",
        )
    minutos = max(1, round((hasta - desde).total_seconds() / 60))
    duro = "1 minuto" if minutos == 1 else f"{minutos} minutos"
    return Carta(
        f"El CRM no respondió durante {duro}",
        f"El CRM no respondió desde {cuando}, durante {duro}. Ya responde. "
        "Lo que se atendió en papel se entrega al Administrador del CRM, que deja constancia de lo digitado.",
    )


#: Where a report is → how a letter says it.
_DONDE = {"por_generar": "por generar", "por_revisar": "por revisar", "por_ajustar": "por ajustar"}


def faltan_reportes(mes: dt.date, sin_aprobar: Sequence[tuple[str, str]]) -> Carta:
    """`sin_aprobar`: point and where its report is (`records.reportes`)."""
    cuantos = "1 reporte" if len(sin_aprobar) == 1 else f"{len(sin_aprobar)} reportes"
    lineas = "\n".join(f"- {nombre}: {_DONDE.get(estado, estado)}" for nombre, estado in sin_aprobar)
    verbo = "Falta" if len(sin_aprobar) == 1 else "Faltan"
    return Carta(
        f"{verbo} {cuantos} de {nombre_del_mes(mes)} por aprobar",
        f"Los reportes mensuales de los puntos se esperaban hasta el quinto día hábil. {verbo} por aprobar:\n\n{lineas}\n\n"
        "El informe mensual se consolida cuando todos estén aprobados; ninguno se aprueba solo.",
    )


def reporte_devuelto(mes: dt.date, punto: str, veces: int) -> Carta:
    return Carta(
        f"El reporte de {punto}, {nombre_del_mes(mes)}, volvió {veces} veces",
        f"El reporte mensual de {punto} ({nombre_del_mes(mes)}) se devolvió {veces} veces con observaciones y está otra vez por ajustar."
        "\n\nLas observaciones y lo que se respondió a cada una están en el reporte. Nada se aprueba solo.",
    )


def falta_de_auditoria(semana: str, f189: int, *, informe: bool) -> Carta:
    """`f189`: how many are not done; `informe`: they are, and its report is not."""
    que = "1 F189" if f189 == 1 else f"{f189} F189" if f189 else "el informe"
    sigue = "El informe se elabora cuando todos estén." if not informe else "Los F189 están todos."
    return Carta(
        f"Auditoría de la semana {semana}: falta {que}" if f189 <= 1 else f"Auditoría de la semana {semana}: faltan {que}",
        f"La auditoría de la semana {semana} se esperaba hasta hoy a las 17:00. Falta{'n' if f189 > 1 else ''} {que}. {sigue} "
        "Lo que falta sigue abierto; nada se cierra solo.",
    )


def auditoria_remitida(semana: str, puntaje: str, halladas: int) -> Carta:
    """To the outsourcing (5.2.29)."""
    que = "no halló inconsistencias" if not halladas else "halló 1 inconsistencia" if halladas == 1 else f"halló {halladas} inconsistencias"
    return Carta(
        f"Informe de la auditoría de la semana {semana}",
        f"La Oficina Comercial y de Mercadeo remite copia del informe de la auditoría de la semana {semana}. {puntaje} La auditoría {que}."
        "\n\nAnalícelo con el personal del canal y acuse recibo en su bandeja. Cada asesor ve desde hoy sus F189 y puede responder.",
    )


def f189_liberado(semana: str) -> Carta:
    """To an adviser: nothing of what it says stands in a mail."""
    return Carta(
        f"Su F189 de la semana {semana}",
        f"Ya puede leer su F189 de la auditoría de la semana {semana}, acusar recibo y responder antes del comité de calidad.",
    )


def informe_remitido(mes: dt.date, medios: Sequence[tuple[str, str]], vence: dt.datetime | None) -> Carta:
    """5.2.32: what left for a supervisor, medium by medium with its number, and the link where there is one."""
    nombre = nombre_del_mes(mes)
    lista = "\n".join(f"- {MEDIOS[medio]}: radicado {radicado}" for medio, radicado in medios)
    enlace = (
        f"\n\nDescargue el paquete digital en este enlace, que sirve una sola vez y hasta el {dia(vence)}:\n\n{ENLACE_DE_ENTREGA}"
        if vence is not None
        else ""
    )
    return Carta(
        f"Informe mensual de {nombre}",
        f"Se le remite el informe mensual de {nombre} (5.2.32), en medio físico y magnético:\n\n{lista}{enlace}\n\n"
        "Cuando lo reciba, acuse recibo de cada medio en Ventanilla, con su cuenta.",
    )


def falta_acuse(mes: dt.date, medios: Sequence[str], n: int) -> Carta:
    nombre = nombre_del_mes(mes)
    return Carta(
        f"Falta su acuse del informe de {nombre} (recordatorio {n})",
        f"El informe mensual de {nombre} se le remitió y falta su acuse de: {', '.join(MEDIOS[m].lower() for m in medios)}.\n\n"
        "Si no le llegó, responda este correo o dígalo al Gerente: se le remite otra vez. Nada se da por recibido solo.",
    )


def sin_acuse(mes: dt.date, interventor: str, veces: int) -> Carta:
    nombre = nombre_del_mes(mes)
    return Carta(
        f"{interventor} no acusa recibo del informe de {nombre}",
        f"Se le recordó {veces} veces y sigue sin acusar recibo del informe mensual de {nombre} (5.2.32). El informe está otra vez en la "
        "bandeja del Gerente para volver a remitirlo; el Comité Interventor se puede reunir, y el acta dirá qué acuse falta.",
    )


def requerimiento_al_contratista(mes: dt.date, pedido: str, hasta: dt.datetime) -> Carta:
    nombre = nombre_del_mes(mes)
    return Carta(
        f"Requerimiento de la Interventoría por {nombre}",
        f"La Interventoría verificó las obligaciones de {nombre} y requiere lo siguiente:\n\n{pedido}\n\n"
        f"Puede responder hasta el {dia(hasta)}; después, el informe de supervisión se escribe sin su respuesta.",
    )


# --- to the citizen -----------------------------------------------------------------------------------------------------
def respuesta(caso: Caso, texto: str) -> Carta:
    return Carta(*cartas.respuesta(caso.radicado, caso.tema, texto, en_ingles=caso.en_ingles))


def documentos_radicados(caso: Caso, folios: int, area: str, *, incompleta: bool) -> Carta:
    """`incompleta`: what is missing, and until when, is another mail (`requerimiento`)."""
    if caso.en_ingles:
        return Carta(*ingles.documentos_radicados(caso.radicado, folios, CONSULTA, None if incompleta else caso.limite_respuesta))
    sigue = (
        "Falta algo para poder responderle: en otro mensaje le decimos qué, hasta cuándo y cómo entregarlo. Mientras tanto el término "
        "para responderle no corre."
        if incompleta
        else f"Responde {area or 'el área competente'}, a más tardar el {dia(caso.limite_respuesta)}."
    )
    hojas = "1 folio" if folios == 1 else f"{folios} folios"
    return Carta(
        f"Recibimos sus documentos: radicado {caso.radicado}",
        f"Reciba un cordial saludo.\n\nRecibimos sus documentos, {hojas}, con el radicado {caso.radicado} ({caso.tema}).\n\n"
        f"{sigue}\n\nConsulte cómo va, con el radicado y su documento:\n{CONSULTA}\n\n{FIRMA}",
    )


def termino_cambiado(caso: Caso) -> Carta:
    """What was handed in is about something else than was written down: the law gives another term."""
    if caso.en_ingles:
        return Carta(*ingles.termino_cambiado(caso.radicado, caso.limite_respuesta, CONSULTA))
    return Carta(
        f"Cambió la fecha para responderle: radicado {caso.radicado}",
        f"Reciba un cordial saludo.\n\nAl leer los documentos del radicado {caso.radicado} vimos que son de otro asunto: {caso.tema}.\n\n"
        f"Por eso el término de la ley es otro: le respondemos a más tardar el {dia(caso.limite_respuesta)}.\n\n"
        f"Consulte cómo va, con el radicado y su documento:\n{CONSULTA}\n\n{FIRMA}",
    )


def por_firmar(caso: Caso, area: str) -> Carta:
    return Carta(
        f"Respuesta por firmar: caso {caso.radicado}, vence el {dia(caso.limite_respuesta)}",
        f"La respuesta de {area} al caso {caso.radicado} ({caso.tema}), que llegó por escrito, espera su firma.\n\n"
        f"Después sale con guía: respuesta al usuario, a más tardar el {dia(caso.limite_respuesta)}.",
    )


def recordatorio_escrito(caso: Caso, area: str, *, vencido: bool) -> Carta:
    motivo = "ya venció el término de la ley" if vencido else "ya pasó el 80 % del término de la ley"
    return Carta(
        f"Recordatorio: caso {caso.radicado}, vence el {dia(caso.limite_respuesta)}",
        f"El caso {caso.radicado} ({caso.tema}), que llegó por escrito, está a cargo de {area} y {motivo}.\n\n"
        f"Respuesta al usuario: {dia(caso.limite_respuesta)}. Antes falta firmarla y enviarla con guía.",
    )


def requerimiento(caso: Caso, informacion: str, vence: dt.datetime, *, vencido: bool = False) -> Carta:
    """`vencido`: the term to answer has passed already, and nothing stops it."""
    if caso.en_ingles:
        return Carta(*ingles.requerimiento(caso.radicado, informacion, vence, CONSULTA, caso.limite_respuesta if vencido else None))
    corre = (
        f"El término para responderle venció el {dia(caso.limite_respuesta)}: la respuesta está pendiente y el retraso quedó registrado."
        if vencido
        else "Mientras tanto el término para responderle no corre: vuelve a correr el día siguiente a aquel en que lo recibamos, con los "
        "días hábiles que quedan."
    )
    return Carta(
        f"Necesitamos información para su radicado {caso.radicado}",
        f"Reciba un cordial saludo.\n\nPara responder su radicado {caso.radicado} ({caso.tema}) nos falta lo siguiente:\n\n"
        f"{informacion}\n\nPuede entregarlo hasta el {dia(vence)}, como le quede mejor:\n\n"
        f"- En la página de consulta, con el radicado y su documento: {CONSULTA}\n"
        "- En cualquier punto de atención, con el radicado.\n\n"
        f"{corre}\n\nSi no lo recibimos a más tardar el {dia(vence)}, entenderemos que desiste de su petición y la cerraremos "
        f"(artículo 17 de la Ley 1755 de 2015); podrá presentarla de nuevo cuando quiera.\n\n{FIRMA}",
    )


def prorroga(caso: Caso, motivo: str, nueva: dt.datetime) -> Carta:
    if caso.en_ingles:
        return Carta(*ingles.prorroga(caso.radicado, motivo, nueva))
    return Carta(
        f"Nueva fecha de respuesta para su radicado {caso.radicado}",
        f"Reciba un cordial saludo.\n\nNo es posible responder su radicado {caso.radicado} ({caso.tema}) en el término inicial, "
        f"por el siguiente motivo:\n\n{motivo}\n\nLe responderemos a más tardar el {dia(nueva)} "
        f"(artículo 14, parágrafo, de la Ley 1755 de 2015).\n\n{FIRMA}",
    )


def desistimiento(caso: Caso) -> Carta:
    if caso.en_ingles:
        return Carta(*ingles.desistimiento(caso.radicado))
    return Carta(
        f"Cierre de su radicado {caso.radicado}",
        f"Reciba un cordial saludo.\n\nComo pasó un mes sin recibir la información que le pedimos, su radicado {caso.radicado} "
        f"({caso.tema}) se cierra por desistimiento (artículo 17 de la Ley 1755 de 2015). Puede presentar su petición de nuevo "
        f"cuando quiera.\n\n{FIRMA}",
    )


def calificacion(caso: Caso, vence: dt.datetime) -> Carta:
    if caso.en_ingles:
        return Carta(*ingles.calificacion(caso.radicado, vence, ENLACE))
    return Carta(
        f"Califique la respuesta a su radicado {caso.radicado}",
        f"Reciba un cordial saludo.\n\nYa respondimos su radicado {caso.radicado}. ¿Qué le pareció la respuesta? Califíquela en este "
        f"enlace, que sirve una sola vez y hasta el {dia(vence)}:\n\n{ENLACE}\n\n{FIRMA}",
    )


def faltan_respuestas(mes: str, faltan: int) -> Carta:
    """To the Gerente: findings without an answer before the committee (Q19)."""
    cuantas = "1 inconsistencia" if faltan == 1 else f"{faltan} inconsistencias"
    return Carta(
        f"Faltan respuestas para el comité de calidad de {mes}",
        f"{cuantas[:1].upper()}{cuantas[1:]} de las auditorías no {'tiene' if faltan == 1 else 'tienen'} respuesta (5.2.30).\n\n"
        "Están en su bandeja. El comité se convoca cuando todas la tienen; ninguna se da por respondida.",
    )


def convocatoria(mes: str, numero: int, hasta: dt.datetime, orden: Sequence[str]) -> Carta:
    """To a member: when, and what about. Of whom a finding is stands in no mail."""
    otra = "" if numero == 1 else f" La sesión anterior no tuvo quórum: esta es la {numero}.ª convocatoria."
    asuntos = "\n".join(f"{n}. {asunto}" for n, asunto in enumerate(("Verificar el quórum", *orden), 1))
    return Carta(
        f"Comité de calidad de {mes}: convocatoria",
        f"Se convoca al Comité de Calidad de {mes}, a más tardar el {dia(hasta)}.{otra}\n\nOrden del día:\n\n{asuntos}\n\n"
        "Registre su asistencia y vote con su cuenta, en la página del comité.",
    )
