// Who does the tasks of a lane: a role by its name, an own one too, and for which list of places it is held.
import { getBusinessObject } from "bpmn-js/lib/util/ModelUtil";
import { grupo, lista, nombreDe, texto } from "./dom.js";

const OTRO_ROL = "+"; // no code of a role

function rolNuevo(panel, elemento) {
  const name = getBusinessObject(elemento).name || _("Rol nuevo");
  const base = nombreDe(name) || "rol_nuevo";
  let role = base;
  for (let n = 2; panel.catalogo.roles.some(([codigo]) => codigo === role); n += 1) role = `${base}_${n}`;
  return { role, name };
}

export function seccionCarril(panel, elemento) {
  const { roles, alcances } = panel.catalogo;
  const v = panel.ext.una(elemento, "v:Lane");
  const fijar = (cambio) => panel.ext.fijar(elemento, "v:Lane", "role", { role: v?.role, scope: v?.scope, name: v?.name, ...cambio });
  const conocido = !v?.role || roles.some(([codigo]) => codigo === v.role);
  const ofrecidos = conocido ? roles : [...roles, [v.role, v.name || v.role]];
  const donde = alcances.some(([variable]) => variable === (v?.scope ?? "")) ? alcances : [...alcances, [v.scope, v.scope]];
  const elegir = (role) => {
    fijar(role === OTRO_ROL ? rolNuevo(panel, elemento) : { role, name: undefined });
    panel.repintar();
  };
  return grupo(
    _("Quién hace las tareas de este carril"),
    lista({ etiqueta: _("Rol"), opciones: [["", _("Nadie: solo tareas automáticas")], ...ofrecidos, [OTRO_ROL, _("Un rol nuevo…")]], valor: v?.role ?? "", clave: "carril-rol", cambia: elegir }),
    conocido ? null : texto({ etiqueta: _("Cómo se llama el rol"), ayuda: _("Es un rol nuevo: cuando este diagrama rija, el administrador podrá darlo a personas."), valor: v.name ?? "", clave: "carril-nombre", cambia: (name) => fijar({ name: name.trim() || undefined }) }),
    v?.role ? lista({ etiqueta: _("Dónde"), ayuda: _("Con una lista, cada quien ve los casos de los lugares para los que tiene el rol. En toda la entidad, los ve todos."), opciones: donde, valor: v?.scope ?? "", clave: "carril-alcance", cambia: (scope) => fijar({ scope }) }) : null,
  );
}
