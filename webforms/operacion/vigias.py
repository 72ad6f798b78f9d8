"""Who may ask how it goes: monitoring machines, by their address."""

from ipaddress import ip_address

from flask import request

from webforms.base.ajustes import ajustes


def conocido() -> bool:
    """The address that asks, as the proxies that are trusted tell it, is one of those that are set;
    of this machine where none is."""
    if not ajustes().proxies and (
        "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    ):
        # a proxy that nobody told us of asks for somebody else, and seems to be of this machine
        return False
    try:
        quien = ip_address(request.remote_addr or "")
    except ValueError:
        return False
    quien = getattr(quien, "ipv4_mapped", None) or quien
    redes = ajustes().monitors
    return any(quien in red for red in redes) if redes else quien.is_loopback
