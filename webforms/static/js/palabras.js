// Words of the scripts in the language of the page: what it gives for the Spanish that stands in a script; the Spanish itself where it
// gives none. `{n}` is a value: _("Hace {n} s", { n: 3 }).
"use strict";
const PALABRAS = new Map([...document.querySelectorAll("script[data-palabras]")].flatMap((dichas) => Object.entries(JSON.parse(dichas.textContent))));

function _(texto, valores = {}) {
  return (PALABRAS.get(texto) ?? texto).replace(/\{(\w+)\}/g, (todo, nombre) => (Object.hasOwn(valores, nombre) ? valores[nombre] : todo));
}
