"""Two months of the whole procedure on a given clock: from the kiosk to the certificate for
payment, with nothing but the forms.

Each role does its part in the browser at least once; what comes again is the same page, read and
sent as a browser sends it. M5-1-02 5.2.1–5.2.32, section 6, A4-2-02.
"""

import datetime as dt
import re

import lxml.html
import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from demo.cuentas import CLAVE
from records.interventoria.interventoria import ENLACE
from records.plazos.reglas.calendario import dia_local
from tests.acceptance import pasos as p
from tests.acceptance.mundo import Mundo
from tests.acceptance.pasos import CasoEscalado
from tests.acceptance.test_escrita import (
    digitalizar,
    la_entregan,
    responde_el_area,
    sale_con_guia,
    se_firma,
)
from tests.acceptance.test_radicacion import entregar, recibir
from tests.kit.clock import bogota
from tests.kit.web import csrf

MANANA = dt.timedelta(days=1)
FORMULARIO = "Formulario de la actividad"
MIEMBROS = ("comite01", "comite02", "comite03")
Valor = str | list[str]

BIEN: dict[str, Valor] = {
    "evaluable": "si",
    **dict.fromkeys(("oportunidad", "coherencia", "pertinencia", "solucion"), "si"),
}
CON_ERROR_FATAL: dict[str, Valor] = {
    **BIEN,
    "solucion": "no",
    "por_que_7_4": "Debe volver por un dato que se le podía dar.",
    "fatales": ["informacion_falsa"],
    "que_paso": "Dijo que el pago no existía; está en C&CTEX.",
}
DE_TODOS_LOS_MESES = (2, 3, 4, 7, 8, 10, 12, 14, 16, 17, 18, *range(23, 33))
#: One account of each role that has tasks of its own; who convenes, sits and votes does so on the
#: page of the committee.
DE_CADA_PAPEL = {
    *(
        "asesor.bog01",
        "gestion.documental",
        "funcionario.vcc01",
        "lider.vcc",
        "coordinador",
        "admin.crm",
        "agente.calidad",
        "gerente",
    ),
    *("gerente.operativo", "profesional01", "jefe.ocm", "comite01", "interventor01"),
}
INTERVENTORES = ("interventor01", "interventor02", "interventor03")
ACTA: dict[str, Valor] = {
    "asistieron": list(INTERVENTORES[:2]),
    "acta": "Se presentó el informe del mes y se analizó en conjunto.",
}
#: What each does every day, before anything of note: who, the task as the inbox names it, what is
#: written in its form.
RUTINA: tuple[tuple[str, str, dict[str, Valor]], ...] = (
    ("coordinador", "Revisar reporte de fallas", {"nota": "Se responde hoy."}),
    ("admin.crm", "Verificar manejo de claves", {}),
    ("jefe.ocm", "Decidir la cuenta de quien revisó", {}),
    (
        "profesional02",
        "Sortear la que se observa",
        {"observa": "no", "motivo": "En toda la mañana no llegó nadie."},
    ),
    ("profesional02", "5.2.27 Diligenciar F189", BIEN),
    (
        "profesional01",
        "5.2.28 Elaborar informe",
        {"conclusiones": "Se evaluó lo que salió en la muestra de la semana."},
    ),
    ("jefe.ocm", "5.2.29 Revisar", {"remite": "si"}),
    ("gerente", "Acusar recibo del informe", {}),
    (
        "agente.calidad",
        "5.2.23 Generar reporte",
        {"comentarios": "Sin atenciones en el mes: el punto abrió y no vino nadie."},
    ),
    ("gerente", "5.2.24 Revisar reporte", {"cumple_requisitos": "si"}),
    (
        "gerente.operativo",
        "5.2.26 Consolidar",
        {"conclusiones": "Una persona en el mes, con su respuesta."},
    ),
    ("gerente", "5.2.32 Remitir informe", {"radicado_fisico": "GUIA-1", "forma_digital": ENLACE}),
)


class PorFormulario:
    """Somebody who fills in page after page: each is read first, and goes with what it shows and
    hides."""

    def __init__(self, mundo: Mundo, usuario: str) -> None:
        self._mundo = mundo
        self._navegador: FlaskClient = mundo.app.test_client()
        pagina = self._navegador.get("/ingresar").text
        entra = self._navegador.post(
            "/ingresar", data={"csrf_token": csrf(pagina), "usuario": usuario, "clave": CLAVE}
        )
        assert entra.status_code == 302, usuario

    def tareas(self, que: str) -> list[str]:
        """Addresses of the tasks in the inbox whose name begins so."""
        enlaces = lxml.html.fromstring(self._navegador.get("/bandeja").text).iter("a")
        nombrados = {str(a.get("href")): " ".join(a.text_content().split()) for a in enlaces}
        return [
            href
            for href, nombre in nombrados.items()
            if href.startswith("/tarea/") and nombre.startswith(que)
        ]

    def hacer(self, que: str, **valores: Valor) -> int:
        """All of them, until there is none; how many they were."""
        hechas = 0
        while pendientes := self.tareas(que):
            for tarea in pendientes:
                self.enviar(tarea, FORMULARIO, **valores)
            hechas += len(pendientes)
            self._mundo.trabajador.quieto()
        return hechas

    def hay(self, direccion: str, nombre: str) -> bool:
        return nombre in self._navegador.get(direccion).text

    def enviar(self, direccion: str, nombre: str, **valores: Valor) -> None:
        """The form of this name (or with this button) on a page, as it stands but for these
        values."""
        leida = self._navegador.get(direccion)
        assert leida.status_code == 200, f"{direccion}: {leida.status_code}"
        formas = lxml.html.fromstring(leida.text).forms
        forma = next(
            f
            for f in formas
            if f.get("aria-label") == nombre or nombre in " ".join(f.text_content().split())
        )
        dichos: dict[str, Valor] = {}
        for campo, valor in forma.form_values():
            dichos[campo] = [*dichos[campo], valor] if campo in dichos else valor
        for porque in forma.xpath(".//textarea[starts-with(@name, 'com_')]"):
            dichos[porque.get("name")] = "Vino muy poca gente en el mes."
        for lista in forma.xpath(".//select[starts-with(@name, 'cuenta_')]"):
            dichos[lista.get("name")] = "conservar"
        respuesta = self._navegador.post(
            str(forma.get("action") or direccion), data={**dichos, **valores}
        )
        dice = lxml.html.fromstring(respuesta.text or "<p/>").xpath(
            "string(//*[contains(@class, 'resumen-error')])"
        )
        assert respuesta.status_code == 302, (
            f"{direccion}: {respuesta.status_code} {' '.join(dice.split())}"
        )


def su_rutina(mundo: Mundo, usuario: str) -> None:
    for quien, que, valores in RUTINA:
        if quien == usuario:
            PorFormulario(mundo, usuario).hacer(que, **valores)


def pasan_los_dias(mundo: Mundo, hasta: dt.datetime) -> None:
    """Day by day until this one: each morning the calendar does its part, and everybody the routine
    of theirs."""
    while dia_local(mundo.clock.now()) < dia_local(hasta):
        manana = dia_local(mundo.clock.now()) + MANANA
        mundo.clock.move_to(bogota(manana.year, manana.month, manana.day, 8, 1))
        mundo.trabajador.quieto()
        if dia_local(hasta) != manana:
            la_rutina(mundo)
    mundo.clock.move_to(hasta)
    mundo.trabajador.quieto()


def la_rutina(mundo: Mundo) -> None:
    """What is open, by whom it waits for; nobody logs in for nothing."""
    for usuario, que, valores in RUTINA:
        nombre = re.sub(r"^5\.2\.\d+ ", "", que)
        if any(
            nombre in str(n)
            for (n,) in mundo.filas("select name from work_item where state = 'open'")
        ):
            PorFormulario(mundo, usuario).hacer(que, **valores)


@pytest.mark.long
def test_two_months_from_the_kiosk_to_the_certificate_for_payment(mundo: Mundo) -> None:
    """5.2.1–5.2.32: December and January; what December finds comes again in January, and the
    committee of February asks for a plan."""
    pasan_los_dias(mundo, bogota(2026, 12, 1, 9))
    sesiona(mundo)  # that of November had nothing to answer
    primero, segundo = vienen(mundo)
    el_area_responde(mundo, primero, "funcionario.vcc01")
    pasan_los_dias(mundo, bogota(2026, 12, 7, 9))
    se_revisan_los_accesos(mundo)
    se_audita(mundo)
    pasan_los_dias(mundo, bogota(2026, 12, 11, 9))
    sesiona(mundo, en_el_navegador="diciembre de 2026")
    pasan_los_dias(mundo, bogota(2026, 12, 17, 9))
    lo_vencido_se_reparte(mundo, segundo)
    pasan_los_dias(mundo, bogota(2027, 1, 1, 9))
    se_informa(mundo)
    pasan_los_dias(mundo, bogota(2027, 1, 8, 10))
    se_certifica(mundo)

    pasan_los_dias(mundo, bogota(2027, 1, 12, 9))
    tercero = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    el_area_responde(mundo, tercero, "funcionario.vcc01")
    se_radica(mundo)
    pasan_los_dias(mundo, bogota(2027, 1, 14, 9))
    la_entregan(mundo, mundo.persona("gestion.documental"))
    sesiona(mundo)
    pasan_los_dias(mundo, bogota(2027, 1, 18, 9))
    PorFormulario(mundo, "profesional01").hacer("5.2.27 Diligenciar F189", **CON_ERROR_FATAL)
    la_rutina(mundo)
    pasan_los_dias(mundo, bogota(2027, 2, 9, 10))
    supervisan(mundo)
    pasan_los_dias(mundo, bogota(2027, 2, 10, 9))
    sesiona(mundo)
    lo_que_queda(mundo)


# --- December, in the browser ---------------------------------------------------------------------
def vienen(mundo: Mundo) -> tuple[CasoEscalado, CasoEscalado]:
    """5.2.1–5.2.15: one is answered at the desk and rates it; two cases go to the area of
    credit."""
    documento = mundo.titular(n=2)
    p.tomar_turno(mundo, documento=documento)
    asesor = mundo.persona("asesor.bog01")
    p.llamar(asesor)
    p.se_presenta(asesor)
    p.motivo(asesor, "Necesita el paz y salvo")
    p.titularidad(asesor, documento)
    p.datos(
        asesor, direccion="Calle 10 # 20-30", celular="3001234567", correo="persona@correo.example"
    )
    p.tipificar(asesor, "S02")
    p.esperar_aplicativos(mundo, asesor)
    p.responder(asesor)
    p.pedir_calificacion(asesor)
    tableta = mundo.equipo("tableta.bog-agu.1")
    tableta.goto("/tableta")
    tableta.get_by_text("Excelente").click()
    tableta.get_by_role("button", name="Enviar mi calificación").click()
    expect(tableta.get_by_role("heading", name="Gracias")).to_be_visible()
    mundo.trabajador.quieto()
    return p.caso_escalado(mundo, asesor), p.caso_escalado(
        mundo, asesor, titular=mundo.titular(n=1)
    )


def el_area_responde(mundo: Mundo, caso: CasoEscalado, quien: str) -> None:
    """5.2.16–5.2.18, M5-1-01 act. 13–15."""
    funcionario = mundo.persona(quien)
    p.recibir_caso(funcionario, caso)
    p.investigar(funcionario)
    p.documentar(funcionario)
    p.revisar_y_enviar(mundo, mundo.persona("asesor.bog01"), caso)


def se_revisan_los_accesos(mundo: Mundo) -> None:
    """Control 6-1: most accounts have never been used; those that have are not asked about."""
    admin = mundo.persona("admin.crm")
    admin.goto("/bandeja")
    admin.get_by_role("link", name="Verificar manejo de claves").first.click()
    # all of them: of a page half come, `all` gives half
    admin.wait_for_url("**/tarea/**", wait_until="domcontentloaded")
    expect(
        admin.get_by_label(re.compile("^Decisión sobre")).locator("visible=true").first
    ).to_be_visible()
    for decision in admin.get_by_label(re.compile("^Decisión sobre")).locator("visible=true").all():
        decision.select_option("conservar")
    p.acorde(admin, "Control+Enter")
    expect(admin.get_by_text("Quedó la decisión sobre")).to_be_visible()


def se_audita(mundo: Mundo) -> None:
    """5.2.27–5.2.29: an auditor finds a fatal error of an adviser, another does the rest; the head
    of OCM sends the report."""
    auditora = mundo.persona("profesional01")
    auditora.goto("/bandeja")
    auditora.get_by_role("link", name=re.compile("Diligenciar F189: Bogotá, Aguas")).first.click()
    for grupo, opcion in (
        ("Oportunidad", "Sí"),
        ("Coherencia", "Sí"),
        ("Pertinencia", "Sí"),
        ("Solución del problema", "No"),
    ):
        p.marcar(auditora, grupo, opcion)
    auditora.get_by_label("Por qué no hubo solución").fill(str(CON_ERROR_FATAL["por_que_7_4"]))
    auditora.get_by_role("checkbox", name="Dio información falsa").check()
    auditora.get_by_label("Qué pasó", exact=True).fill(str(CON_ERROR_FATAL["que_paso"]))
    p.acorde(auditora, "Control+Enter")
    expect(auditora.get_by_text("F189: 0,0 de 100, deficiente.")).to_be_visible()
    for usuario in ("profesional02", "profesional01"):
        su_rutina(mundo, usuario)
    jefe = mundo.persona("jefe.ocm")
    jefe.goto("/bandeja")
    jefe.get_by_role(
        "link", name="Revisar el informe: semana 30 de noviembre – 6 de diciembre de 2026"
    ).click()
    p.marcar(jefe, "¿Remite el informe?", "Sí, remitir copia al Outsourcing")
    jefe.get_by_role("button", name="Terminar la revisión").click()
    expect(jefe.get_by_text("El informe se remite al Outsourcing")).to_be_visible()
    la_rutina(mundo)


def lo_vencido_se_reparte(mundo: Mundo, caso: CasoEscalado) -> None:
    """Control 6-5: the coordinator finds it in the report of the day, the leader hands it to
    somebody, who answers."""
    coordinador = mundo.persona("coordinador")
    coordinador.goto("/bandeja")
    coordinador.get_by_role("link", name="Revisar reporte de fallas").first.click()
    expect(
        coordinador.get_by_role("region", name="Vicepresidencia de Crédito y Cobranza")
    ).to_contain_text(caso.radicado)
    coordinador.get_by_label("Nota para los líderes").fill("Se responde hoy.")
    p.acorde(coordinador, "Control+Enter")
    expect(
        coordinador.get_by_text("El reporte de fallas sale hacia los líderes de las áreas.")
    ).to_be_visible()
    mundo.trabajador.quieto()
    lider = p.seguir_correo(mundo, "Reporte de fallas de", "lider.vcc")
    lider.goto("/bandeja")
    lider.locator("li.fila", has_text=caso.radicado).get_by_role("checkbox").check()
    lider.get_by_label("Acción").select_option("a:funcionario.vcc02")
    lider.get_by_label("Motivo, uno para todas").fill("Está vencido: se responde hoy")
    lider.get_by_role("button", name="Aplicar a las elegidas").click()
    expect(lider.get_by_text("Reasignó 1 tarea a")).to_be_visible()
    el_area_responde(mundo, caso, "funcionario.vcc02")


def sesiona(mundo: Mundo, *, en_el_navegador: str = "") -> None:
    """5.2.30–5.2.31: the Gerente answers each finding, the committee votes each; who repeats one
    owes a plan."""
    fecha = f"{dia_local(mundo.clock.now()) + 15 * MANANA:%d/%m/%Y}"
    respuesta = {
        "causa": "No consultó antes de dar el dato.",
        "accion": "Se consulta y se lee en pantalla.",
        "fecha": fecha,
    }
    if en_el_navegador:
        gerente = mundo.persona("gerente")
        gerente.goto("/bandeja")
        gerente.get_by_role("link", name="Evaluar inconsistencias y tomar acciones: H-001").click()
        gerente.get_by_label("Causa").fill(respuesta["causa"])
        gerente.get_by_label("Acción").fill(respuesta["accion"])
        gerente.get_by_label("Responsable").select_option("agente.calidad")
        gerente.get_by_label("Fecha").fill(fecha)
        gerente.get_by_role("button", name="Enviar la respuesta al comité").click()
        expect(gerente.get_by_text("La respuesta a H-001 espera al comité.")).to_be_visible()
    PorFormulario(mundo, "gerente").hacer("5.2.30", **respuesta, responsable="agente.calidad")
    mundo.trabajador.quieto()
    ((comite_id,),) = mundo.filas("select max(id) from comite")
    if en_el_navegador:
        votan_en_el_navegador(mundo, en_el_navegador)
    for hace in ("Registrar mi asistencia", "Votar H-"):
        for usuario in MIEMBROS:
            miembro = PorFormulario(mundo, usuario)
            while miembro.hay(f"/comites/{comite_id}", hace):
                miembro.enviar(
                    f"/comites/{comite_id}",
                    hace,
                    **({"voto": "acepta"} if hace == "Votar H-" else {}),
                )
    PorFormulario(mundo, MIEMBROS[0]).hacer(
        "5.2.31", desarrollo="Se leyó cada hallazgo con su respuesta."
    )
    PorFormulario(mundo, "gerente").hacer(
        "Plan de mejora", plan="Cada respuesta se lee en pantalla con la persona.", fecha=fecha
    )


def votan_en_el_navegador(mundo: Mundo, mes: str) -> None:
    miembros = [mundo.persona(usuario) for usuario in MIEMBROS]
    for miembro in miembros:
        miembro.goto("/comites")
        miembro.get_by_role("link", name=mes).click()
        miembro.get_by_role("button", name="Registrar mi asistencia").click()
        expect(miembro.get_by_text("Quedó su asistencia")).to_be_visible()
    for miembro in miembros:
        miembro.reload()
        p.marcar(miembro, "Su voto sobre H-001", "Acepta la respuesta")
        miembro.get_by_role("button", name="Votar H-001").click()
        expect(miembro.get_by_text("Quedó su voto sobre H-001.")).to_be_visible()


def se_informa(mundo: Mundo) -> None:
    """5.2.23–5.2.26: the report of Aguas comes back once; the others are made and approved; they
    are joined."""
    agente, gerente, punto = (
        mundo.persona("agente.calidad"),
        mundo.persona("gerente"),
        "Bogotá, Aguas (central), diciembre de 2026",
    )
    abrir(agente, f"Generar reporte del punto: {punto}")
    for porque in agente.get_by_label(re.compile("^Por qué no se cumple")).all():
        porque.fill("Vinieron tres personas en el mes, y una de las tres.")
    agente.get_by_label("Comentarios del reporte").fill("Se atendió a tres personas en el mes.")
    agente.get_by_role("button", name="Enviar a revisión").click()
    abrir(gerente, f"Revisar reporte del punto: {punto}")
    p.marcar(gerente, "¿Cumple los requisitos?", "No, devolver con observaciones (5.2.25)")
    gerente.get_by_label("Observación a todo el reporte").fill("Diga cuántas quedaron resueltas.")
    gerente.get_by_role("button", name="Terminar la revisión").click()
    abrir(agente, f"Ajustar reporte del punto: {punto}")
    agente.get_by_label("Respuesta a la observación").fill(
        "Las tres: una en el módulo y dos por el área."
    )
    agente.get_by_label("Qué cambió").fill("Se responde la observación")
    agente.get_by_role("button", name="Regresar a revisión").click()
    abrir(gerente, f"Revisar reporte del punto: {punto}")
    p.marcar(gerente, "¿Cumple los requisitos?", "Sí, aprobar")
    gerente.get_by_role("button", name="Terminar la revisión").click()
    for usuario in ("agente.calidad", "gerente"):
        su_rutina(mundo, usuario)
    operativo = mundo.persona("gerente.operativo")
    abrir(operativo, "Consolidar informe mensual: diciembre de 2026")
    expect(operativo.get_by_text("Junta 23 reportes aprobados.")).to_be_visible()
    expect(operativo.get_by_text("atendió a 3 personas de 3 turnos")).to_be_visible()
    operativo.get_by_label("Conclusiones del informe").fill(
        "Tres personas en diciembre; nadie se fue sin respuesta."
    )
    operativo.get_by_role("button", name="Consolidar el informe").click()
    expect(operativo.get_by_text("El informe de diciembre de 2026 está listo.")).to_be_visible()
    mundo.trabajador.quieto()
    la_rutina(mundo)
    for usuario in INTERVENTORES:
        acusa = mundo.persona(usuario)
        acusa.goto("/interventoria/2026-12")
        for medio in ("medio físico", "medio magnético"):
            acusa.get_by_role("button", name=f"Acusar recibo del {medio}").click()
            expect(acusa.get_by_text(f"Quedó su acuse de recibo del {medio}")).to_be_visible()


def se_certifica(mundo: Mundo) -> None:
    """5.2.32 and A4-2-02 from activity 10."""
    su_rutina(mundo, "gerente")
    PorFormulario(mundo, "gerente").hacer("5.2.32 Presentar", fecha_comite="08/01/2027", **ACTA)
    uno, otro = (mundo.persona(usuario) for usuario in INTERVENTORES[:2])
    abrir(uno, "Verificar obligaciones e indicadores (ANS): diciembre de 2026")
    p.marcar(uno, "¿Se cumplieron las obligaciones?", "Sí, se cumplieron")
    uno.get_by_label("Qué verificó").fill(
        "Las tres atenciones y sus respuestas, en sus expedientes."
    )
    uno.get_by_role("button", name="Terminar la verificación").click()
    mundo.trabajador.quieto()
    abrir(uno, "Informe de supervisión: diciembre de 2026")
    uno.get_by_label("Informe de supervisión").fill("El contratista cumplió con lo del mes.")
    uno.get_by_role("button", name="Terminar el informe").click()
    mundo.trabajador.quieto()
    abrir(otro, "Certificar cumplimiento para pago: diciembre de 2026")
    p.marcar(otro, "¿Certifica el cumplimiento para pago?", "Sí, se puede pagar el mes")
    otro.get_by_label("Motivo").fill("Según el informe de supervisión.")
    otro.get_by_role("button", name="Certificar").click()
    mundo.trabajador.quieto()
    otro.goto("/interventoria/2026-12")
    expect(otro.get_by_text("Archivo en la carpeta del contrato")).to_be_visible()


# --- January: what comes in writing in the browser, all else page after page ----------------------
def se_radica(mundo: Mundo) -> None:
    """5.2.3 and M5-1-04: filed, digitised, typed, answered, signed, sent by certified mail."""
    documento = mundo.titular(n=2)
    asesor, *_ = entregar(mundo, "Dirección física", documento)
    p.pedir_calificacion(asesor)
    gestion = mundo.persona("gestion.documental")
    gestion.goto("/radicacion")
    gestion.locator("li.entrega").get_by_role("link").first.click()
    numero = recibir(gestion)
    mundo.trabajador.quieto()
    digitalizar(mundo, gestion)
    caso_id, clave = mundo.filas("select id, case_key from caso order by id")[-1]
    caso = CasoEscalado(int(str(caso_id)), numero, str(clave))
    responde_el_area(mundo, caso)
    se_firma(mundo, caso)
    sale_con_guia(mundo, gestion)


def abrir(pagina: Page, que: str) -> None:
    pagina.goto("/bandeja")
    pagina.get_by_role("link", name=que).click()


def supervisan(mundo: Mundo) -> None:
    """5.2.32 and A4-2-02 of January."""
    for usuario in INTERVENTORES[:2]:
        acusan(mundo, usuario)
    PorFormulario(mundo, "gerente").hacer("5.2.32 Presentar", fecha_comite="09/02/2027", **ACTA)
    uno, otro = (PorFormulario(mundo, usuario) for usuario in INTERVENTORES[:2])
    uno.hacer(
        "Verificar obligaciones",
        cumple_ans="si",
        verificacion="La atención de enero y su respuesta.",
    )
    uno.hacer("Informe de supervisión", informe="El contratista cumplió con lo del mes.")
    otro.hacer(
        "Certificar cumplimiento", certifica_pago="si", nota="Según el informe de supervisión."
    )
    acusan(mundo, INTERVENTORES[2])  # after the meeting, which did not wait for it


def acusan(mundo: Mundo, usuario: str) -> None:
    acusa = PorFormulario(mundo, usuario)
    for medio in ("medio físico", "medio magnético"):
        acusa.enviar("/interventoria/2027-01", f"Acusar recibo del {medio}")
    mundo.trabajador.quieto()


def lo_que_queda(mundo: Mundo) -> None:
    """Nothing is open, each activity was done by a form, what came again is known, and both months
    can be paid."""
    assert mundo.filas("select process, name from work_item where state = 'open'") == []
    assert mundo.filas("select process from instance where status <> 'finished'") == []
    hechas = {
        str(elemento)
        for (elemento,) in mundo.filas("select element from journal where kind = 'complete'")
    }
    assert hechas >= {f"act_5_2_{n}" for n in DE_TODOS_LOS_MESES} | {
        "act_10",
        "act_12",
        "act_13_certificar",
        "us_plan_mejora",
    }
    assert {
        str(quien) for (quien,) in mundo.filas("select distinct actor_id from submission")
    } >= DE_CADA_PAPEL
    sin_forma = (
        "select j.element from journal j left join submission f on f.instance_id = j.instance_id and f.rev = j.rev "
        "where j.kind = 'complete' and f.rev is null"
    )
    assert mundo.filas(sin_forma) == []
    primera, *otras = mundo.filas(
        "select id, reiterada_de from inconsistencia where criterio = 'fatal' order by id"
    )
    # who was answered and who handed documents in
    assert (primera[1], [de for _id, de in otras]) == (None, [primera[0]] * 2)
    assert mundo.filas("select resultado from envio") == [("entregado",)]
    assert mundo.filas("select count(*) from archivado") == [(1,)]
    assert mundo.filas("select decision from paso_supervision where paso = 'certificado'") == [
        (1,),
        (1,),
    ]
    assert mundo.filas(
        "select count(*) from acta_interventor where sin_acuse like '%interventor03%'"
    ) == [(1,)]
    p.sin_faltas(mundo)
