"""The command `matgrad`: derive, from the shell, and `matgrad cookbook`.

Floor 6.  Exit status 0 answered, 1 a failed check, 2 bad input (message on standard error,
nothing on standard output), 3 undecided.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import NoReturn

from matgrad.api import LAYOUTS, STRUCTURES, derive
from matgrad.api.result import FORMS
from matgrad.cli import cookbook
from matgrad.cli.report import as_json, report
from matgrad.core.errors import BudgetExceeded, MatgradError, SyntaxProblem

ANSWERED, REFUTED, BAD_INPUT, UNDECIDED = 0, 1, 2, 3
# Standard input beyond this is refused before it is read further.
INPUT_LIMIT = 1_000_000


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; the exit status."""
    words = sys.argv[1:] if argv is None else list(argv)
    try:
        if words[:1] == ["cookbook"]:
            return _cookbook(_cookbook_parser().parse_args(words[1:]))
        return _run(_parser().parse_args(words))
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
        epilog='Example: matgrad "d/dX log(det(X*X\'))".  '
        "`matgrad cookbook --help` tells of the identities it knows.",
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
    return _STATUS[result.proof.ok]


_STATUS = {True: ANSWERED, False: REFUTED, None: UNDECIDED}


def _cookbook_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="matgrad cookbook",
        description="The identities of the books: listed, or derived on the spot and compared.",
        epilog="Examples: matgrad cookbook 2.1; matgrad cookbook mml 5.103; "
        "matgrad cookbook determinant",
        allow_abbrev=False,
    )
    parser.add_argument(
        "words", nargs="*", help="a section, a number, a source or a word; without: the list"
    )
    parser.add_argument("--to", choices=FORMS, default="text", help="the notation of the answers")
    parser.add_argument("--json", action="store_true", help="one JSON list")
    return parser


def _cookbook(options: argparse.Namespace) -> int:
    words = " ".join(options.words)
    _reject_surrogates(words)
    output, ok = cookbook.shown(words, options.to, as_data=options.json)
    sys.stdout.write(output + "\n")
    return _STATUS[ok]


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
