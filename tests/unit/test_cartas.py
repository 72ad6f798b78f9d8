"""Every mail in every language that it has: with names that want to be headers, tags or tricks, and
as mail programs read it."""

import dataclasses
import datetime as dt
import email
import re
from email import policy
from email.message import EmailMessage
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from common import language
from common.language import speaking
from handlers.correo import plantillas
from handlers.correo.html import en_html
from handlers.correo.plantillas import Carta, Caso
from handlers.correo.smtp import ServidorSMTP, componer
from records.correo.avisos import ENLACE_DE_CORREO
from records.correo.reglas import cartas
from records.cuentas.tablas import Cuenta
from records.sistemas.puertos import Mensaje
from records.sistemas.reglas.sistemas import NOMBRES, SISTEMAS
from tests.kit.clock import NOW
from webforms.base.idioma import catalogo
from webforms.correo import al_colega

LARGO = "x" * 1500
MALO = f"Ana\r\nBcc: todos@otro.example\r\n\r\n<script>alert(1)</script>\x00\u202egpj.exe\u2028{{sitio}} \"'& {LARGO} fin"
VENCE, MES = NOW + dt.timedelta(days=5), dt.date(2026, 10, 1)


@pytest.fixture(scope="module", autouse=True)
def _catalogos() -> None:
    language.lend(lambda: language.SPANISH, catalogo)


@cache
def cartas_de(d: str, lengua: str) -> dict[str, Carta]:
    """`d`: what a person wrote, wherever something of theirs may stand."""
    with speaking(lengua):
        return _escritas(d, lengua)


def _escritas(d: str, lengua: str) -> dict[str, Carta]:
    caso = Caso(d, d, VENCE, VENCE, VENCE, lengua)
    pide = "\n\n" + cartas.parrafos(
        "confirme_su_correo", vence=cartas.dia(VENCE), enlace=ENLACE_DE_CORREO
    )
    de_otra = Cuenta(usuario=d, nombre=d, correo="a@x.example", idioma=lengua)
    vencidas = al_colega.recordatorio("k", de_otra, d, [(d, d)], d)
    mencion = al_colega.mencion("caso", None, de_otra, quien=d, radicado=d, nombre="", now=NOW)

    def de(cual: str, /, **dichos: str) -> Carta:
        return Carta(*cartas.carta(cual, **dichos), cartas.lengua_de(cual))

    return {
        "respuesta": plantillas.respuesta(cartas.DelCaso(d, d, d), lengua, d),
        "codigo_de_respuesta": de("codigo_de_respuesta", radicado=d, codigo=d),
        "escalado": de(
            "escalado",
            radicado=d,
            tema=d,
            respuesta=cartas.dia(VENCE),
            consulta=plantillas.CONSULTA,
            confirme=pide,
        ),
        "confirmacion": de("confirmacion", radicado=d, confirme=pide),
        "solicitud_recibida": de(
            "solicitud_recibida", numero=d, sigue=d, consulta=d, confirme=pide
        ),
        "documentos_radicados": plantillas.documentos_radicados(
            caso, 1, d, incompleta=False, confirme=pide
        ),
        "documentos_radicados incompletos": plantillas.documentos_radicados(
            caso, 3, d, incompleta=True
        ),
        "termino_cambiado": plantillas.termino_cambiado(caso),
        "requerimiento": plantillas.requerimiento(caso, d, VENCE),
        "requerimiento vencido": plantillas.requerimiento(caso, d, VENCE, vencido=True),
        "prorroga": plantillas.prorroga(caso, d, VENCE),
        "desistimiento": plantillas.desistimiento(caso),
        "calificacion": plantillas.calificacion(caso, VENCE),
        "por_escalar": plantillas.por_escalar(caso),
        **{
            f"recordatorio {etapa}": plantillas.recordatorio(caso, etapa, d, NOW)
            for etapa in ("sin_tomar", "50", "80")
        },
        "vencido_nivel2": plantillas.vencido_nivel2(caso, d, d),
        "vencido_nivel3": plantillas.vencido_nivel3(caso, d, d),
        "caso_asignado": plantillas.caso_asignado(caso, d),
        "entrega_en_caso": plantillas.entrega_en_caso(caso, d),
        "respuesta_del_area": plantillas.respuesta_del_area(caso, d, d),
        "sin_movimiento": plantillas.sin_movimiento(
            d, [plantillas.Quieta(d, d, d, d, NOW, 2)] * 45
        ),
        "reporte_fallas": plantillas.reporte_fallas(
            d, [plantillas.Vencida(d, d, d, d, legal=True, vencia=NOW, dias=2)], d
        ),
        "reporte_fallas interno": plantillas.reporte_fallas(
            d, [plantillas.Vencida(d, d, d, "", legal=False, vencia=NOW, dias=1)], ""
        ),
        "operacion": plantillas.operacion(d, d, d),
        **{
            f"operacion {codigo}": plantillas.operacion(codigo, d, d)
            for codigo in plantillas.DE_OPERACION
        },
        **{
            f"sistema_caido {sistema}": plantillas.sistema_caido(sistema, NOW)
            for sistema in NOMBRES
        },
        "cuentas_por_confirmar": plantillas.cuentas_por_confirmar([(d, d, d)]),
        "contingencia_abierta": plantillas.contingencia(NOW, None),
        "contingencia_cerrada": plantillas.contingencia(NOW, VENCE),
        "crm_de_vuelta": plantillas.contingencia(NOW, VENCE, afuera=True),
        "faltan_reportes": plantillas.faltan_reportes(MES, [(d, "por_generar")]),
        "reporte_devuelto": plantillas.reporte_devuelto(MES, d, 3),
        "falta_de_auditoria": plantillas.falta_de_auditoria(d, 2, informe=False),
        "falta_de_auditoria informe": plantillas.falta_de_auditoria(d, 0, informe=True),
        "auditoria_remitida": plantillas.auditoria_remitida(d, 81.5, 2),
        "auditoria_remitida sin": plantillas.auditoria_remitida(d, None, 0),
        "f189_liberado": plantillas.f189_liberado(d),
        "informe_remitido": plantillas.informe_remitido(MES, [("fisico", d)], VENCE),
        "falta_acuse": plantillas.falta_acuse(MES, ["fisico"], 2),
        "sin_acuse": plantillas.sin_acuse(MES, d, 3),
        "requerimiento_al_contratista": plantillas.requerimiento_al_contratista(MES, d, VENCE),
        "por_firmar": plantillas.por_firmar(caso, d),
        "recordatorio_escrito": plantillas.recordatorio_escrito(caso, d, vencido=False),
        "recordatorio_escrito vencido": plantillas.recordatorio_escrito(caso, d, vencido=True),
        "faltan_respuestas": plantillas.faltan_respuestas(MES, 2),
        "convocatoria": plantillas.convocatoria(MES, 2, VENCE, [(d, d)]),
        "convocatoria informativa": plantillas.convocatoria(MES, 1, VENCE, []),
        "tareas_vencidas": Carta(vencidas.asunto, vencidas.texto, vencidas.idioma),
        "mencion": Carta(mencion.asunto, mencion.texto, mencion.idioma),
        **{
            n: de(n, nombre=d, usuario=d, vence=d, enlace=d, sitio=d)
            for n in ("primera_clave", "clave_nueva", "equipo_conocido", "navegador_nuevo")
        },
        **{n: de(n, nombre=d, usuario=d, sitio=d) for n in ("segundo_puesto", "segundo_quitado")},
        **{
            n: de(n, nombre=d, usuario=d, sitio=d, quien=d, cuando=d, que=d, motivo=d)
            for n in ("aprobacion_pedida", "aprobacion_dada", "correccion_pedida")
        },
        "prorroga_pedida": de(
            "prorroga_pedida",
            nombre=d,
            usuario=d,
            sitio=d,
            quien=d,
            cuando=d,
            caso=d,
            dias=d,
            donde=d,
        ),
        **{
            n: de(n, nombre=d, usuario=d, sitio=d, quien=d, cuando=d, caso=d, donde=d)
            for n in ("prorroga_concedida", "prorroga_negada")
        },
        "mes_corregido": de(
            "mes_corregido",
            nombre=d,
            usuario=d,
            sitio=d,
            quien=d,
            cuando=d,
            mes=d,
            version=d,
            antes=d,
            motivo=d,
        ),
        **{
            n: de(n, nombre=d, usuario=d, sitio=d, cuando=d, llave=d)
            for n in ("llave_puesta", "llave_quitada")
        },
        "aprobacion_devuelta": de(
            "aprobacion_devuelta",
            nombre=d,
            usuario=d,
            sitio=d,
            quien=d,
            cuando=d,
            que=d,
            respuesta=d,
        ),
        "correo_cambiado": de("correo_cambiado", nombre=d, usuario=d, sitio=d, quien=d, cuando=d),
        **{
            n: de(n, nombre=d, usuario=d, sitio=d, cuando=d)
            for n in ("clave_cambiada", "clave_propia")
        },
        "correo_devuelto": de("correo_devuelto", radicado=d, que=d, motivo=d, sigue=d),
    }


LENGUAS = ("es", "en")
with speaking("es"):
    NOMBRADAS = list(_escritas("x", "es"))
TODAS = [(nombre, lengua) for lengua in LENGUAS for nombre in NOMBRADAS]


def enviada(carta: Carta, **mas: str) -> EmailMessage:
    """As it arrives."""
    hecho = componer(
        Mensaje("k", "ana@x.example", carta.asunto, carta.texto, idioma=carta.idioma, **mas),
        ServidorSMTP(),
        NOW,
    )
    leido = email.message_from_bytes(hecho.as_bytes(), policy=policy.default)
    assert isinstance(leido, EmailMessage)
    return leido


class Etiquetas(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.vistas: set[str] = set()
        self.fuera: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.vistas.add(tag)
        self.fuera += [
            v or ""
            for n, v in attrs
            if n in {"src", "srcset", "background"} or (v or "").lower().startswith("javascript")
        ]


def test_the_number_of_a_case_stays_in_one_line_and_a_button_says_what_it_does() -> None:
    hecho = en_html(
        "Su radicado 2026-0001288",
        "Caso 2026-0001288.\n\nhttps://v.example/correo/confirmar/2026-0001288",
        sitio="https://v.example",
    )
    assert hecho.count('<span style="white-space:nowrap">2026-0001288</span>') == 2
    assert ">Confirmar mi correo</a>" in hecho


def test_who_sends_a_mail_stands_at_its_head_and_at_its_foot() -> None:
    hecho = en_html("A", "B", quien="Espacio <Público>")
    assert hecho.count("Espacio &lt;Público&gt;") == 2
    assert "ICETEX" not in hecho


def test_what_goes_on_while_a_system_is_away_is_said_of_that_system() -> None:
    dichos = {sistema: plantillas.sistema_caido(sistema, NOW).texto for sistema in NOMBRES}
    assert all(
        dicho.startswith(f"{NOMBRES[sistema]} no responde desde las 09:00")
        for sistema, dicho in dichos.items()
    )
    assert {s for s, dicho in dichos.items() if "consultan por otro medio o escalan" in dicho} == {
        s.codigo for s in SISTEMAS
    }


def test_every_file_of_the_folder_is_a_letter_that_is_rendered_here() -> None:
    partes = {"pie", "baja", "confirme_su_correo", "recursos"}
    archivos = {tuple(f.stem.split(".")) for f in cartas.CARPETA.glob("*.txt")} - {
        (p, lengua) for p in partes for lengua in ("es", "en")
    }
    assert archivos == {(nombre.partition(" ")[0], lengua) for nombre, lengua in TODAS}


@pytest.mark.parametrize(("nombre", "lengua"), TODAS)
def test_a_letter_with_hostile_names_has_its_headers_and_no_other_and_nothing_runs(
    nombre: str, lengua: str
) -> None:
    carta = cartas_de(MALO, lengua)[nombre]
    correo = enviada(carta)
    assert len(carta.asunto) <= cartas.MAX_ASUNTO
    assert set(correo.keys()) == {
        *(
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "Auto-Submitted",
            "MIME-Version",
            "Content-Type",
            "Content-Language",
        )
    }
    partes = [p for p in correo.walk() if p.get_content_maintype() == "text"]
    assert [p.get_content_type() for p in partes] == ["text/plain", "text/html"]
    for parte in partes:
        contenido = str(parte.get_content())
        assert not [s for s in "\x00\u202e\u2028" if s in contenido]
    etiquetas = Etiquetas()
    etiquetas.feed(str(partes[1].get_content()))
    assert etiquetas.vistas <= {
        *(
            "html",
            "head",
            "meta",
            "title",
            "body",
            "div",
            "header",
            "main",
            "footer",
            "p",
            "h1",
            "br",
            "a",
        ),
        "ul",
        "ol",
        "li",
        "span",
    }
    assert etiquetas.fuera == [], "no picture from elsewhere, no script"
    crudo = correo.as_bytes()
    assert max(len(linea) for linea in crudo.splitlines()) <= 998


@pytest.mark.parametrize(("nombre", "lengua"), TODAS)
def test_both_parts_say_the_same_in_the_language_that_they_name(nombre: str, lengua: str) -> None:
    carta = cartas_de("dicho", lengua)[nombre]
    correo = enviada(carta)
    texto, pagina = (
        str(p.get_content()) for p in correo.walk() if p.get_content_maintype() == "text"
    )
    assert (f'<html lang="{lengua}">' in pagina, correo["Content-Language"]) == (True, lengua)
    visto = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", pagina.partition("</h1>")[2]))
    for linea in texto.splitlines():
        dicha = re.sub(r"^(- |[0-9]+\. )", "", linea)
        for palabra in re.findall(r"[A-Za-zÀ-ÿ]{5,}", dicha):
            assert palabra in visto
    assert HUECO_ABIERTO.findall(texto) == [], "every gap of the file was filled"


HUECO_ABIERTO = re.compile(r"\{(?!sitio|enlace_)\w+\}")
ESPANOL = re.compile(
    r"[áéíóúñ¿¡«»]|\b(de|el|la|los|que|su|para|con|una|por|usted|radicado|caso|hasta|respuesta)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("nombre", NOMBRADAS)
def test_a_mail_in_english_has_no_spanish_word_of_ours(nombre: str) -> None:
    carta = cartas_de("2026-0000001", "en")[nombre]
    texto = f"{carta.asunto}\n{carta.texto}"
    texto = re.sub(r"\{(?:sitio|enlace_\w+)\}\S*", "", texto)
    assert ESPANOL.findall(texto) == []
    assert ("2026-0000001" in texto) == (
        "2026-0000001" in str(cartas_de("2026-0000001", "es")[nombre])
    )


CARPETAS = [cartas.CARPETA, *(Path(cartas.__file__).parents[2] / "bpmn").glob("*/cartas")]
#: Words that only Spanish bends, and the subject of a case, which is Spanish: no English letter to
#: a citizen has it.
SOLO_EN_ESPANOL = {"tema", "verbo", "falta", "Falta", "tienen"}


@pytest.mark.parametrize("carpeta", CARPETAS, ids=lambda c: c.parent.name)
def test_each_letter_is_there_in_each_language_with_the_same_gaps(carpeta: Path) -> None:
    escritas = {
        tuple(f.stem.split(".")): set(re.findall(r"\{(\w+\??)\}", f.read_text("utf-8")))
        for f in carpeta.glob("*.txt")
    }
    assert {lengua for _nombre, lengua in escritas} == set(LENGUAS)
    for (nombre, lengua), huecos in escritas.items():
        en_espanol = escritas[nombre, "es"]
        assert {(nombre, otra) for otra in LENGUAS} <= set(escritas), nombre
        assert (huecos - en_espanol, en_espanol - huecos - SOLO_EN_ESPANOL) == (set(), set()), (
            nombre,
            lengua,
        )


def test_a_language_without_letters_is_written_to_in_spanish() -> None:
    with speaking("fr"):
        carta = plantillas.caso_asignado(Caso("2026-0000001", "x", VENCE), "Cartera")
    assert (carta.idioma, carta.asunto) == ("es", "Nuevo caso 2026-0000001 para su área")


def test_the_rating_link_of_an_english_mail_opens_in_english() -> None:
    ingles = Caso("2026-0000001", "x", idioma="en")
    assert f"{plantillas.ENLACE}?idioma=en" in plantillas.calificacion(ingles, VENCE).texto
    assert (
        "idioma"
        not in plantillas.calificacion(dataclasses.replace(ingles, idioma="es"), VENCE).texto
    )


def test_a_value_names_no_other_gap() -> None:
    carta = plantillas.prorroga(Caso("{motivo}", "{nueva}"), "{radicado} {enlace}", VENCE)
    assert "{motivo}" in carta.asunto
    assert "{radicado} {enlace}" in carta.texto


def test_lists_are_lists_and_a_link_of_ours_alone_is_a_button() -> None:
    sitio = "https://ventanilla.example"
    hecho = en_html(
        "A",
        f"Faltan:\n\n- uno\n- dos <b>\n\n1. primero\n\n{sitio}/calificar/x\n\nVea {sitio}/a?b=1&c=2.",
        sitio=sitio,
    )
    assert re.search(r"<ul[^>]*><li>uno</li><li>dos &lt;b&gt;</li></ul>", hecho)
    assert re.search(r"<ol[^>]*><li>primero</li></ol>", hecho)
    assert f'href="{sitio}/calificar/x">Calificar la respuesta</a>' in hecho
    assert f'href="{sitio}/a?b=1&amp;c=2">{sitio}/a?b=1&amp;c=2</a>.</p>' in hecho


def test_what_stands_in_a_letter_or_in_a_value_is_never_worked_out() -> None:
    molde = (
        "Asunto: {nombre}\n\n{nombre} {nombre.__class__} {nombre!r} %(nombre)s %s ${nombre} {{7*7}}"
    )
    assert cartas.llenar(molde, {"nombre": "{radicado} %(x)s {{7*7}}"}) == (
        "{radicado} %(x)s {{7*7}}",
        "{radicado} %(x)s {{7*7}} {nombre.__class__} {nombre!r} %(nombre)s %s ${radicado} %(x)s {{7*7}} {{7*7}}",
    )


def test_the_reminder_of_a_term_that_has_passed_says_that_it_has() -> None:
    caso = Caso("2026-0000001", "x", VENCE, limite_interno=VENCE)
    antes, despues = (
        plantillas.recordatorio(caso, "80", "Cartera", VENCE + dt.timedelta(hours=h))
        for h in (-1, 1)
    )
    assert (", vence el " in antes.asunto, ", venció el " in despues.asunto) == (True, True)
    assert "ya pasó el plazo interno" in despues.texto
