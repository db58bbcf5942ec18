/*
 * Templates are trusted no more than data: whatever they hold, parsing gives a
 * template or a message, and rendering ends within its limits.  What is before
 * a byte 0 is the template, what follows it is a text of the data, which must
 * never come to anything but itself.
 */
#include "base/error.h"
#include "lang/liquid.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static const char *find(gpointer text, const char *name)
{
	return g_str_equal(name, "s") ? text : NULL;
}

static void ignore(gpointer user G_GNUC_UNUSED, const char *path,
		   gboolean has_default G_GNUC_UNUSED, guint line, guint column)
{
	g_assert(path && line > 0 && column > 0);
}

static void render(const JrLiquid *liquid, const char *text, gboolean strict)
{
	const JrVal items[] = { jr_val_int(3), jr_val_real(-0.5),
				jr_val_text(text), jr_val_bool(TRUE) };
	const JrMember inner[] = {
		{ .key = "n", .key_len = 1, .val = jr_val_int(7) },
		{ .key = "t", .key_len = 1, .val = jr_val_text(text) },
	};
	const JrVal list = { .type = JR_VAL_LIST,
			     .len = G_N_ELEMENTS(items),
			     .items = items };
	const JrVal map = { .type = JR_VAL_MAP,
			    .len = G_N_ELEMENTS(inner),
			    .members = inner };
	const JrMember members[] = {
		{ .key = "a", .key_len = 1, .val = jr_val_text(text) },
		{ .key = "l", .key_len = 1, .val = list },
		{ .key = "m", .key_len = 1, .val = map },
	};
	const JrVal vars = { .type = JR_VAL_MAP,
			     .len = G_N_ELEMENTS(members),
			     .members = members };
	const JrLiquidRun run = { .vars = &vars,
				  .fallback = &map,
				  .strict = strict,
				  .now_s = 1795435200,
				  .max_bytes = 4096,
				  .max_steps = 2000 };
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	gboolean ok = jr_liquid_render(liquid, &run, out, &error);

	g_assert(ok == (error == NULL));
	g_assert(out->len <= 4096);
	g_assert(g_utf8_validate(out->str, (gssize)out->len, NULL));
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	const guint8 *nul = memchr(data, '\0', size);
	gsize len = nul ? (gsize)(nul - data) : size;
	g_autofree char *text =
		nul ? g_utf8_make_valid((const char *)nul + 1,
					(gssize)(size - len - 1))
		    : NULL;
	const JrLiquidSource source = {
		.snippet = find,
		.snippet_data = text ? text : (gpointer) "{{ a }}"
	};
	g_autoptr(GError) error = NULL;
	g_autoptr(JrLiquid) liquid =
		jr_liquid_new((const char *)data, len, &source, &error);

	g_assert((liquid == NULL) == (error != NULL));
	if (!liquid)
		return 0;
	jr_liquid_visit(liquid, ignore, NULL);
	render(liquid, text ? text : "x", FALSE);
	render(liquid, text ? text : "x", TRUE);
	return 0;
}
