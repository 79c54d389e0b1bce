"""A declared source into a living one. Each kind is loaded when it is first used, so that the rest of the program stays light."""

from __future__ import annotations

from gestand.sources.declared import FilesDeclared, HttpDeclared, ImapDeclared, PythonDeclared, SqlDeclared
from gestand.sources.load import SourceFile
from gestand.sources.model import Source
from gestand.sources.place import SourcePlace


def build(file: SourceFile, place: SourcePlace) -> Source:
    """Return the source that a file declares.

    :raises UsageError: ``source-connector`` if its own connector is not installed.
    """
    declared = file.declared
    if isinstance(declared, SqlDeclared):
        from gestand.sources.sql.service import SqlSource

        return SqlSource(file, place)
    if isinstance(declared, FilesDeclared):
        from gestand.sources.files import FilesSource

        return FilesSource(file, place)
    if isinstance(declared, ImapDeclared):
        from gestand.sources.mailbox import MailboxSource

        return MailboxSource(file, place)
    if isinstance(declared, HttpDeclared):
        from gestand.sources.web.service import HttpSource

        return HttpSource(file, place)
    assert isinstance(declared, PythonDeclared)
    from gestand.sources.connectors import connector_of

    return connector_of(file, place)
