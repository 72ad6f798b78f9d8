"""Entering with a passkey, which stands for the password and its second factor; or for the second
factor after the password."""

from flask import abort, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from records.controles.reglas.accesos import INGRESO_FALLIDO, INGRESO_FRENADO
from records.cuentas import llaves_de_acceso as registro
from records.cuentas.reglas.frenos import UNA_HORA, Cupo
from webforms.base import frenos
from webforms.base.formatos import hora
from webforms.base.frenos import Frenado
from webforms.base.quienes import PUBLICO
from webforms.base.rutas import Rutas
from webforms.base.security import Usuario, usuario_por_nombre
from webforms.base.servicios import servicios
from webforms.base.texto_llevado import desempacar
from webforms.cuentas import ingreso, llaves_de_acceso as llaves
from webforms.cuentas.ingreso import ANONIMO, IngresoForm
from webforms.cuentas.llaves_de_acceso import LlaveMala

rutas = Rutas()


# an office whose people all begin at eight
@rutas.post("/ingresar/llave/opciones", para=PUBLICO, cupo=Cupo(600, UNA_HORA))
def opciones_de_llave() -> ResponseReturnValue:
    if llaves.aqui() is None:
        abort(404)
    dichas, pregunta = llaves.para_entrar()
    return jsonify(opciones=dichas, pregunta=pregunta)


@rutas.post("/ingresar/llave", para=PUBLICO)
def con_llave() -> ResponseReturnValue:
    """`pendiente`: of whoever has shown the password; then only a key of that account will do."""
    s = servicios()
    ahora, respuesta = s.clock.now(), request.form.get("respuesta", "")
    llevado = desempacar(request.form.get("_firma", ""), request.form.get("_llevado", ""))
    try:
        with frenos.intento(
            {frenos.llave("de", frenos.de_donde(request.remote_addr)): frenos.DIRECCION}, ahora
        ) as fallo:
            usuario = _de_quien(respuesta)
            if usuario is None:
                fallo()
    except Frenado as freno:
        if not freno.anotada:
            s.engine.log_access(ANONIMO, INGRESO_FRENADO, "llave", now=ahora)
        return ingreso.pagina(
            IngresoForm(formdata=None),
            llevado,
            hasta=hora(ahora + freno.espera, segundos=True),
            codigo=429,
        )
    if usuario is None:
        s.engine.log_access(ANONIMO, INGRESO_FALLIDO, "llave", now=ahora)
        error = _("Esa llave no sirve aquí. Entre con su usuario y su contraseña.")
        return ingreso.pagina(IngresoForm(formdata=None), llevado, error=error, codigo=422)
    return ingreso.entrar(usuario, llevado, ahora)


def _de_quien(respuesta: str) -> Usuario | None:
    """Whose key signed our question; None: nobody's, or of an account that is switched off, or
    another than the pending one."""
    s = servicios()
    now, firma = s.clock.now(), request.form.get("pendiente", "")
    try:
        credencial = llaves.cual(respuesta)
        with s.uow.reading() as session:
            hallada = registro.por_credencial(session, credencial)
        if hallada is None:
            return None
        contador = llaves.firmada(hallada[0], request.form.get("pregunta", ""), respuesta, now)
    except LlaveMala:
        return None
    usuario = usuario_por_nombre(hallada[1])
    if usuario is None or not usuario.active or (firma and ingreso.pendiente(firma) != usuario):
        return None

    def usar(session: Session) -> bool:
        return registro.usar(session, hallada[0].id, contador, now)

    return usuario if s.uow.run(usar) else None
