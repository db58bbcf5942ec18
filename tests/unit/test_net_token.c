/* Tokens: what we sign can be checked, and what is kept is ours alone. */
#include "net_unit.h"
#include "net/form.h"
#include "net/token.h"
#include "base/error.h"
#include "unit.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <openssl/ecdsa.h>
#include <sys/stat.h>
#include <unistd.h>

/* What base64url @text is; owned. */
static guchar *decode(const char *text, gsize *len)
{
	g_autoptr(GString) base64 = g_string_new(text);

	for (gsize i = 0; i < base64->len; i++)
		base64->str[i] = base64->str[i] == '-'	 ? '+'
				 : base64->str[i] == '_' ? '/'
							 : base64->str[i];
	while (base64->len % 4)
		g_string_append_c(base64, '=');
	return g_base64_decode(base64->str, len);
}

static json_t *decode_json(const char *text)
{
	gsize len = 0;
	g_autofree guchar *bytes = decode(text, &len);

	return json_loadb((char *)bytes, len, 0, NULL);
}

/* A signature of 64 bytes r and s as OpenSSL has it: in DER. */
static guchar *der_of(const guchar *raw, gsize *len)
{
	ECDSA_SIG *sig = ECDSA_SIG_new();
	guchar *der = NULL;

	ECDSA_SIG_set0(sig, BN_bin2bn(raw, 32, NULL),
		       BN_bin2bn(raw + 32, 32, NULL));
	*len = (gsize)i2d_ECDSA_SIG(sig, &der);
	guchar *copy = g_memdup2(der, *len);
	OPENSSL_free(der);
	ECDSA_SIG_free(sig);
	return copy;
}

/* Whether @jwt is signed by the key in @pem. */
static gboolean verifies(const char *jwt, const char *pem)
{
	BIO *bio = BIO_new_mem_buf(pem, -1);
	EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	const char *dot = strrchr(jwt, '.');
	gsize len = 0;
	guchar *sig = decode(dot + 1, &len);

	if (EVP_PKEY_base_id(key) == EVP_PKEY_EC) {
		ck_assert_uint_eq(len, 64);
		guchar *der = der_of(sig, &len);
		g_free(sig);
		sig = der;
	}
	EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key);
	gboolean good = EVP_DigestVerify(ctx, sig, len, (guchar *)jwt,
					 (gsize)(dot - jwt)) == 1;
	g_free(sig);
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	BIO_free(bio);
	return good;
}

START_TEST(a_jwt_is_signed)
{
	g_autofree char *pem = make_key(_i == 0);
	json_t *claims =
		json_pack("{s:s, s:i}", "iss", "me", "iat", 1793800000);
	JrJwt from = { _i == 0 ? JR_JWT_RS256 : JR_JWT_ES256, pem, "kid1",
		       claims };
	g_autofree char *jwt = jr_jwt_sign(&from, NULL);
	g_auto(GStrv) parts = g_strsplit(jwt, ".", -1);

	ck_assert_uint_eq(g_strv_length(parts), 3);
	json_t *header = decode_json(parts[0]);
	json_t *body = decode_json(parts[1]);
	ck_assert_str_eq(jr_answer_text(header, "alg"),
			 _i == 0 ? "RS256" : "ES256");
	ck_assert_str_eq(jr_answer_text(header, "kid"), "kid1");
	ck_assert(json_equal(body, claims));
	ck_assert(verifies(jwt, pem));
	g_autofree char *other = make_key(_i == 0);
	ck_assert(!verifies(jwt, other));
	json_decref(header);
	json_decref(body);
	json_decref(claims);
}
END_TEST

START_TEST(a_key_must_fit_its_algorithm)
{
	g_autofree char *rsa = make_key(TRUE);
	g_autofree char *ec = make_key(FALSE);
	EVP_PKEY *p384 = EVP_EC_gen("P-384");
	EVP_PKEY *small = EVP_RSA_gen(1024);
	char *texts[2] = { NULL, NULL };
	EVP_PKEY *const keys[] = { p384, small };

	for (int i = 0; i < 2; i++) {
		BIO *bio = BIO_new(BIO_s_mem());
		char *data = NULL;

		PEM_write_bio_PKCS8PrivateKey(bio, keys[i], NULL, NULL, 0, NULL,
					      NULL);
		long len = BIO_get_mem_data(bio, &data);
		texts[i] = g_strndup(data, (gsize)len);
		BIO_free(bio);
		EVP_PKEY_free(keys[i]);
	}
	const struct {
		JrJwtAlg alg;
		const char *pem;
		gboolean good;
	} cases[] = {
		{ JR_JWT_RS256, rsa, TRUE },
		{ JR_JWT_ES256, ec, TRUE },
		{ JR_JWT_RS256, ec, FALSE },
		{ JR_JWT_ES256, rsa, FALSE },
		{ JR_JWT_ES256, texts[0], FALSE },
		{ JR_JWT_RS256, texts[1], FALSE },
		{ JR_JWT_RS256, "", FALSE },
		{ JR_JWT_RS256, "k3y", FALSE },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;

		ck_assert_msg(jr_jwt_check_key(cases[i].alg, cases[i].pem,
					       &error) == cases[i].good,
			      "case %zu", i);
		ck_assert(!error != !cases[i].good);
		ck_assert(!error || !strstr(error->message, "k3y"));
	}
	g_free(texts[0]);
	g_free(texts[1]);
}
END_TEST

static char *new_folder(void)
{
	return g_dir_make_tmp("jr-token-XXXXXX", NULL);
}

static void remove_folder(const char *folder)
{
	GDir *dir = g_dir_open(folder, 0, NULL);

	for (const char *name; (name = g_dir_read_name(dir));) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		g_unlink(path);
	}
	g_dir_close(dir);
	g_rmdir(folder);
}

START_TEST(a_token_is_kept_for_us_alone)
{
	g_autofree char *folder = new_folder();
	g_autofree char *path = g_build_filename(folder, "x-1.json", NULL);
	const JrToken token = { (char *)"s3cr3t", 10, 20 };
	JrToken got = { 0 };
	struct stat st;

	ck_assert(!jr_token_load(folder, "x-1", &got));
	ck_assert(jr_token_save(folder, "x-1", &token, NULL));
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0600);
	ck_assert(jr_token_load(folder, "x-1", &got));
	ck_assert_str_eq(got.text, "s3cr3t");
	ck_assert_int_eq(got.from_s, 10);
	ck_assert_int_eq(got.until_s, 20);
	jr_token_clear(&got);
	/* others could have read or written it */
	for (int mode = 1; mode < 0100; mode <<= 1) {
		ck_assert_int_eq(chmod(path, 0600 | mode), 0);
		ck_assert(!jr_token_load(folder, "x-1", &got));
	}
	/* and a link could lead anywhere */
	g_autofree char *link_path = g_build_filename(folder, "l.json", NULL);
	ck_assert_int_eq(chmod(path, 0600), 0);
	ck_assert_int_eq(symlink(path, link_path), 0);
	ck_assert(!jr_token_load(folder, "l", &got));
	remove_folder(folder);
}
END_TEST

static const char *const broken[] = {
	"",
	"{}",
	"[]",
	"{\"token\":\"\",\"from\":1,\"until\":2}",
	"{\"token\":7,\"from\":1,\"until\":2}",
	"{\"token\":\"x\",\"from\":\"1\",\"until\":2}",
	"{\"token\":\"x\",\"from\":1",
};

START_TEST(a_broken_token_file_is_no_token)
{
	g_autofree char *folder = new_folder();
	g_autofree char *path = g_build_filename(folder, "x.json", NULL);
	JrToken got = { 0 };

	ck_assert(g_file_set_contents_full(
		path, broken[_i], -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
	ck_assert(!jr_token_load(folder, "x", &got));
	ck_assert(got.text == NULL);
	remove_folder(folder);
}
END_TEST

START_TEST(without_a_folder_nothing_is_kept)
{
	const JrToken token = { (char *)"t", 1, 2 };
	g_autoptr(GError) error = NULL;
	JrToken got = { 0 };

	ck_assert(jr_token_save(NULL, "x", &token, NULL));
	ck_assert(!jr_token_load(NULL, "x", &got));
	ck_assert(!jr_token_save("/nonexistent", "x", &token, &error));
	ck_assert(g_error_matches(error, JR_ERROR, JR_ERROR_IO));
}
END_TEST

static JrProvider *apns(const char *folder, const char *pem)
{
	g_autofree char *key = g_strescape(pem, NULL);
	g_autofree char *settings = g_strdup_printf(
		"{\"key_env\":\"%s\",\"key_id\":\"ABC123DEFG\","
		"\"team_id\":\"DEF123GHIJ\",\"topic\":\"com.example.app\"}",
		key);

	return open_good("apns", settings, folder);
}

static char *token_at(JrProvider *p, gint64 now_s)
{
	g_auto(JrHttpRequest) request = { 0 };

	ck_assert_int_eq(p->kind->token(p, now_s, &request, NULL),
			 JR_TOKEN_READY);
	return p->kind->authorization(p);
}

/* 1 when the token of @p at @now_s is @text, 0 when it is another. */
static gboolean keeps(JrProvider *p, gint64 now_s, const char *text)
{
	g_autofree char *now = token_at(p, now_s);

	return strcmp(now, text) == 0;
}

START_TEST(a_provider_token_lives_50_minutes_over_runs)
{
	const gint64 t0 = 1793800000;
	g_autofree char *folder = new_folder();
	g_autofree char *pem = make_key(FALSE);
	g_autofree char *other_pem = make_key(FALSE);
	g_autofree char *first = NULL;

	{
		g_autoptr(JrProvider) run = apns(folder, pem);

		first = token_at(run, t0);
		ck_assert(g_str_has_prefix(first, "bearer ey"));
		ck_assert(keeps(run, t0 + 2999, first));
		ck_assert(!keeps(run, t0 + 3000, first));
	}
	remove_folder(folder);
	ck_assert_int_eq(g_mkdir(folder, 0700), 0);
	{
		g_autoptr(JrProvider) one = apns(folder, pem);
		g_autoptr(JrProvider) two = apns(folder, pem);
		g_autoptr(JrProvider) other = apns(folder, other_pem);
		g_autoptr(JrProvider) third = apns(folder, pem);
		g_autofree char *kept = token_at(one, t0);

		ck_assert(keeps(two, t0 + 60, kept));
		ck_assert(!keeps(other, t0 + 60, kept));
		/* refused: a new one, that the next run takes over */
		two->kind->token_stale(two);
		ck_assert(!keeps(two, t0 + 120, kept));
		ck_assert(!keeps(third, t0 + 180, kept));
		/* one from after now is of another clock */
		g_autoptr(JrProvider) early = apns(folder, pem);
		g_autofree char *later = token_at(third, t0 + 180);
		ck_assert(!keeps(early, t0 - 10, later));
	}
	remove_folder(folder);
}
END_TEST

static JrProvider *fcm(const char *folder, const char *pem)
{
	json_t *account = json_pack(
		"{s:s, s:s, s:s, s:s, s:s}", "client_email", "jr@demo.example",
		"private_key", pem, "private_key_id", "k1", "token_uri",
		"https://oauth2.example/token", "project_id", "demo-app");
	g_autofree char *text = json_dumps(account, JSON_COMPACT);
	g_autofree char *escaped = g_strescape(text, NULL);
	g_autofree char *settings =
		g_strdup_printf("{\"service_account_env\":\"%s\"}", escaped);

	json_decref(account);
	return open_good("fcm", settings, folder);
}

static gboolean take(JrProvider *p, JrHttpEnd end, int status, const char *body,
		     GError **error)
{
	g_autoptr(GString) head = g_string_new(NULL);
	g_autoptr(GString) text = g_string_new(body);

	return p->kind->token_answer(
		p, 1793800000,
		&(JrHttpAnswer){ end, status, head, text, "x: timed out" },
		error);
}

START_TEST(google_is_asked_with_a_signed_assertion)
{
	g_autofree char *pem = make_key(TRUE);
	g_autoptr(JrProvider) p = fcm(NULL, pem);
	g_auto(JrHttpRequest) request = { 0 };
	gsize len = 0;

	ck_assert_int_eq(p->kind->token(p, 1793800000, &request, NULL),
			 JR_TOKEN_ASK);
	ck_assert_str_eq(request.url, "https://oauth2.example/token");
	ck_assert_str_eq(request.method, "POST");
	const char *body = g_bytes_get_data(request.body, &len);
	g_autoptr(GArray) form = jr_form_parse(body, len, 2, NULL);
	ck_assert_str_eq(jr_form_get(form, "grant_type"),
			 "urn:ietf:params:oauth:grant-type:jwt-bearer");
	const char *jwt = jr_form_get(form, "assertion");
	ck_assert(verifies(jwt, pem));
	g_auto(GStrv) parts = g_strsplit(jwt, ".", -1);
	json_t *got = decode_json(parts[1]);
	json_t *want = json_pack(
		"{s:s, s:s, s:s, s:i, s:i}", "iss", "jr@demo.example", "scope",
		"https://www.googleapis.com/auth/firebase.messaging", "aud",
		"https://oauth2.example/token", "iat", 1793800000, "exp",
		1793803600);
	ck_assert(json_equal(got, want));
	json_decref(got);
	json_decref(want);
}
END_TEST

#define GOOD "{\"access_token\":\"ya29.a\",\"expires_in\":3599}"

static const struct {
	JrHttpEnd end;
	int status;
	const char *body;
	int code; /* of the error; -1: none */
} token_answers[] = {
	{ JR_HTTP_ANSWERED, 200, GOOD, -1 },
	{ JR_HTTP_ANSWERED, 200, "{\"expires_in\":3599}", JR_ERROR_BUSY },
	{ JR_HTTP_ANSWERED, 200, "{\"access_token\":\"a b\",\"expires_in\":99}",
	  JR_ERROR_BUSY },
	{ JR_HTTP_ANSWERED, 200, "{\"access_token\":\"a\",\"expires_in\":60}",
	  JR_ERROR_BUSY },
	{ JR_HTTP_ANSWERED, 400, "{\"error\":\"invalid_grant\"}",
	  JR_ERROR_CONFIG },
	{ JR_HTTP_ANSWERED, 401, GOOD, JR_ERROR_CONFIG },
	{ JR_HTTP_ANSWERED, 429, "", JR_ERROR_BUSY },
	{ JR_HTTP_ANSWERED, 503, "", JR_ERROR_BUSY },
	{ JR_HTTP_UNKNOWN, 0, "", JR_ERROR_BUSY },
	{ JR_HTTP_NOT_SENT, 0, "", JR_ERROR_BUSY },
};

START_TEST(a_token_comes_or_not)
{
	g_autofree char *pem = make_key(TRUE);
	g_autoptr(JrProvider) p = fcm(NULL, pem);
	g_auto(JrHttpRequest) request = { 0 };
	g_autoptr(GError) error = NULL;
	int code = token_answers[_i].code;

	ck_assert_int_eq(take(p, token_answers[_i].end,
			      token_answers[_i].status, token_answers[_i].body,
			      &error),
			 code < 0);
	ck_assert_int_eq(error ? error->code : -1, code);
	if (code < 0)
		ck_assert(keeps(p, 1793800000, "Bearer ya29.a"));
	else
		ck_assert_int_eq(p->kind->token(p, 1793800000, &request, NULL),
				 JR_TOKEN_ASK);
}
END_TEST

START_TEST(an_access_token_is_renewed_a_minute_early)
{
	const gint64 t0 = 1793800000;
	g_autofree char *folder = new_folder();
	g_autofree char *pem = make_key(TRUE);
	g_autoptr(JrProvider) p = fcm(folder, pem);
	g_autoptr(JrProvider) next = fcm(folder, pem);
	g_auto(JrHttpRequest) a = { 0 }, b = { 0 };

	ck_assert(take(p, JR_HTTP_ANSWERED, 200, GOOD, NULL));
	ck_assert(keeps(p, t0 + 3599 - 61, "Bearer ya29.a"));
	ck_assert(keeps(next, t0 + 3599 - 61, "Bearer ya29.a"));
	ck_assert_int_eq(p->kind->token(p, t0 + 3599 - 60, &a, NULL),
			 JR_TOKEN_ASK);
	next->kind->token_stale(next);
	ck_assert_int_eq(next->kind->token(next, t0, &b, NULL), JR_TOKEN_ASK);
	remove_folder(folder);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, a_jwt_is_signed, 0, 2);
	tcase_add_test(tc, a_key_must_fit_its_algorithm);
	tcase_add_test(tc, a_token_is_kept_for_us_alone);
	tcase_add_loop_test(tc, a_broken_token_file_is_no_token, 0,
			    G_N_ELEMENTS(broken));
	tcase_add_test(tc, without_a_folder_nothing_is_kept);
	tcase_add_test(tc, a_provider_token_lives_50_minutes_over_runs);
	tcase_add_test(tc, google_is_asked_with_a_signed_assertion);
	tcase_add_loop_test(tc, a_token_comes_or_not, 0,
			    G_N_ELEMENTS(token_answers));
	tcase_add_test(tc, an_access_token_is_renewed_a_minute_early);
}
