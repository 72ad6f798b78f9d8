"""Tables of work in a narrow window: no word is broken in the middle of its column."""

from tests.acceptance import pasos as p
from tests.acceptance.medidas import partidas
from tests.acceptance.mundo import Mundo

PAGINAS = (
    "/inicio",
    "/bandeja?vista=areas",
    "/casos?abiertos=1",
    "/tablero-de-carga",
    "/gerencia/casos",
)


def test_no_word_is_broken_where_columns_are_narrow(mundo: Mundo) -> None:
    p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    mundo.pasan(days=12)
    coordinador = mundo.persona("coordinador")
    for pagina in PAGINAS:
        for ancho in (320, 640, 1280):
            coordinador.set_viewport_size({"width": ancho, "height": 900})
            coordinador.goto(pagina)
            assert partidas(coordinador) == [], f"{pagina} {ancho}"
    coordinador.set_viewport_size({"width": 120, "height": 900})
    assert partidas(coordinador) != [], "the ruler sees one where there is one"
