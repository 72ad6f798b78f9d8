// What the server is asked for before anything is sent or opened.
import { avisar } from "./avisos.js";
import { quien } from "./documento.js";

// Its session and token of this moment, and for `equipo` what opens it; what it throws says what stands in the way.
export async function pedirLlave(equipo = "") {
  let respuesta;
  try {
    respuesta = await fetch(`/visita/llave?equipo=${equipo}`, { cache: "no-store", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(4000) });
  } catch {
    throw "sin-red";
  }
  const dicho = await respuesta.json().catch(() => ({}));
  if (respuesta.ok && typeof dicho.usuario !== "string") throw "sin-red"; // cut off, or of somebody between: no word of the server
  if (dicho.error === "terminada" || (respuesta.ok && dicho.usuario !== quien)) {
    avisar("terminar"); // somebody ended the login, or another person has this browser
    throw "sin-sesion";
  }
  if (respuesta.status === 401 || respuesta.status === 403) throw "sin-sesion";
  if (!respuesta.ok) throw "falla";
  return dicho;
}
