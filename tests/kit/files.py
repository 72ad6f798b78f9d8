"""Real files, honest and hostile, as people and attackers send them; each is made here, byte by
byte where a library would refuse."""

import io
import zipfile
import zlib

from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from demo.mundo import pdf as page_of_text


def pdf(*lines: str, pages: int = 1) -> bytes:
    """A PDF of so many pages that says these lines on each."""
    one = page_of_text(lines or ("Certificación de prueba",))
    return one if pages == 1 else written(*[one] * pages)


def written(*parts: bytes) -> bytes:
    writer = PdfWriter()
    for part in parts:
        writer.append(io.BytesIO(part))
    return saved(writer)


def locked(to_read: str) -> bytes:
    """Asks for this to be read, and for something else to be changed; nothing to be read when it is
    empty."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    writer.encrypt(to_read, "del dueño", algorithm="RC4-128")
    return saved(writer)


def saved(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def with_script() -> bytes:
    """Runs when it is opened."""
    return with_action("JavaScript")


def with_action(kind: str) -> bytes:
    """Does this when it is opened: Launch, SubmitForm, GoTo …"""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    action = DictionaryObject(
        {NameObject("/S"): NameObject(f"/{kind}"), NameObject("/F"): TextStringObject("calc.exe")}
    )
    if kind == "JavaScript":
        action[NameObject("/JS")] = TextStringObject("app.alert(1);")
    writer.root_object[NameObject("/OpenAction")] = action
    return saved(writer)


def with_file() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    writer.add_attachment("otro.exe", b"MZ\x90")
    return saved(writer)


def without_table() -> bytes:
    """Its table of objects is gone; readers find them all the same."""
    whole = pdf("Sin tabla")
    return (
        whole[: whole.rindex(b"xref\n0")] + b"trailer << /Root 1 0 R >>\nstartxref\n999999\n%%EOF\n"
    )


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("dentro.txt", "hola")
    return out.getvalue()


def picture(
    kind: str = "JPEG",
    size: tuple[int, int] = (320, 200),
    color: str = "steelblue",
    *,
    place: bool = False,
) -> bytes:
    """`place`: with where and with what it was taken."""
    image, out = Image.new("RGB", size, color), io.BytesIO()
    exif = Image.Exif()
    if place:
        exif[0x0110] = "Teléfono de Luz"
        exif[0x0112] = 6  # lying on its side
        exif.get_ifd(0x8825).update({1: "N", 2: (4.0, 35.0, 52.0), 3: "W", 4: (74.0, 4.0, 30.0)})
    image.save(out, kind, exif=exif)
    return out.getvalue()


def huge_picture(width: int = 50_000, height: int = 50_000) -> bytes:
    """A PNG that claims to be so large; its data would be two gigabytes and a half."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")
        )

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x00\x00\x00\x00"
    row = zlib.compress(b"\0" * (width + 1) * 20)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", row) + chunk(b"IEND", b"")


SVG = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
)
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
GIF_AND_SCRIPT = b"GIF89a/*\x01\x00\x80\x00\x00*/=1;alert(1)//" + b"\0" * 40
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + rb"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
