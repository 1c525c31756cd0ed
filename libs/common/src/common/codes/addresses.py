"""Network addresses: whether one leads to this machine, and whether what is sent there is encrypted."""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Address, IPv6Network, collapse_addresses, ip_address
from typing import Final
from urllib.parse import urlsplit

from pydantic import AnyHttpUrl, TypeAdapter, ValidationError

_HTTP_URL: Final = TypeAdapter(AnyHttpUrl)
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_MAPPED: Final = IPv6Network("::ffff:0:0/96")
_FOUR: Final = 2**32 - 1
_SIX: Final = 2**128 - 1


def is_http_url(text: str) -> bool:
    """Return whether the text is an http: or https: URL; it is only checked, because an issuer is compared as it is."""
    try:
        _HTTP_URL.validate_python(text)
    except ValidationError:
        return False
    return True


def origin_of(url: str) -> str:
    """Return the origin of an http: or https: URL as browsers write it: host in lower case, no default port.

    Every spelling of an IPv4 address (`127.1`, `2130706433`) becomes the usual one. Raises ValidationError (a
    ValueError) when it is no such URL.
    """
    parsed = _HTTP_URL.validate_python(url)
    port = "" if parsed.port == _DEFAULT_PORTS[parsed.scheme] else f":{parsed.port}"
    return f"{parsed.scheme}://{parsed.host}{port}"


def is_origin(text: str) -> bool:
    """Return whether the text is an origin as browsers write it: scheme, host and port, and nothing else."""
    return is_http_url(text) and origin_of(text) == text


def leads_here(url: str) -> bool:
    """Return whether the URL names this machine's loopback interface in any spelling, or no machine (0.0.0.0)."""
    if not is_http_url(url):
        return False
    host = (_HTTP_URL.validate_python(url).host or "").strip("[]").rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host)
    except ValueError:  # a name
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address.is_loopback or address.is_unspecified


def believes_too_many(networks: Iterable[IPv4Network | IPv6Network]) -> bool:
    """Return whether the networks together hold more than a sixteenth of all addresses of their kind.

    An IPv6 network of IPv4 addresses (`::ffff:0:0/96`) counts as these.
    """
    four, six = [], []
    for network in networks:
        if isinstance(network, IPv4Network):
            four.append(network)
        elif network.subnet_of(_MAPPED):
            four.append(IPv4Network((int(network.network_address) & _FOUR, network.prefixlen - _MAPPED.prefixlen)))
        else:
            six.append(network)
    sizes = ((collapse_addresses(four), _FOUR), (collapse_addresses(six), _SIX))
    return any(sum(each.num_addresses for each in joined) > last // 16 + 1 for joined, last in sizes)


def is_on_this_machine(servers: str) -> bool:
    """Return whether every `host:port`, separated by commas, is on this machine; true for an empty list."""
    hosts = [each.strip().rpartition(":")[0].strip("[]") for each in servers.split(",") if each.strip()]
    return all(host == "localhost" or _is_loopback(host) for host in hosts)


def is_plain_elsewhere(url: str | None) -> bool:
    """Return whether the URL leads beyond this machine without TLS."""
    at = urlsplit(url or "")
    return at.scheme == "http" and not is_on_this_machine(f"{at.hostname}:{at.port}")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a name, also one that begins with 127.
        return False
