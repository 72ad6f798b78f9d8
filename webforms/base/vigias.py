"""Who may ask how it goes: monitoring machines, by their address."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final

from flask import current_app, request

from common.language import marked
from common.settings import Setting

Redes = Sequence[IPv4Network | IPv6Network]


def _redes(dichas: str) -> Redes:
    """Addresses and networks, with commas between."""
    return tuple(ip_network(una.strip()) for una in dichas.split(",") if una.strip())


AJUSTE_VIGIAS: Final = Setting(
    "MONITOR_ADDRESSES",
    _redes,
    (),
    marked(
        "MONITOR_ADDRESSES: se esperan direcciones o redes, como 10.0.0.5, 10.1.0.0/16; no «%(g)s»."
    ),
)


def conocido() -> bool:
    """The address that asks, as the proxies that are trusted tell it, is one of those that are set;
    of this machine where none is."""
    if not current_app.config["TRUSTED_PROXIES"] and (
        "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    ):
        # a proxy that nobody told us of asks for somebody else, and seems to be of this machine
        return False
    try:
        quien = ip_address(request.remote_addr or "")
    except ValueError:
        return False
    quien = getattr(quien, "ipv4_mapped", None) or quien
    redes: Redes = current_app.config["MONITORS"]
    return any(quien in red for red in redes) if redes else quien.is_loopback
