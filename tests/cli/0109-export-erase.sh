#!/bin/sh
# Everything that is known of a person is shown to them; and what they want
# gone is gone, from every table and every byte, while the ledger still holds.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
allow_many
echo 'links: {host: go.example.com}' >>jr.yaml

now=2026-11-02T15:00:00Z # 1793631600
workflow one <<'!'
trigger: {event: Go}
steps:
  - sms: {id: text, body: "Hi {{ customer.name }}: https://app.example.com/a"}
  - wait: 30d
  - push: {id: tap, title: "Later", body: "x"}
!
cat >segments.yaml <<'!'
zebras: 'plan == "zebra"'
!
# What is personal: one word for each place that it may hide in.
marks='Zq1name zq1mail@example.com zq1 [+]12065550001 zq1token zq1anon
zq1prop zq1key 192.0.2.77 zq1agent zq1words zq1proof zq1topic zq1event zq1browser
zq1place zq1list'
cat >in <<'!'
{"type":"person","identifiers":{"anonymous_id":"zq1anon"},"action":"page","name":"zq1place","timestamp":1793600000}
{"type":"person","identifiers":{"id":"zq1"},"action":"identify","timestamp":1793600001,"attributes":{"name":"Zq1name","email":"zq1mail@example.com","anonymous_id":"zq1anon","plan":"zebra","timezone":"America/New_York","phone":"+12065550001","sms_consent":true,"sms_consent_at":1793600001,"sms_consent_ip":"192.0.2.77","sms_consent_user_agent":"zq1agent","sms_consent_evidence":"zq1proof","cio_subscription_preferences":{"topics":{"zq1topic":true}}}}
{"type":"person","identifiers":{"id":"zq1"},"action":"add_device","timestamp":1793600002,"device":{"token":"zq1token","platform":"android"}}
{"type":"person","identifiers":{"id":"zq1"},"action":"event","id":"zq1key","name":"zq1event","timestamp":1793600003,"attributes":{"order":"zq1prop"}}
{"type":"person","identifiers":{"id":"zq1"},"action":"add_to_segment","timestamp":1793600004,"segment":"zq1list"}
{"source":"twilio","received_at":1793599999,"body":"MessageSid=SM1&SmsStatus=received&From=%2B12065550001&To=%2B12025550100&Body=you+spam+zq1words"}
{"type":"person","identifiers":{"id":"other"},"action":"identify","timestamp":1793600001,"attributes":{"plan":"pro"}}
!
event zq1 Go $now
tick $now
token=$(jr-report dump | jq -r 'select(.table == "links").row.token')
echo '{"type":"delivery","action":"event","identifiers":{"link":"'"$token"'"},"name":"clicked","timestamp":1793631610,"attributes":{"user_agent":"zq1browser"}}' >in
tick 2026-11-02T15:00:20Z

export_of() { jr-report --now $now export "$@"; }
check 'an export is made' 0 export_of zq1
cp out export.ndjson
jq -r .about export.ndjson | sort -u >got
same 'of every kind of thing that is known' got <<'!'
attempt
click
consent
device
identity
journey
link
list
message
metric
number
person
record
review
segment
subscription
!
json 'with the person, and when each attribute was said' export.ndjson '
	[.[] | select(.about == "person").data] | length == 2 and
	(.[] | select(.state == "live") | .id == "zq1" and
		.attributes.name == "Zq1name" and
		.times.name == "2026-11-02T06:13:21Z")'
json 'the proof of consent' export.ndjson '
	[.[] | select(.about == "consent").data] | length == 1 and
	(.[0] | .agreed and .number == "+12065550001" and .ip == "192.0.2.77" and
		.user_agent == "zq1agent" and .evidence.evidence == "zq1proof" and
		.at == "2026-11-02T06:13:21Z")'
json 'words for numbers, and JSON as it is' export.ndjson '
	([.[] | select(.about == "record").data.kind] | index("event") != null) and
	([.[] | select(.about == "record").data | select(.name == "zq1event") |
		.data.order] == ["zq1prop"]) and
	([.[] | select(.about == "message").data | .channel, .state] ==
		["sms", "accepted"]) and
	([.[] | select(.about == "segment").data.segment] == ["zebras"])'
json 'and nothing of anyone else' export.ndjson '
	[.[] | tostring | select(test("other"))] == []'
jr-report dump >store
for mark in $marks; do
	grep -qE "$mark" export.ndjson || echo "not in the export: $mark"
	cat jr.db jr.db-wal 2>/dev/null | grep -qaE "$mark" ||
		echo "not in the files: $mark"
done >missing
silent 'each mark is in it, and in the files' missing
check 'a person is found by a number' 0 export_of +12065550001
same 'the same one' out <export.ndjson
check 'or by an address, in any case' 0 export_of Zq1Mail@example.com
same 'the same, too' out <export.ndjson
filed() { jr-report --now $now --output=theirs export zq1; }
check 'it may go to a file' 0 filed
same 'that is the same' theirs <export.ndjson
result "$(($(stat -c %a theirs) != 600))" 'and its owner'"'"'s alone'
check 'nobody is an error' 64 export_of nobody
says 'that does not repeat the name' err '^jr-report: nobody, or more than one'
check 'somebody must be named' 64 export_of
check 'and one at a time' 64 export_of a b
check 'no other panel takes a person' 64 jr-report sms zq1

# Gone.
gone() {
	for mark in $marks; do
		cat jr.db jr.db-wal 2>/dev/null | grep -aoE ".{0,30}$mark" |
			cat -v
		jr-report dump | grep -E "$mark"
	done
}
echo '{"type":"person","identifiers":{"email":"ZQ1MAIL@example.com"},"action":"delete","timestamp":1793631700}' >gone.in
# The order is kept, and then the run is killed before it could clean up.
killed() { JR_CRASH=ingest-passed-on jr-ingest --now 2026-11-02T16:00:00Z gone.in; }
check 'a run is killed between the erasure and the scrubbing' 137 killed
: >none
check 'the next one cleans up' 0 jr-ingest --now 2026-11-02T16:00:01Z none
gone >found
silent 'nothing is left, in no table and no byte' found
check 'nobody is known by it' 64 export_of zq1
json 'others are as they were' store '[.[] | select(.table == "people").row.id] | index("other") != null'
ledger() { jr-report dump | jq -c 'select(.table == "consents").row | [.agreed, .erased, .number]'; }
ledger >got
same 'the ledger keeps its rows, blank' got <<'!'
[1,1,null]
!
verify() { jr-report --verify consent; }
check 'and verifies' 0 verify
tick 2026-12-20T16:00:00Z
silent 'and what was under way is over' out

# A barred name stays away, with all of its names, until it is let in.
cat >in <<'!'
{"type":"person","identifiers":{"id":"b"},"action":"identify","timestamp":1793631600,"attributes":{"email":"bar@example.com"}}
{"type":"person","identifiers":{"id":"b"},"action":"suppress","timestamp":1793631601}
{"type":"person","identifiers":{"email":"BAR@example.com"},"action":"identify","timestamp":1793631602,"attributes":{"x":1}}
{"type":"person","identifiers":{"id":"b"},"action":"event","name":"e","timestamp":1793631603}
!
people() {
	jr-report dump | jq -r 'select(.table == "people").row |
		select(.state == 1).id'
}
jr-ingest --now $now in >passed
echo '{"type":"person","action":"merge","primary":{"id":"other"},"secondary":{"id":"b"},"timestamp":1793631604}
{"type":"person","action":"merge","primary":{"email":"bar@example.com"},"secondary":{"id":"other"},"timestamp":1793631604}' >in
jr-ingest --now $now in >passed
check 'nor is it by a merge' 64 export_of bar@example.com
check 'in either direction' 64 export_of b
people >got
same 'who is suppressed is not taken up under any name' got <<'!'
other
!
echo '{"type":"person","identifiers":{"email":"bar@example.com"},"action":"unsuppress","timestamp":1793631604}
{"type":"person","identifiers":{"email":"bar@example.com"},"action":"identify","timestamp":1793631605,"attributes":{"x":1}}' >in
jr-ingest --now $now in >passed
export_of bar@example.com >export.ndjson
json 'until that name is freed' export.ndjson \
	'[.[] | select(.about == "person").data.attributes.x] == [1] and
	([.[] | select(.about == "suppression")] == [])'
finish
