"""The archive in a browser: the index of a case before and after it is closed; files that are
proposed, approved, published, objected to and disposed of, each by who may."""

import datetime as dt

from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from engine.types import SYSTEM, StartForm
from records.expedientes.tablas import SerieDocumental
from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo
from tests.kit import permit
from tests.kit.cast import ASESORA, person
from tests.kit.web import put
from webforms.expedientes import indices
from webforms.retencion import eliminacion

GESTORA = person("gestion.documental", "gestion_documental")


def cerrado(mundo: Mundo) -> str:
    inicio = StartForm({**permit.ASKED, "area": 24})
    caso = mundo.engine.instances.start(
        "permiso", actor=ASESORA, now=mundo.clock.now(), form=inicio
    ).case_key
    consulta = (
        "select w.id from work_item w join instance i on i.id = w.instance_id where i.case_key = :k"
    )
    ((tarea,),) = mundo.filas(consulta, k=caso)
    valores = {"cumple": "no", "concepto": "Le falta el plano"}
    mundo.engine.items.complete(str(tarea), values=valores, actor=GESTORA, now=mundo.clock.now())
    return caso


def trabaja(mundo: Mundo) -> None:
    """What the worker does every ten minutes."""
    with mundo.app.app_context():
        eliminacion.ejecutar(mundo.clock.now())
        indices.Turno().ronda(mundo.clock.now())


def enviar(pagina: Page, boton: str, **escrito: str) -> None:
    for rotulo, texto in escrito.items():
        pagina.get_by_label(rotulo.replace("_", " "), exact=True).fill(texto)
    pagina.get_by_role("button", name=boton).click()


def test_a_file_from_its_index_to_its_disposal(mundo: Mundo) -> None:
    put(mundo.app, disposal_days=1)
    mundo.engine.releases.deploy(permit.FILES, actor=SYSTEM, now=mundo.clock.now())
    caso, _otro, _tercero = cerrado(mundo), cerrado(mundo), cerrado(mundo)
    documental = mundo.persona("gestion.documental")
    documental.goto("/archivo/eliminaciones")
    expect(documental.get_by_text("Todavía ninguna.")).to_be_visible()
    mirar(documental, "/archivo/eliminaciones, vacía")
    documental.goto(f"/caso/{caso}/indice")
    expect(documental.get_by_text("Se cierra con el caso")).to_be_visible()
    mirar(documental, "/caso/indice, sin cerrar")
    with Session(mundo.engine.db) as s, s.begin():
        s.add(SerieDocumental(codigo="PER", nombre="Permisos", subserie="De ocupación", procedimiento="permiso", gestion=0, central=0,
                              disposicion="eliminar", gobierna="expedientes", vigente_desde=dt.date(2026, 1, 1)))  # fmt: skip
    mundo.pasan(minutes=10)
    trabaja(mundo)
    documental.reload()
    expect(documental.get_by_text("Comprobado ahora")).to_be_visible()
    expect(documental.get_by_text("Permisos · De ocupación")).to_be_visible()
    mirar(documental, "/caso/indice, cerrado")
    with documental.expect_download() as bajada:
        documental.get_by_role("link", name="Bajar la versión 1 (XML)").click()
    assert "<Funcion_Resumen>SHA-256 con sal</Funcion_Resumen>" in bajada.value.path().read_text(
        "utf-8"
    )

    documental.goto("/archivo/eliminaciones")
    mirar(documental, "/archivo/eliminaciones, con qué proponer")
    enviar(documental, "Proponer que se eliminen", Motivo="TRD de 2026")
    expect(p.titulo(documental)).to_contain_text("Acta de eliminación AE-2026-0001")
    expect(documental.get_by_text("Usted la propuso: la aprueba otra persona")).to_be_visible()
    mirar(documental, "acta propuesta, de quien la propuso")

    coordinadora = mundo.persona("coordinador")
    coordinadora.goto("/archivo/eliminaciones/1")
    coordinadora.get_by_label("La apruebo: sigue la publicación").check()
    coordinadora.get_by_role("button", name="Decidir").click()
    expect(coordinadora.get_by_role("alert")).to_contain_text(
        "Escriba el número y la fecha del acta del comité"
    )
    expect(coordinadora.get_by_label("La apruebo: sigue la publicación")).to_be_checked()
    mirar(coordinadora, "acta por aprobar, con faltas")
    hoy = f"{mundo.clock.now():%d/%m/%Y}"
    enviar(
        coordinadora,
        "Decidir",
        Número_del_acta_del_comité="CIGD-014",
        Fecha_del_acta_del_comité=hoy,
    )
    expect(coordinadora.get_by_role("status")).to_contain_text("Aprobada")
    documental.reload()
    mirar(documental, "acta aprobada")
    enviar(
        documental,
        "Registrar la publicación",
        Día_en_que_se_publicó=hoy,
        Dirección_de_la_página="https://entidad.example/inventario",
    )
    expect(documental.get_by_text("El plazo de la publicación no ha pasado")).to_be_visible()
    documental.get_by_text("Registrar una observación").click()
    mirar(documental, "acta publicada")
    enviar(
        documental,
        "Registrarla",
        Quién_la_hizo="Álvaro Peña",
        Día_en_que_llegó=hoy,
        Línea_del_inventario="2",
        Qué_dice="Lo demando",
    )
    expect(documental.get_by_text("sobre la línea 2")).to_be_visible()
    mirar(documental, "acta con una observación")
    documental.get_by_label("Se acepta: no se elimina el expediente").check()
    enviar(documental, "Responder", Por_qué="Hay un proceso")
    expect(documental.get_by_text("No se elimina: se aceptó una observación")).to_be_visible()

    mundo.pasan(days=5)
    documental = mundo.persona("gestion.documental")
    documental.goto("/archivo/eliminaciones/1")
    mirar(documental, "acta por ejecutar")
    enviar(documental, "Ordenar que se ejecute", Número_de_esta_acta="AE-2026-0001")
    expect(documental.get_by_text("El trabajador la está ejecutando.")).to_be_visible()
    mirar(documental, "acta en ejecución")
    trabaja(mundo)
    revisora = mundo.persona("cumplimiento")
    revisora.goto("/archivo/eliminaciones/1")
    expect(revisora.get_by_text("Ejecutada el")).to_be_visible()
    expect(revisora.get_by_role("button", name="Retirar el acta")).to_have_count(0)
    mirar(revisora, "acta ejecutada")
    revisora.goto("/archivo/eliminaciones")
    mirar(revisora, "/archivo/eliminaciones, con actas")
    revisora.goto(f"/caso/{caso}/indice")
    expect(revisora.get_by_text("Se eliminó con el expediente; queda su huella.")).to_be_visible()
    expect(revisora.get_by_text("Eliminado por el acto AE-2026-0001")).to_have_count(2)
    mirar(revisora, "/caso/indice, eliminado")
    dicho = mundo.app.test_cli_runner().invoke(args=["audit", "verify"])
    assert dicho.exit_code == 0, dicho.output
