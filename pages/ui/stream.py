"""Following an answer while it is written. The turn runs in the runner; this only reads its events, at most ten drawings a second."""

import time
from collections.abc import Callable, Iterator
from itertools import islice

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from agent.events import CallRecorded, Event, Finished
from agent.handles import TurnHandle
from pages.ui.answer import CURSOR, Answer
from pages.ui.turnstile import DRAWING

PACE_S = 0.1


def follow(handle: TurnHandle, spot: DeltaGenerator, on_usage: Callable[[], None]) -> None:
    """Write the answer into `spot` until the turn is over; `on_usage` is called when model calls have been recorded."""
    DRAWING.leave()
    answer = Answer()
    for batch in batches(handle):
        _let_go_when_asked()
        if not batch:
            continue
        for event in batch:
            answer.take(event)
        if any(isinstance(event, CallRecorded) for event in batch):
            on_usage()
        spot.markdown(answer.markdown("" if isinstance(batch[-1], Finished) else CURSOR))


def batches(handle: TurnHandle) -> Iterator[list[Event]]:
    """Yield the events that came in each tenth of a second, an empty list when none did; end after Finished."""
    told = 0
    while True:
        batch: list[Event] = []
        until = time.monotonic() + PACE_S
        for event in islice(handle.events(timeout=PACE_S), told, None):
            batch.append(event)
            if isinstance(event, Finished) or time.monotonic() >= until:
                break
        told += len(batch)
        yield batch
        if batch and isinstance(batch[-1], Finished):
            return


def _let_go_when_asked() -> None:
    """Give Streamlit the chance to end this run when a click or a new message asks for the next one."""
    st.session_state.get("reading this is enough")
