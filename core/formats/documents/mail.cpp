// SPDX-License-Identifier: Apache-2.0
#include "core/formats/documents/mail.h"

#include "core/base/lowered.h"
#include "core/base/trimmed.h"
#include "core/formats/documents/html.h"
#include "core/formats/encoding.h"

#include <algorithm>
#include <gmime/gmime.h>
#include <memory>

using base::ErrorCode;
using base::failure;
using base::lowered;
using base::Result;
using base::trimmed;

namespace core {

namespace {

/// Parts within parts; mails that are forwarded again and again stop there.
constexpr int MostDepth = 20;

struct Unref {
    void operator()(void *object) const { g_object_unref(object); }
};
template <class T>
using Owned = std::unique_ptr<T, Unref>;

std::string textOf(const char *text)
{
    return text ? text : "";
}

/// The content of a part without its transfer encoding.
std::string decodedBytes(GMimePart *part)
{
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    if (!content)
        return {};
    const Owned<GMimeStream> memory(g_mime_stream_mem_new());
    if (g_mime_data_wrapper_write_to_stream(content, memory.get()) < 0)
        return {};
    const GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory.get()));
    return bytes && bytes->len > 0 ? std::string(reinterpret_cast<const char *>(bytes->data), bytes->len)
                                   : std::string();
}

/// As the mail says, unless it says nothing or what cannot be.
std::string asUtf8(std::string bytes, std::string charset)
{
    charset = lowered(std::move(charset));
    if (charset == "us-ascii" || charset == "ascii" || charset == "unknown-8bit" || charset == "default")
        charset.clear();
    if (charset == "iso-8859-1")  // what programs of Windows call theirs
        charset = "windows-1252";
    if (!charset.empty()) {
        if (auto declared = decodeText(bytes, "", charset); declared && declared->replaced == 0)
            return std::move(declared->text);
    }
    auto guessed = decodeText(bytes, "", {});
    return guessed ? std::move(guessed->text) : bytes;
}

std::string withPlainLines(std::string_view text)
{
    std::string result;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\r')
            result += text[i];
        else if (i + 1 >= text.size() || text[i + 1] != '\n')
            result += '\n';
    }
    return result;
}

/// Lines that end with a space go on in the next one (RFC 3676).
std::string unflowed(const std::string &text, bool dropsSpace)
{
    std::string result;
    for (size_t i = 0; i < text.size();) {
        const size_t end = std::min(text.find('\n', i), text.size());
        std::string line = text.substr(i, end - i);
        i = end + 1;
        const bool isQuoted = line.starts_with('>');
        if (line.starts_with(' '))
            line.erase(0, 1);
        const bool flows = !isQuoted && line.ends_with(' ') && line != "-- ";
        if (flows && dropsSpace)
            line.pop_back();
        result += line;
        if (!flows && i <= text.size())
            result += '\n';
    }
    return result;
}

/// What a mail consists of.
class MailReader {
public:
    std::vector<std::string> attachments;
    bool isEncrypted = false;

    std::string body(GMimeMessage *message)
    {
        collect(g_mime_message_get_mime_part(message), 0);
        return m_text;
    }

private:
    void add(const std::string &text)
    {
        const std::string_view content = trimmed(text);
        if (!content.empty())
            m_text += (m_text.empty() ? "" : "\n\n") + std::string(content);
    }

    void collect(GMimeObject *object, int depth)
    {
        if (!object || depth > MostDepth)
            return;
        if (GMIME_IS_MULTIPART_ENCRYPTED(object)) {
            isEncrypted = true;
            return;
        }
        GMimeContentType *type = g_mime_object_get_content_type(object);
        if (GMIME_IS_MULTIPART(object)) {
            auto *parts = GMIME_MULTIPART(object);
            if (g_mime_content_type_is_type(type, "multipart", "alternative"))
                collectAlternative(parts, depth);
            else
                collectAll(parts, depth);
            return;
        }
        if (GMIME_IS_MESSAGE_PART(object)) {
            attach(object, "a mail");
            return;
        }
        if (GMIME_IS_PART(object))
            collectPart(GMIME_PART(object), type);
    }

    void collectAll(GMimeMultipart *parts, int depth)
    {
        for (int i = 0; i < g_mime_multipart_get_count(parts); ++i)
            collect(g_mime_multipart_get_part(parts, i), depth + 1);
    }

    /// One of several forms of the same: the first that has a text, plain ones before others.
    void collectAlternative(GMimeMultipart *parts, int depth)
    {
        const std::string before = m_text;
        for (const bool plain : {true, false}) {
            for (int i = 0; i < g_mime_multipart_get_count(parts); ++i) {
                GMimeObject *part = g_mime_multipart_get_part(parts, i);
                const bool isPlain = g_mime_content_type_is_type(g_mime_object_get_content_type(part), "text", "plain");
                if (isPlain == plain)
                    collect(part, depth + 1);
                if (m_text != before)
                    return;
            }
        }
    }

    void collectPart(GMimePart *part, GMimeContentType *type)
    {
        const bool isHtml = g_mime_content_type_is_type(type, "text", "html");
        const bool isText = isHtml || g_mime_content_type_is_type(type, "text", "plain");
        const std::string subtype = lowered(textOf(g_mime_content_type_get_media_subtype(type)));
        const std::string kind = lowered(textOf(g_mime_content_type_get_parameter(type, "smime-type")));
        if (subtype.ends_with("pkcs7-mime") && kind != "signed-data") {
            isEncrypted = true;
            return;
        }
        if (subtype.ends_with("pkcs7-signature") || subtype == "pgp-signature")
            return;
        if (!isText || g_mime_part_is_attachment(part)) {
            attach(GMIME_OBJECT(part), "one without a name");
            return;
        }
        const std::string charset = textOf(g_mime_content_type_get_parameter(type, "charset"));
        if (isHtml) {
            add(htmlText(decodedBytes(part), lowered(charset)));
            return;
        }
        std::string text = withPlainLines(asUtf8(decodedBytes(part), charset));
        const std::string format = lowered(textOf(g_mime_content_type_get_parameter(type, "format")));
        if (format == "flowed")
            text = unflowed(text, lowered(textOf(g_mime_content_type_get_parameter(type, "delsp"))) == "yes");
        add(text);
    }

    void attach(GMimeObject *object, const char *otherwise)
    {
        const char *name = GMIME_IS_PART(object) ? g_mime_part_get_filename(GMIME_PART(object)) : nullptr;
        attachments.push_back(name && *name ? name : otherwise);
    }

    std::string m_text;
};

std::string dateOf(GMimeMessage *message)
{
    GDateTime *date = g_mime_message_get_date(message);
    if (!date)
        return {};
    const std::unique_ptr<gchar, decltype(&g_free)> text(g_date_time_format(date, "%Y-%m-%dT%H:%M:%S%:z"), &g_free);
    return textOf(text.get());
}

/// The subject; raw bytes that no encoded word explains are decoded as the body's would be.
std::string subjectOf(GMimeMessage *message)
{
    std::string subject = textOf(g_mime_message_get_subject(message));
    if (!g_utf8_validate(subject.data(), static_cast<gssize>(subject.size()), nullptr))
        subject = asUtf8(subject, "");
    std::replace_if(
        subject.begin(), subject.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    return std::string(trimmed(subject));
}

/// mbox writes "From " at the beginning of a line as ">From ".
std::string withoutFromMarks(const std::string &text)
{
    std::string result;
    for (size_t i = 0; i < text.size();) {
        const size_t end = std::min(text.find('\n', i), text.size());
        const size_t word = text.find_first_not_of('>', i);
        const bool isMarked = text[i] == '>' && word != std::string::npos && text.compare(word, 5, "From ") == 0;
        result.append(text, i + (isMarked ? 1 : 0), end - i - (isMarked ? 1 : 0));
        if (end < text.size())
            result += '\n';
        i = end + 1;
    }
    return result;
}

struct ParserOptionsFree {
    void operator()(GMimeParserOptions *options) const { g_mime_parser_options_free(options); }
};

/// Reads mails one after the other.
RecordFile readAll(const std::string &bytes, bool isMailbox)
{
    RecordFile file;
    file.columns = {"subject", "body", "date"};
    g_mime_init();
    const std::unique_ptr<GMimeParserOptions, ParserOptionsFree> options(g_mime_parser_options_new());
    const char *charsets[] = {"utf-8", "windows-1252", nullptr};
    g_mime_parser_options_set_fallback_charsets(options.get(), charsets);
    const Owned<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
    const Owned<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
    g_mime_parser_set_format(parser.get(), isMailbox ? GMIME_FORMAT_MBOX : GMIME_FORMAT_MESSAGE);
    std::vector<std::string> attachments;
    int64_t number = 0;
    do {
        const Owned<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), options.get()));
        if (!message)
            break;
        ++number;
        MailReader reader;
        std::string body = reader.body(message.get());
        if (isMailbox)
            body = withoutFromMarks(body);
        attachments.insert(attachments.end(), reader.attachments.begin(), reader.attachments.end());
        std::string subject = subjectOf(message.get());
        if (reader.isEncrypted && body.empty()) {
            file.rejections.push_back({number, "this mail is encrypted"});
            continue;
        }
        if (subject.empty() && body.empty()) {
            file.rejections.push_back({number, "this mail has no text"});
            continue;
        }
        file.records.push_back({number, nlohmann::ordered_json{{"subject", std::move(subject)},
                                                               {"body", std::move(body)},
                                                               {"date", dateOf(message.get())}}});
    } while (isMailbox && !g_mime_parser_eos(parser.get()));
    if (attachments.empty())
        return file;
    const std::string count = std::to_string(attachments.size());
    std::string note = attachments.size() == 1 ? "What is attached was not read" : count + " attachments were not read";
    for (size_t i = 0; !isMailbox && i < std::min<size_t>(attachments.size(), 10); ++i)
        note += (i == 0 ? ": " : ", ") + attachments[i];
    file.notes.push_back(note + ".");
    return file;
}

}  // namespace

Result<RecordFile> readMail(const std::string &bytes, const std::string &subject)
{
    RecordFile file = readAll(bytes, false);
    if (!file.records.empty())
        return file;
    if (!file.rejections.empty() && file.rejections.front().reason.find("encrypted") != std::string::npos)
        return failure(ErrorCode::Unsupported, "This mail is encrypted. Save its text from the mail program.", subject);
    return failure(ErrorCode::InvalidInput, "There is no text in this mail.", subject);
}

Result<RecordFile> readMailbox(const std::string &bytes, const std::string &subject)
{
    RecordFile file = readAll(bytes, true);
    if (file.records.empty() && file.rejections.empty())
        return failure(ErrorCode::InvalidInput, "This is no mailbox that can be read: it holds no mail.", subject);
    return file;
}

}  // namespace core
