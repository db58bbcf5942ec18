#!/bin/sh
# The thinnest way through: an event, a pause, an SMS, the sandbox.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"

workflow abandoned <<'!'
trigger: {event: Import Started}
steps:
  - wait: 24h
  - sms: {id: nudge, body: "Your import {{ event.file }} waits, {{ first_name }}."}
!
person u1 '"first_name":"Ana"'
event u1 'Import Started' "$(at 0 15:00)" '"file":"a.csv"'
check 'what comes in starts a journey' 0 tick "$(at 0 15:00)"
json 'and nothing is sent while it pauses' out \
	'all(.[]; .type != "message" and .metric == null)'
check 'a minute before the pause is over' 0 tick "$(at 1 14:59)"
same 'nothing is sent' out </dev/null
check 'and when it is' 0 tick "$(at 1 15:00)"
sent >got
same 'the message goes' got <<'!'
abandoned/nudge u1
!
jq -r '.body, .to, .outcome' outbox.ndjson >got
same 'with what the event and the person say, to their number' got <<'!'
Acme: Your import a.csv waits, Ana. Reply STOP to opt out
+12065550001
accepted
!
json 'as a delivery record' out \
	'.[0] | .object_type == "sms" and .data.jr.state == "accepted" and
	 .data.jr.provider == "sandbox" and .data.recipient == "+12065550001"'
json 'of the message that was offered' out.schedule \
	'[.[] | select(.type == "message")] | length == 1 and
	 (.[0] | .channel == "sms" and .workflow == "abandoned" and
	 .step == "nudge" and .person.id == "u1" and .segments == 1 and
	 .encoding == "GSM-7" and (.id | startswith("m_")))'
check 'the same minute again' 0 tick "$(at 1 15:00)"
same 'sends nothing' out </dev/null
cp out.schedule offered
check 'nor does the same record' 0 jr-send-sms --now "$(at 1 15:00)" <offered
json 'there was one hand-over' outbox.ndjson 'length == 1'

passes() { jr-schedule --now "$(at 1 15:01)" <lines; }
printf '{"a":1}\nno JSON\n\t\n{"type":"message","id":"x"}' >lines
check 'input is passed on byte for byte' 0 passes
printf '{"a":1}\nno JSON\n{"type":"message","id":"x"}\n' >wanted
same 'but for blank lines, and with a last newline' out <wanted

full() { jr-schedule --now "$(at 1 15:01)" <lines >/dev/full; }
check 'what cannot be written is an error' 74 full
nowhere() { jr-schedule --state no/jr.db </dev/null; }
check 'and so is a state that cannot be opened' 74 nowhere
check 'nothing is asked of two minds' 64 jr-schedule --check --graph
finish
