"""Test everything a person can get wrong, and print every finding with its repair, not only the first.

answerable check
answerable check --settings /etc/answerable/answerable.toml --json
answerable check --settings-alone    # settings and files: asks no server, no resolver, no port

exit codes: 0 all is well, 3 settings or a file are wrong, 4 a service cannot be reached
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from answerable.app import options as shared
from answerable.app.check.finding import Finding, Grade
from answerable.app.check.hosts import look_up, unasked
from answerable.app.check.report import report
from answerable.app.cli import EXIT
from answerable.app.rows import line


def options(parser: argparse.ArgumentParser) -> None:
    """Declare --settings, --settings-alone and --json."""
    shared.settings_file(parser)
    parser.add_argument("--settings-alone", action="store_true", help="ask nobody: settings and files alone")
    parser.add_argument("--json", action="store_true", help="one JSON object a finding")


def run(given: argparse.Namespace) -> int:
    """Check; wrong settings weigh more than a service out of reach."""
    path: Path | None = given.settings
    if path is None and Path("answerable.toml").is_file():
        path = Path("answerable.toml")
    findings = []
    for finding in report(path, os.environ, unasked if given.settings_alone else look_up, alone=given.settings_alone):
        sys.stdout.write(_row(finding) if given.json else f"{finding.text}\n")
        sys.stdout.flush()
        findings.append(finding)
    sys.stderr.write(f"{_summary(findings)}\n")
    return _code(findings)


def _row(finding: Finding) -> str:
    return line(
        {
            "check": finding.check, "ok": finding.ok, "grade": finding.grade, "message": finding.message,
            "repair": finding.repair, "file": finding.file, "line": finding.line, "key": finding.key,
        }
    ).decode()  # fmt: skip


def _summary(findings: Sequence[Finding]) -> str:
    wrong = sum(not finding.ok for finding in findings)
    beware = sum(finding.grade is Grade.WARNING for finding in findings)
    if wrong:
        return f"{wrong} to put right, {beware} to think about"
    return f"all is well, {beware} to think about" if beware else "all is well"


def _code(findings: Sequence[Finding]) -> int:
    grades = {finding.grade for finding in findings}
    if Grade.WRONG in grades:
        return EXIT["settings"]
    return EXIT["unreachable"] if Grade.UNREACHABLE in grades else EXIT["ok"]
