#!/bin/sh
# How jr-schedule's time depends on how many people there are:
#   nothing due, and 10,000 messages due, among FEW and MANY people.
# Prints seconds (the best of RUNS) and their ratio; the goals are in brackets.
set -eu
FEW=${FEW:-10000} MANY=${MANY:-1000000} DUE=${DUE:-10000} RUNS=${RUNS:-5}
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
reentry: always
steps:
  - sms:
      if: sms_consent == true
      body: "Hi {{ first_name }}, your card ends in {{ event.last4 }}"
!
cat >jr.yaml <<'!'
timezone: UTC
channels:
  sms:
    provider: sandbox
senders:
  main: {from: "+12065550100", type: 10dlc, registered: true}
!
T0=1793620800 # 2026-11-02T12:00:00Z

# people N: consents for N people, each with a number of their own.
people() {
	awk -v n="$1" -v t="$T0" 'BEGIN { for (i = 0; i < n; i++) printf \
		"{\"type\":\"person\",\"identifiers\":{\"id\":\"u_%d\"}," \
		"\"action\":\"identify\",\"timestamp\":%d,\"attributes\":{" \
		"\"first_name\":\"Ana\",\"email\":\"u%d@example.com\"," \
		"\"plan\":\"pro\",\"timezone\":\"Europe/London\"," \
		"\"phone\":\"+4477%08d\",\"sms_phone\":\"+4477%08d\"," \
		"\"sms_consent\":true,\"sms_consent_at\":%d," \
		"\"sms_consent_ip\":\"203.0.113.7\"}}\n", \
		i, t, i, i, i, t }'
}

pings() {
	awk -v n="$DUE" -v all="$1" -v t="$T0" 'BEGIN { for (i = 0; i < n; i++)
		printf "{\"type\":\"person\",\"identifiers\":{\"id\":\"u_%d\"}," \
		"\"action\":\"event\",\"id\":\"p%d\",\"name\":\"Ping\"," \
		"\"timestamp\":%d,\"attributes\":{\"last4\":\"4242\"}}\n", \
		int(i * all / n), i, t + 60 }'
}

# took COMMAND...: its wall time in seconds.
took() {
	begun=$(date +%s%N)
	"$@"
	ended=$(date +%s%N)
	awk -v a="$begun" -v b="$ended" 'BEGIN { printf "%.4f\n", (b - a) / 1e9 }'
}

tick() {
	jr-schedule --quiet --state "$1" --now "$2" </dev/null >"$3"
}

for n in $FEW $MANY; do
	people "$n" | jr-ingest --quiet --state "$n.db" --now "$((T0 + 1))" \
		>/dev/null
	tick "$n.db" "$((T0 + 2))" /dev/null # reads the log once
	for _ in $(seq "$RUNS"); do
		took tick "$n.db" "$((T0 + 3))" /dev/null
	done | sort -n | head -n 1 >"idle.$n"
	pings "$n" | jr-ingest --quiet --state "$n.db" \
		--now "$((T0 + 61))" >/dev/null
	: >all
	for _ in $(seq "$RUNS"); do
		cp "$n.db" tick.db
		sync # of the copy: the system writes it still, which is no tick's
		took tick tick.db "$((T0 + 62))" sent >>all
		rm -f tick.db*
		offered=$(grep -c '"type":"message"' sent)
		[ "$offered" -eq "$DUE" ] || {
			echo "only $offered of $DUE messages were offered" >&2
			exit 1
		}
	done
	sort -n all | head -n 1 >"due.$n"
done
ratio() {
	paste "$1.$FEW" "$1.$MANY" | awk -v what="$2" -v goal="$3" \
		'{ printf "%s: %.4f s, %.4f s, ratio %.2f (goal %s)\n",
			what, $1, $2, $2 / $1, goal }'
}
ratio idle "schedule, nothing due, $FEW and $MANY people" \
	"1.2 and 0.020 s"
ratio due "schedule, $DUE due, $FEW and $MANY people" "1.2"
