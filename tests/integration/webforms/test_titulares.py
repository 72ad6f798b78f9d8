"""Lanes whose tasks nobody could do are told before a version is put in force, and open tasks that
it would leave without anybody."""

import html
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from engine import reads
from engine.store.tables import ReleaseRow
from records.cuentas.reglas import roles
from records.cuentas.tablas import Cuenta
from records.cuentas.titulares import Titulares, titulares
from records.lugares.tablas import Dispositivo
from tests.kit import diagrams as m, web as web_kit
from tests.kit.cast import person
from tests.kit.clock import NOW
from tests.kit.web import WebKit, followed
from webforms.comandos.despliegue import deploy
from webforms.comandos.procedimiento import procedure
from webforms.paquetes.titulares import sin_titular

LUGARES = {
    "punto_id": [("BOG-AGU", "Bogotá Aguas"), ("PAS", "Pasto")],
    "area_id": [("VCC", "Crédito")],
}


def modelo(rol: str, ambito: str, *tareas: str) -> bytes:
    nodos = m.start("ini") + "".join(m.user(t, fields=f"{t}_dato") for t in tareas) + m.end("fin")
    carril = m.lane("L1", rol, ambito, "ini", *tareas, "fin")
    return m.model(
        m.process(
            "visita",
            nodos + m.flows(">".join(["ini", *tareas, "fin"])),
            lanes=carril,
            variables="punto_id",
        )
    )


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebKit]:
    """A version in force whose tasks the advisers of one point can do, with two open ones. Who
    filed documents has left, and so have the advisers of the other point."""
    carpeta = tmp_path_factory.mktemp("titulares")
    kit = web_kit.build(carpeta, f"sqlite:///{carpeta / 'v.db'}")
    kit.deploy({"visita.bpmn": modelo("asesor", "punto_id", "recibir", "revisar")})
    for _ in range(2):
        kit.begin("visita", {"punto_id": "BOG-AGU"})
    with kit.session() as s:
        s.execute(sa.update(Cuenta).where(Cuenta.usuario.in_(IDOS)).values(activo=False))
        s.commit()
    yield kit
    kit.engine.db.dispose()


#: What may be confirmed with a reason is an error.
GRAVEDAD = {"rol_sin_cuenta": "error", "carril_sin_lugar": "error", "lugares_sin_cuenta": "aviso"}
IDOS = {
    usuario
    for usuario, (_nombre, suyos) in web_kit.ELENCO.items()
    if {(roles.DOCUMENTAL, None), (roles.ASESOR, "PAS")} & set(suyos)
}


@pytest.fixture(scope="module")
def analista(web: WebKit) -> FlaskClient:
    return web.browser("analista")


def revision(web: WebKit, analista: FlaskClient, contenido: bytes) -> str:
    """The page on which this text would be put in force."""
    autor = person("analista", "analista_procesos")
    web.engine.releases.save_draft("visita.bpmn", contenido, actor=autor, now=web.clock.now())
    return followed(html.unescape(analista.get("/procesos/visita.bpmn/poner-en-vigor").text))


def test_a_lane_whose_role_no_active_account_has_is_told_with_its_tasks_and_its_open_ones(
    web: WebKit, analista: FlaskClient
) -> None:
    assert len(IDOS) > 1
    pagina = revision(web, analista, modelo("gestion_documental", "", "recibir", "revisar"))
    assert (
        "Nadie podrá hacer las tareas de este carril (recibir, revisar): ninguna cuenta activa tiene el rol «Gestión documental»."
        in pagina
    )
    assert "Se puede poner en vigor si escribe por qué hay carriles sin nadie." in pagina
    assert "Si migra los casos abiertos, 2 tareas quedan sin quien las haga:" in pagina
    assert (
        "«recibir»: 2 tareas abiertas, y nadie tiene el rol «Gestión documental» para ellas."
        in pagina
    )


def test_a_place_where_nobody_has_the_role_is_told_and_no_open_task_of_another_one(
    web: WebKit, analista: FlaskClient
) -> None:
    pagina = revision(web, analista, modelo("asesor", "punto_id", "recibir", "revisar", "cerrar"))
    assert (
        "Las tareas de este carril (recibir, revisar, cerrar) no las podrá hacer nadie en: Pasto."
        in pagina
    )
    assert "quedan sin quien" not in pagina


def test_moving_cases_says_which_tasks_would_have_nobody(
    web: WebKit, analista: FlaskClient
) -> None:
    web.deploy({"visita.bpmn": modelo("gestion_documental", "", "recibir", "revisar")})
    pagina = followed(html.unescape(analista.get("/procesos/visita.bpmn/migrar").text))
    assert "De los casos de esta página, 2 tareas quedarían sin quien las haga:" in pagina
    assert (
        pagina.count(
            "Nadie podría hacer «recibir»: ninguna cuenta activa tiene el rol «Gestión documental» para ella."
        )
        == 2
    )
    web.deploy({"visita.bpmn": modelo("asesor", "punto_id", "recibir", "revisar")})


def test_the_command_says_it_too(web: WebKit, tmp_path: Path) -> None:
    archivo = tmp_path / "visita.bpmn"
    archivo.write_bytes(modelo("gestion_documental", "", "recibir"))
    dicho = web.app.test_cli_runner().invoke(deploy, [str(archivo), "--check"])
    assert dicho.exit_code == 0
    assert (
        "Aviso · visita.bpmn, «L1»: Nadie podrá hacer las tareas de este carril (recibir)"
        in dicho.output
    )


def test_the_command_refuses_it_unless_somebody_says_why(web: WebKit, tmp_path: Path) -> None:
    archivo = tmp_path / "otra.bpmn"
    archivo.write_bytes(modelo("gestion_documental", "", "recibir").replace(b'"visita"', b'"otra"'))
    corre = web.app.test_cli_runner()
    negado = corre.invoke(deploy, [str(archivo)])
    assert (negado.exit_code, "--confirm-lanes" in negado.output) == (1, True)
    with web.engine.uow.reading() as session:
        numero = reads.releases.current(session, web.engine.catalog)
    puesto = corre.invoke(deploy, [str(archivo), "--confirm-lanes", "La gestora entra el lunes"])
    assert puesto.exit_code == 0, puesto.output
    anotado = [
        (kind, subject) for kind, _quien, subject in web.accesses() if kind == "carril_sin_quien"
    ]
    assert anotado[-1:] == [("carril_sin_quien", f"release/{(numero or 0) + 1}")]
    assert nota_de(web) == "Sin quien haga las tareas de L1: La gestora entra el lunes"
    assert corre.invoke(deploy, ["--remove", "otra.bpmn"]).exit_code == 0


def nota_de(web: WebKit) -> str:
    with web.session() as s:
        return s.scalars(sa.select(ReleaseRow.note).order_by(ReleaseRow.id.desc())).first() or ""


def test_so_does_the_import_of_a_package(web: WebKit, tmp_path: Path) -> None:
    carpeta = tmp_path / "otra"
    carpeta.mkdir()
    (carpeta / "otra.bpmn").write_bytes(
        modelo("gestion_documental", "", "recibir").replace(b'"visita"', b'"otra"')
    )
    (carpeta / "paquete.toml").write_text('formato = 1\nnombre = "Otra"\nmodelos = ["otra.bpmn"]\n')
    corre, antes = web.app.test_cli_runner(), nota_de(web)
    negado = corre.invoke(procedure, ["import", str(carpeta)])
    assert (negado.exit_code, "--confirm-lanes" in negado.output, nota_de(web)) == (1, True, antes)
    puesto = corre.invoke(
        procedure, ["import", str(carpeta), "--confirm-lanes", "La gestora entra el lunes"]
    )
    assert puesto.exit_code == 0, puesto.output
    assert (
        nota_de(web)
        == "Paquete «Otra» · Sin quien haga las tareas de L1: La gestora entra el lunes"
    )
    assert (
        corre.invoke(deploy, ["--remove", "otra.bpmn", "--remove", "otra/paquete.toml"]).exit_code
        == 0
    )


@pytest.mark.parametrize(
    ("rol", "ambito", "puestos", "reglas"),
    [
        ("asesor", "punto_id", {("asesor", "BOG-AGU"), ("asesor", "PAS")}, []),
        ("asesor", "punto_id", {("asesor", None)}, []),
        ("asesor", "punto_id", {("asesor", "BOG-AGU")}, ["lugares_sin_cuenta"]),
        ("asesor", "", {("asesor", "BOG-AGU")}, ["carril_sin_lugar"]),
        ("asesor", "", {("asesor", None)}, []),
        ("asesor", "otra", {("asesor", "X")}, []),
        ("asesor", "punto_id", {("funcionario", None)}, ["rol_sin_cuenta"]),
        ("rol_de_otra_entidad", "", {("rol_de_otra_entidad", None)}, []),
    ],
)
def test_what_is_told_of_a_lane(
    web: WebKit, rol: str, ambito: str, puestos: set[tuple[str, str | None]], reglas: list[str]
) -> None:
    with web.app.test_request_context():
        dichos = list(
            sin_titular(
                "visita.bpmn",
                modelo(rol, ambito, "recibir"),
                Titulares(frozenset(puestos)),
                LUGARES,
            )
        )
    assert [h.regla for h in dichos] == reglas
    assert {(h.regla, h.gravedad) for h in dichos} == {(regla, GRAVEDAD[regla]) for regla in reglas}


def test_a_lane_without_tasks_of_people_and_a_text_that_is_none_say_nothing(web: WebKit) -> None:
    nadie = Titulares(frozenset())
    nodos = m.start("ini") + m.end("fin") + m.flows("ini>fin")
    vacio = m.model(m.process("visita", nodos, lanes=m.lane("L1", "asesor", "", "ini", "fin")))
    with web.app.test_request_context():
        assert [
            *sin_titular("visita.bpmn", vacio, nadie, LUGARES),
            *sin_titular("visita.bpmn", b"<no", nadie, LUGARES),
        ] == []


def test_who_holds_a_role_brings_those_that_it_includes_and_devices_act_for_the_citizen(
    web: WebKit,
) -> None:
    with web.session() as s:
        s.add(
            Dispositivo(
                codigo="quiosco.pas",
                tipo="quiosco",
                punto_id="PAS",
                token_hash=str(NOW),
                registrado=NOW,
                registrado_por="admin",
            )
        )
        s.flush()
        quienes = titulares(s, web.clock.now())
    assert quienes.puede(roles.USUARIO, "BOG-AGU"), "the adviser records what the citizen says"
    assert quienes.puede(roles.USUARIO, "PAS"), "a kiosk"
    assert not quienes.puede(roles.ASESOR, "PAS")
    assert not quienes.tiene(roles.DOCUMENTAL), "the account is not active"
