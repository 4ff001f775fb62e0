"""Fine-tune a small transformer on English tweets for the full tier: `python -m bench.fit_tweets BASE OUT`.

BASE is a folder with an encoder and its tokeniser (MiniLM of six layers: 22 million weights); OUT gets the sequence
classifier that `answerable models export` makes an int8 model of. What the set's own split keeps is never seen, nor
what says the same; a twentieth of the rest is kept apart to watch. One pass over as many tweets of each label; the
vectors of words and the lower layers stay as they are. Cross-entropy, AdamW, a rate that rises and then falls in a
line: ten minutes of one core. Needs the extra `torch`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import AutoModelForSequenceClassification, AutoTokenizer, get_linear_schedule_with_warmup

from bench.load import DATA
from nlp.build_models import training_part
from nlp.corpora import EMOTIONS, SENTIMENTS, Example, emotions, sentiments
from nlp.features import normalise
from nlp.split import keys

__all__ = ["main"]

_LONGEST, _BATCH, _BLOCK, _RATE, _DECAY, _WARM = 48, 32, 50, 1.5e-4, 0.01, 0.08
_SMOOTH, _RARE = 0.05, 0.75
_EACH = 4500  # tweets of each label at most
_STILL = 3  # layers that are not fitted
_APART = 20  # one key in so many of the training part watches
_TASKS = {"sentiment": (SENTIMENTS, sentiments), "emotion": (EMOTIONS, emotions)}
Rows = NDArray[np.int64]


def parts(task: str) -> tuple[list[Example], list[Example]]:
    """Return what is learned from and what watches; copies of one message fall on one side."""
    every = training_part(_TASKS[task][1](DATA, "en"))
    apart = keys([one.text for one in every]) % _APART == 0
    return (
        [one for one, out in zip(every, apart, strict=True) if not out],
        [one for one, out in zip(every, apart, strict=True) if out],
    )


def _batches(length: Rows, rng: np.random.Generator) -> Iterator[Rows]:
    """Shuffle, then put texts of like length together within blocks, so that little is padding."""
    order, size = rng.permutation(len(length)), _BATCH * _BLOCK
    blocks = (order[low : low + size] for low in range(0, len(order), size))
    sorted_ = [block[np.argsort(length[block], kind="stable")] for block in blocks]
    found = [block[low : low + _BATCH] for block in sorted_ for low in range(0, len(block), _BATCH)]
    for number in rng.permutation(len(found)):
        yield found[number]


def _recall(model: torch.nn.Module, tokenizer: AutoTokenizer, texts: Sequence[str], gold: Rows) -> float:
    """Return the macro recall on texts, read so many at a time."""
    model.eval()
    said = []
    with torch.no_grad():
        for low in range(0, len(texts), _BATCH):
            some = [normalise(text) for text in texts[low : low + _BATCH]]
            cut = tokenizer(some, truncation=True, max_length=_LONGEST, padding=True, return_tensors="pt")
            said.append(model(**cut).logits.argmax(1).numpy())
    right = np.concatenate(said) == gold
    return float(np.mean([right[gold == label].mean() for label in np.unique(gold)]))


def _optimiser(
    model: torch.nn.Module, steps: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    """Return AdamW, which lets matrices decay and nothing else, and its rate over so many steps."""
    fitted = [one for one in model.parameters() if one.requires_grad]
    groups = [
        {"params": [one for one in fitted if (one.ndim >= 2) is heavy], "weight_decay": _DECAY * heavy}
        for heavy in (True, False)
    ]
    found = torch.optim.AdamW(groups, lr=_RATE)
    return found, get_linear_schedule_with_warmup(found, int(steps * _WARM), steps)


def _weights(gold: Rows, labels: int) -> torch.Tensor:
    """Weigh classes by their rarity, one on average over the texts."""
    share = np.bincount(gold, minlength=labels) / len(gold)
    weight = (1 / share) ** _RARE
    return torch.tensor(weight / (weight * share).sum(), dtype=torch.float32)


def _balanced(gold: Rows, rng: np.random.Generator) -> Rows:
    """Choose as many tweets of each label, or all there are."""
    return np.concatenate([rng.permutation(np.flatnonzero(gold == label))[:_EACH] for label in np.unique(gold)])


def fit(base: Path, out: Path, task: str, seed: int) -> None:
    """Fit, and write the classifier."""
    torch.manual_seed(seed)
    rng, labels = np.random.default_rng(seed), _TASKS[task][0]
    seen, watching = parts(task)
    gold, watched = (np.array([labels.index(one.label) for one in part]) for part in (seen, watching))
    chosen = _balanced(gold, rng)
    seen, gold = [seen[i] for i in chosen], gold[chosen]
    tokenizer = AutoTokenizer.from_pretrained(base, local_files_only=True)
    model = AutoModelForSequenceClassification.from_pretrained(
        base, local_files_only=True, num_labels=len(labels), id2label=dict(enumerate(labels))
    )
    for still in (model.base_model.embeddings, *model.base_model.encoder.layer[:_STILL]):
        still.requires_grad_(False)
    cut = tokenizer([normalise(one.text) for one in seen], truncation=True, max_length=_LONGEST)["input_ids"]
    length = np.array([len(ids) for ids in cut])
    loss_of = torch.nn.CrossEntropyLoss(weight=_weights(gold, len(labels)), label_smoothing=_SMOOTH)
    optimiser, rate = _optimiser(model, -(-len(seen) // _BATCH))
    model.train()
    for rows in _batches(length, rng):
        batch = tokenizer.pad({"input_ids": [cut[i] for i in rows]}, return_tensors="pt")
        loss_of(model(**batch).logits, torch.tensor(gold[rows])).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        rate.step()
        optimiser.zero_grad()
    recall = _recall(model, tokenizer, [one.text for one in watching], watched)
    sys.stderr.write(
        f"macro recall {recall:.4f} on {len(watching)} tweets that watch, {len(seen)} were learned from\n"
    )
    model.save_pretrained(out)
    tokenizer.save_pretrained(out)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Fine-tune a small transformer on English tweets.")
    parser.add_argument("base", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--task", choices=sorted(_TASKS), default="sentiment")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    fit(given.base, given.out, given.task, given.seed)


if __name__ == "__main__":
    main()
