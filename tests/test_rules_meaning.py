"""Where the rules about meaning speak, and where they must not: each false alarm that was found stays mended."""

import random
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest
from articles import SCHEMA, call, write
from hypothesis import given
from hypothesis import strategies as st
from strategies import records

from dateline import checks, corpus, inline, reading, validation
from dateline.checks import relations
from dateline.label_studio import convert
from dateline.model import Document, Relation, Source, sha256
from dateline.reading import Item
from dateline.register import Register
from dateline.settings import Thresholds

PAIR = "[Alva Brandt|PERSON #a] and [Idris Kole|PERSON #b]"
SAID = "[Lena Orth|PERSON #k] [said|statement speaker=k act=describe] that "
CALL = "[phoned|phone_call participant=a,b {}]"


def read(source: str, language: str = "en", published_at: str | None = "2025-03-07") -> Document:
    compiled = inline.compile_marks(source, SCHEMA)
    data = {"doc_id": "d", "text": compiled.text, "text_sha256": sha256(compiled.text)}
    task = {"data": data, "annotations": [{"completed_by": "a1", "result": compiled.results}]}
    (document,) = convert.read_task(task, SCHEMA).documents
    given = Source(language=language, published_at=published_at)
    return msgspec.structs.replace(document, source=given)


def codes(source: str, thresholds: Thresholds | None = None, **source_of: Any) -> list[str]:
    return [f.code for f in checks.check(read(source, **source_of), SCHEMA, thresholds=thresholds)]


def one(verb: str, after: str = "[Idris Kole|PERSON #b]", answers: str = "") -> str:
    return f"{SAID}[Alva Brandt|PERSON #a] {verb} {CALL.format(answers)} {after}."


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (one("reportedly"), ["W507"]),
        (one("has Reportedly once again"), ["W507"]),
        (one("supposedly"), ["W507"]),
        (one("reportedly", answers="status=reported"), []),
        (one("reportedly slept and then"), []),
        (one("reportedly, he says,"), []),
        (one("reportedly has been once again"), []),  # four words between
        (one("has never"), ["W508"]),
        (one("hasn’t yet"), ["W508"]),
        (one("did not"), []),  # with the verb in a form that goes with it: see the next
        (one("not only"), []),
        (one("no longer sleeps. He"), []),
        (one("has not", answers="polarity=negative"), []),
        (
            one("has not", answers="status=denied")
            + " [Ira Voss|PERSON #i] [denied|press_denial speaker=i] [it|CLAIM].",
            None,
        ),
    ],
)
def test_cues_beside_the_trigger(source: str, found: list[str] | None) -> None:
    got = [c for c in codes(source) if c in ("W507", "W508")]
    if "did not" in source:
        found = ["W508"]
    assert got == (found or [])


def test_cues_are_those_of_the_language() -> None:
    source = one("reportedly")
    assert codes(source, language="en-GB") == codes(source, language="und") == ["W507"]
    assert codes(source, language="fr") == codes(source, language="zh-Hant") == []


def test_how_far_a_cue_may_stand_is_a_threshold() -> None:
    source = one("reportedly has been once again")
    assert codes(source, Thresholds(words_beside=4)) == ["W507"]
    assert codes(one("reportedly has"), Thresholds(words_beside=0)) == []


def test_a_cue_that_is_a_trigger_is_about_its_own_event() -> None:
    source = (
        "[Lena Orth|PERSON #k] [alleged|statement speaker=k act=criticise content=c] [a [call|phone_call participant=p]|CLAIM #c] "
        "between [the two|GROUP #p]."
    )
    assert codes(source) == ["W208"], "only the article in «the two»"


def test_what_is_lifted_is_no_more_and_was_there() -> None:
    source = (
        "There is no [advisory|travel_warning issuer=n destination=v action=lifted] of [Norland|GPE #n] for "
        "[Verania|GPE #v] any more."
    )
    assert codes(source) == []
    assert codes(source.replace(" action=lifted", "")) == ["W508"]


@pytest.mark.parametrize(
    ("words", "value", "found"),
    [
        ("Monday", "2025-03-03", []),
        ("Monday", "2025-03-04", ["W704"]),
        ("MONDAY night", "2025-03-04", ["W704"]),
        ("Monday", "2025-03-03/2025-03-05", []),
        ("Tuesday to Thursday", "2025-03-04/2025-03-06", []),
        ("the weekend after Monday", "2025-03-08/2025-03-09", ["W704"]),
        ("since Monday", "2025-03-03/..", []),
        ("last week", "2025-02-24/2025-03-02", []),
        ("March", "2025-03", []),
        ("march of the unions", "2025-02", []),
        ("May 2", "2024-05-02", []),
        ("in May", "2024-04", ["W704"]),
        ("who may know", "2024-04", []),
        ("Dec. 30", "2024-12-30", []),
        ("the turn of December", "2024-12-20/2025-01-10", []),
        ("Jan. 30", "2024-12-30", ["W704"]),
        ("today", "2025-03-07", []),
        ("yesterday", "2025-03-07", ["W704"]),
        ("yesterday", "2025-03-06", []),
        ("yesterday", "2025-03", []),
        ("not a date", "Monday", ["E702"]),
    ],
)
def test_words_against_their_value(words: str, value: str, found: list[str]) -> None:
    source = f"{PAIR} [spoke by phone|phone_call participant=a,b time=t] [{words}|TIME #t value={value}]."
    assert codes(source) == found


@pytest.mark.parametrize(
    ("answers", "value", "found"),
    [
        ("", "2025-03-07", []),
        ("", "2025-03-08", []),  # it may be tomorrow there
        ("", "2025-03-09", ["W705"]),
        ("", "2025-03", []),
        ("", "2025", []),
        ("status=planned", "2025-03-09", []),
        ("status=hypothetical", "2025-03-09", []),
        ("status=planned", "2025-03-06", ["W511"]),
        ("status=planned", "2025-03", []),
    ],
)
def test_times_against_the_publication(answers: str, value: str, found: list[str]) -> None:
    source = (
        f"{PAIR} [spoke by phone|phone_call participant=a,b time=t {answers}] [then|TIME #t value={value}]."
    )
    assert codes(source) == found
    assert codes(source, published_at=None) == []


def test_what_is_announced_may_lie_ahead() -> None:
    ban = "[Norland|GPE #n] [banned|sanction imposer=n target=v measure=import_ban time=t {}] wine from [Verania|GPE #v] from [then on|TIME #t value=2025-06-01]."
    assert codes(ban.format("stage=announced")) == []
    assert codes(ban.format("stage=in_force")) == ["W705"]


def test_a_year_that_the_article_names_is_no_guess() -> None:
    source = (
        f"{PAIR} [spoke by phone|phone_call participant=a,b time=t] in [August|TIME #t value=2016-08]. {{}}"
    )
    assert codes(source.format("")) == ["W707"]
    assert codes(source.format("That was 2016.")) == []
    assert codes(source.format(""), Thresholds(months_away=200)) == []


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("The Lantern|MEDIA", []),
        ("the Lantern|MEDIA", ["W208"]),
        ("a docker|PERSON", ["W208"]),
        ("President Alva Brandt|PERSON", ["W208"]),
        ("President|PERSON", []),
        ("President of Norland|PERSON", []),
        ("Dr. Ada Holm|PERSON", ["W208"]),
        ("King George|PERSON", ["W208"]),
        ("King George Hospital|FACILITY", []),
        ("another name|GROUP", []),
    ],
)
def test_what_stands_before_a_name(name: str, found: list[str]) -> None:
    role = "speaker=m" if "FACILITY" not in name else "speaker=k venue=m"
    other = "" if "FACILITY" not in name else "[Lena Orth|PERSON #k] "
    assert codes(f"{other}[{name} #m] [spoke|statement {role} act=comment].") == found


DENIED = "[Lena Orth|PERSON #k] [denied|press_denial #d speaker=k {}] it"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (f"{DENIED.format('')}.", ["E505"]),
        (f'{DENIED.format("quote=q")}: "[nonsense|QUOTE #q]".', ["W419"]),
        (f"{DENIED.format('denied_claim=c')}, [the sale|CLAIM #c].", []),
        (
            f"{DENIED.format('')}. [Nor|press_denial speaker=k denied_claim=c subevent_of=d] was there [a sale|CLAIM #c].",
            [],
        ),
    ],
)
def test_a_denial_denies_something(source: str, found: list[str]) -> None:
    assert codes(source) == found


def test_whoever_ends_what_was_denied_admits_it() -> None:
    source = (
        "[Norland|GPE #n] ended the [stop|sanction #s imposer=n target=v measure=import_ban stage=lifted time_end=e] on wine "
        "from [Verania|GPE #v] on [March 3|TIME #e value=2025-03-03], which it [denied|press_denial speaker=n time=t denies=s] "
        "[before|TIME #t value={}]."
    )
    assert codes(source.format("2025-01")) == []
    assert codes(source.format("2025-03-05")) == ["W506"]


def test_measures_of_two_sides_named_as_one() -> None:
    source = (
        "The [notices|travel_warning #w issuer=n,v destination=n,v] of [Norland|GPE #n] and [Verania|GPE #v]: one side "
        "[warned|travel_warning issuer=n destination=v{}]."
    )
    assert codes(source.format(" subevent_of=w")) == []
    assert codes(source.format("")) == ["W413"]


def test_nothing_is_expected_of_what_is_only_thought_of() -> None:
    source = "[Norland|GPE #n] could be hit by an [embargo|sanction target=n measure=trade_embargo {}]."
    assert codes(source.format("status=hypothetical")) == []
    assert codes(source.format("status=planned")) == ["W419"]


# Relations


def with_relations(*pairs: tuple[str, int, int]) -> Document:
    document = read(
        f"{PAIR} [spoke|phone_call participant=a,b], [talked|phone_call participant=a,b], "
        "[called|phone_call participant=a,b], [chatted|phone_call participant=a,b] and [conferred|phone_call participant=a,b]."
    )
    drawn = [Relation(type=type_, head=f"e{head}", tail=f"e{tail}") for type_, head, tail in pairs]
    return msgspec.structs.replace(document, relations=drawn)


@pytest.mark.parametrize(
    ("pairs", "circles"),
    [
        ([(1, 2), (2, 3)], []),
        ([(1, 2), (1, 3), (2, 4), (3, 4)], []),
        ([(1, 2), (2, 1)], ["spoke talked"]),
        ([(3, 1), (1, 2), (2, 3)], ["spoke talked called"]),
        ([(1, 2), (2, 1), (3, 4), (4, 3)], ["spoke talked", "called chatted"]),
        ([(5, 1), (1, 2), (2, 1), (2, 3)], ["spoke talked"]),
        ([(1, 1)], []),  # E603 says it
    ],
)
def test_circles(pairs: list[tuple[int, int]], circles: list[str]) -> None:
    document = with_relations(*(("in_response_to", *pair) for pair in pairs))
    found = [f.message for f in checks.check(document, SCHEMA) if f.code == "E604"]
    assert len(found) == len(circles)
    for message, words in zip(found, circles, strict=True):
        assert [word.partition("»")[0] for word in message.split("«")[1:-1]] == words.split()


@given(st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda p: p[0] != p[1]), max_size=16))
def test_circles_are_found_where_there_are_some_and_run_along_the_relations(
    pairs: set[tuple[int, int]],
) -> None:
    named = {(f"e{h}", f"e{t}") for h, t in pairs}
    found = relations._circles(set(named))
    for circle in found:
        assert all(step in named for step in zip(circle, [*circle[1:], circle[0]], strict=True))
    reach = {n: {t for h, t in named if h == n} for n in {x for p in named for x in p}}
    for _ in reach:
        reach = {n: ends.union(*(reach[e] for e in ends)) for n, ends in reach.items()}
    assert bool(found) == any(n in ends for n, ends in reach.items())


@given(records(), st.randoms(use_true_random=False))
def test_the_order_of_a_record_does_not_change_what_is_found(record: Document, chance: random.Random) -> None:
    mixed = msgspec.structs.replace(
        record, relations=shuffled(record.relations, chance), events=shuffled(record.events, chance)
    )
    once = ("W409", "E604")  # said once of several events, at the first
    first, second = (
        sorted((f.code, f.event_id or "") for f in checks.check_meaning(d, SCHEMA) if f.code not in once)
        for d in (record, mixed)
    )
    assert first == second


def shuffled(given: list[Any], chance: random.Random) -> list[Any]:
    return chance.sample(given, len(given))


# The corpus


def item(n: int, source: str, batch: str | None = "march", file: str | None = None) -> Item:
    document = read(source)
    document = msgspec.structs.replace(
        document, doc_id=f"d{n}", annotation=msgspec.structs.replace(document.annotation, batch=batch)
    )
    return Item(file or f"annotations/march/d{n}.json", 1, f"d{n}", [document])


def told(items: list[Item], **thresholds: Any) -> list[tuple[str, str | None]]:
    names = corpus.Names(SCHEMA)
    for one_item in items:
        names.add(one_item)
    register = Register()
    register.add(names.uses())
    return [(f.code, f.doc_id) for f in register.odd(Thresholds(**thresholds))]


def herald(label: str) -> str:
    return f"[Harbour Herald|{label} #h] [spoke|statement speaker=h act=comment]."


def test_a_label_that_is_rare_for_its_words() -> None:
    items = [item(n, herald("MEDIA")) for n in range(4)] + [item(4, herald("ORG"))]
    assert told(items) == [("W908", "d4")]
    assert told(items[1:]) == [], "one of four is no slip yet"
    assert told(items, other_label_share=0.1) == []


def test_a_government_and_its_place_may_share_a_name() -> None:
    place = "[Lena Orth|PERSON #k] [spoke|statement speaker=k venue=p act=comment] in [Port Alwin|LOC #p]."
    items = [item(n, "[Port Alwin|GPE #h] [spoke|statement speaker=h act=comment].") for n in range(4)]
    assert told([*items, item(4, place)]) == []


def test_only_the_ground_truth_of_an_article_is_compared() -> None:
    items = [item(n, herald("MEDIA")) for n in range(5)]
    (first,) = items[0].documents
    truth = msgspec.structs.replace(
        first, annotation=msgspec.structs.replace(first.annotation, ground_truth=True)
    )
    items[0].documents = [*item(0, herald("ORG")).documents, truth]
    assert told(items) == []


def test_an_article_twice_in_a_batch_and_not_in_two(tmp_path: Path) -> None:
    def twice(folder: Path) -> list[str | None]:
        return [f.doc_id for f in validation.validate([folder], SCHEMA).findings if f.code == "E901"]

    folder = write(write(tmp_path / "annotations", "march", call("d1")), "april", call("d1"))
    assert twice(folder) == []
    (folder / "march" / "copy.json").write_bytes((folder / "march" / "d1.json").read_bytes())
    assert twice(folder) == ["d1"]


def test_labels_that_train_lacks_and_few_examples() -> None:
    plain, venue = (
        herald("MEDIA"),
        "[Lena Orth|PERSON #k] [spoke|statement speaker=k venue=p act=comment] at [Old Mint|FACILITY #p].",
    )
    train: Counter[str] = Counter()
    for n in range(20):
        train.update(corpus.labels(item(n, plain).documents[0]))
    counts = {"train": train, "test": Counter(corpus.labels(item(20, venue).documents[0]))}
    found = corpus.balance(counts, 21, SCHEMA, Thresholds(), "annotations/march")
    assert [f.code for f in found] == ["W903", "W903", "W904"]
    assert {f.message.split()[0] for f in found[:2]} == {"PERSON", "FACILITY"}
    assert "FACILITY (1)" in found[2].message
    assert "statement" not in found[2].message
    assert corpus.balance(counts, 19, SCHEMA, Thresholds(), "") == [], "a small dataset is small"


def test_the_cause_is_told_and_not_what_follows_from_it(root: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(
        root / "tests/cases/invalid/E820-broken-article/annotations", tmp_path / "annotations"
    )
    found = [f for i in reading.read([folder], SCHEMA) for f in i.findings]
    assert sorted(f.code for f in found) == ["E002", "E820"]
    assert [f.code for f in corpus.without_explained(found)] == ["E002"]
    alone = [f for i in reading.read([folder / "march"], SCHEMA) for f in i.findings]
    assert [f.code for f in corpus.without_explained(alone)] == ["E820"]
