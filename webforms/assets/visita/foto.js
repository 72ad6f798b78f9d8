// A photo of the format: smaller, and shown.
import { nodo } from "./documento.js";

const LADO = 1600; // pixels of the longer side of a photo

// A photo of 12 megapixels is 4 MB; 1600 pixels are enough to see what it proves.
export async function reducir(elegido) {
  if (elegido.type === "application/pdf") return { nombre: elegido.name, tipo: elegido.type, contenido: elegido };
  const mapa = await createImageBitmap(elegido);
  const escala = Math.min(1, LADO / Math.max(mapa.width, mapa.height));
  const lienzo = new OffscreenCanvas(Math.max(1, Math.round(mapa.width * escala)), Math.max(1, Math.round(mapa.height * escala)));
  lienzo.getContext("2d").drawImage(mapa, 0, 0, lienzo.width, lienzo.height);
  const contenido = await lienzo.convertToBlob({ type: "image/jpeg", quality: 0.8 });
  return { nombre: `${elegido.name.replace(/\.[^.]*$/, "")}.jpg`, tipo: contenido.type, contenido };
}

// On a canvas: the page takes no picture from blob: addresses.
export async function vistaDe(archivo) {
  const mapa = await createImageBitmap(archivo.contenido);
  const lienzo = nodo("canvas", { width: 240, height: Math.round((240 * mapa.height) / mapa.width) });
  lienzo.setAttribute("role", "img");
  lienzo.setAttribute("aria-label", _("Vista de {n}", { n: archivo.nombre }));
  lienzo.getContext("2d").drawImage(mapa, 0, 0, lienzo.width, lienzo.height);
  return lienzo;
}
