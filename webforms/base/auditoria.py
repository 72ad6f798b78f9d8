"""The words of the weekly audit: fields of the F189, answers, bands, what was found."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from sqlalchemy.orm import Session

from common.locales import days
from engine import reads
from engine.reads.releases import FileVersion
from records.auditorias import muestras
from records.auditorias.muestras import EXPEDIENTE, Observacion
from records.auditorias.tablas import F189, Inconsistencia
from webforms.base.formatos import numero

_OBSERVADO, _PERIODOS, _EXPEDIENTE = (
    _l("Observado"),
    _l("De los tiempos del turno"),
    _l("Expediente"),
)

#: Number of the field → its name, as 5.2.27 lists it, and where it comes from. 1 (asesor) and 2
#: (cliente) stand in the head.
CRITERIOS: Mapping[str, tuple[Any, Any]] = {
    "3": (_l("Protocolo de bienvenida"), _OBSERVADO),
    "4": (_l("Tiempo de espera"), _PERIODOS),
    "5": (_l("Tiempo promedio de atención"), _PERIODOS),
    "6": (_l("Resultado de la calificación"), _l("Calificación de la persona")),
    "7": (_l("Respuesta efectiva"), _l("Observado y expediente")),
    "8": (_l("Presentación personal"), _OBSERVADO),
    "9": (_l("Trato hacia el cliente"), _OBSERVADO),
    "10": (_l("Registro en CRM"), _EXPEDIENTE),
    "11": (_l("Escalonado"), _EXPEDIENTE),
    "12": (_l("Novedades, histórico en CRM y observaciones"), _l("Sin puntos")),
}
SUBCRITERIOS: Mapping[str, Any] = {
    "7.1": _l("Oportunidad"),
    "7.2": _l("Coherencia"),
    "7.3": _l("Pertinencia"),
    "7.4": _l("Solución"),
    "9.1": _l("Lenguaje"),
    "9.2": _l("Manejo de crisis"),
    "9.3": _l("Tono de voz"),
}
#: Fields whose answers the history tells in these words.
RESPUESTAS = (
    "bienvenida",
    "oportunidad",
    "coherencia",
    "pertinencia",
    "solucion",
    "presentacion",
    "registro_crm",
)
DICHAS: Mapping[str, Any] = {
    "si": _l("Sí"),
    "parcial": _l("Parcial"),
    "no": _l("No"),
    "na": _l("No cuenta"),
    "completo": _l("Completo"),
}
REGISTROS: Mapping[str, Any] = {
    "completo": _l("Completo"),
    "parcial": _l("Parcial"),
    "no": _l("No lo hay"),
    "na": _l("No aplica"),
}
ESCALADOS: Mapping[str, Any] = {
    "no_aplica": _l("No aplica"),
    "correcto": _l("Correcto y a tiempo"),
    "tarde": _l("Tarde"),
    "area_errada": _l("Área errada"),
}
FALTA_EN_CRM: Mapping[str, Any] = {
    "caso": _l("el caso"),
    "persona_id": _l("la persona"),
    "radicado": _l("el radicado"),
    "clase": _l("la clase"),
    "tema": _l("el tema"),
    "descripcion": _l("la descripción"),
    "tipo_termino": _l("el término"),
    "respuesta": _l("la respuesta"),
    "resumen": _l("el resumen para el área"),
}
BANDAS: Mapping[str, Any] = {
    "sobresaliente": _l("Sobresaliente"),
    "satisfactorio": _l("Satisfactorio"),
    "aceptable": _l("Aceptable"),
    "deficiente": _l("Deficiente"),
}
#: How the label of a band looks (`data-e` of macros/piezas).
BANDA_E: Mapping[str, str] = {
    "sobresaliente": "hecha",
    "satisfactorio": "activa",
    "aceptable": "por-vencer",
    "deficiente": "vencida",
}
GRAVEDADES: Mapping[str, Any] = {"fatal": _l("Fatal"), "media": _l("Media"), "leve": _l("Leve")}
GRAVEDAD_E: Mapping[str, str] = {"fatal": "critica", "media": "vencida", "leve": "por-vencer"}
ESTADOS: Mapping[str, Any] = {
    "sin_atenciones": _l("Sin atenciones"),
    "en_curso": _l("En curso"),
    "por_informar": _l("Por informar"),
    "por_revisar": _l("Por revisar"),
    "devuelta": _l("Devuelta"),
    "por_acusar": _l("Remitida, sin acuse"),
    "terminada": _l("Terminada"),
}
RESULTADOS: Mapping[str, Any] = {
    "resuelto": _l("Resuelto"),
    "escalado": _l("Escalado"),
    "sala": _l("Sala"),
    "escrita": _l("Escrita"),
    "poder_pendiente": _l("Poder pendiente"),
    "abandono": _l("Se retiró"),
    "otro": _l("Sin resultado"),
}


def nombre_de_criterio(criterio: str) -> str:
    """ "7.4" → "7 Respuesta efectiva: solución"."""
    if criterio == "fatal":
        return str(_("Error fatal"))
    numero = criterio.partition(".")[0]
    nombre = f"{numero} {CRITERIOS[numero][0]}" if numero in CRITERIOS else criterio
    return (
        f"{nombre}: {str(SUBCRITERIOS[criterio]).lower()}" if criterio in SUBCRITERIOS else nombre
    )


def por_que_es(i: Inconsistencia, campos: Mapping[str, tuple[float, float]]) -> str:
    """Why an answer is an inconsistency. `campos`: points of the F189 by field
    (`evaluaciones.por_campo`)."""
    if i.agregada_por:
        return str(_("La agregó quien audita"))
    puntos, maximo = campos.get(i.criterio, (0.0, 0.0))
    if not maximo:
        return str(_("Un error fatal siempre lo es"))
    valores = {"p": numero(puntos, 2), "m": numero(maximo, 2)}
    if puntos < maximo / 2:
        return str(_("%(p)s de %(m)s: menos de la mitad de sus puntos", **valores))
    return str(_("%(p)s de %(m)s: ninguno baja de la mitad, y este perdió más puntos", **valores))


def lo_hallado(
    halladas: Sequence[Inconsistencia], hecho: F189, campos: Mapping[str, tuple[float, float]]
) -> str:
    """What an F189 found and why, or why nothing."""
    if halladas:
        dichas_ = (f"{nombre_de_criterio(i.criterio)} ({por_que_es(i, campos)})" for i in halladas)
        return str(_("Inconsistencias: %(q)s.", q="; ".join(dichas_)))
    banda = BANDAS.get(hecho.banda or "")
    if banda is None:
        return str(_("Sin puntaje no hay inconsistencias."))
    return str(_("Ninguna inconsistencia: la banda «%(b)s» no las deja.", b=banda))


def dichas(hecho: F189, modo: str) -> Mapping[str, str]:
    """Number of the field → what was answered or the record says, in words: where it has no points,
    why. Not those told part by part."""
    r = hecho.respuestas
    no_visto = str(
        _("No se observó: se evaluó por su expediente") if modo == EXPEDIENTE else DICHAS["na"]
    )
    visto = {
        campo: str(DICHAS[r[nombre]])
        for campo, nombre in (("3", "bienvenida"), ("8", "presentacion"))
        if r[nombre] != "na"
    }
    return {
        "3": no_visto,
        "4": _minutos(r["espera_min"]),
        "5": _minutos(r["atencion_min"]),
        "6": str(
            _("La persona no calificó")
            if r["calificacion"] is None
            else _("%(n)s de 5", n=r["calificacion"])
        ),
        "8": no_visto,
        **visto,
        **(
            {"9": no_visto}
            if all(r[nombre] is None for nombre in ("lenguaje", "manejo_crisis", "tono"))
            else {}
        ),
        "10": str(REGISTROS[r["registro_crm"]]),
        "11": str(ESCALADOS[r["escalonado"]]),
    }


def _minutos(minutos: float | None) -> str:
    if minutos is None:
        return str(_("Sin tiempo confiable en el turno"))
    return str(_("%(n)s min, de periodos confiables del turno", n=numero(minutos, 1)))


def semana(codigo: str) -> str:
    """An audit is called by the days that it audits: "2026-W49" → "23–29 de noviembre de 2026"."""
    return days(*muestras.semana_auditada(codigo))


#: What an F189 is made with, by file: the form is in the diagram.
HECHO_CON: Final[Mapping[str, Any]] = {
    "auditoria_semanal.bpmn": _l("formato"),
    "f189_criterios.dmn": _l("puntos por criterio"),
    "f189_banda.dmn": _l("bandas"),
}


def hecho_con(session: Session, version_en_vigor: int | None) -> Sequence[FileVersion]:
    """Which version of each file an F189 was made with; none where that was not kept."""
    if version_en_vigor is None:
        return []
    de_archivo = {
        v.name: v
        for v in reads.releases.file_versions(session, HECHO_CON)
        if v.first_release <= version_en_vigor
    }
    return [de_archivo[archivo] for archivo in HECHO_CON if archivo in de_archivo]


def en_los_puntos(hechas: int, planeadas: int) -> str:
    """On-site coverage (4.7): what was planned never leaves the count."""
    if not planeadas:
        return str(_("Ninguna planeada"))
    dicho = ngettext(
        "%(h)s de %(num)s planeada", "%(h)s de %(num)s planeadas", planeadas, h=numero(hechas)
    )
    faltan = planeadas - hechas
    return f"{dicho}, {_('%(n)s sin hacer', n=numero(faltan))}" if faltan else str(dicho)


def por_que_no(motivos: Iterable[str]) -> str:
    """Why observations were not done: each reason, and of how many; the most frequent first."""
    cuantas = Counter(m.strip().rstrip(".") for m in motivos)
    return "; ".join(
        f"{motivo or _('sin motivo todavía')} ({numero(n)})" for motivo, n in cuantas.most_common()
    )


def cobertura(planeadas: Sequence[Observacion]) -> str:
    dicho = en_los_puntos(sum(o.hecha for o in planeadas), len(planeadas))
    porque = por_que_no(o.motivo for o in planeadas if not o.hecha)
    return f"{dicho}: {porque}" if porque else dicho


FILTROS: Mapping[str, Callable[..., Any]] = {
    "cobertura": cobertura,
    "criterio_f189": nombre_de_criterio,
    "gravedad": lambda codigo: GRAVEDADES[codigo],
    "gravedad_e": lambda codigo: GRAVEDAD_E[codigo],
    "resultado_de": lambda estrato: RESULTADOS.get(estrato.rpartition(" · ")[2], ""),
    "semana": semana,
}
