// Small helps of every page. Everything works without them.
"use strict";

function enfocarResumen() {
  const resumen = document.querySelector("[data-foco]");
  if (resumen) resumen.focus();
}

function mostrarClave(boton) {
  const campo = document.getElementById(boton.dataset.mostrar);
  boton.hidden = false;
  boton.addEventListener("click", () => {
    const oculta = campo.type === "password";
    campo.type = oculta ? "text" : "password";
    boton.textContent = oculta ? "Ocultar contraseña" : "Mostrar contraseña";
  });
}

function contarLetras(texto) {
  const maximo = Number(texto.dataset.maximo);
  const contador = document.createElement("p");
  contador.className = "contador";
  texto.after(contador);
  const contar = () => {
    const usadas = [...texto.value].length;
    contador.textContent = `${usadas.toLocaleString("es-CO")} de ${maximo.toLocaleString("es-CO")}`;
    contador.classList.toggle("excedido", usadas > maximo);
  };
  texto.addEventListener("input", contar);
  contar();
}

function copiar(boton) {
  boton.hidden = false;
  boton.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(boton.dataset.copiar).innerText);
    boton.textContent = "Copiado";
  });
}

function unaSolaVez(formulario) {
  formulario.addEventListener("submit", (evento) => {
    if (formulario.dataset.enviado) evento.preventDefault();
    formulario.dataset.enviado = "1";
  });
}

window.addEventListener("pageshow", () => document.querySelectorAll("form[data-enviado]").forEach((f) => delete f.dataset.enviado));
document.querySelectorAll("form[method=post]").forEach(unaSolaVez);
document.querySelectorAll("[data-mostrar]").forEach(mostrarClave);
document.querySelectorAll("textarea[data-maximo]").forEach(contarLetras);
document.querySelectorAll("[data-copiar]").forEach(copiar);
enfocarResumen();
const solo = document.querySelector("form[data-enviar-solo]");
if (solo) solo.requestSubmit();
