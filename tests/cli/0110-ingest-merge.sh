#!/bin/sh
# Two people turn out to be one: nothing of either is lost, and nobody gets a
# message twice for it.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
allow_many

now=2026-11-02T15:00:00Z # 1793631600
fresh() { rm -f jr.db* rejects.ndjson stream; : >in; }
merge() {
	echo "{\"type\":\"person\",\"action\":\"merge\",\"primary\":{\"id\":\"$1\"},\"secondary\":{\"id\":\"$2\"},\"timestamp\":\"$3\"}" >>in
}
workflow once <<'!'
trigger: {event: Go}
steps:
  - wait: 1h
  - sms: {id: first, body: "One"}
  - wait: 1h
  - sms: {id: second, body: "Two"}
!
workflow again <<'!'
trigger: {event: Paid}
reentry: always
key: event.order
steps:
  - wait: 1h
  - sms: {id: text, body: "Paid"}
!
# all: what was sent so far, and to whom.
all() { sent stream | sort; }

# Both on the way: one goes on.
person u1
person u2
event u1 Go 2026-11-02T15:00:00Z
event u2 Go 2026-11-02T15:00:00Z
event u1 Paid 2026-11-02T15:00:00Z '"order":"a"'
event u2 Paid 2026-11-02T15:00:00Z '"order":"b"'
tick $now
merge u1 u2 2026-11-02T15:30:00Z
tick 2026-11-02T15:30:00Z
tick 2026-11-02T16:00:00Z
tick 2026-11-02T17:00:00Z
tick 2026-11-02T18:00:00Z
all >got
same 'of two on the way one goes on; two orders are two' got <<'!'
again/text u1
again/text u1
once/first u1
once/second u1
!

# One is through, the other on the way.
fresh
person u1
person u2
event u1 Go 2026-11-02T15:00:00Z
tick $now
tick 2026-11-02T16:00:00Z
tick 2026-11-02T17:00:00Z
event u2 Go 2026-11-02T17:00:00Z
tick 2026-11-02T17:00:00Z
merge u1 u2 2026-11-02T17:30:00Z
for hour in 17 18 19 20; do
	tick 2026-11-02T$hour:30:00Z
done
all >got
same 'who had it all gets nothing again' got <<'!'
once/first u1
once/second u1
!

# The other way around: the loser had some of it, the winner's run stays.
fresh
person u1
person u2
event u2 Go 2026-11-02T15:00:00Z
tick $now
event u1 Go 2026-11-02T16:00:00Z
tick 2026-11-02T16:00:00Z
merge u1 u2 2026-11-02T16:30:00Z
for hour in 16 17 18 19 20; do
	tick 2026-11-02T$hour:30:00Z
done
all >got
same 'who had a part gets the rest' got <<'!'
once/first u2
once/second u1
!

# A message that waits for the morning.
fresh
cp jr.yaml jr.yaml.was
sed -i '/^quiet_hours/d' jr.yaml
person u1
person u2
event u2 Go 2026-11-03T01:30:00Z
tick 2026-11-03T01:30:00Z
tick 2026-11-03T02:30:00Z
merge u1 u2 2026-11-03T03:00:00Z
tick 2026-11-03T03:00:00Z
for hour in 13 14 15 16 17 18; do
	tick 2026-11-03T$hour:30:00Z
done
all >got
same 'a message that waits moves along, and goes once' got <<'!'
once/first u1
once/second u1
!
cp jr.yaml.was jr.yaml
# What was done before someone was known is theirs, and counts.
fresh
rm workflows/*
workflow look <<'!'
trigger: {event: Looked}
steps:
  - push: {id: tap, title: "You looked", body: "at us"}
!
cat >segments.yaml <<'!'
keen: 'count("Looked") >= 2'
!
looks() {
	echo "{\"type\":\"person\",\"identifiers\":{\"anonymous_id\":\"x\"},\"action\":\"event\",\"id\":\"l$1\",\"name\":\"Looked\",\"timestamp\":\"$2\"}" >>in
}
looks 1 2026-10-20T10:00:00Z
tick $now
looks 2 2026-11-02T15:00:01Z
person u3
tick 2026-11-02T15:01:00Z
members() {
	jr-report dump | jq -r 'select(.table == "members").row.person' >one
	jr-report dump | jq -r --argjson p "$(cat one)" \
		'select(.table == "people").row | select(.person == $p).id'
}
members >got
check 'before, nobody we know is in the segment' 1 grep -q u3 got
attributes u3 2026-11-02T15:02:00Z '"anonymous_id":"x"'
tick 2026-11-02T15:02:00Z
members >got
same 'what was done anonymously counts for who it was' got <<'!'
u3
!
looks 3 2026-11-02T15:03:00Z
device u3 t3
tick 2026-11-02T15:03:00Z
jr-report export u3 | jq -r 'select(.data.name == "Looked").data.id' | sort >got
same 'and what comes later under that name is theirs as well' got <<'!'
l1
l2
l3
!

# The old name is good for everything, for ever.
person u4
device u4 t4
tick 2026-11-02T15:04:00Z
merge u3 u4 2026-11-02T15:05:00Z
event u4 Bought 2026-11-02T15:05:01Z
attributes u4 2026-11-02T15:05:02Z '"plan":"pro"'
tick 2026-11-02T15:06:00Z
of() { jr-report export "$1" >export.$1; }
check 'the new name finds them' 0 of u3
check 'the old name, too' 0 of u4
same 'the same person' export.u4 <export.u3
json 'with what was said under either' export.u3 '
	([.[] | select(.about == "person" and .data.state == "live").data |
		.id, .attributes.plan] == ["u3", "pro"]) and
	([.[] | select(.about == "device").data.token] == ["t3", "t4"]) and
	([.[] | select(.about == "consent").data.number] | length == 2) and
	([.[] | select(.about == "record" and .data.name == "Bought")] | length == 1)'
merge u4 u3 2026-11-02T15:07:00Z
tick 2026-11-02T15:07:00Z
of u3
json 'to merge it back changes nothing' export.u3 '
	[.[] | select(.about == "person" and .data.state == "live").data.id] == ["u3"]'
echo '{"type":"person","identifiers":{"id":"u4"},"action":"delete","timestamp":"2026-11-02T15:08:00Z"}' >in
tick 2026-11-02T15:08:00Z
check 'who is deleted by the old name is gone under the new one' 64 \
	jr-report export u3
finish
