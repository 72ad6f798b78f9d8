// Answers /visita and its formats from what the tablet keeps when the server does not. Nothing else is touched, and never what is sent.
// It belongs to no page, so what it says itself is said in every language: the server puts it in when it hands this file out.
"use strict";

const NOMBRE = "visita";
const SIN_RED = "";
const LIMITE = 4000; // a network that hangs counts as none

const esPagina = (camino) => camino === "/visita" || (/^\/visita\/[^/]+$/.test(camino) && camino !== "/visita/llave");

addEventListener("install", () => skipWaiting());
addEventListener("activate", (evento) => evento.waitUntil(clients.claim()));
addEventListener("fetch", (evento) => {
  const { pathname, origin } = new URL(evento.request.url);
  if (evento.request.method !== "GET" || origin !== location.origin) return;
  if (esPagina(pathname)) evento.respondWith(pagina(evento.request, pathname));
  else if (pathname.startsWith("/static/")) evento.respondWith(deSiempre(evento.request));
});

async function pagina(pedido, camino) {
  const guardado = await caches.open(NOMBRE);
  const copia = await guardado.match(camino, { ignoreVary: true });
  try {
    const respuesta = await fetch(pedido, { signal: AbortSignal.timeout(LIMITE) });
    // to the login: the session ended, and what is on the tablet can be filled in all the same
    if (respuesta.type === "opaqueredirect" || respuesta.redirected) return copia ?? respuesta;
    if (respuesta.status < 500) {
      if (respuesta.ok) await guardado.put(camino, respuesta.clone());
      return respuesta;
    }
  } catch {
    // no network
  }
  return copia ?? noEsta();
}

// The address of a static file changes with its content: the copy is as good as the file.
async function deSiempre(pedido) {
  const guardado = await caches.open(NOMBRE);
  return (await guardado.match(pedido, { ignoreVary: true })) ?? fetch(pedido);
}

function noEsta() {
  return new Response(SIN_RED, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
}
