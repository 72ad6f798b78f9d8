"""What the legacy systems said, side by side: one row a field, one column a system, and where they
contradict each other. The adviser reads it at 5.2.10, whoever works on the case with the case.

Which of two values counts is said only where a rule says it: that of the system that holds products
of that year (SUPUESTO Q8). Without a rule the page says that they differ, and nothing more.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from sqlalchemy.orm import Session

from common.language import speaking
from records.casos.expediente import consultas_del_caso
from records.casos.tablas import Caso
from records.catalogos.catalogo import LINEAS
from records.personas.tablas import ServicioAdquirido
from records.sistemas.legado import A_MANO
from records.sistemas.puertos import Causa
from records.sistemas.reglas import sistemas
from records.sistemas.reglas.sistemas import DE_AHORA, DE_ANTES, Sistema
from records.sistemas.tablas import OTRA_VEZ, ConsultaLegado
from webforms.base import formatos
from webforms.base.palabras import NOMBRES_DE_SISTEMAS, por_que_no

#: Columns of an answer in the order in which they are read, with their words; others are not shown.
ROTULOS = {
    "linea": _l("Línea"),
    "estado": _l("Estado"),
    "saldo": _l("Saldo"),
    "dias_mora": _l("Mora"),
    "ultimo_pago": _l("Último pago"),
    "proxima_cuota": _l("Próxima cuota"),
    "valor_cuota": _l("Valor de la cuota"),
    "fecha_giro": _l("Primer giro"),
}
# obligations that the key puts into the answer when the case is about none of them
MAX_EN_TEXTO = 4


def valor(columna: str, crudo: Any) -> str:
    """A value of a legacy system as people read it."""
    if crudo in (None, ""):
        return ""
    if columna in ("saldo", "valor_cuota"):
        return formatos.dinero(float(crudo))
    if columna == "dias_mora":
        return str(ngettext("%(num)s día", "%(num)s días", int(crudo)))
    if columna in ("ultimo_pago", "proxima_cuota", "fecha_giro"):
        return formatos.fecha(str(crudo)[:10])
    if columna == "linea":
        return LINEAS.get(str(crudo), str(crudo))
    return str(crudo).replace("_", " ").capitalize() if columna == "estado" else str(crudo)


@dataclass(frozen=True, slots=True)
class Columna:
    """One system: whether it answered, how old its data are, and what its key puts into the
    answer."""

    codigo: str
    nombre: str
    tecla: str
    estado: str  # ok | sin_datos | no_disponible | no_configurado | no_preguntado
    preguntada: dt.datetime | None
    corte: dt.date | None
    dias: int  #: age of the data
    texto: str
    porque: str = ""  #: why it is not available


@dataclass(frozen=True, slots=True)
class Celda:
    texto: str
    marca: str = ""  # vale | choca | coincide


@dataclass(frozen=True, slots=True)
class Renglon:
    columna: str
    rotulo: str
    celdas: Sequence[Celda]
    porque: str = ""  #: why one of the values counts, or that they differ


@dataclass(frozen=True, slots=True)
class Grupo:
    """An obligation, field by field."""

    obligacion: str
    del_caso: bool
    renglones: Sequence[Renglon]


@dataclass(frozen=True, slots=True)
class Cotejo:
    columnas: Sequence[Columna]
    grupos: Sequence[Grupo]

    @property
    def que_conocen(self) -> Sequence[int]:
        """Which columns know the person."""
        return [n for n, c in enumerate(self.columnas) if c.estado == "ok"]

    @property
    def que_hablan(self) -> Sequence[int]:
        """Which columns know the person, or have to be asked otherwise."""
        return [
            n for n, c in enumerate(self.columnas) if c.estado not in ("sin_datos", "no_preguntado")
        ]

    @property
    def preguntados(self) -> int:
        return sum(c.estado != "no_preguntado" for c in self.columnas)

    @property
    def respondieron(self) -> int:
        return sum(c.estado in sistemas.RESPONDIDA for c in self.columnas)


def cotejar(
    leidas: Mapping[str, ConsultaLegado],
    productos: Sequence[ServicioAdquirido],
    del_caso: str,
    hoy: dt.date,
    lengua: str | None = None,
) -> Cotejo | None:
    """`del_caso`: the obligation that the case is about, or "". `lengua`: of what is put into the
    answer. None: no system was asked."""
    if not leidas:
        return None
    dichas = {codigo: _por_obligacion(c) for codigo, c in leidas.items()}
    todas = list(dict.fromkeys(obligacion for filas in dichas.values() for obligacion in filas))
    # stable: the rest as the systems gave it
    orden = sorted(todas, key=lambda obligacion: obligacion != del_caso)
    del_crm = {p.obligacion: p for p in productos}
    columnas = [
        _columna(s, leidas.get(s.codigo), dichas.get(s.codigo, {}), del_caso, hoy, lengua)
        for s in sistemas.SISTEMAS
    ]
    grupos = []
    for obligacion in orden:
        filas = [dichas.get(s.codigo, {}).get(obligacion, {}) for s in sistemas.SISTEMAS]
        grupos.append(
            Grupo(obligacion, obligacion == del_caso, _renglones(filas, del_crm.get(obligacion)))
        )
    return Cotejo(columnas, grupos)


@dataclass(frozen=True, slots=True)
class EnElCaso:
    """What the systems said of the person of a case, kept as it was said."""

    visita: Cotejo | None  #: to the adviser (5.2.9)
    #: (system, answer) of what the adviser found out by another way
    a_mano: Sequence[tuple[str, ConsultaLegado]]
    otra_vez: Cotejo | None  #: the last time that somebody who works on the case asked again


@dataclass(frozen=True, slots=True)
class Cifras:
    """What a template may tell of the obligation of the case: field → text; `porque`: why one is
    missing; `fuente`: the system that gave them."""

    valores: Mapping[str, str]
    porque: str = ""
    fuente: str = ""


def cifras(cotejo: Cotejo | None) -> Cifras:
    """Where systems contradict each other and no rule says which one counts, nothing is told."""
    if cotejo is None or not cotejo.grupos:
        return Cifras({}, _("ningún aplicativo dio datos de esta persona"))
    grupo = next((g for g in cotejo.grupos if g.del_caso), None)
    if grupo is None and len(cotejo.grupos) > 1:
        return Cifras({}, _("el caso no dice de cuál obligación es"))
    grupo = grupo or cotejo.grupos[0]
    valores, de = {"obligacion": grupo.obligacion}, set[int]()
    for renglon in grupo.renglones:
        dichas = [
            (n, celda.texto)
            for n, celda in enumerate(renglon.celdas)
            if celda.texto and celda.marca != "choca"
        ]
        if dichas:
            valores[renglon.columna] = dichas[0][1]
            de.add(dichas[0][0])
    if not de:
        return Cifras(valores, _("los aplicativos no coinciden"))
    columna = cotejo.columnas[min(de)]
    dia = columna.corte or (formatos.dia_local(columna.preguntada) if columna.preguntada else None)
    return Cifras(
        {**valores, **({"corte": formatos.fecha(dia)} if dia else {})},
        _("ningún aplicativo lo dice, o no coinciden"),
        columna.nombre,
    )


def del_caso(session: Session, caso: Caso) -> EnElCaso | None:
    """None: no system was asked."""
    consultas = consultas_del_caso(session, caso)
    if not consultas:
        return None
    producto = (
        session.get(ServicioAdquirido, caso.servicio_id) if caso.servicio_id is not None else None
    )
    automaticas = [c for c in consultas if c.estado != A_MANO]
    return EnElCaso(
        _de_entonces([c for c in automaticas if c.modo != OTRA_VEZ], producto),
        [(str(NOMBRES_DE_SISTEMAS[c.sistema]), c) for c in consultas if c.estado == A_MANO],
        _de_entonces([c for c in automaticas if c.modo == OTRA_VEZ], producto),
    )


def _de_entonces(
    consultas: Sequence[ConsultaLegado], producto: ServicioAdquirido | None
) -> Cotejo | None:
    """The last answer of each system, its data as old as they were when they were read."""
    leidas = {c.sistema: c for c in consultas}
    if not leidas:
        return None
    productos = [producto] if producto is not None else []
    obligacion = producto.obligacion if producto is not None else ""
    cuando = max(c.consultada for c in leidas.values())
    return cotejar(leidas, productos, obligacion, formatos.dia_local(cuando))


def _por_obligacion(consulta: ConsultaLegado) -> dict[str, Mapping[str, Any]]:
    """Its rows by the number of the obligation; a number that comes twice is shown twice."""
    filas: dict[str, Mapping[str, Any]] = {}
    for f in consulta.filas or [] if consulta.estado == "ok" else []:
        numero = clave = str(f.get("obligacion") or _("sin número"))
        veces = 1
        while clave in filas:
            veces += 1
            clave = f"{numero} ({veces})"
        filas[clave] = f
    return filas


def _columna(
    s: Sistema,
    c: ConsultaLegado | None,
    filas: Mapping[str, Mapping[str, Any]],
    del_caso: str,
    hoy: dt.date,
    lengua: str | None,
) -> Columna:
    if c is None:
        return Columna(s.codigo, s.nombre, s.tecla, "no_preguntado", None, None, 0, "")
    corte = formatos.dia_local(c.fecha_corte) if c.fecha_corte else None
    propias = [filas[del_caso]] if del_caso in filas else list(filas.values())[:MAX_EN_TEXTO]
    with speaking(lengua):
        texto = _texto(s.nombre, corte, propias) if propias else ""
    porque = por_que_no(c.causa) if c.estado == "no_disponible" else ""
    if c.causa in (Causa.ILEGIBLE, Causa.REGISTRO):
        # which file, record and field: whoever mends it asks the adviser
        porque += f" ({c.detalle})"
    return Columna(
        s.codigo,
        s.nombre,
        s.tecla,
        c.estado,
        c.consultada,
        corte,
        (hoy - corte).days if corte else 0,
        texto,
        porque,
    )


def _texto(nombre: str, corte: dt.date | None, filas: Sequence[Mapping[str, Any]]) -> str:
    """What the key puts into the answer."""
    palabras = {"obligacion": _("Obligación"), **ROTULOS}
    dichos = [
        [(str(palabra), valor(c, f.get(c))) for c, palabra in palabras.items()] for f in filas
    ]
    partes = [
        "; ".join(f"{palabra.lower()} {texto}" for palabra, texto in pares if texto)
        for pares in dichos
    ]
    dia = formatos.fecha(corte) if corte else _("sin fecha")
    return str(_("Según %(s)s (corte: %(d)s): ", s=nombre, d=dia)) + " | ".join(partes) + "."


def _renglones(
    filas: Sequence[Mapping[str, Any]], producto: ServicioAdquirido | None
) -> list[Renglon]:
    """The fields of which at least one system says something; `filas` in the order of SISTEMAS,
    empty where one says nothing."""
    renglones = []
    for columna in ROTULOS:
        textos = [valor(columna, f.get(columna)) for f in filas]
        if any(textos):
            renglones.append(_renglon(columna, textos, producto))
    return renglones


def _renglon(columna: str, textos: Sequence[str], producto: ServicioAdquirido | None) -> Renglon:
    rotulo = str(ROTULOS[columna])
    dichos = [t for t in textos if t]
    if len(dichos) == 1:
        return Renglon(columna, rotulo, [Celda(t) for t in textos])
    if len(set(dichos)) == 1:
        return Renglon(columna, rotulo, [Celda(t, "coincide" if t else "") for t in textos])
    guarda = (
        sistemas.del_anio(producto.anio_giro)
        if producto is not None and producto.anio_giro
        else None
    )
    cierto = textos[sistemas.SISTEMAS.index(guarda)] if guarda is not None else ""
    if producto is None or guarda is None or not cierto:
        hablan = ", ".join(s.nombre for s, t in zip(sistemas.SISTEMAS, textos, strict=True) if t)
        frase = _("No coinciden: %(sistemas)s.", sistemas=hablan)
        return Renglon(columna, rotulo, [Celda(t, "choca" if t else "") for t in textos], frase)
    marcas = [Celda(t, ("vale" if t == cierto else "choca") if t else "") for t in textos]
    return Renglon(columna, rotulo, marcas, _porque(guarda, producto.anio_giro))


def _porque(guarda: Sistema, anio: int) -> str:
    desde, hasta = guarda.giros or (DE_ANTES, DE_AHORA)
    if desde == DE_ANTES:
        cuando = _("hasta %(a)s", a=hasta)
    elif hasta == DE_AHORA:
        cuando = _("desde %(a)s", a=desde)
    else:
        cuando = _("de %(a)s a %(b)s", a=desde, b=hasta)
    dichos = {"s": guarda.nombre, "cuando": cuando, "anio": anio}
    return str(
        _(
            "Vale %(s)s: tiene los créditos girados %(cuando)s, y este es de %(anio)s (SUPUESTO Q8).",
            **dichos,
        )
    )
