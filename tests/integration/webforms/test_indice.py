"""The electronic index of a case file: every document in its place, closed with the case, another
version for what comes later, and the first difference named when something is not as it was
closed."""

import datetime as dt
import hashlib
import io
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import orjson
import pytest
import sqlalchemy as sa
from lxml import etree
from pypdf import PdfReader
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from engine.types import StartForm
from records.base.actos import Acto
from records.casos import devueltos
from records.casos.reglas import estados
from records.casos.tablas import Archivo, Caso, CasoEstado, Respuesta
from records.cuentas.tablas import Cuenta
from records.escritos.tablas import DocumentoSuelto, Escrito, EscritoDocumento
from records.expedientes import indices
from records.expedientes.tablas import IndiceExpediente, SerieDocumental
from records.lugares.tablas import Punto
from records.personas.tablas import Persona, Poder
from records.plazos.reglas.calendario import ZONA
from records.visita.tablas import Turno
from tests.kit import files, web as web_kit
from tests.kit.cast import ASESORA, person
from tests.kit.month import World, month
from tests.kit.permit import ASKED, FILES
from tests.kit.web import WebKit, csrf, followed
from verifier import ventanilla_verify as alone
from webforms.comandos.auditoria import audit
from webforms.comandos.evidencia import evidence
from webforms.comandos.retencion import retention
from webforms.comandos.rondas import EnRonda, del_archivo
from webforms.expedientes import indices as base

PDF = files.pdf("Plano", pages=2)
GESTORA = person("gestora", "gestion_documental")
SHA = hashlib.sha256(PDF).hexdigest()


@pytest.fixture
def web(tmp_path: Path, db_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, db_url)
    kit.deploy(FILES)
    yield kit
    kit.engine.db.dispose()


def pedido(web: WebKit) -> str:
    return web.engine.instances.start(
        "permiso", actor=ASESORA, now=web.clock.now(), form=StartForm({**ASKED, "area": 24})
    ).case_key


def adjuntar(web: WebKit, caso: str, crudo: bytes = PDF, nombre: str = "plano.pdf") -> None:
    gestora = web.browser("gestora")
    token = csrf(gestora.get(f"/caso/{caso}").text)
    data = {"csrf_token": token, "archivos": (io.BytesIO(crudo), nombre)}
    assert (
        gestora.post(
            f"/caso/{caso}/documentos", data=data, content_type="multipart/form-data"
        ).status_code
        == 302
    )


def negar(web: WebKit, caso: str) -> None:
    """The case ends."""
    with web.session() as s:
        item = s.scalar(
            sa.text(
                "SELECT w.id FROM work_item w JOIN instance i ON i.id = w.instance_id WHERE i.case_key = :k"
            ),
            {"k": caso},
        )
    web.engine.items.complete(
        item,
        values={"cumple": "no", "concepto": "Le falta el plano"},
        actor=GESTORA,
        now=web.clock.now(),
    )


def cerrado(web: WebKit) -> str:
    """A case with a form, a PDF of two pages and a decision, that ended."""
    caso = pedido(web)
    web.clock.advance(dt.timedelta(minutes=5))
    adjuntar(web, caso)
    web.clock.advance(dt.timedelta(minutes=5))
    negar(web, caso)
    web.clock.advance(dt.timedelta(minutes=5))
    return caso


def _sin_disco() -> OperationalError:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = "SQLITE_IOERR"
    return OperationalError("SELECT", {}, error)


SIN_DISCO = _sin_disco()


def ronda(web: WebKit, turno: base.Turno | None = None) -> int:
    with web.app.app_context():
        return (turno or base.Turno()).ronda(web.clock.now())


def comprobar(web: WebKit, *mas: str) -> tuple[int, str]:
    dicho = web.app.test_cli_runner().invoke(audit, ["verify", *mas])
    return dicho.exit_code, dicho.output


def versiones(web: WebKit, caso: str) -> list[IndiceExpediente]:
    with web.session() as s:
        return list(indices.versiones(s, caso))


def test_each_document_stands_in_its_place_with_its_pages(web: WebKit) -> None:
    caso = cerrado(web)
    respuesta = web.browser("gestora").get(f"/caso/{caso}/indice.xml")
    assert respuesta.mimetype == "application/xml"
    raiz = etree.fromstring(respuesta.data)
    assert raiz.tag == "TipoDocumentoFoliado"
    campos = [{e.tag: e.text for e in d} for d in raiz.findall("DocumentoIndizado")]
    assert [c["Orden_Documento_Expediente"] for c in campos] == ["1", "2", "3"]
    assert [(c["Pagina_Inicio"], c["Pagina_Fin"]) for c in campos] == [
        ("1", "1"),
        ("2", "3"),
        ("4", "4"),
    ]
    assert [c["Tipologia_Documental"] for c in campos] == [
        "Formulario enviado",
        "Documento aportado",
        "Formulario enviado",
    ]
    pide, plano, revisa = campos
    assert (plano["Nombre_Documento"], plano["Valor_Huella"], plano["Funcion_Resumen"]) == (
        "plano.pdf",
        SHA,
        "SHA-256",
    )
    assert (plano["Formato"], plano["Tamano"], plano["Origen"]) == (
        "PDF",
        str(len(PDF)),
        "Electrónico",
    )
    assert pide["Nombre_Documento"] == "Pedir el permiso"
    assert revisa["Funcion_Resumen"] == "SHA-256 con sal"
    with web.engine.db.connect() as c:
        digests = [
            bytes(d).hex()
            for d in c.scalars(
                sa.text("SELECT digest FROM journal WHERE digest IS NOT NULL ORDER BY rev")
            )
        ]
    assert [pide["Valor_Huella"], revisa["Valor_Huella"]] == digests
    assert (
        pide["Fecha_Incorporacion_Expediente"]
        == (web.clock.now() - dt.timedelta(minutes=15)).astimezone(ZONA).isoformat()
    )
    cabeza = {etree.QName(e).localname: e.text for e in raiz[0]}
    assert (cabeza["Expediente"], cabeza["Documentos"], cabeza["Paginas"], cabeza["Version"]) == (
        "PEP-2026-00001",
        "3",
        "4",
        "0",
    )
    assert (
        cabeza["Fecha_Cierre"]
        == (web.clock.now() - dt.timedelta(minutes=5)).astimezone(ZONA).isoformat()
    )


def test_the_index_on_paper_says_the_same(web: WebKit) -> None:
    caso = cerrado(web)
    ronda(web)
    crudo = web.browser("gestora").get(f"/caso/{caso}/indice.pdf").data
    plano = "".join(
        "".join(hoja.extract_text() for hoja in PdfReader(io.BytesIO(crudo)).pages).split()
    )
    for dicho in (
        "PEP-2026-00001",
        "2. plano.pdf",
        "páginas 2 a 3",
        SHA,
        versiones(web, caso)[0].huella,
    ):
        assert "".join(dicho.split()) in plano
    assert ("páginas1a1" in plano, "página1·" in plano) == (False, True)


def test_the_index_is_closed_with_the_case_and_what_comes_later_makes_another_version(
    web: WebKit,
) -> None:
    abierto, caso, turno = pedido(web), cerrado(web), base.Turno()
    assert ronda(web, turno) == 1
    assert ronda(web, turno) == 0
    assert versiones(web, abierto) == []
    (primera,) = versiones(web, caso)
    crudo = web.browser("gestora").get(f"/caso/{caso}/indice/1.xml").data
    assert (
        hashlib.sha256(crudo).hexdigest(),
        primera.documentos,
        primera.paginas,
        primera.anterior,
    ) == (primera.huella, 3, 4, "")
    pagina = followed(web.browser("gestora").get(f"/caso/{caso}/indice").text)
    assert "Comprobado ahora" in pagina
    assert primera.huella in pagina
    assert "Ninguna serie gobierna todavía sus expedientes" in pagina
    with web.engine.db.connect() as c:
        (detalle,) = c.scalars(sa.text("SELECT detail FROM access WHERE kind = 'indice_cerrado'"))
    assert primera.huella in str(detalle)

    web.clock.advance(dt.timedelta(days=30))
    adjuntar(web, caso, files.pdf("Acuse"), "acuse.pdf")
    assert (
        "Después se incorporó 1 documento"
        in web.browser("gestora").get(f"/caso/{caso}/indice").text
    )
    web.clock.advance(dt.timedelta(minutes=1))
    assert ronda(web, turno) == 1
    segunda, primera = versiones(web, caso)
    assert (segunda.version, segunda.documentos, segunda.paginas, segunda.anterior) == (
        2,
        4,
        5,
        primera.huella,
    )
    assert ronda(web, turno) == ronda(web) == 0
    codigo, dicho = comprobar(web)
    assert codigo == 0, dicho
    assert "2 índices electrónicos, contra lo que hay en cada expediente" in dicho
    assert comprobar(web, "--caso", caso)[0] == 0


def _otro_contenido(s: Session, _caso: str) -> None:
    fila = s.scalars(sa.select(IndiceExpediente)).one()
    fila.contenido = (indices.contenido(s, fila) or b"").replace(b"plano.pdf", b"plana.pdf")


def _otra_huella(s: Session, caso: str) -> None:
    """Whoever rewrites the index makes its hash anew, too: the access chain remembers the first
    one."""
    _otro_contenido(s, caso)
    s.flush()
    fila = s.scalars(sa.select(IndiceExpediente)).one()
    fila.huella = hashlib.sha256(indices.contenido(s, fila) or b"").hexdigest()


def _otro_archivo(s: Session, _caso: str) -> None:
    s.scalars(sa.select(Archivo)).one().sha256 = "0" * 64


def _menos_paginas(s: Session, _caso: str) -> None:
    s.scalars(sa.select(Archivo)).one().paginas = 1


def _de_otro_caso(s: Session, _caso: str) -> None:
    s.scalars(sa.select(Archivo)).one().case_key = "otro"


def _sin_contenido(s: Session, _caso: str) -> None:
    s.execute(sa.update(IndiceExpediente).values(contenido=None))


@pytest.mark.parametrize(
    ("cambia", "dice"),
    [
        (_otro_contenido, "la versión 1 no tiene la huella con que se cerró"),
        (_otra_huella, "la versión 1 no es la que nombra la cadena de accesos"),
        (_otro_archivo, "el documento 2, «plano.pdf», tiene otro valor en Valor_Huella"),
        (_menos_paginas, "el documento 2, «plano.pdf», tiene otro valor en Pagina_Fin"),
        (_de_otro_caso, "el documento 2, «plano.pdf», ya no está"),
        (_sin_contenido, "la versión 1 está vacía"),
    ],
)
def test_what_is_not_as_it_was_closed_is_named(
    web: WebKit, cambia: Callable[[Session, str], None], dice: str
) -> None:
    caso = cerrado(web)
    ronda(web)
    with web.session() as s, s.begin():
        cambia(s, caso)
    codigo, dicho = comprobar(web)
    assert codigo == 1
    assert f"índice del expediente PEP-2026-00001: {dice}" in dicho
    assert dice in followed(web.browser("gestora").get(f"/caso/{caso}/indice").text)


def _devuelto(s: Session, caso: str, now: dt.datetime) -> None:
    """Filed from «Sin caso», and taken back by two persons."""
    suelto = s.scalars(sa.select(DocumentoSuelto).where(DocumentoSuelto.case_key == caso)).one()
    devueltos.pedir(s, suelto.id, "Es de otro", Acto("gestora", now))
    devueltos.decidir(s, suelto.id, "", Acto("coordinador", now), aprueba=True)


def _es_poder(s: Session, caso: str, now: dt.datetime) -> None:
    """A file that was attached is shown as a power of attorney later."""
    de, por = (
        Persona(tipo_doc="CC", num_doc=f"99{n}", nombre="X", calidad="beneficiario", creada=now)
        for n in range(2)
    )
    s.add_all([de, por])
    s.flush()
    archivo = s.scalars(sa.select(Archivo.id).where(Archivo.case_key == caso)).one()
    s.add(Poder(titular_id=de.id, apoderado_id=por.id, notaria="1", numero="2", fecha=now.date(), archivo_id=archivo, estado="valido",
                registrado=now, registrado_por="gestora", case_key=caso))  # fmt: skip
    s.flush()


def _con_imagen(s: Session, caso: str, now: dt.datetime) -> None:
    """A paper without an image got it, and it is the file that was attached."""
    archivo = s.scalars(sa.select(Archivo.id).where(Archivo.case_key == caso)).one()
    s.scalars(sa.select(EscritoDocumento)).one().archivo_id = archivo
    s.scalars(sa.select(Escrito)).one().digitalizado = now
    s.flush()


def _llega_suelto(s: Session, caso: str, now: dt.datetime) -> None:
    archivo = s.scalars(sa.select(Archivo.id).where(Archivo.case_key == caso)).one()
    s.add(DocumentoSuelto(archivo_id=archivo, remitente="Ana", asunto="", canal="correo", llego=now.date(), recibido=now,
                          recibido_por="gestora", destino="caso", case_key=caso, decidido=now, decidido_por="gestora"))  # fmt: skip


def _llega_papel(s: Session, caso: str, now: dt.datetime) -> None:
    punto = Punto(codigo="P6", nombre="P6", ciudad="Cali", dane="76001", modo_fila="manual", hora_apertura=dt.time(8),
                  hora_cierre=dt.time(16))  # fmt: skip
    s.add(punto)
    s.flush()
    turno = Turno(
        punto_id="P6",
        fecha=now.date(),
        estado="cerrado",
        llegada=now,
        creado=now,
        motivo_visita="tramite",
        origen="asesor",
    )
    s.add(turno)
    s.flush()
    escrito = Escrito(
        turno_id=turno.id,
        punto_id="P6",
        folios=1,
        asunto="",
        recibido=now,
        recibido_por="gestora",
        case_key=caso,
    )
    s.add(escrito)
    s.flush()
    s.add(
        EscritoDocumento(
            escrito_id=escrito.id,
            n=1,
            nombre="Carta",
            folio_desde=1,
            folio_hasta=1,
            soporte="original",
        )
    )


@pytest.mark.parametrize(
    "pasa", [dt.timedelta(days=3), dt.timedelta(seconds=-1)], ids=["later", "committed beside it"]
)
@pytest.mark.parametrize(
    ("antes", "hace", "dice"),
    [
        (_llega_suelto, _devuelto, "el documento 2, «plano.pdf», ya no está"),
        (None, _es_poder, "el documento 2, «plano.pdf», tiene otro valor en Tipologia_Documental"),
        (_llega_papel, _con_imagen, "el documento 2, «plano.pdf», tiene otro valor en Origen"),
    ],
)
def test_what_an_act_made_otherwise_waits_for_its_version_and_is_no_fault(
    web: WebKit,
    antes: Callable[[Session, str, dt.datetime], None] | None,
    hace: Callable[[Session, str, dt.datetime], None],
    dice: str,
    pasa: dt.timedelta,
) -> None:
    caso, turno = pedido(web), base.Turno()
    web.clock.advance(dt.timedelta(minutes=5))
    adjuntar(web, caso)
    with web.session() as s, s.begin():
        if antes is not None:
            antes(s, caso, web.clock.now())
    web.clock.advance(dt.timedelta(minutes=5))
    negar(web, caso)
    web.clock.advance(dt.timedelta(minutes=5))
    assert ronda(web, turno) == 1
    assert comprobar(web)[0] == 0
    if pasa > dt.timedelta():
        web.clock.advance(pasa)
    with web.session() as s, s.begin():
        hace(s, caso, web.clock.now() + min(pasa, dt.timedelta()))
    codigo, dicho = comprobar(web)
    assert (
        codigo,
        f"Espera su próxima versión: índice del expediente PEP-2026-00001: {dice}" in dicho,
    ) == (0, True), dicho
    pagina = followed(web.browser("gestora").get(f"/caso/{caso}/indice").text)
    assert "Espera su próxima versión." in pagina
    assert "Comprobado ahora" not in pagina
    assert "No está como se cerró" not in pagina
    web.clock.advance(dt.timedelta(minutes=1))
    assert ronda(web, turno) == 1
    assert "Comprobado ahora" in followed(web.browser("gestora").get(f"/caso/{caso}/indice").text)
    codigo, dicho = comprobar(web)
    assert (codigo, "Espera su próxima" in dicho) == (0, False), dicho


def test_an_act_explains_no_other_content(web: WebKit) -> None:
    caso = cerrado(web)
    ronda(web)
    web.clock.advance(dt.timedelta(days=1))
    with web.session() as s, s.begin():
        _es_poder(s, caso, web.clock.now())
        s.scalars(sa.select(Archivo)).one().paginas = 1
    codigo, dicho = comprobar(web)
    assert (codigo, "tiene otro valor en Pagina_Fin" in dicho) == (1, True), dicho


def test_a_version_that_the_access_chain_does_not_name_is_named(web: WebKit) -> None:
    caso = cerrado(web)
    ronda(web)
    (primera,) = versiones(web, caso)
    with web.app.app_context(), web.session() as s, s.begin():
        hojas, c = base.renglones(s, caso), base.carpeta(s, caso, web.clock.now())
        assert c is not None
        crudo = base.en_xml(c, hojas, version=2, anterior=primera.huella, now=web.clock.now())
        indices.guardar(s, caso, 2, crudo, hojas, anterior=primera.huella, now=web.clock.now())
    codigo, dicho = comprobar(web)
    assert (codigo, "la versión 2 no está en la cadena de accesos" in dicho) == (1, True), dicho


def test_no_version_stands_without_its_entry(web: WebKit, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process ends between the two."""
    caso = cerrado(web)
    with monkeypatch.context() as m:
        m.setattr(type(web.engine), "log_access_in", Mock(side_effect=SystemExit))
        m.setattr(type(web.engine), "log_access", Mock(side_effect=SystemExit))
        with pytest.raises(SystemExit):
            ronda(web)
    assert versiones(web, caso) == []
    assert ronda(web) == 1
    assert comprobar(web)[0] == 0


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with month(tmp_path_factory.mktemp("indice")) as made:
        yield made


def test_who_reads_english_reads_each_step_so_and_the_index_stays_as_it_is_filed(
    world: World,
) -> None:
    with Session(world.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        suyos = (
            sa.select(Caso.case_key)
            .where(Caso.radicado.is_not(None), Caso.case_key.is_not(None))
            .order_by(Caso.id)
            .limit(1)
        )
        caso = s.scalars(suyos).one()
        coordina = world.by_role["coordinador_gau"]
        s.execute(sa.update(Cuenta).where(Cuenta.usuario == coordina).values(idioma="en"))
    pagina = followed(world.person(coordina).get(f"/caso/{caso}/indice").text)
    assert "5.2.1 Take a ticket or stand in the queue<br>" in pagina
    assert "Tomar ficha" not in pagina
    for dicho in ("Name of the document", "Format and size", "<dt>Opened</dt>", "<dt>Closed</dt>"):
        assert dicho in pagina
    assert (
        "<Nombre_Documento>5.2.1 Tomar ficha o hacer la fila</Nombre_Documento>"
        in world.person(coordina).get(f"/caso/{caso}/indice.xml").text
    )


@pytest.mark.parametrize("atras", [dt.timedelta(0), dt.timedelta(days=30)])
def test_an_answer_that_leaves_later_waits_for_its_version(
    world: World, atras: dt.timedelta
) -> None:
    """`atras`: on paper, when it had left is told later; the state of its case says when."""
    world.clock.advance(dt.timedelta(minutes=1))
    turno = base.Turno()
    with world.app.app_context():
        turno.ronda(world.clock.now())
    world.clock.advance(dt.timedelta(days=2))
    now = world.clock.now()
    with Session(world.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        suya = (
            sa.select(Respuesta, Caso)
            .join(Caso, Caso.id == Respuesta.caso_id)
            .where(Caso.estado.in_(estados.FINALES))
        )
        respuesta, caso = s.execute(suya.limit(1)).one()
        respuesta.enviada, clave = now - atras, str(caso.case_key)
        s.add(CasoEstado(caso_id=caso.id, estado=caso.estado, desde=now, actor_id="gestora"))
    with world.app.app_context(), world.engine.uow.reading() as s:
        visto = base.verificar(s, clave)
    assert (visto.faltas, len(visto.esperan)) == ((), 1)
    world.clock.advance(dt.timedelta(minutes=1))
    with world.app.app_context():
        assert turno.ronda(world.clock.now()) == 1
        with world.engine.uow.reading() as s:
            visto = base.verificar(s, clave)
    assert (visto.faltas, visto.esperan) == ((), ())


def test_no_file_is_walked_past_that_failed_while_the_database_was_away_or_for_a_fault_of_its_own(
    web: WebKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    casos, turno = sorted(cerrado(web) for _ in range(3)), base.Turno()
    suyo, fallan = base.cerrar, {casos[0]: ValueError("no"), casos[1]: SIN_DISCO}

    def cerrar(clave: str, now: dt.datetime) -> str:
        if clave in fallan:
            raise fallan[clave]
        return suyo(clave, now)

    monkeypatch.setattr(base, "cerrar", cerrar)
    web.clock.advance(dt.timedelta(minutes=1))
    with pytest.raises(OperationalError):
        ronda(web, turno)
    del fallan[casos[1]]
    assert ronda(web, turno) == 2
    web.clock.advance(dt.timedelta(days=1))
    assert ronda(web, turno) == 0
    fallan.clear()
    web.clock.advance(dt.timedelta(days=1))
    assert ronda(web, turno) == 1, (
        "it changed long before this sweep looks, and is closed all the same"
    )
    assert [len(versiones(web, caso)) for caso in casos] == [1, 1, 1]


def test_a_name_with_signs_that_xml_cannot_hold_is_no_difference(web: WebKit) -> None:
    caso = pedido(web)
    adjuntar(web, caso)
    with web.session() as s, s.begin():
        s.scalars(sa.select(Archivo)).one().nombre = "pla\x0bno\u200b\u00a0de\ud7ff \U0001f4c4.pdf"
    negar(web, caso)
    web.clock.advance(dt.timedelta(minutes=1))
    assert ronda(web) == 1
    assert ronda(web) == 0
    assert "Comprobado ahora" in web.browser("gestora").get(f"/caso/{caso}/indice").text
    assert comprobar(web)[0] == 0


def test_what_retention_erases_is_marked_with_its_act_and_keeps_its_hash(web: WebKit) -> None:
    caso = cerrado(web)
    ronda(web)
    antes = etree.fromstring(web.browser("gestora").get(f"/caso/{caso}/indice/1.xml").data)
    web.clock.advance(dt.timedelta(days=1))
    hecho = web.app.test_cli_runner().invoke(retention, ["--apply", "--forms", "0"])
    assert hecho.exit_code == 0, hecho.output
    segunda, _primera = versiones(web, caso)
    ahora = etree.fromstring(web.browser("gestora").get(f"/caso/{caso}/indice/2.xml").data)
    for campo in ("Valor_Huella", "Tamano", "Pagina_Inicio", "Nombre_Documento"):
        assert [e.text for e in ahora.iter(campo)] == [e.text for e in antes.iter(campo)]
    eliminados = [e.text for e in ahora.iter("{urn:ventanilla:indice-electronico:1}Eliminado")]
    with web.engine.db.connect() as c:
        acto = c.scalar(sa.text("SELECT rev FROM journal WHERE kind = 'erase'"))
    assert eliminados == [str(acto)] * 2
    assert segunda.documentos == 3
    assert f"Eliminado por el acto {acto}" in followed(
        web.browser("gestora").get(f"/caso/{caso}/indice").text
    )
    assert comprobar(web)[0] == 0


def test_files_of_a_series_lose_nothing_to_retention(web: WebKit) -> None:
    cerrado(web)
    with web.session() as s, s.begin():
        s.add(SerieDocumental(codigo="PER", nombre="Permisos", subserie="De ocupación", procedimiento="permiso", gestion=0, central=0,
                              disposicion="conservar", gobierna="expedientes", vigente_desde=dt.date(2026, 1, 1)))  # fmt: skip
    web.clock.advance(dt.timedelta(days=1))
    hecho = web.app.test_cli_runner().invoke(retention, ["--apply", "--forms", "0"])
    assert hecho.exit_code == 0, hecho.output
    with web.engine.db.connect() as c:
        assert (
            c.scalar(sa.text("SELECT count(*) FROM submission WHERE form_values IS NOT NULL")) == 2
        )


def test_who_may_not_open_the_case_gets_neither_page_nor_file(web: WebKit) -> None:
    caso = cerrado(web)
    ronda(web)
    for ruta in ("indice", "indice.xml", "indice.pdf", "indice/1.xml"):
        assert web.browser("funcionaria").get(f"/caso/{caso}/{ruta}").status_code == 404
    assert web.browser("gestora").get(f"/caso/{caso}/indice/7.xml").status_code == 404


def test_the_evidence_of_a_case_brings_its_index_and_the_program_outside_compares_it(
    web: WebKit, tmp_path: Path
) -> None:
    caso = cerrado(web)
    ronda(web)
    adjuntar(web, caso, files.pdf("Acuse"), "acuse.pdf")
    web.clock.advance(dt.timedelta(minutes=1))
    ronda(web)
    destino = tmp_path / "caso.json"
    hecho = web.app.test_cli_runner().invoke(evidence, ["export", caso, "--to", str(destino)])
    assert hecho.exit_code == 0, hecho.output
    sacado = orjson.loads(destino.read_bytes())
    assert [(i["version"], i["hash"], i["previous"]) for i in sacado["indexes"]] == [
        (v.version, v.huella, v.anterior) for v in versiones(web, caso)[::-1]
    ]

    def faltas(**cambios: object) -> list[tuple[str, str]]:
        otro = orjson.loads(orjson.dumps(sacado))
        otro["indexes"][-1] |= cambios
        return [(f.where, f.what) for f in alone.verify(otro, [])[1] if f.where.startswith("index")]

    ultimo = sacado["indexes"][-1]["xml"]
    assert faltas() == []
    assert alone.verify(sacado, [])[0].indexes == 2
    # made anew with its hash: outside nothing tells, and it says so
    todo = ultimo.replace("acuse.pdf", "otro.pdf")
    assert faltas(xml=todo, hash=hashlib.sha256(todo.encode()).hexdigest()) == []
    assert "no signature reaches" in alone.INDEXES[0]
    assert faltas(xml=ultimo.replace("acuse.pdf", "otro.pdf")) == [("index 2", "edited")]
    assert faltas(previous="") == faltas(version=3) == faltas(xml=None) == [("index 2", "missing")]
    pide = next(
        d
        for d in etree.fromstring(ultimo.encode())
        if d.findtext("Nombre_Documento") == "Pedir el permiso"
    )
    mentido = ultimo.replace(str(pide.findtext("Valor_Huella")), "f" * 64)
    assert faltas(xml=mentido, hash=hashlib.sha256(mentido.encode()).hexdigest()) == [
        ("index 2, form 1", "document")
    ]


def test_the_worker_closes_indexes_by_itself(web: WebKit) -> None:
    caso = cerrado(web)
    alto = threading.Event()
    ronda = replace(del_archivo(), espera=0.01)
    archivo = EnRonda(ronda, web.app.app_context, web.clock, alto)
    archivo.start()
    for _vez in range(400):
        if versiones(web, caso):
            break
        alto.wait(0.05)
    alto.set()
    archivo.join(10)
    assert ([v.version for v in versiones(web, caso)], archivo.is_alive()) == ([1], False)
