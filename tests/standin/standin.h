/*
 * standin.h - start a stand-in of a service, and end it.
 *
 * A stand-in listens on a free port of 127.0.0.1, writes the port to its
 * stdout, and ends when its stdin does: it never outlives the test.
 */
#pragma once

#include <check.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

typedef struct {
	pid_t pid;
	int stdin_fd;
	int port;
	char *url; /* "http://127.0.0.1:PORT" */
} Standin;

/* The number in the first line that @fd gives. */
static inline int standin_read_port(int fd)
{
	char line[16] = "";
	gsize len = 0;
	guint64 port = 0;

	while (len < sizeof(line) - 1 && read(fd, line + len, 1) == 1 &&
	       line[len] != '\n')
		len++;
	line[len] = '\0';
	ck_assert_msg(
		g_ascii_string_to_unsigned(line, 10, 1, 65535, &port, NULL),
		"the stand-in did not start");
	return (int)port;
}

/* Run @argv, NULL-terminated, from the top of the project. */
static inline Standin standin_start(const char *scheme, const char *const *argv)
{
	int in[2], out[2];
	Standin s = { 0 };
	posix_spawn_file_actions_t actions;

	ck_assert(g_unix_open_pipe(in, FD_CLOEXEC, NULL));
	ck_assert(g_unix_open_pipe(out, FD_CLOEXEC, NULL));
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in[0], 0);
	posix_spawn_file_actions_adddup2(&actions, out[1], 1);
	ck_assert_int_eq(posix_spawnp(&s.pid, argv[0], &actions, NULL,
				      (char **)argv, environ),
			 0);
	posix_spawn_file_actions_destroy(&actions);
	close(in[0]);
	close(out[1]);
	s.stdin_fd = in[1];
	s.port = standin_read_port(out[0]);
	close(out[0]);
	s.url = g_strdup_printf("%s://127.0.0.1:%d", scheme, s.port);
	return s;
}

static inline void standin_stop(Standin *s)
{
	close(s->stdin_fd);
	waitpid(s->pid, NULL, 0);
	g_free(s->url);
}

/* Run @argv, with its stderr thrown away, and wait; it must end well. */
static inline void standin_run(const char *const *argv)
{
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int status;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	ck_assert_int_eq(posix_spawnp(&pid, argv[0], &actions, NULL,
				      (char **)argv, environ),
			 0);
	posix_spawn_file_actions_destroy(&actions);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* A folder with key.pem and cert.pem for 127.0.0.1, made for this test. */
static inline char *standin_certificate(void)
{
	char *folder = g_dir_make_tmp("jr-tls-XXXXXX", NULL);
	g_autofree char *key = g_build_filename(folder, "key.pem", NULL);
	g_autofree char *cert = g_build_filename(folder, "cert.pem", NULL);

	g_autofree char *command = g_strdup_printf(
		"openssl req -x509 -newkey ec -pkeyopt "
		"ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=127.0.0.1 "
		"-addext subjectAltName=IP:127.0.0.1 -keyout %s -out %s",
		key, cert);
	g_auto(GStrv) argv = g_strsplit(command, " ", -1);

	standin_run((const char *const *)argv);
	return folder;
}

static inline void standin_remove(const char *folder)
{
	standin_run((const char *const[]){ "rm", "-rf", folder, NULL });
}
