"""An error answer of the service: raised inside the sandbox, never out of it."""

from __future__ import annotations

from holter.wire.codec import error_reply
from holter.wire.message import Reply
from holter.wire.operations import INVALID


class RefusalError(Exception):
    """The service refuses a call with an error of the protocol; Holter itself is fine.

    `logged` tells that the ground truth has it already, as a decision of the lease keeper.
    """

    def __init__(self, message: str, *, code: str = INVALID, logged: bool = False) -> None:
        super().__init__(message)
        self.code, self.logged = code, logged

    def reply(self) -> Reply:
        """Return the answer that the client gets."""
        return error_reply(self.code, str(self))
