#!/usr/bin/env python3
"""Make workflows.example/demo/arrivals.log: what a made-up shop of a SaaS
("Tidewater") would have logged in two weeks.  Same output at every run.

A line is the time it arrived, a blank, and what arrived: jr's own lines,
Segment lines, a provider's webhook, and a few that are wrong on purpose.
Numbers are from ranges that regulators keep free for fiction: +1 NXX 555 01xx,
+44 7700 900xxx, +61 491 570 xxx, +49 171 39200xx, +33 6 39 98 xx xx.
"""
import json
import random
import sys
from datetime import datetime, timedelta, timezone
from urllib.parse import urlencode

rnd = random.Random(20261102)
START = datetime(2026, 11, 2, tzinfo=timezone.utc)
DAYS = 14
PEOPLE = 240
SENDER = "+12065550199"

FIRST = """Ana Ben Chloé Dmitri Elif Farid Grace Hanna Ines Jonas Kemal Lucía Mei
Noor Omar Priya Quinn Rosa Søren Tomás Uma Víctor Wanda Ximena Yusuf Zoë Amir
Bea Carlos Dora Emil Fatou Goran Hugo Ivy Jules Kofi Lena Marco Nadia""".split()

# zone, country, number maker, share of people
PLACES = [
    ("America/Los_Angeles", "US", lambda i: f"+1{rnd.choice([213, 310, 415, 503, 206])}55501{i % 100:02d}", 18),
    ("America/Denver", "US", lambda i: f"+1{rnd.choice([303, 801, 505])}55501{i % 100:02d}", 8),
    ("America/Chicago", "US", lambda i: f"+1{rnd.choice([312, 612, 713, 504])}55501{i % 100:02d}", 14),
    ("America/New_York", "US", lambda i: f"+1{rnd.choice([212, 617, 404, 305])}55501{i % 100:02d}", 20),
    ("America/Toronto", "CA", lambda i: f"+1{rnd.choice([416, 613])}55501{i % 100:02d}", 5),
    ("Europe/London", "GB", lambda i: f"+447700900{i % 1000:03d}", 9),
    ("Europe/Berlin", "DE", lambda i: f"+491713920{i % 100:03d}", 7),
    ("Europe/Paris", "FR", lambda i: f"+336399800{i % 100:02d}", 5),
    ("Australia/Sydney", "AU", lambda i: f"+61491570{i % 1000:03d}", 6),
    ("Asia/Kolkata", "IN", None, 4),
    ("America/Sao_Paulo", "BR", None, 4),
]

lines = []


def put(at, what):
    text = what if isinstance(what, str) else json.dumps(
        what, ensure_ascii=False, separators=(",", ":"))
    lines.append((at.strftime("%Y-%m-%dT%H:%M:%SZ"), len(lines), text))


def unix(at):
    return int(at.timestamp())


def identify(at, who, attributes):
    put(at, {"type": "person", "identifiers": {"id": who},
             "action": "identify", "timestamp": unix(at),
             "attributes": attributes})


n_event = 0


def event(at, who, name, data, late=timedelta(0)):
    global n_event
    n_event += 1
    ident = f"evt-{n_event:05d}"
    if n_event % 3:
        line = {"type": "person", "identifiers": {"id": who},
                "action": "event", "id": ident, "name": name,
                "timestamp": unix(at), "attributes": data}
    else:  # some services of theirs speak Segment
        line = {"type": "track", "userId": who, "event": name,
                "messageId": ident, "properties": data,
                "timestamp": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
    put(at + late + timedelta(seconds=rnd.randint(1, 20)), line)
    return line


def inbound(at, number, text, n):
    body = urlencode({"MessageSid": f"SM{n:032x}", "From": number,
                      "To": SENDER, "Body": text, "NumMedia": "0",
                      "SmsStatus": "received"})
    put(at, {"source": "twilio", "url": "https://hooks.example.com/twilio",
             "headers": {"Content-Type": "application/x-www-form-urlencoded"},
             "body": body})


def pick_place():
    total = sum(p[3] for p in PLACES)
    at = rnd.randrange(total)
    for place in PLACES:
        at -= place[3]
        if at < 0:
            return place


def local(day, hour_utc_hint):
    return START + timedelta(days=day, hours=hour_utc_hint,
                             minutes=rnd.randrange(60),
                             seconds=rnd.randrange(60))


OFFSET = {"America/Los_Angeles": -8, "America/Denver": -7,
          "America/Chicago": -6, "America/New_York": -5,
          "America/Toronto": -5, "Europe/London": 0, "Europe/Berlin": 1,
          "Europe/Paris": 1, "Australia/Sydney": 11, "Asia/Kolkata": 5,
          "America/Sao_Paulo": -3}

people = []
END = START + timedelta(days=DAYS)
for i in range(1, PEOPLE + 1):
    who = f"u_{1000 + i}"
    zone, country, number, _ = pick_place()
    day = rnd.randrange(DAYS - 1)
    hour = (rnd.choice([7, 9, 10, 11, 13, 15, 17, 20, 22]) - OFFSET[zone]) % 24
    born = local(day, hour)
    first = rnd.choice(FIRST)
    person = {"email": f"{who}@example.com", "plan": "trial",
              "created_at": unix(born),
              "trial_ends_at": unix(born + timedelta(days=7))}
    if rnd.random() < 0.96:
        person["first_name"] = first
    # Some apps do not know the zone: the number must tell, or jr holds.
    if rnd.random() < 0.85:
        person["timezone"] = zone
    tel = number(i) if number else None
    consents = tel and rnd.random() < 0.72
    if tel:
        person["phone"] = tel
    if consents:
        person.update(sms_consent=True, sms_consent_at=unix(born),
                      sms_consent_ip=f"203.0.113.{i % 250 + 1}",
                      sms_phone=tel)
    identify(born, who, person)
    event(born + timedelta(seconds=30), who, "Signed Up",
          {"plan": "trial", "source": rnd.choice(["ads", "search", "friend"])})
    if rnd.random() < 0.6:
        platform = rnd.choice(["ios", "android"])
        dead = i % 23 == 0  # the sandbox says UNREGISTERED to these
        token = f"{platform}-{i:04d}-{rnd.getrandbits(64):016x}"
        token += "-unregistered" if dead else ""
        put(born + timedelta(hours=3),
            {"type": "person", "identifiers": {"id": who},
             "action": "add_device",
             "device": {"token": token, "platform": platform,
                        "last_used": unix(born + timedelta(hours=3)),
                        "attributes": {"push_enabled": "true",
                                       "app_version": "4.2.0"}}})
    people.append({"who": who, "born": born, "tel": tel, "sms": consents,
                   "zone": zone})
    if rnd.random() < 0.45:  # most who get going do so in two days
        hit = born + timedelta(hours=rnd.choice([1, 5, 20, 30, 46, 60, 80]),
                               minutes=rnd.randrange(60))
        if hit < END:
            event(hit, who, "Activation Event Hit", {"feature": "board"})
    if rnd.random() < 0.35:
        begun = born + timedelta(hours=rnd.randint(2, 60))
        if begun < END:
            event(begun, who, "Import Started",
                  {"task": "contacts",
                   "resume_link": f"https://app.example.com/import/{i}"})
            if rnd.random() < 0.5:
                event(begun + timedelta(minutes=rnd.randint(5, 300)), who,
                      "Import Finished", {"task": "contacts"})
    paid = born + timedelta(days=6, hours=rnd.randrange(24))
    if rnd.random() < 0.4 and paid < END:
        identify(paid, who, {"plan": "pro"})
        event(paid, who, "Subscribed", {"plan": "pro", "amount": 4900})
    if rnd.random() < 0.16:
        fail = born + timedelta(days=rnd.randint(1, 8),
                                hours=rnd.randrange(24))
        if fail < END:
            event(fail, who, "Payment Failed",
                  {"amount": 4900, "currency": "USD",
                   "billing_link": f"https://app.example.com/billing/{i}"})
            mended = fail + timedelta(minutes=rnd.randint(10, 3000))
            if i % 3 and mended < END:  # two in three put a new card in
                event(mended, who, "Payment Succeeded", {"amount": 4900})
    if rnd.random() < 0.05:
        seen = born + timedelta(days=rnd.randint(1, 8),
                                hours=rnd.randrange(24))
        if seen < END:
            event(seen, who, "Suspicious Login Detected",
                  {"login_location": rnd.choice(["Lisbon", "Osaka", "Quito"])})

texted = [p for p in people if p["sms"] and p["zone"] == "America/New_York"]

# One storm: everything happens to one person on one day; the cap must hold.
storm = texted[0]
day = storm["born"].replace(hour=15, minute=0, second=0) + timedelta(days=1)
event(day, storm["who"], "Payment Failed",
      {"amount": 4900, "currency": "USD",
       "billing_link": "https://app.example.com/billing/storm"})
event(day + timedelta(hours=1), storm["who"], "Suspicious Login Detected",
      {"login_location": "Reykjavík"})
event(day + timedelta(hours=2), storm["who"], "Import Started",
      {"task": "contacts", "resume_link": "https://app.example.com/import/s"})

# A STOP, a STOP that is taken back by START, a HELP, and a friendly reply.
for n, (p, text) in enumerate([(texted[1], "STOP"), (texted[2], "Stop."),
                               (texted[3], "please stop texting me"),
                               (texted[4], "HELP"),
                               (texted[5], "don't stop, this is great!")], 1):
    inbound(p["born"] + timedelta(days=1, hours=20), p["tel"], text, n)
inbound(texted[2]["born"] + timedelta(days=2, hours=6), texted[2]["tel"],
        "START", 90)
# From a number nobody knows: kept, and blocks that number for ever.
inbound(START + timedelta(days=5, hours=16), "+12065550142", "STOP", 91)
# One takes the consent back in the app's settings.
identify(texted[6]["born"] + timedelta(days=2), texted[6]["who"],
         {"sms_consent": False})

# Wrong on purpose: consent without proof, half a line, no time zone there is.
bad = people[40]
identify(bad["born"] + timedelta(hours=1), bad["who"],
         {"sms_consent": True, "sms_phone": "+12125550177"})
put(START + timedelta(days=3, hours=12),
    '{"type":"person","identifiers":{"id":"u_1007"},"action":"identify","attr')
identify(START + timedelta(days=6, hours=9), people[10]["who"],
         {"phone": "call me maybe"})

lines.sort()
# Web services repeat themselves: every 40th event arrives twice.
twice = [(at, n, text) for at, n, text in lines
         if '"action":"event"' in text][::40]
lines = sorted(lines + twice)
out = sys.stdout
for at, _, text in lines:
    if at < END.strftime("%Y-%m-%dT%H:%M:%SZ"):
        out.write(f"{at} {text}\n")
