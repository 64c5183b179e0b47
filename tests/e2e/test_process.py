"""The process from outside: it starts, answers, ends, and says in one sentence why it cannot."""

import re
import sqlite3
from pathlib import Path

import httpx
import pytest

from tests.e2e.server import AppServer

pytestmark = pytest.mark.e2e


def test_it_starts_without_settings_and_sigterm_ends_it_cleanly(tmp_path: Path) -> None:
    server = AppServer(tmp_path)
    health = server.wait_until_healthy()
    assert health["version"]
    assert health["database"]
    assert health["model"]
    assert server.database.exists()
    assert server.stop() == 0
    assert "Traceback" not in server.output


def test_two_processes_that_start_at_once_migrate_once(tmp_path: Path) -> None:
    env = {"TIDELINE_DB": str(tmp_path / "shared" / "tideline.db")}
    servers = [AppServer(tmp_path / name, env) for name in ("one", "two")]
    for server in servers:
        server.wait_until_healthy()
    with sqlite3.connect(env["TIDELINE_DB"]) as connection:
        applied = connection.execute("SELECT name, count(*) FROM _sqlite_migrations GROUP BY name").fetchall()
    connection.close()
    assert applied
    assert {count for _, count in applied} == {1}
    assert [server.stop() for server in servers] == [0, 0]
    assert all("Traceback" not in server.output for server in servers)


def test_a_second_start_finds_the_first_ones_database(tmp_path: Path) -> None:
    for _ in range(2):
        server = AppServer(tmp_path)
        server.wait_until_healthy()
        assert server.stop() == 0


@pytest.mark.parametrize("content", [b"this is no database, " * 400, b"SQLite format 3\x00" + b"\xff" * 8000])
def test_a_corrupt_database_is_named_in_one_sentence_and_left_alone(tmp_path: Path, content: bytes) -> None:
    database = tmp_path / "tideline.db"
    database.write_bytes(content)
    said = refusal(AppServer(tmp_path, {"TIDELINE_DB": str(database)}))
    assert str(database) in said
    assert database.read_bytes() == content


def test_a_folder_that_cannot_be_written_is_named_in_one_sentence(tmp_path: Path) -> None:
    blocker = tmp_path / "a-file"
    blocker.write_text("not a folder")
    said = refusal(AppServer(tmp_path, {"TIDELINE_DB": str(blocker / "tideline.db")}))
    assert str(blocker) in said


def test_a_setting_that_is_not_allowed_is_named_in_one_sentence(tmp_path: Path) -> None:
    said = refusal(AppServer(tmp_path, {"TIDELINE_SESSION_DAYS": "soon"}))
    assert "TIDELINE_SESSION_DAYS" in said


def refusal(server: AppServer) -> str:
    """Return what a server that cannot do its work printed, having checked that it ended with an error and no traceback."""
    assert server.wait_until_ended(30) != 0
    assert "Traceback" not in server.output
    return server.output


def test_unknown_api_paths_and_wrong_methods_are_json(tmp_path: Path) -> None:
    server = AppServer(tmp_path)
    server.wait_until_healthy()
    try:
        unknown = httpx.get(f"{server.url}/api/v1/nothing")
        assert unknown.status_code == 404
        assert re.match("application/(problem\\+)?json", unknown.headers["content-type"])
        assert httpx.delete(f"{server.url}/healthz").status_code == 405
        assert httpx.get(f"{server.url}/api/v1/chats").status_code == 401
    finally:
        server.stop()
