"""Which addresses are of the open Internet. The registries of special-purpose addresses say which
are not (IANA, RFC 6890)."""

import ipaddress
from itertools import chain

import pytest

from records.sistemas.reglas.paginas import es_publica
from tests.kit.chance import dice

#: Of the registries: those that not everybody reaches, and those at which nobody's site lies;
#: groups; what carries an old address.
SPECIAL = (
    *(
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
    ),
    *(
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    ),
    *(
        "::/8",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "100:0:0:1::/64",
        "2001::/23",
        "2001:2::/48",
        "2001:db8::/32",
        "2002::/16",
    ),
    *(
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
        "4000::/3",
        "e000::/4",
    ),
)
NETWORKS = [ipaddress.ip_network(each) for each in SPECIAL]


@pytest.mark.parametrize("network", NETWORKS, ids=str)
def test_no_address_of_a_special_network_is_public(
    network: ipaddress.IPv4Network | ipaddress.IPv6Network,
) -> None:
    some = [
        network[0],
        network[-1],
        *(network[dice(n).randrange(network.num_addresses)] for n in range(50)),
    ]
    assert [str(each) for each in some if es_publica(str(each))] == []


@pytest.mark.parametrize("network", NETWORKS, ids=str)
def test_the_address_beside_a_special_network_is_public_unless_it_is_of_another_one(
    network: ipaddress.IPv4Network | ipaddress.IPv6Network,
) -> None:
    kind, most = type(network[0]), 2**network.max_prefixlen
    beside = [
        kind(number) for number in (int(network[0]) - 1, int(network[-1]) + 1) if 0 <= number < most
    ]
    # of IPv6 only 2000::/3 is given to anybody
    unknown = [ipaddress.ip_network(each) for each in ("::/3", "6000::/3", "8000::/1")]
    free = [each for each in beside if not any(each in other for other in chain(NETWORKS, unknown))]
    assert [str(each) for each in free if not es_publica(str(each))] == []


@pytest.mark.parametrize(
    "address",
    [
        "190.26.100.10",
        "8.8.8.8",
        "192.88.98.1",
        "2606:4700::6810:84e5",
        "2800:e0::1",
        "2001:200::1",
    ],
)
def test_an_address_of_a_site_is_public(address: str) -> None:
    assert es_publica(address)


@pytest.mark.parametrize(
    "address",
    ["", "a", "10.0.0.1 ", "127.1", "0x7f.1", "fe80::1%eth0", "2606:4700::1%1", "1.2.3.4/32"],
)
def test_what_is_no_address_is_not_public(address: str) -> None:
    assert not es_publica(address)
