"""Level 7: dates, of the article and in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from dateline import dates
from dateline.checks.case import Case, Rule
from dateline.checks.lexicon import Lexicon
from dateline.collector import at_event, at_mention, quoted
from dateline.dates import Bounds
from dateline.model import Mention

# statuses and stages of events whose time may be after the article
_AHEAD = frozenset({"planned", "hypothetical", "announced", "threatened", "extended"})


def published(case: Case) -> None:
    """E701: the publication date is ISO 8601."""
    given = case.document.source.published_at
    if given is not None and case.published is None:
        case.add(
            "E701",
            f"published_at is no date of ISO 8601: {given!r:.40}",
            "write it as 2025-03-07, or with a time: 2025-03-07T09:30:00+01:00",
        )


def _valued(case: Case) -> Iterator[tuple[Mention, str]]:
    return ((m, m.attributes["value"]) for m in case.document.mentions if m.attributes.get("value"))


def values(case: Case) -> None:
    """E702, E703: a value is EDTF, and an interval ends after it begins."""
    for mention, value in _valued(case):
        try:
            found = dates.bounds(value)
        except dates.NotADate as error:
            case.add(
                "E702",
                f"the value {value!r:.60} is not EDTF: {error}",
                "write a day as 2025-03-07, a month as 2025-03, an interval as 2025-03-01/2025-03-07; "
                "leave it empty for a duration",
                **at_mention(mention),
            )
        else:
            if found.earliest > found.latest:
                case.add(
                    "E703",
                    f"the value {value!r:.60} ends before it begins",
                    "write the earlier date first",
                    **at_mention(mention),
                )


def words(case: Case) -> None:
    """W704: a value is not what its words rule out: another weekday, month, year or day."""
    if case.lexicon is None:
        return
    for mention, value in _valued(case):
        found = case.when(mention)
        against = found and _against(mention.text, found, case)
        if against:
            case.add(
                "W704",
                f"{quoted(mention.text)} has the value {value}, {against}",
                "read the words and the publication date again",
                **at_mention(mention),
            )


def _against(text: str, found: Bounds, case: Case) -> str | None:
    """What speaks against the bounds, in words; None for nothing, and where they are too wide to tell."""
    lexicon = case.lexicon
    if lexicon is None or date.min == found.earliest or date.max == found.latest:
        return None
    for match in lexicon.calendar.finditer(text):
        name = match[0].lower()
        if match["weekday"] and not _holds_weekday(found, lexicon.weekdays[name]):
            return f"which is no {match[0]}"
        if match["month"] and not _holds_month(found, lexicon.months[name]):
            return f"which is not in {match[0]}"
        if match["away"] and case.published is not None:
            day = case.published + timedelta(days=lexicon.days_away[name])
            if not found.earliest <= day <= found.latest:
                return f"and {match[0]} is {day}"
    return None


def _holds_weekday(found: Bounds, weekday: int) -> bool:
    ahead = (weekday - found.earliest.weekday()) % 7
    return found.earliest.toordinal() + ahead <= found.latest.toordinal()


def _holds_month(found: Bounds, month: int) -> bool:
    first, last = (day.year * 12 + day.month for day in found)
    return first + (month - first) % 12 <= last


def late(case: Case) -> None:
    """W705: what took place did so before the article was published."""
    if case.published is None:
        return
    for event in case.document.events:
        if _AHEAD & {event.attributes.get("status"), event.attributes.get("stage")}:
            continue
        times = case.times(event)
        # a day of grace: it may be tomorrow there
        if times and min(b.earliest for b in times) > case.published + timedelta(days=1):
            case.add(
                "W705",
                f"the event is {event.attributes.get('status')}, and its time is after the article of {case.published}",
                "status is planned or hypothetical, stage is announced, or the time is another one",
                **at_event(event, "time"),
            )


def years(case: Case) -> None:
    """W707: a year that no words give is not far from the article's."""
    if case.lexicon is None or case.published is None:
        return
    for mention, value in _valued(case):
        found = case.when(mention)
        if found is None or not _guessed(mention.text, found, case.lexicon, case.document.text):
            continue
        away = _months(found, case.published)
        if away > case.thresholds.months_away:
            case.add(
                "W707",
                f"{quoted(mention.text)} has the value {value}, {away} months from the article of {case.published}",
                "look for the year in the text; without one, the nearest date is meant",
                **at_mention(mention),
            )


def _guessed(text: str, found: Bounds, lexicon: Lexicon, article: str) -> bool:
    """True where the words name a day or month and the article nowhere the year that was given them."""
    return bool(lexicon.calendar.search(text)) and not any(str(day.year) in article for day in found)


def _months(found: Bounds, published: date) -> int:
    """Whole months between the publication and the nearest day that is meant."""
    if found.earliest <= published <= found.latest:
        return 0
    day = found.latest if found.latest < published else found.earliest
    return abs((day - published).days) * 12 // 365


RULES = (
    Rule(("E701",), published),
    Rule(("E702", "E703"), values),
    Rule(("W704",), words),
    Rule(("W705",), late),
    Rule(("W707",), years),
)
