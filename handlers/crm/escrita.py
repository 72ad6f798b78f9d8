"""What the CRM does with documents that are filed (P09, M5-1-04): number, area, who signs the
answer, archive."""

from common.language import speaking
from engine.types import Call, Data, LocalHandler
from handlers.correo import plantillas
from handlers.correo.avisos import al_equipo, al_usuario, avisar, caso_de
from handlers.crm.atencion import a_su_area
from records.base.actos import acto_de
from records.base.consultas import obtener
from records.base.datos import entero, iso, opcional, texto
from records.casos import casos, escalonamientos
from records.casos.tablas import Caso
from records.correo import avisos
from records.escritos import envios, escritos
from records.plazos.reglas.calendario import fraccion
from records.plazos.reglas.plazos import termino_legal

# of the legal term, then whoever waits for the answer is reminded (SUPUESTO Q4)
PARTE_RECORDADA = 0.8
#: a variable of every instance that goes on until the archive; those of earlier versions have none
ENTERO = "medio_salida"


def radicar_escrito(call: Call) -> Data:
    """Act. 2: number and term; the person is told by mail, besides the proof on paper.

    While something is missing the clock stands still (art. 17), from the day on which it is filed.
    """
    turno_id = entero(call.data, "turno_id")
    dias, prorroga = opcional(call.data, "dias_termino"), opcional(call.data, "prorroga_max")
    # an instance of the first version, which knows no term: the general one
    if dias is None or prorroga is None:
        general = termino_legal("peticion", call.now.date())
        dias, prorroga = general.dias, general.prorroga_max
    radicacion = escritos.radicar_escrito(
        call.session, turno_id, escritos.Termino(dias, prorroga), acto_de(call)
    )
    limite = (
        {"fecha_limite_respuesta": iso(radicacion.limites.respuesta)}
        if "canal" in call.data
        else {}
    )
    if ENTERO not in call.data:
        return {"radicado": radicacion.radicado, **limite}
    caso_id, falta = entero(call.data, "caso_id"), _falta(call, turno_id)
    if falta:
        escalonamientos.requerir(call.session, caso_id, falta, acto_de(call))
    _decir_radicado(call, caso_id, incompleta=bool(falta))
    return {
        "radicado": radicacion.radicado,
        **limite,
        "entrega": "incompleta" if falta else "completa",
    }


def avisar_entrega(call: Call) -> None:
    """Act. 1 for a case that the person has: its area is told. Documents of the same turn are told
    of once."""
    caso = obtener(call.session, Caso, entero(call.data, "destino"))
    if caso.area_id is None:  # no area has it yet: whoever files goes on with it
        return
    datos = avisos.datos_aviso(call.session, caso.id)
    with speaking(None):
        carta = plantillas.entrega_en_caso(caso_de(datos), datos.area)
        clave = f"entrega:{caso.id}:{entero(call.data, 'turno_id')}"
        al_equipo(
            call,
            carta.aviso(clave, "entrega", datos.correo_area, caso.id),
            ruta=f"/caso/{caso.case_key}",
        )


def _falta(call: Call, turno_id: int) -> str:
    recibido = escritos.escrito(call.session, turno_id)
    return recibido.falta or "" if recibido is not None else ""


def _decir_radicado(call: Call, caso_id: int, *, incompleta: bool) -> None:
    """Who asked for answers by mail has the number by mail, too."""
    datos, recibido = (
        avisos.datos_aviso(call.session, caso_id),
        escritos.escrito(call.session, entero(call.data, "turno_id")),
    )
    if recibido is not None and datos.medio_respuesta == "correo" and datos.correo_usuario:
        with speaking(datos.idioma):
            confirme = avisos.pide_confirmar(call.session, datos.correo_usuario, now=call.now)
        carta = plantillas.documentos_radicados(
            caso_de(datos), recibido.folios, datos.area, incompleta=incompleta, confirme=confirme
        )
        avisar(call, carta.aviso(f"radicado:{caso_id}", "radicado", datos.correo_usuario, caso_id))


def entregar_escrito(call: Call) -> Data:
    """The area gets the case; the adviser is the one who attended the person. With another subject
    the term may be another one."""
    caso_id = entero(call.data, "caso_id")
    asesor_id = casos.asesor_de(call.session, caso_id)
    if ENTERO not in call.data:
        return _entregar_como_antes(call, caso_id, asesor_id)
    dias, prorroga = entero(call.data, "dias_termino"), entero(call.data, "prorroga_max")
    nuevo = escalonamientos.cambiar_termino(call.session, caso_id, dias, prorroga, acto_de(call))
    a_su_area(call, caso_id, asesor_id)
    if nuevo is not None:
        carta = plantillas.termino_cambiado(caso_de(avisos.datos_aviso(call.session, caso_id)))
        al_usuario(call, caso_id, f"termino:{caso_id}:{iso(nuevo)}", "termino", carta)
    caso = obtener(call.session, Caso, caso_id)
    return {
        "asesor_id": asesor_id,
        "fecha_limite_respuesta": iso(caso.limite_respuesta or call.now),
        "fecha_recordar_escrito": iso(fraccion(caso.recepcion, dias, PARTE_RECORDADA)),
    }


def _entregar_como_antes(call: Call, caso_id: int, asesor_id: str) -> Data:
    """Of instances that end with the area: their delivery waits here for what is missing, and the
    person is told here."""
    falta = _falta(call, entero(call.data, "turno_id"))
    # an instance of an earlier version does not wait
    espera = bool(falta) and "entrega" in call.data
    a_su_area(call, caso_id, asesor_id, avisa=not espera)
    if espera:
        escalonamientos.requerir(call.session, caso_id, falta, acto_de(call))
    _decir_radicado(call, caso_id, incompleta=espera)
    return {"asesor_id": asesor_id} | (
        {"entrega": "incompleta" if espera else "completa"} if "entrega" in call.data else {}
    )


def determinar_firmante(call: Call) -> Data:
    """Act. 5: whoever leads the area that answered, else the coordination; they are told, each time
    that it comes to them."""
    caso_id = entero(call.data, "caso_id")
    area_id = escalonamientos.actual(call.session, caso_id).area_id
    firmantes = envios.firmantes(call.session, caso_id, area_id, call.now)
    datos = avisos.datos_aviso(call.session, caso_id)
    vuelta = opcional(call.data, "n_devoluciones") or 0
    for para in [c.correo for c in firmantes.cuentas] or [""]:
        with avisos.hablandole(call.session, para):
            carta = plantillas.por_firmar(caso_de(datos), datos.area)
            al_equipo(
                call,
                carta.aviso(
                    f"firmar:{caso_id}:{vuelta}:{avisos.huella(para)}", "por_firmar", para, caso_id
                ),
            )
    return {
        "firma_de": firmantes.de,
        "area_id": area_id,
        "fecha_limite_respuesta": iso(datos.limite_respuesta or call.now),
    }


def archivar_escrito(cerrar: LocalHandler) -> LocalHandler:
    """Act. 7: the case is closed, unless the person desisted, and its file with it."""

    def handler(call: Call) -> None:
        caso_id = entero(call.data, "caso_id")
        if casos.ultima_respuesta(call.session, caso_id, "enviada") is not None:
            cerrar(call)
        serie = envios.Serie(
            texto(call.data, "serie"),
            texto(call.data, "subserie"),
            entero(call.data, "anios_gestion"),
            entero(call.data, "anios_central"),
            texto(call.data, "disposicion"),
        )
        envios.archivar(call.session, caso_id, serie, acto_de(call))

    return handler
