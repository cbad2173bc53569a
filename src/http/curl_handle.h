// Owning wrappers of libcurl's handles.
//
// libcurl refuses an option when it was built without it or memory runs out. Setters remember the first refusal, so
// that none goes unseen and the options read as a list; ask status() when all are set. Confined to one thread.

#ifndef HERALD_HTTP_CURL_HANDLE_H_
#define HERALD_HTTP_CURL_HANDLE_H_

#include <curl/curl.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace herald {

// A list of strings as libcurl takes them; must outlive the handle that it is set on.
class CurlList {
 public:
  // False: out of memory.
  bool Append(const std::string& text) {
    curl_slist* longer = curl_slist_append(head_.get(), text.c_str());
    if (longer == nullptr) return false;
    head_.release();  // NOLINT(bugprone-unused-return-value): `longer` begins with it
    head_.reset(longer);
    return true;
  }
  curl_slist* get() const { return head_.get(); }

 private:
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> head_{nullptr, &curl_slist_free_all};
};

class CurlEasy {
 public:
  CurlEasy() : handle_(curl_easy_init(), &curl_easy_cleanup) {
    if (handle_ == nullptr) first_refusal_ = CURLE_OUT_OF_MEMORY;
  }

  // Back to no options, and to nothing known of a transfer; connections, DNS cache and TLS sessions stay.
  void Reset() {
    if (handle_ != nullptr) curl_easy_reset(handle_.get());
  }

  template <typename Value>
  void Set(CURLoption option, Value value) {
    if (first_refusal_ == CURLE_OK) first_refusal_ = curl_easy_setopt(handle_.get(), option, value);
  }

  // RESOURCE_EXHAUSTED when an option was refused.
  absl::Status status() const {
    if (first_refusal_ == CURLE_OK) return absl::OkStatus();
    return absl::ResourceExhaustedError(
        absl::StrCat("libcurl refuses an option: ", curl_easy_strerror(first_refusal_)));
  }

  // What libcurl knows of the last transfer; 0 or empty when it does not.
  long Number(CURLINFO info) const { return Get<long>(info); }
  curl_off_t Offset(CURLINFO info) const { return Get<curl_off_t>(info); }
  std::string Text(CURLINFO info) const {
    const char* text = Get<const char*>(info);
    return text == nullptr ? "" : text;
  }

  CURL* get() const { return handle_.get(); }

 private:
  template <typename Value>
  Value Get(CURLINFO info) const {
    Value value = {};
    if (curl_easy_getinfo(handle_.get(), info, &value) != CURLE_OK) return {};
    return value;
  }

  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle_;
  CURLcode first_refusal_ = CURLE_OK;
};

class CurlMulti {
 public:
  CurlMulti() : handle_(curl_multi_init(), &curl_multi_cleanup) {
    if (handle_ == nullptr) first_refusal_ = CURLM_OUT_OF_MEMORY;
  }

  template <typename Value>
  void Set(CURLMoption option, Value value) {
    if (first_refusal_ == CURLM_OK) first_refusal_ = curl_multi_setopt(handle_.get(), option, value);
  }

  absl::Status status() const {
    if (first_refusal_ == CURLM_OK) return absl::OkStatus();
    return absl::ResourceExhaustedError(absl::StrCat("libcurl: ", curl_multi_strerror(first_refusal_)));
  }

  CURLM* get() const { return handle_.get(); }

 private:
  std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> handle_;
  CURLMcode first_refusal_ = CURLM_OK;
};

}  // namespace herald

#endif  // HERALD_HTTP_CURL_HANDLE_H_
