// The code of the device: its panel on the list of the visit.
import { describir, quien } from "./documento.js";
import { ponerCodigo } from "./llave.js";

const { leer } = Base;
export const panel = document.querySelector("[data-codigo]");

export async function empezarCodigo() {
  const equipo = await leer("equipo", (equipos) => equipos.get(quien));
  const { codigo, repetido } = panel.querySelector("form").elements;
  const decir = (si) => {
    panel.querySelector("[data-tiene]").hidden = !si;
    panel.querySelector("[data-no-tiene]").hidden = si;
    panel.querySelector("summary").textContent = si ? _("Cambiar el código") : _("Poner un código");
  };
  decir(Boolean(equipo.delCodigo));
  panel.hidden = false;
  panel.querySelector("form").addEventListener("submit", async (evento) => {
    evento.preventDefault();
    const falta = await faltaDelCodigo(codigo.value, repetido.value);
    marcarCampo(codigo, falta.codigo);
    marcarCampo(repetido, falta.repetido);
    const primero = falta.codigo ? codigo : falta.repetido ? repetido : null;
    if (primero) {
      primero.focus();
      return;
    }
    const dicho = panel.querySelector("[data-dicho]");
    try {
      dicho.textContent = _("Guardando…");
      await ponerCodigo(codigo.value);
      codigo.value = repetido.value = "";
      decir(true);
      panel.querySelector("details").open = false;
      dicho.textContent = _("✓ Código puesto en este equipo");
      panel.querySelector("summary").focus();
    } catch (porque) {
      dicho.textContent = typeof porque === "string" ? _("Para poner el código hace falta red y haber ingresado.") : _("Este equipo no guarda el código: libere espacio");
    }
  });
}

async function faltaDelCodigo(codigo, repetido) {
  const minimo = Number(panel.dataset.minimo);
  if ([...codigo.normalize("NFC").trim()].length < minimo) return { codigo: _("Escriba al menos {n} letras; sirven varias palabras", { n: minimo }) };
  const comunes = await fetch(panel.dataset.comunes).then((respuesta) => (respuesta.ok ? respuesta.text() : ""), () => "");
  if (comunes.split("\n").includes(codigo.trim().toLowerCase())) return { codigo: _("Es de las que cualquiera prueba. Elija otro") };
  return codigo.normalize("NFC") === repetido.normalize("NFC") ? {} : { repetido: _("No es igual al de arriba") };
}

function marcarCampo(control, dicho) {
  const error = document.getElementById(`${control.id}-e`);
  error.textContent = dicho ?? "";
  error.hidden = !dicho;
  control.closest(".campo").classList.toggle("con-error", Boolean(dicho));
  describir(control, error.id, Boolean(dicho));
  if (dicho) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
}
