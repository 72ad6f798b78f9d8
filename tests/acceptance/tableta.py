"""The tablet of a visit (5.2.27): a browser of its own whose network can be cut and which can be
killed, two observations to fill in."""

import contextlib
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

import sqlalchemy as sa
from playwright.sync_api import BrowserContext, Page, expect

from engine.types import WorkItem
from records.auditorias.tablas import F189
from records.contingencia.tablas import Recibo
from records.visita.tablas import Turno
from tests.acceptance import pasos as p
from tests.acceptance.mundo import Mundo
from tests.kit.browser import CHROMIUM, FLAGS
from tests.kit.clock import MINUTE, bogota
from tests.kit.processes import spawn
from tests.kit.visits import AUDITOR, is_attended, observation_of, observations, waits
from webforms.salas import FORMS

QUIEN = "profesional01"
LUNES = bogota(2026, 11, 30, 7, 1)
CODIGO = "palmas de cera en el Quindío"
OBSERVACION = "La sala estaba llena y el aire acondicionado no funciona."


def parte(tipo: bytes, datos: bytes) -> bytes:
    return (
        struct.pack(">I", len(datos)) + tipo + datos + struct.pack(">I", zlib.crc32(tipo + datos))
    )


def foto(carpeta: Path, ancho: int, alto: int) -> Path:
    """A picture as large as those of a camera, that a compressor cannot make small. A file: the
    debugger's wire is none for megabytes."""
    filas = b"".join(b"\0" + os.urandom(ancho * 3) for _ in range(alto))
    cabeza = parte(b"IHDR", struct.pack(">IIBBBBB", ancho, alto, 8, 2, 0, 0, 0))
    png = (
        b"\x89PNG\r\n\x1a\n"
        + cabeza
        + parte(b"IDAT", zlib.compress(filas, 1))
        + parte(b"IEND", b"")
    )
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


# --- the week, its visits, who waits there --------------------------------------------------------
@dataclass
class Visita:
    """Two observations of one point are drawn: the first is attended, the second still waits."""

    mundo: Mundo
    fichas: tuple[str, str]

    def tarea(self, ficha: str) -> WorkItem:
        with self.mundo.sesion() as s:
            return observation_of(s, ficha)


def dos_por_observar(mundo: Mundo) -> Visita:
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
        mundo.engine.items.complete(
            item.id, values={"observa": True}, actor=AUDITOR, now=ahora, records=sortear
        )
        if ficha == "A101":
            with mundo.sesion(escribe=True) as s:
                is_attended(s, s.get_one(Turno, turno_id), ahora - 2 * MINUTE, ahora)
                s.commit()
    mundo.trabajador.quieto()
    return Visita(mundo, ("A101", "A102"))


# --- the tablet -----------------------------------------------------------------------------------
class Red(socketserver.ThreadingTCPServer):
    """The way from the tablet to the server, which can be cut: whoever knocks then finds nobody,
    pages and service workers alike."""

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
        with (
            socket.create_connection((alla.hostname, alla.port), timeout=30) as lejos,
            contextlib.suppress(OSError),
        ):
            abiertos = [self.request, lejos]
            while self.server.hay and (listos := select.select(abiertos, [], [], 30)[0]):
                for desde in listos:
                    trozo = desde.recv(1 << 16)
                    if not trozo:
                        return
                    (lejos if desde is self.request else self.request).sendall(trozo)


@dataclass
class Tableta:
    """A browser that we start and kill ourselves, with a profile of its own: what it keeps outlives
    it."""

    mundo: Mundo
    carpeta: Path
    cable: Red
    proceso: subprocess.Popen[bytes] | None = None
    contexto: BrowserContext | None = None

    def encender(self) -> Page:
        puerto = self.carpeta / "DevToolsActivePort"
        puerto.unlink(missing_ok=True)
        propias = [
            "--headless",
            f"--user-data-dir={self.carpeta}",
            "--remote-debugging-port=0",
            "--lang=es-CO",
            "about:blank",
        ]
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
        navegador = self.mundo.browser.browser_type.connect_over_cdp(
            f"http://127.0.0.1:{puerto.read_text().split()[0]}"
        )
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
            pagina.evaluate(
                "(que) => void dispatchEvent(new Event(que))", "online" if hay else "offline"
            )

    def se_apaga(self) -> None:
        """At once: nothing is written on the way out."""
        if self.proceso is not None:
            os.killpg(self.proceso.pid, signal.SIGKILL)
            self.proceso.wait(10)
        self.proceso = self.contexto = None

    def preparar(self) -> Page:
        """Before leaving: logged in, a code put, the tasks taken, each format on the device."""
        pagina = self.encender()
        self.ir(pagina, "/ingresar?next=/visita")
        self.mundo.identificar(pagina, QUIEN)
        poner_codigo(pagina)
        pagina.get_by_role("button", name="Tomar").first.click()
        expect(pagina.get_by_text("Tomó 2.")).to_be_visible()
        expect(pagina.locator("[data-llevado]", has_text="En este equipo")).to_have_count(2)
        return pagina


@contextlib.contextmanager
def tableta_de(mundo: Mundo, carpeta: Path) -> Iterator[Tableta]:
    with Red(mundo.url) as cable:
        hecha = Tableta(mundo, carpeta, cable)
        yield hecha
        hecha.se_apaga()
        cable.shutdown()


def poner_codigo(pagina: Page) -> None:
    pagina.get_by_text("Poner un código").click()
    pagina.get_by_label("Código", exact=True).fill(CODIGO)
    pagina.get_by_label("Otra vez").fill(CODIGO)
    pagina.get_by_role("button", name="Guardar el código").click()
    expect(pagina.get_by_text("✓ Código puesto en este equipo")).to_be_visible()


def abrir_con(pagina: Page, codigo: str) -> None:
    pagina.get_by_label("Código de este equipo").fill(codigo)
    pagina.get_by_role("button", name="Abrir", exact=True).click()


def listo(pagina: Page) -> None:
    # to_be_enabled knows of no fieldset
    expect(pagina.locator("fieldset[data-espera]:enabled")).to_have_count(1)


def empezado(pagina: Page) -> None:
    expect(pagina.locator("body[data-lista]")).to_have_count(1)


def diligenciar(pagina: Page, ficha: str) -> None:
    """Waits until the page stands: while it starts, its list grows above the link, and a press on a
    slow machine would miss it."""
    empezado(pagina)
    pagina.get_by_role("link", name=f"Diligenciar {ficha}").click()
    listo(pagina)


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


def equipo_de(pagina: Page) -> Any:
    return pagina.get_by_role("region", name="En este equipo")
