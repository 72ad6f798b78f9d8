// What the page of a visit holds, whose it is, and words and nodes that its scripts make.

export const formulario = document.querySelector("form[data-visita]");
export const quien = document.body.dataset.quien; // who the page was made for

export function nodo(nombre, propiedades = {}, ...hijos) {
  const hecho = Object.assign(document.createElement(nombre), propiedades);
  hecho.append(...hijos);
  return hecho;
}
export const hora = (cuando) => new Date(cuando).toLocaleTimeString("es-CO", { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
export function peso(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1e6).toFixed(1).replace(".", ",")} MB`;
}
export const cuantos = (n) => (n === 1 ? _("1 formato") : _("{n} formatos", { n }));

// What cannot be undone asks once more.
export function dosVeces(boton, seguro, trabajo) {
  boton.addEventListener("click", async () => {
    if (boton.dataset.seguro) return trabajo();
    boton.dataset.seguro = "1";
    boton.textContent = seguro;
  });
}

export function describir(descrito, id, si) {
  const otros = (descrito.getAttribute("aria-describedby") ?? "").split(" ").filter((otro) => otro && otro !== id);
  if (si) otros.push(id);
  if (otros.length) descrito.setAttribute("aria-describedby", otros.join(" "));
  else descrito.removeAttribute("aria-describedby");
}
