"""The flows that an instance took, from what its history records: played in memory, so that the
steps are those of the engine."""

from collections import Counter
from collections.abc import Iterable

import pytest

from engine.compile import compile_release
from engine.reads.history import Command
from engine.spiff import Release
from engine.spiff.tokens import Token
from engine.states import Act, StepState
from tests.kit import diagrams as m
from tests.kit.chance import dice
from tests.kit.clock import BOGOTA, NOW
from tests.kit.play import Play, release
from tests.models.blocks import Maker
from tests.models.drawing import Drawer, graph
from tests.models.tokens import Game
from tests.models.walk import InMemory, follow
from webforms.casos import flujos


def hoja(nodos: str, caminos: str) -> bytes:
    return m.model(m.process("P", m.start("ini") + nodos + m.end("fin"), caminos))


def orden(
    *pasos: tuple[str, str], kind: str = Act.COMPLETE, element: str | None = None, **detalle: object
) -> Command:
    return Command(
        kind,
        element,
        tuple((clave, StepState(estado)) for clave, estado in pasos),
        detalle,
        NOW,
        "ana",
    )


def esperan(juego: Play) -> list[str]:
    return [*juego.users, *juego.timers, *juego.messages]


def tomados(xml: bytes, juego: Play, *, cual: str = "P") -> dict[str, int]:
    suyo = flujos.dibujo(xml, juego.release.processes, cual)
    return flujos.tomados({1: suyo}, 1, [orden(*juego.done)], esperan(juego))


def en_pares(veces: dict[str, int]) -> str:
    """ "ini>a a>g×2": as the diagrams of the tests are written."""
    return " ".join(
        f"{f.removeprefix('f_').replace('_', '>')}{f'×{n}' if n > 1 else ''}"
        for f, n in sorted(veces.items())
    )


def test_a_flow_between_two_visited_elements_is_left_out_when_the_case_took_another_way() -> None:
    xml = hoja(
        m.user("a", fields="n:integer") + m.gate("exclusive", "g") + m.user("b", "c"),
        "ini>a>g g>c* c>b>fin g>b?n~==~1",
    )
    por_c = Play(release(xml)).do("a", n=2)
    assert en_pares(tomados(xml, por_c)) == "a>g g>c ini>a", (
        "where it waits it has come, and no further"
    )
    por_c.do("c").do("b")
    assert en_pares(tomados(xml, por_c)) == "a>g b>fin c>b g>c ini>a", (
        "g and b were both visited, and not by g>b"
    )
    directo = Play(release(xml)).do("a", n=1).do("b")
    assert en_pares(tomados(xml, directo)) == "a>g b>fin g>b ini>a"


def test_rounds_of_a_loop_are_counted() -> None:
    xml = hoja(
        m.user("a", fields="n:integer") + m.gate("exclusive", "x", "g"),
        "ini>x>a>g g>fin* g>x?n~<~3",
    )
    juego = Play(release(xml))
    for n in (1, 2, 3):
        juego.do("a", n=n)
    assert en_pares(tomados(xml, juego)) == "a>g×3 g>fin g>x×2 ini>x x>a×3"


def test_a_branch_that_waits_at_a_join_has_come_there_and_the_other_has_not() -> None:
    xml = hoja(m.gate("parallel", "p", "j") + m.user("a", "b", "c"), "ini>p>a>j>c>fin p>b>j")
    juego = Play(release(xml)).do("a")
    assert en_pares(tomados(xml, juego)) == "a>j ini>p p>a p>b"
    assert en_pares(tomados(xml, juego.do("b"))) == "a>j b>j ini>p j>c p>a p>b"


def test_of_an_inclusive_gateway_only_the_ways_that_were_taken() -> None:
    paths = "ini>a>g g>b?n~>~1 g>c?n~>~2 g>d* b>j>e>fin c>j d>j"
    xml = hoja(
        m.user("a", fields="n:integer")
        + m.gate("inclusive", "g", "j")
        + m.user("b", "c", "d", "e"),
        paths,
    )
    juego = Play(release(xml)).do("a", n=3).do("c")
    assert en_pares(tomados(xml, juego)) == "a>g c>j g>b g>c ini>a"
    assert en_pares(tomados(xml, juego.do("b"))) == "a>g b>j c>j g>b g>c ini>a j>e"


def test_behind_a_gateway_for_events_only_what_came() -> None:
    eventos = (
        m.gate("eventBased", "g") + m.catch("t", m.timer("PT1H")) + m.catch("u", m.timer("PT2H"))
    )
    xml = hoja(m.user("a", "b", "c") + eventos, "ini>a>g>t>b>fin g>u>c>fin")
    juego = Play(release(xml)).do("a")
    assert en_pares(tomados(xml, juego)) == "a>g ini>a", "both are awaited, none was taken"
    juego.fire("u")
    assert en_pares(tomados(xml, juego)) == "a>g g>u ini>a u>c"


def test_what_an_event_at_the_edge_took_away_was_reached_and_not_left() -> None:
    xml = hoja(
        m.user("a", "b", "c") + m.alarm("t", "b", "PT1H", interrupts=True), "ini>a>b>fin t>c>fin"
    )
    juego = Play(release(xml)).do("a")
    juego.fire("t")
    assert en_pares(tomados(xml, juego)) == "a>b ini>a t>c"


def test_what_runs_inside_was_entered_and_is_left_when_it_is_over() -> None:
    dentro = m.sub("s", m.start("si") + m.user("d") + m.end("sf"), "si>d>sf")
    xml = hoja(
        m.user("a", fields="n:integer") + m.gate("exclusive", "g") + dentro + m.user("b"),
        "ini>a>g g>s* s>b>fin g>b?n~==~1",
    )
    juego = Play(release(xml)).do("a", n=2)
    assert en_pares(tomados(xml, juego)) == "a>g g>s ini>a si>d"
    assert en_pares(tomados(xml, juego.do("d"))) == "a>g d>sf g>s ini>a s>b si>d"


def test_a_called_process_was_entered_by_the_activity_that_calls_it() -> None:
    llama = (
        m.start("ini")
        + m.user("a", fields="n:integer")
        + m.gate("exclusive", "g")
        + m.call("ca", "Q")
        + m.user("b")
        + m.end("fin")
    )
    llamado = m.process("Q", m.start("qi") + m.user("q") + m.end("qf"), "qi>q>qf")
    xml = m.model(m.process("P", llama, "ini>a>g g>ca* ca>b>fin g>b?n~==~1"), llamado)
    juego = Play(release(xml)).do("a", n=2)
    assert juego.users == ["q"]
    assert en_pares(tomados(xml, juego)) == "a>g g>ca ini>a"


def test_a_link_leads_on_where_it_is_caught() -> None:
    enlace = '<linkEventDefinition id="{}" name="l"/>'
    xml = hoja(
        m.user("a", "b") + m.throw("l1", enlace.format("d1")) + m.catch("l2", enlace.format("d2")),
        "ini>a>l1 l2>b>fin",
    )
    assert en_pares(tomados(xml, Play(release(xml)).do("a"))) == "a>l1 ini>a l2>b"


def test_items_of_an_activity_do_not_say_that_it_was_left() -> None:
    varios = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
    xml = hoja(
        m.user("a").replace("</userTask>", varios + "</userTask>") + m.user("b"), "ini>a>b>fin"
    )
    juego = Play(release(xml)).do("a")
    assert en_pares(tomados(xml, juego)) == "ini>a", "one of two is done"
    assert en_pares(tomados(xml, juego.do("a"))) == "a>b ini>a"


def test_what_cannot_be_told_is_left_out() -> None:
    nodos = m.user("a", fields="n:integer") + m.gate("exclusive", "g") + m.user("b")
    dos = hoja(nodos, "ini>a>g g>b?n~==~1 g>b?n~==~2 g>fin* b>fin")
    assert en_pares(tomados(dos, Play(release(dos)).do("a", n=2))) == "a>g ini>a", (
        "two lines lead to the same: by which?"
    )

    ramas = (
        m.user("a", fields="n:integer")
        + m.user("b", fields="k:integer")
        + m.gate("parallel", "p")
        + m.gate("exclusive", "g", "h")
    )
    caminos = "ini>p>a>g p>b>h g>c?n~==~1 h>c?k~==~1 g>d* h>d* c>fin d>fin"
    cruce = hoja(ramas + m.user("c", "d"), caminos)
    juego = Play(release(cruce)).do("a", n=1).do("b", k=2)
    assert sorted(juego.users) == ["c", "d"]
    assert en_pares(tomados(cruce, juego)) == "a>g b>h ini>p p>a p>b", (
        "one went to c and one to d: which?"
    )


def test_a_case_that_was_sent_back_did_not_come_by_a_flow() -> None:
    xml = hoja(
        m.user("a", fields="n:integer") + m.gate("exclusive", "g") + m.user("b", "c"),
        "ini>a>g g>b* b>c>fin g>c?n~==~1",
    )
    suyo = flujos.dibujo(xml, release(xml).processes, "P")
    antes = [
        orden(("ini", "done"), kind=Act.START),
        orden(("a", "done"), ("g", "done")),
        orden(("b", "done")),
    ]
    vuelta = orden(("c", "cancelled"), kind=Act.BACK, element="b")
    assert en_pares(flujos.tomados({1: suyo}, 1, [*antes, vuelta], ["b"])) == "a>g b>c g>b ini>a"
    assert (
        en_pares(flujos.tomados({1: suyo}, 1, [*antes, vuelta, orden(("b", "done"))], ["c"]))
        == "a>g b>c×2 g>b ini>a"
    )


def test_after_a_move_the_new_drawing_shows_what_it_still_has() -> None:
    hojas = (
        hoja(m.user("a", "b"), "ini>a>b>fin"),
        hoja(m.user("a", "b", "c", "d"), "ini>a>d>b>c>fin"),
    )
    dibujos = {n: flujos.dibujo(xml, release(xml).processes, "P") for n, xml in enumerate(hojas, 1)}
    traslado = {"from": 1, "to": 2, "mapping": {}}
    historia = [
        orden(("ini", "done"), kind=Act.START),
        orden(("a", "done")),
        orden(kind=Act.MIGRATE, **traslado),
    ]
    assert en_pares(flujos.tomados(dibujos, 1, historia, ["b"])) == "ini>a", (
        "a>b is not on the new sheet, and the case came by no other"
    )
    assert (
        en_pares(flujos.tomados(dibujos, 1, [*historia, orden(("b", "done"))], ["c"]))
        == "b>c ini>a"
    )
    llevado = [*historia[:2], orden(kind=Act.MIGRATE, **traslado | {"mapping": {"b": "c"}})]
    assert en_pares(flujos.tomados(dibujos, 1, llevado, ["c"])) == "ini>a", "an act put it at c"


class Vigilado(InMemory):
    """Beside the engine: which element each token came from, which no history tells."""

    def __init__(self, release: Release, xml: bytes, verdad: Counter[tuple[str, str]]) -> None:
        verdad.clear()
        super().__init__(release, reload=False)
        self.xml, self.verdad = xml, verdad
        self.dichos = 0
        self.comparar()

    def comparar(self) -> None:
        suyo = flujos.dibujo(self.xml, self.play.release.processes, "P")
        veces = tomados(self.xml, self.play)
        pares: Counter[tuple[str, str]] = Counter()
        for flujo, n in veces.items():
            pares[suyo.flujos[flujo].de, suyo.flujos[flujo].a] += n
        assert pares <= self.verdad, (dict(pares - self.verdad), self.play.done)
        self.dichos += len(veces)

    def do(self, *que: object) -> None:
        super().do(*que)
        self.comparar()

    def fire(self, timer: str) -> None:
        super().fire(timer)
        self.comparar()


def _elemento(token: Token) -> str:
    return str(
        getattr(token.task_spec, "bpmn_id", None)
        or token.task_spec.name.removesuffix(".BoundaryEventSplit")
    )


def _con_verdad(
    monkeypatch: pytest.MonkeyPatch, dibujados: Iterable[str], verdad: Counter[tuple[str, str]]
) -> None:
    hacer, propios = Token.__init__, set(dibujados)

    def anotado(
        self: Token, workflow: object, task_spec: object, parent: Token | None = None, **mas: int
    ) -> None:
        hacer(self, workflow, task_spec, parent, **mas)
        while parent is not None and _elemento(parent) not in propios:
            parent = parent.parent
        if parent is not None and _elemento(self) in propios:
            verdad[_elemento(parent), _elemento(self)] += 1

    monkeypatch.setattr(Token, "__init__", anotado)


@pytest.mark.parametrize("seed", range(8))
def test_of_models_that_nobody_drew_no_flow_is_told_oftener_than_tokens_took_it(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    dibujado = graph(Maker(dice(seed)).model())
    xml = Drawer().xml(dibujado)
    hecho, _ = compile_release({"p.bpmn": xml}, handlers=(), forms=(), functions={}, zone=BOGOTA)
    assert hecho is not None
    verdad: Counter[tuple[str, str]] = Counter()
    _con_verdad(monkeypatch, (id_ for ambito in dibujado.all() for id_ in ambito.kinds), verdad)
    mano = Vigilado(hecho, xml, verdad)
    assert follow(Game(dibujado), mano, dice(seed)) == ""
    assert mano.dichos, "something was told"
