-- How the receivers do: what a restart is not to forget, such as an open breaker. Written seldom, apart from the webhooks.

CREATE TABLE webhook_health (
  uid TEXT PRIMARY KEY, -- webhooks.uid
  tenant TEXT NOT NULL,
  health BLOB NOT NULL -- WebhookHealth
) WITHOUT ROWID;
