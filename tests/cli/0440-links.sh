#!/bin/sh
# jr-report links is the map by which a web server follows short links.
. "${0%/*}/lib.sh"
. "$TOP/tests/cli/world.sh"

cat >>jr.yaml <<'!!'
caps: {sms: []}
links: {host: go.example.com, prefix: /l/, params: [utm_source=sms], expires: 30d}
!!
workflow w <<'!!'
trigger: {event: Go}
reentry: always
steps:
  - sms: {id: s, body: "See {{ event.url }} now", names_sender: true}
!!
person u1
person u2
event u1 Go "$(at 0 15:00)" '"url":"https://example.com/a?b=1&c=$x%20é;{}"'
event u2 Go "$(at 0 15:00)" '"url":"https://example.com/b"'
check 'texts with links' 0 tick "$(at 0 15:00)"
jq -r .body outbox.ndjson | sed -n 's|.*https://go.example.com\(/l/[0-9a-z]*\) .*|\1|p' >paths

check 'the panel' 0 jr-report --format=ndjson --now "$(at 0 15:01)" links
json 'shows where they lead' out 'map(.url) | sort == ["https://example.com/a?b=1&c=$x%20é;{}&utm_source=sms", "https://example.com/b?utm_source=sms"]'
jq -r .link out | sort >said
sort paths >sorted
same 'by the paths that are in the texts' said <sorted
check 'at most so many' 0 jr-report --format=ndjson --limit=1 --now "$(at 0 15:01)" links
json 'and no more' out 'length == 1'
check 'the map' 0 jr-report --nginx --now "$(at 0 15:01)" links
says 'a link a line' out '^	/l/[0-9a-z]{11} "https://example.com/b\?utm_source=sms";$'
says 'in which no variable can begin' out '"https://example.com/a\?b=1&c=%24x%20%C3%A9;\{\}&utm_source=sms";$'
cp out links.map
check 'to a file' 0 jr-report --nginx --output=there.map --now "$(at 0 15:01)" links
same 'whole' there.map <links.map
check 'a month later' 0 jr-report --nginx --now "2026-12-02T15:00:01Z" links
[ "$(grep -c https out)" = 0 ]
result $? 'they have expired'
check '--nginx is for links' 64 jr-report --nginx sms
check 'and is a form of its own' 64 jr-report --nginx --format=csv links

if ! command -v nginx >/dev/null || ! command -v curl >/dev/null; then
	skip 'nginx follows them (nginx, curl)'
	finish
fi
cat >nginx.conf <<!!
daemon off;
master_process off;
pid $PWD/nginx.pid;
error_log $PWD/error.log;
events {}
http {
	include $PWD/links.map;
	access_log $PWD/access.log combined;
	client_body_temp_path $PWD/t1;
	proxy_temp_path $PWD/t2;
	fastcgi_temp_path $PWD/t3;
	uwsgi_temp_path $PWD/t4;
	scgi_temp_path $PWD/t5;
	server {
		listen unix:$PWD/nginx.sock;
		location / {
			if (\$jr_link = "") { return 404; }
			return 302 \$jr_link;
		}
	}
}
!!
nginx -p "$PWD" -c "$PWD/nginx.conf" >/dev/null 2>&1 &
# shellcheck disable=SC2034 # lib.sh ends it
children=$!
follow() { curl -s -o /dev/null -w '%{http_code} %{redirect_url}\n' --unix-socket nginx.sock --retry 30 --retry-all-errors --retry-delay 1 "http://localhost$1"; }
while read -r path; do
	follow "$path"
done <paths >out
follow /l/00000000000 >>out
sort out >got
same 'nginx follows them' got <<'!!'
302 https://example.com/a?b=1&c=%24x%20%C3%A9;{}&utm_source=sms
302 https://example.com/b?utm_source=sms
404 
!!
finish
