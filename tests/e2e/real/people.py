#!/usr/bin/env python3
"""Cut a real set into what comes in at each tick, and make up its people.

people.py SET LINES FOLDER: into FOLDER go NN.ndjson, what comes in before the
tick NN; `ticks`, a line each: NN and the instant; and `people.json`, what
was made up, for check.py.  The sets have neither consents nor numbers nor
devices: a stable share of the users gets some, by a hash of the id.  The
numbers are those that are set aside for fiction.
"""
import hashlib
import json
import sys
from datetime import datetime, timedelta, timezone

US = "205 206 212 213 214 215 303 305 312 313 404 408 415 503 512 602 612 615"
US += " 617 702 703 713 718 801 808 904 907 913"
SETS = {
    "wikipedia": {
        "share": 5,
        "born": "2015-09-01T00:00:00Z",
        "first": "2015-09-12T01:00:00Z",
        "hours": [1] * 23 + [3] * 11,
        "stray": 3,
        "number": lambda n: f"+1{US.split()[n // 100]}55501{n % 100:02d}",
        "zones": "America/Los_Angeles America/New_York America/St_Johns"
        " Europe/Paris Asia/Kolkata Asia/Tokyo Australia/Lord_Howe"
        " Pacific/Chatham",
    },
    "retail": {
        "share": 2,
        "born": "2010-11-20T00:00:00Z",
        "first": "2010-12-01T10:00:00Z",
        "hours": [5, 6, 13] * 25,
        "stray": 100,
        "number": lambda n: f"+447700900{n:03d}",
        "zones": "Europe/London Europe/London Europe/Berlin America/New_York"
        " Asia/Kathmandu",
    },
}


def instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def text(when):
    return when.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def make_people(users, rules):
    """Who agreed, who only says so, who stopped on the way, who has the app."""
    people, n = {}, 0
    zones = rules["zones"].split()
    for user in sorted(users):
        digest = hashlib.sha256(user.encode()).digest()
        person = {"zone": zones[digest[1] % len(zones)]}
        if digest[0] % rules["share"] == 0:
            person["number"] = rules["number"](n)
            person["proof"] = digest[2] % 10 != 0
            person["stops"] = person["proof"] and digest[3] % 8 == 0
            n += 1
        if digest[4] % 4 == 0:
            person["token"] = "token-" + digest.hex()[:16]
        if len(person) > 1:
            people[user] = person
    return people


def identify(user, person, rules):
    traits = {"timezone": person["zone"]}
    if "number" in person:
        traits.update(phone=person["number"], sms_consent=True)
        traits["sms_consent_at"] = rules["born"]
        if person["proof"]:
            traits["sms_consent_ip"] = "192.0.2.7"
    yield {"type": "identify", "userId": user, "timestamp": rules["born"],
           "traits": traits}
    if "token" in person:
        device = {"token": person["token"], "platform": "android"}
        yield {"type": "person", "identifiers": {"id": user},
               "action": "add_device", "timestamp": rules["born"],
               "device": device}


def main():
    rules, folder = SETS[sys.argv[1]], sys.argv[3]
    lines = open(sys.argv[2], encoding="utf-8").read().split("\n")[:-1]
    ticks = [instant(rules["first"])]
    for hours in rules["hours"]:
        ticks.append(ticks[-1] + timedelta(hours=hours))
    slices = [[] for _ in ticks]
    users, at = set(), 0
    for line in lines:
        record = json.loads(line)
        when = instant(record["timestamp"])
        users.add(record.get("userId", ""))
        # A time that is out of the row came in with its neighbours.
        if when < ticks[at] + timedelta(hours=rules["stray"]):
            while when >= ticks[at]:
                at += 1
        slices[at].append(line)
    people = make_people(users - {""}, rules)
    made = [json.dumps(r) for user, person in people.items()
            for r in identify(user, person, rules)]
    slices[0] = made + slices[0]
    middle = len(ticks) // 2
    for user, person in people.items():
        if person.get("stops"):
            slices[middle].append(json.dumps(
                {"type": "identify", "userId": user,
                 "timestamp": text(ticks[middle - 1]),
                 "traits": {"sms_consent": False}}))
    with open(f"{folder}/ticks", "w", encoding="utf-8") as out:
        for n, tick in enumerate(ticks):
            with open(f"{folder}/{n:03d}.ndjson", "w", encoding="utf-8") as f:
                f.writelines(line + "\n" for line in slices[n])
            out.write(f"{n:03d} {text(tick)}\n")
    with open(f"{folder}/people.json", "w", encoding="utf-8") as out:
        json.dump({"people": people, "made": len(made),
                   "stopped_at": text(ticks[middle])}, out)


main()
