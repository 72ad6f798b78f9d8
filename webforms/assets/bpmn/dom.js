// Form controls of the properties panel: a visible label, a hint tied to the control, the classes of the style sheet.

let cuenta = 0;

export function nodo(etiqueta, atributos = {}, ...hijos) {
  const elemento = document.createElement(etiqueta);
  for (const [nombre, valor] of Object.entries(atributos)) {
    if (nombre.startsWith("al")) elemento.addEventListener(nombre.slice(2), valor);
    else if (valor === true) elemento.setAttribute(nombre, "");
    else if (valor !== false && valor != null) elemento.setAttribute(nombre, valor);
  }
  elemento.append(...hijos.filter((hijo) => hijo != null));
  return elemento;
}

function conEtiqueta(control, /** @type {DeCampo} */ { etiqueta, ayuda, clave }) {
  const id = `p${(cuenta += 1)}`;
  control.id = id;
  control.dataset.clave = clave ?? etiqueta;
  const hijos = [nodo("label", { for: id }, etiqueta)];
  if (ayuda) {
    hijos.push(nodo("div", { class: "ayuda", id: `${id}-a` }, ayuda));
    control.setAttribute("aria-describedby", `${id}-a`);
  }
  return nodo("div", { class: "campo" }, ...hijos, control);
}

// Only what the person changed: a control that was never typed in says nothing, however it is left.
function alCambiar(control, cambia) {
  let previo = control.value;
  control.addEventListener("change", () => {
    if (control.value === previo) return;
    previo = control.value;
    cambia(control.value.trim());
  });
}

export function texto(/** @type {DeCampo} */ { valor = "", cambia, corta = false, sugerencias, ...resto }) {
  const control = nodo("input", { class: `form-control${corta ? " corta" : ""}`, type: "text", autocomplete: "off", spellcheck: corta ? "false" : null });
  control.value = valor;
  alCambiar(control, cambia);
  const caja = conEtiqueta(control, resto);
  if (sugerencias?.length) {
    const lista = nodo("datalist", { id: `${control.id}-l` }, ...sugerencias.map((s) => nodo("option", { value: s })));
    control.setAttribute("list", lista.id);
    caja.append(lista);
  }
  return caja;
}

export function parrafo(/** @type {DeCampo} */ { valor = "", cambia, filas = 4, corta = false, ...resto }) {
  const control = nodo("textarea", { class: `form-control${corta ? " corta" : ""}`, rows: filas });
  control.value = valor;
  alCambiar(control, cambia);
  return conEtiqueta(control, resto);
}

export function lista(/** @type {DeCampo} */ { valor = "", opciones, cambia, ...resto }) {
  const todas = opciones.some(([v]) => v === valor) ? opciones : [...opciones, [valor, valor]];
  const control = nodo("select", { class: "form-select" }, ...todas.map(([v, nombre]) => nodo("option", { value: v, selected: v === valor }, nombre)));
  alElegir(control, "value", cambia);
  return conEtiqueta(control, resto);
}

// Only another choice than before: saving with the focus on a control tells it that it changed, whether it did or not.
function alElegir(control, que, cambia) {
  let previo = control[que];
  control.addEventListener("change", () => {
    if (control[que] === previo) return;
    previo = control[que];
    cambia(previo);
  });
}

export function casilla(/** @type {DeCampo} */ { valor = false, etiqueta, ayuda, cambia, clave }) {
  const id = `p${(cuenta += 1)}`;
  const control = nodo("input", { class: "form-check-input", type: "checkbox", id, "aria-describedby": ayuda ? `${id}-a` : null });
  control.checked = Boolean(valor);
  control.dataset.clave = clave ?? etiqueta;
  alElegir(control, "checked", cambia);
  return nodo(
    "div",
    { class: "form-check mb-2" },
    control,
    nodo("label", { class: "form-check-label", for: id }, etiqueta),
    ayuda ? nodo("div", { class: "ayuda nota", id: `${id}-a` }, ayuda) : null,
  );
}

export function boton(nombre, alhacer, { de = "", clase = "btn-outline-secondary", clave = `${nombre} ${de}` } = {}) {
  const control = nodo("button", { type: "button", class: `btn btn-sm ${clase}`, alclick: alhacer }, nombre);
  if (de) control.append(nodo("span", { class: "visually-hidden" }, ` ${de}`));
  control.dataset.clave = clave;
  return control;
}

export function grupo(titulo, ...hijos) {
  return nodo("fieldset", {}, nodo("legend", {}, titulo), ...hijos);
}

// "Número de folios" → "numero_de_folios"
export function nombreDe(rotulo) {
  const limpio = rotulo.normalize("NFD").replace(/[̀-ͯ]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "");
  return /^[0-9]/.test(limpio) ? `c_${limpio}` : limpio;
}
