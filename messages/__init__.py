"""What the bot says. `Catalog` renders texts and labels; `manifest` lists the facts each template needs."""

from messages.catalog import Catalog

__all__ = ["Catalog"]
