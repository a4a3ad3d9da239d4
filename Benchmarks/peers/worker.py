"""Runs one contender once, in a process of its own, so that it can be timed from outside.

usage: worker.py CONTENDER train  DATA.npy OUTPUT.safetensors --settings JSON --epochs N [--start MODEL] [--seed N]
       worker.py CONTENDER gan    DATA.npy OUTPUT.json        --settings JSON --epochs N                 [--seed N]
       worker.py CONTENDER sample MODEL OUTPUT.npy            --chains N --steps N               [--seed N]
       worker.py CONTENDER anneal MODEL OUTPUT.json           --chains N --schedule FILE.npy     [--seed N]
"""

import argparse
import importlib
import json

import numpy as np

import machine_file
from contenders.interface import GANSettings, Settings


def train(contender, options):
    settings = Settings(**json.loads(options.settings))
    start = machine_file.read(options.start) if options.start else None
    machine = contender.train(np.load(options.input), options.epochs, settings, options.seed, start)
    machine_file.write(machine, options.output)


def gan(contender, options):
    settings = GANSettings(**json.loads(options.settings))
    cost = contender.train(np.load(options.input), options.epochs, settings, options.seed)
    with open(options.output, "w") as file:
        json.dump({"discriminator_cost": cost}, file)


def sample(contender, options):
    machine = machine_file.read(options.input)
    np.save(options.output, contender.sample(machine, options.chains, options.steps, options.seed))


def anneal(contender, options):
    machine, schedule = machine_file.read(options.input), np.load(options.schedule)
    log_partition = contender.anneal(machine, schedule, options.chains, options.seed)
    with open(options.output, "w") as file:
        json.dump({"log_partition": log_partition}, file)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("contender")
    parser.add_argument("work", choices=["train", "gan", "sample", "anneal"])
    parser.add_argument("input")
    parser.add_argument("output")
    parser.add_argument("--settings")
    parser.add_argument("--start")
    parser.add_argument("--schedule")
    for number in ("--epochs", "--chains", "--steps"):
        parser.add_argument(number, type=int)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    contender = importlib.import_module(f"contenders.{options.contender}")
    {"train": train, "gan": gan, "sample": sample, "anneal": anneal}[options.work](contender, options)


if __name__ == "__main__":
    main()
