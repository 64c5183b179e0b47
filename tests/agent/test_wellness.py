"""The log as the tools see it: one person's, with sentences that a model can act on."""

from datetime import date

import pytest

from agent.wellness import MAX_NAME, BadEntry, WellnessLog
from storage import wellness
from storage.database import Store
from tests.fakes import FakeClock
from tests.storage.makers import World, ask, world

TODAY = date(2026, 3, 2)


@pytest.fixture
def dora(store: Store) -> World:
    return world(store)


@pytest.fixture
def log(dora: World, clock: FakeClock) -> WellnessLog:
    return WellnessLog(dora.store, clock, dora.user.id, ask(dora.store, dora.chat).turn.seq, TODAY)


@pytest.fixture
def emils(store: Store, clock: FakeClock, dora: World) -> WellnessLog:
    emil = world(store, "emil")
    return WellnessLog(store, clock, emil.user.id, ask(store, emil.chat).turn.seq, TODAY)


async def test_what_is_logged_is_said_and_read_back_with_totals(log: WellnessLog) -> None:
    assert await log.read("today") == "Log for 2026-03-02: nothing logged yet."
    assert await log.add("food", "salad", 180) == "Logged #1 food: salad, 180 kcal on 2026-03-02."
    assert await log.add("workout", " long \n run ", 30.25) == "Logged #2 workout: long run, 30.2 min on 2026-03-02."
    assert await log.add("food", "bread", 75.5) == "Logged #3 food: bread, 75.5 kcal on 2026-03-02."
    assert (await log.read("today")).splitlines() == [
        "Log for 2026-03-02",
        "#1 food: salad, 180 kcal",
        "#2 workout: long run, 30.2 min",
        "#3 food: bread, 75.5 kcal",
        "Total: 255.5 kcal eaten, 30.2 min exercised",
    ]


async def test_the_turn_that_logged_is_remembered(log: WellnessLog, store: Store) -> None:
    await log.add("food", "salad", 180)
    assert store.read(lambda db: db.execute("SELECT turn FROM wellness_entries").fetchall()) == [(log.turn_seq,)]


@pytest.mark.parametrize(
    ("word", "day"),
    [("", "2026-03-02"), (" Today ", "2026-03-02"), ("YESTERDAY", "2026-03-01"), ("2025-12-31", "2025-12-31"), ("20251231", "2025-12-31")],
)
async def test_days_are_named_in_words_or_as_dates(log: WellnessLog, store: Store, word: str, day: str) -> None:
    store.write(lambda db: wellness.add(db, log.user_id, None, "food", f"eaten {day}", 1, day, log.clock.now()))
    assert f"eaten {day}" in await log.read(word)


@pytest.mark.parametrize("word", ["tomorrow", "2026-02-30", "31.12.2025", "x" * 1000, "'; DROP TABLE users"])
async def test_what_is_no_day_is_refused_with_an_example(log: WellnessLog, word: str) -> None:
    with pytest.raises(BadEntry, match="such as 2026-11-20") as caught:
        await log.read(word)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(("word", "day"), [("yesterday", "2026-03-01"), ("2026-02-27", "2026-02-27"), ("2025-03-01", "2025-03-01")])
async def test_an_entry_goes_to_the_day_it_happened(log: WellnessLog, word: str, day: str) -> None:
    assert await log.add("food", "pizza", 570, word) == f"Logged #1 food: pizza, 570 kcal on {day}."
    assert "pizza" in await log.read(day)
    assert await log.read("today") == "Log for 2026-03-02: nothing logged yet."


@pytest.mark.parametrize(
    ("day", "why"),
    [("2026-03-03", "in the future; today is 2026-03-02"), ("2025-02-28", "more than 366 days back"), ("tomorrow", "such as 2026-11-20")],
)
async def test_a_day_that_was_not_or_is_long_past_is_refused(log: WellnessLog, store: Store, day: str, why: str) -> None:
    with pytest.raises(BadEntry, match=why):
        await log.add("workout", "run", 30, day)
    assert store.read(lambda db: db.execute("SELECT count(*) FROM wellness_entries").fetchone()) == (0,)


async def test_an_entry_is_corrected(log: WellnessLog) -> None:
    await log.add("food", "salad", 180)
    assert await log.change(1, "turkey", None) == "Changed #1 to food: turkey, 180 kcal."
    assert await log.change(1, None, 200) == "Changed #1 to food: turkey, 200 kcal."
    assert await log.change(1, None, 0) == "Changed #1 to food: turkey, 0 kcal."
    assert "#1 food: turkey, 0 kcal" in await log.read("today")


async def test_an_entry_is_removed(log: WellnessLog) -> None:
    await log.add("workout", "run", 30)
    assert await log.remove(1) == "Removed #1 workout: run, 30 min."
    assert await log.read("today") == "Log for 2026-03-02: nothing logged yet."
    with pytest.raises(BadEntry, match="no entry #1"):
        await log.remove(1)


@pytest.mark.parametrize("number", [0, -1, 99, 2**63, -(2**70)])
async def test_a_number_that_is_none_is_refused_with_a_way_on(log: WellnessLog, number: int) -> None:
    for attempt in (log.change(number, "x", 1), log.remove(number)):
        with pytest.raises(BadEntry, match="use read_log"):
            await attempt


@pytest.mark.parametrize(
    ("kind", "amount"),
    [("food", -1), ("food", 20_000.1), ("workout", 1440.1), ("workout", -0.1)]
    + [(kind, amount) for kind in ("food", "workout") for amount in (float("nan"), float("inf"), float("-inf"))],
)
async def test_an_impossible_amount_is_refused_and_nothing_is_written(log: WellnessLog, kind: str, amount: float) -> None:
    entry = ("food", "salad") if kind == "food" else ("workout", "run")
    with pytest.raises(BadEntry, match="must be between 0 and"):
        await (log.add("food", "salad", amount) if kind == "food" else log.add("workout", "run", amount))
    assert await log.read("today") == "Log for 2026-03-02: nothing logged yet."
    await (log.add("food", "salad", 20_000) if kind == "food" else log.add("workout", "run", 1440))
    with pytest.raises(BadEntry, match="must be between 0 and"):
        await log.change(1, None, amount)
    assert f"#1 {entry[0]}: {entry[1]}, {20_000 if kind == 'food' else 1440}" in await log.read("today")


async def test_a_name_is_tidied_and_cut_and_may_not_be_empty(log: WellnessLog) -> None:
    for empty in ("", " \n "):
        with pytest.raises(BadEntry, match="name is empty"):
            await log.add("food", empty, 1)
        with pytest.raises(BadEntry, match="name is empty"):
            await log.change(1, empty, 1)
    assert await log.add("food", "x" * 500, 1) == f"Logged #1 food: {'x' * MAX_NAME}, 1 kcal on 2026-03-02."


async def test_nobody_sees_or_changes_anothers_log(log: WellnessLog, emils: WellnessLog) -> None:
    await log.add("food", "salad", 180)
    assert await emils.read("today") == "Log for 2026-03-02: nothing logged yet."
    for attempt in (emils.change(1, "stolen", 1), emils.remove(1)):
        with pytest.raises(BadEntry, match="no entry #1"):
            await attempt
    assert "#1 food: salad, 180 kcal" in await log.read("today")
