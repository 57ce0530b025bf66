"""Every feature there is: a module registers its routes and forms when it is imported."""

from importlib import import_module

FEATURES = (
    "start",
    "menu",
    "rules",
    "requests",
    "questions",
    "questions_page",
    "questions_turn",
    "questions_nudge",
    "albums",
    "directory",
    "bases",
    "contacts",
    "absences",
    "handover",
    "handover_desk",
    "handover_papers",
    "reports",
    "annual",
    "annual_home",
    "annual_fill",
    "annual_preview",
    "annual_sheets",
    "annual_proposed",
    "annual_sections",
    "annual_check",
    "annual_files",
    "annual_leaves",
    "annual_sign",
    "annual_desk",
    "annual_return",
    "annual_queue",
    "annual_record",
    "annual_revise",
    "annual_papers",
    "outstanding",
    "own_duties",
    "board",
    "extensions",
    "self_checks",
    "projects",
    "export",
    "announcements",
    "settings",
    "held",
    "downloads",
    "incidents",
    "conversation",  # last: it takes every message that no other route has
)


def load() -> None:
    for feature in FEATURES:
        import_module(f"handlers.{feature}")
