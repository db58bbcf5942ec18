#!/bin/sh
# jr-ingest: each record once, in the store before it is on stdout.
. "${0%/*}/lib.sh"

cat >in <<'!'
{"type":"person","identifiers":{"id":"u_1"},"action":"identify","timestamp":1793800000,"attributes":{"plan":"pro", "n":1.50}}
{"type":"person","identifiers":{"id":"u_1"},"action":"event","id":"e1","name":"paid","timestamp":1793800001,"attributes":{"amount":4900}}

{"type":"track","userId":"u_2","event":"Paid","messageId":"m1","timestamp":"2026-11-04T13:46:42Z","properties":{"amount":1}}
{"type":"person","identifiers":{"id":"u_1"},"action":"add_device","device":{"token":"t1","platform":"ios"}}
{"type":"message","id":"m_1"}
!
now=2026-11-04T14:00:00Z
ingest() { jr-ingest --now "$now" "$@" <in; }
dump() { jr-report dump >store; }

check 'it takes records of several forms' 0 ingest
sed -n '1,2p' in >want
cat >>want <<'!'
{"type":"person","identifiers":{"id":"u_2"},"action":"event","id":"m1","name":"Paid","timestamp":1793800002,"attributes":{"amount":1}}
!
sed -n '5,6p' in >>want
same 'its own go out byte for byte, others as its own' out <want
silent 'and nothing is said' err
check 'what is kept can be looked at' 0 dump
json 'each record is in the log' store '
	[.[] | select(.table == "log").row] |
	map([.seq, .id, .name, .at_s]) == [
		[1, .[0].id, null, 1793800000], [2, "e1", "paid", 1793800001],
		[3, "m1", "Paid", 1793800002],
		[4, .[3].id, "added", 1793800800]]'
json 'attributes are kept' store '
	[.[] | select(.table == "people").row.attributes] |
	. == ["{\"plan\":\"pro\",\"n\":1.5}", "{}"]'
json 'events keep the bytes of their data' store '
	[.[] | select(.table == "log").row.data] | .[1] == "{\"amount\":4900}"'
json 'there is one device' store '
	[.[] | select(.table == "devices").row | [.token, .platform]] ==
	[["t1", "ios"]]'
runs() { jr-report --format=ndjson runs; }
check 'the run left a row' 0 runs
says 'with its counts' out 'accepted.*:4'

ingest >first
cp store before
check 'the same may come again' 0 ingest
same 'and goes out again' out <first
dump
same 'and nothing changed' store <before
now=2026-11-04T14:00:09Z
check 'also later' 0 ingest
dump
json 'but an order without a time is one for now' store '
	[.[] | select(.table == "log").row.seq] == [1, 2, 3, 4, 5]'

sed -n 2p in >one
cat one one one >thrice
thrice() { jr-ingest --now "$now" --state=thrice.db <thrice; }
check 'within one batch, too, a record is kept once' 0 thrice
same 'and goes out each time' out <thrice
jr-report --state=thrice.db dump >store
json 'it has one row' store '[.[] | select(.table == "log")] | length == 1'

files() { jr-ingest --now "$now" --state=files.db one in one; }
check 'files are read one after the other' 0 files
cat one want one >all
same 'and all of each is passed on' out <all
missing() { jr-ingest --now "$now" one nothere; }
check 'a file that is not there is an error' 74 missing
same 'told by its name' err <<'!'
jr-ingest: cannot open 'nothere': No such file or directory
!
same 'what was read before it is kept' out <one

# A stream that stays open: nobody waits for company for long.
mkfifo slow
slow() {
	jr-ingest --now "$now" --state=slow.db <slow >slow.out &
	reader=$!
	children="$children $reader"
	exec 3>slow
	cat one >&3
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		[ -s slow.out ] && break
		sleep 0.1
	done
	cp slow.out early
	exec 3>&-
	wait "$reader"
}
check 'a producer that goes slowly' 0 slow
same 'is not waited for' early <one

# Asked to end between two batches, it ends in good order.
stop() {
	jr-ingest --now "$now" --state=stop.db <slow >stop.out &
	reader=$!
	children="$children $reader"
	exec 3>slow
	cat one >&3
	while [ ! -s stop.out ]; do sleep 0.05; done
	kill -TERM "$reader"
	code=0
	wait "$reader" || code=$?
	exec 3>&-
	return $code
}
check 'SIGTERM is obeyed, and is no death' 0 stop
same 'what was taken went out' stop.out <one

form() { ingest --format=segment; }
check 'a form may be demanded of every line' 65 form
says 'and the others are refused' err \
	'^jr-ingest: stdin:1: not of the form segment: see jr-records'
json 'the one of that form is taken' out 'map(.id) == ["m1"]'
cat >bodies <<'!'
{"id":5,"email":"five@example.com","name":"Ana"}
{"type":"person","id":"6"}
{"name":"bought","data":{"price":23}}
{"plan":"pro"}
!
bodies() { jr-ingest --now "$now" --state=bodies.db "$@" <bodies; }
check 'attributes alone may be of any form' 65 bodies
silent 'so they are taken for none' out
check 'unless one is demanded, whose bodies they may be' 65 bodies --format=track
json 'then they are whose they say they are' out \
	'map([.action, .identifiers, .attributes.name]) == [["identify", {"id": "5"}, "Ana"]]'
says 'but what says nothing of that is nobody'"'"'s' err \
	"^jr-ingest: stdin:3: 'path': missing: this body of Track v1 does not say"
auto() { jr-ingest --now "$now" --state=auto.db --format=auto <in; }
check 'or of none' 0 auto
help() { jr-ingest --help; }
check 'there is a list' 0 help
says 'of all of them' out 'auto, entity, segment, report,'
unknown() { ingest --format=xml; }
check 'a form that is none is refused' 64 unknown
says 'with those there are' err 'write one of auto, entity, segment'
country() { ingest --default-country=XX; }
check 'a country that is none is refused' 64 country
age() { ingest --max-age=soon; }
check 'an age that is none is refused' 64 age
finish
