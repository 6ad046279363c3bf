from __future__ import annotations

import os
import random
import re

from holter.sandbox.identity import Identity


def test_ids_have_the_services_form_and_differ() -> None:
    made = Identity(os.urandom)
    tasks = {made.task() for _ in range(50)}
    assert len(tasks) == 50
    assert all(re.fullmatch(r"[A-Za-z0-9+/]{894}==:[A-Za-z0-9+/]{22}==:1", task) for task in tasks)
    assert re.fullmatch(r"df-[A-Z0-9]{20}", made.pipeline())


def test_the_same_source_gives_the_same_ids() -> None:
    one, two = (Identity(random.Random(3).randbytes) for _ in range(2))
    assert (one.task(), one.pipeline()) == (two.task(), two.pipeline())
