// Small helps of every page. Everything works without them.
"use strict";

function enfocarResumen() {
  const resumen = document.querySelector("[data-foco]");
  if (!resumen) {
    // A page of one question has no summary: what is wrong stands at its field, where the keys go on.
    if (document.activeElement === document.body) document.querySelector("main [aria-invalid=true]")?.focus();
    return;
  }
  // A form that was sent from a place of the page (#regla) answers there: what refuses it is seen first.
  if (location.hash && resumen.matches("[role=alert]")) history.replaceState(history.state, "", location.pathname + location.search);
  resumen.focus();
}

// What is wrong with a group of choices leads to its choice: a group takes no focus, and keys would go nowhere.
document.addEventListener("click", (evento) => {
  const enlace = /** @type {Element} */ (evento.target).closest(".resumen-error a");
  const grupo = enlace && document.getElementById(enlace.hash.slice(1));
  if (!grupo?.matches("fieldset")) return;
  evento.preventDefault();
  (grupo.querySelector("input:checked") ?? grupo.querySelector("input")).focus();
});

// A menu closes with Escape, and when something else is pressed.
function cerrarMenus(evento) {
  for (const menu of document.querySelectorAll("details.mas[open]")) {
    if (evento.type === "click" && menu.contains(evento.target)) continue;
    if (evento.type === "keydown" && evento.key !== "Escape") continue;
    const adentro = menu.contains(document.activeElement);
    menu.open = false;
    if (adentro && evento.type === "keydown") menu.querySelector("summary").focus();
  }
}
document.addEventListener("click", cerrarMenus);
document.addEventListener("keydown", cerrarMenus);

function mostrarClave(boton) {
  const campo = /** @type {HTMLInputElement} */ (document.getElementById(boton.dataset.mostrar));
  const [mostrar, ocultar] = [boton.textContent.trim(), boton.dataset.ocultar ?? _("Ocultar contraseña")];
  boton.hidden = false;
  boton.addEventListener("click", () => {
    const oculta = campo.type === "password";
    campo.type = oculta ? "text" : "password";
    boton.textContent = oculta ? ocultar : mostrar;
  });
}

const lengua = document.documentElement.lang || "es-CO";
function contarLetras(texto) {
  const maximo = Number(texto.dataset.maximo);
  const contador = document.createElement("p");
  contador.className = "contador";
  texto.after(contador);
  const contar = () => {
    const usadas = [...texto.value].length;
    contador.textContent = _("{n} de {m}", { n: usadas.toLocaleString(lengua), m: maximo.toLocaleString(lengua) });
    contador.classList.toggle("excedido", usadas > maximo);
  };
  texto.addEventListener("input", contar);
  contar();
}

function copiar(boton) {
  boton.hidden = false;
  boton.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(boton.dataset.copiar).innerText);
    boton.textContent = _("Copiado");
  });
}

// Fields that exist because of an answer above them: shown while it is given. What is hidden is not read by the server.
const condicionales = [...document.querySelectorAll("[data-cuando]")];
function dichos(grupo) {
  const nombre = CSS.escape(grupo.dataset.cuando);
  const controles = [...document.querySelectorAll(`[name="${nombre}"]`)].filter((c) => !c.closest("[data-cuando][hidden]"));
  // of a list that is searched by typing, what the whole name stands for
  const elegido = (c) => [...c.list.options].find((o) => o.value === c.value.trim())?.dataset.codigo;
  return controles.filter((c) => c.tagName === "SELECT" || c.list || c.checked).map((c) => (c.list ? elegido(c) : c.value));
}
function mostrarSiAplica() {
  for (const grupo of condicionales) {
    const valores = grupo.dataset.valores.split(" "); // an empty one: while nothing is chosen, too
    const dicho = dichos(grupo);
    grupo.hidden = !(dicho.length ? dicho : [""]).some((valor) => valores.includes(valor));
  }
}
if (condicionales.length) {
  document.querySelectorAll(".condicional > .condicion").forEach((nota) => (nota.hidden = true));
  document.addEventListener("change", mostrarSiAplica);
  mostrarSiAplica();
}

// A list that is searched by typing and depends on another answer: it offers what belongs to that answer, and gives it.
function seguirGrupo(campo) {
  const lista = document.querySelector(`datalist#${CSS.escape(campo.id)}-l`);
  const todas = [...lista.options];
  const grupo = [...document.querySelectorAll(`[name="${CSS.escape(campo.dataset.grupoDe)}"]`)];
  const ofrecer = () => {
    const elegido = grupo.find((boton) => boton.checked)?.value;
    lista.replaceChildren(...todas.filter((o) => !elegido || o.dataset.grupo === elegido));
  };
  const dar = () => {
    const opcion = todas.find((o) => o.value === campo.value);
    const boton = opcion && grupo.find((b) => b.value === opcion.dataset.grupo);
    if (!boton || grupo.some((b) => b.checked)) return;
    boton.checked = true;
    boton.dispatchEvent(new Event("change", { bubbles: true }));
  };
  grupo.forEach((boton) => boton.addEventListener("change", ofrecer));
  campo.addEventListener("change", dar);
  ofrecer();
}

// Who may replace somebody depends on who is away: the others are not offered.
function ofrecerReemplazos(formulario) {
  const reemplazos = new Map(Object.entries(JSON.parse(formulario.dataset.reemplazos)));
  const [persona, lista] = [formulario.querySelector("[name=persona]"), formulario.querySelector("[name=sustituto]")];
  const todas = [...lista.options];
  const ofrecer = () => lista.replaceChildren(...todas.filter((o) => !o.value || reemplazos.get(persona.value)?.includes(o.value)));
  persona.addEventListener("change", ofrecer);
  ofrecer();
}

// A form is sent once. Nothing is asked of the form itself: a field may be called like one of its members.
let enviados = new WeakSet();
function unaSolaVez(evento) {
  if (Element.prototype.getAttribute.call(evento.target, "method") !== "post") return;
  if (enviados.has(evento.target)) evento.preventDefault();
  enviados.add(evento.target);
}

// Paper has nothing to press: what is folded is printed open. (Newer browsers do it by the style sheet alone.)
let plegados = [];
window.addEventListener("beforeprint", () => {
  plegados = [...document.querySelectorAll("main details:not([open])")];
  plegados.forEach((d) => (d.open = true));
});
window.addEventListener("afterprint", () => plegados.forEach((d) => (d.open = false)));

window.addEventListener("pageshow", () => (enviados = new WeakSet()));
document.addEventListener("submit", unaSolaVez);
document.querySelectorAll("[data-mostrar]").forEach(mostrarClave);
document.querySelectorAll("textarea[data-maximo]").forEach(contarLetras);
document.querySelectorAll("[data-copiar]").forEach(copiar);
document.querySelectorAll("[data-grupo-de]").forEach(seguirGrupo);
document.querySelectorAll("form[data-reemplazos]").forEach(ofrecerReemplazos);
enfocarResumen();
const solo = document.querySelector("form[data-enviar-solo]");
if (solo) solo.requestSubmit();
