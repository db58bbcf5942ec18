/* Webhooks come from anyone: "URL\nsignature\nbody".  None of it is signed by a
 * key that the fuzzer does not have. */
#include "net/form.h"
#include "net/signature.h"

#include <string.h>

#define KEY "0123456789abcdef0123456789abcdef"
#define PUBLIC "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	g_auto(GStrv) parts = g_strsplit(text, "\n", 3);

	if (g_strv_length(parts) < 3)
		return 0;
	const JrSigned what = { parts[0], parts[2], strlen(parts[2]) };
	g_assert(!jr_signature_twilio(KEY, &what, parts[1]));
	g_assert(
		!jr_signature_telnyx(PUBLIC, &what, parts[1], "1793800000", 0));
	g_assert(!jr_signature_messagebird(KEY, &what, parts[1], 0));

	/* and a form that was read reads the same once it is written */
	g_autoptr(GArray) form = jr_form_parse(what.body, what.len, 100, NULL);
	g_autoptr(GString) again = g_string_new(NULL);
	for (guint i = 0; form && i < form->len; i++) {
		const JrFormField *f = &g_array_index(form, JrFormField, i);

		jr_form_add(again, f->name, f->value);
	}
	g_autoptr(GArray) second =
		jr_form_parse(again->str, again->len, 100, NULL);
	g_assert(second && (!form || second->len == form->len));
	return 0;
}
