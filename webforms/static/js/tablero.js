// The board of a point: asks every two seconds, shows simultaneous calls one after the other, rings, and goes on after a restart of the server.
(() => {
  "use strict";
  const CADA = 2000;
  const MUESTRA = 6000; // a call stays large at least this long while others wait
  const tablero = document.querySelector(".tablero");
  const zona = document.getElementById("llamados");
  const boton = document.getElementById("sonido");
  const reloj = document.querySelector("time#reloj");
  const anuncio = document.getElementById("anuncio");
  const sinConexion = document.getElementById("sin-conexion");

  let etiqueta = null;
  let desfase = Date.parse(tablero.dataset.ahora) - Date.now();
  let fallos = 0;
  let mostradoHasta = 0;
  let enPantalla = null;
  let ultimo = zona.innerHTML;
  const cola = [];
  const vistos = new Set();
  let audio = null;

  const avisos = () => JSON.parse(zona.querySelector("main").dataset.avisos);

  // --- the chime: browsers stay silent until somebody presses the button once
  function sonar() {
    if (!audio || audio.state !== "running") return;
    [[784, 0], [1047, 0.22], [1319, 0.44]].forEach(([tono, cuando]) => {
      const inicio = audio.currentTime + cuando;
      const oscilador = audio.createOscillator();
      const volumen = audio.createGain();
      oscilador.frequency.value = tono;
      volumen.gain.setValueAtTime(0.0001, inicio);
      volumen.gain.exponentialRampToValueAtTime(0.5, inicio + 0.02);
      volumen.gain.exponentialRampToValueAtTime(0.0001, inicio + 0.7);
      oscilador.connect(volumen).connect(audio.destination);
      oscilador.start(inicio);
      oscilador.stop(inicio + 0.75);
    });
    tablero.dataset.timbres = String(Number(tablero.dataset.timbres || 0) + 1);
  }

  // --- the voice, where the browser has one in Spanish: letters and digits apart, after the chime
  function decir(texto) {
    if (!audio || audio.state !== "running" || !window.speechSynthesis) return;
    const voz = speechSynthesis.getVoices().find((una) => una.lang.startsWith("es"));
    if (!voz) return;
    const frase = new SpeechSynthesisUtterance(texto.replace(/([A-Z])-?(\d+)/g, (_todo, letra, numero) => `${letra} ${Number(numero)}`));
    frase.voice = voz;
    frase.lang = voz.lang;
    setTimeout(() => speechSynthesis.speak(frase), 1300);
  }

  boton.hidden = false;
  boton.addEventListener("click", async () => {
    if (boton.getAttribute("aria-pressed") === "true") {
      await audio.suspend();
      boton.setAttribute("aria-pressed", "false");
      boton.querySelector("span").textContent = "Activar sonido";
      return;
    }
    audio = audio || new AudioContext();
    await audio.resume();
    boton.setAttribute("aria-pressed", "true");
    boton.querySelector("span").textContent = "Sonido activado";
    sonar();
  });

  // --- calls: each new one is queued, none cancels another
  function pintar(aviso) {
    const caja = zona.querySelector("[data-grande]");
    if (!caja) return;
    const [turno, modulo] = caja.querySelectorAll("b");
    turno.textContent = aviso.ficha;
    const antes = caja.querySelector("[data-antes]");
    antes.hidden = !aviso.antes;
    antes.textContent = aviso.antes ? `antes ${aviso.antes}` : "";
    modulo.textContent = `Módulo ${aviso.modulo}`;
    let veces = caja.querySelector(".estado");
    if (veces && !aviso.veces) veces.remove();
    if (aviso.veces) {
      if (!veces) {
        veces = document.createElement("span");
        veces.className = "estado";
        veces.dataset.e = "por-vencer";
        caja.querySelector("span").after(" ", veces);
      }
      veces.textContent = aviso.veces;
    }
    zona.querySelectorAll(".llamado:not([data-grande])").forEach((otra) => {
      otra.hidden = otra.querySelector("b").textContent === aviso.ficha;
    });
  }

  function mostrar() {
    zona.innerHTML = ultimo;
    if (enPantalla) pintar(enPantalla);
  }

  function avanzar() {
    if (enPantalla && Date.now() < mostradoHasta) return;
    const siguiente = cola.shift() ?? null;
    if (!siguiente && !enPantalla) return;
    enPantalla = siguiente;
    mostrar();
    if (!siguiente) return;
    mostradoHasta = Date.now() + MUESTRA;
    const cambio = siguiente.antes ? `, antes ${siguiente.antes}` : "";
    anuncio.textContent = `Turno ${siguiente.ficha}${cambio}, módulo ${siguiente.modulo}. ${siguiente.veces}`;
    sonar();
    decir(anuncio.textContent);
  }

  function recibir(html) {
    ultimo = html;
    mostrar();
    avisos().forEach((aviso) => {
      if (vistos.has(aviso.clave)) return;
      vistos.add(aviso.clave);
      cola.push(aviso);
    });
    avanzar();
  }

  // --- polling; whatever goes wrong, it asks again
  async function preguntar() {
    try {
      const respuesta = await fetch(tablero.dataset.url, { headers: etiqueta ? { "If-None-Match": etiqueta } : {}, cache: "no-store" });
      if (respuesta.status === 403) {
        location.reload(); // the device was withdrawn: the page says so
        return;
      }
      if (respuesta.status !== 304 && !respuesta.ok) throw new Error(String(respuesta.status));
      const ahora = respuesta.headers.get("X-Ahora");
      if (ahora) desfase = Date.parse(ahora) - Date.now();
      fallos = 0;
      if (respuesta.status === 200) {
        etiqueta = respuesta.headers.get("ETag");
        recibir(await respuesta.text());
      }
    } catch {
      fallos += 1;
    }
    sinConexion.hidden = fallos < 3;
    setTimeout(preguntar, CADA);
  }

  // --- the clock of the server, in the time zone of the point
  const zonaHoraria = tablero.dataset.zona;
  const dia = new Intl.DateTimeFormat("es-CO", { weekday: "long", day: "numeric", month: "long", timeZone: zonaHoraria });
  const hora = new Intl.DateTimeFormat("es-CO", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zonaHoraria });
  function ponerHora() {
    const ahora = new Date(Date.now() + desfase);
    const fecha = dia.format(ahora).replace(",", "");
    const texto = `${fecha[0].toUpperCase()}${fecha.slice(1)}, ${hora.format(ahora)}`;
    if (reloj.textContent !== texto) {
      reloj.textContent = texto;
      reloj.dateTime = ahora.toISOString();
    }
  }

  avisos().forEach((aviso) => vistos.add(aviso.clave));
  setInterval(ponerHora, 1000);
  setInterval(avanzar, 500);
  preguntar();
})();
