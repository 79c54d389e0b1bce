"""What the standard library raises on a zip that is broken, locked or hostile: one list, for whoever reads one."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from typing import Final

ZIP_FAULTS: Final = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,  # a field that is cut off
    OSError,  # of the file, and of bz2 for what it did not pack
    EOFError,
    ValueError,  # a moment, name or place that cannot be
    OverflowError,
    RuntimeError,  # with a password
    NotImplementedError,  # packed in a way, or for a version of zip, that the library does not know: so it says that
)
"""Not among them: what a reader of the contents raises, such as a parser of XML."""
