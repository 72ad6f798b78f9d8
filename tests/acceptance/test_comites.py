"""The quality committee in the browser (5.2.30–5.2.31): answered, convened, voted by each member,
minuted, closed with evidence."""

from typing import Any

from playwright.sync_api import expect

from engine import reads
from engine.reads.items import InboxFilter
from engine.states import ActorKind
from engine.types import Actor, Role
from tests.acceptance import pasos as p
from tests.acceptance.lupa import con_errores, mirar
from tests.acceptance.mundo import Mundo
from tests.kit.clock import bogota
from webforms.salas import FORMS

BIEN = {
    "coherencia": "si",
    "pertinencia": "si",
    "oportunidad": "si",
    "registro_crm": "completo",
    "escalonado": "no_aplica",
}


def hacer(mundo: Mundo, elemento: str, usuario: str, rol: str, **valores: Any) -> None:
    """The week before, through the forms' own records: it is walked in test_auditorias.py."""
    quien = Actor(ActorKind.PERSON, usuario, frozenset({Role(rol, None)}))
    with mundo.sesion() as s:
        abiertas = reads.items.inbox(s, quien, InboxFilter(element=elemento))
        formas = {item.id: reads.items.item(s, item.id) for item in abiertas}
    claves = {
        "act_5_2_27": "profesional.f189",
        "us_sortear": "profesional.sortear_observacion",
        "act_5_2_28": "profesional.informe_auditoria",
        "act_5_2_29": "jefe.revisar_auditoria",
    }
    for item in formas.values():
        records = FORMS[claves[elemento]].records
        mundo.engine.items.complete(
            item.id, values=valores, actor=quien, now=mundo.clock.now(), records=records
        )
    mundo.trabajador.quieto()


def auditada(mundo: Mundo) -> None:
    """A week with one attention that had a fatal error, whose report was sent."""
    p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    mundo.clock.move_to(bogota(2026, 11, 30, 7, 1))
    mundo.trabajador.quieto()
    mal = {"solucion": "no", "por_que_7_4": "Debe volver.", "fatales": ["informacion_falsa"]}
    mal |= {"que_paso": "Dijo que el pago no existía."}
    hacer(mundo, "act_5_2_27", "profesional01", "profesional_ocm", evaluable=True, **BIEN, **mal)
    hacer(
        mundo,
        "us_sortear",
        "profesional01",
        "profesional_ocm",
        observa=False,
        motivo="En toda la mañana no llegó nadie.",
    )
    hacer(
        mundo,
        "act_5_2_28",
        "profesional01",
        "profesional_ocm",
        conclusiones="Una atención de una, con un error fatal.",
    )
    hacer(mundo, "act_5_2_29", "jefe.ocm", "jefe_ocm", remite=True)


def test_a_committee_answers_votes_and_closes_a_finding_by_each_role(mundo: Mundo) -> None:
    auditada(mundo)
    mundo.clock.move_to(bogota(2026, 12, 11, 8, 1))
    mundo.trabajador.quieto()
    gerente = mundo.persona("gerente")
    gerente.goto("/bandeja")
    gerente.get_by_role("link", name="Evaluar inconsistencias y tomar acciones: H-001").click()
    expect(gerente.get_by_text("Dijo que el pago no existía.")).to_be_visible()
    mirar(gerente, "5.2.30")
    con_errores(gerente, "5.2.30")
    gerente.get_by_label("Causa").fill("No consultó antes de dar el dato.")
    gerente.get_by_label("Acción").fill(
        "Se consulta en C&CTEX y se lee en pantalla antes de responder."
    )
    gerente.get_by_label("Responsable").select_option("agente.calidad")
    gerente.get_by_label("Fecha").fill("30/12/2026")
    gerente.get_by_role("button", name="Enviar la respuesta al comité").click()
    expect(gerente.get_by_text("La respuesta a H-001 espera al comité.")).to_be_visible()
    mundo.trabajador.quieto()

    preside = p.seguir_correo(
        mundo, "Comité de calidad de diciembre de 2026: convocatoria", "comite01"
    )
    expect(preside.get_by_text("Sin quórum: 0 de 5")).to_be_visible()
    mirar(preside, "comité sin quórum")
    miembros = [preside, mundo.persona("comite02"), mundo.persona("comite03")]
    preside.goto("/comites")
    mirar(preside, "comités")
    for miembro in miembros:
        miembro.goto("/comites")
        miembro.get_by_role("link", name="diciembre de 2026").click()
        miembro.get_by_role("button", name="Registrar mi asistencia").click()
        expect(miembro.get_by_text("Quedó su asistencia")).to_be_visible()
    for miembro, voto in zip(
        miembros, ("Acepta la respuesta", "Acepta la respuesta", "No la acepta"), strict=True
    ):
        miembro.reload()
        expect(miembro.get_by_text("Hay quórum: 3 de 5")).to_be_visible()
        p.marcar(miembro, "Su voto sobre H-001", voto)
        if voto == "No la acepta":
            miembro.get_by_role("button", name="Votar H-001").click()
            expect(miembro.get_by_role("alert")).to_contain_text(
                "Escriba por qué no acepta la respuesta"
            )
            mirar(miembro, "voto sin motivo")
            miembro.get_by_label("Motivo").fill("No dice cómo se comprueba que sirvió.")
        miembro.get_by_role("button", name="Votar H-001").click()
        expect(miembro.get_by_text("Quedó su voto sobre H-001.")).to_be_visible()
        expect(miembro.get_by_text("Usted ya votó este hallazgo.")).to_be_visible()
    mirar(preside, "comité en sesión")

    preside.goto("/bandeja")
    preside.get_by_role(
        "link", name="Evaluar inconsistencias y respuestas: diciembre de 2026"
    ).click()
    expect(preside.get_by_text("«No dice cómo se comprueba que sirvió.»")).to_be_visible()
    mirar(preside, "5.2.31")
    preside.get_by_label("Desarrollo de la sesión").fill(
        "Se pidió al Gerente traer la fecha por punto."
    )
    preside.get_by_role("button", name="Levantar la sesión").click()
    expect(preside.get_by_text("La sesión terminó y el acta está levantada.")).to_be_visible()
    preside.goto("/comites")
    preside.get_by_role("link", name="diciembre de 2026").click()
    preside.get_by_role("link", name="Ver el acta").click()
    expect(preside.get_by_text("Respuesta aceptada")).to_be_visible()
    mirar(preside, "acta")

    auditora = mundo.persona("profesional01")
    auditora.goto("/hallazgos")
    mirar(auditora, "hallazgos")
    auditora.get_by_role("link", name="H-001", exact=True).click()
    auditora.get_by_role("button", name="Cerrar la acción").click()
    expect(auditora.get_by_role("alert")).to_contain_text("Escriba con qué se comprobó")
    mirar(auditora, "cierre con error")
    auditora.get_by_label("Con qué se comprobó").fill(
        "Cinco atenciones revisadas, sin el hallazgo."
    )
    auditora.get_by_role("button", name="Cerrar la acción").click()
    expect(
        auditora.get_by_text("La acción de H-001 quedó cerrada, con su evidencia.")
    ).to_be_visible()
    mirar(auditora, "hallazgo cerrado")
    p.sin_faltas(mundo)
