#!/bin/sh
# A state that an older jr left: who only reads says who brings it forward, and
# who does says at a terminal how far it is.
. "${0%/*}/lib.sh"
needs sqlite3

mkdir workflows
jr-ingest --quiet --now 2026-11-16T12:00:00Z </dev/null
# As version 9 had it.
older() {
	sqlite3 jr.db "DELETE FROM counters WHERE counted >= 48;
		DROP TABLE last_clicks;
		UPDATE meta SET value = '9' WHERE name = 'schema'"
}
watched() {
	python3 -c 'import os, pty, sys
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))' "$@" </dev/null
}
older
check 'a report does not change it' 78 jr-report sms
says 'and says who does' err 'has version 9, .*: run jr-ingest once'
check 'at a terminal' 0 watched jr-schedule
says 'whoever waits is told how far it is' out \
	'bringing the state forward to version 10: step 1 of [0-9]+;'
check 'afterwards' 0 jr-report sms
check 'there is nothing to do' 0 watched jr-schedule
check 'and nothing to tell' 1 grep -q forward out
older
check 'quietly' 0 watched jr-schedule --quiet
check 'it says nothing' 1 grep -q forward out
older
check 'nor from cron' 0 jr-schedule
silent 'which would send it by mail' err
finish
