"""A replay goes on only with what it was begun with."""

from __future__ import annotations

from pathlib import Path

from msgspec import structs

from answerable.app import wiring
from answerable.app.items import Items
from answerable.app.replay.run import _digest
from answerable.settings import load
from nlp.gazetteer import Gazetteer
from nlp.pins import Pin, write_pin

PIN = Pin(
    repository="lanting/tiny", revision="0" * 40, licence="Apache-2.0", head="sentiment", languages=("en",),
    labels=("negative", "neutral", "positive"), sha256={"model.onnx": "0" * 64, "tokenizer.json": "0" * 64},
)  # fmt: skip


def test_another_place_or_another_model_under_the_same_name_is_another_replay(tmp_path: Path) -> None:
    settings, items = load(environ={}), Items([])
    kept = wiring.register(settings)
    write_pin(tmp_path, PIN)
    begun = _digest(items, settings, kept, [tmp_path])
    again = _digest(Items([]), load(environ={}), wiring.register(settings), [tmp_path])
    other = structs.replace(kept, gazetteer=Gazetteer({}, "another"))
    elsewhere = _digest(items, settings, other, [tmp_path])
    write_pin(tmp_path, structs.replace(PIN, revision="1" * 40))
    swapped = _digest(items, settings, kept, [tmp_path])
    assert begun == again
    assert len({begun, elsewhere, swapped}) == 3
