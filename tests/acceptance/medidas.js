// What a ruler says about a page. An object of functions without arguments but their own: tests/acceptance/medidas.py calls them.
({
  // What is cut, covered or sticks out. Text is what is measured: each line of each run of letters, where it is painted.
  medidas() {
    const faltas = [];
    const raiz = document.documentElement;
    if (raiz.scrollWidth > raiz.clientWidth) {
      const pasa = (e) => e.getBoundingClientRect().right > raiz.clientWidth + 1;
      const fuera = [...document.body.querySelectorAll("*")].filter((e) => pasa(e) && ![...e.children].some(pasa)).slice(0, 2);
      faltas.push(`wider than the window by ${raiz.scrollWidth - raiz.clientWidth}: ${fuera.map((e) => e.outerHTML.slice(0, 90)).join(" | ")}`);
    }
    const nombre = (e) => `<${[e.localName, ...e.classList].join(".")}>`;
    const oculto = (e) => {
      for (let x = e; x && x !== document.body; x = x.parentElement) {
        const c = getComputedStyle(x), r = x.getBoundingClientRect();
        if (c.visibility === "hidden" || c.opacity === "0") return true;
        if ((r.width <= 1 || r.height <= 1) && c.overflow !== "visible") return true; // for readers only
        if (x.matches(".salto, svg, .bpmn, .bjs-container, textarea, .texto-xml")) return true;
      }
      return !e.checkVisibility({ checkVisibilityCSS: true, contentVisibilityAuto: true });
    };
    // The part of the window that the ancestors of an element leave to it; `corta` is who cuts what cannot be scrolled to.
    const cortes = new Map();
    const ventana = (e) => {
      if (cortes.has(e)) return cortes.get(e);
      let v = { l: -1e6, t: -1e6, r: 1e6, b: 1e6, corta: null };
      if (e && e !== document.body && e !== raiz) {
        v = { ...ventana(e.parentElement) };
        const c = getComputedStyle(e), r = e.getBoundingClientRect();
        if (c.overflowX !== "visible") Object.assign(v, { l: Math.max(v.l, r.left), r: Math.min(v.r, r.right) });
        if (c.overflowY !== "visible") Object.assign(v, { t: Math.max(v.t, r.top), b: Math.min(v.b, r.bottom) });
        if ([c.overflowX, c.overflowY].some((o) => o === "hidden" || o === "clip")) v.corta = e;
        else if ([c.overflowX, c.overflowY].some((o) => o !== "visible")) v.corta = null;
      }
      cortes.set(e, v);
      return v;
    };
    // Spaces at the end of a line hang over where white space is kept.
    const margen = (c) => (c.whiteSpace === "pre-wrap" ? parseFloat(c.fontSize) : 2);
    const renglones = [];
    const camino = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const tramo = document.createRange();
    for (let t = camino.nextNode(); t; t = camino.nextNode()) {
      if (!t.data.trim() || oculto(t.parentElement)) continue;
      tramo.selectNodeContents(t);
      const v = ventana(t.parentElement);
      let caja = t.parentElement;
      while (getComputedStyle(caja).display === "inline" && caja !== document.body) caja = caja.parentElement;
      const c = caja.getBoundingClientRect(), estilo = getComputedStyle(caja);
      for (const r of tramo.getClientRects()) {
        if (r.width < 2 || r.height < 2) continue;
        const texto = t.data.trim().slice(0, 30);
        if (v.corta && (r.right > v.r + 2 || r.left < v.l - 2 || r.bottom > v.b + 3 || r.top < v.t - 3))
          faltas.push(`cut by ${nombre(v.corta)}: «${texto}»`);
        else if (estilo.display !== "contents" && (r.right > c.right + margen(estilo) || r.left < c.left - 2))
          faltas.push(`sticks out of ${nombre(caja)}: «${texto}»`);
        const visto = { l: Math.max(r.left, v.l), r: Math.min(r.right, v.r), t: Math.max(r.top, v.t), b: Math.min(r.bottom, v.b) };
        if (visto.r - visto.l > 1 && visto.b - visto.t > 1) renglones.push({ ...visto, nodo: t, padre: t.parentElement, texto });
      }
    }
    const encima = (a, b) => Math.min(a.r, b.r) - Math.max(a.l, b.l) > 2 && Math.min(a.b, b.b) - Math.max(a.t, b.t) > 4;
    // What opens over the page, or stays while the page moves under it, covers on purpose.
    const flota = (e) => {
      for (let x = e; x && x !== document.body; x = x.parentElement)
        if (x.matches("details *, .atencion, .consola > aside, dialog") && ["absolute", "fixed", "sticky"].includes(getComputedStyle(x).position))
          return true;
      return false;
    };
    renglones.sort((a, b) => a.t - b.t);
    renglones.forEach((a, i) => {
      for (let j = i + 1; j < renglones.length && renglones[j].t < a.b; j++) {
        const b = renglones[j];
        if (a.nodo !== b.nodo && encima(a, b) && !flota(a.padre) && !flota(b.padre)) faltas.push(`over each other: «${a.texto}» and «${b.texto}»`);
      }
    });
    for (const e of document.querySelectorAll("input:not([type=hidden]), select, textarea, button, .btn")) {
      const r = e.getBoundingClientRect(), v = ventana(e.parentElement);
      if (r.width <= 2 || oculto(e) || flota(e)) continue;
      const c = { l: Math.max(r.left, v.l), r: Math.min(r.right, v.r), t: Math.max(r.top, v.t), b: Math.min(r.bottom, v.b) };
      for (const t of renglones) if (!e.contains(t.nodo) && encima(c, t) && !flota(t.padre)) faltas.push(`${nombre(e)} over «${t.texto}»`);
    }
    return [...new Set(faltas)].slice(0, 8);
  },

  // Words that a narrow column broke in the middle: letters of one word on two lines.
  partidas() {
    const faltas = [], tramo = document.createRange();
    const paraLectores = (e) => e !== document.body && (e.getBoundingClientRect().width <= 1 || paraLectores(e.parentElement));
    const camino = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let t = camino.nextNode(); t; t = camino.nextNode()) {
      if (!t.parentElement.checkVisibility({ checkVisibilityCSS: true }) || t.parentElement.closest("svg, textarea, .mono, code")) continue;
      if (paraLectores(t.parentElement)) continue;
      for (const palabra of t.data.matchAll(/\p{L}{4,}/gu)) {
        tramo.setStart(t, palabra.index);
        tramo.setEnd(t, palabra.index + palabra[0].length);
        const alturas = new Set([...tramo.getClientRects()].filter((r) => r.width > 1).map((r) => Math.round(r.top)));
        if (alturas.size > 1) faltas.push(`a word is broken: «${palabra[0]}» in <${t.parentElement.closest("[class], td, th").className}>`);
      }
    }
    return [...new Set(faltas)].slice(0, 8);
  },

  // One control of each kind gets the focus as by Tab: a ring of at least 2 px around it.
  anillos() {
    const faltas = [], vistos = new Set();
    for (const e of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")) {
      const clase = e.tagName + (e.type ?? "") + e.className;
      if (vistos.has(clase) || e.disabled || !e.checkVisibility({ checkVisibilityCSS: true })) continue;
      vistos.add(clase);
      e.focus({ preventScroll: true, focusVisible: true });
      if (document.activeElement !== e) continue;
      const c = getComputedStyle(e.closest(".carita") ?? e);
      if (c.outlineStyle === "none" || parseFloat(c.outlineWidth) < 2) faltas.push(`no ring: ${e.outerHTML.slice(0, 90)}`);
    }
    document.activeElement?.blur();
    return faltas.slice(0, 6);
  },

  // With the colours of the system: pairs that differ by more than a background, pills with edge and word, pictures on their sheet.
  forzados([estados, hojas]) {
    const faltas = [];
    const visible = (e) => e.checkVisibility();
    const claro = (color) => color === "transparent" || /^rgba\(.*, 0\)$/.test(color);
    const fondo = (e) => {
      for (let x = e; x; x = x.parentElement) if (!claro(getComputedStyle(x).backgroundColor)) return getComputedStyle(x).backgroundColor;
      return "rgb(255, 255, 255)";
    };
    const trazo = (c, debajo) =>
      ["Top", "Right", "Bottom", "Left"].map((lado) => {
        const [ancho, estilo, color] = ["Width", "Style", "Color"].map((que) => c[`border${lado}${que}`]);
        return estilo === "none" || parseFloat(ancho) === 0 || claro(color) || color === debajo ? "0" : `${ancho} ${estilo}`;
      });
    const relleno = (c) => (c.forcedColorAdjust === "none" ? c.backgroundColor : "");
    const seudo = (e, cual) => {
      const c = getComputedStyle(e, cual);
      return c.content === "none" ? [] : [c.content, c.width, c.clipPath, c.borderRadius, ...trazo(c, fondo(e)), relleno(c)];
    };
    const forma = (e) => {
      const c = getComputedStyle(e);
      const propia = [c.outlineStyle === "none" ? "" : c.outlineWidth, c.fontWeight, c.fontStyle, c.textDecorationLine, c.borderRadius, relleno(c)];
      return [...trazo(c, fondo(e.parentElement)), ...propia, ...seudo(e, "::before"), ...seudo(e, "::after")].join("; ");
    };
    for (const [estado, otro] of estados) {
      const [a, b] = [estado, otro].map((cual) => [...document.querySelectorAll(cual)].find(visible));
      if (a && b && forma(a) === forma(b)) faltas.push(`${estado} looks like ${otro}: ${forma(a)}`);
    }
    for (const e of [...document.querySelectorAll(".estado")].filter(visible))
      if (trazo(getComputedStyle(e), fondo(e.parentElement)).includes("0") || !e.textContent.trim())
        faltas.push(`a pill without edge or word: ${e.outerHTML.slice(0, 80)}`);
    for (const e of [...document.querySelectorAll(hojas)].filter(visible))
      if (getComputedStyle(e).forcedColorAdjust !== "none") faltas.push(`a picture loses its sheet: ${e.outerHTML.slice(0, 60)}`);
    return [...new Set(faltas)];
  },
})
