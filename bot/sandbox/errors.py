"""The one error of the sandbox's Bot API, worded as Telegram words it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

PREFIXES = {
    HTTPStatus.BAD_REQUEST: "Bad Request: ",
    HTTPStatus.FORBIDDEN: "Forbidden: ",
    HTTPStatus.CONFLICT: "Conflict: ",
}


class ApiError(Exception):
    """A refusal that the caller sees as `{"ok": false, …}` with this status and description."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = int(status)
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """Return the error as the JSON object that Telegram answers with."""
        body: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(text: str, **parameters: int) -> ApiError:
    """Return a 400 with Telegram's prefix."""
    return ApiError(400, PREFIXES[HTTPStatus.BAD_REQUEST] + text, **parameters)


def forbidden(text: str) -> ApiError:
    """Return a 403 with Telegram's prefix."""
    return ApiError(403, PREFIXES[HTTPStatus.FORBIDDEN] + text)


def conflict(text: str) -> ApiError:
    """Return a 409 with Telegram's prefix."""
    return ApiError(409, PREFIXES[HTTPStatus.CONFLICT] + text)


def too_many_requests(retry_after: int) -> ApiError:
    """Return a 429 that names the seconds to wait."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def query_too_old() -> ApiError:
    """Return the 400 for a callback or inline query that is late, unknown or already answered."""
    return bad_request("query is too old and response timeout expired or query ID is invalid")
