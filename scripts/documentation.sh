#!/usr/bin/env bash
# Build the documentation as a web site: scripts/documentation.sh [FOLDER]
# A link that leads nowhere, or any other warning, is an error.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

# A build folder of its own, so that the options of this build never cause a rebuild of the others.
scratch=$repository/.build-documentation
site=${1:-$scratch/site}
mkdir -p "$site" || fail "cannot create the folder $site"
site=$(cd "$site" && pwd)

cd "$repository"
scripts/setup.sh
run swift package --scratch-path "$scratch" --allow-writing-to-directory "$site" \
  generate-documentation --target Boltzmann --output-path "$site" \
  --transform-for-static-hosting --warnings-as-errors
echo "To read it: python3 -m http.server --directory $site 8000, then http://localhost:8000/documentation/boltzmann"
