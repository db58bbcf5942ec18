#!/bin/sh
# Stored history once more, in virtual time, through the same engine.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"

cat >>jr.yaml <<'!'
currency: USD
prices:
  - {prefix: "+1", segment: 0.01}
!
cat >segments.yaml <<'!'
idle: happened("Seen") and not happened("Seen" within 2d)
!
workflow abandoned <<'!'
trigger: {event: Import Started}
reentry: always
steps:
  - wait: 1h
  - sms: {id: nudge, body: "Your import waits, {{ first_name }}."}
!
workflow back <<'!'
trigger: {enters: idle}
filter: plan == "pro"
steps:
  - push: {id: miss, title: "Come back", body: "We miss you."}
!
echo 'vips: {manual: true}' >>segments.yaml
workflow vip <<'!'
trigger: {enters: vips}
steps:
  - push: {id: hi, title: "Hello", body: "You are one of few."}
!
# u1 starts twice within a day (the cap), u2 at night (quiet hours), u3 says
# STOP before it is due, u4 changes plan before the segment has them.
person u1 '"first_name":"Ana","plan":"pro"'
person u2 '"first_name":"Ben","plan":"pro"'
person u3 '"first_name":"Cy","plan":"pro"'
person u4 '"first_name":"Di","plan":"pro"'
device u1 tok1
device u4 tok4
echo '{"type":"person","identifiers":{"id":"u4"},"action":"add_to_segment","segment":"vips","timestamp":"'"$(at 2 15:00)"'"}' >>in
event u1 Seen "$(at 0 15:00)"
event u4 Seen "$(at 0 15:00)"
attributes u4 "$(at 1 12:00)" '"plan":"free"'
event u1 'Import Started' "$(at 0 15:00)"
event u1 'Import Started' "$(at 0 20:00)"
event u2 'Import Started' "$(at 1 03:30)"
event u3 'Import Started' "$(at 1 15:00)"
echo '{"source":"twilio","body":"From=%2B12065550003&To=%2B12025550100&Body=STOP&MessageSid=SM1&OptOutType=STOP","received_at":"'"$(at 1 15:30)"'"}' >>in

# What is written when cron comes by each half hour, as it happened.
halves() {
	for day in 0 1 2 3; do
		for hour in 00 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 \
			17 18 19 20 21 22 23; do
			at "$day" "$hour:00"
			echo
			at "$day" "$hour:30"
			echo
		done
	done
}

cp in history
# The state that has seen it all at once, as old news.
jr-ingest --backfill --now "$(at 6 00:00)" <history >/dev/null 2>err
simulate() {
	jr-schedule --simulate --from "$(at 0 00:00)" --until "$(at 4 00:00)" \
		--now "$(at 6 00:00)" "$@"
}
{ jr-report dump; sha256sum jr.db; } >before
check 'history is replayed' 0 simulate --format csv
cp out first
{ jr-report dump; sha256sum jr.db; } >after
same 'and the state is not touched' after <before
cut -d, -f1-9 first | tr -d '\r"' >got
same 'messages, people, capped, quiet hours, segments and cost by day' got <<'!'
day,channel,workflow,messages,people,capped,quiet_hours,segments,cost
2026-11-02,sms,abandoned,1,1,1,0,1,0.01
2026-11-03,sms,abandoned,1,1,0,1,1,0.01
2026-11-04,push,back,1,1,0,0,0,0.0
2026-11-04,push,vip,1,1,0,0,0,0.0
all,sms,abandoned,2,2,1,1,2,0.02
all,sms,all,2,2,1,1,2,0.02
all,push,back,1,1,0,0,0,0.0
all,push,vip,1,1,0,0,0,0.0
all,push,all,2,2,0,0,0,0.0
all,all,all,4,3,1,1,2,0.02
!
check 'the same again' 0 simulate --format csv
same 'is the same, byte for byte' out <first
TZ=Asia/Tokyo simulate --format csv >out
same 'wherever the machine is' out <first
check 'in steps of an hour' 0 simulate --format csv --every 1h
tail -n 1 out | tr -d '\r"' >got
same 'as many go' got <<'!'
all,all,all,4,3,1,1,2,0.02
!
check 'as records' 0 simulate --format ndjson
json 'of a panel' out 'length == 10 and all(.[]; .panel == "simulation") and
	.[-1].messages == 4 and .[-1].cost == 0.02'
check 'as a table' 0 simulate
says 'with sums' out '^all +all +all +4 +3 +1 +1 +2 +0\.0?2'

# The real thing, a tick each half hour, comes to the same.
rm -f jr.db* outbox.ndjson
: >stream
: >in
halves | while read -r now; do
	jq -c --arg now "$now" 'def s: if type == "number" then . else
		fromdate end; select((.received_at // .timestamp | s) <=
		($now | fromdate))' history >in
	tick "$now" 2>/dev/null
done
sent stream | sort >got
same 'as many as went in real life' got <<'!'
abandoned/nudge u1
abandoned/nudge u2
back/miss u1
vip/hi u4
!
decided stream >decisions
says 'with the same decisions: the cap' decisions '^abandoned/nudge u1 no cap'
says 'quiet hours' decisions '^abandoned/nudge u2 later quiet_hours'
says 'and the STOP' decisions '^abandoned/nudge u3 no consent'
check 'and to what a simulation of this state says' 0 simulate --format csv
same 'to the byte' out <first

# Another version of the files.
mkdir old
cp workflows/*.yaml old
long=$(printf 'x%.0s' $(seq 150))
sed "s/Your import waits/$long Your import waits/" old/abandoned.yaml \
	>workflows/abandoned.yaml
sed 's/plan == "pro"/plan == "none"/' old/back.yaml >workflows/back.yaml
check 'against another version' 0 simulate --against old --format ndjson
json 'what differs, in people and money' out '.[-1] |
	.messages == 3 and .messages_before == 4 and .people_added == 0 and
	.people_removed == 0 and .segments == 4 and .segments_before == 2 and
	.cost == 0.04 and .cost_before == 0.02 and .cost_change == 0.02'
json 'by workflow' out 'map(select(.day == "all" and .workflow == "back")) |
	.[0].people_removed == 1 and .[0].messages == 0'
mkdir -p older/workflows
cp old/*.yaml older/workflows
echo 'idle: happened("Never")' >older/segments.yaml
check 'a version may be a folder with its segments' 0 \
	simulate --against older --format ndjson
json 'which decide' out '.[-1].messages_before == 2'

# What was before it begins: known, and on the way.
later() {
	jr-schedule --simulate --from "$(at 1 00:00)" --until "$(at 4 00:00)" \
		--now "$(at 6 00:00)" --format csv "$@"
}
cp old/*.yaml workflows
event u1 'Import Started' "$(at 1 14:00)"
jr-ingest --backfill --now "$(at 6 00:00)" <in >/dev/null
: >in
check 'caps see what went before' 0 later
tail -n 1 out | tr -d '\r"' >got
same 'when there is a warm-up' got <<'!'
all,all,all,3,3,1,1,1,0.01
!
check 'without' 0 later --warm-up 0s
tail -n 1 out | tr -d '\r"' >got
same 'they do not, and old news starts nothing' got <<'!'
all,all,all,4,3,0,1,2,0.02
!

# --- who watches sees how far it is; cron, and who wants none, see nothing ---
cat >watch.py <<'!'
import pty, sys
sys.exit(pty.spawn(sys.argv[1:]) >> 8)
!
watched() {
	python3 watch.py sh -c 'exec jr-schedule --simulate --state many.db \
		"$@" >table' sh --from "$(at 0 00:00)" --until "$(at 4 00:00)" \
		--now "$(at 6 00:00)" "$@"
}
awk -v from="$(date -u -d "$(at 0 00:00)" +%s)" 'BEGIN {
	for (i = 0; i < 200; i++)
		printf "{\"type\":\"person\",\"identifiers\":{\"id\":\"m%d\"}," \
			"\"action\":\"event\",\"name\":\"Import Started\"," \
			"\"id\":\"e%d\",\"timestamp\":%d}\n",
			i % 300, i, from + i * 1650
}' | jr-ingest --quiet --backfill --state many.db --now "$(at 6 00:00)" >many
if command -v python3 >/dev/null; then
	check 'on a terminal' 0 watched --against old
	tr '\r' '\n' <out >shown
	says 'there is the day it is at, and how much of the run' shown \
		'run 1 of 2: 20[0-9-]+, 0 %'
	says 'how fast it goes, and for how long yet' shown \
		'run 1 of 2: 2026-11-06, 100 %, [0-9]+ days/s, 0 s left'
	says 'and of the one against which' shown 'run 2 of 2: .* 100 %'
	says 'while the table is as it always is' table '^all '
	tail -c 8 out | od -An -c | tr -d ' \n' >got
	says 'and none of it stays' got '033\[K$'
	check 'and with --quiet' 0 watched --quiet
	silent 'there is none' out
else
	skip 'there is no terminal to be had'
fi
check 'without a terminal' 0 simulate
silent 'neither' err

# What makes no sense.
check 'from when must be said' 64 jr-schedule --simulate
check 'from is for simulations' 64 jr-schedule --from 2026-01-01
backwards() { simulate --until "$(at 0 00:00)"; }
check 'time does not go backwards' 64 backwards
check 'a form is one of three' 64 simulate --format html
check 'so long is no length' 64 simulate --every soon
says 'which it says' err '^jr-schedule: --every: '
check 'there must be another version' 78 simulate --against nowhere
echo 'name: broken' >old/broken.yaml
check 'and a right one' 78 simulate --against old
says 'or it says where not' err 'old/broken.yaml:1'
check 'a state must be there' 78 jr-schedule --simulate --from 2026-01-01 \
	--state none.db
full() { simulate >/dev/full; }
check 'what cannot be written is an error' 74 full
finish
