"""«Lo que le espera», the first page of the second half: each lane logs in to it, reads its month,
opens a task by keyboard."""

import re

from playwright.sync_api import expect

from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo
from tests.kit.clock import bogota

#: The lanes that begin here, and a duty of each.
CARRILES = {
    "agente.calidad": "Reportes de los puntos",
    "gerente": "Remitir el informe de noviembre",
    "gerente.operativo": "Congelar diciembre",
    "profesional01": "F189 e informe de la semana 23–29 nov",
    "jefe.ocm": "6-1 Revisión de accesos",
    "comite01": "Reunir los hallazgos",
    "interventor01": "Remitir el informe de noviembre",
    "admin.crm": "6-1 Revisión de accesos",
}


def test_each_lane_logs_in_to_what_waits_for_it(mundo: Mundo) -> None:
    p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    mundo.clock.move_to(bogota(2026, 12, 1, 6, 1))
    mundo.trabajador.quieto()
    for usuario, obligacion in CARRILES.items():
        pagina = mundo.persona(usuario)
        expect(p.titulo(pagina)).to_have_text("Lo que le espera")
        expect(pagina.get_by_role("link", name="Inicio", exact=True)).to_have_attribute(
            "aria-current", "page"
        )
        fechas = pagina.get_by_role("table", name="Obligaciones y de dónde sale cada fecha")
        expect(fechas.get_by_role("rowheader", name=re.compile(obligacion))).to_have_count(1)
        mirar(pagina, f"inicio de {usuario}")

    agente = mundo.persona("agente.calidad")
    mes = agente.get_by_role("table", name="Diciembre de 2026, por semanas")
    expect(mes.get_by_role("cell", name=re.compile("^7 .*Reportes de noviembre"))).to_be_visible()
    expect(
        mes.get_by_role("cell", name=re.compile("^8 · festivo ?: La Inmaculada Concepción"))
    ).to_be_visible()
    expect(
        mes.get_by_role("cell", name=re.compile("^1 · hoy .*Hecho: Se congela noviembre"))
    ).to_be_visible()
    primera = agente.get_by_role("link", name=re.compile("^5.2.23 Generar reporte del punto")).first
    primera.focus()
    agente.keyboard.press("Enter")
    expect(p.titulo(agente)).to_have_text("Reportes por enviar, noviembre de 2026")
    p.sin_faltas(mundo)
