"""What the CRM does with documents that are filed (P09, M5-1-04)."""

from engine.types import Call
from engine.types import Data
from handlers.correo import plantillas
from handlers.correo.avisos import avisar
from handlers.correo.avisos import caso_de
from handlers.crm.atencion import a_su_area
from records import avisos
from records import casos
from records import escalonamientos
from records import escritos
from records.actos import acto_de
from records.datos import entero
from records.datos import iso
from records.datos import opcional
from records.rules.plazos import termino_legal


def radicar_escrito(call: Call) -> Data:
    """Act. 2: number and term; the person is told by mail, besides the proof on paper."""
    turno_id = entero(call.data, "turno_id")
    dias, prorroga = opcional(call.data, "dias_termino"), opcional(call.data, "prorroga_max")
    if dias is None or prorroga is None:  # an instance of the first version, which knows no term: the general one
        general = termino_legal("peticion", call.now.date())
        dias, prorroga = general.dias, general.prorroga_max
    radicacion = escritos.radicar_escrito(call.session, turno_id, escritos.Termino(dias, prorroga), acto_de(call))
    limite = {"fecha_limite_respuesta": iso(radicacion.limites.respuesta)} if "canal" in call.data else {}
    return {"radicado": radicacion.radicado, **limite}


def entregar_escrito(call: Call) -> Data:
    """The area gets the case; the adviser is the one who attended the person, so that the answer comes back to that point.

    While something is missing the clock stands still (art. 17): the area is told when the delivery is complete.
    """
    caso_id = entero(call.data, "caso_id")
    asesor_id = casos.asesor_de(call.session, caso_id)
    recibido = escritos.escrito(call.session, entero(call.data, "turno_id"))
    falta = recibido.falta or "" if recibido is not None else ""
    espera = bool(falta) and "entrega" in call.data  # an instance of an earlier version does not wait
    a_su_area(call, caso_id, asesor_id, avisa=not espera)
    if espera:
        escalonamientos.requerir(call.session, caso_id, falta, acto_de(call))
    datos = avisos.datos_aviso(call.session, caso_id)
    if recibido is not None and datos.medio_respuesta == "correo" and datos.correo_usuario:
        carta = plantillas.documentos_radicados(caso_de(datos), recibido.folios, datos.area, incompleta=espera)
        avisar(call, carta.aviso(f"radicado:{caso_id}", "radicado", datos.correo_usuario, caso_id))
    return {"asesor_id": asesor_id} | ({"entrega": "incompleta" if espera else "completa"} if "entrega" in call.data else {})
