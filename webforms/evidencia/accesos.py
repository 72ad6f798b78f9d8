"""Who looked at a case, and who was refused: what the access chain holds about it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.history import AccessView
from engine.states import AccessKind
from records.casos.busqueda import caso_por_clave
from webforms.base.formatos import dia_local
from webforms.base.palabras import en_palabras
from webforms.personas.cubierto import DATOS_COMPLETOS, DATOS_CON_MOTIVO

#: Kinds whose subject somebody typed, or is called as a file of theirs: it stands in the chain, and
#: in no line of the log.
SUJETO_ESCRITO: Final = frozenset(
    {
        "exportacion",
        "archivo_distinto",
        "consulta_fallida",
        "respaldo",
        "restauracion",
        "papel_explicado",
    }
)
#: Kind of an entry → what was looked at.
QUE: Mapping[str, Any] = {
    "consulta_caso": _l("El caso"),
    "caso_con_motivo": _l("El caso, que no era de su trabajo: lo abrió con un motivo"),
    "revision_caso": _l("La revisión de cumplimiento"),
    DATOS_COMPLETOS: _l("Documento, teléfonos y direcciones completos"),
    DATOS_CON_MOTIVO: _l("Documento, teléfonos y direcciones completos, con un motivo"),
    "consulta_persona": _l("Los datos y productos de la persona, al atenderla"),
    "cotejo_crm": _l("Los datos de la persona en el CRM, al compararlos"),
    "busqueda_nombre": _l("Personas con ese nombre, al buscar a la persona"),
    "conciliacion_crm": _l("Los datos de la persona, al comparar los dos CRM"),
    "enlace_de_clave": _l("Nada: se dio un enlace para elegir contraseña"),
    "llave_puesta": _l("Nada: la persona guardó una llave de acceso"),
    "llave_quitada": _l("Nada: la persona quitó una llave de acceso"),
    "segundo_puesto": _l("Nada: la persona activó su segundo factor"),
    "segundo_quitado": _l("Nada: la persona quitó su segundo factor"),
    "codigos_de_recuperacion": _l("Nada: la persona hizo otros códigos de recuperación"),
    "equipo_reconocido": _l("Nada: la persona mostró que un equipo es suyo"),
    "clave_puesta": _l("Nada: la persona eligió su contraseña"),
    "sesion_cerrada": _l("Nada: la persona cerró sesiones suyas"),
    "carta": _l("La carta de respuesta"),
    "constancia": _l("La constancia"),
    "busqueda_correos": _l("Correos por salir a una dirección, al buscarla"),
    "correo_descartado": _l("Un correo por salir, al descartarlo"),
    "copia_pagina": _l("La página de la entidad que se citó, al copiarla"),
    "documento_visto": _l("Un documento del caso"),
    "documento_suelto_visto": _l("Un documento que no era de ningún caso"),
    "documento_descargado": _l("Un documento del caso, al descargarlo"),
    "cambio_cuenta": _l("Una cuenta, al cambiarla"),
    "cambio_calendario": _l("El calendario, al cambiarlo"),
    "cambio_entidad": _l("El nombre y los datos de la entidad, al cambiarlos"),
    "cambio_puntos": _l("Un punto de atención, al cambiarlo"),
    "cambio_areas": _l("Un área, al cambiarla"),
    "cambio_listas": _l("Una lista, al cambiarla"),
    "cambio_valores": _l("Un valor de una lista, al cambiarlo"),
    "cambio_temas": _l("Un tema, al cambiarlo"),
    "cambio_normas": _l("Una norma, al cambiarla"),
    "cambio_series": _l("Una serie documental, al cambiarla"),
    "exportacion_personas": _l("Las personas y sus roles, al exportarlas"),
    "eliminacion_documental": _l("Nada: dio un paso de un acta de eliminación"),
    "eliminacion_excluida": _l("Nada: el expediente no se elimina con su acta"),
    "acta_de_eliminacion": _l("Nada: se ejecutó un acta de eliminación"),
    "indice_cerrado": _l("Nada: se cerró el índice electrónico del expediente"),
    "revision_persona": _l("Qué se guarda de la persona, para suprimirlo o restringirlo"),
    "solicitud_de_datos": _l("Nada: dio un paso de una solicitud de datos"),
    "solicitud_de_datos_cumplida": _l("Nada: se cumplió una solicitud de datos"),
    "solicitud_de_datos_no_hecha": _l("Nada: una parte de una solicitud de datos no se hizo"),
    "caso_restringido": _l("Nada: el caso quedó restringido"),
    "restriccion_levantada": _l("Nada: levantó la restricción del caso"),
    "reserva_puesta": _l("Nada: reservó el caso para que no se elimine"),
    "reserva_levantada": _l("Nada: levantó la reserva del caso"),
    "exportacion_persona": _l("Todo lo que se guarda de la persona, al bajarlo"),
    "exportacion_evidencia": _l("La evidencia de un caso, para comprobarla fuera"),
    "aprobacion_pedida": _l("Un cambio, al pedir que otra persona lo apruebe"),
    "aprobacion_decidida": _l("Un cambio que pidió otra persona, al decidirlo"),
    "aprobacion_retirada": _l("Un cambio que había pedido, al retirarlo"),
    "carril_sin_quien": _l("Una versión en vigor con un carril sin quien haga sus tareas"),
    "anulacion": _l("Nada: pidió o decidió anular el número del caso"),
    "prorroga": _l("Nada: pidió o negó una prórroga del término"),
    "enlace": _l("Nada: vinculó el caso con otro, o quitó el vínculo"),
    "consulta_publica": _l("El estado del caso, en la página pública"),
    "consulta_fallida": _l("Nada: no acertó el documento en la página pública"),
}


@dataclass(frozen=True, slots=True)
class Miradas:
    """What one person looked at on one day."""

    dia: dt.date
    quien: str
    que: str
    primera: dt.datetime
    ultima: dt.datetime
    veces: int
    motivo: str  #: that they wrote, if they did


def del_caso(session: Session, case_key: str) -> list[AccessView]:
    """Entries about the case, its instances, its tasks or its number, oldest first."""
    instancias, items = (
        reads.instances.of_case(session, case_key),
        reads.items.of_case(session, case_key),
    )
    caso = caso_por_clave(session, case_key)
    sujetos = [case_key, *(i.id for i in instancias), *(i.id for i in items)]
    return reads.history.access_of(
        session, [*sujetos, caso.radicado] if caso is not None and caso.radicado else sujetos
    )


def rechazos(entradas: Iterable[AccessView]) -> list[AccessView]:
    return [a for a in entradas if a.kind == AccessKind.REFUSAL]


def miradas(entradas: Iterable[AccessView]) -> Sequence[Miradas]:
    """By day, person, what was seen and why; the latest first."""
    juntas: dict[tuple[dt.date, str, str, str], list[dt.datetime]] = {}
    for a in entradas:
        if a.kind != AccessKind.REFUSAL:
            juntas.setdefault(
                (dia_local(a.at), a.actor_id, a.kind, str(a.detail.get("motivo") or "")), []
            ).append(a.at)
    todas = [
        Miradas(
            dia,
            quien,
            str(QUE.get(clase, "")) or en_palabras(clase).capitalize(),
            min(cuando),
            max(cuando),
            len(cuando),
            motivo,
        )
        for (dia, quien, clase, motivo), cuando in juntas.items()
    ]
    return sorted(todas, key=lambda m: (m.ultima, m.quien), reverse=True)
