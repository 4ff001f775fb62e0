"""The house's own rules: sizes, floors' papers, and a core that stands without extras."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bench.head_peers import PEERS

ROOT = Path(__file__).parents[2]
ROOMS = ("answerable", "crawlers", "stream", "nlp", "incidents", "index", "alerts", "console", "deploy/kibana")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
SLOW = ("onnx", "onnxruntime", "tokenizers", "torch", "transformers")
DEV_ONLY = ("sklearn", "scipy", "aiosmtpd", "hypothesis", "pytest", "mypy", "kafka", "elasticsearch", *SLOW)
OF_EXTRAS = ("kafka", "elastic")  # modules of adapters that an extra brings


def lengths(path: Path) -> dict[str, int]:
    tree = ast.parse(path.read_text("utf-8"))
    return {
        f"{path.relative_to(ROOT)}:{node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.walk(tree)
        if isinstance(node, FUNCTIONS)
    }


def test_no_module_is_longer_than_300_lines() -> None:
    long = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {name: count for name, count in long.items() if count > 300} == {}


def test_no_function_is_longer_than_50_lines_and_the_median_is_at_most_10() -> None:
    every = {name: count for path in MODULES for name, count in lengths(path).items()}
    assert {name: count for name, count in every.items() if count > 50} == {}
    assert statistics.median(every.values()) <= 10


def test_every_module_says_what_it_is() -> None:
    assert [str(path) for path in MODULES if not ast.get_docstring(ast.parse(path.read_text("utf-8")))] == []


def test_no_class_is_named_after_nothing() -> None:
    empty = re.compile(r"class \w*(Manager|Helper|Util|Common|Misc)\b")
    assert [str(path) for path in MODULES if empty.search(path.read_text("utf-8"))] == []


def test_only_the_worker_catches_everything_and_children_who_hand_it_on() -> None:
    catching = [str(path.relative_to(ROOT)) for path in MODULES if "except Exception" in path.read_text("utf-8")]
    assert sorted(catching) == ["answerable/app/children.py", "stream/worker.py"]


def test_only_the_roof_and_the_border_of_time_read_a_clock() -> None:
    clock = re.compile(r"time\.time\(|datetime\.now\(|utcnow\(")
    reading = [str(path.relative_to(ROOT)) for path in MODULES if clock.search(path.read_text("utf-8"))]
    assert reading == ["answerable/clock.py"]


@pytest.mark.parametrize("room", ROOMS)
def test_the_core_imports_with_no_extra_present(room: str) -> None:
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in sorted((ROOT / room).rglob("*.py"))
        if path.name != "__init__.py" and not path.name.startswith(OF_EXTRAS)
    ]
    code = (
        "import sys, importlib\n"
        f"sys.modules.update(dict.fromkeys({DEV_ONLY!r}))\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 — our own code
    assert done.returncode == 0, done.stderr


def test_every_runtime_dependency_is_pinned_with_a_hash() -> None:
    names = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    pins = (ROOT / "requirements/core.txt").read_text("utf-8").lower().replace("_", "-")
    for spec in names:
        name = re.split(r"[><=~]", spec)[0].strip().lower().replace("_", "-")
        assert re.search(rf"^{re.escape(name)}==\S+ \\\n\s+--hash=sha256:", pins, re.MULTILINE), name


def test_eval_installs_every_peer_that_it_asks() -> None:
    pins = (ROOT / "requirements/peers.txt").read_text("utf-8")
    for module, _ in PEERS.values():
        assert re.search(rf"^{module.partition('.')[0].lower()}==\S+ \\\n\s+--hash=sha256:", pins, re.MULTILINE), (
            module
        )
    assert re.search(r"^eval: \.venv/peers\b", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


def test_pins_name_no_registry() -> None:
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        assert not re.search(r"https?://|--index-url|--extra-index-url", path.read_text("utf-8")), path.name


def test_the_root_papers_are_there() -> None:
    papers = ("README", "ARCHITECTURE", "DECISIONS", "CHANGELOG", "CONTRIBUTING", "PRIVACY", "SECURITY")
    assert [name for name in papers if not (ROOT / f"{name}.md").is_file()] == []
