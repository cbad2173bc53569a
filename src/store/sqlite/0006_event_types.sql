-- The event types that people made.

CREATE TABLE event_types (
  key INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  type TEXT NOT NULL,
  event_type BLOB NOT NULL, -- EventType
  UNIQUE (tenant, type)
);
