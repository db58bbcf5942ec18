# Sourced after world.sh by the tests of providers of texts: their stand-in, and
# what happens to messages there.
# shellcheck shell=sh
needs python3 sqlite3

# texts_standin [INSTANT|FILE [SEED]]: Twilio, Telnyx and MessageBird, played by
# tests/standin/sms.py, and a secret for them in the file token; url is where.
texts_standin() {
	mkfifo hold
	python3 "$TOP/tests/standin/sms.py" "$@" <hold >port 2>standin.err &
	standin=$!
	children="$children $standin"
	exec 3>hold
	await port || skip_all 'the stand-in did not start'
	url=http://127.0.0.1:$(cat port)
	umask 077
	echo secret >token
}

# get PATH: what the stand-in answers.
get() {
	python3 -c 'import sys, urllib.request as u
print(u.urlopen(sys.argv[1]).read().decode())' "$url$1"
}

# post PATH FORM: somebody else's message.
post() {
	python3 -c 'import sys, urllib.request as u
u.urlopen(sys.argv[1], sys.argv[2].encode()).read()' "$url$1" "$2"
}

# provider NAME: its settings, for jr.yaml, to which a test may add.
provider() {
	case $1 in
	twilio) echo '  twilio:
    account_sid: AC00000000000000000000000000000000
    auth_token_file: token
    messaging_url: '"$url" ;;
	telnyx) echo '  telnyx:
    api_key_file: token' ;;
	messagebird) echo '  messagebird:
    access_key_file: token
    numbers_url: '"$url" ;;
	esac
	echo "    base_url: $url"
}

# say_each TIME: an event Go at TIME for each line of stdin, with it as its
# text, each of another person: who is u1, or the next after $i.
say_each() {
	while IFS= read -r text; do
		i=$((${i-0} + 1))
		person "u$i"
		event "u$i" Go "$1" "\"text\":\"$text\""
	done
}

# offer TIME: what is in the file in becomes messages, in the file offered.
offer() {
	jr-ingest --now "$1" <in >out.ingest && : >in &&
		jr-schedule --now "$1" <out.ingest >offered
}

# send TIME [OPTION...]: these are handed over.
send() {
	now_is=$1
	shift
	jr-send-sms --now "$now_is" "$@" <offered
}

# states COLUMN...: of each message, by number, in the file got.  STATE is its
# state's word, and NUMBER the number's last four digits.
states() {
	columns=$(printf ', %s' "$@" | sed "s/^, //
		s/STATE/CASE m.state WHEN 2 THEN 'offered' WHEN 3 THEN 'claimed'\
 WHEN 4 THEN 'accepted' WHEN 5 THEN 'waiting' WHEN 6 THEN 'refused'\
 WHEN 7 THEN 'unknown' WHEN 8 THEN 'delivered' WHEN 9 THEN 'failed'\
 ELSE m.state END/; s/NUMBER/substr(m.address, 9)/
		s/CODE/COALESCE(m.code, '-')/; s/PRICED/m.cost_micros/
		s/KNOWN/m.provider_id IS NOT NULL/; s/COUNTED/m.counted_s > 0/")
	sqlite3 -separator ' ' jr.db \
		"SELECT $columns FROM messages m ORDER BY m.address, m.id" >got
}
