"""How Telnyx and MessageBird say what the stand-in sms.py does.

Each takes a message apart into the form that Twilio's would be, answers it,
and lists it: what sms.py does with one is the same for all three.
"""
import json
from email.utils import parsedate_to_datetime
from urllib.parse import unquote


PROFILE = "4001a1b2-0c3d-4e5f-8a9b-0123456789ab"

# What accounts and senders are there; sms.py has Twilio's.
standing = {"credit": "12.50", "enabled": "yes", "assignment": "ASSIGNED",
            "shared": "", "mno": "MNO_PROVISIONED", "identity": "VERIFIED",
            "verified": "Verified", "bird": "active", "features": "sms"}


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


    @staticmethod
    def stands(path, query, now):
        """What --verify asks for."""
        number = query.get("filter[phone_number]",
                           query.get("phone_number", [now["number"]]))[0]
        page = int(query.get("page[number]", query.get("page", ["1"]))[0])
        pages = int(now["pages"])
        held = [{"id": "1", "phone_number": now["number"], "status": "active",
                 "short_code": now["code"]}] if now["pool"] else []
        other = [{"id": "2", "phone_number": f"+1888555{page:04}",
                  "status": "active", "short_code": "99999"}]
        listed = {"data": held if page >= pages else other,
                  "meta": {"page_number": page, "total_pages": pages}}
        campaign = "" if now["shared"] else "C1"
        ends = {
            "/v2/balance": {"data": {"available_credit": now["credit"],
                                     "currency": "USD"}},
            f"/v2/messaging_profiles/{PROFILE}":
                {"data": {"enabled": now["enabled"] == "yes"}},
            f"/v2/messaging_profiles/{PROFILE}/phone_numbers": listed,
            f"/v2/messaging_profiles/{PROFILE}/short_codes": listed,
            "/v2/phone_numbers": listed if number == now["number"]
            else {"data": []},
            "/v2/short_codes": listed,
            "/v2/10dlc/campaign/C1": {"campaignStatus": now["mno"]},
            "/v2/10dlc/brand/B1": {"identityStatus": now["identity"]},
            "/v2/messaging_tollfree/verification/requests": {
                "records": [
                    {"verificationStatus": now["verified"] if page >= pages
                     else "Verified",
                     "phoneNumbers": [
                         {"phoneNumber": "+18885550999"},
                         {"phoneNumber": now["number"] if page >= pages
                          else "+18885550998"}]}],
                "total_records": 100 * pages},
        }
        assigned = unquote(path).removeprefix(
            "/v2/10dlc/phone_number_campaigns/")
        if assigned != path and now["assignment"]:
            return {"phoneNumber": assigned, "campaignId": "T1",
                    "telnyxCampaignId": campaign,
                    "brandId": campaign and "B1",
                    "assignmentStatus": now["assignment"]
                    if assigned == now["number"] else "ASSIGNED"}
        return ends.get(path)


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


    @staticmethod
    def stands(path, _query, now):
        """What --verify asks for."""
        return {
            "/balance": {"payment": "prepaid", "type": "euros",
                         "amount": float(now["credit"])},
            "/v1/phone-numbers/" + now["number"][1:]: {
                "number": now["number"][1:], "status": now["bird"],
                "features": now["features"].split()},
        }.get(path)


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


def stands(path, query, now):
    """What --verify asks one of them; None: it is nothing that is there."""
    for dialect in DIALECTS:
        answer = dialect.stands(path, query, now)
        if answer:
            return answer
    return None
