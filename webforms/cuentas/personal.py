"""Who enters, what they may do and where. Each change asks for a reason and stays in the person's
history."""

import datetime as dt
import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from engine import reads
from engine.errors import EngineError
from records.base import cambios as registro
from records.base.actos import Acto
from records.base.cambios import Anotado
from records.base.errores import DatoInvalido, EnUnCampo, NoExiste, Rechazo
from records.cuentas import (
    aprobaciones,
    carriles,
    cuentas,
    llaves_de_acceso,
    personal,
    segundo_factor,
    sesiones as sesiones_abiertas,
)
from records.cuentas.ausencias import ausencias_hoy
from records.cuentas.cifrado import SIN_CLAVE
from records.cuentas.cuentas import NuevaCuenta
from records.cuentas.enlaces_de_clave import NUEVA, PRIMERA
from records.cuentas.personal import Datos, FiltroPersonas, RolPedido
from records.cuentas.reglas import identidad
from records.cuentas.reglas.identidad import Identificado
from records.cuentas.reglas.roles import CON_PODER
from records.cuentas.sesiones import Cierre
from records.cuentas.tablas import Aprobacion, Ausencia, Cuenta
from webforms.base import cambios, dos_personas, sesiones
from webforms.base.cambios import Obra
from webforms.base.entrada import entero
from webforms.base.formatos import dia_local
from webforms.base.guias import ADMINISTRADOR, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.personas import nombres_de
from webforms.base.quienes import GOBIERNA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos import dia_escrito, limpiar
from webforms.cuentas import claves
from webforms.navegador import cual

rutas = Rutas()
log = logging.getLogger(__name__)

POR_PAGINA = 25
VISTAS: Mapping[str, Any] = {
    "activas": _l("Activas"),
    "ausentes": _l("Ausentes hoy"),
    "por_activar": _l("Por activar"),
    "sin_entrar": _l("Sin entrar en 60 días"),
    "retiradas": _l("Inactivas"),
    "todas": _l("Todas"),
}
TRES_DIAS = dt.timedelta(days=3)


class Numerada(NamedTuple):
    numero: int
    paginas: int


def exigir_cuenta(session: Session, usuario: str) -> Cuenta:
    """NoExiste (404) for what could be no account."""
    if not usuario.isprintable():
        raise NoExiste
    return cuentas.cuenta(session, usuario)


# --- the list -------------------------------------------------------------------------------------
# Nobody for themselves (records/cuentas/personal.py).
@rutas.get(
    "/personas",
    para=GOBIERNA,
    ayuda=Ayuda(_l("Quién entra, con qué roles y dónde."), ADMINISTRADOR),
    menu=Entrada(Grupo.AJUSTES, _l("Personas"), 1),
)
def lista() -> ResponseReturnValue:
    s = servicios()
    now = s.clock.now()
    pedido = {k: limpiar(request.args.get(k, ""))[:80] for k in ("texto", "rol", "ambito", "vista")}
    filtro = FiltroPersonas(
        pedido["texto"],
        pedido["rol"],
        pedido["ambito"],
        pedido["vista"] if pedido["vista"] in VISTAS else "activas",
    )
    numero = max(1, request.args.get("pagina", 1, type=entero) or 1)
    with s.uow.reading() as session:
        hallados = personal.buscar(session, filtro, now, min(numero, 10_000), POR_PAGINA)
        usuarios = [f.cuenta.usuario for f in hallados.fichas]
        fuera = ausencias_hoy(session, usuarios, now)
        valores = {
            "fichas": hallados.fichas,
            "total": hallados.total,
            "vistas": VISTAS,
            "conteos": personal.cuantas_por_vista(session, now),
            "tiene": reads.items.number_held(session, usuarios),
            "fuera": fuera,
            "nombres": nombres_de(session, {a.sustituto for a in fuera.values()}),
            **_ofrecidos(session),
        }
    paginada = Numerada(numero, math.ceil(hallados.total / POR_PAGINA))
    args = {k: v for k, v in request.args.items() if k in ("texto", "rol", "ambito", "vista")}
    return render_template(
        "cuentas/personal.html",
        filtro=filtro,
        pagina=paginada,
        q=args,
        dicho=cambios.rol_dicho,
        **valores,
    )


def _ofrecidos(session: Session) -> dict[str, Any]:
    """Roles that may be given, and places by their list."""
    roles = sorted(carriles.que_se_dan(session).values(), key=lambda r: r.nombre)
    listas, valores = carriles.alcances(session), carriles.valores(session)
    return {
        "roles": roles,
        "listas": listas,
        "lugares": [(listas[v], valores[v]) for v in listas if valores.get(v)],
    }


# --- a new one ------------------------------------------------------------------------------------
@rutas.get(
    "/personas/nueva",
    para=GOBIERNA,
    ayuda=Ayuda(_l("Aquí crea la cuenta de una persona, con su primer rol."), ADMINISTRADOR),
    menu=Entrada(Grupo.AJUSTES, _l("Persona nueva")),
)
@rutas.post("/personas/nueva", para=GOBIERNA, haria=_l("Agregar una persona"))
def nueva() -> ResponseReturnValue:
    escrito = {
        k: limpiar(request.form.get(k, ""))[:600]
        for k in ("nombre", "correo", "usuario", *DEL_ROL, "motivo", "enlace")
    }
    error, faltas = "", dict[str, str]()
    if request.method == "POST":
        usuario = escrito["usuario"].lower() or personal.usuario_de(escrito["correo"])

        aparte = escrito["rol"] in CON_PODER and dos_personas.se_pide(dos_personas.DE_LA_ENTIDAD)

        def crear(session: Session, acto: Acto) -> list[Anotado]:
            datos = personal.revisar_datos(Datos(escrito["nombre"], escrito["correo"]))
            cuenta = NuevaCuenta(
                usuario, datos.nombre, datos.correo, SIN_CLAVE, claves.sesion_nueva()
            )
            hechos = [personal.crear(session, cuenta, escrito["motivo"], acto)]
            return (
                [*hechos, *_dar_rol(session, usuario, escrito, acto)]
                if escrito["rol"] and not aparte
                else hechos
            )

        faltas = _faltas_de_nueva(usuario, escrito)
        error = "" if faltas else cambios.intentar(crear)
        if faltas or error:
            return _pagina_nueva(escrito, error, faltas)
        if aparte:
            try:
                cambios.hacer_o_pedir(
                    DAR_ROL, usuario, {k: escrito[k] for k in (*DEL_ROL, "motivo")}
                )
            except Rechazo as rechazo:
                flash(_("La cuenta quedó creada, sin el rol: %(r)s", r=rechazo), "ambar")
        try:
            direccion = claves.dar(
                usuario,
                PRIMERA,
                actor_actual(),
                por_correo=escrito["enlace"] != "papel",
                vigencia=TRES_DIAS,
            )
        except (Rechazo, EngineError, SQLAlchemyError):
            log.exception("no link for a new account")
            flash(
                _(
                    "Creada, pero el enlace para su contraseña no salió. Dele otro abajo, en «Contraseña»."
                ),
                "ambar",
            )
            return redirect(url_for("personas.ver", usuario=usuario))
        if escrito["enlace"] == "papel":
            return _hoja(usuario, direccion)
        flash(
            _(
                "Creada. Le enviamos a %(c)s un enlace para poner su contraseña: vale 3 días.",
                c=escrito["correo"],
            ),
            "verde",
        )
        return redirect(url_for("personas.ver", usuario=usuario))
    return _pagina_nueva(escrito)


def _pagina_nueva(
    escrito: Mapping[str, str], error: str = "", faltas: Mapping[str, str] | None = None
) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        ofrecidos = _ofrecidos(session)
    pagina = render_template(
        "cuentas/persona_nueva.html",
        escrito=escrito,
        error=error,
        faltas=faltas or {},
        **ofrecidos,
    )
    return pagina, 422 if error or faltas else 200


# --- everything that is wrong with a form, at once ------------------------------------------------
def _faltas_de_nueva(usuario: str, escrito: Mapping[str, str]) -> dict[str, str]:
    """By field, in the order of the page. A user name that was to be made of a bad address is not
    wrong itself."""
    s = servicios()
    with s.uow.reading() as session:
        faltas = personal.faltas_de_datos(Datos(escrito["nombre"], escrito["correo"]))
        if escrito["usuario"] or "correo" not in faltas:
            faltas = {**personal.faltas_de_cuenta(session, usuario, escrito["correo"]), **faltas}
        del_rol = _faltas_de_rol(session, escrito, s.clock.now()) if escrito["rol"] else {}
    return _en_orden(("nombre", "correo", "usuario"), faltas) | del_rol | _falta_de_motivo(escrito)


def _en_orden(campos: Sequence[str], faltas: Mapping[str, str]) -> dict[str, str]:
    return {campo: faltas[campo] for campo in campos if campo in faltas}


def _faltas_de_rol(
    session: Session, escrito: Mapping[str, str], now: dt.datetime
) -> dict[str, str]:
    faltas, dias = dict[str, str](), dict[str, dt.date | None]()
    for campo in ("desde", "hasta"):
        try:
            dias[campo] = _dia(escrito[campo])
        except DatoInvalido as falta:
            faltas[campo] = str(falta)
    pedido = RolPedido(
        escrito["rol"], escrito["ambito"] or None, dias.get("desde"), dias.get("hasta")
    )
    for revisar in (
        lambda: personal.revisar_rol(session, pedido),
        lambda: personal.dias_del_rol(pedido, now),
    ):
        try:
            revisar()
        except EnUnCampo as falta:
            faltas.setdefault(falta.campo, str(falta))
    return _en_orden(DEL_ROL, faltas)


def _falta_de_motivo(escrito: Mapping[str, str]) -> dict[str, str]:
    try:
        registro.exigir_motivo(escrito["motivo"])
    except DatoInvalido as falta:
        return {"motivo": str(falta)}
    return {}


def _faltas_de_datos(suya: Cuenta, escrito: Mapping[str, str]) -> dict[str, str]:
    """Nothing of who changes nothing."""
    if (suya.nombre, suya.correo) == (
        " ".join(escrito["nombre"].split()),
        escrito["correo"].lower(),
    ):
        return {}
    return personal.faltas_de_datos(Datos(escrito["nombre"], escrito["correo"])) | _falta_de_motivo(
        escrito
    )


DEL_ROL = ("rol", "ambito", "desde", "hasta")


def rol_pedido(escrito: Mapping[str, str]) -> RolPedido:
    """Of a form. DatoInvalido: a day that is none."""
    return RolPedido(
        escrito["rol"], escrito["ambito"] or None, _dia(escrito["desde"]), _dia(escrito["hasta"])
    )


def _dia(escrito: str) -> dt.date | None:
    if not escrito:
        return None
    dia = dia_escrito(escrito)
    if dia is None:
        raise DatoInvalido(_("«%(d)s» no es un día: escríbalo como 27/11/2026.", d=escrito[:40]))
    return dia


def _hoja(usuario: str, direccion: str) -> ResponseReturnValue:
    """To be printed and handed over: the link is shown this once."""
    with servicios().uow.reading() as session:
        suya = exigir_cuenta(session, usuario)
    return render_template("cuentas/hoja.html", hojas=[(suya.nombre, usuario, direccion)])


# --- one of them ----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Tiene:
    """What a person has in hand."""

    tareas: Sequence[Any]
    borradores: Mapping[str, int]  # of forms, of diagrams
    ausencias: Sequence[Ausencia]


def lo_que_tiene(session: Session, usuario: str, now: dt.datetime) -> Tiene:
    return Tiene(
        reads.items.held_by(session, usuario),
        {
            "formularios": len(reads.items.drafts_of(session, usuario)),
            "diagramas": len(reads.releases.model_drafts(session, usuario)),
        },
        personal.ausencias_de(session, usuario, dia_local(now)),
    )


@dataclass(frozen=True, slots=True)
class Intento:
    """What was sent and why it was not done."""

    error: str = ""
    de: str = ""  #: which form
    escrito: Mapping[str, str] = field(default_factory=dict)
    faltas: Mapping[str, str] = field(default_factory=dict)  #: by field


@rutas.get(
    "/personas/<usuario>",
    para=GOBIERNA,
    ayuda=Ayuda(_l("Una persona: sus roles, lo que tiene a cargo y su acceso."), ADMINISTRADOR),
)
def ver(usuario: str) -> ResponseReturnValue:
    return _pagina(usuario)


def _pagina(usuario: str, intento: Intento | None = None) -> ResponseReturnValue:
    intento, s = intento or Intento(), servicios()
    now = s.clock.now()
    with s.uow.reading() as session:
        suya = exigir_cuenta(session, usuario)
        historia = cambios.historia(session, registro.de(session, personal.CUENTA, usuario))
        roles, tiene = personal.roles_de(session, usuario, now), lo_que_tiene(session, usuario, now)
        esperan = [
            (f, DE_DOS[f.obra].nombre, cambios.pedido_en_palabras(session, f.pedido))
            for f in _esperan(session, usuario)
        ]
        quienes = {r.asignado_por for r in roles} | {f.pedida_por for f, _n, _d in esperan}
        valores = {
            "nombres": nombres_de(
                session, quienes | {n for a in tiene.ausencias for n in (a.usuario, a.sustituto)}
            ),
            "segundo": segundo_factor.de(session, usuario),
            "llaves": len(llaves_de_acceso.de(session, usuario)),
            "sesiones": sesiones_abiertas.abiertas(session, usuario, now, sesiones.sin_uso()),
            "esperan": esperan,
            **_ofrecidos(session),
        }
    yo = usuario == actor_actual().id
    mas = {
        "estrenada": cuentas.estrenada(suya),
        "historia": historia,
        "suyos": roles,
        "tiene": tiene,
        "yo": yo,
        "navegador": cual.en_palabras,
        "maximo": registro.MAX_MOTIVO,
        "como_se_identifica": identidad.COMO,
        **valores,
    }
    return (
        render_template(
            "cuentas/persona.html",
            suya=suya,
            intento=intento,
            dicho=cambios.rol_dicho,
            ahora=now,
            **mas,
        ),
        422 if intento.error or intento.faltas else 200,
    )


def _hecho(
    usuario: str, de: str, cambiar: cambios.Cambiar, escrito: Mapping[str, str], dice: str
) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        exigir_cuenta(session, usuario)
    error = cambios.intentar(cambiar)
    if error:
        return _pagina(usuario, Intento(error, de, escrito))
    flash(dice, "verde")
    return redirect(url_for("personas.ver", usuario=usuario))


def _escrito(*campos: str) -> dict[str, str]:
    return {k: limpiar(request.form.get(k, ""))[:600] for k in (*campos, "motivo")}


# What makes somebody powerful, or lets another person enter as them, takes two; what takes power
# away is done at once.
def _dar_rol(session: Session, usuario: str, e: cambios.Datos, acto: Acto) -> Sequence[Anotado]:
    hechos = personal.dar_rol(session, usuario, rol_pedido(e), e["motivo"], acto)
    if not hechos:
        raise DatoInvalido(_("Ya tiene ese rol allí."))
    return hechos


def _corregir(session: Session, usuario: str, e: cambios.Datos, acto: Acto) -> Sequence[Anotado]:
    return personal.corregir(session, usuario, Datos(e["nombre"], e["correo"]), e["motivo"], acto)


def _activar(session: Session, usuario: str, e: cambios.Datos, acto: Acto) -> Sequence[Anotado]:
    return [personal.activar(session, usuario, e["motivo"], acto)]


def _quitar_segundo(
    session: Session, usuario: str, e: cambios.Datos, acto: Acto
) -> Sequence[Anotado]:
    identificado = Identificado(e.get("identificado", ""), e.get("confirmo", "").lower())
    return segundo_factor.quitar_de_otro(session, usuario, e["motivo"], identificado, acto)


def _alli(usuario: str) -> str:
    return url_for("personas.ver", usuario=usuario)


DAR_ROL = Obra("rol", _l("Dar un rol que cambia las reglas o ve todo"), _dar_rol, _alli)
CORREGIR = Obra(
    "datos", _l("Cambiar el correo de quien cambia las reglas o ve todo"), _corregir, _alli
)
ACTIVAR = Obra(
    "activar", _l("Activar la cuenta de quien cambia las reglas o ve todo"), _activar, _alli
)
QUITAR_SEGUNDO = Obra(
    "segundo",
    _l("Quitar el segundo factor de quien cambia las reglas o ve todo"),
    _quitar_segundo,
    _alli,
)

#: What of one person waits for somebody else, by its code.
DE_DOS = {obra.codigo: obra for obra in (DAR_ROL, CORREGIR, ACTIVAR, QUITAR_SEGUNDO)}


def _esperan(session: Session, usuario: str) -> Sequence[Aprobacion]:
    return aprobaciones.pendientes_de(session, DE_DOS, usuario)


def _de_dos(
    usuario: str, de: str, obra: Obra, e: Mapping[str, str], dice: str
) -> ResponseReturnValue:
    """As `_hecho`, by two persons where the agency wants it so."""
    with servicios().uow.reading() as session:
        exigir_cuenta(session, usuario)
    try:
        hecho = cambios.hacer_o_pedir(obra, usuario, e)
    except Rechazo as rechazo:
        return _pagina(usuario, Intento(str(rechazo), de, e))
    if hecho:
        flash(dice, "verde")
    return redirect(url_for("personas.ver", usuario=usuario))


def _con_poder(usuario: str) -> bool:
    s = servicios()
    with s.uow.reading() as session:
        exigir_cuenta(session, usuario)
        return personal.tiene_poder(session, usuario, s.clock.now())


@rutas.post(
    "/personas/<usuario>/datos",
    para=GOBIERNA,
    haria=_l("Corregir los datos de una persona"),
    de_peso=True,
)
def corregir(usuario: str) -> ResponseReturnValue:
    e = _escrito("nombre", "correo")
    with servicios().uow.reading() as session:
        suya = exigir_cuenta(session, usuario)
        cambia_correo, faltas = suya.correo != e["correo"].lower(), _faltas_de_datos(suya, e)
    if faltas:
        return _pagina(usuario, Intento(de="datos", escrito=e, faltas=faltas))
    if cambia_correo and _con_poder(usuario):
        return _de_dos(usuario, "datos", CORREGIR, e, _("Datos guardados."))
    return _hecho(
        usuario, "datos", lambda s, a: _corregir(s, usuario, e, a), e, _("Datos guardados.")
    )


@rutas.post("/personas/<usuario>/rol", para=GOBIERNA, haria=_l("Dar un rol"), de_peso=True)
def dar_rol(usuario: str) -> ResponseReturnValue:
    e, s = _escrito(*DEL_ROL), servicios()
    with s.uow.reading() as session:
        exigir_cuenta(session, usuario)
        faltas = _faltas_de_rol(session, e, s.clock.now()) | _falta_de_motivo(e)
    # of oneself it is refused, whatever it says, and that is noted
    if faltas and usuario != actor_actual().id:
        return _pagina(usuario, Intento(de="rol", escrito=e, faltas=faltas))
    if e["rol"] in CON_PODER:
        return _de_dos(usuario, "rol", DAR_ROL, e, _("Rol dado."))
    return _hecho(usuario, "rol", lambda s, a: _dar_rol(s, usuario, e, a), e, _("Rol dado."))


@rutas.post(
    "/personas/<usuario>/rol/<int:asignado_id>/quitar",
    para=GOBIERNA,
    haria=_l("Quitar un rol"),
    de_peso=True,
)
def quitar_rol(usuario: str, asignado_id: int) -> ResponseReturnValue:
    e = _escrito()
    return _hecho(
        usuario,
        f"quitar-{asignado_id}",
        lambda s, a: [personal.quitar_rol(s, usuario, asignado_id, e["motivo"], a)],
        e,
        _("Rol quitado."),
    )


@rutas.post(
    "/personas/<usuario>/acceso",
    para=GOBIERNA,
    haria=_l("Activar o desactivar una cuenta"),
    de_peso=True,
)
def cambiar_acceso(usuario: str) -> ResponseReturnValue:
    e = _escrito()
    if request.form.get("activa") != "si":
        dice = _("La cuenta quedó inactiva: nadie entra con ella.")
        return _hecho(
            usuario,
            "acceso",
            lambda s, a: [personal.desactivar(s, usuario, e["motivo"], a)],
            e,
            dice,
        )
    if _con_poder(usuario):
        return _de_dos(usuario, "acceso", ACTIVAR, e, _("La cuenta quedó activa."))
    return _hecho(
        usuario, "acceso", lambda s, a: _activar(s, usuario, e, a), e, _("La cuenta quedó activa.")
    )


@rutas.post(
    "/personas/<usuario>/sesiones",
    para=GOBIERNA,
    haria=_l("Cerrar sesiones de una persona"),
    de_peso=True,
)
def cerrar_sesiones(usuario: str) -> ResponseReturnValue:
    """`cual`: one of them; without it all, those that no list knows too."""
    e = _escrito("cual")
    cierre = Cierre(e["cual"], claves.sesion_nueva(), sesiones.JORNADA)
    dice = _("Sesión cerrada.") if e["cual"] else _("Sus sesiones se cerraron.")
    return _hecho(
        usuario,
        "sesiones",
        lambda s, a: sesiones_abiertas.cerrar_de_otro(s, usuario, cierre, e["motivo"], a),
        e,
        dice,
    )


@rutas.post(
    "/personas/<usuario>/segundo-factor",
    para=GOBIERNA,
    haria=_l("Quitar el segundo factor de una persona"),
    de_peso=True,
)
def quitar_segundo(usuario: str) -> ResponseReturnValue:
    """For whoever lost telephone and codes: the next login asks for the password alone, and for a
    new factor where a role wants one."""
    e = _escrito("identificado", "confirmo")
    dice = _("Su segundo factor se quitó, y se le avisó por correo.")
    if _con_poder(usuario):
        return _de_dos(usuario, "segundo", QUITAR_SEGUNDO, e, dice)
    return _hecho(usuario, "segundo", lambda s, a: _quitar_segundo(s, usuario, e, a), e, dice)


@rutas.post(
    "/personas/<usuario>/enlace",
    para=GOBIERNA,
    haria=_l("Dar un enlace para poner la contraseña"),
    de_peso=True,
)
def dar_enlace(usuario: str) -> ResponseReturnValue:
    """With which they set their password; the one they have stays good until then. On paper only
    the first."""
    por_correo = request.form.get("enlace") != "papel"
    with servicios().uow.reading() as session:
        suya = exigir_cuenta(session, usuario)
    nuevo = not cuentas.estrenada(suya)
    if not nuevo and not por_correo:  # else whoever prints it could enter as that person
        dice = _(
            "Ya eligió su contraseña: el enlace para otra va solo a su correo. Si no le llega, quien opera el servidor lo imprime."
        )
        return _pagina(usuario, Intento(dice, "enlace"))
    try:
        direccion = claves.dar(
            usuario,
            PRIMERA if nuevo else NUEVA,
            actor_actual(),
            por_correo=por_correo,
            vigencia=TRES_DIAS if nuevo else None,
        )
    except Rechazo as rechazo:
        return _pagina(usuario, Intento(str(rechazo), "enlace"))
    if not por_correo:
        return _hoja(usuario, direccion)
    flash(_("Enviamos a %(c)s un enlace para poner su contraseña.", c=suya.correo), "verde")
    return redirect(url_for("personas.ver", usuario=usuario))
