"""Passwords of the list that an agency keeps of stolen ones are taken nowhere; a list that cannot
be read lets none through."""

import hashlib
import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import BadSetting, Config
from engine.types import SYSTEM
from records.cuentas.enlaces_de_clave import NUEVA
from records.cuentas.reglas import contrasenas
from tests.kit import web as web_kit
from tests.kit.cast import CLAVE
from tests.kit.web import BASE_URL, WebKit, csrf, followed, opened, put
from webforms.base import filtradas
from webforms.base.ajustes import de
from webforms.base.filtradas import ListaMala
from webforms.cuentas import claves

ROBADA = "me gusta el cafe con leche"
BUENA = "lámpara azul cuatro ríos"


def digesto(clave: str) -> str:
    return hashlib.sha1(clave.encode(), usedforsecurity=False).hexdigest().upper()


def lista(ruta: Path, claves_robadas: list[str], *, fin: str = "\n") -> Path:
    lineas = sorted(f"{digesto(clave)}:{7 ** (n % 9)}" for n, clave in enumerate(claves_robadas))
    ruta.write_bytes(fin.join([*lineas, ""]).encode())
    return ruta


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, sqlite_url)
    put(
        kit.app,
        breached_passwords=str(
            lista(tmp_path / "robadas.txt", [ROBADA, *(f"otra {n}" for n in range(500))])
        ),
    )
    yield kit
    kit.engine.db.dispose()


def por_enlace(web: WebKit, clave: str) -> tuple[int, str]:
    with web.app.app_context():
        camino, cliente = (
            claves.dar("asesor", NUEVA, SYSTEM, por_correo=False).removeprefix(BASE_URL),
            web.browser(),
        )
    camino = opened(cliente, camino)
    hecho = cliente.post(
        camino, data={"csrf_token": csrf(cliente.get(camino).text), "clave": clave, "otra": clave}
    )
    return hecho.status_code, followed(hecho.text)


def la_propia(web: WebKit, clave: str) -> tuple[int, str]:
    cliente = web.browser("asesor")
    datos = {
        "csrf_token": csrf(cliente.get("/cuenta").text),
        "clave_actual": CLAVE,
        "clave": clave,
        "clave_otra": clave,
    }
    hecho = cliente.post("/cuenta/clave", data=datos)
    return hecho.status_code, followed(hecho.text)


@pytest.mark.parametrize("poner", [por_enlace, la_propia])
def test_a_stolen_password_is_not_taken_and_another_one_is(web: WebKit, poner: object) -> None:
    assert callable(poner)
    codigo, dicho = poner(web, ROBADA)
    assert (codigo, "listas de contraseñas robadas" in dicho) == (422, True)
    assert poner(web, BUENA)[0] == 302


@pytest.mark.parametrize("poner", [por_enlace, la_propia])
def test_without_a_list_those_that_everybody_tries_are_refused_in_any_letters(
    web: WebKit, poner: object
) -> None:
    assert callable(poner)
    put(web.app, breached_passwords="")
    assert len([clave for clave in filtradas.comunes() if not contrasenas.falla(clave)]) >= 3_000
    assert not contrasenas.falla("MailCreated5240")
    codigo, dicho = poner(web, "MailCreated5240")
    assert (codigo, "listas de contraseñas robadas" in dicho) == (422, True)
    assert poner(web, BUENA)[0] == 302


def test_where_those_were_not_installed_none_is_taken_and_it_is_told(
    web: WebKit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filtradas, "COMUNES", tmp_path / "none")
    filtradas.comunes.cache_clear()
    assert "Avise a quien administra" in la_propia(web, BUENA)[1]
    assert "Falta la lista de contraseñas que viene con Ventanilla" in followed(
        web.browser("admin").get("/estado").text
    )


@pytest.mark.parametrize(
    "contenido", [b"", b"hola\n" * 50, b"\x00" * 200, b"F" * 40 + b":1\n" + b"0" * 40 + b":1\n"]
)
def test_a_list_that_is_none_lets_nothing_through_and_is_told(
    web: WebKit, contenido: bytes
) -> None:
    Path(de(web.app).breached_passwords).write_bytes(contenido)
    with pytest.raises(ListaMala):
        filtradas.mirar(Path(de(web.app).breached_passwords))
    assert "no se puede leer, o no es la de Have I Been Pwned" in followed(
        web.browser("admin").get("/estado").text
    )


def test_a_list_that_is_gone_lets_nothing_through(web: WebKit) -> None:
    Path(de(web.app).breached_passwords).unlink()
    codigo, dicho = la_propia(web, BUENA)
    assert (codigo, "Avise a quien administra" in dicho) == (422, True)
    with pytest.raises(BadSetting):
        Config.from_environment(
            {"SECRET_KEY": "x" * 50, "BREACHED_PASSWORDS": de(web.app).breached_passwords}
        )


@pytest.mark.parametrize("fin", ["\n", "\r\n"])
def test_each_line_of_the_list_is_found_and_nothing_else(tmp_path: Path, fin: str) -> None:
    for largo in range(60):
        robadas = [f"clave robada {n}" for n in range(largo)]
        ruta = lista(tmp_path / "robadas.txt", robadas, fin=fin)
        assert all(filtradas.contiene(ruta, clave) for clave in robadas)
        assert not any(filtradas.contiene(ruta, f"clave sana {n}") for n in range(50))
        if largo:
            assert abs(filtradas.mirar(ruta) - largo) <= 1
            ruta.write_bytes(ruta.read_bytes().rstrip())
            assert all(filtradas.contiene(ruta, clave) for clave in robadas), (
                "without an end of the last line"
            )
            ruta.write_bytes(ruta.read_bytes().lower())
            assert all(filtradas.contiene(ruta, clave) for clave in robadas), "in small letters"


def test_a_long_list_is_looked_up_by_halving(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    robadas = [f"clave robada {n}" for n in range(20_000)]
    ruta, leidas = lista(tmp_path / "robadas.txt", robadas), []
    digesto_de = filtradas.digesto_aqui

    monkeypatch.setattr(
        filtradas, "digesto_aqui", lambda abierta: leidas.append(1) or digesto_de(abierta)
    )
    assert filtradas.contiene(ruta, robadas[123])
    assert not filtradas.contiene(ruta, "clave sana")
    assert len(leidas) <= 2 * (math.log2(20_000) + 8)
