#!/bin/sh
# jr-segment: who enters and leaves, by news and by time.
. "${0%/*}/lib.sh"

cat >segments.yaml <<'!'
trialists: plan == "trial"
buyers:
  where: count("Order Placed" within 30d) >= 2
  description: Two orders in a month
ending: trial_ends_at within next 24h
both: in_segment("buyers") and in_segment("trialists")
vips:
  manual: true
!
# at NOW: what follows happens then.
at() { now=$1; }
take() { printf '%s\n' "$@" | jr-ingest --now "$now"; }
identify() {
	printf '{"type":"person","identifiers":{"id":"%s"},"action":"identify",' "$1"
	printf '"timestamp":%s,"attributes":%s}' "$2" "$3"
}
order() {
	printf '{"type":"person","identifiers":{"id":"%s"},"action":"event",' "$1"
	printf '"id":"%s","name":"Order Placed","timestamp":%s}' "$2" "$3"
}
segment() { jr-segment -q --now "$now"; }
# news: the segment records of out, short.
news() { jq -c 'select(.type == "segment") | [.segment, .change, .person.id]' out; }

at 2026-11-04T14:00:00Z # 1793800800
take "$(identify a 1793800000 '{"plan":"trial","trial_ends_at":1793900000}')" \
	"$(identify b 1793800000 '{"plan":"pro"}')" \
	"$(order b o1 1793800000)" >stream
check 'it looks at the people who came' 0 segment <stream
tail -n 3 out >passed
same 'what comes in is passed on' passed <stream
head -n -3 out >added
same 'behind what was found before' added <<'!'
{"type":"segment","timestamp":1793800800,"segment":"vips","change":"new","entered":0,"left":0}
{"type":"segment","timestamp":1793800800,"segment":"trialists","change":"entered","person":{"id":"a"}}
{"type":"segment","timestamp":1793800800,"segment":"trialists","change":"new","entered":1,"left":0}
{"type":"segment","timestamp":1793800800,"segment":"buyers","change":"new","entered":0,"left":0}
{"type":"segment","timestamp":1793800800,"segment":"ending","change":"new","entered":0,"left":0}
{"type":"segment","timestamp":1793800800,"segment":"both","change":"new","entered":0,"left":0}
!
# flag: whether the newest who entered did so by old news.
flag() { jr-report dump | jq -c 'select(.table == "log").row |
	select(.kind == 12) | .flags' | tail -n 1; }
check 'at the very first run, too,' 0 flag
same 'fresh people are news' out <<'!'
0
!
check 'nothing new, nothing to say' 0 segment </dev/null
silent 'and it says nothing' out

take "$(order b o2 1793800700)" "$(order a o3 1793800700)" \
	"$(order a o4 1793800701)" >stream
segment </dev/null >out
news >got
same 'counts of events' got <<'!'
["buyers","entered","a"]
["both","entered","a"]
["buyers","entered","b"]
!
take "$(identify a 1793800710 '{"plan":"pro"}')" >stream
segment </dev/null >out
news >got
same 'leaving' got <<'!'
["trialists","left","a"]
["both","left","a"]
!

# Time alone: 24 h before the trial ends, and 30 days after the orders.
at 2026-11-04T17:33:19Z # a second before
segment </dev/null >out
silent 'a second too early nothing happens' out
at 2026-11-04T17:33:20Z
segment </dev/null >out
news >got
same 'time comes' got <<'!'
["ending","entered","a"]
!
at 2026-11-05T17:33:21Z
segment </dev/null >out
news >got
same 'and goes' got <<'!'
["ending","left","a"]
!
at 2026-12-10T00:00:00Z
segment </dev/null >out
news | sort >got
same 'months later, with cron asleep' got <<'!'
["buyers","left","a"]
["buyers","left","b"]
!
looks() { jr-report dump | grep -c '"table":"looks"'; }
check 'nobody is to be looked at again' 1 looks

# What comes in while the input is passed on is looked at, too.
mkfifo slow
meanwhile() {
	segment <slow >out &
	child=$!
	children="$children $child"
	exec 3>slow
	sleep 0.3
	take "$(identify c 1796860000 '{"plan":"trial"}')" >&3
	exec 3>&-
	wait "$child"
}
check 'the work is done once more at the end' 0 meanwhile
news >got
same 'over what came in meanwhile' got <<'!'
["trialists","entered","c"]
!

# Bytes are bytes.
printf '{"a":1}\r\nno record\377\n\n{"half"' >odd
segment <odd >out
cp odd want
echo >>want
same 'what is no record is passed on as well, byte for byte' out <want
awk 'BEGIN { for (i = 0; i < 2000000; i++) printf "x"; print "" }' >long
segment <long >long.out
check 'of any length' 0 cmp long long.out
full() { segment <long >/dev/full; }
check 'a full disk is an error' 74 full
closed() { { segment <long; echo $? >code; } | true; }
check 'a reader that went away' 0 closed
says 'is no death by signal' code '^74$'

# Old news moves nobody on: the log says so.
at 2026-12-10T00:00:10Z
take "$(identify d 1793800000 '{"plan":"trial"}')" >stream
segment </dev/null >out
check 'who enters by old news' 0 flag
same 'is flagged' out <<'!'
1
!

# Questions.
ask() { jr-segment --now "$now" "$@"; }
check 'who would be' 0 ask --where 'plan == "pro"' -f ndjson
same 'with all that is known' out <<'!'
{"id":"a","plan":"pro","trial_ends_at":1793900000}
{"id":"b","plan":"pro"}
!
check 'or some of it' 0 ask --where 'plan == "pro"' -f ndjson -a trial_ends_at,x.y
same 'null where there is none' out <<'!'
{"id":"a","trial_ends_at":1793900000,"x.y":null}
{"id":"b","trial_ends_at":null,"x.y":null}
!
check 'who is' 0 ask --members trialists -f ndjson
json 'in it' out '[.[].id] == ["c", "d"]'
check 'which there are' 0 ask --list -f ndjson
json 'how they grew' out 'map({(.segment): .}) | add |
	.trialists | [.entered_24h, .left_24h, .entered_30d, .left_30d] ==
	[2, 0, 2, 0]'
json 'and before that' out 'map({(.segment): .}) | add |
	.buyers | [.entered_7d, .left_7d, .entered_30d, .left_30d] ==
	[0, 2, 0, 2]'
json 'with sizes' out '[.[] | [.segment, .size]] == [["both", 0], ["buyers", 0],
	["ending", 0], ["trialists", 2], ["vips", 0]]'
check 'in columns' 0 ask --list -f table
says 'for people' out '^trialists +2 '
check 'for a spreadsheet' 0 ask --where 'plan == "pro"' -f csv -a plan,x.y
sed -i 's/\r$//' out
same 'with a line of names, and what could be a formula made harmless' out <<'!'
id,plan,x.y
"a","pro",
"b","pro",
!
check 'members' 0 ask --members trialists -f csv
sed -i 's/\r$//' out
same 'too' out <<'!'
id
"c"
"d"
!
check 'and segments' 0 ask --list -f csv
says 'as well' out '^"trialists",2,2,0,2,0,2,0,'
check 'with what people say of them' 0 ask --list -f ndjson
json 'too' out 'map({(.segment): .description}) | add |
	[.buyers, .trialists] == ["Two orders in a month", null]'
mv segments.yaml away
check 'the store knows them without their definitions' 0 ask --list -f ndjson
says 'but for that' err 'without descriptions: .*segments.yaml'
json 'and none is lost' out 'map(.segment) | index("buyers") != null'
mv away segments.yaml
check 'a tree in columns' 64 ask --explain c -f csv
check 'an attribute that nobody has' 0 ask --where 'paln == "pro"' -f ndjson
same 'is shown' err <<'!'
jr-segment: --where:1:1: nobody has an attribute 'paln': write 'plan'
    paln == "pro"
    ^
!
check 'what does not compile' 64 ask --where 'plan ==
  "pro" and (x = 1)'
same 'is shown, too' err <<'!'
jr-segment: --where:2:16: unexpected '=': write '=='
      "pro" and (x = 1)
                   ^
!
check 'why' 0 ask --explain c -f table
says 'in' out '^trialists: in$'
says 'and what it saw' out '^    plan  +"trial"$'
says 'not in' out '^both: not in$'
check 'as records' 0 ask --explain c -f ndjson
json 'too' out '.[0] == {"depth": 0, "segment": "trialists", "in": true}'
check 'nobody' 64 ask --explain nobody
says 'is told' err "nobody is known by 'nobody'"
check 'a segment that is none' 64 ask --members trialist
says 'with the one that was meant' err "write 'trialists'"
check 'an expression that is none' 64 ask --where 'plan = 1'
check 'one that asks for a segment that is none' 64 ask \
	--where 'plan == "pro" or in_segment("buyer")'
same 'is shown in its place' err <<'!'
jr-segment: --where:1:18: there is no segment 'buyer': write 'buyers'
    plan == "pro" or in_segment("buyer")
                     ^
!
check 'attributes of what is no person' 64 ask --list -a plan
says 'are refused' err 'ask --where or --members'
check 'two questions at once' 64 ask --list --members trialists
check 'a form that is none' 64 ask --list -f xml

# Who comes back again and again has a timer that is not written each time: it
# stays until it rings, and then it is set to what there is to wait for.
mkdir back
cd back || exit
echo 'gone: not happened("Order Placed" within 30d)' >segments.yaml
due() { jr-report dump | jq -r 'select(.table == "looks").row.due_s |
	strftime("%m-%d %H:%M")'; }
# tick AT DUE WHAT: then the timer is for DUE, and nobody is a member.
tick() {
	at "$1"
	segment </dev/null >out
	echo "$2" >want
	check "$3" 0 due
	same 'at its time' out <want
	check 'members' 0 ask --list -f ndjson
	json 'are none' out '.[0].size == 0'
}
at 2026-11-01T00:30:00Z # 1793493000
take "$(order e p1 1793493000)" >stream
tick 2026-11-01T00:30:00Z '12-01 00:00' 'who is to be looked at has a timer'
at 2026-11-02T00:30:00Z
take "$(order e p2 1793579400)" >stream
tick 2026-11-02T00:30:00Z '12-01 00:00' 'a day later it is the same'
tick 2026-12-01T00:00:00Z '12-02 00:00' 'when it rings there is another'
tick 2026-12-02T00:00:00Z '12-02 00:30' 'that comes nearer'
tick 2026-12-02T00:29:59Z '12-02 00:30' 'not before'
at 2026-12-02T00:30:00Z
segment </dev/null >out
news >got
same 'until its time has come' got <<'!'
["gone","entered","e"]
!
check 'and there is no timer any more' 1 looks
finish
