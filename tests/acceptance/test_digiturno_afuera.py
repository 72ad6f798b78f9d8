"""A morning at a point whose numbers another turn system gives (tests/kit/turnero.py), as adviser,
kiosk, board and coordinator see it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import urllib3
from playwright.sync_api import Browser, Page, expect

from handlers.conectores.digiturno import SistemaDeTurnos
from handlers.conectores.digiturno.firma import Firmante
from handlers.conectores.digiturno.red import Red
from handlers.conectores.digiturno.sistema import Nombres
from tests.acceptance import mundo as m
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo
from tests.kit.clock import MINUTE
from tests.kit.turnero import IN, OUT, TOKEN, Turnero, signed, turnero
from webforms.visita import turnos_afuera

PUNTO, SUC = "BOG-AGU", "SUC-01"


@dataclass
class Sala:
    mundo: Mundo
    turnero: Turnero
    mensajes: int = 0

    def dice(self, clase: str, ticket: str, *, hace: float = 0, **datos: Any) -> None:
        """The turnero tells it, signed, over HTTP; the worker's second passes."""
        ahora = self.mundo.clock.now()
        evento = {
            "punto": SUC,
            "ticket": ticket,
            "clase": clase,
            "cuando": (ahora - hace * MINUTE).isoformat(),
            **datos,
        }
        cuerpo = json.dumps(evento).encode()
        self.mensajes += 1
        encabezados = {
            "Content-Type": "application/json",
            **signed(IN, f"m{self.mensajes}", ahora, cuerpo),
        }
        direccion = f"{self.mundo.url}/digiturno/turnero/eventos"
        assert (
            urllib3.request(
                "POST", direccion, body=cuerpo, headers=encabezados, timeout=20.0, retries=False
            ).status
            == 202
        )
        self.vuelta()

    def vuelta(self) -> None:
        self.mundo.trabajador.quieto()
        self.turnero.now = self.mundo.clock.now()
        with self.mundo.app.app_context():
            turnos_afuera.vuelta(self.mundo.clock.now())


@pytest.fixture
def sala(semilla: Path, tmp_path: Path, browser: Browser) -> Iterator[Sala]:
    with turnero() as otro:
        red = Red(otro.url, TOKEN, Firmante([OUT]))
        sistema = SistemaDeTurnos(
            "turnero", "Turnero", red, Nombres({SUC: PUNTO}), Firmante([IN]), cada=MINUTE
        )
        with m.abrir(semilla, tmp_path / "mundo", browser, turnos=(sistema,)) as mundo:
            yield Sala(mundo, otro)


def cambia(coordinador: Page, quien: str, razon: str) -> None:
    coordinador.goto("/digiturno")
    fila = coordinador.get_by_role("region", name="Quién da los números").get_by_role(
        "row", name="Aguas"
    )
    fila.get_by_text("Cambiar").first.click()
    fila.get_by_label("Desde ahora los da").select_option(label=quien)
    fila.get_by_label("Por qué").fill(razon)
    fila.get_by_role("button", name="Cambiar", exact=True).click()
    expect(coordinador.get_by_text(f"Desde ahora los números los da: {quien}")).to_be_visible()


def test_one_queue_whoever_gives_the_numbers(sala: Sala) -> None:
    mundo = sala.mundo
    coordinador = mundo.persona("coordinador")
    quiosco = mundo.equipo("quiosco.bog-agu")
    cambia(coordinador, "Turnero", "Se instaló esta mañana")
    quiosco.goto("/quiosco")
    expect(quiosco.get_by_text("Tome su ficha en la otra máquina de turnos")).to_be_visible()
    mirar(quiosco, "quiosco, con otra máquina")
    sala.dice("emitido", "t1", numero="A001", hace=3)

    cambia(coordinador, "Ventanilla (quiosco y asesores)", "La máquina no imprime")
    quiosco.goto("/quiosco/condicion/servicio_adquirido")
    quiosco.get_by_role("button", name="No, atención general").click()
    expect(quiosco.locator(".numero")).to_have_text("A001-2")  # A001 has the other machine's paper

    asesora = mundo.persona("asesor.bog01")
    asesora.goto("/atencion")
    if asesora.get_by_label("Módulo").is_visible():
        asesora.get_by_label("Módulo").select_option("1")
        asesora.get_by_role("button", name="Usar").click()
    expect(asesora.get_by_role("row", name="A001-2")).to_be_visible()
    asesora.get_by_role("button", name="Llamar siguiente").click()
    expect(asesora.get_by_role("button", name="Devolver a la fila")).to_be_visible()
    tablero = mundo.equipo("tablero.bog-agu")
    tablero.goto("/tablero")
    expect(tablero.get_by_text("A001", exact=True).first).to_be_visible()
    sala.vuelta()
    assert sala.turnero.told() == [("A001", "llamado")]


def test_what_contradicts_is_seen_and_decided(sala: Sala) -> None:
    mundo = sala.mundo
    coordinador = mundo.persona("coordinador")
    coordinador.goto("/digiturno")
    expect(coordinador.get_by_text("Nada por revisar")).to_be_visible()
    mirar(coordinador, "digiturno, sin avisos")
    sala.dice("emitido", "t1", numero="B012", hace=20)
    sala.dice("finalizado", "t1")
    sala.dice("emitido", "t1", numero="C077")
    mundo.pasan(minutes=11)
    sala.vuelta()
    coordinador.reload()
    por_revisar = coordinador.get_by_role("region", name="Por revisar")
    expect(por_revisar.get_by_role("row")).to_have_count(3)
    mirar(coordinador, "digiturno, con avisos")
    terminado = por_revisar.get_by_role("row").filter(
        has_text="Allá terminó y aquí sigue sin atender"
    )
    terminado.get_by_role("button", name="Sacar B012 de la fila").click()
    expect(coordinador.get_by_text("B012 salió de la fila.")).to_be_visible()
    otro = (
        coordinador.get_by_role("region", name="Por revisar")
        .get_by_role("row")
        .filter(has_text="Contradice lo que consta aquí")
    )
    otro.get_by_label("Nota").fill("Se reimprimió la ficha")
    otro.get_by_role("button", name="Descartar").click()
    expect(coordinador.get_by_text("Nada por revisar")).to_be_visible()
    expect(
        coordinador.get_by_role("region", name="Últimos avisos").get_by_text(
            "Se reimprimió la ficha"
        )
    ).to_be_visible()
