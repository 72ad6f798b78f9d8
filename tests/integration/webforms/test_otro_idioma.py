"""A language that the program does not bring: a folder of catalogues and one setting; and each
catalogue is read once."""

import json
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path

import pytest

from app import BadSetting, Config
from common.language import said
from records.catalogos.catalogo import cargar_catalogo
from records.correo.reglas.cartas import CARPETA, HUECO, carta, lengua_de
from tests.kit import public as public_kit
from tests.kit.clock import NOW
from tests.kit.public import Point
from tests.kit.web import BASE_URL, csrf, followed, hidden
from webforms.base import catalogos, idioma
from webforms.base.catalogos import IDIOMAS, hablando
from webforms.base.formatos import enumeracion, fecha
from webforms.base.guiones import palabras_de

BAJA = CARPETA / "baja.es.txt"
#: Sentence → in Portuguese of Brazil, and in a language that CLDR does not know.
DICHO = {
    "Casos": ("Processos", "Kasachiki"),
    "Turno": ("Senha", "Ayaakua"),
    "Sin conexión": ("Sem conexão", ""),
    "La calificación terminó": ("A avaliação terminou", ""),
}


@pytest.fixture
def carpeta(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(IDIOMAS, "_suyas", dict(IDIOMAS))  # given back afterwards
    raiz = tmp_path / "idiomas"
    for n, codigo in enumerate(("pt-BR", "guc")):
        (raiz / codigo).mkdir(parents=True)
        frases = "".join(
            f'msgid "{frase}"\nmsgstr "{dichas[n]}"\n\n' for frase, dichas in DICHO.items()
        )
        (raiz / codigo / "todo.po").write_text(
            f'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n{frases}', "utf-8"
        )
    (raiz / "guc" / "nombre.txt").write_text("wayuunaiki\n", "utf-8")
    (raiz / "pt-BR" / "guiones.po").write_text(
        '#: js/tarea.js\nmsgid "Guardado"\nmsgstr "Salvo"\n', "utf-8"
    )
    (raiz / "No un idioma").mkdir()
    (raiz / "es").mkdir()
    return raiz


@pytest.fixture
def punto(tmp_path: Path, sqlite_url: str, carpeta: Path) -> Iterator[Point]:
    IDIOMAS.ofrecer(carpeta)
    kit = public_kit.build(tmp_path, sqlite_url)
    with kit.web.session() as s:
        cargar_catalogo(s)
        s.commit()
    yield kit
    kit.web.engine.db.dispose()


def test_one_setting_offers_each_folder_that_is_a_language(tmp_path: Path, carpeta: Path) -> None:
    env = {"INSTANCE": str(tmp_path / "i"), "IDIOMAS": str(carpeta), "IDIOMA": "pt-BR"}
    assert Config.from_environment(env).idioma == "pt-BR"
    assert list(IDIOMAS) == ["es", "en", "guc", "pt-BR"]
    for malo in (str(carpeta / "no-esta"), str(carpeta / "guc" / "nombre.txt"), "\x00"):
        with pytest.raises(BadSetting, match="IDIOMAS"):
            Config.from_environment({**env, "IDIOMAS": malo})


def test_its_button_its_page_and_what_it_does_not_say_in_spanish(punto: Point) -> None:
    asesor = punto.web.browser("asesor")
    pagina = asesor.get("/casos").text
    botones = dict(
        re.findall(r'name="idioma" value="([^"]+)" lang="\1" aria-label="([^"]+)"', pagina)
    )
    assert {c: unescape(n) for c, n in botones.items()} == {
        "en": "English",
        "guc": "Wayuunaiki",
        "pt-BR": "Português (Brasil)",
    }
    for codigo, casos in (("pt-BR", "Processos"), ("guc", "Kasachiki")):
        datos = {"idioma": codigo, "csrf_token": csrf(asesor.get("/casos").text)}
        assert (
            asesor.post(
                "/cuenta/idioma", data=datos, headers={"Referer": f"{BASE_URL}/casos"}
            ).location
            == "/casos"
        )
        pagina = asesor.get("/casos").text
        assert f'<html lang="{codigo}">' in pagina
        assert f">{casos}<" in pagina
        assert ">Salir<" in pagina, "what it does not say is Spanish"
        assert (
            asesor.get("/bandeja").status_code
            == asesor.get("/ayuda", follow_redirects=True).status_code
            == 200
        )
    with hablando("pt-BR"):
        assert (fecha(NOW), enumeracion(["a", "b"]), said("Salir")) == (
            "ter. 24 nov. 2026",
            "a e b",
            "Salir",
        )
        assert palabras_de("pt-BR")["js/tarea.js"]["Guardado"] == "Salvo"
        assert lengua_de("baja") == "es"
        assert (
            carta("baja", **dict.fromkeys(HUECO.findall(BAJA.read_text("utf-8")), "x"))[0]
            == BAJA.read_text("utf-8").splitlines()[0]
        )
    with hablando("guc"):
        assert (fecha(NOW), enumeracion(["a", "b"])) == ("mar 24 nov 2026", "a y b")


def test_a_turn_keeps_it_and_public_pages_speak_it(punto: Point) -> None:
    quiosco = punto.device("quiosco-1")
    paso = quiosco.get("/quiosco/condicion/servicio_adquirido?idioma=pt-BR").text
    assert '<html lang="pt-BR">' in paso
    datos = {
        "csrf_token": hidden(paso, "csrf_token"),
        "llave": hidden(paso, "llave"),
        "motivo_visita": "servicio_adquirido",
    }
    assert quiosco.post(
        "/quiosco/turno?idioma=pt-BR", data={**datos, "condicion": "ninguna"}
    ).status_code in (302, 303)
    assert punto.turnos()[-1].idioma == "pt-BR"
    assert '<html lang="pt-BR">' in punto.web.browser().get("/consulta?idioma=pt-BR").text


def test_what_speaks_to_everybody_speaks_it_too(punto: Point) -> None:
    tablero = followed(punto.device("tablero-1").get("/tablero").text)
    assert (
        'Turno <i lang="en">Ticket</i> <i lang="guc">Ayaakua</i> <i lang="pt-BR">Senha</i>'
        in tablero
    )
    assert 'Módulo <i lang="en">Desk</i></th>' in tablero, (
        "a word that it does not have is not said twice"
    )
    guion = punto.web.browser().get("/sw.js")
    assert guion.mimetype == "text/javascript"
    (puesto,) = re.findall(r"const PUESTO = (.+);", guion.text)
    dicho = json.loads(puesto)
    sin_red = dicho["sinRed"]
    assert "<title>Sin conexión · Offline · Sem conexão</title>" in sin_red
    assert followed(sin_red).count('<a href="/visita">') == 3
    assert {
        lengua: '<html lang="en">' in pagina for lengua, pagina in dicho["cerrada"].items()
    } == {lengua: lengua == "en" for lengua in dicho["cerrada"]}
    assert "No connection: type your code" in dicho["cerrada"]["en"]
    assert "Sin conexión: escriba su código" in dicho["cerrada"]["es"]


def test_a_catalogue_is_read_once_whoever_asks_at_once(
    carpeta: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    IDIOMAS.ofrecer(carpeta)
    leidos, leer, juntos = [], vars(catalogos)["_leer"], threading.Barrier(8)

    def contado(codigo: str) -> object:
        leidos.append(codigo)
        return leer(codigo)

    def pedir(_n: int) -> str:
        juntos.wait()
        return str(catalogos.catalogo("pt-BR").gettext("Casos"))

    monkeypatch.setattr(catalogos, "_leer", contado)
    with ThreadPoolExecutor(8) as hilos:
        assert set(hilos.map(pedir, range(8))) == {"Processos"}
    assert leidos == ["pt-BR"]
    catalogos.calentar()
    catalogos.calentar()
    assert sorted(leidos) == ["en", "es", "guc", "pt-BR"]


def test_a_public_page_asks_once_in_which_language_it_is(
    punto: Point, monkeypatch: pytest.MonkeyPatch
) -> None:
    veces, preguntar = [], vars(idioma)["_de_la_peticion"]

    def contada() -> str:
        veces.append(1)
        return preguntar()

    monkeypatch.setattr(idioma, "_de_la_peticion", contada)
    for camino in ("/consulta?idioma=en", "/consulta"):
        veces.clear()
        assert punto.web.browser().get(camino).status_code == 200
        assert len(veces) == 1
