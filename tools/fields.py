"""Who writes and who reads which field, printed by `make docs` from
diagrams, forms and powers of roles."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from engine.model import vocabulary, xml
from engine.types import ElementSpec
from records.cuentas.reglas.roles import ROLES, Facultad, con_facultad
from webforms.campos.validadores import Cuando, Derivado
from webforms.personas.cubierto import CUBIERTAS, LAPSO
from webforms.salas import FORMS

ROOT: Final = Path(__file__).resolve().parents[1]
F = Facultad
#: What each power lets read and write beside the tasks of its lanes; a power without a line here
#: fails the page.
POWERS: Final[dict[Facultad, tuple[str, str]]] = {
    F.ATENDER: (
        "the queue of the point, the case at the desk, the record of its person once the document is exhibited",
        "turns of the point, the reason of a call",
    ),
    F.VER_LO_SUYO: ("a first page of what waits for them, with the dates of the month", "–"),
    F.BUSCAR_CASOS: ("number, state and dates of the cases that it may open anyway", "–"),
    F.VER_TODO: ("every case with all its fields, those of *Covered* covered", "–"),
    F.ABRIR_CON_MOTIVO: ("one case for an hour, after the reason stands in the access chain", "–"),
    F.DESCUBRIR: (
        "whole documents, telephones, mail and addresses of a case that it may open, by a click; every other role with a reason",
        "–",
    ),
    F.ANOTAR: ("the notes of a case that it may open", "a note, which nobody changes"),
    F.COMPLEMENTAR: (
        "–",
        "documents and a text that the citizen brought, to a case that it may open",
    ),
    F.PRORROGAR: ("–", "the extension of the legal term: days and reason"),
    F.SUPERVISAR: (
        "tasks of those it leads, in their place: who has them, since when",
        "who has a task, absences and substitutes of those it leads",
    ),
    F.REDACTAR: ("templates of answers", "templates of answers"),
    F.OPERAR: (
        "suspended cases",
        "whether a case is suspended, and the step it is at, with a reason",
    ),
    F.CORREGIR: (
        "the fields of the start of a case, uncovered, which is recorded",
        "the same, with a reason; what they said before stays",
    ),
    F.CANCELAR: ("–", "whether a case is cancelled, with a reason"),
    F.MIGRAR: ("which cases are of which version", "the version of a case"),
    F.REPARAR: ("what a failed step was given, covered", "the values of that step, with a reason"),
    F.ADMINISTRAR: ("devices, recurring starts", "the same"),
    F.GOBERNAR: (
        "accounts, roles, places, lists, calendar; never a password or a secret",
        "the same, of others and not their own; what lets enter is set by a link to its person",
    ),
    F.LEER_MODELOS: ("diagrams, tables, texts in force and before", "–"),
    F.MODELAR: ("drafts of their own", "drafts; in force when a second person agrees"),
    F.REVISAR: (
        "every case with its originals, each look in the access chain; who looked at what",
        "verdicts of a review, legal holds",
    ),
    F.DIGITAR_PAPEL: ("–", "the fields of a paper form of their point, once a number"),
    F.PREPARAR_PAPEL: ("printed numbers", "lots, voided numbers, outages"),
    F.VER_PAPEL: ("which numbers nobody entered", "–"),
    F.ELIMINAR: (
        "files whose retention is over, as an inventory (numbers, dates, documents, bytes)",
        "the proposal of their disposal with its reason, where it is published, the order to carry it out",
    ),
    F.APROBAR_ELIMINACION: (
        "the same",
        "the decision about a proposal of somebody else, with the committee's minutes; observations",
    ),
    F.VER_ELIMINACION: ("proposals and acts of disposal", "–"),
    F.RADICAR: (
        "deliveries at the desk: name, covered document, subject, what is missing",
        "number, sheets, series and documents of a filing; of which case a loose document is",
    ),
    F.VER_OPERACION: ("turns and open cases by point, without names", "–"),
    F.VER_INDICADORES: (
        "figures of closed months; the turns behind them; the cases behind them only with `ver_todo`",
        "–",
    ),
    F.AUDITAR: ("audits while they are made: the visit and its F189", "only its own tasks"),
    F.CALIBRAR: ("calibrations", "a calibration and who takes part"),
    F.VER_AUDITORIAS: ("audits whose copy has left", "–"),
    F.VER_COMITES: ("findings, answers and minutes of the committee", "–"),
    F.SESIONAR: ("what their session treats", "their own attendance and vote"),
    F.CERRAR_ACCIONES: ("actions that are open", "how an action was closed, and what proves it"),
    F.VER_ENTREGAS: ("what the contract supervisors got, and their receipts", "–"),
    F.ACUSAR: ("what was sent to them", "their receipt"),
    F.CERRAR_MES: (
        "the month before it is closed",
        "whether a month is closed, another version of it",
    ),
    F.VER_ACCESOS: ("weekly reviews of accounts", "–"),
    F.VER_SISTEMAS: ("times, faults and breakers of systems around, without what was asked", "–"),
    F.COORDINAR_TURNOS: (
        "what turn systems said that needs a look",
        "who gives the numbers at a point",
    ),
    F.CONCILIAR: ("fields in which the CRM outside differs: both values", "which of both stays"),
    F.VER_CONTROLES: ("the panel of controls and duties kept apart", "–"),
}


def fields_of(form: type[Any]) -> Iterator[str]:
    """As the form declares them; what depends on the case may still be taken out of it there
    (`preparar`), never put in."""
    declared: dict[str, Any] = {}
    for base in reversed(form.__mro__):
        for name, field in vars(base).items():
            if hasattr(field, "field_class"):
                declared[name] = field
            elif name in declared:
                del declared[name]
    for name, field in declared.items():
        rules = [
            *(field.args[1] if len(field.args) > 1 else ()),
            *field.kwargs.get("validators", ()),
        ]
        when = next((rule for rule in rules if isinstance(rule, Cuando)), None)
        if any(isinstance(rule, Derivado) for rule in rules):
            yield f"`{name}` (nobody: computed)"
        elif when is not None:
            yield f"`{name}` (while `{when.campo}` is {' or '.join(when.valores)})"
        else:
            yield f"`{name}`"


def tasks() -> Iterator[tuple[str, str, list[ElementSpec]]]:
    """(file, process, its steps that take fields), of every package."""
    for file in sorted((ROOT / "bpmn").rglob("*.bpmn")):
        if "escenarios" not in file.parts:
            name = str(file.relative_to(ROOT / "bpmn"))
            for process in vocabulary.read(name, xml.parse(file.read_bytes())).processes:
                yield name, process.id, [e for e in process.elements.values() if e.form or e.fields]


def who(task: ElementSpec) -> str:
    """Lane and place; of a start or a message, who may begin or deliver."""
    said = []
    if task.lane is not None and task.lane.role:
        said.append(f"{task.lane.role}{f' of its {task.lane.scope}' if task.lane.scope else ''}")
    if task.holder:
        said.append(f"whom `{task.holder}` names, first")
    said += [f"never who did {other}" for other in task.not_same_person_as]
    if task.start is not None:
        said = [
            *(("anybody, on the page for citizens",) if task.start.public else ()),
            *task.start.roles,
        ]
    if task.delivery is not None:
        said = [
            *task.delivery.roles,
            *(("a system, by a signed call",) if task.delivery.webhook else ()),
        ]
    return ", ".join(said)


def written(task: ElementSpec) -> str:
    if task.form:
        return ", ".join(fields_of(FORMS[task.form].form))
    return ", ".join(f"`{field.name}`" for field in task.fields)


def page() -> str:
    lines = [
        "# Who writes and who reads which field",
        "",
        "Printed by `make docs` from the diagrams (lanes, forms), `formularios` of the rooms (fields, and while which answer each is asked",
        "for), `webforms/personas/cubierto.py` and the powers in `records/cuentas/reglas/roles.py`. Which role reaches",
        "which address: permissions.md beside this page.",
        "",
        "## What holds for every field",
        "",
        "- It is written by the task that has it, while that task is open, by whoever holds the role of its lane for the place that the",
        "  case names; once somebody has taken it, by them alone. A field that the form has not is dropped, one that is not asked for by",
        "  the answer above it is stored empty (tests/integration/webforms/test_campos_ajenos.py).",
        "- Once the task is done nobody writes it there. What was wrong is corrected with a reason by whoever may (`corregir`).",
        "- It is read with its case: by whoever has or had a task of it, leads its place, or may by a power below. Sensitive data",
        "  (docs/data.md) lie apart from the case and are read as counts.",
        "",
        "## Covered",
        "",
        "Fields whose name is or ends in one of these stand covered on the pages of a case, for everybody, until whoever may open the case",
        f"asks for it, without the power `{F.DESCUBRIR}` by writing what for: then for {LAPSO.total_seconds() / 60:.0f} minutes,",
        "and each page that shows them is an entry of the access chain. What",
        "somebody types in a task of their own is not covered (tests/integration/webforms/test_web_historia.py).",
        "",
        *(f"- `{name}`" for name in sorted(CUBIERTAS)),
        "",
        "## By power",
        "",
        "| power | reads, beside tasks of its lanes | writes, beside them | roles |",
        "|---|---|---|---|",
        *(
            f"| `{each}` | {POWERS[each][0]} | {POWERS[each][1]} | {', '.join(sorted(con_facultad(each)))} |"
            for each in Facultad
        ),
        "",
        "Roles without a power do their tasks alone: "
        + ", ".join(sorted(name for name, role in ROLES.items() if not role.puede))
        + ".",
    ]
    for file, process, steps in tasks():
        if steps:
            lines += [
                "",
                f"## {file}, `{process}`",
                "",
                "| step | who writes | fields |",
                "|---|---|---|",
            ]
            lines += [f"| `{step.id}` | {who(step)} | {written(step)} |" for step in steps]
    return "\n".join(lines) + "\n"
