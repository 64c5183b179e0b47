"""Plain text work: even spelling out, numbers in words, and amounts with units turned into marks.

`marked` rewrites a sentence so that later rules need one shape for each amount: "an hour and a half" becomes
«90min», "5k" «5km», "400 calories" «400kcal», "200 grams" «200g», "half a litre" «500ml».
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from agent.demo.markings import hm, kilometres, middle, rounds, sets
from agent.demo.shorthand import plainly
from agent.demo.slips import is_slip
from agent.demo.spans import after_distance, spanned

DATA = Path(__file__).parent / "data"
MARK = re.compile(r"«(\d+(?:\.\d+)?)(min|km|mi|kcal|g|ml|steps|inch)»")
PLAIN = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": ", ", "\u00a0": " "})
FRACTIONS = {"½": "0.5", "¼": "0.25", "¾": "0.75", "⅓": "0.33", "⅔": "0.67"}
LONG_WORD = re.compile(r"(?<![\w'@#/.-])[a-z]{5,}(?![\w'@/-])")
FILLERS = re.compile(
    r"(?:^|(?<=[\s,]))(?:bruh|bro|ngl|fr fr|fr|no cap|lowkey|highkey|deadass|tbh|imo|imho|istg|fam|lmao|lmfao|innit"
    r"|you see|if you please|would you believe|i must say|i must admit"
    r"|dear|my dear|as it happens|mind you|i dare say)(?=$|[\s,.!?]),?",
    re.IGNORECASE,
)
"""Words that colour a sentence and say nothing in it."""
NUMBER = r"(?<![«\d.])(\d+(?:\.\d+)?)"


@cache
def load(name: str) -> Any:
    """One of the data files of this folder, read once. It must not be changed by whoever reads it."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def show(number: float) -> str:
    """A number as people write it: 2, 1.5, 1,800."""
    rounded = round(number, 2)
    return f"{rounded:,.0f}" if rounded == int(rounded) else f"{rounded:,.2f}".rstrip("0").rstrip(".")


@lru_cache(maxsize=1)
def _short_spellings() -> re.Pattern[str]:
    words = sorted(load("spelling.json")["words"], key=len, reverse=True)
    return re.compile(rf"(?<![\w'#@/.-])(?:{'|'.join(map(re.escape, words))})(?![\w'/-])", re.IGNORECASE)


def _in_full(match: re.Match[str]) -> str:
    if len(match.group()) > 2 and match.group().isalpha() and match.group().isupper() and not match.string.isupper():
        return match.group()
    full: str = load("spelling.json")["words"][match.group().lower()]
    return full[0].upper() + full[1:] if match.group()[0].isupper() else full


@lru_cache(maxsize=4096)
def spelled(text: str) -> str:
    """The text with plain quotes and dashes, chat spellings in full ("don't" for "dont") and everyday words mended."""
    plain = FILLERS.sub(" ", text.translate(PLAIN)).strip() or text
    return plainly(LONG_WORD.sub(_mended, _short_spellings().sub(_in_full, plain)))


@lru_cache(maxsize=1)
def _everyday() -> tuple[dict[str, tuple[str, ...]], frozenset[str]]:
    """The words worth mending by first letter, and the words that are right although they look like one of them."""
    data = load("spelling.json")
    by_letter: dict[str, tuple[str, ...]] = {}
    for word in data["everyday"]:
        by_letter[word[0]] = (*by_letter.get(word[0], ()), word)
    return by_letter, frozenset([*data["everyday"], *data["right"]])


def _mended(match: re.Match[str]) -> str:
    return _mend(match.group())


@lru_cache(maxsize=4096)
def _mend(word: str) -> str:
    """The everyday word that this one is a slip of, or the word itself. Names keep their spelling."""
    words, right = _everyday()
    if word in right or not word.islower():
        return word
    return next((meant for meant in words.get(word[0], ()) if is_slip(word, meant)), word)


@lru_cache(maxsize=4096)
def tidy(text: str) -> str:
    """Lower case, plain quotes and dashes, common short spellings in full, single spaces."""
    return " ".join(spelled(text).lower().split())


NO_PLURAL = re.compile(r"(?:itis|sis|nnis|xis|vis)$|^(?:this|paris|iris|chris|morris|louis|anais|debris|chassis)$")
"""Words in -is that are one thing; others, such as kiwis and rotis, are several."""


@lru_cache(maxsize=4096)
def singular(word: str) -> str:
    """A rough singular, good enough to match 'eggs' with 'egg' on both sides."""
    if word in {"quiches", "brioches", "ceviches"}:
        return word[:-1]
    if len(word) <= 3 or word.endswith(("ss", "us")) or (word.endswith("is") and NO_PLURAL.search(word)):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + ("ie" if word in {"calories", "cookies", "brownies", "smoothies", "veggies", "hoagies", "pies"} else "y")
    if word.endswith(("shes", "ches", "xes", "sses", "toes", "choes", "goes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("'s") else word


@lru_cache(maxsize=1)
def _number_words() -> re.Pattern[str]:
    words = "|".join(load("units.json")["numbers"])
    return re.compile(rf"\b({words})(?:[ -](one|two|three|four|five|six|seven|eight|nine))?\b")


def _number(match: re.Match[str]) -> str:
    numbers: dict[str, int] = load("units.json")["numbers"]
    first, second = match.group(1), match.group(2)
    tens = numbers[first]
    if second and tens < 20:
        return f"{tens} {numbers[second]}"
    return str(tens + (numbers[second] if second else 0))


@lru_cache(maxsize=4096)
def numbered(text: str) -> str:
    """The tidied text with number words and fractions as digits."""
    for sign, share in FRACTIONS.items():
        if sign in text:
            text = re.sub(rf"(\d+) ?{sign}", rf"\g<1>{share[1:]}", text).replace(sign, share)
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    text = re.sub(r"\b(\d+)(?:[ -]| and | & )1/2\b", r"\1.5", text)
    text = re.sub(r"(?<![\d/])(\d)/([2-9])(?![\d/])", lambda m: f"{int(m.group(1)) / int(m.group(2)):.2f}", text)
    text = _number_words().sub(_number, text)
    for pattern, value in SMALL_PHRASES:
        text = pattern.sub(value, text)
    text = re.sub(r"\b(\d+) (?:and|&|n) (?:a )?half\b", r"\1.5", text)
    text = UNIT_AND_A_HALF.sub(lambda found: f"{found.group(1).replace('an', '1').replace('a', '1')}.5 {found.group(2)}", text)
    text = re.sub(r"\b(\d+)(?: and a bit| and something|-odd| odd|-ish|ish)\b", r"\1", text)
    text = re.sub(r"\b(\d+) and a quarter\b", r"\1.25", text)
    text = re.sub(r"\b(\d+) hundred\b", r"\g<1>00", text)
    return re.sub(r"\b(\d+)(?:\.(\d))? thousand\b", lambda m: f"{m.group(1)}{m.group(2) or '0'}00", text)


UNIT_AND_A_HALF = re.compile(
    r"\b(an?|\d{1,2}) (hours?|hrs?|lit(?:re|er)s?|pints?|cups?|glass(?:es)?|bottles?|bowls?|portions?|kilos?|kilomet(?:re|er)s?|miles?"
    r"|slices?"
    r"|stone|scoops?|cans?|mugs?) and (?:a half|0\.5)\b"
)
"""'A litre and a half', '2 hours and a half'."""
SMALL_PHRASES = tuple(
    (re.compile(pattern), value)
    for pattern, value in (
        (r"\bhalf (?:a )?dozen\b", "6"),
        (r"\b(?:a|1) dozen\b", "12"),
        (r"\b2 dozen\b", "24"),
        (r"\b(?:a )?couple(?: of)?\b(?! days| weeks)", "2"),
        (r"\ba pair of\b", "2"),
        (r"\ba (?:good )?few\b", "3"),
        (r"\ba hundred\b", "100"),
        (r"\ba thousand\b", "1000"),
        (r"\b3[ -]quarters of an? (?=h)", "0.75 "),
        (r"\b3[ -]quarters of (?:an?|the|my)\b", "0.75"),
        (r"\b2[ -]thirds of (?:an?|the|my)\b", "0.67"),
        (r"\b(?:a|1)[ -]third of (?:an?|the|my)\b", "0.33"),
        (r"\b(?:a )?quarter of (?:the|my)\b", "0.25"),
        (
            r"\b(?:a )?quarter[ -](?=(?:cup|lit(?:re|er)|pint|lb|pound|kilo|bottle|bag|tub|bowl|portion|slice|tsp|teaspoon|pizza)\b)",
            "0.25 ",
        ),
        (r"\ba quarter of an? (?=h)", "0.25 "),
        (r"\b(?:a )?quarter of an?\b", "0.25"),
        (r"\band half an? (?=[a-z])(?!h)", "and 0.5 "),
        (r"(?<!hour )(?<!hours )(?<!hr )(?<!hrs )\band half an (?=hour|hr)", "and 0.5 "),
        (r"\b(?:an? |the )?half of (?:an?|the|my|1)\b", "0.5"),
        (r"\b(?<!and )(?:a )?half an?\b", "0.5"),
        (r"\b(?<!and )a half\b", "0.5"),
        (r"\b(?:a )?half (?:the|my)\b", "0.5"),
        (
            (
                r"\bhalf(?= (?:hour|lit(?:re|er)|pint|cup|glass|bowl|slice|bottle|can|tub|plate|portion|bag|packet|tin|pot|tbsp|tsp"
                r"|tablespoon|scoop)\b)"
            ),
            "0.5",
        ),
    )
)

HOURS = r"(?:hours?|hrs?|h)"
MINUTES = r"(?:minutes?|mins?|min|m(?![a-z])|')"


def _times(unit: str, factor: float) -> Any:
    return lambda match: f"«{round(float(match.group(1)) * factor, 2):g}{unit}»"


AMOUNTS: tuple[tuple[re.Pattern[str], Any], ...] = (
    (re.compile(r"(?<![\d.«])(\d{1,2}):(\d\d) ?h(?:ours?|rs?)?\b"), hm),
    (re.compile(r"(?<![\d.«])(\d{1,2}) ?[x*] ?(\d{2,4}) ?(?:m|metres|meters|metre|meter)\b"), sets),
    (re.compile(rf"{NUMBER} ?{HOURS} ?(?:and )?{NUMBER} ?{MINUTES}\b"), hm),
    (re.compile(rf"{NUMBER} ?(?:h|hr|hrs) ?(\d\d)\b"), hm),
    (re.compile(rf"{NUMBER} ?hours?,? (?:and )?([1-5]\d)(?=$| ?[,.;:!)]| (?:with|at|in|on|today|yesterday|this|easy|total|non)\b)"), hm),
    (re.compile(rf"{NUMBER} ?(?:-|to|or) ?{NUMBER}[ -]?(?:minutes?|mins?|min)\b(?! ago)"), middle),
    (
        re.compile(
            r"(?<![\d.«])(?<!level )(?<!week )(?<!day )(?<!zone )(?<!incline )(?<!gear )(?<!number )(?<!part )(?<!at )([2-9]) ?(?:[x*] ?"
            r"|(?:(?:times|lots|rounds|halves|periods|quarters|sets|sessions|blocks|thirds) (?:of )?)?(?<= ))(\d+)[ -]?(?:minutes?|mins?"
            r"|min)\b(?! ago)"
        ),
        rounds,
    ),
    (re.compile(rf"{NUMBER}[ -]?ish(?= ?(?:min|hour|hr))"), r"\g<1>"),
    (re.compile(rf"{NUMBER} ?(?:seconds?|secs?)\b"), _times("min", 1 / 60)),
    (
        re.compile(
            r"(?<![\d.«])(\d{1,2}) ?(?:[x*] ?|(runs|rides|swims|walks|laps|loops|reps|intervals|repeats) of )(\d+(?:\.\d+)?) ?(?:km|k)\b"
        ),
        kilometres,
    ),
    (
        re.compile(
            r"\b\d+ ?(?:m|metres|meters|ft|feet) (?:up|climb\w*|of (?:climb\w*|elevation|ascent|gain|vert\w*)|elevation|ascent|vert)\b"
        ),
        "",
    ),
    (re.compile(r"(?<![\d.«])([2-9]) [a-z]+ of (\d+)[ -]?(?:minutes?|mins?|min)\b"), rounds),
    (re.compile(r"\b(?:a|1) mile and a half\b"), "«1.5mi»"),
    (re.compile(r"\ba mile\b(?! (?:away|from))"), "«1mi»"),
    (re.compile(rf"{NUMBER}[ -]?milers?\b"), _times("mi", 1)),
    (re.compile(rf"\b(?:(?:an|a|1) ?)?(?:full |whole |solid )?{HOURS} and a half\b"), "«90min»"),
    (re.compile(rf"\b(?:an|a|1) ?{HOURS} and (?:a )?quarter\b"), "«75min»"),
    (re.compile(rf"\b(?:an|a) ?{HOURS} (?:and )?{NUMBER}(?: ?{MINUTES})?\b"), lambda m: f"«{60 + float(m.group(1)):g}min»"),
    (re.compile(rf"{NUMBER} of (?:an|1) (?:hour|hr)\b"), _times("min", 60)),
    (re.compile(rf"{NUMBER}[ -]?{HOURS}\b(?! ago)"), _times("min", 60)),
    (re.compile(r"\b(?:an|a) (?:good |full |whole |solid )?(?:hour|hr)\b(?! ago)"), "«60min»"),
    (re.compile(rf"{NUMBER}[ -]?(?:minutes?|mins?|min)\b(?! ago)"), _times("min", 1)),
    (re.compile(rf"{NUMBER}'(?![a-z])"), _times("min", 1)),
    (re.compile(rf"{NUMBER} ?k (?=k?cals?\b|calories)"), _times("kcal", 1000)),
    (re.compile(rf"{NUMBER}[ -]?(?:kcals?|kilocalories|calories|calorie|cals?)\b"), _times("kcal", 1)),
    (re.compile(rf"{NUMBER} ?(?:kj|kilojoules)\b"), lambda m: f"«{round(float(m.group(1)) * 0.239)}kcal»"),
    (re.compile(rf"{NUMBER}[ -]?(?:km|kms|kilometers?|kilometres?|k)\b(?! steps)"), _times("km", 1)),
    (re.compile(rf"{NUMBER}[ -]?(?:miles?|mi)\b"), _times("mi", 1)),
    (re.compile(r"\bhalf[ -]marathon\b(?= (?:today|this|in |on |yesterday|done|finished|complete))"), "half marathon «21.1km»"),
    (re.compile(r"(?<!half )\bmarathon\b(?= (?:done|finished|completed?|in «))"), "marathon «42.2km»"),
    (re.compile(rf"{NUMBER} ?cm\b"), _times("inch", 1 / 2.54)),
    (re.compile(rf"{NUMBER}(?:[ -]?inch(?:es)?\b|\")"), _times("inch", 1)),
    (
        re.compile(
            r"(«[\d.]+(?:km|mi)»(?: (?!at\b|from\b|around\b|pace\b|about\b)[a-z]+){0,3},?) (\d{1,2}):(\d\d)(:\d\d)?\b(?! ?(?:[ap]m\b|pace"
            r"|/|per\b|a k|min))"
        ),
        after_distance,
    ),
    (
        re.compile(
            r"\b(?:steps?(?: count(?:er)?)?|pedometer)(?: today| yesterday| so far)?(?: ?[:=-]| is| was| were| says?| shows?"
            r"| said)?(?: at| on)? (\d{3,6})\b(?! ?(?:k?cal|«))"
        ),
        r"«\1steps»",
    ),
    (re.compile(rf"{NUMBER} ?k steps\b"), _times("steps", 1000)),
    (re.compile(rf"{NUMBER} ?steps\b"), _times("steps", 1)),
    (re.compile(r"(«[\d.]+(?:km|mi)»(?: \w+)?(?: in)?) (\d{1,3}) ?m\b"), r"\1 «\2min»"),
    (re.compile(rf"{NUMBER} ?(?:m|metres|meters|yards)\b(?! )?"), _times("km", 0.001)),
    (re.compile(rf"{NUMBER}[ -]?(?:kg|kgs|kilos?|kilograms?)\b"), _times("g", 1000)),
    (re.compile(rf"{NUMBER}[ -]?(?:g|gr|gms?|grams?|grammes?)\b"), _times("g", 1)),
    (re.compile(rf"{NUMBER}[ -]?(?:fl\.?[ -]?oz|fluid ounces?)\b\.?"), _times("ml", 29.57)),
    (re.compile(rf"{NUMBER}[ -]?(?:oz|ounces?)\b"), _times("g", 28.35)),
    (re.compile(rf"{NUMBER}[ -]?(?:lbs?|pounds?)\b"), _times("g", 453.6)),
    (re.compile(rf"{NUMBER}[ -]?(?:ml|mls|millilit(?:re|er)s?)\b"), _times("ml", 1)),
    (re.compile(rf"{NUMBER}[ -]?(?:cl)\b"), _times("ml", 10)),
    (re.compile(r"\ba gallon\b"), "«3785ml»"),
    (re.compile(rf"{NUMBER}[ -]?gallons?\b"), _times("ml", 3785)),
    (re.compile(rf"{NUMBER}[ -]?(?:l|lit(?:re|er)s?|ltrs?)\b"), _times("ml", 1000)),
    (re.compile(r"\ba lit(?:re|er)\b"), "«1000ml»"),
)


NEEDS_MARKS = re.compile(r"\d(?!\d*$)|hour|hr|lit|mile|gallon|step|pedometer")


@lru_cache(maxsize=2048)
def marked(text: str) -> str:
    """The text tidied, with digits for number words and marks for amounts."""
    text = numbered(tidy(text))
    if NEEDS_MARKS.search(text):
        text = spanned(text)
        for pattern, replacement in AMOUNTS:
            text = pattern.sub(replacement, text)
    return text


def amount(text: str, unit: str) -> float | None:
    """The first mark of this unit in a marked text."""
    return next((float(number) for number, found in MARK.findall(text) if found == unit), None)
