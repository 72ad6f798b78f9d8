"""What a person asked to be done with what is held about them: asked for here, decided by somebody
else, carried out by the worker (docs/decisions/rights-of-a-person.md)."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.errors import NotFound
from records.base.actos import Acto
from records.base.errores import EnUnCampo, Rechazo, Separado
from records.casos import restringidos
from records.cuentas.reglas.roles import Facultad
from records.derechos import derechos, miradas
from records.derechos.derechos import Parte, Pedido
from records.derechos.tablas import SolicitudDatos
from records.personas.tablas import Persona
from records.retencion import reservas
from webforms.base import formatos
from webforms.base.entrada import entero_o
from webforms.base.guias import CUMPLIMIENTO, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.personas import nombres_de
from webforms.base.quienes import APRUEBA_ELIMINACION, REVISA, VE_DERECHOS
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual, puede
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.campos.fechas import dia_escrito
from webforms.casos import documento_buscado
from webforms.derechos.supresion import en_curso
from webforms.evidencia import separacion
from webforms.evidencia.revision import mostrar
from webforms.tareas.nombres import nombres_de_casos

rutas = Rutas()

#: kinds of the access chain: every step of a request; of a case
PASO, LEVANTADA = "solicitud_de_datos", "restriccion_levantada"
TARDA = dt.timedelta(hours=1)  #: the worker needs minutes
ESTADOS: Final[Mapping[str, tuple[str, Any]]] = {
    derechos.PEDIDA: ("por-vencer", _l("Espera decisión")),
    derechos.DEVUELTA: ("vencida", _l("Devuelta")),
    derechos.RETIRADA: ("tranquila", _l("Retirada")),
    reservas.APROBADA: ("por-vencer", _l("Aprobada, por cumplir")),
    derechos.CUMPLIDA: ("hecha", _l("Cumplida")),
}
QUE: Final[Mapping[str, Any]] = {
    derechos.CONTACTOS: _l("Datos de contacto"),
    derechos.LEGADO: _l("Lo que respondieron los aplicativos"),
    derechos.DOCUMENTOS: _l("Documentos de la persona"),
    derechos.VISITA: _l("Visita sin caso"),
    derechos.CASO: _l("Caso"),
    derechos.NOMBRE: _l("Nombre, documento y demás datos de la persona"),
}
HACER: Final[Mapping[str, Any]] = {
    derechos.SUPRIMIR: _l("Suprimir"),
    derechos.RESTRINGIR: _l("Restringir"),
    derechos.CONSERVAR: _l("Conservar"),
}
PORQUE: Final[Mapping[str, Any]] = {
    derechos.RESERVA: _l("Un caso suyo tiene reserva legal"),
    derechos.EN_CURSO: _l("Mientras dure el trámite"),
    derechos.CON_CASOS: _l("Mientras haya un caso que guardar, suyo o de quien representó"),
    derechos.YA_RESTRINGIDO: _l("Ya está restringido"),
    derechos.VINO_OTRA_VEZ: _l("La persona vino otra vez después de pedirlo"),
    derechos.CAMBIO: _l("Ya no es suya, o ya tiene caso"),
    derechos.QUEDA_ALGO: _l("Queda algo suyo que no se suprimió"),
}


def _acto() -> Acto:
    return Acto(actor_actual().id, servicios().clock.now())


def _anotar(solicitud_id: int, paso: str, detalle: Mapping[str, Any]) -> None:
    s = servicios()
    s.engine.log_access(
        actor_actual(),
        PASO,
        f"solicitud_datos/{solicitud_id}",
        now=s.clock.now(),
        detail={"paso": paso, **detalle},
    )


# --- what there is, and asking --------------------------------------------------------------------
@rutas.get(
    "/cumplimiento/datos",
    para=VE_DERECHOS,
    ayuda=Ayuda(
        _l("Lo que personas pidieron suprimir o restringir, y qué se decidió."), CUMPLIMIENTO
    ),
    menu=Entrada(Grupo.CASOS, _l("Solicitudes sobre datos"), 6),
)
def solicitudes_de_datos() -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        todas = derechos.todas(session)
        personas = {
            p.id: p.nombre for p in miradas.personas(session, [s.persona_id for s in todas])
        }
        nombres = nombres_de(session, {s.pedida_por for s in todas})
    return render_template(
        "derechos/solicitudes.html",
        todas=todas,
        personas=personas,
        nombres=nombres,
        estados=ESTADOS,
    )


@rutas.get(
    "/cumplimiento/datos/nueva",
    para=REVISA,
    ayuda=Ayuda(
        _l("Qué hay de una persona, y qué se suprime o se restringe si otra persona lo aprueba."),
        CUMPLIMIENTO,
    ),
)
def pedir_sobre_datos() -> ResponseReturnValue:
    return _nueva(request.args)


def _titular(dicho: Mapping[str, str]) -> int:
    """Of somebody whose document this account looked for."""
    buscado = documento_buscado.leer(dicho.get(documento_buscado.FIRMADO, ""))
    persona_id = entero_o(dicho.get("persona", ""), 0)
    if persona_id not in (buscado.personas or ()):
        abort(404)
    return persona_id


def _nueva(dicho: Mapping[str, str], error: str = "", campo: str = "") -> ResponseReturnValue:
    persona_id = _titular(dicho)
    s = servicios()
    s.engine.log_access(
        actor_actual(), "revision_persona", f"persona:{persona_id}", now=s.clock.now(), detail={}
    )
    with s.uow.reading() as session:
        persona = session.get_one(Persona, persona_id)
        hay = derechos.que_hay(
            session, persona_id, en_curso(session, derechos.suyos(session, persona_id).por_mirar)
        )
        antes = derechos.de_persona(session, persona_id)
        nombres = nombres_de_casos(session, {p.case_key for p in hay if p.case_key})
    pagina = render_template(
        "derechos/solicitud_nueva.html",
        persona=persona,
        documento=formatos.documento(persona.tipo_doc, persona.num_doc),
        hay=hay,
        nombres=nombres,
        antes=antes,
        firmado=documento_buscado.FIRMADO,
        escrito=dicho,
        error=error,
        campo=campo,
        que=QUE,
        hacer=HACER,
        porque=PORQUE,
        estados=ESTADOS,
    )
    return pagina, 422 if error else 200


@rutas.post(
    "/cumplimiento/datos/nueva",
    para=REVISA,
    haria=_l("Pedir que se supriman o restrinjan datos de una persona"),
)
def pedir_datos() -> ResponseReturnValue:
    persona_id = _titular(request.form)

    def pedir(session: Session) -> tuple[int, str]:
        hay = derechos.que_hay(
            session, persona_id, en_curso(session, derechos.suyos(session, persona_id).por_mirar)
        )
        elegido = [(parte, request.form.get(_campo(parte), derechos.CONSERVAR)) for parte in hay]
        pedido = Pedido(
            persona_id,
            _dicho("solicitud"),
            dia_escrito(request.form.get("recibida", "")),
            _dicho("fundamento"),
            elegido,
        )
        nueva = derechos.pedir(session, pedido, _acto())
        return nueva.id, nueva.numero

    try:
        solicitud_id, numero = servicios().uow.run(pedir)
    except EnUnCampo as rechazo:
        return _nueva(request.form, str(rechazo), rechazo.campo)
    except Rechazo as rechazo:
        return _nueva(request.form, str(rechazo))
    _anotar(solicitud_id, "pedir", {"acta": numero, "solicitud": _dicho("solicitud")})
    flash(_("Pedida. Nada cambia hasta que otra persona la apruebe."), "verde")
    return redirect(url_for("cumplimiento.solicitud_de_datos", solicitud_id=solicitud_id))


def _campo(parte: Parte) -> str:
    return f"hacer-{parte.case_key or parte.que}"


def _dicho(nombre: str) -> str:
    return str(limpiar(request.form.get(nombre, "")))[: derechos.MAX_TEXTO]


# --- one request ----------------------------------------------------------------------------------
@rutas.get(
    "/cumplimiento/datos/<int:solicitud_id>",
    para=VE_DERECHOS,
    ayuda=Ayuda(
        _l("Una solicitud de datos: qué se pidió, quién la decidió y qué pasó con cada parte."),
        CUMPLIMIENTO,
    ),
)
def solicitud_de_datos(solicitud_id: int) -> ResponseReturnValue:
    return _pagina(solicitud_id)


def _una(session: Session, solicitud_id: int) -> SolicitudDatos:
    try:
        return derechos.una(session, solicitud_id)
    except Rechazo:
        abort(404)


def _pagina(solicitud_id: int, error: str = "", campo: str = "") -> ResponseReturnValue:
    s, yo = servicios(), actor_actual()
    with s.uow.reading() as session:
        solicitud = _una(session, solicitud_id)
        suyas = derechos.partes(session, solicitud_id)
        persona = session.get_one(Persona, solicitud.persona_id)
        nombres = nombres_de(
            session, {q for q in (solicitud.pedida_por, solicitud.decidida_por) if q}
        )
        casos = nombres_de_casos(session, {p.case_key for p in suyas if p.case_key})
    pagina = render_template(
        "derechos/solicitud.html",
        s=solicitud,
        partes=suyas,
        persona=persona,
        documento=formatos.documento(persona.tipo_doc, persona.num_doc)
        if derechos.con_nombre(persona)
        else "",
        tarda=solicitud.decidida is not None and s.clock.now() - solicitud.decidida > TARDA,
        nombres=nombres,
        casos=casos,
        suya=solicitud.pedida_por == yo.id,
        decide=puede(yo, Facultad.APROBAR_ELIMINACION),
        pide=puede(yo, Facultad.REVISAR),
        error=error,
        campo=campo,
        escrito=request.form,
        que=QUE,
        hacer=HACER,
        porque=PORQUE,
        estados=ESTADOS,
    )
    return pagina, 422 if error else 200


def _hacer(
    solicitud_id: int,
    paso: str,
    hacer: Callable[[Session], Any],
    dice: str,
    detalle: Mapping[str, Any],
) -> ResponseReturnValue:
    s = servicios()
    with s.uow.reading() as session:
        _una(session, solicitud_id)
    try:
        s.uow.run(hacer)
    except Separado as rechazo:
        separacion.anotar(rechazo, f"solicitud_datos/{solicitud_id}")
        return _pagina(solicitud_id, str(rechazo))
    except EnUnCampo as rechazo:
        return _pagina(solicitud_id, str(rechazo), rechazo.campo)
    except Rechazo as rechazo:
        return _pagina(solicitud_id, str(rechazo))
    _anotar(solicitud_id, paso, detalle)
    flash(dice, "verde")
    return redirect(url_for("cumplimiento.solicitud_de_datos", solicitud_id=solicitud_id))


@rutas.post(
    "/cumplimiento/datos/<int:solicitud_id>/decidir",
    para=APRUEBA_ELIMINACION,
    haria=_l("Decidir sobre una solicitud de datos"),
    de_peso=True,
)
def decidir_sobre_datos(solicitud_id: int) -> ResponseReturnValue:
    decide, respuesta = request.form.get("decide", ""), _dicho("respuesta")
    if decide not in ("aprobar", "devolver"):
        return _pagina(solicitud_id, _("Elija si la aprueba o la devuelve."), "decide")
    aprueba = decide == "aprobar"
    dice = (
        _("Aprobada: el trabajador la cumple en minutos, parte por parte.")
        if aprueba
        else _("Devuelta: nada cambia.")
    )
    return _hacer(
        solicitud_id,
        decide,
        lambda session: derechos.decidir(
            session, solicitud_id, respuesta, _acto(), aprueba=aprueba
        ),
        dice,
        {"respuesta": respuesta},
    )


@rutas.post(
    "/cumplimiento/datos/<int:solicitud_id>/retirar",
    para=REVISA,
    haria=_l("Retirar una solicitud de datos"),
)
def retirar_solicitud(solicitud_id: int) -> ResponseReturnValue:
    motivo = _dicho("motivo")
    if not motivo:
        return _pagina(solicitud_id, _("Escriba por qué se retira."), "motivo")
    return _hacer(
        solicitud_id,
        "retirar",
        lambda session: derechos.retirar(session, solicitud_id, motivo, _acto()),
        _("Retirada: nada cambia."),
        {"motivo": motivo},
    )


@rutas.get("/cumplimiento/datos/<int:solicitud_id>/acta.json", para=VE_DERECHOS)
def acta_de_datos(solicitud_id: int) -> ResponseReturnValue:
    """Byte for byte: what holds is the file whose hash the page names."""
    with servicios().uow.reading() as session:
        solicitud = _una(session, solicitud_id)
        contenido, numero = solicitud.contenido, solicitud.numero
    if contenido is None:
        abort(404)
    cabeza = {"Content-Disposition": f'attachment; filename="acta-{numero}.json"'}
    return Response(contenido, mimetype="application/json", headers=cabeza)


# --- a case that is restricted --------------------------------------------------------------------
@rutas.post(
    "/cumplimiento/caso/<case_key>/restriccion/levantar",
    para=REVISA,
    haria=_l("Levantar la restricción de un caso"),
)
def levantar_restriccion(case_key: str) -> ResponseReturnValue:
    s, motivo = servicios(), limpiar(request.form.get("motivo_restriccion", ""))[:501]
    with s.uow.reading() as session:
        if not reads.instances.of_case(session, case_key):
            raise NotFound(case_key)
    try:
        s.uow.run(lambda session: restringidos.levantar(session, case_key, motivo, _acto()))
    except Rechazo as rechazo:
        return mostrar(case_key, restriccion=motivo, error_de_restriccion=str(rechazo))
    s.engine.log_access(
        actor_actual(), LEVANTADA, case_key, now=s.clock.now(), detail={"motivo": motivo}
    )
    flash(_("Levantada: el caso se abre otra vez como los demás."), "verde")
    return redirect(url_for("cumplimiento.caso", case_key=case_key))
