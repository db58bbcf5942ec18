#!/bin/sh
# jr-ingest killed at 200 instants that nobody chose, on 100,000 lines, and
# started again each time: no line that it passed on is missing from the store,
# and it ends where an undisturbed run does, byte for byte.
. "${0%/*}/../cli/lib.sh"
make_events=$B/tests/tools/make_events
[ -x "$make_events" ] || skip_all 'make_events is not built'
needs sqlite3

# A sanitized jr-ingest is slow: fewer, there.
kills=200 events=96000 part=2000
if [ "${SANITIZED:-0}" != 0 ]; then
	kills=12 events=9600 part=1000
fi
export now=2026-11-04T14:00:00Z

# Beside what products send: consents, replies, merges, the same again, orders
# to forget, lines that are none.
"$make_events" "$events" 20000 | awk '
function person(id, action) {
	return "{\"type\":\"person\",\"identifiers\":{\"id\":\"" id "\"},\"action\":\"" action "\",\"timestamp\":" 1793000000 + NR
}
{ print }
NR % 24 { next }
{ i++; number = "+1206555" 1000 + i % 900; kind = i % 8 }
kind < 3 { print person("c_" i % 900, "identify") ",\"attributes\":{\"sms_phone\":\"" number "\",\"sms_consent\":true,\"sms_consent_at\":" 1792990000 + NR ",\"sms_consent_ip\":\"203.0.113.7\"}}" }
kind == 3 { print "{\"source\":\"twilio\",\"received_at\":" 1793000000 + NR ",\"body\":\"MessageSid=SM" i "&From=%2B" substr(number, 2) "&To=%2B12065550199&Body=STOP\"}" }
kind == 4 { print person("m_" i, "event") ",\"name\":\"Moved\"}" }
kind == 5 { print "{\"type\":\"person\",\"action\":\"merge\",\"timestamp\":" 1793000000 + NR ",\"primary\":{\"id\":\"c_" i % 900 "\"},\"secondary\":{\"id\":\"m_" i - 1 "\"}}" }
kind == 6 && i % 200 == 6 { print person("f_" i, "event") ",\"name\":\"Came\"}"; next }
kind == 6 { print }
kind == 7 && i % 200 == 7 { print person("f_" i - 1, "delete") "}"; next }
kind == 7 { print "{ broken" }' >in
check 'there are so many lines' 0 test "$(wc -l <in)" -eq $((events * 25 / 24))
split -l "$part" -a 3 in part.

# What a store holds, but for what is drawn at random.
dump() {
	jr-report --state="$1" dump |
		sed -E 's/"(nonce|digest|hash|previous)":"[^"]*"//g'
}
end_of_log() {
	sqlite3 -readonly "$1" "SELECT seq FROM cursors WHERE name = 'log'"
}

# All stores have the same secret.
jr-ingest -q --now "$now" --state=empty.db </dev/null 2>err || cat err

# Lines about those who are forgotten later go out until they are.
lasting() { sed '/"id":"f_/d'; }

# The undisturbed run, part by part: how many lines were passed on, and how far
# the log is, after each.
cp empty.db whole.db
for piece in part.*; do
	jr-ingest -q --now "$now" --state=whole.db "$piece" >out 2>err
	lasting <out >>want.out
	echo "$(wc -l <want.out) $(end_of_log whole.db) $piece"
done >want.ends
dump whole.db >want
check 'the undisturbed run passes on nearly all' 0 \
	test "$(wc -l <want.out)" -gt "$events"

fresh() {
	ls part.* >todo
	rm -f any.db*
	cp empty.db any.db
}
whole() { jr-ingest -q --now "$now" --state=any.db part.* >any.out; }
fresh
from=$(date +%s%N)
check 'in one run' 65 whole
took=$((($(date +%s%N) - from) / 1000000))
dump any.db >got
check 'it is the same' 0 cmp got want

# What was passed on need not come again: the rest alone completes it.
fresh
batch() { JR_CRASH=ingest-passed-on:2 whole; }
check 'killed after its second batch' 137 batch
lasting <any.out >any.lines
check 'it has passed on two' 0 \
	test "$(wc -l <any.lines)" -eq "$(awk 'NR == 2 { print $1 }' want.ends)"
# shellcheck disable=SC2046 # names of parts are words
rest() { jr-ingest -q --now "$now" --state=any.db $(tail -n +3 todo); }
check 'the rest alone' 65 rest
dump any.db >got
check 'completes it' 0 cmp got want

# passed_on: what a run that was killed passed on, @skipped lines of want.out
# not counted, is how these go on, and its store has it.  Leaves in todo what
# parts never were passed on whole.
passed_on() {
	head -n "$(wc -l <any.out)" any.out | lasting >any.lines
	lines=$((skipped + $(wc -l <any.lines)))
	tail -n "+$((skipped + 1))" want.out |
		cmp -n "$(wc -c <any.lines)" - any.lines >>lost 2>&1
	awk -v lines="$lines" -v have="$(end_of_log any.db 2>>lost)" '
		before < lines && have + 0 < $2 {
			print lines " lines are out, the log ends at " have \
				>>"lost"
		}
		lines < $1 { print $3 }
		{ before = $1 }' want.ends >left
	[ "$(wc -l <left)" -gt "$(wc -l <todo)" ] || mv left todo
}

# begin: what the next run reads: the parts that are left, as of a spool, or
# sometimes all of them.
begin() {
	if [ $((killed % 4)) -eq 0 ]; then
		ls part.* >parts
	else
		cp todo parts
	fi
	skipped=$(awk -v part="$(head -n 1 parts)" '
		$3 == part { print before + 0 }
		{ before = $1 }' want.ends)
}

# finished: the store as it is, once more from the start to the end.
finished() {
	passes=$((passes + 1))
	whole 2>err
	lasting <any.out | cmp - want.out >>differ 2>&1
	dump any.db >got
	cmp got want >>differ 2>&1
	fresh
}

: >lost
: >differ
fresh
passes=0 killed=0
awk -v n="$kills" -v ms="$took" 'BEGIN {
	srand(11)
	while (n-- > 0)
		printf "%.3f\n", rand() * (ms < 3000 ? ms : 3000) / 4000
}' >instants
while read -r instant; do
	begin
	: >any.out # it may be killed before it opens it
	# Not through a function: that would kill a shell, and not jr-ingest.
	# shellcheck disable=SC2046 # names of parts are words
	jr-ingest -q --now "$now" --state=any.db $(cat parts) >any.out \
		2>any.err &
	victim=$!
	sleep "$instant"
	kill -9 "$victim" 2>kill.err
	status=0
	wait "$victim" 2>kill.err || status=$?
	if [ "$status" -eq 137 ]; then
		killed=$((killed + 1))
		passed_on
		[ -s todo ] || finished
	else
		finished
	fi
done <instants
finished
check 'most were killed' 0 test "$killed" -gt $((kills * 2 / 3))
silent "killed $killed times, what was passed on is kept" lost
silent "started again, it ends as undisturbed, $passes times" differ
finish
