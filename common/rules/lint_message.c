/* What a message says: too long, or with a letter too many. */
#include "rules/lint_impl.h"
#include "rules/sms.h"

/* The character that makes @body UCS-2, as people know it: "'é' (U+00E9)". */
static char *name_of_character(const char *at)
{
	gunichar c = g_utf8_get_char(at);
	char utf8[7] = { 0 };

	g_unichar_to_utf8(c, utf8);
	if (!g_unichar_isgraph(c))
		return g_strdup_printf("U+%04X", c);
	return g_strdup_printf("'%s' (U+%04X)", utf8, c);
}

static void check_encoding(const JrLinter *l, const JrVal *at, const char *body,
			   const JrSmsCount *count)
{
	g_autofree char *name = NULL;
	g_autofree char *smart = jr_sms_smart(body);
	const char *instead = "write plain letters and straight quotes";

	if (count->encoding == JR_SMS_GSM7)
		return;
	if (smart)
		instead = "write straight quotes and hyphens, or set "
			  "smart_encoding in jr.yaml";
	name = name_of_character(body + count->first_wide);
	if (count->wide == 1)
		jr_lint_say(l, JR_LINT_WARNING, "sms-ucs2", at, 0,
			    "%s alone makes the SMS UCS-2, at 70 a segment: %s",
			    name, instead);
	else
		jr_lint_say(
			l, JR_LINT_WARNING, "sms-ucs2", at, 0,
			"%s and %u more make the SMS UCS-2, at 70 a segment: %s",
			name, count->wide - 1, instead);
}

/* The body with the values @vars, as it would be sent.  Owned; or NULL. */
static char *body_of(const JrLinter *l, const JrVariant *variant,
		     const JrVal *vars)
{
	g_autofree char *body = jr_lint_text(variant, JR_PART_BODY, vars);
	g_autofree char *smart =
		body && l->ask->policy->sms_smart ? jr_sms_smart(body) : NULL;

	return smart ? g_steal_pointer(&smart) : g_steal_pointer(&body);
}

/* It is GSM-7 as it is written; people may have names that are not. */
static void check_values(const JrLinter *l, const JrVariant *variant)
{
	g_autofree char *body =
		l->ask->widest ? body_of(l, variant, l->ask->widest) : NULL;
	JrSmsCount count;

	if (!body)
		return;
	count = jr_sms_count(body);
	if (count.encoding == JR_SMS_UCS2 && count.segments > 1)
		jr_lint_say(l, JR_LINT_ADVICE, "sms-ucs2-value",
			    variant->sources[JR_PART_BODY], 0,
			    "with letters that people's values have it is "
			    "UCS-2 and takes %u segments: keep it within 70 "
			    "characters, or leave the value out",
			    count.segments);
}

static void check_sms(const JrLinter *l, const JrVariant *variant)
{
	const JrVal *at = variant->sources[JR_PART_BODY];
	g_autofree char *body = body_of(l, variant, l->ask->longest);
	JrSmsCount count;

	if (!body)
		return;
	count = jr_sms_count(body);
	if (count.segments > 1)
		jr_lint_say(l, JR_LINT_WARNING, "sms-long", at, 0,
			    "the SMS takes %u segments: keep it within %d "
			    "characters",
			    count.segments,
			    count.encoding == JR_SMS_GSM7 ? 160 : 70);
	check_encoding(l, at, body, &count);
	if (count.encoding == JR_SMS_GSM7 && count.segments == 1)
		check_values(l, variant);
}

/* What a text becomes nobody knows before it is rendered. */
static gboolean is_template(const JrVal *val)
{
	return val->type == JR_VAL_TEXT &&
	       (strstr(val->text, "{{") || strstr(val->text, "{%"));
}

/* With a wrong one every message would be refused. */
static void check_options(const JrLinter *l, const JrMessageStep *message)
{
	const JrVal *map =
		message->options ? jr_form_val(message->options) : NULL;

	for (guint32 i = 0; map && l->ask->push_option && i < map->len; i++) {
		const JrMember *m = &map->members[i];
		g_autoptr(GError) why = NULL;

		if (!l->ask->push_option(m->key,
					 is_template(&m->val) ? NULL : &m->val,
					 &why))
			jr_lint_say(l, JR_LINT_WARNING, "push-option", &m->val,
				    0, "%s", why->message);
	}
}

static void check_data(const JrLinter *l, const JrMessageStep *message)
{
	const JrVal *map = message->data ? jr_form_val(message->data) : NULL;

	for (guint32 i = 0; map && l->ask->push_key && i < map->len; i++) {
		const JrMember *m = &map->members[i];
		g_autoptr(GError) why = NULL;

		if (!l->ask->push_key(m->key, &why))
			jr_lint_say(l, JR_LINT_WARNING, "push-data", &m->val, 0,
				    "%s", why->message);
	}
}

/* What shows nothing must say so, or it is not sent. */
static void check_silence(const JrLinter *l, const JrStep *step)
{
	const JrVal at = { .line = step->line, .column = step->column };
	const JrMessageStep *message = step->message;
	const JrVal *map =
		message->options ? jr_form_val(message->options) : NULL;

	if (!message->variants[0].parts[JR_PART_BODY] &&
	    !(map && jr_val_get(map, "silent")))
		jr_lint_say(l, JR_LINT_WARNING, "push-empty", &at, 0,
			    "the push has no body and will not be sent: write "
			    "one, or options: {silent: true}");
}

static void check_push(const JrLinter *l, const JrVariant *variant)
{
	const JrPushLimits *limits = &l->ask->policy->push;
	g_autofree char *title =
		jr_lint_text(variant, JR_PART_TITLE, l->ask->longest);
	g_autofree char *body =
		jr_lint_text(variant, JR_PART_BODY, l->ask->longest);
	JrPushMeasure m = jr_push_measure(limits, title, body);

	if (m.title_fit != JR_PUSH_FITS)
		jr_lint_say(l, JR_LINT_WARNING, "push-title",
			    variant->sources[JR_PART_TITLE], 0,
			    "the title has %u characters: keep it within %u",
			    m.title, limits->title_advised);
	if (m.body_fit != JR_PUSH_FITS)
		jr_lint_say(l, JR_LINT_WARNING, "push-body",
			    variant->sources[JR_PART_BODY], 0,
			    "the body has %u characters: keep it within %u",
			    m.body, limits->body_advised);
}

void jr_lint_message(const JrLinter *l, const JrStep *step)
{
	const JrVal at = { .line = step->line, .column = step->column };
	const JrMessageStep *message = step->message;

	if (message->channel == JR_CHANNEL_PUSH) {
		check_options(l, message);
		check_data(l, message);
		check_silence(l, step);
	}
	for (guint i = 0; i < message->n_variants; i++) {
		if (message->channel == JR_CHANNEL_SMS)
			check_sms(l, &message->variants[i]);
		if (message->channel == JR_CHANNEL_PUSH)
			check_push(l, &message->variants[i]);
	}
	if (message->sender &&
	    !jr_policy_sender(l->ask->policy, message->channel,
			      message->sender))
		jr_lint_say(
			l, JR_LINT_WARNING, "sender", &at, 0,
			"the sender '%s' is not in jr.yaml: write one of its "
			"senders",
			message->sender);
}
