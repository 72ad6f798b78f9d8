"""Control 6-1 in the browser: the administrator of the CRM decides on the accounts, the head of the
OCM on that of who decided."""

import datetime as dt

import sqlalchemy as sa
from playwright.sync_api import expect

from demo.cuentas import CLAVE
from records.cuentas.tablas import Cuenta
from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo
from tests.kit.clock import bogota


def test_accounts_are_decided_and_that_of_who_decided_by_another(mundo: Mundo) -> None:
    """Control 6-1."""
    ahora = mundo.clock.now()
    vieja = (
        sa.update(Cuenta)
        .where(Cuenta.usuario == "admin.crm")
        .values(clave_cambiada=ahora - dt.timedelta(days=120))
    )
    quieta = (
        sa.update(Cuenta)
        .where(Cuenta.usuario == "interventor03")
        .values(ultimo_ingreso=ahora - dt.timedelta(days=60))
    )
    with mundo.sesion(escribe=True) as s:
        for cambio in (sa.update(Cuenta).values(ultimo_ingreso=ahora), vieja, quieta):
            s.execute(cambio)
        s.commit()
    mundo.clock.move_to(bogota(2026, 11, 30, 7, 1))
    mundo.trabajador.quieto()
    admin = mundo.persona("admin.crm")
    admin.goto("/bandeja")
    admin.get_by_role("link", name="Verificar manejo de claves", exact=False).first.click()
    mirar(admin, "verificar manejo de claves")
    p.acorde(admin, "Control+Enter")
    admin.get_by_role("link", name="Decida sobre la cuenta interventor03").click()
    expect(admin.get_by_label("Decisión sobre interventor03")).to_be_focused()
    admin.get_by_label("Decisión sobre interventor03").select_option("Se inactiva")
    admin.get_by_label("Nota sobre interventor03").fill("Terminó su contrato.")
    p.acorde(admin, "Control+Enter")
    expect(admin.get_by_text("Quedó la decisión sobre 1 cuenta.")).to_be_visible()

    fuera = mundo.publico()
    fuera.goto("/ingresar")
    fuera.get_by_label("Usuario").fill("interventor03")
    fuera.get_by_label("Contraseña", exact=True).fill(CLAVE)
    fuera.get_by_role("button", name="Ingresar").click()
    expect(fuera.get_by_text("El usuario o la contraseña no son correctos")).to_be_visible()

    jefe = mundo.persona("jefe.ocm")
    jefe.goto("/bandeja")
    jefe.get_by_role("link", name="Decidir la cuenta de quien revisó", exact=False).first.click()
    mirar(jefe, "decidir la cuenta de quien revisó")
    jefe.get_by_label("Decisión sobre admin.crm").select_option("Se conserva")
    p.acorde(jefe, "Control+Enter")
    expect(jefe.get_by_text("Quedó la decisión sobre 1 cuenta.")).to_be_visible()
    jefe.goto("/accesos")
    mirar(jefe, "revisiones de accesos")
    jefe.get_by_role("link", name="lun 30 nov").click()
    expect(jefe.get_by_text("Terminó su contrato.")).to_be_visible()
    mirar(jefe, "una revisión de accesos")
    p.sin_faltas(mundo)
