"""SECRET_KEY is changed while people work: what the one before signed is read as long as it is
listed, and it makes nothing any more."""

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from itsdangerous import BadSignature
from sqlalchemy.orm import Session

import app as door
from engine.store import seals
from engine.store.tables import RowEntry
from engine.types import SYSTEM
from handlers.correo import Cartero
from handlers.enlaces import Enlaces
from records.correo.tablas import Aviso
from records.cuentas import cifrado, enlaces_de_clave
from records.cuentas.enlaces_de_clave import NUEVA, Mostrado
from records.cuentas.tablas import Cuenta
from records.personas import caracterizacion
from records.sistemas.puertos import Mensaje
from tests.kit import web as web_kit
from tests.kit.telefono import activar, segundo
from tests.kit.web import BASE_URL, CLAVE, WebKit, csrf, log_in, opened
from webforms.base.en_la_direccion import abierto, cerrado
from webforms.base.security import seudonimos
from webforms.comandos.personas import close_again
from webforms.cuentas import claves, conocidos
from webforms.navegador.firmas import firmante, firmante_con_hora
from webforms.personas.caracterizacion import leer_permiso, permiso_de_responder, secreto_de
from webforms.personas.sin_nombre import clave_de, es_clave

VIEJA, LLAVE = "la llave de antes, de muchas letras", "la llave de ahora, de muchas letras"
Abrir = Callable[[Sequence[str]], WebKit]


@pytest.fixture
def abrir(tmp_path: Path, db_url: str) -> Iterator[Abrir]:
    """The same place, begun with these keys; the clock goes on."""
    hechos: list[WebKit] = []

    def con(keys: Sequence[str]) -> WebKit:
        kit = web_kit.build(tmp_path, db_url, keys=keys, again=bool(hechos))
        if hechos:
            kit.clock.move_to(hechos[-1].clock.now())
        hechos.append(kit)
        return kit

    yield con
    for kit in hechos:
        kit.engine.db.dispose()


def mudar(de: FlaskClient, a: WebKit) -> FlaskClient:
    """The same browser, which keeps its cookies, before the place as it is now."""
    nuevo = a.browser()
    for nombre in ("ventanilla", conocidos.GALLETA):
        if (galleta := de.get_cookie(nombre)) is not None:
            nuevo.set_cookie(nombre, galleta.value)
    return nuevo


def test_who_is_in_stays_in_and_a_form_that_was_open_is_taken(abrir: Abrir) -> None:
    antes = abrir([VIEJA])
    cliente = antes.browser()
    assert log_in(cliente, "asesor").status_code == 302
    pagina = cliente.get("/cuenta").text
    ahora = abrir([LLAVE, VIEJA])
    suyo = mudar(cliente, ahora)
    assert (
        suyo.post("/cuenta/idioma", data={"csrf_token": csrf(pagina), "idioma": "en"}).status_code
        == 302
    )
    de_ahora = mudar(suyo, abrir([LLAVE]))
    assert de_ahora.get("/cuenta").status_code == 200, "its cookie was signed anew"
    assert mudar(cliente, abrir([LLAVE])).get("/cuenta").status_code == 302, (
        "the one of before is listed no more"
    )


def test_processes_that_are_restarted_one_after_another_read_each_other_in_two_rounds(
    abrir: Abrir,
) -> None:
    """Two at once, each with the keys of before or after its round; the same browser is sent from
    one to the other."""
    rondas = [([VIEJA], [VIEJA, LLAVE]), ([VIEJA, LLAVE], [LLAVE, VIEJA])]
    for keys in (orden for ronda in rondas for orden in (ronda, ronda[::-1])):
        cliente = abrir(keys[0]).browser()
        assert log_in(cliente, "asesor").status_code == 302
        pagina, suyo = cliente.get("/cuenta").text, mudar(cliente, abrir(keys[1]))
        assert (
            suyo.post(
                "/cuenta/idioma", data={"csrf_token": csrf(pagina), "idioma": "es"}
            ).status_code
            == 302
        )
        assert suyo.get("/cuenta").status_code == 200, keys
    cliente = abrir([LLAVE, VIEJA]).browser()
    log_in(cliente, "asesor")
    assert mudar(cliente, abrir([VIEJA])).get("/cuenta").status_code == 302, (
        "in one round the ones that wait would not know it"
    )


def test_a_browser_that_an_account_entered_from_is_known(abrir: Abrir) -> None:
    antes = abrir([VIEJA])
    cliente = antes.browser()
    log_in(cliente, "asesor")
    valor = cliente.get_cookie(conocidos.GALLETA)
    assert valor is not None
    nombres = []
    for keys in ([VIEJA], [LLAVE, VIEJA], [LLAVE]):
        with abrir(keys).app.test_request_context(
            headers={"Cookie": f"{conocidos.GALLETA}={valor.value}"}
        ):
            nombres.append(conocidos.cual("asesor"))
    assert nombres[0]
    assert nombres == [nombres[0], nombres[0], None]
    otra = abrir([LLAVE, VIEJA]).browser()
    otra.set_cookie(conocidos.GALLETA, valor.value)
    log_in(otra, "asesor")
    valor = otra.get_cookie(conocidos.GALLETA)
    assert valor is not None
    with abrir([LLAVE]).app.test_request_context(
        headers={"Cookie": f"{conocidos.GALLETA}={valor.value}"}
    ):
        assert conocidos.cual("asesor") == nombres[0], "the same browser, told by the key of now"


def test_a_second_factor_serves_on_and_is_closed_with_the_key_of_now(abrir: Abrir) -> None:
    antes = abrir([VIEJA])
    telefono, codigos = activar(antes.browser("asesor"), antes.clock.now)
    otro, _codigos = activar(antes.browser("admin"), antes.clock.now)

    def entra(kit: WebKit, usuario: str, codigo: str) -> bool:
        cliente = kit.browser()
        return segundo(cliente, log_in(cliente, usuario).text, codigo).status_code == 302

    minuto, con_ambas = dt.timedelta(minutes=1), [LLAVE, VIEJA]

    def despues(keys: Sequence[str]) -> WebKit:
        kit = abrir(keys)
        kit.clock.advance(minuto)
        telefono.now = otro.now = kit.clock.now
        return kit

    ahora = despues(con_ambas)
    assert entra(ahora, "asesor", telefono.codigo())
    assert entra(ahora, "asesor", codigos[0])
    assert not entra(ahora, "asesor", codigos[0])
    sola = despues([LLAVE])
    assert entra(sola, "asesor", telefono.codigo()), "entering closed it anew"
    assert not entra(sola, "admin", otro.codigo()), "nobody did with this one"
    hecho = despues(con_ambas).app.test_cli_runner().invoke(close_again)
    assert "Cerrados de nuevo: 1." in hecho.output
    assert entra(despues([LLAVE]), "admin", otro.codigo())
    perdidos = (
        abrir(["otra llave, que nadie ha visto, de muchas"])
        .app.test_cli_runner()
        .invoke(close_again)
    )
    assert "admin, asesor" in perdidos.stderr


def test_what_was_signed_closed_or_told_is_read_by_its_key_and_made_by_the_new_one(
    abrir: Abrir,
) -> None:
    with abrir([VIEJA]).app.test_request_context():
        firmado, con_hora = firmante("turno").dumps(7), firmante_con_hora("complemento").dumps([1])
        clave, buscado, de_nadie = clave_de("2026-1"), cerrado("Ana Ruiz"), seudonimos("x")
    with abrir([LLAVE, VIEJA]).app.test_request_context():
        assert (
            firmante("turno").loads(firmado),
            firmante_con_hora("complemento").loads(con_hora, max_age=60),
        ) == (7, [1])
        assert es_clave("2026-1", clave)
        assert es_clave("2026-1", clave_de("2026-1"))
        assert not es_clave("2026-2", clave)
        assert (abierto(buscado), cerrado(buscado)) == ("Ana Ruiz", buscado)
        assert seudonimos("x")[1:] == de_nadie
        hechos = firmante("turno").dumps(7), cerrado("Ana Ruiz"), clave_de("2026-1")
    with abrir([VIEJA]).app.test_request_context():
        with pytest.raises(BadSignature):
            firmante("turno").loads(hechos[0])
        assert abierto(hechos[1]) == hechos[1]
        assert not es_clave("2026-1", hechos[2])
    with abrir([LLAVE]).app.test_request_context():
        assert (firmante("turno").loads(hechos[0]), abierto(hechos[1])) == (7, "Ana Ruiz")
        with pytest.raises(BadSignature):
            firmante("turno").loads(firmado)
        assert (abierto(buscado), es_clave("2026-1", clave)) == (buscado, False)


def test_what_was_told_about_oneself_is_taken_back_when_no_key_of_then_is_listed(
    abrir: Abrir,
) -> None:
    antes = abrir([VIEJA])
    with antes.app.test_request_context():
        permiso = permiso_de_responder("permiso", "caso-1")
        secreto = secreto_de(permiso)
    assert secreto
    with antes.session() as s, s.begin():
        caracterizacion.decir(s, secreto, "permiso", {"zona": "rural"}, dt.date(2026, 11, 30))
    ahora = abrir([LLAVE])
    cliente = ahora.browser()
    with ahora.app.test_request_context():
        assert leer_permiso(permiso) is None, "nothing is answered by it"
    pagina = opened(cliente, f"/tramites/sobre-usted/#{permiso}")
    retira = cliente.get(pagina, follow_redirects=True)
    assert retira.request.path == f"{pagina}/retirar"
    hecho = cliente.post(f"{pagina}/retirar", data={"csrf_token": csrf(retira.text)})
    assert hecho.status_code == 200
    with ahora.session() as s:
        assert not caracterizacion.esta(s, secreto)
    with ahora.app.test_request_context():
        for nada in (
            "",
            "x",
            permiso[3:],
            permiso.rsplit(".", 2)[0],
            "WzEsMl0.a.b",
            ".eJw.a.b",
            "bnVsbA.a.b",
        ):
            assert secreto_de(nada) is None


@dataclass
class Buzon:
    mensajes: list[Mensaje]

    def enviar(self, mensaje: Mensaje, _now: dt.datetime) -> None:
        self.mensajes.append(mensaje)


def test_a_mail_that_waited_carries_the_link_that_was_given(abrir: Abrir) -> None:
    """The link was made before the key was changed, and its mail leaves behind that."""
    antes, buzon = abrir([VIEJA]), Buzon([])
    with antes.app.app_context():
        claves.dar("asesor", NUEVA, SYSTEM, por_correo=True)
    ahora = abrir([LLAVE, VIEJA])
    for anteriores in ((VIEJA.encode(),), ()):
        enlaces = Enlaces(BASE_URL, LLAVE.encode(), anteriores)
        with ahora.session() as s, s.begin():
            s.execute(sa.update(Aviso).values(enviado=None))
            clave = s.scalars(sa.select(Aviso.clave)).one()
        Cartero(buzon, ahora.session, enlaces, 0, bytes_de_nada, no_rechazada, 0).enviar(
            ahora.clock.now(), {"clave": clave}
        )
    tokens = [m.texto.partition("/clave/#")[2].split()[0] for m in buzon.mensajes]
    with ahora.session() as s:
        assert [
            enlaces_de_clave.por_token(s, Mostrado(token, (VIEJA.encode(),)), ahora.clock.now())
            is not None
            for token in tokens
        ] == [
            True,
            False,
        ]
    assert (
        Enlaces("", LLAVE.encode(), (VIEJA.encode(),)).aviso_de(
            Enlaces("", VIEJA.encode()).marca(71)
        )
        == 71
    )
    assert Enlaces("", LLAVE.encode()).aviso_de(Enlaces("", VIEJA.encode()).marca(71)) is None


def bytes_de_nada(_sha256: str) -> bytes:
    return b""


def no_rechazada(_aviso: int, _dicho: str, _now: dt.datetime) -> None:
    raise AssertionError


def test_entries_of_rows_that_the_key_of_before_sealed_are_ours_and_new_ones_are_sealed_by_the_new_one(
    abrir: Abrir,
) -> None:
    def escribir(kit: WebKit, nombre: str) -> None:
        with kit.session() as s, s.begin():
            s.execute(sa.update(Cuenta).where(Cuenta.usuario == "asesor").values(nombre=nombre))

    def nuestras(kit: WebKit) -> list[bool]:
        with Session(kit.engine.db) as s:
            entradas = s.execute(
                sa.select(RowEntry.content, RowEntry.seal).order_by(RowEntry.id)
            ).all()
            return [seals.holds(s.connection().dialect, e.content, e.seal) for e in entradas]

    antes = abrir([VIEJA])
    escribir(antes, "Uno")
    de_antes = len(nuestras(antes))
    assert de_antes
    ahora = abrir([LLAVE, VIEJA])
    escribir(ahora, "Dos")
    assert nuestras(ahora) == [True] * (de_antes + 1)
    assert nuestras(abrir([LLAVE])) == [False] * de_antes + [True]
    assert nuestras(antes) == [True] * de_antes + [False]


def test_a_hash_of_weaker_parameters_is_made_anew_when_its_person_enters(
    abrir: Abrir, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit = abrir([VIEJA])

    def hash_() -> str:
        with kit.session() as s:
            return s.scalars(sa.select(Cuenta.clave_hash).where(Cuenta.usuario == "asesor")).one()

    de_antes, abierta = hash_(), kit.browser("asesor")
    assert log_in(kit.browser(), "asesor").status_code == 302
    assert hash_() == de_antes, "of the parameters of now nothing is made anew"
    monkeypatch.setattr(cifrado, "ARGON2", PasswordHasher(time_cost=4, memory_cost=65_536))
    assert log_in(kit.browser(), "asesor", "otra que no es").status_code == 422
    assert hash_() == de_antes
    assert log_in(kit.browser(), "asesor").status_code == 302
    assert "t=4" in hash_()
    assert hash_() != de_antes
    assert abierta.get("/cuenta").status_code == 200, "no login ends by it"
    assert log_in(kit.browser(), "asesor", CLAVE).status_code == 302


@pytest.mark.parametrize(
    "dicho", ["corta", f"{VIEJA.replace(' ', '_')} corta", "[1, 2]", '["corta"]', "[", '{"a": 1}']
)
def test_a_list_of_keys_that_makes_no_sense_stops_the_start(dicho: str, tmp_path: Path) -> None:
    env = {"INSTANCE": str(tmp_path), "SECRET_KEY": "x" * 32, "SECRET_KEY_FALLBACKS": dicho}
    with pytest.raises(door.BadSetting, match="SECRET_KEY_FALLBACKS"):
        door.Config.from_environment(env)


def test_keys_of_before_stand_in_a_setting(tmp_path: Path) -> None:
    env = {"INSTANCE": str(tmp_path), "SECRET_KEY": "x" * 32}
    una, otra = "a" * 40, "con espacios " * 4
    for dicho, leidas in (
        ("", ()),
        (f"{una}  {'b' * 32}", (una, "b" * 32)),
        (json.dumps([una, otra]), (una, otra)),
    ):
        config = door.Config.from_environment({**env, "SECRET_KEY_FALLBACKS": dicho})
        assert config.older_keys == leidas
    app = door.create_app(door.Config.from_environment({**env, "SECRET_KEY_FALLBACKS": una}))
    assert app.config["SECRET_KEY_FALLBACKS"] == [una]
    assert app.config["WTF_CSRF_SECRET_KEY"] == [una, "x" * 32]
