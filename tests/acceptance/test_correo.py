"""Mail for people: a letter that anybody can read, an address that its owner confirms, what came
back, and the administrator's queue."""

import email
import mailbox
import re
from contextlib import closing
from email import policy

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from demo.correo_local import get_message, list_messages
from handlers.enlaces import Enlaces
from records.correo.reglas import correos
from tests.acceptance import pasos as p
from tests.acceptance.lupa import desborde, mirar, violaciones
from tests.acceptance.mundo import LLAVE, Mundo
from tests.integration.handlers.test_rebotes import informe
from tests.kit.files import pdf, with_script

RETENIDO = sa.text(
    "update aviso set enviado = null, intentos = 2, error = :error, proximo = :proximo where tipo = :tipo"
)
DIRECCION = "persona@correo.example"


def abrir_enlace(mundo: Mundo, patron: str, asunto: str, ancho: int = 320) -> Page:
    enlace = re.search(patron, p.cuerpo_del_correo(mundo, asunto))
    assert enlace is not None
    ciudadano = mundo.publico(ancho=ancho)
    ciudadano.goto(enlace.group())
    return ciudadano


def vuelve(mundo: Mundo, tipo: str, para: str = DIRECCION, por: str = "-") -> str:
    """The newest mail of this kind comes back, and the administrator's command reads it: from its
    input, a mailbox or a maildir."""
    ((numero,),) = mundo.filas(
        "select max(id) from aviso where tipo = :t and para = :p", t=tipo, p=para
    )
    crudo = informe(para, Enlaces("", LLAVE.encode()).marca(int(str(numero))))
    aqui = mundo.carpeta
    orden = {
        "-": ("--mailbox", "-"),
        "mbox": ("--mailbox", f"{aqui}/mbox"),
        "maildir": ("--maildir", f"{aqui}/devueltos"),
    }
    if por == "mbox":
        with closing(mailbox.mbox(aqui / "mbox")) as caja:
            caja.add(crudo)
    elif por == "maildir":
        mailbox.Maildir(aqui / "devueltos").add(crudo)
    hecho = mundo.app.test_cli_runner().invoke(
        args=["mail", "bounces", *orden[por]], input=crudo if por == "-" else None
    )
    assert hecho.exit_code == 0, hecho.output
    mundo.trabajador.quieto()
    return hecho.output


def test_a_person_confirms_the_address_of_the_desk_and_whoever_opens_the_case_sees_it(
    mundo: Mundo,
) -> None:
    asesor = mundo.persona("asesor.bog01")
    caso = p.caso_escalado(mundo, asesor)
    ciudadano = abrir_enlace(mundo, r"/correo/confirmar/\S+", f"Su radicado {caso.radicado}")
    asesor.goto(f"/caso/{caso.case_key}")
    por_donde = asesor.get_by_role("region", name="Se le responde por correo")
    # to open the link is not to confirm: scanners do
    expect(por_donde).to_contain_text("Sin confirmar")
    mirar(ciudadano, "confirmar el correo")
    ciudadano.get_by_role("button", name="Sí, este correo es mío").click()
    expect(ciudadano.get_by_role("heading", level=1)).to_have_text("Su correo quedó confirmado")
    ciudadano.reload()  # the form once more
    ciudadano.goto(ciudadano.url)
    expect(ciudadano.get_by_role("heading", level=1)).to_have_text("Este enlace ya se usó")
    asesor.reload()
    expect(por_donde).to_contain_text("Confirmado hoy")
    p.sin_faltas(mundo)


@pytest.mark.long
def test_an_answer_that_came_back_is_seen_by_its_adviser_and_delivered_on_paper(
    mundo: Mundo,
) -> None:
    asesor, funcionario = mundo.persona("asesor.bog01"), mundo.persona("funcionario.vcc01")
    caso = p.caso_escalado(mundo, asesor)
    p.recibir_caso(funcionario, caso)
    p.investigar(funcionario)
    p.documentar(funcionario)
    p.revisar_y_enviar(mundo, asesor, caso)
    assert "1 dejaron su dirección como dudosa" in vuelve(mundo, "respuesta")
    assert "1 ya se habían leído" in vuelve(mundo, "respuesta", por="maildir"), (
        "read twice, it counts once"
    )
    assert [
        f.name.rpartition(":2,")[2] for f in (mundo.carpeta / "devueltos" / "cur").iterdir()
    ] == ["S"]
    assert f"Volvió un correo del caso {caso.radicado}" in mundo.correos()

    asesor.goto("/bandeja")
    volvieron = asesor.get_by_role("region", name="Correos que volvieron")
    expect(volvieron).to_contain_text(caso.radicado)
    mirar(asesor, "bandeja con un correo que volvió")
    volvieron.get_by_role("link", name=caso.radicado).click()
    expect(asesor.get_by_role("region", name="Se le responde por correo")).to_contain_text(
        "Dudoso: devolvió un correo hoy"
    )
    expect(asesor.get_by_role("region", name="Notas")).to_contain_text("el buzón no existe")
    mirar(asesor, "caso con un correo que volvió")
    asesor.get_by_role("button", name="Enviar otra vez el enlace para confirmarlo").click()
    expect(asesor.get_by_text("El enlace para confirmar salió a su correo.")).to_be_visible()
    mundo.trabajador.quieto()
    ciudadano = abrir_enlace(mundo, r"/correo/confirmar/\S+", "Confirme su correo")
    ciudadano.get_by_role("button", name="Sí, este correo es mío").click()
    expect(ciudadano.get_by_role("heading", level=1)).to_have_text("Su correo quedó confirmado")
    asesor.reload()
    expect(asesor.get_by_role("region", name="Se le responde por correo")).to_contain_text(
        "Confirmado hoy"
    )
    asesor.get_by_role("region", name="Por entregar en papel").get_by_role("link").click()
    asesor.get_by_label("Guía de envío, o quién la recibió y cuándo").fill(
        "La recibió la persona en el punto"
    )
    asesor.get_by_role("button", name="Registrar la entrega").click()
    expect(asesor.get_by_text("Entrega registrada.")).to_be_visible()
    expect(asesor.get_by_role("region", name="Por entregar en papel")).to_have_count(0)
    asesor.goto("/bandeja")
    expect(asesor.get_by_role("heading", level=1)).to_be_visible()
    expect(volvieron).to_have_count(0)
    p.sin_faltas(mundo)


def test_an_address_that_the_server_refuses_is_told_to_its_adviser_and_is_nobodys_incident(
    mundo: Mundo,
) -> None:
    asesor = mundo.persona("asesor.bog01")
    caso = p.caso_escalado(mundo, asesor, correo="persona@rebota.example")
    mundo.trabajador.quieto()
    asesor.goto("/atencion")
    expect(asesor.get_by_text("espera reparación")).to_have_count(0)
    volvieron = asesor.get_by_role("region", name="Correos que volvieron")
    expect(volvieron).to_contain_text("Esa dirección no recibe")
    mirar(asesor, "fila con un correo que volvió")
    assert f"Volvió un correo del caso {caso.radicado}" in mundo.correos()
    volvieron.get_by_role("link", name=caso.radicado).click()
    expect(asesor.get_by_role("region", name="Se le responde por correo")).to_contain_text(
        "Dudoso: devolvió un correo hoy"
    )
    expect(asesor.get_by_role("region", name="Notas")).to_contain_text("el buzón no existe")
    expect(asesor.get_by_role("region", name="Avisos que no salieron")).to_have_count(0)
    admin = mundo.persona("administrador")
    admin.goto("/administracion/correos?vista=volvieron")
    expect(admin.get_by_role("row").filter(has_text=caso.radicado)).to_contain_text("Volvió hoy")
    p.sin_faltas(mundo)


def test_a_doubtful_address_gets_no_answer_and_the_task_says_why(mundo: Mundo) -> None:
    asesor, funcionario = mundo.persona("asesor.bog01"), mundo.persona("funcionario.vcc01")
    caso = p.caso_escalado(mundo, asesor)
    vuelve(mundo, "escalado", por="mbox")
    p.recibir_caso(funcionario, caso)
    p.investigar(funcionario)
    p.documentar(funcionario)
    p.revisar_y_enviar(mundo, asesor, caso)
    p.abrir_otra_tarea(mundo, asesor, caso)
    expect(p.titulo(asesor)).to_have_text("Entregar por otro medio")
    expect(asesor.get_by_text("Su correo devolvió un mensaje")).to_be_visible()
    assert f"Respuesta a su radicado {caso.radicado}" not in mundo.correos()
    assert mundo.filas("select count(*) from aviso where tipo = 'respuesta'") == [(0,)]


def test_the_administrator_sees_what_waits_tries_it_now_and_drops_what_nobody_wants(
    mundo: Mundo,
) -> None:
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    admin = mundo.persona("administrador")
    admin.goto("/administracion/correos")
    expect(admin.get_by_text("Ningún correo espera")).to_be_visible()
    mirar(admin, "correos, vacía")
    with mundo.sesion(escribe=True) as s:
        for tipo, error, proximo in (
            ("asignado", "451 4.7.1 Greylisted", mundo.clock.now()),
            ("escalado", "550 5.1.1 No existe", None),
        ):
            s.execute(
                RETENIDO,
                {
                    "tipo": tipo,
                    "error": error,
                    "proximo": (proximo + 5 * correos.HORA).isoformat(sep=" ") if proximo else None,
                },
            )
        s.commit()
    antes = len(mundo.correos())
    admin.reload()
    espera = admin.get_by_role("row").filter(has_text=f"Nuevo caso {caso.radicado}")
    expect(espera).to_contain_text("El servidor pide volver más tarde")
    mirar(admin, "correos que esperan")
    espera.get_by_role("button", name="Intentar ahora").click()
    expect(admin.get_by_text("Se intenta ahora.")).to_be_visible()
    mundo.trabajador.quieto()
    assert len(mundo.correos()) == antes + 1
    admin.get_by_role("link", name="Fallaron").click()
    fallo = admin.get_by_role("row").filter(has_text=caso.radicado)
    expect(fallo).to_contain_text("El buzón no existe")
    expect(fallo).to_contain_text("p••••••@correo.example")
    fallo.locator("summary").click()
    fallo.get_by_role("button", name="Descartar este correo").click()
    expect(admin.locator(".resumen-error")).to_be_visible()
    mirar(admin, "correos, sin razón")
    admin.get_by_label("Por qué no se envía").fill("Se le dijo por teléfono")
    admin.get_by_role("button", name="Descartar este correo").click()
    expect(admin.get_by_text("Descartado.")).to_be_visible()
    admin.get_by_label("Radicado, o la dirección completa").fill(DIRECCION)
    admin.get_by_role("button", name="Buscar").click()
    expect(admin.get_by_text(f"Nada con «{DIRECCION}»")).to_be_visible()
    assert DIRECCION not in admin.url
    admin.get_by_role("link", name="Descartados").click()
    expect(admin.get_by_role("row").filter(has_text=caso.radicado)).to_contain_text(
        "Se le dijo por teléfono"
    )
    vuelve(
        mundo, "asignado", str(mundo.filas("select para from aviso where tipo = 'asignado'")[0][0])
    )
    admin.get_by_role("link", name="Volvieron").click()
    expect(admin.get_by_role("region", name="Mensajes leídos")).to_contain_text(
        "La dirección no recibe"
    )
    mirar(admin, "correos que volvieron")


@pytest.mark.long
def test_whoever_wants_no_more_invitations_gets_none_and_says_so_with_one_click(
    mundo: Mundo,
) -> None:
    asesor, funcionario = mundo.persona("asesor.bog01"), mundo.persona("funcionario.vcc01")
    for n in range(2):
        caso = p.caso_escalado(mundo, asesor, titular=mundo.titular(n=n))
        p.recibir_caso(funcionario, caso)
        p.investigar(funcionario)
        p.documentar(funcionario)
        p.revisar_y_enviar(mundo, asesor, caso)
        if n == 0:
            mensajes = list_messages(mundo.carpeta / "correo")
            clave = next(m.id for m in mensajes if m.asunto.startswith("Califique"))
            crudo = (
                next(f for f in (mundo.carpeta / "correo").rglob("*") if f.name == clave)
                .read_bytes()
                .replace(b"\r\n ", b" ")
            )
            una_vez = re.search(
                rb"List-Unsubscribe: +<(\S+)>\r?\nList-Unsubscribe-Post: List-Unsubscribe=One-Click",
                crudo,
            )
            assert una_vez is not None
            ruta = una_vez[1].decode().partition("/correo/")[2]
            ciudadano = mundo.publico(ancho=320)
            ciudadano.goto(f"/correo/{ruta}")
            mirar(ciudadano, "baja")
            assert mundo.filas("select baja from direccion_correo where baja is not null") == []
            de_un_clic = ciudadano.context.request.post(
                f"/correo/{ruta}", form={"List-Unsubscribe": "One-Click"}
            )
            assert de_un_clic.status == 200
            ciudadano.reload()
            expect(ciudadano.get_by_role("heading", level=1)).to_have_text(
                "No le enviamos más invitaciones a calificar"
            )
    assert mundo.filas(
        "select count(*) from aviso where tipo = 'calificacion' and descartado is not null"
    ) == [(1,)]
    assert sum(a.startswith("Respuesta a su radicado") for a in mundo.correos()) == 2, (
        "what the law wants is sent"
    )
    p.sin_faltas(mundo)


def test_every_mail_that_reached_the_server_passes_axe_wide_and_narrow(mundo: Mundo) -> None:
    asesor, funcionario = mundo.persona("asesor.bog01"), mundo.persona("funcionario.vcc01")
    caso = p.caso_escalado(mundo, asesor)
    p.recibir_caso(funcionario, caso)
    p.investigar(funcionario)
    p.documentar(funcionario)
    p.revisar_y_enviar(mundo, asesor, caso)
    lector, vistos = mundo.publico(), set()
    lector.goto("about:blank")
    for m in list_messages(mundo.carpeta / "correo"):
        recibido = get_message(mundo.carpeta / "correo", m.id)
        assert recibido is not None
        lector.set_content(recibido.html)
        for ancho in (320, 1280):
            lector.set_viewport_size({"width": ancho, "height": 900})
            assert violaciones(lector) == [], m.asunto
            assert desborde(lector) == 0, m.asunto
        vistos.add(m.asunto.split(" ")[0])
    assert {"Su", "Nuevo", "Respuesta", "Califique"} <= vistos


def test_an_answer_leaves_with_the_documents_that_its_adviser_chose(mundo: Mundo) -> None:
    asesor, funcionario = mundo.persona("asesor.bog01"), mundo.persona("funcionario.vcc01")
    caso = p.caso_escalado(mundo, asesor)
    asesor.goto(f"/caso/{caso.case_key}")
    documentos = asesor.get_by_role("region", name="Documentos")
    documentos.get_by_text("Adjuntar documentos…").click()
    traidos = [
        {**p.PDF, "name": "paz y salvo.pdf"},
        {**p.PDF, "name": "borrador.pdf", "buffer": pdf("Borrador, no sale")},
        {**p.PDF, "name": "con programa.pdf", "buffer": with_script()},
    ]
    documentos.locator("input[type=file]").set_input_files(files=traidos)
    asesor.get_by_role("button", name="Adjuntar al caso").click()
    for dicho in ("paz y salvo.pdf", "borrador.pdf", "con programa.pdf"):
        expect(documentos.get_by_role("link", name=dicho)).to_be_visible()
    p.recibir_caso(funcionario, caso)
    p.investigar(funcionario)
    p.documentar(funcionario)
    p.abrir_otra_tarea(mundo, asesor, caso)
    p.marcar(asesor, "La respuesta del área está", "Completa")
    p.continuar(asesor)
    expect(asesor.get_by_label("Respuesta para la persona")).to_be_visible()
    mirar(asesor, "act. 14 con documentos")
    expect(
        asesor.get_by_text(
            "No se pueden enviar, por lo que traen o porque esperan su revisión: con programa.pdf"
        )
    ).to_be_visible()
    expect(asesor.get_by_label("con programa.pdf")).to_have_count(0)
    asesor.get_by_label("paz y salvo.pdf").check()
    p.continuar(asesor)
    expect(p.titulo(asesor)).to_have_text(re.compile("Fila de"))
    mundo.trabajador.quieto()
    assert "\n- paz y salvo.pdf" in p.cuerpo_del_correo(
        mundo, f"Respuesta a su radicado {caso.radicado}"
    )
    clave = next(
        m.id for m in list_messages(mundo.carpeta / "correo") if m.asunto.startswith("Respuesta")
    )
    crudo = next(f for f in (mundo.carpeta / "correo").rglob("*") if f.name == clave).read_bytes()
    (adjunto,) = [
        parte
        for parte in email.message_from_bytes(crudo, policy=policy.default).walk()
        if parte.get_filename()
    ]
    assert (adjunto.get_filename(), adjunto.get_payload(decode=True)) == (
        "paz y salvo.pdf",
        p.PDF["buffer"],
    )
    asesor.goto(f"/caso/{caso.case_key}")
    respuesta = asesor.get_by_role("region", name="Respuesta a la persona")
    expect(respuesta.get_by_role("link", name="paz y salvo.pdf")).to_be_visible()
    expect(respuesta).not_to_contain_text("borrador.pdf")
    p.sin_faltas(mundo)
