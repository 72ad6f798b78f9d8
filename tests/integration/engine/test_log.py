"""The log against whoever holds the database: what is done to a chain that the log saw is found and
named, hashes redone or not."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from common import notes
from common.notes import Keyring, Signer
from engine.reads.evidence import ALL, Checked, LogFault, LogReport, proofs, verify_log
from engine.reads.verification import Fault, verify
from engine.states import Flaw, LogFlaw
from engine.store import chain
from engine.store.tables import Access, AccessHead, Instance, Item, Journal
from engine.store.uow import prepare
from engine.types import SYSTEM
from tests.integration.engine.test_verify import tres_pasos
from tests.kit import diagrams as m
from tests.kit.cast import ADMIN, ASESOR, FUNCIONARIA, WHY
from tests.kit.engine import Kit

WAITING = m.in_one_lane(
    m.user("uno", "dos", fields="a") + m.alarm("limite", "dos", "P1D") + m.gate("parallel", "abre", "une")
    + m.catch("espera", *reversed(m.message("M", "punto_id"))) + m.user("tarde") + m.service("lejos"),
    "ini>abre>uno>dos>une>fin", "abre>espera>une", "abre>lejos>une", "limite>tarde>fintarde",
    defs='<message id="M" name="M"/>', id_="p", variables="punto_id", scope="punto_id",
)  # fmt: skip
SIGNER = Signer.new("ventanilla.example/registro")
SIGNERS = [SIGNER, Signer.new("ventanilla.example/registro", notes.MLDSA44)]
OTHER = Signer.new("ventanilla.example/registro")
KEYS = Keyring(tuple(signer.verifier for signer in SIGNERS))


@dataclass
class Place:
    """Two cases, a note and an access, all seen by the log; whoever holds the database may then do
    as they like."""

    kit: Kit
    note: str = ""
    items: tuple[str, ...] = ()

    def look(self) -> str:
        self.note = self.kit.engine.evidence.checkpoint(SIGNERS, now=self.kit.now)
        return self.note

    def report(self, *kept: str) -> LogReport:
        with self.kit.engine.uow.reading_one_state() as session:
            return verify_log(session, KEYS, kept)

    def faults(self, *kept: str) -> list[LogFault]:
        return list(self.report(*kept).faults)

    def new(self, since: Checked) -> tuple[LogReport, tuple[Fault, ...]]:
        """What was done since that was checked: the log's, and that of the chains themselves."""
        with self.kit.engine.uow.reading_one_state() as session:
            return verify_log(session, KEYS, since=since), verify(session, since=since.size).faults

    def sql(self, *orders: str) -> None:
        with self.kit.db.begin() as c:
            for order in orders:
                c.execute(sa.text(order), {"i": self.instance} if ":i" in order else {})

    @property
    def instance(self) -> str:
        with self.kit.db.connect() as c:
            return str(
                c.execute(sa.text("SELECT id FROM instance WHERE case_key = 'caso-1'")).scalar_one()
            )


@pytest.fixture
def place(db: sa.Engine) -> Place:
    return a_place(db)


def a_place(db: sa.Engine) -> Place:
    place = Place(Kit(db))
    kit = place.kit
    kit.deploy(p=tres_pasos())
    for key in ("caso-1", "caso-2"):
        opened = (
            kit.engine.instances.start(
                "p", actor=ASESOR, now=kit.now, case_key=key, data={"punto_id": "P1"}
            )
            .opened[0]
            .id
        )
        kit.engine.items.complete(
            opened, values={"a": "lo escrito"}, actor=ASESOR, now=kit.later(minutes=1)
        )
    kit.engine.notes.add("caso-1", "Llamó la persona", actor=ASESOR, now=kit.now, kind="nota")
    kit.engine.log_access(FUNCIONARIA, "consulta_caso", "caso-1", now=kit.now)
    kit.later(hours=1)
    place.look()
    return place


def waiting(db: sa.Engine) -> Place:
    """A case with a task that is done, one that is open with its limit, and a message that it waits
    for, seen by the log."""
    place = Place(Kit(db))
    kit = place.kit
    kit.handlers.remote["h"] = lambda _call: None
    kit.deploy(p=WAITING)
    opened = kit.engine.instances.start(
        "p", actor=ASESOR, now=kit.now, case_key="caso-1", data={"punto_id": "P1"}
    ).opened
    kit.engine.items.complete(
        next(item.id for item in opened if item.element == "uno"),
        values={"a": "uno"},
        actor=ASESOR,
        now=kit.now,
    )
    place.look()
    return place


def test_what_nobody_touched_is_whole_and_people_may_go_on(place: Place) -> None:
    report = place.report()
    assert report.faults == ()
    # two instances, what stands beside each, day, note, release
    assert (report.entries, report.checkpoints, report.covered) == (7, 1, 7)
    assert place.look() == report.last  # nothing new, nothing signed
    kit = place.kit
    with kit.engine.uow.reading() as session:
        item = session.execute(
            sa.text("SELECT id FROM work_item WHERE state = 'open' AND case_key = 'caso-1'")
        ).scalar_one()
    kit.engine.items.complete(item, values={"b": "más"}, actor=ASESOR, now=kit.now)
    assert place.faults() == []  # longer than the log knows is no fault
    before = place.note
    assert place.look() != before
    assert place.faults(before, place.note) == []
    # the instance, what stands beside it, the checkpoint of before
    assert place.report().entries == 10


def test_no_command_writes_into_the_log_and_a_look_reads_only_what_is_new(place: Place) -> None:
    kit, said = place.kit, []
    sa.event.listen(
        kit.db,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_rest: said.append(statement),
    )
    kit.engine.instances.start(
        "p", actor=ASESOR, now=kit.now, case_key="caso-3", data={"punto_id": "P1"}
    )
    assert not [each for each in said if "log_" in each]


Attack = Callable[[Place], None]


def rewritten(place: Place) -> None:
    """The text of the law for whoever holds the database: edit a row, and redo every hash after
    it."""
    with Session(place.kit.db) as s, s.begin():
        rows = s.scalars(
            sa.select(Journal).where(Journal.instance_id == place.instance).order_by(Journal.rev)
        ).all()
        prev = chain.START
        for row in rows:
            row.actor_id = "otro" if row.rev == 1 else row.actor_id
            row.hash = prev = chain.journal_hash(
                prev,
                instance_id=row.instance_id,
                rev=row.rev,
                at=row.at,
                actor_kind=row.actor_kind,
                actor_id=row.actor_id,
                kind=row.kind,
                element=row.element,
                detail=row.detail,
                delta=bytes(row.delta),
                digest=bytes(row.digest) if row.digest is not None else None,
            )
        s.get_one(Instance, place.instance).head = prev


def cut(place: Place) -> None:
    """The newest row goes, and the head goes back: no hash is needed for it."""
    with Session(place.kit.db) as s, s.begin():
        instance = s.get_one(Instance, place.instance)
        s.execute(
            sa.delete(Journal).where(
                Journal.instance_id == instance.id, Journal.rev == instance.rev
            )
        )
        s.execute(
            sa.text("DELETE FROM submission WHERE instance_id = :i AND rev = :r"),
            {"i": instance.id, "r": instance.rev},
        )
        before = s.scalars(
            sa.select(Journal)
            .where(Journal.instance_id == instance.id)
            .order_by(Journal.rev.desc())
        ).first()
        assert before is not None
        instance.rev, instance.head = before.rev, before.hash


def removed(place: Place) -> None:
    with place.kit.db.begin() as c:
        instance = place.instance
        for name in ("submission", "journal", "snapshot", "work_item", "timer", "subscription"):
            rows = sa.table(name, sa.column("instance_id"))
            c.execute(sa.delete(rows).where(rows.c.instance_id == instance))
        c.execute(sa.text("DELETE FROM instance WHERE id = :i"), {"i": instance})


def forged(place: Place) -> None:
    """A case of last week that nobody had: a copy of one, row by row."""
    with Session(place.kit.db) as s, s.begin():
        one = s.get_one(Instance, place.instance)
        kept = {c.key: getattr(one, c.key) for c in sa.inspect(Instance).columns}
        s.add(Instance(**{**kept, "id": "inventada", "case_key": "caso-9", "start_key": None}))
        for row in s.scalars(sa.select(Journal).where(Journal.instance_id == one.id)).all():
            s.add(
                Journal(
                    **{
                        **{c.key: getattr(row, c.key) for c in sa.inspect(Journal).columns},
                        "instance_id": "inventada",
                    }
                )
            )


def day_rewritten(place: Place) -> None:
    """Who looked becomes somebody else, all hashes of the day redone."""
    with Session(place.kit.db) as s, s.begin():
        prev = chain.START
        for row in s.scalars(sa.select(Access).order_by(Access.day, Access.n)).all():
            row.actor_id = "otra"
            fields = {
                f: getattr(row, f)
                for f in ("day", "n", "at", "actor_kind", "actor_id", "kind", "subject", "detail")
            }
            row.hash = prev = chain.access_hash(prev, **fields)
            s.get_one(AccessHead, row.day).hash = prev


RELEASE_NOTE = "UPDATE release SET note = 'otra cosa'"
ATTACKS: dict[str, tuple[Attack, LogFlaw, str]] = {
    "a chain rewritten to its head": (rewritten, LogFlaw.REWRITTEN, "instance"),
    "the newest row cut off": (cut, LogFlaw.CUT, "instance"),
    "a case removed": (removed, LogFlaw.REMOVED, "instance"),
    "a case of last week invented": (forged, LogFlaw.UNSEEN, "instance"),
    "another case key": (
        lambda p: p.sql("UPDATE instance SET case_key = 'caso-7' WHERE id = :i"),
        LogFlaw.FACTS,
        "instance",
    ),
    "another version": (
        lambda p: p.sql("UPDATE instance SET release = 9 WHERE id = :i"),
        LogFlaw.FACTS,
        "instance",
    ),
    "ended": (
        lambda p: p.sql("UPDATE instance SET status = 'finished' WHERE id = :i"),
        LogFlaw.FACTS,
        "instance",
    ),
    "who looked": (day_rewritten, LogFlaw.REWRITTEN, "access"),
    "a day removed": (
        lambda p: p.sql("DELETE FROM access", "DELETE FROM access_head"),
        LogFlaw.REMOVED,
        "access",
    ),
    "a day cut": (
        lambda p: p.sql("DELETE FROM access", "UPDATE access_head SET n = 0"),
        LogFlaw.CUT,
        "access",
    ),
    "a note removed": (lambda p: p.sql("DELETE FROM note"), LogFlaw.REMOVED, "note"),
    "whose note": (lambda p: p.sql("UPDATE note SET actor_id = 'otra'"), LogFlaw.FACTS, "note"),
    "why a release": (lambda p: p.sql(RELEASE_NOTE), LogFlaw.FACTS, "release"),
    "a release removed": (lambda p: p.sql("DELETE FROM release"), LogFlaw.REMOVED, "release"),
    "a file of a release": (
        lambda p: p.sql("UPDATE release_file SET sha256 = 'otra'"),
        LogFlaw.REWRITTEN,
        "release",
    ),
    "what a file holds": (
        lambda p: p.sql("UPDATE file_content SET content = ''"),
        LogFlaw.CONTENT,
        "release",
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_what_is_done_behind_the_log_is_found_and_named(place: Place, name: str) -> None:
    attack, what, kind = ATTACKS[name]
    attack(place)
    assert {(fault.what, fault.kind) for fault in place.faults()} == {(what, kind)}


#: Of what stands beside the journal of a case: its tasks, what they wait for, and where its forms
#: belong.
BESIDE = {
    "whose task": "UPDATE work_item SET claimed_by = 'otra' WHERE instance_id = :i AND state = 'open'",
    "who did it": "UPDATE work_item SET closed_by = 'otra' WHERE instance_id = :i AND state = 'done'",
    "what a task says": "UPDATE work_item SET name = 'otro' WHERE instance_id = :i",
    "its place": "UPDATE work_item SET scope = 'P9' WHERE instance_id = :i",
    "when it ends": "UPDATE timer SET due = '2030-01-01 00:00:00.000000+00:00' WHERE instance_id = :i",
    "a timer removed": "DELETE FROM timer WHERE instance_id = :i",
    "what it waits for": "UPDATE subscription SET key = 'otra' WHERE instance_id = :i",
    "a subscription removed": "DELETE FROM subscription WHERE instance_id = :i",
    "a task removed": "DELETE FROM work_item WHERE instance_id = :i AND state = 'done'",
    "what a job is given": 'UPDATE job SET data = \'{"punto_id": "P9"}\' WHERE instance_id = :i',
    "a job said to be done": "UPDATE job SET state = 'done' WHERE instance_id = :i",
    "a job removed": "DELETE FROM job WHERE instance_id = :i",
    "of which task a form is": "UPDATE submission SET item_id = NULL WHERE instance_id = :i",
    "which form it is": "UPDATE submission SET form = 'otro' WHERE instance_id = :i",
    "of which version a form is": "UPDATE submission SET release = 9 WHERE instance_id = :i",
    "a state invented": "INSERT INTO snapshot (instance_id, rev, state) SELECT id, rev, head FROM instance WHERE id = :i",
}


@pytest.mark.parametrize("name", BESIDE)
def test_what_stands_beside_a_chain_is_what_the_log_saw_at_its_revision(
    db: sa.Engine, name: str
) -> None:
    place = waiting(db)
    assert place.faults() == []
    place.sql(BESIDE[name])
    assert [(fault.what, fault.kind, fault.subject) for fault in place.faults()] == [
        (LogFlaw.FACTS, "state", place.instance)
    ]


def test_that_a_job_has_begun_is_no_fault(db: sa.Engine) -> None:
    place = waiting(db)
    # as the engine does without a revision
    place.sql("UPDATE job SET done_at = created_at WHERE instance_id = :i")
    assert place.faults() == []


def test_a_case_that_went_on_is_compared_from_the_next_look_on(db: sa.Engine) -> None:
    place = waiting(db)
    place.kit.engine.instances.suspend(place.instance, actor=ADMIN, now=place.kit.now, reason=WHY)
    assert place.faults() == []
    place.look()
    place.sql(BESIDE["who did it"])
    assert [(fault.what, fault.kind) for fault in place.faults()] == [(LogFlaw.FACTS, "state")]


def test_a_value_that_was_erased_by_a_journaled_act_accuses_nobody(db: sa.Engine) -> None:
    place = waiting(db)
    place.kit.engine.instances.cancel(place.instance, actor=ADMIN, now=place.kit.now, reason=WHY)
    place.look()
    assert (
        place.kit.engine.erasures.erase_forms(
            place.instance, detail={}, actor=SYSTEM, now=place.kit.now
        )
        == 2
    )
    assert place.faults() == []
    place.look()
    assert place.faults() == []


def test_a_task_of_a_case_that_there_is_not_or_that_is_another_is_named(place: Place) -> None:
    for key, changed in (
        ("x", {"instance_id": "nadie"}),
        ("y", {"instance_id": place.instance, "case_key": "caso-2"}),
    ):
        with Session(place.kit.db) as s, s.begin():
            kept = {
                c.key: getattr(s.scalars(sa.select(Item)).first(), c.key)
                for c in sa.inspect(Item).columns
            }
            s.add(Item(**{**kept, "id": key, **changed}))
    with place.kit.engine.uow.reading_one_state() as session:
        told = {(fault.chain, fault.row) for fault in verify(session).faults}
    assert told == {
        ("instance nadie", "instance row"),
        (f"instance {place.instance}", "task of another case"),
    }


def test_a_checkpoint_that_was_signed_before_cannot_be_taken_away(place: Place) -> None:
    place.kit.engine.instances.start(
        "p", actor=ASESOR, now=place.kit.now, case_key="caso-3", data={"punto_id": "P1"}
    )
    kept = place.look()
    place.sql("DELETE FROM log_checkpoint WHERE size = 7")
    assert [(fault.what, fault.kind, fault.subject) for fault in place.faults()] == [
        (LogFlaw.REMOVED, "checkpoint", "7")
    ]
    place.sql("DELETE FROM log_checkpoint")  # the newest one, too: by what lies elsewhere
    assert (LogFlaw.REMOVED, "checkpoint", "10") in {
        (fault.what, fault.kind, fault.subject) for fault in place.faults(kept)
    }


def test_without_the_log_a_removed_case_is_not_found_and_a_cut_only_where_a_task_is_left_closed(
    place: Place,
) -> None:
    """Why there is one."""
    cut(place)
    with place.kit.engine.uow.reading_one_state() as session:
        assert [fault.what for fault in verify(session).faults] == [Flaw.TASK]
    removed(place)
    with place.kit.engine.uow.reading_one_state() as session:
        assert verify(session).faults == ()


def test_an_invented_case_is_found_even_after_a_look_took_it_in(place: Place) -> None:
    forged(place)
    place.kit.later(hours=1)
    place.look()
    assert [(fault.what, fault.subject) for fault in place.faults()] == [
        (LogFlaw.UNSEEN, "inventada")
    ]


def test_a_chain_that_went_on_from_a_cut_is_found_although_the_log_saw_it_since(
    place: Place,
) -> None:
    """What its oldest entries saw counts as much as what the newest one did."""
    instance, kit = place.instance, place.kit
    cut(place)
    place.sql("UPDATE work_item SET state = 'open' WHERE instance_id = :i AND element = 'uno'")
    with kit.engine.uow.reading() as session:
        item = session.execute(
            sa.text("SELECT id FROM work_item WHERE instance_id = :i AND element = 'uno'"),
            {"i": instance},
        ).scalar_one()
    other = kit.another_engine()
    for act in (other.items.claim, other.items.release, other.items.claim):
        act(item, actor=ASESOR, now=kit.now)
    place.look()
    assert place.report().entries == 10
    assert [(fault.what, fault.subject) for fault in place.faults()] == [
        (LogFlaw.REWRITTEN, instance)
    ]


def test_one_that_is_broken_hides_no_other(place: Place) -> None:
    for name in ("who looked", "a note removed", "what a file holds", "the newest row cut off"):
        ATTACKS[name][0](place)
    assert {fault.what for fault in place.faults()} == {
        LogFlaw.REWRITTEN,
        LogFlaw.REMOVED,
        LogFlaw.CONTENT,
        LogFlaw.CUT,
    }


#: What SQLite keeps in a column of another type, and its driver or ours may be unable to read.
UNREADABLE = {
    "a moment": (
        "UPDATE instance SET started_at = 'ayer' WHERE case_key = 'caso-1'",
        LogFlaw.FACTS,
    ),
    "a revision": ("UPDATE instance SET rev = 'dos' WHERE case_key = 'caso-1'", LogFlaw.CUT),
    "a head": ("UPDATE journal SET hash = 'texto' WHERE instance_id = :i", LogFlaw.REWRITTEN),
    "a text": (
        "UPDATE instance SET status = CAST(x'ff' AS TEXT) WHERE case_key = 'caso-1'",
        LogFlaw.FACTS,
    ),
    "a note": ("UPDATE note SET at = 12", LogFlaw.FACTS),
    "a day": ("UPDATE access_head SET n = 'uno'", LogFlaw.CUT),
    "a release": ("UPDATE release SET at = x'00'", LogFlaw.FACTS),
    "a file": ("UPDATE file_content SET content = 'texto'", LogFlaw.CONTENT),
    "an entry": ("UPDATE log_entry SET head = 'texto' WHERE n = 0", LogFlaw.TREE),
    "a checkpoint": ("UPDATE log_checkpoint SET at = 'ayer'", LogFlaw.SIGNATURE),
    "a size": ("UPDATE log_checkpoint SET size = -1", LogFlaw.SIGNATURE),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_a_column_cannot_hold_is_a_fault_and_hides_no_other(
    sqlite_url: str, name: str
) -> None:
    db = sa.create_engine(sqlite_url)
    prepare(db)
    place, (order, what) = a_place(db), UNREADABLE[name]
    place.sql(order, *(() if "note" in order else ("DELETE FROM note",)))
    found = {fault.what for fault in place.faults()}
    assert what in found
    assert "note" in order or LogFlaw.REMOVED in found
    place.look()  # a look takes what is there, whatever it is
    db.dispose()


LOG_ATTACKS = {
    "an entry changed": ("UPDATE log_entry SET rev = rev + 1 WHERE n = 0", LogFlaw.TREE),
    "an entry removed": ("DELETE FROM log_entry WHERE n = 0", LogFlaw.GAP),
    "the last entry removed": ("DELETE FROM log_entry WHERE n = 6", LogFlaw.ROLLED_BACK),
    "another note": ("UPDATE log_checkpoint SET note = replace(note, '5', '6')", LogFlaw.SIGNATURE),
    "another size": ("UPDATE log_checkpoint SET size = 4", LogFlaw.SIGNATURE),
    "the edge from which it grows": (
        "UPDATE log_checkpoint SET edge = (SELECT head FROM log_entry WHERE n = 0)",
        LogFlaw.FACTS,
    ),
}


@pytest.mark.parametrize("name", LOG_ATTACKS)
def test_the_log_itself_is_checked_against_what_was_signed(place: Place, name: str) -> None:
    order, what = LOG_ATTACKS[name]
    place.sql(order)
    assert what in {fault.what for fault in place.faults()}


def test_a_log_that_is_made_anew_is_told_from_the_one_whose_checkpoint_lies_elsewhere(
    place: Place,
) -> None:
    kept = place.note
    cut(place)
    place.sql("DELETE FROM log_entry", "DELETE FROM log_checkpoint")
    place.look()  # by whoever holds the key, even
    assert place.faults() == []
    assert {fault.what for fault in place.faults(kept)} == {LogFlaw.TREE}


def test_a_database_of_before_is_told_by_a_checkpoint_that_lies_elsewhere(place: Place) -> None:
    place.kit.engine.instances.start(
        "p", actor=ASESOR, now=place.kit.now, case_key="caso-3", data={"punto_id": "P1"}
    )
    kept = place.look()
    place.sql("DELETE FROM log_checkpoint WHERE size = 10", "DELETE FROM log_entry WHERE n > 6")
    assert place.faults() == []
    assert [(fault.what, fault.subject) for fault in place.faults(kept)] == [
        (LogFlaw.ROLLED_BACK, "10")
    ]


def test_the_time_of_a_checkpoint_is_signed_and_both_keys_must_sign(place: Place) -> None:
    tree = KEYS.checkpoint(place.note)
    assert tree.at == int(place.kit.now.timestamp())
    place.sql("UPDATE log_checkpoint SET at = '2020-01-01 00:00:00.000000'")
    assert {fault.what for fault in place.faults()} == {LogFlaw.SIGNATURE}
    text, _, lines = place.note.rpartition("\n\n")
    for line in lines.splitlines():  # with one of its two signatures
        assert {fault.what for fault in place.faults(f"{text}\n\n{line}\n")} == {LogFlaw.SIGNATURE}


def test_a_key_that_was_replaced_holds_up_to_what_it_signed(place: Place) -> None:
    new = [Signer.new(SIGNER.name, kind) for kind in (notes.ED25519, notes.MLDSA44)]
    old, size = place.note, place.report().covered
    ring = Keyring(tuple(signer.verifier for signer in new), ((size, KEYS.current),))
    place.kit.engine.instances.start(
        "p", actor=ASESOR, now=place.kit.now, case_key="caso-3", data={"punto_id": "P1"}
    )
    fresh = place.kit.engine.evidence.checkpoint(new, now=place.kit.now)
    late = notes.sign(fresh.rpartition("\n\n")[0] + "\n", SIGNERS, 0)  # who found the old key later
    early = notes.sign(old.rpartition("\n\n")[0] + "\n", new, 0)
    with place.kit.engine.uow.reading_one_state() as session:
        assert verify_log(session, ring, [old, fresh]).faults == ()
        for forged in (late, early):
            assert [fault.what for fault in verify_log(session, ring, [forged]).faults] == [
                LogFlaw.SIGNATURE
            ]


def test_a_tree_that_another_key_signed_is_refused(place: Place) -> None:
    forged_note = notes.sign(place.note.partition("\n\n")[0] + "\n", [OTHER], 0)
    assert {fault.what for fault in place.faults(forged_note)} == {LogFlaw.SIGNATURE}


def test_two_who_look_at_once_make_one_log(place: Place) -> None:
    place.kit.engine.instances.start(
        "p", actor=ASESOR, now=place.kit.now, case_key="caso-3", data={"punto_id": "P1"}
    )
    other = place.kit.another_engine()
    told = [
        engine.evidence.try_checkpoint(SIGNERS, now=place.kit.now)
        for engine in (place.kit.engine, other)
    ]
    assert told[0] == told[1]
    report = place.report()
    assert (report.faults, report.entries, report.checkpoints) == ((), 10, 2)


def test_the_proof_of_a_case_opens_with_the_key_alone(place: Place) -> None:
    with place.kit.engine.uow.reading_one_state() as session:
        ((instance, text),) = proofs(session, "caso-1")
        assert proofs(session, "no-existe") == []
    proven = notes.read_proof(text, [SIGNER.verifier])
    assert instance == place.instance
    assert proven.checkpoint.size == 7
    with Session(place.kit.db) as s:
        row = s.get_one(Instance, instance)
        assert f'"{row.id}",{row.rev},"{bytes(row.head).hex()}"'.encode() in proven.entry


def test_many_are_taken_in_several_transactions(
    db: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.commands.evidence.BLOCK", 3)
    kit = Kit(db)
    kit.deploy(p=tres_pasos())
    for n in range(8):
        kit.engine.instances.start(
            "p", actor=ASESOR, now=kit.now, case_key=f"caso-{n}", data={"punto_id": "P1"}
        )
    place = Place(kit)
    place.look()
    assert (place.report().faults, place.report().entries) == ((), 18)  # the release and a day, too


def go_on(place: Place, case: str) -> str:
    """The open task of the case is done; its instance."""
    with place.kit.db.connect() as c:
        found = c.execute(
            sa.text("SELECT id, instance_id FROM work_item WHERE state = 'open' AND case_key = :c"),
            {"c": case},
        ).one()
    place.kit.engine.items.complete(found.id, values={"b": "más"}, actor=ASESOR, now=place.kit.now)
    return str(found.instance_id)


def test_a_check_of_what_is_new_goes_on_from_the_one_before(place: Place) -> None:
    checked = place.report().checked
    assert checked.size == 7
    report, chains = place.new(checked)
    assert (report.faults, chains, report.checked, report.checkpoints) == ((), (), checked, 1)
    go_on(place, "caso-1")
    place.kit.engine.notes.add("caso-1", "Otra nota", actor=ASESOR, now=place.kit.now, kind="nota")
    place.kit.engine.log_access(FUNCIONARIA, "consulta_caso", "caso-1", now=place.kit.now)
    place.look()
    report, chains = place.new(checked)
    assert (report.faults, chains) == ((), ())
    assert report.checked == place.report().checked
    assert report.entries == report.covered == 12


NEW = {
    "its journal": (
        "UPDATE journal SET actor_id = 'otro' WHERE rev = 3 AND instance_id = :i",
        Flaw.EDITED,
    ),
    "its head, too": (
        "UPDATE instance SET head = (SELECT hash FROM journal WHERE instance_id = :i AND rev = 2) WHERE id = :i",
        Flaw.EDITED,
    ),
    "its row": ("UPDATE instance SET status = 'ended' WHERE id = :i", LogFlaw.FACTS),
    "its task": (
        "UPDATE work_item SET claimed_by = 'otro' WHERE state = 'open' AND instance_id = :i",
        LogFlaw.FACTS,
    ),
    "its entry": ("UPDATE log_entry SET rev = 9 WHERE n = 7", LogFlaw.TREE),
    "all entries behind": ("DELETE FROM log_entry WHERE n > 6", LogFlaw.ROLLED_BACK),
    "entries that were checked": ("DELETE FROM log_entry WHERE n > 4", LogFlaw.ROLLED_BACK),
    "the last access": ("DELETE FROM access WHERE n = (SELECT max(n) FROM access)", LogFlaw.CUT),
}


@pytest.mark.parametrize("what", NEW)
def test_a_check_of_what_is_new_names_what_is_done_to_that(place: Place, what: str) -> None:
    checked = place.report().checked
    go_on(place, "caso-1")
    place.kit.engine.log_access(FUNCIONARIA, "consulta_caso", "caso-1", now=place.kit.now)
    place.look()
    order, flaw = NEW[what]
    place.sql(order)
    report, chains = place.new(checked)
    assert flaw in {fault.what for fault in (*report.faults, *chains)}


def test_what_was_checked_before_is_found_by_a_check_of_everything_alone(place: Place) -> None:
    """Said in docs/evidence.md: hence everything, at night."""
    checked = place.report().checked
    place.sql("UPDATE instance SET status = 'ended' WHERE case_key = 'caso-2'")
    go_on(place, "caso-1")
    place.look()
    report, chains = place.new(checked)
    assert (report.faults, chains) == ((), ())
    assert [fault.what for fault in place.report().faults] == [LogFlaw.FACTS]
    assert [fault.what for fault in place.new(ALL)[0].faults] == [LogFlaw.FACTS]


def test_a_case_that_was_entered_behind_the_check_is_named(place: Place) -> None:
    """Another than the log saw, and older than its look."""
    checked = place.report().checked
    place.sql(
        "INSERT INTO instance (id, case_key, process, release, status, start_key, rev, head, started_at)"
        " SELECT 'inventada', 'caso-9', process, release, status, 'otra', rev, head, '2026-01-05 10:00:00' FROM instance WHERE id = :i"
    )
    assert LogFlaw.UNSEEN in {fault.what for fault in place.new(checked)[0].faults}
