// What is taken along: the pages of the formats, closed, and what they are drawn with.
import { todos } from "./cerrado.js";
import { quien } from "./documento.js";
import { abierta } from "./llave.js";

const { CACHE, sitio } = Base;

function estaticos(pagina) {
  const nombrados = [...pagina.querySelectorAll("link[href], script[src], img[src], use[href]")];
  const direcciones = nombrados.map((n) => n.getAttribute("href") ?? n.getAttribute("src")).map((d) => new URL(d, location.origin));
  return direcciones.filter((d) => d.origin === location.origin && d.pathname.startsWith("/static/")).map((d) => d.pathname + d.search);
}

async function llevar(cache, camino) {
  const respuesta = await fetch(camino, { cache: "no-store", headers: { Accept: "text/html" }, signal: AbortSignal.timeout(20000) });
  if (!respuesta.ok || respuesta.redirected) return null; // never the login page under this name
  const texto = await respuesta.text();
  const donde = sitio(camino, quien);
  const cabeceras = [...respuesta.headers].filter(([nombre]) => !["content-encoding", "content-length"].includes(nombre));
  await cache.put(donde, new Response(await Cierre.enTexto(abierta.llave, { cabeceras, texto }, donde)));
  return estaticos(new DOMParser().parseFromString(texto, "text/html"));
}

// What is here from before stands so, without network, too.
export async function decirLlevados() {
  const cache = await caches.open(CACHE);
  for (const enlace of document.querySelectorAll("a[data-lleva]")) {
    const esta = await cache.match(sitio(new URL(enlace.href).pathname, quien), { ignoreVary: true });
    if (esta) enlace.closest("[data-fila]").querySelector("[data-llevado]").textContent = _("En este equipo");
  }
}

// All pages of the list with what they are drawn with; what is no longer in the list goes, unless something of it is on this device.
export async function llevarTodo() {
  const cache = await caches.open(CACHE);
  const deFuentes = performance.getEntriesByType("resource").map((r) => new URL(r.name)).filter((d) => d.pathname.startsWith("/static/"));
  const faltan = new Set([...estaticos(document), ...deFuentes.map((d) => d.pathname + d.search)]);
  const enlaces = [...document.querySelectorAll("a[data-lleva]")];
  for (const camino of ["/visita", ...enlaces.map((e) => new URL(e.href).pathname)]) {
    let suyos = null;
    try {
      suyos = await llevar(cache, camino);
    } catch {
      // the network went: the next time
    }
    suyos?.forEach((direccion) => faltan.add(direccion));
    const fila = document.querySelector(`a[data-lleva][href="${camino}"]`)?.closest("[data-fila]");
    if (fila && suyos) fila.dataset.falta = "estaticos";
  }
  try {
    for (const direccion of faltan) {
      if (!(await cache.match(direccion, { ignoreVary: true }))) await cache.add(direccion);
    }
  } catch {
    return; // the same: nothing is said to be here
  }
  for (const fila of document.querySelectorAll("[data-falta]")) fila.querySelector("[data-llevado]").textContent = _("En este equipo");
  const listas = new Set(enlaces.map((e) => new URL(e.href).pathname));
  const conAlgo = new Set([...(await todos("borrador")), ...(await todos("cola"))].map((f) => `/visita/${f.item}`));
  for (const pedido of await cache.keys()) {
    const { pathname, searchParams } = new URL(pedido.url);
    if (searchParams.get("quien") !== quien || pathname === "/visita") continue;
    if (!listas.has(pathname) && !conAlgo.has(pathname)) await cache.delete(pedido, { ignoreVary: true });
  }
}

// Its receipt is here: the page of this format is needed no more.
export async function dejar(item) {
  await (await caches.open(CACHE)).delete(sitio(`/visita/${item}`, quien), { ignoreVary: true });
}
