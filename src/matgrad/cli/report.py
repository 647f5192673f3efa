"""What the command says of an answer: a few lines, or plain data.

Floor 6.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from matgrad.api import NameInfo, Result
from matgrad.core.errors import BudgetExceeded, NoForm
from matgrad.core.expr import shape_text


def report(result: Result, form: str = "text", kind: str = "derivative") -> str:
    """The answer, or its kin along directions, and what a reader must know about it, in a few
    lines."""
    lines = [_written(result, form, kind), ""]
    if kind == "bilinear":
        along = (f"{move.data[0]}: {shape_text(move.shape)}" for move in result.directions)
        lines.append(f"  along      {'; '.join(along)}")
    lines.append(f"  shape      {shape_text(result.shape)}, layout {result.layout}")
    if result.structure != "free":
        lines[-1] += f", structure {result.structure}"
        if result.structure == "tangent":
            lines[-1] += f", metric {result.rows[0].metric}"
    elif result.is_structured:
        lines[-1] += ", structure free (every entry may vary)"
    factors = result.factors("unicode" if form == "unicode" else "text")
    factors = tuple((text, shape) for text, shape in factors if shape)
    if len(factors) > 1 and any(len(shape) > 2 for _, shape in factors):
        shapes = [f"{text}: {shape_text(shape)}" for text, shape in factors]
        lines.append(f"  factors    {'; '.join(shapes)}")
    names = [described(name) for name in result.symbols]
    if names:
        lines.append(f"  names      {names[0]}")
        lines += [f"             {name}" for name in names[1:]]
    if result.conditions:
        lines.append(f"  holds if   {'; '.join(result.conditions)}")
    lines += [f"  note       {remark}" for remark in result.remarks]
    if result.proof is not None:
        lines.append(f"  proof      {result.proof}")
        if result.proof.ok is not True:
            lines += ["", f"  {result.proof.detail}".replace("\n", "\n  ")]
    return "\n".join(lines)


def described(name: NameInfo) -> str:
    """A name as the report shows it: `X: m x n (assumed)`."""
    named = {"dimension": "size", "integer": "integer"}
    shape = named.get(name.kind) or shape_text(name.shape)
    text = f"{name.name}: {shape}"
    if name.kind == "function":
        text = f"{name.name}: unknown function with value {shape}"
    if name.properties:
        text += f", {', '.join(sorted(name.properties))}"
    return f"{text} ({name.note})" if name.note else text


def _written(result: Result, form: str, kind: str) -> str:
    if kind == "differential":
        return result.differential_in(form)
    return result.bilinear_in(form) if kind == "bilinear" else result.text(form)


def as_json(result: Result, kind: str = "derivative") -> dict[str, Any]:
    """The answer as plain data; what it is along directions under the name of that."""
    proof = result.proof
    also = {} if kind == "derivative" else {kind: _written(result, "text", kind)}
    return {
        "input": result.input,
        "wrt": list(result.wrt),
        "symbols": {
            name.name: {
                "kind": name.kind,
                "shape": [str(size) for size in name.shape],
                "properties": sorted(name.properties),
                "declared": name.declared,
                "note": name.note,
            }
            for name in result.symbols
        },
        "shape": [str(size) for size in result.shape],
        "layout": result.layout,
        "structure": result.structure,
        "metric": result.rows[0].metric if result.structure == "tangent" else None,
        "text": result.text(),
        "unicode": result.text("unicode"),
        "numpy": _or_none(result, "numpy"),
        "latex": result.text("latex"),
        "conditions": list(result.conditions),
        "remarks": list(result.remarks),
        "steps": _steps(result),
        "proof": None
        if proof is None
        else {
            "ok": proof.ok,
            "method": proof.method,
            "sizes": list(proof.sizes),
            "bound": proof.bound,
            "error": proof.error,
            "text": str(proof),
        },
        "timings": dict(result.timings),
        **also,
    }


def _or_none(result: Result, form: str) -> str | None:
    try:
        return result.text(form)
    except NoForm:
        return None


def _steps(result: Result) -> list[dict[str, Any]]:
    """The derivation in normal detail; none of an expression too large to have one."""
    with suppress(BudgetExceeded):
        return result.steps.at("normal").table()
    return []
