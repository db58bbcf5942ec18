#!/bin/sh
# Segments of what happened to messages: what the senders do is news, too.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"

allow_many
cat >segments.yaml <<'!'
texted: happened(sent sms within 2d)
buyers: happened(converted workflow "ping")
reached: happened(delivered sms workflow "ping" step "hello")
!
workflow ping <<'!'
trigger: {event: Ping}
reentry: always
goal: {event: Bought, within: 30d}
steps:
  - sms: {id: hello, body: "Hello", if: "sms_consent == true"}
!
# news: the segment records of the file out.segment.
news() { jq -c 'select(.type == "segment") | [.segment, .change, .person.id]' out.segment; }

person u1
event u1 Ping "$(at 0 15:00)"
check 'a message is sent' 0 tick "$(at 0 15:00)"
sent >got
same 'by the sender' got <<'!'
ping/hello u1
!
check 'the next run' 0 tick "$(at 0 15:01)"
news >got
same 'finds who was sent one' got <<'!'
["texted","entered","u1"]
!
event u1 Bought "$(at 0 15:02)"
tick "$(at 0 15:02)"
check 'a conversion' 0 tick "$(at 0 15:03)"
news >got
same 'is news, although it came with an older event' got <<'!'
["buyers","entered","u1"]
!
message=$(jq -r 'select(.metric == "sent") | .data.delivery_id' stream)
printf '{"type":"delivery","action":"event","identifiers":{"id":"%s"},"name":"delivered","timestamp":"%s"}\n' \
	"$message" "$(at 0 15:04)" >>in
check 'a receipt' 0 tick "$(at 0 15:04)"
news >got
same 'is one at once' got <<'!'
["reached","entered","u1"]
!
check 'two days later' 0 tick "$(at 2 15:00)"
news >got
same 'time alone tells' got <<'!'
["texted","left","u1"]
!
finish
