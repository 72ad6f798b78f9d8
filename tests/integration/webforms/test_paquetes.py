"""Procedures as packages, by page and from the shell: seen, exported, compared, kept as drafts, put
in force together."""

import base64
import datetime as dt
import html
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask.testing import FlaskClient

from engine import reads
from engine.states import ActorKind
from engine.types import Actor, Handlers
from records.paquetes.reglas import paquete as reglas, paquete_zip
from tests.kit import web as web_kit
from tests.kit.chance import dice
from tests.kit.web import WebKit, csrf, hidden
from webforms.comandos.procedimiento import procedure
from webforms.paquetes.plantilla import diagrama_vacio

ANALISTA = Actor(ActorKind.PERSON, "analista")
MANIFIESTO = """formato = 1
nombre = "Permiso de ocupación"
escrito = "EP-01, versión 1"
modelos = ["permiso.bpmn"]
[[actividad]]
n = "1"
texto = "Recibir la solicitud."
elementos = ["permiso_tarea"]
[[actividad]]
n = "2"
texto = "Archivar."
"""


def piezas(manifiesto: str = MANIFIESTO, *, nombre: str = "Permiso") -> dict[str, bytes]:
    return {
        "permiso.bpmn": diagrama_vacio("permiso", nombre),
        "permiso/paquete.toml": manifiesto.encode(),
        "permiso/cartas/aviso.es.txt": b"Asunto: Aviso\n\nHola",
    }


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, sqlite_url, handlers=Handlers())
    yield kit
    kit.engine.db.dispose()


@pytest.fixture
def analista(web: WebKit) -> FlaskClient:
    return web.browser("analista")


def correr(web: WebKit, *palabras: str) -> Result:
    return web.app.test_cli_runner().invoke(procedure, list(palabras))


def carpeta_con(donde: Path, archivos: dict[str, bytes]) -> Path:
    for nombre, contenido in archivos.items():
        ruta = donde / (nombre if "/" in nombre else f"permiso/{nombre}")
        ruta.parent.mkdir(parents=True, exist_ok=True)
        ruta.write_bytes(contenido)
    return donde / "permiso"


def en_vigor(web: WebKit) -> dict[str, bytes]:
    with web.engine.uow.reading() as session:
        numero = reads.releases.current(session, web.engine.catalog)
        return reads.releases.files(session, web.engine.catalog, numero) if numero else {}


def comparar(
    cliente: FlaskClient, contenido: bytes, nombre: str = "permiso.zip"
) -> tuple[int, str]:
    """The body is encoded by hand: the test client leaves the temporary file of a large one
    open."""
    partes = [
        b'Content-Disposition: form-data; name="csrf_token"\r\n\r\n'
        + csrf(cliente.get("/procedimientos/importar").text).encode(),
        f'Content-Disposition: form-data; name="archivo"; filename="{nombre}"\r\n\r\n'.encode()
        + contenido,
    ]
    cuerpo = b"".join(b"--corte\r\n" + parte + b"\r\n" for parte in partes) + b"--corte--\r\n"
    respuesta = cliente.post(
        "/procedimientos/importar", data=cuerpo, content_type="multipart/form-data; boundary=corte"
    )
    return respuesta.status_code, html.unescape(respuesta.text)


def guardar(cliente: FlaskClient, pagina: str, **mas: str) -> tuple[int, str]:
    datos = {
        "csrf_token": csrf(pagina),
        "contenido": hidden(pagina, "contenido"),
        "motivo": "Adoptarlo",
        **mas,
    }
    respuesta = cliente.post("/procedimientos/importar/guardar", data=datos, follow_redirects=True)
    return respuesta.status_code, html.unescape(respuesta.text)


def poner(cliente: FlaskClient, pagina: str, **mas: str) -> tuple[int, str]:
    datos = {
        "csrf_token": csrf(pagina),
        "base": hidden(pagina, "base"),
        "visto": hidden(pagina, "visto"),
        "nota": "Adoptarlo",
        **mas,
    }
    respuesta = cliente.post(
        "/procedimientos/permiso/poner-en-vigor", data=datos, follow_redirects=True
    )
    return respuesta.status_code, html.unescape(respuesta.text)


# --- by page --------------------------------------------------------------------------------------
def test_a_package_is_compared_kept_as_drafts_and_put_in_force_as_one(
    web: WebKit, analista: FlaskClient
) -> None:
    assert "Todavía no hay ningún procedimiento." in analista.get("/procedimientos/").text
    assert (
        'href="/procedimientos/importar">Importar un procedimiento'
        in analista.get("/procesos/").text
    )

    codigo, pagina = comparar(analista, paquete_zip.escribir("permiso", piezas()))
    assert codigo == 200
    assert "3 piezas, todas con su huella correcta." in pagina
    assert "Este procedimiento es nuevo aquí." in pagina
    assert en_vigor(web) == {}  # looking changes nothing

    codigo, pagina = guardar(analista, pagina)
    assert codigo == 200
    assert "3 piezas quedaron como borrador suyo" in pagina
    assert "empieza con la versión 1." in pagina
    assert "Nadie podrá hacer" not in pagina  # an adviser there is
    assert en_vigor(web) == {}  # a draft is in force nowhere

    codigo, pagina = poner(analista, pagina)
    assert codigo == 200
    assert "En vigor: Permiso de ocupación." in pagina
    assert "Versión 1, en vigor" in pagina
    assert "1 de 2 cubiertas" in pagina  # of two activities the diagram has one
    assert en_vigor(web) == piezas()
    assert (
        analista.get("/procedimientos/permiso/poner-en-vigor").text.count("No hay borradores suyos")
        == 1
    )


def test_what_was_exported_says_of_itself_that_it_is_all_the_same(
    web: WebKit, analista: FlaskClient
) -> None:
    web.engine.releases.deploy(piezas(), actor=ANALISTA, now=web.clock.now())

    respuesta = analista.get("/procedimientos/permiso/exportar")
    assert respuesta.mimetype == "application/zip"
    assert paquete_zip.leer(respuesta.data) == ("permiso", piezas(), [])

    _codigo, pagina = comparar(analista, respuesta.data)
    assert "Todo lo que trae ya está en vigor, igual." in pagina
    assert '<button type="submit" class="btn btn-primary w-100" disabled' in pagina
    _codigo, pagina = guardar(analista, pagina)
    assert "no hay nada que guardar" in pagina


def test_of_a_piece_that_differs_either_may_be_chosen(web: WebKit, analista: FlaskClient) -> None:
    web.engine.releases.deploy(piezas(), actor=ANALISTA, now=web.clock.now())
    otras = piezas(MANIFIESTO.replace("EP-01, versión 1", "EP-01, versión 2")) | {
        "permiso.bpmn": diagrama_vacio("permiso", "Permiso").replace(
            b'name="Primera tarea"', b'name="Recibir"'
        )
    }

    _codigo, pagina = comparar(analista, paquete_zip.escribir("permiso", otras))
    assert "1 líneas nuevas, 1 quitadas" in pagina
    assert "Recibir" in pagina
    codigo, pagina = guardar(analista, pagina, motivo="", **{"pieza-permiso.bpmn": "aqui"})
    assert codigo == 422
    assert "Escriba el motivo" in pagina
    assert '<option value="aqui" selected>' in pagina  # what was chosen stays

    _codigo, pagina = guardar(analista, pagina, **{"pieza-permiso.bpmn": "aqui"})
    assert "1 piezas quedaron como borrador suyo" in pagina
    poner(analista, pagina)
    assert en_vigor(web) == otras | {"permiso.bpmn": piezas()["permiso.bpmn"]}


def test_a_diagram_that_is_refused_keeps_the_whole_package_out(
    web: WebKit, analista: FlaskClient
) -> None:
    roto = piezas()["permiso.bpmn"].replace(b'<v:lane role="asesor" scope="punto_id"/>', b"")

    _codigo, pagina = comparar(
        analista, paquete_zip.escribir("permiso", piezas() | {"permiso.bpmn": roto})
    )
    assert "La tarea no tiene quién la haga" in pagina
    _codigo, pagina = guardar(analista, pagina)
    assert "Primero corrija los errores de la revisión." in pagina
    codigo, pagina = poner(analista, pagina)

    assert codigo == 422
    assert "No se puso nada en vigor" in pagina
    assert en_vigor(web) == {}


def test_a_draft_that_was_saved_in_another_tab_is_looked_at_again(
    web: WebKit, analista: FlaskClient
) -> None:
    _codigo, pagina = comparar(analista, paquete_zip.escribir("permiso", piezas()))
    _codigo, pagina = guardar(analista, pagina)
    web.clock.advance(dt.timedelta(minutes=1))
    web.engine.releases.save_draft(
        "permiso.bpmn", diagrama_vacio("permiso", "Otro"), actor=ANALISTA, now=web.clock.now()
    )

    codigo, pagina = poner(analista, pagina, nota="Mi nota")

    assert codigo == 409
    assert "en otra pestaña" in pagina
    assert "Mi nota</textarea>" in pagina
    assert en_vigor(web) == {}


@pytest.mark.parametrize("base", [{"base": ""}, {"base": "x"}, {"base": "1"}])
def test_a_page_that_does_not_say_what_it_stood_on_puts_nothing_in_force(
    web: WebKit, analista: FlaskClient, base: dict[str, str]
) -> None:
    _codigo, pagina = comparar(analista, paquete_zip.escribir("permiso", piezas()))
    _codigo, pagina = guardar(analista, pagina)

    codigo, pagina = poner(analista, pagina, **base)

    assert codigo == 409
    assert "revise de nuevo qué cambia" in pagina
    assert en_vigor(web) == {}


@pytest.mark.parametrize(
    "contenido", [b"", b"no es un zip", paquete_zip.escribir("permiso", {"permiso.bpmn": b"<a/>"})]
)
def test_what_is_no_package_is_a_sentence_on_the_page(
    analista: FlaskClient, contenido: bytes
) -> None:
    codigo, pagina = comparar(analista, contenido)

    assert codigo == 422
    assert 'role="alert"' in pagina
    for mas in ("", "%%%", base64.b64encode(contenido).decode()):
        respuesta = analista.post(
            "/procedimientos/importar/guardar", data={"csrf_token": csrf(pagina), "contenido": mas}
        )
        assert respuesta.status_code == 422


def test_a_new_procedure_begins_as_two_drafts_and_opens_the_editor(
    web: WebKit, analista: FlaskClient
) -> None:
    token = csrf(analista.get("/procedimientos/nuevo").text)
    datos = {"csrf_token": token, "nombre": "Préstamo de salas", "codigo": "prestamo"}
    for malo, dicho in (
        ({"nombre": " "}, "Escriba el nombre"),
        ({"codigo": "Préstamo"}, "El código lleva minúsculas"),
    ):
        respuesta = analista.post("/procedimientos/nuevo", data=datos | malo)
        assert respuesta.status_code == 422
        assert dicho in html.unescape(respuesta.text)

    respuesta = analista.post("/procedimientos/nuevo", data=datos)

    assert respuesta.location == "/procesos/prestamo.bpmn/editar"
    assert analista.get(respuesta.location).status_code == 200
    assert "Nunca ha estado en vigor" in analista.get("/procedimientos/prestamo").text
    assert analista.post("/procedimientos/nuevo", data=datos).status_code == 422  # taken
    pagina = analista.get("/procedimientos/prestamo/poner-en-vigor").text
    datos = {
        "csrf_token": token,
        "base": hidden(pagina, "base"),
        "visto": hidden(pagina, "visto"),
        "nota": "Empieza",
    }
    analista.post("/procedimientos/prestamo/poner-en-vigor", data=datos)
    assert sorted(en_vigor(web)) == ["prestamo.bpmn", "prestamo/paquete.toml"]
    assert web.browser("admin").get("/procedimientos/prestamo").status_code == 200


@pytest.mark.parametrize(
    "ruta",
    [
        "/procedimientos/nada",
        "/procedimientos/..",
        "/procedimientos/nada/exportar",
        "/procedimientos/A",
    ],
)
def test_a_package_that_is_not_there_is_not_found(analista: FlaskClient, ruta: str) -> None:
    assert analista.get(ruta).status_code == 404


def test_who_reads_models_may_look_and_export_and_nobody_else_changes(web: WebKit) -> None:
    web.engine.releases.deploy(piezas(), actor=ANALISTA, now=web.clock.now())
    lectora = web.browser("admin")

    assert lectora.get("/procedimientos/permiso").status_code == 200
    assert lectora.get("/procedimientos/permiso/exportar").status_code == 200
    for ruta in (
        "/procedimientos/nuevo",
        "/procedimientos/importar",
        "/procedimientos/permiso/poner-en-vigor",
    ):
        assert lectora.get(ruta).status_code == 403
    assert web.browser("asesor").get("/procedimientos/").status_code == 403


def test_a_package_of_two_megabytes_that_was_compared_can_be_kept_and_nobody_else_sends_as_much(
    web: WebKit, analista: FlaskClient
) -> None:
    azar = dice("a large package")
    cartas = {
        f"permiso/cartas/c{n}.txt": base64.b64encode(azar.randbytes(300_000)) for n in range(7)
    }
    contenido = paquete_zip.escribir("permiso", piezas() | cartas)
    assert 2_000_000 < len(contenido) < paquete_zip.MAX_ZIP

    codigo, pagina = comparar(analista, contenido)
    assert codigo == 200
    codigo, pagina = guardar(analista, pagina)
    assert (codigo, "10 piezas quedaron como borrador suyo" in pagina) == (200, True)

    largo = {"contenido": "a" * 600_000}
    assert analista.post("/procedimientos/nuevo", data=largo).status_code == 413
    assert (
        web.app.test_client().post("/procedimientos/importar/guardar", data=largo).status_code
        == 413
    )


def test_a_table_that_the_manifest_does_not_name_is_said_and_not_lost(
    web: WebKit, analista: FlaskClient, tmp_path: Path
) -> None:
    con_tabla = piezas() | {"tarifa.dmn": b"<a/>"}

    codigo, pagina = comparar(analista, paquete_zip.escribir("permiso", con_tabla))
    revisado = correr(web, "check", str(carpeta_con(tmp_path, con_tabla)))

    assert codigo == 422
    assert "tarifa.dmn: Está en el paquete y el manifiesto no lo nombra" in pagina
    assert revisado.exit_code == 1
    assert "tarifa.dmn: Está en el paquete y el manifiesto no lo nombra" in revisado.output


# --- from the shell -------------------------------------------------------------------------------
def test_a_package_is_begun_checked_imported_and_exported(web: WebKit, tmp_path: Path) -> None:
    carpeta = tmp_path / "p" / "prestamo"
    assert correr(web, "new", str(carpeta), "--name", "Préstamo de salas").exit_code == 0
    # nothing is written over
    assert correr(web, "new", str(carpeta), "--name", "Otra vez").exit_code == 1

    revisado = correr(web, "check", str(carpeta))
    assert revisado.exit_code == 0, revisado.output
    assert "nueva                    prestamo.bpmn" in revisado.output
    assert "Sin errores: se puede poner en vigor." in revisado.output
    assert en_vigor(web) == {}

    assert "Entrega 1 en vigor." in correr(web, "import", str(carpeta)).output
    assert (
        "prestamo                 Préstamo de salas · sin procedimiento escrito · 2 piezas"
        in correr(web, "list").output
    )
    salida = tmp_path / "p.zip"
    assert correr(web, "export", "prestamo", "--output", str(salida)).exit_code == 0
    assert paquete_zip.leer(salida.read_bytes()) == ("prestamo", reglas.archivos_de(carpeta), [])
    assert "todas iguales a las que están en vigor" in correr(web, "import", str(salida)).output
    with web.engine.uow.reading() as session:
        # the same again is no version
        assert reads.releases.current(session, web.engine.catalog) == 1


def test_a_folder_with_faults_is_refused_with_all_of_them(web: WebKit, tmp_path: Path) -> None:
    carpeta = carpeta_con(tmp_path, piezas("formato = 1\nmodelos = ['otro.bpmn']"))

    dicho = correr(web, "import", str(carpeta))

    assert dicho.exit_code == 1
    assert "Error · nombre: Falta." in dicho.output
    assert "Error · modelos: Nombra «otro.bpmn», que no está en el paquete." in dicho.output
    assert en_vigor(web) == {}


def test_a_diagram_with_a_fault_ends_the_check_with_1(web: WebKit, tmp_path: Path) -> None:
    roto = piezas()["permiso.bpmn"].replace(b'<v:lane role="asesor" scope="punto_id"/>', b"")
    carpeta = carpeta_con(tmp_path, piezas() | {"permiso.bpmn": roto})

    for orden in ("check", "import"):
        dicho = correr(web, orden, str(carpeta))
        assert dicho.exit_code == 1
        assert "La tarea no tiene quién la haga" in dicho.output
    assert en_vigor(web) == {}


# --- what a release carries -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("nombre", "contenido", "regla"),
    [
        ("../x.txt", b"a", "part_name"),
        ("permiso/ñ.txt", b"a", "part_name"),
        ("suelto.txt", b"a", "part_name"),
        ("permiso/x.txt", b"\xff", "part_text"),
        ("permiso/x.txt", b"a\x00b", "part_text"),
        ("permiso/x.txt", b"a" * (512 * 1024 + 1), "part_too_large"),
    ],
)
def test_a_part_that_is_no_text_or_has_another_name_is_refused(
    web: WebKit, nombre: str, contenido: bytes, regla: str
) -> None:
    assert [f.rule for f in web.engine.releases.check(piezas() | {nombre: contenido})] == [regla]


def test_more_parts_than_anybody_keeps_are_refused(web: WebKit) -> None:
    muchas = {f"permiso/t/{n}.txt": b"" for n in range(5_001)}

    assert [f.rule for f in web.engine.releases.check(piezas() | muchas)] == ["parts_too_many"]


def test_a_text_that_changes_raises_the_version_of_the_package_and_of_no_process(
    web: WebKit, analista: FlaskClient
) -> None:
    web.engine.releases.deploy(piezas(), actor=ANALISTA, now=web.clock.now())
    puesto = web.engine.releases.deploy(
        {"permiso/cartas/aviso.es.txt": b"Asunto: Otro\n\nHola"},
        actor=ANALISTA,
        now=web.clock.now(),
        note="Otra carta",
    )

    assert puesto.changed == ()
    pagina = analista.get("/procedimientos/permiso").text
    assert "Versión 2, en vigor" in pagina
    assert "Otra carta" in pagina
