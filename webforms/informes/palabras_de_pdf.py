"""What the templates of `pdf` say by themselves, in the language of who makes the document: Typst
knows no catalogue."""

from typing import Any

from flask_babel import gettext as _

from webforms.base.idioma import idioma


def de_todos(**otras: str) -> dict[str, Any]:
    """The words of the templates; "{n}" and "{d}" are the page and how many there are. `otras`:
    what this document says otherwise."""
    return {
        "idioma": idioma(),
        "dice": {
            "pagina": _("página {n} de {d}"),
            "grafica": _("Gráfica"),
            "que": _("Qué"),
            "dato": _("Dato"),
            "comprobar": _(
                "Cómo comprobar una hoja suelta: el pie de cada una dice de qué versión del mes son sus datos y los 16 primeros dígitos de "
                "la huella de esos datos; la huella completa está en esta página. El archivo lleva adjuntos los datos de sus cifras (CSV)."
            ),
            "contenido": _("Contenido"),
            "cumple": _("Cumple"),
            "no_cumple": _("No cumple"),
            "indicador": _("Indicador"),
            "este_mes": _("Este mes"),
            "meta": _("Meta"),
            "de_cuantos": _("De cuántos"),
            "mes_anterior": _("Mes anterior"),
            "hace_un_ano": _("Hace un año"),
            "resultado": _("Resultado"),
            "valor": _("Valor"),
            "comentarios": _("Comentarios"),
            "de_cada_cifra": _("Lo que se dice de cada cifra"),
            "observaciones": _("Observaciones de la revisión y cómo se atendieron"),
            "respuesta": _("Respuesta:"),
            "cambios": _("Qué cambió de la versión anterior a esta"),
            "antes": _("Antes"),
            "ahora": _("Ahora"),
            # of one kind of document each
            "resumen": _("Resumen"),
            "resumen_e_indicadores": _("Resumen e indicadores"),
            "de_la_entidad": _("Indicadores de la entidad"),
            "de_cada_punto": _("Reporte de cada punto"),
            "punto": _("Punto"),
            "donde": _("Dónde está"),
            "version": _("Versión"),
            "hizo": _("Lo hizo"),
            "aprobo": _("Lo aprobó"),
            "huella": _("Huella"),
            "conclusiones": _("Conclusiones"),
            "notas": _("Notas"),
            "ninguno": _("Ninguno en el mes."),
            "recibidos": _("Recibidos"),
            "respondidos": _("Respondidos"),
            "en_termino": _("En término"),
            "hallazgos": _("Hallazgos"),
            "sin_hallazgos": _(
                "Ninguna inconsistencia: el comité fue informativo y la actividad 5.2.30 no ocurrió."
            ),
            "miembro": _("Miembro"),
            "voto": _("Voto"),
            "motivo": _("Motivo"),
            "excepciones": _("Excepciones"),
            "separacion": _("Separación de funciones"),
            "de_la_separacion": _(
                "Sobre todos los casos ejecutados, no una muestra: quién hizo de verdad cada actividad, según el diario. Un intento "
                "rechazado no cambió nada."
            ),
            "regla": _("Regla"),
            "donde_se_declara": _("Dónde se declara"),
            "casos": _("Casos"),
            "violaciones": _("Violaciones"),
            "rechazados": _("Rechazados"),
        }
        | otras,
    }
