// A field for several files: what was chosen stands below it with name and size, each with a button to take it out; choosing
// again adds. What the server would refuse is said at once. A form with data-conserva keeps its files when its text is refused.
"use strict";

const MEGA = 1024 * 1024;
const FIRMAS = [[0x25, 0x50, 0x44, 0x46, 0x2d], [0xff, 0xd8, 0xff], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]];

function peso(bytes) {
  if (bytes < 1e6) return `${bytes && Math.max(1, Math.round(bytes / 1000))} kB`;
  return `${(bytes / 1e6).toLocaleString(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 })} MB`;
}

async function esDeLosNuestros(archivo) {
  const comienzo = new Uint8Array(await archivo.slice(0, 8).arrayBuffer());
  return FIRMAS.some((firma) => firma.every((byte, n) => comienzo[n] === byte));
}

async function faltaDe(archivo, dicho, cadaUno) {
  if (archivo.size === 0) return dicho.vacio;
  if (archivo.size > cadaUno * MEGA) return dicho.grande;
  return (await esDeLosNuestros(archivo)) ? "" : dicho.tipo;
}

function prepararArchivos(campo) {
  const dicho = campo.dataset;
  const caja = campo.closest(".campo");
  const lista = caja.querySelector(".elegidos");
  const total = caja.querySelector(".elegidos-total");
  const errores = document.getElementById(`${campo.id}-e`);
  let elegidos = [];
  let turno = 0;

  function poner() {
    const traslado = new DataTransfer();
    elegidos.forEach((archivo) => traslado.items.add(archivo));
    campo.files = traslado.files;
  }

  async function mostrar(aviso = "") {
    const este = ++turno;
    const faltas = await Promise.all(elegidos.map((archivo) => faltaDe(archivo, dicho, Number(dicho.cadaUno))));
    if (este !== turno) return; // chosen again meanwhile
    const bytes = elegidos.reduce((suma, archivo) => suma + archivo.size, 0);
    const generales = [];
    if (elegidos.length > Number(dicho.cuantos))
      generales.push(dicho.muchos.replace("{n}", elegidos.length).replace("{m}", dicho.cuantos));
    if (bytes > Number(dicho.entreTodos) * MEGA)
      generales.push(dicho.pesados.replace("{n}", Math.ceil(bytes / MEGA)).replace("{m}", dicho.entreTodos));
    const dichas = elegidos.map((archivo, n) => (faltas[n] ? `${archivo.name}: ${faltas[n]}` : "")).filter(Boolean);
    lista.replaceChildren(...elegidos.map((archivo, n) => renglon(archivo, n, faltas[n])));
    lista.hidden = !elegidos.length;
    errores.replaceChildren(...[...dichas, ...generales].map(enRojo));
    marcar(errores.hasChildNodes());
    const cuantos = elegidos.length === 1 ? dicho.uno : dicho.total.replace("{n}", elegidos.length);
    total.textContent = [aviso, elegidos.length ? cuantos.replace("{p}", peso(bytes)) : ""].filter(Boolean).join(" ");
  }

  function marcar(mal) {
    caja.classList.toggle("con-error", mal);
    campo.setAttribute("aria-describedby", mal ? `${campo.id}-a ${campo.id}-e` : `${campo.id}-a`);
    if (mal) campo.setAttribute("aria-invalid", "true");
    else campo.removeAttribute("aria-invalid");
  }

  function oculto(donde, texto) {
    const solo = document.createElement("span");
    solo.className = "visually-hidden";
    solo.textContent = ` ${texto}`;
    donde.append(solo);
  }

  function enRojo(texto) {
    const parrafo = document.createElement("p");
    parrafo.className = "error mb-1";
    oculto(parrafo, dicho.error);
    parrafo.append(` ${texto}`);
    return parrafo;
  }

  function renglon(archivo, n, falta) {
    const li = document.createElement("li");
    const nombre = document.createElement("span");
    nombre.className = "nombre";
    nombre.textContent = archivo.name;
    const cuanto = document.createElement("span");
    cuanto.className = "nota";
    cuanto.textContent = peso(archivo.size);
    const quitar = document.createElement("button");
    quitar.type = "button";
    quitar.className = "btn btn-sm btn-outline-secondary";
    quitar.textContent = dicho.quitar;
    oculto(quitar, archivo.name);
    quitar.addEventListener("click", async () => {
      elegidos.splice(n, 1);
      poner();
      await mostrar(dicho.quitado.replace("{n}", archivo.name));
      (lista.querySelectorAll("button")[Math.min(n, elegidos.length - 1)] || campo).focus();
    });
    li.append(nombre, cuanto, quitar);
    li.classList.toggle("mal", Boolean(falta));
    return li;
  }

  function agregar(archivos) {
    const igual = (a, b) => a.name === b.name && a.size === b.size && a.lastModified === b.lastModified;
    elegidos.push(...[...archivos].filter((nuevo) => !elegidos.some((otro) => igual(otro, nuevo))));
    poner();
    document.getElementById(`${campo.id}-otra-vez`)?.remove();
    return mostrar();
  }

  campo.addEventListener("change", () => agregar(campo.files));
  campo.recibir = agregar;
  if (campo.files.length) agregar(campo.files); // a browser that kept them when one goes back
  campo.form.addEventListener("submit", (evento) => {
    if (!campo.hasAttribute("aria-invalid") || !elegidos.length) return;
    evento.preventDefault();
    evento.stopImmediatePropagation();
    (lista.querySelector("li.mal button") || campo).focus();
  });
}

// The answer takes the place of the page; where the form comes back, the files that were chosen are in it again.
async function enviarConservando(evento) {
  if (evento.defaultPrevented) return;
  evento.preventDefault();
  const formulario = evento.target;
  const archivos = [...formulario.elements.archivos.files];
  const boton = formulario.querySelector("button:not([type=button])");
  boton.setAttribute("aria-disabled", "true");
  let respuesta;
  try {
    respuesta = await fetch(formulario.getAttribute("action") || location.href, { method: "POST", body: new FormData(formulario) });
  } catch {
    boton.removeAttribute("aria-disabled");
    Red.esperar(formulario, evento.submitter); // its key, or what was received the first time, lets it go again
    return;
  }
  let pagina = new DOMParser().parseFromString(await respuesta.text(), "text/html");
  const tarde = pagina.querySelector("main form[data-enviar-solo]"); // its session was over: the form itself comes back by this one
  if (tarde) {
    try {
      respuesta = await fetch(tarde.getAttribute("action"), { method: "POST", body: new FormData(tarde) });
      pagina = new DOMParser().parseFromString(await respuesta.text(), "text/html");
    } catch {
      // there is no connection now: its button asks again
    }
  }
  document.title = pagina.title;
  const nuevo = pagina.querySelector("main");
  document.querySelector("main").replaceWith(nuevo);
  Red.respondido(formulario);
  const campo = nuevo.querySelector("input#archivos");
  nuevo.querySelectorAll("textarea[data-maximo]").forEach(contarLetras);
  if (campo) {
    preparar(nuevo);
    if (archivos.length) await campo.recibir(archivos);
    nuevo.querySelectorAll("[data-archivos-perdidos]").forEach((dicho) => dicho.remove()); // they are there
  }
  const destino = nuevo.querySelector("[data-foco]") || nuevo;
  destino.focus();
  if (destino === nuevo) scrollTo(0, 0);
}

function preparar(raiz) {
  raiz.querySelectorAll("input[type=file][multiple][data-cuantos]").forEach(prepararArchivos);
  raiz.querySelectorAll("form[data-conserva]").forEach((f) => f.addEventListener("submit", enviarConservando));
}
preparar(document);
