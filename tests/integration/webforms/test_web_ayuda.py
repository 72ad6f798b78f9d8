"""Help at hand: every page of people says what it is for, each role has a guide and a walk on pages
that it may open, and the keys of the page «Atajos» are those that pages declare."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from records.cuentas.reglas import roles
from records.cuentas.reglas.roles import ROLES
from tests.kit import web as web_kit
from tests.kit.month import NOT_WALKED
from tests.kit.pictures import PICTURES
from tests.kit.web import WebKit, followed, log_in, on_routes
from webforms.ayuda.atajos import ATAJOS
from webforms.ayuda.de_quien import DE_QUIEN, guias_de
from webforms.ayuda.guias import CARPETA, IMAGENES
from webforms.ayuda.recorridos import RECORRIDOS
from webforms.base.idioma import catalogo
from webforms.salas import PERMISOS

ROOT = Path(__file__).resolve().parents[3]
IDIOMAS = ("es", "en")
DESTACADO = re.compile(r"\*\*(.+?)\*\*|[«“](.+?)[»”]")  #: bold or quoted
#: Not walked by the month because the demo has none of them; they are pages all the same.
PAGINAS_TAMBIEN = re.compile(
    r"no (procedure|draft|document) |nor waits|of a closing|of documents that|of an observation|the world sends"
)


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebKit]:
    carpeta = tmp_path_factory.mktemp("ayuda")
    kit = web_kit.build(carpeta, f"sqlite:///{carpeta / 'v.db'}")
    yield kit
    kit.engine.db.dispose()


def de_personas(web: WebKit) -> set[str]:
    """Endpoints that show a page to whoever is logged in: not to the public, to devices or to
    scripts."""
    return {
        r.endpoint
        for r in web.app.url_map.iter_rules()
        if "GET" in (r.methods or set())
        and not any(p == "publico" or p.startswith("dispositivo:") for p in PERMISOS[r.endpoint])
        and (r.endpoint not in NOT_WALKED or PAGINAS_TAMBIEN.search(NOT_WALKED[r.endpoint]))
    }


def test_every_page_of_people_says_what_it_is_for_and_names_its_guide(web: WebKit) -> None:
    suyas = de_personas(web) - {"iniciar.plantilla", "cumplimiento.acta_de_datos"}  # files
    assert suyas - set(on_routes("ayuda")) == set()
    assert set(on_routes("ayuda")) <= set(web.app.view_functions)
    for endpoint, ayuda in on_routes("ayuda").items():
        assert ayuda.guia in DE_QUIEN, endpoint
        assert re.fullmatch(r"[A-ZÁÉÍÓÚ«].{10,130}\.", str(ayuda.frase)), endpoint


def test_the_bar_carries_the_sentence_and_the_way_to_the_guide(web: WebKit) -> None:
    pagina = followed(web.browser("asesor").get("/bandeja").text)
    assert '<summary aria-label="Para qué es esta página">?</summary>' in pagina
    assert str(on_routes("ayuda")["bandeja.bandeja"].frase) in pagina
    assert 'href="/ayuda/funcionario"' in pagina


def escrita(nombre: str, idioma: str) -> str:
    return (CARPETA / idioma / f"{nombre}.md").read_text("utf-8")


def test_each_guide_is_the_file_of_the_documentation(web: WebKit) -> None:
    for idioma in IDIOMAS:
        assert {f.stem for f in (CARPETA / idioma).glob("*.md")} == set(DE_QUIEN)
    asesor = web.browser("asesor")
    for nombre in DE_QUIEN:
        pagina = asesor.get(f"/ayuda/{nombre}")
        assert pagina.status_code == 200
        assert escrita(nombre, "es").splitlines()[0].removeprefix("# ") in pagina.text
        assert "<h2>" in pagina.text
    assert asesor.get("/ayuda").location == "/ayuda/asesor"
    assert asesor.get("/ayuda/../../etc").status_code == 404
    assert asesor.get("/ayuda/otra").status_code == 404


@pytest.mark.parametrize("nombre", DE_QUIEN)
def test_a_guide_says_the_same_in_both_languages_and_calls_things_as_the_screens_do(
    nombre: str,
) -> None:
    """As many headings, steps, rows, links, keys and pictures; what is bold or quoted and a text of
    the screens is what it says there."""
    es, en = (escrita(nombre, idioma) for idioma in IDIOMAS)
    assert [forma(linea) for linea in es.splitlines()] == [
        forma(linea) for linea in en.splitlines()
    ]
    for patron in (r"\]\(([^)/]+)\)", r"`([^`]+)`"):
        assert re.findall(patron, es) == re.findall(patron, en)
    dichos, dicho_en = DESTACADO.findall(es), DESTACADO.findall(en)
    assert len(dichos) == len(dicho_en)
    for suyo, otro in zip(map(max, dichos), map(max, dicho_en), strict=True):
        traducido = catalogo("en").gettext(suyo)
        assert traducido in (otro, suyo)


def forma(linea: str) -> str:
    """What kind of line it is: heading, step, item, row, picture, text or none."""
    hallada = re.match(r"#+ |\d+\. |- |\||!\[", linea)
    return hallada[0] if hallada else linea and "texto"


@pytest.mark.parametrize("idioma", IDIOMAS)
def test_each_picture_of_the_guides_is_one_that_make_pictures_takes_of_a_page_that_exists(
    web: WebKit, idioma: str
) -> None:
    imagen = re.compile(rf"!\[(.*)\]\(\.\./img/{idioma}/(\S+)\.webp\)")
    mostradas = {
        nombre: alt for guia in DE_QUIEN for alt, nombre in imagen.findall(escrita(guia, idioma))
    }
    tomadas = {picture.name for picture in PICTURES}
    assert set(mostradas) == tomadas == {ruta.stem for ruta in (IMAGENES / idioma).iterdir()}
    assert all(len(alt.split()) > 3 for alt in mostradas.values())
    assert {picture.endpoint for picture in PICTURES} <= set(web.app.view_functions)
    assert all((IMAGENES / idioma / f"{n}.webp").stat().st_size <= 60_000 for n in tomadas)


def test_a_picture_is_kept_by_its_address_and_its_place_waits_for_it(web: WebKit) -> None:
    asesor = web.browser("asesor")
    mostrada = re.search(
        r'<img src="(imagen/\S+)"[^>]* width="(\d+)" height="(\d+)"',
        asesor.get("/ayuda/asesor").text,
    )
    assert mostrada is not None
    direccion, ancho, alto = mostrada.groups()
    with asesor.get(f"/ayuda/{direccion}") as imagen:
        assert (imagen.status_code, imagen.mimetype) == (200, "image/webp")
        assert "immutable" in imagen.headers["Cache-Control"]
        # a new cookie does not make the browser ask again
        assert not {"Vary", "Set-Cookie"} & set(imagen.headers.keys())
        with Image.open(io.BytesIO(imagen.data)) as abierta:
            assert abierta.size == (int(ancho), int(alto))
    with asesor.get(f"/ayuda/{direccion}".partition("?")[0]) as sin_version:
        assert "immutable" not in sin_version.headers["Cache-Control"]
    for mala in ("es/otra.webp", "es/..%2Fasesor.md", "fr/asesor-fila.webp"):
        assert asesor.get(f"/ayuda/imagen/{mala}").status_code == 404


@pytest.mark.parametrize(
    "rol", [r.codigo for r in ROLES.values() if r.puede and r.codigo != roles.DE_CARRIL]
)
def test_each_role_has_a_guide_and_a_walk_on_pages_that_it_may_open(rol: str) -> None:
    (guia,) = guias_de({rol})
    assert rol in DE_QUIEN[guia], "a role of the product is nobody's guest"
    assert RECORRIDOS[guia]
    for paso in RECORRIDOS[guia]:
        permitidos = PERMISOS[paso.endpoint]
        assert "persona" in permitidos or {rol, *ROLES[rol].incluye} & permitidos, (
            f"{rol} may not open {paso.endpoint}"
        )


def test_a_role_that_only_a_diagram_knows_has_the_guide_of_the_tasks() -> None:
    assert guias_de({"inspector_de_campo"}) == ["funcionario"]


def test_the_first_steps_stand_in_the_guide_of_ones_role_and_over_no_work(web: WebKit) -> None:
    asesor = web.browser()
    log_in(asesor, "asesor")
    assert "primeros pasos" not in asesor.get("/atencion").text
    guia = asesor.get("/ayuda/asesor").text
    pasos = guia[guia.index("Los primeros pasos") :].partition("</ol>")[0]
    assert re.findall('href="([^"]+)"', pasos) == [
        "/atencion",
        "/atencion",
        "/bandeja",
        "/mi-calidad",
        "/cuenta",
    ]
    assert "Los primeros pasos" not in asesor.get("/ayuda/coordinador").text


def test_the_keys_of_the_page_are_those_that_pages_declare(web: WebKit) -> None:
    declaradas: set[str] = set()
    for plantilla in (ROOT / "webforms").rglob("*.html"):
        texto = plantilla.read_text("utf-8")
        declaradas |= {
            t.replace("Control+", "Ctrl ")
            for t in re.findall(r'aria-keyshortcuts="([\w+/]+)"', texto)
        }
        declaradas |= set(re.findall(r"<kbd>([^<{]+)</kbd>", texto))
    dichas = {t for suyos in ATAJOS.values() for a in suyos for t in a.teclas}
    assert declaradas - dichas == set()
    bandeja = (ROOT / "webforms/static/js/bandeja.js").read_text("utf-8")
    mapa = {
        "Ctrl ↓": "ArrowDown",
        "Ctrl ↑": "ArrowUp",
        "Ctrl Enter": "Enter",
        "Ctrl B": "b",
        "Ctrl /": '"/"',
    }
    assert all(f"    {mapa[t]}: () =>" in bandeja for a in ATAJOS["bandeja"] for t in a.teclas)
    pagina = web.browser("asesor").get("/ayuda/atajos").text
    assert all(f"<kbd>{t}</kbd>" in pagina for t in dichas)
