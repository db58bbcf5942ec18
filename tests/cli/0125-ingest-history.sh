#!/bin/sh
# What another system sent is compared, holds caps, and is answered.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
echo 'caps: {sms: 1 per 24h}' >>jr.yaml

workflow one <<'!'
trigger: {event: Go}
reentry: always
steps:
  - sms: {id: text, body: "Look"}
!
# report WHO METRIC TIME [DATA]: of a text that the other system sent to WHO.
report() {
	printf '{"event_id":"%s-%s","object_type":"sms","metric":"%s",' "$1" "$2" "$2"
	printf '"timestamp":"%s","data":{"identifiers":{"id":"%s"},' "$3" "$1"
	printf '"delivery_id":"d-%s","campaign_id":7,"action_id":42,' "$1"
	printf '"recipient":"+1206555000%s"%s}}\n' "${1#u}" "${4-}"
}
now=2026-11-02T15:00:00Z
for id in u1 u2 u3; do person $id; done
{
	report u1 sent 2026-11-02T12:00:00Z
	report u1 delivered 2026-11-02T12:00:10Z
	report u1 clicked 2026-11-02T12:01:00Z ',"href":"https://app.example.com/a"'
	report u2 sent 2026-10-20T12:00:00Z
	report u2 bounced 2026-10-20T12:00:10Z ',"failure_message":"30005"'
} >>in
for id in u1 u2 u3; do event $id Go $now; done
tick $now
sent | grep -v "^null" | sort >got # theirs went by
same 'a text of this morning takes the place of ours' got <<'!'
one/text u2
one/text u3
!
decided out.schedule >got
same 'which is told' got <<'!'
one/text u1 no cap
!
sms() { jr-report --now 2026-11-02T16:00:00Z --format=ndjson sms; }
check 'the report' 0 sms
json 'has both side by side' out '
	map([.workflow, .step, .sent, .delivered_n, .clicked_n, .failed]) |
	sort == [["campaign_7", "action_42", 2, 1, 1, 1],
	["one", "text", 2, 0, 0, 0]]'
printf '{"source":"twilio","received_at":"2026-11-02T15:30:00Z","body":"MessageSid=SM1&From=%%2B12065550001&To=%%2B12025550100&Body=thanks"}\n' >reply
check 'a reply' 0 jr-ingest --now 2026-11-02T16:00:00Z reply
json 'is to the credit of their text' out '.[0].data.delivery_id == "d-u1"'
# None of them is ours to send, whatever happens.
tick 2026-11-20T15:00:00Z
sent | grep -c d- >got
same 'and nothing of theirs is sent by us' got <<'!'
0
!
jr-report --now 2026-11-20T15:00:00Z dump | jq -c '
	select(.table == "messages").row | select(.provider == "elsewhere") |
	[.id, .state]' >got
same 'they are as they were reported' got <<'!'
["d-u1",8]
["d-u2",9]
!
finish
