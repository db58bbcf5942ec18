#!/bin/sh
# Every figure of jr-report: counted by hand in a small store, and by SQL from
# the rows of a large one; the same in all forms, once however often it is told.
# sums.sh reads options and rows, and sets asked:
# shellcheck disable=SC2034,SC2154
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
. "$TOP/tests/cli/sums.sh"
needs sqlite3

# ---- by hand ----
# Five people, four of whom agreed; one device.
allow_many
cat >>jr.yaml <<'!'
prices: [{prefix: "+1", segment: 0.01}]
!
workflow hello <<'!'
trigger: {event: Go}
goal: {event: Won, within: 7d}
steps:
  - sms: {id: text, body: "Hello. Reply STOP to opt out"}
  - push: {id: tap, if: has device_token, title: Hello, body: Again}
!
for who in u1 u2 u3 u4; do
	person $who
done
device u1 token-1
attributes u5 "$(at -1 12:00)" '"timezone":"America/New_York"'
for who in u1 u2 u3 u4 u5; do
	event $who Go "$(at 0 15:00)"
done
check 'five people begin' 0 tick "$(at 0 15:05)"
text_to() {
	jq -r --arg who "$1" --arg step "$2" 'select(.metric == "sent" and
		.data.identifiers.id == $who and .data.jr.step == $step) |
		.data.delivery_id' stream
}
# heard WHOM STEP METRIC TIME
heard() {
	echo "{\"type\":\"delivery\",\"identifiers\":{\"id\":\"$(text_to "$1" "$2")\"},\"action\":\"event\",\"name\":\"$3\",\"timestamp\":\"$4\"}" >>in
}
for who in u1 u2 u3; do
	heard $who text delivered "$(at 0 15:06)"
done
heard u4 text bounced "$(at 0 15:06)"
heard u1 text clicked "$(at 0 15:10)"
heard u2 text unsubscribed "$(at 0 15:20)"
heard u1 tap delivered "$(at 0 15:06)"
heard u1 tap opened "$(at 0 15:07)"
heard u1 tap clicked "$(at 0 15:07)"
event u1 Won "$(at 0 15:30)"
cp in receipts
check 'what came of it' 0 tick "$(at 0 16:00)"

now=$(at 6 12:00)
report() { jr-report --now "$now" -f ndjson "$@"; }
picked() {
	jq -c "$1" out >got
	cat >wanted
	same "$2" got <wanted
}
by_hand() {
	check "$1: sms" 0 report sms
	picked '[.sent, .delivered_n, .delivered_of, .clicked_n, .opt_outs_n,
		.replied, .failed, .segments, .cost]' "$1: four sent, three arrived" <<'!'
[4,3,4,1,1,0,1,4,0.04]
!
	check "$1: push" 0 report push
	picked '[.sent, .delivered_n, .tapped_n, .no_device, .failed]' \
		"$1: one sent, one tap" <<'!'
[1,1,1,0,0]
!
	check "$1: journeys" 0 report journeys
	picked '[.entered, .active, .messages, .goal_n, .done, .exited, .never_n]' \
		"$1: five, one at the goal" <<'!'
[5,0,5,1,5,0,4]
!
	check "$1: trend" 0 report trend
	picked '[.week, .sent, .delivered_n, .opt_outs_n]' "$1: of one week" <<'!'
["2026-11-02",4,3,1]
!
	check "$1: cost" 0 report -c sms cost
	picked '[.month, .sent, .cost, .per_sent, .per_delivered, .per_click,
		.per_conversion]' "$1: four cents; it was the push that won" <<'!'
["2026-11",4,0.04,0.01,0.013333,0.04,null]
!
	check "$1: latency" 0 report -c sms latency
	picked '[.messages, .median, .p95, .slowest, .in_10_min]' \
		"$1: five minutes" <<'!'
[4,300,300,300,1]
!
	check "$1: held" 0 report held
	picked '[.gate, .put_off, .not_sent]' "$1: one without consent" <<'!'
["consent",0,1]
["filter",0,4]
!
	check "$1: by day" 0 report --by day sms
	picked '[.day, .sent, .delivered_n]' "$1: all of the first day" <<'!'
["2026-11-02",4,3]
!
}
by_hand 'at once'
cp receipts in
check 'all of it once more' 0 tick "$(at 0 17:00)"
by_hand 'told twice'
heard u3 text clicked "$(at 5 12:00)"
check 'a click, days later' 0 tick "$(at 5 12:01)"
check 'is of the day on which it went' 0 report --by day sms
picked '[.day, .sent, .clicked_n]' 'and of no other' <<'!'
["2026-11-02",4,2]
!

# ---- by SQL ----
check 'a large store' 0 "$B/tests/tools/make_sends" large.db "${FIGURES:-20000}"
figures_agree large.db 2026-11-16T00:00:00Z 2026-03-30 2026-05-01

options='--by variant'
agree 'variants of splits' journeys \
	'.workflow, .variant, .sent, .delivered_n, .clicked_n, .converted_n' \
	"SELECT workflow, variant, COUNT(*),
	SUM(EXISTS (SELECT 1 FROM metrics t
		WHERE t.message_row = m.message_row AND metric = 2)),
	SUM(EXISTS (SELECT 1 FROM metrics t
		WHERE t.message_row = m.message_row AND metric = 4)),
	SUM(EXISTS (SELECT 1 FROM metrics t
		WHERE t.message_row = m.message_row AND metric = 5))
	FROM messages m WHERE accepted_s > 0 AND variant IS NOT NULL
	GROUP BY 1, 2"

options='--by way' rows=true
agree 'journeys by way' journeys \
	'.workflow, .step, .way, .went, .share_of' \
	"WITH ways AS (SELECT workflow, 'fork' AS step, CASE
		WHEN path LIKE '%' || CHAR(9) || 'if1%' THEN 'if1'
		ELSE 'else' END AS way FROM enrolments
		WHERE path LIKE '%' || CHAR(10) || CHAR(9) || '%'
		UNION ALL SELECT workflow, 'text', 'passed over'
		FROM enrolments WHERE path LIKE '%-' || CHAR(10) || '%')
	SELECT workflow, step, way, COUNT(*), SUM(COUNT(*))
		OVER (PARTITION BY workflow, step) FROM ways
		GROUP BY 1, 2, 3"
rows=

# Pairs of workflows, from each to each.
options='--since 2026-10-17'
agree 'overlap' overlap \
	'.workflow, .other, .people, .times, .both, .stopped, .other_stopped' \
	"SELECT a.workflow, b.workflow, COUNT(DISTINCT a.person), COUNT(*),
	SUM(a.accepted_s > 0 AND b.accepted_s > 0), SUM(a.accepted_s = 0),
	SUM(b.accepted_s = 0) FROM messages a JOIN messages b
	ON b.person = a.person AND b.workflow <> a.workflow
	AND (b.priority < a.priority OR (b.priority = a.priority
		AND b.workflow > a.workflow))
	AND ABS(b.due_s - a.due_s) <= 86400
	WHERE a.channel = 1 AND b.channel = 1
	AND MIN(a.due_s, b.due_s) >= unixepoch('2026-10-17') GROUP BY 1, 2"
options='' rows=true
agree 'prune' prune '.person, .number, .agreed, .sent' \
	"SELECT p.id, c.number, c.at_s, (SELECT COUNT(*) FROM messages m
		WHERE m.person = c.person AND m.channel = 1
		AND m.accepted_s > c.at_s)
	FROM consents c JOIN people p ON p.person = c.person
	WHERE c.at_s <= unixepoch('2026-11-16') - 365 * 86400
	AND c.person NOT IN (SELECT t.person FROM metrics t JOIN messages m
		ON m.message_row = t.message_row JOIN consents k ON k.person = t.person
		WHERE metric = 4 AND m.channel = 1 AND t.at_s >= k.at_s)"

# ---- one figure in all places ----
large() { jr-report --state large.db --now "$asked" "$@"; }
sqlite3 large.db 'SELECT COUNT(*) FROM messages WHERE channel = 1
	AND accepted_s > 0' >wanted
for how in 'sms' 'sms --by day' 'sms --by country,provider' 'trend' \
	'trend --by month' 'messages -c sms' 'cost -c sms' 'latency -c sms'; do
	# shellcheck disable=SC2086
	check "$how" 0 large -f ndjson $how
	jq -s 'map(.sent // .messages) | add' out >got
	same "$how: sums up to as many" got <wanted
done
for panel in messages sms push trend cost journeys held latency devices \
	health overlap prune; do
	large -f ndjson "$panel" >records
	check "$panel, for a spreadsheet" 0 large -f csv "$panel"
	python3 - records out <<'!' >why 2>&1
import csv, json, sys
records = [json.loads(line) for line in open(sys.argv[1])]
rows = list(csv.DictReader(open(sys.argv[2], newline="")))
assert len(records) == len(rows), (len(records), len(rows))
for record, row in zip(records, rows):
    del record["panel"]
    assert list(record) == list(row), (list(record), list(row))
    for key, value in record.items():
        text = "" if value is None else \
            str(value).lower() if isinstance(value, bool) else str(value)
        same = row[key] == text or row[key] == "'" + text or \
            (isinstance(value, (int, float)) and float(row[key]) == value)
        assert same, (key, row[key], value)
!
	result $? "$panel: is what programs get"
done
check 'for people' 0 large sms
sum=$(sed 's/\(.*\)\(...\)$/\1,\2/' wanted)
says 'the sum is the same' out "^all +- +$sum "
check 'on the page' 0 large --since 2025-11-01 html
says 'the sum is the same' out "<div class=\"value\"><span class=\"\">$sum</span>"
finish
