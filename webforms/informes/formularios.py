"""Forms of the monthly report (5.2.23–5.2.26): who makes it, who reviews it, who joins all of
them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _, lazy_gettext as _l

from engine.types import Data, Writing
from records.base.actos import acto_de
from records.base.datos import entero, si_no, texto
from records.base.errores import NoExiste
from records.informes import meses, reportes
from records.informes.reglas.indicadores import INDICADORES
from records.informes.reportes import NuevoReporte
from records.lugares import puntos
from records.plazos.reglas.obligaciones import limite_de_reportes
from webforms import campos as c
from webforms.base import formatos
from webforms.campos.formulario import Contexto, Despues, FormSpec, TareaForm
from webforms.informes.cifras import Corte, en_palabras, filas, sin_nadie
from webforms.informes.reporte import Cambio, Hoja, cambios, hoja

LARGO_NOTA = 1000


def campo_de(prefijo: str, indicador: str) -> str:
    """ "com", "I1.p90" → "com_I1_p90": a name that stands in HTML as it is."""
    return f"{prefijo}_{indicador.replace('.', '_')}" if indicador else f"{prefijo}_general"


def _mes(datos: Data) -> dt.date:
    return reportes.mes_de(texto(datos, "mes"))


class DelPunto(TareaForm):
    """A form with the report of a point above it; what it says of single figures stands beside
    them."""

    escribe = False  #: it makes the next version: of the latest figures of the month

    def preparar(self, contexto: Contexto) -> None:
        mes, punto_id = _mes(contexto.datos), texto(contexto.datos, "punto_id")
        hecha = hoja(contexto.session, mes, punto_id, por_escribir=self.escribe)
        if hecha is None:
            raise NoExiste(
                "No hay cifras de %(punto)s en %(mes)s.", punto=punto_id, mes=f"{mes:%Y-%m}"
            )
        self.hoja: Hoja = hecha

    def de_cifra(self, indicador: str) -> list[Any]:
        """The fields that stand beside this figure."""
        return [
            self[n] for n in (campo_de(p, indicador) for p in ("resp", "com", "obs")) if n in self
        ]

    @property
    def sueltos(self) -> list[Any]:
        """Those that stand below the table."""
        juntos = {campo.short_name for i in INDICADORES for campo in self.de_cifra(i)}
        return [campo for campo in self.visibles if campo.short_name not in juntos]

    def dichas(self, prefijo: str) -> dict[str, str]:
        """Indicator → what was written of it; "": of the whole report."""
        return _dichas(prefijo, self.valores())


def _dichas(prefijo: str, valores: Data) -> dict[str, str]:
    escritas = {
        i: texto(valores, campo_de(prefijo, i))
        for i in ("", *INDICADORES)
        if valores.get(campo_de(prefijo, i))
    }
    return {i: t for i, t in escritas.items() if t.strip()}


class Generar(DelPunto):
    escribe = True
    comentarios = c.ParrafoField(
        _l("Comentarios del reporte"),
        c.opcional(c.largo(20, 4000)),
        description=_l("Lo que explica el mes y no es de una sola cifra."),
    )
    tarde = c.ParrafoField(
        _l("Por qué llega tarde"),
        c.exige(
            _l("Escriba por qué el reporte llega después de su fecha"), c.largo(10, LARGO_NOTA)
        ),
    )

    def preparar(self, contexto: Contexto) -> None:
        """Asks only for what the figures do not say: why a target was missed, why nobody was
        attended, why it comes late."""
        super().preparar(contexto)
        h = self.hoja
        if h.rondas or not reportes.llega_tarde(h.mes, contexto.now):
            del self.tarde
        else:
            self.tarde.description = _(
                "Era hasta el %(d)s.", d=formatos.fecha(limite_de_reportes(h.mes), contexto.hoy)
            )
        if sin_nadie(h.filas):
            self.comentarios.label.text = _("Por qué no atendió a nadie")
            self.comentarios.description = ""
            self.comentarios.validators = c.exige(
                _("Escriba por qué el punto no atendió a nadie"), c.largo(20, 4000)
            )
            self.comentarios.flags.required = True
        fallan = {f.indicador.id for f in h.por_explicar}
        for i in INDICADORES:
            if i not in fallan:
                del self[campo_de("com", i)]


class Ajustar(Generar):
    cambio = c.TextoField(
        _l("Qué cambió"), c.exige(_l("Diga en una frase qué cambió en el reporte"), c.largo(5, 300))
    )

    def preparar(self, contexto: Contexto) -> None:
        super().preparar(contexto)
        ultima = self.hoja.ultima
        pedidas = ultima.observaciones if ultima is not None else {}
        for i in ("", *INDICADORES):
            if i not in pedidas:
                del self[campo_de("resp", i)]
        if "" in pedidas:  # those of figures stand beside them
            self[campo_de("resp", "")].description = pedidas[""]


class Revisar(DelPunto):
    cambiado: Sequence[Cambio] = ()  #: what this version says otherwise than the one that went back

    cumple_requisitos = c.SiNoField(
        _l("¿Cumple los requisitos?"),
        c.exige(_l("Diga si el reporte cumple los requisitos")),
        choices=[("si", _l("Sí, aprobar")), ("no", _l("No, devolver con observaciones (5.2.25)"))],
    )
    obs_general = c.ParrafoField(
        _l("Observación a todo el reporte"),
        [*c.con_omision(), *c.opcional(c.hasta(LARGO_NOTA))],
        description=_l(
            "Lo que es de una cifra, escríbalo junto a ella, en la tabla: así se sabe de cuál habla. Para devolverlo hace falta una."
        ),
    )

    aprueba_asi = c.CasillaField(
        _l("Apruebo: lo observado queda escrito y el reporte no se devuelve"), c.opcional()
    )

    def preparar(self, contexto: Contexto) -> None:
        super().preparar(contexto)
        if self.cumple_requisitos.data != "si" or not self.dichas("obs"):
            del self.aprueba_asi
        h = self.hoja
        if h.anterior is not None and h.ultima is not None:
            self.cambiado = cambios(contexto.session, h.anterior, h.ultima, h.punto_id)

    def validate(self, extra_validators: Any = None) -> bool:
        valido = bool(super().validate(extra_validators))
        if valido and self.cumple_requisitos.data == "no" and not self.dichas("obs"):
            self.obs_general.errors = [
                str(
                    _(
                        "Escriba qué falta, aquí o junto a una cifra: se devuelve con al menos una observación"
                    )
                )
            ]
            return False
        if "aprueba_asi" in self and not self.aprueba_asi.data:
            # nobody answers what is observed of a report that is approved
            self.aprueba_asi.errors = [
                str(_("Escribió observaciones: marque esto, o elija devolver el reporte"))
            ]
            return False
        return valido


for _i in INDICADORES.values():
    setattr(
        Generar,
        campo_de("com", _i.id),
        c.ParrafoField(
            _l("Por qué no se cumple: %(i)s", i=_l(_i.nombre)),
            c.exige(_l("Escriba por qué no se cumplió esta meta"), c.hasta(LARGO_NOTA)),
        ),
    )
    setattr(
        Revisar,
        campo_de("obs", _i.id),
        c.ParrafoField(_l("Observación: %(i)s", i=_l(_i.nombre)), c.opcional(c.hasta(LARGO_NOTA))),
    )
for _clave, _nombre in (
    ("", _l("todo el reporte")),
    *((i.id, _l(i.nombre)) for i in INDICADORES.values()),
):
    setattr(
        Ajustar,
        campo_de("resp", _clave),
        c.ParrafoField(
            _l("Respuesta a la observación: %(i)s", i=_nombre),
            c.exige(_l("Responda la observación"), c.hasta(LARGO_NOTA)),
        ),
    )


def _escrito(w: Writing) -> NuevoReporte:
    v = w.values
    return NuevoReporte(
        str(v.get("comentarios") or ""),
        _dichas("com", v),
        texto(v, "cambio") if "cambio" in v else "",
        _dichas("resp", v),
        str(v.get("tarde") or ""),
    )


def _generar(w: Writing) -> Data:
    return {
        "reporte_id": reportes.generar(
            w.session, _mes(w.data), texto(w.data, "punto_id"), _escrito(w), acto_de(w)
        ).id
    }


def _anterior(contexto: Contexto) -> Data:
    """The report as it stands: it is adjusted, not written again."""
    ultimo = reportes.ultimo(
        contexto.session, _mes(contexto.datos), texto(contexto.datos, "punto_id")
    )
    if ultimo is None:
        return {}
    notas = reportes.notas(contexto.session, ultimo.id, reportes.COMENTARIO)
    return {"comentarios": ultimo.comentarios, **{campo_de("com", i): t for i, t in notas.items()}}


def _revisar(w: Writing) -> Data:
    cumple = si_no(w.values, "cumple_requisitos")
    return {
        "n_devoluciones": reportes.revisar(
            w.session,
            entero(w.data, "reporte_id"),
            cumple=cumple,
            observaciones=_dichas("obs", w.values),
            acto=acto_de(w),
        )
    }


def _de_que(contexto: Contexto) -> dict[str, str]:
    codigo = texto(contexto.datos, "punto_id")
    nombre = next((p.nombre for p in puntos.puntos(contexto.session) if p.codigo == codigo), codigo)
    return {"p": nombre, "m": formatos.mes(_mes(contexto.datos))}


def _generado(contexto: Contexto, _valores: Data) -> str:
    return str(_("El reporte de %(p)s, %(m)s, pasó a revisión.", **_de_que(contexto)))


def _revisado(contexto: Contexto, valores: Data) -> str:
    if valores.get("cumple_requisitos"):
        return str(_("Aprobó el reporte de %(p)s, %(m)s.", **_de_que(contexto)))
    return str(
        _("Devolvió el reporte de %(p)s, %(m)s, con sus observaciones.", **_de_que(contexto))
    )


class Consolidar(TareaForm):
    de_antes: Sequence[str] = ()  #: points whose report was made before the month was corrected

    conclusiones = c.ParrafoField(
        _l("Conclusiones del informe"),
        c.exige(_l("Escriba las conclusiones con al menos 20 letras"), c.largo(20, 4000)),
        description=_l("Abren el informe que recibe cada interventor."),
    )

    def leer(self) -> None:
        """What it joins: the figures of the entity, and the report of each point."""
        mes = _mes(self.contexto.datos)
        self.mes, self.situaciones = mes, reportes.situaciones(self.contexto.session, mes)
        cerrado = meses.vigente(self.contexto.session, mes)
        self.corte = Corte(cerrado, "total", "") if cerrado is not None else None
        self.filas = filas(self.contexto.session, self.corte) if self.corte is not None else []
        self.frases = en_palabras(str(_("La entidad")), self.filas)
        self.de_antes = [
            s.nombre
            for s in self.situaciones
            if s.reporte and cerrado and s.reporte.mes_id != cerrado.id
        ]


def _consolidar(w: Writing) -> Data:
    return {
        "informe_id": reportes.consolidar(
            w.session, _mes(w.data), texto(w.values, "conclusiones"), acto_de(w)
        ).id
    }


def _consolidado(contexto: Contexto, _valores: Data) -> str:
    return str(_("El informe de %(m)s está listo.", m=formatos.mes(_mes(contexto.datos))))


_PAGINA, _CUERPO = "tareas/reporte.html", "tareas/_reporte.html"

FORMS: Mapping[str, FormSpec] = {
    "agente_calidad.generar_reporte": FormSpec(
        Generar,
        _generar,
        template=_PAGINA,
        cuerpo=_CUERPO,
        boton=_l("Enviar a revisión"),
        juntas=lambda datos: url_for("calidad.por_enviar", mes=texto(datos, "mes")),
        despues=_l("el Gerente lo revisa (5.2.24) y lo aprueba o lo devuelve con observaciones."),
        hecho=_generado,
    ),
    "agente_calidad.ajustar_reporte": FormSpec(
        Ajustar,
        _generar,
        prefill=_anterior,
        template=_PAGINA,
        cuerpo=_CUERPO,
        boton=_l("Regresar a revisión"),
        despues=_l("el Gerente lo revisa otra vez; esta versión y las anteriores se conservan."),
        hecho=_generado,
    ),
    "gerente.revisar_reporte": FormSpec(
        Revisar,
        _revisar,
        template=_PAGINA,
        cuerpo=_CUERPO,
        boton=_l("Terminar la revisión"),
        juntas=lambda datos: url_for("calidad.por_revisar", mes=texto(datos, "mes")),
        despues=Despues(
            "cumple_requisitos",
            {
                "si": (
                    _l("Sí, aprobar"),
                    _l("el reporte entra en el informe del mes; ya no cambia."),
                ),
                "no": (
                    _l("No, devolver"),
                    _l(
                        "el Agente de Calidad lo ajusta y responde cada observación. A la tercera devolución se avisa al Gerente Operativo."
                    ),
                ),
            },
        ),
        hecho=_revisado,
    ),
    "gerente_operativo.consolidar": FormSpec(
        Consolidar,
        _consolidar,
        template=_PAGINA,
        cuerpo="tareas/_consolidar.html",
        boton=_l("Consolidar el informe"),
        despues=_l(
            "queda el informe mensual, con la versión de cada reporte, y el de quejas, reclamos o sugerencias."
        ),
        hecho=_consolidado,
    ),
}
