"""What an error says of money that a provider was asked to move."""

from requests.exceptions import HTTPError

# The provider did not take the request up, or is at it: the same one may come through yet.
UNSURE_STATUS = (408, 409, 425, 429)


class NoAnswer(Exception):
    """The provider was asked, and nothing says what became of the money."""


def is_refusal(error):
    """Whether an error is the provider's own word that it moved nothing: it refused the request.
    All else leaves open what it did: a time-out, a server's failure, an answer nobody
    understands."""
    while error is not None:
        if isinstance(error, HTTPError) and error.response is not None:
            status = error.response.status_code
            return 400 <= status < 500 and status not in UNSURE_STATUS
        error = error.__cause__ or error.__context__
    return False
