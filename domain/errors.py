"""What a rule may answer instead of an outcome: the template that says so, never prose."""

from collections.abc import Mapping


class Refused(Exception):
    """The command cannot be carried out; `template` (under messages/) tells the person why, with `facts`."""

    def __init__(self, template: str, **facts: object) -> None:
        super().__init__(template)
        self.template = template
        self.facts: Mapping[str, object] = facts


class Forbidden(Refused):
    """The actor may not do this."""

    def __init__(self) -> None:
        super().__init__("errors/forbidden")


class Stale(Refused):
    """The press or text belongs to an earlier state of its subject (kind, id), which is shown anew."""

    def __init__(self, kind: str, subject_id: int) -> None:
        super().__init__("errors/stale")
        self.kind = kind
        self.subject_id = subject_id


class Invalid(Refused):
    """An answer that a field does not take: one sentence says what is expected."""
