"""Puts the templates in place; what `answerable migrate` does for the index, as often as anyone likes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from importlib.resources import files
from string import Template
from typing import Any

import msgspec
from elasticsearch import __version__
from msgspec import Struct

from answerable.errors import Rejected, SettingsError, Unavailable
from answerable.sections import Elastic
from index.elastic_names import Names
from index.elastic_node import Forbidden, Node, NotThere, Unknown

__all__ = ["FAMILIES", "install", "login", "probe", "template"]

FAMILIES = ("posts", "facts-posts", "facts-incidents", "facts-ledger", "facts-health", "cards")
Body = dict[str, Any]  # a template, as Elasticsearch reads it


class _Meta(Struct, frozen=True):
    digest: str = ""


class _Template(Struct, frozen=True):
    meta: _Meta = msgspec.field(default=_Meta(), name="_meta")


class _Named(Struct, frozen=True):
    index_template: _Template


class _Templates(Struct, frozen=True):
    index_templates: list[_Named] = []


class _Server(Struct, frozen=True):
    version: str


class _Nodes(Struct, frozen=True):
    nodes: dict[str, _Server]


def template(family: str, config: Elastic) -> Body:
    """Return a family's index template for these settings.

    >>> from answerable.settings import load
    >>> template("cards", load(environ={}).elastic)["index_patterns"]
    ['answerable-cards-v1']
    """
    text = files("index").joinpath("templates", f"{family}.json").read_text("utf-8")
    filled = Template(text).substitute(prefix=config.prefix, replicas=config.replicas)
    body = msgspec.json.decode(filled, type=Body)
    return body | {"_meta": {"digest": hashlib.blake2b(filled.encode(), digest_size=8).hexdigest()}}


def install(config: Elastic, *, dry_run: bool = False) -> tuple[str, ...]:
    """Put templates that are missing or of another version, and make the cards' index; say what was done.

    With `dry_run` nothing is changed and the same is said. New fields of an index that is there already
    are added to it. Raises SettingsError where the server refuses these settings, Unavailable where it
    cannot be reached.
    """
    node = Node(config)
    try:
        done = [line for family in FAMILIES for line in _family(node, family, config, dry_run=dry_run)]
        return (*done, *_cards(node, Names(config.prefix), dry_run=dry_run))
    except Forbidden as error:
        raise SettingsError(str(error), key="elastic.user", repair="give it the rights to manage templates") from None
    except Rejected as error:
        raise SettingsError(str(error), key="elastic", repair="see what the server's own log says") from None
    finally:
        node.close()


def probe(config: Elastic) -> str:
    """Return the server's version; raise SettingsError for a refused login or a server too old or too new.

    Raises Unavailable where the server cannot be reached.
    """
    node = Node(config)
    try:
        found = node.ask("GET", "/_nodes/_local", _Nodes, tries=1, filter_path="nodes.*.version").nodes
    except Unknown as error:
        raise _drifted(config, error) from None
    except Forbidden as error:
        raise SettingsError(
            str(error), key="elastic.user", repair="give it the right to monitor the cluster"
        ) from None
    finally:
        node.close()
    return _understood(next(iter(found.values())).version if found else "unknown")


def login(config: Elastic) -> None:
    """Raise SettingsError where the server does not take the user and password, and nothing for any other trouble."""
    node = Node(config)
    try:
        node.ask("GET", "/_nodes/_local", _Nodes, tries=1, filter_path="nodes.*.version")
    except Unknown as error:
        raise _drifted(config, error) from None
    except (Rejected, Unavailable):
        pass
    finally:
        node.close()


def _drifted(config: Elastic, error: Unknown) -> SettingsError:
    """Return what to say where the server takes another secret than the one that the settings give."""
    if config.api_key.reveal():
        key = "elastic.api_key_file" if config.api_key_file else "elastic.api_key"
        return SettingsError(str(error), key=key, repair="make a new API key, and write it there")
    if not config.password_file:
        return SettingsError(str(error), key="elastic.user", repair="check user and password, or the API key")
    what = (
        f"{config.password_file} holds a password that Elasticsearch at {config.url} does not take from {config.user}"
    )
    repair = (
        f"write the one that it takes into the file, or set it anew with POST _security/user/{config.user}/_password"
    )
    return SettingsError(what, key="elastic.password_file", repair=repair)


def _understood(version: str, client: tuple[int, ...] = __version__) -> str:
    """Return a server's version that this client can speak to; raise SettingsError for any other.

    >>> _understood("8.19.2")
    '8.19.2'
    """
    parts = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if not (8, 19) <= parts < (10,):
        what = f"Elasticsearch {version} answers there"
        raise SettingsError(what, key="elastic.url", repair="use version 8.19 to 9")
    if client[0] > parts[0]:
        what = f"the client is of version {client[0]}, and Elasticsearch {version} answers there"
        raise SettingsError(what, key="elastic.url", repair="pip install 'elasticsearch>=8.19,<9'")
    return version


def _family(node: Node, family: str, config: Elastic, *, dry_run: bool) -> Iterator[str]:
    """Bring one template up to date, and the fields of the indices that were made from an older one."""
    name, body = f"{config.prefix}-{family}", template(family, config)
    try:
        held = node.ask("GET", f"/_index_template/{name}", _Templates).index_templates
    except NotThere:
        held = []
    if held and held[0].index_template.meta.digest == body["_meta"]["digest"]:
        return
    yield f"index template {name}: {'brought up to date' if held else 'made'}"
    if dry_run:
        return
    node.ask("PUT", f"/_index_template/{name}", object, body)
    pattern, inner = body["index_patterns"][0], body["template"]
    replicas = {"index": {"number_of_replicas": inner["settings"]["index"]["number_of_replicas"]}}
    for path, change in (("_mapping", inner["mappings"]), ("_settings", replicas)):
        with suppress(NotThere):
            node.ask("PUT", f"/{pattern}/{path}", object, change)


def _cards(node: Node, names: Names, *, dry_run: bool) -> Iterator[str]:
    """Make the index of cards, which no writer makes: without it nothing is written at all."""
    try:
        node.ask("GET", f"/{names.cards}/_mapping", object)
    except NotThere:
        yield f"index {names.cards}: made"
        if not dry_run:
            node.ask("PUT", f"/{names.cards}", object)
