-- The first schema. Keys are sequence numbers (src/core/sequence.h): time-ordered, so that rows are appended at the end of
-- each table and of most indexes. A rowid follows the columns of every index, so "(tenant)" pages by (tenant, seq).
-- Times are microseconds since 1970. Blobs are the messages of herald.v1.

CREATE TABLE counters (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) WITHOUT ROWID;

-- Claim tokens up to here may have been given; a new life of the store begins after it. So tokens never repeat, and all
-- claims of a former life are void without being touched.
INSERT INTO counters (name, value) VALUES ('token_end', 0);

CREATE TABLE webhooks (
  key INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  uid TEXT NOT NULL UNIQUE,
  display_name_key TEXT NOT NULL, -- the display name in lower case
  etag TEXT NOT NULL,
  webhook BLOB NOT NULL, -- Webhook, with "***" where a secret is
  UNIQUE (tenant, id),
  UNIQUE (tenant, display_name_key)
);

-- What is secret in a webhook, apart from it.
CREATE TABLE webhook_secrets (
  webhook INTEGER PRIMARY KEY, -- webhooks.key
  sealed BLOB NOT NULL -- Webhook, with the secret parts alone
);

CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  content_hash BLOB NOT NULL,
  delivery_count INTEGER NOT NULL,
  event BLOB NOT NULL, -- Event, without name, accept_time and data_json
  payload TEXT, -- data_json; last, so that a read without it does not touch its pages
  UNIQUE (tenant, id)
);
CREATE INDEX events_by_tenant ON events (tenant);
CREATE INDEX events_by_type ON events (tenant, type);

CREATE TABLE deliveries (
  seq INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  event INTEGER NOT NULL, -- events.seq
  event_type TEXT NOT NULL,
  webhook_id TEXT NOT NULL,
  webhook_uid TEXT NOT NULL,
  state INTEGER NOT NULL, -- Delivery.State
  attempt_count INTEGER NOT NULL,
  update_time INTEGER NOT NULL,
  next_time INTEGER, -- when the next attempt is due; NULL once closed
  ordering_key TEXT,
  claim_token INTEGER NOT NULL DEFAULT 0, -- held while it is of this life of the store
  claim_owner TEXT,
  lease_end INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX deliveries_by_tenant ON deliveries (tenant);
CREATE INDEX deliveries_by_webhook ON deliveries (tenant, webhook_id);
CREATE INDEX deliveries_by_event ON deliveries (event);
CREATE INDEX deliveries_by_type ON deliveries (tenant, event_type);
-- Open deliveries (PENDING, RETRYING) in the order in which they are claimed; closed ones cost nothing.
CREATE INDEX deliveries_open ON deliveries (webhook_uid, next_time) WHERE state IN (1, 2);
CREATE INDEX deliveries_ordered ON deliveries (webhook_uid, ordering_key)
  WHERE state IN (1, 2) AND ordering_key IS NOT NULL;
-- Nearly every delivery ends as SUCCEEDED (3): those of other states are few and looked for. One that succeeds at once
-- is never in the second, for every index makes each enqueue dearer.
CREATE INDEX deliveries_by_state ON deliveries (tenant, state) WHERE state IN (1, 2, 4, 5);
CREATE INDEX deliveries_by_webhook_state ON deliveries (tenant, webhook_id, state) WHERE state IN (2, 4, 5);

CREATE TABLE invocations (
  key INTEGER PRIMARY KEY,
  delivery INTEGER NOT NULL, -- deliveries.seq
  attempt INTEGER NOT NULL,
  summary BLOB NOT NULL, -- InvocationResult, without request, response and validations
  bodies BLOB NOT NULL, -- InvocationResult, with these alone: the two concatenated are the whole
  UNIQUE (delivery, attempt)
);
