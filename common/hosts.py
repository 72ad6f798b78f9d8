"""Which machines a connection may meet without TLS: this one, and those of the network that is said
to be trusted."""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_NAME: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*", re.ASCII)


def is_here(host: str) -> bool:
    """This machine: no host at all, the path of a socket, an address of loopback. Of names only
    those that no resolver may change."""
    bare = host.strip("[]").lower().rstrip(".")
    if not bare or bare.startswith(("/", "@")):
        return True
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return bare == "localhost" or bare.endswith(".localhost")


@dataclass(frozen=True, slots=True)
class Trusted:
    """Names and networks, as the setting TRUSTED_NETWORK lists them."""

    names: frozenset[str] = frozenset()
    networks: Sequence[Network] = ()

    @staticmethod
    def read(given: str) -> "Trusted":
        """With commas between. ValueError: one is neither a name nor an address; a name stands for
        itself and is not looked up."""
        names, networks = set(), []
        for each in filter(None, (part.strip().lower() for part in given.split(","))):
            try:
                networks.append(ipaddress.ip_network(each.strip("[]")))
            except ValueError:
                if not _NAME.fullmatch(each) or "/" in each or re.fullmatch(r"[0-9.]+", each):
                    raise ValueError(each) from None
                names.add(each)
        return Trusted(frozenset(names), tuple(networks))

    def __contains__(self, host: str) -> bool:
        bare = host.strip("[]").lower().rstrip(".")
        try:
            address = ipaddress.ip_address(bare)
        except ValueError:
            return bare in self.names
        return any(address in network for network in self.networks)
