#include "net/sender.h"
#include "net/settings.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <stddef.h>

typedef struct {
	double per_second;
	gint64 in_flight, trouble, connections, connect_s, total_s;
	char *ca_file;
} Limits;

#define AT(field) offsetof(Limits, field)

/* What is left of a provider's settings is its own. */
static const JrSetting table[] = {
	{ .key = "per_second", .type = JR_SETTING_RATE, AT(per_second) },
	{ .key = "in_flight", .type = JR_SETTING_COUNT, AT(in_flight) },
	{ .key = "trouble", .type = JR_SETTING_COUNT, AT(trouble) },
	{ .key = "max_connections", .type = JR_SETTING_COUNT, AT(connections) },
	{ .key = "connect_timeout", .type = JR_SETTING_SPAN, AT(connect_s) },
	{ .key = "timeout", .type = JR_SETTING_SPAN, AT(total_s) },
	{ .key = "ca_file", .type = JR_SETTING_TEXT, AT(ca_file) },
	{ .key = NULL },
};

/* It would look like a server that nobody trusts, for which later may do. */
static gboolean check_ca(const JrProviderSetup *setup, const char *path,
			 GError **error)
{
	BIO *in = path ? BIO_new_file(path, "r") : NULL;
	X509 *first = in ? PEM_read_bio_X509(in, NULL, NULL, NULL) : NULL;
	gboolean good = !path || first;

	const char *fault = in ? "holds no certificate" : "cannot be read";
	g_autofree char *what = g_strconcat(
		fault, ": write a file of certificates in PEM", NULL);

	X509_free(first);
	BIO_free(in);
	ERR_clear_error();
	return good || jr_settings_wrong(setup, "ca_file", what, error);
}

gboolean jr_sender_limits_read(const JrProviderSetup *setup,
			       JrSenderLimits *limits, GError **error)
{
	Limits l = { 0 };
	gboolean good = jr_settings_read_some(setup, table, &l, error);

	*limits = (JrSenderLimits){
		.in_flight = (guint)CLAMP(l.in_flight, 0, 10000),
		.per_second = l.per_second,
		.trouble = (guint)CLAMP(l.trouble, 0, G_MAXINT),
		.http = {
			.connect_ms = (long)l.connect_s * 1000,
			.total_ms = (long)l.total_s * 1000,
			.max_connections = (int)CLAMP(l.connections, 0, 1000),
			.ca_file = jr_val_get_text(setup->settings, "ca_file"),
		},
	};
	jr_settings_clear(table, &l);
	return good && check_ca(setup, limits->http.ca_file, error);
}
