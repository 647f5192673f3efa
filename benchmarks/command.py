"""What the command costs: CPU time of whole processes, and the modules they load."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

from problems import IDENTITIES, Problem


def executable() -> str:
    """The `matgrad` that belongs to this Python."""
    found = shutil.which("matgrad", path=str(Path(sys.executable).parent))
    if found is None:
        raise RuntimeError(f"no matgrad command beside {sys.executable}")
    return found


def arguments(problem: Problem) -> list[str]:
    """The command's arguments for a problem, default settings: the check is made."""
    given = ["--given", problem.given] if problem.given else []
    return [f"d/d{problem.wrt} {problem.text}", *given]


def cpu_seconds(command: list[str]) -> float:
    """User and system time of one run.  Raises RuntimeError when it fails."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"exit status {process.returncode}: {command}")
    return usage.ru_utime + usage.ru_stime


def modules(command: list[str]) -> set[str]:
    """The modules that a run imports."""
    run = subprocess.run(
        [sys.executable, "-X", "importtime", *command], capture_output=True, text=True, check=True
    )
    return {
        line.rsplit("|", 1)[1].strip()
        for line in run.stderr.splitlines()
        if line.startswith("import time:")
    }


def measure(rounds: int) -> dict[str, dict[str, float | str]]:
    """Median CPU seconds of each identity's command, and of Python doing nothing."""
    commands = {"python -c pass": [sys.executable, "-c", "pass"]}
    for name, problem in IDENTITIES.items():
        commands[name] = [executable(), *arguments(problem)]
    samples: dict[str, list[float]] = {name: [] for name in commands}
    failures: dict[str, str] = {}
    for _ in range(rounds):
        for name, command in commands.items():
            if name not in failures:
                try:
                    samples[name].append(cpu_seconds(command))
                except RuntimeError as error:
                    failures[name] = str(error)
    return {
        name: {"refused": failures[name]}
        if name in failures
        else {"seconds": statistics.median(samples[name])}
        for name in commands
    }
