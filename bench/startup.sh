#!/usr/bin/env bash
# How long `./grandstand demo` takes until it can be played, a gateway beside it until it takes connections, what they hold
# 20 s later and at most, and how long the demo takes to stop.
# Usage: bench/startup.sh [RUNS]. Prints one JSON object; the checkout must be built (./grandstand build makes the cache that
# halves the times; without it they are those of a start without). GRANDSTAND_JAVA_OPTS is passed on, -Xmx512m for example.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
runs=${1:-5}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

now_ms() { echo $(($(date +%s%N) / 1000000)); }

mb() { # field of /proc/PID/status, PID
    awk -v field="$1:" '$1 == field { print int($2 / 1024) }' "/proc/$2/status"
}

await_line() { # what is said, LOG, PID of who says it
    until grep -q "$1" "$2"; do
        kill -0 "$3" || { cat "$2" >&2; exit 1; }
        sleep 0.02
    done
}

# gateway BROKER: starts one before the demo's topics, reads its memory 20 s later, ends it.
gateway() {
    local log="$folder/gateway.log" started pid ready rss
    cat >"$folder/gateway.yaml" <<YAML
listen: {host: 127.0.0.1, port: 0}
kafka: {bootstrap.servers: "$1"}
authentication: {hmac: {secret: "a secret of this measurement alone"}}
namespaces:
  question: {mode: latest, subscribe: any}
  result: {subscribe: own}
YAML
    : >"$log"
    started=$(now_ms)
    "$root/grandstand" gateway --config "$folder/gateway.yaml" --data "$folder/gateway" >"$log" 2>&1 &
    pid=$!
    await_line 'is ready: ' "$log" "$pid"
    ready=$(($(now_ms) - started))
    sleep 20
    rss=$(mb VmRSS "$pid")
    kill -TERM "$pid"
    wait "$pid" || true
    printf '"gatewayReadyMs":%d,"gatewayRssMb":%d' "$ready" "$rss"
}

# run NAME DATA: starts, waits for the address, lets it play for 20 s, reads its memory, stops it with Ctrl-C's signal.
run() {
    local log="$folder/log" started pid playable stopped rss peak beside
    : >"$log"
    started=$(now_ms)
    "$root/grandstand" demo --port 0 --data "$2" >"$log" 2>&1 &
    pid=$!
    await_line 'Play: ' "$log" "$pid"
    playable=$(($(now_ms) - started))
    sleep 20
    rss=$(mb VmRSS "$pid")
    beside=$(gateway "$(sed -n 's/.*broker in this process at \([^ ]*\).*/\1/p' "$log" | head -n 1)") || { kill -TERM "$pid"; exit 1; }
    peak=$(mb VmHWM "$pid")
    stopped=$(now_ms)
    # A background job of a script ignores SIGINT; SIGTERM ends the program in the same way.
    kill -TERM "$pid"
    wait "$pid" || true
    stopped=$(($(now_ms) - stopped))
    printf '{"start":"%s","playableMs":%d,"rssMbAfter20s":%d,"peakMb":%d,"stopMs":%d,%s}' \
        "$1" "$playable" "$rss" "$peak" "$stopped" "$beside"
}

results=()
for ((i = 0; i < runs; i++)); do
    results+=("$(run fresh "$folder/data-$i")")
    results+=("$(run again "$folder/data-$i")")
done

lib="$root/cli/target/dist/lib"
printf '{\n  "command": "bench/startup.sh %d",\n' "$runs"
printf '  "javaOptions": "%s",\n  "cache": %s,\n' "${GRANDSTAND_JAVA_OPTS:-}" \
    "$([ -f "$root/cli/target/dist/grandstand.aot" ] && echo true || echo false)"
printf '  "commit": "%s",\n' "$(git -C "$root" rev-parse --short HEAD)"
printf '  "hardware": "%s, %d cores, %d MB",\n' "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
    "$(awk '/MemTotal/ { print int($2 / 1024) }' /proc/meminfo)"
printf '  "classPathJars": %d,\n  "classPathMb": %d,\n  "runs": [\n' "$(find "$lib" -name '*.jar' | wc -l)" "$(du -sm "$lib" | cut -f1)"
for ((i = 0; i < ${#results[@]}; i++)); do
    printf '    %s%s\n' "${results[i]}" "$([ $((i + 1)) -lt ${#results[@]} ] && echo ,)"
done
printf '  ]\n}\n'
