/* Answers of providers are foreign bytes: "PSTATUS\nheaders\0body", where P is
 * the provider.  Whatever they hold, there is an outcome, and no text of theirs
 * is told to people. */
#include "net/providers.h"
#include "base/error.h"

#include <string.h>

static const JrProviderKind *const kinds[] = {
	&jr_provider_twilio, &jr_provider_fcm,	       &jr_provider_apns,
	&jr_provider_telnyx, &jr_provider_messagebird, &jr_provider_webpush,
};

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void check(const JrAnswer *answer)
{
	g_assert(answer->outcome <= JR_OUTCOME_LAST);
	g_assert(answer->wait_s >= 0);
	for (const char *c = answer->code; c && *c; c++)
		g_assert(g_ascii_isalnum(*c) || strchr("_.-", *c));
	g_assert((answer->reason != NULL) ==
		 (answer->outcome != JR_OUTCOME_ACCEPTED));
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	const guint8 *nul = size > 2 ? memchr(data + 2, '\0', size - 2) : NULL;

	if (!nul)
		return 0;
	const JrProviderKind *kind = kinds[data[0] % G_N_ELEMENTS(kinds)];
	g_autoptr(JrClasses) classes =
		jr_classes_new(kind->classes, NULL, NULL, NULL);
	JrProvider provider = { kind, classes };
	g_autoptr(GString) head =
		g_string_new_len((const char *)data + 2, nul - data - 2);
	g_autoptr(GString) body = g_string_new_len(
		(const char *)nul + 1, (gssize)(data + size - nul - 1));
	const JrHttpAnswer http = { .status = 100 + data[1] * 2,
				    .head = head,
				    .body = body };
	g_auto(JrAnswer) answer = { 0 };

	kind->answer(&provider, &http, &answer);
	check(&answer);
	return 0;
}
