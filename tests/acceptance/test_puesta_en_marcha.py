"""The agency's first day: an empty database, `flask setup`, the link, a password of one's own, login, «Estado»; no demo."""

import os
import re
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import expect

from tests.acceptance import lupa
from tests.kit.foreign import ROOT
from tests.kit.processes import run
from tests.kit.processes import spawn

CLAVE = "lámpara verde tres panes"
ADMIN = '[admin]\nuser = "marta.hoyos"\nname = "Marta Hoyos Peña"\nmail = "marta.hoyos@entidad.gov.co"\n'
ESPERA = 90.0


@pytest.fixture
def puesta(tmp_path: Path, postgres_url: str) -> Iterator[str]:
    """The link of an agency that was just set up on an empty PostgreSQL, with a web process and a worker."""
    with socket.socket() as pedido:
        pedido.bind(("127.0.0.1", 0))
        puerto = pedido.getsockname()[1]
    direccion = f"http://127.0.0.1:{puerto}"
    quita = ("DEMO", "DATABASE_URL", "SECRET_KEY", "BASE_URL")
    env = {**{n: v for n, v in os.environ.items() if n not in quita}, "INSTANCE": str(tmp_path / "lugar"), "FLASK_APP": "app"}
    respuestas = tmp_path / "respuestas.toml"
    respuestas.write_text(f'database_url = "{postgres_url}"\nbase_url = "{direccion}"\nprocedures = ["m5_1_02"]\n{ADMIN}', "utf-8")
    respuestas.chmod(0o600)
    orden = [sys.executable, "-m", "flask"]
    hecho = run([*orden, "setup", "--file", str(respuestas)], cwd=ROOT, env=env, capture_output=True, text=True)
    assert hecho.returncode == 0, hecho.stdout + hecho.stderr
    enlace = re.search(rf"{direccion}/clave/\S+", hecho.stdout)
    assert enlace
    with (tmp_path / "procesos.log").open("wb") as registro:
        procesos = [
            spawn([*orden, *que], cwd=ROOT, env=env, stdout=registro, stderr=registro)
            for que in (("serve", "--port", str(puerto)), ("worker",))
        ]
    hasta = time.monotonic() + ESPERA
    try:
        while True:
            with socket.socket() as toca:
                if toca.connect_ex(("127.0.0.1", puerto)) == 0:
                    break
            assert time.monotonic() < hasta, (tmp_path / "procesos.log").read_text()
            time.sleep(0.1)
        yield enlace[0]
    finally:
        for proceso in procesos:
            proceso.terminate()
        for proceso in procesos:
            proceso.wait(60)


@pytest.mark.postgres
def test_an_agency_begins_on_an_empty_postgresql(browser: Browser, puesta: str) -> None:
    contexto = browser.new_context(viewport={"width": 1280, "height": 900}, locale="es-CO")
    pagina = contexto.new_page()
    pagina.goto(puesta)
    expect(pagina.get_by_role("heading", name="Su primera contraseña")).to_be_visible()
    pagina.get_by_label("Contraseña nueva").fill("marta hoyos 2026")
    pagina.get_by_label("Escríbala otra vez").fill("marta hoyos 2026")
    pagina.get_by_role("button", name="Guardar mi contraseña").click()
    expect(pagina.get_by_text("Se parece a su nombre")).to_be_visible()
    lupa.mirar(pagina, "primera contraseña")
    pagina.get_by_label("Contraseña nueva").fill(CLAVE)
    pagina.get_by_label("Escríbala otra vez").fill(CLAVE)
    pagina.get_by_role("button", name="Guardar mi contraseña").click()
    expect(pagina.get_by_text("Su contraseña quedó guardada.")).to_be_visible()
    pagina.get_by_label("Usuario").fill("marta.hoyos")
    pagina.get_by_label("Contraseña", exact=True).fill(CLAVE)
    pagina.get_by_role("button", name="Ingresar", exact=True).click()
    pagina.get_by_role("link", name="Estado", exact=True).click()
    expect(pagina.get_by_role("heading", name="Estado", exact=True)).to_be_visible()
    expect(pagina.get_by_role("heading", name="Trabajador Bien")).to_be_visible(timeout=60_000)
    lupa.mirar(pagina, "estado")
    contexto.close()
