"""The words of an answer: one sentence or two for each thing the message does."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from agent.demo.acts import Act
from agent.demo.advice import advise_meal, advise_wellness, advise_workout
from agent.demo.banned import MUST_NOT, banned_tags, conflict
from agent.demo.context import Context
from agent.demo.languages import foreign, sorry
from agent.demo.logbook import day_in, entries_in
from agent.demo.logburn import body_weight
from agent.demo.logpicks import describe
from agent.demo.logreplies import answer_log, logged
from agent.demo.memory import Memory, stems
from agent.demo.moves import Move
from agent.demo.pictures import shown
from agent.demo.recall import all_known, answer_fact, answer_said
from agent.demo.steps import CHANGES, READS, logging_calls, named_in, target_of
from agent.demo.talk import capital, listing, say
from agent.demo.tellings import acknowledge
from agent.demo.understand import understand
from agent.demo.wholesale import EVERYTHING
from agent.demo.words import show, tidy

MOST_PARTS = 4
TRIES = 4
"""Phrasings that are tried for one that was not said a moment ago."""


def words_for(acts: Sequence[Act], context: Context, tools: frozenset[str]) -> str:
    """The answer to all acts of a message."""
    memory = Memory(context)
    results = context.results
    parts = [_logging(acts, memory, results), _changing(acts, memory, results)]
    logging = any(act.intent in {"log_food", "log_workout"} for act in acts)
    for act in acts:
        if logging and act.intent in {"no_meal", "no_workout"}:
            continue
        if act.intent in READS:
            parts.append(_reading(act, memory, results, tools))
        elif act.intent not in {"log_food", "log_workout", "correct", "remove"}:
            parts.append(_one(act, memory))
    said = list(dict.fromkeys(part for part in parts if part))
    return " ".join(said[:MOST_PARTS]) or logged(results) or say("unclear", context.question)


def _logging(acts: Sequence[Act], memory: Memory, results: Sequence[str]) -> str:
    """What went into the log, what is estimated in it, and what is still to be asked."""
    acts = [act for act in acts if act.intent in {"log_food", "log_workout"}]
    if not acts:
        return ""
    wanted = logging_calls(acts)
    parts = []
    if results:
        parts.append(logged([text for text in results if not day_in(text)], memory.today))
        if any(text.startswith("Logged") for text in results):
            parts.append(_notes(acts, memory))
    elif wanted:
        parts.append(say("no_tools", acts[0].text, it=listing([str(call.args["name"]) for call in wanted])))
    unknown = [item.name for act in acts for item in act.foods if item.energy is None]
    if unknown:
        parts.append(say("unknown_food", acts[0].text, it=unknown[0]))
    parts.append(_warning(acts, memory))
    return " ".join(filter(None, parts))


def _notes(acts: Sequence[Act], memory: Memory) -> str:
    """Which of the numbers are the coach's own estimates."""
    notes = []
    eaten = [item for act in acts for item in act.foods if item.kcal is None and item.food]
    guessed_food = next((item for item in eaten if item.food and item.food.guessed), None)
    if guessed_food:
        notes.append(say("guess", acts[0].text, it=guessed_food.name))
    elif eaten:
        notes.append(say("estimate", acts[0].text))
    moves = [move for act in acts for move in act.moves]
    guessed = [move for move in moves if move.minutes is None]
    if guessed:
        notes.append(f"I took {show(guessed[0].length)} min {_guessed_from(guessed[0])}; tell me if it was different.")
    if moves and not guessed:
        kg, told = body_weight(memory)
        burned = sum(move.activity.energy(move.length, kg) for move in moves)
        notes.append(f"That's roughly {show(burned)} kcal burned{'' if told else ' for a 70 kg person'}, an estimate.")
    return " ".join(notes)


def _guessed_from(move: Move) -> str:
    told = "distance" if move.km else "steps" if move.steps else "count" if move.reps else ""
    return f"from the {told}" if told else "as a usual session"


def _warning(acts: Sequence[Act], memory: Memory) -> str:
    """A word of care when something eaten goes against an allergy that was told."""
    banned = {tag: reason for tag, reason in banned_tags(memory.told).items() if MUST_NOT.search(reason)}
    for act in acts:
        for item in act.foods:
            if reason := conflict(item.name, banned):
                return f"Careful: {reason}, as you told me, and {item.name} may contain it."
    return ""


def _changing(acts: Sequence[Act], memory: Memory, results: Sequence[str]) -> str:
    """What became of a correction or a deletion."""
    act = next((act for act in acts if act.intent in CHANGES), None)
    if act is None:
        return ""
    both = any(act.intent in {"log_food", "log_workout"} for act in acts)
    done = [text for text in results if not day_in(text) and not (both and text.startswith("Logged"))]
    if len(done) > 1 and all(text.startswith("Removed") for text in done):
        return f"Done, I removed {listing([describe(entry) for text in done for entry in entries_in(text)])} from your log."
    if len(done) > 1 and all(text.startswith(("Changed", "Removed")) for text in done):
        return _several(done)
    return _changed(done[-1], memory) if done else _not_changed(act, results)


def _several(done: Sequence[str]) -> str:
    """Several entries put right by one message, and those that it took out."""
    now, gone = (
        [describe(entry) for text in done if text.startswith(word) for entry in entries_in(text)] for word in ("Changed", "Removed")
    )
    return f"Done, your log now says: {listing(now)}.{f' I removed {listing(gone)}.' if gone else ''}"


def _changed(text: str, memory: Memory) -> str:
    named = listing([describe(entry) for entry in entries_in(text)])
    if text.startswith("Changed"):
        return f"Done, it now says: {named}."
    if text.startswith("Logged"):
        return f"Done, I moved it. {logged([text], memory.today)}"
    return f"Done, I removed {named or 'that entry'} from your log." if text.startswith("Removed") else logged([text])


def _not_changed(act: Act, results: Sequence[str]) -> str:
    """Why nothing was changed, and what would help."""
    empty = bool(results) and all((day := day_in(text)) and not day.entries for text in results)
    if act.intent == "remove" and EVERYTHING.search(act.text) and not named_in(act) and not empty:
        return "I'd rather remove one entry at a time, so that nothing is lost by accident. Which one shall I take out?"
    known = [entry for text in results if (day := day_in(text)) for entry in day.entries]
    if act.intent == "correct" and (not results or target_of(act, known)):
        return 'Tell me what it should say, for example "it was 2 slices" or "make it 45 minutes".'
    if not results:
        return "I can't change your log just now."
    if not known:
        return "I don't find that entry: your log for today is empty, so there is nothing to change."
    return f"I don't find that entry. Your log today shows {listing([describe(entry) for entry in known])}; which one do you mean?"


def _reading(act: Act, memory: Memory, results: Sequence[str], tools: frozenset[str]) -> str:
    """The log's answer, else what was told, and never one for the other."""
    days = [day for text in results if (day := day_in(text))]
    if days:
        return answer_log(act, days, memory)
    if results:
        return logged(results)
    if "read_log" in tools:
        return "Which date do you mean? I'd need it like 2026-11-18, for I don't see today's date in what I was sent."
    return _told_instead(act, memory)


def _told_instead(act: Act, memory: Memory) -> str:
    from_log = "I can't read your log just now"
    wanted = "log_food" if act.intent in {"ask_food", "ask_total", "ask_average"} else "log_workout"
    told = [line for line in memory.lines if any(one.intent == wanted for one in understand(line.text))]
    if not told:
        return f"{from_log}, and I don't see that in what I was sent."
    said = "; ".join(f'"{line.text.strip()}"' for line in told[-3:])
    return f"{from_log}, but {memory.source(told[-1])}: {said}."


def _energy(act: Act, memory: Memory) -> str:
    parts = []
    for item in act.foods:
        if item.food is None:
            parts.append(f"I don't have {item.name} in my table; the label or a search will tell you.")
        else:
            grams = item.food.weight(item.count, item.unit, item.size)
            parts.append(
                f"{capital(item.label)}: about {show(item.energy or 0)} kcal (roughly {show(round(grams))} g, an estimate from USDA data)."
            )
    lead = (
        "My table has calories only. " if re.search(r"\b(?:carb|protein|fat|fib|sugar|macro|vitamin|sodium|salt)", act.text.lower()) else ""
    )
    return lead + " ".join(parts)


def _off_topic(act: Act, memory: Memory) -> str:
    """What lies outside, but for the date, which the request may tell."""
    if memory.today and re.search(r"\bwhat(?:'s| is)? (?:the |today's )?(?:date|day)\b|\bwhich day\b", act.text.lower()):
        return f"Today is {memory.today:%A}, {memory.today.day} {memory.today:%B %Y}."
    leans = re.match(r"^(?:so |and |but )?(?:is|was|are|does|did|would|will|can) (?:that|it|this|these|those)\b", tidy(act.text))
    if leans or (len(act.text.split()) <= 4 and not stems(act.text.strip(" ?"))):
        return say("elliptic", act.text)
    return say("off_topic", act.text)


def _burn(act: Act, memory: Memory) -> str:
    move = act.moves[0]
    kg, told = body_weight(memory)
    weight = f"at the {show(round(kg))} kg you told me" if told else "for a 70 kg person (tell me your weight and I can do better)"
    burned = move.activity.energy(move.length, kg)
    return (
        f"{show(move.length)} minutes of {move.name} burn roughly {show(burned)} kcal {weight}, by a published "
        f"MET value of {show(move.activity.met)}."
    )


def _other_day(act: Act, memory: Memory) -> str:
    things = [*(item.label for item in act.foods), *(move.label for move in act.moves)]
    day = {"yesterday": "yesterday", "other": "another day", "month": "a while ago"}.get(
        act.day, act.day.capitalize() if act.day.endswith("day") else "an earlier day"
    )
    return say("which_day" if act.topic == "which" else "other_day", act.text, it=listing(things), day=day)


def _craving(act: Act, memory: Memory) -> str:
    item = act.foods[0]
    if reason := conflict(item.name, banned_tags(memory.told)):
        return f"I'd leave that one: {reason}. Shall I suggest a snack or a meal?"
    if item.energy is None:
        return f"{capital(item.name)} sounds tempting. Tell me if you have it, and I'll log it."
    return say("craving", act.text, it=item.name, kcal=show(item.energy))


def _emoji(act: Act, memory: Memory) -> str:
    """A message without words: what its pictures seem to say, and a request for words."""
    kind, food = shown(act.text)
    return say(f"emoji_{kind}" if kind else "emoji", act.text, it=act.text.strip()[:12], food=food)


def _plain(act: Act, memory: Memory) -> str:
    """Answers that depend on the intent alone."""
    name = memory.name()
    language = sorry(foreign(act.text)) if act.intent == "foreign" else ""
    called = f", {name}" if name else ""
    kind, recent = _phrasing(act.intent, tidy(act.text)), {line.text for line in memory.coach_lines[-6:]}
    tries = [say(kind, f"{act.text}{'+' * n}", name=called, it=act.text.strip()[:12], sorry=language).strip() for n in range(TRIES)]
    return next((text for text in tries if text not in recent), tries[0])


def _phrasing(intent: str, low: str) -> str:
    """Which of the intent's answers fits."""
    if intent == "greet" and re.search(r"\bhow\b|\bwhat's up\b|\bwhats up\b", low):
        return "greet_how"
    if intent == "acknowledge" and re.match(r"^(?:no|nope|never|nah|not(?! bad)|nothing|idk|dunno|i don't)\b", low):
        return "acknowledge_no"
    if intent == "about_bot" and re.search(r"\b(?:how|what) do i\b|\bhow does\b|^help|\bnew\b", low):
        return "howto"
    return _smalltalk(low) if intent == "smalltalk" else intent


def _smalltalk(low: str) -> str:
    if re.search(r"\bjoke|funny|laugh|fun fact", low):
        return "joke"
    if re.search(r"\bstupid|dumb|useless|idiot|bad|annoying|shut|hate|fuck|boring|wrong", low):
        return "rude"
    return "kind" if re.search(r"\blove you|like you|cute|funny", low) else "motivate"


ANSWERS: Mapping[str, Callable[[Act, Memory], str]] = {
    "ask_fact": answer_fact,
    "ask_said": answer_said,
    "ask_about_me": lambda act, memory: all_known(memory),
    "ask_calories": _energy,
    "ask_burn": _burn,
    "advise_meal": advise_meal,
    "advise_workout": advise_workout,
    "advise_wellness": advise_wellness,
    "other_day": _other_day,
    "craving": _craving,
    "off_topic": _off_topic,
    "says": lambda act, memory: act.topic,
    "emoji": _emoji,
}


def _one(act: Act, memory: Memory) -> str:
    """The answer to one act that needs no tool."""
    if act.intent in ANSWERS:
        return ANSWERS[act.intent](act, memory)
    if act.measure or act.intent.startswith("tell_"):
        return acknowledge(act)
    return _plain(act, memory)
