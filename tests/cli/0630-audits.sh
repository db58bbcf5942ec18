#!/bin/sh
# What jr-report tells of everyone now and then: overlap, prune, consent,
# reconcile, strategy; each against figures counted by hand.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
now=$(at 0 17:00)
report() { jr-report --now "$now" "$@"; }

# Two journeys from one event, both with an SMS; the cap lets one through.
workflow high <<'!'
priority: 10
trigger: {event: Go}
steps:
  - sms: {id: text, body: "High. Reply STOP to opt out"}
!
workflow low <<'!'
priority: 5
trigger: {event: Go}
steps:
  - sms: {id: text, body: "Low. Reply STOP to opt out"}
!
workflow late <<'!'
trigger: {event: Go}
steps:
  - wait: 24h
  - sms: {id: text, body: "Late. Reply STOP to opt out"}
!
person u1
person u2
for who in u1 u2; do
	event "$who" Go "$(at 0 15:00)"
done
check 'two people begin three journeys' 0 tick "$(at 0 15:00)"
sent >got
same 'the cap lets one message each through' got <<'!'
high/text u1
high/text u2
!

# ---- overlap ----
check 'who would get two within a day' 0 report -f ndjson overlap
same 'is told by pairs, the higher priority first' out <<'!'
{"panel":"overlap","workflow":"high","priority":10,"other":"low","other_priority":5,"people":2,"times":2,"both":0,"stopped":0,"other_stopped":2}
!
check 'a day later' 0 tick "$(at 1 15:00)"
check 'exactly 24 hours apart is within' 0 report -f ndjson overlap
jq -r '"\(.workflow) \(.other) \(.people) \(.times) \(.both)"' out >got
same 'so there are three pairs' got <<'!'
high late 2 2 2
high low 2 2 0
low late 2 2 0
!
check 'of one workflow' 0 report -f ndjson -w low overlap
json 'two pairs are' out 'length == 2'
check 'of the days after' 0 report --since 2026-11-03 -f ndjson overlap
silent 'there is none' out
check 'of push' 0 report -c push -f ndjson overlap
silent 'there is none' out

# ---- prune ----
# u1 and u2 agreed on 2026-10-26; u1 clicks a year later, u3 agreed anew.
year=2027-10-26T07:33:20Z
check 'a second before the year is over' 0 jr-report --now 2027-10-26T07:33:19Z \
	-f ndjson prune
silent 'nobody is on the list' out
check 'a year later' 0 jr-report --now $year -f ndjson prune
same 'all are who never clicked' out <<'!'
{"panel":"prune","person":"u1","number":"+12065550001","agreed":1793000000,"sent":2,"last":1793718000}
{"panel":"prune","person":"u2","number":"+12065550002","agreed":1793000000,"sent":2,"last":1793718000}
!
message=$(jq -r 'select(.metric == "sent" and .data.identifiers.id == "u1" and
	.data.jr.workflow == "high") | .data.delivery_id' stream)
cat >in <<!
{"type":"delivery","identifiers":{"id":"$message"},"action":"event","name":"clicked","timestamp":1793636000}
!
check 'one clicks' 0 jr-ingest --now "$now" <in
check 'a year later' 0 jr-report --now $year -f ndjson prune
json 'the other alone is on it' out 'map(.person) == ["u2"]'
check 'an earlier day may be asked for' 0 \
	report --until 2026-11-01 -f ndjson prune
json 'and has the same one' out 'map(.person) == ["u2"]'
check 'the day on which they agreed' 0 \
	report --until 2026-10-26 -f ndjson prune
json 'is not too early' out 'map(.person) == ["u2"]'
check 'the day before' 0 report --until 2026-10-25 -f ndjson prune
silent 'nobody had agreed' out
check 'as records' 0 jr-report --now $year --records prune
cp out records
json 'each is a no' records 'length == 1 and
	all(.[]; .attributes.sms_consent == false and .identifiers.id == "u2")'
check 'which jr-ingest takes' 0 jr-ingest --now $year <records
check 'then nobody is left to prune' 0 jr-report --now $year --records prune
silent 'and there is no record' out
check 'the proof has the yes, and the no for number and person' 0 report -f ndjson consent u2
json 'with where it came from' out 'map(.said) == ["yes","no","no"] and
	.[1].source == "pruned: no click since the yes" and
	.[1].number == "+12065550002"'
check 'who says yes again' 0 jr-ingest --now $year <<!
{"type":"person","identifiers":{"id":"u2"},"action":"identify","timestamp":1824536001,"attributes":{"sms_consent":true,"sms_consent_at":1824536001,"sms_consent_ip":"192.0.2.1"}}
!
check 'has a year again' 0 jr-report --now 2028-10-01T00:00:00Z -f ndjson prune
silent 'before they are on the list' out
check 'records are not a table' 64 report --records -f csv prune
says 'as it says' err 'prune does not take --format'

check 'since when makes no sense' 64 report --since 2026-01-01 prune
says 'and is refused' err 'takes no --since'

# ---- consent ----
check 'a proof for a person' 0 report consent u1
says 'says yes' out 'said +yes$'
says 'when' out 'said at +2026-10-26T07:33:20Z'
says 'from where' out 'IP address +192\.0\.2\.1'
says 'for what' out 'number +\+12065550001'
says 'and what it comes to' out '^now, for u1 at \+12065550001 by sms: yes, by row 1'
check 'for a number' 0 report -f csv consent +12065550001
tr -d '\r' <out | cut -d, -f1,2,6,7 >got
same 'the same row' got <<'!'
row,said,number,channel
1,"yes","'+12065550001","sms"
!
check 'for a number that nobody has' 0 report consent +12065559999
says 'there is none' out 'no SMS may go'
check 'for someone unknown' 64 report consent nobody
check 'for nobody' 64 report consent
says 'it asks for whom' err 'whom it is about'
cat >in <<'!'
{"source":"twilio","received_at":1793637000,"body":"MessageSid=SM1&SmsStatus=received&From=%2B12065559999&To=%2B12025550100&Body=STOP"}
!
check 'a STOP from a number that nobody has' 0 jr-ingest --now "$now" <in
check 'is proven as well' 0 report -f ndjson consent +12065559999
json 'as a no of nobody known' out '.[0].said == "no" and .[0].person == null'

check 'the ledger is whole' 0 report -f ndjson consent --verify
json 'with its rows and head' out '.[0] | .fault == "none" and .rows == 6 and
	(.head | test("^[0-9a-f]{64}$"))'
tampered() {
	cp jr.db bad.db
	sqlite3 bad.db "DROP TRIGGER ledger_is_never_deleted;
		DROP TRIGGER ledger_is_never_changed; $2"
	check "$1" 1 report --state bad.db -f ndjson consent --verify
	jq -r '"\(.fault) \(.row)"' out >got
	same "$1 is told" got
}
if command -v sqlite3 >/dev/null; then
	tampered 'a changed row' \
		"UPDATE consents SET ip = '192.0.2.9' WHERE consent_row = 2" <<'!'
changed 2
!
	tampered 'a row that is gone' \
		'DELETE FROM consents WHERE consent_row = 3' <<'!'
missing 3
state null
!
	tampered 'a no that does not count' \
		'UPDATE consent_state SET out_s = 0 WHERE out_row = 3' <<'!'
state 3
!
	check 'and people are told, too' 1 report --state bad.db consent --verify
	says 'what it means' out 'what counts now is not what the ledger says'
fi
check 'a yes alone is no operand' 64 report consent u1 u2

# ---- why ----
check 'why' 0 report why u1
cp out story
check 'as jr-schedule tells it' 0 jr-schedule --now "$now" --explain u1
same 'is the same story' story <out
check 'of one workflow' 0 report -w low why u1
says 'alone' out low
check 'of a wrong one' 64 report -w none why u1

# ---- reconcile ----
# The provider has u1's first delivered at another price, misses u2's, and has
# one that is nobody's.
id_of() {
	jq -r --arg who "$1" --arg workflow "$2" 'select(.metric == "sent" and
		.data.identifiers.id == $who and
		.data.jr.workflow == $workflow) |
		.data.jr.provider_message_id' stream
}
cat >list <<!
{"sid":"$(id_of u1 high)","status":"delivered","price":"-0.00790","price_unit":"USD","num_segments":"1","date_sent":"Mon, 02 Nov 2026 15:00:01 +0000"}
{"sid":"SMother","status":"undelivered","price":null,"direction":"outbound-api","date_sent":"Mon, 02 Nov 2026 16:00:00 +0000"}
{"sid":"SMin","status":"received","direction":"inbound","date_sent":"Sun, 01 Nov 2026 16:00:00 +0000"}
no JSON
{"status":"sent"}
!
check 'a list that differs' 1 report -f ndjson reconcile list
jq -r '[.what, .workflow, .ours, .theirs] | map(. // "-") | join("; ")' out >got
same 'is told line by line' got <<'!'
no record; -; -; line 4
no message; -; -; line 5
status; high; accepted; delivered
price; high; 0.00 USD; 0.0079 USD
not on their list; high; accepted; -
not ours; -; -; undelivered
!
from_stdin() { report reconcile <list; }
check 'from stdin, for people' 1 from_stdin
says 'summed up' out '^2 of ours, 2 of theirs, 1 on both sides'
for who in u1 u2; do
	for workflow in high late; do
		echo "{\"id\":\"$(id_of $who $workflow)\",\"to\":[{\"status\":\"sent\"}]," \
			"\"cost\":{\"amount\":\"0\",\"currency\":\"USD\"},\"parts\":1}"
	done
done >list
check 'one that has all of them' 0 \
	report --since 2026-11-01 --until 2026-11-30 reconcile list
says 'says nowhere' out nowhere
says 'and how many' out '^4 of ours, 4 of theirs, 4 on both sides'
check 'of one day of ours' 1 report --since 2026-11-02 --until 2026-11-02 \
	-f ndjson reconcile list
json 'the others are not ours' out \
	'length == 2 and all(.[]; .what == "not ours")'
: >empty
check 'one with nothing in it' 64 report reconcile empty
says 'is of no day' err 'no message on the list has a date: say by --since of which days it is'
echo "{\"sid\":\"$(id_of u1 high)\",\"status\":\"sent\"}" >undated
check 'nor is one without dates' 64 report reconcile undated
check 'unless that is said' 1 report --since 2026-11-01 -f ndjson reconcile empty
json 'then all of ours are missing' out 'length == 4 and
	all(.[]; .what == "not on their list")'
for absurd in '"1e400"' '"NaN"' 1e300 '"-inf"'; do
	echo "{\"sid\":\"$(id_of u1 high)\",\"status\":\"sent\",\"price\":$absurd,\"num_segments\":$absurd}"
	echo "{\"sid\":\"$(id_of u2 high)\",\"status\":\"sent\"}"
done >list
check 'what is no price and no count' 0 \
	report --since 2026-11-02 --until 2026-11-02 reconcile list
says 'is compared with none' out '^2 of ours, 2 of theirs, 2 on both sides'
check 'one that is not there' 74 report reconcile nowhere.ndjson
says 'by name' err "cannot read 'nowhere.ndjson'"

# ---- strategy ----
check 'the strategy in writing' 0 report strategy
says 'has the moments' out '^\| high \| the event Go \| it is a test \| 1 \| 10 \| a person \|'
says 'who approves' out '^- a person$'
says 'the caps' out 'more than 1 per 24h'
says 'the quiet hours' out 'between 08:00 and 21:00 by'
says 'the texts' out '^High. Reply STOP to opt out$'
cat >workflows/wild.yaml <<'!'
name: wild
description: "a | b <script> [x](y) *z*\n# no"
approved_by: "`who`"
approved_on: 2026-10-01
why_sms: because
trigger: {event: Wild}
steps:
  - sms: {id: text, body: "x ``` y"}
!
check 'with wild words in it' 0 report strategy
says 'they mean nothing' out '^a \\\| b \\<script\\> \\\[x\\\]\(y\) \\\*z\\\* \\# no\.$'
says 'and a fence holds its text' out '^````$'
echo 'nonsense: 1' >workflows/bad.yaml
check 'of a wrong file' 78 report strategy
rm workflows/bad.yaml

for panel in 'why u1' 'dump' '--records prune'; do
	# shellcheck disable=SC2086
	check "a stream goes to no file: $panel" 64 report -o file $panel
	says 'as it says' err 'does not take --output'
done
for panel in overlap prune strategy 'consent u1' 'consent --verify' 'why u1'; do
	# shellcheck disable=SC2086
	full() { report $panel >/dev/full; }
	check "what cannot be written is an error: $panel" 74 full
done
finish
