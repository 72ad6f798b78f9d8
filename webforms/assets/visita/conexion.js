// The line on how this device is connected, what it has not sent, and what opens it.
import { todos } from "./cerrado.js";
import { cuantos, dosVeces, nodo, quien } from "./documento.js";
import { abierta, reponer, seAbre } from "./llave.js";
import { pedirLlave } from "./servidor.js";

const { guardar, leer } = Base;
const barra = document.querySelector("[data-conexion]");
export let conexion = "";
export async function decirConexion(estado = conexion) {
  if (!abierta && conexion === estado) return; // somebody may be writing a code there
  conexion = estado;
  if (estado === "no-guarda") {
    const dicho = _("Libere espacio en él: se intenta otra vez solo.");
    barra.hidden = false;
    barra.replaceChildren(nodo("b", { textContent: _("Este equipo no guarda lo que se escriba.") }), nodo("span", { textContent: dicho }));
    return;
  }
  const cola = await todos("cola");
  const suyas = cola.filter((envio) => envio.quien === quien);
  const ajenas = cola.length - suyas.length;
  const porEnviar = suyas.filter((envio) => envio.estado === "lista").length;
  const deNadie = ajenas ? _(" {f} de otra persona: los envía ella cuando ingrese en este equipo.", { f: cuantos(ajenas) }) : "";
  const porVer = suyas.length - porEnviar; // what came back waits for a person
  const sinEnviar = porEnviar ? _("{f} sin enviar. ", { f: cuantos(porEnviar) }) : "";
  const pendientes = sinEnviar + (porVer ? _("{f} por corregir o decidir. ", { f: cuantos(porVer) }) : "");
  barra.hidden = false;
  barra.classList.toggle("bien", estado === "bien" && !suyas.length);
  if (estado === "ajeno") {
    barra.replaceChildren(nodo("b", { textContent: _("Lo que guarda este equipo no se abre con su ingreso.") }), ...(await salidasDeAjeno()));
  } else if (estado === "sin-red" && !abierta) {
    const equipo = await leer("equipo", (equipos) => equipos.get(quien));
    const dicho = _("Lo de este equipo está cerrado hasta que vuelva la red.");
    barra.replaceChildren(nodo("b", { textContent: _("Sin conexión") }), nodo("span", { textContent: dicho }));
    if (equipo?.delCodigo) barra.append(pedirCodigo(equipo, seAbre));
  } else if (estado === "sin-red") {
    const cola = porEnviar ? _("Se envían solos cuando vuelva la red.") : _("Todo lo que escriba queda aquí.");
    barra.replaceChildren(nodo("b", { textContent: _("Sin conexión: se guarda en este equipo") }), nodo("span", { textContent: pendientes + cola + deNadie }));
  } else if (estado === "sin-sesion") {
    const enlace = nodo("a", { className: "btn btn-sm btn-outline-secondary", href: `/ingresar?next=${encodeURIComponent(location.pathname)}`, textContent: _("Ingresar") });
    barra.replaceChildren(nodo("b", { textContent: _("Su sesión terminó.") }), nodo("span", { textContent: pendientes + _("Ingrese para enviar; lo escrito sigue en este equipo.") + deNadie }), enlace);
  } else if (estado === "falla") {
    barra.replaceChildren(nodo("b", { textContent: _("El servidor no recibió") }), nodo("span", { textContent: pendientes + _("Se intenta otra vez solo; nada se borra de este equipo.") + deNadie }));
  } else {
    barra.replaceChildren(nodo("b", { textContent: _("Con conexión") }), nodo("span", { textContent: (pendientes || _("Nada por enviar.")) + deNadie }));
  }
}

// The server lost its secret of before: the code opens all the same; else it can only be erased.
async function salidasDeAjeno() {
  const equipo = await leer("equipo", (equipos) => equipos.get(quien));
  const borrar = nodo("button", { type: "button", className: "btn btn-sm btn-outline-secondary", textContent: _("Borrarlo y empezar de nuevo") });
  dosVeces(borrar, _("Sí, borrar lo mío de este equipo"), async () => {
    for (const almacen of ["borrador", "cola", "recibo"]) {
      for (const fila of (await Base.todos(almacen)).filter((una) => una.quien === quien)) {
        await guardar([almacen], (filas) => filas.delete(almacen === "borrador" ? fila.item : fila.llave));
      }
    }
    await guardar(["equipo"], (equipos) => equipos.delete(quien));
    location.reload();
  });
  if (!equipo.delCodigo) return [borrar];
  const abrirlo = pedirCodigo(equipo, async (llave) => {
    const { abren } = await pedirLlave(equipo.equipo);
    if (!(await reponer(equipo, llave, await Cierre.deServidor(abren[0], ["wrapKey", "unwrapKey"]))).puesto) throw "no-guarda";
    location.reload();
  }, true);
  return [abrirlo, borrar];
}

// `sale`: to be closed anew; what only opens leaves the page by no script.
function pedirCodigo(equipo, alAbrir, sale = false) {
  const campo = nodo("input", { type: "password", className: "form-control", autocomplete: "off", id: "codigo-barra" });
  const rotulo = nodo("label", { htmlFor: campo.id, textContent: _("Código de este equipo") });
  const dicho = nodo("p", { className: "error mb-0", role: "alert" });
  const boton = nodo("button", { className: "btn btn-sm btn-primary", textContent: _("Abrir") });
  const abrirlo = nodo("form", { className: "con-codigo" }, rotulo, campo, boton, dicho);
  abrirlo.addEventListener("submit", async (evento) => {
    evento.preventDefault();
    try {
      await alAbrir(await Cierre.desenvolverConCodigo(equipo.delCodigo, campo.value, quien, sale));
    } catch (porque) {
      if (porque === "no-guarda") dicho.textContent = _("Este equipo no guarda lo que se escriba.");
      else dicho.textContent = typeof porque === "string" ? _("Hace falta red y haber ingresado.") : _("Ese código no abre nada de este equipo.");
    }
  });
  return abrirlo;
}
