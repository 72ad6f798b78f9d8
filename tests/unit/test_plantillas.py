"""Templates: each lies with its audience, is found under the name that views and other templates
use, and can be read."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment

ROOT = Path(__file__).resolve().parents[2]
PLANTILLAS = sorted((ROOT / "webforms").glob("*/templates/**/*.html"))
LARGO = 140
#: "casos/ver.html" in code and in templates; what a view puts together ends a name.
NOMBRADA = re.compile(r"""["']([a-z_]+(?:/[a-z_]+)*\.html)["']""")


def nombre(ruta: Path) -> str:
    return ruta.as_posix().partition("/templates/")[2]


def test_a_person_can_read_every_line() -> None:
    largas = [
        f"{nombre(r)}:{n}"
        for r in PLANTILLAS
        for n, linea in enumerate(r.read_text().splitlines(), 1)
        if len(linea) > LARGO
    ]
    assert largas == []


def test_no_two_templates_answer_to_one_name() -> None:
    nombres = [nombre(r) for r in PLANTILLAS]
    assert len(nombres) == len(set(nombres)) > 70


def test_an_audience_keeps_its_templates_under_its_own_name() -> None:
    salas = {nombre(r): r.relative_to(ROOT / "webforms").parts[0] for r in PLANTILLAS}
    ajenas = [n for n, sala in salas.items() if sala not in ("base", n.split("/")[0])]
    assert ajenas == []


def test_every_template_that_is_named_exists() -> None:
    fuentes = [*(ROOT / "webforms").rglob("*.py"), *PLANTILLAS]
    nombradas = {n for f in fuentes for n in NOMBRADA.findall(f.read_text())}
    conocidas = {nombre(r) for r in PLANTILLAS}
    assert {n for n in nombradas if n not in conocidas and f"visita/{n}" not in conocidas} == set()


@pytest.mark.parametrize("ruta", PLANTILLAS, ids=nombre)
def test_it_is_a_template(ruta: Path) -> None:
    Environment(autoescape=True).parse(ruta.read_text())
