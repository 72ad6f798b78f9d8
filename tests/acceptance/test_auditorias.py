"""The weekly audit in the browser (5.2.27–5.2.29), by each role: drawn, evaluated, sent back, sent,
acknowledged, answered."""

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

PORQUE = "La persona debe volver por un documento que se le podía entregar."


def test_a_week_is_audited_by_each_role_and_the_adviser_answers(mundo: Mundo) -> None:
    """Condition 4.7: each week, by channel, with visits to the points."""
    p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    mundo.clock.move_to(bogota(2026, 11, 30, 7, 1))
    mundo.trabajador.quieto()
    auditora, jefe, gerente = (
        mundo.persona("profesional01"),
        mundo.persona("jefe.ocm"),
        mundo.persona("gerente"),
    )

    auditora.goto("/bandeja")
    auditora.get_by_role("link", name="Diligenciar F189: Bogotá, Aguas (central), atención").click()
    expect(auditora.get_by_text("Por su expediente")).to_be_visible()
    mirar(auditora, "5.2.27")
    con_errores(auditora, "5.2.27")
    p.marcar(auditora, "Oportunidad", "Sí")
    p.marcar(auditora, "Coherencia", "Sí")
    p.marcar(auditora, "Pertinencia", "Sí")
    expect(auditora.get_by_label("Por qué no hubo solución")).to_be_hidden()
    p.marcar(auditora, "Solución del problema", "No")
    auditora.get_by_label("Por qué no hubo solución").fill(PORQUE)
    auditora.locator("summary", has_text="Errores fatales").click()
    auditora.get_by_role("checkbox", name="Dio información falsa").check()
    auditora.get_by_label("Qué pasó", exact=True).fill(
        "Dijo que el pago no existía; está en C&CTEX."
    )
    p.acorde(auditora, "Control+Enter")
    expect(auditora.get_by_text("F189: 0,0 de 100, deficiente.")).to_be_visible()

    auditora.goto("/bandeja")
    auditora.get_by_role("link", name="Sortear la que se observa").first.click()
    p.marcar(auditora, "¿Observa ahora?", "Sí, sortear a quién")
    con_errores(auditora, "sorteo sin nadie")
    p.marcar(auditora, "¿Observa ahora?", "No: terminó la visita y no hubo a quién observar")
    auditora.get_by_label("Qué pasó en la visita").fill("En toda la mañana no llegó nadie.")
    auditora.get_by_role("button", name="Seguir").click()
    expect(
        auditora.get_by_text("Quedó que en esta visita no se observó, y por qué.")
    ).to_be_visible()
    sin_nadie(mundo)

    auditora.goto("/bandeja")
    auditora.get_by_role(
        "link", name="Elaborar informe de auditoría: semana 23–29 de noviembre de 2026"
    ).click()
    expect(auditora.get_by_text("Dijo que el pago no existía; está en C&CTEX.")).to_be_visible()
    mirar(auditora, "5.2.28")
    con_errores(auditora, "5.2.28")
    auditora.get_by_label("Conclusiones de la auditoría").fill(
        "Una atención de una, con un error fatal."
    )
    auditora.get_by_role("button", name="Entregar al Jefe de la Oficina").click()

    for remite in (False, True):
        jefe.goto("/bandeja")
        jefe.get_by_role(
            "link", name="Revisar el informe: semana 23–29 de noviembre de 2026"
        ).click()
        expect(jefe.get_by_text("Una atención de una, con un error fatal.")).to_be_visible()
        mirar(jefe, "5.2.29")
        p.marcar(
            jefe,
            "¿Remite el informe?",
            "Sí, remitir copia al Outsourcing"
            if remite
            else "No, devolver a quien lo hizo (5.2.28)",
        )
        if not remite:
            con_errores(jefe, "5.2.29")
            jefe.get_by_label("Qué falta en el informe").fill("Diga en qué punto fue.")
        jefe.get_by_role("button", name="Terminar la revisión").click()
        if not remite:
            auditora.goto("/bandeja")
            auditora.get_by_role(
                "link", name="Elaborar informe de auditoría: semana 23–29 de noviembre de 2026"
            ).click()
            expect(auditora.get_by_text("Diga en qué punto fue.")).to_be_visible()
            auditora.get_by_role("button", name="Entregar al Jefe de la Oficina").click()
    expect(
        jefe.get_by_text("El informe se remite al Outsourcing; cada asesor ve sus F189.")
    ).to_be_visible()
    mundo.trabajador.quieto()

    pagina = p.seguir_correo(
        mundo, "Informe de la auditoría de la semana 23–29 de noviembre de 2026", "gerente"
    )
    expect(pagina.get_by_role("heading", level=1)).to_contain_text(
        "Auditoría de la semana 23–29 de noviembre de 2026"
    )
    gerente.goto("/bandeja")
    gerente.get_by_role(
        "link", name="Acusar recibo del informe: semana 23–29 de noviembre de 2026"
    ).click()
    mirar(gerente, "acuse")
    gerente.get_by_role("button", name="Acusar recibo").click()
    jefe.goto("/auditorias")
    mirar(jefe, "auditorías")
    jefe.get_by_role("link", name="23–29 de noviembre de 2026").click()
    mirar(jefe, "auditoría")
    jefe.get_by_role("link", name="Ver la muestra y volver a sacarla").click()
    expect(jefe.get_by_text("Sale la misma: 1 de 1 iguales.")).to_be_visible()
    mirar(jefe, "muestra")
    jefe.get_by_role("link", name="0,0", exact=True).click()
    mirar(jefe, "F189")

    asesora = p.seguir_correo(
        mundo, "Su F189 de la semana 23–29 de noviembre de 2026", "asesor.bog01"
    )
    mirar(asesora, "mi calidad")
    asesora.get_by_role("link", name="23–29 de noviembre de 2026").click()
    expect(asesora.get_by_text(PORQUE)).to_be_visible()
    mirar(asesora, "mi F189")
    asesora.get_by_label("Qué quiere que el comité sepa").fill(
        "La consulta no respondía a esa hora."
    )
    asesora.get_by_role("button", name="Acusar recibo").click()
    expect(asesora.get_by_text("Quedó su acuse y su respuesta.")).to_be_visible()
    jefe.reload()
    expect(jefe.get_by_text("La consulta no respondía a esa hora.")).to_be_visible()
    p.sin_faltas(mundo)


def sin_nadie(mundo: Mundo) -> None:
    """The other visits, through the forms' own records."""
    quien = Actor(ActorKind.PERSON, "profesional02", frozenset({Role("profesional_ocm", None)}))
    with mundo.sesion() as s:
        abiertas = reads.items.inbox(s, quien, InboxFilter(element="us_sortear"))
    for item in abiertas:
        valores = {"observa": False, "motivo": "En toda la mañana no llegó nadie."}
        records = FORMS["profesional.sortear_observacion"].records
        mundo.engine.items.complete(
            item.id, values=valores, actor=quien, now=mundo.clock.now(), records=records
        )
    mundo.trabajador.quieto()
