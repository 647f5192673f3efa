"""Derive every record of a corpus file and write the answers, one JSON line a record.

    python benchmarks/corpus.py FILE… --json OUT

A record is derived from its `expr`, `wrt`, symbols, `let`, `where`, convention and layout; the
expected forms are never read before the answer is fixed.  Needs PyYAML to answer; where the
corpus's own evaluator is importable (it lies beside the first file) the answers are judged too,
and figures by tag and source are printed.  Exit status 0 once the answers are written.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from statistics import median
from time import process_time
from types import ModuleType
from typing import Any

import yaml

import matgrad as mg

Record = dict[str, Any]

# The corpus's assumptions, in our words; what is absent describes an instance only.
_PROPERTIES = {
    "binary": "binary",
    "centered": "centered",
    "complex": "complex",
    "correlation": "correlation",
    "diag": "diagonal",
    "hermitian": "hermitian",
    "hollow": "symmetric hollow",
    "hpd": "hpd",
    "idempotent": "idempotent",
    "invertible": "invertible",
    "lower": "lower invertible",
    "onehot": "onehot",
    "onehot_rows": "onehot_rows",
    "orthogonal": "orthogonal",
    "orthonormal_columns": "orthonormal",
    "pd": "pd",
    "positive": "positive",
    "row_stochastic": "row_stochastic positive",
    "sign": "sign",
    "simplex": "simplex positive",
    "skew": "skew",
    "symmetric": "symmetric",
    "symmetric_toeplitz": "symmetric toeplitz",
    "toeplitz": "toeplitz",
    "unit": "unit",
    "unit_interval": "unit_interval",
    "upper": "upper invertible",
}
_STRUCTURES = {
    "unconstrained": ("free", ""),
    "symmetric": ("entries", "symmetric"),
    "symmetric_projected": ("tangent", "symmetric"),
    "diagonal": ("entries", "diagonal"),
    "lower": ("entries", "lower"),
    "skew": ("entries", "skew"),
    "toeplitz": ("entries", "toeplitz"),
    "symmetric_toeplitz": ("entries", "symmetric toeplitz"),
    "wirtinger": ("free", ""),
    "wirtinger_conj": ("free", ""),
}


def records(path: Path) -> list[Record]:
    """The records of a file; `n` and `y` stay names."""
    found: list[Record] = yaml.load(path.read_text("utf-8"), _Loader)
    return found


class _Loader(yaml.SafeLoader):  # type: ignore[misc]  # PyYAML has no types
    """YAML in which only `true` and `false` are truth values."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def declaration(symbol: Mapping[str, Any], further: str = "") -> str:
    """A corpus symbol as a declaration."""
    if symbol["kind"] == "int":
        least = min(symbol["values"], default=0)
        return "integer positive" if least > 0 else "integer"
    if symbol["kind"] == "function":
        params = " ".join(map(str, symbol["arg"]))
        return f"({params}) -> ({' '.join(map(str, symbol['out']))})"
    if symbol["kind"] == "elementwise":
        return "elementwise"
    assumed = [_PROPERTIES[a] for a in symbol.get("assumptions", ()) if a in _PROPERTIES]
    words = [*map(str, symbol["shape"]), *dict.fromkeys([*assumed, *further.split()])]
    return " ".join(words) if symbol["shape"] else " ".join(["scalar", *words])


def answer(record: Record) -> Record:
    """The outcome for one record, without a look at what it expects."""
    started = process_time()
    line: Record = {"id": record["id"], "outcome": "refused", "text": None, "reason": None}
    try:
        result = derived(record)
        line |= {
            "outcome": "answer" if result.proof and result.proof.ok else "refused",
            "text": result.text("numpy"),
            "proof": str(result.proof),
            "conditions": list(result.conditions),
        }
        if line["outcome"] == "refused":
            line["reason"] = f"not proved: {result.proof}"
    except mg.MatgradError as refusal:
        line["reason"] = refusal.message
    line["seconds"] = process_time() - started
    return line


def reading(record: Record) -> tuple[list[str], str, str]:
    """What a record differentiates by, its structure, and what that says of the variables.

    Raises MatgradError for a convention that is not built.
    """
    convention = record.get("convention", "unconstrained")
    structure, further = _STRUCTURES.get(convention, ("", ""))
    if not structure:
        raise mg.MatgradError(f"the convention {convention} is not built")
    wrt = record["wrt"] if isinstance(record["wrt"], list) else [record["wrt"]]
    if convention == "wirtinger_conj":
        wrt = [f"conj({name})" for name in wrt]
    return wrt, structure, further


def declarations(record: Record, further: str) -> dict[str, str]:
    """The symbols of a record as declarations, the variables with what is `further` said."""
    wrt = record["wrt"] if isinstance(record["wrt"], list) else [record["wrt"]]
    return {
        name: declaration(symbol, further if name in wrt else "")
        for name, symbol in record["symbols"].items()
    }


def of_values(record: Record) -> str:
    """What is assumed of the values of unknown functions, as declarations."""
    return "; ".join(
        f"{name} {_PROPERTIES[assumed]}"
        for name, symbol in record["symbols"].items()
        if symbol["kind"] == "function"
        for assumed in symbol.get("assumptions", ())
        if assumed in _PROPERTIES
    )


def derived(record: Record) -> mg.Result:
    wrt, structure, further = reading(record)
    return mg.derive(
        record["expr"],
        wrt,
        given=of_values(record),
        symbols=declarations(record, further),
        let=record.get("let"),
        layout="vec" if record.get("layout") == "vec" else "book",
        structure=structure,
        syntax="numpy",
    )


def evaluator(folder: Path) -> ModuleType | None:
    """The corpus's own evaluator, or None where it or what it needs is missing."""
    path = folder / "evaluate.py"
    spec = importlib.util.spec_from_file_location("corpus_evaluator", path)
    if not path.exists() or spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except ImportError as missing:
        print(f"not judged: {missing}")
        return None
    return module


def judge(module: ModuleType, record: Record, line: Record, trials: int = 2) -> None:
    """Compare an answer with the numerical derivative at random instances."""
    line["ops"] = module.count_ops(line["text"], record.get("let"))
    line["source_ops"] = record["compact_ops"]
    candidate = {
        **record,
        "expected": line["text"],
        "expected_alt": [],
        "expr_alt": [],
        "compact_ops": line["ops"],
    }
    problems = module.check_fact(candidate, trials, 1, False)
    line["right"] = not problems
    if problems:
        line["judgement"] = str(problems)[:400]


def figures(title: str, groups: Mapping[str, list[Record]]) -> None:
    print(f"\n{title:<28}{'records':>8}{'answers':>9}{'right':>7}{'wrong':>7}{'short':>7}")
    for name, lines in sorted(groups.items()):
        answers = [line for line in lines if line["outcome"] == "answer"]
        right = sum(line.get("right") is True for line in answers)
        wrong = sum(line.get("right") is False for line in answers)
        short = sum(line.get("ops", 0) <= line.get("source_ops", 0) for line in answers)
        print(f"{name[:27]:<28}{len(lines):>8}{len(answers):>9}{right:>7}{wrong:>7}{short:>7}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--json", type=Path, required=True, dest="out")
    options = parser.parse_args()
    asked = [record for path in options.files for record in records(path)]
    # What lives as long as the process is set aside: it is no record's garbage.
    gc.collect()
    gc.freeze()
    pairs = [(record, answer(record)) for record in asked]
    module = evaluator(options.files[0].resolve().parent)
    if module is not None:
        for record, line in pairs:
            if line["outcome"] == "answer":
                judge(module, record, line)
    with options.out.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(line, ensure_ascii=False) + "\n" for _, line in pairs)
    report(pairs)


def report(pairs: Iterable[tuple[Record, Record]]) -> None:
    """Figures by tag and by source, refusals by reason, and the time taken."""
    by_tag: dict[str, list[Record]] = defaultdict(list)
    by_source: dict[str, list[Record]] = defaultdict(list)
    lines = []
    for record, line in pairs:
        lines.append(line)
        by_source[record["source"]["name"]].append(line)
        for tag in record["tags"]:
            by_tag[tag].append(line)
    figures("source", by_source)
    figures("tag", by_tag)
    figures("all", {"all": lines})
    reasons = Counter(line["reason"] for line in lines if line["reason"])
    for reason, count in reasons.most_common():
        print(f"refused {count:>3}  {reason}")
    seconds = [line["seconds"] for line in lines if line["outcome"] == "answer"]
    if seconds:
        print(f"seconds: median {median(seconds):.4f}, largest {max(seconds):.4f}")


if __name__ == "__main__":
    main()
