"""The words of a language that rules go by: few, and only such as hardly ever mean anything else.

There is one table for English so far. A text of unknown language is read as English, any other language has no
words, and the rules that need them say nothing about it. A new language is one more entry of LEXICA.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Lexicon:
    """Words in lower case, what begins a name as patterns, days and months by name, from 0 and from 1."""

    hedge: frozenset[str]
    negation: frozenset[str]
    between: frozenset[str]  # what may stand between a cue and what it is about
    article: re.Pattern[str]
    title: re.Pattern[str]
    weekdays: dict[str, int]
    months: dict[str, int]
    days_away: dict[str, int]
    calendar: re.Pattern[str]
    pronouns: frozenset[str]
    empty: frozenset[str]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _any(names: dict[str, int] | frozenset[str]) -> str:
    return "|".join(sorted(map(re.escape, names), key=lambda name: (-len(name), name)))


_WEEKDAYS = {
    name: n
    for n, name in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
}
_MONTHS = {
    name: n
    for n, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
_DAYS_AWAY = {"yesterday": -1, "today": 0, "tomorrow": 1}

ENGLISH = Lexicon(
    hedge=_words("reportedly allegedly purportedly supposedly alleged purported supposed rumoured rumored"),
    negation=_words(
        "not never no didn't hasn't hadn't haven't wasn't weren't isn't aren't "
        "didn’t hasn’t hadn’t haven’t wasn’t weren’t isn’t aren’t"
    ),
    between=_words(
        "a an any the such single formal official public new yet ever even been be being have has had to "
        "actually really formally officially publicly directly again once"
    ),
    # a capital letter may belong to the name, or begin the sentence
    article=re.compile(r"(?:the|an?) (?=\S)"),
    title=re.compile(
        r"(?:President|Vice President|Prime Minister|Foreign Minister|Chancellor|Minister|Senator|Governor|"
        r"Mayor|Ambassador|General|Colonel|King|Queen|Prince|Princess|Mr\.?|Mrs\.?|Ms\.?|Dr\.?|Prof\.?) (?=[^\W\d_a-z])"
    ),
    weekdays=_WEEKDAYS,
    months=_MONTHS,
    days_away=_DAYS_AWAY,
    # a capital letter tells May and March from the verbs
    calendar=re.compile(
        rf"\b(?:(?P<weekday>(?i:{_any(_WEEKDAYS)}))|(?P<month>(?!may|march|mar|sep|dec)(?i:{_any(_MONTHS)}))|"
        rf"(?P<away>(?i:{_any(_DAYS_AWAY)})))\b"
    ),
    pronouns=_words(
        "he him his she her hers it its they them their theirs we us our who whom which that this these those"
    ),
    # no negation among them: "not" may be all that a denial has for a trigger
    empty=_words(
        "a an and as at be by for from has have in is it of on or that the this to was were will with"
    ),
)
LEXICA = {"en": ENGLISH, "und": ENGLISH}


def of(language: str) -> Lexicon | None:
    """The words of a language by its BCP 47 tag; None where there are none."""
    return LEXICA.get(language.partition("-")[0].lower())
