// The name of a task never touches the icon in its corner: where it would, it goes below it, else beside it.

const CON_ICONO = new Set(["UserTask", "ManualTask", "ServiceTask", "SendTask", "ReceiveTask", "BusinessRuleTask", "ScriptTask"].map((t) => `bpmn:${t}`));
const ICONO = { derecha: 31, abajo: 28 }; // what bpmn-js draws in the upper left corner, with a little air
const LETRA = 10; // from the base line of a letter to its top
const ORILLA = 5;

function renglones(texto) {
  return [...texto.querySelectorAll("tspan")].map((t) => {
    const [x, y] = [Number(t.getAttribute("x")), Number(t.getAttribute("y"))];
    return { x, y, fin: x + t.getComputedTextLength() };
  });
}

const toca = (r) => r.x < ICONO.derecha && r.y - LETRA < ICONO.abajo;

function mudanza(lineas, { width, height }) {
  const tocan = lineas.filter(toca);
  if (!tocan.length) return null;
  const baja = ICONO.abajo - Math.min(...lineas.map((r) => r.y - LETRA));
  if (Math.max(...lineas.map((r) => r.y)) + baja <= height - ORILLA) return [0, baja];
  const corre = ICONO.derecha - Math.min(...tocan.map((r) => r.x));
  const sobra = width - ORILLA - Math.max(...lineas.map((r) => r.fin));
  return sobra >= corre ? [corre, 0] : [Math.max(0, sobra), Math.max(0, height - ORILLA - Math.max(...lineas.map((r) => r.y)))];
}

export function apartarDeIcono(registro, tarea) {
  if (!CON_ICONO.has(tarea.type)) return;
  const texto = registro.getGraphics(tarea).querySelector(".djs-visual > text");
  const lugar = texto && mudanza(renglones(texto), tarea);
  if (lugar) texto.setAttribute("transform", `translate(${lugar.join(" ")})`);
}

