"""An administrator repairs in the browser what a decision table could not decide: three cases at
once, one skipped, one sent back."""

import sqlalchemy as sa
from playwright.sync_api import Page, expect

from engine.reads.verification import verify
from engine.types import SYSTEM, Actor, Call, Data, Role
from records.cuentas.tablas import Cuenta, RolAsignado
from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo
from tests.kit import diagrams as m
from tests.kit.conflicts import joins_of_before

MOTIVO = "El área confirmó los meses de los cinco casos"
TABLA = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="t" name="t" namespace="urn:t">
<decision id="tarifa_prueba" name="Tarifa"><decisionTable id="dt" hitPolicy="UNIQUE">
<input id="i"><inputExpression id="ie" typeRef="integer"><text>meses</text></inputExpression></input>
<output id="o" name="valor" typeRef="integer"/>
<rule id="r1"><inputEntry id="e1"><text>&lt;= 12</text></inputEntry><outputEntry id="x1"><text>10</text></outputEntry></rule>
<rule id="r2"><inputEntry id="e2"><text>&gt; 12</text></inputEntry><outputEntry id="x2"><text>20</text></outputEntry></rule>
</decisionTable></decision></definitions>"""
MESES = '<v:field name="meses" label="Meses en mora" type="integer" decision="true"/>'


def desplegar(mundo: Mundo) -> str:
    """registrar (form) > tarifa (table) > responder (form), in the lane of the advisers; gives the
    point of asesor.bog01."""
    nodos = (
        '<startEvent id="ini"/><userTask id="registrar" name="Registrar los meses">'
        + m.extension(MESES)
        + "</userTask>"
    )
    tabla = m.extension(
        '<v:decision table="tarifa_prueba"/><v:output name="valor" type="integer"/>'
    )
    nodos += f'<businessRuleTask id="tarifa" name="Calcular la tarifa">{tabla}</businessRuleTask>'
    nodos += '<userTask id="responder" name="Responder"/><endEvent id="fin"/>' + m.flows(
        "ini>registrar>tarifa>responder>fin"
    )
    carril = m.lane("L1", "asesor", "punto_id", "ini", "registrar", "tarifa", "responder", "fin")
    archivos = {
        "prueba.bpmn": m.model(m.process("prueba", nodos, lanes=carril, variables="punto_id")),
        "tarifa_prueba.dmn": TABLA.encode(),
    }
    mundo.engine.releases.deploy(archivos, actor=SYSTEM, now=mundo.clock.now())
    with mundo.sesion() as s:
        papel = sa.select(RolAsignado.ambito).join(Cuenta, Cuenta.id == RolAsignado.cuenta_id)
        return str(
            s.scalars(
                papel.where(Cuenta.usuario == "asesor.bog01", RolAsignado.rol == "asesor")
            ).first()
        )


def caso(mundo: Mundo, punto: str) -> str:
    return (
        mundo.engine.instances.start(
            "prueba", actor=SYSTEM, now=mundo.clock.now(), data={"punto_id": punto}
        )
        .opened[0]
        .id
    )


def abrir(pagina: Page, accion: str) -> None:
    """Open the form of an action, if it is not open already."""
    panel = pagina.locator(f"#hacer-{accion}")
    if panel.get_attribute("open") is None:
        panel.locator("summary").first.click()


def test_three_cases_are_repaired_at_once_one_is_skipped_and_one_sent_back(mundo: Mundo) -> None:
    punto = desplegar(mundo)
    asesor = mundo.persona("asesor.bog01")
    asesor.goto(f"/tarea/{caso(mundo, punto)}")
    asesor.get_by_role("button", name="Completar y seguir").click()
    expect(asesor.get_by_role("heading", name="Su trabajo quedó guardado")).to_be_visible()
    expect(asesor.get_by_text("Calcular la tarifa")).to_be_visible()
    mirar(asesor, "en reparación")
    asesor.get_by_role("link", name="Ver el caso").click()
    expect(asesor.get_by_text("Espera reparación desde hoy, 09:00")).to_be_visible()
    mirar(asesor, "caso en reparación")
    for _ in range(4):
        mundo.engine.items.complete(
            caso(mundo, punto), values={"meses": None}, actor=SYSTEM, now=mundo.clock.now()
        )

    admin = mundo.persona("administrador")
    enlace = admin.get_by_role("navigation", name="Hoy").get_by_role("link", name="Incidentes 5")
    enlace.click()
    expect(
        admin.get_by_text("La tabla «tarifa_prueba» no tiene una regla para meses = Sin dato.")
    ).to_be_visible()
    mirar(admin, "incidentes por causa")
    admin.get_by_role("link", name="Una tabla de decisión no dio resultado").click()
    mirar(admin, "una causa")

    # one is skipped, with the result that the table would have given
    admin.get_by_role("link", name="Incidente 1", exact=True).click()
    mirar(admin, "un incidente")
    abrir(admin, "skip")
    admin.locator("#hacer-skip").get_by_role("button", name="Omitir con motivo").click()
    expect(admin.locator(".resumen-error")).to_be_focused()
    mirar(admin, "un incidente, con errores")
    admin.locator("#hacer-skip").get_by_label("valor", exact=True).fill("15")
    admin.locator("#hacer-skip").get_by_label("Motivo").fill(MOTIVO)
    admin.locator("#hacer-skip").get_by_role("button", name="Omitir con motivo").click()
    expect(admin.get_by_text("El paso se omitió y el caso sigue.")).to_be_visible()

    # one goes back to whoever registered it
    admin.goto("/administracion/incidentes/2")
    abrir(admin, "back")
    admin.get_by_label("Actividad a la que vuelve").select_option("Registrar los meses")
    admin.locator("#hacer-back").get_by_label("Motivo").fill(MOTIVO)
    admin.locator("#hacer-back").get_by_role(
        "button", name="Devolver a una actividad anterior"
    ).click()
    expect(admin.get_by_text("El caso volvió a la actividad elegida.")).to_be_visible()

    # the other three at once, with the corrected input
    admin.get_by_role(
        "link", name="Una tabla de decisión no dio resultado en «Calcular la tarifa»", exact=True
    ).click()
    abrir(admin, "edit")
    admin.locator("#hacer-edit").get_by_label("meses").fill("6")
    admin.locator("#hacer-edit").get_by_label("Motivo").fill(MOTIVO)
    admin.get_by_role("button", name="Editar y reintentar (3)").click()
    expect(admin.get_by_role("heading", name="Reparados 3 de 3")).to_be_visible()
    mirar(admin, "resultado")
    admin.get_by_role("link", name="Volver a los incidentes").click()
    expect(admin.get_by_role("heading", name="No hay incidentes abiertos")).to_be_visible()
    mirar(admin, "incidentes, resueltos")

    abiertas = mundo.filas(
        "select element, count(*) from work_item where state = 'open' and process = 'prueba' group by element order by element"
    )
    assert abiertas == [("registrar", 1), ("responder", 4)]
    acciones = mundo.filas("select action, count(*) from incident group by action order by action")
    assert acciones == [("back", 1), ("edit", 3), ("skip", 1)]
    with mundo.sesion() as s:
        assert verify(s).faults == ()


def test_a_visit_that_stops_in_an_automatic_step_shows_it_on_the_diagram_and_goes_on_after_a_retry(
    mundo: Mundo,
) -> None:
    """5.2.8: filing the case fails; the adviser's work is kept, the citizen's turn goes on after
    the repair."""
    documento, radicar = mundo.titular(), mundo.engine.core.handlers.local["crm.radicar"]

    def caido(_call: Call) -> Data:
        raise ConnectionError("el CRM no contesta")

    mundo.engine.core.handlers.local["crm.radicar"] = caido
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
    expect(asesor.get_by_role("heading", name="Su trabajo quedó guardado")).to_be_visible()
    asesor.get_by_role("link", name="Seguir con mi trabajo").click()
    expect(asesor.get_by_role("heading", level=1)).to_be_visible()
    mirar(asesor, "consola con una visita detenida")

    admin = mundo.persona("administrador")
    admin.goto("/administracion/incidentes")
    admin.get_by_role("link", name="Un paso automático falló").click()
    expect(admin.locator("#diagrama [data-element-id=svc_radicar].problema")).to_be_visible()
    mirar(admin, "incidente de una visita")
    admin.get_by_text("Detalle técnico").click()
    expect(admin.get_by_text("ConnectionError: el CRM no contesta")).to_be_visible()
    mundo.engine.core.handlers.local["crm.radicar"] = radicar
    admin.locator("#hacer-retry").get_by_label("Motivo").fill("El CRM volvió a contestar")
    admin.locator("#hacer-retry").get_by_role("button", name="Reintentar").click()
    expect(
        admin.get_by_text("Reparado: el paso se intentó otra vez y el caso sigue.")
    ).to_be_visible()
    mundo.trabajador.quieto()
    asesor.goto("/atencion")
    p.en(asesor, "5.2.10")


def test_what_a_reviewer_reads_of_a_repair(mundo: Mundo) -> None:
    punto = desplegar(mundo)
    mundo.engine.items.complete(
        caso(mundo, punto), values={"meses": None}, actor=SYSTEM, now=mundo.clock.now()
    )
    admin = mundo.persona("administrador")
    admin.goto("/administracion/incidentes/1")
    abrir(admin, "edit")
    admin.locator("#hacer-edit").get_by_label("meses").fill("18")
    admin.locator("#hacer-edit").get_by_label("Motivo").fill(MOTIVO)
    admin.locator("#hacer-edit").get_by_role("button", name="Editar y reintentar").click()
    expect(admin.get_by_text("el caso sigue con los datos corregidos")).to_be_visible()
    ((clave,),) = mundo.filas("select case_key from incident")
    revisora = mundo.persona("cumplimiento")
    revisora.goto(f"/cumplimiento/caso/{clave}")
    asiento = revisora.locator(
        ".linea li", has_text="Corrigió datos y reintentó Calcular la tarifa"
    )
    expect(asiento.get_by_text("meses: de Sin dato a 18")).to_be_visible()
    asiento.get_by_text("Ver lo que escribió").click()
    expect(asiento.get_by_text(MOTIVO)).to_be_visible()
    expect(revisora.get_by_text("Cadena verificada")).to_be_visible()
    mirar(revisora, "revisión de un caso reparado")


def _proceso(mundo: Mundo, clave: str, nodos: str, *ids: str) -> str:
    """Deploys one process in the lane of the advisers of a point; gives the point of
    asesor.bog01."""
    punto = desplegar(mundo)
    archivo = m.model(
        m.process(
            clave,
            nodos,
            lanes=m.lane(f"{clave}_c", "asesor", "punto_id", *ids),
            variables="punto_id",
        )
    )
    mundo.engine.releases.deploy({f"{clave}.bpmn": archivo}, actor=SYSTEM, now=mundo.clock.now())
    return punto


def test_fifteen_cases_that_failed_alike_are_understood_and_repaired_by_keyboard(
    mundo: Mundo,
) -> None:
    def caido(_call: Call) -> Data:
        raise ConnectionError("recaudo.interno:443")

    mundo.engine.core.handlers.local["prueba.recaudo"] = caido
    nodos = (
        m.start("ini")
        + m.user("a", fields="monto:integer")
        + m.service("recaudo", handler="prueba.recaudo", out="saldo:integer")
        + m.user("b")
    )
    punto = _proceso(
        mundo,
        "pagos",
        nodos + m.end("fin") + m.flows("ini>a>recaudo>b>fin"),
        "ini",
        "a",
        "recaudo",
        "b",
        "fin",
    )
    for monto in range(15):
        nuevo = mundo.engine.instances.start(
            "pagos", actor=SYSTEM, now=mundo.clock.now(), data={"punto_id": punto}
        )
        mundo.engine.items.complete(
            nuevo.opened[0].id, values={"monto": monto}, actor=SYSTEM, now=mundo.clock.now()
        )
    admin = mundo.persona("administrador")  # whose first page are the incidents
    admin.get_by_role("link", name="Un paso automático falló").press("Enter")
    expect(admin.get_by_text("el sistema al que llama no contestó").first).to_be_visible()
    expect(admin.get_by_text(f"Igual en todos: punto_id: {punto}")).to_be_visible()
    mirar(admin, "quince iguales")
    admin.locator("body").click(position={"x": 1, "y": 1})
    pasos: list[str] = []
    while "retry-motivo" not in pasos and len(pasos) < 30:
        admin.keyboard.press("Tab")
        pasos.append(str(admin.evaluate("document.activeElement.id")))
    assert len(pasos) <= 14, "the repair stands before the list"
    mundo.engine.core.handlers.local["prueba.recaudo"] = lambda _call: {"saldo": 1}
    admin.keyboard.type("El recaudo volvió a contestar")
    admin.keyboard.press("Tab")
    admin.keyboard.press("Enter")
    expect(admin.get_by_role("heading", name="Reparados 15 de 15")).to_be_visible()
    mirar(admin, "quince reparados")
    admin.get_by_role("link", name="Volver a los incidentes").press("Enter")
    expect(admin.get_by_text("Ver los 15 incidentes")).to_be_visible()
    mirar(admin, "quince resueltos en una línea")


def test_a_conflict_of_a_release_of_before_shows_both_values_with_their_writers_and_one_is_chosen(
    mundo: Mundo,
) -> None:
    nodos = (
        m.start("ini")
        + m.gate("parallel", "g")
        + m.user("juridica", fields="valor:integer")
        + m.user("cartera", fields="valor:integer")
    )
    nodos += '<parallelGateway id="j" name="Se unen"/>' + m.user("decidir") + m.end("fin")
    nodos += m.flows("ini>g>juridica>j>decidir>fin") + m.flows("g>cartera>j")
    punto = _proceso(
        mundo, "doble", nodos, "ini", "g", "juridica", "cartera", "j", "decidir", "fin"
    )
    asesora = Actor("person", "asesor.bog01", frozenset({Role("asesor", punto)}))
    nuevo = mundo.engine.instances.start(
        "doble", actor=SYSTEM, now=mundo.clock.now(), data={"punto_id": punto}
    )
    with joins_of_before("valor", juridica=8, cartera=7):
        for item in nuevo.opened:
            mundo.engine.items.complete(
                item.id, values={"valor": len(item.element)}, actor=asesora, now=mundo.clock.now()
            )
    mundo.engine.core.cache.clear()
    admin = mundo.persona("administrador")
    admin.get_by_role("link", name="Dos caminos paralelos escribieron valores distintos").click()
    grupo = admin.get_by_role("group", name="Qué valor de «valor» vale")
    expect(grupo.get_by_text("lo escribió Viviana Álvarez en «juridica»")).to_be_visible()
    expect(grupo.get_by_text("lo escribió Viviana Álvarez en «cartera»")).to_be_visible()
    mirar(admin, "conflicto de dos caminos")
    admin.get_by_role("button", name="Elegir los valores y seguir").press("Enter")
    expect(admin.locator(".resumen-error")).to_be_focused()
    mirar(admin, "conflicto de dos caminos, con errores")
    grupo.get_by_label("8").press("Space")
    admin.get_by_label("Motivo").first.fill(MOTIVO)
    admin.get_by_role("button", name="Elegir los valores y seguir").press("Enter")
    expect(admin.get_by_text("el caso sigue con los datos corregidos")).to_be_visible()
    assert mundo.filas(
        "select element from work_item where process = 'doble' and state = 'open'"
    ) == [("decidir",)]
