"""The command `matgrad`: derive, from the shell.

Floor 6.  Exit status 0 answered, 1 a failed check, 2 bad input (message on standard error,
nothing on standard output), 3 undecided.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from matgrad.api import LAYOUTS, STRUCTURES, NameInfo, Result, derive
from matgrad.api.result import FORMS
from matgrad.core.errors import BudgetExceeded, MatgradError, NoForm, SyntaxProblem
from matgrad.core.expr import shape_text

ANSWERED, REFUTED, BAD_INPUT, UNDECIDED = 0, 1, 2, 3
# Standard input beyond this is refused before it is read further.
INPUT_LIMIT = 1_000_000


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; the exit status."""
    try:
        return _run(_parser().parse_args(argv))
    except MatgradError as problem:
        return _complain(problem)
    except RecursionError:
        return _complain(BudgetExceeded("this expression is nested too deeply"))
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return ANSWERED


def _complain(problem: MatgradError) -> int:
    print(f"matgrad: {problem}", file=sys.stderr)
    return BAD_INPUT


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        print(f"matgrad: {message}\n{self.format_usage()}", end="", file=sys.stderr)
        raise SystemExit(BAD_INPUT)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="matgrad",
        description="The derivative of a matrix expression: in closed form, short, and checked.",
        epilog='Example: matgrad "d/dX log(det(X*X\'))"',
        allow_abbrev=False,
    )
    parser.add_argument("expression", help='such as "d/dX tr(A*X)"; - reads standard input')
    parser.add_argument(
        "--wrt", action="append", default=[], metavar="X", help="differentiate by X (repeatable)"
    )
    parser.add_argument(
        "--given",
        action="append",
        default=[],
        metavar="FACTS",
        help='declarations: "f(X): p p; X: m n; W symmetric; t > 0"',
    )
    parser.add_argument("--layout", choices=LAYOUTS, default="book")
    parser.add_argument("--structure", choices=STRUCTURES, default="free")
    parser.add_argument("--syntax", choices=("matrix", "numpy"), default="matrix")
    parser.add_argument("--to", choices=FORMS, default="text", help="the notation of the answer")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    return parser


def _run(options: argparse.Namespace) -> int:
    text = _standard_input() if options.expression == "-" else options.expression
    _reject_surrogates(text)
    kron = options.to == "kron"  # the Kronecker form is the vec layout
    result = derive(
        text,
        options.wrt or None,
        given="; ".join(options.given),
        layout="vec" if kron else options.layout,
        structure=options.structure,
        syntax=options.syntax,
    )
    if options.json:
        output = json.dumps(as_json(result), ensure_ascii=False)
    else:
        output = report(result, "unicode" if kron else options.to)
    sys.stdout.write(output + "\n")
    assert result.proof is not None  # derive() checks unless told not to
    return {True: ANSWERED, False: REFUTED, None: UNDECIDED}[result.proof.ok]


def _standard_input() -> str:
    data = sys.stdin.buffer.read(INPUT_LIMIT + 1)
    text = data.decode("utf-8", "surrogateescape")
    if len(data) > INPUT_LIMIT:
        raise BudgetExceeded(
            f"standard input is longer than {INPUT_LIMIT} bytes",
            text=text,
            span=(len(text) - 1, len(text)),
            hint="an expression this long is hardly typed by hand; split it",
        )
    return text.strip()


def _reject_surrogates(text: str) -> None:
    """Bytes that are not UTF-8 arrive as surrogates."""
    for position, character in enumerate(text):
        if "\ud800" <= character <= "\udfff":
            raise SyntaxProblem("this is not valid UTF-8", text=text, span=(position, position + 1))


def report(result: Result, form: str = "text") -> str:
    """The answer and what a reader must know about it, in a few lines."""
    lines = [result.text(form), ""]
    lines.append(f"  shape      {shape_text(result.shape)}, layout {result.layout}")
    if result.structure != "free":
        lines[-1] += f", structure {result.structure}"
    elif any(t.symbol.data[1] & _STRUCTURED for t in result.targets):
        lines[-1] += ", structure free (every entry may vary)"
    factors = result.factors("unicode" if form == "unicode" else "text")
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


_STRUCTURED = frozenset({"symmetric", "skew", "diagonal", "orthogonal", "pd", "psd", "idempotent"})


def described(name: NameInfo) -> str:
    """A name as the report shows it: `X: m x n (assumed)`."""
    shape = "size" if name.kind == "dimension" else shape_text(name.shape)
    text = f"{name.name}: {shape}"
    if name.kind == "function":
        text = f"{name.name}: unknown function with value {shape}"
    if name.properties:
        text += f", {', '.join(sorted(name.properties))}"
    return f"{text} ({name.note})" if name.note else text


def as_json(result: Result) -> dict[str, Any]:
    """The answer as plain data."""
    proof = result.proof
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
        "text": result.text(),
        "unicode": result.text("unicode"),
        "numpy": _or_none(result, "numpy"),
        "latex": result.text("latex"),
        "conditions": list(result.conditions),
        "remarks": list(result.remarks),
        "steps": [],
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
    }


def _or_none(result: Result, form: str) -> str | None:
    try:
        return result.text(form)
    except NoForm:
        return None


if __name__ == "__main__":
    sys.exit(main())
