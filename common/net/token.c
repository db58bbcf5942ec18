#include "net/token.h"
#include "base/error.h"
#include "base/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_FILE 16384 /* bytes; Google's tokens are about 1 kB */

void jr_token_clear(JrToken *token)
{
	if (token->text)
		explicit_bzero(token->text, strlen(token->text));
	g_free(token->text);
	*token = (JrToken){ 0 };
}

char *jr_token_name(const char *kind, const char *const *parts)
{
	g_autofree char *prefix = g_strconcat(kind, "-", NULL);

	return jr_hash_id(prefix, parts);
}

static char *path_of(const char *dir, const char *name, const char *end)
{
	g_autofree char *file = g_strconcat(name, end, NULL);

	return g_build_filename(dir, file, NULL);
}

/* The text of a small file that is ours alone; NULL when it is not. */
static char *read_own(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	g_autofree char *text = g_malloc0(MAX_FILE + 1);
	struct stat st;
	gssize len = -1;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_uid == geteuid() && (st.st_mode & 077) == 0)
		len = read(fd, text, MAX_FILE);
	close(fd);
	return len > 0 && len < MAX_FILE ? g_steal_pointer(&text) : NULL;
}

gboolean jr_token_load(const char *dir, const char *name, JrToken *token)
{
	g_autofree char *path = dir ? path_of(dir, name, ".json") : NULL;
	g_autofree char *text = path ? read_own(path) : NULL;
	json_t *file =
		text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
	const char *value = NULL;
	json_int_t from = 0, until = 0;

	if (file &&
	    json_unpack(file, "{s:s, s:I, s:I}", "token", &value, "from", &from,
			"until", &until) == 0 &&
	    *value)
		*token = (JrToken){ g_strdup(value), from, until };
	else
		value = NULL;
	json_decref(file);
	return value != NULL;
}

int jr_token_lock(const char *dir, const char *name)
{
	g_autofree char *path = dir ? path_of(dir, name, ".lock") : NULL;
	int fd = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
			     0600)
		      : -1;

	while (fd >= 0 && flock(fd, LOCK_EX) < 0 && errno == EINTR)
		;
	return fd;
}

void jr_token_unlock(int lock)
{
	if (lock >= 0)
		close(lock);
}

gboolean jr_token_save(const char *dir, const char *name, const JrToken *token,
		       GError **error)
{
	g_autoptr(GError) why = NULL;

	if (!dir)
		return TRUE;
	g_autofree char *path = path_of(dir, name, ".json");
	json_t *file = json_pack("{s:s, s:I, s:I}", "token", token->text,
				 "from", (json_int_t)token->from_s, "until",
				 (json_int_t)token->until_s);
	g_autofree char *text = json_dumps(file, JSON_COMPACT);
	gboolean kept = g_file_set_contents_full(
		path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &why);

	json_decref(file);
	explicit_bzero(text, strlen(text));
	if (kept)
		return TRUE;
	g_set_error(error, JR_ERROR, JR_ERROR_IO,
		    "cannot keep an access token in the cache: %s",
		    why->message);
	return FALSE;
}
