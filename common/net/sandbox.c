/*
 * The sandbox: nothing leaves this machine.  Each message becomes a line of the
 * outbox, and is accepted; numbers and tokens with certain ends are answered as
 * a provider would answer bad ones (jr-providers(5) lists them).  With
 * `receipts` it also writes what a provider, an app and a person would send
 * back, to be read by jr-ingest when its time has come (sandbox_receipts.c).
 */
#include "net/answer.h"
#include "net/handover.h"
#include "net/json.h"
#include "net/providers.h"
#include "net/sandbox.h"
#include "net/settings.h"
#include "base/hash.h"
#include "base/instant.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

typedef struct {
	JrProvider base;
	char *outbox, *receipts; /* paths */
	JrSandboxTaste taste;
	int outbox_fd, receipts_fd; /* -1: not open */
} Sandbox;

static const Sandbox fresh = {
	.outbox_fd = -1,
	.receipts_fd = -1,
	.taste = { .delivered = 0.97,
		   .clicked = 0.09,
		   .opened = 0.14,
		   .stopped = 0.008 },
};

#define AT(field) offsetof(Sandbox, field)

static const JrSetting settings[] = {
	{ "outbox", JR_SETTING_TEXT, AT(outbox), FALSE, NULL, NULL,
	  "outbox.ndjson" },
	{ "receipts", JR_SETTING_TEXT, AT(receipts), FALSE, NULL, NULL, NULL },
	{ "seed", JR_SETTING_TEXT, AT(taste.seed), FALSE, NULL, NULL, "jr" },
	{ "from", JR_SETTING_TEXT, AT(taste.from), FALSE, NULL, NULL,
	  "+12025550100" },
	{ "delivered", JR_SETTING_RATE, AT(taste.delivered), FALSE, NULL, NULL,
	  NULL },
	{ "clicked", JR_SETTING_RATE, AT(taste.clicked), FALSE, NULL, NULL,
	  NULL },
	{ "opened", JR_SETTING_RATE, AT(taste.opened), FALSE, NULL, NULL,
	  NULL },
	{ "stopped", JR_SETTING_RATE, AT(taste.stopped), FALSE, NULL, NULL,
	  NULL },
	JR_SETTINGS_OF_ALL,
};

#define TO_PHONES (1 << JR_CHANNEL_SMS | 1 << JR_CHANNEL_WHATSAPP)
#define TO_DEVICES (1 << JR_CHANNEL_PUSH)

/* Ends of addresses that are not simply accepted. */
static const struct {
	guint channels;
	const char *end, *code;
} marks[] = {
	{ TO_PHONES, "9901", "21211" },
	{ TO_PHONES, "9902", "21610" },
	{ TO_PHONES, "9903", "20429" },
	{ TO_PHONES, "9904", "timeout" },
	{ TO_PHONES, "9905", "20003" },
	{ TO_DEVICES, "-unregistered", "UNREGISTERED" },
	{ TO_DEVICES, "-refused", "INVALID_ARGUMENT" },
	{ TO_DEVICES, "-wait", "QUOTA_EXCEEDED" },
	{ TO_DEVICES, "-unknown", "timeout" },
	{ TO_DEVICES, "-stop", "PERMISSION_DENIED" },
};

static const JrClass sandbox_classes[] = {
	{ "21211", JR_OUTCOME_REFUSED, 0, "the number is not valid" },
	{ "21610", JR_OUTCOME_OPTED_OUT, 0, "the recipient opted out" },
	{ "20429", JR_OUTCOME_WAIT, 60, "too many requests at once" },
	{ "20003", JR_OUTCOME_STOP, 0, "wrong credentials" },
	{ "UNREGISTERED", JR_OUTCOME_DROP_TOKEN, 0, "the app is gone" },
	{ "INVALID_ARGUMENT", JR_OUTCOME_REFUSED, 0,
	  "something in the message is not valid" },
	{ "QUOTA_EXCEEDED", JR_OUTCOME_WAIT, 60, "over a rate limit" },
	{ "PERMISSION_DENIED", JR_OUTCOME_STOP, 0,
	  "the service account may not send for this project" },
	{ "timeout", JR_OUTCOME_UNKNOWN, 0, "timed out" },
	{ 0 },
};

static void close_file(int fd)
{
	if (fd >= 0)
		close(fd);
}

static void sandbox_close(JrProvider *provider)
{
	Sandbox *s = (Sandbox *)provider;

	close_file(s->outbox_fd);
	close_file(s->receipts_fd);
}

/* Open the file at @path, relative to the folder of jr.yaml;
 * what it holds is of persons, so it is ours alone. */
static int open_file(const JrProviderSetup *setup, const char *path)
{
	g_autofree char *folder =
		setup->file ? g_path_get_dirname(setup->file) : g_strdup(".");
	g_autofree char *full = g_path_is_absolute(path)
					? g_strdup(path)
					: g_build_filename(folder, path, NULL);

	return open(full, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static gboolean sandbox_open(JrProvider *provider, const JrProviderSetup *setup,
			     GError **error)
{
	Sandbox *s = (Sandbox *)provider;
	const struct {
		const char *key, *path;
		int *fd;
	} files[] = {
		{ "outbox", s->outbox, &s->outbox_fd },
		{ "receipts", s->receipts, &s->receipts_fd },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		if (!files[i].path)
			continue;
		*files[i].fd = open_file(setup, files[i].path);
		if (*files[i].fd >= 0)
			continue;
		g_autofree char *what = g_strdup_printf("cannot be written: %s",
							g_strerror(errno));
		return jr_settings_wrong(setup, files[i].key, what, error);
	}
	return TRUE;
}

/* What the sandbox says to @h, by the end of its address; NULL: accepted. */
static const char *code_for(const JrHandover *h)
{
	for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
		if (marks[i].channels & 1 << h->channel &&
		    g_str_has_suffix(h->to, marks[i].end))
			return marks[i].code;
	return NULL;
}

/* An id as the provider would give one; owned. */
static char *id_for(const Sandbox *s, const JrHandover *h)
{
	g_autofree char *salted = g_strconcat(s->taste.seed, "\n", h->id, NULL);
	char hex[JR_SHA256_SIZE];

	jr_sha256(salted, strlen(salted), hex);
	if (h->channel == JR_CHANNEL_PUSH)
		return g_strdup_printf("projects/sandbox/messages/%.16s", hex);
	return g_strdup_printf("SM%.32s", hex);
}

/* The line for the outbox; new reference, or NULL. */
static json_t *record_of(const JrHandover *h, const JrAnswer *answer)
{
	json_t *record = jr_handover_json(h);
	char at[JR_INSTANT_SIZE];

	if (!record)
		return NULL;
	jr_json_put_text(record, "at", jr_instant_format(h->now_s, at));
	jr_json_put_text(record, "outcome", jr_outcome_name(answer->outcome));
	jr_json_put_text(record, "code", answer->code);
	jr_json_put_text(record, "provider_id", answer->provider_id);
	return record;
}

gboolean jr_sandbox_append(int fd, const json_t *record)
{
	g_autofree char *json = json_dumps(record, JSON_COMPACT);
	g_autofree char *line = g_strconcat(json, "\n", NULL);
	gsize len = strlen(line);

	/* In one piece, so that runs side by side do not mix their lines. */
	return write(fd, line, len) == (gssize)len;
}

static void sandbox_hand_over(JrProvider *provider, const JrHandover *h,
			      const JrPermit *permit, JrAnswer *answer)
{
	Sandbox *s = (Sandbox *)provider;
	const char *code = code_for(h);

	g_assert(permit);
	if (code)
		jr_answer_set(answer, provider, code, 0);
	else
		answer->provider_id = id_for(s, h);
	json_t *record = record_of(h, answer);
	if (!record)
		jr_answer_say(answer, JR_OUTCOME_REFUSED, "not-utf8",
			      "a text is not UTF-8");
	else if (!jr_sandbox_append(s->outbox_fd, record))
		jr_answer_say(answer, JR_OUTCOME_STOP, "outbox",
			      "cannot write the outbox");
	else if (s->receipts_fd >= 0 && answer->outcome == JR_OUTCOME_ACCEPTED)
		jr_sandbox_receipts(&s->taste, h, answer->provider_id,
				    s->receipts_fd);
	json_decref(record);
}

const JrProviderKind jr_provider_sandbox = {
	.name = "sandbox",
	.channels = TO_PHONES | TO_DEVICES | 1 << JR_CHANNEL_EMAIL,
	.classes = sandbox_classes,
	.size = sizeof(Sandbox),
	.fresh = &fresh,
	.settings = settings,
	.open = sandbox_open,
	.close = sandbox_close,
	.hand_over = sandbox_hand_over,
};
