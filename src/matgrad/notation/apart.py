"""Products of different kinds are not mixed without brackets where factors stand side by side.

Floor 2.
"""

from __future__ import annotations

from collections.abc import Sequence

from matgrad.core.errors import AmbiguityProblem
from matgrad.notation.grammar import KINDS_OF_PRODUCT, PRODUCT, Grammar
from matgrad.notation.tokens import Token
from matgrad.notation.tree import Pending, Tree


def keep_apart(grammar: Grammar, tree: Tree, stack: Sequence[Pending], token: Token) -> None:
    """Raise AmbiguityProblem where a sign follows a product of another kind; a number in front of
    a product belongs to no kind."""
    sign = grammar.infix[token.text]
    if not grammar.apart or sign.strength != PRODUCT:
        return
    for entry in reversed(stack):
        if entry.kind == "open" or entry.strength < PRODUCT:
            return
        if entry.kind == "infix" and entry.strength == PRODUCT:
            break
    else:
        return
    kinds = KINDS_OF_PRODUCT[entry.head], KINDS_OF_PRODUCT[sign.head]
    if kinds[0] == kinds[1] or any(_is_number(tree, operand) for operand in tree.operands[-2:]):
        return
    left, right = (tree.nodes[operand] for operand in tree.operands[-2:])
    one, two = left.source, right.source
    first, then = (_SHOWN.get(kind, "\\,") for kind in kinds)
    raise AmbiguityProblem(
        f"`{one} {first} {two} {then} …`: which of two kinds of product comes first is not certain",
        text=tree.text,
        span=(left.start, max(token.end, right.end)),
        hint=f"write `({one} {first} {two}) {then} …` or `{one} {first} ({two} {then} …)`",
    )


_SHOWN = {
    "⊙": "\\odot",
    "⊗": "\\otimes",
    "×": "\\times",
    "∗": "\\ast",
    "•": "\\bullet",
    "⊕": "\\oplus",
}


def _is_number(tree: Tree, own: int) -> bool:
    """Whether an operand is made of numbers alone."""
    nodes = tree.nodes[tree.nodes[own].first : own + 1]
    return all(node.head in ("number", "neg", "over") for node in nodes)
