"""A stand-in for who takes SMS, that can fail in every way: Twilio's Messages
resource, and what Telnyx and MessageBird have for it (dialects.py).

Listens on a free port of 127.0.0.1, writes the port to stdout, and ends when
its stdin does.  What it does with a message is said by the message itself: a
Body "fault NAME ..." is a row of FAULTS, any other is accepted.  It counts, by
number, every message that came in whole: GET /_received shows how often each
did, GET /_last the bytes of the last one.

It also lists what it took, GET …/Messages.json, a few on a page and newest
first: taken is all but what it refused.  A Body "end STATUS [CODE]" is what
became of that one, else it is delivered.  GET /_again tells the numbers to
which more came after one was taken, GET /_taken all that were.

    sms.py [INSTANT|FILE [SEED]]

INSTANT, or what FILE holds then, is when a message is taken, in seconds since
1970.  With SEED it fails at random, without being told to.
"""
import json
import os
import random
import re
import socket
import sys
import threading
import time
from email.utils import formatdate
from urllib.parse import parse_qs, urlsplit

import dialects

received = {}
taken = []
again = []
sent = set()
clock = sys.argv[1] if len(sys.argv) > 1 else str(int(time.time()))
seed = sys.argv[2] if len(sys.argv) > 2 else None
PAGE = 7 if not seed else 200
dialects.MessageBird.page = PAGE
last = b""
lock = threading.Lock()


def answer(conn, status, body, headers=()):
    if isinstance(body, (dict, list)):
        body = json.dumps(body)
    body = body.encode() if isinstance(body, str) else body
    head = [f"HTTP/1.1 {status} -", f"Content-Length: {len(body)}",
            "Content-Type: application/json", *headers, "", ""]
    conn.sendall("\r\n".join(head).encode() + body)


def accepted(conn, form, *_):
    if "dialect" in form:
        answer(conn, *form["dialect"].accepted(form))
        return True
    answer(conn, 201, {"sid": form["sid"], "status": "queued",
                       "error_code": None, "price": None,
                       "price_unit": "USD", "num_segments": "1",
                       "to": form["To"][0]})
    return True


def refused(conn, form, status, code, more=None):
    if "dialect" in form:
        answer(conn, int(status), form["dialect"].refused(form, code, more))
        return True
    answer(conn, int(status), {"code": int(code), "status": int(status),
                               "message": f"about {form['To'][0]}"})
    return True


def status(conn, form, code, *headers):
    answer(conn, int(code), "<html>no JSON here</html>",
           [h.replace("=", ": ") for h in headers])
    return True


def created(conn, form, failed=None):
    answer(conn, 201, {"sid": "SM" + "0" * 32, "status": "failed",
                       "error_code": int(failed)} if failed else "{}")
    return True


def raw(conn, form, kind, *_):
    conn.sendall({
        "garbage": b"\x00\x01 this is not HTTP\r\n\r\n",
        "half-head": b"HTTP/1.1 201 -\r\nContent-Le",
        "half-body": b"HTTP/1.1 201 -\r\nContent-Length: 100\r\n\r\n{\"sid\"",
        "nothing": b"",
    }[kind])
    return False


def huge(conn, form, bytes_):
    answer(conn, 201, "[" + "1," * (int(bytes_) // 2) + "1]")
    return True


def huge_head(conn, form, lines):
    answer(conn, 201, "{}", ["X-Pad: " + "x" * 1000] * int(lines))
    return True


def deep(conn, form, levels):
    answer(conn, 201, "[" * int(levels) + "]" * int(levels))
    return True


def hang(conn, form, seconds):
    time.sleep(float(seconds))
    return False


def drip(conn, form, seconds):
    conn.sendall(b"HTTP/1.1 201 -\r\nContent-Length: 1000\r\n\r\n")
    until = time.monotonic() + float(seconds)
    while time.monotonic() < until:
        conn.sendall(b"x")
        time.sleep(0.02)
    return False


def slow(conn, form, seconds):
    time.sleep(float(seconds))
    return accepted(conn, form)


def last_words(conn, form):
    """Accept, and then take one more message without a word."""
    accepted(conn, form)
    return "mute"


FAULTS = {
    "refused": refused, "status": status, "created": created, "raw": raw,
    "huge": huge, "huge-head": huge_head, "deep": deep, "hang": hang,
    "drip": drip, "slow": slow, "last-words": last_words,
}


def read_request(conn, rest):
    """The next request as (head, body, what follows); None at the end."""
    cut = seed and random.Random(f"{seed} {time.monotonic()}").random() < .02
    while b"\r\n\r\n" not in rest:
        more = conn.recv(65536)
        if not more or more[0] == 0x16:  # 0x16: TLS, which we do not speak
            return None
        rest += more
    head, rest = rest.split(b"\r\n\r\n", 1)
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, value = line.split(b":", 1)
        if name.lower() == b"content-length":
            length = int(value)
    if cut and length:
        return None  # in the midst of the request
    while len(rest) < length:
        more = conn.recv(65536)
        if not more:
            return None
        rest += more
    return head, rest[:length], rest[length:]


def row(form):
    """A message as the list has it."""
    words = form.get("Body", [""])[0].split(" ")
    status, code = "delivered", None
    body = form.get("Body", [""])[0]
    if form.get("ShortenUrls") == ["true"]:
        body = re.sub(r"https?://[^ ]*[^ .]", "https://s.example/0123456789",
                      body)
    if form.get("ContentRetention") == ["discard"]:
        body = ""
    if "RiskCheck" in form:
        body = "Sent from a trial account - " + body
    if "ContentSid" in form:
        body = "what the template says"
    if words[0] == "end":
        status = words[1]
        code = int(words[2]) if len(words) > 2 else None
    return {"sid": form["sid"], "to": form["To"][0], "status": status,
            "body": body, "error_code": code,
            "direction": "outbound-api", "num_segments": "1",
            "price": "-0.00990", "price_unit": "USD",
            "date_created": form["made"], "date_sent": form["made"]}


def now():
    if not clock.isdigit():
        with open(clock) as file:
            return int(file.read())
    return int(clock)


# What happens by chance: how often, and the fault.  None is no fault.
CHANCES = [
    (60, None), (8, "slow 0.05"), (3, "slow 0.3"), (3, "raw nothing"),
    (3, "raw half-head"), (3, "raw half-body"), (2, "raw garbage"),
    (4, "refused 429 20429"), (3, "refused 400 21211"),
    (2, "refused 500 20500"), (2, "status 503 Retry-After=1"),
    (1, "status 429 Retry-After=1"), (1, "status 502"), (1, "hang 3"),
    (1, "drip 3"), (1, "huge 3000000"), (1, "huge-head 3000"), (1, "created"),
]


def words_of(form, n):
    """What to do with a message: as it says, or at random."""
    words = form.get("Body", [""])[0].split(" ")
    if "ContentVariables" in form:
        words = json.loads(form["ContentVariables"][0])["1"].split(" ")
    if not seed:
        return words
    dice = random.Random(f"{seed} {form['To'][0]} {n}")
    chance = dice.choices([c[1] for c in CHANCES], [c[0] for c in CHANCES])[0]
    return ["fault", *chance.split(" ")] if chance else [""]


def listed(conn, target):
    """A page of what was taken; Page counts from 0."""
    asked = parse_qs(target.query)
    page = int(asked.get("Page", ["0"])[0])
    with lock:
        forms = [f for f in reversed(taken) if "dialect" not in f and
                 f["To"][0] == asked.get("To", [f["To"][0]])[0]]
    inbound = dict(row({"sid": "SM" + "f" * 32, "To": ["+12065550000"],
                        "made": formatdate(now())}),
                   direction="inbound")
    rows = [row(f) for f in forms[page * PAGE:(page + 1) * PAGE]]
    more = (page + 1) * PAGE < len(forms)
    query = "&".join(f"{k}={v[0].replace('+', '%2B')}"
                     for k, v in asked.items() if k != "Page")
    answer(conn, 200, {
        "messages": rows + [inbound],
        "next_page_uri":
            f"{target.path}?{query}&Page={page + 1}" if more else None})
    return True


# What Twilio's account and its senders are; GET /_set?WHAT=WORD changes it, and
# with account=closed it takes nothing.
standing = {"account": "active", "brand": "APPROVED", "campaign": "VERIFIED",
            "toll_free": "TWILIO_APPROVED", "pool": "PN1",
            "number": "+18885550100", "code": "12345", "pages": "1",
            **dialects.standing}


def paged(path, query, body):
    """A list stands on the last of its pages."""
    lists = [key for key, items in body.items() if isinstance(items, list)]
    n = int(query.get("Page", ["0"])[0]) + 1
    if not lists or not path.startswith("/v1/"):
        return body
    if n >= int(standing["pages"]):
        return {**body, "meta": {"next_page_url": None}}
    return {lists[0]: [{"sid": "X", "status": "OTHER",
                        "phone_number": f"+1888555{n:04}"}],
            "meta": {"next_page_url":
                     f"https://messaging.twilio.com{path}?Page={n}"}}


def stands(conn, path, query):
    """What --verify asks Twilio for; False: it is none of that."""
    ends = {
        "/ShortCodes.json": {"short_codes": [
            {"sid": "SC1", "short_code": standing["code"]}]},
        "/PhoneNumbers": {"phone_numbers": [
            {"sid": standing["pool"], "phone_number": standing["number"]}]
                          if standing["pool"] else []},
        "/Compliance/Usa2p": {"compliance": [
            {"campaign_status": standing["campaign"]}]},
        "/BrandRegistrations": {"data": [{"status": "FAILED"},
                                         {"status": standing["brand"]}]},
        "/Verifications": {"verifications": [
            {"status": "TWILIO_APPROVED",
             "tollfree_phone_number": "+18885550999"},
            {"status": standing["toll_free"],
             "tollfree_phone_number": standing["number"]}]},
        ".json": {"status": standing["account"]},
        "/Services/MG" + "0" * 32: {"sid": "MG" + "0" * 32},
    }
    for end, body in ends.items():
        if path.endswith(end):
            if standing["account"] == "closed":
                answer(conn, 401, {"code": 20003})
            else:
                answer(conn, 200, paged(path, query, body))
            return True
    return False


def show(conn, path):
    target = urlsplit(path.decode())
    if target.path == "/_set":
        for what, word in parse_qs(target.query,
                                   keep_blank_values=True).items():
            standing[what] = word[0]
        answer(conn, 200, "{}")
        return True
    if target.path.endswith("/Messages.json"):
        return listed(conn, target)
    if stands(conn, target.path, parse_qs(target.query)):
        return True
    with lock:
        found = dialects.show(target.path, parse_qs(target.query), taken, row) \
            or dialects.stands(target.path, parse_qs(target.query), standing)
    if found:
        answer(conn, 200, found)
        return True
    with lock:
        what = {b"/_received": received, b"/_again": again,
                b"/_taken": [f["To"][0] for f in taken],
                b"/_last": last.decode("latin-1")}.get(path)
    answer(conn, 200 if what is not None else 404, json.dumps(what))
    return True


def serve_one(conn, head, body, mute):
    """Answer one request; False to close, "mute" to answer no more."""
    global last
    method, path, _ = head.split(b"\r\n")[0].split(b" ")
    if method == b"GET":
        return show(conn, path)
    dialect, form = dialects.of(path.decode(), body)
    if dialect:
        form["dialect"] = dialect
    else:
        form = parse_qs(body.decode(), keep_blank_values=True)
    to = form["To"][0]
    closed = standing["account"] == "closed" and not dialect
    with lock:
        last = head + b"\r\n\r\n" + body
        received[to] = received.get(to, 0) + 1
        form["sid"] = "SM%032x" % (sum(received.values()))
        form["made"] = formatdate(now())
        words = words_of(form, received[to])
        if seed and to in sent:
            again.append(to)
        if not closed and words[:2] not in (["fault", "refused"],
                                            ["fault", "status"]):
            taken.append(form)
            sent.add(to)
    if mute:
        return False
    if closed:
        return refused(conn, form, 401, 20003)
    if words[0] != "fault":
        return accepted(conn, form)
    return FAULTS[words[1]](conn, form, *words[2:])


def serve(conn):
    rest, go_on = b"", True
    try:
        conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while go_on:
            request = read_request(conn, rest)
            if not request:
                break
            head, body, rest = request
            go_on = serve_one(conn, head, body, go_on == "mute")
    except OSError:
        pass  # the other end is gone
    finally:
        conn.close()


def main():
    server = socket.create_server(("127.0.0.1", 0), backlog=512)
    print(server.getsockname()[1], flush=True)
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)),
                     daemon=True).start()
    while True:
        conn, _ = server.accept()
        threading.Thread(target=serve, args=(conn,), daemon=True).start()


main()
