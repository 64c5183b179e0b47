"""The table's allergen tags, checked by the words in the names of foods: what is called after an ingredient has to be warned of."""

from __future__ import annotations

import re

import pytest

from agent.demo.banned import banned_tags, conflict
from agent.demo.context import Line
from agent.demo.facts import Fact
from agent.demo.foods import table
from agent.demo.memory import Told
from agent.demo.words import load
from tests.agent_demo.loop import Talk

WORDS = {
    "peanuts": "peanut|satay|groundnut|pad thai|snickers|pb",
    "nuts": (
        "nut|almond|walnut|pecan|cashew|hazelnut|pistachio|macadamia|nutella|praline|marzipan|pesto|baklava|macaron|bakewell|granola|muesli"
        "|nougat|korma|ferrero rocher|bueno|trail mix"
    ),
    "milk": (
        "milk|cheese|cheddar|mozzarella|feta|paneer|halloumi|brie|ricotta|parmesan|yogurt|yoghurt|skyr|kefir|cream|butter"
        "|latte|cappuccino|mocha"
        "|custard|lassi|gratin|alfredo|carbonara|lasagn[ae]|pizza|quiche|tiramisu|milkshake|ice cream|cheesecake|fudge"
        "|caprese|makhani|tzatziki"
        "|raita|fondue|quesadilla|macchiato|frappe|flat white|whey|brownie|cake|muffin|doughnut|scone|waffle|pancake|croissant|shake"
    ),
    "eggs": (
        "egg|omelette?|mayo|mayonnaise|meringue|frittata|quiche|shakshuka|carbonara|brownie|cake|waffle|pancake"
        "|french toast|tempura|pavlova"
        "|custard|coleslaw|muffin|doughnut|souffle|schnitzel|crepe|macaron|eclair|okonomiyaki|tiramisu|nasi goreng|bibimbap"
    ),
    "fish": (
        "fish|salmon|tuna|cod|haddock|trout|mackerel|sardine|anchovy|kipper|sushi|sashimi|caesar|nicoise|eel|halibut|tilapia|poke|ceviche"
        "|bouillabaisse|kimchi|puttanesca|worcester"
    ),
    "shellfish": "prawn|shrimp|crab|lobster|mussel|oyster|clam|scallop|squid|calamari|octopus|paella|seafood|gumbo"
    "|jambalaya|laksa|tom yum|cioppino",
    "gluten": (
        "bread|toast|pasta|spaghetti|penne|macaroni|lasagn[ae]|ravioli|tortellini|noodle|udon|ramen|naan|roti|chapati|paratha"
        "|pita|pitta|bagel|croissant"
        "|baguette|cake|pie|pastry|bun|biscuit|cookie|cracker|pretzel|burger|sandwich|pizza|couscous|bulgur|semolina|barley"
        "|seitan|beer|lager|ale|stout"
        "|muffin|waffle|pancake|doughnut|donut|schnitzel|tempura|dumpling|gyoza|calzone|quiche|strudel|weetabix|porridge|oat"
        "|muesli|granola|cereal"
        "|soy sauce|teriyaki|gnocchi|flatbread|sub|panini|toastie|wrap|burrito|brownie|scone|gravy|tart|crumble|pierogi"
        "|samosa|stuffing|meatball|sausage"
    ),
    "soy": "soy|soya|tofu|tempeh|edamame|miso|natto|teriyaki|tamari|bulgogi|ramen|yakisoba|nasi goreng",
    "sesame": "sesame|tahini|hummus|houmous|humous|falafel|baba ganoush|halva|gomasio|big mac",
}
EXCEPT = {
    "peanuts": "",
    "nuts": "peanut|coconut|doughnut|donut|butternut|ginger nut|groundnut|nutrition|nutri|nutmeg|chestnut",
    "milk": (
        "oat milk|almond milk|soya? milk|coconut milk|plant milk|peanut butter|nut butter|almond butter|almond milk"
        "|cream of wheat|cream cracker|rice cake"
        "|corn cake|fish ?cake|crab cake|oatcake|oat latte|soy latte|oat flat white|cream soda|peanut"
        "|flat white with oat milk|with (?:oat|almond|soy|coconut) milk"
        "|butternut|shandy|chocolate muffin top|(?:cashew|nut|rice) milk|coconut cream|potato waffle|(?:scallion|spring onion) pancake"
    ),
    "eggs": "eggplant|egg-free|english muffin|coleslaw mix|waffle fr|rice cake|corn cake|fish ?cake|crab cake|oatcake|vegan"
    "|potato waffle|(?:scallion|spring onion) pancake",
    "fish": "",
    "shellfish": "",
    "gluten": (
        "rice noodle|glass noodle|rice porridge|waffle fr|gluten[- ]free|rice cake|corn cake|fish ?cake|crab cake"
        "|burrito bowl|corn tortilla|ginger ale|pao de|rice cracker"
        "|shepherd|cottage pie|wheat-free|root beer|ginger beer|cheesecake bites|ginger ale|subs?titute|prawn crackers?"
        "|salad|oat latte|coconut|bone|(?:bean|yam) porridge"
        "|coffee with|tea with|latte with|cappuccino with|flat white"
    ),
    "soy": "soy latte machine",
    "sesame": "",
}
NAMES = sorted({" ".join(name) for name in table()})
ALLERGENS = sorted(WORDS)


def banned(allergen: str) -> dict[str, str]:
    line = Line("user", f"I'm allergic to {allergen}", "message")
    return banned_tags([Told(Fact("allergy", allergen, line.text), line)])


def unwarned(allergen: str) -> list[str]:
    """Names with an ingredient's word in them that the allergy is not warned of."""
    has, hasnt = re.compile(rf"\b(?:{WORDS[allergen]})s?\b"), re.compile(EXCEPT[allergen] or r"(?!)")
    reasons = banned(allergen)
    return [name for name in NAMES if has.search(name) and not hasnt.search(name) and not conflict(name, reasons)]


@pytest.mark.parametrize("allergen", ALLERGENS)
def test_a_food_named_after_an_allergen_is_warned_of(allergen: str) -> None:
    assert unwarned(allergen) == []


@pytest.mark.parametrize("allergen", ALLERGENS)
def test_no_suggested_meal_has_an_allergens_word_without_its_tag(allergen: str) -> None:
    has, hasnt = re.compile(rf"\b(?:{WORDS[allergen]})s?\b"), re.compile(EXCEPT[allergen] or r"(?!)")
    reasons = banned(allergen)
    for meal in load("advice.json")["meals"]:
        if has.search(meal["name"].lower()) and not hasnt.search(meal["name"].lower()):
            assert set(meal["has"]) & set(reasons), meal["name"]


@pytest.mark.parametrize("tag", ["gluten", "dairy", "egg", "nut", "peanut", "soy", "fish", "shellfish", "sesame"])
def test_every_tag_is_one_that_an_allergy_bans(tag: str) -> None:
    assert any(tag in banned(allergen) for allergen in ALLERGENS)


@pytest.mark.parametrize(
    ("told", "eaten"),
    [("milk", "oat latte"), ("milk", "coffee with soy milk"), ("gluten", "gluten-free bread"), ("eggs", "vegan cake"), ("nuts", "apple")],
)
def test_what_says_to_be_without_it_is_not_warned_of(told: str, eaten: str) -> None:
    assert conflict(eaten, banned(told)) == ""


@pytest.mark.parametrize("asked", ["suggest a breakfast without eggs", "a breakfast idea, no eggs please", "give me an egg-free breakfast"])
def test_a_suggestion_leaves_out_what_the_question_itself_wants_left_out(asked: str) -> None:
    answer = Talk().say(asked)
    assert "omelette" not in answer
    assert "eggs on" not in answer


def test_a_diet_and_an_allergy_told_in_one_breath_are_both_kept_to() -> None:
    talk = Talk()
    talk.say("i'm vegan and allergic to nuts")
    for asked in ("what could I have for dinner?", "another", "a snack?", "something else?", "breakfast ideas?"):
        answer = talk.say(asked)
        assert not re.search(r"chicken|salmon|omelette|yogurt|prawn|turkey|cottage|almonds|peanut", answer.split("I kept in mind")[0]), (
            answer
        )
