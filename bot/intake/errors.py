"""What ends the intake, and what the handling of an update may ask of it."""


class IntakeError(Exception):
    """The intake cannot go on; the text is one sentence for the operator and holds no secret."""


class PostponeError(Exception):
    """Raised by the handling of an update: try it again after a pause; this was no failure of the update."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds:g} s")
        self.seconds = seconds


class UnprocessableError(Exception):
    """Raised by the handling of an update: it can never be handled, so quarantine it without further tries."""
