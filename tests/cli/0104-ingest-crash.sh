#!/bin/sh
# Killed at any step and started again, a run ends where an undisturbed one
# does; and two at the same time are as one after the other.
. "${0%/*}/lib.sh"

now=2026-11-04T14:00:00Z
awk 'BEGIN {
	for (i = 0; i < 3000; i++) {
		p = "{\"type\":\"person\",\"identifiers\":{\"id\":\"u_" i % 700 "\"},"
		t = "\"timestamp\":" 1793800000 - i % 500
		print p "\"action\":\"event\",\"id\":\"e" i "\",\"name\":\"n" i % 7 "\"," t "}"
		if (i % 9 == 0)
			print p "\"action\":\"identify\"," t ",\"attributes\":{\"n\":" i ",\"sms_phone\":\"+1206555" 1000 + i % 700 "\",\"sms_consent\":true,\"sms_consent_at\":1793700000,\"sms_consent_ip\":\"203.0.113.7\"}}"
		if (i % 50 == 0)
			print p "\"action\":\"add_device\"," t ",\"device\":{\"token\":\"t" i "\",\"platform\":\"ios\"}}"
		if (i % 400 == 0)
			print "{\"source\":\"twilio\",\"received_at\":1793800000,\"body\":\"MessageSid=SM" i "&From=%2B1206555" 1000 + i % 700 "&To=%2B12065550199&Body=STOP\"}"
		if (i % 600 == 1)
			print "{ broken"
	}
}' >in

# What a store holds, but for what is drawn at random in each.
dump() {
	jr-report --state="$1" dump | jq -Sc '
		del(.row.nonce, .row.digest, .row.hash, .row.previous,
			.row.number_key, .row.value_key) |
		select(.table != "meta" and .table != "seen")' | sort
}
ingest() { jr-ingest -q --trust-unsigned --now "$now" --state="$1" --rejects="$1.rejects" <in; }
whole() { ingest whole.db; }
check 'an undisturbed run' 65 whole
cp out want.out
dump whole.db >want

JR_CRASH=list jr-ingest -q --trust-unsigned --now "$now" --state=list.db <in 2>points >list.out
sort -u points | grep '^ingest-' >places
check 'there are places to die at' 0 test "$(wc -l <places)" -ge 4
while read -r place; do
	rm -f killed.db* out2
	killed() { JR_CRASH=$place ingest killed.db; }
	check "killed at $place" 137 killed
	again() { ingest killed.db; }
	check "started again after $place" 65 again
	same 'all is passed on' out <want.out
	dump killed.db >got
	same "the store is as after an undisturbed run" got <want
done <places

# At any instant.
i=0
rm -f any.db*
while [ $i -lt 20 ]; do
	i=$((i + 1))
	(ingest any.db >any.out 2>any.err) &
	victim=$!
	sleep "0.0$((i % 10))$((i * 7 % 10))"
	kill -9 "$victim" 2>/dev/null
	wait "$victim" 2>/dev/null
done
any() { ingest any.db; }
check 'killed twenty times, at last it ends' 65 any
same 'all is passed on' out <want.out
dump any.db >got
same 'the store is as after an undisturbed run' got <want

both() {
	ingest both.db >one.out 2>one.err &
	first=$!
	ingest both.db >two.out 2>two.err
	wait "$first"
}
check 'two at the same second' 65 both
same 'each passes on all' one.out <want.out
same 'the other, too' two.out <want.out
dump both.db >got
same 'the store is as after one' got <want
finish
