"""What a service task may read besides process variables: what people wrote in the forms of its case, and texts of its release."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from common.prepared import Prepared
from engine.states import REASON_FORMS
from engine.store import sql
from engine.store import tables as t
from engine.types import Data
from engine.types import Processes
from engine.types import Value

_FORMS: Final = Prepared(
    sa.select(sql.SUBMISSION.c.form_values, sql.SUBMISSION.c.form)
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


def written(session: Session, case_key: str) -> Data:
    """Field → what was written in it last, in any form of the case. What was erased is not there, nor are the reasons of acts."""
    found: dict[str, Value] = {}
    for row in _FORMS.all(session, {"b_case": case_key}):
        if row.form not in REASON_FORMS:
            found.update(row.form_values)
    return found


def in_words(values: Data, processes: Processes) -> Data:
    """The same, with what a choice is called instead of its code."""
    fields = (field for process in processes.values() for element in process.elements.values() for field in element.fields)
    options = {field.name: dict(field.options) for field in fields if field.options}
    return {name: options[name].get(str(value), value) if name in options else value for name, value in values.items()}


def part(session: Session, release: int, name: str) -> str | None:
    """The text of this name in this release, None when it has none."""
    content = _PART.scalar(session, {"b_release": release, "b_name": name})
    return None if content is None else bytes(content).decode("utf-8")
