"""Forms of the weekly audit (5.2.27–5.2.29): draw who is observed, the F189, the report, its
review, the receipt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from sqlalchemy.orm import Session

from engine.types import Data, Writing
from records.auditorias import auditorias, evaluaciones, muestras
from records.auditorias.evaluaciones import Hechos, Llenado
from records.auditorias.reglas.f189 import FATALES
from records.base.actos import acto_de
from records.base.datos import entero, lista, si_no, texto
from records.base.errores import Separado
from records.casos import archivos
from records.casos.busqueda import caso_por_clave
from records.casos.expediente import Expediente, expediente
from records.casos.tablas import Archivo
from records.cuentas.separacion import ATENCION_PROPIA
from records.lugares.puntos import puntos
from webforms import campos as c
from webforms.base import formatos
from webforms.base.auditoria import (
    BANDAS,
    CRITERIOS,
    ESCALADOS,
    FALTA_EN_CRM,
    REGISTROS,
    lo_hallado,
)
from webforms.base.personas import nombres_de
from webforms.campos.formulario import Contexto, Despues, FormSpec, TareaForm, Tramo
from webforms.casos.cabecera import anotar_que_se_ve
from webforms.evidencia import separacion

SI_NO_NA: Final = [("si", _l("Sí")), ("no", _l("No")), ("na", _l("No aplica"))]
DEL_1_AL_5: Final = [*((str(n), str(n)) for n in range(1, 6)), ("na", _l("No se vio"))]
NO, BAJAS = ("no",), ("1", "2")


@dataclass(frozen=True, slots=True)
class Pregunta:
    """What the auditor answers for a criterion, and which answers are low: they say why, for the
    adviser and the committee."""

    campo: str
    etiqueta: Any
    falta: Any
    opciones: Sequence[tuple[str, Any]]
    bajas: Sequence[str]
    por_que: Any
    en_sitio: bool = False  #: only eyes on the spot can say it; of a record it is not asked


PREGUNTAS: Final[Mapping[str, Pregunta]] = {
    "3": Pregunta(
        "bienvenida",
        _l("¿Utilizó el protocolo de bienvenida?"),
        _l("Diga si utilizó el protocolo de bienvenida"),
        [("si", _l("Sí")), ("parcial", _l("Parcial")), ("no", _l("No")), ("na", _l("No se vio"))],
        ("parcial", "no"),
        _l("Qué faltó en la bienvenida"),
        en_sitio=True,
    ),
    "7.1": Pregunta(
        "oportunidad",
        _l("Oportunidad"),
        _l("Diga si la respuesta fue oportuna"),
        SI_NO_NA,
        NO,
        _l("Por qué no fue oportuna"),
    ),
    "7.2": Pregunta(
        "coherencia",
        _l("Coherencia"),
        _l("Diga si la respuesta fue coherente"),
        SI_NO_NA,
        NO,
        _l("Por qué no fue coherente"),
    ),
    "7.3": Pregunta(
        "pertinencia",
        _l("Pertinencia"),
        _l("Diga si la respuesta fue pertinente"),
        SI_NO_NA,
        NO,
        _l("Por qué no fue pertinente"),
    ),
    "7.4": Pregunta(
        "solucion",
        _l("Solución del problema"),
        _l("Diga si hubo solución"),
        SI_NO_NA,
        NO,
        _l("Por qué no hubo solución"),
    ),
    "8": Pregunta(
        "presentacion",
        _l("¿Presentación personal, con uniforme?"),
        _l("Diga si tenía la presentación y el uniforme"),
        [*SI_NO_NA[:2], ("na", _l("No se vio"))],
        NO,
        _l("Qué faltó en la presentación"),
        en_sitio=True,
    ),
    "9.1": Pregunta(
        "lenguaje",
        _l("Uso del lenguaje, de 1 a 5"),
        _l("Califique el lenguaje"),
        DEL_1_AL_5,
        BAJAS,
        _l("Qué pasó con el lenguaje"),
        en_sitio=True,
    ),
    "9.2": Pregunta(
        "manejo_crisis",
        _l("Manejo de crisis, de 1 a 5"),
        _l("Califique el manejo de crisis"),
        DEL_1_AL_5,
        BAJAS,
        _l("Qué pasó en la crisis"),
        en_sitio=True,
    ),
    "9.3": Pregunta(
        "tono",
        _l("Tono de voz, de 1 a 5"),
        _l("Califique el tono de voz"),
        DEL_1_AL_5,
        BAJAS,
        _l("Qué pasó con el tono"),
        en_sitio=True,
    ),
    "10": Pregunta(
        "registro_crm",
        _l("Cómo quedó"),
        _l("Diga cómo quedó el registro en el CRM"),
        list(REGISTROS.items()),
        ("parcial", "no"),
        _l("Qué falta en el registro"),
    ),
    "11": Pregunta(
        "escalonado",
        _l("Cómo se escaló"),
        _l("Diga cómo se escaló"),
        list(ESCALADOS.items()),
        ("tarde", "area_errada"),
        _l("Qué pasó con el escalamiento"),
    ),
}
#: Criterion → the answer that gives its points.
RESPUESTA_DE: Final[Mapping[str, str]] = {criterio: p.campo for criterio, p in PREGUNTAS.items()}
SOLO_EN_SITIO: Final = tuple(p.campo for p in PREGUNTAS.values() if p.en_sitio)


def por_que(criterio: str) -> str:
    return f"por_que_{criterio.replace('.', '_')}"


@dataclass(frozen=True, slots=True)
class Seccion:
    """A field of the F189 on the page: its number and name, where it comes from, what the system
    knows, what is asked."""

    numero: str
    nombre: Any
    fuente: Any
    dicho: str
    nota: str
    tramos: Sequence[Tramo]


class _Criterios(TareaForm):
    """Whether it can be evaluated at all, and fields 3 to 11 in the order of the format."""

    evaluable = c.SiNoField(
        _l("¿Se puede evaluar?"),
        c.exige(_l("Diga si esta atención se puede evaluar")),
        choices=[("si", _l("Sí")), ("no", _l("No, reemplazarla por la siguiente de la reserva"))],
    )
    motivo = c.ParrafoField(
        _l("Por qué no se puede evaluar"),
        c.cuando(
            "evaluable", "no", c.exige(_l("Escriba por qué no se puede evaluar"), c.largo(10, 500))
        ),
    )


for _criterio, _p in PREGUNTAS.items():
    setattr(
        _Criterios,
        _p.campo,
        c.OpcionField(
            _p.etiqueta, c.cuando("evaluable", "si", c.exige(_p.falta)), choices=list(_p.opciones)
        ),
    )
    _exige = c.exige(_l("Escriba por qué: la respuesta es baja"), c.largo(5, 1000))
    setattr(
        _Criterios,
        por_que(_criterio),
        c.ParrafoField(_p.por_que, c.cuando(_p.campo, _p.bajas, _exige)),
    )


class FormatoF189(_Criterios):
    observaciones = c.ParrafoField(
        _l("Novedades y observaciones"), c.cuando("evaluable", "si", c.opcional(c.hasta(2000)))
    )
    soporte = c.ArchivoField(
        _l("Foto o PDF de soporte"),
        c.cuando("evaluable", "si", c.opcional()),
        description=_l("PDF, JPG o PNG, hasta 10 MB."),
    )
    fatales = c.CasillasField(
        _l("Cuáles (opcional)"),
        c.cuando("evaluable", "si", c.opcional()),
        choices=[(codigo, _l(nombre)) for codigo, nombre in FATALES.items()],
        description=_l(
            "Uno solo deja el puntaje en cero y queda como inconsistencia. Márquelo solo si lo vio o consta."
        ),
    )
    que_paso = c.ParrafoField(
        _l("Qué pasó"),
        c.cuando(
            "fatales",
            tuple(FATALES),
            c.exige(_l("Escriba qué pasó: un error fatal se explica"), c.largo(10, 1000)),
        ),
    )

    def preparar(self, contexto: Contexto) -> None:
        """Of a record only what it shows is asked."""
        self.fila = muestras.una(contexto.session, entero(contexto.datos, "muestra_id"))
        if self.fila.modo == muestras.EXPEDIENTE:
            for nombre in SOLO_EN_SITIO:
                del self[nombre]
            for criterio, nombre in RESPUESTA_DE.items():
                if nombre in SOLO_EN_SITIO:
                    del self[por_que(criterio)]

    def leer(self) -> None:
        s = self.contexto.session
        self.hechos = evaluaciones.hechos(s, self.fila)
        self.auditoria = auditorias.una(s, self.fila.auditoria_id)
        self.punto = next(
            (p.nombre for p in puntos(s) if p.codigo == self.fila.punto_id), self.fila.punto_id
        )
        asesor = self.hechos.asesor_id if self.hechos is not None else ""
        self.asesor = nombres_de(s, {asesor}).get(asesor, asesor)
        self.ficha = self.hechos.ficha if self.hechos is not None else muestras.ficha(s, self.fila)
        self.caso = self._caso(s)
        self.personas = nombres_de(s, {r.autor for r in self.caso.respuestas} if self.caso else ())
        self.cartas = (
            {r.id: s.get(Archivo, r.archivo_id) for r in self.caso.respuestas if r.archivo_id}
            if self.caso
            else {}
        )
        self.en_sitio = self.fila.modo == muestras.SITIO

    def _caso(self, s: Session) -> Expediente | None:
        """What was asked and answered, beside the form; that it is read is recorded."""
        h = self.hechos
        if h is None or not h.case_key or h.restringido:
            return None
        caso = caso_por_clave(s, h.case_key)
        if caso is None:
            return None
        anotar_que_se_ve(h.case_key)
        return expediente(s, caso.id)

    def _de(self, *nombres: str) -> list[Tramo]:
        """These fields, each by itself; that it can be evaluated at all is asked once, around all
        of them."""
        suyos = [campo for campo in self.visibles if campo.name in nombres]
        return [self._tramo(campo, campo.flags.cuando) for campo in suyos]

    def _tramo(self, campo: Any, cuando: c.Cuando | None) -> Tramo:
        if cuando is None or (cuando.campo == "evaluable" and campo.name != "motivo"):
            return Tramo([campo])
        return Tramo([campo], cuando, self._frase(cuando))

    @property
    def antes(self) -> list[Tramo]:
        return self._de("evaluable", "motivo")

    @property
    def despues(self) -> list[Tramo]:
        return self._de("fatales", "que_paso")

    @property
    def secciones(self) -> list[Seccion]:
        """Fields 3 to 12, in the order of the format; 1 and 2 stand in the head of the page."""
        nombres = {**RESPUESTA_DE, "12": "observaciones"}
        hechas = []
        for numero, (nombre, fuente) in CRITERIOS.items():
            suyos = [criterio for criterio in nombres if criterio.partition(".")[0] == numero]
            tramos = self._de(
                *(nombres[s] for s in suyos),
                *(por_que(s) for s in suyos),
                *(["soporte"] if numero == "12" else []),
            )
            dicho, nota = dicho_de(numero, self.hechos) if self.hechos is not None else ("", "")
            if tramos or dicho:
                hechas.append(Seccion(numero, nombre, fuente, dicho, nota, tramos))
        return hechas

    def validate(self, extra_validators: Any = None) -> bool:
        valido = bool(super().validate(extra_validators))
        if not valido or self.evaluable.data == "no":
            return valido
        sabe = evaluaciones.hechos(self.contexto.session, self.fila)
        if sabe is None:
            return self._no(str(_("Ningún asesor ha atendido todavía el turno que se observa")))
        if sabe.asesor_id == self.contexto.actor.id:
            dicho = str(
                _("Esta atención es suya: la evalúa otra persona. Devuélvala para que la tome otra")
            )
            separacion.anotar(Separado(ATENCION_PROPIA, dicho), self.contexto.item.id)
            return self._no(dicho)
        if not algo_cuenta(self.valores(), sabe):
            return self._no(
                str(_("Nada de esta atención da puntos: diga que no se puede evaluar, y por qué"))
            )
        return True

    def _no(self, mensaje: str) -> bool:
        self.evaluable.errors = [mensaje]
        return False


def dicho_de(numero: str, h: Hechos) -> tuple[str, str]:
    """What the system knows of a field: the value, and where it comes from."""
    if numero == "4":
        if h.espera.minutos is None:
            return str(_("Sin tiempo confiable: no cuenta")), str(
                _("Los periodos de espera de este turno no son confiables, o no hay")
            )
        return str(_("%(n)s min", n=formatos.numero(h.espera.minutos, 1))), str(
            _("De los periodos del turno, todos confiables")
        )
    if numero == "5":
        if h.promedio.minutos is None:
            return str(_("Sin tiempo confiable: no cuenta")), str(
                _("El asesor no tiene ese día atenciones con tiempo confiable")
            )
        nota = ngettext(
            "%(num)s atención del asesor ese día",
            "%(num)s atenciones del asesor ese día",
            h.promedio.de,
        )
        if not h.promedio.confiable:
            nota = _(
                "%(n)s atenciones confiables del asesor ese día; las demás no cuentan",
                n=h.promedio.de,
            )
        return str(_("%(n)s min", n=formatos.numero(h.promedio.minutos, 1))), str(nota)
    if numero == "6":
        if h.nota is None:
            return str(_("No calificó: no cuenta")), ""
        return str(_("%(n)s de 5", n=h.nota)), str(
            _("Por Digiturno") if h.fuente == "digiturno" else _("Por el CRM")
        )
    if numero == "10":
        nota = (
            _("Falta: %(f)s", f=", ".join(str(FALTA_EN_CRM.get(f, f)) for f in h.faltan_crm))
            if h.faltan_crm
            else ""
        )
        return str(_("El sistema propone: %(r)s", r=REGISTROS[h.registro_crm])), str(nota)
    if numero == "11":
        return str(_("El sistema propone: %(r)s", r=ESCALADOS[h.escalado])), ""
    return "", ""


def puntuables(valores: Data, sabe: Hechos) -> Data:
    """The answers as the tables read them: what does not count is empty, or says that it does not
    apply."""
    puntos_de: dict[str, Any] = {
        nombre: texto(valores, nombre) or "na" for nombre in RESPUESTA_DE.values()
    }
    for nombre in ("lenguaje", "manejo_crisis", "tono"):
        puntos_de[nombre] = int(puntos_de[nombre]) if puntos_de[nombre] != "na" else None
    return {
        **puntos_de,
        "espera_min": sabe.espera.minutos,
        "atencion_min": sabe.promedio.minutos,
        "calificacion": sabe.nota,
    }


def algo_cuenta(valores: Data, sabe: Hechos) -> bool:
    return any(v not in (None, "na", "no_aplica") for v in puntuables(valores, sabe).values())


def _propuesto(contexto: Contexto) -> Data:
    fila = muestras.una(contexto.session, entero(contexto.datos, "muestra_id"))
    sabe = evaluaciones.hechos(contexto.session, fila)
    propuesto = (
        {"registro_crm": sabe.registro_crm, "escalonado": sabe.escalado} if sabe is not None else {}
    )
    return {"evaluable": True, **propuesto}


def _diligenciar(w: Writing) -> Data:
    muestra_id, acto = entero(w.data, "muestra_id"), acto_de(w)
    if not si_no(w.values, "evaluable"):
        muestras.retirar(w.session, muestra_id, texto(w.values, "motivo"), acto)
        return {}
    sabe = evaluaciones.hechos(w.session, muestras.una(w.session, muestra_id))
    respuestas = puntuables(w.values, sabe) if sabe is not None else {}
    llenado = llenado_de(
        w, respuestas, archivos.registrar_archivo(w.session, w.values.get("soporte"), acto)
    )
    hecho = evaluaciones.diligenciar(w.session, muestra_id, sabe, llenado, w.release, acto)
    return {**respuestas, "fatal": bool(llenado.fatales), "f189_id": hecho.id}


def llenado_de(w: Writing, respuestas: Data, archivo_id: int | None) -> Llenado:
    fatales = lista(w.values, "fatales")
    explicados = {
        criterio: texto(w.values, por_que(criterio))
        for criterio in RESPUESTA_DE
        if w.values.get(por_que(criterio))
    }
    return Llenado(
        respuestas=respuestas,
        comentarios={
            **explicados,
            **({evaluaciones.FATAL: texto(w.values, "que_paso")} if fatales else {}),
        },
        fatales=fatales,
        observaciones=texto(w.values, "observaciones"),
        archivo_id=archivo_id,
    )


def _diligenciado(contexto: Contexto, valores: Data) -> str:
    if not valores.get("evaluable"):
        return str(_("Quedó el motivo. Si la reserva tiene otra, entra la siguiente."))
    hecho = evaluaciones.de_muestra(contexto.session, entero(contexto.datos, "muestra_id"))
    if hecho is None or hecho.puntaje is None:
        return str(_("El F189 quedó guardado."))
    puntaje = _(
        "F189: %(p)s de 100, %(b)s.",
        p=formatos.numero(hecho.puntaje, 1),
        b=str(BANDAS.get(hecho.banda or "", "")).lower(),
    )
    campos = evaluaciones.por_campo(evaluaciones.criterios(contexto.session, hecho.id))
    halladas = evaluaciones.halladas(contexto.session, hecho.id)
    return f"{puntaje} {lo_hallado(halladas, hecho, campos)}"


# --- a visit --------------------------------------------------------------------------------------
class Sortear(TareaForm):
    observa = c.SiNoField(
        _l("¿Observa ahora?"),
        c.exige(_l("Diga si sortea ahora o termina la visita")),
        choices=[
            ("si", _l("Sí, sortear a quién")),
            ("no", _l("No: terminó la visita y no hubo a quién observar")),
        ],
    )
    motivo = c.ParrafoField(
        _l("Qué pasó en la visita"),
        c.cuando("observa", "no", c.exige(_l("Escriba qué pasó en la visita"), c.largo(10, 500))),
    )

    def leer(self) -> None:
        s = self.contexto.session
        fila = muestras.una(s, entero(self.contexto.datos, "muestra_id"))
        self.auditoria = auditorias.una(s, fila.auditoria_id)
        self.punto = next((p.nombre for p in puntos(s) if p.codigo == fila.punto_id), fila.punto_id)
        self.cuantos = len(muestras.se_pueden_observar(s, fila, self.contexto.now))

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        fila = muestras.una(self.contexto.session, entero(self.contexto.datos, "muestra_id"))
        if self.observa.data == "si" and not muestras.se_pueden_observar(
            self.contexto.session, fila, self.contexto.now
        ):
            self.observa.errors = [
                str(
                    _(
                        "Ahora nadie espera ni está en atención en el punto. Espere a que llegue alguien y sortee otra vez"
                    )
                )
            ]
            return False
        return True


def _sortear(w: Writing) -> Data:
    muestra_id, acto = entero(w.data, "muestra_id"), acto_de(w)
    if si_no(w.values, "observa"):
        muestras.sortear(w.session, muestra_id, acto)
    else:
        muestras.retirar(w.session, muestra_id, texto(w.values, "motivo"), acto)
    return {}


def _sorteado(contexto: Contexto, valores: Data) -> str:
    if not valores.get("observa"):
        return str(_("Quedó que en esta visita no se observó, y por qué."))
    fila = muestras.una(contexto.session, entero(contexto.datos, "muestra_id"))
    ficha = muestras.ficha(contexto.session, fila)
    return str(
        _(
            "Salió la ficha %(f)s, entre %(n)s. Obsérvela y diligencie su F189.",
            f=ficha,
            n=len(fila.entre or []),
        )
    )


# --- the report -----------------------------------------------------------------------------------
class _DeLaAuditoria(TareaForm):
    """A form with what the audit says above it."""

    def leer(self) -> None:
        s = self.contexto.session
        self.auditoria = auditorias.una(s, entero(self.contexto.datos, "auditoria_id"))
        self.resumen = auditorias.resumen(s, self.auditoria)
        self.informe = auditorias.ultimo_informe(s, self.auditoria.id)
        self.revision = (
            auditorias.revision(s, self.informe.id) if self.informe is not None else None
        )
        self.puntos = {p.codigo: p.nombre for p in puntos(s)}
        quienes = {i.asesor_id for i in self.resumen.inconsistencias}
        quienes |= {self.informe.autor} if self.informe is not None else set()
        quienes |= {self.revision.por} if self.revision is not None else set()
        self.personas = nombres_de(s, quienes)


class Informar(_DeLaAuditoria):
    conclusiones = c.ParrafoField(
        _l("Conclusiones de la auditoría"),
        c.exige(_l("Escriba las conclusiones con al menos 20 letras"), c.largo(20, 4000)),
        description=_l(
            "Qué muestran los F189 del servicio prestado. Las inconsistencias salen de ellos y van con el informe."
        ),
    )


class RevisarInforme(_DeLaAuditoria):
    remite = c.SiNoField(
        _l("¿Remite el informe?"),
        c.exige(_l("Diga si remite el informe al Outsourcing")),
        choices=[
            ("si", _l("Sí, remitir copia al Outsourcing")),
            ("no", _l("No, devolver a quien lo hizo (5.2.28)")),
        ],
    )
    observaciones = c.ParrafoField(
        _l("Qué falta en el informe"),
        c.cuando("remite", "no", c.exige(_l("Escriba qué falta en el informe"), c.largo(10, 2000))),
    )


class AcusarInforme(_DeLaAuditoria):
    nota = c.ParrafoField(
        _l("Nota"),
        c.opcional(c.hasta(1000)),
        description=_l(
            "Acusar recibo dice que llegó, no que esté de acuerdo. Las respuestas se dan por hallazgo."
        ),
    )


def _anterior(contexto: Contexto) -> Data:
    informe = auditorias.ultimo_informe(contexto.session, entero(contexto.datos, "auditoria_id"))
    return {"conclusiones": informe.conclusiones} if informe is not None else {}


def _informar(w: Writing) -> Data:
    informe = auditorias.informar(
        w.session, entero(w.data, "auditoria_id"), texto(w.values, "conclusiones"), acto_de(w)
    )
    return {"informe_id": informe.id}


def _revisar(w: Writing) -> Data:
    auditorias.revisar(
        w.session,
        entero(w.data, "informe_id"),
        remite=si_no(w.values, "remite"),
        observaciones=texto(w.values, "observaciones"),
        acto=acto_de(w),
    )
    return {}


def _acusar(w: Writing) -> Data:
    auditorias.acusar(
        w.session, entero(w.data, "auditoria_id"), texto(w.values, "nota"), acto_de(w)
    )
    return {}


def _revisado(_contexto: Contexto, valores: Data) -> str:
    if valores.get("remite"):
        return str(_("El informe se remite al Outsourcing; cada asesor ve sus F189."))
    return str(_("Devolvió el informe con su observación."))


_PAGINA = "tareas/auditoria.html"

FORMS: Mapping[str, FormSpec] = {
    "profesional.f189": FormSpec(
        FormatoF189,
        _diligenciar,
        prefill=_propuesto,
        template=_PAGINA,
        cuerpo="tareas/_f189.html",
        boton=_l("Terminar este F189"),
        despues=_l(
            "el sistema calcula el puntaje. El asesor lo ve cuando el informe se remite, y puede responder antes del comité."
        ),
        hecho=_diligenciado,
    ),
    "profesional.sortear_observacion": FormSpec(
        Sortear,
        _sortear,
        template=_PAGINA,
        cuerpo="tareas/_sortear.html",
        boton=_l("Seguir"),
        despues=Despues(
            "observa",
            {
                "si": (
                    _l("Sí"),
                    _l(
                        "sale una ficha y diligencia su F189. El sorteo queda con su hora y entre quiénes fue."
                    ),
                ),
                "no": (
                    _l("No"),
                    _l("esta observación queda en el informe como no evaluada, con lo que pasó."),
                ),
            },
        ),
        hecho=_sorteado,
    ),
    "profesional.informe_auditoria": FormSpec(
        Informar,
        _informar,
        prefill=_anterior,
        template=_PAGINA,
        cuerpo="tareas/_informe_auditoria.html",
        boton=_l("Entregar al Jefe de la Oficina"),
        despues=_l(
            "el Jefe de la Oficina lo remite al Outsourcing o lo devuelve con lo que falta (5.2.29)."
        ),
    ),
    "jefe.revisar_auditoria": FormSpec(
        RevisarInforme,
        _revisar,
        template=_PAGINA,
        cuerpo="tareas/_informe_auditoria.html",
        boton=_l("Terminar la revisión"),
        despues=Despues(
            "remite",
            {
                "si": (
                    _l("Sí, remitir"),
                    _l(
                        "la copia sale por correo al Gerente, que acusa recibo; cada asesor ve sus F189."
                    ),
                ),
                "no": (
                    _l("No, devolver"),
                    _l("quien lo hizo lo ajusta y lo entrega otra vez; cada versión se conserva."),
                ),
            },
        ),
        hecho=_revisado,
    ),
    "gerente.acusar_auditoria": FormSpec(
        AcusarInforme,
        _acusar,
        template=_PAGINA,
        cuerpo="tareas/_informe_auditoria.html",
        boton=_l("Acusar recibo"),
        despues=_l(
            "queda su acuse con fecha y hora. Las inconsistencias se responden en el comité de calidad."
        ),
    ),
}
