"""The sections of the settings tree, one Struct each; default.toml says what every key means."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

__all__ = [
    "Alerts",
    "Console",
    "Crawl",
    "Elastic",
    "Files",
    "General",
    "Incidents",
    "Index",
    "Kafka",
    "Kibana",
    "Legal",
    "Nlp",
    "Retention",
    "Secret",
    "Section",
    "Smtp",
    "Stream",
    "Watch",
]


class Secret(str):
    """A string that prints itself as three stars.

    >>> print(repr(Secret("hush")), f"{Secret('hush')}", Secret("hush").reveal())
    *** *** hush
    """

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "***"

    def reveal(self) -> str:
        """Return the value, for the one place that needs it."""
        return str.__str__(self)


class Section(Struct, frozen=True, forbid_unknown_fields=True):
    """A section knows its keys and no others."""


class General(Section, frozen=True):
    """What the desk is."""

    data_dir: str
    locale: Literal["zh", "en"]
    timezone: str
    area_level: str
    name: str


class Legal(Section, frozen=True):
    """On what basis the desk listens, and whom to ask."""

    legal_basis: str
    dpia_reference: str
    contact: str


class Files(Section, frozen=True):
    """The files that people edit; empty = the shipped one."""

    sources: str
    rules: str
    recipients: str
    taxonomy: str
    gazetteer: str
    clocks: str
    calendar: str


class Crawl(Section, frozen=True):
    """Manners of crawling."""

    user_agent: str
    delay_s: float
    timeout_s: float
    max_bytes: int
    private_hosts: list[str]


class Stream(Section, frozen=True):
    """The log."""

    engine: Literal["embedded", "kafka"]
    partitions: int


class Kafka(Section, frozen=True):
    """Where the log is kept when stream.engine is kafka."""

    bootstrap: list[str]
    prefix: str
    replicas: int
    session_s: float
    security: Literal["none", "tls", "sasl", "sasl_tls"]
    ca_file: str
    user: str
    password: Secret
    password_file: str
    timeout_s: float


class Index(Section, frozen=True):
    """What analysts search."""

    engine: Literal["embedded", "elastic"]


class Elastic(Section, frozen=True):
    """Where the index is kept when index.engine is elastic."""

    url: str
    prefix: str
    replicas: int
    ca_file: str
    user: str
    password: Secret
    password_file: str
    api_key: Secret
    api_key_file: str
    timeout_s: float


class Kibana(Section, frozen=True):
    """Where `answerable kibana push` finds Kibana."""

    url: str
    ca_file: str
    user: str
    password: Secret
    password_file: str
    timeout_s: float


class Nlp(Section, frozen=True):
    """Reading posts."""

    tier: Literal["fast", "full"]
    models: list[str]
    doubt: float
    languages: list[str]
    workers: int


class Incidents(Section, frozen=True):
    """From posts to incidents."""

    k_authors: int
    k_token_days: int
    quiet_hours: float
    close_hours: float
    records: int


class Alerts(Section, frozen=True):
    """When a mail goes out."""

    group_minutes: int
    daily_cap: int
    digest: list[str]
    quiet: str
    repeat_hours: float
    outbox_days: int
    heartbeat_url: str


class Smtp(Section, frozen=True):
    """The way out for mails."""

    host: str
    port: int
    security: Literal["none", "starttls", "tls"]
    user: str
    password: Secret
    password_file: str
    sender: str
    timeout_s: float


class Console(Section, frozen=True):
    """The web desk."""

    host: str
    port: int
    base_url: str
    idle_minutes: int


class Watch(Section, frozen=True):
    """Where each process tells watchers of machines how it is."""

    host: str
    port: int


class Retention(Section, frozen=True):
    """How long things are kept, in days."""

    text_days: int
    facts_days: int
