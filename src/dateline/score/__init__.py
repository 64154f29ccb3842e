"""How well predicted events agree with gold: triggers, arguments, relations.

Measures, each with precision, recall and F1 over all articles together (micro), right meaning:

- TI, a trigger is identified: its span is that of a gold trigger. TC, classified: and its event's type.
- AI, an argument is identified: its span and its event's type are those of a gold argument. AC, classified:
  and its role.
- AI+ and AC+, attached: and it belongs to the right event, one with that type and one of its triggers.
- relations: type, head and tail, where the two predicted events stand for the two of gold.

Spans are exact, in code points. In the `overlap` variants it is enough to share a code point: equal spans
stand for each other, of the rest those with the largest summed Dice overlap, one to one.

Where every event has one trigger and nothing is repeated, the six are those of TextEE, whose scorer compares
sets of keys (document, span, type, role). What sets forgive counts here: the same trigger with the same type
again, the same argument in the same role of the same event again, is another item, wrong unless gold repeats
it too; so nothing is right twice, and recall is at most 1. As in TextEE, what differs only in what a measure
does not look at is one item of it: an argument that two events of a type share is one in AI and AC, one span
in two roles is one in AI and AI+, one span with two types is one in TI.

An event with several triggers has an item for each in TI and TC. Its arguments count once; they are right in
AI+ and AC+ where the predicted event has its type and any of its triggers (`matching.stand_for`). A predicted
event stands for one gold event at most: two events run together are half wrong. `mode="mention"` makes an
event of each trigger, with all arguments of its event, on both sides.

An argument is a span: another mention of the same entity is wrong, and two mentions of one entity in a role
are two arguments. With `coreference` it is an entity: any mention that gold knows of it is right, and it
counts once however many of its mentions are given (the same mention twice is a repetition). Overlap then looks
at the entity's first mention.

An article without a prediction counts as one with none; predictions for an article that gold does not have
are wrong, unless left out. Measures without data are None, never 0 or 1.

Sources: Huang et al. 2024, "TextEE: Benchmark, Reevaluation, Reflections, and Future Challenges in Event
Extraction" (TI, TC, AI, AC, AI+, AC+) and its published scorer; Lin et al. 2020, "A Joint Neural Model for
Information Extraction with Global Features" (OneIE) and Wadden et al. 2019 (DyGIE++) for the scorers of ACE
2005 that AI and AC come from; Li, Ji and Han 2021, "Document-Level Event Argument Extraction by Conditional
Generation", for arguments up to coreference. Words without offsets: see `strings`.
"""

from dateline.score.compare import Difference, bootstrap, compare
from dateline.score.count import MEASURES, SIX, Score
from dateline.score.gather import Given, GoldError, PredictionsError, UnusableError, Value
from dateline.score.inputs import load
from dateline.score.scores import Scores, score

__all__ = [
    "MEASURES",
    "SIX",
    "Difference",
    "Given",
    "GoldError",
    "PredictionsError",
    "Score",
    "Scores",
    "UnusableError",
    "Value",
    "bootstrap",
    "compare",
    "load",
    "score",
]
