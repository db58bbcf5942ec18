#!/bin/sh
# A topic and a channel: both must be on.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
allow_many

workflow news <<'!'
trigger: {event: Go}
reentry: always
topic: offers
steps:
  - sms: {id: text, body: "One"}
  - push: {id: tap, title: "One", body: "Two"}
!
# wishes ATTRIBUTES WANTED: u1, to whom nothing was said before, says so, and
# gets what is wanted, and nothing else.
wishes() {
	rm -f jr.db* stream rejects.ndjson
	: >in
	person u1
	device u1 t1
	[ -z "$1" ] || attributes u1 2026-11-02T14:00:00Z "$1"
	event u1 Go 2026-11-02T15:00:00Z
	tick 2026-11-02T15:00:00Z
	echo "$2" | tr ' ' '\n' | sed '/^$/d' | sort >want
	sent | sed 's|news/\([a-z]*\) u1|\1|' | sort >got
	same "${1:-nothing}: ${2:-nothing} goes" got <want
}
p='"cio_subscription_preferences":{'
wishes '' 'text tap'
wishes "$p\"topics\":{\"offers\":true},\"channels\":{\"sms\":true,\"push\":true}}" 'text tap'
wishes "$p\"topics\":{\"offers\":true},\"channels\":{\"sms\":false}}" tap
wishes "$p\"topics\":{\"offers\":true},\"channels\":{\"push\":false}}" text
wishes "$p\"topics\":{\"offers\":false},\"channels\":{\"sms\":true,\"push\":true}}" ''
wishes "$p\"topics\":{\"offers\":false},\"channels\":{\"sms\":false}}" ''
wishes "$p\"topics\":{\"other\":false}}" 'text tap'
wishes '"cio_subscription_preferences.topics.offers":false' ''
wishes '"cio_subscription_preferences.channels.push":false' text
wishes '"unsubscribed":true' ''
wishes '"unsubscribed":"TRUE"' ''
wishes '"unsubscribed":1' ''
wishes '"unsubscribed":"1"' ''
wishes '"unsubscribed":false' 'text tap'
wishes "\"unsubscribed\":false,$p\"channels\":{\"sms\":false}}" tap
wishes "\"unsubscribed\":true,$p\"channels\":{\"sms\":true}}" ''
finish
