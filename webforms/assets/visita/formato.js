// One format: its draft goes to the device as it is typed, «Terminar» puts it into the queue.
import { archivoAbierto, cerrada, FOTO_CERRADA, poner, todos } from "./cerrado.js";
import { formulario, hora, nodo, peso, quien } from "./documento.js";
import { controles, faltas, marcarErrores } from "./errores.js";
import { reducir, vistaDe } from "./foto.js";

const { guardar } = Base;
const PAUSA = 250; // after a key, before what was typed is kept
const MAXIMO = 10 * 1024 * 1024;
let archivo = null; // of the field «soporte»: {nombre, tipo, contenido}
let base = {};
let reloj = null;
let eligiendo = Promise.resolve(); // a photo that is being made smaller
const senal = document.querySelector("[data-guardado]");

function escrito() {
  return [...new FormData(formulario)].filter(([nombre, valor]) => typeof valor === "string" && !nombre.startsWith("_"));
}

function rellenar(valores) {
  for (const control of formulario.querySelectorAll("input, textarea, select")) {
    if (control.type === "file" || control.name.startsWith("_")) continue;
    const suyos = valores.filter(([nombre]) => nombre === control.name).map(([, valor]) => valor);
    if (control instanceof HTMLInputElement && (control.type === "radio" || control.type === "checkbox")) control.checked = suyos.includes(control.value);
    else control.value = suyos[0] ?? "";
    if (control.dataset.maximo) control.dispatchEvent(new Event("input"));
  }
  formulario.dispatchEvent(new Event("change", { bubbles: true })); // what depends on an answer appears
}

const borradorDeAhora = () => ({ item: formulario.dataset.visita, titulo: formulario.dataset.titulo, quien, valores: escrito(), archivo, base, cuando: Date.now() });

let corriendo = null;
let esperando = null;
// One after another, so that what was typed later lies on top: to close a photo takes longer than to close some letters. Who asks while
// one waits gets that one, which takes what stands there when its turn comes.
function guardarBorrador() {
  clearTimeout(reloj);
  reloj = null;
  esperando ??= Promise.resolve(corriendo).then(() => {
    corriendo = esperando;
    esperando = null;
    return guardarAhora();
  });
  return esperando;
}

async function guardarAhora() {
  try {
    const borrador = borradorDeAhora();
    await poner("borrador", borrador);
    if (!reloj && !esperando) senal.textContent = _("✓ En este equipo, {h}", { h: hora(borrador.cuando) });
    senal.classList.remove("sin-guardar");
    return true;
  } catch (error) {
    senal.textContent = error?.name === "QuotaExceededError" ? _("No cabe en este equipo: libere espacio. Sin guardar") : _("Este equipo no guarda: no cierre la página");
    senal.classList.add("sin-guardar");
    return false;
  }
}

function cambio() {
  senal.textContent = _("Guardando…"); // said to be here only when it is
  clearTimeout(reloj);
  reloj = setTimeout(guardarBorrador, PAUSA);
}

async function mostrarArchivo(enEquipo = true) {
  const donde = document.querySelector("[data-archivo]");
  donde.hidden = !archivo;
  if (!archivo) return;
  const dicho = `${archivo.nombre}, ${peso(archivo.contenido.size)}`;
  const quitar = nodo("button", { type: "button", className: "btn btn-sm btn-outline-secondary", textContent: _("Quitar") });
  quitar.addEventListener("click", async () => {
    archivo = null;
    await mostrarArchivo(await guardarBorrador());
    controles("soporte")[0].focus();
  });
  const partes = [nodo("p", { className: "mb-1 fila-flex" }, nodo("span", { textContent: enEquipo ? _("✓ {que}, en este equipo", { que: dicho }) : _("{que}, sin guardar", { que: dicho }) }), quitar)];
  if (archivo.contenido.type.startsWith("image/")) partes.push(await vistaDe(archivo));
  donde.replaceChildren(...partes);
}

async function elegirArchivo(evento) {
  const [elegido] = evento.target.files;
  if (!elegido) return;
  try {
    const reducido = await reducir(elegido);
    if (reducido.contenido.size > MAXIMO) throw new Error("grande");
    archivo = reducido;
    marcarErrores([]);
  } catch (error) {
    const dicho = error.message === "grande" ? _("El archivo pesa más de 10 MB") : _("No se pudo leer ese archivo. Elija una foto o un PDF");
    marcarErrores([["soporte", dicho]]);
  }
  evento.target.value = ""; // what counts stands below
  await mostrarArchivo(await guardarBorrador());
}

// Two pages of one format would write over each other's draft: the second one waits until the first is closed.
async function esperarTurno(item) {
  const nombre = `visita-formato ${quien} ${item}`;
  const tenerlo = (como) =>
    new Promise((tiene) => {
      navigator.locks.request(nombre, como, (candado) => {
        tiene(Boolean(candado));
        return candado && new Promise(() => {}); // as long as the page is there
      });
    });
  if (await tenerlo({ ifAvailable: true })) return;
  senal.textContent = _("Abierto en otra pestaña de este equipo: siga allá, o ciérrela");
  await tenerlo({});
  senal.textContent = "";
}

let yaEsta;
const preparado = new Promise((hecho) => (yaEsta = hecho)); // what lay on this device stands in the form

async function terminar(evento) {
  evento.preventDefault();
  await preparado;
  await Promise.allSettled([eligiendo]); // it goes along
  await (esperando ?? corriendo); // nothing of it comes to lie there after what is sent
  clearTimeout(reloj);
  reloj = null;
  const halladas = faltas();
  marcarErrores(halladas);
  if (halladas.length) {
    await guardarBorrador();
    return;
  }
  try {
    const envio = { ...borradorDeAhora(), llave: crypto.randomUUID(), estado: "lista", errores: [], conflicto: null };
    const cerrado = await cerrada("cola", envio);
    // out of the drafts and into the queue, together
    await guardar(["borrador", "cola"], (borradores, cola) => {
      borradores.delete(envio.item);
      return cola.put(cerrado);
    });
  } catch {
    await guardarBorrador();
    return;
  }
  location.assign("/visita");
}

export async function empezarFormato() {
  formulario.addEventListener("submit", terminar); // who is quicker than the device waits, and sends nothing past it
  const item = formulario.dataset.visita;
  formulario.querySelector('[data-campo="soporte"]').append(document.querySelector("[data-archivo]"));
  base = Object.fromEntries(controlesDeBase().map((control) => [control.name, control.value]));
  await esperarTurno(item);
  const suyo = (fila) => fila.item === item && fila.quien === quien && fila.estado !== "ilegible";
  const enCola = (await todos("cola")).find(suyo);
  if (enCola?.estado === "lista") {
    location.replace("/visita"); // it waits to be sent as it is
    return;
  }
  formulario.querySelector("fieldset[data-espera]").disabled = false; // what is disabled has no values
  const guardado = enCola ?? (await todos("borrador")).find(suyo);
  if (guardado) {
    rellenar(guardado.valores);
    const abre = await archivoAbierto(guardado);
    archivo = abre ? guardado.archivo : null;
    // what the person had seen then; after a change there, what stands on this page now
    if (!enCola?.conflicto) base = { ...guardado.base, _version: base._version };
    await mostrarArchivo();
    senal.textContent = _("✓ Recuperado de este equipo, {h}", { h: hora(guardado.cuando) });
    if (enCola) {
      // to be corrected: it is a draft again
      const borrador = await cerrada("borrador", borradorDeAhora());
      await guardar(["borrador", "cola"], (borradores, cola) => {
        cola.delete(enCola.llave);
        return borradores.put(borrador);
      });
    }
    const errores = [...(enCola?.errores ?? []), ...(abre ? [] : FOTO_CERRADA)];
    if (errores.length) marcarErrores(errores);
  }
  formulario.addEventListener("input", cambio);
  formulario.addEventListener("change", (evento) => (/** @type {HTMLInputElement} */ (evento.target).type === "file" ? (eligiendo = elegirArchivo(evento)) : cambio()));
  yaEsta();
  const alIrse = () => reloj && guardarBorrador();
  document.addEventListener("visibilitychange", () => document.hidden && alIrse());
  window.addEventListener("pagehide", alIrse);
}
// Whether all of it lies on the device; what still lies nowhere is kept now.
export async function quedaGuardado() {
  await Promise.allSettled([eligiendo]);
  await (esperando ?? corriendo);
  const falta = reloj || senal?.classList.contains("sin-guardar");
  return !falta || guardarBorrador();
}

const controlesDeBase = () => [...formulario.querySelectorAll("input[type=hidden][name^=_]")];
