#!/bin/sh
# Senders have paces of their own, and a slow one holds up nobody else.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
allow_many
sed -i 's/^  main:.*/&\
  slow: {from: "+12025550111", type: toll_free, registered: true, per_second: 2}\
  slower: {from: "+12025550112", type: toll_free, registered: true, per_second: 2}/' jr.yaml
for w in slow slower main; do
	workflow "$w" <<!!
trigger: {event: Go}
priority: $([ $w = main ] && echo 1 || echo 9)
steps:
  - sms: {id: s, sender: $w, body: Hi, names_sender: true}
!!
done
for i in 1 2 3 4 5 6; do
	person "u$i"
	event "u$i" Go "$(at 0 15:00)"
done
jr-ingest --now "$(at 0 15:00)" <in >out.ingest
jr-schedule --now "$(at 0 15:00)" <out.ingest >offered
json 'slow ones stand in front' offered \
	'[.[] | select(.type == "message") | .workflow] | .[-6:] == ["main", "main", "main", "main", "main", "main"] and length == 18'
began=$(date +%s%N)
check 'all are handed over' 0 sh -c \
	"jr-send-sms --now $(at 0 15:00) <offered"
took=$((($(date +%s%N) - began) / 1000000))
jq -r .sender outbox.ndjson >order
[ "$(head -n 8 order | grep -c 5550100)" = 6 ]
result $? 'those without a pace go first'
echo "$took ms" >why
[ $took -ge 2400 ] && [ $took -lt 4500 ]
result $? 'two slow ones keep their paces at the same time'
# --- those who come later do not wait for slow ones that came before ---
rm -f outbox.ndjson jr.db*
for i in 1 2 3 4 5 6; do
	person "u$i"
	event "u$i" Go "$(at 0 15:00)"
done
jr-ingest --now "$(at 0 15:00)" <in >out.ingest
jr-schedule --now "$(at 0 15:00)" <out.ingest >offered
grep '"workflow":"slow"' offered >first
grep '"workflow":"main"' offered >second
check 'a pipe that tells of slow ones first' 0 sh -c "
	{ cat first; sleep 0.7; cat second; } | jr-send-sms --now $(at 0 15:00)"
jq -r .sender outbox.ndjson >order
[ "$(wc -l <order)" = 12 ] && [ "$(head -n 9 order | grep -c 5550100)" = 6 ]
result $? 'hands those over at once that come meanwhile'
grep '"workflow":"slower"' offered >third
check 'who waits for a pace heeds SIGTERM' 0 timeout --preserve-status \
	-s TERM 0.8 jr-send-sms --now "$(at 0 15:00)" <third
[ "$(wc -l <outbox.ndjson)" -lt 17 ]
result $? 'and leaves the rest'
# --- a provider that hangs takes no answer from another ---
. "$TOP/tests/cli/texts.sh"
texts_standin
rm -rf jr.db* workflows && mkdir workflows && : >in
cat >jr.yaml <<!!
channels: {sms: {provider: twilio}}
caps: {sms: []}
quiet_hours: {channels: []}
senders:
  main: {from: "+12025550100", type: toll_free, registered: true}
  other: {provider: telnyx, from: "+18885550100", type: toll_free, registered: true}
providers:
$(provider twilio)
    in_flight: 2
    timeout: 3s
$(provider telnyx)
    timeout: 1s
!!
for w in main other; do
	workflow $w <<!!
trigger: {event: $w}
priority: $([ $w = main ] && echo 1 || echo 9)
steps:
  - sms: {id: s, sender: $w, body: "{{ event.text }}", names_sender: true}
!!
done
for i in 1 2 3; do
	person "u$i"
	event "u$i" main "$(at 0 15:00)" '"text":"fault hang 5"'
done
person u4
event u4 other "$(at 0 15:00)" '"text":"Hello"'
check 'messages through two providers' 0 offer "$(at 0 15:00)"
check 'of whom one hangs' 0 send "$(at 0 15:00)"
states m.workflow STATE
sort -o got got
same 'are told of as each did' got <<'!!'
main unknown
main unknown
main unknown
other accepted
!!
finish
