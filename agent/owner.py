"""Names the process that holds a lease, so that the next one can tell whether it is still alive."""

import os
import platform
import secrets


def process_name() -> str:
    """Return a name for this process, different at each start: machine, process id and a random part."""
    return f"{platform.node()}|{os.getpid()}|{secrets.token_hex(4)}"


def is_gone(owner: str, me: str) -> bool:
    """Whether the process named `owner` certainly runs no more, as seen from the process named `me`.

    False when it cannot be told: on another machine, or where processes cannot be looked up; then its lease decides.
    """
    node, _, rest = owner.partition("|")
    my_node, _, my_rest = me.partition("|")
    if node != my_node or owner == me:
        return False
    pid = rest.partition("|")[0]
    if pid == my_rest.partition("|")[0]:
        return True
    return os.name == "posix" and not _runs(int(pid))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
