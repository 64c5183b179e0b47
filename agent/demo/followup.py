"""Short answers that only make sense after what was said before: 'about 300', 'yes please', 'and yesterday?'."""

from __future__ import annotations

import re
from dataclasses import replace

from agent.demo.acts import Act
from agent.demo.announced import told_after
from agent.demo.context import Context, Line
from agent.demo.days import named_day
from agent.demo.exchanges import out_and_in
from agent.demo.followasked import asked_after
from agent.demo.fooditem import FoodItem
from agent.demo.leaning import leaning
from agent.demo.putright import WROTE
from agent.demo.reasoned import reasoned
from agent.demo.reentered import reentered
from agent.demo.sameenergy import same_energy, unmoved
from agent.demo.understand import understand
from agent.demo.words import amount, marked, tidy

ASKED_ENERGY = re.compile(r"Roughly how many calories were in the (.+?)\?")
ASKED_TODAY = "Shall I put it on today anyway?"
ASKED_DAY = "Which day shall I put it on?"
ASKED_IDEA = "Shall I suggest a snack or a meal?"
YES = re.compile(
    r"^(?:yes|yeah|yep|yup|sure|ok|okay|please|do it|go ahead|of course|please do|absolutely|definitely|alright|y|log it|yes please)\b"
)
LOG_IT = re.compile(
    r"^(?:yes,? |ok,? |okay,? |please |can you |could you |and |then )*(?:log|add|track|record|save) (?:it|that|them|this"
    r"|those|both)\b(?! (?:all )?up\b)"
)
WHAT_ABOUT = re.compile(r"^(?:and|what about|how about|and what about|and on|and how about) (?:on |for |the )?(.+?)\??$")
MORE = re.compile(
    r"^(?:and |or |ok,? |hmm,? |no,? |please |can you |could you |suggest |give me |show me |got |tell me )*(?:something else"
    r"|another(?: one| idea)?|anything else"
    r"|any other (?:ideas?|suggestions?)|give me another(?: one)?|what else|other ideas?|one more"
    r"|more ideas|not that(?: one)?|anything but that|nah,? something else)\b"
)
LOG_QUESTIONS = frozenset({"ask_food", "ask_workout", "ask_log", "ask_total", "ask_average", "ask_calories", "ask_burn"})
ADVICE = frozenset({"advise_meal", "advise_workout", "advise_wellness"})
REPEATED = LOG_QUESTIONS | ADVICE | {"smalltalk"}
LOOK_BACK = 4
MEAL_OF = re.compile(r"\b(?:breakfast|lunch|dinner|snack|dessert|morning|evening|night)\b")
SO_NOW = re.compile(
    r"^(?:so |and |ok |then |well )*(?:now|(?:what|how) about now|(?:now )?how (?:many|much)(?: is it| are they)?(?: now)?"
    r"|what is it now)\??$"
)


def resolved(acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    """The acts, with an answer that leans on an earlier message spelled out."""
    if kept := same_energy(context):
        without = replace(context, question=kept)
        return unmoved(resolved(understand(kept), without), context)
    gone, logged = out_and_in(context.question) if any(act.intent == "remove" for act in acts) else ("", "")
    if gone and logged:
        out = [act for act in resolved(understand(gone), replace(context, question=gone)) if act.intent == "remove"]
        into = [act for act in understand(logged) if act.intent in {"log_food", "log_workout"}]
        return (*out, *into) if out and into else acts
    text = tidy(context.question).strip(" .!")
    coach, user = _last(context, "coach"), _last(context, "user")
    announced = told_after(acts, context.question.strip(), user.text) if user else ()
    if again := asked_after(text, acts, context) or announced or reasoned(acts, context) or reentered(text, context):
        return again
    if len(text) > 80:
        return acts
    answered = _energy_given(text, coach) or _named_better(acts, coach) or _agreed(text, coach, user)
    return answered or _more_of(text, user, context) or leaning(text, acts, context) or acts


def _last(context: Context, role: str) -> Line | None:
    lines = [line for line in context.said_by(role) if line.source == "message"]
    return lines[-1] if lines else None


def _energy_given(text: str, coach: Line | None) -> tuple[Act, ...]:
    """A number after 'roughly how many calories were in the stew?'."""
    asked = ASKED_ENERGY.search(coach.text) if coach else None
    if not asked:
        return ()
    number = amount(marked(text), "kcal")
    bare = re.fullmatch(
        (
            r"(?:(?:about|around|maybe|probably|roughly|i think|i guess|like|say|perhaps|approximately|let's say"
            r"|it was|it's|was|~) ?)*~?(\d{1,4})(?: or so| i think| maybe| ish)?"
        ),
        marked(text),
    )
    if number is None and bare:
        number = float(bare.group(1))
    if number is None:
        return ()
    return (Act("log_food", text, (FoodItem(asked.group(1), kcal=number),)),)


def _named_better(acts: tuple[Act, ...], coach: Line | None) -> tuple[Act, ...]:
    """'No, it was a big mac' when the coach did not know the food: there is nothing to correct yet, so it is logged."""
    if not coach or not ASKED_ENERGY.search(coach.text):
        return ()
    return tuple(replace(act, intent="log_food") for act in acts if act.intent == "correct" and any(item.food for item in act.foods))


def _agreed(text: str, coach: Line | None, user: Line | None) -> tuple[Act, ...]:
    """'Yes' to an offer, or 'log it' about what was just spoken of."""
    yes = bool(YES.match(text))
    if coach and user and yes and ASKED_TODAY in coach.text:
        return _to_log(understand(user.text))
    if coach and user and ASKED_DAY in coach.text and (day := named_day(text)):
        return tuple(replace(act, day=day) for act in understand(user.text) if act.intent == "other_day")
    if coach and yes and ASKED_IDEA in coach.text:
        return (Act("advise_meal", text),)
    if user and LOG_IT.match(text):
        there = coach is not None and coach.text.startswith("Logged")
        return _to_log(understand(user.text)) if not there else () if named_day(text) else (Act("already_logged", text),)
    return ()


def _to_log(acts: tuple[Act, ...]) -> tuple[Act, ...]:
    return tuple(replace(act, intent="log_food" if act.foods else "log_workout", day="") for act in acts if act.foods or act.moves)


def _more_of(text: str, user: Line | None, context: Context) -> tuple[Act, ...]:
    """'and yesterday?' after a question about the log, 'something else?' after a suggestion."""
    about, more, now = WHAT_ABOUT.match(text), MORE.match(text), SO_NOW.match(text)
    if user is None or not (about or more or now):
        return ()
    if now and (sum_of := _of_what_changed(text, context)):
        return sum_of
    asked = [act for said in _questions(context, chained=bool(more), far=bool(now)) for act in understand(said) if act.intent in REPEATED]
    if not asked:
        return ()
    before = asked[-1]
    if now:
        return (before,) if before.intent in LOG_QUESTIONS else ()
    if before.intent not in LOG_QUESTIONS:
        again = f"{before.text} {text} {len(context.lines)}"
        return (replace(before, text=again),) if more else _another_meal(before, text)
    return _about_another(before, about.group(1), text) if about else ()


def _of_what_changed(text: str, context: Context) -> tuple[Act, ...]:
    """'How much now?' right after an entry was written asks for the sum of its kind."""
    coach = _last(context, "coach")
    if coach is None or not coach.text.startswith(WROTE):
        return ()
    return (Act("ask_total" if "kcal)" in coach.text else "ask_workout", text, day="today"),)


def _another_meal(before: Act, text: str) -> tuple[Act, ...]:
    """'And on the morning?' after a question what to eat."""
    meal = MEAL_OF.search(text)
    if before.intent != "advise_meal" or not meal:
        return ()
    return (
        replace(before, text=text, topic={"morning": "breakfast", "evening": "dinner", "night": "dinner"}.get(meal.group(), meal.group())),
    )


def _questions(context: Context, *, chained: bool, far: bool) -> list[str]:
    """The message that a short one leans on: the last, past others like 'another', or with `far` any of the last few."""
    said = [line.text for line in context.said_by("user") if line.source == "message"]
    if far:
        return said[-LOOK_BACK:]
    while chained and len(said) > 1 and (MORE.match(tidy(said[-1])) or _only_tells(said[-1])):
        said.pop()
    return said[-1:]


def _only_tells(text: str) -> bool:
    """Whether a message only tells something: 'I hate oats, by the way' between two wishes for ideas."""
    return all(act.intent.startswith("tell_") for act in understand(text))


def _about_another(before: Act, thing: str, text: str) -> tuple[Act, ...]:
    """The same question about another day, food or workout."""
    if day := named_day(text):
        return (replace(before, day=day),)
    now = understand(thing)[0]
    if before.intent in {"ask_calories", "ask_burn"} and (now.foods or now.moves):
        intent = "ask_burn" if now.moves else "ask_calories"
        return (replace(before, intent=intent, foods=now.foods, moves=now.moves, text=text),)
    return ()
