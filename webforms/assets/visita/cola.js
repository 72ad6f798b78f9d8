// The queue: what «Terminar» put there is sent when it can be. Nothing leaves the device before its receipt is here.
import { archivoAbierto, cerrada, contenidoDe, FOTO_CERRADA, poner, todos } from "./cerrado.js";
import { decirConexion } from "./conexion.js";
import { quien } from "./documento.js";
import { pintar } from "./lista.js";
import { dejar } from "./llevado.js";
import { pedirLlave } from "./servidor.js";

const { guardar } = Base;

async function entregar(envio, csrf) {
  const cuerpo = new FormData();
  for (const [nombre, valor] of envio.valores) cuerpo.append(nombre, valor);
  for (const [nombre, valor] of Object.entries(envio.base)) cuerpo.set(nombre, valor);
  cuerpo.set("_escrito", new Date(envio.cuando).toISOString());
  if (envio.archivo) cuerpo.set("soporte", await contenidoDe(envio.archivo, envio.item), envio.archivo.nombre);
  try {
    const respuesta = await fetch(`/visita/${envio.item}`, {
      method: "POST",
      body: cuerpo,
      redirect: "error",
      headers: { "Idempotency-Key": envio.llave, "X-CSRFToken": csrf, Accept: "application/json" },
    });
    return [respuesta.status, await respuesta.json().catch(() => ({}))];
  } catch {
    throw "sin-red";
  }
}

const DE_UNO = [400, 500]; // the server stumbles over this one, and would not over others
async function asentar(envio, codigo, dicho) {
  if (codigo === 200) {
    const { llave, item, titulo } = envio;
    const dado = { llave, item, titulo, quien, cuando: Date.now(), recibo: dicho.recibo, momento: dicho.cuando, dicho: dicho.dicho };
    const recibo = await cerrada("recibo", dado);
    await guardar(["cola", "recibo"], (cola, recibos) => {
      cola.delete(envio.llave);
      return recibos.put(recibo);
    });
    await dejar(envio.item);
    return;
  }
  const estado = { 409: "conflicto", 422: "por-corregir", 413: "por-corregir", 403: "rechazado", 404: "rechazado" }[codigo];
  if (!estado) throw codigo === 401 ? "sin-sesion" : DE_UNO.includes(codigo) ? "falla-de-uno" : "falla"; // it stays in the queue as it is
  const errores = codigo === 413 ? [["soporte", _("El archivo es demasiado grande")]] : (dicho.errores ?? []);
  await poner("cola", { ...envio, estado, errores, conflicto: codigo === 409 ? dicho : null, mensaje: dicho.mensaje ?? "" });
}

// One page of the tablet at a time; each sending until its receipt, or until somebody has to decide.
export async function enviar() {
  await navigator.locks.request("visita-envio", { ifAvailable: true }, async (candado) => {
    if (!candado) return;
    try {
      const { csrf } = await pedirLlave();
      let como = "bien";
      const listas = (await todos("cola")).filter((envio) => envio.quien === quien && envio.estado === "lista");
      listas.sort((una, otra) => una.cuando - otra.cuando);
      for (const envio of listas) {
        try {
          if (await archivoAbierto(envio)) await asentar(envio, ...(await entregar(envio, csrf)));
          else await poner("cola", { ...envio, archivo: null, estado: "por-corregir", errores: FOTO_CERRADA, conflicto: null, mensaje: "" });
        } catch (porque) {
          if (porque !== "falla-de-uno") throw porque;
          como = "falla";
        }
      }
      await decirConexion(como);
    } catch (porque) {
      if (typeof porque !== "string") throw porque;
      await decirConexion(porque);
    }
    await pintar();
  });
}

export async function hayPorEnviar() {
  return (await todos("cola")).some((envio) => envio.quien === quien && envio.estado === "lista");
}
