"""What `answerable init --compose` adds for docker compose: the variables it reads, and a secret for each user."""

from __future__ import annotations

import secrets
from pathlib import Path

__all__ = ["SECRETS", "env_text", "fresh"]

_GENERATED = ("elastic", "kibana", "migrate", "index", "desk", "analyse", "boards", "keeper")
SECRETS = (*(f"{name}_password" for name in _GENERATED), "kibana_key", "smtp_password")  # names of files in secrets/
_ENV = """\
# Read by docker compose: docker compose --env-file {folder}/.env --file deploy/compose.yaml …
ANSWERABLE_DIR={folder}
COMPOSE_PROFILES=embedded          # embedded, search or full; with ",mail-test" also a catcher of mails
ANSWERABLE_CONSOLE_PORT=8000       # ports on 127.0.0.1 of this machine
ANSWERABLE_KIBANA_PORT=5601
ANSWERABLE_KAFKA_PORT=9094
"""


def env_text(folder: Path) -> str:
    """Return the file of variables for a folder, whose path is told whole."""
    return _ENV.format(folder=folder.absolute())


def fresh(name: str) -> str:
    """Return what a secret's new file holds: a password for one of our own users, nothing for the mail server's.

    >>> len(fresh("kibana_key")), fresh("smtp_password")
    (43, '')
    """
    return "" if name == "smtp_password" else secrets.token_urlsafe(32)
