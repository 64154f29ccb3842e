"""Level 9: what only many articles together can show."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from dateline.collector import at_mention, quoted, replaced
from dateline.findings import Finding
from dateline.model import Document, Mention
from dateline.reading import Item
from dateline.schema import Schema
from dateline.settings import Thresholds

# by the guideline these words change their label with what is meant: the government or the place, the office or its house
_BOTH = (frozenset({"GPE", "LOC"}), frozenset({"ORG", "FACILITY"}), frozenset({"GPE", "FACILITY"}))


class Use(msgspec.Struct):
    """In how many articles some words have a label, and the finding for the first of them, should it be odd."""

    words: str
    label: str
    articles: int
    first: Finding


@dataclass
class Names:
    """The labels that names have in a block: takes in articles one by one."""

    schema: Schema
    _uses: dict[str, dict[str, Use]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, item: Item) -> None:
        """Take in what one value of the input gave; ground truth alone, where there is any."""
        truths = [d for d in item.documents if d.annotation.ground_truth]
        seen: set[tuple[str, str]] = set()
        for document in truths or item.documents:
            for mention in document.mentions:
                if (mention.text, mention.label) not in seen and self._is_name(mention):
                    seen.add((mention.text, mention.label))
                    self._count(item, document, mention)

    def _count(self, item: Item, document: Document, mention: Mention) -> None:
        uses = self._uses[mention.text]
        if mention.label in uses:
            uses[mention.label].articles += 1
        else:
            uses[mention.label] = Use(mention.text, mention.label, 1, _place(item, document, mention))

    def _is_name(self, mention: Mention) -> bool:
        label = self.schema.labels.get(mention.label)
        return label is not None and "wikidata" in label.asks and mention.text.istitle()

    def uses(self) -> list[Use]:
        """What was taken in."""
        return [use for uses in self._uses.values() for use in uses.values()]


def odd(words: str, uses: Mapping[str, Use], thresholds: Thresholds) -> Iterator[Finding]:
    """W908 for the rarer labels of some words, where one is much more common; `uses` are theirs by label."""
    total = sum(use.articles for use in uses.values())
    most = max(sorted(uses), key=lambda label: uses[label].articles)
    for label, use in sorted(uses.items()):
        if label == most or {label, most} in _BOTH:
            continue
        if use.articles <= total * thresholds.other_label_share:
            message = (
                f"{quoted(words)} is {label} here, and {most} in {uses[most].articles} of {total} articles"
            )
            yield replaced(use.first, message=message)


def _place(item: Item, document: Document, mention: Mention) -> Finding:
    who = document.annotation.annotator
    return Finding(
        code="W908",
        message="",
        hint="take the more common label, unless other words are meant here",
        file=item.file,
        line=item.line,
        doc_id=item.doc_id,
        annotator=who,
        **at_mention(mention),
    )


def twice(articles: Iterable[tuple[str, str, int]]) -> list[Finding]:
    """E901 for each article, given by id, file and line, that stood before."""
    first: dict[str, tuple[str, int]] = {}
    found = []
    for doc_id, file, line in articles:
        before = first.get(doc_id)
        first.setdefault(doc_id, (file, line))
        if before is not None:
            message = f"the article {doc_id!r} stands in {before[0]}:{before[1]} too"
            hint = "keep one of the two"
            found.append(
                Finding(code="E901", message=message, hint=hint, file=file, line=line, doc_id=doc_id)
            )
    return found


def labels(document: Document) -> set[str]:
    """What a model learns to tell in this record: event types, mention labels, relations."""
    return (
        {e.type for e in document.events}
        | {m.label for m in document.mentions}
        | {r.type for r in document.relations}
    )


def balance(
    counts: Mapping[str, Counter[str]], articles: int, schema: Schema, thresholds: Thresholds, place: str
) -> list[Finding]:
    """W903 for labels that train does not have, W904 for those in few articles.

    `counts` says by split how many articles have a label. A dataset of fewer articles than
    `corpus_articles` is small anyhow: nothing is said of it.
    """
    if articles < thresholds.corpus_articles:
        return []
    train = counts.get("train", Counter())
    total = sum(counts.values(), Counter())
    known = (*schema.types, *schema.labels, *schema.relations)
    unseen = [name for name in known if total[name] and not train[name]]
    found = [_unseen(name, counts, place) for name in unseen]
    few = [f"{name} ({total[name]})" for name in known if total[name] < thresholds.few_examples]
    if few:
        message = f"fewer than {thresholds.few_examples} articles have: {', '.join(few)}"
        hint = "annotate articles that have them, or leave them out of what is trained"
        found.append(Finding(code="W904", message=message, hint=hint, file=place))
    return found


def _unseen(name: str, counts: Mapping[str, Counter[str]], place: str) -> Finding:
    where = " and ".join(split for split in sorted(counts) if counts[split][name])
    message = f"{name} is in {where}, and not in train"
    hint = "no model can learn it: add articles that have it; new ones go where the ledger says"
    return Finding(code="W903", message=message, hint=hint, file=place)


def origins(documents: Iterable[tuple[Document, str]]) -> list[Finding]:
    """W905 for each article, given with its file, of which nothing tells where it comes from."""
    return [
        Finding(
            code="W905",
            message="nothing tells where the article comes from: no title, publisher or address",
            hint="write them into source in the article's file; license says NOASSERTION where nobody granted one",
            file=file,
            line=1,
            doc_id=document.doc_id,
        )
        for document, file in documents
        if not (document.source.title or document.source.publisher or document.source.url)
        and not document.source.synthetic
    ]


def without_explained(findings: Iterable[Finding]) -> list[Finding]:
    """The findings less E820 on articles whose own file has been read, too, and has a finding of its own."""
    findings = list(findings)
    broken = {f.file for f in findings if f.code != "E820" and f.severity == "error"}
    return [f for f in findings if f.code != "E820" or f.file not in broken]
