"""Print the version.

answerable version
"""

from __future__ import annotations

import argparse
import sys

from answerable import __version__


def options(parser: argparse.ArgumentParser) -> None:
    """Declare nothing."""


def run(given: argparse.Namespace) -> int:
    """Print the version."""
    sys.stdout.write(f"answerable {__version__}\n")
    return 0
