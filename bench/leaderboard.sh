#!/usr/bin/env bash
# Measures the leaderboard against a full sort and prints one JSON object.
# Usage: bench/leaderboard.sh [STORE_PLAYERS STORE_DELTAS BROKER_PLAYERS BROKER_DELTAS]
# The modules must be installed (mvn install -Dmaven.test.skip); MAVEN_ARGS is passed to Maven. Needs some 8 GB of disk in FOLDER
# (default: a temporary folder) for the default sizes. NICE sets the priority, 0 by default.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
store_players=${1:-5000000}
store_deltas=${2:-50000000}
broker_players=${3:-200000}
broker_deltas=${4:-2000000}
folder=$(mktemp -d "${FOLDER:-${TMPDIR:-/tmp}}/leaderboard.XXXXXX")
trap 'rm -rf "$folder"' EXIT

# shellcheck disable=SC2086 # MAVEN_ARGS is several arguments.
mvn -B -q ${MAVEN_ARGS:-} -f "$root/bench/leaderboard/pom.xml" compile dependency:build-classpath \
    -Dmdep.outputFile="$folder/classpath" >&2
classpath="$root/bench/leaderboard/target/classes:$(cat "$folder/classpath")"

run() {
    nice -n "${NICE:-0}" "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx4g --enable-native-access=ALL-UNNAMED \
        --sun-misc-unsafe-memory-access=allow -cp "$classpath" io.grandstand.leaderboard.LeaderboardBench "$@"
}

load=$(cut -d' ' -f1-3 /proc/loadavg)
store=$(run store "$store_players" "$store_deltas" "$folder/store")
rm -rf "$folder/store"
broker=$(run broker "$broker_players" "$broker_deltas" "$folder/broker")

printf '{\n  "command": "bench/leaderboard.sh %d %d %d %d",\n' "$store_players" "$store_deltas" "$broker_players" "$broker_deltas"
printf '  "commit": "%s",\n' "$(git -C "$root" rev-parse --short HEAD)"
printf '  "hardware": "%s, %d cores, %d MB",\n' "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
    "$(awk '/MemTotal/ { print int($2 / 1024) }' /proc/meminfo)"
printf '  "nice": %d,\n  "loadAverageBefore": "%s",\n  "loadAverageAfter": "%s",\n' "${NICE:-0}" "$load" "$(cut -d' ' -f1-3 /proc/loadavg)"
printf '  "store": %s,\n  "broker": %s\n}\n' "$store" "$broker"
