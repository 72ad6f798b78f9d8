"""Files whose retention is over: proposed by one person, approved by another, published, then
disposed of one by one; who is on hold, was reopened or objected to stays; what is left is the act,
its inventory, the index with its hashes, and every chain whole."""

import csv
import datetime as dt
import hashlib
import io
import json
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import pytest
import sqlalchemy as sa
from pypdf import PdfReader
from sqlalchemy.orm import Session

from engine.types import StartForm
from records.base.actos import Acto
from records.base.errores import DatoInvalido
from records.base.tablas import todas
from records.casos.reglas import claves
from records.casos.tablas import Archivo, Caso, CasoRegistrado, Respuesta
from records.catalogos import catalogos
from records.correo import correos
from records.correo.avisos import SIN_CORREO
from records.correo.tablas import Aviso
from records.cuentas.tablas import Cuenta, RolAsignado
from records.escritos import envios
from records.escritos.tablas import Firma
from records.expedientes import indices
from records.expedientes.tablas import SerieDocumental
from records.plazos.reglas.calendario import instante, sumar_habiles
from records.retencion import eliminaciones, reservas
from records.retencion.tablas import ActaEliminacion, ExpedienteEnActa, ObjecionEliminacion
from tests.kit import files, web as web_kit
from tests.kit.cast import ASESORA, person
from tests.kit.clock import NOW
from tests.kit.month import World, month
from tests.kit.permit import ASKED, FILES
from tests.kit.web import WebKit, csrf, followed
from webforms.base.servicios import EXTENSION
from webforms.comandos.auditoria import audit
from webforms.comandos.retencion import retention
from webforms.comandos.rondas import EnRonda, del_archivo
from webforms.evidencia import separacion
from webforms.expedientes import indices as de_indices
from webforms.retencion import eliminacion

LISTA = "/archivo/eliminaciones"
ACTA = f"{LISTA}/1"
PORQUE = "Cumplieron su retención, TRD 2026"
GESTORA = person("gestora", "gestion_documental")


@pytest.fixture
def web(tmp_path: Path, db_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, db_url)
    kit.deploy(FILES)
    yield kit
    kit.engine.db.dispose()


def serie(web: WebKit, **otros: object) -> None:
    dichos = {"codigo": "PER", "nombre": "Permisos", "subserie": "De ocupación", "procedimiento": "permiso", "gestion": 1, "central": 1,
              "disposicion": "eliminar", "gobierna": "expedientes", "vigente_desde": dt.date(2026, 1, 1)}  # fmt: skip
    with web.session() as s, s.begin():
        s.add(SerieDocumental(**{**dichos, **otros}))


def cerrado(web: WebKit, nombre: str) -> str:
    """A case with two forms and a PDF of its own, that ended."""
    caso = web.engine.instances.start(
        "permiso", actor=ASESORA, now=web.clock.now(), form=StartForm({**ASKED, "area": 24})
    ).case_key
    gestora = web.browser("gestora")
    token = csrf(gestora.get(f"/caso/{caso}").text)
    data = {"csrf_token": token, "archivos": (io.BytesIO(files.pdf(nombre)), f"{nombre}.pdf")}
    assert (
        gestora.post(
            f"/caso/{caso}/documentos", data=data, content_type="multipart/form-data"
        ).status_code
        == 302
    )
    with web.session() as s:
        item = s.scalar(
            sa.text(
                "SELECT w.id FROM work_item w JOIN instance i ON i.id = w.instance_id WHERE i.case_key = :k"
            ),
            {"k": caso},
        )
    web.engine.items.complete(
        item, values={"cumple": "no", "concepto": "Le falta"}, actor=GESTORA, now=web.clock.now()
    )
    return caso


def cerrar_indices(web: WebKit) -> None:
    with web.app.app_context():
        de_indices.Turno().ronda(web.clock.now())


def al_dia(web: WebKit, dia: dt.date) -> None:
    web.clock.advance(instante(dia, dt.time(12)) - web.clock.now())


def vencidos(web: WebKit, *nombres: str) -> list[str]:
    """Cases that ended, with a closed index, whose two years are over."""
    hechos = [cerrado(web, nombre) for nombre in nombres]
    web.clock.advance(dt.timedelta(minutes=1))
    cerrar_indices(web)
    al_dia(web, dt.date(NOW.year + 2, NOW.month, NOW.day) + dt.timedelta(days=2))
    return hechos


def enviar(web: WebKit, quien: str, ruta: str, pagina: str = "", **datos: str) -> tuple[int, str]:
    navegador = web.browser(quien)
    token = csrf(navegador.get(pagina or ACTA).text)
    respuesta = navegador.post(ruta, data={"csrf_token": token, **datos}, follow_redirects=True)
    return respuesta.status_code, followed(respuesta.text)


def proponer(web: WebKit, quien: str = "gestora", **otros: str) -> tuple[int, str]:
    datos = {"serie": "PER", "subserie": "De ocupación", "anios": "2", "motivo": PORQUE, **otros}
    return enviar(web, quien, LISTA, LISTA, **datos)


def aprobar(web: WebKit, quien: str = "coordinador", **otros: str) -> tuple[int, str]:
    datos = {
        "decide": "aprobar",
        "comite_acta": "CIGD-014",
        "comite_fecha": f"{web.clock.now():%d/%m/%Y}",
        **otros,
    }
    return enviar(web, quien, f"{ACTA}/decidir", **datos)


def publicar(web: WebKit, **otros: str) -> tuple[int, str]:
    datos = {
        "publicada": f"{web.clock.now():%d/%m/%Y}",
        "donde": "https://entidad.example/eliminacion",
        **otros,
    }
    return enviar(web, "gestora", f"{ACTA}/publicar", **datos)


def publicada(web: WebKit, *nombres: str) -> list[str]:
    casos = vencidos(web, *nombres)
    assert proponer(web)[0] == 200
    assert aprobar(web)[0] == 200
    assert publicar(web)[0] == 200
    return casos


def pasar_el_plazo(web: WebKit) -> None:
    with web.session() as s:
        hasta = s.scalars(sa.select(ActaEliminacion.hasta)).one()
    assert hasta is not None
    al_dia(web, hasta + dt.timedelta(days=1))


def ordenar(web: WebKit) -> tuple[int, str]:
    return enviar(web, "gestora", f"{ACTA}/ordenar", numero=acta(web).numero)


def ejecutar(web: WebKit) -> int:
    with web.app.app_context():
        return eliminacion.ejecutar(web.clock.now())


def acta(web: WebKit) -> ActaEliminacion:
    with web.session() as s:
        return s.scalars(
            sa.select(ActaEliminacion).order_by(ActaEliminacion.id.desc()).limit(1)
        ).one()


def lineas(web: WebKit) -> list[ExpedienteEnActa]:
    with web.session() as s:
        return list(eliminaciones.lineas(s, acta(web).id))


def comprobar(web: WebKit) -> tuple[int, str]:
    dicho = web.app.test_cli_runner().invoke(audit, ["verify"])
    return dicho.exit_code, dicho.output


def formularios(web: WebKit, caso: str) -> int:
    sql = "SELECT count(*) FROM submission s JOIN instance i ON i.id = s.instance_id WHERE i.case_key = :k AND s.form_values IS NOT NULL"
    with web.engine.db.connect() as c:
        return int(c.scalar(sa.text(sql), {"k": caso}) or 0)


def contenido(nombre: str, tmp_path: Path) -> Path:
    sha256 = hashlib.sha256(files.pdf(nombre)).hexdigest()
    return tmp_path / "archivos" / sha256[:2] / sha256[2:]


def test_from_the_proposal_to_the_last_file(web: WebKit, tmp_path: Path) -> None:
    serie(web)
    casos = vencidos(web, "uno", "dos")
    vivo = cerrado(web, "tres")
    pagina = followed(web.browser("gestora").get(LISTA).text)
    assert "Permisos · De ocupación" in pagina
    codigo, dicho = proponer(web, motivo=" ")
    assert (codigo, "Escriba el motivo" in dicho) == (422, True)
    assert "Propuesta. Nada se elimina" in proponer(web)[1]
    a = acta(web)
    assert (a.numero, a.estado, a.propuesta_por) == (
        f"AE-{web.clock.now().year}-0001",
        "propuesta",
        "gestora",
    )
    crudo = web.browser("coordinador").get(f"{ACTA}/inventario.csv").data
    assert hashlib.sha256(crudo).hexdigest() == a.huella
    filas = list(csv.DictReader(io.StringIO(crudo.decode())))
    assert [(f["n"], f["expediente"], f["documentos"], f["paginas"]) for f in filas] == [
        ("1", "PEP-2026-00001", "3", "3"),
        ("2", "PEP-2026-00002", "3", "3"),
    ]
    with web.session() as s:
        assert [f["indice_sha256"] for f in filas] == [
            indices.ultimas(s, casos)[c].huella for c in casos
        ]
    assert 'Cumplieron su retención <span class="conteo">0</span>' in followed(
        web.browser("gestora").get(LISTA).text
    )

    assert "Escriba el número y la fecha del acta del comité" in aprobar(web, comite_acta="")[1]
    assert "Aprobada. Falta publicar" in aprobar(web)[1]
    assert (
        "El día de la publicación va del día en que se aprobó hasta hoy"
        in publicar(web, publicada="01/01/2026")[1]
    )
    assert "Publicado: desde hoy" in publicar(web)[1]
    a = acta(web)
    assert a.publicada is not None
    assert a.hasta == sumar_habiles(a.publicada, 60)
    assert "El plazo de la publicación no ha pasado" in ordenar(web)[1]
    assert ejecutar(web) == 0
    pasar_el_plazo(web)
    assert (
        f"Escriba el número del acta, {a.numero},"
        in enviar(web, "gestora", f"{ACTA}/ordenar", numero="AE-1")[1]
    )
    assert "Ordenada: el trabajador" in ordenar(web)[1]
    assert [formularios(web, c) for c in casos] == [2, 2]

    assert ejecutar(web) == 2
    assert ejecutar(web) == 0
    assert [formularios(web, c) for c in (*casos, vivo)] == [0, 0, 2]
    assert not contenido("uno", tmp_path).exists()
    assert contenido("tres", tmp_path).exists()
    with web.session() as s:
        assert {
            (x.nombre, x.eliminado is not None)
            for x in s.scalars(sa.select(Archivo).where(Archivo.case_key.in_(casos)))
        } == {("eliminado", True)}
        assert (
            s.scalars(
                sa.select(CasoRegistrado.nombre).where(CasoRegistrado.case_key == casos[0])
            ).one()
            == ""
        )
    assert [(x.estado, x.formularios, x.archivos) for x in lineas(web)] == [("eliminado", 2, 1)] * 2
    a = acta(web)
    assert a.estado == "ejecutada"
    documento = web.browser("revisor").get(f"{ACTA}/acta.json").data
    assert hashlib.sha256(documento).hexdigest() == a.huella_acta
    dicho_ = json.loads(documento)
    assert (dicho_["propuesta"]["por"], dicho_["aprobada"]["por"], dicho_["comite"]["acta"]) == (
        "gestora",
        "coordinador",
        "CIGD-014",
    )
    assert dicho_["inventario"] == {"expedientes": 2, "sha256": a.huella}

    en_papel = web.browser("revisor").get(f"{ACTA}/acta.pdf")
    texto = " ".join(hoja.extract_text() for hoja in PdfReader(io.BytesIO(en_papel.data)).pages)
    plano = "".join(texto.split())
    for dicho in (
        a.huella,
        a.huella_acta,
        "CIGD-014",
        "PEP-2026-00002",
        "Gloria Díaz",
        "Jorge Mejía",
    ):
        assert "".join(dicho.split()) in plano
    pagina = followed(web.browser("gestora").get(f"/caso/{casos[0]}/indice").text)
    assert f"Eliminado por el acto {a.numero}" in pagina
    assert "Se eliminó con el expediente; queda su huella." in pagina
    assert "uno.pdf" not in pagina
    caso = followed(web.browser("gestora").get(f"/caso/{casos[0]}").text)
    assert (
        f"Eliminó los formularios por el acta {a.numero}" in caso,
        "por la regla de retención" in caso,
    ) == (True, False)
    assert "<dt>Asunto</dt><dd>Permiso</dd>" in caso, (
        "its subject went: what it was about is said in words, not as a code"
    )
    assert web.browser("gestora").get(f"/caso/{casos[0]}/indice/1.xml").status_code == 410
    ultimo = web.browser("gestora").get(f"/caso/{casos[0]}/indice/2.xml").text
    assert hashlib.sha256(files.pdf("uno")).hexdigest() in ultimo
    codigo, dicho = comprobar(web)
    assert codigo == 0, dicho
    assert "1 actas de eliminación, cada una con su inventario" in dicho
    with web.engine.db.connect() as c:
        pasos = [json.loads(d) if isinstance(d, str) else d for d in c.scalars(
            sa.text("SELECT detail FROM access WHERE kind = 'eliminacion_documental' ORDER BY day, n"))]  # fmt: skip
        ejecutada = c.scalars(
            sa.text("SELECT detail FROM access WHERE kind = 'acta_de_eliminacion'")
        ).one()
    assert [p["paso"] for p in pasos] == ["proponer", "aprobar", "publicar", "ordenar"]
    assert a.huella_acta in str(ejecutada)


@pytest.mark.parametrize("disposicion", ["conservar", "seleccionar", "digitalizar"])
def test_only_series_that_say_so_are_proposed(web: WebKit, disposicion: str) -> None:
    serie(web, disposicion=disposicion)
    vencidos(web, "uno")
    assert "Ninguno. Solo se proponen los de series que dicen" in followed(
        web.browser("gestora").get(LISTA).text
    )
    codigo, dicho = proponer(web)
    assert (codigo, "De esa serie no hay hoy expedientes que eliminar" in dicho) == (422, True)


def test_no_file_is_proposed_before_its_day_nor_while_it_is_on_hold_nor_without_an_index(
    web: WebKit,
) -> None:
    serie(web)
    uno, dos = cerrado(web, "uno"), cerrado(web, "dos")
    cerrado_el = web.clock.now()
    with web.session() as s:
        assert eliminaciones.propuestas(s, cerrado_el.date()) == []
    hoy = dt.date(cerrado_el.year + 2, cerrado_el.month, cerrado_el.day)
    with web.session() as s:
        (p,) = eliminaciones.propuestas(s, hoy)
        assert (len(p.casos), p.sin_indice, p.reservados) == (0, 2, 0)
    web.clock.advance(dt.timedelta(minutes=1))
    cerrar_indices(web)
    with web.session() as s, s.begin():
        assert eliminaciones.propuestas(s, hoy - dt.timedelta(days=1)) == []
        reservas.poner(s, dos, "Tutela", Acto("revisor", web.clock.now()))
        (p,) = eliminaciones.propuestas(s, hoy)
        assert ([c.case_key for c in p.casos], p.sin_indice, p.reservados) == ([uno], 0, 1)


def test_what_was_typed_in_an_answer_stays_when_something_of_it_is_missing(web: WebKit) -> None:
    serie(web)
    publicada(web, "uno", "dos")
    hoy = f"{web.clock.now():%d/%m/%Y}"
    for quien in ("Álvaro Peña", "Rosa Gil"):
        enviar(
            web,
            "gestora",
            f"{ACTA}/observaciones",
            de_quien=quien,
            recibida=hoy,
            linea="2",
            texto="Lo demando",
        )
    _codigo, sin_decidir = enviar(
        web, "gestora", f"{ACTA}/observaciones/2", respuesta="Hay un proceso"
    )
    assert "Elija si acepta o no la observación." in sin_decidir
    assert re.findall(r'name="respuesta"[^>]*>\s*([^<]*)</textarea>', sin_decidir) == [
        "",
        "Hay un proceso",
    ], "of that one alone"
    _codigo, sin_porque = enviar(
        web, "gestora", f"{ACTA}/observaciones/2", decide="acepta", respuesta=" "
    )
    elegidos = [campo for campo in re.findall("<input[^>]+>", sin_porque) if " checked" in campo]
    assert len(elegidos) == 1
    assert 'id="decide-2-acepta"' in elegidos[0]


def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(web: WebKit) -> None:
    """And whoever comes to a step that is over reads that, not that an earlier one is missing."""
    serie(web)
    vencidos(web, "uno")
    proponer(web)
    hoy, donde = f"{web.clock.now():%d/%m/%Y}", "https://entidad.example/eliminacion"
    assert "El acta ya no está en ese paso" in publicar(web)[1]
    assert al_lado(aprobar(web, decide="")[1]) == ["decide"]
    assert al_lado(aprobar(web, comite_acta="")[1]) == ["comite_acta"]
    assert al_lado(aprobar(web, comite_fecha="31/02/2026")[1]) == ["comite_fecha"]
    assert al_lado(aprobar(web, decide="devolver")[1]) == ["respuesta"]
    aprobar(web)
    assert al_lado(publicar(web, publicada="31/02/2026")[1]) == ["publicada"]
    for sin_abrir in ("", "en el sitio", "javascript:alert(1)", "https://", "https:///hola"):
        codigo, dicho = publicar(web, donde=sin_abrir)
        assert (codigo, al_lado(dicho), f'value="{hoy}"' in dicho) == (422, ["donde"], True), (
            sin_abrir
        )
    assert acta(web).estado == "aprobada"
    publicar(web, donde=donde)
    observa = {"de_quien": "Álvaro Peña", "texto": "Lo demando", "recibida": hoy, "linea": "1"}
    for campo, malo in (("de_quien", ""), ("texto", " "), ("recibida", "ayer"), ("linea", "9")):
        _codigo, dicho = enviar(web, "gestora", f"{ACTA}/observaciones", **{**observa, campo: malo})
        assert al_lado(dicho) == [campo]
    enviar(web, "gestora", f"{ACTA}/observaciones", **observa)
    enviar(web, "gestora", f"{ACTA}/observaciones", **observa)
    responder = f"{ACTA}/observaciones/2"
    assert al_lado(enviar(web, "gestora", responder, respuesta="Hay un proceso")[1]) == [
        "decide-2"
    ], "not at that of the other one"
    assert al_lado(enviar(web, "gestora", responder, decide="niega")[1]) == ["r2"]
    assert al_lado(enviar(web, "gestora", f"{ACTA}/retirar", motivo=" ")[1]) == ["motivo"]
    for cual in "12":
        enviar(
            web,
            "gestora",
            f"{ACTA}/observaciones/{cual}",
            decide="niega",
            respuesta="No es de ese expediente",
        )
    pasar_el_plazo(web)
    assert al_lado(enviar(web, "gestora", f"{ACTA}/ordenar", numero="AE-1")[1]) == ["numero"]
    ordenar(web)
    assert "El acta ya no está en ese paso" in ordenar(web)[1]
    ejecutar(web)
    dicho = ordenar(web)[1]
    assert (
        "El acta ya no está en ese paso" in dicho,
        "Falta publicar" in dicho,
        al_lado(dicho),
    ) == (True, False, [])


def al_lado(pagina: str) -> list[str]:
    """The controls that are marked, each with what is wrong in its description."""
    marcados = re.findall(
        r'<(?:input|textarea|fieldset)\b[^>]*aria-describedby="[^"]*?([\w-]+)-e"[^>]*>', pagina
    )
    assert [f'id="{m}-e"' in pagina for m in marcados] == [True] * len(marcados)
    assert not marcados or 'aria-invalid="true"' in pagina
    return marcados


def test_who_orders_reads_how_many_files_go_and_how_many_stay_and_who_looks_later_too(
    web: WebKit,
) -> None:
    serie(web)
    casos = publicada(web, "uno", "dos", "tres")
    hoy = f"{web.clock.now():%d/%m/%Y}"
    enviar(
        web,
        "gestora",
        f"{ACTA}/observaciones",
        de_quien="Álvaro Peña",
        recibida=hoy,
        linea="2",
        texto="Lo demando",
    )
    enviar(web, "gestora", f"{ACTA}/observaciones/1", decide="acepta", respuesta="Hay un proceso")
    pasar_el_plazo(web)
    pagina = followed(web.browser("gestora").get(ACTA).text)
    assert "textos de 2 expedientes. De los del inventario, 1 no se elimina." in pagina
    with web.session() as s, s.begin():
        reservas.poner(s, casos[0], "Tutela", Acto("revisor", web.clock.now()))
    pagina = followed(web.browser("gestora").get(ACTA).text)
    assert "textos de 1 expediente. De los del inventario, 2 no se eliminan." in pagina
    assert f"/caso/{casos[0]}/indice" not in pagina, "it is not said who may see which"
    assert f"/caso/{casos[0]}/indice" in web.browser("coordinador").get(ACTA).text
    assert (
        "Ordenada"
        in enviar(web, "gestora", f"{ACTA}/ordenar", numero=f" {acta(web).numero.lower()}")[1]
    )
    ejecutar(web)
    assert "1 expediente eliminado. 2 no se eliminaron." in followed(
        web.browser("revisor").get(ACTA).text
    )


def test_who_looks_at_an_act_that_did_not_go_on_reads_why_before_anything_else(web: WebKit) -> None:
    serie(web)
    vencidos(web, "uno")
    proponer(web)
    enviar(web, "gestora", f"{ACTA}/retirar", motivo="La subserie no era esa")
    antes = followed(web.browser("coordinador").get(ACTA).text).partition('id="in"')[0]
    assert "La retiró Gloria Díaz.</b> La subserie no era esa </p>" in antes
    proponer(web)
    enviar(
        web,
        "coordinador",
        f"{LISTA}/2/decidir",
        f"{LISTA}/2",
        decide="devolver",
        respuesta="Falta el acta del comité",
    )
    antes = followed(web.browser("gestora").get(f"{LISTA}/2").text).partition('id="in"')[0]
    assert "La devolvió Jorge Mejía.</b> Falta el acta del comité </p>" in antes


def test_who_proposed_does_not_approve_and_the_try_is_counted(web: WebKit) -> None:
    serie(web)
    vencidos(web, "uno")
    proponer(web)
    with web.session() as s, s.begin():
        cuenta = s.scalars(sa.select(Cuenta).where(Cuenta.usuario == "gestora")).one()
        s.add(
            RolAsignado(
                cuenta_id=cuenta.id, rol="coordinador_gau", vigente_desde=NOW, asignado_por="admin"
            )
        )
    codigo, dicho = aprobar(web, "gestora")
    assert (codigo, "Usted la propuso: la aprueba otra persona" in dicho) == (422, True)
    assert acta(web).estado == "propuesta"
    with web.app.test_request_context(), web.session() as s:
        (regla,) = [r for r in separacion.reglas(s) if r.id == "eliminacion_propia"]
    assert (regla.violaciones, regla.rechazados) == (0, 1)


def test_whoever_has_the_next_step_reads_on_every_page_that_one_waits(web: WebKit) -> None:
    def espera(quien: str) -> str:
        (enlace,) = re.findall(
            rf'href="{LISTA}"[^>]*>(.*?)</a>', web.browser(quien).get(LISTA).text, re.DOTALL
        )
        return re.sub(r"<[^>]*>", "", enlace).split()[-1]

    serie(web)
    vencidos(web, "uno")
    proponer(web)
    assert (espera("coordinador"), espera("gestora")) == ("1", "documental")
    aprobar(web)
    assert (espera("coordinador"), espera("gestora")) == ("documental", "1")
    publicar(web)
    assert espera("gestora") == "documental", "its term has not passed"
    pasar_el_plazo(web)
    assert espera("gestora") == "1"
    ordenar(web)
    assert espera("gestora") == "documental"


def test_what_is_returned_or_withdrawn_may_be_proposed_again(web: WebKit) -> None:
    serie(web)
    vencidos(web, "uno")
    proponer(web)
    assert (
        "Escriba el motivo" in enviar(web, "coordinador", f"{ACTA}/decidir", decide="devolver")[1]
    )
    assert (
        "Devuelta: nada se elimina"
        in enviar(
            web, "coordinador", f"{ACTA}/decidir", decide="devolver", respuesta="Falta la TRD"
        )[1]
    )
    assert [(x.estado, x.causa) for x in lineas(web)] == [("excluido", "retirada")]
    assert "ya no está en ese paso" in aprobar(web)[1]
    assert proponer(web)[0] == 200
    assert acta(web).numero.endswith("-0002")
    assert (
        "Retirada: nada se elimina"
        in enviar(web, "gestora", f"{LISTA}/2/retirar", motivo="Se repite la TRD")[1]
    )
    assert proponer(web)[0] == 200
    assert comprobar(web)[0] == 0


def test_an_observation_stops_the_act_until_it_is_answered_and_an_accepted_one_takes_its_file_out(
    web: WebKit,
) -> None:
    serie(web)
    uno, dos = publicada(web, "uno", "dos")
    hoy = f"{web.clock.now():%d/%m/%Y}"
    ruta = f"{ACTA}/observaciones"
    assert (
        "no tiene ese número de línea"
        in enviar(web, "gestora", ruta, de_quien="Ana", texto="Es mío", linea="9", recibida=hoy)[1]
    )
    assert (
        "Observación registrada"
        in enviar(
            web, "gestora", ruta, de_quien="Ana", texto="Lo demando", linea="2", recibida=hoy
        )[1]
    )
    assert (
        "Observación registrada"
        in enviar(web, "gestora", ruta, de_quien="Luis", texto="No borren nada", recibida=hoy)[1]
    )
    pasar_el_plazo(web)
    assert "Falta responder observaciones" in ordenar(web)[1]
    assert "Elija si acepta" in enviar(web, "gestora", f"{ruta}/1", respuesta="Sí")[1]
    assert (
        "Respondida"
        in enviar(web, "gestora", f"{ruta}/1", decide="acepta", respuesta="Hay un proceso")[1]
    )
    assert (
        "ya tiene respuesta"
        in enviar(web, "gestora", f"{ruta}/1", decide="niega", respuesta="No")[1]
    )
    assert (
        "Respondida"
        in enviar(web, "gestora", f"{ruta}/2", decide="niega", respuesta="La TRD lo manda")[1]
    )
    assert "Ordenada" in ordenar(web)[1]
    assert ejecutar(web) == 1
    assert [(x.estado, x.causa) for x in lineas(web)] == [
        ("eliminado", ""),
        ("excluido", "objecion"),
    ]
    assert (formularios(web, uno), formularios(web, dos)) == (0, 2)
    pagina = followed(web.browser("gestora").get(ACTA).text)
    assert "No se elimina: se aceptó una observación" in pagina
    assert comprobar(web)[0] == 0


def test_an_accepted_observation_to_all_of_it_withdraws_the_act(web: WebKit) -> None:
    serie(web)
    (uno,) = publicada(web, "uno")
    hoy = f"{web.clock.now():%d/%m/%Y}"
    enviar(
        web,
        "gestora",
        f"{ACTA}/observaciones",
        de_quien="Archivo General",
        texto="La TRD no está convalidada",
        recibida=hoy,
    )
    enviar(web, "gestora", f"{ACTA}/observaciones/1", decide="acepta", respuesta="Es cierto")
    assert acta(web).estado == "retirada"
    pasar_el_plazo(web)
    assert "El acta ya no está en ese paso" in ordenar(web)[1], (
        "it was published, and nothing of it is missing"
    )
    assert formularios(web, uno) == 2


def test_what_changed_since_it_was_proposed_stays_with_its_reason(web: WebKit) -> None:
    serie(web)
    guardado, abierto, serie_otra, va = publicada(web, "uno", "dos", "tres", "cuatro")
    with web.session() as s, s.begin():
        reservas.poner(s, guardado, "Tutela 2028-1", Acto("revisor", web.clock.now()))
        s.execute(
            sa.update(CasoRegistrado)
            .where(CasoRegistrado.case_key == abierto)
            .values(estado="abierto", cerrado=None)
        )
        s.execute(
            sa.update(CasoRegistrado)
            .where(CasoRegistrado.case_key == serie_otra)
            .values(procedimiento="otro")
        )
    assert "Tiene reserva legal: no se eliminará" in web.browser("gestora").get(ACTA).text
    pasar_el_plazo(web)
    ordenar(web)
    assert ejecutar(web) == 1
    assert [(x.estado, x.causa) for x in lineas(web)] == [
        ("excluido", "reserva"),
        ("excluido", "abierto"),
        ("excluido", "serie"),
        ("eliminado", ""),
    ]
    assert [formularios(web, c) for c in (guardado, abierto, serie_otra, va)] == [2, 2, 2, 0]
    with web.engine.db.connect() as c:
        quedan = c.scalars(
            sa.text(
                "SELECT subject FROM access WHERE kind = 'eliminacion_excluida' ORDER BY day, n"
            )
        ).all()
    assert quedan == [guardado, abierto, serie_otra]
    assert acta(web).estado == "ejecutada"


def _se_apaga(web: WebKit, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process ends when the records of the first file went and its forms did not."""
    with monkeypatch.context() as m:
        m.setattr(type(web.engine.erasures), "erase_forms", Mock(side_effect=SystemExit))
        with pytest.raises(SystemExit):
            ejecutar(web)


def test_a_hold_that_comes_when_half_of_a_file_is_gone_keeps_its_forms(
    web: WebKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    serie(web)
    (uno,) = publicada(web, "uno")
    pasar_el_plazo(web)
    ordenar(web)
    _se_apaga(web, monkeypatch)
    with web.session() as s, s.begin():
        reservas.poner(s, uno, "Tutela", Acto("revisor", web.clock.now()))
    assert ejecutar(web) == ejecutar(web) == 0
    assert (formularios(web, uno), acta(web).estado) == (2, "ordenada")
    assert "Faltan sus formularios" in followed(web.browser("gestora").get(ACTA).text)
    with web.session() as s, s.begin():
        reservas.levantar(s, uno, "Terminó", Acto("revisor", web.clock.now()))
        s.execute(
            sa.update(CasoRegistrado).where(CasoRegistrado.case_key == uno).values(estado="abierto")
        )
    assert ejecutar(web) == 0
    assert (formularios(web, uno), acta(web).estado) == (2, "ordenada")
    with web.session() as s, s.begin():
        s.execute(
            sa.update(CasoRegistrado)
            .where(CasoRegistrado.case_key == uno)
            .values(estado="terminado")
        )
    assert ejecutar(web) == 1
    assert (formularios(web, uno), acta(web).estado) == (0, "ejecutada")
    assert comprobar(web)[0] == 0


def test_a_hold_that_is_put_at_the_moment_of_the_disposal_is_seen(web: WebKit) -> None:
    """Either waits for the other: whichever commits first, the other one sees it."""
    serie(web)
    (uno,) = publicada(web, "uno")
    pasar_el_plazo(web)
    ordenar(web)
    (linea,) = lineas(web)
    hecho: list[bool] = []

    def disponer() -> None:
        hecho.append(
            web.engine.uow.run(lambda s: eliminaciones.disponer(s, linea.id, web.clock.now())).hecho
        )

    otro = threading.Thread(target=disponer)
    with web.session() as s, s.begin():
        reservas.poner(s, uno, "Tutela", Acto("revisor", web.clock.now()))
        otro.start()
        otro.join(0.5)
        assert otro.is_alive()
    otro.join(20)
    assert (hecho, formularios(web, uno)) == ([False], 2)


@pytest.mark.parametrize(
    "gasto", [RuntimeError("el diario no se puede leer"), OverflowError("date value out of range")]
)
def test_one_file_that_fails_keeps_no_other_from_its_turn(
    web: WebKit, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, gasto: Exception
) -> None:
    serie(web)
    uno, dos = publicada(web, "uno", "dos")
    pasar_el_plazo(web)
    ordenar(web)
    de_verdad = eliminaciones.disponer
    malo = lineas(web)[0].id

    def falla(session: Session, linea_id: int, now: dt.datetime) -> eliminaciones.Dispuesto:
        if linea_id == malo:
            raise gasto
        return de_verdad(session, linea_id, now)

    with monkeypatch.context() as m:
        m.setattr(eliminaciones, "disponer", falla)
        assert ejecutar(web) == 1
    assert [(x.estado, x.formularios) for x in lineas(web)] == [
        ("pendiente", None),
        ("eliminado", 2),
    ]
    assert (
        f"a file of an act of disposal could not be done, and is tried again: {malo}" in caplog.text
    )
    assert (formularios(web, uno), formularios(web, dos), acta(web).estado) == (2, 0, "ordenada")
    assert ejecutar(web) == 1
    assert acta(web).estado == "ejecutada"


def test_acts_that_cannot_be_carried_out_keep_no_index_open(
    web: WebKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    caso = cerrado(web, "uno")
    web.clock.advance(dt.timedelta(minutes=1))
    monkeypatch.setattr(
        eliminaciones, "ordenadas", Mock(side_effect=RuntimeError("no se puede leer"))
    )
    alto = threading.Event()
    ronda = replace(del_archivo(), espera=0.01)
    archivo = EnRonda(ronda, web.app.app_context, web.clock, alto)
    archivo.start()
    for _vez in range(200):
        with web.session() as s:
            if indices.versiones(s, caso):
                break
        alto.wait(0.05)
    alto.set()
    archivo.join(10)
    with web.session() as s:
        assert [v.version for v in indices.versiones(s, caso)] == [1]


def test_an_observation_is_not_answered_any_more_once_the_act_is_ordered(web: WebKit) -> None:
    """As it stands in the database after two who did it at once."""
    serie(web)
    publicada(web, "uno")
    pasar_el_plazo(web)
    ordenar(web)
    ejecutar(web)
    a = acta(web)
    with web.session() as s, s.begin():
        s.add(ObjecionEliminacion(acta_id=a.id, de_quien="Ana", texto="Es mío", linea=1, recibida=a.publicada, registrada=web.clock.now(),
                                  registrada_por="gestora"))  # fmt: skip
    pagina = followed(web.browser("gestora").get(ACTA).text)
    assert "Quedó sin respuesta" in pagina
    ruta = f"{ACTA}/observaciones/1"
    assert (
        "mientras el inventario está publicado"
        in enviar(web, "gestora", ruta, decide="acepta", respuesta="Sí")[1]
    )
    assert [(x.estado, x.causa) for x in lineas(web)] == [("eliminado", "")]


def test_an_observation_waits_for_whoever_orders_the_act_at_that_moment(web: WebKit) -> None:
    serie(web)
    publicada(web, "uno")
    pasar_el_plazo(web)
    a, quien = acta(web), Acto("gestora", web.clock.now())
    dicho: list[str] = []

    def objetar(s: Session) -> None:
        assert a.publicada is not None
        eliminaciones.objetar(s, a.id, "Ana", "Es mío", 1, a.publicada, quien)

    def otra() -> None:
        try:
            web.engine.uow.run(objetar)
        except DatoInvalido as rechazo:
            dicho.append(str(rechazo))

    hilo = threading.Thread(target=otra)
    with web.session() as s, s.begin():
        eliminaciones.ordenar(s, a.id, quien)
        hilo.start()
        hilo.join(0.5)
    hilo.join(20)
    assert dicho == ["Solo se registran observaciones mientras el inventario está publicado."]
    with web.session() as s:
        assert list(eliminaciones.objeciones(s, a.id)) == []


def test_what_was_left_out_or_is_gone_is_not_told_otherwise_afterwards(web: WebKit) -> None:
    serie(web)
    uno, _dos = publicada(web, "uno", "dos")
    with web.session() as s, s.begin():
        (primera,) = s.scalars(sa.select(ExpedienteEnActa).where(ExpedienteEnActa.case_key == uno))
        primera.estado = "eliminado"
        s.add(ObjecionEliminacion(acta_id=1, de_quien="Ana", texto="Es mío", linea=1, recibida=web.clock.now().date(),
                                  registrada=web.clock.now(), registrada_por="gestora"))  # fmt: skip
        s.flush()
        eliminaciones.responder(s, 1, 1, "Sí", Acto("gestora", web.clock.now()), acepta=True)
    assert [(x.estado, x.causa) for x in lineas(web)] == [("eliminado", ""), ("pendiente", "")]


def test_a_term_that_no_calendar_reaches_is_never_over(web: WebKit) -> None:
    """Stored before the catalogue knew an end."""
    serie(web, gestion=100_000)
    caso = cerrado(web, "uno")
    web.clock.advance(dt.timedelta(minutes=1))
    cerrar_indices(web)
    assert web.browser("gestora").get(f"/caso/{caso}/indice").status_code == 200
    assert web.browser("gestora").get(LISTA).status_code == 200
    with web.session() as s:
        assert eliminaciones.propuestas(s, dt.date(2500, 1, 1)) == []


def test_a_file_whose_subseries_is_another_by_now_stays(web: WebKit) -> None:
    serie(web)
    (uno,) = publicada(web, "uno")
    with web.session() as s, s.begin():
        s.execute(
            sa.update(SerieDocumental)
            .where(SerieDocumental.codigo == "PER")
            .values(subserie="De rotura")
        )
    pasar_el_plazo(web)
    ordenar(web)
    assert ejecutar(web) == 0
    assert [(x.estado, x.causa) for x in lineas(web)] == [("excluido", "serie")]
    assert formularios(web, uno) == 2


def test_what_stopped_half_way_goes_on_with_the_next_round(
    web: WebKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    serie(web)
    uno, dos = publicada(web, "uno", "dos")
    pasar_el_plazo(web)
    ordenar(web)
    _se_apaga(web, monkeypatch)
    assert [(x.estado, x.formularios) for x in lineas(web)] == [
        ("eliminado", None),
        ("pendiente", None),
    ]
    assert acta(web).estado == "ordenada"
    assert ejecutar(web) == 2
    assert [(x.estado, x.formularios) for x in lineas(web)] == [("eliminado", 2)] * 2
    assert (formularios(web, uno), formularios(web, dos)) == (0, 0)
    assert comprobar(web)[0] == 0


def test_a_mail_that_still_waits_when_its_case_is_disposed_of_does_not_leave_without_its_address(
    web: WebKit,
) -> None:
    serie(web)
    (caso,) = publicada(web, "uno")
    pasar_el_plazo(web)
    de_el = {
        "case_key": caso,
        "tipo": "carta",
        "para": "ana@correo.example",
        "asunto": "Su permiso",
        "texto": "Ana",
        "creado": NOW,
    }
    with web.session() as s, s.begin():
        s.add(Aviso(clave="espera", proximo=NOW, error="450 <ana@correo.example>: later", **de_el))
        s.add(Aviso(clave="salió", enviado=NOW, **de_el))
        s.add(Aviso(clave="falló", error="550 <ana@correo.example>: nobody", **de_el))
        s.add(Aviso(clave="en papel", error=SIN_CORREO, **de_el))
    ordenar(web)
    assert ejecutar(web) == 1
    with web.session() as s:
        assert not correos.hay_vencidos(s, web.clock.now())
        suyos = s.scalars(sa.select(Aviso).where(Aviso.case_key == caso)).all()
    assert {a.clave: (a.para + a.texto, a.error, a.descartado_porque) for a in suyos} == {
        "espera": ("", None, correos.BORRADO),
        "salió": ("", None, None),
        "falló": ("", "eliminado", None),
        "en papel": ("", SIN_CORREO, None),
    }


def test_a_content_that_another_case_has_too_stays_in_the_store(
    web: WebKit, tmp_path: Path
) -> None:
    serie(web)
    vencidos(web, "uno")
    otro = cerrado(web, "uno")
    proponer(web)
    aprobar(web)
    publicar(web)
    pasar_el_plazo(web)
    ordenar(web)
    assert ejecutar(web) == 1
    assert contenido("uno", tmp_path).exists()
    sha256 = hashlib.sha256(files.pdf("uno")).hexdigest()
    assert web.browser("gestora").get(f"/caso/{otro}/documentos/{sha256}").status_code == 200
    assert comprobar(web)[0] == 0


def test_a_content_that_another_command_names_at_that_moment_is_put_back(
    web: WebKit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command found the content in its place, and left its own behind."""
    serie(web)
    publicada(web, "uno")
    pasar_el_plazo(web)
    ordenar(web)
    deposito, sha256 = (
        type(web.app.extensions[EXTENSION].archivos.deposito),
        hashlib.sha256(files.pdf("uno")).hexdigest(),
    )
    de_verdad = deposito.mover

    def nombrado_y_quitado(self: object, de: str, a: str) -> bool:
        if de == claves.de_contenido(sha256):
            with web.session() as s, s.begin():
                s.add(Archivo(sha256=sha256, nombre="uno.pdf", tipo="application/pdf", bytes=1, paginas=1, subido=web.clock.now(),
                              subido_por="gestora"))  # fmt: skip
        return bool(de_verdad(self, de, a))

    monkeypatch.setattr(deposito, "mover", nombrado_y_quitado)
    assert ejecutar(web) == 1
    assert contenido("uno", tmp_path).read_bytes() == files.pdf("uno")


@pytest.mark.parametrize(
    ("cambia", "dice"),
    [
        (
            "UPDATE acta_eliminacion_caso SET documentos = 1 WHERE n = 1",
            "inventario del acta de eliminación AE-",
        ),
        ("UPDATE acta_eliminacion SET huella = 'ff'", "inventario del acta de eliminación AE-"),
        ("UPDATE acta_eliminacion SET comite_acta = 'CIGD-99'", "acta de eliminación AE-"),
        ("UPDATE acta_eliminacion_caso SET formularios = 7", "acta de eliminación AE-"),
        ("DELETE FROM acta_eliminacion_caso WHERE n = 2", "inventario del acta de eliminación AE-"),
    ],
)
def test_an_act_that_was_changed_afterwards_is_named(web: WebKit, cambia: str, dice: str) -> None:
    serie(web)
    publicada(web, "uno", "dos")
    pasar_el_plazo(web)
    ordenar(web)
    ejecutar(web)
    assert comprobar(web)[0] == 0
    with web.engine.db.begin() as c:
        c.execute(sa.text(cambia))
    codigo, dicho = comprobar(web)
    assert codigo == 1
    assert f"No está como se hizo: {dice}" in dicho


def test_the_automatic_retention_touches_no_file_that_a_series_governs(web: WebKit) -> None:
    serie(web)
    (uno,) = vencidos(web, "uno")
    hecho = web.app.test_cli_runner().invoke(retention, ["--apply", "--forms", "0"])
    assert hecho.exit_code == 0, hecho.output
    assert formularios(web, uno) == 2


def test_each_does_only_what_is_theirs(web: WebKit) -> None:
    serie(web)
    publicada(web, "uno")
    for quien, codigos in (
        ("asesor", (403, 403)),
        ("revisor", (200, 200)),
        ("coordinador", (200, 200)),
        ("gestora", (200, 200)),
    ):
        assert (
            web.browser(quien).get(LISTA).status_code,
            web.browser(quien).get(ACTA).status_code,
        ) == codigos
    assert web.browser("gestora").get(f"{ACTA}/acta.pdf").status_code == 404
    for quien, paso in (
        ("coordinador", "ordenar"),
        ("revisor", "ordenar"),
        ("gestora", "decidir"),
        ("revisor", "decidir"),
    ):
        token = csrf(web.browser(quien).get("/cuenta").text)
        navegador = web.browser(quien)
        token = csrf(navegador.get(ACTA if quien != "revisor" else "/cumplimiento").text)
        assert navegador.post(f"{ACTA}/{paso}", data={"csrf_token": token}).status_code == 403
    assert web.browser("gestora").get(f"{LISTA}/99").status_code == 404


# --- files of M5-1-02 and M5-1-04 -----------------------------------------------------------------
@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with month(tmp_path_factory.mktemp("archivo")) as made:
        yield made


#: What people wrote, by table and column.
ESCRITO = (
    *(
        "caso.descripcion",
        "caso.resumen",
        "respuesta.texto",
        "investigacion.hallazgos",
        "escalonamiento.resumen",
    ),
    *("suspension.informacion", "caso_estado.motivo"),
)


def escritos(world: World, casos: Sequence[str]) -> dict[str, int]:
    """Column → how many texts of these cases are not empty."""
    hallados, caso = {}, todas().tables["caso"]
    with world.engine.db.connect() as c:
        for dicha in ESCRITO:
            tabla, _punto, columna = dicha.partition(".")
            suya = todas().tables[tabla]
            de = caso if tabla == "caso" else suya.join(caso, caso.c.id == suya.c.caso_id)
            lleno = (sa.func.coalesce(suya.c[columna], "") != "", caso.c.case_key.in_(casos))
            hallados[dicha] = c.execute(
                sa.select(sa.func.count()).select_from(de).where(*lleno)
            ).scalar_one()
    return hallados


def test_files_of_attention_lose_what_people_wrote_and_every_check_holds(world: World) -> None:
    """A letter that was signed and a file that was archived are compared by their hashes from then
    on."""
    with Session(world.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        s.add(SerieDocumental(codigo="PQR-EXP", nombre="Peticiones", procedimiento="m5_1_02", gestion=0, central=0,
                              disposicion="eliminar", gobierna="expedientes", vigente_desde=dt.date(2026, 1, 1)))  # fmt: skip
        cerrados = [
            str(c)
            for c in s.scalars(
                sa.select(Caso.case_key).where(
                    Caso.cerrado.is_not(None), Caso.case_key.is_not(None)
                )
            )
        ]
        caso_id = s.scalars(
            sa.select(Caso.id).join(Respuesta).where(Caso.case_key.in_(cerrados)).limit(1)
        ).one()
        respuesta = s.scalars(
            sa.select(Respuesta).where(Respuesta.caso_id == caso_id).limit(1)
        ).one()
        s.add(Firma(caso_id=caso_id, respuesta_id=respuesta.id, por="lider", calidad="lider", cuando=world.clock.now(),
                    huella=hashlib.sha256(respuesta.texto.encode()).hexdigest()))  # fmt: skip
        s.flush()
        de_escritos = envios.Serie("PQRSD", "Peticiones", 0, 0, "eliminacion")
        envios.archivar(s, caso_id, de_escritos, Acto("gestora", world.clock.now()))
    world.clock.advance(dt.timedelta(minutes=1))
    with world.app.app_context():
        assert de_indices.Turno().ronda(world.clock.now()) >= len(cerrados)
    antes = escritos(world, cerrados)
    assert antes["caso.descripcion"] >= len(cerrados) > 1
    assert antes["respuesta.texto"]

    def actas(s: Session) -> list[int]:
        hoy, hechas = world.clock.now().date(), []
        for propuesta in eliminaciones.propuestas(s, hoy):
            serie_ = propuesta.serie
            acta = eliminaciones.proponer(
                s,
                serie_.codigo,
                serie_.subserie,
                serie_.anios,
                PORQUE,
                Acto("gestora", world.clock.now()),
            )
            jefe = Acto("jefe", world.clock.now())
            eliminaciones.decidir(
                s, acta.id, "", jefe, aprueba=True, comite_acta="CIGD-1", comite_fecha=hoy
            )
            eliminaciones.publicar(s, acta.id, hoy, "https://entidad.example", 1, jefe)
            hechas.append(acta.id)
        return hechas

    hechas = world.engine.uow.run(actas)
    assert len(hechas) == 2, "those that were archived have an act of their own"
    world.clock.advance(dt.timedelta(days=5))
    for acta_id in hechas:
        world.engine.uow.run(
            lambda s, acta_id=acta_id: eliminaciones.ordenar(
                s, acta_id, Acto("gestora", world.clock.now())
            )
        )
    with world.app.app_context():
        assert eliminacion.ejecutar(world.clock.now()) == len(cerrados)
    assert escritos(world, cerrados) == dict.fromkeys(ESCRITO, 0)
    with world.engine.db.connect() as c:
        quedan = c.scalar(
            sa.text("SELECT count(*) FROM caso WHERE coalesce(descripcion, '') <> ''")
        )
        assert quedan, "cases that are open keep theirs"
    dicho = world.app.test_cli_runner().invoke(audit, ["verify"])
    assert dicho.exit_code == 0, dicho.output
    assert "2 actas de eliminación" in dicho.output
    pagina = world.person(world.by_role["cumplimiento"]).get(f"/caso/{cerrados[0]}/indice")
    assert "Documento eliminado" in pagina.text


def test_what_is_called_the_same_is_one_proposal(world: World) -> None:
    """A series in force, and a file that was archived under the same code, subseries and years."""
    with Session(world.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        s.add(SerieDocumental(codigo="PQRSD", nombre="Peticiones", subserie="De interés general", procedimiento="m5_1_02", gestion=0,
                              central=0, disposicion="eliminar", gobierna="expedientes", vigente_desde=dt.date(2026, 1, 1)))  # fmt: skip
        suyos = sa.select(Caso.id, Caso.case_key).where(
            Caso.cerrado.is_not(None), Caso.case_key.is_not(None)
        )
        cerrados = {str(clave): caso_id for caso_id, clave in s.execute(suyos)}
        serie_ = envios.Serie("PQRSD", "De interés general", 0, 0, "eliminacion")
        envios.archivar(s, min(cerrados.values()), serie_, Acto("gestora", world.clock.now()))
    world.clock.advance(dt.timedelta(minutes=1))
    with world.app.app_context():
        de_indices.Turno().ronda(world.clock.now())
    with world.engine.uow.reading() as s:
        (p,) = eliminaciones.propuestas(s, world.clock.now().date() + dt.timedelta(days=1))
        assert p.serie.nombre == "Peticiones"
        assert sorted(c.case_key for c in p.casos) == sorted(cerrados)


def test_the_catalogue_takes_no_term_beyond_two_hundred_years(web: WebKit) -> None:
    dicho = {"codigo": "LARGA", "nombre": "Larga", "gestion": "200", "central": "201", "disposicion": "eliminar", "gobierna": "",
             "vigente_desde": "2026-01-01"}  # fmt: skip
    quien = Acto("admin", web.clock.now())
    with web.session() as s, s.begin():
        with pytest.raises(catalogos.NoEntra) as rechazo:
            catalogos.crear(s, catalogos.CATALOGOS["series"], dicho, PORQUE, quien)
        assert list(rechazo.value.errores) == ["central"]
        catalogos.crear(
            s, catalogos.CATALOGOS["series"], {**dicho, "central": "200"}, PORQUE, quien
        )
