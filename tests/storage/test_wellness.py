"""The wellness log: written, read by day, corrected, removed, and one's own."""

import pytest

from storage import wellness
from storage.database import Store
from storage.records import NotFound, WellnessEntry
from tests.storage.makers import NOW, World, ask, world

DAY = "2026-03-02"


@pytest.fixture
def dora(store: Store) -> World:
    return world(store)


def eat(dora: World, name: str = "salad", amount: float = 180.0, day: str = DAY) -> WellnessEntry:
    return dora.store.write(lambda db: wellness.add(db, dora.user.id, None, "food", name, amount, day, NOW))


def on(dora: World, day: str = DAY) -> list[WellnessEntry]:
    return dora.store.read(lambda db: wellness.list_day(db, dora.user.id, day))


def test_an_entry_comes_back_as_written(dora: World) -> None:
    turn = ask(dora.store, dora.chat).turn
    run = dora.store.write(lambda db: wellness.add(db, dora.user.id, turn.seq, "workout", "run 🏃", 30.5, DAY, NOW))
    assert run == WellnessEntry(run.id, "workout", "run 🏃", 30.5, "min", DAY, NOW)
    assert dora.store.read(lambda db: wellness.get(db, dora.user.id, run.id)) == run
    assert eat(dora).unit == "kcal"


def test_a_day_has_its_own_entries_in_the_order_of_writing(dora: World) -> None:
    salad, _, soup = eat(dora), eat(dora, "pizza", day="2026-03-01"), eat(dora, "soup")
    assert on(dora) == [salad, soup]
    assert on(dora, "2026-03-03") == []
    assert dora.store.read(lambda db: wellness.list_day(db, dora.user.id, DAY, limit=1)) == [salad]


@pytest.mark.parametrize(
    ("name", "amount", "expected"),
    [("turkey", None, ("turkey", 180.0)), (None, 0.0, ("salad", 0.0)), ("soup", 90.0, ("soup", 90.0)), (None, None, ("salad", 180.0))],
)
def test_only_what_is_given_changes(dora: World, name: str | None, amount: float | None, expected: tuple[str, float]) -> None:
    salad, other = eat(dora), eat(dora, "bread", 75.0)
    changed = dora.store.write(lambda db: wellness.update(db, dora.user.id, salad.id, name, amount))
    assert (changed.name, changed.amount) == expected
    assert on(dora) == [changed, other]


def test_a_removed_entry_is_returned_once_and_gone(dora: World) -> None:
    salad, bread = eat(dora), eat(dora, "bread")
    assert dora.store.write(lambda db: wellness.delete(db, dora.user.id, salad.id, NOW)) == salad
    assert on(dora) == [bread]
    with pytest.raises(NotFound):
        dora.store.read(lambda db: wellness.get(db, dora.user.id, salad.id))
    with pytest.raises(NotFound):
        dora.store.write(lambda db: wellness.delete(db, dora.user.id, salad.id, NOW))
    with pytest.raises(NotFound):
        dora.store.write(lambda db: wellness.update(db, dora.user.id, salad.id, "back", None))


def test_the_number_of_a_removed_entry_is_not_given_again(dora: World) -> None:
    salad = eat(dora)
    dora.store.write(lambda db: wellness.delete(db, dora.user.id, salad.id, NOW))
    assert eat(dora).id > salad.id
