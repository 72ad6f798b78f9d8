// The key of what lies here: in the memory of these pages and of their worker, and gone with them. A login brings it back, and without
// network the code of the device.
import { quien } from "./documento.js";
import { pedirLlave } from "./servidor.js";

const { guardar, leer } = Base;
export let abierta = null; // {quien, llave, desde}

// What the worker answers; null: it has none, or there is no worker yet.
async function alTrabajador(dicho) {
  const trabajador = navigator.serviceWorker?.controller ?? (await navigator.serviceWorker?.getRegistration("/visita"))?.active;
  if (!trabajador) return null;
  return new Promise((bien) => {
    const canal = new MessageChannel();
    canal.port1.onmessage = ({ data }) => bien(data);
    setTimeout(bien, 1000, null);
    trabajador.postMessage(dicho, [canal.port2]);
  });
}

// Makes the key the first time. Throws as `pedirLlave`, "ajeno": no login of now opens what lies here, "no-guarda": there is no room for it.
export async function abrirEquipo() {
  if (abierta) return;
  abierta = await alTrabajador({ que: "dame", quien });
  if (abierta) return;
  const suyo = await leer("equipo", (equipos) => equipos.get(quien));
  const equipo = suyo ?? { quien, equipo: crypto.randomUUID(), idioma: document.documentElement.lang.slice(0, 2) };
  const { abren } = await pedirLlave(equipo.equipo);
  const [primera, ...deAntes] = await Promise.all(abren.map((una) => Cierre.deServidor(una, ["wrapKey", "unwrapKey"])));
  if (!suyo) equipo.delServidor = await Cierre.envolver(await Cierre.nueva(), primera, quien);
  const llave = await Cierre.desenvolver(equipo.delServidor, primera, quien).catch(() => conOtra(equipo, primera, deAntes));
  if (!suyo) {
    try {
      await guardar(["equipo"], (equipos) => equipos.add(equipo));
    } catch (porque) {
      if (porque?.name === "ConstraintError") return abrirEquipo(); // another page was first
      throw "no-guarda";
    }
  }
  await seAbre(llave);
}

export async function seAbre(llave) {
  abierta = { quien, llave, desde: Date.now() };
  await decirAlTrabajador();
}

export const decirAlTrabajador = () => alTrabajador({ que: "abrir", abierta });

// The secret of the server changed: what one of before opens is closed by that of now.
async function conOtra(equipo, primera, deAntes) {
  const llave = await queSale(equipo, deAntes);
  if (!llave) throw "ajeno";
  return (await reponer(equipo, llave, primera)).llave;
}

// As one that may be closed anew; null: none of these opens it.
async function queSale(equipo, conocidas) {
  for (const una of conocidas) {
    const llave = await Cierre.desenvolver(equipo.delServidor, una, quien, true).catch(() => null);
    if (llave) return llave;
  }
  return null;
}

// `puesto`: where there is no room, what was there goes on.
export async function reponer(equipo, llave, primera) {
  const repuesto = { ...equipo, delServidor: await Cierre.envolver(llave, primera, quien) };
  const puesto = await guardar(["equipo"], (equipos) => equipos.put(repuesto)).then(() => true, () => false);
  return { puesto, llave: await Cierre.desenvolver(repuesto.delServidor, primera, quien) };
}

// The code of this device, with network: a login opens the key, which then is closed by the code, too.
export async function ponerCodigo(codigo) {
  const equipo = await leer("equipo", (equipos) => equipos.get(quien));
  const { abren } = await pedirLlave(equipo.equipo);
  const llave = await queSale(equipo, await Promise.all(abren.map((una) => Cierre.deServidor(una, ["wrapKey", "unwrapKey"]))));
  if (!llave) throw "ajeno";
  const delCodigo = await Cierre.envolverConCodigo(llave, codigo, quien);
  await guardar(["equipo"], (equipos) => equipos.put({ ...equipo, delCodigo }));
}

export async function olvidar() {
  abierta = null;
  await alTrabajador({ que: "olvidar" });
}
