"""One Elasticsearch cluster as this house speaks to it: a request, a typed answer, three kinds of errors."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from elastic_transport import ApiError, ConnectionTimeout, TransportError
from elasticsearch import Elasticsearch, UnsupportedProductError
from elasticsearch.serializer import JsonSerializer
from msgspec import UNSET, Struct, UnsetType

from answerable.errors import AnswerableError, Rejected, SettingsError, Unavailable
from answerable.sections import Elastic

__all__ = ["TRIES", "Cause", "Forbidden", "Node", "NotThere", "Slow", "TooLarge", "Unknown", "may_pass"]

TRIES = 3
_PAUSE_S = 0.2  # doubled with each try; longer pauses are the worker's
_PASSING = frozenset({408, 429, 500, 502, 503, 504})
_JSON, _LINES = "application/json", "application/x-ndjson"
T = TypeVar("T")


class Cause(Struct, frozen=True):
    """The class of an error on the server's side; its text may hold a post's words, so nobody reads it."""

    type: str = ""


class _Failure(Struct, frozen=True):
    error: Cause | str | UnsetType = UNSET


class Forbidden(Unavailable):
    """The server does not know this user, or forbids it this."""


class Unknown(Forbidden):
    """The server does not know this user, or its password is another."""


class Slow(Unavailable):
    """No answer came in time; asking again at once would only take as long again."""


class NotThere(Rejected):
    """There is no such index, template or document."""


class TooLarge(Rejected):
    """The request's body is larger than the server takes."""


class _Bytes(JsonSerializer):
    """Leaves bodies as they are; answers are read into Structs afterwards."""

    def loads(self, data: bytes) -> bytes:
        return data


def may_pass(status: int, kind: str) -> bool:
    """Tell whether an error may be over at the next try: load, a node that is away, a disk that is full.

    >>> may_pass(429, "es_rejected_execution_exception"), may_pass(403, "cluster_block_exception")
    (True, True)
    >>> may_pass(400, "document_parsing_exception")
    False
    """
    return status in _PASSING or kind == "cluster_block_exception"


class Node:
    """A client with one policy: `tries` attempts a request where the trouble may pass, then Unavailable.

    401 and 403 are Unavailable too, in plain words: no post is at fault, so none may be set aside. Any other
    refusal is Rejected. Error texts of the server are never repeated, for they quote documents. Safe to use
    from any thread.
    """

    def __init__(self, config: Elastic, pause: Callable[[float], object] = time.sleep) -> None:
        self.url, self._user = config.url, config.user or ("an API key" if config.api_key else "nobody")
        self._pause, self._timeout = pause, config.timeout_s
        self._client = _connect(config)
        # The server's own wait for a shard that is away ends before ours does, and then it says so.
        self.half = f"{max(1, int(config.timeout_s * 500))}ms"

    def ask(
        self, method: str, path: str, answer: type[T], body: object = None, *, tries: int = TRIES, **params: str
    ) -> T:
        """Send a request and read its answer; a body of bytes goes as lines of JSON, anything else as JSON."""
        for attempt in range(tries):
            try:
                return self._once(method, path, answer, body, params)
            except (Forbidden, Slow):
                raise
            except Unavailable:
                if attempt + 1 >= tries:
                    raise
                self.rest(attempt)
        raise AssertionError("tries is at least 1")

    def rest(self, vain: int) -> None:
        """Wait a little, longer after more tries in vain."""
        self._pause(_PAUSE_S * 2**vain)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _once(self, method: str, path: str, answer: type[T], body: object, params: dict[str, str]) -> T:
        lines = isinstance(body, bytes)
        headers = {"accept": _JSON} | ({"content-type": _LINES if lines else _JSON} if body is not None else {})
        data = body if lines or body is None else msgspec.json.encode(body)
        try:
            response = self._client.perform_request(method, path, params=params, headers=headers, body=data)
        except UnsupportedProductError:
            raise Unavailable(f"what answers at {self.url} is not Elasticsearch") from None
        except ApiError as error:
            raise self._translated(error.meta.status, _kind(error.body)) from None
        except ConnectionTimeout:
            raise Slow(f"Elasticsearch at {self.url} does not answer within {self._timeout:g} s") from None
        except TransportError as error:
            raise Unavailable(f"Elasticsearch at {self.url}: {type(error).__name__}") from None
        return self._read(response.body, answer)

    def _read(self, data: object, answer: type[T]) -> T:
        try:
            return msgspec.json.decode(_bytes(data), type=answer)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise Unavailable(f"the answer from {self.url} cannot be read") from None

    def _translated(self, status: int, kind: str) -> AnswerableError:
        if status == 413:
            return TooLarge("the request is too large")
        if may_pass(status, kind) or not kind:  # without a class of error it is a proxy that speaks
            return Unavailable(f"Elasticsearch at {self.url} answers {status} {kind}".rstrip())
        if status == 401:
            return Unknown(f"Elasticsearch at {self.url} does not know {self._user}; see [elastic] in the settings")
        if status == 403:
            return Forbidden(
                f"Elasticsearch at {self.url} forbids this to {self._user}; see [elastic] in the settings"
            )
        if status == 404:
            return NotThere(kind)
        return Rejected(f"Elasticsearch refuses the request: {status} {kind}")


def _kind(body: object) -> str:
    try:
        failure = msgspec.json.decode(_bytes(body), type=_Failure)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ""
    return failure.error.type if isinstance(failure.error, Cause) else ""


def _bytes(body: object) -> bytes | str:
    """Return a body as it came; an empty one where there was none."""
    return body if isinstance(body, bytes | str) else b""


def _authority(path: str) -> str:
    """Return the path of a certificate authority's file that can be read."""
    try:
        Path(path).read_bytes()
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read: {error.strerror}", key="elastic.ca_file", repair="check the path"
        ) from None
    return path


def _connect(config: Elastic) -> Elasticsearch:
    options: dict[str, Any] = {}
    if config.url.startswith("https:") and config.ca_file:
        options["ca_certs"] = _authority(config.ca_file)
    if config.api_key:
        options["api_key"] = config.api_key.reveal()
    elif config.user:
        options["basic_auth"] = (config.user, config.password.reveal())
    try:
        return Elasticsearch(
            config.url, serializers={_JSON: _Bytes()}, request_timeout=config.timeout_s, max_retries=0,
            retry_on_timeout=False, http_compress=False, meta_header=False, **options,
        )  # fmt: skip
    except (ValueError, OSError) as error:
        raise SettingsError(
            f"no connection can be made with these settings: {error}", key="elastic", repair="see [elastic]"
        ) from None
