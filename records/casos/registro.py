"""The register of cases: every case of every procedure, as lists, searches and the public page show
it.

Whoever runs a process writes here in the same transaction (handlers/casos.py); M5-1-02 enters a
case when it is filed, and what changes of it afterwards is read from `caso`.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    delete,
    false,
    func,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session, aliased

from common.language import marked
from records.base.consultas import tandas
from records.base.errores import DatoInvalido
from records.base.reglas.documentos import con_tipo, normalizar_numero
from records.base.reglas.nombres import palabras, puede_ser
from records.casos import (
    devueltos,
    enlaces_de_caso,
    numeros_anulados,
    registro_sql as sql,
    restringidos,
)
from records.casos.numeracion import nuevo_numero
from records.casos.reglas import estados, veredictos
from records.casos.tablas import Caso, CasoRegistrado, DatoRegistrado, PalabraRegistrada
from records.correo.tablas import Aviso, CartaDevuelta
from records.escritos.tablas import DocumentoSuelto
from records.personas.tablas import Persona
from records.plazos.reglas.calendario import al_terminar, instante

#: The procedure whose cases have rows of their own; those of all others stand in the register alone.
PROCESO_DE_CASO: Final = "M5_1_02_atencion"
ABIERTO, TERMINADO, ANULADO, NUMERO_ANULADO = "abierto", "terminado", "anulado", "numero_anulado"
ESTADOS: Mapping[str, str] = {
    ABIERTO: marked("En curso"),
    TERMINADO: marked("Terminado"),
    ANULADO: marked("Cancelado"),
    NUMERO_ANULADO: marked("Número anulado"),
}
ULTIMA = "\U0010ffff"
#: stands where the name of a person would: a datum of the register, in the language of the agency
ANONIMA = "Anónima"
#: column → how much of what was said is kept
LARGOS: Mapping[str, int] = {
    "clase": 160,
    "asunto": 300,
    "tipo_doc": 3,
    "documento": 40,
    "nombre": 160,
    "correo": 254,
    "lugar": 80,
    "lugar_nombre": 160,
}
DATO = 300


@dataclass(frozen=True, slots=True)
class Dato:
    """A field that the case is found by."""

    campo: str
    rotulo: str
    valor: str


@dataclass(frozen=True, slots=True)
class Dicho:
    """What was said of a case; `textos` by columns of `registro_caso`. `anonima`: without a name;
    None: nothing was said of that."""

    textos: Mapping[str, str] = field(default_factory=dict)
    datos: Sequence[Dato] = ()
    vence: dt.datetime | None = None
    anonima: bool | None = None


@dataclass(frozen=True, slots=True)
class Apertura:
    case_key: str
    procedimiento: str
    patron: str
    canal: str
    dicho: Dicho


def _cabe(textos: Mapping[str, str]) -> dict[str, str]:
    """What is longer is cut; NUL, which no column takes, goes. A document stands as it is looked
    for."""
    if "documento" in textos:
        textos = {**textos, "documento": normalizar_numero(textos["documento"])}
    return {
        columna: " ".join(texto.replace("\0", " ").split())[: LARGOS[columna]]
        for columna, texto in textos.items()
    }


def abrir(session: Session, apertura: Apertura, *, now: dt.datetime) -> str:
    """A new case, with its number. Whoever rolls back gives the number back."""
    numero = nuevo_numero(session, apertura.patron, now)
    registro_id: int = sql.ALTA.scalar(
        session,
        {
            "case_key": apertura.case_key,
            "procedimiento": apertura.procedimiento,
            "numero": numero,
            **dict.fromkeys(LARGOS, ""),
            **_cabe(apertura.dicho.textos),
            "canal": apertura.canal,
            "anonima": bool(apertura.dicho.anonima),
            "estado": ABIERTO,
            "abierto": now,
            "vence": apertura.dicho.vence,
        },
    )
    datos = {d.campo: d for d in apertura.dicho.datos}.values()
    if datos:
        sql.DATO.run_many(session, [_fila(registro_id, dato) for dato in datos])
    todas = _palabras(apertura.dicho.textos, [dato.valor for dato in datos])
    if todas:
        sql.PALABRA.run_many(
            session, [{"registro_id": registro_id, "palabra": palabra} for palabra in todas]
        )
    return numero


def _fila(registro_id: int, dato: Dato) -> dict[str, object]:
    return {
        "registro_id": registro_id,
        "campo": dato.campo[:120],
        "rotulo": dato.rotulo[:300],
        "valor": dato.valor.replace("\0", " ")[:DATO],
    }


def _palabras(textos: Mapping[str, str], datos: Sequence[str]) -> list[str]:
    """Not of a document: it is looked for by itself, so that it never stands in an address."""
    documento = normalizar_numero(textos.get("documento", ""))
    dichas = [textos.get(columna, "") for columna in ("asunto", "nombre")] + [
        dato for dato in datos if normalizar_numero(dato) != documento
    ]
    return palabras(" ".join(dichas).replace("\0", " "))


def decir(session: Session, case_key: str, dicho: Dicho) -> None:
    """Something else is known of the case; what was said before of the same is replaced, and its
    words with it."""
    fila = session.scalar(
        select(CasoRegistrado).where(
            CasoRegistrado.case_key == case_key, CasoRegistrado.caso_id.is_(None)
        )
    )
    if fila is None:
        return
    for columna, texto in _cabe(dicho.textos).items():
        setattr(fila, columna, texto)
    if dicho.anonima is not None:
        fila.anonima = dicho.anonima
    if dicho.vence is not None:
        fila.vence = dicho.vence
    for dato in dicho.datos:
        session.merge(DatoRegistrado(**_fila(fila.id, dato)))
    session.flush()
    valores = session.scalars(
        select(DatoRegistrado.valor).where(DatoRegistrado.registro_id == fila.id)
    ).all()
    todas = _palabras({columna: getattr(fila, columna) for columna in LARGOS}, valores)
    session.execute(delete(PalabraRegistrada).where(PalabraRegistrada.registro_id == fila.id))
    if todas:
        sql.PALABRA.run_many(
            session, [{"registro_id": fila.id, "palabra": palabra} for palabra in todas]
        )


def cambiar_estado(session: Session, case_key: str, estado: str, *, now: dt.datetime) -> None:
    sql.ESTADO.run(
        session,
        {"b_clave": case_key, "b_estado": estado, "b_cerrado": None if estado == ABIERTO else now},
    )


def inscribir(session: Session, caso_id: int) -> None:
    """A case of M5-1-02 that was filed: one statement, which never stops the filing."""
    sql.DE_UN_CASO[session.get_bind().dialect.name].run(session, {"b_caso": caso_id})


class Cuenta(NamedTuple):
    abiertos: int
    cerrados: int
    en_curso: int
    tarde: int


def contar(
    session: Session, procedimiento: str, desde: dt.date, hasta: dt.date, now: dt.datetime
) -> Cuenta:
    """Of the days from `desde` to `hasta`, both included: cases that began, and that ended. As it
    is now: open, and late.

    A number that was annulled is no case.
    """
    inicio, fin = instante(desde, dt.time()), al_terminar(hasta)
    en_curso = CasoRegistrado.estado == ABIERTO
    return Cuenta(
        *session.execute(
            select(
                func.count().filter(CasoRegistrado.abierto >= inicio, CasoRegistrado.abierto < fin),
                func.count().filter(CasoRegistrado.cerrado >= inicio, CasoRegistrado.cerrado < fin),
                func.count().filter(en_curso),
                func.count().filter(en_curso, CasoRegistrado.vence < now),
            ).where(
                CasoRegistrado.procedimiento == procedimiento,
                CasoRegistrado.estado != NUMERO_ANULADO,
            )
        ).one()
    )


# --- what is read ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Ficha:
    """A case of another procedure than M5-1-02 as a line shows it."""

    case_key: str
    procedimiento: str
    numero: str
    clase: str
    asunto: str
    tipo_doc: str
    documento: str
    nombre: str
    correo: str
    lugar: str
    lugar_nombre: str
    canal: str
    estado: str
    abierto: dt.datetime
    vence: dt.datetime | None
    cerrado: dt.datetime | None
    anonima: bool

    @property
    def en_lugar(self) -> str:
        return self.lugar_nombre or self.lugar

    @property
    def de_que(self) -> str:
        return self.asunto or self.clase


def veredicto(suya: Ficha, ahora: dt.datetime) -> veredictos.Veredicto | None:
    """Whether its term was met: a case that ended did what was due, one that was cancelled owes
    nothing from then on. None: it has none."""
    if suya.vence is None or es_anulado(suya):
        return None
    return veredictos.veredicto(
        suya.vence, suya.cerrado if suya.estado == TERMINADO else None, momento(suya, ahora)
    )


def momento(suya: Ficha, ahora: dt.datetime) -> veredictos.Momento:
    return veredictos.Momento(
        estados.ANULADO if suya.estado == ANULADO else estados.EN_ANALISIS, suya.cerrado, ahora
    )


def es_anulado(suya: Ficha) -> bool:
    """Its number was annulled: nothing of it changes any more."""
    return suya.estado == NUMERO_ANULADO


def exigir_sin_anular(session: Session, case_key: str) -> None:
    """Raises DatoInvalido for a number that is annulled; nobody annuls it from here until the
    commit."""
    suya = (
        select(CasoRegistrado.estado).where(CasoRegistrado.case_key == case_key).with_for_update()
    )
    if session.scalar(suya) == NUMERO_ANULADO:
        raise DatoInvalido("El número de este caso está anulado: nada de él cambia.")


_OTROS = CasoRegistrado.caso_id.is_(None)
#: Its person asked that nobody sees it (records/casos/restringidos.py): lists have its number and nothing
#: of them.
_RESTRINGIDO = restringidos.REGISTRADO
_DE_LA_PERSONA = frozenset({"asunto", "tipo_doc", "documento", "nombre", "correo"})
_COLUMNAS = tuple(getattr(CasoRegistrado, nombre) for nombre in Ficha.__dataclass_fields__)
_EN_LISTA = tuple(
    case((_RESTRINGIDO, ""), else_=columna).label(nombre) if nombre in _DE_LA_PERSONA else columna
    for nombre, columna in zip(Ficha.__dataclass_fields__, _COLUMNAS, strict=True)
)


def fichas(session: Session, claves: Sequence[str]) -> dict[str, Ficha]:
    """Case key → what a list says of it."""
    halladas: dict[str, Ficha] = {}
    for parte in tandas(list(dict.fromkeys(claves))):
        filas = session.execute(
            select(*_EN_LISTA).where(_OTROS, CasoRegistrado.case_key.in_(parte))
        )
        halladas |= {fila.case_key: Ficha(*fila) for fila in filas}
    return halladas


def ficha(session: Session, case_key: str) -> Ficha | None:
    """What is known of it, for whom it is opened."""
    fila = session.execute(
        select(*_COLUMNAS).where(_OTROS, CasoRegistrado.case_key == case_key)
    ).one_or_none()
    return Ficha(*fila) if fila is not None else None


def numeros(session: Session, claves: Sequence[str]) -> list[tuple[str, str]]:
    """(case key, number) of cases of every procedure; one that was filed before there was this
    register has its number in `caso`."""
    de_casos = select(Caso.case_key, Caso.radicado).where(
        Caso.radicado.is_not(None), Caso.case_key.in_(claves)
    )
    de_otros = select(CasoRegistrado.case_key, CasoRegistrado.numero).where(
        _OTROS, CasoRegistrado.case_key.in_(claves)
    )
    filas: Sequence[Any] = session.execute(union_all(de_casos, de_otros)).all()
    return [(str(clave), str(numero)) for clave, numero in filas]


_DATOS = (
    select(
        CasoRegistrado.case_key, DatoRegistrado.campo, DatoRegistrado.rotulo, DatoRegistrado.valor
    )
    .join(CasoRegistrado, CasoRegistrado.id == DatoRegistrado.registro_id)
    .order_by(DatoRegistrado.campo)
)


def datos_de(session: Session, claves: Sequence[str]) -> dict[str, list[Dato]]:
    """Case key → the fields that it is found by, as a list says them."""
    juntos: dict[str, list[Dato]] = {}
    for parte in tandas(list(dict.fromkeys(claves))):
        for clave, *resto in session.execute(
            _DATOS.where(CasoRegistrado.case_key.in_(parte), ~_RESTRINGIDO)
        ):
            juntos.setdefault(clave, []).append(Dato(*resto))
    return juntos


def datos(session: Session, case_key: str) -> list[Dato]:
    """Of one, for whom it is opened."""
    return [
        Dato(*resto)
        for _clave, *resto in session.execute(_DATOS.where(CasoRegistrado.case_key == case_key))
    ]


@dataclass(frozen=True, slots=True)
class FiltroRegistro:
    """What a list of cases of any procedure is narrowed by; days are local, both included."""

    texto: str = ""  # words of number, subject, person or a searchable field, in any order
    numero: str = ""
    lugar: str | None = None
    abiertos: bool = False
    procedimiento: str | None = None
    estado: str | None = None
    desde: dt.date | None = None
    hasta: dt.date | None = None
    vencidos: bool = False
    # of `records.casos.reglas.veredictos`: how the term of the case ended, or that it runs
    termino: str | None = None
    claves: Any = None  # a list or selectable of case keys: only these
    solo: Any = None  # likewise: what the person may see


def halladas(filtro: FiltroRegistro, *, now: dt.datetime) -> Select[*tuple[Any, ...]]:
    """Key and beginning of the cases of a list, in no order: to be put together with others."""
    return select(CasoRegistrado.case_key, CasoRegistrado.abierto).where(*_condiciones(filtro, now))


def _condiciones(filtro: FiltroRegistro, now: dt.datetime) -> list[ColumnElement[bool]]:
    condiciones: list[ColumnElement[bool]] = [_OTROS]
    if filtro.texto.strip():
        condiciones += [dice(filtro.texto), ~_RESTRINGIDO]
    if filtro.numero.strip():
        condiciones.append(_es_numero(filtro.numero.strip()))
    if filtro.lugar:
        condiciones.append(CasoRegistrado.lugar == filtro.lugar)
    if filtro.abiertos:
        condiciones.append(CasoRegistrado.estado == ABIERTO)
    if filtro.procedimiento:
        condiciones.append(CasoRegistrado.procedimiento == filtro.procedimiento)
    if filtro.estado:
        condiciones.append(CasoRegistrado.estado == filtro.estado)
    if filtro.desde is not None:
        condiciones.append(CasoRegistrado.abierto >= instante(filtro.desde, dt.time(0)))
    if filtro.hasta is not None:
        condiciones.append(CasoRegistrado.abierto < al_terminar(filtro.hasta))
    if filtro.vencidos:
        condiciones += [CasoRegistrado.estado == ABIERTO, CasoRegistrado.vence < now]
    if filtro.termino:
        condiciones.append(_con_termino(filtro.termino, now))
    if filtro.claves is not None:
        condiciones.append(CasoRegistrado.case_key.in_(filtro.claves))
    if filtro.solo is not None:
        condiciones.append(CasoRegistrado.case_key.in_(filtro.solo))
    return condiciones


def _con_termino(cual: str, now: dt.datetime) -> ColumnElement[bool]:
    """`veredicto`, in SQL; no such verdict, no case."""
    estado, cerrado, vence = CasoRegistrado.estado, CasoRegistrado.cerrado, CasoRegistrado.vence
    acabo = estado.in_((TERMINADO, ANULADO))
    cuales = {
        veredictos.CUMPLIDO: (estado == TERMINADO) & (cerrado <= vence),
        veredictos.INCUMPLIDO: or_(acabo & (cerrado > vence), (estado == ABIERTO) & (vence < now)),
        veredictos.VIGENTE: (estado == ABIERTO) & (vence >= now),
        veredictos.SIN_EFECTO: (estado == ANULADO) & (cerrado <= vence),
    }
    return cuales.get(cual, false())


def dice(texto: str) -> ColumnElement[bool]:
    """The number as it was typed, or every word begins a word of the case."""
    limpio = texto.replace("\0", " ").strip()
    suyas = palabras(limpio)
    if not suyas:
        return _es_numero(limpio)
    return or_(_es_numero(limpio), and_(*[_empieza(palabra) for palabra in suyas]))


def _es_numero(escrito: str) -> ColumnElement[bool]:
    """It begins like this; as people say it, without the letters and the year before it, it ends
    like this."""
    limpio = escrito.replace("\0", "").upper()
    empieza = and_(CasoRegistrado.numero >= limpio, CasoRegistrado.numero < limpio + ULTIMA)
    return (
        or_(empieza, CasoRegistrado.numero.endswith(limpio, autoescape=True))
        if limpio.isdigit()
        else empieza
    )


def _empieza(palabra: str) -> ColumnElement[bool]:
    otra = aliased(PalabraRegistrada)
    return (
        select(otra.registro_id)
        .where(
            otra.registro_id == CasoRegistrado.id,
            otra.palabra >= palabra,
            otra.palabra < palabra + ULTIMA,
        )
        .exists()
    )


def publica(session: Session, numero: str, tipo_doc: str, documento: str) -> Ficha | None:
    """The case of this number, for who knows the document of its person; its type, too, where the
    case has it."""
    suyo = or_(*[_es_documento(t, n) for t, n in ((tipo_doc, documento), *con_tipo(documento))])
    fila = session.execute(
        select(*_COLUMNAS).where(
            _OTROS, CasoRegistrado.numero == numero, CasoRegistrado.documento != "", suyo
        )
    ).first()
    return Ficha(*fila) if fila is not None else None


def anonima(session: Session, numero: str) -> Ficha | None:
    """The case of this number when nobody gave a name for it: whoever asks must know more than the
    number."""
    fila = session.execute(
        select(*_COLUMNAS).where(
            _OTROS, CasoRegistrado.numero == numero, CasoRegistrado.anonima.is_(True)
        )
    ).first()
    return Ficha(*fila) if fila is not None else None


def con_tipos(session: Session) -> bool:
    """Whether a case here has the type of the document of its person."""
    return (
        session.scalar(
            select(CasoRegistrado.id).where(_OTROS, CasoRegistrado.tipo_doc != "").limit(1)
        )
        is not None
    )


def claves_de_persona(session: Session, persona: Persona) -> list[str]:
    """Cases of this person, the latest first. Where their diagram does not ask for the type of the
    document, a number alone may be that of two people: such a case is theirs by the number and the
    name."""
    return [
        fila.case_key
        for fila in _con_su_numero(session, persona)
        if fila.tipo_doc or puede_ser(fila.nombre, persona.nombre)
    ]


def sin_saber_de_quien(session: Session, persona: Persona) -> list[str]:
    """Numbers of the others that may be theirs: somebody has to look whose they are."""
    dudosos = (
        fila
        for fila in _con_su_numero(session, persona)
        if not (fila.tipo_doc or puede_ser(fila.nombre, persona.nombre))
    )
    return [fila.numero for fila in dudosos]


def _con_su_numero(session: Session, persona: Persona) -> Sequence[Any]:
    escritos = (
        normalizar_numero(persona.num_doc),
        normalizar_numero(persona.tipo_doc + persona.num_doc),
    )
    suyos = select(
        CasoRegistrado.case_key,
        CasoRegistrado.numero,
        CasoRegistrado.tipo_doc,
        CasoRegistrado.nombre,
    ).where(
        _OTROS,
        CasoRegistrado.documento.in_(escritos),
        CasoRegistrado.tipo_doc.in_(("", persona.tipo_doc)),
    )
    return session.execute(suyos.order_by(CasoRegistrado.id.desc())).all()


def halladas_con_documento(session: Session, escrito: str, limite: int = 50) -> list[str]:
    """For a search: cases with this number, or of the type that was written before it, those that
    go on and the latest first; not those that their person asked to keep closed."""
    suyo = or_(
        CasoRegistrado.documento == normalizar_numero(escrito),
        *[_es_documento(t, n) for t, n in con_tipo(escrito)],
    )
    suyos = select(CasoRegistrado.case_key).where(_OTROS, suyo, ~_RESTRINGIDO)
    return list(
        session.scalars(
            suyos.order_by(CasoRegistrado.estado != ABIERTO, CasoRegistrado.id.desc()).limit(limite)
        )
    )


def _es_documento(tipo_doc: str, numero: str) -> ColumnElement[bool]:
    return and_(
        CasoRegistrado.documento == normalizar_numero(numero),
        CasoRegistrado.tipo_doc.in_(("", tipo_doc)),
    )


def olvidar(session: Session, claves: Sequence[str]) -> int:
    """What names a person, and what people wrote of it, goes; number, procedure, state and dates
    stay."""
    borradas = 0
    for parte in tandas(claves):
        for fila in session.scalars(
            select(CasoRegistrado).where(_OTROS, CasoRegistrado.case_key.in_(parte))
        ):
            fila.asunto = fila.tipo_doc = fila.documento = fila.nombre = fila.correo = ""
            session.execute(delete(DatoRegistrado).where(DatoRegistrado.registro_id == fila.id))
            session.execute(
                delete(PalabraRegistrada).where(PalabraRegistrada.registro_id == fila.id)
            )
            borradas += 1
        enlaces_de_caso.olvidar(session, parte)
        numeros_anulados.olvidar(session, parte)
        sueltos = update(DocumentoSuelto).where(DocumentoSuelto.case_key.in_(parte))
        session.execute(sueltos.values(remitente="", asunto="", motivo=""))
        devueltos.olvidar(session, parte)
        de_casos = select(Caso.id).where(Caso.case_key.in_(parte))
        cartas = select(Aviso.id).where(or_(Aviso.case_key.in_(parte), Aviso.caso_id.in_(de_casos)))
        session.execute(
            update(CartaDevuelta).where(CartaDevuelta.aviso_id.in_(cartas)).values(nota="")
        )
    session.flush()
    return borradas
