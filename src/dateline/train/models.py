"""Where a tagger comes from: a pre-trained model, or a small one made from a config and the data's own words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dateline.train.errors import TrainError
from dateline.train.plan import SMALL, Plan
from dateline.train.tagger import Tagger

OPEN, CLOSE = "<t>", "</t>"  # around the trigger that arguments are asked for
_VOCABULARY = 6000
_SPECIAL = {f"{name}_token": f"[{name.upper()}]" for name in ("pad", "unk", "cls", "sep", "mask")}
_LIMIT = 512  # pieces: what a model takes that does not say


def tagger(plan: Plan, labels: Sequence[str], texts: Iterable[Sequence[str]]) -> Tagger:
    """A tagger with these labels, of the model and on the device that the plan names.

    `texts` are sentences as words; the small model's tokenizer is trained on them. TrainError where there is
    no such model or device, or where the model's tokenizer cannot say which piece belongs to which word.
    """
    import torch
    from transformers.utils import logging

    logging.set_verbosity_error()  # it would tell of new weights in the head, which are what is wanted
    logging.disable_progress_bar()
    place = _device(plan.device)
    torch.manual_seed(plan.seed)  # new weights are drawn here
    found, tokenizer = _small(labels, texts) if plan.model == SMALL else _pretrained(plan.model, labels)
    tokenizer.add_special_tokens(
        {"additional_special_tokens": [OPEN, CLOSE]}, replace_extra_special_tokens=False
    )
    if len(tokenizer) > found.get_input_embeddings().num_embeddings:
        found.resize_token_embeddings(len(tokenizer), mean_resizing=False)
    limits = (tokenizer.model_max_length, _positions(found.config))
    return Tagger(found.to(place), tokenizer, min(limits))


def _device(name: str) -> Any:
    import torch

    try:
        place = (
            torch.device("cuda" if torch.cuda.is_available() else "cpu")
            if name == "auto"
            else torch.device(name)
        )
        torch.zeros(1, device=place)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise TrainError(f"no device {name!r} here", "choose cpu, cuda, mps, or auto") from error
    return place


def _positions(config: Any) -> int:
    """Pieces that the position table holds; two less, as RoBERTa and its kin leave the first two unused."""
    places = getattr(config, "max_position_embeddings", None)
    return _LIMIT if not places or places < 0 else places - 2


def _labels(labels: Sequence[str]) -> dict[str, Any]:
    return {"id2label": dict(enumerate(labels)), "label2id": {name: n for n, name in enumerate(labels)}}


def _pretrained(model: str, labels: Sequence[str]) -> tuple[Any, Any]:
    from transformers import AutoModelForTokenClassification, AutoTokenizer

    try:
        # add_prefix_space: byte-level tokenizers ask for it where words are given
        tokenizer = AutoTokenizer.from_pretrained(model, add_prefix_space=True)
        found = AutoModelForTokenClassification.from_pretrained(
            model, **_labels(labels), ignore_mismatched_sizes=True, dtype="float32"
        )
    except (OSError, ValueError, KeyError) as error:
        said = " ".join(str(error).split())
        reason = f"no model to train at {model!r}: {said[:200]}"
        raise TrainError(
            reason, f"a folder that save_pretrained wrote, a name on the Hub, or {SMALL}"
        ) from error
    if not tokenizer.is_fast:
        raise TrainError(f"{model!r} has no fast tokenizer", "choose a model that has a tokenizer.json")
    return found, tokenizer


def _small(labels: Sequence[str], texts: Iterable[Sequence[str]]) -> tuple[Any, Any]:
    """A BERT of two layers and about a million weights, with a tokenizer of the texts."""
    from transformers import BertConfig, BertForTokenClassification

    tokenizer = _byte_pairs(texts)
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=256,
        max_position_embeddings=_LIMIT + 2,
        pad_token_id=tokenizer.pad_token_id,
        **_labels(labels),
    )
    return BertForTokenClassification(config), tokenizer


def _byte_pairs(texts: Iterable[Sequence[str]]) -> Any:
    """A tokenizer of bytes and what is often beside each other: it drops nothing, and knows every character.

    Not WordPiece, whose trainer makes another vocabulary with each run.
    """
    from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    trainer = trainers.BpeTrainer(
        vocab_size=_VOCABULARY,
        min_frequency=2,
        special_tokens=list(_SPECIAL.values()),
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    made.train_from_iterator((" ".join(words) for words in texts), trainer)
    first, last = _SPECIAL["cls_token"], _SPECIAL["sep_token"]
    made.post_processor = processors.TemplateProcessing(
        single=f"{first} $A {last}",
        pair=f"{first} $A {last} $B:1 {last}:1",
        special_tokens=[(name, made.token_to_id(name)) for name in (first, last)],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        model_max_length=_LIMIT,
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
        **_SPECIAL,
    )
