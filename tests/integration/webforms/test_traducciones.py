"""The labels of a package in English: on the pages for citizens, and what the shell says of those
that are missing or left over."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import app as door
from engine.states import ActorKind
from engine.types import SYSTEM, Actor, Handlers
from records.paquetes.reglas import paquete as reglas, traducciones
from records.paquetes.reglas.paquete import Falta
from tests.kit import web as web_kit
from tests.kit.web import WebKit, csrf, followed, hidden
from webforms.comandos.procedimiento import procedure
from webforms.paquetes.hojas import rotulos

CARPETA = Path(__file__).resolve().parents[3] / "bpmn" / "permiso_espacio"
EP = reglas.archivos_de(CARPETA)
EN = "permiso_espacio/traducciones/en.toml"
PEDIDO = {
    "nombre": "Mary Prada",
    "tipo_doc": "CC",
    "documento": "51000481",
    "correo": "mary@correo.example",
    "uso": "terraza",
    "direccion": "Calle 14 6-25",
    "localidad_id": "suba",
    "area": "24",
    "dias": "30",
}


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebKit]:
    donde = tmp_path_factory.mktemp("traducciones")
    conocidos = Handlers()
    kit = web_kit.with_actions(
        web_kit.build(
            donde, f"sqlite:///{donde / 'v.db'}", handlers=conocidos, functions=door.functions()
        ),
        conocidos,
    )
    kit.engine.releases.deploy(EP, actor=SYSTEM, now=kit.clock.now())
    yield kit
    kit.engine.db.dispose()


def leer(navegador: FlaskClient, donde: str) -> str:
    return followed(html.unescape(navegador.get(donde).text))


def test_who_asks_in_english_reads_the_form_of_the_package_in_english(web: WebKit) -> None:
    nadie = web.browser()
    assert "Permit to occupy public space" in leer(nadie, "/tramites?idioma=en")
    ingles, espanol = (
        leer(nadie, "/tramites/ep_permiso?idioma=en"),
        leer(nadie, "/tramites/ep_permiso"),
    )
    for dicho in (
        "Full name",
        "Area in square metres",
        "Terrace of a business",
        "To set up a terrace",
    ):
        assert dicho in ingles
        assert dicho not in espanol
    for dicho in ("Nombre completo", "Terraza de un negocio", "Para poner una terraza"):
        assert dicho in espanol
        assert dicho not in ingles


def test_faults_the_number_and_the_state_are_in_english_too_and_what_is_kept_is_the_same(
    web: WebKit,
) -> None:
    nadie, aqui = web.browser(), "/tramites/ep_permiso?idioma=en"
    pagina = nadie.get(aqui).text
    sello = {"csrf_token": csrf(pagina), "_llave": hidden(pagina, "_llave"), "_paso": "revisar"}
    falta = nadie.post(aqui, data={**sello, **PEDIDO, "direccion": ""})
    assert falta.status_code == 422
    assert "Address of the place" in html.unescape(falta.text)
    revisar = html.unescape(nadie.post(aqui, data={**sello, **PEDIDO}).text)
    assert "Terrace of a business" in revisar
    enviado = nadie.post(
        aqui, data={**sello, **PEDIDO, "_paso": "enviar", "acepto": "si"}, follow_redirects=True
    )
    recibida = html.unescape(enviado.text)
    assert enviado.status_code == 200, recibida
    assert "We check the requirements within 5 business days" in recibida
    numero = re.search(r"EP-2026-\d{5}", recibida)
    assert numero
    consulta = nadie.get("/consulta?idioma=en").text
    datos = {
        "csrf_token": csrf(consulta),
        "radicado": numero[0],
        "tipo_doc": "CC",
        "num_doc": "51000481",
    }
    estado = html.unescape(nadie.post("/consulta?idioma=en", data=datos).text)
    assert "Permit to occupy public space" in estado
    assert "Permiso de ocupación" not in estado


def test_ep_01_has_all_its_labels_in_english() -> None:
    paquete = reglas.leer("permiso_espacio", EP)[0]
    assert paquete is not None
    textos, faltas = traducciones.leer(EP[EN])
    assert faltas == []
    assert traducciones.comparar(rotulos(paquete, EP), textos) == ([], [])


def test_the_shell_warns_of_what_is_missing_and_left_over_and_forbids_nothing(
    web: WebKit, tmp_path: Path
) -> None:
    dicho = EP[EN].decode().replace('"Suba" = "Suba"', '"Sube" = "Suba"') + '"Localidad 2" = 3\n'
    quien = Actor(ActorKind.PERSON, "analista")
    web.engine.releases.save_draft(EN, dicho.encode(), actor=quien, now=web.clock.now())
    revision = leer(web.browser("analista"), "/procedimientos/permiso_espacio/poner-en-vigor")
    web.engine.releases.drop_draft(EN, actor=quien)
    assert f"{EN}: falta «Suba»" in revision
    assert "rotulos «Localidad 2»: Debe ser un texto entre comillas." in revision
    assert "Poner en vigor todo junto" in revision
    carpeta = tmp_path / "permiso_espacio"
    for nombre, contenido in {**EP, EN: dicho.encode()}.items():
        if "/escenarios/" not in nombre:
            ruta = carpeta / nombre.removeprefix("permiso_espacio/")
            ruta.parent.mkdir(parents=True, exist_ok=True)
            ruta.write_bytes(contenido)
    salida = web.app.test_cli_runner().invoke(procedure, ["check", str(carpeta)])
    assert salida.exit_code == 0
    assert f"Aviso · {EN}: falta «Suba»" in salida.output
    assert f"Aviso · {EN}: sobra «Sube»" in salida.output
    assert "rotulos «Localidad 2»: Debe ser un texto entre comillas." in salida.output


@pytest.mark.parametrize(
    ("texto", "que"),
    [
        ("rotulos = ", "traduccion_ilegible"),
        ("rotulos = 3", "no_es_tabla"),
        ("otra = 3", "desconocido"),
        ('[rotulos]\na = "b\\u0007"', "signo"),
        (f'[rotulos]\na = "{"b" * 4_001}"', "largo"),
    ],
)
def test_a_translation_that_makes_no_sense_is_said(texto: str, que: str) -> None:
    faltas: list[Falta] = traducciones.leer(texto.encode())[1]
    assert que in [f.que for f in faltas]


def test_a_label_that_a_diagram_breaks_is_the_same() -> None:
    textos, _faltas = traducciones.leer(b'[rotulos]\n"Pedir  lo que falta" = "Ask"')
    assert traducciones.comparar(["Pedir\nlo que falta"], textos) == ([], [])


@pytest.mark.parametrize("mal", [EN, "permiso_espacio/paquete.toml"])
def test_one_file_that_cannot_be_read_takes_only_its_own_labels(mal: str) -> None:
    otro = {
        n.replace("permiso_espacio", "otro"): c.replace(b"permiso_espacio", b"otro")
        for n, c in EP.items()
    }
    leidos = traducciones.de_todos({**EP, **otro, mal: b"formato = " + b"9" * 5_000}, "en")
    assert "permiso_espacio.bpmn" not in leidos
    assert leidos["otro.bpmn"]
    assert traducciones.leer(b"x = " + b"9" * 5_000)[1][0].que == "traduccion_ilegible"
    assert reglas.listas_de("p", {"p/paquete.toml": b"x = " + b"9" * 5_000}) == ()
