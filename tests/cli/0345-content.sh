#!/bin/sh
# What a message says: variables, locales, snippets, links, the first text.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"
needs sqlite3
allow_many
sed -i 's/  sms: {provider: sandbox}/  sms: {provider: sandbox, smart_encoding: true}/' jr.yaml

# says_of TITLE EVENT PROPERTIES: it happens to u1; the bodies sent are stdin.
minute=0
said() {
	minute=$((minute + 1))
	now=$(at 0 "$(printf '15:%02d' $minute)")
	event "${4:-u1}" "$2" "$now" "$3"
	check "$1" 0 tick "$now"
	jq -r --arg now "$now" 'select(.at == $now) | .body' outbox.ndjson >got
	cat >wanted
	same "$1: as written" got <wanted
}

person u1 '"first_name":"Ana","locale":"pt-BR","city":null,"tags":["a","b"]'
device u1 t1
person u2 '"locale":"fr_CA"'
device u2 t2
workflow vars <<'!'
trigger: {event: Vars}
reentry: always
steps:
  - push:
      id: p
      title: T
      body: "{{ first_name }} {{ customer.first_name }} {{ event.n }} {{ trigger.n }} {{ campaign.name }} {{ journey.run }} {{ message.name }} {{ event_name }} {{ tags | join: '+' }} {{ city | default: 'nowhere' }}"
!
said 'variables' Vars '"n":7' <<'!'
Ana Ana 7 7 vars 1 p Vars a+b nowhere
!
said 'what is in an attribute is never run' Vars '"n":"{{ first_name }}"' <<'!'
Ana Ana {{ first_name }} {{ first_name }} vars 2 p Vars a+b nowhere
!
mkdir snippets
echo 'Hello {{ customer.first_name | default: "you" }}' >snippets/hello.liquid
workflow words <<'!'
trigger: {event: Words}
reentry: always
steps:
  - push:
      id: p
      title: T
      body: "{% include 'hello' %} and goodbye"
      locales:
        pt: {title: T, body: "Tchau"}
        fr: {title: T, body: "Salut"}
!
said 'a locale, by its shortest prefix' Words '' <<'!'
Tchau
!
said 'another' Words '' u2 <<'!'
Salut
!
person u3
device u3 t3
said 'none, with a snippet' Words '' u3 <<'!'
Hello you and goodbye
!

# --- the first text to a number ---
workflow text <<'!'
trigger: {event: Text}
reentry: always
steps:
  - sms: {id: s, body: "  “Quoted” – {{ event.t }}  "}
!
workflow named <<'!'
trigger: {event: Named}
reentry: always
steps:
  - sms: {id: s, names_sender: true, body: "Acme here. STOP ends it."}
!
said 'the first text says how to opt out' Text '"t":"one"' <<'!'
Acme: "Quoted" - one Reply STOP to opt out
!
said 'the second does not' Text '"t":"two"' <<'!'
"Quoted" - two
!
said 'a text that names its sender says so itself' Named '' u2 <<'!'
Acme here. STOP ends it.
!
said 'what cannot be all GSM-7 stays as it is' Text '"t":"😀"' <<'!'
“Quoted” – 😀
!

# --- links ---
cat >>jr.yaml <<'!'
links: {host: go.example.com, prefix: /l/, params: [utm_source=sms], hosts: [app.example.com], expires: 30d}
!
workflow link <<'!'
trigger: {event: Link}
reentry: always
steps:
  - sms: {id: s, body: "Here: {{ event.url }}. And http://app.example.com/b?x=1#top!"}
!
minute=20
event u1 Link "$(at 0 15:20)" '"url":"https://app.example.com/a"'
check 'links are shortened' 0 tick "$(at 0 15:20)"
tail -n 1 outbox.ndjson | jq -r .body >got
says 'to our own host' got \
	'^Here: https://go\.example\.com/l/[0-9a-z]{11}\. And https://go\.example\.com/l/[0-9a-z]{11}!$'
sqlite3 jr.db 'SELECT url, expires_s - created_s FROM links ORDER BY url' >got
same 'and lead where they led, with parameters' got <<'!'
http://app.example.com/b?x=1&utm_source=sms#top|2592000
https://app.example.com/a?utm_source=sms|2592000
!
event u1 Link "$(at 0 15:21)" '"url":"https://evil.example.net/a"'
check 'a link to somewhere else' 0 tick "$(at 0 15:21)"
decided >got
same 'is not sent' got <<'!'
link/s u1 no content
!
workflow plain <<'!'
trigger: {event: Plain}
steps:
  - sms: {id: s, short_links: false, body: "https://app.example.com/c"}
!
said 'short links can be left' Plain '' u2 <<'!'
https://app.example.com/c?utm_source=sms
!

# --- channels without a sender of ours ---
workflow mail <<'!'
trigger: {event: Mail}
steps:
  - email: {id: m, subject: "Hi {{ first_name }}", body: Text, html: "<p>Text</p>"}
!
attributes u1 "$(at 0 15:50)" '"email":"ana@example.com"'
event u1 Mail "$(at 0 15:50)"
check 'an email' 0 tick "$(at 0 15:50)"
json 'goes through the pipe, to a program of the user'"'"'s own' out \
	'[.[] | select(.type == "message")] | length == 1 and (.[0] |
	 .channel == "email" and .subject == "Hi Ana" and .html == "<p>Text</p>"
	 and .to == "ana@example.com")'
sqlite3 jr.db "SELECT state, provider FROM messages WHERE channel = 3" >got
same 'and is accepted by it' got <<'!'
4|pipe
!
check 'a lease later' 0 tick "$(at 1 15:50)"
json 'it is not offered again' out 'all(.[]; .type != "message")'
full() { jr-schedule --now "$(at 1 16:00)" </dev/null >/dev/full; }
event u2 Mail "$(at 1 16:00)"
attributes u2 "$(at 1 15:59)" '"email":"u2@example.com","first_name":"Bo"'
ingest() { jr-ingest --now "$1" <in >out.ingest && : >in; }
check 'another comes in' 0 ingest "$(at 1 16:00)"
check 'and the pipe breaks' 74 full
sqlite3 jr.db "SELECT state FROM messages WHERE channel = 3 ORDER BY due_s" >got
same 'nobody knows whether it got through' got <<'!'
4
3
!
check 'an hour later' 0 tick "$(at 1 17:00)"
sqlite3 jr.db "SELECT state FROM messages WHERE channel = 3 ORDER BY due_s" >got
same 'it is unknown, and stays so' got <<'!'
4
7
!

workflow whats <<'!'
trigger: {event: Whats}
steps:
  - whatsapp: {id: w, template: HX00000000000000000000000000000000, data: {"1": "{{ first_name }}"}}
!
sed -i 's/^channels:/channels:\n  whatsapp: {provider: sandbox}/' jr.yaml
attributes u1 "$(at 2 15:00)" '"whatsapp_consent":true,"whatsapp_consent_at":1793000000,"whatsapp_consent_ip":"192.0.2.1"'
event u1 Whats "$(at 2 15:00)"
check 'WhatsApp has consents of its own' 0 tick "$(at 2 15:00)"
tail -n 1 outbox.ndjson | jq -c '[.channel, .template, .data]' >got
same 'and templates' got <<'!'
["whatsapp","HX00000000000000000000000000000000",{"1":"Ana"}]
!
finish
