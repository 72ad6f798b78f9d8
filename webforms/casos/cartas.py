"""Letters to a person who chose paper (5.2.14): printed with the address, and registered when they were sent or handed over."""

from typing import Any

from flask import abort
from flask import current_app
from flask import flash
from flask import redirect
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine.types import Noting
from records import avisos
from records import personas
from records.casos import adjuntos_de
from records.casos import ultima_respuesta
from records.consultas import obtener
from records.divipola import MUNICIPIOS
from records.errores import NoExiste
from records.expediente import Expediente
from records.rules.notas import NOTA
from records.rules.roles import Facultad
from records.tables import Aviso
from records.tables import Punto
from webforms.base.campos import limpiar
from webforms.base.hojas import Hoja
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.security import puede
from webforms.base.servicios import servicios
from webforms.casos.cabecera import exigir
from webforms.casos.cabecera import ficha

rutas = Rutas()

CONSTANCIA = (3, 200)  # letters of the guide or of who received it


@rutas.get("/caso/<case_key>/carta/<int:aviso_id>")
def carta(case_key: str, aviso_id: int) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        hoja = _hoja(session, case_key, aviso_id)
    return hoja.mostrar()


@rutas.get("/caso/<case_key>/carta")
def carta_respuesta(case_key: str) -> ResponseReturnValue:
    """The answer of the case (M5-1-01 act. 14), for whoever delivers it by another medium; their task registers it."""
    with servicios().uow.reading() as session:
        e = _caso(session, case_key)
        respuesta = ultima_respuesta(session, e.caso.id, "enviada")
        if respuesta is None:
            abort(404)
        asunto = _("Respuesta a su radicado %(r)s", r=e.caso.radicado or "")
        saludo, firma = _("Reciba un cordial saludo."), f"{_('Grupo de Atención al Usuario')}\nICETEX"
        van = "".join(f"\n- {a.nombre}" for a in adjuntos_de(session, respuesta.id))
        anexos = f"\n\n{_('Anexos')}:{van}" if van else ""
        texto = f"{saludo}\n\n{respuesta.texto}{anexos}\n\n{firma}"
        hoja = Hoja("casos/carta.html", {**_comunes(session, e), "asunto": asunto, "texto": texto, "aviso": None})
    return hoja.mostrar()


@rutas.post("/caso/<case_key>/carta/<int:aviso_id>")
def entregar_carta(case_key: str, aviso_id: int) -> ResponseReturnValue:
    """It left on paper: the duty ends, and the case keeps how."""
    s = servicios()
    constancia = limpiar(request.form.get("constancia", ""))
    with s.uow.reading() as session:
        hoja = _hoja(session, case_key, aviso_id, constancia)
        asunto = hoja.valores["asunto"]
    if hoja.valores["error"]:
        return hoja.mostrar()

    def registros(n: Noting) -> None:
        avisos.entregar_carta(n.session, aviso_id, now=n.now)

    dicho = _("Se entregó en papel «%(a)s». Constancia: %(c)s.", a=asunto, c=constancia)
    try:
        s.engine.notes.add(case_key, dicho, actor=actor_actual(), now=s.clock.now(), kind=NOTA, records=registros)
    except NoExiste:
        flash(_("Otra persona ya registró la entrega de esta carta."), "ambar")
    else:
        flash(_("Entrega registrada. Queda en las notas del caso."), "verde")
    if puede(actor_actual(), Facultad.RADICAR):
        return redirect(url_for("radicacion.lista", vista="cartas"))
    return redirect(url_for("casos.ver", case_key=case_key))


@rutas.post("/caso/<case_key>/correo")
def pedir_confirmacion(case_key: str) -> ResponseReturnValue:
    """The link that confirms the address once more: the person is at the desk, or on the telephone, and says that it is theirs."""
    s = servicios()
    with s.uow.reading() as session:
        exigir(session, case_key)
        e = ficha(session, case_key)
    if e is None:
        abort(404)

    def registros(n: Noting) -> None:
        nuevo = avisos.confirmacion(n.session, e.caso.id, now=n.now)
        if nuevo is None or not avisos.avisar(avisos.DesdeOrden(n.session, n.now, n.enqueue, case_key), nuevo):
            raise NoExiste("No hace falta.")

    dicho = _("Pidió a la persona confirmar su correo con un enlace.")
    try:
        s.engine.notes.add(case_key, dicho, actor=actor_actual(), now=s.clock.now(), kind=NOTA, records=registros)
    except NoExiste:
        flash(_("No hace falta: el correo está confirmado, o el enlace acaba de salir."), "ambar")
    else:
        flash(_("El enlace para confirmar salió a su correo."), "verde")
    return redirect(url_for("casos.ver", case_key=case_key))


def _hoja(session: Session, case_key: str, aviso_id: int, constancia: str | None = None) -> Hoja:
    """`constancia`: what was sent with the form; None: nothing was."""
    e = _caso(session, case_key)
    aviso = session.get(Aviso, aviso_id)
    if aviso is None or aviso.caso_id != e.caso.id or aviso.tipo not in avisos.AL_USUARIO or (aviso.para and aviso.devuelto is None):
        abort(404)
    menos, mas = CONSTANCIA
    mala = constancia is not None and not menos <= len(constancia) <= mas
    valores = {
        "asunto": aviso.asunto,
        "texto": avisos.con_sitio(aviso.texto, str(current_app.config["BASE_URL"]).rstrip("/")),
        "aviso": aviso,
        "en_papel_por_dudoso": avisos.CORREO_DUDOSO,
        "constancia": constancia or "",
        "error": _("Escriba la guía o quién la recibió, entre 3 y 200 letras") if mala else "",
    }
    return Hoja("casos/carta.html", {**_comunes(session, e), **valores}, 422 if mala else 200)


def _caso(session: Session, case_key: str) -> Expediente:
    """Whoever may see the case, and document management, which sends letters; the look is recorded."""
    s, actor = servicios(), actor_actual()
    if puede(actor, Facultad.RADICAR):
        s.engine.log_access(actor, "carta", case_key, now=s.clock.now(), detail={"pagina": str(request.endpoint)})
    else:
        exigir(session, case_key)
    e = ficha(session, case_key)
    if e is None:
        abort(404)
    return e


def _comunes(session: Session, e: Expediente) -> dict[str, Any]:
    datos = personas.datos_vigentes(session, e.persona.id)
    return {
        "case_key": e.caso.case_key,
        "e": e,
        "punto": obtener(session, Punto, e.caso.punto_id),
        "direccion": datos.get("direccion", ""),
        "municipio": MUNICIPIOS.get(datos.get("municipio", ""), datos.get("municipio", "")),
        "hoy_largo": servicios().clock.now(),
        "volver": url_for("radicacion.lista", vista="cartas")
        if puede(actor_actual(), Facultad.RADICAR)
        else url_for("casos.ver", case_key=e.caso.case_key),
        "error": "",
    }
