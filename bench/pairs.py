"""The same invented matters told calmly and angrily, without and with a call to gather, in Chinese and English."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec
from msgspec import Struct

from answerable.clock import HOUR, MINUTE
from answerable.post import Kind, Post, post_id

__all__ = ["ANGER", "GATHER", "MATTERS", "Matter", "told"]

START = 1772323200  # 2026-03-01, midnight


class Matter(Struct, frozen=True):
    """What happens where, in the words of several residents, and what they ask for."""

    lang: str
    name: str
    facts: tuple[str, ...]
    ask: str


_MATTERS = Path(__file__).with_name("matters.jsonl")
MATTERS = tuple(msgspec.json.decode(line, type=Matter) for line in _MATTERS.read_bytes().splitlines())
_OPENINGS = {
    "zh": ("反映一个问题。", "各位领导好，", "想问一下，", "再次反映：", "", "我是附近居民，"),
    "en": (
        "Reporting again: ",
        "Hello, ",
        "Does anybody know more? ",
        "",
        "As a neighbour: ",
        "For the third time: ",
    ),
}
_OWN = {  # what each adds of their own, so that nobody's post is another's copy
    "zh": (
        "家里有八十岁的母亲，上下楼提东西很吃力。", "我上夜班，白天睡不好，影响很大。",
        "孩子今年中考，全家都在为这事操心。",
        "打过两次热线，说会记录，没有下文。", "楼下小卖部的生意也跟着差了。", "去年秋天也有过一回，那次一天就好了。",
        "邻居们在楼道里天天谈这件事。", "拍了照片，可以随时提供给工作人员。", "希望有个准确的时间，好安排日子。",
        "我们单元十二户都是同样的情况。", "老伴腿脚不便，只好住到女儿家去了。", "贴在门口的通知没有写日期。",
        "下班回来天都黑了，才发现还是老样子。", "听说隔壁街上个月已经办妥了。",
    ),
    "en": (
        "My mother is eighty and cannot carry anything upstairs.", "I work nights, so this is hard on the family.",
        "Our son has exams in June.", "Called the hotline twice and was told it is noted.",
        "The corner shop loses customers over it.", "Last autumn the same thing took one day.",
        "It is all that neighbours talk about in the hallway.", "I have photos and can send them any time.",
        "A firm date would help us plan.", "All twelve flats on our stair are in the same position.",
        "We have moved in with my daughter for now.", "The notice by the door carries no date.",
        "Came home after dark to find nothing had changed.", "I hear the next street was sorted last month.",
    ),
}  # fmt: skip
ANGER = {
    "zh": ("太气人了！", "忍无可忍！！", "简直气死我了，", "一群饭桶，", "真是岂有此理！",
        "你们良心被狗吃了吗！", "烦得要命，", "火大！"),
    "en": (
        "This is a disgrace! ", "I am LIVID. ", "Absolutely useless lot! ", "Sick and tired of this!! ",
        "It drives me mad. ", "What a bunch of clowns! ", "Enough is enough! ", "Shame on you. ",
    ),
}  # fmt: skip
GATHER = {
    "zh": ("明天上午大家一起到门口集合。", "周六九点广场见，能来的都来。", "大家一起去讨个说法。",
        "建个群，一起去信访。", "明天一起散步。", "横幅已经做好，周日集合。"),
    "en": (
        "Let us all meet at the gate tomorrow. ", "Rally on Saturday at nine, bring a friend. ",
        "Join the protest on the square. ", "March with us on Sunday. ", "We gather outside the office at noon. ",
        "Sign up for the sit-in. ",
    ),
}  # fmt: skip


def told(matter: Matter, people: int, seed: int, *, angry: bool = False, gathers: bool = False) -> list[Post]:
    """Return the posts of as many residents; all that differs between two tellings is anger or the call to gather."""
    chance, posts = random.Random(seed), []  # noqa: S311
    for n in range(people):
        at = START + n * chance.randrange(20, 90) * MINUTE + HOUR
        fact, opening = matter.facts[n % len(matter.facts)], _OPENINGS[matter.lang][chance.randrange(6)]
        end = "，" if matter.lang == "zh" else ". "
        mood, call = ANGER[matter.lang][n % 8], GATHER[matter.lang][n % 6]
        parts = (
            opening,
            fact,
            end,
            mood if angry else "",
            matter.ask,
            " ",
            call if gathers else "",
            _OWN[matter.lang][n % 14],
        )
        posts.append(
            Post(
                id=post_id("board.lanting", f"{matter.lang}{matter.name}{n}"), source="board.lanting",
                kind=Kind.FORUM,
                text="".join(parts), published_at=at, fetched_at=at, seen_at=at, author=f"t-{n}", home="lt",
            )
        )  # fmt: skip
    return sorted(posts, key=lambda post: (post.published_at, post.id))
