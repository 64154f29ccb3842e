"""Level 5: whether an event took place, who says so, and who denies it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from dateline.checks.case import Case, Rule
from dateline.checks.lexicon import Lexicon
from dateline.collector import at_event, quoted
from dateline.model import Event, Mention, Trigger

_FAR = 80  # characters: more than a few small words take
_ENDED = frozenset({"lifted"})  # "no advisory any more" says that it was there


def _stance(case: Case, event: Event) -> str | None:
    """Whether the event affirms or denies a claim, by `x-claim` of its type; None where it carries none."""
    type_ = case.schema.types.get(event.type)
    return type_.claims.stance if type_ and type_.claims else None


def _denials(case: Case) -> list[Event]:
    return [event for event in case.document.events if _stance(case, event) == "denies"]


def nothing(case: Case) -> None:
    """E505: a denial has a claim, a denies relation, its words as a quote, or parts that have."""
    for event in _denials(case):
        if not any(_denies(case, one) for one in (event, *case.parts(event))):
            role = _claim_role(case, event)
            case.add(
                "E505",
                f"the {event.type} denies nothing: no {role}, no denies relation, no quote",
                f"mark the claim and draw {role}, or draw denies to the event that is denied",
                **at_event(event),
            )


def _claim_role(case: Case, event: Event) -> str:
    type_ = case.schema.types.get(event.type)
    return type_.claims.role if type_ and type_.claims else ""


def _denies(case: Case, event: Event) -> bool:
    roles = event.arguments.keys() & {_claim_role(case, event), "quote"}
    return bool(roles or case.denied(event))


def asserted(case: Case) -> None:
    """W506: an event that somebody denies is not asserted, unless it carries a claim itself."""
    for denial in _denials(case):
        if denial.attributes.get("polarity") == "negative":
            continue
        for tail in (case.events.get(id_) for id_ in case.denied(denial)):
            if tail is None or _stance(case, tail) or tail.attributes.get("polarity") == "negative":
                continue
            if tail.attributes.get("status") == "asserted" and not _came_out(case, tail, denial):
                case.add(
                    "W506",
                    f"{tail.type} is asserted, and {quoted(denial.main.text)} denies it",
                    "disputed where a source affirms it, denied where only the denial is there",
                    **at_event(tail),
                )


def _came_out(case: Case, event: Event, denial: Event) -> bool:
    """True where the event's end is known and later than the denial: ending a thing admits it."""
    ends = [b for m in case.fillers(event, "time_end") if (b := case.when(m)) is not None]
    said = case.times(denial)
    return bool(ends and said) and max(b.latest for b in said) < min(b.earliest for b in ends)


def hedged(case: Case) -> None:
    """W507: no hedge beside the trigger of an event that is asserted."""
    _beside(case, "W507", "hedge", "status is reported or alleged, if the hedge is about this event")


def negated(case: Case) -> None:
    """W508: no negation beside the trigger of an event that is asserted and positive."""
    _beside(case, "W508", "negation", "polarity is negative, if the negation is about this event")


def _beside(case: Case, code: str, cue: str, hint: str) -> None:
    if case.lexicon is None:
        return
    cues = case.lexicon.hedge if cue == "hedge" else case.lexicon.negation
    for event in case.document.events:
        said = event.attributes.get("status"), event.attributes.get("polarity")
        if (
            said != ("asserted", "positive")
            or _stance(case, event) == "denies"
            or _ENDED & {*event.attributes.values()}
        ):
            continue
        for trigger in event.triggers:
            words = _near(case, trigger, cues, case.lexicon)
            if words is not None:
                case.add(
                    code,
                    f"{quoted(words)}: a {cue} beside the trigger, and {event.type} is asserted",
                    hint,
                    **{
                        **at_event(event),
                        "region": trigger.region,
                        "start": trigger.start,
                        "end": trigger.end,
                    },
                )
                break


def _near(case: Case, trigger: Trigger, cues: frozenset[str], lexicon: Lexicon) -> str | None:
    """The words from the cue to the trigger, where only small words stand between them."""
    before = case.document.text[max(trigger.start - _FAR, 0) : trigger.start]
    words = before.split()
    for n, word in enumerate(reversed(words[-case.thresholds.words_beside - 1 :])):
        if word.lower() in cues:
            at = trigger.start - len(before) + before.rindex(word)
            return None if _taken(case, at, at + len(word)) else " ".join([*words[-n - 1 :], trigger.text])
        if word.lower() not in lexicon.between:
            return None
    return None


def _taken(case: Case, start: int, end: int) -> bool:
    """True where the cue is a part of a trigger, so that it is about another event."""
    n = bisect_right(case.triggers, (start, len(case.document.text) + 1))
    return n > 0 and case.reach[n - 1] >= end


def sources(case: Case) -> None:
    """W509: a cited source that is anonymous has no name."""
    for event in case.document.events:
        cited = case.fillers(event, "cited_source")
        named = [m for m in cited if _has_name(case, m)]
        if event.attributes.get("source_type") == "anonymous" and named and len(named) == len(cited):
            case.add(
                "W509",
                f"source_type is anonymous, and the cited source has a name: {quoted(named[0].text)}",
                "choose another source_type, or draw cited_source to the one who is cited",
                **at_event(event, "cited_source"),
            )


def _has_name(case: Case, mention: Mention) -> bool:
    """True where the mention, or another one of its entity, is written like a name: each word with a capital."""
    same = case.by_entity.get(mention.entity or "", [mention])
    return mention.label != "GROUP" and any(m.text.istitle() for m in same)


def partial(case: Case) -> None:
    """W510: a denial that grants a part of the claim is not about the whole of it."""
    for event in case.document.events:
        said = event.attributes.get("strength"), event.attributes.get("scope")
        if said == ("partial", "whole_claim"):
            case.add(
                "W510",
                "strength is partial, so a part of the claim is granted, and scope is whole_claim",
                "scope is part_of_claim, or strength is another",
                **at_event(event),
            )


def past(case: Case) -> None:
    """W511: what is planned is not over when the article is published."""
    for event in case.document.events if case.published else ():
        times = case.times(event) if event.attributes.get("status") == "planned" else []
        if times and case.published and max(b.latest for b in times) < case.published:
            case.add(
                "W511",
                f"the event is planned, and its time is before the article of {case.published}",
                "it took place, or the article does not say so: choose another status, or mend the time",
                **at_event(event, "time"),
            )


def own(case: Case) -> None:
    """W513: who denies a claim is not who made it."""
    for event in _denials(case):
        made = {m.entity or m.id for m in case.fillers(event, "claim_source")}
        both = [m for m in case.fillers(event, "speaker") if (m.entity or m.id) in made]
        if both:
            case.add(
                "W513",
                f"{quoted(both[0].text)} denies the claim, and is said to have made it",
                "claim_source is whoever said what is denied",
                **at_event(event, "claim_source"),
            )


def sourced(case: Case) -> None:
    """W514: what is reported or alleged has somebody in the record who says so."""
    told = any(_stance(case, event) for event in case.document.events)
    for event in _judged(case, "reported", "alleged"):
        if not told:
            case.add(
                "W514",
                f"the event is {event.attributes['status']}, and nobody is marked who says so",
                "mark the report or statement that it comes from, or choose asserted",
                **at_event(event),
            )


def contested(case: Case) -> None:
    """W515: what is disputed or denied has a denial in the record."""
    denials = _denials(case)
    for event in _judged(case, "disputed", "denied"):
        if not any(denial is not event for denial in denials):
            case.add(
                "W515",
                f"the event is {event.attributes['status']}, and no denial is marked",
                "mark the denial and draw denies or denied_claim, or choose another status",
                **at_event(event),
            )


def _judged(case: Case, *statuses: str) -> Iterator[Event]:
    return (e for e in case.document.events if e.attributes.get("status") in statuses)


RULES = (
    Rule(("E505",), nothing),
    Rule(("W506",), asserted),
    Rule(("W507",), hedged),
    Rule(("W508",), negated),
    Rule(("W509",), sources),
    Rule(("W510",), partial),
    Rule(("W511",), past),
    Rule(("W513",), own),
    Rule(("W514",), sourced),
    Rule(("W515",), contested),
)
