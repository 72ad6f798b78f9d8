"""Figures of a closed month in words: what each says, its target, its line, and which are told of
nobody."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final

from flask_babel import gettext as _, ngettext
from sqlalchemy.orm import Session

from records.informes import meses
from records.informes.meses import Cifra
from records.informes.reglas.indicadores import (
    COBERTURA,
    COBERTURA_EN_SITIO,
    DISPONIBLE,
    DURACION,
    HABILES,
    INDICADORES,
    POCOS,
    PORCENTAJE,
    Indicador,
    Unidad,
    cambio_claro,
)
from records.informes.reportes import TURNOS
from records.informes.tablas import MesCerrado
from records.visita.calificaciones import MINIMO_PROPIAS
from webforms.base import auditoria, formatos

RATINGS: Final = frozenset({"I6", "I6.tasa"})
#: Of whom a figure of ratings is told, and how many it needs: nobody is to learn who gave which
#: (records.visita.calificaciones.Calificadas).
CON_CALIFICACIONES: Final = ("total", "punto")
#: The estimate with an interval, and the figures that are its ends: these have no line of their
#: own.
#: Below an hour the minutes have a decimal, as shares have: 9,9 min is not 9 min.
MINUTO, UNA_HORA = 60, 3600
ESTIMADO, EXTREMOS = "I14", ("I14.desde", "I14.hasta")
#: Of all turns but those whose wait is not reliable.
DE_LA_ESPERA: Final = frozenset({"I1", "I1.p50", "I1.p90", "I3"})


@dataclass(frozen=True, slots=True)
class Corte:
    """What the page is about: a version of a month, and the whole or one part of it. `clave` ""
    with a dimension: the whole."""

    version: MesCerrado
    dimension: str
    clave: str

    @property
    def de(self) -> str:
        return f"{self.dimension}:{self.clave}" if self.dimension != "total" else ""

    @property
    def argumentos(self) -> dict[str, Any]:
        return {
            "mes": f"{self.version.mes:%Y-%m}",
            "version": self.version.version,
            "de": self.de or None,
        }


@dataclass(frozen=True, slots=True)
class Fila:
    """An indicator as the table shows it. `oculta`: too few people rated, or the figure would tell
    on somebody."""

    indicador: Indicador
    cifra: Cifra
    antes: Cifra | None
    hace_un_anio: Cifra | None
    oculta: bool
    puntos: Sequence[tuple[float, float]]  #: of its line, x and y between 0 and 1
    sin_medir: int = 0  #: turns that it would count, too, had their time not been written by hand
    intervalo: tuple[Fraction, Fraction] | None = None  #: of an estimate (I14); None: it has none
    porque: str = ""  #: why what is missing is missing, where each says so (on-site coverage)

    @property
    def valor(self) -> str:
        return decir(self.indicador, self.cifra)

    @property
    def pocos(self) -> bool:
        """A share or a time of so few says more of them than of the service: it is told and not
        judged."""
        return 0 < self.cifra.n < self.indicador.unidad.pocos

    @property
    def cumple(self) -> bool | None:
        """An estimate is judged by its interval: while the target lies inside, nothing is
        concluded."""
        if self.pocos or self.oculta:
            return None
        if self.indicador.id != ESTIMADO:
            return self.indicador.cumple(self.cifra.valor)
        extremos = {self.indicador.cumple(extremo) for extremo in self.intervalo or ()}
        return extremos.pop() if len(extremos) == 1 else None

    @property
    def dicho_antes(self) -> str:
        return self._dicho(self.antes)

    @property
    def dicho_hace_un_anio(self) -> str:
        return self._dicho(self.hace_un_anio)

    def _dicho(self, cifra: Cifra | None) -> str:
        """Of ratings only the month itself is told: how many there were then is not looked at
        again."""
        return (
            "—" if cifra is None or self.indicador.id in RATINGS else decir(self.indicador, cifra)
        )

    @property
    def abre(self) -> bool:
        """It leads to the turns or cases behind it; which turn got which rating is nobody's to
        read."""
        return self.cifra.n > 0 and self.indicador.id not in RATINGS

    @property
    def cambio_claro(self) -> bool:
        """Against the month before, more than chance gives."""
        antes, ahora = self.antes, self.cifra
        return antes is not None and cambio_claro(
            (antes.numerador, antes.n), (ahora.numerador, ahora.n)
        )

    @property
    def meta(self) -> str:
        return decir_meta(self.indicador)

    @property
    def de_cuantos(self) -> str:
        """Numerator and denominator, or of how many the size is."""
        if self.indicador.unidad.de_partes and self.indicador.unidad is not COBERTURA:
            return _de_partes(self.indicador.unidad, self.cifra)
        if self.indicador.id == ESTIMADO and self.cifra.n:
            return f"{formatos.numero(self.cifra.n)} F189; {self.dicho_del_intervalo}"
        return formatos.numero(self.cifra.n)

    @property
    def extremos(self) -> list["Fila"]:
        """The ends of its interval, as figures of their own: a file of data has them in rows."""
        if self.indicador.id != ESTIMADO:
            return []
        valores = self.intervalo or (None, None)
        return [
            Fila(
                INDICADORES[e],
                replace(self.cifra, indicador=e, valor=v),
                None,
                None,
                self.oculta,
                [],
            )
            for e, v in zip(EXTREMOS, valores, strict=True)
        ]

    @property
    def dicho_del_intervalo(self) -> str:
        if self.intervalo is None:
            return str(_("sin intervalo"))
        desde, hasta = (formatos.numero(float(x), 1) for x in self.intervalo)
        return str(_("entre %(a)s y %(b)s, al 90 %%", a=desde, b=hasta))


def decir(i: Indicador, c: Cifra | None) -> str:
    """A share of a few is told as what it is."""
    if i.unidad is COBERTURA and c is not None:
        return auditoria.en_los_puntos(c.numerador, c.n)
    if c is None or c.valor is None:
        return "—"
    if i.unidad.de_partes and c.n < i.unidad.pocos:
        return _de_partes(i.unidad, c)
    return _con_unidad(i.unidad, c.valor)


def _de_partes(unidad: Unidad, c: Cifra) -> str:
    contado = formatos.duracion if unidad is DISPONIBLE else formatos.numero
    return str(_("%(a)s de %(b)s", a=contado(c.numerador), b=contado(c.n)))


def _con_unidad(unidad: Unidad, valor: Fraction) -> str:
    if unidad is DURACION and MINUTO <= valor < UNA_HORA and valor % MINUTO:
        return f"{formatos.numero(float(valor / MINUTO), 1)} min"
    if unidad is DURACION:
        return formatos.duracion(float(valor))
    numero = formatos.numero(float(valor * unidad.escala), unidad.decimales)
    if unidad in (PORCENTAJE, DISPONIBLE, COBERTURA):
        return f"{numero} %"
    return str(_("%(n)s días hábiles", n=numero)) if unidad is HABILES else numero


def en_unidad(i: Indicador, c: Cifra | None) -> Fraction | None:
    """Its value as a number of its unit, for a file of data."""
    return None if c is None or c.valor is None else c.valor * i.unidad.escala


def cuenta_en_unidad(i: Indicador, c: Cifra) -> tuple[Fraction | None, Fraction]:
    """Numerator and of how many, the same; None: it has no parts."""
    return (c.numerador * i.unidad.cuenta if i.unidad.de_partes else None), c.n * i.unidad.cuenta


def decir_meta(i: Indicador) -> str:
    minimo, maximo = (None if m is None else _con_unidad(i.unidad, m) for m in i.meta)
    if minimo is not None and maximo is not None:
        return str(_("de %(a)s a %(b)s", a=minimo, b=maximo))
    if minimo is not None:
        return minimo if i.meta[0] == 1 else str(_("al menos %(a)s", a=minimo))
    return "—" if maximo is None else str(_("hasta %(b)s", b=maximo))


def ocultos(n_de: Mapping[str, int]) -> set[str]:
    """Of parts that add up to a whole that is told: those with too few ratings, and one more where
    a single one could be subtracted."""
    pocas = {clave for clave, n in n_de.items() if 0 < n < MINIMO_PROPIAS}
    if 0 < sum(n_de[c] for c in pocas) < MINIMO_PROPIAS:
        demas = sorted((n, c) for c, n in n_de.items() if n >= MINIMO_PROPIAS)
        pocas |= {demas[0][1]} if demas else set()
    return pocas


def _es_oculta(corte: Corte, cifra: Cifra, sin_decir: Collection[str]) -> bool:
    """`sin_decir`: the points whose ratings are not told."""
    if cifra.indicador not in RATINGS or cifra.n == 0:
        return False
    if corte.dimension not in CON_CALIFICACIONES:
        return True
    return cifra.n < MINIMO_PROPIAS if corte.dimension == "total" else corte.clave in sin_decir


def _sin_decir(session: Session, corte: Corte) -> set[str]:
    if corte.dimension != "punto":
        return set()
    return ocultos(
        {
            c.clave: c.n
            for c in meses.cifras(session, corte.version.id, "punto", None)
            if c.indicador == "I6"
        }
    )


def filas(session: Session, corte: Corte) -> list[Fila]:
    historia = meses.tendencia(session, corte.version.mes, corte.dimension, corte.clave)
    mes = corte.version.mes
    antes, hace_un_anio = meses.anterior(mes), mes.replace(year=mes.year - 1)
    dichas, sin_decir = [], _sin_decir(session, corte)
    suyas = meses.cifras(session, corte.version.id, corte.dimension, corte.clave)
    turnos = next((c.n for c in suyas if c.indicador == TURNOS), 0)
    intervalo = _intervalo(suyas)
    for cifra in (c for c in suyas if c.indicador not in EXTREMOS):
        serie = [(m, c[cifra.indicador]) for m, c in historia.items() if cifra.indicador in c]
        callada = _es_oculta(corte, cifra, sin_decir)
        dichas.append(
            Fila(
                INDICADORES[cifra.indicador],
                cifra,
                dict(serie).get(antes),
                dict(serie).get(hace_un_anio),
                callada,
                []
                if callada or cifra.indicador in RATINGS
                else _linea([c.valor for _m, c in serie]),
                turnos - cifra.n if cifra.indicador in DE_LA_ESPERA else 0,
                intervalo if cifra.indicador == ESTIMADO else None,
                _sin_observar(session, corte, cifra),
            )
        )
    return dichas


def _intervalo(suyas: Iterable[Cifra]) -> tuple[Fraction, Fraction] | None:
    """Of the estimate among the figures of a part."""
    extremos = {c.indicador: c.valor for c in suyas if c.indicador in EXTREMOS}
    desde, hasta = (extremos.get(e) for e in EXTREMOS)
    return (desde, hasta) if desde is not None and hasta is not None else None


def juzgadas_por_punto(session: Session, version: MesCerrado) -> dict[str, list[tuple[str, bool]]]:
    """Point → (indicator, whether it met its target) of all that is judged, as its report judges
    it; one statement."""
    de_punto: dict[str, list[Cifra]] = {}
    for c in meses.cifras(session, version.id, "punto", None):
        de_punto.setdefault(c.clave, []).append(c)
    sin_decir = ocultos(
        {p: c.n for p, suyas in de_punto.items() for c in suyas if c.indicador == "I6"}
    )
    juzgadas: dict[str, list[tuple[str, bool]]] = {}
    for punto, suyas in de_punto.items():
        corte, intervalo = Corte(version, "punto", punto), _intervalo(suyas)
        for c in (c for c in suyas if c.indicador not in EXTREMOS):
            fila = Fila(
                INDICADORES[c.indicador],
                c,
                antes=None,
                hace_un_anio=None,
                oculta=_es_oculta(corte, c, sin_decir),
                puntos=(),
                intervalo=intervalo if c.indicador == ESTIMADO else None,
            )
            if fila.cumple is not None:
                juzgadas.setdefault(punto, []).append((c.indicador, fila.cumple))
    return juzgadas


def _sin_observar(session: Session, corte: Corte, cifra: Cifra) -> str:
    """Read where something was not observed."""
    if cifra.indicador != COBERTURA_EN_SITIO or cifra.numerador == cifra.n:
        return ""
    faltan = meses.sin_observar(session, corte.version)
    return auditoria.por_que_no(
        o.motivo
        for o in faltan
        if corte.dimension == "total" or getattr(o, corte.dimension) == corte.clave
    )


@dataclass(frozen=True, slots=True)
class Cambiada:
    """A figure of the whole entity that is other in another version of its month."""

    indicador: Indicador
    antes: str
    despues: str


def cambiadas(antes: Sequence[Cifra], ahora: Sequence[Cifra]) -> list[Cambiada]:
    """Of ratings it is told that they changed, not how: the difference may be one person's."""
    hechas = []
    for vieja, nueva in meses.cambiadas(antes, ahora):
        id_ = (vieja or nueva or Cifra("", "", 0, 0, None)).indicador
        if id_ in RATINGS:
            hechas.append(Cambiada(INDICADORES[id_], str(_("reservado")), str(_("reservado"))))
        elif id_ not in EXTREMOS:
            i = INDICADORES[id_]
            hechas.append(Cambiada(i, _con_cuantos(i, vieja), _con_cuantos(i, nueva)))
    return hechas


def _con_cuantos(i: Indicador, c: Cifra | None) -> str:
    """Its value, and of how many: a figure may stay as it was and count others."""
    if c is None or c.valor is None or i.unidad is COBERTURA:
        return decir(i, c)
    de = _de_partes(i.unidad, c) if i.unidad.de_partes else formatos.numero(c.n)
    dicho = decir(i, c)
    return dicho if dicho == de else f"{dicho} ({de})"


def _linea(valores: Sequence[Fraction | None]) -> list[tuple[float, float]]:
    """Of a line between the lowest and the highest; nothing for fewer than two."""
    hay = [(n, float(v)) for n, v in enumerate(valores) if v is not None]
    if len(hay) <= 1:
        return []
    bajo, alto = min(v for _n, v in hay), max(v for _n, v in hay)
    return [
        (n / max(1, len(valores) - 1), (v - bajo) / (alto - bajo) if alto > bajo else 0.5)
        for n, v in hay
    ]


def sin_nadie(dichas: Sequence[Fila]) -> bool:
    """Nobody came and no case was there: that the CRM answered in opening hours says nothing of a
    service."""
    return not any(f.cifra.n for f in dichas if f.indicador.de in ("visitas", "casos"))


# --- what the figures say -------------------------------------------------------------------------
def en_palabras(que_es: str, dichas: Sequence[Fila]) -> list[str]:
    """A summary of a month, only of what its figures justify: few are not judged, and what may be
    chance is no change."""
    por_id = {f.indicador.id: f for f in dichas}
    turnos = por_id["I4"].cifra.n if "I4" in por_id else 0
    if sin_nadie(dichas):
        return [str(_("%(q)s no tuvo turnos ni casos en el mes.", q=que_es))]
    frases = []
    if turnos:
        atendidas = por_id["I6.tasa"].cifra.n
        personas = ngettext(
            "%(n)s persona", "%(n)s personas", atendidas, n=formatos.numero(atendidas)
        )
        dados = ngettext("%(n)s turno", "%(n)s turnos", turnos, n=formatos.numero(turnos))
        frases.append(str(_("%(q)s atendió a %(p)s de %(t)s.", q=que_es, p=personas, t=dados)))
    juzgadas = [f for f in dichas if f.cumple is not None]
    fallan = [f for f in juzgadas if f.cumple is False]
    if juzgadas and not fallan:
        frases.append(
            str(
                ngettext(
                    "Cumple la única meta que se puede juzgar.",
                    "Cumple las %(num)s metas que se pueden juzgar.",
                    len(juzgadas),
                )
            )
        )
    elif fallan:
        cuales = ", ".join(f"{_(f.indicador.nombre).lower()} ({f.valor})" for f in fallan)
        frases.append(
            str(
                _(
                    "De %(n)s metas que se pueden juzgar no cumple %(f)s: %(c)s.",
                    n=len(juzgadas),
                    f=len(fallan),
                    c=cuales,
                )
            )
        )
    frases += [
        _cambio(f)
        for f in dichas
        if f.antes is not None
        and f.indicador.unidad is PORCENTAJE
        and not f.oculta
        and f.cambio_claro
    ]
    pocas = sum(f.pocos and f.indicador.cumple(f.cifra.valor) is not None for f in dichas)
    if pocas:
        frases.append(
            str(
                ngettext(
                    "De una meta no se concluye nada: son menos de %(p)s.",
                    "De %(num)s metas no se concluye nada: son menos de %(p)s.",
                    pocas,
                    p=POCOS,
                )
            )
        )
    return frases


def _cambio(f: Fila) -> str:
    nombre, antes = _(f.indicador.nombre), f.antes
    dicho = {"i": nombre, "a": decir(f.indicador, antes), "b": f.valor}
    subio = (
        antes is not None
        and f.cifra.valor is not None
        and antes.valor is not None
        and f.cifra.valor > antes.valor
    )
    return str(
        _("%(i)s subió de %(a)s a %(b)s.", **dicho)
        if subio
        else _("%(i)s bajó de %(a)s a %(b)s.", **dicho)
    )
