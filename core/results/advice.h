// SPDX-License-Identifier: Apache-2.0
// What could be done next about a checkpoint, and what that promises.
#pragma once

#include "core/results/checkpoint_results.h"

namespace core {

struct Advice {
    enum class Kind {
        TeachNew,       ///< classes that came later: a training from its weights
        NeverAnswered,  ///< classes of held-out rows that it answers for none; where it answers one class only, alone
        LookAtRows,     ///< labels of train rows that it is sure are others
        MoreRows,       ///< of classes that it misses most
        TellApart,      ///< two classes that are taken for each other: clearer descriptions, or one class
        AskBelow,       ///< a person is asked where it is unsure
        GoOn,           ///< more passes
        MakeExam,       ///< a part of Train is kept for an exam, as there is none
        Use             ///< nothing else promises much
    } kind = Kind::Use;
    std::string title;     ///< a sentence without its stop
    std::string evidence;  ///< what was counted, on rows that were held out of training
    double gain = 0;       ///< expected share of texts more that are right; AskBelow: of those that it answers
    std::vector<int64_t> rows{};
    std::vector<std::string> labels{};
    double rightShare = 0;  ///< AskBelow: what is to be reached
};

/// At most three, what promises most first; where the service has no exam, the last one is to make one. Without
/// held-out answers there is no other. Twice the rows of a class take about a fifth of its misses (Hestness et al.,
/// Deep Learning Scaling is Predictable, Empirically, 2017); what clearer classes promise is half of what is confused
/// between them. What came of such advice on three public sets is in docs/benchmarks.md (tests/bench/advice_gains.py).
[[nodiscard]] base::Result<std::vector<Advice>> adviceOn(const Service &service, const CheckpointResults &results);

/// As the command line and the HTML report have it: "LookAtRows" is look_at_rows.
[[nodiscard]] const char *name(Advice::Kind kind);

}  // namespace core
