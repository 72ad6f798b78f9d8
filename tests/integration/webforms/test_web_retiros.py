"""Half days away, an end of employment that comes with a day, and the logins of a person: by page,
and by the clock."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from engine import reads
from engine.types import SYSTEM
from records.base.actos import Acto
from records.base.errores import DatoInvalido
from records.cuentas import ausencias, personal, retiros
from records.cuentas.ausencias import NuevaAusencia, registrar_ausencia
from records.cuentas.tablas import Cuenta, RetiroPrevisto, SesionAbierta
from records.plazos.reglas.calendario import BOGOTA
from tests.kit import web as web_kit
from tests.kit.cast import person
from tests.kit.people import PERMISO, PORQUE, con_zonas, enviar, permiso, roles, visto
from tests.kit.web import WebKit, csrf, log_in
from webforms.cuentas.retiro import cumplir_los_llegados

ULTIMO = dt.date(2026, 11, 30)


@pytest.fixture
def web(tmp_path: Path) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, f"sqlite:///{tmp_path / 'v.db'}")
    con_zonas(kit)
    kit.deploy({PERMISO: permiso()})
    yield kit
    kit.engine.db.dispose()


@pytest.fixture
def admin(web: WebKit) -> FlaskClient:
    return web.browser("admin")


def ir_a(web: WebKit, *cuando: int) -> None:
    web.clock.advance(dt.datetime(*cuando, tzinfo=BOGOTA) - web.clock.now())


# --- half days ------------------------------------------------------------------------------------
def test_whoever_is_away_from_noon_is_replaced_from_noon(web: WebKit) -> None:
    ella = web.browser("funcionaria")
    pagina = ella.get("/ausencias")
    assert "Medio día no mueve ningún plazo" in visto(pagina)
    datos = {
        "csrf_token": csrf(pagina.text),
        "persona": "funcionaria",
        "sustituto": "companero",
        "motivo": "comisión",
    }
    dias = {
        "desde": "27/11/2026",
        "hasta": "30/11/2026",
        "primer_dia": "medio",
        "ultimo_dia": "medio",
    }
    assert ella.post("/ausencias", data={**datos, **dias}).status_code == 302
    assert all(
        dia in visto(ella.get("/ausencias")) for dia in ("vie 27 nov, 12:00", "lun 30 nov, 12:00")
    )
    momentos = {
        (27, 11, 59): False,
        (27, 12, 0): True,
        (28, 9, 0): True,
        (30, 11, 59): True,
        (30, 12, 0): False,
    }
    for momento, falta in momentos.items():
        ir_a(web, 2026, 11, *momento)
        with web.session() as s:
            assert (
                ausencias.sustituye_a(s, "companero", web.clock.now()) == ["funcionaria"]
            ) is falta, momento
            assert (
                ausencias.fuera(s, ["funcionaria"], web.clock.now()) == {"funcionaria"}
            ) is falta
            assert bool(ausencias.ausencias_hoy(s, ["funcionaria"], web.clock.now())) is falta
        assert (
            "Ausente hasta el lun 30 nov, 12:00" in visto(web.browser("admin").get("/personas"))
        ) is falta


def test_one_who_is_back_at_noon_may_be_away_again_from_then_on(web: WebKit) -> None:
    dia, acto = dt.date(2026, 11, 27), Acto("lider", web.clock.now())
    with web.session() as s:
        registrar_ausencia(
            s,
            NuevaAusencia("funcionaria", "companero", dia, dia, "cita", hasta_mediodia=True),
            acto,
        )
        with pytest.raises(DatoInvalido, match="Ya hay una ausencia"):
            registrar_ausencia(s, NuevaAusencia("funcionaria", "companero", dia, dia, "cita"), acto)
        registrar_ausencia(
            s,
            NuevaAusencia("funcionaria", "companero", dia, dia, "comisión", desde_mediodia=True),
            acto,
        )
        with pytest.raises(DatoInvalido, match="también está ausente"):
            registrar_ausencia(
                s,
                NuevaAusencia("companero", "funcionaria", dia, dia, "cita", desde_mediodia=True),
                acto,
            )
    with pytest.raises(DatoInvalido, match="no falta nadie"):
        NuevaAusencia(
            "funcionaria", "companero", dia, dia, "cita", desde_mediodia=True, hasta_mediodia=True
        )


# --- an end that comes with a day -----------------------------------------------------------------
def con_tareas(web: WebKit, admin: FlaskClient) -> list[str]:
    for quien in ("nadie", "gestora"):
        assert (
            enviar(admin, f"/personas/{quien}/rol", rol="inspector", ambito="NORTE").status_code
            == 302
        )
    tareas = [web.begin("permiso", {"zona_id": "NORTE"}) for _ in range(2)]
    for t in tareas:
        web.engine.items.claim(t, actor=person("nadie", "inspector@NORTE"), now=web.clock.now())
    return tareas


def llego_el_dia(web: WebKit) -> int:
    with web.app.app_context():
        return cumplir_los_llegados(web.clock.now())


def test_an_end_that_is_planned_comes_when_its_day_is_over(web: WebKit, admin: FlaskClient) -> None:
    tareas, ella = con_tareas(web, admin), web.browser("nadie")
    with web.session() as s:
        cubre = NuevaAusencia(
            "gestora", "nadie", ULTIMO, ULTIMO + dt.timedelta(days=9), "vacaciones"
        )
        registrar_ausencia(s, cubre, Acto("admin", web.clock.now()))
        s.commit()
    ese_dia = visto(admin.get("/personas/nadie/retiro?dia=30/11/2026"))
    assert "Así quedaría al terminar el lun 30 nov" in ese_dia
    assert "Reemplaza a Gloria Díaz" in ese_dia
    assert "Ningún módulo queda a su nombre" in ese_dia
    assert "Reemplaza a Gloria Díaz" not in visto(
        admin.get("/personas/nadie/retiro?dia=09/12/2026")
    ), "that is over by then"
    sin_dia = enviar(admin, "/personas/nadie/retiro", accion="previsto", ultimo_dia="31/02/2026")
    assert sin_dia.status_code == 422
    assert "Escriba el último día como 27/11/2026" in visto(sin_dia)
    datos = {"accion": "previsto", "ultimo_dia": "30/11/2026", "tareas/inspector/NORTE": "gestora"}
    assert enviar(admin, "/personas/nadie/retiro", **datos).status_code == 302
    pagina = visto(admin.get("/personas/nadie/retiro"))
    assert "Último día: lun 30 nov" in pagina
    assert "pasan a Gloria Díaz, si ese día puede hacerlas" in pagina
    assert PORQUE in pagina
    assert "Entra hasta el lun 30 nov" in visto(admin.get("/personas/nadie"))
    assert "Último día: lun 30 nov" in visto(admin.get("/personas/nadie"))  # its history
    assert "Ya tiene un último día" in visto(enviar(admin, "/personas/nadie/retiro", **datos))
    ir_a(web, 2026, 11, 30, 23, 59)
    assert llego_el_dia(web) == 0
    assert ella.get("/bandeja").status_code == 200
    ir_a(web, 2026, 12, 1, 0, 0)
    assert ella.get("/bandeja").status_code == 302, "by the clock, whether a worker runs or not"
    assert [web.claimed_by(t) for t in tareas] == ["nadie", "nadie"]
    assert llego_el_dia(web) == 1
    assert [web.claimed_by(t) for t in tareas] == ["gestora", "gestora"]
    assert roles(web, "nadie") == set()
    assert ("cambio_cuenta", "motor", "cuenta/nadie") in web.accesses()
    assert llego_el_dia(web) == 0, "once"
    with web.session() as s:
        assert s.scalars(sa.select(RetiroPrevisto.estado)).one() == retiros.HECHO
        assert not s.scalars(sa.select(Cuenta.activo).where(Cuenta.usuario == "nadie")).one()
    assert enviar(admin, "/personas/nadie/acceso", activa="si").status_code == 302
    assert ella.get("/bandeja").status_code == 200, "whoever comes back enters"


def test_it_is_withdrawn_until_then_and_a_task_that_cannot_move_waits(
    web: WebKit, admin: FlaskClient
) -> None:
    tareas = con_tareas(web, admin)
    datos = {"accion": "previsto", "ultimo_dia": "30/11/2026"}
    assert enviar(admin, "/personas/nadie/retiro", **datos).status_code == 302
    assert enviar(admin, "/personas/nadie/retiro", accion="desistir", motivo="").status_code == 422
    assert enviar(admin, "/personas/nadie/retiro", accion="desistir").status_code == 302
    assert "Entra hasta" not in visto(admin.get("/personas/nadie"))
    assert "No hay un retiro previsto" in visto(
        enviar(admin, "/personas/nadie/retiro", accion="desistir")
    )
    assert enviar(admin, "/personas/nadie/retiro", **datos).status_code == 302
    with web.session() as s:
        instancia = reads.items.item(s, tareas[0]).instance_id
    web.engine.instances.suspend(instancia, reason=PORQUE, actor=SYSTEM, now=web.clock.now())
    ir_a(web, 2026, 12, 1, 8, 0)
    assert llego_el_dia(web) == 0
    assert [web.claimed_by(t) for t in tareas] == ["nadie", None]
    web.engine.instances.resume(instancia, reason=PORQUE, actor=SYSTEM, now=web.clock.now())
    assert llego_el_dia(web) == 1
    assert web.claimed_by(tareas[0]) is None


def test_one_that_cannot_be_done_keeps_no_other_waiting(
    web: WebKit, admin: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    tareas = con_tareas(web, admin)
    assert (
        enviar(
            admin, "/personas/nadie/retiro", accion="previsto", ultimo_dia="30/11/2026"
        ).status_code
        == 302
    )
    de_nadie = {
        "ultimo_dia": ULTIMO,
        "reparto": {},
        "motivo": PORQUE,
        "registrado": web.clock.now(),
        "registrado_por": "admin",
    }
    antes = web.clock.now()
    with web.session() as s:  # of accounts that are not there: none of them can be done
        s.add_all(
            RetiroPrevisto(usuario=f"u{n}", cuando=antes, estado=retiros.EN_CURSO, **de_nadie)
            for n in range(25)
        )
        s.add(RetiroPrevisto(usuario="ninguno", cuando=antes, estado=retiros.PREVISTO, **de_nadie))
        s.commit()
    ir_a(web, 2026, 12, 1, 8, 0)
    assert llego_el_dia(web) == 1
    assert [web.claimed_by(t) for t in tareas] == [None, None]
    assert "planned end of an employment" in caplog.text


@pytest.mark.parametrize(
    ("quien", "dia", "dice"),
    [
        ("nadie", "23/11/2026", "El último día va de hoy a dentro de 400 días."),
        ("nadie", "01/01/2030", "El último día va de hoy a dentro de 400 días."),
        ("nadie", "01/01/9999", "Escriba el último día como 27/11/2026"),
        ("admin", "30/11/2026", "Nadie se retira a sí mismo"),
    ],
)
def test_what_makes_no_sense_is_said(admin: FlaskClient, quien: str, dia: str, dice: str) -> None:
    respuesta = enviar(admin, f"/personas/{quien}/retiro", accion="previsto", ultimo_dia=dia)
    assert respuesta.status_code == 422
    assert dice in visto(respuesta)


def test_whose_last_day_is_planned_is_no_administrator_to_count_on(
    web: WebKit, admin: FlaskClient
) -> None:
    assert enviar(admin, "/personas/gestora/rol", rol="administrador").status_code == 302
    assert (
        enviar(
            admin, "/personas/gestora/retiro", accion="previsto", ultimo_dia="30/11/2026"
        ).status_code
        == 302
    )
    with web.session() as s, pytest.raises(DatoInvalido, match="última cuenta que administra"):
        personal.desactivar(s, "admin", PORQUE, Acto("gestora", web.clock.now()))


# --- logins ---------------------------------------------------------------------------------------
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
TELEFONO = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"


def entra(web: WebKit, agente: str, usuario: str = "asesor") -> FlaskClient:
    navegador = web.browser()
    navegador.environ_base["HTTP_USER_AGENT"] = agente
    assert log_in(navegador, usuario).status_code == 302
    return navegador


def cuales(cliente: FlaskClient, donde: str = "/cuenta") -> list[str]:
    return re.findall(r'name="cual"[^>]*value="(\w+)"', cliente.get(donde).text)


def test_a_person_sees_their_logins_and_ends_one_or_all_the_others(web: WebKit) -> None:
    este, telefono, otro = (entra(web, agente) for agente in (FIREFOX, TELEFONO, "lynx"))
    pagina = visto(este.get("/cuenta"))
    assert (
        re.findall(r"(Firefox en Windows|Chrome en Android|Otro navegador) · 127.0.0.1", pagina)
        != []
    )
    assert [
        pagina.count(x) > 0 for x in ("Firefox en Windows", "Chrome en Android", "Otro navegador")
    ] == [True] * 3
    assert len(cuales(este)) == 2, "one's own is not ended here"
    del_telefono = next(
        c
        for c in cuales(este)
        if c not in cuales(telefono) or c in set(cuales(otro)) & set(cuales(este))
    )
    token = csrf(este.get("/cuenta").text)
    assert (
        este.post("/cuenta/sesiones", data={"csrf_token": token, "cual": del_telefono}).status_code
        == 302
    )
    assert telefono.get("/cuenta").status_code == 302
    assert otro.get("/cuenta").status_code == 200
    assert ("sesion_cerrada", "asesor", "asesor") in web.accesses()
    este.post("/cuenta/sesiones", data={"csrf_token": token, "cual": del_telefono})
    assert "Esa sesión ya no estaba abierta." in visto(este.get("/cuenta"))
    sin_nombre = web.browser("asesor")  # a login that no list knows
    assert este.post("/cuenta/sesiones", data={"csrf_token": token}).status_code == 302
    assert [x.get("/cuenta").status_code for x in (este, otro, sin_nombre)] == [200, 302, 302]
    assert cuales(este) == []


def test_an_administrator_ends_the_logins_of_somebody_and_says_why(
    web: WebKit, admin: FlaskClient
) -> None:
    uno, otro = entra(web, FIREFOX), entra(web, TELEFONO)
    suyas = [c for c in cuales(admin, "/personas/asesor") if c]
    assert len(suyas) == 2
    assert enviar(admin, "/personas/asesor/sesiones", cual=suyas[0], motivo="").status_code == 422
    assert "Esa sesión ya no está abierta." in visto(
        enviar(admin, "/personas/asesor/sesiones", cual="otra")
    )
    assert enviar(admin, "/personas/asesor/sesiones", cual=suyas[0]).status_code == 302
    assert sorted(x.get("/cuenta").status_code for x in (uno, otro)) == [200, 302]
    assert enviar(admin, "/personas/asesor/sesiones", cual="").status_code == 302
    assert [x.get("/cuenta").status_code for x in (uno, otro)] == [302, 302]
    assert [a for a in web.accesses() if a[0] == "cambio_cuenta"] == [
        ("cambio_cuenta", "admin", "cuenta/asesor")
    ] * 2
    assert PORQUE in visto(admin.get("/personas/asesor"))


def test_a_login_without_use_is_listed_no_more_and_one_in_use_is(
    web: WebKit, admin: FlaskClient
) -> None:
    usado, _callado = entra(web, FIREFOX), entra(web, TELEFONO)
    for _ in range(6):
        web.clock.advance(dt.timedelta(minutes=7))
        assert usado.get("/cuenta").status_code == 200
    pagina = visto(admin.get("/personas/asesor"))
    assert "Firefox en Windows" in pagina
    assert "Chrome en Android" not in pagina
    web.clock.advance(dt.timedelta(hours=13))
    entra(web, FIREFOX)
    with web.session() as s:
        assert s.scalar(sa.select(sa.func.count()).select_from(SesionAbierta)) == 1, (
            "what is over is forgotten"
        )
