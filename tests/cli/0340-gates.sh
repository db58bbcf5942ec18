#!/bin/sh
# Each gate, seen from outside: what stops a message, and when it opens.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
needs sqlite3

cat >>jr.yaml <<'!'
caps:
  sms: ["1 per 24h", "2 per 30d"]
  push: []
  exempt: [security]
budget: {per_day: 0.02}
prices: [{prefix: "+1", segment: 0.01}]
brake: {min_sent: 3, opt_out_rate: 0.02, over: 7d}
quiet_hours:
  rules:
    - {country: US, region: TX, days: [sun], from: "21:00", until: "12:00"}
!
cat >segments.yaml <<'!'
all: has timezone
!
sms() { # NAME EVENT MORE...: an SMS at once
	what=$1 begins=$2
	shift 2
	{
		echo "trigger: {event: $begins}"
		echo 'reentry: always'
		printf '%s\n' "$@"
	} | workflow "$what"
}
body='steps: [sms: {id: s, body: Hello}]'

# gate TITLE ID WANTED: what was decided about that person in the last tick.
gate() {
	jq -r --arg id "$2" 'select(.type == "decision" and .person.id == $id) |
		"\(.verdict) \(.gate): \(.reason)" + (if .opens_at then
		" until \(.opens_at | todate)" else "" end)' out >got
	printf '%s' "${3:+$3
}" >wanted
	same "$1" got <wanted
}
# one ID DAY-HOUR: it happens to them, and is looked at.
one() {
	event "$1" "${3:-Go}" "$2"
	tick "$2"
}

sms plain Go "$body"
sms push_too Push 'steps: [push: {id: p, title: T, body: B}]'
sms mail Mail 'steps: [email: {id: m, subject: S, body: B}]'
sms other Other 'priority: 5' "$body"
sms late Late 'steps: [sms: {id: s, body: Hello, deadline: 1h}]'
sms iffy Iffy 'steps: [sms: {id: s, if: plan == "pro", body: Hello}]'
sms topical Topical 'topic: offers' "$body"
sms long Long "steps: [sms: {id: s, body: '$(printf 'x%.0s' $(seq 2000))'}]"
sms empty Empty 'steps: [sms: {id: s, body: "{{ first_name }}"}]'
sms security Security 'purpose: security' \
	'steps: [sms: {id: s, body: Hello, ignore_quiet_hours: true}]'
sms defer Defer 'steps: [sms: {id: s, body: Hello, cap: defer}]'
sms sender Sender 'steps: [sms: {id: s, body: Hello, sender: ghost}]'

person a1
check 'someone agreed to SMS' 0 one a1 "$(at 0 15:00)"
gate 'and gets one' a1 ''
sent >got
same 'it is sent' got <<'!'
plain/s a1
!

check 'another within a day' 0 one a1 "$(at 0 16:00)"
gate 'is over the cap, and skipped' a1 'no cap: sms: 1 per 24h'
check 'or deferred, if its file says so' 0 one a1 "$(at 0 16:01)" Defer
gate 'until the first one is a day ago' a1 \
	'later cap: sms: 1 per 24h until 2026-11-03T15:00:00Z'
check 'a purpose that is exempt' 0 one a1 "$(at 0 16:02)" Security
sent >got
same 'goes all the same' got <<'!'
security/s a1
!
check 'it is looked at once more' 0 tick "$(at 0 17:00)"
gate 'and nothing new is decided' a1 ''
check 'a day after the second' 0 tick "$(at 1 16:02)"
gate 'thirty days have a cap, too' a1 \
	'later cap: sms: 2 per 30d until 2026-12-02T15:00:00Z'

# number ID ATTRIBUTES: known, and no more than that.
number() {
	echo "{\"type\":\"person\",\"identifiers\":{\"id\":\"$1\"},\"action\":\"identify\",\"timestamp\":1793000000,\"attributes\":{$2}}" >>in
}
# Used by the rows below, which are evaluated.
# shellcheck disable=SC2034
zone='"timezone":"America/New_York"'
# shellcheck disable=SC2034
agreed='"sms_consent":true,"sms_consent_at":1793000000,"sms_consent_ip":"192.0.2.1"'
while IFS='|' read -r title id begins when set_up wanted; do
	case $title in '' | \#*) continue ;; esac
	eval "$set_up"
	check "$title" 0 one "$id" "$when" "$begins"
	gate "$title: so decided" "$id" "$wanted"
done <<'!'
nobody agreed|b1|Go|2026-11-04T15:00:00Z|number b1 "$zone,\"phone\":\"+12065552001\""|no consent: there is no consent on record
they took it back|b2|Go|2026-11-04T15:00:01Z|person b2; attributes b2 2026-11-04T15:00:00Z '"sms_consent":false'|no consent: the person opted out
somebody else said STOP from that number|b4|Go|2026-11-04T15:00:03Z|person b4; person c4; attributes c4 2026-11-04T15:00:01Z '"phone":"+12065550004","sms_consent":false'|no consent: the person opted out
they have another number now|b5|Go|2026-11-04T15:00:04Z|person b5; attributes b5 2026-11-04T15:00:01Z '"phone":"+12065552005"'|no consent: there is no consent on record
no number|b3|Go|2026-11-04T15:00:05Z|number b3 "$zone"|no consent: there is no consent on record
suppressed|a2|Go|2026-11-04T15:00:06Z|person a2; echo '{"type":"person","identifiers":{"id":"a2"},"action":"suppress"}' >>in|
no device|a3|Push|2026-11-04T15:00:07Z|person a3|no reachable: there is no live device
no address|a4|Mail|2026-11-04T15:00:08Z|person a4|no reachable: there is no valid email address
its own condition fails|a5|Iffy|2026-11-04T15:00:09Z|person a5|no filter: the step's condition does not hold
a text that is too long|a6|Long|2026-11-04T15:00:10Z|person a6|no content: it has 14 segments, more than 10
a text without its value|a7|Empty|2026-11-04T15:00:11Z|person a7|no content: it does not render: body: 7:32: missing first_name: add `| default: …` or give the person the attribute
a sender that is not there|a8|Sender|2026-11-04T15:00:12Z|person a8|no sender: its sender 'ghost' is not configured
at night|a9|Go|2026-11-05T03:00:00Z|person a9|later quiet_hours: 21:00 to 08:00 in America/New_York until 2026-11-05T13:00:00Z
a deadline before the morning|a11|Late|2026-11-05T03:00:01Z|person a11|no quiet_hours: 21:00 to 08:00 in America/New_York; it opens after the deadline
nobody knows where they are|a12|Go|2026-11-06T03:00:00Z|number a12 "\"phone\":\"+18005550112\",$agreed"|later quiet_hours: the time zone is unknown
a number that may ring in two zones|a13|Go|2026-11-06T13:30:00Z|number a13 "\"phone\":\"+18505550113\",$agreed"|later quiet_hours: 21:00 to 08:00 in America/Chicago until 2026-11-06T14:00:00Z
on a Sunday morning in Texas|a10|Go|2026-11-08T15:00:00Z|person a10; attributes a10 2026-11-04T15:00:00Z '"timezone":"America/Chicago","country":"US","region":"TX"'|later quiet_hours: 21:00 to 12:00 in America/Chicago until 2026-11-08T18:00:00Z
not subscribed to the topic|a14|Topical|2026-11-09T15:00:00Z|person a14; attributes a14 2026-11-04T15:00:00Z '"cio_subscription_preferences":{"topics":{"offers":false}}'|no subscribed: the person is not subscribed to its topic
!

# Money: 0.01 a text, 0.02 a day.
for id in d21 d22 d23; do
	person $id
	event $id Go "$(at 8 15:00)"
done
check 'three texts on a budget of two' 0 tick "$(at 8 15:00)"
sent >got
json 'two go' out '[.[] | select(.metric == "sent")] | length == 2'
decided | sed 's/d[0-9]*/someone/' >got
same 'one waits for the next day' got <<'!'
plain/s someone later budget
!
check 'when the day of the budget is over' 0 tick "$(at 9 00:00)"
json 'it goes' out '[.[] | select(.metric == "sent")] | length == 1'

# The brake.
jq -r 'select(.metric == "sent" and .data.jr.workflow == "plain") |
	.data.delivery_id' stream | while read -r id; do
	echo "{\"type\":\"delivery\",\"identifiers\":{\"id\":\"$id\"},\"action\":\"event\",\"name\":\"unsubscribed\",\"timestamp\":\"$(at 9 14:00)\"}" >>in
done
person e30
check 'all who got that text opt out' 0 one e30 "$(at 9 15:00)"
gate 'the workflow is held' e30 \
	'later budget: the brake holds the workflow: 6 of 6 opted out, over 2 %'
check 'the others are not' 0 one e30 "$(at 9 15:10)" Other
sent >got
same 'held' got <<'!'
other/s e30
!

echo '{"type":"workflow","action":"release","attributes":{"workflow":"plain"}}' >>in
check 'a release without a name' 65 jr-ingest --now "$(at 9 15:20)" <in
: >in
echo '{"type":"workflow","action":"release","attributes":{"workflow":"plain","by":"Dana Reyes"}}' >>in
check 'a person releases it' 0 tick "$(at 9 15:30)"
sqlite3 jr.db 'SELECT workflow, held_by, released_by FROM holds' >got
same 'and their name is kept' got <<'!'
plain|brake|Dana Reyes
!
person e32
check 'the next one' 0 one e32 "$(at 10 14:31)"
json 'goes' out '[.[] | select(.metric == "sent")] | length == 1'

# A workflow that is switched off.
sed -i '1i enabled: false' workflows/other.yaml
person e31
check 'a workflow that is off' 0 one e31 "$(at 10 15:30)" Other
decided | grep e31 >got
same 'starts nothing' got </dev/null
finish
