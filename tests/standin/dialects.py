"""How Telnyx and MessageBird say what the stand-in sms.py does.

Each takes a message apart into the form that Twilio's would be, answers it,
and lists it: what sms.py does with one is the same for all three.
"""
import json
from email.utils import parsedate_to_datetime


class Telnyx:
    path = "/v2/messages"

    @staticmethod
    def form(body):
        return {"To": [body["to"]], "Body": [body.get("text", "")]}

    @staticmethod
    def message(form, status, code=None, price="0.0051"):
        return {"data": {
            "id": form["sid"], "record_type": "message", "parts": 1,
            "to": [{"phone_number": form["To"][0], "status": status}],
            "cost": {"amount": price, "currency": "USD"},
            "errors": [{"code": str(code), "title": "x"}] if code else []}}

    def accepted(self, form):
        return 200, self.message(form, "queued")

    @staticmethod
    def refused(form, code, more):
        title = "Blocked due to STOP message" if more == "stop" else "Refused"
        return {"errors": [{"code": code, "title": title,
                            "detail": f"about {form['To'][0]}"}]}

    def show(self, taken, path, _query, row):
        for form in taken:
            if path == f"{self.path}/{form['sid']}":
                end = row(form)
                return self.message(form, end["status"], end["error_code"],
                                    "0.0062")
        return None


class MessageBird:
    path = "/messages"
    page = 7

    @staticmethod
    def form(body):
        return {"To": ["+" + str(body["recipients"][0])],
                "Body": [body["body"]], "Reference": body["reference"]}

    @staticmethod
    def message(form, status, code=None, price=0.04):
        made = parsedate_to_datetime(form["made"]).isoformat()
        return {"id": form["sid"], "direction": "mt", "createdDatetime": made,
                "reference": form["Reference"], "body": form["Body"][0],
                "recipients": {"items": [{
                    "recipient": int(form["To"][0][1:]), "status": status,
                    "statusErrorCode": code,
                    "price": {"amount": price, "currency": "EUR"}}]}}

    def accepted(self, form):
        return 201, self.message(form, "sent")

    @staticmethod
    def refused(form, code, more):
        return {"errors": [{"code": int(code), "parameter": more,
                            "description": f"about {form['To'][0]}"}]}

    def show(self, taken, path, query, row):
        if path != self.path:
            return None
        offset = int(query["offset"][0])
        to = query.get("recipient", [None])[0]
        forms = [form for form in reversed(taken)
                 if not to or form["To"][0] == "+" + to]
        items = []
        for form in forms[offset:offset + self.page]:
            end = row(form)
            items.append(self.message(form, end["status"],
                                      end["error_code"], 0.05))
        return {"offset": offset, "limit": self.page, "count": len(items),
                "totalCount": len(forms), "items": items}


DIALECTS = (Telnyx(), MessageBird())


def of(path, body):
    """The dialect of a POST and its form; None, None: it is Twilio's."""
    for dialect in DIALECTS:
        if path == dialect.path:
            return dialect, dialect.form(json.loads(body))
    return None, None


def show(path, query, taken, row):
    """What a GET asks of one of them; None: it asks Twilio."""
    for dialect in DIALECTS:
        own = [form for form in taken if form.get("dialect") is dialect]
        answer = dialect.show(own, path, query, row)
        if answer:
            return answer
    return None
