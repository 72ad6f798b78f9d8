"""Forms of the delivery to the contract supervisors (5.2.32) and of their supervision (A4-2-02 from
activity 10)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from engine.types import Data, Writing
from records.base.actos import acto_de
from records.base.datos import entero, lista, opcional, si_no, texto
from records.informes import meses, reportes
from records.informes.reglas.indicadores import INDICADORES
from records.interventoria import interventoria
from records.interventoria.interventoria import NuevaActa, NuevoEnvio
from webforms import campos as c
from webforms.base import formatos
from webforms.base.personas import nombre_de, nombres_de
from webforms.campos.formulario import Contexto, Despues, FormSpec, TareaForm
from webforms.informes.cifras import Corte, Fila, en_palabras, filas
from webforms.informes.formularios import campo_de

LARGO = 4000
#: How each medium and step is called, for pages and forms.
MEDIOS: Mapping[str, Any] = {
    interventoria.FISICO: _l("Medio físico"),
    interventoria.DIGITAL: _l("Medio magnético"),
}
PASOS: Mapping[str, Any] = {
    interventoria.VERIFICACION: _l("Verificación de obligaciones e indicadores"),
    interventoria.REQUERIMIENTO: _l("Requerimiento al contratista"),
    interventoria.DESCARGOS: _l("Descargos del contratista"),
    interventoria.INFORME: _l("Informe de supervisión"),
    interventoria.CERTIFICADO: _l("Certificado de cumplimiento para pago"),
    interventoria.ARCHIVO: _l("Archivo en la carpeta del contrato"),
}


def _mes(datos: Data) -> dt.date:
    return reportes.mes_de(texto(datos, "mes"))


def _paquete(datos: Data) -> int:
    return opcional(datos, "paquete_id") or 0


class _DelMes(TareaForm):
    """With the month it is about, and what is known of its delivery, above the fields."""

    hechos: Sequence[tuple[str, str]] = ()
    imprimibles: Sequence[str] = ()  #: files of the package that go on paper
    frases: Sequence[str] = ()
    filas: Sequence[Fila] = ()
    corte: Corte | None = None

    @property
    def incumplidas(self) -> list[Fila]:
        """Obligations of the contract whose figure misses its target."""
        return [f for f in self.filas if f.cumple is False]

    @property
    def mes(self) -> dt.date:
        return _mes(self.contexto.datos)

    def _cifras(self) -> None:
        """Of the data that the report was made of."""
        informe = reportes.informe(self.contexto.session, self.mes, reportes.INTERVENTORIA)
        if informe is not None:
            self.corte = Corte(meses.de_id(self.contexto.session, informe.mes_id), "total", "")
            self.filas = filas(self.contexto.session, self.corte)
            self.frases = en_palabras(str(_("La entidad")), self.filas)


class Remitir(_DelMes):
    radicado_fisico = c.TextoField(
        _l("Guía o radicado del juego impreso"),
        c.exige(_l("Escriba con qué guía o radicado salió el juego impreso"), c.hasta(40)),
        description=_l("Imprima los PDF del paquete: cada hoja dice cuántas son y de qué datos."),
    )
    forma_digital = c.OpcionField(
        _l("¿Cómo va el medio magnético?"),
        c.exige(_l("Elija cómo va el medio magnético")),
        choices=[
            (interventoria.ENLACE, _l("Enlace de un solo uso, al correo del interventor")),
            (interventoria.MEMORIA, _l("Memoria USB o disco, con el ZIP")),
        ],
    )
    radicado_digital = c.TextoField(
        _l("Guía o radicado de la memoria o el disco"),
        c.cuando(
            "forma_digital",
            interventoria.MEMORIA,
            c.exige(_l("Escriba con qué guía o radicado salió la memoria o el disco"), c.hasta(40)),
        ),
    )

    def preparar(self, contexto: Contexto) -> None:
        """A medium that was acknowledged is not sent again."""
        _suyo, interventor = interventoria.de_clave(texto(contexto.datos, "entrega"))
        self.interventor = nombre_de(contexto.session, interventor)
        faltan = interventoria.sin_acuse(contexto.session, _paquete(contexto.datos), interventor)
        if interventoria.FISICO not in faltan:
            del self.radicado_fisico
        if interventoria.DIGITAL not in faltan:
            del self.forma_digital
            del self.radicado_digital
        self.faltan = faltan

    def leer(self) -> None:
        session, paquete_id = self.contexto.session, _paquete(self.contexto.datos)
        if not paquete_id:
            return
        p = interventoria.paquete(session, paquete_id)
        _suyo, interventor = interventoria.de_clave(texto(self.contexto.datos, "entrega"))
        antes = interventoria.entregas(session, p.id, interventor)
        self.imprimibles = [a["nombre"] for a in p.archivos if a["paginas"]]
        self.hechos = [
            (str(_("Interventor")), self.interventor),
            (str(_("Juego impreso")), str(_("%(n)s páginas", n=p.paginas))),
            (str(_("Paquete digital")), formatos.tamano(len(p.contenido))),
            *(
                (
                    str(_("Ya se remitió")),
                    f"{MEDIOS[e.medio]}, {e.radicado}, {formatos.momento(e.remitido, self.contexto.hoy)}",
                )
                for e in antes
            ),
            *(
                []
                if self.faltan
                else [
                    (
                        str(_("Acuse")),
                        str(_("De los dos medios: no hay nada que volver a remitir.")),
                    )
                ]
            ),
        ]


def _remitir(w: Writing) -> Data:
    _suyo, interventor = interventoria.de_clave(texto(w.data, "entrega"))
    v = w.values
    forma = texto(v, "forma_digital") if v.get("forma_digital") else interventoria.ENLACE
    nuevo = NuevoEnvio(
        texto(v, "radicado_fisico") if v.get("radicado_fisico") else "",
        forma,
        texto(v, "radicado_digital")
        if v.get("radicado_digital") and forma == interventoria.MEMORIA
        else "",
    )
    interventoria.remitir(w.session, entero(w.data, "paquete_id"), interventor, nuevo, acto_de(w))
    return {
        "envio": interventoria.ultimo_envio(w.session, entero(w.data, "paquete_id"), interventor)
    }


def _remitido(contexto: Contexto, _valores: Data) -> str:
    mes, interventor = interventoria.de_clave(texto(contexto.datos, "entrega"))
    return str(
        _(
            "El informe de %(m)s salió hacia %(i)s.",
            m=formatos.mes(mes),
            i=nombre_de(contexto.session, interventor),
        )
    )


class Presentar(_DelMes):
    fecha_comite = c.FechaField(
        _l("Fecha de la reunión"),
        c.exige(
            _l("Escriba cuándo fue la reunión"), c.NoFutura(_l("La reunión todavía no ha pasado"))
        ),
    )
    asistieron = c.CasillasField(
        _l("Interventores que asistieron"), c.exige(_l("Marque quiénes asistieron"))
    )
    acta = c.ParrafoField(
        _l("Acta"),
        c.exige(_l("Escriba el acta con al menos 20 letras"), c.largo(20, LARGO)),
        description=_l("Qué se presentó, qué se analizó y qué se acordó."),
    )

    def preparar(self, contexto: Contexto) -> None:
        paquete_id = _paquete(contexto.datos)
        a_quienes = sorted(
            {e.interventor for e in interventoria.entregas(contexto.session, paquete_id)}
        )
        nombres = nombres_de(contexto.session, set(a_quienes))
        self.asistieron.choices = [(u, nombres.get(u, u)) for u in a_quienes]

    def leer(self) -> None:
        self._cifras()
        paquete_id = _paquete(self.contexto.datos)
        for usuario, nombre in self.asistieron.choices or ():
            if faltan := interventoria.sin_acuse(self.contexto.session, paquete_id, usuario):
                cuales = ", ".join(str(MEDIOS[m]).lower() for m in faltan)
                self.hechos = [
                    *self.hechos,
                    (str(_("Sin acuse")), f"{nombre}: {cuales}. {_('Queda escrito en el acta.')}"),
                ]


def _presentar(w: Writing) -> Data:
    fecha = dt.date.fromisoformat(texto(w.values, "fecha_comite"))
    nueva = NuevaActa(
        fecha, [str(u) for u in lista(w.values, "asistieron")], texto(w.values, "acta")
    )
    return {
        "acta_id": interventoria.presentar(
            w.session, entero(w.data, "paquete_id"), nueva, acto_de(w)
        ).id
    }


class _DeSupervision(_DelMes):
    """With the figures of the month, what was said in the committee, and the steps before, before
    their eyes."""

    pide = ""  #: what this form asks of each obligation that was not met
    verificado: Mapping[str, str] = {}  #: indicator → what whoever verified wrote
    descuentos: Mapping[str, int] = {}
    descontado: int | None = None  #: the sum, with what is of no indicator
    dadas_por_cumplidas = False  #: who verified says so, whatever the figures say

    def preparar(self, contexto: Contexto) -> None:  # noqa: ARG002 – that of every form
        self._cifras()
        fallan = {f.indicador.id for f in self.incumplidas if not f.indicador.de_la_entidad}
        for i in INDICADORES:
            if self.pide and i not in fallan:
                del self[campo_de(self.pide, i)]

    def de_cifra(self, indicador: str) -> list[Any]:
        """The field that stands beside this figure."""
        nombre = campo_de(self.pide, indicador)
        return [self[nombre]] if nombre in self else []

    @property
    def sueltos(self) -> list[Any]:
        """Those that stand below the table."""
        juntos = {campo.name for i in INDICADORES for campo in self.de_cifra(i)}
        return [campo for campo in self.visibles if campo.name not in juntos]

    def leer(self) -> None:
        session, paquete_id = self.contexto.session, _paquete(self.contexto.datos)
        acta = interventoria.acta(session, paquete_id) if paquete_id else None
        pasos = interventoria.pasos(session, paquete_id) if paquete_id else ()
        for p in pasos:
            if p.paso == interventoria.VERIFICACION:
                self.verificado = p.por_obligacion or {}
                self.dadas_por_cumplidas = bool(p.decision)
            elif p.paso == interventoria.INFORME:
                self.descuentos, self.descontado = p.por_obligacion or {}, p.descuento
        quienes = nombres_de(session, {p.por for p in pasos} | ({acta.por} if acta else set()))
        self.hechos = [
            *(
                [(str(_("Acta del %(f)s", f=formatos.fecha(acta.fecha))), acta.texto)]
                if acta
                else []
            ),
            *((f"{PASOS[p.paso]}, {quienes.get(p.por, p.por)}", p.texto) for p in pasos),
        ]


class Verificar(_DeSupervision):
    pide = "ver"
    cumple_ans = c.SiNoField(
        _l("¿Se cumplieron las obligaciones?"),
        c.exige(_l("Diga si se cumplieron las obligaciones del contrato")),
        choices=[
            ("si", _l("Sí, se cumplieron")),
            ("no", _l("No, hay que requerir al contratista")),
        ],
    )
    verificacion = c.ParrafoField(
        _l("Qué verificó"),
        c.exige(_l("Escriba qué verificó con al menos 20 letras"), c.largo(20, LARGO)),
        description=_l(
            "De todo el contrato; lo de una meta que no se cumplió va junto a su cifra."
        ),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Whoever says that it was met, where a figure says otherwise, says why."""
        valido = bool(super().validate(extra_validators))
        if self.cumple_ans.data != "si":
            return valido
        dicho = _l("La cifra no cumple la meta: escriba por qué se da por cumplida")
        exigidas = [
            self.exigir(campo.name, dicho) for i in INDICADORES for campo in self.de_cifra(i)
        ]
        return valido and all(exigidas)


class Requerir(_DeSupervision):
    requerimiento = c.ParrafoField(
        _l("Qué se requiere al contratista"),
        c.exige(_l("Escriba el requerimiento con al menos 20 letras"), c.largo(20, LARGO)),
        description=_l("Lo recibe el Gerente, que tiene cinco días hábiles para responder."),
    )


class Responder(_DeSupervision):
    descargos = c.ParrafoField(
        _l("Descargos"),
        c.exige(_l("Escriba la respuesta con al menos 20 letras"), c.largo(20, LARGO)),
        description=_l("Qué pasó y qué hará el contratista. Lo lee la Interventoría."),
    )


class Informar(_DeSupervision):
    informe = c.ParrafoField(
        _l("Informe de supervisión"),
        c.exige(_l("Escriba el informe con al menos 20 letras"), c.largo(20, LARGO)),
    )
    pide = "desc"
    descuento = c.EnteroField(
        _l("Otro descuento, en pesos"),
        c.opcional(c.rango(0, 10**12)),
        description=_l("De lo que no tiene cifra. El del mes es la suma de todos."),
    )


class Certificar(_DeSupervision):
    certifica_pago = c.SiNoField(
        _l("¿Certifica el cumplimiento para pago?"),
        c.exige(_l("Diga si certifica el cumplimiento")),
        choices=[("si", _l("Sí, se puede pagar el mes")), ("no", _l("No"))],
    )
    nota = c.ParrafoField(
        _l("Motivo"),
        c.exige(_l("Escriba el motivo con al menos 5 letras"), c.largo(5, LARGO)),
        description=_l("Va en el certificado."),
    )


def _verificar(w: Writing) -> Data:
    decision = si_no(w.values, "cumple_ans")
    dichas = {i: texto(w.values, campo_de("ver", i)).strip() for i in INDICADORES}
    suyas = {i: dicho for i, dicho in dichas.items() if dicho}
    _paso(w, interventoria.VERIFICACION, "verificacion", decision=decision, por_obligacion=suyas)
    return {}


def _requerir(w: Writing) -> Data:
    _paso(w, interventoria.REQUERIMIENTO, "requerimiento")
    return {}


def _responder(w: Writing) -> Data:
    _paso(w, interventoria.DESCARGOS, "descargos")
    return {}


def _informar(w: Writing) -> Data:
    otro = opcional(w.values, "descuento")
    pesos = {i: opcional(w.values, campo_de("desc", i)) for i in INDICADORES}
    suyos = {i: valor for i, valor in pesos.items() if valor}
    descuento = None if otro is None and not suyos else sum(suyos.values()) + (otro or 0)
    _paso(w, interventoria.INFORME, "informe", descuento=descuento, por_obligacion=suyos)
    return {}


def _certificar(w: Writing) -> Data:
    _paso(w, interventoria.CERTIFICADO, "nota", decision=si_no(w.values, "certifica_pago"))
    return {}


def _paso(
    w: Writing,
    paso: str,
    campo: str,
    *,
    decision: bool | None = None,
    descuento: int | None = None,
    por_obligacion: Mapping[str, str | int] | None = None,
) -> None:
    escrito = texto(w.values, campo)
    interventoria.dar_paso(
        w.session,
        entero(w.data, "paquete_id"),
        paso,
        escrito,
        acto_de(w),
        decision=decision,
        descuento=descuento,
        por_obligacion=por_obligacion,
    )


for _i in INDICADORES.values():
    setattr(
        Verificar,
        campo_de("ver", _i.id),
        c.ParrafoField(_l("Qué verificó de %(i)s", i=_l(_i.nombre)), c.opcional(c.hasta(1000))),
    )
    setattr(
        Informar,
        campo_de("desc", _i.id),
        c.EnteroField(
            _l("Descuento por %(i)s, en pesos", i=_l(_i.nombre)), c.opcional(c.rango(0, 10**12))
        ),
    )

_PAGINA, _CUERPO = "tareas/interventoria.html", "tareas/_interventoria.html"

FORMS: Mapping[str, FormSpec] = {
    "gerente.remitir_informe": FormSpec(
        Remitir,
        _remitir,
        template=_PAGINA,
        cuerpo=_CUERPO,
        boton=_l("Registrar el envío"),
        despues=_l(
            "el interventor recibe un correo con los radicados y, si lo eligió, el enlace. Se espera su acuse de cada medio."
        ),
        hecho=_remitido,
    ),
    "gerente.presentar_informe": FormSpec(
        Presentar,
        _presentar,
        template=_PAGINA,
        cuerpo=_CUERPO,
        boton=_l("Registrar el acta"),
        despues=_l("la Interventoría verifica obligaciones e indicadores (A4-2-02, actividad 10)."),
    ),
    "interventor.verificar": FormSpec(
        Verificar,
        _verificar,
        template=_PAGINA,
        cuerpo=_CUERPO,
        boton=_l("Terminar la verificación"),
        despues=Despues(
            "cumple_ans",
            {
                "si": (_l("Sí"), _l("sigue el informe de supervisión (actividad 12).")),
                "no": (_l("No"), _l("sigue el requerimiento al contratista (actividad 11).")),
            },
        ),
    ),
    "interventor.requerir": FormSpec(
        Requerir,
        _requerir,
        template=_PAGINA,
        cuerpo=_CUERPO,
        boton=_l("Requerir al contratista"),
        despues=_l(
            "el Gerente recibe el requerimiento; cuando responda, o en cinco días hábiles, sigue el informe."
        ),
    ),
    "gerente.responder_requerimiento": FormSpec(
        Responder,
        _responder,
        template=_PAGINA,
        cuerpo=_CUERPO,
        boton=_l("Responder a la Interventoría"),
        despues=_l("la Interventoría escribe su informe con esta respuesta."),
    ),
    "interventor.informar": FormSpec(
        Informar,
        _informar,
        template=_PAGINA,
        cuerpo=_CUERPO,
        boton=_l("Terminar el informe"),
        despues=_l("otra persona de la Interventoría certifica el cumplimiento (actividad 13)."),
    ),
    "interventor.certificar": FormSpec(
        Certificar,
        _certificar,
        template=_PAGINA,
        cuerpo=_CUERPO,
        boton=_l("Certificar"),
        despues=_l("el expediente del mes queda archivado en la carpeta del contrato."),
    ),
}
