#!/bin/sh
# Defects that were seen in other systems, each by where it was and what it did
# there.
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

# dittofeed, dates.ts: a weekday was taken from UTC: in Tokyo "Monday, 05:00" came on Tuesday.
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

# laudspeaker, transition.processor.ts: the zone of the machine decided about windows and quiet hours.
cp jr.db before.db
check 'a tick' 0 jr-schedule --now "$(at 6 20:00)" </dev/null
cp out utc.out
cp before.db jr.db
far() { TZ=Pacific/Kiritimati jr-schedule --now "$(at 6 20:00)" </dev/null; }
check 'the same on a machine in the far east' 0 far
cmp -s out utc.out
result $? 'gives the same, byte for byte'

# parcelvoy, JourneyStep.ts: an attribute waited for was never read: no pause at all.
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

# parcelvoy, CampaignService.ts: who had opted out stayed at the step for ever.
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

# mautic #7226, rpush #276: the whole was repeated because of one bad recipient, or stopped at it.
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

# mautic #2215: queued twice by cron jobs that overlap: the offers of one are the other's.
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

# parcelvoy, JourneyService.ts: a journey that does nothing but go round and round.
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
# parcelvoy, JourneyState.resume: a wake-up was lost when two came at once: the second saw the lock and left.
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
# dittofeed, dates.ts: the offset was taken now, and so an hour off behind a
# change of the clocks.  parcelvoy, JourneyStep.ts: "a day" was 24 hours.
fresh
workflow day <<'!'
trigger: {event: Go}
steps:
  - wait: 1d
  - push: {id: p, title: T, body: B}
!
workflow hour <<'!'
trigger: {event: Go}
steps:
  - wait: {until: "09:00", days: [tue]}
  - push: {id: p, title: T, body: B}
!
# In New York Sunday 2026-11-01 has 25 hours, Sunday 2027-03-14 has 23.
person u1
event u1 Go 2026-10-31T15:00:00Z
event u1 Late 2026-10-31T15:00:00Z
check 'the day before the clocks go back' 0 tick 2026-10-31T15:00:00Z
due
same 'the same time tomorrow is 25 hours away, nine on Tuesday by new clocks' \
	got <<'!'
2026-11-01T16:00Z
2026-11-03T14:00Z
!
fresh
workflow day <<'!'
trigger: {event: Go}
steps:
  - wait: 1d
  - push: {id: p, title: T, body: B}
!
person u1
event u1 Go 2027-03-13T15:00:00Z
check 'the day before they go forward' 0 tick 2027-03-13T15:00:00Z
due
same '23 hours' got <<'!'
2027-03-14T14:00Z
!

# mautic, Interval.php: an end before its start was swapped, so that 21 to 8
# became 8 to 21.
fresh
workflow late <<'!'
trigger: {event: Go}
steps:
  - wait: {window: {from: "22:00", until: "02:00"}}
  - push: {id: p, title: T, body: B}
!
person u1
event u1 Go "$(at 0 15:00)"
check 'a window over midnight' 0 tick "$(at 0 15:00)"
due
same 'opens in the evening' got <<'!'
2026-11-03T03:00Z
!
sed -i '/^quiet_hours/d' jr.yaml
echo 'quiet_hours: {from: "21:00", until: "08:00"}' >>jr.yaml
fresh
workflow night <<'!'
trigger: {event: Go}
steps:
  - push: {id: p, title: T, body: B}
!
for id in u1 u2; do
	person $id
	device $id "t-$id"
done
event u1 Go "$(at 0 17:00)"
check 'noon is no quiet hour' 0 tick "$(at 0 17:00)"
sent >got
same 'and all goes' got <<'!'
night/p u1
!
event u2 Go "$(at 1 03:00)"
check 'ten in the evening is one' 0 tick "$(at 1 03:00)"
sent >got
same 'and nothing does' got </dev/null
sed -i '/^quiet_hours/d' jr.yaml
echo 'quiet_hours: {channels: []}' >>jr.yaml

# mautic, before #17283: going on to the next weekday kept the late clock time.
fresh
workflow office <<'!'
trigger: {event: Go}
steps:
  - wait: {window: {from: "09:00", until: "17:00"}, days: [mon, tue, wed, thu, fri]}
  - push: {id: p, title: T, body: B}
!
person u1
event u1 Go "$(at 4 23:30)"
check 'Friday, half past six in the evening' 0 tick "$(at 4 23:30)"
due
same 'is Monday at nine, not at half past six' got <<'!'
2026-11-09T14:00Z
!

# parcelvoy, TextProvider.ts: whatever has "stop" in it was a STOP.
fresh
workflow may <<'!'
trigger: {event: Go}
steps:
  - sms: {id: s, body: Hello}
!
# said TEXT: the number of u1 sends it; then what u1 is sent.
said() {
	rm -f jr.db* outbox.ndjson
	: >in
	person u1
	body=$(printf %s "$1" | jq -sRr @uri)
	echo "{\"source\":\"twilio\",\"body\":\"From=%2B12065550001&To=%2B12025550100&Body=$body&MessageSid=SM1\",\"received_at\":\"$(at 0 12:00)\"}" >>in
	event u1 Go "$(at 0 15:00)"
	tick "$(at 0 15:00)" 2>err || return
	sent
}
while IFS='|' read -r text wanted; do
	said "$(printf %b "$text")" >got
	printf '%s' "${wanted:+$wanted
}" >wanted
	same "'$text'" got <wanted
done <<'!'
Please don't stop|may/s u1
nonstop|may/s u1
stopped by your shop today|may/s u1
STOP.|
 stop |
Stop all|
ARRET|
stop texting me|
STOP \0360\0237\0230\0241|
!

# parcelvoy, TextProvider.ts: nobody looked at the signature of what came in.
cp jr.yaml trusting.yaml
sed -i 's/twilio: .*/twilio: {account_sid: AC00000000000000000000000000000000, auth_token_env: TOKEN}/' jr.yaml
TOKEN=0123456789abcdef0123456789abcdef
export TOKEN
rm -f jr.db* rejects.ndjson outbox.ndjson
: >in
person u1
cp in known
forged() { # TEXT
	echo "{\"source\":\"twilio\",\"url\":\"https://example.com/in\",\"headers\":{\"x-twilio-signature\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAA=\"},\"body\":\"From=%2B12065550001&To=%2B12025550100&Body=$1&MessageSid=SM$1\",\"received_at\":\"$(at 0 12:00)\"}"
}
{
	cat known
	forged STOP
} >in
take() { jr-ingest --now "$(at 0 15:00)" <in >out.ingest; }
check 'a forged STOP is refused' 65 take
: >in
event u1 Go "$(at 0 15:00)"
check 'and what it asked for' 0 tick "$(at 0 15:00)"
sent >got
same 'not done' got <<'!'
may/s u1
!
rm -f jr.db* outbox.ndjson
{
	cat known
	attributes u1 "$(at 0 11:00)" '"sms_consent":false'
	forged START
} >in
attributes u1 "$(at 0 11:00)" '"sms_consent":false'
check 'a forged START as well' 65 take
: >in
event u1 Go "$(at 0 15:00)"
check 'nobody is texted by it' 0 tick "$(at 0 15:00)"
sent >got
same 'who said no' got </dev/null
cp trusting.yaml jr.yaml

# parcelvoy, TextChannel.ts: segments were the length by 160.
# parts TEXT: into how many segments a text of it goes.
parts() {
	printf '%s' "$1" >text
	jr-schedule --render --channel sms <text >shown 2>err || return
	sed -n 's/.* \([0-9]*\) segments*.*/\1/p' shown
}
x160=$(printf 'x%.0s' $(seq 160))
ya70=$(printf '\321\217%.0s' $(seq 70))
while IFS='|' read -r title text wanted; do
	parts "$text" >got
	same "$title: $wanted" got <<!
$wanted
!
done <<!
160 of GSM-7|$x160|1
161|${x160}x|2
306|${x160}$(printf 'x%.0s' $(seq 146))|2
307|${x160}$(printf 'x%.0s' $(seq 147))|3
a brace counts twice|${x160%x}{|2
70 of UCS-2|$ya70|1
71|${ya70}a|2
135|${ya70}$(printf 'a%.0s' $(seq 65))|3
!

# rpush, fcm/delivery.rb: 429 was a failure for good.  gorush,
# notification_fcm.go: tokens that are dead were tried again.
fresh
workflow busy <<'!'
trigger: {event: Go}
steps:
  - push: {id: p, title: T, body: B}
!
person u1
device u1 t1-wait
person u2
device u2 t2-unregistered
for id in u1 u2; do event $id Go "$(at 0 15:00)"; done
check 'one is told to wait, one token is dead' 0 tick "$(at 0 15:00)"
json 'neither is a failure of the message itself, nor sent' out \
	'[.[] | select(.metric == "sent" or .metric == "failed")] == []'
check 'the next minutes' 0 tick "$(at 0 15:00)"
check 'too' 0 tick "$(at 0 15:02)"
jq -r .to outbox.ndjson | sort | uniq -c | sed 's/^ *//' >got
same 'what had to wait is tried again, the dead token is not' got <<'!'
2 t1-wait
1 t2-unregistered
!

# listmonk, next-campaign-subscribers: how far it was, was kept when they were
# fetched, not when they were written to.
fresh
workflow list <<'!'
trigger: {event: Go}
steps:
  - sms: {id: s, body: Hello}
!
i=0
while [ $((i += 1)) -le 20 ]; do
	person "u$i"
	event "u$i" Go "$(at 0 15:00)"
done
check 'twenty are to be written to' 0 take
: >in
# Killed behind the first commit, then behind the second, until there is none.
killed() {
	JR_CRASH=schedule-committed:$nth jr-schedule --now "$(at 0 15:00)" \
		</dev/null >lost
}
nth=0
while [ $((nth += 1)) -le 20 ]; do
	killed 2>/dev/null && break
done
result "$((nth <= 2 || nth > 20))" 'the scheduler is killed behind each commit'
check 'what it had written out is lost' 0 tick "$(at 0 15:20)"
check 'and the next run goes on' 0 tick "$(at 0 15:40)"
jq -r .to outbox.ndjson | sort | uniq -c | grep -c '^ *1 ' >got
same 'each is written to, once' got <<'!'
20
!

# Customer.io Pipelines: what was too large was dropped, and answered with 200.
fresh
person u1
{
	cat in
	printf '{"type":"person","identifiers":{"id":"u1"},"action":"event","name":"Big","attributes":{"x":"'
	head -c 2000000 /dev/zero | tr '\0' x
	printf '"}}\n'
	echo '{"type":"person","identifiers":{"id":"u1"},"action":"event","name":"Small"}'
} >big
mv big in
rm -f rejects.ndjson
check 'a line that is too large is refused' 65 take
json 'by its number, and the others are taken' rejects.ndjson \
	'length == 1 and .[0].line == 2'
json 'the one behind it, too' out.ingest 'length == 2'
finish
