// What is secret in a webhook, and how it is shown: "***".
//
// Secret are every value of `secrets`, header values (but accept, accept-*, content-language, cache-control), the
// values of `signing.secrets`, the secret part of `authentication` and, when the url uses no {{@secret.…}}, its path
// and query. Pure functions.

#ifndef HERALD_CORE_REDACT_H_
#define HERALD_CORE_REDACT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "herald/v1/webhook.pb.h"
#include "src/core/errors.h"

namespace herald {

inline constexpr char kMask[] = "***";

bool IsSecretHeader(absl::string_view lower_case_name);

// "https://hooks.slack.com/***" when there is a path or query and it holds no {{@secret.…}}; else `url` as it is.
std::string MaskedUrl(absl::string_view url);

// The webhook as people may see it.
v1::Webhook Masked(v1::Webhook webhook);

// Puts what `stored` has in the place of every "***" in `edited`: a url of origin and "/***", a header value (names
// without regard to case), a secret. A "***" where nothing is stored, or of a webhook whose scheme, host or port
// changed, or that is only part of a url or header value, is a violation at its field. `stored` null: every "***" is
// one; so is that of a client_secret when token_url's origin changed. `signing.secrets`, which are output only, are
// those stored, whatever `edited` has.
//
// A partial update is to be laid over Masked(*stored) before it comes here: then fields that it leaves out are "***",
// too, and no new host gets what is stored.
v1::Webhook Unmasked(v1::Webhook edited, const v1::Webhook* stored, absl::string_view prefix,
                     FieldViolations& violations);

// The secret parts alone, and the webhook without them; the two merged are the whole again. For stores, which keep them
// apart.
struct SplitWebhook {
  v1::Webhook open;    // masked
  v1::Webhook sealed;  // url, headers, secrets, signing.secrets, authentication only
};
SplitWebhook Split(const v1::Webhook& webhook);
v1::Webhook Join(v1::Webhook open, const v1::Webhook& sealed);

// `text` with every secret of 8 bytes or more replaced by "***": for what a receiver sends back.
std::string WithoutSecrets(std::string text, const std::vector<std::string>& secrets);
// What WithoutSecrets looks for: the values of `secrets`, of `signing.secrets` and of secret headers, those of
// `authentication` and what is made of them, and where they are secret the url's path and query and the longer parts of
// both; each as it is and as it stands in JSON and in a URL, the values of `secrets` and `authentication` in base64,
// too.
std::vector<std::string> SecretsOf(const v1::Webhook& webhook);
// The same of one secret, such as a value of `secrets`.
std::vector<std::string> FormsOfSecret(absl::string_view secret);

}  // namespace herald

#endif  // HERALD_CORE_REDACT_H_
