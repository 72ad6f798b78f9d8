// Our properties panel: plain form controls for what the engine reads, nothing else.
import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";
import { casilla, lista, nodo, parrafo, texto } from "./dom.js";
import { Extensiones } from "./extensiones.js";
import { seccionCampos, seccionVariables } from "./campos.js";
import { seccionCalendario } from "./calendario.js";
import { seccionCarril } from "./carril.js";
import { seccionCondicionDeEvento, seccionEnlace, seccionError, seccionFlujo, seccionMensaje, seccionReloj } from "./eventos.js";
import { nombreDeTipo, nombreEnElMenu } from "./tipos.js";
import { seccionAccion } from "./acciones.js";
import { seccionAgregar } from "./agregar.js";
import { seccionCaso, seccionEntrega, seccionInicio } from "./inicios.js";
import { seccionSupuesto } from "./supuesto.js";

const contadas = (n) => (n === 0 ? _("ninguna tarea") : n === 1 ? _("1 tarea") : _("{n} tareas", { n }));
const IDENTIFICADOR = /^[A-Za-z_][\w.-]*$/;

// Rule of a finding → the properties that mend it, the first that the element has.
/** @type {[RegExp, string[]][]} */
const PROPIEDADES = [
  [/^timer_/, ["reloj-texto"]],
  [/^message_key/, ["mensaje-clave"]],
  [/^message_/, ["mensaje"]],
  [/^(reference|code)_missing$|^boundary_ambiguous$/, ["codigo"]],
  [/^condition_/, ["condicion", "reloj-texto"]],
  [/^(expression|kinds|operand|function|part|text)_|^expression$|^time_past$/, ["vence", "prioridad", "la-tiene", "condicion", "reloj-texto"]],
  [/^default_/, ["flujo-defecto"]],
  [/^link_/, ["enlace"]],
  [/^handler_|^send_task_/, ["manejador", "mensaje"]],
  [/^input_/, ["manejador"]],
  [/^table_/, ["tabla"]],
  [/^called_|^call_/, ["llamado"]],
  [/^form_/, ["formulario"]],
  [/^field_/, ["campo-0-resumen", "campo-agregar"]],
  [/^case_/, ["caso-numero"]],
  [/^start_/, ["inicio-roles"]],
  [/^delivery_/, ["entrega-roles"]],
  [/^lane_/, ["carril-rol"]],
  [/^task_unnamed$/, ["nombre"]],
  [/^process_not_executable$/, ["ejecutable"]],
  [/^event_undefined$|^event_kind$/, ["tipo"]],
];

// Several changes of the model as one step of undo.
class Juntos {
  preExecute({ hacer }) {
    hacer();
  }
}

export class Panel {
  constructor(modeler, caja, catalogo) {
    this.modeler = modeler;
    this.caja = caja;
    this.catalogo = catalogo;
    this.modeling = modeler.get("modeling");
    this.moddle = modeler.get("moddle");
    this.ext = new Extensiones(modeler);
    this.pila = modeler.get("commandStack");
    this.pila.registerHandler("panel.juntos", Juntos);
    this.abiertos = new Set();
    this.elemento = null;
    this.#escuchar();
  }

  #escuchar() {
    const bus = this.modeler.get("eventBus");
    bus.on("selection.changed", ({ newSelection }) => this.mostrar(newSelection.length === 1 ? newSelection[0] : null));
    bus.on("elements.changed", ({ elements }) => {
      if (this.elemento && elements.includes(this.elemento)) this.repintar();
    });
    bus.on("commandStack.reverted", () => this.dibujar());
    bus.on("import.done", () => this.mostrar(null));
    document.addEventListener("pointerdown", () => (this.pulsado = true), true);
    for (const fin of ["pointerup", "pointercancel"]) document.addEventListener(fin, () => setTimeout(() => this.#soltado()), true);
    this.caja.addEventListener("input", ({ target }) => (this.tecleando = target), true);
    this.caja.addEventListener("change", () => (this.tecleando = null), true);
    this.caja.addEventListener("focusout", () => {
      this.tecleando = null;
      if (this.pendiente) this.repintar();
    });
  }

  #soltado() {
    this.pulsado = false;
    if (this.pendiente) this.repintar();
  }

  juntos(hacer) {
    this.pila.execute("panel.juntos", { hacer });
  }

  mostrar(elemento) {
    const vivo = elemento?.labelTarget ?? elemento;
    if (vivo !== this.elemento) this.abiertos.clear();
    this.elemento = vivo ?? null;
    this.dibujar();
  }

  // After a change: later, because the blur that caused it must not take the button away that is being pressed,
  // nor the control that the Tab key goes to. The focus stays where it went.
  repintar() {
    this.pendiente = true;
    setTimeout(() => {
      if (!this.pendiente || this.pulsado || this.tecleando?.isConnected) return; // what is being typed is not lost: it waits for its end
      const activo = this.caja.querySelector(":focus")?.dataset.clave;
      this.dibujar(activo);
    });
  }

  // `foco`: the data-clave of the control that gets the focus afterwards.
  dibujar(foco) {
    this.pendiente = false;
    if (this.elemento && !this.elemento.parent) this.elemento = null; // removed, by undo too
    const elemento = this.elemento ?? this.modeler.get("canvas").getRootElement();
    if (!elemento?.businessObject) return;
    const elegidos = this.modeler.get("selection").get().length;
    if (elegidos > 1) {
      this.caja.replaceChildren(nodo("h2", {}, _("{n} elementos elegidos", { n: elegidos })), nodo("p", { class: "nota mt-3" }, _("Se mueven, se copian y se quitan juntos. Elija uno solo para ver y cambiar sus datos.")));
      return;
    }
    this.caja.replaceChildren(...this.#cabeza(elemento), ...this.#secciones(elemento).filter(Boolean));
    if (foco) this.caja.querySelector(`[data-clave="${CSS.escape(foco)}"]`)?.focus();
  }

  // To what a finding is about: the property that holds what it quotes, else the one that its rule asks for; else the element itself,
  // by its heading. What is folded opens.
  irA(regla, frase) {
    this.dibujar();
    const citas = [...frase.matchAll(/[«“]([^«»“”]+)[»”]/g)].map(([, cita]) => cita);
    const controles = [...this.caja.querySelectorAll("input:not([type=checkbox]), textarea")];
    const citado = ({ value }) => value && citas.some((cita) => cita === value || (cita.length > 2 && value.includes(cita)));
    const claves = PROPIEDADES.flatMap(([reglas, suyas]) => (reglas.test(regla) ? suyas : []));
    const pedidos = claves.map((clave) => this.caja.querySelector(`[data-clave="${clave}"]`)).filter(Boolean);
    const control = pedidos.find(citado) ?? controles.find(citado) ?? pedidos[0] ?? this.caja.querySelector("h2");
    for (let caja = control.closest("details"); caja; caja = caja.parentElement.closest("details")) caja.open = true;
    control.focus();
    control.scrollIntoView({ block: "nearest" });
  }

  #cabeza(elemento) {
    const bo = getBusinessObject(elemento);
    return [
      nodo("p", { class: "migas" }, `${nombreDeTipo(elemento)} · ${bo.id}`),
      nodo("h2", { id: "propiedades-titulo", tabindex: "-1", "data-clave": "titulo" }, bo.name || nombreDeTipo(elemento)),
    ];
  }

  #secciones(elemento) {
    const proceso = this.#procesoDe(elemento);
    return [
      this.#comunes(elemento),
      is(elemento, "bpmn:Lane") ? seccionCarril(this, elemento) : null,
      is(elemento, "bpmn:UserTask") ? this.#tareaDeUsuario(elemento) : null,
      is(elemento, "bpmn:ServiceTask") || is(elemento, "bpmn:SendTask") ? this.#automatica(elemento) : null,
      is(elemento, "bpmn:BusinessRuleTask") ? this.#tabla(elemento) : null,
      is(elemento, "bpmn:CallActivity") ? this.#llamada(elemento) : null,
      seccionReloj(this, elemento),
      seccionCalendario(this, elemento),
      seccionMensaje(this, elemento),
      seccionInicio(this, elemento),
      seccionEntrega(this, elemento),
      seccionError(this, elemento),
      seccionCondicionDeEvento(this, elemento),
      seccionEnlace(this, elemento),
      seccionFlujo(this, elemento),
      is(elemento, "bpmn:Participant") || is(elemento, "bpmn:Process") ? this.#proceso(elemento, proceso) : null,
      this.#repeticion(elemento),
      seccionSupuesto(this, elemento),
      seccionAgregar(this, elemento),
    ];
  }

  #comunes(elemento) {
    if (is(elemento, "bpmn:Collaboration")) return nodo("p", { class: "nota mt-3" }, _("Elija un elemento para ver y cambiar sus datos."));
    const bo = getBusinessObject(elemento);
    const documentacion = bo.documentation?.[0]?.text ?? "";
    const documentar = (text) => {
      const nueva = text ? [this.moddle.create("bpmn:Documentation", { text })] : [];
      this.modeling.updateProperties(elemento, { documentation: nueva });
    };
    return nodo(
      "div",
      { class: "mt-3" },
      texto({ etiqueta: _("Nombre"), valor: bo.name, clave: "nombre", cambia: (name) => this.modeling.updateProperties(elemento, { name }) }),
      this.#tipo(elemento),
      this.#identificador(elemento, bo),
      parrafo({ etiqueta: _("Qué pide el procedimiento"), ayuda: is(elemento, "bpmn:Activity") ? _("Lo lee quien hace la tarea y quien revisa el caso. Cite el numeral.") : _("Lo lee quien revisa el caso. Cite el numeral."), valor: documentacion, clave: "documentacion", filas: 3, cambia: documentar }),
    );
  }

  // The menu of the canvas, for whoever has no mouse: what it does not offer is not here either.
  #tipo(elemento) {
    if (!is(elemento, "bpmn:FlowNode")) return null;
    const tipos = this.modeler.get("ofrecer").tipos(elemento);
    if (!tipos.length) return null;
    const opciones = [["", nombreEnElMenu(elemento)], ...tipos.map(([clave, rotulo]) => [clave, rotulo])];
    const cambia = (elegida) => {
      const nuevo = tipos.find(([clave]) => clave === elegida)[2]();
      this.modeler.get("selection").select(nuevo);
      this.dibujar("tipo");
    };
    return lista({ etiqueta: _("Tipo de elemento"), opciones, valor: "", clave: "tipo", cambia });
  }

  #identificador(elemento, bo) {
    const cambia = (id) => {
      const otro = this.moddle.ids.assigned(id);
      if (IDENTIFICADOR.test(id) && (!otro || otro === bo)) this.modeling.updateProperties(elemento, { id });
      this.repintar();
    };
    const ayuda = is(elemento, "bpmn:Activity") ? _("Las tareas del procedimiento se llaman act_5_2_N. No lo cambie en una tarea con casos abiertos.") : undefined;
    return texto({ etiqueta: _("Identificador"), ayuda, corta: true, valor: bo.id, clave: "identificador", cambia });
  }

  #tareaDeUsuario(elemento) {
    const form = this.ext.una(elemento, "v:Form")?.key ?? "";
    const elegir = (key) => {
      this.ext.fijar(elemento, "v:Form", "key", { key });
      this.repintar();
    };
    return nodo(
      "div",
      {},
      this.#carrilDe(elemento),
      lista({ etiqueta: _("Formulario"), opciones: [["", _("Generar de los campos de abajo")], ...this.catalogo.forms], valor: form, clave: "formulario", cambia: elegir }),
      seccionCampos(this, elemento, Boolean(form)),
      form || this.ext.una(elemento, "v:Output") ? seccionVariables(this, elemento, "v:Output", _("Variables que se calculan al guardar")) : null,
      this.#expresion(elemento, "v:Due", { etiqueta: _("Vence (opcional)"), ayuda: _("Una variable con la fecha, o dias_habiles(5)"), clave: "vence" }),
      this.#expresion(elemento, "v:Priority", { etiqueta: _("Prioridad (opcional)"), ayuda: _("Un número; el mayor va primero."), clave: "prioridad" }),
      this.#quienLaTiene(elemento),
      this.#personaDistinta(elemento),
    );
  }

  #carrilDe(elemento) {
    const carril = this.#buscarCarril(getBusinessObject(elemento));
    return nodo("p", { class: "nota" }, _("La hace: "), nodo("b", {}, carril ? carril.name || carril.id : _("nadie todavía")), carril ? _(". Es el carril en el que está dibujada.") : _(". Dibújela dentro de un carril."));
  }

  // The innermost lane of a node, else that of the sub-process around it.
  #buscarCarril(bo) {
    if (!is(bo, "bpmn:FlowNode")) return null;
    const carriles = this.modeler.get("elementRegistry").filter((e) => is(e, "bpmn:Lane")).map(getBusinessObject);
    return carriles.find((c) => !c.childLaneSet && (c.flowNodeRef ?? []).includes(bo)) ?? this.#buscarCarril(bo.$parent);
  }

  #quienLaTiene(elemento) {
    const cambia = (variable) => this.ext.fijar(elemento, "v:Holder", "variable", { variable });
    return texto({ etiqueta: _("La tiene desde que se abre (opcional)"), ayuda: _("La variable con el usuario; vacía, la toma cualquiera del carril."), corta: true, clave: "la-tiene", valor: this.ext.una(elemento, "v:Holder")?.variable ?? "", sugerencias: this.variables(), cambia });
  }

  #expresion(elemento, tipo, opciones) {
    return texto({ ...opciones, corta: true, valor: this.ext.una(elemento, tipo)?.expr ?? "", sugerencias: this.variables(), cambia: (expr) => this.ext.fijar(elemento, tipo, "expr", { expr }) });
  }

  #personaDistinta(elemento) {
    const otras = this.modeler.get("elementRegistry").filter((e) => is(e, "bpmn:UserTask") && !e.labelTarget && e !== elemento);
    if (!otras.length) return null;
    const actual = this.ext.todas(elemento, "v:Separate").map((v) => v.from);
    const cambiar = (id, si) => {
      const quedan = si ? [...actual, id] : actual.filter((a) => a !== id);
      this.ext.poner(elemento, "v:Separate", quedan.map((from) => this.ext.crear("v:Separate", { from })));
      this.repintar();
    };
    const casillas = otras.map((e) => casilla({ etiqueta: getBusinessObject(e).name || e.id, valor: actual.includes(e.id), clave: `aparte-${e.id}`, cambia: (si) => cambiar(e.id, si) }));
    return this.plegable("aparte", nodo("summary", {}, _("No puede ser la misma persona de: {t}", { t: contadas(actual.length) })), ...casillas);
  }

  #automatica(elemento) {
    if (is(elemento, "bpmn:SendTask") && getBusinessObject(elemento).messageRef) return null;
    return nodo(
      "div",
      {},
      seccionAccion(this, elemento),
      seccionVariables(this, elemento, "v:Output", _("Variables que entrega")),
    );
  }

  #tabla(elemento) {
    return nodo(
      "div",
      {},
      lista({ etiqueta: _("Tabla de decisión"), opciones: [["", _("Elija…")], ...this.catalogo.tables], valor: this.ext.una(elemento, "v:Decision")?.table ?? "", clave: "tabla", cambia: (table) => this.ext.fijar(elemento, "v:Decision", "table", { table }) }),
      seccionVariables(this, elemento, "v:Output", _("Variables que entrega")),
    );
  }

  #llamada(elemento) {
    return lista({ etiqueta: _("Proceso que llama"), opciones: [["", _("Elija…")], ...this.catalogo.processes], valor: getBusinessObject(elemento).calledElement ?? "", clave: "llamado", cambia: (id) => this.modeling.updateProperties(elemento, { calledElement: id || undefined }) });
  }

  #procesoDe(elemento) {
    const bo = getBusinessObject(elemento);
    return is(elemento, "bpmn:Participant") ? bo.processRef : bo;
  }

  #proceso(elemento, proceso) {
    if (!proceso) return null;
    const suponer = (si) => {
      const v = this.ext.una(elemento, "v:Process");
      if (v) this.ext.cambiar(elemento, v, { assumption: si });
      else this.ext.poner(elemento, "v:Process", [this.ext.crear("v:Process", { assumption: si })]);
      this.repintar();
    };
    return nodo(
      "div",
      {},
      nodo("p", { class: "nota" }, _("Proceso {id}", { id: proceso.id })),
      // Editors that only draw write isExecutable="false": what comes from them is put in force from here, without the XML.
      casilla({ etiqueta: _("Se ejecuta"), ayuda: _("Sin marcar es solo un dibujo y no se puede poner en vigor."), valor: proceso.isExecutable !== false, clave: "ejecutable", cambia: (si) => this.modeling.updateModdleProperties(elemento, proceso, { isExecutable: si }) }),
      casilla({ etiqueta: _("Es un supuesto"), ayuda: _("No está escrito en el procedimiento."), valor: this.ext.una(elemento, "v:Process")?.assumption, clave: "supuesto", cambia: suponer }),
      seccionCaso(this, elemento),
      seccionVariables(this, elemento, "v:Variable", _("Variables con las que empieza"), _("Las que dan el inicio, un mensaje o el proceso que lo llama.")),
    );
  }

  #repeticion(elemento) {
    if (!getBusinessObject(elemento).loopCharacteristics) return null;
    return nodo("p", { class: "nota" }, _("Esta actividad se repite. Cómo se repite se cambia en el XML."));
  }

  plegable(clave, resumen, ...hijos) {
    const caja = nodo("details", { open: this.abiertos.has(clave) }, resumen, ...hijos);
    caja.addEventListener("toggle", () => (caja.open ? this.abiertos.add(clave) : this.abiertos.delete(clave)));
    return caja;
  }

  intercambiar(una, otra) {
    const [habia, habra] = [this.abiertos.has(una), this.abiertos.has(otra)];
    this.abiertos[habia ? "add" : "delete"](otra);
    this.abiertos[habra ? "add" : "delete"](una);
  }

  // What a condition may name: decision fields, outputs and variables that stand anywhere in this file.
  variables() {
    return this.#nombres((v) => v.decision);
  }

  // Roles that lanes of this drawing make, and nobody knows yet.
  rolesNuevos() {
    const suyos = new Map();
    for (const e of this.modeler.get("elementRegistry").filter((e) => is(e, "bpmn:Lane") && !e.labelTarget)) {
      const { role, name } = this.ext.una(e, "v:Lane") ?? {};
      if (role && !this.catalogo.roles.some(([codigo]) => codigo === role)) suyos.set(role, name || suyos.get(role) || role);
    }
    return [...suyos];
  }

  // What may be told of a case: these, and what is only written in a form.
  camposYVariables() {
    return this.#nombres(() => true);
  }

  #nombres(sirve) {
    const nombres = new Set();
    const recoger = (bo) => {
      for (const v of bo?.extensionElements?.values ?? []) {
        if ((v.$type === "v:Field" && sirve(v)) || v.$type === "v:Output" || v.$type === "v:Variable") nombres.add(v.name);
      }
    };
    for (const e of this.modeler.get("elementRegistry").getAll()) {
      recoger(getBusinessObject(e));
      recoger(getBusinessObject(e)?.processRef);
    }
    return [...nombres].filter(Boolean).sort();
  }

  listaDeVariables() {
    const nombres = this.variables();
    if (!nombres.length) return null;
    return this.plegable("variables", nodo("summary", {}, _("Variables que se pueden usar")), nodo("ul", { class: "variables" }, ...nombres.map((n) => nodo("li", {}, nodo("code", {}, n)))));
  }
}
