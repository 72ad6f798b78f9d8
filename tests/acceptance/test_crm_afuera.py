"""A visit with a SuiteCRM beside ours (tests/kit/suitecrm.py): there, slow, wrong, down and back;
what its administrator decides."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from handlers.conectores.suitecrm import Instalacion, Sincronia
from records.personas import personas
from tests.acceptance import mundo as m, pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo
from tests.kit.suitecrm import Crm, Fault, suitecrm
from webforms.base.servicios import Servicios
from webforms.sistemas.crm_afuera import vuelta


@dataclass
class Entidad:
    mundo: Mundo
    crm: Crm

    @property
    def servicios(self) -> Servicios:
        servicios: Servicios = self.mundo.app.extensions["ventanilla"]
        return servicios

    @property
    def sincronia(self) -> Sincronia:
        assert isinstance(self.servicios.crm, Sincronia)
        return self.servicios.crm

    def vuelta(self) -> int:
        """What the worker does every two seconds."""
        s = self.servicios
        self.mundo.trabajador.quieto()
        return vuelta(self.sincronia, s.uow, s.clock.now(), seguir=lambda: True)

    def enviar(self) -> int:
        """The first half of it, after the rest of a breaker that the desk's questions may have
        opened."""
        self.mundo.trabajador.quieto()
        self.sincronia.circuito.abierto = 0.0
        return self.sincronia.enviar_pendientes(self.servicios.clock.now())

    def caido(self, como: Fault) -> None:
        self.crm.faults[:] = [como]

    def vuelve(self) -> None:
        self.crm.faults.clear()


@pytest.fixture
def entidad(semilla: Path, tmp_path: Path, browser: Browser) -> Iterator[Entidad]:
    with con_crm(semilla, tmp_path, browser) as abierta:
        yield abierta


@contextmanager
def con_crm(semilla: Path, carpeta: Path, browser: Browser) -> Iterator[Entidad]:
    with suitecrm() as crm:
        instalacion = Instalacion(crm.url, *crm.client, crm.account)
        with m.abrir(semilla, carpeta / "mundo", browser, crm=instalacion) as mundo:
            crm.now = mundo.clock.now()
            yield Entidad(mundo, crm)


def test_a_visit_is_written_to_the_crm_and_what_changed_there_comes_to_the_desk(
    entidad: Entidad,
) -> None:
    mundo, crm = entidad.mundo, entidad.crm
    tipo, numero = documento = mundo.titular()
    with mundo.sesion() as s:
        persona = personas.buscar_persona(s, *documento)
    assert persona is not None
    clave = crm.put(
        "Contacts",
        last_name=persona.nombre,
        tipo_documento_c=tipo,
        numero_documento_c=numero,
        primary_address_street="Carrera 7 # 12-40",
        primary_address_city="Cali, Valle del Cauca",
        phone_mobile="3155550000",
        date_modified="2026-11-20T10:00:00+00:00",
    )
    asesor = mundo.persona("asesor.bog01")
    p.llega_sin_ficha(asesor)
    p.motivo(asesor, "Pagó en octubre y el pago no aparece")
    p.titularidad(asesor, documento)
    p.en(asesor, "5.2.7")
    # as the CRM has it
    expect(asesor.locator("[name=direccion]")).to_have_value("Carrera 7 # 12-40")
    expect(asesor.locator("[name=celular]")).to_have_value("3155550000")
    p.datos(asesor, celular="3001234567", correo="persona@correo.example")
    p.tipificar(asesor, "R01", "Reclamo", "El pago de octubre no aparece en el estado de cuenta.")
    p.esperar_aplicativos(mundo, asesor)
    p.escalar(asesor)
    crm.now = mundo.clock.now()
    assert entidad.vuelta() >= 1
    contacto, caso = crm.records["Contacts"][clave], crm.only("Cases")
    assert (contacto["phone_mobile"], contacto["email1"]) == (
        "3001234567",
        "persona@correo.example",
    )
    assert contacto["primary_address_street"] == "Carrera 7 # 12-40"
    ((radicado,),) = mundo.filas("select radicado from caso order by id desc limit 1")
    assert (caso["radicado_c"], caso["state"], caso["status"]) == (
        radicado,
        "Open",
        "Open_Assigned",
    )
    assert [persona for _caso, persona in crm.links] == [clave]
    assert mundo.filas("select count(*) from crm_salida where enviada is null") == [(0,)]
    p.sin_faltas(mundo)


@pytest.mark.parametrize(
    "como",
    [
        Fault(status=503, times=999),
        Fault(status=200, body=b"<h1>Mantenimiento</h1>", media="text/html", times=999),
        Fault(sleep=5, times=999),
    ],
    ids=["down", "wrong", "slow"],
)
@pytest.mark.long
def test_a_crm_that_is_away_holds_up_nobody_and_hears_of_everything_when_it_is_back(
    entidad: Entidad, como: Fault
) -> None:
    mundo, crm = entidad.mundo, entidad.crm
    entidad.caido(como)
    asesor = mundo.persona("asesor.bog01")
    p.llega_sin_ficha(asesor)
    p.motivo(asesor, "Pagó en octubre y el pago no aparece")
    documento = mundo.titular()
    p.buscar(asesor, documento)
    expect(asesor.get_by_text("El CRM no responde.")).to_be_visible()
    mirar(asesor, "5.2.4, el CRM no responde")
    asesor.get_by_role("button", name="Todo es igual").click()
    p.marcar(asesor, "¿En qué calidad viene hoy?", "Beneficiario")
    p.continuar(asesor)
    p.datos(
        asesor, direccion="Calle 10 # 20-30", celular="3001234567", correo="persona@correo.example"
    )
    p.tipificar(asesor, "R01", "Reclamo", "El pago de octubre no aparece en el estado de cuenta.")
    p.esperar_aplicativos(mundo, asesor)
    p.escalar(asesor)
    assert entidad.enviar() == 0
    assert crm.live("Cases") == {}

    admin = mundo.persona("admin.crm")
    admin.goto("/bandeja")
    admin.get_by_role("link", name="CRM", exact=True).click()
    cola = admin.get_by_role("region", name="Por escribir en el CRM")
    expect(cola.get_by_text("1 persona o caso espera")).to_be_visible()
    expect(cola.get_by_text("1 intento")).to_be_visible()
    mirar(admin, "conciliación, con algo por escribir")
    entidad.vuelve()
    cola.get_by_role("button", name="Intentar ahora").click()
    expect(admin.get_by_text("Se vuelve a intentar enseguida.")).to_be_visible()
    assert entidad.enviar() == 1
    assert len(crm.live("Cases")) == len(crm.live("Contacts")) == 1
    admin.reload()
    expect(admin.get_by_text("El CRM sabe todo lo que ha pasado aquí.")).to_be_visible()


def test_differences_are_compared_told_and_decided(entidad: Entidad) -> None:
    mundo, crm = entidad.mundo, entidad.crm
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    assert entidad.enviar() == 1
    (clave,) = crm.live("Contacts")
    (suyo,) = crm.live("Cases")
    crm.records["Cases"][suyo] |= {"state": "Closed", "status": "Closed_Closed"}
    municipio = crm.only("Contacts")["primary_address_city"]
    crm.records["Contacts"][clave]["primary_address_city"] = "Macondo"

    admin = mundo.persona("admin.crm")
    admin.goto("/crm")
    expect(admin.get_by_text("Todavía no se ha comparado.")).to_be_visible()
    mirar(admin, "conciliación, sin comparar")
    admin.get_by_role("button", name="Comparar ahora").click()
    expect(admin.get_by_text("Se están comparando los dos.")).to_be_visible()
    mundo.trabajador.quieto()
    admin.reload()
    abiertas = admin.get_by_role("region", name="Por decidir")
    expect(abiertas.get_by_role("row")).to_have_count(2)
    expect(abiertas.get_by_text("Macondo")).to_be_visible()
    expect(abiertas.get_by_text("El valor del CRM no sirve en Ventanilla.")).to_be_visible()
    decididas = admin.get_by_role("region", name="Lo que quedó decidido")
    expect(decididas.get_by_role("link", name=f"Caso {caso.radicado}")).to_have_count(2)
    mirar(admin, "conciliación, con diferencias")
    visto = mundo.filas("select subject from access where kind = 'conciliacion_crm'")
    assert len(visto) == 1
    abiertas.get_by_role("button", name="Queda el de Ventanilla: Municipio").click()
    expect(admin.get_by_text("Quedó decidido. Municipio: queda el de Ventanilla.")).to_be_visible()
    assert entidad.enviar() == 2
    assert crm.only("Contacts")["primary_address_city"] == municipio
    assert crm.only("Cases")["state"] == "Open"


def test_without_another_crm_the_page_says_so(mundo: Mundo) -> None:
    admin = mundo.persona("admin.crm")
    admin.goto("/crm")
    expect(admin.get_by_role("heading", name="El CRM es el de Ventanilla")).to_be_visible()
    mirar(admin, "conciliación, sin otro CRM")


def test_neither_the_token_nor_the_secret_of_the_crm_comes_to_a_browser_or_a_line_of_the_log(
    entidad: Entidad, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever leaves by the web server is listened to: of a CRM that works, and of one that says
    back what it was sent."""
    caplog.set_level(logging.DEBUG)
    mundo, crm, salidas = entidad.mundo, entidad.crm, list[bytes]()
    de_antes = mundo.app.wsgi_app

    def oir(entorno: Any, empezar: Any) -> Any:
        def con_cabeceras(estado: str, cabeceras: list[tuple[str, str]], *mas: Any) -> Any:
            salidas.append(repr(cabeceras).encode())
            return empezar(estado, cabeceras, *mas)

        dado = de_antes(entorno, con_cabeceras)
        try:
            cuerpo = b"".join(dado)
        finally:
            dado.close()
        salidas.append(cuerpo)
        return [cuerpo]

    monkeypatch.setattr(mundo.app, "wsgi_app", oir)
    p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    entidad.caido(Fault(status=500, echo=True, times=999))
    assert entidad.enviar() == 0
    admin = mundo.persona("admin.crm")
    admin.goto("/crm")
    expect(admin.get_by_role("region", name="Por escribir en el CRM")).to_contain_text("Bearer …")
    for usuario, rutas in (
        ("administrador", ("/sistemas", "/estado", "/incidentes")),
        ("coordinador", ("/sistemas", "/crm")),
    ):
        pagina = mundo.persona(usuario)
        for ruta in rutas:
            pagina.goto(ruta)
    entidad.vuelve()
    admin.get_by_role("button", name="Intentar ahora").click()
    assert entidad.enviar() == 1
    admin.reload()

    secretos = [*crm.tokens, crm.client[1]]
    assert len(secretos) >= 2
    oido = b"\n".join(salidas)
    assert "El CRM sabe todo lo que ha pasado aquí." in oido.decode("utf-8", "replace")
    assert [
        secreto for secreto in secretos if secreto in caplog.text or secreto.encode() in oido
    ] == []
