// A stand-in for FCM, APNs, Google's token service and a push service of a
// browser's, over HTTP/2.
//
//   node push.mjs OPTIONS        OPTIONS: a JSON object, see below
//
// Listens on a free port of 127.0.0.1, writes the port to stdout, and ends when
// its stdin does.  It makes the checks that the real services make, verifies
// tokens by the keys in OPTIONS, and counts by message id what came in whole:
// GET /_stats.  What it does with a message can be said by the device's token.
import crypto from "node:crypto";
import fs from "node:fs";
import http2 from "node:http2";

const options = {
  rsa: null, // file of the RSA key (private will do) that signs assertions
  ec: null, // file of the P-256 key that signs provider tokens
  key: null, cert: null, // files, for TLS; else prior knowledge
  streams: 100, // SETTINGS_MAX_CONCURRENT_STREAMS
  window: 65535, // bytes of a body that may be on their way
  delay: 0, // ms before an answer
  topic: "com.example.app", // of the app whose devices these are
  denied: false, // the service account may not send
  silent: false, // nothing but /_stats is answered
  unknown: false, // no device of APNs is known: another environment's
  now: 0, // seconds since 1970, for what says until when it is good
  expire_after: 0, // access tokens are good for so many requests; 0: all
  ...JSON.parse(process.argv[2] ?? "{}"),
};
const keys = {
  RS256: options.rsa && crypto.createPublicKey(fs.readFileSync(options.rsa)),
  ES256: options.ec && crypto.createPublicKey(fs.readFileSync(options.ec)),
};
const stats = {
  received: {}, // id: how often it came in whole
  collapse: {}, // id: the names by which the app would replace it
  sessions: 0, open: 0, most_open: 0,
  before_first: 0, // requests while the first one had no answer yet
  token_requests: 0, provider_tokens: 0, problems: [],
};
const seen = []; // all requests since somebody asked
const sockets = new Map(); // by the other end's port
const once = new Set(); // faults that have happened
const providerTokens = new Set();
let apnsUses = 0;
let answered = false;
let bearer = { text: "none", uses: 0 };

// --- tokens ---

// The claims of `jwt` when it is signed by that key, else null.
function verify(jwt, alg, publicKey = keys[alg]) {
  const [head, claims, signature] = jwt.split(".");
  if (!signature || !publicKey) return null;
  const header = JSON.parse(Buffer.from(head, "base64url"));
  const key = { key: publicKey, dsaEncoding: "ieee-p1363" };
  const good = header.alg === alg &&
    crypto.verify("sha256", Buffer.from(`${head}.${claims}`), key,
      Buffer.from(signature, "base64url"));
  return good ? { header, ...JSON.parse(Buffer.from(claims, "base64url")) }
    : null;
}

function grant(body) {
  stats.token_requests++;
  const form = new URLSearchParams(body);
  const claims = verify(form.get("assertion") ?? "", "RS256");
  const good = claims &&
    form.get("grant_type") === "urn:ietf:params:oauth:grant-type:jwt-bearer" &&
    claims.scope === "https://www.googleapis.com/auth/firebase.messaging" &&
    claims.exp - claims.iat === 3600 && claims.iss.includes("@");
  if (!good) return [400, { error: "invalid_grant" }];
  bearer = { text: `ya29.${stats.token_requests}`, uses: 0 };
  return [200, { access_token: bearer.text, expires_in: 3599,
    token_type: "Bearer" }];
}

// --- FCM ---

const fcmError = (status, code, name) => [status, { error: { code: status,
  status: name, details: [{ errorCode: code, "@type":
    "type.googleapis.com/google.firebase.fcm.v1.FcmError" }] } }];

const fcmFaults = {
  unregistered: fcmError(404, "UNREGISTERED", "NOT_FOUND"),
  mismatch: fcmError(403, "SENDER_ID_MISMATCH", "PERMISSION_DENIED"),
  quota: [...fcmError(429, "QUOTA_EXCEEDED", "RESOURCE_EXHAUSTED"),
    { "retry-after": "7" }],
  unavailable: [503, { error: { status: "UNAVAILABLE" } }],
  denied: [403, { error: { status: "PERMISSION_DENIED" } }],
  garbage: [500, "\0\x01<html>"],
};

// What a message may have; all else is an error, as it is with Google.
const fcmFields = {
  message: ["name", "token", "fid", "topic", "condition", "notification",
    "data", "android", "apns", "webpush", "fcm_options"],
  notification: ["title", "body", "image"],
  android: ["collapse_key", "priority", "ttl", "restricted_package_name", "data",
    "notification", "fcm_options", "direct_boot_ok"],
  apns: ["headers", "payload", "live_activity_token", "fcm_options"],
  webpush: ["headers", "data", "notification", "fcm_options"],
};

// JSON may write proto's names either way: fcmOptions is fcm_options.
const snake = (key) => key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

// What is wrong with a message; undefined: nothing.
function fcmFault(message) {
  for (const [name, known] of Object.entries(fcmFields)) {
    const part = name === "message" ? message : message[name] ?? {};
    const odd = Object.keys(part).find(
      (key) => !known.includes(snake(key)));
    if (odd) return `unknown name "${odd}" at ${name}`;
  }
  const { android = {}, apns = {}, webpush = {}, data = {} } = message;
  const reserved = /^(from|message_type|google\..*|gcm\.notification\..*)$/;
  if (Object.entries(data).some(([key, value]) => reserved.test(key) ||
    typeof value !== "string")) return "data";
  if (android.priority && !["normal", "high"].includes(android.priority))
    return "android.priority";
  if (android.ttl && !(/^\d+(\.\d{1,9})?s$/.test(android.ttl) &&
    parseFloat(android.ttl) <= 28 * 86400)) return "android.ttl";
  for (const part of [apns.headers, webpush.headers])
    if (Object.values(part ?? {}).some((value) => typeof value !== "string"))
      return "headers";
  if (webpush.fcm_options?.link &&
    !webpush.fcm_options.link.startsWith("https://")) return "webpush link";
  const size = Buffer.byteLength(
    JSON.stringify([message.notification ?? {}, data]));
  return size > 4096 + 3 ? "Message is too big" : undefined;
}

function fcm(headers, body) {
  if (headers.authorization !== `Bearer ${bearer.text}` ||
      (options.expire_after && ++bearer.uses > options.expire_after))
    return [401, { error: { status: "UNAUTHENTICATED" } }];
  if (options.denied) return fcmFaults.denied;
  if (!/^application\/json/.test(headers["content-type"]))
    return [400, { error: { status: "INVALID_ARGUMENT" } }];
  const { message, validate_only } = JSON.parse(body);
  const targets = ["fid", "token", "topic", "condition"]
    .filter((t) => t in message);
  const wrong = targets.length !== 1 ? "target" : fcmFault(message);
  if (wrong || message.token === "nobody") {
    const [status, answer] = fcmError(400, "INVALID_ARGUMENT",
      "INVALID_ARGUMENT");
    answer.error.message = wrong ??
      "The registration token is not a valid FCM registration token";
    if (wrong) stats.problems.push(wrong);
    return [status, answer];
  }
  const fault = (message.token ?? "").split("-")[1];
  const id = message.data?.["CIO-Delivery-ID"];
  if (!validate_only) count(id);
  name(id, message.android?.notification?.tag);
  return fcmFaults[fault] ?? [200, { name: `projects/p/messages/0:${id}` }];
}

const nobody = crypto.createHash("sha256").update("nobody").digest("hex");

// --- APNs, with its checks in the order in which it makes them ---

// Push types, and what the topic of each ends in.
const topicEnds = { alert: "", background: "", mdm: "",
  location: ".location-query", voip: ".voip", complication: ".complication",
  fileprovider: ".pushkit.fileprovider",
  liveactivity: ".push-type.liveactivity", pushtotalk: ".voip-ptt" };

// What is shown, and what is not, of each type; undefined: all is well.
function apsFault(type, aps) {
  if (type === "alert" && !aps.alert) return "an alert without an alert";
  if (type !== "background") return undefined;
  if (aps["content-available"] !== 1) return "nothing in the background";
  return ["alert", "sound", "badge"].find((key) => key in aps);
}

function apns(headers, body, path) {
  const type = headers["apns-push-type"];
  const token = path.slice("/3/device/".length);
  const id = headers["apns-id"] ?? crypto.randomUUID();
  const bad = (status, reason, more = {}) =>
    [status, { reason, ...more }, { "apns-id": id }];
  if (headers[":method"] !== "POST") return bad(405, "MethodNotAllowed");
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))
    return bad(400, "BadMessageId");
  if (!headers["apns-topic"]) return bad(400, "MissingTopic");
  if (Buffer.byteLength(headers["apns-collapse-id"] ?? "") > 64)
    return bad(400, "BadCollapseId");
  if (!["1", "5", "10"].includes(headers["apns-priority"]) ||
      (type === "background" && headers["apns-priority"] !== "5"))
    return bad(400, "BadPriority");
  if (!(type in topicEnds))
    return bad(400, "InvalidPushType");
  if (!/^\d*$/.test(headers["apns-expiration"] ?? ""))
    return bad(400, "BadExpirationDate");
  if (!/^[0-9a-f]{64}$/i.test(token)) return bad(400, "BadDeviceToken");
  const [scheme, jwt] = (headers.authorization ?? "").split(" ");
  if (scheme !== "bearer" || !jwt) return bad(403, "MissingProviderToken");
  const claims = verify(jwt, "ES256");
  if (!claims || claims.header.kid !== "ABC123DEFG" ||
      claims.iss !== "DEF123GHIJ")
    return bad(403, "InvalidProviderToken");
  providerTokens.add(jwt);
  stats.provider_tokens = providerTokens.size;
  if (options.expire_after && providerTokens.size === 1 &&
      ++apnsUses > options.expire_after)
    return bad(403, "ExpiredProviderToken");
  if (!body) return bad(400, "PayloadEmpty");
  if (Buffer.byteLength(body) > 4096) return bad(413, "PayloadTooLarge");
  const payload = JSON.parse(body);
  if (headers["apns-topic"] !== options.topic + topicEnds[type])
    return bad(400, "TopicDisallowed");
  if (token === nobody || options.unknown) return bad(400, "BadDeviceToken");
  const fault = apsFault(type, payload.aps);
  if (fault) stats.problems.push(`${type}: ${fault}`);
  count(payload["CIO-Delivery-ID"]);
  name(payload["CIO-Delivery-ID"], headers["apns-collapse-id"]);
  if (token.endsWith("dead"))
    return bad(410, "Unregistered", { timestamp: 1793700000123 });
  if (token.endsWith("beef")) return bad(400, "BadDeviceToken");
  return [200, "", { "apns-id": id }];
}

// --- Web Push: RFC 8030, 8291, 8292 ---

// Subscriptions made here: by the last part of their address.
const subscriptions = new Map();

function subscribe(name) {
  const ecdh = crypto.createECDH("prime256v1");
  const auth = crypto.randomBytes(16);
  ecdh.generateKeys();
  subscriptions.set(name, { ecdh, auth, got: [] });
  return [200, { endpoint: `${origin()}/wpush/${name}`, expirationTime: null,
    keys: { p256dh: ecdh.getPublicKey("base64url"),
      auth: auth.toString("base64url") } }];
}

const hkdf = (key, salt, info, length) =>
  Buffer.from(crypto.hkdfSync("sha256", key, salt, info, length));

// What the browser would read; throws when it is not meant for it.
function decrypt({ ecdh, auth }, body) {
  const salt = body.subarray(0, 16);
  const theirs = body.subarray(21, 21 + body[20]);
  if (body.readUInt32BE(16) !== 4096 || theirs.length !== 65)
    throw new Error("not one record of 4096");
  const info = Buffer.concat([Buffer.from("WebPush: info\0"),
    ecdh.getPublicKey(), theirs]);
  const input = hkdf(ecdh.computeSecret(theirs), auth, info, 32);
  const key = hkdf(input, salt, "Content-Encoding: aes128gcm\0", 16);
  const nonce = hkdf(input, salt, "Content-Encoding: nonce\0", 12);
  const gcm = crypto.createDecipheriv("aes-128-gcm", key, nonce);
  gcm.setAuthTag(body.subarray(-16));
  const plain = Buffer.concat([gcm.update(body.subarray(86, -16)), gcm.final()]);
  const end = plain.lastIndexOf(2); // the delimiter of the last record
  if (plain.subarray(end + 1).some((byte) => byte !== 0))
    throw new Error("no delimiter");
  return plain.subarray(0, end).toString();
}

// Whether `header` is "vapid t=JWT, k=KEY", for us, by that key, and not stale.
function vapid(header) {
  const [, jwt, k] = /^vapid t=([^,]+), ?k=(.+)$/.exec(header ?? "") ?? [];
  const point = Buffer.from(k ?? "", "base64url");
  if (point.length !== 65) return false;
  const key = crypto.createPublicKey({ format: "jwk", key: { kty: "EC",
    crv: "P-256", x: point.subarray(1, 33).toString("base64url"),
    y: point.subarray(33).toString("base64url") } });
  const claims = verify(jwt, "ES256", key);
  const now = options.now || Date.now() / 1000;
  return claims && claims.aud === origin() && /^(mailto|https):/.test(claims.sub)
    && claims.exp > now && claims.exp <= now + 24 * 3600;
}

function webpush(headers, body, path) {
  const [name, fault] = path.slice("/wpush/".length).split("-");
  const subscription = subscriptions.get(path.slice("/wpush/".length));
  if (!vapid(headers.authorization)) return [401, "who are you"];
  if (fault === "gone") return [410, "", {}];
  if (fault === "busy") return [429, "", { "retry-after": "90" }];
  if (fault === "other") return [403, "another key"];
  if (!subscription) return [404, `no ${name}`];
  if (!/^\d+$/.test(headers.ttl ?? "")) return [400, "no TTL"];
  if (!/^[\w-]{1,32}$/.test(headers.topic ?? "x")) return [400, "bad Topic"];
  if (!["very-low", "low", "normal", "high"].includes(
    headers.urgency ?? "normal")) return [400, "bad Urgency"];
  if (headers["content-encoding"] !== "aes128gcm") return [415, "encoding"];
  if (body.length > 4096) return [413, "too large"];
  try {
    const text = decrypt(subscription, body);
    const message = JSON.parse(text);
    count((message.notification ?? message).data?.["CIO-Delivery-ID"]);
    subscription.got.push({ message, ttl: Number(headers.ttl),
      topic: headers.topic, urgency: headers.urgency });
  } catch (error) {
    stats.problems.push(String(error));
    return [400, "cannot be read"];
  }
  return [201, "", { location: `${origin()}/m/${Date.now()}` }];
}

// --- the server ---

const origin = () =>
  `${options.cert ? "https" : "http"}://127.0.0.1:${server.address().port}`;

function count(id) {
  stats.received[id] = (stats.received[id] ?? 0) + 1;
}

function name(id, collapse) {
  stats.collapse[id] = [...new Set([...stats.collapse[id] ?? [], collapse])];
}

// What happens below HTTP: the body says "fault-NAME-ID", once each but for
// "mute".  TRUE: nothing more is to be done.
function fail(stream, body) {
  const [, fault, number] = /"fault-([a-z]+)-([^"]*)"/.exec(body) ?? [];
  const id = /"CIO-Delivery-ID": ?"([^"]*)"/.exec(body)?.[1] ?? number;
  if (!fault || (once.has(id) && fault !== "mute")) return false;
  once.add(id);
  const { constants } = http2;
  const session = stream.session;
  switch (fault) {
    case "refuse": // not looked at
      stream.close(constants.NGHTTP2_REFUSED_STREAM);
      return true;
    case "reset": // looked at
      count(id);
      stream.close(constants.NGHTTP2_INTERNAL_ERROR);
      return true;
    case "kill":
      count(id);
      sockets.get(session.socket.remotePort).destroy();
      return true;
    case "mute":
      count(id);
      return true;
    case "goaway": // this one is answered, later ones were not looked at
      session.last = stream.id;
      session.goaway(constants.NGHTTP2_NO_ERROR, stream.id);
      return false;
    default:
      return false;
  }
}

function route(headers, bytes) {
  const path = headers[":path"];
  if (!path.startsWith("/_"))
    seen.push({ path, headers, body: bytes.toString("base64") });
  if (path === "/_seen") return [200, seen.splice(0)];
  if (path.startsWith("/_key/")) {
    const { ecdh, auth } = subscriptions.get(path.slice(6));
    return [200, { key: ecdh.getPrivateKey("base64url"),
      auth: auth.toString("base64url") }];
  }
  const body = bytes.toString();
  if (path === "/_stats") return [200, stats];
  if (path.startsWith("/_subscribe/")) return subscribe(path.slice(12));
  if (path.startsWith("/_got/"))
    return [200, subscriptions.get(path.slice(6)).got];
  if (path.startsWith("/wpush/")) return webpush(headers, bytes, path);
  if (path === "/token") return grant(body);
  if (path === "/count") {
    count(JSON.parse(body).x);
    return [200, {}];
  }
  if (path.startsWith("/v1/projects/demo-app/messages:send"))
    return fcm(headers, body);
  if (path.startsWith("/3/device/")) return apns(headers, body, path);
  return [404, { reason: "BadPath" }];
}

function serve(stream, headers) {
  const { session } = stream;
  const chunks = [];
  if (session.last && stream.id > session.last) return;
  const counted = !headers[":path"].startsWith("/_") &&
    headers[":path"] !== "/token";
  if (counted && !answered && stats.open > 0) stats.before_first++;
  if (counted) stats.most_open = Math.max(stats.most_open, ++stats.open);
  stream.on("close", () => { if (counted) stats.open--; });
  stream.on("error", () => {});
  stream.on("data", (chunk) => chunks.push(chunk));
  stream.on("end", () => {
    const body = Buffer.concat(chunks);
    const whole = Number(headers["content-length"] ?? body.length);
    if (session.destroyed || body.length < whole) return; // cut off
    if (counted && (options.silent || fail(stream, body.toString()))) return;
    const [status, answer, more] = route(headers, body);
    setTimeout(() => {
      if (stream.destroyed || session.destroyed) return;
      if (counted) answered = true;
      stream.respond({ ":status": status, ...more });
      stream.end(typeof answer === "string" ? answer : JSON.stringify(answer));
    }, options.delay);
  });
}

const settings = { maxConcurrentStreams: options.streams,
  initialWindowSize: options.window };
const server = options.cert
  ? http2.createSecureServer({ settings, allowHTTP1: true, key: fs.readFileSync(options.key),
    cert: fs.readFileSync(options.cert) })
  : http2.createServer({ settings });
server.on("session", (session) => {
  stats.sessions++;
  session.on("error", () => {});
});
server.on("connection", (s) => sockets.set(s.remotePort, s));
server.on("stream", serve);
server.on("sessionError", () => {});
// Some clients still speak HTTP/1.1 with FCM.
server.on("request", (request, response) => {
  if (request.httpVersionMajor !== 1) return;
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const headers = { ...request.headers, ":path": request.url };
    const [status, answer, more] = route(headers, Buffer.concat(chunks));
    response.writeHead(status, { "content-type": "application/json", ...more });
    response.end(typeof answer === "string" ? answer : JSON.stringify(answer));
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("end", () => process.exit(0)).resume();
