// A system is being asked: each second, is the next task there? The page stays still meanwhile, with the focus where it is.
// Where the page has a part that tells what has arrived, only that part changes.
"use strict";
const zona = document.querySelector("[data-llegadas]");
async function mirar() {
  const respuesta = await fetch(zona?.dataset.llegadas ?? location.href, { redirect: "manual", cache: "no-store" }).catch(() => null);
  if (respuesta && respuesta.status !== 202) {
    location.reload();
    return;
  }
  if (respuesta && zona) {
    const llegado = await respuesta.text().catch(() => zona.innerHTML);
    if (llegado !== zona.innerHTML) zona.innerHTML = llegado;
  }
  setTimeout(mirar, 1000);
}
setTimeout(mirar, 1000);
