"""In the history of a case beside its journal: tasks that rose (Q27), mails, pages cited, links,
the extension of the term."""

import datetime as dt
from collections.abc import Iterator

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine.reads.history import Entry
from engine.states import ActorKind
from engine.types import SYSTEM, Actor, Data
from records.casos import enlaces_de_caso, escalonamientos, numeros_anulados, prorrogas
from records.casos.busqueda import caso_por_clave
from records.casos.quietud import elevadas_del_caso
from records.contingencia import papel
from records.contingencia.reglas.papel import CLASES
from records.correo import avisos
from records.escritos.escritos import entregas_en_caso
from records.sistemas import paginas
from webforms.base import formatos
from webforms.base.personas import nombre_de, nombres_de
from webforms.base.servicios import servicios
from webforms.personas.cubierto import Personales
from webforms.sistemas.paginas import estado as estado_de_pagina, razon as razon_de_pagina
from webforms.tareas.asientos import (
    A_LA_PERSONA,
    ANULACION_PEDIDA,
    AVISADA,
    CITADA,
    DESENLAZADO,
    ELEVADA,
    EN_PAPEL,
    ENLAZADO,
    ENTREGADA,
    NUMERO_ANULADO,
    NUMERO_SIGUE,
    PRORROGA_NEGADA,
    PRORROGA_PEDIDA,
    PRORROGADA,
)
from webforms.tareas.nombres import nombres_de_casos


def ademas(session: Session, case_key: str) -> list[Entry]:
    """What the journal does not hold, as entries."""
    caso = caso_por_clave(session, case_key)
    del_caso = [
        *_avisos(session, case_key, caso.id if caso is not None else None),
        *(_prorroga(session, caso.id) if caso is not None else ()),
        *_anulaciones(session, case_key),
        *(_entregas(session, caso.id) if caso is not None else ()),
        *_enlazados(session, case_key),
    ]
    return [
        *subidas(session, case_key),
        *_citadas(session, case_key),
        *_en_papel(session, case_key),
        *del_caso,
    ]


def _en_papel(session: Session, case_key: str) -> Iterator[Entry]:
    """What a point wrote on paper, at the hour of the paper and by who attended; who entered it
    stands in the journal, too."""
    hoy = formatos.dia_local(servicios().clock.now())
    for n in papel.de_casos(session, [case_key]).get(case_key, ()):
        if (
            n.f.inicio is None
            or n.f.fin is None
            or n.f.digitado is None
            or n.f.digitado_por is None
        ):
            continue
        detalle: Data = {
            "numero": n.nombre,
            "clase": str(_(CLASES[n.lote.clase].nombre)),
            "hasta": formatos.hora(n.f.fin),
            "digito": nombre_de(session, n.f.digitado_por),
            "cuando": formatos.el_momento(n.f.digitado, hoy),
        }
        yield _entrada(n.f.inicio, EN_PAPEL, detalle, Actor(ActorKind.PERSON, n.f.atendio or ""))


def _enlazados(session: Session, case_key: str) -> Iterator[Entry]:
    """Each link when it was made, and when it was taken away."""
    enlaces = enlaces_de_caso.del_caso(session, case_key)
    nombres = nombres_de_casos(session, {x.otro for x in enlaces})
    for x in enlaces:
        dicho: Data = {"dice": x.dice, "otro": nombres.get(x.otro) or _("Caso sin número")}
        yield _entrada(
            x.puesto, ENLAZADO, {**dicho, "motivo": x.motivo}, Actor(ActorKind.PERSON, x.puesto_por)
        )
        if x.quitado is not None:
            yield _entrada(
                x.quitado,
                DESENLAZADO,
                {**dicho, "motivo": x.quitado_motivo},
                Actor(ActorKind.PERSON, x.quitado_por),
            )


def _anulaciones(session: Session, case_key: str) -> Iterator[Entry]:
    """Each when it was asked for, and when it was decided."""
    for a in numeros_anulados.del_caso(session, case_key):
        yield _entrada(
            a.pedida, ANULACION_PEDIDA, {"motivo": a.motivo}, Actor(ActorKind.PERSON, a.pedida_por)
        )
        if a.decidida is not None:
            decidida = NUMERO_ANULADO if a.aprobada else NUMERO_SIGUE
            yield _entrada(
                a.decidida,
                decidida,
                {"motivo": a.respuesta},
                Actor(ActorKind.PERSON, a.decidida_por),
            )


def _entregas(session: Session, caso_id: int) -> Iterator[Entry]:
    """Documents that the person handed in for the case once it had its number."""
    for x in entregas_en_caso(session, caso_id):
        yield _entrada(
            x.cuando, ENTREGADA, {"documentos": x.documentos}, Actor(ActorKind.PERSON, x.quien)
        )


def _citadas(session: Session, case_key: str) -> Iterator[Entry]:
    """Pages of the entity (5.2.21), each with what became of its copy."""
    hoy = formatos.dia_local(servicios().clock.now())
    for c in paginas.del_caso(session, case_key):
        detalle: Data = {
            "citada_id": c.pagina.id,
            "url": c.pagina.url,
            "titulo": c.copia.titulo if c.copia is not None else "",
            "huella": c.copia.huella if c.copia is not None else "",
            "copiada": formatos.el_momento(c.copia.traida, hoy) if c.copia is not None else "",
            "estado": estado_de_pagina(c.pagina)[1],
            "razon": razon_de_pagina(c.pagina),
        }
        yield _entrada(
            c.pagina.citada, CITADA, detalle, Actor(ActorKind.PERSON, c.pagina.citada_por)
        )


def _entrada(cuando: dt.datetime, kind: str, detalle: Data, quien: Actor = SYSTEM) -> Entry:
    return Entry(
        "",
        "",
        0,
        cuando,
        quien.kind,
        quien.id,
        kind,
        None,
        "",
        (),
        detalle,
        None,
        erased=False,
        release=0,
    )


def _avisos(session: Session, case_key: str, caso_id: int | None) -> Iterator[Entry]:
    """Mails by their subject; whoever may not see personal data reads the address covered."""
    hoy, direccion = formatos.dia_local(servicios().clock.now()), Personales(case_key).correo
    for a in avisos.avisos_del_caso(session, case_key, caso_id):
        salio = formatos.el_momento(a.enviado, hoy) if a.enviado is not None else ""
        volvio = formatos.el_momento(a.devuelto, hoy) if a.devuelto is not None else ""
        detalle: Data = {
            "asunto": a.asunto,
            "para": direccion(a.para) if a.para else "",
            "enviado": salio,
            "falla": a.error or "",
        }
        despues: Data = {"volvio": volvio, "descartado": a.descartado_porque or ""}
        # the answer is told by its task
        a_la_persona = a.tipo in avisos.AL_USUARIO - {avisos.RESPUESTA} or a.devuelto is not None
        yield _entrada(a.creado, AVISADA, {**detalle, **despues, A_LA_PERSONA: a_la_persona})


def _prorroga(session: Session, caso_id: int) -> Iterator[Entry]:
    p = escalonamientos.prorroga(session, caso_id)
    for x in prorrogas.del_caso(session, caso_id):
        pedida: Data = {"dias": x.dias, "motivo": x.motivo}
        yield _entrada(x.pedida, PRORROGA_PEDIDA, pedida, Actor(ActorKind.PERSON, x.pedida_por))
        if x.decidida is not None and not x.concedida:
            negada: Data = {"motivo": x.respuesta or ""}
            quien = Actor(ActorKind.PERSON, x.decidida_por or "")
            yield _entrada(x.decidida, PRORROGA_NEGADA, negada, quien)
    if p is not None:
        antes, ahora = formatos.fecha_larga(p.limite_anterior), formatos.fecha_larga(p.nueva_fecha)
        detalle: Data = {"dias": p.dias, "antes": antes, "ahora": ahora, "motivo": p.motivo}
        yield _entrada(p.aviso, PRORROGADA, detalle, Actor(ActorKind.PERSON, p.aprobador))


def subidas(session: Session, case_key: str) -> Iterator[Entry]:
    """As entries, beside those of the journal."""
    hoy = formatos.dia_local(servicios().clock.now())
    filas = elevadas_del_caso(session, case_key)
    nombres = nombres_de(session, {f.tenia for f in filas if f.tenia})
    for fila in filas:
        yield Entry(
            instance_id="",
            process="",
            rev=0,
            at=fila.elevada,
            actor_kind=ActorKind.SYSTEM,
            actor_id=SYSTEM.id,
            kind=ELEVADA,
            element=fila.actividad,
            name=fila.nombre,
            steps=(),
            detail={
                "dias": fila.dias,
                "desde": formatos.fecha(fila.desde, hoy),
                "tenia": nombres.get(fila.tenia, fila.tenia) if fila.tenia else "",
            },
            values=None,
            erased=False,
            release=0,
        )
