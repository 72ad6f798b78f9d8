"""`make pictures`: what the guides show, taken again from a month of the demo on the clock of the
tests, in each language."""

import io
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from flask import url_for
from PIL import Image
from playwright.sync_api import Browser, FloatRect, Page, sync_playwright
from sqlalchemy.orm import Session

from engine.types import Data
from records.cuentas.reglas.roles import DISPOSITIVOS, TABLETA
from records.cuentas.tablas import Cuenta
from tests.kit.browser import CHROMIUM, FLAGS
from tests.kit.cast import PUNTO, person
from tests.kit.month import World, month
from tests.kit.public import Point
from tests.kit.served import served
from tests.kit.web import WebKit
from webforms.ayuda.guias import IMAGENES
from webforms.base.idioma import IDIOMAS
from webforms.base.security import GALLETA_DISPOSITIVO

ALL: Final = "main"
WIDTH, HEIGHT, EDGE = 1120, 900, 10
ADVISER, OFFICER = "asesor.bog01", "funcionario.vcc01"
HEAVIEST: Final = 60_000  # bytes
QUALITIES: Final = (88, 80, 70, 60)

Values = Callable[[World], dict[str, Any]]


def nothing(_world: World) -> dict[str, Any]:
    return {}


def as_it_is(_page: Page, _world: World) -> None:
    pass


@dataclass(frozen=True)
class Picture:
    """`shows`: what is in it, by selectors: as wide as the first of it, all of it or so much from
    the top."""

    name: str
    who: str  # account, or kind of device
    endpoint: str
    shows: tuple[str, ...]
    tall: int = 560
    values: Values = nothing
    first: Callable[[Page, World], None] = as_it_is
    wide: int = WIDTH


# --- what the addresses and the desks of that month have ------------------------------------------
def _first(world: World, query: str, **values: object) -> Any:
    with world.engine.db.connect() as c:
        return c.execute(sa.text(query), values).scalars().first()


def closed_case(world: World) -> dict[str, Any]:
    return {
        "case_key": _first(
            world,
            "SELECT case_key FROM caso WHERE cerrado IS NOT NULL AND radicado IS NOT NULL ORDER BY id",
        )
    }


def own_case(world: World) -> dict[str, Any]:
    query = "SELECT case_key FROM work_item WHERE state = 'open' AND element = 'act_5_2_17' AND claimed_by = :u ORDER BY opened_at"
    return {"case_key": _first(world, query, u=OFFICER)}


def own_task(world: World) -> dict[str, Any]:
    query = "SELECT id FROM work_item WHERE state = 'open' AND element = 'act_5_2_17' AND claimed_by = :u ORDER BY opened_at"
    return {"item_id": _first(world, query, u=OFFICER)}


def filed(world: World) -> dict[str, Any]:
    return {
        "case_key": _first(
            world, "SELECT case_key FROM escrito WHERE radicado IS NOT NULL ORDER BY id"
        )
    }


def diagram(_world: World) -> dict[str, Any]:
    return {"archivo": "escalonamiento.bpmn"}


def compare(page: Page, world: World) -> None:
    """Somebody who has a loan sits at the desk of the adviser; at 5.2.4 the record stands beside
    their ID."""
    point = Point(WebKit(world.app, world.engine, world.clock), {})
    adviser = person(ADVISER, f"asesor@{PUNTO}", f"usuario@{PUNTO}")
    waiting = next(t for t in point.turnos() if t.punto_id == PUNTO and t.estado == "espera")
    point.call_turn(waiting, "1", adviser)
    point.complete(
        waiting,
        "act_5_2_2",
        {"modulo": "1", "resultado_llamado": "atendido"},
        "asesor.llamar",
        adviser,
    )
    motivo: Data = {
        "motivo": "El saldo de su crédito",
        "motivo_visita": "servicio_adquirido",
        "requiere_radicar": False,
        "resoluble": True,
    }
    point.complete(waiting, "act_5_2_3", motivo, "asesor.motivo", adviser)
    page.reload()
    page.locator("[name=tipo_doc]").first.select_option("CC")
    number = page.locator("[name=num_doc]").first
    number.fill(
        _first(
            world,
            "SELECT num_doc FROM persona p JOIN servicio_adquirido s ON s.persona_id = p.id WHERE tipo_doc = 'CC' ORDER BY p.id",
        )
    )
    number.press("Tab")
    page.locator("[name=documento_exhibido]").first.check()
    page.locator("[data-todo-igual]").wait_for()


def choose(page: Page, _world: World) -> None:
    """An activity, so that the panel has something to say."""
    page.locator("#ir-a-elemento option[value=act_5_2_17]").wait_for(state="attached")
    page.locator("#ir-a-elemento").select_option("act_5_2_17")


PICTURES: Final = (
    Picture("asesor-fila", ADVISER, "asesor.consola", (ALL,), 500),
    Picture("asesor-cotejo", ADVISER, "asesor.consola", (ALL,), 620, first=compare, wide=1360),
    Picture("funcionario-bandeja", OFFICER, "bandeja.bandeja", (ALL,)),
    Picture("funcionario-tarea", OFFICER, "tareas.mostrar", (ALL,), values=own_task),
    Picture("funcionario-caso", OFFICER, "casos.ver", (ALL,), values=own_case),
    Picture("coordinador-carga", "coordinador", "bandeja.tablero", (ALL,)),
    Picture("coordinador-hoy", "gerente", "gerencia.vivo", (ALL,)),
    Picture(
        "documental-llega",
        "gestion.documental",
        "radicacion.lista",
        (ALL,),
        420,
        values=lambda _world: {"vista": "tramite"},
    ),
    Picture("documental-prueba", "gestion.documental", "radicacion.prueba", (ALL,), values=filed),
    Picture("calidad-inicio", "gerente", "portada.inicio", (ALL,)),
    Picture("calidad-indicadores", "agente.calidad", "calidad.lista", (ALL,)),
    Picture(
        "cumplimiento-revision", "cumplimiento", "cumplimiento.caso", (ALL,), values=closed_case
    ),
    Picture("cumplimiento-controles", "cumplimiento", "calidad.panel_de_controles", (ALL,)),
    Picture(
        "analista-editor", "analista", "procesos.editar", (ALL,), 640, values=diagram, first=choose
    ),
    Picture(
        "analista-procedimiento",
        "analista",
        "procesos.paquete",
        (ALL,),
        values=lambda _world: {"codigo": "m5_1_02"},
    ),
    Picture("administracion-personas", "administrador", "personas.lista", (ALL,)),
    Picture("administracion-estado", "administrador", "estado.pagina", (ALL,)),
    Picture("equipos-quiosco", "quiosco", "quiosco.inicio", ("body",), wide=900),
    Picture("equipos-tablero", "tablero", "tablero.pagina", ("body",)),
)


# --- taking them ----------------------------------------------------------------------------------
def spoken(world: World, language: str) -> None:
    """Everybody's pages in this language, and no first walk above them."""
    with Session(world.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        s.execute(sa.update(Cuenta).values(idioma=language))


@contextmanager
def window(browser: Browser, world: World, who: str, address: str, language: str) -> Iterator[Page]:
    device = who in DISPOSITIVOS
    client = (
        world.device(f"{who}.{PUNTO.lower()}" + (".1" if who == TABLETA else ""))
        if device
        else world.person(who)
    )
    name = GALLETA_DISPOSITIVO if device else world.app.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    assert cookie is not None
    context = browser.new_context(
        base_url=address, locale=language, timezone_id="America/Bogota", reduced_motion="reduce"
    )
    context.add_cookies([{"name": name, "value": cookie.value, "url": address}])
    page = context.new_page()
    page.clock.set_fixed_time(world.clock.now())
    yield page
    context.close()


def take(page: Page, world: World, picture: Picture, language: str) -> bytes:
    with world.app.test_request_context():
        values = picture.values(world) | (
            {"idioma": language} if picture.who in DISPOSITIVOS else {}
        )
        path = url_for(picture.endpoint, **values)
    page.set_viewport_size({"width": picture.wide, "height": HEIGHT})
    page.goto(path, wait_until="load")
    picture.first(page, world)
    page.evaluate("() => document.fonts.ready.then(() => true)")
    boxes = [
        box
        for selector in picture.shows
        for part in page.locator(selector).all()
        if (box := part.bounding_box())
    ]
    edge = EDGE if boxes[0]["x"] else 0
    x, y = max(0, boxes[0]["x"] - edge), max(0, min(b["y"] for b in boxes) - edge)
    width, bottom = (
        min(picture.wide - x, boxes[0]["width"] + 2 * edge),
        max(b["y"] + b["height"] for b in boxes) + edge,
    )
    clip: FloatRect = {"x": x, "y": y, "width": width, "height": min(bottom - y, picture.tall)}
    return page.screenshot(clip=clip, full_page=True, animations="disabled", caret="hide")


def small(shot: bytes) -> bytes:
    """As WebP, as good as the weight allows."""
    with Image.open(io.BytesIO(shot)) as image:
        for quality in QUALITIES:
            image.save(out := io.BytesIO(), "WEBP", quality=quality, method=6)
            if out.tell() <= HEAVIEST:
                break
    return out.getvalue()


def main(wanted: Sequence[str]) -> None:
    """Of these names; of none: all, and what nobody takes any more goes."""
    chosen = [picture for picture in PICTURES if not wanted or picture.name in wanted]
    for language in IDIOMAS:
        folder = IMAGENES / language
        folder.mkdir(parents=True, exist_ok=True)
        for old in () if wanted else folder.iterdir():
            old.unlink()
        with (
            tempfile.TemporaryDirectory(prefix="pictures-") as made,
            month(Path(made) / "month") as world,
            served(world.app) as address,
            sync_playwright() as playwright,
            playwright.chromium.launch(
                executable_path=CHROMIUM,
                args=[*FLAGS, f"--lang={language}"],
                env={**os.environ, "LANGUAGE": language},
            ) as browser,
        ):
            spoken(world, language)
            for picture in chosen:
                with window(browser, world, picture.who, address, language) as page:
                    content = small(take(page, world, picture, language))
                (folder / f"{picture.name}.webp").write_bytes(content)
                sys.stdout.write(f"{language}/{picture.name}: {len(content) / 1000:.0f} kB\n")


if __name__ == "__main__":
    main(sys.argv[1:])
