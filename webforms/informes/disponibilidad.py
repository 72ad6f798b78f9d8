"""Control 6-6: on which days the CRM was watched, when it did not answer, what of that time was
typed in from paper."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from records.contingencia import papel
from records.contingencia.reglas.papel import Estado
from records.cuentas.reglas.roles import Facultad
from records.informes import disponibilidad
from records.lugares.puntos import puntos
from webforms.base.guias import CALIDAD, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.personas import nombres_de
from webforms.base.quienes import CIERRA_MES, VE_ACCESOS, VE_CONTROLES
from webforms.base.rutas import Rutas
from webforms.base.security import usuario_actual
from webforms.base.servicios import servicios
from webforms.informes.periodo import meses_para_elegir, periodo

rutas = Rutas()


# Who is told of an outage is led there.
@rutas.get(
    "/disponibilidad",
    para=VE_CONTROLES | VE_ACCESOS | CIERRA_MES,
    ayuda=Ayuda(_l("Cuándo no respondió el CRM, y qué se hizo (control 6-6)."), CALIDAD),
    menu=Entrada(Grupo.MES, _l("Disponibilidad del CRM")),
)
def disponibilidad_del_crm() -> ResponseReturnValue:
    p = periodo()
    usuario = usuario_actual()
    with servicios().uow.reading() as session:
        dias, caidas = (
            disponibilidad.dias(session, p.desde, p.hasta),
            disponibilidad.caidas(session, p.desde, p.hasta),
        )
        return render_template(
            "informes/disponibilidad.html",
            p=p,
            crm_afuera=servicios().crm is not None,
            meses=meses_para_elegir(p),
            dias=dias,
            caidas=caidas,
            porcentaje=disponibilidad.porcentaje(dias, caidas, p.desde, p.hasta),
            papeles=papel.cuentas(session),
            del_crm={c.id: papel.de_caida_del_crm(session, c.id) for c in caidas},
            Estado=Estado,
            en_papel={
                p.codigo
                for p in puntos(session)
                if papel.caida_abierta(session, p.codigo) is not None
            },
            ve_papel=usuario is not None and usuario.puede(Facultad.VER_PAPEL),
            personas=nombres_de(
                session, {c.sincronizada_por for c in caidas if c.sincronizada_por}
            ),
        )
