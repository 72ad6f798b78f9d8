"""A certificate of a system around that does not hold goes to the log: somebody may stand in
between, and pages say that it is away."""

import logging
import ssl
from typing import Final

from urllib3.util.ssl_match_hostname import CertificateError

log = logging.getLogger(__name__)

HONDO: Final = 8  #: no library wraps an error more often


def anotar(sistema: str, error: BaseException) -> bool:
    """Whether that is why it failed. `sistema`: as whoever operates knows it; never an address with
    what is asked."""
    malo = _verificacion(error)
    if malo is None:
        return False
    log.warning("the certificate of %s does not hold: %s", sistema, malo)
    return True


def _verificacion(error: BaseException | None, hondo: int = HONDO) -> str | None:
    """What the check of a certificate said, wherever a library has put it."""
    if error is None or not hondo:
        return None
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message or str(error)
    # of another name, where the library compares them itself
    if isinstance(error, CertificateError):
        return str(error)
    dentro = [
        each
        for each in (*error.args, getattr(error, "reason", None))
        if isinstance(each, BaseException)
    ]
    dichos = (
        _verificacion(each, hondo - 1) for each in (*dentro, error.__cause__, error.__context__)
    )
    return next((dicho for dicho in dichos if dicho is not None), None)
