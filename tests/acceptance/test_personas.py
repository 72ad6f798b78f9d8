"""An administrator makes a person with a role that only a new diagram knows; she sets her password
by the link and does her task. A role with power over the rules is asked for by one administrator
and decided by another."""

from playwright.sync_api import expect

from engine.types import SYSTEM
from records.base.actos import Acto
from records.cuentas.personal import RolPedido, dar_rol
from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo
from tests.kit import diagrams as m
from tests.kit.web import put

SUYA = "tres lámparas sobre el río"


def permiso() -> bytes:
    nodos = m.start("ini") + m.user("inspeccionar", fields="resultado") + m.end("fin")
    carril = m.lane(
        "campo", "inspector", "zona_id", "ini", "inspeccionar", "fin", called="Inspectora de campo"
    )
    return m.model(
        m.process(
            "permiso", nodos + m.flows("ini>inspeccionar>fin"), lanes=carril, variables="zona_id"
        )
    )


def test_a_person_with_a_role_of_a_new_diagram_does_her_task(mundo: Mundo) -> None:
    admin = mundo.persona("administrador")
    for clase, datos in (
        ("listas", {"Código": "zonas", "Nombre": "Zonas", "Variable de los diagramas": "zona_id"}),
        ("valores", {"Código": "NORTE", "Nombre": "Zona norte"}),
    ):
        admin.goto(f"/entidad/{clase}/nuevo")
        mirar(admin, f"agregar a {clase}")
        for rotulo, valor in {**datos, "Motivo": "Empiezan los permisos"}.items():
            admin.get_by_label(rotulo, exact=False).first.fill(valor)
        if clase == "valores":
            admin.get_by_label("Lista").select_option("Zonas")
        admin.get_by_role("button", name="Guardar").click()
        expect(admin.get_by_text("Guardado.")).to_be_visible()
    ahora = mundo.clock.now()
    mundo.engine.releases.deploy({"permiso.bpmn": permiso()}, actor=SYSTEM, now=ahora)
    tarea = (
        mundo.engine.instances.start("permiso", actor=SYSTEM, now=ahora, data={"zona_id": "NORTE"})
        .opened[0]
        .id
    )

    admin.goto("/personas")
    mirar(admin, "personas")
    admin.get_by_role("link", name="Agregar persona").click()
    admin.get_by_label("Nombre completo").fill("Nubia Torres")
    admin.get_by_label("Correo", exact=True).fill("nubia.torres@entidad.gov.co")
    admin.get_by_label("Rol", exact=True).select_option("Inspectora de campo")
    admin.get_by_label("Dónde", exact=True).select_option("Zona norte")
    admin.get_by_label("Una hoja para imprimir y entregar").check()
    admin.get_by_role("button", name="Agregar").click()  # without a reason
    expect(admin.get_by_role("alert")).to_be_focused()
    admin.get_by_role("link", name="Escriba el motivo", exact=False).press("Enter")
    expect(admin.get_by_label("Motivo", exact=True)).to_be_focused()
    mirar(admin, "agregar persona, con error")
    admin.get_by_label("Motivo", exact=True).fill("Llega con la resolución 41")
    p.acorde(admin, "Enter")
    expect(admin.get_by_role("heading", name="Para imprimir y entregar")).to_be_visible()
    mirar(admin, "hoja para entregar")
    enlace = admin.locator("code.huella").inner_text()

    ella = mundo.publico()
    ella.goto("/clave/" + enlace.rpartition("/")[2])
    ella.get_by_label("Contraseña nueva").fill(SUYA)
    ella.get_by_label("Escríbala otra vez").fill(SUYA)
    ella.get_by_role("button").last.click()
    ella.get_by_label("Usuario").fill("nubia.torres")
    ella.get_by_label("Contraseña", exact=True).fill(SUYA)
    ella.get_by_role("button", name="Ingresar").click()
    expect(ella.get_by_text("Inspectora de campo · Zona norte")).to_be_visible()
    mirar(ella, "bandeja de un rol de diagrama")
    ella.get_by_role("link", name="inspeccionar").first.click()
    ella.get_by_role("button", name="Tomar").first.click()
    expect(ella.get_by_label("resultado")).to_be_visible()
    assert mundo.filas("SELECT claimed_by FROM work_item WHERE id = :t", t=tarea) == [
        ("nubia.torres",)
    ]

    admin.goto("/personas/nubia.torres")
    expect(admin.get_by_text("Llega con la resolución 41").first).to_be_visible()
    mirar(admin, "una persona")
    admin.get_by_role("link", name="Retirar…").click()
    mirar(admin, "retirar a una persona")
    admin.get_by_label("Motivo", exact=True).fill("Terminó su contrato")
    admin.get_by_role("button", name="Retirar ahora").click()
    expect(admin.get_by_text("que volvieron a su bandeja: 1", exact=False)).to_be_visible()
    assert mundo.filas("SELECT claimed_by FROM work_item WHERE id = :t", t=tarea) == [(None,)]
    admin.goto("/personas/importar")
    mirar(admin, "importar personas")
    admin.get_by_label("Archivo CSV").set_input_files(
        {
            "name": "gente.csv",
            "mimeType": "text/csv",
            "buffer": b"nombre;correo;rol\nEva Lara;eva@entidad.gov.co;inspector\nX;sin;",
        }
    )
    admin.get_by_role("button", name="Ensayar").click()
    expect(admin.get_by_text("Todavía no se ha guardado nada")).to_be_visible()
    mirar(admin, "ensayo de una lista")
    p.sin_faltas(mundo)


def test_a_role_with_power_waits_for_another_administrator(mundo: Mundo) -> None:
    put(mundo.app, two_persons=True)
    with mundo.sesion(escribe=True) as s:
        dar_rol(
            s,
            "jefe.ocm",
            RolPedido("administrador"),
            "La reemplaza en vacaciones",
            Acto("administrador", mundo.clock.now()),
        )
        s.commit()
    admin, otra = mundo.persona("administrador"), mundo.persona("jefe.ocm")
    admin.goto("/personas/admin.crm")
    admin.get_by_text("Dar un rol", exact=False).first.click()
    admin.locator("form[action$='/rol'] button").click()
    expect(admin.get_by_role("alert")).to_be_focused()
    falta = admin.locator("#rol-e")
    expect(falta).to_contain_text("Elija el rol que se da.")
    # an error looks like one, as those beside a field
    expect(falta).to_have_css("color", "rgb(168, 5, 33)")
    mirar(admin, "dar un rol, sin decir cuál")
    admin.get_by_label("Rol", exact=True).select_option("Cumplimiento")
    admin.locator("form[action$='/rol'] [name=motivo]").fill("Cubre una licencia")
    admin.locator("form[action$='/rol'] button").click()
    expect(admin.get_by_text("Pedido. Todavía no cambia nada", exact=False)).to_be_visible()
    expect(admin.get_by_role("note")).to_contain_text("Rol: Cumplimiento")
    mirar(admin, "una persona de la que algo espera")
    admin.goto("/aprobaciones")
    mirar(admin, "aprobaciones de quien pidió")
    admin.get_by_role("link", name="Dar un rol", exact=False).click()
    expect(admin.get_by_role("button", name="Retirar lo que pedí")).to_be_visible()
    mirar(admin, "lo que uno pidió")

    otra.goto("/aprobaciones")
    mirar(otra, "aprobaciones")
    p.acorde(otra, "Tab")
    otra.get_by_role("link", name="Dar un rol", exact=False).press("Enter")
    expect(otra.locator("ins", has_text="Cumplimiento")).to_be_visible()
    mirar(otra, "un cambio por aprobar")
    otra.get_by_label("Lo devuelvo: no cambia nada").press("Space")
    otra.get_by_role("button", name="Decidir").press("Enter")
    expect(otra.get_by_role("alert")).to_be_focused()
    expect(otra.get_by_role("alert")).to_contain_text("Escriba por qué la devuelve")
    mirar(otra, "devolver sin decir por qué")
    otra.get_by_label("Lo apruebo: se hace ya").press("Space")
    otra.get_by_role("button", name="Decidir").press("Enter")
    expect(otra.get_by_text("Aprobado: ya está hecho.")).to_be_visible()
    mirar(otra, "aprobaciones, una decidida")
    otra.get_by_role("link", name="Dar un rol", exact=False).click()
    expect(otra.get_by_role("region", name="Qué se pidió")).to_contain_text("Cumplimiento")
    mirar(otra, "un cambio aprobado")
    admin.goto("/personas/admin.crm")
    ((pidio,),) = mundo.filas("SELECT nombre FROM cuenta WHERE usuario = 'administrador'")
    expect(admin.get_by_text(f"Cubre una licencia (lo pidió {pidio})")).to_be_visible()
    p.sin_faltas(mundo)
