"""Who is away and who replaces them: a person notes their own, who leads an area or coordinates
those of their people."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import cast

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.types import Actor, Role
from records.base.actos import Acto
from records.base.errores import DatoInvalido
from records.cuentas import ausencias, carriles
from records.cuentas.cuentas import gente_con
from records.cuentas.reglas.roles import Facultad, hace_lo_mismo, que_incluyen, repartidos
from records.cuentas.tablas import Ausencia
from webforms import campos as c
from webforms.base import formatos
from webforms.base.entrada import entero
from webforms.base.guias import FUNCIONARIO, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.personas import nombres_de
from webforms.base.quienes import PERSONA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual, puede
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.navegador.ficha import ConFicha

rutas = Rutas()

REGISTRADA, TERMINADA = "ausencia", "ausencia_terminada"  #: kinds of the access chain
MEDIO = "medio"  #: half a day
MAX_DIAS, MAX_MOTIVO = 400, 160
#: what the column of the reason leaves beside the word that it is a correction
MAX_CORRECCION = 140
SE_VEN = dt.timedelta(days=30)  #: after their last day, those that ended before it


class AusenciaForm(ConFicha):
    persona = c.ListaField(_l("Persona ausente"), c.exige(_l("Elija quién se ausenta")))
    desde = c.FechaField(_l("Desde"), c.exige(_l("Escriba el primer día")))
    primer_dia = c.ListaField(
        _l("El primer día falta"),
        [*c.con_omision(), *c.opcional()],
        vacio=_l("Todo el día"),
        choices=[(MEDIO, _l("Desde las 12:00"))],
    )
    hasta = c.FechaField(
        _l("Hasta"), c.exige(_l("Escriba el último día")), description=_l("Los dos días cuentan")
    )
    ultimo_dia = c.ListaField(
        _l("El último día falta"),
        [*c.con_omision(), *c.opcional()],
        vacio=_l("Todo el día"),
        choices=[(MEDIO, _l("Hasta las 12:00"))],
    )
    sustituto = c.ListaField(
        _l("Quién la reemplaza"),
        c.exige(_l("Elija quién la reemplaza")),
        description=_l(
            "Alguien que hace el mismo trabajo en la misma área o punto. Verá lo que esa persona ve y podrá tomarlo"
        ),
    )
    motivo = c.TextoField(
        _l("Motivo"),
        c.exige(_l("Escriba el motivo"), c.hasta(160)),
        description=_l("Por ejemplo: vacaciones, comisión. No escriba datos de salud"),
    )
    # the absence that this one corrects; no field that anybody fills in
    corrige = c.EnteroField("", c.opcional())
    motivo_correccion = c.TextoField(
        _l("Por qué la corrige"),
        [*c.con_omision(), *c.opcional(c.hasta(MAX_CORRECCION))],
        description=_l("Queda con la ausencia que se corrige"),
    )

    reemplazos: Mapping[str, Sequence[str]] = {}  #: who is away → who may replace them

    def datos(self) -> tuple[str, str, dt.date, dt.date]:
        """Who, who instead, from, to; of a valid form."""
        return (
            str(self.persona.data),
            str(self.sustituto.data),
            cast("dt.date", self.desde.data),
            cast("dt.date", self.hasta.data),
        )

    @property
    def medias(self) -> tuple[bool, bool]:
        """From noon of the first day; until noon of the last."""
        return self.primer_dia.data == MEDIO, self.ultimo_dia.data == MEDIO

    @property
    def errores(self) -> list[tuple[str, str]]:
        return c.con_su_nombre(self)


def mi_gente(
    session: Session, actor: Actor, now: dt.datetime
) -> dict[str, tuple[str, frozenset[Role]]]:
    """User name → name and roles of those whose tasks this person hands out, and of the person; of
    everybody, for who gives roles."""
    gente: dict[str, tuple[str, frozenset[Role]]] = {}
    if puede(actor, Facultad.GOBERNAR):
        for p in gente_con(session, carriles.roles(session), None, now):
            nombre, suyos = gente.get(p.usuario, (p.nombre, frozenset()))
            gente[p.usuario] = (nombre, suyos | {Role(p.rol, p.ambito)})
    for papel in actor.roles:
        roles = {rol for otro in repartidos(papel.name) for rol in (otro, *que_incluyen(otro))}
        ambitos = None if papel.scope is None else [papel.scope]
        for p in gente_con(session, roles, ambitos, now) if roles else ():
            nombre, suyos = gente.get(p.usuario, (p.nombre, frozenset()))
            gente[p.usuario] = (nombre, suyos | {Role(p.rol, p.ambito)})
    propio = nombres_de(session, {actor.id}).get(actor.id, actor.id)
    gente.setdefault(actor.id, (propio, actor.roles))
    return gente


def posibles(
    session: Session, de: Mapping[str, tuple[str, frozenset[Role]]], now: dt.datetime
) -> dict[str, tuple[str, frozenset[Role]]]:
    """User name → name and roles of those who do the work of one of these people, in the same area
    or point."""
    roles = {rol.name for _nombre, papeles in de.values() for rol in papeles}
    roles |= {mas for rol in roles for mas in que_incluyen(rol)} | {
        menos for rol in roles for menos in repartidos(rol)
    }
    gente: dict[str, tuple[str, frozenset[Role]]] = {}
    for p in gente_con(session, roles, None, now):
        nombre, suyos = gente.get(p.usuario, (p.nombre, frozenset()))
        gente[p.usuario] = (nombre, suyos | {Role(p.rol, p.ambito)})
    return {
        u: (n, suyos)
        for u, (n, suyos) in gente.items()
        if any(_lo_mismo(papeles, suyos) for _nombre, papeles in de.values())
    }


def _lo_mismo(ausente: frozenset[Role], sustituto: frozenset[Role]) -> bool:
    return hace_lo_mismo(
        [(r.name, r.scope) for r in ausente], [(r.name, r.scope) for r in sustituto]
    )


@rutas.get(
    "/ausencias",
    para=PERSONA,
    ayuda=Ayuda(_l("Aquí se anota quién falta, qué días y quién hace su trabajo."), FUNCIONARIO),
    menu=Entrada(Grupo.AJUSTES, _l("Ausencias"), 10),
)
def ausencias_lista() -> ResponseReturnValue:
    """`?corregir=`: the form holds this absence, to be corrected; `?de=`: it is about this
    person."""
    corregir, de = request.args.get("corregir", type=entero), request.args.get("de", "")
    if corregir is None and not de:
        return _pagina()
    s, actor = servicios(), actor_actual()
    with s.uow.reading() as session:
        gente = mi_gente(session, actor, s.clock.now())
        form = _formulario(session, gente)
        if corregir is not None:
            _llenar(form, _propia(session, corregir, gente))
        else:
            form.persona.data = de if de in gente else None
    return _pagina(form)


def _propia(
    session: Session, ausencia_id: int, gente: Mapping[str, tuple[str, frozenset[Role]]]
) -> Ausencia:
    """An absence that this person may change and that nobody has ended."""
    fila = ausencias.ausencia(session, ausencia_id)
    if fila.usuario not in gente or fila.anulada is not None:
        raise NotFound(f"ausencia {ausencia_id}")
    return fila


def _llenar(form: AusenciaForm, fila: Ausencia) -> None:
    form.corrige.data, form.persona.data, form.sustituto.data = (
        fila.id,
        fila.usuario,
        fila.sustituto,
    )
    form.desde.data, form.hasta.data, form.motivo.data = fila.desde, fila.hasta, fila.motivo
    form.primer_dia.data, form.ultimo_dia.data = (
        MEDIO if medio else None for medio in (fila.desde_mediodia, fila.hasta_mediodia)
    )


def _pagina(
    form: AusenciaForm | None = None, codigo: int = 200, sin_motivo: int | None = None
) -> ResponseReturnValue:
    """`sin_motivo`: the absence that somebody wanted to end without saying why."""
    s, actor = servicios(), actor_actual()
    hoy = formatos.dia_local(s.clock.now())
    with s.uow.reading() as session:
        gente = mi_gente(session, actor, s.clock.now())
        form = form or _formulario(session, gente)
        suyos = {*gente}
        filas = [
            a
            for a in ausencias.ausencias_desde(session, hoy)
            if a.usuario in suyos or a.sustituto == actor.id
        ]
        terminadas = [
            a
            for a in ausencias.ausencias_terminadas(session, hoy - SE_VEN)
            if a.usuario in suyos or a.sustituto == actor.id
        ]
        gente_dicha = {
            n
            for a in (*filas, *terminadas)
            for n in (a.usuario, a.sustituto, a.registrada_por, a.anulada_por)
            if n
        }
        nombres = nombres_de(session, gente_dicha)
    valores = {
        "filas": filas,
        "terminadas": terminadas,
        "nombres": nombres,
        "suyos": suyos,
        "sin_motivo": sin_motivo,
    }
    return render_template(
        "bandeja/ausencias.html", form=form, maximo=MAX_MOTIVO, **valores
    ), codigo


def _formulario(session: Session, gente: Mapping[str, tuple[str, frozenset[Role]]]) -> AusenciaForm:
    form = AusenciaForm()
    form.persona.choices = sorted(
        ((u, nombre) for u, (nombre, _r) in gente.items()), key=lambda par: par[1]
    )
    otros = posibles(session, gente, servicios().clock.now())
    pueden = {
        u: [o for o, (_n, suyos) in otros.items() if o != u and _lo_mismo(de, suyos)]
        for u, (_nombre, de) in gente.items()
    }
    alguna = {o for suyos in pueden.values() for o in suyos}
    form.sustituto.choices = [(u, nombre) for u, (nombre, _r) in otros.items() if u in alguna]
    # whoever gives roles replaces nobody
    nadie = {actor_actual().id} if puede(actor_actual(), Facultad.GOBERNAR) else set()
    form.reemplazos = {u: [o for o in suyos if o not in nadie] for u, suyos in pueden.items()}
    if form.persona.data is None and len(gente) == 1:
        form.persona.data = next(iter(gente))
    return form


@rutas.post("/ausencias", para=PERSONA, haria=_l("Registrar una ausencia"))
def registrar() -> ResponseReturnValue:
    s, actor = servicios(), actor_actual()
    now = s.clock.now()
    with s.uow.reading() as session:
        gente = mi_gente(session, actor, now)
        otros = posibles(session, gente, now)
        form = _formulario(session, gente)
        corrige = _propia(session, form.corrige.data, gente) if form.corrige.data else None
        de_quien = corrige.usuario if corrige is not None else ""
    if (
        not form.validate_on_submit()
        or not _posible(form, gente, otros, formatos.dia_local(now))
        or not _corregible(form, de_quien)
    ):
        return _pagina(form, 422)
    datos = form.datos()
    dias = zip(("desde", "hasta"), datos[2:], form.medias, strict=True)
    detalle = {
        "sustituto": datos[1],
        **{k: f"{dia.isoformat()} 12:00" if medio else dia.isoformat() for k, dia, medio in dias},
    }
    try:
        nueva = ausencias.NuevaAusencia(*datos, str(form.motivo.data), *form.medias)
        por = f"Corregida: {form.motivo_correccion.data}" if de_quien else ""
        s.uow.run(
            lambda session: ausencias.registrar_o_corregir(
                session, nueva, Acto(actor.id, now), form.corrige.data, por
            )
        )
    except DatoInvalido as error:
        form.desde.errors = [str(error)]
        return _pagina(form, 422)
    s.engine.log_access(actor, REGISTRADA, datos[0], now=now, detail=detalle)
    if de_quien:
        s.engine.log_access(
            actor,
            TERMINADA,
            de_quien,
            now=now,
            detail={"ausencia": form.corrige.data, "corregida": "si"},
        )
        flash(
            _("Ausencia corregida. La anterior queda en «Terminaron antes», con el motivo."),
            "verde",
        )
        return redirect(url_for("bandeja.ausencias_lista"))
    flash(
        _(
            "Ausencia registrada. %(nombre)s verá esas tareas y podrá tomarlas.",
            nombre=otros[datos[1]][0],
        ),
        "verde",
    )
    return redirect(url_for("bandeja.ausencias_lista"))


def _posible(
    form: AusenciaForm,
    gente: Mapping[str, tuple[str, frozenset[Role]]],
    otros: Mapping[str, tuple[str, frozenset[Role]]],
    hoy: dt.date,
) -> bool:
    """What only several fields together say; the error stands at the field to change."""
    persona, sustituto, desde, hasta = form.datos()
    if hasta < desde:
        form.hasta.errors = [_("El último día es anterior al primero")]
    elif hasta < hoy:
        form.hasta.errors = [_("Esos días ya pasaron")]
    elif (hasta - desde).days > MAX_DIAS:
        form.hasta.errors = [_("Una ausencia dura como mucho 400 días")]
    if persona == sustituto:
        form.sustituto.errors = [_("Elija a otra persona: nadie se reemplaza a sí mismo")]
    elif sustituto == actor_actual().id and puede(actor_actual(), Facultad.GOBERNAR):
        form.sustituto.errors = [
            _(
                "Quien da roles no se pone de reemplazo: tendría los de esa persona. Pídalo a otra que administre"
            )
        ]
    elif not _lo_mismo(gente[persona][1], otros[sustituto][1]):
        form.sustituto.errors = [_("Esa persona no hace el mismo trabajo en la misma área o punto")]
    return not form.errores


def _corregible(form: AusenciaForm, de_quien: str) -> bool:
    """A correction is of the same person, and says why."""
    if de_quien and form.persona.data != de_quien:
        form.persona.errors = [
            _("Al corregir, la persona no cambia: termine esta ausencia y registre otra")
        ]
    if de_quien and not form.motivo_correccion.data:
        form.motivo_correccion.errors = [_("Escriba por qué la corrige")]
    return not form.errores


@rutas.post(
    "/ausencias/<int:ausencia_id>/terminar", para=PERSONA, haria=_l("Terminar una ausencia")
)
def terminar(ausencia_id: int) -> ResponseReturnValue:
    """Before its last day: with the reason, which stays with the absence."""
    s, actor = servicios(), actor_actual()
    now, motivo = s.clock.now(), str(limpiar(request.form.get("motivo", ""))).replace("\n", " ")
    with s.uow.reading() as session:
        fila = ausencias.ausencia(session, ausencia_id)
        if fila.usuario not in mi_gente(session, actor, now):
            raise NotFound(f"ausencia {ausencia_id}")
        nombre = nombres_de(session, {fila.usuario}).get(fila.usuario, fila.usuario)
        usuario = fila.usuario
    if not 1 <= len(motivo) <= MAX_MOTIVO:
        return _pagina(codigo=422, sin_motivo=ausencia_id)
    s.uow.run(
        lambda session: ausencias.anular_ausencia(session, ausencia_id, motivo, Acto(actor.id, now))
    )
    s.engine.log_access(actor, TERMINADA, usuario, now=now, detail={"ausencia": ausencia_id})
    flash(_("%(nombre)s ya no figura como ausente.", nombre=nombre), "verde")
    return redirect(url_for("bandeja.ausencias_lista"))
