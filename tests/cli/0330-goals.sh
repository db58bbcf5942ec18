#!/bin/sh
# What ends a journey: goals and what they are owed to, exits, unsendable.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
allow_many
needs sqlite3

# runs: workflow, person, state and reason of each.
runs() {
	sqlite3 -separator ' ' jr.db "SELECT e.workflow, p.id,
		CASE e.state WHEN 1 THEN 'live' WHEN 2 THEN 'done'
			WHEN 3 THEN 'goal' ELSE 'exited' END,
		CASE WHEN e.goal_s > 0 THEN 'converted' ELSE '-' END,
		COALESCE(e.end_reason, '')
		FROM enrolments e JOIN people p ON p.person = e.person
		ORDER BY e.workflow, p.id, e.run"
}

# owed: messages that a conversion is counted for.
owed() {
	sqlite3 -separator ' ' jr.db "SELECT m.workflow, m.step, p.id
		FROM metrics x JOIN messages m ON m.message_row = x.message_row
		JOIN people p ON p.person = m.person
		WHERE x.metric = 5 ORDER BY 1, 2, 3"
}

workflow goal <<'!'
trigger: {event: Go}
goal: {event: Bought, where: event.sum >= 10, within: 2d}
steps:
  - push: {id: one, title: T, body: B}
  - wait: 1d
  - push: {id: two, title: T, body: B}
!
workflow stays <<'!'
trigger: {event: Go}
goal: {event: Bought}
exit: {on: []}
steps:
  - wait: 1d
  - push: {id: one, title: T, body: B}
!
workflow leaves <<'!'
trigger: {event: Go}
filter: plan != "gone"
exit: {on: [filter], events: [Cancelled]}
steps:
  - wait: 1d
  - push: {id: one, title: T, body: B}
!
for id in u1 u2 u3 u4 u5; do
	person $id
	device $id "token-$id"
	event $id Go "$(at 0 15:00)"
done
event u1 Bought "$(at 0 14:59)" '"sum":99'
check 'five set out' 0 tick "$(at 0 15:00)"
event u1 Bought "$(at 0 16:00)" '"sum":9'
event u2 Bought "$(at 0 16:00)" '"sum":10'
event u3 Cancelled "$(at 0 16:00)"
attributes u4 "$(at 0 16:00)" '"plan":"gone"'
check 'things happen to them' 0 tick "$(at 0 16:00)"
runs >got
same 'who reached the goal or met an exit has left' got <<'!'
goal u1 live - 
goal u2 goal converted goal
goal u3 live - 
goal u4 live - 
goal u5 live - 
leaves u1 live - 
leaves u2 live - 
leaves u3 exited - event Cancelled
leaves u4 exited - filter
leaves u5 live - 
stays u1 live converted 
stays u2 live converted 
stays u3 live - 
stays u4 live - 
stays u5 live - 
!
owed >got
same 'and is owed to the message before it, where there is one' got <<'!'
goal one u2
!
check 'a day later' 0 tick "$(at 1 15:00)"
sent | sort >got
same 'the rest go on to the end, goal or not' got <<'!'
goal/two u1
goal/two u3
goal/two u4
goal/two u5
leaves/one u1
leaves/one u2
leaves/one u5
stays/one u1
stays/one u2
stays/one u3
stays/one u4
stays/one u5
!
event u3 Bought "$(at 2 15:00)" '"sum":50'
check 'after the end, within two days of a message' 0 tick "$(at 2 15:00)"
event u4 Bought "$(at 5 15:00)" '"sum":50'
check 'and later than that' 0 tick "$(at 5 15:00)"
runs | grep -E '^goal u[34]' >got
same 'a goal counts while its window is open' got <<'!'
goal u3 done converted 
goal u4 done - 
!
owed >got
same 'for the newest message' got <<'!'
goal one u2
goal two u3
stays one u3
stays one u4
!

# A message that was offered and not taken goes no more.
rm workflows/*
workflow recall <<'!'
trigger: {event: Go2}
goal: {event: Bought}
steps:
  - sms: {id: s, body: B}
!
event u1 Go2 "$(at 6 15:00)"
offer() {
	jr-ingest --now "$1" <in >out.ingest && : >in &&
		jr-schedule --now "$1" <out.ingest >offered
}
check 'a message is offered' 0 offer "$(at 6 15:00)"
event u1 Bought "$(at 6 15:01)"
check 'and nobody took it when the goal is reached' 0 tick "$(at 6 15:01)"
check 'whoever takes it then' 0 jr-send-sms --now "$(at 6 15:02)" <offered
sent >got
same 'does not send it' got </dev/null
json 'no SMS left' outbox.ndjson 'all(.[]; .channel != "sms")'

# on_unsendable
rm workflows/*
workflow skips <<'!'
trigger: {event: Go3}
steps:
  - sms: {id: s, body: "{{ missing }}"}
  - push: {id: p, title: T, body: B}
!
workflow gives_up <<'!'
trigger: {event: Go3}
on_unsendable: exit
steps:
  - push: {id: before, title: T, body: B}
  - sms: {id: s, body: "{{ missing }}"}
  - push: {id: p, title: T, body: B}
!
event u1 Go3 "$(at 7 15:00)"
check 'a message that cannot be sent' 0 tick "$(at 7 15:00)"
sent | sort >got
same 'is passed over, or ends the journey, but not what left before' got <<'!'
gives_up/before u1
skips/p u1
!
runs | grep -E '^(skips|gives_up)' >got
same 'as its file says' got <<'!'
gives_up u1 exited - its message could not be sent
skips u1 done - 
!
finish
