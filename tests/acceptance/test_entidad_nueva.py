"""An agency from nothing: `flask setup` on an empty PostgreSQL, its people by a list, the procedure
that another agency exported, two cases of it to their end, and a person who leaves. Real processes,
a real mail server, no demo, no Python of its own."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

import app as door
from handlers.conectores.digiturno.firma import Firmante
from tests.acceptance import lupa, pasos as p
from tests.acceptance.mundo import fotos_si_fallo
from tests.kit import files
from tests.kit.agency import Agency
from tests.kit.telefono import Telefono

CLAVE = "lámpara verde tres panes"
SECRETO = f"whsec_{base64.b64encode(bytes(range(32))).decode()}"
ADMIN = '[admin]\nuser = "marta.hoyos"\nname = "Marta Hoyos Peña"\nmail = "marta.hoyos@entidad.gov.co"\n'
#: All people in one list. The roles of lanes are there when the procedure is in force; those of the
#: product at once.
GENTE = """nombre;correo;rol;lugar
Ruth Salas;ruth@entidad.gov.co;Analista de procesos;
Clara Díaz;clara@entidad.gov.co;Cumplimiento;
Vera Rojas;vera@entidad.gov.co;Ventanilla de espacio público;
Ana Mora;ana@entidad.gov.co;Abogado de espacio público;
Olga Peña;olga@entidad.gov.co;Abogado de espacio público;
Inés Gil;ines@entidad.gov.co;Inspector de espacio público;Suba
Iván Paz;ivan@entidad.gov.co;Inspector de espacio público;Suba
Jaime Sanz;jaime@entidad.gov.co;Jefe de Espacio Público;
"""
YOLANDA, ALVARO = "yolanda@correo.example", "alvaro@correo.example"
UNO, DOS = "EP-2026-00001", "EP-2026-00002"


class Entidad:
    """Who sits before which browser."""

    def __init__(self, agencia: Agency, navegador: Browser, ceros: str) -> None:
        self.agencia, self.enlace, self._navegador = agencia, ceros, navegador
        self.contextos: list[BrowserContext] = []
        self.telefonos: dict[str, Telefono] = {}

    def publico(self, ancho: int = 1280) -> Page:
        contexto = self._navegador.new_context(
            base_url=self.agencia.url,
            locale="es-CO",
            timezone_id="America/Bogota",
            viewport={"width": ancho, "height": 900},
        )
        contexto.set_default_timeout(60_000)
        self.contextos.append(contexto)
        return contexto.new_page()

    def persona(self, usuario: str) -> Page:
        """By the link in her mail, which she uses once."""
        pagina = self.publico()
        pagina.goto(
            self.agencia.link(f"{usuario}@entidad.gov.co", "Su cuenta de Ventanilla", "clave")
        )
        self.elegir(pagina, CLAVE)
        self.ingresar(pagina, usuario)
        return pagina

    def elegir(self, pagina: Page, clave: str) -> None:
        pagina.get_by_label("Contraseña nueva").fill(clave)
        pagina.get_by_label("Escríbala otra vez").fill(clave)
        pagina.get_by_role("button", name="Guardar mi contraseña").click()

    def ingresar(self, pagina: Page, usuario: str) -> None:
        pagina.get_by_label("Usuario").fill(usuario)
        pagina.get_by_label("Contraseña", exact=True).fill(CLAVE)
        pagina.get_by_role("button", name="Ingresar", exact=True).click()
        if usuario in self.telefonos:
            expect(p.titulo(pagina)).to_have_text("Confirme que es usted")
            pagina.get_by_label("Código de 6 cifras").fill(
                self.telefonos[usuario].codigo_que_dure()
            )
            pagina.get_by_role("button", name="Continuar").click()
        expect(pagina.get_by_role("button", name="Salir")).to_be_visible()

    def activar(self, pagina: Page, usuario: str) -> None:
        """The roles that change the rules or see everything do nothing before they have a second
        factor."""
        expect(p.titulo(pagina)).to_have_text("Segundo factor")
        expect(pagina.get_by_text("Su rol lo exige.")).to_be_visible()
        telefono = self.telefonos[usuario] = Telefono(pagina.content(), self.agencia.now)
        pagina.get_by_label("Código de 6 cifras").fill(telefono.codigo_que_dure())
        pagina.get_by_role("button", name="Activar").click()
        expect(pagina.get_by_role("heading", name="Sus códigos de recuperación")).to_be_visible()
        lupa.mirar(pagina, f"códigos de recuperación, {usuario}")
        pagina.get_by_role("link", name="Ya los guardé").click()
        expect(p.titulo(pagina)).to_have_text("Mi cuenta")

    def otro_dia(self, pagina: Page, usuario: str) -> None:
        pagina.goto("/ingresar")
        self.ingresar(pagina, usuario)

    def abrir(self, pagina: Page, numero: str, actividad: str) -> None:
        """The task of this case, as soon as it is there."""
        pagina.goto("/bandeja?vista=todas")
        fila = pagina.locator("li.fila", has_text=numero)
        expect(fila).to_contain_text(actividad)
        fila.get_by_role("link").first.click()
        p.en(pagina, actividad)

    def pagar(self, numero: str, valor: int) -> int:
        """The bank tells that the money has come; gives what it is answered."""
        cuerpo = json.dumps(
            {
                "mensaje": "EpPago",
                "numero": numero,
                "datos": {"pagado": valor, "recibo": f"R-{numero}"},
            }
        )
        cabeceras = Firmante([SECRETO]).firmar(f"pago-{numero}-{valor}", cuerpo, self.agencia.now())
        pedido = self.contextos[0].request
        return pedido.post(
            "/mensajes/banco",
            data=cuerpo,
            headers={**cabeceras, "Content-Type": "application/json"},
        ).status


@pytest.fixture
def entidad(
    request: pytest.FixtureRequest, tmp_path: Path, postgres_url: str, browser: Browser
) -> Iterator[Entidad]:
    agencia = Agency(tmp_path / "entidad")
    (agencia.folder / "banco.secreto").write_text(SECRETO)
    mensajes = agencia.folder / "mensajes.toml"
    mensajes.write_text('[banco]\nmensajes = ["EpPago"]\nsecretos = ["banco.secreto"]\n')
    with agencia.mail_server() as correo:
        dicho = agencia.set_up(
            f'database_url = "{postgres_url}"\nmessages_config = "{mensajes}"\n'
            f'smtp_host = "127.0.0.1"\nsmtp_port = {correo.port}\nsmtp_from = "Espacio Público <permisos@entidad.gov.co>"\n{ADMIN}'
        )
        abierta = Entidad(
            agencia, browser, next(palabra for palabra in dicho.split() if "/clave/" in palabra)
        )
        with agencia.at_work():
            yield abierta
            fotos_si_fallo(request, abierta.contextos)
            for contexto in abierta.contextos:
                contexto.close()


@pytest.fixture
def paquete(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """EP-01 as another agency, in which it is in force, gives it away."""
    monkeypatch.setenv("INSTANCE", str(tmp_path / "otra"))
    respuestas, archivo = tmp_path / "otra.toml", tmp_path / "permiso_espacio.zip"
    respuestas.write_text('procedures = ["permiso_espacio"]\n')
    respuestas.chmod(0o600)
    for orden in (
        ("setup", "--file", str(respuestas)),
        ("procedure", "export", "permiso_espacio", "--output", str(archivo)),
    ):
        app = door.create_app()
        hecho = app.test_cli_runner().invoke(args=list(orden))
        app.extensions["ventanilla"].db.dispose()
        assert hecho.exit_code == 0, hecho.output
    return archivo


def importar_gente(admin: Page, motivo: str) -> None:
    admin.goto("/personas/importar")
    admin.get_by_label("Archivo CSV").set_input_files(
        {"name": "gente.csv", "mimeType": "text/csv", "buffer": GENTE.encode()}
    )
    admin.get_by_role("button", name="Ensayar").click()
    expect(admin.get_by_text("Todavía no se ha guardado nada")).to_be_visible()
    admin.get_by_label("Motivo").fill(motivo)


def poner_en_vigor(analista: Page, admin: Page, paquete: Path) -> None:
    """Asked for by the analyst, approved by who administers."""
    analista.get_by_role("link", name="Importar un procedimiento").click()
    analista.get_by_label("Paquete").set_input_files(paquete)
    analista.get_by_role("button", name="Comparar").click()
    expect(p.titulo(analista)).to_contain_text("qué trae el paquete")
    expect(analista.get_by_text("Este procedimiento es nuevo aquí.")).to_be_visible()
    lupa.mirar(analista, "qué trae el paquete")
    analista.get_by_label("Motivo").fill("EP-01, como lo tiene la entidad vecina")
    analista.get_by_role("button", name="Guardar como borrador").click()
    expect(p.titulo(analista)).to_contain_text("Qué cambia en Permiso de ocupación")
    expect(analista.get_by_label("Qué cambia y por qué")).to_have_value(
        "EP-01, como lo tiene la entidad vecina"
    )
    analista.get_by_role("button", name="Pedir que se apruebe todo junto").click()
    expect(
        analista.get_by_text("Hay carriles en los que hoy nadie puede hacer las tareas.")
    ).to_be_visible()
    analista.get_by_label("Por qué se pone en vigor sin quien haga las tareas").fill(
        "Su gente se importa hoy, cuando los roles existan"
    )
    analista.get_by_role("button", name="Pedir que se apruebe todo junto").click()
    expect(analista.get_by_text("Espera que otra persona lo apruebe", exact=False)).to_be_visible()
    lupa.mirar(analista, "una versión que espera")
    admin.goto("/aprobaciones")
    lupa.mirar(admin, "aprobaciones")
    admin.get_by_role(
        "link", name="Poner en vigor: Permiso de ocupación del espacio público"
    ).click()
    expect(
        admin.get_by_text("Su gente se importa hoy, cuando los roles existan", exact=False)
    ).to_be_visible()
    lupa.mirar(admin, "una versión por aprobar")
    admin.get_by_label("Lo apruebo: se hace ya").check()
    admin.get_by_role("button", name="Decidir").click()
    expect(admin.get_by_text("En vigor. Los casos abiertos siguen en su versión.")).to_be_visible()


def escribir(
    pagina: Page, nombre: str, documento: str, correo: str, sitio: str, localidad: str
) -> None:
    pagina.get_by_label("Nombre completo").fill(nombre)
    p.marcar(pagina, "Tipo de documento", "Cédula de ciudadanía")
    pagina.get_by_label("Número de documento").fill(documento)
    pagina.get_by_label("Correo electrónico").fill(correo)
    p.marcar(pagina, "Para qué", "Terraza de un negocio")
    pagina.get_by_label("Dirección del sitio").fill(sitio)
    p.marcar(pagina, "Localidad", localidad)
    pagina.get_by_label("Área en metros cuadrados").fill("24")
    pagina.get_by_label("Días de ocupación").fill("30")


def pedir_en_linea(ciudadano: Page, plano: Path) -> None:
    ciudadano.goto("/tramites")
    ciudadano.get_by_role("link", name="Permiso de ocupación").click()
    escribir(ciudadano, "Álvaro Peña", "79.555.111", ALVARO, "Parque de Usaquén", "Usaquén")
    ciudadano.get_by_role("button", name="Continuar").click()
    expect(p.titulo(ciudadano)).to_have_text("Revise antes de enviar")
    ciudadano.wait_for_load_state()
    ciudadano.get_by_label("Plano o fotografía").set_input_files(plano)
    ciudadano.get_by_label("Lo que escribí es cierto").check()
    ciudadano.get_by_role("button", name="Enviar la solicitud").click()
    expect(ciudadano.get_by_text(DOS)).to_be_visible()


def revisar(entidad: Entidad, abogada: Page, numero: str, cumple: str, dicho: str) -> None:
    entidad.abrir(abogada, numero, "Revisar los requisitos")
    p.marcar(abogada, "¿Cumple los requisitos?", cumple)
    abogada.get_by_label("Qué falta o por qué").fill(dicho)
    p.continuar(abogada)
    expect(abogada.get_by_text("Terminó «Revisar los requisitos»")).to_be_visible()


def recurrir(entidad: Entidad, vera: Page, ana: Page, olga: Page, jaime: Page) -> None:
    """DOS: refused, appealed at the desk, studied by who did not review it, confirmed."""
    revisar(entidad, ana, DOS, "No cumple", "El parque no se ocupa.")
    assert (
        "El parque no se ocupa."
        in entidad.agencia.mail(ALVARO, f"Solicitud {DOS}: permiso negado").texto
    )
    vera.goto("/iniciar")
    vera.get_by_role("link", name="Ver qué esperan").click()
    vera.get_by_role("link", name=DOS).click()
    vera.get_by_label("Razones del recurso").fill("El sitio es el andén, no el parque.")
    vera.get_by_role("button", name="Entregar al caso").click()
    expect(vera.get_by_text("Quedó entregado: Recurso presentado.")).to_be_visible()
    entidad.abrir(ana, DOS, "Estudiar el recurso")
    expect(ana.get_by_text("Usted no puede tomarla")).to_be_visible()
    entidad.abrir(olga, DOS, "Estudiar el recurso")
    olga.get_by_label("Estudio", exact=True).fill("El plano muestra el parque.")
    p.marcar(olga, "Propuesta", "Confirmar la negativa")
    p.continuar(olga)
    expect(olga.get_by_text("Terminó «Estudiar el recurso»")).to_be_visible()
    entidad.abrir(jaime, DOS, "Resolver")
    p.marcar(jaime, "Se resuelve", "Confirmar la negativa")
    jaime.get_by_label("Motivo").fill("El plano muestra el parque.")
    p.continuar(jaime)
    assert (
        "El plano muestra el parque."
        in entidad.agencia.mail(ALVARO, f"Solicitud {DOS}: la negativa queda en firme").texto
    )


def retirar(admin: Page) -> None:
    """Inés leaves; what she holds is shown first, and goes to Iván."""
    admin.goto("/personas/ines")
    admin.get_by_role("link", name="Retirar…").click()
    admin.get_by_label("A quién pasan: Inspector de espacio público · Suba").select_option(
        "Iván Paz"
    )
    admin.get_by_label("Motivo").fill("Terminó su contrato")
    admin.get_by_role("button", name="Retirar ahora").click()
    expect(admin.get_by_text("Tareas que pasaron a otra persona: 1", exact=False)).to_be_visible()


def consultar(ciudadano: Page, numero: str, documento: str, estado: str) -> None:
    ciudadano.goto("/consulta")
    ciudadano.get_by_label("Radicado").fill(numero)
    ciudadano.get_by_label("Tipo de documento").select_option("CC")
    ciudadano.get_by_label("Número de documento").fill(documento)
    ciudadano.get_by_role("button", name="Consultar").click()
    expect(ciudadano.locator(".consulta-estado")).to_contain_text(estado)


def exportar(revisora: Page) -> str:
    with revisora.expect_download() as bajada:
        revisora.get_by_role("link", name="Exportar la lista (CSV)").click()
    return Path(bajada.value.path()).read_text("utf-8-sig")


@pytest.mark.postgres
@pytest.mark.long
def test_an_agency_from_nothing_runs_the_procedure_of_another(
    entidad: Entidad, paquete: Path, tmp_path: Path
) -> None:
    agencia = entidad.agencia
    admin = entidad.publico()
    admin.goto(entidad.enlace)
    expect(p.titulo(admin)).to_have_text("Su primera contraseña")
    entidad.elegir(admin, "marta hoyos 2026")
    expect(admin.get_by_text("Se parece a su nombre")).to_be_visible()
    lupa.mirar(admin, "primera contraseña")
    entidad.elegir(admin, CLAVE)
    expect(admin.get_by_text("Su contraseña quedó guardada.")).to_be_visible()
    entidad.ingresar(admin, "marta.hoyos")
    entidad.activar(admin, "marta.hoyos")
    admin.get_by_role("link", name="Estado", exact=True).click()
    expect(admin.get_by_role("heading", name="Trabajador Bien")).to_be_visible(timeout=60_000)
    lupa.mirar(admin, "estado")

    importar_gente(admin, "Con esta gente empieza la entidad")
    expect(admin.get_by_text("6 líneas con errores")).to_be_visible()
    expect(
        admin.get_by_text("Los roles de un procedimiento se dan cuando está en vigor").first
    ).to_be_visible()
    lupa.mirar(admin, "ensayo antes del procedimiento")
    admin.get_by_label("Importar solo las líneas sin errores").check()
    admin.get_by_role("button", name="Importar").click()
    expect(admin.get_by_text("Personas nuevas: 2.")).to_be_visible()

    ruth = entidad.persona("ruth")
    entidad.activar(ruth, "ruth")
    ruth.goto("/")
    poner_en_vigor(ruth, admin, paquete)
    importar_gente(admin, "Ya están los roles de EP-01")
    expect(admin.locator("dl.cifras")).to_contain_text("Con errores0")
    admin.get_by_role("button", name="Importar").click()
    expect(admin.get_by_text("Personas nuevas: 6.")).to_be_visible()

    vera, ana, jaime = entidad.persona("vera"), entidad.persona("ana"), entidad.persona("jaime")
    vera.get_by_role("navigation", name="Hoy").get_by_role("link", name="Iniciar").click()
    vera.get_by_role("link", name="Iniciar : Permiso de ocupación").click()
    escribir(vera, "Yolanda Prada", "51.000.481", YOLANDA, "Calle 14 n.º 6-25", "Suba")
    vera.get_by_role("button", name="Iniciar el caso").click()
    expect(p.titulo(vera)).to_have_text(f"Quedó con el número {UNO}")

    plano = tmp_path / "plano.pdf"
    plano.write_bytes(files.pdf("Plano"))
    ciudadano = entidad.publico(ancho=390)
    pedir_en_linea(ciudadano, plano)
    ciudadano.goto(
        agencia.link(ALVARO, f"Recibimos su solicitud: número {DOS}", "correo/confirmar")
    )
    ciudadano.get_by_role("button", name="Sí, este correo es mío").click()
    expect(p.titulo(ciudadano)).to_have_text("Su correo quedó confirmado")
    consultar(ciudadano, DOS, "79555111", "En trámite")

    revisar(entidad, ana, UNO, "Cumple", "Está completa.")
    assert "1.360.800 pesos" in agencia.mail(YOLANDA, f"Solicitud {UNO}: valor del permiso").texto
    assert entidad.pagar(UNO, 1_360_800) == 202
    assert entidad.pagar(UNO, 1_360_800) == 200  # the bank tells it again

    recurrir(entidad, vera, ana, entidad.persona("olga"), jaime)
    consultar(ciudadano, DOS, "79555111", "Terminada")

    ines, ivan, clara = entidad.persona("ines"), entidad.persona("ivan"), entidad.persona("clara")
    entidad.activar(clara, "clara")
    entidad.abrir(ines, UNO, "Inspeccionar el sitio")
    ines.get_by_role("button", name="Tomar").first.click()
    expect(ines.get_by_role("link", name="Reasignar o devolver…")).to_be_visible()
    agencia.advance(days=7, minutes=1)
    assert (
        "espera hace 7 días"
        in agencia.mail("ines@entidad.gov.co", f"Inspección pendiente: {UNO}").texto
    )
    entidad.otro_dia(admin, "marta.hoyos")
    retirar(admin)
    ines.goto("/ingresar")
    ines.get_by_label("Usuario").fill("ines")
    ines.get_by_label("Contraseña", exact=True).fill(CLAVE)
    ines.get_by_role("button", name="Ingresar", exact=True).click()
    expect(ines.get_by_text("El usuario o la contraseña no son correctos")).to_be_visible()

    entidad.otro_dia(ivan, "ivan")
    entidad.abrir(ivan, UNO, "Inspeccionar el sitio")
    ivan.get_by_label("Fecha de la visita").fill("01/12/2026")
    p.marcar(ivan, "Concepto", "Favorable")
    ivan.get_by_label("Qué se halló").fill("El andén queda libre.")
    p.continuar(ivan)
    expect(ivan.get_by_text("Terminó «Inspeccionar el sitio»")).to_be_visible()
    entidad.otro_dia(jaime, "jaime")
    entidad.abrir(jaime, UNO, "Decidir")
    p.marcar(jaime, "Decisión", "Se otorga")
    jaime.get_by_label("Motivo").fill("Cumple y el andén queda libre.")
    p.continuar(jaime)
    assert (
        "Resolución: RES-EP-2026-0001"
        in agencia.mail(YOLANDA, f"Solicitud {UNO}: permiso otorgado").texto
    )
    consultar(ciudadano, UNO, "51000481", "Terminada")
    lupa.mirar(ciudadano, "consulta de una solicitud terminada")

    entidad.otro_dia(clara, "clara")
    clara.goto("/cumplimiento")
    for palabra, numero in (("prada", UNO), ("parque de usaquén", DOS)):
        clara.get_by_label("Persona").fill(palabra)
        clara.get_by_role("button", name="Buscar").click()
        expect(clara.get_by_role("link", name=numero)).to_be_visible()
    clara.goto("/cumplimiento?desde=24/11/2026")
    lista = exportar(clara)
    assert all(f"{numero};24/11/2026" in lista for numero in (UNO, DOS))

    assert "Traceback" not in agencia.said()
    assert "Todas las cadenas están completas." in agencia.order("audit", "verify")
