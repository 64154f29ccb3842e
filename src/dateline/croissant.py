"""The dataset in Croissant 1.1, with the fields for responsible AI: JSON-LD that other tools find and load it by.

Format: https://docs.mlcommons.org/croissant/ and its extension http://mlcommons.org/croissant/RAI/1.0. Each
Parquet file is a file object with its SHA-256, each split of a view a record set over its file, so that a reader
proves the file before it reads it (over a set of files, where there are several: `mlcroissant` reads a set without
proving it, and `dateline.publish` proves every file). No time is in it that nobody has given: the same input gives the same bytes, and without `published` in the configuration there is no
`datePublished`, which the format asks for and its validator warns of.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from dateline import datasheet, views
from dateline.addresses import ADDRESS
from dateline.numbers import Numbers
from dateline.outcome import Facts, Outcome
from dateline.splits import SPLITS
from dateline.views.features import Type

NAME = "croissant.json"
_CONFORMS = ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"]
_TYPES = {"string": "sc:Text", "int64": "cr:Int64", "float64": "cr:Float64", "bool": "sc:Boolean"}
_FORMATS = {
    ".parquet": "application/x-parquet",
    ".json": "application/json",
    ".jsonl": "application/jsonlines",
}
_SPLIT_URLS = {"train": "cr:TrainingSplit", "validation": "cr:ValidationSplit", "test": "cr:TestSplit"}
_SPDX = re.compile(r"(?!NOASSERTION$)[A-Za-z0-9.+-]+")
_CONTEXT: dict[str, Any] = {  # the one of version 1.1 with its extension, as `mlcroissant` writes it
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}

Node = dict[str, Any]


def text(facts: Facts, outcome: Outcome, numbers: Numbers) -> str:
    """The description of the dataset that `facts` tell of, as JSON-LD; what is not known is left out."""
    about, period = facts.about, numbers.tables["period"].rows
    said: Node = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": facts.name,
        "description": datasheet.description(facts),
        "conformsTo": _CONFORMS,
        "license": _licenses(facts, numbers),
        "url": about.url,
        "version": about.version,
        "datePublished": about.published.isoformat() if about.published else None,
        "creator": [{"@type": "sc:Organization", "name": name} for name in about.creators],
        "citeAs": datasheet.citation(facts),
        "keywords": ["event extraction", "news", "argument extraction", "claims", "information extraction"],
        "inLanguage": [language for language in numbers.column("languages") if language != "und"],
        "temporalCoverage": "/".join(period[0]) if period else None,
        "isLiveDataset": False,
        **_responsible(facts, outcome, numbers),
        "distribution": [*_objects(facts), *_sets(facts)],
        "recordSet": [_splits(facts), *_record_sets(facts)],
    }
    known = {key: value for key, value in said.items() if value not in (None, [], "")}
    return ADDRESS.sub("…", json.dumps(known, ensure_ascii=False, indent=1)) + "\n"


def _licenses(facts: Facts, numbers: Numbers) -> list[str | Node]:
    """The annotations' licence and those of the texts; one that is no SPDX identifier by its words."""
    texts = numbers.column("licences") if facts.left_out is None else []
    return [
        f"https://spdx.org/licenses/{name}.html"
        if _SPDX.fullmatch(name)
        else {"@type": "sc:CreativeWork", "name": f"licence of texts: {name or 'not known'}"}
        for name in dict.fromkeys([facts.about.license, *texts])
    ]


def _responsible(facts: Facts, outcome: Outcome, numbers: Numbers) -> Node:
    """The fields of the extension for responsible AI."""
    machines = [one.name for one in numbers.annotators if one.machine]
    held = len(outcome.held_back)
    tasks, read = outcome.counts["tasks"], outcome.counts["annotations"]
    found = {
        "dataCollection": facts.about.collection or datasheet.collection(numbers),
        "dataCollectionType": ["Document analysis"],
        "dataCollectionMissingData": f"Articles that were held back, each with the reason in the manifest: {held}.",
        "dataPreprocessingProtocol": [datasheet.PREPARED],
        "dataAnnotationProtocol": [datasheet.annotation(facts, outcome, numbers)],
        "dataAnnotationPlatform": ["Label Studio"],
        "dataAnnotationAnalysis": [datasheet.agreement(numbers), *datasheet.figures(numbers)],
        "annotationsPerItem": f"{read:,} annotations of {tasks:,} articles",
        "annotatorDemographics": datasheet.annotator_kinds(numbers),
        "machineAnnotationTools": [f"language models, under the names {', '.join(machines)}"]
        if machines
        else [],
        "dataBiases": datasheet.biases(numbers),
        "dataLimitations": [*datasheet.limits(facts, outcome, numbers), *datasheet.leaks(outcome, numbers)],
        "dataUseCases": [datasheet.USES, f"Not: {datasheet.NOT_FOR}"],
        "dataSocialImpact": datasheet.SOCIAL,
        "personalSensitiveInformation": [datasheet.personal(facts)],
        "dataReleaseMaintenancePlan": datasheet.maintenance(facts),
    }
    return {f"rai:{name}": value for name, value in found.items()}


def _objects(facts: Facts) -> Iterator[Node]:
    """Every file but the card and this one; what is no Parquet is there to be found, and no record set reads it."""
    sizes = {file.path: (file.bytes, file.sha256) for file in facts.files}
    for path, (size, sha256) in (sizes | {p: (e.bytes, e.sha256) for p, e in facts.extras.items()}).items():
        yield {
            "@type": "cr:FileObject",
            "@id": path,
            "name": path,
            "contentUrl": path,
            "contentSize": f"{size} B",
            "sha256": sha256,
            "encodingFormat": _FORMATS[path[path.rindex(".") :]],
        }


def _sets(facts: Facts) -> Iterator[Node]:
    """A set of files for each split of a view that has several."""
    for view, split, paths in _parts(facts):
        if len(paths) > 1:
            yield {
                "@type": "cr:FileSet",
                "@id": f"files/{view}/{split}",
                "name": f"files/{view}/{split}",
                "encodingFormat": _FORMATS[".parquet"],
                "includes": paths,
            }


def _parts(facts: Facts) -> Iterator[tuple[str, str, list[str]]]:
    """The files of each split of a view that has rows."""
    for view in facts.rows:
        for split in SPLITS:
            paths = [file.path for file in facts.files if (file.view, file.split) == (view, split)]
            if paths:
                yield view, split, paths


def _splits(facts: Facts) -> Node | None:
    """The splits that have rows, as the format wants them told."""
    there = [split for split in SPLITS if any(split == file.split for file in facts.files)]
    return {
        "@type": "cr:RecordSet",
        "@id": "splits",
        "name": "splits",
        "description": "The splits; the record set of a split of a view is called view/split.",
        "dataType": "cr:Split",
        "key": {"@id": "splits/name"},
        "field": [
            {"@type": "cr:Field", "@id": "splits/name", "name": "name", "dataType": "sc:Text"},
            {"@type": "cr:Field", "@id": "splits/url", "name": "url", "dataType": "sc:URL"},
        ],
        "data": [{"splits/name": split, "splits/url": _SPLIT_URLS[split]} for split in there],
    }


def _record_sets(facts: Facts) -> Iterator[Node]:
    for view, split, paths in _parts(facts):
        id_ = f"{view}/{split}"
        source = (
            {"fileObject": {"@id": paths[0]}} if len(paths) == 1 else {"fileSet": {"@id": f"files/{id_}"}}
        )
        columns = views.COLUMNS[view]
        fields = [_Fields(source, name).field(id_, name, type_) for name, type_ in columns.items()]
        yield {
            "@type": "cr:RecordSet",
            "@id": id_,
            "name": id_,
            "description": f"Split {split}: {views.VIEWS[view].meaning}.",
            "field": [
                *fields,
                {
                    "@type": "cr:Field",
                    "@id": f"{id_}/split",
                    "name": "split",
                    "dataType": "sc:Text",
                    "value": split,
                },
            ],
        }


class _Fields:
    """The field of a column with its sub-fields."""

    def __init__(self, source: Node, column: str) -> None:
        self.source = {**source, "extract": {"column": column}}

    def field(self, parent: str, name: str, type_: Type, path: tuple[str, ...] = (), lists: int = 0) -> Node:
        """A field; `path` leads to it from the column, through so many lists.

        The format takes the parts of a struct out of a column by a path in each item, which cannot go through a
        second list: a list of structs within a list of structs is told of in words.
        """
        shape = {"isArray": True, "arrayShape": "-1"} if isinstance(type_, list) else {}
        id_ = f"{parent}/{name}"
        found: Node = {"@type": "cr:Field", "@id": id_, "name": name, **shape}
        inner, depth = (type_[0], lists + 1) if isinstance(type_, list) else (type_, lists)
        if isinstance(inner, str):
            steps = {"transform": [{"jsonPath": step} for step in path]} if path else {}
            return {**found, "dataType": _TYPES[str.__str__(inner)], "source": {**self.source, **steps}}
        assert isinstance(inner, dict)  # noqa: S101 - no view has a list of lists
        deep = [key for key, sub in inner.items() if depth and _is_table(sub)]
        if deep:
            found["description"] = f"In the files, each item has lists of structs, too: {', '.join(deep)}."
        found["subField"] = [
            self.field(id_, key, sub, (*path, key), depth) for key, sub in inner.items() if key not in deep
        ]
        return found


def _is_table(type_: Type) -> bool:
    return isinstance(type_, list) and isinstance(type_[0], dict)
