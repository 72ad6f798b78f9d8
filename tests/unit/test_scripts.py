"""No script of ours lets a word from outside reach the prototype that all objects share: what is
kept by such a word is kept in a Map.

`{}` as a table answers for "constructor" and "__proto__", too, and what is written under such a key
changes every object of the page.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
SCRIPTS: Final = sorted(
    [
        *(ROOT / "webforms" / "static" / "js").glob("*.js"),
        *(ROOT / "webforms" / "assets").rglob("*.js"),
    ]
)
#: A key between brackets that is no number and no text.
_KEY: Final = r"\[(?!\s*[\d\"'`\]])[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\]"
RULES: Final = {
    "writes under a key that is worked out": re.compile(
        rf"[\w)\]]{_KEY}(?:\.\w+)*\s*(?:[-+*/%|&?]{{1,2}})?=(?![=>])"
    ),
    "looks with `in`, which asks the prototype, too": re.compile(r"[\w)\]]\s+in\s+[\w(]"),
    "copies whatever it is given into an object": re.compile(
        r"Object\.assign\(\s*(?:\{|[\w.]+\s*,\s*(?:JSON|await\b|\.\.\.))"
    ),
    "touches a prototype": re.compile(
        r"__proto__|setPrototypeOf|\.prototype\.\w+\s*=|\bprototype\s*="
    ),
}
TAKES: Final = "takes a value out of what was read, under a key that is worked out"
_READ: Final = re.compile(
    r"(?:const|let)\s+(?:(\w+)|\{([^}]*)\})\s*=\s*(?!new Map\b)[^;]*(?:JSON\.parse\(|\.json\(\))"
)
#: Elements of lists, by their place, and properties of an element of the page by the names of ours.
ALLOWED: Final = {
    ("hoja.js", "duenas[i] ??= nueva;"),
    ("hoja.js", "duenas[i + 1] = nueva;"),
    ("hoja.js", "duenas[k] ??= suya ?? undefined;"),
    ("viewer.js", "if (punta) linea.style[donde] = `url(#${punta}-papel-${n})`;"),
}


def faults(name: str, script: str) -> Iterator[tuple[int, str]]:
    """(line, which rule) of each place that is not allowed."""
    code = re.sub(
        r"/\*.*?\*/|(?<![:\"'`\\])//[^\n]*",
        lambda found: "\n" * found[0].count("\n"),
        script,
        flags=re.DOTALL,
    )
    read = {
        word.strip()
        for one, several in _READ.findall(code)
        for word in (one, *several.split(","))
        if word.strip()
    }
    taken = (
        re.compile(rf"\b(?:{'|'.join(map(re.escape, read))})(?:\??\.\w+)*{_KEY}") if read else None
    )
    for number, line in enumerate(code.splitlines(), start=1):
        if (name, line.strip()) in ALLOWED:
            continue
        words = re.sub(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'", '""', line)
        yield from ((number, rule) for rule, pattern in RULES.items() if pattern.search(words))
        if taken is not None and taken.search(words):
            yield number, TAKES


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_no_script_uses_an_object_as_a_table_of_words_from_outside(script: Path) -> None:
    assert [(script.name, *fault) for fault in faults(script.name, script.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    "line",
    [
        "values[name] = value;",
        "(values[name] ??= []).push(value);",
        "tables[row][column] = 1;",
        "tree[part].leaf = 1;",
        "counts[word] += 1;",
        "if (id in tasks) say(id);",
        "for (const key in given) copy(key);",
        "const words = Object.assign({}, JSON.parse(text));",
        "Object.assign(settings, JSON.parse(text));",
        "Object.assign(settings, await answer.json());",
        "settings.__proto__ = other;",
        "Array.prototype.last = last;",
        "const given = JSON.parse(text);\nsay(given[word]);",
        "const given = await answer.json();\nsay(given.tasks[id]);",
        "const { tasks, total } = await answer.json();\nsay(tasks[id]);",
    ],
)
def test_what_pollutes_is_found(line: str) -> None:
    assert list(faults("any.js", line))


@pytest.mark.parametrize(
    "line",
    [
        "const [first, second] = pair;",
        "values.set(name, [...(values.get(name) ?? []), value]);",
        "const given = new Map(Object.entries(JSON.parse(text)));\nsay(given.get(word));",
        "if (list[0] === list[n]) stop();",
        "const made = { [name]: value, ...given };",
        'if ("vibrate" in navigator) navigator.vibrate(1);',
        "// written in the margin: values[name] = value",
        'say("a[b] = c, d in e");',
        'const button = Object.assign(document.createElement("button"), { type: "button" });',
    ],
)
def test_what_does_not_is_let_through(line: str) -> None:
    assert list(faults("any.js", line)) == []


def test_no_exception_outlives_its_line() -> None:
    lines = {
        (script.name, line.strip())
        for script in SCRIPTS
        for line in script.read_text("utf-8").splitlines()
    }
    assert ALLOWED - lines == set()


#: What a browser keeps: (file, what) → why it may.
KEEPS: Final = {
    ("bandeja.js", "localStorage"): "whether the inbox stands still: 0 or 1",
    ("sin-red.js", "sessionStorage"): "closed by cierre.js",
    ("sesion.js", "sessionStorage"): "clears it",
    ("pagina.js", "history.replaceState"): "takes something out of the address, and gives no state",
    (
        "puerta.js",
        "history.replaceState",
    ): "takes the secret out of the address, and gives no state",
    ("visita-base.js", "indexedDB"): "closed by cierre.js before it comes here",
    ("llevado.js", "caches"): "pages, closed by cierre.js",
    ("visita-sw.js", "caches"): "files of /static, and reads the pages",
}


def test_no_script_keeps_anything_in_a_browser_but_where_it_is_closed() -> None:
    places = re.compile(
        r"\b(localStorage|sessionStorage|indexedDB|caches|document\.cookie|cookieStore|getDirectory|window\.name|history\.\w+State)\b"
    )
    found = {
        (path.name, what)
        for path in SCRIPTS
        for what in places.findall(re.sub(r"(?<!:)//[^\n]*", "", path.read_text("utf-8")))
    }
    assert found == KEEPS.keys()
