"""Who is the holder, whether a power is valid, documents and what of them may be seen; radicados;
states of a case."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, strategies as st

from records.base.errores import DatoInvalido, TransicionIlegal
from records.base.reglas import documentos
from records.casos.reglas import estados, radicado
from records.personas.reglas.titularidad import (
    CALIDADES,
    COTEJADOS,
    Cotejo,
    PoderMostrado,
    ProductoEnCrm,
    RegistroCrm,
    comparacion,
    faltas_del_poder,
    verificar,
)
from tests.kit.clock import NOW

HOY = NOW.date()


def registro(*calidades: str, nacimiento: dt.date | None = None) -> RegistroCrm:
    productos = tuple(ProductoEnCrm(c, "PREG", f"0412{n}", 2004) for n, c in enumerate(calidades))
    return RegistroCrm(1, "CC", "9912345821", "Ana Rojas", nacimiento, productos)


def cotejo(quien: RegistroCrm, calidad: str, **cambios: Any) -> Cotejo:
    """Everything as it should be, but for the changes."""
    campos: dict[str, Any] = {
        "documento_exhibido": True,
        "iguales": frozenset(quien.campos),
        "visto": quien.huella,
    }
    return Cotejo(calidad, **(campos | cambios))


@given(
    calidad=st.sampled_from(CALIDADES),
    reales=st.sets(st.sampled_from(["beneficiario", "deudor_solidario"])),
    exhibido=st.booleans(),
    iguales=st.sets(st.sampled_from(COTEJADOS)),
    visto=st.booleans(),
    nacimiento=st.sampled_from([None, dt.date(2001, 3, 14)]),
)
def test_a_holder_is_verified_only_by_a_quality_of_the_records_and_a_document_compared_field_by_field(
    *,
    calidad: str,
    reales: set[str],
    exhibido: bool,
    iguales: set[str],
    visto: bool,
    nacimiento: dt.date | None,
) -> None:
    """Control 6-2: "deudor solidario" is not what somebody says but what a product says."""
    quien = registro(*sorted(reales), nacimiento=nacimiento)
    decidido = verificar(
        quien, Cotejo(calidad, exhibido, frozenset(iguales), quien.huella if visto else "")
    )
    es_titular = calidad in reales and exhibido and set(quien.campos) <= iguales and visto
    assert (decidido.titularidad == "verificada") is es_titular
    assert decidido.razon.endswith(".")


@pytest.mark.parametrize("calidad", ["beneficiario", "deudor_solidario"])
def test_a_document_that_is_not_in_the_crm_decides_nothing(calidad: str) -> None:
    """A slip of the pen makes nobody a non-holder."""
    assert verificar(None, Cotejo(calidad, documento_exhibido=True)).titularidad == "pendiente"


@pytest.mark.parametrize(
    "cambios",
    [
        {"documento_exhibido": False},
        {"iguales": frozenset({"nombre"})},
        {"visto": "otra"},
        {"visto": ""},
    ],
)
def test_what_was_not_seen_or_not_equal_is_asked_again(cambios: dict[str, Any]) -> None:
    quien = registro("beneficiario")
    assert verificar(quien, cotejo(quien, "beneficiario")).titularidad == "verificada"
    assert verificar(quien, cotejo(quien, "beneficiario", **cambios)).titularidad == "pendiente"


def test_the_mark_of_a_record_changes_with_each_thing_that_is_compared_or_decided_from() -> None:
    quien = registro("beneficiario")
    otros = [
        replace(quien, nombre="Ana Rojo"),
        replace(quien, num_doc="9912345822"),
        replace(quien, fecha_nac=dt.date(2001, 3, 14)),
        registro("deudor_solidario"),
        registro("beneficiario", "beneficiario"),
    ]
    assert len({quien.huella, *(o.huella for o in otros)}) == 1 + len(otros)
    assert replace(quien, persona_id=2).huella == quien.huella


def test_a_potential_customer_is_never_asked_for_a_power_and_has_no_products() -> None:
    assert (
        verificar(None, Cotejo("cliente_potencial", documento_exhibido=False)).titularidad
        == "cliente_potencial"
    )
    sin, con = registro(), registro("beneficiario")
    assert verificar(sin, cotejo(sin, "cliente_potencial")).titularidad == "cliente_potencial"
    assert (
        verificar(sin, cotejo(sin, "cliente_potencial", documento_exhibido=False)).titularidad
        == "pendiente"
    )
    assert verificar(con, cotejo(con, "cliente_potencial")).titularidad == "pendiente"


def test_the_snapshot_keeps_what_was_on_the_page_and_what_was_ticked() -> None:
    quien = registro("beneficiario")
    foto = comparacion(
        quien,
        cotejo(quien, "beneficiario", iguales=frozenset({"numero"})),
        ("CC", "9912345821"),
        "Porque sí.",
    )
    assert foto["campos"] == [
        {"campo": "nombre", "crm": "Ana Rojas", "igual": False},
        {"campo": "numero", "crm": "CC 9912345821", "igual": True},
    ]
    assert [c["calidad"] for c in foto["calidades"]] == ["beneficiario"]
    cubierto = comparacion(
        quien,
        cotejo(quien, "apoderado", documento_exhibido=False),
        ("CC", "9912345821"),
        "Sin documento.",
    )
    assert cubierto["campos"] == [], "nothing was uncovered"


def test_an_unknown_quality_is_refused() -> None:
    with pytest.raises(ValueError, match="vecino"):
        verificar(None, Cotejo("vecino", documento_exhibido=True))


BUENO = PoderMostrado(
    presentado=True,
    notaria="Notaría 5",
    numero="1234",
    fecha=HOY,
    con_adjunto=True,
    titular_id=1,
    apoderado_id=2,
)


def test_a_complete_power_is_valid() -> None:
    assert faltas_del_poder(BUENO, HOY) == ()


@pytest.mark.parametrize(
    ("cambio", "falta"),
    [
        ({"presentado": False}, "No presentó"),
        ({"notaria": " "}, "notaría"),
        ({"numero": ""}, "número"),
        ({"fecha": None}, "Falta la fecha"),
        ({"fecha": HOY + dt.timedelta(days=1)}, "posterior"),
        ({"vence": HOY - dt.timedelta(days=1)}, "venció"),
        ({"con_adjunto": False}, "copia"),
        ({"titular_id": None}, "no está en el CRM"),
        ({"titular_id": 2}, "misma persona"),
    ],
)
def test_a_power_without_something_says_what(cambio: dict[str, object], falta: str) -> None:
    campos = {nombre: getattr(BUENO, nombre) for nombre in PoderMostrado.__slots__} | cambio
    faltas = faltas_del_poder(PoderMostrado(**campos), HOY)
    assert len(faltas) == 1
    assert falta in faltas[0]


# --- documents ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("tipo", "numero", "normal"),
    [
        ("CC", "9.912.345.821", "9912345821"),
        ("CC", " 52 123 821 ", "52123821"),
        ("TI", "1001234567", "1001234567"),
        ("CE", "345678", "345678"),
        ("PA", "ab-123456", "AB123456"),
        ("RC", "1012345678", "1012345678"),
        ("PPT", "5123456", "5123456"),
    ],
)
def test_a_document_is_read_as_people_write_it(tipo: str, numero: str, normal: str) -> None:
    assert documentos.validar_documento(tipo, numero) == normal


@pytest.mark.parametrize(
    ("tipo", "numero"),
    [
        ("CC", "12"),
        ("CC", "01234567"),
        ("CC", "12345678901"),
        ("CC", "12345a"),
        ("CC", "１２３４５"),
        ("TI", "123"),
        ("CE", "AB12"),
        ("PA", "A'; --"),
        ("PA", "ÑÑÑÑÑÑ"),
        ("PPT", ""),
        ("XX", "123456"),
        ("", ""),
    ],
)
def test_a_document_of_another_form_is_refused(tipo: str, numero: str) -> None:
    with pytest.raises(DatoInvalido):
        documentos.validar_documento(tipo, numero)


@pytest.mark.parametrize(
    ("escrito", "normal"), [("310 123 7719", "3101237719"), ("+57 3101237719", "3101237719")]
)
def test_a_mobile_number_is_read_as_people_write_it(escrito: str, normal: str) -> None:
    assert documentos.validar_celular(escrito) == normal


@pytest.mark.parametrize("numero", ["6011234567", "310123771", "31012377190", "", "٣١٠١٢٣٧٧١٩"])
def test_what_is_not_a_mobile_number_is_refused(numero: str) -> None:
    with pytest.raises(DatoInvalido):
        documentos.validar_celular(numero)


def test_masks_look_as_drawn() -> None:
    assert documentos.enmascarar_documento("CC", "912345821") == "CC •• ••• •821"
    assert documentos.enmascarar_correo("luz.perez@correo.com") == "l••••••@correo.com"
    assert documentos.enmascarar_telefono("3151237719") == "3•• ••• 7719"


@given(st.text("0123456789", min_size=1, max_size=15))
def test_a_masked_document_shows_at_most_three_digits_and_at_most_half(numero: str) -> None:
    visto = [c for c in documentos.enmascarar_documento("CC", numero) if c.isdigit()]
    assert len(visto) <= min(3, len(numero) // 2)
    assert numero.endswith("".join(visto))


@given(st.text("0123456789", max_size=12))
def test_a_masked_telephone_hides_something(numero: str) -> None:
    oculto = documentos.enmascarar_telefono(numero)
    assert oculto.count("•") >= min(2, len(numero))


@given(st.from_regex(r"[a-z.]{1,20}@[a-z]{1,10}\.co", fullmatch=True))
def test_a_masked_mail_does_not_tell_its_length(correo: str) -> None:
    assert documentos.enmascarar_correo(correo).index("@") == 7


# --- radicado -------------------------------------------------------------------------------------
def test_who_searches_may_leave_out_zeros_and_year() -> None:
    for escrito in ("757", "2026-757", " 2026-0000757 ", "20260000757"):
        assert "2026-0000757" in radicado.posibles(escrito)
    for otro in ("2025-757", "75", "pago 757", "0"):
        assert "2026-0000757" not in radicado.posibles(otro)


@given(st.integers(2011, 2099), st.integers(1, radicado.MAXIMO))
def test_a_radicado_is_read_back_as_it_was_formed(anio: int, numero: int) -> None:
    texto = radicado.formar(anio, numero)
    assert len(texto) == 12
    assert radicado.leer(texto) == radicado.leer(texto.replace("-", " ")) == texto


@pytest.mark.parametrize(
    "texto", ["", "2026-1", "2026-12345678", "1999-0000001", "2026-00000O1", "2026-0000001' OR 1=1"]
)
def test_what_is_not_a_radicado_is_refused(texto: str) -> None:
    with pytest.raises(DatoInvalido, match="2026-0127410"):
        radicado.leer(texto)


@pytest.mark.parametrize("numero", [0, 10_000_000])
def test_a_radicado_outside_its_series_is_refused(numero: int) -> None:
    with pytest.raises(ValueError, match=str(numero)):
        radicado.formar(2026, numero)


# --- states ---------------------------------------------------------------------------------------
@given(st.sampled_from(sorted(estados.NOMBRES)), st.sampled_from(sorted(estados.NOMBRES)))
def test_only_the_drawn_steps_are_legal(actual: str, nuevo: str) -> None:
    if nuevo in estados.SIGUIENTES[actual]:
        estados.comprobar(actual, nuevo, "con motivo")
    else:
        with pytest.raises(TransicionIlegal, match="no pasa"):
            estados.comprobar(actual, nuevo, "con motivo")


def test_every_state_is_reached_and_reaches_an_end() -> None:
    alcanzados = {estados.RECIBIDO}
    while (
        mas := alcanzados | {n for a in alcanzados for n in estados.SIGUIENTES[a]}
    ) != alcanzados:
        alcanzados = mas
    assert alcanzados == set(estados.NOMBRES) == set(estados.SIGUIENTES)
    assert {e for e, siguientes in estados.SIGUIENTES.items() if not siguientes} == estados.FINALES


@pytest.mark.parametrize("nuevo", sorted(estados.CON_MOTIVO))
def test_a_case_is_not_put_aside_without_a_reason(nuevo: str) -> None:
    anterior = estados.REQUERIDO if nuevo == estados.DESISTIDO else estados.EN_ANALISIS
    with pytest.raises(TransicionIlegal, match="motivo"):
        estados.comprobar(anterior, nuevo, " ")
