"""A reviewer: finds the overdue case, reads who did what, sees a refused attempt, exports,
observes, and can change nothing else."""

import re
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import APIResponse, Page, expect

from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo
from tests.acceptance.test_papel import impreso
from webforms.salas import PERMISOS

LA_UNICA = "cumplimiento.observar"


def enviar(pagina: Page, ruta: str, **datos: str) -> APIResponse:
    """A POST by hand in the session of this person, with its CSRF token."""
    token = pagina.locator("[name=csrf_token]").first.input_value()
    return pagina.request.post(ruta, form={"csrf_token": token, **datos}, max_redirects=0)


def abrir(pagina: Page, parte: str) -> None:
    """By the keyboard; whoever listens is told which part is open."""
    enlace = pagina.get_by_role("navigation", name="Partes de la revisión").get_by_role(
        "link", name=parte
    )
    enlace.press("Enter")
    expect(enlace).to_have_attribute("aria-current", "true")


def tarea_abierta(mundo: Mundo) -> str:
    ((item,),) = mundo.filas(
        "select id from work_item where state = 'open' and role = 'funcionario'"
    )
    return str(item)


def test_the_overdue_case_is_found_read_exported_and_observed(mundo: Mundo) -> None:
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    ajena = mundo.persona("asesor.med01")
    assert enviar(
        ajena, f"/tarea/{tarea_abierta(mundo)}", resultado_analisis="competente"
    ).status in {403, 404}
    mundo.pasan(days=25)  # fifteen working days and a holiday

    revisora = mundo.persona("cumplimiento")
    revisora.get_by_label("Solo vencidos").check()
    revisora.get_by_role("button", name="Buscar").click()
    expect(revisora.locator("main").get_by_role("link", name=caso.radicado)).to_have_count(1)
    with revisora.expect_download() as bajada:
        revisora.get_by_role("link", name="Exportar la lista (CSV)").click()
    lineas = bajada.value.path().read_text("utf-8-sig").splitlines()
    assert lineas[0].split(";")[:3] == ["radicado", "recepcion", "punto"]
    columnas = dict(zip(lineas[0].split(";"), lineas[1].split(";"), strict=True))
    assert (columnas["radicado"], columnas["vencido"], columnas["punto_codigo"]) == (
        caso.radicado,
        "sí",
        p.PUNTO,
    )
    assert mundo.titular()[1] not in bajada.value.path().read_text("utf-8"), "documents are covered"

    revisora.locator("main").get_by_role("link", name=caso.radicado).click()
    expect(revisora.locator(".sello")).to_contain_text("Cadena verificada")
    expect(revisora.locator(".bpmn[data-xml-url]")).to_have_count(2)
    for visor in revisora.locator(".bpmn[data-xml-url]").all():
        expect(visor).to_have_attribute("data-estado", "listo")
    plazo = revisora.get_by_role("row").filter(
        has=revisora.get_by_role("rowheader", name="Responder")
    )
    expect(plazo).to_contain_text(
        "15 días hábiles desde el mar 24 nov; el mar 8 dic es festivo: vence el mié 16 dic"
    )
    expect(plazo).to_contain_text("Incumplido")
    expect(p.titulo(revisora).locator("..")).to_contain_text("Sin respuesta: 2 días hábiles tarde")
    asientos = revisora.get_by_role("region", name="Todo lo registrado")
    ((cuantos,),) = mundo.filas(
        "select count(*) from journal j join instance i on i.id = j.instance_id where i.case_key = :k",
        k=caso.case_key,
    )
    en_la_cadena = asientos.get_by_role("listitem").filter(has_text=re.compile(r"registro \d"))
    expect(en_la_cadena).to_have_count(int(str(cuantos)))
    fuera = asientos.get_by_role("listitem").filter(has_text="fuera de la cadena")
    expect(fuera.filter(has_text="Subió a quien lidera el área")).not_to_have_count(0)
    expect(fuera.filter(has_text="«Plazo interno vencido")).not_to_have_count(0)
    expect(asientos.get_by_role("heading", name="Todo lo registrado")).to_contain_text(
        str(int(str(cuantos)) + fuera.count())
    )
    ((nombre,),) = mundo.filas("select nombre from cuenta where usuario = 'asesor.bog01'")
    tipificacion = asientos.get_by_role("listitem").filter(has_text="Completó 5.2.8 Tipificar")
    expect(tipificacion).to_contain_text(str(nombre))
    tipificacion.get_by_text("Ver lo que escribió").click()
    expect(
        tipificacion.get_by_text("El pago de octubre no aparece en el estado de cuenta.")
    ).to_be_visible()
    ((intrusa,),) = mundo.filas("select nombre from cuenta where usuario = 'asesor.med01'")
    abrir(revisora, "Intentos rechazados")
    expect(asientos).to_be_hidden()
    rechazos = revisora.get_by_role("region", name="Intentos rechazados")
    expect(rechazos.get_by_role("listitem")).to_contain_text([str(intrusa)])
    expect(rechazos).to_contain_text("No era de su carril o de su punto")

    abrir(revisora, "Notas y observaciones")
    revisora.get_by_label("Agregar una observación").fill(
        "Venció sin prórroga; pido explicación al área."
    )
    revisora.get_by_role("button", name="Agregar la observación").click()
    expect(revisora.get_by_role("region", name="Notas y observaciones")).to_contain_text(
        "Venció sin prórroga"
    )
    en_papel = " ".join(
        " ".join(hoja.get_textpage().get_text_range() for hoja in impreso(revisora)).split()
    )
    for impresa in (
        "Completó 5.2.8 Tipificar",
        "El pago de octubre no aparece",
        "5.2.16 Recibir y analizar",
        str(intrusa),
        "Venció sin prórroga",
    ):
        assert impresa in en_papel, "what stands in a closed part is printed"
    sin_guiones = revisora.context.new_page()
    sin_guiones.route("**/*.js*", lambda ruta: ruta.abort())
    sin_guiones.goto(f"/cumplimiento/caso/{caso.case_key}")
    expect(sin_guiones.get_by_role("region", name="Todo lo registrado")).to_be_visible()
    sin_guiones.get_by_role("link", name="Recorrido").press("Enter")
    expect(
        sin_guiones.get_by_role("row").filter(has_text="5.2.16 Recibir y analizar")
    ).to_be_visible()
    expect(sin_guiones.get_by_role("region", name="Todo lo registrado")).to_be_hidden()
    assert mundo.filas("select actor_id, kind from note") == [("cumplimiento", "observacion")]
    miradas = {
        fila[0] for fila in mundo.filas("select kind from access where actor_id = 'cumplimiento'")
    }
    assert {"busqueda_casos", "exportacion", "revision_caso"} <= miradas
    p.sin_faltas(mundo)


@pytest.mark.long
def test_which_rule_sent_the_case_to_its_area_is_read_and_leads_to_the_row_of_the_matrix(
    mundo: Mundo,
) -> None:
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    revisora = mundo.persona("cumplimiento")
    revisora.goto(f"/cumplimiento/caso/{caso.case_key}")
    decidio = revisora.locator(".decidida", has_text="Matriz de escalonamiento")
    expect(decidio).to_contain_text(
        "Decidió la regla 17 de la tabla «Matriz de escalonamiento», versión 1: Pago no aplicado. Ver la tabla"
    )
    expect(decidio).to_contain_text(
        "Resultó Área: Vicepresidencia de Crédito y Cobranza; Grupo: Cartera"
    )
    mirar(revisora, "revisión de un caso")
    decidio.get_by_role("link", name="Ver la tabla de entonces").click()
    expect(p.titulo(revisora)).to_have_text("Matriz de escalonamiento, versión 1")
    fila = revisora.get_by_role("row").filter(has_text="decidió")
    expect(fila).to_have_count(1)
    expect(fila).to_be_in_viewport()
    expect(fila).to_contain_text("Cartera")
    mirar(revisora, "tabla de entonces")


#: Of a person's own: filters, absences, searches, a case uncovered; a bulk act says of each task
#: that it was not done.
LO_PROPIO = {
    *(
        f"bandeja.{acto}"
        for acto in ("hacer", "pedir", "guardar", "borrar", "registrar", "terminar")
    ),
    "casos.datos",
    "casos.descargar",
    "cuenta.cambiar_clave",
    "cuenta.cambiar_idioma",
    "cuenta.cerrar_sesiones",
    "iniciar.entregar",
    "cumplimiento.pedir",
    "cumplimiento.pedir_accesos",
    "cumplimiento.exportar_persona",
    "cumplimiento.reservar",
    "cumplimiento.levantar_reserva",
    "cumplimiento.levantar_restriccion",
    "cumplimiento.pedir_datos",
    "cumplimiento.retirar_solicitud",
    *(f"llaves.{acto}" for acto in ("opciones", "poner", "quitar")),
    *(f"segundo.{acto}" for acto in ("poner", "otros_codigos", "quitar")),
}


def cuentas(mundo: Mundo) -> dict[str, list[tuple[object, ...]]]:
    return {
        tabla: mundo.cuantas(tabla)
        for tabla in ("journal", "submission", "note", "draft", "work_item")
    }


def rutas_que_escriben(app: Flask) -> list[tuple[str, str, str]]:
    """(endpoint, method, address with ids that could be real)."""
    return [
        (regla.endpoint, metodo, re.sub(r"<int:\w+>", "1", str(regla.rule)))
        for regla in app.url_map.iter_rules()
        for metodo in sorted((regla.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"})
    ]


@pytest.mark.long
def test_the_reviewer_can_write_nothing_but_an_observation(mundo: Mundo) -> None:
    """Every other writing route of the application, with the ids of a real case and its open
    task."""
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    item = tarea_abierta(mundo)
    revisora = mundo.persona("cumplimiento")
    revisora.goto(f"/cumplimiento/caso/{caso.case_key}")
    token = revisora.locator("[name=csrf_token]").first.input_value()
    antes = cuentas(mundo)
    probadas = 0
    for endpoint, metodo, regla in rutas_que_escriben(mundo.app):
        if endpoint == LA_UNICA or "publico" in PERMISOS[endpoint]:
            continue
        ruta = (
            regla.replace("<item_id>", item)
            .replace("<case_key>", caso.case_key)
            .replace("<archivo>", "escalonamiento.bpmn")
        )
        ruta = re.sub(r"<[^>]+>", "x", ruta)
        cuerpo = {
            "resultado_analisis": "competente",
            "to": "cumplimiento",
            "texto": "x",
            "item": item,
            "accion": "tomar",
        }
        como: dict[str, Any] = (
            {"data": {nombre: [texto] for nombre, texto in cuerpo.items()}}
            if metodo == "PUT"
            else {"form": cuerpo}
        )
        respuesta = revisora.request.fetch(
            ruta, method=metodo, headers={"X-CSRFToken": token}, max_redirects=0, **como
        )
        if endpoint in LO_PROPIO:
            assert respuesta.status in {302, 404, 422}, f"{metodo} {ruta}: {respuesta.status}"
            # this one goes on as a new one, whose forms hold another token
            if endpoint == "cuenta.cerrar_sesiones":
                revisora.reload()
                token = revisora.locator("[name=csrf_token]").first.input_value()
        else:
            assert respuesta.status in {403, 404}, f"{metodo} {ruta}: {respuesta.status}"
        probadas += 1
    assert probadas > 20
    assert cuentas(mundo) == antes
    assert mundo.filas("select claimed_by from work_item where id = :i", i=item) == [(None,)]


def test_a_row_edited_with_sql_is_named_on_the_page_and_by_the_command(mundo: Mundo) -> None:
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    limpia = mundo.app.test_cli_runner().invoke(args=["audit", "verify"])
    assert limpia.exit_code == 0, limpia.output
    with mundo.engine.db.begin() as c:
        c.exec_driver_sql(
            "update journal set actor_id = 'otra.persona' where kind = 'complete' and element = 'act_5_2_8'"
        )
    ((instancia, rev),) = mundo.filas(
        "select instance_id, rev from journal where element = 'act_5_2_8' and kind = 'complete'"
    )

    revisora = mundo.persona("cumplimiento")
    revisora.goto(f"/cumplimiento/caso/{caso.case_key}")
    aviso = revisora.get_by_role("alert")
    expect(aviso).to_contain_text("La evidencia no está completa")
    expect(aviso.get_by_role("listitem")).to_have_count(1)
    expect(aviso).to_contain_text(
        f"Atención personalizada. instance {instancia}: rev {rev} (complete act_5_2_8)"
    )
    expect(aviso).to_contain_text("Pida a quien administra que guarde la base como está")
    mirar(revisora, "revisión de un caso cuya evidencia no está completa")

    for ordenes in (["audit", "verify"], ["audit", "verify", "--caso", caso.case_key]):
        resultado = mundo.app.test_cli_runner().invoke(args=ordenes)
        assert resultado.exit_code == 1
        assert f"{instancia}: rev {rev} (complete act_5_2_8)" in resultado.output
