"""One change that waits: what would be other than now, and the decision."""

from collections.abc import Sequence
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.base.cambios import Anotado
from records.base.errores import DatoInvalido, Rechazo, Separado
from records.cuentas import aprobaciones
from records.cuentas.aprobaciones import DOS_PERSONAS
from records.cuentas.tablas import Aprobacion
from webforms.base import cambios, dos_personas
from webforms.base.entrada import entero_o
from webforms.base.guias import ADMINISTRADOR, Ayuda
from webforms.base.personas import nombres_de
from webforms.base.quienes import GOBIERNA, MODELA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual, usuario_actual
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.cuentas import obras
from webforms.navegador.cabeceras import permitir_estilos_en_linea
from webforms.paquetes import por_aprobar
from webforms.paquetes.efectos import MARCAS

rutas = Rutas()
MAX_RESPUESTA = 500
DECISIONES = ("aprobar", "devolver")


def _pedida(aprobacion_id: int) -> Aprobacion:
    """404 for one that is of another kind of people."""
    usuario = usuario_actual()
    with servicios().uow.reading() as session:
        fila = aprobaciones.una(session, aprobacion_id)
    return fila if usuario is not None and obras.puede(usuario, fila.obra) else abort(404)


def _datos(fila: Aprobacion) -> dict[str, Any]:
    with servicios().uow.reading() as session:
        return {**fila.pedido, cambios.ARCHIVOS: aprobaciones.archivos_de(session, fila.id)}


@rutas.get(
    "/aprobaciones/<int:aprobacion_id>",
    para=MODELA | GOBIERNA,
    ayuda=Ayuda(
        _l("Mire qué cambiaría, y decida: se hace, o se devuelve con una observación."),
        ADMINISTRADOR,
    ),
)
def ver(aprobacion_id: int) -> ResponseReturnValue:
    return _pagina(_pedida(aprobacion_id))


def _pagina(
    fila: Aprobacion, error: str = "", decide: str = "", respuesta: str = ""
) -> ResponseReturnValue:
    """`cuadro` of a version, `dichos` of any other change; both as they would be now."""
    s, yo = servicios(), actor_actual().id
    valores: dict[str, Any] = {"cuadro": None, "dichos": [], "ya_no": "", "visto": ""}
    with s.uow.reading() as session:
        nombres = nombres_de(session, {n for n in (fila.pedida_por, fila.decidida_por) if n})
        if fila.decidida is None and fila.obra == por_aprobar.VERSION:
            valores["cuadro"] = cuadro = por_aprobar.cuadro(session, fila)
            dibujada = request.args.get("archivo", "")
            diagramas = [p for p in cuadro.piezas if p.es_diagrama]
            valores["dibujada"] = next(
                (p for p in diagramas if p.nombre == dibujada), diagramas[0] if diagramas else None
            )
            permitir_estilos_en_linea()
    if fila.decidida is None and fila.obra != por_aprobar.VERSION:
        try:
            acto = Acto(yo, s.clock.now(), pidio="" if yo == fila.pedida_por else fila.pedida_por)
            valores["dichos"] = cambios.ensayar(
                obras.OBRAS[fila.obra], fila.sujeto, _datos(fila), acto
            )
            valores["visto"] = cambios.sello(valores["dichos"])
        except Rechazo as rechazo:
            valores["ya_no"] = str(rechazo)
    pagina = render_template(
        "cuentas/aprobacion.html",
        f=fila,
        suya=fila.pedida_por == yo,
        nombre=obras.nombre(fila),
        de_que=obras.de_que(fila),
        pagina=obras.pagina(fila),
        pedido=obras.pedido(fila),
        nombres=nombres,
        marcas=MARCAS,
        error=error,
        decide=decide,
        respuesta=respuesta,
        maximo=MAX_RESPUESTA,
        **valores,
    )
    return pagina, 422 if error else 200


@rutas.get("/aprobaciones/<int:aprobacion_id>/<archivo>", para=MODELA | GOBIERNA)
def archivo(aprobacion_id: int, archivo: str) -> ResponseReturnValue:
    """The text of a diagram that waits, for the viewer."""
    fila = _pedida(aprobacion_id)
    with servicios().uow.reading() as session:
        contenido = aprobaciones.archivos_de(session, fila.id).get(archivo) or abort(404)
    return Response(
        contenido, mimetype="application/xml", headers={"Content-Disposition": "inline"}
    )


@rutas.post(
    "/aprobaciones/<int:aprobacion_id>",
    para=MODELA | GOBIERNA,
    haria=_l("Decidir un cambio que pidió otra persona"),
    de_peso=True,
)
def decidir(aprobacion_id: int) -> ResponseReturnValue:
    fila = _pedida(aprobacion_id)
    decide, respuesta = (
        request.form.get("decide", ""),
        limpiar(request.form.get("respuesta", ""))[: MAX_RESPUESTA + 1],
    )
    try:
        if decide not in DECISIONES:
            raise DatoInvalido(_("Elija si lo aprueba o lo devuelve."))
        if len(respuesta) > MAX_RESPUESTA:
            raise DatoInvalido(_("La observación tiene máximo %(n)s letras.", n=MAX_RESPUESTA))
        if fila.decidida is not None:
            raise DatoInvalido(_("Ya no espera decisión."))
        dicho = _aprobar(fila, respuesta) if decide == "aprobar" else _devolver(fila, respuesta)
    except Separado as rechazo:
        cambios.anotar_rechazo(rechazo.regla)
        return _pagina(fila, str(rechazo), decide, respuesta)
    except Rechazo as rechazo:
        return _pagina(_pedida(aprobacion_id), str(rechazo), decide, respuesta)
    detalle = {
        "obra": fila.obra,
        "sujeto": fila.sujeto,
        "pidio": fila.pedida_por,
        "huella": fila.huella,
        "aprobada": decide == "aprobar",
    }
    dos_personas.anotar(dos_personas.DECIDIDA, fila.id, detalle)
    flash(dicho, "verde")
    return redirect(url_for("aprobaciones.lista"))


def _aprobar(fila: Aprobacion, respuesta: str) -> str:
    """The change and its decision in one commit; in words what became of it. Rechazo."""
    nombre = obras.nombre(fila)
    if fila.pedida_por == actor_actual().id:
        raise Separado(DOS_PERSONAS, _("Usted lo pidió: lo decide otra persona."))
    if fila.obra == por_aprobar.VERSION:
        return por_aprobar.aprobar(
            fila, respuesta, entero_o(request.form.get("base", ""), -1), nombre
        )
    obra, datos, visto = obras.OBRAS[fila.obra], _datos(fila), request.form.get("visto", "")

    def aprobada(session: Session, acto: Acto) -> Sequence[Anotado]:
        dos_personas.decidir(session, fila.id, respuesta, aprueba=True, nombre=nombre)
        hechos = obra.cambiar(session, fila.sujeto, datos, acto)
        if cambios.sello(cambios.dichos(session, hechos)) != visto:
            raise DatoInvalido(
                _(
                    "Lo que cambiaría ya no es lo que usted vio. Mire otra vez la comparación y decida."
                )
            )
        return hechos

    obra.despues(cambios.hacer(aprobada, pidio=fila.pedida_por))
    return str(_("Aprobado: ya está hecho."))


def _devolver(fila: Aprobacion, respuesta: str) -> str:
    nombre = obras.nombre(fila)
    servicios().uow.run(
        lambda session: dos_personas.decidir(
            session, fila.id, respuesta, aprueba=False, nombre=nombre
        )
    )
    return str(_("Devuelto: no cambió nada, y quien lo pidió lee por qué."))


@rutas.post(
    "/aprobaciones/<int:aprobacion_id>/retirar",
    para=MODELA | GOBIERNA,
    haria=_l("Retirar un cambio que pidió"),
)
def retirar(aprobacion_id: int) -> ResponseReturnValue:
    """By whoever asked, while nobody has decided."""
    fila, s = _pedida(aprobacion_id), servicios()
    try:
        s.uow.run(
            lambda session: aprobaciones.retirar(
                session, fila.id, Acto(actor_actual().id, s.clock.now())
            )
        )
    except Rechazo as rechazo:
        return _pagina(_pedida(aprobacion_id), str(rechazo))
    dos_personas.anotar(dos_personas.RETIRADA, fila.id, {"obra": fila.obra, "sujeto": fila.sujeto})
    flash(_("Retirado: no cambió nada."), "verde")
    return redirect(url_for("aprobaciones.lista"))
