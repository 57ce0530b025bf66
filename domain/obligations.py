"""What is due when."""

from datetime import date


def report_due(today: date) -> date:
    """The next day by which the annual summary is due: 15 December (Article 9)."""
    this_year = date(today.year, 12, 15)
    return this_year if today <= this_year else date(today.year + 1, 12, 15)
