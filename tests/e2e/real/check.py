#!/usr/bin/env python3
"""Hold what jr made of a real set against what it was given, by other means.

check.py SET FOLDER: says, a line each, what must not be, and exits 1.  Read
are in/ (see people.py), rejects.ndjson, outbox.ndjson, all.out (what the
stages added), and runs, journeys and segments.ndjson (what jr-report and
jr-segment say).  Nothing that jr says of a message is believed but its id.
"""
import json
import sys
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

DAY = 86400
QUIET = {"wikipedia": (21, 8), "retail": (20, 9)}
CAPS = {"wikipedia": [(1, DAY), (4, 30 * DAY)],
        "retail": [(1, DAY), (2, 7 * DAY)]}
PUSH_CAPS = {"wikipedia": [(2, DAY)], "retail": [(1, DAY)]}
wrong = []


def must(what, got, wanted):
    if got != wanted:
        wrong.append(f"{what}: {got}, wanted {wanted}")


def instant(text):
    return int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


def ndjson(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


class Event:
    def __init__(self, record, tick):
        self.who = record.get("userId") or record["anonymousId"]
        self.name, self.of = record["event"], record["properties"]
        self.at, self.tick = instant(record["timestamp"]), tick
        self.fresh = tick - self.at <= DAY


def take(folder, ticks):
    """The lines of the set, as they ought to be taken, and how many are not."""
    events, known, counts = [], set(), Counter()
    for n, tick in ticks:
        with open(f"{folder}/in/{n}.ndjson", encoding="utf-8") as file:
            for line in file:
                counts["lines"] += 1
                record = json.loads(line)
                if record["type"] != "track":
                    counts["accepted"] += 1
                elif instant(record["timestamp"]) > tick + 600:
                    counts["future"] += 1
                elif line in known:
                    counts["duplicate"] += 1
                else:
                    known.add(line)
                    counts["accepted"] += 1
                    events.append(Event(record, tick))
    return events, counts


def group(events, key, value=lambda event: event):
    groups = defaultdict(list)
    for event in events:
        groups[key(event)].append(value(event))
    return groups


def by_person(events, wanted, name=None):
    return group([e for e in events if wanted(e) and name in (None, e.name)],
                 lambda e: e.who)


def wikipedia_segments(events, people, end):
    human = by_person(events, lambda e: not e.of["isRobot"])
    edits = by_person(events, lambda e: not e.of["isRobot"] and
                      end - DAY < e.at <= end, "Page Edited")
    creators = {who for who, es in human.items()
                if any(e.name == "Page Created" for e in es)}
    every = by_person(events, lambda e: True)
    agreed = {who for who, p in people["people"].items()
              if p.get("proof") and not p["stops"]}
    return {
        "robots": len(by_person(events, lambda e: e.of["isRobot"])),
        "creators": len(creators),
        "prolific": sum(len(es) >= 20 for es in edits.values()),
        "generous": sum(sum(e.of["added"] or 0 for e in es) > 10000
                        for es in every.values()),
        "polyglots": sum(len({e.of["channel"] for e in es}) >= 3
                         for es in every.values()),
        "talkers": len(by_person(events, lambda e: (
            e.of["namespace"] or "").startswith("User"))),
        "texted_creators": len(creators & agreed),
        "unsigned": len(by_person(events, lambda e: e.of["isAnonymous"])),
    }


def retail_segments(events, _people, end):
    bought = by_person(events, lambda e: True, "Product Purchased")
    recent = by_person(events, lambda e: end - 7 * DAY < e.at <= end,
                       "Product Purchased")
    return {
        "buyers": len(bought),
        "returners": len(by_person(events, lambda e: True,
                                   "Product Returned")),
        "big_spenders": len(spenders(bought)),
        "loyal": sum(len({e.of["order_id"] for e in es}) >= 3
                     for es in bought.values()),
        "this_week": len(recent),
        "abroad": len(by_person(
            events, lambda e: e.of["country"] != "United Kingdom")),
        "lapsed": len(bought) - len(recent),
        "hearts": len(by_person(
            events, lambda e: "heart" in (e.of["name"] or "").lower())),
    }


def spenders(bought):
    return {who for who, es in bought.items()
            if sum(e.of["price"] * e.of["quantity"] for e in es) >= 1000}


def wikipedia_entered(events, ticks):
    """Journeys begun: people, by workflow.  A segment is looked at each tick."""
    edits = by_person(events, lambda e: not e.of["isRobot"], "Page Edited")
    prolific = {who for who, es in edits.items() for _, tick in ticks
                if sum(e.tick <= tick and tick - DAY < e.at <= tick
                       for e in es) >= 20} if edits else set()
    created = by_person(events, lambda e: e.fresh and not e.of["isRobot"],
                        "Page Created")
    return {"new_article": set(created), "prolific": prolific}


def retail_entered(events, _ticks):
    bought = by_person(events, lambda e: e.fresh, "Product Purchased")
    return {
        "thanks": {(who, e.of["order_id"])
                   for who, es in bought.items() for e in es},
        "returned": set(by_person(events, lambda e: e.fresh,
                                  "Product Returned")),
        "big_spender": spenders(bought),
    }


def reached(events, people, texted):
    """Whether those who returned bought again: on the way or in the window.

    Surely so when they did before the pause of a day was over, or within
    seven days of a message; surely not when they did not buy in eight.
    """
    least, most = set(), set()
    back = by_person(events, lambda e: e.fresh, "Product Returned")
    bought = by_person(events, lambda e: True, "Product Purchased")
    for who, returns in back.items():
        first = min(returns, key=lambda e: (e.tick, e.at))
        for e in bought.get(who, []):
            if first.at < e.at < first.at + DAY:
                least.add(who)
            if any(at < e.at < at + 7 * DAY and e.tick > at
                   for at in texted[who]):
                least.add(who)
            if first.at <= e.at < first.at + 10 * DAY:
                most.add(who)
    return least, most


def check_sent(kind, outbox, people, messages):
    """Nobody without consent, by night, over a cap, or twice."""
    owner = {p["number"]: p for p in people["people"].values()
             if "number" in p}
    stopped = instant(people["stopped_at"])
    held_from, held_until = QUIET[kind]
    before = defaultdict(list)
    must("handed over twice", len(outbox),
         len({(m["id"], m["to"]) for m in outbox}))
    for message in outbox:
        at, to, what = instant(message["at"]), message["to"], message["id"]
        record = messages[what]
        person = people["people"][record["person"]["id"]]
        hour = datetime.fromtimestamp(at, ZoneInfo(person["zone"])).hour
        if hour >= held_from or hour < held_until:
            wrong.append(f"by night: {what}")
        if message["channel"] == "sms":
            if owner[to] is not person or not person["proof"]:
                wrong.append(f"no consent: {what}")
            if person["stops"] and at >= stopped:
                wrong.append(f"after a no: {what}")
        elif to != person["token"]:
            wrong.append(f"not theirs: {what}")
        caps = (CAPS if message["channel"] == "sms" else PUSH_CAPS)[kind]
        for number, span in caps:
            if sum(at - b < span for b in before[to]) >= number:
                wrong.append(f"over the cap: {what}")
        before[to].append(at)


def check_complete(entered, people, outbox, added, messages):
    """Who could be texted was, once, or a decision says why not."""
    settled = defaultdict(Counter)
    for message in outbox:
        record = messages[message["id"]]
        settled[record["workflow"], message["channel"]][
            record["person"]["id"]] += 1
    for record in added:
        if record.get("type") == "decision" and record["verdict"] == "no":
            settled[record["workflow"], record["channel"]][
                record["person"]["id"]] += 1
    for workflow, begun in entered.items():
        wanted = Counter(b[0] if isinstance(b, tuple) else b for b in begun)
        got = settled[workflow, "sms"]
        for who, times in wanted.items():
            person = people["people"].get(who, {})
            if workflow != "returned" and person.get("proof") and \
                    got[who] != times:
                wrong.append(f"{workflow} {who}: {got[who]} of {times}")


def main():
    kind, folder = sys.argv[1:3]
    with open(f"{folder}/in/people.json", encoding="utf-8") as file:
        people = json.load(file)
    with open(f"{folder}/in/ticks", encoding="utf-8") as file:
        ticks = [(n, instant(at)) for n, at in map(str.split, file)]
    events, counts = take(folder, ticks)
    unproved = sum(not p.get("proof", True) for p in people["people"].values())

    taken = Counter()
    for run in ndjson(f"{folder}/runs.ndjson"):
        if run["command"] == "jr-ingest":
            taken.update(json.loads(run["counts"]))
    rejects = Counter(r["field"] for r in ndjson(f"{folder}/rejects.ndjson"))
    must("rejects", rejects, Counter({
        "timestamp": counts["future"], "attributes.sms_consent": unproved}))
    must("lines", taken["accepted"] + taken["duplicate"] +
         rejects["timestamp"], counts["lines"])
    for name in "accepted", "duplicate":
        must(name, taken[name], counts[name])

    segments = globals()[kind + "_segments"](events, people, ticks[-1][1])
    said = {s["segment"]: s["size"]
            for s in ndjson(f"{folder}/segments.ndjson")}
    must("segments", said, segments)

    entered = globals()[kind + "_entered"](events, ticks)
    journeys = {j["workflow"]: j for j in ndjson(f"{folder}/journeys.ndjson")}
    must("entered", {w: j["entered"] for w, j in journeys.items()},
         {w: len(who) for w, who in entered.items()})

    added, outbox = ndjson(f"{folder}/all.out"), ndjson(
        f"{folder}/outbox.ndjson")
    messages = {r["id"]: r for r in added if r.get("type") == "message"}
    check_sent(kind, outbox, people, messages)
    check_complete(entered, people, outbox, added, messages)
    must("messages", sum(j["messages"] for j in journeys.values()),
         len(outbox))
    must("still active", sum(j["active"] for j in journeys.values()), 0)
    if kind == "retail":
        texted = defaultdict(list)
        for message in outbox:
            record = messages[message["id"]]
            if record["workflow"] == "returned":
                texted[record["person"]["id"]].append(instant(message["at"]))
        least, most = reached(events, people, texted)
        goals = journeys["returned"]["goal_n"]
        if not len(least) <= goals <= len(most) or not least:
            wrong.append(f"goal: {goals}, not {len(least)} to {len(most)}")
    channels = Counter(message["channel"] for message in outbox)
    if min(channels["sms"], channels["push"]) < 50:
        wrong.append(f"hardly anything was sent: {channels}")
    print(f"# {kind}: {dict(counts)}, refused {dict(rejects)}, "
          f"sent {dict(channels)}")
    print("\n".join(wrong) if wrong else "ok")
    sys.exit(bool(wrong))


main()
