"""The stretches of a clause between two separators, and what each says of a food: its name, how much, how many kilocalories."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from agent.demo.dishes import WITH
from agent.demo.foods import Food, compound, match_at
from agent.demo.lexicon import lexicon, unit_of
from agent.demo.servings import eggs_of
from agent.demo.words import MARK, load, singular

LEFT_OUT_AFTER = frozenset({"", ",", "(", "and", "with", "w"})
PRICED = frozenset({"at", "for", "around", "by"})
"""Words behind which a food's energy may stand: 'oats at 320 kcal'."""
EACH = frozenset({"each", "apiece"})
DRY = frozenset({"dry", "uncooked", "raw"})
"""How the grams of rice, pasta, oats and pulses may be weighed."""
NUMBERED = re.compile(r"\d{1,2}(?:\.\d+)?")


@dataclass(slots=True)
class Piece:
    """What one stretch between two separators says."""

    count: float | None = None
    unit: str | None = None
    kcal: float | None = None
    size: float = 1.0
    sized: str = ""
    """'large' of 'large fries', for foods that have grams of their own for it."""
    size_word: str = ""
    food: Food | None = None
    name: list[str] = field(default_factory=list)
    meal: str | None = None
    after: str = ""
    """The separator the piece came after."""
    chained: bool = False
    """Said to be with the dish before: 'a burrito with beans and cheese'."""
    each: bool = False
    """'250 ml each': what one of several has."""
    weighed: bool = False
    """Whether the amount stands behind the food: 'rice 150 g'."""
    bare: float | None = None
    """A number after the food that no unit explains."""
    priced: float | None = None
    """A number behind 'at' or 'for', which is an energy where another is told: 'a wrap at 430 and soup at 210 kcal'."""
    inches: float | None = None
    made: bool = False
    """'made with two eggs', 'with cheese inside': what is in the dish before."""
    negated: bool = False
    """'no sugar': named only to say that it was left out."""
    held: float | None = None
    """The 2 of '2 beers 0.5 l each'."""
    dry: bool = False
    """'60 g dry': weighed before it was cooked."""

    @property
    def tells_more(self) -> bool:
        """Whether it has an amount, a size or an energy to tell."""
        return bool(self.kcal or self.count or self.bare or self.unit or self.size != 1.0)


def pieces_of(listed: list[str]) -> list[Piece]:
    """The stretches of a clause's words, each with the food, the amount and the energy that it tells."""
    singulars = [singular(word) for word in listed]
    pieces, place, piece, closed = [Piece()], 0, Piece(), False
    pieces[0] = piece
    while place < len(listed):
        hit = None if closed else match_at(singulars, place)
        word = listed[place]
        if hit and not (word in lexicon("meals") and _is_meal(listed, place)):
            if piece.food and piece.weighed:
                piece = Piece(after=",")
                pieces.append(piece)
            _eat(piece, hit[0], listed[place : hit[1]])
            place = hit[1]
            continue
        if word in lexicon("separators") or not (word[0].isalnum() or word[0] == "«"):
            piece, closed = _next(word, piece, listed, place), False
            pieces.append(piece)
        elif not closed and piece.food and NUMBERED.fullmatch(word) and _eaten_next(singulars, place + 1):
            piece = Piece(count=float(word), after=",")
            pieces.append(piece)
        elif not closed and piece.food and word in load("units.json")["sizes"] and _eaten_next(singulars, place + 1):
            piece = Piece(after=",")
            pieces.append(piece)
            _read(piece, listed, place)
        elif word in lexicon("stops") and (piece.food or piece.name or _only_energy(piece) or (piece.meal and word != "for")):
            closed = True
        elif closed:
            _read_price(piece, word, listed[place - 1])
        else:
            _read(piece, listed, place)
        place += 1
    return pieces


def _only_energy(piece: Piece) -> bool:
    """'With 520 kcal after the hike': an energy of what stands before, which no later word names."""
    return piece.kcal is not None and piece.after in WITH


def _read_price(piece: Piece, word: str, before: str) -> None:
    """What an item came to, said behind the words that end its name: 'oats at 320 kcal', 'for 70 each'."""
    mark = MARK.fullmatch(word)
    if mark and mark.group(2) == "kcal" and before in PRICED and piece.kcal is None:
        piece.kcal = float(mark.group(1))
    elif before in PRICED and re.fullmatch(r"\d{2,4}", word):
        piece.priced = float(word)
    elif word in EACH:
        piece.each = True


def _next(joint: str, last: Piece, listed: list[str], place: int) -> Piece:
    """The piece that begins behind a separator, and whether what is in it goes with the dish before."""
    made = joint == "with" and place > 0 and listed[place - 1] in {"made", "filled", "stuffed"}
    return Piece(
        after=joint, made=made, chained=joint in WITH or ((last.chained or "with" in last.name) and joint in {"and", "&", "n", "+"})
    )


def _eaten_next(singulars: list[str], place: int) -> bool:
    """Whether a food begins here: '2 eggs 1 toast' are two things."""
    return place < len(singulars) and match_at(singulars, place) is not None


def _is_meal(listed: list[str], place: int) -> bool:
    """Whether 'tea' or 'pudding' here names the meal, not the food."""
    before = listed[place - 1] if place else ""
    after = listed[place + 1] if place + 1 < len(listed) else ""
    if before == "my" and place > 1 and listed[place - 2] in WITH:
        return False
    return before in {"for", "at", "my"} or after in {"was", ":", "is"}


def _eat(piece: Piece, food: Food, said: list[str]) -> None:
    """A known food joins the piece; a second one is what the first only describes: 'salmon salad' is a salad."""
    if piece.food and piece.bare is not None and piece.count is None:
        piece.count, piece.bare = piece.bare, None
    piece.food = food
    piece.name.extend(said)


def _read(piece: Piece, listed: list[str], place: int) -> None:
    """One word that is no food: an amount, a unit, a size, a meal, or part of a name."""
    word = listed[place]
    if mark := MARK.fullmatch(word):
        _read_mark(piece, float(mark.group(1)), mark.group(2))
    elif re.fullmatch(r"x?\d+(?:\.\d+)?x?", word):
        _read_number(piece, float(word.strip("x")))
    elif word in unit_of() and not piece.name and _measures(piece, listed, place):
        piece.unit = unit_of()[word] if piece.unit in {None, "whole"} else piece.unit
    elif word in unit_of() and piece.bare is not None:
        piece.count, piece.unit, piece.bare = piece.bare, unit_of()[word], None
    elif word in load("units.json")["sizes"]:
        piece.size, piece.sized = load("units.json")["sizes"][word], load("units.json")["sized"].get(word, "")
        piece.size_word = word if piece.size != 1.0 else ""
    elif eggs := eggs_of(word):
        piece.size *= eggs
        piece.name.append(word)
    elif word in lexicon("meals"):
        piece.meal = word
    else:
        _read_word(piece, word)


def _measures(piece: Piece, listed: list[str], place: int) -> bool:
    """Whether a unit's word measures something here: 'two cans', 'can of', not 'can I eat'."""
    after = listed[place + 1] if place + 1 < len(listed) else ""
    return piece.count is not None or after == "of" or piece.size != 1.0


def _read_mark(piece: Piece, value: float, unit: str) -> None:
    if unit == "kcal":
        piece.kcal = value * (
            piece.count if piece.count and piece.count > 1 and not piece.food and not piece.name and not piece.unit else 1.0
        )
        piece.weighed = piece.food is not None
    elif unit in {"g", "ml"}:
        piece.held = piece.count if piece.unit is None and piece.food and piece.count and piece.count > 1 else None
        piece.count, piece.unit, piece.weighed = value, unit, piece.food is not None
    elif unit == "inch":
        piece.inches = value


def _read_number(piece: Piece, value: float) -> None:
    if piece.unit in {"g", "ml"}:
        return
    if piece.food or piece.name:
        piece.bare = value
    elif piece.unit and piece.count in {None, 1.0}:
        piece.count, piece.unit = value, None
    else:
        piece.count = value


def _read_word(piece: Piece, word: str) -> None:
    if word in {"no", "without", "minus"} and piece.after in LEFT_OUT_AFTER and not piece.food and not piece.name:
        piece.negated = True
        return
    if word in EACH:
        piece.each = True
        return
    if word in DRY:
        piece.dry = True
        if piece.food or piece.unit == "g":
            return
    piece.made = piece.made or word == "inside" or (word == "in" and piece.after == "made")
    if word in {"a", "an"}:
        if piece.count is None and not piece.name:
            piece.count = 1.0
        return
    skipped = word in lexicon("noise") or word in lexicon("articles") or word in lexicon("fillers") or word in lexicon("eat_verbs")
    if not skipped and piece.food is None and word not in lexicon("stops"):
        piece.name.append(word)
        piece.food = compound(word)
