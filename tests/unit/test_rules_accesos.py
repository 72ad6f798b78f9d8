"""Control 6-1: why an account is looked at in the weekly review, and why not."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from records.controles.reglas import accesos
from records.controles.reglas.accesos import CuentaVista, Limites, RolVisto, motivos
from records.cuentas.reglas.roles import EXCLUSIONES, ROLES
from tests.kit.clock import NOW

LIMITES = Limites(dias_sin_ingreso=30, dias_rol_sin_uso=90, dias_clave=90, intentos_fallidos=5)


def hace(dias: int) -> dt.datetime:
    return NOW - dt.timedelta(days=dias)


BIEN = CuentaVista(
    activa=True, creada=hace(400), ultimo_ingreso=hace(1), clave_desde=hace(10), fallidos=0, roles=(), preguntada=False
)  # fmt: skip


def codigos(cuenta: CuentaVista) -> list[str]:
    return [str(m["motivo"]) for m in motivos(cuenta, LIMITES, NOW)]


@pytest.mark.parametrize(
    ("cambio", "esperados"),
    [
        ({}, []),
        ({"ultimo_ingreso": hace(30)}, []),
        ({"ultimo_ingreso": hace(31)}, [accesos.SIN_INGRESO]),
        ({"ultimo_ingreso": None, "creada": hace(30)}, []),
        ({"ultimo_ingreso": None}, [accesos.NUNCA_INGRESO]),
        ({"fallidos": 4}, []),
        ({"fallidos": 5}, [accesos.FALLIDOS]),
        ({"clave_desde": hace(90)}, []),
        ({"clave_desde": hace(91)}, [accesos.CLAVE]),
        ({"preguntada": True}, [accesos.PREGUNTADA]),
        ({"fallidos": 9, "ultimo_ingreso": hace(47)}, [accesos.FALLIDOS, accesos.SIN_INGRESO]),
    ],
)
def test_each_limit_has_an_edge(cambio: dict[str, Any], esperados: list[str]) -> None:
    assert codigos(replace(BIEN, **cambio)) == esperados


@pytest.mark.parametrize(
    ("usado", "dias", "aparece"),
    [(False, 91, True), (False, 90, False), (True, 400, False), (None, 400, False)],
)
def test_a_role_is_looked_at_only_when_it_was_held_long_and_there_was_work_for_it(
    *, usado: bool | None, dias: int, aparece: bool
) -> None:
    rol = RolVisto("asesor", "BOG-AGU", hace(dias), usado)
    assert (codigos(replace(BIEN, roles=(rol,))) == [accesos.ROL_SIN_USO]) is aparece


def test_an_account_that_is_inactive_is_looked_at_only_when_somebody_tries_to_enter_with_it() -> (
    None
):
    inactiva = replace(
        BIEN, activa=False, ultimo_ingreso=hace(400), clave_desde=hace(400), preguntada=True
    )
    assert codigos(inactiva) == []
    assert codigos(replace(inactiva, fallidos=6)) == [accesos.FALLIDOS]


def test_roles_that_exclude_each_other_are_roles_and_exclude_nobody_from_themselves() -> None:
    for e in EXCLUSIONES:
        assert (e.unos | e.otros) <= set(ROLES)
        assert not e.unos & e.otros
