"""The parts of the pages that need no page: tuning, the picture, streaming, keys, errors."""

import gc
import json
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest

from agent.events import CallRecorded, Finished, TextDelta
from agent.handles import LiveTurn
from pages.ui import hero, own_key, server, stream, tuning, watch
from pages.ui.troubles import sentence
from storage.errors import StorageError
from storage.records import NotFound, Turn

NOW = datetime(2026, 3, 2, tzinfo=UTC)
TURN = Turn(1, "t", "c", "u", "running", "demo", "{}", "UTC", NOW, NOW, None, None, 1, 1, 0, 1, None, False, 1, 1)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as opened:
        tuning._bound_addresses.cache_clear()
        yield opened
    tuning._bound_addresses.cache_clear()


def test_the_listening_socket_is_found_and_told_to_send_at_once(listener: socket.socket) -> None:
    assert listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 0
    assert tuning.send_at_once() >= 1
    assert listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
    assert tuning.bound_address() == "127.0.0.1"


def test_an_address_that_others_reach_is_told_first(listener: socket.socket) -> None:
    with socket.create_server(("0.0.0.0", 0)):
        assert tuning.bound_address() == "0.0.0.0"


def test_the_housekeeper_collects_and_ends() -> None:
    before = gc.get_threshold()
    keeper = tuning.Housekeeper(freeze_after_s=0.01, collect_every_s=0.01)
    keeper.start()
    try:
        deadline = time.monotonic() + 10
        while gc.get_threshold() != tuning.THRESHOLDS and time.monotonic() < deadline:
            time.sleep(0.01)
        keeper.close()
        assert gc.isenabled()
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
        gc.enable()


def test_the_picture_is_the_lessons_two_curves() -> None:
    drawn = ET.fromstring(hero.picture())
    assert "$2,407.50 with full history, $700.00 when only the last 50 messages" in drawn.attrib["aria-label"]
    assert len(drawn.findall("polyline")) == 2


def test_events_come_in_batches_and_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "PACE_S", 0.02)
    live = LiveTurn(TURN)
    live.emit(TextDelta("a"))
    batches = stream.batches(live)
    assert next(batches) == [TextDelta("a")]
    assert next(batches) == []
    live.emit(TextDelta("b"))
    live.emit(Finished(TURN))
    assert [event for batch in batches for event in batch] == [TextDelta("b"), Finished(TURN)]
    assert not isinstance(TextDelta("b"), CallRecorded)


@pytest.mark.parametrize(
    ("key", "fits"), [("AIza" + "x" * 35, True), ("", False), ("short", False), ("has a space in it", False), ("ключ" * 9, False)]
)
def test_what_can_be_a_key(key: str, fits: bool) -> None:
    assert own_key.usable(key) is fits


def test_errors_as_sentences() -> None:
    assert sentence(StorageError("The disk is full.")) == "The disk is full."
    assert "not yours" in str(sentence(NotFound("chat")))
    assert sentence(ZeroDivisionError()) is None


def test_the_time_zone_is_utc_where_there_is_no_browser() -> None:
    assert watch.zone().utcoffset(NOW) == UTC.utcoffset(NOW)


def test_the_version_is_the_projects() -> None:
    assert json.dumps(server.version()).count(".") == 2
