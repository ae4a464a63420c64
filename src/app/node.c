/* SPDX-License-Identifier: Apache-2.0 */
#include "app/node.h"

#include "app/command.h"
#include "base/log.h"
#include "db/migrate.h"

#include <glib.h>
#include <stdlib.h>

enum { WRITE_CACHE_KIB = 8192, WRITE_WAIT_MS = 30000 };

enum result
node_open(const struct config *config, struct node *out)
{
	struct db_options options = {
		.access = DB_WRITE,
		.cache_kib = WRITE_CACHE_KIB,
		.wait_ms = WRITE_WAIT_MS,
	};
	enum result r;

	r = model_open(config->data, config->suffixes, &out->model);
	if (r != OK)
		return r;
	out->database_url = g_strdup_printf("sqlite:%s/listenloop.db", config->data);
	out->zones = zones_new();
	arena_init(&out->arena);
	options.url = out->database_url;
	r = db_open(&options, &out->db);
	if (r == OK)
		r = migrate(out->db, migrations, migrations_count);
	if (r != OK) {
		log_error("cannot use the database in %s", config->data);
		node_close(out);
	}
	return r;
}

void
node_close(struct node *node)
{
	db_close(node->db);
	zones_free(node->zones);
	g_free(node->database_url);
	model_close(node->model);
	arena_clear(&node->arena);
}

enum result
node_begin(struct node *node, int64_t organization_id, text time_zone, struct scope *out)
{
	*out = (struct scope){
		.model = node->model,
		.db = node->db,
		.arena = &node->arena,
		.zone = zones_find(
		    node->zones, time_zone.at == NULL ? TEXT("UTC") : time_zone),
		.now = instant_now(),
		.organization_id = organization_id,
	};
	return db_begin(node->db);
}

enum result
node_commit(struct node *node)
{
	enum result r = db_commit(node->db);

	if (r != OK)
		log_error("the change could not be stored");
	return r;
}

int
node_run(const struct config_command *command, struct arena *arena, int argc, char **argv,
    enum result (*work)(struct node *node, char **operands, void *context), void *context)
{
	struct node node = { 0 };
	struct config config;
	char **operands;
	enum result r;

	r = config_read(command, arena, argc, argv, &config, &operands);
	if (r != OK)
		return r == NOT_FOUND ? EXIT_SUCCESS : EXIT_USAGE;
	if (node_open(&config, &node) != OK)
		return EXIT_FAILURE;
	r = work(&node, operands, context);
	node_close(&node);
	return r == OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
