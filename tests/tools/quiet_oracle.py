#!/usr/bin/env python3
"""Print cases for quiet hours, computed without any of our code.

usage: quiet_oracle.py SEED COUNT

A line: at TAB from-until TAB weekdays (bits 1 << 1..7) TAB zones TAB answer,
the answer being the first instant at which each zone's clock is inside the
window, found by looking at every quarter of an hour of the next 15 days (all
windows here, offsets and turns of clocks are whole quarters); "never" if none.
"""
import datetime
import random
import sys
from zoneinfo import ZoneInfo

UTC = datetime.timezone.utc
ZONES = """America/New_York America/Chicago America/Los_Angeles America/St_Johns
America/Sao_Paulo America/Santiago America/Caracas America/Havana Europe/London
Europe/Paris Europe/Dublin Europe/Istanbul Africa/Casablanca Africa/Cairo
Asia/Tehran Asia/Kolkata Asia/Kathmandu Asia/Tokyo Asia/Gaza Australia/Sydney
Australia/Lord_Howe Australia/Eucla Australia/Perth Pacific/Chatham
Pacific/Apia Pacific/Kiritimati Pacific/Honolulu Pacific/Pago_Pago
Antarctica/Troll Atlantic/Azores UTC""".split()
# Around these months clocks are turned, in one hemisphere or the other.
NIGHTS = [(3, 8), (3, 29), (4, 5), (4, 4), (9, 6), (9, 27), (10, 4), (10, 25),
          (11, 1), (11, 2), (9, 5), (4, 24)]


def inside(at, zone, start, end, days):
    local = datetime.datetime.fromtimestamp(at, zone)
    minute = local.hour * 60 + local.minute
    day = local.isoweekday()
    before = 7 if day == 1 else day - 1
    if start <= end:
        return start <= minute < end and days >> day & 1
    return (minute >= start and days >> day & 1) or (
        minute < end and days >> before & 1)


def answer(at, zones, start, end, days):
    limit = at + 15 * 86400
    while at < limit:
        if all(inside(at, zone, start, end, days) for zone in zones):
            return at
        at += 900 - at % 900
    return None


def one_case(rnd):
    year = rnd.choice([2024, 2025, 2026])
    if rnd.random() < 0.7:
        month, day = rnd.choice(NIGHTS)
        day += rnd.randint(-1, 2)
    else:
        month, day = rnd.randint(1, 12), rnd.randint(1, 28)
    noon = datetime.datetime(year, month, 1, tzinfo=UTC)
    at = int(noon.timestamp()) + (day - 1) * 86400 + rnd.randrange(86400)
    if rnd.random() < 0.4:
        start, end = 480, 1260
    else:
        start, end = rnd.randrange(0, 1440, 15), rnd.randrange(0, 1441, 15)
    days = 0xfe if rnd.random() < 0.6 else rnd.randrange(2, 256, 2)
    names = rnd.sample(ZONES, rnd.choice([1, 1, 1, 2, 3]))
    return at, start, end, days, names


def main():
    rnd = random.Random(int(sys.argv[1]))
    for _ in range(int(sys.argv[2])):
        at, start, end, days, names = one_case(rnd)
        zones = [ZoneInfo(name) for name in names]
        opens = answer(at, zones, start, end, days)
        print(at, f"{start}-{end}", days, " ".join(names),
              "never" if opens is None else opens, sep="\t")


main()
