"""The second factor of accounts: put, asked for, recovered, taken away; a role that works with one
only."""

import base64
import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask.testing import FlaskClient

from records.base.tablas import Cambio
from records.correo.tablas import Aviso
from records.cuentas.reglas.roles import ADMINISTRADOR
from records.cuentas.tablas import CodigoDeRecuperacion, Cuenta, Freno, SegundoFactor
from tests.kit import web as web_kit
from tests.kit.cast import SESSION_KEY
from tests.kit.telefono import Telefono, activar, codigo_de, leer_y_enviar, oculto, segundo
from tests.kit.web import WebKit, csrf, followed, log_in, put
from webforms.base.frenos import CUENTA
from webforms.comandos.personas import no_second_factor
from webforms.cuentas import doble
from webforms.operacion.instalacion import aplicaciones, leer


@pytest.fixture
def web(tmp_path: Path, db_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, db_url)
    yield kit
    kit.engine.db.dispose()


def con_clave(web: WebKit, **mas: str) -> tuple[FlaskClient, str]:
    """A browser that has shown the password."""
    cliente = web.browser()
    hecho = log_in(cliente, "asesor", **mas)
    assert hecho.status_code == 200
    assert "Confirme que es usted" in hecho.text
    assert cliente.get("/cuenta").status_code == 302, "the password alone opens nothing"
    return cliente, hecho.text


def test_whoever_has_one_enters_with_password_and_code(web: WebKit) -> None:
    telefono, codigos = activar(web.browser("asesor"), web.clock.now)
    assert len(set(codigos)) == 10
    web.clock.advance(dt.timedelta(minutes=1))
    cliente, pagina = con_clave(web, next="/cuenta")
    assert segundo(cliente, pagina, telefono.codigo()).location == "/cuenta"
    assert "Está activo" in cliente.get("/cuenta").text
    with web.session() as s:
        guardado = s.scalars(sa.select(SegundoFactor.secreto)).one()
        carta = s.scalars(sa.select(Aviso).where(Aviso.clave.like("segundo_puesto:%"))).one()
    assert base64.b32encode(telefono.secreto).decode() not in guardado
    assert carta.para == "asesor@ejemplo.test"
    assert ("segundo_puesto", "asesor", "asesor") in web.accesses()


def hasta_el_paso(web: WebKit, segundos: int = 0) -> None:
    """On to so many seconds after the next step begins."""
    web.clock.advance(
        dt.timedelta(seconds=doble.PASO - web.clock.now().timestamp() % doble.PASO + segundos)
    )


ACABA, SE_ADELANTA, NO = (
    "acaba de cambiar",
    "el reloj de su teléfono o el del servidor no está en hora",
    "Ese código no sirve",
)


def test_a_code_is_taken_once_within_its_thirty_seconds_and_not_beside_them(web: WebKit) -> None:
    telefono, _codigos = activar(web.browser("asesor"), web.clock.now)
    web.clock.advance(dt.timedelta(minutes=5))
    hasta_el_paso(web, 29)
    de_este = telefono.codigo()
    for despues, dice in ((-60, NO), (-30, ACABA), (30, SE_ADELANTA), (60, NO), (0, ""), (0, NO)):
        cliente, pagina = con_clave(web)
        hecho = segundo(cliente, pagina, telefono.codigo(despues))
        assert (hecho.status_code, dice in followed(hecho.text)) == (422 if dice else 302, True), (
            despues
        )
    web.clock.advance(dt.timedelta(seconds=1))
    cliente, pagina = con_clave(web)
    assert ACABA in followed(segundo(cliente, pagina, de_este).text), (
        "one second later it is the one of before"
    )
    assert NO in followed(segundo(cliente, pagina, telefono.codigo()).text), (
        "one that was shown before its time is used up"
    )
    hasta_el_paso(web)
    assert segundo(cliente, pagina, telefono.codigo()).status_code == 302, (
        "and is good from its first second on"
    )
    hasta_el_paso(web)
    codigo = telefono.codigo()
    web.clock.advance(dt.timedelta(seconds=29))
    cliente, pagina = con_clave(web)
    assert segundo(cliente, pagina, codigo).status_code == 302, "to its last"


def test_a_code_of_a_moment_ago_is_no_guess(web: WebKit) -> None:
    telefono, _codigos = activar(web.browser("asesor"), web.clock.now)
    web.clock.advance(dt.timedelta(minutes=5))
    cliente, pagina = con_clave(web)
    for despues in (-30, 30) * CUENTA.libres:
        assert segundo(cliente, pagina, telefono.codigo(despues)).status_code == 422
    with web.session() as s:
        assert s.scalars(sa.select(Freno.clave).where(Freno.clave.like("segundo:%"))).all() == []
    assert [clase for clase, _quien, que in web.accesses() if que == "asesor"].count(
        "ingreso_fallido"
    ) == CUENTA.libres * 2
    assert segundo(cliente, pagina, telefono.codigo()).status_code == 302


def test_the_code_that_put_it_enters_no_more(web: WebKit) -> None:
    telefono, _codigos = activar(web.browser("asesor"), web.clock.now)
    cliente, pagina = con_clave(web)
    assert segundo(cliente, pagina, telefono.codigo()).status_code == 422
    web.clock.advance(dt.timedelta(seconds=doble.PASO))
    assert segundo(cliente, pagina, telefono.codigo()).status_code == 302


def test_it_is_put_with_the_code_of_now_only(web: WebKit) -> None:
    cliente = web.browser("asesor")
    pagina = cliente.get("/cuenta/segundo-factor").text
    telefono = Telefono(pagina, web.clock.now)
    for despues, dice in ((-30, ACABA), (30, SE_ADELANTA), (60, "No es el código de ahora")):
        datos = {
            "csrf_token": csrf(pagina),
            "nuevo": oculto(pagina, "nuevo"),
            "codigo": telefono.codigo(despues),
        }
        hecho = cliente.post("/cuenta/segundo-factor", data=datos)
        assert (hecho.status_code, dice in followed(hecho.text)) == (422, True), despues
    with web.session() as s:
        assert s.scalars(sa.select(SegundoFactor)).all() == []
    hecho = cliente.post("/cuenta/segundo-factor", data={**datos, "codigo": telefono.codigo()})
    assert "Sus códigos de recuperación" in followed(hecho.text)


def test_a_code_to_recover_enters_once(web: WebKit) -> None:
    telefono, codigos = activar(web.browser("asesor"), web.clock.now)
    cliente, pagina = con_clave(web)
    dentro = segundo(cliente, pagina, codigos[3].upper().replace("-", " "))
    assert dentro.status_code == 302
    assert "Le quedan 9 códigos de recuperación. El que usó ya no sirve." in followed(
        cliente.get("/cuenta").text
    ), "without a telephone"
    otro, pagina = con_clave(web)
    assert segundo(otro, pagina, codigos[3]).status_code == 422
    assert segundo(otro, pagina, codigos[4]).status_code == 302
    assert "Le quedan 8 códigos" in followed(otro.get("/cuenta/segundo-factor").text)
    for codigo in (c for c in codigos if c not in codigos[3:5]):
        ultimo, pagina = con_clave(web)
        assert segundo(ultimo, pagina, codigo).status_code == 302
    assert "Ese era su último código de recuperación." in followed(ultimo.get("/cuenta").text)
    por_telefono, pagina = con_clave(web)
    web.clock.advance(dt.timedelta(minutes=1))
    assert segundo(por_telefono, pagina, telefono.codigo()).status_code == 302
    assert "código de recuperación" not in followed(por_telefono.get("/cuenta").text)


def test_codes_are_not_guessed(web: WebKit) -> None:
    telefono, _codigos = activar(web.browser("asesor"), web.clock.now)
    web.clock.advance(dt.timedelta(minutes=1))
    cliente, pagina = con_clave(web)
    assert [segundo(cliente, pagina, f"{n:06}").status_code for n in range(CUENTA.libres)] == [
        422
    ] * CUENTA.libres
    frenado = segundo(cliente, pagina, telefono.codigo())
    assert frenado.status_code == 429
    assert "alguien la sabe" in frenado.text
    web.clock.advance(CUENTA.espera)
    assert segundo(cliente, pagina, telefono.codigo()).status_code == 302


@pytest.mark.parametrize(
    "codigo",
    ["", "12345", "000000", "x" * 41, "１２３４５６", "' OR 1=1", "\u0000"],
    ids=list("abcdefg"),
)
def test_what_is_no_code_is_told_at_its_field(web: WebKit, codigo: str) -> None:
    activar(web.browser("asesor"), web.clock.now)
    cliente, pagina = con_clave(web)
    assert segundo(cliente, pagina, codigo).status_code in (400, 422)
    assert cliente.get("/cuenta").status_code == 302


def test_the_page_between_is_good_for_one_account_as_it_is_and_for_a_few_minutes(
    web: WebKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    telefono, _codigos = activar(web.browser("asesor"), web.clock.now)
    web.clock.advance(dt.timedelta(minutes=1))
    cliente, pagina = con_clave(web)
    for firma in ("", "x", oculto(pagina, "pendiente")[:-2] + "AA"):
        datos = {"csrf_token": csrf(pagina), "pendiente": firma, "codigo": telefono.codigo()}
        vuelta = cliente.post("/ingresar/segundo", data=datos)
        assert (vuelta.status_code, "Escriba otra vez su contraseña" in vuelta.text) == (401, True)
    monkeypatch.setattr("webforms.cuentas.ingreso.ESPERA_DEL_SEGUNDO", dt.timedelta(seconds=-1))
    assert segundo(cliente, pagina, telefono.codigo()).status_code == 401


def test_it_is_put_with_a_code_of_the_secret_that_was_shown_and_not_twice(web: WebKit) -> None:
    cliente = web.browser("asesor")
    pagina = cliente.get("/cuenta/segundo-factor").text
    datos = {"csrf_token": csrf(pagina), "nuevo": oculto(pagina, "nuevo")}
    mala = cliente.post("/cuenta/segundo-factor", data={**datos, "codigo": "000000"})
    assert (mala.status_code, "No es el código de ahora" in mala.text) == (422, True)
    assert Telefono(mala.text, web.clock.now).secreto == Telefono(pagina, web.clock.now).secreto, (
        "the picture that was read is still good"
    )
    ajena = cliente.post(
        "/cuenta/segundo-factor", data={**datos, "nuevo": "de otra parte", "codigo": "000000"}
    )
    assert ajena.status_code == 409
    activar(cliente, web.clock.now)
    otra = cliente.post(
        "/cuenta/segundo-factor", data={**datos, "codigo": Telefono(pagina, web.clock.now).codigo()}
    )
    assert (otra.status_code, "Quítelo antes" in otra.text) == (409, True)


def test_its_person_makes_other_codes_and_takes_it_away_with_a_code_only(web: WebKit) -> None:
    cliente = web.browser("asesor")
    telefono, antes = activar(cliente, web.clock.now)
    web.clock.advance(dt.timedelta(minutes=1))
    token = csrf(cliente.get("/cuenta/segundo-factor").text)
    for donde in ("codigos", "quitar"):
        assert (
            cliente.post(
                f"/cuenta/segundo-factor/{donde}", data={"csrf_token": token, "codigo": "000000"}
            ).status_code
            == 422
        )
    hecho = cliente.post(
        "/cuenta/segundo-factor/codigos", data={"csrf_token": token, "codigo": telefono.codigo()}
    )
    despues = re.findall(r"<li>([a-z2-9]{4}(?:-[a-z2-9]{4}){5})</li>", hecho.text)
    assert (len(despues), set(antes) & set(despues)) == (10, set())
    assert (
        cliente.post(
            "/cuenta/segundo-factor/quitar", data={"csrf_token": token, "codigo": antes[0]}
        ).status_code
        == 422
    )
    assert (
        cliente.post(
            "/cuenta/segundo-factor/quitar", data={"csrf_token": token, "codigo": despues[0]}
        ).status_code
        == 302
    )
    assert log_in(web.browser(), "asesor").status_code == 302
    with web.session() as s:
        assert s.scalars(sa.select(CodigoDeRecuperacion)).all() == []


def test_a_wrong_code_on_ones_own_page_is_in_the_access_chain_as_a_wrong_password_is(
    web: WebKit,
) -> None:
    """A browser that was left open gives nobody the account unseen; nor does an empty field count
    as a try."""
    cliente = web.browser("asesor")
    activar(cliente, web.clock.now)
    token = csrf(cliente.get("/cuenta/segundo-factor").text)

    def quitar(codigo: str) -> int:
        return cliente.post(
            "/cuenta/segundo-factor/quitar", data={"csrf_token": token, "codigo": codigo}
        ).status_code

    assert [quitar(codigo) for codigo in ("", *["000000"] * CUENTA.libres, "000001", "000002")] == [
        422
    ] * (1 + CUENTA.libres) + [429] * 2
    anotados = [clase for clase, _quien, _de in web.accesses() if clase.startswith("ingreso_")]
    assert anotados == ["ingreso_fallido"] * CUENTA.libres + ["ingreso_frenado"], (
        "that one has to wait once, not at each try"
    )


def test_a_role_that_works_with_one_only_does_nothing_before(web: WebKit) -> None:
    put(web.app, second_factor=(ADMINISTRADOR,))
    admin = web.browser("admin")
    assert admin.get("/personas").location == "/cuenta/segundo-factor?falta=1"
    token = csrf(admin.get("/cuenta/segundo-factor?falta=1").text)
    assert (
        admin.post(
            "/equipos", data={"csrf_token": token, "tipo": "tablero", "punto": "PAS"}
        ).location
        == "/cuenta/segundo-factor?falta=1"
    )
    assert "Su rol lo exige" in admin.get("/cuenta/segundo-factor?falta=1").text
    assert web.browser("asesor").get("/bandeja").status_code == 200, "another role works as before"
    activar(admin, web.clock.now)
    assert admin.get("/personas").status_code == 200


def test_who_has_none_although_their_role_asks_for_it_is_named_by_the_page_of_the_state(
    web: WebKit,
) -> None:
    admin = web.browser("admin")
    activar(admin, web.clock.now)

    def dicho(*exigen: str) -> str:
        put(web.app, second_factor=exigen)
        return followed(admin.get("/estado").text)

    assert "Falta a personas a cuyo rol se le exige:" in dicho(ADMINISTRADOR, "asesor")
    assert "nombra roles que no hay: administradora." in dicho(ADMINISTRADOR, "administradora")
    assert "Segundo factor" not in dicho(ADMINISTRADOR), "who administers has one"
    assert "Segundo factor" not in dicho()


def test_who_administers_takes_away_that_of_somebody_who_lost_it_with_a_reason(web: WebKit) -> None:
    activar(web.browser("asesor"), web.clock.now)
    admin = web.browser("admin")
    pagina = admin.get("/personas/asesor").text
    assert "Quítelo solo si perdió el teléfono" in pagina
    datos = {"csrf_token": csrf(pagina)}
    motivo = {"motivo": "Perdió el teléfono en un taxi"}
    for falta, dice in (
        ({"identificado": "en_persona"}, "Escriba el motivo"),
        (motivo, "Diga cómo supo que es quien lo pide"),
        ({**motivo, "identificado": "por_carta"}, "Diga cómo supo que es quien lo pide"),
        (
            {**motivo, "identificado": "por_su_jefe"},
            "Escriba el usuario de quien dirige su trabajo",
        ),
        (
            {**motivo, "identificado": "por_su_jefe", "confirmo": "admin"},
            "Lo confirma otra persona",
        ),
        (
            {**motivo, "identificado": "en_persona", "confirmo": "asesor"},
            "Lo confirma otra persona",
        ),
        (
            {**motivo, "identificado": "por_su_jefe", "confirmo": "nadie.de.aqui"},
            "No hay una cuenta activa que se llame nadie.de.aqui",
        ),
    ):
        negado = admin.post("/personas/asesor/segundo-factor", data={**datos, **falta})
        assert (negado.status_code, dice in followed(negado.text)) == (422, True), falta
    assert 'value="por_su_jefe" checked' in followed(negado.text)
    como = {**motivo, "identificado": "por_su_jefe", "confirmo": " Coordinador "}
    assert admin.post("/personas/asesor/segundo-factor", data={**datos, **como}).status_code == 302
    ficha = followed(admin.get("/personas/asesor").text)
    assert (
        "Quien dirige su trabajo lo confirmó, en persona o al teléfono que ya se le conocía; además lo confirmó Jorge Mejía"
        in ficha
    )
    assert "Perdió el teléfono en un taxi" in ficha
    with web.engine.db.connect() as c:
        detalle = str(
            c.exec_driver_sql("SELECT detail FROM access WHERE kind = 'cambio_cuenta'")
            .scalars()
            .one()
        )
    assert '"identificado"' in detalle
    assert "por_su_jefe" in detalle
    assert "coordinador" in detalle
    assert log_in(web.browser(), "asesor").status_code == 302
    with web.session() as s:
        assert (
            s.scalars(sa.select(Aviso).where(Aviso.clave.like("segundo_quitado:%"))).one().para
            == "asesor@ejemplo.test"
        )


@pytest.mark.parametrize(
    ("secreto", "codigos"),
    [
        (
            doble.Secreto(b"12345678901234567890123456789012"),
            ("119246", "084774", "819424", "698825"),
        ),
        (
            doble.Secreto(b"12345678901234567890", doble.Algoritmo.SHA1),
            ("287082", "081804", "005924", "279037"),
        ),
    ],
    ids=["SHA256", "SHA1"],
)
def test_the_codes_are_those_of_the_standard(
    secreto: doble.Secreto, codigos: tuple[str, ...]
) -> None:
    """RFC 6238, appendix B, six digits."""
    for segundos, codigo in zip((59, 1111111109, 1234567890, 2000000000), codigos, strict=True):
        assert (
            doble.de_cuando(secreto, codigo, dt.datetime.fromtimestamp(segundos, dt.UTC))
            is doble.Cuando.AHORA
        )
        assert (
            doble.de_cuando(secreto, codigo, dt.datetime.fromtimestamp(segundos + 30, dt.UTC))
            is doble.Cuando.ANTES
        )
        assert (
            doble.de_cuando(secreto, codigo, dt.datetime.fromtimestamp(segundos + 60, dt.UTC))
            is None
        )


# --- the hash -------------------------------------------------------------------------------------
def de_antes(web: WebKit, usuario: str, octetos: bytes) -> None:
    """As all were kept that were put before: closed, and nothing said of a hash."""
    llave = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"segundo factor").derive(
        SESSION_KEY.encode()
    )
    cerrado = Fernet(base64.urlsafe_b64encode(llave)).encrypt(octetos).decode()
    with web.session() as s, s.begin():
        cuenta = s.scalars(sa.select(Cuenta.id).where(Cuenta.usuario == usuario)).one()
        s.add(SegundoFactor(cuenta_id=cuenta, secreto=cerrado, puesto=web.clock.now()))


def guardado(web: WebKit) -> str:
    with web.session() as s:
        return s.scalars(sa.select(SegundoFactor.secreto)).one()


def avisado(web: WebKit) -> str:
    """What «Estado» says of applications."""
    with web.app.test_request_context(), web.session() as s:
        punto = aplicaciones(leer(s, web.clock.now()))
    return f"{punto.como}: {punto.dice}"


def test_a_new_one_makes_its_codes_with_sha256_and_says_so(web: WebKit) -> None:
    cliente = web.browser("asesor")
    pagina = cliente.get("/cuenta/segundo-factor").text
    telefono = Telefono(pagina, web.clock.now)
    assert (telefono.algoritmo, len(telefono.secreto)) == ("sha256", 32)
    with web.app.test_request_context():
        secreto = doble.abrir(oculto(pagina, "nuevo"))
        assert secreto is not None
        assert doble.direccion(secreto, "asesor", "La entidad") == (
            f"otpauth://totp/La%20entidad%3Aasesor?secret={doble.a_mano(secreto).replace(' ', '')}"
            "&issuer=La%20entidad&algorithm=SHA256&digits=6&period=30"
        )
    activar(cliente, web.clock.now)
    assert guardado(web).startswith("SHA256.")
    assert avisado(web) == "bien: Ninguna hace sus códigos con SHA-1."


def test_an_application_that_knows_sha1_only_is_told_so_and_puts_nothing(web: WebKit) -> None:
    cliente = web.browser("asesor")
    for _vez in range(CUENTA.libres + 1):
        _telefono, hecho = leer_y_enviar(cliente, web.clock.now, "sha1")
        assert (hecho.status_code, "Su aplicación no entiende SHA-256" in followed(hecho.text)) == (
            422,
            True,
        )
    with web.session() as s:
        assert s.scalars(sa.select(SegundoFactor)).all() == []
    activar(cliente, web.clock.now)


def test_an_agency_may_allow_it(web: WebKit) -> None:
    put(web.app, totp_sha1=True)
    telefono, _codigos = activar(web.browser("asesor"), web.clock.now, "sha1")
    assert not guardado(web).startswith("SHA256.")
    web.clock.advance(dt.timedelta(minutes=1))
    cliente, pagina = con_clave(web, next="/cuenta")
    assert segundo(cliente, pagina, telefono.codigo()).location == "/cuenta"
    assert cliente.get("/bandeja").status_code == 200
    assert "con SHA-1, de antes" in followed(cliente.get("/cuenta").text)
    assert "quítelo y actívelo con ella" in followed(cliente.get("/cuenta/segundo-factor").text)
    assert avisado(web) == "bien: Con SHA-1, de antes: la de 1 persona. Se permiten (TOTP_SHA1)."
    activar(web.browser("coordinador"), web.clock.now)
    with web.session() as s:
        assert sorted(
            cerrado[:7] == "SHA256." for cerrado in s.scalars(sa.select(SegundoFactor.secreto))
        ) == [False, True]


def test_one_of_before_opens_nothing_but_the_page_on_which_it_is_put_anew(web: WebKit) -> None:
    octetos = b"veinte octetos antes"
    de_antes(web, "asesor", octetos)
    assert avisado(web) == "aviso: Con SHA-1, de antes: la de 1 persona."
    cliente, pagina = con_clave(web, next="/bandeja")
    assert segundo(cliente, pagina, codigo_de(octetos, web.clock.now(), "sha1")).status_code == 302
    for camino in ("/bandeja", "/casos", "/personas"):
        assert cliente.get(camino).status_code in (302, 403), camino
    assert cliente.get("/bandeja").location == "/cuenta/segundo-factor?falta=1"
    assert cliente.post("/bandeja/pedir", data={"csrf_token": csrf(pagina)}).status_code != 200
    assert "con SHA-1, de antes" in followed(cliente.get("/cuenta").text)
    assert "SHA-1, que ya no se acepta" in followed(cliente.get("/cuenta/segundo-factor").text)
    telefono, recuperar = activar(cliente, web.clock.now)
    assert (guardado(web)[:7], len(recuperar), telefono.algoritmo) == ("SHA256.", 10, "sha256")
    assert cliente.get("/bandeja").status_code == 200
    assert avisado(web).startswith("bien")
    web.clock.advance(dt.timedelta(minutes=1))
    otro, pagina = con_clave(web)
    assert segundo(otro, pagina, telefono.codigo()).status_code == 302


def test_one_of_before_is_only_taken_away_with_a_code_of_it(web: WebKit) -> None:
    octetos = b"veinte octetos antes"
    suyo = web.browser("asesor")
    de_antes(web, "asesor", octetos)
    assert suyo.get("/bandeja").location == "/cuenta/segundo-factor?falta=1", (
        "a login that was open before asks, too"
    )
    pagina = suyo.get("/cuenta/segundo-factor").text
    assert "Solo quitar la de antes" in pagina
    telefono = Telefono(pagina, web.clock.now, "sha1")
    datos = {"csrf_token": csrf(pagina)}
    assert (
        suyo.post(
            "/cuenta/segundo-factor/quitar", data={**datos, "codigo": telefono.codigo()}
        ).status_code
        == 422
    )
    telefono.secreto = octetos
    assert (
        suyo.post(
            "/cuenta/segundo-factor/quitar", data={**datos, "codigo": telefono.codigo()}
        ).status_code
        == 302
    )
    assert suyo.get("/bandeja").status_code == 200


def test_a_secret_under_the_word_of_another_hash_is_opened_by_no_key(web: WebKit) -> None:
    """Whoever may write the table makes nobody's codes weaker by it."""
    activar(web.browser("asesor"), web.clock.now)
    cerrado = guardado(web)
    with web.app.test_request_context():
        assert doble.abrir(cerrado) is not None
        assert doble.abrir(cerrado.removeprefix("SHA256.")) is None
        assert (
            doble.abrir(f"SHA256.{doble.guardar(doble.Secreto(b'x' * 20, doble.Algoritmo.SHA1))}")
            is None
        )


def test_the_shell_asks_the_same_and_keeps_it(web: WebKit) -> None:
    activar(web.browser("asesor"), web.clock.now)

    def correr(*palabras: str) -> int:
        return (
            web.app.test_cli_runner()
            .invoke(no_second_factor, ["asesor", "--reason", "Perdió el teléfono", *palabras])
            .exit_code
        )

    for palabras in (
        (),
        ("--identified", "por_carta"),
        ("--identified", "por_su_jefe"),
        ("--identified", "en_persona", "--confirmed-by", "x"),
    ):
        assert correr(*palabras) != 0, palabras
    with web.session() as s:
        assert len(s.scalars(sa.select(SegundoFactor)).all()) == 1
    assert correr("--identified", "por_su_jefe", "--confirmed-by", "coordinador") == 0
    with web.session() as s:
        assert s.scalars(sa.select(SegundoFactor)).all() == []
        assert s.scalars(sa.select(Cambio.despues)).one() == {
            "identificado": "por_su_jefe",
            "confirmo": "coordinador",
        }
