# How the scripts tell what they do and how long it takes. Sourced, never run.
# shellcheck shell=bash

if [[ -t 1 ]]; then
  STEP_BOLD=$'\e[1m' STEP_DIM=$'\e[2m' STEP_END=$'\e[0m'
else
  STEP_BOLD='' STEP_DIM='' STEP_END=''
fi

say() { printf '%s%s%s\n' "$STEP_BOLD" "$*" "$STEP_END"; }

fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# The names and seconds of the finished steps, for a table at the end.
STEP_NAMES=()
STEP_SECONDS=()

# step NAME COMMAND…: says what starts, runs it, says how long it took. COMMAND is a program or `quietly`: `set -e` does not reach into
# a function that is called here.
step() {
  local name=$1 start=$SECONDS status=0
  shift
  say "==> $name"
  "$@" || status=$?
  STEP_NAMES+=("$name")
  STEP_SECONDS+=($((SECONDS - start)))
  if ((status != 0)); then
    say "==> $name FAILED after $((SECONDS - start)) s (exit status $status)"
    return "$status"
  fi
  printf '%s    %s: %d s%s\n' "$STEP_DIM" "$name" $((SECONDS - start)) "$STEP_END"
}

# quietly LOG COMMAND…: shows the output only when the command fails.
quietly() {
  local log=$1 status=0
  shift
  mkdir -p "$(dirname "$log")"
  "$@" >"$log" 2>&1 </dev/null || status=$?
  ((status == 0)) || cat "$log" >&2
  return "$status"
}

step_table() {
  local i
  for i in "${!STEP_NAMES[@]}"; do
    printf '%6d s  %s\n' "${STEP_SECONDS[i]}" "${STEP_NAMES[i]}"
  done
}
