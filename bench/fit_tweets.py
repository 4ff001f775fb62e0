"""Fine-tune a small transformer on English tweets for the full tier: `python -m bench.fit_tweets BASE OUT`.

BASE is a folder with an encoder and its tokeniser (MiniLM of six layers: 22 million weights); OUT gets the sequence
classifier that `answerable models export` makes an int8 model of. What nlp/split.py holds out is never seen; a
twentieth of the rest is kept apart to watch. Cross-entropy with classes weighed by their rarity to the power .75,
AdamW, a rate that rises and then falls in a line, bfloat16. Needs the extra `torch`.
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

_LONGEST, _BATCH, _BLOCK, _RATE, _DECAY, _WARM = 64, 64, 50, 8e-5, 0.01, 0.06
_SMOOTH, _RARE = 0.05, 0.75
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
    """Return the macro recall on texts, read sixty-four at a time."""
    model.eval()
    said = []
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
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
    groups = [
        {"params": [one for one in model.parameters() if (one.ndim >= 2) is heavy], "weight_decay": _DECAY * heavy}
        for heavy in (True, False)
    ]
    found = torch.optim.AdamW(groups, lr=_RATE, fused=True)
    return found, get_linear_schedule_with_warmup(found, int(steps * _WARM), steps)


def _weights(gold: Rows, labels: int) -> torch.Tensor:
    """Weigh classes by their rarity, one on average over the texts."""
    share = np.bincount(gold, minlength=labels) / len(gold)
    weight = (1 / share) ** _RARE
    return torch.tensor(weight / (weight * share).sum(), dtype=torch.float32)


def fit(base: Path, out: Path, task: str, epochs: int, seed: int) -> None:
    """Fit, and write the classifier after each epoch."""
    torch.manual_seed(seed)
    rng, labels = np.random.default_rng(seed), _TASKS[task][0]
    seen, watching = parts(task)
    gold, watched = (np.array([labels.index(one.label) for one in part]) for part in (seen, watching))
    tokenizer = AutoTokenizer.from_pretrained(base, local_files_only=True)
    model = AutoModelForSequenceClassification.from_pretrained(
        base, local_files_only=True, num_labels=len(labels), id2label=dict(enumerate(labels))
    )
    cut = tokenizer([normalise(one.text) for one in seen], truncation=True, max_length=_LONGEST)["input_ids"]
    length = np.array([len(ids) for ids in cut])
    loss_of = torch.nn.CrossEntropyLoss(weight=_weights(gold, len(labels)), label_smoothing=_SMOOTH)
    optimiser, rate = _optimiser(model, -(-len(seen) // _BATCH) * epochs)
    for epoch in range(epochs):
        model.train()
        for rows in _batches(length, rng):
            batch = tokenizer.pad({"input_ids": [cut[i] for i in rows]}, return_tensors="pt")
            with torch.autocast("cpu", torch.bfloat16):
                logits = model(**batch).logits
            loss_of(logits.float(), torch.tensor(gold[rows])).backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            rate.step()
            optimiser.zero_grad()
        recall = _recall(model, tokenizer, [one.text for one in watching], watched)
        sys.stderr.write(f"epoch {epoch + 1}: macro recall {recall:.4f} on {len(watching)} tweets that watch\n")
        model.save_pretrained(out)
        tokenizer.save_pretrained(out)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Fine-tune a small transformer on English tweets.")
    parser.add_argument("base", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--task", choices=sorted(_TASKS), default="sentiment")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    fit(given.base, given.out, given.task, given.epochs, given.seed)


if __name__ == "__main__":
    main()
