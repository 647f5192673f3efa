"""Errors: one class per kind of mistake, told in the user's own words.

Floor 0.  A message has up to four parts: what is wrong, the text as it was typed
with a caret under the place, the shapes in the user's names, and one mend.
"""

from __future__ import annotations


class MatgradError(Exception):
    """Any refusal of matgrad's; `code` names the page that explains it.

    `text` and `span` (start, end: character offsets) point into what was typed;
    `hint` is one concrete mend.
    """

    code = "error"

    def __init__(
        self,
        message: str,
        *,
        text: str | None = None,
        span: tuple[int, int] | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.text = text
        self.span = span
        self.hint = hint

    def at(self, text: str, span: tuple[int, int] | None) -> MatgradError:
        """The same error, pointing at `span` of `text` unless it already points somewhere."""
        if self.text is None:
            self.text, self.span = text, span
        return self

    def __str__(self) -> str:
        lines = [self.message]
        if self.text is not None and self.span is not None:
            lines.append(_excerpt(self.text, *self.span))
        if self.hint:
            lines.append(f"hint: {self.hint}")
        return "\n".join(lines)


class SyntaxProblem(MatgradError):
    """The text cannot be read: a bracket, a character, a missing operand."""

    code = "syntax"


class ShapeProblem(MatgradError):
    """Operands whose shapes do not fit their operator."""

    code = "shape"


class NameProblem(MatgradError):
    """A name that is not known, or is used in two ways."""

    code = "name"


class AmbiguityProblem(MatgradError):
    """A text with two readings; both are shown and the user decides."""

    code = "ambiguous"


class DeclarationProblem(MatgradError):
    """A declaration (`--given`, `symbols=`) that cannot be read or contradicts another."""

    code = "declaration"


class NoRule(MatgradError):
    """An operator that has no rule for what was asked: refused by name, never zero."""

    code = "no-rule"


class NoForm(MatgradError):
    """The answer exists but not in the notation or layout that was asked for."""

    code = "no-form"


class BudgetExceeded(MatgradError):
    """The work grew past its limit; the message says what grew."""

    code = "budget"


class EvaluationProblem(MatgradError):
    """Numbers that an expression cannot be evaluated at (a singular matrix, a missing value)."""

    code = "evaluation"


_WIDTH = 100


def _excerpt(text: str, start: int, end: int) -> str:
    """The line holding `start`, cut to a readable width, with carets under start:end."""
    start = max(0, min(start, len(text)))
    end = max(start + 1, min(end, len(text) + 1))
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", start)
    line_end = len(text) if line_end < 0 else line_end
    left = max(line_start, start - _WIDTH // 2)
    right = min(line_end, left + _WIDTH)
    shown = "".join(c if c.isprintable() else "�" for c in text[left:right])
    head = "..." if left > line_start else ""
    tail = "..." if right < line_end else ""
    carets = "^" * max(1, min(end, right) - start)
    return f"  {head}{shown}{tail}\n  {' ' * (len(head) + start - left)}{carets}"
