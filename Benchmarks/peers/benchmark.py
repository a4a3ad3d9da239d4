"""Boltzmann and other programs, the same work, in turn. Started by run.sh, which sets up what it needs."""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import report
from commands import OURS, PEERS
from machine_report import conditions
from running import Failed, Runner
from suite import suite
from tasks import TrainTask


def main():
    options = parse()
    cache = Path(os.environ.get("BOLTZMANN_DATA", Path.home() / ".cache" / "boltzmann")) / "peers"
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="boltzmann-peers.") as folder:
        runner = Runner(folder, options.threads)
        tasks = chosen(suite(cache, options.quick), options)
        results = []
        for task in tasks:
            results.append(compete(task, runner, options.alternations))
            save(options.json, results)
        found = conditions(runner, probe(runner, cache))
    save(options.json, results, found)
    print(report.conditions_text(found), report.table(results), sep="\n\n")
    sys.exit(0 if all(c["passes"] for r in results for c in r["contenders"].values()) else 1)


def parse():
    parser = argparse.ArgumentParser(prog="Benchmarks/peers/run.sh", description=__doc__)
    names = [task.name for task in suite(Path("."))]
    parser.add_argument("--tasks", nargs="+", choices=names, default=names, metavar="TASK", help=", ".join(names))
    parser.add_argument(
        "--peers", nargs="+", choices=list(PEERS), metavar="PEER",
        help=f"instead of those that a task has by itself: {', '.join(PEERS)}")
    parser.add_argument("--alternations", type=int, default=5, metavar="N", help="trials of each (default: 5)")
    parser.add_argument("--threads", type=int, metavar="N", help="for everyone (default: all cores)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="every single time, too")
    parser.add_argument("--quick", action="store_true", help="little data, one alternation: does it all run?")
    options = parser.parse_args()
    if options.quick:
        options.alternations = 1
    return options


def chosen(tasks, options):
    tasks = [task for task in tasks if task.name in options.tasks]
    for task in tasks:
        if options.quick:
            task.title, task.bars = f"(quick) {task.title}", {}
        if options.peers:
            task.contenders = [OURS] + [PEERS[name] for name in options.peers]
        for peer in [peer for peer in task.contenders if not (peer.is_installed and task.admits(peer))]:
            task.contenders.remove(peer)
            say(f"{task.name}: without {peer.name}, which is not installed or does not do it")
    return [task for task in tasks if len(task.contenders) > 1]


def compete(task, runner, alternations):
    say(f"{task.name}: {task.title}")
    begin = time.perf_counter()
    task.prepare(runner)
    checks = {}
    for contender in task.contenders:
        check = checks[contender.name] = task.check(runner, contender)
        verdict = "" if check.passes else ", too far from ours"
        say(f"  {contender.name}: {task.compared} {check.value:.2f} (ours {check.reference:.2f}){verdict}")
    seconds = {contender.name: [] for contender in task.contenders}
    for alternation in range(alternations):
        for contender in task.contenders:
            seconds[contender.name].append(task.trial(runner, contender))
        latest = ", ".join(f"{name} {values[-1]:.3g}" for name, values in seconds.items())
        say(f"  {alternation + 1}/{alternations} {task.unit}: {latest}")
    say(f"  {time.perf_counter() - begin:.0f} s in all")
    return result(task, checks, seconds)


def result(task, checks, seconds):
    contenders = {
        contender.name: {
            "label": contender.label, "seconds": seconds[contender.name],
            "ratios": report.ratios(seconds[OURS.name], seconds[contender.name]),
            "bar": task.bars.get(contender.name), **vars(checks[contender.name]),
        }
        for contender in task.contenders
    }
    pytorch = [c.name for c in task.contenders if c.is_float32_pytorch and checks[c.name].passes]
    if pytorch:
        best = contenders[min(pytorch, key=lambda name: median(seconds[name]))]
        best["label"] += " — the fastest PyTorch" if len(pytorch) > 1 else ""
        best["bar"] = task.bars.get("pytorch", best["bar"])
    return {
        "name": task.name, "title": task.title, "unit": task.unit, "compared": task.compared,
        "data": task.data_description, "contenders": contenders,
    }


def probe(runner, cache):
    """A training of a moment, whose run.json names the versions of our tool."""
    task = next(task for task in suite(cache, quick=True) if isinstance(task, TrainTask))
    task.prepare(runner)
    task.train(runner, OURS, 1)
    return runner.folder / "run"


def save(path, results, found=None):
    if path:
        path.write_text(json.dumps({"conditions": found, "tasks": results}, indent=1, sort_keys=True) + "\n")


def say(line):
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        sys.exit(f"peers: {failure}")
