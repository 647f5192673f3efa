"""How fast the engine is, beside SymPy and tensorgrad.  See README.md in this folder.

python benchmarks/engine.py                      # a few minutes
python benchmarks/engine.py --full               # with the rivals' slow sizes
python benchmarks/engine.py --only identities command --json result.json
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import random
import re
import statistics
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import command
from problems import IDENTITIES
from worker import Worker

RIVALS = {"sympy": "SymPy", "tensorgrad": "tensorgrad"}
SIZES = {
    "chain": (8, 16, 32, 64),
    "network": (2, 5, 10, 20, 50, 100, 200),
    "sum": (1_000, 2_000, 5_000, 10_000),
}
# What the rivals are asked: sizes that end within seconds, and with --full all that end at all.
Sizes = dict[str, dict[str, tuple[int, ...]]]
RIVAL_SIZES: Sizes = {
    "sympy": {"chain": (8, 16), "network": (2,)},
    "tensorgrad": {"chain": (8, 16), "network": (2, 5)},
}
FULL_SIZES: Sizes = {
    "sympy": {"chain": (8, 16, 32), "network": (2,)},
    "tensorgrad": {"chain": (8, 16, 32), "network": (2, 5, 8)},
}
TITLES = {
    "chain": "tr(X*A1*X*A2*…*X*Ak) by X, k =",
    "network": "tanh network of L layers by its first weight, L =",
    "sum": "a1'*x + a2'*x + … by x, nodes =",
}
Results = dict[str, dict[str, Any]]  # a reply of each system


def main() -> None:
    options = read_arguments()
    workers = start_workers(options)
    print(machine(workers))
    report: dict[str, Any] = {"machine": machine(workers)}
    if "identities" in options.only:
        report["identities"] = identities(workers, options.rounds)
        print_identities(report["identities"], list(workers))
    for family in SIZES:
        if family in options.only:
            report[family] = scaling(family, workers, options)
            print_scaling(family, report[family], list(workers))
    if "command" in options.only:
        report["command"] = command.measure(options.rounds)
        report["numpy imported"] = numpy_imported()
        print_command(report)
    for worker in workers.values():
        worker.stop()
    if options.json:
        options.json.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")


def read_arguments() -> argparse.Namespace:
    parts = ["identities", *SIZES, "command"]
    parser = argparse.ArgumentParser(description="Time the engine beside SymPy and tensorgrad.")
    parser.add_argument("--only", nargs="+", choices=parts, default=parts)
    parser.add_argument("--rounds", type=int, default=5, help="rounds through all systems")
    parser.add_argument("--timeout", type=float, default=300.0, help="seconds for one answer")
    parser.add_argument("--full", action="store_true", help="also the rivals' slow sizes")
    parser.add_argument("--json", type=Path, help="write all samples there")
    for rival in RIVALS:
        parser.add_argument(
            f"--{rival}", default=sys.executable, help="the Python that has it", metavar="PYTHON"
        )
    return parser.parse_args()


def start_workers(options: argparse.Namespace) -> dict[str, Worker]:
    """matgrad and whichever rivals are installed, each in its own process."""
    workers = {"matgrad": Worker("ours", sys.executable, options.timeout)}
    for rival, title in RIVALS.items():
        try:
            workers[rival] = Worker(f"with_{rival}", getattr(options, rival), options.timeout)
        except (RuntimeError, OSError) as error:
            print(f"without {title}: {error}")
    return workers


def machine(workers: dict[str, Worker]) -> str:
    versions = {name: v for worker in workers.values() for name, v in worker.versions.items()}
    processor = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        found = re.search(r"model name\s*:\s*(.*)", information.read_text())
        processor = found[1] if found else processor
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    listed = ", ".join(f"{name} {value}" for name, value in versions.items())
    return f"{listed}\n{processor}, {os.cpu_count()} cores, {platform.system()}{load}"


def ask_all(
    questions: Iterable[tuple[str, str, int]], workers: dict[str, Worker], rounds: int
) -> dict[tuple[str, str, int], dict[str, Any]]:
    """Medians over `rounds` rounds; in each, every system is asked everything, in shuffled order.

    A question answered slowly, or not at all, is asked once.
    """
    questions = list(questions)
    replies: dict[tuple[str, str, int], dict[str, Any]] = {}
    shuffled = random.Random(0)
    for _ in range(rounds):
        shuffled.shuffle(questions)
        for question in questions:
            system, name, size = question
            known = replies.get(question)
            if known and ("samples" not in known or sum(known["samples"]) > 2):
                continue
            reply = workers[system].ask(name, size)
            if known and "samples" in reply:
                for part in ("stated", "samples"):
                    reply[part] = known[part] + reply[part]
            replies[question] = reply
    for reply in replies.values():
        if "samples" in reply:
            reply["seconds"] = statistics.median(reply["samples"])
            reply["with stating"] = reply["seconds"] + statistics.median(reply["stated"])
    return replies


def identities(workers: dict[str, Worker], rounds: int) -> dict[str, Results]:
    """The ten identities (two readings of the last) by every system, ours also checked."""
    questions = [(system, name, 0) for system in workers for name in IDENTITIES]
    questions += [("matgrad", f"{name}+check", 0) for name in IDENTITIES]
    replies = ask_all(questions, workers, rounds)
    table: dict[str, Results] = {name: {} for name in IDENTITIES}
    for (system, name, _), reply in replies.items():
        column = "checked" if name.endswith("+check") else system
        table[name.removesuffix("+check")][column] = reply
    return table


def scaling(
    family: str, workers: dict[str, Worker], options: argparse.Namespace
) -> dict[str, dict[int, dict[str, Any]]]:
    """One family of growing problems by every system that is asked."""
    rival_sizes = FULL_SIZES if options.full else RIVAL_SIZES
    questions = [("matgrad", family, size) for size in SIZES[family]]
    for rival in list(workers)[1:]:
        questions += [(rival, family, size) for size in rival_sizes[rival].get(family, ())]
    replies = ask_all(questions, workers, min(options.rounds, 3))
    table: dict[str, dict[int, dict[str, Any]]] = {system: {} for system in workers}
    for (system, _, size), reply in sorted(replies.items()):
        if "text" in reply:
            reply["names"] = len(re.findall(r"\w+", reply["text"]))
            del reply["text"]
        table[system][size] = reply
    return table


def exponent(points: list[tuple[float, float]]) -> float:
    """The slope of log y over log x by least squares."""
    xs, ys = zip(*((math.log(x), math.log(y)) for x, y in points), strict=True)
    return statistics.linear_regression(xs, ys).slope


def milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.2f}"


def cell(reply: dict[str, Any] | None, what: str = "seconds") -> str:
    """Milliseconds, or why there are none."""
    if reply is None:
        return "-"
    if what in reply:
        return milliseconds(reply[what])
    return f">{reply['timeout']:.0f} s" if "timeout" in reply else "refuses"


def print_identities(table: dict[str, Results], systems: list[str]) -> None:
    rivals = systems[1:]
    print("\nThe ten identities: CPU ms to differentiate, simplify and print, caches cleared")
    head = [part for rival in rivals for part in (rival, "ratio")]
    print_row(["identity", "matgrad", "and read", "and check", *head])
    for name, results in table.items():
        ours = results["matgrad"]
        row = [cell(ours), cell(ours, "with stating"), cell(results["checked"], "with stating")]
        for rival in rivals:
            ratio = quotient(results[rival], ours)
            row += [cell(results[rival]), "-" if ratio is None else f"{ratio:.0f}"]
        print_row([name, *row])
    print_row(["median", *(milliseconds(middle(table, *column)) for column in COLUMNS)])
    for rival in rivals:
        print(
            f"  {rival}: median ratio {median_ratio(table, rival):.0f}; "
            f"reading and building included {median_ratio(table, rival, 'with stating'):.0f}"
        )
        for name, results in table.items():
            if "refused" in results[rival]:
                print(f"  {rival} refuses {name}: {results[rival]['refused']}")


COLUMNS = (("matgrad", "seconds"), ("matgrad", "with stating"), ("checked", "with stating"))


def middle(table: dict[str, Results], column: str, what: str) -> float:
    values: list[float] = [row[column][what] for row in table.values() if what in row[column]]
    return statistics.median(values or [math.nan])


def median_ratio(table: dict[str, Results], rival: str, what: str = "seconds") -> float:
    """The median over what both answer of the rival's time over ours."""
    ratios = (quotient(row[rival], row["matgrad"], what) for row in table.values())
    return statistics.median([ratio for ratio in ratios if ratio is not None] or [math.nan])


def quotient(slow: dict[str, Any], fast: dict[str, Any], what: str = "seconds") -> float | None:
    return float(slow[what] / fast[what]) if what in slow and what in fast else None


def print_scaling(
    family: str, table: dict[str, dict[int, dict[str, Any]]], systems: list[str]
) -> None:
    sizes = SIZES[family]
    extra = sorted({size for row in table.values() for size in row} - set(sizes))
    shown = sorted({*sizes, *extra})
    print(f"\n{TITLES[family]}   (CPU ms; growth is the exponent of the size)")
    print_row(["", *(str(size) for size in shown), "growth"])
    for system in systems:
        if table[system]:
            replies = [table[system].get(size) for size in shown]
            print_row([system, *map(cell, replies), growth(table[system], "seconds")])
    names = [str(table["matgrad"].get(size, {}).get("names", "-")) for size in shown]
    print_row(["names printed", *names, growth(table["matgrad"], "names")])
    for system in systems:
        for size, reply in table[system].items():
            if "refused" in reply:
                print(f"  {system} refuses {size}: {reply['refused']}")


def growth(replies: dict[int, dict[str, Any]], what: str) -> str:
    points = [(float(size), reply[what]) for size, reply in replies.items() if what in reply]
    return f"{exponent(points):.2f}" if len(points) > 1 else "-"


def numpy_imported() -> bool:
    run = [command.executable(), *command.arguments(IDENTITIES["5.103"])]
    return any(module.split(".")[0] == "numpy" for module in command.modules(run))


def print_command(report: dict[str, Any]) -> None:
    print("\nThe command, a process each, check included: CPU ms of user and system together")
    for name, reply in report["command"].items():
        print_row([name, cell(reply)] + ([reply["refused"]] if "refused" in reply else []))
    print(f"NumPy imported: {'yes' if report['numpy imported'] else 'no'}")


def print_row(cells: list[str]) -> None:
    print(f"{cells[0]:<14}" + "".join(f"{text:>12}" for text in cells[1:]))


if __name__ == "__main__":
    main()
