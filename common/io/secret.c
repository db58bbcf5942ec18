#include "io/secret.h"
#include "base/error.h"
#include "io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

G_GNUC_PRINTF(2, 3)
static char *refuse(GError **error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (error)
		*error = g_error_new_valist(JR_ERROR, JR_ERROR_CONFIG, format,
					    args);
	va_end(args);
	return NULL;
}

/* Whether nobody but us and root can have read or written it. */
static gboolean is_private(int fd, const char *path, GError **error)
{
	struct stat info;

	if (fstat(fd, &info) < 0)
		refuse(error, "cannot read '%s': %s", path, g_strerror(errno));
	else if (info.st_uid != geteuid() && info.st_uid != 0)
		refuse(error, "'%s' belongs to another user: make it yours",
		       path);
	else if (S_ISREG(info.st_mode) && (info.st_mode & 077) != 0)
		refuse(error, "others may read '%s': run 'chmod 600 %s'", path,
		       path);
	else
		return TRUE;
	return FALSE;
}

/* One secret in a file is a line, and editors end it with a newline. */
static char *strip_newline(char *text, gsize len)
{
	if (len > 0 && text[len - 1] == '\n')
		text[--len] = '\0';
	if (len > 0 && text[len - 1] == '\r')
		text[len - 1] = '\0';
	return text;
}

static char *read_file(const char *path, GError **error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char *text = NULL;
	gsize len = 0;

	if (fd < 0)
		return refuse(error, "cannot read '%s': %s", path,
			      g_strerror(errno));
	if (is_private(fd, path, error))
		text = jr_file_read_fd(fd, path, JR_SECRET_MAX, &len, error);
	close(fd);
	if (text && strlen(text) != len) {
		g_free(text);
		return refuse(error, "a NUL byte in '%s': save it as text",
			      path);
	}
	return text ? strip_newline(text, len) : NULL;
}

static char *read_environment(const char *name, GError **error)
{
	const char *text = g_getenv(name);

	if (!text)
		return refuse(error,
			      "no variable %s in the environment: set "
			      "it, or use a file",
			      name);
	return g_strdup(text);
}

char *jr_secret_get(const JrVal *settings, const char *key, GError **error)
{
	g_autofree char *file_key = g_strconcat(key, "_file", NULL);
	g_autofree char *env_key = g_strconcat(key, "_env", NULL);
	const char *path = jr_val_get_text(settings, file_key);
	const char *name = jr_val_get_text(settings, env_key);
	g_autofree char *text = NULL;

	if (jr_val_get(settings, key))
		return refuse(error,
			      "'%s' stands in the configuration itself: put it "
			      "in a file of mode 600 and write '%s: PATH', or "
			      "'%s: NAME' for a variable of the environment",
			      key, file_key, env_key);
	if (!path == !name)
		return refuse(error,
			      "%s '%s' %s '%s': write '%s: PATH', a file of "
			      "mode 600, or '%s: NAME', a variable of the "
			      "environment",
			      path ? "both" : "neither", file_key,
			      path ? "and" : "nor", env_key, file_key, env_key);
	text = path ? read_file(path, error) : read_environment(name, error);
	if (text && !*text)
		return refuse(error, "nothing in %s '%s': put the secret there",
			      path ? "the file" : "the variable",
			      path ? path : name);
	return g_steal_pointer(&text);
}
