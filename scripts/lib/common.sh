# shellcheck shell=bash
# What the scripts share: one-line errors, the check of the Swift version, installing Debian packages.
# Sourced, never run.

script=$(basename "$0" .sh)

# Print one line on standard error and stop.
fail() {
  echo "$script: $*" >&2
  exit 1
}

# The root of the repository.
# shellcheck disable=SC2034
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# Print a command, then run it.
run() {
  printf '\n$ %s\n' "$*"
  "$@"
}

# require_swift 6.2: stop unless the compiler is at least that new.
require_swift() {
  local wanted=$1 found
  command -v swift >/dev/null || fail "Swift $wanted or newer is missing: see https://www.swift.org/install"
  found=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1 || true)
  at_least "$wanted" "$found" || fail "Swift $wanted or newer is missing (found ${found:-none that runs})"
}

# at_least 6.2 6.10.1: true when the second version is not older than the first.
at_least() {
  [ -n "$2" ] && [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]
}

# Of the Debian packages named, print those that are not installed, on one line.
missing_packages() {
  local package missing=()
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  echo "${missing[*]-}"
}

is_installed() {
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Install those of the Debian packages named that are missing.
install_missing() {
  local missing=()
  read -r -a missing <<<"$(missing_packages "$@")"
  if [ ${#missing[@]} -gt 0 ]; then
    install_packages "${missing[@]}"
  fi
}

install_packages() {
  local log
  require_administrator "$@"
  log=$(mktemp)
  echo "$script: installing $*" >&2
  if ! all_known "$@" || ! try_install "$log" "$@"; then
    # The package lists are empty or out of date: fetch them, and only then.
    as_administrator apt-get update -qq >"$log" 2>&1 || explain_failure "$log" "$@"
    try_install "$log" "$@" || explain_failure "$log" "$@"
  fi
  rm -f "$log"
}

# True when the package lists on this machine know every package named.
all_known() {
  local package
  for package in "$@"; do
    apt-cache show "$package" >/dev/null 2>&1 || return 1
  done
}

# try_install LOG PACKAGE...
try_install() {
  local log=$1
  shift
  as_administrator env DEBIAN_FRONTEND=noninteractive \
    apt-get -o DPkg::Lock::Timeout=120 install --yes -qq --no-install-recommends "$@" >"$log" 2>&1 </dev/null
}

# explain_failure LOG PACKAGE...: what could not be installed, and the first reason that was given.
explain_failure() {
  local log=$1 why
  shift
  why=$(reason "$log")
  rm -f "$log"
  fail "missing: $*; cannot install: $why"
}

# The first line in which apt, sudo or pip says what is wrong, or else the last line.
reason() {
  grep -m 1 -E '^(E:|sudo:|ERROR:)' "$1" || tail -n 1 "$1"
}

# Stop when there is no way to become root. Without a terminal nobody can type sudo's password.
require_administrator() {
  [ "$(id -u)" -eq 0 ] && return
  command -v sudo >/dev/null || fail "missing: $*; as root: apt-get install $*"
  [ -t 0 ] || sudo -n true 2>/dev/null || fail "missing: $*; run: sudo apt-get install $*"
}

as_administrator() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}
