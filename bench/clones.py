"""Cases that the engine ran, copied with new ids: each copy has chains, digests and salts of its
own, made by the engine's functions.

A template is every row of one case. Texts are cut once at what differs from case to case (ids,
numbers, instants), so that a copy is a matter of joining pieces. Nothing is invented: columns,
element ids, revisions and sizes are those that the engine wrote.
"""

import datetime as dt
import hashlib
import re
import secrets
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

import orjson
import sqlalchemy as sa

from engine.store import chain, tables as engine_tables
from records.base.tablas import Base as Records

#: Rows of a visit and its case; their ids move by one distance, those of people by another.
OF_CASES = (
    "turno",
    "turno_periodo",
    "atencion",
    "orientacion",
    "charla",
    "charla_asistente",
    "calificacion",
    "enlace_calificacion",
    "consulta_legado",
    "caso",
    "caso_estado",
    "plazo",
    "escalonamiento",
    "suspension",
    "prorroga",
    "prorroga_pedida",
    "investigacion",
    "respuesta",
    "aviso",
    "incumplimiento",
    "no_conformidad",
    "escrito",
    "poder",
)
OF_PEOPLE = ("persona", "persona_palabra", "contacto", "consentimiento", "servicio_adquirido")
OF_ENGINE = (
    "instance",
    "journal",
    "submission",
    "work_item",
    "timer",
    "subscription",
    "outbox",
    "job",
    "snapshot",
)
PEOPLE_KEYS = {"persona_id", "servicio_id", "apoderado_id", "titular_id"}
INSTANCE_ID = 21  # characters
FIRST_DOCUMENT = 1_000_000_000
VISITS_OF_A_PERSON = 10
DAYS = 1_000  # over which copies are spread, back in time
_INSTANT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?\+00:00"
Value = Any
Slot = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Copy:
    """Which copy: distances of ids, days back, and the number that keeps texts unique."""

    number: int
    cases: int
    people: int
    back: dt.timedelta
    radicados: int


@dataclass(slots=True)
class Row:
    base: list[Value]
    # column, text with gaps, what fills them
    moves: list[tuple[int, str | None, Callable[[Sequence[Value]], Any]]]

    def copy(self, values: Sequence[Value]) -> list[Value]:
        out = self.base.copy()
        for column, text, get in self.moves:
            out[column] = get(values) if text is None else text % get(values)
        return out


@dataclass(slots=True)
class Template:
    """A case, or the people of all templates (`key` "")."""

    key: str
    instances: int
    active: int = 0
    slots: list[Slot] = field(default_factory=list)
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    instants: list[dt.datetime] = field(default_factory=list)
    _known: dict[Slot, int] = field(default_factory=dict)

    def slot(self, kind: str, value: Any) -> int:
        place = self._known.get((kind, value))
        if place is None:
            place = self._known[kind, value] = len(self.slots)
            self.slots.append((kind, value))
        return place


class Texts:
    """Finds what differs from case to case in the texts of one case."""

    _find = re.compile(
        rf'(?P<name>\b(?:[0-9a-f]{{21}}|[0-9a-f]{{16}})\b)|(?P<instant>{_INSTANT})|(?P<radicado>\b\d{{4}}-\d{{7}}\b)|"(?P<var>\w+_id)":(?P<number>\d+)'
        r'|"(?:key|visita_anterior)":"(?:\w+:)?(?P<key>\d+)"|"ficha":"(?P<ficha>[A-Z]\d+)"|"asistentes":\[(?P<turns>[\d,]+)\]'
        r"|\b(?P<document>\d{10})\b"
    )

    def __init__(self, names: Collection[str], documents: Collection[str]) -> None:
        self._names, self._documents = frozenset(names), frozenset(documents)

    def cut(self, text: str, template: Template) -> tuple[str, list[int]]:
        pieces, places, end = [], [], 0
        for found in self._find.finditer(text):
            group = found.lastgroup or ""
            begin, stop = found.span(group)
            for kind, value, at in self._slots(group, found.group(group), found, begin):
                pieces.append(text[end:at].replace("%", "%%"))
                places.append(template.slot(kind, value))
                end = at + len(str(value))
            end = max(end, stop)
        return "%s".join([*pieces, text[end:].replace("%", "%%")]), places

    def _slots(
        self, group: str, value: str, found: re.Match[str], begin: int
    ) -> Iterator[tuple[str, Any, int]]:
        if group in ("name", "document"):
            if value in (self._names if group == "name" else self._documents):
                yield group, value, begin
        elif group == "number":
            yield ("person" if found.group("var") in PEOPLE_KEYS else "case"), int(value), begin
        elif group == "key":
            yield "case", int(value), begin
        elif group == "turns":
            for each in re.finditer(r"\d+", value):
                yield "case", int(each.group()), begin + each.start()
        else:
            yield group, value, begin


class Filler:
    """The values of the slots of a template for one copy, as the database wants them."""

    def __init__(self, documents: Sequence[str], *, text_instants: bool) -> None:
        self._documents = {document: n for n, document in enumerate(documents)}
        self._text = text_instants

    def values(self, template: Template, copy: Copy) -> list[Value]:
        made: dict[str, str] = {}
        return [self._value(kind, value, copy, made) for kind, value in template.slots]

    def _value(self, kind: str, value: Any, copy: Copy, made: dict[str, str]) -> Value:
        if kind == "case":
            return value + copy.cases
        if kind == "person":
            return value + copy.people
        if kind == "at":
            return self.stored(value - copy.back)
        if kind == "name":
            return made.setdefault(value, _new_name(value, copy.number))
        if kind == "instant":
            return (dt.datetime.fromisoformat(value) - copy.back).isoformat()
        if kind == "radicado":
            return f"{value[:5]}{int(value[5:]) + copy.radicados:07d}"
        if kind == "document":
            return str(FIRST_DOCUMENT + copy.people + self._documents[value])
        if kind == "ficha":
            return f"{value[0]}{int(value[1:]) + 1000 * copy.number:03d}"
        if kind == "day":
            return (value - copy.back).isoformat() if self._text else value - copy.back
        return hashlib.sha256(f"{value}:{copy.number}".encode()).hexdigest()  # a hash of a token

    def stored(self, at: dt.datetime) -> Value:
        return (
            at.astimezone(dt.UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
            if self._text
            else at
        )


def _new_name(name: str, number: int) -> str:
    """Ids of instances sort by the time of their making (`engine.commands.starts.new_id`), prefixes
    of tasks do not."""
    if len(name) < INSTANCE_ID:
        return secrets.token_hex(8)
    return f"{int(name[:11], 16) + 1000 * number:011x}{secrets.token_hex(5)}"


TABLES: dict[str, sa.Table] = {
    **{name: Records.metadata.tables[name] for name in (*OF_PEOPLE, *OF_CASES)},
    **{name: engine_tables.Base.metadata.tables[name] for name in OF_ENGINE},
}
COLUMNS = {name: [c.name for c in table.columns] for name, table in TABLES.items()}
_PLACE = {
    name: {column: n for n, column in enumerate(columns)} for name, columns in COLUMNS.items()
}


def read(connection: sa.Connection) -> tuple[Template, list[Template], list[str]]:
    """The people, the cases and the documents of the people: what the engine and the records wrote
    until now."""
    rows = {
        name: [tuple(r) for r in connection.execute(sa.select(table).order_by(*table.primary_key))]
        for name, table in TABLES.items()
    }
    cases = _cases(rows)
    used = {r[_PLACE["turno"]["persona_id"]] for r in rows["turno"]} | {
        r[_PLACE["caso"]["persona_id"]] for r in rows["caso"]
    }
    used |= {
        r[_PLACE["atencion"][c]] for r in rows["atencion"] for c in ("persona_id", "apoderado_id")
    }
    used |= {r[_PLACE["escrito"]["persona_id"]] for r in rows["escrito"]}
    people = Template("", 0)
    persons = [r for r in rows["persona"] if r[0] in used]
    documents = sorted(r[_PLACE["persona"]["num_doc"]] for r in persons)
    maker = _Maker(connection.dialect, Texts((), documents))
    for name in OF_PEOPLE:
        owner = _PLACE[name]["id" if name == "persona" else "persona_id"]
        people.rows[name] = [maker.row(name, r, people) for r in rows[name] if r[owner] in used]
    templates, letters = [], _with_letter(connection)
    for key, of_case in sorted(cases.items()):
        if key in letters:
            continue
        instances = of_case["instance"]
        names = (
            {r[0] for r in instances}
            | {key}
            | {
                str(r[0]).split("-", 1)[0]
                for t in ("work_item", "timer", "job")
                for r in of_case[t]
            }
        )
        names |= {
            orjson.loads(r[_PLACE["journal"]["delta"]])["p"]
            for r in of_case["journal"]
            if r[1] == 1
        }
        template = Template(
            key,
            len(instances),
            sum(r[_PLACE["instance"]["status"]] != "finished" for r in instances),
        )
        maker = _Maker(connection.dialect, Texts(names, documents))
        for name, found in of_case.items():
            template.rows[name] = [maker.row(name, r, template) for r in found]
        templates.append(template)
    return people, templates, documents


def _cases(rows: dict[str, list[tuple[Any, ...]]]) -> dict[str, dict[str, list[tuple[Any, ...]]]]:
    """Rows by case: by their case key, their instance, or the turn or case that they belong to."""
    cases: dict[str, dict[str, list[tuple[Any, ...]]]] = defaultdict(lambda: defaultdict(list))
    of_instance = {r[0]: r[_PLACE["instance"]["case_key"]] for r in rows["instance"]}
    of_turn = {r[0]: r[_PLACE["turno"]["case_key"]] for r in rows["turno"]}
    of_caso = {r[0]: r[_PLACE["caso"]["case_key"]] for r in rows["caso"]}
    of_charla = {
        r[_PLACE["charla_asistente"]["charla_id"]]: of_turn[
            r[_PLACE["charla_asistente"]["turno_id"]]
        ]
        for r in rows["charla_asistente"]
    }
    for name in (*OF_ENGINE, *OF_CASES):
        place = _PLACE[name]
        for row in rows[name]:
            key = (
                (row[place["case_key"]] if "case_key" in place else None)
                or (of_instance.get(row[place["instance_id"]]) if "instance_id" in place else None)
                or (of_turn.get(row[place["turno_id"]]) if "turno_id" in place else None)
                or (of_caso.get(row[place["caso_id"]]) if "caso_id" in place else None)
                or (of_charla.get(row[0]) if name == "charla" else None)
            )
            if key in of_instance.values() or key in cases or name == "instance":
                cases[str(key)][name].append(row)
    return {key: of_case for key, of_case in cases.items() if not _by_calendar(of_case["instance"])}


def _with_letter(connection: sa.Connection) -> set[str]:
    """Cases with a signed letter: its guide is of no other, and its archive has the hash of what it
    holds. They have no copies."""
    caso, firma = Records.metadata.tables["caso"], Records.metadata.tables["firma"]
    return set(
        connection.scalars(sa.select(caso.c.case_key).join(firma, firma.c.caso_id == caso.c.id))
    )


def _by_calendar(instances: Sequence[tuple[Any, ...]]) -> bool:
    """What a schedule started, or a system that fell, belongs to nobody, and starts once for each
    occurrence: it has no copies."""
    return any(
        re.match(r"(\w+:)?\d{4}-\d\d-\d\dT", r[_PLACE["instance"]["start_key"]] or "")
        for r in instances
    )


class _Maker:
    """Makes a row of a template: what of it moves, and how."""

    def __init__(self, dialect: sa.Dialect, texts: Texts) -> None:
        self._dialect = dialect
        self._texts = texts

    def row(self, name: str, values: Sequence[Any], template: Template) -> Row:
        row = Row([], [])
        for n, (column, value) in enumerate(zip(TABLES[name].columns, values, strict=True)):
            slot = self._moved(name, column, value)
            if slot is not None:
                row.base.append(None)
                row.moves.append((n, None, itemgetter(template.slot(*slot))))
                continue
            process = column.type.dialect_impl(self._dialect).bind_processor(self._dialect)
            stored = value if process is None or isinstance(value, bytes) else process(value)
            row.base.append(stored)
            self._cut(row, n, name, column, stored, template)
        return row

    @staticmethod
    def _moved(name: str, column: sa.Column[Any], value: Any) -> Slot | None:
        if value is None:
            return None
        if isinstance(value, dt.datetime):
            return "at", value
        if name == "turno" and column.name == "fecha":
            return "day", value
        if column.name == "token_hash":
            return "hash", value
        if column.name == "num_doc":
            return ("document", value) if name == "persona" else None
        target = next(
            (key.column.table.name for key in column.foreign_keys),
            name if column.name == "id" else "",
        )
        if isinstance(value, int) and (target in OF_CASES or target == "outbox"):
            return "case", value
        return ("person", value) if isinstance(value, int) and target in OF_PEOPLE else None

    def _cut(
        self, row: Row, n: int, name: str, column: sa.Column[Any], stored: Any, template: Template
    ) -> None:
        binary = name in ("journal", "snapshot") and column.name in ("delta", "state")
        text = bytes(stored).decode() if binary and stored else stored
        if not isinstance(text, str) or not text:
            return
        if column.name == "ficha":
            match = re.fullmatch(r"[A-Z]\d+", text)
            cut, places = ("%s", [template.slot("ficha", text)]) if match else (text, [])
        elif column.name == "clave":
            cut, places = self._key(text, template)
        elif column.name in ("key", "start_key") and (
            number := re.fullmatch(r"(\w+:)?(\d+)", text)
        ):
            cut, places = (
                f"{number.group(1) or ''}%s",
                [template.slot("case", int(number.group(2)))],
            )
        else:
            cut, places = self._texts.cut(text, template)
        if places:
            row.moves.append((n, cut, itemgetter(*places)))

    @staticmethod
    def _key(text: str, template: Template) -> tuple[str, list[int]]:
        """`asignado:17:1` of a notice, `17:1464:cctex` of a query."""
        query = re.fullmatch(r"(\d+):(\d+):(\w+)", text)
        if query:
            return f"%s:%s:{query[3]}", [
                template.slot("case", int(query[1])),
                template.slot("person", int(query[2])),
            ]
        notice = re.fullmatch(r"(\w+):(\d+)(.*)", text, re.DOTALL)
        if notice is None:
            return text, []
        return f"{notice[1]}:%s{notice[3].replace('%', '%%')}", [
            template.slot("case", int(notice[2]))
        ]


# --- copies ---------------------------------------------------------------------------------------
Rows = dict[str, list[list[Value]]]


def copy_case(template: Template, values: Sequence[Value], copy: Copy, into: Rows) -> None:
    """The rows of one copy; journals get their chain, forms their salt and digest."""
    for name, rows in template.rows.items():
        if name not in ("journal", "submission", "instance", "snapshot"):
            into[name].extend([row.copy(values) for row in rows])
    digests = {}
    for row in template.rows["submission"]:
        made = row.copy(values)
        place = _PLACE["submission"]
        salt = made[place["salt"]] = chain.new_salt()
        digests[made[0], made[1]] = chain.values_digest(
            salt, orjson.loads(made[place["form_values"]])
        )
        into["submission"].append(made)
    states = {}
    for row in template.rows["snapshot"]:
        made = row.copy(values)
        made[2] = made[2].encode()
        states[made[0], made[1]] = chain.sha256(made[2]).hex()
        into["snapshot"].append(made)
    heads = _journals(template, values, copy, into, digests, states)
    for row in template.rows["instance"]:
        made = row.copy(values)
        made[_PLACE["instance"]["head"]] = heads[made[0]]
        into["instance"].append(made)


def _journals(
    template: Template,
    values: Sequence[Value],
    copy: Copy,
    into: Rows,
    digests: dict[Any, bytes],
    states: dict[Any, str],
) -> dict[str, bytes]:
    heads: dict[str, bytes] = {}
    out = into["journal"]
    for row, at in zip(template.rows["journal"], _instants(template), strict=True):
        made = row.copy(values)
        instance, rev, _, actor_kind, actor_id, kind, element, detail_text, delta = made[:9]
        detail = orjson.loads(detail_text)
        if (instance, rev) in states:
            detail["snapshot"] = states[instance, rev]
            made[7] = orjson.dumps(detail).decode()
        made[8] = delta.encode() if isinstance(delta, str) else delta
        made[9] = digest = digests.get((instance, rev))
        made[10] = prev = heads.get(instance, chain.START)
        made[11] = heads[instance] = chain.journal_hash(
            prev,
            instance_id=instance,
            rev=rev,
            at=at - copy.back,
            actor_kind=actor_kind,
            actor_id=actor_id,
            kind=kind,
            element=element,
            detail=detail,
            delta=made[8],
            digest=digest,
        )
        out.append(made)
    return heads


def _instants(template: Template) -> list[dt.datetime]:
    """`at` of each journal row of the template."""
    if not template.instants:
        moments = [value for _, value in template.slots]
        for row in template.rows["journal"]:
            place = next(
                get
                for column, text, get in row.moves
                if column == _PLACE["journal"]["at"] and text is None
            )
            template.instants.append(place(moments))
    return template.instants
