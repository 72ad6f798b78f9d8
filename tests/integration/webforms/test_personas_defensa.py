"""What an administrator cannot make of «Personas»: roles of their own, the account of somebody
else, two truths at once."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from engine.types import SYSTEM
from records.base.actos import Acto
from records.base.errores import DatoInvalido
from records.catalogos import catalogos
from records.catalogos.catalogos import CATALOGOS
from records.correo.tablas import Aviso
from records.cuentas import cuentas, enlaces_de_clave, personal
from records.cuentas.ausencias import NuevaAusencia, registrar_ausencia
from records.cuentas.cuentas import NuevaCuenta
from records.cuentas.enlaces_de_clave import NUEVA, PRIMERA, NuevoEnlace
from records.cuentas.personal import RolPedido
from records.cuentas.reglas.cuentas import RESERVADOS
from records.cuentas.tablas import Ausencia, Cuenta, EnlaceDeClave, RolAsignado
from records.plazos import calendario
from records.plazos.tablas import ExcepcionCalendario
from tests.kit import web as web_kit
from tests.kit.cast import person
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
from tests.kit.threads import at_once
from tests.kit.web import BASE_URL, WebKit, csrf, opened
from webforms.base.personas import PROPIOS
from webforms.correo.cola import repasar
from webforms.cuentas import claves

CLAVE = "lámpara verde tres panes"


@pytest.fixture
def web(tmp_path: Path) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, f"sqlite:///{tmp_path / 'v.db'}")
    con_zonas(kit)
    kit.deploy({PERMISO: permiso()})
    yield kit
    kit.engine.db.dispose()


@pytest.fixture
def ambas(tmp_path: Path, db_url: str) -> Iterator[WebKit]:
    """The same on either database, for what its locks and constraints do."""
    kit = web_kit.build(tmp_path, db_url)
    con_zonas(kit)
    yield kit
    kit.engine.db.dispose()


@pytest.fixture
def admin(web: WebKit) -> FlaskClient:
    return web.browser("admin")


# --- whoever replaces has the roles of who is away ------------------------------------------------
def cubrir(web: WebKit, ausente: str, sustituto: str) -> int:
    with web.session() as s, s.begin():
        dia = NOW.date()
        return registrar_ausencia(
            s,
            NuevaAusencia(ausente, sustituto, dia, dia + dt.timedelta(days=9), "vacaciones"),
            Acto("admin", NOW),
        )


@pytest.mark.parametrize(
    ("otro", "dice"),
    [("admin", "Quien da roles no se pone de reemplazo"), ("asesor", "hace el mismo trabajo")],
)
def test_whoever_retires_a_substitute_hands_the_cover_to_who_does_the_same_and_never_to_oneself(
    web: WebKit, admin: FlaskClient, otro: str, dice: str
) -> None:
    for quien in ("nadie", "gestora", "admin", "lejana"):
        with web.session() as s, s.begin():
            personal.dar_rol(
                s,
                quien,
                RolPedido("inspector", "NORTE" if quien != "lejana" else "SUR"),
                PORQUE,
                Acto("prueba", NOW),
            )
    ausencia = cubrir(web, "gestora", "nadie")
    pagina = admin.get("/personas/nadie/retiro").text
    assert 'value="admin"' not in pagina
    assert 'value="lejana"' not in pagina
    negado = enviar(admin, "/personas/nadie/retiro", **{f"ausencia-{ausencia}": otro})
    assert negado.status_code == 422
    assert dice in visto(negado)
    with web.session() as s:
        assert [(a.sustituto, a.anulada) for a in s.scalars(sa.select(Ausencia))] == [
            ("nadie", None)
        ]
        assert s.scalars(sa.select(Cuenta.activo).where(Cuenta.usuario == "nadie")).one()
    assert (("rechazo", "admin", "cuenta/admin") in web.accesses()) == (otro == "admin")


def test_tasks_of_a_lane_that_came_meanwhile_go_to_nobody_by_their_position(
    web: WebKit, admin: FlaskClient
) -> None:
    for quien, zona in (
        ("nadie", "NORTE"),
        ("nadie", "SUR"),
        ("gestora", "NORTE"),
        ("gestora", "SUR"),
        ("lejana", "NORTE"),
    ):
        enviar(admin, f"/personas/{quien}/rol", rol="inspector", ambito=zona)
    sur = web.begin("permiso", {"zona_id": "SUR"})
    web.engine.items.claim(sur, actor=person("nadie", "inspector@SUR"), now=web.clock.now())
    assert 'name="tareas/inspector/SUR"' in admin.get("/personas/nadie/retiro").text
    norte = web.begin("permiso", {"zona_id": "NORTE"})  # stands before it in the order of the page
    web.engine.items.claim(norte, actor=person("nadie", "inspector@NORTE"), now=web.clock.now())
    assert (
        enviar(admin, "/personas/nadie/retiro", **{"tareas/inspector/SUR": "gestora"}).status_code
        == 302
    )
    assert web.claimed_by(sur) == "gestora"
    assert web.claimed_by(norte) is None


# --- nobody becomes somebody else -----------------------------------------------------------------
def enlace(web: WebKit, clase: enlaces_de_clave.Clase, usuario: str = "asesor") -> str:
    with web.app.app_context():
        return claves.dar(usuario, clase, SYSTEM, por_correo=False).removeprefix(BASE_URL)


def poner(web: WebKit, camino: str) -> int:
    cliente = web.browser()
    camino = opened(cliente, camino)
    sello = csrf(cliente.get(camino).text)
    return cliente.post(
        camino, data={"clave": CLAVE, "otra": CLAVE, "csrf_token": sello}
    ).status_code


def visita(web: WebKit, camino: str) -> int:
    cliente = web.browser()
    return cliente.get(opened(cliente, camino)).status_code


def cartas(web: WebKit) -> list[tuple[str, str]]:
    with web.session() as s:
        return [
            (a.para, a.asunto)
            for a in s.scalars(sa.select(Aviso).where(Aviso.tipo == "cuenta").order_by(Aviso.id))
        ]


def test_a_link_is_printed_only_for_who_never_chose_a_password(
    web: WebKit, admin: FlaskClient
) -> None:
    enviar(admin, "/personas/nueva", nombre="Eva Lara", correo="eva@entidad.gov.co", enlace="papel")
    assert "Imprimir enlace" in admin.get("/personas/eva").text
    assert enviar(admin, "/personas/eva/enlace", enlace="papel").status_code == 200
    assert poner(web, enlace(web, PRIMERA, "eva")) == 302
    assert cartas(web) == []  # the first is no change
    assert "Imprimir enlace" not in admin.get("/personas/eva").text
    negado = enviar(admin, "/personas/eva/enlace", enlace="papel")
    assert negado.status_code == 422
    assert "va solo a su correo" in visto(negado)
    assert "/clave/" not in negado.text
    assert enviar(admin, "/personas/eva/enlace", enlace="correo").status_code == 302


def test_whoever_had_a_password_is_told_that_it_is_another(web: WebKit) -> None:
    assert poner(web, enlace(web, NUEVA)) == 302
    assert cartas(web) == [
        ("asesor@ejemplo.test", "Cambió la contraseña de su cuenta de Ventanilla")
    ]
    assert repasar(web.engine, web.clock.now()) == 1  # the worker's round sends it


def test_the_address_before_is_told_and_links_that_went_there_end(
    web: WebKit, admin: FlaskClient
) -> None:
    camino = enlace(web, NUEVA)
    corregida = {"nombre": "Ana Asesora", "correo": "otro@ejemplo.test"}
    assert enviar(admin, "/personas/asesor/datos", **corregida).status_code == 302
    assert visita(web, camino) == 404
    assert cartas(web) == [("asesor@ejemplo.test", "Cambió el correo de su cuenta de Ventanilla")]
    assert repasar(web.engine, web.clock.now()) == 1
    vigente = enlace(web, NUEVA)
    assert (
        enviar(
            admin, "/personas/asesor/datos", nombre="Ana María Asesora", correo="otro@ejemplo.test"
        ).status_code
        == 302
    )
    assert visita(web, vigente) == 200
    assert len(cartas(web)) == 1


def test_links_of_an_account_that_ended_stay_ended_when_it_is_active_again(
    web: WebKit, admin: FlaskClient
) -> None:
    camino = enlace(web, NUEVA, "nadie")
    assert enviar(admin, "/personas/nadie/retiro").status_code == 302
    assert enviar(admin, "/personas/nadie/acceso", activa="si").status_code == 302
    assert visita(web, camino) == 404


@pytest.mark.parametrize("usuario", sorted(RESERVADOS))
def test_nobody_is_called_like_who_acts_without_an_account(
    admin: FlaskClient, usuario: str
) -> None:
    assert set(PROPIOS) == RESERVADOS
    negado = enviar(
        admin,
        "/personas/nueva",
        nombre="Eva Lara",
        correo=f"{usuario}@entidad.gov.co",
        enlace="papel",
    )
    assert negado.status_code == 422
    assert "escriba otro usuario" in visto(negado)


# --- days, lists, what fails half-way -------------------------------------------------------------
@pytest.mark.parametrize("hasta", ["31/12/9999", "9999-12-31", "01/01/2201"])
def test_a_day_at_the_end_of_time_is_a_sentence(
    web: WebKit, admin: FlaskClient, hasta: str
) -> None:
    ensayo = subir(
        admin,
        f"nombre;correo;rol;lugar;hasta\nEva Lara;eva@entidad.gov.co;inspector;NORTE;{hasta}\n".encode(),
    )
    assert ensayo.status_code == 200
    assert "El año va de 2000 a 2200" in visto(ensayo)
    assert (
        enviar(
            admin, "/personas/nadie/rol", rol="inspector", ambito="NORTE", hasta=hasta
        ).status_code
        == 422
    )
    assert roles(web, "nadie") == set()
    with web.session() as s, pytest.raises(DatoInvalido, match="El año va de 2000 a 2200"):
        personal.dar_rol(
            s, "nadie", RolPedido("jefe_ocm", hasta=dt.date.max), PORQUE, Acto("admin", NOW)
        )


def test_a_list_that_gives_a_role_to_whoever_brings_it_is_recorded_when_it_is_applied(
    web: WebKit, admin: FlaskClient
) -> None:
    lista = b"usuario;nombre;correo;rol;lugar\nadmin;Alba Ruiz;admin@ejemplo.test;inspector;NORTE\n;Eva Lara;eva@entidad.gov.co;;\n"
    ensayo = subir(admin, lista)
    assert ("rechazo", "admin", "cuenta/admin") not in web.accesses()
    assert confirmar(admin, ensayo, sin_errores="si").status_code == 302
    assert ("rechazo", "admin", "cuenta/admin") in web.accesses()
    assert roles(web, "admin") == {("administrador", None)}


def test_a_role_that_has_not_begun_begins_when_the_list_says(
    web: WebKit, admin: FlaskClient
) -> None:
    enviar(admin, "/personas/nadie/rol", rol="inspector", ambito="NORTE", desde="01/12/2026")

    def traer(desde: str) -> list[dt.datetime]:
        lista = f"usuario;nombre;correo;rol;lugar;desde\nnadie;Nadie Sin Rol;nadie@ejemplo.test;inspector;NORTE;{desde}\n"
        confirmar(admin, subir(admin, lista.encode()))
        with web.session() as s:
            return [r.vigente_desde for r in personal.roles_de(s, "nadie", web.clock.now())]

    assert traer("01/12/2026") == [dt.datetime(2026, 12, 1, 5, tzinfo=dt.UTC)]
    assert traer("10/12/2026") == [dt.datetime(2026, 12, 10, 5, tzinfo=dt.UTC)]
    assert traer("") == [web.clock.now()]


def test_a_list_of_too_many_people_is_to_be_parted(admin: FlaskClient) -> None:
    lista = "nombre;correo\n" + "".join(f"Eva Lara;eva{n}@entidad.gov.co\n" for n in range(1_001))
    respuesta = subir(admin, lista.encode())
    assert respuesta.status_code == 422
    assert "trae 1001 personas; se reciben hasta 1000" in visto(respuesta)


def test_an_account_whose_link_did_not_leave_is_there_and_says_so(
    web: WebKit, admin: FlaskClient
) -> None:
    with web.engine.db.begin() as c:
        c.exec_driver_sql(
            "CREATE TRIGGER lleno BEFORE INSERT ON enlace_de_clave BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    creada = enviar(
        admin, "/personas/nueva", nombre="Eva Lara", correo="eva@entidad.gov.co", enlace="correo"
    )
    assert creada.status_code == 302
    assert creada.location == "/personas/eva"
    assert "el enlace para su contraseña no salió" in visto(admin.get("/personas/eva"))


def test_what_no_button_says_ends_nothing(web: WebKit, admin: FlaskClient) -> None:
    codigo = "NORTE"
    with web.session() as s:
        clase = next(
            c.clase for c in CATALOGOS.values() for f in catalogos.filas(s, c) if f.codigo == codigo
        )
    assert enviar(admin, f"/entidad/{clase}/de/{codigo}", accion="borrar").status_code == 400
    with web.session() as s:
        assert CATALOGOS[clase].rige(catalogos.fila_de(s, CATALOGOS[clase], codigo), NOW.date())


# --- two at once ----------------------------------------------------------------------------------
def a_la_vez(web: WebKit, *hacer: object) -> list[BaseException]:
    return at_once([lambda h=h: web.engine.uow.run(h) for h in hacer])


def test_two_who_make_the_same_at_once_make_it_once_and_the_other_reads_why(ambas: WebKit) -> None:
    nueva = {"codigo": "sedes", "nombre": "Sedes", "variable": "sede_id"}

    def lista(s: Session) -> object:
        return catalogos.crear(s, CATALOGOS["listas"], nueva, PORQUE, Acto("admin", NOW))

    def cuenta(s: Session) -> object:
        return cuentas.crear_cuenta(
            s, NuevaCuenta("eva", "Eva Lara", "eva@entidad.gov.co", "x", str(id(s))), now=NOW
        )

    for hacer in (lista, cuenta):
        rechazos = a_la_vez(ambas, hacer, hacer)
        assert len(rechazos) == 1
        assert isinstance(rechazos[0], DatoInvalido)


def test_two_who_give_roles_that_exclude_one_another_come_one_after_the_other(
    ambas: WebKit,
) -> None:
    rechazos = a_la_vez(
        ambas,
        *(
            lambda s, rol=rol: personal.dar_rol(
                s, "nadie", RolPedido(rol), PORQUE, Acto("admin", NOW)
            )
            for rol in ("jefe_ocm", "profesional_ocm")
        ),
    )
    assert [type(r) for r in rechazos] == [DatoInvalido]
    with ambas.session() as s:
        assert (
            len(
                s.scalars(
                    sa.select(RolAsignado).join(Cuenta).where(Cuenta.usuario == "nadie")
                ).all()
            )
            == 1
        )


def test_of_two_links_given_at_once_one_is_good(ambas: WebKit) -> None:
    def expedir(n: int) -> object:
        return lambda s: (
            enlaces_de_clave.expedir(
                s, "asesor", NuevoEnlace(PRIMERA, f"semilla{n}"), b"secreto", Acto("admin", NOW)
            )[0].id
        )

    assert a_la_vez(ambas, expedir(1), expedir(2)) == []
    with ambas.session() as s:
        assert [e.anulado is None for e in s.scalars(sa.select(EnlaceDeClave))].count(True) == 1


def test_of_two_exceptions_of_a_day_added_at_once_one_stays(ambas: WebKit) -> None:
    dia = dt.date(2026, 12, 2)
    nueva = calendario.NuevaExcepcion(dia, dia, None, abre=False, nombre="Jornada de inventario")
    rechazos = a_la_vez(
        ambas, *[lambda s: calendario.agregar(s, nueva, PORQUE, Acto("admin", NOW))] * 2
    )
    assert [type(r) for r in rechazos] == [DatoInvalido]
    with ambas.session() as s:
        assert len(s.scalars(sa.select(ExcepcionCalendario)).all()) == 1
