// SPDX-License-Identifier: Apache-2.0
// Places at which a test makes the program die, fail or wait. Unarmed, a place costs one load.
#pragma once

#include <string_view>

namespace base {

/// Every place there is. Those that end in ".after" lie behind a step that cannot be taken back: they do not fail.
inline constexpr std::string_view Failpoints[] = {
    // core/base
    "file.open", "file.write", "file.sync", "file.rename.before", "file.rename.after", "folder.create", "folder.sync",
    "folder.swap.after",
    // core/store
    "store.begin", "store.commit.before", "store.commit.after", "store.upgrade.step", "store.backup.copied",
    // edits and import
    "edit.slice", "edit.complete.slice", "edit.close.before", "edit.abandon.before", "edit.forget.before",
    "import.slice", "service.mirror.before",
    // training
    "disk.space", "run.created", "train.memory", "checkpoint.weights", "checkpoint.state", "checkpoint.stored",
    "checkpoint.swept.after", "run.outcome",
    // export and answers
    "export.copied", "export.verified", "answers.write", "answers.finish"};

/// A name from the table; any other does not compile.
class FailpointName {
public:
    template <size_t N>
    consteval FailpointName(const char (&name)[N])  // NOLINT(google-explicit-constructor): a word in the code's flow
    {
        while (Failpoints[m_index] != std::string_view(name, N - 1))
            ++m_index;  // past the end: not a constant expression
    }
    [[nodiscard]] int index() const { return m_index; }

private:
    int m_index = 0;
};

/// Stands for an errno: the half of a write is done, then the disk is full.
inline constexpr int ShortWrite = -1;

namespace detail {
extern bool failpointsArmed;
int passFailpoint(int index);
}  // namespace detail

/// Reads the environment again, as the program does when it starts:
///   STILLROOM_FAILPOINT      NAME=MODE[@N][+], where NAME may be `*` for every place; MODE is kill, throw, enospc,
///   eio,
///                            short or delay; N counts the passes (1 unless said), + means that one and all after it
///   STILLROOM_FAILPOINT_LOG  a file to which each place writes its name, a line a pass
void armFailpoints();

/// 0, or the errno with which the place must fail, or ShortWrite. Mode throw throws std::runtime_error; kill does not
/// return; delay waits 20 ms.
[[nodiscard]] inline int failpoint(FailpointName name)
{
    return detail::failpointsArmed ? detail::passFailpoint(name.index()) : 0;
}

/// The same for a place that knows no half write: it is a full disk there.
[[nodiscard]] int failpointError(FailpointName name);

}  // namespace base
