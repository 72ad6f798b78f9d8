"""Paper continuity (P12, control 6-6): forms printed beforehand, times in which a point works on
paper, what is entered afterwards.

Both times and both people stay: those of the paper in the rows of the visit, those of the entry in
the number and the journal.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.base.consultas import tomar_fila
from records.base.errores import DatoInvalido, NoExiste
from records.casos.numeracion import siguiente_numero
from records.contingencia.reglas.papel import (
    CLASES,
    DIAS_DE_CAIDAS,
    EXPLICACIONES,
    FUERA,
    MAXIMO_LOTE,
    ORIGEN,
    PENDIENTES,
    Estado,
    Horas,
    Reparo,
    Tramo,
    caida_de,
    estado,
    ficha,
    formar,
    leer,
    reparos,
)
from records.contingencia.tablas import CaidaPunto, FormatoPapel, LotePapel
from records.informes.tablas import CaidaCrm, DiaResumido, MesCerrado
from records.lugares.puntos import esta_abierto
from records.lugares.tablas import Punto
from records.plazos.reglas.calendario import dia_local, se_cruzan
from records.sistemas.tablas import SistemaSuceso
from records.visita.reglas.turnos import ATENCION, CERRADO, ESPERA
from records.visita.tablas import Atencion, Turno, TurnoPeriodo

MINIMO_MOTIVO = 10


# --- printed beforehand ---------------------------------------------------------------------------
def imprimir(session: Session, punto_id: str, clase: str, cuantos: int, acto: Acto) -> LotePapel:
    """A lot of blank forms: the next numbers of the point, which are never given again."""
    if clase not in CLASES or not 1 <= cuantos <= MAXIMO_LOTE:
        raise DatoInvalido("Elija el formato y cuántos: de 1 a %(n)s.", n=MAXIMO_LOTE)
    numeros = [siguiente_numero(session, f"papel:{punto_id}") for _n in range(cuantos)]
    lote = LotePapel(
        punto_id=punto_id, clase=clase, desde=numeros[0], hasta=numeros[-1], impreso=acto.now, impreso_por=acto.quien
    )  # fmt: skip
    session.add(lote)
    session.flush()
    session.add_all([FormatoPapel(lote_id=lote.id, punto_id=punto_id, numero=n) for n in numeros])
    session.flush()
    return lote


def lote(session: Session, lote_id: int) -> LotePapel | None:
    return session.get(LotePapel, lote_id)


def lotes(session: Session, punto_id: str) -> Sequence[LotePapel]:
    """Of a point, the latest first."""
    return session.scalars(
        select(LotePapel).where(LotePapel.punto_id == punto_id).order_by(LotePapel.id.desc())
    ).all()


def anular(session: Session, lote_id: int, motivo: str, acto: Acto) -> int:
    """The numbers of a lot that nobody entered or explained are void; gives how many. Those that
    were stay as they are."""
    anulado = tomar_fila(session, LotePapel, lote_id)
    if len(motivo.strip()) < MINIMO_MOTIVO:
        raise DatoInvalido("Escriba por qué se anula el lote, con al menos 10 letras.")
    if anulado.anulado is not None:
        raise DatoInvalido("Este lote ya está anulado.")
    usados = [
        f.numero
        for f in _de_lote(session, lote_id)
        if f.explicacion == Estado.USADO and f.digitado is None
    ]
    if usados:
        raise DatoInvalido(
            "El %(formato)s está usado y sin digitar: dígitelo, o explíquelo, antes de anular.",
            formato=formar(anulado.punto_id, usados[0]),
        )
    anulado.anulado, anulado.anulado_por, anulado.anulado_motivo = (
        acto.now,
        acto.quien,
        motivo.strip(),
    )
    session.flush()
    return sum(f.digitado is None and f.explicacion is None for f in _de_lote(session, lote_id))


def _de_lote(session: Session, lote_id: int) -> Sequence[FormatoPapel]:
    return session.scalars(
        select(FormatoPapel).where(FormatoPapel.lote_id == lote_id).order_by(FormatoPapel.numero)
    ).all()


# --- a point works on paper -----------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class NuevaCaida:
    """`de`: what it is joined to, as `registradas` names it; "": nothing that is recorded."""

    desde: dt.datetime
    hasta: dt.datetime | None
    motivo: str
    de: str = ""


@dataclass(frozen=True, slots=True)
class Registrada:
    """An outage that the product itself noticed. `clave`: "crm:7", "sistema:12"."""

    clave: str
    sistema: str  #: a code of records.sistemas.reglas.sistemas, or "crm"
    desde: dt.datetime
    hasta: dt.datetime | None


def registradas(session: Session, now: dt.datetime) -> list[Registrada]:
    """Of the CRM and of the systems around it, of the last weeks, the latest first."""
    antes = now - dt.timedelta(days=DIAS_DE_CAIDAS)
    del_crm = session.scalars(
        select(CaidaCrm).where(or_(CaidaCrm.hasta.is_(None), CaidaCrm.desde >= antes))
    ).all()
    halladas = [Registrada(f"crm:{c.id}", "crm", c.desde, c.hasta) for c in del_crm]
    caidos: dict[str, SistemaSuceso] = {}
    sucesos = select(SistemaSuceso).where(
        SistemaSuceso.cuando >= antes, SistemaSuceso.que.in_(("cayo", "volvio"))
    )
    for s in session.scalars(sucesos.order_by(SistemaSuceso.cuando, SistemaSuceso.id)):
        if s.que == "cayo":
            caidos.setdefault(s.sistema, s)
        elif (cayo := caidos.pop(s.sistema, None)) is not None:
            halladas.append(Registrada(f"sistema:{cayo.id}", s.sistema, cayo.cuando, s.cuando))
    halladas += [Registrada(f"sistema:{s.id}", s.sistema, s.cuando, None) for s in caidos.values()]
    return sorted(halladas, key=lambda r: r.desde, reverse=True)


def declarar(session: Session, punto_id: str, nueva: NuevaCaida, acto: Acto) -> CaidaPunto:
    """From when on a point works on paper. Times of one point do not overlap. What was given back
    blank is in use again."""
    _tramo_posible(nueva.desde, nueva.hasta, acto.now)
    if len(nueva.motivo.strip()) < MINIMO_MOTIVO:
        raise DatoInvalido("Escriba qué pasó, con al menos 10 letras.")
    tomar_fila(session, Punto, punto_id)
    for otra in caidas(session, punto_id):
        if se_cruzan(nueva.desde, nueva.hasta, otra.desde, otra.hasta):
            raise DatoInvalido("Ya hay una caída de este punto en esas horas.")
    registrada = next((r for r in registradas(session, acto.now) if r.clave == nueva.de), None)
    if nueva.de and registrada is None:
        raise DatoInvalido("Esa caída ya no está en la lista: elija otra, o ninguna.")
    if registrada is not None and nueva.hasta is not None and nueva.hasta < registrada.desde:
        raise DatoInvalido("La caída registrada empezó después: elija otra, o corrija las horas.")
    clase, _, clave = nueva.de.partition(":")
    declarada = CaidaPunto(
        punto_id=punto_id,
        desde=nueva.desde,
        hasta=nueva.hasta,
        motivo=nueva.motivo.strip(),
        caida_crm_id=int(clave) if clase == "crm" else None,
        suceso_id=int(clave) if clase == "sistema" else None,
        declarada=acto.now,
        declarada_por=acto.quien,
        terminada=acto.now if nueva.hasta is not None else None,
        terminada_por=acto.quien if nueva.hasta is not None else None,
    )
    session.add(declarada)
    session.flush()
    devueltos = (
        FormatoPapel.punto_id == punto_id,
        FormatoPapel.explicacion == Estado.EN_BLANCO,
        FormatoPapel.digitado.is_(None),
    )
    session.execute(
        update(FormatoPapel)
        .where(*devueltos)
        .values(explicacion=None, explicado=None, explicado_por=None)
    )
    return declarada


def terminar(session: Session, caida_id: int, hasta: dt.datetime, acto: Acto) -> CaidaPunto:
    """The system is back since then."""
    abierta = tomar_fila(session, CaidaPunto, caida_id)
    if abierta.hasta is not None:
        raise DatoInvalido("Esta caída ya terminó.")
    _tramo_posible(abierta.desde, hasta, acto.now)
    ultimo = session.scalar(
        select(func.max(FormatoPapel.inicio)).where(FormatoPapel.caida_id == caida_id)
    )
    if ultimo is not None and ultimo > hasta:
        raise DatoInvalido("Ya se digitó un formato que empezó después de esa hora.")
    abierta.hasta, abierta.terminada, abierta.terminada_por = hasta, acto.now, acto.quien
    session.flush()
    return abierta


def _tramo_posible(desde: dt.datetime, hasta: dt.datetime | None, now: dt.datetime) -> None:
    if desde > now or (hasta is not None and hasta > now):
        raise DatoInvalido("Esa hora todavía no ha llegado.")
    if hasta is not None and hasta <= desde:
        raise DatoInvalido("Terminó después de empezar: corrija una de las dos horas.")


def caidas(session: Session, punto_id: str) -> Sequence[CaidaPunto]:
    """Of a point, the latest first."""
    return session.scalars(
        select(CaidaPunto).where(CaidaPunto.punto_id == punto_id).order_by(CaidaPunto.desde.desc())
    ).all()


def caida_abierta(session: Session, punto_id: str) -> CaidaPunto | None:
    """The point works on paper now."""
    return session.scalar(
        select(CaidaPunto)
        .where(CaidaPunto.punto_id == punto_id, CaidaPunto.hasta.is_(None))
        .order_by(CaidaPunto.id.desc())
        .limit(1)
    )


# --- a number -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Numero:
    """A number with its lot, as it stands now."""

    f: FormatoPapel
    lote: LotePapel

    @property
    def nombre(self) -> str:
        return formar(self.f.punto_id, self.f.numero)

    @property
    def estado(self) -> Estado:
        return estado(
            digitado=self.f.digitado is not None,
            anulado=self.lote.anulado is not None,
            explicacion=self.f.explicacion,
        )


_NUMEROS = select(FormatoPapel, LotePapel).join(LotePapel, LotePapel.id == FormatoPapel.lote_id)


def numero(session: Session, nombre: str, *, para_cambiar: bool = False) -> Numero | None:
    """By its whole name, "BOG-AGU-0241". `para_cambiar`: nobody else changes it or its lot until
    the transaction ends."""
    leido = leer(nombre)
    if leido is None or leido[0] is None:
        return None
    punto_id, n = leido
    suyo = _NUMEROS.where(FormatoPapel.punto_id == punto_id, FormatoPapel.numero == n)
    if para_cambiar:
        suyo = suyo.with_for_update(key_share=True).execution_options(populate_existing=True)
    fila = session.execute(suyo).first()
    return Numero(*fila) if fila is not None else None


def numeros(session: Session, punto_id: str) -> list[Numero]:
    """Every number of a point, in order."""
    filas = session.execute(
        _NUMEROS.where(FormatoPapel.punto_id == punto_id).order_by(FormatoPapel.numero)
    )
    return [Numero(*fila) for fila in filas]


def guardado(n: Numero, caidas: Sequence[CaidaPunto]) -> bool:
    """Blank and in its place, or in use by a point that works on paper now: not accounted for is
    what an outage that is over left blank."""
    return n.estado == Estado.FALTA and not any(
        c.hasta is not None and c.hasta > n.lote.impreso for c in caidas
    )


def pendientes(session: Session, punto_id: str | None = None) -> list[Numero]:
    """Printed and never entered, of a point or of all; the oldest first."""
    quedan = (FormatoPapel.digitado.is_(None), LotePapel.anulado.is_(None))
    callan = or_(FormatoPapel.explicacion.is_(None), FormatoPapel.explicacion == Estado.USADO)
    consulta = _NUMEROS.where(*quedan, callan).order_by(
        LotePapel.impreso, FormatoPapel.punto_id, FormatoPapel.numero
    )
    filas = session.execute(
        consulta.where(FormatoPapel.punto_id == punto_id) if punto_id is not None else consulta
    )
    return [n for n in (Numero(*fila) for fila in filas) if n.estado in PENDIENTES]


def cuantos_usados(session: Session, punto_id: str) -> int:
    """Filled in, and not entered yet."""
    usados = (
        FormatoPapel.punto_id == punto_id,
        FormatoPapel.explicacion == Estado.USADO,
        FormatoPapel.digitado.is_(None),
    )
    return session.scalar(select(func.count()).select_from(FormatoPapel).where(*usados)) or 0


@dataclass(frozen=True, slots=True)
class Cuenta:
    """How many numbers of a point were printed, and what became of them."""

    punto_id: str
    impresos: int
    por_estado: Mapping[Estado, int]
    mas_viejo: dt.datetime | None  #: when the oldest that is still owed was printed


def cuentas(session: Session, puntos: Collection[str] | None = None) -> list[Cuenta]:
    """By point, those that ever printed; in two statements however many there are."""
    grupos = select(
        FormatoPapel.punto_id,
        FormatoPapel.digitado.is_not(None),
        LotePapel.anulado.is_not(None),
        FormatoPapel.explicacion,
        func.count(),
        func.min(LotePapel.impreso),
    ).join(LotePapel, LotePapel.id == FormatoPapel.lote_id)
    if puntos is not None:
        grupos = grupos.where(FormatoPapel.punto_id.in_(puntos))
    suma: dict[str, Counter[Estado]] = {}
    viejos: dict[str, dt.datetime] = {}
    orden = (
        FormatoPapel.punto_id,
        FormatoPapel.digitado.is_not(None),
        LotePapel.anulado.is_not(None),
        FormatoPapel.explicacion,
    )
    for punto_id, digitado, anulado, explicacion, cuantos, impreso in session.execute(
        grupos.group_by(*orden).order_by(*orden)
    ):
        como = estado(digitado=bool(digitado), anulado=bool(anulado), explicacion=explicacion)
        suma.setdefault(punto_id, Counter())[como] += cuantos
        if como in PENDIENTES:
            viejos[punto_id] = min(impreso, viejos.get(punto_id, impreso))
    return [Cuenta(p, sum(c.values()), c, viejos.get(p)) for p, c in suma.items()]


def explicar(session: Session, nombre: str, como: str, nota: str, acto: Acto) -> None:
    """What became of a number that is not entered: who says so, and why."""
    hallado = numero(session, nombre, para_cambiar=True)
    if hallado is None:
        raise NoExiste("Ese número no se ha impreso en este punto.")
    if como not in EXPLICACIONES:
        raise DatoInvalido("Elija qué pasó con el formato.")
    if hallado.estado in FUERA:
        raise DatoInvalido("El %(formato)s ya está explicado o digitado.", formato=nombre)
    if como in (Estado.DANADO, Estado.PERDIDO) and len(nota.strip()) < MINIMO_MOTIVO:
        raise DatoInvalido("Escriba qué pasó, con al menos 10 letras.")
    if como == Estado.USADO and not nota.strip():
        raise DatoInvalido("Escriba quién lo tiene lleno, y en qué módulo.")
    f = hallado.f
    f.explicacion, f.explicacion_nota, f.explicado, f.explicado_por = (
        como,
        nota.strip()[:160] or None,
        acto.now,
        acto.quien,
    )
    session.flush()


# --- entered afterwards ---------------------------------------------------------------------------
def por_digitar(session: Session, nombre: str) -> Numero:
    """DatoInvalido: it is unknown, entered already, or none that may be."""
    hallado = numero(session, nombre, para_cambiar=True)
    if hallado is None:
        raise DatoInvalido("Ese número no se ha impreso en este punto.")
    if hallado.estado in FUERA:
        raise DatoInvalido("El %(formato)s ya está explicado o digitado.", formato=nombre)
    return hallado


@dataclass(frozen=True, slots=True)
class Revisadas:
    """What stands against the hours of a paper: (hour, why). `caida_id`: the outage that they lie
    in."""

    reparos: Sequence[tuple[str, Reparo]]
    abierto: bool
    caida_id: int | None


def revisar(session: Session, hallado: Numero, horas: Horas, now: dt.datetime) -> Revisadas:
    suyas = caidas(session, hallado.f.punto_id)
    tramos = [Tramo(c.desde, c.hasta) for c in suyas]
    malas = reparos(horas, hallado.lote.impreso, tramos, now)
    n = caida_de(tramos, horas.empezo)
    punto = session.get_one(Punto, hallado.f.punto_id)
    return Revisadas(malas, esta_abierto(punto, horas.empezo), None if n is None else suyas[n].id)


@dataclass(frozen=True, slots=True)
class Visita:
    """What a paper says of a visit, besides its case. `resultado`: how its turn ended."""

    horas: Horas
    atendio: str
    motivo_visita: str
    resultado: str
    condicion: str = "ninguna"
    tipo_doc: str | None = None
    num_doc: str | None = None
    persona_id: int | None = None
    motivo: str = ""
    calidad: str | None = None
    titularidad: str | None = None
    exhibido: bool | None = None
    datos_actualizados: bool = False
    ruta: str | None = None
    de_atencion: str | None = None  #: `atencion.resultado`; None: there was no attention
    requiere_radicar: bool | None = None


def digitar(session: Session, nombre: str, visita: Visita, acto: Acto) -> int:
    """The turn of a visit on paper, with the hours of the paper, and that its number is entered.
    Gives the turn.

    Nobody measured these hours: its periods are not reliable, as those of an hour that somebody
    wrote down.
    """
    hallado = por_digitar(session, nombre)
    horas = visita.horas
    llegada = horas.llego or horas.empezo
    turno = Turno(
        punto_id=hallado.f.punto_id,
        fecha=dia_local(horas.empezo),
        ficha=ficha(hallado.f.numero),
        motivo_visita=visita.motivo_visita,
        condicion=visita.condicion,
        origen=ORIGEN,
        tipo_doc=visita.tipo_doc,
        num_doc=visita.num_doc,
        persona_id=visita.persona_id,
        llegada=llegada,
        creado=acto.now,
        estado=CERRADO,
        resultado=visita.resultado,
        cerrado=horas.termino,
        instancia_id=acto.instancia_id,
        case_key=acto.case_key,
    )
    session.add(turno)
    session.flush()
    espera_hasta = horas.empezo if visita.de_atencion is not None else horas.termino
    suyo = {"turno_id": turno.id, "punto_id": turno.punto_id, "confiable": False}
    session.add(TurnoPeriodo(**suyo, estado=ESPERA, inicio=llegada, fin=espera_hasta))
    if visita.de_atencion is not None:
        session.add(
            TurnoPeriodo(
                **suyo,
                estado=ATENCION,
                inicio=horas.empezo,
                fin=horas.termino,
                asesor_id=visita.atendio,
            )
        )
        session.add(
            Atencion(
                turno_id=turno.id,
                punto_id=turno.punto_id,
                asesor_id=visita.atendio,
                persona_id=visita.persona_id,
                inicio=horas.empezo,
                fin=horas.termino,
                motivo=visita.motivo,
                motivo_visita=visita.motivo_visita,
                requiere_radicar=visita.requiere_radicar,
                ruta=visita.ruta,
                calidad=visita.calidad,
                titularidad=visita.titularidad,
                documento_exhibido=visita.exhibido,
                datos_actualizados=visita.datos_actualizados,
                resultado=visita.de_atencion,
                instancia_id=acto.instancia_id,
                case_key=acto.case_key,
            )
        )
    session.flush()
    marcar(session, hallado, horas, visita.atendio, turno.id, acto)
    _rehacer_el_dia(session, turno.fecha, acto.now)
    return turno.id


def marcar(
    session: Session, hallado: Numero, horas: Horas, atendio: str, turno_id: int, acto: Acto
) -> None:
    """The number is entered: when and by whom, beside what the paper says. DatoInvalido: the hours
    cannot be."""
    visto = revisar(session, hallado, horas, acto.now)
    if visto.reparos or not visto.abierto:
        raise DatoInvalido("Las horas del papel no pueden ser: revíselas.")
    f = hallado.f
    f.inicio, f.fin, f.atendio, f.turno_id, f.caida_id = (
        horas.empezo,
        horas.termino,
        atendio,
        turno_id,
        visto.caida_id,
    )
    f.digitado, f.digitado_por, f.instancia_id, f.case_key = (
        acto.now,
        acto.quien,
        acto.instancia_id,
        acto.case_key,
    )
    session.flush()


def _rehacer_el_dia(session: Session, fecha: dt.date, now: dt.datetime) -> None:
    """A day of an open month is summed up again with what came late. One of a closed month stays:
    what comes late counts in the month in which it was entered
    (docs/decisions/closed-months.md)."""
    cerrado = session.scalar(
        select(MesCerrado.id).where(MesCerrado.mes == fecha.replace(day=1)).limit(1)
    )
    if cerrado is None and fecha < dia_local(now):
        session.execute(delete(DiaResumido).where(DiaResumido.fecha == fecha))


def atencion_de(session: Session, nombre: str) -> FormatoPapel | None:
    """The entered paper of an attention or of documents, which a rating on paper names."""
    hallado = numero(session, nombre)
    if (
        hallado is None
        or hallado.f.turno_id is None
        or hallado.lote.clase not in ("atencion", "radicacion", "titularidad")
    ):
        return None
    return hallado.f


def recepcion(session: Session, turno_id: int) -> dt.datetime | None:
    """When something was received on paper; None: the turn was none of paper."""
    en_papel = (
        select(Atencion.inicio)
        .join(Turno, Turno.id == Atencion.turno_id)
        .where(Turno.id == turno_id, Turno.origen == ORIGEN)
    )
    return session.scalar(en_papel)


# --- as others tell it ----------------------------------------------------------------------------
def de_casos(session: Session, case_keys: Collection[str]) -> dict[str, list[Numero]]:
    """The papers of these cases; a case of no paper is not there."""
    hechos: dict[str, list[Numero]] = {}
    if case_keys:
        filas = session.execute(
            _NUMEROS.where(FormatoPapel.case_key.in_(case_keys)).order_by(
                FormatoPapel.inicio, FormatoPapel.id
            )
        )
        for fila in filas:
            hechos.setdefault(str(fila.FormatoPapel.case_key), []).append(Numero(*fila))
    return hechos


def de_caida_del_crm(session: Session, caida_id: int) -> tuple[int, int]:
    """Of the points that worked on paper because of this outage: how many papers are entered, and
    how many are used and not entered."""
    suyas = session.scalars(select(CaidaPunto).where(CaidaPunto.caida_crm_id == caida_id)).all()
    if not suyas:
        return 0, 0
    digitados = (
        session.scalar(select(func.count()).where(FormatoPapel.caida_id.in_({c.id for c in suyas})))
        or 0
    )
    return digitados, sum(cuantos_usados(session, p) for p in sorted({c.punto_id for c in suyas}))


@dataclass(frozen=True, slots=True)
class DelMes:
    """Visits on paper of a month: how many, and of them entered after it was closed."""

    visitas: int
    tardias: int


def del_mes(
    session: Session, mes: dt.date, siguiente: dt.date, punto_id: str | None = None
) -> DelMes:
    cerrado = select(func.min(MesCerrado.cerrado)).where(MesCerrado.mes == mes).scalar_subquery()
    suyas = [Turno.fecha >= mes, Turno.fecha < siguiente, Turno.origen == ORIGEN]
    if punto_id is not None:
        suyas.append(Turno.punto_id == punto_id)
    todas = session.scalar(select(func.count()).select_from(Turno).where(*suyas)) or 0
    tardias = (
        session.scalar(
            select(func.count()).select_from(Turno).where(*suyas, Turno.creado > cerrado)
        )
        or 0
    )
    return DelMes(todas, tardias)
