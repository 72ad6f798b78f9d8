"""5.2.32 and A4-2-02 in the browser, by each role: sent by both media, fetched by its link,
acknowledged, presented, certified."""

import hashlib
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from engine import reads
from engine.reads.items import InboxFilter
from engine.states import ActorKind
from engine.types import Actor, Data, Role
from records.informes.reportes import mes_de
from records.interventoria import interventoria
from tests.acceptance import pasos as p
from tests.acceptance.lupa import con_errores, mirar
from tests.acceptance.mundo import Mundo
from tests.kit.clock import bogota
from webforms.base.personas import nombre_de
from webforms.salas import FORMS

NOVIEMBRE = "noviembre de 2026"


def test_a_month_is_delivered_acknowledged_presented_and_certified_by_each_role(
    mundo: Mundo, tmp_path: Path
) -> None:
    p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    informar(mundo)
    gerente, uno, dos = (
        mundo.persona("gerente"),
        mundo.persona("interventor01"),
        mundo.persona("interventor02"),
    )

    with mundo.sesion() as s:
        nombres = [nombre_de(s, f"interventor0{n}") for n in (1, 2, 3)]
    gerente.goto("/bandeja")
    gerente.get_by_role("link", name=f"Remitir informe: {nombres[0]}, {NOVIEMBRE}").click()
    expect(gerente.get_by_text("páginas").first).to_be_visible()
    mirar(gerente, "5.2.32")
    gerente.get_by_role("button", name="Registrar el envío").click()
    con_errores(gerente, "5.2.32")
    for n in (1, 2, 3):
        if n > 1:
            expect(gerente.get_by_text("salió hacia").first).to_be_visible()
        expect(p.titulo(gerente)).to_contain_text(nombres[n - 1])
        gerente.get_by_label("Guía o radicado del juego impreso").fill(f"GUIA-{n}")
        p.marcar(
            gerente,
            "¿Cómo va el medio magnético?",
            "Enlace de un solo uso, al correo del interventor",
        )
        gerente.get_by_role("button", name="Registrar el envío").click()
    expect(p.titulo(gerente)).to_contain_text("5.2.32 Presentar en Comité Interventor")
    mundo.trabajador.quieto()

    enlace = re.search(
        r"/entrega/\S+", p.cuerpo_del_correo(mundo, "Informe mensual de noviembre de 2026")
    )
    assert enlace is not None
    visita = mundo.publico()
    visita.goto(enlace[0])
    expect(visita.get_by_role("heading", level=1)).to_have_text(
        "Informe mensual de noviembre de 2026"
    )
    mirar(visita, "enlace de un solo uso")
    with visita.expect_download() as bajada:
        visita.get_by_role("button", name="Descargar el paquete").click()
    bajada.value.save_as(tmp_path / "informe.zip")
    with mundo.sesion() as s:
        paquete = interventoria.del_mes(s, mes_de("2026-11"))
        assert paquete is not None
        assert hashlib.sha256((tmp_path / "informe.zip").read_bytes()).hexdigest() == paquete.huella
    visita.reload()
    expect(visita.get_by_role("heading", level=1)).to_have_text("Este enlace ya se usó")

    uno.goto("/bandeja")
    uno.get_by_role("navigation", name="Principal").get_by_role("link", name="Contrato").click()
    expect(uno.get_by_text("Falta su acuse del informe de noviembre de 2026")).to_be_visible()
    mirar(uno, "interventoría")
    uno.get_by_role("link", name="Acusar recibo").click()
    mirar(uno, "entrega del mes, con acuses por dar")
    for medio in ("medio físico", "medio magnético"):
        uno.get_by_role("button", name=f"Acusar recibo del {medio}").click()
        expect(uno.get_by_text(f"Quedó su acuse de recibo del {medio}")).to_be_visible()
    mundo.trabajador.quieto()

    mundo.clock.move_to(bogota(2026, 12, 4, 16, 0))
    mundo.trabajador.quieto()
    gerente = mundo.persona("gerente")
    uno, dos = mundo.persona("interventor01"), mundo.persona("interventor02")
    abrir(gerente, "Presentar en Comité Interventor")
    mirar(gerente, "5.2.32b")
    gerente.get_by_role("button", name="Registrar el acta").click()
    con_errores(gerente, "5.2.32b")
    gerente.get_by_label("Fecha de la reunión").fill("04/12/2026")
    gerente.locator("input[name=asistieron]").first.check()
    gerente.get_by_label("Acta").fill("Se presentó el informe del mes y se analizó en conjunto.")
    gerente.get_by_role("button", name="Registrar el acta").click()
    mundo.trabajador.quieto()

    abrir(uno, "Verificar obligaciones e indicadores (ANS)")
    mirar(uno, "A4-2-02, actividad 10")
    p.marcar(uno, "¿Se cumplieron las obligaciones?", "No, hay que requerir al contratista")
    uno.get_by_label("Qué verificó").fill("El punto de Aguas atendió a una sola persona en el mes.")
    uno.get_by_role("button", name="Terminar la verificación").click()
    abrir(uno, "Requerir al contratista")
    uno.get_by_label("Qué se requiere al contratista").fill(
        "Explique por qué el punto de Aguas no abrió."
    )
    uno.get_by_role("button", name="Requerir al contratista").click()
    mundo.trabajador.quieto()

    abrir(gerente, "Responder el requerimiento")
    mirar(gerente, "A4-2-02, descargos")
    gerente.get_by_role("button", name="Responder a la Interventoría").click()
    con_errores(gerente, "A4-2-02, descargos")
    gerente.get_by_label("Descargos").fill("El punto estuvo en obra; vuelve a abrir en enero.")
    gerente.get_by_role("button", name="Responder a la Interventoría").click()
    mundo.trabajador.quieto()

    abrir(uno, "Informe de supervisión")
    expect(uno.get_by_text("vuelve a abrir en enero").first).to_be_visible()
    uno.get_by_label("Informe de supervisión").fill(
        "El contratista respondió; se descuenta el mes del punto cerrado."
    )
    uno.get_by_label("Otro descuento, en pesos").fill("1500000")
    uno.get_by_role("button", name="Terminar el informe").click()
    abrir(dos, "Certificar cumplimiento para pago")
    mirar(dos, "A4-2-02, actividad 13")
    p.marcar(dos, "¿Certifica el cumplimiento para pago?", "Sí, se puede pagar el mes")
    dos.get_by_label("Motivo").fill("Con el descuento del informe.")
    dos.get_by_role("button", name="Certificar").click()
    mundo.trabajador.quieto()
    dos.goto("/interventoria/2026-11")
    expect(dos.get_by_text("Archivo en la carpeta del contrato")).to_be_visible()
    mirar(dos, "entrega del mes, certificada")
    p.sin_faltas(mundo)


def abrir(pagina: Page, que: str) -> None:
    pagina.goto("/bandeja")
    pagina.get_by_role("link", name=f"{que}: {NOVIEMBRE}").click()


def informar(mundo: Mundo) -> None:
    """November's reports, approved and joined, through the forms' own records."""
    mundo.clock.move_to(bogota(2026, 12, 1, 6, 1))
    mundo.trabajador.quieto()
    for usuario, rol, elemento, forma, valores in (
        (
            "agente.calidad",
            "agente_calidad",
            "act_5_2_23",
            "agente_calidad.generar_reporte",
            {"comentarios": "Sin novedades en el mes."},
        ),
        (
            "gerente",
            "gerente_outsourcing",
            "act_5_2_24",
            "gerente.revisar_reporte",
            {"cumple_requisitos": True},
        ),
        (
            "gerente.operativo",
            "gerente_operativo",
            "act_5_2_26",
            "gerente_operativo.consolidar",
            {"conclusiones": "Aguas abre en enero."},
        ),
    ):
        quien = Actor(ActorKind.PERSON, usuario, frozenset({Role(rol, None)}))
        with mundo.sesion() as s:
            abiertas = reads.items.inbox(s, quien, InboxFilter(element=elemento))
        for item in abiertas:
            datos: Data = valores
            mundo.engine.items.complete(
                item.id,
                values=datos,
                actor=quien,
                now=mundo.clock.now(),
                records=FORMS[forma].records,
            )
    mundo.trabajador.quieto()
