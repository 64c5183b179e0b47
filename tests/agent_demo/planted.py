"""A conversation of 60 turns with facts planted in it, and the questions that ask for them back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Planted:
    """A fact: what is said, what is asked later, and the words the answer must then have."""

    told: str
    asked: str
    expected: str


FACTS = (
    Planted("My name is Rosalind", "What's my name?", "Rosalind"),
    Planted("I'm allergic to cashews", "What am I allergic to?", "cashews"),
    Planted("My goal is to swim 2 km without a break", "What is my goal?", "swim 2 km"),
    Planted("I'm pescatarian", "What kind of diet do I follow?", "pescatarian"),
    Planted("I can't stand coriander", "Which food do I hate?", "coriander"),
    Planted("My favourite breakfast is shakshuka", "What's my favourite breakfast?", "shakshuka"),
    Planted("I sprained my left wrist in March", "Which wrist did I sprain?", "left wrist"),
    Planted("My sister's name is Ottilie", "What is my sister's name?", "Ottilie"),
    Planted("My dog is called Pretzel", "What's my dog called?", "Pretzel"),
    Planted("I live in Coimbra", "Where do I live?", "Coimbra"),
    Planted("I work at the observatory", "Where do I work?", "observatory"),
    Planted("I have a triathlon on 14 June", "When is my triathlon?", "14 June"),
    Planted("My locker code is 7302", "What is my locker code?", "7302"),
    Planted("I weigh 68 kg", "How much do I weigh?", "68"),
    Planted("I'm 41 years old", "How old am I?", "41"),
    Planted("My coach is Mr Okafor", "Who is my coach?", "Okafor"),
    Planted("I promise to stretch every evening", "What did I promise?", "stretch"),
    Planted("My bedtime is 22:15", "What time is my bedtime?", "22:15"),
    Planted("I take magnesium every night", "Which supplement do I take at night?", "magnesium"),
    Planted("We're flying to Reykjavik next month", "Where am I flying next month?", "Reykjavik"),
)

FILLER = (
    "I ate a salad",
    "went for a 30 min run",
    "How many calories in a banana?",
    "thanks!",
    "two eggs and toast for breakfast",
    "What did I eat today?",
    "how are you?",
    "suggest a workout",
    "had a coffee",
    "I did yoga for 20 minutes",
)


def conversation() -> list[str]:
    """60 messages: the 20 facts among 40 ordinary ones, the facts in the first half and spread out."""
    turns: list[str] = []
    for number, fact in enumerate(FACTS):
        turns.append(fact.told)
        if number % 2:
            turns.append(FILLER[number % len(FILLER)])
    while len(turns) < 60:
        turns.append(FILLER[len(turns) % len(FILLER)])
    return turns
