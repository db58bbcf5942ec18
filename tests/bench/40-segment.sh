#!/bin/sh
# jr-segment: 20 segments over PEOPLE (100000; LARGE=1: 1000000), with EVENTS
# (3) of each, built for the first time and anew, against the sqlite3 shell
# that finds the same members with 20 scans and JSON functions, and keeps them;
# who is found is compared.
#
# Then a run after CHANGED (SMALL / 200) people changed, among SMALL (PEOPLE /
# 5) and PEOPLE: the quickest of ROUNDS (5), each of others; so with LARGE=1
# 1000 of 200000 and of 1000000.  More than one in two hundred would share pages
# of the smaller state that they do not share in the larger one.  The state is
# in the memory of the system, as questions leave it (tests/tools/warm.c), and
# what is written is on the disk before the command ends.  With strace the pages
# that are read and written are counted: leaves, which hold what is asked for,
# and the inner pages of trees on the way there, which grow with their depth.
set -eu
[ -z "${LARGE:-}" ] || PEOPLE=${PEOPLE:-1000000}
PEOPLE=${PEOPLE:-100000} EVENTS=${EVENTS:-3}
SMALL=${SMALL:-$((PEOPLE / 5))} ROUNDS=${ROUNDS:-5}
CHANGED=${CHANGED:-$((SMALL / 200))}
command -v sqlite3 >/dev/null || {
	echo 'segment: not compared: needs sqlite3'
	exit 0
}
dir=$(mktemp -d "${TMPDIR:-/tmp}/jr-bench-XXXXXX")
trap 'rm -rf "$dir"' EXIT
cd "$dir"
END=1793200000

# A name, its expression, and the SQL that means the same of a person p.
cat >both <<'!'
pro|plan == "pro"|attributes->>'plan' = 'pro'
paying|plan in ["pro", "team"]|attributes->>'plan' IN ('pro', 'team')
trial|plan == "trial" and logins < 40|attributes->>'plan' = 'trial' AND attributes->>'logins' < 40
loyal|logins >= 350|attributes->>'logins' >= 350
high|score > 90 and plan != "free"|attributes->>'score' > 90 AND attributes->>'plan' <> 'free'
company|email ends_with "7@example.com"|attributes->>'email' LIKE '%7@example.com'
ana|first_name == "Ana7" or first_name == "Ana8"|attributes->>'first_name' IN ('Ana7', 'Ana8')
seen|sms_opt_in_seen == true and has email|attributes->>'sms_opt_in_seen' = 1 AND attributes->>'email' <> ''
berlin|timezone == "Europe/Berlin"|attributes->>'timezone' = 'Europe/Berlin'
west|timezone starts_with "America/" and score < 10|attributes->>'timezone' LIKE 'America/%' AND attributes->>'score' < 10
mobile|has device_token|EXISTS (SELECT 1 FROM devices d WHERE d.person = p.person AND gone_ms = 0 AND enabled = 1)
buyer|happened("Order Completed" within 30d)|EXISTS (SELECT 1 FROM history h WHERE h.person = p.person AND name = 'Order Completed' AND at_s > $END - 2592000)
often|count("Order Completed" within 30d) >= 2|(SELECT COUNT(*) FROM history h WHERE h.person = p.person AND name = 'Order Completed' AND at_s > $END - 2592000) >= 2
failed|count("Payment Failed" within 7d) >= 1 and plan == "pro"|attributes->>'plan' = 'pro' AND (SELECT COUNT(*) FROM history h WHERE h.person = p.person AND name = 'Payment Failed' AND at_s > $END - 604800) >= 1
lost|happened("Checkout Started" not followed by "Order Completed" within 24h)|EXISTS (SELECT 1 FROM history h WHERE h.person = p.person AND name = 'Checkout Started' AND at_s <= $END - 86400 AND NOT EXISTS (SELECT 1 FROM history o WHERE o.person = p.person AND o.name = 'Order Completed' AND o.at_s BETWEEN h.at_s AND h.at_s + 86399))
silent|not happened("*" within 30d)|NOT EXISTS (SELECT 1 FROM history h WHERE h.person = p.person AND kind IN (2, 3, 4) AND at_s > $END - 2592000)
active|count("Feature Used") >= 2 and logins > 200|attributes->>'logins' > 200 AND (SELECT COUNT(*) FROM history h WHERE h.person = p.person AND name = 'Feature Used') >= 2
spent|sum(event.amount of "Order Completed") > 15000|(SELECT SUM(data->>'amount') FROM history h JOIN log l ON l.seq = h.seq WHERE h.person = p.person AND h.name = 'Order Completed') > 15000
best|in_segment("spent") and in_segment("loyal")|EXISTS (SELECT 1 FROM found WHERE segment = 18 AND person = p.person) AND EXISTS (SELECT 1 FROM found WHERE segment = 4 AND person = p.person)
rest|not in_segment("paying") and not in_segment("buyer")|NOT EXISTS (SELECT 1 FROM found WHERE segment = 2 AND person = p.person) AND NOT EXISTS (SELECT 1 FROM found WHERE segment = 12 AND person = p.person)
!
awk -F'|' '{ printf "%s: >-\n  %s\n", $1, $2 }' both >definitions
{
	echo "CREATE TABLE found (segment INTEGER, person INTEGER, since_s INTEGER,
		PRIMARY KEY (segment, person)) WITHOUT ROWID;
		CREATE INDEX found_person ON found (person);"
	awk -F'|' -v end=$END '{
		gsub(/\$END/, end, $3)
		printf "INSERT INTO found SELECT %d, person, %d FROM people p " \
			"WHERE state = 1 AND %s;\n", NR, end, $3
	}' both
} >scans.sql

# took COMMAND...: seconds on the wall, and of processors, that it takes.
took() {
	times >before
	begun=$(date +%s%N)
	"$@"
	ended=$(date +%s%N)
	times >after
	# The second line is of children: user and system, each 0m0.00s.
	awk -v wall="$((ended - begun))" 'FNR == 2 {
		gsub(/s/, "")
		for (i = 1; i <= 2; i++) {
			split($i, part, "m")
			sum[FILENAME] += part[1] * 60 + part[2]
		}
	}
	END { printf "%.3f %.3f\n", wall / 1e9, sum["after"] - sum["before"] }' \
		before after
}
segment() {
	jr-segment --quiet --state "$1" --now $END </dev/null >"$2"
}
# state N: one with N people and their events, which segments were never in.
state() {
	: >segments.yaml
	{
		"$B/tests/tools/make_events" -i 0 "$1"
		"$B/tests/tools/make_events" "$(($1 * EVENTS))" "$1"
	} | jr-ingest --quiet --backfill --state "$1.db" --now $END >/dev/null
	segment "$1.db" /dev/null
	cp definitions segments.yaml
}
rebuild() {
	jr-segment --quiet --state "$1.db" --now $END --rebuild </dev/null >out
}
scan() {
	sqlite3 -cmd 'PRAGMA cache_size = -65536' "$1" <scans.sql
}
# change N FROM STEP: CHANGED of N people, from FROM, each STEP from the last,
# get another plan and buy something.
change() {
	awk -v n="$CHANGED" -v from="$2" -v step="$3" -v t=$END 'BEGIN {
		for (i = 0; i < n; i++) {
			who = "{\"type\":\"person\",\"identifiers\":{\"id\":\"u_" \
				from + i * step "\"},\"timestamp\":" t ","
			print who "\"action\":\"identify\",\"attributes\":{" \
				"\"plan\":\"" (i % 2 ? "pro" : "free") "\"}}"
			print who "\"action\":\"event\",\"id\":\"" \
				from "/" step "/" i "\"," \
				"\"name\":\"Order Completed\"}"
		} }' | jr-ingest --quiet --state "$1.db" --now $END >/dev/null
}

state "$PEOPLE"
cp "$PEOPLE.db" scanned.db
took segment "$PEOPLE.db" entered >first
took rebuild "$PEOPLE" >anew
took scan scanned.db >scans
jr-segment --state "$PEOPLE.db" --now $END --list -f ndjson |
	sed 's/.*"segment":"\([a-z]*\)","size":\([0-9]*\).*/\1 \2/' |
	sort >ours
sqlite3 scanned.db 'SELECT segment, COUNT(*) FROM found GROUP BY segment' |
	awk -F'|' 'NR == FNR { name[NR] = $1; next } { print name[$1], $2 }' \
		both - | sort >theirs
diff ours theirs
paste first anew scans | awk -v n="$PEOPLE" -v m="$(grep -c person entered)" '{
	printf "segment: 20 segments over %d people: %.2f s (%.2f of a " \
		"processor) for the first time, %d enter; %.2f s (%.2f) anew\n",
		n, $1, $2, m, $3, $4
	printf "segment: 20 scans of sqlite3: %.2f s (%.2f); ours in %.2f x " \
		"(%.2f) its time, anew in %.2f x (%.2f; goal: below 1)\n",
		$5, $6, $1 / $5, $2 / $6, $3 / $5, $4 / $6 }'

state "$SMALL"
segment "$SMALL.db" out
# turn HOW ROUND N: people of N change.  Spread over all, everyone is on a page
# of the file of their own; side by side they share them.  Those in the middle,
# because an eighth at the beginning does half of what happens.
turn() {
	case $1 in
	beside) change "$3" "$(($3 / 2 + $2 * CHANGED))" 1 ;;
	spread) change "$3" "$2" "$(($3 / CHANGED))" ;;
	esac
}
# rounds FROM TO: such runs.
rounds() {
	for round in $(seq "$1" "$2"); do
		for how in beside spread; do
			for n in $SMALL $PEOPLE; do
				turn $how "$round" "$n"
				took segment "$n.db" out >>"$how.$n"
			done
		done
	done
}
# The first does not count: what was just built has no room on its pages, and
# whoever comes first splits them.
rounds 0 0
rm -f beside.* spread.*
"$B/tests/tools/warm" "$SMALL.db" "$PEOPLE.db"
rounds 1 "$ROUNDS"
# The wall's time of the quickest; the processor's, which is told in hundredths
# of a second, on the average.
quickest() {
	sort -n "$1" | awk 'NR == 1 { wall = $1 } { cpu += $2 }
		END { print wall, cpu / NR }'
}
for how in beside spread; do
	quickest "$how.$SMALL" >small
	quickest "$how.$PEOPLE" >large
	paste small large |
		awk -v how="$how" -v n="$CHANGED" -v a="$SMALL" -v b="$PEOPLE" '{
		printf "segment: a run after %d changed (%s) among %d and %d " \
			"people: %.3f s (%.3f), %.3f s (%.3f), ratio %.2f " \
			"(%.2f; goal 1.2)\n", n,
			how == "beside" ? "side by side" : "spread",
			a, b, $1, $2, $3, $4, $3 / $1, $4 / $2 }'
done

command -v strace >/dev/null || {
	echo 'segment: pages not counted: needs strace'
	exit 0
}
# pages N: leaves and inner pages that are read, and those that are written.
pages() {
	sqlite3 "$1.db" 'SELECT pageno, pagetype FROM dbstat' >kinds || return
	size=$(sqlite3 "$1.db" 'PRAGMA page_size')
	strace -f -y -e trace=pread64,pwrite64 -o trace \
		jr-segment --quiet --state "$1.db" --now $END </dev/null >out
	# pread64(3</tmp/1.db>, "..."..., 4096, 8192) = 4096
	awk -v file="/$1.db>" -v size="$size" 'FNR == NR {
		split($0, page, "|")
		kind[page[1]] = page[2]
		next
	}
	index($0, file) && match($0, /, [0-9]+\)/) {
		n = substr($0, RSTART + 2, RLENGTH - 3) / size + 1
		seen[/pwrite64/ ? "write" : "read", kind[n] == "internal"]++
	}
	END { print seen["read", 0], seen["read", 1] + 0,
		seen["write", 0], seen["write", 1] + 0 }' kinds trace
}
for how in beside spread; do
	for n in $SMALL $PEOPLE; do
		turn $how $((ROUNDS + 1)) "$n"
		pages "$n" >"pages.$n"
	done
	paste "pages.$SMALL" "pages.$PEOPLE" |
		awk -v how="$how" -v n="$CHANGED" -v a="$SMALL" -v b="$PEOPLE" '{
		printf "segment: pages for each of %d changed (%s) among %d and " \
			"%d people: leaves %.2f and %.2f read, %.2f and %.2f " \
			"written, ratio %.2f; inner ones, by the depth of " \
			"trees, %.2f and %.2f\n", n,
			how == "beside" ? "side by side" : "spread", a, b,
			$1 / n, $5 / n, $3 / n, $7 / n,
			($5 + $7) / ($1 + $3), ($2 + $4) / n, ($6 + $8) / n }'
done
