-- How many deliveries are open (PENDING, RETRYING): kept with each transaction, since counting them would take as long as
-- there are many.
INSERT INTO counters (name, value) SELECT 'open_deliveries', count(*) FROM deliveries WHERE state IN (1, 2);
