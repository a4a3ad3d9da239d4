#!/usr/bin/env bash
# Install what building and testing need and this machine lacks. Safe to run again; quick when all is there.
# Where it cannot install, it says in one line what is missing and exits 1.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

setup_macos() {
  local brew_prefix
  command -v brew >/dev/null || fail "Homebrew is missing; then: brew install openblas pkg-config"
  brew_prefix=$(brew --prefix)
  if [ ! -d "$brew_prefix/opt/openblas/lib" ] || ! command -v pkg-config >/dev/null; then
    fail "OpenBLAS or pkg-config is missing: brew install openblas pkg-config"
  fi
}

setup_debian() {
  install_missing libopenblas-dev liblapacke-dev zlib1g-dev pkg-config git
}

# No apt: accept the libraries however they came here.
setup_elsewhere() {
  pkg-config --exists openblas lapacke zlib 2>/dev/null ||
    fail "missing: OpenBLAS, LAPACKE or zlib with headers, or pkg-config; install them by hand (no apt here)"
}

require_swift 6.2
case "$(uname -s)" in
  Darwin) setup_macos ;;
  *) if command -v apt-get >/dev/null; then setup_debian; else setup_elsewhere; fi ;;
esac
