#!/bin/sh
# DUE messages that fall due in one tick are gated, rendered and offered: the
# seconds of processor it takes, its memory against that of a tenth as many,
# and the ratio to the bare inserts of the rows that it makes, by the sqlite3
# shell, in one transaction and without any question asked.
set -eu
DUE=${DUE:-100000}
command -v sqlite3 >/dev/null || { echo 'sqlite3 is not here' >&2; exit 0; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
mkdir workflows
cat >workflows/ping.yaml <<'!'
name: ping
approved_by: bench
approved_on: 2026-01-01
why_sms: to be measured
trigger:
  event: Ping
steps:
  - wait: 1h
  - sms:
      if: sms_consent == true
      body: "Hi {{ first_name }}, your card ends in {{ event.last4 }}"
!
cat >jr.yaml <<'!'
timezone: UTC
channels:
  sms: {provider: sandbox}
senders:
  main: {from: "+12065550100", type: 10dlc, registered: true}
!
T0=1793620800 # 2026-11-02T12:00:00Z

pings() {
	awk -v n="$1" -v t="$T0" 'BEGIN { for (i = 0; i < n; i++) {
		printf "{\"type\":\"person\",\"identifiers\":{\"id\":\"u_%d\"}," \
		"\"action\":\"identify\",\"timestamp\":%d,\"attributes\":{" \
		"\"first_name\":\"Ana\",\"email\":\"u%d@example.com\"," \
		"\"plan\":\"pro\",\"timezone\":\"Europe/London\"," \
		"\"sms_phone\":\"+4477%08d\",\"sms_consent\":true," \
		"\"sms_consent_at\":%d,\"sms_consent_ip\":\"203.0.113.7\"}}\n", \
		i, t, i, i, t
		printf "{\"type\":\"person\",\"identifiers\":{\"id\":\"u_%d\"}," \
		"\"action\":\"event\",\"id\":\"p%d\",\"name\":\"Ping\"," \
		"\"timestamp\":%d,\"attributes\":{\"last4\":\"4242\"}}\n", \
		i, i, t + 60 } }'
}

# measure COMMAND...: seconds of processor, and peak memory in MiB.
measure() {
	python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdin=subprocess.DEVNULL,
               stdout=open("sent", "w"))
use = resource.getrusage(resource.RUSAGE_CHILDREN)
print("%.3f %d" % (use.ru_utime + use.ru_stime, use.ru_maxrss / 1024))' "$@"
}

tick() { # PEOPLE: what the tick takes, in due.PEOPLE
	pings "$1" | jr-ingest --quiet --state "$1.db" --now "$((T0 + 61))" \
		>/dev/null
	jr-schedule --quiet --state "$1.db" --now "$((T0 + 62))" </dev/null
	sqlite3 "$1.db" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
	cp "$1.db" before.db
	measure jr-schedule --quiet --state "$1.db" --now "$((T0 + 3660))" \
		>"due.$1"
	offered=$(grep -c '"type":"message"' sent)
	[ "$offered" -eq "$1" ] || {
		echo "only $offered of $1 messages were offered" >&2
		exit 1
	}
}
few=$((DUE / 10))
tick "$few"
tick "$DUE"
# Of what the tick wrote: each row once.
measure sqlite3 before.db "PRAGMA synchronous = FULL;
	PRAGMA cache_size = -65536; ATTACH '$DUE.db' AS done; BEGIN IMMEDIATE;
	INSERT INTO messages SELECT * FROM done.messages;
	INSERT OR REPLACE INTO enrolments SELECT * FROM done.enrolments;
	INSERT OR REPLACE INTO counters SELECT * FROM done.counters; COMMIT" \
	>bare
paste "due.$DUE" "due.$few" bare | awk -v n="$DUE" '{ printf \
	"schedule, %d due in one tick: %.2f s, %.0f us each, %d MiB (a tenth:" \
	" %d MiB); bare inserts %.2f s, ratio %.1f\n", \
	n, $1, $1 / n * 1e6, $2, $4, $5, $1 / $5 }'
