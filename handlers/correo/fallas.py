"""Control 6-5: the reviewed report of overdue cases goes to who leads each area, one letter with
all that are theirs."""

from engine.types import Call
from handlers.correo import plantillas
from handlers.correo.avisos import al_equipo
from handlers.correo.quietas import lideres
from records.base.datos import entero
from records.casos.reglas import estados
from records.correo import avisos
from records.cuentas import cuentas
from records.informes import fallas


def remitir(call: Call) -> None:
    reporte = fallas.remitir(call.session, entero(call.data, "reporte_fallas_id"), call.now)
    todas = fallas.de_reporte(call.session, reporte)
    nombres = {
        c.usuario: c.nombre
        for c in cuentas.cuentas_llamadas(call.session, {f.tiene for f in todas if f.tiene})
    }
    por_area: dict[str, list[fallas.Falla]] = {}
    for falla in todas:  # they come by the name of the area, and two may be called the same
        por_area.setdefault(falla.area_id, []).append(falla)
    for area_id, suyas in por_area.items():
        dichas = [
            plantillas.Vencida(
                f.radicado,
                f.tema,
                estados.NOMBRES[f.estado],
                nombres.get(f.tiene, f.tiene),
                f.termino == fallas.LEGAL,
                f.vencia,
                f.dias,
            )
            for f in suyas
        ]
        area = avisos.nombre_de_area(call.session, area_id)
        for para in lideres(call, area_id):
            clave = f"reporte_fallas:{reporte.id}:{area_id}:{avisos.huella(para)}"
            with avisos.hablandole(call.session, para):
                carta = plantillas.reporte_fallas(area, dichas, reporte.nota)
                al_equipo(call, carta.aviso(clave, "reporte_fallas", para, None), "/bandeja")
