"""Witnesses of the log, in a folder and on the net: what they have seen cannot be unmade, whoever
holds the database and the keys."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa

from common import notes, witness as port
from common.notes import Checkpoint, Verifier
from engine.reads.evidence import cosigned, standing, verify_log
from engine.states import LogFlaw, WitnessFault
from handlers.correo.smtp import CorreoSMTP, ServidorSMTP
from handlers.evidencia.testigos import EnCarpeta, EnCorreo, EnRed
from tests.integration.engine.test_log import KEYS, SIGNER, Place, a_place
from tests.integration.handlers.test_correo_servidor import Buzon, servidor
from tests.kit.cast import ASESOR
from tests.kit.litewitness import litewitness
from tests.kit.witness import Witness, running


@pytest.fixture
def place(db: sa.Engine) -> Place:
    return a_place(db)


@pytest.fixture(params=["folder", "server"])
def outside(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[port.Witness]:
    """One that has seen nothing. LITEWITNESS: the program that others wrote, as the server."""
    with ExitStack() as stack:
        if request.param == "folder":
            (tmp_path / "fuera").mkdir()
            yield EnCarpeta(tmp_path / "fuera")
        elif binary := os.environ.get("LITEWITNESS"):
            yield EnRed(*stack.enter_context(litewitness(binary, tmp_path, SIGNER.verifier)))
        else:
            server = stack.enter_context(running(Witness(SIGNER.verifier)))
            yield EnRed(server.address, server.key.verifier)


def more(place: Place, key: str) -> None:
    place.kit.engine.instances.start(
        "p", actor=ASESOR, now=place.kit.later(minutes=1), case_key=key, data={"punto_id": "P1"}
    )
    place.look()


def show(place: Place, outside: port.Witness) -> WitnessFault | None:
    return place.kit.engine.evidence.show_to(outside, now=place.kit.now)


def seen(place: Place) -> tuple[int, str | None]:
    with place.kit.engine.uow.reading() as session:
        found = standing(session)
        assert found is not None
        (witness,) = found.witnesses
        return witness.size, witness.fault


def test_each_new_tree_is_shown_once_and_whoever_missed_some_catches_up(
    place: Place, outside: port.Witness
) -> None:
    assert show(place, outside) is None
    assert seen(place) == (7, None)
    for n in range(3):
        more(place, f"caso-{n + 3}")
    assert show(place, outside) is None
    assert seen(place) == (16, None)
    said: list[str] = []
    sa.event.listen(
        place.kit.db,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_rest: said.append(statement),
    )
    assert show(place, outside) is None
    # nothing new: nothing written
    assert not [each for each in said if not each.startswith(("SELECT", "BEGIN"))]
    with place.kit.engine.uow.reading_one_state() as session:
        (note,) = cosigned(session)
        assert verify_log(session, KEYS, [note, *outside.kept()]).faults == ()
    assert notes.read(note, [SIGNER.verifier]).startswith(SIGNER.name)


def test_a_server_that_knows_more_than_we_think_is_shown_from_there(
    place: Place, outside: port.Witness
) -> None:
    """The answer was lost, or the row that remembers it."""
    show(place, outside)
    more(place, "caso-3")
    show(place, outside)
    more(place, "caso-4")
    place.sql("DELETE FROM log_witness")
    assert show(place, outside) is None
    assert seen(place) == (13, None)


def test_a_database_of_before_is_told(place: Place, outside: port.Witness) -> None:
    more(place, "caso-3")
    show(place, outside)
    place.sql(
        "DELETE FROM log_witness",
        "DELETE FROM log_checkpoint WHERE size = 10",
        "DELETE FROM log_entry WHERE n > 6",
    )
    assert place.faults() == []
    assert show(place, outside) is WitnessFault.AHEAD
    assert seen(place) == (0, "ahead")
    if kept := outside.kept():
        assert [fault.what for fault in place.faults(*kept)] == [LogFlaw.ROLLED_BACK]


def test_a_database_of_before_is_told_even_where_its_own_row_says_that_all_was_seen(
    place: Place, outside: port.Witness
) -> None:
    show(place, outside)
    with place.kit.db.connect() as c:
        before = c.execute(sa.text("SELECT size, note FROM log_witness")).one()
    more(place, "caso-3")
    show(place, outside)
    place.sql("DELETE FROM log_checkpoint WHERE size = 10", "DELETE FROM log_entry WHERE n > 6")
    with place.kit.db.begin() as c:
        c.execute(
            sa.text("UPDATE log_witness SET size = :s, note = :n"),
            {"s": before.size, "n": before.note},
        )
    assert place.faults() == []
    assert show(place, outside) is WitnessFault.AHEAD


def test_another_past_is_refused_however_well_it_is_signed(
    place: Place, outside: port.Witness
) -> None:
    show(place, outside)
    place.sql(
        "DELETE FROM log_entry",
        "DELETE FROM log_checkpoint",
        "UPDATE instance SET status = 'ended' WHERE case_key = 'caso-1'",
    )
    place.look()  # the same number of entries, with the keys of the place
    for _again in range(2):
        place.sql("UPDATE log_witness SET fault = 'away'")
        assert show(place, outside) is WitnessFault.REFUSED
        more(place, "caso-3")
    assert seen(place) == (7, "refused")
    if kept := outside.kept():
        assert {fault.what for fault in place.faults(*kept)} == {LogFlaw.TREE}


def test_who_is_away_is_tried_again(place: Place, tmp_path: Path) -> None:
    folder = EnCarpeta(tmp_path / "montada")
    with running(Witness(SIGNER.verifier, broken=True)) as server:
        net = EnRed(server.address, server.key.verifier)
        assert [show(place, each) for each in (folder, net)] == [WitnessFault.AWAY] * 2
        server.broken = False
        (tmp_path / "montada").mkdir()
        assert [show(place, each) for each in (folder, net)] == [None] * 2
    more(place, "caso-3")
    assert show(place, net) is WitnessFault.AWAY  # nobody listens any more


def test_a_server_whose_signature_is_not_of_its_key_is_no_witness(place: Place) -> None:
    with running(Witness(SIGNER.verifier)) as server:
        other = Witness(SIGNER.verifier).key.verifier
        assert (
            show(place, EnRed(server.address, Verifier(server.key.name, other.public, other.kind)))
            is WitnessFault.REFUSED
        )
    with running(Witness(other)) as server:
        # it does not know this log
        assert show(place, EnRed(server.address, server.key.verifier)) is WitnessFault.REFUSED


def test_a_folder_is_written_whole_and_never_twice(place: Place, tmp_path: Path) -> None:
    place_of_it = tmp_path / "fuera"
    place_of_it.mkdir()
    folder = EnCarpeta(place_of_it)
    show(place, folder)
    (kept,) = place_of_it.iterdir()
    assert kept.name == f"{7:019}.checkpoint"
    assert kept.stat().st_mode & 0o777 == 0o444
    assert kept.read_text("utf-8") == place.note
    before = kept.stat().st_mtime_ns
    place.sql("UPDATE log_witness SET fault = 'away'")
    assert show(place, folder) is None
    assert kept.stat().st_mtime_ns == before
    (place_of_it / f"{12:019}.checkpoint").write_text("nada", "utf-8")
    more(place, "caso-3")
    assert show(place, folder) is WitnessFault.AHEAD
    (place_of_it / f"{12:019}.checkpoint").rename(place_of_it / f"{10:019}.checkpoint")
    assert show(place, folder) is WitnessFault.REFUSED
    assert Checkpoint.of(place.note).size == 10


def test_a_mailbox_gets_the_newest_tree_once_a_day_and_what_it_got_tells_another_past(
    place: Place,
) -> None:
    box, first = Buzon(), place.note
    with servidor(box) as port_of_it:
        mailbox = EnCorreo(
            "archivo@entidad.example",
            CorreoSMTP(ServidorSMTP(port=port_of_it, espera=5)),
            lambda: place.kit.now,
        )
        assert show(place, mailbox) is None
        more(place, "caso-3")
        assert show(place, mailbox) is None
        assert (len(box.recibidos), seen(place)) == (1, (7, None)), "one a day"
        place.kit.later(hours=25)
        assert show(place, mailbox) is None
        assert (len(box.recibidos), seen(place)) == (2, (10, None))
        place.kit.later(hours=25)
        assert show(place, mailbox) is None
        assert len(box.recibidos) == 2, "nothing new, no mail"
    mails = box.mensajes()
    kept = [part.get_content().decode() for mail in mails for part in mail.iter_attachments()]
    assert [(mail["To"], mail["Subject"]) for mail in mails] == [
        ("archivo@entidad.example", f"Registro firmado de {SIGNER.name}: {size} entradas")
        for size in (7, 10)
    ]
    assert kept == [first, place.note]
    assert place.faults(*kept) == []
    place.sql(
        "DELETE FROM log_entry",
        "DELETE FROM log_checkpoint",
        "UPDATE instance SET status = 'ended' WHERE case_key = 'caso-1'",
    )
    place.look()
    assert LogFlaw.TREE in {fault.what for fault in place.faults(*kept)}


def test_a_mail_server_that_is_away_is_told_and_tried_again(place: Place) -> None:
    away = EnCorreo(
        "archivo@entidad.example", CorreoSMTP(ServidorSMTP(port=1, espera=1)), lambda: place.kit.now
    )
    assert show(place, away) is WitnessFault.AWAY
    assert seen(place) == (0, "away")
