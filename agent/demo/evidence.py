"""Words that show that a message puts an entry right: an order, a source, a new sum; and words that show that it tells something new."""

from __future__ import annotations

import re

ORDERS = re.compile(
    r"\b(?:mixed (?:it|that|this|them) up|double (?:it|that|them)|meant|i typed|one zero|confused|just the|i used|twice as"
    r"|correct(?:ed|ion)?|wrong|incorrect"
    r"|mistaken?|typos?|mis(?:read|counted|typed|judged|remembered|heard|calculated|entered|took)"
    r"|should (?:be|have been|say|read)|supposed to be|turn(?:s|ed) out|actually|in fact|in reality|in truth|rather|instead|change"
    r"|update|adjust|fix|amend|edit|put (?:that|it|this) in|make (?:the|my|that|it)|(?:the )?rest (?:is|was|stays)|(?:as|still) is"
    r"|was (?:off|broken|empty)|double[- ]checked"
    r"|in (?:total|all)|al+together|all in all|overall|that makes|makes it|in the end|after all|(?:raise|lower|reduce|increase"
    r"|bump|double|halve|put|set) (?:the|my)|(?:my )?(?:bad|fault)|oops|sorry|instead of|stopped|cut (?:it )?short|(?:extra|added) time"
    r"|now that|looked (?:it )?up|only|just half|bigger|larger|smaller|longer than|shorter than|left (?:some|half|most|the rest)"
    r"|shared|too (?:high|low|many|much|few|little|long|short))\b"
    r"|\b(?:not|just) \d|,? so (?:(?:really|put|call|it|that|they|my|only|just|rather|half|was|were|is|it's|about|roughly|around|more like"
    r"|total|i|we|had"
    r"|did) )*\d"
)
"""Words that something is put right, or that what was said before is not all."""
SOURCES = re.compile(
    r"\b(?:has it|have it|recorded|timed|tracked|registered|emailed|texted|messaged|says?|said|tells me|told me"
    r"|reckons?|thinks?|claims?|insists?|swears?|counted|weighed|measured|corrected me|pointed out"
    r"|remind(?:ed|s) me|asked|spoke|looked|checked|read (?:the|it)|found|according to|based on|looking at|going by|another look"
    r"|having looked|saw|see now|see that"
    r"|lists?|states?|shows?|showed|label|packet|packaging|wrapper|menu|receipt|website|google(?:d)?)\b"
)
"""Words that somebody or something else knows it better."""
ANEW = re.compile(
    r"\b(?:another(?! look| \d)|one more|also|too(?! (?:many|much|high|low|little|few|long|short|big|small))|as well|later|afterwards"
    r"|and then|after that|for (?:breakfast|lunch|dinner|supper"
    r"|dessert)"
    r"|just (?:had|ate|finished|did|ran)|tomorrow|remind|every day|goal|limit|target|weigh(?:ed)? (?:myself|in)|my weight|slept|(?:of"
    r"|drank|drunk|some) water|water (?:today|so far))\b"
)
"""Words that something new is told, or something that no entry says."""
OWN_MEAL = re.compile(
    r"^(?:(?:and|so|ok|then|hi|hey|today|this morning|tonight|yesterday|last night)[, ]+)*(?:i|we|had|ate|drank|did|went|ran|walked)\b"
    r"(?! (?:just )?(?:only|forgot|asked|spoke|looked|checked|read|found|saw|mis|got|meant|weighed|measured|counted|googled|was wrong"
    r"|actually|put|think|made|had (?:only|just|\d+,)))"
)
"""How the telling of a new meal begins, unless a word puts it right."""
DEFINITE = re.compile(r"\b(?:the|my|that|those|our)\b")
ADDING = re.compile(
    r"\b(?:forgot|forgetting|with (?:the|breaks)|with (?:some |a bit of )?[a-z]+ (?:on top |in it )?(?:it's|it was|that's)"
    r"|it had (?:some )?[a-z]+ (?:on|in) it|than i (?:thought|expected|said)|used (?:more|less)|made (?:it )?with|le(?:ft|ave"
    r"|aving) out|no [a-z]+ in it|includ\w+"
    r"|plus|counting|adding|without the|minus|if you (?:add|count))\b"
)
"""What is left out or comes on top is no entry of its own where the message gives the new sum."""
PERSON = re.compile(
    r"\b(?:(?<!label )(?:says|said)|tells me|told me|reckons?|thinks?|claims?|insists?|swears?|corrected me|pointed out|reminds? me"
    r"|reminded me)\b"
)
FIX = re.compile(
    r"\b(?:can|could|would|will) (?:you|u)(?: please)? (?:fix|change|correct|update|adjust|amend|edit) (?:it|that|this"
    r"|the \w+)(?: please)?\?$"
)
MIND = re.compile(r"^(?:would|could|can|do) you (?:mind |please )*(?:chang|correct|updat|adjust|edit)ing (.*)\?$")
THEIRS = re.compile(
    r"\b(?:he|she|they) (?:also |only |just |once |usually )*(?:had|ate|ran|did|does|eats|runs|walked|swam|drank|played|cycled|made"
    r"|makes|has|burned|weighs)\b"
)
"""'My friend says she ran 50 minutes' puts nothing of one's own right."""
IT_IS = re.compile(
    r"[,;:.-] ?(?:and |so |but )*(?:it|that|they|there)(?:'s| is| was| were| are)(?: only| just| more like| rather"
    r"| about| really)* [«\d]"
)
EATEN = re.compile(r"\b(?:had|ate|drank|did|went|ran|walked|played|swam|cycled)\b")
SO_MUCH = re.compile(r",? so (?:really |put |put it at |it's |it was |that's |only |about |just )*[«\d][^,]*$")
IN_ALL = re.compile(r"\b(?:so|it had|it's|it is|it was|that's|makes|total|altogether|overall|in all)\b")
