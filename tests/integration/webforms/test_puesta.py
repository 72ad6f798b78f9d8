"""`flask setup` and `flask doctor` on an empty database of each kind: a working product, or a
sentence and nothing written."""

import datetime as dt
import html
import re
import stat
import tomllib
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

import app as door
from records.base.reglas.entidad import Entidad
from records.base.tablas import Cambio
from records.catalogos.tablas import ListaValor
from records.cuentas.tablas import Cuenta, RolAsignado
from records.lugares import entidad
from records.lugares.tablas import Punto
from records.sistemas import operacion
from tests.kit.telefono import PAGINA, activar
from tests.kit.web import csrf, log_in, opened
from webforms.base.ajustes import de
from webforms.comandos import ajustes

CLAVE = "lámpara verde tres panes"
_ahora = partial(dt.datetime.now, dt.UTC)
ADMIN = '[admin]\nuser = "marta.hoyos"\nname = "Marta Hoyos Peña"\nmail = "marta.hoyos@entidad.gov.co"\n'


class Lugar:
    """A folder of its own, as a machine on which Ventanilla was just put."""

    def __init__(self, carpeta: Path, url: str) -> None:
        self.carpeta, self.url, self.ruta = carpeta, url, carpeta / ajustes.NOMBRE
        self._hechas: list[Flask] = []

    def app(self) -> Flask:
        hecha = door.create_app()
        self._hechas.append(hecha)
        return hecha

    def correr(self, *orden: str, teclas: str = "") -> Result:
        return self.app().test_cli_runner().invoke(args=list(orden), input=teclas)

    def poner(self, respuestas: str, modo: int = 0o600) -> Result:
        archivo = self.carpeta.parent / "respuestas.toml"
        archivo.write_text(f'database_url = "{self.url}"\n{respuestas}', "utf-8")
        archivo.chmod(modo)
        return self.correr("setup", "--file", str(archivo))

    def ajustes(self) -> dict[str, str]:
        return tomllib.loads(self.ruta.read_text("utf-8")) if self.ruta.exists() else {}

    def tablas(self) -> set[str]:
        db = sa.create_engine(self.url)
        try:
            return set(sa.inspect(db).get_table_names())
        finally:
            db.dispose()

    def cerrar(self) -> None:
        for hecha in self._hechas:
            hecha.extensions["ventanilla"].db.dispose()


def un_lugar(tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lugar]:
    for nombre in ("DATABASE_URL", "DEMO", "SECRET_KEY", "BASE_URL", "SMTP_HOST", ajustes.VARIABLE):
        monkeypatch.delenv(nombre, raising=False)
    carpeta = tmp_path / "lugar"
    carpeta.mkdir()
    monkeypatch.setenv("INSTANCE", str(carpeta))
    lugar = Lugar(carpeta, url)
    yield lugar
    lugar.cerrar()


@pytest.fixture
def lugar(tmp_path: Path, db_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lugar]:
    yield from un_lugar(tmp_path, db_url, monkeypatch)


@pytest.fixture
def en_sqlite(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lugar]:
    yield from un_lugar(tmp_path, sqlite_url, monkeypatch)


def test_an_empty_database_becomes_a_working_product_without_demo_people(lugar: Lugar) -> None:
    hecho = lugar.poner(f'base_url = "http://127.0.0.1:8000"\nprocedures = ["m5_1_02"]\n{ADMIN}')
    assert hecho.exit_code == 0, hecho.output
    assert "Procedimiento m5_1_02: en vigor" in hecho.output
    enlace = re.search(r"http://127\.0\.0\.1:8000(/clave/#[\w-]{43})", hecho.output)
    assert enlace

    assert stat.S_IMODE(lugar.ruta.stat().st_mode) == 0o600
    puestos = lugar.ajustes()
    assert (puestos["database_url"], len(puestos["secret_key"]) >= 43) == (lugar.url, True)
    assert not {"admin", "procedures", "smtp_host"} & set(puestos)

    app = lugar.app()  # as every process starts: it reads the file
    cliente = app.test_client()
    suya = opened(cliente, enlace[1])
    pagina = cliente.get(suya)
    datos = {"clave": CLAVE, "otra": CLAVE, "csrf_token": csrf(pagina.text)}
    assert cliente.post(suya, data=datos).status_code == 302
    assert log_in(cliente, "marta.hoyos", CLAVE).status_code == 302
    assert cliente.get("/estado").location == f"{PAGINA}?falta=1", (
        "who administers has a second factor before anything"
    )
    activar(cliente, _ahora)
    estado = cliente.get("/estado").text
    assert "Marta Hoyos" in estado
    assert "Ninguno corre." in estado  # of the worker
    assert "Una sola persona administra." in estado
    with app.extensions["ventanilla"].uow.reading() as session:
        assert list(session.scalars(sa.select(Cuenta.usuario))) == ["marta.hoyos"]
        assert list(session.scalars(sa.select(RolAsignado.rol))) == ["administrador"]
        assert [(c.que, c.motivo) for c in session.scalars(sa.select(Cambio))] == [
            (q, "Puesta en marcha") for q in ("creada", "rol")
        ]

    dicho = lugar.correr("doctor")
    assert dicho.exit_code == 1  # no worker runs
    assert "FALTA  Trabajador" in dicho.output
    assert "flask worker" in dicho.output
    assert "Diagramas en vigor: 2" in dicho.output

    otra = lugar.poner('base_url = "https://ventanilla.entidad.example"\n')
    assert otra.exit_code == 0, otra.output
    assert lugar.ajustes() == {**puestos, "base_url": "https://ventanilla.entidad.example"}
    assert "/clave/" not in otra.output


def test_a_procedure_comes_whole_with_its_manifest_its_letters_and_its_list(lugar: Lugar) -> None:
    hecho = lugar.poner(
        f'base_url = "http://127.0.0.1:8000"\nprocedures = ["permiso_espacio"]\n{ADMIN}'
    )

    assert hecho.exit_code == 0, hecho.output
    assert "Procedimiento permiso_espacio: en vigor, entrega 1." in hecho.output
    app = lugar.app()
    with app.extensions["ventanilla"].uow.reading() as session:
        assert set(session.scalars(sa.select(ListaValor.codigo))) >= {
            "usaquen",
            "chapinero",
            "suba",
        }
    cliente = app.test_client()
    enlace = re.search(r"/clave/#[\w-]{43}", hecho.output)
    assert enlace
    datos = {
        "clave": CLAVE,
        "otra": CLAVE,
        "csrf_token": csrf(cliente.get(suya := opened(cliente, enlace[0])).text),
    }
    assert cliente.post(suya, data=datos).status_code == 302
    log_in(cliente, "marta.hoyos", CLAVE)
    activar(cliente, _ahora)
    assert "Permiso de ocupación del espacio público" in cliente.get("/procedimientos/").text
    pagina = cliente.get("/procedimientos/permiso_espacio").text
    assert "EP-01" in pagina
    assert "Versión 1, en vigor" in pagina
    assert lugar.poner('procedures = ["permiso_espacio", "m5_1_02"]\n').exit_code == 0
    pagina = cliente.get("/procedimientos/").text
    assert "Permiso de ocupación del espacio público" in pagina
    assert "Atención personalizada" in pagina


@pytest.mark.parametrize(
    ("respuestas", "dice"),
    [
        ('color = "azul"', "«color» no es un ajuste"),
        ('base_url = "ventanilla"', "BASE_URL: se espera la dirección"),
        ('smtp_tls = "quizas"', "SMTP_TLS"),
        ('smtp_from = "nadie"', "SMTP_FROM"),
        ("smtp_host = true", "debe ser un texto"),
        (
            'smtp_password = "the-password-of-the-mail-account"',
            "todavía tiene la contraseña del ejemplo",
        ),
        ('secret_key = "corta"', "SECRET_KEY"),
        ('secret_key = "x\\u0000"', "debe ser un texto de una línea"),
        ('procedures = ["otro"]', "No hay un procedimiento «otro»"),
        ('procedures = "m5_1_02"', "se espera una lista"),
        ('catalog = "sí"', "true o false"),
        ('[admin]\nuser = "Marta Hoyos"\nname = "Marta"\nmail = "m@e.gov.co"', "[admin] user"),
        ('[admin]\nuser = "marta"\nname = ""\nmail = "m@e.gov.co"', "[admin] name"),
        ('[admin]\nuser = "marta"\nname = "Marta"\nmail = "m"', "[admin] mail"),
        (
            '[admin]\nuser = "marta"\nname = "Marta"\nmail = "m@e.gov.co"\nhours = 0',
            "[admin] hours",
        ),
        ('[admin]\nuser = "marta"\nrol = "todo"', "[admin]: se esperan"),
        ("[admin", "TOML"),
    ],
)
def test_what_makes_no_sense_is_a_sentence_and_nothing_is_written(
    en_sqlite: Lugar, respuestas: str, dice: str
) -> None:
    hecho = en_sqlite.poner(respuestas)
    assert hecho.exit_code == 1, hecho.output
    assert dice in hecho.output
    assert "Traceback" not in hecho.output
    assert not en_sqlite.ruta.exists()
    assert en_sqlite.tablas() == set()


@pytest.mark.parametrize(
    ("url", "dice"),
    [
        ("postgresql://nadie@127.0.0.1:1/ventanilla", "no responde en 127.0.0.1:1"),
        ("sqlite:////no/hay/carpeta/ventanilla.db", "No se puede abrir la base de datos"),
        ("mysql://x@y/z", "DATABASE_URL"),
    ],
)
def test_a_database_that_does_not_do_is_said_before_anything_is_written(
    en_sqlite: Lugar, url: str, dice: str
) -> None:
    en_sqlite.url = url
    hecho = en_sqlite.poner("")
    assert hecho.exit_code == 1, hecho.output
    assert dice in hecho.output
    assert not en_sqlite.ruta.exists()


def test_a_database_of_somebody_else_is_left_alone(lugar: Lugar) -> None:
    db = sa.create_engine(lugar.url)
    with db.begin() as conexion:
        conexion.exec_driver_sql("CREATE TABLE nomina (n INTEGER)")
    db.dispose()
    hecho = lugar.poner(ADMIN)
    assert hecho.exit_code == 1, hecho.output
    assert "tablas que no son de Ventanilla (nomina)" in hecho.output
    assert lugar.tablas() == {"nomina"}


@pytest.mark.postgres
def test_an_account_that_may_not_make_tables_is_told(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = sa.create_engine(postgres_url)
    with db.begin() as conexion:
        conexion.exec_driver_sql(
            "DO $$ BEGIN CREATE ROLE sin_permisos LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        )
        conexion.exec_driver_sql("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    db.dispose()
    suya = (
        sa.engine.make_url(postgres_url)
        .set(username="sin_permisos")
        .render_as_string(hide_password=False)
    )
    for lugar in un_lugar(tmp_path, suya, monkeypatch):
        hecho = lugar.poner(ADMIN)
        assert hecho.exit_code == 1, hecho.output
        assert "no puede hacer tablas" in hecho.output
        assert not lugar.ruta.exists()


def test_it_asks_on_a_terminal_and_asks_again_what_is_wrong(en_sqlite: Lugar) -> None:
    lugar = (
        en_sqlite.url,
        "ventanilla",
        "http://127.0.0.1:8000",
        "fr",
        "en",
        "Pasto",
        "America/Bogota",
        "ZZ",
        "CO",
        "",
    )
    agencia = (
        "Alcaldía de Prueba",
        "900.123.456-7",
        "Pasto",
        "x" * 200,
        "Alcaldía de Prueba",
        "900.123.456-7",
        "Pasto",
        "",
    )
    cuenta = ("Marta", "marta.hoyos", "Marta Hoyos", "m@e.gov.co", "otro", "-")
    hecho = en_sqlite.correr(
        "setup", teclas="".join(f"{dicha}\n" for dicha in (*lugar, *agencia, *cuenta))
    )
    assert hecho.exit_code == 0, hecho.output
    assert "BASE_URL: se espera la dirección" in hecho.output
    assert "IDIOMA: se espera uno de es, en, no «fr»." in hecho.output
    assert "ZONA: se espera una zona horaria" in hecho.output
    assert "PAIS: se espera el país" in hecho.output
    assert "Dependencia que responde: máximo 160 letras." in hecho.output
    assert "La entidad es Alcaldía de Prueba." in hecho.output
    assert "El usuario lleva letras minúsculas" in hecho.output
    assert "No hay un procedimiento «otro»" in hecho.output
    assert "/clave/" in hecho.output
    with en_sqlite.app().extensions["ventanilla"].uow.reading() as session:
        assert session.scalars(sa.select(Punto)).first() is None  # no procedure, no places of it
        assert entidad.leer(session) == Entidad("Alcaldía de Prueba", "900.123.456-7", "Pasto")
    antes = en_sqlite.ajustes()
    assert antes["idioma"] == "en"
    otra = en_sqlite.correr("setup", teclas="\n" * 7)
    assert otra.exit_code == 0, otra.output
    assert "Primera cuenta" not in otra.output  # somebody administers
    assert "Nombre de la entidad" not in otra.output
    assert en_sqlite.ajustes() == antes


def test_whoever_administers_gets_another_link(en_sqlite: Lugar) -> None:
    assert en_sqlite.poner(ADMIN).exit_code == 0
    assert "/clave/" in en_sqlite.correr("setup", "--link", "marta.hoyos").output
    nadie = en_sqlite.correr("setup", "--link", "nadie")
    assert (nadie.exit_code, "No existe la cuenta nadie" in nadie.output) == (1, True)


def test_a_file_of_settings_that_anybody_may_read_stops_every_process(
    en_sqlite: Lugar, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert en_sqlite.poner(ADMIN).exit_code == 0
    en_sqlite.ruta.chmod(0o644)
    with pytest.raises(door.BadSetting, match="chmod 600"):
        door.create_app()
    en_sqlite.ruta.chmod(0o640)
    monkeypatch.setenv("BASE_URL", "http://otra.example")  # the environment wins
    assert de(en_sqlite.app()).base_url == "http://otra.example"


def test_answers_that_anybody_may_read_are_not_taken(en_sqlite: Lugar) -> None:
    hecho = en_sqlite.poner(ADMIN, modo=0o644)
    assert hecho.exit_code == 1
    assert "chmod 600" in hecho.output
    assert not en_sqlite.ruta.exists()


def test_the_first_account_is_called_and_written_to_as_every_other(en_sqlite: Lugar) -> None:
    reservada = en_sqlite.poner('[admin]\nuser = "ciudadano"\nname = "Marta"\nmail = "m@e.gov.co"')
    assert (reservada.exit_code, "escriba otro usuario" in reservada.output) == (1, True)
    assert en_sqlite.poner(ADMIN.replace("marta.hoyos@", "Marta.Hoyos@")).exit_code == 0
    with en_sqlite.app().extensions["ventanilla"].uow.reading() as session:
        assert list(session.scalars(sa.select(Cuenta.correo))) == ["marta.hoyos@entidad.gov.co"]


def test_doctor_says_what_to_do_where_there_is_nothing_yet(en_sqlite: Lugar) -> None:
    dicho = en_sqlite.correr("doctor")
    assert dicho.exit_code == 1
    assert "FALTA  Tablas" in dicho.output
    assert "flask setup" in dicho.output
    assert "Traceback" not in dicho.output


def test_a_secret_that_is_handed_over_is_written_nowhere_else(
    lugar: Lugar, monkeypatch: pytest.MonkeyPatch
) -> None:
    entregadas = lugar.carpeta.parent / "credentials"
    entregadas.mkdir()
    dado = "el de la bóveda, de más de treinta y dos letras"
    (entregadas / "secret_key").write_text(dado, "utf-8")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(entregadas))
    hecho = lugar.poner('base_url = "http://127.0.0.1:8000"')
    assert hecho.exit_code == 0, hecho.output
    assert "secret_key" not in lugar.ajustes()
    assert not (lugar.carpeta / "secret").exists()
    assert lugar.app().config["SECRET_KEY"] == dado


def test_answers_that_come_by_the_input_are_looked_at_as_a_file_is(lugar: Lugar) -> None:
    assert (
        "- no es un archivo TOML"
        in lugar.correr("setup", "--file", "-", teclas="database_url = ").output
    )
    assert (
        "«base_ulr» no es un ajuste"
        in lugar.correr("setup", "--file", "-", teclas='base_ulr = "http://a"\n').output
    )
    assert (lugar.tablas(), lugar.ajustes()) == (set(), {})


def test_the_first_administrator_begins_with_what_is_missing_until_nothing_is(lugar: Lugar) -> None:
    hecho = lugar.poner(f'base_url = "http://127.0.0.1:8000"\n{ADMIN}')
    app = lugar.app()
    cliente = app.test_client()
    enlace = re.search(r"/clave/#[\w-]{43}", hecho.output)
    assert enlace
    datos = {
        "clave": CLAVE,
        "otra": CLAVE,
        "csrf_token": csrf(cliente.get(suya := opened(cliente, enlace[0])).text),
    }
    cliente.post(suya, data=datos)
    log_in(cliente, "marta.hoyos", CLAVE)
    activar(cliente, _ahora)
    assert cliente.get("/").location == "/puesta-en-marcha"
    assert pasos_de(cliente) == {
        "Procedimiento en vigor": "Falta",
        "Puntos, áreas y listas": "Falta",
        "Personas": "Falta",
        "Trabajador": "Falta",
        "Respaldo": "Falta",
        "Correo": "Puede venir después",
        "Otra persona que administre": "Puede venir después",
    }

    assert lugar.poner('procedures = ["permiso_espacio"]\n').exit_code == 0
    ahora = dt.datetime.now(dt.UTC)
    with Session(app.extensions["ventanilla"].db) as s:
        operacion.respaldado(s, "lunes.tar.gz", 12_000_000, "root", ahora)
        operacion.latir(s, operacion.Proceso("p1", operacion.TRABAJADOR, "equipo", "1"), ahora)
        vera = Cuenta(
            usuario="vera",
            nombre="Vera",
            correo="v@e.co",
            clave_hash="-",
            fs_uniquifier="fs-vera",
            creada=ahora,
        )
        s.add(vera)
        s.flush()
        s.add(
            RolAsignado(
                cuenta_id=vera.id,
                rol="ventanilla_ep",
                vigente_desde=ahora,
                asignado_por="marta.hoyos",
            )
        )
        s.commit()
    quedan = {nombre for nombre, estado in pasos_de(cliente).items() if estado != "Hecho"}
    assert quedan == {"Correo", "Otra persona que administre"}
    assert "Ya se puede trabajar" in cliente.get("/puesta-en-marcha").text
    assert cliente.get("/").location == "/administracion/incidentes"


def pasos_de(cliente: FlaskClient) -> dict[str, str]:
    """Each step of the page and how it stands; each leads to a page that answers."""
    pagina = html.unescape(cliente.get("/puesta-en-marcha").text).split("<main", 1)[1]
    for direccion in re.findall(r'<h2[^>]*><a href="([^"]+)"', pagina):
        assert cliente.get(direccion).status_code == 200, direccion
    pares = re.findall(r'<h2[^>]*><a [^>]*>(.*?)</a></h2>(.*?)<p class="mt-1', pagina, re.DOTALL)
    return {nombre: " ".join(re.sub("<.*?>", " ", estado).split()) for nombre, estado in pares}
