-- Jobs that send past deliveries again.

CREATE TABLE replays (
  seq INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  webhook_id TEXT NOT NULL,
  webhook_uid TEXT NOT NULL,
  running INTEGER NOT NULL,
  next_seq INTEGER NOT NULL, -- what is before it was looked at
  end_seq INTEGER NOT NULL,
  replay BLOB NOT NULL -- Replay
);
CREATE INDEX replays_by_tenant ON replays (tenant);
CREATE INDEX replays_by_webhook ON replays (tenant, webhook_id);
CREATE INDEX replays_running ON replays (tenant) WHERE running = 1;
