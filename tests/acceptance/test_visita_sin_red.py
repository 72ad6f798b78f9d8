"""The F189 of a visit on a tablet (5.2.27) whose network is cut, whose page is loaded again and whose browser dies: nothing is lost, and
what was finished reaches the very task once."""

import contextlib
import datetime as dt
import os
import select
import signal
import socket
import socketserver
import struct
import subprocess
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from playwright.sync_api import BrowserContext
from playwright.sync_api import Page
from playwright.sync_api import expect

from engine.types import WorkItem
from records.tables import F189
from records.tables import Archivo
from records.tables import Recibo
from records.tables import Turno
from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo
from tests.kit.browser import CHROMIUM
from tests.kit.browser import FLAGS
from tests.kit.clock import MINUTE
from tests.kit.clock import bogota
from tests.kit.processes import spawn
from tests.kit.visits import AUDITOR
from tests.kit.visits import is_attended
from tests.kit.visits import observation_of
from tests.kit.visits import observations
from tests.kit.visits import waits
from webforms.forms import FORMS

QUIEN = "profesional01"
LUNES = bogota(2026, 11, 30, 7, 1)
OBSERVACION = "La sala estaba llena y el aire acondicionado no funciona."


def parte(tipo: bytes, datos: bytes) -> bytes:
    return struct.pack(">I", len(datos)) + tipo + datos + struct.pack(">I", zlib.crc32(tipo + datos))


def foto(carpeta: Path, ancho: int, alto: int) -> Path:
    """A picture as large as those of a camera, that a compressor cannot make small. A file: the debugger's wire is none for megabytes."""
    filas = b"".join(b"\0" + os.urandom(ancho * 3) for _ in range(alto))
    cabeza = parte(b"IHDR", struct.pack(">IIBBBBB", ancho, alto, 8, 2, 0, 0, 0))
    png = b"\x89PNG\r\n\x1a\n" + cabeza + parte(b"IDAT", zlib.compress(filas, 1)) + parte(b"IEND", b"")
    archivo = carpeta / "sala.png"
    archivo.write_bytes(png)
    return archivo


def lados(jpeg: bytes) -> tuple[int, int]:
    """Width and height, of the frame header."""
    lugar = 2
    while lugar < len(jpeg):
        marca, largo = jpeg[lugar + 1], struct.unpack(">H", jpeg[lugar + 2 : lugar + 4])[0]
        if marca in (0xC0, 0xC1, 0xC2):
            alto, ancho = struct.unpack(">HH", jpeg[lugar + 5 : lugar + 9])
            return int(ancho), int(alto)
        lugar += 2 + largo
    raise AssertionError("no frame header")


# --- the week, its visits, who waits there ----------------------------------------------------------------------------------------
@dataclass
class Visita:
    """Two observations of one point are drawn: the first is attended, the second still waits."""

    mundo: Mundo
    fichas: tuple[str, str]

    def tarea(self, ficha: str) -> WorkItem:
        with self.mundo.sesion() as s:
            return observation_of(s, ficha)


@pytest.fixture
def visita(mundo: Mundo) -> Visita:
    with mundo.sesion(escribe=True) as s:
        ahora = mundo.clock.now()
        is_attended(s, waits(s, "BOG-AGU", "A001", ahora), ahora + 10 * MINUTE, ahora + 18 * MINUTE)
        s.commit()
    mundo.clock.move_to(LUNES)
    mundo.trabajador.quieto()
    mundo.pasan(hours=2)
    with mundo.sesion() as s:
        punto_id = min(str(i.data["punto_id"]) for i in observations(s, "us_sortear"))
    for ficha in ("A101", "A102"):
        ahora = mundo.clock.now()
        with mundo.sesion(escribe=True) as s:
            turno_id = waits(s, punto_id, ficha, ahora - 12 * MINUTE).id
            item = next(i for i in observations(s, "us_sortear") if i.data["punto_id"] == punto_id)
            s.commit()
        sortear = FORMS["profesional.sortear_observacion"].records
        mundo.engine.items.complete(item.id, values={"observa": True}, actor=AUDITOR, now=ahora, records=sortear)
        if ficha == "A101":
            with mundo.sesion(escribe=True) as s:
                is_attended(s, s.get_one(Turno, turno_id), ahora - 2 * MINUTE, ahora)
                s.commit()
    mundo.trabajador.quieto()
    return Visita(mundo, ("A101", "A102"))


# --- the tablet ------------------------------------------------------------------------------------------------------------------------
class Red(socketserver.ThreadingTCPServer):
    """The way from the tablet to the server, which can be cut: whoever knocks then finds nobody, pages and service workers alike."""

    daemon_threads = True
    hay = True

    def __init__(self, servidor: str) -> None:
        self.servidor = servidor
        super().__init__(("127.0.0.1", 0), Paso)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Paso(socketserver.BaseRequestHandler):
    """One request, there and back: the server closes after each answer."""

    server: Red

    def handle(self) -> None:
        if not self.server.hay:
            return
        alla = urlsplit(self.server.servidor)
        with socket.create_connection((alla.hostname, alla.port), timeout=30) as lejos, contextlib.suppress(OSError):
            abiertos = [self.request, lejos]
            while self.server.hay and (listos := select.select(abiertos, [], [], 30)[0]):
                for desde in listos:
                    trozo = desde.recv(1 << 16)
                    if not trozo:
                        return
                    (lejos if desde is self.request else self.request).sendall(trozo)


@dataclass
class Tableta:
    """A browser that we start and kill ourselves, with a profile of its own: what it keeps outlives it."""

    mundo: Mundo
    carpeta: Path
    cable: Red
    proceso: subprocess.Popen[bytes] | None = None
    contexto: BrowserContext | None = None

    def encender(self) -> Page:
        puerto = self.carpeta / "DevToolsActivePort"
        puerto.unlink(missing_ok=True)
        propias = ["--headless", f"--user-data-dir={self.carpeta}", "--remote-debugging-port=0", "--lang=es-CO", "about:blank"]
        self.proceso = spawn(
            [CHROMIUM, *FLAGS, *propias],
            env={**os.environ, "TZ": "America/Bogota"},
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        fin = time.monotonic() + 60
        while not (puerto.exists() and puerto.read_text().count("\n")):
            assert time.monotonic() < fin, "the browser of the tablet did not start"
            time.sleep(0.05)
        navegador = self.mundo.browser.browser_type.connect_over_cdp(f"http://127.0.0.1:{puerto.read_text().split()[0]}")
        self.contexto = navegador.contexts[0]
        self.contexto.set_default_timeout(60_000)
        pagina = self.contexto.pages[0]
        pagina.set_viewport_size({"width": 1024, "height": 768})
        return pagina

    def ir(self, pagina: Page, direccion: str) -> None:
        pagina.goto(self.cable.url + direccion)

    def red(self, *, hay: bool) -> None:
        """The pages that are open are told, as by the machine."""
        self.cable.hay = hay
        for pagina in self.contexto.pages if self.contexto is not None else ():
            pagina.evaluate("(que) => void dispatchEvent(new Event(que))", "online" if hay else "offline")

    def se_apaga(self) -> None:
        """At once: nothing is written on the way out."""
        if self.proceso is not None:
            os.killpg(self.proceso.pid, signal.SIGKILL)
            self.proceso.wait(10)
        self.proceso = self.contexto = None

    def preparar(self) -> Page:
        """Before leaving: logged in, the tasks taken, each format on the device."""
        pagina = self.encender()
        self.ir(pagina, "/ingresar?next=/visita")
        self.mundo.identificar(pagina, QUIEN)
        pagina.get_by_role("button", name="Tomar").first.click()
        expect(pagina.locator("[data-llevado]", has_text="En este equipo")).to_have_count(2)
        return pagina


@pytest.fixture
def tableta(mundo: Mundo, tmp_path: Path) -> Iterator[Tableta]:
    with Red(mundo.url) as cable:
        hecha = Tableta(mundo, tmp_path / "tableta", cable)
        yield hecha
        hecha.se_apaga()
        cable.shutdown()


def listo(pagina: Page) -> None:
    expect(pagina.locator("fieldset[data-espera]")).to_be_enabled()


def responder(pagina: Page, *, falta: str = "") -> None:
    """All that is asked, but for `falta`; a low answer says why."""
    for grupo, opcion in (
        ("¿Utilizó el protocolo de bienvenida?", "Parcial"),
        ("Oportunidad", "Sí"),
        ("Coherencia", "Sí"),
        ("Pertinencia", "Sí"),
        ("Solución del problema", "Sí"),
        ("¿Presentación personal, con uniforme?", "Sí"),
        ("Uso del lenguaje, de 1 a 5", "5"),
        ("Manejo de crisis, de 1 a 5", "No se vio"),
        ("Tono de voz, de 1 a 5", "4"),
    ):
        p.marcar(pagina, grupo, opcion)
    if falta != "Qué faltó en la bienvenida":
        pagina.get_by_label("Qué faltó en la bienvenida").fill("No ofreció asiento.")
    if pagina.get_by_label("Qué falta en el registro").is_visible():
        pagina.get_by_label("Qué falta en el registro").fill("No hay caso en el CRM.")
    pagina.get_by_role("textbox", name="Observaciones").fill(OBSERVACION)


def guardado(pagina: Page) -> None:
    expect(pagina.locator("[data-guardado]")).to_contain_text("En este equipo")


def cuantos(mundo: Mundo) -> tuple[int, int]:
    """Receipts, and F189."""
    with mundo.sesion() as s:
        return len(s.scalars(sa.select(Recibo)).all()), len(s.scalars(sa.select(F189)).all())


def test_a_day_without_network_a_reload_and_a_dead_battery_lose_nothing(visita: Visita, tableta: Tableta) -> None:
    mundo, (ficha, _otra) = visita.mundo, visita.fichas
    pagina = tableta.preparar()
    expect(pagina.locator("[data-conexion]")).to_contain_text("Con conexión")
    mirar(pagina, "visita")
    tableta.red(hay=False)
    pagina.get_by_role("link", name=f"Diligenciar {ficha}").click()
    expect(pagina.get_by_role("heading", level=1)).to_have_text(f"F189, turno {ficha}")
    expect(pagina.locator("[data-conexion]")).to_contain_text("Sin conexión")
    listo(pagina)
    expect(pagina.get_by_text("10,0 min")).to_be_visible()
    responder(pagina, falta="Qué faltó en la bienvenida")
    pagina.get_by_label("Foto o PDF de soporte").set_input_files(foto(mundo.carpeta, 2000, 1000))
    expect(pagina.locator("[data-archivo] canvas")).to_be_visible()
    guardado(pagina)
    pagina.reload()
    listo(pagina)
    expect(pagina.get_by_role("textbox", name="Observaciones")).to_have_value(OBSERVACION)
    expect(pagina.locator("[data-archivo]")).to_contain_text("sala.jpg")

    tableta.se_apaga()
    pagina = tableta.encender()
    tableta.ir(pagina, "/visita")
    equipo = pagina.get_by_role("region", name="En este equipo")
    expect(equipo).to_contain_text("Borrador")
    equipo.get_by_role("link", name="Seguir").click()
    listo(pagina)
    expect(pagina.get_by_role("group", name="Tono de voz, de 1 a 5").get_by_label("4", exact=True)).to_be_checked()
    expect(pagina.locator("[data-archivo] canvas")).to_be_visible()
    pagina.get_by_role("button", name="Terminar este F189").click()
    expect(pagina.get_by_role("alert")).to_contain_text("Falta corregir 1 dato")
    pagina.get_by_role("link", name="Escriba por qué: la respuesta es baja").click()
    expect(pagina.get_by_label("Qué faltó en la bienvenida")).to_be_focused()
    mirar(pagina, "F189 sin red, con un error")
    pagina.get_by_label("Qué faltó en la bienvenida").fill("No ofreció asiento.")
    pagina.get_by_role("button", name="Terminar este F189").click()
    expect(equipo).to_contain_text("Por enviar")
    expect(pagina.locator("[data-conexion]")).to_contain_text("1 formato sin enviar")
    mirar(pagina, "visita con algo por enviar")
    tableta.se_apaga()
    assert cuantos(mundo) == (0, 0)

    mundo.clock.advance(dt.timedelta(hours=13))  # the login is over, too: the list is there all the same
    tableta.red(hay=True)
    pagina = tableta.encender()
    tableta.ir(pagina, "/visita")
    expect(pagina.locator("[data-conexion]")).to_contain_text("Su sesión terminó.")
    pagina.get_by_role("link", name="Ingresar").click()
    mundo.identificar(pagina, QUIEN)
    expect(equipo_de(pagina)).to_contain_text("Recibo 000001")
    expect(equipo_de(pagina)).to_contain_text("F189:")
    assert cuantos(mundo) == (1, 1)
    with mundo.sesion() as s:
        hecho, recibo = s.scalars(sa.select(F189)).one(), s.scalars(sa.select(Recibo)).one()
        assert (hecho.auditor, hecho.observaciones, hecho.comentarios["3"]) == (QUIEN, OBSERVACION, "No ofreció asiento.")
        assert hecho.puntaje is not None
        assert recibo.escrito is not None
        archivo = s.get_one(Archivo, hecho.archivo_id)
    contenido = mundo.carpeta / "archivos" / archivo.sha256[:2] / archivo.sha256[2:]
    assert lados(contenido.read_bytes()) == (1600, 800)
    with mundo.sesion() as s:
        assert [i.id for i in observations(s, "act_5_2_27")] == [visita.tarea(visita.fichas[1]).id]
    expect(pagina.get_by_role("link", name=f"Diligenciar {ficha}")).to_have_count(0)
    tableta.red(hay=False)
    tableta.ir(pagina, f"/visita/{recibo.item_id}")
    expect(pagina.get_by_text("Esta página no está en este equipo.")).to_be_visible()
    p.sin_faltas(mundo)


def equipo_de(pagina: Page) -> Any:
    return pagina.get_by_role("region", name="En este equipo")


def test_an_answer_that_is_lost_and_two_tabs_write_once(visita: Visita, tableta: Tableta) -> None:
    mundo, pedidos = visita.mundo, []
    recibir = mundo.app.view_functions["calidad.recibir"]

    def recibir_y_perder(item_id: str) -> Any:
        respuesta = recibir(item_id)
        pedidos.append(item_id)
        return ("", 502) if len(pedidos) == 1 else respuesta

    mundo.app.view_functions["calidad.recibir"] = recibir_y_perder
    pagina = tableta.preparar()
    assert tableta.contexto is not None
    segunda = tableta.contexto.new_page()
    tableta.ir(segunda, "/visita")
    pagina.get_by_role("link", name=f"Diligenciar {visita.fichas[0]}").click()
    listo(pagina)
    responder(pagina)
    pagina.get_by_label("Foto o PDF de soporte").set_input_files(foto(mundo.carpeta, 2000, 1500))
    pagina.get_by_role("button", name="Terminar este F189").click()  # while the photo is being made smaller: it goes along
    expect(equipo_de(pagina)).to_contain_text("Recibo 000001")
    assert len(pedidos) == 2
    assert cuantos(mundo) == (1, 1)
    with mundo.sesion() as s:
        assert s.scalars(sa.select(F189)).one().archivo_id is not None
    p.sin_faltas(mundo)


def test_a_session_that_ended_and_what_the_server_refuses_wait_on_the_device(visita: Visita, tableta: Tableta) -> None:
    """The observed turn is attended by nobody when the format arrives: it comes back with why, and is sent again."""
    mundo, ficha = visita.mundo, visita.fichas[1]
    pagina = tableta.preparar()
    tableta.red(hay=False)
    pagina.get_by_role("link", name=f"Diligenciar {ficha}").click()
    listo(pagina)
    responder(pagina)
    p.marcar(pagina, "Cómo quedó", "Completo")
    p.marcar(pagina, "Cómo se escaló", "No aplica")
    pagina.get_by_role("button", name="Terminar este F189").click()
    expect(equipo_de(pagina)).to_contain_text("Por enviar")
    mundo.clock.advance(dt.timedelta(hours=13))
    tableta.red(hay=True)
    expect(pagina.locator("[data-conexion]")).to_contain_text("Su sesión terminó")
    expect(equipo_de(pagina)).to_contain_text("Por enviar")
    pagina.get_by_role("link", name="Ingresar").click()
    mundo.identificar(pagina, QUIEN)
    expect(equipo_de(pagina)).to_contain_text("Ningún asesor ha atendido todavía el turno que se observa")
    assert cuantos(mundo) == (0, 0)
    with mundo.sesion(escribe=True) as s:
        is_attended(s, s.scalars(sa.select(Turno).where(Turno.ficha == ficha)).one(), mundo.clock.now(), mundo.clock.now())
        s.commit()
    equipo_de(pagina).get_by_role("link", name="Corregir").click()
    listo(pagina)
    expect(pagina.get_by_role("textbox", name="Observaciones")).to_have_value(OBSERVACION)
    pagina.get_by_role("button", name="Terminar este F189").click()
    # The system knows more than the page that was filled in: both are shown, and the person decides.
    expect(equipo_de(pagina)).to_contain_text("Registro en CRM: el equipo mostraba «Nada», el sistema dice ahora «No lo hay»")
    expect(equipo_de(pagina)).to_contain_text("usted respondió «Completo»")
    mirar(pagina, "visita con algo que cambió")
    equipo_de(pagina).get_by_role("button", name="Enviar lo mío").click()
    expect(equipo_de(pagina)).to_contain_text("Recibo 000001")
    with mundo.sesion() as s:
        assert s.scalars(sa.select(F189)).one().respuestas["registro_crm"] == "completo"
    p.sin_faltas(mundo)


def test_who_was_first_is_shown_beside_what_was_typed_and_nothing_is_written_over(visita: Visita, tableta: Tableta) -> None:
    mundo, ficha = visita.mundo, visita.fichas[0]
    item = visita.tarea(ficha)
    pagina = tableta.preparar()
    tableta.red(hay=False)
    pagina.get_by_role("link", name=f"Diligenciar {ficha}").click()
    listo(pagina)
    responder(pagina)
    pagina.get_by_role("button", name="Terminar este F189").click()
    expect(equipo_de(pagina)).to_contain_text("Por enviar")
    valores = {"evaluable": False, "motivo": "La persona no quiso ser observada."}
    mundo.engine.items.complete(item.id, values=valores, actor=AUDITOR, now=mundo.clock.now(), records=FORMS["profesional.f189"].records)
    tableta.red(hay=True)
    expect(equipo_de(pagina)).to_contain_text("Cambió allá")
    expect(pagina.locator("[data-conexion]")).to_contain_text("1 formato por corregir o decidir")
    expect(equipo_de(pagina)).to_contain_text("La persona no quiso ser observada.")
    expect(equipo_de(pagina)).to_contain_text("No ofreció asiento.")
    mirar(pagina, "visita con lo de otra persona")
    assert cuantos(mundo) == (0, 0)
    equipo_de(pagina).get_by_role("button", name="Dejar lo de allá y borrar lo mío").click()
    equipo_de(pagina).get_by_role("button", name="Sí, borrar lo mío de este equipo").click()
    expect(pagina.get_by_role("region", name="En este equipo")).to_have_count(0)
    p.sin_faltas(mundo)
