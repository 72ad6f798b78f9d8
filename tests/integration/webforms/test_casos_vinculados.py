"""Cases of any procedure that are linked: by number, with a reason, on both; only those that the
person may see."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.reads.verification import verify
from engine.states import ActorKind
from engine.types import Actor, Role, StartForm
from records.base.actos import Acto
from records.base.errores import DatoInvalido
from records.casos import enlaces_de_caso
from tests.kit import web as web_kit
from tests.kit.permit import ASKED, FILES
from tests.kit.web import WebKit, csrf, followed

WHY = "Pide el mismo andén, un mes después"


@pytest.fixture
def web(tmp_path: Path, db_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, db_url)
    kit.deploy(FILES)
    yield kit
    kit.engine.db.dispose()


def pedido(web: WebKit, quien: str = "asesor") -> str:
    """The key of a permit that somebody asked for."""
    actor = Actor(ActorKind.PERSON, quien, frozenset({Role("asesor", "BOG-AGU")}))
    valores = {**ASKED, "area": 24}
    return web.engine.instances.start(
        "permiso", actor=actor, now=web.clock.now(), form=StartForm(valores)
    ).case_key


def vincular(web: WebKit, quien: str, caso: str, **datos: str) -> tuple[int, str]:
    cliente = web.browser(quien)
    ficha = csrf(cliente.get(f"/caso/{caso}/vinculos/otro").text)
    enviado = {"csrf_token": ficha, "clase": "continua", "motivo": WHY, **datos}
    respuesta = cliente.post(f"/caso/{caso}/vinculos/otro", data=enviado, follow_redirects=True)
    return respuesta.status_code, followed(respuesta.text)


def test_two_cases_are_linked_by_number_and_each_shows_the_other_until_it_is_taken_away(
    web: WebKit,
) -> None:
    uno, otro = pedido(web), pedido(web)
    codigo, pagina = vincular(web, "asesor", otro, numero="", clase="", motivo="corto")
    assert codigo == 422
    for falta in (
        "Escriba el número del otro caso",
        "Elija qué tiene que ver",
        "Escriba el motivo, entre 10",
        ">corto</textarea>",
    ):
        assert falta in pagina
    assert (
        "No encontramos un caso con ese número"
        in vincular(web, "asesor", otro, numero="PEP-2026-99999")[1]
    )
    assert "Es este mismo caso" in vincular(web, "asesor", otro, numero="PEP-2026-00002")[1]

    codigo, pagina = vincular(web, "asesor", otro, numero=" pep-2026-00001 ")
    assert (codigo, "Los dos casos quedaron vinculados" in pagina) == (200, True)
    assert "Continúa a</span> <a" in pagina
    assert WHY in pagina
    del_otro = followed(web.browser("coordinador").get(f"/caso/{uno}").text)
    assert "Lo continúa</span> <a" in del_otro
    assert f'href="/caso/{otro}">PEP-2026-00002' in del_otro
    assert WHY in del_otro
    assert "ya están vinculados así" in vincular(web, "asesor", uno, numero="PEP-2026-00002")[1]

    revision = followed(web.browser("revisor").get(f"/cumplimiento/caso/{uno}").text)
    assert "Vinculó el caso con otro" in revision
    assert "Lo continúa PEP-2026-00002." in revision
    assert {("enlace", "asesor", uno), ("enlace", "asesor", otro)} <= set(web.accesses())

    jefe = web.browser("coordinador")
    [enlace] = [x for x in _enlaces(web, uno) if x.quitado is None]
    quitar = f"/caso/{uno}/vinculos/{enlace.id}/quitar"
    ficha = csrf(jefe.get(quitar).text)
    assert jefe.post(quitar, data={"csrf_token": ficha, "motivo": "no"}).status_code == 422
    pagina = followed(
        jefe.post(
            quitar,
            data={"csrf_token": ficha, "motivo": "Era de otra cuadra"},
            follow_redirects=True,
        ).text
    )
    assert "ya no están vinculados" in pagina
    assert "Ninguno todavía." in pagina
    assert "Era de otra cuadra" in jefe.get(f"/caso/{otro}/historia").text
    assert jefe.get(quitar).status_code == 404
    with web.engine.uow.reading() as session:
        assert not verify(session, uno).faults


def test_a_case_that_the_person_may_not_see_is_not_told_from_one_that_nobody_has(
    web: WebKit,
) -> None:
    ajeno, propio = pedido(web, "otra"), pedido(web)
    nadie = vincular(web, "asesor", propio, numero="PEP-2026-99999")[1].replace("99999", "00001")
    codigo, pagina = vincular(web, "asesor", propio, numero="PEP-2026-00001")
    assert codigo == 422
    assert _sin_ficha(pagina) == _sin_ficha(nadie)
    assert ("rechazo", "asesor", ajeno) in web.accesses()

    vincular(web, "coordinador", ajeno, numero="PEP-2026-00002")
    pagina = followed(web.browser("asesor").get(f"/caso/{propio}").text)
    assert "Lo continúa</span> <b>PEP-2026-00001</b>" in pagina
    assert "Quitar…" not in pagina
    [enlace] = _enlaces(web, propio)
    assert (
        web.browser("asesor").get(f"/caso/{propio}/vinculos/{enlace.id}/quitar").status_code == 404
    )


def test_of_two_who_link_the_same_the_second_is_told(web: WebKit) -> None:
    uno, otro = pedido(web), pedido(web)
    acto = Acto("asesor", web.clock.now(), uno)
    with web.session() as session:
        enlaces_de_caso.enlazar(session, uno, otro, "relacionado", WHY, acto)
        with pytest.raises(DatoInvalido):
            enlaces_de_caso.enlazar(session, otro, uno, "relacionado", WHY, acto)
        enlaces_de_caso.enlazar(session, otro, uno, "duplicado", WHY, acto)  # the session goes on
        session.commit()
    assert len(_enlaces(web, uno)) == 2


def _enlaces(web: WebKit, caso: str) -> list[enlaces_de_caso.Enlace]:
    with web.engine.uow.reading() as session:
        return enlaces_de_caso.del_caso(session, caso)


def _sin_ficha(pagina: str) -> str:
    """Its forms are signed, each at its moment; the key of what is typed is of a login."""
    return re.sub(r'(value="[^"]{60,}"|data-red="[^"]*")', "", pagina)
