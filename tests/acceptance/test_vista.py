"""Every page of every role, and what goes wrong on it: axe, the system's own colours, letters twice
as large, narrow and wide windows.

The pages are collected by the walk over a month of the demo, then one of each kind is put into one
window: the kinds are told by endpoint, status and the classes of style that it uses, so that each
part of a page is looked at somewhere.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import lxml.html
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from engine.reads.items import of_case as items_of_case
from engine.reads.releases import in_force
from engine.store.tables import Instance, Item
from engine.types import Data
from records.base.reglas.firmas import token_de_calificacion
from records.casos.tablas import Caso, Prorroga
from records.cuentas.tablas import Cuenta, RolAsignado
from records.visita.calificaciones import crear_enlace
from tests.acceptance.vista import Vitrina
from tests.kit.cast import PUNTO, WHY, person
from tests.kit.month import ENOUGH, NOT_WALKED, OWN, World, by_number, month, people
from tests.kit.public import Point
from tests.kit.records import ASESOR
from tests.kit.walk import Seen, Walk, addresses, endpoint_of
from tests.kit.web import WebKit, csrf, followed
from tests.kit.words import read
from webforms.base import formatos
from webforms.base.texto_llevado import firmar
from webforms.tareas.guardado import AUTOR

pytestmark = [pytest.mark.slow, pytest.mark.long]
CLASES = re.compile(r'class="([^"]*)"')
TITULO = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
#: A task of 5.2.17 that somebody holds and whose term may be extended.
DE_UN_AREA = (
    sa.select(Item)
    .join(Instance, Instance.id == Item.instance_id)
    .join(Caso, Caso.case_key == Item.case_key)
    .outerjoin(Prorroga, Prorroga.caso_id == Caso.id)
    .where(
        Item.element == "act_5_2_17",
        Item.state == "open",
        Item.claimed_by.is_not(None),
        Instance.status == "active",
    )
    .where(
        Prorroga.id.is_(None),
        Caso.estado == "en_analisis",
        Caso.punto_id == PUNTO,
        Caso.medio_respuesta == "correo",
    )
    .order_by(Caso.limite_respuesta.desc())
)
#: Their form is sent by nobody here: it ends the walk of whoever sends it, or of somebody else.
NO_SE_ENVIA = frozenset({"ingreso.salir", "cuenta.cerrar_sesiones", "personas.cerrar_sesiones"})
MALO = "¿?" * 40
PARTES = 4  # of the pages: each is told by itself


@dataclass
class Vistas:
    """Pages as they were answered, and who asked for them."""

    mundo: World
    todas: list[tuple[Seen, FlaskClient]]
    enviados: set[tuple[str, str, str]] = field(default_factory=set)
    # of a page that is also looked at otherwise
    estados: list[tuple[Seen, FlaskClient]] = field(default_factory=list)

    def guardar_estado(
        self,
        quien: str,
        cliente: FlaskClient,
        respuesta: TestResponse,
        dicho: str,
        estado: int = 200,
    ) -> None:
        assert respuesta.status_code == estado, respuesta.text
        assert dicho in followed(respuesta.text)
        self.guardar(quien, cliente, respuesta.request.path, respuesta.text, estado)
        self.estados.append(self.todas.pop())

    def guardar(
        self, quien: str, cliente: FlaskClient, camino: str, html: str, estado: int
    ) -> None:
        if "<!doctype html" in html[:200]:
            endpoint = endpoint_of(self.mundo.app, camino) or "ninguno"
            self.todas.append(
                (Seen(quien, endpoint, camino, estado, read(""), linked=True, html=html), cliente)
            )

    def una_de_cada(self) -> list[tuple[Seen, FlaskClient]]:
        """One of each endpoint and status, of each activity, and whatever has a class of style that
        none before had; long pages first."""
        vistas: set[str] = set()
        elegidas = []
        for vista, cliente in sorted(self.todas, key=lambda v: -len(v[0].html)):
            en_vez = vista.status >= 400 and vista.status not in (409, 422)
            titulo = (
                "".join(TITULO.findall(vista.html)[:1])
                if vista.endpoint.startswith(("tareas.", "asesor.consola"))
                else ""
            )
            partes = {parte for clases in CLASES.findall(vista.html) for parte in clases.split()}
            partes.add(f"{'' if en_vez else vista.endpoint} {vista.status} {titulo}")
            if partes - vistas:
                vistas |= partes
                elegidas.append((vista, cliente))
        return elegidas + self.estados


@pytest.fixture(scope="module")
def vistas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vistas]:
    with month(tmp_path_factory.mktemp("vista"), cases=60) as mundo:
        vistas = Vistas(mundo, [])
        recorrer(vistas)
        atender(vistas)
        cambiar_modelos(vistas)
        enviar_mal(vistas)
        enlaces_vencidos(vistas)
        tras_otro_ingreso(vistas)
        a_medio_camino(vistas)
        yield vistas


def recorrer(vistas: Vistas) -> None:
    mundo = vistas.mundo
    comienzos = (
        [regla for regla in addresses(mundo.app).values() if "<" not in regla]
        + by_number(mundo)
        + ["/no-existe"]
    )
    veces = Counter[str]()
    for quien, cliente in people(mundo):
        conocidas = frozenset(endpoint for endpoint, n in veces.items() if n >= ENOUGH) - OWN
        for vista in Walk(mundo.app, skip=conocidas | set(NOT_WALKED), each=2).of(
            quien, cliente, comienzos
        ):
            veces[vista.endpoint] += vista.status == 200
            vistas.guardar(quien, cliente, vista.path, vista.html, vista.status)
        sin_pagina = cliente.get("/no-existe")
        vistas.guardar(quien, cliente, "/no-existe", sin_pagina.text, sin_pagina.status_code)


def atender(vistas: Vistas) -> None:
    """What only stands in the console during a visit: each activity as it begins, until the rating
    and until the power."""
    mundo = vistas.mundo
    asesor, actor = mundo.person(ASESOR), person(ASESOR, f"asesor@{PUNTO}", f"usuario@{PUNTO}")
    punto = Point(WebKit(mundo.app, mundo.engine, mundo.clock), {})
    en_espera = [
        turno for turno in punto.turnos() if turno.punto_id == PUNTO and turno.estado == "espera"
    ]

    def mirar() -> None:
        consola = asesor.get("/atencion")
        vistas.guardar("asesor", asesor, "/atencion", consola.text, consola.status_code)
        enviar(vistas, vistas.todas[-1][0], asesor, "tareas.completar")

    motivo: Data = {
        "motivo": "El saldo de su crédito",
        "motivo_visita": "servicio_adquirido",
        "requiere_radicar": True,
        "resoluble": False,
    }
    persona: Data = {
        "tipo_doc": "CC",
        "num_doc": "52123456",
        "nombre_nuevo": "Ana Rojas",
        "documento_exhibido": True,
    }
    datos: Data = {
        "nombre": "Ana Rojas",
        "direccion": "Calle 1",
        "municipio": "11001",
        "telefono_fijo": "",
        "celular": "3001234567",
    }
    datos |= {
        "correo": "ana@ciudadana.example",
        "autoriza_tratamiento": True,
        "medio_notificacion": "correo",
    }
    caminos: tuple[tuple[tuple[str, Data, str], ...], ...] = (
        (
            (
                "act_5_2_4",
                {**persona, "camino": "poder", "calidad": "apoderado"},
                "asesor.titularidad",
            ),
        ),
        (
            (
                "act_5_2_4",
                {**persona, "camino": "potencial", "calidad": "cliente_potencial"},
                "asesor.titularidad",
            ),
            ("act_5_2_7", datos, "asesor.datos_basicos"),
        ),
    )
    for turno, camino in zip(en_espera, caminos, strict=False):
        punto.call_turn(turno, "1", actor)
        mirar()
        punto.complete(
            turno,
            "act_5_2_2",
            {"modulo": "1", "resultado_llamado": "atendido"},
            "asesor.llamar",
            actor,
        )
        mirar()
        punto.complete(turno, "act_5_2_3", motivo, "asesor.motivo", actor)
        for accion in ("devolver", "trasladar"):  # F8, F10
            salida = asesor.post(
                f"/atencion/{accion}/{turno.id}",
                data={"csrf_token": csrf(asesor.get("/atencion").text)},
            )
            vistas.guardar_estado("asesor", asesor, salida, "Por qué no se atiende aquí", 422)
        for actividad, valores, formulario in camino:
            mirar()
            punto.complete(turno, actividad, valores, formulario, actor)
        mirar()
        with Session(mundo.engine.db) as s:
            (abierto,) = items_of_case(s, str(turno.case_key), only_open=True)
        if abierto.claimed_by:
            mundo.engine.items.release(abierto.id, actor=actor, now=mundo.clock.now())


def cambiar_modelos(vistas: Vistas) -> None:
    """What an analyst has before them while changing: an open rule, a new one, what a draft of a
    diagram and of a table changes."""
    mundo, analista = vistas.mundo, vistas.mundo.person("analista")
    caminos = [
        f"/procesos/matriz_escalonamiento.dmn/editar?regla=matriz_escalonamiento:{n}"
        for n in ("2", "nueva")
    ]
    caminos.append("/procesos/sistema_consulta.dmn/editar?regla=sistema_consulta:1")
    with mundo.engine.uow.reading() as session:
        hoy = in_force(session, mundo.engine.catalog)
    assert hoy is not None
    for archivo, de, a in (
        ("escalonamiento.bpmn", b"Documentar", b"Firmar"),
        ("matriz_escalonamiento.dmn", b"Cartera", b"Recaudo"),
    ):
        borrador = hoy.files[archivo].replace(de, a)
        mundo.engine.releases.save_draft(
            archivo, borrador, actor=person("analista"), now=mundo.clock.now()
        )
        caminos.append(f"/procesos/{archivo}/poner-en-vigor")
    for camino in caminos:
        respuesta = analista.get(camino)
        assert respuesta.status_code == 200, camino
        vistas.guardar("analista", analista, camino, respuesta.text, respuesta.status_code)


def tras_otro_ingreso(vistas: Vistas) -> None:
    """What was being sent when the session ended, shown again."""
    mundo = vistas.mundo
    asesor, ruta = mundo.person(ASESOR), "/bandeja/lote"
    with mundo.app.test_request_context():
        datos = {"_firma": firmar(ASESOR, ruta), "_retomar": "1", "acto": "devolver", "motivo": WHY}
    respuesta = asesor.post(ruta, data={"csrf_token": csrf(asesor.get("/bandeja").text), **datos})
    assert "Todavía no se ha enviado" in respuesta.text
    vistas.guardar("asesor", asesor, ruta, respuesta.text, respuesta.status_code)


def _abierta(mundo: World, case_key: str) -> str:
    with Session(mundo.engine.db) as s:
        (abierta,) = items_of_case(s, case_key, only_open=True)
    return f"/tarea/{abierta.id}"


def a_medio_camino(vistas: Vistas) -> None:
    """Of pages that change with what happened: a colleague's draft, a prórroga while one writes,
    what is about to leave, a correction."""
    mundo, ahora = vistas.mundo, vistas.mundo.clock.now()
    with Session(mundo.engine.db) as s:
        item = s.scalars(DE_UN_AREA).first()
        assert item is not None
        asesor = s.scalars(sa.select(Caso.asesor_id).where(Caso.case_key == item.case_key)).one()
        del_area = sa.select(Cuenta.usuario).join(RolAsignado, RolAsignado.cuenta_id == Cuenta.id)
        area = s.scalars(
            del_area.where(RolAsignado.rol == "funcionario", RolAsignado.ambito == item.scope)
        ).all()
    uno, otro = str(item.claimed_by), next(u for u in area if u != item.claimed_by)
    autor, lider = (
        person(uno, f"funcionario@{item.scope}"),
        person("coordinador", "coordinador_gau"),
    )
    mundo.engine.items.save_draft(
        item.id, {"hallazgos": ["Lo que vi en el banco"], AUTOR: uno}, actor=autor, now=ahora
    )
    mundo.engine.items.reassign(item.id, to=otro, actor=lider, now=ahora, reason=WHY)
    cliente, ruta = mundo.person(otro), f"/tarea/{item.id}"
    pagina = cliente.get(ruta)
    vistas.guardar_estado(otro, cliente, pagina, "El texto del formulario lo escribió")

    coordinador, prorroga = mundo.person("coordinador"), f"/caso/{item.case_key}/prorroga"
    pedida = {
        "csrf_token": csrf(coordinador.get(prorroga).text),
        "dias": "3",
        "motivo": "El banco no ha respondido la consulta.",
    }
    assert coordinador.post(prorroga, data=pedida).status_code == 302
    mundo.engine.pump(ahora)
    escrito = {
        "csrf_token": csrf(pagina.text),
        "hallazgos": "Lo que vi en el banco",
        "fuentes": "banco",
        "resultado_analisis": "competente",
    }
    vistas.guardar_estado(
        otro, cliente, cliente.post(ruta, data=escrito), "se aprobó la prórroga", 409
    )

    asesora = mundo.person(asesor)
    for quien, mas in (
        (cliente, {}),
        (cliente, {"respuesta_tecnica": "El pago ya está aplicado en cartera.", "favorable": "si"}),
        (asesora, {"revision_respuesta": "completa"}),
    ):
        ruta = _abierta(mundo, item.case_key)
        hecho = quien.post(ruta, data={**escrito, **mas, "csrf_token": csrf(quien.get(ruta).text)})
        assert hecho.status_code == 302, hecho.text
    ruta = _abierta(mundo, item.case_key)
    carta = {
        "csrf_token": csrf(asesora.get(ruta).text),
        "texto_respuesta": "Su pago ya se aplicó a la cartera.",
        "_accion": "ver",
    }
    vistas.guardar_estado(
        "asesora", asesora, asesora.post(ruta, data=carta), "Así le llega a la persona"
    )

    jefa = mundo.person(f"lider.{str(item.scope).lower()}")
    dias = {
        "desde": formatos.dia_local(ahora).isoformat(),
        "hasta": formatos.dia_local(ahora + dt.timedelta(days=3)).isoformat(),
    }
    ausencia = {
        "csrf_token": csrf(jefa.get("/ausencias").text),
        "persona": uno,
        "sustituto": otro,
        **dias,
        "motivo": "Vacaciones",
    }
    assert jefa.post("/ausencias", data=ausencia).status_code == 302
    corregir = re.search(r'"(/ausencias\?corregir=\d+)', jefa.get("/ausencias").text)
    assert corregir
    vistas.guardar_estado("lider", jefa, jefa.get(corregir[1]), "Por qué la corrige")


def enlaces_vencidos(vistas: Vistas) -> None:
    """410: the link of a mail to rate an answer, used up by time."""
    mundo, cliente = vistas.mundo, vistas.mundo.app.test_client()
    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        caso = s.scalars(sa.select(Caso.id).where(Caso.radicado.is_not(None))).first()
        assert caso is not None
        secreto = token_de_calificacion(str(mundo.app.secret_key).encode(), caso)
        crear_enlace(s, caso, secreto, now=mundo.clock.now() - dt.timedelta(days=400))
    respuesta = cliente.get(f"/calificar/{secreto}", follow_redirects=True)
    assert respuesta.status_code == 410
    vistas.guardar(
        "publico", cliente, f"/calificar/{secreto}", respuesta.text, respuesta.status_code
    )


def enviar_mal(vistas: Vistas) -> None:
    """The forms of one page of each kind."""
    for vista, cliente in vistas.una_de_cada():
        if vista.status == 200:
            enviar(vistas, vista, cliente)


def enviar(vistas: Vistas, vista: Seen, cliente: FlaskClient, *solo: str) -> None:
    """Each form as it is, but empty; then with nonsense in every field. What answers with a page is
    an error state."""
    for formulario in lxml.html.document_fromstring(vista.html).forms:
        destino = formulario.action or vista.path
        endpoint = _endpoint_de_envio(vistas.mundo, destino)
        if (
            formulario.method != "POST"
            or endpoint is None
            or endpoint in NO_SE_ENVIA
            or (solo and endpoint not in solo)
        ):
            continue
        for texto in ("", MALO):
            if not solo and (vista.endpoint, endpoint, texto) in vistas.enviados:
                continue
            vistas.enviados.add((vista.endpoint, endpoint, texto))
            respuesta = cliente.post(destino, data=_con(formulario, texto))
            if respuesta.status_code >= 400:
                vistas.guardar(
                    vista.who,
                    cliente,
                    destino.partition("?")[0],
                    respuesta.text,
                    respuesta.status_code,
                )
            respuesta.close()


def _endpoint_de_envio(mundo: World, destino: str) -> str | None:
    try:
        endpoint, _valores = mundo.app.url_map.bind("localhost").match(
            destino.partition("?")[0], method="POST"
        )
    except HTTPException:  # not an address of ours
        return None
    return str(endpoint)


def _con(formulario: lxml.html.FormElement, texto: str) -> dict[str, str]:
    """Hidden fields as they are, every other with this text."""
    return {
        campo.name: (campo.get("value") or "")
        if campo.get("type") in ("hidden", "submit")
        else texto
        for campo in formulario.xpath(".//input[@name] | .//textarea[@name] | .//select[@name]")
        if campo.get("type") not in ("file", "checkbox", "radio")
        or (texto == "" and campo.get("type") == "hidden")
    }


@pytest.mark.parametrize("parte", range(PARTES))
def test_every_page_and_every_error_stays_right_for_those_who_change_how_they_see_it(
    vistas: Vistas, browser: Browser, parte: int
) -> None:
    vitrina = Vitrina(browser)
    faltas = []
    for vista, cliente in vistas.una_de_cada()[parte::PARTES]:
        vitrina.poner(vista, cliente)
        faltas += [
            f"{vista.who} {vista.endpoint} {vista.status} {vista.path}: {falta}"
            for falta in vitrina.faltas()
        ]
    assert not faltas, "\n".join(faltas)
