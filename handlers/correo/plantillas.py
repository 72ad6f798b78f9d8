"""The mails: what goes into the gaps of each letter of `records/cartas`. Pure. People outside never see another person's data."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from records.avisos import SITIO
from records.avisos import NuevoAviso
from records.contingencia import carta_de_vuelta
from records.contingencia import cuando
from records.rules import cartas
from records.rules.calendario import BOGOTA
from records.rules.calendario import nombre_del_mes
from records.rules.cartas import dia
from records.rules.cartas import duracion
from records.rules.sistemas import NOMBRES

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
    idioma: str = "es"

    def aviso(self, clave: str, tipo: str, para: str, caso_id: int | None) -> NuevoAviso:
        """This letter as a notice; `clave` says to whom and about what, so that nobody gets it twice."""
        return NuevoAviso(clave, tipo, para, self.asunto, self.texto, caso_id, self.idioma)


def _carta(nombre: str, idioma: str = "es", /, **valores: object) -> Carta:
    return Carta(*cartas.carta(nombre, idioma, sitio=SITIO, **valores), idioma)


@dataclass(frozen=True, slots=True)
class Caso:
    """What a mail says of a case."""

    radicado: str
    tema: str
    limite_respuesta: dt.datetime | None = None
    limite_escalar: dt.datetime | None = None
    limite_interno: dt.datetime | None = None
    en_ingles: bool = False

    @property
    def idioma(self) -> str:
        return "en" if self.en_ingles else "es"


def _del_caso(nombre: str, caso: Caso, **valores: object) -> Carta:
    """A letter inside the entity about a case."""
    return _carta(
        nombre,
        radicado=caso.radicado,
        tema=caso.tema,
        escalar=dia(caso.limite_escalar),
        interno=dia(caso.limite_interno),
        respuesta=dia(caso.limite_respuesta),
        **valores,
    )


def _al_usuario(nombre: str, caso: Caso, **valores: object) -> Carta:
    """A letter to the person, in their language."""
    limite = dia(caso.limite_respuesta, caso.idioma)
    return _carta(nombre, caso.idioma, radicado=caso.radicado, tema=caso.tema, respuesta=limite, consulta=CONSULTA, **valores)


# --- inside the entity ------------------------------------------------------------------------------------------------
def por_escalar(caso: Caso) -> Carta:
    return _del_caso("por_escalar", caso)


def recordatorio(caso: Caso, etapa: str, area: str) -> Carta:
    motivo = {
        "sin_tomar": "ningún funcionario lo ha tomado todavía",
        "50": "ya pasó la mitad del plazo interno",
        "80": "ya pasó el 80 % del plazo interno",
    }[etapa]
    return _del_caso("recordatorio", caso, area=area, motivo=motivo)


def vencido_nivel2(caso: Caso, area: str, cargo: str) -> Carta:
    return _del_caso("vencido_nivel2", caso, area=area, cargo=cargo)


def vencido_nivel3(caso: Caso, area: str, cargo: str) -> Carta:
    return _del_caso("vencido_nivel3", caso, area=area, cargo=cargo)


def caso_asignado(caso: Caso, area: str) -> Carta:
    return _del_caso("caso_asignado", caso, area=area)


def respuesta_del_area(caso: Caso, area: str, quien: str) -> Carta:
    """`quien`: the adviser who escalated, when the answer comes to their point because they are away."""
    motivo = f"Lo escaló {quien}, que no está: lo revisa quien lo tome en el punto." if quien else "Usted lo escaló: queda en sus tareas."
    return _del_caso("respuesta_del_area", caso, area=area, motivo=motivo)


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
    una = len(tareas) == 1
    lineas = [f"- {_linea(t)}" for t in tareas[:MAX_QUIETAS]]
    if len(tareas) > MAX_QUIETAS:
        lineas.append(f"- y {len(tareas) - MAX_QUIETAS} más.")
    return _carta(
        "sin_movimiento",
        area=area,
        cuantas="1 tarea" if una else f"{len(tareas)} tareas",
        estas="esta tarea" if una else "estas tareas",
        lista="\n".join(lineas),
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
    return _carta(
        "reporte_fallas",
        area=area,
        cuantos="1 caso vencido" if len(casos) == 1 else f"{len(casos)} casos vencidos",
        lista="\n".join(f"- {_linea_vencida(c)}" for c in casos),
        nota=f"\n\nNota de la coordinación:\n{nota}" if nota else "",
    )


def _linea_vencida(c: Vencida) -> str:
    hace = "1 día hábil" if c.dias == 1 else f"{c.dias} días hábiles"
    termino = "término legal" if c.legal else "plazo interno"
    quien = f"lo tiene {c.tiene}" if c.tiene else "nadie lo ha tomado"
    return f"Caso {c.radicado} ({c.tema}), {c.estado.lower()}: su {termino} venció hace {hace}, el {dia(c.vencia)}; {quien}."


#: What goes on while a system is away; of the legacy ones what advisers do.
MIENTRAS = {
    "servicios": "Los pasos de un caso que lo llaman esperan o quedan como incidentes: se reintentan cuando responda.",
    "crm": "Se sigue atendiendo en Ventanilla; lo que el CRM debe saber espera.",
    "digiturno": "La fila sigue: cada punto da sus turnos, y quien ya espera sigue esperando.",
    "correo": "Los avisos esperan y salen cuando vuelva; las respuestas que no esperan van por otro medio.",
    "documentos": "Quien adjunta un archivo ve que no se pudo y no pierde lo que escribió; lo demás sigue.",
    "antivirus": "Los archivos se reciben y esperan su revisión; nadie se los lleva como llegaron.",
}


def sistema_caido(sistema: str, desde: dt.datetime) -> Carta:
    """`sistema`: its code (`records.rules.sistemas`)."""
    mientras = MIENTRAS.get(sistema, "La fila sigue: los asesores consultan por otro medio o escalan.")
    hora = f"{desde.astimezone(BOGOTA):%H:%M}"
    return _carta("sistema_caido", sistema=NOMBRES[sistema], hora=hora, dia=dia(desde), mientras=mientras)


#: What administrators are told of, in a subject.
DE_OPERACION = {
    "trabajador": "el trabajador no da señales",
    "cola": "los trabajos se atrasan",
    "temporizadores": "hay temporizadores tarde",
    "respaldo": "el respaldo está viejo",
    "disco": "el disco se llena",
    "fondo": "algo falla en el trabajo de fondo",
    "certificado": "el certificado está por vencer o no sirve",
}


def operacion(codigo: str, dice: str, hacer: str) -> Carta:
    """Something of this installation that somebody has to look after."""
    return _carta("operacion", que=DE_OPERACION.get(codigo.partition(":")[0], codigo), dice=dice, hacer=hacer)


def cuentas_por_confirmar(dichas: Sequence[tuple[str, str, str]]) -> Carta:
    """`dichas`: name, user name and what the administrator of the CRM wants to know of each account (control 6-1)."""
    cuantas = "1 cuenta" if len(dichas) == 1 else f"{len(dichas)} cuentas"
    lista = "\n".join(f"- {nombre} ({usuario}): {nota}" for nombre, usuario, nota in dichas)
    return _carta("cuentas_por_confirmar", cuantas=cuantas, lista=lista)


def contingencia(desde: dt.datetime, hasta: dt.datetime | None, *, afuera: bool = False) -> Carta:
    """Control 6-6. While ours is away nobody can be told: its letter says that it is back. Of the one outside people are told at once."""
    if hasta is None:
        return _carta("contingencia_abierta", cuando=cuando(desde))
    if afuera:
        return Carta(*carta_de_vuelta(desde, hasta))
    return _carta("contingencia_cerrada", cuando=cuando(desde), duro=duracion(hasta - desde))


#: Where a report is → how a letter says it.
_DONDE = {"por_generar": "por generar", "por_revisar": "por revisar", "por_ajustar": "por ajustar"}


def faltan_reportes(mes: dt.date, sin_aprobar: Sequence[tuple[str, str]]) -> Carta:
    """`sin_aprobar`: point and where its report is (`records.reportes`)."""
    uno = len(sin_aprobar) == 1
    return _carta(
        "faltan_reportes",
        verbo="Falta" if uno else "Faltan",
        cuantos="1 reporte" if uno else f"{len(sin_aprobar)} reportes",
        mes=nombre_del_mes(mes),
        lista="\n".join(f"- {nombre}: {_DONDE.get(estado, estado)}" for nombre, estado in sin_aprobar),
    )


def reporte_devuelto(mes: dt.date, punto: str, veces: int) -> Carta:
    return _carta("reporte_devuelto", mes=nombre_del_mes(mes), punto=punto, veces=veces)


def falta_de_auditoria(semana: str, f189: int, *, informe: bool) -> Carta:
    """`f189`: how many are not done; `informe`: they are, and its report is not."""
    varios = f189 > 1
    return _carta(
        "falta_de_auditoria",
        semana=semana,
        falta="faltan" if varios else "falta",
        Falta="Faltan" if varios else "Falta",
        que="1 F189" if f189 == 1 else f"{f189} F189" if f189 else "el informe",
        sigue="El informe se elabora cuando todos estén." if not informe else "Los F189 están todos.",
    )


def auditoria_remitida(semana: str, puntaje: str, halladas: int) -> Carta:
    """To the outsourcing (5.2.29)."""
    que = "no halló inconsistencias" if not halladas else "halló 1 inconsistencia" if halladas == 1 else f"halló {halladas} inconsistencias"
    return _carta("auditoria_remitida", semana=semana, puntaje=puntaje, que=que)


def f189_liberado(semana: str) -> Carta:
    """To an adviser: nothing of what it says stands in a mail."""
    return _carta("f189_liberado", semana=semana)


def informe_remitido(mes: dt.date, medios: Sequence[tuple[str, str]], vence: dt.datetime | None) -> Carta:
    """5.2.32: what left for a supervisor, medium by medium with its number, and the link where there is one."""
    lista = "\n".join(f"- {MEDIOS[medio]}: radicado {radicado}" for medio, radicado in medios)
    con_enlace = f"Descargue el paquete digital en este enlace, que sirve una sola vez y hasta el {dia(vence)}:\n\n{ENLACE_DE_ENTREGA}"
    return _carta("informe_remitido", mes=nombre_del_mes(mes), lista=lista, enlace=f"\n\n{con_enlace}" if vence is not None else "")


def falta_acuse(mes: dt.date, medios: Sequence[str], n: int) -> Carta:
    return _carta("falta_acuse", mes=nombre_del_mes(mes), n=n, medios=", ".join(MEDIOS[m].lower() for m in medios))


def sin_acuse(mes: dt.date, interventor: str, veces: int) -> Carta:
    return _carta("sin_acuse", mes=nombre_del_mes(mes), interventor=interventor, veces=veces)


def requerimiento_al_contratista(mes: dt.date, pedido: str, hasta: dt.datetime) -> Carta:
    return _carta("requerimiento_al_contratista", mes=nombre_del_mes(mes), pedido=pedido, hasta=dia(hasta))


def por_firmar(caso: Caso, area: str) -> Carta:
    return _del_caso("por_firmar", caso, area=area)


def recordatorio_escrito(caso: Caso, area: str, *, vencido: bool) -> Carta:
    motivo = "ya venció el término de la ley" if vencido else "ya pasó el 80 % del término de la ley"
    return _del_caso("recordatorio_escrito", caso, area=area, motivo=motivo, vence="venció" if vencido else "vence")


def faltan_respuestas(mes: str, faltan: int) -> Carta:
    """To the Gerente: findings without an answer before the committee (Q19)."""
    cuantas = "1 inconsistencia" if faltan == 1 else f"{faltan} inconsistencias"
    return _carta("faltan_respuestas", mes=mes, cuantas=cuantas, tienen="tiene" if faltan == 1 else "tienen")


def convocatoria(mes: str, numero: int, hasta: dt.datetime, orden: Sequence[str]) -> Carta:
    """To a member: when, and what about. Of whom a finding is stands in no mail."""
    return _carta(
        "convocatoria",
        mes=mes,
        hasta=dia(hasta),
        otra="" if numero == 1 else f" La sesión anterior no tuvo quórum: esta es la {numero}.ª convocatoria.",
        asuntos="\n".join(f"{n}. {asunto}" for n, asunto in enumerate(("Verificar el quórum", *orden), 1)),
    )


# --- to the citizen -----------------------------------------------------------------------------------------------------
def respuesta(caso: Caso, texto: str, anexos: Sequence[str] = ()) -> Carta:
    """`anexos`: names of the documents that go with it."""
    return Carta(*cartas.respuesta(caso.radicado, caso.tema, texto, en_ingles=caso.en_ingles, anexos=anexos), caso.idioma)


def documentos_radicados(caso: Caso, folios: int, area: str, *, incompleta: bool, confirme: str = "") -> Carta:
    """`incompleta`: what is missing, and until when, is another mail (`requerimiento`); `confirme`: asks to confirm the address."""
    if caso.en_ingles:
        hojas = "1 sheet" if folios == 1 else f"{folios} sheets"
        sigue = (
            "Something is missing before we can answer: another message says what, until when and how to hand it in. Meanwhile the "
            "term to answer you does not run."
            if incompleta
            else f"We will answer by {dia(caso.limite_respuesta, 'en')} at the latest."
        )
    else:
        hojas = "1 folio" if folios == 1 else f"{folios} folios"
        sigue = (
            "Falta algo para poder responderle: en otro mensaje le decimos qué, hasta cuándo y cómo entregarlo. Mientras tanto el "
            "término para responderle no corre."
            if incompleta
            else f"Le responde {area or 'el área competente'}, a más tardar el {dia(caso.limite_respuesta)}."
        )
    return _al_usuario("documentos_radicados", caso, hojas=hojas, sigue=sigue, confirme=confirme)


def termino_cambiado(caso: Caso) -> Carta:
    """What was handed in is about something else than was written down: the law gives another term."""
    return _al_usuario("termino_cambiado", caso)


def requerimiento(caso: Caso, informacion: str, vence: dt.datetime, *, vencido: bool = False) -> Carta:
    """`vencido`: the term to answer has passed already, and nothing stops it."""
    limite = dia(caso.limite_respuesta, caso.idioma)
    if caso.en_ingles:
        corre = (
            f"The term to answer you ended on {limite}: the answer is pending and the delay has been recorded."
            if vencido
            else "Meanwhile the term to answer you does not run: it goes on the day after we receive it, with the business days that "
            "are left."
        )
    else:
        corre = (
            f"El término para responderle venció el {limite}: la respuesta está pendiente y el retraso quedó registrado."
            if vencido
            else "Mientras tanto el término para responderle no corre: vuelve a correr el día siguiente a aquel en que lo recibamos, con "
            "los días hábiles que quedan."
        )
    return _al_usuario("requerimiento", caso, informacion=informacion, vence=dia(vence, caso.idioma), corre=corre)


def prorroga(caso: Caso, motivo: str, nueva: dt.datetime) -> Carta:
    return _al_usuario("prorroga", caso, motivo=motivo, nueva=dia(nueva, caso.idioma))


def desistimiento(caso: Caso) -> Carta:
    return _al_usuario("desistimiento", caso)


def calificacion(caso: Caso, vence: dt.datetime) -> Carta:
    return _al_usuario("calificacion", caso, vence=dia(vence, caso.idioma), enlace=ENLACE)
