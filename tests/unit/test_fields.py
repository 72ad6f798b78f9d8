"""The page of fields is made from diagrams, forms and roles, and leaves no field and no power out."""

import pytest
from wtforms.form import BaseForm
from wtforms.meta import DefaultMeta

from records.cuentas.reglas.roles import ROLES, Facultad
from tools import fields
from webforms.campos.validadores import Cuando
from webforms.salas import FORMS


def test_every_power_says_what_it_reads_and_writes_and_every_role_stands_there() -> None:
    assert set(fields.POWERS) == set(Facultad)
    assert all(read and write for read, write in fields.POWERS.values())
    powers = fields.page().partition("## By power")[2].partition("\n## ")[0]
    assert [role for role in ROLES if role not in powers] == []


@pytest.mark.parametrize("key", sorted(FORMS))
def test_of_a_form_each_field_is_named_with_the_answer_it_waits_for(key: str) -> None:
    """Compared with what WTForms makes of the class, which is what a request meets."""
    form = FORMS[key].form
    made = BaseForm(
        {
            name: getattr(form, name)
            for name in dir(form)
            if hasattr(getattr(form, name), "field_class")
        },
        meta=DefaultMeta(),
    )
    named = {each.split("`")[1]: each for each in fields.fields_of(form)}
    assert set(named) == {name for name in made._fields if name != "csrf_token"}
    for name, field in made._fields.items():
        when = field.flags.cuando
        assert (
            (f"while `{when.campo}` is" in named[name]) is True
            if isinstance(when, Cuando)
            else "while" not in named[name]
        )


def test_every_step_with_a_form_says_who_writes_it() -> None:
    steps = [(file, step) for file, _process, its in fields.tasks() for step in its]
    assert len(steps) > 40
    assert [step.id for _file, step in steps if not fields.who(step)] == []
    assert {step.form for _file, step in steps if step.form} <= set(FORMS)
