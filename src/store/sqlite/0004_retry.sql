-- A closed delivery can be opened again, and then gets all attempts of its policy anew.

ALTER TABLE deliveries ADD COLUMN attempts_former INTEGER NOT NULL DEFAULT 0; -- made before it was last opened again
ALTER TABLE deliveries ADD COLUMN reopen_time INTEGER; -- when that was; NULL: never
