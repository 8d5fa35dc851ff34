#!/usr/bin/env bash
# Waits until an application has processed orders, events and item orders: each of its pipelines works.
#
#   .github/await-orders.sh http://localhost:8080 [seconds]
set -euo pipefail
url=$1
seconds=${2:-300}

for path in api/orders/stats api/events/stats api/tracker/stats; do
  echo "waiting for $url/$path"
  timeout "$seconds" bash -c 'until curl --silent --fail "$0" | grep --quiet --extended-regexp "\"received\":[1-9]"; do sleep 2; done' \
    "$url/$path"
  curl --silent --fail "$url/$path"
  echo
done
timeout "$seconds" bash -c 'until curl --silent --fail "$0" | grep --quiet --extended-regexp "\"processed\":[1-9]"; do sleep 2; done' \
  "$url/api/orders/stats"
