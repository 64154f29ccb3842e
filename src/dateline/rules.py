"""Every code that a finding can have: the level it belongs to and what it says, in a few words.

The one list that pages and tests go by. A code is never reused; a new one takes a free number of its level, and
needs an entry in `reasons/` and a case in `tests/cases/invalid/`. `make fix` makes docs/rules.md anew.
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
        "E010": "what could not be worked on",
    },
    1: {
        "E101": "the wrong shape",
        "E102": "an unknown schema version",
        "W103": "an older schema version",
        "E104": "an unknown property",
        "E106": "a schema version that is not raised as far as the schema changed",
        "E107": "what a migration cannot decide",
    },
    2: {
        "E201": "the text at the offsets is not the span's text",
        "E202": "a span that is empty, runs backwards or past the text",
        "E203": "a span that begins or ends inside a character",
        "E204": "the text differs from its hash or from the article",
        "E205": "all offsets are off in one way: shifted, CRLF, bytes",
        "W206": "white space at the ends of a span",
        "W207": "a span that cuts a word",
        "W208": "a title or an article in a name",
        "W209": "the text is not in normal form C",
        "W210": "characters in the text that are not seen",
        "W211": "a span across a paragraph break",
        "E212": "the same words marked twice with one label",
        "E213": "an article or an annotation over the limit",
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
        "E314": "an event with no main trigger, or with two",
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
        "E421": "a default that is none",
    },
    5: {
        "E501": "the status is missing or unknown",
        "E505": "a denial that denies nothing",
        "W506": "denied, and still marked asserted",
        "W507": "a hedge beside the trigger, and still asserted",
        "W508": "a negation beside the trigger, and still positive",
        "W509": "a source that is named and anonymous",
        "W510": "a partial denial of the whole claim",
        "W511": "planned, for a time that is past",
        "W513": "a speaker who denies the own claim",
        "W514": "reported or alleged, and nobody who says so",
        "W515": "disputed or denied, and nobody who denies it",
    },
    6: {
        "E602": "a relation between event types that it does not join",
        "E603": "a relation from a thing to itself",
        "E604": "relations that run in a circle",
        "E605": "same_event joins two event types",
        "E606": "a relation twice",
        "W609": "a part of two wholes",
        "W610": "a response before what it responds to",
        "W611": "a part of what it denies",
        "E612": "two different answers to one question",
    },
    7: {
        "E701": "a publication date that is not ISO 8601",
        "E702": "a time that is not EDTF",
        "E703": "a time that ends before it begins",
        "W704": "a time that its words contradict",
        "W705": "an event that took place after the article",
        "W707": "a year far from the article's, which no words give",
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
        "W830": "annotations that changed after they were merged",
        "W831": "a conflict that the review has not decided",
        "W832": "a ground truth that a person made is not replaced",
        "E833": "a merged annotation that would not pass the checks",
        "W834": "annotations that changed under their review",
        "W835": "two reviews of one article",
    },
    9: {
        "E901": "an article twice",
        "E902": "equal texts in two splits",
        "W903": "a label that only validation or test has",
        "W904": "a label with few examples",
        "W905": "an article of unknown origin",
        "W906": "agreement below its threshold",
        "W908": "the same words with another label elsewhere",
        "E910": "an e-mail address where a pseudonym belongs",
        "E911": "two ground truths for one article",
        "W912": "annotations that differ, and no ground truth",
        "W913": "nearly equal texts in two splits",
        "W914": "an article that no split can be said of",
        "W915": "a file of splits names an article that is not there",
        "W916": "a group of near-duplicates from two periods",
        "W917": "an event type that test lacks",
        "W918": "one event in two splits",
        "I919": "what could not be checked for leaks",
        "W930": "an article without a prediction",
        "W931": "a prediction for an article that gold does not have",
        "W932": "an article predicted twice",
        "W933": "a prediction that cannot be read",
        "W934": "predicted words that are not in the text",
        "I935": "predicted words that stand several times in the text",
        "W936": "a predicted span that is not in the text, or holds other words",
        "E937": "gold that cannot be used",
    },
}

RULES: dict[str, Title] = {
    code: Title(title, level) for level, titles in _TITLES.items() for code, title in titles.items()
}

# codes that no file of annotations shows by itself: the commands that report them
ELSEWHERE: dict[str, tuple[str, ...]] = {
    "E106": ("migrate",),
    "E107": ("migrate",),
    "E010": ("validate", "export"),
    "E807": ("export",),
    "E821": ("push", "pull"),
    "E822": ("push", "pull"),
    "E823": ("push", "pull"),
    "W824": ("pull",),
    "E825": ("push", "pull"),
    "W826": ("push", "pull"),
    "W828": ("push",),
    "W830": ("adjudicate",),
    "W831": ("adjudicate",),
    "W832": ("adjudicate",),
    "E833": ("adjudicate",),
    "W834": ("adjudicate",),
    "W835": ("adjudicate",),
    "E901": ("validate", "export"),
    "E902": ("export", "leaks"),
    "W903": ("export",),
    "W904": ("export",),
    "W905": ("export",),
    "W906": ("agreement",),
    "W908": ("validate", "export"),
    "E911": ("export",),
    "W912": ("export",),
    "W913": ("export", "leaks"),
    "W914": ("export",),
    "W915": ("export",),
    "W916": ("export",),
    "W917": ("export",),
    "W918": ("leaks",),
    "I919": ("leaks",),
    **dict.fromkeys(("W930", "W931", "W932", "W933", "W934", "I935", "W936", "E937"), ("score",)),
}

# errors about what an annotation means, not about what it says: a project may judge them more mildly
_MILD = frozenset({"E404", "E405", "E505", "E602", "E604", "E703"})


def may_be_lowered(code: str) -> bool:
    """True where a project may turn the code off or lower it: warnings, infos and errors of meaning.

    Every other error protects exactness: bytes, shape, offsets, ids, the round trip and the splits.
    """
    return not code.startswith("E") or code in _MILD
