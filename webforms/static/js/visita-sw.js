// Answers /visita and its formats from what the tablet keeps when the server does not. Nothing else is touched, and never what is sent.
// What it keeps is closed: without its key, which a page gives it and which lies in no store, it answers by asking for the code.
// It belongs to no page: what it says itself, in every language, and what stands before it here, the server puts in when it hands this out.
"use strict";

const PUESTO = { sinRed: "", cerrada: {}, fijos: [], politica: "" };
const LIMITE = 4000; // a network that hangs counts as none

const esPagina = (camino) => camino === "/visita" || (/^\/visita\/[^/]+$/.test(camino) && camino !== "/visita/llave");
let completos = false;
let abierta = null; // {quien, llave, desde}: as long as a page says so, and this worker lives

addEventListener("install", (evento) => evento.waitUntil(traerFijos().then(skipWaiting)));
addEventListener("activate", (evento) => evento.waitUntil(Promise.all([clients.claim(), olvidarLegibles()])));
addEventListener("message", (evento) => evento.waitUntil(oir(evento)));
new BroadcastChannel("sesion").addEventListener("message", ({ data }) => data === "salir" && (abierta = null));
addEventListener("fetch", (evento) => {
  const { pathname, origin } = new URL(evento.request.url);
  if (evento.request.method !== "GET" || origin !== location.origin) return;
  if (esPagina(pathname)) evento.respondWith(pagina(evento.request, pathname));
  else if (pathname.startsWith("/static/")) evento.respondWith(deSiempre(evento.request));
});

// What the page of the code is drawn with. What could not be had now is asked for again when a page speaks to us.
async function traerFijos() {
  const guardado = await caches.open(Base.CACHE);
  try {
    for (const direccion of PUESTO.fijos) if (!(await guardado.match(direccion, { ignoreVary: true }))) await guardado.add(direccion);
    completos = true;
  } catch {
    // no network, or another release
  }
}

// Pages that were kept before they were closed.
async function olvidarLegibles() {
  const guardado = await caches.open(Base.CACHE);
  for (const pedido of await guardado.keys()) {
    const { pathname, searchParams } = new URL(pedido.url);
    if (esPagina(pathname) && !searchParams.has("quien")) await guardado.delete(pedido, { ignoreVary: true });
  }
}

async function oir({ data, ports }) {
  if (data.que === "abrir") abierta = data.abierta;
  else if (data.que === "olvidar" || abierta?.quien !== data.quien) abierta = null; // somebody else has this browser now
  ports[0]?.postMessage(abierta);
  if (!completos) await traerFijos();
}

async function pagina(pedido, camino) {
  const copia = await copiaDe(camino);
  try {
    const respuesta = await fetch(pedido, { signal: AbortSignal.timeout(LIMITE) });
    // to the login: the session ended, and what is on the tablet can be filled in all the same
    if (respuesta.type === "opaqueredirect" || respuesta.redirected) return copia ?? respuesta;
    if (respuesta.status < 500) return respuesta;
  } catch {
    // no network
  }
  return copia ?? propia();
}

async function copiaDe(camino) {
  if (!abierta) return null;
  const guardado = await caches.open(Base.CACHE);
  const sitio = Base.sitio(camino, abierta.quien);
  const cerrada = await guardado.match(sitio, { ignoreVary: true });
  if (!cerrada) return null;
  try {
    const { cabeceras, texto } = await Cierre.deTexto(abierta.llave, await cerrada.text(), sitio);
    return new Response(texto, { headers: cabeceras });
  } catch {
    return null; // somebody changed it, or it was closed by a key that is no more
  }
}

// The address of a static file changes with its content: the copy is as good as the file.
async function deSiempre(pedido) {
  const guardado = await caches.open(Base.CACHE);
  return (await guardado.match(pedido, { ignoreVary: true })) ?? fetch(pedido);
}

// What we say ourselves: that it is closed, where something is kept; else that it is not here.
async function propia() {
  const equipos = abierta ? [] : await Base.todos("equipo");
  const texto = equipos.length ? (PUESTO.cerrada[equipos.at(-1).idioma] ?? PUESTO.cerrada.es) : PUESTO.sinRed;
  const cabeceras = { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": PUESTO.politica, "Cache-Control": "no-store" };
  return new Response(texto, { status: 503, headers: cabeceras });
}
