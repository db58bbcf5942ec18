#!/bin/sh
# jr-report html in a browser: nothing is asked for, nothing is broken, all of
# it can be read in light and dark, on a phone, and by keyboard.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
browser=
for candidate in chromium chromium-browser google-chrome; do
	browser=$(command -v $candidate) && break
done
if [ -z "$browser" ] || ! command -v node >/dev/null ||
	[ ! -d "$TOP/tests/node/node_modules/puppeteer-core" ]; then
	skip_all 'needs chromium and puppeteer-core (make deps)'
fi
look() { node "$TOP/tests/node/page.mjs" "$browser" "$@"; }

# seen TITLE: what was found in the file out is what should be.
seen() {
	json "$1: no error, and no request" out \
		'.[0] | .errors == [] and .requests == 0 and .scripts == 0'
	json "$1: every text stands out from what is behind it" out \
		'.[0].contrast | length == 4 and
		all(.[]; .low == [] and .least >= 4.5 and .texts > 40)'
	json "$1: nothing is wider than the screen" out '.[0].wide == []'
	json "$1: no text lies upon another" out '.[0].overlaps == []'
	json "$1: each stop of the keyboard is seen" out '.[0] |
		(.focus | length) > 15 and all(.focus[]; .seen)'
	json "$1: the first leaps to the figures" out \
		'.[0].focus[0].what | startswith("A To the figures")'
	json "$1: a link leads where it says" out '.[0].leapt'
	json "$1: what folds, unfolds" out '.[0].toggles'
	json "$1: alarms are on top, and each section is in the menu" out '.[0] |
		.sections[0] == "alarms" and (.sections | length) == .links'
}

# Before there is anything.
jr-ingest --quiet --now "$(at 0 15:00)" </dev/null
check 'an empty store has a page' 0 jr-report --now "$(at 0 15:00)" \
	-o page.html html
check 'which a browser opens' 0 look page.html
seen 'empty'

# A journey with every kind of way, and names from people who mean no good.
cat >>jr.yaml <<'!'
alarms: {min_sent: 2, idle: 1m}
!
sed -i "s|^brand: .*|brand: '<script>alert(1)</script>\"'' \\&'|" jr.yaml
workflow winback <<'!'
description: "</p><img src=x onerror=alert(1)> & \u202Eevil\u0007"
trigger: {event: Gone}
goal: {event: "<b>Back</b>", within: 7d}
steps:
  - split:
      name: "<i>words</i>"
      holdout: 0.1
      arms:
        - {name: warm, share: 0.5, steps: [{sms: {id: warm, body: "Warm. Reply STOP to opt out"}}]}
        - {name: "cold\"><script>", share: 0.4, steps: [{wait: 1d}]}
  - wait_for: {event: Back, timeout: 2d, then: [{exit: }]}
  - branch:
      - {if: plan == "<pro>", then: [{push: {id: pro, title: x, body: x}}]}
      - {if: plan == "free", then: [{push: {id: free, title: x, body: x}}, {exit: }]}
  - sms: {id: last, body: "Last. Reply STOP to opt out"}
!
for who in u1 u2 u3 u4 u5 u6 u7 u8; do
	person $who
	device $who token-$who
	event $who Gone "$(at 0 15:00)"
done
check 'eight people begin' 0 tick "$(at 0 15:00)"
message=$(jq -r 'select(.metric == "sent") | .data.delivery_id' stream |
	head -n 1)
cat >in <<!
{"type":"delivery","identifiers":{"id":"$message"},"action":"event","name":"unsubscribed","timestamp":"$(at 0 16:00)"}
!
check 'one opts out' 0 tick "$(at 1 16:00)"
check 'and on they go' 0 tick "$(at 4 16:00)"
check 'a page of that' 0 jr-report --now "$(at 4 17:00)" -o page.html html
check 'is opened' 0 look page.html
seen 'full'
json 'its title is what it says' out \
	'.[0].title == "<script>alert(1)</script>\"'"'"' &: messages"'
says 'an alarm is told' page.html 'class="card alarms"'
says 'with what to do' page.html 'look at the crontab'
says 'the diagram has counts' page.html '8 entered'
says 'money is of a currency' page.html '<figcaption>Cost, by week, USD<'
check 'no direction is turned' 1 grep -q "$(printf '\342\200\256')" page.html
check 'no number is on it' 1 grep -q '+1206555' page.html
check 'nor a person' 1 grep -qE '[> ]u[1-8][< ]' page.html
check 'unless it is asked for' 0 jr-report --now 2028-01-01T00:00:00Z \
	--personal -o personal.html html
says 'then there are numbers' personal.html '\+1206555000'

# Of other days.
check 'a page of an earlier time' 0 jr-report --now 2027-06-01T00:00:00Z \
	--until 2026-11-06 -o then.html html
says 'says so' then.html 'As of 2027-06-01T00:00:00Z, until 2026-11-06, the last 30 days of these'
says 'and has what was sent then' then.html 'winback'
says 'by the 30 days before' then.html '8 entered'
check 'a page of now' 0 jr-report --now 2027-06-01T00:00:00Z -o now.html html
check 'has not' 1 grep -q '8 entered' now.html
says 'and does not say that it never was' now.html 'nothing in this time'

# A workflow file that is wrong hides its diagram, not what was sent.
echo 'nonsense: 1' >workflows/bad.yaml
check 'a wrong workflow' 0 jr-report --now "$(at 4 17:00)" -o bad.html html
says 'is told of' bad.html "No diagrams: .*workflows/bad\.yaml:1:"
says 'and the figures are there' bad.html 'winback'
finish
