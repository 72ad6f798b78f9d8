// The login page tells pages that are still open to look whether their login is. It looks, too, whether its browser entered in another
// tab, and goes on to where it would have led. Not where it carries what somebody wrote, which is sent on by hand, nor while somebody types.
"use strict";
{
  const canal = new BroadcastChannel("sesion");
  const entrada = document.querySelector("form[data-sesion]");
  let escribe = false;

  async function mirar() {
    if (document.hidden || escribe) return;
    try {
      const respuesta = await fetch(entrada.dataset.sesion, { cache: "no-store", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(10_000) });
      if (respuesta.ok && (await respuesta.json()).quien && !escribe) location.replace(entrada.dataset.sigue);
    } catch {
      // nobody answers: it stays
    }
  }

  if (entrada) {
    entrada.addEventListener("keydown", () => (escribe = true));
    canal.addEventListener("message", ({ data }) => data === "mirar" && mirar());
    document.addEventListener("visibilitychange", mirar);
    window.addEventListener("focus", mirar);
    window.addEventListener("pageshow", ({ persisted }) => persisted && mirar());
  }
  canal.postMessage("mirar");
}
