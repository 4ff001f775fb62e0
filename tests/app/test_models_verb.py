"""`answerable models` and the full tier behind the verbs, on a classifier made here."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from msgspec import structs

from answerable.app import wiring
from answerable.app.check.machine import machine
from answerable.app.cli import main
from answerable.app.shelf import names
from answerable.errors import SettingsError
from answerable.settings import Settings, load
from nlp.weights import MANIFEST
from tests.nlp.tiny import SAID, tiny

Said = pytest.CaptureFixture[str]
WORDS = (
    "--repository", SAID.repository, "--revision", SAID.revision, "--licence", "MIT", "--head", "sentiment",
    "--languages", "en,de", "--labels", "negative,neutral,positive",
)  # fmt: skip


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a pinned model."""
    return tiny(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: Path) -> Path:
    """Give a working folder whose desk has the model and reads with it."""
    monkeypatch.chdir(tmp_path)
    Path("answerable.toml").write_text('[nlp]\ntier = "full"\nmodels = ["tiny"]\nworkers = 1\n', "utf-8")
    assert main(["models", "add", str(source)]) == 0
    return tmp_path


def settings(**keys: object) -> Settings:
    return load(Path("answerable.toml"), {f"ANSWERABLE_{key.upper()}": str(value) for key, value in keys.items()})


def spoil(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_a_model_is_taken_in_and_listed_with_its_origin(desk: Path, capsys: Said) -> None:
    capsys.readouterr()
    assert main(["models", "list"]) == 0
    assert capsys.readouterr().out.startswith("tiny: sentiment in en; lanting/tiny@0123456789ab, Apache-2.0; ")
    assert (desk / "data/models").stat().st_mode & 0o77 == 0


def test_words_pin_a_folder_that_has_no_manifest(desk: Path, capsys: Said) -> None:
    bare = tiny(desk / "bare", None)
    assert main(["models", "add", str(bare), "--name", "de", *WORDS]) == 0
    assert "de: sentiment in en, de; lanting/tiny@0123456789ab, MIT; " in capsys.readouterr().out
    assert main(["models", "verify"]) == 0
    assert capsys.readouterr().out.count("every byte of 4 files is as listed") == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "there is a model tiny already"),
        (("--name", "../x"), "is no name for a model"),
        (("--name", "x", "--licence", "MIT"), "missing: --repository --revision --head --languages --labels"),
        (("--name", "x", *WORDS), "pins the model already"),
    ],
)
def test_what_cannot_be_added_is_refused(
    desk: Path, source: Path, capsys: Said, words: tuple[str, ...], told: str
) -> None:
    assert main(["models", "add", str(source), *words]) == 2
    assert told in capsys.readouterr().err
    assert names(settings()) == ["tiny"]


def test_a_folder_that_nothing_pins_is_refused_with_the_repair(desk: Path, capsys: Said) -> None:
    bare = tiny(desk / "bare", None)
    assert main(["models", "add", str(bare), "--name", "de"]) == 2
    assert "bare has no manifest.json; say where the model comes from: --repository" in capsys.readouterr().err


def test_a_model_that_is_not_as_it_was_pinned_is_not_added(desk: Path, source: Path, capsys: Said) -> None:
    shutil.copytree(source, "changed")
    spoil(Path("changed/model.onnx"))
    assert main(["models", "add", "changed"]) == 3
    assert "model.onnx: is not the file that the manifest vouches for" in capsys.readouterr().err
    assert names(settings()) == ["tiny"]
    assert [path.name for path in Path("data/models").iterdir()] == ["tiny"]  # nothing half copied


def test_a_changed_byte_refuses_to_start_within_a_second(desk: Path, capsys: Said) -> None:
    spoil(Path("data/models/tiny/model.onnx"))
    begun = time.process_time()
    with pytest.raises(
        SettingsError, match=r"data/models/tiny/model\.onnx: is not the file that the manifest vouches"
    ):
        wiring.analyser(settings())
    assert time.process_time() - begun < 1  # beside other tests, the clock on the wall tells of them
    assert main(["models", "verify"]) == 3
    Path("in.jsonl").write_text("{}\n", "utf-8")
    legal = '[legal]\nlegal_basis = "x"\ndpia_reference = "x"\ncontact = "x"\n'
    Path("answerable.toml").write_text(Path("answerable.toml").read_text("utf-8") + legal, "utf-8")
    for words in (["analyse", "in.jsonl", "--out", "out"], ["replay", "in.jsonl", "--out", "out"], ["run"]):
        assert main(words) == 3
    assert sorted(path.name for path in Path().iterdir()) == ["answerable.toml", "data", "in.jsonl"]
    capsys.readouterr()
    assert main(["run", "crawl"]) == 3
    assert "stream.engine" in capsys.readouterr().err  # who reads no posts needs no model
    (finding,) = [one for one in machine(settings()) if "tiny" in one.text]
    assert "is not the file that the manifest vouches for" in finding.text


def test_list_tells_of_a_broken_model_and_goes_on(desk: Path, source: Path, capsys: Said) -> None:
    assert main(["models", "add", str(source), "--name", "again"]) == 0
    spoil(Path("data/models/again/model.onnx"))
    capsys.readouterr()
    assert main(["models", "list"]) == 3
    broken, whole = capsys.readouterr().out.splitlines()
    assert broken.startswith("again: ")
    assert "is not the file that the manifest vouches for" in broken
    assert whole.startswith("tiny: sentiment in en; ")


def test_a_folder_of_links_is_taken_in_as_files(desk: Path, source: Path) -> None:
    Path("links").mkdir()
    for path in source.iterdir():
        Path("links", path.name).symlink_to(path)
    assert main(["models", "add", "links"]) == 0
    assert not any(path.is_symlink() for path in Path("data/models/links").iterdir())


@pytest.mark.parametrize("verb", ["add", "export"])
@pytest.mark.parametrize("value", ["inf", "nan"])
def test_words_that_cannot_be_meant_are_told_before_anything_is_made(
    desk: Path, capsys: Said, verb: str, value: str
) -> None:
    more = ("--name", "x") if verb == "add" else ("--out", "x")
    bare = tiny(desk / "bare", None)
    assert main(["models", verb, str(bare), *more, *WORDS, "--temperature", value]) == 3
    assert f"temperature: {value} is out of range; write a number above 0" in capsys.readouterr().err
    assert names(settings()) == ["tiny"]
    assert not Path("x").exists()


def test_check_names_the_models_that_are_as_listed(desk: Path) -> None:
    assert [one.text for one in machine(settings()) if "tiny" in one.text] == [
        "✓ data/models/tiny: answers sentiment in en"
    ]


@pytest.mark.parametrize(
    ("models", "told"),
    [
        ("[]", "nlp.models: is empty, and the full tier needs one; name one of `answerable models list`"),
        ('["tin"]', "nlp.models: no model 'tin' was added; did you mean 'tiny'?"),
        ('["tiny", "again"]', "nlp.models: tiny and again both answer sentiment in en; name one of them"),
    ],
)
def test_models_that_cannot_be_meant_are_told(
    desk: Path, source: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch, models: str, told: str
) -> None:
    assert main(["models", "add", str(source), "--name", "again"]) == 0
    monkeypatch.setenv("ANSWERABLE_NLP__MODELS", models)
    Path("in.jsonl").touch()
    assert main(["analyse", "in.jsonl", "--out", "out.jsonl"]) == 3
    assert told in capsys.readouterr().err


def test_the_tier_names_what_to_install(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for package in ("onnxruntime", "transformers"):
        monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(SettingsError) as caught:
        wiring.analyser(settings())
    assert str(caught.value).endswith(
        ":2: nlp.tier: full needs packages that are not installed: onnxruntime, transformers; "
        "pip install 'answerable[models]'"
    )


def test_analyse_reads_with_it_in_any_number_of_processes(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ("good good lamp", "bad water", "停水三天了", "The lamp is fine, the water is bad")
    lines = [
        {
            "id": f"{i}", "source": "s", "kind": "letter", "text": f"{texts[i % 4]} {i}",
            "published_at": "2026-03-01T08:00:00Z",
        }
        for i in range(1600)
    ]  # fmt: skip
    for name, some in (("many", lines), ("few", lines[:40])):
        Path(name).write_text("".join(json.dumps(line) + "\n" for line in some), "utf-8")
        monkeypatch.setenv("ANSWERABLE_NLP__WORKERS", "2")
        assert main(["analyse", name, "--out", f"{name}.read"]) == 0
    assert Path("many.read").read_bytes().startswith(Path("few.read").read_bytes())  # a few are read by one process


def test_the_fast_tier_imports_none_of_it(desk: Path) -> None:
    code = (
        "import sys\nfrom answerable.app import wiring\nfrom answerable.settings import load\n"
        "wiring.register(load(environ={})), wiring.slow_readers(load(environ={}))\n"
        "print(sorted({'onnx', 'onnxruntime', 'tokenizers', 'torch', 'transformers', 'nlp.full', 'nlp.pins', "
        "'nlp.transformer', 'answerable.app.shelf'} & set(sys.modules)))\n"
    )
    done = subprocess.run(  # noqa: S603 — our own code
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout == "[]\n"


def test_a_manifest_is_the_only_file_that_is_not_hashed(source: Path) -> None:
    assert {path.name for path in source.iterdir()} - {MANIFEST} == set(
        json.loads((source / MANIFEST).read_text("utf-8"))["sha256"]
    )


def test_export_says_what_it_needs_to_know(desk: Path, source: Path, capsys: Said) -> None:
    assert main(["models", "export", "nowhere", "--out", "small", *WORDS]) == 2
    assert "nowhere is no folder" in capsys.readouterr().err
    assert main(["models", "export", str(source), "--out", "small"]) == 2
    assert "say where the model comes from" in capsys.readouterr().err
    assert main(["models", "export", str(source), "--out", "small", *WORDS]) == 0
    assert main(["models", "add", "small"]) == 0
    assert names(settings()) == ["small", "tiny"]


def test_a_settings_tree_says_the_fast_tier_by_itself() -> None:
    assert load(environ={}).nlp.tier == "fast"
    assert wiring.models(structs.replace(load(environ={}))) == []
