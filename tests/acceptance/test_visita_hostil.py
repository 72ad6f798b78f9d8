"""What the tablet of a visit does when its disk, its other tabs, the network or somebody with its
tools get in the way."""

import threading
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance import pasos as p
from tests.acceptance.tableta import (
    CODIGO,
    OBSERVACION,
    QUIEN,
    Tableta,
    Visita,
    abrir_con,
    cuantos,
    diligenciar,
    empezado,
    equipo_de,
    foto,
    guardado,
    listo,
    responder,
)
from tests.acceptance.test_visita_cerrada import (
    LLAVES,
    con_borrador,
    entra_si_hace_falta,
    esta_cerrada,
)

LLENO = """() => {
  const lleno = () => { throw new DOMException("full", "QuotaExceededError"); };
  IDBObjectStore.prototype.add = lleno;
}"""
#: A row that nobody can open: of another key, or somebody changed it.
ILEGIBLE = """([almacen, item, quien]) => Base.guardar([almacen], (filas) => filas.put({
  item, quien, llave: crypto.randomUUID(), estado: "conflicto", cuando: Date.now(),
  cerrado: { iv: new Uint8Array(12), cerrado: new ArrayBuffer(40) },
}))"""
#: One bit of the photo of each row.
FOTO_MALA = """async (almacen) => {
  for (const fila of await Base.todos(almacen)) {
    if (!fila.archivo) continue;
    new Uint8Array(fila.archivo.cerrado)[3] ^= 1;
    await Base.guardar([almacen], (filas) => filas.put(fila));
  }
}"""


def abrir_formato(visita: Visita, pagina: Page) -> str:
    ficha = visita.fichas[0]
    diligenciar(pagina, ficha)
    return visita.tarea(ficha).id


def test_what_somebody_put_there_readable_is_not_sent_in_the_name_of_its_person(
    visita: Visita, tableta: Tableta
) -> None:
    """Whoever has the disk or the tools of its browser writes what no key closed: neither as a
    sending nor as one to be decided."""
    item = visita.tarea(visita.fichas[0]).id
    pagina = tableta.preparar()
    enviados: list[str] = []
    pagina.on(
        "request", lambda pedido: enviados.append(pedido.url) if pedido.method == "POST" else None
    )
    for estado in ("lista", "conflicto"):
        pagina.evaluate(
            """([item, quien, estado]) => Base.guardar(["cola"], (cola) => cola.put({
              item, quien, estado, llave: crypto.randomUUID(), titulo: "Turno", valores: [["evaluable", "no"]], base: {}, archivo: null,
              errores: [], conflicto: estado === "conflicto" ? { tipo: "datos", titulo: "Cambió", cambios: [] } : null, cuando: Date.now(),
            }))""",
            [item if estado == "lista" else "../cuenta", QUIEN, estado],
        )
    tableta.ir(pagina, "/visita")
    empezado(pagina)
    assert (enviados, cuantos(visita.mundo)) == ([], (0, 0))
    expect(
        equipo_de(pagina).get_by_text("Se guardó aquí sin cifrar: revíselo y termínelo otra vez")
    ).to_have_count(2)
    expect(equipo_de(pagina).get_by_role("button", name="Enviar lo mío")).to_have_count(0)


def test_what_was_typed_later_lies_on_top_however_long_a_file_takes(
    visita: Visita, tableta: Tableta
) -> None:
    pagina = tableta.preparar()
    abrir_formato(visita, pagina)
    pdf = visita.mundo.carpeta / "soporte.pdf"
    pdf.write_bytes(b"%PDF-1.4\n")
    pagina.evaluate(
        """() => {
          const { arrayBuffer } = Blob.prototype;
          let primera = true;
          Blob.prototype.arrayBuffer = async function () {
            if (primera) {
              primera = false;
              await new Promise((bien) => setTimeout(bien, 2000));
              document.body.dataset.leida = "1";
            }
            return arrayBuffer.call(this);
          };
        }"""
    )
    pagina.get_by_label("Foto o PDF de soporte").set_input_files(pdf)
    pagina.get_by_role("textbox", name="Observaciones").fill(OBSERVACION)
    expect(pagina.locator("body[data-leida]")).to_have_count(1)
    expect(pagina.locator("[data-archivo]")).to_contain_text("soporte.pdf")
    guardado(pagina)
    pagina.reload()
    listo(pagina)
    expect(pagina.get_by_role("textbox", name="Observaciones")).to_have_value(OBSERVACION)


def test_what_cannot_be_opened_hides_no_draft_and_can_be_removed(
    visita: Visita, tableta: Tableta
) -> None:
    pagina = tableta.preparar()
    item = abrir_formato(visita, pagina)
    pagina.get_by_role("textbox", name="Observaciones").fill(OBSERVACION)
    guardado(pagina)
    for almacen in ("cola", "recibo"):
        pagina.evaluate(ILEGIBLE, [almacen, item, QUIEN])
    pagina.reload()
    listo(pagina)
    expect(pagina.get_by_role("textbox", name="Observaciones")).to_have_value(OBSERVACION)
    tableta.ir(pagina, "/visita")
    ilegibles = equipo_de(pagina).get_by_role("row").filter(has_text="Este equipo ya no lo abre")
    for quedan in (2, 1):
        expect(ilegibles).to_have_count(quedan)
        ilegibles.first.get_by_role("button", name="Borrarlo").click()
        ilegibles.first.get_by_role("button", name="Sí, borrar lo mío de este equipo").click()
    expect(ilegibles).to_have_count(0)
    expect(equipo_de(pagina)).to_contain_text("Borrador")


def test_a_photo_that_cannot_be_opened_is_told_and_takes_neither_the_draft_nor_the_queue_along(
    visita: Visita, tableta: Tableta
) -> None:
    pagina = con_borrador(visita, tableta)
    pagina.evaluate(FOTO_MALA, "borrador")
    pagina.reload()
    expect(
        pagina.get_by_text("Este equipo ya no abre ese archivo. Póngalo otra vez").first
    ).to_be_visible()
    expect(pagina.get_by_role("textbox", name="Observaciones")).to_have_value(OBSERVACION)
    responder(pagina)
    pagina.get_by_role("textbox", name="Observaciones").fill(f"{OBSERVACION} Y más.")
    guardado(pagina)
    pagina.get_by_label("Foto o PDF de soporte").set_input_files(
        foto(visita.mundo.carpeta, 400, 300)
    )
    expect(pagina.locator("[data-archivo]")).to_contain_text("en este equipo")
    pagina.get_by_role("button", name="Terminar este F189").click()
    expect(equipo_de(pagina)).to_contain_text("Por enviar")
    pagina.evaluate(FOTO_MALA, "cola")
    tableta.red(hay=True)
    expect(equipo_de(pagina)).to_contain_text("Falta corregir")
    expect(equipo_de(pagina)).to_contain_text(
        "Este equipo ya no abre ese archivo. Póngalo otra vez"
    )
    expect(pagina.locator("[data-conexion]")).to_contain_text("Con conexión")
    assert cuantos(visita.mundo) == (0, 0)


@pytest.mark.usefixtures("visita")
def test_it_closes_in_time_although_the_network_went_while_it_took_things_along(
    tableta: Tableta,
) -> None:
    pagina = tableta.preparar()
    pagina.add_init_script(
        """caches.match = Cache.prototype.match = () => Promise.resolve(undefined);
        Cache.prototype.add = () => { document.body.dataset.fue = "1"; return Promise.reject(new TypeError("Failed to fetch")); };"""
    )
    tableta.ir(pagina, "/visita")
    expect(pagina.locator("body[data-fue]")).to_have_count(1)
    tableta.red(hay=False)
    pagina.clock.install()
    pagina.clock.fast_forward("31:00")
    esta_cerrada(pagina)


def test_a_device_without_room_for_its_key_is_told_and_asks_the_server_no_more_than_now_and_then(
    visita: Visita, tableta: Tableta
) -> None:
    pagina = tableta.encender()
    pagina.add_init_script(f"({LLENO})()")
    pedidas: list[str] = []
    pagina.on(
        "request",
        lambda pedido: pedidas.append(pedido.url) if "/visita/llave" in pedido.url else None,
    )
    tableta.ir(pagina, "/ingresar?next=/visita")
    visita.mundo.identificar(pagina, QUIEN)
    expect(pagina.locator("[data-conexion]")).to_contain_text(
        "Este equipo no guarda lo que se escriba"
    )
    pagina.wait_for_timeout(3000)
    assert len(pedidas) <= 5, "now and then, and not one after another"


def test_a_code_is_put_after_the_secret_of_the_server_changed_under_an_open_page(
    visita: Visita, tableta: Tableta
) -> None:
    """As it goes on, and with a full disk: what is there opens all the same."""
    mundo = visita.mundo
    pagina = tableta.preparar()
    mundo.app.config["SECRET_KEY_FALLBACKS"] = [str(mundo.app.secret_key)]
    mundo.app.secret_key = LLAVES[0]
    pagina.get_by_text("Cambiar el código").click()
    pagina.get_by_label("Código", exact=True).fill("otro, de más de quince")
    pagina.get_by_label("Otra vez").fill("otro, de más de quince")
    pagina.get_by_role("button", name="Guardar el código").click()
    expect(pagina.get_by_text("✓ Código puesto en este equipo")).to_be_visible()
    pagina.evaluate(
        "() => { IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); }; }"
    )
    pagina.get_by_text("Cambiar el código").click()
    pagina.get_by_label("Código", exact=True).fill(CODIGO)
    pagina.get_by_label("Otra vez").fill(CODIGO)
    pagina.get_by_role("button", name="Guardar el código").click()
    expect(pagina.get_by_text("Este equipo no guarda el código: libere espacio")).to_be_visible()


def test_a_full_disk_does_not_make_what_a_secret_of_before_opens_somebody_elses(
    visita: Visita, tableta: Tableta
) -> None:
    mundo = visita.mundo
    pagina = con_borrador(visita, tableta)
    tableta.red(hay=True)
    mundo.app.config["SECRET_KEY_FALLBACKS"] = [str(mundo.app.secret_key)]
    mundo.app.secret_key = LLAVES[0]
    tableta.se_apaga()
    pagina = tableta.encender()
    pagina.add_init_script(
        "IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };"
    )
    tableta.ir(pagina, "/visita")
    entra_si_hace_falta(mundo, pagina)
    expect(equipo_de(pagina)).to_contain_text("Borrador")


DAME = """async (quien) => {
  const canal = new MessageChannel();
  const dicho = new Promise((bien) => { canal.port1.onmessage = ({ data }) => bien(data); });
  (await navigator.serviceWorker.getRegistration("/visita")).active.postMessage({ que: "dame", quien }, [canal.port2]);
  const abierta = await dicho;
  return abierta && { sale: abierta.llave.extractable };
}"""


def test_who_pressed_salir_leaves_no_key_while_the_server_takes_its_time_to_answer(
    visita: Visita, tableta: Tableta
) -> None:
    mundo, suelta = visita.mundo, threading.Event()
    salir = mundo.app.view_functions["ingreso.salir"]

    def salir_despacio() -> Any:
        assert suelta.wait(60)
        return salir()

    mundo.app.view_functions["ingreso.salir"] = salir_despacio
    pagina = tableta.preparar()
    assert tableta.contexto is not None
    otra = tableta.contexto.new_page()
    tableta.ir(otra, "/ayuda")
    assert otra.evaluate(DAME, QUIEN) == {"sale": False}
    pagina.get_by_role("button", name="Salir").click(no_wait_after=True)
    otra.wait_for_timeout(7000)
    quedo = otra.evaluate(DAME, QUIEN)
    suelta.set()
    assert quedo is None


def test_the_key_that_a_code_opened_leaves_its_page_by_no_script(
    visita: Visita, tableta: Tableta
) -> None:
    """Also where the page came from the server, which then was gone."""
    tableta.preparar()
    tableta.se_apaga()
    pagina = tableta.encender()
    pagina.route("**/visita/llave*", lambda ruta: ruta.abort())
    tableta.ir(pagina, "/visita")
    entra_si_hace_falta(visita.mundo, pagina)
    abrir_con(pagina.locator("[data-conexion]"), CODIGO)
    empezado(pagina)
    assert pagina.evaluate(DAME, QUIEN) == {"sale": False}


def test_a_format_that_is_open_in_another_tab_waits_until_that_one_is_closed(
    visita: Visita, tableta: Tableta
) -> None:
    """Two pages of one draft would write over each other."""
    pagina = tableta.preparar()
    abrir_formato(visita, pagina)
    assert tableta.contexto is not None
    otra = tableta.contexto.new_page()
    otra.goto(pagina.url)
    expect(otra.get_by_text("Abierto en otra pestaña de este equipo")).to_be_visible()
    expect(otra.locator("fieldset[data-espera]:disabled")).to_have_count(1)
    pagina.get_by_role("textbox", name="Observaciones").fill(OBSERVACION)
    guardado(pagina)
    pagina.close()
    listo(otra)
    expect(otra.get_by_role("textbox", name="Observaciones")).to_have_value(OBSERVACION)
    expect(otra.get_by_text("Abierto en otra pestaña de este equipo")).to_have_count(0)


def test_a_sending_over_which_the_server_stumbles_holds_up_no_other(
    visita: Visita, tableta: Tableta
) -> None:
    """It stays, and is tried again; what was finished after it gets its answer: nobody attended
    that turn yet."""
    mundo, mala = visita.mundo, visita.tarea(visita.fichas[0]).id
    recibir = mundo.app.view_functions["calidad.recibir"]
    mundo.app.view_functions["calidad.recibir"] = lambda item_id: (
        ("", 500) if item_id == mala else recibir(item_id)
    )
    pagina = tableta.preparar()
    tableta.red(hay=False)
    for ficha in visita.fichas:
        diligenciar(pagina, ficha)
        responder(pagina)
        if ficha == visita.fichas[1]:
            p.marcar(pagina, "Cómo quedó", "Completo")
            p.marcar(pagina, "Cómo se escaló", "No aplica")
        pagina.get_by_role("button", name="Terminar este F189").click()
        expect(pagina.get_by_role("heading", name="F189 en el punto")).to_be_visible()
    expect(equipo_de(pagina).get_by_text("Por enviar")).to_have_count(2)
    tableta.red(hay=True)
    expect(equipo_de(pagina)).to_contain_text(
        "Ningún asesor ha atendido todavía el turno que se observa"
    )
    expect(pagina.locator("[data-conexion]")).to_contain_text("El servidor no recibió")
    expect(equipo_de(pagina).get_by_text("Por enviar")).to_have_count(1)


def test_an_answer_that_is_cut_off_or_of_somebody_between_is_no_word_of_the_server(
    visita: Visita, tableta: Tableta
) -> None:
    """A network that breaks in the middle of an answer, a page of the point's own network: it does
    not close what is open."""
    pagina = tableta.preparar()
    abrir_formato(visita, pagina)
    empezado(pagina)
    pagina.get_by_role("textbox", name="Observaciones").fill(OBSERVACION)
    guardado(pagina)
    pagina.route("**/visita/llave*", lambda ruta: ruta.fulfill(status=200, body='{"usuario'))
    pagina.evaluate("() => { dispatchEvent(new Event('online')); }")
    expect(pagina.locator("[data-conexion]")).to_contain_text(
        "Sin conexión: se guarda en este equipo"
    )
    pagina.wait_for_timeout(1000)
    expect(pagina.get_by_role("textbox", name="Observaciones")).to_have_value(OBSERVACION)
