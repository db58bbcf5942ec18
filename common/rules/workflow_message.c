/* workflow_message.c - a message of a journey, as it stands in the file. */
#include "rules/workflow_impl.h"
#include "rules/locale.h"

#include <string.h>

/* As it is written; the texts become templates afterwards. */
typedef struct {
	JrMessageStep *message;
	const char *id;
	JrExpr *test;
	const JrVal *parts[JR_PART_LAST + 1];
	const JrVal *data, *options, *media, *locales;
	const char *cap;
	gboolean has_links, links;
	const JrVal *deadline;
} Message;

#define AT(field) G_STRUCT_OFFSET(Message, field)
#define PART(part) AT(parts) + (part) * sizeof(const JrVal *)

/* A field of the JrMessageStep itself. */
#define OWN(name, function, field)                                             \
	static gboolean name(const JrVal *val, const char *file, gpointer at,  \
			     GError **error)                                   \
	{                                                                      \
		return function(val, file, &((Message *)at)->message->field,   \
				error);                                        \
	}

OWN(read_purpose, jr_workflow_purpose, purpose)
OWN(read_sender, jr_workflow_text, sender)
OWN(read_topic, jr_workflow_text, topic)
OWN(read_template, jr_workflow_text, tmpl)
OWN(read_ignore_quiet, jr_field_yes, ignore_quiet)
OWN(read_names_sender, jr_field_yes, names_sender)
OWN(read_deadline_span, jr_workflow_span, deadline)

static gboolean read_deadline(const JrVal *val, const char *file, gpointer at,
			      GError **error)
{
	Message *m = at;

	m->message->has_deadline = TRUE;
	return read_deadline_span(val, file, at, error);
}

/* What a step may say in place of jr.yaml. */
#define OVER(name, field)                                                      \
	static gboolean name(const JrVal *val, const char *file, gpointer at,  \
			     GError **error)                                   \
	{                                                                      \
		gboolean yes;                                                  \
                                                                               \
		if (!jr_field_yes(val, file, &yes, error))                     \
			return FALSE;                                          \
		((Message *)at)->message->field = yes;                         \
		return TRUE;                                                   \
	}

OVER(read_links, short_links)
OVER(read_cut, cut)

static gboolean read_cap(const JrVal *val, const char *file, gpointer at,
			 GError **error)
{
	Message *m = at;
	const char *text = val->type == JR_VAL_TEXT ? val->text : "";

	m->message->cap =
		g_str_equal(text, "defer") ? JR_CAP_DEFER : JR_CAP_SKIP;
	if (g_str_equal(text, "defer") || g_str_equal(text, "skip"))
		return TRUE;
	return jr_field_wrong(val, file, error, "write skip or defer");
}

/* What each message may say. */
#define EVERY                                                                  \
	{ "id", jr_workflow_text, AT(id) },                                    \
		{ "if", jr_workflow_expr, AT(test) },                          \
		{ "purpose", read_purpose, 0 },                                \
		{ "body", jr_workflow_any, PART(JR_PART_BODY) },               \
		{ "locales", jr_workflow_any, AT(locales) },                   \
		{ "options", jr_field_map, AT(options) },                      \
		{ "sender", read_sender, 0 }, { "topic", read_topic, 0 },      \
		{ "deadline", read_deadline, 0 }, { "cap", read_cap, 0 },      \
	{                                                                      \
		"ignore_quiet_hours", read_ignore_quiet, 0                     \
	}

static const JrField sms_fields[] = {
	EVERY,
	{ "media", jr_workflow_any, AT(media) },
	{ "short_links", read_links, 0 },
	{ "names_sender", read_names_sender, 0 },
	{ NULL, NULL, 0 },
};

static const JrField push_fields[] = {
	EVERY,
	{ "title", jr_workflow_any, PART(JR_PART_TITLE) },
	{ "link", jr_workflow_any, PART(JR_PART_LINK) },
	{ "image", jr_workflow_any, PART(JR_PART_IMAGE) },
	{ "data", jr_field_map, AT(data) },
	{ "cut", read_cut, 0 },
	{ NULL, NULL, 0 },
};

static const JrField email_fields[] = {
	EVERY,
	{ "subject", jr_workflow_any, PART(JR_PART_SUBJECT) },
	{ "html", jr_workflow_any, PART(JR_PART_HTML) },
	{ NULL, NULL, 0 },
};

static const JrField whatsapp_fields[] = {
	EVERY,
	{ "template", read_template, 0 },
	{ "data", jr_field_map, AT(data) },
	{ "media", jr_workflow_any, AT(media) },
	{ NULL, NULL, 0 },
};

static const JrField *const tables[] = {
	[JR_CHANNEL_SMS] = sms_fields,
	[JR_CHANNEL_PUSH] = push_fields,
	[JR_CHANNEL_EMAIL] = email_fields,
	[JR_CHANNEL_WHATSAPP] = whatsapp_fields,
};

/* --- variants --- */

static gboolean compile(const JrWorkflowReader *reader, const JrVal *val,
			JrLiquid **liquid, GError **error)
{
	const JrWorkflowSource *source = reader->source;
	const JrLiquidSource where = {
		.file = reader->whole->file,
		.line = val->line,
		.column = val->column,
		.yaml = val->type == JR_VAL_TEXT ? val : NULL,
		.snippet = source->snippet,
		.snippet_data = source->snippet_data,
	};

	if (val->type != JR_VAL_TEXT)
		return jr_field_wrong(val, reader->whole->file, error,
				      "%s where a text is due: put it in "
				      "quotes",
				      jr_val_type_name(val));
	*liquid = jr_liquid_new(val->text, val->len, &where, error);
	return *liquid != NULL;
}

static gboolean fill_variant(const JrWorkflowReader *reader,
			     const JrVal *const *texts, JrVariant *variant,
			     GError **error)
{
	for (guint i = 0; i <= JR_PART_LAST; i++) {
		if (!texts[i] || texts[i]->type == JR_VAL_NULL)
			continue;
		variant->sources[i] = texts[i];
		if (!compile(reader, texts[i], &variant->parts[i], error))
			return FALSE;
	}
	return TRUE;
}

/* One of `locales`: the parts that it does not say are the first variant's. */
static gboolean add_locale(const JrWorkflowReader *reader, Message *m,
			   const JrMember *member, JrVariant *variant,
			   GError **error)
{
	static const JrField table[] = {
		{ "body", jr_workflow_any, PART(JR_PART_BODY) },
		{ "title", jr_workflow_any, PART(JR_PART_TITLE) },
		{ "subject", jr_workflow_any, PART(JR_PART_SUBJECT) },
		{ "html", jr_workflow_any, PART(JR_PART_HTML) },
		{ "link", jr_workflow_any, PART(JR_PART_LINK) },
		{ "image", jr_workflow_any, PART(JR_PART_IMAGE) },
		{ NULL, NULL, 0 },
	};
	Message given = { 0 };

	memcpy(given.parts, m->parts, sizeof(given.parts));
	variant->locale = member->key;
	return jr_fields_read(&member->val, table, reader->whole->file, &given,
			      error) &&
	       fill_variant(reader, given.parts, variant, error);
}

static gboolean fill_variants(const JrWorkflowReader *reader, Message *m,
			      GError **error)
{
	JrMessageStep *message = m->message;
	guint32 n = 0;

	if (m->locales && m->locales->type != JR_VAL_MAP)
		return jr_field_wrong(m->locales, reader->whole->file, error,
				      "locales is a map: write 'de: {body: "
				      "...}' lines");
	n = m->locales ? m->locales->len : 0;
	message->variants = g_new0(JrVariant, n + 1);
	message->n_variants = n + 1;
	if (!fill_variant(reader, m->parts, &message->variants[0], error))
		return FALSE;
	for (guint32 i = 0; i < n; i++)
		if (!add_locale(reader, m, &m->locales->members[i],
				&message->variants[i + 1], error))
			return FALSE;
	return TRUE;
}

static gboolean fill_forms(const JrWorkflowReader *reader, Message *m,
			   GError **error)
{
	const JrWorkflowSource *s = reader->source;
	const struct {
		const JrVal *val;
		JrForm **form;
	} forms[] = { { m->data, &m->message->data },
		      { m->options, &m->message->options } };

	for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
		if (!forms[i].val)
			continue;
		*forms[i].form =
			jr_form_new(forms[i].val, reader->whole->file,
				    s->snippet, s->snippet_data, error);
		if (!*forms[i].form)
			return FALSE;
	}
	return TRUE;
}

static gboolean check(const JrWorkflowReader *reader, const JrVal *val,
		      const Message *m, GError **error)
{
	const JrMessageStep *message = m->message;
	const char *file = reader->whole->file;
	gboolean is_push = message->channel == JR_CHANNEL_PUSH;

	if (!m->parts[JR_PART_BODY] && !message->tmpl && !(is_push && m->data))
		return jr_field_wrong(val, file, error,
				      "the message has no body: write one");
	if (message->channel == JR_CHANNEL_EMAIL && !m->parts[JR_PART_SUBJECT])
		return jr_field_wrong(val, file, error,
				      "the email has no subject: write one");
	if (message->ignore_quiet && message->purpose != JR_PURPOSE_SECURITY &&
	    message->purpose != JR_PURPOSE_TRANSACTIONAL)
		return jr_field_wrong(val, file, error,
				      "only messages whose purpose is security "
				      "or transactional may ask to ignore "
				      "quiet hours");
	if (m->media && (m->media->type != JR_VAL_LIST || m->media->len > 10))
		return jr_field_wrong(m->media, file, error,
				      "media is a list of at most ten URLs");
	return TRUE;
}

gboolean jr_workflow_message(JrWorkflowReader *reader, const JrVal *val,
			     JrChannel channel, JrStep *step, GError **error)
{
	const JrWorkflow *w = &reader->whole->w;
	Message m = { .message = g_new0(JrMessageStep, 1) };
	gboolean ok;

	step->message = m.message;
	m.message->channel = channel;
	m.message->purpose = w->purpose;
	m.message->topic = w->topic;
	m.message->short_links = -1;
	m.message->cut = -1;
	ok = jr_fields_read(val, tables[channel], reader->whole->file, &m,
			    error);
	ok = ok && jr_workflow_say_once(step, val, reader->whole->file, m.id,
					&m.test, error);
	g_clear_pointer(&m.test, jr_expr_free);
	m.message->media = m.media;
	return ok && check(reader, val, &m, error) &&
	       fill_variants(reader, &m, error) &&
	       fill_forms(reader, &m, error);
}

void jr_workflow_free_message(JrMessageStep *message)
{
	if (!message)
		return;
	for (guint i = 0; i < message->n_variants; i++)
		for (guint j = 0; j <= JR_PART_LAST; j++)
			g_clear_pointer(&message->variants[i].parts[j],
					jr_liquid_free);
	g_free(message->variants);
	jr_form_free(message->data);
	jr_form_free(message->options);
	g_free(message);
}

const JrVariant *jr_message_variant(const JrMessageStep *message,
				    const char *locale)
{
	g_autofree const char **have =
		g_new0(const char *, message->n_variants);
	int at;

	for (guint i = 1; i < message->n_variants; i++)
		have[i - 1] = message->variants[i].locale;
	at = jr_locale_pick(have, message->n_variants - 1, locale);
	return &message->variants[at + 1];
}
