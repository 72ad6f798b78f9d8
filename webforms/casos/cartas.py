"""Letters to a person who chose paper (5.2.14): printed with the address, and registered when they
were sent or handed over."""

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from common.language import speaking
from engine import reads
from engine.types import Noting
from records.base.actos import Acto
from records.base.consultas import obtener
from records.base.errores import NoExiste
from records.base.reglas.entidad import aqui
from records.casos import registro
from records.casos.casos import adjuntos_de, ultima_respuesta
from records.casos.expediente import Expediente
from records.casos.reglas.notas import NOTA
from records.correo import avisos
from records.correo.tablas import Aviso
from records.cuentas.reglas.roles import Facultad
from records.lugares.divipola import MUNICIPIOS
from records.lugares.tablas import Punto
from records.personas import personas
from webforms.base.ajustes import ajustes
from webforms.base.guias import DOCUMENTAL, Ayuda
from webforms.base.hojas import Hoja
from webforms.base.quienes import ANOTA, PERSONA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual, puede
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.casos.cabecera import exigir, ficha
from webforms.casos.escritos import CAUSAS

rutas = Rutas()

#: Why a letter is on paper; else the person asked for it.
_POR_QUE = {
    avisos.CORREO_DUDOSO: _l("Su correo devolvió un mensaje anterior."),
    avisos.SIN_CORREO: _l("No se conoce un correo de la persona."),
}
MAX_NOTA = 300
CONSTANCIA = (3, 200)  # letters of the guide or of who received it


# Letters on paper: whoever may see the case, and document management.
@rutas.get(
    "/caso/<case_key>/carta/<int:aviso_id>",
    para=PERSONA,
    ayuda=Ayuda(_l("Una carta del caso, lista para imprimir y entregar."), DOCUMENTAL),
)
def carta(case_key: str, aviso_id: int) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        hoja = _hoja(session, case_key, aviso_id)
    return hoja.mostrar()


@rutas.get(
    "/caso/<case_key>/carta",
    para=PERSONA,
    ayuda=Ayuda(_l("La respuesta del caso en papel, lista para imprimir y entregar."), DOCUMENTAL),
)
def carta_respuesta(case_key: str) -> ResponseReturnValue:
    """The answer of the case (M5-1-01 act. 14), for whoever delivers it by another medium; their
    task registers it."""
    with servicios().uow.reading() as session:
        e = _caso(session, case_key)
        respuesta = ultima_respuesta(session, e.caso.id, "enviada") if e is not None else None
        if e is None or respuesta is None:
            abort(404)
        lengua = avisos.datos_aviso(session, e.caso.id).idioma
        with speaking(lengua):
            asunto = _("Respuesta a su radicado %(r)s", r=e.caso.radicado or "")
            saludo, firma = _("Reciba un cordial saludo."), aqui().firma
            van = "".join(f"\n- {a.nombre}" for a in adjuntos_de(session, respuesta.id))
            anexos = f"\n\n{_('Anexos')}:{van}" if van else ""
        texto = f"{saludo}\n\n{respuesta.texto}{anexos}\n\n{firma}"
        escrita = {"asunto": asunto, "texto": texto, "lengua": lengua, "aviso": None}
        hoja = Hoja("casos/carta.html", {**_comunes(session, case_key, e), **escrita})
    return hoja.mostrar()


@rutas.post(
    "/caso/<case_key>/carta/<int:aviso_id>",
    para=PERSONA,
    haria=_l("Registrar la entrega de una carta"),
)
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

    dicho = f"Se entregó en papel «{asunto}». Constancia: {constancia}."
    try:
        s.engine.notes.add(
            case_key, dicho, actor=actor_actual(), now=s.clock.now(), kind=NOTA, records=registros
        )
    except NoExiste:
        flash(_("Otra persona ya registró la entrega de esta carta."), "ambar")
    else:
        flash(_("Entrega registrada. Queda en las notas del caso."), "verde")
    if puede(actor_actual(), Facultad.RADICAR):
        return redirect(url_for("radicacion.lista", vista="cartas"))
    return redirect(url_for("casos.ver", case_key=case_key))


@rutas.post(
    "/caso/<case_key>/carta/<int:aviso_id>/devuelta",
    para=ANOTA,
    haria=_l("Registrar que una carta volvió"),
)
def devolver_carta(case_key: str, aviso_id: int) -> ResponseReturnValue:
    """It came back: why is kept with the case, and it waits to be delivered again."""
    s = servicios()
    causa, nota = (
        request.form.get("causa", ""),
        " ".join(str(limpiar(request.form.get("nota", ""))).split()),
    )
    error = ""
    if causa not in CAUSAS:
        error = _("Elija por qué volvió")
    elif len(nota) > MAX_NOTA or (causa == "otra" and not nota):
        error = _("Escriba qué pasó, en máximo %(n)s letras", n=MAX_NOTA)
    with s.uow.reading() as session:
        hoja = _hoja(session, case_key, aviso_id)
        asunto = hoja.valores["asunto"]
    if error:
        return Hoja(
            "casos/carta.html",
            {**hoja.valores, "error_devuelta": error, "causa": causa, "nota": nota},
            422,
        ).mostrar()
    actor, now = actor_actual(), s.clock.now()
    dicho = f"Volvió la carta «{asunto}»: {CAUSAS[causa]}. {nota}".strip()

    def registros(n: Noting) -> None:
        avisos.devolver_carta(n.session, aviso_id, causa, nota, Acto(actor.id, n.now, case_key))

    try:
        s.engine.notes.add(case_key, dicho, actor=actor, now=now, kind=NOTA, records=registros)
    except NoExiste:
        flash(_("La carta no está entregada, u otra persona ya registró que volvió."), "ambar")
    else:
        flash(_("Registrado. La carta espera otra vez su entrega."), "verde")
    return redirect(url_for("casos.carta", case_key=case_key, aviso_id=aviso_id))


@rutas.post(
    "/caso/<case_key>/correo",
    para=ANOTA,
    haria=_l("Enviar a la persona el enlace para confirmar su correo"),
)
def pedir_confirmacion(case_key: str) -> ResponseReturnValue:
    """The link that confirms the address once more: the person is at the desk, or on the telephone,
    and says that it is theirs."""
    s = servicios()
    with s.uow.reading() as session:
        exigir(session, case_key)
        e = ficha(session, case_key)
    if e is None:
        abort(404)

    def registros(n: Noting) -> None:
        nuevo = avisos.confirmacion(n.session, e.caso.id, now=n.now)
        if nuevo is None or not avisos.avisar(
            avisos.DesdeOrden(n.session, n.now, n.enqueue, case_key), nuevo
        ):
            raise NoExiste

    dicho = "Pidió a la persona confirmar su correo con un enlace."
    try:
        s.engine.notes.add(
            case_key, dicho, actor=actor_actual(), now=s.clock.now(), kind=NOTA, records=registros
        )
    except NoExiste:
        flash(_("No hace falta: el correo está confirmado, o el enlace acaba de salir."), "ambar")
    else:
        flash(_("El enlace para confirmar salió a su correo."), "verde")
    return redirect(url_for("casos.ver", case_key=case_key))


def _hoja(session: Session, case_key: str, aviso_id: int, constancia: str | None = None) -> Hoja:
    """`constancia`: what was sent with the form; None: nothing was."""
    e = _caso(session, case_key)
    aviso = session.get(Aviso, aviso_id)
    suyo = aviso is not None and (
        aviso.caso_id == e.caso.id
        if e is not None
        else aviso.caso_id is None and aviso.case_key == case_key
    )
    if (
        aviso is None
        or not suyo
        or aviso.tipo not in avisos.AL_USUARIO
        or (aviso.para and aviso.devuelto is None)
    ):
        abort(404)
    menos, mas = CONSTANCIA
    mala = constancia is not None and not menos <= len(constancia) <= mas
    valores = {
        "asunto": aviso.asunto,
        "texto": avisos.con_sitio(aviso.texto, ajustes().base_url.rstrip("/")),
        "aviso": aviso,
        "lengua": aviso.idioma,
        "volvieron": avisos.devoluciones(session, [aviso.id]).get(aviso.id, []),
        "causas": {codigo: _(dicha) for codigo, dicha in CAUSAS.items()},
        "por_que": _POR_QUE.get(aviso.error or "", _l("La persona pidió sus mensajes en papel.")),
        "constancia": constancia or "",
        "error": _("Escriba la guía o quién la recibió, entre 3 y 200 letras") if mala else "",
    }
    return Hoja(
        "casos/carta.html", {**_comunes(session, case_key, e), **valores}, 422 if mala else 200
    )


def _caso(session: Session, case_key: str) -> Expediente | None:
    """Whoever may see the case, and document management, which sends letters; the look is recorded.
    None: of another procedure."""
    s, actor = servicios(), actor_actual()
    if puede(actor, Facultad.RADICAR):
        s.engine.log_access(
            actor, "carta", case_key, now=s.clock.now(), detail={"pagina": str(request.endpoint)}
        )
    else:
        exigir(session, case_key)
    e = ficha(session, case_key)
    if e is None and not reads.instances.of_case(session, case_key):
        abort(404)
    return e


def _comunes(session: Session, case_key: str, e: Expediente | None) -> dict[str, Any]:
    radica = puede(actor_actual(), Facultad.RADICAR)
    return {
        "case_key": case_key,
        **(_de_un_expediente(session, e) if e is not None else _de_otro(session, case_key)),
        "hoy_largo": servicios().clock.now(),
        "volver": url_for("radicacion.lista", vista="cartas")
        if radica
        else url_for("casos.ver", case_key=case_key),
        "error": "",
    }


def _de_un_expediente(session: Session, e: Expediente) -> dict[str, Any]:
    datos, punto = (
        personas.datos_vigentes(session, e.persona.id),
        obtener(session, Punto, e.caso.punto_id),
    )
    return {
        "numero": e.caso.radicado or "",
        "nombre": e.persona.nombre,
        "punto": punto.nombre,
        "direccion": datos.get("direccion", ""),
        "municipio": MUNICIPIOS.get(datos.get("municipio", ""), datos.get("municipio", "")),
        "sin_direccion": _("Sin dirección registrada: búsquela en los datos de la persona."),
    }


def _de_otro(session: Session, case_key: str) -> dict[str, Any]:
    suyo = registro.ficha(session, case_key)
    return {
        "numero": suyo.numero if suyo is not None else "",
        "nombre": suyo.nombre if suyo is not None else "",
        "punto": "",
        "direccion": "",
        "municipio": "",
        "sin_direccion": _(
            "El registro de este caso no guarda una dirección: búsquela en el caso y escríbala en el sobre."
        ),
    }
