"""Levels 2 and 3: text, offsets, ids and what points to them."""

from __future__ import annotations

from dateline.reasons.reason import FILE, WORDS, Reason

_CALL = "[spoke by phone|phone_call participant=a,b]"

REASONS = {
    "E201": Reason(
        "A span that is not the words that were marked would teach a model the wrong words. It is never exported.",
        "Mark the words again; the hint says where the nearest ones stand. "
        "Where only white space was trimmed, `validate.py --fix` mends it.",
        '"start": 29, "end": 43',
        '"start": 27, "end": 41',
        FILE,
    ),
    "E202": Reason(
        "There are no words at such a place.",
        "Mark the words again.",
        '"start": 45, "end": 45, "text": "", "labels"',
        '"start": 45, "end": 51, "text": "Monday", "labels"',
        FILE,
    ),
    "E203": Reason(
        "What people see as one character may be several code points: an emoji, a flag, a letter with its accents. "
        "Half of one is no word, and mostly comes from a tool that counts otherwise.",
        "Mark whole characters.",
        '"end": 9, "text": "Norland 🇳"',
        '"end": 10, "text": "Norland 🇳🇴"',
        FILE,
    ),
    "E204": Reason(
        "Offsets hold for one text only. Where the text has changed, every span may mean other words.",
        "Restore the text that was annotated. If it was changed on purpose, annotate it anew.",
        "by phone on Tuesday.",
        "by phone on Monday.",
        FILE,
    ),
    "E205": Reason(
        "All spans are off in the same way, so the cause is a tool, not an annotator: white space that was stripped, "
        "line ends that were changed, bytes that were counted.",
        "`validate.py --fix` sets the offsets right where only one cause explains all of them.",
        '"text": "Alva Brandt and Idris',
        '"text": "   Alva Brandt and Idris',
        FILE,
    ),
    "W206": Reason(
        "White space belongs to no name and no trigger; with it two equal spans count as different ones.",
        "Mark the words only, or let `validate.py --fix` do it.",
        "[Alva Brandt|PERSON #a] and [Idris Kole|PERSON #b] [spoke by phone |phone_call participant=a,b]again.",
        f"[Alva Brandt|PERSON #a] and [Idris Kole|PERSON #b] {_CALL} again.",
    ),
    "W207": Reason(
        "Models read words, or pieces of them. Half a word is mostly a slip of the mouse.",
        "Mark whole words.",
        "[Alva Bran|PERSON #a]dt and [Idris Kole|PERSON #b] [spoke by phone|phone_call participant=a,b].",
        f"[Alva Brandt|PERSON #a] and [Idris Kole|PERSON #b] {_CALL}.",
    ),
    "W208": Reason(
        "The same name marked now with its title and now without are two spans to every measure. "
        "(An article with a capital letter may belong to the name: The Lantern.)",
        "Mark the name without what stands before it.",
        "[President Alva Brandt|PERSON #a] and [Idris Kole|PERSON #b] [spoke by phone|phone_call participant=a,b].",
        "President [Alva Brandt|PERSON #a] and [Idris Kole|PERSON #b] [spoke by phone|phone_call participant=a,b].",
    ),
    "W209": Reason(
        "The same letter can be written in two ways. The text is kept as it is, but a search for the word may miss it.",
        "Nothing has to be done. New articles can be normalised before they are added, never afterwards.",
        "[Zdene\u030ck Hora|PERSON #a] and [Idris Kole|PERSON #b] [spoke by phone|phone_call participant=a,b].",
        "[Zdeněk Hora|PERSON #a] and [Idris Kole|PERSON #b] [spoke by phone|phone_call participant=a,b].",
    ),
    "W210": Reason(
        "Characters that are not seen are left over from a web page or a PDF, or turn the direction of what follows: "
        "people mark other words than they see.",
        "Look where the article comes from.",
        "[Alva Brandt|PERSON #a] and [Idris Kole|PERSON #b] [spoke by phone|phone_call participant=a,b].\u202e",
        f"[Alva Brandt|PERSON #a] and [Idris Kole|PERSON #b] {_CALL}.",
    ),
    "W211": Reason(
        "No name, trigger or claim runs on into the next paragraph; mostly the mouse did.",
        "Mark the part that matters.",
        "[Lena Orth|PERSON #k] [denied|press_denial speaker=k denied_claim=c] that "
        "[the port was closed.\n\nIt rained|CLAIM #c].",
        "[Lena Orth|PERSON #k] [denied|press_denial speaker=k denied_claim=c] that "
        "[the port was closed|CLAIM #c].\n\nIt rained.",
    ),
    "E212": Reason(
        "Two regions at one place with one label are one: the second was drawn by mistake, and would be exported as a mention of its own.",
        "Delete one of the two regions; keep the one that relations hang on.",
        "[[Alva Brandt|PERSON #a]|=a] and [Idris Kole|PERSON #b] [spoke by phone|phone_call participant=a,b].",
        f"[Alva Brandt|PERSON #a] and [Idris Kole|PERSON #b] {_CALL}.",
    ),
    "E213": Reason(
        "Views repeat the article's text in each row and the words in each span: an annotation of a few megabytes "
        "can ask for gigabytes. Nothing else is said of what is over a limit, since looking would cost the same.",
        "Split the article. Where it really is that long, raise the threshold that the message names.",
        "an article of 2,000,000 characters; or one of 200,000 with 1,000 triggers",
        "an article of 20,000 characters",
        WORDS,
    ),
    "E301": Reason(
        "Whatever points to the id points to two things.",
        "Give each its own id.",
        '{"id": "n2", "wikidata": null},\n  {"id": "n1", "wikidata": null}',
        '{"id": "n2", "wikidata": null}',
        FILE,
    ),
    "E302": Reason(
        "Roles say which labels they take, and models learn a closed list of them.",
        "Choose a label of the schema, or add it there.",
        '"labels": ["DATE"]',
        '"labels": ["TIME"]',
        FILE,
    ),
    "E304": Reason(
        "An event is found by the words that name it. Without them nobody can look it up in the text.",
        "Mark the words that name it.",
        '"triggers": []',
        '"triggers": [{"start": 27, "end": 41, "text": "spoke by phone", "main": true, "region": "call"}]',
        FILE,
    ),
    "E305": Reason(
        "What it points to is lost: the role would be exported empty.",
        "Point to something that is there, or remove the reference.",
        ', "time": [{"mention": "m9", "via": "drawn"}]',
        "",
        FILE,
    ),
    "E306": Reason(
        "Roles are filled by mentions, relations join events. Nothing else can be read.",
        "Point to the right kind.",
        ', "time": [{"mention": "e1", "via": "drawn"}]',
        "",
        FILE,
    ),
    "W307": Reason(
        "Mark little: a mention is there to fill a role, or to show that two fillers are the same. This one does neither.",
        "Draw the relation that is missing, or delete the mention.",
        f"[Alva Brandt|PERSON #a] and [Idris Kole|PERSON #b] {_CALL}. [Port Alwin|GPE] slept.",
        f"[Alva Brandt|PERSON #a] and [Idris Kole|PERSON #b] {_CALL}. Port Alwin slept.",
    ),
    "W308": Reason(
        "One item of Wikidata is one thing in the world. Two entities for it split everything that is said of it.",
        "Join their mentions with same_entity, or mend one of the ids.",
        "[Alva Brandt|PERSON #a wikidata=Q42] and [Idris Kole|PERSON #b wikidata=Q42] [spoke by phone|phone_call participant=a,b].",
        "[Alva Brandt|PERSON #a wikidata=Q42] and [Idris Kole|PERSON #b wikidata=Q43] [spoke by phone|phone_call participant=a,b].",
    ),
    "E309": Reason(
        "An id of another form leads nowhere.",
        "Write a Q and a number, such as Q22686, or leave the field empty.",
        "[Alva Brandt|PERSON #a wikidata=Brandt] and [Idris Kole|PERSON #b] [spoke by phone|phone_call participant=a,b].",
        "[Alva Brandt|PERSON #a wikidata=Q42] and [Idris Kole|PERSON #b] [spoke by phone|phone_call participant=a,b].",
    ),
    "W310": Reason(
        "The same name in one article is nearly always the same person or body. Left apart, who called whom cannot be counted.",
        "Join them with same_entity if they are one.",
        f"[Alva Brandt|PERSON #a] and [Idris Kole|PERSON #b] {_CALL}. [Alva Brandt|PERSON #c] "
        "[called back|phone_call participant=c,b].",
        f"[Alva Brandt|PERSON #a] and [Idris Kole|PERSON #b] {_CALL}. [Alva Brandt|=a #c] "
        "[called back|phone_call participant=c,b].",
    ),
    "W311": Reason(
        "From a pronoun alone nobody can tell who it is.",
        "Mark a name or description of the same one, and join the two with same_entity.",
        "[She|PERSON #a] and [Idris Kole|PERSON #b] [spoke by phone|phone_call participant=a,b].",
        "[Alva Brandt|PERSON #n] smiled. [She|=n #a] and [Idris Kole|PERSON #b] [spoke by phone|phone_call participant=a,b].",
    ),
    "W312": Reason(
        "One thing has one label. Two in one entity mean that the labels or the join are wrong.",
        "Relabel the mentions, or part them.",
        "[Alva Brandt|PERSON #a] of Norland and [Idris Kole|PERSON #b] [spoke by phone|phone_call ?=a,b]. "
        "[The premier|ORG =a] smiled.",
        "[Alva Brandt|PERSON #a] of Norland and [Idris Kole|PERSON #b] [spoke by phone|phone_call ?=a,b]. "
        "[The premier|PERSON =a] smiled.",
    ),
    "E313": Reason(
        "One entity cannot be two things in the world: either an id or a same_entity relation is wrong.",
        "Keep one id, or part the mentions.",
        "[Alva Brandt|PERSON #a wikidata=Q42] and [Idris Kole|PERSON #b] [spoke by phone|phone_call participant=a,b]. "
        "[Brandt|=a wikidata=Q43] smiled.",
        "[Alva Brandt|PERSON #a wikidata=Q42] and [Idris Kole|PERSON #b] [spoke by phone|phone_call participant=a,b]. "
        "[Brandt|=a wikidata=Q42] smiled.",
    ),
    "E314": Reason(
        "The main trigger stands for the event wherever one place is asked for: in findings, in views, in agreement.",
        "Set main on one trigger, the one that the arguments hang on.",
        '"main": false',
        '"main": true',
        FILE,
    ),
}
