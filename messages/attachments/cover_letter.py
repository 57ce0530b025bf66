"""报送函: a summary is no official document of itself and goes to the centre with a letter."""

from domain.annual_papers import LetterFacts
from messages.attachments.paper import Paper
from messages.attachments.wording import wording


def cover_letter(facts: LetterFacts, locale: str = "zh_CN") -> bytes:
    """One page, for the unit to print and seal; a document number and a red head are its own affair."""
    words = wording(locale)
    title = words("letter_title", year=facts.year)
    paper = Paper(title)
    paper.title(title)
    paper.flush(words("letter_to", centre=facts.centre))
    paper.prose(words("letter_body", year=facts.year, period=words.period(facts.period)))
    paper.gap()
    paper.prose(words("letter_attachment", year=facts.year))
    paper.prose(words("letter_contact", liaison=facts.liaison, tel=facts.tel))
    paper.signature(words("seal", base=facts.base), words.day(facts.dated))
    return paper.saved()
