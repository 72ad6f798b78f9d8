// "@" in a note offers the colleagues who may see the case: typing narrows them, arrows choose, Enter or Tab writes the name.
// They come from the list of the page, which works without this as well.
"use strict";

const DE_UNA_VEZ = 8;

function plano(texto) {
  return texto.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function prepararMenciones(campo) {
  const gente = [...document.querySelectorAll(`#${campo.dataset.menciones} input`)].map((casilla) => {
    const nombre = casilla.labels[0].firstChild.textContent.trim();
    return { usuario: casilla.value, nombre, busca: `${plano(nombre)} ${casilla.value}` };
  });
  const veces = (nombre) => gente.filter((p) => p.nombre === nombre).length;
  const lista = Object.assign(document.createElement("ul"), { className: "ofrecidos", id: `${campo.id}-colegas`, hidden: true });
  lista.setAttribute("role", "listbox");
  lista.setAttribute("aria-label", document.querySelector(`#${campo.dataset.menciones} legend`).textContent);
  const dicho = Object.assign(document.createElement("p"), { className: "visually-hidden" });
  dicho.setAttribute("role", "status");
  campo.after(lista, dicho);
  campo.setAttribute("aria-autocomplete", "list");
  campo.setAttribute("aria-controls", lista.id);
  let ofrecidos = [];
  let elegido = 0;
  let desde = -1;

  function cerrar() {
    lista.hidden = true;
    desde = -1;
    ofrecidos = [];
    campo.removeAttribute("aria-activedescendant");
  }

  function senalar(n) {
    elegido = (n + ofrecidos.length) % ofrecidos.length;
    [...lista.children].forEach((li, i) => li.setAttribute("aria-selected", String(i === elegido)));
    campo.setAttribute("aria-activedescendant", lista.children[elegido].id);
    lista.children[elegido].scrollIntoView({ block: "nearest" });
  }

  function escribir(persona) {
    const hasta = campo.selectionStart;
    const forma = veces(persona.nombre) > 1 ? persona.usuario : persona.nombre;
    campo.setRangeText(`@${forma} `, desde, hasta, "end");
    cerrar();
    campo.focus();
  }

  function ofrecer() {
    const antes = campo.value.slice(0, campo.selectionStart);
    const hallada = /(^|[^\p{L}\p{N}_.+-])@([\p{L}\p{N}_.-]*(?: [\p{L}]*){0,2})$/u.exec(antes);
    if (!hallada) return cerrar();
    const busca = plano(hallada[2]);
    ofrecidos = gente.filter((p) => p.busca.startsWith(busca) || p.busca.includes(` ${busca}`)).slice(0, DE_UNA_VEZ);
    desde = antes.length - hallada[2].length - 1;
    if (!ofrecidos.length) {
      cerrar();
      dicho.textContent = busca.includes(" ") ? "" : campo.dataset.ninguno;
      return undefined;
    }
    lista.replaceChildren(
      ...ofrecidos.map((p, i) => {
        const li = Object.assign(document.createElement("li"), { id: `${lista.id}-${i}`, textContent: p.nombre });
        li.setAttribute("role", "option");
        li.append(Object.assign(document.createElement("span"), { className: "nota", textContent: ` @${p.usuario}` }));
        li.addEventListener("pointerdown", (e) => { e.preventDefault(); escribir(p); });
        return li;
      }),
    );
    lista.hidden = false;
    dicho.textContent = `${ofrecidos.length} ${campo.dataset.cuantos}`;
    return senalar(0);
  }

  campo.addEventListener("input", ofrecer);
  campo.addEventListener("click", ofrecer);
  campo.addEventListener("blur", cerrar);
  campo.addEventListener("keydown", (e) => {
    if (lista.hidden) return;
    const hacer = {
      ArrowDown: () => senalar(elegido + 1),
      ArrowUp: () => senalar(elegido - 1),
      Enter: () => escribir(ofrecidos[elegido]),
      Tab: () => escribir(ofrecidos[elegido]),
      Escape: cerrar,
    }[e.key];
    if (!hacer || e.shiftKey) return;
    e.preventDefault();
    hacer();
  });
}

document.querySelectorAll("textarea[data-menciones]").forEach(prepararMenciones);
