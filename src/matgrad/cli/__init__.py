"""The command `matgrad`: derive, from the shell, and `matgrad steps`, `replay`, `check` and
`cookbook`.

Floor 6.  Exit status 0 answered, 1 refuted or a failed check, 2 bad input (message on standard
error, nothing on standard output), 3 undecided.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from matgrad.api import LAYOUTS, METRICS, READINGS, Result, check, derive
from matgrad.api.result import FORMS, KINDS
from matgrad.cli import claims
from matgrad.cli.report import as_json, report
from matgrad.cli.streams import (
    abandon_output,
    decoded,
    file_or_input,
    json_text,
    standard_input,
    write,
)
from matgrad.core.errors import BudgetExceeded, MatgradError
from matgrad.core.version import __version__

# How much of a derivation is shown, and how it is written.
DETAILS = ("full", "normal", "brief")
STEP_FORMS = ("text", "unicode", "latex", "markdown", "html")
ANSWERED, REFUTED, BAD_INPUT, UNDECIDED = 0, 1, 2, 3


# The code that an answer may be written as, by backend.
CODE = {"numpy-code": "numpy", "jax": "jax", "torch": "torch", "array-api": "array-api"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; the exit status."""
    words = sys.argv[1:] if argv is None else list(argv)
    try:
        if words[:1] == ["cookbook"]:
            return _cookbook(_cookbook_parser().parse_args(words[1:]))
        if words[:1] == ["steps"]:
            return _steps(_steps_parser().parse_args(words[1:]))
        if words[:1] == ["replay"]:
            return _replay(_replay_parser().parse_args(words[1:]))
        if words[:1] == ["explain"]:
            return _explain(_explain_parser().parse_args(words[1:]))
        if words[:1] == ["check"]:
            return _check(_check_parser().parse_args(words[1:]))
        return _run(_parser().parse_args(words))
    except MatgradError as problem:
        return _complain(problem)
    except RecursionError:
        return _complain(BudgetExceeded("this expression is nested too deeply"))
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        abandon_output()
        return ANSWERED
    except OSError as problem:
        abandon_output()
        place = f"{problem.filename}: " if problem.filename else ""
        print(f"matgrad: {place}{problem.strerror}", file=sys.stderr)
        return BAD_INPUT


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
        "`matgrad steps --help` tells of derivations, `matgrad check --help` of claims, "
        "`matgrad cookbook --help` of the identities it knows.",
        allow_abbrev=False,
    )
    parser.add_argument("expression", help='such as "d/dX tr(A*X)"; - reads standard input')
    _add_reading(parser)
    parser.add_argument(
        "--to",
        choices=(*FORMS, *CODE),
        default="text",
        help="the notation of the answer, or code that computes it",
    )
    parser.add_argument(
        "--form", choices=KINDS, default="derivative", help="the derivative, or along directions"
    )
    parser.add_argument("--version", action="version", version=f"matgrad {__version__}")
    return parser


def _add_reading(parser: argparse.ArgumentParser) -> None:
    """What says how a text is read and its derivatives are taken."""
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
    parser.add_argument("--structure", choices=READINGS, default="free")
    parser.add_argument("--metric", choices=METRICS, default="embedded")
    parser.add_argument(
        "--syntax",
        choices=("matrix", "numpy", "latex"),
        default="matrix",
        help="the language of the text; latex is what papers write",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")


def _asked(options: argparse.Namespace, layout: str) -> Result:
    """The answer to the question in the arguments."""
    text = standard_input() if options.expression == "-" else options.expression
    return derive(
        decoded(text),
        list(map(decoded, options.wrt)) or None,
        given=decoded("; ".join(options.given)),
        layout=layout,
        structure=options.structure,
        metric=options.metric,
        syntax=options.syntax,
    )


def _run(options: argparse.Namespace) -> int:
    kron = options.to == "kron"  # the Kronecker form is the vec layout
    result = _asked(options, "vec" if kron else options.layout)
    if options.json:
        output = json_text(as_json(result, options.form))
    elif options.to in CODE:
        output = result.code(CODE[options.to]).rstrip()
    else:
        output = report(result, "unicode" if kron else options.to, options.form)
    write(output)
    assert result.proof is not None  # derive() checks unless told not to
    return _STATUS[result.proof.ok]


_STATUS = {True: ANSWERED, False: REFUTED, None: UNDECIDED}


def _steps_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="matgrad steps",
        description="The derivation of an answer, one rule at a time, every step checked.",
        epilog='Example: matgrad steps "d/dX logdet(X)" --to unicode',
        allow_abbrev=False,
    )
    parser.add_argument("expression", help='such as "d/dX tr(A*X)"; - reads standard input')
    _add_reading(parser)
    parser.add_argument("--to", choices=STEP_FORMS, default="text", help="how it is written")
    parser.add_argument("--detail", choices=DETAILS, default="normal", help="how much is shown")
    return parser


def _steps(options: argparse.Namespace) -> int:
    # Here, because a derivation is made by this command only.
    from matgrad.cli import steps

    result = _asked(options, options.layout)
    output, ok = steps.shown(result, options.detail, "json" if options.json else options.to)
    write(output)
    return _STATUS[ok]


def _replay_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="matgrad replay",
        description="Check a derivation from a file, step by step, without deriving anything.",
        epilog='Example: matgrad steps "d/dX logdet(X)" --json > file.json; '
        "matgrad replay file.json",
        allow_abbrev=False,
    )
    parser.add_argument("file", help="what `matgrad steps --json` wrote; - reads standard input")
    return parser


def _replay(options: argparse.Namespace) -> int:
    from matgrad.cli import replay

    output, ok = replay.replayed(file_or_input(options.file))
    write(output)
    return _STATUS[ok]


def _explain_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="matgrad explain",
        description="What an operator, a rule or an error is: its statement, conditions, citation "
        "and derivation, and an example run on the spot.",
        epilog="Examples: matgrad explain inv; matgrad explain trace-rearranged; "
        "matgrad explain no-rule",
        allow_abbrev=False,
    )
    parser.add_argument("name", help="of an operator, a rule or an error")
    return parser


def _explain(options: argparse.Namespace) -> int:
    from matgrad.api.explain import explain

    write(explain(decoded(options.name)))
    return ANSWERED


def _check_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="matgrad check",
        description="Whether a claim holds and, if not, where it went wrong.",
        epilog="Example: matgrad check \"d/dX tr(A*X*B) = A'*B'\".  Exit status 0 for true, 1 for "
        "false or true under further conditions only, 2 for bad input, 3 for undecided.",
        allow_abbrev=False,
    )
    parser.add_argument("claim", help="two sides with `=` between them; - reads standard input")
    _add_reading(parser)
    return parser


def _check(options: argparse.Namespace) -> int:
    text = standard_input() if options.claim == "-" else options.claim
    verdict = check(
        decoded(text),
        list(map(decoded, options.wrt)),
        given=decoded("; ".join(options.given)),
        layout=options.layout,
        structure=options.structure,
        metric=options.metric,
        syntax=options.syntax,
    )
    write(json_text(claims.as_json(verdict)) if options.json else claims.report(verdict))
    return _VERDICTS[verdict.verdict]


_VERDICTS = {"true": ANSWERED, "true-if": REFUTED, "false": REFUTED, "undecided": UNDECIDED}


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
    # Here, because its tables are read by this command only.
    from matgrad.cli import cookbook

    words = decoded(" ".join(options.words))
    output, ok = cookbook.shown(words, options.to, as_data=options.json)
    write(output)
    return _STATUS[ok]
