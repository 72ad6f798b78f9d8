"""The paper of a point: what was printed, what is entered, what is missing; and what may be done
about each number."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.base.errores import Rechazo
from records.contingencia import papel
from records.contingencia.papel import Numero, Registrada
from records.contingencia.reglas.papel import (
    CLASES,
    EXPLICACIONES,
    FUERA,
    MAXIMO_LOTE,
    PENDIENTES,
    Estado,
    formar,
    leer,
)
from records.cuentas.reglas.roles import Facultad
from records.lugares import puntos
from records.lugares.tablas import Punto
from records.plazos.reglas.calendario import instante
from webforms import campos as c
from webforms.base import formatos
from webforms.base.formatos import dia_local
from webforms.base.guias import DOCUMENTAL, Ayuda
from webforms.base.hojas import Hoja
from webforms.base.menu import Entrada, Grupo
from webforms.base.palabras import NOMBRES_DE_SISTEMAS
from webforms.base.personas import nombres_de
from webforms.base.quienes import DIGITA_PAPEL, PREPARA_PAPEL, VE_PAPEL
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual, donde_puede, puede
from webforms.base.servicios import servicios
from webforms.campos.formulario import TareaForm
from webforms.navegador.ficha import ConFicha

rutas = Rutas()

ULTIMOS: Final = 20  #: entered numbers that the page shows
#: State of a number → kind of badge, its word.
ESTADOS: Final[Mapping[str, tuple[str, Any]]] = {
    Estado.DIGITADO: ("hecha", _l("Digitado")),
    Estado.ANULADO: ("borrador", _l("Anulado")),
    Estado.DANADO: ("borrador", _l("Dañado")),
    Estado.PERDIDO: ("vencida", _l("Perdido")),
    Estado.EN_BLANCO: ("tranquila", _l("En blanco")),
    Estado.USADO: ("por-vencer", _l("Usado")),
    Estado.FALTA: ("vencida", _l("Falta")),
}
EXPLICADOS: Final[Mapping[str, Any]] = {
    Estado.USADO: _l("Está usado y falta digitarlo"),
    Estado.EN_BLANCO: _l("Se devolvió en blanco"),
    Estado.DANADO: _l("Se dañó"),
    Estado.PERDIDO: _l("Se perdió"),
}


class DePagina(TareaForm):
    """A form on a page of its own: it has no case to look at, only the moment."""

    def __init__(self, **kwargs: Any) -> None:
        self.contexto = cast("Any", Ahora(servicios().clock.now()))
        ConFicha.__init__(self, **kwargs)


class Ahora:
    def __init__(self, now: dt.datetime) -> None:
        self.now = now

    @property
    def hoy(self) -> dt.date:
        return dia_local(self.now)


class Imprimir(DePagina):
    clase = c.ListaField(
        _l("Formato"),
        c.exige(_l("Elija el formato")),
        vacio=_l("Elija"),
        choices=[(k.codigo, _l(k.nombre)) for k in CLASES.values()],
    )
    cuantos = c.EnteroField(_l("Cuántos"), c.exige(_l("Escriba cuántos"), c.rango(1, MAXIMO_LOTE)))


class Declarar(DePagina):
    fecha = c.FechaField(
        _l("Día"),
        c.exige(_l("Escriba el día"), c.NoFutura(_l("Ese día todavía no ha llegado"))),
        description=_l("día/mes/año"),
    )
    desde = c.HoraField(_l("Sin sistema desde"), c.exige(_l("Escriba la hora, como 08:10")))
    hasta = c.HoraField(
        _l("Hasta"), c.opcional(), description=_l("Déjela vacía si todavía no vuelve")
    )
    de = c.ListaField(
        _l("Caída registrada"), c.opcional(), vacio=_l("Ninguna: fue solo en el punto")
    )
    motivo = c.TextoField(_l("Qué pasó"), c.exige(_l("Escriba qué pasó"), c.largo(10, 300)))


class Terminar(DePagina):
    fecha_fin = c.FechaField(
        _l("Día en que volvió"),
        c.exige(_l("Escriba el día"), c.NoFutura(_l("Ese día todavía no ha llegado"))),
        description=_l("día/mes/año"),
    )
    hora_fin = c.HoraField(_l("Hora en que volvió"), c.exige(_l("Escriba la hora, como 09:25")))


class Explicar(DePagina):
    numero = c.ListaField(
        _l("Formato que falta"), c.exige(_l("Elija el número")), vacio=_l("Elija")
    )
    como = c.ListaField(
        _l("Qué pasó con él"),
        c.exige(_l("Elija qué pasó")),
        vacio=_l("Elija"),
        choices=[(e, EXPLICADOS[e]) for e in EXPLICACIONES],
    )
    nota = c.TextoField(
        _l("Explicación"),
        c.opcional(c.hasta(160)),
        description=_l("Quién lo tiene lleno, o cómo se dañó o se perdió"),
    )


def a_las(dia: Any, hora: Any) -> dt.datetime | None:
    """The moment that two fields say; None: the hour is not written."""
    return instante(dia.data, hora.data) if hora.data is not None else None


# --- where ----------------------------------------------------------------------------------------
def suyos(session: Session) -> Sequence[Punto]:
    """The points whose paper this person may see."""
    donde = donde_puede(actor_actual(), Facultad.VER_PAPEL)
    return [p for p in puntos.puntos(session) if donde is None or p.codigo in donde]


def el_punto(session: Session, codigo: str, facultad: Facultad = Facultad.VER_PAPEL) -> Punto:
    """404: there is none, or not for this person."""
    punto = session.get(Punto, codigo)
    if punto is None or not puede(actor_actual(), facultad, codigo):
        abort(404)
    return punto


def elegido(session: Session) -> Punto | None:
    """The point of the address; else the only one, else the first that works on paper or owes
    some."""
    codigo = request.values.get("punto", "")
    if codigo:
        return el_punto(session, codigo)
    todos = suyos(session)
    if len(todos) == 1:
        return todos[0]
    deben = {
        k.punto_id
        for k in papel.cuentas(session, [p.codigo for p in todos])
        if k.mas_viejo is not None
    }
    return next(
        (
            p
            for p in todos
            if p.codigo in deben or papel.caida_abierta(session, p.codigo) is not None
        ),
        None,
    )


# --- the page -------------------------------------------------------------------------------------
# For some points only: the others are a 404 (webforms/informes/hoy.py).
# Paper continuity: of which points, and what, is decided in webforms/contingencia/inicio.py.
@rutas.get(
    "/papel",
    para=VE_PAPEL,
    ayuda=Ayuda(
        _l("Formatos en blanco, puntos que trabajan en papel y números que faltan por digitar."),
        DOCUMENTAL,
    ),
    menu=Entrada(Grupo.CASOS, _l("Papel"), 4),
)
def lista() -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        hoja = hoja_de(session, elegido(session))
    return hoja.mostrar()


def hoja_de(
    session: Session, punto: Punto | None, con: Mapping[str, DePagina] | None = None
) -> Hoja:
    """`con`: forms that were sent and are shown again with what is wrong."""
    todos, now = suyos(session), servicios().clock.now()
    if punto is None:
        cuentas = {k.punto_id: k for k in papel.cuentas(session, [p.codigo for p in todos])}
        return Hoja(
            "contingencia/puntos.html",
            {
                "puntos": todos,
                "cuentas": cuentas,
                "Estado": Estado,
                "abiertas": _abiertas(session, todos),
            },
        )
    numeros, registradas = papel.numeros(session, punto.codigo), papel.registradas(session, now)
    caidas, lotes = papel.caidas(session, punto.codigo), papel.lotes(session, punto.codigo)
    digitados = sorted(
        (n for n in numeros if n.f.digitado is not None),
        key=lambda n: n.f.digitado or now,
        reverse=True,
    )
    faltan = [n for n in numeros if n.estado in PENDIENTES]
    explicados = [n for n in numeros if n.estado in (Estado.DANADO, Estado.PERDIDO)]
    gente = (
        {n.f.atendio for n in digitados}
        | {n.f.digitado_por for n in digitados}
        | {n.f.explicado_por for n in numeros}
    )
    gente |= (
        {x.impreso_por for x in lotes}
        | {x.anulado_por for x in lotes}
        | {x.declarada_por for x in caidas}
    )
    prepara = puede(actor_actual(), Facultad.PREPARAR_PAPEL, punto.codigo)
    formularios = _formularios(
        con or {}, faltan, [n for n in numeros if n.estado not in FUERA], registradas
    )
    return Hoja(
        "contingencia/inicio.html",
        {
            "punto": punto,
            "puntos": todos,
            "numeros": numeros,
            "faltan": faltan,
            "guardados": {n.f.id for n in faltan if papel.guardado(n, caidas)},
            "edades": {n.f.id: _edad(n.lote.impreso, now) for n in faltan},
            "explicados": explicados,
            "digitados": digitados[:ULTIMOS],
            "cuantos_digitados": len(digitados),
            "cuenta": {e: sum(n.estado == e for n in numeros) for e in Estado},
            "lotes": lotes,
            "anulables": {x.id for x in lotes if _anulable(x.id, numeros)},
            "caidas": caidas,
            "abierta": next((x for x in caidas if x.hasta is None), None),
            "registradas": {r.clave: r for r in registradas},
            "sistemas": NOMBRES_DE_SISTEMAS,
            "clases": CLASES,
            "estados": ESTADOS,
            "Estado": Estado,
            "personas": nombres_de(session, {g for g in gente if g}),
            "prepara": prepara,
            "digita": puede(actor_actual(), Facultad.DIGITAR_PAPEL, punto.codigo),
            "errores": [e for f in formularios.values() for e in f.errores()],
            **formularios,
        },
        422 if con else 200,
    )


def _edad(impreso: dt.datetime, now: dt.datetime) -> str:
    dias = (dia_local(now) - dia_local(impreso)).days
    return str(ngettext("hace %(num)s día", "hace %(num)s días", dias) if dias else _("hoy"))


def _anulable(lote_id: int, numeros: Sequence[Numero]) -> bool:
    return any(
        n.lote.id == lote_id and n.lote.anulado is None and n.estado not in FUERA for n in numeros
    )


def _abiertas(session: Session, todos: Sequence[Punto]) -> dict[str, dt.datetime]:
    abiertas = ((p.codigo, papel.caida_abierta(session, p.codigo)) for p in todos)
    return {codigo: caida.desde for codigo, caida in abiertas if caida is not None}


def _formularios(
    con: Mapping[str, DePagina],
    faltan: Sequence[Numero],
    explicables: Sequence[Numero],
    registradas: Sequence[Registrada],
) -> dict[str, DePagina]:
    hoy = dia_local(servicios().clock.now())
    hechos: dict[str, DePagina] = {
        "imprimir": con.get("imprimir") or Imprimir(formdata=None, data={"cuantos": 20}),
        "declarar": con.get("declarar") or Declarar(formdata=None, data={"fecha": hoy}),
        "terminar": con.get("terminar") or Terminar(formdata=None, data={"fecha_fin": hoy}),
        "explicar": con.get("explicar") or Explicar(formdata=None),
    }
    elegibles = [*faltan, *(n for n in explicables if n not in faltan)]
    hechos["explicar"]["numero"].choices = [(n.nombre, n.nombre) for n in elegibles]
    hechos["declarar"]["de"].choices = opciones(registradas)
    return hechos


def opciones(registradas: Sequence[Registrada]) -> list[tuple[str, str]]:
    """Outages that the product noticed, as they are offered to be joined."""
    hoy = dia_local(servicios().clock.now())
    return [
        (
            r.clave,
            f"{NOMBRES_DE_SISTEMAS.get(r.sistema, 'CRM')}, {_('desde')} {formatos.momento(r.desde, hoy)}",
        )
        for r in registradas
    ]


# --- a number that is missing ---------------------------------------------------------------------
@rutas.post(
    "/papel/<punto_id>/explicar", para=PREPARA_PAPEL, haria=_l("Explicar un formato que falta")
)
def explicar(punto_id: str) -> ResponseReturnValue:
    """Who may print says what became of a number that nobody entered."""
    s = servicios()
    acto = Acto(actor_actual().id, s.clock.now())
    with s.uow.reading() as session:
        punto = el_punto(session, punto_id, Facultad.PREPARAR_PAPEL)
        form = Explicar()
        form.numero.choices = [
            (n.nombre, n.nombre) for n in papel.numeros(session, punto_id) if n.estado not in FUERA
        ]
        malo = None if form.validate() else hoja_de(session, punto, {"explicar": form})
    if malo is not None:
        return malo.mostrar()
    nombre = str(form.numero.data)
    try:
        s.uow.run(
            lambda session: papel.explicar(
                session, nombre, str(form.como.data), form.nota.data or "", acto
            )
        )
    except Rechazo as rechazo:
        form.nota.errors = [str(rechazo)]
        with s.uow.reading() as session:
            malo = hoja_de(session, session.get_one(Punto, punto_id), {"explicar": form})
        return malo.mostrar()
    s.engine.log_access(
        actor_actual(),
        "papel_explicado",
        nombre,
        now=acto.now,
        detail={"como": str(form.como.data)},
    )
    flash(_("%(n)s: %(c)s.", n=nombre, c=EXPLICADOS[str(form.como.data)]), "verde")
    return redirect(url_for("papel.lista", punto=punto_id))


@rutas.get("/papel/digitar", para=DIGITA_PAPEL)
def buscar() -> ResponseReturnValue:
    """By the number, as it is typed or as a reader of the QR types it."""
    dicho = request.args.get("numero", "")
    with servicios().uow.reading() as session:
        punto, leido = elegido(session), leer(dicho)
        codigo = (leido[0] if leido is not None else None) or (
            punto.codigo if punto is not None else ""
        )
        nombre = formar(codigo, leido[1]) if leido is not None and codigo else ""
        hallado = (
            papel.numero(session, nombre)
            if nombre and puede(actor_actual(), Facultad.DIGITAR_PAPEL, codigo)
            else None
        )
    if hallado is None:
        quien = punto.nombre if punto is not None else ""
        flash(
            _(
                "«%(d)s» no es un número impreso en %(p)s. Escríbalo como está en el papel.",
                d=dicho[:40],
                p=quien or _("sus puntos"),
            ),
            "ambar",
        )
        return redirect(url_for("papel.lista", punto=punto.codigo if punto is not None else None))
    return redirect(url_for("papel.digitar", punto_id=codigo, numero=nombre.rpartition("-")[2]))
