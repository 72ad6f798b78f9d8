"""Form of document management (M5-1-04 act. 1, SUPUESTO): what is received, document by document,
and what it is about."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from engine.types import Data, Value, Writing
from records.base.actos import acto_de
from records.base.consultas import obtener
from records.base.datos import entero, opcional, texto
from records.casos import escalonamientos
from records.casos.expediente import CasoAbierto, casos_abiertos
from records.casos.tablas import Caso, Tipificacion
from records.escritos import escritos
from records.lugares import puntos
from records.personas import personas
from webforms import campos as c
from webforms.base import formatos
from webforms.base.palabras import de_catalogo, estado_caso
from webforms.base.personas import nombre_de
from webforms.campos.comunes import SUBCLASES
from webforms.campos.formulario import Contexto, FormSpec, TareaForm
from webforms.correo.direcciones import con_estado

FILAS = 10  #: documents of one delivery
FOLIOS_MAX = 2000
LARGO_ASUNTO = 300
NUEVO = 0  #: the delivery begins a case of its own
MEDIOS = {
    "correo": _l("Correo electrónico"),
    "direccion": _l("Dirección física"),
    "punto": _l("En el punto"),
}


class _ConDocumentos(TareaForm):
    """The documents of a delivery, a row each."""

    @property
    def filas(self) -> list[tuple[Any, Any, Any, Any]]:
        """Name, folios, original or copy, file: one tuple a document, as the table of the page
        shows them."""
        columnas = ("documento", "folios", "soporte", "digital")
        return [tuple(self[f"{columna}_{n}"] for columna in columnas) for n in range(1, FILAS + 1)]

    @property
    def usadas(self) -> int:
        """How many rows the page opens with."""
        return max(
            [
                3,
                *(
                    n
                    for n, fila in enumerate(self.filas, start=1)
                    if _con_algo(fila) or any(x.errors for x in fila)
                ),
            ]
        )

    def validate(self, extra_validators: Any = None) -> bool:
        bien = bool(super().validate(extra_validators))
        for n, fila in enumerate(self.filas, start=1):
            if _con_algo(fila) and not fila[0].errors:
                bien = (
                    self.exigir(fila[0].name, _("Escriba qué documento es el %(n)s", n=n)) and bien
                )
            if _con_algo(fila) and not fila[1].errors:
                bien = (
                    self.exigir(
                        fila[1].name, _("Escriba cuántos folios tiene el documento %(n)s", n=n)
                    )
                    and bien
                )
        return bien

    def valores(self) -> dict[str, Value]:
        """Rows that nobody filled in are no values."""
        vacias = {campo.name for fila in self.filas if not _con_algo(fila) for campo in fila}
        return {
            nombre: valor for nombre, valor in super().valores().items() if nombre not in vacias
        }


def _con_algo(fila: tuple[Any, ...]) -> bool:
    nombre, folios, _soporte, digital = fila
    return bool(nombre.data or folios.data is not None or folios.errors or digital.archivo)


def _fila(n: int) -> dict[str, Any]:
    """The columns of one document; the first has to be there."""
    exige = c.exige if n == 1 else lambda _mensaje, *otros: c.opcional(*otros)
    que, cuantos = (
        _l("Escriba qué documento es el %(n)s", n=n),
        _l("Escriba cuántos folios tiene el documento %(n)s", n=n),
    )
    return {
        f"documento_{n}": c.TextoField(_l("Documento %(n)s", n=n), exige(que, c.hasta(200))),
        f"folios_{n}": c.EnteroField(
            _l("Folios del documento %(n)s", n=n), exige(cuantos, c.rango(1, FOLIOS_MAX))
        ),
        f"soporte_{n}": c.ListaField(
            _l("Original o copia %(n)s", n=n),
            c.con_omision(),
            vacio=_l("Original"),
            choices=[("copia", _l("Copia"))],
        ),
        f"digital_{n}": c.ArchivoField(_l("Documento %(n)s digitalizado", n=n)),
    }


def _poner_filas(formulario: type[_ConDocumentos]) -> None:
    """After the fields that the class has, before those of who derives from it."""
    for n in range(1, FILAS + 1):
        for nombre, campo in _fila(n).items():
            setattr(formulario, nombre, campo)


def con_tema(form: Any, tipos: Sequence[Tipificacion]) -> None:
    """The subjects, and the subclass where the subject is a complaint."""
    form.tema.con_codigos = True
    form.tema.choices = [
        (t.codigo, f"{de_catalogo(t.tema)} › {de_catalogo(t.subtema)}") for t in tipos
    ]
    de_queja = c.Cuando("tema", tuple(t.codigo for t in tipos if t.clase == escritos.CON_SUBCLASE))
    form.subclase.validators = [de_queja, *form.subclase.validators]
    form.subclase.flags.cuando = de_queja


class _Asunto(_ConDocumentos):
    """The open cases of the person come first: what belongs to one of them begins no other."""

    destino = c.OpcionField(
        _l("¿Es para un caso que ya tiene?"),
        c.exige(_l("Diga si es para un caso que ya tiene")),
        coerce=int,
    )
    tema = c.BuscarField(
        _l("De qué tratan"),
        c.exige(_l("Escriba de qué tratan")),
        description=_l(
            "Escriba una parte, por ejemplo «paz y salvo». Con el tema, la matriz dice qué área responde."
        ),
    )
    subclase = c.ListaField(
        _l("La queja es"), c.con_omision(), vacio=_l("Una queja por el servicio"), choices=SUBCLASES
    )
    asunto = c.TextoField(_l("Asunto"), c.exige(_l("Escriba el asunto"), c.largo(5, LARGO_ASUNTO)))

    def preparar(self, contexto: Contexto) -> None:
        con_tema(self, puntos.tipificaciones(contexto.session, contexto.hoy))
        self.abiertos = _abiertos(contexto)
        if not self.abiertos:
            del self.destino
            return
        self.destino.choices = [
            *((caso.caso_id, _del_caso(caso)) for caso in self.abiertos.values()),
            (NUEVO, _("Ninguno: es una solicitud nueva")),
        ]
        for campo in (self.tema, self.asunto):
            _solo_si(campo, "destino", NUEVO)
        esperan = [caso.caso_id for caso in self.abiertos.values() if caso.pedido]
        _solo_si(self["completo"], "destino", NUEVO, *esperan)

    def valores(self) -> dict[str, Value]:
        """What goes to a case of theirs is about what that case is about."""
        valores = super().valores()
        caso = self.abiertos.get(valores.get("destino", NUEVO))
        return valores if caso is None else {**valores, "tema": caso.tema}


class _Trae(_ConDocumentos):
    """What a person brings later."""


def _abiertos(contexto: Contexto) -> dict[Value, CasoAbierto]:
    """By id. An instance of before this was asked has no way to them."""
    persona_id = opcional(contexto.datos, "persona_id")
    if persona_id is None or "destino" not in contexto.datos:
        return {}
    return {caso.caso_id: caso for caso in casos_abiertos(contexto.session, persona_id)}


def _del_caso(caso: CasoAbierto) -> str:
    como = _("espera «%(p)s»", p=caso.pedido) if caso.pedido else estado_caso(caso.estado).lower()
    return f"{caso.radicado}, {de_catalogo(caso.subtema)}: {como}"


def _solo_si(campo: Any, otro: str, *valores: int) -> None:
    cuando = c.Cuando(otro, tuple(map(str, valores)))
    campo.validators = [cuando, *campo.validators]
    campo.flags.cuando = cuando


for _formulario in (_Asunto, _Trae):
    _poner_filas(_formulario)


class RecibirEscrito(_Asunto):
    completo = c.OpcionField(
        _l("¿Está completo?"),
        c.exige(_l("Diga si está completo")),
        choices=[("si", _l("Sí")), ("no", _l("No, y la persona insiste en radicar"))],
    )
    falta = c.TextoField(
        _l("Qué falta"),
        c.cuando("completo", "no", c.exige(_l("Escriba qué falta"), c.largo(5, 500))),
        description=_l(
            "Se imprime en la prueba. Tiene un mes para traerlo (Ley 1755 de 2015, artículo 17)."
        ),
    )


class CompletarEscrito(_Trae):
    """The person is back with what was missing; it may still not be all."""

    completo = c.OpcionField(
        _l("¿Con esto queda completo?"),
        c.exige(_l("Diga si queda completo")),
        choices=[("si", _l("Sí")), ("no", _l("No, todavía falta algo"))],
    )
    falta = c.TextoField(
        _l("Qué falta todavía"),
        c.cuando("completo", "no", c.exige(_l("Escriba qué falta"), c.largo(5, 500))),
        description=_l("El mes para traerlo es el mismo: no vuelve a empezar."),
    )


def _prefill(contexto: Contexto) -> Data:
    """The case that waits for the person is chosen beforehand."""
    entrega = _entrega(contexto)
    asunto: Data = {"asunto": entrega.motivo[:LARGO_ASUNTO]} if entrega is not None else {}
    espera = next((caso.caso_id for caso in _abiertos(contexto).values() if caso.pedido), None)
    return asunto if espera is None else {**asunto, "destino": espera}


def _entrega(contexto: Contexto) -> escritos.Entrega | None:
    turno_id = opcional(contexto.datos, "turno_id")
    return escritos.entregas(contexto.session, [turno_id]).get(turno_id) if turno_id else None


def _ayuda(contexto: Contexto) -> list[tuple[str, str]]:
    """Who hands in, what they said, where they are and how they want the answer; their data stay
    covered."""
    entrega = _entrega(contexto)
    if entrega is None:
        return []
    exhibido = _("exhibido") if entrega.exhibido else _("no lo exhibió")
    donde = (
        _("%(p)s, módulo %(m)s", p=entrega.punto, m=entrega.modulo)
        if entrega.modulo
        else entrega.punto
    )
    lineas = [
        (_("Persona"), entrega.nombre),
        (_("Documento"), f"{formatos.documento(entrega.tipo_doc, entrega.num_doc)}, {exhibido}"),
        (
            _("Turno"),
            _("%(t)s, llegó a las %(h)s", t=entrega.ficha or "", h=formatos.hora(entrega.llegada)),
        ),
        (_("Punto"), donde),
        (_("La atendió"), nombre_de(contexto.session, entrega.asesor_id)),
        (_("Qué entrega"), entrega.motivo),
    ]
    persona_id = opcional(contexto.datos, "persona_id")
    if persona_id:
        lineas += [
            (
                _("Respuesta por"),
                _respuesta_por(contexto, personas.datos_vigentes(contexto.session, persona_id)),
            )
        ]
    return [(etiqueta, dicho) for etiqueta, dicho in lineas if dicho]


def _respuesta_por(contexto: Contexto, datos: Mapping[str, str]) -> str:
    medio = datos.get("medio_notificacion", "")
    correo = datos.get("correo", "") if medio == "correo" else ""
    return f"{MEDIOS.get(medio, '')} {con_estado(contexto.session, correo, formatos.correo(correo), contexto.now)}".strip()


def traidos(valores: Data) -> list[escritos.NuevoDocumento]:
    """The rows that were filled in."""
    return [
        escritos.NuevoDocumento(
            nombre=texto(valores, f"documento_{n}"),
            folios=entero(valores, f"folios_{n}"),
            soporte=texto(valores, f"soporte_{n}") or "original",
            digital=valores.get(f"digital_{n}"),
        )
        for n in range(1, FILAS + 1)
        if valores.get(f"documento_{n}")
    ]


def listados(documentos: Sequence[escritos.NuevoDocumento]) -> str:
    return escritos.listados((d.nombre, d.folios) for d in documentos)


def _en_su_caso(w: Writing, caso_id: int) -> Data:
    """A case that waited for the person, and now has all, goes on once the step after this one has
    told it."""
    documentos, falta = traidos(w.values), texto(w.values, "falta")
    traido = escritos.ParaSuCaso(caso_id, texto(w.data, "punto_id"), documentos, falta)
    escritos.entregar_en_caso(w.session, entero(w.data, "turno_id"), traido, acto_de(w))
    esperaba = escalonamientos.suspension_abierta(w.session, caso_id) is not None and not falta
    if esperaba:
        dicho = f"Entregó lo que faltaba. Documentos y folios: {listados(documentos)}."
        escalonamientos.anotar_complemento(w.session, caso_id, dicho, acto_de(w))
    caso = obtener(w.session, Caso, caso_id)
    return {
        "destino": caso_id,
        "esperaba": esperaba,
        "caso_id": caso_id,
        "clase": caso.clase,
        "tipo_termino": caso.tipo_termino,
        "norma": caso.norma,
    }


def _recibir(w: Writing) -> Data | None:
    if caso_id := opcional(w.values, "destino"):
        return _en_su_caso(w, caso_id)
    persona_id, documentos = entero(w.data, "persona_id"), traidos(w.values)
    falta = texto(w.values, "falta")
    nuevo = escritos.NuevoEscrito(
        punto_id=texto(w.data, "punto_id"),
        persona_id=persona_id,
        tema=texto(w.values, "tema"),
        asunto=texto(w.values, "asunto"),
        documentos=documentos,
        subclase=texto(w.values, "subclase"),
        falta=falta,
    )
    recibido = escritos.recibir_escrito(w.session, entero(w.data, "turno_id"), nuevo, acto_de(w))
    datos = personas.datos_vigentes(w.session, persona_id)
    medio = datos.get("medio_notificacion", "punto")
    escalonamientos.anotar_informe(
        w.session,
        recibido.caso.caso_id,
        medio=medio,
        correo=(datos.get("correo") or None) if medio == "correo" else None,
        resumen=f"{nuevo.asunto}. Documentos y folios: {listados(documentos)}."
        + (f" Falta: {falta}." if falta else ""),
    )
    if "canal" not in w.data:  # an instance of the first version: it knows no case
        return None
    caso = recibido.caso
    hecho: Data = {
        "caso_id": caso.caso_id,
        "clase": recibido.clase,
        "tipo_termino": caso.tipo_termino,
        "norma": caso.norma,
    }
    return {**hecho, "destino": NUEVO, "esperaba": False} if "destino" in w.data else hecho


FORMS: Mapping[str, FormSpec] = {
    "gestion_documental.recibir": FormSpec(
        RecibirEscrito,
        _recibir,
        _prefill,
        template="escritos/recibir.html",
        cuerpo="escritos/_documentos.html",
        boton=_l("Radicar y ver la prueba"),
        ayuda=_ayuda,
        confirmacion="radicacion.radicada",
    )
}
