#!/bin/sh
# A folder of files: each is taken once, whole, in order, and moved.
. "${0%/*}/lib.sh"

now=2026-11-05T17:33:20Z # 1793900000
spool() { jr-ingest --quiet --now "$now" spool; }
# event NAME [TIME]: one of u1.
event() {
	printf '{"type":"person","identifiers":{"id":"u1"},"action":"event","name":"%s"%s}\n' \
		"$1" "${2:+,\"timestamp\":$2}"
}
fresh() {
	rm -rf jr.db* rejects.ndjson spool
	mkdir spool
}
# there: what stands in the spool and below.
there() { (cd spool && find . ! -type d | sort); }
dump() { jr-report dump >store; }

fresh
event b >spool/20.ndjson
event a >spool/10.ndjson
printf 'id,plan\nu2,pro\n' >spool/15.csv
event dot >spool/.30.ndjson
event tmp >spool/30.ndjson.tmp
event part >spool/30.ndjson.part
mkdir spool/40
event below >spool/40/x
ln -s /etc/hostname spool/50
mkfifo spool/60
check 'a folder is taken' 0 spool
jq -r '.name // .identifiers.id' out >got
same 'in the order of names, each in its form' got <<'!'
a
u2
b
!
there >got
same 'what was taken is done, and nothing else was' got <<'!'
./.30.ndjson
./30.ndjson.part
./30.ndjson.tmp
./40/x
./50
./60
./done/10.ndjson
./done/15.csv
./done/20.ndjson
!
check 'once more' 0 spool
silent 'there is nothing to do' out

fresh
{
	event good
	echo bad
} >spool/a
event fine >spool/b
printf '{"type":"person","identifiers":{"id":"u1"},"action":"identify","attributes":{"sms_consent":true,"plan":"x"}}\n' >spool/c
: >spool/d
check 'a file with a wrong line' 65 spool
same 'is told by its path' err <<'!'
jr-ingest: spool/a:2: not JSON at byte 1: invalid char in json text
jr-ingest: spool/c:1: 'attributes.sms_consent': sms_consent does not count: add the number it is for, in E.164, as phone, or as the channel's own: sms_phone, whatsapp_phone
!
there >got
same 'goes to rejected; one of which a part was refused does not' got <<'!'
./done/b
./done/c
./done/d
./rejected/a
!
json 'its good lines are kept' out 'map(.name) == ["good", "fine", null]'
event again >spool/b
event more >spool/b.1
check 'a name that was there' 0 spool
there >got
same 'is not written over' got <<'!'
./done/b
./done/b.1
./done/b.1.1
./done/c
./done/d
./rejected/a
!

# What is still being written.
fresh
event first >spool/a
writing() {
	exec 3>>spool/a
	event second >&3
	spool || return
	there
	exec 3>&-
}
check 'a file that someone writes' 0 writing
same 'is left alone' out <<'!'
./a
!
check 'and taken when they are done' 0 spool
json 'whole' out 'map(.name) == ["first", "second"]'

# What does not say when is of the time its file was written.
fresh
event untimed >spool/a
printf 'id,plan\nu1,pro\n' >spool/b.csv
touch -d 2026-11-05T17:00:00Z spool/a spool/b.csv
check 'a file of half past' 0 spool
dump
json 'is of that time' store '[.[] | select(.table == "log").row.at_s] |
	unique == [1793898000]'
mv spool/done/a spool/done/b.csv spool
now=2026-11-05T19:00:00Z
check 'later again' 0 spool
jr-report dump >again
same 'it is the same' again <store
now=2026-11-05T17:33:20Z

# Killed anywhere.
fill() {
	rm -rf spool
	mkdir spool
	i=0
	while [ $i -lt 4 ]; do
		i=$((i + 1))
		{
			event "e$i"
			[ $i -ne 3 ] || echo bad
			printf '{"type":"person","identifiers":{"id":"p%s"},"action":"identify","attributes":{"n":%s}}\n' $i $i
		} >spool/$i
		touch -d 2026-11-05T17:0$i:00Z spool/$i
	done
}
plain() {
	jr-report dump | jq -Sc 'select(.table != "meta" and .table != "seen")' |
		sort
}
rm -f jr.db*
fill
JR_CRASH=list jr-ingest --quiet --now "$now" spool >want.out 2>points
plain >want
there >want.there
sort points | grep -E '^(spool|ingest)-' | uniq -c | while read -r times place; do
	echo "$place:1"
	[ "$times" -lt 3 ] || echo "$place:3"
done >places
check 'there are places to die at' 0 test "$(wc -l <places)" -ge 10
while read -r place; do
	rm -f jr.db*
	fill
	killed() { JR_CRASH=$place spool; }
	check "killed at $place" 137 killed
	cat out >both
	again() { spool || [ $? -eq 65 ]; }
	check "taken up after $place" 0 again
	cat out >>both
	plain >got
	same "the store is as ever" got <want
	there >got
	same 'so are the files' got <want.there
	sort -u both >got
	sort want.out >sorted
	same 'and all went out' got <sorted
done <places

# Two at once.
rm -f jr.db*
fill
two() {
	spool >one.out 2>one.err &
	first=$!
	spool >two.out 2>two.err
	second=$?
	wait "$first"
	first=$?
	[ $((first | second)) -eq 65 ]
}
check 'two at the same second' 0 two
there >got
same 'take each file once' got <want.there
cat one.out two.out | sort >got
sort want.out >sorted
same 'and each record goes out once' got <sorted

# Asked to end in the midst of a file: it is left, and taken whole later.
fresh
awk 'BEGIN {
	for (i = 1; i <= 60000; i++)
		print "{\"type\":\"person\",\"identifiers\":{\"id\":\"u" i % 700 \
			"\"},\"action\":\"event\",\"name\":\"e\",\"id\":\"e" i \
			"\",\"timestamp\":1793800000}"
}' >spool/big
ended() {
	jr-ingest --quiet --now "$now" spool >early &
	victim=$!
	catches_term "$victim"
	kill -TERM "$victim"
	wait "$victim"
}
check 'SIGTERM is obeyed' 0 ended
check 'and the next run goes on' 0 spool
there >got
same 'until all is done' got <<'!'
./done/big
!
jr-report dump | grep -c '"table":"log"' >got
same 'once' got <<'!'
60000
!
missing() { jr-ingest --now "$now" nowhere; }
check 'a folder that is not there' 74 missing
finish
