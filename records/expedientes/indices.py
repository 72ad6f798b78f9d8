"""What a case file holds as documents, and its electronic index as it was closed: each version with
the hash of the one before."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set as AbstractSet
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union, update
from sqlalchemy.orm import Session

from common.language import marked
from records.base.consultas import tandas
from records.base.reglas.huellas import sha256
from records.casos.reglas import estados
from records.casos.tablas import (
    Archivo,
    Caso,
    CasoEstado,
    CasoRegistrado,
    Investigacion,
    Prorroga,
    Respuesta,
)
from records.contingencia import papel
from records.contingencia.tablas import FormatoPapel
from records.escritos.tablas import DocumentoDevuelto, DocumentoSuelto, Escrito, EscritoDocumento
from records.expedientes import series
from records.expedientes.reglas.indice import (
    DIGITALIZADO,
    ELECTRONICO,
    ELIMINADO,
    FISICO,
    FORMATOS,
    PAPEL,
    SHA256,
    TEXTO,
    WEB,
    Carpeta,
    Documento,
    Renglon,
    paginas,
)
from records.expedientes.tablas import IndiceExpediente
from records.personas.tablas import Poder
from records.retencion.tablas import ActaEliminacion, ExpedienteEnActa
from records.sistemas.tablas import PaginaCitada, PaginaCopia

#: of a case in an act
PENDIENTE, ELIMINADO_POR_ACTA, EXCLUIDO = "pendiente", "eliminado", "excluido"
RESPUESTAS: Final[Mapping[str, str]] = {
    "punto": marked("Respuesta dada en el punto"),
    "tecnica": marked("Respuesta técnica del área"),
    "enviada": marked("Respuesta enviada a la persona"),
}
ESCRITO: Final = marked("Escrito digitalizado")
#: The column that names a file → what that file is.
_ANEXOS: Final[Sequence[tuple[Any, str]]] = (
    (Poder.archivo_id, marked("Poder")),
    (Respuesta.archivo_id, marked("Anexo de una respuesta")),
    (Prorroga.archivo_id, marked("Carta de prórroga")),
    (Investigacion.archivo_id, marked("Soporte de la investigación")),
    (Escrito.archivo_id, ESCRITO),
    (DocumentoSuelto.archivo_id, marked("Documento recibido por correspondencia")),
)
#: The column that names a file → when that was done.
_NOMBRAN: Final[Sequence[tuple[Any, Any]]] = (
    (Poder.archivo_id, Poder.registrado),
    (Respuesta.archivo_id, Respuesta.registrada),
    (Prorroga.archivo_id, Prorroga.aviso),
    (Investigacion.archivo_id, Investigacion.registrada),
    (Escrito.archivo_id, Escrito.recibido),
    (Escrito.archivo_id, Escrito.digitalizado),
)
#: When papers of a delivery came, or got their images.
_DE_ESCRITOS: Final = (Escrito.recibido, Escrito.completado, Escrito.digitalizado)
AL_LADO: Final = dt.timedelta(hours=1)  #: no act takes so long from its moment to its commit
AUSENTE: Final = "ausente"  #: instead of a field: the document is not in the file any more
_INCORPORADO: Final = frozenset({"Fecha_Incorporacion_Expediente"})
_QUE_ES: Final = frozenset({"Tipologia_Documental", "Origen"})
APORTADO, PRODUCIDO = marked("Documento aportado"), marked("Documento producido en el trámite")
CITADA, EN_PAPEL = marked("Página citada de la entidad"), marked("Formato de atención en papel")


# --- the file -------------------------------------------------------------------------------------
def carpetas(session: Session, claves: Sequence[str], hoy: dt.date) -> dict[str, Carpeta]:
    """Of those that have a number, in whatever procedure; a visit that became no case is no
    file."""
    halladas: dict[str, Carpeta] = {}
    for parte in tandas(list(dict.fromkeys(claves))):
        for f in session.scalars(
            select(CasoRegistrado).where(
                CasoRegistrado.case_key.in_(parte), CasoRegistrado.caso_id.is_(None)
            )
        ):
            cerrado = f.cerrado if f.estado != "abierto" else None
            halladas[f.case_key] = Carpeta(
                f.case_key, f.numero, f.procedimiento, f.abierto, cerrado
            )
        for c in session.scalars(
            select(Caso).where(Caso.case_key.in_(parte), Caso.radicado.is_not(None))
        ):
            cerrado = c.cerrado if c.estado in estados.FINALES else None
            halladas[str(c.case_key)] = Carpeta(
                str(c.case_key), str(c.radicado), "m5_1_02", c.recepcion, cerrado
            )
    suyas = series.de_casos(session, {clave: c.procedimiento for clave, c in halladas.items()}, hoy)
    return {clave: _con_serie(c, suyas.get(clave)) for clave, c in halladas.items()}


def _con_serie(c: Carpeta, s: series.Serie | None) -> Carpeta:
    if s is None:
        return c
    return Carpeta(
        c.case_key, c.numero, c.procedimiento, c.abierto, c.cerrado, s.codigo, s.nombre, s.subserie
    )


def documentos(session: Session, claves: Sequence[str]) -> dict[str, list[Documento]]:
    """Case key → what the records hold of it; the forms are the engine's."""
    hechos: dict[str, list[Documento]] = defaultdict(list)
    for parte in tandas(list(dict.fromkeys(claves))):
        actas = por_acto(session, parte)
        for fuente in (_archivos, _respuestas, _paginas, _papeles):
            for clave, documento in fuente(session, parte, actas):
                hechos[clave].append(documento)
    return hechos


def por_acto(session: Session, claves: Sequence[str]) -> dict[str, str]:
    """Case key → the number of the act that disposed of it."""
    filas = (
        select(ExpedienteEnActa.case_key, ActaEliminacion.numero)
        .join(ActaEliminacion, ActaEliminacion.id == ExpedienteEnActa.acta_id)
        .where(ExpedienteEnActa.estado == ELIMINADO_POR_ACTA, ExpedienteEnActa.case_key.in_(claves))
    )
    return {str(clave): numero for clave, numero in session.execute(filas)}


def _archivos(
    session: Session, claves: Sequence[str], actas: Mapping[str, str]
) -> Iterator[tuple[str, Documento]]:
    filas = session.scalars(
        select(Archivo).where(Archivo.case_key.in_(claves)).order_by(Archivo.id)
    ).all()
    suyos = [f.id for f in filas]
    que_es, foliados, llegaron = (
        _que_es(session, suyos),
        _foliados(session, suyos),
        _llegaron(session, suyos),
    )
    for f in filas:
        clave, foliado = str(f.case_key), foliados.get(f.id)
        escaneado = foliado is not None or que_es.get(f.id) == ESCRITO
        yield (
            clave,
            Documento(
                id=f"archivo-{f.id}",
                nombre=ELIMINADO if f.eliminado is not None else f.nombre,
                tipologia=foliado
                or que_es.get(f.id)
                or (PRODUCIDO if f.tarea is not None else APORTADO),
                declarado=f.subido,
                incorporado=llegaron.get(f.id, f.subido),
                huella=f.sha256,
                funcion=SHA256,
                paginas=f.paginas,
                formato=FORMATOS.get(f.tipo, f.tipo),
                tamano=f.bytes,
                origen=DIGITALIZADO if escaneado else ELECTRONICO,
                por_acto=actas.get(clave, f.eliminado.isoformat())
                if f.eliminado is not None
                else "",
            ),
        )


def _que_es(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """File → what it is, by whatever row names it."""
    hallados: dict[int, str] = {}
    for columna, dicho in _ANEXOS:
        for parte in tandas(ids):
            hallados |= dict.fromkeys(
                session.scalars(select(columna).where(columna.in_(parte))), dicho
            )
    return hallados


def _foliados(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """File → the name of the paper that it is the image of."""
    hallados: dict[int, str] = {}
    for parte in tandas(ids):
        suyos = select(EscritoDocumento.archivo_id, EscritoDocumento.nombre).where(
            EscritoDocumento.archivo_id.in_(parte)
        )
        hallados |= {n: nombre for n, nombre in session.execute(suyos) if n is not None}
    return hallados


def _llegaron(session: Session, ids: Sequence[int]) -> dict[int, dt.datetime]:
    """Of those that came without a case: when they were filed to it."""
    hallados: dict[int, dt.datetime] = {}
    for parte in tandas(ids):
        suyos = select(DocumentoSuelto.archivo_id, DocumentoSuelto.decidido).where(
            DocumentoSuelto.archivo_id.in_(parte)
        )
        hallados |= {n: cuando for n, cuando in session.execute(suyos) if cuando is not None}
    return hallados


def _respuestas(
    session: Session, claves: Sequence[str], actas: Mapping[str, str]
) -> Iterator[tuple[str, Documento]]:
    filas = session.execute(
        select(Caso.case_key, Respuesta)
        .join(Caso, Caso.id == Respuesta.caso_id)
        .where(Caso.case_key.in_(claves))
        .order_by(Respuesta.id)
    )
    for clave, r in filas:
        crudo, acta = r.texto.encode(), actas.get(str(clave), "") if not r.texto else ""
        dicho = RESPUESTAS.get(r.tipo, r.tipo)
        yield (
            str(clave),
            Documento(
                id=f"respuesta-{r.id}",
                nombre=ELIMINADO if acta else dicho,
                tipologia=dicho,
                declarado=r.registrada,
                incorporado=r.enviada or r.registrada,
                huella="" if acta else sha256(crudo),
                funcion=SHA256,
                paginas=1,
                formato=TEXTO,
                tamano=None if acta else len(crudo),
                origen=ELECTRONICO,
                por_acto=acta,
            ),
        )


def _paginas(
    session: Session, claves: Sequence[str], _actas: Mapping[str, str]
) -> Iterator[tuple[str, Documento]]:
    """What the entity's own site says is public: an act does not dispose of it, it may stand in
    other files."""
    filas = session.execute(
        select(PaginaCitada, PaginaCopia)
        .join(PaginaCopia, PaginaCopia.id == PaginaCitada.copia_id)
        .where(PaginaCitada.case_key.in_(claves))
        .order_by(PaginaCitada.id)
    )
    for citada, copia in filas:
        yield (
            citada.case_key,
            Documento(
                id=f"pagina-{citada.id}",
                nombre=copia.titulo or citada.url,
                tipologia=CITADA,
                declarado=citada.citada,
                incorporado=max(copia.traida, citada.citada),
                huella=copia.huella,
                funcion=SHA256,
                paginas=1,
                formato=WEB,
                tamano=copia.tamano,
                origen=ELECTRONICO,
            ),
        )


def _papeles(
    session: Session, claves: Sequence[str], actas: Mapping[str, str]
) -> Iterator[tuple[str, Documento]]:
    """Paper of which there is no image: forms of contingency, and documents that were numbered and
    not digitised."""
    for clave, numeros in papel.de_casos(session, claves).items():
        for n in numeros:
            cuando = n.f.inicio or n.f.digitado
            if cuando is not None:
                yield (
                    clave,
                    _de_papel(
                        f"papel-{n.f.id}", n.nombre, EN_PAPEL, cuando, n.f.digitado or cuando, 1
                    ),
                )
    filas = session.execute(
        select(Escrito.case_key, Escrito.recibido, EscritoDocumento)
        .join(Escrito, Escrito.id == EscritoDocumento.escrito_id)
        .where(Escrito.case_key.in_(claves), EscritoDocumento.archivo_id.is_(None))
        .order_by(EscritoDocumento.id)
    )
    for del_caso, recibido, d in filas:
        folios = d.folio_hasta - d.folio_desde + 1
        acta = actas.get(str(del_caso), "") if not d.nombre else ""
        nombre = ELIMINADO if acta else d.nombre
        yield (
            str(del_caso),
            _de_papel(f"folio-{d.id}", nombre, nombre, recibido, recibido, folios, acta),
        )


def _de_papel(
    id_: str,
    nombre: str,
    tipologia: str,
    declarado: dt.datetime,
    incorporado: dt.datetime,
    folios: int,
    acta: str = "",
) -> Documento:
    return Documento(
        id_, nombre, tipologia, declarado, incorporado, "", "", folios, PAPEL, None, FISICO, acta
    )


# --- the index as it was closed -------------------------------------------------------------------
def versiones(session: Session, case_key: str) -> Sequence[IndiceExpediente]:
    """The latest first."""
    suyas = select(IndiceExpediente).where(IndiceExpediente.case_key == case_key)
    return session.scalars(suyas.order_by(IndiceExpediente.version.desc())).all()


def ultima(session: Session, case_key: str) -> IndiceExpediente | None:
    suyas = select(IndiceExpediente).where(IndiceExpediente.case_key == case_key)
    return session.scalar(suyas.order_by(IndiceExpediente.version.desc()).limit(1))


def ultimas(session: Session, claves: Sequence[str]) -> dict[str, IndiceExpediente]:
    """Case key → the newest version."""
    halladas: dict[str, IndiceExpediente] = {}
    for parte in tandas(claves):
        suyas = (
            select(IndiceExpediente)
            .where(IndiceExpediente.case_key.in_(parte))
            .order_by(IndiceExpediente.version)
        )
        halladas |= {fila.case_key: fila for fila in session.scalars(suyas)}
    return halladas


def una(session: Session, case_key: str, version: int) -> IndiceExpediente | None:
    return session.scalar(
        select(IndiceExpediente).where(
            IndiceExpediente.case_key == case_key, IndiceExpediente.version == version
        )
    )


def contenido(session: Session, fila: IndiceExpediente) -> bytes | None:
    return session.scalar(select(IndiceExpediente.contenido).where(IndiceExpediente.id == fila.id))


def con_contenido(session: Session, case_key: str) -> frozenset[int]:
    """Versions of which the content is still there."""
    suyas = select(IndiceExpediente.version).where(
        IndiceExpediente.case_key == case_key, IndiceExpediente.contenido.is_not(None)
    )
    return frozenset(session.scalars(suyas))


def guardar(
    session: Session,
    case_key: str,
    version: int,
    crudo: bytes,
    hojas: Sequence[Renglon],
    *,
    anterior: str,
    now: dt.datetime,
) -> str:
    """Its hash. IntegrityError: somebody else closed this version at the same time."""
    huella = sha256(crudo)
    session.add(
        IndiceExpediente(
            case_key=case_key,
            version=version,
            hecho=now,
            documentos=len(hojas),
            paginas=paginas(hojas),
            bytes=sum(r.documento.tamano or 0 for r in hojas),
            contenido=crudo,
            huella=huella,
            anterior=anterior,
        )
    )
    session.flush()
    return huella


def exportados(session: Session, case_key: str) -> list[dict[str, Any]]:
    """The versions of a file, oldest first, as an export of its evidence holds them."""
    return [
        {
            "version": f.version,
            "made": f.hecho.isoformat(),
            "hash": f.huella,
            "previous": f.anterior,
            "xml": crudo.decode() if (crudo := contenido(session, f)) is not None else None,
        }
        for f in reversed(versiones(session, case_key))
    ]


def olvidar(session: Session, case_key: str) -> None:
    """Names of files go with their case: of versions before the newest only the hashes stay, each
    named by the next."""
    nueva = (
        select(func.max(IndiceExpediente.version))
        .where(IndiceExpediente.case_key == case_key)
        .scalar_subquery()
    )
    viejas = update(IndiceExpediente).where(
        IndiceExpediente.case_key == case_key, IndiceExpediente.version < nueva
    )
    session.execute(viejas.values(contenido=None).execution_options(synchronize_session=False))


def por_cerrar(
    session: Session, desde: dt.datetime | None, despues: str, limite: int, al_lado: dt.datetime
) -> list[str]:
    """Files that ended and have no index, or that changed since their index was made; in the order
    of their keys, those behind `despues`. `desde`: only what changed since. An index that was made
    since `al_lado` is looked at again: what was begun before it may have been committed after."""
    hecho = select(func.max(IndiceExpediente.hecho))

    def buscar(
        clave: Any,
        cuando: Any,
        consulta: Select[Any] | None = None,
        *mas: ColumnElement[bool],
        sin: bool = False,
    ) -> Select[Any]:
        """Of a file whose index is older than this moment of it; `sin`: that has none either."""
        suyo = (
            hecho.where(IndiceExpediente.case_key == clave)
            .correlate(clave.class_)
            .scalar_subquery()
        )
        viejo = or_(
            suyo <= cuando,
            and_(suyo >= al_lado, cuando >= al_lado),
            *([suyo.is_(None)] if sin else []),
        )
        condiciones = [
            clave > despues,
            cuando.is_not(None),
            viejo,
            *mas,
            *([cuando >= desde] if desde is not None else []),
        ]
        return (consulta if consulta is not None else select(clave)).where(*condiciones)

    de_m5 = (Caso.estado.in_(estados.FINALES), Caso.radicado.is_not(None))
    respuestas = select(Caso.case_key).join(Respuesta, Respuesta.caso_id == Caso.id)
    paginas = select(PaginaCitada.case_key).join(
        PaginaCopia, PaginaCopia.id == PaginaCitada.copia_id
    )
    otros = (CasoRegistrado.caso_id.is_(None), CasoRegistrado.estado != "abierto")
    fuentes = (
        buscar(CasoRegistrado.case_key, CasoRegistrado.cerrado, None, *otros, sin=True),
        buscar(Caso.case_key, Caso.cerrado, None, *de_m5, sin=True),
        buscar(Archivo.case_key, Archivo.subido),
        buscar(Archivo.case_key, Archivo.eliminado),
        buscar(DocumentoSuelto.case_key, DocumentoSuelto.decidido),
        buscar(
            DocumentoDevuelto.case_key,
            DocumentoDevuelto.decidido,
            None,
            DocumentoDevuelto.aprobado.is_(True),
        ),
        buscar(FormatoPapel.case_key, FormatoPapel.digitado),
        buscar(Caso.case_key, Respuesta.registrada, respuestas, *de_m5),
        buscar(Caso.case_key, Respuesta.enviada, respuestas, *de_m5),
        buscar(PaginaCitada.case_key, PaginaCopia.traida, paginas),
        buscar(PaginaCitada.case_key, PaginaCitada.citada),
        # an answer may be told to have left at a time that is past: the state of its case says when
        # that was told
        buscar(
            Caso.case_key,
            CasoEstado.desde,
            select(Caso.case_key).join(CasoEstado, CasoEstado.caso_id == Caso.id),
            *de_m5,
        ),
        *(buscar(Escrito.case_key, cuando) for cuando in _DE_ESCRITOS),
        *(
            buscar(
                Archivo.case_key, cuando, select(Archivo.case_key).join(de.class_, de == Archivo.id)
            )
            for de, cuando in _NOMBRAN
        ),
    )
    juntas = union(*fuentes).subquery()
    return list(session.scalars(select(juntas.c[0]).order_by(juntas.c[0]).limit(limite)))


def cambiados(session: Session, case_key: str, hecho: dt.datetime) -> dict[str, set[str]]:
    """Document → fields of it that acts since the index was made, or beside it, made otherwise, or
    AUSENTE. Hashes, sizes and pages are never among them: whatever `por_cerrar` finds, nothing
    explains another content."""
    hechos: dict[str, set[str]] = defaultdict(set)
    desde = hecho - AL_LADO

    def anotar(clase: str, consulta: Select[Any], que: AbstractSet[str]) -> None:
        for n in session.scalars(consulta):
            hechos[f"{clase}-{n}"] |= que

    devuelto = (
        DocumentoDevuelto.case_key == case_key,
        DocumentoDevuelto.aprobado.is_(True),
        DocumentoDevuelto.decidido >= desde,
    )
    de_devueltos = select(DocumentoSuelto.archivo_id).join(
        DocumentoDevuelto, DocumentoDevuelto.suelto_id == DocumentoSuelto.id
    )
    anotar("archivo", de_devueltos.where(*devuelto), {AUSENTE})
    pasados = select(DocumentoSuelto.archivo_id).where(
        DocumentoSuelto.case_key == case_key, DocumentoSuelto.decidido >= desde
    )
    anotar("archivo", pasados, _INCORPORADO)
    del_caso = select(Caso.id).where(Caso.case_key == case_key)
    dicho = (
        select(CasoEstado.id)
        .where(CasoEstado.caso_id == Respuesta.caso_id, CasoEstado.desde >= desde)
        .exists()
    )
    salieron = (
        Respuesta.caso_id.in_(del_caso),
        Respuesta.enviada.is_not(None),
        or_(Respuesta.enviada >= desde, dicho),
    )
    anotar("respuesta", select(Respuesta.id).where(*salieron), _INCORPORADO)
    for columna, cuando in _NOMBRAN:
        suyos = select(columna).join(Archivo, Archivo.id == columna)
        anotar("archivo", suyos.where(Archivo.case_key == case_key, cuando >= desde), _QUE_ES)
    con_imagen = (
        Escrito.case_key == case_key,
        Escrito.digitalizado >= desde,
        EscritoDocumento.archivo_id.is_not(None),
    )
    anotar(
        "folio",
        select(EscritoDocumento.id)
        .join(Escrito, Escrito.id == EscritoDocumento.escrito_id)
        .where(*con_imagen),
        {AUSENTE},
    )
    imagenes = select(EscritoDocumento.archivo_id).join(
        Escrito, Escrito.id == EscritoDocumento.escrito_id
    )
    anotar("archivo", imagenes.where(*con_imagen), _QUE_ES)
    return hechos


def cuantas(session: Session, case_key: str | None = None) -> int:
    """Versions of indexes; of one case, or of all."""
    todas = select(func.count()).select_from(IndiceExpediente)
    return (
        session.scalar(
            todas if case_key is None else todas.where(IndiceExpediente.case_key == case_key)
        )
        or 0
    )


def con_indice(session: Session, case_key: str | None = None) -> list[str]:
    """Files of which there is an index; of one case, or of all."""
    suyas = select(IndiceExpediente.case_key).distinct().order_by(IndiceExpediente.case_key)
    return list(
        session.scalars(
            suyas if case_key is None else suyas.where(IndiceExpediente.case_key == case_key)
        )
    )
