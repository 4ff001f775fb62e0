"""Headers that nobody can smuggle anything through."""

from __future__ import annotations

import email
import email.policy

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from alerts.mail import Letterhead, MailComposer
from alerts.mail.headers import encoded, harmless, subject
from alerts.recipients import Person
from answerable.incident import Title
from tests.alerts.mail import example

NASTY = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        [
            "=?utf-8?q?water=0D=0ABcc:_all@lanting.example?=",
            "=?utf-8?b?DQpCY2M6IGFsbEBsYW50aW5nLmV4YW1wbGU=?=",
            "= ?utf-8?q?=0D=0ABcc:?=",
            "=\r\n ?utf-8?q?=0D=0ABcc:?=",
            "=\u200b?utf-8?q?=0D=0ABcc:?=",
            "water\r\n\r\n<script>",
            "water\nBcc: all@lanting.example",
            "water\rBcc: all@lanting.example",
            "water\x85Bcc: all@lanting.example",
            "water\u2028Bcc: all@lanting.example",
            "\u202eretaw",
            'x" <all@lanting.example>, "y',
        ]
    ),
)
NAMES = ["From", "To", "Subject", "Date", "List-Id", "Auto-Submitted", "X-Auto-Response-Suppress", "Message-ID",
         "In-Reply-To", "References", "Reply-To", "X-Incident-Id", "MIME-Version", "Content-Type"]  # fmt: skip


@settings(derandomize=True, max_examples=150, deadline=None)
@given(term=NASTY, name=NASTY)
def test_no_word_and_no_name_begins_another_header(term: str, name: str) -> None:
    update = replace(example.update(), title=Title("3701-12", (term,)))
    composer = MailComposer(Letterhead(name=name))
    content = composer.compose_alert(
        replace(example.alert(), update=update), example.person(), example.NAMES, example.LINKS
    )
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert message.keys() == NAMES
    assert len(message["Subject"]) <= 60
    for value in message.values():
        assert not set("\r\n\x00\u202e\u2028\x85") & set(str(value))
    assert [a.addr_spec for a in message["From"].addresses] == ["answerable@localhost"]
    assert [a.addr_spec for a in message["To"].addresses] == ["lead.zh@water.lanting.example"]


@settings(derandomize=True, max_examples=200, deadline=None)
@given(text=NASTY)
def test_an_encoded_value_reads_back_as_what_was_harmless_in_it(text: str) -> None:
    head = f"Subject: {encoded(text)}\r\n\r\n"
    assert head.isascii()
    assert all(len(line) <= 78 for line in head.splitlines())
    message = email.message_from_string(head, policy=email.policy.default)
    assert str(message["Subject"]) == harmless(text)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(place=NASTY, matter=NASTY)
def test_a_subject_has_at_most_60_characters_and_keeps_the_id(place: str, matter: str) -> None:
    written = subject("[ORANGE]", place, matter, " (#k3x9b2d)")
    assert len(written) <= 60
    assert written.startswith("[ORANGE] ")
    assert written.endswith(" (#k3x9b2d)")


def test_a_reader_whose_id_is_strange_gets_a_clean_message_id() -> None:
    person = Person(id="a>\r\nBcc: b", mail="a@lanting.example")
    content = MailComposer().compose_alert(example.alert(), person, example.NAMES, example.LINKS)
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert message.keys() == NAMES
    assert str(message["Message-ID"]).count(">") == 1
