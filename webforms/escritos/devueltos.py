"""A document that was filed to the wrong case: asked for with the reason, decided by another
person; then it waits for its case again."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l

from engine.states import AccessKind
from engine.types import Noting
from records.base.actos import Acto
from records.base.errores import DatoInvalido, Restringido
from records.casos import devueltos
from records.casos.reglas.notas import NOTA
from records.cuentas.reglas.roles import Facultad
from records.escritos import sueltos
from records.escritos.sueltos import Suelto
from webforms.base import formatos
from webforms.base.guias import DOCUMENTAL, Ayuda
from webforms.base.personas import nombre_de, nombres_de
from webforms.base.quienes import CANCELA, RADICA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual, puede
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.casos.cabecera import puede_ver, restringido
from webforms.tareas.nombres import nombres_de_casos

rutas = Rutas()

SACAR, DEJAR = "sacar", "dejar"


def _en_un_caso(suelto_id: int) -> Suelto:
    with servicios().uow.reading() as session:
        hallado = sueltos.uno(session, suelto_id)
        cerrado = hallado.fila.case_key is not None and restringido(session, hallado.fila.case_key)
    if cerrado:
        s, clave = servicios(), str(hallado.fila.case_key)
        s.engine.log_access(
            actor_actual(), AccessKind.REFUSAL, clave, now=s.clock.now(), detail={"reason": "case"}
        )
        raise Restringido
    if hallado.fila.case_key is None:
        abort(404)
    return hallado


@rutas.get(
    "/radicacion/sueltos/<int:suelto_id>/vuelta",
    para=RADICA | CANCELA,
    ayuda=Ayuda(
        _l("Un documento pasado a un caso que no era: se pide que salga y lo decide otra persona."),
        DOCUMENTAL,
    ),
)
def vuelta(suelto_id: int) -> ResponseReturnValue:
    return _ya_salio(suelto_id) or _pagina(suelto_id, [])


def _ya_salio(suelto_id: int) -> ResponseReturnValue | None:
    """A second press, or a page that was open since before: it is of no case any more, because
    somebody decided so."""
    with servicios().uow.reading() as session:
        en_un_caso = sueltos.uno(session, suelto_id).fila.case_key is not None
    return None if en_un_caso else _ya_decidido(suelto_id)


def _ya_decidido(suelto_id: int) -> ResponseReturnValue | None:
    """Who decided, and what; None: it still waits, or nobody asked."""
    with servicios().uow.reading() as session:
        ya = devueltos.decidido(session, suelto_id)
        quien = nombre_de(session, ya.decidido_por) if ya is not None and ya.decidido_por else ""
    if ya is None:
        return None
    cuando = formatos.momento(ya.decidido)
    dicho = (
        _("Ya estaba decidido: %(q)s lo sacó del caso, %(c)s.")
        if ya.aprobado
        else _("Ya estaba decidido: %(q)s lo dejó en el caso, %(c)s.")
    )
    flash(dicho % {"q": quien, "c": cuando}, "ambar")
    return _de_vuelta(ya.case_key)


def _pagina(suelto_id: int, errores: list[tuple[str, str]]) -> ResponseReturnValue:
    hallado = _en_un_caso(suelto_id)
    clave = str(hallado.fila.case_key)
    with servicios().uow.reading() as session:
        pedido = devueltos.pendiente(session, suelto_id)
        numero = nombres_de_casos(session, {clave}).get(clave, "")
        nombres = nombres_de(
            session, {hallado.fila.decidido_por or "", pedido.pedido_por if pedido else ""}
        )
    motivo, decide = limpiar(request.form.get("motivo", "")), request.form.get("decide", "")
    suyo = pedido is not None and pedido.pedido_por == actor_actual().id
    valores = {
        "f": hallado.fila,
        "d": hallado.archivo,
        "numero": numero,
        "nombres": nombres,
        "pedido": pedido,
        "suyo": suyo,
    }
    pagina = render_template(
        "escritos/devolver.html",
        **valores,
        motivo=motivo,
        decide=decide,
        errores=errores,
        minimo=sueltos.MOTIVO[0],
    )
    return pagina, 422 if errores else 200


def _de_vuelta(clave: str) -> ResponseReturnValue:
    """To the list of documents whoever works with it, to the case whoever may see it, anybody else
    to their first page."""
    if puede(actor_actual(), Facultad.RADICAR):
        return redirect(url_for("radicacion.sueltos"))
    with servicios().uow.reading() as session:
        se_ve = puede_ver(session, actor_actual(), clave)
    return redirect(url_for("casos.ver", case_key=clave) if se_ve else url_for("inicio.inicio"))


def _motivo() -> str:
    """DatoInvalido."""
    return sueltos.motivo_valido(str(limpiar(request.form.get("motivo", ""))))


@rutas.post(
    "/radicacion/sueltos/<int:suelto_id>/vuelta",
    para=RADICA | CANCELA,
    haria=_l("Pedir que un documento salga de un caso que no es el suyo"),
)
def pedir_vuelta(suelto_id: int) -> ResponseReturnValue:
    s, hallado = servicios(), _en_un_caso(suelto_id)
    clave = str(hallado.fila.case_key)
    try:
        motivo = _motivo()

        def pedir(n: Noting) -> None:
            devueltos.pedir(n.session, suelto_id, motivo, Acto(n.actor.id, n.now, clave))

        dicho = f"Pide sacar de este caso «{hallado.archivo.nombre}», que no es suyo: {motivo}"
        s.engine.notes.add(
            clave, dicho, kind=NOTA, actor=actor_actual(), now=s.clock.now(), records=pedir
        )
    except DatoInvalido as falla:
        return _pagina(suelto_id, [("motivo", str(falla))])
    flash(
        _("Quedó pedido. Otra persona lo decide; mientras tanto el documento sigue en el caso."),
        "verde",
    )
    return _de_vuelta(clave)


@rutas.post(
    "/radicacion/sueltos/<int:suelto_id>/vuelta/decidir",
    para=RADICA | CANCELA,
    haria=_l("Decidir si un documento sale de un caso"),
)
def decidir_vuelta(suelto_id: int) -> ResponseReturnValue:
    """Who asked may only let it be."""
    if (ya := _ya_decidido(suelto_id)) is not None:
        return ya
    s, hallado, decide = servicios(), _en_un_caso(suelto_id), request.form.get("decide", "")
    clave, aprueba = str(hallado.fila.case_key), decide == SACAR
    if decide not in (SACAR, DEJAR):
        return _pagina(
            suelto_id, [("decide", str(_("Elija si el documento sale del caso o se queda")))]
        )
    try:
        motivo = _motivo()

        def decidir(n: Noting) -> None:
            devueltos.decidir(
                n.session, suelto_id, motivo, Acto(n.actor.id, n.now, clave), aprueba=aprueba
            )

        que = "Sale de este caso" if aprueba else "Se queda en este caso"
        dicho = f"{que} «{hallado.archivo.nombre}» (SHA-256 {hallado.archivo.sha256}): {motivo}"
        s.engine.notes.add(
            clave, dicho, kind=NOTA, actor=actor_actual(), now=s.clock.now(), records=decidir
        )
    except DatoInvalido as falla:
        return _ya_decidido(suelto_id) or _pagina(suelto_id, [("motivo", str(falla))])
    flash(
        _("El documento salió del caso y espera el suyo.")
        if aprueba
        else _("El documento se queda en el caso."),
        "verde",
    )
    return _de_vuelta(clave)
