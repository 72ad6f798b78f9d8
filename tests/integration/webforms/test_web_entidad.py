"""What the agency keeps: made, changed and ended by one editor, each time with a reason; what
history names is never deleted."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from common.language import speaking
from records.base.reglas.entidad import Entidad, saber
from records.base.tablas import Cambio
from records.casos.tablas import Tipificacion
from records.catalogos.catalogos import CATALOGOS
from records.catalogos.tablas import ListaValor
from records.correo.reglas import cartas
from records.cuentas import carriles
from records.lugares.entidad import leer
from records.lugares.puntos import modulos
from records.lugares.tablas import Puesto, Punto
from tests.kit import web as web_kit
from tests.kit.people import PERMISO, permiso
from tests.kit.web import WebKit, csrf, followed
from webforms.campos.comunes import AUTORIZACION_DATOS

PORQUE = "Resolución 7 de 2026"
PUNTO = {
    "codigo": "LET-CEN",
    "nombre": "Leticia",
    "ciudad": "Leticia",
    "dane": "91001",
    "modo_fila": "manual",
    "hora_apertura": "8:00",
    "hora_cierre": "16:30",
    "dias": "123456",
    "tz": "America/Bogota",
    "turnos_dia": "20",
}
NUEVOS: dict[str, dict[str, str]] = {
    "puntos": PUNTO,
    "areas": {
        "codigo": "GDP",
        "nombre": "Grupo de Datos",
        "nivel2": "Coordinación",
        "nivel3": "Secretaría",
        "correo": "gdp@entidad.gov.co",
    },
    "listas": {"codigo": "zonas", "nombre": "Zonas", "variable": "zona_id"},
    "temas": {
        "codigo": "S90",
        "clase": "solicitud",
        "tema": "Espacio público",
        "subtema": "Permiso de ocupación",
        "tipo_termino": "peticion",
        "vigente_desde": "01/12/2026",
    },
    "normas": {
        "codigo": "LEY9",
        "nombre": "Ley 9 de 1989",
        "articulo": "Artículo 5",
        "vigente_desde": "11/01/1989",
    },
    "series": {
        "codigo": "PEP",
        "nombre": "Permisos",
        "gestion": "2",
        "central": "8",
        "disposicion": "eliminar",
        "vigente_desde": "01/01/2026",
    },
}


@pytest.fixture
def web(tmp_path: Path) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, f"sqlite:///{tmp_path / 'v.db'}")
    yield kit
    kit.engine.db.dispose()


@pytest.fixture
def admin(web: WebKit) -> FlaskClient:
    return web.browser("admin")


def enviar(admin: FlaskClient, donde: str, **datos: str) -> TestResponse:
    return admin.post(
        donde,
        data={
            "csrf_token": csrf(admin.get("/entidad/normas/nuevo").text),
            "motivo": PORQUE,
            **datos,
        },
    )


def visto(respuesta: TestResponse) -> str:
    return followed(html.unescape(respuesta.text))


@pytest.mark.parametrize("clase", NUEVOS)
def test_each_catalogue_is_made_changed_ended_and_offered_again(
    web: WebKit, admin: FlaskClient, clase: str
) -> None:
    datos = NUEVOS[clase]
    assert "Todavía no hay nada aquí" in visto(admin.get(f"/entidad/{clase}")) or clase == "puntos"
    assert enviar(admin, f"/entidad/{clase}/nuevo", **datos).status_code == 302
    suya = f"/entidad/{clase}/de/{datos['codigo']}"
    assert (
        enviar(
            admin, suya, **{**datos, "nombre": "Otro nombre", "subtema": "Otro nombre"}
        ).status_code
        == 302
    )
    assert enviar(admin, suya, accion="terminar").status_code == 302
    pagina = visto(admin.get(suya))
    assert "Otro nombre" in pagina
    assert pagina.count(PORQUE) == 3
    assert enviar(admin, suya, accion="reanudar").status_code == 302
    assert "Ya está así." in visto(enviar(admin, suya, accion="reanudar"))
    assert "No cambió nada." in visto(
        enviar(admin, suya, **{**datos, "nombre": "Otro nombre", "subtema": "Otro nombre"})
    )
    assert [a for a in web.accesses() if a[0].startswith("cambio")] == [
        (f"cambio_{clase}", "admin", f"{clase}/{datos['codigo']}")
    ] * 4
    with web.session() as s:
        assert s.scalar(sa.select(sa.func.count()).select_from(Cambio)) == 4


def test_one_thing_is_governed_by_one_retention_series_at_a_time(admin: FlaskClient) -> None:
    assert "«flask retention» borra por las que gobiernan algo y dicen «Eliminar»" in visto(
        admin.get("/entidad/series")
    )
    datos = {**NUEVOS["series"], "gobierna": "sueltos"}
    assert enviar(admin, "/entidad/series/nuevo", **datos).status_code == 302
    otra = enviar(admin, "/entidad/series/nuevo", **{**datos, "codigo": "OTRA"})
    assert otra.status_code == 422
    assert f"La serie «{datos['codigo']}» ya gobierna eso en esos días" in visto(otra)
    assert (
        enviar(admin, f"/entidad/series/de/{datos['codigo']}", accion="terminar").status_code == 302
    )
    manana = {"vigente_desde": "27/11/2026", "vigente_hasta": ""}
    assert (
        enviar(admin, "/entidad/series/nuevo", **{**datos, "codigo": "OTRA", **manana}).status_code
        == 302
    )
    assert "ya gobierna eso" in visto(
        enviar(admin, f"/entidad/series/de/{datos['codigo']}", accion="reanudar")
    )


@pytest.mark.parametrize(
    ("clase", "mal", "campo", "dice"),
    [
        ("puntos", {"dane": "9100"}, "dane", "Cinco cifras"),
        ("puntos", {"hora_apertura": "25:00"}, "hora_apertura", "Escriba la hora como 08:00."),
        ("puntos", {"hora_cierre": "07:00"}, "hora_cierre", "Cierra después de abrir"),
        ("puntos", {"dias": "21"}, "dias", "1 es lunes"),
        ("puntos", {"dias_manana": "7"}, "dias_manana", "Son algunos de los días en que abre."),
        (
            "puntos",
            {"dias_manana": "1", "mediodia": "20:00"},
            "mediodia",
            "entre la hora en que abre y la hora en que cierra",
        ),
        ("puntos", {"tz": "America/Neiva"}, "tz", "No es una zona horaria"),
        ("puntos", {"turnos_dia": "9" * 30}, "turnos_dia", "número entero entre 0 y 100000"),
        ("puntos", {"modo_fila": "otro"}, "modo_fila", "Elija una de la lista."),
        ("puntos", {"codigo": "BOG-AGU"}, "codigo", "Ya existe ese código."),
        (
            "areas",
            {"codigo": "BOG-AGU"},
            "codigo",
            "Ya hay un punto, un área o un valor con ese código.",
        ),
        ("areas", {"correo": "a\r\nBcc: b@c.co"}, "correo", "No tiene la forma esperada"),
        ("listas", {"variable": "punto_id"}, "variable", "Ya hay una lista con esa variable."),
        ("listas", {"codigo": "con espacio"}, "codigo", "No tiene la forma esperada"),
        ("temas", {"vigente_desde": "31/02/2026"}, "vigente_desde", "No es un día"),
        ("temas", {"vigente_desde": "01/01/9999"}, "vigente_desde", "No es un día"),
        (
            "temas",
            {"vigente_hasta": "01/01/2026"},
            "vigente_hasta",
            "El último día va después del primero.",
        ),
        ("normas", {"nombre": "x" * 200}, "nombre", "Máximo 160 letras."),
        ("series", {"gestion": "-1"}, "gestion", "número entero"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field_and_what_was_typed_stays(
    web: WebKit, admin: FlaskClient, clase: str, mal: dict[str, str], campo: str, dice: str
) -> None:
    respuesta = enviar(admin, f"/entidad/{clase}/nuevo", **{**NUEVOS[clase], **mal})
    assert respuesta.status_code == 422
    en_su_sitio = re.search(rf'id="{campo}-e">(.*?)</p>', visto(respuesta))
    assert en_su_sitio
    assert dice in en_su_sitio[1]
    assert (
        enviar(admin, f"/entidad/{clase}/nuevo", **{**NUEVOS[clase], "motivo": ""}).status_code
        == 422
    )
    with web.session() as s:
        assert s.scalar(sa.select(sa.func.count()).select_from(Cambio)) == 0


def test_a_list_of_the_agency_is_what_roles_are_held_for_until_a_value_ends(
    web: WebKit, admin: FlaskClient
) -> None:
    enviar(admin, "/entidad/listas/nuevo", **NUEVOS["listas"])
    for codigo, nombre in (("NORTE", "Zona norte"), ("SUR", "Zona sur")):
        assert (
            enviar(
                admin, "/entidad/valores/nuevo", codigo=codigo, lista="zonas", nombre=nombre
            ).status_code
            == 302
        )
    web.deploy({PERMISO: permiso()})
    assert enviar(admin, "/personas/nadie/rol", rol="inspector", ambito="NORTE").status_code == 302
    assert "Roles que se tienen allí: 1" in visto(admin.get("/entidad/valores/de/NORTE"))
    assert enviar(admin, "/entidad/valores/de/NORTE", accion="terminar").status_code == 302
    with web.session() as s:
        assert carriles.valores(s)["zona_id"] == [("SUR", "Zona sur")]
        assert s.get(ListaValor, "NORTE") is not None
    assert "no está en la lista «Zonas»" in visto(
        enviar(admin, "/personas/asesor/rol", rol="inspector", ambito="NORTE")
    )
    # who has it keeps it
    assert "Inspectora de campo · Zona norte" in visto(
        web.browser("nadie").get("/", follow_redirects=True)
    )
    assert enviar(admin, "/entidad/valores/de/SUR", nombre="Sur de la ciudad").status_code == 302
    assert "Sur de la ciudad" in admin.get("/personas/nadie").text


def test_what_ends_is_no_more_offered_and_stays(web: WebKit, admin: FlaskClient) -> None:
    enviar(admin, "/entidad/puntos/de/PAS", accion="terminar")
    with web.session() as s:
        punto = s.get_one(Punto, "PAS")
        assert (punto.activo, punto.nombre) == (False, "Pasto")
    enviar(admin, "/entidad/temas/nuevo", **NUEVOS["temas"])
    enviar(admin, "/entidad/temas/de/S90", accion="terminar")
    with web.session() as s:
        tema = s.get_one(Tipificacion, "S90")
        # it had not begun: it ends on its first day
        assert tema.vigente_hasta == tema.vigente_desde


def test_only_who_governs_changes_it_and_what_is_not_there_is_not_found(
    web: WebKit, admin: FlaskClient
) -> None:
    assert web.browser("coordinador").get("/entidad").status_code == 403
    assert admin.get("/entidad/no_hay").status_code == 404
    assert admin.get("/entidad/puntos/de/no-hay").status_code == 404
    indice = visto(admin.get("/entidad"))
    assert all(c.nombre in indice for c in CATALOGOS.values())


def test_the_desks_of_a_point_are_set_all_at_once_and_one_that_goes_stays_known(
    web: WebKit, admin: FlaskClient
) -> None:
    suya = "/entidad/puntos/de/PAS/modulos"
    assert enviar(admin, suya, modulos="1, 2 10").status_code == 302
    assert enviar(admin, suya, modulos="2 10 A").status_code == 302
    with web.session() as s:
        assert modulos(s, "PAS") == ["2", "A", "10"]
        assert (
            s.scalar(sa.select(sa.func.count()).select_from(Puesto).where(Puesto.punto_id == "PAS"))
            == 4
        )
    assert "1, 2, 10" in visto(admin.get("/entidad/puntos/de/PAS"))
    assert "No cambió nada." in visto(enviar(admin, suya, modulos="2 10 A"))
    assert "no es un módulo" in visto(enviar(admin, suya, modulos="2 <b>"))
    assert enviar(admin, suya, modulos="3", motivo="").status_code == 422
    assert enviar(admin, "/entidad/puntos/de/NADA/modulos", modulos="3").status_code == 404


def test_the_agency_is_called_as_its_administrator_said_on_pages_and_in_letters(
    web: WebKit, admin: FlaskClient
) -> None:
    assert "La entidad todavía no tiene nombre" in visto(admin.get("/entidad"))
    assert "Ventanilla" in web.browser().get("/consulta").text
    datos = {
        "nombre": " Alcaldía  de Prueba",
        "nit": "900.123.456-7",
        "ciudad": "Pasto",
        "dependencia": "Atención a la ciudadanía",
    }
    assert enviar(admin, "/entidad/datos", **{**datos, "motivo": ""}).status_code == 422
    assert "Escriba el nombre de la entidad" in visto(enviar(admin, "/entidad/datos", nit="1"))
    larga = visto(enviar(admin, "/entidad/datos", **{**datos, "ciudad": "x" * 200}))
    assert "Ciudad: máximo 160 letras." in larga
    assert "x" * 200 in larga, "what was typed stays"
    assert enviar(admin, "/entidad/datos", **datos).status_code == 302
    pagina = visto(admin.get("/entidad"))
    assert "Alcaldía de Prueba" in pagina
    assert "NIT 900.123.456-7 · Pasto · Atención a la ciudadanía" in pagina
    assert PORQUE in visto(admin.get("/entidad/datos"))
    assert ("cambio_entidad", "admin", "entidad/entidad") in web.accesses()
    assert "No cambió nada." in visto(enviar(admin, "/entidad/datos", **datos))
    assert "Alcaldía de Prueba" in web.browser().get("/consulta").text
    for idioma in ("es", "en"):
        with speaking(idioma):
            _asunto, texto = cartas.carta("confirmacion", radicado="R1", confirme="")
        assert texto.endswith("Atención a la ciudadanía\nAlcaldía de Prueba")
    with web.app.test_request_context():
        assert "Autorizo a Alcaldía de Prueba, como responsable," in str(AUTORIZACION_DATOS)
    saber(Entidad())
    with web.app.test_request_context():
        assert "Autorizo a esta entidad, como responsable," in str(AUTORIZACION_DATOS)


def test_a_forged_line_in_the_name_of_the_agency_is_one_line(
    web: WebKit, admin: FlaskClient
) -> None:
    forjado = "Alcaldía\r\nBcc: x@y.co\u202e"
    assert enviar(admin, "/entidad/datos", nombre=forjado).status_code == 302
    with web.session() as s:
        assert leer(s).nombre == "Alcaldía Bcc: x@y.co"
    saber(Entidad())


def test_what_is_said_of_the_agency_is_nowhere_written_in_the_product() -> None:
    """Only the catalogue of M5-1-02, the migration that keeps what papers said until then, and the
    demo know the first agency."""
    raiz = Path(web_kit.__file__).parents[2]
    suelen = [
        p
        for cuarto in ("webforms", "records", "handlers", "engine", "common")
        for p in (raiz / cuarto).rglob("*")
    ]
    dichos = {
        p.relative_to(raiz).as_posix()
        for p in suelen
        if p.suffix in {".py", ".html", ".txt", ".typ", ".js"}
        and "dist" not in p.parts
        and "ICETEX" in p.read_text("utf-8")
    }
    assert dichos == {"records/catalogos/catalogo.py"}
