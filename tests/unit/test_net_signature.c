/* Signatures of webhooks: known ones are taken, anything else is not. */
#include "net/form.h"
#include "net/signature.h"
#include "base/error.h"
#include "unit.h"

#include <openssl/evp.h>
#include <string.h>

#define URL "https://mycompany.com/myapp.php?foo=1&bar=2"
#define FORM                                                                   \
	"CallSid=CA1234567890ABCDE&Caller=%2B12349013030&Digits=1234&"         \
	"From=%2B12349013030&To=%2B18005551212"
#define SIGNED "0/KCTR6DLpKmkAf8muzZqo1nDgQ="

/* Twilio's published vector, and what openssl dgst -hmac says of others. */
static const struct {
	const char *url, *body, *token, *signature;
	gboolean good;
} twilio[] = {
	{ URL, FORM, "12345", SIGNED, TRUE },
	/* the order of fields does not matter, nor a pair that comes twice */
	{ URL,
	  "To=%2B18005551212&From=%2B12349013030&Digits=1234&"
	  "Digits=1234&Caller=%2B12349013030&CallSid=CA1234567890ABCDE",
	  "12345", SIGNED, TRUE },
	/* nor do a standard port and a fragment */
	{ "https://mycompany.com:443/myapp.php?foo=1&bar=2", FORM, "12345",
	  SIGNED, TRUE },
	{ URL "#rc=3", FORM, "12345", SIGNED, TRUE },
	/* signed with the port, asked without, and the other way round */
	{ URL, FORM, "12345", "PORT", TRUE },
	{ "https://mycompany.com:8443/myapp.php?foo=1&bar=2", FORM, "12345",
	  SIGNED, TRUE },
	/* the query escaped anew */
	{ "https://mycompany.com/a?q=a+b%2fc", "", "12345", "LEGACY", TRUE },
	{ "https://mycompany.com", "A=%C3%A9&B=", "s3cr3t", "ROOT", TRUE },
	/* several values of one name, sorted */
	{ "https://mycompany.com/", "A=2&A=1&A=2", "12345", "MANY", TRUE },
	/* what is not it */
	{ URL, FORM "&X=1", "12345", SIGNED, FALSE },
	{ URL, FORM, "12346", SIGNED, FALSE },
	{ URL "&baz=3", FORM, "12345", SIGNED, FALSE },
	{ "http://mycompany.com/myapp.php?foo=1&bar=2", FORM, "12345", SIGNED,
	  FALSE },
	{ URL, FORM, "12345", "", FALSE },
	{ URL, FORM, "12345", NULL, FALSE },
	{ URL, FORM "%", "12345", SIGNED, FALSE },
	{ "no url", FORM, "12345", SIGNED, FALSE },
	{ "", "", "12345", SIGNED, FALSE },
	/* JSON: the URL signs, and names the body's digest */
	{ "https://x.example/h?bodySHA256="
	  "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
	  "{}", "12345", "JSON", TRUE },
	{ "https://x.example/h?bodySHA256="
	  "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
	  "{} ", "12345", "JSON", FALSE },
};

/* The text that is signed, for the rows above that name it. */
static const struct {
	const char *name, *text, *token;
} texts[] = {
	{ "PORT",
	  "https://mycompany.com:443/myapp.php?foo=1&bar=2"
	  "CallSidCA1234567890ABCDECaller+12349013030Digits1234"
	  "From+12349013030To+18005551212",
	  "12345" },
	{ "LEGACY", "https://mycompany.com/a?q=a%20b%2Fc", "12345" },
	{ "ROOT", "https://mycompany.com/A\303\251B", "s3cr3t" },
	{ "MANY", "https://mycompany.com/A1A2", "12345" },
	{ "JSON",
	  "https://x.example/h?bodySHA256="
	  "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
	  "12345" },
};

static char *signature_of(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		guint8 digest[20];
		gsize len = sizeof(digest);

		if (g_strcmp0(texts[i].name, name) != 0)
			continue;
		/* GLib's HMAC: another than the one under test */
		g_autoptr(GHmac) hmac =
			g_hmac_new(G_CHECKSUM_SHA1, (guchar *)texts[i].token,
				   strlen(texts[i].token));
		g_hmac_update(hmac, (guchar *)texts[i].text, -1);
		g_hmac_get_digest(hmac, digest, &len);
		return g_base64_encode(digest, len);
	}
	return g_strdup(name);
}

START_TEST(twilio_signs_a_webhook)
{
	const JrSigned what = { twilio[_i].url, twilio[_i].body,
				strlen(twilio[_i].body) };
	g_autofree char *signature = signature_of(twilio[_i].signature);

	ck_assert_int_eq(
		jr_signature_twilio(twilio[_i].token, &what, signature),
		twilio[_i].good);
}
END_TEST

static char *ed25519(EVP_PKEY *key, const char *text)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	guchar sig[64];
	gsize len = sizeof(sig);

	ck_assert_int_eq(EVP_DigestSignInit(ctx, NULL, NULL, NULL, key), 1);
	ck_assert_int_eq(
		EVP_DigestSign(ctx, sig, &len, (guchar *)text, strlen(text)),
		1);
	EVP_MD_CTX_free(ctx);
	return g_base64_encode(sig, len);
}

START_TEST(telnyx_signs_a_webhook)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	guchar raw[32];
	gsize len = sizeof(raw);
	const JrSigned what = { "https://x.example/", "{\"data\":1}", 10 };
	const JrSigned other = { "https://x.example/", "{\"data\":2}", 10 };

	EVP_PKEY_get_raw_public_key(key, raw, &len);
	g_autofree char *public = g_base64_encode(raw, len);
	g_autofree char *sig = ed25519(key, "1793800000|{\"data\":1}");
	const struct {
		const JrSigned *what;
		const char *key, *signature, *timestamp;
		gint64 now_s;
		gboolean good;
	} cases[] = {
		{ &what, public, sig, "1793800000", 1793800000, TRUE },
		{ &what, public, sig, "1793800000", 1793800300, TRUE },
		{ &what, public, sig, "1793800000", 1793799700, TRUE },
		{ &what, public, sig, "1793800000", 1793800301, FALSE },
		{ &what, public, sig, "1793800000", 1793799699, FALSE },
		{ &what, public, sig, "1793800000", 0, TRUE },
		{ &what, public, sig, "1793800001", 0, FALSE },
		{ &what, public, sig, "", 0, FALSE },
		{ &what, public, sig, NULL, 0, FALSE },
		{ &what, public, NULL, "1793800000", 0, FALSE },
		{ &what, public, "c2hvcnQ=", "1793800000", 0, FALSE },
		{ &what, "c2hvcnQ=", sig, "1793800000", 0, FALSE },
		{ &other, public, sig, "1793800000", 0, FALSE },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
		ck_assert_msg(jr_signature_telnyx(
				      cases[i].key, cases[i].what,
				      cases[i].signature, cases[i].timestamp,
				      cases[i].now_s) == cases[i].good,
			      "case %zu", i);
	EVP_PKEY_free(key);
}
END_TEST

static char *base64url(const guchar *data, gsize len)
{
	char *text = g_base64_encode(data, len);

	for (char *c = text; *c; c++)
		*c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
	text[strcspn(text, "=")] = '\0';
	return text;
}

/* A JWT by GLib's HMAC: another than the one under test; owned. */
static char *jwt_of(const char *alg, const char *claims, const char *key)
{
	g_autofree char *header =
		g_strdup_printf("{\"alg\":\"%s\",\"typ\":\"JWT\"}", alg);
	g_autofree char *a = base64url((guchar *)header, strlen(header));
	g_autofree char *b = base64url((guchar *)claims, strlen(claims));
	g_autofree char *text = g_strconcat(a, ".", b, NULL);
	GChecksumType type = g_str_has_suffix(alg, "384")   ? G_CHECKSUM_SHA384
			     : g_str_has_suffix(alg, "512") ? G_CHECKSUM_SHA512
							    : G_CHECKSUM_SHA256;
	guint8 digest[64];
	gsize len = sizeof(digest);
	g_autoptr(GHmac) hmac = g_hmac_new(type, (guchar *)key, strlen(key));
	g_hmac_update(hmac, (guchar *)text, -1);
	g_hmac_get_digest(hmac, digest, &len);
	g_autofree char *sig = base64url(digest, len);
	return g_strconcat(text, ".", sig, NULL);
}

#define BIRD_URL "https://x.example/mb?a=1"

static const struct {
	const char *alg, *issuer, *key;
	const char *body, *signed_body; /* "": no payload_hash */
	int from, until;		/* from now; until 0: no exp */
	gboolean good;
} birds[] = {
	{ "HS256", "MessageBird", "k", "{}", "{}", 0, 60, TRUE },
	{ "HS384", "MessageBird", "k", "{}", "{}", 0, 60, TRUE },
	{ "HS512", "MessageBird", "k", "{}", "{}", 0, 60, TRUE },
	{ "HS256", "MessageBird", "k", "", "", 0, 60, TRUE },
	{ "HS256", "MessageBird", "k", "{}", "{}", 5, 60, TRUE },
	{ "HS256", "MessageBird", "k", "{}", "{}", 6, 60, FALSE },
	{ "HS256", "MessageBird", "k", "{}", "{}", -60, -4, TRUE },
	{ "HS256", "MessageBird", "k", "{}", "{}", -60, -5, FALSE },
	{ "HS256", "MessageBird", "k", "{}", "{}", -60, 0, FALSE },
	{ "HS256", "MessageBird", "k", "{}", "[]", 0, 60, FALSE },
	{ "HS256", "MessageBird", "k", "{}", "", 0, 60, FALSE },
	{ "HS256", "MessageBird", "k", "", "{}", 0, 60, FALSE },
	{ "HS256", "Somebody", "k", "{}", "{}", 0, 60, FALSE },
	{ "HS256", "MessageBird", "j", "{}", "{}", 0, 60, FALSE },
	{ "none", "MessageBird", "k", "{}", "{}", 0, 60, FALSE },
	{ "RS256", "MessageBird", "k", "{}", "{}", 0, 60, FALSE },
};

START_TEST(messagebird_signs_a_webhook)
{
	const gint64 now = 1793800000;
	const JrSigned what = { BIRD_URL, birds[_i].body,
				strlen(birds[_i].body) };
	g_autofree char *url_hash =
		g_compute_checksum_for_string(G_CHECKSUM_SHA256, BIRD_URL, -1);
	g_autofree char *payload_hash = g_compute_checksum_for_string(
		G_CHECKSUM_SHA256, birds[_i].signed_body, -1);
	g_autoptr(GString) claims = g_string_new(NULL);

	g_string_printf(claims,
			"{\"iss\":\"%s\",\"nbf\":%d,\"url_hash\":\"%s\"",
			birds[_i].issuer, (int)now + birds[_i].from, url_hash);
	if (birds[_i].until)
		g_string_append_printf(claims, ",\"exp\":%d",
				       (int)now + birds[_i].until);
	if (*birds[_i].signed_body)
		g_string_append_printf(claims, ",\"payload_hash\":\"%s\"",
				       payload_hash);
	g_string_append_c(claims, '}');
	g_autofree char *jwt =
		jwt_of(birds[_i].alg, claims->str, birds[_i].key);
	ck_assert_int_eq(jr_signature_messagebird("k", &what, jwt, now),
			 birds[_i].good);
	const JrSigned elsewhere = { "https://y.example/", what.body,
				     what.len };
	ck_assert(!jr_signature_messagebird("k", &elsewhere, jwt, now));
}
END_TEST

static const char *const no_jwts[] = {
	NULL, "", ".", "..", "a.b.c", "e30.e30.", "====.====.===="
};

START_TEST(what_is_no_jwt_is_refused)
{
	const JrSigned what = { BIRD_URL, "", 0 };

	ck_assert(!jr_signature_messagebird("k", &what, no_jwts[_i], 0));
}
END_TEST

static const struct {
	const char *text;
	gsize len;
	const char *want; /* "name=value;..."; NULL: refused */
} forms[] = {
	{ BYTES(""), "" },
	{ BYTES("a=1&b=2"), "a=1;b=2;" },
	{ BYTES("a=1+2%20%2B&&b"), "a=1 2 +;b=;" },
	{ BYTES("a==&=b"), "a==;=b;" },
	{ BYTES("%C3%A9=%E2%82%AC"), "é=€;" },
	{ BYTES("a=%"), NULL },
	{ BYTES("a=%zz"), NULL },
	{ BYTES("a=%00"), NULL },
	{ BYTES("a=%ff"), NULL },
	{ BYTES("a=\xff"), NULL },
	{ BYTES("a=\0b"), NULL },
	{ BYTES("a&b&c&d&e"), NULL }, /* over the limit of four */
};

#define REPORT "{\"metric\":\"sent\",\"event_id\":\"01\"}"
#define REPORT_AT G_GINT64_CONSTANT(1793800000)

/* What openssl dgst -sha256 -hmac says, in either case. */
static const struct {
	const char *key, *body, *signature, *timestamp;
	gint64 now_s;
	gboolean good;
} reports[] = {
	{ "k", REPORT, "REPORT", "1793800000", REPORT_AT, TRUE },
	{ "k", REPORT, "UPPER", "1793800000", REPORT_AT + 300, TRUE },
	{ "k", REPORT, "REPORT", "1793800000", 0, TRUE },
	{ "k", REPORT, "REPORT", "1793800000", REPORT_AT + 301, FALSE },
	{ "k", REPORT, "REPORT", "1793800000", REPORT_AT - 301, FALSE },
	{ "k", REPORT, "REPORT", "1793800001", REPORT_AT, FALSE },
	{ "k", REPORT " ", "REPORT", "1793800000", REPORT_AT, FALSE },
	{ "l", REPORT, "REPORT", "1793800000", REPORT_AT, FALSE },
	{ "k", REPORT, "00", "1793800000", REPORT_AT, FALSE },
	{ "k", REPORT, NULL, "1793800000", REPORT_AT, FALSE },
	{ "k", REPORT, "REPORT", NULL, REPORT_AT, FALSE },
	{ "k", REPORT, "REPORT", "soon", REPORT_AT, FALSE },
};

START_TEST(customerio_signs_a_webhook)
{
	g_autofree char *hex = g_compute_hmac_for_string(
		G_CHECKSUM_SHA256, (const guchar *)"k", 1,
		"v0:1793800000:" REPORT, -1);
	g_autofree char *upper = g_ascii_strup(hex, -1);

	for (guint i = 0; i < G_N_ELEMENTS(reports); i++) {
		const JrSigned what = { "", reports[i].body,
					strlen(reports[i].body) };
		const char *signature = reports[i].signature;

		if (g_strcmp0(signature, "REPORT") == 0)
			signature = hex;
		else if (g_strcmp0(signature, "UPPER") == 0)
			signature = upper;
		ck_assert_msg(jr_signature_customerio(
				      reports[i].key, &what, signature,
				      reports[i].timestamp,
				      reports[i].now_s) == reports[i].good,
			      "row %u", i);
	}
	/* a vector made with the openssl command */
	const JrSigned known = { "", BYTES("{\"metric\":\"sent\"}") };
	ck_assert(jr_signature_customerio(
		"test-signing-key", &known,
		"46f51d4f87807f0301689facb8ceede521375c43b438f9e0ab5a8ca84ff95aff",
		"1793890000", 0));
}
END_TEST

START_TEST(a_form_is_read)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) fields =
		jr_form_parse(forms[_i].text, forms[_i].len, 4, &error);
	g_autoptr(GString) got = g_string_new(NULL);

	ck_assert((fields == NULL) == (forms[_i].want == NULL));
	if (!fields) {
		ck_assert(g_error_matches(error, JR_ERROR, JR_ERROR_INPUT));
		return;
	}
	for (guint i = 0; i < fields->len; i++) {
		const JrFormField *f = &g_array_index(fields, JrFormField, i);

		g_string_append_printf(got, "%s=%s;", f->name, f->value);
		if (i == 0)
			ck_assert_str_eq(jr_form_get(fields, f->name),
					 f->value);
	}
	ck_assert_str_eq(got->str, forms[_i].want);
	ck_assert(jr_form_get(fields, "none") == NULL);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, twilio_signs_a_webhook, 0,
			    G_N_ELEMENTS(twilio));
	tcase_add_test(tc, telnyx_signs_a_webhook);
	tcase_add_loop_test(tc, messagebird_signs_a_webhook, 0,
			    G_N_ELEMENTS(birds));
	tcase_add_loop_test(tc, what_is_no_jwt_is_refused, 0,
			    G_N_ELEMENTS(no_jwts));
	tcase_add_test(tc, customerio_signs_a_webhook);
	tcase_add_loop_test(tc, a_form_is_read, 0, G_N_ELEMENTS(forms));
}
