"""`matgrad check`: a claim, its verdict and what is to be said of it.

Floor 6.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from matgrad.api import Verdict
from matgrad.claims.example import numbers
from matgrad.cli.report import described
from matgrad.core.expr import shape_text


def report(verdict: Verdict) -> str:
    """The verdict and its grounds, in a few lines."""
    return "\n".join([_headline(verdict), "", *_lines(verdict)])


def _headline(verdict: Verdict) -> str:
    if verdict.verdict != "true-if":
        return verdict.verdict
    grounds = [*verdict.needs] or [f"the layout is {verdict.layout}"]
    return f"true-if {', '.join(grounds)}"


def _lines(verdict: Verdict) -> Iterator[str]:
    yield f"  claim      {verdict.claim}"
    if verdict.shapes is not None:
        left, right = map(shape_text, verdict.shapes)
        layout = verdict.layout if verdict.verdict == "true-if" else ""
        reconciled = f"reconciled by the layout {layout}" if layout else "no layout reconciles them"
        yield f"  shapes     left {left}, right {right}; {reconciled}"
    elif verdict.by == "shapes":
        yield f"  shapes     {verdict.proof.detail}"
    if verdict.fault:
        yield f"  fault      {'; '.join(verdict.fault)}"
    if verdict.mend is not None:
        yield f"  mend       {verdict.mend}"
    if verdict.correct is not None and verdict.correct != verdict.mend:
        yield f"  correct    {verdict.correct}"
    example = verdict.counterexample
    if example is not None:
        lines = [f"{name} = {numbers(value)}" for name, value in example.values.items()]
        if not lines:
            lines = [f"{name} = {value}" for name, value in example.sizes.items()]
        yield f"  example    {lines[0]}" if lines else "  example"
        yield from (f"             {line}" for line in lines[1:])
        yield f"             left   {numbers(example.left)}"
        yield f"             right  {numbers(example.right)}"
    names = [described(name) for name in verdict.symbols]
    if names:
        yield f"  names      {names[0]}"
        yield from (f"             {name}" for name in names[1:])
    yield from (f"  note       {remark}" for remark in verdict.remarks)
    if verdict.conditions:
        yield f"  holds if   {'; '.join(verdict.conditions)}"
    if verdict.counterexample is None and verdict.by != "shapes":
        yield f"  proof      {verdict.proof}"


def as_json(verdict: Verdict) -> dict[str, Any]:
    """The verdict as plain data."""
    proof, example = verdict.proof, verdict.counterexample
    return {
        "claim": verdict.claim,
        "verdict": verdict.verdict,
        "by": verdict.by,
        "layout": verdict.layout,
        "shapes": None
        if verdict.shapes is None
        else [[str(size) for size in shape] for shape in verdict.shapes],
        "correct": verdict.correct,
        "fault": list(verdict.fault),
        "mend": verdict.mend,
        "needs": list(verdict.needs),
        "counterexample": None
        if example is None
        else {
            "sizes": dict(example.sizes),
            "values": {name: _plain(value) for name, value in example.values.items()},
            "left": _plain(example.left),
            "right": _plain(example.right),
        },
        "symbols": {
            name.name: {
                "kind": name.kind,
                "shape": [str(size) for size in name.shape],
                "properties": sorted(name.properties),
                "declared": name.declared,
                "note": name.note,
            }
            for name in verdict.symbols
        },
        "conditions": list(verdict.conditions),
        "remarks": list(verdict.remarks),
        "proof": {
            "ok": proof.ok,
            "method": proof.method,
            "sizes": list(proof.sizes),
            "bound": proof.bound,
            "error": proof.error,
            "text": str(proof),
        },
        "timings": dict(verdict.timings),
    }


def _plain(value: Any) -> Any:
    """Numbers that JSON has: whole ones as they are, fractions as decimals."""
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, complex):
        return {"re": _plain(value.real), "im": _plain(value.imag)}
    return int(value) if value == int(value) else float(value)
