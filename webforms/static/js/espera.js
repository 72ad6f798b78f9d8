// A system is being asked: each second, is the next task there? The page stays still meanwhile, with the focus where it is.
"use strict";
async function mirar() {
  const respuesta = await fetch(location.href, { redirect: "manual", cache: "no-store" }).catch(() => null);
  if (respuesta && respuesta.status !== 202) location.reload();
  else setTimeout(mirar, 1000);
}
setTimeout(mirar, 1000);
