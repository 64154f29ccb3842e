"""What can go wrong with Label Studio."""

from __future__ import annotations

from typing import Any

_HINTS = {
    400: "Label Studio refuses what it was sent",
    401: "the token is not valid there: copy it again, or start the server that it belongs to",
    403: "this account may not do that",
    404: "it does not exist on this server, or this account may not see it",
}


class LabelStudioError(Exception):
    """What went wrong with Label Studio, and how to mend it; never holds a token or a password."""

    def __init__(self, reason: str, hint: str | None = None) -> None:
        super().__init__(reason, hint)
        self.reason, self.hint = reason, hint

    def __str__(self) -> str:
        return self.reason + (f" ({self.hint})" if self.hint else "")


class Refused(LabelStudioError):
    """The server answered and said no: `status` is the HTTP code, `answer` its JSON."""

    def __init__(self, status: int, answer: Any, what: str) -> None:
        detail = answer.get("detail") if isinstance(answer, dict) else None
        more = (
            (answer.get("validation_errors") or answer.get("non_field_errors"))
            if isinstance(answer, dict)
            else answer
        )
        said = " ".join(str(part) for part in (detail, more) if part)[:500]
        super().__init__(f"{what}: {status} {said}".rstrip(), _HINTS.get(status))
        self.status, self.answer = status, answer


class Unsure(LabelStudioError):
    """The connection broke after a request that must not be sent twice: it may have been carried out or not."""
