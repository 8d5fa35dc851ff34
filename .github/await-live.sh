#!/usr/bin/env bash
# Starts an image as docs/operations.md has it, with nothing around it, and waits until it is live: without a broker it listens,
# and waits for one.
#
#   .github/await-live.sh IMAGE [seconds]
set -euo pipefail
image=$1
seconds=${2:-60}

container=$(docker run --detach --read-only --tmpfs /tmp:exec --volume /var/lib/orderstream --cap-drop ALL \
  --publish 127.0.0.1:9000:9000 --env ORDERS_COUNT=0 "$image")
trap 'docker logs --tail 50 "$container"; docker rm --force --volumes "$container" >/dev/null' EXIT

until curl --silent --fail --max-time 5 http://127.0.0.1:9000/q/health/live; do
  if [ "$SECONDS" -ge "$seconds" ] || [ "$(docker inspect --format '{{.State.Running}}' "$container")" != true ]; then
    echo "$image is not live" >&2
    exit 1
  fi
  sleep 1
done
echo
