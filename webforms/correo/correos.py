"""The queue of mails for administrators: what waits, what failed and why, what came back; to be
tried now, or dropped with a reason."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.errors import EngineError
from engine.states import RepairAction
from engine.types import Data, Repair
from records.base.actos import Acto
from records.base.errores import NoExiste
from records.correo import avisos, correos
from records.correo.correos import EnCola
from records.correo.reglas.correos import motivo
from webforms.base.guias import ADMINISTRADOR, Ayuda
from webforms.base.hojas import Hoja
from webforms.base.menu import Entrada, Grupo
from webforms.base.quienes import REPARA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.correo import cola
from webforms.correo.sin_salir import porque

rutas = Rutas()

VISTAS: Final[Mapping[str, Any]] = {
    correos.ESPERAN: _l("Esperan"),
    correos.FALLARON: _l("Fallaron"),
    correos.VOLVIERON: _l("Volvieron"),
    correos.DESCARTADOS: _l("Descartados"),
}
#: A view that holds nothing → what that means.
VACIAS: Final[Mapping[str, Any]] = {
    correos.ESPERAN: _l("Ningún correo espera su próximo intento."),
    correos.FALLARON: _l(
        "Ningún correo falló. Lo que el servidor no reciba aparece aquí con su razón."
    ),
    correos.VOLVIERON: _l("Ningún correo volvió. Los devueltos se leen con flask mail bounces."),
    correos.DESCARTADOS: _l("Nadie ha descartado un correo."),
}
#: Kinds of notices → in words.
CLASES: Final[Mapping[str, Any]] = {
    correos.PERMANENTE: _l("La dirección no recibe"),
    correos.TEMPORAL: _l("Temporal: su servidor lo intenta todavía"),
    correos.AJENO: _l("No responde a un correo nuestro"),
    correos.ILEGIBLE: _l("No se entiende como devolución"),
}
RAZON: Final = (5, 200)  # letters of why a mail is dropped
LARGO_BUSCADO: Final = 160


@rutas.get(
    "/administracion/correos",
    para=REPARA,
    ayuda=Ayuda(_l("Correos que esperan, que fallaron o que volvieron."), ADMINISTRADOR),
    menu=Entrada(Grupo.HOY, _l("Correos"), 12),
)
def lista() -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        hoja = _hoja(session, request.args.get("vista", ""))
    return hoja.mostrar()


@rutas.post("/administracion/correos", para=REPARA, haria=_l("Buscar entre los correos"))
def buscar() -> ResponseReturnValue:
    """By POST: an address stands in no address of a page. Whom was looked for goes to the access
    chain, without the address."""
    que, s = limpiar(request.form.get("que", ""))[:LARGO_BUSCADO], servicios()
    with s.uow.reading() as session:
        hoja = _hoja(session, request.form.get("vista", correos.ESPERAN), que=que)
    if que:
        s.engine.log_access(
            actor_actual(),
            "busqueda_correos",
            avisos.huella(que.lower()),
            now=s.clock.now(),
            detail={},
        )
    return hoja.mostrar()


@rutas.post(
    "/administracion/correos/<int:aviso_id>/enviar",
    para=REPARA,
    haria=_l("Intentar ahora un correo"),
)
def enviar(aviso_id: int) -> ResponseReturnValue:
    """Now, instead of when its time comes. A failure that became an incident is repaired there, so
    that it does not stay open."""
    s = servicios()
    acto = Acto(actor_actual().id, s.clock.now())
    with s.uow.reading() as session:
        clave = correos.clave_de(session, aviso_id)
        abierto = (
            next(
                (i.id for i in reads.incidents.open_ones(session) if i.input.get("clave") == clave),
                None,
            )
            if clave
            else None
        )

    def tomar(session: Session) -> tuple[str, Data]:
        return cola.trabajo(correos.de_nuevo(session, aviso_id, acto))

    try:
        if abierto is not None:
            repara = Repair(RepairAction.RETRY, "Se envía otra vez desde Correos")
            s.engine.incidents.resolve(abierto, repara, actor=actor_actual(), now=acto.now)
        else:
            s.engine.jobs.ask(avisos.ENVIAR, tomar, queue="mail")
    except (NoExiste, EngineError):
        flash(_("Ese correo ya salió, ya volvió o ya se descartó."), "ambar")
    else:
        flash(_("Se intenta ahora. Si sale, deja esta lista."), "verde")
    return redirect(url_for("correos.lista", vista=_vista(request.form.get("vista", ""))))


@rutas.post(
    "/administracion/correos/<int:aviso_id>/descartar", para=REPARA, haria=_l("Descartar un correo")
)
def descartar(aviso_id: int) -> ResponseReturnValue:
    s, razon, vista = (
        servicios(),
        limpiar(request.form.get("razon", "")),
        _vista(request.form.get("vista", "")),
    )
    menos, mas = RAZON
    if not menos <= len(razon) <= mas:
        error = _("Escriba por qué no se envía, entre 5 y 200 letras")
        with s.uow.reading() as session:
            hoja = _hoja(session, vista, malo=(aviso_id, razon, error))
        return hoja.mostrar()
    acto = Acto(actor_actual().id, s.clock.now())
    try:
        s.uow.run(lambda session: correos.descartar(session, aviso_id, razon, acto))
    except NoExiste:
        flash(_("Ese correo ya salió, ya volvió o ya se descartó."), "ambar")
    else:
        s.engine.log_access(
            actor_actual(),
            "correo_descartado",
            str(aviso_id),
            now=acto.now,
            detail={"razon": razon},
        )
        flash(_("Descartado. Queda en «Descartados» con su razón."), "verde")
    return redirect(url_for("correos.lista", vista=vista))


def _vista(dicha: str, cuantos: Mapping[str, int] | None = None) -> str:
    """The one that was asked for; else what waits, or what failed where nothing waits."""
    if dicha in VISTAS:
        return dicha
    return (
        correos.FALLARON
        if cuantos and cuantos[correos.FALLARON] and not cuantos[correos.ESPERAN]
        else correos.ESPERAN
    )


def _hoja(
    session: Session, dicha: str, *, que: str = "", malo: tuple[int, str, str] | None = None
) -> Hoja:
    """`malo`: the mail whose reason was no reason, what was typed, and what is wrong."""
    cuantos = correos.cuantos(session, que)
    vista = _vista(dicha, cuantos)
    filas: Sequence[EnCola] = correos.en_cola(session, vista, que)
    valores = {
        "vista": vista,
        "vistas": VISTAS,
        "vacias": VACIAS,
        "cuantos": cuantos,
        "filas": filas,
        "que": que,
        "malo": malo,
        "maximo": correos.CUANTOS,
        "rebotes": correos.rebotes(session) if vista == correos.VOLVIERON and not que else (),
        "clases": CLASES,
        "motivo": motivo,
        "porque": porque,
    }
    return Hoja("correo/lista.html", valores, 422 if malo else 200)
