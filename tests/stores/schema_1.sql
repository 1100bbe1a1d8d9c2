-- What `tally init` made of a schema, and `--grant` of a role, in schema version 1.
CREATE TABLE {schema}.ledger (
    application text PRIMARY KEY,
    schema_version integer NOT NULL);
CREATE TABLE {schema}.stored_events (
    notification_id bigint PRIMARY KEY CHECK (notification_id > 0),
    originator_id text COLLATE "C" NOT NULL,
    originator_version bigint NOT NULL,
    topic text NOT NULL,
    state bytea NOT NULL,
    UNIQUE (originator_id, originator_version));
CREATE TABLE {schema}.checkpoints (
    size bigint PRIMARY KEY,
    note text NOT NULL);
INSERT INTO {schema}.ledger VALUES ('tally', 1);
CREATE FUNCTION {schema}.append_only() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog AS '
BEGIN
    RAISE EXCEPTION ''the ledger is append-only'' USING ERRCODE = ''restrict_violation'';
END';
CREATE FUNCTION {schema}.positions_follow() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog AS '
DECLARE
    first bigint;
    last bigint;
    count bigint;
    head bigint;
BEGIN
    SELECT min(notification_id), max(notification_id), count(*) INTO first, last, count FROM fresh;
    SELECT coalesce(max(notification_id), 0) INTO head
        FROM {schema}.stored_events WHERE notification_id < first;
    IF first <> head + 1 OR last <> head + count THEN
        RAISE EXCEPTION ''positions follow one another'' USING ERRCODE = ''restrict_violation'';
    END IF;
    RETURN NULL;
END';
CREATE TRIGGER positions_follow AFTER INSERT ON {schema}.stored_events
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION {schema}.positions_follow();
ALTER TABLE {schema}.stored_events ENABLE ALWAYS TRIGGER positions_follow;
CREATE TRIGGER append_only BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {schema}.ledger
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.append_only();
ALTER TABLE {schema}.ledger ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.stored_events
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.append_only();
ALTER TABLE {schema}.stored_events ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.append_only();
ALTER TABLE {schema}.checkpoints ENABLE ALWAYS TRIGGER append_only;
REVOKE ALL ON {schema}.ledger, {schema}.stored_events, {schema}.checkpoints FROM {role};
    GRANT USAGE ON SCHEMA {schema} TO {role};
    GRANT SELECT ON {schema}.ledger TO {role};
    GRANT SELECT, INSERT ON {schema}.stored_events, {schema}.checkpoints TO {role};
