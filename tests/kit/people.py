"""What the tests of «Personas» share: a diagram whose lane asks for a new role, a list of places
for it, what an administrator sends."""

import html
import io

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from records.catalogos.tablas import Lista, ListaValor
from records.cuentas import personal
from tests.kit import diagrams as m
from tests.kit.clock import NOW
from tests.kit.web import WebKit, csrf, followed, hidden

PERMISO = "permiso.bpmn"
PORQUE = "Llega con la resolución 41"


def permiso(
    *de_carril: str,
    ambito: str = "zona_id",
    llamado: str = "Inspectora de campo",
    rol: str = "inspector",
) -> bytes:
    tareas = de_carril or ("inspeccionar",)
    nodos = m.start("ini") + "".join(m.user(t, fields=f"{t}_dato") for t in tareas) + m.end("fin")
    carril = m.lane("campo", rol, ambito, "ini", *tareas, "fin", called=llamado)
    return m.model(
        m.process(
            "permiso",
            nodos + m.flows(">".join(["ini", *tareas, "fin"])),
            lanes=carril,
            variables="zona_id punto_id sector_id",
        )
    )


def con_zonas(web: WebKit) -> None:
    with web.session() as s:
        s.add(
            Lista(
                codigo="zonas",
                nombre="Zonas",
                variable="zona_id",
                activa=True,
                creada=NOW,
                creada_por="admin",
            )
        )
        s.flush()
        s.add_all(
            ListaValor(codigo=c, lista="zonas", nombre=n, activo=True)
            for c, n in (("NORTE", "Zona norte"), ("SUR", "Zona sur"))
        )
        s.commit()


def enviar(admin: FlaskClient, donde: str, **datos: str) -> TestResponse:
    return admin.post(
        donde,
        data={"csrf_token": csrf(admin.get("/personas/nueva").text), "motivo": PORQUE, **datos},
    )


def visto(respuesta: TestResponse) -> str:
    return followed(html.unescape(respuesta.text))


def roles(web: WebKit, usuario: str) -> set[tuple[str, str | None]]:
    with web.session() as s:
        return {(r.rol, r.ambito) for r in personal.roles_de(s, usuario, web.clock.now())}


def subir(admin: FlaskClient, contenido: bytes) -> TestResponse:
    sellos = {
        "csrf_token": csrf(admin.get("/personas/importar").text),
        "archivo": (io.BytesIO(contenido), "personas.csv"),
    }
    return admin.post("/personas/importar", data=sellos, content_type="multipart/form-data")


def confirmar(admin: FlaskClient, ensayo: TestResponse, **datos: str) -> TestResponse:
    sellos = {
        "csrf_token": csrf(ensayo.text),
        "lista": hidden(ensayo.text, "lista"),
        "visto": hidden(ensayo.text, "visto"),
    }
    return admin.post("/personas/importar/aplicar", data={**sellos, "motivo": PORQUE, **datos})
