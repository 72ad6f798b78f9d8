"""What changes the law of the house is asked for by one person and decided by another, who sees
what would change; both are kept."""

import datetime as dt
import html
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine import reads
from engine.types import SYSTEM
from records.base.actos import Acto
from records.base.cambios import De, anotar
from records.base.tablas import Cambio
from records.correo.tablas import Aviso
from records.cuentas.personal import CUENTA, RolPedido, dar_rol, quitar_rol, roles_de
from records.cuentas.tablas import Aprobacion, ArchivoPorAprobar, Cuenta, SegundoFactor
from records.expedientes.tablas import SerieDocumental
from records.plazos.reglas.calendario import es_habil, regir
from tests.kit import web as web_kit
from tests.kit.people import confirmar, subir
from tests.kit.telefono import activar
from tests.kit.web import WebKit, csrf, followed, hidden, put
from webforms.paquetes.plantilla import diagrama_vacio

PORQUE = "Circular 18 de 2026"
VIERNES = dt.date(2026, 11, 27)


@pytest.fixture
def solo(tmp_path: Path, db_url: str) -> Iterator[WebKit]:
    """One person administers, another draws the diagrams; the agency wants two for what changes its
    law."""
    kit = web_kit.build(tmp_path, db_url)
    put(kit.app, two_persons=True)
    yield kit
    kit.engine.db.dispose()
    regir(())


@pytest.fixture
def web(solo: WebKit) -> WebKit:
    """And a second one administers."""
    with solo.session() as s, s.begin():
        dar_rol(s, "gestora", RolPedido("administrador"), PORQUE, Acto("admin", solo.clock.now()))
    return solo


@pytest.fixture
def admin(web: WebKit) -> FlaskClient:
    return web.browser("admin")


@pytest.fixture
def otra(web: WebKit) -> FlaskClient:
    """The second administrator."""
    return web.browser("gestora")


def enviar(quien: FlaskClient, donde: str, ruta: str, **datos: str) -> TestResponse:
    return quien.post(
        ruta, data={"csrf_token": csrf(quien.get(donde).text), "motivo": PORQUE, **datos}
    )


def cerrar(quien: FlaskClient, dia: dt.date = VIERNES) -> TestResponse:
    return enviar(
        quien,
        "/calendario",
        "/calendario",
        desde=f"{dia:%d/%m/%Y}",
        que="cierra",
        nombre="Jornada de inventario",
    )


def leida(quien: FlaskClient, ruta: str) -> str:
    return followed(html.unescape(quien.get(ruta).text))


def habil(quien: FlaskClient, dia: dt.date = VIERNES) -> bool:
    """As the next page would count it."""
    quien.get("/calendario")
    return es_habil(dia)


def decidir(
    quien: FlaskClient, decide: str = "aprobar", numero: int = 1, **mas: str
) -> TestResponse:
    pagina = quien.get(f"/aprobaciones/{numero}").text
    visto = (
        {campo: hidden(pagina, campo) for campo in ("visto", "base")}
        if 'name="visto"' in pagina
        else {}
    )
    return quien.post(
        f"/aprobaciones/{numero}",
        data={"csrf_token": csrf(pagina), "decide": decide, **visto, **mas},
    )


def cartas(web: WebKit, clase: str) -> list[str]:
    with web.session() as s:
        return list(
            s.scalars(
                sa.select(Aviso.para).where(Aviso.clave.like(f"{clase}:%")).order_by(Aviso.para)
            )
        )


def test_a_day_waits_until_somebody_else_saw_what_it_changes_and_approved_it(
    web: WebKit, admin: FlaskClient, otra: FlaskClient
) -> None:
    assert cerrar(admin).status_code == 302
    assert "Todavía no cambia nada" in leida(admin, "/calendario")
    assert habil(admin)
    assert cartas(web, "aprobacion_pedida") == ["gestora@ejemplo.test"]

    assert re.search(r"Aprobaciones</a>\s*<span[^>]*>\s*1\b", leida(otra, "/ir-a"))
    lista = leida(otra, "/aprobaciones")
    assert "Excepción del calendario" in lista
    assert PORQUE in lista
    pagina = leida(otra, "/aprobaciones/1")
    assert "toda la entidad cierra: Jornada de inventario" in pagina
    assert habil(admin), "looking at it changes nothing"

    assert decidir(otra, respuesta="De acuerdo").location == "/aprobaciones"
    assert not habil(admin)
    assert f"Gloria Díaz · {PORQUE} (lo pidió Alba Ruiz)" in leida(admin, "/calendario")
    assert cartas(web, "aprobacion_dada") == ["admin@ejemplo.test"]
    hechos = [a for a in web.accesses() if a[0].startswith(("aprobacion", "cambio_cal"))]
    assert hechos == [
        ("aprobacion_pedida", "admin", "aprobacion/1"),
        ("cambio_calendario", "gestora", "calendario/entidad"),
        ("aprobacion_decidida", "gestora", "aprobacion/1"),
    ]
    assert "Aprobada" in leida(admin, "/aprobaciones/1")


def test_nobody_decides_what_they_asked_for_and_may_take_it_back(
    web: WebKit, admin: FlaskClient, otra: FlaskClient
) -> None:
    cerrar(admin)
    assert 'name="decide"' not in admin.get("/aprobaciones/1").text
    assert decidir(admin).status_code == 422
    assert habil(admin)
    assert ("rechazo", "admin", "cuenta/admin") in web.accesses()
    assert enviar(otra, "/aprobaciones/1", "/aprobaciones/1/retirar").status_code == 422
    assert enviar(admin, "/aprobaciones/1", "/aprobaciones/1/retirar").location == "/aprobaciones"
    assert "Retirada" in leida(otra, "/aprobaciones/1")
    assert decidir(otra).status_code == 422
    assert habil(admin)
    cerrar(admin)  # and it may be asked for again
    assert decidir(otra, numero=2).status_code == 302


def test_what_goes_back_says_why(web: WebKit, admin: FlaskClient, otra: FlaskClient) -> None:
    cerrar(admin)
    sin_decir = decidir(otra, "devolver")
    assert sin_decir.status_code == 422
    assert "Escriba por qué la devuelve" in sin_decir.text
    assert decidir(otra, "").status_code == 422
    assert decidir(otra, "devolver", respuesta="La circular dice el lunes").status_code == 302
    assert "La circular dice el lunes" in leida(admin, "/aprobaciones/1")
    assert cartas(web, "aprobacion_devuelta") == ["admin@ejemplo.test"]
    assert habil(admin)
    with web.session() as s:
        assert s.scalars(sa.select(Cambio).where(Cambio.clase == "calendario")).all() == []


def test_the_same_is_asked_for_once_and_what_cannot_be_is_refused_at_once(
    admin: FlaskClient, otra: FlaskClient
) -> None:
    cerrar(admin)
    assert "Eso mismo ya se pidió" in cerrar(admin).text
    assert cerrar(admin, dt.date(2026, 11, 1)).status_code == 422, "a day that has passed"
    assert cerrar(otra, dt.date(2026, 11, 30)).status_code == 302
    assert "2" in leida(admin, "/aprobaciones")


def test_the_same_with_other_words_is_the_same(admin: FlaskClient) -> None:
    datos = {"rol": "cumplimiento"}
    assert (
        enviar(
            admin, "/personas/nadie", "/personas/nadie/rol", **datos, motivo="Reemplaza a Rita"
        ).status_code
        == 302
    )
    otra_vez = enviar(
        admin, "/personas/nadie", "/personas/nadie/rol", **datos, motivo="No veo que quedara"
    )
    assert otra_vez.status_code == 422
    assert "Eso mismo ya se pidió" in otra_vez.text
    assert (
        enviar(admin, "/personas/nadie", "/personas/nadie/rol", rol="administrador").status_code
        == 302
    ), "another role is another thing"


def test_what_waits_of_a_person_stands_on_their_page_and_what_was_decided_on_its_own(
    admin: FlaskClient, otra: FlaskClient
) -> None:
    """Whoever looks for the role finds that it waits; whoever reads a decision afterwards, what it
    was about."""
    assert "Espera la decisión de otra persona" not in leida(admin, "/personas/nadie")
    for rol in ("cumplimiento", "administrador", "analista_procesos"):
        enviar(admin, "/personas/nadie", "/personas/nadie/rol", rol=rol)
    for quien in (admin, otra):
        suya = leida(quien, "/personas/nadie")
        assert "Espera la decisión de otra persona" in suya
        assert 'href="/aprobaciones/1"' in suya
        assert "Rol: Cumplimiento" in suya
    assert "Espera la decisión de otra persona" not in leida(otra, "/personas/colega")
    assert "Rol: Cumplimiento" in leida(otra, "/aprobaciones"), "of three the same, which"

    decidir(otra)
    decidir(otra, "devolver", numero=2, respuesta="No hace falta")
    enviar(admin, "/aprobaciones/3", "/aprobaciones/3/retirar")
    for numero, rol in enumerate(("Cumplimiento", "Administrador", "Analista de procesos"), 1):
        assert f"<dt>Rol</dt><dd>{rol}</dd>" in leida(otra, f"/aprobaciones/{numero}")
    assert "Lo retiró" in leida(otra, "/aprobaciones/3")
    assert "Lo decidió" not in leida(otra, "/aprobaciones/3")
    assert "Espera la decisión de otra persona" not in leida(admin, "/personas/nadie")


def test_what_somebody_else_changed_meanwhile_is_shown_and_not_approved_unseen(
    web: WebKit, admin: FlaskClient, otra: FlaskClient
) -> None:
    enviar(admin, "/personas/nadie", "/personas/nadie/rol", rol="cumplimiento")
    visto = hidden(otra.get("/aprobaciones/1").text, "visto")
    web.clock.advance(dt.timedelta(days=1))  # the role would begin on another day
    token = csrf(otra.get("/aprobaciones/1").text)
    tarde = otra.post(
        "/aprobaciones/1",
        data={"csrf_token": token, "decide": "aprobar", "visto": visto, "base": "0"},
    )
    assert tarde.status_code == 422
    assert "ya no es lo que usted vio" in tarde.text
    assert decidir(otra).status_code == 302


def test_what_cannot_be_done_any_more_can_only_go_back(
    web: WebKit, admin: FlaskClient, otra: FlaskClient
) -> None:
    cerrar(admin)
    web.clock.advance(dt.timedelta(days=9))
    assert "Ya no se puede hacer: Una excepción es de hoy en adelante" in leida(
        otra, "/aprobaciones/1"
    )
    assert decidir(otra).status_code == 422
    assert decidir(otra, "devolver", respuesta="El día ya pasó").status_code == 302


def test_power_is_given_by_two_and_taken_by_one(
    web: WebKit, admin: FlaskClient, otra: FlaskClient
) -> None:
    def tiene(usuario: str) -> set[str]:
        with web.session() as s:
            return {r.rol for r in roles_de(s, usuario, web.clock.now())}

    assert (
        enviar(admin, "/personas/nadie", "/personas/nadie/rol", rol="jefe_ocm").status_code == 302
    )
    assert tiene("nadie") == {"jefe_ocm"}, "a role without power over the rules"
    enviar(admin, "/personas/colega", "/personas/colega/rol", rol="administrador")
    assert "administrador" not in tiene("colega")
    assert "Ana Pérez" in leida(otra, "/aprobaciones/1")
    decidir(otra)
    assert "administrador" in tiene("colega")
    # nobody for themselves, whoever asked for it
    enviar(admin, "/personas/gestora", "/personas/gestora/rol", rol="cumplimiento")
    assert "Nadie se da ni se quita roles a sí mismo" in leida(otra, "/aprobaciones/2")
    assert decidir(otra, numero=2).status_code == 422
    assert decidir(web.browser("colega"), numero=2).status_code == 302
    with web.session() as s:
        suyo = next(
            r.id for r in roles_de(s, "colega", web.clock.now()) if r.rol == "administrador"
        )
    assert (
        enviar(admin, "/personas/colega", f"/personas/colega/rol/{suyo}/quitar").status_code == 302
    )
    assert "administrador" not in tiene("colega")


@pytest.mark.parametrize("que", ["datos", "segundo-factor", "acceso"])
def test_whoever_has_power_is_not_impersonated_by_one_person(
    web: WebKit, admin: FlaskClient, otra: FlaskClient, que: str
) -> None:
    activar(web.browser("analista"), web.clock.now)
    datos = {
        "datos": {"nombre": "Amparo Niño", "correo": "otra@ejemplo.test"},
        "segundo-factor": {"identificado": "por_su_jefe", "confirmo": "coordinador"},
        "acceso": {"activa": "si"},
    }[que]

    def esta() -> tuple[str, bool, int]:
        with web.session() as s:
            suya = s.scalars(sa.select(Cuenta).where(Cuenta.usuario == "analista")).one()
            return suya.correo, suya.activo, len(s.scalars(sa.select(SegundoFactor)).all())

    if que == "acceso":
        assert (
            enviar(admin, "/personas/analista", "/personas/analista/acceso").status_code == 302
        ), "one person stops another at once"
    antes = esta()
    assert (
        enviar(admin, "/personas/analista", f"/personas/analista/{que}", **datos).status_code == 302
    )
    assert esta() == antes
    if que == "segundo-factor":
        confirma = "en persona o al teléfono que ya se le conocía; además lo confirmó Jorge Mejía"
        assert confirma in (pagina := leida(otra, "/aprobaciones/1"))
        assert '<th role="rowheader" scope="row">Amparo Niño (analista)</th>' in pagina
    assert decidir(otra).status_code == 302
    assert esta() != antes
    historia = leida(otra, "/personas/analista")
    assert f"Gloria Díaz · {PORQUE} (lo pidió Alba Ruiz)" in historia
    if que == "segundo-factor":
        assert confirma in historia
        assert "<dt>Quién más lo confirmó</dt><dd>Jorge Mejía</dd>" in leida(
            otra, "/aprobaciones/1"
        )


def test_the_history_says_people_by_their_names_and_a_reason_as_it_was_written(
    web: WebKit, admin: FlaskClient
) -> None:
    with web.session() as s, s.begin():
        escrito = "Falta uno (lo pidió nadie que se sepa), y (lo pidió fulana)"
        for motivo, ausencia in (
            (escrito, {}),
            (PORQUE, {"ausencia": 7, "de": "coordinador", "sustituto": "ya-no-esta"}),
        ):
            anotar(
                s,
                De(CUENTA, "nadie", "ausencia"),
                {},
                ausencia,
                motivo,
                Acto("admin", web.clock.now()),
            )
    historia = leida(admin, "/personas/nadie")
    assert f"Alba Ruiz · {escrito}" in historia
    assert "Jorge Mejía, a quien reemplaza ya-no-esta" in historia


def test_a_list_with_power_waits_whole_and_its_people_get_their_links_by_mail(
    web: WebKit, admin: FlaskClient, otra: FlaskClient
) -> None:
    lista = "nombre,correo,usuario,rol,lugar\nNubia Torres,nubia@entidad.gov.co,nubia,analista_procesos,\nIván Paz,ivan@entidad.gov.co,ivan,,\n"
    assert confirmar(admin, subir(admin, lista.encode())).status_code == 302
    with web.session() as s:
        assert s.scalars(sa.select(Cuenta).where(Cuenta.usuario.in_(["nubia", "ivan"]))).all() == []
    pagina = leida(otra, "/aprobaciones/1")
    assert "Analista de procesos" in pagina
    assert "ivan" in pagina
    assert decidir(otra).status_code == 302
    with web.session() as s:
        assert [r.rol for r in roles_de(s, "nubia", web.clock.now())] == ["analista_procesos"]
        assert s.scalars(sa.select(ArchivoPorAprobar)).all() == [], (
            "the list goes with the decision"
        )
        assert (
            len(
                s.scalars(
                    sa.select(Aviso).where(
                        Aviso.para.in_(["nubia@entidad.gov.co", "ivan@entidad.gov.co"])
                    )
                ).all()
            )
            == 2
        )
    sin_poder = (
        lista.replace("nubia", "rita")
        .replace("ivan", "juan")
        .replace("analista_procesos", "jefe_ocm")
    )
    assert confirmar(admin, subir(admin, sin_poder.encode())).status_code == 302
    with web.session() as s:
        assert [r.rol for r in roles_de(s, "rita", web.clock.now())] == ["jefe_ocm"]


def test_how_long_documents_are_kept_is_changed_by_two(
    web: WebKit, admin: FlaskClient, otra: FlaskClient
) -> None:
    datos = {
        "codigo": "S-9",
        "nombre": "Peticiones",
        "gestion": "2",
        "central": "8",
        "disposicion": "conservar",
    }
    hecho = enviar(
        admin, "/entidad/series/nuevo", "/entidad/series/nuevo", **datos, vigente_desde="01/12/2026"
    )
    assert hecho.status_code == 302
    assert (
        enviar(admin, "/entidad/series/nuevo", "/entidad/series/nuevo", **datos).status_code == 422
    ), "without its first day"
    with web.session() as s:
        assert s.get(SerieDocumental, "S-9") is None
    assert "Peticiones" in leida(otra, "/aprobaciones/1")
    assert decidir(otra).status_code == 302
    with web.session() as s:
        assert s.get_one(SerieDocumental, "S-9").central == 8
    antes = leida(admin, "/entidad/areas")
    enviar(
        admin,
        "/entidad/areas/nuevo",
        "/entidad/areas/nuevo",
        codigo="XX",
        nombre="Otra",
        nivel2="Dos",
        nivel3="Tres",
        correo="x@y.co",
    )
    assert leida(admin, "/entidad/areas") != antes, "what is no law is changed by one"


def test_while_there_is_nobody_to_ask_one_person_does_it_and_afterwards_no_more(
    solo: WebKit,
) -> None:
    admin = solo.browser("admin")
    cerrar(admin)
    assert not habil(admin)
    assert admin.get("/aprobaciones").status_code == 200
    # somebody else administers for a day: she is asked from then on, even once she is gone
    with solo.session() as s, s.begin():
        acto = Acto("admin", solo.clock.now())
        dar_rol(s, "gestora", RolPedido("administrador"), PORQUE, acto)
    with solo.session() as s, s.begin():
        suyo = next(
            r.id for r in roles_de(s, "gestora", solo.clock.now()) if r.rol == "administrador"
        )
        quitar_rol(s, "gestora", suyo, PORQUE, acto)
    lunes = dt.date(2026, 11, 30)
    cerrar(admin, lunes)
    assert "hoy nadie más puede decidirlo" in leida(admin, "/calendario")
    assert habil(admin, lunes)


def test_an_agency_that_wants_it_otherwise_asks_nobody(web: WebKit, admin: FlaskClient) -> None:
    put(web.app, two_persons=False)
    cerrar(admin)
    assert not habil(admin)


def test_each_reads_of_it_in_their_language(web: WebKit, admin: FlaskClient) -> None:
    with web.session() as s, s.begin():
        s.execute(sa.update(Cuenta).where(Cuenta.usuario == "gestora").values(idioma="en"))
    cerrar(admin)
    decidir(web.browser("gestora"))
    with web.session() as s:
        pedida, dada = s.scalars(
            sa.select(Aviso).where(Aviso.clave.like("aprobacion_%")).order_by(Aviso.id)
        )
    assert "Exception of the calendar" in pedida.texto
    assert "Excepción del calendario" in dada.texto


def test_of_two_who_decide_at_once_one_does(
    web: WebKit, admin: FlaskClient, otra: FlaskClient
) -> None:
    with web.session() as s, s.begin():
        dar_rol(s, "colega", RolPedido("administrador"), PORQUE, Acto("admin", web.clock.now()))
    cerrar(admin)
    with ThreadPoolExecutor(2) as juntos:
        assert sorted(
            r.status_code for r in juntos.map(decidir, (otra, web.browser("colega")))
        ) == [302, 422]
    with web.session() as s:
        assert len(s.scalars(sa.select(Cambio).where(Cambio.clase == "calendario")).all()) == 1
        assert s.scalars(sa.select(Aprobacion)).one().aprobada is True


# --- diagrams and tables --------------------------------------------------------------------------
VISITA = diagrama_vacio("visita", "La visita").decode()
CAMPO = '<bpmn:extensionElements><v:field name="nota" label="Nota" type="text"/></bpmn:extensionElements>'
CON_CAMPO = VISITA.replace(
    "<bpmn:incoming>visita_f1</bpmn:incoming><bpmn:outgoing>",
    f"{CAMPO}<bpmn:incoming>visita_f1</bpmn:incoming><bpmn:outgoing>",
)


@pytest.fixture
def analista(solo: WebKit) -> FlaskClient:
    solo.engine.releases.deploy(
        {"visita.bpmn": VISITA.encode()}, actor=SYSTEM, now=solo.clock.now(), note="Primera versión"
    )
    return solo.browser("analista")


def pedir_version(analista: FlaskClient, texto: str = CON_CAMPO) -> TestResponse:
    token = csrf(analista.get("/procesos/visita.bpmn/xml").text)
    guardado = {"contenido": texto, "visto": ""}
    assert (
        analista.post(
            "/procesos/visita.bpmn/borrador", json=guardado, headers={"X-CSRFToken": token}
        ).status_code
        == 200
    )
    pagina = analista.get("/procesos/visita.bpmn/poner-en-vigor").text
    datos = {
        "csrf_token": csrf(pagina),
        "base": hidden(pagina, "base"),
        "visto": hidden(pagina, "visto"),
        "nota": "Pide una nota",
    }
    return analista.post("/procesos/visita.bpmn/poner-en-vigor", data=datos)


def en_vigor(web: WebKit) -> tuple[int, str]:
    with web.session() as s:
        hoy = reads.releases.in_force(s, web.engine.catalog)
        assert hoy is not None
        return hoy.number, hoy.files["visita.bpmn"].decode()


def test_a_diagram_comes_into_force_when_another_person_saw_what_changes(
    solo: WebKit, analista: FlaskClient
) -> None:
    assert pedir_version(analista).status_code == 302
    assert en_vigor(solo) == (1, VISITA)
    assert "Espera que otra persona lo apruebe" in leida(
        analista, "/procesos/visita.bpmn/poner-en-vigor"
    )
    assert decidir(analista).status_code == 422

    admin = solo.browser("admin")
    pagina = leida(admin, "/aprobaciones/1")
    assert "1 cambio con efecto" in pagina
    assert "Nota" in pagina
    assert "La visita pasa de la versión 1 a la 2." in " ".join(
        pagina.replace("<b>", "").replace("</b>", "").split()
    )
    assert admin.get("/aprobaciones/1/visita.bpmn").data.decode() == CON_CAMPO
    assert decidir(admin).status_code == 302
    assert en_vigor(solo) == (2, CON_CAMPO)
    with solo.session() as s:
        assert reads.releases.model_drafts(s, "analista") == []
        (nota,) = reads.releases.notes(s, [2])
    assert (nota.note, nota.by) == ("Pide una nota · La pidió analista", "admin")
    assert cartas(solo, "aprobacion_dada") == ["analista@ejemplo.test"]


def test_what_the_analyst_drew_afterwards_does_not_come_into_force_and_is_not_lost(
    solo: WebKit, analista: FlaskClient
) -> None:
    pedir_version(analista)
    with solo.session() as s:
        (suyo,) = reads.releases.model_drafts(s, "analista")
    token = csrf(analista.get("/procesos/visita.bpmn/xml").text)
    despues = CON_CAMPO.replace('label="Nota"', 'label="Otra"')
    datos = {"contenido": despues, "visto": suyo.saved_at.isoformat()}
    assert (
        analista.post(
            "/procesos/visita.bpmn/borrador", json=datos, headers={"X-CSRFToken": token}
        ).status_code
        == 200
    )
    admin = solo.browser("admin")
    assert "guardó cambios después" in leida(admin, "/aprobaciones/1")
    assert decidir(admin).status_code == 302
    assert en_vigor(solo) == (2, CON_CAMPO)
    with solo.session() as s:
        assert [d.content.decode() for d in reads.releases.model_drafts(s, "analista")] == [despues]


def test_what_another_release_overtook_goes_back(solo: WebKit, analista: FlaskClient) -> None:
    pedir_version(analista)
    admin = solo.browser("admin")
    pagina = admin.get("/aprobaciones/1").text
    otro = VISITA.replace("La visita", "Visitas")
    solo.engine.releases.deploy(
        {"visita.bpmn": otro.encode()}, actor=SYSTEM, now=solo.clock.now(), note="Otra"
    )
    datos = {
        "csrf_token": csrf(pagina),
        "decide": "aprobar",
        "base": hidden(pagina, "base"),
        "visto": "",
    }
    assert admin.post("/aprobaciones/1", data=datos).status_code == 422
    assert "Otra persona puso en vigor otro texto" in leida(admin, "/aprobaciones/1")
    assert decidir(admin).status_code == 422
    assert en_vigor(solo) == (2, otro)
    assert decidir(admin, "devolver", respuesta="Hágalo sobre la de ahora").status_code == 302


def test_a_diagram_with_faults_is_not_asked_for(solo: WebKit, analista: FlaskClient) -> None:
    malo = VISITA.replace('isExecutable="true"', 'isExecutable="true" ').replace(
        "visita_f1</bpmn:incoming>", "no_hay</bpmn:incoming>"
    )
    assert pedir_version(analista, malo).status_code == 422
    with solo.session() as s:
        assert s.scalars(sa.select(Aprobacion)).all() == []


def test_an_analyst_decides_on_diagrams_and_not_on_people(web: WebKit, admin: FlaskClient) -> None:
    cerrar(admin)
    analista = web.browser("analista")
    assert "Excepción del calendario" not in leida(analista, "/aprobaciones")
    assert analista.get("/aprobaciones/1").status_code == 404
    assert decidir_sin_ver(analista).status_code == 404
    assert web.browser("asesor").get("/aprobaciones").status_code == 403


def decidir_sin_ver(quien: FlaskClient) -> TestResponse:
    return quien.post(
        "/aprobaciones/1",
        data={"csrf_token": csrf(quien.get("/aprobaciones").text), "decide": "aprobar"},
    )
