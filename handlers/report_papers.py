"""The papers of an annual report go the way that the centre has set for its files (`chat_reports`).

Over the page a link is made for one person and a day, when the paper has been made; in the chat it is the
paper itself. Without a page there is only the chat.
"""

from domain.notices import Kind, Subject
from handlers import keyboards, letters
from handlers.context import Services
from handlers.papers import Paper, send_file
from storage import download_links, people, settings
from storage.engine import Tx
from storage.outbox import Row


async def only_over_page(services: Services, tx: Tx) -> bool:
    """Whether the centre wants the files of reports over its own page alone, and has one."""
    return services.page is not None and not (await settings.centre(tx)).takes("chat_reports")


async def brought(
    services: Services, tx: Tx, paper: Paper, *, size: int, person_id: int, subject: Subject
) -> Row:
    """The row that brings a paper, or the link to it; to be inserted, and sent after the commit."""
    if services.page is None or not await only_over_page(services, tx):
        return await send_file(services, tx, paper, person_id=person_id, subject=subject)
    person = await people.get(tx, person_id)
    now = services.clock.now()
    token = await download_links.add(
        tx,
        person_id=person_id,
        sha256=paper.sha256,
        name=paper.name,
        media_type=paper.media_type,
        size=size,
        now=now,
    )
    locale, to = person.locale or services.locale, person.telegram_id or 0
    told = {"template": paper.caption, "facts": paper.facts} if paper.caption else None
    facts = {"name": paper.name, "url": services.page(f"/d/{token}"), "told": told}
    text = services.catalog.render("annual/paper_link", locale, letters.worded(facts, locale))
    markup = keyboards.inline(paper.offers, services.catalog, locale) if paper.offers else None
    return letters.row(
        "sendMessage",
        letters.message(to, text, markup),
        now,
        chat_id=to,
        kind=Kind.RECEIPT,
        person_id=person_id,
        subject=subject,
    )
