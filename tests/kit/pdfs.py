"""What a document of ours must be: tagged, PDF/UA-1 and PDF/A-3a, with its data attached; by its
structure, and by veraPDF where it is.

VERAPDF is the jar of org.verapdf.apps:greenfield-apps, as `make verapdf` sets it; without it the
structure is what is asserted.
"""

import io
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from tools import mensajes
from tools.assets import run

PROFILES = ("3a", "ua1")
SPANISH = re.compile(
    r"[áéíóúñ¿¡]|\b(de|del|el|la|las|los|que|por|para|con|una|se|su|en|no|sin)\b", re.IGNORECASE
)


def assert_document(
    content: bytes, tmp_path: Path, *, contents: bool = True, language: str = "es-CO"
) -> PdfReader:
    """Raises AssertionError; gives the reader for what a test asks more. `contents`: it has a list
    of its chapters."""
    reader = PdfReader(io.BytesIO(content))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"] is not False
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert reader.metadata is not None
    assert reader.metadata.title
    xmp = root["/Metadata"].get_data().decode()
    for part in ("pdfaid:part>3<", "pdfaid:conformance>A<", "pdfuaid:part>1<"):
        assert part in xmp, part
    tags = [(node.get("/S"), node) for node in structure(root["/StructTreeRoot"])]
    kinds = [kind for kind, _node in tags]
    assert {"/H1", "/Table", "/TH", "/TD", *(["/TOC"] if contents else [])} <= {
        str(k) for k in kinds
    }, kinds
    figures = [node for kind, node in tags if kind == "/Figure"]
    assert all(str(node.get("/Alt", "")) for node in figures), "a chart says in words what it shows"
    assert all(font_is_embedded(f) for f in fonts(reader)), "on any machine the same letters"
    if verapdf := _verapdf():
        file = tmp_path / "documento.pdf"
        file.write_bytes(content)
        for profile in PROFILES:
            done = run(
                [*verapdf, "-f", profile, "--format", "text", "-v", str(file)],
                capture_output=True,
                text=True,
            )
            assert done.stdout.startswith("PASS"), done.stdout + done.stderr
    return reader


def spanish_left(text: str, data: str = "") -> list[str]:
    """What a document in English still says in Spanish: sentences of ours, or parts between their
    values, of 14 letters and more. `data`: names and what people wrote, which stay as they are."""
    joined, kept = _joined(text), _joined(data)
    parts = {
        part
        for said in mensajes.catalogue("en")
        for one in ([said] if isinstance(said, str) else said)
        for part in _parts(one)
    }
    return sorted(part for part in parts if part in joined and part not in kept)


def _parts(sentence: str) -> Iterator[str]:
    """Only those that are Spanish for sure."""
    for part in mensajes.PLACEHOLDER.split(sentence):
        if len(_joined(part)) >= 14 and SPANISH.search(part):
            yield _joined(part)


def _joined(text: str) -> str:
    """A word may be parted at the end of its line."""
    return re.sub("[\\s\u00ad\u2010-]", "", text)


def attached(reader: PdfReader) -> dict[str, str]:
    """Name → text of each associated file of the document."""
    root: Any = reader.trailer["/Root"]
    found = {}
    for spec in (f.get_object() for f in root["/AF"]):
        assert spec["/AFRelationship"] == "/Data"
        found[str(spec["/UF"])] = spec["/EF"]["/F"].get_data().decode("utf-8")
    return found


def pages(reader: PdfReader) -> list[str]:
    """The text of each, in one line."""
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def structure(node: Any) -> Iterator[DictionaryObject]:
    node = node.get_object()
    if isinstance(node, ArrayObject):
        for child in node:
            yield from structure(child)
    elif isinstance(node, DictionaryObject):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from structure(node["/K"])


def fonts(reader: PdfReader) -> Iterator[Any]:
    for page in reader.pages:
        for font in page.get("/Resources", {}).get("/Font", {}).values():
            yield font.get_object()


def font_is_embedded(font: Any) -> bool:
    inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
    if font["/Subtype"] == "/Type3":
        return True
    return bool(
        {"/FontFile", "/FontFile2", "/FontFile3"} & set(inner["/FontDescriptor"].get_object())
    )


def _verapdf() -> list[str]:
    """Whoever asks for it gets it: a jar that is not there is no reason to say that all is well."""
    jar, java = os.environ.get("VERAPDF", ""), shutil.which("java")
    if not jar:
        return []
    assert java, "VERAPDF is set, and there is no Java"
    assert Path(jar).is_file(), jar
    return [java, "-cp", jar, "org.verapdf.apps.GreenfieldCliWrapper"]
