"""The CRM outside beside ours: what it has not heard of, what the last comparison found, what
somebody has to decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.base.errores import DatoInvalido, NoExiste
from records.casos.tablas import Caso
from records.personas.tablas import Persona
from records.sistemas import crm_externo
from records.sistemas.reglas.crm import CASO, CASOS, PERSONA, PERSONAS
from records.sistemas.tablas import CrmDiferencia
from webforms.base import formatos
from webforms.base.guias import CALIDAD, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.palabras import por_que_no
from webforms.base.personas import nombre_de, nombres_de
from webforms.base.quienes import CONCILIA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.sistemas.crm_afuera import MOTOR

rutas = Rutas()

MOSTRADAS: Final = 100  #: differences that rules decided
NADIE: Final = ("—", None)
CAMPOS: Final = {c.nuestro: c for c in (*PERSONAS, *CASOS)}
#: Why a value stayed, went there or came here (`records.sistemas.reglas.crm.Decision.porque`).
PORQUE: Final[Mapping[str, Any]] = {
    "solo_ventanilla": _l("Este dato solo se cambia en Ventanilla"),
    "otro_documento": _l(
        "El CRM dice otro documento: puede ser el registro de otra persona, y nada de él va ni viene hasta decidirlo"
    ),
    "vacio_alla": _l("En el CRM estaba vacío"),
    "vacio_aqui": _l("En Ventanilla estaba vacío"),
    "cambio_aqui": _l("Solo había cambiado en Ventanilla"),
    "cambio_alla": _l("Solo había cambiado en el CRM"),
    "reciente_aqui": _l("Cambió en los dos; el de Ventanilla es más reciente"),
    "reciente_alla": _l("Cambió en los dos; el del CRM es más reciente"),
    "regla_ventanilla": _l("Cambió en los dos; la regla dice que gana Ventanilla"),
    "regla_crm": _l("Cambió en los dos; la regla dice que gana el CRM"),
    "regla_reciente": _l("Cambió en los dos, y no se sabe cuál es más reciente"),
    "regla_preguntar": _l("Cambió en los dos; la regla dice que lo decida una persona"),
    "no_cabe": _l("El valor de Ventanilla no cabe en el CRM"),
    "no_sirve": _l("El valor del CRM no sirve en Ventanilla"),
}
QUEDA: Final[Mapping[str, Any]] = {
    "ventanilla": _l("El de Ventanilla"),
    "crm": _l("El del CRM"),
    "iguales": _l("Ya son iguales"),
}
DICHO: Final[Mapping[str, Any]] = {
    "ventanilla": _l("el de Ventanilla"),
    "crm": _l("el del CRM"),
    "": "",
}


@dataclass(frozen=True, slots=True)
class Diferencia:
    """A difference as the page shows it: of whom or what."""

    fila: CrmDiferencia
    de: str
    case_key: str | None

    @property
    def campo(self) -> str:
        return CAMPOS[self.fila.campo].nombre

    @property
    def admite_crm(self) -> bool:
        return CAMPOS[self.fila.campo].trae and self.fila.porque != "no_sirve"

    @property
    def admite_ventanilla(self) -> bool:
        return self.fila.porque != "no_cabe"


class _Cosa(Protocol):
    @property
    def tipo(self) -> str: ...
    @property
    def local_id(self) -> int: ...


def _nombradas(
    session: Session, cosas: Sequence[_Cosa], *, cubre: bool
) -> dict[tuple[str, int], tuple[str, str | None]]:
    """Of each: whose it is in words, and the case that a link leads to. `cubre`: nothing is to be
    decided from it."""
    gente = [c.local_id for c in cosas if c.tipo == PERSONA]
    casos = [c.local_id for c in cosas if c.tipo != PERSONA]
    dichos: dict[tuple[str, int], tuple[str, str | None]] = {}
    for p in session.execute(
        select(Persona.id, Persona.nombre, Persona.tipo_doc, Persona.num_doc).where(
            Persona.id.in_(gente)
        )
    ):
        cubierta = (
            f"{formatos.nombre_cubierto(p.nombre)}, {formatos.documento(p.tipo_doc, p.num_doc)}"
        )
        dichos[PERSONA, p.id] = (
            cubierta if cubre else f"{p.nombre}, {p.tipo_doc} {p.num_doc}",
            None,
        )
    for c in session.execute(
        select(Caso.id, Caso.radicado, Caso.case_key).where(Caso.id.in_(casos))
    ):
        dichos[CASO, c.id] = (str(_("Caso %(r)s", r=c.radicado or "—")), c.case_key)
    return dichos


@rutas.get(
    "/crm",
    para=CONCILIA,
    ayuda=Ayuda(
        _l("Lo que los dos CRM dicen distinto de una persona, y cuál dato queda."), CALIDAD
    ),
    menu=Entrada(Grupo.AJUSTES, _l("CRM"), 8),
)
def conciliacion() -> ResponseReturnValue:
    """What is to be decided stands in full, and that it was looked at is noted; the rest stands
    covered."""
    s = servicios()
    now = s.clock.now()
    with s.uow.reading() as session:
        ultima, cola = crm_externo.ultima(session), crm_externo.cola(session)
        abiertas = crm_externo.abiertas(session)
        decididas = (
            crm_externo.decididas(session, ultima.id, MOSTRADAS) if ultima is not None else []
        )
        for persona_id in sorted({f.local_id for f in abiertas if f.tipo == PERSONA}):
            s.engine.log_access(
                actor_actual(), "conciliacion_crm", f"persona:{persona_id}", now=now
            )
        enteras, cubiertas = (
            _nombradas(session, abiertas, cubre=False),
            _nombradas(session, [*decididas, *cola.con_falla], cubre=True),
        )
        return render_template(
            "sistemas/crm.html",
            conectado=s.crm is not None,
            ultima=ultima,
            quien=nombre_de(session, ultima.pedida_por) if ultima is not None else "",
            cola=cola,
            con_falla=[(f, cubiertas.get((f.tipo, f.local_id), NADIE)) for f in cola.con_falla],
            abiertas=[Diferencia(f, *enteras.get((f.tipo, f.local_id), NADIE)) for f in abiertas],
            decididas=[
                Diferencia(f, *cubiertas.get((f.tipo, f.local_id), NADIE)) for f in decididas
            ],
            cuantas=crm_externo.cuantas_decididas(session, ultima.id) if ultima is not None else 0,
            deciden=nombres_de(
                session, {f.decidida_por for f in decididas if f.decidida_por not in (None, MOTOR)}
            ),
            porque=PORQUE,
            queda=QUEDA,
            por_que_no=por_que_no,
        )


@rutas.post("/crm/conciliar", para=CONCILIA, haria=_l("Comparar los dos CRM"))
def conciliar() -> ResponseReturnValue:
    """A job compares everything; the page shows what it found."""
    s = servicios()
    if s.crm is None:
        flash(_("No hay otro CRM conectado."), "ambar")
        return redirect(url_for("crm.conciliacion"))
    now, quien = s.clock.now(), actor_actual().id
    s.engine.jobs.ask(
        crm_externo.CONCILIAR,
        lambda _s: (f"crm-conciliar-{now:%Y%m%d%H%M%S%f}", {"quien": quien}),
        queue="web",
    )
    flash(_("Se están comparando los dos. Vuelva a esta página en un momento."), "verde")
    return redirect(url_for("crm.conciliacion"))


@rutas.post("/crm/enviar", para=CONCILIA, haria=_l("Volver a intentar lo que espera por el CRM"))
def enviar() -> ResponseReturnValue:
    """What waits for its next try is tried with the next round."""
    cuantas = servicios().uow.run(crm_externo.ya)
    flash(
        _("Se vuelve a intentar enseguida.")
        if cuantas
        else _("Nada espera: todo está por salir o ya salió."),
        "verde",
    )
    return redirect(url_for("crm.conciliacion"))


@rutas.post(
    "/crm/diferencias/<int:diferencia_id>", para=CONCILIA, haria=_l("Decidir cuál dato queda")
)
def decidir(diferencia_id: int) -> ResponseReturnValue:
    s = servicios()
    acto = Acto(actor_actual().id, s.clock.now())
    try:
        fila = s.uow.run(
            lambda session: crm_externo.resolver(
                session, diferencia_id, request.form.get("queda", ""), acto
            )
        )
    except NoExiste:
        flash(_("Esa diferencia ya no existe."), "ambar")
    except DatoInvalido as error:
        flash(str(error), "rojo")
    else:
        flash(
            _(
                "Quedó decidido. %(c)s: queda %(q)s.",
                c=CAMPOS[fila.campo].nombre,
                q=DICHO[fila.queda or ""],
            ),
            "verde",
        )
    return redirect(url_for("crm.conciliacion"))
