/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_STATUS_H
#define MODEL_STATUS_H

/* What a user wants of an organization, a campaign or an account. */
enum status {
	STATUS_ACTIVE,
	STATUS_PAUSED,
	STATUS_ARCHIVED,
};

extern const char *const status_names[];

#endif
