/* SPDX-License-Identifier: Apache-2.0 */
#include "base/zones.h"

#include "base/log.h"

#include <pthread.h>
#include <stdlib.h>

struct entry {
	struct entry *next;
	struct zone *zone;
	size_t length;
	char name[];
};

struct zones {
	pthread_mutex_t lock;
	struct entry *first;
};

struct zones *
zones_new(void)
{
	struct zones *zones = calloc(1, sizeof *zones);

	if (zones == NULL)
		abort();
	pthread_mutex_init(&zones->lock, NULL);
	return zones;
}

void
zones_free(struct zones *zones)
{
	struct entry *next;

	if (zones == NULL)
		return;
	for (struct entry *entry = zones->first; entry != NULL; entry = next) {
		next = entry->next;
		zone_close(entry->zone);
		free(entry);
	}
	pthread_mutex_destroy(&zones->lock);
	free(zones);
}

static struct entry *
open_entry(text name)
{
	struct entry *entry = malloc(sizeof *entry + name.length + 1);

	if (entry == NULL)
		abort();
	entry->length = name.length;
	memcpy(entry->name, name.at, name.length);
	entry->name[name.length] = '\0';
	if (zone_open(entry->name, &entry->zone) != OK) {
		log_error(
		    "there is no time zone %s; using UTC in its place", entry->name);
		if (zone_open("UTC", &entry->zone) != OK)
			abort();
	}
	return entry;
}

const struct zone *
zones_find(struct zones *zones, text name)
{
	struct entry *entry;

	pthread_mutex_lock(&zones->lock);
	entry = zones->first;
	while (entry != NULL && !text_equal(name, (text){ entry->name, entry->length }))
		entry = entry->next;
	if (entry == NULL) {
		entry = open_entry(name);
		entry->next = zones->first;
		zones->first = entry;
	}
	pthread_mutex_unlock(&zones->lock);
	return entry->zone;
}
