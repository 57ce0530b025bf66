"""The same bytes for the same content: a package would keep the hour at which it was written."""

import io
import re
import zipfile

_NEVER = (1980, 1, 1, 0, 0, 0)
"""The earliest instant that an archive can name."""
_CORE = "docProps/core.xml"
_DATES = re.compile(rb"<dcterms:(created|modified)\b[^>]*>[^<]*</dcterms:\1>")


def settled(package: bytes) -> bytes:
    """An office package without its hours, compressed anew."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            entry = zipfile.ZipInfo(name, _NEVER)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, _DATES.sub(b"", content) if name == _CORE else content)
    return out.getvalue()
