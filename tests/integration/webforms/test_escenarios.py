"""Scenarios of packages: run by the engine in a world that is thrown away, by page, on the review
and from the shell."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

import app as door
from common.language import speaking
from engine import reads
from engine.types import SYSTEM, Handlers
from records.paquetes.reglas import paquete as reglas
from tests.kit import web as web_kit
from tests.kit.web import WebKit, csrf, followed
from webforms.comandos.procedimiento import procedure
from webforms.paquetes import escenarios

BPMN = Path(__file__).resolve().parents[3] / "bpmn"
EP = reglas.archivos_de(BPMN / "permiso_espacio")
OTORGADO = "permiso_espacio/escenarios/otorgado.toml"


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebKit]:
    donde = tmp_path_factory.mktemp("escenarios")
    conocidos = Handlers()
    kit = web_kit.with_actions(
        web_kit.build(
            donde, f"sqlite:///{donde / 'v.db'}", handlers=conocidos, functions=door.functions()
        ),
        conocidos,
    )
    yield kit
    kit.engine.db.dispose()


def probar(
    web: WebKit, archivos: dict[str, bytes], codigo: str = "permiso_espacio", plazo: float = 120.0
) -> dict[str, list[str]]:
    paquete = reglas.leer(codigo, archivos)[0]
    assert paquete is not None
    ensayados = escenarios.probar(web.engine, paquete, archivos, plazo=plazo)
    return {r.archivo.rpartition("/")[2]: list(r.diferencias) for r in ensayados}


def con(texto: bytes, *cambios: tuple[str, str]) -> dict[str, bytes]:
    """The package with this one scenario alone, changed."""
    dicho = texto.decode()
    for antes, despues in cambios:
        assert antes in dicho
        dicho = dicho.replace(antes, despues)
    return {n: c for n, c in EP.items() if "/escenarios/" not in n} | {OTORGADO: dicho.encode()}


def test_the_scenarios_of_ep_01_come_out_as_expected_and_leave_nothing(web: WebKit) -> None:
    dichos = probar(web, EP)
    assert len(dichos) >= 3
    assert {nombre: d for nombre, d in dichos.items() if d} == {}
    with web.engine.db.connect() as c:
        for tabla in ("instance", "journal", "aviso", "caso_registrado", "serie"):
            if sa.inspect(web.engine.db).has_table(tabla):
                assert (
                    c.execute(sa.select(sa.func.count()).select_from(sa.table(tabla))).scalar_one()
                    == 0
                )


def test_the_scenarios_of_m5_1_02_come_out_as_expected(tmp_path: Path) -> None:
    """The agency's own code answers what each scenario says: only its names have to be known."""
    archivos = reglas.archivos_de(BPMN / "m5_1_02")
    nombres = re.findall(r'<v:handler name="([^"]+)"', b"".join(archivos.values()).decode())
    conocidos = Handlers(
        local=dict.fromkeys(nombres, lambda _call: pytest.fail("the code of the agency was run"))
    )
    kit = web_kit.build(
        tmp_path, f"sqlite:///{tmp_path / 'v.db'}", handlers=conocidos, functions=door.functions()
    )
    dichos = probar(kit, archivos, "m5_1_02")
    kit.engine.db.dispose()
    assert len(dichos) >= 3
    assert {nombre: d for nombre, d in dichos.items() if d} == {}


@pytest.mark.parametrize(
    ("antes", "despues", "dice"),
    [
        (
            'decision = "otorga"',
            'decision = "niega"',
            "El camino no llega a «ep_numerar»: no pasó por él.",
        ),
        (
            'numero = "EP-2026-00001"',
            'numero = "EP-7"',
            "El número es «EP-2026-00001» y se esperaba «EP-7».",
        ),
        (
            '"permiso otorgado"]',
            '"otra"]',
            "Se esperaban las cartas «Recibimos su solicitud», «valor del permiso», «otra»; se enviaron",
        ),
        (
            'hace = "ep_decidir"',
            'hace = "ep_revisar"',
            "Paso 4: la tarea «ep_revisar» no está abierta. Abiertas: «ep_decidir».",
        ),
        (
            'llega = "ep_pago"',
            'llega = "ep_recurso_llega"',
            "Paso 2: nada espera en «ep_recurso_llega».",
        ),
        (
            'abiertas = ["ep_inspeccion"]',
            "abiertas = []",
            "Paso 2: se esperaban abiertas ninguna. Abiertas: «ep_inspeccion».",
        ),
        ("termina = true", "termina = false", "Se esperaba que el caso siguiera abierto."),
        ('no_pasa = ["ep_recordatorio"', 'no_pasa = ["ep_pago"', "Pasó por «ep_pago» y no debía."),
        (
            'motivo = "Todo en orden."',
            'motivo = "x", otro = 1',
            "Paso 4: el formulario de «ep_decidir» no tiene «otro».",
        ),
        ("ep_permiso", "no_hay", "Ningún proceso se llama «no_hay»."),
        ("pagado = 1360800", "pagado = 1", "Paso 2: se esperaban abiertas «ep_inspeccion»."),
        ("pagado = 1360800", "pagado = inf", "Paso 2: Hay datos que el proceso no acepta: pagado"),
        ("proceso =", "proceso", "El escenario no se puede leer"),
    ],
)
def test_what_differs_is_said_in_words(web: WebKit, antes: str, despues: str, dice: str) -> None:
    [diferencias] = probar(web, con(EP[OTORGADO], (antes, despues))).values()
    assert [d for d in diferencias if dice in d] != [], diferencias


@pytest.mark.parametrize(
    ("antes", "despues", "dice"),
    [
        ("proceso =", "proceso", "The scenario cannot be read"),
        (
            "pagado = 1360800",
            "pagado = inf",
            "Step 2: There are values that the process does not accept: pagado",
        ),
        ('hace = "ep_decidir"', 'hace = "no_hay"', "Step 4: the task “no_hay” is not open."),
        ("area = 24", "area = 24\notro = 1", "The start: the form of"),
    ],
)
def test_what_differs_is_said_in_the_language_of_who_tries(
    web: WebKit, antes: str, despues: str, dice: str
) -> None:
    """Although letters in it are written as the agency writes them."""
    with web.app.test_request_context("/"), speaking("en"):
        [diferencias] = probar(web, con(EP[OTORGADO], (antes, despues))).values()
    assert [d for d in diferencias if dice in d] != [], diferencias


def test_who_must_not_do_it_may_not_in_a_scenario_either(web: WebKit) -> None:
    cambios = [
        (f'hace = "{t}"', f'hace = "{t}"\nquien = "la misma"') for t in ("ep_revisar", "ep_decidir")
    ]
    [diferencias] = probar(web, con(EP[OTORGADO], *cambios)).values()
    assert diferencias == [
        "Paso 4: a la misma no se le permite: ya hizo una tarea que debe hacer otra persona."
    ]


def test_a_diagram_that_goes_round_and_round_is_told(
    web: WebKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(escenarios, "VUELTAS", 3)
    [diferencias] = probar(web, con(EP[OTORGADO], ("se visita", "se vuelve a visitar"))).values()
    assert diferencias == [
        "Paso 3: pasan más de 3 cosas solas; quizás el diagrama da vueltas sobre sí mismo."
    ]


def test_what_takes_too_long_is_left_and_is_run_again_when_asked_again(web: WebKit) -> None:
    archivos = con(EP[OTORGADO], ("se visita", "se visita con calma"))
    [diferencias] = probar(web, archivos, plazo=0.0).values()
    assert diferencias == ["El inicio: el ensayo tarda demasiado y se dejó aquí."]
    assert list(probar(web, archivos).values()) == [[]]


def test_one_trial_at_a_time_and_the_page_says_so(
    web: WebKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(escenarios, "ESPERA", 0.01)
    web.engine.releases.deploy(EP, actor=SYSTEM, now=web.clock.now())
    analista = web.browser("analista")
    ficha = analista.get("/procedimientos/permiso_espacio").text
    with escenarios.PUERTA:
        dicho = analista.post(
            "/procedimientos/permiso_espacio/escenarios", data={"csrf_token": csrf(ficha)}
        )
    assert dicho.status_code == 409
    assert "Otro ensayo está en curso: espere un momento" in html.unescape(dicho.text)


def test_more_scenarios_than_are_run_are_told(web: WebKit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(escenarios, "MAX_ESCENARIOS", 1)
    otro = OTORGADO.replace("otorgado", "z_otro")
    dichos = probar(web, con(EP[OTORGADO], ("se visita", "se mira")) | {otro: EP[OTORGADO]})
    assert dichos == {
        "otorgado.toml": [],
        "z_otro.toml": ["No se prueba: se prueban los primeros 1 escenarios de un procedimiento."],
    }


def test_a_scenario_that_breaks_is_told_and_the_others_go_on(
    web: WebKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def romper(_mundo: escenarios.Mundo, _donde: str, _paso: object) -> None:
        raise ZeroDivisionError("por cero")

    monkeypatch.setattr(escenarios.Mundo, "_hacer", romper)
    [diferencias] = probar(web, con(EP[OTORGADO], ("se visita", "se rompe"))).values()
    assert diferencias == ["No se pudo seguir: ZeroDivisionError por cero"]


def test_a_diagram_that_is_refused_is_no_scenario_that_fails_for_nothing(web: WebKit) -> None:
    archivos = con(EP[OTORGADO]) | {
        "permiso_espacio.bpmn": EP["permiso_espacio.bpmn"].replace(
            b"carta.enviar", b"carta.inventada"
        )
    }
    [diferencias] = probar(web, archivos).values()
    assert diferencias == ["Los diagramas y tablas tienen errores: vea la revisión."]


def test_the_page_and_the_review_say_it_and_the_shell_ends_with_1(
    web: WebKit, tmp_path: Path
) -> None:
    web.engine.releases.deploy(EP, actor=SYSTEM, now=web.clock.now())
    analista = web.browser("analista")
    ficha = analista.get("/procedimientos/permiso_espacio").text
    assert "Probar 4 escenarios" in ficha
    dicho = analista.post(
        "/procedimientos/permiso_espacio/escenarios", data={"csrf_token": csrf(ficha)}
    )
    assert "Los 4 escenarios salen como se espera." in followed(html.unescape(dicho.text))

    otro = con(EP[OTORGADO], ("termina = true", "termina = false"))[OTORGADO]
    analista_id = "analista"
    with web.engine.uow.reading() as session:
        assert reads.releases.model_drafts(session, analista_id) == []
    pieza = f"/procedimientos/permiso_espacio/piezas/{OTORGADO.partition('/')[2]}"
    pagina = analista.get(pieza).text
    analista.post(pieza, data={"csrf_token": csrf(pagina), "visto": "", "contenido": otro.decode()})
    poner = "/procedimientos/permiso_espacio/poner-en-vigor"
    antes = html.unescape(analista.get(poner).text)
    assert "Todavía no se prueban con estos borradores." in antes
    assert "salen como se espera" not in antes
    dicho = analista.post(
        "/procedimientos/permiso_espacio/escenarios", data={"csrf_token": csrf(antes)}
    )
    assert f'href="{poner}"' in followed(dicho.text)
    revision = followed(html.unescape(analista.get(poner).text))
    assert "3 de 4 salen como se espera" in revision
    assert "Se esperaba que el caso siguiera abierto." in revision
    assert "Poner en vigor todo junto" in revision

    carpeta = tmp_path / "permiso_espacio"
    for nombre, contenido in {**EP, OTORGADO: otro}.items():
        ruta = carpeta / nombre.removeprefix("permiso_espacio/")
        ruta.parent.mkdir(parents=True, exist_ok=True)
        ruta.write_bytes(contenido)
    salida = web.app.test_cli_runner().invoke(procedure, ["check", str(carpeta)])
    assert salida.exit_code == 1
    assert "Se esperaba que el caso siguiera abierto." in salida.output
    assert salida.output.count("  bien ") == 3
