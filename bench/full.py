"""Measure a model of the full tier on tweets nobody learned from: `python -m bench.full FOLDER [--tuned FOLDER]`.

FOLDER is what `answerable models export` wrote. The texts are those that nlp/split.py holds out of the shipped heads
and of bench/fit_tweets.py. With --tuned, what int8 costs beside the float weights (needs the extra `torch`).
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from answerable.post import Reading
from answerable.settings import load
from bench.heads import unseen
from bench.load import DATA
from nlp.admission import margin
from nlp.corpora import Example, emotions, sentiments
from nlp.features import normalise
from nlp.full import blended
from nlp.heads import Heads
from nlp.pins import Pin
from nlp.scores import Scores, measure
from nlp.transformer import Transformer

__all__ = ["main"]

_READ = {"sentiment": sentiments, "emotion": emotions}


def held_out(head: str) -> list[Example]:
    """Return the labelled English tweets of a head that are held out."""
    return unseen(_READ[head](DATA, "en"), "en/tweeteval/dev")


def _told(name: str, gold: Sequence[str], answers: Iterable[Reading]) -> None:
    said: Scores = measure(gold, list(answers))
    print(f"{name:34} macro recall {said.macro_recall:.4f}  macro F1 {said.macro_f1:.4f}  ECE {said.ece:.4f}")


def _alone(slow: Mapping[str, float]) -> Reading:
    return Reading(max(slow, key=lambda label: slow[label]), dict(slow))


def _float(folder: Path, said: Pin, texts: Sequence[str]) -> list[Mapping[str, float]]:
    """Answer with the float weights, one text at a time."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    cut = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    net = AutoModelForSequenceClassification.from_pretrained(folder, local_files_only=True).eval()
    with torch.no_grad():
        rows = [
            net(**cut(text, truncation=True, max_length=said.longest, return_tensors="pt")).logits[0]
            for text in texts
        ]
        found = [torch.softmax(row / said.temperature, 0).tolist() for row in rows]
    return [dict(zip(said.labels, row, strict=True)) for row in found]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure a model of the full tier.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tuned", type=Path)
    given = parser.parse_args()
    model = Transformer(given.folder)
    examples = held_out(model.pin.head)
    texts, gold = [normalise(one.text) for one in examples], [one.label for one in examples]
    fast = Heads.load().judge(model.pin.head, [one.text for one in examples], ["en"] * len(examples)) or []
    begun, before = time.perf_counter(), time.process_time()
    slow = [model.read(text) for text in texts]
    took, used = time.perf_counter() - begun, time.process_time() - before
    print(f"{len(texts)} tweets; the model {used / len(texts) * 1000:.2f} ms of one core a tweet ({took:.0f} s)")
    _told("fast head", gold, fast)
    _told("model alone", gold, map(_alone, slow))
    if given.tuned:
        _told("model alone, float weights", gold, map(_alone, _float(given.tuned, model.pin, texts)))
    for doubt in (load(environ={}).nlp.doubt, 0.2, 1.0):
        again = [margin(quick) < doubt for quick in fast]
        for weight in sorted({0.5, 0.7, model.pin.weight}):
            mixed = [
                blended(quick, other, weight) if twice else quick
                for quick, other, twice in zip(fast, slow, again, strict=True)
            ]
            _told(f"doubt {doubt:g} ({sum(again) / len(again):.0%} again), share {weight:g}", gold, mixed)


if __name__ == "__main__":
    main()
