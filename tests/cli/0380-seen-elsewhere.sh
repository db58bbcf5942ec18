#!/bin/sh
# Defects that were seen in other systems, each by what it did there.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
needs sqlite3
allow_many

due() {
	sqlite3 jr.db 'SELECT strftime("%Y-%m-%dT%H:%MZ", due_s, "unixepoch")
		FROM enrolments WHERE state = 1' >got
}
fresh() {
	rm -rf workflows jr.db* outbox.ndjson
	mkdir workflows
	: >in
}

# A weekday was taken from UTC: in Tokyo "Monday, 05:00" came on Tuesday.
workflow mondays <<'!'
trigger: {event: Go}
steps:
  - wait: {until: "05:00", days: [mon]}
  - push: {id: p, title: T, body: B}
!
person u1
attributes u1 "$(at 0 01:00)" '"timezone":"Asia/Tokyo"'
event u1 Go "$(at 2 12:00)"
check 'someone in Tokyo waits for Monday, five in the morning' 0 \
	tick "$(at 2 12:00)"
due
same 'it is their Monday: 20:00 UTC on Sunday' got <<'!'
2026-11-08T20:00Z
!

# The zone of the machine decided about windows and quiet hours.
cp jr.db before.db
check 'a tick' 0 jr-schedule --now "$(at 6 20:00)" </dev/null
cp out utc.out
cp before.db jr.db
far() { TZ=Pacific/Kiritimati jr-schedule --now "$(at 6 20:00)" </dev/null; }
check 'the same on a machine in the far east' 0 far
cmp -s out utc.out
result $? 'gives the same, byte for byte'

# An attribute waited for was never read: no pause at all.
fresh
workflow date <<'!'
trigger: {event: Go}
steps:
  - wait: {date: event.starts, offset: -2h}
  - push: {id: p, title: T, body: B}
!
person u1
event u1 Go "$(at 0 12:00)" '"starts":1794225600'
check 'a date in Unix seconds' 0 tick "$(at 0 12:00)"
due
same 'is waited for' got <<'!'
2026-11-09T10:00Z
!

# Who had opted out stayed at the step for ever.
fresh
workflow flows <<'!'
trigger: {event: Go}
steps:
  - sms: {id: s, body: Hello}
  - push: {id: p, title: T, body: B}
!
person u1
device u1 t1
attributes u1 "$(at 0 11:00)" '"sms_consent":false'
event u1 Go "$(at 0 12:00)"
check 'someone who opted out of SMS' 0 tick "$(at 0 12:00)"
sent >got
same 'flows on to the push' got <<'!'
flows/p u1
!

# The whole was repeated because of one bad recipient, or stopped at it.
fresh
workflow all <<'!'
trigger: {event: Go}
steps:
  - sms: {id: s, body: Hello}
!
for id in u1 u2 u3; do
	person $id
	event $id Go "$(at 0 15:00)"
done
attributes u2 "$(at 0 11:00)" '"phone":"+12065559901","sms_consent":true,"sms_consent_at":1793000000,"sms_consent_ip":"192.0.2.1"'
check 'one number of three is bad' 0 tick "$(at 0 15:00)"
check 'the next run' 0 tick "$(at 0 15:10)"
jq -r '.to + " " + .outcome' outbox.ndjson | sort >got
same 'each was handed over once' got <<'!'
+12065550001 accepted
+12065550003 accepted
+12065559901 refused
!

# Queued twice by cron jobs that overlap: the offers of one are the other's.
fresh
workflow lease <<'!'
trigger: {event: Go}
steps:
  - sms: {id: s, body: Hello}
!
person u1
event u1 Go "$(at 0 15:00)"
take() { jr-ingest --now "$(at 0 15:00)" <in >/dev/null && : >in; }
check 'an event' 0 take
check 'one run offers' 0 jr-schedule --now "$(at 0 15:00)" </dev/null
cp out first
check 'another, before anyone took it' 0 jr-schedule --now "$(at 0 15:01)" </dev/null
silent 'offers nothing' out
send() { jr-send-sms --now "$(at 0 15:02)" <"$1"; }
check 'what was offered can still be taken' 0 send first
json 'once' outbox.ndjson 'length == 1'

# A journey that does nothing but go round and round.
fresh
workflow round <<'!'
trigger: {event: Again}
reentry: always
steps:
  - track: {event: Again}
!
person u1
event u1 Again "$(at 0 15:00)"
check 'a journey that starts itself' 0 tick "$(at 0 15:00)"
sqlite3 jr.db 'SELECT COUNT(*) < 5 FROM enrolments' >got
same 'goes round once a look, not for ever' got <<'!'
1
!
# A wake-up was lost when two came at once: the second saw the lock and left.
fresh
workflow wakes <<'!'
trigger: {event: Go}
steps:
  - wait_for: {event: Came, timeout: 5d}
  - push: {id: p, title: T, body: B}
!
i=0
while [ $((i += 1)) -le 40 ]; do
	person "u$i"
	device "u$i" "t-$i"
	event "u$i" Go "$(at 0 15:00)"
done
check 'forty wait for something' 0 tick "$(at 0 15:00)"
i=0
while [ $((i += 1)) -le 40 ]; do
	event "u$i" Came "$(at 0 15:30)"
	mv in late
	jr-ingest --now "$(at 0 15:30)" <late >/dev/null &
	one=$!
	: >in
	jr-schedule --now "$(at 0 15:30)" </dev/null >>woken &
	two=$!
	jr-schedule --now "$(at 0 15:30)" </dev/null >>woken
	wait $one
	wait $two
done
jr-schedule --now "$(at 0 15:31)" </dev/null >>woken
json 'it happens while two look, each time; all go on, once' woken \
	'[.[] | select(.type == "message") | .person.id] |
	 length == 40 and (unique | length) == 40'
finish
