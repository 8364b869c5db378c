"""Everything this program can raise on purpose.

    NightdeskError
    ├── ConfigError                 a file the newsroom edits is wrong; says where
    ├── QueryError                  a line of a watchlist cannot be read; says where and what to write
    ├── SourceError                 a source could not be read this time
    │   ├── SourceGoneError           …and asking again will not help
    │   └── AddressRefusedError       …because its address is not a public one
    ├── ReadingError                bytes could not be made into clippings or an article
    ├── StorageError                the database refused
    │   ├── SchemaTooOldError         …because an older Nightdesk wrote it
    │   ├── SchemaTooNewError         …because a newer Nightdesk wrote it
    │   └── InUseError                …because another Nightdesk holds it
    └── ChannelError                a channel did not take the message this time
        ├── ChannelRefusedError       …and asking again will not help
        └── OutcomeUnknownError       …or perhaps it did: look before sending again

The one question a caller asks of an error is "will asking again help?"; the class answers it.
"""

from __future__ import annotations


class NightdeskError(Exception):
    """The root of everything raised on purpose. Its text is a sentence a person can read."""


class ConfigError(NightdeskError):
    """A file the newsroom edits is wrong. `config.explain.Problem` values travel in an ExceptionGroup."""


class QueryError(NightdeskError):
    """A line of a watchlist cannot be read."""

    def __init__(self, what: str, *, start: int, end: int, write: str) -> None:
        """Say `what` is wrong at [start, end) of the line, and what to `write` instead."""
        super().__init__(what)
        self.what = what
        self.start = start
        self.end = end
        self.write = write


class SourceError(NightdeskError):
    """A source could not be read this time.

    `reason` is one word of the health vocabulary (blocked, slow, malformed, gone, refused, ...);
    `retry_after` is the wait in seconds that the publisher asked for, or None; `status` is HTTP's number of
    the answer, 0 when none came.
    """

    status = 0

    def __init__(
        self, what: str, *, source_id: str = "", reason: str = "unreachable", retry_after: float | None = None
    ) -> None:
        """Keep the source and the class of the failure beside the sentence."""
        super().__init__(what)
        self.source_id = source_id
        self.reason = reason
        self.retry_after = retry_after


class SourceGoneError(SourceError):
    """The publisher says it is gone for good, or refuses automated readers."""


class AddressRefusedError(SourceError):
    """The address is not a public one, and is not on the list of allowed ones."""


class ReadingError(NightdeskError):
    """Bytes could not be made into clippings or an article, or the reader had to be stopped.

    `reason` is "malformed" when the bytes are at fault, "killed" when reading them took too much.
    """

    def __init__(self, what: str, *, reason: str = "malformed") -> None:
        """Keep the class of the failure beside the sentence."""
        super().__init__(what)
        self.reason = reason


class StorageError(NightdeskError):
    """The database refused: locked, full, gone or damaged."""


class SchemaTooOldError(StorageError):
    """The database was written by an older Nightdesk and must be brought up to date first."""


class SchemaTooNewError(StorageError):
    """The database was written by a newer Nightdesk; nothing was touched."""


class InUseError(StorageError):
    """Another Nightdesk is running on this database."""


class ChannelError(NightdeskError):
    """A channel did not take the message this time; asking again may help.

    `retry_after` is the wait in seconds that the channel asked for, or None.
    """

    def __init__(self, what: str, *, retry_after: float | None = None) -> None:
        """Keep the wait beside the sentence."""
        super().__init__(what)
        self.retry_after = retry_after


class ChannelRefusedError(ChannelError):
    """The channel will never take this message until a person changes something."""


class OutcomeUnknownError(ChannelError):
    """The message was handed over and no answer came: it may be there or not."""
