"""Versions and operation at the screens: cases move to a new version, one is refused; a case is
sent back to its adviser."""

import re

import pytest
from playwright.sync_api import Page, expect

from engine.types import SYSTEM, Started
from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo
from tests.acceptance.test_analista import completar_la_primera, con_llamada, subir

MOTIVO = "La versión nueva ya no tiene la primera tarea"


def sin_la_primera() -> str:
    """The diagram with the call, whose first task has another id."""
    return (
        con_llamada("dias_habiles(3)")
        .replace("visita_tarea", "tarea_nueva")
        .replace("Primera tarea", "Recibir a la persona")
    )


def caso(mundo: Mundo, clave: str) -> Started:
    return mundo.engine.instances.start(
        "visita", actor=SYSTEM, now=mundo.clock.now(), case_key=clave, data={"punto_id": p.PUNTO}
    )


def poner_en_vigor(analista: Page, texto: str, nota: str) -> None:
    subir(analista, texto)
    analista.get_by_label("Qué cambia y por qué").fill(nota)
    analista.get_by_role("button", name="Poner en vigor").click()
    expect(analista.get_by_text("En vigor: La visita, versión 2.")).to_be_visible()


def test_the_analyst_moves_cases_to_a_new_version_and_reads_why_one_cannot(mundo: Mundo) -> None:
    mundo.engine.releases.deploy(
        {"visita.bpmn": con_llamada("dias_habiles(3)").encode()},
        actor=SYSTEM,
        now=mundo.clock.now(),
    )
    uno, dos, tres = (caso(mundo, f"caso-{n}") for n in ("uno", "dos", "tres"))
    asesor, analista = mundo.persona("asesor.bog01"), mundo.persona("analista")
    for llegado in (uno, dos):
        completar_la_primera(asesor, llegado.opened[0].id)
    antes = mundo.filas("select id, due_at from work_item where element = 'llamar' order by id")
    poner_en_vigor(analista, sin_la_primera(), "Se recibe de otra manera")

    # the dry run
    analista.get_by_role("link", name="Migrar casos en curso").click()
    filas = analista.get_by_role("table").get_by_role("row")
    expect(filas).to_have_count(4)
    expect(analista.get_by_role("row").filter(has_text=uno.instance_id)).to_contain_text(
        "«Llamar de vuelta» sigue abierta, vence igual"
    )
    expect(analista.get_by_role("row").filter(has_text=tres.instance_id)).to_contain_text(
        "No se puede migrar"
    )
    expect(analista.get_by_role("row").filter(has_text=tres.instance_id)).to_contain_text(
        "Está en «Primera tarea», que la versión nueva ya no tiene."
    )
    mirar(analista, "migrar")
    # nothing moved yet
    assert len(set(mundo.filas("select release from instance where process = 'visita'"))) == 1

    # a reason is needed; two move, the third stays
    analista.get_by_role("button", name="Migrar los marcados").click()
    expect(analista.locator(".resumen-error")).to_be_focused()
    analista.get_by_label("Motivo").fill(MOTIVO)
    analista.get_by_role("button", name="Migrar los marcados").click()
    expect(analista.get_by_text("Migrados: 2. No se pudieron migrar: 0.")).to_be_visible()
    mirar(analista, "migrados")
    assert (
        mundo.filas("select id, due_at from work_item where element = 'llamar' order by id")
        == antes
    )

    # the third goes on where the analyst says
    analista.get_by_role("link", name="Ver los casos por migrar").click()
    analista.get_by_label("Primera tarea").select_option("Recibir a la persona")
    analista.get_by_role("button", name="Ver otra vez qué pasaría").click()
    expect(analista.get_by_text("«Primera tarea» pasa a «Recibir a la persona»")).to_be_visible()
    analista.get_by_label("Motivo").fill(MOTIVO)
    analista.get_by_role("button", name="Migrar los marcados").click()
    expect(analista.get_by_text("Migrados: 1. No se pudieron migrar: 0.")).to_be_visible()

    # they finish on the new version
    asesor.goto(f"/tarea/{tres.opened[0].id}")
    expect(p.titulo(asesor)).to_have_text("Recibir a la persona")
    p.continuar(asesor)
    asesor.goto(f"/tarea/{antes[0][0]}")
    asesor.get_by_label("Teléfono de contacto").fill("601 417 3535")
    p.marcar(asesor, "¿Contestó?", "Sí")
    p.continuar(asesor)
    expect(asesor.get_by_label("Teléfono de contacto")).to_have_count(0)
    assert (
        len(mundo.filas("select id from instance where process = 'visita' and status = 'finished'"))
        == 1
    )
    p.sin_faltas(mundo)


def test_a_moved_case_has_its_task_in_the_place_that_the_new_version_says(mundo: Mundo) -> None:
    """The lane of a point becomes one of an area, by a variable that the new version brings: who
    works there finds the task."""
    vieja, declarada = con_llamada("dias_habiles(3)"), '<v:variable name="punto_id" type="text"/>'
    nueva = vieja.replace(
        'role="asesor" scope="punto_id"', 'role="funcionario" scope="area_id"'
    ).replace(declarada, f'{declarada}<v:variable name="area_id" type="text" value="VCC"/>')
    assert nueva.count("area_id") == 2
    mundo.engine.releases.deploy(
        {"visita.bpmn": vieja.encode()}, actor=SYSTEM, now=mundo.clock.now()
    )
    llegado = mundo.engine.instances.start(
        "visita",
        actor=SYSTEM,
        now=mundo.clock.now(),
        case_key="caso-uno",
        data={"punto_id": "MED-CEN"},
    )
    funcionario, analista = mundo.persona("funcionario.vcc01"), mundo.persona("analista")
    tarea = f"/tarea/{llegado.opened[0].id}"
    funcionario.goto(tarea)
    expect(p.titulo(funcionario)).not_to_have_text("Primera tarea")

    poner_en_vigor(analista, nueva, "La tarea es del área")
    analista.get_by_role("link", name="Migrar casos en curso").click()
    analista.get_by_label("Motivo").fill("La atiende el área")
    analista.get_by_role("button", name="Migrar los marcados").click()
    expect(analista.get_by_text("Migrados: 1. No se pudieron migrar: 0.")).to_be_visible()

    funcionario.goto("/bandeja?vista=todas")
    expect(funcionario.locator("li.fila", has_text="Primera tarea")).to_be_visible()
    completar_la_primera(funcionario, llegado.opened[0].id)
    assert mundo.filas(
        "select element, scope from work_item where state = 'open' and element = 'llamar'"
    ) == [("llamar", "VCC")]


@pytest.mark.long
def test_a_visit_is_suspended_resumed_and_sent_back_to_its_adviser(mundo: Mundo) -> None:
    """5.2.8 back to 5.2.4: the wrong person was identified."""
    documento = mundo.titular()
    p.tomar_turno(mundo, documento=documento)
    asesor, jefe = mundo.persona("asesor.bog01"), mundo.persona("coordinador")
    p.llamar(asesor)
    p.se_presenta(asesor)
    p.motivo(asesor, "Necesita el paz y salvo")
    p.titularidad(asesor, documento)
    p.datos(
        asesor, direccion="Calle 10 # 20-30", celular="3001234567", correo="persona@correo.example"
    )
    p.en(asesor, "5.2.8")
    ((clave,),) = mundo.casos("case_key")

    # suspended: the adviser reads why nothing moves, and keeps the text
    jefe.goto(f"/caso/{clave}/operar")
    mirar(jefe, "operar")
    jefe.get_by_role("link", name="Suspender…").click()
    jefe.get_by_role("button", name="Suspender el proceso").click()
    expect(jefe.locator(".resumen-error")).to_be_focused()
    mirar(jefe, "suspender, con errores")
    jefe.get_by_label("Motivo").fill("Se revisa quién es la persona")
    jefe.get_by_role("button", name="Suspender el proceso").click()
    expect(jefe.get_by_text("El proceso quedó suspendido.")).to_be_visible()
    jefe.goto("/suspendidos")
    expect(jefe.get_by_role("table")).to_contain_text("Se revisa quién es la persona")
    mirar(jefe, "suspendidos")
    jefe.get_by_role("table").get_by_role("link").click()
    p.tipificar(asesor, "S02", descripcion="La persona pide el paz y salvo de su crédito de 2019.")
    expect(p.titulo(asesor)).to_have_text("El caso está suspendido")
    expect(asesor.locator("main")).to_contain_text(
        "La persona pide el paz y salvo de su crédito de 2019."
    )
    mirar(asesor, "caso suspendido")
    asesor.goto("/atencion")
    expect(asesor.get_by_text("El caso está suspendido.")).to_be_visible()
    expect(asesor.get_by_label("Descripción")).to_have_value(
        "La persona pide el paz y salvo de su crédito de 2019."
    )
    jefe.get_by_role("link", name="Reanudar…").click()
    jefe.get_by_label("Motivo").fill("Ya se sabe quién es")
    jefe.get_by_role("button", name="Reanudar el proceso").click()

    # sent back
    jefe.get_by_role("link", name="Devolver a una actividad anterior…").click()
    mirar(jefe, "devolver")
    jefe.get_by_label("5.2.4 Verificar titularidad").check()
    jefe.get_by_role("button", name="Ver qué pasaría").click()
    expect(jefe.get_by_role("region", name="Ya se hizo y no se deshace")).to_contain_text(
        "5.2.6 Consultar información del usuario en CRM"
    )
    mirar(jefe, "confirmar la devolución")
    jefe.get_by_label("Motivo").fill("El documento era de otra persona")
    jefe.get_by_role("button", name="Devolver a esa actividad").click()
    expect(jefe.get_by_text("El proceso volvió a: Verificar titularidad.")).to_be_visible()

    # the adviser goes on from there, to the end
    asesor.goto("/atencion")
    p.titularidad(asesor, documento)
    p.datos(asesor)
    p.tipificar(asesor, "S02")
    p.esperar_aplicativos(mundo, asesor)
    p.responder(asesor)
    p.pedir_calificacion(asesor)
    jefe.goto(f"/caso/{clave}/historia")
    for frase in (
        "Suspendió el proceso",
        "Reanudó el proceso",
        "Devolvió el proceso a 5.2.4",
        "El documento era de otra persona",
    ):
        expect(jefe.locator("main")).to_contain_text(frase)
    assert mundo.filas("select count(*) from caso") == [(1,)]
    assert mundo.filas("select count(*) from incident") == [(0,)]
    p.sin_faltas(mundo)


def test_the_administrator_cancels_a_visit_and_its_turn_and_case_end(mundo: Mundo) -> None:
    documento = mundo.titular()
    p.tomar_turno(mundo, documento=documento)
    asesor, admin = mundo.persona("asesor.bog01"), mundo.persona("administrador")
    p.llamar(asesor)
    p.se_presenta(asesor)
    p.motivo(asesor, "Necesita el paz y salvo")
    p.titularidad(asesor, documento)
    p.datos(
        asesor, direccion="Calle 10 # 20-30", celular="3001234567", correo="persona@correo.example"
    )
    p.tipificar(asesor, "S02")
    p.esperar_aplicativos(mundo, asesor)
    ((clave,),) = mundo.casos("case_key")
    admin.goto(f"/caso/{clave}/operar")
    mirar(admin, "abrir con un motivo")
    admin.get_by_role("button", name="Abrir el caso").press("Enter")
    expect(admin.locator(".resumen-error")).to_be_focused()
    mirar(admin, "abrir con un motivo, sin él")
    admin.get_by_label("Por qué necesita verlo").press_sequentially(
        "La persona desistió, lo pidió el punto"
    )
    admin.get_by_role("button", name="Abrir el caso").press("Enter")
    admin.get_by_role("link", name="Cancelar…").click()
    expect(admin.get_by_role("region", name="Ya se hizo y no se deshace")).to_contain_text(
        "Radicar"
    )
    mirar(admin, "cancelar")
    admin.get_by_label("Motivo").fill("La persona desistió en el punto")
    admin.get_by_role("button", name="Cancelar el proceso").click()
    expect(admin.get_by_text("El proceso quedó cancelado.")).to_be_visible()
    assert mundo.casos("status") == [("cancelled",)]
    assert mundo.filas("select estado from turno") == [("cerrado",)]
    assert mundo.filas("select estado from caso") == [("anulado",)]
    asesor.goto("/atencion")
    expect(asesor.get_by_role("button", name="Llamar siguiente")).to_be_visible()
    p.sin_faltas(mundo)


@pytest.mark.long
def test_an_escalated_case_goes_back_inside_the_area_and_once_more_after_its_answer(
    mundo: Mundo,
) -> None:
    """5.2.18 back to 5.2.16; then, with the technical answer given, back to the analysis as a
    whole."""
    asesor, funcionario, jefe = (
        mundo.persona("asesor.bog01"),
        mundo.persona("funcionario.vcc01"),
        mundo.persona("coordinador"),
    )
    caso = p.caso_escalado(mundo, asesor)
    limites = mundo.filas("select element, due from timer order by element")
    p.recibir_caso(funcionario, caso)
    p.investigar(funcionario)
    p.en(funcionario, "5.2.18")

    devolver(jefe, caso.case_key, "5.2.16 Recibir y analizar")
    assert dict(mundo.filas("select element, due from timer order by element")).items() >= {
        (element, due)
        for element, due in limites
        if element in ("tmr_50", "tmr_80", "tmr_plazo", "tmr_limite")
    }
    funcionario.goto("/bandeja?vista=mias")
    expect(
        funcionario.locator("li.fila").filter(has_text="5.2.16 Recibir y analizar")
    ).to_be_visible()
    p.recibir_caso(funcionario, caso)
    p.investigar(funcionario)
    p.documentar(funcionario)
    assert mundo.filas("select estado from caso") == [("respondido_area",)]

    devolver(jefe, caso.case_key, "Analizar y documentar el caso")
    p.recibir_caso(funcionario, caso)
    p.investigar(funcionario)
    p.documentar(funcionario)
    p.revisar_y_enviar(mundo, asesor, caso)
    assert mundo.filas("select estado from caso") == [("cerrado",)]
    assert mundo.casos("status") == [("finished",), ("finished",)]
    assert mundo.filas("select count(*) from incident") == [(0,)]
    p.sin_faltas(mundo)


def devolver(jefe: Page, case_key: str, actividad: str) -> None:
    jefe.goto(f"/caso/{case_key}/operar")
    jefe.get_by_role("link", name="Devolver a una actividad anterior… Escalonamiento").click()
    # others say that they are inside it
    jefe.get_by_role("radio", name=re.compile(f"^{re.escape(actividad)}")).check()
    jefe.get_by_role("button", name="Ver qué pasaría").click()
    jefe.get_by_label("Motivo").fill("Faltó revisar el recaudo del banco")
    jefe.get_by_role("button", name="Devolver a esa actividad").click()
    expect(jefe.get_by_text("El proceso volvió a:")).to_be_visible()
