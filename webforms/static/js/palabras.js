// Words of the scripts in the language of the page: what it gives for the Spanish that stands in a script; the Spanish itself where it
// gives none. `{n}` is a value: _("Hace {n} s", { n: 3 }).
"use strict";
const PALABRAS = Object.assign({}, ...[...document.querySelectorAll("script[data-palabras]")].map((dichas) => JSON.parse(dichas.textContent)));

function _(texto, valores = {}) {
  return (PALABRAS[texto] ?? texto).replace(/\{(\w+)\}/g, (todo, nombre) => valores[nombre] ?? todo);
}
