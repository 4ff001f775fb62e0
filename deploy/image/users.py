"""Gives Elasticsearch the desk's roles and users, and Kibana its password: once at every start, the same each time.

Reads each password from /run/secrets/NAME_password: elastic's is the superuser's, kibana's is kibana_system's.
"""

from __future__ import annotations

import base64
import json
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

SECRETS = Path("/run/secrets")
_NODE = "http://elasticsearch:9200"
_PATIENCE_S = 120.0
_UNSURE_S = 20.0  # a node that is only just starting refuses the right password, until it can read its index of users
_DRIFT = (
    "elasticsearch refuses secrets/elastic_password: its data volume was made with another one;"
    " put that file back, or set this password with bin/elasticsearch-reset-password in the elasticsearch container"
)


def indices(names: str, *privileges: str) -> list[dict[str, Any]]:
    """Return what a role may do with the indices of a pattern."""
    return [{"names": [names], "privileges": list(privileges)}]


_WRITE = ("read", "write", "create_index", "delete_index", "view_index_metadata", "maintenance")
ROLES: dict[str, dict[str, Any]] = {  # the least that each process needs; docs/engines.md tells of them
    "migrate": {
        "cluster": ["monitor", "manage_index_templates"],
        "indices": indices("answerable-*", "create_index", "manage"),
    },
    "index": {"cluster": ["monitor"], "indices": indices("answerable-*", *_WRITE)},
    "desk": {"cluster": ["monitor"], "indices": indices("answerable-*", "read")},
    "analyse": {"cluster": [], "indices": indices("answerable-cards-*", "read")},
    "boards": {  # that of deploy/kibana/role.py, in the words of Elasticsearch
        "cluster": [],
        "indices": indices("answerable-facts-*", "read", "view_index_metadata"),
        "applications": [
            {"application": "kibana-.kibana", "privileges": ["feature_dashboard.read"], "resources": ["*"]}
        ],
    },
}
_KEEPER = "keeper"  # brings the boards into Kibana, which has a role of its own for that


class Wrong(Exception):
    """What a person has to repair, in one line."""


class Refused(Wrong):
    """The node does not take the superuser's password, or not yet."""


def password(name: str, folder: Path = SECRETS) -> str:
    """Return a user's password; raise Wrong where its file is missing, unreadable or too short to be one."""
    path = folder / f"{name}_password"
    try:
        text = path.read_text("utf-8").strip()
    except OSError as error:
        raise Wrong(f"secrets/{path.name} cannot be read: {error.strerror}; {_REMAKE}") from None
    if len(text) < 6:
        raise Wrong(f"secrets/{path.name} holds no password of six characters or more; {_REMAKE}")
    return text


_REMAKE = "remove it and run `answerable init --compose DIR` again, which makes what is missing"


def ask(method: str, path: str, body: object, superuser: str) -> None:
    """Ask the node for one thing; raise Wrong where it refuses, OSError where it cannot be reached."""
    token = base64.b64encode(f"elastic:{superuser}".encode()).decode("ascii")
    request = urllib.request.Request(  # noqa: S310 — a fixed address
        f"{_NODE}{path}", json.dumps(body).encode("utf-8") if body is not None else None, method=method,
        headers={"Authorization": f"Basic {token}", "Content-Type": "application/json"},
    )  # fmt: skip
    try:
        urllib.request.urlopen(request, timeout=30.0).close()  # noqa: S310 — a fixed address
    except urllib.error.HTTPError as error:
        if error.code == 401:
            raise Refused(_DRIFT) from None
        if error.code >= 500:
            raise
        raise Wrong(f"elasticsearch answers {error.code} to {method} {path}") from None


def patiently(method: str, path: str, body: object, superuser: str, until: float) -> None:
    """Ask again until the node can answer; a refusal counts once it has lasted, without anything else between."""
    refused_at: float | None = None
    while True:
        try:
            return ask(method, path, body, superuser)
        except Refused:
            refused_at = time.monotonic() if refused_at is None else refused_at
            if time.monotonic() > refused_at + _UNSURE_S:
                raise
        except OSError as error:
            refused_at = None
            if time.monotonic() > until:
                raise Wrong(f"elasticsearch cannot be reached: {error}; look at its log") from None
        time.sleep(1.0)


def main() -> int:
    """Set everything; 0 where it is as it should be, 3 where a person has to repair something."""
    until = time.monotonic() + _PATIENCE_S
    try:
        superuser, kibana = password("elastic"), password("kibana")
        words = {name: password(name) for name in (*ROLES, _KEEPER)}
        patiently("GET", "/_cluster/health?wait_for_status=yellow&timeout=10s", None, superuser, until)
        for name, role in ROLES.items():
            patiently("PUT", f"/_security/role/answerable_{name}", role, superuser, until)
        for name, word in words.items():
            role_name = "kibana_admin" if name == _KEEPER else f"answerable_{name}"
            user = {"password": word, "roles": [role_name], "full_name": f"Answerable: {name}"}
            patiently("PUT", f"/_security/user/answerable_{name}", user, superuser, until)
        patiently("POST", "/_security/user/kibana_system/_password", {"password": kibana}, superuser, until)
    except Wrong as wrong:
        sys.stderr.write(f"users: {wrong}\n")
        return 3
    sys.stdout.write(f"{len(words)} users and their roles, and Kibana's password, are as the secrets say\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
