#!/bin/sh
# How fast jr-send-sms hands over to a provider 50 ms away: the share of what
# in_flight and --rate allow, and beside it of what a bare client reaches with
# as many at once just before; this core's time for 1,000 messages, and the most
# memory at NUMBER messages and at a tenth of them.  On a machine with other work
# it is that which is measured: say "chrt -r 1" before the command, then.
set -eu
NUMBER=${NUMBER:-30000} B=${B:-$PWD/build}
[ -x /usr/bin/time ] || { echo 'sms: skipped, no /usr/bin/time'; exit 0; }
dir=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$dir"' EXIT
cd "$dir"
umask 077
NOW=1793620900 # 2026-11-02T12:01:40Z

mkfifo hold
"$B/tests/tools/slow_sms" 50 <hold >port &
server=$!
exec 3>hold
while [ ! -s port ]; do sleep 0.1; done
echo secret >token
cat >common.yaml <<!
timezone: UTC
caps: {sms: []}
quiet_hours: {channels: []}
channels: {sms: {provider: twilio}}
senders: {main: {from: "+12025550100", type: toll_free, registered: true}}
providers:
  twilio:
    account_sid: AC00000000000000000000000000000000
    auth_token_file: token
    base_url: http://127.0.0.1:$(cat port)
!
mkdir workflows
cat >workflows/w.yaml <<'!'
name: w
approved_by: bench
approved_on: 2026-01-01
why_sms: it is a bench
trigger: {event: Go}
steps:
  - sms: {id: s, body: "Acme: {{ first_name }}, your card ends in {{ event.last4 }}. Reply STOP to end."}
!

# offer N: N messages of as many people, in the file offered and the state.
offer() {
	rm -rf jr.db*
	awk -v n="$1" -v t="$((NOW - 100))" 'BEGIN { for (i = 0; i < n; i++) {
		who = "{\"type\":\"person\",\"identifiers\":{\"id\":\"u_" i "\"}"
		print who ",\"action\":\"identify\",\"timestamp\":" t \
			",\"attributes\":{\"first_name\":\"Ana\",\"phone\":\"+1206" \
			sprintf("555%04d", i % 10000) "\",\"sms_consent\":true," \
			"\"sms_consent_at\":" t ",\"sms_consent_ip\":\"192.0.2.1\"}}"
		print who ",\"action\":\"event\",\"id\":\"p" i \
			"\",\"name\":\"Go\",\"timestamp\":" t + 60 \
			",\"attributes\":{\"last4\":\"4242\"}}"
	} }' | jr-ingest -q --now "$NOW" >/dev/null
	jr-schedule -q --now "$NOW" </dev/null >offered
}

# run N ALLOWED IN_FLIGHT OPTIONS...: N messages, of which ALLOWED a second.
run() {
	n=$1 allowed=$2 in_flight=$3
	shift 3
	{
		cat common.yaml
		echo "    in_flight: $in_flight"
	} >jr.yaml
	offer "$n"
	bare=$("$B/tests/tools/slow_sms" ask "$(cat port)" "$n" "$in_flight")
	/usr/bin/time -f '%e %U %S %M' -o took \
		jr-send-sms -q --now "$NOW" "$@" <offered >sent
	[ "$(grep -c '"metric":"sent"' sent)" -eq "$n" ]
	awk -v n="$n" -v allowed="$allowed" -v bare="$bare" \
		-v what="in_flight $in_flight $*" '{
		bare = bare < allowed ? bare : allowed
		printf "sms: %s: %d messages/s of %d allowed (%.2f; %.2f of a " \
			"bare client), %.0f ms of a core for 1,000, %.1f MB\n",
			what, n / $1, allowed, n / $1 / allowed, n / $1 / bare,
			1000000 * ($2 + $3) / n, $4 / 1024
	}' took
}

run $((NUMBER / 20)) 320 16
run $((NUMBER / 10)) 2000 100
run "$NUMBER" 2000 100
run $((NUMBER / 60)) 100 100 --rate=100
