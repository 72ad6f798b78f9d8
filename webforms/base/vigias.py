"""Who may ask how it goes: monitoring machines, by their address."""

from collections.abc import Sequence
from ipaddress import IPv4Network
from ipaddress import IPv6Network
from ipaddress import ip_address

from flask import current_app
from flask import request

Redes = Sequence[IPv4Network | IPv6Network]


def conocido() -> bool:
    """The address that asks, as the proxies that are trusted tell it, is one of those that are set; of this machine where none is."""
    if not current_app.config["TRUSTED_PROXIES"] and ("X-Forwarded-For" in request.headers or "Forwarded" in request.headers):
        return False  # a proxy that nobody told us of asks for somebody else, and seems to be of this machine
    try:
        quien = ip_address(request.remote_addr or "")
    except ValueError:
        return False
    quien = getattr(quien, "ipv4_mapped", None) or quien
    redes: Redes = current_app.config["MONITORS"]
    return any(quien in red for red in redes) if redes else quien.is_loopback
