#!/bin/sh
# Names and texts that came from outside, whatever is in them, break neither
# the terminal, nor the spreadsheet, nor the page, nor the line of a record.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
needs sqlite3

# A journey as any, then a store in which every text is hostile.
workflow hello <<'!'
trigger: {event: Go}
steps:
  - sms: {id: text, body: "Hello. Reply STOP to opt out"}
  - push: {id: tap, if: has device_token, title: Hello, body: Again}
!
person u1
person u2
device u1 token-1
event u1 Go "$(at 0 15:00)"
event u2 Go "$(at 0 15:00)"
check 'a journey' 0 tick "$(at 0 15:05)"
check 'is refused to one who has had an SMS' 0 tick "$(at 0 15:06)"

# An escape, a bell, C1 controls, a line's end, a turned direction, markup, an
# entity, quotes, a formula: as a value of SQL.
evil="'=HYPERLINK(1)' || CAST(x'1b5b33316d071b5d303b780a0d09c285c29be280aee281a6' AS TEXT)
	|| '<script>alert(1)</script>\"''&amp;|\`'"
sqlite3 jr.db "DROP TRIGGER ledger_is_never_changed;
	UPDATE messages SET workflow = channel || $evil, channel = 1, step = $evil, variant = $evil,
		provider = $evil, country = $evil, code = $evil, reason = $evil;
	UPDATE counters SET workflow = $evil, step = $evil || step,
		variant = $evil || variant, provider = $evil, country = $evil;
	UPDATE latencies SET workflow = $evil, step = $evil;
	UPDATE enrolments SET workflow = $evil, step = $evil, state = 1;
	UPDATE verdicts SET workflow = $evil, step = $evil, gate = $evil;
	UPDATE decisions SET workflow = $evil, gate = $evil, reason = $evil;
	UPDATE people SET id = 'u' || person || $evil;
	UPDATE devices SET kind = $evil, platform = $evil;
	UPDATE runs SET note = $evil, counts = $evil, exit_code = 70;
	UPDATE consents SET ip = $evil, agent = $evil, source = $evil,
		disclosure = $evil, method = $evil, evidence = $evil,
		scope = $evil;
	INSERT INTO reviews VALUES (1, 1, '+12065550001', 1, $evil, 1, 0,
		NULL, NULL);
	INSERT INTO holds VALUES ($evil, 1, $evil, $evil, 0, NULL);
	INSERT INTO links SELECT 'tok', id, 'https://x/' || $evil, 1, 0
		FROM messages LIMIT 1;"

cat >harmless.py <<'!'
import csv, html.parser, json, sys, unicodedata

form, text = sys.argv[1], sys.stdin.buffer.read().decode("utf-8")
TURNS = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
            "\u2066\u2067\u2068\u2069\u2028\u2029\ufeff")


def plain(value, ends=""):
    for c in value:
        assert c in ends or unicodedata.category(c) != "Cc", repr(value)
        assert c not in TURNS, repr(value)


if form == "table":
    plain(text, "\n")
elif form == "csv":
    plain(text, "\r\n")
    rows = list(csv.reader(text.split("\r\n")[:-1], strict=True))
    assert len({len(row) for row in rows}) <= 1, rows
    for row in rows[1:]:
        for cell in row:
            number = cell.replace(".", "").replace("-", "").isdigit()
            assert number or not cell.lstrip()[:1] in tuple("=+-@"), cell
elif form in ("ndjson", "records"):
    for line in text.split("\n")[:-1]:
        if form == "ndjson":
            plain(line)
        assert isinstance(json.loads(line), dict), line
else:
    plain(text, "\n")

    class Page(html.parser.HTMLParser):
        def handle_starttag(self, tag, attrs):
            assert tag not in ("script", "img", "iframe", "a\"b"), tag
            assert not any(k.startswith("on") for k, _ in attrs), attrs

    Page().feed(text)
    assert "alert(1)" in text  # it is there, as text
!

cat >theirs <<'!'
{"sid":"=HYPERLINK(1)\u001b[31m\u0007\u202e<script>alert(1)</script>\"'","status":"\u001b]0;x\u0007=1+1","price":"-1e400","price_unit":"\u001b[2J@USD","num_segments":"9e99","date_sent":"Mon, 02 Nov 2026 15:00:01 +0000"}
{"sid":"=cmd|' /C calc'!A0","status":"\u2028+delivered"}
!

now=$(at 0 17:00)
harmless() {
	form=$1
	shift
	jr-report --now "$now" "$@" >shown || [ $? -eq 1 ] || return 2
	[ -s shown ] || return 3
	python3 harmless.py "$form" <shown
}
for panel in alarms messages sms push trend cost journeys held latency \
	devices waiting reviews health runs overlap 'prune --until 2030-01-01' \
	'consent +12065550001' 'journeys --by step' 'sms --by provider,country' \
	'journeys --by variant' 'held --by step' links 'reconcile theirs'; do
	for form in table csv ndjson; do
		# shellcheck disable=SC2086
		check "$panel as $form" 0 harmless $form -f $form $panel
	done
done
check 'the page' 0 harmless page html
check 'the page, with what is personal' 0 harmless page \
	--until 2030-01-01 --personal html
check 'a story' 0 harmless table why +12065550001
check 'records to prune' 0 harmless records --until 2030-01-01 --records prune
check 'all of it' 0 harmless records dump

# On a terminal, which is where it would do harm.
cat >terminal.py <<'!'
import fcntl, os, pty, struct, sys, termios

pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
    os.execvp(sys.argv[1], sys.argv[1:])
out = b""
while True:
    try:
        data = os.read(fd, 65536)
    except OSError:
        break
    if not data:
        break
    out += data
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.stdout.buffer.write(out.replace(b"\r\n", b"\n"))
sys.exit(code)
!
shows() { TERM=xterm python3 terminal.py jr-report --now "$now" "$@"; }
check 'on a terminal' 0 shows sms
sed "s/$(printf '\033')\[[0-9]*m//g" out >without
says 'in colours' out "$(printf '\033')\[1m"
check 'the only escapes' 0 python3 harmless.py table <without
NO_COLOR=1 shows sms >out 2>err
check 'NO_COLOR is heard' 1 grep -q "$(printf '\033')" out
check 'bars are drawn' 0 shows messages
dumb() { TERM=dumb python3 terminal.py jr-report --now "$now" messages; }
check 'on a dumb terminal' 0 dumb
check 'there is no bar' 1 grep -q '█' out
check 'nor an escape' 1 grep -q "$(printf '\033')" out
finish
