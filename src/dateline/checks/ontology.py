"""Level 4: event types, roles and their fillers (what JSON Schema cannot say)."""

from __future__ import annotations

from collections import Counter, defaultdict

from dateline.checks.case import Case, Rule
from dateline.collector import at_event, quoted
from dateline.model import Event


def most(case: Case) -> None:
    """E404: no more distinct entities than the role takes."""
    for event in case.document.events:
        for role, fillers in event.arguments.items():
            limit = _limit(case, event, role)
            if limit is None or len(fillers) <= limit:
                continue
            count = len({case.identity(f) for f in fillers})
            if count > limit:
                names = ", ".join(quoted(m.text) for m in case.fillers(event, role))
                case.add(
                    "E404",
                    f"{role} of {event.type} takes {limit}, and has {count}: {names}",
                    "keep the one that is meant, or join them with same_entity",
                    **at_event(event, role),
                )


def _limit(case: Case, event: Event, role: str) -> int | None:
    known = case.schema.roles_of(event.type).get(role)
    return known.max_entities if known else None


def labels(case: Case) -> None:
    """E405: a role takes only mentions with its labels."""
    for event in case.document.events:
        known = case.schema.roles_of(event.type)
        for role in event.arguments:
            if role not in known:
                continue
            for mention in case.fillers(event, role):
                if mention.label not in known[role].labels and mention.label in case.schema.labels:
                    takes = ", ".join(known[role].labels)
                    others = case.schema.types[event.type].roles_for(mention.label)
                    hint = f"{role} takes {takes}" + (
                        f"; a {mention.label} can be {', '.join(others)}" if others else ""
                    )
                    case.add(
                        "E405",
                        f"{role} of {event.type} cannot be a {mention.label}: {quoted(mention.text)}",
                        hint,
                        **at_event(event, role),
                    )


def shared(case: Case) -> None:
    """W409: one trigger, one event."""
    having: dict[tuple[int, int], list[Event]] = defaultdict(list)
    for event in case.document.events:
        for trigger in event.triggers:
            having[trigger.start, trigger.end].append(event)
    for events in having.values():
        if len({e.type for e in events}) > 1:
            names = " and ".join(f"{e.type} {e.id}" for e in events)
            case.add(
                "W409",
                f"{names} share one trigger",
                "keep one, unless the words name both",
                **at_event(events[0]),
            )


def triggers(case: Case) -> None:
    """W410: a trigger names the event, in few words."""
    known = case.lexicon.empty if case.lexicon else frozenset()
    for event in case.document.events:
        for trigger in event.triggers:
            words = trigger.text.split()
            empty = all(w.lower() in known or not any(c.isalnum() for c in w) for w in words)
            if empty or len(words) > case.thresholds.trigger_words:
                why = "says nothing by itself" if empty else f"has {len(words)} words"
                where = {
                    **at_event(event),
                    "region": trigger.region,
                    "start": trigger.start,
                    "end": trigger.end,
                }
                case.add(
                    "W410",
                    f"the trigger {quoted(trigger.text)} {why}",
                    "mark the noun or verb that names the event",
                    **where,
                )


def repeated(case: Case) -> None:
    """W411: one entity fills a role through one mention."""
    for event in case.document.events:
        for role, fillers in event.arguments.items():
            if len(fillers) == 1:
                continue
            having: dict[str, list[str]] = defaultdict(list)
            for m in case.fillers(event, role):
                having[m.entity or m.id].append(quoted(m.text))
            for entity, count in Counter(case.identity(f) for f in fillers).items():
                if count > 1:
                    words = ", ".join(having[entity])
                    case.add(
                        "W411",
                        f"one entity fills {role} {count} times: {words}",
                        "keep the nearest named mention",
                        **at_event(event, role),
                    )


def fewest(case: Case) -> None:
    """W412: a role that needs several sides has them, or a mention of several."""
    for event in case.document.events:
        for role in case.schema.roles_of(event.type).values():
            if not role.min_entities:
                continue
            mentions = case.fillers(event, role.name)
            sides = {m.entity or m.id for m in mentions}
            plural = any(m.label == "GROUP" for m in mentions)
            if mentions and len(sides) < role.min_entities and not plural:
                case.add(
                    "W412",
                    f"{event.type} has {len(sides)} {role.name}, and should have {role.min_entities}",
                    "draw the other side too, if the article names it",
                    **at_event(event, role.name),
                )


def distinct(case: Case) -> None:
    """W413: roles that stand against each other are filled by different entities, but in a whole of several events."""
    for event in case.document.events:
        type_ = case.schema.types.get(event.type)
        pairs = type_.distinct_roles if type_ else ()
        if pairs and any(part.type == event.type for part in case.parts(event)):
            continue
        for one, other in pairs:
            if one not in event.arguments or other not in event.arguments:
                continue
            both = {m.entity or m.id for m in case.fillers(event, one)} & {
                m.entity or m.id for m in case.fillers(event, other)
            }
            if both:
                words = next(m.text for m in case.fillers(event, one) if (m.entity or m.id) in both)
                case.add(
                    "W413",
                    f"{quoted(words)} is both {one} and {other}",
                    "check which of the two is meant",
                    **at_event(event, one),
                )


def overlapping(case: Case) -> None:
    """W416: an argument does not overlap its own trigger, unless it is the clause around it."""
    for event in case.document.events:
        for role in event.arguments:
            for mention in case.fillers(event, role):
                for t in event.triggers:
                    if (
                        mention.start < t.end
                        and t.start < mention.end
                        and not mention.start <= t.start < t.end <= mention.end
                    ):
                        case.add(
                            "W416",
                            f"{role} {quoted(mention.text)} overlaps the trigger {quoted(t.text)}",
                            "mark them apart",
                            **at_event(event, role),
                        )


def expected(case: Case) -> None:
    """W419: a role that the type expects is there, in the event or a part of it, unless it is only thought of."""
    for event in case.document.events:
        if event.attributes.get("status") == "hypothetical":
            continue
        for role in case.schema.roles_of(event.type).values():
            if (
                role.expected
                and not event.arguments.get(role.name)
                and not _told_otherwise(case, event, role.name)
            ):
                case.add(
                    "W419",
                    f"{event.type} has no {role.name} ({role.description})",
                    "draw it if the article says so; do not invent one",
                    **at_event(event, role.name),
                )


def _told_otherwise(case: Case, event: Event, role: str) -> bool:
    """True where a denial says by a denies relation what it denies, or a part of the event has the role."""
    if any(part.type == event.type and part.arguments.get(role) for part in case.parts(event)):
        return True
    return role == "denied_claim" and bool(case.denied(event))


def defaults(case: Case) -> None:
    """E421: `defaulted` names answers that are there, and are the schema's default."""
    for event in case.document.events:
        for name in event.defaulted:
            known = case.schema.attributes_of(event.type).get(name)
            if known is None or event.attributes.get(name) != known.default:
                case.add(
                    "E421",
                    f"{name} is said to be a default, and is {event.attributes.get(name, 'not there')!r}",
                    "take it out of defaulted: somebody answered it, or nobody asked",
                    **at_event(event),
                )


RULES = (
    Rule(("E404",), most),
    Rule(("E405",), labels),
    Rule(("W409",), shared),
    Rule(("W410",), triggers),
    Rule(("W411",), repeated),
    Rule(("W412",), fewest),
    Rule(("W413",), distinct),
    Rule(("W416",), overlapping),
    Rule(("W419",), expected),
    Rule(("E421",), defaults),
)
