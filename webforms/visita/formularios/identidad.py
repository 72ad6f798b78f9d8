"""Forms of the adviser that say who is at the desk, and for whom (M5-1-02 5.2.4, 5.2.5, control
6-2)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from itsdangerous import BadData

from common.language import said
from engine.types import Data, Value, Writing
from records.base.actos import acto_de
from records.base.datos import entero, fecha, opcional, si_no, texto
from records.base.errores import DatoInvalido
from records.base.reglas.documentos import validar_documento
from records.casos import archivos
from records.personas import personas, poderes
from records.personas.reglas.titularidad import (
    COTEJADOS,
    Cotejo,
    RegistroCrm,
    comparacion,
    puede_corregirse,
    verificar,
)
from records.sistemas import crm_externo
from records.sistemas.puertos import Hallazgo
from records.sistemas.reglas.crm import PERSONA
from records.visita import atenciones, turnos
from records.visita.tablas import Turno
from webforms import campos as c
from webforms.base.palabras import CALIDADES
from webforms.base.servicios import servicios
from webforms.campos.comunes import FACULTADES, numero_documento, tipo_documento
from webforms.campos.formulario import Contexto, FormSpec, TareaForm

#: Why somebody is looked for by name: a code, since the access chain keeps no text about people.
MOTIVOS_BUSQUEDA = [
    ("numero_no_esta", _l("El número del documento no está en el CRM")),
    ("numero_ilegible", _l("El número no se lee bien")),
    ("documento_anterior", _l("Cambió de tipo o de número de documento")),
]
#: Fields that only look for somebody: nothing of them is sent.
SOLO_BUSCAN = ("nombre_buscado", "motivo_busqueda", "elegida")
#: Of the way on that corrects the CRM: everywhere else nothing of them is sent.
SOLO_CORRIGEN = ("nombre_corregido", "motivo_correccion")
#: What must agree for it: with another number or birth date it is another person.
PRUEBAN = ("numero", "nacimiento")
#: Ways on from 5.2.4. Searching, by document or by name, stays on the page; the others are sent.
CAMINOS = [
    ("verificar", _l("Comparó el documento con el CRM")),
    ("buscar", _l("Buscar en el CRM")),
    ("nombre", _l("Buscar por nombre")),
    ("no_coincide", _l("Algo no coincide")),
    ("registro_mal", _l("Corrigió el nombre en el CRM")),
    ("potencial", _l("Registró una persona nueva")),
    ("poder", _l("Viene por otra persona o no se identificó")),
    ("informacion", _l("Solo quiere información general")),
]
SOLO_PREGUNTAN = ("buscar", "nombre", "no_coincide")
TRAIDO = ("si", "dudoso")  # the power lies on the desk


class Titularidad(TareaForm):
    """5.2.4: the document, what the CRM holds of it (covered until it is exhibited), one tick a
    field, the quality."""

    tipo_doc = tipo_documento(_l("Tipo de documento"))
    num_doc = numero_documento(_l("Número de documento"), "tipo_doc")
    documento_exhibido = c.SiNoField(
        _l("¿Exhibió el documento original?"),
        c.exige(_l("Diga si exhibió el documento")),
        choices=[("si", _l("Sí, lo tengo a la vista")), ("no", _l("No lo trae"))],
    )
    igual_nombre = c.CasillaField(_l("El nombre es igual"))
    igual_numero = c.CasillaField(_l("El número es igual"))
    igual_nacimiento = c.CasillaField(_l("La fecha de nacimiento es igual"))
    calidad = c.OpcionField(
        _l("¿En qué calidad viene hoy?"),
        c.exige(_l("Elija en qué calidad viene")),
        choices=list(CALIDADES.items()),
    )
    nombre_nuevo = c.TextoField(
        _l("Nombres y apellidos, como en el documento"),
        c.exige(_l("Escriba los nombres y apellidos de la persona"), c.largo(3, 120)),
    )
    nombre_buscado = c.TextoField(
        _l("Nombre y apellidos, como en el documento"),
        c.exige(_l("Escriba el nombre y los apellidos"), c.hasta(120)),
    )
    motivo_busqueda = c.ListaField(
        _l("Por qué busca por nombre"),
        c.exige(_l("Diga por qué busca por nombre")),
        choices=MOTIVOS_BUSQUEDA,
    )
    elegida = c.TextoField(_l("Persona elegida"))
    nombre_corregido = c.TextoField(
        _l("Nombres y apellidos, como en el documento"),
        c.exige(_l("Escriba los nombres y apellidos de la persona"), c.largo(3, 120)),
    )
    motivo_correccion = c.TextoField(
        _l("Por qué se corrige"),
        c.exige(_l("Escriba qué está mal en el registro"), c.largo(10, 200)),
        description=_l("Por ejemplo: el apellido está escrito con S y en la cédula es con Z."),
    )
    camino = c.BotonField(_l("Qué hizo"), choices=CAMINOS)
    visto = c.TextoField(_l("Huella de lo comparado"), c.derivado(c.hasta(64)))

    registro: RegistroCrm | None = None
    #: what a CRM outside said of the document; None: there is none
    hallazgo: Hallazgo | None = None
    parecidas: tuple[tuple[personas.Parecida, str], ...] | None = None
    demasiadas = False

    # --- what was sent ----------------------------------------------------------------------------
    @property
    def exhibido(self) -> bool:
        return self.documento_exhibido.valor() is True

    @property
    def iguales(self) -> frozenset[str]:
        return frozenset(campo for campo in COTEJADOS if self[f"igual_{campo}"].marcada)

    def vuelve_a_preguntar(self) -> bool:
        return self.camino.elegido in SOLO_PREGUNTAN

    def valores(self) -> dict[str, Value]:
        """Without what only served to look for somebody; the way that was taken decides the
        quality."""
        todos = super().valores()
        corrige = self.camino.elegido == "registro_mal"
        for nombre in SOLO_BUSCAN if corrige else (*SOLO_BUSCAN, *SOLO_CORRIGEN):
            del todos[nombre]
        if self.camino.elegido == "informacion":
            return {**todos, "calidad": None}  # nobody is identified, so nobody has a quality
        calidad = {"poder": "apoderado", "potencial": "cliente_potencial"}.get(self.camino.elegido)
        return {**todos, "calidad": calidad or todos["calidad"]}

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        if self.elegida.data:  # somebody found by name: their record is shown like any other
            self.camino.data = "buscar"
            return self.solo()
        camino = self.camino.elegido
        if camino == "nombre":
            return self.solo("nombre_buscado", "motivo_busqueda")
        if camino == "poder":  # who brings no document has none to write down
            if self.tipo_doc.errors or self.num_doc.errors:
                self.tipo_doc.data = self.num_doc.data = ""
            return self.solo()
        if camino == "informacion":
            self.tipo_doc.data = self.num_doc.data = ""  # of nobody
            return self.solo()
        if camino == "potencial":
            return self.solo("tipo_doc", "num_doc", "documento_exhibido", "nombre_nuevo")
        if camino == "registro_mal":
            return self._validar_correccion()
        return self._validar_cotejo() if camino == "verificar" else self.solo("tipo_doc", "num_doc")

    def _validar_cotejo(self) -> bool:
        """The whole check is the rule's, inside the command; here only what a page can point at."""
        if not self.visto.data and self.exhibido:
            self.camino.data = "buscar"  # nothing was compared yet: show what there is
            return self.solo("tipo_doc", "num_doc")
        # asked for beside the uncovered record only
        con_calidad = ("calidad",) if self.visto.data else ()
        bien = self.solo("tipo_doc", "num_doc", "documento_exhibido", *con_calidad)
        if self.documento_exhibido.valor() is False:
            self.documento_exhibido.errors = [
                _("Sin el documento a la vista no se puede verificar: elija otro camino")
            ]
            return False
        return bien and self._validar_filas()

    def _validar_correccion(self) -> bool:
        """Only the name is wrong: the rest of the record is that of the document."""
        bien = self.solo("tipo_doc", "num_doc", "calidad", *SOLO_CORRIGEN)
        for campo in PRUEBAN:
            if campo not in self.iguales:
                pregunta = str(self[f"igual_{campo}"].label.text)
                self[f"igual_{campo}"].errors = [
                    _("Marque «%(pregunta)s»: si no, no es la misma persona", pregunta=pregunta)
                ]
                bien = False
        return bien

    def _validar_filas(self) -> bool:
        faltan = [campo for campo in COTEJADOS if campo not in self.iguales]
        if faltan:
            hallado = personas.registro_crm(
                self.contexto.session, self.tipo_doc.data, self.num_doc.data
            )
            faltan = [campo for campo in faltan if hallado is None or campo in hallado.campos]
        for campo in faltan:
            pregunta = str(self[f"igual_{campo}"].label.text)
            self[f"igual_{campo}"].errors = [
                _("Marque «%(pregunta)s», o elija «Algo no coincide»", pregunta=pregunta)
            ]
        return not faltan

    # --- what the page shows ----------------------------------------------------------------------
    def leer(self) -> None:
        """The record of the document that is written on the page; looking is noted before it is
        shown."""
        self._tomar_elegida()
        numero = self._numero()
        if numero is not None:
            self.registro = self._del_crm(numero)
        if self.registro is None or not self.exhibido or self.visto.data != self.registro.huella:
            for campo in COTEJADOS:
                self[f"igual_{campo}"].data = None
        self.visto.data = (
            self.registro.huella if self.registro is not None and self.exhibido else ""
        )
        if self.registro is not None:
            self._anotar(
                "cotejo_crm", {"persona": self.registro.persona_id, "descubierto": self.exhibido}
            )
            if self.calidad.data not in dict(self.calidades):
                self.calidad.data = (
                    self.calidades[0][0] if len(self.registro.calidades) == 1 else None
                )
        if self.camino.elegido == "nombre" and not self.errors:
            self._buscar_por_nombre()

    def _del_crm(self, numero: str) -> RegistroCrm | None:
        """As the CRM outside has it now, if there is one that answers; else as Ventanilla has
        it."""
        tipo, crm = self.tipo_doc.data, servicios().crm
        if crm is None:
            return personas.registro_crm(self.contexto.session, tipo, numero)
        self.hallazgo = crm.al_dia(tipo, numero, self.contexto.now)
        # what came a moment ago is not in the state that this page began with
        with servicios().uow.reading() as session:
            return personas.registro_crm(session, tipo, numero)

    def _numero(self) -> str | None:
        try:
            return validar_documento(self.tipo_doc.data or "", self.num_doc.data or "")
        except DatoInvalido:
            return None

    def _anotar(self, clase: str, detalle: Data) -> None:
        contexto = self.contexto
        servicios().engine.log_access(
            contexto.actor, clase, contexto.item.case_key, now=contexto.now, detail=detalle
        )

    def _buscar_por_nombre(self) -> None:
        try:
            halladas = personas.con_nombre(self.contexto.session, self.nombre_buscado.data or "")
        except DatoInvalido as falta:
            self.nombre_buscado.errors = [str(falta)]
            return
        ids = [p.persona_id for p in halladas or ()]
        self._anotar(
            "busqueda_nombre",
            {"motivo": self.motivo_busqueda.data, "personas": ids, "demasiadas": halladas is None},
        )
        self.demasiadas = halladas is None
        self.parecidas = tuple((p, self._ficha(p)) for p in halladas or ())

    def _ficha(self, persona: personas.Parecida) -> str:
        """What the button of a person found carries: only a page of ours, of this task, can have
        made it."""
        return c.firmar_eleccion([self.contexto.item.id, persona.tipo_doc, persona.num_doc])

    def _tomar_elegida(self) -> None:
        """Somebody found by name takes the place of what was typed, if their document is in
        sight."""
        if not self.elegida.data or not self.exhibido:
            return
        try:
            item_id, tipo, numero = c.leer_eleccion(self.elegida.data)
        except (BadData, TypeError, ValueError):
            return
        if item_id == self.contexto.item.id:
            self.tipo_doc.data, self.num_doc.data = tipo, numero
            self.tipo_doc.errors, self.num_doc.errors = [], []

    @property
    def buscado(self) -> bool:
        """Was there a document to look for?"""
        return self._numero() is not None and not self.num_doc.errors

    @property
    def descubierto(self) -> bool:
        return self.registro is not None and self.exhibido

    @property
    def corregible(self) -> bool:
        """The record holds what proves that it is of whoever is here, whatever its name says."""
        return (
            self.descubierto and self.registro is not None and self.registro.fecha_nac is not None
        )

    @property
    def calidades(self) -> list[tuple[str, Any]]:
        """Only the qualities that the records hold, and the attorney's; a person without products
        is a potential customer."""
        reales = self.registro.calidades if self.registro is not None else ()
        ofrecidas = (*reales, "apoderado", *(() if reales else ("cliente_potencial",)))
        return [(valor, palabra) for valor, palabra in self.calidad.choices if valor in ofrecidas]

    @property
    def sin_documento(self) -> bool:
        return self.documento_exhibido.valor() is False

    @property
    def con_caminos(self) -> bool:
        """Nothing to go on with: found nobody, the document is not here, or it says something
        else."""
        nadie = self.buscado and self.registro is None
        return (
            nadie
            or self.sin_documento
            or self.camino.elegido in ("nombre", "no_coincide", "registro_mal")
        )

    def principal(self) -> tuple[Any, str, str]:
        if self.descubierto and self.camino.elegido not in ("no_coincide", "registro_mal"):
            return _("Verificar y continuar"), "camino", "verificar"
        if self.registro is not None and self.documento_exhibido.valor() is None:
            return _("Verificar y continuar"), "camino", "verificar"
        if self.sin_documento:
            return _("Seguir sin verificar (5.2.5)"), "camino", "poder"
        return (
            (_("Buscar otra vez") if self.con_caminos else _("Buscar en el CRM")),
            "camino",
            "buscar",
        )


def _prefill_titularidad(contexto: Contexto) -> Data:
    turno_id = opcional(contexto.datos, "turno_id")
    turno = contexto.session.get(Turno, turno_id) if turno_id else None
    return {
        "tipo_doc": (turno.tipo_doc if turno else None) or "CC",
        "num_doc": (turno.num_doc if turno else None) or "",
    }


def cotejo_de(valores: Data) -> Cotejo:
    return Cotejo(
        calidad=texto(valores, "calidad"),
        documento_exhibido=si_no(valores, "documento_exhibido")
        if valores.get("documento_exhibido") is not None
        else False,
        iguales=frozenset(campo for campo in COTEJADOS if valores.get(f"igual_{campo}") is True),
        visto=texto(valores, "visto"),
    )


def _titularidad(w: Writing) -> Data:
    if texto(w.values, "camino") == "informacion":
        atenciones.sin_identificar(w.session, entero(w.data, "turno_id"))
        return {"persona_id": 0, "titularidad": "", "ruta": "sala"}
    documento = texto(w.values, "tipo_doc"), texto(w.values, "num_doc")
    registro = personas.registro_crm(w.session, *documento) if all(documento) else None
    cotejo, correccion = cotejo_de(w.values), None
    if texto(w.values, "camino") == "registro_mal":
        registro, cotejo, correccion = _corregir(w, registro, cotejo)
    verificacion = verificar(registro, cotejo)
    if verificacion.titularidad == "pendiente":
        raise DatoInvalido(verificacion.razon)
    persona_id = registro.persona_id if registro is not None else None
    if verificacion.titularidad == "no_titular":
        persona_id = None  # 5.2.5 says who the attorney is, and for whom
    elif persona_id is None:
        nueva = personas.NuevaPersona(
            *documento, texto(w.values, "nombre_nuevo"), "cliente_potencial"
        )
        persona_id = personas.crear_persona(w.session, nueva, now=w.now).id
    anotada = atenciones.TitularidadAnotada(
        persona_id=persona_id,
        calidad=cotejo.calidad,
        titularidad=verificacion.titularidad,
        documento_exhibido=cotejo.documento_exhibido,
        coincide_crm=registro is not None and registro.campos.keys() <= cotejo.iguales,
        comparacion=comparacion(registro, cotejo, documento, verificacion.razon)
        | ({"correccion": correccion} if correccion is not None else {}),
    )
    atenciones.anotar_titularidad(w.session, entero(w.data, "turno_id"), anotada)
    return {"persona_id": persona_id or 0, "titularidad": verificacion.titularidad}


def _corregir(
    w: Writing, registro: RegistroCrm | None, cotejo: Cotejo
) -> tuple[RegistroCrm, Cotejo, dict[str, str]]:
    """The name in the CRM becomes that of the document; what it said stays with its dates, and why
    with the comparison. DatoInvalido: nothing proves that it is the same person."""
    if registro is None or not puede_corregirse(registro, cotejo):
        raise DatoInvalido(
            "El número y la fecha de nacimiento deben ser los del documento: compárelos otra vez."
        )
    nombre, acto = texto(w.values, "nombre_corregido"), acto_de(w)
    personas.actualizar_datos(w.session, registro.persona_id, {"nombre": nombre}, acto)
    if servicios().crm is not None:
        crm_externo.anotar(w.session, PERSONA, registro.persona_id, "corregida", acto.now)
    corregido = replace(registro, nombre=nombre.strip())
    dicho = {
        "antes": registro.nombre,
        "despues": corregido.nombre,
        "motivo": texto(w.values, "motivo_correccion"),
    }
    igual = replace(cotejo, visto=corregido.huella, iguales=cotejo.iguales | {"nombre"})
    return corregido, igual, dicho


# --- 5.2.5 ----------------------------------------------------------------------------------------
class Poder(TareaForm):
    """Two people, each with a document of their own, and the power that joins them."""

    apoderado_nombre = c.TextoField(
        _l("Nombres y apellidos"),
        c.exige(_l("Escriba el nombre de quien está aquí"), c.largo(3, 120)),
    )
    apoderado_tipo_doc = tipo_documento(_l("Tipo de documento"))
    apoderado_num_doc = numero_documento(_l("Número de documento"), "apoderado_tipo_doc")
    apoderado_exhibe = c.CasillaField(_l("Exhibió su propio documento"))
    titular_tipo_doc = tipo_documento(_l("Tipo de documento del titular"))
    titular_num_doc = numero_documento(_l("Número de documento del titular"), "titular_tipo_doc")
    trae_poder = c.OpcionField(
        _l("¿Trae poder autenticado?"),
        c.exige(_l("Diga si trae el poder")),
        choices=[
            ("si", _l("Sí")),
            ("dudoso", _l("Sí, pero es dudoso")),
            ("hoy", _l("No, vuelve hoy")),
            ("otro_dia", _l("No, otro día")),
        ],
        description=_l(
            "Quien vuelve lo hace con el poder, o con su propio documento. El turno de hoy se cierra."
        ),
    )
    notaria = c.TextoField(
        _l("Notaría"),
        c.cuando(
            "trae_poder",
            TRAIDO,
            c.exige(_l("Escriba la notaría que autenticó el poder"), c.hasta(120)),
        ),
        description=_l("Por ejemplo, Notaría 5 de Bogotá"),
    )
    numero_poder = c.TextoField(
        _l("Número del poder"),
        c.cuando("trae_poder", TRAIDO, c.exige(_l("Escriba el número del poder"), c.hasta(40))),
    )
    fecha_poder = c.FechaField(
        _l("Fecha del poder"),
        c.cuando(
            "trae_poder",
            TRAIDO,
            c.exige(
                _l("Escriba la fecha del poder"),
                c.NoFutura(_l("La fecha del poder no puede ser posterior a hoy")),
            ),
        ),
        description=_l("Por ejemplo, 14/10/2026"),
    )
    facultades = c.CasillasField(
        _l("El poder permite"),
        c.cuando("trae_poder", "si", c.exige(_l("Marque qué permite el poder: léalo en su texto"))),
        choices=FACULTADES,
    )
    motivo_duda = c.ParrafoField(
        _l("Por qué es dudoso"),
        c.cuando(
            "trae_poder",
            "dudoso",
            c.exige(_l("Escriba por qué no acepta el poder"), c.largo(10, 500)),
        ),
        description=_l(
            "Queda con la copia. Nadie queda verificado y el turno se cierra como pendiente del poder."
        ),
    )
    adjunto = c.ArchivoField(
        _l("Copia del poder"), description=_l("PDF, JPG o PNG, hasta 10 MB"), obligatorio=True
    )
    camino = c.BotonField(
        _l("Qué hizo"),
        choices=[
            ("seguir", _l("Registró lo que trae la persona")),
            ("buscar", _l("Buscar al titular")),
            ("corregir", _l("Volvió a 5.2.4")),
            ("informacion", _l("Solo quiere información general")),
        ],
    )

    #: What the diagram knows of the answers above; `_resumir` writes them.
    poder_presentado = c.SiNoField(_l("¿Presentó un poder autenticado?"), c.derivado())
    vuelve_hoy = c.SiNoField(_l("¿Vuelve hoy con el poder?"), c.derivado())
    volver_a_titularidad = c.SiNoField(_l("¿Volvió a 5.2.4 para corregir?"), c.derivado())

    titular: RegistroCrm | None = None
    buscado = False

    def vuelve_a_preguntar(self) -> bool:
        return self.camino.elegido == "buscar"

    @property
    def a_la_sala(self) -> bool:
        """A visit that began on an earlier version of the diagram goes there by 5.2.4 only."""
        return any(salida.name == "ruta" for salida in self.contexto.elemento.outputs)

    def _resumir(self) -> None:
        trae = self.trae_poder.data if self.camino.elegido == "seguir" else ""
        self.poder_presentado.process_data(trae == "si")
        self.vuelve_hoy.process_data(trae == "hoy")
        self.volver_a_titularidad.process_data(self.camino.elegido == "corregir")

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        self._resumir()
        if self.camino.elegido == "corregir" or (
            self.camino.elegido == "informacion" and self.a_la_sala
        ):
            return self.solo()
        if self.camino.elegido == "buscar":
            return self.solo("titular_tipo_doc", "titular_num_doc")
        # a document of who is here serves to find the visit when they are back
        if self.trae_poder.data != "si":
            for tipo, numero in (
                (self.apoderado_tipo_doc, self.apoderado_num_doc),
                (self.titular_tipo_doc, self.titular_num_doc),
            ):
                numero.data = "" if tipo.errors or numero.errors else numero.data
            # of a doubtful power is kept what can be read
            return self.solo("trae_poder", self.motivo_duda.name)
        bien = self.solo(*[campo.name for campo in self.visibles])
        return self._dos_personas() and bien

    def _dos_personas(self) -> bool:
        if not self.apoderado_exhibe.marcada:
            self.apoderado_exhibe.errors = [
                _("Sin su propio documento a la vista no se acepta el poder")
            ]
        if self.titular_tipo_doc.errors or self.titular_num_doc.errors:
            return False
        documento = self.titular_tipo_doc.data, self.titular_num_doc.data
        if documento == (self.apoderado_tipo_doc.data, self.apoderado_num_doc.data):
            self.titular_num_doc.errors = [
                _(
                    "Es el mismo documento de quien está aquí: escriba el del titular, o vuelva a 5.2.4"
                )
            ]
            return False
        if personas.id_de_persona(self.contexto.session, *documento) is None:
            self.titular_num_doc.errors = [
                _("Nadie en el CRM tiene ese documento: léalo otra vez del poder")
            ]
            return False
        return self.apoderado_exhibe.marcada

    def leer(self) -> None:
        """The holder, covered: their name helps to see a slip in the number, nothing more."""
        try:
            numero = validar_documento(
                self.titular_tipo_doc.data or "", self.titular_num_doc.data or ""
            )
        except DatoInvalido:
            return
        self.buscado = True
        self.titular = personas.registro_crm(
            self.contexto.session, self.titular_tipo_doc.data, numero
        )
        if self.titular is not None:
            detalle: Data = {"persona": self.titular.persona_id, "descubierto": False}
            item = self.contexto.item
            servicios().engine.log_access(
                self.contexto.actor,
                "cotejo_crm",
                item.case_key,
                now=self.contexto.now,
                detail=detalle,
            )

    def principal(self) -> tuple[Any, str, str]:
        return _("Registrar y continuar"), "camino", "seguir"


def _prefill_poder(contexto: Contexto) -> Data:
    """What 5.2.4 wrote down: a document that was in sight is that of the person at the desk;
    another may be the holder's."""
    anotada = atenciones.identidad(contexto.session, entero(contexto.datos, "turno_id"))
    tipo, numero = anotada.tipo_doc or "CC", anotada.num_doc
    if not anotada.documento_exhibido:
        titular = numero if anotada.en_crm else ""
        return {
            "apoderado_tipo_doc": "CC",
            "titular_tipo_doc": tipo if titular else "CC",
            "titular_num_doc": titular,
        }
    conocida = personas.registro_crm(contexto.session, tipo, numero)
    return {
        "apoderado_tipo_doc": tipo,
        "apoderado_num_doc": numero,
        "apoderado_nombre": conocida.nombre
        if conocida is not None and anotada.coincide_crm
        else "",
        "apoderado_exhibe": True,
        "titular_tipo_doc": "CC",
    }


def _foto_del_poder(valores: Data) -> dict[str, Any]:
    """The power as it was shown: who, for whom, which one, what it allows, and why it was
    doubted."""
    dichas = valores.get("facultades")
    documentos = {
        p: {"tipo": texto(valores, f"{p}_tipo_doc"), "numero": texto(valores, f"{p}_num_doc")}
        for p in ("apoderado", "titular")
    }
    return {
        **documentos,
        **{
            campo: texto(valores, campo)
            for campo in ("notaria", "numero_poder", "fecha_poder", "motivo_duda")
        },
        "facultades": [str(f) for f in dichas] if isinstance(dichas, list) else [],
    }


def _poder(w: Writing) -> Data:
    if texto(w.values, "camino") == "corregir":
        return {"poder_valido": False, "persona_id": 0, "titularidad": "no_titular"}
    turno_id, foto = entero(w.data, "turno_id"), _foto_del_poder(w.values)
    if texto(w.values, "camino") == "informacion":
        atenciones.sin_identificar(w.session, turno_id)
        return {"poder_valido": False, "persona_id": 0, "titularidad": "", "ruta": "sala"}
    acto, presentado, duda = (
        acto_de(w),
        si_no(w.values, "poder_presentado"),
        texto(w.values, "motivo_duda"),
    )
    apoderado = personas.NuevaPersona(
        texto(w.values, "apoderado_tipo_doc"),
        texto(w.values, "apoderado_num_doc"),
        texto(w.values, "apoderado_nombre"),
        "apoderado",
    )
    entregado = poderes.PoderEntregado(
        presentado=presentado or bool(duda),
        titular_tipo_doc=texto(w.values, "titular_tipo_doc"),
        titular_num_doc=texto(w.values, "titular_num_doc"),
        apoderado=apoderado if (presentado or duda) and apoderado.num_doc else None,
        notaria=texto(w.values, "notaria"),
        numero=texto(w.values, "numero_poder"),
        fecha=fecha(w.values, "fecha_poder"),
        archivo_id=archivos.registrar_archivo(w.session, w.values.get("adjunto"), acto),
        facultades=tuple(foto["facultades"]),
        duda=duda,
    )
    revisado = poderes.revisar_poder(w.session, entregado, acto)
    if presentado and not revisado.valido:
        raise DatoInvalido(" ".join(map(said, revisado.faltas)))
    if presentado or duda:
        atenciones.fotografiar_poder(w.session, turno_id, foto)
    if revisado.valido and revisado.titular_id is not None:
        atenciones.anotar_poder(
            w.session, turno_id, titular_id=revisado.titular_id, apoderado_id=revisado.apoderado_id
        )
        return {
            "poder_valido": True,
            "persona_id": revisado.titular_id,
            "titularidad": "verificada",
        }
    if apoderado.num_doc:
        turnos.anotar_documento(w.session, turno_id, apoderado.tipo_doc, apoderado.num_doc)
    return {"poder_valido": False, "persona_id": 0, "titularidad": "no_titular"}


FORMS: Mapping[str, FormSpec] = {
    "asesor.titularidad": FormSpec(
        Titularidad, _titularidad, _prefill_titularidad, cuerpo="tareas/_titularidad.html"
    ),
    "asesor.poder": FormSpec(Poder, _poder, _prefill_poder, cuerpo="tareas/_poder.html"),
}
