#include <string>

#include "absl/strings/ascii.h"
#include "src/base/status_macros.h"
#include "src/core/names.h"
#include "src/core/redact.h"
#include "src/store/sqlite_writes.h"
#include "src/store/store_errors.h"

namespace herald {
namespace {

// A webhook as its two tables hold it.
struct WebhookRow {
  std::string id;
  std::string display_name_key;
  std::string open;
  std::string sealed;
};

WebhookRow RowOf(const std::string& tenant, const v1::Webhook& webhook) {
  const SplitWebhook split = Split(webhook);
  return {std::string(IdInName(tenant, "webhooks", webhook.name()).value_or("")),
          absl::AsciiStrToLower(webhook.display_name()), split.open.SerializeAsString(),
          split.sealed.SerializeAsString()};
}

// What is stored of a webhook that a write is about; key 0: there is none.
struct CurrentWebhook {
  int64_t key = 0;
  std::string uid;
  std::string etag;
};

absl::StatusOr<CurrentWebhook> FindWebhook(SqliteConnection& connection, const std::string& tenant,
                                           const std::string& id) {
  SqliteQuery query(connection, "SELECT key, uid, etag FROM webhooks WHERE tenant = ? AND id = ?", tenant, id);
  HERALD_ASSIGN_OR_RETURN(const bool found, query.Next());
  if (!found) return CurrentWebhook{};
  return CurrentWebhook{query.Int(0), query.Text(1), query.Text(2)};
}

// Whether a webhook other than that of `id` has the name.
absl::StatusOr<bool> IsNameTaken(SqliteConnection& connection, const std::string& tenant, const WebhookRow& row) {
  SqliteQuery query(connection, "SELECT 1 FROM webhooks WHERE tenant = ? AND display_name_key = ? AND id <> ?", tenant,
                    row.display_name_key, row.id);
  return query.Next();
}

absl::StatusOr<bool> IsLimitReached(SqliteConnection& connection, const CreateWebhook& write) {
  if (write.webhooks_max <= 0) return false;
  SqliteQuery query(connection, "SELECT count(*) FROM webhooks WHERE tenant = ?", write.tenant);
  HERALD_RETURN_IF_ERROR(query.Next().status());
  return query.Int(0) >= write.webhooks_max;
}

// Why the webhook cannot be added, in `refusal`.
absl::Status CheckCreate(SqliteConnection& connection, const CreateWebhook& write, const WebhookRow& row,
                         absl::Status& refusal) {
  refusal = absl::OkStatus();
  HERALD_ASSIGN_OR_RETURN(const CurrentWebhook found, FindWebhook(connection, write.tenant, row.id));
  HERALD_ASSIGN_OR_RETURN(const bool name_taken, IsNameTaken(connection, write.tenant, row));
  HERALD_ASSIGN_OR_RETURN(const bool limit_reached, IsLimitReached(connection, write));
  if (found.key != 0) {
    refusal = WebhookIdTakenError(row.id);
  } else if (name_taken) {
    refusal = DisplayNameTakenError(write.webhook.display_name());
  } else if (limit_reached) {
    refusal = WebhookLimitError(write.webhooks_max);
  }
  return absl::OkStatus();
}

absl::Status CancelOpenDeliveries(SqliteConnection& connection, const std::string& uid, absl::Time now) {
  return RunSql(connection,
                "UPDATE deliveries INDEXED BY deliveries_open "
                "SET state = 5, next_time = NULL, claim_token = 0, update_time = ? "
                "WHERE webhook_uid = ? AND state IN (1, 2)",
                absl::ToUnixMicros(now), uid);
}

}  // namespace

absl::Status ApplyWrite(SqliteTransaction transaction, CreateWebhook& write) {
  SqliteConnection& connection = transaction.connection;
  const WebhookRow row = RowOf(write.tenant, write.webhook);
  HERALD_RETURN_IF_ERROR(CheckCreate(connection, write, row, write.status));
  if (!write.status.ok()) return absl::OkStatus();
  HERALD_RETURN_IF_ERROR(RunSql(
      connection, "INSERT INTO webhooks (tenant, id, uid, display_name_key, etag, webhook) VALUES (?, ?, ?, ?, ?, ?)",
      write.tenant, row.id, write.webhook.uid(), row.display_name_key, write.webhook.etag(), SqliteBlob{row.open}));
  return RunSql(connection, "INSERT INTO webhook_secrets (webhook, sealed) VALUES (last_insert_rowid(), ?)",
                SqliteBlob{row.sealed});
}

absl::Status ApplyWrite(SqliteTransaction transaction, ReplaceWebhook& write) {
  SqliteConnection& connection = transaction.connection;
  const WebhookRow row = RowOf(write.tenant, write.webhook);
  HERALD_ASSIGN_OR_RETURN(const CurrentWebhook found, FindWebhook(connection, write.tenant, row.id));
  HERALD_ASSIGN_OR_RETURN(const bool name_taken, IsNameTaken(connection, write.tenant, row));
  write.status = absl::OkStatus();
  if (found.key == 0) {
    write.status = WebhookNotFoundError(row.id);
  } else if (found.uid != write.webhook.uid() || found.etag != write.expected_etag) {
    write.status = EtagMismatchError(row.id);
  } else if (name_taken) {
    write.status = DisplayNameTakenError(write.webhook.display_name());
  }
  if (!write.status.ok()) return absl::OkStatus();
  HERALD_RETURN_IF_ERROR(RunSql(connection,
                                "UPDATE webhooks SET display_name_key = ?, etag = ?, webhook = ? WHERE key = ?",
                                row.display_name_key, write.webhook.etag(), SqliteBlob{row.open}, found.key));
  HERALD_RETURN_IF_ERROR(
      RunSql(connection, "UPDATE webhook_secrets SET sealed = ? WHERE webhook = ?", SqliteBlob{row.sealed}, found.key));
  return write.event.has_value() ? transaction.enqueuer.Add(*write.event) : absl::OkStatus();
}

absl::Status ApplyWrite(SqliteTransaction transaction, DeleteWebhook& write) {
  SqliteConnection& connection = transaction.connection;
  HERALD_ASSIGN_OR_RETURN(const CurrentWebhook found, FindWebhook(connection, write.tenant, write.id));
  write.status = absl::OkStatus();
  if (found.key == 0) {
    write.status = WebhookNotFoundError(write.id);
  } else if (!write.expected_etag.empty() && found.etag != write.expected_etag) {
    write.status = EtagMismatchError(write.id);
  }
  if (!write.status.ok()) return absl::OkStatus();
  HERALD_RETURN_IF_ERROR(RunSql(connection, "DELETE FROM webhooks WHERE key = ?", found.key));
  HERALD_RETURN_IF_ERROR(RunSql(connection, "DELETE FROM webhook_secrets WHERE webhook = ?", found.key));
  HERALD_RETURN_IF_ERROR(RunSql(connection, "DELETE FROM webhook_health WHERE uid = ?", found.uid));
  HERALD_RETURN_IF_ERROR(CancelOpenDeliveries(connection, found.uid, write.now));
  transaction.opened -= connection.changes();
  return absl::OkStatus();
}

absl::Status ApplyWrite(SqliteTransaction transaction, SaveHealth& write) {
  write.status = absl::OkStatus();
  const std::string encoded = write.health.SerializeAsString();
  return RunSql(transaction.connection,
                "INSERT OR REPLACE INTO webhook_health (uid, tenant, health) "
                "SELECT uid, tenant, ? FROM webhooks WHERE uid = ? AND tenant = ?",
                SqliteBlob{encoded}, write.webhook_uid, write.tenant);
}

}  // namespace herald
