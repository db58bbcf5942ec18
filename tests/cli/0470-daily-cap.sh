#!/bin/sh
# What carriers take of a sender a day is not exceeded: the rest waits for the
# next day, which begins at midnight, Pacific time.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"

sed -i 's/registered: true}/registered: true, per_day: 5}/' jr.yaml
allow_many
workflow w <<'!!'
trigger: {event: Go}
reentry: always
steps:
  - sms: {id: s, body: "{{ event.text }}", names_sender: true, cap: defer}
!!
long=$(printf '%0200d' 0) # two segments
go() { # TIME PERSON TEXT
	event "$2" Go "$1" "\"text\":\"$3\""
}
for i in 1 2 3 4; do
	person "u$i"
	go "$(at 0 15:00)" "u$i" Hi
done
check 'within the day' 0 tick "$(at 0 15:00)"
json 'four go' outbox.ndjson 'length == 4'
go "$(at 0 16:00)" u1 "$long"
go "$(at 0 16:00)" u2 short
check 'one segment is left' 0 tick "$(at 0 16:00)"
json 'for the message that fits' outbox.ndjson 'length == 5 and .[4].body == "short"'
json 'the other waits for the next day' out 'map(select(.type == "decision")) | .[0].gate == "budget" and .[0].verdict == "later" and .[0].details.per_day == 5'
go "$(at 0 23:00)" u3 more
check 'late in the evening of UTC' 0 tick "$(at 0 23:00)"
json 'it is the same day' outbox.ndjson 'length == 5'
check 'and so it is at midnight of UTC' 0 tick "$(at 1 00:00)"
json 'there' outbox.ndjson 'length == 5'
check 'not yet' 0 tick "$(at 1 07:59)"
json 'there either' outbox.ndjson 'length == 5'
check 'at midnight, Pacific time' 0 tick "$(at 1 08:00)"
json 'a new one begins' outbox.ndjson 'length == 7'
finish
