"""A tunnel as strangers come through one: a proxy on this machine that adds the header every proxy adds.

Chromium's own extra headers are not sent with WebSockets, which is where the page's session comes from.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

MARK = b"X-Forwarded-For: 203.0.113.7\r\n"


@contextmanager
def tunnel(port: int) -> Iterator[str]:
    """Yield the address of a proxy to a port of this machine, marking the first request of each connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_accept, args=(listener, port), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()


def _accept(listener: socket.socket, port: int) -> None:
    with suppress(OSError):
        while True:
            near, _ = listener.accept()
            threading.Thread(target=_join, args=(near, port), daemon=True).start()


def _join(near: socket.socket, port: int) -> None:
    with suppress(OSError), near, socket.create_connection(("127.0.0.1", port)) as far:
        line, _, rest = near.recv(65_536).partition(b"\r\n")
        far.sendall(line + b"\r\n" + MARK + rest)
        back = threading.Thread(target=_copy, args=(far, near), daemon=True)
        back.start()
        _copy(near, far)
        back.join(10)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65_536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
