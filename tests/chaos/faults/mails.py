"""A mail server that is busy, refuses, says nothing, hangs up in the middle, or forgets to say that it has a mail."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

from answerable.clock import HOUR
from tests.chaos.scene import Scene
from tests.chaos.world import outbox
from tests.fakes.moody_mail import Mood

__all__ = ["moods"]

_DELIVERED_WITHIN_S = 60.0
_TWO_JOBS_S = 40.0
_STILL = 12  # looks in a row, 3 s in all: longer than the desk waits for a server's word


def moods(*every: Mood) -> Callable[[Scene], None]:
    """Return a fault in which the server draws from moods for `times` rounds of delivery, then is fine again."""

    def make(scene: Scene) -> None:
        scene.mail.moods = dict.fromkeys(every, 1.0)
        scene.feeder.finish(120.0)
        scene.rests(60.0)
        for number in range(
            scene.size.times + 2
        ):  # a start hands over at once; two hours later every mail is due again
            if number == scene.size.times:
                scene.mail.moods = {Mood.FINE: 1.0}
            for what in scene.machine.stop_all():
                scene.wrong(what)
            scene.machine.shift(number * 2 * HOUR)
            scene.machine.start_all()
            _delivered(scene)
        _all_gone(scene)
        _held(scene, every)

    return make


def _delivered(scene: Scene) -> None:
    """Wait until the job that hands mails over has tried every one that was due, and nothing moves any more."""
    until, last, still = time.monotonic() + _DELIVERED_WITHIN_S, (0, 0), 0
    while time.monotonic() < until and still < _STILL:
        time.sleep(0.25)
        mails = outbox(scene.machine.data)
        now = (sum(mail.state == "queued" for mail in mails), sum(mail.tries for mail in mails))
        still = still + 1 if now == last else 0
        last = now
        if not now[0]:
            return


def _all_gone(scene: Scene) -> None:
    """Wait for what was only just written: the next job that hands mails over, or the one after it."""
    until = time.monotonic() + _TWO_JOBS_S
    while time.monotonic() < until and any(mail.state == "queued" for mail in outbox(scene.machine.data)):
        time.sleep(0.25)


def _held(scene: Scene, every: tuple[Mood, ...]) -> None:
    """D6: each mail was sent once, or given up where the server said never; again only where a last word was lost."""
    server, mails = scene.mail, outbox(scene.machine.data)
    for mood in every:
        scene.note(f"met {mood.value!r}", server.met[mood])
    states = Counter(mail.state for mail in mails)
    scene.note("mails", len(mails))
    scene.note("again with the same Message-ID", sum(server.lost.values()))
    if states["queued"]:
        scene.wrong(f"{states['queued']} mails were not handed over though the server was fine again")
    if states["failed"] and Mood.NEVER not in every:
        scene.wrong(f"{states['failed']} mails were given up though nobody refused them")
    again = Counter(name for name, _ in server.kept)
    for name, times in again.items():
        if times - 1 != server.lost[name] and server.lost[name] < times:
            scene.wrong(f"a mail reached the server {times} times, and {server.lost[name]} last words were lost")
