#!/bin/sh
# Thousands of questions about quiet hours, answered as by an independent
# computation: clocks that are turned in both hemispheres, zones of half hours
# and of three quarters, rules by country, state and weekday, numbers that may
# ring in several zones.
. "${0%/*}/lib.sh"
python3 -c 'import zoneinfo; zoneinfo.ZoneInfo("Pacific/Chatham")' 2>/dev/null ||
	skip_all 'python3 knows no zones here'
oracle=$TOP/tests/tools/quiet_ask.py
COUNT=${COUNT:-2000}

python3 "$oracle" rules >jr.yaml
for seed in 1 2 3; do
	python3 "$oracle" ask $seed "$COUNT" >asked
	answer() { jr-schedule --quiet-hours --now 2026-01-01T00:00:00Z <asked; }
	check "$COUNT questions are answered ($seed)" 0 answer
	cp out said
	python3 "$oracle" judge asked said >wrong 2>&1
	silent "as zoneinfo says ($seed)" wrong
done
# Whether it can fail: another rule, another answer.
sed -i 's/08:45/08:30/' jr.yaml
check 'by another rule' 0 answer
python3 "$oracle" judge asked out >wrong
result "$([ -s wrong ] && echo 0 || echo 1)" 'some are wrong'
finish
