"""Who has looked at a person's data, where, what and why: the access chain read by person (reserva
bancaria, Ley 1581 art. 8)."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence, Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from engine import reads
from engine.reads.history import AccessView
from engine.states import AccessKind
from records.casos import registro
from records.cuentas import cuentas
from records.cuentas.reglas.cuentas import CIUDADANO
from records.cuentas.reglas.roles import ROLES, Facultad, con_facultad
from records.derechos import miradas
from records.derechos.miradas import Lugar
from records.personas.tablas import Persona
from webforms import campos as c
from webforms.base import palabras
from webforms.base.en_la_direccion import abierto, cerrado
from webforms.base.entrada import entero
from webforms.base.formatos import dia_local
from webforms.base.guias import CUMPLIMIENTO, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.palabras import NOMBRES_DE_SISTEMAS
from webforms.base.personas import nombres_de
from webforms.base.quienes import REVISA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.casos import apertura, documento_buscado
from webforms.evidencia.accesos import QUE
from webforms.navegador.ficha import ConFicha
from webforms.personas import cubierto

rutas = Rutas()

ACCESO: Final = "consulta_accesos"  #: kind of the entry that this page makes
CONSULTA: Final = "consulta_legado"
#: Kind that says why the personal data of a case were uncovered, and for how long.
_DE_UNA_VEZ: Final = (cubierto.DATOS_CON_MOTIVO, cubierto.LAPSO)
UN_ANIO: Final = dt.timedelta(days=365)
POR_PAGINA: Final = 50


class QuienVioForm(ConFicha):
    num_doc = c.TextoField(
        _l("Número de documento"), c.exige(_l("Escriba el número del documento"), c.hasta(30))
    )
    desde = c.FechaField(_l("Desde"), c.opcional(), description=_l("Sin fecha, desde hace un año"))
    hasta = c.FechaField(_l("Hasta"), c.opcional(), description=_l("Sin fecha, hasta hoy"))
    motivo = c.TextoField(
        _l("Por qué lo consulta"),
        c.exige(
            _l("Escriba por qué consulta quién vio los datos de esta persona"), c.largo(5, 160)
        ),
        description=_l(
            "Queda anotado con su nombre. Por ejemplo, solicitud de habeas data 2026-0140022"
        ),
    )

    @property
    def errores(self) -> list[tuple[str, str]]:
        return c.con_su_nombre(self)

    def validate(self, extra_validators: object = None) -> bool:
        bien = bool(super().validate(extra_validators))
        if bien and self.desde.data and self.hasta.data and self.hasta.data < self.desde.data:
            self.hasta.errors = [_("«Hasta» es anterior a «Desde»: cambie una de las dos fechas")]
            return False
        return bien


@dataclass(frozen=True, slots=True)
class Mirada:
    cuando: dt.datetime
    quien: str
    de: str  #: the role or point of who looked
    donde: str
    que: str
    porque: str
    sin_relacion: bool


@dataclass(frozen=True, slots=True)
class Hallado:
    """What is known of one person between two days."""

    persona: Persona
    todas: Sequence[Mirada]
    por_quien: Sequence[tuple[str, int]]
    #: cases with the same number of which nobody knows the type of the document, and with another
    #: name
    dudosos: Sequence[str]

    @property
    def sin_relacion(self) -> int:
        return sum(m.sin_relacion for m in self.todas)


@rutas.get(
    "/cumplimiento/accesos",
    para=REVISA,
    ayuda=Ayuda(_l("Quién ha visto los datos de una persona o de un caso."), CUMPLIMIENTO),
    menu=Entrada(Grupo.CASOS, _l("Quién vio qué"), 7),
)
def accesos() -> ResponseReturnValue:
    form = (
        QuienVioForm(MultiDict(request.args), meta={"csrf": False})
        if request.args
        else QuienVioForm()
    )
    buscado = documento_buscado.leer(request.args.get(documento_buscado.FIRMADO, ""))
    if not buscado.personas:
        return _pagina(QuienVioForm())
    s, motivo = servicios(), abierto(request.args.get("motivo", ""))[:160]
    form.num_doc.data, form.motivo.data = "", motivo
    desde, hasta = form.desde.data, form.hasta.data
    ahora = s.clock.now()
    dias = desde or dia_local(ahora) - UN_ANIO, hasta or dia_local(ahora)
    for persona_id in buscado.personas:
        s.engine.log_access(
            actor_actual(), ACCESO, f"persona:{persona_id}", now=ahora, detail={"motivo": motivo}
        )
    with s.uow.reading() as session:
        hallados = [
            _de_una(session, persona, dias)
            for persona in miradas.personas(session, buscado.personas)
        ]
    numero = request.args.get("pagina", 1, type=entero) or 1
    return _pagina(
        form, hallados=hallados, buscado=buscado, dias=dias, motivo=motivo, numero=numero
    )


@rutas.post(
    "/cumplimiento/accesos",
    para=REVISA,
    haria=_l("Consultar quién ha visto los datos de una persona"),
)
def pedir_accesos() -> ResponseReturnValue:
    """The number is sent, and stays out of the address that answers it; why is closed there: a
    reason names people."""
    form = QuienVioForm()
    if not form.validate():
        return _pagina(form, codigo=422)
    with servicios().uow.reading() as session:
        pedidos = documento_buscado.argumentos(session)
    if not documento_buscado.leer(pedidos.get(documento_buscado.FIRMADO, "")).personas:
        form.num_doc.errors = [_("Nadie tiene este documento: revise el número")]
        return _pagina(form, codigo=422)
    return redirect(
        url_for("cumplimiento.accesos", **{**pedidos, "motivo": cerrado(pedidos["motivo"])})
    )


def _pagina(form: QuienVioForm, *, codigo: int = 200, **vista: Any) -> ResponseReturnValue:
    return render_template(
        "derechos/quien_vio.html",
        form=form,
        por_pagina=POR_PAGINA,
        firmado=documento_buscado.FIRMADO,
        **vista,
    ), codigo


def _de_una(session: Session, persona: Persona, dias: tuple[dt.date, dt.date]) -> Hallado:
    """What the chain holds of the person, of their cases and visits and of the tasks in them;
    refusals saw nothing."""
    por_clave = {lugar.case_key: lugar for lugar in miradas.lugares(session, persona.id)}
    de_la_tarea = {i.id: clave for clave in por_clave for i in reads.items.of_case(session, clave)}
    de_la_tarea |= {
        i.id: clave for clave in por_clave for i in reads.instances.of_case(session, clave)
    }
    por_radicado = {
        lugar.radicado: lugar.case_key for lugar in por_clave.values() if lugar.radicado
    }
    por_turno = {str(lugar.turno_id): lugar for lugar in por_clave.values() if lugar.turno_id}
    con_tarea = reads.times.holders(session, por_clave)
    sujetos = [f"persona:{persona.id}", *por_clave, *de_la_tarea, *por_radicado]
    anotadas = reads.history.access_of(session, sujetos)
    aperturas = [a for a in anotadas if a.kind in (apertura.CLASE, cubierto.DATOS_CON_MOTIVO)]
    vistas = [
        a for a in anotadas if _cuenta(a, persona.id) and dias[0] <= dia_local(a.at) <= dias[1]
    ]
    quienes = {_quien(a) for a in vistas}
    nombres = nombres_de(session, quienes)
    # of that day: what somebody is today excuses and accuses nobody
    papeles: dict[tuple[str, dt.date], set[tuple[str, str | None]]] = {}
    todas = []
    for a in sorted(vistas, key=lambda a: a.at, reverse=True):
        quien, dia = _quien(a), dia_local(a.at)
        if (quien, dia) not in papeles:
            papeles[quien, dia] = cuentas.roles_vigentes(session, quien, a.at)
        suyos = papeles[quien, dia]
        clave = (
            a.subject
            if a.subject in por_clave
            else de_la_tarea.get(a.subject) or por_radicado.get(a.subject, "")
        )
        lugar = por_clave.get(clave) or por_turno.get(str(a.detail.get("turno_id")))
        motivo = _motivo(a, clave, aperturas)
        porque, sin_relacion = (
            (f"«{motivo}»", False)
            if motivo
            else _porque(a, quien, lugar, con_tarea.get(clave, frozenset()), suyos)
        )
        todas.append(
            Mirada(
                a.at,
                nombres.get(quien, quien),
                _de(suyos),
                _donde(a, lugar),
                _que(a),
                porque,
                sin_relacion=sin_relacion,
            )
        )
    return Hallado(
        persona,
        todas,
        Counter(m.quien for m in todas).most_common(),
        registro.sin_saber_de_quien(session, persona),
    )


def _cuenta(a: AccessView, persona_id: int) -> bool:
    """A visit may have shown another person's data: the attorney's beside the holder's."""
    return a.kind != AccessKind.REFUSAL and a.detail.get("persona") in (None, persona_id)


def _quien(a: AccessView) -> str:
    """Systems are asked by the worker, for the adviser of the visit."""
    return str(a.detail.get("asesor_id") or a.actor_id)


def _de(papeles: Iterable[tuple[str, str | None]]) -> str:
    """A role that they hold, and where."""
    for rol, ambito in sorted(papeles, key=str):
        if rol in ROLES:
            return f"{palabras.rol(rol)}, {palabras.lugar(ambito)}" if ambito else palabras.rol(rol)
    return ""


def _donde(a: AccessView, lugar: Lugar | None) -> str:
    if lugar is None:
        return _donde_se_consulta(a) if a.kind == CONSULTA else str(_("La persona"))
    partes = [_("Caso %(r)s", r=lugar.radicado)] if lugar.radicado else []
    partes += [_("turno %(f)s", f=lugar.ficha)] if lugar.ficha else []
    return ", ".join([*partes, palabras.punto(lugar.punto_id)])


def _donde_se_consulta(a: AccessView) -> str:
    return (
        str(_("Un caso de otro procedimiento"))
        if "caso" in a.detail
        else str(_("Los sistemas anteriores"))
    )


def _que(a: AccessView) -> str:
    if a.kind == CONSULTA:
        cuales = ", ".join(
            str(NOMBRES_DE_SISTEMAS.get(str(s), s)) for s in _lista(a.detail.get("sistemas"))
        )
        return str(
            _("Sus datos en %(s)s", s=cuales)
            if "caso" in a.detail
            else _("Sus créditos en %(s)s", s=cuales)
        )
    if a.kind == ACCESO:
        return str(_("Quién vio sus datos: esta página"))
    return str(QUE.get(a.kind, "")) or palabras.en_palabras(a.kind).capitalize()


def _lista(valor: object) -> Sequence[object]:
    return valor if isinstance(valor, list) else ()


def _motivo(a: AccessView, clave: str, aperturas: Iterable[AccessView]) -> str:
    """What they wrote for this look, or for opening what it belongs to: a page that shows a case,
    or its data, asks once for all of it."""
    if escrito := str(a.detail.get("motivo") or ""):
        return escrito
    clase, dura = (
        _DE_UNA_VEZ
        if a.kind == cubierto.DATOS_COMPLETOS
        else (apertura.CLASE, apertura.PARA_ENVIAR)
    )
    antes = [
        x
        for x in aperturas
        if (x.kind, x.subject, x.actor_id) == (clase, clave, a.actor_id)
        and x.at <= a.at < x.at + dura
    ]
    return str(antes[-1].detail.get("motivo") or "") if antes else ""


def _porque(
    a: AccessView,
    quien: str,
    lugar: Lugar | None,
    con_tarea: AbstractSet[str],
    papeles: Iterable[tuple[str, str | None]],
) -> tuple[str, bool]:
    """The reason of who wrote none, and whether there is none: who looked neither attended nor had
    a task of the case."""
    if a.kind == CONSULTA and "caso" in a.detail:
        return str(_("Confirmó quién es, y un paso automático del caso lo consultó")), False
    if a.kind == CONSULTA:
        return str(_("La atendía, con su titularidad verificada (5.2.9)")), False
    if quien == CIUDADANO:
        return str(_("Quien tiene el radicado y el documento")), False
    if lugar is not None and quien in lugar.asesores:
        return str(_("La atendió, o responde por el caso")), False
    if quien in con_tarea:
        return str(_("Tuvo una tarea del caso")), False
    suyos = {rol for rol, _ambito in papeles}
    if suyos & con_facultad(Facultad.REVISAR):
        return str(_("Revisión de cumplimiento")), False
    if de_todos := sorted(suyos & con_facultad(Facultad.VER_TODO)):
        return str(_("Su rol ve todos los casos: %(r)s", r=palabras.rol(de_todos[0]))), False
    return str(_("No atendió a la persona ni tuvo una tarea del caso")), True
