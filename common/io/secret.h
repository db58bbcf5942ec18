/*
 * secret.h - tokens and keys, which never stand in jr.yaml or on a command
 * line, where backups, git and ps(1) would show them.
 */
#pragma once

#include "base/val.h"

#define JR_SECRET_MAX ((gsize)64 * 1024) /* bytes; a key is 2-4 kB */

/*
 * The secret @key of @settings, a map: what the file holds that `<key>_file`
 * names, less one newline at its end, or the environment variable that
 * `<key>_env` names.  The file must be a regular one, belong to us or to root,
 * and be closed to everyone else (0600, 0400).
 *
 * Owned; a text that is not empty.  NULL and JR_ERROR_CONFIG, which says
 * nothing of the secret and nothing of where @settings stand: the caller adds
 * that with jr_error_at().
 */
char *jr_secret_get(const JrVal *settings, const char *key, GError **error);
