#!/usr/bin/env bash
# Measures the packaged application on this machine, on each JDK 17, 21 and 25 there is (beside JAVA_HOME's, or in JAVA21_HOME and
# the like), with and without an archive of its classes: time from the start of the process to the first processed order, and
# memory after 100,000 orders. A broker and a registry are started for it. It takes about two minutes on two cores; the table is
# printed at the end, and stands in target/footprint/footprint.md.
#
#   docs/footprint.sh -Dfootprint.runs=5 -Dfootprint.orders=100000 -Dfootprint.jvm='-Xmx256m'
set -euo pipefail
cd "$(dirname "$0")/.."

exec ./mvnw -B -ntp -Pbench verify -Dintegration-tests='**/FootprintMeasurement.java' "$@"
