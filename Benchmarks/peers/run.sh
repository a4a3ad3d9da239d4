#!/usr/bin/env bash
# Time Boltzmann beside other programs: set up all that is needed, then run benchmark.py with the options given.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../../scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/common.sh"

usage() {
  cat <<'END'
usage: Benchmarks/peers/run.sh [--tasks TASK...] [--peers PEER...] [--alternations N] [--threads N]
                               [--json FILE] [--quick]

  --tasks         cd1 cd1-wide one-hot categorical gaussian sparse minibatch10 pcd10 pcd10-late gan sampling ais
                  (default: all)
  --peers         scikit-learn numpy rbms pytorch-ordinary pytorch-dense pytorch-rows pytorch-bfloat16
                  softmax-ordinary softmax-dense softmax-rows gaussian-dense pytorch-gan
                  (default: those that a task has by itself, see suite.py)
  --alternations  trials of everyone, in turn (default: 5)
  --threads       for everyone (default: all cores)
  --json          a file for every single time
  --quick         little data, one alternation: does it all run? The times mean nothing.

Progress goes to standard error, the table (Markdown) to standard output. Exit status 1: somebody did other
work than we did. The Python packages go into .venv-peers, the data into $BOLTZMANN_DATA or ~/.cache/boltzmann.
END
}

script=peers
here=$repository/Benchmarks/peers
environment=$repository/.venv-peers

# The list of requirements is kept beside what was installed from it; a new list is installed anew.
set_up_python() {
  cmp -s "$here/requirements.txt" "$environment/requirements.txt" && return
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null || fail "Python 3.9 or newer is missing"
  if ! python3 -c 'import ensurepip' 2>/dev/null && command -v apt-get >/dev/null; then
    install_missing python3-venv
  fi
  echo "$script: installing Python packages into $environment; PyTorch takes some minutes" >&2
  python3 -m venv "$environment" >&2 || fail "python3 cannot make a virtual environment"
  "$environment/bin/pip" install --quiet --requirement "$here/requirements.txt" >&2 ||
    fail "pip cannot install the packages of $here/requirements.txt"
  cp "$here/requirements.txt" "$environment/requirements.txt"
}

build() {
  "$repository/scripts/setup.sh"
  (cd "$repository" && swift build --configuration release --product boltzmann >&2) ||
    fail "the release build failed"
}

for option in "$@"; do
  case $option in -h | --help) usage && exit ;; esac
done
set_up_python
build
"$repository/scripts/datasets.sh" mnist >/dev/null
# They would choose slower kernels, or fewer threads, than a user gets.
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE OPENBLAS_NUM_THREADS OMP_NUM_THREADS MKL_NUM_THREADS
exec "$environment/bin/python" "$here/benchmark.py" "$@"
