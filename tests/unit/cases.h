/*
 * cases.h - folders of data files with cases, for the tests of languages.
 */
#pragma once

#include <glib.h>
#include <string.h>

static inline int case_file_order(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Show @read the name of each .txt in @folder, in the order of names. */
static inline void each_case_file(const char *folder,
				  void (*read)(const char *name))
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	if (!dir)
		g_error("cannot read %s: start in the project's folder",
			folder);
	while ((name = g_dir_read_name(dir)))
		if (g_str_has_suffix(name, ".txt"))
			g_ptr_array_add(names, g_strdup(name));
	g_ptr_array_sort(names, case_file_order);
	for (guint i = 0; i < names->len; i++)
		read(names->pdata[i]);
}
