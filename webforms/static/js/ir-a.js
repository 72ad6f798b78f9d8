// «Ir a»: the pages that this person may open, by their name. Without it the link leads to the page that lists them, which is also
// where they are read from; on a telephone that page is the menu.
"use strict";
{
  const enlace = /** @type {HTMLAnchorElement} */ (document.querySelector("[data-ir-a]"));
  const ANGOSTA = "(max-width: 43.75em)";
  const llano = (texto) => [...texto].map((letra) => letra.normalize("NFD")[0].toLowerCase()).join("");

  async function leer() {
    const respuesta = await fetch(enlace.href);
    const dicha = new DOMParser().parseFromString(await respuesta.text(), "text/html");
    return [...dicha.querySelectorAll("[data-grupo] li")].map((li) => ({
      texto: li.querySelector("a").textContent,
      href: li.querySelector("a").getAttribute("href"),
      cuantos: li.querySelector(".conteo")?.textContent ?? "",
      grupo: li.closest("[data-grupo]").querySelector("h2").textContent,
    }));
  }

  function hacer(nombre, atributos, ...hijos) {
    const hecho = document.createElement(nombre);
    for (const [cual, valor] of Object.entries(atributos)) hecho.setAttribute(cual, valor);
    hecho.append(...hijos);
    return hecho;
  }

  function opcion(pagina, buscado, n) {
    const desde = llano(pagina.texto).indexOf(buscado);
    const hasta = desde + buscado.length;
    const suyo = buscado ? [hacer("mark", {}, pagina.texto.slice(desde, hasta))] : [];
    const nombre = hacer("span", {}, pagina.texto.slice(0, desde), ...suyo, pagina.texto.slice(hasta));
    if (pagina.cuantos) nombre.append(" ", hacer("span", { class: "conteo" }, pagina.cuantos));
    const hecha = hacer("li", { role: "option", id: `pagina-${n}`, "aria-selected": "false" }, nombre, hacer("span", { class: "nota" }, pagina.grupo));
    hecha.addEventListener("click", () => location.assign(pagina.href));
    return hecha;
  }

  // At once, so that it takes what is typed; `leidas`: the pages, a moment later.
  function armar(leidas) {
    let paginas = [];
    let pulsado = false; // Enter came before them
    const lista = hacer("ul", { role: "listbox", id: "paginas", "aria-label": _("Páginas") });
    const dice = { role: "combobox", "aria-expanded": "true", "aria-controls": "paginas", "aria-autocomplete": "list", "aria-label": _("Nombre de la página") };
    const campo = /** @type {HTMLInputElement} */ (hacer("input", { class: "form-control", autocomplete: "off", ...dice }));
    const cuantas = hacer("span", { role: "status" });
    const teclas = [["↑ ↓", _("elegir")], ["Enter", _("abrir")], ["Esc", _("cerrar")]].map(([tecla, hace]) => hacer("span", { class: "no-movil" }, hacer("kbd", {}, tecla), ` ${hace}`));
    const hoja = /** @type {HTMLDialogElement} */ (
      hacer("dialog", { class: "paleta", "aria-label": _("Ir a una página") }, campo, lista, hacer("footer", {}, ...teclas, cuantas))
    );
    let elegida = 0;

    function elegir(n) {
      const opciones = [...lista.children];
      elegida = Math.max(0, Math.min(n, opciones.length - 1));
      for (const [i, una] of opciones.entries()) una.setAttribute("aria-selected", String(i === elegida));
      campo.setAttribute("aria-activedescendant", opciones[elegida]?.id ?? "");
      opciones[elegida]?.scrollIntoView({ block: "nearest" });
    }
    function mostrar() {
      const buscado = llano(campo.value.trim());
      const halladas = paginas.filter((pagina) => llano(pagina.texto).includes(buscado));
      lista.replaceChildren(...halladas.map((pagina, n) => opcion(pagina, buscado, n)));
      cuantas.textContent = paginas.length ? _("{n} de las {m} páginas que usted puede abrir", { n: halladas.length, m: paginas.length }) : "";
      elegir(0);
      if (pulsado) /** @type {HTMLElement} */ (lista.children[0])?.click();
    }
    campo.addEventListener("input", mostrar);
    campo.addEventListener("keydown", (evento) => {
      const paso = { ArrowDown: 1, ArrowUp: -1 }[evento.key];
      if (paso) elegir(elegida + paso);
      else if (evento.key === "Enter" && !paginas.length) pulsado = true;
      else if (evento.key === "Enter") /** @type {HTMLElement} */ (lista.children[elegida])?.click();
      else return;
      evento.preventDefault();
    });
    hoja.addEventListener("click", (evento) => evento.target === hoja && hoja.close()); // beside it
    hoja.addEventListener("close", () => hoja.remove());
    document.body.append(hoja);
    hoja.showModal();
    leidas.then((halladas) => {
      paginas = halladas;
      if (!paginas.length) location.assign(enlace.href); // the session ended, or there is no network: what the link does
      else if (hoja.open) mostrar();
    });
  }

  function abrir() {
    if (!document.querySelector("dialog.paleta")) armar(leer().catch(() => []));
  }

  // On a telephone the row is longer than the window.
  document.querySelector(".submenu [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });

  enlace?.addEventListener("click", (evento) => {
    if (evento.ctrlKey || evento.metaKey || evento.shiftKey || matchMedia(ANGOSTA).matches) return;
    evento.preventDefault();
    abrir();
  });
  document.addEventListener("keydown", (evento) => {
    if (!enlace || !(evento.ctrlKey || evento.metaKey) || evento.altKey || evento.shiftKey || evento.key.toLowerCase() !== "k") return;
    evento.preventDefault();
    abrir();
  });
}
