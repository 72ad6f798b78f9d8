"""Kiosk, ticket, tablet, phone page and public pages in English, errors and document types
included: not one Spanish word is left."""

import datetime as dt
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.base.reglas.documentos import TIPOS
from records.base.reglas.firmas import token_de_calificacion
from records.casos.casos import NuevoCaso, crear_caso, radicar
from records.casos.expediente import EstadoPublico, PasoPublico
from records.casos.reglas.estados import PARA_LA_PERSONA
from records.catalogos.catalogo import cargar_catalogo
from records.personas.personas import NuevaPersona, crear_persona
from records.plazos.reglas.calendario import explicar
from records.visita.calificaciones import crear_enlace
from records.visita.tablas import Turno
from tests.kit import public as public_kit
from tests.kit.cast import PUNTO, SESSION_KEY
from tests.kit.clock import NOW
from tests.kit.public import Point
from tests.kit.web import again, csrf, followed, hidden, opened, put
from webforms.publico import consulta
from webforms.visita.seguimiento import enlace_de_turno

COMUNES = """al antes ahora caso como con cuando de del desde documento el elija ella en escriba esta este hasta hoy la las lo los minutos
    módulo número para por que radicado se segundos si sin su sus también turno turnos un una unos usted ya"""
PALABRAS = frozenset(COMUNES.split())
#: What is a name, in any language.
NOMBRES_PROPIOS = ("Bogotá Aguas", "Pasto", "Ventanilla", "Español", "GOV.CO")
RADICADO = "2026-0000001"
TOKEN = token_de_calificacion(SESSION_KEY.encode(), 1)  # of the one case
DOCUMENTO = {"tipo_doc": "CC", "num_doc": "52123456"}


@pytest.fixture
def punto(tmp_path: Path, sqlite_url: str) -> Iterator[Point]:
    kit = public_kit.build(tmp_path, sqlite_url)
    with kit.web.session() as s:
        cargar_catalogo(s)
        _caso(s)
        s.commit()
    yield kit
    kit.web.engine.db.dispose()


def _caso(s: Session) -> None:
    persona = crear_persona(
        s, NuevaPersona(**DOCUMENTO, nombre="Lucía Restrepo", calidad="beneficiario"), now=NOW
    )
    nuevo = NuevoCaso(
        turno_id=None,
        punto_id=PUNTO,
        persona_id=persona.id,
        clase="reclamo",
        tema="R01",
        descripcion="El pago no aparece.",
    )
    caso = crear_caso(s, nuevo, Acto("asesor", NOW))
    radicar(s, caso.caso_id, Acto("asesor", NOW), dias_termino=15, prorroga_max=15)
    crear_enlace(s, caso.caso_id, TOKEN, now=NOW)


def en_espanol(pagina: str) -> set[str]:
    """Spanish words that a reader of this page meets, in texts and in what is read aloud."""
    sin = re.sub(r"<(script|style)\b.*?</\1>", " ", pagina, flags=re.DOTALL)
    dichos = re.findall(
        r'(?:aria-label|alt|title|placeholder|data-minutos?|data-y|data-segundos?)="([^"]*)"', sin
    )
    texto = unescape(" ".join([re.sub(r"<[^>]+>", " ", sin), *dichos]))
    texto = re.sub(r"\S+://\S+", " ", texto)
    for nombre in NOMBRES_PROPIOS:
        texto = texto.replace(nombre, " ")
    palabras = set(re.findall(r"[^\W\d_]+", texto))
    conocidas = {p for p in palabras if p.lower() in PALABRAS or re.search("[áéíóúñÁÉÍÓÚÑ]", p)}
    return conocidas | set(re.findall("[¿¡«»]", texto))


def limpia(pagina: str) -> None:
    assert '<html lang="en">' in pagina
    assert en_espanol(pagina) == set()


def test_the_spanish_pages_are_seen_as_spanish(punto: Point) -> None:
    assert {"de", "¿"} <= en_espanol(punto.device("quiosco-1").get("/quiosco").text)


def test_kiosk_and_ticket(punto: Point) -> None:
    quiosco = punto.device("quiosco-1")
    limpia(quiosco.get("/quiosco?idioma=en").text)
    paso = quiosco.get("/quiosco/condicion/servicio_adquirido?idioma=en").text
    limpia(paso)
    assert "Passport" in paso
    datos = {
        "csrf_token": hidden(paso, "csrf_token"),
        "llave": hidden(paso, "llave"),
        "motivo_visita": "servicio_adquirido",
    }
    for tipo in ("", *TIPOS):
        mal = quiosco.post(
            "/quiosco/turno?idioma=en",
            data={**datos, "condicion": "ninguna", "tipo_doc": tipo, "num_doc": "x"},
        )
        assert mal.status_code == 422
        limpia(mal.text)
    tomado = quiosco.post(
        "/quiosco/turno?idioma=en", data={**datos, "condicion": "ninguna", **DOCUMENTO}
    )
    tiquete = quiosco.get(tomado.location).text
    limpia(tiquete)
    assert 'data-destino="/quiosco?idioma=es"' in tiquete, (
        "the next person finds the kiosk in Spanish"
    )
    assert 'data-destino="/quiosco?idioma=es"' in quiosco.get("/quiosco?idioma=en").text
    assert "data-vuelve" not in quiosco.get("/quiosco").text
    pasto = punto.device("quiosco-pasto")
    paso = pasto.get("/quiosco/condicion/servicio_adquirido?idioma=en").text
    otra = {
        "csrf_token": hidden(paso, "csrf_token"),
        "llave": hidden(paso, "llave"),
        "motivo_visita": "servicio_adquirido",
    }
    limpia(
        pasto.post(
            "/quiosco/turno?idioma=en", data={**otra, "condicion": "ninguna", **DOCUMENTO}
        ).text
    )
    punto.clock.advance(dt.timedelta(hours=14))
    limpia(quiosco.get("/quiosco?idioma=en").text)


def _en_ingles(punto: Point) -> Turno:
    """A turn that was taken at the English kiosk."""
    quiosco = punto.device("quiosco-1")
    paso = quiosco.get("/quiosco/condicion/servicio_adquirido?idioma=en").text
    datos = {
        "csrf_token": hidden(paso, "csrf_token"),
        "llave": hidden(paso, "llave"),
        "motivo_visita": "servicio_adquirido",
    }
    quiosco.post("/quiosco/turno?idioma=en", data={**datos, "condicion": "ninguna"})
    return punto.turnos()[-1]


def test_the_phone_page_speaks_the_language_of_the_kiosk_in_every_moment(punto: Point) -> None:
    turno = _en_ingles(punto)
    with punto.web.app.test_request_context("/quiosco/tiquete/1?idioma=en"):
        tiquete = enlace_de_turno(turno.id)
    celular = punto.web.browser()
    puerta, _signo, secreto = tiquete.partition("#")
    limpia(celular.get(puerta).text)
    enlace = opened(celular, tiquete)
    assert secreto not in enlace
    limpia(celular.get(enlace).text)
    limpia(celular.get(f"{enlace}/retirar").text)
    punto.call_turn(turno, "3")
    limpia(celular.get(enlace).text)
    limpia(celular.get(f"{enlace}/retirar").text)
    for _vez in range(2):
        punto.call_again(turno, "3")
    limpia(celular.get(enlace).text)
    punto.complete(
        turno, "act_5_2_2", {"modulo": "3", "resultado_llamado": "ausente"}, "asesor.llamar"
    )
    pagina = celular.get(enlace).text
    limpia(pagina)
    assert "I am back" in pagina
    punto.clock.advance(dt.timedelta(minutes=31))
    limpia(celular.get(enlace).text)
    limpia(celular.get(f"{enlace}xyz?idioma=en").text)
    perdida = celular.get("/no-hay/nada?idioma=en").text
    limpia(perdida)
    assert 'href="/no-hay/nada?idioma=es"' in perdida, "an error page has its other language, too"
    assert 'href="/no-hay/nada?idioma=en"' in celular.get("/no-hay/nada").text


def test_the_tablet_asks_in_the_language_of_the_kiosk(punto: Point) -> None:
    punto.until_rating(_en_ingles(punto))
    tableta = punto.device("tableta-3")
    ruta = tableta.get("/tableta/pendiente").json["ir"]
    pagina = tableta.get(ruta).text
    limpia(pagina)
    mal = tableta.post(ruta, data={"csrf_token": csrf(pagina), "calificacion": "1"})
    assert mal.status_code == 422
    limpia(mal.text)
    assert (
        "Toque una de las cinco caras"
        in again(tableta, tableta.post(ruta, data={"csrf_token": csrf(pagina)}), "Español").text
    )
    limpia(tableta.post(ruta, data={"csrf_token": csrf(pagina)}).text)
    gracias = tableta.post(ruta, data={"csrf_token": csrf(pagina), "calificacion": "5"})
    limpia(tableta.get(gracias.location).text)
    limpia(tableta.get("/tableta?idioma=en").text)
    punto.until_rating(_en_ingles(punto))
    ruta = tableta.get("/tableta/pendiente").json["ir"]
    punto.wait(minutes=4)
    tarde = tableta.post(ruta, data={"csrf_token": csrf(pagina), "calificacion": "5"})
    assert tarde.status_code == 409
    limpia(tarde.text)
    assert "El tiempo para calificar terminó" in again(tableta, tarde, "Español").text
    # whoever comes next finds the tablet in Spanish: when the time was over, when another was
    # called, and after the question was gone
    cerrada = f"/tableta?idioma=es&cerrada={ruta.rpartition('/')[2].partition('?')[0]}"
    assert 'data-destino="/tableta?idioma=es&amp;cerrada=' in pagina
    assert 'data-destino="/tableta?idioma=es"' in tarde.text
    assert tableta.get(ruta).location == cerrada
    fin = followed(tableta.get(cerrada).text)  # both languages: who left may still stand there
    assert "La calificación del turno A002 terminó" in fin
    assert "The rating of ticket A002 has ended." in fin
    for nada in (
        "/tableta",
        "/tableta?cerrada=nada",
        cerrada.replace("idioma=es&", "idioma=en&x="),
    ):
        assert "has ended" not in tableta.get(nada).text


def test_an_error_that_answers_a_form_speaks_the_language_of_the_page_that_sent_it(
    punto: Point,
) -> None:
    publico = punto.web.browser()
    for desde, vuelta in (
        ("/consulta?idioma=en", "/consulta?idioma=es"),
        ("/quiosco/tiquete?idioma=en", "/consulta?idioma=es"),
    ):
        rota = publico.post(
            "/consulta",
            data={"radicado": RADICADO},
            headers={"Referer": f"https://ventanilla.test{desde}"},
        )
        assert rota.status_code == 400
        limpia(rota.text)
        assert 'action="/consulta?idioma=en"' in rota.text, "what was typed comes back in it, too"
        entera = publico.post(
            "/consulta",
            data={"x": "1" * 600_000},
            headers={"Referer": f"https://ventanilla.test{desde}"},
        )
        assert entera.status_code == 413
        limpia(entera.text)
        assert f'href="{vuelta}"' in entera.text
    ajena = publico.post(
        "/consulta",
        data={"radicado": RADICADO},
        headers={"Referer": "http://otra.example/consulta?idioma=en"},
    )
    assert 'href="/consulta?idioma=en"' in ajena.text
    assert "No entendimos la solicitud" in ajena.text
    assert publico.post("/consulta", headers={"Referer": "http://[mal"}).status_code == 400


def test_the_case_and_the_rating_of_its_answer(punto: Point) -> None:
    publico = punto.web.browser()
    pagina = publico.get("/consulta?idioma=en").text
    limpia(pagina)
    ficha = csrf(pagina)
    for datos in (
        {},
        {"radicado": "x", "tipo_doc": "CC", "num_doc": "1"},
        {"radicado": "2026-0000009", **DOCUMENTO},
    ):
        limpia(publico.post("/consulta?idioma=en", data={"csrf_token": ficha, **datos}).text)
    hallado = publico.post(
        "/consulta?idioma=en", data={"csrf_token": ficha, "radicado": RADICADO, **DOCUMENTO}
    ).text
    limpia(hallado)
    assert '<form method="post" action="/consulta?idioma=es">' in hallado, (
        "the answer is asked for again in the other language"
    )
    assert "52123456" not in hallado
    (vista,) = re.findall(r'name="vista" value="([^"]+)"', hallado)
    repetida = publico.post("/consulta?idioma=es", data={"csrf_token": ficha, "vista": vista}).text
    assert f"Caso {RADICADO}" in repetida
    assert (
        publico.post("/consulta", data={"csrf_token": ficha, "vista": f"{vista}x"}).status_code
        == 422
    )
    ruta = f"{opened(publico, f'/calificar/#{TOKEN}')}?idioma=en"
    limpia(publico.get(ruta).text)
    ficha = csrf(publico.get(ruta).text)
    sin_valor = publico.post(ruta, data={"csrf_token": ficha, "calificacion": ""})
    assert "Elija una de las cinco caras" in again(publico, sin_valor, "Español").text
    for valor in ("", "1", "5", "5"):
        limpia(publico.post(ruta, data={"csrf_token": ficha, "calificacion": valor}).text)
    limpia(publico.get("/calificar/otro?idioma=en").text)
    limpia(publico.get("/consulta/complemento/x?idioma=en").text)


@pytest.mark.parametrize("estado", PARA_LA_PERSONA)
def test_every_state_of_a_case(punto: Point, monkeypatch: pytest.MonkeyPatch, estado: str) -> None:
    cuenta = explicar(NOW, 15).datos()
    for limite, complemento, enviado in (
        (30, None, None),
        (-30, None, None),
        (30, 3, None),
        (30, None, 1),
    ):
        visto = EstadoPublico(
            RADICADO,
            estado,
            PARA_LA_PERSONA[estado],
            NOW,
            NOW + dt.timedelta(days=limite),
            cuenta,
            prorrogado=True,
            complemento_hasta=NOW + dt.timedelta(days=complemento) if complemento else None,
            complemento="A copy of the receipt." if complemento else "",
            enviado=NOW if enviado else None,
            pasos=(
                PasoPublico("Documentos radicados", NOW),
                PasoPublico(PARA_LA_PERSONA[estado], NOW),
            ),
        )
        monkeypatch.setattr(consulta, "estado_publico", lambda *_a, visto=visto: visto)
        publico = punto.web.browser()
        ficha = csrf(publico.get("/consulta?idioma=en").text)
        limpia(
            publico.post(
                "/consulta?idioma=en", data={"csrf_token": ficha, "radicado": RADICADO, **DOCUMENTO}
            ).text
        )


def test_links_of_an_english_page_lead_to_english_pages_and_back(punto: Point) -> None:
    pagina = punto.web.browser().get("/calificar/otro?idioma=en").text
    assert "/consulta?idioma=en" in pagina
    assert 'href="/calificar/otro?idioma=es"' in pagina
    with punto.web.session() as s:
        assert s.scalars(sa.select(Turno.idioma)).all() == []


def test_where_the_agency_speaks_english_the_next_person_finds_english_and_the_board_stays_spanish(
    punto: Point,
) -> None:
    put(punto.web.app, idioma="en")
    quiosco = punto.device("quiosco-1")
    assert "data-vuelve" not in quiosco.get("/quiosco").text
    assert (
        'data-vuelve="60" data-destino="/quiosco?idioma=en"'
        in quiosco.get("/quiosco?idioma=es").text
    )
    tableta = punto.device("tableta-3")
    assert "data-otro-idioma" not in tableta.get("/tableta").text
    assert "data-otro-idioma" in tableta.get("/tableta?idioma=es").text
    assert '<html lang="es-CO">' in punto.device("tablero-1").get("/tablero").text
