"""Fields called like members of an HTML form: the draft saves itself, Ctrl Enter completes, a
double click sends once."""

from playwright.sync_api import expect

from engine.types import SYSTEM
from tests.acceptance import pasos as p
from tests.acceptance.mundo import Mundo
from tests.kit import diagrams as m

PALABRAS = (
    "elements",
    "dataset",
    "action",
    "method",
    "submit",
    "requestSubmit",
    "querySelector",
    "addEventListener",
    "id",
    "name",
    "form",
)


def test_page_scripts_work_whatever_the_fields_are_called(mundo: Mundo) -> None:
    nodos = (
        m.start("ini")
        + m.user("a", fields=" ".join(f"{palabra}!" for palabra in PALABRAS))
        + m.user("b")
        + m.end("fin")
    )
    carril = m.lane("L1", "asesor", "punto_id", "ini", "a", "b", "fin")
    modelo = m.model(
        m.process("nombres", nodos + m.flows("ini>a>b>fin"), lanes=carril, variables="punto_id")
    )
    mundo.engine.releases.deploy({"nombres.bpmn": modelo}, actor=SYSTEM, now=mundo.clock.now())
    (item,) = mundo.engine.instances.start(
        "nombres", actor=SYSTEM, now=mundo.clock.now(), data={"punto_id": "BOG-AGU"}
    ).opened
    asesor = mundo.persona("asesor.bog01")
    problemas: list[str] = []
    asesor.on("pageerror", lambda error: problemas.append(str(error)))
    asesor.goto(f"/tarea/{item.id}")
    for palabra in PALABRAS:
        asesor.locator(f"[name={palabra}]").fill(f"valor de {palabra}")
    expect(asesor.locator("[data-guardado]")).to_contain_text("Borrador guardado")
    assert mundo.filas("select count(*) from draft") == [(1,)]
    p.acorde(asesor, "Control+Enter")
    expect(asesor.get_by_role("heading", level=1)).to_have_text("b")
    ((valores,),) = mundo.filas("select form_values from submission")
    assert all(f'"{palabra}":"valor de {palabra}"' in str(valores) for palabra in PALABRAS)
    assert problemas == []
