#!/usr/bin/env bash
# Writes a cache of the classes of the application in the working directory, loaded and linked, for java -XX:AOTCache=FILE.
# For it the application is started once, without broker and registry, and stopped as soon as it listens. Needs JDK 25 or later; the
# cache is good for exactly this JDK and these jars.
#
#   aot-cache.sh FILE
set -euo pipefail
cache=$1
log=$cache.log

export KAFKA_BOOTSTRAP_SERVERS=localhost:1 SCHEMA_REGISTRY_URL=http://localhost:1 ORDERS_COUNT=0 HTTP_PORT=0 METRICS_PORT=0
# The heap is given so that the machine that builds does not decide on the form of references.
java -Xmx256m -XX:AOTCacheOutput="$cache" -jar quarkus-run.jar >"$log" 2>&1 &
application=$!
until grep -q 'Listening on' "$log"; do
    kill -0 "$application" || { cat "$log"; exit 1; }
    sleep 0.1
done
kill "$application"
wait "$application" || true
test -s "$cache" || { cat "$log"; exit 1; }
rm "$log"
