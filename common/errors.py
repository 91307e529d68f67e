"""The one way in which the rules say no."""


class Refused(Exception):
    """A request that the rules do not allow.

    `message` is one Chinese sentence that says what is wrong and what to do. `code` is a stable machine word
    for the API. `fields` maps a field's name to its own sentences when the fault lies in single fields.
    Pages show it beside the form, the API answers 400 (409 where the row's state is the reason).
    """

    def __init__(self, message: str, *, code: str = "refused", fields: dict[str, list[str]] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.fields = fields or {}


class NotAllowed(Refused):
    """The record is visible to this user, but this act is not theirs (403)."""

    def __init__(self, message: str, *, code: str = "not_allowed") -> None:
        super().__init__(message, code=code)


class Conflict(Refused):
    """The record changed under the user, or its state does not allow the move (409)."""

    def __init__(self, message: str, *, code: str = "conflict") -> None:
        super().__init__(message, code=code)
