#!/bin/sh
# Whatever happened in between, in whatever order, in how many runs: the
# members are those that a rebuild finds.
. "${0%/*}/lib.sh"

cat >segments.yaml <<'!'
trial: plan == "trial"
often: count("x" within 3d) >= 3
lately: happened("y" within 1d)
odd: in_segment("often") and not in_segment("lately")
soon: ends_at within next 36h
close: {file: ids}
closer: in_segment("close") and in_segment("trial")
!
printf 'u%s\n' 1 3 5 7 11 13 17 19 23 >ids
t0=1793800000
# hour N: RFC 3339 of the N-th hour.
hour() { date -u -d "@$((t0 + $1 * 3600))" +%Y-%m-%dT%H:%M:%SZ; }
# arrivals SEED HOUR: what comes in by then.
arrivals() {
	awk -v seed="$1" -v hour="$2" -v t0=$t0 'BEGIN {
		srand(seed * 1000 + hour)
		for (i = 0; i < 12; i++) {
			t = t0 + hour * 3600 - int(rand() * 7200)
			w = "u" int(rand() * 25)
			h = "{\"type\":\"person\",\"identifiers\":{\"id\":\"" w "\"},\"timestamp\":" t ","
			k = rand()
			if (k < 0.5)
				print h "\"action\":\"event\",\"name\":\"x\",\"id\":\"" seed "-" hour "-" i "\"}"
			else if (k < 0.7)
				print h "\"action\":\"event\",\"name\":\"y\",\"id\":\"" seed "-" hour "-" i "\"}"
			else if (k < 0.85)
				print h "\"action\":\"identify\",\"attributes\":{\"plan\":\"" (rand() < 0.5 ? "trial" : "pro") "\"}}"
			else if (k < 0.97)
				print h "\"action\":\"identify\",\"attributes\":{\"ends_at\":" int(t + rand() * 400000) "}}"
			else
				print h "\"action\":\"delete\"}"
		}
	}'
}
members() { jr-report --state="$1" dump | jq -c 'select(.table == "members").row |
	[.segment, .person]' | sort; }

seed=0
while [ $seed -lt 6 ]; do
	seed=$((seed + 1))
	rm -f jr.db*
	hours=0
	while [ $hours -lt 144 ]; do
		hours=$((hours + 1 + (seed * hours) % 11))
		arrivals $seed $hours | jr-ingest -q --now "$(hour $hours)" |
			jr-segment -q --now "$(hour $hours)" >out || break
	done
	members jr.db >want
	rebuild() { jr-segment -q --rebuild --now "$(hour $hours)" </dev/null; }
	check "history $seed: a rebuild" 0 rebuild
	json "history $seed: finds nothing amiss" out \
		'length == 7 and all(.entered == 0 and .left == 0)'
	members jr.db >got
	same "history $seed: members are members" got <want
	check "history $seed: there are some" 0 test "$(wc -l <want)" -gt 5
done

# Killed at each place.
arrivals 7 1 | jr-ingest -q --now "$(hour 1)" --state=base.db >stream
copy() { rm -f k.db*; cp base.db k.db; }
segment() { jr-segment -q --now "$(hour 2)" --state=k.db </dev/null; }
dump() { jr-report --state=k.db dump | jq -c 'select(.table | IN("members",
	"segments", "looks", "log"))'; }
copy
segment >want.out
dump >want
copy
JR_CRASH=list segment 2>points >list.out
sort -u points | grep '^segment-' >places
says 'there are places to die at' places '^segment-page-written$'
says 'and others' places '^segment-list-written$'
says 'and others still' places '^segment-kept$'
while read -r place; do
	copy
	killed() { JR_CRASH=$place segment; }
	check "killed at $place" 137 killed
	check "started again after $place" 0 segment
	dump >got
	same "it ends where it would have" got <want
done <places
copy
both() {
	segment >one.out &
	first=$!
	segment >two.out
	wait "$first"
}
check 'two at the same second' 0 both
dump >got
same 'are as one' got <want
sort one.out two.out >got
sort want.out >want
same 'and each change is told once' got <want

# People who take more than a page: a build that is cut off goes on.
awk -v t=$t0 'BEGIN {
	for (i = 0; i < 990; i++) more = more "x"
	for (i = 0; i < 4000; i++)
		print "{\"type\":\"person\",\"identifiers\":{\"id\":\"b" i \
			"\"},\"timestamp\":" t ",\"action\":\"identify\"," \
			"\"attributes\":{\"plan\":\"" (i % 3 ? "trial" : "pro") \
			"\",\"m1\":\"" more "\",\"m2\":\"" more "\",\"m3\":\"" \
			more "\"}}" }' |
	jr-ingest -q --now "$(hour 1)" --state=base.db >stream
: >segments.yaml
jr-segment -q --now "$(hour 1)" --state=base.db </dev/null >out
echo 'trial: plan == "trial"' >segments.yaml
copy
check 'a build of pages' 0 segment
tail -n 1 out >said
json 'says how many enter' said '.[0].change == "new" and .[0].entered > 2600'
dump >want
copy
killed() { JR_CRASH=segment-page-written:2 segment; }
check 'killed amid it' 137 killed
half() { jr-report --state=k.db dump |
	jq -r 'select(.table == "builds").row | .after_person > 1000'; }
check 'it knows' 0 half
same 'how far it was' out <<'!'
true
!
check 'started again' 0 segment
tail -n 1 out >got
same 'it says the same of the whole' got <said
check 'though it tells of fewer' 0 test "$(wc -l <out)" -lt 2000
dump >got
same 'and ends where it would have' got <want
copy
check 'two who build at the same second' 0 both
dump >got
same 'share the work, and count it together' got <want
finish
