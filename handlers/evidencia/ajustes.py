"""Settings of the log of the evidence: the key that signs it, and who keeps what was signed."""

from pathlib import Path
from typing import Final

from common.language import said
from common.notes import BadNote, Verifier
from common.place import folder
from common.settings import Reading, Setting, SettingRefused, Unfit, address, handed_over, place
from common.witness import Witness
from engine.clock import SystemClock
from handlers.correo.ajustes import servidor
from handlers.correo.smtp import CorreoSMTP
from handlers.evidencia.sellos import SELLO, EnSello, SinRaices, raices_de
from handlers.evidencia.testigos import CORREO, EnCarpeta, EnCorreo, EnRed

LLAVE_DEL_REGISTRO: Final = "evidence.key"
LLAVE: Final = Setting(
    "EVIDENCE_KEY",
    place,
    lambda lectura: (lectura(folder) / LLAVE_DEL_REGISTRO).resolve(),
    unset="`INSTANCE/evidence.key` when it is there",
    means=(
        "file with the private keys that sign the log of the evidence, made by `flask "
        "evidence key`; where it is not there the credential `evidence.key` is read, and "
        "beside this path lies all the same what was checked and stamped. Without both this "
        "place signs nothing (docs/evidence.md)"
    ),
)
TESTIGOS: Final = Setting(
    "EVIDENCE_WITNESSES",
    str,
    "",
    unset="none",
    means=(
        "who keeps what was signed, with commas between: a folder that the owner of the "
        "database does not reach (`/mnt/actas`), or a server of C2SP's tlog-witness with its "
        "public key (`https://testigo.example testigo.example/w1+…`), or a mailbox, which "
        "gets the newest once a day (`mailto:archivo@entidad.gov.co`), or a time stamping "
        "authority of RFC 3161, asked once a day, with the file of certificates by which it "
        "is believed (`rfc3161:https://tsa.example/tsr /etc/ventanilla/tsa.pem`; what it "
        "stamped lies in `sellos` beside the keys)"
    ),
)


def credencial(lectura: Reading) -> Path | None:
    """The keys that systemd hands over; None: it handed over none."""
    return handed_over(lectura, LLAVE_DEL_REGISTRO)


def testigos(lectura: Reading) -> tuple[Witness, ...]:
    """With commas between: a folder, the address of a server and its public key, a mailbox, or a
    time stamping authority with the file of the certificates by which it is believed."""
    dichos = [parte.strip() for parte in lectura(TESTIGOS).split(",") if parte.strip()]
    hallados: list[Witness] = []
    for dicho in dichos:
        try:
            hallados.append(_testigo(dicho, lectura))
        except SinRaices as error:
            raise SettingRefused(
                said("EVIDENCE_WITNESSES: %(f)s no tiene certificados (PEM).", f=error)
            ) from error
        except Unfit as error:
            raise SettingRefused(
                said(
                    error.sentence,
                    n=TESTIGOS.name,
                    g=dicho.removeprefix(CORREO).removeprefix("file:"),
                )
            ) from error
        except BadNote as error:
            que = said(
                "EVIDENCE_WITNESSES: carpeta, mailto:, https:// y su llave, o rfc3161:https:// y sus certificados, no «%(g)s».",
                g=dicho,
            )
            raise SettingRefused(que) from error
    if len({uno.name for uno in hallados}) < len(hallados):
        raise SettingRefused(said("EVIDENCE_WITNESSES: un testigo está dos veces."))
    return tuple(hallados)


def _testigo(dicho: str, lectura: Reading) -> Witness:
    direccion, _espacio, llave = dicho.partition(" ")
    if direccion.startswith(SELLO):
        return EnSello(
            direccion.removeprefix(SELLO),
            raices_de(_archivo(llave)),
            lectura(LLAVE).with_name("sellos"),
        )
    if direccion.startswith(("http://", "https://")):
        return EnRed(direccion, Verifier.read(llave))
    if direccion.startswith(CORREO):
        buzon = address(direccion.removeprefix(CORREO))
        return EnCorreo(buzon, CorreoSMTP(lectura(servidor)), SystemClock().now)
    return EnCarpeta(place(str(_archivo(dicho.removeprefix("file:")))))


def _archivo(nombre: str) -> Path:
    """BadNote: none was given, or an address that nobody here knows how to ask, which no file is
    called by."""
    if not nombre or "://" in nombre:
        raise BadNote("form")
    return Path(nombre)
