"""Models of blocks that nobody drew (tests/models): none refused, none runs another way than its
oracle says; `make models` tries more."""

import sqlalchemy as sa

from tests.kit.engine import Kit
from tests.models.stored import Stored
from tests.models.trial import Findings, try_model, try_shared, try_twins, try_unended

SEED = 20_261_126
MODELS = 30
STORED = 8  # of them also as cases of a database


def test_no_sound_model_is_refused_and_none_goes_another_way_than_its_oracles() -> None:
    findings = Findings()
    for seed in range(SEED, SEED + MODELS):
        try_model(seed, findings)
    assert findings.faults == []
    assert findings.counts["models"] == MODELS
    assert findings.counts["inclusive joins"] >= MODELS, "dense in what is hardest"


def test_a_database_goes_the_same_way_and_every_chain_holds(db: sa.Engine) -> None:
    kit, findings, hands = Kit(db), Findings(), list[Stored]()

    def stored(xml: bytes) -> Stored:
        kit.deploy(p=xml)
        hands.append(Stored(kit))
        return hands[-1]

    for seed in range(SEED, SEED + STORED):
        try_model(seed, findings, stored)
    assert findings.faults == []
    assert hands[-1].faults() == ()


def test_a_model_whose_ends_are_not_drawn_is_taken_and_ends_where_nothing_follows() -> None:
    findings = Findings()
    for seed in range(SEED, SEED + MODELS):
        try_unended(seed, findings)
    assert findings.faults == []
    assert findings.counts["unended"] > MODELS / 2


def test_events_see_and_change_what_the_scope_around_them_holds() -> None:
    findings = Findings()
    for seed in range(SEED, SEED + MODELS):
        try_shared(seed, findings)
    assert findings.faults == []
    assert findings.counts["models with events"] == MODELS


def test_a_bad_twin_is_refused_or_runs_as_the_token_game_says() -> None:
    findings = Findings()
    for seed in range(SEED, SEED + MODELS):
        try_twins(seed, findings)
    assert findings.faults == []
    assert 0 < findings.counts["twins refused"] < findings.counts["twins"], (
        "some are refused, some are right though they are others"
    )
