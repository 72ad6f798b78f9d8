"""What a service task may read besides process variables: what people wrote in the forms of its
case, and texts of its release."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from common.prepared import Prepared
from engine.states import REASON_FORMS, Act, TextOf
from engine.store import sql, tables as t
from engine.types import Data, Processes, Value
from engine.values import run_through

_FORMS: Final = Prepared(
    sa.select(sql.SUBMISSION.c.form_values, sql.SUBMISSION.c.form, sql.INSTANCE.c.process)
    .join(sql.INSTANCE, sql.INSTANCE.c.id == sql.SUBMISSION.c.instance_id)
    .where(sql.INSTANCE.c.case_key == sa.bindparam("b_case"), sql.HAS_FORM)
    .order_by(sql.SUBMISSION.c.at, sql.SUBMISSION.c.rev)
)
_FILE, _CONTENT = sql.table(t.ReleaseFile), sql.table(t.FileContent)
_PART: Final = Prepared(
    sa.select(_CONTENT.c.content)
    .join(_FILE, _FILE.c.sha256 == _CONTENT.c.sha256)
    .where(_FILE.c.release == sa.bindparam("b_release"), _FILE.c.name == sa.bindparam("b_name"))
)


@dataclass(frozen=True, slots=True)
class FormsOf:
    """Whose forms: of the case of an instance, in the words of its release."""

    case_key: str
    process: str
    processes: Processes


def known(session: Session, of: FormsOf, data: Data, typed: Data) -> Data:
    """Field → what was written in it last, in any form of the case or just now (`typed`), a choice
    by its words. What a variable of that name holds now is right. What was corrected since counts;
    what was erased is not there, nor are the reasons of acts.
    """
    found: dict[str, Value] = {}
    ran = {of.process}
    for row in _FORMS.all(session, {"b_case": of.case_key}):
        if row.form == Act.CORRECT:
            found.update(row.form_values[TextOf.AFTER])
        elif row.form not in REASON_FORMS:
            found.update(row.form_values)
            ran.add(row.process)
    found.update(typed)
    found |= {name: data[name] for name in found if data.get(name) is not None}
    options = _options(of.processes, ran)
    return {
        name: options[name].get(str(value), value) if name in options else value
        for name, value in found.items()
    }


def _options(processes: Processes, ran: AbstractSet[str]) -> dict[str, dict[str, str]]:
    """Choice → code → words, of these processes and those that they call."""
    found: dict[str, dict[str, str]] = {}
    for process in run_through(processes, ran):
        for field in (
            field
            for element in process.elements.values()
            for field in element.fields
            if field.options
        ):
            found.setdefault(field.name, {}).update(field.options)
    return found


def part(session: Session, release: int, name: str) -> str | None:
    """The text of this name in this release, None when it has none."""
    content = _PART.scalar(session, {"b_release": release, "b_name": name})
    return None if content is None else bytes(content).decode("utf-8")
