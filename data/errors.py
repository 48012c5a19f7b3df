"""The one error every reader, converter and checker of this project raises for bad input."""

from __future__ import annotations


class DataError(ValueError):
    """Bad input, told so that it can be mended: file, line, document id, what is wrong, what to do."""

    def __init__(
        self, problem: str, *, file: str | None = None, line: int | None = None, document: str | None = None
    ) -> None:
        self.problem, self.file, self.line, self.document = problem, file, line, document
        place = ":".join(str(p) for p in (file, line) if p is not None)
        who = f"document {document!r}: " if document is not None else ""
        super().__init__(f"{place}: {who}{problem}" if place else f"{who}{problem}")
