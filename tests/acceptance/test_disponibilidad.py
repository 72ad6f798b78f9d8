"""Control 6-6 in the browser: after an outage the administrator of the CRM says what was on paper;
the panel opens down to it."""

import datetime as dt

from playwright.sync_api import expect

from records.informes.disponibilidad import REVISION
from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo
from webforms.base.servicios import EXTENSION
from webforms.sistemas.vigilancia import Marca, Vigia


def test_what_was_on_paper_is_told_and_the_panel_of_the_controls_leads_to_it(mundo: Mundo) -> None:
    """Control 6-6."""
    vigia = Vigia(mundo.app.extensions[EXTENSION].engine, Marca(mundo.carpeta))
    empezo = mundo.clock.now()
    for minuto in range(12):
        vigia.marca.anotar(empezo + dt.timedelta(minutes=minuto), "08006", REVISION)
    mundo.clock.move_to(empezo + dt.timedelta(minutes=12))
    vigia.mirar(mundo.clock.now())
    mundo.trabajador.quieto()
    assert "Ya responde." in p.cuerpo_del_correo(mundo, "El CRM no respondió durante 12 minutos")
    admin = mundo.persona("admin.crm")
    admin.goto("/bandeja")
    admin.get_by_role("link", name="Sincronizar registros en papel", exact=False).first.click()
    expect(admin.get_by_role("region", name="Cuándo no respondió el CRM")).to_contain_text("12 min")
    mirar(admin, "sincronizar registros en papel")
    admin.get_by_label("Registros que quedaron en papel").fill("3")
    p.acorde(admin, "Control+Enter")
    admin.get_by_role("link", name="Diga quién los digitó").click()
    admin.get_by_label("Quién los digitó").fill("Los asesores de Cali")
    p.acorde(admin, "Control+Enter")
    expect(admin.get_by_text("Quedó constancia de 3 registros en papel.")).to_be_visible()

    cumplimiento = mundo.persona("cumplimiento")
    cumplimiento.goto("/controles")
    mirar(cumplimiento, "panel de controles")
    cumplimiento.get_by_role("region", name="6-6 Disponibilidad del CRM").get_by_role(
        "link"
    ).click()
    mirar(cumplimiento, "filas del control 6-6")
    cumplimiento.get_by_role("table").get_by_role("link").first.click()
    expect(cumplimiento.get_by_role("region", name="Cuándo no respondió")).to_contain_text(
        "digitados por Los asesores de Cali"
    )
    mirar(cumplimiento, "disponibilidad del CRM")
    cumplimiento.goto("/controles")
    cumplimiento.get_by_role(
        "link", name="Quien hace «Generar reporte del punto» no hace «Revisar reporte del punto»"
    ).click()
    mirar(cumplimiento, "una regla de separación")
    p.sin_faltas(mundo)
