// The analyst's editor: canvas, properties, findings, draft. The page works without it through the XML view.
import Modeler from "bpmn-js/lib/Modeler";
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "bpmn-js/dist/assets/bpmn-font/css/bpmn-codes.css";
import "./bpmn/lienzo.css";
import "./bpmn/editor.css";
import moddle from "./ventanilla-moddle.json";
import traducir, { SIN_TRADUCIR } from "./bpmn/traducir.js";
import acomodar from "./bpmn/acomodar.js";
import conservar from "./bpmn/conservar.js";
import ofrecer from "./bpmn/ofrecer.js";
import personas from "./bpmn/personas.js";
import { encuadrar } from "./bpmn/encuadrar.js";
import { Panel } from "./bpmn/panel.js";
import { Revision } from "./bpmn/revision.js";
import { Guardado } from "./bpmn/guardado.js";
import { elementosEnOrden } from "./bpmn/agregar.js";
import { nodo } from "./bpmn/dom.js";

const PALETA = 110;
const raiz = document.getElementById("editor");
const datos = JSON.parse(document.getElementById("editor-datos").textContent);
const por = (id) => document.getElementById(id);

async function mandar(url, cuerpo) {
  const respuesta = await fetch(url, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", "X-CSRFToken": datos.csrf, Accept: "application/json" },
    body: JSON.stringify(cuerpo),
  });
  const esJson = respuesta.headers.get("Content-Type")?.startsWith("application/json");
  const dicho = esJson ? await respuesta.json() : {};
  if (respuesta.ok && esJson) return dicho;
  const sesion = respuesta.redirected || respuesta.status === 401 ? _("Su sesión se cerró. Ingrese en otra pestaña y guarde de nuevo: lo que dibujó sigue aquí.") : undefined;
  throw Object.assign(new Error(`${url}: ${respuesta.status}`), { frase: dicho.frase ?? sesion, otro: dicho.otro });
}

function avisarPerdida(warnings) {
  const partes = warnings.map((w) => w.message ?? String(w));
  por("avisos-apertura").replaceChildren(
    nodo("h2", {}, _("El editor no entiende una parte del archivo")),
    nodo("p", {}, _("Si guarda desde el lienzo, esa parte se pierde. Cámbiela en la vista XML.")),
    nodo("ul", {}, ...partes.map((parte) => nodo("li", { class: "mono" }, parte))),
  );
  por("avisos-apertura").hidden = false;
}

function elegir(modeler, id) {
  const elemento = modeler.get("elementRegistry").get(id);
  if (!elemento) return;
  modeler.get("selection").select(elemento);
  const canvas = modeler.get("canvas");
  if (canvas.viewbox().outer.width) canvas.scrollToElement(elemento, 100);
}

function listarElementos(modeler) {
  const control = document.querySelector("select#ir-a-elemento");
  const llenar = () => {
    const elegidos = modeler.get("selection").get();
    const elegido = elegidos.length === 1 ? elegidos[0].id : "";
    control.replaceChildren(
      nodo("option", { value: "" }, _("Elija un elemento…")),
      ...elementosEnOrden(modeler).map(([id, rotulo]) => nodo("option", { value: id, selected: id === elegido }, rotulo)),
    );
  };
  control.addEventListener("change", () => elegir(modeler, control.value));
  modeler.get("eventBus").on(["selection.changed", "commandStack.changed"], llenar);
  llenar();
}

// What is being typed in the panel counts: a change event before anything reads the model.
function asentar() {
  const activo = document.activeElement;
  if (activo?.closest?.("#propiedades")) activo.dispatchEvent(new Event("change", { bubbles: true }));
}

function mandarConTeclas(modeler, guardado) {
  document.addEventListener("keydown", (evento) => {
    if (!(evento.ctrlKey || evento.metaKey) || evento.altKey) return;
    if (evento.key.toLowerCase() === "s") {
      evento.preventDefault();
      asentar();
      guardado.ahora();
    }
  });
  const [pila, canvas] = [modeler.get("commandStack"), modeler.get("canvas")];
  const ordenes = {
    guardar: () => guardado.ahora(),
    deshacer: () => pila.canUndo() && pila.undo(),
    rehacer: () => pila.canRedo() && pila.redo(),
    acercar: () => canvas.zoom(canvas.zoom() * 1.2),
    alejar: () => canvas.zoom(canvas.zoom() / 1.2),
    ajustar: () => encuadrar(canvas, { izquierda: PALETA }),
    pantalla: () => (document.fullscreenElement === raiz ? document.exitFullscreen() : raiz.requestFullscreen()),
  };
  const botones = [...document.querySelectorAll("button[data-orden-editor]")].map((boton) => /** @type {const} */ ([boton.dataset.ordenEditor, boton]));
  const sirve = { deshacer: () => pila.canUndo(), rehacer: () => pila.canRedo(), pantalla: () => document.fullscreenEnabled };
  const alDia = () => {
    for (const [orden, boton] of botones) {
      boton.disabled = !(sirve[orden]?.() ?? true);
      if (orden === "pantalla") boton.setAttribute("aria-pressed", String(document.fullscreenElement === raiz));
    }
  };
  for (const [orden, boton] of botones) boton.addEventListener("click", () => (asentar(), ordenes[orden]()));
  modeler.get("eventBus").on("commandStack.changed", alDia);
  document.addEventListener("fullscreenchange", alDia);
  alDia();
  new ResizeObserver(() => canvas.resized()).observe(por("lienzo"));
}

// Links to another page of the draft (compare, put in force, XML, try a step) save first; those of the panel come and go.
function guardarAntesDeIr(guardado) {
  document.addEventListener("click", async (evento) => {
    const enlace = /** @type {Element} */ (evento.target).closest("a[data-guarda]");
    if (!enlace) return;
    asentar();
    if (!guardado.sucio) return;
    evento.preventDefault();
    if (await guardado.ahora()) location.assign(enlace.href);
  });
}

async function iniciar() {
  const modeler = new Modeler({ container: por("lienzo"), moddleExtensions: { v: moddle }, additionalModules: [traducir, conservar, acomodar, ofrecer, personas] });
  raiz.modeler = modeler; // for browser tests: what is on the canvas
  raiz.sinTraducir = SIN_TRADUCIR;
  const panel = new Panel(modeler, por("propiedades"), { ...datos.catalogo, probar: datos.probar });
  const { warnings } = await modeler.importXML(datos.xml);
  const ajustar = () => encuadrar(modeler.get("canvas"), { izquierda: PALETA, minimo: 0.5 });
  ajustar();
  if (warnings.length) avisarPerdida(warnings);
  const guardado = new Guardado(modeler, {
    aviso: por("guardado"),
    marca: por("marca-borrador"),
    negado: por("negado"),
    archivo: datos.archivo,
    enviar: async (xml, otro) => {
      const dicho = await mandar(datos.guardar, { contenido: xml, base: datos.base, visto: otro ?? datos.visto });
      datos.visto = dicho.visto;
      return dicho;
    },
  });
  const revision = new Revision(modeler, {
    caja: por("revision"),
    resumen: por("revision-resumen"),
    pedir: async (xml) => (await mandar(datos.revisar, { archivo: datos.archivo, contenido: xml })).hallazgos,
    irA: ({ elemento, regla, frase }) => {
      elegir(modeler, elemento);
      panel.irA(regla, frase);
    },
  });
  listarElementos(modeler);
  mandarConTeclas(modeler, guardado);
  guardarAntesDeIr(guardado);
  raiz.dataset.avisos = String(warnings.length);
  raiz.dataset.estado = "listo";
  await revision.ahora();
}

iniciar().catch((error) => {
  por("lienzo").textContent = _("No se pudo abrir el diagrama. Ábralo en la vista XML para corregirlo.");
  raiz.dataset.estado = "fallo";
  console.error(error);
});
