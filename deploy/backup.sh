#!/bin/sh
# Check a ledger, sign a checkpoint, back it up into a new file, and leave a status to alarm on.
#
#   backup.sh FOLDER                    once a night: tally-backup.timer, cron, or compose.yaml
#   backup.sh --status FOLDER [HOURS]   whenever the monitor asks
#
# The ledger is that of TALLY_LEDGER, its key that of TALLY_KEY, as for `tally`; TALLY names the
# program. FOLDER gets tally-TIME.db with its checkpoint and public key, which `tally restore`
# accepts. Of the nights before, as many are kept as TALLY_KEEP says (60); the ledger must extend
# the last one of them. FOLDER/status.json says how the last run went:
#
#   {"time": "2016-06-30T18:15:00Z", "result": "ok", "step": "done", "message": "", "last_good":
#    {"time": "2016-06-30T18:15:00Z", "name": "tally-20160630T181500Z.db",
#     "backup": {"file": "…", "position": 128, "root": "…"}}}
#
# After a failed run `result` is "failed", `step` is check, checkpoint or backup, `message` is what
# that command said first, and `last_good` is that of an earlier run, or null. Exit status 0 or 1.
#
# --status prints that file. Exit status 2, as monitors expect of what is critical, and a line that
# says why: the last run failed, there is no status, the last good backup is older than HOURS (26:
# a day and the time that a run takes), or its file is gone.
set -u
export LC_ALL="${LC_ALL:-C.UTF-8}"
umask 077

usage() {
    echo "usage: backup.sh FOLDER, or backup.sh --status FOLDER [HOURS]" >&2
    exit 2
}

critical() {
    echo "tally backup CRITICAL: $*"
    exit 2
}

# Print the name of the last good backup; nothing if there is none.
last_name() {
    sed -n 's/.*"name": "\(tally-[0-9TZ]*\.db\)".*/\1/p' "$folder/last-good.json" 2>/dev/null
}

if [ "${1:-}" = --status ]; then
    folder=${2:-} hours=${3:-26}
    [ -n "$folder" ] || usage
    case $hours in '' | *[!0-9]*) usage ;; esac
    cat "$folder/status.json" 2>/dev/null || critical "$folder has no status.json: no run has ended"
    grep -q '"result": "ok"' "$folder/status.json" || critical "the last run failed"
    [ -n "$(find "$folder/last-good.json" -mmin "-$((hours * 60))" 2>/dev/null)" ] ||
        critical "the last good backup is older than $hours hours"
    [ -s "$folder/$(last_name)" ] || critical "the last good backup is gone from $folder"
    exit 0
fi

folder=${1:-}
[ $# -eq 1 ] || usage
case $folder in '' | -*) usage ;; esac
keep=${TALLY_KEEP:-60}
case $keep in
    *[!0-9]* | 0)
        echo "backup.sh: TALLY_KEEP is not a number above 0: $keep" >&2
        exit 2
        ;;
esac

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
time=$(date -u +%Y-%m-%dT%H:%M:%SZ)
name=tally-$(echo "$time" | tr -d ':-').db

# Put a file in place whole; if that fails, leave no status that says "ok".
put() {
    if cp "$work/new" "$folder/$1.new" && mv -f "$folder/$1.new" "$folder/$1"; then return; fi
    rm -f "$folder/$1.new" "$folder/status.json"
    echo "backup.sh: $folder/$1 cannot be written" >&2
    exit 1
}

# Write the status: result, step, message.
say() {
    good=null
    [ -s "$folder/last-good.json" ] && good=$(cat "$folder/last-good.json")
    printf '{"time": "%s", "result": "%s", "step": "%s", "message": "%s", "last_good": %s}\n' \
        "$time" "$1" "$2" "$3" "$good" >"$work/new"
    put status.json
}

# Run a step; if it fails, say so with the first line that it printed, as a JSON string.
step() {
    now=$1
    shift
    "${TALLY:-tally}" "$now" "$@" >"$work/out" 2>"$work/err" && return
    cat "$work/out" "$work/err" >&2
    message=$(cat "$work/out" "$work/err" | head -n 1 | tr -d '\000-\037' | sed 's/[\\"]/\\&/g')
    say failed "$now" "$message"
    exit 1
}

last=$(last_name)
if [ -n "$last" ] && [ -s "$folder/$last.checkpoint" ]; then
    step check --against "$folder/$last.checkpoint"
else
    step check
fi
step checkpoint
step backup "$folder/$name" --json
made=$(tr -d '\n' <"$work/out")
printf '{"time": "%s", "name": "%s", "backup": %s}' "$time" "$name" "$made" >"$work/new"
put last-good.json
say ok "done" ""

# The oldest that are too many; nothing else in the folder is touched.
find "$folder" -maxdepth 1 -type f -name 'tally-????????T??????Z.db' | sort -r |
    tail -n "+$((keep + 1))" | while IFS= read -r old; do
    rm -f "$old" "$old.checkpoint" "$old.pub"
done
