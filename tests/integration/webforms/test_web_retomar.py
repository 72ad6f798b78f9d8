"""Coming back from a login: what was being sent is shown again, on every route, and nothing of it
is done."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from engine import reads
from engine.states import InstanceStatus
from tests.kit import diagrams as m, web as web_kit
from tests.kit.cast import ELENCO, WHY
from tests.kit.web import WebKit, address_of, csrf, followed, hidden, log_in, on_routes
from webforms.base import palabras
from webforms.base.sesiones import JORNADA
from webforms.base.texto_llevado import RETOMAR, firmar
from webforms.cuentas import retomar
from webforms.salas import PERMISOS

SE_MUESTRAN = {e for e, campo in on_routes("se_muestra").items() if campo == RETOMAR}
PARTES = {"acto": "suspender"}


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, sqlite_url)
    nodos = m.start("ini") + m.user("a", fields="uno") + m.end("fin") + m.flows("ini > a > fin")
    carril = m.lane("l1", "asesor", "punto_id", "ini", "a", "fin")
    kit.deploy(
        {"visita.bpmn": m.model(m.process("visita", nodos, lanes=carril, variables="punto_id"))}
    )
    yield kit
    kit.engine.db.dispose()


@pytest.fixture
def caso(web: WebKit) -> str:
    with web.engine.uow.reading() as session:
        return reads.items.item(session, web.begin("visita", {"punto_id": "BOG-AGU"})).instance_id


def estado(web: WebKit, caso: str) -> InstanceStatus:
    with web.engine.uow.reading() as session:
        return reads.instances.status(session, caso)


def del_formulario(pagina: str) -> dict[str, str]:
    """What a press on the button of the page's main form sends."""
    cuerpo = pagina[pagina.index("<main") : pagina.index("</main>")]
    return {
        nombre: hidden(cuerpo, nombre) for nombre in re.findall(r'name="([\w]+)" value=', cuerpo)
    }


def test_a_suspension_whose_session_ended_is_shown_after_the_login_and_done_by_the_person_only(
    web: WebKit, caso: str
) -> None:
    jefe, ruta = web.browser("coordinador"), f"/caso/{caso}/operar/{caso}/suspender"
    pagina = jefe.get(ruta).text
    jefe.delete_cookie("ventanilla")
    caida = jefe.post(
        ruta,
        data={
            "csrf_token": csrf(pagina),
            "_firma": hidden(pagina.split("<main")[1], "_firma"),
            "motivo": WHY,
        },
    )
    assert caida.status_code == 401
    vuelta = log_in(
        jefe,
        "coordinador",
        _firma=hidden(caida.text, "_firma"),
        _llevado=hidden(caida.text, "_llevado"),
    )
    assert "Todavía no se ha enviado" in vuelta.text
    assert "Cambiar el curso de un proceso: suspender" in vuelta.text
    assert f"<dt>Motivo</dt><dd>{WHY}</dd>" in followed(vuelta.text)
    assert f'href="{ruta}"' in vuelta.text
    assert "data-enviar-solo" not in vuelta.text, "no script sends it"
    assert estado(web, caso) == "active"
    assert jefe.post(ruta, data=del_formulario(vuelta.text)).status_code == 302
    assert estado(web, caso) == "suspended"


@pytest.mark.parametrize(
    ("quien", "pagina"), [("admin", "con-motivo?vuelta="), ("coordinador", "datos?volver=")]
)
def test_a_reason_whose_session_ended_comes_back_in_words_and_leads_where_it_would_have(
    web: WebKit, caso: str, quien: str, pagina: str
) -> None:
    """No address of ours stands among what the person had written."""
    navegador, adonde = web.browser(quien), f"/caso/{caso}/historia"
    ruta = f"/caso/{caso}/{pagina}{adonde}"
    suya = navegador.get(ruta).text.split("<main")[1]
    escrito = {
        nombre: hidden(suya, nombre) for nombre in re.findall(r'type="hidden" name="(\w+)"', suya)
    } | {"motivo": WHY}
    navegador.delete_cookie("ventanilla")
    caida = navegador.post(ruta, data={"csrf_token": csrf(suya), **escrito})
    vuelta = log_in(
        navegador,
        quien,
        _firma=hidden(caida.text, "_firma"),
        _llevado=hidden(caida.text, "_llevado"),
    )
    dichos = re.findall("<dt>(.*?)</dt><dd>(.*?)</dd>", followed(vuelta.text))
    assert dichos == [("Motivo", WHY)]
    assert navegador.post(ruta, data=del_formulario(vuelta.text)).location == adonde


def test_on_no_route_does_what_comes_back_from_a_login_reach_its_view(web: WebKit) -> None:
    """Whatever page sends it there: the page of a login of yesterday's version too."""
    llegaron: list[str] = []
    for endpoint in web.app.view_functions:
        if endpoint not in SE_MUESTRAN and endpoint not in {"inicio.inicio", "ingreso.ingresar"}:
            web.app.view_functions[endpoint] = lambda endpoint=endpoint, **_partes: (
                llegaron.append(endpoint) or "hecho"
            )
    navegadores = {usuario: web.browser(usuario) for usuario in ELENCO}
    probadas = set()
    for regla in web.app.url_map.iter_rules():
        persona = next(
            (
                u
                for u, (_n, roles) in ELENCO.items()
                if {"persona", *(r for r, _a in roles)} & PERMISOS[regla.endpoint]
            ),
            None,
        )
        if (
            persona is None
            or regla.endpoint in SE_MUESTRAN
            or not {"POST", "PUT"} & (regla.methods or set())
        ):
            continue
        ruta = address_of(web.app, regla, PARTES)
        with web.app.test_request_context():
            firma = firmar(persona, ruta)
        navegador = navegadores[persona]
        with navegador.session_transaction() as sesion:
            sesion.setdefault("csrf_token", "0" * 40)
        datos = {
            "csrf_token": _token(web, "0" * 40),
            "_firma": firma,
            "_retomar": "1",
            "motivo": WHY,
        }
        metodo = "POST" if "POST" in (regla.methods or set()) else "PUT"
        respuesta = navegador.open(ruta, method=metodo, data=datos)
        assert respuesta.status_code == 200, (ruta, respuesta.status_code)
        assert "Todavía no se ha enviado" in respuesta.text, ruta
        assert WHY in respuesta.text, ruta
        probadas.add(regla.endpoint)
    assert llegaron == []
    assert set(on_routes("haria")) <= probadas


def _token(web: WebKit, crudo: str) -> str:
    """The form of a CSRF token that stands raw in the session."""
    return URLSafeTimedSerializer(web.app.secret_key or "", salt="wtf-csrf-token").dumps(crudo)


def test_every_form_of_a_person_says_what_it_would_have_done(web: WebKit) -> None:
    de_personas = {
        regla.endpoint
        for regla in web.app.url_map.iter_rules()
        if "POST" in (regla.methods or set())
        and not any(
            p == "publico" or p.startswith("dispositivo:") for p in PERMISOS[regla.endpoint]
        )
    }
    # answer to scripts, or only ask
    programas = {"llaves.opciones", "procesos.guardar", "procesos.lint", "radicacion.buscar"}
    assert de_personas - SE_MUESTRAN - programas == set(on_routes("haria"))


#: What a person types into, as templates write it.
SE_ESCRIBE = re.compile(r'<textarea|type="text"|\b(?:field|campos|control)\(')


#: Passwords and codes, which are never given back, and what the kiosk asks of whoever takes a ticket.
SIN_FIRMA = {
    *("clave.html", "cuenta.html", "ingreso.html", "puerta.html", "recuperar.html"),
    *("segundo.html", "segundo_propio.html", "quiosco_condicion.html"),
}


def test_every_form_of_the_staff_that_text_is_typed_into_is_signed() -> None:
    """What comes without its signature is dropped when its session has ended. Whoever has no
    account signs nothing (test_publico_tarde.py)."""
    salas = Path(__file__).resolve().parents[3] / "webforms"
    plantillas = [
        p for p in salas.rglob("templates/**/*.html") if p.relative_to(salas).parts[0] != "publico"
    ]
    formularios = [
        (p.name, f)
        for p in plantillas
        for f in re.findall(r'<form\b[^>]*method="post".*?</form>', p.read_text("utf-8"), re.DOTALL)
    ]
    con_texto = [(nombre, f) for nombre, f in formularios if SE_ESCRIBE.search(f)]
    assert len(con_texto) > 30
    assert {
        nombre for nombre, f in con_texto if not re.search(r"ocultos\(|firma\(", f)
    } == SIN_FIRMA


def test_what_is_typed_by_hand_written_forms_has_a_word_in_each_language() -> None:
    """After a login it is shown under it; the name of a field is none: «Anios», and «Motivo» on an
    English page."""
    salas = Path(__file__).resolve().parents[3] / "webforms"
    escritos: set[str] = set()
    for plantilla in (
        p
        for p in salas.rglob("templates/**/*.html")
        if p.relative_to(salas).parts[0] not in ("acceso", "publico")
    ):
        for f in re.findall(
            r'<form\b[^>]*method="post".*?</form>', plantilla.read_text("utf-8"), re.DOTALL
        ):
            if re.search(r"ocultos\(|firma\(", f):
                de_texto = [
                    e
                    for e in re.findall(r"<(?:input|textarea)\b[^>]*>", f)
                    if not re.search(r'type="(?!text")', e)
                ]
                escritos |= {
                    nombre for e in de_texto for nombre in re.findall(r'name="([a-z_]+)"', e)
                }
                escritos |= set(re.findall(r'\btexto\("([a-z_]+)"', f))
    assert len(escritos) > 20
    # a search of a page, and a file of a package
    assert escritos - set(retomar.ROTULOS) - set(palabras.VARIABLES) - {"q", "ruta"} == set()
    assert palabras.variable("linea") == "Linea", (
        "of a case it is the line of a credit, not that of an inventory"
    )


def test_what_comes_back_from_a_login_stands_under_words_of_its_page(web: WebKit) -> None:
    ruta, datos = (
        "/archivo/eliminaciones",
        {"serie": "PER", "subserie": "De ocupación", "anios": "2", "motivo": WHY},
    )
    gestora = web.browser("gestora")
    with web.app.test_request_context():
        firma = firmar("gestora", ruta)
    for idioma, rotulos in (("es", ["Serie", "Subserie", "Años de retención", "Motivo"]),
                            ("en", ["Series", "Subseries", "Years of retention", "Reason"])):  # fmt: skip
        gestora.post(
            "/cuenta/idioma",
            data={"csrf_token": csrf(gestora.get("/cuenta").text), "idioma": idioma},
        )
        token = csrf(gestora.get("/cuenta").text)
        vuelta = gestora.post(
            ruta, data={"csrf_token": token, "_firma": firma, "_retomar": "1", **datos}
        )
        dichos = re.findall("<dt>(.*?)</dt><dd>(.*?)</dd>", followed(vuelta.text))
        assert dichos == list(zip(rotulos, datos.values(), strict=True)), idioma


def test_a_signature_ends_with_the_longest_session_however_often_it_went_through_the_login(
    web: WebKit, caso: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruta = f"/caso/{caso}/operar/{caso}/suspender"

    def de_hace(segundos: float) -> str:
        with monkeypatch.context() as parche, web.app.test_request_context():
            parche.setattr(
                TimestampSigner, "get_timestamp", lambda _self: int(time.time() - segundos)
            )
            return firmar("coordinador", ruta)

    vencida, justa = de_hace(JORNADA.total_seconds() + 5), de_hace(JORNADA.total_seconds() - 60)
    for firma, sigue in ((vencida, False), (justa, True)):
        caida = web.browser().post(ruta, data={"_firma": firma, "motivo": WHY})
        assert ("su texto sigue aquí" in caida.text) is sigue
        if sigue:
            assert hidden(caida.text, "_firma") == firma, "as it was, not signed anew"
