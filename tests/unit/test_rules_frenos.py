"""How long attempts that fail have to wait, and windows of quotas. Pure."""

import datetime as dt
from pathlib import Path

from records.cuentas.reglas.frenos import (
    DIA,
    UN_MOMENTO,
    UNA_HORA,
    Cuenta,
    Cupo,
    Limite,
    espera,
    espera_tras,
)
from tests.kit.clock import NOW
from webforms.base.frenos import CONOCIDO, CONSULTA, CUENTA, DIRECCION, MISMA_CLAVE, de_donde

AHORA = NOW + dt.timedelta(minutes=7, seconds=30)
NADA = dt.timedelta()


def test_the_wait_doubles_up_to_a_quarter_of_an_hour() -> None:
    assert [espera_tras(n, CUENTA).total_seconds() for n in (4, 5, 6, 7, 40, 10**9)] == [
        0,
        30,
        60,
        120,
        900,
        900,
    ]


def test_of_an_address_that_many_share_nobody_waits_longer_than_half_a_minute() -> None:
    assert [espera_tras(n, DIRECCION).total_seconds() for n in (19, 20, 21, 400)] == [0, 30, 30, 30]


def test_attempts_that_nobody_knows_the_end_of_bound_those_beside_them() -> None:
    assert [espera(None, CUENTA, AHORA, vivos) for vivos in (0, 4, 5)] == [NADA, NADA, UN_MOMENTO]
    cuatro = Cuenta(4, None, AHORA)
    assert [espera(cuatro, CUENTA, AHORA, vivos) for vivos in (0, 1)] == [NADA, UN_MOMENTO]
    assert espera(Cuenta(99, None, AHORA), CUENTA, AHORA) == NADA, "after its wait one is looked at"


def test_a_wait_is_as_long_as_it_was_said_and_failures_are_forgotten_after_an_hour() -> None:
    espera_media = Cuenta(9, AHORA + dt.timedelta(seconds=7), AHORA)
    assert espera(espera_media, CUENTA, AHORA) == dt.timedelta(seconds=7)
    assert espera_media.fallidos(CUENTA, AHORA + UNA_HORA) == 9
    assert espera_media.fallidos(CUENTA, AHORA + UNA_HORA + dt.timedelta(seconds=1)) == 0


def test_a_window_of_a_quota_is_one_of_the_clock() -> None:
    assert Cupo(3, dt.timedelta(minutes=10)).comienzo(AHORA) == NOW
    assert Cupo(3, UNA_HORA).comienzo(AHORA) == Cupo(9, UNA_HORA).comienzo(
        AHORA - dt.timedelta(minutes=7)
    )


def test_a_network_of_ipv6_is_one_place_and_an_address_of_ipv4_another() -> None:
    said = [
        "10.0.0.7",
        "::ffff:10.0.0.7",
        "2001:db8::1",
        "2001:db8::2:1",
        "2001:db8:0:1::1",
        "fe80::1%eth0",
        "nada",
        None,
    ]
    assert [de_donde(each) for each in said] == ["10.0.0.7"] * 2 + ["2001:db8::/64"] * 2 + [
        "2001:db8:0:1::/64",
        "fe80::/64",
        "",
        "",
    ]


def mirados(limite: Limite, dura: dt.timedelta) -> int:
    """How many guesses are looked at when somebody knocks each second."""
    cuenta, vistos = Cuenta(0, None, NOW), 0
    for segundo in range(int(dura.total_seconds())):
        now = NOW + dt.timedelta(seconds=segundo)
        if not espera(cuenta, limite, now):
            vistos, fallos = vistos + 1, cuenta.fallidos(limite, now) + 1
            tarda = espera_tras(fallos, limite)
            cuenta = Cuenta(fallos, now + tarda if tarda else None, now)
    return vistos


def test_the_guesses_that_reach_each_door_are_those_that_the_decision_says() -> None:
    dicho = (Path(__file__).resolve().parents[2] / "docs/decisions/brakes.md").read_text("utf-8")
    for puerta, limite in {
        "account": CUENTA,
        "known browser": CONOCIDO,
        "address": DIRECCION,
        "password": MISMA_CLAVE,
        "number": CONSULTA,
    }.items():
        assert f"| {puerta} | {mirados(limite, UNA_HORA)} | {mirados(limite, DIA)} |" in dicho, (
            puerta,
            mirados(limite, UNA_HORA),
            mirados(limite, DIA),
        )
