"""Calibration of auditors: marks compared, pinned against a second implementation that counts pair
by pair in tables."""

import statistics
from fractions import Fraction

import pytest

from records.auditorias.reglas import calibracion
from records.auditorias.reglas.f189 import CRITERIOS
from tests.kit.chance import dice

MAXIMOS = {
    "3": 10,
    "4": 10,
    "5": 10,
    "6": 10,
    "7.1": 6.25,
    "7.2": 6.25,
    "7.3": 6.25,
    "7.4": 6.25,
    "8": 5,
    "9.1": 5,
    "10": 10,
    "11": 5,
}
#: What the system gives by itself, the same to all.
DEL_SISTEMA = {"4", "5", "6"}


def test_marks_stand_side_by_side_with_their_deviation_from_what_was_agreed() -> None:
    ana = {"4": (10.0, 10.0), "7.4": (6.25, 6.25), "10": (10.0, 10.0)}
    luis = {"4": (10.0, 10.0), "7.4": (0.0, 6.25), "10": (5.0, 10.0), "11": (5.0, 5.0)}
    acuerdo = {"4": (10.0, 10.0), "7.4": (0.0, 6.25), "10": (10.0, 10.0)}
    solucion, registro, escalado = calibracion.comparar({"ana": ana, "luis": luis}, acuerdo)
    assert solucion.criterio == "7.4"
    assert solucion.desviaciones == {"ana": Fraction("6.25"), "luis": 0}
    assert (solucion.distancia, solucion.iguales) == (1, False)
    assert registro.desviaciones == {"ana": 0, "luis": -5}
    assert registro.distancia == Fraction(1, 2)
    assert escalado.marcas == {"ana": None, "luis": 5}, (
        "what does not count for one of them is a difference, and no zero"
    )
    assert escalado.desviaciones == {"ana": None, "luis": None}
    assert (escalado.distancia, escalado.iguales) == (None, False)
    assert calibracion.con_el_acuerdo([solucion, registro, escalado], "ana") == calibracion.Parte(
        2, 3
    )
    assert calibracion.con_el_acuerdo([solucion, registro, escalado], "luis") == calibracion.Parte(
        1, 3
    )


def test_what_the_records_say_is_no_agreement_of_auditors() -> None:
    marcas = dict.fromkeys(DEL_SISTEMA, (0.0, 10.0))
    assert calibracion.comparar({"ana": marcas, "luis": marcas}, marcas) == []
    assert {c for c in CRITERIOS if not calibracion.se_juzga(c)} == DEL_SISTEMA
    assert calibracion.entre_auditores([]).valor is None


@pytest.mark.parametrize("seed", range(40))
def test_a_second_count_of_agreement_gives_the_same(seed: int) -> None:
    """A table of auditor by criterion, walked cell by cell with floats; no pairs, no fractions."""
    azar = dice(seed)
    quienes = [f"a{n}" for n in range(azar.randint(1, 6))]
    por_auditor = {
        q: {
            c: (m * azar.choice((0, 0.5, 1)), float(m))
            for c, m in MAXIMOS.items()
            if azar.random() < 0.8
        }
        for q in quienes
    }
    acuerdo = {
        c: (m * azar.choice((0, 0.5, 1)), float(m))
        for c, m in MAXIMOS.items()
        if azar.random() < 0.8
    }
    comparados = calibracion.comparar(por_auditor, acuerdo)

    iguales = pares = 0
    distancias = {}
    for criterio, maximo in MAXIMOS.items():
        celdas = [por_auditor[q].get(criterio, ("nc",))[0] for q in quienes]
        if criterio in DEL_SISTEMA or (set(celdas) == {"nc"} and criterio not in acuerdo):
            continue
        n = len(celdas)
        pares += n * (n - 1) // 2
        iguales += sum(k * (k - 1) // 2 for k in (celdas.count(v) for v in set(celdas)))
        numeros = [c for c in celdas if c != "nc"]
        distancias[criterio] = (max(numeros) - min(numeros)) / maximo if len(numeros) > 1 else None
    assert calibracion.entre_auditores(comparados) == calibracion.Parte(iguales, pares)
    assert {c.criterio: c.distancia for c in comparados} == distancias
    for q in quienes:
        suyas = [
            por_auditor[q].get(c, ("nc",))[0] == acuerdo.get(c, ("nc",))[0] for c in distancias
        ]
        assert calibracion.con_el_acuerdo(comparados, q) == calibracion.Parte(
            sum(suyas), len(suyas)
        )


@pytest.mark.parametrize("seed", range(20))
def test_the_tendency_of_an_auditor_is_a_mean_with_its_sign(seed: int) -> None:
    azar = dice(seed)
    desviaciones = [round(azar.uniform(-20, 20), 2) for _ in range(azar.randint(1, 25))]
    t = calibracion.tendencia(desviaciones)
    assert t.n == len(desviaciones)
    assert t.media is not None
    assert t.absoluta is not None
    assert float(t.media) == pytest.approx(statistics.fmean(desviaciones), abs=1e-9)
    assert float(t.absoluta) == pytest.approx(statistics.fmean(map(abs, desviaciones)), abs=1e-9)
    assert t.pocas == (len(desviaciones) < 20)


def test_who_was_never_compared_has_no_tendency() -> None:
    assert calibracion.tendencia([]) == calibracion.Tendencia(0, None, None)
