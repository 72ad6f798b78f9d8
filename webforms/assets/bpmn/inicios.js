// Who begins a process by a form, who hands a message over, and what is told of a case: sections of the panel.
import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";
import { casilla, grupo, lista, nodo, parrafo, texto } from "./dom.js";
import { seccionCampos } from "./campos.js";
import { esEventoDeMensaje, lanza } from "./extensiones.js";

const palabras = (texto) => (texto ?? "").split(/\s+/).filter(Boolean);

// One box for each role that the catalogue knows, for those that lanes of this drawing make, and for those that only this file names.
function casillasDeRoles(panel, escritos, clave, cambia) {
  const conocidos = [...panel.catalogo.roles, ...panel.rolesNuevos()];
  const otros = escritos.filter((rol) => !conocidos.some(([codigo]) => codigo === rol)).map((rol) => [rol, rol]);
  const elegir = (rol, si) => cambia((si ? [...escritos, rol] : escritos.filter((r) => r !== rol)).join(" "));
  const resumen = nodo("summary", { "data-clave": clave }, escritos.length ? _("Roles: {r}", { r: [...conocidos, ...otros].filter(([c]) => escritos.includes(c)).map(([, n]) => n).join(", ") }) : _("Roles: ninguno"));
  return panel.plegable(clave, resumen, ...[...conocidos, ...otros].map(([rol, nombre]) => casilla({ etiqueta: nombre, valor: escritos.includes(rol), clave: `${clave}-${rol}`, cambia: (si) => elegir(rol, si) })));
}

// What stays empty is not written: without anybody there is no mark at all.
function poner(panel, elemento, tipo, atributos) {
  const queda = Object.values(atributos).some(Boolean);
  panel.ext.poner(elemento, tipo, queda ? [panel.ext.crear(tipo, atributos)] : []);
  panel.repintar();
}

export function seccionInicio(panel, elemento) {
  const bo = getBusinessObject(elemento);
  if (!is(elemento, "bpmn:StartEvent") || bo.eventDefinitions?.length || !is(bo.$parent, "bpmn:Process")) return null;
  const v = panel.ext.una(elemento, "v:Start");
  const fijar = (cambio) => poner(panel, elemento, "v:Start", { roles: v?.roles, public: v?.public, after: v?.after, ...cambio });
  const form = panel.ext.una(elemento, "v:Form")?.key ?? "";
  const alguien = v?.roles || v?.public;
  return grupo(
    _("Quién lo inicia"),
    alguien ? null : nodo("p", { class: "nota" }, _("Nadie por su cuenta: empieza cuando otro proceso o el sistema lo llama.")),
    casillasDeRoles(panel, palabras(v?.roles), "inicio-roles", (roles) => fijar({ roles })),
    casilla({ etiqueta: _("Cualquier persona, en línea"), ayuda: _("Sale en la página pública de trámites."), valor: v?.public, clave: "inicio-publico", cambia: (si) => fijar({ public: si }) }),
    alguien ? parrafo({ etiqueta: _("Qué lee quien lo inició (opcional)"), ayuda: _("Después de enviar, debajo del número del caso: qué sigue y cuándo."), valor: v?.after, clave: "inicio-despues", filas: 3, cambia: (after) => fijar({ after }) }) : null,
    alguien ? lista({ etiqueta: _("Formulario de inicio"), opciones: [["", _("Generar de los campos de abajo")], ...panel.catalogo.forms], valor: form, clave: "formulario", cambia: (key) => { panel.ext.fijar(elemento, "v:Form", "key", { key }); panel.repintar(); } }) : null,
    alguien || panel.ext.todas(elemento, "v:Field").length ? seccionCampos(panel, elemento, Boolean(form)) : null,
  );
}

export function seccionEntrega(panel, elemento) {
  const espera = is(elemento, "bpmn:ReceiveTask") || (is(elemento, "bpmn:CatchEvent") && esEventoDeMensaje(elemento) && !lanza(elemento));
  if (!espera) return null;
  const v = panel.ext.una(elemento, "v:Delivery");
  // A message that begins the process comes from another one; what a file says of it all the same can be taken out here.
  if (!v && is(elemento, "bpmn:StartEvent") && is(getBusinessObject(elemento).$parent, "bpmn:Process")) return panel.ext.todas(elemento, "v:Field").length ? seccionCampos(panel, elemento, false) : null;
  const fijar = (cambio) => poner(panel, elemento, "v:Delivery", { roles: v?.roles, webhook: v?.webhook, ...cambio });
  const alguien = v?.roles || v?.webhook;
  return grupo(
    _("Quién lo entrega"),
    alguien ? null : nodo("p", { class: "nota" }, _("Solo otro proceso: el mensaje llega cuando un diagrama lo envía.")),
    casillasDeRoles(panel, palabras(v?.roles), "entrega-roles", (roles) => fijar({ roles })),
    casilla({ etiqueta: _("Un sistema, con firma"), ayuda: _("Con la clave que guarda el administrador."), valor: v?.webhook, clave: "entrega-sistema", cambia: (webhook) => fijar({ webhook }) }),
    alguien || panel.ext.todas(elemento, "v:Field").length ? seccionCampos(panel, elemento, false) : null,
  );
}

const DEL_CASO = [
  ["class", _("Clase (opcional)"), _("Como permiso o licencia.")],
  ["subject", _("Asunto (opcional)"), _("El campo o la variable que dice de qué trata.")],
  ["person", _("Documento de la persona (opcional)"), _("Con él y el número la persona consulta cómo va.")],
  ["person_kind", _("Tipo de ese documento (opcional)"), _("Un campo de lista con valores CC, TI, CE, PA, RC o PPT: sin él, un número puede ser de dos personas.")],
  ["name", _("Nombre de la persona (opcional)"), null],
  ["email", _("Correo de la persona (opcional)"), null],
  ["place", _("Lugar (opcional)"), _("El punto, la localidad o el área.")],
  ["anonymous", _("Sin nombre (opcional)"), _("Un campo de sí o no del inicio: con «Sí» no se piden nombre ni documento.")],
  ["due", _("Plazo de respuesta (opcional)"), _("Una variable con la fecha, o dias_habiles(15)")],
];

export function seccionCaso(panel, elemento) {
  const v = panel.ext.una(elemento, "v:Case");
  const antes = Object.fromEntries(["number", ...DEL_CASO.map(([nombre]) => nombre)].map((nombre) => [nombre, v?.[nombre]]));
  const fijar = (cambio) => {
    panel.ext.fijar(elemento, "v:Case", "number", { ...antes, ...cambio });
    panel.repintar();
  };
  return grupo(
    _("Cada vez que empieza es un caso"),
    texto({ etiqueta: _("Número del caso"), ayuda: _("PEP-{aaaa}-{00000}: {aaaa} es el año y los ceros el consecutivo. Vacío: no abre casos."), corta: true, valor: v?.number, clave: "caso-numero", cambia: (number) => fijar({ number }) }),
    ...(v ? DEL_CASO.map(([nombre, etiqueta, ayuda]) => texto({ etiqueta, ayuda: ayuda ?? undefined, corta: true, valor: v[nombre], clave: `caso-${nombre}`, sugerencias: nombre === "class" ? undefined : panel.camposYVariables(), cambia: (valor) => fijar({ [nombre]: valor }) })) : []),
  );
}
