"""Disposal of case files by their retention series: what has reached its term, and each act from
its proposal to its last file."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence, Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.history import AccessView
from records.base.actos import Acto
from records.base.consultas import Pagina
from records.base.errores import EnUnCampo, Rechazo, Separado
from records.base.reglas.entidad import aqui
from records.correo.reglas.cartas import Bloque
from records.cuentas.reglas.roles import Facultad
from records.expedientes.indices import ELIMINADO_POR_ACTA, EXCLUIDO, PENDIENTE
from records.plazos.reglas.calendario import dia_local
from records.retencion import eliminaciones, reservas
from records.retencion.tablas import ActaEliminacion, ExpedienteEnActa, ObjecionEliminacion
from records.sistemas.puertos import DocumentoPedido
from webforms.base import formatos
from webforms.base.ajustes import ajustes
from webforms.base.entrada import entero, entero_o
from webforms.base.guias import DOCUMENTAL, Ayuda
from webforms.base.idioma import idioma
from webforms.base.menu import Entrada, Grupo
from webforms.base.personas import nombres_de
from webforms.base.quienes import APRUEBA_ELIMINACION, ELIMINA, VE_ELIMINACION
from webforms.base.rutas import Rutas
from webforms.base.security import Usuario, actor_actual, puede
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.campos.fechas import dia_escrito
from webforms.documentos.documentos_hechos import DocumentosHechos
from webforms.evidencia import separacion

rutas = Rutas()

#: Kind of the access chain: every step of an act.
PASO: Final = "eliminacion_documental"
#: State of an act → how it is shown and called.
ESTADOS: Final[Mapping[str, tuple[str, Any]]] = {
    eliminaciones.PROPUESTA: ("por-vencer", _l("Espera aprobación")),
    eliminaciones.DEVUELTA: ("vencida", _l("Devuelta")),
    eliminaciones.RETIRADA: ("tranquila", _l("Retirada")),
    eliminaciones.APROBADA: ("por-vencer", _l("Aprobada, por publicar")),
    eliminaciones.PUBLICADA: ("pausa", _l("Publicada")),
    eliminaciones.ORDENADA: ("por-vencer", _l("En ejecución")),
    eliminaciones.EJECUTADA: ("hecha", _l("Ejecutada")),
}
CAUSAS: Final[Mapping[str, Any]] = {
    eliminaciones.RESERVA: _l("tiene reserva legal"),
    eliminaciones.OBJECION: _l("se aceptó una observación"),
    eliminaciones.ABIERTO: _l("se volvió a abrir"),
    eliminaciones.PLAZO: _l("su retención ya no se ha cumplido"),
    eliminaciones.DE_LA_SERIE: _l("su serie ya no dice eliminar"),
    eliminaciones.SIN_ACTA: _l("el acta no siguió"),
}
POR_PAGINA: Final = 100


# --- what could go, and the acts ------------------------------------------------------------------
def por_seguir(usuario: Usuario) -> int:
    aprueba, elimina = (usuario.puede(f) for f in (Facultad.APROBAR_ELIMINACION, Facultad.ELIMINAR))
    if not (aprueba or elimina):
        return 0
    s = servicios()
    abiertas = s.uow.lookup(eliminaciones.ABIERTAS, {})
    return eliminaciones.esperan_a(
        abiertas, usuario.usuario, dia_local(s.clock.now()), aprueba=aprueba, elimina=elimina
    )


# The number and its proof: whoever may see the case (document management, the desk that
# attended).
@rutas.get(
    "/archivo/eliminaciones",
    para=VE_ELIMINACION,
    ayuda=Ayuda(
        _l("Expedientes que cumplieron su retención, y las actas con que se eliminan."), DOCUMENTAL
    ),
    menu=Entrada(Grupo.CASOS, _l("Eliminación documental"), 5, cuenta=por_seguir),
)
def eliminaciones_lista() -> ResponseReturnValue:
    return _lista()


def _lista(error: str = "", escrito: Mapping[str, str] | None = None) -> ResponseReturnValue:
    hoy = dia_local(servicios().clock.now())
    with servicios().uow.reading() as session:
        actas = eliminaciones.actas(session)
        valores = {
            "propuestas": eliminaciones.propuestas(session, hoy),
            "actas": actas,
            "cuentas": eliminaciones.cuentas(session),
            "nombres": nombres_de(session, {a.propuesta_por for a in actas}),
        }
    pagina = render_template(
        "retencion/eliminaciones.html",
        **valores,
        estados=ESTADOS,
        error=error,
        escrito=escrito or {},
    )
    return pagina, 422 if error else 200


@rutas.post(
    "/archivo/eliminaciones", para=ELIMINA, haria=_l("Proponer que se eliminen expedientes")
)
def proponer_eliminacion() -> ResponseReturnValue:
    codigo, subserie = request.form.get("serie", ""), request.form.get("subserie", "")
    anios, motivo = (
        entero_o(request.form.get("anios", ""), -1),
        limpiar(request.form.get("motivo", "")),
    )
    try:
        acta_id, detalle = servicios().uow.run(
            lambda session: _propuesta(session, codigo, subserie, anios, motivo)
        )
    except Rechazo as rechazo:
        return _lista(str(rechazo), {"serie": codigo, "subserie": subserie, "motivo": motivo})
    _anotar(acta_id, "proponer", detalle)
    flash(
        _("Propuesta. Nada se elimina: la aprueba otra persona, con el acta del comité."), "verde"
    )
    return redirect(url_for("radicacion.acta_de_eliminacion", acta_id=acta_id))


def _propuesta(
    session: Session, codigo: str, subserie: str, anios: int, motivo: str
) -> tuple[int, dict[str, Any]]:
    acta = eliminaciones.proponer(session, codigo, subserie, anios, motivo, _acto())
    return acta.id, {"acta": acta.numero, "huella": acta.huella, "motivo": acta.motivo}


def _acto() -> Acto:
    return Acto(actor_actual().id, servicios().clock.now())


def _anotar(acta_id: int, paso: str, detalle: Mapping[str, Any]) -> None:
    s = servicios()
    s.engine.log_access(
        actor_actual(),
        PASO,
        f"acta_eliminacion/{acta_id}",
        now=s.clock.now(),
        detail={"paso": paso, **detalle},
    )


# --- one act --------------------------------------------------------------------------------------
@rutas.get(
    "/archivo/eliminaciones/<int:acta_id>",
    para=VE_ELIMINACION,
    ayuda=Ayuda(
        _l(
            "Un acta de eliminación: quién la propuso y aprobó, su publicación, las observaciones y qué pasó con cada expediente."
        ),
        DOCUMENTAL,
    ),
)
def acta_de_eliminacion(acta_id: int) -> ResponseReturnValue:
    return _pagina(acta_id)


def _pagina(acta_id: int, error: str = "", campo: str = "") -> ResponseReturnValue:
    """`error`: why nothing was done; what was typed stays in its form, and beside `campo` of the
    form stands why."""
    s, yo = servicios(), actor_actual()
    hoy = dia_local(s.clock.now())
    with s.uow.reading() as session:
        acta = _una(session, acta_id)
        todas, dichas = (
            eliminaciones.lineas(session, acta_id),
            eliminaciones.objeciones(session, acta_id),
        )
        quienes = {
            acta.propuesta_por,
            acta.decidida_por,
            acta.publicada_por,
            acta.ordenada_por,
            acta.retirada_por,
        }
        quienes |= {o.registrada_por for o in dichas} | {o.decidida_por for o in dichas}
        reservados = (
            set(reservas.claves(session)) if acta.estado != eliminaciones.EJECUTADA else set()
        )
        valores = {
            "nombres": nombres_de(session, {q for q in quienes if q}),
            "reservados": reservados,
            "cuantos": _cuantos(todas, reservados),
            "retiro": _retiro(session, acta_id) if acta.retirada_por else None,
        }
    numero = request.args.get("pagina", 1, type=entero) or 1
    desde = (max(numero, 1) - 1) * POR_PAGINA
    pagina = render_template(
        "retencion/acta_eliminacion.html",
        a=acta,
        sumas=_sumas(todas),
        pagina=Pagina(todas[desde : desde + POR_PAGINA], len(todas), max(numero, 1), POR_PAGINA),
        objeciones=dichas,
        falta=eliminaciones.falta_para_ordenar(acta, dichas, hoy),
        suya=acta.propuesta_por == yo.id,
        elimina=puede(yo, Facultad.ELIMINAR),
        ve_todo=puede(yo, Facultad.VER_TODO),
        aprueba=puede(yo, Facultad.APROBAR_ELIMINACION),
        estados=ESTADOS,
        causas=CAUSAS,
        habiles=ajustes().disposal_days,
        error=error,
        campo=campo,
        escrito=request.form,
        **valores,
    )
    return pagina, 422 if error else 200


@dataclass(frozen=True, slots=True)
class Cuantos:
    """Files of an act: that would go if it were carried out now, that went, and that stay."""

    por_eliminar: int
    eliminados: int
    quedan: int


def _cuantos(lineas: Sequence[ExpedienteEnActa], reservados: AbstractSet[str]) -> Cuantos:
    hechos = sum(x.estado == ELIMINADO_POR_ACTA for x in lineas)
    por_eliminar = sum(x.estado == PENDIENTE and x.case_key not in reservados for x in lineas)
    return Cuantos(por_eliminar, hechos, len(lineas) - hechos - por_eliminar)


def _retiro(session: Session, acta_id: int) -> AccessView | None:
    """The step in which somebody withdrew it, with their reason; an act that an accepted
    observation withdrew has none."""
    pasos = reads.history.access_of(session, [f"acta_eliminacion/{acta_id}"])
    return next(
        (p for p in reversed(pasos) if p.kind == PASO and p.detail.get("paso") == "retirar"), None
    )


def _sumas(lineas: Sequence[ExpedienteEnActa]) -> tuple[int, int, dt.date | None, dt.date | None]:
    """Documents, bytes, first opening and last closing."""
    if not lineas:
        return 0, 0, None, None
    extremos = (
        dia_local(min(x.abierto for x in lineas)),
        dia_local(max(x.cerrado for x in lineas)),
    )
    return sum(x.documentos for x in lineas), sum(x.bytes for x in lineas), *extremos


def _una(session: Session, acta_id: int) -> ActaEliminacion:
    try:
        return eliminaciones.una(session, acta_id)
    except Rechazo:
        abort(404)


def _hacer(
    acta_id: int, paso: str, hacer: Callable[[Session], Any], dice: str, **detalle: Any
) -> ResponseReturnValue:
    s = servicios()
    with s.uow.reading() as session:
        _una(session, acta_id)
    try:
        s.uow.run(hacer)
    except Separado as rechazo:
        separacion.anotar(rechazo, f"acta_eliminacion/{acta_id}")
        return _pagina(acta_id, str(rechazo))
    except EnUnCampo as rechazo:
        return _pagina(acta_id, str(rechazo), rechazo.campo)
    except Rechazo as rechazo:
        return _pagina(acta_id, str(rechazo))
    _anotar(acta_id, paso, detalle)
    flash(dice, "verde")
    return redirect(url_for("radicacion.acta_de_eliminacion", acta_id=acta_id))


def _dicho(nombre: str, maximo: int = eliminaciones.MAX_TEXTO) -> str:
    return str(limpiar(request.form.get(nombre, "")))[:maximo]


@rutas.post(
    "/archivo/eliminaciones/<int:acta_id>/decidir",
    para=APRUEBA_ELIMINACION,
    haria=_l("Decidir sobre un acta de eliminación"),
    de_peso=True,
)
def decidir_eliminacion(acta_id: int) -> ResponseReturnValue:
    decide, respuesta = request.form.get("decide", ""), _dicho("respuesta")
    comite, fecha = (
        _dicho("comite_acta", eliminaciones.MAX_NOMBRE),
        dia_escrito(request.form.get("comite_fecha", "")),
    )
    if decide not in ("aprobar", "devolver"):
        return _pagina(acta_id, _("Elija si la aprueba o la devuelve."), "decide")
    aprueba = decide == "aprobar"

    def decidir(session: Session) -> object:
        return eliminaciones.decidir(
            session,
            acta_id,
            respuesta,
            _acto(),
            aprueba=aprueba,
            comite_acta=comite,
            comite_fecha=fecha,
        )

    dice = (
        _("Aprobada. Falta publicar el inventario.") if aprueba else _("Devuelta: nada se elimina.")
    )
    return _hacer(acta_id, decide, decidir, dice, comite=comite, respuesta=respuesta)


@rutas.post(
    "/archivo/eliminaciones/<int:acta_id>/publicar",
    para=ELIMINA,
    haria=_l("Registrar la publicación de un inventario"),
)
def publicar_inventario(acta_id: int) -> ResponseReturnValue:
    dia, donde = (
        dia_escrito(request.form.get("publicada", "")),
        _dicho("donde", eliminaciones.MAX_DIRECCION),
    )
    habiles = ajustes().disposal_days

    def publicar(session: Session) -> object:
        if dia is None:
            raise EnUnCampo("publicada", _("Escriba el día de la publicación como día/mes/año."))
        return eliminaciones.publicar(session, acta_id, dia, donde, habiles, _acto())

    return _hacer(
        acta_id,
        "publicar",
        publicar,
        _("Publicado: desde hoy se reciben observaciones."),
        donde=donde,
        habiles=habiles,
    )


@rutas.post(
    "/archivo/eliminaciones/<int:acta_id>/observaciones",
    para=ELIMINA,
    haria=_l("Registrar una observación a un inventario"),
)
def registrar_observacion(acta_id: int) -> ResponseReturnValue:
    escrita = request.form.get("linea", "").strip()
    linea, dia = (
        entero_o(escrita, -1) if escrita else None,
        dia_escrito(request.form.get("recibida", "")),
    )

    def registrar(session: Session) -> None:
        if dia is None:
            raise EnUnCampo("recibida", _("Escriba el día en que llegó como día/mes/año."))
        eliminaciones.objetar(
            session,
            acta_id,
            _dicho("de_quien", eliminaciones.MAX_NOMBRE),
            _dicho("texto"),
            linea,
            dia,
            _acto(),
        )

    return _hacer(
        acta_id,
        "observacion",
        registrar,
        _("Observación registrada: sin responderla no se puede ejecutar."),
        linea=linea,
    )


@rutas.post(
    "/archivo/eliminaciones/<int:acta_id>/observaciones/<int:objecion_id>",
    para=ELIMINA,
    haria=_l("Responder una observación a un inventario"),
)
def responder_observacion(acta_id: int, objecion_id: int) -> ResponseReturnValue:
    decide, respuesta = request.form.get("decide", ""), _dicho("respuesta")
    if decide not in ("acepta", "niega"):
        return _pagina(acta_id, _("Elija si acepta o no la observación."), "decide")
    acepta = decide == "acepta"

    def responder(session: Session) -> None:
        eliminaciones.responder(session, acta_id, objecion_id, respuesta, _acto(), acepta=acepta)

    return _hacer(
        acta_id,
        "respuesta",
        responder,
        _("Respondida."),
        observacion=objecion_id,
        acepta=acepta,
        respuesta=respuesta,
    )


@rutas.post(
    "/archivo/eliminaciones/<int:acta_id>/ordenar",
    para=ELIMINA,
    haria=_l("Ordenar que se ejecute un acta de eliminación"),
    de_peso=True,
)
def ordenar_eliminacion(acta_id: int) -> ResponseReturnValue:
    """What is erased does not come back: whoever orders it writes the number of the act."""

    def ordenar(session: Session) -> object:
        if _dicho("numero").upper() != (numero := eliminaciones.una(session, acta_id).numero):
            raise EnUnCampo(
                "numero",
                _("Escriba el número del acta, %(n)s, para ordenar que se ejecute.", n=numero),
            )
        return eliminaciones.ordenar(session, acta_id, _acto())

    return _hacer(
        acta_id,
        "ordenar",
        ordenar,
        _("Ordenada: el trabajador la ejecuta en minutos, expediente por expediente."),
    )


@rutas.post(
    "/archivo/eliminaciones/<int:acta_id>/retirar",
    para=ELIMINA,
    haria=_l("Retirar un acta de eliminación"),
)
def retirar_eliminacion(acta_id: int) -> ResponseReturnValue:
    motivo = _dicho("motivo")

    def retirar(session: Session) -> object:
        if not motivo:
            raise EnUnCampo("motivo", _("Escriba por qué se retira."))
        return eliminaciones.retirar(session, acta_id, _acto())

    return _hacer(acta_id, "retirar", retirar, _("Retirada: nada se elimina."), motivo=motivo)


# --- as files -------------------------------------------------------------------------------------
@rutas.get("/archivo/eliminaciones/<int:acta_id>/inventario.csv", para=VE_ELIMINACION)
def inventario_de_eliminacion(acta_id: int) -> ResponseReturnValue:
    """As it was proposed and is published, byte for byte."""
    with servicios().uow.reading() as session:
        acta = _una(session, acta_id)
        crudo = eliminaciones.crudo(session, acta_id)
    return _archivo(crudo, f"inventario-{acta.numero}.csv", "text/csv")


@rutas.get("/archivo/eliminaciones/<int:acta_id>/acta.json", para=VE_ELIMINACION)
def acta_como_archivo(acta_id: int) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        acta = _una(session, acta_id)
        crudo = acta.contenido or abort(404)
    return _archivo(crudo, f"acta-{acta.numero}.json", "application/json")


@rutas.get("/archivo/eliminaciones/<int:acta_id>/acta.pdf", para=VE_ELIMINACION)
def acta_en_pdf(acta_id: int) -> ResponseReturnValue:
    """An act that was carried out, to be signed and filed on paper; what holds is the file whose
    hash it names."""
    s = servicios()
    with s.uow.reading() as session:
        a = _una(session, acta_id)
        ejecutada = a.ejecutada or abort(404)
        todas, dichas = (
            eliminaciones.lineas(session, acta_id),
            eliminaciones.objeciones(session, acta_id),
        )
        quienes = {
            a.propuesta_por,
            a.decidida_por or "",
            a.publicada_por or "",
            a.ordenada_por or "",
        }
        nombres = nombres_de(session, quienes)
    documentos, bytes_, desde, hasta = _sumas(todas)
    pasos = (
        (_("Propuso"), a.propuesta_por, a.propuesta, a.motivo),
        (
            _("Aprobó"),
            a.decidida_por,
            a.decidida,
            _("Acta del comité %(n)s, %(d)s", n=a.comite_acta, d=formatos.fecha(a.comite_fecha)),
        ),
        (
            _("Publicó"),
            a.publicada_por,
            None,
            _("%(a)s a %(b)s", a=formatos.fecha(a.publicada), b=formatos.fecha(a.hasta))
            + f", {a.publicada_en}",
        ),
        (_("Ordenó ejecutarla"), a.ordenada_por, a.ordenada, ""),
        (_("Ejecutada"), None, ejecutada, ""),
    )
    serie = " · ".join(filter(None, (a.serie, a.serie_nombre, a.subserie)))
    sobre = (
        f"{_('Serie')}: {serie}",
        f"{_('Retención')}: {ngettext('%(num)s año', '%(num)s años', a.anios)}",
        f"{_('Fechas')}: {_('%(a)s a %(b)s', a=formatos.fecha(desde), b=formatos.fecha(hasta))}",
        f"{_('Expedientes')}: {len(todas)} · {_('Documentos')}: {documentos} · {formatos.tamano(bytes_)}",
        f"{_('Inventario')}: SHA-256 {a.huella}",
        f"{_('Huella de esta acta')}: SHA-256 {a.huella_acta}",
    )
    quien = tuple(
        ", ".join(
            filter(
                None,
                (
                    f"{que}: {nombres.get(q or '', q or '')}".rstrip(": "),
                    formatos.momento(c) if c else "",
                    dicho,
                ),
            )
        )
        for que, q, c, dicho in pasos
    )
    bloques = [
        Bloque("lista", sobre),
        Bloque("titulo", (_("Quiénes y cuándo"),)),
        Bloque("lista", quien),
    ]
    if dichas:
        bloques += [
            Bloque("titulo", (_("Observaciones"),)),
            Bloque("lista", tuple(map(_observacion, dichas))),
        ]
    bloques += [Bloque("titulo", (_("Inventario"),)), Bloque("lista", tuple(map(_renglon, todas)))]
    titulo = _("Acta de eliminación %(n)s", n=a.numero)
    pedido = DocumentoPedido(
        titulo,
        tuple(bloques),
        titulo,
        aqui().nombre,
        a.numero,
        formatos.momento(ejecutada),
        ejecutada,
        idioma(),
    )
    return _archivo(
        DocumentosHechos(s.archivos).poner(pedido), f"acta-{a.numero}.pdf", "application/pdf"
    )


def _observacion(o: ObjecionEliminacion) -> str:
    sobre = _("sobre la línea %(n)s", n=o.linea) if o.linea else _("sobre toda el acta")
    decision = _("Aceptada") if o.aceptada else _("No aceptada")
    return (
        f"{o.de_quien}, {formatos.fecha(o.recibida)}, {sobre}: {o.texto} {decision}: {o.respuesta}"
    )


def _renglon(x: ExpedienteEnActa) -> str:
    fechas = _("%(a)s a %(b)s", a=formatos.fecha(x.abierto), b=formatos.fecha(x.cerrado))
    que = (
        _("No se elimina: %(p)s", p=CAUSAS[x.causa])
        if x.estado == EXCLUIDO
        else _("Eliminado, %(c)s", c=formatos.momento(x.cuando))
    )
    return f"{x.n}. {x.numero} · {fechas} · {ngettext('%(num)s documento', '%(num)s documentos', x.documentos)} · {que}"


def _archivo(crudo: bytes, nombre: str, tipo: str) -> Response:
    s = servicios()
    s.engine.log_access(actor_actual(), "exportacion", nombre, now=s.clock.now())
    return Response(
        crudo, mimetype=tipo, headers={"Content-Disposition": f"attachment; filename={nombre}"}
    )
