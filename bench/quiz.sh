#!/usr/bin/env bash
# Measures answers a second through the whole quiz, exactly once, against a bare consume-produce loop, and prints one JSON object.
# Usage: bench/quiz.sh [PLAYERS QUESTIONS]
# The modules must be installed (mvn install -Dmaven.test.skip); MAVEN_ARGS is passed to Maven, JAVA_ARGS to Java. FOLDER is where the
# broker keeps its data (default: a temporary folder). NICE sets the priority, 0 by default.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
players=${1:-10000}
questions=${2:-40}
folder=$(mktemp -d "${FOLDER:-${TMPDIR:-/tmp}}/quiz.XXXXXX")
trap 'rm -rf "$folder"' EXIT

# shellcheck disable=SC2086 # MAVEN_ARGS is several arguments.
mvn -B -q ${MAVEN_ARGS:-} -f "$root/bench/quiz/pom.xml" compile dependency:build-classpath \
    -Dmdep.outputFile="$folder/classpath" >&2
classpath="$root/bench/quiz/target/classes:$(cat "$folder/classpath")"

load=$(cut -d' ' -f1-3 /proc/loadavg)
# shellcheck disable=SC2086 # JAVA_ARGS is several arguments.
result=$(nice -n "${NICE:-0}" "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx2g --enable-native-access=ALL-UNNAMED \
    --sun-misc-unsafe-memory-access=allow ${JAVA_ARGS:-} -cp "$classpath" io.grandstand.quiz.QuizBench \
    "$players" "$questions" "$folder")

printf '{\n  "command": "bench/quiz.sh %d %d",\n' "$players" "$questions"
printf '  "commit": "%s",\n' "$(git -C "$root" rev-parse --short HEAD)"
printf '  "hardware": "%s, %d cores, %d MB",\n' "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
    "$(awk '/MemTotal/ { print int($2 / 1024) }' /proc/meminfo)"
printf '  "nice": %d,\n  "loadAverageBefore": "%s",\n  "loadAverageAfter": "%s",\n' "${NICE:-0}" "$load" "$(cut -d' ' -f1-3 /proc/loadavg)"
printf '  "result": %s\n}\n' "$result"
