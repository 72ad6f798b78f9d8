// What the device keeps, closed (cierre.js): drafts, sendings and their photos, receipts.
import { quien } from "./documento.js";
import { abierta } from "./llave.js";

const { guardar } = Base;
const SIN_CIFRAR = { estado: "por-corregir", errores: [], conflicto: null, mensaje: _("Se guardó aquí sin cifrar: revíselo y termínelo otra vez") };
export const FOTO_CERRADA = [["soporte", _("Este equipo ya no abre ese archivo. Póngalo otra vez")]];
const CLARO = ["item", "llave", "quien", "estado", "cuando"]; // what anybody may read there

export async function cerrada(almacen, fila) {
  const { archivo, ...dicho } = fila;
  const hecha = Object.fromEntries(CLARO.filter((nombre) => Object.hasOwn(fila, nombre)).map((nombre) => [nombre, fila[nombre]]));
  if (archivo) {
    archivo.dentro ??= await Cierre.cerrar(abierta.llave, await archivo.contenido.arrayBuffer(), `${quien} archivo ${fila.item}`);
    hecha.archivo = archivo.dentro;
    dicho.archivo = { nombre: archivo.nombre, tipo: archivo.tipo };
  }
  hecha.cerrado = await Cierre.cerrarDicho(abierta.llave, dicho, `${quien} ${almacen} ${fila.item}`);
  return hecha;
}

// Of another person only what anybody may read. What no key closed may be of whoever has the disk: nothing of it is sent before its person
// has read it and says so again.
async function leida(almacen, fila) {
  if (!abierta || fila.quien !== quien) return fila;
  if (!fila.cerrado) return almacen === "cola" ? { ...fila, ...SIN_CIFRAR } : fila;
  try {
    const dicho = await Cierre.abrirDicho(abierta.llave, fila.cerrado, `${quien} ${almacen} ${fila.item}`);
    return { ...dicho, archivo: fila.archivo ? { ...dicho.archivo, dentro: fila.archivo } : null };
  } catch {
    return { ...fila, de: almacen, titulo: _("Un formato"), estado: "ilegible", valores: [], archivo: null, base: {} };
  }
}

export async function contenidoDe(archivo, item) {
  archivo.contenido ??= new Blob([await Cierre.abrir(abierta.llave, archivo.dentro, `${quien} archivo ${item}`)], { type: archivo.tipo });
  return archivo.contenido;
}

// False: what is there is not what was put there.
export async function archivoAbierto(fila) {
  try {
    if (fila.archivo) await contenidoDe(fila.archivo, fila.item);
    return true;
  } catch (error) {
    if (error?.name !== "OperationError") throw error;
    return false;
  }
}

export async function poner(almacen, fila) {
  const hecha = await cerrada(almacen, fila);
  return guardar([almacen], (filas) => filas.put(hecha));
}
export const todos = async (almacen) => Promise.all((await Base.todos(almacen)).map((fila) => leida(almacen, fila)));

// What was written here before it was closed.
export async function cerrarLoDeAntes() {
  for (const almacen of ["borrador", "cola", "recibo"]) {
    for (const fila of await Base.todos(almacen)) {
      if (fila.quien !== quien || fila.cerrado) continue;
      const archivo = fila.archivo ? { ...fila.archivo, tipo: fila.archivo.contenido.type } : null;
      await poner(almacen, { ...(await leida(almacen, fila)), archivo });
    }
  }
}
