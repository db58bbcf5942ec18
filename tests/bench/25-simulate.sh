#!/bin/sh
# How long a simulation of one year over PEOPLE people takes, with the example's
# workflows and segments; some 35 events a person, spread over the year.
# Prints seconds, and how many virtual days pass in one of them.
set -eu
PEOPLE=${PEOPLE:-10000} DAYS=${DAYS:-365}
top=$(cd "$(dirname "$0")/../.." && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cp -R "$top/workflows.example/jr.yaml" "$top/workflows.example/segments.yaml" \
	"$top/workflows.example/workflows" .
T0=1762084800 # 2025-11-02T12:00:00Z

history() {
	awk -v n="$PEOPLE" -v days="$DAYS" -v t="$T0" '
	function draw() { seed = (seed * 16807) % 2147483647; return seed }
	function at(from) { return from + draw() % (end - from + 1) }
	function event(i, name, when, more) {
		if (when <= end)
			printf "{\"type\":\"person\",\"identifiers\":{\"id\":\"u_%d\"}," \
			"\"action\":\"event\",\"name\":\"%s\",\"timestamp\":%d," \
			"\"attributes\":{%s}}\n", i, name, when, more
	}
	BEGIN {
		seed = 42; end = t + days * 86400
		split("America/New_York America/Los_Angeles Europe/London " \
		"Europe/Berlin Australia/Sydney America/Chicago", zone, " ")
		for (i = 0; i < n; i++) {
			on = at(t)
			printf "{\"type\":\"person\",\"identifiers\":{\"id\":\"u_%d\"}," \
			"\"action\":\"identify\",\"timestamp\":%d,\"attributes\":{" \
			"\"first_name\":\"Ana\",\"plan\":\"trial\"," \
			"\"trial_ends_at\":%d,\"timezone\":\"%s\"," \
			"\"phone\":\"+1206%07d\",\"sms_consent\":%s," \
			"\"sms_consent_at\":%d,\"sms_consent_ip\":\"203.0.113.7\"}}\n", \
			i, on, on + 14 * 86400, zone[1 + draw() % 6], 2000000 + i, \
			draw() % 10 < 7 ? "true" : "false", on
			if (draw() % 2)
				printf "{\"type\":\"person\",\"identifiers\":{\"id\":" \
				"\"u_%d\"},\"action\":\"add_device\",\"timestamp\":%d," \
				"\"device\":{\"token\":\"tok%d\",\"platform\":\"ios\"}}\n", \
				i, on + 60, i
			event(i, "Signed Up", on, "")
			if (draw() % 3)
				event(i, "Activation Event Hit", on + draw() % 500000, "")
			for (k = draw() % 60; k > 0; k--)
				event(i, "Board Opened", at(on), "\"board\":" k)
			for (k = draw() % 4; k > 0; k--)
				event(i, "Import Started", at(on), \
				"\"resume_link\":\"https://app.example.com/i\"")
			if (draw() % 4 == 0)
				event(i, "Payment Failed", at(on), \
				"\"billing_link\":\"https://app.example.com/p\"")
		}
	}'
}

history | sort -t: -k9 | jr-ingest --quiet --backfill \
	--now "$((T0 + (DAYS + 1) * 86400))" >taken
begun=$(date +%s%N)
jr-schedule --quiet --simulate --from "$T0" --until "$((T0 + DAYS * 86400))" \
	--warm-up 0s --format csv --now "$((T0 + (DAYS + 1) * 86400))" >result
ended=$(date +%s%N)
awk -v a="$begun" -v b="$ended" -v days="$DAYS" -v n="$PEOPLE" \
	-v records="$(wc -l <taken)" -F, '
	{ sent = $4 }
	END { s = (b - a) / 1e9
	printf "simulation of %d days, %d people, %d records: %.1f s, %d " \
		"messages, %.0f days/s\n", days, n, records, s, sent, days / s }' \
	result
