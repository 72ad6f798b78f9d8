"""People by page and by CSV: what an administrator changes, with a reason, what nobody may change,
and what becomes of what is held."""

import datetime as dt
import html
import re
import string
from collections.abc import Iterator
from pathlib import Path

import lxml.html
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from records.base.actos import Acto
from records.base.errores import DatoInvalido
from records.base.reglas.tabla_csv import MAX_BYTES
from records.base.tablas import Cambio
from records.cuentas import personal
from records.cuentas.ausencias import NuevaAusencia, registrar_ausencia
from records.cuentas.tablas import Ausencia, Cuenta, RolAsignado
from tests.kit import web as web_kit
from tests.kit.cast import person
from tests.kit.chance import dice
from tests.kit.clock import NOW
from tests.kit.people import (
    PERMISO,
    PORQUE,
    con_zonas,
    confirmar,
    enviar,
    permiso,
    roles,
    subir,
    visto,
)
from tests.kit.web import WebKit, csrf, log_in, opened
from webforms.comandos.personas import users


@pytest.fixture
def web(tmp_path: Path) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, f"sqlite:///{tmp_path / 'v.db'}")
    con_zonas(kit)
    kit.deploy({PERMISO: permiso()})
    yield kit
    kit.engine.db.dispose()


@pytest.fixture
def ambas(tmp_path: Path, db_url: str) -> Iterator[WebKit]:
    """The same on either database, for what its locks and savepoints do."""
    kit = web_kit.build(tmp_path, db_url)
    con_zonas(kit)
    kit.deploy({PERMISO: permiso()})
    yield kit
    kit.engine.db.dispose()


@pytest.fixture
def admin(web: WebKit) -> FlaskClient:
    return web.browser("admin")


def test_an_administrator_makes_an_account_with_a_role_of_a_diagram_and_she_sets_her_password(
    web: WebKit, admin: FlaskClient
) -> None:
    hoja = enviar(
        admin,
        "/personas/nueva",
        nombre="Nubia  Torres",
        correo="Nubia.Torres@entidad.gov.co",
        rol="inspector",
        ambito="NORTE",
        enlace="papel",
    )
    assert hoja.status_code == 200
    enlace = re.search(r"https://ventanilla\.test(/clave/#[\w-]{43})", hoja.text)
    assert enlace
    ella = web.browser()
    clave = "lámpara verde tres panes"
    suya = opened(ella, enlace[1])
    puesta = ella.post(
        suya, data={"clave": clave, "otra": clave, "csrf_token": csrf(ella.get(suya).text)}
    )
    assert puesta.status_code == 302
    assert log_in(ella, "nubia.torres", clave).status_code == 302
    assert "Inspectora de campo · Zona norte" in visto(ella.get("/bandeja"))
    ficha = visto(admin.get("/personas/nubia.torres"))
    assert "Inspectora de campo · Zona norte" in ficha
    assert PORQUE in ficha
    assert [a for a in web.accesses() if a[0].startswith("cambio")] == [
        ("cambio_cuenta", "admin", "cuenta/nubia.torres")
    ] * 2
    with web.engine.db.connect() as c:
        detalles = (
            c.exec_driver_sql("SELECT detail FROM access WHERE kind = 'cambio_cuenta'")
            .scalars()
            .all()
        )
    assert any('"inspector"' in d and "NORTE" in d and "41" in d for d in map(str, detalles))
    # the chain forgets nothing: no names in it
    assert not any("Nubia" in d or "@" in d for d in map(str, detalles))


@pytest.mark.parametrize(
    ("datos", "dice"),
    [
        ({"nombre": ""}, "Escriba el nombre completo"),
        ({"correo": "sin arroba"}, "Escriba el correo completo"),
        ({"correo": "asesor@ejemplo.test"}, "Ya hay una cuenta con ese correo."),
        ({"correo": "asesor@entidad.gov.co"}, "Ya hay una cuenta con ese usuario: escriba otro."),
        ({"usuario": "con espacio"}, "El usuario lleva letras minúsculas"),
        ({"rol": "no_hay"}, "No existe el rol «no_hay»."),
        ({"rol": "de_carril"}, "No existe el rol «de_carril»."),
        ({"rol": "asesor"}, "Elija para dónde se da el rol «Asesor»."),
        ({"rol": "asesor", "ambito": "NORTE"}, "no está en la lista «Puntos de atención»"),
        ({"rol": "jefe_ocm", "ambito": "PAS"}, "se da para toda la entidad"),
        ({"rol": "inspector", "ambito": "PAS"}, "no está en la lista «Zonas»"),
        ({"rol": "jefe_ocm", "hasta": "ayer"}, "«ayer» no es un día"),
        ({"rol": "jefe_ocm", "desde": "01/01/2020"}, "Un rol se da desde hoy"),
        (
            {"rol": "jefe_ocm", "desde": "10/12/2026", "hasta": "01/12/2026"},
            "El último día va después del primero.",
        ),
        ({"motivo": " "}, "Escriba el motivo"),
        ({"motivo": "x" * 501}, "máximo 500"),
    ],
)
def test_what_makes_no_sense_is_said_and_what_was_typed_stays(
    web: WebKit, admin: FlaskClient, datos: dict[str, str], dice: str
) -> None:
    todo = {
        "nombre": "Eva Lara",
        "correo": "eva@entidad.gov.co",
        "usuario": "",
        "enlace": "papel",
        **datos,
    }
    respuesta = enviar(admin, "/personas/nueva", **todo)
    assert respuesta.status_code == 422
    assert dice in visto(respuesta)
    assert f'value="{todo["correo"]}"' in html.unescape(respuesta.text)
    with web.session() as s:
        assert s.scalar(sa.select(sa.func.count()).select_from(Cambio)) == 0


def faltas(respuesta: TestResponse, formulario: str) -> list[tuple[str, str]]:
    """Of the summary: to which field each line leads, and that the same stands there, read out with
    the field."""
    pagina = lxml.html.fromstring(respuesta.text)
    (de,) = pagina.xpath(f"//form[{formulario}]")
    (resumen,) = pagina.xpath("//*[@class='resumen-error']")
    assert resumen in de.iterdescendants()
    assert pagina.xpath("//title")[0].text.startswith("Error:")
    hallados = [(a.get("href").removeprefix("#"), a.text) for a in resumen.xpath(".//a")]
    for campo, falta in hallados:
        (suyo,) = de.xpath(f".//*[@id='{campo}']")
        assert (suyo.get("aria-invalid"), f"{campo}-e" in suyo.get("aria-describedby").split()) == (
            "true",
            True,
        ), campo
        (dicha,) = de.xpath(f".//p[@id='{campo}-e']")
        assert " ".join(dicha.text_content().split()) == f"Error: {falta}"
    ids = pagina.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {e.get("id") for e in de.xpath(".//*[@aria-invalid]")} == {
        campo for campo, _falta in hallados
    }
    return hallados


def escrito(respuesta: TestResponse, **datos: str) -> bool:
    """Whether each field has what was typed, as it was typed."""
    pagina = lxml.html.fromstring(respuesta.text)
    return all(
        pagina.xpath(f"//*[@id='{campo}']")[0].value == valor for campo, valor in datos.items()
    )


def test_all_that_is_wrong_with_a_new_person_is_told_at_once_each_at_its_field(
    web: WebKit, admin: FlaskClient
) -> None:
    malo = {
        "nombre": "",
        "correo": "sin arroba",
        "usuario": "Con Espacio",
        "rol": "asesor",
        "ambito": "NORTE",
        "desde": "ayer",
    }
    respuesta = enviar(admin, "/personas/nueva", **malo, hasta="31/12/9999", motivo=" ")
    assert respuesta.status_code == 422
    assert faltas(respuesta, "@novalidate") == [
        ("nombre", "Escriba el nombre completo, en máximo 160 letras."),
        ("correo", "Escriba el correo completo, por ejemplo nombre@entidad.gov.co."),
        (
            "usuario",
            "El usuario lleva letras minúsculas sin tilde, números, punto, guion y guion bajo, hasta 40.",
        ),
        ("ambito", "«NORTE» no está en la lista «Puntos de atención», que es la del rol «Asesor»."),
        ("desde", "«ayer» no es un día: escríbalo como 27/11/2026."),
        ("hasta", "«31/12/9999» no es un día: escríbalo como 27/11/2026."),
        ("motivo", "Escriba el motivo: queda en la historia, con su nombre."),
    ]
    assert escrito(respuesta, **malo, hasta="31/12/9999")
    tomado = enviar(admin, "/personas/nueva", nombre="Eva", correo="ASESOR@ejemplo.test", motivo="")
    assert [campo for campo, _falta in faltas(tomado, "@novalidate")] == [
        "correo",
        "usuario",
        "motivo",
    ]
    assert [
        campo
        for campo, _f in faltas(
            enviar(admin, "/personas/nueva", correo="@", motivo=""), "@novalidate"
        )
    ] == [
        "nombre",
        "correo",
        "motivo",
    ], "a user name that nobody wrote is not wrong beside the address it was to come from"
    with web.session() as s:
        assert s.scalar(sa.select(sa.func.count()).select_from(Cambio)) == 0


def test_all_that_is_wrong_with_a_change_of_a_person_is_told_at_once(
    web: WebKit, admin: FlaskClient
) -> None:
    datos = enviar(admin, "/personas/nadie/datos", nombre="", correo="x", motivo="")
    assert datos.status_code == 422
    suyo = "contains(@action, '/datos')"
    assert [campo for campo, _falta in faltas(datos, suyo)] == ["nombre", "correo", "motivo-datos"]
    assert escrito(datos, nombre="", correo="x")
    rol = enviar(
        admin,
        "/personas/nadie/rol",
        rol="",
        desde="10/12/2026",
        hasta="1/12/2026",
        motivo="x" * 501,
    )
    assert rol.status_code == 422
    assert faltas(rol, "contains(@action, '/rol') and not(contains(@action, 'quitar'))") == [
        ("rol", "Elija el rol que se da."),
        ("hasta", "El último día va después del primero."),
        ("motivo-rol", "El motivo tiene máximo 500 letras."),
    ]
    assert escrito(rol, desde="10/12/2026", hasta="1/12/2026")
    assert roles(web, "nadie") == set()
    propio = enviar(admin, "/personas/admin/rol", rol="", motivo="")
    assert (propio.status_code, "Nadie se da ni se quita roles a sí mismo" in visto(propio)) == (
        422,
        True,
    )
    assert ("rechazo", "admin", "cuenta/admin") in web.accesses(), (
        "of oneself it is refused and noted, whatever else is wrong"
    )


def test_a_role_that_nobody_chose_is_asked_for_and_none_is_called_by_no_name(
    admin: FlaskClient,
) -> None:
    respuesta = enviar(admin, "/personas/nadie/rol", rol="")
    assert respuesta.status_code == 422
    assert "Elija el rol que se da." in visto(respuesta)
    assert "«»" not in visto(respuesta)


def test_nobody_gives_or_takes_a_role_of_their_own_and_the_try_is_recorded(
    web: WebKit, admin: FlaskClient
) -> None:
    assert "Es su propia cuenta" in visto(admin.get("/personas/admin"))
    negado = enviar(admin, "/personas/admin/rol", rol="jefe_ocm")
    assert negado.status_code == 422
    assert "Nadie se da ni se quita roles a sí mismo" in visto(negado)
    assert ("rechazo", "admin", "cuenta/admin") in web.accesses()
    assert roles(web, "admin") == {("administrador", None)}
    assert enviar(admin, "/personas/admin/acceso", activa="no").status_code == 422


def test_the_last_administrator_stays_one(ambas: WebKit) -> None:
    web, admin = ambas, ambas.browser("admin")
    enviar(admin, "/personas/jefe_ocm/rol", rol="administrador", hasta="31/12/2026")
    otro = web.browser("jefe_ocm")
    with web.session() as s:
        suyo = s.scalars(
            sa.select(RolAsignado.id)
            .join(Cuenta, Cuenta.id == RolAsignado.cuenta_id)
            .where(Cuenta.usuario == "admin")
        ).one()
    for intento in (
        enviar(otro, f"/personas/admin/rol/{suyo}/quitar"),
        enviar(otro, "/personas/admin/acceso", activa="no"),
        enviar(otro, "/personas/admin/retiro"),
    ):
        assert intento.status_code == 422
        assert "admin es la última cuenta que administra" in visto(intento)
    enviar(admin, "/personas/nadie/rol", rol="administrador")
    assert enviar(otro, f"/personas/admin/rol/{suyo}/quitar").status_code == 302
    assert roles(web, "admin") == set()
    assert admin.get("/personas").status_code == 403


def test_roles_that_exclude_one_another_are_refused_in_words(admin: FlaskClient) -> None:
    negado = enviar(admin, "/personas/asesor/rol", rol="profesional_ocm")
    assert negado.status_code == 422
    assert "Quien audita es de OCM, nunca del outsourcing: primero quite el rol «Asesor»." in visto(
        negado
    )
    pasado_manana = "26/11/2026"
    assert (
        enviar(admin, "/personas/nadie/rol", rol="jefe_ocm", desde=pasado_manana).status_code == 302
    )
    assert "El Jefe OCM no es quien audita" in visto(
        enviar(admin, "/personas/nadie/rol", rol="profesional_ocm", desde="01/12/2026")
    )


def test_a_role_holds_from_its_first_day_to_the_end_of_its_last(
    web: WebKit, admin: FlaskClient
) -> None:
    assert (
        enviar(
            admin,
            "/personas/nadie/rol",
            rol="inspector",
            ambito="SUR",
            desde="26/11/2026",
            hasta="27/11/2026",
        ).status_code
        == 302
    )
    nadie = web.browser("nadie")

    def es() -> bool:
        return "Inspectora de campo" in visto(nadie.get("/", follow_redirects=True))

    assert not es()
    web.clock.advance(dt.timedelta(days=2))
    assert es()
    web.clock.advance(dt.timedelta(days=2))
    assert not es()


def test_a_list_is_searched_by_name_role_place_and_state(web: WebKit, admin: FlaskClient) -> None:
    def nombres(**q: str) -> set[str]:
        return set(
            re.findall(r'href="/personas/([\w.]+)">', admin.get("/personas", query_string=q).text)
        ) - {
            "nueva",
            "importar",
            "exportar.csv",
        }

    for escrito in ("rincon", "Rincón", "RINCÓN", "rin%"):
        assert nombres(texto=escrito) == (set() if "%" in escrito else {"funcionaria"}), escrito
    assert nombres(texto="companero@ejemplo") == {"companero"}
    assert nombres(rol="funcionario", ambito="VCC") == {"funcionaria", "companero"}
    assert nombres(vista="retiradas") == set()
    enviar(admin, "/personas/companero/acceso", activa="no")
    assert nombres(vista="retiradas") == {"companero"}
    vacia = visto(admin.get("/personas?texto=zzz"))
    assert "Nadie cumple lo que pidió" in vacia
    assert web.browser("asesor").get("/personas").status_code == 403


def test_whoever_leaves_hands_on_her_tasks_and_her_cover_and_enters_no_more(
    web: WebKit, admin: FlaskClient
) -> None:
    for quien in ("nadie", "gestora"):
        assert (
            enviar(admin, f"/personas/{quien}/rol", rol="inspector", ambito="NORTE").status_code
            == 302
        )
    ella = web.browser("nadie")
    tareas = [web.begin("permiso", {"zona_id": "NORTE"}) for _ in range(2)]
    for t in tareas:
        web.engine.items.claim(t, actor=person("nadie", "inspector@NORTE"), now=web.clock.now())
    with web.session() as s:
        dia = NOW.date()
        registrar_ausencia(
            s,
            NuevaAusencia("gestora", "nadie", dia, dia + dt.timedelta(days=9), "vacaciones"),
            Acto("admin", NOW),
        )
        s.commit()
    antes = visto(admin.get("/personas/nadie/retiro"))
    assert "Inspectora de campo · Zona norte" in antes
    assert "Reemplaza a Gloria Díaz" in antes
    sin_motivo = enviar(admin, "/personas/nadie/retiro", motivo="")
    assert sin_motivo.status_code == 422
    hecho = enviar(admin, "/personas/nadie/retiro", **{"tareas/inspector/NORTE": "gestora"})
    assert hecho.status_code == 302
    assert [web.claimed_by(t) for t in tareas] == ["gestora", "gestora"]
    assert roles(web, "nadie") == set()
    assert ella.get("/bandeja").status_code == 302
    with web.session() as s:
        assert not s.scalars(sa.select(Cuenta.activo).where(Cuenta.usuario == "nadie")).one()
        assert s.scalars(sa.select(Ausencia.anulada)).one() is not None
    historia = visto(admin.get("/personas/nadie"))
    assert "No puede entrar" in historia
    assert "Gloria Díaz" in historia or "gestora" in historia


def test_an_administrator_notes_the_absence_of_anybody_but_covers_nobody(
    admin: FlaskClient,
) -> None:
    pagina = admin.get("/ausencias?de=companero")
    assert 'value="companero" selected' in pagina.text
    dias = {"desde": "26/11/2026", "hasta": "27/11/2026", "motivo": "vacaciones"}
    datos = {
        "csrf_token": csrf(pagina.text),
        "persona": "companero",
        "sustituto": "funcionaria",
        **dias,
    }
    assert admin.post("/ausencias", data=datos).status_code == 302
    enviar(admin, "/personas/nadie/rol", rol="administrador")
    negado = admin.post("/ausencias", data={**datos, "persona": "nadie", "sustituto": "admin"})
    assert negado.status_code == 422
    assert "Quien da roles no se pone de reemplazo" in visto(negado)


def test_the_shell_does_the_same(web: WebKit) -> None:
    def orden(*palabras: str) -> tuple[int, str]:
        hecho = web.app.test_cli_runner().invoke(users, [*palabras])
        return hecho.exit_code, hecho.output

    codigo, dicho = orden(
        "create",
        "eva.lara@entidad.gov.co",
        "--name",
        "Eva Lara",
        "--role",
        "inspector@NORTE",
        "--reason",
        PORQUE,
        "--print",
    )
    assert (codigo, "https://ventanilla.test/clave/" in dicho) == (0, True)
    assert roles(web, "eva.lara") == {("inspector", "NORTE")}
    assert orden("role", "eva.lara", "inspector@SUR", "--reason", PORQUE)[0] == 0
    assert "eva.lara" in orden("list")[1]
    assert "inspector@NORTE, inspector@SUR" in orden("list")[1]
    assert "va por correo a eva.lara@entidad.gov.co" in orden("link", "eva.lara")[1]
    assert orden("role", "eva.lara", "no_hay", "--reason", PORQUE) == (
        1,
        "Error: No existe el rol «no_hay».\n",
    )
    assert orden("link", "quien")[0] == 1


# --- by CSV ---------------------------------------------------------------------------------------
LISTA = """usuario;nombre;correo;rol;lugar;hasta
;Nubia Torres;nubia@entidad.gov.co;Inspectora de campo;Zona norte;
;Nubia Torres;nubia@entidad.gov.co;inspector;SUR;31/12/2026
;Luis Páez;luis@entidad.gov.co;funcionaro;;
companero;Jairo Ortiz Gil;companero@ejemplo.test;asesor;Pasto;
lejana;Pilar de Pasto;lejana@ejemplo.test;asesor;Pastoo;
nadie;Nadie Sin Rol;nadie@ejemplo.test;;;
admin;Alba Ruiz;admin@ejemplo.test;administrador;;
"""


@pytest.mark.parametrize("separador", [";", ",", "\t"])
def test_a_rehearsal_changes_nothing_and_says_each_line_then_all_is_done_at_once(
    web: WebKit, admin: FlaskClient, separador: str
) -> None:
    ensayo = subir(admin, "\ufeff".encode() + LISTA.replace(";", separador).encode())
    dicho = visto(ensayo)
    assert ensayo.status_code == 200
    assert "Todavía no se ha guardado nada" in dicho
    assert re.findall(r'<dd class="valor">(\d+)</dd>', dicho) == ["1", "1", "2", "2"]
    assert "No existe ese rol. ¿Quiso decir «Funcionario»?" in dicho
    assert "No hay un lugar con ese nombre para el rol «Asesor». ¿Quiso decir «Pasto»?" in dicho
    assert "<del>Funcionario · VCC" in dicho
    with web.session() as s:
        assert s.scalar(sa.select(sa.func.count()).select_from(Cambio)) == 0
    assert "Hay líneas con errores" in visto(confirmar(admin, ensayo))
    assert confirmar(admin, ensayo, sin_errores="si", motivo=" ").status_code == 422
    assert confirmar(admin, ensayo, sin_errores="si", enlace="papel").status_code == 200
    assert roles(web, "nubia") == {("inspector", "NORTE"), ("inspector", "SUR")}
    assert roles(web, "companero") == {("asesor", "PAS")}
    assert roles(web, "lejana") == {("asesor", "PAS")}
    otra_vez = subir(admin, LISTA.encode())
    assert re.findall(r'<dd class="valor">(\d+)</dd>', visto(otra_vez)) == ["0", "0", "4", "2"]


def test_what_was_shown_is_what_is_done(ambas: WebKit) -> None:
    web, admin = ambas, ambas.browser("admin")
    ensayo = subir(admin, b"nombre;correo;rol;lugar\nEva Lara;eva@entidad.gov.co;inspector;NORTE\n")
    enviar(admin, "/personas/nueva", nombre="Eva Lara", correo="eva@entidad.gov.co", enlace="papel")
    cambio = confirmar(admin, ensayo)
    assert cambio.status_code == 422
    assert "Algo cambió desde el ensayo" in visto(cambio)
    assert roles(web, "eva") == set()
    assert confirmar(admin, cambio).status_code == 302
    assert roles(web, "eva") == {("inspector", "NORTE")}


def test_the_largest_list_that_is_read_is_confirmed_too(web: WebKit, admin: FlaskClient) -> None:
    """The page of the rehearsal carries the list back in a form of its own, hardly smaller: such
    names leave little to compress."""
    azar = dice(30)
    lineas = ["nombre;correo", "Eva Lara;eva@entidad.gov.co"]
    lineas += [
        "".join(azar.choices(string.ascii_letters + string.digits, k=170)) + ";luis@entidad.gov.co"
        for _n in range(4_998)
    ]
    contenido = "\n".join(lineas).encode()
    assert MAX_BYTES * 0.9 < len(contenido) <= MAX_BYTES
    ensayo = subir(admin, contenido)
    ensayo.request.environ["wsgi.input"].close()  # a file of the client's own, which it forgets
    assert ensayo.status_code == 200
    assert confirmar(admin, ensayo, sin_errores="si").status_code == 302
    with web.session() as s:
        assert (
            s.scalar(sa.select(Cuenta.nombre).where(Cuenta.correo == "eva@entidad.gov.co"))
            == "Eva Lara"
        )


@pytest.mark.parametrize(
    ("contenido", "dice"),
    [
        (b"", "no trae ninguna l"),
        (b"nombre;correo\n", "no trae ninguna l"),
        ("nombre;correo\nNúñez;a@b.co\n".encode("latin-1"), "La línea 2 tiene letras en Latin-1"),
        (b"PK\x03\x04", "Es un libro de Excel"),
        (b"nombre;correo\na\0b;c\n", "No es un archivo de texto"),
        (b"nombre;sueldo\na;c\n", "No se entiende la columna «sueldo»"),
        (b"nombre;rol\na;c\n", "Falta la columna «correo»"),
        (b"nombre;correo;nombre\na;c;d\n", "está dos veces"),
        (b"nombre;correo\n" + b"a;b@c.co\n" * 5_001, "se reciben hasta 5000"),
        (b'nombre;correo\n"a;' + b"x" * 140_000, "Una comilla no cierra"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words(
    admin: FlaskClient, contenido: bytes, dice: str
) -> None:
    respuesta = subir(admin, contenido)
    assert respuesta.status_code == 422
    assert dice in visto(respuesta)


def test_a_role_that_a_procedure_brings_is_told_to_come_with_it(admin: FlaskClient) -> None:
    dicho = visto(
        subir(admin, "nombre;correo;rol\nTulia Ríos;tulia@entidad.gov.co;Tesorería\n".encode())
    )
    assert "No existe ese rol. Los roles de un procedimiento se dan cuando está en vigor." in dicho


def test_the_export_has_the_shape_that_is_read_and_no_formula(admin: FlaskClient) -> None:
    enviar(
        admin,
        "/personas/nueva",
        nombre="=SUMA(A1)",
        correo="suma@entidad.gov.co",
        rol="inspector",
        ambito="NORTE",
        enlace="papel",
    )
    bajado = admin.get("/personas/exportar.csv")
    assert bajado.data.startswith("\ufeff".encode())
    assert ";'=SUMA(A1);" in bajado.text
    ensayo = subir(admin, bajado.data)
    assert re.findall(r'<dd class="valor">(\d+)</dd>', visto(ensayo))[:2] == ["0", "0"]
    assert "No existe ese rol" not in visto(ensayo)


def test_two_administrators_who_remove_one_another_leave_one(web: WebKit) -> None:
    with web.session() as s:
        personal.dar_rol(
            s, "nadie", personal.RolPedido("administrador"), PORQUE, Acto("admin", NOW)
        )
        s.commit()
    with web.session() as s:
        personal.desactivar(s, "nadie", PORQUE, Acto("admin", NOW))
        s.commit()
        with pytest.raises(DatoInvalido, match="última cuenta"):
            personal.desactivar(s, "admin", PORQUE, Acto("nadie", NOW))
