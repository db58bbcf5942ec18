#!/bin/sh
# Two real sets through the whole pipe: a day of edits of an encyclopedia and a
# month of a shop.  What comes of them is worked out again by other means.
. "${0%/*}/../cli/lib.sh"
real=$SHARED/data/real
own=$TOP/tests/e2e/real
[ -d "$real" ] || skip_all "there are no real sets beside the project"
[ -z "${SANITIZED-}" ] || skip_all "too slow for a sanitized build"

# prepare SET FILE: its folder, with the files for it and what comes in.
prepare() {
	cp -R "$own/$1" "$1" &&
		mkdir "$1/in" &&
		gunzip -c "$real/$2.ndjson.gz" >"$1.lines" &&
		python3 "$own/people.py" "$1" "$1.lines" "$1/in"
}

# walk SET: all its ticks; most of the time is spent on waiting for the disk.
walk() { (cd "$1" && sh "$own/walk.sh"); }

# ask SET: what the reports say at the end.
ask() {
	end=$(sed -n '$s/.* //p' "$1/in/ticks")
	(cd "$1" &&
		jr-report --now "$end" -f ndjson -n 100000 runs >runs.ndjson &&
		jr-report --now "$end" -f ndjson journeys >journeys.ndjson &&
		jr-segment --now "$end" -f ndjson --list >segments.ndjson)
}

# history SET: all of it again, at one go, as news of long ago; and one tick
# more, when time alone may have changed what holds.
history() {
	cp -R "$own/$1" "$1.old" && cp -R "$1/in" "$1.old" || return
	end=$(sed -n '$s/.* //p' "$1/in/ticks")
	cd "$1.old" || return
	cat in/0*.ndjson >in/all
	mv in/all in/000.ndjson
	: >in/001.ndjson
	printf '000 %s\n001 %s\n' "$end" "$end" >in/ticks
	got=0
	sh "$own/walk.sh" --backfill || got=$?
	jr-segment --now "$end" -f ndjson --list >segments.ndjson
	cd ..
	return "$got"
}

check 'the edits are cut into hours' 0 prepare wikipedia wikipedia-edits
check 'and the orders into parts of days' 0 prepare retail \
	online-retail-2010-12
walk wikipedia >wikipedia.log 2>&1 &
edits=$!
# shellcheck disable=SC2034 # clean_up ends it
children=$edits
check 'the month of the shop goes through the pipe' 0 walk retail
check 'and so does the day of edits' 0 wait "$edits"

for set in wikipedia retail; do
	check "$set: reports are made" 0 ask "$set"
	check "$set: counts, segments, journeys and messages are right" 0 \
		python3 "$own/check.py" "$set" "$set"
	grep '^#' out
	json "$set: nothing is refused but what is ahead or has no proof" \
		"$set/rejects.ndjson" \
		'all(.[]; .field == "timestamp" and (.reason | contains("future"))
		 or .field == "attributes.sms_consent" and
		 (.reason | contains("sms_consent_ip")))'
	check "$set: it is taken as history" 0 history "$set"
	check "$set: and nobody is messaged for it" 0 \
		test ! -s "$set.old/outbox.ndjson"
	says "$set: though it says who is where" "$set.old/all.out" \
		'"type":"segment"'
	check "$set: and nobody begins a journey" 1 \
		grep -qE '"type":"(message|decision)"' "$set.old/all.out"
done
jq -c '[.segment, .size]' retail/segments.ndjson >sizes
jq -c '[.segment, .size]' retail.old/segments.ndjson >got
same 'in one go people are where they are step by step' got <sizes
finish
