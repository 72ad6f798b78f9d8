"""Pages of the staff in English: what diagrams, tables and packages say, findings, comparisons,
trials, and the words of scripts."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

import app as door
from engine.states import ActorKind
from engine.types import SYSTEM, Actor, Handlers, Role, StartForm
from records.cuentas.tablas import RolAsignado
from records.paquetes.reglas import paquete as reglas
from tests.kit import web as web_kit
from tests.kit.clock import NOW
from tests.kit.web import WebKit, csrf, followed
from webforms.base.guiones import palabras_de

ROOT = Path(__file__).resolve().parents[3]
EP = reglas.archivos_de(ROOT / "bpmn" / "permiso_espacio")
PEDIDO = {
    "nombre": "Mary Prada",
    "documento": "51000481",
    "correo": "mary@correo.example",
    "uso": "terraza",
    "direccion": "Calle 14 6-25",
    "localidad_id": "suba",
    "area": 24,
    "dias": 30,
}


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebKit]:
    donde, conocidos = tmp_path_factory.mktemp("rotulos"), Handlers()
    kit = web_kit.with_actions(
        web_kit.build(
            donde, f"sqlite:///{donde / 'v.db'}", handlers=conocidos, functions=door.functions()
        ),
        conocidos,
    )
    kit.engine.releases.deploy(EP, actor=SYSTEM, now=kit.clock.now())
    with kit.session() as session:
        session.add(
            RolAsignado(
                cuenta_id=_cuenta(session),
                rol="juridica_ep",
                vigente_desde=NOW,
                asignado_por="admin",
            )
        )
        # the agency writes Spanish, its people read English
        session.execute(web_kit.sa.update(web_kit.Cuenta).values(idioma="en"))
        session.commit()
    yield kit
    kit.engine.db.dispose()


def _cuenta(session: web_kit.Session) -> int:
    return int(
        session.scalars(
            web_kit.sa.select(web_kit.Cuenta.id).where(web_kit.Cuenta.usuario == "nadie")
        ).one()
    )


@pytest.fixture(scope="module")
def caso(web: WebKit) -> str:
    quien = Actor(ActorKind.PERSON, "nadie", frozenset({Role("ventanilla_ep")}))
    return web.engine.instances.start(
        "ep_permiso", actor=quien, now=web.clock.now(), form=StartForm(PEDIDO)
    ).case_key


def leer(navegador: FlaskClient, donde: str) -> str:
    respuesta = navegador.get(donde, follow_redirects=True)
    assert respuesta.status_code == 200, respuesta.text
    return followed(
        html.unescape(re.sub(r"<script.*?</script>|<[^>]+>", " ", respuesta.text, flags=re.DOTALL))
    )


def test_the_case_its_task_and_its_path_say_the_labels_of_the_package_in_english(
    web: WebKit, caso: str
) -> None:
    ella = web.browser("nadie")
    with web.session() as session:
        tarea = str(
            session.scalars(
                web_kit.sa.select(web_kit.Item.id).where(web_kit.Item.case_key == caso)
            ).one()
        )
    bandeja, pagina = leer(ella, "/bandeja"), leer(ella, f"/tarea/{tarea}")
    assert "Check the requirements" in bandeja
    assert "Revisar los requisitos" not in bandeja
    for dicho in (
        "Check the requirements",
        "Are the requirements met?",
        "Something is missing",
        "What is missing, or why",
    ):
        assert dicho in pagina
    for donde, dicho in (
        (f"/caso/{caso}", "Permit to occupy public space"),
        (f"/caso/{caso}/historia", "Apply for the permit"),
        (f"/caso/{caso}/diagrama", "Legal Office"),
        (f"/caso/{caso}/tiempos", "Check the requirements"),
    ):
        leida = leer(ella, donde)
        assert dicho in leida, donde
        for espanol in (
            "Permiso de ocupación",
            "Revisar los requisitos",
            "Oficina Jurídica",
            "Solicitar el permiso",
        ):
            assert espanol not in leida, donde


@pytest.mark.parametrize(
    ("donde", "dichos", "callados"),
    [
        (
            "/procesos/",
            ("Permit to occupy public space", "Fee of the permit, by square metre and day"),
            ("Permiso de", "Tarifa del"),
        ),
        (
            "/procesos/permiso_espacio.bpmn",
            (
                "User task",
                "declared fields",
                "Field: “District” (localidad_id): one chooses",
                "Inspector of the district",
                "Nobody paid.",
            ),
            ("Tarea de usuario", "Campo:", "Sigue a", "Inspector de la", "Nadie pagó"),
        ),
        (
            "/procesos/tarifa_permiso.dmn",
            ("Pesos by metre and day", "Up to 20", "Any other:"),
            ("Pesos por metro", "Hasta", "Cualquier"),
        ),
        (
            "/procesos/tarifa_permiso.dmn/editar",
            ("The first that matches counts", "are added up"),
            ("Vale la primera", "Se suman"),
        ),
        (
            "/procedimientos/permiso_espacio",
            ("Public space lawyer", "Public Space Office", "Public space"),
            ("Abogado de", "Oficina de"),
        ),
        (
            "/iniciar",
            ("Permit to occupy public space", "To set up a terrace"),
            ("Permiso de", "Para poner"),
        ),
    ],
)
def test_what_analysts_read_is_in_english(
    web: WebKit, donde: str, dichos: tuple[str, ...], callados: tuple[str, ...]
) -> None:
    quien = "nadie" if donde == "/iniciar" else "analista"
    with web.session() as session:
        if quien == "nadie":
            session.add(
                RolAsignado(
                    cuenta_id=_cuenta(session),
                    rol="ventanilla_ep",
                    vigente_desde=NOW,
                    asignado_por="admin",
                )
            )
            session.commit()
    leida = leer(web.browser(quien), donde)
    assert [dicho for dicho in dichos if dicho not in leida] == []
    assert [dicho for dicho in callados if dicho in leida] == []


def test_findings_differences_and_trials_are_said_in_english(web: WebKit) -> None:
    quien = Actor(ActorKind.PERSON, "analista")
    analista, archivo = web.browser("analista"), "permiso_espacio.bpmn"
    roto = (
        EP[archivo]
        .decode()
        .replace('name="Decidir"', 'name="Resolver la solicitud"')
        .replace('expr="dias_habiles(5)"', 'expr="3 días"')
    )
    web.engine.releases.save_draft(archivo, roto.encode(), actor=quien, now=web.clock.now())
    poner = leer(analista, f"/procesos/{archivo}/poner-en-vigor")
    web.engine.releases.drop_draft(archivo, actor=quien)
    assert "It is called: Decide → Resolver la solicitud" in poner
    assert "Due: 5 business days → 3 días" in poner
    assert "The time “3 días” is written “P3D” here." in poner
    assert "Nobody will be able to do the tasks of this lane (Inspect the place)" in poner
    pagina = analista.get("/procedimientos/permiso_espacio").text
    ensayados = analista.post(
        "/procedimientos/permiso_espacio/escenarios", data={"csrf_token": csrf(pagina)}
    )
    dicho = followed(html.unescape(ensayados.text))
    assert "Applied for, paid, visited and granted" in dicho
    assert "All 4 scenarios come out as expected." in dicho


def test_a_page_gives_each_script_its_own_words_and_no_others(web: WebKit) -> None:
    editor = web.browser("analista").get("/procesos/permiso_espacio.bpmn/editar").text
    dadas = [
        json.loads(d)
        for d in re.findall(
            r"<script type=\"application/json\" data-palabras>(.*?)</script>", editor
        )
    ]
    assert {"Qué hace": "What it does", "Guardando…": "Saving…"}.items() <= {
        k: v for d in dadas for k, v in d.items()
    }.items()
    # of every page, of a login, of a cut line, of «Ir a», and of the editor
    assert len(dadas) == len({tuple(d) for d in dadas}) == 5
    assert "Mostrar 1 nueva" not in editor
    assert palabras_de("es") == {}


def test_a_page_in_english_asks_the_database_no_more_than_in_spanish(
    web: WebKit, caso: str
) -> None:
    pedidas: list[str] = []

    def anotar(_c: object, _cursor: object, sentencia: str, *_mas: object) -> None:
        pedidas.append(sentencia)

    ella = web.browser("nadie")
    cuantas = {}
    event.listen(web.engine.db, "before_cursor_execute", anotar)
    try:
        for lengua in ("es", "en", "en"):
            with web.session() as session:
                session.get_one(web_kit.Cuenta, _cuenta(session)).idioma = lengua
                session.commit()
            pedidas.clear()
            assert ella.get(f"/caso/{caso}").status_code == 200
            cuantas[lengua] = len(pedidas)
    finally:
        event.remove(web.engine.db, "before_cursor_execute", anotar)
    assert cuantas["en"] == cuantas["es"]


def test_what_is_put_in_force_is_read_at_once(web: WebKit) -> None:
    analista = web.browser("analista")
    assert "Head of Public Space" in leer(analista, "/procesos/permiso_espacio.bpmn")
    nuevo = (
        EP["permiso_espacio/traducciones/en.toml"]
        .decode()
        .replace("Head of Public Space", "Chief of Public Space")
        .encode()
    )
    web.engine.releases.deploy(
        {**EP, "permiso_espacio/traducciones/en.toml": nuevo}, actor=SYSTEM, now=web.clock.now()
    )
    assert "Chief of Public Space" in leer(analista, "/procesos/permiso_espacio.bpmn")
