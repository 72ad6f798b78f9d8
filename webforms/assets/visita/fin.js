// The end of a login on this device.
import { avisos } from "./avisos.js";
import { quedaGuardado } from "./formato.js";
import { abierta, decirAlTrabajador, olvidar } from "./llave.js";

const SIN_TOCAR = Number(document.body.dataset.dura) * 1000; // as long as a login lasts that nobody uses
const JORNADA = Number(document.body.dataset.jornada) * 1000;
const sesion = new BroadcastChannel("sesion"); // as sesion.js
let tocado = Date.now();
let cerrando = false;
let porCerrar = false;
let salio = false; // and the server may not have answered yet

// What was typed is kept, the key is forgotten, and nothing stays on the screen: the server or the worker say what comes next. What this
// device cannot keep is nowhere else: then the page stays, says so, and tries again.
async function bloquear() {
  if (cerrando) return;
  cerrando = porCerrar = true;
  if (!(await quedaGuardado())) {
    cerrando = false;
    return;
  }
  document.body.replaceChildren();
  await olvidar();
  location.reload();
}

export function mirarSiTermina() {
  if (!abierta) return;
  if (porCerrar || Date.now() - tocado > SIN_TOCAR || Date.now() - abierta.desde > JORNADA) bloquear();
  else if (!document.hidden && !salio) decirAlTrabajador(); // a worker lives half a minute after what it heard last
}

export function vigilarFin() {
  for (const que of ["pointerdown", "keydown", "input"]) document.addEventListener(que, () => (tocado = Date.now()), true);
  sesion.addEventListener("message", ({ data }) => data === "salir" && bloquear());
  avisos.addEventListener("terminar", bloquear);
  document.querySelector("form.quien").addEventListener("submit", () => {
    salio = true;
    sesion.postMessage("salir");
  });
}
