"""A case of another procedure that its person asked to keep closed: who may open it, what lists say
of it, and what holds while it is open again."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import reads
from engine.types import StartForm
from records.base.actos import Acto
from records.casos.restringidos import levantar
from records.correo.avisos import CARTA, SIN_CORREO, cartas_por_enviar
from records.correo.correos import en_cola
from records.correo.tablas import Aviso
from records.derechos import derechos
from records.escritos import sueltos
from records.escritos.sueltos import NuevoSuelto
from records.personas import personas
from records.personas.personas import NuevaPersona
from records.plazos.reglas.calendario import dia_local
from tests.kit import files, web as web_kit
from tests.kit.cast import ASESORA, COORDINADORA, person
from tests.kit.permit import ASKED, FILES
from tests.kit.web import WebKit, csrf, followed
from webforms.base.servicios import EXTENSION
from webforms.derechos import supresion as trabajador

GESTORA = person("gestora", "gestion_documental")
SUYO = (ASKED["nombre"], ASKED["documento"], ASKED["correo"], ASKED["direccion"])


@pytest.fixture
def web(tmp_path: Path, db_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, db_url)
    kit.deploy(FILES)
    yield kit
    kit.engine.db.dispose()


def terminar(web: WebKit, caso: str) -> None:
    with web.engine.uow.reading() as session:
        (tarea,) = reads.items.of_case(session, caso, only_open=True)
    web.engine.items.complete(
        tarea.id, values={"cumple": "no", "concepto": "Falta."}, actor=GESTORA, now=web.clock.now()
    )


def restringido(web: WebKit) -> str:
    """Asked for, decided and carried out; the case ended before."""
    caso = web.engine.instances.start(
        "permiso", actor=ASESORA, now=web.clock.now(), form=StartForm({**ASKED, "area": 24})
    ).case_key
    terminar(web, caso)
    acto = Acto("revisor", web.clock.now())
    with web.session() as s, s.begin():
        suya = personas.crear_persona(
            s,
            NuevaPersona("CC", ASKED["documento"], ASKED["nombre"], "cliente_potencial"),
            now=acto.now,
        ).id
    with web.session() as s, s.begin():
        hay = derechos.que_hay(s, suya, trabajador.en_curso(s, derechos.suyos(s, suya).por_mirar))
        hacer = [
            (p, derechos.RESTRINGIR if p.que == derechos.CASO else derechos.CONSERVAR) for p in hay
        ]
        pedida = derechos.pedir(
            s,
            derechos.Pedido(suya, "2026-77", dia_local(acto.now), "Retira la autorización", hacer),
            acto,
        ).id
        derechos.decidir(s, pedida, "", Acto("coordinador", acto.now), aprueba=True)
    with web.app.app_context():
        assert trabajador.cumplir(web.clock.now()) == 1
    return caso


def test_lists_say_its_number_and_nothing_of_whose_it_is(web: WebKit) -> None:
    caso = restringido(web)
    for quien, lista in (("coordinador", "/casos"), ("revisor", "/cumplimiento")):
        navegador = web.browser(quien)
        hallada = navegador.get(lista, query_string={"radicado": "PEP-2026-00001"}).text
        assert f"/caso/{caso}" in hallada, quien
        assert not [dicho for dicho in SUYO if dicho in hallada], quien
        datos = {"csrf_token": csrf(hallada), "persona": ASKED["nombre"]}
        buscado = navegador.post(lista, data=datos, follow_redirects=True).text
        assert f"/caso/{caso}" not in buscado, quien
        assert navegador.get(f"/caso/{caso}").status_code == (302 if quien == "revisor" else 403)


def test_whoever_could_open_it_is_told_why_not_and_whom_to_ask(web: WebKit) -> None:
    caso = restringido(web)
    for quien in ("coordinador", "gestora", "admin"):
        for pagina in (
            f"/caso/{caso}",
            f"/caso/{caso}/indice",
            f"/caso/{caso}/operar/{caso}/devolver",
        ):
            cerrado = web.browser(quien).get(pagina)
            assert cerrado.status_code in (403, 404), (quien, pagina)
            assert not [dicho for dicho in SUYO if dicho in cerrado.text]
        dicho = followed(web.browser(quien).get(f"/caso/{caso}").text)
        assert "Este caso está restringido: su titular pidió que no se abra." in dicho, quien
        assert "pídalo a Cumplimiento" in dicho
    assert ("rechazo", "coordinador", caso) in {(a[0], a[1], a[2]) for a in web.accesses()}


def test_while_it_is_open_again_it_is_worked_on_and_then_closed_again(web: WebKit) -> None:
    caso = restringido(web)
    with web.engine.uow.reading() as session:
        (pasada,) = [
            e
            for e in web.engine.instances.earlier(session, caso, web.clock.now())
            if e.element == "revisar"
        ]
    web.engine.instances.go_back(
        caso,
        pasada.task_id,
        reason="Lo ordenó el juzgado 4",
        actor=COORDINADORA,
        now=web.clock.now(),
    )
    assert web.browser("gestora").get(f"/caso/{caso}").status_code == 200
    assert (
        "mientras esté abierto lo ven quienes trabajan en él"
        in web.browser("revisor").get(f"/cumplimiento/caso/{caso}").text
    )
    terminar(web, caso)
    assert web.browser("gestora").get(f"/caso/{caso}").status_code == 403


def test_compliance_opens_it_with_a_reason_and_lifts_it_with_another(web: WebKit) -> None:
    caso = restringido(web)
    web.open_with_reason("revisor", caso)
    revisor = web.browser("revisor")
    pagina = revisor.get(f"/cumplimiento/caso/{caso}")
    assert "Restringido" in pagina.text
    datos = {"csrf_token": csrf(pagina.text), "motivo_restriccion": "La persona lo pidió otra vez"}
    assert (
        revisor.post(f"/cumplimiento/caso/{caso}/restriccion/levantar", data=datos).status_code
        == 302
    )
    assert web.browser("gestora").get(f"/caso/{caso}").status_code == 200


def test_by_the_document_of_its_person_nobody_finds_it(web: WebKit) -> None:
    caso = restringido(web)
    for quien, lista in (
        ("coordinador", "/casos"),
        ("revisor", "/cumplimiento"),
        ("gestora", "/casos"),
    ):
        navegador = web.browser(quien)
        datos = {"csrf_token": csrf(navegador.get(lista).text), "num_doc": ASKED["documento"]}
        assert (
            f"/caso/{caso}" not in navegador.post(lista, data=datos, follow_redirects=True).text
        ), quien


def test_lists_of_letters_and_mails_name_nobody_of_it(web: WebKit) -> None:
    caso = restringido(web)
    with web.session() as s, s.begin():
        carta = {
            "case_key": caso,
            "tipo": CARTA,
            "asunto": "Respuesta",
            "texto": "Falta.",
            "creado": web.clock.now(),
        }
        s.add(Aviso(clave="papel", para="", error=SIN_CORREO, **carta))
        s.add(
            Aviso(
                clave="correo",
                para=ASKED["correo"],
                error=f"550 <{ASKED['correo']}>: no such user",
                **carta,
            )
        )
    with web.session() as s:
        assert [(c.radicado, c.nombre) for c in cartas_por_enviar(s, 10)] == [
            ("PEP-2026-00001", "")
        ]
        for buscado in ("", "PEP-2026-00001"):
            assert [
                (c.radicado, c.para, c.asunto, c.error) for c in en_cola(s, "fallaron", buscado)
            ] == [("PEP-2026-00001", "", "", "")]
        assert en_cola(s, "fallaron", str(ASKED["correo"])) == []
        levantar(s, caso, "La persona lo pidió otra vez", Acto("revisor", web.clock.now()))
        assert [c.nombre for c in cartas_por_enviar(s, 10)] == [ASKED["nombre"]]
        assert [c.para for c in en_cola(s, "fallaron", str(ASKED["correo"]))] == [ASKED["correo"]]


def test_a_document_that_was_filed_to_it_says_nothing_of_it_either(web: WebKit) -> None:
    caso = restringido(web)
    almacen, ahora = web.app.extensions[EXTENSION].archivos, web.clock.now()
    guardado = almacen.guardar(almacen.revisar(io.BytesIO(files.pdf("carta")), "carta.pdf"))
    with web.session() as s, s.begin():
        (suelto,) = sueltos.recibir(
            s,
            NuevoSuelto(str(ASKED["nombre"]), "Sobre su enfermedad", "correo", dia_local(ahora)),
            [guardado.valor()],
            Acto("gestora", ahora),
        )
        sueltos.pasar(s, suelto, caso, "Lo dice la carta", Acto("gestora", ahora))
    for quien in ("gestora", "coordinador"):
        pagina = web.browser(quien).get(f"/radicacion/sueltos/{suelto}/vuelta")
        assert pagina.status_code == 403, quien
        assert not [dicho for dicho in (*SUYO, "enfermedad") if dicho in pagina.text]
    assert "enfermedad" not in web.browser("gestora").get("/radicacion/sueltos").text
    with web.session() as s, s.begin():
        levantar(s, caso, "La persona lo pidió otra vez", Acto("revisor", ahora))
    assert "enfermedad" in web.browser("gestora").get("/radicacion/sueltos").text
    assert web.browser("gestora").get(f"/radicacion/sueltos/{suelto}/vuelta").status_code == 200
