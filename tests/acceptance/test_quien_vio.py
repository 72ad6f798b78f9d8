"""Who has looked at a person's data, where, what and why: the read log as compliance reads it
(reserva bancaria, control 6-2)."""

import datetime as dt

import sqlalchemy as sa
from playwright.sync_api import expect

from records.cuentas.tablas import Cuenta, RolAsignado
from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo


def test_compliance_sees_who_saw_a_person_and_who_had_no_case_of_theirs(mundo: Mundo) -> None:
    _tipo, numero = documento = mundo.titular()
    asesor = mundo.persona("asesor.bog01")
    caso = p.caso_escalado(mundo, asesor, titular=documento)
    # searched from another point: he had nothing to do with it
    mundo.persona("asesor.med01").goto(f"/caso/{caso.case_key}")
    funcionario = mundo.persona("funcionario.vcc01")
    # of the area that has it, and nobody has given it to him
    funcionario.goto(f"/caso/{caso.case_key}")
    mundo.persona("coordinador").goto(f"/caso/{caso.case_key}")
    mundo.clock.advance(dt.timedelta(minutes=1))
    with mundo.sesion(escribe=True) as session:  # he coordinates no more: then he did
        suya = sa.select(Cuenta.id).where(Cuenta.usuario == "coordinador").scalar_subquery()
        session.execute(
            sa.update(RolAsignado)
            .where(RolAsignado.cuenta_id == suya)
            .values(vigente_hasta=mundo.clock.now())
        )
        session.commit()

    cumplimiento = mundo.persona("cumplimiento")
    cumplimiento.goto("/cumplimiento")
    cumplimiento.get_by_role("link", name="Quién ha visto los datos de una persona").click()
    mirar(cumplimiento, "quién vio, vacío")
    cumplimiento.get_by_role("button", name="Consultar").click()
    mirar(cumplimiento, "quién vio, con errores")
    expect(cumplimiento.locator(".resumen-error")).to_contain_text("Escriba por qué consulta")
    cumplimiento.get_by_label("Número de documento").fill("123")
    cumplimiento.get_by_label("Por qué lo consulta").fill("Habeas data 2026-0140022")
    cumplimiento.get_by_role("button", name="Consultar").click()
    expect(cumplimiento.locator(".resumen-error")).to_contain_text("Nadie tiene este documento")
    expect(cumplimiento.get_by_label("Por qué lo consulta")).to_have_value(
        "Habeas data 2026-0140022"
    )
    cumplimiento.get_by_label("Número de documento").fill(numero)
    cumplimiento.get_by_role("button", name="Consultar").click()

    expect(cumplimiento.get_by_text("1 vez sin relación con un caso")).to_be_visible()
    filas = [
        " | ".join(f.split("\t"))
        for f in cumplimiento.locator("section table tbody tr").all_inner_texts()
    ]
    assert numero not in cumplimiento.url
    assert "consulta_" not in cumplimiento.locator("main").inner_text()  # in words
    (sistemas,) = [f for f in filas if "Sus créditos en C&CTEX" in f]
    assert "La atendía, con su titularidad verificada (5.2.9)" in sistemas
    assert "turno A001, Bogotá, Aguas" in sistemas
    assert "Asesor" in sistemas  # who attended, not the machine that asked
    assert [f for f in filas if "Su rol ve todos los casos: Coordinador GAU" in f]
    (esta,) = [f for f in filas if "«Habeas data 2026-0140022»" in f]  # who asks is seen, too
    assert "Cumplimiento" in esta
    (ajena,) = [f for f in filas if "Sin caso a cargo" in f]
    assert "Funcionario" in ajena
    mirar(cumplimiento, "quién vio")

    expect(cumplimiento.get_by_role("heading", level=2).first).to_be_focused()
    cumplimiento.get_by_label("Número de documento").fill(numero)
    cumplimiento.get_by_label("Desde").fill("01/01/2020")
    cumplimiento.get_by_label("Hasta").fill("02/01/2020")
    cumplimiento.get_by_role("button", name="Consultar").click()
    expect(
        cumplimiento.get_by_text("Del mié 1 ene 2020 al jue 2 ene 2020: 0 veces.", exact=True)
    ).to_be_visible()
    cumplimiento.get_by_label("Desde").fill("")
    cumplimiento.get_by_label("Hasta").fill("")

    otra = mundo.titular(n=3)[1]
    cumplimiento.get_by_label("Número de documento").fill(otra)
    cumplimiento.get_by_role("button", name="Consultar").click()
    # only that it was asked now
    expect(cumplimiento.locator("section table tbody tr")).to_have_count(1)
