"""The process from outside: it starts, answers, ends, and says in one sentence why it cannot."""

import signal
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.e2e.server import AppServer

pytestmark = pytest.mark.e2e

Start = Callable[..., AppServer]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start servers with `start(SETTING=value)`; those still running at the end are killed."""
    servers: list[AppServer] = []

    def begin(**env: str) -> AppServer:
        servers.append(AppServer(tmp_path / f"server-{len(servers)}", env))
        return servers[-1]

    yield begin
    for server in servers:
        server.kill()


def test_it_starts_without_settings_and_sigterm_ends_it_cleanly(start: Start) -> None:
    server = start()
    health = server.wait_until_healthy()
    assert health["version"]
    assert health["database"]
    assert health["model"]
    assert server.database.exists()
    assert_ended_well(server)


def test_two_processes_that_start_at_once_migrate_once(start: Start, tmp_path: Path) -> None:
    database = str(tmp_path / "shared" / "tideline.db")
    servers = [start(TIDELINE_DB=database), start(TIDELINE_DB=database)]
    for server in servers:
        server.wait_until_healthy()
    with sqlite3.connect(database) as connection:
        applied = connection.execute("SELECT name, count(*) FROM _sqlite_migrations GROUP BY name").fetchall()
    connection.close()
    assert applied
    assert {count for _, count in applied} == {1}
    servers[0].stop()
    assert_ended_well(servers[1])
    assert "Traceback" not in servers[0].output


@pytest.mark.parametrize("content", [b"this is no database, " * 400, b"SQLite format 3\x00" + b"\xff" * 8000])
def test_a_corrupt_database_is_named_in_one_sentence_and_left_alone(start: Start, tmp_path: Path, content: bytes) -> None:
    database = tmp_path / "tideline.db"
    database.write_bytes(content)
    assert str(database) in refusal(start(TIDELINE_DB=str(database)))
    assert database.read_bytes() == content


def test_a_folder_that_cannot_be_written_is_named_in_one_sentence(start: Start, tmp_path: Path) -> None:
    blocker = tmp_path / "a-file"
    blocker.write_text("not a folder")
    assert str(blocker) in refusal(start(TIDELINE_DB=str(blocker / "tideline.db")))


def test_a_setting_that_is_not_allowed_is_named_in_one_sentence(start: Start) -> None:
    assert "TIDELINE_SESSION_DAYS" in refusal(start(TIDELINE_SESSION_DAYS="soon"))


def refusal(server: AppServer) -> str:
    """Return what /healthz of a server that cannot do its work says, having checked that it ends well all the same."""
    health = server.wait_until_healthy()
    assert health["status"] != "ok"
    assert_ended_well(server)
    return str(health)


def assert_ended_well(server: AppServer) -> None:
    """Check that SIGTERM ended the server, and that it closed its database on the way (SQLite removes the -wal file then)."""
    assert server.stop() in (0, -signal.SIGTERM)
    assert not server.database.with_name(server.database.name + "-wal").exists()
    assert "Traceback" not in server.output, server.output


def test_unknown_api_paths_and_wrong_methods_are_json(start: Start) -> None:
    server = start()
    server.wait_until_healthy()
    unknown = httpx.get(f"{server.url}/api/v1/nothing")
    assert unknown.status_code == 404
    assert unknown.json()["error"]["message"]
    assert httpx.delete(f"{server.url}/api/v1/chats").status_code == 405
    assert httpx.get(f"{server.url}/api/v1/chats").status_code == 401
