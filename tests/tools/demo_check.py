#!/usr/bin/env python3
"""Hold what the demo sent against what it was told, by other means than jr's.

demo_check.py ARRIVALS OUTBOX STREAM LEAST: says, a line each, what must not be.
Consents, opt-outs, zones and times are worked out here from the arrivals and
Python's own zoneinfo; of the stream only the purpose of a message is believed.
Fewer than LEAST messages of a kind are wrong as well: then nothing was held.
"""
import json
import sys
from collections import defaultdict
from datetime import datetime, timedelta
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

STOP = {"stop", "stop.", "please stop texting me"}


def instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


consents = defaultdict(list)  # number -> (when, yes or no)
zones = {}  # number -> zone of its person
numbers = {}  # person -> number
for line in open(sys.argv[1], encoding="utf-8"):
    arrived, text = instant(line[:20]), line[21:]
    try:
        record = json.loads(text)
    except json.JSONDecodeError:
        continue
    if record.get("source") == "twilio":
        form = parse_qs(record["body"])
        word = form["Body"][0].lower()
        if word in STOP or word == "start":
            consents[form["From"][0]].append((arrived, word == "start"))
    elif record.get("action") == "identify":
        who, attributes = record["identifiers"]["id"], record["attributes"]
        if attributes.get("sms_consent") is True:
            if "sms_consent_at" in attributes and "sms_consent_ip" in attributes:
                number = attributes["sms_phone"]
                numbers[who] = number
                zones[number] = attributes.get("timezone")
                consents[number].append((arrived, True))
        elif attributes.get("sms_consent") is False:
            consents[numbers[who]].append((arrived, False))

wrong = []
sent = defaultdict(list)
ids = defaultdict(int)
purposes = {}
for line in open(sys.argv[3], encoding="utf-8"):
    if '"type":"message"' in line:
        record = json.loads(line)
        purposes[record["id"]] = record["purpose"]
count = defaultdict(int)
for line in open(sys.argv[2], encoding="utf-8"):
    message = json.loads(line)
    count[message["channel"]] += 1
    key = (message["id"], message["to"])
    ids[key] += 1
    if ids[key] == 2:
        wrong.append(f"twice: {message['id']}")
    if message["channel"] != "sms":
        continue
    at, to = instant(message["at"]), message["to"]
    said = [yes for when, yes in sorted(consents[to]) if when <= at]
    if not said or not said[-1]:
        wrong.append(f"no consent: {message['id']}")
    zone = zones.get(to)
    if zone and purposes[message["id"]] != "security":
        hour = at.astimezone(ZoneInfo(zone)).hour
        if hour < 8 or hour >= 21:
            wrong.append(f"at night: {message['id']}")
    for before in sent[to]:
        if at - before < timedelta(hours=24):
            wrong.append(f"over the cap: {message['id']}")
    sent[to].append(at)
if min(count["sms"], count["push"]) < int(sys.argv[4]):
    wrong.append(f"hardly anything was sent: {dict(count)}")
print("\n".join(wrong) if wrong else "ok")
sys.exit(1 if wrong else 0)
