// The F189 of a visit on a tablet without network: what is typed goes to the device at once, «Terminar» puts it into a queue, and the
// queue sends itself when it can. Nothing leaves the device before its receipt is here. A module: its names are its own.
// All of it lies closed (cierre.js). Its key is in the memory of these pages and of their worker, and goes with them: a login brings it
// back, and without network the code of the device.

export {};
const { CACHE, sitio, guardar, leer } = Base;
const CADA = 5000; // `online` may lie: the card is up, the server is not
const PAUSA = 250; // after a key, before what was typed is kept
const LADO = 1600; // pixels of the longer side of a photo
const MAXIMO = 10 * 1024 * 1024;
const DIAS_RECIBO = 7;
const formulario = document.querySelector("form[data-visita]");
const lista = document.querySelector("[data-equipo]");
const barra = document.querySelector("[data-conexion]");
const panel = document.querySelector("[data-codigo]");
const quien = document.body.dataset.quien; // who the page was made for
const SIN_TOCAR = Number(document.body.dataset.dura) * 1000; // as long as a login lasts that nobody uses
const JORNADA = Number(document.body.dataset.jornada) * 1000;
const sesion = new BroadcastChannel("sesion"); // as sesion.js

// --- what the device keeps, closed --------------------------------------------------------------------------------------------
let abierta = null; // {quien, llave, desde}
const SIN_CIFRAR = { estado: "por-corregir", errores: [], conflicto: null, mensaje: _("Se guardó aquí sin cifrar: revíselo y termínelo otra vez") };
const FOTO_CERRADA = [["soporte", _("Este equipo ya no abre ese archivo. Póngalo otra vez")]];
const CLARO = ["item", "llave", "quien", "estado", "cuando"]; // what anybody may read there

async function cerrada(almacen, fila) {
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

async function contenidoDe(archivo, item) {
  archivo.contenido ??= new Blob([await Cierre.abrir(abierta.llave, archivo.dentro, `${quien} archivo ${item}`)], { type: archivo.tipo });
  return archivo.contenido;
}

// False: what is there is not what was put there.
async function archivoAbierto(fila) {
  try {
    if (fila.archivo) await contenidoDe(fila.archivo, fila.item);
    return true;
  } catch (error) {
    if (error?.name !== "OperationError") throw error;
    return false;
  }
}

async function poner(almacen, fila) {
  const hecha = await cerrada(almacen, fila);
  return guardar([almacen], (filas) => filas.put(hecha));
}
const todos = async (almacen) => Promise.all((await Base.todos(almacen)).map((fila) => leida(almacen, fila)));

// What was written here before it was closed.
async function cerrarLoDeAntes() {
  for (const almacen of ["borrador", "cola", "recibo"]) {
    for (const fila of await Base.todos(almacen)) {
      if (fila.quien !== quien || fila.cerrado) continue;
      const archivo = fila.archivo ? { ...fila.archivo, tipo: fila.archivo.contenido.type } : null;
      await poner(almacen, { ...(await leida(almacen, fila)), archivo });
    }
  }
}

// --- its key ------------------------------------------------------------------------------------------------------------------
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
async function abrirEquipo() {
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

async function seAbre(llave) {
  abierta = { quien, llave, desde: Date.now() };
  await alTrabajador({ que: "abrir", abierta });
}

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
async function reponer(equipo, llave, primera) {
  const repuesto = { ...equipo, delServidor: await Cierre.envolver(llave, primera, quien) };
  const puesto = await guardar(["equipo"], (equipos) => equipos.put(repuesto)).then(() => true, () => false);
  return { puesto, llave: await Cierre.desenvolver(repuesto.delServidor, primera, quien) };
}

// The code of this device, with network: a login opens the key, which then is closed by the code, too.
async function ponerCodigo(codigo) {
  const equipo = await leer("equipo", (equipos) => equipos.get(quien));
  const { abren } = await pedirLlave(equipo.equipo);
  const llave = await queSale(equipo, await Promise.all(abren.map((una) => Cierre.deServidor(una, ["wrapKey", "unwrapKey"]))));
  if (!llave) throw "ajeno";
  const delCodigo = await Cierre.envolverConCodigo(llave, codigo, quien);
  await guardar(["equipo"], (equipos) => equipos.put({ ...equipo, delCodigo }));
}

// --- the end ------------------------------------------------------------------------------------------------------------------
let tocado = Date.now();
let cerrando = false;
let porCerrar = false;
let salio = false; // and the server may not have answered yet

// What was typed is kept, the key is forgotten, and nothing stays on the screen: the server or the worker say what comes next. What this
// device cannot keep is nowhere else: then the page stays, says so, and tries again.
async function bloquear() {
  if (cerrando) return;
  cerrando = porCerrar = true;
  await Promise.allSettled([eligiendo]);
  await (esperando ?? corriendo);
  const sinGuardar = reloj || senal?.classList.contains("sin-guardar");
  if (sinGuardar && !(await guardarBorrador())) {
    cerrando = false;
    return;
  }
  document.body.replaceChildren();
  abierta = null;
  await alTrabajador({ que: "olvidar" });
  location.reload();
}

function mirarSiTermina() {
  if (!abierta) return;
  if (porCerrar || Date.now() - tocado > SIN_TOCAR || Date.now() - abierta.desde > JORNADA) bloquear();
  else if (!document.hidden && !salio) alTrabajador({ que: "abrir", abierta }); // a worker lives half a minute after what it heard last
}

// --- words ---------------------------------------------------------------------------------------------------------------------
function nodo(nombre, propiedades = {}, ...hijos) {
  const hecho = Object.assign(document.createElement(nombre), propiedades);
  hecho.append(...hijos);
  return hecho;
}
const hora = (cuando) => new Date(cuando).toLocaleTimeString("es-CO", { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
function peso(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1e6).toFixed(1).replace(".", ",")} MB`;
}
const cuantos = (n) => (n === 1 ? _("1 formato") : _("{n} formatos", { n }));

let conexion = "";
async function decirConexion(estado = conexion) {
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

// What cannot be undone asks once more.
function dosVeces(boton, seguro, trabajo) {
  boton.addEventListener("click", async () => {
    if (boton.dataset.seguro) return trabajo();
    boton.dataset.seguro = "1";
    boton.textContent = seguro;
  });
}

// --- the queue -----------------------------------------------------------------------------------------------------------------
// Its session and token of this moment, and for `equipo` what opens it; what it throws says what stands in the way.
async function pedirLlave(equipo = "") {
  let respuesta;
  try {
    respuesta = await fetch(`/visita/llave?equipo=${equipo}`, { cache: "no-store", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(4000) });
  } catch {
    throw "sin-red";
  }
  const dicho = await respuesta.json().catch(() => ({}));
  if (respuesta.ok && typeof dicho.usuario !== "string") throw "sin-red"; // cut off, or of somebody between: no word of the server
  if (dicho.error === "terminada" || (respuesta.ok && dicho.usuario !== quien)) {
    bloquear(); // somebody ended the login, or another person has this browser
    throw "sin-sesion";
  }
  if (respuesta.status === 401 || respuesta.status === 403) throw "sin-sesion";
  if (!respuesta.ok) throw "falla";
  return dicho;
}

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
    await (await caches.open(CACHE)).delete(sitio(`/visita/${envio.item}`, quien), { ignoreVary: true });
    return;
  }
  const estado = { 409: "conflicto", 422: "por-corregir", 413: "por-corregir", 403: "rechazado", 404: "rechazado" }[codigo];
  if (!estado) throw codigo === 401 ? "sin-sesion" : DE_UNO.includes(codigo) ? "falla-de-uno" : "falla"; // it stays in the queue as it is
  const errores = codigo === 413 ? [["soporte", _("El archivo es demasiado grande")]] : (dicho.errores ?? []);
  await poner("cola", { ...envio, estado, errores, conflicto: codigo === 409 ? dicho : null, mensaje: dicho.mensaje ?? "" });
}

// One page of the tablet at a time; each sending until its receipt, or until somebody has to decide.
async function enviar() {
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

async function hayPorEnviar() {
  return (await todos("cola")).some((envio) => envio.quien === quien && envio.estado === "lista");
}

// --- the list of what is on this device --------------------------------------------------------------------------------------------
const ESTADOS = {
  borrador: ["borrador", _("Borrador")],
  lista: ["pausa", _("Por enviar")],
  "por-corregir": ["vencida", _("Falta corregir")],
  conflicto: ["por-vencer", _("Cambió allá")],
  rechazado: ["vencida", _("No se recibió")],
  ilegible: ["vencida", _("Este equipo ya no lo abre")],
};
let pintado = "";

async function pintar() {
  if (!lista) return;
  const mios = (fila) => fila.quien === quien;
  const [borradores, cola, recibos] = (await Promise.all(["borrador", "cola", "recibo"].map(todos))).map((filas) => filas.filter(mios));
  const filas = [
    ...borradores.map((b) => ({ estado: "borrador", ...b })),
    ...cola.sort((una, otra) => una.cuando - otra.cuando),
    ...recibos.sort((uno, otro) => otro.cuando - uno.cuando),
  ];
  const huella = JSON.stringify(filas.map((f) => [f.item, f.llave, f.estado, f.cuando, f.recibo]));
  if (huella === pintado) return; // who reads or presses there is not interrupted
  pintado = huella;
  lista.closest("section").hidden = !filas.length;
  lista.replaceChildren(...filas.map((f) => (f.recibo ? filaRecibida(f) : filaGuardada(f))));
  const enEquipo = new Map(filas.map((f) => [f.item, f]));
  for (const fila of document.querySelectorAll("[data-fila]")) {
    const suya = enEquipo.get(fila.dataset.fila);
    const donde = fila.querySelector("[data-hecho]");
    donde.textContent = !suya ? "" : suya.recibo ? _("Enviado") : ESTADOS[suya.estado][1];
    for (const enlace of fila.querySelectorAll("a[data-lleva]")) enlace.hidden = Boolean(suya && (suya.recibo || suya.estado === "lista"));
  }
}

function celda(etiqueta, ...hijos) {
  const hecha = nodo("td", {}, ...hijos);
  hecha.dataset.l = etiqueta;
  hecha.setAttribute("role", "cell");
  return hecha;
}

function fila(titulo, cuando, ...estado) {
  const cabeza = nodo("th", { scope: "row", textContent: titulo });
  cabeza.setAttribute("role", "rowheader");
  const hecha = nodo("tr", {}, cabeza, celda(_("Guardado"), hora(cuando)), celda(_("Estado"), ...estado));
  hecha.setAttribute("role", "row");
  return hecha;
}

function marca(estado, texto) {
  const hecha = nodo("span", { className: "estado", textContent: texto });
  hecha.dataset.e = estado;
  return hecha;
}

function filaRecibida(r) {
  const dicho = `${_(" Recibo {r}, {m}.", { r: r.recibo, m: r.momento })} ${r.dicho ?? ""}`;
  return fila(r.titulo, r.cuando, marca("hecha", _("Enviado")), nodo("span", { className: "nota", textContent: dicho }));
}

function filaGuardada(envio) {
  const partes = [marca(...ESTADOS[envio.estado])];
  const abrirlo = nodo("a", { href: `/visita/${envio.item}`, className: "btn btn-sm btn-outline-secondary" });
  if (envio.estado === "borrador") partes.push(" ", Object.assign(abrirlo, { textContent: _("Seguir") }));
  if (envio.estado === "por-corregir" || envio.estado === "rechazado") {
    const dichos = envio.mensaje ? [envio.mensaje] : envio.errores.map(([, dicho]) => dicho);
    partes.push(nodo("p", { className: "error mb-1", textContent: dichos.join(". ") || _("El servidor no lo recibió.") }));
    partes.push(Object.assign(abrirlo, { textContent: _("Corregir") }));
  }
  if (envio.estado === "ilegible") {
    const borrar = nodo("button", { type: "button", className: "btn btn-sm btn-outline-secondary", textContent: _("Borrarlo") });
    dosVeces(borrar, _("Sí, borrar lo mío de este equipo"), async () => {
      await guardar([envio.de], (filas) => filas.delete(envio.de === "borrador" ? envio.item : envio.llave));
      await pintar();
    });
    partes.push(" ", borrar);
  }
  if (envio.estado === "conflicto") partes.push(...conflicto(envio, abrirlo));
  return fila(envio.titulo, envio.cuando, ...partes);
}

function dichos(titulo, pares) {
  const ficha = nodo("dl", { className: "ficha mb-2" });
  for (const [etiqueta, dicho] of pares) ficha.append(nodo("dt", { textContent: etiqueta }), nodo("dd", { textContent: dicho }));
  return nodo("div", {}, nodo("h3", { textContent: titulo }), ficha);
}

// Both sides are shown and nothing is written over: the person decides, and that is a sending of its own.
function conflicto(envio, abrirlo) {
  const { tipo, titulo, texto, cambios, sabe, otro, mio, borrador } = envio.conflicto;
  const partes = [nodo("p", { className: "mb-1" }, nodo("b", { textContent: `${titulo}.` }), ` ${texto ?? ""}`)];
  for (const c of cambios ?? []) {
    partes.push(nodo("p", { className: "mb-1", textContent: _("{campo}: el equipo mostraba «{antes}», el sistema dice ahora «{ahora}», usted respondió «{suyo}».", c) }));
  }
  if (otro) partes.push(nodo("div", { className: "lados" }, dichos(_("Allá"), otro), dichos(_("Lo suyo"), mio ?? [])));
  const mias = nodo("button", { type: "button", className: "btn btn-sm btn-primary", textContent: _("Enviar lo mío") });
  mias.addEventListener("click", async () => {
    mias.disabled = true;
    const base = { ...envio.base, ...(sabe && { _sabe: JSON.stringify(sabe) }), ...(borrador !== undefined && { _borrador: borrador }) };
    const otra = await cerrada("cola", { ...envio, llave: crypto.randomUUID(), base, estado: "lista", conflicto: null });
    await guardar(["cola"], (cola) => {
      cola.delete(envio.llave);
      return cola.put(otra);
    });
    await pintar();
    await enviar();
  });
  const dejar = nodo("button", { type: "button", className: "btn btn-sm btn-outline-secondary", textContent: _("Dejar lo de allá y borrar lo mío") });
  dosVeces(dejar, _("Sí, borrar lo mío de este equipo"), async () => {
    await guardar(["cola"], (cola) => cola.delete(envio.llave));
    await pintar();
  });
  const botones = nodo("p", { className: "fila-flex mb-0" });
  if (tipo === "datos" || tipo === "borrador") botones.append(mias, Object.assign(abrirlo, { textContent: _("Corregir") }));
  else if (tipo === "version") botones.append(Object.assign(abrirlo, { textContent: _("Revisar") }));
  else botones.append(dejar);
  return [...partes, botones];
}

// --- what is taken along -------------------------------------------------------------------------------------------------------------
function estaticos(pagina) {
  const nombrados = [...pagina.querySelectorAll("link[href], script[src], img[src], use[href]")];
  const direcciones = nombrados.map((n) => n.getAttribute("href") ?? n.getAttribute("src")).map((d) => new URL(d, location.origin));
  return direcciones.filter((d) => d.origin === location.origin && d.pathname.startsWith("/static/")).map((d) => d.pathname + d.search);
}

async function llevar(cache, camino) {
  const respuesta = await fetch(camino, { cache: "no-store", headers: { Accept: "text/html" }, signal: AbortSignal.timeout(20000) });
  if (!respuesta.ok || respuesta.redirected) return null; // never the login page under this name
  const texto = await respuesta.text();
  const donde = sitio(camino, quien);
  const cabeceras = [...respuesta.headers].filter(([nombre]) => !["content-encoding", "content-length"].includes(nombre));
  await cache.put(donde, new Response(await Cierre.enTexto(abierta.llave, { cabeceras, texto }, donde)));
  return estaticos(new DOMParser().parseFromString(texto, "text/html"));
}

// What is here from before stands so, without network, too.
async function decirLlevados() {
  const cache = await caches.open(CACHE);
  for (const enlace of document.querySelectorAll("a[data-lleva]")) {
    const esta = await cache.match(sitio(new URL(enlace.href).pathname, quien), { ignoreVary: true });
    if (esta) enlace.closest("[data-fila]").querySelector("[data-llevado]").textContent = _("En este equipo");
  }
}

// All pages of the list with what they are drawn with; what is no longer in the list goes, unless something of it is on this device.
async function llevarTodo() {
  const cache = await caches.open(CACHE);
  const deFuentes = performance.getEntriesByType("resource").map((r) => new URL(r.name)).filter((d) => d.pathname.startsWith("/static/"));
  const faltan = new Set([...estaticos(document), ...deFuentes.map((d) => d.pathname + d.search)]);
  const enlaces = [...document.querySelectorAll("a[data-lleva]")];
  for (const camino of ["/visita", ...enlaces.map((e) => new URL(e.href).pathname)]) {
    let suyos = null;
    try {
      suyos = await llevar(cache, camino);
    } catch {
      // the network went: the next time
    }
    suyos?.forEach((direccion) => faltan.add(direccion));
    const fila = document.querySelector(`a[data-lleva][href="${camino}"]`)?.closest("[data-fila]");
    if (fila && suyos) fila.dataset.falta = "estaticos";
  }
  try {
    for (const direccion of faltan) {
      if (!(await cache.match(direccion, { ignoreVary: true }))) await cache.add(direccion);
    }
  } catch {
    return; // the same: nothing is said to be here
  }
  for (const fila of document.querySelectorAll("[data-falta]")) fila.querySelector("[data-llevado]").textContent = _("En este equipo");
  const listas = new Set(enlaces.map((e) => new URL(e.href).pathname));
  const conAlgo = new Set([...(await todos("borrador")), ...(await todos("cola"))].map((f) => `/visita/${f.item}`));
  for (const pedido of await cache.keys()) {
    const { pathname, searchParams } = new URL(pedido.url);
    if (searchParams.get("quien") !== quien || pathname === "/visita") continue;
    if (!listas.has(pathname) && !conAlgo.has(pathname)) await cache.delete(pedido, { ignoreVary: true });
  }
}

// --- one format -----------------------------------------------------------------------------------------------------------------------
let archivo = null; // of the field «soporte»: {nombre, tipo, contenido}
let base = {};
let reloj = null;
let eligiendo = Promise.resolve(); // a photo that is being made smaller
const senal = document.querySelector("[data-guardado]");
const controles = (nombre) => [...formulario.querySelectorAll(`[name="${CSS.escape(nombre)}"]`)];
const oculto = (control) => Boolean(control.closest("[data-cuando][hidden]"));

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

// A photo of 12 megapixels is 4 MB; 1600 pixels are enough to see what it proves.
async function reducir(elegido) {
  if (elegido.type === "application/pdf") return { nombre: elegido.name, tipo: elegido.type, contenido: elegido };
  const mapa = await createImageBitmap(elegido);
  const escala = Math.min(1, LADO / Math.max(mapa.width, mapa.height));
  const lienzo = new OffscreenCanvas(Math.max(1, Math.round(mapa.width * escala)), Math.max(1, Math.round(mapa.height * escala)));
  lienzo.getContext("2d").drawImage(mapa, 0, 0, lienzo.width, lienzo.height);
  const contenido = await lienzo.convertToBlob({ type: "image/jpeg", quality: 0.8 });
  return { nombre: `${elegido.name.replace(/\.[^.]*$/, "")}.jpg`, tipo: contenido.type, contenido };
}

// On a canvas: the page takes no picture from blob: addresses.
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
  if (archivo.contenido.type.startsWith("image/")) {
    const mapa = await createImageBitmap(archivo.contenido);
    const lienzo = nodo("canvas", { width: 240, height: Math.round((240 * mapa.height) / mapa.width) });
    lienzo.setAttribute("role", "img");
    lienzo.setAttribute("aria-label", _("Vista de {n}", { n: archivo.nombre }));
    lienzo.getContext("2d").drawImage(mapa, 0, 0, lienzo.width, lienzo.height);
    partes.push(lienzo);
  }
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

// What the server would ask for, where it can be said without it.
function faltas() {
  const exige = JSON.parse(formulario.dataset.exige);
  const halladas = [];
  for (const [nombre, { falta, minimo, corto }] of Object.entries(exige)) {
    const suyos = controles(nombre).filter((control) => !oculto(control));
    if (!suyos.length) continue;
    const dicho = suyos.some((control) => control.type === "radio" || control.type === "checkbox")
      ? suyos.some((control) => control.checked) && "dicho"
      : suyos[0].value.trim();
    if (!dicho) halladas.push([nombre, falta]);
    else if (suyos[0].tagName === "TEXTAREA" && [...dicho].length < minimo) halladas.push([nombre, corto]);
  }
  return halladas;
}

function describir(descrito, id, si) {
  const otros = (descrito.getAttribute("aria-describedby") ?? "").split(" ").filter((otro) => otro && otro !== id);
  if (si) otros.push(id);
  if (otros.length) descrito.setAttribute("aria-describedby", otros.join(" "));
  else descrito.removeAttribute("aria-describedby");
}

function marcarErrores(errores) {
  const resumen = document.querySelector("[data-resumen]");
  for (const anterior of formulario.querySelectorAll("[data-error]")) {
    for (const descrito of formulario.querySelectorAll(`[aria-describedby~="${CSS.escape(anterior.id)}"]`)) describir(descrito, anterior.id, false);
    anterior.remove();
  }
  for (const caja of formulario.querySelectorAll(".con-error")) caja.classList.remove("con-error");
  for (const control of formulario.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
  resumen.hidden = !errores.length;
  const puntos = nodo("ul");
  for (const [nombre, dicho] of errores) {
    const caja = formulario.querySelector(`[data-campo="${CSS.escape(nombre)}"]`);
    const [control] = controles(nombre);
    if (!caja || !control) {
      puntos.append(nodo("li", { textContent: dicho }));
      continue;
    }
    const texto = nodo("p", { className: "error mb-1", id: `${control.closest("fieldset[data-campo]")?.id ?? control.id}-e` });
    texto.append(nodo("span", { className: "visually-hidden", textContent: _("Error: ") }), dicho);
    texto.dataset.error = "1";
    caja.classList.add("con-error");
    caja.querySelector("legend, label").after(texto);
    describir(caja.matches("fieldset") ? caja : control, texto.id, true);
    for (const suyo of controles(nombre)) suyo.setAttribute("aria-invalid", "true");
    const enlace = nodo("a", { href: `#${control.id}`, textContent: dicho });
    enlace.addEventListener("click", (evento) => {
      evento.preventDefault();
      control.focus();
    });
    puntos.append(nodo("li", {}, enlace));
  }
  if (!errores.length) return;
  const cuantas = errores.length === 1 ? _("Falta corregir 1 dato") : _("Falta corregir {n} datos", { n: errores.length });
  resumen.replaceChildren(nodo("h2", { textContent: cuantas }), puntos);
  resumen.focus();
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

async function empezarFormato() {
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
const controlesDeBase = () => [...formulario.querySelectorAll("input[type=hidden][name^=_]")];

// --- the beginning ------------------------------------------------------------------------------------------------------------------------
async function olvidarRecibos() {
  const viejos = (await todos("recibo")).filter((recibo) => Date.now() - recibo.cuando > DIAS_RECIBO * 86_400_000);
  for (const recibo of viejos) await guardar(["recibo"], (recibos) => recibos.delete(recibo.llave));
}

// The panel of the code on the list of the visit.
async function empezarCodigo() {
  const equipo = await leer("equipo", (equipos) => equipos.get(quien));
  const { codigo, repetido } = panel.querySelector("form").elements;
  const decir = (si) => {
    panel.querySelector("[data-tiene]").hidden = !si;
    panel.querySelector("[data-no-tiene]").hidden = si;
    panel.querySelector("summary").textContent = si ? _("Cambiar el código") : _("Poner un código");
  };
  decir(Boolean(equipo.delCodigo));
  panel.hidden = false;
  panel.querySelector("form").addEventListener("submit", async (evento) => {
    evento.preventDefault();
    const falta = await faltaDelCodigo(codigo.value, repetido.value);
    marcarCampo(codigo, falta.codigo);
    marcarCampo(repetido, falta.repetido);
    const primero = falta.codigo ? codigo : falta.repetido ? repetido : null;
    if (primero) {
      primero.focus();
      return;
    }
    const dicho = panel.querySelector("[data-dicho]");
    try {
      dicho.textContent = _("Guardando…");
      await ponerCodigo(codigo.value);
      codigo.value = repetido.value = "";
      decir(true);
      panel.querySelector("details").open = false;
      dicho.textContent = _("✓ Código puesto en este equipo");
      panel.querySelector("summary").focus();
    } catch (porque) {
      dicho.textContent = typeof porque === "string" ? _("Para poner el código hace falta red y haber ingresado.") : _("Este equipo no guarda el código: libere espacio");
    }
  });
}

async function faltaDelCodigo(codigo, repetido) {
  const minimo = Number(panel.dataset.minimo);
  if ([...codigo.normalize("NFC").trim()].length < minimo) return { codigo: _("Escriba al menos {n} letras; sirven varias palabras", { n: minimo }) };
  const comunes = await fetch(panel.dataset.comunes).then((respuesta) => (respuesta.ok ? respuesta.text() : ""), () => "");
  if (comunes.split("\n").includes(codigo.trim().toLowerCase())) return { codigo: _("Es de las que cualquiera prueba. Elija otro") };
  return codigo.normalize("NFC") === repetido.normalize("NFC") ? {} : { repetido: _("No es igual al de arriba") };
}

function marcarCampo(control, dicho) {
  const error = document.getElementById(`${control.id}-e`);
  error.textContent = dicho ?? "";
  error.hidden = !dicho;
  control.closest(".campo").classList.toggle("con-error", Boolean(dicho));
  describir(control, error.id, Boolean(dicho));
  if (dicho) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
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
  for (const que of ["pointerdown", "keydown", "input"]) document.addEventListener(que, () => (tocado = Date.now()), true);
  sesion.addEventListener("message", ({ data }) => data === "salir" && bloquear());
  document.querySelector("form.quien").addEventListener("submit", () => {
    salio = true;
    sesion.postMessage("salir");
  });
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
  await alTrabajador({ que: "abrir", abierta });
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
