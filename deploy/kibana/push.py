"""Boards and their role into a running Kibana, in place of what was there; every refusal in words with its repair."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import msgspec
from msgspec import Struct

from answerable.errors import Rejected, SettingsError, Unavailable
from answerable.sections import Kibana
from deploy.kibana.panel import FLOOR
from deploy.kibana.role import role, role_name

__all__ = ["push", "push_role"]

_HEADERS = {"kbn-xsrf": "answerable"}
_PASSING = frozenset({408, 429, 500, 502, 503, 504})
_SPACE = re.compile(r".*/s/([^/]+)/?")
_TOO_NEW = "more recent version of Kibana"  # what any version says of objects that are newer than itself
_LONGEST = 200


class _Cause(Struct, frozen=True):
    type: str = "unknown"


class _Failed(Struct, frozen=True):
    id: str = ""
    type: str = ""
    error: _Cause = _Cause()


class _Said(Struct, frozen=True):
    message: str = ""


class _Imported(Struct, frozen=True, rename="camel"):
    success: bool
    success_count: int = 0
    errors: tuple[_Failed, ...] = ()


def push(config: Kibana, name: str, data: bytes) -> int:
    """Import a file, over objects of the same ids; return how many objects Kibana took.

    Raises SettingsError where address, space or login are wrong or Kibana is too old, Unavailable where it is away or
    still starting, and Rejected, naming each object, where it takes some of them not.
    """
    with _client(config) as client:
        _look_for_space(config, client)
        answer = _asked(
            config, client, "POST", "/api/saved_objects/_import", params={"overwrite": "true"},
            files={"file": (name, data, "application/ndjson")},
        )  # fmt: skip
    try:
        told = msgspec.json.decode(answer.content, type=_Imported)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise _stranger(config) from None
    if told.errors or not told.success:
        refused = ", ".join(f"{one.type} {one.id} ({one.error.type})" for one in told.errors) or "no reason is given"
        raise Rejected(f"Kibana at {config.url} took {told.success_count} objects of {name}, and not: {refused}")
    return told.success_count


def push_role(config: Kibana, prefix: str) -> str:
    """Put the role of those who look at boards; return its name. Raises as `push` does."""
    name = role_name(prefix)
    with _client(config) as client:
        _asked(config, client, "PUT", f"/api/security/role/{name}", json=role(prefix))
    return name


def _look_for_space(config: Kibana, client: httpx.Client) -> None:
    """Refuse a space that is not there: Kibana itself would take the boards, and nobody would ever see them."""
    if found := _SPACE.fullmatch(config.url):
        answer = _answer(config, client, "GET", f"/api/spaces/space/{found[1]}")
        if answer.status_code == 404:
            raise _wrong(
                f"{config.url}: there is no space {found[1]}", "kibana.url", "make it in Kibana, or mend the address"
            )
        _accepted(config, answer)


def _asked(config: Kibana, client: httpx.Client, method: str, path: str, **given: object) -> httpx.Response:
    return _accepted(config, _answer(config, client, method, path, **given))


def _answer(config: Kibana, client: httpx.Client, method: str, path: str, **given: object) -> httpx.Response:
    try:
        return client.request(method, config.url.rstrip("/") + path, **given)  # type: ignore[arg-type] # passed through
    except (httpx.UnsupportedProtocol, httpx.InvalidURL):
        raise _wrong(f"{config.url!r} is no address", "kibana.url", "write https://HOST:5601") from None
    except httpx.TimeoutException:
        raise Unavailable(f"Kibana at {config.url} does not answer within {config.timeout_s:g} s") from None
    except httpx.HTTPError as error:
        raise Unavailable(f"Kibana at {config.url}: {type(error).__name__}; is it running there?") from None


def _accepted(config: Kibana, answer: httpx.Response) -> httpx.Response:
    if answer.status_code not in (200, 204):
        raise _refusal(config, answer.status_code, _said(answer))
    return answer


def _said(answer: httpx.Response) -> str:
    """Return what Kibana itself says of a refusal, in one line."""
    try:
        return " ".join(msgspec.json.decode(answer.content, type=_Said).message.split())[:_LONGEST]
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ""


def _refusal(config: Kibana, status: int, said: str) -> Exception:
    user = config.user or "nobody"
    match status:
        case 401:
            return _wrong(f"Kibana does not know {user}", "kibana.user", "check user and password_file")
        case 403:
            return _wrong(f"Kibana forbids this to {user}", "kibana.user", "name a user who may manage saved objects")
        case 404:
            return _wrong(
                f"{config.url} has no such door", "kibana.url", "write the base path too; roles need security"
            )
        case 413:
            return Rejected(
                f"Kibana at {config.url} takes no file so large; raise savedObjects.maxImportPayloadBytes"
            )
        case _ if 300 <= status < 400:
            return _wrong(
                f"{config.url} leads elsewhere", "kibana.url", "write the address that Kibana itself answers at"
            )
        case _ if status in _PASSING:
            return Unavailable(f"Kibana at {config.url} answers {status}: it is not ready yet")
        case _ if _TOO_NEW in said:
            return _wrong(f"Kibana at {config.url} is too old for boards", "kibana.url", f"use {FLOOR} or newer")
        case _:
            return Rejected(
                f"Kibana at {config.url} refuses the request: {' '.join(filter(None, (str(status), said)))}"
            )


def _stranger(config: Kibana) -> SettingsError:
    return _wrong(f"what answers at {config.url} is not Kibana", "kibana.url", "write Kibana's own address")


def _wrong(what: str, key: str, repair: str) -> SettingsError:
    return SettingsError(what, key=key, repair=repair)


@contextmanager
def _client(config: Kibana) -> Iterator[httpx.Client]:
    login = (config.user, config.password.reveal()) if config.user else None
    with httpx.Client(
        headers=_HEADERS, auth=login, verify=_authority(config), timeout=config.timeout_s, follow_redirects=False
    ) as client:
        yield client


def _authority(config: Kibana) -> ssl.SSLContext | bool:
    if not config.ca_file:
        return True
    try:
        return ssl.create_default_context(cafile=config.ca_file)
    except (OSError, ssl.SSLError):
        what = f"{config.ca_file} cannot be read as certificates"
        raise _wrong(what, "kibana.ca_file", "name a file of certificates in PEM form") from None
