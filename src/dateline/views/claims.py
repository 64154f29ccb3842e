"""View `claims`: a row for each claim, with everyone who makes it and everyone who denies it.

A claim is an entity whose mentions carry the label CLAIM. Which types of event affirm or deny a claim, in
which role they have it and which roles name who says so, is the schema's `x-claim`.

- **makers**: the parties to an event that affirms the claim, those it is taken from included
  (`cited_source`), and the `claim_source` of a denial.
- **deniers**: the parties to an event that denies it. A denial without a claim in its own role denies all
  those of the report or statement that it `denies` (of a set that has none: those of its members); then
  `claim_role` is null. With one it denies no more than that: who contradicts a report on one point leaves
  its other claims alone. Source: guideline, rulings 8 to 10 and 18, and `press_denial.denied_claim`.
- An event counts where the article says that it took place: polarity `positive`, and a status other than
  `denied`, `planned` and `hypothetical`. "Has not denied" denies nothing (ruling 9), "declined to comment"
  affirms nothing (ruling 11). What does not count, and events of other types with the claim in a role,
  are among the **others**.

`status` of a claim follows the definitions of an event's status (`common.schema.json`): `disputed` where
somebody affirms it and somebody denies it (also where that is one and the same, ruling 20, and whatever the
`scope` of the denial), `denied` where only a denial is there, `reported` where nobody denies it, null where
nobody does either. It never says `asserted`, nor whether the claim is true.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from dateline.model import Event, Mention
from dateline.views import parts
from dateline.views.features import Columns
from dateline.views.sheet import Sheet
from dateline.views.words import TEXT

MEANING = "a row for each claim: its mentions, who makes it, who denies it, and how the article leaves it"
LABEL = "CLAIM"
NOT_HAPPENED = ("denied", "planned", "hypothetical")
PARTY: Columns = {
    "event": "string",
    "type": "string",
    "status": "string",
    "polarity": "string",
    "claim_role": "string",
    "role": "string",
    "mention": "string",
    **parts.SPAN,
    "label": "string",
    "entity": "string",
    "attributes": [parts.ATTRIBUTE],
}
COLUMNS: Columns = {
    "doc_id": "string",
    "claim_id": "string",
    "status": "string",
    "claim": parts.SPAN,
    "makers": [PARTY],
    "deniers": [PARTY],
    "others": [PARTY],
    "mentions": [parts.MENTION],
    "text": TEXT,
    **parts.SOURCE,
}


@dataclass
class _Claim:
    """A claim while its row is made."""

    mentions: list[Mention]
    makers: list[parts.Row] = field(default_factory=list)
    deniers: list[parts.Row] = field(default_factory=list)
    others: list[parts.Row] = field(default_factory=list)

    @property
    def status(self) -> str | None:
        if self.makers and self.deniers:
            return "disputed"
        return "denied" if self.deniers else "reported" if self.makers else None

    @property
    def fullest(self) -> Mention:
        """The longest wording, the first of several: a pointing one ("these claims") says least."""
        return max(self.mentions, key=lambda m: (m.end - m.start, -m.start))


def rows(sheet: Sheet) -> Iterator[parts.Row]:
    """The claims of a record in text order. Parties are in the order of events, roles and mentions.

    `claim` is the fullest wording. An event that names no party gives one entry without a role.
    """
    document = sheet.document
    claims: dict[str, _Claim] = {}
    for mention in document.mentions:
        if mention.label == LABEL:
            claims.setdefault(_identity(mention), _Claim([])).mentions.append(mention)
    for event in document.events:
        _enter(event, claims, sheet)
    for id_, claim in claims.items():
        fullest = claim.fullest
        yield {
            "doc_id": document.doc_id,
            "claim_id": id_,
            "status": claim.status,
            "claim": {"start": fullest.start, "end": fullest.end, "text": fullest.text},
            "makers": claim.makers,
            "deniers": claim.deniers,
            "others": claim.others,
            "mentions": [parts.mention(m) for m in claim.mentions],
            "text": document.text,
            **parts.source(document),
        }


def _identity(mention: Mention) -> str:
    return mention.entity or mention.id


def _enter(event: Event, claims: dict[str, _Claim], sheet: Sheet) -> None:
    """Enter the event at each claim that it has in a role, or that it denies through a relation."""
    said = sheet.schema.types[event.type].claims if event.type in sheet.schema.types else None
    for role in event.arguments:
        for id_ in _claims_in(event, role, sheet):
            if said is None or role != said.role:
                claims[id_].others += _parties(event, (), role, sheet)
            else:
                _enter_stance(event, claims[id_], role, sheet)
    if said is not None and said.stance == "denies" and not _claims_in(event, said.role, sheet):
        for id_ in _denied_through_relations(event, sheet):
            _enter_stance(event, claims[id_], None, sheet)


def _enter_stance(event: Event, claim: _Claim, role: str | None, sheet: Sheet) -> None:
    said = sheet.schema.types[event.type].claims
    if said is None:
        return
    affirms = said.stance == "affirms"
    side = claim.others if not _counts(event) else claim.makers if affirms else claim.deniers
    side += _parties(event, (*said.by, *said.source) if affirms else said.by, role, sheet)
    if not affirms and any(event.arguments.get(name) for name in said.source):
        claim.makers += _parties(event, said.source, role, sheet)


def _counts(event: Event) -> bool:
    return (
        event.attributes.get("polarity") != "negative" and event.attributes.get("status") not in NOT_HAPPENED
    )


def _claims_in(event: Event, role: str, sheet: Sheet) -> list[str]:
    """The claims in a role of an event, each once, in text order."""
    found = (sheet.mentions[filler.mention] for filler in event.arguments.get(role, ()))
    return list(dict.fromkeys(_identity(m) for m in found if m.label == LABEL))


def _denied_through_relations(denial: Event, sheet: Sheet) -> Iterable[str]:
    """The claims of what a denial denies that has no claim itself."""
    denied = [r.tail for r in sheet.document.relations if r.type == "denies" and r.head == denial.id]
    return dict.fromkeys(claim for event in denied for claim in _affirmed(event, sheet))


def _affirmed(id_: str, sheet: Sheet) -> list[str]:
    """The claims that an event affirms; those of its members where it has none itself."""
    members = [r.head for r in sheet.document.relations if r.type == "subevent_of" and r.tail == id_]
    own = _affirmed_itself(id_, sheet)
    return own or list(
        dict.fromkeys(claim for member in members for claim in _affirmed_itself(member, sheet))
    )


def _affirmed_itself(id_: str, sheet: Sheet) -> list[str]:
    event = sheet.events[id_]
    said = sheet.schema.types[event.type].claims if event.type in sheet.schema.types else None
    if said is None or said.stance != "affirms" or not _counts(event):
        return []
    return _claims_in(event, said.role, sheet)


def _parties(event: Event, roles: tuple[str, ...], claim_role: str | None, sheet: Sheet) -> list[parts.Row]:
    found = [(role, sheet.mentions[f.mention]) for role in roles for f in event.arguments.get(role, ())]
    return [_party(event, claim_role, role, mention) for role, mention in found] or [
        _party(event, claim_role, None, None)
    ]


def _party(event: Event, claim_role: str | None, role: str | None, mention: Mention | None) -> parts.Row:
    return {
        "event": event.id,
        "type": event.type,
        **{name: event.attributes.get(name) for name in parts.COMMON},
        "claim_role": claim_role,
        "role": role,
        "mention": mention.id if mention else None,
        "start": mention.start if mention else None,
        "end": mention.end if mention else None,
        "text": mention.text if mention else None,
        "label": mention.label if mention else None,
        "entity": mention.entity if mention else None,
        "attributes": [{"name": k, "value": v} for k, v in event.attributes.items() if k not in parts.COMMON],
    }
