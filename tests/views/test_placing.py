"""Which trigger of an event gets which argument."""

from dateline.model import Event, Filler, Mention, Trigger
from dateline.views import placing


def sentence_of(offset: int) -> int:
    return offset // 100


def event(*starts: int, main: int = 0) -> Event:
    triggers = [Trigger(start=s, end=s + 5, text="-" * 5, main=n == main) for n, s in enumerate(starts)]
    return Event(id="e1", type="phone_call", triggers=triggers, arguments={}, attributes={})


def mention(start: int, end: int | None = None, id_: str = "m1") -> Mention:
    end = start + 5 if end is None else end
    return Mention(id=id_, label="PERSON", start=start, end=end, text="-" * (end - start))


def test_the_nearest_in_the_same_sentence_also_where_the_next_one_has_one_nearer() -> None:
    two = event(110, 160, 202)
    assert placing.place(two, mention(120), sentence_of) == 0
    assert placing.place(two, mention(150), sentence_of) == 1
    assert placing.place(two, mention(193), sentence_of) == 1


def test_else_the_main_one_however_far() -> None:
    assert placing.place(event(10, 290, main=0), mention(170), sentence_of) == 0
    assert placing.place(event(10, 290, main=1), mention(120), sentence_of) == 1
    assert placing.place(event(10), mention(900), sentence_of) == 0


def test_of_two_equally_near_the_earlier_also_where_the_other_is_main() -> None:
    assert placing.place(event(110, 130, main=1), mention(120, 125), sentence_of) == 0
    assert placing.place(event(110, 130, main=1), mention(121, 126), sentence_of) == 1
    assert placing.place(event(130, 110, main=0), mention(120, 125), sentence_of) == 1


def test_a_span_is_in_the_sentence_in_which_it_begins() -> None:
    assert placing.place(event(110, 210, main=0), mention(190, 209), sentence_of) == 0
    assert placing.place(event(196, 240, main=1), mention(190), sentence_of) == 0


def test_the_gap_counts_from_the_nearer_ends() -> None:
    trigger = event(110).triggers[0]
    assert [placing.gap(trigger, mention(*at)) for at in ((100, 105), (105, 110), (108, 130), (115, 120), (120, 121))] == [5, 0, 0, 0, 5]  # fmt: skip


def test_every_argument_is_at_one_trigger_in_the_order_of_the_record() -> None:
    base = event(110, 160)
    arguments = {"time": [Filler(mention="b"), Filler(mention="a")], "caller": [Filler(mention="a")]}
    whole = Event(id="e1", type="phone_call", triggers=base.triggers, arguments=arguments, attributes={})
    mentions = {"a": mention(100, id_="a"), "b": mention(170, id_="b")}
    first, second = placing.placed(whole, mentions, sentence_of)
    assert [(role, m.id) for role, m in first] == [("time", "a"), ("caller", "a")]
    assert [(role, m.id) for role, m in second] == [("time", "b")]
