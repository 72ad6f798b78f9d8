// Draws each .bpmn[data-xml-url] of a page: the diagram, what an instance did on it, and how often.
// Everything that it shows stands in the table beside it too (macro diagrama): the picture is never the only source.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "./bpmn/lienzo.css";
import moddle from "./ventanilla-moddle.json";
import personas from "./bpmn/personas.js";
import traducir from "./bpmn/traducir.js";
import { LEGIBLE, verLoQueImporta, verTodo } from "./bpmn/vista.js";

const ESTADOS = new Set(["hecho", "espera", "futuro", "nuevo", "cambiado", "quitado", "problema"]);
const PASO = 40;
const PAPEL = { ancho: 1500, alto: 720 }; // what a sheet in landscape holds at a legible scale
const MENOR = 420; // no window on a drawing is lower
const AIRE = 16;
const MARGEN = 70; // neighbouring sheets share twice as much: what the edge of one cuts stands whole on the other

function marcar(viewer, estados) {
  const registro = viewer.get("elementRegistry");
  const canvas = viewer.get("canvas");
  for (const [id, estado] of Object.entries(estados)) {
    if (ESTADOS.has(estado) && registro.get(id)) canvas.addMarker(id, estado);
  }
}

// The number under which a change is told in words, in the shape of its kind.
function numerar(viewer, insignias) {
  const registro = viewer.get("elementRegistry");
  for (const [id, [numero, clase]] of Object.entries(insignias)) {
    if (!registro.get(id)) continue;
    const html = document.createElement("span");
    html.className = `marca-n ${clase}`;
    html.textContent = numero;
    viewer.get("overlays").add(id, "insignia", { position: { top: -14, right: 16 }, html, scale: { min: 1, max: 1 } });
  }
}

function contar(viewer, cuentas) {
  const registro = viewer.get("elementRegistry");
  const overlays = viewer.get("overlays");
  for (const [id, cuenta] of Object.entries(cuentas)) {
    if (!registro.get(id)) continue;
    const html = document.createElement("span");
    html.className = "cuenta";
    html.textContent = cuenta;
    overlays.add(id, "cuenta", { position: { top: -12, right: 14 }, html });
  }
}

// The head of a line has the colour of the line, also on paper: each colour has a marker of its own.
function colorearPuntas(viewer, estados) {
  const registro = viewer.get("elementRegistry");
  for (const id of Object.keys(estados)) {
    if (!registro.get(id)?.waypoints) continue;
    const linea = registro.getGraphics(id).querySelector(".djs-visual > path");
    const punta = document.getElementById(/#([^"')]+)/.exec(getComputedStyle(linea).markerEnd)?.[1]);
    if (!punta) continue;
    const color = getComputedStyle(linea).stroke;
    const nombre = `${punta.id}-${color.replace(/\W+/g, "-")}`;
    if (!document.getElementById(nombre)) {
      const copia = /** @type {SVGElement} */ (punta.cloneNode(true));
      copia.id = nombre;
      for (const trazo of copia.children) Object.assign(/** @type {SVGElement} */ (trazo).style, { fill: color, stroke: color });
      punta.after(copia);
    }
    linea.style.markerEnd = `url(#${nombre})`;
  }
}

function enlazarTabla(viewer, region) {
  const canvas = viewer.get("canvas");
  const registro = viewer.get("elementRegistry");
  const tabla = document.getElementById(region.dataset.tabla ?? "");
  const resaltar = (id, encendido) => {
    if (!registro.get(id)) return;
    if (encendido) canvas.addMarker(id, "senalado");
    else canvas.removeMarker(id, "senalado");
  };
  for (const fila of tabla?.querySelectorAll("[data-elemento]") ?? []) {
    fila.addEventListener("mouseenter", () => resaltar(fila.dataset.elemento, true));
    fila.addEventListener("mouseleave", () => resaltar(fila.dataset.elemento, false));
    fila.addEventListener("focusin", () => resaltar(fila.dataset.elemento, true));
    fila.addEventListener("focusout", () => resaltar(fila.dataset.elemento, false));
  }
}

// Arrows move the drawing, + and - change its size, 0 fits it again.
function mandarConTeclas(viewer, region) {
  const canvas = viewer.get("canvas");
  const mover = new Map(Object.entries({ ArrowLeft: [PASO, 0], ArrowRight: [-PASO, 0], ArrowUp: [0, PASO], ArrowDown: [0, -PASO] }));
  region.addEventListener("keydown", (evento) => {
    if (evento.ctrlKey || evento.altKey || evento.metaKey || evento.target !== region) return;
    const [dx, dy] = mover.get(evento.key) ?? [];
    if (mover.has(evento.key)) canvas.scroll({ dx, dy });
    else if (evento.key === "+") canvas.zoom(canvas.zoom() * 1.2);
    else if (evento.key === "-") canvas.zoom(canvas.zoom() / 1.2);
    else if (evento.key === "0") verTodo(canvas);
    else return;
    evento.preventDefault();
  });
}

function mandarConBotones(viewer, region) {
  const canvas = viewer.get("canvas");
  const panel = region.closest("[data-diagrama]");
  const ordenes = {
    acercar: () => canvas.zoom(canvas.zoom() * 1.2),
    alejar: () => canvas.zoom(canvas.zoom() / 1.2),
    ajustar: () => verTodo(canvas),
    pantalla: () => (document.fullscreenElement === panel ? document.exitFullscreen() : panel.requestFullscreen()),
  };
  for (const boton of panel?.querySelectorAll("[data-orden]") ?? []) {
    boton.addEventListener("click", ordenes[boton.dataset.orden]);
    boton.hidden = boton.dataset.orden === "pantalla" && !document.fullscreenEnabled;
  }
}

// On the whole screen there is room for the whole sheet; back in the page it stands as it opened.
function seguirLaPantalla(viewer, region, hoja, abrir) {
  const panel = region.closest("[data-diagrama]");
  const boton = panel?.querySelector('[data-orden="pantalla"]');
  let ancho = region.clientWidth;
  const acomodar = () => {
    if (!region.clientWidth || region.clientWidth === ancho) return;
    ancho = region.clientWidth;
    if (document.fullscreenElement !== panel) darAltura(hoja, region);
    viewer.get("canvas").resized();
    if (document.fullscreenElement === panel) verTodo(viewer.get("canvas"));
    else abrir();
  };
  new ResizeObserver(acomodar).observe(region);
  panel?.addEventListener("fullscreenchange", () => {
    boton?.setAttribute("aria-pressed", String(document.fullscreenElement === panel));
    ancho = 0;
    requestAnimationFrame(acomodar);
  });
}

function decirQueFalla(region, error) {
  region.textContent = "";
  const aviso = document.createElement("p");
  aviso.className = "nota p-3 m-0";
  aviso.textContent = _("No se pudo mostrar el diagrama. La tabla dice lo mismo.");
  region.append(aviso);
  region.dataset.estado = "fallo";
  console.error(error);
}

async function pedir(url) {
  const respuesta = await fetch(url, { credentials: "same-origin" });
  if (!respuesta.ok) throw new Error(`${url}: ${respuesta.status}`);
  return respuesta.text();
}

// Where something matters, the window shows all of the region as the page opens: what matters is never below its edge.
function topeDeAltura(region) {
  const pedido = Number(region.dataset.altoMaximo ?? 720);
  if (!region.dataset.enfoque) return Math.max(pedido, window.innerHeight * 0.7);
  const queda = window.innerHeight - (region.getBoundingClientRect().top + window.scrollY) - AIRE;
  return queda >= MENOR ? queda : Math.max(MENOR, window.innerHeight * 0.6);
}

// The region takes the height that the drawing needs at the width it has, within limits: a window shows it whole, with its buttons.
function darAltura(hoja, region) {
  const entera = Math.min(1.2, region.clientWidth / (hoja.width + 40));
  const escala = region.dataset.enfoque ? Math.max(LEGIBLE, entera) : entera;
  const tope = topeDeAltura(region);
  region.style.height = `${Math.max(220, Math.min(Math.round(hoja.height * escala + 84), tope))}px`;
}

// Of the drawing on the screen, which is not printed, nothing can be borrowed: a sheet has the heads of its lines itself.
function conSusPuntas(hoja, n) {
  for (const punta of hoja.querySelectorAll("marker")) punta.id += `-papel-${n}`;
  for (const linea of hoja.querySelectorAll("path")) {
    for (const donde of ["markerStart", "markerMid", "markerEnd"]) {
      const punta = /#([^"')]+)/.exec(linea.style[donde])?.[1];
      if (punta) linea.style[donde] = `url(#${punta}-papel-${n})`;
    }
  }
}

// On paper the whole drawing, in as many sheets side by side as keep its labels legible: never a corner of it.
async function ponerEnPapel(viewer, region) {
  const { inner } = viewer.get("canvas").viewbox();
  const { svg } = await viewer.saveSVG();
  const [columnas, filas] = [Math.ceil(inner.width / PAPEL.ancho), Math.ceil(inner.height / PAPEL.alto)];
  const [ancho, alto] = [inner.width / columnas, inner.height / filas];
  const papel = document.createElement("div");
  papel.className = "bpmn papel";
  papel.setAttribute("aria-hidden", "true");
  for (let n = 0; n < columnas * filas; n += 1) {
    const hoja = document.importNode(new DOMParser().parseFromString(svg, "image/svg+xml").documentElement, true);
    const [x, y] = [inner.x + (n % columnas) * ancho, inner.y + Math.floor(n / columnas) * alto];
    hoja.setAttribute("viewBox", [x - MARGEN, y - MARGEN, ancho + 2 * MARGEN, alto + 2 * MARGEN].join(" "));
    hoja.removeAttribute("width");
    hoja.removeAttribute("height");
    conSusPuntas(hoja, n);
    papel.append(hoja);
  }
  region.after(papel);
}

async function dibujar(region) {
  const viewer = new NavigatedViewer({ container: region, moddleExtensions: { v: moddle }, additionalModules: [traducir, personas] });
  const { warnings } = await viewer.importXML(await pedir(region.dataset.xmlUrl));
  const canvas = viewer.get("canvas");
  const estados = JSON.parse(region.dataset.estados ?? "{}");
  const importan = loQueImporta(viewer, region, estados);
  const abrir = () => verLoQueImporta(canvas, importan);
  if (importan.length) region.dataset.enfoque = importan[0].id;
  const hoja = canvas.viewbox().inner;
  darAltura(hoja, region);
  canvas.resized();
  abrir();
  marcar(viewer, estados);
  colorearPuntas(viewer, estados);
  contar(viewer, JSON.parse(region.dataset.cuentas ?? "{}"));
  numerar(viewer, JSON.parse(region.dataset.insignias ?? "{}"));
  enlazarTabla(viewer, region);
  mandarConTeclas(viewer, region);
  mandarConBotones(viewer, region);
  seguirLaPantalla(viewer, region, hoja, abrir);
  await ponerEnPapel(viewer, region);
  region.dataset.avisos = String(warnings.length);
  region.dataset.estado = "listo";
}

// Where the page says, a flow by where it begins; else where the case waits; in the order of the page.
function loQueImporta(viewer, region, estados) {
  const esperan = Object.entries(estados).filter(([, estado]) => estado === "espera" || estado === "problema").map(([id]) => id);
  const pedidos = region.dataset.enfoque ? region.dataset.enfoque.split(" ") : esperan;
  const hallados = pedidos.map((id) => viewer.get("elementRegistry").get(id)).map((e) => (e?.waypoints ? e.source : e));
  return [...new Set(hallados)].filter((e) => e?.width);
}

function iniciar() {
  for (const region of document.querySelectorAll(".bpmn[data-xml-url]")) {
    if (region.dataset.estado) continue;
    region.dataset.estado = "cargando";
    dibujar(region).catch((error) => decirQueFalla(region, error));
  }
}

iniciar();
document.addEventListener("htmx:after:swap", iniciar);
