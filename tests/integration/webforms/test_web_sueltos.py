"""Documents that belong to no case yet: received, seen as pictures, filed to a case by its number
with a reason, or put aside."""

import io
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from engine import reads
from engine.reads.verification import verify
from records.casos import registro
from records.casos.tablas import Archivo, CasoRegistrado
from records.correo.tablas import Aviso, CartaDevuelta
from records.escritos.tablas import DocumentoSuelto
from tests.kit import diagrams as m, files, web as web_kit
from tests.kit.clock import NOW
from tests.kit.web import WebKit, csrf, followed


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebKit]:
    carpeta = tmp_path_factory.mktemp("sueltos")
    kit = web_kit.build(carpeta, f"sqlite:///{carpeta / 'v.db'}")
    nodos = m.start("ini") + m.user("a", fields="uno") + m.end("fin") + m.flows("ini > a > fin")
    carril = m.lane("l1", "asesor", "punto_id", "ini", "a", "fin")
    kit.deploy(
        {"visita.bpmn": m.model(m.process("visita", nodos, lanes=carril, variables="punto_id"))}
    )
    yield kit
    kit.engine.db.dispose()


@pytest.fixture(scope="module")
def caso(web: WebKit) -> str:
    """A case of another procedure, with its number."""
    with web.engine.uow.reading() as session:
        clave = reads.items.item(session, web.begin("visita", {"punto_id": "BOG-AGU"})).case_key
    with web.session() as s, s.begin():
        de = {"procedimiento": "visita", "canal": "persona", "estado": "abierto", "abierto": NOW}
        s.add(CasoRegistrado(case_key=clave, numero="PEP-2026-00317", **de))
    return clave


def recibir(documental: FlaskClient, nombre: str = "oficio.pdf", **mas: object) -> tuple[int, str]:
    pagina = documental.get("/radicacion/sueltos").text
    datos = {
        "remitente": "Alcaldía",
        "asunto": "Responde a su oficio",
        "canal": "mensajeria",
        "llego": "",
        "csrf_token": csrf(pagina),
    }
    archivos = {"archivos": (io.BytesIO(files.pdf("Oficio 41")), nombre)} if nombre else {}
    hecho = documental.post(
        "/radicacion/sueltos", data=datos | mas | archivos, content_type="multipart/form-data"
    )
    return hecho.status_code, followed(hecho.text)


def ultimo(web: WebKit) -> DocumentoSuelto:
    with web.session() as s:
        return s.scalars(
            sa.select(DocumentoSuelto).order_by(DocumentoSuelto.id.desc())
        ).first() or pytest.fail("none")


def decidir(documental: FlaskClient, suelto_id: int, acto: str, **datos: str) -> tuple[int, str]:
    pagina = documental.get(f"/radicacion/sueltos/{suelto_id}").text
    hecho = documental.post(
        f"/radicacion/sueltos/{suelto_id}/{acto}", data=datos | {"csrf_token": csrf(pagina)}
    )
    return hecho.status_code, followed(hecho.text)


def test_it_is_received_seen_and_filed_to_a_case_by_its_number(web: WebKit, caso: str) -> None:
    documental = web.browser("gestora")
    assert "Ningún documento espera su caso" in documental.get("/radicacion/sueltos").text
    assert recibir(documental)[0] == 302
    suelto = ultimo(web)
    assert "Responde a su oficio" in documental.get("/radicacion/sueltos").text
    assert 'Sin caso <span class="conteo">1</span>' in followed(documental.get("/radicacion").text)
    imagen = documental.get(f"/radicacion/sueltos/{suelto.id}/imagen")
    assert (imagen.status_code, imagen.mimetype) == (200, "image/jpeg")
    assert "sandbox" in imagen.headers["Content-Security-Policy"]
    for numero, motivo, dice in (
        ("PEP-2026-99999", "Es la respuesta", "Ningún caso tiene ese número"),
        ("", "Es la respuesta", "Ningún caso tiene ese número"),
        ("PEP-2026-00317", "ya", "Escriba el motivo"),
    ):
        codigo, pagina = decidir(documental, suelto.id, "caso", numero=numero, motivo=motivo)
        assert (codigo, dice in pagina) == (422, True)
    datos = {"numero": " pep-2026-00317", "motivo": "Cita el número en su asunto"}
    # the first press says which case it is
    codigo, pagina = decidir(documental, suelto.id, "caso", **datos)
    assert (
        codigo,
        "revise que sea este caso" in pagina,
        "Sí, pasar al caso PEP-2026-00317" in pagina,
    ) == (200, True, True)
    assert (
        'value="Cita el número en su asunto"' in pagina,
        "Ya está cerrado" in pagina,
        ultimo(web).destino,
    ) == (True, False, None)
    assert decidir(documental, suelto.id, "caso", **datos, es="PEP-2026-00316")[0] == 200
    assert decidir(documental, suelto.id, "caso", **datos, es="PEP-2026-00317")[0] == 302
    hecho = ultimo(web)
    assert (hecho.destino, hecho.case_key, hecho.decidido_por) == ("caso", caso, "gestora")
    with web.session() as s:
        assert (
            s.scalars(sa.select(Archivo.case_key).where(Archivo.id == hecho.archivo_id)).one()
            == caso
        )
    del_caso = followed(web.browser("coordinador").get(f"/caso/{caso}").text)
    assert "oficio.pdf" in del_caso
    assert "Cita el número en su asunto" in del_caso
    assert documental.get(f"/radicacion/sueltos/{hecho.id}").status_code == 302  # to its case
    assert documental.get(f"/radicacion/sueltos/{hecho.id}/imagen").status_code == 404
    vistas = web.accesses().count(("documento_suelto_visto", "gestora", f"suelto/{hecho.id}"))
    for acto in ("caso", "apartar"):  # nothing of it is shown here any more
        token = csrf(documental.get("/radicacion/sueltos").text)
        assert (
            documental.post(
                f"/radicacion/sueltos/{hecho.id}/{acto}", data={"csrf_token": token}
            ).status_code
            == 302
        )
    assert (
        web.accesses().count(("documento_suelto_visto", "gestora", f"suelto/{hecho.id}")) == vistas
    )


def test_one_filed_to_the_wrong_case_is_taken_back_by_two_people_and_its_old_place_stays_told(
    web: WebKit, caso: str
) -> None:
    documental, jefe = web.browser("gestora"), web.browser("admin")
    recibir(documental, "errado.pdf", asunto="De otro caso")
    uno = ultimo(web).id
    datos = {"numero": "PEP-2026-00317", "motivo": "Parecía de él", "es": "PEP-2026-00317"}
    assert decidir(documental, uno, "caso", **datos)[0] == 302

    def pedir(quien: FlaskClient, acto: str, **mas: str) -> tuple[int, str]:
        token = csrf(quien.get(f"/radicacion/sueltos/{uno}/vuelta").text)
        hecho = quien.post(
            f"/radicacion/sueltos/{uno}/vuelta{acto}", data={"csrf_token": token, **mas}
        )
        return hecho.status_code, followed(hecho.text)

    web.open_with_reason("admin", caso)
    assert "No es de este caso…" in jefe.get(f"/caso/{caso}").text
    assert f"/radicacion/sueltos/{uno}/vuelta" in documental.get("/radicacion/sueltos").text
    assert pedir(documental, "", motivo="x")[0] == 422
    assert pedir(documental, "", motivo="Es del 318, lo dice el sello")[0] == 302
    assert (
        "ya se pidió" in pedir(documental, "", motivo="Es del 318, lo dice el sello")[1].casefold()
    )
    assert "Por decidir si salen de su caso" in documental.get("/radicacion/sueltos").text
    codigo, pagina = pedir(documental, "/decidir", decide="sacar", motivo="Yo mismo lo saco")
    assert (codigo, "alguien distinto de quien lo pidió" in pagina) == (422, True)
    # who asked may let it be
    assert pedir(documental, "/decidir", decide="dejar", motivo="Lo pensé mejor")[0] == 302
    assert pedir(documental, "", motivo="Ahora sí, es del 318")[0] == 302
    assert pedir(jefe, "/decidir", motivo="Lo revisé")[0] == 422
    token = csrf(jefe.get(f"/radicacion/sueltos/{uno}/vuelta").text)
    decide = {"csrf_token": token, "decide": "sacar", "motivo": "El sello dice 318"}
    decidido = jefe.post(f"/radicacion/sueltos/{uno}/vuelta/decidir", data=decide)
    assert decidido.status_code == 302
    # where it leads is a page of whoever decided
    assert "salió del caso" in followed(jefe.get(decidido.location).text)
    hecho = ultimo(web)
    assert (hecho.destino, hecho.case_key, hecho.motivo) == (None, None, None)
    del_caso = followed(web.browser("coordinador").get(f"/caso/{caso}").text)
    assert "Estuvieron aquí y no eran de este caso" in del_caso
    assert "Sale de este caso «errado.pdf»" in del_caso  # in its notes, whose chain holds
    with web.session() as s:
        assert (
            s.scalars(sa.select(Archivo.case_key).where(Archivo.id == hecho.archivo_id)).one()
            is None
        )
    with web.engine.uow.reading() as session:
        assert not verify(session, caso).faults
    for otra in (
        jefe.post(f"/radicacion/sueltos/{uno}/vuelta/decidir", data=decide),
        documental.get(f"/radicacion/sueltos/{uno}/vuelta"),
    ):
        assert otra.status_code == 302  # a second press, and a page that was open since before
    assert "Ya estaba decidido: Alba Ruiz lo sacó del caso" in followed(
        documental.get(otra.location).text
    )
    assert decidir(documental, uno, "apartar", por_que="Se mandó al 318")[0] == 302


def test_a_look_is_recorded_by_the_picture_alone_and_by_a_page_that_says_a_fault(
    web: WebKit,
) -> None:
    documental = web.browser("gestora")
    recibir(documental, "solo.pdf", asunto="Se mira por su imagen")
    mirada = ("documento_suelto_visto", "gestora", f"suelto/{ultimo(web).id}")
    assert mirada not in web.accesses()
    documental.get(f"/radicacion/sueltos/{ultimo(web).id}/imagen")
    assert web.accesses().count(mirada) == 1
    token = csrf(documental.get("/radicacion/sueltos").text)
    documental.post(
        f"/radicacion/sueltos/{ultimo(web).id}/apartar", data={"por_que": "x", "csrf_token": token}
    )
    assert web.accesses().count(mirada) == 2
    assert decidir(documental, ultimo(web).id, "apartar", por_que="Solo se miraba")[0] == 302


def test_the_same_file_of_the_same_sender_and_day_waits_once(web: WebKit) -> None:
    documental = web.browser("gestora")
    assert recibir(documental, "dos.pdf", remitente="Notaría 3")[0] == 302
    uno = ultimo(web).id
    codigo, pagina = recibir(documental, "dos.pdf", remitente="Notaría 3")
    assert (codigo, "«dos.pdf» ya se recibió" in pagina, ultimo(web).id) == (422, True, uno)
    assert decidir(documental, uno, "apartar", por_que="Se recibió una vez")[0] == 302


def test_a_closed_case_is_said_so_before_and_an_annulled_number_takes_nothing(
    web: WebKit, caso: str
) -> None:
    documental = web.browser("gestora")
    recibir(documental, "tarde.pdf", asunto="Llega tarde")
    datos = {"numero": "PEP-2026-00317", "motivo": "Cita el número"}
    pasos = (
        ("terminado", "", "Ya está cerrado"),
        ("numero_anulado", "PEP-2026-00317", "está anulado"),
        ("abierto", "", "revise"),
    )
    for estado, es, dice in pasos:
        with web.session() as s, s.begin():
            s.execute(
                sa.update(CasoRegistrado)
                .where(CasoRegistrado.case_key == caso)
                .values(estado=estado)
            )
        assert dice in decidir(documental, ultimo(web).id, "caso", **datos, es=es)[1]
    assert ultimo(web).destino is None
    assert decidir(documental, ultimo(web).id, "apartar", por_que="No es de él")[0] == 302


def test_one_that_is_of_no_case_is_put_aside_with_the_reason_and_stays(web: WebKit) -> None:
    documental = web.browser("gestora")
    recibir(documental, "volante.pdf", asunto="Publicidad")
    suelto = ultimo(web)
    assert decidir(documental, suelto.id, "apartar", por_que="x")[0] == 422
    pagina = documental.get(f"/radicacion/sueltos/{suelto.id}").text
    for _clic in range(2):  # twice, or two people at once: one decides
        datos = {"por_que": "Es publicidad de una universidad", "csrf_token": csrf(pagina)}
        assert (
            documental.post(f"/radicacion/sueltos/{suelto.id}/apartar", data=datos).status_code
            == 302
        )
    assert "Otra persona ya decidió" in documental.get("/radicacion/sueltos").text
    assert (
        "Es publicidad de una universidad"
        in documental.get(f"/radicacion/sueltos/{suelto.id}").text
    )


def test_what_is_forgotten_of_a_case_takes_the_sender_and_the_note_of_a_letter_that_came_back(
    web: WebKit, caso: str
) -> None:
    documental = web.browser("gestora")
    recibir(documental, "viejo.pdf", remitente="Pedro Pérez", asunto="De hace años")
    with web.session() as s:  # never committed
        fila = s.get_one(DocumentoSuelto, ultimo(web).id)
        fila.destino, fila.case_key, fila.motivo = "caso", caso, "Es de Pedro Pérez"
        aviso = Aviso(
            clave="vieja",
            case_key=caso,
            tipo="respuesta",
            para="Calle 1",
            asunto="Respuesta",
            texto="Sí",
            creado=NOW,
        )
        s.add(aviso)
        s.flush()
        carta = CartaDevuelta(
            aviso_id=aviso.id,
            causa="otra",
            nota="La abrió Pedro",
            entregada=NOW,
            cuando=NOW,
            por="gestora",
        )
        s.add(carta)
        s.flush()
        registro.olvidar(s, [caso])
        s.expire_all()
        assert (fila.remitente, fila.asunto, fila.motivo, carta.nota) == ("", "", "", "")
        assert (fila.case_key, carta.causa) == (caso, "otra")
        s.rollback()
    assert decidir(documental, ultimo(web).id, "apartar", por_que="Era una prueba")[0] == 302


@pytest.mark.parametrize(
    ("mas", "dice"),
    [
        ({"remitente": " "}, "Escriba quién lo envía"),
        ({"asunto": "x" * 301}, "Escriba de qué trata"),
        ({"canal": "paloma"}, "Elija cómo llegó"),
        ({"llego": "31/02/2026"}, "Escriba el día así"),
        ({"llego": "01/01/2031"}, "hoy o uno del último año"),
        ({"nombre": ""}, "Elija al menos un archivo"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_kept(
    web: WebKit, mas: dict[str, str], dice: str
) -> None:
    documental = web.browser("gestora")
    codigo, pagina = recibir(documental, mas.pop("nombre", "oficio.pdf"), **mas)
    assert (codigo, dice in pagina) == (422, True)
    assert 'value="Alcaldía"' in pagina or "remitente" in mas


def test_only_document_management_sees_them(web: WebKit) -> None:
    assert web.browser("asesor").get("/radicacion/sueltos").status_code == 403
    assert web.browser("gestora").get("/radicacion/sueltos/999").status_code == 404
