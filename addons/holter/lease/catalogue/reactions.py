"""Rules about what a runner does after a fault that was made on purpose."""

from __future__ import annotations

from holter.lease.rule import Rule, Severity

ROWS = (
    Rule(
        "expectation-missed",
        Severity.ERROR,
        "After a fault that was made on purpose, the runner did not do what the plan expects.",
        "A rule of a fault plan has `expect`, it met a task (or a runner, where the call names no task), and "
        "what had to follow did not. What a recording that ended too early cannot show is not held against "
        "anybody. That no poll followed is merely possible where the command that Holter ran has ended with "
        "exit code 0: it may be one that does a single task and leaves.",
        "The plan says what this runner must do when that happens. One day it happens by itself.",
        "Look at the calls that the finding names, the fault first. Mend the runner, or the plan if that "
        "asks for too much.",
        "The fault plan's own `expect`",
    ),
)
