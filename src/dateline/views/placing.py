"""Which trigger of an event gets which argument, where a view or a score needs one.

An event has all its triggers and its arguments once; which trigger an argument was drawn from says how people
work, not what they mean. So one rule places them: the trigger of the event that is nearest in the argument's
own sentence (code points between the two; the earlier of two equally near), else the main one.
"""

from __future__ import annotations

from collections.abc import Callable

from dateline.model import Event, Mention, Trigger


def place(event: Event, mention: Mention, sentence_of: Callable[[int], int]) -> int:
    """The index in `event.triggers` of the trigger that gets this argument.

    `sentence_of` gives the ordinal of the sentence in which a code point stands; spans are in the sentence
    in which they begin.
    """
    if len(event.triggers) == 1:
        return 0
    here = sentence_of(mention.start)
    near = [n for n, trigger in enumerate(event.triggers) if sentence_of(trigger.start) == here]
    if not near:
        return event.triggers.index(event.main)
    return min(near, key=lambda n: (gap(event.triggers[n], mention), event.triggers[n].start, n))


def gap(trigger: Trigger, mention: Mention) -> int:
    """How many code points lie between the two; 0 where they touch or overlap."""
    return max(trigger.start - mention.end, mention.start - trigger.end, 0)


def placed(
    event: Event, mentions: dict[str, Mention], sentence_of: Callable[[int], int]
) -> list[list[tuple[str, Mention]]]:
    """The event's arguments as (role, mention), for each of its triggers in order; each is at one of them."""
    found: list[list[tuple[str, Mention]]] = [[] for _ in event.triggers]
    for role, fillers in event.arguments.items():
        for filler in fillers:
            mention = mentions[filler.mention]
            found[place(event, mention, sentence_of)].append((role, mention))
    return found
