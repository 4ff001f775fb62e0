from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs

from answerable.errors import SettingsError
from nlp.pins import Pin, check_words, digest_of, pin, read_pin, verified, write_pin

SAID = Pin(
    repository="lanting/tiny", revision="0" * 40, licence="Apache-2.0", head="sentiment", languages=("en",),
    labels=("negative", "neutral", "positive"), sha256={},
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a pinned folder; nothing in it is a network, which pins do not look at."""
    made = tmp_path / "tiny"
    made.mkdir()
    (made / "model.onnx").write_bytes(bytes(range(256)) * 40)
    (made / "tokenizer.json").write_text("{}", "utf-8")
    write_pin(made, pin(made, SAID))
    return made


def refused(folder: Path) -> str:
    with pytest.raises(SettingsError) as caught:
        verified(folder)
    return str(caught.value).replace(f"{folder}/", "")


def test_a_folder_as_it_was_pinned_is_taken(folder: Path) -> None:
    assert sorted(verified(folder).sha256) == ["model.onnx", "tokenizer.json"]


@pytest.mark.parametrize("at", [0, 5000, 10239])
def test_one_changed_byte_refuses(folder: Path, at: int) -> None:
    content = bytearray((folder / "model.onnx").read_bytes())
    content[at] ^= 1
    (folder / "model.onnx").write_bytes(content)
    assert refused(folder) == (
        "model.onnx: is not the file that the manifest vouches for (SHA-256 differs); "
        "restore the folder, or add the model again"
    )


def test_a_file_that_is_missing_refuses(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()
    assert refused(folder).startswith("tokenizer.json: is missing")


def test_a_file_that_nobody_listed_refuses(folder: Path) -> None:
    (folder / "added_tokens.json").write_text("{}", "utf-8")
    assert refused(folder).startswith("added_tokens.json: is not listed in the manifest")


def test_a_folder_in_it_refuses(folder: Path) -> None:
    (folder / "onnx").mkdir()
    assert refused(folder).startswith("onnx: is no file")


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("repository", "tiny", "repository: 'tiny' cannot be meant; write OWNER/NAME"),
        ("repository", "../a/b", "repository: '../a/b' cannot be meant; write OWNER/NAME"),
        ("revision", "main", "revision: 'main' cannot be meant; write the 40 hex digits of the commit"),
        ("licence", "", "licence: '' cannot be meant; name the licence, such as Apache-2.0"),
        ("head", "topic", "head: 'topic' is none of ours; write sentiment or emotion"),
        ("labels", ("LABEL_0", "neutral"), "labels: 'LABEL_0' is none of sentiment; write negative, neutral"),
        ("labels", ("neutral", "neutral"), "labels: are too few; name what the model tells apart, and where"),
        ("languages", (), "languages: are too few; name what the model tells apart, and where"),
        ("sha256", {"../model.onnx": "0" * 64}, "sha256: '../model.onnx' is no plain name with its SHA-256"),
        ("sha256", {}, "sha256: does not list model.onnx; export the model first: answerable models export"),
        ("sha256", {".gitattributes": "0" * 64}, "sha256: '.gitattributes' is no plain name with its SHA-256; take"),
        ("longest", 7, "longest: 7 is out of range; write 8 tokens or more"),
        ("temperature", 0.0, "temperature: 0 is out of range; write a number above 0, such as 1.2"),
        ("weight", 0.0, "weight: 0 is out of range; write a share above 0, 1 at most"),
        ("weight", 1.01, "weight: 1.01 is out of range; write a share above 0, 1 at most"),
    ],
)  # fmt: skip
def test_a_manifest_that_cannot_be_meant_is_told(folder: Path, field: str, value: object, told: str) -> None:
    write_pin(folder, structs.replace(verified(folder), **{field: value}))
    assert refused(folder).startswith(f"manifest.json: {told}")


@pytest.mark.parametrize("field", ["temperature", "weight"])
@pytest.mark.parametrize("value", ["inf", "nan", "-inf"])
def test_what_is_no_finite_number_cannot_be_meant(folder: Path, field: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^{field}: {value} is out of range; write a"):
        check_words(structs.replace(SAID, **{field: float(value)}))
    text = (folder / "manifest.json").read_text("utf-8")
    (folder / "manifest.json").write_text(text.replace(f'"{field}": 1.0', f'"{field}": 1e999'), "utf-8")
    with pytest.raises(SettingsError, match=r"manifest\.json: "):
        verified(folder)


def test_a_manifest_with_a_key_of_its_own_is_none(folder: Path) -> None:
    text = (folder / "manifest.json").read_text("utf-8")
    (folder / "manifest.json").write_text(text.replace('"head"', '"haed": "x", "head"'), "utf-8")
    with pytest.raises(SettingsError, match=r"is no manifest of a model: .*haed"):
        read_pin(folder / "manifest.json")


def test_a_digest_changes_with_whatever_a_pin_says(folder: Path) -> None:
    said = verified(folder)
    assert digest_of(said) == digest_of(read_pin(folder / "manifest.json"))
    assert digest_of(said) != digest_of(structs.replace(said, temperature=1.1))
