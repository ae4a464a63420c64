/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_NODE_H
#define APP_NODE_H

#include "app/config.h"
#include "base/zones.h"
#include "model/model.h"

/*
 * What every command that works on the data needs: the data directory, opened and brought
 * to the newest schema.  Several processes may have it open at once.
 */
struct node {
	struct model *model;
	struct db *db; /* of the write kind; NULL once somebody else took it */
	char *database_url;
	struct zones *zones;
	struct arena arena;
};

/*
 * The frame of a command that needs nothing else: reads its command line, opens the node,
 * has `work` done with the operands, and closes.  Returns the exit status.
 */
int node_run(const struct config_command *command, struct arena *arena, int argc,
    char **argv, enum result (*work)(struct node *node, char **operands, void *context),
    void *context);

MUST_USE enum result node_open(const struct config *config, struct node *out);
void node_close(struct node *node);

/*
 * A scope of an organization (0: of none yet) for a command that makes changes, in a
 * transaction that was begun; ended by node_commit, or by db_end.
 */
MUST_USE enum result node_begin(
    struct node *node, int64_t organization_id, text time_zone, struct scope *out);
MUST_USE enum result node_commit(struct node *node);

#endif
