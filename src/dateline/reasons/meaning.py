"""Levels 4 to 7: types and roles, status and attribution, relations, time."""

from __future__ import annotations

from dateline.reasons.reason import FILE, Reason

_PAIR = "[Alva Brandt|PERSON #a] and [Idris Kole|PERSON #b]"
_CALL = f"{_PAIR} [spoke by phone|phone_call participant=a,b]"
_STORY = "[the port was closed|CLAIM #c]"
_LENA = "[Lena Orth|PERSON #k]"
_PHONED = "[Alva Brandt|PERSON #a] [phoned|phone_call #p participant=a,b {}] [Idris Kole|PERSON #b]"

REASONS = {
    "E401": Reason(
        "Roles and questions belong to a type. Of an unknown one nothing can be checked or exported.",
        "Choose a type of the schema, or add it there as one more file.",
        '"labels": ["meeting"]',
        '"labels": ["phone_call"]',
        FILE,
    ),
    "E402": Reason(
        "The role means nothing for this type, so nobody could read it.",
        "Choose a role of the type; the hint names the types that have this one.",
        '"labels": ["speaker"]',
        '"labels": ["time"]',
        FILE,
    ),
    "E403": Reason(
        "Without this role the words are no event of the type: a call needs somebody who talked.",
        "Draw the role. If the article says nothing of it, the words are no event of this type.",
        '"labels": ["place"]',
        '"labels": ["participant"]',
        FILE,
    ),
    "E404": Reason(
        "The role asks who did it; more than it takes are no answer.",
        "Keep the one that is meant, or join the mentions with same_entity if they are one.",
        f"{_PAIR} [spoke by phone|phone_call participant=a,b caller=a,b].",
        f"{_PAIR} [spoke by phone|phone_call participant=a,b caller=a].",
    ),
    "E405": Reason(
        "A role is defined by what can fill it; a day takes no part in a talk.",
        "Draw another role, or relabel the mention. The hint says what fits.",
        f"{_PAIR} [spoke by phone|phone_call participant=a,b,t] on [Monday|TIME #t].",
        f"{_PAIR} [spoke by phone|phone_call participant=a,b time=t] on [Monday|TIME #t].",
    ),
    "E406": Reason(
        "The question has no default, because no answer is the usual one: silence cannot be told from an answer.",
        "Answer it at one of the event's triggers.",
        "[Norland|GPE #n] [banned|sanction imposer=n target=v] wine from [Verania|GPE #v].",
        "[Norland|GPE #n] [banned|sanction imposer=n target=v measure=import_ban] wine from [Verania|GPE #v].",
    ),
    "E407": Reason(
        "Answers are a closed list, so that they can be counted.",
        "Choose one of the list.",
        f"{_PAIR} [spoke by phone|phone_call participant=a,b medium=pigeon].",
        f"{_PAIR} [spoke by phone|phone_call participant=a,b medium=telephone].",
    ),
    "E408": Reason(
        "The question belongs to another type; the trigger was relabelled after it had been answered.",
        "Delete the answer, or label the trigger as what was meant.",
        '"from_name": "sanction__stage", "to_name": "text", "type": "choices", '
        '"value": {"start": 27, "end": 41, "choices": ["announced"]}',
        '"from_name": "phone_call__medium", "to_name": "text", "type": "choices", '
        '"value": {"start": 27, "end": 41, "choices": ["telephone"]}',
        FILE,
    ),
    "W409": Reason(
        "One stretch of words names one event, unless it says two things at once.",
        "Keep one of the two triggers.",
        f"{_PAIR} [[spoke by phone|phone_call participant=a,b]|statement speaker=a act=comment].",
        f"{_CALL}.",
    ),
    "W410": Reason(
        "The trigger is the word that names the event. Small words name nothing, and long stretches hide which word it is.",
        "Mark the noun or verb that names the event. How long a trigger may be is set by trigger_words.",
        f"{_PAIR} [spoke for an hour and a half by phone|phone_call participant=a,b].",
        f"{_PAIR} [spoke|phone_call participant=a,b] for an hour and a half by phone.",
    ),
    "W411": Reason(
        "One entity in one role needs one mention; more of them count it twice.",
        "Keep the nearest mention with a name.",
        f"{_PAIR} [spoke by phone|phone_call participant=a,b,s]. [Brandt|=a #s] smiled.",
        f"{_PAIR} [spoke by phone|phone_call participant=a,b]. [Brandt|=a #s] smiled.",
    ),
    "W412": Reason(
        "It takes two to talk.",
        "Draw the other side too, if the article names it; a GROUP stands for several.",
        "[Alva Brandt|PERSON #a] [spoke by phone|phone_call participant=a].",
        f"{_CALL}.",
    ),
    "W413": Reason(
        "The two roles stand against each other: nobody imposes a sanction on himself. (Measures and countermeasures named "
        "as one may have both: then the parts are marked, too.)",
        "Look which of the two is meant.",
        "[Norland|GPE #n] [banned|sanction imposer=n target=n measure=import_ban] wine from Verania.",
        "[Norland|GPE #n] [banned|sanction imposer=n target=v measure=import_ban] wine from [Verania|GPE #v].",
    ),
    "W416": Reason(
        "A word is the event or a part of it. Where they cross, one of the two spans is wrong. "
        "(A clause that holds its own trigger is fine.)",
        "Mark them apart.",
        f"{_PAIR} [spoke by [phone|CONTENT #x]|phone_call participant=a,b topic=x].",
        f"{_PAIR} [spoke by phone|phone_call participant=a,b topic=x] about the [border|CONTENT #x].",
    ),
    "W419": Reason(
        "Articles mostly say it. Where this one does not, the warning stays: a rule must not make people invent. (Of what is "
        "hypothetical nothing is expected.)",
        "Draw it, if the article says so.",
        "[Wine|PRODUCT #w] from [Verania|GPE #v] was [banned|sanction target=v restricted_item=w measure=import_ban].",
        "[Wine|PRODUCT #w] from [Verania|GPE #v] was [banned|sanction imposer=n target=v restricted_item=w measure=import_ban] "
        "by [Norland|GPE #n].",
    ),
    "E420": Reason(
        "A relation without a role is read only where the schema names a default for the label; anything else would be guessing.",
        "Choose the role in the relation's menu.",
        "[Norland|GPE #n] [banned|sanction ?=n target=v measure=import_ban] wine from [Verania|GPE #v].",
        "[Norland|GPE #n] [banned|sanction imposer=n target=v measure=import_ban] wine from [Verania|GPE #v].",
    ),
    "E421": Reason(
        "`defaulted` tells answers from silence. A name in it that has another value, or none, makes an answer look like silence.",
        "Take the name out of `defaulted`.",
        '"defaulted": ["status", "polarity", "medium", "rank", "stage"]',
        '"defaulted": ["status", "polarity", "medium", "rank"]',
        FILE,
    ),
    "E501": Reason(
        "Whether it took place is what contested news is about; without it, or with an unknown answer, the event says nothing.",
        "Choose one of the list, or none for the default.",
        f"{_PAIR} [spoke by phone|phone_call participant=a,b status=rumoured].",
        f"{_PAIR} [spoke by phone|phone_call participant=a,b status=asserted].",
    ),
    "E505": Reason(
        "A denial is about a claim. Without one nobody can tell what is contested, and the denial joins nothing.",
        "Mark the words of the claim and draw denied_claim, or draw denies to the event that is denied.",
        f"{_LENA} [denied|press_denial speaker=k] the story.",
        f"{_LENA} [denied|press_denial speaker=k denied_claim=c] [the story|CLAIM #c].",
    ),
    "W506": Reason(
        "`asserted` says that the article itself presents it as so, and nobody in it objects. Here somebody does.",
        "`disputed` where a source affirms it, `denied` where only the denial is there.",
        f"{_LENA} [denied|press_denial speaker=k denies=p] that {_PHONED.format('')}.",
        f"{_LENA} [denied|press_denial speaker=k denies=p] that {_PHONED.format('status=denied')}.",
    ),
    "W507": Reason(
        "A hedge (reportedly, alleged, supposed) hands the claim to somebody else: the article does not assert it. English only.",
        "`reported` or `alleged`, if the hedge is about this event.",
        "[Lena Orth|PERSON #k] [said|statement speaker=k act=describe] that [Alva Brandt|PERSON #a] reportedly "
        "[phoned|phone_call participant=a,b] [Idris Kole|PERSON #b].",
        "[Lena Orth|PERSON #k] [said|statement speaker=k act=describe] that [Alva Brandt|PERSON #a] reportedly "
        "[phoned|phone_call participant=a,b status=reported] [Idris Kole|PERSON #b].",
    ),
    "W508": Reason(
        "`polarity` is positive by default, and a negation beside the trigger says that it did not happen. English only.",
        "`negative`, if the negation is about this event.",
        "[Alva Brandt|PERSON #a] has not [phoned|phone_call participant=a,b] [Idris Kole|PERSON #b].",
        "[Alva Brandt|PERSON #a] has not [phoned|phone_call participant=a,b polarity=negative] [Idris Kole|PERSON #b].",
    ),
    "W509": Reason(
        "Who has a name is not anonymous. How well a report is sourced hangs on this answer.",
        "Choose another source_type, or draw cited_source to the one who is cited.",
        "The [Herald|MEDIA #h] [reported|media_report publisher=h cited_source=k reported_claim=c source_type=anonymous], "
        f"citing [Lena Orth|PERSON #k], that {_STORY}.",
        "The [Herald|MEDIA #h] [reported|media_report publisher=h cited_source=k reported_claim=c source_type=named], "
        f"citing [Lena Orth|PERSON #k], that {_STORY}.",
    ),
    "W510": Reason(
        "`partial` means that a part of the claim is granted. Then the denial is not about the whole claim.",
        "Change one of the two answers.",
        f"{_LENA} [denied|press_denial speaker=k denied_claim=c strength=partial scope=whole_claim] that {_STORY}.",
        f"{_LENA} [denied|press_denial speaker=k denied_claim=c strength=partial scope=part_of_claim] that {_STORY}.",
    ),
    "W511": Reason(
        "What is planned lies ahead of the article. With a time that is past it has taken place, or did not.",
        "Choose another status, or mend the time's value.",
        f"{_PAIR} will [speak by phone|phone_call participant=a,b time=t status=planned] on [Monday|TIME #t value=2025-03-03].",
        f"{_PAIR} will [speak by phone|phone_call participant=a,b time=t status=planned] on [Monday|TIME #t value=2025-03-10].",
    ),
    "W513": Reason(
        "Nobody denies the own claim on the same occasion; the claim is somebody else's.",
        "Draw claim_source to whoever said what is denied.",
        f"{_LENA} [denied|press_denial speaker=k claim_source=k denied_claim=c] the Herald's story that {_STORY}.",
        f"{_LENA} [denied|press_denial speaker=k claim_source=h denied_claim=c] the [Herald|MEDIA #h]'s story that {_STORY}.",
    ),
    "W514": Reason(
        "`reported` and `alleged` mean that a source says so. With no report or statement in the record, who it is stays open.",
        "Mark the report or statement, or choose `asserted` where the article itself says so.",
        f"{_PHONED.format('status=reported')}, the Herald wrote.",
        f"{_PHONED.format('status=reported')}, the [Herald|MEDIA #h] [wrote|media_report publisher=h].",
    ),
    "W515": Reason(
        "`disputed` and `denied` mean that somebody denies it. With no denial in the record, who it is stays open.",
        "Mark the denial, and draw denies to the event or denied_claim to the claim.",
        f"{_PHONED.format('status=denied')}? Lena Orth denied it.",
        f"{_PHONED.format('status=denied')}? {_LENA} [denied|press_denial speaker=k denies=p] it.",
    ),
    "E602": Reason(
        "The schema says which types a relation joins; only a denial denies.",
        "Turn the relation around, or choose another one.",
        f"{_LENA} [said|statement speaker=k act=comment denies=p] that {_PHONED.format('')}.",
        f"{_LENA} [said|statement speaker=k act=comment] that {_PHONED.format('')}.",
    ),
    "E603": Reason(
        "An event is no part of itself and no response to itself. Mostly the line was drawn between two triggers of one event.",
        "Delete the relation, or part the events.",
        f"{_PAIR} [spoke by phone|phone_call #p participant=a,b subevent_of=p].",
        f"{_CALL}.",
    ),
    "E604": Reason(
        "Parts of wholes and responses have an order; in a circle none of them is first.",
        "Delete one of the relations: the message names all events of the circle.",
        f"{_PAIR} [spoke by phone|phone_call #p participant=a,b in_response_to=q], and later [talked|phone_call #q participant=a,b "
        "in_response_to=p] again.",
        f"{_PAIR} [spoke by phone|phone_call #p participant=a,b], and later [talked|phone_call #q participant=a,b "
        "in_response_to=p] again.",
    ),
    "E605": Reason(
        "One event has one type.",
        "Relabel one of the triggers, or choose a relation between events.",
        f"{_PAIR} [spoke by phone|phone_call #p participant=a,b]. The [talk|statement =p] was short.",
        f"{_PAIR} [spoke by phone|phone_call #p participant=a,b]. The [talk|=p] was short.",
    ),
    "E606": Reason(
        "The same line twice says nothing more, and is counted twice.",
        "Keep one.",
        '{"type": "in_response_to", "head": "e2", "tail": "e1"},\n  {"type": "in_response_to", "head": "e2", "tail": "e1"}',
        '{"type": "in_response_to", "head": "e2", "tail": "e1"}',
        FILE,
    ),
    "W609": Reason(
        "Parts are counted with their whole; a part of two wholes is counted twice.",
        "Keep the nearest whole: what holds for a part of it follows.",
        "The [package|sanction #p imposer=n target=v measure=package] and the [second one|sanction #s imposer=n target=v "
        "measure=package] of [Norland|GPE #n] against [Verania|GPE #v] include a [ban|sanction imposer=n target=v "
        "measure=import_ban subevent_of=p,s].",
        "The [package|sanction #p imposer=n target=v measure=package] and the [second one|sanction #s imposer=n target=v "
        "measure=package] of [Norland|GPE #n] against [Verania|GPE #v] include a [ban|sanction imposer=n target=v "
        "measure=import_ban subevent_of=p].",
    ),
    "W610": Reason(
        "A response comes after what it responds to. The relation or one of the times is the wrong way round.",
        "Turn the relation around, or mend a time's value.",
        f"{_PAIR} [spoke by phone|phone_call #p participant=a,b time=t] on [Monday|TIME #t value=2025-03-03], and "
        "[talked|phone_call participant=a,b time=u in_response_to=p] on [Sunday|TIME #u value=2025-03-02].",
        f"{_PAIR} [spoke by phone|phone_call #p participant=a,b time=t] on [Monday|TIME #t value=2025-03-03], and "
        "[talked|phone_call participant=a,b time=u in_response_to=p] on [Tuesday|TIME #u value=2025-03-04].",
    ),
    "W611": Reason(
        "Who denies an event stands outside it: a denial that is said to be its part makes the event deny itself.",
        "Keep one of the two relations.",
        f"{_LENA} [denied|press_denial speaker=k denies=p subevent_of=p] that {_PHONED.format('status=denied')}.",
        f"{_LENA} [denied|press_denial speaker=k denies=p] that {_PHONED.format('status=denied')}.",
    ),
    "E612": Reason(
        "One event has one answer to a question, whichever trigger it was given at.",
        "Keep one of the answers.",
        f"{_PAIR} [spoke by phone|phone_call #p participant=a,b medium=telephone]. The [talk|=p medium=video] was short.",
        f"{_PAIR} [spoke by phone|phone_call #p participant=a,b medium=telephone]. The [talk|=p] was short.",
    ),
    "E701": Reason(
        "Dates in the text are read against it, articles are ordered by it. ISO 8601 is the form that everything reads alike.",
        "Write 2025-03-07, or a date with a time. Leave it empty where it is not known.",
        '"published_at": "March 7, 2025"',
        '"published_at": "2025-03-07"',
        FILE,
    ),
    "E702": Reason(
        "A value that is no date cannot be compared with another one. EDTF (ISO 8601-2) says also what is open or only half known.",
        "2025-03-07, 2025-03, 2025-21 (spring), 2025-03-01/2025-03-07, 2025-03/.. ; nothing for a duration.",
        f"{_PAIR} [spoke by phone|phone_call participant=a,b time=t] on [Monday|TIME #t value=3.3.2025].",
        f"{_PAIR} [spoke by phone|phone_call participant=a,b time=t] on [Monday|TIME #t value=2025-03-03].",
    ),
    "E703": Reason(
        "An interval that ends before it begins holds no day.",
        "Write the earlier date first.",
        f"{_PAIR} [spoke by phone|phone_call participant=a,b time=t] [last week|TIME #t value=2025-03-02/2025-02-24].",
        f"{_PAIR} [spoke by phone|phone_call participant=a,b time=t] [last week|TIME #t value=2025-02-24/2025-03-02].",
    ),
    "W704": Reason(
        "The words name a weekday, a month, today, yesterday or tomorrow, and the value is another day. English only.",
        "Read the words and the publication date again.",
        f"{_PAIR} [spoke by phone|phone_call participant=a,b time=t] on [Monday|TIME #t value=2025-03-04].",
        f"{_PAIR} [spoke by phone|phone_call participant=a,b time=t] on [Monday|TIME #t value=2025-03-03].",
    ),
    "W705": Reason(
        "What took place did so before the article that tells of it. Plans, conditions and measures that are announced may lie ahead.",
        "Another status or stage, or another value; the year may be wrong.",
        f"{_PAIR} [spoke by phone|phone_call participant=a,b time=t] on [Monday|TIME #t value=2025-03-10].",
        f"{_PAIR} [spoke by phone|phone_call participant=a,b time=t] on [Monday|TIME #t value=2025-03-03].",
    ),
    "W707": Reason(
        "Where the article gives no year, the nearest date is meant. One far away is mostly a slip in the year. English only.",
        "Look for the year in the text. How far is far is set by months_away.",
        f"{_PAIR} [spoke by phone|phone_call participant=a,b time=t] on [March 3|TIME #t value=2015-03-03].",
        f"{_PAIR} [spoke by phone|phone_call participant=a,b time=t] on [March 3|TIME #t value=2025-03-03].",
    ),
}
