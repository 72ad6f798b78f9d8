"""The mails: what goes into the gaps of each letter of `records/correo/cartas`. Pure. People outside never
see another person's data.

A letter inside the entity is in the language that is spoken where it is written
(`common.language.speaking`): that of whoever gets it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from common.language import SPANISH, counted, marked, said, speaking
from records.contingencia.contingencia import carta_de_vuelta, cuando
from records.correo.avisos import SITIO, NuevoAviso
from records.correo.reglas import cartas
from records.correo.reglas.cartas import dia, duracion, mes_y_ano
from records.plazos.reglas.calendario import ZONA
from records.sistemas.reglas.sistemas import NOMBRES

#: What a medium of 5.2.32 is called.
MEDIOS = {"fisico": marked("Medio físico"), "digital": marked("Medio magnético")}
#: Stands in the stored text for the rating link: its token is a secret and only the mail carries
#: it.
ENLACE = "{enlace_calificacion}"
ENLACE_DE_ENTREGA = "{enlace_de_entrega}"  #: the same for the link to the report (5.2.32)
#: the page where a citizen asks how it goes, and sends what is missing
CONSULTA = f"{SITIO}/consulta"


@dataclass(frozen=True, slots=True)
class Carta:
    asunto: str
    texto: str
    idioma: str = SPANISH

    def aviso(self, clave: str, tipo: str, para: str, caso_id: int | None) -> NuevoAviso:
        """This letter as a notice; `clave` says to whom and about what, so that nobody gets it
        twice."""
        return NuevoAviso(clave, tipo, para, self.asunto, self.texto, caso_id, self.idioma)


def _carta(nombre: str, /, **valores: object) -> Carta:
    return Carta(*cartas.carta(nombre, sitio=SITIO, **valores), cartas.lengua_de(nombre))


@dataclass(frozen=True, slots=True)
class Caso:
    """What a mail says of a case."""

    radicado: str
    tema: str
    limite_respuesta: dt.datetime | None = None
    limite_escalar: dt.datetime | None = None
    limite_interno: dt.datetime | None = None
    idioma: str = SPANISH  # of the person


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
    """A letter to the person."""
    limite = dia(caso.limite_respuesta)
    return _carta(
        nombre,
        radicado=caso.radicado,
        tema=caso.tema,
        respuesta=limite,
        consulta=CONSULTA,
        **valores,
    )


# --- inside the entity ----------------------------------------------------------------------------
def por_escalar(caso: Caso) -> Carta:
    return _del_caso("por_escalar", caso)


def recordatorio(caso: Caso, etapa: str, area: str, ahora: dt.datetime) -> Carta:
    vencio = caso.limite_interno is not None and caso.limite_interno < ahora
    motivo = {
        "sin_tomar": said("ningún funcionario lo ha tomado todavía"),
        "50": said("ya pasó la mitad del plazo interno"),
        "80": said("ya pasó el %(p)s del plazo interno", p="80 %"),
    }[etapa]
    if vencio and etapa != "sin_tomar":
        motivo = said("ya pasó el plazo interno")
    vence = said("venció el") if vencio else said("vence el")
    return _del_caso("recordatorio", caso, area=area, motivo=motivo, vence=vence)


def vencido_nivel2(caso: Caso, area: str, cargo: str) -> Carta:
    return _del_caso("vencido_nivel2", caso, area=area, cargo=cargo)


def vencido_nivel3(caso: Caso, area: str, cargo: str) -> Carta:
    return _del_caso("vencido_nivel3", caso, area=area, cargo=cargo)


def caso_asignado(caso: Caso, area: str) -> Carta:
    return _del_caso("caso_asignado", caso, area=area)


def entrega_en_caso(caso: Caso, area: str) -> Carta:
    return _del_caso("entrega_en_caso", caso, area=area)


def respuesta_del_area(caso: Caso, area: str, quien: str) -> Carta:
    """`quien`: the adviser who escalated, when the answer comes to their point because they are
    away."""
    motivo = said("Usted lo escaló: queda en sus tareas.")
    if quien:
        motivo = said("Lo escaló %(q)s, que no está: lo revisa quien lo tome en el punto.", q=quien)
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
    lineas = [f"- {_linea(t)}" for t in tareas[:MAX_QUIETAS]]
    if len(tareas) > MAX_QUIETAS:
        lineas.append(f"- {said('y %(n)s más.', n=len(tareas) - MAX_QUIETAS)}")
    return _carta(
        "sin_movimiento",
        area=area,
        cuantas=counted("%(num)s tarea", "%(num)s tareas", len(tareas)),
        estas=counted("esta tarea", "estas tareas", len(tareas)),
        lista="\n".join(lineas),
    )


def _linea(t: Quieta) -> str:
    dichos = {
        "c": said("Caso %(r)s (%(t)s), %(a)s", r=t.radicado, t=t.tema, a=t.tarea)
        if t.radicado
        else t.tarea,
        "n": counted("%(num)s día hábil", "%(num)s días hábiles", t.dias),
        "d": dia(t.desde),
        "q": said("la tiene %(q)s", q=t.tiene) if t.tiene else said("nadie la ha tomado"),
    }
    return said("%(c)s: %(n)s sin movimiento, desde el %(d)s; %(q)s.", **dichos)


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
        cuantos=counted("%(num)s caso vencido", "%(num)s casos vencidos", len(casos)),
        lista="\n".join(f"- {_linea_vencida(c)}" for c in casos),
        nota=f"\n\n{said('Nota de la coordinación:')}\n{nota}" if nota else "",
    )


def _linea_vencida(c: Vencida) -> str:
    dichos = {
        "r": c.radicado,
        "t": c.tema,
        "e": said(c.estado).lower(),
        "n": counted("%(num)s día hábil", "%(num)s días hábiles", c.dias),
        "d": dia(c.vencia),
        "q": said("lo tiene %(q)s", q=c.tiene) if c.tiene else said("nadie lo ha tomado"),
    }
    if c.legal:
        return said(
            "Caso %(r)s (%(t)s), %(e)s: su término legal venció hace %(n)s, el %(d)s; %(q)s.",
            **dichos,
        )
    return said(
        "Caso %(r)s (%(t)s), %(e)s: su plazo interno venció hace %(n)s, el %(d)s; %(q)s.", **dichos
    )


#: What goes on while a system is away; of the legacy ones what advisers do.
MIENTRAS = {
    "servicios": marked(
        "Los pasos de un caso que lo llaman esperan o quedan como incidentes: se reintentan cuando responda."
    ),
    "crm": marked("Se sigue atendiendo en Ventanilla; lo que el CRM debe saber espera."),
    "digiturno": marked(
        "La fila sigue: cada punto da sus turnos, y quien ya espera sigue esperando."
    ),
    "correo": marked(
        "Los avisos esperan y salen cuando vuelva; las respuestas que no esperan van por otro medio."
    ),
    "documentos": marked(
        "Quien adjunta un archivo ve que no se pudo y no pierde lo que escribió; lo demás sigue."
    ),
    "antivirus": marked(
        "Los archivos se reciben y esperan su revisión; nadie se los lleva como llegaron."
    ),
}


def sistema_caido(sistema: str, desde: dt.datetime) -> Carta:
    """`sistema`: its code (`records.sistemas.reglas.sistemas`)."""
    mientras = said(
        MIENTRAS.get(
            sistema, marked("La fila sigue: los asesores consultan por otro medio o escalan.")
        )
    )
    hora = f"{desde.astimezone(ZONA):%H:%M}"
    return _carta(
        "sistema_caido",
        sistema=said(NOMBRES[sistema]),
        hora=hora,
        dia=dia(desde),
        mientras=mientras,
    )


#: What administrators are told of, in a subject.
DE_OPERACION = {
    "trabajador": marked("el trabajador no da señales"),
    "cola": marked("los trabajos se atrasan"),
    "temporizadores": marked("hay temporizadores tarde"),
    "respaldo": marked("el respaldo está viejo"),
    "disco": marked("el disco se llena"),
    "fondo": marked("algo falla en el trabajo de fondo"),
    "certificado": marked("el certificado está por vencer o no sirve"),
}


def operacion(codigo: str, dice: str, hacer: str) -> Carta:
    """Something of this installation that somebody has to look after."""
    return _carta(
        "operacion",
        que=said(DE_OPERACION.get(codigo.partition(":")[0], codigo)),
        dice=dice,
        hacer=hacer,
    )


def cuentas_por_confirmar(dichas: Sequence[tuple[str, str, str]]) -> Carta:
    """`dichas`: name, user name and what the administrator of the CRM wants to know of each account
    (control 6-1)."""
    cuantas = counted("%(num)s cuenta", "%(num)s cuentas", len(dichas))
    lista = "\n".join(f"- {nombre} ({usuario}): {nota}" for nombre, usuario, nota in dichas)
    return _carta("cuentas_por_confirmar", cuantas=cuantas, lista=lista)


def contingencia(desde: dt.datetime, hasta: dt.datetime | None, *, afuera: bool = False) -> Carta:
    """Control 6-6. While ours is away nobody can be told: its letter says that it is back. Of the
    one outside people are told at once."""
    if hasta is None:
        return _carta("contingencia_abierta", cuando=cuando(desde))
    if afuera:
        return Carta(*carta_de_vuelta(desde, hasta), cartas.lengua_de("crm_de_vuelta"))
    return _carta("contingencia_cerrada", cuando=cuando(desde), duro=duracion(hasta - desde))


#: Where a report is → how a letter says it.
_DONDE = {
    "por_generar": marked("por generar"),
    "por_revisar": marked("por revisar"),
    "por_ajustar": marked("por ajustar"),
}


def faltan_reportes(mes: dt.date, sin_aprobar: Sequence[tuple[str, str]]) -> Carta:
    """`sin_aprobar`: point and where its report is (`records.informes.reportes`)."""
    return _carta(
        "faltan_reportes",
        verbo="Falta" if len(sin_aprobar) == 1 else "Faltan",
        cuantos=counted("%(num)s reporte", "%(num)s reportes", len(sin_aprobar)),
        mes=mes_y_ano(mes),
        lista="\n".join(
            f"- {nombre}: {said(_DONDE.get(estado, estado))}" for nombre, estado in sin_aprobar
        ),
    )


def reporte_devuelto(mes: dt.date, punto: str, veces: int) -> Carta:
    return _carta("reporte_devuelto", mes=mes_y_ano(mes), punto=punto, veces=veces)


def falta_de_auditoria(semana: str, f189: int, *, informe: bool) -> Carta:
    """`f189`: how many are not done; `informe`: they are, and its report is not."""
    varios = f189 > 1
    return _carta(
        "falta_de_auditoria",
        semana=semana,
        falta="faltan" if varios else "falta",
        Falta="Faltan" if varios else "Falta",
        que=counted("%(num)s F189", "%(num)s F189", f189) if f189 else said("el informe"),
        sigue=said("Los F189 están todos.")
        if informe
        else said("El informe se elabora cuando todos estén."),
    )


def auditoria_remitida(semana: str, media: float | None, halladas: int) -> Carta:
    """To the outsourcing (5.2.29)."""
    que = (
        counted("halló %(num)s inconsistencia", "halló %(num)s inconsistencias", halladas)
        if halladas
        else said("no halló inconsistencias")
    )
    puntaje = (
        ""
        if media is None
        else said("El puntaje de la semana es %(p)s de 100.", p=f"{media:.1f}".replace(".", ","))
    )
    return _carta("auditoria_remitida", semana=semana, puntaje=puntaje, que=que)


def f189_liberado(semana: str) -> Carta:
    """To an adviser: nothing of what it says stands in a mail."""
    return _carta("f189_liberado", semana=semana)


def informe_remitido(
    mes: dt.date, medios: Sequence[tuple[str, str]], vence: dt.datetime | None
) -> Carta:
    """5.2.32: what left for a supervisor, medium by medium with its number, and the link where
    there is one."""
    lista = "\n".join(
        f"- {said('%(m)s: radicado %(r)s', m=said(MEDIOS[medio]), r=radicado)}"
        for medio, radicado in medios
    )
    enlace = ""
    if vence is not None:
        dicho = said(
            "Descargue el paquete digital en este enlace, que sirve una sola vez y hasta el %(d)s:",
            d=dia(vence),
        )
        enlace = f"\n\n{dicho}\n\n{ENLACE_DE_ENTREGA}"
    return _carta("informe_remitido", mes=mes_y_ano(mes), lista=lista, enlace=enlace)


def falta_acuse(mes: dt.date, medios: Sequence[str], n: int) -> Carta:
    return _carta(
        "falta_acuse",
        mes=mes_y_ano(mes),
        n=n,
        medios=", ".join(said(MEDIOS[m]).lower() for m in medios),
    )


def sin_acuse(mes: dt.date, interventor: str, veces: int) -> Carta:
    return _carta("sin_acuse", mes=mes_y_ano(mes), interventor=interventor, veces=veces)


def requerimiento_al_contratista(mes: dt.date, pedido: str, hasta: dt.datetime) -> Carta:
    return _carta(
        "requerimiento_al_contratista", mes=mes_y_ano(mes), pedido=pedido, hasta=dia(hasta)
    )


def por_firmar(caso: Caso, area: str) -> Carta:
    return _del_caso("por_firmar", caso, area=area)


def recordatorio_escrito(caso: Caso, area: str, *, vencido: bool) -> Carta:
    motivo = (
        said("ya venció el término de la ley")
        if vencido
        else said("ya pasó el %(p)s del término de la ley", p="80 %")
    )
    return _del_caso(
        "recordatorio_escrito",
        caso,
        area=area,
        motivo=motivo,
        vence=said("venció el") if vencido else said("vence el"),
    )


def faltan_respuestas(mes: dt.date, faltan: int) -> Carta:
    """To the Gerente: findings without an answer before the committee (Q19)."""
    cuantas = counted("%(num)s inconsistencia", "%(num)s inconsistencias", faltan)
    return _carta(
        "faltan_respuestas",
        mes=mes_y_ano(mes),
        cuantas=cuantas,
        tienen="tiene" if faltan == 1 else "tienen",
    )


def convocatoria(
    mes: dt.date, numero: int, hasta: dt.datetime, tratados: Sequence[tuple[str, str]]
) -> Carta:
    """To a member: when, and what about. `tratados`: code of each finding, and week of its audit.
    Of whom one is stands in no mail."""
    orden = [said("Verificar el quórum")]
    if tratados:
        orden.append(
            said(
                "Auditorías %(s)s",
                s=", ".join(dict.fromkeys(semana for _codigo, semana in tratados)),
            )
        )
    orden += [
        said("%(c)s: inconsistencia de la auditoría %(s)s", c=codigo, s=semana)
        for codigo, semana in tratados
    ]
    if not tratados:
        orden.append(said("Informativo: ninguna inconsistencia"))
    return _carta(
        "convocatoria",
        mes=mes_y_ano(mes),
        hasta=dia(hasta),
        otra=""
        if numero == 1
        else f" {said('La sesión anterior no tuvo quórum: esta es la %(n)s.ª convocatoria.', n=numero)}",
        asuntos="\n".join(f"{n}. {asunto}" for n, asunto in enumerate(orden, 1)),
    )


# --- to the citizen -------------------------------------------------------------------------------
def respuesta(caso: cartas.DelCaso, idioma: str, texto: str, anexos: Sequence[str] = ()) -> Carta:
    """`anexos`: names of the documents that go with it."""
    with speaking(idioma):
        return Carta(
            *cartas.respuesta(caso, texto, anexos),
            cartas.lengua_de("respuesta"),
        )


def documentos_radicados(
    caso: Caso, folios: int, area: str, *, incompleta: bool, confirme: str = ""
) -> Carta:
    """`incompleta`: what is missing, and until when, is another mail (`requerimiento`); `confirme`:
    asks to confirm the address."""
    with speaking(caso.idioma):
        sigue = {"a": area or said("el área competente"), "d": dia(caso.limite_respuesta)}
        return _al_usuario(
            "documentos_radicados",
            caso,
            hojas=counted("%(num)s folio", "%(num)s folios", folios),
            sigue=said(
                "Falta algo para poder responderle: en otro mensaje le decimos qué, hasta cuándo y cómo entregarlo. Mientras tanto el "
                "término para responderle no corre."
            )
            if incompleta
            else said("Le responde %(a)s, a más tardar el %(d)s.", **sigue),
            confirme=confirme,
        )


def termino_cambiado(caso: Caso) -> Carta:
    """What was handed in is about something else than was written down: the law gives another
    term."""
    with speaking(caso.idioma):
        return _al_usuario("termino_cambiado", caso)


def requerimiento(
    caso: Caso, informacion: str, vence: dt.datetime, *, vencido: bool = False
) -> Carta:
    """`vencido`: the term to answer has passed already, and nothing stops it."""
    with speaking(caso.idioma):
        corre = said(
            "Mientras tanto el término para responderle no corre: vuelve a correr el día siguiente a aquel en que lo recibamos, con los "
            "días hábiles que quedan."
        )
        if vencido:
            corre = said(
                "El término para responderle venció el %(d)s: la respuesta está pendiente y el retraso quedó registrado.",
                d=dia(caso.limite_respuesta),
            )
        return _al_usuario(
            "requerimiento", caso, informacion=informacion, vence=dia(vence), corre=corre
        )


def prorroga(caso: Caso, motivo: str, nueva: dt.datetime) -> Carta:
    with speaking(caso.idioma):
        return _al_usuario("prorroga", caso, motivo=motivo, nueva=dia(nueva))


def desistimiento(caso: Caso) -> Carta:
    with speaking(caso.idioma):
        return _al_usuario("desistimiento", caso)


def calificacion(caso: Caso, vence: dt.datetime) -> Carta:
    with speaking(caso.idioma):
        return _al_usuario("calificacion", caso, vence=dia(vence), enlace=ENLACE)
