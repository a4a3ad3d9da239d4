#!/usr/bin/env bash
# Run all tests: the quick ones in debug, then all of them, the statistical ones included, in release.
# Arguments go to both runs of `swift test`, for example: scripts/test.sh --filter Philox
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

cd "$repository"
scripts/setup.sh
run swift test --disable-xctest "$@"
# Without testable imports (there are none), so that these tests run the code that users run, compiled
# exactly as `swift build --configuration release` compiles it.
run swift test --disable-xctest --disable-testable-imports --configuration release "$@"
