# Sourced after lib.sh by tests that ask whether jr-report's figures are right:
# each panel against another computation, in SQL, from the rows themselves.
# shellcheck shell=sh

# What is counted of messages, in SQL and as the report has it.
of_messages="COUNT(*),
	SUM(EXISTS (SELECT 1 FROM metrics t
		WHERE t.message_row = m.message_row AND metric = 2)),
	SUM(EXISTS (SELECT 1 FROM metrics t
		WHERE t.message_row = m.message_row AND metric = 4)),
	SUM(EXISTS (SELECT 1 FROM metrics t
		WHERE t.message_row = m.message_row AND metric = 7)),
	SUM(EXISTS (SELECT 1 FROM metrics t
		WHERE t.message_row = m.message_row AND metric = 6)),
	SUM(segments), SUM(cost_micros)"
sms_figures='.sent, .delivered_n, .clicked_n, .opt_outs_n, .replied, .segments,
	(.cost * 1e6 | round)'
of_runs='COUNT(*), SUM(state = 1), SUM(goal_s > 0), SUM(state = 2),
	SUM(state = 4),
	SUM(version IN (SELECT hash FROM versions WHERE aims)),
	SUM(state <> 1 AND goal_s = 0
		AND version IN (SELECT hash FROM versions WHERE aims))'
run_figures='.entered, .active, .goal_n, .done, .exited, .goal_of, .never_n'

day="date(accepted_s, 'unixepoch')"
week="date(accepted_s, 'unixepoch', '-6 days', 'weekday 1')"
month="strftime('%Y-%m', accepted_s, 'unixepoch')"

# agree TITLE PANEL FIGURES SQL: with the report's options in $options, of the
# store $db.  Rows that are there though nothing was sent are left out, unless
# $rows says otherwise.
rows=
agree() {
	about=$1 panel=$2 figures=$3 sql=$4
	# shellcheck disable=SC2086
	check "$about: is reported" 0 jr-report --state "$db" --now "$asked" \
		-f ndjson $options "$panel"
	jq -r "select(${rows:-(.sent // .entered // 1) > 0}) |
		[$figures] | map(. // \"\" | tostring) | join(\"|\")" out |
		LC_ALL=C sort >reported
	sqlite3 "$db" "$sql" | LC_ALL=C sort >computed
	wc -l <computed >why
	[ -s computed ]
	result $? "$about: there is something to count"
	same "$about: is what SQL finds" reported <computed
}

# figures_agree DB NOW SINCE UNTIL: all panels that count; of the days between,
# too.
figures_agree() {
	db=$1 asked=$2 since=$3 until=$4 options=
	agree 'sms' sms ".workflow, .step, $sms_figures" \
		"SELECT workflow, step, $of_messages FROM messages m
		WHERE channel = 1 AND accepted_s > 0 GROUP BY 1, 2"
	for one in "day $day" "week $week" "month $month" 'country country' \
		'provider provider' 'variant workflow||CHAR(124)||COALESCE(variant,CHAR())'; do
		by=${one%% *}
		options="--by $by"
		key=".$by"
		[ "$by" != variant ] || key='.workflow, .variant'
		agree "sms by $by" sms "$key, $sms_figures" \
			"SELECT ${one#* }, $of_messages FROM messages m
			WHERE channel = 1 AND accepted_s > 0 GROUP BY 1"
	done
	options='--by week,country'
	agree 'sms by week and country' sms ".week, .country, $sms_figures" \
		"SELECT $week, country, $of_messages FROM messages m
		WHERE channel = 1 AND accepted_s > 0 GROUP BY 1, 2"
	options="--since $since --until $until"
	agree 'sms of some days' sms ".workflow, .step, $sms_figures" \
		"SELECT workflow, step, $of_messages FROM messages m
		WHERE channel = 1 AND accepted_s > 0
		AND $day BETWEEN '$since' AND '$until' GROUP BY 1, 2"
	options='--workflow onboarding'
	agree 'sms of one workflow' sms ".workflow, .step, $sms_figures" \
		"SELECT workflow, step, $of_messages FROM messages m
		WHERE channel = 1 AND accepted_s > 0
		AND workflow = 'onboarding' GROUP BY 1, 2"
	options=
	channel="CASE channel WHEN 1 THEN 'sms' WHEN 2 THEN 'push'
		WHEN 3 THEN 'email' ELSE 'whatsapp' END"
	# What was told of each message, each kind once, refusals among them.
	told='(SELECT DISTINCT message_row, metric FROM metrics)
		JOIN messages USING (message_row)'
	agree 'messages' messages ".channel, .workflow, .sent, .delivered_n,
		.clicked_n, .converted_n, .converted_of, .opt_outs_n, .failed,
		(.cost * 1e6 | round)" \
		"SELECT $channel, workflow, SUM(metric = 1), SUM(metric = 2),
		SUM(metric = 4), SUM(metric = 5), SUM(metric = 1 AND version IN
		(SELECT hash FROM versions WHERE aims)), SUM(metric = 7),
		SUM(metric IN (8, 9, 11)), SUM((metric = 1) * cost_micros)
		FROM $told GROUP BY 1, 2 HAVING SUM(metric = 1)"
	options='--by month,channel'
	micros() { printf '(if .%s then .%s * 1e6 | round else null end)' "$1" "$1"; }
	each() { echo "COALESCE(SUM((metric = 1) * cost_micros) /
		NULLIF(SUM(metric = $1), 0), '')"; }
	agree 'cost by month and channel' cost ".month, .channel, .sent,
		.segments, $(micros cost), $(micros per_sent),
		$(micros per_delivered), $(micros per_click),
		$(micros per_conversion)" \
		"SELECT $month, $channel, SUM(metric = 1),
		SUM((metric = 1) * segments), SUM((metric = 1) * cost_micros),
		$(each 1), $(each 2), $(each 4), $(each 5)
		FROM $told WHERE accepted_s > 0 GROUP BY 1, 2"
	options=
	agree 'push' push \
		'.workflow, .step, .sent, .delivered_n, .tapped_n, .failed' \
		"SELECT workflow, step, COUNT(*),
		SUM(EXISTS (SELECT 1 FROM metrics t
			WHERE t.message_row = m.message_row
			AND metric = 2)),
		MAX(SUM(EXISTS (SELECT 1 FROM metrics t
			WHERE t.message_row = m.message_row
			AND metric = 3)),
		SUM(EXISTS (SELECT 1 FROM metrics t
			WHERE t.message_row = m.message_row
			AND metric = 4))),
		(SELECT COUNT(*) FROM metrics t JOIN messages f
			ON f.message_row = t.message_row WHERE f.channel = 2 AND first = 1
			AND f.workflow = m.workflow AND f.step = m.step
			AND metric IN (8, 9, 11))
		FROM messages m WHERE channel = 2 AND accepted_s > 0 GROUP BY 1, 2"
	agree 'journeys' journeys ".workflow, $run_figures" \
		"SELECT workflow, $of_runs FROM enrolments GROUP BY 1"
	options='--by week'
	agree 'journeys by week' journeys ".week, $run_figures" \
		"SELECT date(entered_s, 'unixepoch', '-6 days', 'weekday 1'),
		$of_runs FROM enrolments GROUP BY 1"
	options="--since $since --until $until"
	agree 'journeys of some days' journeys ".workflow, $run_figures" \
		"SELECT workflow, $of_runs FROM enrolments
		WHERE date(entered_s, 'unixepoch') BETWEEN '$since' AND '$until'
		GROUP BY 1"
	options='--by step' rows='true'
	agree 'journeys by step' journeys \
		'.workflow, .step, .came, .active, .sent, .converted_of' \
		"WITH RECURSIVE lines AS (SELECT workflow, version, '' AS line,
			path AS rest FROM enrolments UNION ALL SELECT workflow,
			version, substr(rest, 1, instr(rest, CHAR(10)) - 1),
			substr(rest, instr(rest, CHAR(10)) + 1) FROM lines
			WHERE rest <> ''),
		at AS (SELECT workflow, substr(line, 1,
			instr(line, CHAR(9)) - 1) AS step, 1 AS came,
			0 AS active, 0 AS sent, 0 AS aimed FROM lines
			WHERE line LIKE '_%' || CHAR(9) || '%'
			AND line NOT LIKE '%-'
			UNION ALL SELECT workflow, step, 0, 1, 0, 0
			FROM enrolments WHERE state = 1
			UNION ALL SELECT workflow, step, 0, 0, 1, version IN
			(SELECT hash FROM versions WHERE aims)
			FROM messages WHERE accepted_s > 0)
		SELECT workflow, step, SUM(came), SUM(active), SUM(sent),
			SUM(aimed) FROM at GROUP BY 1, 2"
	options='' rows=''
	agree 'held' held '.workflow, .gate, .put_off, .not_sent' \
		"SELECT workflow, gate, SUM(verdict = 'later'),
		SUM(verdict = 'no') FROM decisions GROUP BY 1, 2"
	options='-c sms --by day,step'
	agree 'held by day, of SMS' held \
		'.day, .workflow, .step, .gate, .put_off, .not_sent' \
		"SELECT date(at_s, 'unixepoch'), workflow, step, gate,
		SUM(verdict = 'later'), SUM(verdict = 'no') FROM decisions
		WHERE channel = 1 GROUP BY 1, 2, 3, 4"
	options=
	agree 'latency' latency \
		'.workflow, .step, .messages, .median, .p95, .slowest, .in_10_min_n' \
		"WITH took AS (SELECT workflow, step,
			MAX(0, accepted_s - trigger_s) AS s FROM messages
			WHERE accepted_s > 0 AND trigger_s > 0),
		kept AS (SELECT workflow, step, s, CASE
			WHEN s > 86400 THEN -(-s / 3600) * 3600
				+ (s % 3600 > 0) * 3600
			WHEN s > 3600 THEN s / 600 * 600 + (s % 600 > 0) * 600
			WHEN s > 600 THEN s / 60 * 60 + (s % 60 > 0) * 60
			WHEN s > 60 THEN s / 10 * 10 + (s % 10 > 0) * 10
			ELSE s END AS up FROM took),
		placed AS (SELECT *, ROW_NUMBER() OVER w - 1 AS at,
			COUNT(*) OVER (PARTITION BY workflow, step) AS n
			FROM kept WINDOW w AS (PARTITION BY workflow, step
			ORDER BY up))
		SELECT workflow, step, n, SUM(up * (at = n / 2)),
			SUM(up * (at = n - 1 - n / 20)), MAX(up), SUM(s <= 600)
		FROM placed GROUP BY 1, 2"
	agree 'devices' devices \
		'.kind, .platform, .devices, .live_n, .off_n, .dead_n' \
		"SELECT kind, platform, COUNT(*),
		SUM(enabled = 1 AND gone_ms = 0),
		SUM(enabled = 0 AND gone_ms = 0), SUM(gone_ms > 0)
		FROM devices GROUP BY 1, 2"
}
