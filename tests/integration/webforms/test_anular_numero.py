"""The number of a case is annulled: asked for with a reason, decided by another person, shown
everywhere, never given again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import reads
from engine.reads.verification import verify
from engine.states import InstanceStatus
from engine.types import StartForm
from records.base.actos import Acto
from records.base.errores import DatoInvalido
from records.casos import numeros_anulados, registro
from tests.kit import web as web_kit
from tests.kit.cast import ASESORA, COORDINADORA, person
from tests.kit.permit import ASKED, FILES
from tests.kit.web import WebKit, csrf, followed

WHY = "Se abrió dos veces por el mismo andén"


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


def enviar(web: WebKit, quien: str, direccion: str, **datos: str) -> tuple[int, str]:
    cliente = web.browser(quien)
    pagina = cliente.get(direccion)
    respuesta = cliente.post(
        direccion, data={"csrf_token": csrf(pagina.text), **datos}, follow_redirects=True
    )
    return respuesta.status_code, followed(respuesta.text)


def test_another_person_annuls_the_number_of_an_open_case_and_it_says_so_everywhere(
    web: WebKit,
) -> None:
    caso = pedido(web)
    assert enviar(web, "gestora", f"/caso/{caso}/anulacion", motivo="no")[0] == 422
    web.open_with_reason("admin", caso)
    assert (
        "Otra persona la decide" in enviar(web, "admin", f"/caso/{caso}/anulacion", motivo=WHY)[1]
    )
    assert "Se pidió anular el número PEP-2026-00001." in followed(
        web.browser("gestora").get(f"/caso/{caso}").text
    )
    decidir = f"/caso/{caso}/anulacion/decidir"
    assert "Usted la pidió: la decide otra persona." in web.browser("admin").get(decidir).text
    propia = web.browser("admin")
    ficha = csrf(propia.get(f"/caso/{caso}").text)
    terco = propia.post(decidir, data={"csrf_token": ficha, "decide": "anular", "motivo": WHY})
    assert (terco.status_code, "alguien distinto de quien la pidió" in terco.text) == (422, True)
    assert web.browser("gestora").get(decidir).status_code == 403

    otra_jefa(web)
    assert "PEP-2026-00001" in web.browser("companero").get("/anulaciones").text
    codigo, pagina = enviar(web, "companero", decidir, decide="", motivo="")
    assert codigo == 422
    assert "Elija si el número se anula o no" in pagina
    assert (
        "El número quedó anulado."
        in enviar(
            web, "companero", decidir, decide="anular", motivo="Es el mismo de PEP-2026-00002"
        )[1]
    )

    with web.engine.uow.reading() as session:
        [instancia] = reads.instances.of_case(session, caso)
        f = registro.ficha(session, caso)
        assert not verify(session, caso).faults
    assert instancia.status == InstanceStatus.CANCELLED
    assert f is not None
    assert f.estado == registro.NUMERO_ANULADO
    jefe = web.browser("coordinador")
    pagina = followed(jefe.get(f"/caso/{caso}").text)
    assert "El número PEP-2026-00001 está anulado desde el" in pagina
    assert "Es el mismo de PEP-2026-00002" in pagina
    assert "Número anulado" in jefe.get("/casos").text
    assert "Número anulado" not in jefe.get("/casos?abiertos=1").text
    revisor = web.browser("revisor")
    for dicho in ("Pidió que se anule el número del caso", "Anuló el número del caso", WHY):
        assert dicho in revisor.get(f"/cumplimiento/caso/{caso}").text
    assert ";Número anulado;" in revisor.get("/cumplimiento/casos.csv").text
    publica = web.browser()
    datos = {
        "radicado": "PEP-2026-00001",
        "tipo_doc": "CC",
        "num_doc": ASKED["documento"],
        "csrf_token": csrf(publica.get("/consulta").text),
    }
    estado = publica.post("/consulta", data=datos).text
    assert "Anulada" in estado
    assert "Este número fue anulado el" in estado

    assert registro_de(web, pedido(web)) == "PEP-2026-00002"
    hoy = web.clock.now().date()
    with web.engine.uow.reading() as session:
        assert registro.contar(session, "permiso", hoy, hoy, web.clock.now()) == (1, 0, 1, 0)
    codigo, pagina = enviar(
        web, "coordinador", f"/caso/{caso}/operar/{caso}/devolver", tarea="revisar", motivo=WHY
    )
    assert (codigo, "está anulado: no se reabre" in pagina) == (422, True)


def test_a_number_stays_when_the_other_person_says_no_and_one_decides_once(web: WebKit) -> None:
    caso = pedido(web)
    enviar(web, "gestora", f"/caso/{caso}/anulacion", motivo=WHY)
    decidir = f"/caso/{caso}/anulacion/decidir"
    assert (
        "El número sigue como está."
        in enviar(web, "admin", decidir, decide="negar", motivo="Son dos andenes distintos")[1]
    )
    pagina = followed(web.browser("gestora").get(f"/caso/{caso}").text)
    assert "Decidió que el número del caso no se anula" in pagina
    assert "Pedir que se anule el número…" in pagina
    with web.session() as session:
        acto = Acto("admin", web.clock.now(), caso)
        with pytest.raises(DatoInvalido):
            numeros_anulados.decidir(session, caso, WHY, acto, aprueba=True)
        numeros_anulados.pedir(session, caso, WHY, acto)
        with pytest.raises(DatoInvalido):
            numeros_anulados.pedir(session, caso, WHY, acto)
        session.commit()


def test_an_ended_case_is_annulled_without_a_process(web: WebKit) -> None:
    caso = pedido(web)
    web.engine.instances.cancel(caso, reason=WHY, actor=web_kit.SYSTEM, now=web.clock.now())
    enviar(web, "gestora", f"/caso/{caso}/anulacion", motivo=WHY)
    assert (
        "El número quedó anulado."
        in enviar(web, "admin", f"/caso/{caso}/anulacion/decidir", decide="anular", motivo=WHY)[1]
    )
    assert ("anulacion", "admin", caso) in web.accesses()
    jefe = web.browser("coordinador")
    datos = {
        "csrf_token": csrf(jefe.get(f"/caso/{caso}").text),
        "acuse": "A la persona, en la ventanilla",
    }
    assert "está anulado: nada de él cambia" in followed(
        jefe.post(f"/caso/{caso}/acuse", data=datos, follow_redirects=True).text
    )
    with web.engine.uow.reading() as session:
        f = registro.ficha(session, caso)
    assert f is not None
    assert f.estado == registro.NUMERO_ANULADO


def test_a_case_that_was_reopened_meanwhile_is_not_annulled_as_if_nothing_ran(
    web: WebKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    caso = pedido(web)
    with web.engine.uow.reading() as session:
        [tarea] = reads.items.of_case(session, caso, only_open=True)
    web.engine.items.complete(
        tarea.id,
        values={"cumple": "no", "concepto": "Falta."},
        actor=person("gestora", "gestion_documental"),
        now=web.clock.now(),
    )
    enviar(web, "gestora", f"/caso/{caso}/anulacion", motivo=WHY)
    anotar = web.engine.notes.add

    def reabierto_antes(*dicho: object, **mas: object) -> None:
        web.engine.instances.go_back(
            caso, "revisar", reason=WHY, actor=COORDINADORA, now=web.clock.now()
        )
        anotar(*dicho, **mas)

    monkeypatch.setattr(web.engine.notes, "add", reabierto_antes)
    codigo, pagina = enviar(
        web, "admin", f"/caso/{caso}/anulacion/decidir", decide="anular", motivo=WHY
    )
    assert (codigo, "El caso se reabrió mientras usted decidía" in pagina) == (422, True)
    with web.engine.uow.reading() as session:
        f = registro.ficha(session, caso)
    assert f is not None
    assert f.estado == registro.ABIERTO


def registro_de(web: WebKit, caso: str) -> str:
    with web.engine.uow.reading() as session:
        f = registro.ficha(session, caso)
    assert f is not None
    return f.numero


def otra_jefa(web: WebKit) -> None:
    """Another administrator: an account of the cast gets the role."""
    with web.session() as session:
        session.add(
            web_kit.RolAsignado(
                cuenta_id=_cuenta(session),
                rol="administrador",
                vigente_desde=web_kit.NOW,
                asignado_por="admin",
            )
        )
        session.commit()


def _cuenta(session: web_kit.Session) -> int:
    return session.scalars(
        web_kit.sa.select(web_kit.Cuenta.id).where(web_kit.Cuenta.usuario == "companero")
    ).one()


def test_whoever_asked_may_withdraw_it_while_nobody_decided_and_ask_again(web: WebKit) -> None:
    caso = pedido(web)
    direccion = f"/caso/{caso}/anulacion"
    assert enviar(web, "gestora", direccion, motivo=WHY)[0] == 200
    gestora = web.browser("gestora")
    assert "Retirar la petición…" in gestora.get(f"/caso/{caso}").text
    pagina = gestora.get(direccion).text
    assert "Retirar la petición de anular" in pagina

    def retirar(motivo: str) -> tuple[int, str]:
        datos = {"csrf_token": csrf(gestora.get(direccion).text), "motivo": motivo}
        respuesta = gestora.post(f"{direccion}/retirar", data=datos, follow_redirects=True)
        return respuesta.status_code, followed(respuesta.text)

    assert retirar("x")[0] == 422
    hecha, dicho = retirar("Era otro número")
    assert (hecha, "Quedó retirada" in dicho) == (200, True)
    with web.session() as s:
        (una,) = numeros_anulados.del_caso(s, caso)
        assert (una.decidida_por, una.aprobada, una.respuesta) == (
            una.pedida_por,
            False,
            "Era otro número",
        )
        assert numeros_anulados.que_cuenta(s, caso) is None
    assert "No hay una petición suya por decidir" in retirar("Otra vez lo retiro")[1]
    assert enviar(web, "gestora", direccion, motivo=WHY)[0] == 200
