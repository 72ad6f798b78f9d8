"""Mails about the report to the contract supervisors: it was sent, a receipt is missing, nobody
answers, something is required (5.2.32)."""

import datetime as dt
import hashlib

from sqlalchemy.orm import Session

from common.language import speaking
from engine.types import Call, Data
from handlers.correo import plantillas
from handlers.correo.avisos import al_equipo
from handlers.enlaces import Enlaces
from records.base.actos import acto_de
from records.base.datos import entero, iso, texto
from records.correo import avisos
from records.cuentas import cuentas
from records.cuentas.reglas.roles import GERENTE, GERENTE_OPERATIVO
from records.informes import reportes
from records.interventoria import interventoria
from records.interventoria.tablas import EntregaInterventor
from records.plazos.reglas.calendario import vencimiento
from records.plazos.reglas.obligaciones import DIAS_REMITIR

DIAS_DESCARGOS = 5


def ruta(mes: dt.date) -> str:
    return f"/interventoria/{mes:%Y-%m}"


def enviar(call: Call, enlaces: Enlaces) -> None:
    """What left for a supervisor, and the link where there is one: the database keeps the hash of
    its token, the mail has it."""
    mes, interventor = interventoria.de_clave(texto(call.data, "entrega"))
    paquete_id = entero(call.data, "paquete_id")
    envio = interventoria.ultimo_envio(call.session, paquete_id, interventor)
    suyas = [
        e for e in interventoria.entregas(call.session, paquete_id, interventor) if e.envio == envio
    ]
    con_enlace = next(
        (e for e in suyas if e.forma == interventoria.ENLACE and e.token_hash is None), None
    )
    if con_enlace is not None:
        interventoria.con_enlace(call.session, con_enlace.id, huella_de(enlaces, con_enlace))
    if not interventoria.sin_acuse(call.session, paquete_id, interventor):
        return
    clave = f"entrega:{con_enlace.id if con_enlace else 0}:{mes:%Y-%m}:{interventor}:{envio}"
    suya = cuentas.cuenta(call.session, interventor)
    with speaking(suya.idioma):
        carta = plantillas.informe_remitido(
            mes, [(e.medio, e.radicado) for e in suyas], con_enlace.vence if con_enlace else None
        )
        al_equipo(call, carta.aviso(clave, "informe_remitido", suya.correo, None), ruta(mes))


def huella_de(enlaces: Enlaces, entrega: EntregaInterventor) -> str:
    return hashlib.sha256(enlaces.token_de_entrega(entrega.id).encode()).hexdigest()


def es_de_una(session: Session, enlaces: Enlaces, entrega_id: int) -> bool:
    """Whether the token of this delivery that these make is the one whose hash is kept."""
    return (
        interventoria.del_enlace(
            session, hashlib.sha256(enlaces.token_de_entrega(entrega_id).encode()).hexdigest()
        )
        is not None
    )


def entrega_de(clave: str) -> int | None:
    """Whose link the stored letter has a place for: the delivery that its `clave` names."""
    tipo, _separador, resto = clave.partition(":")
    numero = resto.partition(":")[0]
    return int(numero) if tipo == "entrega" and numero.isdigit() and numero != "0" else None


def recordar(call: Call) -> Data:
    """To the supervisor, every three business days: the media that wait for a receipt."""
    mes, interventor = interventoria.de_clave(texto(call.data, "entrega"))
    paquete_id = entero(call.data, "paquete_id")
    n, desde_envio = interventoria.recordar(call.session, paquete_id, interventor, acto_de(call))
    suya, medios = (
        cuentas.cuenta(call.session, interventor),
        interventoria.sin_acuse(call.session, paquete_id, interventor),
    )
    with speaking(suya.idioma):
        carta = plantillas.falta_acuse(mes, medios, n)
        al_equipo(
            call,
            carta.aviso(
                f"falta_acuse:{mes:%Y-%m}:{interventor}:{n}", "falta_acuse", suya.correo, None
            ),
            ruta(mes),
        )
    return {"n_recordatorios": desde_envio}


def sin_acuse(call: Call) -> Data:
    """To the Gerente, who sends it again, and the Gerente Operativo. Nothing is taken as
    received."""
    mes, interventor = interventoria.de_clave(texto(call.data, "entrega"))
    envio = interventoria.ultimo_envio(call.session, entero(call.data, "paquete_id"), interventor)
    nombre = cuentas.cuenta(call.session, interventor).nombre
    for rol in (GERENTE, GERENTE_OPERATIVO):
        for para in avisos.correos_de_rol(call.session, rol, call.now):
            clave = f"sin_acuse:{mes:%Y-%m}:{interventor}:{envio}:{avisos.huella(para)}"
            with avisos.hablandole(call.session, para):
                carta = plantillas.sin_acuse(mes, nombre, interventoria.RECORDATORIOS)
                al_equipo(call, carta.aviso(clave, "sin_acuse", para, None), ruta(mes))
    return {"fecha_remitir": iso(vencimiento(call.now, DIAS_REMITIR))}


def requerimiento(call: Call) -> Data:
    """A4-2-02, activity 11: to the Gerente, with until when it may be answered."""
    mes = reportes.mes_de(texto(call.data, "mes"))
    pasos = interventoria.pasos(call.session, entero(call.data, "paquete_id"))
    pedido = next(p.texto for p in pasos if p.paso == interventoria.REQUERIMIENTO)
    hasta = vencimiento(call.now, DIAS_DESCARGOS)
    for para in avisos.correos_de_rol(call.session, GERENTE, call.now):
        with avisos.hablandole(call.session, para):
            carta = plantillas.requerimiento_al_contratista(mes, pedido, hasta)
            aviso = carta.aviso(
                f"requerimiento:{mes:%Y-%m}:{avisos.huella(para)}",
                "requerimiento_contratista",
                para,
                None,
            )
            al_equipo(call, aviso, "/bandeja")
    return {"fecha_descargos": iso(hasta)}
