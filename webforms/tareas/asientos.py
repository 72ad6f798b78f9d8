"""What the journal says of acts on an instance, in sentences: states and variables before and
after, what was moved."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l, ngettext

from engine.reads.history import Entry
from engine.states import Act, ActorKind, InstanceStatus, TextOf
from engine.types import Value
from webforms.tareas.elementos import titulo_de_elemento
from webforms.tareas.envios import texto_de

#: status of an instance → (class of the badge, word)
ESTADOS: Mapping[str, tuple[str, Any]] = {
    InstanceStatus.ACTIVE: ("activa", _l("En curso")),
    InstanceStatus.SUSPENDED: ("pausa", _l("Suspendido")),
    InstanceStatus.CANCELLED: ("tranquila", _l("Cancelado")),
    InstanceStatus.FINISHED: ("hecha", _l("Terminado")),
}
ACTOS: Mapping[str, Any] = {
    Act.SUSPEND: _l("Suspendió el proceso"),
    Act.RESUME: _l("Reanudó el proceso"),
    Act.CANCEL: _l("Canceló el proceso"),
    Act.BACK: _l("Devolvió el proceso a"),
    Act.MIGRATE: _l("Pasó el proceso a otra versión"),
    Act.CORRECT: _l("Corrigió datos del caso"),
    Act.RESCHEDULE: _l("Movió plazos del caso"),
    Act.ERASE: _l("Borró los formularios por la regla de retención"),
}

#: No act on an instance: a task that nobody touched rose to who leads its area.
ELEVADA = "elevada"

#: No acts on an instance either: a mail of the case, and the extension of its term, asked for,
#: refused or given.
AVISADA, PRORROGADA = "avisada", "prorrogada"
PRORROGA_PEDIDA, PRORROGA_NEGADA = "prorroga_pedida", "prorroga_negada"

#: Nor is this one: a page of the entity that an adviser cited (5.2.21), with its copy.
CITADA = "citada"

#: Nor this one: what happened on paper, at its hour, and was entered later (SUPUESTO Q30).
EN_PAPEL = "en_papel"

#: Nor this one: documents that came for a case that had its number.
ENTREGADA = "entregada"

#: Nor these: two cases were linked, or no longer are.
ENLAZADO, DESENLAZADO = "enlazado", "desenlazado"

#: Nor these: the number of the case should be annulled, and what was decided.
ANULACION_PEDIDA, NUMERO_ANULADO, NUMERO_SIGUE = (
    "anulacion_pedida",
    "numero_anulado",
    "numero_sigue",
)

#: In the detail of a mail: it is a letter to the person, not a word to people of the entity.
A_LA_PERSONA = "a_la_persona"

#: In the detail of a completed task whose form has several buttons: the act of the one that was
#: pressed, in words.
ACTO = "acto"

#: In the detail of a correction: (field, what it said, what it says now), in words.
CAMBIOS = "cambios"

#: A task goes to somebody else, a turn leaves a desk: what was written is the reason, no form.
CON_MOTIVO = frozenset({Act.RELEASE, Act.REASSIGN, Act.MESSAGE})

#: What else a command did; together with the name of the element.
PASOS: Mapping[str, Any] = {
    Act.START: _l("Empezó el proceso"),
    Act.COMPLETE: _l("Completó"),
    Act.CLAIM: _l("Tomó"),
    Act.RELEASE: _l("Devolvió"),
    Act.REASSIGN: _l("Reasignó"),
    Act.MESSAGE: _l("Llegó un mensaje en"),
    Act.TIMER: _l("Se cumplió:"),
    Act.JOB: _l("Respondió un sistema en"),
    Act.RETRY: _l("Reintentó"),
    Act.EDIT: _l("Corrigió datos y reintentó"),
    Act.SKIP: _l("Omitió"),
    Act.CLOSE: _l("Cerró el incidente de"),
    Act.CONTINUE: _l("Siguió con las tareas automáticas"),
    Act.LOST: _l("Mensaje sin destinatario desde"),
    ELEVADA: _l("Subió a quien lidera el área"),
    AVISADA: _l("Aviso"),
    PRORROGADA: _l("Prorrogó el término"),
    PRORROGA_PEDIDA: _l("Pidió prórroga del término"),
    PRORROGA_NEGADA: _l("No concedió la prórroga"),
    CITADA: _l("Citó una página de la entidad"),
    EN_PAPEL: _l("Atendió en papel"),
    ENTREGADA: _l("Recibió documentos de la persona"),
    ANULACION_PEDIDA: _l("Pidió que se anule el número del caso"),
    NUMERO_ANULADO: _l("Anuló el número del caso"),
    NUMERO_SIGUE: _l("Decidió que el número del caso no se anula"),
    ENLAZADO: _l("Vinculó el caso con otro"),
    DESENLAZADO: _l("Quitó el vínculo con otro caso"),
}


def estado_de(codigo: str) -> str:
    return str(ESTADOS[codigo][1]) if codigo in ESTADOS else codigo


def es_del_caso(asiento: Entry) -> bool:
    """What somebody did, and what reached the person or who leads the area: other steps ran by
    themselves."""
    if asiento.kind == AVISADA:
        return bool(asiento.detail.get(A_LA_PERSONA))
    return (
        asiento.actor_kind != ActorKind.SYSTEM or asiento.kind in ACTOS or asiento.kind == ELEVADA
    )


def que_hizo(asiento: Entry) -> str:
    """ "Completó 5.2.8 Tipificar": the act, and where."""
    acto = ACTOS.get(asiento.kind) or PASOS.get(asiento.kind, asiento.kind)
    if asiento.kind == Act.ERASE and asiento.detail.get("acta"):
        acto = _("Eliminó los formularios por el acta %(n)s", n=asiento.detail["acta"])
    return (
        f"{acto} {titulo_de_elemento(asiento.element or '', asiento.name)}"
        if asiento.name
        else str(acto)
    )


def frases(asiento: Entry) -> list[str]:
    """Nothing for entries that are no act on the instance."""
    hacer = FRASES.get(asiento.kind)
    return list(hacer(asiento.detail)) if hacer is not None else []


def motivo(asiento: Entry) -> str:
    """The reason that was written for the act; empty where it was erased or there is none."""
    if (asiento.kind not in ACTOS and asiento.kind not in CON_MOTIVO) or not asiento.values:
        return ""
    return str(asiento.values.get(TextOf.REASON, ""))


def _completado(d: Mapping[str, Any]) -> Iterator[str]:
    if d.get(ACTO):
        yield f"{d[ACTO]}."


def _estados(d: Mapping[str, Any]) -> Iterator[str]:
    yield str(_("Pasó de «%(de)s» a «%(a)s».", de=estado_de(d["from"]), a=estado_de(d["to"])))


def _reanudado(d: Mapping[str, Any]) -> Iterator[str]:
    yield from _estados(d)
    if d.get("jobs"):
        yield str(_("Se volvieron a pedir %(n)s respuestas de sistemas.", n=len(d["jobs"])))
    for elemento, veces in d.get("skipped", []):
        yield str(
            _(
                "%(e)s: %(n)s repeticiones de ese tiempo no se hicieron; queda la última.",
                e=elemento,
                n=veces,
            )
        )
    yield from _movidos(d)


def _movidos(d: Mapping[str, Any]) -> Iterator[str]:
    """Due dates that are another from then on."""
    if d.get("case_due"):
        antes, despues = d["case_due"]
        yield str(
            _("Término legal: antes %(a)s, después %(d)s.", a=texto_de(antes), d=texto_de(despues))
        )
    for elemento, antes, despues in d.get("moved", ()):
        yield str(
            _(
                "%(e)s: antes %(a)s, después %(d)s.",
                e=elemento,
                a=texto_de(antes),
                d=texto_de(despues),
            )
        )


def _cancelado(d: Mapping[str, Any]) -> Iterator[str]:
    yield from _estados(d)
    variables = "; ".join(
        f"{nombre}: {texto_de(valor)}" for nombre, valor in sorted(d.get("variables", {}).items())
    )
    if variables:
        yield str(_("Variables al cancelar: %(v)s.", v=variables))
    yield from _incidentes(d)


def _devuelto(d: Mapping[str, Any]) -> Iterator[str]:
    if d["from"] != InstanceStatus.ACTIVE:
        yield str(_("Estaba en «%(de)s» y volvió a estar en curso.", de=estado_de(d["from"])))
    if d.get("within"):
        yield str(_("Se abrió otra vez: %(e)s.", e=" › ".join(d["within"])))
    cambios: Mapping[str, list[Value]] = d.get("changes", {})
    for nombre, (antes, despues) in cambios.items():
        yield str(
            _(
                "%(v)s: antes «%(a)s», después «%(d)s».",
                v=nombre,
                a=texto_de(antes),
                d=texto_de(despues),
            )
        )
    yield from _incidentes(d)


def _migrado(d: Mapping[str, Any]) -> Iterator[str]:
    yield str(_("De la versión %(de)s a la %(a)s.", de=d["from"], a=d["to"]))
    for antes, despues in d.get("mapping", {}).items():
        yield str(_("Lo que estaba en «%(a)s» siguió en «%(d)s».", a=antes, d=despues))
    if d.get("armed"):
        yield str(_("Empezó a esperar: %(e)s.", e=", ".join(d["armed"])))
    if d.get("disarmed"):
        yield str(_("Dejó de esperar: %(e)s.", e=", ".join(d["disarmed"])))
    yield from _incidentes(d)


def _elevada(d: Mapping[str, Any]) -> Iterator[str]:
    quien = (
        _("la tenía %(nombre)s", nombre=d["tenia"]) if d["tenia"] else _("nadie la había tomado")
    )
    dias = ngettext("%(num)s día hábil", "%(num)s días hábiles", d["dias"])
    yield str(
        _(
            "Llevaba %(dias)s sin movimiento, desde el %(desde)s: %(quien)s.",
            dias=dias,
            desde=d["desde"],
            quien=quien,
        )
    )


def _avisada(d: Mapping[str, Any]) -> Iterator[str]:
    yield str(_("«%(a)s», a %(p)s.", a=d["asunto"], p=d["para"] or _("nadie: no hay correo")))
    if d["enviado"]:
        yield str(_("Salió %(c)s.", c=d["enviado"]))
    elif d["falla"]:
        yield str(_("No salió: %(f)s", f=_(d["falla"])))
    if d.get("volvio"):
        yield str(_("Volvió %(c)s: su dirección no lo recibió.", c=d["volvio"]))
    if d.get("descartado"):
        yield str(_("Se descartó: %(p)s.", p=d["descartado"]))


def _prorrogada(d: Mapping[str, Any]) -> Iterator[str]:
    yield str(
        _("%(n)s días hábiles más: del %(a)s al %(b)s.", n=d["dias"], a=d["antes"], b=d["ahora"])
    )
    yield str(_("Motivo de la carta: %(m)s", m=d["motivo"]))


def _prorroga_pedida(d: Mapping[str, Any]) -> Iterator[str]:
    yield ngettext("%(num)s día hábil más.", "%(num)s días hábiles más.", d["dias"])
    yield from _con_su_motivo(d)


def _citada(d: Mapping[str, Any]) -> Iterator[str]:
    yield f"«{d['titulo']}», {d['url']}" if d["titulo"] else d["url"]
    if d["huella"]:
        yield str(_("Copia de lo que decía, %(c)s.", c=d["copiada"]))
    else:
        yield f"{d['estado']}: {d['razon']}." if d["razon"] else f"{d['estado']}."


def _en_papel(d: Mapping[str, Any]) -> Iterator[str]:
    yield str(
        _("Formato %(n)s, «%(k)s», hasta las %(h)s.", n=d["numero"], k=d["clase"], h=d["hasta"])
    )
    yield str(
        _(
            "Lo digitó %(q)s, %(c)s. El plazo cuenta desde la hora del papel.",
            q=d["digito"],
            c=d["cuando"],
        )
    )


def _entregada(d: Mapping[str, Any]) -> Iterator[str]:
    yield str(_("Documentos y folios: %(d)s.", d=d["documentos"]))


def _corregido(d: Mapping[str, Any]) -> Iterator[str]:
    for campo, antes, despues in d.get(CAMBIOS, ()):
        yield str(_("%(n)s: antes «%(a)s», después «%(d)s».", n=campo, a=antes, d=despues))


def _enlazado(d: Mapping[str, Any]) -> Iterator[str]:
    yield f"{_(d['dice'])} {d['otro']}."
    yield from _con_su_motivo(d)


def _con_su_motivo(d: Mapping[str, Any]) -> Iterator[str]:
    if d["motivo"]:
        yield str(_("Motivo: %(m)s", m=d["motivo"]))


def _incidentes(d: Mapping[str, Any]) -> Iterator[str]:
    if d.get("incidents"):
        yield str(_("Se cerraron %(n)s incidentes.", n=len(d["incidents"])))


FRASES: Mapping[str, Callable[[Mapping[str, Any]], Iterator[str]]] = {
    Act.COMPLETE: _completado,
    Act.SUSPEND: _estados,
    Act.RESUME: _reanudado,
    Act.CANCEL: _cancelado,
    Act.BACK: _devuelto,
    Act.MIGRATE: _migrado,
    Act.CORRECT: _corregido,
    Act.RESCHEDULE: _movidos,
    ELEVADA: _elevada,
    AVISADA: _avisada,
    PRORROGADA: _prorrogada,
    PRORROGA_PEDIDA: _prorroga_pedida,
    PRORROGA_NEGADA: _con_su_motivo,
    CITADA: _citada,
    EN_PAPEL: _en_papel,
    ENTREGADA: _entregada,
    ANULACION_PEDIDA: _con_su_motivo,
    NUMERO_ANULADO: _con_su_motivo,
    NUMERO_SIGUE: _con_su_motivo,
    ENLAZADO: _enlazado,
    DESENLAZADO: _enlazado,
}
