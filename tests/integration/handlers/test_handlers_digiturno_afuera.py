"""How a turn system outside is reached: its settings, signed messages, a view of its database, a
file a night. None loses or doubles."""

import csv
import datetime as dt
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from standardwebhooks.webhooks import Webhook

import app as door
from handlers.conectores.digiturno import leer
from handlers.conectores.digiturno.archivo import Carpeta
from handlers.conectores.digiturno.firma import Firmante, SecretoInvalido
from handlers.conectores.digiturno.red import Red
from handlers.conectores.digiturno.sistema import Adaptador
from handlers.conectores.digiturno.vista import CONSULTA, Vista
from records.base.toml import ConfiguracionInvalida
from records.sistemas.puertos import Causa, FallaDeSistema, FirmaInvalida
from records.visita.digiturno import Salida
from records.visita.reglas.digiturno import (
    Clase,
    EventoInvalido,
    con_sufijo,
    es_el_mismo,
    leer_evento,
)
from tests.kit.clock import BOGOTA, MINUTE, NOW
from tests.kit.turnero import IN, OUT, TOKEN, Turnero, signed, turnero

COLUMNAS = (
    "punto",
    "ticket",
    "clase",
    "cuando",
    "numero",
    "servicio",
    "preferente",
    "tipo_doc",
    "num_doc",
    "modulo",
    "asesor",
    "valor",
)
VISTA = sa.Table(
    "turno_eventos",
    sa.MetaData(),
    sa.Column("posicion", sa.Integer),
    *(sa.Column(c, sa.String) for c in COLUMNAS),
)
SALIDA = Salida(7, "turnero", "SUC-01", "t1", "B012", "llamado", NOW, "3")


def un_evento(**datos: Any) -> dict[str, Any]:
    return {
        "punto": "SUC-01",
        "ticket": "t1",
        "clase": "emitido",
        "cuando": NOW.isoformat(),
        "numero": "B012",
        **datos,
    }


# --- an event -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cambio", "dicho"),
    [
        ({"clase": "borrado"}, "la clase no es una de"),
        ({"ticket": ""}, "faltan el punto o el ticket"),
        ({"punto": None}, "faltan el punto o el ticket"),
        ({"cuando": "2026-11-24T09:00:00"}, "zona horaria"),
        ({"cuando": "ayer"}, "no es una fecha"),
        ({"cuando": "0001-01-01T00:00:00+14:00"}, "fuera de todo calendario"),
        ({"numero": "9" * 21}, "más de 20 letras"),
        ({"modulo": ["3"]}, "no es un texto"),
        ({"asesor": "a\x00b"}, "no son letras"),
        ({"preferente": "quizás"}, "ni no"),
        ({"clase": "calificado", "valor": 0}, "no va de 1 a 5"),
        ({"clase": "calificado", "valor": True}, "no va de 1 a 5"),
        ({"clase": "calificado"}, "no va de 1 a 5"),
    ],
)
def test_what_is_no_event_is_told_why(cambio: dict[str, Any], dicho: str) -> None:
    with pytest.raises(EventoInvalido, match=dicho):
        leer_evento(un_evento(**cambio))
    with pytest.raises(EventoInvalido):
        leer_evento([1, 2])


def test_a_document_that_was_mistyped_at_the_machine_keeps_nobody_out() -> None:
    bien, mal = (
        leer_evento(un_evento(tipo_doc="CC", num_doc="52.123.456")),
        leer_evento(un_evento(tipo_doc="CC", num_doc="5")),
    )
    assert (bien.datos["tipo_doc"], bien.datos["num_doc"]) == ("CC", "52123456")
    assert "num_doc" not in mal.datos
    assert "tipo_doc" not in mal.datos


def test_the_same_told_by_another_way_may_say_more_but_nothing_else() -> None:
    assert es_el_mismo({"numero": "B012"}, {"numero": "B012", "modulo": "3"})
    # of people nothing is kept to compare
    assert es_el_mismo({"numero": "B012", "num_doc": "1"}, {"numero": "B012", "num_doc": "2"})
    assert not es_el_mismo({"numero": "B012"}, {"numero": "B013"})


def test_a_number_that_is_there_already_gets_the_first_free_suffix() -> None:
    assert con_sufijo("A001", []) == "A001"
    assert con_sufijo("A001", ["A001-2"]) == "A001"
    assert con_sufijo("A001", ["A001"]) == "A001-2"
    assert con_sufijo("A001", ["A001", "A001-2", "A001-4"]) == "A001-3"


# --- signatures -----------------------------------------------------------------------------------
def test_what_we_sign_the_library_and_the_specification_read_alike() -> None:
    firma = Firmante([OUT]).firmar("m1", '{"a": "ñ"}', NOW)
    assert firma == signed(OUT, "m1", NOW, '{"a": "ñ"}'.encode())
    assert firma["webhook-signature"] == Webhook(OUT).sign("m1", NOW, '{"a": "ñ"}')


@pytest.mark.parametrize("cuerpo", [b"{}", b"\xff\xfe", b""])
def test_a_content_that_is_not_what_was_signed_is_refused(cuerpo: bytes) -> None:
    with pytest.raises(FirmaInvalida):
        Firmante([IN]).verificar(signed(IN, "m1", NOW, b"[]"), cuerpo, NOW)


def test_headers_are_found_however_they_are_written_and_one_of_several_signatures_is_enough() -> (
    None
):
    firma = signed(IN, "m1", NOW, b"{}")
    escrita = {n.title(): v for n, v in firma.items()} | {
        "Webhook-Signature": f"v1a,otra v1,bm8= {firma['webhook-signature']}"
    }
    assert Firmante([IN]).verificar(escrita, b"{}", NOW) == "m1"


@pytest.mark.parametrize(
    "secreto", ["", "whsec_", "whsec_MTIz", "no es base64 ¡!", "whsec_" + "A" * 100]
)
def test_a_secret_that_is_none_is_told_at_the_start(secreto: str) -> None:
    with pytest.raises(SecretoInvalido):
        Firmante([secreto])


# --- over HTTP ------------------------------------------------------------------------------------
@pytest.fixture
def otro() -> Iterator[Turnero]:
    with turnero() as given:
        given.now = NOW
        yield given


def test_what_was_missed_comes_page_by_page(otro: Turnero) -> None:
    otro.events = [un_evento(ticket=f"t{n}") for n in range(7)]
    otro.events[4] = {"clase": "nada"}
    red, desde, vistos = Red(otro.url, TOKEN), "", []
    while True:
        leidos = red.eventos(desde, NOW)
        vistos += [e.ticket for e in leidos.eventos]
        desde = leidos.hasta
        if not leidos.mas:
            break
    assert vistos == ["t0", "t1", "t2", "t3", "t5", "t6"]
    assert red.eventos(desde, NOW).eventos == []


@pytest.mark.parametrize(
    ("estado", "como"),
    [
        (401, (Causa.NO_PERMITIDO, True)),
        (404, (Causa.RECHAZADO, False)),
        (422, (Causa.RECHAZADO, False)),
        (429, (Causa.OCUPADO, True)),
        (503, (Causa.OTRA, True)),
        (302, (Causa.RECHAZADO, False)),
        (0, (Causa.SIN_RESPUESTA, True)),
    ],
)
def test_how_it_fails_is_told_by_its_answer(
    otro: Turnero, estado: int, como: tuple[Causa, bool]
) -> None:
    red = Red(otro.url, TOKEN, Firmante([OUT]), espera=0.3)
    for hacer in (lambda: red.eventos("", NOW), lambda: red.avisar(SALIDA, NOW), red.probar):
        otro.faults = [estado] * 9  # a request that was given up may still take one
        with pytest.raises(FallaDeSistema) as falla:
            hacer()
        assert (falla.value.causa, falla.value.pasajera) == como


def test_an_act_is_told_once_however_often_it_is_sent(otro: Turnero) -> None:
    red = Red(otro.url, TOKEN, Firmante([OUT]))
    red.avisar(SALIDA, NOW)
    red.avisar(SALIDA, NOW + MINUTE)  # 409: it has it
    assert otro.told() == [("B012", "llamado")]
    with pytest.raises(FallaDeSistema):
        Red(otro.url, TOKEN, Firmante([IN])).avisar(SALIDA, NOW)
    with pytest.raises(FallaDeSistema):
        Red(otro.url, TOKEN).avisar(SALIDA, NOW)


def test_nobody_there_is_a_failure_and_no_address_is_none() -> None:
    with pytest.raises(FallaDeSistema) as falla:
        Red("http://127.0.0.1:1", espera=0.5).eventos("", NOW)
    assert falla.value.causa is Causa.SIN_CONEXION
    Red().probar()


# --- a view ---------------------------------------------------------------------------------------
@dataclass
class Base:
    ruta: Path
    filas: int = 0

    @property
    def vista(self) -> Vista:
        return Vista(f"sqlite:///{self.ruta}", CONSULTA, "numero", BOGOTA)

    def escribe(self, posicion: int, **datos: Any) -> None:
        fila = {
            "posicion": posicion,
            **dict.fromkeys(COLUMNAS),
            **un_evento(ticket=f"t{posicion}", cuando="2026-11-24 09:00:00"),
            **datos,
        }
        motor = sa.create_engine(f"sqlite:///{self.ruta}")
        VISTA.create(motor, checkfirst=True)
        with motor.begin() as c:
            c.execute(sa.insert(VISTA).values(**fila))
        motor.dispose()


@pytest.fixture
def base(tmp_path: Path) -> Base:
    return Base(tmp_path / "turnero.db")


def test_a_view_is_read_from_where_it_was_read_until(base: Base) -> None:
    for n in (1, 2, 3):
        base.escribe(n)
    leidos = base.vista.eventos("", NOW)
    # a time without a zone is of Bogotá
    assert [(e.ticket, e.cuando) for e in leidos.eventos] == [(f"t{n}", NOW) for n in (1, 2, 3)]
    assert (leidos.hasta, leidos.mas) == ("3", False)


def test_what_is_committed_late_is_read_although_a_higher_number_was(base: Base) -> None:
    base.escribe(5)
    hasta = base.vista.eventos("", NOW).hasta
    base.escribe(4)
    assert [e.ticket for e in base.vista.eventos(hasta, NOW).eventos] == ["t4", "t5"]


def test_a_view_of_many_rows_ends(base: Base) -> None:
    for n in range(1, 4):
        base.escribe(n)
    motor = sa.create_engine(f"sqlite:///{base.ruta}")
    with motor.begin() as c:
        c.execute(
            sa.insert(VISTA),
            [
                {**un_evento(ticket=f"t{n}", cuando="2026-11-24 09:00:00"), "posicion": n}
                for n in range(4, 1301)
            ],
        )
    motor.dispose()
    vista, desde, vistos, vueltas = base.vista, "", set(), 0
    while True:
        leidos = vista.eventos(desde, NOW)
        vistos |= {e.ticket for e in leidos.eventos}
        desde, vueltas = leidos.hasta, vueltas + 1
        if not leidos.mas:
            break
    assert len(vistos) == 1300
    assert vueltas <= 5


def test_a_view_may_go_on_by_instants(base: Base) -> None:
    vista = Vista(
        f"sqlite:///{base.ruta}",
        CONSULTA.replace("posicion >", "cuando >").replace(
            "SELECT posicion", "SELECT cuando AS posicion"
        ),
        "instante",
        BOGOTA,
    )
    base.escribe(1, cuando="2026-11-24 09:00:00")
    leidos = vista.eventos("", NOW)
    assert ([e.ticket for e in leidos.eventos], leidos.hasta) == (["t1"], NOW.isoformat())
    base.escribe(2, cuando="2026-11-24 08:58:00")  # committed late
    base.escribe(3, cuando="2026-11-24 08:50:00")  # too late: before what is read again
    assert sorted(e.ticket for e in vista.eventos(leidos.hasta, NOW).eventos) == ["t1", "t2"]


def test_a_row_that_is_no_event_is_counted_once_and_holds_up_nobody(base: Base) -> None:
    base.escribe(1, clase="borrado")
    base.escribe(2)
    leidos = base.vista.eventos("", NOW)
    assert [e.ticket for e in leidos.eventos] == ["t2"]
    assert len(leidos.ilegibles) == 1
    assert leidos.ilegibles[0].startswith("posición 1: la clase")
    assert base.vista.eventos(leidos.hasta, NOW).ilegibles == []


def test_a_view_that_is_gone_is_a_failure_and_nothing_is_ever_written(base: Base) -> None:
    with pytest.raises(FallaDeSistema) as falla:
        base.vista.eventos("", NOW)
    assert falla.value.causa is Causa.SIN_CONEXION
    assert not base.ruta.exists()
    base.escribe(1)
    antes = base.ruta.read_bytes()
    base.vista.eventos("", NOW)
    base.vista.probar()
    assert base.ruta.read_bytes() == antes
    with pytest.raises(FallaDeSistema):
        base.vista.avisar(SALIDA, NOW)


# --- a file a night -------------------------------------------------------------------------------
@dataclass
class Noche:
    ruta: Path

    def escribe(
        self, nombre: str, *filas: dict[str, Any], hace: float = 10, codigos: str = "utf-8"
    ) -> None:
        archivo = self.ruta / nombre
        with archivo.open("w", encoding=codigos, newline="") as salida:
            escribe = csv.DictWriter(salida, [*COLUMNAS])
            escribe.writeheader()
            escribe.writerows(filas)
        cuando = (NOW - hace * MINUTE).timestamp()
        os.utime(archivo, (cuando, cuando))

    def leer(
        self, desde: str = "", carpeta: Carpeta | None = None
    ) -> tuple[list[str], str, list[str]]:
        vistos, ilegibles, carpeta = [], [], carpeta or Carpeta(self.ruta, zona=BOGOTA)
        while True:
            leidos = carpeta.eventos(desde, NOW)
            vistos += [e.ticket for e in leidos.eventos]
            ilegibles += leidos.ilegibles
            desde = leidos.hasta
            if not leidos.mas:
                return vistos, desde, ilegibles


@pytest.fixture
def noche(tmp_path: Path) -> Noche:
    return Noche(tmp_path)


def test_files_are_read_once_and_again_when_they_were_written_again(noche: Noche) -> None:
    noche.escribe("2026-11-22.csv", un_evento(ticket="t1"))
    noche.escribe("2026-11-23.csv", un_evento(ticket="t2"), un_evento(ticket="t3"))
    noche.escribe("notas.txt", un_evento(ticket="no"))
    vistos, desde, _ = noche.leer()
    assert vistos == ["t1", "t2", "t3"]
    assert noche.leer(desde)[0] == []
    noche.escribe("2026-11-22.csv", un_evento(ticket="t1"), un_evento(ticket="t4"), hace=5)
    assert noche.leer(desde)[0] == ["t1", "t4"]


def test_a_file_that_is_still_being_written_is_left_for_later(noche: Noche) -> None:
    noche.escribe("2026-11-23.csv", un_evento(), hace=0)
    assert noche.leer()[0] == []


def test_lines_that_are_no_event_are_told_by_their_number(noche: Noche) -> None:
    noche.escribe(
        "2026-11-23.csv", un_evento(ticket="t1"), un_evento(clase="x"), un_evento(ticket="t3")
    )
    vistos, _desde, ilegibles = noche.leer()
    assert vistos == ["t1", "t3"]
    assert len(ilegibles) == 1
    assert ilegibles[0].startswith("2026-11-23.csv, línea 3: la clase")


def test_columns_separator_and_code_page_of_the_house(noche: Noche) -> None:
    (noche.ruta / "d.csv").write_text(
        "Oficina;Ficha;clase;Hora;servicio\nSUC-01;t1;emitido;2026-11-24 09:00;Crédito año\n",
        "cp1252",
    )
    os.utime(noche.ruta / "d.csv", (0, 0))
    carpeta = Carpeta(
        noche.ruta, {"punto": "Oficina", "ticket": "Ficha", "cuando": "Hora"}, BOGOTA, ";", "cp1252"
    )
    (evento,) = carpeta.eventos("", NOW).eventos
    assert (evento.ticket, evento.clase, evento.cuando, evento.datos["servicio"]) == (
        "t1",
        Clase.EMITIDO,
        NOW,
        "Crédito año",
    )
    vistos, _desde, ilegibles = noche.leer()
    assert vistos == []
    assert ilegibles == ["d.csv: no está escrito en utf-8-sig"]


def test_a_folder_that_is_gone_is_a_failure(tmp_path: Path) -> None:
    carpeta = Carpeta(tmp_path / "no")
    for hacer in (
        carpeta.probar,
        lambda: carpeta.eventos("", NOW),
        lambda: carpeta.avisar(SALIDA, NOW),
    ):
        with pytest.raises(FallaDeSistema):
            hacer()


# --- what all three promise -----------------------------------------------------------------------
@dataclass
class Lugar:
    """A system that knows of a ticket, of something that is no event, and of its call; `falla`
    takes it away."""

    adaptador: Adaptador
    falla: Callable[[], object]


@pytest.fixture(params=["http", "vista", "archivo"])
def lugar(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Lugar]:
    filas = (
        un_evento(preferente="1"),
        un_evento(clase="borrado"),
        un_evento(clase="llamado", modulo="3", numero=None),
    )
    if request.param == "vista":
        base = Base(tmp_path / "turnero.db")
        for n, fila in enumerate(filas, start=1):
            base.escribe(n, **fila)
        yield Lugar(base.vista, base.ruta.unlink)
    elif request.param == "archivo":
        (tmp_path / "noche").mkdir()
        Noche(tmp_path / "noche").escribe("d.csv", *filas)
        yield Lugar(
            Carpeta(tmp_path / "noche", zona=BOGOTA),
            lambda: (tmp_path / "noche").rename(tmp_path / "otra"),
        )
    else:
        with turnero() as otro:
            otro.events = list(filas)
            yield Lugar(Red(otro.url, TOKEN), lambda: otro.faults.extend([503] * 9))


def test_every_adapter_tells_the_same_and_goes_on_from_where_it_was_read(lugar: Lugar) -> None:
    lugar.adaptador.probar()
    leidos = lugar.adaptador.eventos("", NOW)
    assert [(e.punto, e.ticket, e.clase, e.cuando, dict(e.datos)) for e in leidos.eventos] == [
        ("SUC-01", "t1", Clase.EMITIDO, NOW, {"numero": "B012", "preferente": True}),
        ("SUC-01", "t1", Clase.LLAMADO, NOW, {"modulo": "3"}),
    ]
    assert len(leidos.ilegibles) == 1
    otra = lugar.adaptador.eventos(leidos.hasta, NOW)
    assert (otra.hasta, otra.mas, list(otra.ilegibles)) == (leidos.hasta, False, [])
    # a view is read a little again
    assert set(map(str, otra.eventos)) <= set(map(str, leidos.eventos))


def test_every_adapter_says_that_its_system_is_away_and_why(lugar: Lugar) -> None:
    lugar.falla()
    for hacer in (
        lugar.adaptador.probar,
        lambda: lugar.adaptador.eventos("", NOW),
        lambda: lugar.adaptador.avisar(SALIDA, NOW),
    ):
        with pytest.raises(FallaDeSistema) as falla:
            hacer()
        assert falla.value.detalle


# --- settings -------------------------------------------------------------------------------------
ENTERA = """
[sistemas.qmatic]
adaptador = "http"
nombre = "Qmatic"
secretos = ["entra", "entraba"]
url = "https://turnos.entidad.gov.co/api/"
ficha = "ficha"
secreto_salida = "sale"
silencio_min = 5
[sistemas.qmatic.puntos]
"SUC-01" = "BOG-AGU"
[sistemas.qmatic.servicios]
"PAPELES" = "radicar_documentos"

[sistemas.viejo]
adaptador = "vista"
url = "sqlite:////tmp/turnero.db"
puntos = { "3" = "CAL" }

[sistemas.nocturno]
adaptador = "archivo"
carpeta = "noche"
separador = ";"
puntos = { "4" = "MED" }
"""


@pytest.fixture
def carpeta(tmp_path: Path) -> Path:
    for nombre, texto in (("entra", IN), ("entraba", OUT), ("sale", OUT), ("ficha", "x" * 30)):
        (tmp_path / nombre).write_text(texto + "\n", "utf-8")
    return tmp_path


def escrita(carpeta: Path, texto: str) -> Path:
    (carpeta / "digiturno.toml").write_text(texto, "utf-8")
    return carpeta / "digiturno.toml"


def test_a_file_names_each_system_and_how_it_is_reached(carpeta: Path) -> None:
    qmatic, viejo, nocturno = leer(escrita(carpeta, ENTERA))
    assert (qmatic.codigo, qmatic.nombre, qmatic.medio, qmatic.avisa) == (
        "qmatic",
        "Qmatic",
        "consulta",
        True,
    )
    assert (qmatic.silencio, qmatic.motivo("PAPELES"), qmatic.motivo("OTRO")) == (
        5 * MINUTE,
        "radicar_documentos",
        "servicio_adquirido",
    )
    assert qmatic.verificar(signed(OUT, "m", NOW, b"{}"), b"{}", NOW) == "m"
    assert [(s.medio, s.avisa, s.cada) for s in (viejo, nocturno)] == [
        ("vista", False, dt.timedelta(seconds=5)),
        ("archivo", False, dt.timedelta(seconds=300)),
    ]
    with pytest.raises(FirmaInvalida):
        viejo.verificar(signed(IN, "m", NOW, b"{}"), b"{}", NOW)
    assert IN not in repr(qmatic)
    assert "x" * 30 not in repr(qmatic)


@pytest.mark.parametrize(
    ("de", "a", "dicho"),
    [
        ("[sistemas.qmatic]", "[sistemas.propio]", "no sirve"),
        ('adaptador = "http"', 'adaptador = "fax"', "se espera «http» o «vista» o «archivo»"),
        ('nombre = "Qmatic"', 'apodo = "Q"', "sistemas.qmatic.apodo: no se conoce"),
        ('secretos = ["entra", "entraba"]', "", "se espera la lista de los archivos"),
        ('"entraba"]', '"no está"]', "no se puede leer"),
        ('secreto_salida = "sale"', 'secreto_salida = "ficha"', "base64"),
        (
            'url = "https://turnos.entidad.gov.co/api/"',
            'url = "turnos"',
            "se espera la dirección del sistema",
        ),
        ("silencio_min = 5", "silencio_min = 0", "entre 1 y 1440"),
        ('"SUC-01" = "BOG-AGU"', "", "sistemas.qmatic.puntos: se espera cómo llama"),
        ('"3" = "CAL"', '"3" = "BOG-AGU"', "está en dos sistemas"),
        ('"radicar_documentos"', '"pedir"', "no pedir"),
        ('separador = ";"', 'separador = ";;"', "un solo signo"),
        ('separador = ";"', 'codigos = "klingon"', "klingon"),
        ('separador = ";"', 'zona = "Marte"', "Marte"),
        (
            'adaptador = "vista"',
            'adaptador = "vista"\nconsulta = "DELETE FROM t WHERE a > :desde"',
            "un solo SELECT",
        ),
        ('adaptador = "vista"', 'adaptador = "vista"\nconsulta = "SELECT 1"', "debe ligar :desde"),
        ('adaptador = "vista"', 'adaptador = "vista"\nposicion = "color"', "numero o instante"),
        ('url = "sqlite:////tmp/turnero.db"', 'url = "nada"', "dirección de una base de datos"),
    ],
)
def test_what_makes_no_sense_is_told_with_its_system(
    carpeta: Path, de: str, a: str, dicho: str
) -> None:
    assert de in ENTERA
    with pytest.raises(ConfiguracionInvalida, match=dicho):
        leer(escrita(carpeta, ENTERA.replace(de, a, 1)))


def test_a_place_starts_with_its_turn_systems_or_says_what_is_wrong(carpeta: Path) -> None:
    archivo = escrita(carpeta, ENTERA)
    entorno = {"INSTANCE": str(carpeta / "i"), "DIGITURNO_CONFIG": str(archivo)}
    assert [s.codigo for s in door.Config.from_environment(entorno).turnos] == [
        "qmatic",
        "viejo",
        "nocturno",
    ]
    assert door.Config.from_environment({"INSTANCE": str(carpeta / "i")}).turnos == ()
    archivo.write_text(ENTERA.replace('"http"', '"fax"'), "utf-8")
    with pytest.raises(door.BadSetting, match=r"DIGITURNO_CONFIG: sistemas.qmatic.adaptador"):
        door.Config.from_environment(entorno)


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    for texto in ("no = [", "otro = 1", "", json.dumps({})):
        with pytest.raises(ConfiguracionInvalida):
            leer(escrita(tmp_path, texto))
    with pytest.raises(ConfiguracionInvalida):
        leer(tmp_path / "no.toml")
