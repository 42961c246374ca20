#!/usr/bin/env bash
# How long `./grandstand demo` takes until it can be played, what it holds then, and how long it takes to stop.
# Usage: bench/startup.sh [RUNS]. Prints one JSON object; the checkout must be built.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
runs=${1:-5}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

now_ms() { echo $(($(date +%s%N) / 1000000)); }

# run NAME DATA: starts, waits for the address, lets it play for 20 s, reads its memory, stops it with Ctrl-C's signal.
run() {
    local log="$folder/log" started pid playable stopped rss
    : >"$log"
    started=$(now_ms)
    "$root/grandstand" demo --port 0 --data "$2" >"$log" 2>&1 &
    pid=$!
    until grep -q 'Play: ' "$log"; do
        kill -0 "$pid" || { cat "$log" >&2; exit 1; }
        sleep 0.02
    done
    playable=$(($(now_ms) - started))
    sleep 20
    rss=$(awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$pid/status")
    stopped=$(now_ms)
    # A background job of a script ignores SIGINT; SIGTERM ends the program in the same way.
    kill -TERM "$pid"
    wait "$pid" || true
    stopped=$(($(now_ms) - stopped))
    printf '{"start":"%s","playableMs":%d,"rssMbAfter20s":%d,"stopMs":%d}' "$1" "$playable" "$rss" "$stopped"
}

results=()
for ((i = 0; i < runs; i++)); do
    results+=("$(run fresh "$folder/data-$i")")
    results+=("$(run again "$folder/data-$i")")
done

lib="$root/cli/target/dist/lib"
printf '{\n  "command": "bench/startup.sh %d",\n' "$runs"
printf '  "commit": "%s",\n' "$(git -C "$root" rev-parse --short HEAD)"
printf '  "hardware": "%s, %d cores, %d MB",\n' "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
    "$(awk '/MemTotal/ { print int($2 / 1024) }' /proc/meminfo)"
printf '  "classPathJars": %d,\n  "classPathMb": %d,\n  "runs": [\n' "$(find "$lib" -name '*.jar' | wc -l)" "$(du -sm "$lib" | cut -f1)"
for ((i = 0; i < ${#results[@]}; i++)); do
    printf '    %s%s\n' "${results[i]}" "$([ $((i + 1)) -lt ${#results[@]} ] && echo ,)"
done
printf '  ]\n}\n'
