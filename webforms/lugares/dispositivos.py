"""Kiosks, boards and rating tablets: registered by an administrator, activated once with a link,
revoked in one click.

The link holds a code that works once and for 24 hours; the browser that uses it keeps a long-lived
cookie that no script reads.
"""

import datetime as dt
import re
import secrets

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.base.errores import EnlaceInvalido
from records.cuentas.reglas.roles import DISPOSITIVOS, QUIOSCO, TABLERO, TABLETA
from records.lugares import dispositivos as equipos
from records.lugares.puntos import puntos
from records.lugares.tablas import Dispositivo
from webforms import campos as c
from webforms.base import llevados, palabras
from webforms.base.guias import EQUIPOS, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.personas import nombres_de
from webforms.base.quienes import ADMINISTRA, PUBLICO
from webforms.base.rutas import Rutas
from webforms.base.security import GALLETA_DISPOSITIVO, actor_actual
from webforms.base.servicios import servicios
from webforms.navegador import galletas
from webforms.navegador.ficha import ConFicha

rutas = Rutas()

DURACION = dt.timedelta(days=400)  # the longest that browsers keep a cookie
TIPOS = {tipo.codigo: _l(tipo.nombre) for tipo in DISPOSITIVOS.values()}
PRIMERA_PAGINA = {QUIOSCO: "quiosco.inicio", TABLERO: "tablero.pagina", TABLETA: "tableta.espera"}


class EquipoForm(ConFicha):
    tipo = c.OpcionField(
        _l("Tipo de equipo"), c.exige(_l("Elija el tipo de equipo")), choices=list(TIPOS.items())
    )
    punto = c.ListaField(_l("Punto de atención"), c.exige(_l("Elija el punto de atención")))
    modulo = c.TextoField(
        _l("Módulo"),
        c.opcional(c.hasta(10), c.patron(r"[\w-]+", _l("Escriba el módulo con letras y números"))),
        description=_l("Solo para tabletas: el módulo donde está, por ejemplo 7"),
    )

    def validate(self, extra_validators: object = None) -> bool:
        correcto = bool(super().validate(extra_validators))
        if self.tipo.data == TABLETA and not self.modulo.data:
            self.modulo.errors = [_("Escriba el módulo donde está la tableta")]
            return False
        return correcto

    @property
    def errores(self) -> list[tuple[str, str]]:
        return c.con_su_nombre(self)


def _formulario(session: Session) -> EquipoForm:
    form = EquipoForm()
    form.punto.choices = [(punto.codigo, punto.nombre) for punto in puntos(session)]
    return form


def _codigo_nuevo(session: Session, tipo: str, punto_id: str, modulo: str) -> str:
    """ "quiosco.bog-agu.2": what the history shows as the actor."""
    base = ".".join(parte for parte in (tipo, punto_id.lower(), modulo.lower()) if parte)
    usados = {equipo.codigo for equipo in equipos.dispositivos(session)}
    n = 1
    while f"{base}.{n}" in usados:
        n += 1
    return f"{base}.{n}"


@rutas.get(
    "/equipos",
    para=ADMINISTRA,
    ayuda=Ayuda(_l("Los quioscos, tableros y tabletas, y cómo activar otro."), EQUIPOS),
    menu=Entrada(Grupo.AJUSTES, _l("Equipos"), 3),
)
def lista() -> ResponseReturnValue:
    return _pagina()


def _pagina(form: EquipoForm | None = None, codigo: int = 200) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        filas = equipos.dispositivos(session)
        quienes = nombres_de(session, {equipo.registrado_por for equipo in filas})
        form = form or _formulario(session)
    return render_template(
        "lugares/dispositivos/lista.html", filas=filas, quienes=quienes, form=form
    ), codigo


def _registrar_acceso(clase: str, codigo: str) -> None:
    servicios().engine.log_access(
        actor_actual(), clase, f"equipo/{codigo}", now=servicios().clock.now()
    )


def _mostrar_enlace(codigo: str, activacion: str) -> ResponseReturnValue:
    enlace = llevados.enlace(llevados.ACTIVAR, activacion)
    return render_template("lugares/dispositivos/enlace.html", codigo=codigo, enlace=enlace)


@rutas.post("/equipos", para=ADMINISTRA, haria=_l("Registrar un equipo"))
def registrar() -> ResponseReturnValue:
    s, activacion = servicios(), secrets.token_urlsafe(24)
    with s.uow.reading() as session:
        form = _formulario(session)
        if not form.validate():
            return _pagina(form, 422)
        tipo, punto_id = str(form.tipo.data), str(form.punto.data)
        modulo = str(form.modulo.data) if tipo == TABLETA else ""

    def guardar(session: Session) -> str:
        # of two at once, the second is run again and takes the next
        codigo = _codigo_nuevo(session, tipo, punto_id, modulo)
        nuevo = equipos.NuevoDispositivo(
            codigo, tipo, punto_id, modulo or None, secrets.token_urlsafe(32)
        )
        equipos.registrar_dispositivo(session, nuevo, Acto(actor_actual().id, s.clock.now()))
        equipos.pedir_activacion(session, codigo, activacion, now=s.clock.now())
        return codigo

    codigo = s.uow.run(guardar)
    _registrar_acceso("equipo_registrado", codigo)
    return _mostrar_enlace(codigo, activacion)


@rutas.post(
    "/equipos/<codigo>/enlace", para=ADMINISTRA, haria=_l("Pedir otro enlace para un equipo")
)
def otro_enlace(codigo: str) -> ResponseReturnValue:
    """For a device that was set up again: the old cookie stops working."""
    s, activacion = servicios(), secrets.token_urlsafe(24)
    s.uow.run(
        lambda session: equipos.pedir_activacion(session, codigo, activacion, now=s.clock.now())
    )
    _registrar_acceso("equipo_enlace", codigo)
    return _mostrar_enlace(codigo, activacion)


@rutas.post("/equipos/<codigo>/revocar", para=ADMINISTRA, haria=_l("Revocar un equipo"))
def revocar(codigo: str) -> ResponseReturnValue:
    servicios().uow.run(lambda session: equipos.desactivar(session, codigo))
    _registrar_acceso("equipo_revocado", codigo)
    flash(_("Ya no puede usarse: %(codigo)s.", codigo=palabras.equipo(codigo) or codigo), "verde")
    return redirect(url_for("dispositivos.lista"))


# --- on the device --------------------------------------------------------------------------------
def _valida(activacion: str) -> bool:
    return re.fullmatch(r"[\w-]{20,60}", activacion, re.ASCII) is not None


@rutas.get("/activar/<activacion>", para=PUBLICO)
def activar(activacion: str) -> ResponseReturnValue:
    """Only shows which device this browser would become: previews of the link must not use it
    up."""
    activacion = llevados.leer(llevados.ACTIVAR, activacion)
    with servicios().uow.reading() as session:
        equipo = (
            equipos.por_activacion(session, activacion, servicios().clock.now())
            if _valida(activacion)
            else None
        )
    return render_template(
        "lugares/dispositivos/activar.html", equipo=equipo, tipos=TIPOS
    ), 200 if equipo else 404


@rutas.post("/activar/<activacion>", para=PUBLICO)
def confirmar(activacion: str) -> ResponseReturnValue:
    activacion = llevados.leer(llevados.ACTIVAR, activacion)
    s, token = servicios(), secrets.token_urlsafe(32)

    def usar(session: Session) -> Dispositivo | None:
        equipos.activar(session, activacion, token, now=s.clock.now())
        return equipos.por_token(session, token)

    try:
        equipo = s.uow.run(usar)
    except EnlaceInvalido:
        return render_template("lugares/dispositivos/activar.html", equipo=None, tipos=TIPOS), 404
    destino = PRIMERA_PAGINA.get(equipo.tipo if equipo else "", "")
    respuesta = redirect(
        url_for(destino) if destino in current_app.view_functions else url_for("inicio.inicio")
    )
    galletas.poner(respuesta, GALLETA_DISPOSITIVO, token, DURACION)
    return respuesta
