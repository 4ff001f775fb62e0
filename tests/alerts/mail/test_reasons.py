"""What a mail says of copies and floods: the figures the flag stands on, in both languages, and no reason to wait."""

from __future__ import annotations

from msgspec.structs import replace

from alerts.mail.letterhead import Letterhead
from alerts.mail.reader import Reader
from alerts.mail.reasons import reasons
from alerts.names import Locale
from tests.alerts.mail import example


def said(locale: Locale, **parts: object) -> str:
    alert = example.alert(locale)
    told = replace(alert.update.components, **parts)
    reader = Reader(example.person(locale), example.NAMES, example.LINKS, Letterhead(), example.AT)
    return "\n".join(reasons(replace(alert, update=replace(alert.update, components=told)), reader))


def test_a_flood_is_told_with_its_posts_accounts_and_share_in_step() -> None:
    flood = {"amplified": True, "synchrony": 0.94, "spoke": (1000, 20), "effective": 1.2}
    assert "1000 posts by 20 accounts in a day, 94% of them pressed or in step: counted as 1.2 people" in said(
        "en", **flood
    )
    assert "一天内 20 个账号发帖 1000 条，其中 94% 为重复发声或同步复制，按 1.2 人计" in said("zh", **flood)


def test_shared_wording_is_told_as_a_possible_petition_also_beside_a_flood() -> None:
    copied = said("en", amplified=True, synchrony=0.8, spoke=(300, 200), shared_wording=0.9)
    assert "possibly a petition; that is no reason to wait" in copied
    assert "300 posts by 200 accounts" in copied


def test_people_in_their_own_words_are_told_of_no_flood() -> None:
    assert "accounts" not in said("en", amplified=False, synchrony=0.1, spoke=(98, 60))
