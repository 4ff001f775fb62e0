from __future__ import annotations

import threading

from answerable.app.latest import Latest


def test_nobody_waits_for_one_who_looks_as_long_as_something_was_seen() -> None:
    # Given a server that answered once, and then lets the one who looks wait,
    answers, asked, go_on = iter([1, 2]), threading.Event(), threading.Event()

    def look() -> int:
        answer = next(answers)
        if answer > 1:
            asked.set()
            go_on.wait(10)
        return answer

    latest = Latest(look, 0.0)
    assert latest() == 1
    slow = threading.Thread(target=latest)
    slow.start()
    # when somebody else asks meanwhile
    assert asked.wait(10)
    seen = latest()
    go_on.set()
    slow.join()
    # then that one gets the last answer at once.
    assert seen == 1


def test_what_is_old_is_looked_at_anew() -> None:
    answers = iter([1, 2])
    latest = Latest(lambda: next(answers), 0.0)
    assert (latest(), latest()) == (1, 2)
