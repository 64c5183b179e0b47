"""Scripts draw one at a time, and nobody waits for one that is stuck."""

import threading
import time

import pytest

from pages.ui.turnstile import Turnstile


def test_many_threads_draw_one_at_a_time() -> None:
    turnstile = Turnstile(patience_s=10)
    inside: list[int] = []
    most: list[int] = []

    def draw() -> None:
        with turnstile.turn():
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.002)
            inside.pop()

    threads = [threading.Thread(target=draw) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most == [1] * 20


def test_nobody_waits_for_one_that_is_stuck_and_its_end_disturbs_nobody() -> None:
    turnstile = Turnstile(patience_s=0.02)
    stuck, end = threading.Event(), threading.Event()

    def wait() -> None:
        with turnstile.turn():
            stuck.set()
            end.wait(10)

    thread = threading.Thread(target=wait)
    thread.start()
    assert stuck.wait(10)
    with turnstile.turn():
        end.set()
        thread.join(10)
    assert not thread.is_alive()
    assert not _is_taken(turnstile)


def test_a_thread_that_goes_on_to_wait_lets_the_next_one_in() -> None:
    turnstile = Turnstile(patience_s=10)
    with turnstile.turn():
        assert _is_taken(turnstile)
        turnstile.leave()
        assert not _is_taken(turnstile)
        turnstile.leave()
    assert not _is_taken(turnstile)


def test_the_turn_ends_when_drawing_fails() -> None:
    turnstile = Turnstile(patience_s=10)
    with pytest.raises(KeyError), turnstile.turn():
        raise KeyError
    assert not _is_taken(turnstile)


def _is_taken(turnstile: Turnstile) -> bool:
    """Say whether a thread that comes now would have to wait."""
    came = threading.Event()

    def pass_through() -> None:
        with turnstile.turn():
            came.set()

    thread = threading.Thread(target=pass_through, daemon=True)
    thread.start()
    return not came.wait(0.2)
