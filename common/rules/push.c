#include "rules/push.h"
#include "rules/grapheme.h"

#include <string.h>

static JrPushFit fit(guint length, guint max, guint advised)
{
	if (length > max)
		return JR_PUSH_TOO_LONG;
	return length > advised ? JR_PUSH_LONG : JR_PUSH_FITS;
}

JrPushMeasure jr_push_measure(const JrPushLimits *limits, const char *title,
			      const char *body)
{
	JrPushMeasure m = { 0 };

	m.title = title ? jr_grapheme_count(title) : 0;
	m.body = body ? jr_grapheme_count(body) : 0;
	m.title_fit = fit(m.title, limits->title_max, limits->title_advised);
	m.body_fit = fit(m.body, limits->body_max, limits->body_advised);
	return m;
}

char *jr_push_cut(const char *text, guint max)
{
	const char *at = text, *cut = text, *space = NULL;
	guint n = 0;

	if (max == 0)
		return g_strdup("");
	for (gsize len; n < max && (len = jr_grapheme_next(at)) > 0; n++) {
		cut = at; /* before the last that fits: there stands the … */
		if (*at == ' ' && n >= max - max / 3)
			space = at;
		at += len;
	}
	if (*at == '\0')
		return g_strdup(text);
	if (space)
		cut = space;
	while (cut > text && cut[-1] == ' ')
		cut--;
	return g_strdup_printf("%.*s…", (int)(cut - text), text);
}
