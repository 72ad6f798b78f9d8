"""What the tablet of a visit keeps is closed: nothing on its disk is readable, its key goes with
the login, and without network a code opens it. Nothing that was typed is lost by it."""

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo
from tests.acceptance.tableta import (
    CODIGO,
    OBSERVACION,
    QUIEN,
    Tableta,
    Visita,
    abrir_con,
    cuantos,
    diligenciar,
    equipo_de,
    foto,
    guardado,
    listo,
    poner_codigo,
    responder,
)

OTRO = "profesional02"
LLAVES = [f"of later, number {n}, of more than thirty-two letters" for n in range(3)]
#: All that scripts can read of what a browser keeps, as text: what is bytes, one letter each, also
#: where they lie in base 64.
LO_GUARDADO = """async () => {
  const llano = (t) => (/^[A-Za-z0-9+/]+=*$/.test(t) ? atob(t) : t);
  const guardadas = [localStorage, sessionStorage].flatMap((a) => Object.entries(a));
  const dichas = guardadas.map(([llave, valor]) => `${llave}: ${llano(valor)}`);
  const bytes = (b) => Array.from(new Uint8Array(b), (c) => String.fromCodePoint(c)).join("");
  const texto = async (v) => {
    if (v instanceof Blob) return bytes(await v.arrayBuffer());
    if (v instanceof ArrayBuffer) return bytes(v);
    if (ArrayBuffer.isView(v)) return bytes(v.buffer);
    if (v instanceof CryptoKey) return `CryptoKey extractable=${v.extractable}`;
    if (v && typeof v === "object") return (await Promise.all(Object.entries(v).map(async ([k, w]) => `${k}=${await texto(w)}`))).join(" ");
    return String(v);
  };
  for (const { name } of await indexedDB.databases()) {
    const base = await new Promise((bien) => { const p = indexedDB.open(name); p.onsuccess = () => bien(p.result); });
    for (const almacen of base.objectStoreNames) {
      const filas = await new Promise((bien) => {
        const p = base.transaction(almacen).objectStore(almacen).getAll();
        p.onsuccess = () => bien(p.result);
      });
      for (const fila of filas) dichas.push(`${name}/${almacen}: ${await texto(fila)}`);
    }
    base.close();
  }
  for (const nombre of await caches.keys()) {
    const guardado = await caches.open(nombre);
    for (const pedido of await guardado.keys()) {
      const { pathname } = new URL(pedido.url);
      const cuerpo = pathname.startsWith("/static/") ? "" : await (await guardado.match(pedido, { ignoreVary: true })).text();
      dichas.push(`${nombre} ${pedido.url}: ${llano(cuerpo)}`);
    }
  }
  return dichas;
}"""
#: As the release of before kept it: readable.
COMO_ANTES = """async ([item, quien, observacion]) => {
  const borrar = indexedDB.deleteDatabase("visita");
  await new Promise((bien) => { borrar.onsuccess = bien; });
  const base = await new Promise((bien) => {
    const p = indexedDB.open("visita", 1);
    p.onupgradeneeded = () => {
      p.result.createObjectStore("borrador", { keyPath: "item" });
      p.result.createObjectStore("cola", { keyPath: "llave" });
      p.result.createObjectStore("recibo", { keyPath: "llave" });
    };
    p.onsuccess = () => bien(p.result);
  });
  const archivo = { nombre: "sala.jpg", contenido: new Blob(["una foto"], { type: "application/pdf" }) };
  const valores = [["evaluable", "si"], ["observaciones", observacion]];
  const tx = base.transaction(["borrador"], "readwrite");
  tx.objectStore("borrador").put({ item, titulo: "Turno", quien, valores, archivo, base: {}, cuando: Date.now() });
  await new Promise((bien) => { tx.oncomplete = bien; });
  base.close();
  await (await caches.open("visita")).put("/visita", new Response(observacion));
}"""


def con_borrador(visita: Visita, tableta: Tableta) -> Page:
    """Away from the network, with something typed and a photo."""
    pagina = tableta.preparar()
    tableta.red(hay=False)
    diligenciar(pagina, visita.fichas[0])
    pagina.get_by_role("textbox", name="Observaciones").fill(OBSERVACION)
    pagina.get_by_label("Foto o PDF de soporte").set_input_files(
        foto(visita.mundo.carpeta, 400, 300)
    )
    expect(pagina.locator("[data-archivo] canvas")).to_be_visible()
    guardado(pagina)
    return pagina


def entra_si_hace_falta(mundo: Mundo, pagina: Page) -> None:
    """A browser that is killed may not have written its cookie yet."""
    expect(
        pagina.get_by_label("Usuario").or_(pagina.get_by_role("heading", name="F189 en el punto"))
    ).to_be_visible()
    if pagina.get_by_label("Usuario").is_visible():
        mundo.identificar(pagina, QUIEN)


def esta_cerrada(pagina: Page) -> None:
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Sin conexión: escriba su código")
    expect(pagina.get_by_text(OBSERVACION)).to_have_count(0)


def sigue_todo(pagina: Page) -> None:
    listo(pagina)
    expect(pagina.get_by_role("textbox", name="Observaciones")).to_have_value(OBSERVACION)
    expect(pagina.locator("[data-archivo] canvas")).to_be_visible()


def test_nothing_that_the_tablet_keeps_can_be_read_on_it(visita: Visita, tableta: Tableta) -> None:
    """Neither by scripts of its browser nor on its disk, while a draft and a sending lie there."""
    mundo, (ficha, otra) = visita.mundo, visita.fichas
    pagina = con_borrador(visita, tableta)
    quedan = pagina.evaluate(LO_GUARDADO)
    assert {linea.split(":")[0] for linea in quedan if linea.startswith("visita/")} == {
        "visita/equipo",
        "visita/borrador",
    }
    assert sum("?quien=" in linea.split(": ")[0] for linea in quedan) == 3  # the list, two formats
    titulo = pagina.locator("form[data-visita]").get_attribute("data-titulo")
    assert titulo is not None
    assert ficha in titulo
    tableta.ir(pagina, "/visita")
    # what the list says of them
    assert (f">{ficha}<" in pagina.content(), f">{otra}<" in pagina.content()) == (True, True)
    diligenciar(pagina, otra)
    responder(pagina)
    p.marcar(pagina, "Cómo quedó", "Completo")
    p.marcar(pagina, "Cómo se escaló", "No aplica")
    pagina.get_by_role("button", name="Terminar este F189").click()
    expect(equipo_de(pagina)).to_contain_text("Por enviar")
    quedan = pagina.evaluate(LO_GUARDADO)
    with mundo.sesion() as s:
        nombres = [
            str(n) for n in s.connection().exec_driver_sql("SELECT nombre FROM cuenta").scalars()
        ]
    # Of six letters and more: four stand in what is closed by chance, too.
    fichas = [f">{ficha}<", f">{otra}<", titulo]
    secretos = [
        OBSERVACION,
        "No ofreció asiento",
        "aire acondicionado",
        *fichas,
        "sala.jpg",
        "JFIF\0\1",
        "extractable=true",
        *nombres,
    ]
    for secreto in secretos:
        assert not [linea[:200] for linea in quedan if secreto in linea], secreto
    tableta.se_apaga()
    dichos = [OBSERVACION, "No ofreció asiento", CODIGO]
    en_disco = [
        (archivo.name, dicho)
        for archivo in sorted(tableta.carpeta.rglob("*"))
        if archivo.is_file()
        for datos in [archivo.read_bytes()]
        for dicho in dichos
        if dicho.encode() in datos or dicho.encode("utf-16-le") in datos
    ]
    assert en_disco == []
    pagina = tableta.encender()
    tableta.ir(pagina, "/visita")
    abrir_con(pagina, CODIGO)
    expect(equipo_de(pagina)).to_contain_text("Borrador")
    expect(equipo_de(pagina)).to_contain_text("Por enviar")


def test_who_does_not_touch_it_for_as_long_as_a_login_lasts_gives_the_code_again(
    visita: Visita, tableta: Tableta
) -> None:
    pagina = con_borrador(visita, tableta)
    pagina.clock.install()
    pagina.clock.fast_forward("29:00")
    expect(pagina.get_by_role("textbox", name="Observaciones")).to_have_value(OBSERVACION)
    pagina.clock.fast_forward("02:00")
    esta_cerrada(pagina)
    abrir_con(pagina, CODIGO)
    sigue_todo(pagina)


def test_what_the_device_cannot_keep_stays_on_the_page_until_it_can(
    visita: Visita, tableta: Tableta
) -> None:
    """A full disk, and nobody touches it for as long as a login lasts: it closes once there is
    room."""
    pagina = con_borrador(visita, tableta)
    pagina.evaluate(
        """() => {
          const { put } = IDBObjectStore.prototype;
          IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };
          window.hayLugar = () => { IDBObjectStore.prototype.put = put; };
        }"""
    )
    pagina.clock.install()
    pagina.get_by_role("textbox", name="Observaciones").fill(f"{OBSERVACION} Y más.")
    pagina.clock.fast_forward("00:01")
    expect(pagina.locator("[data-guardado]")).to_contain_text("No cabe en este equipo")
    pagina.clock.fast_forward("31:00")
    pagina.clock.fast_forward("00:30")
    expect(pagina.locator("[data-guardado]")).to_contain_text("No cabe en este equipo")
    expect(pagina.get_by_role("textbox", name="Observaciones")).to_have_value(
        f"{OBSERVACION} Y más."
    )
    pagina.evaluate("() => hayLugar()")
    pagina.clock.fast_forward("00:30")
    esta_cerrada(pagina)
    abrir_con(pagina, CODIGO)
    listo(pagina)
    expect(pagina.get_by_role("textbox", name="Observaciones")).to_have_value(
        f"{OBSERVACION} Y más."
    )


@pytest.mark.parametrize("como", ["salir", "terminada"])
def test_it_closes_with_the_login(visita: Visita, tableta: Tableta, como: str) -> None:
    """Left in another tab without network, or ended by somebody else."""
    mundo = visita.mundo
    pagina = con_borrador(visita, tableta)
    assert tableta.contexto is not None
    if como == "salir":
        tableta.red(hay=True)
        otra = tableta.contexto.new_page()
        tableta.ir(otra, "/visita")
        expect(equipo_de(otra)).to_contain_text("Borrador")
        tableta.red(hay=False)
        otra.get_by_role("button", name="Salir").click()
        esta_cerrada(pagina)
        abrir_con(pagina, CODIGO)
        sigue_todo(pagina)
        return
    with mundo.sesion(escribe=True) as s:
        s.connection().exec_driver_sql(
            "UPDATE cuenta SET fs_uniquifier = 'otro' WHERE usuario = ?", (QUIEN,)
        )
        s.commit()
    tableta.red(hay=True)
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Ingresar a Ventanilla")
    mundo.identificar(pagina, QUIEN)
    sigue_todo(pagina)


def test_another_person_on_the_same_tablet_neither_reads_nor_loses_what_is_there(
    visita: Visita, tableta: Tableta
) -> None:
    pagina = con_borrador(visita, tableta)
    tableta.red(hay=True)
    assert tableta.contexto is not None
    otra = tableta.contexto.new_page()
    tableta.ir(otra, "/cuenta")
    otra.get_by_role("button", name="Salir").click()
    visita.mundo.identificar(otra, OTRO)
    tableta.ir(otra, "/visita")
    expect(otra.locator("[data-conexion]")).to_contain_text("Con conexión")
    expect(otra.get_by_role("region", name="En este equipo", exact=True)).to_have_count(0)
    poner_codigo(otra)
    pagina.close()
    tableta.red(hay=False)
    tableta.se_apaga()
    pagina = tableta.encender()
    tableta.ir(pagina, "/visita")
    abrir_con(pagina, CODIGO)  # both chose the same: it opens for the first of them alone
    expect(pagina.get_by_role("heading", level=1)).to_have_text("F189 en el punto")
    expect(equipo_de(pagina)).to_contain_text("Borrador")
    assert cuantos(visita.mundo) == (0, 0)


def test_without_a_code_the_tablet_waits_for_the_network_and_loses_nothing(
    mundo: Mundo, visita: Visita, tableta: Tableta
) -> None:
    pagina = tableta.encender()
    tableta.ir(pagina, "/ingresar?next=/visita")
    mundo.identificar(pagina, QUIEN)
    expect(
        pagina.get_by_text("Sin código, lo guardado aquí solo se abre al ingresar")
    ).to_be_visible()
    pagina.get_by_text("Poner un código").click()
    pagina.get_by_label("Código", exact=True).fill("muy corto")
    pagina.get_by_role("button", name="Guardar el código").click()
    expect(pagina.get_by_text("Escriba al menos 15 letras")).to_be_visible()
    mirar(pagina, "visita, código corto")
    pagina.get_by_label("Código", exact=True).fill("qwertyuiopasdfghjkl")
    pagina.get_by_role("button", name="Guardar el código").click()
    expect(pagina.get_by_text("Es de las que cualquiera prueba")).to_be_visible()
    pagina.get_by_label("Código", exact=True).fill(CODIGO)
    pagina.get_by_label("Otra vez").fill(CODIGO.upper())
    pagina.get_by_role("button", name="Guardar el código").click()
    expect(pagina.get_by_text("No es igual al de arriba")).to_be_visible()
    expect(pagina.get_by_label("Otra vez")).to_be_focused()
    pagina.get_by_role("button", name="Tomar").first.click()
    expect(pagina.get_by_text("Tomó 2.")).to_be_visible()
    expect(pagina.locator("[data-llevado]", has_text="En este equipo")).to_have_count(2)
    diligenciar(pagina, visita.fichas[0])
    pagina.get_by_role("textbox", name="Observaciones").fill(OBSERVACION)
    guardado(pagina)
    tableta.red(hay=False)
    tableta.se_apaga()
    pagina = tableta.encender()
    tableta.ir(pagina, "/visita")
    expect(pagina.get_by_text("Nadie puso un código en este equipo")).to_be_visible()
    expect(pagina.get_by_label("Código de este equipo")).to_be_hidden()
    mirar(pagina, "tableta sin código")
    tableta.red(hay=True)
    entra_si_hace_falta(mundo, pagina)
    expect(equipo_de(pagina)).to_contain_text("Borrador")


def test_a_new_secret_of_the_server_opens_what_the_one_of_before_closed_and_a_lost_one_leaves_the_code(
    visita: Visita, tableta: Tableta
) -> None:
    mundo = visita.mundo
    pagina = con_borrador(visita, tableta)
    tableta.red(hay=True)
    antes = str(mundo.app.secret_key)
    mundo.app.secret_key = LLAVES[0]
    mundo.app.config["SECRET_KEY_FALLBACKS"] = [antes]
    tableta.se_apaga()
    pagina = tableta.encender()
    tableta.ir(pagina, "/visita")
    entra_si_hace_falta(mundo, pagina)
    expect(equipo_de(pagina)).to_contain_text("Borrador")
    mundo.app.config["SECRET_KEY_FALLBACKS"] = []  # what it opened then is closed by the one of now
    tableta.se_apaga()
    pagina = tableta.encender()
    tableta.ir(pagina, "/visita")
    entra_si_hace_falta(mundo, pagina)
    expect(equipo_de(pagina)).to_contain_text("Borrador")

    mundo.app.secret_key = LLAVES[1]
    tableta.se_apaga()
    pagina = tableta.encender()
    tableta.ir(pagina, "/visita")
    mundo.identificar(pagina, QUIEN)
    barra = pagina.locator("[data-conexion]")
    expect(barra).to_contain_text("Lo que guarda este equipo no se abre con su ingreso.")
    mirar(pagina, "visita que el ingreso no abre")
    barra.get_by_label("Código de este equipo").fill("no es este de ninguna manera")
    barra.get_by_role("button", name="Abrir").click()
    expect(barra.get_by_role("alert")).to_have_text("Ese código no abre nada de este equipo.")
    barra.get_by_label("Código de este equipo").fill(CODIGO)
    barra.get_by_role("button", name="Abrir").click()
    expect(equipo_de(pagina)).to_contain_text("Borrador")
    mundo.app.secret_key = LLAVES[2]
    tableta.se_apaga()
    pagina = tableta.encender()
    tableta.ir(pagina, "/visita")
    mundo.identificar(pagina, QUIEN)
    pagina.get_by_role("button", name="Borrarlo y empezar de nuevo").click()
    pagina.get_by_role("button", name="Sí, borrar lo mío de este equipo").click()
    expect(
        pagina.get_by_text("Sin código, lo guardado aquí solo se abre al ingresar")
    ).to_be_visible()
    expect(pagina.locator("[data-llevado]", has_text="En este equipo")).to_have_count(2)


def test_what_lay_there_readable_is_closed_and_what_somebody_changed_there_is_told(
    visita: Visita, tableta: Tableta
) -> None:
    mundo, item = visita.mundo, visita.tarea(visita.fichas[0]).id
    pagina = tableta.encender()
    tableta.ir(pagina, "/ingresar")
    mundo.identificar(pagina, QUIEN)
    pagina.evaluate(COMO_ANTES, [item, QUIEN, OBSERVACION])
    tableta.ir(pagina, "/visita")
    expect(equipo_de(pagina)).to_contain_text("Borrador")
    expect(pagina.locator("[data-llevado]", has_text="En este equipo")).to_have_count(2)
    assert not [
        linea[:200]
        for linea in pagina.evaluate(LO_GUARDADO)
        if OBSERVACION in linea or "una foto" in linea
    ]
    equipo_de(pagina).get_by_role("link", name="Seguir").click()
    listo(pagina)
    expect(pagina.get_by_role("textbox", name="Observaciones")).to_have_value(OBSERVACION)
    expect(pagina.locator("[data-archivo]")).to_contain_text("sala.jpg")
    pagina.evaluate(
        """async (item) => {
          const fila = (await Base.todos("borrador")).find((una) => una.item === item);
          new Uint8Array(fila.cerrado.cerrado)[3] ^= 1;
          await Base.guardar(["borrador"], (filas) => filas.put(fila));
        }""",
        item,
    )
    tableta.ir(pagina, "/visita")
    expect(equipo_de(pagina)).to_contain_text("Este equipo ya no lo abre")
    mirar(pagina, "visita con algo que no se abre")
    equipo_de(pagina).get_by_role("button", name="Borrarlo").click()
    equipo_de(pagina).get_by_role("button", name="Sí, borrar lo mío de este equipo").click()
    expect(pagina.get_by_role("region", name="En este equipo", exact=True)).to_have_count(0)
