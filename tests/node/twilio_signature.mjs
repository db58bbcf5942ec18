// Sign webhooks as Twilio does: a JSON {"url":…,"params":{…}} a line in, the
// value of X-Twilio-Signature a line out.  node twilio_signature.mjs TOKEN
import { createInterface } from "node:readline";
import twilio from "twilio";

for await (const line of createInterface({ input: process.stdin })) {
	const { url, params } = JSON.parse(line);
	console.log(twilio.getExpectedTwilioSignature(process.argv[2], url, params));
}
