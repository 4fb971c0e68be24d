// SPDX-License-Identifier: Apache-2.0
// Mails (RFC 5322, MIME) and mailboxes (mbox), by GMime. To be run in a child process: see document_child.h.
#pragma once

#include "core/base/error.h"
#include "core/formats/record.h"

namespace core {

/// The mail as one record with the fields subject, body and date ("2026-03-01T14:05:00+01:00"). Who wrote it to whom is
/// left out: it is personal. The body is the plain text, or where there is none the text of the HTML; what is attached
/// is named in `notes`, not read. A mail whose content is encrypted is an error that says so.
[[nodiscard]] base::Result<RecordFile> readMail(const std::string &bytes, const std::string &subject);

/// A record for each mail of a mailbox, numbered from 1. Encrypted mails are rejected by number.
[[nodiscard]] base::Result<RecordFile> readMailbox(const std::string &bytes, const std::string &subject);

}  // namespace core
