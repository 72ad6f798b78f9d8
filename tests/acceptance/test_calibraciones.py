"""A calibration in the browser (SUPUESTO Q29): begun at an F189, scored apart by two, looked at by
nobody before, agreed."""

import pytest
from playwright.sync_api import Page, expect

from engine import reads
from engine.reads.items import InboxFilter
from engine.states import ActorKind
from engine.types import Actor, Role
from tests.acceptance import pasos as p
from tests.acceptance.lupa import con_errores, mirar
from tests.acceptance.mundo import Mundo
from tests.kit.clock import bogota
from webforms.salas import FORMS

TAREA = "Calificar en calibración: Bogotá, Aguas (central), atención"
BIEN = {
    "oportunidad": "si",
    "coherencia": "si",
    "pertinencia": "si",
    "solucion": "si",
    "registro_crm": "completo",
    "escalonado": "correcto",
}


@pytest.mark.long
def test_two_auditors_score_the_same_attention_apart_and_it_is_agreed(mundo: Mundo) -> None:
    p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    mundo.clock.move_to(bogota(2026, 11, 30, 7, 1))
    mundo.trabajador.quieto()
    una, otra, jefe = (
        mundo.persona("profesional01"),
        mundo.persona("profesional02"),
        mundo.persona("jefe.ocm"),
    )
    auditada(mundo)

    jefe.goto("/calibraciones")
    jefe.get_by_role("button", name="Nueva calibración").click()
    con_errores(jefe, "escoger")
    jefe.get_by_label("De qué auditoría").select_option(label="Semana 23–29 de noviembre de 2026")
    jefe.get_by_role("checkbox").nth(0).check()
    jefe.get_by_role("checkbox").nth(1).check()
    jefe.get_by_role("button", name="Empezar la calibración").click()
    expect(jefe.get_by_text("2 auditores la tienen en su bandeja.")).to_be_visible()

    califica(una, solucion="Sí")
    una.goto("/calibraciones")
    una.get_by_role("link", name="BOG-AGU-").click()
    expect(una.get_by_text("Cada uno califica sin ver a los otros")).to_be_visible()
    mirar(una, "a ciegas")
    otra.goto("/bandeja?vista=mias")
    otra.get_by_role("link", name=TAREA).click()
    mirar(otra, "calificar")
    califica(otra, solucion="No")

    jefe.goto("/bandeja")
    jefe.get_by_role("link", name="Acordar y cerrar: Bogotá, Aguas").click()
    expect(jefe.get_by_role("heading", name="Dónde difieren")).to_be_visible()
    mirar(jefe, "acordar")
    con_errores(jefe, "acordar")
    p.marcar(jefe, "Solución del problema", "No")
    jefe.get_by_label("Qué se acordó").fill("Solución es no cuando la persona debe volver.")
    jefe.get_by_role("button", name="Cerrar con acuerdo").click()
    expect(jefe.get_by_text("La calibración quedó cerrada")).to_be_visible()
    otra.goto("/auditorias")
    otra.get_by_role("link", name="Calibraciones").click()
    mirar(otra, "calibraciones")
    otra.get_by_role("link", name="BOG-AGU-").click()
    expect(otra.get_by_text("Solución es no cuando la persona debe volver.")).to_be_visible()
    expect(otra.get_by_role("cell", name="+6,25")).to_be_visible()
    mirar(otra, "calibración")
    p.sin_faltas(mundo)


def califica(auditor: Page, *, solucion: str) -> None:
    auditor.goto("/bandeja?vista=mias")
    auditor.get_by_role("link", name=TAREA).click()
    for pregunta in ("Oportunidad", "Coherencia", "Pertinencia"):
        p.marcar(auditor, pregunta, "Sí")
    p.marcar(auditor, "Solución del problema", solucion)
    if solucion == "No":
        auditor.get_by_label("Por qué no hubo solución").fill("Debe volver por el recibo.")
    p.marcar(auditor, "Cómo quedó", "Completo")
    p.marcar(auditor, "Cómo se escaló", "Correcto y a tiempo")
    auditor.get_by_role("button", name="Enviar mi calificación").click()
    expect(auditor.get_by_text("Su calificación:")).to_be_visible()


def auditada(mundo: Mundo) -> None:
    """The F189 of the audit, through the form's own records."""
    quien = Actor(ActorKind.PERSON, "profesional03", frozenset({Role("profesional_ocm", None)}))
    with mundo.sesion() as s:
        abiertas = reads.items.inbox(s, quien, InboxFilter(element="act_5_2_27"))
    for item in abiertas:
        valores = {**BIEN, "evaluable": True, "fatales": []}
        mundo.engine.items.complete(
            item.id,
            values=valores,
            actor=quien,
            now=mundo.clock.now(),
            records=FORMS["profesional.f189"].records,
        )
