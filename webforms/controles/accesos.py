"""Control 6-1: the weekly reviews of accesses: each account as it stood, why it was looked at, what
was decided, by whom."""

from collections.abc import Iterator, Sequence

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l

from records.controles import accesos
from records.controles.tablas import RevisionCuenta
from records.plazos.reglas.calendario import dia_local
from webforms.base.guias import CALIDAD, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.personas import nombres_de
from webforms.base.quienes import VE_ACCESOS
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.controles import accesos_palabras as dichas
from webforms.documentos.planillas import BOM, en_planilla, linea

rutas = Rutas()

ULTIMAS = 60  #: weeks that the list shows


@rutas.get(
    "/accesos",
    para=VE_ACCESOS,
    ayuda=Ayuda(_l("La revisión semanal de las cuentas (control 6-1)."), CALIDAD),
    menu=Entrada(Grupo.CALIDAD, _l("Revisión de accesos"), 8),
)
def revisiones_de_accesos() -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        ultimas = accesos.ultimas(session, ULTIMAS)
        personas = nombres_de(
            session, {r.revision.revisada_por for r in ultimas if r.revision.revisada_por}
        )
        return render_template("controles/accesos.html", ultimas=ultimas, personas=personas)


@rutas.get(
    "/accesos/<int:revision_id>",
    para=VE_ACCESOS,
    ayuda=Ayuda(_l("Las cuentas que hay que mirar esta semana, y por qué."), CALIDAD),
)
def revision_de_accesos(revision_id: int) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        revision = accesos.revision(session, revision_id) or abort(404)
        cuentas = accesos.de_revision(session, revision_id)
        quienes = {c.decidida_por for c in cuentas if c.decidida_por} | (
            {revision.revisada_por} if revision.revisada_por else set()
        )
        return render_template(
            "controles/revision_accesos.html",
            revision=revision,
            miradas=[c for c in cuentas if c.motivos],
            otras=[c for c in cuentas if not c.motivos],
            antes=accesos.decididas(session, revision_id),
            personas=nombres_de(session, quienes),
        )


@rutas.get("/accesos/<int:revision_id>.csv", para=VE_ACCESOS, de_peso=True)
def exportar_accesos(revision_id: int) -> ResponseReturnValue:
    """Every account of a review; recorded before it leaves."""
    s = servicios()
    with s.uow.reading() as session:
        revision = accesos.revision(session, revision_id) or abort(404)
        texto = BOM + "".join(
            linea(fila) for fila in filas(accesos.de_revision(session, revision_id))
        )
        nombre = f"accesos-{dia_local(revision.tomada).isoformat()}.csv"
    s.engine.log_access(
        actor_actual(), "exportacion", nombre, now=s.clock.now(), detail={"revision": revision_id}
    )
    cabecera = {
        "Content-Disposition": f"attachment; filename={nombre}",
        "Cache-Control": "no-store",
    }
    return Response(texto, mimetype="text/csv", headers=cabecera)


def filas(cuentas: Sequence[RevisionCuenta]) -> Iterator[list[str]]:
    yield [
        *(
            _("Usuario"),
            _("Nombre"),
            _("Estado"),
            _("Roles"),
            _("Creada"),
            _("Último ingreso"),
            _("Clave desde"),
            _("Ingresos"),
        ),
        *(
            _("Intentos fallidos"),
            _("Tareas que tiene"),
            _("Por qué aparece"),
            _("Decisión"),
            _("Nota"),
            _("Decidió"),
            _("Cuándo"),
        ),
    ]
    for c in cuentas:
        yield [
            c.usuario,
            c.nombre,
            _("Activa") if c.activa else _("Inactiva"),
            "; ".join(dichas.roles(c)),
            en_planilla(c.creada),
            en_planilla(c.ultimo_ingreso) if c.ultimo_ingreso else "",
            en_planilla(c.clave_desde),
            str(c.ingresos),
            str(c.fallidos),
            str(c.tareas),
            "; ".join(dichas.motivos(c)),
            dichas.decision(c),
            c.nota,
            c.decidida_por or "",
            en_planilla(c.decidida) if c.decidida else "",
        ]
