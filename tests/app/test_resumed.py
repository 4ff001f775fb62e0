"""A replay goes on only with what it was begun with."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs

from answerable.app import wiring
from answerable.app.items import Items
from answerable.app.replay.folder import Folder
from answerable.app.replay.run import _digest
from answerable.errors import SettingsError
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


@pytest.mark.parametrize("timing", [b'{"posts": 3}', b"{", None])
def test_a_replay_that_is_done_and_does_not_say_of_what_is_left_alone(tmp_path: Path, timing: bytes | None) -> None:
    folder = Folder(tmp_path)
    folder.summary.write_text("{}", "utf-8")
    if timing is not None:
        folder.timing.write_bytes(timing)
    with pytest.raises(SettingsError, match=r"timing\.json: replay: .* does not say what .*; name a new folder"):
        folder.open("digest", 4, resume=True)
    folder.timing.write_bytes(b'{"replay": "digest"}')
    assert folder.open("digest", 4, resume=True) is None
    with pytest.raises(SettingsError, match="was begun with another input"):
        folder.open("other", 4, resume=True)
