"""Every route and every parameter with what no person types. Addresses come from the URL map,
parameters from the source, forms from the pages that people see."""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import lxml.html
import orjson
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from engine.types import SYSTEM
from records.base.actos import Acto
from records.casos.casos import NuevoCaso, crear_caso, radicar
from records.catalogos.catalogo import cargar_catalogo
from records.personas.personas import NuevaPersona, crear_persona
from tests.kit import diagrams as m, public as public_kit
from tests.kit.cast import ELENCO, PUNTO, person
from tests.kit.clock import NOW
from tests.kit.public import DEVICES, Point
from tests.kit.walk import Walk
from tests.kit.web import csrf
from webforms.salas import PERMISOS
from webforms.visita.seguimiento import enlace_de_turno

#: One of each role that has pages.
GENTE = ("asesor", "funcionaria", "lider", "coordinador", "gestora", "analista", "revisor", "admin")
DICE_503 = frozenset({"/ready"})  # no worker runs here, and that is its answer
MARCA = "linea-inventada"
RAROS: tuple[str, ...] = (
    "\0",
    "a\0b",
    "\ud800",
    "a\udfffb",
    f"x\r\n{MARCA}",
    f"x\u2028{MARCA}\x1b[31m",
    "1" + "0" * 30,
    "-1" + "0" * 30,
    "2147483648",
    "9223372036854775808",
    "9" * 5_000,
    "-1",
    "0",
    "²",
    "٣",
    "1e400",
    "nan",
    "1_000",
    "9999-12-31",
    "31/12/9999",
    "01/01/0001",
    "0001-01-01",
    "2026-02-30",
    "24:00",
    "x" * 20_000,
    "á" * 3_000,
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "%",
    "{0.__class__}",
    "../../../etc/passwd",
    "",
    " ",
    "\u202e",
    "[]",
    "//[",
)
CUERPOS: tuple[bytes, ...] = (
    b"[" * 2_000 + b"]" * 2_000,
    b'{"a":' * 2_000 + b"1" + b"}" * 2_000,
    b'{"a": ["\\u0000"]}',
    b'{"a": ["\\ud800"]}',
    b'{"\\u0000": ["x"]}',
    b'{"a": [1' + b"0" * 30 + b"]}",
    b'{"a": 1' + b"0" * 6_000 + b"}",
    b'{"archivo": "visita.bpmn", "contenido": "\\u0000", "visto": "\\ud800"}',
    b'{"archivo": "x.bpmn", "contenido": "<?xml version=\\"1.0\\" encoding=\\"UTF-7\\"?><a/>"}',
    b'{"archivo": {}, "contenido": []}',
    b"null",
    b"NaN",
    b"{",
    b"",
    b"\xff\xfe",
)
_LEIDO = re.compile(r"(?:args|form|values)\.(?:get|getlist)\(\s*\"(\w+)\"")
_ADDRESS = re.compile(r"<(?:[^:<>]+:)?(\w+)>")


@dataclass
class Formulario:
    cliente: FlaskClient
    quien: str
    accion: str
    metodo: str
    valores: Mapping[str, str]
    html: lxml.html.HtmlElement = field(repr=False)


@dataclass
class Asedio:
    """Who asks, what was found, and what stood in the log."""

    punto: Point
    azar: random.Random
    clientes: dict[str, FlaskClient]
    veces: int = 1  #: how many values, times a few
    fallas: list[str] = field(default_factory=list)
    pedidos: int = 0

    def pedir(self, cliente: FlaskClient, metodo: str, direccion: str, **mas: object) -> None:
        self.pedidos += 1
        respuesta = cliente.open(direccion, method=metodo, **mas)
        if respuesta.status_code >= 500 and respuesta.request.path not in DICE_503:
            self.fallas.append(
                f"{respuesta.status_code} {metodo} {direccion[:200]} {str(mas)[:300]}"
            )
        if "Traceback" in respuesta.headers.get(
            "Content-Type", ""
        ) or "malo.test" in respuesta.headers.get("Location", ""):
            self.fallas.append(f"header of {metodo} {direccion[:200]}")
        respuesta.close()

    def algunos(self, cuantos: int) -> list[str]:
        return self.azar.sample(RAROS, min(len(RAROS), cuantos * self.veces))


@contextmanager
def asediada(
    carpeta: Path, url: str, azar: random.Random, veces: int = 1, gente: Sequence[str] = GENTE
) -> Iterator[Asedio]:
    """A point at work on this database, and browsers of these and of every device."""
    punto = public_kit.build(carpeta, url)
    _sembrar(punto)
    clientes = {usuario: punto.web.browser(usuario) for usuario in gente}
    clientes |= {tipo: punto.device(codigo) for codigo, tipo, *_ in reversed(DEVICES)}
    yield Asedio(punto, azar, {**clientes, "publico": punto.web.browser()}, veces)
    punto.web.engine.db.dispose()


def _sembrar(punto: Point) -> None:
    """A visit at the desk, one that is rated, one that waits, a case with its number, an incident,
    a draft of a diagram."""
    with punto.web.session() as s:
        cargar_catalogo(s)
        _caso(s)
        s.commit()
    quiosco = punto.device("quiosco-1")
    for _persona in range(3):
        punto.take_turn(quiosco)
    primero, segundo, _tercero = punto.turnos()
    punto.until_rating(primero, "7")
    punto.call_turn(segundo, "3")
    motor = punto.web.engine
    motor.releases.deploy({"cuotas.bpmn": _con_incidente()}, actor=SYSTEM, now=NOW)
    motor.instances.start("cuotas", actor=SYSTEM, now=NOW, data={"monto": 10, "cuotas": 0})
    motor.releases.save_draft(
        "cuotas.bpmn", _con_incidente(), actor=person("analista", "analista_procesos"), now=NOW
    )


def _caso(s: Session) -> None:
    persona = crear_persona(
        s,
        NuevaPersona(
            tipo_doc="CC", num_doc="52123456", nombre="Lucía Restrepo", calidad="beneficiario"
        ),
        now=NOW,
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


def _con_incidente() -> bytes:
    nodos = (
        m.start("ini")
        + '<exclusiveGateway id="cual" default="f_cual_fin"/>'
        + m.end("fin")
        + m.end("otro")
    )
    flujos = (
        m.flow("ini", "cual") + m.flow("cual", "fin") + m.flow("cual", "otro", "monto / cuotas > 3")
    )
    return m.model(m.process("cuotas", nodos + flujos, variables="monto:integer cuotas:integer"))


# --- what is sent ---------------------------------------------------------------------------------
def _texto(valor: str) -> bytes:
    return valor.encode("utf-8", "surrogatepass")


def _consulta(pares: Mapping[str, str]) -> str:
    return urlencode({nombre: _texto(valor) for nombre, valor in pares.items()})


def _quien(asedio: Asedio, regla: Rule) -> FlaskClient:
    """Somebody whom the route lets in."""
    permitidos = PERMISOS[regla.endpoint]
    for tipo in ("quiosco", "tablero", "tableta"):
        if f"dispositivo:{tipo}" in permitidos:
            return asedio.clientes[tipo]
    if "publico" in permitidos:
        return asedio.clientes["publico"]
    con_papel = (u for u in GENTE if {rol for rol, _ambito in ELENCO[u][1]} & permitidos)
    return asedio.clientes[next(con_papel, "admin")]


def _parametros() -> list[str]:
    """The names of all parameters that the source reads."""
    casa = Path(__file__).resolve().parents[2] / "webforms"
    nombres = {
        nombre
        for archivo in casa.rglob("*.py")
        for nombre in _LEIDO.findall(archivo.read_text("utf-8"))
    }
    assert len(nombres) > 30
    return sorted(nombres)


def paginas(asedio: Asedio) -> tuple[dict[str, tuple[FlaskClient, str]], list[Formulario]]:
    """One address of each page, with somebody who comes there; and one form of each kind, as it is
    when it is shown."""
    app = asedio.punto.web.app
    comienzos = sorted(
        regla.rule
        for regla in app.url_map.iter_rules()
        if "GET" in (regla.methods or ()) and not regla.arguments
    )
    with app.test_request_context():
        # as tickets of before have it
        comienzos.append(
            f"/turno/{enlace_de_turno(asedio.punto.turnos()[-1].id).partition('#')[2]}"
        )
    direcciones: dict[str, tuple[FlaskClient, str]] = {}
    formularios: dict[tuple[str, str, frozenset[str]], Formulario] = {}
    pasos = Walk(app, each=1, skip=frozenset({"static", "ingreso.salir"}))
    for quien, cliente in asedio.clientes.items():
        for vista in pasos.of(quien, cliente, comienzos):
            direcciones.setdefault(vista.endpoint, (cliente, vista.path))
            for f in lxml.html.document_fromstring(vista.html or "<p></p>").forms:
                accion = f.action or vista.path
                valores = {
                    campo.name: _valor(campo)
                    for campo in f.xpath(
                        ".//*[self::input or self::textarea or self::select][@name]"
                    )
                }
                if not accion.endswith("/salir"):
                    clase = (
                        _ADDRESS.sub("", re.sub(r"[0-9a-f-]{8,}|\d+", "", accion)),
                        f.method,
                        frozenset(valores),
                    )
                    formularios.setdefault(
                        clase, Formulario(cliente, quien, accion, f.method, valores, f)
                    )
    return direcciones, list(formularios.values())


def _valor(campo: lxml.html.HtmlElement) -> str:
    valor = getattr(campo, "value", None) or campo.get("value") or ""
    return valor if isinstance(valor, str) else ""


# --- the siege ------------------------------------------------------------------------------------
def _por_las_direcciones(asedio: Asedio) -> None:
    """Every part of every address, for whoever may go there, with every method."""
    for regla in asedio.punto.web.app.url_map.iter_rules():
        if not regla.arguments or regla.endpoint == "static":
            continue
        cliente = _quien(asedio, regla)
        for raro in asedio.algunos(4):
            parte = quote(_texto(raro[:300]), safe="") or "x"
            direccion = _ADDRESS.sub(lambda _parte, parte=parte: parte, regla.rule)
            for metodo in sorted((regla.methods or set()) - {"HEAD", "OPTIONS"}):
                asedio.pedir(cliente, metodo, direccion)


def _por_los_parametros(asedio: Asedio, direcciones: Mapping[str, tuple[FlaskClient, str]]) -> None:
    """All parameters at once on each page, then one by one, and dates far away with every file that
    is exported."""
    nombres = _parametros()
    for cliente, camino in direcciones.values():
        base = camino.partition("?")[0]
        for raro in asedio.algunos(2):
            asedio.pedir(cliente, "GET", f"{base}?{_consulta(dict.fromkeys(nombres, raro[:300]))}")
        for nombre in asedio.azar.sample(nombres, min(len(nombres), asedio.veces)):
            asedio.pedir(
                cliente, "GET", f"{base}?{_consulta({nombre: asedio.azar.choice(RAROS)[:2_000]})}"
            )
    fechas = [nombre for nombre in nombres if nombre.startswith(("desde", "hasta", "fecha", "dia"))]
    for regla in asedio.punto.web.app.url_map.iter_rules():
        if "GET" in (regla.methods or ()) and not regla.arguments:
            for raro in ("9999-12-31", "31/12/9999", "01/01/0001"):
                asedio.pedir(
                    _quien(asedio, regla),
                    "GET",
                    f"{regla.rule}?{_consulta(dict.fromkeys(fechas, raro))}",
                )


def _por_los_formularios(asedio: Asedio, formularios: list[Formulario]) -> None:
    """All fields at once, then each of them alone, the others as the page shows them."""
    for f in formularios:
        fijos = {
            nombre: valor
            for nombre, valor in f.valores.items()
            if nombre in ("csrf_token", "_firma")
        }
        libres = [nombre for nombre in f.valores if nombre not in fijos]
        casos = [dict.fromkeys(libres, raro) | fijos for raro in asedio.algunos(2)]
        casos += [
            {**f.valores, nombre: raro}
            for nombre in asedio.azar.sample(libres, min(len(libres), 3 * asedio.veces))
            for raro in asedio.algunos(1)
        ]
        for caso in casos:
            cuerpo = _consulta(caso)
            if f.metodo == "POST":
                asedio.pedir(
                    f.cliente,
                    "POST",
                    f.accion,
                    data=cuerpo,
                    content_type="application/x-www-form-urlencoded",
                )
            elif len(cuerpo) < 60_000:
                asedio.pedir(f.cliente, "GET", f"{f.accion.partition('?')[0]}?{cuerpo}")


def _por_el_json(asedio: Asedio, direcciones: Mapping[str, tuple[FlaskClient, str]]) -> None:
    analista, asesor = asedio.clientes["analista"], asedio.clientes["asesor"]
    tareas = [
        camino for endpoint, (_c, camino) in direcciones.items() if endpoint == "tareas.mostrar"
    ]
    destinos = [
        (analista, "POST", "/procesos/lint"),
        (analista, "POST", "/procesos/cuotas.bpmn/borrador"),
    ]
    destinos += [(asesor, "PUT", f"{tarea.partition('?')[0]}/borrador") for tarea in tareas]
    assert tareas
    token = {
        cliente: csrf(cliente.get(pagina).text)
        for cliente, pagina in ((analista, "/procesos/nuevo"), (asesor, "/borradores"))
    }
    escritos = [
        orjson.dumps({"archivo": raro, "contenido": raro})
        for raro in RAROS
        if max(raro, default="") < "\ud800" or max(raro) > "\udfff"
    ]
    for cliente, metodo, direccion in destinos:
        for cuerpo in [*CUERPOS, *escritos]:
            asedio.pedir(
                cliente,
                metodo,
                direccion,
                data=cuerpo,
                content_type="application/json",
                headers={"X-CSRFToken": token[cliente]},
            )


def _por_las_cabeceras(asedio: Asedio) -> None:
    publico = asedio.clientes["publico"]
    for raro in ("\xff\xfe", "²", "9" * 5_000, "es;q=²", "a=b; c=\xff", "malo.test"):
        for cabecera in (
            "Cookie",
            "Accept",
            "Accept-Language",
            "Host",
            "X-Forwarded-For",
            "Referer",
            "Content-Type",
            "Range",
            "If-None-Match",
        ):
            for camino in ("/consulta", "/ingresar", "/static/app.css"):
                asedio.pedir(publico, "GET", camino, headers={cabecera: raro})


def todo(asedio: Asedio) -> None:
    """By addresses, parameters, forms, JSON and headers; what went wrong stands in
    `asedio.fallas`."""
    direcciones, formularios = paginas(asedio)
    assert len(direcciones) > 40, sorted(direcciones)
    assert len(formularios) > 40, [f.accion for f in formularios]
    _por_las_direcciones(asedio)
    _por_los_parametros(asedio, direcciones)
    _por_los_formularios(asedio, formularios)
    _por_el_json(asedio, direcciones)
    _por_las_cabeceras(asedio)
