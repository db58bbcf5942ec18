#!/bin/sh
# Whatever comes in: what is wrong is put aside, the rest go on, nothing is
# lost, and each failure has its own exit code.
. "${0%/*}/lib.sh"

good() {
	printf '{"type":"person","identifiers":{"id":"%s"},"action":"event",' "$1"
	printf '"id":"%s","name":"x","timestamp":1793800000}\n' "$1"
}
ingest() { jr-ingest --now 2026-11-04T14:00:00Z <in; }
event='{"type":"person","identifiers":{"id":"u"},"action":"event","name":'

# refuses WHAT REASON: the line in the file bad, between two good ones.
refuses() {
	rm -f jr.db* rejects.ndjson
	{
		good a
		cat bad
		echo
		good b
	} >in
	check "$1 is put aside" 65 ingest
	{
		good a
		good b
	} >want
	same "$1: the others go on" out <want
	says "$1: it is told why" err "$2"
	json "$1: it is kept" rejects.ndjson 'length == 1 and .[0].line == 2 and
		(.[0].record // .[0].record_base64 | length > 0)'
}

printf '{"type":"person"' >bad
refuses 'half a record' 'stdin:2: not JSON at byte 17: premature EOF'
printf '[1,2]' >bad
refuses 'a list' 'stdin:2: a list is no record'
printf '{"type":"person","a":1,"a":2}' >bad
refuses 'a key that comes twice' 'stdin:2: not JSON at byte 24: a key that was'
printf '{"type":"pers\000on"}' >bad
refuses 'a NUL' 'stdin:2: not JSON at byte 14'
printf '{"type":"pers\377on"}' >bad
refuses 'what is no UTF-8' 'stdin:2: not JSON at byte 1.: not UTF-8'
json 'what is no UTF-8 is kept as base64' rejects.ndjson '
	.[0].record_base64 | @base64d | startswith("{\"type\":\"pers")'
printf '{"type":"\\ud800"}' >bad
refuses 'half a surrogate pair' 'stdin:2: not JSON'
{
	printf '{"type":'
	awk 'BEGIN { for (i = 0; i < 200; i++) printf "[" }'
} >bad
refuses 'deep nesting' 'stdin:2: not JSON at byte'
long() { head -c "$1" /dev/zero | tr '\0' x; }
{
	printf '%s"x","attributes":{"a":"' "$event"
	long 1200000
	printf '"}}'
} >bad
refuses 'a huge line' 'stdin:2: longer than 1048576 bytes'
json 'of a huge line the beginning is kept' rejects.ndjson '
	.[0].cut and (.[0].record | length == 1048576)'
{
	printf '%s"x","attributes":{"a":"' "$event"
	long 200000
	printf '"}}'
} >bad
refuses 'huge data' "stdin:2: 'attributes': longer than 100000 bytes"
printf '%s{"a":1}}' "$event" >bad
refuses 'a wrong type' "stdin:2: 'name': a map: write a text in quotes"
printf '{"type":"person\033[2J"}' >bad
refuses 'what drives a terminal' 'stdin:2: not JSON at byte 16'

good a >in
printf '%s"y","id":"c","timestamp":1793800000}' "$event" >>in
rm -f jr.db*
check 'a last line without its end counts' 0 ingest
printf '%s"y","id":"d","time' "$event" >>in
check 'half of one does not' 65 ingest

# Many: ten are told one by one.
rm -f jr.db* rejects.ndjson
seq 100 >in
check 'a file of something else' 65 ingest
says 'is told of' err "^jr-ingest: 100 records were refused: see '.*rejects"
told() { [ "$(wc -l <err)" -eq 11 ]; }
cp err err.many
result "$(told && echo 0 || echo 1)" 'not line by line'
json 'but is kept, every line' rejects.ndjson 'length == 100'

# The outside.
good a >in
rm -f jr.db*
full() { ingest >/dev/full; }
check 'a full disk behind stdout is an error' 74 full
log() { jr-report dump | grep -c '"table":"log"'; }
check 'what was not passed on is kept all the same' 0 log
closed() { { ingest; echo $? >code; } | true; }
check 'a reader that went away' 0 closed
says 'is no death by signal' code '^(74|0)$'
no_rejects() { echo '{' | jr-ingest --rejects=/dev/full; }
check 'a full disk behind the reject file is an error' 74 no_rejects
nowhere() { jr-ingest --state=no/jr.db <in; }
check 'a state that cannot be made is an error' 74 nowhere
echo 'no state' >damaged.db
damaged() { jr-ingest --state=damaged.db <in; }
check 'a file that is no state is refused' 78 damaged
cp jr.db torn.db
dd if=/dev/zero of=torn.db bs=4096 seek=1 count=30 conv=notrunc 2>dd.err
torn() { jr-ingest --state=torn.db <in; }
check 'a damaged state is an error' 74 torn
silent 'and nothing is passed on' out

# A lock that is held: the store waits ten seconds, then says: later.
cat >lock.py <<'!'
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
time.sleep(60)
!
locked() {
	python3 lock.py jr.db >held &
	holder=$!
	children="$children $holder"
	while [ ! -s held ]; do sleep 0.05; done
	good z >in
	code=0
	ingest || code=$?
	kill "$holder"
	wait "$holder"
	return $code
}
check 'a locked state: the same again later' 75 locked
silent 'nothing is passed on' out
check 'and later it works' 0 ingest

# Wrong settings: before the first record.
wrong() { jr-ingest --config=wrong.yaml --state=never.db <in; }
printf 'max_age: 72h\ncolour: red\n' >wrong.yaml
check 'an unknown key in jr.yaml stops the command' 78 wrong
says 'at its place' err "wrong.yaml:2(:1)?: unknown key 'colour'"
printf 'max_age: [\n' >wrong.yaml
check 'wrong YAML stops the command' 78 wrong
says 'at its place, too' err 'wrong.yaml:[12]'
check 'no state was made' 1 test -e never.db
finish
