"""State of the desk's server in memory, sessions included; none of it outlives the process."""

from __future__ import annotations

from msgspec import Struct, field

from cli.desk.attempts import Attempts
from cli.desk.key_requests import KeyRequests
from cli.desk.sessions import Sessions
from cli.desk.uploads import Uploads


class Kept(Struct, eq=False):
    """The sessions, failed attempts, uploads, and requests for keys of a server."""

    sessions: Sessions = field(default_factory=Sessions)
    attempts: Attempts = field(default_factory=Attempts)
    """To sign in, or to change a passphrase."""
    asked: Attempts = field(default_factory=Attempts)
    """Requests for keys."""
    uploads: Uploads = field(default_factory=Uploads)
    requests: KeyRequests = field(default_factory=KeyRequests)
