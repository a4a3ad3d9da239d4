#!/usr/bin/env bash
# From nothing to a machine that has learned handwritten digits: installs what is missing, builds in release,
# trains, prints likelihoods, writes pictures. Safe to run again: it replaces what it made before.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

cd "$repository"
scripts/setup.sh
run swift build --configuration release --product boltzmann
tool=.build/release/boltzmann
folder=runs/quickstart
model=$folder/model.safetensors

run "$tool" train --data digits --hidden 64 --method pcd --epochs 300 --learning-rate 0.02 --schedule linear \
  --log-likelihood-every 100 --seed 1 --overwrite --output "$folder" | awk 'NR == 1 || $1 % 20 == 0'
run "$tool" evaluate "$model" --data digits --seed 1
run "$tool" sample "$model" --count 100 --steps 1000 --seed 1 --output "$folder/samples.png"
run "$tool" info "$model" --filters "$folder/filters.png"

printf '\nThe model, its metrics and the pictures are in %s:\n' "$folder"
ls "$folder"
