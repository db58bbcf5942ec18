#!/bin/sh
# jr-report as its user calls it; the figures are counted by hand.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"

panels='messages sms push trend cost journeys held latency devices waiting
	health runs html dump'

# Before there is anything.
check 'without a store it says who makes one' 78 jr-report sms
says 'by name' err 'jr-ingest makes it'
jr-ingest --quiet --now "$(at 0 15:00)" </dev/null
for panel in $panels; do
	check "an empty store is no error: $panel" 0 jr-report "$panel"
done
for panel in messages sms push trend cost journeys held latency devices waiting; do
	check "nor is it for programs: $panel" 0 jr-report -f ndjson "$panel"
	silent "which get no row: $panel" out
done
check 'an unknown panel is refused' 64 jr-report smss
says 'with those that there are' err "no panel 'smss'.* sms .* runs"
check 'none is refused' 64 jr-report
check 'and so are two' 64 jr-report sms push
says 'and it says so' err 'one panel'
check 'an unknown form' 64 jr-report -f xml sms
check 'a time that is none' 64 jr-report --since yesterdayish sms
check 'fewer rows than none' 64 jr-report -n -1 runs

# Three people, one journey of an SMS and a push.  u3 has no consent, u1 a
# device, u2 reaches the goal before the SMS.
workflow nudge <<'!'
trigger: {event: Import Started}
goal: {event: Import Finished, within: 7d}
exit: {on: [goal]}
steps:
  - wait: 1h
  - sms: {id: text, body: "Your import waits. Reply STOP to opt out"}
  - push: {id: tap, if: has device_token, title: Import, body: It waits.}
!
person u1
device u1 token-1
person u2
attributes u3 "$(at -1 12:00)" '"timezone":"America/New_York"'
for who in u1 u2 u3; do
	event "$who" 'Import Started' "$(at 0 15:00)"
done
check 'three people begin' 0 tick "$(at 0 15:00)"
event u2 'Import Finished' "$(at 0 15:30)"
check 'one has what they wanted' 0 tick "$(at 0 15:30)"
check 'the others go on' 0 tick "$(at 0 16:00)"
now=$(at 0 17:00)

report() { jr-report --now "$now" "$@"; }
check 'journeys, for programs' 0 report -f ndjson journeys
same 'three entered, one reached the goal' out <<'!'
{"panel":"journeys","workflow":"nudge","entered":3,"active":0,"messages":2,"goal":0.333333,"goal_n":1,"goal_of":3,"goal_low":0.0614919,"goal_high":0.79234,"done":2,"exited":0,"never":0.666667,"never_n":2,"never_of":3,"never_low":0.20766,"never_high":0.938508}
!
check 'SMS, for a spreadsheet' 0 report -f csv sms
tr -d '\r' <out | cut -d, -f1-4 >got
same 'one was sent' got <<'!'
workflow,step,sent,delivered
"nudge","text",1,0
!
check 'its lines end as RFC 4180 has it' 1 grep -qv "$(printf '\r')\$" out
check 'push' 0 report -f ndjson push
json 'went to one' out '.[0] | .workflow == "nudge" and .step == "tap" and
	.sent == 1 and .failed == 0'
check 'what was held' 0 report -f ndjson held
json 'is the SMS to who never agreed' out \
	'any(.[]; .gate == "consent" and .workflow == "nudge")'
check 'latency' 0 report -f ndjson latency
json 'is the hour of the pause' out 'all(.[]; .median == 3600)'

for from in 2026-11-03 2026-12-01; do
	check "since $from" 0 report --since "$from" -f ndjson sms
	silent 'nothing was sent' out
done
check 'and people are told that it is so of that time alone' 0 \
	report --since 2026-12-01 sms
says 'of what was asked for' out '^  nothing of what was asked for$'
check 'one day, however it is written' 0 \
	report --since 2026-11-02T20:00:00Z --until 2026-11-02 -f ndjson sms
json 'is a day' out '.[0].sent == 1'
check 'no day at all' 64 report --since 2026-11-03 --until 2026-11-02 sms
says 'is a mistake' err '--since is a day after --until: no day is left'
check 'until the day before' 0 report --until 2026-11-01 -f ndjson sms
silent 'nothing was' out
check 'both days are within' 0 \
	report --since 2026-11-02 --until 2026-11-02 -f ndjson sms
json 'with what went on them' out '.[0].sent == 1'
check 'one workflow' 0 report -w nudge -f ndjson sms
json 'alone' out '.[0].sent == 1'
check 'another' 0 report -w other -f ndjson sms
silent 'has none' out

# Files.
check 'into a file' 0 report -o page.html html
silent 'and nothing on stdout' out
check 'into a folder that is not there' 74 report -o no/page.html html
says 'with its name' err "cannot write 'no/page.html'"
cat >page.py <<'!'
import html.parser
import sys

VOID = {"meta", "link", "br", "img"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.ids, self.links = [], set(), []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        assert tag not in ("script", "img", "link", "iframe"), tag
        assert "src" not in attrs and "style" not in attrs, attrs
        assert not any(key.startswith("on") for key in attrs), attrs
        if "id" in attrs:
            assert attrs["id"] not in self.ids
            self.ids.add(attrs["id"])
        if tag == "a":
            self.links.append(attrs["href"])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag


page, text = Page(), open(sys.argv[1], encoding="utf-8").read()
page.feed(text)
page.close()
assert not page.open, page.open
assert page.links and all(l[0] == "#" and l[1:] in page.ids
                          for l in page.links), page.links
assert "http:" not in text and "https:" not in text and "url(" not in text
!
check 'the page is well formed and asks for nothing outside' 0 \
	python3 page.py page.html
cp page.html before.html
check 'a page that cannot be made' 78 report --state none.db -o page.html html
same 'leaves the one that was' page.html <before.html
sed "s|^brand: .*|brand: 'A \\& B <b onclick=x>'|" jr.yaml >wild.yaml
check 'a brand with markup in it' 0 report --config wild.yaml -o wild.html html
check 'is no markup on the page' 0 python3 page.py wild.html
says 'but text' wild.html 'A &amp; B &lt;b onclick=x&gt;'
for panel in $panels; do
	full() { report "$panel" >/dev/full; }
	check "what cannot be written is an error: $panel" 74 full
done
check 'all of the store' 0 report dump
cp out first
check 'again' 0 report dump
same 'is the same' out <first
json 'one object a row' first 'length > 20 and all(.[]; type == "object")'

# Names may come from anyone.
cat >lines <<'!'
{"type":"message","id":"m_1","channel":"sms","workflow":"w","step":"s","person":{"id":"u1"}}
{"type":"decision","verdict":"no","gate":"=1+1\u001b[31m","channel":"sms","workflow":"\u001b]0;x\u0007<script>","step":"s","person":{"id":"u1"}}
{"type":"segment","segment":"=1+1","change":"entered","person":{"id":"u1"}}
no JSON
{"type":
{"other":1}
!
run() { jr-report "$@" run <lines; }
check 'a stream with bad lines is told of' 0 run
check 'control characters do not reach a terminal' 1 \
	grep -q "$(printf '[\033\007]')" out
check 'and for programs' 0 run -f ndjson
json 'each kind is counted' out 'length >= 4'
check 'and for spreadsheets' 0 run -f csv
says 'where a gate of that name is a text' out "\"'=1\\+1"
check 'and nothing begins a formula' 1 grep -qE '(^|,)"?[=+@-]' out
nothing() { jr-report run </dev/null; }
check 'nothing came' 0 nothing
finish
