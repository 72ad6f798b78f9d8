"""Pages are put on an application by a call, never by an import."""

import json
import re
import sys
from pathlib import Path

import pytest
from flask import Flask

from tests.kit.processes import run
from webforms.base.rutas import registrar
from webforms.salas import SALAS

ROOT = Path(__file__).resolve().parents[3]
CON_PAGINAS = (
    "acceso",
    "analista",
    "bandeja",
    "casos",
    "cumplimiento",
    "operacion",
    "publico",
    "tareas",
    "visita",
)
#: Imports the modules in the order given, registers the pages, and prints the addresses.
OTRO_PROCESO = """
import importlib, json, sys
from flask import Flask
for nombre in json.loads(sys.argv[1]):
    importlib.import_module(nombre)
from webforms.base.rutas import registrar
from webforms.salas import SALAS
app = Flask("otra")
registrar(app, SALAS)
print(json.dumps(sorted(f"{r.rule} {r.endpoint} {sorted(r.methods)}" for r in app.url_map.iter_rules())))
"""


def con_paginas(nombre: str) -> Flask:
    app = Flask(nombre)
    registrar(app, SALAS)
    return app


def direcciones(app: Flask) -> list[str]:
    return sorted(
        f"{r.rule} {r.endpoint} {sorted(r.methods or ())}" for r in app.url_map.iter_rules()
    )


def modulos() -> list[str]:
    rutas = (r for sala in CON_PAGINAS for r in sorted((ROOT / "webforms" / sala).rglob("*.py")))
    return [
        ".".join(r.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for r in rutas
    ]


def test_two_applications_of_one_process_share_no_blueprint() -> None:
    una, otra = con_paginas("una"), con_paginas("otra")
    assert una.blueprints.keys() == otra.blueprints.keys()
    assert not {id(b) for b in una.blueprints.values()} & {id(b) for b in otra.blueprints.values()}
    assert direcciones(una) == direcciones(otra)
    assert len(direcciones(una)) > 80, "pages are missing"


@pytest.mark.parametrize("sentido", [1, -1])
def test_the_order_of_imports_changes_no_page(sentido: int) -> None:
    orden = sorted(modulos(), key=lambda m: m.rpartition(".")[2])[::sentido]
    orden_dicho = [sys.executable, "-c", OTRO_PROCESO, json.dumps(orden)]
    dicho = run(orden_dicho, cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(dicho.stdout) == direcciones(con_paginas("esta"))


#: What an address is called that lets in whoever knows it.
SECRETOS = frozenset({"activacion", "firma", "secreto", "token"})


def test_no_address_that_is_a_secret_stands_in_the_log_of_a_proxy() -> None:
    reglas = con_paginas("esta").url_map.iter_rules()
    secretas = {r.rule.partition("<")[0] for r in reglas if r.arguments & SECRETOS}
    assert {"/clave/", "/turno/", "/tramites/sobre-usted/", "/activar/"} <= secretas
    caddy = re.search(r"@secret path (.+)", (ROOT / "deploy/proxy/Caddyfile").read_text())
    nginx = re.search(r"~(\^/\(.+\)/) 0;", (ROOT / "deploy/proxy/nginx.conf").read_text())
    assert caddy is not None
    assert nginx is not None
    assert [
        s for s in secretas if not any(s.startswith(p.removesuffix("*")) for p in caddy[1].split())
    ] == []
    assert [s for s in secretas if not re.match(nginx[1], s)] == []
