"""The table of foods as a file: each row can be read, and says which row of the published table it was compared with."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from agent.demo import foods

TABLE = Path(foods.__file__).parent / "data" / "foods.csv"
KNOWN = {"apple": ("09003", 52), "butter": ("01001", 717), "banana": ("09040", 89), "cheese": ("01009", 403), "brownie": ("18151", 405)}
"""Rows of the USDA's Standard Reference 28: number and kcal per 100 g."""
MOST = 902
"""Kcal in 100 g of pure fat."""


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="|"))


def test_every_row_has_all_columns_an_energy_that_there_can_be_and_a_portion() -> None:
    for row in rows():
        assert None not in row, row
        assert None not in row.values(), row
        assert 0 <= float(row["kcal100"]) <= MOST, row
        assert float(row["grams"]) > 0, row


def test_a_name_stands_once() -> None:
    names = [name for row in rows() for name in (row["name"], *filter(None, row["also"].split(";")))]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_rows_say_which_published_row_they_are() -> None:
    numbered = {row["name"]: row for row in rows() if row["ndb"]}
    assert all(re.fullmatch(r"\d{5}", row["ndb"]) for row in numbered.values())
    assert len(numbered) >= 340
    for name, (number, kcal) in KNOWN.items():
        assert (numbered[name]["ndb"], float(numbered[name]["kcal100"])) == (number, kcal)
