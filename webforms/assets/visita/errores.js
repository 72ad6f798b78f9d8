// What is missing in the format, said at its fields and above them.
import { describir, formulario, nodo } from "./documento.js";

export const controles = (nombre) => [...formulario.querySelectorAll(`[name="${CSS.escape(nombre)}"]`)];
const oculto = (control) => Boolean(control.closest("[data-cuando][hidden]"));

// What the server would ask for, where it can be said without it.
export function faltas() {
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

export function marcarErrores(errores) {
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
