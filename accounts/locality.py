"""Whether a request was made on the server's own machine, for demo accounts are offered to nobody else.

Every sign must agree: the server listens on loopback only, the peer is loopback, the address the browser asked for is local, and no
proxy left its mark. A tunnel to a localhost server (which connects from loopback) shows itself by the Host it was asked for or by a
forwarding header. In doubt the answer is no. A bare TCP tunnel whose far end claims a local Host and Origin shows nothing: no header can
tell it from a local browser.
"""

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

_LOCAL_NAME = "localhost"
_PROXY_HEADERS = frozenset(
    {
        *("forwarded", "via", "x-real-ip", "x-client-ip", "x-cluster-client-ip", "true-client-ip", "client-ip", "cdn-loop"),
        *("x-proxyuser-ip", "x-amzn-trace-id", "x-cloud-trace-context", "x-original-host", "x-original-url"),
    }
)
_PROXY_PREFIXES = ("x-forwarded", "cf-", "ngrok-", "x-envoy-", "fly-", "x-arr-", "x-vercel-", "tailscale-", "fastly-", "x-tunnel")


def is_local_request(bound_address: str | None, host_header: str | None, peer: str | None, headers: Mapping[str, str]) -> bool:
    """Say whether a page's WebSocket request comes from this machine and was meant for it.

    `bound_address` is the address the server listens on, `peer` the address the connection comes from; None means unknown, which is
    not local. `headers` are all headers of the request. Browsers send an Origin with every WebSocket, so without one it is not local.
    """
    origins = [value for name, value in headers.items() if name.lower() == "origin"]
    return (
        is_local_address(bound_address)
        and peer is not None
        and _is_loopback(peer)
        and _is_local_host(host_header)
        and not any(_marks_proxy(name) for name in headers)
        and len(origins) > 0
        and all(map(_is_local_origin, origins))
    )


def is_local_address(bound_address: str | None) -> bool:
    """Say whether a server that listens on this address is reached from its own machine only; None means unknown, which is no."""
    return bound_address is not None and (bound_address == _LOCAL_NAME or _is_loopback(bound_address))


def _is_loopback(address: str) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        return parsed.ipv4_mapped.is_loopback
    return parsed.is_loopback


def _is_local_host(host: str | None) -> bool:
    """Say whether a Host header (name or address, perhaps with a port) names this machine."""
    if not host or any(character in host for character in "/?#@\\, \t"):
        return False
    try:
        parts = urlsplit(f"//{host}")
        name, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return name is not None and (name == _LOCAL_NAME or _is_loopback(name))


def _is_local_origin(origin: str) -> bool:
    """Say whether an Origin header names a page of this machine, so that no other site's page can ask in a visitor's name."""
    scheme, _, host = origin.partition("://")
    return scheme in {"http", "https"} and _is_local_host(host)


def _marks_proxy(header: str) -> bool:
    name = header.lower()
    return name in _PROXY_HEADERS or name.startswith(_PROXY_PREFIXES)
