"""The rules for Prometheus: each names numbers that a process really shows, and fires when it should."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

from answerable.metrics import render
from deploy.local import apt
from deploy.local.errors import NotStarted

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy/prometheus"
RULES: list[dict[str, Any]] = [
    rule for group in yaml.safe_load((FOLDER / "rules.yml").read_text("utf-8"))["groups"] for rule in group["rules"]
]
SHOWN = set(re.findall(r"^# TYPE (\w+)", render().decode(), re.MULTILINE))


def named(expression: str) -> set[str]:
    return set(re.findall(r"\banswerable_\w+", expression))


def installed() -> str | None:
    """Return promtool's path, installed where that needs no question; None where it cannot be had."""
    if shutil.which("promtool") is None and os.environ.get("CI") and apt.may_install():
        with suppress(NotStarted):
            apt.install(["prometheus"])
    return shutil.which("promtool")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_each_number_in_a_rule_is_one_that_a_process_shows(rule: dict[str, Any]) -> None:
    assert named(rule["expr"]) - SHOWN == set()
    assert named(rule["expr"]) or "up{" in rule["expr"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_each_alert_is_explained_and_tested(rule: dict[str, Any]) -> None:
    assert f"| `{rule['alert']}` |" in (ROOT / "docs/monitoring.md").read_text("utf-8")
    assert f"alertname: {rule['alert']}\n" in (FOLDER / "rules_test.yml").read_text("utf-8")


@pytest.mark.parametrize("words", [("test", "rules", "rules_test.yml"), ("check", "config", "prometheus.yml")])
def test_what_promtool_says_of_the_rules_and_of_the_sample(words: tuple[str, ...]) -> None:
    tool = shutil.which("promtool") or installed()
    if tool is None:
        pytest.skip("promtool is not here: it comes with the package prometheus")
    said = subprocess.run(  # noqa: S603 — a fixed command
        [tool, *words], cwd=FOLDER, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stdout + said.stderr


def test_the_sample_has_the_rules_and_every_process_of_the_composed_desk() -> None:
    sample = yaml.safe_load((FOLDER / "prometheus.yml").read_text("utf-8"))
    desk = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text("utf-8"))
    parts = [
        name
        for name, one in desk["services"].items()
        if "full" in one["profiles"] and "run" in one.get("command", [])
    ]
    (job,) = sample["scrape_configs"]

    assert sample["rule_files"] == ["rules.yml"]
    assert {f'job="{job["job_name"]}"'} == set(re.findall(r'job="\w+"', (FOLDER / "rules.yml").read_text("utf-8")))
    assert job["static_configs"][0]["targets"] == [f"{desk['name']}-{part}-1:9600" for part in parts]
