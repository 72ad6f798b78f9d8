"""Time stamps of RFC 3161 over what was signed, by OpenSSL's authority; OpenSSL checks ours, and we
what it stamped."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import BadSetting, Config
from common.witness import WitnessRefused
from engine.reads.evidence import verify_log
from engine.states import LogFlaw, WitnessFault
from handlers.evidencia.sellos import EnSello, raices_de
from tests.integration.engine.test_log import KEYS, Place, a_place
from tests.kit.cast import ASESOR
from tests.kit.processes import run
from tests.kit.stamps import Authority, authority


@pytest.fixture(scope="module")
def stamping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with authority(tmp_path_factory.mktemp("tsa") / "one") as found:
        yield found


@pytest.fixture
def place(sqlite_url: str) -> Iterator[Place]:
    db = sa.create_engine(sqlite_url)
    yield a_place(db)
    db.dispose()


def sello(stamping: Authority, folder: Path) -> EnSello:
    return EnSello(stamping.address, raices_de(stamping.roots), folder / "sellos")


def faults(place: Place, witness: EnSello) -> list[tuple[LogFlaw, str]]:
    with place.kit.engine.uow.reading_one_state() as session:
        return [
            (fault.what, fault.subject)
            for fault in verify_log(session, KEYS, witness.kept()).faults
        ]


def test_the_newest_tree_is_stamped_once_a_day_and_others_can_check_it(
    place: Place, stamping: Authority, tmp_path: Path
) -> None:
    witness = sello(stamping, tmp_path)
    assert witness.kept() == []
    assert place.kit.engine.evidence.show_to(witness, now=place.kit.now) is None
    assert witness.kept() == [place.note]
    assert faults(place, witness) == []
    files = sorted(f.name for f in (tmp_path / "sellos").iterdir())
    assert files == ["0000000000000000007.checkpoint", "0000000000000000007.tsr"]
    order = [
        str(shutil.which("openssl")),
        "ts",
        "-verify",
        "-data",
        files[0],
        "-in",
        files[1],
        "-CAfile",
        str(stamping.roots),
    ]
    assert (
        b"Verification: OK"
        in run(order, cwd=tmp_path / "sellos", check=True, capture_output=True).stdout
    )
    place.kit.engine.notes.add(
        "caso-1", "Otra", actor=ASESOR, now=place.kit.later(hours=1), kind="nota"
    )
    place.look()
    place.kit.engine.evidence.show_to(witness, now=place.kit.now)
    assert len(witness.kept()) == 1, "once a day"
    place.kit.engine.evidence.show_to(witness, now=place.kit.later(days=1))
    assert len(witness.kept()) == 2
    assert faults(place, witness) == []


def test_another_past_cannot_have_the_stamps_of_this_one(
    place: Place, stamping: Authority, tmp_path: Path
) -> None:
    """With the keys of the place, too: the log is made anew."""
    witness = sello(stamping, tmp_path)
    place.kit.engine.evidence.show_to(witness, now=place.kit.now)
    place.sql(
        "DELETE FROM log_entry",
        "DELETE FROM log_checkpoint",
        "UPDATE instance SET status = 'ended' WHERE case_key = 'caso-1'",
    )
    place.look()
    assert (LogFlaw.TREE, "7") in faults(place, witness)


@pytest.mark.parametrize(
    "what", ["the note", "the stamp", "no stamp", "no note", "of another note"]
)
def test_a_stamp_that_is_none_is_named(
    place: Place, stamping: Authority, tmp_path: Path, what: str
) -> None:
    witness = sello(stamping, tmp_path)
    place.kit.engine.evidence.show_to(witness, now=place.kit.now)
    note, stamp = sorted((tmp_path / "sellos").iterdir())
    for file in (note, stamp):
        file.chmod(0o600)
    if what == "the note":
        note.write_text(note.read_text("utf-8") + "\n", "utf-8")
    elif what in ("no stamp", "no note"):
        (stamp if what == "no stamp" else note).unlink()
    else:
        octets = bytearray(stamp.read_bytes())
        octets[-10 if what == "the stamp" else octets.index(b"\x04\x40") + 5] ^= 1
        stamp.write_bytes(octets)
    assert faults(place, witness) == [(LogFlaw.SIGNATURE, "7.tsr")]


def test_who_is_no_authority_of_ours_or_stamps_something_else_is_not_believed(
    place: Place, stamping: Authority, tmp_path: Path
) -> None:
    with authority(tmp_path / "other") as other:
        foreign = EnSello(other.address, raices_de(stamping.roots), tmp_path / "sellos")
        assert place.kit.engine.evidence.show_to(foreign, now=place.kit.now) is WitnessFault.REFUSED
        with pytest.raises(WitnessRefused):
            foreign.show(0, [], place.note)
    assert not (tmp_path / "sellos").exists()
    witness = sello(stamping, tmp_path)
    witness.show(0, [], place.note)
    again = (tmp_path / "sellos" / "0000000000000000007.tsr").read_bytes()
    # of before, which has another nonce; nothing; no stamp
    for said in (again, b"", b"\x30\x03\x02\x01\x00", b"<html>"):
        stamping.answer[:] = [said]
        with pytest.raises(WitnessRefused):
            sello(stamping, tmp_path / "elsewhere").show(0, [], place.note)
    stamping.answer.clear()


def test_what_was_stamped_is_not_replaced_by_another_past(
    place: Place, stamping: Authority, tmp_path: Path
) -> None:
    """Whoever holds the database makes the log anew, of the same size, and lets the place forget
    what was stamped."""
    witness = sello(stamping, tmp_path)
    place.kit.engine.evidence.show_to(witness, now=place.kit.now)
    stamped = [file.read_bytes() for file in sorted((tmp_path / "sellos").iterdir())]
    place.sql(
        "DELETE FROM log_entry",
        "DELETE FROM log_checkpoint",
        "DELETE FROM log_witness",
        "UPDATE note SET actor_id = 'otra'",
    )
    assert place.look().split("\n")[1] == "7"
    assert (
        place.kit.engine.evidence.show_to(witness, now=place.kit.later(days=2))
        is WitnessFault.REFUSED
    )
    assert [file.read_bytes() for file in sorted((tmp_path / "sellos").iterdir())] == stamped
    assert (LogFlaw.TREE, "7") in faults(place, witness)


def test_an_authority_that_is_away_is_asked_again(
    place: Place, stamping: Authority, tmp_path: Path
) -> None:
    away = EnSello("http://127.0.0.1:9/tsr", raices_de(stamping.roots), tmp_path / "sellos")
    assert place.kit.engine.evidence.show_to(away, now=place.kit.now) is WitnessFault.AWAY
    wrong = EnSello(stamping.address, raices_de(stamping.roots), tmp_path / "no" / "sellos")
    assert place.kit.engine.evidence.show_to(wrong, now=place.kit.now) is WitnessFault.AWAY, (
        "a folder that cannot be made"
    )


def test_the_setting_names_the_authority_and_by_whom_it_is_believed(
    stamping: Authority, tmp_path: Path
) -> None:
    env = {
        "INSTANCE": str(tmp_path),
        "EVIDENCE_WITNESSES": f"rfc3161:{stamping.address} {stamping.roots}",
    }
    (found,) = Config.from_environment(env).testigos
    assert (found.name, found.kept()) == (f"rfc3161:{stamping.address}", [])
    (tmp_path / "vacio.pem").write_text("")
    for file in (tmp_path / "vacio.pem", tmp_path / "no.pem", tmp_path):
        with pytest.raises(BadSetting, match="no tiene certificados"):
            Config.from_environment(
                {**env, "EVIDENCE_WITNESSES": f"rfc3161:{stamping.address} {file}"}
            )
