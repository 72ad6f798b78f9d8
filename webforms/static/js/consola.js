// The adviser's console: clock of the attention, function keys, insertion of legacy answers. Everything works without it.
"use strict";
(() => {
  const reloj = document.querySelector("[data-desde]");
  if (reloj) {
    const desfase = Date.parse(reloj.dataset.ahora) - Date.now();
    const desde = Date.parse(reloj.dataset.desde);
    setInterval(() => {
      const s = Math.max(0, Math.floor((Date.now() + desfase - desde) / 1000));
      reloj.textContent = `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
    }, 1000);
  }

  // The first thing that is still to be said, where it can be seen; else the heading keeps the focus.
  const vacio = (control) => {
    if (control.type !== "radio") return !control.value;
    return ![...document.querySelectorAll(`[name="${CSS.escape(control.name)}"]`)].some((boton) => boton.checked);
  };
  const dadoPorOtro = (campo) => document.querySelector(`[data-grupo-de="${CSS.escape(campo.dataset.campo ?? "")}"]`);
  function primeroPorDecir() {
    const campos = [...document.querySelectorAll("form[data-tarea] .campo")].filter((c) => !c.querySelector(".opcional") && !c.closest("[hidden]") && !dadoPorOtro(c));
    const controles = campos.map((c) => c.querySelector("input:not([type=hidden]), select, textarea")).filter(Boolean);
    return controles.find(vacio);
  }
  const porDecir = document.querySelector(".resumen-error") ? null : primeroPorDecir();
  if (porDecir && porDecir.getBoundingClientRect().bottom <= window.innerHeight) porDecir.focus();

  const respuesta = document.querySelector("textarea#respuesta");
  const fuente = document.querySelector("select#fuente");
  const botones = [...document.querySelectorAll("[data-insertar]")];
  function insertar(boton) {
    if (!respuesta) return;
    const inicio = respuesta.selectionStart ?? respuesta.value.length;
    const fin = respuesta.selectionEnd ?? inicio;
    const pegado = (texto) => texto !== "" && !/^\s|\s$/.test(texto);
    const antes = pegado(respuesta.value.slice(0, inicio).slice(-1)) ? " " : "";
    const despues = pegado(respuesta.value.slice(fin, fin + 1)) ? " " : "";
    respuesta.setRangeText(antes + boton.dataset.insertar.trim() + despues, inicio, fin, "end");
    if (fuente && boton.dataset.fuente) fuente.value = boton.dataset.fuente;
    respuesta.dispatchEvent(new Event("input", { bubbles: true }));
    respuesta.focus();
  }
  for (const boton of botones) {
    boton.hidden = !respuesta;
    boton.addEventListener("click", () => insertar(boton));
  }

  const escalar = document.querySelector("[data-escalar]");
  function pedirEscalar() {
    const no = document.querySelector('input[name="dispone"][value="no"]');
    if (!no) return;
    no.checked = true;
    no.form.requestSubmit(no.form.querySelector("button[data-completar]"));
  }
  if (escalar) {
    escalar.hidden = false;
    escalar.addEventListener("click", pedirEscalar);
  }

  const regresar = document.querySelector("[data-volver]");

  // A panel that a key opens: the focus goes to its first field, Escape closes it and gives the focus back.
  const paneles = [...document.querySelectorAll("summary[data-abre]")];
  function abrir(resumen) {
    const panel = resumen.closest("details");
    for (const otro of paneles) if (otro !== resumen) otro.closest("details").open = false;
    panel.open = !panel.open;
    if (panel.open) (panel.querySelector("[aria-invalid]") ?? panel.querySelector("select, input:not([type=hidden])")).focus();
    else resumen.focus();
  }
  for (const resumen of paneles) {
    resumen.addEventListener("click", (evento) => {
      evento.preventDefault();
      abrir(resumen);
    });
    if (resumen.closest("details").open) resumen.closest("details").querySelector("[aria-invalid]")?.focus();
  }

  document.addEventListener("keydown", (evento) => {
    const panel = paneles.find((p) => p.dataset.abre === evento.key);
    const abierto = paneles.find((p) => p.closest("details").open);
    const boton = botones.find((b) => b.dataset.tecla === evento.key && !b.hidden);
    const pulsado = document.querySelector(`[data-pulsa="${CSS.escape(evento.key)}"]`);
    if (panel || (evento.key === "Escape" && abierto)) {
      evento.preventDefault();
      abrir(panel ?? abierto);
    } else if (pulsado) {
      evento.preventDefault();
      pulsado.click();
    } else if (boton) {
      evento.preventDefault();
      insertar(boton);
    } else if (evento.key === "F9" && (escalar || regresar)) {
      evento.preventDefault();
      if (escalar) pedirEscalar();
      else regresar.click();
    } else if (evento.ctrlKey && evento.key === "/") {
      evento.preventDefault();
      document.getElementById("atajos")?.focus();
    } else if (evento.ctrlKey && evento.key === "Enter" && !document.querySelector("form[data-tarea]")) {
      const llamar = document.querySelector("button[data-completar]");
      if (llamar) {
        evento.preventDefault();
        llamar.form.requestSubmit(llamar);
      }
    }
  });
})();
