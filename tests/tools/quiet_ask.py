#!/usr/bin/env python3
"""Ask jr-schedule --quiet-hours, and know better, without any of our code.

usage: quiet_ask.py rules >>jr.yaml         quiet hours with exceptions
       quiet_ask.py ask SEED COUNT          questions, one a line
       quiet_ask.py judge QUESTIONS ANSWERS what is wrong; nothing if nothing

The clocks are zoneinfo's.  Of a number the zones are those answered, which for
a few well-known area codes and countries must hold those below.
"""
import datetime
import json
import random
import sys
from zoneinfo import ZoneInfo

# Northern and southern clocks that are turned, and some that are not; half
# hours (India, Newfoundland, Lord Howe) and three quarters (Nepal, Chatham).
ZONES = """America/New_York America/Chicago America/Denver America/Phoenix
America/Los_Angeles America/Anchorage America/St_Johns America/Sao_Paulo
America/Santiago America/Havana Europe/London Europe/Paris Europe/Dublin
Africa/Cairo Africa/Casablanca Asia/Tehran Asia/Kolkata Asia/Kathmandu Asia/Tokyo
Asia/Gaza Australia/Sydney Australia/Adelaide Australia/Lord_Howe
Australia/Eucla Australia/Perth Pacific/Auckland Pacific/Chatham Pacific/Apia
Pacific/Kiritimati Pacific/Honolulu Antarctica/Troll Atlantic/Azores
UTC""".split()
# Number, country, region, zones that must be among the answered.
NUMBERS = [
    ("+12125550123", "US", "NY", ["America/New_York"]),
    ("+18505550123", "US", "FL", ["America/New_York", "America/Chicago"]),
    ("+16055550123", "US", "SD", ["America/Chicago", "America/Denver"]),
    ("+17135550123", "US", "TX", ["America/Chicago"]),
    ("+919876543210", "IN", "", ["Asia/Kolkata"]),
    ("+9779812345678", "NP", "", ["Asia/Kathmandu"]),
    ("+61412345678", "AU", "", ["Australia/Sydney", "Australia/Perth"]),
    ("+64211234567", "NZ", "", ["Pacific/Auckland", "Pacific/Chatham"]),
    ("+447911123456", "GB", "", ["Europe/London"]),
]
# Quiet from, until, where and when; the first that matches decides.
RULES = [
    (1260, 720, "US", "TX", {7}),
    (1200, 480, "US", "FL", None),
    (120, 540, "FR", "", {5, 6}),
    (1290, 525, "NP", "", None),
    (1080, 600, "AU", "", {6, 7}),
    (1260, 480, "", "", None),
]
DAYS = ["", "mon", "tue", "wed", "thu", "fri", "sat", "sun"]
NIGHTS = [(3, 8), (3, 29), (4, 5), (9, 6), (9, 27), (10, 4), (10, 25), (11, 1)]
HORIZON = 15 * 86400


def clock(minute):
    return "%02d:%02d" % divmod(minute, 60)


def write_rules():
    print("quiet_hours:\n  rules:")
    for start, end, country, region, days in RULES[:-1]:
        print(f"    - from: \"{clock(start)}\"\n      until: \"{clock(end)}\"\n"
              f"      country: {country}")
        if region:
            print(f"      region: {region}")
        if days:
            print("      days: [%s]" % ", ".join(DAYS[d] for d in sorted(days)))


def write_questions(rnd, count):
    for _ in range(count):
        year = rnd.choice([2024, 2025, 2026])
        month, day = rnd.choice(NIGHTS)
        if rnd.random() < 0.3:
            month, day = rnd.randint(1, 12), rnd.randint(1, 25)
        start = datetime.datetime(year, month, 1, tzinfo=datetime.timezone.utc)
        at = int(start.timestamp()) + (day - 2) * 86400
        at += rnd.randrange(4 * 86400)
        asked = {"at": at}
        if rnd.random() < 0.7:
            asked["timezone"] = rnd.choice(ZONES)
            rule = rnd.choice(RULES)
            if rule[2]:
                asked["country"] = rule[2]
            if rule[3]:
                asked["region"] = rule[3]
        else:
            asked["phone"] = rnd.choice(NUMBERS)[0]
        print(json.dumps(asked))


def rule_of(country, region, day):
    for rule in RULES:
        if rule[2] in ("", country) and rule[3] in ("", region) and (
                rule[4] is None or day in rule[4]):
            return rule
    return None


def allowed(at, zone, country, region):
    local = datetime.datetime.fromtimestamp(at, ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    day = local.isoweekday()
    end, start = rule_of(country, region, day)[:2]
    if start <= end:
        if start <= minute < end:
            return True
    elif minute >= start:
        return True
    # What began yesterday may reach into today.
    end, start = rule_of(country, region, 7 if day == 1 else day - 1)[:2]
    return start > end and minute < end


def opens(at, zones, country, region):
    limit = at + HORIZON
    while at < limit:
        if all(allowed(at, zone, country, region) for zone in zones):
            return at
        at += 900 - at % 900
    return None


def judge(asked, said):
    number = next((n for n in NUMBERS if n[0] == asked.get("phone")), None)
    zones = said["zones"]
    country, region = asked.get("country", ""), asked.get("region", "")
    if number:
        country, region = number[1], number[2]
        if not set(number[3]) <= set(zones):
            return "zones"
    elif zones != [asked["timezone"]]:
        return "zone"
    when = opens(asked["at"], zones, country, region)
    if said["send_at"] != when:
        return f"send_at, but {when}"
    if said["quiet"] != (when != asked["at"]):
        return "quiet"
    return None


def main():
    if sys.argv[1] == "rules":
        write_rules()
    elif sys.argv[1] == "ask":
        write_questions(random.Random(int(sys.argv[2])), int(sys.argv[3]))
    else:
        with open(sys.argv[2]) as questions, open(sys.argv[3]) as answers:
            lines = list(zip(questions, answers, strict=True))
        for question, answer in lines:
            wrong = judge(json.loads(question), json.loads(answer))
            if wrong:
                print(wrong, question.strip(), answer.strip())


main()
