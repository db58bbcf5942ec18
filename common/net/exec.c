/*
 * Any program: it reads the message as a JSON object on stdin, and says by its
 * exit code, and on stdout, what came of it (jr-providers(5)).  One at a time.
 */
#define _GNU_SOURCE /* memfd_create */
#include "net/answer.h"
#include "net/handover.h"
#include "net/providers.h"
#include "net/settings.h"
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_OUTPUT ((gsize)64 * 1024)
#define REAP_MS 5 /* between two looks whether it has ended */

extern char **environ;

typedef struct {
	JrProvider base;
	const JrVal *command;
	gint64 timeout_s;
	char **argv; /* of command's texts, NULL-terminated */
} Exec;

static const Exec fresh = { .timeout_s = 30 };

#define AT(field) offsetof(Exec, field)

static const JrSetting settings[] = {
	{ "command", JR_SETTING_LIST, AT(command), TRUE, NULL, NULL, NULL },
	{ "timeout", JR_SETTING_SPAN, AT(timeout_s), FALSE, NULL, NULL, NULL },
	JR_SETTINGS_OF_ALL,
};

/* Exit codes as in sysexits.h; others are unknown. */
static const JrClass exec_classes[] = {
	{ "exit-64", JR_OUTCOME_STOP, 0, "it says: wrong usage" },
	{ "exit-65", JR_OUTCOME_REFUSED, 0, "it says: wrong message" },
	{ "exit-69", JR_OUTCOME_REFUSED, 0, "it refused" },
	{ "exit-75", JR_OUTCOME_WAIT, 0, "it says: later" },
	{ "exit-77", JR_OUTCOME_STOP, 0, "it says: not allowed" },
	{ "exit-78", JR_OUTCOME_STOP, 0, "it says: wrong settings" },
	{ "exit-126", JR_OUTCOME_STOP, 0, "the program cannot be run" },
	{ "exit-127", JR_OUTCOME_STOP, 0, "the program is not there" },
	{ "signal", JR_OUTCOME_UNKNOWN, 0, "a signal ended the program" },
	{ "timeout", JR_OUTCOME_UNKNOWN, 0, "the program timed out" },
	{ "output", JR_OUTCOME_UNKNOWN, 0,
	  "the program's answer makes no sense" },
	{ 0 },
};

static void exec_close(JrProvider *provider)
{
	Exec *e = (Exec *)provider;

	g_free(e->argv);
}

static gboolean exec_open(JrProvider *provider,
			  const JrProviderSetup *setup G_GNUC_UNUSED,
			  GError **error G_GNUC_UNUSED)
{
	Exec *e = (Exec *)provider;

	e->argv = g_new0(char *, e->command->len + 1);
	for (guint32 i = 0; i < e->command->len; i++)
		e->argv[i] = (char *)e->command->items[i].text;
	return TRUE;
}

/* A file in memory that holds @text, to be read from its start; -1: none. */
static int file_with(const char *text)
{
	int fd = memfd_create("jr-message", MFD_CLOEXEC);
	gsize len = strlen(text);

	if (fd < 0)
		return -1;
	if (write(fd, text, len) == (gssize)len && lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	close(fd);
	return -1;
}

/* Start the program with @in as stdin and @out as stdout; 0 or an errno. */
static int start(const Exec *e, int in, int out, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t pipe_signal;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	/* Its own group: it can be ended with all its children, and the
	 * terminal's Ctrl-C does not end it within a hand-over. */
	posix_spawnattr_init(&attr);
	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	posix_spawnattr_setsigdefault(&attr, &pipe_signal);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setflags(&attr,
				 POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
	int failed = posix_spawnp(pid, e->argv[0], &actions, &attr, e->argv,
				  environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	return failed;
}

/* Read @fd to its end into @output.  FALSE: too much, or @until_ms is past. */
static gboolean read_all(int fd, GString *output, gint64 until_ms)
{
	char buffer[4096];

	for (;;) {
		struct pollfd p = { fd, POLLIN, 0 };
		gint64 left = until_ms - jr_clock_ticks_ms();
		int ready = left > 0 ? poll(&p, 1, (int)left) : 0;

		if (ready == 0)
			return FALSE;
		gssize n = ready > 0 ? read(fd, buffer, sizeof(buffer)) : -1;
		if (n == 0)
			return TRUE;
		if (n < 0 && errno != EINTR)
			return FALSE;
		if (n > 0)
			g_string_append_len(output, buffer, n);
		if (output->len > MAX_OUTPUT)
			return FALSE;
	}
}

/* Wait for @pid until @until_ms, then end it.  TRUE: it ended by itself. */
static gboolean reap(pid_t pid, gint64 until_ms, int *status)
{
	while (waitpid(pid, status, WNOHANG) != pid) {
		if (jr_clock_ticks_ms() < until_ms) {
			jr_clock_sleep_ms(REAP_MS);
			continue;
		}
		kill(-pid, SIGKILL);
		while (waitpid(pid, status, 0) < 0 && errno == EINTR)
			;
		return FALSE;
	}
	return TRUE;
}

/* Read what a program that ended well has said. */
static void read_output(JrProvider *provider, const GString *output,
			JrAnswer *answer)
{
	g_autoptr(json_t) object = jr_answer_json(output);
	const char *name = jr_answer_text(object, "outcome");

	if (strspn(output->str, " \t\r\n") == output->len)
		return; /* it has nothing to add */
	if (!jr_outcome_of(name, &answer->outcome)) {
		jr_answer_set(answer, provider, "output", 0);
		return;
	}
	answer->provider_id =
		g_strdup(jr_answer_id(jr_answer_text(object, "id")));
	answer->code = g_strdup(jr_answer_code(jr_answer_text(object, "code")));
	answer->wait_s =
		MAX(json_integer_value(json_object_get(object, "wait")), 0);
	answer->price =
		g_strdup(jr_answer_code(jr_answer_text(object, "price")));
	answer->currency =
		g_strdup(jr_answer_code(jr_answer_text(object, "currency")));
	if (answer->outcome != JR_OUTCOME_ACCEPTED)
		answer->reason = g_strdup("the program says so");
}

static void judge(JrProvider *provider, int status, const GString *output,
		  JrAnswer *answer)
{
	char code[16];

	if (!WIFEXITED(status)) {
		jr_answer_set(answer, provider, "signal", 0);
		return;
	}
	if (WEXITSTATUS(status) == 0) {
		read_output(provider, output, answer);
		return;
	}
	g_snprintf(code, sizeof(code), "exit-%d", WEXITSTATUS(status));
	jr_answer_set(answer, provider, code, 0);
}

/* Run the program with @in as stdin, and see what it says. */
static void run(Exec *e, int in, JrAnswer *answer)
{
	gint64 until_ms = jr_clock_ticks_ms() + e->timeout_s * 1000;
	g_autoptr(GString) output = g_string_new(NULL);
	int out[2], status;
	pid_t pid;

	if (pipe2(out, O_CLOEXEC) < 0) {
		jr_answer_say(answer, JR_OUTCOME_WAIT, "pipe",
			      "no pipe is free");
		return;
	}
	int failed = start(e, in, out[1], &pid);
	close(out[1]);
	if (failed) {
		jr_answer_set(answer, &e->base, "exit-127", 0);
	} else {
		/* Whoever says too much, or nothing in time, is ended now. */
		gboolean whole = read_all(out[0], output, until_ms);

		if (reap(pid, whole ? until_ms : 0, &status) && whole)
			judge(&e->base, status, output, answer);
		else
			jr_answer_set(answer, &e->base,
				      output->len > MAX_OUTPUT ? "output"
							       : "timeout",
				      0);
	}
	close(out[0]);
}

static void exec_hand_over(JrProvider *provider, const JrHandover *h,
			   const JrPermit *permit, JrAnswer *answer)
{
	g_autoptr(json_t) object = jr_handover_json(h);
	g_autofree char *text =
		object ? json_dumps(object, JSON_COMPACT) : NULL;
	g_autofree char *line = text ? g_strconcat(text, "\n", NULL) : NULL;
	int in = line ? file_with(line) : -1;

	g_assert(permit);
	if (!line)
		jr_answer_say(answer, JR_OUTCOME_REFUSED, "not-utf8",
			      "a text is not UTF-8");
	else if (in < 0)
		jr_answer_say(answer, JR_OUTCOME_WAIT, "memory",
			      "no room for the message");
	else
		run((Exec *)provider, in, answer);
	if (in >= 0)
		close(in);
}

const JrProviderKind jr_provider_exec = {
	.name = "exec",
	.channels = 1 << JR_CHANNEL_SMS | 1 << JR_CHANNEL_WHATSAPP |
		    1 << JR_CHANNEL_PUSH | 1 << JR_CHANNEL_EMAIL,
	.classes = exec_classes,
	.size = sizeof(Exec),
	.fresh = &fresh,
	.settings = settings,
	.open = exec_open,
	.close = exec_close,
	.hand_over = exec_hand_over,
};
