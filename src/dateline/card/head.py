"""The YAML at the top of a card: what the Hub and `load_dataset` read."""

from __future__ import annotations

from typing import Any

from dateline import views
from dateline.numbers import Numbers
from dateline.outcome import Facts
from dateline.splits import SPLITS
from dateline.views import features

_SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
)
# The identifiers that the Hub knows and articles or annotations may have
# (https://huggingface.co/docs/hub/repositories-licenses).
_HUB = {
    "afl-3.0", "apache-2.0", "bsd-2-clause", "bsd-3-clause", "c-uda", "cc", "cc0-1.0", "cc-by-2.0",
    "cc-by-2.5", "cc-by-3.0", "cc-by-4.0", "cc-by-nc-2.0", "cc-by-nc-3.0", "cc-by-nc-4.0",
    "cc-by-nc-nd-3.0", "cc-by-nc-nd-4.0", "cc-by-nc-sa-2.0", "cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0",
    "cc-by-nd-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0", "cdla-permissive-1.0", "cdla-permissive-2.0",
    "cdla-sharing-1.0", "etalab-2.0", "gfdl", "mit", "odbl", "odc-by", "pddl", "unlicense", "wtfpl",
}  # fmt: skip


def head(facts: Facts, numbers: Numbers) -> str:
    """The YAML between its dashes."""
    import yaml

    said = yaml.safe_dump(_yaml(facts, numbers), sort_keys=False, allow_unicode=True, width=1000)
    return f"---\n{said}---\n\n"


def default(facts: Facts) -> str | None:
    """The view that loads where none is named; None where no view has a row."""
    loadable = _loadable(facts)
    return views.DEFAULT if views.DEFAULT in loadable else next(iter(loadable), None)


def _yaml(facts: Facts, numbers: Numbers) -> dict[str, Any]:
    languages = [language for language in numbers.column("languages") if language != "und"]
    several = {"multilinguality": ["monolingual" if len(languages) == 1 else "multilingual"]}
    machines = numbers.annotators and all(one.machine for one in numbers.annotators)
    articles = numbers.total("languages")
    return {
        "pretty_name": facts.name,
        **_license(facts, numbers),
        **({"language": languages, **several} if languages else {}),
        **({"annotations_creators": ["machine-generated"]} if machines else {}),
        "source_datasets": ["original"],
        "task_categories": ["token-classification", "text-classification"],
        "task_ids": ["named-entity-recognition"],
        "tags": ["event-extraction", "news", "argument-extraction", "claims"],
        "size_categories": [next((name for limit, name in _SIZES if articles < limit), "n>10M")],
        "configs": [_config(view, facts) for view in _loadable(facts)],
        "dataset_info": [_info(view, facts) for view in _loadable(facts)],
    }


def _license(facts: Facts, numbers: Numbers) -> dict[str, Any]:
    """The licences of annotations and texts; `other`, with a name, where the Hub does not know one of them."""
    texts = numbers.column("licences") if facts.left_out is None else []
    found = list(dict.fromkeys(name.lower() for name in (facts.about.license, *texts)))
    if not _HUB.issuperset(found):
        name = "texts-of-their-publishers" if "noassertion" in found else "see-the-card"
        return {"license": "other", "license_name": name}
    return {"license": found[0] if len(found) == 1 else found}


def _loadable(facts: Facts) -> list[str]:
    """The views that have rows at all: a config without a file cannot be loaded."""
    return [view for view, by_split in facts.rows.items() if any(by_split.values())]


def _config(view: str, facts: Facts) -> dict[str, Any]:
    files = [{"split": s, "path": f"{view}/{s}-*"} for s in SPLITS if facts.rows[view][s]]
    first = {"default": True} if view == default(facts) else {}
    return {"config_name": view, **first, "data_files": files}


def _info(view: str, facts: Facts) -> dict[str, Any]:
    written = [file for file in facts.files if file.view == view]
    memory = {split: sum(f.memory for f in written if f.split == split) for split in SPLITS}
    return {
        "config_name": view,
        "features": features.yaml_list(views.COLUMNS[view]),
        "splits": [
            {"name": split, "num_bytes": memory[split], "num_examples": rows}
            for split, rows in facts.rows[view].items()
            if rows
        ],
        "download_size": sum(f.bytes for f in written),
        "dataset_size": sum(memory.values()),
    }
