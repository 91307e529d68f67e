"""Why a message did not arrive."""


class NotDelivered(Exception):
    """The message did not arrive; the text is for the administrator and holds no secret.

    `final` is set where another attempt would fare no better, such as an address that does not exist. `dead` is set
    where the channel itself does not answer, so that others need not wait for it as well.
    """

    def __init__(self, words: str, *, final: bool = False, dead: bool = False) -> None:
        super().__init__(words)
        self.final = final
        self.dead = dead
