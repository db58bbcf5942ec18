#!/bin/sh
# jr-report alarms: each one just before, and at, the edge of its limit.
. "${0%/*}/lib.sh"
needs sqlite3

# Today is 2026-11-16, day 20773; rates are of days 20767 to 20773.
now=2026-11-16T12:00:00Z
jr-ingest --quiet --now $now </dev/null

# count DAY WORKFLOW CHANNEL COUNTED N [COST]: 1 sent, 2 delivered, 3 opened, 7
# opted out, 8 bounced; by the sandbox, to the US.
count() {
	echo "INSERT INTO counters (day, workflow, step, variant, channel," \
		"provider, country, counted, n, segments, cost_micros)" \
		"VALUES ($1, '$2', 's', '', $3, 'sandbox'," \
		"'US', $4, $5, $5, ${6:-0});"
}

# edge TITLE [ALARM ABOUT]...: what is in the store, put there by the SQL in sql,
# rings these and no others; afterwards it is as it was.
edge() {
	title=$1
	shift
	cp jr.db edge.db
	sqlite3 edge.db <sql || exit 1
	status=$(($# > 0))
	check "$title" $status jr-report --now "${at:-$now}" --state edge.db \
		-f ndjson alarms
	jq -r '"\(.alarm): \(.about)"' out >rang
	printf '%s\n' "$@" | sed '/^$/d' >wanted
	same "$title: that, and nothing else" rang <wanted
}

check 'nothing is wrong in an empty store' 0 jr-report --now $now alarms
silent 'and nothing is said' out
silent 'to anyone' err

# Opt-outs of sends, at least 2 %, of at least 100.
sms() {
	count 20770 w 1 1 "$1"
	count 20770 w 1 2 "$1"
	count 20770 w 1 7 "$2"
}
sms 1000 19 >sql
edge 'opt-outs of 1.9 %'
sms 1000 20 >sql
edge 'opt-outs of 2 %' 'opt_outs: all workflows' 'opt_outs: w'
sms 99 99 >sql
edge 'opt-outs of fewer than 100 sent'
sms 100 2 >sql
edge 'opt-outs of 100 sent' 'opt_outs: all workflows' 'opt_outs: w'
days_of_2() {
	count "$1" w 1 1 100
	count "$1" w 1 2 100
	count "$1" w 1 7 2
}
days_of_2 20767 >sql
edge 'the first of the seven days' \
	'opt_outs: all workflows' 'opt_outs: w'
days_of_2 20766 >sql
edge 'the day before them'
days_of_2 20773 >sql
edge 'today' 'opt_outs: all workflows' 'opt_outs: w'

# The rise from one week to the next: four points, as from 1 % to 5 %.
weeks() {
	count 20762 w 1 1 1000
	count 20762 w 1 2 1000
	count 20762 w 1 7 "$1"
	sms 1000 "$2"
}
rose() {
	edge "$1" 'opt_outs: all workflows' 'opt_outs: w' \
		'opt_out_rise: all workflows' 'opt_out_rise: w'
}
weeks 10 50 >sql
rose 'from 1 % to 5 %'
weeks 10 49 >sql
edge 'from 1 % to 4.9 %' 'opt_outs: all workflows' 'opt_outs: w'
weeks 11 51 >sql
rose 'from 1.1 % to 5.1 %'
{
	count 20762 w 1 1 99
	sms 1000 50
} >sql
edge 'from too few to say' 'opt_outs: all workflows' 'opt_outs: w'

# Delivered, less than 95 %; and by provider and country not, more than 5 %.
arrived() {
	count 20770 w 1 1 1000
	count 20770 w 1 2 "$1"
}
arrived 950 >sql
edge 'delivered 95 %'
arrived 949 >sql
edge 'delivered 94.9 %' 'delivery: all workflows' 'delivery: w' \
	'gap: sandbox, US'
{
	arrived 980
	count 20770 v 1 1 100
	count 20770 v 1 2 94
} >sql
edge 'one workflow alone' 'delivery: v'
{
	count 20773 w 1 1 1000
	count 20773 w 1 2 95
	count 20773 w 1 8 5
} >sql
edge 'of today only what a receipt came for counts'
{
	count 20773 w 1 1 1000
	count 20773 w 1 2 94
	count 20773 w 1 8 6
} >sql
edge 'and then it does' 'delivery: all workflows' 'delivery: w' \
	'gap: sandbox, US'

# Taps, less than 8 %; today's may still come.
pushes() {
	count "$1" w 2 1 1000
	count "$1" w 2 3 "$2"
}
pushes 20772 80 >sql
edge 'tapped 8 %'
pushes 20772 79 >sql
edge 'tapped 7.9 %' 'taps: all workflows' 'taps: w'
pushes 20773 0 >sql
edge 'nobody tapped yet today'

# The budget: nine tenths of it.
echo 'budget: {per_day: 10, per_month: 100}' >jr.yaml
spent() {
	count "$1" w 1 1 1 "$2"
	count "$1" w 1 2 1
}
spent 20773 8999999 >sql
edge 'less than nine tenths of the day'
spent 20773 9000000 >sql
edge 'nine tenths of the day' 'budget: day'
spent 20772 9000000 >sql
edge 'of yesterday'
spent 20758 90000000 >sql
edge 'nine tenths of the month' 'budget: month'
spent 20757 90000000 >sql
edge 'of the month before'
rm jr.yaml

# A command that has not run for more than an hour, or failed.
at=2026-11-16T13:00:00Z
: >sql
edge 'an hour ago'
at=2026-11-16T13:00:01Z
: >sql
edge 'more than an hour ago' 'idle: jr-ingest'
at=
cat >jr.yaml <<'!'
alarms: {commands: [jr-ingest, jr-schedule]}
!
: >sql
edge 'one that must run and never did' 'idle: jr-schedule'
rm jr.yaml
for code in 0 65 75; do
	echo "UPDATE runs SET exit_code = $code;" >sql
	edge "the last run gave $code"
done
for code in 64 69 70 74 78; do
	echo "UPDATE runs SET exit_code = $code;" >sql
	edge "the last run gave $code" 'failed: jr-ingest'
done
echo "UPDATE runs SET exit_code = 78; INSERT INTO runs SELECT run + 1, command,
	version, host, pid, started_ms, ended_ms, 0, counts, note FROM runs;" >sql
	edge 'but one that went well came after it'

# What waits for a person.
message() {
	echo "INSERT INTO messages (id, enrolment, workflow, person, channel,
	purpose, priority, state, trigger_s, due_s, wake_s, deadline_s,
	segments, cost_micros, counted_s, attempts, accepted_s, settled_s)
	VALUES ('m', 0, 'w', 1, 1, 1, 0, $1, 0,0,0,0,0,0,0,0,0,0);"
}
message 4 >sql
edge 'an accepted message'
message 7 >sql
edge 'an unknown message' 'unknown: messages'
review="INSERT INTO reviews VALUES (1, 0, '+12065550101', 1, 'stopp', 1,"
echo "$review 5, 'me', 'out');" >sql
edge 'a review that is done'
echo "$review 0, NULL, NULL);" >sql
edge 'an open review' 'reviews: replies'
echo "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n
	WHERE i < 12000) INSERT INTO reviews SELECT i, 0, '+12065550101', 1,
	printf('%.1600c', 'x'), 1, 0, NULL, NULL FROM n;" >sql
edge 'twelve thousand long ones' 'reviews: replies'
json 'are all counted' out '.[0].count == 12000'
echo "INSERT INTO holds VALUES ('w', 1, 'brake', '2.4 %', 5, 'me');" >sql
edge 'a brake that is released'
echo "INSERT INTO holds VALUES ('w', 1, 'brake', '2.4 %', 0, NULL);" >sql
edge 'a brake that holds' 'brake: w'

# Every limit is configuration.
cat >jr.yaml <<'!'
alarms:
  over: 1d
  min_sent: 10
  opt_outs: 0.5
  opt_out_rise: 0.6
  delivery: 0.5
  gap: 0.9
  taps: 0.01
  idle: 30m
  unknown: 1
  reviews: 1
!
sms 1000 20 >sql
edge 'one day only'
{
	count 20773 w 1 1 10
	count 20773 w 1 2 5
	count 20773 w 1 7 5
	message 7
	echo "$review 0, NULL, NULL);"
} >sql
edge 'of ten, a half' 'opt_outs: all workflows' 'opt_outs: w'
at=2026-11-16T12:30:01Z
: >sql
edge 'half an hour' 'idle: jr-ingest'
at=
echo 'alarms: {off: [opt_outs, idle]}' >jr.yaml
sms 1000 20 >sql
edge 'one that is off'
for wrong in 'off: [optouts]' 'opt_outs: 2' 'over: 0s' 'idel: 1h'; do
	echo "alarms: {$wrong}" >jr.yaml
	check "what is wrong is refused: $wrong" 78 jr-report alarms
	says 'with its place' err 'jr.yaml:1:'
done
rm jr.yaml

# For people.
cp jr.db shown.db
sms 1000 20 | sqlite3 shown.db
check 'a person reads' 1 jr-report --now $now --state shown.db alarms
says 'what to do' out 'w .*2\.0 % of the SMS .* the limit is 2 %: send less'
full() { jr-report --now $now --state shown.db alarms >/dev/full; }
check 'one that cannot be told is an error' 74 full
finish
