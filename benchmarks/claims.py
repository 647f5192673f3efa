"""Check every claim of corpus files and write the verdicts, one JSON line a claim.

    python benchmarks/claims.py FILE… --json OUT

A false claim is checked as it stands; of a fact its `expected` and each `expected_alt` is taken as
a claim.  What a record says of right and wrong (`error_kind`, `correct`, `what_is_wrong`,
`holds_if`) is not read before all verdicts are fixed; then figures are printed.  Needs PyYAML.
Exit status 0 once the verdicts are written.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import matgrad as mg
from corpus import Record, declarations, of_values, reading, records

# Kinds that one mistake goes by.
_CLASSES = {"wrong layout": "wrong transpose", "wrong shape": "wrong transpose"}


def claims(record: Record) -> Iterator[tuple[str, str]]:
    """The claims of a record, each with its name."""
    if "claimed" in record:
        yield record["id"], record["claimed"]
        return
    yield record["id"], record["expected"]
    for count, other in enumerate(record.get("expected_alt", ()), 1):
        yield f"{record['id']}+{count}", other


def verdict(record: Record, name: str, claimed: str) -> Record:
    """The verdict on one claim, without a look at what the record says of it."""
    started = process_time()
    line: Record = {"id": name, "verdict": "undecided", "fault": [], "mend": None, "needs": []}
    try:
        wrt, structure, further = reading(record)
        found = mg.check(
            f"{record['expr']} = {claimed}",
            wrt,
            given=of_values(record),
            symbols=declarations(record, further),
            let=record.get("let"),
            layout="vec" if record.get("layout") == "vec" else "book",
            structure=structure,
            syntax="numpy",
        )
        line |= {
            "verdict": found.verdict,
            "fault": list(found.fault),
            "mend": found.mend or found.correct,
            "needs": list(found.needs),
            "layout": found.layout,
            "by": found.by,
        }
    except mg.MatgradError as refusal:
        line["reason"] = refusal.message
    line["seconds"] = process_time() - started
    return line


def figures(pairs: Sequence[tuple[Record, Record]]) -> None:
    """How true and false claims fared, and how fast."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    named: dict[str, list[bool]] = defaultdict(list)
    for record, line in pairs:
        kind = record.get("error_kind", "true")
        counts[kind][line["verdict"]] += 1
        if kind != "true":
            first = [_CLASSES.get(fault, fault) for fault in line["fault"]][:2]
            line["named"] = _CLASSES.get(kind, kind) in first
            named[kind].append(line["named"])
    columns = ("true", "true-if", "false", "undecided")
    print(f"{'claims':<30}{''.join(f'{column:>11}' for column in columns)}{'named':>12}")
    for kind, found in sorted(counts.items()):
        right = f"{sum(named[kind])} of {len(named[kind])}" if kind in named else ""
        row = "".join(f"{found[column]:>11}" for column in columns)
        print(f"{kind:<30}{row}{right:>12}")
    for is_false in (False, True):
        seconds = [
            line["seconds"] for record, line in pairs if ("error_kind" in record) == is_false
        ]
        if seconds:
            print(
                f"{'false' if is_false else 'true'} claims: median {median(seconds):.4f} s, "
                f"largest {max(seconds):.4f} s"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--json", type=Path, required=True, dest="out")
    options = parser.parse_args()
    pairs: list[tuple[Any, Record]] = [
        (record, verdict(record, name, claimed))
        for path in options.files
        for record in records(path)
        for name, claimed in claims(record)
    ]
    with options.out.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(line, ensure_ascii=False) + "\n" for _, line in pairs)
    figures(pairs)


if __name__ == "__main__":
    main()
