"""From the bytes of a file to what it says, or to the reason why it is not taken."""

from datetime import date

from domain.confidential import gate
from domain.confidential.findings import Finding, Rule
from handlers.extraction import kinds
from handlers.extraction.result import Declined, Examined, Extracted, Gathered, Kind, NotTaken, Reason


def extract(data: bytes, *, csv: bool = False) -> Extracted | Declined:
    """Never raises, whatever the file; may take all the time and memory there is: run it confined.

    `csv`: the name says that a plain text is comma-separated.
    """
    try:
        return _extract(data, csv=csv)
    except NotTaken as refusal:
        return Declined(refusal.reason)
    except MemoryError:
        return Declined(Reason.TOO_BIG)
    except RecursionError:
        return Declined(Reason.BOMB)
    except Exception:  # noqa: BLE001 - parsers fail in ways nobody has listed, on files made to that end
        return Declined(Reason.DAMAGED)


def examine(data: bytes, today: date, *, csv: bool = False) -> Examined | Declined:
    """The same, judged; of its words only masked excerpts go on."""
    extracted = extract(data, csv=csv)
    if isinstance(extracted, Declined):
        return extracted
    try:
        found = gate.scan(extracted.passages, today)
    except MemoryError:
        return Declined(Reason.TOO_BIG)
    unread = [Finding(Rule.UNREADABLE, place, "") for place in extracted.unreadable]
    return Examined(extracted.kind, [*found, *unread])


def _extract(data: bytes, *, csv: bool) -> Extracted:
    if len(data) > kinds.MAX_BYTES:
        raise NotTaken(Reason.TOO_BIG)
    gathered = Gathered()
    if kinds.is_zip(data):
        kind = _package(data, gathered)
    else:
        kind = kinds.kind_of_plain(data, csv=csv)
        _plain(data, kind, gathered)
    return Extracted(kind, gathered.passages, gathered.unreadable)


def _package(data: bytes, gathered: Gathered) -> Kind:
    """A reader, and the library it needs, is loaded only for its kind: a child lives for one file."""
    from handlers.extraction.guards import Archive
    from handlers.extraction.package import Package

    archive = Archive(data)
    package = Package(archive)
    kind = kinds.kind_of_package(archive, package.types)
    if kind is Kind.OFD:
        from handlers.extraction import ofd

        ofd.read(archive, gathered)
    elif kind is Kind.DOCX:
        from handlers.extraction import office

        office.read(package, gathered)
    elif kind is Kind.XLSX:
        from handlers.extraction import sheets

        sheets.read(package, gathered)
    else:
        from handlers.extraction import slides

        slides.read(package, gathered)
    return kind


def _plain(data: bytes, kind: Kind, gathered: Gathered) -> None:
    if kind is Kind.PDF:
        from handlers.extraction import portable

        portable.read(data, gathered)
    elif kind in (Kind.TXT, Kind.CSV):
        from handlers.extraction import plain

        plain.read(data, gathered, csv=kind is Kind.CSV)
    else:
        from handlers.extraction import pictures

        pictures.read(data, kind, gathered)
