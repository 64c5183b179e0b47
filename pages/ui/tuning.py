"""Two settings of the process that matter more to speed than anything a page does; applied once, when the server starts.

Garbage: Streamlit's full collection after every rerun is off (config.toml). What lives for ever is taken out of the collector's sight
after start, young objects are looked at rarely, and a full collection runs now and then, outside any rerun's thread. Sockets: the
listening socket lacks TCP_NODELAY, which costs about 40 ms a rerun on loopback; accepted connections inherit it on Linux.
"""

import gc
import socket
import threading
from contextlib import suppress
from functools import lru_cache
from ipaddress import ip_address

FREEZE_AFTER_S = 12.0
"""By then the background imports are done."""
COLLECT_EVERY_S = 120.0
THRESHOLDS = (20_000, 20, 1_000)
"""New objects until the youngest are collected, and how many such rounds until the older and the oldest are; Python's own: 700, 10, 10."""


class Housekeeper:
    """Collects garbage from a thread of its own until it is closed."""

    def __init__(self, freeze_after_s: float = FREEZE_AFTER_S, collect_every_s: float = COLLECT_EVERY_S) -> None:
        self._freeze_after_s = freeze_after_s
        self._collect_every_s = collect_every_s
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._keep_house, name="tideline-housekeeper", daemon=True)

    def start(self) -> None:
        """Begin; returns at once. Until the imports are done there is next to no garbage, and looking for it would take a second."""
        gc.disable()
        self._thread.start()

    def close(self) -> None:
        """End; returns when the thread has."""
        self._closing.set()
        self._thread.join(timeout=5)

    def _keep_house(self) -> None:
        if self._closing.wait(self._freeze_after_s):
            return
        gc.collect()
        gc.freeze()
        gc.set_threshold(*THRESHOLDS)
        gc.enable()
        while not self._closing.wait(self._collect_every_s):
            gc.collect()


def calm_collector() -> None:
    """Take what is alive now out of the collector's sight, and let it look at the rest less often.

    At Python's own thresholds, collecting took a quarter of a turn's processor time with 100 people chatting.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)


def listening_sockets() -> list[socket.socket]:
    """Return the TCP sockets on which this process listens now."""
    return [thing for thing in gc.get_objects() if type(thing) is socket.socket and _listens(thing)]


def send_at_once() -> int:
    """Set TCP_NODELAY on every listening socket and return on how many."""
    found = listening_sockets()
    for listener in found:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return len(found)


def bound_address() -> str | None:
    """Return the address this process listens on: one that others can reach if there is any, None when it listens nowhere."""
    addresses = _bound_addresses()
    if not addresses:
        _bound_addresses.cache_clear()
        return None
    return next((address for address in addresses if not _is_loopback(address)), addresses[0])


@lru_cache(maxsize=1)
def _bound_addresses() -> tuple[str, ...]:
    return tuple(filter(None, (_address(listener) for listener in listening_sockets())))


def _address(listener: socket.socket) -> str | None:
    with suppress(OSError):
        return str(listener.getsockname()[0])
    return None


def _listens(candidate: socket.socket) -> bool:
    with suppress(OSError):
        is_tcp = candidate.family in (socket.AF_INET, socket.AF_INET6) and candidate.type == socket.SOCK_STREAM
        return is_tcp and bool(candidate.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
    return False


def _is_loopback(address: str) -> bool:
    with suppress(ValueError):
        return ip_address(address).is_loopback
    return False
