// The F189 of a visit on a tablet without network: what is typed goes to the device at once, «Terminar» puts it into a queue, and the
// queue sends itself when it can. Nothing leaves the device before its receipt is here. Each part is a module of visita/.
// All of it lies closed (cierre.js). Its key is in the memory of these pages and of their worker, and goes with them: a login brings it
// back, and without network the code of the device.
import { avisos } from "./visita/avisos.js";
import { cerrarLoDeAntes, todos } from "./visita/cerrado.js";
import { empezarCodigo, panel } from "./visita/codigo.js";
import { enviar, hayPorEnviar } from "./visita/cola.js";
import { conexion, decirConexion } from "./visita/conexion.js";
import { formulario } from "./visita/documento.js";
import { mirarSiTermina, vigilarFin } from "./visita/fin.js";
import { empezarFormato } from "./visita/formato.js";
import { lista, pintar } from "./visita/lista.js";
import { abierta, abrirEquipo, decirAlTrabajador } from "./visita/llave.js";
import { decirLlevados, llevarTodo } from "./visita/llevado.js";

const { guardar } = Base;
const CADA = 5000; // `online` may lie: the card is up, the server is not
const DIAS_RECIBO = 7;

async function olvidarRecibos() {
  const viejos = (await todos("recibo")).filter((recibo) => Date.now() - recibo.cuando > DIAS_RECIBO * 86_400_000);
  for (const recibo of viejos) await guardar(["recibo"], (recibos) => recibos.delete(recibo.llave));
}

// Until it is open: who has just come from the server has its login, who comes without network has given the code.
async function esperarApertura() {
  for (;;) {
    try {
      return await abrirEquipo();
    } catch (porque) {
      if (typeof porque !== "string" && !(porque instanceof DOMException)) throw porque;
      await decirConexion(typeof porque === "string" ? porque : "no-guarda");
      if (porque === "ajeno") return;
    }
    await new Promise((sigue) => setTimeout(sigue, CADA));
  }
}

async function empezar() {
  avisos.addEventListener("enviar", enviar);
  vigilarFin();
  await esperarApertura();
  if (!abierta) return;
  // From here on it closes in time and sends what waits, whatever becomes of the rest.
  window.addEventListener("online", enviar);
  window.addEventListener("offline", () => decirConexion("sin-red"));
  document.addEventListener("visibilitychange", () => document.hidden || mirarSiTermina());
  setInterval(async () => {
    mirarSiTermina();
    if (conexion !== "bien" || (await hayPorEnviar())) await enviar();
  }, CADA);
  await cerrarLoDeAntes().catch(() => {}); // no room: the next time
  if (formulario) await empezarFormato();
  await pintar();
  await decirLlevados();
  await navigator.serviceWorker.register("/sw.js", { scope: "/visita" });
  await navigator.serviceWorker.ready;
  await decirAlTrabajador();
  navigator.storage.persist(); // the browser may refuse: that is why what was not sent is always shown
  if (panel) await empezarCodigo();
  await enviar();
  if (lista && conexion === "bien") {
    await olvidarRecibos();
    await llevarTodo();
  }
  document.body.dataset.lista = "1";
}
empezar();
