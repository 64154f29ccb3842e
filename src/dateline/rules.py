"""Every code that a finding can have: the level it belongs to and what it says, in a few words.

The one list that pages and tests go by. A code is never reused; a new one takes a free number of its level.
"""

from __future__ import annotations

from typing import NamedTuple

LEVELS = {
    0: "bytes and JSON",
    1: "shape (JSON Schema)",
    2: "text and offsets",
    3: "identity and references",
    4: "ontology: types, roles, attributes",
    5: "status, attribution and denial",
    6: "relation graph",
    7: "time",
    8: "Label Studio round trip",
    9: "corpus and release",
}


class Title(NamedTuple):
    """What a code says, in a few words, and its level."""

    title: str
    level: int


_TITLES: dict[int, dict[str, str]] = {
    0: {
        "E001": "not UTF-8",
        "E002": "not JSON",
        "E003": "nested too deeply",
        "E004": "a key twice in one object",
        "E005": "NaN, Infinity or a number that overflows",
        "E006": "a lone surrogate in a string",
        "W007": "a byte order mark",
        "E008": "a file, a value or a number over the limit",
        "W009": "carriage returns in JSONL",
    },
    1: {
        "E101": "the wrong shape",
        "E102": "an unknown schema version",
        "W103": "an older schema version",
        "E104": "an unknown property",
    },
    2: {
        "E201": "the text at the offsets is not the span's text",
        "E202": "a span that is empty, runs backwards or past the text",
        "E203": "a span that begins or ends inside a character",
        "E204": "the text differs from its hash or from the article",
        "E205": "all offsets are off in one way: shifted, CRLF, bytes",
        "W206": "white space at the ends of a span",
        "W207": "a span that cuts a word",
        "W209": "the text is not in normal form C",
        "W210": "characters in the text that are not seen",
        "W211": "a span across a paragraph break",
        "E212": "the same words marked twice with one label",
    },
    3: {
        "E301": "an id that stands for two things",
        "E302": "an unknown mention label",
        "E304": "an event without a trigger",
        "E305": "a reference to an id that does not exist",
        "E306": "a reference to the wrong kind",
        "W307": "a mention that fills no role",
        "W308": "one Wikidata id on two entities",
        "E309": "a malformed Wikidata id",
        "W310": "the same words with one label in two entities",
        "W311": "an entity that is only ever a pronoun",
        "W312": "an entity with mentions of several labels",
        "E313": "two Wikidata ids on one entity",
    },
    4: {
        "E401": "an unknown event type",
        "E402": "a role that the event type does not have",
        "E403": "a required role is missing",
        "E404": "more entities in a role than it takes",
        "E405": "a mention label that the role does not take",
        "E406": "a required answer is missing",
        "E407": "an answer that is not in the enumeration",
        "E408": "an answer to a question of another event type",
        "W409": "one trigger for two events",
        "W410": "a trigger that says nothing or is too long",
        "W411": "one entity twice in a role",
        "W412": "fewer entities in a role than it needs",
        "W413": "one entity in two roles that stand against each other",
        "W416": "an argument overlaps its trigger",
        "W419": "an expected role is missing",
        "E420": "a relation without a role and without a default",
    },
    5: {
        "E501": "the status is missing or unknown",
    },
    6: {
        "E603": "a relation from a thing to itself",
        "E605": "same_event joins two event types",
        "E612": "two different answers to one question",
    },
    8: {
        "E801": "a control that the config does not have",
        "E803": "a relation to a region that does not exist",
        "E804": "the offsets are UTF-16 units",
        "E805": "a relation in the wrong direction",
        "E807": "the record differs from the annotation that it was read from",
        "W808": "a skipped annotation",
        "E809": "a region with two labels",
        "E810": "an annotation by somebody else than the project's annotator",
        "I812": "an annotation without regions",
        "E813": "a relation between what it cannot join",
        "I814": "predictions and no annotation",
        "I815": "a task that is not annotated yet",
        "E816": "an answer that belongs to no region",
        "E817": "an answer to a question that the label does not have",
        "W818": "a task without a doc_id",
        "I819": "no article file",
        "E820": "an article file that cannot be used",
        "E821": "the article's text has changed under its annotations",
        "E822": "an annotation changed here and on the server",
        "E823": "two tasks on the server for one article",
        "W824": "an annotation that is gone from the server",
        "E825": "a config's update would orphan results",
        "W826": "the config on the server is not the schema's",
        "I827": "an unsubmitted draft",
        "W828": "a second new annotation by one annotator was not sent",
    },
    9: {
        "E901": "an article twice",
        "E902": "equal texts in two splits",
        "W906": "agreement below its threshold",
        "E910": "an e-mail address where a pseudonym belongs",
        "E911": "two ground truths for one article",
        "W912": "annotations that differ, and no ground truth",
    },
}

RULES: dict[str, Title] = {
    code: Title(title, level) for level, titles in _TITLES.items() for code, title in titles.items()
}

# codes that validate never reports, because annotations alone cannot tell: the commands that do
ELSEWHERE: dict[str, tuple[str, ...]] = {
    "E807": ("export",),
    "E821": ("push", "pull"),
    "E822": ("push", "pull"),
    "E823": ("push", "pull"),
    "W824": ("pull",),
    "E825": ("push", "pull"),
    "W826": ("push", "pull"),
    "W828": ("push",),
    "E901": ("export",),
    "E902": ("export",),
    "W906": ("agreement",),
    "E911": ("export",),
    "W912": ("export",),
}
